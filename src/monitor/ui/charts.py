"""One chart on a page: finding, what is counted, drawing, balance and source, downloads, and its table."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

import streamlit as st

from monitor.charts.chart import Chart
from monitor.charts.plotly_figure import PLOTLY_CONFIG, to_plotly
from monitor.charts.theme import ThemeName
from monitor.domain.access import Permission
from monitor.exporters import as_bytes
from monitor.packs.drawing import CHART_FILES, draw_chart
from monitor.packs.tables import chart_export
from monitor.services.filters import Filter
from monitor.services.view import RegisterView
from monitor.ui import safe
from monitor.ui.frame import Page

KEPT: Final = 64
_MIME: Final = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WORDS: Final = {"png": "Picture (PNG)", "svg": "Drawing (SVG)", "csv": "Rows (CSV)", "xlsx": "Rows (Excel)"}

_drawn: "OrderedDict[tuple[Any, ...], tuple[Chart, dict[str, Any] | None]]" = OrderedDict()
_guard = Lock()


def drawn(
    view: RegisterView, name: str, wanted: Filter, theme: ThemeName, **options: Any
) -> tuple[Chart, dict[str, Any] | None]:
    """Return a chart and its figure; kept for as long as the view is, so that a rerun costs nothing."""
    key = (id(view), view.version, view.as_at, name, wanted, theme, *sorted(options.items()))
    with _guard:
        if key in _drawn:
            _drawn.move_to_end(key)
            return _drawn[key]
    chart = draw_chart(view, name, wanted, **options)
    answer = (chart, to_plotly(chart.drawing, theme) if chart.drawing is not None else None)
    with _guard:
        _drawn[key] = answer
        while len(_drawn) > KEPT:
            _drawn.popitem(last=False)
    return answer


def show(page: Page, view: RegisterView, name: str, wanted: Filter, **options: Any) -> None:
    """Show one chart with everything that belongs to it."""
    chart, figure = drawn(view, name, wanted, page.theme, **options)
    with st.container(key=f"chart-{name}"):
        st.header(safe.text(chart.finding), anchor=name)
        st.caption(safe.text(chart.counted))
        if figure is not None:
            st.plotly_chart(
                figure,
                theme=None,
                config=PLOTLY_CONFIG,
                alt=chart.alt,
                key=f"plot-{name}",
                height=chart.height,
            )
        st.caption("  \n".join(safe.text(line) for line in chart.captions))
        if len(chart.table):
            with st.container(horizontal=True, gap="small", key=f"tools-{name}"):
                if page.actor.may(Permission.EXPORT):
                    _downloads(page, view, chart, wanted)
                with st.popover("Show as a table", icon=":material/table:", type="tertiary"):
                    st.dataframe(
                        chart.table, hide_index=True, alt=chart.alt, column_config=_day_columns(chart)
                    )


def _day_columns(chart: Chart) -> dict[str, Any]:
    days = chart.table.select_dtypes("datetime").columns
    return {name: st.column_config.DateColumn(format="D MMM YYYY") for name in days}


def _downloads(page: Page, view: RegisterView, chart: Chart, wanted: Filter) -> None:
    stem = f"{chart.name}-{view.as_at.isoformat()}"
    with st.popover("Download", icon=":material/download:", type="tertiary"):
        for kind, words in _WORDS.items():
            st.download_button(
                words,
                data=_file(page, view, chart, wanted, kind),
                file_name=f"{stem}.{kind}",
                mime=_MIME[kind],
                on_click="ignore",
                type="tertiary",
                key=f"{kind}-{chart.name}",
            )


def _file(page: Page, view: RegisterView, chart: Chart, wanted: Filter, kind: str) -> Callable[[], bytes]:
    if f".{kind}" in CHART_FILES:
        return lambda: CHART_FILES[f".{kind}"](chart)

    def table() -> bytes:
        return as_bytes(chart_export(view, chart, wanted, by=page.actor, made_at=page.store.now()), kind)

    return table
