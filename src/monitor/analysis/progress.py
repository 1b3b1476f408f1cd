"""How many were open, late and closed on each day, in one pass over the spells and dates."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitor.analysis.balance import spell_days
from monitor.analysis.days import (
    ALWAYS,
    NEVER,
    Days,
    Flags,
    as_dates,
    covered,
    day_number,
    day_numbers,
    day_of,
    flags,
    on_days,
)
from monitor.dates import add_months, month_end

BURN_UP_MONTHS = 18
"""How far before its target day a burn-up begins."""


def open_closed_late_by_day(
    spells: pd.DataFrame, targets: pd.DataFrame, start: date, end: date
) -> pd.DataFrame:
    """
    Return one row a day from `start` to `end`, both included.

    Columns, all counts: `day`; `open`, `late` and `past_first` at the end of that day; `opened`,
    `reopened` and `closed` on that day. Late is open with the date then in force before that day; past
    first is open with the date first set before that day, from the day on which it was set.
    Nothing open gives noughts; an `end` before `start` gives no rows.
    """
    first, last = day_number(start), day_number(end)
    if last < first:
        return pd.DataFrame(
            {"day": np.array([], dtype="datetime64[s]")}
            | {name: np.array([], dtype=np.int64) for name in _COUNTS}
        )
    opened, closed = spell_days(spells)
    again = flags(spells["is_reopening"])
    late_from, late_until, past_from, past_until = _late_intervals(spells, targets, opened, closed)
    return pd.DataFrame(
        {
            "day": as_dates(np.arange(first, last + 1, dtype=np.int64)),
            "open": covered(opened, closed, first, last),
            "late": covered(late_from, late_until, first, last),
            "past_first": covered(past_from, past_until, first, last),
            "opened": on_days(opened[~again], first, last),
            "reopened": on_days(opened[again], first, last),
            "closed": on_days(closed, first, last),
        }
    )


_COUNTS = ("open", "late", "past_first", "opened", "reopened", "closed")


def _late_intervals(
    spells: pd.DataFrame, targets: pd.DataFrame, opened: Days, closed: Days
) -> tuple[Days, Days, Days, Days]:
    """
    Return the intervals [from, until) of being late, then those of being past the date first set.

    A date is in force from its day until the next one of that recommendation; a state (open, due v)
    on [s, e) is late on [max(s, v + 1), e).
    """
    references = np.concatenate([spells["reference"].to_numpy(object), targets["reference"].to_numpy(object)])
    codes, names = pd.factorize(references)
    spell_code, target_code = codes[: len(spells)], codes[len(spells) :]

    in_force = day_numbers(targets["in_force_from"], ALWAYS)
    due = day_numbers(targets["due_on"], NEVER)
    order = np.lexsort((np.arange(len(targets)), in_force, target_code))
    target_code, in_force, due = target_code[order], in_force[order], due[order]
    is_first = flags(targets["is_first"])[order]

    until = np.full(len(order), NEVER, dtype=np.int64)
    same = target_code[1:] == target_code[:-1]
    until[:-1][same] = in_force[1:][same]

    low = np.searchsorted(target_code, spell_code, side="left")
    many = np.searchsorted(target_code, spell_code, side="right") - low
    spell = np.repeat(np.arange(len(spells)), many)
    target = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many) + np.repeat(low, many)
    late_from = np.maximum(np.maximum(opened[spell], in_force[target]), due[target] + 1)
    late_until = np.minimum(closed[spell], until[target])

    first_due = np.full(len(names), NEVER, dtype=np.int64)
    first_set = np.full(len(names), ALWAYS, dtype=np.int64)
    rows = np.flatnonzero(is_first & (due < NEVER))[::-1]  # backwards, so that the earliest is kept
    first_due[target_code[rows]] = due[rows]
    first_set[target_code[rows]] = in_force[rows]
    past_from = np.maximum(np.maximum(opened, first_set[spell_code]), first_due[spell_code] + 1)
    return late_from, late_until, past_from, closed


def month_ends(start: date, end: date) -> npt.NDArray[np.int64]:
    """Return the day numbers of the month ends from `start` to `end`, then `end` itself where it is none."""
    days = []
    day = month_end(start.year, start.month)
    while day < end:
        days.append(day_number(day))
        following = add_months(day, 1)
        day = month_end(following.year, following.month)
    return np.array([*days, day_number(end)], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class BurnUp:
    """
    Closed against promised, of the recommendations that must close by one day, with their spells.

    `by_day` has one row a day from `since` to the later of today and the target day: `day`; `closed` at
    its end (missing after today); `promised`, how many of them had a first date on or before it.
    """

    target_day: date
    since: date
    today: date
    total: int
    closed: int
    open: int
    references: frozenset[str]
    spells: pd.DataFrame
    by_day: pd.DataFrame


def burn_up(
    register: pd.DataFrame,
    spells: pd.DataFrame,
    targets: pd.DataFrame,
    target_day: date,
    today: date,
    *,
    since: date | None = None,
) -> BurnUp:
    """
    Return closed and first promised, day by day, of the recommendations with a target by one day.

    They are those whose current target is on or before `target_day` and that were open at any
    time from `since` on (18 months before the target day unless told, and at least 12 before today),
    so that nothing still open is left out. Closed is a state, not a sum of closings: one that
    reopens is taken off again, and the last figure equals today's list.
    """
    since = since or default_since(target_day, today)
    first, now = day_number(since), day_number(today)
    last = max(now, day_number(target_day))
    opened, closed = spell_days(spells)

    names = [frame["reference"].to_numpy(object) for frame in (register, spells, targets)]
    codes, references = pd.factorize(np.concatenate(names))
    in_register, in_spells, in_targets = np.split(codes, np.cumsum([len(name) for name in names])[:-1])

    due_by = day_numbers(register["current_target"], NEVER) <= day_number(target_day)
    seen = (closed >= first) & (opened <= now)
    wanted = _held(in_register[due_by], len(references)) & _held(in_spells[seen], len(references))
    mine, their_targets = wanted[in_spells], wanted[in_targets]
    opened, closed = opened[mine], closed[mine]
    begun = _first_openings(in_spells[mine], opened, len(references))
    days = np.arange(first, last + 1, dtype=np.int64)
    closed_by = covered(begun, np.full_like(begun, NEVER), first, last) - covered(opened, closed, first, last)

    first_dates = flags(targets["is_first"]) & their_targets
    promised_on = day_numbers(targets["due_on"][first_dates], NEVER)
    promised = covered(promised_on, np.full_like(promised_on, NEVER + 1), first, last)

    closed_now = int(closed_by[now - first]) if now >= first else 0
    by_day = pd.DataFrame(
        {
            "day": as_dates(days),
            "closed": pd.array(closed_by, dtype="Int64"),
            "promised": promised,
        }
    )
    by_day.loc[days > now, "closed"] = pd.NA
    total = int(wanted.sum())
    chosen = frozenset(references[wanted].tolist())
    return BurnUp(
        target_day, since, today, total, closed_now, total - closed_now, chosen, spells[mine], by_day
    )


def default_since(target_day: date, today: date) -> date:
    """Return the first of the month at which a burn-up towards this day begins."""
    before_target = add_months(target_day.replace(day=1), 1 - BURN_UP_MONTHS)
    return min(before_target, add_months(today.replace(day=1), -12))


def _held(codes: npt.NDArray[np.intp], many: int) -> Flags:
    """Return, for each of so many codes, whether it is among these."""
    held = np.zeros(many, dtype=np.bool_)
    held[codes] = True
    return held


def _first_openings(codes: npt.NDArray[np.intp], opened: Days, many: int) -> Days:
    """Return the first day on which each of the recommendations with these codes opened."""
    begun = np.full(many, NEVER, dtype=np.int64)
    np.minimum.at(begun, codes, opened)
    return begun[_held(codes, many)]


def main_target_day(register: pd.DataFrame, today: date) -> date | None:
    """
    Return the day ahead on which most of the open ones now rest, within 12 months; the earliest of equals.

    Without one in 12 months the next one later is taken; with none ahead at all the answer is None.
    """
    due = day_numbers(register["current_target"], NEVER)
    now = day_number(today)
    ahead = due[flags(register["is_open"]) & (due >= now) & (due < NEVER)]
    if not len(ahead):
        return None
    near = ahead[ahead <= day_number(add_months(today, 12))]
    if not len(near):
        return day_of(int(ahead.min()))
    days, many = np.unique(near, return_counts=True)
    return day_of(int(days[int(many.argmax())]))
