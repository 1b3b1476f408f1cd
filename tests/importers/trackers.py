"""Workbooks as lists of rows, and a reading of them on one day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from monitor.importers.sheets import CellValue, Sheet, Workbook
from monitor.importers.tracker import Tracker, read_tracker

TODAY = date(2026, 11, 22)
Rows = Sequence[Sequence[CellValue]]


def a_sheet(rows: Rows, name: str = "Actions", **more: Any) -> Sheet:
    """Return a sheet whose rows are all as wide as the widest."""
    width = max((len(row) for row in rows), default=0)
    return Sheet(name, tuple((*row, *(None,) * (width - len(row))) for row in rows), **more)


def a_workbook(*sheets: Sheet, name: str = "tracker.xlsx", form: str = "xlsx") -> Workbook:
    """Return a workbook of these sheets."""
    return Workbook(name, form, sheets)


def read(
    rows: Rows,
    *,
    today: date = TODAY,
    columns: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    **more: Any,
) -> Tracker:
    """Return what a workbook of one sheet with these rows holds."""
    return read_tracker(a_workbook(a_sheet(rows, **more)), today=today, columns=columns, words=words)


def fields_of(tracker: Tracker) -> dict[str, str]:
    """Return the field of each column by its heading; "" for one that is left out."""
    return {column.heading: column.field for column in tracker.columns}


def column_of(tracker: Tracker, key: str) -> list[Any]:
    """Return the values of a field, row by row; None where a row has none."""
    return [row.values.get(key) for row in tracker.rows]


def messages(tracker: Tracker) -> list[str]:
    """Return the sentences of all faults, in order."""
    return [fault.message for fault in tracker.faults]


def notes(tracker: Tracker) -> str:
    """Return all notes as one text."""
    return "\n".join(tracker.notes)
