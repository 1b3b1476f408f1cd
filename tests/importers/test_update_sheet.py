from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.statuses import Confidence, ForceReport, Precision
from monitor.errors import UnreadableFileError
from monitor.importers.sheets import CellValue, Sheet, Workbook
from monitor.importers.update_form import (
    BLOCKED,
    HAPPENED,
    HEADINGS,
    KEY,
    LOCKED,
    STATUS,
    SURE,
    WORDS,
    origin,
    read_key,
    read_origin,
    same_words,
)
from monitor.importers.update_sheet import read_updates
from tests.builders import DAY, day
from tests.update_books import ORIGIN, a_book, a_line, cells_of, read_here

ONE, TWO, THREE = (a_line(f"CC-00{n}", version=n) for n in (1, 2, 3))


def messages(*rows: Any, **given: Any) -> list[str]:
    """Return what is said against a workbook."""
    return [fault.message for fault in read_updates(a_book(*rows, **given)).faults]


def test_a_row_says_what_was_filled_in() -> None:
    """Each cell comes back as what it is, with the place at which it stands."""
    row = cells_of(
        ONE,
        Status_now="Complete",
        What_has_changed="  All forty sampled.\n",
        Happened_on=day(3),
        How_sure_of_the_date="High",
        Blocked_by=None,
    )

    form = read_updates(a_book(row))

    assert form.faults == ()
    assert form.origin == ORIGIN
    (one,) = form.rows
    assert (one.reference, one.version, one.row, one.sheet) == ("CC-001", 1, 7, "Updates")
    assert one.status is ForceReport.COMPLETE
    assert one.confidence is Confidence.HIGH
    assert (one.narrative, one.on, one.blocked_by) == ("All forty sampled.", day(3), "")
    assert one.where(WORDS) == 'Sheet "Updates", row 7, "What has changed"'


def test_rows_are_found_by_their_key_wherever_they_stand() -> None:
    """Sorted, deleted, hidden by a filter, with empty rows and notes between: the keys tell."""
    rows: list[list[CellValue]] = [cells_of(THREE), [], cells_of(ONE), [None, "A note of mine"], []]

    form = read_updates(a_book(*rows, hidden_rows=frozenset({6})))

    assert form.faults == ()
    assert [(one.reference, one.row) for one in form.rows] == [("CC-003", 7), ("CC-001", 9)]


def test_columns_are_found_by_their_heading_wherever_they_stand() -> None:
    """Columns moved, added and locked ones taken out; headings with other blanks and capitals."""
    order = [HEADINGS.index(heading) for heading in (KEY, BLOCKED, SURE, HAPPENED, WORDS, STATUS)]
    row = cells_of(ONE, What_has_changed="Done.")
    moved: list[CellValue] = [None, *(row[place] for place in order)]

    form = read_updates(
        a_book(
            moved,
            headings=["Mine", *(HEADINGS[place].upper().replace(" ", "\n") for place in order)],
        )
    )

    assert form.faults == ()
    assert (form.rows[0].reference, form.rows[0].narrative) == ("CC-001", "Done.")


@pytest.mark.parametrize(
    ("cells", "heading", "found", "wanted"),
    [
        pytest.param({"Status_now": "Doing it"}, STATUS, "Doing it", "one of: Not started, In progress", id="status"),
        pytest.param({"Status_now": "Closed"}, STATUS, "Closed", "one of: Not started", id="not the force's to say"),
        pytest.param({"Status_now": 3}, STATUS, "3", "one of: Not started", id="a number for a status"),
        pytest.param({"How_sure_of_the_date": "90 %"}, SURE, "90 %", "one of: High, Medium, Low", id="how sure"),
        pytest.param({"Happened_on": "31/02/2024"}, HAPPENED, "31/02/2024", "a day such as", id="no such day"),
        pytest.param({"Happened_on": "3/4/24"}, HAPPENED, "3/4/24", "a day such as", id="a year of two digits"),
        pytest.param({"Happened_on": 45355}, HAPPENED, "45355", "a day such as", id="a number for a day"),
        pytest.param({"Happened_on": True}, HAPPENED, "True", "a day such as", id="yes for a day"),
        pytest.param({"What_has_changed": 0.5}, WORDS, "0.5", "words", id="a number for words"),
        pytest.param({"What_has_changed": DAY}, WORDS, "2024-03-04", "words", id="a day for words"),
        pytest.param({"What_has_changed": "x" * 20_001}, WORDS, "x" * 59 + "…", "at most 20,000", id="too long"),
        pytest.param({"Blocked_by": "x" * 20_001}, BLOCKED, "x" * 59 + "…", "at most 20,000", id="too long in the way"),
        pytest.param({"Target_date": day(90)}, "Target date", "2024-06-02", "what it said, or nothing", id="locked day"),
        pytest.param({"Text": "Another."}, "Text", "Another.", "what it said, or nothing", id="locked text"),
        pytest.param({"What_the_office_asks": 7}, LOCKED[7], "7", "what it said, or nothing", id="locked, a number"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_named(
    cells: dict[str, Any], heading: str, found: str, wanted: str
) -> None:
    """Sheet, row as Excel counts it, heading, what was found and what would be right."""
    form = read_updates(a_book(cells_of(TWO), cells_of(ONE, **cells)))

    (fault,) = form.faults
    assert fault.where == f'Sheet "Updates", row 8, "{heading}"'
    assert fault.found == found
    assert fault.wanted.startswith(wanted)
    assert fault.message.startswith(f"{fault.where}: ")
    assert form.rows[1].unread == {heading}


def test_an_edited_locked_cell_says_that_it_is_not_read_and_what_to_do_instead() -> None:
    """Somebody who moves a date in the workbook learns that a date is moved otherwise."""
    (said,) = messages(cells_of(ONE, Target_date=day(90)))

    assert "it is not read" in said
    assert "asking for a new one" in said


def test_a_locked_cell_that_was_emptied_or_saved_with_other_blanks_is_no_fault() -> None:
    """An empty cell claims nothing, and programs change blanks and line ends."""
    line = a_line(text="One.\n\nTwo – “three”.")
    row = cells_of(line, Text="One.\r\nTwo – “three”. ", Report=None, Target_date=None)

    assert messages(row) == []


@pytest.mark.parametrize("heading", [STATUS, WORDS, HAPPENED, SURE, BLOCKED])
def test_a_formula_is_never_taken_for_what_it_came_to(heading: str) -> None:
    """The cell is named; what a formula came to elsewhere may be something else here."""
    row = cells_of(ONE, What_has_changed="42", Happened_on=DAY, How_sure_of_the_date="High")
    book = a_book(row, formulas=frozenset({(6, HEADINGS.index(heading))}))

    form = read_updates(book)

    (fault,) = form.faults
    assert fault.where.endswith(f'"{heading}"')
    assert "formula" in fault.message


def test_a_key_that_is_a_formula_is_no_key() -> None:
    """A key is copied as text or not at all."""
    book = a_book(cells_of(ONE), formulas=frozenset({(6, HEADINGS.index(KEY))}))

    (fault,) = read_updates(book).faults

    assert "is not a key as it was downloaded" in fault.message


@pytest.mark.parametrize(
    "edited",
    [
        ONE.key.replace("CC-001", "CC-002"),
        ONE.key.replace(" v1 ", " v2 "),
        ONE.key[:-1] + ("A" if ONE.key[-1] != "A" else "B"),
        ONE.key.lower(),
        "CC-001",
        17,
    ],
)
def test_an_edited_key_is_noticed(edited: Any) -> None:
    """Nobody can point a row at another recommendation or version by hand."""
    row = cells_of(ONE, What_has_changed="Done.", Row_key=edited)

    form = read_updates(a_book(row))

    assert form.rows == ()
    assert "is not a key as it was downloaded" in form.faults[0].message


def test_a_key_moved_to_another_row_is_noticed() -> None:
    """Only some columns were sorted: what is written would land on another recommendation."""
    row = cells_of(ONE, What_has_changed="Done.", Row_key=TWO.key)

    form = read_updates(a_book(row))

    assert form.rows == ()
    (fault,) = form.faults
    assert fault.where.endswith(f'"{LOCKED[0]}"')
    assert 'says "CC-001", and the key of the row belongs to CC-002' in fault.message


def test_a_row_filled_in_without_a_key_is_not_lost_silently() -> None:
    """What somebody wrote into an added row is named, not dropped."""
    (said,) = messages(cells_of(ONE, What_has_changed="Done.", Row_key=None))

    assert "no key" in said


def test_a_row_that_stands_twice_is_named_with_the_first() -> None:
    """Copied rows: nobody can tell which of the two is meant."""
    (said,) = messages(cells_of(ONE), cells_of(TWO), cells_of(ONE, What_has_changed="Done."))

    assert said.startswith('Sheet "Updates", row 9, "Row key": CC-001 stands here for the second time')
    assert "first in row 7" in said


def test_a_missing_column_is_named() -> None:
    """A deleted column to fill in is a fault; nothing is taken for empty that is not there."""
    place = HEADINGS.index(HAPPENED)
    row = cells_of(ONE)
    del row[place]

    (said,) = messages(row, headings=[h for h in HEADINGS if h != HAPPENED])

    assert said.startswith('Sheet "Updates", row 6: the heading "Happened on" is missing')


def test_every_fault_is_told_at_once() -> None:
    """Ten faults in a file are ten, in the order of the rows."""
    rows = [
        cells_of(ONE, Status_now="Begun", Happened_on="soon", How_sure_of_the_date="Very", Text="Mine."),
        cells_of(TWO, What_has_changed=5, Blocked_by=6, Report="Mine.", Schedule="Fine"),
        cells_of(THREE, What_has_changed="Lost.", Row_key=None),
        cells_of(TWO),
    ]

    said = messages(*rows)

    assert len(said) == 10
    assert [int(one.partition("row ")[2].partition(",")[0]) for one in said] == [7] * 4 + [8] * 4 + [9, 10]


@pytest.mark.parametrize(
    "book",
    [
        Workbook("mine.xlsx", "xlsx", (Sheet("Actions", (("Reference", "Update"), ("CC-001", "Done"))),)),
        Workbook("mine.xlsx", "xlsx", (Sheet("Empty", ()),)),
        Workbook("mine.xlsx", "xlsx", ()),
        a_book(cells_of(ONE), told=None, name="mine.xlsx"),
    ],
    ids=["another table", "an empty sheet", "no sheet", "without where it comes from"],
)
def test_another_workbook_is_refused_with_the_way_out(book: Workbook) -> None:
    """One sentence: what it is not, and where to get one."""
    with pytest.raises(UnreadableFileError) as refused:
        read_updates(book)

    assert refused.value.message == (
        "mine.xlsx is not a workbook for updates: download one on My updates, fill it in and upload that."
    )


def test_sheets_of_ones_own_beside_it_are_left_alone() -> None:
    """A person may keep notes in the same file."""
    book = a_book(cells_of(ONE))
    notes = Sheet("Notes", (("Anything", "=1+1"), ("at", "all")))

    form = read_updates(Workbook(book.name, book.form, (notes, *book.sheets)))

    assert [one.reference for one in form.rows] == ["CC-001"]


def test_the_same_row_on_a_copy_of_the_sheet_is_twice() -> None:
    """A copied sheet is seen."""
    sheet = a_book(cells_of(ONE)).sheets[0]
    copy = Sheet("Updates (2)", sheet.rows)

    form = read_updates(Workbook("mine.xlsx", "xlsx", (sheet, copy)))

    assert [fault.where for fault in form.faults] == ['Sheet "Updates (2)", row 7, "Row key"']


def test_a_workbook_saved_by_libreoffice_reads_as_it_was_filled_in() -> None:
    """Keys, days, choices and words survive another program; no locked cell is taken for edited."""
    path = Path(__file__).parent / "fixtures" / "updates_saved_by_libreoffice.xlsx"

    form = read_updates(read_here(path.read_bytes()))

    assert form.faults == ()
    assert form.origin == ORIGIN
    one, two, three = form.rows
    assert [row.reference for row in form.rows] == ["CC-001", "CC-002", "CC-003"]
    assert (two.status, two.on, two.confidence) == (ForceReport.COMPLETE, day(5), Confidence.HIGH)
    assert two.narrative == "- forty sampled\n- all “passed” & signed"
    assert two.blocked_by == "- the supplier"
    for row in (one, three):
        assert (row.status, row.narrative, row.on) == (ForceReport.IN_PROGRESS, "", None)


@given(
    name=st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=60).filter(str.strip),
    on=st.dates(),
    rows=st.integers(1, 999_999_999),
)  # fmt: skip
def test_where_it_comes_from_is_read_as_it_was_written(name: str, on: date, rows: int) -> None:
    """For any name and any day, also within a longer line."""
    told = origin(name, on, rows, "9f" * 32)

    assert read_origin(f"An office: 3 open items. {told.words}") == told


@given(text=st.text(max_size=200), target=st.none() | st.dates(), version=st.integers(0, 10**8))
def test_a_key_knows_its_own_cells(text: str, target: date | None, version: int) -> None:
    """Whatever the cells hold, untouched they are not taken for edited."""
    line = a_line(text=text, asked=text, target_on=target, target_precision=Precision.MONTH, version=version)

    key = read_key(line.key)

    assert key is not None
    assert (key.reference, key.version) == ("CC-001", version)
    assert key.edited(line.shown) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a  b\nc", "a b c", True),
        ("cafe\u0301", "café", True),
        ("a\u200bb\u00ad", "ab", True),
        ("a b", "ab", False),
        ("Yes", "yes", False),
    ],
)
def test_same_words_are_same_but_for_what_a_workbook_does_not_keep(one: str, other: str, same: bool) -> None:
    """Blanks and letters nobody sees do not count; everything else does."""
    assert same_words(one, other) is same
