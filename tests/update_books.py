"""The workbook for updates in tests: a line of it, its cells without a file, and filling it in as a person does."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

from monitor.domain.statuses import ForceReport, Precision
from monitor.importers.file_kinds import SHEETS
from monitor.importers.gate import admit
from monitor.importers.read_sheet import read_xlsx
from monitor.importers.sheets import CellValue, Sheet, Workbook
from monitor.importers.update_form import FILLED, HEADINGS, KEY, LOCKED, STATUS, FormLine, Origin, origin
from tests.builders import DAY, day

NAME = "updates.xlsx"
ORIGIN = origin("Editor Person", DAY, 12, "0a" * 32)


def a_line(reference: str = "CC-001", **given: Any) -> FormLine:
    """Return a row as downloaded, of something in progress."""
    facts: dict[str, Any] = {
        "reference": reference,
        "short_title": f"Do {reference}",
        "inspection": "PEEL assessment",
        "text": "The force should do it.",
        "target_on": day(30),
        "target_precision": Precision.DAY,
        "schedule": "Due soon",
        "last_report": "In progress, 4 March 2024, Editor Person: The work has begun.",
        "asked": "Show a dip sample.",
        "earliest": DAY,
        "status": ForceReport.IN_PROGRESS,
        "blocked_by": "The supplier",
        "version": 2,
    }
    return FormLine(**facts | given)


def cells_of(line: FormLine, **filled: CellValue) -> list[CellValue]:
    """Return the cells of a row as downloaded, with some of them changed, by their headings with underscores."""
    values = dict(zip(LOCKED, line.shown, strict=True)) | {
        STATUS: line.status.word,
        "Blocked by": line.blocked_by,
        KEY: line.key,
    }
    values |= {name.replace("_", " "): value for name, value in filled.items()}
    return [values.get(heading) or None for heading in HEADINGS]


def a_book(
    *rows: Sequence[CellValue],
    told: Origin | None = ORIGIN,
    headings: Sequence[CellValue] = HEADINGS,
    name: str = NAME,
    **sheet: Any,
) -> Workbook:
    """Return a workbook with these rows below the headings, which stand in row 6."""
    width = len(headings)
    above: list[list[CellValue]] = [["Updates"], ["Fill in."], [], [told.words if told else None], []]
    lines = [(*row, *[None] * (width - len(row))) for row in (*above, list(headings), *map(list, rows))]
    return Workbook(name, "xlsx", (Sheet(name="Updates", rows=tuple(lines), **sheet),))


def read_here(content: bytes, name: str = NAME) -> Workbook:
    """Return a workbook as the child process reads it, without starting one."""
    return read_xlsx(admit(name, content, SHEETS), content)


def fill(content: bytes, filled: Mapping[str, Mapping[str, object]]) -> bytes:
    """Return the workbook with cells filled in, by reference and heading, as another program saves it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    columns, first = columns_of(sheet)
    rows = {sheet.cell(row, columns["Reference"]).value: row for row in range(first + 1, sheet.max_row + 1)}
    for reference, cells in filled.items():
        for heading, value in cells.items():
            sheet.cell(rows[reference], columns[heading]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def columns_of(sheet: Any) -> tuple[dict[str, int], int]:
    """Return the column of each heading in an openpyxl sheet, and the row in which they stand."""
    for row in sheet.iter_rows():
        found = {cell.value: cell.column for cell in row if cell.value in HEADINGS}
        if len(found) > len(FILLED):
            return found, row[0].row
    raise AssertionError("no headings")


def as_day(value: object) -> object:
    """Return a moment at midnight as openpyxl reads days as the day it is."""
    return value.date() if hasattr(value, "date") else value
