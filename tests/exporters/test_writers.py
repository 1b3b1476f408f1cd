"""Every format says the same: what is read back is what was written, and nothing in it can run."""

import csv
import io
import json
import stat
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import RuleError
from monitor.exporters import WRITERS, Column, ExportTable, as_bytes, file_name, write_table
from monitor.exporters.cells import Value, unguard
from monitor.exporters.to_xlsx import CELL_LETTERS, clean

COLUMNS = [
    Column("reference", "Reference", "Our reference."),
    Column("text", "Text", "The words of the recommendation."),
    Column("current_target", "Target date", "The date now in force.", "day"),
    Column("moves", "Moves", "How often the date was moved.", "count"),
    Column("is_open", "Open", "Whether it is open.", "flag"),
]
AS_AT = date(2023, 3, 31)
LINES: list[tuple[Value, ...]] = [
    ("CC-001", "=1+1", date(2023, 3, 31), 2, True),
    ("CC-002", '’Good’,\n"quoted"; and\ta tab', None, 0, False),
    ("CC-003", "'tis", date(1999, 12, 31), -47, None),
    ("CC-004", "", date(2024, 2, 29), None, True),
    ("CC-005", None, date(2023, 10, 29), 5000, False),
]


def make_table(lines: list[tuple[Value, ...]] = LINES, **changes: object) -> ExportTable:
    """Return a table that is valid by default."""
    rows = [dict(zip([column.key for column in COLUMNS], line, strict=True)) for line in lines]
    given: dict[str, object] = {
        "name": "register",
        "title": "Register of recommendations",
        "columns": COLUMNS,
        "rows": rows,
        "captions": ["Filter: none", "As at 31 March 2023", f"{len(rows)} rows"],
        "as_at": AS_AT,
    }
    return ExportTable(**(given | changes))  # type: ignore[arg-type]


def read_csv(content: bytes) -> list[list[str]]:
    """Return the fields of a CSV as a spreadsheet would hold them."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> list[tuple[object, ...]]:
    """Return the rows of the first sheet, days as days."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [
        tuple(value.date() if isinstance(value, datetime) else value for value in row)
        for row in sheet.iter_rows(values_only=True)
    ]


def test_csv_begins_with_the_header_and_ends_with_the_last_row() -> None:
    """No captions before or after: any reader takes it, and the day stands in each row."""
    content = as_bytes(make_table(), "csv")
    assert content.startswith(b'\xef\xbb\xbf"reference","text"')
    found = read_csv(content)
    assert found[0] == ["reference", "text", "current_target", "moves", "is_open", "as_at"]
    assert found[1] == ["CC-001", "'=1+1", "2023-03-31", "2", "yes", "2023-03-31"]
    assert found[3] == ["CC-003", "''tis", "1999-12-31", "-47", "", "2023-03-31"]
    assert len(found) == 1 + len(LINES)


def test_json_is_a_list_of_rows() -> None:
    """Days are ISO, flags are true and false, nothing is null."""
    found = json.loads(as_bytes(make_table(), "json"))
    assert found[0] == {
        "reference": "CC-001",
        "text": "=1+1",
        "current_target": "2023-03-31",
        "moves": 2,
        "is_open": True,
        "as_at": "2023-03-31",
    }
    assert found[4]["text"] is None
    assert found[3]["text"] == ""


def test_parquet_is_typed_and_explains_itself() -> None:
    """Each column has its type, and its meaning stands in the file."""
    found = pq.read_table(io.BytesIO(as_bytes(make_table(), "parquet")))
    assert found.schema.types == [pa.string(), pa.string(), pa.date32(), pa.int64(), pa.bool_(), pa.date32()]
    assert [tuple(row.values())[:5] for row in found.to_pylist()] == LINES
    assert found.schema.field("moves").metadata[b"meaning"] == b"How often the date was moved."
    assert b"As at 31 March 2023" in found.schema.metadata[b"captions"]


def test_parquet_keeps_a_fraction() -> None:
    """A share is a float; a count without fractions stays whole."""
    columns = [Column("share", "Share", "Closed share.", "count")]
    table = ExportTable("shares", "Shares", columns, [{"share": 0.25}, {"share": 1.0}, {"share": None}])
    assert pq.read_table(io.BytesIO(as_bytes(table, "parquet"))).column("share").to_pylist() == [
        0.25,
        1.0,
        None,
    ]


def test_xlsx_holds_real_days_and_numbers() -> None:
    """Headings for people, days as days with their format, nothing as an empty cell."""
    book = openpyxl.load_workbook(io.BytesIO(as_bytes(make_table(), "xlsx")))
    sheet = book["Register"]
    assert [cell.value for cell in sheet[1]] == ["Reference", "Text", "Target date", "Moves", "Open", "As at"]
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet["C2"].value == datetime(2023, 3, 31)  # noqa: DTZ001 - as the file holds it
    assert sheet["C2"].number_format == "dd mmm yyyy"
    assert sheet["B2"].data_type == "s"
    assert sheet["D4"].value == -47
    assert sheet["C3"].value is None
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:F6"


def test_xlsx_explains_its_columns_and_facts() -> None:
    """The sheet About has title, captions and what each column means."""
    book = openpyxl.load_workbook(io.BytesIO(as_bytes(make_table(), "xlsx")))
    words = {cell for row in book["About"].iter_rows(values_only=True) for cell in row if cell}
    assert {
        "Register of recommendations",
        "As at 31 March 2023",
        "current_target",
        "The date now in force.",
    } <= words
    assert book.properties.title == "Register of recommendations"
    assert not book.properties.creator
    assert book.properties.created == datetime(2023, 3, 31)  # noqa: DTZ001 - as the file holds it


def test_xlsx_of_equal_tables_has_equal_bytes() -> None:
    """Nothing of the machine or the clock goes in: the moment is given."""
    made = datetime(2023, 3, 31, 9, 30, tzinfo=UTC)
    assert as_bytes(make_table(made_at=made), "xlsx") == as_bytes(make_table(made_at=made), "xlsx")
    assert as_bytes(make_table(made_at=made), "xlsx") != as_bytes(make_table(), "xlsx")


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet", "xlsx"])
def test_equal_tables_give_equal_bytes(suffix: str) -> None:
    """Asked twice, every format gives the same file."""
    assert as_bytes(make_table(), suffix) == as_bytes(make_table(), suffix)


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet", "xlsx"])
def test_a_frame_gives_the_same_file_as_rows(suffix: str) -> None:
    """A pandas frame with NaT and NA says what a list of rows says."""
    columns: list[list[Any]] = [list(values) for values in zip(*LINES, strict=True)]
    frame = pd.DataFrame(
        {
            "reference": columns[0],
            "text": columns[1],
            "current_target": pd.to_datetime(columns[2]).astype("datetime64[s]"),
            "moves": pd.array(columns[3], dtype="Int64"),
            "is_open": pd.array(columns[4], dtype="boolean"),
        }
    )
    assert as_bytes(make_table(rows=frame), suffix) == as_bytes(make_table(), suffix)


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet", "xlsx"])
def test_a_table_without_rows_is_a_file_all_the_same(suffix: str) -> None:
    """An empty register gives its header, not an error."""
    content = as_bytes(make_table([]), suffix)
    if suffix == "csv":
        assert read_csv(content) == [["reference", "text", "current_target", "moves", "is_open", "as_at"]]
    if suffix == "json":
        assert json.loads(content) == []
    if suffix == "xlsx":
        assert len(read_xlsx(content)) == 1


texts = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.sampled_from(
        [
            "=1+1",
            "'",
            "+1",
            "-1",
            "@A1",
            "\t=1",
            "\r\n=1",
            "_x0041_",
            "_x000D_",
            "1e5",
            "007",
            "TRUE",
            "#REF!",
        ]
    ),
    st.sampled_from(
        ["http://example.org", "mailto:a@example.org", "internal:A1", "{=SUM(1)}", "<f>1</f>", "&amp;", "]]>"]
    ),
)
lines = st.lists(
    st.tuples(
        texts,
        texts,
        st.one_of(st.none(), st.dates(date(1900, 3, 1), date(2199, 12, 31))),
        st.one_of(st.none(), st.integers(-(10**9), 10**9)),
        st.one_of(st.none(), st.booleans()),
    ),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(lines)
def test_csv_comes_back_exactly_and_holds_no_formula(written: list[tuple[Value, ...]]) -> None:
    """One apostrophe off gives every text back; no text's field starts with what could run."""
    found = read_csv(as_bytes(make_table(written, as_at=None), "csv"))[1:]
    assert len(found) == len(written)
    for fields, line in zip(found, written, strict=True):
        for place in (0, 1):
            assert unguard(fields[place]) == (line[place] or "")
            assert fields[place].lstrip()[:1] not in tuple("=+-@")
        assert fields[2] == (line[2].isoformat() if isinstance(line[2], date) else "")
        assert fields[3] == ("" if line[3] is None else str(line[3]))
        assert fields[4] == {None: "", True: "yes", False: "no"}[line[4]]  # type: ignore[index]


@settings(max_examples=80, deadline=None)
@given(lines)
def test_xlsx_comes_back_cell_by_cell_and_holds_no_formula(written: list[tuple[Value, ...]]) -> None:
    """What a second program reads is what was written, and the XML holds no formula and no link."""
    content = as_bytes(make_table(written, as_at=None), "xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            xml = parts.read(name)
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in xml
                assert b"<f " not in xml
                assert b"hyperlink" not in xml
            assert b"externalLink" not in xml
    found = read_xlsx(content)[1:]
    for cells, line in zip(found, written, strict=False):
        for place in (0, 1):
            text = line[place]
            assert cells[place] == (clean(text) or None if isinstance(text, str) else None)
        assert cells[2] == line[2]
        assert cells[3] == line[3]
        assert cells[4] == {None: None, True: "yes", False: "no"}[line[4]]  # type: ignore[index]


@settings(max_examples=80, deadline=None)
@given(lines)
def test_json_and_parquet_come_back_exactly(written: list[tuple[Value, ...]]) -> None:
    """No guard is needed there, so every text stands as it is."""
    table = make_table(written, as_at=None)
    parquet = pq.read_table(io.BytesIO(as_bytes(table, "parquet"))).to_pylist()
    assert [tuple(row.values()) for row in parquet] == written
    for row, line in zip(json.loads(as_bytes(table, "json")), written, strict=True):
        assert (row["reference"], row["text"], row["moves"], row["is_open"]) == (
            line[0],
            line[1],
            line[3],
            line[4],
        )


def test_xlsx_cuts_what_no_cell_holds_and_says_so() -> None:
    """A text longer than a cell may be is cut with a word about it; control characters are shown as lost."""
    long = "word " * 10_000
    [_, cells] = read_xlsx(as_bytes(make_table([("CC-001", long, None, None, None)], as_at=None), "xlsx"))
    assert isinstance(cells[1], str)
    assert len(cells[1]) == CELL_LETTERS
    assert "the CSV has all of it" in cells[1]
    assert clean("a\0b\r\nc\x1fd") == "a\ufffdb\nc\ufffdd"


def test_xlsx_writes_a_day_before_excel_as_text() -> None:
    """Excel counts from 1900 and counts a leap day that was none; earlier days are written out."""
    [_, cells] = read_xlsx(as_bytes(make_table([("A", "b", date(1856, 7, 21), 1, True)], as_at=None), "xlsx"))
    assert cells[2] == "1856-07-21"


def test_write_table_chooses_by_suffix(tmp_path: Path) -> None:
    """The suffix names the format, in any case, and others may read the file."""
    for suffix in (*WRITERS, "CSV"):
        path = tmp_path / f"out.{suffix}"
        write_table(make_table(), path)
        assert path.read_bytes() == as_bytes(make_table(), suffix.lower())
        assert path.stat().st_mode & stat.S_IROTH
    assert len(list(tmp_path.iterdir())) == len(WRITERS) + 1


@pytest.mark.parametrize(
    ("name", "said"), [("out.xls", '".xls" is not a format'), ("out", "without a suffix")]
)
def test_write_table_refuses_another_suffix(tmp_path: Path, name: str, said: str) -> None:
    """One sentence names what was found and what is accepted, and nothing is written."""
    with pytest.raises(RuleError, match=said) as refused:
        write_table(make_table(), tmp_path / name)
    assert ".csv, .xlsx, .json, .parquet" in refused.value.message
    assert list(tmp_path.iterdir()) == []


def test_write_table_says_when_the_folder_is_missing(tmp_path: Path) -> None:
    """A folder that is not there is a sentence, not a traceback."""
    with pytest.raises(RuleError, match=r"cannot be written: No such file or directory\."):
        write_table(make_table(), tmp_path / "none" / "out.csv")


def test_file_name_is_clean() -> None:
    """Letters, digits, hyphens and the day: no path, no quote, no line end."""
    assert file_name(make_table(), "csv") == "register_2023-03-31.csv"
    assert file_name(make_table(name='../a "b"\r\nc', as_at=None), "xlsx") == "a-b-c.xlsx"
    assert file_name(make_table(name="…", as_at=None), "json") == "table.json"


def test_as_at_is_not_said_twice() -> None:
    """A table with its own column of that name keeps it."""
    columns = [Column("as_at", "As at", "The day.", "day")]
    table = ExportTable("t", "T", columns, [{"as_at": AS_AT}], as_at=AS_AT)
    assert [column.key for column in table.all_columns] == ["as_at"]
