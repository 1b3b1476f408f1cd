"""
What questions rest on: the facts of one recommendation, in figures and sentences, and what is read from them.

A figure stands in large type in the room; its sentence says what it is. What people wrote (titles, measures,
reasons) passes through as they wrote it, on one line, in quotation marks, and cut where it is long. Nobody is
named: owners and officers stand as what they are.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from monitor.dates import add_months, days_words, long_date, month_year, times_word
from monitor.domain.entries import AssuranceDecision, ProgressReport, TargetDate
from monitor.domain.evidence import (
    CheckedBy,
    EvidenceItem,
    EvidenceKind,
    Grade,
    grade_item,
    is_fresh,
    is_sound_contradiction,
)
from monitor.domain.meetings import ActionState
from monitor.domain.statuses import (
    Assurance,
    ClosureReason,
    ForceReport,
    MoveCategory,
    Position,
    Precision,
)

QUARTER_MONTHS: Final = 3
QUOTE_MAX: Final = 110


@dataclass(frozen=True, slots=True)
class Fact:
    """A short figure with one sentence that says what it is; `reference` is the recommendation it can be read on."""

    figure: str
    words: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class SameAsk:
    """Another recommendation that asks for the same."""

    reference: str
    short_title: str
    report_id: int
    report: str
    closed_on: date | None = None
    closure_reason: ClosureReason | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """
    All that the rules need to know of one recommendation.

    Attributes:
        is_grave: It is a cause of concern, or stands under one.
        opened_on: First day on which it counted.
        target_on, precision: Date in force, and how exactly it is known.
        moves: The entries that put a later or earlier date in force than the first, oldest first.
        pending_on: Date asked for that waits for the office.
        refused_on: Day on which the last request for another date was refused, since the present date was set.
        force_report: What the force last reported; `reported_on` is None while it never did.
        said_since: First of the unbroken run of reports that say the same.
        asked: What the office wants to see next.
        position_on: None while no position of the inspectorate was ever recorded.
        blocked_by, blocked_since: What the force says is in the way, and since when; see `blocked_since`.
        escalated_on: See `escalated_on`.
        proposed_on: Day of a closure proposal that waits for a second person.
        same_ask: The others that ask for the same, told to one of them only, so that it is asked once.
        was_met: Another that asks the same is closed as met.
        is_settled: A question about how it was closed has been answered before.
    """

    reference: str
    short_title: str
    report_id: int = 0
    is_grave: bool = False
    opened_on: date
    owner: str = ""
    closure_test: str = ""
    original_on: date | None = None
    target_on: date | None = None
    precision: Precision = Precision.DAY
    moves: tuple[TargetDate, ...] = ()
    pending_on: date | None = None
    refused_on: date | None = None
    force_report: ForceReport = ForceReport.NOT_STARTED
    reported_on: date | None = None
    said_since: date | None = None
    last_update_on: date
    assurance: Assurance = Assurance.NOT_LOOKED_AT
    assured_on: date | None = None
    asked: str = ""
    position: Position = Position.OPEN
    position_on: date | None = None
    evidence: tuple[EvidenceItem, ...] = ()
    grade: Grade = Grade.NONE
    blocked_by: str = ""
    blocked_since: date | None = None
    escalated_on: date | None = None
    proposed_on: date | None = None
    closed_on: date | None = None
    closure_reason: ClosureReason | None = None
    was_met: bool = False
    is_settled: bool = False
    same_ask: tuple[SameAsk, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether it is open."""
        return self.closed_on is None

    @property
    def is_claimed(self) -> bool:
        """Tell whether it is open and the force reports it complete."""
        return self.is_open and self.force_report is ForceReport.COMPLETE

    @property
    def is_underway(self) -> bool:
        """Tell whether the next word is the force's: open, not reported complete, no closure proposed."""
        return self.is_open and not self.is_claimed and self.proposed_on is None

    @property
    def title(self) -> str:
        """Return its short title in quotation marks."""
        return quoted(self.short_title)

    @property
    def newest(self) -> EvidenceItem | None:
        """Return the evidence that describes the latest day."""
        return max(self.evidence, key=_newness, default=None)

    @property
    def missed(self) -> EvidenceItem | None:
        """Return the latest measured value that is short of its target, where no later value of that measure is."""
        last: dict[str, EvidenceItem] = {}
        for item in sorted(self.evidence, key=_newness):
            if item.value is not None and item.target is not None:
                last[one_line(item.measure or item.title).casefold()] = item
        return max((item for item in last.values() if item.misses_target), key=_newness, default=None)

    @property
    def last_measured(self) -> EvidenceItem | None:
        """Return the evidence with a measured value that describes the latest day."""
        return max((item for item in self.evidence if item.value is not None), key=_newness, default=None)

    @property
    def days_slipped(self) -> int:
        """Return the days from the date first set to the one in force; negative when brought forward."""
        return (self.target_on - self.original_on).days if self.target_on and self.original_on else 0

    @property
    def says_ended(self) -> bool:
        """Tell whether the force reports that there is nothing to do, without having done it."""
        return self.force_report in (ForceReport.NO_LONGER_RELEVANT, ForceReport.NOT_FOR_THIS_FORCE)

    @property
    def force_says_no(self) -> bool:
        """Tell whether the force has reported that it is not done."""
        return (
            self.reported_on is not None
            and not self.says_ended
            and self.force_report is not ForceReport.COMPLETE
        )

    @property
    def office_says_no(self) -> bool:
        """Tell whether the office has weighed it and is not, or only partly, assured."""
        return self.assurance in (Assurance.NOT_ASSURED, Assurance.PARTLY_ASSURED)

    @property
    def inspectorate_says_no(self) -> bool:
        """Tell whether the inspectorate was recorded as holding it open; until then it has not spoken."""
        return self.position_on is not None and self.position in (Position.OPEN, Position.BEING_PROGRESSED)

    @property
    def later_moves(self) -> tuple[TargetDate, ...]:
        """Return the moves to a later day; the correction of a date recorded wrongly is not one."""
        return tuple(
            move
            for move in self.moves
            if move.from_on and move.due_on > move.from_on and move.category is not MoveCategory.CORRECTION
        )

    def strongest(self, today: date) -> EvidenceItem | None:
        """Return the evidence with the best grade; of several alike, the newest."""
        order = list(Grade)
        return max(
            self.evidence, key=lambda i: (order.index(grade_item(i, today)), *_newness(i)), default=None
        )

    def contradicted_on(self, today: date) -> date | None:
        """Return the day described by sound evidence that contradicts, where none better is newer."""
        best = self.strongest(today)
        against = max((i.describes_on for i in self.evidence if is_sound_contradiction(i)), default=None)
        return against if best and against and against >= best.describes_on else None

    def days_late(self, today: date) -> int:
        """Return the days since its date passed while it is open; 0 before and without one."""
        return max(0, (today - self.target_on).days) if self.is_open and self.target_on else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportDue:
    """A report on which the office must publish comments by a day; `count` is of those that are not for others."""

    inspection_id: int
    title: str
    published_on: date
    last_day: date
    count: int = 0


# What is read from the lists


def said_since(reports: Sequence[ProgressReport]) -> date | None:
    """Return the day of the first of the last unbroken run of reports with the same status."""
    run = _last_run(reports, lambda one, last: one.status is last.status)
    return run[0].happened_on if run else None


def blocked_since(reports: Sequence[ProgressReport]) -> date | None:
    """
    Return the day on which the present block was first reported; None while the last report names none.

    The block is the same as long as each report names one, in whatever words.
    """
    run = _last_run(reports, lambda one, last: bool(one.blocked_by) and bool(last.blocked_by))
    return run[0].happened_on if run and run[0].blocked_by else None


def escalated_on(
    since: date,
    evidence: Iterable[EvidenceItem],
    decisions: Iterable[AssuranceDecision],
    actions: Iterable[ActionState],
) -> date | None:
    """
    Return the first day on which a block was put to somebody who can do something about it; None for never.

    Escalated means, from the day on which the force first reported the present block: a board minuted it (a board
    minute is evidence that describes that day or a later one), the office asked for something in a decision, or an
    action about the recommendation was agreed at a meeting. An action agreed earlier counts while it is open.
    """
    days = [i.describes_on for i in evidence if i.kind is EvidenceKind.BOARD_MINUTE]
    days += [d.happened_on for d in decisions if d.ask]
    found = [day for day in days if day >= since]
    for state in actions:
        if state.is_open or state.action.agreed_on >= since:
            found.append(max(since, state.action.agreed_on))
    return min(found, default=None)


def same_ask_groups(links: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return the recommendations that ask for the same, each group sorted, from pairs of which each says it of two."""
    group_of: dict[str, set[str]] = {}
    for one, other in links:
        joined = group_of.get(one, {one}) | group_of.get(other, {other})
        for reference in joined:
            group_of[reference] = joined
    return sorted({tuple(sorted(group)) for group in group_of.values()})


def quarter_after(day: date) -> date:
    """Return the day from which a quarter has passed: three calendar months later."""
    return add_months(day, QUARTER_MONTHS)


# Facts


def facts_about(subject: Subject, today: date) -> list[Fact]:
    """Return what matters of any recommendation, whatever is asked: how late, what was measured, how often moved, on what evidence."""
    found = [
        late_fact(subject, today),
        measure_fact(subject, subject.missed) if subject.missed else None,
        moves_fact(subject),
        evidence_fact(subject, today) if subject.is_open else None,
        Fact("The test", f"{quoted(subject.closure_test, 160)}.", subject.reference)
        if subject.closure_test
        else None,
    ]
    return [fact for fact in found if fact]


def late_fact(subject: Subject, today: date) -> Fact | None:
    """Return how late it is on the day of reading."""
    days = subject.days_late(today)
    if not days or subject.target_on is None:
        return None
    words = f"Late on {long_date(today)}; it was due {due_words(subject.target_on, subject.precision)}"
    if subject.moves and subject.original_on:
        words += f", after being moved {times_word(len(subject.moves))} from {long_date(subject.original_on)}"
    return Fact(days_words(days), f"{words}.", subject.reference)


def moves_fact(subject: Subject) -> Fact | None:
    """Return how far its date has moved to later days."""
    moves = subject.later_moves
    if not moves or subject.original_on is None or subject.target_on is None:
        return None
    later = f", {days_words(subject.days_slipped)} later" if subject.days_slipped > 0 else ""
    first, last = long_date(subject.original_on), long_date(subject.target_on)
    return Fact(
        moves_words(len(moves)), f"From {first}, the date first set, to {last}{later}.", subject.reference
    )


def last_move_fact(subject: Subject) -> Fact | None:
    """Return the last move, with its reason and whether it was asked for when the date had passed."""
    if not subject.later_moves:
        return None
    move = subject.later_moves[-1]
    if move.from_on is None:
        return None
    words = f"The last move, to {long_date(move.due_on)}"
    if move.days_after_expiry:
        words += f", asked for {days_words(move.days_after_expiry)} after the date had passed"
    if move.reason:
        words += f"; the reason given: {quoted(move.reason)}"
    return Fact(days_words((move.due_on - move.from_on).days), f"{words}.", subject.reference)


def evidence_fact(subject: Subject, today: date) -> Fact:
    """Return how strong its evidence is, and what the newest is."""
    newest = subject.newest
    if newest is None:
        return Fact("None", "No evidence has been added.", subject.reference)
    count, on = len(subject.evidence), long_date(newest.describes_on)
    items = (
        f"one item, which describes {on}" if count == 1 else f"{count:,} items, the newest describing {on}"
    )
    return Fact(subject.grade.word, f"The grade of its evidence: {items}.", subject.reference)


def since_claim_fact(subject: Subject) -> Fact | None:
    """Return that no evidence describes the time since the claim."""
    if subject.newest is None or subject.said_since is None:
        return None
    return Fact(
        "None",
        f"No evidence describes a day since it was reported complete on {long_date(subject.said_since)}; "
        f"the newest describes {long_date(subject.newest.describes_on)}.",
        subject.reference,
    )


def measure_fact(subject: Subject, item: EvidenceItem) -> Fact:
    """Return a measured value against its target."""
    name = one_line(item.measure or item.title) or subject.short_title
    against = f"; the target is {target_words(item)}" if item.target is not None else ""
    return Fact(
        value_words(item), f"{quoted(name)}, {month_year(item.describes_on)}{against}.", subject.reference
    )


def assurance_fact(subject: Subject) -> Fact | None:
    """Return what the office decided last, and what it asked to see."""
    if subject.assured_on is None:
        return None
    asked = f" and asked to see: {quoted(subject.asked)}" if subject.asked else ""
    return Fact(
        subject.assurance.word,
        f"The office weighed the evidence on {long_date(subject.assured_on)}{asked}.",
        subject.reference,
    )


def position_fact(subject: Subject) -> Fact | None:
    """Return the inspectorate's last position."""
    if subject.position_on is None:
        return None
    return Fact(
        subject.position.word,
        f"The inspectorate's position, recorded for {long_date(subject.position_on)}.",
        subject.reference,
    )


def blocked_fact(subject: Subject, today: date) -> Fact | None:
    """Return what is in the way, since when, and that nobody who can do something about it was told."""
    since = subject.blocked_since
    if since is None:
        return None
    told = f"reported since {long_date(since)}, and no board minute, request of the office or action since"
    return Fact(days_words((today - since).days), f"{quoted(subject.blocked_by)}: {told}.", subject.reference)


def refusal_fact(subject: Subject) -> Fact | None:
    """Return that the last date asked for was not agreed."""
    if subject.refused_on is None:
        return None
    words = f"The new date asked for was not agreed, on {long_date(subject.refused_on)}."
    return Fact("Not agreed", words, subject.reference)


def force_fact(subject: Subject) -> Fact | None:
    """Return what the force reported last."""
    if subject.reported_on is None:
        return None
    words = f"The force's last report, of {long_date(subject.reported_on)}."
    return Fact(subject.force_report.word, words, subject.reference)


def silence_fact(subject: Subject, today: date) -> Fact:
    """Return how long nothing was reported."""
    since = long_date(subject.last_update_on)
    words = (
        f"Since the last report, of {since}."
        if subject.reported_on
        else f"Since {since}, and nothing reported."
    )
    return Fact(days_words((today - subject.last_update_on).days), words, subject.reference)


# Words


def one_line(text: str) -> str:
    """Return the text on one line."""
    return " ".join(text.split())


def cut(text: str, most: int) -> str:
    """Return the text on one line, of at most so many characters, cut between words where that loses little."""
    line = one_line(text)
    if len(line) <= most:
        return line
    kept = line[: most - 1]
    whole = kept.rsplit(" ", 1)[0]
    return (whole if len(whole) > most // 2 else kept).rstrip(" ,;:") + "…"


def quoted(text: str, most: int = QUOTE_MAX) -> str:
    """Return what somebody wrote, in quotation marks and without the full stop at its end."""
    return f"“{cut(one_line(text).removesuffix('.'), most)}”"


def due_words(day: date, precision: Precision) -> str:
    """Return a date as exactly as it is known: "on 30 November 2022", "by the end of March 2023"."""
    if precision is Precision.MONTH:
        return f"by the end of {month_year(day)}"
    if precision is Precision.YEAR:
        return f"by the end of {day.year}"
    return f"on {long_date(day)}"


def moves_words(count: int) -> str:
    """Return "1 move", "3 moves"."""
    return "1 move" if count == 1 else f"{count:,} moves"


def moved_words(subject: Subject) -> str:
    """Return "twice, from 30 June 2022 to 30 November 2022, 153 days later"."""
    times = times_word(len(subject.later_moves))
    if subject.original_on is None or subject.target_on is None:
        return times
    later = f", {days_words(subject.days_slipped)} later" if subject.days_slipped > 0 else ""
    return f"{times}, from {long_date(subject.original_on)} to {long_date(subject.target_on)}{later}"


_NOT_COUNTED: Final = frozenset(
    {"%", "£", "percent", "percentage", "pound", "pounds", "pence", "point", "points", "score", "scores", "second",
     "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year",
     "years", "rate", "ratio"}
)  # fmt: skip
_UNIT_WORDS: Final = re.compile(r"[^\W\d_]+|[%£]")


def counts_cases(item: EvidenceItem) -> bool:
    """Tell whether the value counts cases of the sample, so that "8 of 12" is true of it."""
    if item.value is None or not item.sample:
        return False
    numbers = [item.value] if item.target is None else [item.value, item.target]
    whole = all(number == int(number) and 0 <= number <= item.sample for number in numbers)
    return whole and _NOT_COUNTED.isdisjoint(_UNIT_WORDS.findall(item.unit.casefold()))


def value_words(item: EvidenceItem) -> str:
    """Return the measured value: "8 of 12", "68%", "1.4 minutes"."""
    if item.value is None:
        return ""
    if counts_cases(item):
        return f"{number(item.value)} of {item.sample:,}"
    return _with_unit(item.value, item.unit)


def target_words(item: EvidenceItem) -> str:
    """Return the target in the form of the value: "11", "90%", "2 minutes"."""
    if item.target is None:
        return ""
    return number(item.target) if counts_cases(item) else _with_unit(item.target, item.unit)


def number(value: float) -> str:
    """Return "1,204" or "97.9", with a true minus."""
    text = f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def _with_unit(value: float, unit: str) -> str:
    told = one_line(unit)
    return f"{number(value)}{told if told in ('', '%') else f' {cut(told, 20)}'}"


def weakness(subject: Subject, today: date) -> str:
    """Return why the evidence of a claim is weak, as a clause about its strongest item."""
    best = subject.strongest(today)
    if best is None:
        return "no evidence has been added"
    day = month_year(best.describes_on)
    if not is_fresh(best.describes_on, today):
        return f"the evidence for it describes {day}, over a year ago"
    if best.kind in _CALLED:
        return f"the evidence for it so far is {_CALLED[best.kind]} of {day}"
    if best.checked_by is CheckedBy.OWN_TEAM:
        return f"the evidence for it is a check of {day} by the team itself"
    return f"the evidence of {day} does not yet show the result"


_CALLED: Final = {
    EvidenceKind.ASSERTION: "a statement",
    EvidenceKind.POLICY: "a written policy or procedure",
    EvidenceKind.TRAINING: "a training record",
    EvidenceKind.BOARD_MINUTE: "a board minute",
    EvidenceKind.LETTER: "a letter",
}


def _newness(item: EvidenceItem) -> tuple[date, int]:
    return item.describes_on, item.id


def _last_run(
    reports: Sequence[ProgressReport], alike: Callable[[ProgressReport, ProgressReport], bool]
) -> list[ProgressReport]:
    """Return the last reports that are alike, oldest first, the last one among them."""
    told = sorted(reports, key=lambda one: (one.happened_on, one.n))
    run: list[ProgressReport] = []
    for one in reversed(told):
        if run and not alike(one, run[0]):
            break
        run.insert(0, one)
    return run
