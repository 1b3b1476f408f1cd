"""One chart on a page: finding, what is counted, drawing, balance and source, downloads, and its table."""

from collections import OrderedDict
from functools import partial
from threading import Lock
from typing import Any, Final
from weakref import WeakKeyDictionary

import streamlit as st
from plotly.basedatatypes import BaseFigure

from monitor.charts.chart import Chart
from monitor.charts.plotly_figure import PLOTLY_CONFIG, to_plotly
from monitor.charts.theme import ThemeName
from monitor.domain.access import Permission
from monitor.exporters import as_bytes
from monitor.packs.drawing import CHART_FILES, draw_chart
from monitor.packs.tables import chart_export
from monitor.services.filters import Filter
from monitor.services.view import RegisterView
from monitor.ui import downloads, safe
from monitor.ui.downloads import Download
from monitor.ui.frame import Page

KEPT: Final = 64
"""Charts kept of one view."""
_PICTURES: Final = {".png": "Picture (PNG)", ".svg": "Drawing (SVG)"}
_ROWS: Final = {"csv": "Rows (CSV)", "xlsx": "Rows (Excel)"}


class ReadyFigure(BaseFigure):  # type: ignore[misc]
    """
    A finished figure, for `st.plotly_chart`.

    A plain dictionary would be built up again as plotly's objects at every run, to check it (10 to 20 ms a
    chart); a figure is taken as it is. The tests check each drawing by building it once.
    """

    def __init__(self, made: dict[str, Any]) -> None:
        """Keep what was made; nothing of plotly's own is built."""
        object.__setattr__(self, "_made", made)

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as it was made."""
        made: dict[str, Any] = self._made
        return made


Drawn = tuple[Chart, ReadyFigure | None]
# By the view itself, and gone with it: a view is one scope of readers, and its place in memory is given out again.
_drawn: "WeakKeyDictionary[RegisterView, OrderedDict[tuple[Any, ...], Drawn]]" = WeakKeyDictionary()
_guard = Lock()


def drawn(view: RegisterView, name: str, wanted: Filter, theme: ThemeName, **options: Any) -> Drawn:
    """Return a chart and its figure; kept for as long as the view is, so that a rerun costs nothing."""
    key = (name, wanted, theme, *sorted(options.items()))
    with _guard:
        kept = _drawn.setdefault(view, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    chart = draw_chart(view, name, wanted, **options)
    answer = (chart, ReadyFigure(to_plotly(chart.drawing, theme)) if chart.drawing is not None else None)
    with _guard:
        kept[key] = answer
        while len(kept) > KEPT:
            kept.popitem(last=False)
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
            _tools(page, view, chart, wanted)


def _tools(page: Page, view: RegisterView, chart: Chart, wanted: Filter) -> None:
    """Offer the files and the table; each is made only once it is opened."""
    with st.container(horizontal=True, gap="small", key=f"tools-{chart.name}"):
        if page.actor.may(Permission.EXPORT):
            downloads.offer(_files(page, view, chart, wanted), key=f"download-{chart.name}")
        table = st.popover(
            "Show as a table",
            icon=":material/table:",
            type="tertiary",
            key=f"table-{chart.name}",
            on_change="rerun",
        )
        if table.open:
            table.dataframe(
                chart.table, hide_index=True, alt=chart.finding, column_config=_day_columns(chart)
            )


def _day_columns(chart: Chart) -> dict[str, Any]:
    days = chart.table.select_dtypes("datetime").columns
    return {name: st.column_config.DateColumn(format="D MMM YYYY") for name in days}


def _files(page: Page, view: RegisterView, chart: Chart, wanted: Filter) -> list[Download]:
    by = page.actor  # the file is made outside this run, where the page knows nobody

    def rows(kind: str) -> bytes:
        return as_bytes(chart_export(view, chart, wanted, by=by, made_at=page.store.now()), kind)

    stem = f"{chart.name}_{view.as_at.isoformat()}"
    pictures = [
        Download(words, f"{stem}{suffix}", partial(CHART_FILES[suffix], chart))
        for suffix, words in _PICTURES.items()
    ]
    return pictures + [
        Download(words, f"{stem}.{kind}", partial(rows, kind)) for kind, words in _ROWS.items()
    ]
