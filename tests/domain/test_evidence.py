from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.evidence import (
    FRESH_DAYS,
    RUBRIC,
    CheckedBy,
    Direction,
    EvidenceItem,
    EvidenceKind,
    Grade,
    facts_of,
    grade_item,
    grade_of,
    is_sound_contradiction,
    reasons_for,
    why_graded,
)
from tests.builders import DAY, an_item, day


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        pytest.param({}, Grade.STRONG, id="an audit with a sample that supports"),
        pytest.param({"sample": None, "value": 94.0}, Grade.STRONG, id="a measure instead of a sample"),
        pytest.param(
            {"value": 90.0, "target": 90.0}, Grade.STRONG, id="a measure that just reaches its target"
        ),
        pytest.param({"value": 89.9, "target": 90.0}, Grade.FAIR, id="a measure short of its target"),
        pytest.param({"value": 0.0, "sample": None}, Grade.STRONG, id="a measured nought is a measure"),
        pytest.param({"sample": None}, Grade.FAIR, id="checked outside, but no number"),
        pytest.param({"checked_by": CheckedBy.OWN_TEAM}, Grade.FAIR, id="a sample, but the team's own"),
        pytest.param(
            {"checked_by": CheckedBy.OTHER_TEAM}, Grade.STRONG, id="another team of the force checked"
        ),
        pytest.param({"direction": Direction.MIXED}, Grade.FAIR, id="mixed"),
        pytest.param({"direction": Direction.NO_RESULT}, Grade.WEAK, id="no result"),
        pytest.param({"direction": Direction.CONTRADICTS}, Grade.WEAK, id="contradicts"),
        pytest.param(
            {"checked_by": CheckedBy.OWN_TEAM, "sample": None},
            Grade.WEAK,
            id="the team itself, without a number",
        ),
        pytest.param({"kind": EvidenceKind.POLICY}, Grade.WEAK, id="a policy, whoever checked it"),
        pytest.param({"kind": EvidenceKind.TRAINING}, Grade.WEAK, id="a training record"),
        pytest.param({"kind": EvidenceKind.BOARD_MINUTE}, Grade.WEAK, id="a board minute"),
        pytest.param({"kind": EvidenceKind.LETTER}, Grade.WEAK, id="a letter"),
        pytest.param({"kind": EvidenceKind.ASSERTION}, Grade.WEAK, id="an assertion"),
        pytest.param({"describes_on": day(-365)}, Grade.STRONG, id="a year ago to the day"),
        pytest.param({"describes_on": day(-366)}, Grade.WEAK, id="a year and a day ago"),
    ],
)
def test_the_rubric_gives_an_item_its_grade(facts: dict[str, Any], grade: Grade) -> None:
    """The printed rules give one word, on the day of reading."""
    assert grade_item(an_item(**facts), DAY) is grade


@pytest.mark.parametrize(
    ("items", "grade"),
    [
        pytest.param([], Grade.NONE, id="nothing"),
        pytest.param([{"kind": EvidenceKind.POLICY}], Grade.WEAK, id="a policy alone"),
        pytest.param([{"kind": EvidenceKind.POLICY}, {}], Grade.STRONG, id="the strongest gives the grade"),
        pytest.param([{"sample": None}, {"kind": EvidenceKind.LETTER}], Grade.FAIR, id="fair beside weak"),
        pytest.param(
            [{"describes_on": day(-9)}, {"direction": Direction.CONTRADICTS, "describes_on": day(-1)}],
            Grade.WEAK,
            id="sound evidence contradicts later",
        ),
        pytest.param(
            [{}, {"direction": Direction.CONTRADICTS}],
            Grade.WEAK,
            id="sound evidence contradicts on the same day",
        ),
        pytest.param(
            [{}, {"direction": Direction.CONTRADICTS, "describes_on": day(-1)}],
            Grade.STRONG,
            id="the contradiction is older",
        ),
        pytest.param(
            [
                {},
                {
                    "direction": Direction.CONTRADICTS,
                    "checked_by": CheckedBy.OWN_TEAM,
                    "sample": None,
                },
            ],
            Grade.STRONG,
            id="an unsound contradiction does not count",
        ),
        pytest.param(
            [
                {"describes_on": day(-30)},
                {"direction": Direction.CONTRADICTS, "describes_on": day(-20)},
                {"sample": None, "describes_on": day(-10)},
            ],
            Grade.FAIR,
            id="fair evidence after the contradiction answers it",
        ),
        pytest.param([{"describes_on": day(-400)}], Grade.WEAK, id="strong once, stale now"),
    ],
)
def test_the_grade_of_all_evidence_follows_the_printed_rule(
    items: list[dict[str, Any]], grade: Grade
) -> None:
    """The strongest item gives the grade, unless sound evidence of the same day or later contradicts."""
    assert grade_of(facts_of(an_item(**facts) for facts in items), DAY) is grade


def test_a_grade_fades_when_nothing_new_comes() -> None:
    """What was strong is weak a year and a day later, though no row has changed."""
    facts = facts_of([an_item()])

    assert grade_of(facts, day(FRESH_DAYS)) is Grade.STRONG
    assert grade_of(facts, day(FRESH_DAYS + 1)) is Grade.WEAK


ITEMS = st.builds(
    lambda **facts: an_item(**facts),
    kind=st.sampled_from(EvidenceKind),
    direction=st.sampled_from(Direction),
    checked_by=st.sampled_from(CheckedBy),
    sample=st.sampled_from([None, 40]),
    value=st.sampled_from([None, 0.0, 90.0]),
    target=st.sampled_from([None, 90.0]),
    describes_on=st.integers(-800, 0).map(day),
)


def graded_item_by_item(items: list[EvidenceItem], today: date) -> Grade:
    """Return the grade as the rubric's last line says it, from the items themselves."""
    against = max((i.describes_on for i in items if is_sound_contradiction(i)), default=date.min)
    counted = [grade_item(i, today) for i in items if i.describes_on > against]
    order = list(Grade)
    best = max(counted, key=order.index, default=Grade.WEAK)
    return best if items else Grade.NONE


@given(st.lists(ITEMS, max_size=5), st.integers(0, 500))
def test_the_facts_kept_on_a_row_give_the_same_grade_as_the_items(
    items: list[EvidenceItem], later: int
) -> None:
    """What a row caches of its evidence is enough for the grade of any later day."""
    today = day(later)

    assert grade_of(facts_of(items), today) is graded_item_by_item(items, today)


def test_the_reasons_say_kind_checker_sample_and_the_month_it_describes() -> None:
    """The grade is never shown alone: the facts that gave it stand beside it."""
    item = an_item(value=87.0, target=90.0, unit="%", checker="TIAA")

    assert (
        reasons_for(item, DAY)
        == "audit, checked by TIAA, 40 of 400 cases, 87% against 90%, describes March 2024"
    )


def test_the_reasons_say_what_is_missing_and_what_is_old() -> None:
    """A reader sees why it is weak: no number, and over a year ago."""
    item = an_item(sample=None, checked_by=CheckedBy.OWN_TEAM, describes_on=day(-400))

    assert reasons_for(item, DAY).endswith("no sample or measure, describes January 2023, over a year ago")


def test_why_names_the_strongest_item_and_the_contradiction() -> None:
    """Where evidence is contradicted, the sentence says so and when."""
    items = [
        an_item(title="Audit", describes_on=day(-9)),
        an_item(id=2, title="Dip sample", direction=Direction.CONTRADICTS, describes_on=day(-1)),
    ]

    said = why_graded(items, DAY)

    assert said.startswith("The strongest: Audit (")
    assert said.endswith("Evidence of 3 Mar 2024 contradicts it.")


def test_why_says_when_there_is_none() -> None:
    """No evidence is a fact that is told."""
    assert why_graded([], DAY) == "No evidence has been added."


def test_the_printed_rubric_names_the_same_number_of_days_as_the_rule() -> None:
    """The page and the code cannot drift apart on how long evidence counts."""
    assert any(f"More than {FRESH_DAYS} days" in text for _, text in RUBRIC)
    assert day(FRESH_DAYS) - DAY == timedelta(days=FRESH_DAYS)
