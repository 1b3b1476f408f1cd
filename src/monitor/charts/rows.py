"""Rows of a title line and a bar: a name at the left, words at the right, a bar of at most three parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.charts.drawing import GAP, Axis, Bars, Drawing, DrawnMark, Label, Line, Margins
from monitor.charts.theme import Role
from monitor.charts.wording import one_line

ROW = 50
MOST_ROWS = 12
NAME_LENGTH = 38
WORDS = 13.5
"""Type of the rows: a title of 42 letters and its words then share a line of 350 pixels."""


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: its name, its parts from dark to light, and what is said at the right."""

    name: str
    parts: tuple[int, ...]
    said: str
    role: Role = Role.SOFT
    bold: bool = False


def rows_drawing(rows: Sequence[Row], roles: Sequence[Role], says: Sequence[str]) -> Drawing:
    """
    Return the first 12 rows and, where there are more, how many.

    Args:
        rows: One a bar, already in order.
        roles: The colour of each part.
        says: What each part counts, for the hover.
    """
    shown = rows[:MOST_ROWS]
    height = float(len(shown))
    longest = float(max(sum(row.parts) for row in shown)) or 1.0
    marks: list[DrawnMark] = [hairlines(0.0, longest, len(shown))]
    for part, (role, what) in enumerate(zip(roles, says, strict=True)):
        chosen = [(place, row) for place, row in enumerate(shown) if row.parts[part]]
        if chosen:
            marks.append(
                Bars(
                    tuple(float(sum(row.parts[:part])) for _, row in chosen),
                    tuple(float(sum(row.parts[: part + 1])) for _, row in chosen),
                    tuple(height - place - 0.72 for place, _ in chosen),
                    0.24,
                    role,
                    tuple(f"{row.parts[part]:,} {what}" for _, row in chosen),
                )
            )
    for place, row in enumerate(shown):
        name = one_line(row.name, NAME_LENGTH)
        marks += title_line(0.0, longest, height - place, name, row.said, row.role, bold=row.bold)
    more = len(rows) - len(shown)
    below = 0.45 if more else 0.0
    if more:
        marks.append(more_words(0.0, more))
    return Drawing(
        tuple(marks),
        Axis(0.0, longest),
        Axis(-below, height),
        round(12 + (height + below) * ROW),
        Margins(left=3, right=3, top=4, bottom=8),
    )


def hairlines(low: float, high: float, rows: int) -> Line:
    """Return the thin line above each row; rows are one high, the last stands on nought."""
    heights = [place for row in range(rows) for place in (float(rows - row), float(rows - row), GAP)]
    return Line((low, high, GAP) * rows, tuple(heights), Role.GRID, 1.0)


def title_line(
    low: float, high: float, top: float, name: str, said: str, role: Role = Role.SOFT, *, bold: bool = False
) -> tuple[Label, Label]:
    """Return a name at the left and words at the right, just under the top of a row."""
    return (
        Label(low, top, name, rise="top", dy=-7, size=WORDS),
        Label(high, top, said, role, "right", "top", bold=bold, dy=-7, size=WORDS),
    )


def more_words(low: float, more: int) -> Label:
    """Return "and 9 more", under the last row."""
    return Label(low, 0.0, f"and {more:,} more", Role.SOFT, rise="top", dy=-4)
