"""What is wrong with a tracker is listed whole and in order; what is left out is said; nothing is dropped in silence."""

from datetime import date, timedelta

import pytest

from monitor.domain.statuses import ForceReport, Precision
from monitor.importers.sheets import CellValue
from monitor.importers.tracker import read_tracker
from tests.importers.trackers import (
    TODAY,
    Rows,
    a_sheet,
    a_workbook,
    column_of,
    fields_of,
    messages,
    notes,
    read,
)

HEAD: list[CellValue] = [
    "Ref",
    "Type",
    "Recommendation",
    "Target date",
    "Status",
    "Update",
    "Date updated",
    "Days left",
]


def test_ten_faults_are_listed_as_ten_in_order() -> None:
    """Each has its sheet, its row as Excel counts it, its heading, the value found and what would be accepted."""
    tracker = read(
        [
            ["Tracker"],
            [],
            HEAD,
            ["A-1", "Rec", "Do one thing.", "27/03/25", "Open", "Begun.", "01/02/2026", 3],
            ["А-2", "Rec", "Do another.", "03/27/2023", "Amber", "Begun.", "01/02/2026", 3],
            ["A-3", "Innovation", None, "TBC", "Open", "Begun.", "01/02/2027", 3],
            [],
            ["a-1", "AFI", "Do a third.", 45123, "Open", "Begun.", "31/02/2026", 3],
            ["A-4", "AFI", "Do a fourth.", "31/03/2027", "Purple patch", None, None, 3],
        ]
    )

    assert [(fault.where, fault.found) for fault in tracker.faults] == [
        ('Sheet "Actions", row 4, "Target date"', "27/03/25"),
        ('Sheet "Actions", row 5, "Ref"', "А-2"),
        ('Sheet "Actions", row 5, "Target date"', "03/27/2023"),
        ('Sheet "Actions", row 5, "Status"', "Amber"),
        ('Sheet "Actions", row 6, "Type"', "Innovation"),
        ('Sheet "Actions", row 6, "Recommendation"', ""),
        ('Sheet "Actions", row 6, "Date updated"', "01/02/2027"),
        ('Sheet "Actions", row 8, "Ref"', "a-1"),
        ('Sheet "Actions", row 8, "Target date"', "45123"),
        ('Sheet "Actions", row 8, "Date updated"', "31/02/2026"),
        ('Sheet "Actions", row 9, "Status"', "Purple patch"),
    ]
    assert all(
        fault.message.startswith(fault.where) and fault.message.endswith(".") for fault in tracker.faults
    )
    assert all(fault.wanted for fault in tracker.faults)


def test_repeated_reference_names_both_rows() -> None:
    """A reference that stands twice, in one sheet or in two, is a fault that says where the other is."""
    head = ["Ref", "Recommendation", "Owner"]
    tracker = read_tracker(
        a_workbook(
            a_sheet([head, ["A-1", "Do.", "Bo"], ["a-1", "Do so.", "Bo"]], "One"),
            a_sheet([head, ["A-1", "Do it.", "Bo"]], "Two"),
        ),
        today=TODAY,
    )

    assert messages(tracker) == [
        'Sheet "One", row 3, "Ref": "a-1" stands in row 2 too; a reference can stand in a file once.',
        'Sheet "Two", row 2, "Ref": "A-1" stands in sheet "One", row 2, too; a reference can stand in a file once.',
    ]


def test_numbers_of_two_reports_do_not_collide() -> None:
    """Numbers that begin again with each report are the reports' own; they are no references."""
    tracker = read(
        [
            ["Report", "Ref", "Recommendation"],
            ["PEEL 2023", 1, "Do."],
            ["PEEL 2023", 2, "Do so."],
            ["Custody", 1, "Do it."],
        ]
    )

    assert not tracker.faults
    assert column_of(tracker, "number") == ["1", "2", "1"]


def test_formula_in_a_cell_that_is_read_is_refused() -> None:
    """A formula is never taken for its last value; beside the data it is only noted."""
    rows: Rows = [
        HEAD,
        ["A-1", "Rec", "Do.", "31/03/2027", "Open", "Begun.", "01/02/2026", 12],
        ["Total", None, None, 1],
    ]

    tracker = read(rows, formulas=frozenset({(1, 3), (1, 4), (1, 5), (1, 7), (2, 3)}))

    assert messages(tracker) == [
        'Sheet "Actions", row 2, "Target date": "31/03/2027" holds a formula; paste it as a value.',
        'Sheet "Actions", row 2, "Status": "Open" holds a formula; paste it as a value.',
        'Sheet "Actions", row 2, "Update": "Begun." holds a formula; paste it as a value.',
    ]
    assert 'formulas in columns that are not read: "Days left"' in notes(tracker)


def test_hidden_rows_columns_and_sheets_are_read_and_noted() -> None:
    """What is hidden is in the file all the same."""
    tracker = read(
        [["Ref", "Recommendation", "Owner"], ["A-1", "Do.", "Bo"], ["A-2", "Do so.", "Cy"]],
        hidden_rows=frozenset({2}),
        hidden_columns=frozenset({2}),
        is_hidden=True,
    )

    assert len(tracker.rows) == 2
    assert "hidden rows were read: row 3" in notes(tracker)
    assert 'hidden columns were read: "Owner"' in notes(tracker)
    assert 'Sheet "Actions" is hidden and was read.' in notes(tracker)


def test_limits_named_in_message() -> None:
    """Too long a cell, too many columns, too many rows: each is refused with its limit."""
    long = read(
        [
            ["Ref", "Recommendation", "Update June 2026"],
            ["A", "x" * 20_001, "y" * 20_001],
            ["B", "x" * 20_000, "y"],
        ]
    )
    wide = read([["Ref", "Recommendation", *(f"Extra {n}" for n in range(63))], ["A", "Do.", *([1] * 63)]])
    deep = read([["Ref", "Recommendation"], *([f"A{n}", "Do."] for n in range(20_001))])

    assert messages(long) == [
        'Sheet "Actions", row 2, "Recommendation" has 20,001 characters; a cell can have 20,000.',
        'Sheet "Actions", row 2, "Update June 2026" has 20,001 characters; a cell can have 20,000.',
    ]
    assert messages(wide) == [
        'Sheet "Actions" has 65 columns; a tracker can have 64. Divide it into several files.'
    ]
    assert messages(deep) == [
        'Sheet "Actions" has 20,001 rows; a tracker can have 20,000. Divide it into several files.'
    ]
    assert (wide.rows, deep.rows) == ((), ())


def test_empty_cells_and_signs_for_nothing_are_no_faults() -> None:
    """An empty status is no status; a dash in a column of dates or updates is nothing."""
    tracker = read(
        [
            HEAD,
            ["A-1", None, "Do.", "-", None, "-", "n/a", None],
            ["A-2", "Rec", "Do.", None, "-", None, "TBC"],
        ]
    )

    assert not tracker.faults
    assert [row.status for row in tracker.rows] == [None, None]
    assert [row.updates for row in tracker.rows] == [(), ()]
    assert tracker.words == ()


def test_closed_is_read_as_a_claim() -> None:
    """An import cannot close: the word is the force's, and a note says so once."""
    tracker = read([HEAD[:5], ["A-1", "Rec", "Do.", None, "Closed"], ["A-2", "Rec", "Do.", None, "closed"]])

    assert [row.status for row in tracker.rows] == [ForceReport.COMPLETE] * 2
    assert [(word.found, word.is_guess, word.rows) for word in tracker.words] == [("Closed", True, 2)]
    assert notes(tracker).count("an import cannot close anything") == 1


def test_a_person_settles_words() -> None:
    """A word is remembered in one case; one set to nothing gives no status, and one of another time is asked again."""
    rows: Rows = [
        HEAD[:5],
        ["A-1", "Rec", "Do.", None, "Amber"],
        ["A-2", "Rec", "Do.", None, "Blue"],
        ["A-3", "Rec", "Do.", None, "Done"],
    ]

    tracker = read(rows, words={"AMBER ": "in_progress", "blue": "", "done": "halfway"})

    assert not tracker.faults
    assert [row.status for row in tracker.rows] == [ForceReport.IN_PROGRESS, None, ForceReport.COMPLETE]
    assert [row.status_found for row in tracker.rows] == ["Amber", "Blue", "Done"]


def test_guarded_columns_are_kept_and_noted() -> None:
    """What only the office or the inspectorate may say is carried beside, never set; a note names the columns."""
    tracker = read(
        [
            ["Ref", "Recommendation", "PCC assurance", "HMICFRS status", "Date closed", "Reason for closure"],
            ["A-1", "Do.", "Assured", "Closed", "31/03/2025", "Met"],
        ]
    )

    assert not tracker.faults
    values = tracker.rows[0].values
    assert (values["assurance"], values["position"], values["closure_reason"]) == ("Assured", "Closed", "Met")
    assert values["closed_on"] == date(2025, 3, 31)
    assert "an import cannot set" in notes(tracker)


# Updates


def test_updates_are_never_later_than_today() -> None:
    """A month that still runs is dated today; one to come is a fault, unless nothing stands there yet."""
    rows: Rows = [
        ["Ref", "Recommendation", "Update Oct 2026", "Update Nov 2026", "Update Dec 2026", "Update Jan 2027"],
        ["A-1", "Do.", "First.", "Second.", None, None],
    ]
    tracker = read(rows)
    early = read([*rows, ["A-2", "Do so.", None, None, "Third.", None]])

    assert not tracker.faults
    assert [(u.day, u.precision, u.text) for u in tracker.rows[0].updates] == [
        (date(2026, 10, 31), Precision.MONTH, "First."),
        (TODAY, Precision.MONTH, "Second."),
    ]
    assert messages(early) == [
        'Sheet "Actions", row 3, "Update Dec 2026" holds an update of 31 December 2026, which lies in the future.'
    ]


@pytest.mark.parametrize(
    ("today", "counts"), [(date(2026, 11, 30), True), (date(2026, 11, 1), True), (date(2026, 10, 31), False)]
)
def test_month_begins_to_count_on_its_first_day(today: date, counts: bool) -> None:
    """The day before, on and at the end of a month."""
    tracker = read([["Ref", "Recommendation", "Update Nov 2026"], ["A", "Do.", "Begun."]], today=today)

    assert bool(tracker.rows[0].updates) is counts
    assert bool(tracker.faults) is not counts
    assert all(update.day <= today for update in tracker.rows[0].updates)


def test_undated_update_is_dated_by_its_column_or_today() -> None:
    """A day beside it dates an update; without one it is the day of import, and a note counts those."""
    tracker = read(
        [
            ["Ref", "Recommendation", "Update", "Last updated"],
            ["A-1", "Do.", "Begun.", "05/10/2026"],
            ["A-2", "Do so.", "Not begun.", None],
            ["A-3", "Do it.", "01/02/2026: one.\n02/03/2026: two.", None],
        ]
    )

    assert [[u.day for u in row.updates] for row in tracker.rows] == [
        [date(2026, 10, 5)],
        [TODAY],
        [date(2026, 2, 1), date(2026, 3, 2)],
    ]
    assert "1 update without a date: dated on the day of import, 22 November 2026." in tracker.notes


def test_paragraph_of_a_day_to_come_is_a_fault() -> None:
    """A diary in a cell may not run ahead."""
    tomorrow = TODAY + timedelta(days=1)
    tracker = read(
        [["Ref", "Recommendation", "Update"], ["A-1", "Do.", f"{tomorrow:%d/%m/%Y}: will be done."]]
    )

    assert "lies in the future" in messages(tracker)[0]


def test_bare_months_are_updates_only_beside_others() -> None:
    """One month alone says nothing; two months in a row are a series of updates, Excel's dates among them."""
    series = read([["Ref", "Recommendation", "Sept 22", date(2022, 10, 1)], ["A", "Do.", "x", "y"]])
    alone = read([["Ref", "Recommendation", "Sept 22", "Owner"], ["A", "Do.", "x", "y"]])

    assert [u.day for u in series.rows[0].updates] == [date(2022, 9, 30), date(2022, 10, 31)]
    assert fields_of(alone)["Sept 22"] == ""


def test_month_without_a_year_is_asked_once() -> None:
    """Which March is meant is not guessed: the heading is the fault, not every cell below it."""
    tracker = read([["Ref", "Recommendation", "March update"], ["A", "Do.", "x"], ["B", "Do.", "y"]])

    assert messages(tracker) == [
        'Sheet "Actions", row 1, "March update" names a month and no year; write March 2023, say.'
    ]
    assert not read(
        [["Ref", "Recommendation", "March update"], ["A", "Do.", "x"]], columns={"march update": ""}
    ).faults


def test_examples_of_the_template_are_left_out() -> None:
    """A row whose reference begins EXAMPLE- is none, whatever else is wrong with it."""
    tracker = read([["Ref", "Recommendation", "Status"], ["Example-1", None, "Amber"], ["A", "Do.", "Open"]])

    assert [row.values["reference"] for row in tracker.rows] == ["A"]
    assert not tracker.faults
    assert "row 2 not read: examples of the template" in notes(tracker)


def test_sheet_without_texts_says_so() -> None:
    """A list of references and updates serves rows that are known already."""
    tracker = read([["Ref", "Status", "Update June 2026"], ["A-1", "Open", "Begun."]])

    assert not tracker.faults
    assert "no column with the words of the recommendations" in notes(tracker)
    assert tracker.rows[0].values == {"reference": "A-1"}
