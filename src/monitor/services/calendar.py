"""The days of the register as a calendar: meetings, papers, target dates, actions and the days that the law sets."""

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from monitor.dates import long_date, month_year
from monitor.domain.access import Actor, Permission, scope_of
from monitor.domain.meetings import Meeting
from monitor.domain.statuses import Precision, Vocabulary
from monitor.domain.wording import listed, meeting_name
from monitor.services.actions import open_actions
from monitor.services.changing import visible_meetings
from monitor.services.meetings import agenda_due_on
from monitor.services.reports import report_rows
from monitor.services.responses import settled_reports
from monitor.services.secrets import fresh_token, hashed
from monitor.services.signing_in import usable_actor
from monitor.services.view import RegisterView, register_view
from monitor.settings import Titles
from monitor.store import Reader, SignIns, Store

BACK: Final = timedelta(days=366)
"""How far back meetings and days that have passed stay in the calendar."""


class EntryKind(Vocabulary):
    """What a day in the calendar is."""

    MEETING = "meeting", "Meetings", "The day of each meeting."
    PAPERS = "papers", "Papers due", "Agenda and papers, five working days before each meeting."
    TARGET = "target", "Target dates", "The date in force of each open recommendation."
    ACTION = "action", "Actions", "The day by which each open action is to be done."
    RESPONSE = "response", "Statutory days", "The last day to publish comments on each report."


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """
    One whole day in the calendar.

    Attributes:
        uid: Stable as long as the thing lasts, so that a change moves the entry and makes no second one.
        path: Where it is read in the product, from its first slash on.
    """

    uid: str
    kind: EntryKind
    on: date
    title: str
    words: str = ""
    place: str = ""
    path: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar as somebody may see it, at a moment of the register's clock."""

    name: str
    made_at: datetime
    entries: tuple[CalendarEntry, ...]


def read_calendar(
    store: Store,
    *,
    by: Actor,
    titles: Titles,
    service: str | None = None,
    kinds: frozenset[EntryKind] = frozenset(EntryKind),
) -> Calendar:
    """
    Return the days that somebody may know of, by day.

    Args:
        service: Those of one service.
        kinds: What to tell of.

    Raises:
        AccessError: for an actor who may not export.
    """
    by.require(Permission.EXPORT, service)
    view = register_view(store, by=by)
    if service is not None:
        view = view.of_service(service)
    with store.reading() as reader:
        known = visible_meetings(reader, scope_of(by)).values()
        meetings = [one for one in known if service in (None, one.service) and one.on >= view.today - BACK]
        mark, now, answered = _mark(reader), reader.clock_now(), settled_reports(reader)
    found = [
        *(entry for one in meetings for entry in _of_meeting(one, titles)),
        *_targets(view),
        *_responses(view, answered),
        *_actions(store, service, by),
    ]
    chosen = [entry for entry in found if entry.kind in kinds]
    ordered = sorted(chosen, key=lambda entry: (entry.on, entry.kind.value, entry.title, entry.words))
    return Calendar(
        name=f"{view.office or 'Register'}: {service or listed(list(view.services)) or 'no service'}",
        made_at=now,
        entries=tuple(_marked(entry, mark) for entry in ordered),
    )


def _mark(reader: Reader) -> str:
    """Return what tells the entries of this register from those of another."""
    first = next(iter(reader.history(before=2, limit=1)), None)
    return first.hash if first else "empty"


def _marked(entry: CalendarEntry, mark: str) -> CalendarEntry:
    """Return the entry with a name that tells no numbers: gaps would tell of what is hidden."""
    return replace(entry, uid=f"{hashed(f'{mark} {entry.uid}')[:32]}@recommendations-monitor")


def _of_meeting(meeting: Meeting, titles: Titles) -> Iterator[CalendarEntry]:
    title = f"{meeting_name(meeting.kind, titles)}, {meeting.service}"
    path = f"/conference?meeting={meeting.id}"
    kind = "In public." if meeting.is_public else "In private."
    papers = [f"{paper}: {link}" if link else paper for paper, link in meeting.papers]
    yield CalendarEntry(
        uid=f"meeting-{meeting.id}",
        kind=EntryKind.MEETING,
        on=meeting.on,
        title=title,
        words="\n".join([kind, *papers, *([meeting.minutes] if meeting.minutes else [])]),
        place=meeting.place,
        path=path,
        is_cancelled=meeting.is_cancelled,
    )
    yield CalendarEntry(
        uid=f"papers-{meeting.id}",
        kind=EntryKind.PAPERS,
        on=agenda_due_on(meeting.on),
        title=f"Agenda and papers due: {title}",
        words=f"Five working days before {long_date(meeting.on)}.",
        path=path,
        is_cancelled=meeting.is_cancelled,
    )


def _targets(view: RegisterView) -> Iterator[CalendarEntry]:
    rows = view.rows[view.rows["is_open"] & view.rows["current_target"].notna()]
    for row in rows.to_dict("records"):
        due = row["current_target"].date()
        printed = f"As printed: {row['target_phrase']}. " if row["target_phrase"] else ""
        month = (
            f"Known to the month: {month_year(due)}. "
            if row["target_precision"] == Precision.MONTH.value
            else ""
        )
        moved = f"First set for {long_date(row['original_target'].date())}. " if row["moves"] else ""
        yield CalendarEntry(
            uid=f"target-{row['reference']}",
            kind=EntryKind.TARGET,
            on=due,
            title=f"Due: {row['short_title']} ({row['reference']})",
            words=f"{printed}{month}{moved}Owner: {row['owner'] or 'nobody'}.",
            path=f"/recommendation?ref={row['reference']}",
        )


def _responses(view: RegisterView, answered: Container[int]) -> Iterator[CalendarEntry]:
    for row in report_rows(view):
        if row.report.id in answered or not row.needs_response:
            continue
        if row.last_day is not None and row.last_day >= view.today - BACK:
            yield CalendarEntry(
                uid=f"response-{row.report.id}",
                kind=EntryKind.RESPONSE,
                on=row.last_day,
                title=f"Last day to publish comments: {row.report.title}",
                words="56 days, the day of publication being the first (Police Act 1996, section 55).",
                path="/reports",
            )


def _actions(store: Store, service: str | None, by: Actor) -> Iterator[CalendarEntry]:
    for one in open_actions(store, by=by, service=service):
        action = one.state.action
        about = f" ({action.reference})" if action.reference else ""
        yield CalendarEntry(
            uid=f"action-{action.id}",
            kind=EntryKind.ACTION,
            on=one.state.due_on,
            title=f"Action: {action.what}{about}",
            words=f"{action.owner}, agreed on {long_date(action.agreed_on)}.",
            path=f"/conference?meeting={action.meeting_id}",
        )


# The address by which a calendar program reads it: it opens the calendar and nothing else.


def has_address(store: Store, *, by: Actor) -> bool:
    """Tell whether somebody has an address for their own calendar."""
    by.require(Permission.EXPORT)
    return SignIns(store).has_calendar(by.id)


def make_address(store: Store, *, by: Actor) -> str:
    """Return the secret of a fresh address for somebody's own calendar; the one before opens nothing any more."""
    by.require(Permission.EXPORT)
    token = fresh_token()
    SignIns(store).put_calendar(by.id, hashed(token), store.server_now())
    return token


def end_address(store: Store, *, by: Actor) -> None:
    """Let the address of somebody's own calendar open nothing any more."""
    by.require(Permission.EXPORT)
    SignIns(store).end_calendars(by.id, store.server_now())


def whose_calendar(store: Store, *, token: str) -> Actor | None:
    """Return whose calendar an address opens, with what they are granted now; None where it opens nothing."""
    account_id = SignIns(store).calendar_account(hashed(token))
    return usable_actor(store, account_id=account_id) if account_id else None
