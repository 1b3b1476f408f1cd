import pytest

from monitor.domain.access import Role
from monitor.domain.statuses import Assurance, ClosureReason, MeetingKind, MoveCategory
from monitor.errors import AccessError, NotFoundError, RuleError
from monitor.services.deciding import (
    agree_closure,
    agree_date,
    check_sustainment,
    decide_assurance,
    move_date,
    propose_closure,
    reopen,
)
from monitor.services.meetings import record_meeting
from monitor.services.updating import ask_date
from monitor.store import Store
from tests.builders import (
    EDITOR,
    ELSEWHERE,
    OFFICE,
    OFFICE_ELSEWHERE,
    REASON,
    SERVICE,
    Clock,
    close,
    day,
    give_evidence,
    person,
    take_in,
)


def test_a_date_moves_only_with_both_dates_kept(register: Store) -> None:
    """Asked and agreed, or moved by the office: the first date, each move and who agreed are read back."""
    take_in(register, due_on=day(30))
    move_date(
        register, reference="CC-001", due_on=day(60), reason=REASON, category=MoveCategory.SCOPE, by=OFFICE
    )
    ask_date(
        register, reference="CC-001", due_on=day(90), reason=REASON, category=MoveCategory.SCOPE, by=EDITOR
    )
    agree_date(register, reference="CC-001", by=OFFICE)

    with register.reading() as reader:
        row = reader.current_rows()[0]
        targets = reader.record("CC-001").targets
    assert (row.original_on, row.target_on, row.moves, row.days_slipped) == (day(30), day(90), 2, 60)
    assert [(t.stage.value, t.by) for t in targets] == [
        ("set", "office"),
        ("moved", "office"),
        ("asked", "editor"),
        ("agreed", "office"),
    ]


def test_a_closing_keeps_what_was_accepted(register: Store) -> None:
    """The version that the second person saw, and the evidence it rested on."""
    take_in(register)

    record = close(register)

    assert record.closing is not None
    assert record.closing.accepted_version == record.version - 1
    assert record.closing.evidence_ids == (1,)


def test_one_person_with_every_role_cannot_close(register: Store) -> None:
    """By whatever route, a second person is another person."""
    alone = person("alone", *Role)
    take_in(register, by=alone)
    item = give_evidence(register, by=alone)
    propose_closure(
        register,
        reference="CC-001",
        reason=ClosureReason.MET,
        statement="Done.",
        evidence_ids=[item.id],
        by=alone,
    )

    with pytest.raises(AccessError, match="second person"):
        agree_closure(register, reference="CC-001", by=alone)

    with register.reading() as reader:
        assert not reader.record("CC-001").is_closed


def test_a_closing_cannot_be_pushed_back_before_a_reopening(register: Store, clock: Clock) -> None:
    """Proposed and agreed on days before it was reopened, it would have been closed twice at once."""
    take_in(register)
    clock.set(day(10))
    close(register)
    clock.set(day(20))
    reopen(register, reference="CC-001", statement=REASON, by=OFFICE)

    with pytest.raises(RuleError, match="before CC-001 was reopened"):
        propose_closure(
            register,
            reference="CC-001",
            reason=ClosureReason.MET,
            statement="Done.",
            evidence_ids=[1],
            by=EDITOR,
            on=day(5),
        )


def test_a_decision_names_a_meeting_of_its_own_service(register: Store) -> None:
    """A meeting of another service, and one that is not there, read the same."""
    take_in(register)
    ours = record_meeting(register, service=SERVICE, kind=MeetingKind.CONFERENCE, on=day(-9), by=OFFICE)
    theirs = record_meeting(
        register, service=ELSEWHERE, kind=MeetingKind.CONFERENCE, on=day(-9), by=OFFICE_ELSEWHERE
    )

    for absent in (theirs.id, 99):
        with pytest.raises(NotFoundError, match=f"There is no meeting {absent}"):
            decide_assurance(
                register,
                reference="CC-001",
                level=Assurance.NOT_ASSURED,
                rationale="Few cases.",
                by=OFFICE,
                meeting_id=absent,
            )
    record = decide_assurance(
        register,
        reference="CC-001",
        level=Assurance.NOT_ASSURED,
        rationale="Few cases.",
        by=OFFICE,
        meeting_id=ours.id,
    )
    assert record.decisions[-1].meeting_id == ours.id


def test_a_closed_item_is_looked_at_again(register: Store, clock: Clock) -> None:
    """The check is an entry of its own and answers the closing."""
    take_in(register)
    close(register)
    clock.set(day(90))

    record = check_sustainment(
        register, reference="CC-001", sustained=False, statement="It has slipped back.", by=OFFICE
    )

    assert record.closures[-1].sustained is False
    assert record.is_closed
