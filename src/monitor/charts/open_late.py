"""Open and late over time: how many, and how many only look in time because their date was moved."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitor.analysis.balance import Balance, balance
from monitor.analysis.days import NEVER, Days, as_dates, day_number, day_numbers, day_of, flags
from monitor.analysis.progress import month_ends, open_closed_late_by_day
from monitor.charts.chart import AsAt, Chart, Frames, make_chart
from monitor.charts.drawing import (
    Band,
    Dash,
    Drawing,
    DrawnMark,
    Label,
    Line,
    Margins,
    count_axis,
    day_axis,
    day_name,
    tick_room,
)
from monitor.charts.placing import NARROW, Place, Plot
from monitor.charts.theme import Role
from monitor.charts.wording import is_are, number, sentence
from monitor.dates import add_months, month_end

NAME = "open-late"
HEIGHT = 320
MONTHS = 20
COUNTED = "Open recommendations at each month's end, and today"


def open_late_chart(
    frames: Frames, *, today: date, demonstration: bool = False, office: str = "the office"
) -> Chart:
    """Return how many were open, late and past the date first set, over the last 20 months."""
    as_at = AsAt(today, demonstration, office)
    start = _start(frames.spells, today)
    by_day = open_closed_late_by_day(frames.spells, frames.targets, start, today)
    days = month_ends(start, today)
    sums = balance(frames.spells, start, today)
    table = _table(by_day, days)
    finding = _finding(frames.register, today)
    if frames.spells.empty or not by_day["open"].any():
        return make_chart(as_at, NAME, finding, COUNTED, table, balance=f"{sums.short_line()}.")
    return make_chart(
        as_at,
        NAME,
        finding,
        COUNTED,
        table,
        drawing=_drawing(table, days),
        balance=f"{sums.short_line()}.",
        facts=_facts(table, sums),
    )


def _start(spells: pd.DataFrame, today: date) -> date:
    """Return the month's end at which the chart begins: 20 months back, or before the first opening."""
    longest = add_months(today, -MONTHS)
    opened = day_numbers(spells["opened_on"], NEVER)
    first = int(opened.min()) if len(opened) else NEVER
    begun = add_months(day_of(first), -1) if first < day_number(today) else add_months(today, -1)
    start = max(longest, begun)
    return min(month_end(start.year, start.month), add_months(today, -1))


def _finding(register: pd.DataFrame, today: date) -> str:
    now = day_number(today)
    is_open = flags(register["is_open"])
    total = int(is_open.sum())
    late = is_open & (day_numbers(register["current_target"], NEVER) < now)
    missed = is_open & (day_numbers(register["original_target"], NEVER) < now)
    hidden = int((missed & ~late).sum())
    lates, misses = int(late.sum()), int(missed.sum())
    if not total:
        return "Nothing is open"
    if hidden == 1 and misses == 1:
        return "A moved date hides the only one that has missed its first date"
    if hidden and hidden == misses:
        return f"Moving dates hides all {number(misses)} that have missed one"
    if hidden:
        return f"Moving dates hides {number(hidden)} of the {number(misses)} that have missed one"
    if not lates:
        return "Nothing is late"
    if lates == total:
        return "The one open is late" if total == 1 else f"All {number(total)} open are late"
    return sentence(f"{number(lates)} of the {number(total)} open {is_are(lates)} late")


def _table(by_day: pd.DataFrame, days: Days) -> pd.DataFrame:
    """Return month ends to today: what came and went since the row before, and what stands then."""
    rows = days - days[0]
    made: dict[str, npt.NDArray[np.generic]] = {"Day": as_dates(days)}
    changes = {"New": "opened", "Reopened": "reopened", "Closed": "closed"}
    for heading, column in changes.items():
        total = by_day[column].to_numpy(dtype=np.int64).cumsum()[rows]
        made[heading] = np.diff(total, prepend=total[:1])
    for heading, column in {"Open": "open", "Late": "late", "Past the date first set": "past_first"}.items():
        made[heading] = by_day[column].to_numpy(dtype=np.int64)[rows]
    return pd.DataFrame(made)


def _facts(table: pd.DataFrame, sums: Balance) -> str:
    first, last = table.iloc[0], table.iloc[-1]
    return (
        f"{sums.opening:,} open on {day_name(day_number(sums.start))}, {sums.closing:,} on "
        f"{day_name(day_number(sums.end))}, most {int(table['Open'].max()):,}. "
        f"Late: {first['Late']:,}, then {last['Late']:,}, most {int(table['Late'].max()):,}. "
        f"Past the date first set: {last['Past the date first set']:,}."
    )


def _drawing(table: pd.DataFrame, days: Days) -> Drawing:
    xs = tuple(float(day) for day in days)
    opened, late, past = (
        table[name].to_numpy(dtype=np.int64) for name in ("Open", "Late", "Past the date first set")
    )
    top = float(max(opened.max(), 1))
    y_axis = count_axis(top, headroom=0.14)
    marks: list[DrawnMark] = [
        Band(xs, (0.0,) * len(xs), tuple(late.tolist()), Role.LATE_AREA),
        _line(xs, past, Role.LATE, "past the date first set", width=1.75, dash="dot"),
        _line(xs, late, Role.LATE, "late", width=2.5),
        _line(xs, opened, Role.ACCENT, "open", width=3.0),
    ]
    plot = Plot(xs[0], xs[-1], y_axis.high, HEIGHT - 58)
    for line in (opened, late, past):
        plot.add_line(xs, line, step=False)
    lates = f"{late[-1]:,} late" if late[-1] else "none late"
    # Inside its area the late label cannot be taken for that of the dotted line above it.
    marks.append(_end_label(plot, xs[-1], int(late[-1]), lates, Role.LATE_TEXT, bold=True, inside=3.0))
    marks.append(_end_label(plot, xs[-1], int(opened[-1]), f"{opened[-1]:,} open", Role.ACCENT, bold=True))
    words = f"{past[-1]:,} past the date first set"
    marks.append(_end_label(plot, xs[-1], int(past[-1]), words, Role.LATE_TEXT))
    return Drawing(
        tuple(marks),
        day_axis(day_of(int(xs[0])), day_of(int(xs[-1])), most_ticks=5),
        y_axis,
        HEIGHT,
        Margins(left=tick_room(y_axis), right=6, top=12),
        stretch=4.0,
    )


def _end_label(
    plot: Plot,
    x: float,
    value: int,
    text: str,
    role: Role,
    *,
    bold: bool = False,
    inside: float | None = None,
) -> Label:
    """Return the words at a line's last point: just above it, inside its area, or where else is free."""
    base = plot.y(value)
    heights = [base + 6, base + 10, base + 14, base + 2]
    if inside is not None:
        heights.append(inside)
    heights += [base + rise for rise in (-24, 20, -32, 30, 40, 52, 64, 80)]
    place = plot.put(text, [Place(NARROW - 2, "right", height) for height in heights])
    return Label(x, plot.value(place.bottom), text, role, "right", "bottom", bold=bold, dx=-2)


def _line(
    xs: tuple[float, ...], values: Days, role: Role, says: str, *, width: float, dash: Dash = "solid"
) -> Line:
    hover = tuple(f"{day_name(x)}: {int(value):,} {says}" for x, value in zip(xs, values, strict=True))
    return Line(xs, tuple(values.tolist()), role, width, dash, hover=hover)
