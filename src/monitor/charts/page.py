"""A chart as one HTML file that needs nothing else: finding, drawing, captions and the table behind it."""

import html

import pandas as pd

from monitor.charts.chart import Chart
from monitor.charts.picture import BARE, to_picture
from monitor.charts.theme import DARK, LIGHT, Role
from monitor.dates import short_date


def to_html(chart: Chart) -> str:
    """Return a page with the drawing as SVG, light or dark as the reader has it; no script."""
    drawing = to_picture(chart, "svg", BARE, both_themes=True).decode() if chart.drawing else ""
    figure = f"<figure>{drawing[drawing.find('<svg') :]}</figure>" if drawing else ""
    captions = "".join(f"<p class=soft>{html.escape(line)}</p>" for line in chart.captions)
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(chart.finding)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{html.escape(chart.finding)}</h1><p class=soft>{html.escape(chart.counted)}</p>"
        f"{figure}{captions}{_table(chart.table)}</main></body></html>"
    )


_STYLE = (
    ":root{color-scheme:light dark;"
    f"--ink:light-dark({LIGHT[Role.INK]},{DARK[Role.INK]});"
    f"--soft:light-dark({LIGHT[Role.SOFT]},{DARK[Role.SOFT]});"
    f"--axis:light-dark({LIGHT[Role.AXIS]},{DARK[Role.AXIS]});"
    f"--ground:light-dark({LIGHT[Role.GROUND]},{DARK[Role.GROUND]})"
    "}"
    "body{margin:0;background:var(--ground);color:var(--ink);font:17px/1.6 'Monitor Sans',sans-serif}"
    "main{max-width:720px;margin:34px auto;padding:0 17px}"
    "h1{font:600 25px/1.2 'Monitor Serif',Georgia,serif;margin:0}"
    ".soft{color:var(--soft);font-size:14.9px;margin:4px 0}"
    "figure{margin:17px 0}svg{width:100%;height:auto}"
    "table{border-collapse:collapse;margin-top:34px;font-size:14.9px}"
    "th,td{border-bottom:1px solid var(--axis);padding:4px 17px 4px 0;text-align:left;vertical-align:top}"
    "th{color:var(--soft);font-weight:400}.n{text-align:right;font-variant-numeric:tabular-nums}"
)


def _table(table: pd.DataFrame) -> str:
    """Return the rows as a table: days in words, numbers at the right, missing as nothing."""
    numeric = [pd.api.types.is_numeric_dtype(table[name]) for name in table.columns]
    classes = [" class=n" if is_number else "" for is_number in numeric]
    heads = "".join(
        f'<th scope="col"{kind}>{html.escape(str(name))}</th>'
        for name, kind in zip(table.columns, classes, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(f"<td{kind}>{_cell(value)}</td>" for value, kind in zip(row, classes, strict=True))
        + "</tr>"
        for row in table.itertuples(index=False, name=None)
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, pd.Timestamp):
        return short_date(value.date())
    if isinstance(value, str):
        return html.escape(value)
    return f"{value:,}"
