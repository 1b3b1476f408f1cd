"""The first screen: six figures, what changed since the last Conference, and the ten that need attention."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import pandas as pd

from monitor.analysis.changes import ChangeKind, Group
from monitor.analysis.forecast import TooLittle, closing_fan, closings_by_week
from monitor.analysis.progress import burn_up
from monitor.dates import count_word, day_month, long_date
from monitor.domain.statuses import ScheduleState
from monitor.domain.wording import capitalised, counted, told_title
from monitor.services.filters import count
from monitor.services.since import Since
from monitor.services.view import RegisterView

FIGURES: Final = (
    ("open", "open"),
    ("late", "late"),
    ("due_soon", "due in 90 days"),
    ("claimed", "reported complete, not assured"),
    ("no_evidence", "with no evidence"),
    ("moved", "dates moved since the last {conference}"),
)
"""Named set and the words under the figure."""

NAMED: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """
    One line of what changed.

    Attributes:
        words: What happened, after the number.
        names: Reports or recommendations named after the words, at most two.
        more: How many more of these there are.
        references: The recommendations behind the number.
    """

    count: int
    words: str
    references: tuple[str, ...]
    names: tuple[str, ...] = ()
    more: int = 0


def figures(view: RegisterView) -> list[tuple[str, int, str]]:
    """Return (named set, how many, words) for the six figures."""
    short = view.titles.conference_short
    return [(show, count(view, show), words.format(conference=short)) for show, words in FIGURES]


def attention(view: RegisterView, most: int = 10) -> pd.DataFrame:
    """Return the open rows that need attention most: longest late, then claims without assurance, and so on."""
    rows = view.rows[view.rows["is_open"]]
    ordered = rows.sort_values(
        ["attention", "attention_within", "current_target", "reference"], kind="stable"
    )
    return ordered.head(most)


def nearest_target(view: RegisterView) -> tuple[date, int] | None:
    """
    Return the busiest target day within 90 days, and how many are open and due by it, late ones included.

    None when none lies ahead.
    """
    rows = view.rows[view.rows["is_open"]]
    ahead = rows.loc[rows["days_to_target"].between(0, 90).fillna(False).astype(bool), "current_target"]
    if ahead.empty:
        return None
    day = pd.Timestamp(str(ahead.value_counts().sort_index(kind="stable").idxmax()))
    return day.date(), int((rows["current_target"] <= day).sum())


@lru_cache(maxsize=8)
def finding(view: RegisterView) -> str:
    """
    Return the two findings of the heading.

    How many are late; and how many must close by the nearest target day, against how many will at this pace.
    """
    late = int((view.rows["is_open"] & (view.rows["schedule_state"] == ScheduleState.OVERDUE.value)).sum())
    if not view.rows["is_open"].any():
        return "Nothing is open."
    if late:
        noun = capitalised(counted(late, "recommendation"))
        first = f"{noun} {'is' if late == 1 else 'are'} late"
    else:
        first = "Nothing is late"
    nearest = nearest_target(view)
    if nearest is None:
        return f"{first}."
    day, due = nearest
    by = day_month(day) if day.year == view.as_at.year else long_date(day)
    return f"{first}, and {count_word(due)} must close by {by}. {_pace(view, day, due)}".strip()


def _pace(view: RegisterView, day: date, due: int) -> str:
    """Return how many of those due by a day will close by then, if the coming weeks are like the last 52."""
    made = burn_up(view.rows, view.spells, view.targets, day, view.as_at)
    mine = view.spells[view.spells["reference"].isin(made.references)]
    forecast = closing_fan(closings_by_week(mine, view.as_at), (day - view.as_at).days, made.open)
    if isinstance(forecast, TooLittle):
        return "Too few have closed to say how many will."
    if forecast.middle == 0:
        return "At this pace none will." if due > 1 else "At this pace it will not."
    if forecast.middle >= due:
        return "At this pace all will." if due > 1 else "At this pace it will."
    return f"At this pace about {count_word(forecast.middle)} will."


def lines(view: RegisterView, found: Since) -> list[Line]:
    """Return what changed in a few words, one line a kind of change; nothing for none."""
    groups = {kind: found.group(kind) for kind in _LINES}
    return [_LINES[kind](view, group) for kind, group in groups.items() if group.changes]


def _new(view: RegisterView, group: Group) -> Line:
    rows = view.rows
    return _line(group, "new, from", rows.loc[rows["reference"].isin(group.references), "inspection"])


def _closed(view: RegisterView, group: Group) -> Line:
    times = dict(group.by("in_time"))
    in_time, dated = times.get(True, 0), times.get(True, 0) + times.get(False, 0)
    if in_time == group.count:
        return _line(group, "closed, all in time" if in_time > 1 else "closed in time")
    return _line(group, f"closed, {in_time or 'none'} of them in time" if dated else "closed")


def _reopened(view: RegisterView, group: Group) -> Line:
    return _line(group, "reopened:", [change.short_title for change in group.changes])


def _moved(view: RegisterView, group: Group) -> Line:
    """Return how many dates moved, as the figure counts them; one that moved twice is one date."""
    dates = len(group.references)
    often = f", {group.count:,} times in all" if group.count > dates else ""
    return Line(dates, f"{'date' if dates == 1 else 'dates'} moved{often}", group.references)


def _plainly(words: str) -> Callable[[RegisterView, Group], Line]:
    return lambda view, group: _line(group, words)


def _line(group: Group, words: str, names: Iterable[str] = ()) -> Line:
    distinct = [told_title(name) for name in dict.fromkeys(names)]
    return Line(group.count, words, group.references, tuple(distinct[:NAMED]), max(0, len(distinct) - NAMED))


_LINES: Final[Mapping[ChangeKind, Callable[[RegisterView, Group], Line]]] = {
    ChangeKind.NEW: _new,
    ChangeKind.CLOSED: _closed,
    ChangeKind.REOPENED: _reopened,
    ChangeKind.MOVED: _moved,
    ChangeKind.ASSURED: _plainly("assured by the office"),
    ChangeKind.CLAIMED: _plainly("reported complete by the force"),
    ChangeKind.LATE: _plainly("newly late"),
}
"""The kinds of change that the first screen names, in its order; the pack of a meeting has them all."""
