"""How the two databases are opened, with the settings that keep what was saved."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError

from monitor.errors import SetupError, UnreadableFileError
from monitor.settings import LOOPBACK

SOUND_SQLITE: Final = (3, 51, 3)
"""First version without the fault that can corrupt a write-ahead log when two connections
write and checkpoint at once (sqlite.org/wal.html#walresetbug)."""


_IN_THE_CLEAR: Final = (
    "what is read and written crosses the network in the clear (sslmode=disable); use sslmode=verify-full, or see that "
    "the network itself is encrypted"
)
_UNCHECKED: Final = (
    "encrypted, but whoever answers for the database server is believed (sslmode={mode}); use sslmode=verify-full with "
    "its authority in sslrootcert"
)


def sqlite_module() -> ModuleType:
    """Return the newest SQLite at hand: the wheel's where it is newer than Python's own."""
    if sqlite3.sqlite_version_info >= SOUND_SQLITE:
        return sqlite3
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3
    return dbapi2 if dbapi2.sqlite_version_info > sqlite3.sqlite_version_info else sqlite3


def is_sound(module: ModuleType) -> bool:
    """Tell whether this SQLite may use a write-ahead log with several writers."""
    return bool(module.sqlite_version_info >= SOUND_SQLITE)


def open_engine(address: str) -> Engine:
    """
    Return an engine for a database address.

    Raises:
        UnreadableFileError: for an address that names no database this product can use, or a
            folder that cannot be written.
        SetupError: for a database on another machine, where nothing says how the connection is kept secret.
    """
    url = _url(address)
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    if url.get_backend_name() == "postgresql":
        return _open_postgresql(url)
    raise UnreadableFileError(
        f"{url.get_backend_name()} is not a database this product uses. Use sqlite or postgresql+psycopg."
    )


def _url(address: str) -> URL:
    try:
        return make_url(address)
    except ArgumentError:
        raise UnreadableFileError(
            f'"{address}" is not a database address. Write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.'
        ) from None


def is_missing(address: str) -> bool:
    """
    Tell whether the address names a SQLite file that does not exist yet.

    Raises:
        UnreadableFileError: for what is no database address.
    """
    url = _url(address)
    in_file = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return bool(in_file) and not Path(str(url.database)).exists()


def _open_sqlite(url: URL) -> Engine:
    module = sqlite_module()
    if url.database and url.database != ":memory:":
        _prepare_file(Path(url.database))
    engine = create_engine(url, module=module, connect_args={"timeout": 30})
    journal = "WAL" if is_sound(module) else "DELETE"

    @event.listens_for(engine, "connect")
    def settings(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "trusted_schema=OFF",
            "cell_size_check=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _open_postgresql(url: URL) -> Engine:
    mode = _secrecy(url)
    if mode is not None and mode not in ("disable", "require", "verify-ca", "verify-full"):
        raise SetupError(
            f"The database is on another machine ({', '.join(_hosts(url))}), and its address does not say that the "
            "connection is encrypted. Add ?sslmode=verify-full to it, with the server's authority in sslrootcert. Where "
            "the network itself is encrypted, say so with ?sslmode=disable."
        )
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 10,
            "options": "-c statement_timeout=60000 -c idle_in_transaction_session_timeout=30000 -c timezone=UTC",
        },
    )


def exposure_of(url: URL) -> str:
    """Return how somebody between here and the database could read, or pass for it; empty for not at all."""
    mode = _secrecy(url)
    if mode in (None, "verify-full"):
        return ""
    return _IN_THE_CLEAR if mode == "disable" else _UNCHECKED.format(mode=mode)


def _secrecy(url: URL, environment: Mapping[str, str] = os.environ) -> str | None:
    """
    Return what is said of the encryption of a connection to another machine; None for a connection within this one.

    Source:
        libpq's `sslmode`. Unsaid it is "prefer", which takes whatever it is given, in the clear too.
    """
    if all(host in LOOPBACK or host[:1] in ("/", "@") for host in _hosts(url, environment)):
        return None
    said = url.query.get("sslmode", environment.get("PGSSLMODE", ""))
    return said if isinstance(said, str) else ""


def _hosts(url: URL, environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the machines, or folders of a socket, that an address names; none for the usual socket."""

    def named() -> Iterator[str]:
        for key, variable in (("hostaddr", "PGHOSTADDR"), ("host", "PGHOST")):
            said = url.query.get(key, "")
            yield from ((said,) if isinstance(said, str) else said)
            if not said and not (url.host and key == "host"):
                yield environment.get(variable, "")
        yield url.host or ""

    return [host for one in named() for host in one.split(",") if host]


def _prepare_file(path: Path) -> None:
    """Make the folder (700) and the file (600), so that nobody else on the machine can read them."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        with path.open("ab"):
            pass
    except OSError as problem:
        raise UnreadableFileError(
            f"The database {path} cannot be written ({os.strerror(problem.errno or 0).lower()}). "
            "Choose another place with --database sqlite:///FILE."
        ) from None


def shown_address(address: str) -> str:
    """Return a database address as it may be shown: without its password."""
    return make_url(address).render_as_string(hide_password=True)


def explain(problem: DatabaseError, address: str) -> UnreadableFileError:
    """Return the one sentence a person needs when a database cannot be reached or read."""
    shown = shown_address(address)
    lines = str(problem.orig).strip().splitlines() if problem.orig else []
    cause = lines[0].rstrip(".") if lines else "no answer"
    return UnreadableFileError(f"The database {shown} cannot be used: {cause}.", address=shown)


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """Where the database is, which engine serves it with which settings, and what is not as it should be."""

    place: str
    engine: str
    warnings: tuple[str, ...]
    exposure: str = ""


def database_facts(engine: Engine) -> DatabaseFacts:
    """Return what an administrator wants to know of the database."""
    place = engine.url.render_as_string(hide_password=True)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            version = connection.exec_driver_sql("SELECT sqlite_version()").scalar()
            journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            check = connection.exec_driver_sql("PRAGMA quick_check").scalar()
            broken = () if check == "ok" else (f"the file is damaged: {check}; restore a backup",)
            return DatabaseFacts(
                place, f"SQLite {version}, {str(journal).upper()} journal, synchronous FULL", broken
            )
        version = connection.exec_driver_sql("SHOW server_version").scalar()
        off = [
            name
            for name in ("fsync", "synchronous_commit", "full_page_writes")
            if connection.exec_driver_sql(f"SHOW {name}").scalar() == "off"
        ]
    warnings = tuple(f"{name} is off, so what was saved may be lost; turn it on" for name in off)
    return DatabaseFacts(place, f"PostgreSQL {version}", warnings, exposure_of(engine.url))
