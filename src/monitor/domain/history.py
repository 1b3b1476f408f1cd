"""
History that cannot be rewritten unseen: one row a change, each carrying the hash of the row before.

A row's hash covers its number, moment, actor, verb, subject, what changed, and the hash before it,
as canonical JSON (sorted keys, UTF-8, no spaces). What this does not prove: that a statement
was true; or anything against somebody who rewrites the whole database *and* every head hash that
was ever printed on an export.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

GENESIS: Final = "0" * 64


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryRow:
    """
    One change, as stored.

    Attributes:
        seq: Number, from 1, without gaps. The highest is the data version.
        recorded_at: Server's clock, UTC; never before the row above.
        subject_kind, subject: What changed: "recommendation" and its reference, say.
        body: JSON text with `entry` (what was added) and `before` and `after` (state that changed).
    """

    seq: int
    recorded_at: datetime
    actor: str
    actor_name: str
    actor_role: str
    verb: str
    subject_kind: str
    subject: str
    service: str
    body: str
    previous: str
    hash: str


def canonical(value: Mapping[str, Any]) -> str:
    """Return the one JSON text of a value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def row_hash(row: HistoryRow) -> str:
    """Return the hash that the row should carry."""
    covered = {
        "seq": row.seq,
        "recorded_at": row.recorded_at.isoformat(),
        "actor": row.actor,
        "actor_name": row.actor_name,
        "actor_role": row.actor_role,
        "verb": row.verb,
        "subject_kind": row.subject_kind,
        "subject": row.subject,
        "service": row.service,
        "body": row.body,
        "previous": row.previous,
    }
    return hashlib.sha256(canonical(covered).encode()).hexdigest()


def first_broken(rows: Iterable[HistoryRow]) -> tuple[int, str] | None:
    """
    Return the number of the first row that does not fit, and why; None when all do.

    Args:
        rows: The whole history, in order of number.
    """
    previous, last_at = GENESIS, None
    expected = 1
    for row in rows:
        if row.seq != expected:
            return expected, f"row {expected} is missing; row {row.seq} follows"
        if row.previous != previous:
            return row.seq, f"row {row.seq} does not carry the hash of the row before it"
        if row.hash != row_hash(row):
            return row.seq, f"row {row.seq} was changed after it was written"
        if last_at is not None and row.recorded_at < last_at:
            return row.seq, f"row {row.seq} was recorded before the row above it"
        previous, last_at, expected = row.hash, row.recorded_at, row.seq + 1
    return None
