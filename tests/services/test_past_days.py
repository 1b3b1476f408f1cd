"""Any past day can be shown again, as it was then known; and today's short way equals the long one."""

from datetime import date
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from monitor.analysis.balance import balance
from monitor.dates import end_of_day
from monitor.domain.access import SYSTEM, Role
from monitor.domain.statuses import Applicability, Assurance, ClosureReason, MoveCategory
from monitor.errors import RuleError
from monitor.services import view as viewing
from monitor.services.deciding import (
    agree_closure,
    agree_date,
    decide_assurance,
    propose_closure,
    reopen,
)
from monitor.services.intake import assign, correct_wording, take_in_report
from monitor.services.updating import ask_date, report_progress
from monitor.services.view import RegisterView, register_view
from monitor.store import Store
from tests.builders import (
    A_REPORT,
    DAY,
    EDITOR,
    ELSEWHERE,
    OFFICE,
    REASON,
    SERVICE,
    Clock,
    close,
    day,
    give_evidence,
    person,
    take_in,
)

FRAMES = ("rows", "spells", "targets", "evidence")


def same(one: RegisterView, other: RegisterView) -> None:
    """Fail unless two views say the same, row by row and column by column."""
    for name in FRAMES:
        order = ["reference"] if name == "rows" else None
        frames = [getattr(view, name) for view in (one, other)]
        if order:
            frames = [frame.sort_values(order, ignore_index=True) for frame in frames]
        assert_frame_equal(frames[0], frames[1], check_dtype=False, obj=name)
    assert set(one.inspections) == set(other.inspections)
    assert one.meetings == other.meetings


def a_story(store: Store, clock: Clock) -> dict[date, RegisterView]:
    """Tell a story of some weeks, and return what the register showed at the end of each of its days."""
    seen: dict[date, RegisterView] = {}

    def two_at_once() -> None:
        with store.writing():
            report_progress(store, reference="CC-001", by=EDITOR, **A_REPORT)
            report_progress(store, reference="CC-001", by=EDITOR, **A_REPORT)

    def steps() -> Any:
        yield 0, lambda: (take_in(store, "CC-001", due_on=day(30)), take_in(store, "CC-002"))
        yield 1, lambda: report_progress(store, reference="CC-001", by=EDITOR, **A_REPORT)
        yield 3, lambda: take_in(store, "CC-003", applicability=Applicability.FOR_OTHERS, on=day(1))
        yield 5, lambda: give_evidence(store, "CC-001", "CC-002", on=day(4))
        yield 6, two_at_once
        yield (
            8,
            lambda: (
                ask_date(
                    store,
                    reference="CC-001",
                    due_on=day(60),
                    reason=REASON,
                    category=MoveCategory.SCOPE,
                    by=EDITOR,
                    on=day(7),
                ),
                report_progress(store, reference="CC-001", by=EDITOR, **A_REPORT, on=day(2)),
            ),
        )
        yield 9, lambda: agree_date(store, reference="CC-001", by=OFFICE)
        yield 12, lambda: close(store, "CC-002")
        yield (
            15,
            lambda: assign(
                store, reference="CC-003", applicability=Applicability.SHARED, by=OFFICE, on=day(13)
            ),
        )
        yield 20, lambda: reopen(store, reference="CC-002", statement=REASON, by=OFFICE, on=day(14))
        yield (
            21,
            lambda: decide_assurance(
                store, reference="CC-001", level=Assurance.PARTLY_ASSURED, rationale="Some.", by=OFFICE
            ),
        )
        yield (
            25,
            lambda: correct_wording(
                store, reference="CC-001", text="It must.", reason=REASON, source="Erratum", by=OFFICE
            ),
        )
        yield 26, lambda: take_in_report(store, service=SERVICE, title="A late report", by=OFFICE)
        yield (
            28,
            lambda: propose_closure(
                store,
                reference="CC-001",
                reason=ClosureReason.OVERTAKEN,
                statement="A later report.",
                evidence_ids=[1],
                by=EDITOR,
            ),
        )
        yield (
            29,
            lambda: agree_closure(store, reference="CC-001", by=OFFICE, on=day(28), check_due_on=day(200)),
        )

    for n, act in steps():
        clock.set(day(n))
        act()
        seen[day(n)] = register_view(store, by=OFFICE)
    return seen


def test_a_past_day_is_shown_as_it_was_shown_on_that_day(register: Store, clock: Clock) -> None:
    """Every table, every column, every day of the story, asked for again weeks later."""
    seen = a_story(register, clock)
    clock.set(day(100))

    for on, view in seen.items():
        again = register_view(register, by=OFFICE, as_at=on)
        assert again.is_past
        same(again, view)


def test_a_day_on_which_nothing_happened_is_like_the_one_before_but_for_its_own_date(
    register: Store, clock: Clock
) -> None:
    """Between two days of the story the lists are those of the earlier; what counts is two days older."""
    a_story(register, clock)
    clock.set(day(100))

    then, later = (register_view(register, by=OFFICE, as_at=day(n)) for n in (9, 11))

    assert_frame_equal(then.spells, later.spells)
    columns = ["reference", "version", "force_report", "current_target"]
    by_reference = [v.rows.sort_values("reference", ignore_index=True) for v in (then, later)]
    assert_frame_equal(by_reference[0][columns], by_reference[1][columns])
    assert list(by_reference[1]["days_since_update"] - by_reference[0]["days_since_update"]) == [2, 2, 0]


def test_today_by_the_short_way_equals_today_by_the_long_way(
    register: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is cached on the rows is what the lists give."""
    a_story(register, clock)
    short = register_view(register, by=OFFICE)
    viewing._views.clear()

    def folded(reader: Any, reports: Any) -> Any:
        return viewing._as_known(reader, reports, end_of_day(short.as_at))

    monkeypatch.setattr(viewing, "_as_cached", folded)
    long = register_view(register, by=OFFICE)
    viewing._views.clear()

    assert long is not short
    same(short, long)


@pytest.mark.parametrize(
    "as_at",
    [
        pytest.param(day(-1), id="the day before it began"),
        pytest.param(date.min, id="the first day there is"),
    ],
)
def test_before_the_register_began_it_shows_nothing(register: Store, as_at: date) -> None:
    """The tables are there and empty, with the columns they always have."""
    take_in(register)

    view = register_view(register, by=OFFICE, as_at=as_at)

    for name in FRAMES:
        assert getattr(view, name).empty
        assert list(getattr(view, name).columns) == list(
            getattr(register_view(register, by=OFFICE), name).columns
        )


@pytest.mark.parametrize("as_at", [day(1), date.max])
def test_a_day_to_come_cannot_be_shown(register: Store, as_at: date) -> None:
    """Nobody knows it yet."""
    with pytest.raises(RuleError, match="lies in the future"):
        register_view(register, by=OFFICE, as_at=as_at)


def test_the_columns_have_the_same_types_with_and_without_rows(register: Store) -> None:
    """A chart drawn from nothing does not stumble over a type."""
    empty = register_view(register, by=OFFICE)
    take_in(register, due_on=day(30))
    full = register_view(register, by=OFFICE)

    for name in FRAMES:
        days = getattr(full, name).select_dtypes("datetime").columns
        assert list(getattr(empty, name).select_dtypes("datetime").columns) == list(days)


def test_the_balance_holds_between_any_two_days(register: Store, clock: Clock) -> None:
    """Opening + new + reopened - closed = closing, and both ends equal a recount of the list as it stood."""
    a_story(register, clock)
    spells = register_view(register, by=OFFICE).spells
    days = [day(n) for n in range(-2, 31)]
    times: Any = list(zip(spells["opened_on"], spells["closed_on"], strict=True))

    def recount(on: date) -> int:
        return sum(began.date() <= on and (ended is pd.NaT or ended.date() > on) for began, ended in times)

    for place, start in enumerate(days):
        for end in days[place::5]:
            found = balance(spells, start, end)
            assert found.holds, (start, end)
            assert (found.opening, found.closing) == (recount(start), recount(end))


def test_the_last_point_equals_todays_list(register: Store, clock: Clock) -> None:
    """The closing figure of the balance is the number of open rows."""
    a_story(register, clock)

    view = register_view(register, by=OFFICE)

    assert balance(view.spells, DAY, view.as_at).closing == int(view.rows["is_open"].sum())


def test_the_demonstration_is_whole_on_any_past_day(sqlite_url: str) -> None:
    """The stories as told balance, and every cached state is the one its lists give."""
    from monitor.services.checking import verify
    from monitor.services.sample import load_demonstration

    store = Store(sqlite_url)
    load_demonstration(store)

    assert verify(store, by=SYSTEM).ok
    view = register_view(store, by=SYSTEM)
    for end in pd.date_range("2018-01-01", view.today, periods=12):
        known = register_view(store, by=SYSTEM, as_at=end.date())
        assert balance(known.spells, date(2017, 1, 1), end.date()).closing == int(known.rows["is_open"].sum())
    store.close()


def test_a_moment_of_a_day_is_shown_again_as_it_was(register: Store, clock: Clock) -> None:
    """What was recorded later on the same day is left out, on that day and weeks after."""
    a_story(register, clock)
    seen, at = register_view(register, by=OFFICE), register.now()
    assign(register, reference="CC-003", owner="Somebody else", by=OFFICE)
    learnt = register_view(register, by=OFFICE)
    assert not learnt.rows["owner"].equals(seen.rows["owner"])

    same(register_view(register, by=OFFICE, known_at=at), seen)
    clock.set(day(100))
    same(register_view(register, by=OFFICE, as_at=seen.as_at, known_at=at), seen)


def test_the_view_of_one_service_has_its_rows_alone(register: Store) -> None:
    """Rows, spells, dates, evidence, reports and meetings of another service stay out, and the places still fit."""
    both = person("both", Role.OFFICE, services=None)
    take_in(register, "CC-001", due_on=day(30))
    give_evidence(register, "CC-001")
    alone = register_view(register, by=both).of_service(SERVICE)
    there = take_in_report(register, service=ELSEWHERE, title="A fire report", by=both)
    take_in(register, "AA-001", inspection_id=there.id, due_on=day(9), by=both)

    view = register_view(register, by=both)

    same(view.of_service(SERVICE), alone)
    assert list(view.of_service(ELSEWHERE).rows["reference"]) == ["AA-001"]
    assert list(view.of_service(SERVICE).targets["row"]) == [0]
    assert view.of_service(SERVICE) is view.of_service(SERVICE)
