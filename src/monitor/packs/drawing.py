"""The charts of a register view, filtered as the register is, on the screen and as files."""

import html
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from monitor.charts.catalogue import draw
from monitor.charts.chart import Chart, Frames
from monitor.charts.picture import to_picture
from monitor.charts.plotly_figure import PLOTLY_CONFIG, to_plotly
from monitor.errors import RuleError
from monitor.services.filters import Filter, select
from monitor.services.view import RegisterView


def frames_of(view: RegisterView, rows: pd.DataFrame) -> Frames:
    """Return the tables that charts take, of the rows given that count."""
    counting = rows[rows["counts"]]
    kept = counting["reference"]
    return Frames(
        register=counting,
        spells=view.spells[view.spells["reference"].isin(kept)],
        targets=view.targets[view.targets["reference"].isin(kept)],
        evidence=view.evidence[view.evidence["reference"].isin(kept)],
    )


def draw_chart(view: RegisterView, name: str, wanted: Filter, **options: Any) -> Chart:
    """
    Return a chart of the rows that the filter asks for, as at the view's day.

    Raises:
        NotFoundError: when there is no chart of that name.
    """
    return draw(
        name,
        frames_of(view, select(view, wanted)),
        today=view.as_at,
        demonstration=view.is_demonstration,
        office="the office",
        **options,
    )


def chart_html(chart: Chart) -> bytes:
    """Return the chart as one page that needs nothing else: finding, drawing, captions and its table."""
    drawing = ""
    if chart.drawing is not None:
        import plotly.io

        drawing = plotly.io.to_html(
            to_plotly(chart.drawing, "light"),
            config=PLOTLY_CONFIG,
            include_plotlyjs=True,
            full_html=False,
            validate=False,
        )
    captions = "".join(f"<p>{html.escape(line)}</p>" for line in chart.captions)
    table = chart.table.to_html(index=False, border=0, na_rep="", escape=True)
    page = _PAGE.format(
        finding=html.escape(chart.finding),
        counted=html.escape(chart.counted),
        alt=html.escape(chart.alt, quote=True),
        drawing=drawing,
        captions=captions,
        table=table,
    )
    return page.encode()


_PAGE: Final = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{finding}</title>
<style>
body {{ font: 17px/1.6 "Source Sans 3", "Source Sans", Arial, sans-serif; color: #1A2129; margin: 2rem auto; max-width: 1120px; padding: 0 1rem; }}
h1 {{ font: 600 28px/1.2 "Source Serif 4", Georgia, serif; margin: 0 0 .35rem; }}
p {{ color: #55606B; margin: .2rem 0; }}
table {{ border-collapse: collapse; margin-top: 2rem; }}
th, td {{ text-align: left; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid #E8E5DD; }}
th {{ font-weight: 400; color: #55606B; }}
</style>
</head>
<body>
<main>
<h1>{finding}</h1>
<p>{counted}</p>
<div role="img" aria-label="{alt}">{drawing}</div>
{captions}
{table}
</main>
</body>
</html>
"""

CHART_FILES: Final[Mapping[str, Callable[[Chart], bytes]]] = {
    ".png": lambda chart: to_picture(chart, "png"),
    ".svg": lambda chart: to_picture(chart, "svg"),
    ".html": chart_html,
}


def write_chart(chart: Chart, path: Path) -> None:
    """
    Write the chart in the form that the file's ending names.

    Raises:
        RuleError: for an ending that is none of these, or a folder that cannot be written.
    """
    make = CHART_FILES.get(path.suffix.lower())
    if make is None:
        raise RuleError(f"{path.name} cannot be written: a chart is kept as {', '.join(CHART_FILES)}.")
    content = make(chart)
    try:
        path.write_bytes(content)
    except OSError as problem:
        raise RuleError(f"{path} cannot be written: {problem.strerror}.") from None
