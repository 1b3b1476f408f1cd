"""Bringing a database up to date. History rows are never touched."""

from pathlib import Path
from threading import Lock
from typing import Final

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from monitor.errors import SetupError, UnreadableFileError
from monitor.store.engine import explain, open_engine, shown_address

HEAD: Final = "0007"
"""The newest revision; a test holds it against the folder of migrations."""

_FOLDER: Final = Path(__file__).parent / "migrations"
_MIGRATION_LOCK: Final = 5_539_021
_one_at_a_time: Final = Lock()
"""Alembic keeps what it works on in a place that all threads share."""


def revision_of(engine: Engine) -> str | None:
    """Return the revision the database stands at; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def migrate(address: str) -> None:
    """
    Bring the database up to date, making it if there is none. Nothing happens when it already is.

    Raises:
        UnreadableFileError: when it cannot be reached or is not a database.
        SetupError: when it was written by a newer release.
    """
    engine = open_engine(address)
    try:
        found = revision_of(engine)
        if found == HEAD:
            return
        if found is not None and found > HEAD:
            raise SetupError(
                f"This database was written by a newer release (revision {found}). Update the product first."
            )
        if found is not None and found not in known_revisions():
            raise SetupError(f"This database stands at revision {found}, which this product does not know.")
        if found is None and holds_something(engine):
            raise UnreadableFileError(
                f"{shown_address(address)} holds the tables of something else. Give an empty database, or this product's own."
            )
        with _one_at_a_time:
            _upgrade(engine)
    except DatabaseError as problem:
        raise explain(problem, address) from None
    finally:
        engine.dispose()


def holds_something(engine: Engine) -> bool:
    """Tell whether the database holds any table."""
    with engine.connect() as connection:
        return bool(inspect(connection).get_table_names())


def known_revisions() -> set[str]:
    """Return every revision that this release knows."""
    return {path.name.split("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py")}


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    with engine.connect().execution_options(writes=True) as connection:
        if connection.dialect.name == "postgresql":
            # Several processes may start at once: the first migrates, the others find it done.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
