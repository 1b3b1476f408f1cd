"""Ledger: every target date one recommendation has had, from the first to the one now in force."""

from datetime import date

import numpy as np
import pandas as pd

from monitor.analysis.days import NEVER, as_dates, day_number, day_numbers, day_of, flags
from monitor.analysis.timeline import target_history
from monitor.charts.chart import AsAt, Chart, Frames, make_chart
from monitor.charts.drawing import Axis, Drawing, DrawnMark, Label, Line, Margins, Points
from monitor.charts.theme import Role
from monitor.charts.wording import sentence
from monitor.dates import MONTHS, days_words, long_date, short_date, times_word

NAME = "ledger"
COUNTED = "Target dates of one recommendation. Ring: first set, then each move. Diamond: now due. Red: late."
HEIGHT = 168
MOST_DATES = 4
LEAST_APART = 0.215
"""The least share of the width between two dates, so that their words do not meet at 350 pixels."""


def ledger_chart(
    frames: Frames,
    *,
    today: date,
    demonstration: bool = False,
    office: str = "the office",
    reference: str,
) -> Chart:
    """
    Return the dates of one recommendation: first set, each move, now due, and the time since it passed.

    An unknown reference, or one without a date, gives no drawing and says "No date has been set".
    """
    as_at = AsAt(today, demonstration, office)
    history = target_history(frames.targets, reference)
    rows = frames.register[frames.register["reference"] == reference]
    closed_on = _closed_on(rows)
    dues = [int(day) for day in day_numbers(history["due_on"], NEVER)]
    table = pd.DataFrame(
        {
            "Set on": as_dates(day_numbers(history["in_force_from"], NEVER)),
            "Target date": as_dates(day_numbers(history["due_on"], NEVER)),
            "Days moved": history["days_moved"],
        }
    )
    if not dues:
        return make_chart(as_at, NAME, "No date has been set", COUNTED, table)
    end = closed_on if closed_on is not None else day_number(today)
    finding, drawing, facts = ledger_of(dues, end, closed=closed_on is not None)
    return make_chart(
        as_at, NAME, finding, COUNTED, table, drawing=drawing, balance=_balance(dues), facts=facts
    )


def ledger_of(dues: list[int], end: int, *, closed: bool) -> tuple[str, Drawing, str]:
    """
    Return the finding, the drawing and the facts in words of target dates, for a page that has no tables at hand.

    Args:
        dues: The numbers of the days, the one first set first; at least one.
        end: The number of today, or of the day it closed.
    """
    moves, slip = times_word(len(dues) - 1), days_words(abs(dues[-1] - dues[0]))
    return (
        ledger_finding(dues, end, closed=closed),
        _drawing(dues, end, closed=closed),
        f"First {long_date(day_of(dues[0]))}, now {long_date(day_of(dues[-1]))}; moved {moves}, by {slip} in all.",
    )


def _closed_on(rows: pd.DataFrame) -> int | None:
    if rows.empty or bool(flags(rows["is_open"])[0]):
        return None
    day = int(day_numbers(rows["closed_on"], NEVER)[0])
    return None if day == NEVER else day


def _balance(dues: list[int]) -> str:
    if len(dues) == 1:
        return f"{long_date(day_of(dues[0]))}, never moved."
    moves = "".join(f" {'+' if n >= 0 else '−'} {days_words(abs(n))}" for n in np.diff(dues).tolist())
    return f"{long_date(day_of(dues[0]))}{moves} = {long_date(day_of(dues[-1]))}."


def ledger_finding(dues: list[int], end: int, *, closed: bool) -> str:
    """Return "Moved twice: 153 days after the date first set, and late again"."""
    moves, slip, over = len(dues) - 1, dues[-1] - dues[0], end - dues[-1]
    if not moves:
        if closed:
            when = f"{days_words(over)} late" if over > 0 else "in time"
            return f"Never moved, and closed {when}"
        if over > 0:
            return f"Never moved, and {days_words(over)} late"
        return "Never moved, and due today" if over == 0 else f"Never moved, and due in {days_words(-over)}"
    if slip > 0:
        said = f"Moved {times_word(moves)}: {days_words(slip)} after the date first set"
    elif slip < 0:
        said = f"Moved {times_word(moves)}: {days_words(-slip)} before the date first set"
    else:
        said = f"Moved {times_word(moves)}: back to the date first set"
    if closed:
        return f"{said}, and closed {f'{days_words(over)} late' if over > 0 else 'in time'}"
    if over > 0:
        return f"{said}, and late{' again' if end > dues[0] and slip > 0 else ''}"
    return sentence(said)


def _drawing(dues: list[int], end: int, *, closed: bool) -> Drawing:
    shown = list(range(len(dues)))
    if len(dues) > MOST_DATES:
        shown = [0, len(dues) - 2, len(dues) - 1]
    days = [dues[index] for index in shown]
    late = max(end - dues[-1], 0)
    places = _places([*days, end])
    at, last, stop = places[:-1], places[-2], places[-1]

    track = 0.0
    marks: list[DrawnMark] = [
        Line((0.0, 1.0), (track, track), Role.GRID, 2.0),
        Line((min(at), max(at)), (track, track), Role.GHOST, 3.5),
    ]
    if late:
        marks.append(Line((last, stop), (track, track), Role.LATE, 8.0))
    between = min(at) < stop < max(at)
    marks.append(Line((stop, stop), (track - (9 if between else 15), track + 15), Role.INK, 2.0))
    hover = tuple(short_date(day_of(day)) for day in days)
    marks.append(Points(tuple(at[:-1]), (track,) * (len(at) - 1), "ring", Role.SOFT, 16.0, hover[:-1]))
    marks.append(Points((last,), (track,), "diamond", Role.INK, 18.0, hover[-1:]))
    for position, (index, place, day) in enumerate(zip(shown, at, days, strict=True)):
        marks += _date_words(_date_name(index, len(dues), closed=closed), place, day_of(day))
        if position:
            before = shown[position - 1]
            left, moved = at[position - 1], day - days[position - 1]
            if index - before > 1:
                words = f"{index - before - 1} {'move' if index - before == 2 else 'moves'} between"
            else:
                words = f"{'+' if moved >= 0 else '−'}{days_words(abs(moved))}"
            marks.append(Label((left + place) / 2, track, words, Role.SOFT, "center", "top", dy=-12))
    marks += _end_words(stop, end, end - dues[-1], closed=closed, drop=14 if between else 0)
    return Drawing(
        tuple(mark for mark in marks if not (isinstance(mark, Points) and not mark.xs)),
        Axis(0.0, 1.0),
        Axis(-68.0, 100.0),
        HEIGHT,
        Margins(0, 0, 0, 0),
        stretch=1.0,
    )


def _date_name(index: int, many: int, *, closed: bool) -> str:
    if index == many - 1:
        if many == 1:
            return "Due" if not closed else "Was due"
        return "Was due" if closed else "Now due"
    return "First set" if index == 0 else "Moved to"


def _date_words(name: str, place: float, day: date) -> list[DrawnMark]:
    """Return the three short lines above a date."""
    month = MONTHS[day.month - 1][:3]
    return [
        Label(place, 0.0, name, Role.SOFT, "center", "bottom", dy=56),
        Label(place, 0.0, f"{day.day} {month}", Role.INK, "center", "bottom", bold=True, dy=36),
        Label(place, 0.0, str(day.year), Role.INK, "center", "bottom", dy=17),
    ]


def _end_words(place: float, end: int, over: int, *, closed: bool, drop: int) -> list[DrawnMark]:
    """Return the two lines below today, or below the day it closed; lower where a move is written there."""
    day = short_date(day_of(end))
    if closed:
        head = f"{days_words(over)} late" if over > 0 else "In time"
        role = Role.SOFT
    else:
        head = (
            f"{days_words(over)} late"
            if over > 0
            else "Due today"
            if over == 0
            else f"{days_words(-over)} to go"
        )
        role = Role.LATE_TEXT if over > 0 else Role.INK
    return [
        Label(place, 0.0, head, role, "center", "top", bold=True, dy=-18 - drop),
        Label(place, 0.0, f"{'closed' if closed else 'on'} {day}", Role.SOFT, "center", "top", dy=-36 - drop),
    ]


def _places(days: list[int]) -> list[float]:
    """
    Return a place from 0 to 1 for each day, to scale as far as words leave room.

    Days that would stand nearer than their words allow are moved apart, in order; the words say
    how far apart they are.
    """
    order = np.argsort(np.array(days), kind="stable")
    values = np.array(days, dtype=np.float64)[order]
    low, high = 0.13, 0.845
    gaps = np.diff(values)
    if len(days) == 2 and not gaps[0]:
        return [0.5, 0.5]
    least = np.full(len(gaps), min(LEAST_APART, (high - low) / len(gaps)))
    # The end, which comes last in `days`, may stand on a date; two dates may not.
    least[(gaps == 0) & ((order[1:] == len(days) - 1) | (order[:-1] == len(days) - 1))] = 0.0
    shares = np.maximum(gaps / max(values[-1] - values[0], 1.0), 1e-6) * (high - low)
    wide = _at_least(shares, least, high - low)
    places = np.empty(len(days))
    places[order] = low + np.concatenate([[0.0], np.cumsum(wide)])
    return [float(place) for place in places]


def _at_least(
    shares: "np.typing.NDArray[np.float64]", least: "np.typing.NDArray[np.float64]", total: float
) -> "np.typing.NDArray[np.float64]":
    """Return shares of a total, each at least so large, the others giving way in proportion."""
    held = np.zeros(len(shares), dtype=np.bool_)
    while True:
        free = total - least[held].sum()
        loose = shares[~held].sum()
        made = np.where(held, least, shares * (free / loose if loose else 0.0))
        short = ~held & (made < least - 1e-9)
        if not short.any():
            return made
        held |= short
