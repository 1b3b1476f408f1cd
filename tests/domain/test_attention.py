from itertools import product
from typing import Any

import pytest

from monitor.domain.attention import REASON_MAX, SILENT_DAYS, Facts, is_claimed_not_assured, order, reason
from monitor.domain.evidence import Grade
from monitor.domain.statuses import Assurance, ForceReport, ScheduleState
from tests.builders import DAY


def facts(**given: Any) -> Facts:
    """Return the facts of an item in progress, on course, with fair evidence and a fresh update."""
    usual: dict[str, Any] = {
        "schedule": ScheduleState.ON_COURSE,
        "days_late": 0,
        "target_on": DAY,
        "force_report": ForceReport.IN_PROGRESS,
        "assurance": Assurance.NOT_LOOKED_AT,
        "grade": Grade.FAIR,
        "moves": 0,
        "asked_after_expiry": 0,
        "silent_days": 3,
        "blocked_by": "",
    }
    return Facts(**usual | given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({}, "In progress. Evidence: fair.", id="nothing the matter"),
        pytest.param(
            {"force_report": ForceReport.COMPLETE, "grade": Grade.WEAK},
            "The force reports complete; the office has not yet looked. Evidence: weak.",
            id="a claim nobody has looked at",
        ),
        pytest.param(
            {"force_report": ForceReport.COMPLETE, "assurance": Assurance.NOT_ASSURED, "grade": Grade.NONE},
            "The force reports complete; the office is not assured. No evidence has been added.",
            id="a claim without evidence",
        ),
        pytest.param({"grade": Grade.NONE}, "No evidence has been added.", id="no evidence"),
        pytest.param(
            {"grade": Grade.NONE, "silent_days": SILENT_DAYS + 1},
            "No evidence, and no update for 61 days.",
            id="no evidence and no word",
        ),
        pytest.param({"moves": 2}, "Moved twice. Evidence: fair.", id="moved"),
        pytest.param(
            {"moves": 1, "asked_after_expiry": 1},
            "Moved once, asked for after the date had passed.",
            id="moved when it was too late",
        ),
        pytest.param(
            {"blocked_by": "the Home Office"}, "Blocked by another body, as the force reports.", id="blocked"
        ),
        pytest.param({"silent_days": SILENT_DAYS}, "In progress. Evidence: fair.", id="sixty days of silence"),
        pytest.param({"silent_days": SILENT_DAYS + 1}, "No update for 61 days.", id="sixty-one days of silence"),
        pytest.param(
            {"assurance": Assurance.ASSURED}, "The office is assured; closure can be proposed. Evidence: fair.",
            id="assured",
        ),
        pytest.param({"grade": Grade.STRONG}, "Strong evidence; closure can be proposed.", id="strong evidence"),
    ],
)  # fmt: skip
def test_the_worst_fact_is_told_in_one_sentence(given: dict[str, Any], said: str) -> None:
    """A row that needs attention says why, and says only the worst."""
    assert reason(facts(**given)) == said


def test_a_reason_always_fits_its_line() -> None:
    """Whatever the facts, there is a reason of at most 90 characters that ends as a sentence."""
    every = product(ForceReport, Assurance, Grade, (0, 1, 2, 1000), (0, 1), (0, 61, 100_000), ("", "x" * 500))
    for force_report, assurance, grade, moves, late, silent, blocked in every:
        said = reason(
            facts(
                force_report=force_report,
                assurance=assurance,
                grade=grade,
                moves=moves,
                asked_after_expiry=late,
                silent_days=silent,
                blocked_by=blocked,
            )
        )
        assert 0 < len(said) <= REASON_MAX, said
        assert said.endswith(".")
        assert said[0].isupper()


@pytest.mark.parametrize("assurance", [a for a in Assurance if a is not Assurance.ASSURED])
def test_a_claim_is_a_report_of_complete_without_assurance(assurance: Assurance) -> None:
    """Complete is what the force says; until the office is assured it is a claim."""
    assert is_claimed_not_assured(ForceReport.COMPLETE, assurance)
    assert not is_claimed_not_assured(ForceReport.IN_PROGRESS, assurance)
    assert not is_claimed_not_assured(ForceReport.COMPLETE, Assurance.ASSURED)


def test_the_longest_late_come_first_then_claims_then_what_is_forecast_late() -> None:
    """The order of the list is the order in which to ask."""
    late_long = facts(schedule=ScheduleState.OVERDUE, days_late=200)
    late = facts(schedule=ScheduleState.OVERDUE, days_late=1)
    claim_without = facts(force_report=ForceReport.COMPLETE, grade=Grade.NONE)
    claim = facts(force_report=ForceReport.COMPLETE, grade=Grade.STRONG)
    foretold = facts(schedule=ScheduleState.FORECAST_LATE)
    silent = facts(silent_days=200)
    quiet = facts(silent_days=1)
    told = [quiet, silent, foretold, claim, claim_without, late, late_long]

    assert sorted(told, key=order) == told[::-1]


def test_what_has_no_date_comes_after_what_has_one() -> None:
    """Of two alike, the one with the nearer date is first and the one without a date last."""
    dated, undated = facts(), facts(target_on=None)

    assert sorted([undated, dated], key=order) == [dated, undated]
