"""
What every test may ask for: a fresh database on each engine the product supports.

`database_url` runs a test twice, on SQLite and on PostgreSQL; `sqlite_url` and `postgresql_url` run it once.
Each database is a copy of one that was migrated once, so that a fresh one costs milliseconds. A machine
without PostgreSQL fails these tests and does not skip them: half of the product would go untested.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgresql_server import PostgresqlServer, running_postgresql

# "everyday": the same examples each time, so that a red test is red for everyone. "long" looks for new ones.
settings.register_profile(
    "everyday",
    max_examples=60,
    derandomize=True,
    deadline=None,  # the machines that run this are shared
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("long", settings.get_profile("everyday"), max_examples=5_000, derandomize=False)
settings.load_profile(os.environ.get("MONITOR_HYPOTHESIS", "everyday"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a fresh, migrated database; the test runs once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return the address of a fresh, migrated SQLite database."""
    path = tmp_path / "register.sqlite"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer) -> Iterator[str]:
    """Yield the address of a fresh, migrated PostgreSQL database, which goes after the test."""
    name = postgresql_server.copy_template()
    yield postgresql_server.url(name)
    postgresql_server.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated, empty SQLite file to copy, complete without a write-ahead log beside it."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    migrate(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Yield a PostgreSQL server with a migrated template, for as long as this test process lives."""
    with running_postgresql() as server:
        server.make_template(migrate)
        yield server
        server.drop(server.template)


def migrate(url: str) -> None:
    """Bring a database to the newest schema."""
    # Imported here, so that tests of the rules alone do not load the store.
    from monitor.store import migrate

    migrate(url)
