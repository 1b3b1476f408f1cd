from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from monitor.domain.access import Role
from monitor.domain.statuses import Applicability, Kind, LinkKind, MeetingKind, Precision
from monitor.errors import NotFoundError, RuleError
from monitor.services.checking import verify
from monitor.services.intake import (
    add_service,
    assign,
    begin_register,
    correct_wording,
    link_recommendations,
    take_in_recommendation,
    take_in_report,
)
from monitor.services.meetings import record_meeting
from monitor.store import Store
from tests.builders import (
    ADMINISTRATOR,
    DAY,
    EDITOR,
    ELSEWHERE,
    OFFICE,
    OFFICE_ELSEWHERE,
    REASON,
    SERVICE,
    Clock,
    day,
    moment,
    person,
    take_in,
)
from tests.registers import OpenStore

HOSTILE = "a\x00b\x07 \ud800 Cafe\u0301 =1+1 <script> \u202e"
"""What no database, workbook or page takes as it stands."""


def test_a_register_begins_with_its_office_and_services(register: Store) -> None:
    """It is real from the first moment, and knows whose it is."""
    info = register.info()

    assert info is not None
    assert not info.is_demonstration
    with register.reading() as reader:
        assert [s.name for s in reader.services()] == [SERVICE, ELSEWHERE]


@pytest.mark.parametrize(
    ("office", "services"),
    [
        pytest.param(" ", ["A force"], id="no office"),
        pytest.param("An office", [], id="no service"),
        pytest.param("An office", ["\u200b"], id="a service without a name one can see"),
        pytest.param("An office", ["A force", "A  FORCE"], id="one service twice"),
    ],
)
def test_a_register_needs_an_office_and_services_that_can_be_told_apart(
    database_url: str, open_store: OpenStore, office: str, services: list[str]
) -> None:
    """What is refused leaves the database as empty as it was."""
    store = open_store(database_url)

    with pytest.raises(RuleError):
        begin_register(store, office=office, services=services, by=ADMINISTRATOR)

    assert store.info() is None
    assert store.data_version() == 0


def test_a_service_is_added_once(register: Store) -> None:
    """The same name in other letters is the same service."""
    add_service(register, name=" Kent   Police ", by=ADMINISTRATOR)

    with pytest.raises(RuleError, match="already on the register"):
        add_service(register, name="KENT POLICE", by=ADMINISTRATOR)


# Reports


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"title": "\u200b"}, "has no title", id="a title one cannot see"),
        pytest.param({"service": "Nowhere Police"}, "There is no service", id="an unknown service"),
        pytest.param({"published_on": day(1)}, "is not published yet", id="published tomorrow, without an embargo"),
        pytest.param({"published_on": day(1) + timedelta(weeks=9), "published_precision": Precision.DAY},
                     "is not published yet", id="published in two months"),
        pytest.param({"published_on": date(2024, 4, 30), "published_precision": Precision.MONTH},
                     "is not published yet", id="published next month"),
        pytest.param({"embargo_until": datetime(2024, 3, 9, 0, 1)}, "time zone", id="an embargo without a zone"),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_kept_is_refused(register: Store, given: dict[str, Any], said: str) -> None:
    """The message says why, and nothing is written."""
    before = register.data_version()
    usual: dict[str, Any] = {
        "service": SERVICE,
        "title": "A report",
        "published_precision": Precision.DAY,
        "published_on": DAY,
    }
    by = person("office", Role.OFFICE, services=None)

    with pytest.raises(RuleError, match=said):
        take_in_report(register, by=by, **usual | given)

    assert register.data_version() == before


def test_a_report_of_this_month_is_taken_in_before_the_month_is_over(register: Store) -> None:
    """Where only the month is known the day kept lies ahead; the report does not."""
    report = take_in_report(
        register,
        service=SERVICE,
        title="Out this month",
        by=OFFICE,
        published_on=date(2024, 3, 31),
        published_precision=Precision.MONTH,
    )

    assert report.published_words == "March 2024"
    assert take_in(register, inspection_id=report.id).taken_in_on == DAY


def test_a_report_still_to_come_is_taken_in_under_embargo(register: Store) -> None:
    """The office may prepare what is published next week."""
    report = take_in_report(
        register,
        service=SERVICE,
        title="Out next week",
        by=OFFICE,
        published_on=day(7),
        published_precision=Precision.DAY,
        embargo_until=moment(day(7)),
    )

    assert report.embargo_until == moment(day(7))


def test_a_report_can_embed_only_the_response_to_a_report_on_the_register(register: Store) -> None:
    """A number that names nothing is refused in words, not by the database."""
    with pytest.raises(NotFoundError, match="There is no report 99"):
        take_in_report(register, service=SERVICE, title="A report", by=OFFICE, embeds=99)


def test_what_is_taken_in_is_kept_in_one_spelling(register: Store) -> None:
    """Control characters and halves of characters go, everywhere, and history agrees with the tables."""
    report = take_in_report(
        register,
        service=SERVICE,
        title=HOSTILE,
        by=OFFICE,
        publishers=[HOSTILE],
        key_findings=[HOSTILE],
        grades=[(HOSTILE, HOSTILE)],
        link=HOSTILE,
        published_source=HOSTILE,
        embargo_until=datetime(2024, 3, 1, tzinfo=UTC),
    )
    record_meeting(register, service=SERVICE, kind=MeetingKind.BOARD, on=DAY, by=OFFICE, place=HOSTILE)
    record = take_in(
        register,
        inspection_id=report.id,
        text=HOSTILE,
        lead_in=HOSTILE,
        parts=[HOSTILE],
        addressees=[HOSTILE],
        number=HOSTILE,
        external_reference=HOSTILE,
        due_on=day(9),
        due_phrase=HOSTILE,
        due_rule=HOSTILE,
        owner=HOSTILE,
        themes=[HOSTILE],
    )

    kept = "ab  Café =1+1 <script> \u202e"
    assert report.title == " ".join(kept.split())
    assert report.key_findings == (kept,)
    assert record.wordings[0].parts == record.assignments[0].themes == record.addressees == (kept,)
    assert verify(register, by=OFFICE).ok


# Recommendations


@pytest.mark.parametrize(
    ("reference", "kept"),
    [
        pytest.param("CC-036", "CC-036", id="as it is written"),
        pytest.param(" cc-036 ", "CC-036", id="in small letters, with spaces"),
        pytest.param("PEEL/2024-1", "PEEL/2024-1", id="with a stroke"),
        pytest.param("A" * 24, "A" * 24, id="of 24 characters"),
    ],
)
def test_a_reference_is_kept_in_capitals(register: Store, reference: str, kept: str) -> None:
    """People type it in either case; it is one reference."""
    assert take_in(register, reference).reference == kept


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param("", id="nothing"),
        pytest.param("A" * 25, id="of 25 characters"),
        pytest.param("CC 036", id="with a space"),
        pytest.param("СС-036", id="in Cyrillic letters that look alike"),
        pytest.param("ＣＣ-036", id="in wide letters"),
        pytest.param("-036", id="beginning with a hyphen"),
        pytest.param("CC\n036", id="of two lines"),
        pytest.param("../etc", id="that climbs a folder"),
    ],
)
def test_a_reference_that_could_be_mistaken_is_refused(register: Store, reference: str) -> None:
    """Capital letters, figures, hyphens and strokes: two references never look alike."""
    with pytest.raises(RuleError, match="cannot be a reference"):
        take_in(register, reference)


def test_a_reference_is_used_once(register: Store) -> None:
    """The same in small letters is the same."""
    take_in(register, "CC-001")

    with pytest.raises(RuleError, match="already in use"):
        take_in(register, "cc-001")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"short_title": "x" * 43}, "43 characters", id="a long short title"),
        pytest.param({"text": "\x00"}, "has no text", id="no words"),
        pytest.param({"text": "x" * 20_001}, "20,000", id="an enormous text"),
        pytest.param({"addressees": ["x" * 20_001]}, "20,000", id="an enormous addressee"),
        pytest.param({"on": day(-1)}, "before its report was published", id="before publication"),
        pytest.param({"on": day(1)}, "lies in the future", id="tomorrow"),
    ],
)
def test_a_recommendation_that_cannot_be_kept_is_refused(
    register: Store, given: dict[str, Any], said: str
) -> None:
    """The message says why, and nothing is written."""
    before = register.data_version()

    with pytest.raises(RuleError, match=said):
        take_in(register, **given)

    assert register.data_version() == before


def test_who_recorded_it_and_when_cannot_be_supplied(register: Store) -> None:
    """There is no argument by which the server's moment or another person's name could be given."""
    for name in ("recorded_at", "by_name", "by_role", "happened_on", "n", "version", "closed_on"):
        with pytest.raises(TypeError):
            take_in(register, **{name: "x"})
        with pytest.raises(TypeError):
            take_in_report(register, service=SERVICE, title="A report", by=OFFICE, **{name: "x", "id": 7})


def test_a_recommendation_stands_under_a_cause_of_concern_that_is_there(register: Store) -> None:
    """A parent is one of this register, and of the same service."""
    take_in(register, "CC-001", kind=Kind.CAUSE_OF_CONCERN)

    assert take_in(register, "CC-002", parent="CC-001").parent == "CC-001"
    with pytest.raises(NotFoundError):
        take_in(register, "CC-003", parent="CC-099")


def test_a_recommendation_is_not_taken_in_from_a_report_one_may_not_see(register: Store) -> None:
    """The office of another force is told that there is no such report."""
    with pytest.raises(NotFoundError, match="There is no report 1 "):
        take_in(register, by=OFFICE_ELSEWHERE)
    with pytest.raises(NotFoundError, match="There is no report 99 "):
        take_in(register, inspection_id=99, by=OFFICE_ELSEWHERE)


def test_what_happened_on_a_day_long_past_is_kept_with_both_days(register: Store, clock: Clock) -> None:
    """Taken in late: the day it happened on is a person's word, the day of recording the server's."""
    clock.set(day(40))

    record = take_in(register, on=day(2))

    assert record.taken_in_on == day(2)
    assert {e.recorded_at.date() for e in record.entries} == {day(40)}


# Later decisions


def test_only_what_is_given_changes(register: Store) -> None:
    """Naming an owner leaves the board."""
    take_in(register, board="Strategic Performance Board")

    record = assign(register, reference="CC-001", owner="Insp A", by=OFFICE)

    assert (record.assignments[-1].owner, record.assignments[-1].board) == (
        "Insp A",
        "Strategic Performance Board",
    )
    assert len(record.assignments) == 2


def test_applicability_can_be_decided_again(register: Store) -> None:
    """What was thought to be for others turns out to be shared."""
    take_in(register, applicability=Applicability.FOR_OTHERS)

    record = assign(
        register,
        reference="CC-001",
        applicability=Applicability.SHARED,
        applicability_reason="The force is named in part 2.",
        by=OFFICE,
    )

    assert record.spells()[0].opened_on == DAY


def test_a_correction_keeps_the_first_words(register: Store) -> None:
    """Both wordings are read back."""
    take_in(register)

    correct_wording(
        register, reference="CC-001", text="It must.", reason=REASON, source="Erratum, page 2", by=OFFICE
    )

    with register.reading() as reader:
        assert [w.text for w in reader.record("CC-001").wordings] == ["The force should do it.", "It must."]


def test_a_link_names_a_recommendation_that_is_there(register: Store) -> None:
    """One cannot link to what is absent, nor learn of what is hidden."""
    take_in(register)

    with pytest.raises(NotFoundError):
        link_recommendations(register, reference="CC-001", kind=LinkKind.REPEATS, other="CC-002", by=OFFICE)


def test_the_force_takes_nothing_in(register: Store) -> None:
    """Its own recommendations are not for it to write."""
    with pytest.raises(Exception, match="may not take in a report"):
        take_in_recommendation(
            register,
            reference="CC-001",
            inspection_id=1,
            kind=Kind.AFI,
            short_title="x",
            text="x",
            by=EDITOR,
        )
