"""Dates kept: where the first date was, the date in force, and the day each recommendation closed."""

from datetime import date

import numpy as np
import pandas as pd

from monitor.analysis.days import NEVER, day_number, day_numbers, day_of
from monitor.analysis.kept_dates import kept_dates
from monitor.charts.chart import AsAt, Chart, Frames, make_chart
from monitor.charts.drawing import Axis, Drawing, DrawnMark, Margins, day_axis
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
from monitor.charts.wording import number, one_line, sentence, was_were
from monitor.dates import add_months, days_words
from monitor.domain.statuses import ClosureReason

NAME = "kept-dates"
COUNTED = "Closed in the last 12 months. Ring: first set. Diamond: then due. Dot: closed, green where met in time. Red: days late."
MONTHS_AHEAD = 6
"""A date that was kept by more than this is not drawn: the rows would be squeezed for it."""


def kept_dates_chart(
    frames: Frames, *, today: date, demonstration: bool = False, office: str = "the office"
) -> Chart:
    """Return the first date, the date in force and the day of closing of what closed in the last 12 months."""
    as_at = AsAt(today, demonstration, office)
    rows = kept_dates(frames.register, today)
    table = _table(rows)
    if rows.empty:
        finding = "Nothing has closed in the last 12 months"
        return make_chart(as_at, NAME, finding, COUNTED, table, balance="0 closed.")
    after = rows["days_after"].to_numpy(dtype=np.float64, na_value=np.nan)
    slip, moves = rows["slip"].to_numpy(dtype=np.int64), rows["moves"].to_numpy(dtype=np.int64)
    late, undated = after > 0, np.isnan(after)
    lates, no_date, total = int(late.sum()), int(undated.sum()), len(rows)
    in_time = total - lates - no_date
    only_moved = int((~undated & ~late & (after + slip > 0)).sum())
    return make_chart(
        as_at,
        NAME,
        _finding(lates, int((late & (moves > 0)).sum()), no_date, total),
        COUNTED,
        table,
        drawing=_drawing(rows, today),
        balance=f"{in_time:,} in time + {lates:,} late + {no_date:,} with no date = {total:,} closed.",
        method=_method(only_moved, _met(rows), total),
        facts=_facts(after, only_moved),
    )


def _finding(late: int, moved: int, no_date: int, total: int) -> str:
    """Return how many closed late, of all, and how many of those had been given a later date."""
    closed = "closed in the last year"
    if no_date == total:
        return (
            "The one closed in the last year had no date"
            if total == 1
            else f"None of the {number(total)} {closed} had a date"
        )
    if total == 1:
        said = f"The one {closed} closed {'late' if late else 'in time'}"
    elif not late:
        said = (
            f"None of the {number(total)} {closed} closed late"
            if no_date
            else f"All {number(total)} {closed} closed in time"
        )
    elif late == total:
        said = f"All {number(total)} {closed} closed late"
    else:
        said = f"{number(late)} of the {number(total)} {closed} closed late"
    if moved:
        which = "" if late == 1 else "all of them " if moved == late else f"{number(moved)} of them "
        said += f", {which}after a moved date"
    return sentence(said)


def _met(rows: pd.DataFrame) -> int:
    return int((rows["reason"] == ClosureReason.MET.value).sum())


def _method(only_moved: int, met: int, total: int) -> str:
    said = []
    if only_moved:
        said.append(f"{only_moved:,} in time closed after the date first set.")
    if met < total:
        said.append(f"{met:,} of the {total:,} {was_were(met)} met, the others closed for another reason.")
    if total > MOST_ROWS:
        said.append(f"The {MOST_ROWS} most late, then most moved, are drawn.")
    return " ".join(said)


def _facts(after: "np.typing.NDArray[np.float64]", only_moved: int) -> str:
    known = after[~np.isnan(after)]
    if not len(known):
        return ""
    latest, earliest = int(known.max()), int(known.min())
    said = f"The latest closed {_from_its_date(latest)}"
    said += f", the earliest {_from_its_date(earliest)}." if earliest < latest else "."
    if only_moved:
        said += f" {only_moved:,} in time closed after the date first set."
    return said


def _from_its_date(days: int) -> str:
    if not days:
        return "on the day then due"
    return f"{days_words(abs(days))} {'after' if days > 0 else 'before'} the date then in force"


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Reference": rows["reference"],
            "Recommendation": rows["short_title"],
            "First set": rows["first"],
            "In force at closing": rows["due"],
            "Closed": rows["closed"],
            "Times moved": rows["moves"],
            "Days after its date": rows["days_after"],
            "Closed as": _reasons(rows["reason"]),
        }
    )


def _reasons(values: "pd.Series[str]") -> list[str]:
    codes, found = pd.factorize(values)
    words = [_REASONS.get(str(value), str(value)) for value in found]
    return [words[code] if code >= 0 else "" for code in codes.tolist()]


def row_words(after: float, reason: str) -> str:
    """
    Return "59 days late", "6 days early" or "on the day", "no date set" where there was none.

    What closed in time without being met says why instead: it is no promise kept early.
    """
    if after > 0:
        return f"{days_words(int(after))} late"
    if reason != ClosureReason.MET.value and reason in _REASONS:
        return _REASONS[reason].lower()
    if np.isnan(after):
        return "no date set"
    return f"{days_words(int(-after))} early" if after else "on the day"


_REASONS = {reason.value: reason.word for reason in ClosureReason}


def _drawing(rows: pd.DataFrame, today: date) -> Drawing:
    now, shown = day_number(today), min(len(rows), MOST_ROWS)
    head = rows.head(shown)
    first, due, closed = (day_numbers(head[name], NEVER) for name in ("first", "due", "closed"))
    after = head["days_after"].to_numpy(dtype=np.float64, na_value=np.nan)
    dated, late = due < NEVER, after > 0
    kept = dated & ~late & (head["reason"].to_numpy(object) == ClosureReason.MET.value)
    known = np.concatenate([first[dated], due[dated], closed])
    start = max(int(known.min()) - 14, day_number(add_months(today, -WINDOW_MONTHS)))
    stop = min(max(int(known.max()), now), day_number(add_months(today, MONTHS_AHEAD)))
    axis = day_axis(day_of(start), day_of(stop), room=max((stop - start) / 34, 2.0))
    low, high = axis.low, axis.high

    height, on = float(shown), tracks(shown)
    begins, ends = np.minimum(np.minimum(first, due), closed), np.maximum(first, due)
    marks: list[DrawnMark] = [
        hairlines(low, high, shown),
        todays_rule(now, shown),
        stretches(begins[dated], ends[dated], on[dated], axis, Role.GHOST, 3.5),
        stretches(due[late], closed[late], on[late], axis, Role.LATE, 7.0),
        day_points(first, on, (first >= low) & (first <= high), "ring", Role.SOFT, "first set"),
        day_points(np.full(shown, int(low)), on, first < low, "from_before", Role.GHOST, "first set before"),
        day_points(due, on, (due >= low) & (due <= high) & late, "diamond", Role.LATE, "then due"),
        day_points(due, on, (due >= low) & (due <= high) & ~late, "diamond", Role.INK, "then due"),
        day_points(closed, on, ~kept, "dot", Role.SOFT, "closed"),
        day_points(closed, on, kept, "dot", Role.ASSURED, "met in time"),
    ]
    for row, (title, days, reason) in enumerate(
        zip(head["short_title"], after.tolist(), head["reason"], strict=True)
    ):
        role = Role.LATE_TEXT if days > 0 else Role.SOFT
        name = one_line(str(title), TITLE_LENGTH)
        marks += title_line(low, high, height - row, name, row_words(days, str(reason)), role, bold=days > 0)
    marks.append(todays_date(today, axis, height))
    more = len(rows) - shown
    if more:
        marks.append(more_words(low, more))
    below = 0.55 if more else 0.12
    return Drawing(
        drawn_marks(marks),
        axis,
        Axis(-below, height),
        round(70 + (height + below) * ROW),
        Margins(left=3, right=3, top=24),
    )
