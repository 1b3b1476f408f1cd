"""
The questions of a meeting: what the rules propose from the register, and what people make of it.

What may not be spoken of in public is left out of a public meeting, whoever prepares it: reports under embargo or
restricted, and what was agreed or answered at private meetings. Lists are read whole and once, not one
recommendation at a time, and what was gathered is kept until the register changes.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from threading import Lock
from typing import Any, Final, TypeVar

from monitor.dates import london_day
from monitor.domain.access import Actor, Permission, scope_of
from monitor.domain.entries import (
    AssuranceDecision,
    Entry,
    EvidenceUse,
    Link,
    ProgressReport,
    TargetDate,
    TargetStage,
)
from monitor.domain.evidence import Grade
from monitor.domain.meetings import (
    ActionState,
    Meeting,
    Outcome,
    QuestionChange,
    QuestionStage,
)
from monitor.domain.question_facts import (
    ReportDue,
    SameAsk,
    Subject,
    blocked_since,
    escalated_on,
    facts_about,
    said_since,
    same_ask_groups,
)
from monitor.domain.questions import FACTS_MAX, OWN, Prepared, Question, Trigger, fold, propose
from monitor.domain.statuses import (
    Assurance,
    ClosureReason,
    ForceReport,
    Kind,
    LinkKind,
    MeetingKind,
    Position,
    Precision,
)
from monitor.domain.text import clean_line
from monitor.domain.wording import told_title
from monitor.errors import NotFoundError, RuleError
from monitor.services.changing import visible_meetings
from monitor.services.meetings import (
    Hidden,
    check_reference,
    previous_meeting,
    sees_answers,
    visible_actions,
)
from monitor.services.responses import settled_reports
from monitor.services.view import RegisterView, register_view
from monitor.store import Reader, Store, Unit

QUESTION_MAX: Final = 500
KEPT: Final = 12
_EVER: Final = datetime.min.replace(tzinfo=UTC)
_E = TypeVar("_E", bound=Entry)


@dataclass(frozen=True, eq=False)
class _Gathered:
    """What was found for a meeting: the questions, the facts they rest on, and what is not spoken of there."""

    questions: tuple[Question, ...]
    subjects: Mapping[str, Subject]
    hidden: Hidden
    today: date


_kept: "OrderedDict[tuple[Any, ...], _Gathered]" = OrderedDict()
_guard = Lock()


def proposed_questions(
    store: Store,
    *,
    meeting: Meeting | str,
    by: Actor,
    as_at: date | None = None,
    known_at: datetime | None = None,
) -> list[Question]:
    """
    Return the questions that the rules propose for a meeting, those that matter most first.

    Args:
        meeting: The meeting; or the name of a service, for its next Conference, in public.
        as_at, known_at: The day and moment as at which the register is read, as for `register_view`.

    Raises:
        AccessError: for somebody who may not read the register of that service.
    """
    return list(_gathered(store, meeting, by, as_at, known_at).questions)


def prepared_questions(
    store: Store,
    *,
    meeting_id: int,
    by: Actor,
    as_at: date | None = None,
    known_at: datetime | None = None,
) -> Prepared:
    """
    Return the questions of a meeting as people have left them, in order, and those left out.

    Those who do not prepare meetings see what is asked, once a pack is published or the day has come, and not what
    was left out.

    Args:
        as_at, known_at: The day and moment as at which everything is read: the register and what people did to
            the questions. Without either, what people did until now is shown over the facts of the last pack; of
            the moment the first answer was recorded; of the day of a meeting that is past; or else of today. So
            the questions do not change in the room as answers and decisions are recorded.

    Raises:
        NotFoundError: the same for a meeting that is absent and one that is hidden.
        AccessError: for somebody who may not read what is asked at the meeting, or not yet.
    """
    with store.reading() as reader:
        meeting = _meeting(reader, meeting_id, by, known_at)
        if not sees_answers(by, meeting) or not _is_out(reader, meeting):
            by.require(Permission.RECORD_MEETING, meeting.service)
        changes = [
            change
            for change in reader.question_changes(meeting_id)
            if known_at is None or change.recorded_at < known_at
        ]
        if as_at is None and known_at is None:
            as_at, known_at = _settled(reader, meeting)
    found = _gathered(store, meeting, by, as_at, known_at)
    told = [change for change in changes if not found.hidden.tells_of(change.references, change.question)]
    prepared = fold(found.questions, told)
    prepares = by.may(Permission.RECORD_MEETING, meeting.service)
    return Prepared(
        tuple(_with_facts(question, found) for question in prepared.questions),
        tuple(_with_facts(question, found) for question in prepared.left_out) if prepares else (),
        as_at=found.today,
        known_at=known_at,
    )


def _meeting(reader: Reader, meeting_id: int, by: Actor, before: datetime | None = None) -> Meeting:
    meeting = visible_meetings(reader, scope_of(by), before=before).get(meeting_id)
    if meeting is None:
        raise by.not_found(f"There is no meeting {meeting_id} on this register.")
    return meeting


def _is_out(reader: Reader, meeting: Meeting) -> bool:
    """Tell whether what is asked is known outside the office: a pack is published, or the day has come."""
    return meeting.on <= london_day(reader.clock_now()) or bool(reader.packs(meeting.id))


def _settled(reader: Reader, meeting: Meeting) -> tuple[date | None, datetime | None]:
    """Return the day and moment whose facts the questions of a meeting rest on; nothing for those of today."""
    began = next((answer.recorded_at for answer in reader.answers(meeting.id)), None)
    packs = [pack for pack in reader.packs(meeting.id) if began is None or pack.recorded_at <= began]
    if packs:
        return packs[-1].as_at, packs[-1].known_at
    if began:
        return london_day(began), began
    return (meeting.on, None) if meeting.on < london_day(reader.clock_now()) else (None, None)


def _with_facts(question: Question, found: _Gathered) -> Question:
    """Return a question that somebody wrote with the name and facts of what it is about."""
    subjects = [found.subjects[r] for r in question.references if r in found.subjects]
    is_proposed = question.trigger is not None and not question.is_gone
    if is_proposed or not subjects:
        return question
    facts = [*question.facts, *(fact for one in subjects for fact in facts_about(one, found.today))]
    return replace(question, title=subjects[0].short_title, facts=tuple(facts[:FACTS_MAX]))


# Changing


def add_question(
    store: Store, *, meeting_id: int, text: str, by: Actor, references: Sequence[str] = ()
) -> str:
    """
    Add a question in somebody's own words, at the end, and return its key.

    Raises:
        NotFoundError: for a meeting or a recommendation that is absent or hidden.
        RuleError: no words or too many, a recommendation of another service, or one that may not be spoken of in public.
    """
    words = _words(text)
    with store.writing() as unit:
        meeting = _to_change(unit, meeting_id, by)
        for reference in references:
            _check_reference(unit, reference, meeting, by)
        number = unit.new_id("question_change")
        change = _change(unit, meeting, f"{OWN}:{number}", QuestionStage.ADDED, by, number=number)
        change = replace(change, text=words, references=tuple(dict.fromkeys(references)))
        unit.add(change, by=by, verb="question added")
        return change.question


def edit_question(store: Store, *, meeting_id: int, question: str, text: str, by: Actor) -> None:
    """
    Change the words of a question.

    Raises:
        RuleError: no words or too many, or it is not proposed any more.
    """
    words = _words(text)
    with _changing(store, meeting_id, question, by) as (unit, meeting, known, _):
        if words != known.text:
            change = _change(unit, meeting, question, QuestionStage.EDITED, by)
            unit.add(replace(change, text=words, references=known.references), by=by, verb="question edited")


def drop_question(store: Store, *, meeting_id: int, question: str, by: Actor) -> None:
    """Leave a question out; it stays in the list of those left out."""
    with _changing(store, meeting_id, question, by) as (unit, meeting, known, asked):
        if known.key in asked:
            change = _change(unit, meeting, question, QuestionStage.DROPPED, by)
            unit.add(change, by=by, verb="question left out")


def bring_back_question(store: Store, *, meeting_id: int, question: str, by: Actor) -> None:
    """Ask a question that was left out, at its old place."""
    with _changing(store, meeting_id, question, by) as (unit, meeting, known, asked):
        if known.key not in asked:
            change = _change(unit, meeting, question, QuestionStage.BROUGHT_BACK, by)
            unit.add(change, by=by, verb="question brought back")


def place_question(store: Store, *, meeting_id: int, question: str, place: int, by: Actor) -> None:
    """
    Give a question another place in the order, from 1; one that was left out is asked there.

    Raises:
        RuleError: there is no such place.
    """
    with _changing(store, meeting_id, question, by) as (unit, meeting, known, asked):
        last = len(asked) + (known.key not in asked)
        if not 1 <= place <= last:
            raise RuleError(f"There is no place {place:,} among the questions. Give one from 1 to {last:,}.")
        if asked[place - 1 : place] != [known.key]:
            change = _change(unit, meeting, question, QuestionStage.PLACED, by)
            unit.add(replace(change, place=place), by=by, verb="question moved")


@contextmanager
def _changing(
    store: Store, meeting_id: int, question: str, by: Actor
) -> Iterator[tuple[Unit, Meeting, Question, list[str]]]:
    """
    Open a change to one question: the meeting, the question as it stands, and the keys of those asked, in order.

    Raises:
        NotFoundError: no such meeting or question.
        RuleError: it is not proposed any more.
    """
    with store.writing() as unit:
        meeting = _to_change(unit, meeting_id, by)
        prepared = prepared_questions(store, meeting_id=meeting_id, by=by)
        known = next((q for q in (*prepared.questions, *prepared.left_out) if q.key == question), None)
        if known is None:
            raise NotFoundError(
                "There is no such question at this meeting. It may have changed; read the list again."
            )
        if known.is_gone:
            raise RuleError(
                "This question is not proposed any more: what prompted it is gone, or is asked otherwise. "
                "To ask it all the same, add it as one of your own."
            )
        yield unit, meeting, known, [q.key for q in prepared.questions]


def _change(
    unit: Unit, meeting: Meeting, question: str, stage: QuestionStage, by: Actor, *, number: int | None = None
) -> QuestionChange:
    return QuestionChange(
        id=number or unit.new_id("question_change"),
        meeting_id=meeting.id,
        service=meeting.service,
        question=question,
        stage=stage,
        recorded_at=unit.now,
        by=by.id,
        by_name=by.name,
    )


def _words(text: str) -> str:
    words = clean_line(text)
    if not words:
        raise RuleError("The question has no words yet. Write it as it will be asked.")
    if len(words) > QUESTION_MAX:
        raise RuleError(
            f"The question has {len(words):,} characters. It can have {QUESTION_MAX}, to be asked aloud."
        )
    return words


def _to_change(unit: Unit, meeting_id: int, by: Actor) -> Meeting:
    meeting = _meeting(unit, meeting_id, by)
    by.require(Permission.RECORD_MEETING, meeting.service)
    return meeting


def _check_reference(unit: Unit, reference: str, meeting: Meeting, by: Actor) -> None:
    check_reference(unit, reference, meeting, by)
    if meeting.is_public and Hidden.to(unit, by, in_public=True).tells_of([reference]):
        raise RuleError(
            f"{reference} is under embargo or restricted, and this meeting is public. Ask about it in private."
        )


# Gathering


def _gathered(
    store: Store, meeting: Meeting | str, by: Actor, as_at: date | None, known_at: datetime | None
) -> _Gathered:
    """Return what was found for a meeting, as kept while the register stands as it did."""
    service = meeting if isinstance(meeting, str) else meeting.service
    by.require(Permission.READ, service)
    of_whom = (meeting, by.roles_in(service), scope_of(by))
    # What was known at a moment does not change as the register goes on, so it need not be read again for it.
    key: tuple[Any, ...] = (store.address, as_at, known_at, *of_whom)
    found = _looked_up(key) if known_at else None
    if found is None:
        is_public = isinstance(meeting, str) or meeting.is_public
        view = register_view(store, by=by, as_at=as_at, known_at=known_at, in_public=is_public)
        view = view.of_service(service)
        key = key if known_at else (view, *of_whom)
        found = _looked_up(key)
        if found is None:
            with store.reading() as reader:
                found = _gather(reader, view, meeting, by)
            _keep(key, found)
    return found


def _looked_up(key: tuple[Any, ...]) -> _Gathered | None:
    with _guard:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _keep(key: tuple[Any, ...], found: _Gathered) -> None:
    with _guard:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def _gather(reader: Reader, view: RegisterView, meeting: Meeting | str, by: Actor) -> _Gathered:
    before, in_public = view.known_before, isinstance(meeting, str) or meeting.is_public
    hidden = Hidden.to(reader, by, before=before, in_public=in_public)
    actions = [
        state
        for state in visible_actions(reader, by, before=before, in_public=in_public)
        if state.action.service in view.services
    ]
    earlier = _earlier(view, meeting)
    readable = {one.id for one in earlier if sees_answers(by, one)}
    answers = [
        answer
        for answer in reader.answers()
        if answer.meeting_id in readable
        and answer.recorded_at < before
        and not hidden.tells_of(answer.references, answer.question)
    ]
    settled = {answer.question for answer in answers if answer.outcome is Outcome.ANSWERED}
    subjects = {one.reference: one for one in _subjects(reader, view, actions=actions, settled=settled)}
    held = [one.id for one in earlier]
    questions = propose(
        subjects.values(),
        _reports_due(view, settled_reports(reader, before=before)),
        [state for state in actions if state.action.meeting_id in held],
        view.as_at,
        asked_on=None if isinstance(meeting, str) else meeting.on,
        answers=answers,
    )
    return _Gathered(tuple(questions), subjects, hidden, view.as_at)


def _earlier(view: RegisterView, meeting: Meeting | str) -> list[Meeting]:
    """Return the meetings of this kind before it, the last one first; of a public one, those held in public."""
    if isinstance(meeting, str):
        last = view.last_meeting(MeetingKind.CONFERENCE)
    else:
        last = previous_meeting(meeting, view.meetings)
    found = []
    while last:
        found.append(last)
        last = previous_meeting(last, view.meetings)
    return found


def _reports_due(view: RegisterView, answered: Container[int]) -> list[ReportDue]:
    counts = view.counting["inspection_id"].value_counts()
    return [
        ReportDue(
            inspection_id=report.id,
            title=told_title(report.title),
            published_on=report.published_on,
            last_day=report.last_day_to_respond,
            count=int(counts.get(report.id, 0)),
        )
        for report in view.inspections.values()
        if report.published_on and report.last_day_to_respond and report.id not in answered
    ]


_READ: Final = (
    "reference", "short_title", "inspection", "inspection_id", "kind", "parent", "opened_on", "owner", "closure_test",
    "original_target", "current_target", "target_precision", "pending_target", "force_report", "force_reported_on",
    "last_update_on", "assurance", "assured_on", "asked", "position", "position_on", "evidence_grade", "blocked_by",
    "closure_proposed_on", "closed_on", "closure_reason", "is_open",
)  # fmt: skip
_DAYS: Final = frozenset(name for name in _READ if name.endswith(("_on", "_target")))


def _subjects(
    reader: Reader, view: RegisterView, *, actions: Sequence[ActionState], settled: set[str]
) -> Iterator[Subject]:
    """Yield the facts of everything that is open, or was closed as overtaken."""
    lists = _Lists(reader, view.known_before)
    told = _rows(view)
    asks = _same_asks(lists, told)
    of_actions: dict[str, list[ActionState]] = defaultdict(list)
    for state in actions:
        of_actions[state.action.reference].append(state)
    for reference, row in told.items():
        if row["is_open"] or row["closure_reason"] == ClosureReason.OVERTAKEN.value:
            yield _subject(
                row,
                lists,
                actions=of_actions[reference],
                others=asks.get(reference, ()),
                is_settled=f"{Trigger.OVERTAKEN.value}:{reference}" in settled,
            )


class _Lists:
    """The lists of dated entries as known before a moment, each read whole and once, when it is first asked for."""

    def __init__(self, reader: Reader, before: datetime) -> None:
        self.reader = reader
        self.before = before
        self.items = reader.evidence_items()
        self.targets = self._read(TargetDate)
        self.reports = self._read(ProgressReport)
        self.uses = self._read(EvidenceUse)
        self.links = self._read(Link)

    @cached_property
    def decisions(self) -> Mapping[str, list[AssuranceDecision]]:
        """Return the office's decisions."""
        return self._read(AssuranceDecision)

    def _read(self, cls: type[_E]) -> Mapping[str, list[_E]]:
        return self.reader.entries_recorded(cls, _EVER, self.before)


def _rows(view: RegisterView) -> dict[str, dict[str, Any]]:
    """Return what is read of each row that counts, days as days and None for none, by reference."""
    rows = view.counting
    columns = [
        rows[name].to_numpy("datetime64[D]").tolist() if name in _DAYS else rows[name].tolist()
        for name in _READ
    ]
    return {row[0]: dict(zip(_READ, row, strict=True)) for row in zip(*columns, strict=True)}


def _same_asks(lists: _Lists, told: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[SameAsk, ...]]:
    """Return for each recommendation the others that ask for the same, as the links of the register say."""
    pairs = [
        (reference, link.other)
        for reference, links in lists.links.items()
        for link in links
        if link.kind in (LinkKind.SAME_ASK, LinkKind.REPEATS) and reference in told and link.other in told
    ]
    groups = same_ask_groups(pairs)
    of_other = {reference: _other(told[reference]) for group in groups for reference in group}
    return {
        reference: tuple(of_other[other] for other in group if other != reference)
        for group in groups
        for reference in group
    }


def _other(row: Mapping[str, Any]) -> SameAsk:
    return SameAsk(
        reference=row["reference"],
        short_title=row["short_title"],
        report_id=row["inspection_id"],
        report=told_title(row["inspection"]),
        closed_on=row["closed_on"],
        closure_reason=ClosureReason(row["closure_reason"]) if row["closure_reason"] else None,
    )


def _speaks_for(reference: str, others: Sequence[SameAsk]) -> bool:
    """Tell whether this is the one of its group about which the others are asked: the first that is open."""
    return all(reference < other.reference for other in others if other.closed_on is None)


def _subject(
    row: Mapping[str, Any],
    lists: _Lists,
    *,
    actions: Sequence[ActionState],
    others: tuple[SameAsk, ...],
    is_settled: bool,
) -> Subject:
    reference = row["reference"]
    targets = lists.targets.get(reference, [])
    in_force = [t for t in targets if t.counts]
    reports = lists.reports.get(reference, [])
    evidence = tuple(lists.items[use.evidence_id] for use in lists.uses.get(reference, ()))
    since = blocked_since(reports) if row["blocked_by"] else None
    return Subject(
        reference=reference,
        short_title=row["short_title"],
        report_id=row["inspection_id"],
        is_grave=row["kind"] == Kind.CAUSE_OF_CONCERN.value or bool(row["parent"]),
        opened_on=row["opened_on"],
        owner=row["owner"],
        closure_test=row["closure_test"],
        original_on=row["original_target"],
        target_on=row["current_target"],
        precision=Precision(row["target_precision"]),
        moves=tuple(in_force[1:]),
        pending_on=row["pending_target"],
        refused_on=_refused_on(targets),
        force_report=ForceReport(row["force_report"]),
        reported_on=row["force_reported_on"],
        said_since=said_since(reports),
        last_update_on=row["last_update_on"],
        assurance=Assurance(row["assurance"]),
        assured_on=row["assured_on"],
        asked=row["asked"],
        position=Position(row["position"]),
        position_on=row["position_on"],
        evidence=evidence,
        grade=Grade(row["evidence_grade"]),
        blocked_by=row["blocked_by"],
        blocked_since=since,
        escalated_on=escalated_on(since, evidence, lists.decisions.get(reference, ()), actions)
        if since
        else None,
        proposed_on=row["closure_proposed_on"],
        closed_on=row["closed_on"],
        closure_reason=ClosureReason(row["closure_reason"]) if row["closure_reason"] else None,
        was_met=any(other.closure_reason is ClosureReason.MET for other in others),
        is_settled=is_settled,
        same_ask=others if _speaks_for(reference, others) else (),
    )


def _refused_on(targets: Sequence[TargetDate]) -> date | None:
    """Return the day of the last refusal since the present date came into force."""
    for entry in reversed(targets):
        if entry.counts:
            return None
        if entry.stage is TargetStage.REFUSED:
            return entry.happened_on
    return None
