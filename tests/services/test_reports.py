"""Reports: what each holds, by when to respond, and which reference comes next."""

from datetime import date
from typing import Any

import pytest

from monitor.domain.access import Actor
from monitor.domain.inspections import Inspection
from monitor.domain.statuses import Applicability, Kind, Precision, Programme
from monitor.services.intake import take_in_report
from monitor.services.reports import (
    ReportRow,
    addressees,
    causes_of_concern,
    next_reference,
    publishers,
    report_rows,
    usual_applicability,
)
from monitor.services.view import register_view
from monitor.store import Store
from tests.builders import (
    DAY,
    ELSEWHERE,
    OFFICE,
    PUBLIC,
    SERVICE,
    Clock,
    a_register,
    an_inspection,
    close,
    day,
    take_in,
)


@pytest.fixture
def clock() -> Clock:
    """Return a server's clock that stands on the day the story begins."""
    return Clock()


@pytest.fixture
def store(sqlite_url: str, clock: Clock) -> Store:
    """Return a register with one report, published on the day the story begins."""
    return a_register(sqlite_url, clock)


def rows(store: Store, by: Actor = OFFICE, as_at: date | None = None) -> list[ReportRow]:
    """Return the reports as somebody sees them."""
    return report_rows(register_view(store, by=by, as_at=as_at))


def another(store: Store, title: str, **given: Any) -> Inspection:
    """Take in a further report of the first service."""
    return take_in_report(store, service=SERVICE, title=title, by=OFFICE, **given)


def a_row(**given: Any) -> ReportRow:
    """Return a row of a report that lists nothing and states nothing."""
    facts: dict[str, Any] = {
        "report": an_inspection(),
        "open": 0,
        "closed": 0,
        "for_others": 0,
        "embeds": "",
        "embedded_in": "",
        "needs_response": True,
        "last_day": None,
        "days_left": None,
    }
    return ReportRow(**facts | given)


@pytest.mark.parametrize(
    ("stated", "counts", "said"),
    [
        ({}, (5, 2, 1), "8 listed: 5 open, 2 closed, 1 for others"),
        ({}, (8, 0, 0), "8 listed: all open"),
        ({}, (0, 1, 0), "1 listed: closed"),
        ({}, (0, 0, 2), "2 listed: all for others"),
        ({}, (0, 0, 0), "None listed"),
        ({"stated_count": 0}, (0, 0, 0), "None stated, none listed"),
        ({"stated_count": 3}, (2, 1, 0), "3 listed, as stated: 2 open, 1 closed"),
        ({"stated_count": 9}, (2, 1, 0), "9 stated, 3 listed: 2 open, 1 closed"),
        ({"stated_count": 1_204}, (0, 0, 0), "1,204 stated, none listed"),
        (
            {
                "stated_count": 14,
                "stated_addressees": "NPCC and NCA",
                "stated_applicability": Applicability.FOR_OTHERS,
            },
            (0, 0, 0),
            "14 stated, none listed, all for others: NPCC and NCA",
        ),
        (
            {"stated_count": 14, "stated_applicability": Applicability.FOR_OTHERS},
            (0, 0, 0),
            "14 stated, none listed, all for others",
        ),
        (
            {"stated_count": 6, "stated_addressees": "all forces"},
            (0, 0, 0),
            "6 stated, none listed, addressed to all forces",
        ),
        (
            {
                "stated_count": 6,
                "stated_addressees": "all forces",
                "stated_applicability": Applicability.FOR_SERVICE,
            },
            (0, 0, 0),
            "6 stated, none listed, for the force: all forces",
        ),
        (
            {"stated_count": 6, "stated_applicability": Applicability.NOT_DECIDED},
            (0, 0, 0),
            "6 stated, none listed, not decided",
        ),
    ],
)
def test_what_a_report_holds_in_words(
    stated: dict[str, Any], counts: tuple[int, int, int], said: str
) -> None:
    """The parts come to what is listed; what is stated comes first where it differs."""
    is_open, closed, for_others = counts
    row = a_row(report=an_inspection(**stated), open=is_open, closed=closed, for_others=for_others)
    assert row.listed == sum(counts)
    assert row.holds == said


def test_counts_are_those_of_the_register(store: Store) -> None:
    """Open, closed and for others are told apart, and come to the rows that the link opens."""
    take_in(store, "CC-001")
    take_in(store, "CC-002")
    take_in(store, "CC-003", applicability=Applicability.FOR_OTHERS)
    close(store, "CC-002")
    (row,) = rows(store)
    assert (row.open, row.closed, row.for_others, row.listed) == (1, 1, 1, 3)


def test_counts_on_a_past_day_are_those_of_then(store: Store, clock: Clock) -> None:
    """What was closed later was open then, and a report taken in later was not there."""
    take_in(store, "CC-001")
    clock.set(day(10))
    close(store, "CC-001")
    another(store, "A later report")
    (row,) = rows(store, as_at=DAY)
    assert (row.open, row.closed) == (1, 0)
    assert row.days_left == 55
    assert len(rows(store)) == 2


@pytest.mark.parametrize(("days", "left"), [(0, 55), (41, 14), (55, 0), (56, -1)])
def test_days_left_to_respond(store: Store, clock: Clock, days: int, left: int) -> None:
    """55 days are left on the day of publication, none on the last day, and fewer than none after it."""
    clock.set(day(days))
    (row,) = rows(store)
    assert row.last_day == day(55)
    assert row.days_left == left


@pytest.mark.parametrize(
    ("on", "precision"),
    [(date(2024, 1, 31), Precision.MONTH), (date(2023, 12, 31), Precision.YEAR), (None, Precision.UNKNOWN)],
)
def test_day_of_publication_is_asked_for_where_it_is_not_known(
    store: Store, on: date | None, precision: Precision
) -> None:
    """A month, a year or nothing gives no last day."""
    report = another(store, "Half known", published_on=on, published_precision=precision)
    row = next(row for row in rows(store) if row.report.id == report.id)
    assert row.asks_for_day
    assert (row.last_day, row.days_left) == (None, None)


def test_audit_needs_no_statutory_response(store: Store) -> None:
    """No Act asks the office to comment on its auditors' report, whether its day is known or not."""
    another(store, "An audit", programme=Programme.AUDIT, published_on=DAY, published_precision=Precision.DAY)
    row = next(row for row in rows(store) if row.report.title == "An audit")
    assert not row.needs_response
    assert not row.asks_for_day
    assert row.last_day is None


def test_reports_stand_latest_first_and_undated_ones_last(store: Store) -> None:
    """The order goes by publication, then by title."""
    another(store, "zeta, undated")
    another(store, "Alpha, undated")
    another(store, "Older", published_on=day(-400), published_precision=Precision.DAY)
    titles = [row.report.title for row in rows(store)]
    assert titles == ["PEEL assessment", "Older", "Alpha, undated", "zeta, undated"]


def test_response_inside_another_is_told_on_both_sides(store: Store) -> None:
    """Each of the two reports names the other."""
    another(store, "Outer", embeds=1)
    found = {row.report.title: row for row in rows(store)}
    assert found["Outer"].embeds == "PEEL assessment"
    assert found["PEEL assessment"].embedded_in == "Outer"


def test_restricted_report_is_not_listed_for_others(store: Store) -> None:
    """Who may not know of it sees neither it nor that a response stands inside another."""
    another(store, "Not to be seen", is_restricted=True, embeds=1)
    (row,) = rows(store, by=PUBLIC)
    assert row.report.title == "PEEL assessment"
    assert row.embedded_in == ""


@pytest.mark.parametrize(
    ("in_use", "following"),
    [
        ((), "CC-001"),
        (("CC-001", "CC-114"), "CC-115"),
        (("CC-009",), "CC-010"),
        (("CC-999",), "CC-1000"),
        (("PEEL-2025-013", "PEEL-2025-014", "X-7"), "PEEL-2025-015"),
        (("ABC",), "CC-001"),
        (("7", "8"), "9"),
    ],
)
def test_next_reference_goes_on_with_the_pattern_in_use(
    store: Store, in_use: tuple[str, ...], following: str
) -> None:
    """The series that has most goes on after its highest number; the first of all has the service's initials."""
    for reference in in_use:
        take_in(store, reference)
    assert next_reference(register_view(store, by=OFFICE), SERVICE) == following


def test_next_reference_is_free_in_every_service_seen(store: Store) -> None:
    """Two services share one register, so a reference that the other one uses is passed over."""
    take_in(store, "CFR-001")
    assert next_reference(register_view(store, by=OFFICE), ELSEWHERE) == "CFR-002"


def test_causes_of_concern_of_the_same_report_come_first(store: Store) -> None:
    """Only causes of concern are offered, by reference."""
    other = another(store, "Another")
    take_in(store, "CC-001", kind=Kind.CAUSE_OF_CONCERN, inspection_id=other.id)
    take_in(store, "CC-002", kind=Kind.CAUSE_OF_CONCERN)
    take_in(store, "CC-003")
    view = register_view(store, by=OFFICE)
    assert list(causes_of_concern(view, view.inspections[1])) == ["CC-002", "CC-001"]


def test_usual_applicability_of_a_national_report_is_not_decided() -> None:
    """A national report's recommendations are not the force's until somebody says so."""
    assert usual_applicability(an_inspection()) is Applicability.FOR_SERVICE
    assert usual_applicability(an_inspection(is_national=True)) is Applicability.NOT_DECIDED
    stated = an_inspection(is_national=True, stated_applicability=Applicability.FOR_OTHERS)
    assert usual_applicability(stated) is Applicability.FOR_OTHERS


def test_names_in_use_are_offered(store: Store) -> None:
    """Addressees and publishers occur once each; a register without reports offers the inspectorate."""
    take_in(store, "CC-001", addressees=("NPCC", "all forces"))
    take_in(store, "CC-002", addressees=("all forces",))
    another(store, "Joint", publishers=("HMICFRS", "HMI Prisons"))
    view = register_view(store, by=OFFICE)
    assert addressees(view) == ["all forces", "NPCC"]
    assert publishers(view) == ["HMICFRS", "HMI Prisons"]
