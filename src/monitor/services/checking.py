"""The command anyone can run: is the history whole, and does what is shown follow from it?"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.domain.access import Actor, Permission, scope_of
from monitor.domain.history import GENESIS, HistoryRow, canonical, first_broken
from monitor.services.auditing import history_seen
from monitor.store import Reader, Store


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What a check found.

    Attributes:
        history_rows: How many rows whoever asks may know of; the whole history is looked through for everybody.
        head: Hash of the last of these. A history cut short shows only against a head kept elsewhere.
        first_broken: Number of the first row that does not fit; None when all do.
        why: What is wrong with that row.
        differences: What the tables hold and the history does not say, or the other way round; and each
            cached value that its lists do not give. Where somebody may not see all of the register, one sentence.
    """

    history_rows: int
    head: str
    first_broken: int | None
    why: str
    differences: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Tell whether everything fits."""
        return self.first_broken is None and not self.differences


def verify(store: Store, *, by: Actor, head: str | None = None) -> Verdict:
    """
    Walk the chain, compare the lists with it, and rebuild the cached state from the lists.

    Args:
        head: A head hash printed earlier (on an export, say) that must occur in the chain.
    """
    by.require(Permission.VERIFY)
    scope = scope_of(by)
    sees_all = scope.services is None and scope.embargoed is None
    seen = history_seen(store, by=by)
    with store.reading() as reader:
        told = _Told()
        rows = told.listening(reader.all_history())
        broken = first_broken(rows)
        for _ in rows:
            pass  # what follows a broken row is collected as well, so that only true differences are named
        differences = [*told.against(reader), *_cache_differences(reader)]
        differences += [
            f"{name}: the file kept under this name, or its text, was changed after it was taken in."
            for name in reader.tampered_sources()
        ]
        differences += reader.tampered_evidence()
        differences += reader.tampered_publications()
        if head and head not in told.hashes:
            differences.insert(
                0, f"No row of the history has the hash {head}: it was cut short or rewritten since."
            )
    if differences and not sees_all:
        differences = [_DIFFERS]
    return Verdict(
        history_rows=told.rows if sees_all else seen.rows,
        head=told.head if sees_all else seen.head,
        first_broken=broken[0] if broken else None,
        why=broken[1] if broken else "",
        differences=tuple(differences),
    )


_DIFFERS: Final = (
    "What the register holds and what its history says differ. "
    "Whoever looks after the installation is told where by the command monitor verify."
)


class _Told:
    """What the history says was written, collected while it is walked."""

    def __init__(self) -> None:
        self.rows = 0
        self.head = GENESIS
        self.hashes: set[str] = set()
        self.entries: Counter[str] = Counter()

    def listening(self, rows: Iterator[HistoryRow]) -> Iterator[HistoryRow]:
        for row in rows:
            self.rows += 1
            self.head = row.hash
            self.hashes.add(row.hash)
            self._collect(row)
            yield row

    def _collect(self, row: HistoryRow) -> None:
        try:
            body = json.loads(row.body)
        except ValueError:
            return
        if "entry" in body:
            self.entries[canonical({"of": row.subject_kind, "subject": row.subject, **body["entry"]})] += 1
        if "identity" in body:
            self.entries[canonical({"of": row.subject_kind, "subject": row.subject, **body["identity"]})] += 1
        for entry in body.get("entries", ()):
            self.entries[canonical({"of": entry.pop("list"), "subject": row.subject, **entry})] += 1

    def against(self, reader: Reader) -> Iterator[str]:
        """Yield each difference between the history and the tables."""
        stored: Counter[str] = Counter()
        for subject, name, plain in (
            *reader.stored_entries(),
            *((s, k, p) for k, s, p in reader.stored_things()),
        ):
            stored[canonical({"of": name, "subject": subject, **plain})] += 1
        for text in stored - self.entries:
            yield f"{_named(text)} is in the register but not in its history."
        for text in self.entries - stored:
            yield f"{_named(text)} is in the history but not in the register."


def _named(text: str) -> str:
    entry = json.loads(text)
    number = f" {entry['n']}" if "n" in entry else ""
    return f"{entry['subject']}: {entry['of'].replace('_', ' ')}{number}"


def _cache_differences(reader: Reader) -> Iterator[str]:
    for seen in reader.cached_and_rebuilt():
        for name, rebuilt in seen.rebuilt.items():
            if seen.cached[name] != rebuilt:
                yield f"{seen.reference}: {name} is kept as {_shown(seen.cached[name])}; its lists give {_shown(rebuilt)}."


def _shown(value: object) -> str:
    return "nothing" if value is None else f'"{value}"'
