"""Every meeting: the next Conference in the heading, what is coming, what has been and what came of it; the forms for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.charts import theme
from monitor.domain.access import Actor, Permission
from monitor.domain.meetings import FIRST_YEAR, LAST_YEAR, Meeting
from monitor.domain.record import REASON_MIN
from monitor.domain.statuses import MeetingKind
from monitor.domain.text import is_web_address
from monitor.domain.wording import meeting_name
from monitor.packs.calendar_file import calendar_file
from monitor.services import meetings
from monitor.services.meeting_list import MeetingRow, meeting_rows
from monitor.services.meetings import MeetingView, agenda_due_on
from monitor.services.view import RegisterView
from monitor.settings import Settings, Titles
from monitor.store import Store
from monitor.ui import downloads, packs, safe, words
from monitor.ui.downloads import Download
from monitor.ui.fields import Day, Field, Lines, Pick, Words
from monitor.ui.filling import Answer, Form, open_draft, show_draft
from monitor.ui.frame import Page

MEETING: Final = "meeting"
OLDER: Final = "older"
SHOWN: Final = 20

_MADE: Final = "_meetings_made"
_NEW: Final = "new meeting"
_CANCELLED: Final = theme.Mark("–", "event_busy", "gray")
_PAPERS_HINT: Final = "One a line: the title and, if there is one, a space and the link."


def asked_for() -> int | None:
    """Return the number of the meeting that the address asks for; None where it asks for all of them."""
    made: list[int] = st.session_state.setdefault(_MADE, [])
    if made:  # one was recorded just now: what is wanted next is to prepare it
        st.query_params[MEETING] = str(made.pop())
    asked = st.query_params.get(MEETING, "").strip()
    if not asked:
        return None
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0


def name_of(meeting: Meeting) -> str:
    """Return what its kind of meeting is called here."""
    return meeting_name(meeting.kind, _titles())


def in_public_words(meeting: Meeting) -> str:
    """Return in Markdown whether it is in public."""
    return "in public" if meeting.is_public else theme.RESTRICTED.markdown("in private")


def when_words(on: date, today: date) -> str:
    """Return "today", "tomorrow", "in two days", "yesterday" or "three days ago"."""
    days = (on - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    if near:
        return near
    said = words.counted(abs(days), "day")
    return f"in {said}" if days > 0 else f"{said} ago"


def agenda_words(meeting: Meeting, today: date) -> str:
    """Return in Markdown by when agenda and papers are due, and plainly that the day has passed where it has."""
    if meeting.on < today or meeting.is_cancelled:
        return ""
    due = agenda_due_on(meeting.on)
    if due > today:
        return f"Agenda and papers are due on {dates.long_date(due)}, {when_words(due, today)}."
    if due == today:
        return ":orange[:material/schedule: Agenda and papers are due today, five working days before.]"
    passed = (
        f"Agenda and papers were due on {dates.long_date(due)}, five working days before. That day has passed"
    )
    if meeting.papers:
        return f"{passed}."
    return f":orange[:material/schedule: {passed}, and no paper is listed.]"


# All of them


def show(page: Page) -> None:
    """Show every meeting that the reader may know of."""
    rows = _rows(page.store, page.view, page.actor, page.view.known_before if page.is_past else None)
    coming = [row for row in rows if row.meeting.on >= page.as_at]
    held = [row for row in reversed(rows) if row.meeting.on < page.as_at]
    _show_next(page, coming)
    if not rows:
        st.markdown("No meeting is recorded yet. Once one is, its questions and its pack are prepared here.")
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="meeting-ways"):
        following = _following(coming)
        if following and page.may(Permission.RECORD_MEETING):
            with st.container(key="primary-prepare", width="content"):
                page.link("conference", "Prepare", meeting=str(following.id))
        _offer_new(page, is_first=not following)
        _offer_calendar(page)
    if coming:
        st.header("What is coming", anchor=False)
        _show_rows(page, coming, "coming")
    if held:
        st.header("What has been", anchor=False)
        _show_held(page, held)
    if page.may(Permission.RECORD_MEETING):
        made: list[int] = st.session_state.setdefault(_MADE, [])
        show_draft(NewMeeting(page, _own_services(page), made), (RECORD,))


@lru_cache(maxsize=16)
def _rows(store: Store, view: RegisterView, by: Actor, before: datetime | None) -> list[MeetingRow]:
    """Return the meetings; a view is another one after every change, so that they are read once for each."""
    return meeting_rows(store, by=by, before=before)


def _offer_calendar(page: Page) -> None:
    """Show the button for the days of the register as a calendar file, to whoever may export."""
    if page.is_past or not page.actor.may(Permission.EXPORT):
        return
    by, store = page.actor, page.store  # the file is made outside this run, where the page knows nobody
    file = Download(
        "Calendar file", "recommendations.ics", lambda: calendar_file(store, by=by, titles=_titles())
    )
    note = "Meetings, papers due, target dates, actions and statutory days, for any calendar program."
    downloads.offer([file], key="calendar-file", label="Calendar", note=note)


def _following(coming: Sequence[MeetingRow]) -> Meeting | None:
    return next((m for m in _standing(coming) if m.kind is MeetingKind.CONFERENCE), None)


def _standing(rows: Sequence[MeetingRow]) -> list[Meeting]:
    return [row.meeting for row in rows if not row.meeting.is_cancelled]


def _show_next(page: Page, coming: Sequence[MeetingRow]) -> None:
    """Show the heading, which is the finding, and one line with day, place and what is due before."""
    short, following = _titles().conference_short, _following(coming)
    if following is None:
        st.title(f"No day is set for the next {safe.text(short)}.", anchor=False)
        return
    when = when_words(following.on, page.as_at)
    st.title(f"The {safe.text(short)} meets {when}.", anchor=False)
    parts = [f"**{dates.long_date(following.on)}**", safe.text(following.place), in_public_words(following)]
    if len(page.view.services) > 1:
        parts.insert(0, safe.text(following.service))
    said = f"{', '.join(part for part in parts if part)}."
    reads = page.actor.may(Permission.READ_MEETINGS, following.service)
    st.markdown(f"{said} {agenda_words(following, page.as_at) if reads else ''}".strip())


def _show_held(page: Page, held: Sequence[MeetingRow]) -> None:
    """Show what has been, the latest first, twenty at a time."""
    asked = st.query_params.get(OLDER, "")
    last = max(0, (len(held) - 1) // SHOWN)
    place = min(int(asked), last) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    _show_rows(page, held[place * SHOWN : (place + 1) * SHOWN], "held")
    with st.container(horizontal=True, gap="medium"):
        if place < last:
            page.link("conference", "Older", older=str(place + 1))
        if place > 1:
            page.link("conference", "Newer", older=str(place - 1))
        elif place:
            page.link("conference", "Newer")


def _show_rows(page: Page, rows: Sequence[MeetingRow], key: str) -> None:
    several = len(page.view.services) > 1
    with st.container(key=f"rows-meetings-{key}", gap=None):
        for place, row in enumerate(rows):
            # By its place and not by its number, of which gaps would tell: a key can be read in the page.
            with st.container(key=f"row-{key}-{place}"):
                _show_row(page, row, f"{key}-{place}", several=several)


def _show_row(page: Page, row: MeetingRow, key: str, *, several: bool) -> None:
    meeting = row.meeting
    day, what, more = st.columns([3, 5, 4], gap="medium")
    with day:
        page.link("conference", dates.long_date(meeting.on), strong=True, meeting=str(meeting.id))
    with what, st.container(gap=None):
        st.markdown(safe.text(name_of(meeting)))
        place = safe.text(meeting.place)
        service = safe.text(meeting.service) if several else ""
        st.caption(" · ".join(part for part in (service, place, in_public_words(meeting)) if part))
        if meeting.is_cancelled:
            st.caption(_CANCELLED.markdown("Cancelled"))
        elif told := _came_of(row):
            st.caption(told)
    with more, st.container(gap=None):
        if meeting.is_cancelled:
            return
        if row.packs:
            packs.offer_published(page, meeting, row.packs[-1], key=key, label="The published pack")
        if meeting.on < page.as_at:
            link_to_register(page, meeting)
            if meeting.minutes:
                st.caption(safe.link(meeting.minutes, "Minutes"))
        elif page.actor.may(Permission.READ_MEETINGS, meeting.service):
            st.caption(agenda_words(meeting, page.as_at))


def _came_of(row: MeetingRow) -> str:
    told = [
        words.plural(number, one, many)
        for number, one, many in (
            (row.answered, "question answered", "questions answered"),
            (row.agreed, "action agreed", "actions agreed"),
        )
        if number
    ]
    return words.capitalised(words.listed(told))


def link_to_register(page: Page, meeting: Meeting) -> None:
    """Link to the register as the meeting saw it."""
    page.link("register", "The register as it was shown", as_at=dates.iso(meeting.on))


def _titles() -> Titles:
    return Settings.from_environment().titles


# Forms


@dataclass(frozen=True)
class NewMeeting:
    """
    A meeting that is not recorded yet.

    Attributes:
        services: Where this person may record one.
        made: Takes the number of the one that is recorded.
    """

    page: Page
    services: tuple[str, ...]
    made: list[int]

    @property
    def reference(self) -> str:
        """Return what tells it from everything else."""
        return _NEW

    @property
    def names(self) -> Mapping[str, Any]:
        """Return where its number goes, and its service where there is no choice."""
        return {"made": self.made} | ({"service": self.services[0]} if len(self.services) == 1 else {})


@dataclass(frozen=True)
class OfMeeting:
    """One meeting that a form is about."""

    page: Page
    seen: MeetingView

    @property
    def reference(self) -> str:
        """Return what tells it from everything else."""
        return f"meeting {self.seen.meeting.id}"

    @property
    def names(self) -> Mapping[str, Any]:
        """Return its number, as services take it."""
        return {"meeting_id": self.seen.meeting.id}

    @property
    def may_prepare(self) -> bool:
        """Tell whether this person may change it and its questions now."""
        return not self.page.is_past and Permission.RECORD_MEETING in self.seen.may


def open_new() -> None:
    """Open the form for a meeting that is not recorded yet; called by a button."""
    open_draft(RECORD.key, _NEW, None)


def _offer_new(page: Page, *, is_first: bool) -> None:
    if page.may(Permission.RECORD_MEETING):
        kind: Any = "primary" if is_first else "secondary"
        st.button("Record a meeting", type=kind, key="record-meeting", on_click=open_new)


def _own_services(page: Page) -> tuple[str, ...]:
    return tuple(one for one in page.view.services if page.actor.may(Permission.RECORD_MEETING, one))


def _about(now: Meeting | None) -> list[Field]:
    """Return what is asked of every meeting, with what is known of it."""
    return [
        Words(name="place", label="Place, if it is known", lines=1, start=now.place if now else ""),
        Pick(
            name="is_public",
            label="Is it held in public?",
            among={True: "In public", False: "In private"},
            start=now.is_public if now else True,
        ),
        Lines(
            name="attendees",
            label="Who is expected, if it is known? One a line.",
            lines=3,
            start=now.attendees if now else (),
        ),
        Lines(
            name="papers",
            label="Papers, if there are any yet",
            lines=3,
            start=tuple(f"{title} {link}".strip() for title, link in now.papers) if now else (),
            hint=_PAPERS_HINT,
        ),
    ]


def _day(start: date | None) -> Day:
    return Day(
        name="day",
        label="On which day?",
        start=start,
        least=date(FIRST_YEAR, 1, 1),
        most=date(LAST_YEAR, 12, 31),
    )


def _new_fields(subject: NewMeeting) -> list[Field]:
    kinds = {kind: meeting_name(kind, _titles()) for kind in MeetingKind}
    fields: list[Field] = [
        Pick(name="kind", label="What kind of meeting is it?", among=kinds, start=MeetingKind.CONFERENCE),
        _day(None),
        *_about(None),
    ]
    if len(subject.services) > 1:
        among = {name: name for name in subject.services}
        fields.insert(0, Pick(name="service", label="Of which service?", among=among))
    return fields


def _changed_fields(subject: OfMeeting) -> list[Field]:
    now = subject.seen.meeting
    return [
        _day(now.on),
        *_about(now),
        Words(name="minutes", label="Link to the minutes, once there are any", lines=1, start=now.minutes),
        Words(
            name="reason",
            label="Why, where the day moves or it becomes public or private?",
            lines=2,
            hint=f"At least {REASON_MIN} characters then; otherwise it can stay empty.",
        ),
    ]


def _given(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form gave as the services take it."""
    kept = {("on" if name == "day" else name): value for name, value in given.items()}
    if "papers" in kept:
        kept["papers"] = [_paper(line) for line in kept["papers"]]
    return kept


def _paper(line: str) -> tuple[str, str]:
    """Return the title and the link of a line that may end in one."""
    title, _, last = line.rpartition(" ")
    return (title, last) if is_web_address(last) else (line, "")


def record(store: Store, *, made: list[int], by: Actor, **given: Any) -> None:
    """Record a meeting, and note its number."""
    made.append(meetings.record_meeting(store, by=by, **_given(given)).id)


def change(store: Store, *, meeting_id: int, by: Actor, version: int, **given: Any) -> object:
    """Change what was given of a meeting."""
    return meetings.change_meeting(store, meeting_id=meeting_id, by=by, version=version, **_given(given))


_OFFICE: Final = frozenset({Permission.RECORD_MEETING})

RECORD: Final[Form[NewMeeting]] = Form(
    key="record-meeting",
    label="Record a meeting",
    permissions=_OFFICE,
    fits=lambda _: True,
    title=lambda _: "Record a meeting",
    fields=_new_fields,
    answers=(Answer("Record it", record, "Meeting recorded. Its questions are below."),),
)

FORMS: Final[tuple[Form[OfMeeting], ...]] = (
    Form(
        key="change-meeting",
        label="Change",
        permissions=_OFFICE,
        fits=lambda s: not s.seen.meeting.is_cancelled,
        title=lambda s: f"{name_of(s.seen.meeting)}, {dates.long_date(s.seen.meeting.on)}",
        fields=_changed_fields,
        answers=(Answer("Save", change, "Recorded.", only_changes=True),),
    ),
    Form(
        key="cancel-meeting",
        label="Call it off",
        permissions=_OFFICE,
        fits=lambda s: not s.seen.meeting.is_cancelled and s.seen.meeting.on >= s.page.today,
        title=lambda s: f"Call off the meeting of {dates.long_date(s.seen.meeting.on)}?",
        facts=lambda _: _say("It stays on the register as cancelled. Another meeting can have its day."),
        fields=lambda _: [
            Words(name="reason", label="Why does it not take place?", lines=3, at_least=REASON_MIN)
        ],
        answers=(Answer("Call it off", meetings.cancel, "Called off, with your reason."),),
    ),
)


def _say(line: str) -> None:
    st.markdown(line)


def offered(subject: OfMeeting, forms: Sequence[Form[OfMeeting]]) -> list[Form[OfMeeting]]:
    """Return the forms that this person may fill in for a meeting now."""
    return [form for form in forms if subject.may_prepare and form.fits(subject)]


def form_button(form: Form[OfMeeting], subject: OfMeeting, **look: Any) -> None:
    """Show the button that opens a form of a meeting, with the version that stands on the screen."""
    st.button(
        form.label,
        key=form.key,
        on_click=open_draft,
        args=(form.key, subject.reference, subject.seen.version),
        **look,
    )
