"""What a tracker holds once it is read: its rows, the words for its status, and what a person should know of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from monitor.domain.statuses import ForceReport, Precision
from monitor.importers.faults import Fault
from monitor.importers.tracker_columns import ColumnGuess


@dataclass(frozen=True, slots=True)
class TrackerUpdate:
    """One account of progress; `heading` is that of its column."""

    day: date
    precision: Precision
    text: str
    heading: str


@dataclass(frozen=True, slots=True)
class StatusWord:
    """A word for the status as found, what it is taken for (None: a person must say), and how many rows carry it."""

    found: str
    value: ForceReport | None
    is_guess: bool
    rows: int


@dataclass(frozen=True, slots=True)
class TrackerRow:
    """
    One recommendation as its row has it.

    Attributes:
        row: As Excel counts it, from 1.
        values: By field: text; for `kind`, `applicability` and `confidence` a member of the vocabulary; for lists
            a tuple; for days a date; `published` is a day and its precision; `target` the words as they stand
            there, the day or None, its precision and the rule by which it was read. Nothing has no entry.
        updates: The oldest first.
        status_found: The word as found, "" where there is none.
    """

    sheet: str
    row: int
    values: Mapping[str, Any]
    updates: tuple[TrackerUpdate, ...] = ()
    status: ForceReport | None = None
    status_found: str = ""

    def where(self, heading: str = "") -> str:
        """Return the row, or its cell under a heading, as a person finds it."""
        return where(self.sheet, self.row, heading)


@dataclass(frozen=True, slots=True)
class Tracker:
    """
    What a workbook holds.

    Attributes:
        faults: In the order of the sheets, rows and columns; with one of them nothing should be taken in.
        notes: Sentences on what was not read or read in some way that a person should know.
        headings_key: The same for every workbook with these headings, whatever months its updates are of.
    """

    name: str
    columns: tuple[ColumnGuess, ...] = ()
    rows: tuple[TrackerRow, ...] = ()
    words: tuple[StatusWord, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    is_own_export: bool = False
    headings_key: str = ""


def where(sheet: str, row: int, heading: str = "") -> str:
    """Return a row, as Excel counts it, or its cell under a heading, as a person finds it."""
    place = f'Sheet "{sheet}", row {row}'
    return f'{place}, "{heading}"' if heading else place
