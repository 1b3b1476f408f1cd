"""What needs attention, in which order, and the one reason that is told."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from monitor.dates import days_words, times_word
from monitor.domain.evidence import Grade
from monitor.domain.statuses import Assurance, ForceReport, ScheduleState

UPDATE_EVERY_DAYS: Final = 30
SILENT_DAYS: Final = 60
REASON_MAX: Final = 90


@dataclass(frozen=True, slots=True)
class Facts:
    """What the order and the reason rest on, for one open recommendation."""

    schedule: ScheduleState
    days_late: int
    target_on: date | None
    force_report: ForceReport
    assurance: Assurance
    grade: Grade
    moves: int
    asked_after_expiry: int
    silent_days: int
    blocked_by: str


def is_claimed_not_assured(force_report: ForceReport, assurance: Assurance) -> bool:
    """Tell whether the force reports complete and the office is not assured."""
    return force_report is ForceReport.COMPLETE and assurance is not Assurance.ASSURED


def reason(facts: Facts) -> str:
    """Return the worst fact, in one sentence of at most 90 characters."""
    grade = (
        "No evidence has been added."
        if facts.grade is Grade.NONE
        else f"Evidence: {facts.grade.word.lower()}."
    )
    if is_claimed_not_assured(facts.force_report, facts.assurance):
        return {
            Assurance.NOT_LOOKED_AT: f"The force reports complete; the office has not yet looked. {grade}",
            Assurance.NOT_ASSURED: f"The force reports complete; the office is not assured. {grade}",
            Assurance.PARTLY_ASSURED: f"The force reports complete; the office is only partly assured. {grade}",
        }[facts.assurance]
    silent = f"no update for {days_words(facts.silent_days)}"
    is_silent = facts.silent_days > SILENT_DAYS
    if facts.grade is Grade.NONE:
        return f"No evidence, and {silent}." if is_silent else "No evidence has been added."
    if facts.moves:
        moved = f"Moved {times_word(facts.moves)}"
        if facts.asked_after_expiry:
            return f"{moved}, asked for after the date had passed."
        return f"{moved}; {silent}." if is_silent else f"{moved}. {grade}"
    if facts.blocked_by:
        return "Blocked by another body, as the force reports."
    if is_silent:
        return f"{silent[0].upper()}{silent[1:]}."
    if facts.assurance is Assurance.ASSURED:
        return f"The office is assured; closure can be proposed. {grade}"
    if facts.grade is Grade.STRONG:
        return "Strong evidence; closure can be proposed."
    return f"{facts.force_report.word}. {grade}"


def order(facts: Facts) -> tuple[int, int, date]:
    """Return the sort key: longest late first, then claims without assurance by date, then forecast late."""
    far = facts.target_on or date.max
    if facts.schedule is ScheduleState.OVERDUE:
        return 0, -facts.days_late, far
    if is_claimed_not_assured(facts.force_report, facts.assurance):
        weakest_first = list(Grade).index(facts.grade)
        return 1, weakest_first, far
    if facts.schedule is ScheduleState.FORECAST_LATE:
        return 2, 0, far
    return 3, -facts.silent_days, far
