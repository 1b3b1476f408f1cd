"""Bars by band: one drawing for slippage, age and the strength of evidence."""

from collections.abc import Sequence

import numpy as np

from monitor.charts.drawing import Axis, Bars, Drawing, DrawnMark, Label, Margins
from monitor.charts.theme import Role

HEIGHT = 320


def band_drawing(names: Sequence[str], counts: Sequence[int], points: Sequence[bool]) -> Drawing:
    """
    Return bars in the order given, the name before and the count behind each.

    Args:
        names: One a bar, short enough for a phone.
        counts: How long each bar is.
        points: Which bars the finding is about; those are in the accent and bold.
    """
    many = len(names)
    heights = [float(many - 1 - row) for row in range(many)]
    longest = float(max([*counts, 1]))
    marks: list[DrawnMark] = []
    for role, wanted in ((Role.REST, False), (Role.ACCENT, True)):
        rows = [row for row in range(many) if points[row] is wanted and counts[row]]
        if rows:
            marks.append(
                Bars(
                    (0.0,) * len(rows),
                    tuple(float(counts[row]) for row in rows),
                    tuple(heights[row] for row in rows),
                    0.6,
                    role,
                    tuple(f"{names[row]}: {counts[row]:,}" for row in rows),
                )
            )
    for row in range(many):
        marks.append(Label(0.0, heights[row], names[row], anchor="right", dx=-8))
        bold = points[row] and counts[row] > 0
        marks.append(Label(float(counts[row]), heights[row], f"{counts[row]:,}", bold=bold, dx=8))
    widest = max(len(name) for name in names)
    figure = len(f"{max(counts):,}")
    return Drawing(
        tuple(marks),
        Axis(0.0, longest),
        Axis(-0.5, many - 0.5),
        HEIGHT if many > 4 else 56 * many + 40,
        Margins(left=14 + 6.9 * widest, right=18 + 8.5 * figure, top=12, bottom=12),
        stretch=2.0,
    )


def sum_line(counts: Sequence[int], what: str) -> str:
    """Return "24 + 2 + 4 + 5 + 2 = 37 open."."""
    if len(counts) == 1:
        return f"{counts[0]:,} {what}."
    return f"{' + '.join(f'{count:,}' for count in counts)} = {int(np.sum(counts)):,} {what}."
