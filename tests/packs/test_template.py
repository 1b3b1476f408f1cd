"""The workbook for the first load: our headings, drop-downs, nothing that reading it back would trip over."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from monitor.domain.statuses import Applicability, ForceReport, Kind, Precision
from monitor.importers.child import read_workbook
from monitor.importers.tracker import FIELDS, Tracker, read_tracker
from monitor.packs.template import first_load_template

TODAY = date(2026, 11, 22)
TWO = ("Cumbria Constabulary", "Cumbria Fire and Rescue Service")
MANY = tuple(f"Police service of the county number {number} in full" for number in range(43))


def template(services: tuple[str, ...] = TWO, *, examples: bool = False) -> bytes:
    """Return the workbook."""
    return first_load_template(services, TODAY, examples)


def opened(content: bytes) -> Any:
    """Return the first sheet as another reader of workbooks sees it."""
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def read_back(content: bytes) -> Tracker:
    """Return what the importer makes of it."""
    return read_tracker(read_workbook("first-load.xlsx", content), today=TODAY)


def header_row(sheet: Any) -> int:
    """Return the number of the row with the headings."""
    return next(int(cell.row) for cell in sheet["A"] if cell.value == "Reference")


@pytest.mark.parametrize("services", [(), TWO[:1], TWO, MANY])
@pytest.mark.parametrize("examples", [True, False])
def test_template_reads_back_without_rows_and_faults(services: tuple[str, ...], examples: bool) -> None:
    """Each column is known by its own name, and the examples are left out with a note."""
    tracker = read_back(template(services, examples=examples))

    assert (tracker.rows, tracker.faults, tracker.words) == ((), (), ())
    assert {column.how for column in tracker.columns} == {"named so"}
    assert [column.heading for column in tracker.columns] == [
        FIELDS[c.field].heading for c in tracker.columns
    ]
    assert any("examples of the template" in note for note in tracker.notes) is examples


def test_examples_are_good_rows() -> None:
    """With another reference the examples read as rows without a fault: what they show is right."""
    book = openpyxl.load_workbook(io.BytesIO(template(examples=True)))
    sheet = book.worksheets[0]
    first = header_row(sheet) + 1
    for number in range(3):
        assert sheet.cell(first + number, 1).value == f"EXAMPLE-{number + 1}"
        sheet.cell(first + number, 1).value = f"CC-{number + 1}"
    out = io.BytesIO()
    book.save(out)

    tracker = read_back(out.getvalue())

    assert not tracker.faults
    assert [row.values["kind"] for row in tracker.rows] == [
        Kind.RECOMMENDATION,
        Kind.RECOMMENDATION,
        Kind.AFI,
    ]
    assert [row.status for row in tracker.rows] == [
        ForceReport.IN_PROGRESS,
        ForceReport.COMPLETE,
        ForceReport.NOT_STARTED,
    ]
    assert tracker.rows[0].values["target"][1:3] == (date(2027, 5, 31), Precision.MONTH)
    assert tracker.rows[1].values["target"][:2] == ("within six months", date(2026, 11, 22))
    assert tracker.rows[0].updates[0].day == date(2026, 10, 22)


def test_words_can_be_chosen() -> None:
    """Kind, status, for whom and service have drop-downs with the words that are read."""
    sheet = opened(template())
    head = header_row(sheet)
    heading_of = {cell.column_letter: cell.value for cell in sheet[head]}
    lists = {
        heading_of[str(rule.sqref).split(":", 1)[0].rstrip("0123456789")]: rule.formula1
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }

    assert lists["Kind"] == '"' + ",".join(member.word for member in Kind) + '"'
    assert lists["Status"] == '"' + ",".join(member.word for member in ForceReport) + '"'
    assert lists["For whom"] == '"' + ",".join(member.word for member in Applicability) + '"'
    assert lists["Service"] == '"' + ",".join(TWO) + '"'


def test_services_too_many_for_a_cell_stand_on_a_hidden_sheet() -> None:
    """All 43 forces can be chosen; a person sees one sheet."""
    book = openpyxl.load_workbook(io.BytesIO(template(MANY)))

    assert [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"] == ["Recommendations"]
    rule = next(r for r in book.worksheets[0].data_validations.dataValidation if "Lists!" in str(r.formula1))
    column = rule.formula1.split("$")[1]
    assert [cell.value for cell in book["Lists"][column]] == list(MANY)


def test_sheet_is_made_for_people() -> None:
    """It says how above the headings, marks in words what is required, keeps the headings in sight and dates as dates."""
    sheet = opened(template())
    head = header_row(sheet)
    above = " ".join(
        str(cell.value) for row in sheet.iter_rows(max_row=head - 1) for cell in row if cell.value
    )
    required = [sheet.cell(head, c.column).value for c in sheet[head - 1] if c.value == "Required"]
    formats = {cell.value: sheet.column_dimensions[cell.column_letter] for cell in sheet[head]}

    assert sheet.freeze_panes == f"A{head + 1}"
    assert set(required) == {"Report", "Text", "Service"}
    for limit in ("20,000 rows", "64 columns", "20,000 characters", "31/03/2025"):
        assert limit in above
    assert sheet.max_row == head
    assert all(formats[heading].width >= 10 for heading in formats)


def test_days_are_dates_and_what_takes_a_month_is_text() -> None:
    """A column of days keeps dates; Excel would make the first of the month of "March 2025", so that one stays text."""
    sheet = opened(template(examples=True))
    head = header_row(sheet)
    formats = {cell.value: sheet.cell(head + 1, cell.column).number_format for cell in sheet[head]}

    assert formats["Updated"] == formats["Completed"] == formats["Opened"] == "dd mmm yyyy"
    assert formats["Target"] == formats["Published"] == "@"


def test_service_is_required_only_where_there_is_a_choice() -> None:
    """With one service, a row need not name it."""
    sheet = opened(template(TWO[:1]))

    assert "Service" not in [
        sheet.cell(header_row(sheet), cell.column).value
        for cell in sheet[header_row(sheet) - 1]
        if cell.value == "Required"
    ]


def test_equal_templates_give_equal_bytes() -> None:
    """Nothing in the file depends on when it was made but the day it is given."""
    assert template(examples=True) == template(examples=True)
