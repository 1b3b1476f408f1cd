"""Timeline: where each moved date began, where it is now, and the time since it passed."""

from datetime import date

import numpy as np
import pandas as pd

from monitor.analysis.days import NEVER, Days, as_dates, day_number, day_numbers, day_of, flags
from monitor.analysis.timeline import moved_dates
from monitor.charts.chart import AsAt, Chart, Frames, make_chart
from monitor.charts.drawing import Axis, Drawing, DrawnMark, Margins, day_axis, day_name
from monitor.charts.rows import MOST_ROWS, ROW, hairlines, more_words, title_line
from monitor.charts.theme import Role
from monitor.charts.tracks import (
    TITLE_LENGTH,
    WINDOW_MONTHS,
    day_points,
    drawn_marks,
    stretches,
    todays_date,
    todays_rule,
    tracks,
)
from monitor.charts.wording import has_have, number, on_day, one_line, sentence, several
from monitor.dates import add_months, days_words

NAME = "timeline"
COUNTED = "Open recommendations with a moved date. Ring: first set. Diamond: now due. Red: days late."


def timeline_chart(
    frames: Frames, *, today: date, demonstration: bool = False, office: str = "the office"
) -> Chart:
    """Return the first and the current date of each open recommendation that moved, earliest first."""
    as_at = AsAt(today, demonstration, office)
    rows = moved_dates(frames.register)
    still_open = int(flags(frames.register["is_open"]).sum())
    table = _table(rows)
    if rows.empty:
        finding = "No open recommendation has a moved date" if still_open else "Nothing is open"
        return make_chart(as_at, NAME, finding, COUNTED, table)
    first, current = day_numbers(rows["first"], NEVER), day_numbers(rows["current"], NEVER)
    shown = min(len(rows), MOST_ROWS)
    return make_chart(
        as_at,
        NAME,
        _finding(first, current, today),
        COUNTED,
        table,
        drawing=_drawing(rows, first, current, today),
        balance=f"{still_open:,} open = {len(rows):,} moved + {still_open - len(rows):,} not moved.",
        method=f"The {shown} with the earliest dates are drawn." if shown < len(rows) else "",
        facts=_facts(rows, first, current),
    )


def _finding(first: Days, current: Days, today: date) -> str:
    now = day_number(today)
    passed = current < now
    late = int(passed.sum())
    ahead = current[~passed]
    again = " again" if bool((first[passed] < now).all()) else ""
    if late:
        said = f"{number(late)} moved {several(late, 'date', 'dates')} {has_have(late)} passed{again}"
    else:
        said = "no moved date has passed again"
    if len(ahead):
        days, many = np.unique(ahead, return_counts=True)
        most = int(many.max())
        day = on_day(day_of(int(days[int(many.argmax())])), today)
        more = " more" if late else ""
        if most > 1 or len(ahead) == 1:
            said += f"; {number(most)}{more} now {several(most, 'rests', 'rest')} on {day}"
        else:
            said += f"; {number(len(ahead))}{more} {several(len(ahead), 'is', 'are')} still ahead"
    return sentence(said)


def _facts(rows: pd.DataFrame, first: Days, current: Days) -> str:
    slip = int((current - first).max())
    earliest, latest = day_name(int(current.min())), day_name(int(current.max()))
    most_late = int(rows["days_late"].max())
    late = f", the longest late by {days_words(most_late)}" if most_late > 0 else ""
    return (
        f"{len(rows):,} moved {several(len(rows), 'date', 'dates')}, now due from {earliest} to {latest}"
        f"{late}; the longest move is {days_words(max(slip, 0))}."
    )


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Reference": rows["reference"],
            "Recommendation": rows["short_title"],
            "First set": as_dates(day_numbers(rows["first"], NEVER)),
            "Now due": as_dates(day_numbers(rows["current"], NEVER)),
            "Times moved": rows["moves"],
            "Days moved": rows["days_slipped"],
            "Days late": rows["days_late"],
        }
    )


def row_words(days_late: int, slip: int) -> str:
    """Return "230 days late", or else how far the date has moved: "365 days later"."""
    if days_late > 0:
        return f"{days_words(days_late)} late"
    if slip < 0:
        return f"{days_words(-slip)} earlier"
    return f"{days_words(slip)} later" if slip else "same day again"


def _drawing(rows: pd.DataFrame, first: Days, current: Days, today: date) -> Drawing:
    now = day_number(today)
    shown = min(len(rows), MOST_ROWS)
    first, current = first[:shown], current[:shown]
    earliest = min(int(first.min()), now)
    start = max(earliest - 14, day_number(add_months(today, -WINDOW_MONTHS)))
    latest = max(int(current.max()), now)
    stop = min(latest, day_number(add_months(today, WINDOW_MONTHS)))
    x_axis = day_axis(day_of(start), day_of(stop), room=max((stop - start) / 34, 2.0))
    low, high = x_axis.low, x_axis.high
    titles = rows["short_title"].to_numpy(object)[:shown]
    lateness = rows["days_late"].to_numpy(dtype=np.int64)[:shown]
    red = lateness > 0

    height, on = float(shown), tracks(shown)
    within = (first >= low) & (first <= high)
    due_within = (current >= low) & (current <= high)
    today_each = np.full(int(red.sum()), now)
    marks: list[DrawnMark] = [
        hairlines(low, high, shown),
        todays_rule(now, shown),
        stretches(first, current, on, x_axis, Role.GHOST, 3.5),
        stretches(current[red], today_each, on[red], x_axis, Role.LATE, 7.0),
        day_points(first, on, within, "ring", Role.SOFT, "first set"),
        day_points(np.full(shown, int(low)), on, first < low, "from_before", Role.GHOST, "first set before"),
        day_points(current, on, due_within & red, "diamond", Role.LATE, "now due"),
        day_points(current, on, due_within & ~red, "diamond", Role.INK, "now due"),
    ]
    for row, (late, slip) in enumerate(zip(lateness.tolist(), (current - first).tolist(), strict=True)):
        name = one_line(str(titles[row]), TITLE_LENGTH)
        role = Role.LATE_TEXT if late > 0 else Role.SOFT
        marks += title_line(low, high, height - row, name, row_words(late, slip), role, bold=late > 0)
    marks.append(todays_date(today, x_axis, height))
    more = len(rows) - shown
    if more:
        marks.append(more_words(low, more))
    below = 0.55 if more else 0.12
    return Drawing(
        drawn_marks(marks),
        x_axis,
        Axis(-below, height),
        round(70 + (height + below) * ROW),
        Margins(left=3, right=3, top=24),
    )
