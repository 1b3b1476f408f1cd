"""
The workbook in which updates are given offline: one sheet made for people, with locked and coloured cells.

What stands in its columns and keys is agreed with the reader in `monitor.importers.update_form`. As in every
workbook of ours each cell is written as what it is, so that no text can become a formula.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Any, BinaryIO, Final

import xlsxwriter

from monitor.dates import iso, short_date
from monitor.domain.statuses import Confidence, ForceReport, Precision
from monitor.domain.text import TEXT_MAX
from monitor.exporters.cells import could_run
from monitor.exporters.to_xlsx import clean
from monitor.importers.update_form import (
    BLOCKED,
    FILLED,
    HAPPENED,
    HEADINGS,
    KEY,
    LOCKED,
    SHEET_NAME,
    STATUS,
    SURE,
    WORDS,
    FormLine,
    Origin,
)

_FIRST_DAY: Final = date(1900, 3, 1)
_DAY_FORMATS: Final = {
    Precision.DAY: "d mmm yyyy",
    Precision.MONTH: "mmm yyyy",
    Precision.YEAR: "yyyy",
    Precision.UNKNOWN: "d mmm yyyy",
}
_WIDTHS: Final[Mapping[str, float]] = dict(
    zip(HEADINGS, (12, 27, 25, 45, 14, 14, 37, 29, 19, 47, 15, 13, 29, 13), strict=True)
)
_LINE_POINTS: Final = 15
_LETTERS_IN_WIDTH: Final = 1.15
"""A column's width counts figures; of letters a few more stand in it, less the blanks at the ends of lines."""
_LINES_LEAST, _LINES_MOST = 4, 12
"""Room to write in each row, and no row higher than this: the cell has all of a longer text."""

_INK, _SOFT, _ACCENT, _PAPER, _HAIRLINE = "#1A2129", "#55606B", "#1B4B82", "#F6F4EF", "#DAD6CC"
_TO_FILL: Final = "#E9F0F8"
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
# No password: the lock is against slips. What else is changed is noticed by the row's key.
_LOCK: Final = {
    "autofilter": True,
    "delete_rows": True,
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "sort": True,
}


@dataclass(frozen=True, slots=True)
class UpdateSheet:
    """
    The workbook before it is written.

    Attributes:
        intro: The few lines above the table.
        about: What the rows are; stands in small letters before where the workbook comes from.
        made_at: The moment written into the file, so that equal contents give equal bytes.
    """

    title: str
    intro: Sequence[str]
    about: str
    origin: Origin
    lines: Sequence[FormLine]
    made_at: datetime


def write_update_sheet(sheet: UpdateSheet, out: BinaryIO) -> None:
    """Write the workbook."""
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"title": clean(sheet.title), "created": sheet.made_at})
    page = book.add_worksheet(SHEET_NAME)
    styles = _Styles(book)
    head = _write_top(page, styles, sheet)
    for place, line in enumerate(sheet.lines, start=head + 1):
        _write_line(page, styles, place, line)
    last = head + max(len(sheet.lines), 1)
    for place, heading in enumerate(HEADINGS):
        page.set_column(place, place, _WIDTHS[heading])
    page.autofilter(head, 0, last, len(HEADINGS) - 1)
    page.freeze_panes(head + 1, 2)
    page.protect("", _LOCK)
    page.set_selection(head + 1, HEADINGS.index(WORDS), head + 1, HEADINGS.index(WORDS))
    _set_print(page, head, last)
    book.close()


class _Styles:
    """The formats of the sheet, each made once."""

    def __init__(self, book: Any) -> None:
        self._book, self._made = book, dict[tuple[Any, ...], Any]()

    def get(self, **facts: Any) -> Any:
        """Return the format of these facts, over what all cells have in common."""
        key = tuple(sorted(facts.items()))
        if key not in self._made:
            common = {
                "font_name": "Calibri",
                "font_size": 11,
                "font_color": _INK,
                "valign": "top",
                "align": "left",
            }
            self._made[key] = self._book.add_format(common | facts)
        return self._made[key]

    def locked(self, **facts: Any) -> Any:
        """Return the format of a cell that is there to be read."""
        return self.get(text_wrap=True, indent=1, bottom=1, bottom_color=_HAIRLINE, **facts)

    def open(self, **facts: Any) -> Any:
        """Return the format of a cell that is there to be filled in."""
        return self.get(
            text_wrap=True,
            indent=1,
            locked=False,
            bg_color=_TO_FILL,
            border=1,
            border_color=_HAIRLINE,
            **facts,
        )


def _write_top(page: Any, styles: _Styles, sheet: UpdateSheet) -> int:
    """Write everything above the rows, and return the place of the headings."""
    page.set_row(0, 28)
    page.write_string(0, 0, clean(sheet.title), styles.get(font_name="Georgia", font_size=18, bold=True))
    for place, text in enumerate(sheet.intro, start=1):
        page.write_string(place, 0, clean(text), styles.get())
    place = len(sheet.intro) + 1
    told = f"{sheet.about} {sheet.origin.words}"
    page.set_row(place, 16)
    page.write_string(place, 0, clean(told), styles.get(font_size=8, font_color=_SOFT))
    bands = (
        ("To read (locked)", LOCKED, _PAPER, _SOFT),
        ("To fill in", FILLED, _ACCENT, "#FFFFFF"),
        ("", (KEY,), _PAPER, _SOFT),
    )
    column = 0
    page.set_row(place + 1, 16)
    page.set_row(place + 2, 30)
    for words, headings, ground, ink in bands:
        for number, heading in enumerate(headings):
            band = styles.get(
                bold=True, font_size=9, font_color=ink, bg_color=ground, valign="vcenter", indent=1
            )
            page.write_string(place + 1, column, words if number == 0 else "", band)
            title = styles.get(
                bold=True, font_color="#FFFFFF" if ink == "#FFFFFF" else _INK, bg_color=ground, text_wrap=True, indent=1,
                valign="vcenter", bottom=2, bottom_color=_INK,
            )  # fmt: skip
            page.write_string(place + 2, column, heading, title)
            column += 1
    return place + 2


def _write_line(page: Any, styles: _Styles, place: int, line: FormLine) -> None:
    page.set_row(place, _height(line))
    for column, (heading, value) in enumerate(zip(LOCKED, line.shown, strict=True)):
        if isinstance(value, date):
            _write_day(page, styles, place, column, value, line.target_precision)
        else:
            _write_text(page, place, column, str(value or ""), styles.locked, bold=heading == LOCKED[1])
    columns = {heading: column for column, heading in enumerate(HEADINGS)}
    page.write_string(place, columns[STATUS], line.status.word, styles.open())
    # As text, so that a line that begins with a hyphen or an equals sign stays what was typed.
    page.write_blank(place, columns[WORDS], None, styles.open(num_format="@"))
    page.write_blank(place, columns[HAPPENED], None, styles.open(num_format="dd/mm/yyyy"))
    page.write_blank(place, columns[SURE], None, styles.open())
    _write_text(page, place, columns[BLOCKED], line.blocked_by, styles.open, num_format="@")
    page.write_string(
        place,
        columns[KEY],
        line.key,
        styles.get(font_size=8, font_color=_SOFT, bottom=1, bottom_color=_HAIRLINE),
    )
    _write_rules(page, place, columns, line)


def _write_text(page: Any, place: int, column: int, text: str, style: Any, **facts: Any) -> None:
    facts = {name: value for name, value in facts.items() if value}
    if not text:
        page.write_blank(place, column, None, style(**facts))
        return
    if could_run(text):
        facts["quote_prefix"] = True  # or it would become a formula as soon as somebody edits it
    page.write_string(place, column, clean(text), style(**facts))


def _write_day(page: Any, styles: _Styles, place: int, column: int, day: date, precision: Precision) -> None:
    style = styles.locked(num_format=_DAY_FORMATS[precision])
    if day >= _FIRST_DAY:
        page.write_datetime(place, column, day, style)
    else:
        page.write_string(place, column, iso(day), style)


def _write_rules(page: Any, place: int, columns: Mapping[str, int], line: FormLine) -> None:
    """Offer the words that a cell takes, and stop what it does not."""
    for heading, vocabulary in ((STATUS, ForceReport), (SURE, Confidence)):
        accepted = [member.word for member in vocabulary]
        page.data_validation(
            place, columns[heading], place, columns[heading],
            {
                "validate": "list",
                "source": accepted,
                "error_title": heading,
                "error_message": f"Choose one of: {', '.join(accepted)}."[:255],
            },
        )  # fmt: skip
    earliest = max(line.earliest, _FIRST_DAY)
    page.data_validation(
        place, columns[HAPPENED], place, columns[HAPPENED],
        {
            "validate": "date",
            "criteria": ">=",
            "value": earliest,
            "input_title": HAPPENED,
            "input_message": f"A day from {short_date(earliest)} on, such as 31/03/2023. Empty: the day you upload.",
            "error_title": HAPPENED,
            "error_message": f"Give a day from {short_date(earliest)} on, such as 31/03/2023, or leave it empty.",
        },
    )  # fmt: skip
    for heading in (WORDS, BLOCKED):
        page.data_validation(
            place, columns[heading], place, columns[heading],
            {
                "validate": "length",
                "criteria": "<=",
                "value": TEXT_MAX,
                "error_title": heading,
                "error_message": f"A text can have {TEXT_MAX:,} characters.",
            },
        )  # fmt: skip


def _height(line: FormLine) -> float:
    """Return the height of a row in points. Set for each: not every program finds it itself."""
    texts = dict(zip(LOCKED, line.shown, strict=True)) | {BLOCKED: line.blocked_by}
    lines = max(
        sum(ceil(len(part) / ((_WIDTHS[heading] - 1) * _LETTERS_IN_WIDTH)) or 1 for part in text.split("\n"))
        for heading, text in texts.items()
        if isinstance(text, str)
    )
    return float(min(max(lines, _LINES_LEAST), _LINES_MOST) * _LINE_POINTS + _LINE_POINTS / 3)


def _set_print(page: Any, head: int, last: int) -> None:
    page.set_landscape()
    page.set_paper(8)  # A3; the key is not printed
    page.print_area(0, 0, last, len(HEADINGS) - 2)
    page.fit_to_pages(1, 0)
    page.repeat_rows(head)
    page.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.7)
    page.set_footer("&L&8&A&R&8Page &P of &N")
