"""
The form on which updates are given in a workbook: its columns, and the key by which a row is known again.

The writer (`exporters.update_sheet`) and the reader (`importers.update_sheet`) both follow it.
"""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from monitor.dates import long_date
from monitor.domain.statuses import ForceReport, Precision
from monitor.importers.sheets import CellValue

SHEET_NAME: Final = "Updates"

REFERENCE: Final = "Reference"
LOCKED: Final = (
    REFERENCE,
    "Recommendation",
    "Report",
    "Text",
    "Target date",
    "Schedule",
    "What the force last reported",
    "What the office asks",
)
STATUS: Final = "Status now"
WORDS: Final = "What has changed"
HAPPENED: Final = "Happened on"
SURE: Final = "How sure of the date"
BLOCKED: Final = "Blocked by"
FILLED: Final = (STATUS, WORDS, HAPPENED, SURE, BLOCKED)
KEY: Final = "Row key"
HEADINGS: Final = (*LOCKED, *FILLED, KEY)

_MARK: Final = 3
_CHECK: Final = 6
_KEY: Final = re.compile(
    rf"([A-Z0-9/-]{{1,24}}) v([0-9]{{1,9}}) ([A-Z2-7]{{{_MARK * len(LOCKED)}}})-([A-Z2-7]{{{_CHECK}}})"
)
_ORIGIN: Final = re.compile(
    r"Downloaded for (.{1,300}) on (\d{1,2} \w+ \d{4})\. History: ([\d,]{1,12}) rows?, head ([0-9a-f]{64})\."
)


@dataclass(frozen=True, slots=True)
class FormLine:
    """
    What one row shows when it is downloaded.

    Attributes:
        earliest: First day on which something can have happened.
        status, blocked_by: As last reported; the person may change them.
        version: Changes made to the recommendation so far.
    """

    reference: str
    short_title: str
    inspection: str
    text: str
    target_on: date | None
    target_precision: Precision
    schedule: str
    last_report: str
    asked: str
    earliest: date
    status: ForceReport
    blocked_by: str
    version: int

    @property
    def shown(self) -> tuple[CellValue, ...]:
        """Return the locked cells, in the order of `LOCKED`."""
        return (
            self.reference,
            self.short_title,
            self.inspection,
            self.text,
            self.target_on,
            self.schedule,
            self.last_report,
            self.asked,
        )

    @property
    def key(self) -> str:
        """Return the row's key: reference, version, a mark for each locked cell, and a check over these."""
        marks = "".join(_mark(value) for value in self.shown)
        plain = f"{self.reference} v{self.version} {marks}"
        return f"{plain}-{_digest(plain, _CHECK)}"


@dataclass(frozen=True, slots=True)
class RowKey:
    """A row's key as read: which recommendation at which version, and what the locked cells held."""

    reference: str
    version: int
    marks: str

    def edited(self, cells: Sequence[CellValue]) -> list[int]:
        """Return the places of locked cells that say something else than when downloaded; an empty one says nothing."""
        return [
            place
            for place, value in enumerate(cells)
            if value not in (None, "") and _mark(value) != self.marks[place * _MARK : place * _MARK + _MARK]
        ]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a workbook comes from: for whom and when, and the last history row of the register it was made from."""

    made_for: str
    made_on: str
    history_rows: int
    head: str

    @property
    def words(self) -> str:
        """Return it as it stands at the top of the sheet."""
        rows = "row" if self.history_rows == 1 else "rows"
        return (
            f"Downloaded for {self.made_for} on {self.made_on}. "
            f"History: {self.history_rows:,} {rows}, head {self.head}."
        )


def origin(made_for: str, made_on: date, history_rows: int, head: str) -> Origin:
    """Return where a workbook made now comes from."""
    return Origin(" ".join(made_for.split()), long_date(made_on), history_rows, head)


def read_origin(value: CellValue) -> Origin | None:
    """Return where a workbook comes from; None for a cell that says nothing of it."""
    found = _ORIGIN.search(value) if isinstance(value, str) else None
    return Origin(found[1], found[2], int(found[3].replace(",", "")), found[4]) if found else None


def read_key(value: CellValue) -> RowKey | None:
    """Return a row's key; None for anything that is not a key as it was written."""
    found = _KEY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or _digest(found[0].rpartition("-")[0], _CHECK) != found[4]:
        return None
    return RowKey(found[1], int(found[2]), found[3])


def plain_heading(value: CellValue) -> str:
    """Return a heading without what a spreadsheet may do to it: case, line breaks, runs of blanks."""
    return " ".join(value.split()).casefold() if isinstance(value, str) else ""


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts are the same but for what a workbook does not keep: unseen letters and kinds of blank."""
    return _kept(one) == _kept(other)


def _kept(text: str) -> str:
    seen = "".join(
        " " if ch.isspace() else "" if unicodedata.category(ch)[0] == "C" or ch == "\ufffd" else ch
        for ch in unicodedata.normalize("NFC", text)
    )
    return " ".join(seen.split())


def _mark(value: CellValue) -> str:
    """Return a few letters that stand for what a cell says: its letters and figures, whatever stands between them."""
    told = value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
    return _digest("".join(ch for ch in unicodedata.normalize("NFC", told).casefold() if ch.isalnum()), _MARK)


def _digest(plain: str, letters: int) -> str:
    digest = hashlib.blake2s(plain.encode("utf-8", "replace"), digest_size=10).digest()
    return base64.b32encode(digest).decode("ascii")[:letters]
