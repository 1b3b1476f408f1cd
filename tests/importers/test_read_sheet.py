"""Workbooks, OpenDocument sheets and CSV files come out as the rows a person sees, with what they hide said."""

import csv
import io
import json
import re
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.domain.text import guard
from monitor.errors import UnreadableFileError
from monitor.importers import read_sheet
from monitor.importers.blocks import readable
from monitor.importers.file_kinds import SHEETS
from monitor.importers.gate import admit
from monitor.importers.sheets import CELL_LIMIT, Sheet, Workbook, column_letter
from tests.importers.files import (
    cells,
    good_workbook,
    number,
    ods,
    ods_cell,
    ods_table,
    relations,
    said,
    workbook,
)

READERS = {"xlsx": read_sheet.read_xlsx, "ods": read_sheet.read_ods, "csv": read_sheet.read_csv}


def read(content: bytes, name: str = "tracker.xlsx") -> Workbook:
    """Return a file as its reader gives it, through the gate and through JSON, in this process."""
    admitted = admit(name, content, SHEETS)
    found = READERS[admitted.form](admitted, content)
    assert Workbook.from_plain(json.loads(json.dumps(found.as_plain()))) == found
    return found


def only(content: bytes, name: str = "tracker.xlsx") -> Sheet:
    """Return the one sheet of a file."""
    (sheet,) = read(content, name).sheets
    return sheet


def refusal(content: bytes, name: str = "tracker.xlsx") -> str:
    """Return the sentence that refuses a file."""
    with pytest.raises(UnreadableFileError) as refused:
        read(content, name)
    assert refused.value.message.startswith(name)
    assert refused.value.facts["step"] in ("parts", "reader")
    return refused.value.message


# Excel


def test_tracker_of_excel_is_read_as_it_is_seen() -> None:
    """Rows stand where Excel counts them, days are days, and whole numbers are whole."""
    found = read(good_workbook())

    assert (found.name, found.form, found.notes) == ("tracker.xlsx", "xlsx", ())
    assert found.sheets[0].name == "Actions"
    assert found.sheets[0].rows == (
        ("Tracker of recommendations", None, None, None),
        (None, None, None, None),
        ("Reference", "Recommendation", "Target date", "Progress"),
        ("R-1", "Forces should review their plans.", date(2023, 3, 31), 0.5),
        ("R-2", "Forces should report\nevery month.", date(2024, 2, 29), 1),
    )
    assert isinstance(found.sheets[0].rows[4][3], int)


def test_empty_rows_and_columns_before_the_cells_are_kept() -> None:
    """The first row is Excel's row 1, whatever stands in it."""
    sheet = only(workbook('<sheetData><row r="3"><c r="C3"><v>7</v></c></row></sheetData>'))

    assert sheet.rows == ((None,) * 3, (None,) * 3, (None, None, 7))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (number(44805, 1), date(2022, 9, 1)),
        (number(44805.75, 6), date(2022, 9, 1)),
        (number(44805, 2), date(2022, 9, 1)),
        (number(44805), 44805),
        (number(1, 1), date(1900, 1, 1)),
        (number(59, 1), date(1900, 2, 28)),
        (number(61, 1), date(1900, 3, 1)),
        (number(1.5, 3), "36:00"),
        (number(-0.5, 3), "-12:00"),
        (number(0.5, 4), "12:00"),
        (number(0.25, 5), 0.25),
        (number(3.0), 3),
        (number(2.5), 2.5),
        (number("1e300"), 1e300),
        (number("1e999"), "inf"),
        ('<c t="b"><v>1</v></c>', True),
        ('<c t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c t="d"><v>2022-09-01</v></c>', date(2022, 9, 1)),
        ('<c t="str"><f>A2</f><v>words</v></c>', "words"),
        (said(" as typed "), " as typed "),
        (said("two_x000D_\nlines"), "two\nlines"),
        (said("_x005F_x0041_"), "_x0041_"),
        (said("bell_x0007_"), "bell"),
        (said("e\u0301"), "\u00e9"),
        (said("=1+1"), "=1+1"),
        (said("'quoted"), "'quoted"),
        (
            '<c t="inlineStr"><is><r><t xml:space="preserve">in </t></r><r><t>parts</t></r></is></c>',
            "in parts",
        ),
    ],
)
def test_value_of_a_cell(cell: str, value: object) -> None:
    """What a cell of Excel holds, by its type and by the format of its number."""
    found = only(workbook(cells(cell))).rows[0][0]

    assert (found, type(found)) == (value, type(value))


def test_days_of_the_1904_system() -> None:
    """A workbook of old Macs counts its days from another one."""
    found = only(workbook(cells(number(43343, 1)), properties='<workbookPr date1904="1"/>'))

    assert found.rows == ((date(2022, 9, 1),),)


@pytest.mark.parametrize("value", ["1e10", "-1e300", "1e999"])
def test_date_of_no_calendar_is_a_sentence(value: str) -> None:
    """Calamine ends in an error or a panic; neither gets through."""
    refusal(workbook(cells(number(value, 3))))


def test_places_of_formulas() -> None:
    """Plain, shared and array formulas are told, the last over all the cells they fill."""
    rows = (
        '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>1</v></c><c r="C1"><f t="array" ref="C1:D2">1</f><v>1</v></c>'
        '<c r="D1"><v>1</v></c>',
        '<c r="A2"><f t="shared" si="0"/><v>2</v></c><c><v>1</v></c><c r="C2"><v>1</v></c><c><v>1</v></c>',
    )

    assert only(workbook(cells(*rows))).formulas == {(0, 0), (0, 2), (0, 3), (1, 0), (1, 2), (1, 3)}


def test_formula_without_a_result_is_an_empty_cell() -> None:
    """Programs other than Excel leave the result out; nothing is worked out here."""
    sheet = only(workbook(cells("<c><f>1+1</f></c><c><v>1</v></c>")))

    assert sheet.rows == ((None, 1),)
    assert sheet.formulas == {(0, 0)}


def test_cells_and_rows_without_places_follow_each_other() -> None:
    """Places are optional in Excel's form; a mark stands where the value stands."""
    sheet = only(
        workbook(
            '<sheetData><row><c/><c><f>1</f><v>5</v></c></row><row r="3"><c r="C3"/><c><f>1</f><v>6</v></c></row></sheetData>'
        )
    )

    assert sheet.rows[0][1] == 5
    assert sheet.rows[2][3] == 6
    assert sheet.formulas == {(0, 1), (2, 3)}


def test_what_is_hidden_is_said() -> None:
    """Hidden rows, columns and sheets are read like the others, and told."""
    rows = (
        '<cols><col min="2" max="3" hidden="1"/><col min="4" max="4"/></cols><sheetData>'
        '<row r="1"><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c></row><row r="2" hidden="true"><c><v>4</v></c></row></sheetData>'
    )
    found = read(
        workbook(rows, others=[("B", "hidden", cells(said("b"))), ("C", "veryHidden", cells(said("c")))])
    )

    assert found.sheets[0].hidden_rows == {1}
    assert found.sheets[0].hidden_columns == {1, 2}
    assert [sheet.is_hidden for sheet in found.sheets] == [False, True, True]
    assert [sheet.rows[0][0] for sheet in found.sheets] == [1, "b", "c"]


def test_of_joined_cells_the_first_has_the_value() -> None:
    """What lies under a joined cell is not seen, so it is not read."""
    sheet = only(
        workbook(
            cells(said("a") + said("x") + said("c"), said("x") + said("x") + said("f"))
            + '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
        )
    )

    assert sheet.rows == (("a", None, "c"), (None, None, "f"))


def test_dimension_is_not_believed() -> None:
    """A sheet that says it is one cell is read to its end."""
    sheet = only(workbook('<dimension ref="A1:A1"/>' + cells(said("a") + said("b"), said("c"))))

    assert sheet.rows == (("a", "b"), ("c", None))


def test_marks_belong_to_the_sheet_that_holds_them() -> None:
    """Which part a sheet lies in is said by the workbook, in letters of any size, not by the order of the parts."""
    linked = relations(
        ("worksheet", "/xl/worksheets/Sheet2.xml", False), ("worksheet", "worksheets/sheet1.xml", False)
    )
    found = read(
        workbook(
            cells("<c><f>1</f><v>1</v></c>"),
            {"xl/_rels/workbook.xml.rels": linked},
            others=[("B", "visible", cells(said("b")))],
        )
    )

    assert [(sheet.name, sheet.rows[0][0], set(sheet.formulas)) for sheet in found.sheets] == [
        ("A", "b", set()),
        ("B", 1, {(0, 0)}),
    ]


def test_chart_on_a_sheet_of_its_own_is_left_out_and_said() -> None:
    """It has no cells."""
    linked = relations(
        ("worksheet", "worksheets/sheet1.xml", False), ("chartsheet", "chartsheets/sheet1.xml", False)
    )
    found = read(
        workbook(
            cells(said("a")),
            {"xl/_rels/workbook.xml.rels": linked, "xl/chartsheets/sheet1.xml": "<chartsheet/>"},
            others=[("Picture", "visible", "<sheetData/>")],
        )
    )

    assert [sheet.name for sheet in found.sheets] == ["A"]
    assert found.notes == ('Left out, because there are no cells in it: "Picture".',)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (workbook(), "no cell with anything in it"),
        (workbook(cells(said("a" * (CELL_LIMIT + 1)))), 'on its sheet "A" cell A1 holds 20,001 characters'),
        (workbook(cells('<c t="s"><v>9</v></c>')), "is damaged, or not as spreadsheets write it"),
        (workbook(cells('<c t="n"><v>abc</v></c>')), "is damaged"),
        (workbook(cells(said("a")), others=[("A", "visible", "<sheetData/>")]), "two sheets of one name"),
        (workbook(cells(said("a")), {"xl/_rels/workbook.xml.rels": relations()}), "cannot be found|damaged"),
        (workbook(cells(said("a")), {"xl/workbook.xml": "<workbook/>"}), "no cell|damaged"),
        (
            workbook(
                cells(said("a")),
                others=[
                    (
                        f"B{at}",
                        "visible",
                        '<sheetData><row r="20000"><c r="IV20000"><v>1</v></c></row></sheetData>',
                    )
                    for at in range(2)
                ],
            ),
            "more than 5,120,000 cells in all its sheets",
        ),
        (
            workbook(
                cells(said("a")),
                {
                    "xl/worksheets/sheet1.xml": '<?xml version="1.0" encoding="utf-16"?><worksheet/>'.encode(
                        "utf-16"
                    )
                },
            ),
            "is damaged|no cell",
        ),
    ],
)
def test_workbook_that_cannot_be_read_is_a_sentence(content: bytes, words: str) -> None:
    """Each says what is wrong with the file as the person knows it."""
    assert re.search(words, refusal(content))


def test_cell_as_long_as_is_allowed() -> None:
    """The limit itself is within."""
    assert only(workbook(cells(said("a" * CELL_LIMIT)))).rows == (("a" * CELL_LIMIT,),)


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=40)
VALUES = st.one_of(
    TEXTS,
    st.integers(-(2**50), 2**50),
    st.floats(-1e9, 1e9).map(lambda value: round(value, 6)),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(9999, 12, 31)),
    st.none(),
)


@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_what_excel_writes_is_what_is_read(rows: list[list[object]]) -> None:
    """Texts, numbers, days and flags come back as they were written, in their places."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Rows")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        head: list[object] = ["head"] * 3
        for at, row in enumerate([head, *rows]):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(at, column, value)
                elif isinstance(value, bool):
                    sheet.write_boolean(at, column, value)
                elif isinstance(value, date):
                    sheet.write_datetime(at, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
                elif value is not None:
                    sheet.write_number(at, column, value)

    found = only(out.getvalue())

    wanted = [[readable(value) or None if isinstance(value, str) else value for value in row] for row in rows]
    assert [list(row) for row in found.rows[1:]] + [[None] * 3] * (len(rows) + 1 - len(found.rows)) == wanted


def test_openpyxl_reads_the_same() -> None:
    """Another reader agrees on a workbook as offices have them."""
    theirs = openpyxl.load_workbook(io.BytesIO(good_workbook()))["Actions"]
    ours = read(good_workbook()).sheets[0]

    for row, line in enumerate(theirs.iter_rows(values_only=True)):
        for column, value in enumerate(line):
            assert ours.rows[row][column] == (value.date() if isinstance(value, datetime) else value)


# OpenDocument


def test_sheet_of_libreoffice_is_read_as_it_is_seen() -> None:
    """Rows and cells that repeat are written once; values come by their types."""
    table = ods_table(
        ods_cell("Reference")
        + ods_cell("Due")
        + ods_cell("Share")
        + '<table:table-cell table:number-columns-repeated="16381"/>',
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
        ods_cell("R-1")
        + ods_cell("01/09/22", 'office:date-value="2022-09-01T10:00:00"', "date")
        + ods_cell("25%", 'office:value="0.25"', "percentage"),
        '<table:table-row table:number-rows-repeated="2">'
        + ods_cell("same", 'table:number-columns-repeated="2"')
        + ods_cell("3", 'office:value="3"', "float")
        + "</table:table-row>",
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
    )

    found = read(ods(table), "tracker.ods")

    assert (found.form, found.sheets[0].name) == ("ods", "A")
    assert found.sheets[0].rows == (
        ("Reference", "Due", "Share"),
        (None, None, None),
        (None, None, None),
        ("R-1", date(2022, 9, 1), 0.25),
        ("same", "same", 3),
        ("same", "same", 3),
    )


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (ods_cell("#REF!", 'office:string-value="" calc:value-type="error" xmlns:calc="x"'), "#REF!"),
        (ods_cell("26:30:00", 'office:time-value="PT26H30M00S"', "time"), "26:30:00"),
        (ods_cell("TRUE", 'office:boolean-value="true"', "boolean"), True),
        (ods_cell("£12.50", 'office:value="12.5" office:currency="GBP"', "currency"), 12.5),
        ("<table:table-cell><text:p>no type</text:p></table:table-cell>", "no type"),
        (ods_cell("one<text:line-break/>two<text:tab/>three"), "one\ntwo\tthree"),
        (ods_cell("one</text:p><text:p>two"), "one\ntwo"),
        (ods_cell('a<text:s text:c="2"/>b <text:span>c</text:span>'), "a  b c"),
        (
            '<table:table-cell office:value-type="string"><office:annotation><text:p>comment</text:p></office:annotation>'
            "<text:p>words<text:tab/></text:p></table:table-cell>",
            "words\t",
        ),
    ],
)
def test_value_of_an_open_document_cell(cell: str, value: object) -> None:
    """What a cell shows where it has no value that can be read; comments are not part of it."""
    found = only(ods(ods_table(cell)), "tracker.ods").rows[0][0]

    assert (found, type(found)) == (value, type(value))


def test_marks_of_an_open_document_sheet() -> None:
    """Formulas, hidden rows, columns and sheets, and what lies under joined cells."""
    before = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    hidden = '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
    table = ods_table(
        ods_cell("a", 'table:formula="of:=1" table:number-columns-repeated="2"') + ods_cell("c"),
        '<table:table-row table:visibility="filter">' + ods_cell("d") + "</table:table-row>",
        ods_cell("e", 'table:number-columns-spanned="2"')
        + '<table:covered-table-cell office:value-type="string"><text:p>under</text:p></table:covered-table-cell>'
        + ods_cell("f"),
        before=before,
    )
    other = ods_table(ods_cell("x"), name="B", style="h")

    first, second = read(ods(table + other, hidden), "tracker.ods").sheets

    assert first.formulas == {(0, 0), (0, 1)}
    assert first.hidden_rows == {1}
    assert first.hidden_columns == {1, 2}
    assert first.rows[2] == ("e", None, "f")
    assert (first.is_hidden, second.is_hidden) == (False, True)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (
            ods_table(ods_cell("a", 'table:number-columns-repeated="257"')),
            "cells outside 20,000 rows and 256",
        ),
        (
            ods_table(
                f'<table:table-row table:number-rows-repeated="20001">{ods_cell("a")}</table:table-row>'
            ),
            "cells outside",
        ),
        (
            ods_table('<table:table-row table:number-rows-repeated="1048575"/>', ods_cell("far")),
            "cells outside",
        ),
        (ods_table(ods_cell("a")) + ods_table(ods_cell("b")), "two sheets in it have one name"),
        (ods_table(), "no cell with anything in it"),
        (ods_table(ods_cell("a", 'table:number-columns-repeated="0"')), "no cell"),
        (ods_table(ods_cell("a" * 20_001)), "holds 20,001 characters"),
    ],
)
def test_open_document_sheet_that_cannot_be_read_is_a_sentence(table: str, words: str) -> None:
    """The limits are those of Excel's sheets."""
    assert words in refusal(ods(table), "tracker.ods")


# CSV


def test_csv_is_one_sheet_of_text() -> None:
    """It has the name of the file, and nothing in it is taken for a number or a day."""
    found = read(b"Reference,Due,Share\r\nR-1,01/09/2022,0.5\r\n", "my.tracker.csv")

    assert found == Workbook(
        "my.tracker.csv",
        "csv",
        (Sheet("my.tracker", (("Reference", "Due", "Share"), ("R-1", "01/09/2022", "0.5"))),),
    )


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("Force’s,é\n".encode(), ()),
        ("Force’s,é\n".encode("utf-8-sig"), ()),
        ("Force’s,é\n".encode("utf-16"), ()),
        ("\ufeffForce’s,é\n".encode("utf-16-be"), ()),
        (
            "Force’s,é\n".encode("cp1252"),
            ("The file does not say how its letters are stored; it was read as Windows-1252.",),
        ),
    ],
)
def test_csv_in_each_encoding(content: bytes, note: tuple[str, ...]) -> None:
    """A mark leads, then UTF-8; what can only be taken on trust is said."""
    found = read(content, "a.csv")

    assert found.sheets[0].rows == (("Force’s", "é"),)
    assert found.notes == note


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("a,b\n1;5,2\n", ("1;5", "2")),
        ("a;b\n1,5;2\n", ("1,5", "2")),
        ("a\tb\n1,5\t2;3\n", ("1,5", "2;3")),
        ("Tracker, as of today\n\na;b;c\n1,2;2;3\n1;2;3\n", ("1", "2", "3")),
        ("a;b\nwords, more words, and more; 2\nwords;2\n", ("words", "2")),
        ('"a;a","b"\n"1;2;3","2"\n', ("1;2;3", "2")),
        ("sep=;\r\na,a;b\r\n1;2\r\n", ("1", "2")),
        ("alone\nanother\n", ("another",)),
    ],
)
def test_separator_is_told_by_the_first_lines(text: str, row: tuple[str, ...]) -> None:
    """What parts the most lines alike is the separator; Excel's own line for it decides."""
    assert only(text.encode(), "a.csv").rows[-1] == row


def test_unequal_rows_are_kept_and_said() -> None:
    """Nothing is lost and nothing shifts; the person is told where to look."""
    found = read(b"a,b,c\n1\n\n1,2,3\n1,2,3,4\n1,2,3\n", "a.csv")

    assert found.sheets[0].rows == (
        ("a", "b", "c", ""),
        ("1", "", "", ""),
        ("", "", "", ""),
        ("1", "2", "3", ""),
        ("1", "2", "3", "4"),
        ("1", "2", "3", ""),
    )
    assert found.notes == (
        "Rows 2 and 5 do not have 3 cells as most rows have; what is missing was left empty.",
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (1, "Row 2 does not have 2 cells"),
        (6, "Rows 2, 3, 4, 5, 6 and 7 do not"),
        (9, "Rows 2, 3, 4, 5, 6 and 4 more do not"),
    ],
)
def test_many_unequal_rows_are_counted(rows: int, words: str) -> None:
    """Five are named, the others counted."""
    assert read(b"a,b\n" + b"1\n" * rows + b"1,2\n" * 20, "a.csv").notes[0].startswith(words)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'a,b\n1,"open\n2,3\n', 'a.csv: row 2 opens a quotation mark (") that is never closed'),
        (b'a,b\n1,"x" y\n', "a.csv: row 2 has a quotation mark"),
        (b"a,b\n1,2\n1,x\0y\n", "a.csv: row 3 holds bytes that text does not have (NUL)"),
        ("a,b\n1,\0\n".encode("utf-16"), "a.csv: row 2 holds bytes"),
        ("a,b\n1,2\n".encode("utf-16-le"), "row 1 holds bytes"),
        (
            b"a,b\n1," + b"x" * 20_001 + b"\n",
            "a.csv: cell B2 holds 20,001 characters. A cell can have 20,000.",
        ),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "row 2 has a cell of more than 20,000 characters"),
        (b"a,b\n" + b"1,2\n" * 20_000, "has more than 20,000 rows"),
        (b"a" + b",a" * 256 + b"\n", "row 1 has 257 cells. A row can have 256 columns."),
        (b"\n\n", "has no cell with anything in it"),
        (b",,\n,\n", "has no cell with anything in it"),
        (b"a,\x81\n", "an encoding we cannot tell"),
        (b"\xff\xfea", "an encoding we cannot tell"),
    ],
)
def test_csv_that_cannot_be_read_is_a_sentence(content: bytes, words: str) -> None:
    """The row is the one that a spreadsheet would show."""
    assert words in refusal(content, "a.csv")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("'=1+1", "=1+1"),
        ("''quoted", "'quoted"),
        ("'tis", "'tis"),
        ("'' '", "' '"),
        ("=1+1", "=1+1"),
        ("'", "'"),
    ],
)
def test_apostrophe_of_our_exports_is_taken_off_once(cell: str, value: str) -> None:
    """What another program wrote with an apostrophe keeps it."""
    assert only(f"{cell},b\n".encode(), "a.csv").rows[0][0] == value


@given(
    st.lists(st.lists(TEXTS | st.just("'") | st.just(" =x"), min_size=2, max_size=2), min_size=1, max_size=5)
)
@example([["'=1", "-"], ["a\nb", '"']])
@settings(max_examples=100, deadline=None, derandomize=True)
def test_what_we_write_as_csv_is_what_is_read(rows: list[list[str]]) -> None:
    """Guarded, quoted, written and read again, every text is what it was."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(
        [["a", "b"]] + [[guard(cell) for cell in row] for row in rows]
    )

    found = only(out.getvalue().encode("utf-8-sig"), "a.csv").rows[1:]

    wanted = [tuple(readable(cell) for cell in row) for row in rows]
    assert [*found, *[("", "")] * (len(wanted) - len(found))] == wanted


# What they become


@pytest.mark.parametrize(
    ("column", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (255, "IV"), (701, "ZZ"), (702, "AAA")]
)
def test_letter_of_a_column(column: int, letter: str) -> None:
    """Columns are named as spreadsheets name them."""
    assert column_letter(column) == letter


def plain(**other: object) -> dict[str, object]:
    """Return a workbook as JSON carries it, with one thing changed."""
    sheet = {
        "name": "A",
        "width": 2,
        "rows": [["a", ["2022-09-01"]]],
        "formulas": [[0, 1]],
        "hidden_rows": [],
        "hidden_columns": [],
        "is_hidden": False,
    }
    return {"name": "a.xlsx", "form": "xlsx", "sheets": [{**sheet, **other}], "notes": []}


def test_plain_workbook_is_a_workbook() -> None:
    """The one that the others differ from is read."""
    assert Workbook.from_plain(plain()).sheets[0].rows == (("a", date(2022, 9, 1)),)


@pytest.mark.parametrize(
    "other",
    [
        {"name": 1},
        {"width": 1},
        {"width": -1},
        {"width": 257},
        {"rows": [["a"]] * 20_001},
        {"rows": [[["31/12/2022"]]]},
        {"rows": [[{}]]},
        {"rows": ["a"]},
        {"formulas": [[0]]},
        {"formulas": [[-1, 0]]},
        {"formulas": [["a", 0]]},
        {"hidden_rows": [True]},
        {"hidden_columns": [256]},
        {"is_hidden": 1},
    ],
)
def test_other_answers_are_no_workbook(other: dict[str, object]) -> None:
    """What a child that went wrong could say is not believed."""
    with pytest.raises(ValueError, match=r"not a|Invalid"):
        Workbook.from_plain(plain(**other))


def test_sheets_that_would_fill_the_memory_are_no_workbook() -> None:
    """A short answer can mean millions of empty cells."""
    large = {**plain()["sheets"][0], "width": 256, "rows": [[]] * 20_000}  # type: ignore[index]

    with pytest.raises(ValueError, match="not a workbook"):
        Workbook.from_plain({**plain(), "sheets": [large, large]})
