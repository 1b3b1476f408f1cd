"""
Excel: a sheet with the rows and a sheet *About* with the title, the facts of the whole and what each column means.

Every cell is written as what it is (text, number, day); nothing is left to be guessed, so no text can become a
formula, a link or a number. Equal tables give equal bytes.
"""

import re
from datetime import date
from typing import Any, BinaryIO

import xlsxwriter

from monitor.exporters.cells import Value
from monitor.exporters.table import Column, ExportTable, Kind

CELL_LETTERS = 32_767
_CUT = " … (cut here: a cell of Excel holds no more; the CSV has all of it)"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_FIRST_DAY = date(1900, 3, 1)
_WHOLE_NUMBERS = 10**15
_DAY_FORMAT = "dd mmm yyyy"
_WIDTHS: dict[Kind, int] = {"text": 24, "day": 13, "count": 11, "flag": 9}
_LONG_WIDTH = 60
_LONG_TEXT = 80
_KIND_WORDS: dict[Kind, str] = {"text": "text", "day": "day", "count": "number", "flag": "yes or no"}
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def to_xlsx(table: ExportTable, out: BinaryIO) -> None:
    """Write the workbook. Nothing is an empty cell; a text longer than a cell may be is cut, and says so."""
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"title": clean(table.title), "created": table.moment})
    _write_rows(book, table)
    _write_about(book, table)
    book.close()


def clean(text: str) -> str:
    """Return the text with line ends as Excel has them, without what XML cannot hold, and no longer than a cell."""
    plain = _NOT_IN_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain if len(plain) <= CELL_LETTERS else plain[: CELL_LETTERS - len(_CUT)] + _CUT


def _write_rows(book: Any, table: ExportTable) -> None:
    sheet = book.add_worksheet(_NOT_IN_A_SHEET_NAME.sub(" ", table.sheet).strip()[:31] or "Register")
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": _DAY_FORMAT, "valign": "top", "align": "left"}),
        "count": book.add_format({"valign": "top"}),
        "flag": book.add_format({"valign": "top"}),
    }
    columns = table.all_columns
    for place, column in enumerate(columns):
        values = table.column_values(column)
        sheet.set_column(place, place, _width(column, values), formats[column.kind])
        sheet.write_string(0, place, clean(column.heading), head)
        for line, value in enumerate(values, start=1):
            _write_cell(sheet, line, place, value, formats[column.kind])
    sheet.freeze_panes(1, 1)
    if columns:
        sheet.autofilter(0, 0, max(len(table), 1), len(columns) - 1)
        sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write_cell(sheet: Any, line: int, place: int, value: Value, style: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(line, place, "yes" if value else "no", style)
    elif isinstance(value, str):
        sheet.write_string(line, place, clean(value), style)
    elif isinstance(value, date):
        if value >= _FIRST_DAY:
            sheet.write_datetime(line, place, value, style)
        else:
            sheet.write_string(line, place, value.isoformat(), style)
    elif abs(value) < _WHOLE_NUMBERS:
        sheet.write_number(line, place, value, style)
    else:
        sheet.write_string(line, place, str(value), style)


def _width(column: Column, values: list[Value]) -> int:
    if column.kind != "text":
        return max(_WIDTHS[column.kind], min(len(column.heading), 18))
    longest = max((len(value) for value in values if isinstance(value, str)), default=0)
    if longest > _LONG_TEXT:
        return _LONG_WIDTH
    return max(10, min(longest + 2, 40), min(len(column.heading) + 2, 24))


def _write_about(book: Any, table: ExportTable) -> None:
    sheet = book.add_worksheet("About")
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 26)
    sheet.set_column(2, 2, 80)
    sheet.set_column(3, 3, 12)
    sheet.write_string(0, 0, clean(table.title), title)
    line = 1
    for caption in table.captions:
        sheet.write_string(line, 0, clean(caption))
        line += 1
    line += 1
    for place, heading in enumerate(("Column", "Name in CSV, JSON and Parquet", "Meaning", "Kind")):
        sheet.write_string(line, place, heading, head)
    for column in table.all_columns:
        line += 1
        words = (column.heading, column.key, column.meaning, _KIND_WORDS[column.kind])
        for place, word in enumerate(words):
            sheet.write_string(line, place, clean(word), wrapped)
