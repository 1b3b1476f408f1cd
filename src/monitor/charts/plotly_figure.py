"""A drawing as a plotly figure: a plain dictionary, which costs a fiftieth of plotly's own objects."""

import math
from collections.abc import Sequence
from typing import Any, Final

from monitor.charts.drawing import Axis, Band, Bars, Drawing, Label, Line, Points
from monitor.charts.theme import THEMES, ChartTheme, Role, ThemeName

PLOTLY_CONFIG: Final[dict[str, Any]] = {
    "displayModeBar": False,
    "scrollZoom": False,
    "doubleClick": False,
    "showAxisDragHandles": False,
    "showTips": False,
    "responsive": True,
}
"""What `st.plotly_chart(figure, config=..., theme=None)` is given: no bar, no zoom, no drag."""

FONT: Final = '"Source Sans", "Source Sans 3", "Monitor Sans", sans-serif'

_SYMBOLS: Final = {"dot": "circle", "ring": "circle", "diamond": "diamond", "from_before": "triangle-left"}


def to_plotly(drawing: Drawing, theme: ChartTheme | ThemeName = "light") -> dict[str, Any]:
    """
    Return a figure for `st.plotly_chart` in the colours of one theme.

    Hovering repeats what a label says; nothing can be zoomed or dragged. Words that people
    typed are shown as they are: no tag, template or formula in them is acted on.
    """
    tones = THEMES[theme] if isinstance(theme, str) else theme
    traces: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    for mark in drawing.marks:
        if isinstance(mark, Label):
            labels.append(_label(mark, tones))
        elif isinstance(mark, Line):
            traces.append(_line(mark, tones))
        elif isinstance(mark, Band):
            traces.append(_band(mark, tones))
        elif isinstance(mark, Bars):
            traces.append(_bars(mark, tones))
        else:
            traces.append(_points(mark, tones))
    margins = drawing.margins
    return {
        "data": traces,
        "layout": {
            "height": drawing.height,
            "autosize": True,
            "margin": {
                "l": margins.left,
                "r": margins.right,
                "t": margins.top,
                "b": margins.bottom,
                "pad": 0,
                "autoexpand": False,
            },
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 14, "color": tones[Role.SOFT]},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "hoverdistance": 24,
            "hoverlabel": {
                "bgcolor": tones[Role.GROUND],
                "bordercolor": tones[Role.AXIS],
                "font": {"family": FONT, "size": 14, "color": tones[Role.INK]},
            },
            "bargap": 0,
            "barmode": "overlay",
            "xaxis": _axis(drawing.x, tones, below=True),
            "yaxis": _axis(drawing.y, tones, below=False),
            "annotations": labels,
        },
    }


def safe_text(text: str) -> str:
    """Return words in which plotly finds no tag, no template and no formula; a line break stays one."""
    for found, instead in _NEUTRAL:
        text = text.replace(found, instead)
    return text


_NEUTRAL = (
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ("%{", "%&#123;"),
    ("$", "&#36;"),
    ("\n", "<br>"),
)


def _axis(axis: Axis, tones: ChartTheme, *, below: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "linear",
        "range": [axis.low, axis.high],
        "fixedrange": True,
        "zeroline": False,
        "showgrid": axis.grid,
        "gridcolor": tones[Role.GRID],
        "gridwidth": 1,
        "showline": axis.line,
        "linecolor": tones[Role.AXIS],
        "linewidth": 1,
        "showticklabels": bool(axis.ticks),
        "tickmode": "array",
        "tickvals": [value for value, _ in axis.ticks],
        "ticktext": [safe_text(text) for _, text in axis.ticks],
        "ticks": "outside" if axis.line else "",
        "ticklen": 5,
        "tickcolor": tones[Role.AXIS],
        "tickangle": 0,
    }
    if below:
        made["side"] = "bottom"
    else:
        made["ticklabelstandoff"] = 4
    return made


def _numbers(values: Sequence[float]) -> list[float | None]:
    """Return the places with None at a gap, and whole numbers as such, which are shorter to send."""
    return [None if math.isnan(v) else int(v) if float(v).is_integer() else round(v, 3) for v in values]


def _hover(texts: tuple[str, ...]) -> dict[str, Any]:
    if not texts:
        return {"hoverinfo": "skip"}
    return {"hoverinfo": "text", "hovertext": [safe_text(text) for text in texts]}


def _line(mark: Line, tones: ChartTheme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": _numbers(mark.xs),
        "y": _numbers(mark.ys),
        "line": {
            "color": tones[mark.role],
            "width": mark.width,
            "dash": {"solid": "solid", "dot": "2px,3px", "dash": "5px,4px"}[mark.dash],
            "shape": "hv" if mark.step else "linear",
        },
        "connectgaps": False,
        "cliponaxis": False,
        **_hover(mark.hover),
    }


def _band(mark: Band, tones: ChartTheme) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": _numbers([*mark.xs, *reversed(mark.xs)]),
        "y": _numbers([*mark.high, *reversed(mark.low)]),
        "fill": "toself",
        "fillcolor": tones[mark.role],
        "line": {"width": 0, "color": "rgba(0,0,0,0)"},
        "hoverinfo": "skip",
    }


def _bars(mark: Bars, tones: ChartTheme) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "base": _numbers(mark.starts),
        "x": _numbers([stop - start for start, stop in zip(mark.starts, mark.stops, strict=True)]),
        "y": _numbers(mark.ys),
        "width": mark.thickness,
        "marker": {"color": tones[mark.role], "line": {"width": 0}},
        **_hover(mark.hover),
    }


def _points(mark: Points, tones: ChartTheme) -> dict[str, Any]:
    hollow = mark.shape == "ring"
    return {
        "type": "scatter",
        "mode": "markers",
        "x": _numbers(mark.xs),
        "y": _numbers(mark.ys),
        "marker": {
            "symbol": _SYMBOLS[mark.shape],
            "size": mark.size - (2.5 if hollow else 0),
            "color": tones[Role.GROUND] if hollow else tones[mark.role],
            "line": {"width": 2.5 if hollow else 0, "color": tones[mark.role]},
            "opacity": 1,
        },
        "cliponaxis": False,
        **_hover(mark.hover),
    }


def _label(mark: Label, tones: ChartTheme) -> dict[str, Any]:
    return {
        "x": mark.x,
        "y": mark.y,
        "text": safe_text(mark.text),
        "showarrow": False,
        "xanchor": mark.anchor,
        "yanchor": mark.rise,
        "xshift": mark.dx,
        "yshift": mark.dy,
        "align": mark.anchor,
        "borderpad": 0,
        "font": {"size": mark.size, "color": tones[mark.role]} | ({"weight": 600} if mark.bold else {}),
    }
