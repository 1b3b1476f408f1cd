"""
Meetings: what is recorded of them, what changes, and what is answered there.

Who sees what, and why: `docs/decisions/0014-who-reads-what-of-meetings.md`. Whatever else reads of meetings asks
`visible_meetings` (in `changing`), `visible_answers`, `visible_actions` or, for what is of its own kind, `sees_answers`
and `Hidden`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from monitor.dates import london_day, long_date
from monitor.domain.access import Actor, Permission, Scope, scope_of
from monitor.domain.entries import AssuranceDecision
from monitor.domain.meetings import (
    AGENDA_WORKING_DAYS,
    ActionState,
    Answer,
    Meeting,
    MeetingChange,
    Outcome,
    Pack,
    QuestionChange,
    QuestionStage,
    action_states,
    check_answer,
    check_change,
    check_meeting,
)
from monitor.domain.questions import OWN, Trigger
from monitor.domain.statuses import MeetingKind
from monitor.domain.text import clean, clean_line
from monitor.errors import ConflictError, RuleError
from monitor.services.changing import visible_inspections, visible_meetings, visible_record
from monitor.store import Reader, Store, Unit
from monitor.working_days import working_days_before

_W = TypeVar("_W", MeetingChange, Pack)


@dataclass(frozen=True, slots=True)
class MeetingView:
    """
    One meeting as somebody may see it.

    Attributes:
        agenda_due_on: Day on which its agenda and papers are due.
        previous: The last meeting of its kind and service before it.
        changes: What changed of it since it was recorded, oldest first.
        packs: What was published for it, oldest first.
        answers: What was answered at it, oldest first; a later one to the same question takes an earlier one's place.
        actions: What was agreed at it, with every step since.
        may: What the reader may do in its service.
    """

    meeting: Meeting
    today: date
    agenda_due_on: date
    previous: Meeting | None
    changes: tuple[MeetingChange, ...]
    packs: tuple[Pack, ...]
    answers: tuple[Answer, ...]
    actions: tuple[ActionState, ...]
    may: frozenset[Permission]

    @property
    def is_past(self) -> bool:
        """Tell whether its day is over."""
        return self.meeting.on < self.today

    @property
    def version(self) -> int:
        """Return how often it was changed: what `change_meeting` and `cancel` are given as seen."""
        return len(self.changes)

    @property
    def answered(self) -> Mapping[str, Answer]:
        """Return the answer that stands to each question, by the question's key."""
        return {answer.question: answer for answer in self.answers}

    def answers_to(self, question: str) -> tuple[Answer, ...]:
        """Return every answer to a question, oldest first: how many is what `record_answer` is given as seen."""
        return tuple(answer for answer in self.answers if answer.question == question)


def agenda_due_on(on: date) -> date:
    """Return the day by which the agenda and papers of a meeting on a day are out: five working days before it."""
    return working_days_before(on, AGENDA_WORKING_DAYS)


# Who sees what


def visible_meeting(reader: Reader, meeting_id: int, by: Actor, *, before: datetime | None = None) -> Meeting:
    """
    Return a meeting that somebody may know of, as it stands.

    Args:
        before: A moment: what was recorded from then on is left out.

    Raises:
        NotFoundError: the same for one that is absent and one that is hidden.
    """
    meeting = visible_meetings(reader, scope_of(by), before=before).get(meeting_id)
    if meeting is None:
        raise by.not_found(f"There is no meeting {meeting_id} on this register.")
    return meeting


def sees_answers(by: Actor, meeting: Meeting) -> bool:
    """Tell whether somebody may read what is asked and answered at a meeting."""
    needed = Permission.READ_MEETINGS if meeting.is_public else Permission.READ_ANSWERS
    return by.may(needed, meeting.service)


def visible_packs(reader: Reader, meeting: Meeting, by: Actor) -> list[Pack]:
    """
    Return the packs published for a meeting that somebody may read, oldest first.

    One made for a private meeting has in it what is under embargo or restricted, so it is for those who see that;
    it stays so where the meeting has become public since.
    """
    if not sees_answers(by, meeting):
        return []
    packs = reader.packs(meeting.id)
    if by.may(Permission.READ_EMBARGOED, meeting.service):
        return packs
    return [
        pack
        for pack in packs
        if any(m.id == meeting.id and m.is_public for m in reader.meetings(pack.known_at))
    ]


@dataclass(frozen=True, slots=True)
class Hidden:
    """
    The recommendations and reports that do not exist for somebody, and so neither does what was said of them.

    Attributes:
        references: Of the recommendations.
        reports, actions: Numbers of the reports, and of the actions that are about any of these, as keys name them.
        questions: Keys of the questions that somebody wrote about any of these.
    """

    references: frozenset[str] = frozenset()
    reports: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    questions: frozenset[str] = frozenset()

    @classmethod
    def to(
        cls, reader: Reader, by: Actor, *, before: datetime | None = None, in_public: bool = False
    ) -> "Hidden":
        """
        Return what is hidden to somebody.

        Args:
            before: The moment whose embargoes hold; now unless told.
            in_public: Also what the office may see and not speak of in public.
        """
        visible = visible_inspections(reader, _scope(by, in_public), at=before)
        reports = reader.inspection_ids() - visible.keys()
        hidden = cls(references=reader.references_in(reports), reports=frozenset(map(str, reports)))
        own = (c for c in reader.question_changes() if c.stage is QuestionStage.ADDED)
        written = frozenset(c.question for c in own if hidden.tells_of(c.references))
        hidden = replace(hidden, questions=written)
        for action in reader.actions():  # one may have come from a question about one before it
            if hidden.tells_of((action.reference,), action.question):
                hidden = replace(hidden, actions=hidden.actions | {str(action.id)})
        return hidden

    def tells_of(self, references: Iterable[str], question: str = "") -> bool:
        """Tell whether any of these recommendations is hidden, or what the key of a question names."""
        rule, _, about = question.partition(":")
        kinds = {
            OWN: (question, self.questions),
            Trigger.RESPONSE_DUE.value: (about, self.reports),
            Trigger.ACTION_NOT_DONE.value: (about, self.actions),
        }
        name, among = kinds.get(rule, (about, self.references))
        return name in among or not self.references.isdisjoint(references)


def visible_answers(
    reader: Reader, meeting: Meeting, by: Actor, *, before: datetime | None = None, in_public: bool = False
) -> list[Answer]:
    """
    Return what was answered at a meeting that somebody may know of, oldest first.

    Args:
        before: A moment: what was recorded from then on is left out.
        in_public: Leave out what is under embargo or restricted, whoever asks.
    """
    if not sees_answers(by, meeting) or (in_public and not meeting.is_public):
        return []
    hidden = Hidden.to(reader, by, before=before, in_public=in_public)
    return [
        answer
        for answer in reader.answers(meeting.id)
        if not hidden.tells_of(answer.references, answer.question)
        and (before is None or answer.recorded_at < before)
    ]


def visible_actions(
    reader: Reader,
    by: Actor,
    *,
    meeting_id: int | None = None,
    before: datetime | None = None,
    in_public: bool = False,
) -> list[ActionState]:
    """
    Return the actions that somebody may know of, oldest first.

    Args:
        meeting_id: Those agreed at one meeting.
        before: A moment: what was recorded from then on is left out.
        in_public: Leave out those of private meetings and what is under embargo or restricted, whoever asks.
    """
    meetings = visible_meetings(reader, _scope(by, in_public), before=before)
    hidden = Hidden.to(reader, by, before=before, in_public=in_public)
    actions = [
        action
        for action in reader.actions(meeting_id)
        if action.meeting_id in meetings
        and by.may(Permission.READ_MEETINGS, action.service)
        and not hidden.tells_of((action.reference,), action.question)
        and (before is None or action.recorded_at < before)
    ]
    steps = (step for step in reader.action_steps() if before is None or step.recorded_at < before)
    return action_states(actions, steps)


def unseen(reader: Reader, by: Actor) -> dict[str, frozenset[int]]:
    """Return the numbers of everything of meetings that does not exist for somebody, by what history calls it."""
    meetings, hidden = visible_meetings(reader, scope_of(by)), Hidden.to(reader, by)
    read = {number for number, one in meetings.items() if by.may(Permission.READ_MEETINGS, one.service)}
    answered = {number for number in read if sees_answers(by, meetings[number])}
    packs = {pack.id for number in answered for pack in visible_packs(reader, meetings[number], by)}
    actions = {one.action.id for one in visible_actions(reader, by)}

    def is_gone(said: QuestionChange | Answer) -> bool:
        return said.meeting_id not in answered or hidden.tells_of(said.references, said.question)

    return {
        "meeting": frozenset(one.id for one in reader.meetings() if one.id not in meetings),
        "meeting_change": frozenset(c.id for c in reader.meeting_changes() if c.meeting_id not in meetings),
        "question_change": frozenset(c.id for c in reader.question_changes() if is_gone(c)),
        "answer": frozenset(one.id for one in reader.answers() if is_gone(one)),
        "action": frozenset(one.id for one in reader.actions() if one.id not in actions),
        "action_step": frozenset(one.id for one in reader.action_steps() if one.action_id not in actions),
        "pack": frozenset(one.id for one in reader.packs() if one.id not in packs),
    }


def _scope(by: Actor, in_public: bool) -> Scope:
    scope = scope_of(by)
    return replace(scope, embargoed=frozenset(), meetings=frozenset()) if in_public else scope


# Reading


def list_meetings(store: Store, *, by: Actor, service: str | None = None) -> list[Meeting]:
    """Return the meetings that somebody may know of, of every service or of one, by day; cancelled ones among them."""
    with store.reading() as reader:
        known = visible_meetings(reader, scope_of(by)).values()
        return [meeting for meeting in known if service in (None, meeting.service)]


def read_meeting(store: Store, *, meeting_id: int, by: Actor, before: datetime | None = None) -> MeetingView:
    """
    Return one meeting with what belongs to it.

    Args:
        before: A moment: what was recorded from then on is left out.

    Raises:
        NotFoundError: the same for one that is absent and one that is hidden.
    """
    with store.reading() as reader:
        meeting = visible_meeting(reader, meeting_id, by, before=before)
        held = visible_meetings(reader, scope_of(by), before=before).values()
        is_reader = by.may(Permission.READ_MEETINGS, meeting.service)
        return MeetingView(
            meeting=meeting,
            today=london_day(reader.clock_now()),
            agenda_due_on=agenda_due_on(meeting.on),
            previous=previous_meeting(meeting, held),
            changes=tuple(_until(before, _changes(reader, meeting.id))) if is_reader else (),
            packs=tuple(_until(before, visible_packs(reader, meeting, by))),
            answers=tuple(visible_answers(reader, meeting, by, before=before)),
            actions=tuple(visible_actions(reader, by, meeting_id=meeting.id, before=before)),
            may=frozenset(p for p in Permission if by.may(p, meeting.service)),
        )


def previous_meeting(meeting: Meeting, meetings: Iterable[Meeting]) -> Meeting | None:
    """Return the last meeting of the same kind and service before one, cancelled ones left out."""
    earlier = [
        one
        for one in meetings
        if (one.service, one.kind) == (meeting.service, meeting.kind)
        and one.on < meeting.on
        and not one.is_cancelled
    ]
    return max(earlier, key=lambda one: (one.on, one.id), default=None)


def _until(before: datetime | None, written: Iterable[_W]) -> Iterator[_W]:
    """Yield what had been recorded before a moment; None for all of it."""
    return (one for one in written if before is None or one.recorded_at < before)


def _changes(reader: Reader, meeting_id: int) -> list[MeetingChange]:
    return [change for change in reader.meeting_changes() if change.meeting_id == meeting_id]


# Changing


def record_meeting(
    store: Store,
    *,
    service: str,
    kind: MeetingKind,
    on: date,
    by: Actor,
    place: str = "",
    is_public: bool = True,
    attendees: Sequence[str] = (),
    papers: Sequence[tuple[str, str]] = (),
    minutes: str = "",
) -> Meeting:
    """
    Record a meeting, past or to come.

    Args:
        papers: Title and link of each; the link may be empty.

    Raises:
        RuleError: an unknown service, or what `check_meeting` refuses.
    """
    by.require(Permission.RECORD_MEETING, service)
    with store.writing() as unit:
        unit.flush()
        if service not in {known.name for known in unit.services()}:
            raise RuleError(f'There is no service "{service}" on this register. Add it first.')
        meeting = Meeting(
            id=unit.new_id("meeting"),
            service=service,
            kind=kind,
            on=on,
            is_public=is_public,
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
            **_clean({"place": place, "attendees": attendees, "papers": papers, "minutes": minutes}),
        )
        check_meeting(meeting, unit.meetings())
        unit.add(meeting, by=by, verb="meeting recorded")
        return meeting


def change_meeting(
    store: Store,
    *,
    meeting_id: int,
    by: Actor,
    reason: str = "",
    version: int | None = None,
    on: date | None = None,
    place: str | None = None,
    is_public: bool | None = None,
    attendees: Sequence[str] | None = None,
    papers: Sequence[tuple[str, str]] | None = None,
    minutes: str | None = None,
) -> Meeting:
    """
    Record what was learned of a meeting, or changed; what is None stays.

    Args:
        reason: Needed where the day moves, and where it becomes public or private.
        version: How many changes the person saw; None for "as it is now".

    Raises:
        RuleError: what `check_change` and `check_meeting` refuse.
        ConflictError: somebody changed it since it was shown.
    """
    given = {
        "on": on,
        "place": place,
        "is_public": is_public,
        "attendees": attendees,
        "papers": papers,
        "minutes": minutes,
    }
    changed = {name: value for name, value in given.items() if value is not None}
    return _change(store, meeting_id, changed, reason=reason, by=by, version=version)


def cancel(store: Store, *, meeting_id: int, reason: str, by: Actor, version: int | None = None) -> Meeting:
    """Record that a meeting does not take place. It stays on the register, and another one can have its day."""
    return _change(store, meeting_id, {"is_cancelled": True}, reason=reason, by=by, version=version)


def _change(
    store: Store, meeting_id: int, given: Mapping[str, Any], *, reason: str, by: Actor, version: int | None
) -> Meeting:
    with store.writing() as unit:
        before = visible_meeting(unit, meeting_id, by)
        by.require(Permission.RECORD_MEETING, before.service)
        changes = _changes(unit, meeting_id)
        what = f"The meeting of {long_date(before.on)}"
        check_seen(unit, "meeting_change", changes, version, what=f"{what} was changed")
        after = replace(before, **_clean(given))
        check_change(before, after, reason=clean(reason), in_use=_is_in_use(unit, meeting_id))
        check_meeting(after, unit.meetings())
        if after != before:
            change = MeetingChange(
                id=unit.new_id("meeting_change"),
                meeting_id=meeting_id,
                service=after.service,
                on=after.on,
                place=after.place,
                is_public=after.is_public,
                attendees=after.attendees,
                papers=after.papers,
                minutes=after.minutes,
                is_cancelled=after.is_cancelled,
                reason=clean(reason),
                recorded_at=unit.now,
                by=by.id,
                by_name=by.name,
            )
            moved = "moved" if after.on != before.on else "changed"
            verb = f"meeting {'cancelled' if after.is_cancelled else moved}"
            unit.add(change, by=by, verb=verb)
        return after


def _clean(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is given of a meeting as it is kept; empty lines go."""
    kept = dict(given)
    for name in ("place", "minutes"):
        if name in kept:
            kept[name] = clean_line(kept[name])
    if "attendees" in kept:
        kept["attendees"] = tuple(filter(None, map(clean_line, kept["attendees"])))
    if "papers" in kept:
        papers = ((clean_line(title), clean_line(link)) for title, link in kept["papers"])
        kept["papers"] = tuple(paper for paper in papers if any(paper))
    return kept


def _is_in_use(reader: Reader, meeting_id: int) -> bool:
    """Tell whether an answer, an action or a decision was recorded at a meeting."""
    if reader.answers(meeting_id) or reader.actions(meeting_id):
        return True
    decisions = reader.entries(AssuranceDecision).values()
    return any(one.meeting_id == meeting_id for made in decisions for one in made)


def record_answer(
    store: Store,
    *,
    meeting_id: int,
    question: str,
    asked: str,
    outcome: Outcome,
    words: str,
    by: Actor,
    references: Sequence[str] = (),
    version: int | None = None,
) -> Answer:
    """
    Record what was answered to a question. A later answer to the same question takes its place; both stay.

    Args:
        question: The question's key.
        asked: Its words as they were asked.
        references: The recommendations it is about.
        version: How many answers to this question the person saw; None for "as it is now".

    Raises:
        NotFoundError: for a meeting or a recommendation that is absent or hidden.
        RuleError: what `check_answer` refuses, or a recommendation of another service.
        ConflictError: somebody answered it since it was shown.
    """
    with store.writing() as unit:
        meeting = visible_meeting(unit, meeting_id, by)
        by.require(Permission.RECORD_MEETING, meeting.service)
        answer = Answer(
            id=unit.new_id("answer"),
            meeting_id=meeting.id,
            service=meeting.service,
            question=clean_line(question),
            asked=clean(asked),
            outcome=outcome,
            words=clean(words),
            references=tuple(check_reference(unit, one, meeting, by) for one in dict.fromkeys(references)),
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
        )
        given = [one for one in unit.answers(meeting.id) if one.question == answer.question]
        check_seen(unit, "answer", given, version, what="This question was answered")
        check_answer(answer, meeting, london_day(unit.now))
        unit.add(answer, by=by, verb="answer recorded")
        return answer


def check_reference(reader: Reader, reference: str, meeting: Meeting, by: Actor) -> str:
    """
    Return the reference of a recommendation that is spoken about at a meeting.

    Raises:
        NotFoundError: the same for one that is absent and one that is hidden.
        RuleError: for one of another service than the meeting's.
    """
    record = visible_record(reader, reference, by)
    if record.service != meeting.service:
        raise RuleError(f"{reference} belongs to {record.service}; the meeting is one of {meeting.service}.")
    return record.reference


class Written(Protocol):
    """Anything that somebody wrote down, in the order of its numbers."""

    @property
    def id(self) -> int:
        """Return its number."""

    @property
    def by_name(self) -> str:
        """Return who wrote it."""


def check_seen(unit: Unit, kind: str, written: Sequence[Written], version: int | None, *, what: str) -> None:
    """
    Do nothing while nobody has written more than the person saw; None means "as it is now".

    Args:
        kind: What history calls what was written.
        version: How many of these the person saw.
        what: How the refusal begins.

    Raises:
        ConflictError: `theirs` has the rows of what was written meanwhile, oldest first.
    """
    if version is None or version == len(written):
        return
    missed = written[version:] or written[-1:]
    rows = (unit.history(subject=(kind, str(one.id)), limit=1) for one in missed)
    name = f" by {missed[-1].by_name}" if missed else ""
    raise ConflictError(
        f"{what}{name} while you had it open. Read both texts, then keep yours or theirs.",
        seen=version,
        now=len(written),
        theirs=tuple(row for found in rows for row in found),
    )
