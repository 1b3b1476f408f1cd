"""
Evidence and how strong it is, by a printed rubric.

The grade is never a number. It is a word with the reasons beside it, and everyone can read the
rules that gave it: `RUBRIC` is what *How this is worked out* prints and what `grade_item` applies.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from monitor.dates import month_year, short_date
from monitor.domain.entries import LATER
from monitor.domain.evidence_files import Scan
from monitor.domain.statuses import Vocabulary

FRESH_DAYS: Final = 365


class EvidenceKind(Vocabulary):
    """What sort of evidence it is."""

    INSPECTION = "inspection", "Independent inspection", "An inspectorate or another outside body looked."
    AUDIT = "audit", "Audit", "Auditors drew the sample and reported."
    QA_CHECK = "qa_check", "Quality assurance check", "Supervisors or a quality team looked at cases."
    DIP_SAMPLE = "dip_sample", "Dip sample", "A few cases were drawn and read."
    PERFORMANCE = "performance", "Performance data", "A measure with its value."
    SURVEY = "survey", "Survey", "People were asked."
    OBSERVATION = "observation", "Observation", "Somebody went and saw."
    BOARD_MINUTE = "board_minute", "Board minute", "A board heard of it and minuted it."
    POLICY = "policy", "Policy or procedure", "It is written down; not yet that it is done."
    TRAINING = "training", "Training record", "People were trained; not yet that it works."
    LETTER = "letter", "Letter", "Another body wrote."
    ASSERTION = "assertion", "Assertion", "Somebody says so."


class Direction(Vocabulary):
    """Which way the evidence points."""

    SUPPORTS = "supports", "Supports", "It shows that the thing asked for is done or works."
    MIXED = "mixed", "Mixed", "It shows some of it."
    CONTRADICTS = "contradicts", "Contradicts", "It shows the opposite."
    NO_RESULT = "no_result", "No result", "It says what was done, not what came of it."


class CheckedBy(Vocabulary):
    """Who looked."""

    OWN_TEAM = "own_team", "the team itself", "Those who did the work."
    OTHER_TEAM = (
        "other_team",
        "another team of the force",
        "Inside the force, outside the team that did the work.",
    )
    INTERNAL_AUDIT = "internal_audit", "internal audit", "The force's or office's auditors."
    OFFICE = "office", "the office", "The local policing body."
    OUTSIDE = "outside", "an outside body", "A panel, partner or regulator."
    INSPECTORATE = "inspectorate", "the inspectorate", "The inspectorate itself."


class Grade(Vocabulary):
    """How strong the evidence is."""

    NONE = "none", "None", "No evidence has been added."
    WEAK = (
        "weak",
        "Weak",
        "Anything less than fair: an assertion, a policy, a training record, a minute or a letter; a check by "
        "the team itself without a sample or measure; anything that describes a day more than 365 days ago; "
        "or the newest sound evidence contradicts.",
    )
    FAIR = (
        "fair",
        "Fair",
        "It shows the result at least in part, describes a day within the last 365 days, and either somebody "
        "outside the team checked it or it has a sample or a measure.",
    )
    STRONG = (
        "strong",
        "Strong",
        "It supports, describes a day within the last 365 days, somebody outside the team checked it, it has a "
        "sample or a measure, and where the measure has a target, the target was reached.",
    )


_SAYS_WITHOUT_SHOWING: Final = frozenset(
    {
        EvidenceKind.ASSERTION,
        EvidenceKind.POLICY,
        EvidenceKind.TRAINING,
        EvidenceKind.BOARD_MINUTE,
        EvidenceKind.LETTER,
    }
)

RUBRIC: Final[tuple[tuple[str, str], ...]] = (
    (
        "Kind",
        "A policy, training record, board minute, letter or assertion says that something was done. It is weak.",
    ),
    (
        "Who checked",
        "A check by anyone outside the team that did the work counts for more than the team's own.",
    ),
    ("Sample or measure", "A number of cases looked at, or a measured value. Without one, at most fair."),
    ("Target", "Where the measure has a target, a value short of it is at most fair."),
    ("The day it describes", "Not the day it was sent. More than 365 days before the day of reading: weak."),
    (
        "Direction",
        "Supports can be strong; mixed at most fair; no result is weak; contradicts gives no strength.",
    ),
    (
        "All together",
        "The strongest item gives the grade, unless sound evidence of the same day or later contradicts: then weak.",
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceItem:
    """
    One piece of evidence. It may serve several recommendations of one service.

    Attributes:
        id: Number in this register, from 1.
        body: Body or board it came from.
        describes_from, describes_on: First (if a period) and last day that it describes.
        received_on: Day on which it reached the register's keeper.
        sample, population: Cases looked at, and of how many.
        value, target, unit: What was measured, against what, in which unit.
        checker: Name of the person or body that checked.
        link: Where it can be read, as given.
        file: Fingerprint of the file kept with it, for ever; None where there is none. What is said of the file
            stands here and not with its bytes, which another item may share.
        file_name: The file's name as it may be shown.
        file_size: Bytes.
        file_scan: What the virus scanner said.
    """

    id: int
    service: str
    kind: EvidenceKind
    title: str
    body: str
    describes_from: date | None
    describes_on: date
    received_on: date
    sample: int | None
    population: int | None
    measure: str
    value: float | None
    target: float | None
    unit: str
    direction: Direction
    checked_by: CheckedBy
    checker: str
    link: str
    note: str
    recorded_at: datetime
    by: str
    by_name: str
    file: str | None = field(default=None, metadata=LATER)
    file_name: str = field(default="", metadata=LATER)
    file_size: int = field(default=0, metadata=LATER)
    file_scan: Scan | None = field(default=None, metadata=LATER)

    def __post_init__(self) -> None:
        """Keep measured numbers as one type, so that what is stored reads back equal."""
        for name in ("value", "target"):
            number = getattr(self, name)
            object.__setattr__(self, name, None if number is None else float(number))

    @property
    def has_number(self) -> bool:
        """Tell whether it rests on a sample or a measured value."""
        return bool(self.sample) or self.value is not None

    @property
    def misses_target(self) -> bool:
        """Tell whether its value is short of its target (a target is a floor)."""
        return self.value is not None and self.target is not None and self.value < self.target

    @property
    def is_checked_outside(self) -> bool:
        """Tell whether somebody other than the team that did the work checked it."""
        return self.checked_by is not CheckedBy.OWN_TEAM


def grade_while_fresh(item: EvidenceItem) -> Grade:
    """Return the grade the item has as long as the day it describes is recent."""
    if item.kind in _SAYS_WITHOUT_SHOWING or item.direction in (Direction.CONTRADICTS, Direction.NO_RESULT):
        return Grade.WEAK
    if not (item.is_checked_outside or item.has_number):
        return Grade.WEAK
    whole = item.direction is Direction.SUPPORTS and item.is_checked_outside and item.has_number
    return Grade.STRONG if whole and not item.misses_target else Grade.FAIR


def is_sound_contradiction(item: EvidenceItem) -> bool:
    """Tell whether the item contradicts and was checked outside the team or has a number."""
    return item.direction is Direction.CONTRADICTS and (item.is_checked_outside or item.has_number)


def is_fresh(describes_on: date, today: date) -> bool:
    """Tell whether a day described is recent enough to count; exactly 365 days ago still is."""
    return describes_on >= today - timedelta(days=FRESH_DAYS)


def grade_item(item: EvidenceItem, today: date) -> Grade:
    """Return the item's grade on a day."""
    return grade_while_fresh(item) if is_fresh(item.describes_on, today) else Grade.WEAK


def reasons_for(item: EvidenceItem, today: date) -> str:
    """Return why the item has its grade, in one line of words."""
    parts = [item.kind.word.lower(), f"checked by {item.checker or item.checked_by.word}"]
    if item.sample:
        parts.append(
            f"{item.sample:,} of {item.population:,} cases" if item.population else f"{item.sample:,} cases"
        )
    if item.value is not None:
        unit = item.unit if item.unit in ("", "%") else f" {item.unit}"
        wanted = f" against {item.target:g}{unit}" if item.target is not None else ""
        parts.append(f"{item.value:g}{unit}{wanted}")
    if not item.has_number:
        parts.append("no sample or measure")
    parts.append(f"describes {month_year(item.describes_on)}")
    if not is_fresh(item.describes_on, today):
        parts.append("over a year ago")
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """
    What a row keeps of its evidence, so that the grade of any day follows without reading the items.

    Attributes:
        count: Items that serve the recommendation.
        strong_on, fair_on: Latest day described by an item that is strong, or at least fair, while fresh.
        contradicted_on: Latest day described by a sound contradiction.
    """

    count: int = 0
    strong_on: date | None = None
    fair_on: date | None = None
    contradicted_on: date | None = None


def facts_of(items: Iterable[EvidenceItem]) -> EvidenceFacts:
    """Return the facts that decide the grade."""
    kept = list(items)
    strong = [i.describes_on for i in kept if grade_while_fresh(i) is Grade.STRONG]
    fair = [i.describes_on for i in kept if grade_while_fresh(i) in (Grade.STRONG, Grade.FAIR)]
    against = [i.describes_on for i in kept if is_sound_contradiction(i)]
    return EvidenceFacts(
        len(kept), max(strong, default=None), max(fair, default=None), max(against, default=None)
    )


def grade_of(facts: EvidenceFacts, today: date) -> Grade:
    """Return the grade of all evidence together, on a day."""
    if not facts.count:
        return Grade.NONE
    for grade, on in ((Grade.STRONG, facts.strong_on), (Grade.FAIR, facts.fair_on)):
        unanswered = facts.contradicted_on is not None and on is not None and facts.contradicted_on >= on
        if on and is_fresh(on, today) and not unanswered:
            return grade
    return Grade.WEAK


def why_graded(items: Iterable[EvidenceItem], today: date) -> str:
    """Return the reasons for the grade of all evidence together, in one or two sentences."""
    kept = list(items)
    facts = facts_of(kept)
    if not kept:
        return "No evidence has been added."
    order = list(Grade)
    best = max(kept, key=lambda i: (order.index(grade_item(i, today)), i.describes_on))
    said = f"The strongest: {best.title} ({reasons_for(best, today)})."
    if (
        facts.contradicted_on
        and grade_of(facts, today) is Grade.WEAK
        and grade_item(best, today) is not Grade.WEAK
    ):
        said += f" Evidence of {short_date(facts.contradicted_on)} contradicts it."
    return said
