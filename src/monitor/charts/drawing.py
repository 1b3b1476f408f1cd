"""
What a chart is made of: a few marks at places in the data, coloured by role.

A drawing knows no hex value and no library. `plotly_figure` turns it into a figure for the screen,
`picture` into a file for a slide, a page or a printer; so both show the same thing.

Sideways places are numbers: days since 1 January 1970 or counts. Sizes, widths and the distances
`dx` and `dy` (up and to the right) are in pixels of the screen, and grow with the picture.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from monitor.analysis.days import day_number, day_of
from monitor.charts.theme import Role
from monitor.dates import MONTHS, add_months

Dash = Literal["solid", "dot", "dash"]
Shape = Literal["dot", "ring", "diamond", "from_before"]
Anchor = Literal["left", "center", "right"]

GAP = math.nan
"""A place that is none: a line stops before it and begins again after it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through these places, broken at a GAP; `step` holds each height until the next place."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    role: Role
    width: float = 3.0
    dash: Dash = "solid"
    step: bool = False
    hover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A filled area between a low and a high line over the same places."""

    xs: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    role: Role


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars lying from `starts` to `stops` at these heights, `thickness` high in data."""

    starts: tuple[float, ...]
    stops: tuple[float, ...]
    ys: tuple[float, ...]
    thickness: float
    role: Role
    hover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Points:
    """Dots, hollow rings, diamonds, or the small arrow of a date before the window."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    shape: Shape
    role: Role
    size: float = 11.0
    hover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """
    Words at a place; a line break makes a second line.

    `rise` says which part of the words stands at the place: their bottom, middle or top.
    """

    x: float
    y: float
    text: str
    role: Role = Role.INK
    anchor: Anchor = "left"
    rise: Literal["bottom", "middle", "top"] = "middle"
    bold: bool = False
    dx: float = 0.0
    dy: float = 0.0
    size: float = 14.0


DrawnMark: TypeAlias = Line | Band | Bars | Points | Label


@dataclass(frozen=True, slots=True)
class Axis:
    """From where to where it goes; its ticks with their words; whether they have lines across the plot."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    grid: bool = False
    line: bool = False


@dataclass(frozen=True, slots=True)
class Margins:
    """Room around the plot in pixels."""

    left: float = 26.0
    right: float = 6.0
    top: float = 26.0
    bottom: float = 46.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """
    The marks, back to front, between two axes.

    `height` is that of the screen. `stretch` says how many times that height a picture may give it:
    a curve takes what there is, rows of words only a little more.
    """

    marks: tuple[DrawnMark, ...]
    x: Axis
    y: Axis
    height: int
    margins: Margins = field(default_factory=Margins)
    stretch: float = 1.2


def day_axis(first: date, last: date, *, most_ticks: int = 7, room: float = 0.0) -> Axis:
    """
    Return an axis of days with ticks at the first of months, the year under the first tick and each January.

    Args:
        first: First day shown.
        last: Last day shown.
        most_ticks: More than this many do not fit on a phone.
        room: Days left empty at the right.
    """
    low, high = day_number(first), day_number(last)
    starts: list[date] = []
    for months in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200):
        starts = _starts_of(first, last, months)
        if len(starts) <= most_ticks:
            break
    ticks = []
    for position, start in enumerate(starts):
        name = MONTHS[start.month - 1][:3]
        with_year = position == 0 or start.year != starts[position - 1].year
        ticks.append((float(day_number(start)), f"{name}\n{start.year}" if with_year else name))
    return Axis(float(low), float(high) + room, tuple(ticks), line=True)


def _starts_of(first: date, last: date, months: int) -> list[date]:
    """Return the firsts of every so many months, counted from January, in a range of days."""
    index = first.year * 12 + first.month - 1
    index -= index % months
    start = date(index // 12, index % 12 + 1, 1)
    starts = []
    while start <= last:
        if start >= first:
            starts.append(start)
        start = add_months(start, months)
    return starts


def count_axis(highest: float, *, headroom: float = 0.08) -> Axis:
    """Return an axis of counts from nought with at most four round lines above it."""
    top = max(highest, 1.0)
    step = next(step for step in _round_steps() if top / step <= 4)
    ticks = tuple((value, f"{value:,.0f}") for value in _multiples(step, top))
    return Axis(0.0, top * (1 + headroom), ticks, grid=True)


def _round_steps() -> Sequence[float]:
    steps = [factor * 10**power for power in range(9) for factor in (1.0, 2.0, 2.5, 5.0)]
    return [step for step in steps if step != 2.5]


def _multiples(step: float, top: float) -> list[float]:
    return [step * n for n in range(int(top // step) + 1)]


def tick_room(axis: Axis) -> float:
    """Return the pixels that the widest tick of a count axis takes, as a left margin."""
    widest = max((len(text) for _, text in axis.ticks), default=1)
    return max(26.0, 10.0 + 8.0 * widest)


def day_name(number: float) -> str:
    """Return "16 Jan 2023" for the number of a day."""
    day = day_of(int(number))
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"
