"""Timeline: where each moved date began, where it is now, and the time since it passed."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitor.analysis.days import NEVER, Days, Flags, as_dates, day_number, day_numbers, day_of, flags
from monitor.analysis.timeline import moved_dates
from monitor.charts.chart import AsAt, Chart, Frames, make_chart
from monitor.charts.drawing import (
    GAP,
    Axis,
    Drawing,
    DrawnMark,
    Label,
    Line,
    Margins,
    Points,
    Shape,
    day_axis,
    day_name,
)
from monitor.charts.theme import Role
from monitor.charts.wording import has_have, number, on_day, one_line, sentence, several
from monitor.dates import add_months, days_words, short_date

Heights = npt.NDArray[np.floating]

NAME = "timeline"
MOST_ROWS = 12
ROW = 50
TITLE_LENGTH = 42
WORDS = 13.5
"""Type of the rows: a title of 42 letters and its words then share a line of 350 pixels."""
WINDOW_MONTHS = 18
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
    room = max((stop - start) / 34, 2.0)
    x_axis = day_axis(day_of(start), day_of(stop), room=room)
    low, high = x_axis.low, x_axis.high
    titles = rows["short_title"].to_numpy(object)[:shown]
    lateness = rows["days_late"].to_numpy(dtype=np.int64)[:shown]

    height = float(shown)
    rules: list[float] = []
    ghosts: tuple[list[float], list[float]] = ([], [])
    reds: tuple[list[float], list[float]] = ([], [])
    words: list[DrawnMark] = []
    for row in range(shown):
        top = height - row
        track = top - 0.76
        rules += [top, top, GAP]
        due, begun = float(current[row]), float(first[row])
        ghosts[0].extend([min(max(begun, low), high), min(max(due, low), high), GAP])
        ghosts[1].extend([track, track, GAP])
        late = int(lateness[row])
        if late > 0:
            reds[0].extend([max(due, low), float(now), GAP])
            reds[1].extend([track, track, GAP])
        words.append(Label(low, top, one_line(str(titles[row]), TITLE_LENGTH), rise="top", dy=-7, size=WORDS))
        said = row_words(late, int(due - begun))
        role = Role.LATE_TEXT if late > 0 else Role.SOFT
        words.append(Label(high, top, said, role, "right", "top", bold=late > 0, dy=-7, size=WORDS))

    tracks = height - np.arange(shown) - 0.76
    within = (first >= low) & (first <= high)
    due_within = (current >= low) & (current <= high)
    red = lateness > 0
    marks: list[DrawnMark] = [
        Line(tuple([low, high, GAP] * shown), tuple(rules), Role.GRID, 1.0),
        _today(now, shown),
        Line(tuple(ghosts[0]), tuple(ghosts[1]), Role.GHOST, 3.5),
        Line(tuple(reds[0]), tuple(reds[1]), Role.LATE, 7.0),
        _points(first, tracks, within, "ring", Role.SOFT, "first set"),
        _points(np.full(shown, int(low)), tracks, first < low, "from_before", Role.GHOST, "first set before"),
        _points(current, tracks, due_within & red, "diamond", Role.LATE, "now due"),
        _points(current, tracks, due_within & ~red, "diamond", Role.INK, "now due"),
        *words,
    ]
    middle = 0.12 < (now - low) / (high - low) < 0.88
    marks.append(
        Label(
            float(now),
            height,
            short_date(today),
            anchor="center" if middle else ("right" if now - low > high - now else "left"),
            rise="bottom",
            dy=4,
        )
    )
    bottom = 46
    if len(rows) > shown:
        marks.append(Label(low, 0.0, f"and {len(rows) - shown:,} more", Role.SOFT, rise="top", dy=-4))
    below = 0.55 if len(rows) > shown else 0.12
    return Drawing(
        tuple(mark for mark in marks if not (isinstance(mark, Line | Points) and not mark.xs)),
        x_axis,
        Axis(-below, height),
        round(70 + (height + below) * ROW),
        Margins(left=3, right=3, top=24, bottom=bottom),
    )


def _today(now: int, rows: int) -> Line:
    """Return today's rule, broken where the words of a row stand, so that it never runs through them."""
    heights = [place for row in range(rows) for place in (rows - row - 0.5, rows - row - 1.0, GAP)]
    return Line((float(now), float(now), GAP) * rows, tuple(heights), Role.INK, 1.25, "dot")


def _points(
    days: Days,
    tracks: Heights,
    which: Flags,
    shape: Shape,
    role: Role,
    says: str,
) -> Points:
    xs = tuple(float(day) for day in days[which])
    hover = tuple(f"{says} {day_name(x)}" for x in xs)
    size = {"ring": 13.0, "diamond": 14.0, "from_before": 11.0}[shape]
    return Points(xs, tuple(tracks[which].tolist()), shape, role, size, hover)
