"""What is here and what is missing: the product examined from inside, each finding with its remedy."""

import platform
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from typing import Final

from monitor.dates import long_date
from monitor.domain.access import SYSTEM
from monitor.errors import MonitorError, SetupError
from monitor.services.checking import verify
from monitor.services.scanning import is_there
from monitor.settings import Settings, Titles, project_root
from monitor.store import Store, database_facts, is_missing, migrate

NEEDED: Final = (
    "streamlit",
    "pandas",
    "plotly",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "matplotlib",
    "xlsxwriter",
    "pyarrow",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what, what was found, and whether it will do."""

    what: str
    found: str
    ok: bool


def examine(address: str) -> list[Finding]:
    """Return what was found, in order; a step that fails says so and the rest is still looked at."""
    return [*_machine(), *_database(address)]


def _machine() -> Iterator[Finding]:
    yield Finding("Python", f"{platform.python_version()} at {sys.executable}", sys.version_info >= (3, 11))
    missing = []
    for name in NEEDED:
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
    versions = f"streamlit {metadata.version('streamlit')}, and {len(NEEDED) - 1} more" if not missing else ""
    yield Finding(
        "Packages", f"missing: {', '.join(missing)}; run make setup" if missing else versions, not missing
    )
    root = project_root()
    yield Finding(
        "Pages", str(root) if root else "dashboard.py was not found; run from a checkout", root is not None
    )
    try:
        settings = Settings.from_environment()
    except SetupError as problem:
        yield Finding("Settings", problem.message, False)
        return
    yield Finding("Titles", _titles(settings.titles), True)
    yield Finding("Updates wanted", f"every {settings.update_every_days} days while something is open", True)
    yield _scanner(settings.clamd)


def _titles(titles: Titles) -> str:
    short = f" ({titles.conference_short})" if titles.conference_short != titles.conference else ""
    named = (titles.office, titles.head_of_office, titles.chief_officer, f"{titles.conference}{short}")
    return "; ".join(name for name in named if name)


def _scanner(clamd: str) -> Finding:
    if not clamd:
        return Finding("Virus scanner", "none; files of evidence are kept with the mark “not scanned”", True)
    answers = is_there(clamd)
    found = f"clamd at {clamd}" if answers else f"no answer at {clamd}; no file of evidence can be added"
    return Finding("Virus scanner", found, answers)


def _database(address: str) -> Iterator[Finding]:
    try:
        if is_missing(address):
            yield Finding("Database", f"none yet at {address}; it is made at the first start", True)
            return
        migrate(address)
        store = Store(address)
        facts = database_facts(store.engine)
    except MonitorError as problem:
        yield Finding("Database", problem.message, False)
        return
    with closing(store):
        yield Finding("Database", facts.place, True)
        yield Finding("Database engine", facts.engine, True)
        yield from (Finding("Durability", warning, False) for warning in facts.warnings)
        if facts.exposure:
            yield Finding("Connection", facts.exposure, False)
        yield from _register(store)


def _register(store: Store) -> Iterator[Finding]:
    info = store.info()
    if info is None:
        yield Finding(
            "Register",
            "not begun; load the demonstration with monitor sample, or begin one with monitor begin",
            True,
        )
        return
    kind = "a demonstration on its own clock" if info.is_demonstration else "real, on the server's clock"
    yield Finding("Register", f"{info.office}: {kind}; today is {long_date(store.today())}", True)
    with store.reading() as reader:
        held = len(reader.current_rows())
    yield Finding("Holds", f"{held:,} recommendations, {store.data_version():,} rows of history", True)
    verdict = verify(store, by=SYSTEM)
    broken = verdict.why or f"{len(verdict.differences)} differences; see monitor verify"
    yield Finding("History", f"whole, head {verdict.head[:16]}" if verdict.ok else broken, verdict.ok)
