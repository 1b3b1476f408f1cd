"""One meeting as it is prepared and as it was held: its facts, its questions, what changed, what was agreed, its pack."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

import pandas as pd
import streamlit as st

from monitor import dates
from monitor.domain.access import Actor, Permission
from monitor.domain.meetings import ActionState
from monitor.domain.questions import Prepared
from monitor.errors import NotFoundError
from monitor.services.meeting_list import actions_before
from monitor.services.meetings import MeetingView, read_meeting, sees_answers
from monitor.services.questions import prepared_questions
from monitor.services.since import DAYS_WITHOUT_MEETING
from monitor.services.view import RegisterView, register_view
from monitor.store import Store
from monitor.ui import actions, filling, frame, meetings, packs, questions, safe, since, words
from monitor.ui.filling import show_draft
from monitor.ui.frame import Page
from monitor.ui.meetings import OfMeeting

_NOTHING: Final = Prepared((), ())


def show(page: Page, number: int) -> None:
    """Show one meeting, or that there is none of this number."""
    seen = _seen(page, number)
    if seen is None:
        st.title("There is no such meeting", anchor=False)
        st.markdown("It may not have been recorded on the day shown, or may not be open to you.")
        page.link("conference", "All meetings")
        return
    subject = OfMeeting(page, seen)
    _show_head(subject)
    if Permission.READ_MEETINGS not in seen.may:
        return
    known = _Known.of(page, seen)
    prepared = known.prepared if known.is_told else _NOTHING
    with st.container(key="section-questions"):
        _show_questions(subject, known, prepared)
    with st.container(key="section-since"):
        since.show(page, known.changes, known.start, known.usual)
    with st.container(key="section-actions"):
        _show_actions(known)
    with st.container(key="section-pack"):
        packs.show(page, seen, known.view, prepared.questions, is_first=seen.meeting.on > page.today)
    _show_opened(subject, known, prepared)


def _seen(page: Page, number: int) -> MeetingView | None:
    """Return the meeting as known on the day shown; None where it was not, or is not open to the reader."""
    try:
        # Read at each run: it says which view of the register is wanted, and a view costs more than it does.
        seen = read_meeting(page.store, meeting_id=number, by=page.actor, before=_before(page))
    except NotFoundError:
        return None
    return replace(seen, today=page.as_at)


def _before(page: Page) -> datetime | None:
    """Return the moment from which on nothing is told; None for today."""
    return dates.end_of_day(page.as_at) if page.is_past else None


# Head


def _show_head(subject: OfMeeting) -> None:
    page, seen = subject.page, subject.seen
    meeting, name = seen.meeting, meetings.name_of(seen.meeting)
    day = dates.long_date(meeting.on)
    frame.name_tab(f"{name}, {day}")
    page.say_where(meeting.service, "demonstration register" if page.is_demonstration else "")
    page.link("conference", "All meetings")
    st.title(safe.text(f"{name}, {day}"), anchor=False)
    left, right = st.columns([8, 4], gap="xlarge")
    with left:
        st.markdown(" ".join(_when(subject)))
        _show_ways(subject)
    with right, st.container(key="meeting-facts"):
        facts = list(_facts(subject))
        if facts:
            st.table(
                pd.DataFrame(
                    {"What": [what for what, _ in facts], "Said": [said for _, said in facts]}
                ).set_index("What"),
                border=False,
                hide_header=True,
                hide_index=False,
                alt="Who is expected, papers and minutes.",
            )


def _when(subject: OfMeeting) -> Iterator[str]:
    meeting, today = subject.seen.meeting, subject.page.as_at
    if meeting.is_cancelled:
        yield ":orange[:material/event_busy: It was cancelled.]"
        return
    is_past = meeting.on < today
    where = f" at {safe.text(meeting.place)}" if meeting.place else ""
    verb = "It met" if is_past else "It meets"
    yield f"{verb} **{meetings.when_words(meeting.on, today)}**{where}, {meetings.in_public_words(meeting)}."
    if is_past and meeting.is_public and not meeting.minutes:
        yield "No minutes are listed yet."
    if Permission.READ_MEETINGS in subject.seen.may:
        yield meetings.agenda_words(meeting, today)


def _show_ways(subject: OfMeeting) -> None:
    """Show where to go from here: into the room, to the pack, to the register as it was shown, to the forms."""
    page, seen = subject.page, subject.seen
    meeting = seen.meeting
    reads = Permission.READ_MEETINGS in seen.may and not meeting.is_cancelled
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="meeting-ways"):
        if reads and meeting.on == page.as_at and not page.is_past:
            with st.container(key="primary-room", width="content"):
                page.link("room", "Into the room", meeting=str(meeting.id))
        elif reads and _is_told(page, seen):
            page.link("room", "The screen for the room", meeting=str(meeting.id))
        if seen.packs:
            label = "The published pack"
            packs.offer_published(page, meeting, seen.packs[-1], key="head", label=label)
        if meeting.on < page.as_at and not meeting.is_cancelled:
            meetings.link_to_register(page, meeting)
        offers = meetings.offered(subject, meetings.FORMS)
        if offers:
            with st.container(horizontal=True, gap="small", width="content", key="quiet-meeting"):
                for form in offers:
                    meetings.form_button(form, subject, type="tertiary")
    if reads:
        the_pack = " · [the pack](#pack)" if packs.is_shown(page, seen) else ""
        st.caption(
            f"On this page: [what to ask](#questions) · [since last time](#since) · [actions](#actions){the_pack}"
        )


def _facts(subject: OfMeeting) -> Iterator[tuple[str, str]]:
    meeting = subject.seen.meeting
    if meeting.attendees:
        who = "Expected" if meeting.on >= subject.page.as_at else "There"
        yield who, safe.text("; ".join(meeting.attendees))
    if meeting.papers:
        yield "Papers", "; ".join(safe.link(link, title) for title, link in meeting.papers)
    if meeting.minutes:
        yield "Minutes", safe.link(meeting.minutes, "Read them")


# What it rests on


@dataclass(frozen=True)
class _Known:
    """
    What a meeting is prepared from.

    Attributes:
        view: The register as its pack shows it: of its service and, for a public one, what may be spoken of in public.
        changes: The same as at the later of the two days between which changes are told.
        start: The earlier of them.
        usual: The two days that are taken unless the reader asks for others.
        is_told: The reader may read what is asked.
    """

    page: Page
    seen: MeetingView
    view: RegisterView
    changes: RegisterView
    start: date
    usual: tuple[date, date]
    is_told: bool

    @classmethod
    def of(cls, page: Page, seen: MeetingView) -> "_Known":
        """Return it for one reader."""
        meeting, previous = seen.meeting, seen.previous
        day = min(meeting.on, page.as_at)
        begin = min(previous.on if previous else day - timedelta(days=DAYS_WITHOUT_MEETING), day)
        start, end = since.days_asked(page, begin, day)
        return cls(
            page=page,
            seen=seen,
            view=_view_of(page, seen, day),
            changes=_view_of(page, seen, end),
            start=start,
            usual=(begin, day),
            is_told=_is_told(page, seen),
        )

    @property
    def prepared(self) -> Prepared:
        """Return its questions; on a past day as they were then."""
        page = self.page
        return prepared_questions(
            page.store,
            meeting_id=self.seen.meeting.id,
            by=page.actor,
            as_at=page.as_at if page.is_past else None,
            known_at=_before(page),
        )

    @property
    def titles(self) -> Mapping[str, str]:
        """Return the short title of each recommendation that the reader may know of, by reference."""
        rows = self.view.rows
        return dict(zip(rows["reference"], rows["short_title"], strict=True))


def _view_of(page: Page, seen: MeetingView, day: date) -> RegisterView:
    meeting = seen.meeting
    as_at = day if day < page.today else None
    view = register_view(page.store, by=page.actor, as_at=as_at, in_public=meeting.is_public)
    return view.of_service(meeting.service)


def _is_told(page: Page, seen: MeetingView) -> bool:
    """Tell whether the reader may read what is asked: they prepare it, or it is out."""
    if Permission.RECORD_MEETING in seen.may:
        return True
    is_out = bool(seen.packs) or seen.meeting.on <= page.as_at
    return is_out and sees_answers(page.actor, seen.meeting)


# Questions and actions


def _show_questions(subject: OfMeeting, known: _Known, prepared: Prepared) -> None:
    seen = subject.seen
    if not known.is_told:
        st.header("What to ask", anchor="questions")
        readable = sees_answers(subject.page.actor, seen.meeting)
        st.markdown(
            "It is shown here once a pack is published, or on the day of the meeting."
            if readable
            else "What is asked and answered at a private meeting is for the office and the force."
        )
        return
    questions.show(
        subject.page,
        seen.meeting.id,
        prepared,
        may=_may_change_questions(subject),
        answered=seen.answered,
        titles=known.titles,
    )


def _may_change_questions(subject: OfMeeting) -> bool:
    meeting = subject.seen.meeting
    return subject.may_prepare and not meeting.is_cancelled and meeting.on >= subject.page.today


def _show_actions(known: _Known) -> None:
    page, seen, titles = known.page, known.seen, known.titles
    before = _actions_before(known)
    st.header(words.capitalised(_actions_heading(before)), anchor="actions")
    if before:
        actions.show_rows(page, before, key="before", titles=titles)
    else:
        st.markdown("No action is open, and none has ended since last time.")
    if seen.actions:
        st.header(
            f"{words.capitalised(words.counted(len(seen.actions), 'action'))} agreed here", anchor=False
        )
        actions.show_rows(page, seen.actions, key="here", titles=titles)


def _actions_before(known: _Known) -> Sequence[ActionState]:
    page = known.page
    return _carried(page.store, known.view, page.actor, known.seen.meeting.id, known.usual[0], _before(page))


@lru_cache(maxsize=32)
def _carried(
    store: Store, view: RegisterView, by: Actor, number: int, start: date, before: datetime | None
) -> Sequence[ActionState]:
    """Return what was agreed before; a view is another one after every change, so that it is read once for each."""
    return actions_before(store, meeting_id=number, since_on=start, by=by, before=before)


def _actions_heading(before: Sequence[ActionState]) -> str:
    still = sum(state.is_open for state in before)
    if not before:
        return "actions from last time"
    if not still:
        return "every action from last time has ended"
    return f"{words.counted(still, 'action')} from last time still open"


def _show_opened(subject: OfMeeting, known: _Known, prepared: Prepared) -> None:
    """Show the one form that is open over the page."""
    page, seen = subject.page, subject.seen
    actions.show_opened(page, [*_actions_before(known), *seen.actions])
    if subject.may_prepare:
        if filling.opened()[1] == subject.reference:
            show_draft(subject, meetings.FORMS)
        questions.show_opened(page, seen.meeting.id, prepared, known.view)
        packs.show_opened(page, seen)
