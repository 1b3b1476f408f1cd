"""
Checks a handover: that every file is as it was written, and that the history is whole.

It needs Python 3.8 or newer and nothing else. Lay it into the folder of the handover, where it was when it was written,
and run

    python3 check.py

It prints one line and ends with 0 when everything fits, with 1 when something does not. Whoever changes a file *and*
every fingerprint of it is seen only by a fingerprint that was kept elsewhere; give it, and it must be the folder's:

    python3 check.py --fingerprint FINGERPRINT
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

FORM = 1
"""The form of handover that this script knows."""

MANIFEST = "datapackage.json"
HISTORY = "history.jsonl"
MANIFEST_LIMIT = 256 * 1024 * 1024
LINE_LIMIT = 64 * 1024 * 1024
CELL_LIMIT = 64 * 1024 * 1024
GENESIS = "0" * 64

OF_THE_SYSTEM = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""Files that file managers leave in any folder that somebody opens."""

HISTORY_FIELDS = {
    "seq", "recorded_at", "actor", "actor_name", "actor_role", "verb", "subject_kind", "subject", "service", "body",
    "previous", "hash",
}  # fmt: skip

PLACES = re.compile(
    r"(README\.md|check\.py|vocabularies\.csv|history\.jsonl|data/[a-z_]+\.csv|files/[a-z_]+/[0-9a-f]{64}(\.txt)?)"
)
FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")


def shown(text: str) -> str:
    """Return a text as it can be printed: a name may hold anything."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


class UnfitError(Exception):
    """What does not fit: the file (and row) by name, and a sentence."""

    def __init__(self, where: str, sentence: str) -> None:
        self.where = shown(where)
        self.sentence = shown(sentence)
        super().__init__(self.where, self.sentence)


class Listed(NamedTuple):
    """A file as the manifest lists it; `rows` is None for what is no table."""

    path: str
    size: int
    hash: str
    rows: int | None


class Manifest(NamedTuple):
    """What datapackage.json says."""

    files: list[Listed]
    history_rows: int
    head: str
    fingerprint: str
    said: dict[str, Any]


class Found(NamedTuple):
    """What a check found: the manifest where it can be read, and each fault with where it stands."""

    manifest: Manifest | None
    faults: list[UnfitError]


def check(folder: Path, fingerprint: str = "") -> Found:
    """
    Return what was found in the folder of a handover.

    Args:
        fingerprint: The fingerprint of the whole, as it was printed at the handover and kept elsewhere.
    """
    try:
        manifest = read_manifest(folder)
    except UnfitError as fault:
        return Found(None, [fault])
    faults = []
    if fingerprint and fingerprint != manifest.fingerprint:
        faults.append(
            UnfitError(MANIFEST, f"has the fingerprint {manifest.fingerprint}, not the one that was given")
        )
    there, strange = _entries(folder)
    faults += strange
    listed = {file.path for file in manifest.files}
    faults += [
        UnfitError(path, "does not belong to the handover") for path in sorted(there - listed - {MANIFEST})
    ]
    for file in manifest.files:
        if any(fault.where == file.path for fault in faults):
            continue
        try:
            _check_file(folder, file, manifest)
        except UnfitError as fault:
            faults.append(fault)
    return Found(manifest, faults)


# The manifest


def rendered(said: dict[str, Any]) -> bytes:
    """Return the bytes in which a manifest is written."""
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def sealed(said: dict[str, Any]) -> str:
    """Return the fingerprint of the whole: of the manifest without it, which names every other file's."""
    return hashlib.sha256(rendered({k: v for k, v in said.items() if k != "fingerprint"})).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """
    Return what the manifest says, when it is as it was written.

    Raises:
        UnfitError: for one that is missing, was changed, or is of another form.
    """
    path = folder / MANIFEST
    if path.is_symlink() or not path.is_file():
        raise UnfitError(MANIFEST, "is missing, so this is no folder of a handover")
    if path.stat().st_size > MANIFEST_LIMIT:
        raise UnfitError(MANIFEST, f"is larger than {MANIFEST_LIMIT >> 20} MB")
    content = path.read_bytes()
    try:
        said = json.loads(content.decode("utf-8"))
        form = said["handover"]["form"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UnfitError(MANIFEST, "cannot be read as the list of a handover") from None
    if form != FORM:
        raise UnfitError(MANIFEST, f"is of form {str(form)[:20]} of a handover; this reads form {FORM}")
    try:
        whole = rendered(said) == content and said.get("fingerprint") == sealed(said)
    except (ValueError, RecursionError):
        whole = False
    if not whole:
        raise UnfitError(MANIFEST, "was changed after the handover")
    try:
        files = [_listed(resource) for resource in said["resources"]]
        if len({file.path for file in files}) < len(files):
            raise UnfitError(MANIFEST, "lists a file twice")
        if HISTORY not in {file.path for file in files}:
            raise UnfitError(MANIFEST, f"does not list {HISTORY}")
        return Manifest(
            files=files,
            history_rows=_number(said["handover"]["history_rows"]),
            head=_text(said["handover"]["head"]),
            fingerprint=said["fingerprint"],
            said=said,
        )
    except (KeyError, TypeError, AttributeError):
        raise UnfitError(MANIFEST, "is not put together as the list of a handover") from None


def _listed(resource: dict[str, Any]) -> Listed:
    path, fingerprint = _text(resource["path"]), _text(resource["hash"])
    if not PLACES.fullmatch(path):
        raise UnfitError(MANIFEST, f'names "{path[:100]}", which is no place for a file of a handover')
    if not FINGERPRINT.fullmatch(fingerprint):
        raise UnfitError(MANIFEST, f"has no SHA-256 fingerprint for {path}")
    rows = resource.get("rows")
    return Listed(path, _number(resource["bytes"]), fingerprint[7:], None if rows is None else _number(rows))


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value


# The files


def _entries(folder: Path) -> tuple[set[str], list[UnfitError]]:
    """Return the path of every file below the folder, and what is neither a file nor a folder."""
    there, strange, waiting = set(), [], [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                path = Path(entry.path).relative_to(folder).as_posix()
                if entry.is_symlink():
                    strange.append(UnfitError(path, "is a link; a handover holds none"))
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif not entry.is_file(follow_symlinks=False):
                    strange.append(UnfitError(path, "is no plain file"))
                elif entry.name not in OF_THE_SYSTEM:
                    there.add(path)
    return there, sorted(strange, key=lambda fault: fault.where)


def _check_file(folder: Path, file: Listed, manifest: Manifest) -> None:
    path = folder / file.path
    if path.parent.is_symlink() or path.is_symlink() or not path.is_file():
        raise UnfitError(file.path, "is missing")
    size = path.stat().st_size
    same = size == file.size and fingerprint_of(path) == file.hash
    if file.path == HISTORY and size <= file.size + LINE_LIMIT:
        _check_history(path, manifest)  # which names the row
    if not same:
        detail = "" if size == file.size else f": it has {size:,} bytes, and had {file.size:,}"
        raise UnfitError(file.path, f"was changed after the handover{detail}")
    if file.path.startswith("files/") and Path(file.path).stem != file.hash:
        raise UnfitError(file.path, "does not have the fingerprint that is its name")
    if file.rows is not None and file.path != HISTORY:
        _check_rows(path, file, file.rows)


def fingerprint_of(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    hashed = hashlib.sha256()
    with path.open("rb") as content:
        for part in iter(lambda: content.read(1 << 20), b""):
            hashed.update(part)
    return hashed.hexdigest()


def _check_rows(path: Path, file: Listed, rows: int) -> None:
    try:
        counted = max(0, sum(1 for _ in read_csv(path)) - 1)
    except (csv.Error, UnicodeDecodeError):
        raise UnfitError(file.path, "cannot be read as CSV in UTF-8") from None
    if counted != rows:
        raise UnfitError(file.path, f"has {counted:,} rows; {MANIFEST} says {rows:,}")


def read_csv(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a table, its headings first."""
    with path.open(encoding="utf-8", newline="") as lines, _long_cells():
        yield from csv.reader(lines, strict=True)


@contextmanager
def _long_cells() -> Iterator[None]:
    before = csv.field_size_limit(CELL_LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(before)


# The history


def _check_history(path: Path, manifest: Manifest) -> None:
    previous, last_at, rows = GENESIS, None, 0
    with path.open("rb") as content:
        for line in _lines(content):
            rows += 1
            where = f"{HISTORY}, row {rows:,}"
            row, at = _history_row(where, line)
            if row["seq"] != rows:
                raise UnfitError(
                    where, f"has the number {row['seq']}: a row is missing, or stands in another place"
                )
            if row["previous"] != previous:
                raise UnfitError(where, "does not carry the hash of the row before it")
            if row["hash"] != row_hash(row):
                raise UnfitError(where, "was changed after it was written: its hash is another")
            if last_at is not None and at < last_at:
                raise UnfitError(where, "was recorded before the row above it")
            previous, last_at = row["hash"], at
    if rows != manifest.history_rows:
        raise UnfitError(HISTORY, f"has {rows:,} rows; {MANIFEST} says {manifest.history_rows:,}")
    if previous != manifest.head:
        raise UnfitError(HISTORY, f"ends with the hash {previous}; {MANIFEST} says {manifest.head}")


def _lines(content: BinaryIO) -> Iterator[bytes]:
    while line := content.readline(LINE_LIMIT):
        yield line


def _history_row(where: str, line: bytes) -> tuple[dict[str, Any], datetime]:
    changed = UnfitError(where, "was changed after it was written: it is not in the one form that a row has")
    try:
        row = json.loads(line.decode("utf-8"))
        if set(row) != HISTORY_FIELDS or (canonical(row) + "\n").encode("utf-8") != line:
            raise changed
        if type(row["seq"]) is not int or any(type(row[k]) is not str for k in HISTORY_FIELDS - {"seq"}):
            raise changed
        at = datetime.fromisoformat(row["recorded_at"])
        if at.tzinfo is None:
            raise changed
        return row, at
    except (ValueError, TypeError, RecursionError):
        raise changed from None


def canonical(value: dict[str, Any]) -> str:
    """Return the one JSON text of a value: sorted keys, no blanks, letters as they are."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def row_hash(row: dict[str, Any]) -> str:
    """Return the hash that a row of the history must carry: of itself without its hash."""
    covered = {name: value for name, value in row.items() if name != "hash"}
    return hashlib.sha256(canonical(covered).encode("utf-8")).hexdigest()


# The command


def answer(found: Found) -> str:
    """Return what was found in one line."""
    if found.faults or found.manifest is None:
        first, *others = found.faults
        more = f" And {len(others):,} more." if others else ""
        return f"It does not fit. {first.where}: {first.sentence}.{more}"
    manifest = found.manifest
    tables = [file for file in manifest.files if file.rows is not None and file.path.startswith("data/")]
    return (
        f"Everything fits: {len(manifest.files) + 1:,} files, {sum(file.rows or 0 for file in tables):,} rows in "
        f"{len(tables)} tables, {manifest.history_rows:,} rows of history with the head {manifest.head}. "
        f"Fingerprint of the whole: {manifest.fingerprint}."
    )


def main(arguments: list[str] | None = None) -> int:
    """Check the folder that the script lies in, or another, and return 0 when everything fits."""
    parser = argparse.ArgumentParser(description="Check a handover.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument(
        "--fingerprint", default="", help="as it was printed at the handover and kept elsewhere"
    )
    given = parser.parse_args(arguments)
    try:
        found = check(given.folder, given.fingerprint)
    except OSError as problem:
        print(f"It cannot be checked. {shown(str(problem.filename or given.folder))}: {problem.strerror}.")
        return 1
    print(answer(found).encode("ascii", "backslashreplace").decode("ascii"))  # any terminal can
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
