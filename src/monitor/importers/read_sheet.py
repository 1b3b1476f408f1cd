"""
Workbooks, OpenDocument sheets and CSV files as plain rows.

Values come from calamine; what it cannot tell (formulas, hidden rows and columns, joined cells, errors) from the
marks that the gate took. What calamine cannot read at all ends this process: see `child`.
"""

import csv
import io
import math
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from python_calamine import CalamineSheet, SheetTypeEnum, SheetVisibleEnum, load_workbook

from monitor.domain.text import unguard
from monitor.errors import UnreadableFileError
from monitor.importers.blocks import readable
from monitor.importers.gate import Admitted
from monitor.importers.read_text import decode
from monitor.importers.sheet_marks import SheetMarks
from monitor.importers.sheets import (
    AREA_LIMIT,
    CELL_LIMIT,
    COLUMN_LIMIT,
    ROW_LIMIT,
    CellValue,
    Sheet,
    Workbook,
    column_letter,
)

SEPARATORS: Final = (",", ";", "\t")
HEADING_LINES: Final = 20
"""So many lines at the top tell how a CSV file parts its cells."""

_WHOLE_BELOW: Final = 2**53
"""From here on a number of a spreadsheet is no longer exact."""
_SAVE_AGAIN: Final = "Open it in Excel or LibreOffice, save it again and import that."


def read_xlsx(admitted: Admitted, content: bytes) -> Workbook:
    """Return a workbook of Excel as plain rows."""
    parts = _parts_of_sheets(admitted.name, content)
    return _read_book(admitted, content, lambda name: admitted.sheets.get(parts.get(name, "")))


def read_ods(admitted: Admitted, content: bytes) -> Workbook:
    """Return an OpenDocument sheet as plain rows."""
    return _read_book(admitted, content, admitted.sheets.get)


def read_csv(admitted: Admitted, content: bytes) -> Workbook:
    """
    Return a CSV file as a workbook of one sheet, every cell of it text.

    Apostrophes that our own exports put before what could run as a formula are taken off.
    """
    text, note = decode(admitted.name, content)
    text, separator = _separated_by(text)
    records = [[_csv_cell(cell) for cell in record] for record in _records(admitted.name, text, separator)]
    rows = _trimmed(records, "")
    if not rows:
        raise _refused(f"{admitted.name} has no cell with anything in it.")
    sheet = Sheet(admitted.name.rpartition(".")[0] or admitted.name, rows)
    notes = (*((note,) if note else ()), *_unequal(records))
    return Workbook(admitted.name, "csv", (sheet,), notes)


# Workbooks


def _read_book(admitted: Admitted, content: bytes, marks_of: Callable[[str], SheetMarks | None]) -> Workbook:
    try:
        return _sheets_of(admitted, content, marks_of)
    except (UnreadableFileError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except OverflowError:
        raise _refused(
            f"{admitted.name} holds a date or a time that no calendar has: look for cells that show #####."
        ) from None
    except BaseException:  # calamine's own errors, and its panics, which are no Exception
        raise _refused(
            f"{admitted.name} is damaged, or not as spreadsheets write it. {_SAVE_AGAIN}"
        ) from None


def _sheets_of(admitted: Admitted, content: bytes, marks_of: Callable[[str], SheetMarks | None]) -> Workbook:
    sheets: list[Sheet] = []
    left_out: list[str] = []
    area = 0
    with load_workbook(io.BytesIO(content)) as book:
        if len(set(book.sheet_names)) < len(book.sheet_names):
            raise _refused(f"{admitted.name} has two sheets of one name. {_SAVE_AGAIN}")
        for number, about in enumerate(book.sheets_metadata):
            name = readable(about.name)
            if about.typ != SheetTypeEnum.WorkSheet:
                left_out.append(name)
                continue
            marks = marks_of(about.name)
            if marks is None:
                raise _refused(f'{admitted.name}: its sheet "{name}" cannot be found in it. {_SAVE_AGAIN}')
            rows = _rows_of(admitted.name, name, book.get_sheet_by_index(number), marks)
            area += len(rows) * (len(rows[0]) if rows else 0)
            if area > AREA_LIMIT:
                raise _refused(
                    f"{admitted.name} has more than {AREA_LIMIT:,} cells in all its sheets: import them in parts."
                )
            sheets.append(_marked(name, rows, marks, is_hidden=about.visible != SheetVisibleEnum.Visible))
    if not any(sheet.rows for sheet in sheets):
        raise _refused(f"{admitted.name} has no cell with anything in it.")
    return Workbook(admitted.name, admitted.form, tuple(sheets), tuple(_left_out(left_out)))


def _marked(
    name: str, rows: tuple[tuple[CellValue, ...], ...], marks: SheetMarks, *, is_hidden: bool
) -> Sheet:
    height, width = len(rows), len(rows[0]) if rows else 0
    return Sheet(
        name,
        rows,
        formulas=frozenset(place for place in marks.formulas if place[0] < height and place[1] < width),
        hidden_rows=frozenset(row for row in marks.hidden_rows if row < height),
        hidden_columns=frozenset(column for column in marks.hidden_columns if column < width),
        is_hidden=is_hidden,
    )


def _left_out(names: list[str]) -> Iterator[str]:
    if names:
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        shown = ", ".join(f'"{name}"' for name in names[:5])
        yield f"Left out, because there are no cells in it: {shown}{more}."


def _rows_of(
    shown: str, name: str, sheet: CalamineSheet, marks: SheetMarks
) -> tuple[tuple[CellValue, ...], ...]:
    rows = [
        [_value(value) for value in row]
        for row in (sheet.to_python(skip_empty_area=False) if sheet.start is not None else ())
    ]
    _say_what_is_shown(rows, marks.shown)
    for top, left, bottom, right in marks.covered:
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [None] * len(row[left : right + 1])
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str) and len(value) > CELL_LIMIT:
                raise _too_long(f'{shown}: on its sheet "{name}"', number, column, len(value))
    return _trimmed(rows, None)


def _say_what_is_shown(rows: list[list[CellValue]], shown: Mapping[tuple[int, int], str]) -> None:
    """Put in what cells show that calamine gives no value for; such cells can lie outside of what it gave."""
    for (row, column), text in shown.items():
        while len(rows) <= row:
            rows.append([])
        line = rows[row]
        if len(line) <= column:
            line.extend([None] * (column + 1 - len(line)))
        line[column] = _value(text)


def _trimmed(rows: Iterable[list[Any]], nothing: CellValue) -> tuple[tuple[Any, ...], ...]:
    """Return the rows without empty ones at the end, all as wide as the widest that holds something."""
    ends = []
    kept = list(rows)
    for row in kept:
        end = len(row)
        while end and row[end - 1] in (None, ""):
            end -= 1
        ends.append(end)
    while ends and not ends[-1]:
        ends.pop()
    width = max(ends, default=0)
    return tuple((*row[:width], *(nothing,) * (width - len(row))) for row in kept[: len(ends)])


def _value(value: object) -> CellValue:
    """Return a value of calamine as a plain one: days without a time of day, times and durations as text."""
    match value:
        case str():
            if value.isascii() and value.isprintable():
                return value or None
            return readable(value) or None
        case bool() | None:
            return value
        case float():
            if not math.isfinite(value):
                return str(value)
            return int(value) if value.is_integer() and abs(value) < _WHOLE_BELOW else value
        case int():
            return value
        case datetime():
            return value.date()
        case date():
            return value
        case time():
            return value.isoformat("seconds" if value.second else "minutes")
        case timedelta():
            return _duration(value)
    return readable(str(value)) or None


def _duration(value: timedelta) -> str:
    seconds = abs(round(value.total_seconds()))
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _parts_of_sheets(shown: str, content: bytes) -> Mapping[str, str]:
    """Return the part that each sheet of a workbook lies in, in small letters, as calamine finds it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = _tree(archive, "xl/workbook.xml")
        relations = _tree(archive, "xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        raise _refused(f"{shown} has no list of its sheets. {_SAVE_AGAIN}")
    targets = {one.get("Id", ""): one.get("Target", "") for one in relations}
    parts: dict[str, str] = {}
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] == "sheet":
            id_ = next((value for key, value in sheet.items() if key.rpartition("}")[2] == "id"), "")
            target = targets.get(id_, "").removeprefix("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            parts[sheet.get("name", "")] = part.casefold()
    return parts


class _NoDoctype(TreeBuilder):
    """The gate has refused them already; this is the second lock."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError("a document type")


def _tree(archive: zipfile.ZipFile, name: str) -> Element | None:
    found = next((one for one in archive.namelist() if one.casefold() == name.casefold()), None)
    if found is None:
        return None
    parser = XMLParser(target=_NoDoctype())  # noqa: S314 - the gate has refused every document type
    try:
        parser.feed(archive.read(found))
        root = parser.close()
    except (ParseError, ValueError):
        return None
    return root if isinstance(root, Element) else None


# CSV


def _separated_by(text: str) -> tuple[str, str]:
    """
    Return the text, and what parts its cells: comma, semicolon or tab.

    Of the three it is the one that gives the most of the first lines one width, then the greater width, then
    the first. A line "sep=;" in front, which Excel knows, decides and is no row.
    """
    if text[:4].casefold() == "sep=" and text[4:5] in SEPARATORS and text[5:6] in ("\n", "\r", ""):
        return text[5:].removeprefix("\r").removeprefix("\n"), text[4]
    return text, max(SEPARATORS, key=lambda separator: _agreement(text, separator))


def _agreement(text: str, separator: str) -> tuple[int, int]:
    widths: Counter[int] = Counter()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for _ in range(HEADING_LINES):
            widths[len(next(reader))] += 1
    except (csv.Error, StopIteration):
        pass
    return max(((many, width) for width, many in widths.items() if width > 1), default=(0, 0))


def _records(name: str, text: str, separator: str) -> Iterator[list[str]]:
    """Yield every row of a CSV file; refuse it with the row where it goes wrong."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            raise _refused(f"{name}: row {number} {_csv_words(str(wrong))}") from None
        if number > ROW_LIMIT:
            if any(record):
                raise _refused(f"{name} has more than {ROW_LIMIT:,} rows: import it in parts.")
            continue
        if len(record) > COLUMN_LIMIT and any(record[COLUMN_LIMIT:]):
            raise _refused(
                f"{name}: row {number} has {len(record):,} cells. A row can have {COLUMN_LIMIT} columns."
            )
        del record[COLUMN_LIMIT:]
        for column, cell in enumerate(record):
            if "\0" in cell:
                raise _refused(
                    f"{name}: row {number} holds bytes that text does not have (NUL): save it as CSV UTF-8 and import that."
                )
            if len(cell) > CELL_LIMIT:
                raise _too_long(name + ":", number - 1, column, len(cell))
        yield record


def _csv_words(wrong: str) -> str:
    if "field larger" in wrong:
        return f'has a cell of more than {CELL_LIMIT:,} characters, or a quotation mark (") that is never closed.'
    if "end of data" in wrong:
        return 'opens a quotation mark (") that is never closed: close it, or take it out.'
    return 'has a quotation mark (") in the middle of a cell in quotation marks: double it, or take it out.'


def _csv_cell(cell: str) -> str:
    plain = unguard(cell)
    return plain if plain.isascii() and plain.isprintable() else readable(plain)


def _unequal(records: list[list[str]]) -> Iterator[str]:
    """Yield a sentence on rows that have not as many cells as most have; blank lines are none of them."""
    widths = Counter(len(record) for record in records if record)
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    odd = [str(number) for number, record in enumerate(records, 1) if record and len(record) != usual]
    if len(odd) == 1:
        yield f"Row {odd[0]} does not have {usual} cells as most rows have; what is missing was left empty."
    elif odd:
        last = f"{len(odd) - 5} more" if len(odd) > 6 else odd.pop()
        shown = ", ".join(odd[:5] if "more" in last else odd)
        yield f"Rows {shown} and {last} do not have {usual} cells as most rows have; what is missing was left empty."


def _too_long(where: str, row: int, column: int, length: int) -> UnreadableFileError:
    return _refused(
        f"{where} cell {column_letter(column)}{row + 1} holds {length:,} characters. A cell can have {CELL_LIMIT:,}."
    )


def _refused(message: str) -> UnreadableFileError:
    return UnreadableFileError(message, step="reader")
