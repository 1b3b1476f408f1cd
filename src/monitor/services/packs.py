"""Packs for meetings: everything that one says, gathered; what was published, kept for ever."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from monitor.dates import long_date
from monitor.domain.access import Actor, Permission, scope_of
from monitor.domain.history import GENESIS
from monitor.domain.meetings import ActionState, Meeting, Pack
from monitor.domain.questions import Question
from monitor.domain.statuses import MeetingKind
from monitor.domain.wording import meeting_name
from monitor.errors import NotFoundError, RuleError
from monitor.services.changing import visible_meetings
from monitor.services.meeting_list import carried
from monitor.services.meetings import (
    previous_meeting,
    sees_answers,
    visible_meeting,
    visible_packs,
)
from monitor.services.questions import prepared_questions
from monitor.services.reading import RecommendationView, read_recommendation
from monitor.services.reports import ReportRow, report_rows
from monitor.services.responses import settled_reports
from monitor.services.since import DAYS_WITHOUT_MEETING, Since, since
from monitor.services.view import RegisterView, register_view
from monitor.settings import Titles
from monitor.store import Store

MOST_ANNEXES: Final = 40
"""Pages of the annex; a pack is carried into a room."""

FORMS: Final = ("docx", "pdf", "html")
"""The forms in which a pack is kept."""


@dataclass(frozen=True)
class PackFacts:
    """
    Everything that a pack says, as known at one moment.

    Attributes:
        previous: The meeting of the same kind before this one; None for the first.
        actions: Those still open, and those that ended since the first of the two days.
        responses: Reports on which the office has still to comment, soonest first.
        annex: The recommendations that get a page of their own.
        known_at: What was recorded from this moment on is left out.
        head: Hash of the last history row before it.
    """

    meeting: Meeting
    previous: Meeting | None
    view: RegisterView
    since: Since
    questions: Sequence[Question]
    actions: Sequence[ActionState]
    responses: Sequence[ReportRow]
    annex: Sequence[RecommendationView]
    known_at: datetime
    head: str
    made_by: str


def gather(
    store: Store,
    *,
    meeting_id: int,
    by: Actor,
    as_at: date | None = None,
    known_at: datetime | None = None,
    since_on: date | None = None,
    annex: Sequence[str] | None = None,
    prepared_by: str = "",
) -> PackFacts:
    """
    Return everything that the pack of a meeting says.

    Args:
        as_at: The day it is made for; the day of the meeting where that is over, otherwise today.
        known_at: A past moment, to make a pack again; now unless told.
        since_on: The day from which changes are told; that of the meeting before unless told.
        annex: The recommendations with a page of their own; those in the questions unless told.
        prepared_by: Who made it first, where it is made again.

    Raises:
        NotFoundError: for a meeting that is absent or hidden.
        AccessError: for an actor who may not export.
    """
    with store.reading() as reader:
        meeting = visible_meeting(reader, meeting_id, by)
        by.require(Permission.EXPORT, meeting.service)
        if not sees_answers(by, meeting):
            raise by.not_found(f"There is no meeting {meeting_id} on this register.")
        newest, now = reader.history_head(), reader.clock_now()
        # What was written at this very moment belongs to it.
        moment = known_at or max(now, newest.recorded_at if newest else now) + timedelta(microseconds=1)
        head = reader.head_before(moment)
        held = visible_meetings(reader, scope_of(by), before=moment).values()
        day = as_at or min(meeting.on, store.today())
        view = register_view(store, by=by, as_at=day, known_at=known_at, in_public=meeting.is_public)
        view = view.of_service(meeting.service)
        previous = previous_meeting(meeting, held)
        start = since_on or (previous.on if previous else day - timedelta(days=DAYS_WITHOUT_MEETING))
        questions = prepared_questions(
            store, meeting_id=meeting_id, by=by, as_at=day, known_at=known_at
        ).questions
        return PackFacts(
            meeting=meeting,
            previous=previous,
            view=view,
            since=since(store, view=view, start=min(start, day), by=by),
            questions=questions,
            actions=carried(reader, meeting, start, by, moment),
            responses=_responses(view, settled_reports(reader, before=moment)),
            annex=_annex(store, view, questions, annex, by),
            known_at=moment,
            head=head.hash if head else GENESIS,
            made_by=prepared_by or by.name,
        )


def _responses(view: RegisterView, answered: Container[int]) -> list[ReportRow]:
    """Return the reports on which comments are still due, soonest first."""
    due = [row for row in report_rows(view) if row.needs_response and row.report.id not in answered]
    open_ones = [row for row in due if row.days_left is not None and row.days_left >= 0]
    return sorted(open_ones, key=lambda row: row.days_left or 0)


def _annex(
    store: Store,
    view: RegisterView,
    questions: Sequence[Question],
    wanted: Sequence[str] | None,
    by: Actor,
) -> list[RecommendationView]:
    """Return a page for each recommendation asked for, in that order; those in the questions unless told."""
    known = set(view.rows["reference"])
    chosen = wanted if wanted is not None else [r for one in questions for r in one.references if r in known]
    if unknown := [reference for reference in chosen if reference not in known]:
        raise NotFoundError(
            f'There is no recommendation "{unknown[0]}" in this register.', reference=unknown[0]
        )
    pages = list(dict.fromkeys(chosen))
    if wanted is not None and len(pages) > MOST_ANNEXES:
        raise RuleError(f"The annex has {len(pages):,} pages; it can have {MOST_ANNEXES}. Choose fewer.")
    return [read_recommendation(store, reference=r, by=by, view=view) for r in pages[:MOST_ANNEXES]]


def find_meeting(
    store: Store, *, on: date, by: Actor, service: str = "", kind: MeetingKind | None = None
) -> Meeting:
    """
    Return the one meeting of a day.

    Raises:
        NotFoundError: for none on that day; it names the nearest ones.
        RuleError: for several, with what tells them apart.
    """
    with store.reading() as reader:
        held = [m for m in visible_meetings(reader, scope_of(by)).values() if not m.is_cancelled]
    found = [m for m in held if m.on == on and service in ("", m.service) and kind in (None, m.kind)]
    if not found:
        near = sorted(held, key=lambda m: abs((m.on - on).days))[:3]
        titles = Titles.from_environment()
        known = "; ".join(
            f"{meeting_name(m.kind, titles)}, {long_date(m.on)}" for m in sorted(near, key=lambda m: m.on)
        )
        raise by.not_found(
            f"No meeting is recorded for {long_date(on)}." + (f" The nearest are: {known}." if known else "")
        )
    if len(found) > 1:
        which = "; ".join(f"{m.service}, {m.kind.value}" for m in found)
        raise RuleError(
            f"{long_date(on)} has {len(found)} meetings: {which}. Name one with --service or --kind."
        )
    return found[0]


def keep_pack(
    store: Store, *, facts: PackFacts, content: bytes, files: Mapping[str, bytes], by: Actor
) -> Pack:
    """
    Keep a pack as it is published: its bytes in each form, what it says, its moment and the history it rests on.

    Raises:
        AccessError: for an actor who may not record meetings.
    """
    meeting = facts.meeting
    by.require(Permission.RECORD_MEETING, meeting.service)
    with store.writing() as unit:
        visible_meeting(unit, meeting.id, by)
        kept = {form: unit.keep_published(files[form]) for form in FORMS}
        pack = Pack(
            id=unit.new_id("pack"),
            meeting_id=meeting.id,
            service=meeting.service,
            since_on=facts.since.start,
            as_at=facts.view.as_at,
            known_at=facts.known_at,
            head=facts.head,
            content=unit.keep_published(content),
            annex=tuple(seen.record.reference for seen in facts.annex),
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
            **kept,
        )
        unit.add(pack, by=by, verb="pack published")
        return pack


def read_pack(store: Store, *, pack_id: int, form: str, by: Actor) -> tuple[Pack, bytes]:
    """
    Return a published pack and its bytes in one form, or "content" for what it says.

    Raises:
        NotFoundError: the same for one that is absent and one that is hidden.
    """
    with store.reading() as reader:
        meetings = visible_meetings(reader, scope_of(by)).values()
        packs = (pack for meeting in meetings for pack in visible_packs(reader, meeting, by))
        pack = next((one for one in packs if one.id == pack_id and form in (*FORMS, "content")), None)
        if pack is not None:
            by.require(Permission.EXPORT, pack.service)
            content = reader.published_content(getattr(pack, form))
            if content is not None:
                return pack, content
        raise by.not_found(f"There is no pack {pack_id} on this register.")
