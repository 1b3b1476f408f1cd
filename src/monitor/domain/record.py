"""
A recommendation with everything ever said about it, and the rules by which more is said.

Each method checks its rule, appends one entry and returns it; nothing is ever changed in place.
The current state is read from the last entries by `state_of`, and by nothing else: the store
caches its answer, the checker rebuilds it, and a past day is shown by leaving out later entries.
"""

from collections.abc import Container, Iterable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, TypeVar

from monitor.dates import london_day, long_date
from monitor.domain.access import Actor
from monitor.domain.entries import (
    Assignment,
    AssuranceDecision,
    ClosureStage,
    ClosureStep,
    Entry,
    EvidenceUse,
    InspectoratePosition,
    Link,
    Passage,
    ProgressReport,
    TargetDate,
    TargetStage,
    Wording,
)
from monitor.domain.evidence import EvidenceItem, facts_of
from monitor.domain.statuses import (
    Applicability,
    Assurance,
    ClosureReason,
    Confidence,
    ForceReport,
    Kind,
    LinkKind,
    MoveCategory,
    Position,
    Precision,
    SetBy,
)
from monitor.domain.text import clean, clean_line, cleaned, seen_length
from monitor.errors import RuleError

SHORT_TITLE_MAX: Final = 42
REASON_MIN: Final = 20
LATE_ENTRY_DAYS: Final = 7

_E = TypeVar("_E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who acts, the day it happened on (London), and the server's moment (UTC)."""

    by: Actor
    on: date
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """
    What stands today, read from the last entries.

    Attributes:
        counts: False for those addressed to others only; they are listed and counted apart.
        opened_on: First day on which it counted.
        asked: What the office wants to see next, from its last decision.
        original_on, target_on: Date first set, and date in force; None when nobody set one.
        pending_on: Date asked for and not yet answered.
        days_slipped: Days from the first date to the one in force; negative when brought forward.
        asked_after_expiry: Requests for another date that came after the date had passed.
        strong_on, fair_on, contradicted_on: See `EvidenceFacts`.
        proposed_on: Day of a closure proposal that waits for an answer.
        check_due_on: Day on which a closed item should be looked at again, until it has been.
    """

    short_title: str
    text: str
    counts: bool
    opened_on: date
    applicability: Applicability
    owner: str
    executive_lead: str
    board: str
    themes: tuple[str, ...]
    closure_test: str
    closure_test_agreed_on: date | None
    force_report: ForceReport
    force_reported_on: date | None
    blocked_by: str
    last_update_on: date
    assurance: Assurance
    assured_on: date | None
    asked: str
    position: Position
    position_on: date | None
    original_on: date | None
    target_on: date | None
    target_precision: Precision
    target_phrase: str
    target_set_by: SetBy | None
    moves: int
    days_slipped: int
    last_moved_on: date | None
    asked_after_expiry: int
    pending_on: date | None
    evidence_count: int
    strong_on: date | None
    fair_on: date | None
    contradicted_on: date | None
    closed_on: date | None
    closure_reason: ClosureReason | None
    proposed_on: date | None
    proposed_reason: ClosureReason | None
    reopened: int
    check_due_on: date | None


@dataclass(frozen=True, slots=True)
class Spell:
    """One time of being open; `closed_on` is None while it lasts."""

    opened_on: date
    closed_on: date | None
    is_reopening: bool


@dataclass(kw_only=True)
class Record:
    """
    One recommendation, area for improvement or cause of concern.

    Attributes:
        reference: Ours, unique in the register ("CC-036").
        number: The report's own ("2"), where it has one.
        external_reference: Another system's, as printed ("#23432").
        parent: Reference of the cause of concern it stands under.
        version: Changes made to it so far; travels with each form.
        new: Entries appended since it was read, oldest first.
    """

    id: int
    reference: str
    service: str
    inspection_id: int
    kind: Kind
    number: str = ""
    external_reference: str = ""
    addressees: tuple[str, ...] = ()
    parent: str = ""
    taken_in_on: date
    version: int = 0
    wordings: list[Wording] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    targets: list[TargetDate] = field(default_factory=list)
    reports: list[ProgressReport] = field(default_factory=list)
    decisions: list[AssuranceDecision] = field(default_factory=list)
    positions: list[InspectoratePosition] = field(default_factory=list)
    evidence: list[EvidenceUse] = field(default_factory=list)
    closures: list[ClosureStep] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    items: dict[int, EvidenceItem] = field(default_factory=dict)
    new: list[Entry] = field(default_factory=list)

    # What stands

    @property
    def lists(self) -> tuple[list[Any], ...]:
        """Return the lists, in the order of `ENTRY_TYPES`."""
        return (
            self.wordings,
            self.assignments,
            self.targets,
            self.reports,
            self.decisions,
            self.positions,
            self.evidence,
            self.closures,
            self.links,
            self.passages,
        )

    @property
    def entries(self) -> list[Entry]:
        """Return everything said about it, in the order in which it was recorded."""
        return sorted(
            (e for kept in self.lists for e in kept), key=lambda e: (e.recorded_at, e.happened_on, e.n)
        )

    @property
    def short_title(self) -> str:
        """Return the name people call it by."""
        return self.assignments[-1].short_title

    @property
    def is_closed(self) -> bool:
        """Tell whether it is closed."""
        return self.closing is not None

    @property
    def closing(self) -> ClosureStep | None:
        """Return the closing in force."""
        last = next((c for c in reversed(self.closures) if c.stage in _OPEN_OR_CLOSED), None)
        return last if last and last.stage is ClosureStage.AGREED else None

    @property
    def pending_closure(self) -> ClosureStep | None:
        """Return the closure proposal that waits for an answer."""
        found: ClosureStep | None = _pending(
            self.closures, ClosureStage.PROPOSED, (ClosureStage.AGREED, ClosureStage.REFUSED)
        )
        return found

    @property
    def pending_target(self) -> TargetDate | None:
        """Return the request for another date that waits for an answer."""
        found: TargetDate | None = _pending(
            self.targets, TargetStage.ASKED, (TargetStage.AGREED, TargetStage.REFUSED)
        )
        return found

    @property
    def target(self) -> TargetDate | None:
        """Return the entry that put the present date in force."""
        return next((t for t in reversed(self.targets) if t.counts), None)

    @property
    def check_due_on(self) -> date | None:
        """Return the day on which a closed item should be looked at again, until it has been."""
        closing = self.closing
        if closing is None or any(
            c.stage is ClosureStage.CHECKED and c.answers == closing.n for c in self.closures
        ):
            return None
        return closing.check_due_on

    def version_without(self, hidden: Container[str]) -> int:
        """Return how often it was changed for somebody to whom these references, and links to them, do not exist."""
        return self.version - sum(link.other in hidden for link in self.links)

    def as_seen(self, hidden: Container[str]) -> "Record":
        """Return it as somebody is shown it to whom these references do not exist."""
        seen = copy(self)
        seen.version = self.version_without(hidden)
        kept = (link for link in self.links if link.other not in hidden)
        seen.links = [replace(link, n=n) for n, link in enumerate(kept, start=1)]
        seen.parent = "" if self.parent in hidden else self.parent
        return seen

    def as_known(self, before: datetime) -> "Record | None":
        """Return it as it was known just before a moment; None if it was not yet known."""
        past = copy(self)
        for name in RECORD_LISTS:
            setattr(past, name, [e for e in getattr(self, name) if e.recorded_at < before])
        if not past.wordings or not past.assignments:
            return None
        past.new = []
        past.version = len({e.recorded_at for e in past.entries})
        return past

    def spells(self) -> list[Spell]:
        """Return each time of being open, oldest first; none while it is for others only."""
        opened = _first_counted(self)
        return spells_between(opened, self.closures) if opened else []

    # What may be said

    def word(
        self,
        stamp: Stamp,
        *,
        text: str,
        lead_in: str = "",
        parts: Iterable[str] = (),
        reason: str = "",
        source: str = "",
    ) -> Wording:
        """Record the printed words; after the first time, a correction with its reason and source."""
        self._dated(stamp)
        if self.wordings:
            _reason(self, reason, "A corrected wording")
            _need(clean(source), f"{self.reference}: say where the corrected wording was printed.")
            _need(
                clean(text) != self.wordings[-1].text,
                f"{self.reference}: the corrected wording is the same as the one kept.",
            )
        return self._add(
            self.wordings,
            Wording(
                **self._stamped(self.wordings, stamp),
                text=_text(text, f"{self.reference} has no text. Give the words as printed."),
                lead_in=clean(lead_in),
                parts=tuple(clean(p) for p in parts),
                reason=clean(reason),
                source=clean(source),
            ),
        )

    def assign(self, stamp: Stamp, *, reason: str = "", **given: Any) -> Assignment:
        """
        Record what is decided about it: any of the fields of `Assignment`; the others stay.

        Raises:
            RuleError: short title missing or over 42 characters; sent to others once it has counted.
        """
        self._dated(stamp)
        before = self.assignments[-1] if self.assignments else None
        told: dict[str, Any] = {
            k: clean_line(v) if k == "short_title" else cleaned(v) for k, v in given.items()
        }
        common: dict[str, Any] = {**self._stamped(self.assignments, stamp), "reason": clean(reason)}
        entry = replace(before, **common, **told) if before else Assignment(**common, **told)
        title = entry.short_title
        _need(title, f"{self.reference} needs a short title of at most {SHORT_TITLE_MAX} characters.")
        _need(
            len(title) <= SHORT_TITLE_MAX,
            f'The short title of {self.reference} has {len(title)} characters ("{title[:60]}"). It can have {SHORT_TITLE_MAX}.',
        )
        if before and before.applicability is not Applicability.FOR_OTHERS:
            _need(
                entry.applicability is not Applicability.FOR_OTHERS,
                f'{self.reference} has counted as open. To take it out, close it as "{ClosureReason.NOT_FOR_US.word}".',
            )
        if entry.closure_test != (before.closure_test if before else ""):
            entry = replace(entry, closure_test_agreed_on=stamp.on if entry.closure_test else None)
        return self._add(self.assignments, entry)

    def set_target(
        self,
        stamp: Stamp,
        *,
        due_on: date,
        precision: Precision = Precision.DAY,
        phrase: str = "",
        rule: str = "",
        set_by: SetBy = SetBy.SERVICE,
    ) -> TargetDate:
        """Record the date first set. It survives for ever; a later one is a move."""
        self._open(stamp)
        if self.target:
            raise RuleError(
                f"{self.reference} already has a target date, {long_date(self.target.due_on)}. Ask for another date instead."
            )
        return self._add(
            self.targets,
            TargetDate(
                **self._stamped(self.targets, stamp),
                stage=TargetStage.SET,
                due_on=due_on,
                precision=precision,
                phrase=clean(phrase),
                rule=clean(rule),
                set_by=set_by,
            ),
        )

    def ask_date(self, stamp: Stamp, *, due_on: date, reason: str, category: MoveCategory) -> TargetDate:
        """Record that the force asks for another date. It does not count until the office agrees."""
        target = self._movable(stamp, due_on, reason)
        return self._add(
            self.targets,
            TargetDate(
                **self._stamped(self.targets, stamp),
                stage=TargetStage.ASKED,
                due_on=due_on,
                from_on=target.due_on,
                reason=clean(reason),
                category=category,
                days_after_expiry=max(0, (stamp.on - target.due_on).days),
            ),
        )

    def agree_date(self, stamp: Stamp) -> TargetDate:
        """Put the date asked for in force."""
        asked = self._asked(stamp)
        _not_own(stamp, asked, f"agree the date they asked for on {self.reference}")
        entry = replace(
            asked,
            **self._stamped(self.targets, stamp),
            stage=TargetStage.AGREED,
            answers=asked.n,
            set_by=SetBy.SERVICE,
        )
        return self._add(self.targets, entry)

    def refuse_date(self, stamp: Stamp, *, reason: str) -> TargetDate:
        """Leave the date as it is, and say why."""
        asked = self._asked(stamp)
        _reason(self, reason, "A refusal")
        entry = replace(
            asked,
            **self._stamped(self.targets, stamp),
            stage=TargetStage.REFUSED,
            answers=asked.n,
            reason=clean(reason),
        )
        return self._add(self.targets, entry)

    def move_date(self, stamp: Stamp, *, due_on: date, reason: str, category: MoveCategory) -> TargetDate:
        """Move the date as the office."""
        target = self._movable(stamp, due_on, reason)
        return self._add(
            self.targets,
            TargetDate(
                **self._stamped(self.targets, stamp),
                stage=TargetStage.MOVED,
                due_on=due_on,
                set_by=SetBy.OFFICE,
                from_on=target.due_on,
                reason=clean(reason),
                category=category,
                days_after_expiry=max(0, (stamp.on - target.due_on).days),
            ),
        )

    def report(
        self,
        stamp: Stamp,
        *,
        status: ForceReport,
        narrative: str,
        confidence: Confidence | None = None,
        blocked_by: str = "",
    ) -> ProgressReport:
        """Record what the force reports."""
        self._open(stamp)
        return self._add(
            self.reports,
            ProgressReport(
                **self._stamped(self.reports, stamp),
                status=status,
                narrative=_text(
                    narrative, f"Say what has changed on {self.reference}: the report has no words yet."
                ),
                confidence=confidence,
                blocked_by=clean(blocked_by),
            ),
        )

    def assure(
        self, stamp: Stamp, *, level: Assurance, rationale: str, ask: str = "", meeting_id: int | None = None
    ) -> AssuranceDecision:
        """Record what the office is assured of, with its reasons."""
        self._open(stamp)
        if level is Assurance.ASSURED:
            _need(
                bool(self.evidence),
                f"The office cannot be assured of {self.reference} without evidence. Add evidence first, "
                f'or record "{Assurance.NOT_ASSURED.word}".',
            )
        return self._add(
            self.decisions,
            AssuranceDecision(
                **self._stamped(self.decisions, stamp),
                level=level,
                rationale=_text(rationale, f"Say why: the decision on {self.reference} has no reasons yet."),
                ask=clean(ask),
                meeting_id=meeting_id,
            ),
        )

    def take_position(
        self, stamp: Stamp, *, position: Position, comment: str = "", source: str = ""
    ) -> InspectoratePosition:
        """Record the inspectorate's position, with the source in which it was read."""
        self._dated(stamp)
        return self._add(
            self.positions,
            InspectoratePosition(
                **self._stamped(self.positions, stamp),
                position=position,
                comment=clean(comment),
                source=_text(source, f"Say where the inspectorate's position on {self.reference} was read."),
            ),
        )

    def add_evidence(self, stamp: Stamp, item: EvidenceItem) -> EvidenceUse:
        """Let an item of evidence serve this recommendation."""
        self._dated(stamp)
        if item.service != self.service:
            raise RuleError(
                f'Evidence "{item.title}" belongs to {item.service}; {self.reference} to {self.service}.'
            )
        if any(use.evidence_id == item.id for use in self.evidence):
            raise RuleError(f'Evidence "{item.title}" already serves {self.reference}.')
        self.items[item.id] = item
        return self._add(
            self.evidence, EvidenceUse(**self._stamped(self.evidence, stamp), evidence_id=item.id)
        )

    def propose_closure(
        self, stamp: Stamp, *, reason: ClosureReason, statement: str, evidence_ids: Iterable[int]
    ) -> ClosureStep:
        """Propose to close it, naming the evidence it rests on. It stays open until a second person agrees."""
        self._open(stamp)
        if self.pending_closure:
            raise RuleError(f"Closure of {self.reference} is already proposed and waits for a second person.")
        if not self.spells():
            raise RuleError(
                f"{self.reference} is for others only. It does not count as open, so it is not closed."
            )
        self._tested(reason)
        return self._add(
            self.closures,
            ClosureStep(
                **self._stamped(self.closures, stamp),
                stage=ClosureStage.PROPOSED,
                reason=reason,
                statement=_text(statement, f"Say why {self.reference} can be closed."),
                evidence_ids=self._known_evidence(evidence_ids, required=True),
            ),
        )

    def agree_closure(
        self, stamp: Stamp, *, statement: str = "", check_due_on: date | None = None
    ) -> ClosureStep:
        """Close it, as the second person."""
        proposal = self._proposal(stamp)
        _not_own(stamp, proposal, f"agree the closure they proposed for {self.reference}")
        self._tested(proposal.reason)
        if check_due_on is not None and check_due_on <= stamp.on:
            raise RuleError(
                f"The later check of {self.reference} must lie after the day of closing, {long_date(stamp.on)}."
            )
        entry = replace(
            proposal,
            **self._stamped(self.closures, stamp),
            stage=ClosureStage.AGREED,
            answers=proposal.n,
            statement=clean(statement),
            accepted_version=self.version,
            check_due_on=check_due_on,
        )
        return self._add(self.closures, entry)

    def refuse_closure(self, stamp: Stamp, *, statement: str) -> ClosureStep:
        """Leave it open, and say what is missing."""
        proposal = self._proposal(stamp)
        _reason(self, statement, "A refusal")
        entry = replace(
            proposal,
            **self._stamped(self.closures, stamp),
            stage=ClosureStage.REFUSED,
            answers=proposal.n,
            statement=clean(statement),
        )
        return self._add(self.closures, entry)

    def reopen(self, stamp: Stamp, *, statement: str) -> ClosureStep:
        """Open it again, linked to the closing that it undoes."""
        closing = self._closed(stamp)
        _reason(self, statement, "Reopening")
        return self._add(
            self.closures,
            ClosureStep(
                **self._stamped(self.closures, stamp),
                stage=ClosureStage.REOPENED,
                reason=closing.reason,
                statement=clean(statement),
                answers=closing.n,
            ),
        )

    def check_sustainment(
        self, stamp: Stamp, *, sustained: bool, statement: str, evidence_ids: Iterable[int] = ()
    ) -> ClosureStep:
        """Record whether a closed item still holds."""
        closing = self._closed(stamp)
        return self._add(
            self.closures,
            ClosureStep(
                **self._stamped(self.closures, stamp),
                stage=ClosureStage.CHECKED,
                reason=closing.reason,
                statement=_text(statement, f"Say what the check of {self.reference} found."),
                evidence_ids=self._known_evidence(evidence_ids, required=False),
                answers=closing.n,
                sustained=sustained,
            ),
        )

    def link(self, stamp: Stamp, *, kind: LinkKind, other: str) -> Link:
        """Say how it stands to another recommendation."""
        self._dated(stamp)
        _need(other != self.reference, f"{self.reference} cannot be linked to itself.")
        _need(
            not any(known.kind is kind and known.other == other for known in self.links),
            f"{self.reference} is already linked: it {kind.word} {other}.",
        )
        return self._add(self.links, Link(**self._stamped(self.links, stamp), kind=kind, other=other))

    def cite(self, stamp: Stamp, *, source: str, starts_at: int, ends_at: int, place: str = "") -> Passage:
        """Record where it was read: a stretch of a kept file."""
        self._dated(stamp)
        _need(
            0 <= starts_at < ends_at, f"{self.reference}: a passage has to begin before it ends, in its file."
        )
        return self._add(
            self.passages,
            Passage(
                **self._stamped(self.passages, stamp),
                source=source,
                starts_at=starts_at,
                ends_at=ends_at,
                place=place,
            ),
        )

    # Checks they share

    def _add(self, kept: list[_E], entry: _E) -> _E:
        kept.append(entry)
        self.new.append(entry)
        return entry

    def _stamped(self, kept: list[Any], stamp: Stamp) -> dict[str, Any]:
        return {
            "n": len(kept) + 1,
            "happened_on": stamp.on,
            "recorded_at": stamp.at,
            "by": stamp.by.id,
            "by_name": stamp.by.name,
            "by_role": stamp.by.role,
        }

    def _dated(self, stamp: Stamp) -> None:
        today = london_day(stamp.at)
        if stamp.on > today:
            raise RuleError(
                f"{long_date(stamp.on)} lies in the future. Give a day up to today, {long_date(today)}."
            )
        if stamp.on < self.taken_in_on:
            raise RuleError(
                f"{long_date(stamp.on)} is before {self.reference} came onto the register. "
                f"Give a day from {long_date(self.taken_in_on)} on."
            )

    def _open(self, stamp: Stamp) -> None:
        self._dated(stamp)
        closing = self.closing
        if closing and closing.reason:
            raise RuleError(
                f'{self.reference} was closed on {long_date(closing.happened_on)} as "{closing.reason.word}". Reopen it first.'
            )
        spells = self.spells()
        if spells and stamp.on < spells[-1].opened_on:
            since = "reopened" if spells[-1].is_reopening else "first counted as open"
            raise RuleError(
                f"{long_date(stamp.on)} is before {self.reference} was {since}, on {long_date(spells[-1].opened_on)}. "
                "Give that day or a later one."
            )

    def _tested(self, reason: ClosureReason | None) -> None:
        if reason is ClosureReason.MET and not self.assignments[-1].closure_test:
            raise RuleError(
                f"{self.reference} has no closure test, so nobody can say that it was met. Agree a closure test first."
            )

    def _closed(self, stamp: Stamp) -> ClosureStep:
        self._dated(stamp)
        closing = self.closing
        if closing is None:
            raise RuleError(
                f"{self.reference} is open. Only a closed recommendation can be reopened or checked."
            )
        self._not_before(stamp, closing, "closed")
        return closing

    def _not_before(self, stamp: Stamp, earlier: Entry, what: str) -> None:
        if stamp.on < earlier.happened_on:
            raise RuleError(
                f"{long_date(stamp.on)} is before {self.reference} was {what}, on {long_date(earlier.happened_on)}."
            )

    def _movable(self, stamp: Stamp, due_on: date, reason: str) -> TargetDate:
        self._open(stamp)
        target = self.target
        if target is None:
            raise RuleError(f"{self.reference} has no target date yet. Set the first date instead.")
        if self.pending_target:
            asked = self.pending_target
            raise RuleError(
                f"A move of {self.reference} to {long_date(asked.due_on)} was asked for on "
                f"{long_date(asked.happened_on)} and waits for the office. Answer that first."
            )
        if due_on == target.due_on:
            raise RuleError(f"{self.reference} is already due on {long_date(due_on)}. Give another date.")
        if due_on <= stamp.on:
            raise RuleError(f"The new date of {self.reference} must lie after {long_date(stamp.on)}.")
        self._not_before(stamp, target, "given its present date")
        _reason(self, reason, "A move")
        return target

    def _asked(self, stamp: Stamp) -> TargetDate:
        self._open(stamp)
        asked = self.pending_target
        if asked is None:
            raise RuleError(f"Nobody has asked for another date on {self.reference}.")
        self._not_before(stamp, asked, "asked about")
        return asked

    def _proposal(self, stamp: Stamp) -> ClosureStep:
        self._open(stamp)
        proposal = self.pending_closure
        if proposal is None:
            raise RuleError(f"Nobody has proposed to close {self.reference}.")
        self._not_before(stamp, proposal, "proposed for closure")
        return proposal

    def _known_evidence(self, evidence_ids: Iterable[int], *, required: bool) -> tuple[int, ...]:
        ids = tuple(sorted(set(evidence_ids)))
        used = {use.evidence_id for use in self.evidence}
        strange = [i for i in ids if i not in used]
        if strange:
            raise RuleError(
                f"Evidence {', '.join(map(str, strange))} does not serve {self.reference}. Add it there first."
            )
        if required and not ids:
            raise RuleError(
                f"{self.reference} cannot be closed without evidence. Name at least one item that shows it."
            )
        return ids


def spells_between(opened_on: date, closures: Iterable[ClosureStep]) -> list[Spell]:
    """Return each time of being open from the first day it counted, by the closings and reopenings in order."""
    done: list[Spell] = []
    current: tuple[date, bool] | None = (opened_on, False)
    for step in closures:
        if step.stage is ClosureStage.AGREED and current:
            done.append(Spell(current[0], max(step.happened_on, current[0]), current[1]))
            current = None
        elif step.stage is ClosureStage.REOPENED:
            current = (step.happened_on, True)
    return [*done, Spell(current[0], None, current[1])] if current else done


def state_of(record: Record) -> State:
    """Return what stands, read from the last entries: the one place where it is worked out."""
    said = _latest(record.reports)
    decided = _latest(record.decisions)
    position = _latest(record.positions)
    given = record.assignments[-1]
    in_force = [t for t in record.targets if t.counts]
    first, target = (in_force[0], in_force[-1]) if in_force else (None, None)
    pending_target, proposal, closing = record.pending_target, record.pending_closure, record.closing
    facts = facts_of(record.items[use.evidence_id] for use in record.evidence)
    opened = _first_counted(record)
    return State(
        short_title=given.short_title,
        text=record.wordings[-1].text,
        counts=opened is not None,
        opened_on=opened or record.taken_in_on,
        applicability=given.applicability,
        owner=given.owner,
        executive_lead=given.executive_lead,
        board=given.board,
        themes=given.themes,
        closure_test=given.closure_test,
        closure_test_agreed_on=given.closure_test_agreed_on,
        force_report=said.status if said else ForceReport.NOT_STARTED,
        force_reported_on=said.happened_on if said else None,
        blocked_by=said.blocked_by if said else "",
        last_update_on=said.happened_on if said else (opened or record.taken_in_on),
        assurance=decided.level if decided else Assurance.NOT_LOOKED_AT,
        assured_on=decided.happened_on if decided else None,
        asked=decided.ask if decided else "",
        position=position.position if position else Position.OPEN,
        position_on=position.happened_on if position else None,
        original_on=first.due_on if first else None,
        target_on=target.due_on if target else None,
        target_precision=target.precision if target else Precision.UNKNOWN,
        target_phrase=first.phrase if first else given.target_phrase,
        target_set_by=target.set_by if target else None,
        moves=max(0, len(in_force) - 1),
        days_slipped=(target.due_on - first.due_on).days if first and target else 0,
        last_moved_on=target.happened_on if target and len(in_force) > 1 else None,
        asked_after_expiry=sum(
            1
            for t in record.targets
            if t.days_after_expiry and t.stage in (TargetStage.ASKED, TargetStage.MOVED)
        ),
        pending_on=pending_target.due_on if pending_target else None,
        evidence_count=facts.count,
        strong_on=facts.strong_on,
        fair_on=facts.fair_on,
        contradicted_on=facts.contradicted_on,
        closed_on=closing.happened_on if closing else None,
        closure_reason=closing.reason if closing else None,
        proposed_on=proposal.happened_on if proposal else None,
        proposed_reason=proposal.reason if proposal else None,
        reopened=sum(1 for c in record.closures if c.stage is ClosureStage.REOPENED),
        check_due_on=record.check_due_on,
    )


_OPEN_OR_CLOSED: Final = (ClosureStage.AGREED, ClosureStage.REOPENED)
RECORD_LISTS: Final = (
    "wordings",
    "assignments",
    "targets",
    "reports",
    "decisions",
    "positions",
    "evidence",
    "closures",
    "links",
    "passages",
)
"""The lists of a record, in the order of `ENTRY_TYPES`."""


def _latest(kept: list[_E]) -> _E | None:
    """Return the entry that happened last; of two on one day, the one recorded later."""
    return max(kept, key=lambda e: (e.happened_on, e.n), default=None)


def _first_counted(record: Record) -> date | None:
    first = next((a for a in record.assignments if a.applicability is not Applicability.FOR_OTHERS), None)
    return max(first.happened_on, record.taken_in_on) if first else None


def _pending(kept: list[Any], asked: Any, answers: tuple[Any, ...]) -> Any:
    answered = {e.answers for e in kept if e.stage in answers}
    return next((e for e in reversed(kept) if e.stage is asked and e.n not in answered), None)


def _not_own(stamp: Stamp, asked: Entry, what: str) -> None:
    if stamp.by.id == asked.by:
        message = f"{stamp.by.name} may not {what}. It takes a second person."
        raise stamp.by.refused(message, cause="their own")


def _need(ok: object, message: str) -> None:
    if not ok:
        raise RuleError(message)


def _reason(record: Record, reason: str, what: str) -> None:
    found = seen_length(clean(reason))
    _need(
        found >= REASON_MIN,
        f"{what} of {record.reference} needs a reason of at least {REASON_MIN} characters; this one has {found}.",
    )


def _text(text: str, missing: str) -> str:
    cleaned = clean(text)
    _need(cleaned, missing)
    return cleaned
