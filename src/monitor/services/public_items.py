"""
A recommendation as the public may read it: printed words, statuses, dates, facts of evidence, and what happened in words.

Nothing goes from here to a page but what stands in these classes. Names of people have no place in them: whoever acted is
told by the part they play. What somebody wrote for the office is told only where the office's rules name it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from monitor.dates import days_words, london_day, long_date
from monitor.domain.access import OF_THE_FORCE
from monitor.domain.entries import (
    Assignment,
    AssuranceDecision,
    ClosureStage,
    ClosureStep,
    Entry,
    EvidenceUse,
    InspectoratePosition,
    Link,
    ProgressReport,
    TargetDate,
    TargetStage,
    Wording,
)
from monitor.domain.evidence import CheckedBy, Direction, EvidenceItem, EvidenceKind, Grade, grade_item
from monitor.domain.publications import PublicText
from monitor.domain.record import LATE_ENTRY_DAYS, Record
from monitor.domain.statuses import Assurance, ForceReport, MoveCategory, Position, SetBy, Vocabulary

WITHHELD: Final = "[name withheld]"
_LEAST_OF_A_NAME: Final = 4


@dataclass(frozen=True, slots=True)
class Voice:
    """What one of the three says: on which day, and in which words where these are public."""

    whose: str
    member: Vocabulary
    on: date | None
    said: str = ""


@dataclass(frozen=True, slots=True)
class DateTold:
    """
    One target date that came into force.

    Attributes:
        from_on: The date that it took the place of; None for the one first set.
        agreed_on: The day from which it was in force.
        late_request: Days after the date had passed on which it was asked for; 0 for in time.
    """

    due_on: date
    from_on: date | None
    agreed_on: date
    set_by: SetBy
    phrase: str
    category: MoveCategory | None
    late_request: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceTold:
    """An item of evidence by its facts."""

    kind: EvidenceKind
    direction: Direction
    grade: Grade
    describes_on: date
    checked_by: CheckedBy
    figures: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """
    One thing that happened, in a sentence.

    Attributes:
        key: What it is known by for ever, whatever is recorded later.
        late: The day it was recorded on, where that was more than a week later.
        reference: Another recommendation that it names.
    """

    key: str
    on: date
    recorded_at: datetime
    words: str
    said: str = ""
    late: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PublicItem:
    """
    One recommendation.

    Attributes:
        row: Its row of the public register.
        recorded_at, first_text: When it was first recorded, and in which words.
        corrected_on: The day on which its wording was corrected; None where it never was.
        closure_test: What must be shown before it is closed, where that is public; else empty.
        linked: How it stands to others, with their references.
        under_it: References of the recommendations under a cause of concern.
        history: Newest first.
    """

    reference: str
    row: Mapping[str, Any]
    inspection_id: int
    recorded_at: datetime
    first_text: str
    text: str
    lead_in: str
    parts: tuple[str, ...]
    corrected_on: date | None
    voices: tuple[Voice, ...]
    dates: tuple[DateTold, ...]
    evidence: tuple[EvidenceTold, ...]
    closure_test: str
    linked: tuple[tuple[str, str], ...]
    under_it: tuple[str, ...]
    history: tuple[Told, ...]


class Withholding:
    """Takes names of people out of what somebody wrote, where that is public at all."""

    def __init__(self, texts: Collection[PublicText], names: Iterable[str]) -> None:
        self.texts = frozenset(texts)
        self.names = name_pattern(names)

    def text(self, kind: PublicText, words: str) -> str:
        """Return words of a kind as they may be published; nothing where the kind is not public."""
        if kind not in self.texts or not words:
            return ""
        return self.names.sub(WITHHELD, words) if self.names else words


def name_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds any of these names as whole words, however they are spaced and cased; None for no name."""
    known = sorted({" ".join(name.split()) for name in names}, key=lambda name: (-len(name), name))
    parts = [r"\s+".join(map(re.escape, name.split())) for name in known if len(name) >= _LEAST_OF_A_NAME]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else None


def people_of(record: Record) -> Iterator[str]:
    """Yield every name of a person that a recommendation's lists hold."""
    for given in record.assignments:
        yield from (given.owner, given.executive_lead)
    yield from (entry.by_name for kept in record.lists for entry in kept)
    for use in record.evidence:
        yield record.items[use.evidence_id].by_name


def public_item(
    record: Record,
    row: Mapping[str, Any],
    *,
    day: date,
    linked: Sequence[tuple[str, str]],
    under_it: Sequence[str],
    withholding: Withholding,
) -> PublicItem:
    """
    Return a recommendation as the public may read it on a day.

    Args:
        record: As known on that day, without what is not public.
        linked: How it stands to other public ones, seen from both sides.
    """
    wording = record.wordings[-1]
    items = [record.items[use.evidence_id] for use in record.evidence]
    latest = sorted(items, key=lambda item: (item.describes_on, item.id), reverse=True)
    return PublicItem(
        reference=record.reference,
        row=row,
        inspection_id=record.inspection_id,
        recorded_at=record.wordings[0].recorded_at,
        first_text=record.wordings[0].text,
        text=wording.text,
        lead_in=wording.lead_in,
        parts=wording.parts,
        corrected_on=wording.happened_on if len(record.wordings) > 1 else None,
        voices=_voices(record, row, withholding),
        dates=tuple(_date_told(entry, withholding) for entry in record.targets if entry.counts),
        evidence=tuple(_evidence_told(item, day, withholding) for item in latest),
        closure_test=withholding.text(PublicText.CLOSURE_TESTS, record.assignments[-1].closure_test),
        linked=tuple(linked),
        under_it=tuple(under_it),
        history=tuple(_history(record, withholding)),
    )


# Voices, dates, evidence


def _voices(record: Record, row: Mapping[str, Any], withholding: Withholding) -> tuple[Voice, ...]:
    def last(entries: Sequence[Any], kind: PublicText, words: str) -> str:
        found = max(entries, key=lambda entry: (entry.happened_on, entry.n), default=None)
        return withholding.text(kind, getattr(found, words)) if found is not None else ""

    return (
        Voice(
            "The force reports",
            ForceReport(row["force_report"]),
            _day(row["force_reported_on"]),
            last(record.reports, PublicText.PROGRESS, "narrative"),
        ),
        Voice(
            "The office",
            Assurance(row["assurance"]),
            _day(row["assured_on"]),
            last(record.decisions, PublicText.ASSURANCE, "rationale"),
        ),
        Voice(
            "The inspectorate’s position",
            Position(row["position"]),
            _day(row["position_on"]),
            last(record.positions, PublicText.POSITIONS, "comment"),
        ),
    )


def _day(value: Any) -> date | None:
    # What is no day differs from itself.
    return None if value is None or value != value else value.date()


def _date_told(entry: TargetDate, withholding: Withholding) -> DateTold:
    is_first = entry.stage is TargetStage.SET
    return DateTold(
        due_on=entry.due_on,
        from_on=None if is_first else entry.from_on,
        agreed_on=entry.happened_on,
        set_by=entry.set_by,
        phrase=entry.phrase if is_first else "",
        category=entry.category,
        late_request=entry.days_after_expiry,
        reason=withholding.text(PublicText.MOVES, entry.reason),
    )


def _evidence_told(item: EvidenceItem, day: date, withholding: Withholding) -> EvidenceTold:
    return EvidenceTold(
        kind=item.kind,
        direction=item.direction,
        grade=grade_item(item, day),
        describes_on=item.describes_on,
        checked_by=item.checked_by,
        figures=", ".join(_figures(item)),
        title=withholding.text(PublicText.EVIDENCE, item.title),
    )


def _figures(item: EvidenceItem) -> Iterator[str]:
    """Yield the figures of an item; a unit is words of a person, so it stands only where it is a per cent sign."""
    if item.sample:
        of = f" of {item.population:,}" if item.population else ""
        yield f"{item.sample:,}{of} {'case' if item.sample == 1 and not of else 'cases'}"
    if item.value is None:
        return
    if item.unit == "%":
        wanted = f" against {item.target:g}%" if item.target is not None else ""
        yield f"measured {item.value:g}%{wanted}"
    elif item.target is not None:
        yield f"measured, and {'short of' if item.misses_target else 'at or above'} its target"
    else:
        yield "measured"


# What happened, in words


def _history(record: Record, withholding: Withholding) -> Iterator[Told]:
    before: dict[int, Assignment] = {given.n + 1: given for given in record.assignments}
    for entry in reversed(record.entries):
        if isinstance(entry, Assignment):
            words, said, reference = _assigned(before.get(entry.n), entry, withholding), "", ""
        else:
            told = _TOLD.get(type(entry))
            words, said, reference = told(record, entry, withholding) if told else ("", "", "")
        if words:
            recorded_on = london_day(entry.recorded_at)
            is_late = (recorded_on - entry.happened_on).days > LATE_ENTRY_DAYS
            yield Told(
                key=f"{type(entry).__name__}/{entry.n}",
                on=entry.happened_on,
                recorded_at=entry.recorded_at,
                words=words,
                said=said,
                late=recorded_on if is_late else None,
                reference=reference,
            )


def _who(entry: Entry) -> str:
    """Return who acted by the part they play."""
    return "the force" if entry.by_role in OF_THE_FORCE else "the office"


def _assigned(before: Assignment | None, now: Assignment, withholding: Withholding) -> str:
    """Return what changed of what is public; who owns it is not."""
    if before is None:
        return ""
    parts = []
    if now.short_title != before.short_title:
        parts.append(f"Its short title became “{now.short_title}”.")
    if now.applicability is not before.applicability:
        parts.append(f"For whom it is was decided: {now.applicability.word.lower()}.")
    if now.board != before.board:
        parts.append(f"It went to another board: {now.board}." if now.board else "It went from its board.")
    if now.closure_test != before.closure_test:
        test = withholding.text(PublicText.CLOSURE_TESTS, now.closure_test)
        agreed = f": “{test}”" if test else ""
        parts.append(
            f"What must be shown before it is closed was agreed{agreed}."
            if now.closure_test
            else "The closure test was withdrawn."
        )
    return " ".join(parts)


_Words = tuple[str, str, str]


def _worded(record: Record, entry: Any, withholding: Withholding) -> _Words:
    return (
        "Taken in, in the words as printed." if entry.n == 1 else "A corrected wording was recorded.",
        "",
        "",
    )


def _dated(record: Record, entry: Any, withholding: Withholding) -> _Words:
    reason = withholding.text(PublicText.MOVES, entry.reason)
    due = long_date(entry.due_on)
    why = f" ({entry.category.word.lower()})" if entry.category else ""
    origin = long_date(entry.from_on) if entry.from_on else ""
    match entry.stage:
        case TargetStage.SET:
            printed = f", printed as “{entry.phrase}”" if entry.phrase else ""
            return f"Target date first set by {entry.set_by.word}: {due}{printed}.", "", ""
        case TargetStage.ASKED if _is_answered(entry, record.targets):
            days = entry.days_after_expiry
            late = f", {days_words(days)} after the date had passed" if days else ""
            return f"The force asked for {due}{late}{why}.", reason, ""
        case TargetStage.AGREED:
            return f"The office agreed to move the date from {origin} to {due}.", "", ""
        case TargetStage.REFUSED:
            return f"The office refused another date; {origin} stays.", reason, ""
        case TargetStage.MOVED:
            return f"The office moved the date from {origin} to {due}{why}.", reason, ""
    return "", "", ""


def _is_answered(entry: Any, entries: Sequence[Any]) -> bool:
    """Tell whether what was asked or proposed has its answer; until then it is not public."""
    return any(other.answers == entry.n and other.n > entry.n for other in entries)


def _reported(record: Record, entry: Any, withholding: Withholding) -> _Words:
    said = withholding.text(PublicText.PROGRESS, entry.narrative)
    return f"The force reported: {entry.status.word.lower()}.", said, ""


def _decided(record: Record, entry: Any, withholding: Withholding) -> _Words:
    said = withholding.text(PublicText.ASSURANCE, entry.rationale)
    if entry.level is Assurance.NOT_LOOKED_AT:
        return "The office has not yet looked at it.", said, ""
    return f"The office decided: {entry.level.word.lower()}.", said, ""


def _positioned(record: Record, entry: Any, withholding: Withholding) -> _Words:
    said = withholding.text(PublicText.POSITIONS, entry.comment)
    return f"The inspectorate’s position: {entry.position.word.lower()}.", said, ""


def _evidenced(record: Record, entry: Any, withholding: Withholding) -> _Words:
    item = record.items[entry.evidence_id]
    title = withholding.text(PublicText.EVIDENCE, item.title)
    return f"Evidence was added: {item.kind.word.lower()}, {_SHOWS[item.direction]}.", title, ""


_SHOWS: Final[Mapping[Direction, str]] = {
    Direction.SUPPORTS: "which supports it",
    Direction.MIXED: "which shows some of it",
    Direction.CONTRADICTS: "which contradicts it",
    Direction.NO_RESULT: "without a result",
}


def _closing(record: Record, entry: Any, withholding: Withholding) -> _Words:
    said = withholding.text(PublicText.CLOSINGS, entry.statement)
    reason = f" as {entry.reason.word.lower()}" if entry.reason else ""
    match entry.stage:
        case ClosureStage.PROPOSED if _is_answered(entry, record.closures):
            return f"{_who(entry).capitalize()} proposed to close it{reason}.", said, ""
        case ClosureStage.AGREED:
            return f"Closed{reason}; a second person, of the office, agreed.", said, ""
        case ClosureStage.REFUSED:
            return "Closing was not agreed; it stays open.", said, ""
        case ClosureStage.REOPENED:
            return "Reopened.", said, ""
        case ClosureStage.CHECKED:
            held = "it still holds" if entry.sustained else "it no longer holds"
            return f"Looked at again after closing: {held}.", said, ""
    return "", "", ""


def _linked(record: Record, entry: Any, withholding: Withholding) -> _Words:
    return f"Linked: it {entry.kind.word} another.", "", entry.other


_TOLD: Final[Mapping[type[Entry], Callable[[Record, Any, Withholding], _Words]]] = {
    Wording: _worded,
    TargetDate: _dated,
    ProgressReport: _reported,
    AssuranceDecision: _decided,
    InspectoratePosition: _positioned,
    EvidenceUse: _evidenced,
    ClosureStep: _closing,
    Link: _linked,
}
"""How each kind of entry is told; where something was read is not."""
