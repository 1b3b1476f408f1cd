"""Fixtures that open registers and close them again; a folder's conftest takes them over by name."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from monitor.store import Store
from tests.builders import Clock, a_register

OpenStore = Callable[..., Store]


@pytest.fixture
def clock() -> Clock:
    """Return the server's clock of the test, at noon of the first day."""
    return Clock()


@pytest.fixture
def open_store(clock: Clock) -> Iterator[OpenStore]:
    """Yield what opens a store on an address, as another process would; each is closed after the test."""
    opened: list[Store] = []

    def opening(url: str, *, clock: Callable[[], datetime] = clock) -> Store:
        opened.append(Store(url, clock=clock))
        return opened[-1]

    yield opening
    for store in opened:
        store.close()


@pytest.fixture
def register(database_url: str, clock: Clock) -> Iterator[Store]:
    """Yield a register that has begun, with two services and one report; on each database."""
    store = a_register(database_url, clock)
    yield store
    store.close()


@pytest.fixture
def sqlite_register(sqlite_url: str, clock: Clock) -> Iterator[Store]:
    """Yield the same on SQLite alone, for what does not depend on the database."""
    store = a_register(sqlite_url, clock)
    yield store
    store.close()
