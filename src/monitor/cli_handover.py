"""Leaving with everything and arriving with it: `monitor handover`, and `monitor import` of what it wrote."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from monitor.cli_options import address_of, database_option, json_option, open_store, print_json
from monitor.domain.access import SYSTEM
from monitor.errors import MonitorError

Progress = Callable[[int, int], None]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@database_option
@json_option
def handover(folder: Path, database: str | None, as_json: bool) -> None:
    """
    Write everything on the register into FOLDER, in open formats: to leave with it, or to keep it.

    FOLDER must be empty or not there yet. What is under embargo goes too; passwords do not.
    """
    from monitor.packs.handover import hand_over

    store = open_store(database)
    if sys.stderr.isatty():
        click.echo("Checking the register …", err=True)
    with _progress(f"Writing {folder.name}") as progress:
        done = hand_over(store, folder, by=SYSTEM, progress=progress)
    tables = {name: rows for name, rows in done.rows.items() if name != "history"}
    click.echo(
        f"{done.office}: {sum(tables.values()):,} rows in {len(tables)} tables and {done.rows['history']:,} rows of "
        f"history stand in {folder}. Reports under embargo are among them: keep it safe.\n"
        f"Keep these two elsewhere:\n  head         {done.head}\n  fingerprint  {done.fingerprint}",
        err=True,
    )
    if done.problems:
        click.echo(
            f"This register does not fit, and was handed over as it is; it cannot be imported. {done.problems[0]} "
            "See monitor verify.",
            err=True,
        )
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "office": done.office,
                "files": done.files,
                "tables": tables,
                "history_rows": done.rows["history"],
                "head": done.head,
                "fingerprint": done.fingerprint,
                "problems": list(done.problems),
            }
        )


def import_handover(folder: Path, *, apply: bool, database: str | None, as_json: bool) -> None:
    """Build the register that a folder holds, or say what would be built; exit with 1 when it is refused."""
    try:
        answer = _imported(folder, apply=apply, database=database)
    except MonitorError as problem:
        faults = problem.facts.get("faults", ((_name(folder), problem.message),))
        answer = _answer(
            folder,
            "refused",
            problems=[{"where": where, "found": "", "wanted": "", "message": said} for where, said in faults],
        )
    if as_json:
        print_json([answer])
    else:
        click.echo(_words(answer, apply=apply))
    if answer["outcome"] == "refused":
        sys.exit(1)


def _imported(folder: Path, *, apply: bool, database: str | None) -> dict[str, Any]:
    from monitor.packs.handover import build_register, read_package, require_empty, try_out
    from monitor.store import is_missing

    if sys.stderr.isatty():
        click.echo(f"Checking {_name(folder)} …", err=True)
    package = read_package(folder, by=SYSTEM)
    if not is_missing(address_of(database)):
        require_empty(open_store(database))
    with _progress(f"Building the register of {package.office}") as progress:
        if apply:
            build_register(open_store(database, make=True), package, by=SYSTEM, progress=progress)
        else:
            try_out(package, by=SYSTEM, progress=progress)
    if apply and package.rows.get("account"):
        click.echo(
            "The accounts came without passwords: monitor account invite gives a new invitation.", err=True
        )
    return _answer(
        folder,
        "applied" if apply else "ready",
        new=package.rows.get("recommendation", 0),
        office=package.office,
        is_demonstration=package.is_demonstration,
        tables={name: rows for name, rows in package.rows.items() if name != "history"},
        history_rows=package.rows["history"],
        head=package.head,
        fingerprint=package.fingerprint,
    )


def _answer(folder: Path, outcome: str, **given: Any) -> dict[str, Any]:
    """Return the answer of `monitor import --json` for a folder: what a file's has, and what was built."""
    counted = {"new": 0, "changed": 0, "unchanged": 0, "doubtful": 0}
    return {"file": _name(folder), "outcome": outcome, **counted, "problems": [], "reports": [], **given}


def _words(answer: dict[str, Any], *, apply: bool) -> str:
    if answer["outcome"] == "refused":
        told = [f"  ! {problem['message']}" for problem in answer["problems"]]
        return "\n".join([f"{answer['file']}: refused; nothing of it is stored", *told])
    end = (
        "it is stored, and everything fits"
        if apply
        else "everything fits; nothing is stored yet, --apply stores it"
    )
    rows = sum(answer["tables"].values())
    return (
        f"{answer['file']}: the {'demonstration ' if answer['is_demonstration'] else ''}register of "
        f"{answer['office']}, {answer['new']:,} recommendations, {rows:,} rows in "
        f"{len(answer['tables'])} tables, {answer['history_rows']:,} rows of history with the head {answer['head']}; "
        f"{end}"
    )


def _name(folder: Path) -> str:
    return folder.resolve().name or str(folder)


@contextmanager
def _progress(words: str) -> Iterator[Progress | None]:
    """Yield what shows how far it is, on a terminal, once it has taken more than a second."""
    if not sys.stderr.isatty():
        yield None
        return
    began, shown = time.monotonic(), False

    def progress(done: int, of: int) -> None:
        nonlocal shown
        if time.monotonic() - began > 1:
            shown = True
            click.echo(f"\r{words}: {done * 100 // max(of, 1)} %", err=True, nl=False)

    try:
        yield progress
    finally:
        if shown:
            click.echo(err=True)
