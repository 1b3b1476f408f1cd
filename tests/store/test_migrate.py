import gzip
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from monitor.domain.access import SYSTEM
from monitor.domain.evidence_files import Scan
from monitor.errors import SetupError
from monitor.services.checking import verify
from monitor.services.evidence_files import CheckedFile
from monitor.services.importing import apply_plans, read_file
from monitor.services.view import register_view
from monitor.store import Store, migrate
from monitor.store import tables as described
from monitor.store.engine import open_engine
from monitor.store.migrate import HEAD, known_revisions, revision_of
from tests.builders import a_register, give_evidence
from tests.postgresql_server import PostgresqlServer

FOLDER = Path(described.__file__).parent / "migrations"


def test_the_migrations_make_the_tables_that_the_code_describes(database_url: str) -> None:
    """The two spellings of the tables agree, on each database."""
    engine = open_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, described.metadata) == []
    engine.dispose()


def test_columns_are_empty_only_where_the_code_says_so(database_url: str) -> None:
    """A fact that must be there is asked for by the database as well."""
    engine = open_engine(database_url)
    found = inspect(engine)
    for table in described.metadata.sorted_tables:
        nullable = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert nullable == {column.name: column.nullable for column in table.columns}, table.name
    engine.dispose()


def test_the_newest_revision_is_the_one_the_code_names() -> None:
    """A migration added without moving HEAD would never run."""
    script = ScriptDirectory(str(FOLDER))

    assert script.get_heads() == [HEAD]
    assert {revision.revision for revision in script.walk_revisions()} == known_revisions()


def test_migrating_twice_does_nothing(database_url: str) -> None:
    """A register that is up to date keeps every row and every version."""
    store = a_register(database_url)
    before = store.data_version()

    migrate(database_url)

    assert store.data_version() == before
    store.close()


@pytest.mark.parametrize(
    "kept", sorted((Path(__file__).parent / "registers").glob("*.sqlite.gz")), ids=lambda p: p.name
)
def test_a_register_of_an_earlier_release_is_carried_forward(kept: Path, tmp_path: Path) -> None:
    """One of each released revision is kept: its chain holds, its rows are all there, and files can be taken in and added."""
    path = tmp_path / "register.sqlite"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    before = sqlite3.connect(path).execute("SELECT count(*), max(seq) FROM history").fetchone()

    migrate(f"sqlite:///{path}")

    store = Store(f"sqlite:///{path}")
    verdict = verify(store, by=SYSTEM)
    assert verdict.ok
    assert (verdict.history_rows, store.data_version()) == before
    assert len(register_view(store, by=SYSTEM).rows) == 8
    sheet = b"Ref,Inspection,Recommendation\nR-1,Under lock,The force should review its custody cameras.\n"
    plan = read_file(store, name="t.csv", content=sheet, service="Cumbria Constabulary", by=SYSTEM)
    assert apply_plans(store, plans=[plan], taken={plan.fingerprint: plan.everything()}, by=SYSTEM).new == (
        "R-1",
    )
    note = CheckedFile("note.txt", b"Minutes", Scan.NOT_SCANNED)
    give_evidence(store, "R-1", file=note, describes_on=store.today(), by=SYSTEM)
    with store.reading() as reader:
        *old, new = (item.file for item in reader.evidence_items().values())
    assert (new in old, new is not None) == (False, True)
    assert verify(store, by=SYSTEM).ok
    store.close()


def test_a_database_of_a_newer_release_is_refused_and_left_alone(database_url: str) -> None:
    """The sentence says to update the product; nothing is changed."""
    engine = open_engine(database_url)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SetupError, match="written by a newer release"):
        migrate(database_url)

    assert revision_of(engine) == "9999"
    engine.dispose()


def test_a_database_at_a_revision_nobody_knows_is_refused(database_url: str) -> None:
    """A trial copy of the product may have left one; guessing a way from it could lose rows."""
    engine = open_engine(database_url)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()

    with pytest.raises(SetupError, match="which this product does not know"):
        migrate(database_url)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_several_that_start_at_once_migrate_once(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Of several processes that find a new database, one makes the tables and the others find them made."""
    name = "started_at_once"
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / name}"
    else:
        server: PostgresqlServer = request.getfixturevalue("postgresql_server")
        server.run(f"DROP DATABASE IF EXISTS {name}")
        server.run(f"CREATE DATABASE {name}")
        request.addfinalizer(lambda: server.drop(name))
        url = server.url(name)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, [url] * 4))

    engine = open_engine(url)
    assert revision_of(engine) == HEAD
    engine.dispose()
