"""
The dated, append-only entries that make up the life of a recommendation.

Nothing here is ever changed or deleted: a later entry takes the place of an earlier one, and
both stay. `happened_on` is a civil day in London given by a person; `recorded_at` is the
moment (UTC) at which the server wrote it down.
"""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, ClassVar, Final

from monitor.domain.access import Role
from monitor.domain.statuses import (
    Applicability,
    Assurance,
    ClosureReason,
    Confidence,
    ForceReport,
    LinkKind,
    MoveCategory,
    Position,
    Precision,
    SetBy,
    Vocabulary,
)

_LATER: Final = "later"
LATER: Final = {_LATER: True}
"""Metadata of a field that came after the first release: rows written before it read, and hash, as they did."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """
    One thing said or decided about a recommendation.

    Attributes:
        n: Place in its list, from 1.
        by, by_name, by_role: Who, as known at that moment.
    """

    said: ClassVar[str] = "recorded"

    n: int
    happened_on: date
    recorded_at: datetime
    by: str
    by_name: str
    by_role: Role

    @property
    def verb(self) -> str:
        """Return what history calls it."""
        return self.said


class TargetStage(Vocabulary):
    """What an entry in the list of target dates is."""

    SET = "set", "First set", "The date first set. It survives for ever."
    ASKED = (
        "asked",
        "Asked for",
        "The force asks for another date. It does not count until the office agrees.",
    )
    AGREED = "agreed", "Agreed", "The office agrees; the date moves."
    REFUSED = "refused", "Refused", "The office refuses; the date stays."
    MOVED = "moved", "Moved by the office", "The office moves the date itself."


class ClosureStage(Vocabulary):
    """What an entry in the list of closure steps is."""

    PROPOSED = "proposed", "Closure proposed", "Somebody proposes to close it, with evidence."
    AGREED = "agreed", "Closed", "A second person, of the office, agrees."
    REFUSED = "refused", "Closure refused", "The second person does not agree; it stays open."
    REOPENED = "reopened", "Reopened", "Open again, linked to the closing that it undoes."
    CHECKED = "checked", "Sustainment checked", "Looked at again after closing: does it still hold?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording(Entry):
    """The printed words. Write-once: a correction is a further entry with its reason and source."""

    said: ClassVar[str] = "wording recorded"

    text: str
    lead_in: str = ""
    parts: tuple[str, ...] = ()
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Assignment(Entry):
    """
    What the office and the force decide about an item: name, owner, board, closure test and the like.

    Attributes:
        assessed_when: When the inspectorate says that it will look at it, as printed.
        target_phrase: The printed words about time, kept also where no date can be read from them.
    """

    said: ClassVar[str] = "assigned"

    short_title: str
    owner: str = ""
    executive_lead: str = ""
    board: str = ""
    themes: tuple[str, ...] = ()
    applicability: Applicability = Applicability.FOR_SERVICE
    applicability_reason: str = ""
    verification_level: str = ""
    assessed_when: str = ""
    target_phrase: str = ""
    closure_test: str = ""
    closure_test_agreed_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetDate(Entry):
    """
    One entry in the list of target dates.

    Attributes:
        stage: What the entry does.
        due_on: The date set, asked for, agreed or moved to.
        phrase, rule: As printed, and how it was read.
        from_on: For a move, the date in force when it was asked for.
        answers: For an agreement or refusal, `n` of the request it answers.
        days_after_expiry: How many days after the date in force had passed the request came; 0 if before.
    """

    stage: TargetStage
    due_on: date
    precision: Precision = Precision.DAY
    phrase: str = ""
    rule: str = ""
    set_by: SetBy = SetBy.SERVICE
    from_on: date | None = None
    reason: str = ""
    category: MoveCategory | None = None
    answers: int | None = None
    days_after_expiry: int = 0

    @property
    def verb(self) -> str:
        """Return what history calls it."""
        return f"target date {self.stage.value}"

    @property
    def counts(self) -> bool:
        """Tell whether the entry puts a date in force."""
        return self.stage in (TargetStage.SET, TargetStage.AGREED, TargetStage.MOVED)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgressReport(Entry):
    """The force's voice."""

    said: ClassVar[str] = "progress reported"

    status: ForceReport
    narrative: str
    confidence: Confidence | None = None
    blocked_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AssuranceDecision(Entry):
    """The office's voice. `ask` is what it wants to see next."""

    said: ClassVar[str] = "assurance decided"

    level: Assurance
    rationale: str
    ask: str = ""
    meeting_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class InspectoratePosition(Entry):
    """The inspectorate's voice, as the office read it in the source named."""

    said: ClassVar[str] = "inspectorate's position recorded"

    position: Position
    comment: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceUse(Entry):
    """An item of evidence begins to serve a recommendation."""

    said: ClassVar[str] = "evidence added"

    evidence_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ClosureStep(Entry):
    """
    One step of closing, reopening or checking afterwards.

    Attributes:
        evidence_ids: The evidence the step rests on.
        answers: `n` of the proposal answered, the closing reopened, or the closing checked.
        accepted_version: For a closing, the version of the row that was accepted.
        check_due_on: For a closing, the day on which it should be looked at again.
    """

    stage: ClosureStage
    reason: ClosureReason | None = None
    statement: str = ""
    evidence_ids: tuple[int, ...] = ()
    answers: int | None = None
    accepted_version: int | None = None
    check_due_on: date | None = None
    sustained: bool | None = None

    @property
    def verb(self) -> str:
        """Return what history calls it."""
        return self.stage.word.lower()


@dataclass(frozen=True, kw_only=True, slots=True)
class Link(Entry):
    """How it stands to another recommendation of the register."""

    said: ClassVar[str] = "linked"

    kind: LinkKind
    other: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage(Entry):
    """
    Where it was read: a stretch of a kept file, for ever.

    Attributes:
        source: Fingerprint of the file.
        starts_at, ends_at: Half-open range of characters in the file's text as read.
        place: Where a person finds it, for a sheet: 'Sheet "Actions", row 7'.
    """

    said: ClassVar[str] = "passage linked"

    source: str
    starts_at: int
    ends_at: int
    place: str = ""


ENTRY_TYPES: tuple[type[Entry], ...] = (
    Wording,
    Assignment,
    TargetDate,
    ProgressReport,
    AssuranceDecision,
    InspectoratePosition,
    EvidenceUse,
    ClosureStep,
    Link,
    Passage,
)


def as_plain(thing: Any) -> dict[str, Any]:
    """
    Return a dataclass as plain JSON values: words as their stored value, days and moments as ISO text.

    A field that came later (see `LATER`) is left out while it says nothing.
    """
    first, later = _field_names(type(thing))  # type: ignore[arg-type]
    plain = {name: plain_value(getattr(thing, name)) for name in first}
    for name, nothing in later:
        value = getattr(thing, name)
        if value != nothing:
            plain[name] = plain_value(value)
    return plain


def plain_value(value: Any) -> Any:
    """Return one value as JSON has it."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, Vocabulary):
        return value.value
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset):
        return [plain_value(v) for v in value]
    return value


_AS_THEY_ARE = frozenset({str, int, bool, float, type(None)})


@cache
def _field_names(cls: type) -> tuple[tuple[str, ...], tuple[tuple[str, Any], ...]]:
    """Return the fields that always stand in the plain form, and those that came later with what says nothing."""
    known = fields(cls)
    later = tuple((f.name, f.default) for f in known if f.metadata.get(_LATER))
    return tuple(f.name for f in known if not f.metadata.get(_LATER)), later
