"""What changed between two days, as now known; and what was recorded later about days before."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from monitor.analysis.changes import Change, ChangeKind
from monitor.domain.evidence import CheckedBy, Direction
from monitor.domain.statuses import (
    Applicability,
    Assurance,
    ClosureReason,
    ForceReport,
    MeetingKind,
    MoveCategory,
    Position,
)
from monitor.errors import AccessError, RuleError
from monitor.services import deciding, updating
from monitor.services.intake import assign, take_in_report
from monitor.services.meetings import record_meeting
from monitor.services.since import Since, since, start_of
from monitor.services.view import RegisterView, register_view
from monitor.store import Store
from tests.builders import (
    ADMINISTRATOR,
    DAY,
    EDITOR,
    ELSEWHERE,
    NOBODY,
    OFFICE,
    OFFICE_ELSEWHERE,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    a_register,
    close,
    day,
    give_evidence,
    moment,
    take_in,
)

K = ChangeKind


def seen(store: Store, start: int, end: int | None = None, **options: Any) -> Since:
    """Return what the office sees of the days from one to another, or to today."""
    view = register_view(store, by=OFFICE, as_at=None if end is None else day(end), **options)
    return since(store, view=view, start=day(start), by=OFFICE)


def told(found: Since, kind: ChangeKind) -> list[tuple[str, date]]:
    """Return reference and day of each change of a kind."""
    return [(change.reference, change.on) for change in found.group(kind).changes]


def only(found: Since, kind: ChangeKind) -> Change:
    """Return the one change of a kind."""
    (change,) = found.group(kind).changes
    return change


def late(found: Since, kind: ChangeKind) -> list[str]:
    """Return what was recorded later, of one kind."""
    return [
        change.reference for group in found.recorded_later if group.kind is kind for change in group.changes
    ]


def open_then(store: Store, at: int) -> set[str]:
    """Return what the register showed as open at the end of a day, as it was then known."""
    rows = register_view(store, by=OFFICE, as_at=day(at)).rows
    return set(rows.loc[rows["is_open"], "reference"])


def report(store: Store, status: ForceReport, reference: str = "CC-001", **given: Any) -> None:
    """Let the force report."""
    updating.report_progress(
        store, reference=reference, status=status, narrative="So it is.", by=EDITOR, **given
    )


def decide(store: Store, level: Assurance, **given: Any) -> None:
    """Let the office decide."""
    deciding.decide_assurance(store, reference="CC-001", level=level, rationale="Seen.", by=OFFICE, **given)


def move(store: Store, to: int, **given: Any) -> None:
    """Let the office move the date."""
    deciding.move_date(
        store,
        reference="CC-001",
        due_on=day(to),
        reason=REASON,
        category=MoveCategory.SCOPE,
        by=OFFICE,
        **given,
    )


def reopen(store: Store, reference: str = "CC-001", **given: Any) -> None:
    """Open it again."""
    deciding.reopen(store, reference=reference, statement=REASON, by=OFFICE, **given)


# What happened


def test_everything_that_happened_stands_in_its_group(register: Store, clock: Clock) -> None:
    """One story with a change of almost every kind; what happened on the first day itself is not among them."""
    take_in(register, "CC-001", due_on=day(20))
    take_in(register, "CC-002", due_on=day(40))
    take_in(register, "CC-003")
    take_in(register, "CC-004", due_on=day(9))
    clock.set(day(10))
    report(register, ForceReport.IN_PROGRESS)
    clock.set(day(12))
    take_in(register, "CC-005")
    report(register, ForceReport.COMPLETE)
    clock.set(day(14))
    give_evidence(register, "CC-001", "CC-003")
    give_evidence(register, "CC-003", direction=Direction.CONTRADICTS, title="Dip sample")
    decide(register, Assurance.ASSURED)
    deciding.record_position(
        register, reference="CC-002", position=Position.CLOSED, source="Letter", by=OFFICE
    )
    clock.set(day(25))
    close(register, "CC-002")
    clock.set(day(26))
    reopen(register, "CC-002")
    clock.set(day(28))
    found = seen(register, 10)

    assert {group.kind: group.references for group in found.groups if group.changes} == {
        K.NEW: ("CC-005",),
        K.CLAIMED: ("CC-001",),
        K.ASSURED: ("CC-001",),
        K.CLOSED: ("CC-002",),
        K.REOPENED: ("CC-002",),
        K.LATE: ("CC-001",),
        K.EVIDENCE: ("CC-001", "CC-003", "CC-002"),
        K.CONTRADICTED: ("CC-003",),
        K.POSITION: ("CC-002",),
    }
    assert found.balance.line() == "4 open on 14 March + 1 new + 1 reopened − 1 closed = 5 open on 1 April"
    assert [group.kind for group in found.groups] == list(ChangeKind)
    assert (found.told, found.restated, found.correction, found.note) == (4, (), "", "")
    assert only(found, K.NEW).words == "from PEEL assessment, no date set"
    assert only(found, K.CLAIMED).words == "evidence: strong; the office: assured"
    assert only(found, K.CLOSED).words == "as met, in time"
    assert only(found, K.REOPENED).words == "it was closed as met on 29 March 2024"
    assert only(found, K.LATE).words == "8 days late; due 24 March 2024"
    assert only(found, K.LATE).on == day(21)
    assert only(found, K.POSITION).words == "closed"
    assert only(found, K.CONTRADICTED).words.startswith(
        "Dip sample: audit, checked by internal audit, 40 cases"
    )


def test_what_closed_twice_is_told_twice(sqlite_register: Store, clock: Clock) -> None:
    """Closed, reopened and closed again: two closings and one reopening, and the count still comes out."""
    take_in(sqlite_register, due_on=day(2))
    clock.set(day(2))
    close(sqlite_register)
    clock.set(day(3))
    reopen(sqlite_register)
    clock.set(day(5))
    close(sqlite_register)
    found = seen(sqlite_register, 0)

    assert told(found, K.CLOSED) == [("CC-001", day(2)), ("CC-001", day(5))]
    assert [c.words for c in found.group(K.CLOSED).changes] == ["as met, in time", "as met, 3 days late"]
    assert [c.detail["in_time"] for c in found.group(K.CLOSED).changes] == [True, False]
    assert told(found, K.REOPENED) == [("CC-001", day(3))]
    assert (found.balance.reopened, found.balance.closed, found.balance.closing) == (1, 2, 0)
    assert found.group(K.CLOSED).references == ("CC-001",)
    assert found.group(K.CLOSED).by("reason") == [(ClosureReason.MET, 2)]


def test_a_closing_is_weighed_by_the_date_then_in_force(sqlite_register: Store, clock: Clock) -> None:
    """Closed late by the date it had; reopened with a later date, that closing is no less late."""
    take_in(sqlite_register, due_on=day(1))
    clock.set(day(3))
    close(sqlite_register)
    reopen(sqlite_register)
    move(sqlite_register, 60)
    clock.set(day(5))

    assert only(seen(sqlite_register, 0), K.CLOSED).words == "as met, 2 days late"


def test_a_closing_without_a_date_is_neither_in_time_nor_late(sqlite_register: Store, clock: Clock) -> None:
    """Nobody set a date, and the words say so."""
    take_in(sqlite_register)
    clock.set(day(3))
    close(sqlite_register)
    closing = only(seen(sqlite_register, 0), K.CLOSED)

    assert closing.words == "as met, no date was set"
    assert (closing.detail["in_time"], closing.detail["days_late"]) == (None, None)


def test_a_date_asked_for_and_agreed_is_one_move_on_the_day_of_agreement(
    sqlite_register: Store, clock: Clock
) -> None:
    """Asked before the first day and agreed after it: it moved between the two days, with the facts of the request."""
    take_in(sqlite_register, due_on=day(4))
    clock.set(day(10))
    updating.ask_date(
        sqlite_register,
        reference="CC-001",
        due_on=day(34),
        reason=REASON,
        category=MoveCategory.RESOURCES,
        by=EDITOR,
    )
    clock.set(day(15))
    assert told(seen(sqlite_register, 0), K.MOVED) == []

    deciding.agree_date(sqlite_register, reference="CC-001", by=OFFICE)
    change = only(seen(sqlite_register, 12), K.MOVED)

    assert change.on == day(15)
    assert change.words == (
        "from 8 March 2024 to 7 April 2024, 30 days later: people or money; "
        "asked for 6 days after the date had passed"
    )
    assert change.detail == {
        "from_on": day(4),
        "to_on": day(34),
        "days": 30,
        "reason": REASON,
        "category": MoveCategory.RESOURCES,
        "after_expiry": 6,
        "recorded_on": day(15),
    }


def test_a_date_refused_or_first_set_has_not_moved(sqlite_register: Store, clock: Clock) -> None:
    """A request, its refusal and a first date are no moves."""
    take_in(sqlite_register)
    clock.set(day(1))
    updating.set_date(sqlite_register, reference="CC-001", due_on=day(30), by=EDITOR)
    updating.ask_date(
        sqlite_register,
        reference="CC-001",
        due_on=day(60),
        reason=REASON,
        category=MoveCategory.SCOPE,
        by=EDITOR,
    )
    deciding.refuse_date(sqlite_register, reference="CC-001", reason=REASON, by=OFFICE)

    assert told(seen(sqlite_register, 0), K.MOVED) == []


def test_a_date_moved_and_moved_back_is_two_moves_of_one_date(sqlite_register: Store, clock: Clock) -> None:
    """Both are told, the second saying where it is again."""
    take_in(sqlite_register, due_on=day(30))
    clock.set(day(2))
    move(sqlite_register, 60)
    clock.set(day(3))
    move(sqlite_register, 30)
    found = seen(sqlite_register, 0).group(K.MOVED)

    assert [change.words for change in found.changes] == [
        "from 3 April 2024 to 3 May 2024, 30 days later: more to do than thought",
        "from 3 May 2024 to 3 April 2024, 30 days earlier: more to do than thought; back to where it was",
    ]
    assert found.references == ("CC-001",)


def test_reporting_complete_again_is_no_news(sqlite_register: Store, clock: Clock) -> None:
    """Complete on the first day and complete since: the force claims nothing new."""
    take_in(sqlite_register)
    report(sqlite_register, ForceReport.COMPLETE)
    clock.set(day(30))
    report(sqlite_register, ForceReport.COMPLETE)

    assert told(seen(sqlite_register, 0), K.CLAIMED) == []
    assert told(seen(sqlite_register, -1), K.CLAIMED) == [("CC-001", day(0))]


def test_a_claim_taken_back_is_told(sqlite_register: Store, clock: Clock) -> None:
    """Made and taken back between the two days, it is a claim that says so; made before, it is no longer one."""
    take_in(sqlite_register)
    clock.set(day(3))
    report(sqlite_register, ForceReport.COMPLETE)
    clock.set(day(7))
    report(sqlite_register, ForceReport.IN_PROGRESS)

    found = seen(sqlite_register, 0)
    assert only(found, K.CLAIMED).on == day(3)
    assert only(found, K.CLAIMED).words.endswith("; in progress again on 11 March 2024")
    assert told(found, K.UNCLAIMED) == []
    found = seen(sqlite_register, 5)
    assert told(found, K.CLAIMED) == []
    assert only(found, K.UNCLAIMED).words == "now in progress; complete was reported on 7 March 2024"


def test_two_reports_of_one_day_are_the_last_of_them(sqlite_register: Store, clock: Clock) -> None:
    """Complete by mistake and put right on the same day is no claim."""
    take_in(sqlite_register)
    clock.set(day(3))
    report(sqlite_register, ForceReport.COMPLETE)
    report(sqlite_register, ForceReport.IN_PROGRESS)

    assert told(seen(sqlite_register, 0), K.CLAIMED) == []


def test_the_office_was_assured_and_is_no_longer(sqlite_register: Store, clock: Clock) -> None:
    """Each decision is weighed against the one that stood before it."""
    take_in(sqlite_register)
    give_evidence(sqlite_register)
    decide(sqlite_register, Assurance.PARTLY_ASSURED)
    clock.set(day(4))
    decide(sqlite_register, Assurance.ASSURED)
    clock.set(day(8))
    decide(sqlite_register, Assurance.ASSURED)
    clock.set(day(9))
    decide(sqlite_register, Assurance.NOT_ASSURED)

    found = seen(sqlite_register, 0)
    assert only(found, K.ASSURED).on == day(4)
    assert only(found, K.ASSURED).words == "evidence: strong; not assured again on 13 March 2024"
    assert only(found, K.NOT_ASSURED).words == "not assured; before: assured"
    assert told(seen(sqlite_register, 4, 8), K.ASSURED) == []
    assert told(seen(sqlite_register, 4, 8), K.NOT_ASSURED) == []


def test_a_position_is_told_beside_the_one_before(sqlite_register: Store, clock: Clock) -> None:
    """Another one, and the same one again."""
    take_in(sqlite_register)
    for n, position in ((0, Position.AWAITING_REVIEW), (3, Position.CLOSED), (5, Position.CLOSED)):
        clock.set(day(n))
        deciding.record_position(
            sqlite_register, reference="CC-001", position=position, source="Letter", by=OFFICE
        )

    words = [change.words for change in seen(sqlite_register, 0).group(K.POSITION).changes]
    assert words == ["closed; before: awaiting review", "closed, as before"]


def test_what_was_for_others_is_new_when_it_begins_to_count(sqlite_register: Store, clock: Clock) -> None:
    """On the day of the decision, saying that it was there before; until then it is in no group at all."""
    take_in(sqlite_register, applicability=Applicability.FOR_OTHERS)
    clock.set(day(2))
    give_evidence(sqlite_register)
    clock.set(day(4))
    assert not any(group.changes for group in seen(sqlite_register, 0).groups)

    assign(sqlite_register, reference="CC-001", applicability=Applicability.SHARED, by=OFFICE)

    assert only(seen(sqlite_register, 0), K.NEW).words == (
        "from PEEL assessment, no date set; until then for others only"
    )


# States


def test_newly_late_is_late_on_the_last_day_and_not_on_the_first(
    sqlite_register: Store, clock: Clock
) -> None:
    """The day of the date is in time; what was late on both days, or is closed by now, is not newly late."""
    for n, due in enumerate((5, 10, 11, 12), start=1):
        take_in(sqlite_register, f"CC-00{n}", due_on=day(due))
    clock.set(day(12))
    close(sqlite_register, "CC-003")

    assert told(seen(sqlite_register, 10), K.LATE) == [("CC-002", day(11))]
    assert told(seen(sqlite_register, 4), K.LATE) == [("CC-001", day(6)), ("CC-002", day(11))]


def test_late_moved_and_late_again_is_late_on_both_days(sqlite_register: Store, clock: Clock) -> None:
    """It is not newly late, but the move is told."""
    take_in(sqlite_register, due_on=day(2))
    clock.set(day(5))
    move(sqlite_register, 8)
    clock.set(day(10))

    assert told(seen(sqlite_register, 4), K.LATE) == []
    assert told(seen(sqlite_register, 5), K.LATE) == [("CC-001", day(9))]
    assert only(seen(sqlite_register, 5), K.LATE).words == "2 days late; due 12 March 2024, moved once"


def test_what_comes_back_with_an_old_date_is_newly_late_from_that_day(
    sqlite_register: Store, clock: Clock
) -> None:
    """Reopened after its date, and taken in after its date."""
    take_in(sqlite_register, due_on=day(5))
    clock.set(day(4))
    close(sqlite_register)
    clock.set(day(9))
    reopen(sqlite_register)
    take_in(sqlite_register, "CC-002", due_on=day(3))

    assert told(seen(sqlite_register, 8), K.LATE) == [("CC-001", day(9)), ("CC-002", day(9))]


def test_newly_silent_is_more_than_90_days_without_an_update(sqlite_register: Store, clock: Clock) -> None:
    """From the 91st day; an update in between makes it newly silent only if it was not silent on the first day."""
    take_in(sqlite_register)
    clock.set(day(90))
    assert told(seen(sqlite_register, 0), K.SILENT) == []
    clock.set(day(91))
    assert told(seen(sqlite_register, 0), K.SILENT) == [("CC-001", day(91))]
    assert only(seen(sqlite_register, 90), K.SILENT).words == "no update for 91 days, since 4 March 2024"
    report(sqlite_register, ForceReport.IN_PROGRESS)
    clock.set(day(190))

    assert told(seen(sqlite_register, 90), K.SILENT) == [("CC-001", day(182))]
    assert told(seen(sqlite_register, 91), K.SILENT) == [("CC-001", day(182))]


def test_silent_on_both_days_is_not_newly_silent_though_it_spoke_between(
    sqlite_register: Store, clock: Clock
) -> None:
    """The state of the first day is the one it then had, not the one of its last report."""
    take_in(sqlite_register)
    clock.set(day(100))
    report(sqlite_register, ForceReport.IN_PROGRESS)
    clock.set(day(200))

    assert told(seen(sqlite_register, 95), K.SILENT) == []
    assert told(seen(sqlite_register, 50), K.SILENT) == [("CC-001", day(191))]


def test_newly_forecast_late_rests_on_what_had_closed_by_each_day(
    sqlite_register: Store, clock: Clock
) -> None:
    """Ten that took long to close make those forecast late that are due sooner; a claim of complete does not count."""
    for n in range(10):
        take_in(sqlite_register, f"CC-1{n}")
    clock.set(day(100))
    take_in(sqlite_register, "CC-001", due_on=day(120))
    take_in(sqlite_register, "CC-002", due_on=day(120))
    clock.set(day(101))
    with sqlite_register.writing():
        for n in range(10):
            close(sqlite_register, f"CC-1{n}")
    report(sqlite_register, ForceReport.COMPLETE, "CC-002")
    clock.set(day(102))

    assert told(seen(sqlite_register, 100), K.FORECAST_LATE) == [("CC-001", day(102))]
    assert only(seen(sqlite_register, 100), K.FORECAST_LATE).words == (
        "due 2 July 2024, in 18 days, and not reported complete"
    )
    assert told(seen(sqlite_register, 101), K.FORECAST_LATE) == []


# Two clocks


def test_a_closing_recorded_late_restates_the_opening_count(register: Store, clock: Clock) -> None:
    """The meeting was told two; one of them had been closed by then. It stands apart from what happened since."""
    take_in(register, "CC-001")
    take_in(register, "CC-002")
    clock.set(day(14))
    close(register, on=day(8))
    found = seen(register, 10)

    assert (found.told, found.balance.opening, found.balance.closing) == (2, 1, 1)
    assert told(found, K.CLOSED) == []
    (change,) = found.restated
    assert (change.kind, change.reference, change.on) == (K.CLOSED, "CC-001", day(8))
    assert change.words == "as met, no date was set; recorded on 18 March 2024"
    assert (change.detail["counted"], change.detail["recorded_on"]) == (-1, day(14))
    assert found.correction == (
        "On 14 March 2024 the register showed 2 open. As now known it was 1: 1 fewer, recorded later."
    )
    assert found.told == len(open_then(register, 10))


def test_a_taking_in_and_a_reopening_recorded_late_restate_it_too(
    sqlite_register: Store, clock: Clock
) -> None:
    """More were open than the meeting was told."""
    take_in(sqlite_register, "CC-001")
    close(sqlite_register, "CC-001")
    clock.set(day(14))
    take_in(sqlite_register, "CC-002", on=day(9))
    reopen(sqlite_register, on=day(9))
    found = seen(sqlite_register, 10)

    assert (found.told, found.balance.opening) == (0, 2)
    assert [(c.kind, c.reference, c.detail["counted"]) for c in found.restated] == [
        (K.REOPENED, "CC-001", 1),
        (K.NEW, "CC-002", 1),
    ]
    assert found.correction.endswith("As now known it was 2: 2 more, recorded later.")


def test_what_was_recorded_late_and_undone_before_the_first_day_restates_nothing(
    sqlite_register: Store, clock: Clock
) -> None:
    """Closed and reopened before the meeting, both recorded after it: the count that was told holds, and both are told."""
    take_in(sqlite_register)
    clock.set(day(14))
    close(sqlite_register, on=day(4))
    reopen(sqlite_register, on=day(6))
    found = seen(sqlite_register, 10)

    assert (found.told, found.balance.opening, found.restated) == (1, 1, ())
    assert (late(found, K.CLOSED), late(found, K.REOPENED)) == (["CC-001"], ["CC-001"])


def test_closed_late_and_reopened_since_is_both(sqlite_register: Store, clock: Clock) -> None:
    """The opening count is corrected, and the reopening happened between the two days."""
    take_in(sqlite_register)
    clock.set(day(14))
    close(sqlite_register, on=day(4))
    reopen(sqlite_register)
    found = seen(sqlite_register, 10)

    assert (found.told, found.balance.opening, found.balance.closing) == (1, 0, 1)
    assert told(found, K.REOPENED) == [("CC-001", day(14))]
    assert [change.kind for change in found.restated] == [K.CLOSED]


@pytest.mark.parametrize("known", ["for others", "for the force"])
def test_a_decision_recorded_late_restates_only_what_did_not_count(
    sqlite_register: Store, clock: Clock, known: str
) -> None:
    """An assignment of the very day on which it began to count: it may be the one that let it, or a mere new owner."""
    applicability = Applicability.FOR_OTHERS if known == "for others" else Applicability.SHARED
    take_in(sqlite_register, applicability=applicability)
    clock.set(day(14))
    given: dict[str, Any] = {"applicability": Applicability.SHARED} if known == "for others" else {}
    assign(sqlite_register, reference="CC-001", owner="Insp A", by=OFFICE, on=DAY, **given)
    found = seen(sqlite_register, 10)

    assert found.told == len(open_then(sqlite_register, 10)) == (0 if known == "for others" else 1)
    assert [change.kind for change in found.restated] == ([K.NEW] if known == "for others" else [])
    assert late(found, K.NEW) == (["CC-001"] if known == "for others" else [])


def test_whatever_was_recorded_late_stands_apart(sqlite_register: Store, clock: Clock) -> None:
    """A move, evidence, a claim, a decision and a position of before the first day: in no window, and yet told."""
    take_in(sqlite_register, due_on=day(30))
    clock.set(day(14))
    move(sqlite_register, 60, on=day(9))
    give_evidence(sqlite_register, on=day(9))
    report(sqlite_register, ForceReport.COMPLETE, on=day(9))
    decide(sqlite_register, Assurance.ASSURED, on=day(9))
    deciding.record_position(
        sqlite_register, reference="CC-001", position=Position.CLOSED, source="Letter", by=OFFICE, on=day(9)
    )
    found = seen(sqlite_register, 10)

    assert not any(group.changes for group in found.groups)
    kinds = {K.MOVED, K.EVIDENCE, K.CLAIMED, K.ASSURED, K.POSITION}
    assert {group.kind for group in found.recorded_later if group.changes} == kinds
    words = [change.words for group in found.recorded_later for change in group.changes]
    assert all(one.endswith("; recorded on 18 March 2024") for one in words)
    assert (found.told, found.restated) == (1, ())


def test_what_was_recorded_late_stood_on_the_first_day(sqlite_register: Store, clock: Clock) -> None:
    """A claim of before the meeting, recorded after it and made again since: it is told once, as recorded late."""
    take_in(sqlite_register)
    clock.set(day(14))
    report(sqlite_register, ForceReport.COMPLETE, on=day(9))
    report(sqlite_register, ForceReport.COMPLETE)
    found = seen(sqlite_register, 10)

    assert (told(found, K.CLAIMED), late(found, K.CLAIMED)) == ([], ["CC-001"])


def test_what_was_for_others_stays_so_through_a_new_owner(sqlite_register: Store, clock: Clock) -> None:
    """Both recorded late, first the owner and then for whom it is: nobody had been told that it counts."""
    take_in(sqlite_register, applicability=Applicability.FOR_OTHERS)
    clock.set(day(14))
    assign(sqlite_register, reference="CC-001", owner="Insp A", by=OFFICE, on=day(3))
    assign(sqlite_register, reference="CC-001", applicability=Applicability.SHARED, by=OFFICE, on=day(9))
    found = seen(sqlite_register, 10)

    assert (found.told, found.balance.opening) == (0, 1)
    assert [change.on for change in found.restated] == [day(9)]


def test_a_late_report_older_than_the_one_known_changes_nothing(sqlite_register: Store, clock: Clock) -> None:
    """A claim of before a later report that was known: it never stood."""
    take_in(sqlite_register)
    clock.set(day(8))
    report(sqlite_register, ForceReport.IN_PROGRESS)
    clock.set(day(14))
    report(sqlite_register, ForceReport.COMPLETE, on=day(4))

    assert late(seen(sqlite_register, 10), K.CLAIMED) == []


def test_a_past_day_is_told_as_it_was_then_known(sqlite_register: Store, clock: Clock) -> None:
    """What was recorded after the second day is in neither part, however early it happened."""
    take_in(sqlite_register, "CC-001")
    take_in(sqlite_register, "CC-002")
    clock.set(day(20))
    before = seen(sqlite_register, 5, 20)
    clock.set(day(30))
    close(sqlite_register, on=day(12))
    close(sqlite_register, "CC-002", on=day(2))

    assert seen(sqlite_register, 5, 20) == before
    assert told(seen(sqlite_register, 5), K.CLOSED) == [("CC-001", day(12))]
    assert late(seen(sqlite_register, 5), K.CLOSED) == ["CC-002"]


def test_a_past_moment_is_told_as_it_was_then_known(sqlite_register: Store, clock: Clock) -> None:
    """To make a pack again: the same as when it was made, whatever was recorded on the same day after it."""
    take_in(sqlite_register, "CC-001")
    take_in(sqlite_register, "CC-002")
    clock.set(day(20))
    close(sqlite_register, on=day(2))
    made, known_at = seen(sqlite_register, 10), clock()
    close(sqlite_register, "CC-002", on=day(15))

    assert seen(sqlite_register, 10) != made
    assert seen(sqlite_register, 10, 20, known_at=known_at) == made


def test_a_view_read_before_is_told_of_its_own_moment(sqlite_register: Store, clock: Clock) -> None:
    """Somebody closes something while the page is drawn: groups and counts are still those of the view."""
    take_in(sqlite_register)
    clock.set(day(5))
    view = register_view(sqlite_register, by=OFFICE)
    close(sqlite_register)
    found = since(sqlite_register, view=view, start=day(1), by=OFFICE)

    assert told(found, K.CLOSED) == []
    assert (found.balance.closed, found.balance.closing) == (0, 1)


# Days that are no window


def test_the_same_day_twice_holds_nothing(sqlite_register: Store, clock: Clock) -> None:
    """Nothing lies between a day and itself, today or in the past, and it says so."""
    take_in(sqlite_register, due_on=day(3))
    clock.set(day(5))
    for found in (seen(sqlite_register, 5), seen(sqlite_register, 0, 0)):
        assert not any(group.changes for group in (*found.groups, *found.recorded_later))
        assert found.told == found.balance.opening == found.balance.closing == 1
        assert found.note == "Both days are the same, so nothing lies between them."


def test_before_the_register_began_nobody_was_told_anything(sqlite_register: Store, clock: Clock) -> None:
    """Everything is new; what an import dated earlier stands in the opening count, which corrects nobody."""
    clock.set(day(3))
    take_in(sqlite_register, on=day(1))
    found = seen(sqlite_register, -400)

    assert (found.told, found.balance.opening, found.restated) == (None, 0, ())
    assert told(found, K.NEW) == [("CC-001", day(1))]
    assert found.note == "The register began on 4 March 2024, so nobody was told a figure on 29 January 2023."


def test_an_import_of_earlier_days_corrects_nobody_before_the_register_began(
    sqlite_url: str, clock: Clock
) -> None:
    """The register began today, with a tracker that goes back a year."""
    clock.set(day(30))
    store = a_register(sqlite_url, clock)
    take_in(store, on=day(0))
    found = seen(store, 10)

    assert (found.told, found.balance.opening, found.restated) == (None, 1, ())
    assert not any(group.changes for group in (*found.groups, *found.recorded_later))
    assert found.note.startswith("The register began on 3 April 2024")


def test_a_first_day_in_the_future_is_refused_as_any_view_is(sqlite_register: Store, clock: Clock) -> None:
    """The same sentence."""
    clock.set(day(5))
    view = register_view(sqlite_register, by=OFFICE)
    with pytest.raises(RuleError) as asked:
        register_view(sqlite_register, by=OFFICE, as_at=day(6))
    with pytest.raises(RuleError) as refused:
        since(sqlite_register, view=view, start=day(6), by=OFFICE)

    assert refused.value.message == asked.value.message


def test_the_wrong_way_round_is_refused(sqlite_register: Store, clock: Clock) -> None:
    """The first day after the day shown."""
    clock.set(day(5))
    with pytest.raises(
        RuleError, match=r"5 March 2024 comes after 4 March 2024\. Give the earlier day first."
    ):
        seen(sqlite_register, 1, 0)


def test_an_empty_register_has_nothing_to_tell(sqlite_register: Store) -> None:
    """Noughts, and every group is there."""
    found = seen(sqlite_register, -10)

    assert found.balance.short_line() == "0 + 0 new − 0 closed = 0 open"
    assert len(found.groups) == len(ChangeKind)


# Who may see it


@pytest.mark.parametrize(
    "hidden", [{"embargo_until": moment(day(90))}, {"is_restricted": True}, {"service": ELSEWHERE}]
)
def test_what_is_hidden_makes_no_difference(
    sqlite_register: Store, clock: Clock, hidden: dict[str, Any]
) -> None:
    """Neither in a group, nor in a count, nor among what was recorded late; whoever may see it sees it."""
    take_in(sqlite_register, due_on=day(40))
    clock.set(day(14))
    by = OFFICE_ELSEWHERE if "service" in hidden else OFFICE

    def public() -> Since:
        view = register_view(sqlite_register, by=PUBLIC)
        return since(sqlite_register, view=view, start=day(10), by=PUBLIC)

    before = public()
    facts: dict[str, Any] = {"service": SERVICE, "title": "A secret report", "by": by} | hidden
    report_of = take_in_report(sqlite_register, **facts)
    for reference, on in (("CC-S1", day(9)), ("CC-S2", day(12))):
        take_in(sqlite_register, reference, inspection_id=report_of.id, by=by, on=on, due_on=day(11))
    clock.set(day(14))

    assert public() == before
    view = register_view(sqlite_register, by=by)
    found = since(sqlite_register, view=view, start=day(10), by=by)
    assert told(found, K.NEW) == [("CC-S2", day(12))]
    assert [change.reference for change in found.restated] == ["CC-S1"]


def test_one_service_is_told_alone(sqlite_register: Store, clock: Clock) -> None:
    """Of a view of one service, nothing of the other is told; forecasts rest on both."""
    everybody = ADMINISTRATOR
    clock.set(day(2))
    other = take_in_report(sqlite_register, service=ELSEWHERE, title="Fire", by=OFFICE_ELSEWHERE)
    take_in(sqlite_register, "CC-001")
    take_in(sqlite_register, "FR-001", inspection_id=other.id, by=OFFICE_ELSEWHERE)

    def told_of(view: RegisterView) -> list[tuple[str, date]]:
        return told(since(sqlite_register, view=view, start=DAY, by=everybody), K.NEW)

    view = register_view(sqlite_register, by=everybody)
    assert told_of(view) == [("CC-001", day(2)), ("FR-001", day(2))]
    assert told_of(view.of_service(ELSEWHERE)) == [("FR-001", day(2))]


def test_it_takes_the_right_to_read(sqlite_register: Store) -> None:
    """A person without a role is told nothing, not even of a view that somebody else read."""
    view = register_view(sqlite_register, by=OFFICE)
    with pytest.raises(AccessError):
        since(sqlite_register, view=view, start=DAY, by=NOBODY)


# By default


def test_it_begins_with_the_last_meeting_of_the_kind(sqlite_register: Store, clock: Clock) -> None:
    """On the day shown or before it; without one, 90 days back."""
    hold: Callable[..., Any] = lambda kind, n: record_meeting(  # noqa: E731
        sqlite_register, service=SERVICE, kind=kind, on=day(n), by=OFFICE
    )
    hold(MeetingKind.CONFERENCE, 5)
    hold(MeetingKind.BOARD, 8)
    hold(MeetingKind.CONFERENCE, 40)
    clock.set(day(20))
    view = register_view(sqlite_register, by=OFFICE)

    assert start_of(view) == day(5)
    assert start_of(view, MeetingKind.BOARD) == day(8)
    assert start_of(view, MeetingKind.PANEL) == day(20) - timedelta(days=90)


def test_evidence_that_serves_several_is_told_of_each(sqlite_register: Store, clock: Clock) -> None:
    """One item, two recommendations, and its strength in the words."""
    take_in(sqlite_register, "CC-001")
    take_in(sqlite_register, "CC-002")
    clock.set(day(3))
    give_evidence(sqlite_register, "CC-001", "CC-002", checked_by=CheckedBy.OWN_TEAM, sample=None)
    found = seen(sqlite_register, 1).group(K.EVIDENCE)

    assert found.references == ("CC-001", "CC-002")
    assert {change.words for change in found.changes} == {
        "Audit of cases: audit, checked by the team itself, no sample or measure, describes March 2024"
    }
    assert {change.detail["grade"].word for change in found.changes} == {"Weak"}
