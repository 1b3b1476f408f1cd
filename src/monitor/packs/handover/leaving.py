"""Writing a handover: everything that is on a register, into a folder, in open formats."""

import csv
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from monitor import __version__
from monitor.domain.access import SYSTEM, Actor
from monitor.domain.history import GENESIS, HistoryRow, canonical
from monitor.domain.sources import fingerprint_of
from monitor.domain.text import guard
from monitor.errors import AccessError, RuleError
from monitor.packs.handover import cells, check
from monitor.packs.handover.dictionary import (
    DIALECT,
    LINES,
    PROFILE,
    TABULAR,
    VOCABULARY_FIELDS,
    data_schema,
    path_of,
    vocabulary_rows,
    vocabulary_schema,
)
from monitor.packs.handover.readme import readme
from monitor.services.checking import verify
from monitor.settings import Titles
from monitor.store import Reader, RegisterInfo, Store
from monitor.store.migrate import HEAD
from monitor.store.whole import LEFT_OUT, TableShape, count_rows, rows_of, shapes

Progress = Callable[[int, int], None]
_EVERY: Final = 500
_MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class HandedOver:
    """
    What was written.

    Attributes:
        rows: How many rows each table has.
        head: Hash of the last row of the history.
        fingerprint: Of the whole; to be kept elsewhere.
        problems: What `monitor verify` finds wrong with the register, which is handed over as it is.
    """

    folder: Path
    office: str
    files: int
    rows: dict[str, int]
    head: str
    fingerprint: str
    problems: tuple[str, ...]


def require_at_hand(by: Actor) -> None:
    """
    Do nothing for whoever has the database at hand; a register leaves or arrives as a whole, or not at all.

    Raises:
        AccessError: for anybody else.
    """
    if by != SYSTEM:
        raise AccessError(
            f"{by.name} may not hand a register over or build one. Whoever has the database at hand can, "
            "from the command line.",
            actor=by.id,
        )


def hand_over(store: Store, folder: Path, *, by: Actor, progress: Progress | None = None) -> HandedOver:
    """
    Write everything that is on the register into a folder; it is there whole or not at all.

    Args:
        folder: Absent or empty. Nobody but its owner may read it.
        progress: Called with how many rows are written, and of how many.

    Raises:
        RuleError: for a folder that holds something or cannot be written, and for a register that has not begun.
    """
    require_at_hand(by)
    info = store.info()
    if info is None:
        raise RuleError("This register has not begun, so there is nothing to hand over.")
    titles = Titles.from_environment()
    called = replace(info, office=titles.office_or(info.office))
    with _placed(folder) as work:
        problems = _problems(store, by)
        with store.reading() as reader:
            return _Writing(reader, called, titles, problems, work, progress).everything(folder)


def _problems(store: Store, by: Actor) -> tuple[str, ...]:
    try:
        verdict = verify(store, by=by)
    except (TypeError, ValueError) as problem:
        return (f"It cannot be checked: {problem}.",)
    return (*((f"The history: {verdict.why}.",) if verdict.why else ()), *verdict.differences)


class _Writing:
    """One handover being written."""

    def __init__(
        self,
        reader: Reader,
        info: RegisterInfo,
        titles: Titles,
        problems: tuple[str, ...],
        work: Path,
        progress: Progress | None,
    ) -> None:
        self.reader, self.info, self.titles, self.problems = reader, info, titles, problems
        self.work, self.progress = work, progress
        self.rows = count_rows(reader)
        self.done = 0
        self.resources: list[dict[str, Any]] = []
        self.held: set[str] = set()
        self.head = GENESIS

    def everything(self, folder: Path) -> HandedOver:
        words = vocabulary_rows(self.titles)
        self._add("readme", "README.md", readme(self.info, self.rows, len(words)).encode(), "What lies here.")
        self._add("check", "check.py", _script(), "Checks this folder.")
        self._vocabularies(words)
        for shape in shapes():
            self._table(shape)
        self.resources += [
            {
                "name": path.replace("/", "-"),
                "path": path,
                **self._facts(path),
                "mediatype": "application/octet-stream",
            }
            for path in sorted(self.held)
        ]
        fingerprint = self._manifest()
        return HandedOver(
            folder,
            self.info.office,
            len(self.resources) + 1,
            self.rows,
            self.head,
            fingerprint,
            self.problems,
        )

    # The tables

    def _table(self, shape: TableShape) -> None:
        path = path_of(shape)
        if shape.name == "history":
            self._history(self.work / path)
            form: dict[str, Any] = {**LINES}
        else:
            named = [column.name for column in shape.columns]
            _write_csv(self.work / path, named, self._lines(shape))
            form = {**TABULAR, "dialect": DIALECT}
        self.resources.append(
            {
                "name": shape.name,
                "path": path,
                **({"type": "table"} if shape.name != "history" else {}),
                "description": shape.meaning,
                **form,
                **self._facts(path),
                "rows": self.rows[shape.name],
                "schema": data_schema(shape),
            }
        )

    def _lines(self, shape: TableShape) -> Iterator[list[str]]:
        for row in rows_of(self.reader, shape):
            self._one_more()
            yield [
                cells.written(column, self._in_cell(shape, column.kind, value))
                for column, value in zip(shape.columns, row, strict=True)
            ]

    def _in_cell(self, shape: TableShape, kind: str, value: Any) -> Any:
        """Return a value as it stands in its cell: a file as the place where it lies, everything else as it is."""
        if value is None or kind not in ("file", "long text"):
            return value
        content = bytes(value) if kind == "file" else str(value).encode()
        path = f"files/{shape.name}/{fingerprint_of(content)}{'.txt' if kind == 'long text' else ''}"
        if path not in self.held:
            self._write(path, content)
            self.held.add(path)
        return path

    def _history(self, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="\n") as out:
            for row in self.reader.all_history():
                self._one_more()
                self.head = row.hash
                out.write(canonical(_plain(row)) + "\n")

    def _one_more(self) -> None:
        self.done += 1
        if self.progress and self.done % _EVERY == 0:
            self.progress(self.done, sum(self.rows.values()))

    # What is no table

    def _vocabularies(self, words: Iterable[tuple[str, ...]]) -> None:
        lines = [[guard(cell) for cell in row] for row in words]
        _write_csv(self.work / "vocabularies.csv", [name for name, _ in VOCABULARY_FIELDS], lines)
        self.resources.append(
            {
                "name": "vocabularies",
                "path": "vocabularies.csv",
                "type": "table",
                "description": "The words that stand in the tables, and what they mean.",
                **TABULAR,
                "dialect": DIALECT,
                **self._facts("vocabularies.csv"),
                "rows": len(lines),
                "schema": vocabulary_schema(),
            }
        )

    def _add(self, name: str, path: str, content: bytes, said: str) -> None:
        self._write(path, content)
        self.resources.append({"name": name, "path": path, "description": said, **self._facts(path)})

    def _write(self, path: str, content: bytes) -> None:
        place = self.work / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    def _facts(self, path: str) -> dict[str, Any]:
        place = self.work / path
        return {"bytes": place.stat().st_size, "hash": f"sha256:{check.fingerprint_of(place)}"}

    def _manifest(self) -> str:
        said: dict[str, Any] = {
            "$schema": PROFILE,
            "name": "register-of-recommendations",
            "title": f"Register of recommendations of {self.info.office}",
            "description": "Everything on the register: what was recommended, said, decided and shown, and the history of "
            "every change. Nothing is held back for embargo. README.md says how to read it.",
            "created": self.reader.clock_now()
            .astimezone(UTC)
            .replace(microsecond=0)
            .isoformat()
            .replace("+00:00", "Z"),
            "handover": {
                "form": check.FORM,
                "release": __version__,
                "schema_revision": HEAD,
                "office": self.info.office,
                "is_demonstration": self.info.is_demonstration,
                "history_rows": self.rows["history"],
                "head": self.head,
                "left_out": dict(LEFT_OUT),
                "problems": list(self.problems[:_MOST_TOLD]),
            },
            "resources": self.resources,
        }
        said["fingerprint"] = check.sealed(said)
        self._write(check.MANIFEST, check.rendered(said))
        return str(said["fingerprint"])


def _script() -> bytes:
    return files("monitor.packs.handover").joinpath("check.py").read_bytes().replace(b"\r\n", b"\n")


def _plain(row: HistoryRow) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in check.HISTORY_FIELDS}
    moment: datetime = row.recorded_at
    return plain | {"recorded_at": moment.isoformat()}


def _write_csv(path: Path, headings: list[str], lines: Iterable[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(headings)
        writer.writerows(lines)


# The folder


@contextmanager
def _placed(folder: Path) -> Iterator[Path]:
    """
    Yield a folder to write in, and move it into place when all of it is written.

    It lies beside a folder that is not there yet, and inside one that is, which may be a disk of its own.
    """
    target = folder.resolve()
    if target.exists() and not target.is_dir():
        raise RuleError(f"{folder} is a file. Name a folder that is empty or not there yet.")
    try:
        is_there = target.is_dir()
        if is_there and any(target.iterdir()):
            raise RuleError(
                f"{folder} already holds something. Name a folder that is empty or not there yet."
            )
        if not target.parent.is_dir():
            raise RuleError(f"There is no folder {folder.parent} to write {folder.name} into.")
        beside = Path(tempfile.mkdtemp(dir=target if is_there else target.parent, prefix=".handover-"))
        try:
            yield beside
            if is_there:
                _move_up(beside, target)
            else:
                beside.rename(target)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
    except OSError as problem:
        reason = os.strerror(problem.errno).lower() if problem.errno else "the system gave no reason"
        raise RuleError(f"{folder} cannot be written: {reason}. Nothing is left there.") from problem


def _move_up(beside: Path, target: Path) -> None:
    """Move everything one folder up; the list of all files last, without which it is no handover."""
    with suppress(OSError):  # a disk may know no owners
        target.chmod(0o700)
    moved: list[Path] = []
    try:
        for path in sorted(beside.iterdir(), key=lambda path: (path.name == check.MANIFEST, path.name)):
            moved.append(path.rename(target / path.name))
        beside.rmdir()
    except BaseException:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
