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
    rules = [place for row in range(len(shown)) for place in (height - row, height - row, GAP)]
    marks: list[DrawnMark] = [Line(tuple([0.0, longest, GAP] * len(shown)), tuple(rules), Role.GRID, 1.0)]
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
        top = height - place
        marks.append(Label(0.0, top, one_line(row.name, NAME_LENGTH), rise="top", dy=-7, size=WORDS))
        marks.append(
            Label(longest, top, row.said, row.role, "right", "top", bold=row.bold, dy=-7, size=WORDS)
        )
    more = len(rows) - len(shown)
    below = 0.45 if more else 0.0
    if more:
        marks.append(Label(0.0, 0.0, f"and {more:,} more", Role.SOFT, rise="top", dy=-4))
    return Drawing(
        tuple(marks),
        Axis(0.0, longest),
        Axis(-below, height),
        round(12 + (height + below) * ROW),
        Margins(left=3, right=3, top=4, bottom=8),
    )
