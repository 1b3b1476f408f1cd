"""What changed since last time: the sum that balances, and each kind of change with its list."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.analysis.changes import Change, ChangeKind, Group
from monitor.errors import MonitorError
from monitor.services.since import DAYS_WITHOUT_MEETING, Since, since
from monitor.services.view import RegisterView
from monitor.ui import filters, frame, safe, words
from monitor.ui.fields import DATE_FORMAT
from monitor.ui.frame import FIRST_DAY, Page

SHOWN: Final = 20
FROM, UNTIL = "from", "until"

_WITHOUT_MEETING: Final = timedelta(days=DAYS_WITHOUT_MEETING)

NAMED: Final = 2

_WORDS: Final[Mapping[ChangeKind, tuple[str, str]]] = {
    ChangeKind.NEW: ("new", "new"),
    ChangeKind.CLAIMED: ("reported complete", "reported complete"),
    ChangeKind.UNCLAIMED: ("no longer reported complete", "no longer reported complete"),
    ChangeKind.ASSURED: ("assured by the office", "assured by the office"),
    ChangeKind.NOT_ASSURED: (
        "weighed by the office, and not assured",
        "weighed by the office, and not assured",
    ),
    ChangeKind.CLOSED: ("closed", "closed"),
    ChangeKind.REOPENED: ("reopened", "reopened"),
    ChangeKind.MOVED: ("date moved", "dates moved"),
    ChangeKind.LATE: ("newly late", "newly late"),
    ChangeKind.FORECAST_LATE: ("newly forecast late", "newly forecast late"),
    ChangeKind.SILENT: ("newly without an update", "newly without an update"),
    ChangeKind.EVIDENCE: ("item of evidence added", "items of evidence added"),
    ChangeKind.CONTRADICTED: ("item of evidence that contradicts", "items of evidence that contradict"),
    ChangeKind.POSITION: ("position of the inspectorate", "positions of the inspectorate"),
}
"""What a count of each kind is called, one and several."""

_IN_HEADING: Final = (
    ChangeKind.NEW,
    ChangeKind.CLOSED,
    ChangeKind.REOPENED,
    ChangeKind.MOVED,
    ChangeKind.LATE,
)


def days_asked(page: Page, start: date, end: date) -> tuple[date, date]:
    """Return the two days that the address asks for, or those that are usual; never a later one than is shown."""
    return min(_asked(FROM, start), page.as_at), min(_asked(UNTIL, end), page.as_at)


def show(page: Page, view: RegisterView, start: date, usual: tuple[date, date]) -> None:
    """
    Show what changed from the end of a day to the end of the day that the view shows.

    Args:
        usual: The two days that are taken unless the reader asks for others.
    """
    try:
        found = since(page.store, view=view, start=start, by=page.actor)
    except MonitorError as problem:
        st.header("Since last time", anchor="since")
        frame.refuse(problem)
        _show_days(page, start, view.as_at, usual)
        return
    st.header(safe.text(finding(found)), anchor="since")
    st.markdown(f"{found.balance.line()}.")
    for said in filter(None, (found.correction, found.note)):
        st.markdown(safe.text(said))
    _show_days(page, start, view.as_at, usual)
    told = [group for group in found.groups if group.changes]
    if told:
        with st.container(key="rows-since", gap=None):
            for group in told:
                _show_group(page, group, f"since-{group.kind.value}")
    late = [group for group in found.recorded_later if group.changes]
    if late:
        st.caption(f"Recorded since then, about days up to {dates.long_date(found.start)}:")
        with st.container(key="rows-since-late", gap=None):
            for group in late:
                _show_group(page, group, f"since-late-{group.kind.value}")


def finding(found: Since) -> str:
    """Return the heading: "Since 14 December: 4 new, 4 closed and 5 dates moved"."""
    day = dates.day_month(found.start) if found.start.year == found.end.year else dates.long_date(found.start)
    told = [
        f"{group.count:,} {_counted(group)}"
        for group in found.groups
        if group.changes and group.kind in _IN_HEADING
    ]
    if told:
        return f"Since {day}: {words.listed(told)}"
    many = sum(group.count for group in found.groups)
    return f"Since {day}: {words.plural(many, 'change')}" if many else f"Nothing has changed since {day}"


def _counted(group: Group) -> str:
    return _WORDS[group.kind][group.count != 1]


def _label(group: Group) -> str:
    """Return how many there are and which, the first two by name."""
    names = list(dict.fromkeys(change.short_title or change.reference for change in group.changes))
    more = [f"{len(names) - NAMED:,} more"] if len(names) > NAMED else []
    named = words.listed([*names[:NAMED], *more])
    return f"**{group.count:,}** {_counted(group)} :gray[{safe.text(named)}]"


def _show_group(page: Page, group: Group, key: str) -> None:
    """Show one kind of change; what is behind it is drawn only while it is open."""
    opened = st.expander(_label(group), type="compact", key=key, on_change="rerun")
    if not opened.open:
        return
    with opened:
        st.caption(safe.text(group.kind.meaning))
        for change in group.changes[:SHOWN]:
            with st.container(gap=None):
                page.link("recommendation", change.short_title or change.reference, ref=change.reference)
                st.caption(_told(change))
        if group.count > SHOWN:
            _link_to_all(page, group)


def _told(change: Change) -> str:
    said = f"{dates.short_date(change.on)} · {change.reference} · {words.capitalised(change.words)}"
    reason = str(change.detail.get("reason") or "") if change.kind is ChangeKind.MOVED else ""
    return safe.text(f"{said}. “{words.shortened(reason, 240)}”" if reason else said)


def _link_to_all(page: Page, group: Group) -> None:
    label = f"and {group.count - SHOWN:,} more"
    if len(group.references) > filters.MOST_NAMED:
        st.caption(label)
        return
    params: dict[str, Any] = {**page.params(show="everything"), filters.ONLY: list(group.references)}
    st.page_link("pages/register.py", label=f"{label}: all of them in the register", query_params=params)


# The two days


def _show_days(page: Page, start: date, end: date, usual: tuple[date, date]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="since-days"):
        for name, label, day, standard in zip(
            (FROM, UNTIL), ("From the end of", "To the end of"), (start, end), usual, strict=True
        ):
            key = f"days-{name}"
            st.session_state[key] = day
            st.date_input(
                label,
                min_value=FIRST_DAY,
                max_value=page.as_at,
                format=DATE_FORMAT,
                key=key,
                width=168,
                on_change=_choose,
                args=(name, key, standard),
            )
    if usual[0] == usual[1] - _WITHOUT_MEETING:
        st.caption(f"No meeting of this kind was held before: the last {DAYS_WITHOUT_MEETING} days are told.")


def _choose(name: str, key: str, usual: date) -> None:
    day = st.session_state[key]
    if day is None or day == usual:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = dates.iso(day)


def _asked(name: str, usual: date) -> date:
    try:
        day = date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return usual
    return max(day, FIRST_DAY)
