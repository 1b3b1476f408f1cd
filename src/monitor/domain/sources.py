"""Where recommendations were read: files kept by their fingerprint, and how an office's own sheets are headed."""

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """
    A file that was taken in: what is kept of it besides its bytes and the text read from it.

    Attributes:
        fingerprint: SHA-256 of the file's bytes: its name for ever.
        text_fingerprint: SHA-256 of the text as read, so that a passage cannot be changed unseen.
        size: Bytes.
        notes: What the reader had to say: tracked changes, a machine translation, pages without text.
        service: For whom it was first taken in.
    """

    fingerprint: str
    name: str
    form: str
    size: int
    text_fingerprint: str
    notes: tuple[str, ...] = ()
    service: str
    recorded_at: datetime
    by: str
    by_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportSource:
    """
    A report was read in a kept file.

    Attributes:
        source: Fingerprint of the file.
        place: Which of the reports in the file it is, from 0.
    """

    id: int
    service: str
    inspection_id: int
    source: str
    place: int
    recorded_at: datetime
    by: str
    by_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackerColumns:
    """
    How a sheet with these headings is read: settled once by a person, and remembered for the service.

    Attributes:
        headings_key: Fingerprint of the headings, whatever their case and order of blanks.
        columns: Pairs of heading and the field it holds; "" for a column that is left out.
        words: Pairs of a status word and what the force reports by it.
    """

    id: int
    service: str
    headings_key: str
    columns: tuple[tuple[str, str], ...]
    words: tuple[tuple[str, str], ...]
    recorded_at: datetime
    by: str
    by_name: str


def fingerprint_of(content: bytes) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    return hashlib.sha256(content).hexdigest()
