from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.access import SYSTEM
from monitor.domain.history import first_broken
from monitor.domain.inspections import Service
from monitor.errors import RuleError
from monitor.store import RegisterInfo, Store
from tests.builders import Clock, a_register, day, moment
from tests.registers import OpenStore

BEGINS = datetime(2023, 1, 16, 9, tzinfo=UTC)


@pytest.fixture
def demonstration(database_url: str, clock: Clock, open_store: OpenStore) -> Store:
    """Return a demonstration whose clock began in January 2023, when the server's stood at the first day."""
    store = open_store(database_url)
    with store.writing() as unit:
        unit.begin(RegisterInfo("An office", True, BEGINS, moment(day(0))))
    return store


def test_a_real_register_goes_by_the_server(register: Store, clock: Clock) -> None:
    """Its moment is the server's, and its day is London's."""
    clock.set(day(3))

    assert register.today() == day(3)


def test_a_demonstration_has_gone_on_since_it_began(demonstration: Store, clock: Clock) -> None:
    """Two days of the server are two days of the demonstration."""
    clock.set(day(2))

    assert demonstration.now() - (BEGINS + timedelta(days=2)) < timedelta(minutes=1)
    assert demonstration.server_now().date() == day(2)


def test_a_demonstration_can_be_told_in_its_own_past(demonstration: Store) -> None:
    """While it is loaded, what is written is recorded at the moment its story gives."""
    with demonstration.writing() as unit:
        unit.replay_at(datetime(2019, 5, 7, 9, tzinfo=ZoneInfo("Europe/London")))
        unit.add(Service(id=1, name="A force"), by=SYSTEM, verb="service added")

    with demonstration.reading() as reader:
        head = reader.history_head()
        assert head is not None
        assert head.recorded_at == datetime(2019, 5, 7, 8, tzinfo=UTC)
        assert first_broken(reader.all_history()) is None


def test_a_demonstration_is_told_forwards(demonstration: Store) -> None:
    """Its history, too, never goes back."""
    with demonstration.writing() as unit:
        for number, year in enumerate((2020, 2019), start=1):
            unit.replay_at(datetime(year, 5, 7, tzinfo=UTC))
            unit.add(Service(id=number, name=f"Force {number}"), by=SYSTEM, verb="service added")

    with demonstration.reading() as reader:
        assert [row.recorded_at.year for row in reader.all_history()] == [2020, 2020]


def test_a_real_register_cannot_be_given_another_moment(register: Store) -> None:
    """There is no way to say when something was recorded."""
    with pytest.raises(RuleError, match="records at the server's moment"), register.writing() as unit:
        unit.replay_at(BEGINS)


def test_a_register_begins_once(database_url: str) -> None:
    """What it is, real or a demonstration, is written once and cannot change."""
    store = a_register(database_url)

    with pytest.raises(RuleError, match="has already begun"), store.writing() as unit:
        unit.begin(RegisterInfo("An office", True, BEGINS, BEGINS))

    info = store.info()
    assert info is not None
    assert not info.is_demonstration
    store.close()


def test_before_it_begins_a_register_says_nothing_of_itself(database_url: str, open_store: OpenStore) -> None:
    """An empty database is no register yet; its day is the server's."""
    store = open_store(database_url)

    assert store.info() is None
    assert store.data_version() == 0
    assert store.today() == day(0)
