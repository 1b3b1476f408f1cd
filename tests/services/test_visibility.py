"""What a reader may not see makes no difference to anything that the reader is told."""

from datetime import timedelta
from typing import Any

import pytest

from monitor.domain.access import Actor, Role
from monitor.domain.statuses import LinkKind, Precision
from monitor.errors import NotFoundError
from monitor.services.intake import link_recommendations, take_in_report
from monitor.services.reading import read_history, read_recommendation
from monitor.services.updating import report_progress
from monitor.services.view import register_view
from monitor.store import Store
from tests.builders import (
    A_REPORT,
    ADMINISTRATOR,
    ANALYST,
    DAY,
    EDITOR,
    ELSEWHERE,
    OFFICE,
    OFFICE_ELSEWHERE,
    PUBLIC,
    SERVICE,
    Clock,
    close,
    day,
    moment,
    person,
    take_in,
)

EVERYWHERE = person("everywhere", Role.OFFICE, services=None)
READERS = [
    pytest.param(EDITOR, id="the force"),
    pytest.param(ANALYST, id="an analyst"),
    pytest.param(ADMINISTRATOR, id="an administrator"),
    pytest.param(PUBLIC, id="the public"),
]
HIDDEN: list[Any] = [
    pytest.param({"embargo_until": moment(day(30))}, id="embargoed"),
    pytest.param({"is_restricted": True}, id="restricted"),
    pytest.param({"service": ELSEWHERE}, id="of another service"),
]


def hide(store: Store, **given: Any) -> None:
    """Take in CC-HIDDEN from a report of its own, as somebody who may."""
    facts: dict[str, Any] = {
        "service": SERVICE,
        "title": "A secret report",
        "published_on": DAY,
        "published_precision": Precision.DAY,
    }
    report = take_in_report(store, by=EVERYWHERE, **facts | given)
    take_in(store, "CC-HIDDEN", inspection_id=report.id, due_on=day(1), by=EVERYWHERE)


def told(store: Store, by: Actor) -> list[Any]:
    """Return everything that the register's view tells somebody, without its version."""
    view = register_view(store, by=by)
    frames = [view.rows, view.spells, view.targets, view.evidence]
    return [
        *(frame.astype(str).to_dict("records") for frame in frames),
        sorted(view.inspections),
        [m.id for m in view.meetings],
    ]


@pytest.mark.parametrize("by", [by for by in READERS if by.values[0] is not ADMINISTRATOR])
@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_hidden_makes_no_difference_to_the_register(
    sqlite_register: Store, clock: Clock, by: Actor, hidden: dict[str, Any]
) -> None:
    """The tables are the same with it and without it, also when much is closed and forecasts rest on it."""
    take_in(sqlite_register, "CC-001", due_on=day(60))
    before = told(sqlite_register, by)

    hide(sqlite_register, **hidden)
    clock.set(day(0))
    close_by_everywhere(sqlite_register)

    assert told(sqlite_register, by) == before


def close_by_everywhere(store: Store) -> None:
    """Close the hidden one, so that it would weigh in durations and counts."""
    from monitor.domain.statuses import ClosureReason
    from monitor.services.deciding import agree_closure, propose_closure
    from tests.builders import give_evidence

    item = give_evidence(store, "CC-HIDDEN", by=EVERYWHERE)
    propose_closure(
        store,
        reference="CC-HIDDEN",
        reason=ClosureReason.MET,
        statement="Done.",
        evidence_ids=[item.id],
        by=EVERYWHERE,
    )
    agree_closure(store, reference="CC-HIDDEN", by=person("another", Role.OFFICE, services=None))


@pytest.mark.parametrize("by", READERS)
@pytest.mark.parametrize("hidden", HIDDEN[:2])
def test_what_is_hidden_cannot_be_read_by_name(
    sqlite_register: Store, by: Actor, hidden: dict[str, Any]
) -> None:
    """Neither itself nor its history, and the words are those for what is absent."""
    hide(sqlite_register, **hidden)

    for read in (read_recommendation, read_history):
        with pytest.raises(NotFoundError) as there:
            read(sqlite_register, reference="CC-HIDDEN", by=by)
        with pytest.raises(NotFoundError) as absent:
            read(sqlite_register, reference="CC-ABSENT", by=by)
        assert there.value.message.replace("HIDDEN", "ABSENT") == absent.value.message


@pytest.mark.parametrize("hidden", HIDDEN[:2])
def test_what_is_hidden_cannot_be_changed_by_the_force(
    sqlite_register: Store, hidden: dict[str, Any]
) -> None:
    """The force hears of an embargoed report when it is published."""
    hide(sqlite_register, **hidden)
    before = sqlite_register.data_version()

    with pytest.raises(NotFoundError):
        report_progress(sqlite_register, reference="CC-HIDDEN", by=EDITOR, **A_REPORT)

    assert sqlite_register.data_version() == before


def test_the_office_sees_what_is_embargoed(sqlite_register: Store) -> None:
    """It prepares the response before publication."""
    hide(sqlite_register, embargo_until=moment(day(30)))

    assert "CC-HIDDEN" in set(register_view(sqlite_register, by=OFFICE).rows["reference"])


def test_another_office_does_not(sqlite_register: Store) -> None:
    """An embargo opens to the office concerned alone."""
    hide(sqlite_register, embargo_until=moment(day(30)))

    assert register_view(sqlite_register, by=OFFICE_ELSEWHERE).rows.empty


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        pytest.param(-60, False, id="a minute before"),
        pytest.param(60, True, id="a minute after"),
    ],
)
def test_an_embargo_ends_at_its_moment(
    sqlite_register: Store, clock: Clock, seconds: int, shown: bool
) -> None:
    """Also where the register was looked at just before, and nothing was written since."""
    ends = moment(day(7))
    hide(sqlite_register, embargo_until=ends)
    clock.at = ends - timedelta(minutes=5)
    assert register_view(sqlite_register, by=PUBLIC).rows.empty

    clock.at = ends + timedelta(seconds=seconds)

    assert ("CC-HIDDEN" in set(register_view(sqlite_register, by=PUBLIC).rows["reference"])) is shown


def test_a_link_does_not_tell_of_what_is_hidden(sqlite_register: Store) -> None:
    """A reader is shown the links to what the reader may see."""
    take_in(sqlite_register, "CC-001")
    hide(sqlite_register, is_restricted=True)
    link_recommendations(
        sqlite_register, reference="CC-001", kind=LinkKind.REPEATS, other="CC-HIDDEN", by=EVERYWHERE
    )

    assert read_recommendation(sqlite_register, reference="CC-001", by=EDITOR).linked == []
    assert len(read_recommendation(sqlite_register, reference="CC-001", by=OFFICE).linked) == 1


def test_views_of_two_readers_are_kept_apart(sqlite_register: Store) -> None:
    """Whoever looks first, the other is shown what the other may see."""
    hide(sqlite_register, is_restricted=True)

    for _ in range(2):
        assert len(register_view(sqlite_register, by=OFFICE).rows) == 1
        assert len(register_view(sqlite_register, by=ANALYST).rows) == 0


def test_closing_shows_to_a_reader_at_once(sqlite_register: Store) -> None:
    """What is kept of a view is left behind as soon as anything is written."""
    take_in(sqlite_register)
    assert register_view(sqlite_register, by=PUBLIC).rows.loc[0, "is_open"]

    close(sqlite_register)

    assert not register_view(sqlite_register, by=PUBLIC).rows.loc[0, "is_open"]


def test_a_view_of_a_change_that_is_undone_is_not_shown_to_anybody(sqlite_register: Store) -> None:
    """Looked at from inside a change that then fails, the register is shown as it is afterwards."""
    with pytest.raises(ZeroDivisionError), sqlite_register.writing():  # noqa: PT012 - the block is what fails
        take_in(sqlite_register, "CC-001")
        assert len(register_view(sqlite_register, by=PUBLIC).rows) == 1
        raise ZeroDivisionError

    take_in(sqlite_register, "CC-002")

    assert list(register_view(sqlite_register, by=PUBLIC).rows["reference"]) == ["CC-002"]


@pytest.mark.parametrize("hidden", HIDDEN[:2])
def test_what_is_spoken_of_in_public_leaves_out_what_the_office_alone_may_see(
    sqlite_register: Store, hidden: dict[str, Any]
) -> None:
    """The office asks for the public's view of the register and is told what it was told before."""
    take_in(sqlite_register, "CC-001", due_on=day(60))
    before = told(sqlite_register, OFFICE)
    hide(sqlite_register, **hidden)

    public = register_view(sqlite_register, by=OFFICE, in_public=True)

    assert told(sqlite_register, OFFICE) != before
    assert public.rows.astype(str).to_dict("records") == before[0]
    assert sorted(public.inspections) == before[4]


def test_an_embargo_that_held_at_a_moment_still_holds_when_it_is_shown_again(
    sqlite_register: Store, clock: Clock
) -> None:
    """A page made in public before the embargo ended is the same when it is made again after it."""
    take_in(sqlite_register, "CC-001", due_on=day(60))
    hide(sqlite_register, embargo_until=moment(day(30)))
    then = sqlite_register.now()
    clock.set(day(40))

    again = register_view(sqlite_register, by=OFFICE, in_public=True, as_at=DAY, known_at=then)

    assert list(again.rows["reference"]) == ["CC-001"]
    assert len(register_view(sqlite_register, by=OFFICE, in_public=True).rows) == 2
