"""
Meetings at which recommendations are spoken about: the questions prepared, the answers given, the actions agreed.

Nothing here is changed in place. A meeting is what it was taken in as, with its last change; the questions of a
meeting are what the rules propose (`monitor.domain.questions`) with every edit made to them; an action is what was
agreed, with every step since.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from monitor.dates import long_date
from monitor.domain.access import OF_THE_FORCE, Actor, Permission
from monitor.domain.entries import LATER
from monitor.domain.record import REASON_MIN
from monitor.domain.statuses import MeetingKind, Vocabulary
from monitor.domain.text import is_web_address, seen_length
from monitor.errors import RuleError

AGENDA_WORKING_DAYS: Final = 5
"""
Working days before a meeting by which its agenda and papers are out, the day of the meeting not counted.

Source: what the Police, Fire and Crime Commissioner for Cumbria publishes of its public meetings.
"""

ACTION_MIN: Final = 20
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
LIST_MAX: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """
    A dated meeting at which recommendations are spoken about.

    Attributes:
        attendees: Who is expected, or was there, one a line.
        papers: Title and link of each paper; the link may be empty.
        minutes: Where the minutes can be read.
    """

    id: int
    service: str
    kind: MeetingKind
    on: date
    place: str = ""
    is_public: bool = True
    recorded_at: datetime
    by: str
    by_name: str
    attendees: tuple[str, ...] = field(default=(), metadata=LATER)
    papers: tuple[tuple[str, str], ...] = field(default=(), metadata=LATER)
    minutes: str = field(default="", metadata=LATER)
    is_cancelled: bool = field(default=False, metadata=LATER)


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingChange:
    """What was learned of a meeting, or changed, after it was recorded: the whole of what can change, and why."""

    id: int
    meeting_id: int
    service: str
    on: date
    place: str = ""
    is_public: bool = True
    attendees: tuple[str, ...] = ()
    papers: tuple[tuple[str, str], ...] = ()
    minutes: str = ""
    is_cancelled: bool = False
    reason: str = ""
    recorded_at: datetime
    by: str
    by_name: str

    def of(self, meeting: Meeting) -> Meeting:
        """Return the meeting as it stands after this change."""
        return replace(meeting, **{name: getattr(self, name) for name in CHANGEABLE})


CHANGEABLE: Final = ("on", "place", "is_public", "attendees", "papers", "minutes", "is_cancelled")
"""What of a meeting can change; its service and kind cannot: that would be another meeting."""


class QuestionStage(Vocabulary):
    """What a change to the questions of a meeting does."""

    ADDED = "added", "Added", "A question that somebody wrote."
    EDITED = "edited", "Edited", "Its words were changed."
    DROPPED = "dropped", "Left out", "It is not asked at this meeting."
    BROUGHT_BACK = "brought_back", "Brought back", "It is asked after all."
    PLACED = "placed", "Moved", "It was given another place in the order."


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionChange:
    """
    One change to the questions of a meeting.

    Attributes:
        question: Key of the question: that of its rule and recommendation, or "own:" and a number.
        text: For an addition or edit, the words as they will be asked.
        references: For an addition, the recommendations it is about.
        place: For a move, its place in the order, from 1.
    """

    id: int
    meeting_id: int
    service: str
    question: str
    stage: QuestionStage
    text: str = ""
    references: tuple[str, ...] = ()
    place: int | None = None
    recorded_at: datetime
    by: str
    by_name: str


class Outcome(Vocabulary):
    """What came of a question in the room."""

    ANSWERED = "answered", "Answered", "The answer settles it."
    ACTION_AGREED = "action_agreed", "Action agreed", "Somebody is to do something by a day."
    BRING_BACK = "bring_back", "Bring back", "It is asked again at the next meeting."


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """
    What was answered to a question. A later one to the same question takes its place; both stay.

    Attributes:
        question: Key of the question.
        asked: Its words as they were asked.
        words: The answer, in the words of whoever wrote it down.
        references: The recommendations it is about.
    """

    id: int
    meeting_id: int
    service: str
    question: str
    asked: str
    outcome: Outcome
    words: str
    references: tuple[str, ...] = ()
    recorded_at: datetime
    by: str
    by_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """
    Something that somebody agreed at a meeting to do by a day.

    Attributes:
        question: Key of the question it came from; empty for none.
        reference: The recommendation it belongs to; empty for none.
        what: What is to be done.
        owner: Who is to do it, by name.
        due_on: The day first agreed. It survives; a later one is a step.
    """

    id: int
    meeting_id: int
    service: str
    question: str = ""
    reference: str = ""
    what: str
    owner: str
    due_on: date
    agreed_on: date
    recorded_at: datetime
    by: str
    by_name: str


class ActionStage(Vocabulary):
    """What a step of an action does."""

    REPORTED = "reported", "Reported done", "Its owner says that it is done, and what came of it."
    DONE = "done", "Done", "The office agrees that it is done."
    SENT_BACK = "sent_back", "Sent back", "The office does not agree that it is done; it stays open."
    MOVED = "moved", "Date moved", "The office agrees another day."
    WITHDRAWN = "withdrawn", "No longer needed", "The office no longer asks for it, and says why."


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionStep:
    """One step of an action; `due_on` belongs to a moved date, `words` say what came of it or why."""

    id: int
    action_id: int
    service: str
    stage: ActionStage
    words: str = ""
    due_on: date | None = None
    happened_on: date
    recorded_at: datetime
    by: str
    by_name: str


@dataclass(frozen=True, slots=True)
class ActionState:
    """An action with every step since, and what it comes to."""

    action: Action
    steps: tuple[ActionStep, ...] = ()

    @property
    def due_on(self) -> date:
        """Return the day now agreed."""
        moved = [s.due_on for s in self.steps if s.stage is ActionStage.MOVED and s.due_on]
        return moved[-1] if moved else self.action.due_on

    @property
    def moves(self) -> int:
        """Return how often its day was moved."""
        return sum(s.stage is ActionStage.MOVED for s in self.steps)

    @property
    def ended(self) -> ActionStep | None:
        """Return the step that ended it; None while it is open."""
        return next((s for s in self.steps if s.stage in (ActionStage.DONE, ActionStage.WITHDRAWN)), None)

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be done."""
        return self.ended is None

    @property
    def reported(self) -> ActionStep | None:
        """Return the report of its owner that waits for the office; None for none."""
        told = [s for s in self.steps if s.stage is not ActionStage.MOVED]
        return told[-1] if told and told[-1].stage is ActionStage.REPORTED else None

    def days_late(self, today: date) -> int:
        """
        Return the days since its day passed; 0 before, and once it has ended.

        Once its owner has reported it done, the days that it waits for the office are not theirs and do not count.
        """
        until = self.reported.happened_on if self.reported else today
        return max(0, (min(until, today) - self.due_on).days) if self.is_open else 0


def action_states(actions: Iterable[Action], steps: Iterable[ActionStep]) -> list[ActionState]:
    """Return each action with its steps, in the order in which the actions were agreed."""
    by_action: dict[int, list[ActionStep]] = {}
    for step in steps:
        by_action.setdefault(step.action_id, []).append(step)
    return [ActionState(action, tuple(by_action.get(action.id, ()))) for action in actions]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pack:
    """
    A pack as it was published for a meeting: never made anew, never taken away.

    Attributes:
        since_on, as_at: The two days that it compares.
        known_at: The moment up to which the register was read.
        head: Hash of the last history row at that moment.
        content: Fingerprint of what the pack says, as JSON, from which each form of it is drawn.
        docx, pdf, html: Fingerprints of its bytes in each form.
        annex: The recommendations that have a page of their own in it.
    """

    id: int
    meeting_id: int
    service: str
    since_on: date
    as_at: date
    known_at: datetime
    head: str
    content: str
    docx: str
    pdf: str
    html: str
    annex: tuple[str, ...] = ()
    recorded_at: datetime
    by: str
    by_name: str


def in_place(meetings: Iterable[Meeting], changes: Sequence[MeetingChange]) -> list[Meeting]:
    """Return the meetings as they now stand, by day."""
    last = {change.meeting_id: change for change in changes}
    stand = (last[m.id].of(m) if m.id in last else m for m in meetings)
    return sorted(stand, key=lambda m: (m.on, m.id))


# What may be recorded


def check_meeting(meeting: Meeting, others: Iterable[Meeting] = ()) -> None:
    """
    Do nothing for a meeting that can be kept.

    Args:
        others: The other meetings as they stand.

    Raises:
        RuleError: a day that cannot be meant, another of its kind on its day, a paper without a title, a link that
            no browser opens.
    """
    _need(
        FIRST_YEAR <= meeting.on.year <= LAST_YEAR,
        f"A meeting cannot be on {long_date(meeting.on)}. Give a day from {FIRST_YEAR} to {LAST_YEAR}.",
    )
    for what, lines in (("people", meeting.attendees), ("papers", meeting.papers)):
        _need(len(lines) <= LIST_MAX, f"The meeting lists {len(lines):,} {what}. It can list {LIST_MAX}.")
    for title, link in meeting.papers:
        _need(title, f'The paper at "{link}" has no title. Give the title that people know it by.')
        _need_link(link, f'paper "{title}"')
    _need_link(meeting.minutes, "minutes")
    alike = [m for m in others if (m.service, m.kind, m.on) == (meeting.service, meeting.kind, meeting.on)]
    _need(
        meeting.is_cancelled or all(one.id == meeting.id or one.is_cancelled for one in alike),
        f"{meeting.service} already has a meeting of this kind on {long_date(meeting.on)}. "
        "Use that one, or give another day.",
    )


def check_change(before: Meeting, after: Meeting, *, reason: str, in_use: bool) -> None:
    """
    Do nothing for a change that can be made to a meeting.

    Args:
        in_use: An answer, an action or a decision was recorded at it.

    Raises:
        RuleError: it is cancelled; it moves, is cancelled or changes between public and private without a reason;
            or it moves or is cancelled although something was recorded at it.
    """
    on = long_date(before.on)
    _need(
        not before.is_cancelled,
        f"The meeting of {on} was cancelled and is kept as it was. Record another one.",
    )
    moves = after.on != before.on
    _need(
        not in_use or not (moves or after.is_cancelled),
        f"The meeting of {on} was held: answers, actions or decisions were recorded at it, so it stays on its day.",
    )
    for changes, what in (
        (moves, "Another day"),
        (after.is_cancelled, "Cancelling"),
        (after.is_public != before.is_public, "Making a meeting public or private"),
    ):
        _need(not changes or seen_length(reason) >= REASON_MIN, _reason_wanted(what, reason))


def check_answer(answer: Answer, meeting: Meeting, today: date) -> None:
    """
    Do nothing for an answer that can be kept.

    Raises:
        RuleError: the meeting is still to come or cancelled, or there are no words of the question or the answer.
    """
    _took_place(meeting, today, "be answered")
    _need(answer.question and answer.asked, "An answer needs the question that it answers, as it was asked.")
    _need(answer.words, "Write down what was answered: the answer has no words yet.")


def check_action(action: Action, meeting: Meeting, today: date) -> None:
    """
    Do nothing for an action that can be kept.

    Raises:
        RuleError: the meeting is still to come or cancelled, too few words to tell whether it was done, no owner, a
            due day before the meeting.
    """
    _took_place(meeting, today, "be agreed")
    found = seen_length(action.what)
    _need(
        found >= ACTION_MIN,
        f"Say what is to be done so that anybody can tell whether it was, in at least {ACTION_MIN} characters; "
        f"this has {found}.",
    )
    _need(action.owner, "An action needs an owner: the name of the person who is to do it.")
    _need(
        action.due_on >= meeting.on,
        f"The action cannot be due on {long_date(action.due_on)}, before the meeting of {long_date(meeting.on)}.",
    )
    _need(action.due_on.year <= LAST_YEAR, f"The action is due in {action.due_on.year}. Give a nearer day.")


def check_step(state: ActionState, step: ActionStep) -> None:
    """
    Do nothing for a step that can follow those taken.

    Raises:
        RuleError: it has ended, the step answers a report that nobody made or makes one twice, words are missing, or
            the new day is not a later one than today.
    """
    problem = _unfit(step.stage, state)
    if problem:
        raise RuleError(problem)
    if step.stage is ActionStage.REPORTED:
        _need(step.words, "Say what was done and what came of it: the report has no words yet.")
    elif step.stage is not ActionStage.DONE:
        found = seen_length(step.words)
        _need(found >= REASON_MIN, _reason_wanted(_REASONED[step.stage], step.words))
    if step.stage is ActionStage.MOVED:
        _check_new_day(state, step)


def _check_new_day(state: ActionState, step: ActionStep) -> None:
    if step.due_on is None:
        raise RuleError("Give the new day of the action.")
    _need(step.due_on != state.due_on, f"The action is already due on {long_date(step.due_on)}.")
    _need(
        step.happened_on < step.due_on and step.due_on.year <= LAST_YEAR,
        f"The new day of the action must lie after today, {long_date(step.happened_on)}, and not after {LAST_YEAR}.",
    )


def require_step(stage: ActionStage, state: ActionState, by: Actor) -> None:
    """
    Do nothing when somebody may take a step on an action, were it its turn.

    Its owner, of the force, reports it done, or the office does. The rest is the office's, and nobody decides in
    their own cause: that takes a second person.

    Raises:
        AccessError: saying who may.
    """
    action = state.action
    if stage is not ActionStage.REPORTED:
        by.require(Permission.RECORD_MEETING, action.service)
    elif not _may_take(stage, state, by):
        message = f"{by.name} may not report this action done. {action.owner} may, or the office."
        raise by.refused(message, cause="another's action")
    cause = _own_cause(stage, state, by)
    if cause:
        message = f"{by.name} {cause}, so somebody else of the office must {_DECIDES[stage]}."
        raise by.refused(message, cause="their own")


def steps_for(state: ActionState, by: Actor) -> tuple[ActionStage, ...]:
    """Return the steps that somebody may take on an action now."""
    return tuple(
        stage
        for stage in ActionStage
        if _may_take(stage, state, by) and not _own_cause(stage, state, by) and not _unfit(stage, state)
    )


def _may_take(stage: ActionStage, state: ActionState, by: Actor) -> bool:
    action = state.action
    if by.may(Permission.RECORD_MEETING, action.service):
        return True
    own = by.name == action.owner and by.may(Permission.REPORT_PROGRESS, action.service)
    return own and stage is ActionStage.REPORTED


def _own_cause(stage: ActionStage, state: ActionState, by: Actor) -> str:
    """Return why somebody would decide in their own cause; nothing when they would not."""
    if stage not in _DECIDES:
        return ""
    if by.name == state.action.owner:
        return "has this action"
    if stage is ActionStage.DONE and state.reported and state.reported.by == by.id:
        return "reported this action done"
    if stage is ActionStage.DONE and by.roles_in(state.action.service) & OF_THE_FORCE:
        return "also works for the force"
    return ""


def _unfit(stage: ActionStage, state: ActionState) -> str:
    """Return why a step cannot follow those taken; nothing when it can."""
    if ended := state.ended:
        return (
            f'The action ended on {long_date(ended.happened_on)} as "{ended.stage.word}". '
            "Agree another one if more is to be done."
        )
    reported = state.reported
    if stage is ActionStage.REPORTED and reported:
        return (
            f"{reported.by_name} reported the action done on {long_date(reported.happened_on)}; "
            "it waits for the office."
        )
    if stage in (ActionStage.DONE, ActionStage.SENT_BACK) and not reported:
        return "Nobody has reported the action done, so there is nothing to accept or send back."
    return ""


_DECIDES: Final = {
    ActionStage.DONE: "accept it as done",
    ActionStage.MOVED: "move its day",
    ActionStage.WITHDRAWN: "withdraw it",
}
_REASONED: Final = {
    ActionStage.SENT_BACK: "Sending an action back",
    ActionStage.MOVED: "Another day for an action",
    ActionStage.WITHDRAWN: "Withdrawing an action",
}


def _took_place(meeting: Meeting, today: date, what: str) -> None:
    on = long_date(meeting.on)
    _need(not meeting.is_cancelled, f"The meeting of {on} was cancelled, so nothing can {what} at it.")
    _need(meeting.on <= today, f"The meeting is on {on}. Nothing can {what} at it before that day.")


def _need_link(address: str, what: str) -> None:
    _need(
        not address or is_web_address(address),
        f'The link to the {what} is "{address}". Give a whole address that begins with https:// or http://.',
    )


def _reason_wanted(what: str, reason: str) -> str:
    return f"{what} needs a reason of at least {REASON_MIN} characters; this one has {seen_length(reason)}."


def _need(holds: object, message: str) -> None:
    if not holds:
        raise RuleError(message)
