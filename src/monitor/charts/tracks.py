"""Rows over a common axis of days: today's rule through them, and marks at days."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from monitor.analysis.days import Days, Flags, day_number
from monitor.charts.drawing import GAP, Axis, DrawnMark, Label, Line, Points, Shape, day_name
from monitor.charts.theme import Role
from monitor.dates import short_date

Heights = npt.NDArray[np.floating]

TITLE_LENGTH = 42
WINDOW_MONTHS = 18
TRACK = 0.76
"""How far below the top of its row a track runs, in rows."""

_SIZES = {"ring": 13.0, "diamond": 14.0, "from_before": 11.0, "dot": 11.0}


def tracks(rows: int) -> Heights:
    """Return the height of each row's track, the first row on top."""
    made: Heights = rows - np.arange(rows) - TRACK
    return made


def todays_rule(now: int, rows: int, words: float = 0.5) -> Line:
    """Return today's rule, broken over the part of a row that holds words, so that it runs through none."""
    heights = [place for row in range(rows) for place in (rows - row - words, rows - row - 1.0, GAP)]
    return Line((float(now), float(now), GAP) * rows, tuple(heights), Role.INK, 1.25, "dot")


def todays_date(today: date, axis: Axis, height: float) -> Label:
    """Return the day above today's rule, leaning inwards where the rule stands near an edge."""
    now, low, high = day_number(today), axis.low, axis.high
    middle = 0.12 < (now - low) / (high - low) < 0.88
    return Label(
        float(now),
        height,
        short_date(today),
        anchor="center" if middle else ("right" if now - low > high - now else "left"),
        rise="bottom",
        dy=4,
    )


def stretches(starts: Days, stops: Days, heights: Heights, axis: Axis, role: Role, width: float) -> Line:
    """Return a bar a row from one day to another, cut at the edges of the axis."""
    low, high = axis.low, axis.high
    xs: list[float] = []
    ys: list[float] = []
    for start, stop, height in zip(starts.tolist(), stops.tolist(), heights.tolist(), strict=True):
        xs += [min(max(start, low), high), min(max(stop, low), high), GAP]
        ys += [height, height, GAP]
    return Line(tuple(xs), tuple(ys), role, width)


def day_points(days: Days, heights: Heights, which: Flags, shape: Shape, role: Role, says: str) -> Points:
    """Return a mark at some of the days, one a row; hovering says what it is and when."""
    xs = tuple(float(day) for day in days[which])
    hover = tuple(f"{says} {day_name(x)}" for x in xs)
    return Points(xs, tuple(heights[which].tolist()), shape, role, _SIZES[shape], hover)


def drawn_marks(marks: Sequence[DrawnMark]) -> tuple[DrawnMark, ...]:
    """Return the marks without the lines and points that have no place."""
    return tuple(mark for mark in marks if not isinstance(mark, Line | Points) or mark.xs)
