"""
A workbook to be filled in: a few lines on how, a row of headings, drop-downs and notes on the cells, then empty rows.

Every cell is written as what it is, so no text can become a formula; a column says how what is typed into it is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Any, BinaryIO, Final, Literal

import xlsxwriter

from monitor.exporters.to_xlsx import clean

FormKind = Literal["text", "day"]

ROWS: Final = 20_000
_REQUIRED: Final = "Required"
_NOT_HERE: Final = "Lists"
_IN_THE_CELL: Final = 255
"""Excel keeps a drop-down of at most so many characters in the cell; a longer one stands on a sheet of its own."""
_MESSAGE: Final = 255
_FIRST_DAY: Final = date(1980, 1, 1)
_INK, _ACCENT, _HAIRLINE = "#1A2129", "#1B4B82", "#DAD6CC"
_KEPT_AS: Final[Mapping[FormKind, str]] = {"text": "@", "day": "dd mmm yyyy"}
_LINE_POINTS: Final = 15
_TO_FILL: Final = "#E9F0F8"
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


@dataclass(frozen=True, slots=True)
class FormColumn:
    """
    One column to fill in.

    Attributes:
        kind: "day" keeps what is typed as a date; "text" keeps it as typed, so that "March 2025" stays a month.
        choices: The words of its drop-down; with none, anything can be typed.
        meaning: Shown beside a cell of it while it is filled in.
    """

    heading: str
    meaning: str
    width: int = 18
    kind: FormKind = "text"
    choices: Sequence[str] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet to be filled in; `rows` hold a value or "" a column, by heading."""

    title: str
    name: str
    lines: Sequence[str]
    columns: Sequence[FormColumn]
    rows: Sequence[Mapping[str, str | date]]
    made_on: date


def write_form(form: FormSheet, out: BinaryIO) -> None:
    """Write the workbook. Equal forms give equal bytes."""
    book = xlsxwriter.Workbook(out, _OPTIONS)
    made = datetime(form.made_on.year, form.made_on.month, form.made_on.day)  # noqa: DTZ001 - the format holds no zone
    book.set_properties({"title": clean(form.title), "created": made})
    sheet = book.add_worksheet(form.name)
    head = _write_lines(book, sheet, form)
    _write_headings(book, sheet, form, head)
    _write_rows(book, sheet, form, head + 1)
    _add_choices(book, sheet, form, head + 1)
    sheet.freeze_panes(head + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    book.close()


def _write_lines(book: Any, sheet: Any, form: FormSheet) -> int:
    """Write the title and the lines on how, and return the row of the headings: one above it says what is required."""
    title = book.add_format({"bold": True, "font_size": 14, "font_color": _INK})
    line = book.add_format({"font_color": _INK})
    sheet.write_string(0, 0, clean(form.title), title)
    for number, text in enumerate(form.lines, start=1):
        sheet.write_string(number, 0, clean(text), line)
    return len(form.lines) + 3


def _write_headings(book: Any, sheet: Any, form: FormSheet, head: int) -> None:
    required = book.add_format({"font_size": 9, "bold": True, "font_color": _ACCENT})
    heading = book.add_format(
        {
            "bold": True,
            "text_wrap": True,
            "valign": "top",
            "bottom": 2,
            "bottom_color": _ACCENT,
            "bg_color": _TO_FILL,
        }
    )
    sheet.set_row(head, _height(form.columns, {column.heading: column.heading for column in form.columns}))
    for place, column in enumerate(form.columns):
        if column.is_required:
            sheet.write_string(head - 1, place, _REQUIRED, required)
        sheet.write_string(head, place, clean(column.heading), heading)


def _write_rows(book: Any, sheet: Any, form: FormSheet, first: int) -> None:
    empty = {"text_wrap": True, "valign": "top", "align": "left"}
    filled = empty | {"bottom": 1, "bottom_color": _HAIRLINE}
    plain = {kind: book.add_format(empty | {"num_format": kept}) for kind, kept in _KEPT_AS.items()}
    formats = {kind: book.add_format(filled | {"num_format": kept}) for kind, kept in _KEPT_AS.items()}
    for number, row in enumerate(form.rows):
        sheet.set_row(first + number, _height(form.columns, row))
    for place, column in enumerate(form.columns):
        sheet.set_column(place, place, column.width, plain[column.kind])
        for number, row in enumerate(form.rows):
            value = row.get(column.heading, "")
            if isinstance(value, date):
                sheet.write_datetime(first + number, place, value, formats[column.kind])
            else:
                sheet.write_string(first + number, place, clean(value), formats[column.kind])


def _height(columns: Sequence[FormColumn], row: Mapping[str, str | date]) -> float:
    """Return the height of a row in points. Set for each: not every program finds it itself."""
    texts = [(row.get(column.heading, ""), column.width) for column in columns]
    return float(
        _LINE_POINTS
        * max(ceil(len(text) * 1.1 / width) or 1 for text, width in texts if isinstance(text, str))
    )


def _add_choices(book: Any, sheet: Any, form: FormSheet, first: int) -> None:
    """Add what can be chosen and what each column means; a list too long for a cell goes to a hidden sheet."""
    lists: Any = None
    for place, column in enumerate(form.columns):
        rule: dict[str, Any] = {"validate": "any"}
        if column.kind == "day":
            rule = {
                "validate": "date",
                "criteria": ">=",
                "value": _FIRST_DAY,
                "error_title": column.heading,
                "error_message": "Type a day, with four figures for the year: 31/03/2025.",
            }
        elif column.choices:
            source: Any = list(column.choices)
            if len(",".join(column.choices)) > _IN_THE_CELL or any("," in word for word in column.choices):
                lists = lists or _hidden_sheet(book)
                for number, word in enumerate(column.choices):
                    lists.write_string(number, place, clean(word))
                letter = xlsxwriter.utility.xl_col_to_name(place)
                source = f"={_NOT_HERE}!${letter}$1:${letter}${len(column.choices)}"
            rule = {
                "validate": "list",
                "source": source,
                "error_title": column.heading[:32],
                "error_message": "Choose one of the words in the list.",
            }
        rule |= {"input_title": column.heading[:32], "input_message": column.meaning[:_MESSAGE]}
        sheet.data_validation(first, place, first + ROWS - 1, place, rule)


def _hidden_sheet(book: Any) -> Any:
    lists = book.add_worksheet(_NOT_HERE)
    lists.hide()
    return lists
