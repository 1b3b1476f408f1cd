"""
A drawing as an element of a web page: SVG with text as text, without fonts, sizes or tones of its own.

Tones are classes, `f-` and `s-` with the name of the role, which the page's one style sheet turns into the tones of the
reader's light or dark setting. It takes a millisecond, so that a page for each of thousands of recommendations can have one.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from monitor.charts.drawing import Axis, Band, Bars, Drawing, Label, Line, Points
from monitor.charts.theme import Role

WIDE: Final = 680.0
"""Pixels: the column of text of the public page."""

NARROW: Final = 350.0
"""Pixels: a phone. Every drawing is made so that its words stand free of each other there."""

_TEXT: Final = 14.0
_DASHES: Final = {"dot": (1.2, 1.7), "dash": (3.0, 2.2)}
_ANCHORS: Final = {"left": "start", "center": "middle", "right": "end"}
_BASELINE: Final = {"bottom": 0.29, "middle": -0.35, "top": -1.0}
"""From a label's place to its baseline, in heights of type; as in `monitor.charts.picture`."""


def to_svg(drawing: Drawing, *, alt: str, width: float, classes: str = "") -> str:
    """
    Return the drawing as one `svg` element of this width, to stand in a page.

    Args:
        alt: The drawing for somebody who cannot see it.
        classes: Classes of the element, for the page's style sheet.
    """
    return tostring(_Sheet(drawing, width, alt, classes).root, encoding="unicode", short_empty_elements=False)


class _Sheet:
    """One drawing being put down at a width."""

    def __init__(self, drawing: Drawing, width: float, alt: str, classes: str) -> None:
        self.drawing = drawing
        margins = drawing.margins
        self.left, self.right = margins.left, width - margins.right
        self.top, self.bottom = margins.top, drawing.height - margins.bottom
        self.root = Element(
            "svg",
            {
                "class": f"chart {classes}".strip(),
                "viewBox": f"0 0 {_n(width)} {_n(drawing.height)}",
                "width": _n(width),
                "height": _n(drawing.height),
                "role": "img",
                "aria-label": alt,
            },
        )
        self._grid()
        for mark in drawing.marks:
            match mark:
                case Line():
                    self._line(mark)
                case Band():
                    self._band(mark)
                case Bars():
                    self._bars(mark)
                case Points():
                    self._points(mark)
        # Words stand above everything, as on the screen.
        self._ticks()
        for mark in drawing.marks:
            if isinstance(mark, Label):
                self._label(mark)

    def _x(self, value: float) -> float:
        return self.left + _share(self.drawing.x, value) * (self.right - self.left)

    def _y(self, value: float) -> float:
        return self.bottom - _share(self.drawing.y, value) * (self.bottom - self.top)

    # Axes

    def _grid(self) -> None:
        if self.drawing.y.grid:
            for value, _ in self.drawing.y.ticks:
                self._stroke(Role.GRID, 1.0, self.left, self._y(value), self.right, self._y(value))
        if self.drawing.x.grid:
            for value, _ in self.drawing.x.ticks:
                self._stroke(Role.GRID, 1.0, self._x(value), self.top, self._x(value), self.bottom)
        if self.drawing.x.line:
            self._stroke(Role.AXIS, 1.0, self.left, self.bottom, self.right, self.bottom)
            for value, _ in self.drawing.x.ticks:
                self._stroke(Role.AXIS, 1.0, self._x(value), self.bottom, self._x(value), self.bottom + 5)

    def _ticks(self) -> None:
        for value, text in self.drawing.x.ticks:
            for row, line in enumerate(text.split("\n")):
                self._text(line, self._x(value), self.bottom + 21 + 18 * row, Role.SOFT, "middle")
        for value, text in self.drawing.y.ticks:
            for row, line in enumerate(text.split("\n")):
                self._text(line, self.left - 7, self._y(value) + 5 + 18 * row, Role.SOFT, "end")

    def _stroke(self, role: Role, width: float, x1: float, y1: float, x2: float, y2: float) -> None:
        places = {"x1": _n(x1), "y1": _n(y1), "x2": _n(x2), "y2": _n(y2), "stroke-width": _n(width)}
        SubElement(self.root, "line", {"class": f"s-{role.value}", **places})

    # Marks

    def _line(self, mark: Line) -> None:
        path = " ".join(self._steps(part) if mark.step else _path(part) for part in self._parts(mark))
        if not path:
            return
        given = {"class": f"s-{mark.role.value}", "d": path, "fill": "none", "stroke-width": _n(mark.width)}
        if mark.dash in _DASHES:
            given["stroke-dasharray"] = " ".join(_n(part * mark.width) for part in _DASHES[mark.dash])
        SubElement(self.root, "path", given)

    def _parts(self, mark: Line) -> Iterable[Sequence[tuple[float, float]]]:
        """Yield the stretches of a line between its gaps."""
        part: list[tuple[float, float]] = []
        for x, y in zip(mark.xs, mark.ys, strict=True):
            if math.isnan(x) or math.isnan(y):
                if len(part) > 1:
                    yield part
                part = []
            else:
                part.append((self._x(x), self._y(y)))
        if len(part) > 1:
            yield part

    def _steps(self, part: Sequence[tuple[float, float]]) -> str:
        x, y = part[0]
        return f"M{_n(x)} {_n(y)}" + "".join(f"H{_n(x)}V{_n(y)}" for x, y in part[1:])

    def _band(self, mark: Band) -> None:
        upper = [(self._x(x), self._y(y)) for x, y in zip(mark.xs, mark.high, strict=True)]
        lower = [(self._x(x), self._y(y)) for x, y in zip(mark.xs, mark.low, strict=True)]
        if upper:
            outline = f"{_path([*upper, *reversed(lower)])}Z"
            SubElement(self.root, "path", {"class": f"f-{mark.role.value}", "d": outline})

    def _bars(self, mark: Bars) -> None:
        for start, stop, y in zip(mark.starts, mark.stops, mark.ys, strict=True):
            left, right = sorted((self._x(start), self._x(stop)))
            upper, lower = self._y(y + mark.thickness / 2), self._y(y - mark.thickness / 2)
            SubElement(
                self.root,
                "rect",
                {
                    "class": f"f-{mark.role.value}",
                    "x": _n(left),
                    "y": _n(min(upper, lower)),
                    "width": _n(right - left),
                    "height": _n(abs(lower - upper)),
                },
            )

    def _points(self, mark: Points) -> None:
        for x, y in zip(mark.xs, mark.ys, strict=True):
            self._point(mark, self._x(x), self._y(y))

    def _point(self, mark: Points, x: float, y: float) -> None:
        tone = f"f-{mark.role.value}"
        match mark.shape:
            case "dot":
                SubElement(
                    self.root, "circle", {"class": tone, "cx": _n(x), "cy": _n(y), "r": _n(mark.size / 2)}
                )
            case "ring":
                tone = f"f-{Role.GROUND.value} s-{mark.role.value}"
                across = {"r": _n((mark.size - 2.5) / 2), "stroke-width": "2.5"}
                SubElement(self.root, "circle", {"class": tone, "cx": _n(x), "cy": _n(y), **across})
            case "diamond":
                half = mark.size * 0.65
                corners = [(x, y - half), (x + half, y), (x, y + half), (x - half, y)]
                SubElement(self.root, "path", {"class": tone, "d": f"{_path(corners)}Z"})
            case "from_before":
                half = mark.size / 2
                corners = [(x - half, y), (x + half, y - half), (x + half, y + half)]
                SubElement(self.root, "path", {"class": tone, "d": f"{_path(corners)}Z"})

    # Words

    def _label(self, mark: Label) -> None:
        lines = mark.text.split("\n")
        up = mark.dy + _BASELINE[mark.rise] * mark.size
        above = {"bottom": len(lines) - 1.0, "middle": (len(lines) - 1) / 2, "top": 0.0}[mark.rise]
        for row, line in enumerate(lines):
            y = self._y(mark.y) - up - (above - row) * 1.3 * mark.size
            x = self._x(mark.x) + mark.dx
            self._text(line, x, y, mark.role, _ANCHORS[mark.anchor], size=mark.size, bold=mark.bold)

    def _text(
        self,
        words: str,
        x: float,
        y: float,
        role: Role,
        anchor: str,
        *,
        size: float = _TEXT,
        bold: bool = False,
    ) -> None:
        if not words.strip():
            return
        given = {"class": f"f-{role.value}", "x": _n(x), "y": _n(y)}
        if anchor != "start":
            given["text-anchor"] = anchor
        if size != _TEXT:
            given["font-size"] = _n(size)
        if bold:
            given["font-weight"] = "600"
        SubElement(self.root, "text", given).text = words


def _share(axis: Axis, value: float) -> float:
    return (value - axis.low) / ((axis.high - axis.low) or 1.0)


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in places)


def _n(number: float) -> str:
    """Return a number with at most one decimal."""
    return f"{number:.1f}".removesuffix(".0")
