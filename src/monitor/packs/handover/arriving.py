"""Reading a handover back: an identical register, in an empty database, or nothing."""

import csv
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from monitor.domain.access import Actor
from monitor.domain.history import GENESIS
from monitor.errors import RuleError, UnreadableFileError
from monitor.packs.handover import cells, check
from monitor.packs.handover.dictionary import path_of
from monitor.packs.handover.leaving import Progress, require_at_hand
from monitor.services.checking import verify
from monitor.store import Store, migrate
from monitor.store.migrate import HEAD, known_revisions
from monitor.store.whole import ColumnShape, Filling, TableShape, count_rows, shapes

TABLE_LIMIT: Final = 4 * 1024**3
"""Bytes of one table; a register of five thousand recommendations has none of a hundredth of it."""
FILE_LIMIT: Final = 256 * 1024**2
"""Bytes of one file that was kept; it is read at once."""
_EVERY: Final = 500
_MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class Package:
    """
    A handover whose every file is as it was written.

    Attributes:
        rows: How many rows each of its tables has.
        revision: Of the tables it was written from.
    """

    folder: Path
    office: str
    is_demonstration: bool
    revision: str
    rows: Mapping[str, int]
    head: str
    fingerprint: str

    @property
    def name(self) -> str:
        """Return what the folder is called."""
        return self.folder.resolve().name or str(self.folder)


def read_package(folder: Path, *, by: Actor) -> Package:
    """
    Return what a handover holds, after checking every file of it.

    Raises:
        UnreadableFileError: for a folder that is no handover, was changed, or comes from a newer release; `faults`
            has the place and the sentence of each.
    """
    require_at_hand(by)
    try:
        _check_sizes(folder)
        found = check.check(folder)
    except OSError as problem:
        reason = (problem.strerror or "cannot be read").lower()
        raise _unfit(folder, Path(problem.filename or folder).name, reason) from problem
    if found.faults or found.manifest is None:
        raise _unfit_all(folder, [(fault.where, fault.sentence) for fault in found.faults])
    return _package(folder, found.manifest)


def _unfit(folder: Path, where: str, said: str) -> UnreadableFileError:
    return _unfit_all(folder, [(where, said)])


def _unfit_all(folder: Path, faults: Sequence[tuple[str, str]]) -> UnreadableFileError:
    told = [(check.shown(where), check.shown(f"{where}: {said}.")) for where, said in faults]
    more = f" And {len(told) - 1:,} more." if len(told) > 1 else ""
    return UnreadableFileError(
        f"{folder} cannot be imported. {told[0][1]}{more}", faults=tuple(told[:_MOST_TOLD])
    )


def _check_sizes(folder: Path) -> None:
    """Refuse what is too large to be read, before anything of it is."""
    for path in folder.glob("data/*"):
        if not path.is_symlink() and path.is_file() and path.stat().st_size > TABLE_LIMIT:
            raise _unfit(folder, f"data/{path.name}", f"is larger than {TABLE_LIMIT >> 20:,} MB")
    for path in folder.glob("files/*/*"):
        if not path.is_symlink() and path.is_file() and path.stat().st_size > FILE_LIMIT:
            place = path.relative_to(folder).as_posix()
            raise _unfit(folder, place, f"is larger than {FILE_LIMIT >> 20:,} MB")


def _package(folder: Path, manifest: check.Manifest) -> Package:
    said = manifest.said["handover"]
    office, revision, demonstration = (
        said.get(name) for name in ("office", "schema_revision", "is_demonstration")
    )
    if not isinstance(office, str) or not isinstance(revision, str) or not isinstance(demonstration, bool):
        raise _unfit(folder, check.MANIFEST, "is not put together as the list of a handover")
    if revision not in known_revisions():
        raise _unfit(
            folder,
            check.MANIFEST,
            f'was written by a newer release (revision "{revision[:20]}"; this one knows {HEAD}): update the product '
            "first",
        )
    listed = {file.path: file.rows for file in manifest.files}
    ours = {path_of(shape): shape.name for shape in shapes()}
    for path in listed:
        if path.startswith("data/") and path not in ours:
            raise _unfit(folder, path, "this product has no such table")
    for path in ours:
        if path not in listed and revision == HEAD:
            raise _unfit(folder, path, f"is not listed in {check.MANIFEST}")
    rows = {ours[path]: count or 0 for path, count in listed.items() if path in ours}
    return Package(
        folder, check.shown(office), demonstration, revision, rows | {"history": manifest.history_rows}, manifest.head,
        manifest.fingerprint,
    )  # fmt: skip


# Building


def require_empty(store: Store) -> None:
    """
    Do nothing for a database in which no register has begun.

    Raises:
        RuleError: for any other.
    """
    with store.reading() as reader:
        if any(count_rows(reader).values()):
            raise RuleError(
                "This database already holds something, so no other register is built in it. Give an empty one with "
                "--database."
            )


def try_out(package: Package, *, by: Actor, progress: Progress | None = None) -> None:
    """
    Build the register in a database that goes at once, so that it is known whether it can be built.

    Raises:
        MonitorError: as `build_register` does.
    """
    with tempfile.TemporaryDirectory(prefix="monitor-") as folder:
        address = f"sqlite:///{Path(folder) / 'trial.sqlite'}"
        migrate(address)
        store = Store(address)
        try:
            build_register(store, package, by=by, progress=progress)
        finally:
            store.close()


def build_register(store: Store, package: Package, *, by: Actor, progress: Progress | None = None) -> None:
    """
    Build the register that was handed over, in one transaction: the same rows, the same history, the same head.

    Args:
        progress: Called with how many rows are written, and of how many.

    Raises:
        RuleError: for a database that holds something.
        UnreadableFileError: for a cell that no handover has written, with its file and row, and for rows that do not
            fit together.
    """
    require_at_hand(by)
    with store.writing() as unit:
        require_empty(store)
        filling = _Loading(package, Filling(unit), progress)
        try:
            filling.everything()
        except RuleError as problem:
            where, cause = f"data/{problem.facts['table']}.csv", problem.facts["cause"]
            raise _unfit(package.folder, where, f"its rows break a rule of the register ({cause})") from None
        except (OSError, csv.Error, UnicodeDecodeError) as problem:
            raise _unfit(
                package.folder, "a file of it", f"was changed while it was read ({problem})"
            ) from None
        if unit.info() is None:
            raise _unfit(package.folder, "data/register.csv", "says nothing of the register")
        head = unit.history_head()
        if (head.hash if head else GENESIS) != package.head or count_rows(unit) != filling.expected():
            raise _unfit(package.folder, check.MANIFEST, "is not of the register that the tables hold")
        verdict = verify(store, by=by)
        if not verdict.ok:
            why = [verdict.why] if verdict.why else []
            why += [difference.rstrip(".") for difference in verdict.differences]
            raise _unfit_all(package.folder, [("what is in it does not fit together", one) for one in why])


class _Loading:
    """One handover being read into an empty register."""

    def __init__(self, package: Package, filling: Filling, progress: Progress | None) -> None:
        self.package, self.filling, self.progress = package, filling, progress
        self.done, self.of = 0, sum(package.rows.values())

    def expected(self) -> dict[str, int]:
        """Return how many rows each table must have when all is loaded."""
        return {shape.name: self.package.rows.get(shape.name, 0) for shape in shapes()}

    def everything(self) -> None:
        for shape in shapes():
            if shape.name in self.package.rows:
                self.filling.add(shape, self._counted(shape))
        self.filling.finish()

    def _counted(self, shape: TableShape) -> Iterator[dict[str, Any]]:
        for row in self._history(shape) if shape.name == "history" else self._rows(shape):
            self.done += 1
            if self.progress and self.done % _EVERY == 0:
                self.progress(self.done, self.of)
            yield row

    def _rows(self, shape: TableShape) -> Iterator[dict[str, Any]]:
        path = path_of(shape)
        rows = check.read_csv(self.package.folder / path)
        headings = next(rows, [])
        columns = self._columns(shape, headings)
        for number, row in enumerate(rows, start=2):
            where = f"{path}, row {number:,}"
            if len(row) != len(columns):
                raise self._unfit(where, f"has {len(row)} cells, and there are {len(columns)} columns")
            yield {
                column.name: self._value(shape, column, cell, where)
                for column, cell in zip(columns, row, strict=True)
            }

    def _columns(self, shape: TableShape, headings: list[str]) -> list[ColumnShape]:
        path = path_of(shape)
        known = {column.name: column for column in shape.columns}
        for heading in headings:
            if heading not in known:
                raise self._unfit(path, f'this product has no column "{heading[:60]}" there')
        if len(set(headings)) < len(headings):
            raise self._unfit(path, "has a column twice")
        missing = self.filling.missing(shape, headings)
        if missing:
            raise self._unfit(path, f'lacks the column "{missing[0]}", which this release needs')
        return [known[heading] for heading in headings]

    def _value(self, shape: TableShape, column: ColumnShape, cell: str, where: str) -> Any:
        try:
            value = cells.read(column, cell)
        except ValueError as problem:
            raise self._unfit(f"{where}, {column.name}", f'"{cell[:60]}" is not {problem}') from None
        if value is None or column.kind not in ("file", "long text"):
            return value
        if not check.PLACES.fullmatch(value) or not value.startswith(f"files/{shape.name}/"):
            raise self._unfit(
                f"{where}, {column.name}", f'"{cell[:100]}" is no place of a file of {shape.name}'
            )
        try:
            content = (self.package.folder / value).read_bytes()
            return content if column.kind == "file" else content.decode()
        except (OSError, UnicodeDecodeError):
            raise self._unfit(f"{where}, {column.name}", f"{value} is missing or cannot be read") from None

    def _history(self, shape: TableShape) -> Iterator[dict[str, Any]]:
        with (self.package.folder / path_of(shape)).open("rb") as lines:
            for line in lines:
                row = json.loads(line)
                yield row | {"recorded_at": datetime.fromisoformat(row["recorded_at"])}

    def _unfit(self, where: str, said: str) -> UnreadableFileError:
        return _unfit(self.package.folder, where, said)
