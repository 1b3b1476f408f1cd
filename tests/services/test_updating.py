import math
from typing import Any

import pytest

from monitor.domain.access import Role
from monitor.domain.statuses import ForceReport, SetBy
from monitor.errors import ConflictError, NotFoundError, RuleError
from monitor.services.checking import verify
from monitor.services.intake import take_in_report
from monitor.services.reading import texts_of
from monitor.services.updating import report_progress, set_date
from monitor.store import Store
from tests.builders import (
    A_REPORT,
    APPROVER,
    DAY,
    EDITOR,
    EDITOR_2,
    ELSEWHERE,
    OFFICE,
    SERVICE,
    Clock,
    day,
    give_evidence,
    person,
    take_in,
)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"title": " \u200b"}, "Give the evidence a title", id="no title"),
        pytest.param({"describes_on": day(1)}, "cannot describe", id="it describes tomorrow"),
        pytest.param({"received_on": day(1)}, "cannot have been received", id="received tomorrow"),
        pytest.param({"describes_from": day(1)}, "ends before it begins", id="a period the wrong way round"),
        pytest.param({"sample": 0}, "at least one", id="a sample of none"),
        pytest.param({"sample": -3}, "at least one", id="a sample below none"),
        pytest.param(
            {"sample": 41, "population": 40}, "larger than what it was drawn from", id="more than all"
        ),
        pytest.param({"population": 0}, "at least one", id="drawn from nothing"),
        pytest.param({"sample": 3_000_000_000}, "at most", id="more than a database can count"),
        pytest.param({"target": 90.0}, "no value measured", id="a target without a value"),
        pytest.param({"value": math.nan}, "must be numbers", id="a value that is no number"),
        pytest.param({"value": math.inf}, "must be numbers", id="an endless value"),
        pytest.param({"value": 1.0, "target": math.nan}, "must be numbers", id="a target that is no number"),
        pytest.param({"note": "x" * 20_001}, "20,000", id="an enormous note"),
        pytest.param({"on": day(1)}, "future", id="added tomorrow"),
        pytest.param({"on": day(-1)}, "cannot describe", id="added before it came onto the register"),
    ],
)
def test_evidence_that_cannot_be_is_refused(register: Store, given: dict[str, Any], said: str) -> None:
    """The message says which of its facts, and nothing is written."""
    take_in(register)
    before = register.data_version()

    with pytest.raises(RuleError, match=said):
        give_evidence(register, **given)

    assert register.data_version() == before


def test_evidence_needs_a_recommendation_to_serve(register: Store) -> None:
    """An item on its own shows nothing."""
    from monitor.services.updating import add_evidence

    facts: dict[str, Any] = {"kind": "audit", "title": "x", "describes_on": DAY, "direction": "supports"}
    with pytest.raises(RuleError, match="at least one recommendation"):
        add_evidence(register, references=[], checked_by=None, by=EDITOR, **facts)  # type: ignore[arg-type]


def test_one_item_serves_several_recommendations_and_is_kept_once(register: Store) -> None:
    """Named twice, a recommendation is served once."""
    take_in(register, "CC-001")
    take_in(register, "CC-002")

    item = give_evidence(register, "CC-001", "CC-002", "CC-001", value=94)

    with register.reading() as reader:
        assert list(reader.evidence_items()) == [item.id]
        for reference in ("CC-001", "CC-002"):
            assert [use.evidence_id for use in reader.record(reference).evidence] == [item.id]
    assert verify(register, by=OFFICE).ok


def test_evidence_does_not_cross_from_one_service_to_another(register: Store) -> None:
    """An item given to recommendations of two services serves neither."""
    both = person("both", Role.OFFICE, services=None)
    report = take_in_report(register, service=ELSEWHERE, title="A fire report", by=both)
    take_in(register, "CC-001")
    take_in(register, "FR-001", inspection_id=report.id, by=both)
    before = register.data_version()

    with pytest.raises(RuleError, match=f"belongs to {SERVICE}"):
        give_evidence(register, "CC-001", "FR-001", by=both)

    assert register.data_version() == before


def test_evidence_for_one_that_is_hidden_among_others_is_refused_as_a_whole(register: Store) -> None:
    """The force is told that there is no such recommendation."""
    take_in(register, "CC-001")

    with pytest.raises(NotFoundError, match="CC-404"):
        give_evidence(register, "CC-001", "CC-404")


@pytest.mark.parametrize(
    ("by", "set_by"),
    [
        pytest.param(EDITOR, SetBy.SERVICE, id="the force its own"),
        pytest.param(APPROVER, SetBy.SERVICE, id="an approver, too, the force's"),
        pytest.param(OFFICE, SetBy.OFFICE, id="the office the office's"),
    ],
)
def test_a_first_date_says_who_set_it(register: Store, by: Any, set_by: SetBy) -> None:
    """Nobody sets a date in another's name."""
    take_in(register)

    record = set_date(register, reference="CC-001", due_on=day(60), by=by)

    assert record.targets[-1].set_by is set_by


def test_the_second_of_two_editors_sees_both_texts_and_loses_nothing(register: Store, clock: Clock) -> None:
    """She opened it first and saves second: her text is refused beside his, and can be sent again."""
    seen = take_in(register).version
    report_progress(
        register,
        reference="CC-001",
        by=EDITOR,
        version=seen,
        status=ForceReport.IN_PROGRESS,
        narrative="His text.",
    )
    before = register.data_version()

    with pytest.raises(ConflictError) as conflict:
        report_progress(
            register,
            reference="CC-001",
            by=EDITOR_2,
            version=seen,
            status=ForceReport.COMPLETE,
            narrative="Her text.",
        )

    facts = conflict.value.facts
    assert [texts_of(row) for row in facts["theirs"]] == [["His text."]]
    assert (facts["seen"], facts["now"]) == (seen, seen + 1)
    assert "Editor Person, progress reported" in conflict.value.message
    assert register.data_version() == before
    record = report_progress(
        register,
        reference="CC-001",
        by=EDITOR_2,
        version=facts["now"],
        status=ForceReport.COMPLETE,
        narrative="Her text.",
    )
    assert [r.narrative for r in record.reports] == ["His text.", "Her text."]


def test_a_conflict_tells_everything_written_meanwhile_oldest_first(register: Store) -> None:
    """Three changes since it was opened are three texts."""
    seen = take_in(register).version
    for words in ("One.", "Two.", "Three."):
        report_progress(register, reference="CC-001", by=EDITOR, **A_REPORT | {"narrative": words})

    with pytest.raises(ConflictError) as conflict:
        report_progress(register, reference="CC-001", by=EDITOR_2, version=seen, **A_REPORT)

    assert [texts_of(row) for row in conflict.value.facts["theirs"]] == [["One."], ["Two."], ["Three."]]


def test_a_change_elsewhere_is_no_conflict(register: Store) -> None:
    """Two people work on two recommendations side by side."""
    seen = take_in(register, "CC-001").version
    take_in(register, "CC-002")
    report_progress(register, reference="CC-002", by=EDITOR, **A_REPORT)

    assert report_progress(register, reference="CC-001", by=EDITOR_2, version=seen, **A_REPORT).version == 2


def test_evidence_is_added_against_the_version_that_was_seen(register: Store) -> None:
    """A form that is out of date adds no evidence either, and leaves no item behind."""
    seen = take_in(register).version
    report_progress(register, reference="CC-001", by=EDITOR, **A_REPORT)

    with pytest.raises(ConflictError):
        give_evidence(register, "CC-001", version=seen, by=EDITOR_2)

    with register.reading() as reader:
        assert reader.evidence_items() == {}
