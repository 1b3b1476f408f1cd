import sqlite3
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from sqlalchemy import text

from monitor.errors import SetupError, UnreadableFileError
from monitor.services.examining import examine
from monitor.store import Store, engine, migrate
from monitor.store.engine import SOUND_SQLITE, exposure_of, is_sound, open_engine
from tests.builders import a_register
from tests.registers import OpenStore


def pragma(store: Store, name: str) -> object:
    """Return what SQLite says of one of its settings."""
    with store.reading() as reader:
        return reader.connection.execute(text(f"PRAGMA {name}")).scalar()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("synchronous", 2, id="each commit is on the disk before it is said to be saved"),
        pytest.param("foreign_keys", 1, id="nothing refers to what is not there"),
        pytest.param("busy_timeout", 30_000, id="a second writer waits"),
        pytest.param("trusted_schema", 0, id="a schema cannot call functions"),
        pytest.param("cell_size_check", 1, id="damage is found when it is read"),
        pytest.param("secure_delete", 1, id="nothing deleted can be read from the file"),
    ],
)
def test_sqlite_is_opened_with_the_settings_that_keep_what_was_saved(
    sqlite_url: str, open_store: OpenStore, name: str, value: int
) -> None:
    """Each connection has them, not only the first."""
    assert pragma(open_store(sqlite_url), name) == value


@pytest.mark.parametrize(("sound", "journal"), [(True, "wal"), (False, "delete")])
def test_a_sqlite_that_can_damage_its_write_ahead_log_does_without_one(
    sqlite_url: str, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch, sound: bool, journal: str
) -> None:
    """Versions before 3.51.3 keep to the rollback journal, where one writer at a time is safe."""
    monkeypatch.setattr(engine, "is_sound", lambda module: sound)

    assert pragma(open_store(sqlite_url), "journal_mode") == journal


def test_the_register_works_on_the_rollback_journal(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An old SQLite is slower, not poorer."""
    monkeypatch.setattr(engine, "is_sound", lambda module: False)

    store = a_register(sqlite_url)

    assert store.data_version() == 3
    store.close()


@pytest.mark.parametrize(
    ("version", "sound"),
    [((3, 51, 2), False), ((3, 51, 3), True), ((3, 40, 1), False), ((3, 52, 0), True), ((4, 0, 0), True)],
)
def test_the_fault_in_the_write_ahead_log_ends_with_3_51_3(
    version: tuple[int, int, int], sound: bool
) -> None:
    """The day before and the day of the repair."""
    module = SimpleNamespace(sqlite_version_info=version)

    assert is_sound(module) is sound  # type: ignore[arg-type]


def test_the_newest_sqlite_at_hand_is_used() -> None:
    """The wheel's where it is newer than Python's own."""
    chosen: ModuleType = engine.sqlite_module()

    assert chosen.sqlite_version_info >= sqlite3.sqlite_version_info
    if chosen is sqlite3:
        assert sqlite3.sqlite_version_info >= SOUND_SQLITE or not _has_wheel()


def _has_wheel() -> bool:
    try:
        import pysqlite3  # noqa: F401
    except ImportError:
        return False
    return True


def test_a_new_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Nobody else on the machine can read the file or its folder."""
    path = tmp_path / "kept" / "register.sqlite"

    migrate(f"sqlite:///{path}")

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("register.sqlite", id="a file name alone"),
        pytest.param("", id="nothing"),
        pytest.param("mysql://somebody@host/name", id="another kind of database"),
    ],
)
def test_an_address_of_no_database_that_can_be_used_is_refused_in_one_sentence(address: str) -> None:
    """The message says how an address is written."""
    with pytest.raises(UnreadableFileError) as refused:
        open_engine(address)

    assert "sqlite" in refused.value.message
    assert "\n" not in refused.value.message


def test_a_file_that_is_no_database_is_told_in_one_sentence(tmp_path: Path, open_store: OpenStore) -> None:
    """A spreadsheet given in place of the register is neither read nor changed."""
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"not a database " * 500)
    before = path.read_bytes()

    for act in (lambda: migrate(f"sqlite:///{path}"), lambda: open_store(f"sqlite:///{path}").data_version()):
        with pytest.raises(UnreadableFileError, match="file is not a database") as refused:
            act()
        assert "\n" not in refused.value.message
    assert path.read_bytes() == before


def test_a_folder_in_place_of_a_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    """The sentence names the place, and what else to give."""
    with pytest.raises(UnreadableFileError, match=r"cannot be written \(is a directory\)"):
        open_engine(f"sqlite:///{tmp_path}")


def test_a_database_that_was_never_migrated_is_told_in_one_sentence(
    tmp_path: Path, open_store: OpenStore
) -> None:
    """Reading and writing both say so; there is no traceback."""
    store = open_store(f"sqlite:///{tmp_path / 'empty.sqlite'}")

    with pytest.raises(UnreadableFileError, match="no such table"):
        store.data_version()
    with pytest.raises(UnreadableFileError, match="no such table"), store.writing():
        pass


def test_a_server_that_does_not_answer_is_told_without_the_password(open_store: OpenStore) -> None:
    """The address is shown, what is secret in it is not."""
    store = open_store("postgresql+psycopg://somebody:hunter2@127.0.0.1:1/register")

    with pytest.raises(UnreadableFileError) as refused:
        store.data_version()

    assert "127.0.0.1" in refused.value.message
    assert "hunter2" not in refused.value.message


ELSEWHERE = "postgresql+psycopg://somebody@db.example/register"


@pytest.mark.parametrize(
    ("address", "variables"),
    [
        (ELSEWHERE, {}),
        (f"{ELSEWHERE}?sslmode=prefer", {}),
        (f"{ELSEWHERE}?sslmode=allow", {}),
        ("postgresql://somebody@192.0.2.7:5433/register", {}),
        ("postgresql:///register?host=127.0.0.1,db.example", {}),
        ("postgresql://127.0.0.1/register?hostaddr=192.0.2.7", {}),
        ("postgresql:///register", {"PGHOST": "db.example"}),
        ("postgresql://localhost/register", {"PGHOSTADDR": "192.0.2.7"}),
        (ELSEWHERE, {"PGSSLMODE": "prefer"}),
    ],
)
def test_a_database_elsewhere_whose_encryption_is_left_open_is_refused(
    address: str, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client's own habit is to go on in the clear where the server offers nothing else."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(
        SetupError, match=r"does not say that the connection is encrypted.*sslmode=verify-full"
    ) as said:
        open_engine(address)

    assert "somebody" not in said.value.message


@pytest.mark.parametrize(
    ("address", "variables", "exposure"),
    [
        (f"{ELSEWHERE}?sslmode=verify-full", {}, None),
        (ELSEWHERE, {"PGSSLMODE": "verify-full"}, None),
        (f"{ELSEWHERE}?sslmode=require", {}, "is believed (sslmode=require)"),
        (f"{ELSEWHERE}?sslmode=verify-ca", {}, "is believed (sslmode=verify-ca)"),
        (f"{ELSEWHERE}?sslmode=disable", {}, "in the clear"),
        ("postgresql://somebody@127.0.0.1/register", {}, None),
        ("postgresql://[::1]/register", {}, None),
        ("postgresql:///register", {}, None),
        ("postgresql:///register?host=/run/postgresql", {"PGHOST": "db.example"}, None),
    ],
)
def test_how_a_database_elsewhere_is_reached_is_told(
    address: str, variables: dict[str, str], exposure: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the office has decided is done; what it leaves open is said."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    opened = open_engine(address)

    told = exposure_of(opened.url)

    assert told == "" if exposure is None else exposure in told


def test_what_is_left_open_is_found_when_one_asks(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By `monitor doctor`, as something to put right."""
    monkeypatch.setattr(engine, "exposure_of", lambda _: "anybody can read it")

    found = [one for one in examine(postgresql_url) if one.what == "Connection"]

    assert [(one.found, one.ok) for one in found] == [("anybody can read it", False)]


def test_postgresql_keeps_its_moments_in_utc(postgresql_url: str, open_store: OpenStore) -> None:
    """Whatever the server's own time zone."""
    with open_store(postgresql_url).reading() as reader:
        assert reader.connection.execute(text("SHOW timezone")).scalar() == "UTC"
