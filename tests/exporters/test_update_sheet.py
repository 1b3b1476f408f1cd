import io
import re
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest

from monitor.domain.statuses import Confidence, ForceReport, Precision
from monitor.exporters.update_sheet import UpdateSheet, write_update_sheet
from monitor.importers.update_form import (
    BLOCKED,
    FILLED,
    HAPPENED,
    HEADINGS,
    KEY,
    LOCKED,
    STATUS,
    SURE,
    WORDS,
    FormLine,
)
from tests.builders import DAY, moment
from tests.update_books import ORIGIN, a_line, as_day, columns_of

FORMULA = '=HYPERLINK("http://outside.example","press")'


def written(*lines: FormLine) -> bytes:
    """Return the workbook of these lines."""
    out = io.BytesIO()
    sheet = UpdateSheet(
        title="Updates of Editor Person",
        intro=["Fill in the coloured cells.", "The others are locked."],
        about="An office: two open items.",
        origin=ORIGIN,
        lines=lines or (a_line("CC-001"), a_line("CC-002")),
        made_at=moment(DAY),
    )
    write_update_sheet(sheet, out)
    return out.getvalue()


def opened(content: bytes) -> tuple[Any, dict[str, int], int]:
    """Return the one sheet, the column of each heading and the row they stand in."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    (sheet,) = book.worksheets
    return sheet, *columns_of(sheet)


def test_there_is_one_sheet_with_a_few_lines_above_the_headings() -> None:
    """What to do stands at the top, and for whom it was made; then the headings, in their order."""
    sheet, columns, head = opened(written())

    assert head <= 8
    assert [cell.value for cell in sheet[head]] == list(HEADINGS)
    above = [cell.value for row in sheet.iter_rows(max_row=head - 1) for cell in row if cell.value]
    assert above[0] == "Updates of Editor Person"
    assert above[3] == f"An office: two open items. {ORIGIN.words}"
    assert above[4:] == ["To read (locked)", "To fill in"]
    assert sheet.cell(head - 1, columns[LOCKED[0]]).value == "To read (locked)"
    assert sheet.cell(head - 1, columns[FILLED[0]]).value == "To fill in"


def test_only_what_is_to_be_filled_in_is_unlocked_and_coloured() -> None:
    """The sheet is protected without a password; colour and words say the same."""
    sheet, columns, head = opened(written())

    assert sheet.protection.sheet
    assert not sheet.protection.password
    for heading in HEADINGS:
        cell = sheet.cell(head + 1, columns[heading])
        assert cell.protection.locked is (heading not in FILLED), heading
        assert (cell.fill.fill_type == "solid") is (heading in FILLED), heading
    assert sheet.protection.autoFilter is False  # openpyxl says what is forbidden
    assert sheet.auto_filter.ref == f"A{head}:N{head + 2}"


def test_cells_are_what_they_are() -> None:
    """A day is a day, the status and what is in the way are filled in, the rest is empty."""
    sheet, columns, head = opened(written(a_line("CC-001", target_on=date(2024, 5, 31))))
    row = {heading: sheet.cell(head + 1, column) for heading, column in columns.items()}

    assert row["Target date"].is_date
    assert as_day(row["Target date"].value) == date(2024, 5, 31)
    assert row[STATUS].value == "In progress"
    assert row[BLOCKED].value == "The supplier"
    assert [row[heading].value for heading in (WORDS, HAPPENED, SURE)] == [None] * 3
    assert row[HAPPENED].number_format == "dd/mm/yyyy"
    assert row[KEY].value == a_line("CC-001", target_on=date(2024, 5, 31)).key


@pytest.mark.parametrize(
    ("precision", "shown"),
    [(Precision.DAY, "d mmm yyyy"), (Precision.MONTH, "mmm yyyy"), (Precision.YEAR, "yyyy")],
)
def test_a_month_is_shown_as_a_month(precision: Precision, shown: str) -> None:
    """The cell is a date, and says no more than is known."""
    sheet, columns, head = opened(written(a_line(target_precision=precision)))

    assert sheet.cell(head + 1, columns["Target date"]).number_format == shown


@pytest.mark.parametrize("target", [None, date(1899, 12, 31), date(9999, 12, 31)])
def test_a_day_that_excel_has_not_is_written_out(target: date | None) -> None:
    """No date is an empty cell, and one before 1900 is words."""
    sheet, columns, head = opened(written(a_line(target_on=target)))

    found = as_day(sheet.cell(head + 1, columns["Target date"]).value)
    assert found == ("1899-12-31" if target == date(1899, 12, 31) else target)


def test_choices_are_lists_and_days_are_days() -> None:
    """Each row offers the words of its vocabulary, a day from its own first day on, and no more text than is kept."""
    sheet, columns, head = opened(written(a_line("CC-001", earliest=date(2024, 4, 1)), a_line("CC-002")))
    rules = {
        str(cells): rule for rule in sheet.data_validations.dataValidation for cells in rule.sqref.ranges
    }

    def rule(heading: str, row: int = head + 1) -> Any:
        letter = sheet.cell(row, columns[heading]).coordinate
        return next(found for cells, found in rules.items() if letter in re.findall(r"[A-Z]+\d+", cells))

    assert rule(STATUS).formula1 == f'"{",".join(member.word for member in ForceReport)}"'
    assert rule(SURE).formula1 == f'"{",".join(member.word for member in Confidence)}"'
    assert (rule(HAPPENED).type, rule(HAPPENED).operator) == ("date", "greaterThanOrEqual")
    assert rule(HAPPENED).formula1 == "45383"  # 1 April 2024, as Excel counts days
    assert rule(HAPPENED, head + 2).formula1 == "45355"
    assert (rule(WORDS).type, rule(WORDS).formula1) == ("textLength", "20000")


def test_headings_and_titles_stay_in_sight_and_on_paper() -> None:
    """Frozen above and at the left; printed across one page, the headings on each, the key on none."""
    sheet, columns, head = opened(written())

    assert sheet.freeze_panes == f"C{head + 1}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1)
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == f"${head}:${head}"
    assert sheet.print_area.endswith(f"$M${head + 2}")
    assert columns[KEY] == 14


@pytest.mark.parametrize(
    "text", [FORMULA, "+1", "-1", "@SUM(A1)", "\t=1+1", "_x0041_ =1", "http://outside.example/x"]
)
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    """Whatever was stored is a text in the file, marked so that editing it does not run it either."""
    line = a_line(
        short_title=text,
        inspection=text,
        text=text,
        schedule=text,
        last_report=text,
        asked=text,
        blocked_by=text,
    )
    content = written(line)
    sheet, columns, head = opened(content)

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in page
        assert "hyperlink" not in page
        assert not [name for name in parts.namelist() if "external" in name.lower() or "vba" in name.lower()]
    for heading in (*LOCKED[1:4], *LOCKED[5:], BLOCKED):
        cell = sheet.cell(head + 1, columns[heading])
        assert cell.data_type == "s", heading
        assert cell.quotePrefix is bool(re.match(r"\s*[-=+@]", text)), heading


def test_what_is_typed_into_a_cell_for_words_stays_words() -> None:
    """A line that begins with a hyphen is not turned into a formula by the program."""
    sheet, columns, head = opened(written())

    for heading in (WORDS, BLOCKED):
        assert sheet.cell(head + 1, columns[heading]).number_format == "@"


def test_a_row_has_room_to_write_and_is_never_higher_than_the_screen() -> None:
    """Short rows have four lines; twenty thousand characters have twelve, and stay whole."""
    long = "word " * 4_000
    sheet, columns, head = opened(written(a_line("CC-001"), a_line("CC-002", text=long)))

    assert sheet.row_dimensions[head + 1].height == pytest.approx(65, abs=1)
    assert sheet.row_dimensions[head + 2].height == pytest.approx(185, abs=1)
    assert sheet.cell(head + 2, columns["Text"]).value == long


def test_equal_contents_give_equal_bytes() -> None:
    """The same download twice is the same file."""
    assert written() == written()


def test_a_sheet_without_rows_is_still_a_sheet() -> None:
    """Nothing open: headings alone."""
    out = io.BytesIO()
    write_update_sheet(
        UpdateSheet("Updates", [], "", ORIGIN, [], moment(DAY)),
        out,
    )

    sheet, _, head = opened(out.getvalue())
    assert sheet.max_row == head
