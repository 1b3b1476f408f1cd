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

from monitor.domain.entries import LATER
from monitor.domain.statuses import MeetingKind, Vocabulary


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
        """Return the days since its day passed; 0 before, and once it has ended."""
        return max(0, (today - self.due_on).days) if self.is_open else 0


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
    recorded_at: datetime
    by: str
    by_name: str


def in_place(meetings: Iterable[Meeting], changes: Sequence[MeetingChange]) -> list[Meeting]:
    """Return the meetings as they now stand, by day."""
    last = {change.meeting_id: change for change in changes}
    stand = (last[m.id].of(m) if m.id in last else m for m in meetings)
    return sorted(stand, key=lambda m: (m.on, m.id))
