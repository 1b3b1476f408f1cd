"""Trackers as offices and forces lay them out: what each column is taken for, and what comes out of the rows."""

from datetime import date

import pytest

from monitor.domain.statuses import ForceReport, Kind, Precision
from monitor.importers.child import read_workbook
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


def test_plan_with_evidence_requirements_and_supporting_documents() -> None:
    """As Kent prints it: the date beside the update is the update's, and the papers are left out by name."""
    tracker = read(
        [
            ["Stalking action plan"],
            [],
            [
                "Recommendation", "Evidence requirements of progress", "Recommendation owner", "Force update",
                "Date", "Status", "Supporting documents",
            ],
            [
                "Chief constables should make sure that call handlers ask about earlier reports.",
                "Training records and a dip sample", "Det Supt Ames", "Training runs in three of five teams.",
                date(2025, 3, 3), "Ongoing", "plan.docx",
            ],
            [
                "Chief constables should audit how risk is assessed.", "Audit report", "DCI Holt",
                "The audit was given to the board.", date(2025, 4, 1), "Complete - awaiting HMICFRS review", None,
            ],
        ]
    )  # fmt: skip

    assert not tracker.faults
    assert fields_of(tracker) == {
        "Recommendation": "text",
        "Evidence requirements of progress": "closure_test",
        "Recommendation owner": "owner",
        "Force update": "update",
        "Date": "updated_on",
        "Status": "status",
        "Supporting documents": "",
    }
    assert '"Supporting documents"' in notes(tracker)
    assert [row.row for row in tracker.rows] == [4, 5]
    assert [row.status for row in tracker.rows] == [ForceReport.IN_PROGRESS, ForceReport.COMPLETE]
    assert [(u.day, u.text) for u in tracker.rows[0].updates] == [
        (date(2025, 3, 3), "Training runs in three of five teams.")
    ]


def test_plan_with_sub_recommendations_under_joined_cells() -> None:
    """As Hampshire prints it: each sub recommendation is a row, with the words over it as its lead-in."""
    tracker = read(
        [
            [
                "Rec\nNo.", "Recommendation", "Sub recommendation", "Rec. Owner", "Initial action plan response",
                "March 2025 update", "June 2025 update",
            ],
            [4, "By 27 March 2025, chief constables should:", "review the screening tool", "DCI Holt", "Agreed.", "Begun.", "Done."],
            [None, None, "publish what they found", "DCI Holt", "Agreed.", "-", "Drafted."],
            [5, "Chief constables should name a lead.", None, "ACC Dunn", "Agreed.", "Named.", None],
        ]
    )  # fmt: skip

    assert not tracker.faults
    assert column_of(tracker, "number") == ["4", "4", "5"]
    assert column_of(tracker, "lead_in") == ["By 27 March 2025, chief constables should:"] * 2 + [None]
    assert column_of(tracker, "text") == [
        "review the screening tool",
        "publish what they found",
        "Chief constables should name a lead.",
    ]
    assert [[u.text for u in row.updates] for row in tracker.rows] == [
        ["Begun.", "Done."],
        ["Drafted."],
        ["Named."],
    ]
    assert tracker.rows[0].updates[0].day == date(2025, 3, 31)
    assert tracker.rows[0].updates[0].precision is Precision.MONTH
    assert '"Initial action plan response"' in notes(tracker)
    assert "read as the cell above" in notes(tracker)


def test_plan_with_a_colour_for_a_status() -> None:
    """As Cumbria and the transport police printed it: a colour says no status, so each is asked for until it is settled."""
    rows: Rows = [
        [
            "No.", "Recommendation", "Force update", "Estimated completion date", "Grading R/A/G", "Chief officer lead",
            "Operational lead", "Date completed",
        ],
        ["1", "The force should record each search in full.", "New form in use.", "27/08/2015", "G", "ACC Till", "Supt Rowe", "01/09/2015"],
        ["2", "The force should publish its figures.", "Waits for the supplier.", "TBC", "A", "ACC Till", "Supt Rowe", None],
    ]  # fmt: skip

    asked = read(rows)
    settled = read(rows, words={"g": "complete", "A": "in_progress"})

    assert [(word.found, word.value, word.rows) for word in asked.words] == [("G", None, 1), ("A", None, 1)]
    assert [fault.found for fault in asked.faults] == ["G", "A"]
    assert 'row 2, "Grading R/A/G"' in messages(asked)[0]
    assert "Not started, In progress, Complete" in messages(asked)[0]
    assert not settled.faults
    assert [row.status for row in settled.rows] == [ForceReport.COMPLETE, ForceReport.IN_PROGRESS]
    assert column_of(settled, "executive_lead") == ["ACC Till"] * 2
    assert column_of(settled, "owner") == ["Supt Rowe"] * 2
    assert column_of(settled, "completed_on") == [date(2015, 9, 1), None]
    assert column_of(settled, "target")[0][:3] == ("27/08/2015", date(2015, 8, 27), Precision.DAY)
    assert column_of(settled, "target")[1] == ("TBC", None, Precision.UNKNOWN, "none")


def test_plan_with_summaries_counts_and_percentages() -> None:
    """As Derbyshire's fire service prints it: the summary is the text where no other column has it."""
    tracker = read(
        [
            ["Summary", "Sub actions (count)", "Deadline date", "Status", "Overall %"],
            ["Give staff an independent reporting line", 4, date(2024, 3, 31), "Open - on track", 0.5],
            ["Look again at the grievance procedure", 2, "30 Sep 2023", "Completed - Actions done", 1],
            ["Total", 6, None, None, None],
        ]
    )

    assert not tracker.faults
    assert fields_of(tracker) == {
        "Summary": "text",
        "Sub actions (count)": "",
        "Deadline date": "target",
        "Status": "status",
        "Overall %": "",
    }
    assert [row.status for row in tracker.rows] == [ForceReport.IN_PROGRESS, ForceReport.COMPLETE]
    assert "row 4 not read: totals" in notes(tracker)
    assert '"Overall %" ("Status" is read as status)' in notes(tracker)


def test_percentages_are_a_status_where_there_is_no_other() -> None:
    """Nought is not started, all is complete, and what lies between is in progress, in Excel's shares and in print."""
    head = ["Ref", "Recommendation", "% complete"]
    shares = read([head, ["A", "Do one thing.", 0], ["B", "Do another.", 0.45], ["C", "Do a third.", 1]])
    printed = read(
        [head, ["A", "Do one thing.", "0%"], ["B", "Do another.", "45"], ["C", "Do a third.", "100 %"]]
    )

    for tracker in (shares, printed):
        assert [row.status for row in tracker.rows] == [
            ForceReport.NOT_STARTED,
            ForceReport.IN_PROGRESS,
            ForceReport.COMPLETE,
        ]
    assert shares.rows[1].status_found == "45%"


def test_plan_with_two_leads() -> None:
    """As Cambridgeshire prints it: the executive lead and the operational one are told apart."""
    tracker = read(
        [
            ["Deadline: within six months of publication"],
            ["Recommendation", "Executive Lead", "Operational Lead", "Evidence requirements", "Update 12/01/2025"],
            ["Chief constables should set up a multi-agency panel.", "ACC Orr", "Det Supt Vane", "Minutes", "Two panels held."],
        ]
    )  # fmt: skip

    assert not tracker.faults
    assert tracker.rows[0].values["executive_lead"] == "ACC Orr"
    assert tracker.rows[0].values["owner"] == "Det Supt Vane"
    assert tracker.rows[0].updates[0].day == date(2025, 1, 12)


def test_headings_are_found_below_a_title_notes_and_blank_rows() -> None:
    """What stands over the headings is no row, and the row is counted as Excel counts."""
    tracker = read(
        [
            [None, "HMICFRS recommendations tracker"],
            [None, "Owner: Corporate Development", None, "Version 3"],
            [],
            [None, "Key: R = red, A = amber, G = green"],
            [],
            [None, "1. Ref:", "2. RECOMMENDATION", "3. Lead\nofficer", "4. Target date (dd/mm/yyyy)"],
            [None, "HM-1", "The force should improve its crime recording.", "Insp Lowe", "31/03/2027"],
        ]
    )

    assert not tracker.faults
    assert list(fields_of(tracker).values()) == ["reference", "text", "owner", "target"]
    assert tracker.rows[0].where("Ref") == 'Sheet "Actions", row 7, "Ref"'
    assert '4 cells over the headings not read, the first "HMICFRS recommendations tracker"' in notes(tracker)


def test_two_sheets_are_read_and_a_sheet_of_lists_is_named() -> None:
    """Each sheet with headings is read with its own columns; the others are named with the reason."""
    head = ["Ref", "Recommendation", "Status", "Owner"]
    tracker = read_tracker(
        a_workbook(
            a_sheet(
                [head, ["F-1", "The force should train its staff.", "Open", "Bo"]], "PEEL inspection 2025"
            ),
            a_sheet(
                [["AFI ref", "AFI", "Lead"], ["F-2", "The force should improve supervision.", "Cy"]], "AFIs"
            ),
            a_sheet(
                [["Status", "Owner", "Theme"], ["Open", "Bo", "Vulnerability"], ["Closed", "Cy", "Crime"]],
                "Lists",
            ),
            a_sheet([], "Sheet4"),
        ),
        today=TODAY,
    )

    assert not tracker.faults
    assert [(row.sheet, row.values["reference"]) for row in tracker.rows] == [
        ("PEEL inspection 2025", "F-1"),
        ("AFIs", "F-2"),
    ]
    assert column_of(tracker, "report") == ["PEEL inspection 2025", None]
    assert column_of(tracker, "kind") == [None, Kind.AFI]
    assert 'Sheet "Lists" is not read: it has no row of headings that this knows.' in tracker.notes
    assert 'Sheet "Sheet4" is not read: it is empty.' in tracker.notes


def test_csv_with_semicolons() -> None:
    """A CSV as a British Excel with another locale writes it, read from the file itself."""
    content = (
        "Rec no;Recommendation;Action owner;Due date;Progress\r\n"
        '1;"The force should review calls; all of them.";Insp Lowe;31.03.2027;Begun\r\n'
        "2;The force should publish its plan.;Insp Lowe;Ongoing;\r\n"
    ).encode("utf-8-sig")

    tracker = read_tracker(read_workbook("plan.csv", content), today=TODAY)

    assert not tracker.faults
    assert column_of(tracker, "text")[0] == "The force should review calls; all of them."
    assert column_of(tracker, "target")[0][1] == date(2027, 3, 31)
    assert column_of(tracker, "target")[1] == ("Ongoing", None, Precision.UNKNOWN, "none")
    assert tracker.rows[0].where() == 'Sheet "plan", row 2'


def test_blank_row_between_every_row() -> None:
    """Blank rows count for Excel and hold nothing."""
    tracker = read(
        [
            ["Ref", "Recommendation", "Owner"],
            [],
            ["1a", "The force should do one thing.", "Bo"],
            [],
            ["1b", "The force should do another.", "Cy"],
            ["  ", None, ""],
        ]
    )

    assert not tracker.faults
    assert [row.row for row in tracker.rows] == [3, 5]


def test_headings_over_two_rows() -> None:
    """A joined heading reaches over the months below it."""
    tracker = read(
        [
            ["Ref", "Recommendation", "Leads", None, "Progress updates", None, None],
            [None, None, "Executive lead", "Operational lead", "Sept 22", date(2022, 10, 1), "Q3 2022/23"],
            ["X1", "The force should do it.", "ACC Orr", "Insp Lowe", "First.", "Second.", "Third."],
        ]
    )

    assert not tracker.faults
    assert column_of(tracker, "executive_lead") == ["ACC Orr"]
    assert column_of(tracker, "owner") == ["Insp Lowe"]
    assert [(u.day, u.text) for u in tracker.rows[0].updates] == [
        (date(2022, 9, 30), "First."),
        (date(2022, 10, 31), "Second."),
        (date(2022, 12, 31), "Third."),
    ]


def test_group_titles_over_the_headings_are_no_headings() -> None:
    """Where the lower row says all by itself, the upper one is passed over."""
    tracker = read(
        [
            ["Details", None, None, "Delivery", None],
            ["Ref", "Recommendation", "Type", "Owner", "Status"],
            ["X1", "The force should do it.", "AFI", "Bo", "Done"],
        ]
    )

    assert not tracker.faults
    assert [column.heading for column in tracker.columns] == [
        "Ref",
        "Recommendation",
        "Type",
        "Owner",
        "Status",
    ]
    assert tracker.rows[0].values["kind"] is Kind.AFI


def test_sections_headings_again_and_totals_within_a_sheet() -> None:
    """A report's title over rows is their report; headings printed again and totals are left out with a note."""
    tracker = read(
        [
            ["Ref", "Recommendation", "Status"],
            ["PEEL 2023-25"],
            ["P1", "The force should train its staff.", "Open"],
            ["Total", 1],
            ["Ref", "Recommendation", "Status"],
            ["An inspection of vetting, November 2022"],
            ["Areas for improvement"],
            ["V1", "The force should vet again.", "Done"],
            ["Count of open items: 1"],
            ["Last updated by Insp Lowe"],
        ]
    )

    assert not tracker.faults
    assert column_of(tracker, "report") == ["PEEL 2023-25", "An inspection of vetting, November 2022"]
    assert column_of(tracker, "kind") == [None, Kind.AFI]
    assert [row.row for row in tracker.rows] == [3, 8]
    assert "row 5 not read: the headings once more" in notes(tracker)
    assert "rows 4, 9 not read: totals" in notes(tracker)
    assert "row 10 not read: remarks that stand alone" in notes(tracker)
    assert 'row 2: "PEEL 2023-25" stands over rows and is read as their report.' in notes(tracker)


def test_recommendation_alone_in_its_row_is_kept() -> None:
    """A recommendation nobody has begun has nothing beside it; it is no section heading."""
    tracker = read(
        [
            ["Recommendation", "Owner", "Status"],
            ["The force should train its staff", "Bo", "Open"],
            ["The force should inspect its cells", None, None],
            ["Review the custody suite by 2027", None, None],
            ["The force should publish its plan", "Cy", "Open"],
        ]
    )

    assert not tracker.faults
    assert column_of(tracker, "text")[1:3] == [
        "The force should inspect its cells",
        "Review the custody suite by 2027",
    ]
    assert column_of(tracker, "report") == [None] * 4


def test_report_in_joined_cells_reaches_down() -> None:
    """A report's title that stands once for several rows is theirs too, and a note says so."""
    tracker = read(
        [
            ["Report", "Date published", "Rec", "Recommendation", "Timescale"],
            ["Custody services", "10/01/2023", 1, "The force should see to it at once.", "Immediately"],
            [None, None, 2, "The force should see to it soon.", "within 3 months"],
            ["A later one", "March 2023", 1, "The force should.", "within 3 months"],
        ]
    )

    assert not tracker.faults
    assert column_of(tracker, "report") == ["Custody services", "Custody services", "A later one"]
    assert column_of(tracker, "published")[2] == (date(2023, 3, 31), Precision.MONTH)
    assert [target[1] for target in column_of(tracker, "target")] == [
        date(2023, 1, 10),
        date(2023, 4, 10),
        None,
    ]
    assert '"Report": 1 empty cell read as the cell above' in notes(tracker)


def test_original_and_revised_target_dates() -> None:
    """The date in force is read; the first one is only compared, and alone it is the one in force."""
    both = read(
        [
            ["Ref", "Recommendation", "Original target date", "Revised target date"],
            ["A", "Do.", "31/03/2025", "30/06/2025"],
        ]
    )
    alone = read([["Ref", "Recommendation", "Original target date"], ["A", "Do.", "31/03/2025"]])

    assert both.rows[0].values["target"][1] == date(2025, 6, 30)
    assert both.rows[0].values["first_target"] == date(2025, 3, 31)
    assert "compared only" in notes(both)
    assert alone.rows[0].values["target"][1] == date(2025, 3, 31)


def test_day_of_publication_counts_wherever_its_column_stands() -> None:
    """A phrase to the left of the day of publication counts from it too."""
    tracker = read(
        [
            ["Ref", "Recommendation", "Timescale", "Date published"],
            ["A", "Do.", "within 3 months", "10/01/2023"],
        ]
    )

    assert tracker.rows[0].values["target"][1] == date(2023, 4, 10)


@pytest.mark.parametrize("heading", ["Target", "Target date", "Due date", "Deadline"])
@pytest.mark.parametrize(
    "revised", ["Revised date", "Revised target date", "New deadline", "Current target date"]
)
def test_revised_date_is_in_force_and_the_other_the_first(heading: str, revised: str) -> None:
    """Where a date was moved the new one counts; where it was not, the one first set is still in force."""
    tracker = read(
        [
            ["Ref", "Recommendation", heading, revised],
            ["A", "Do.", "31/03/2026", "30/06/2026"],
            ["B", "Do so.", "31/03/2026", None],
            ["C", "Do it.", "27/03/26", None],
        ]
    )

    assert [target and target[1] for target in column_of(tracker, "target")] == [
        date(2026, 6, 30),
        date(2026, 3, 31),
        None,
    ]
    assert column_of(tracker, "first_target")[0] == date(2026, 3, 31)
    assert [fault.found for fault in tracker.faults] == ["27/03/26"]


def test_of_numbered_updates_the_last_is_read() -> None:
    """Updates without a day cannot be put in order: the last is the latest, the others are named."""
    tracker = read([["Ref", "Recommendation", "Update 1", "Update 2"], ["A", "Do.", "x", "y"]])

    assert [u.text for u in tracker.rows[0].updates] == ["y"]
    assert '"Update 1" ("Update 2" is read as update)' in notes(tracker)


def test_cells_help_where_headings_do_not() -> None:
    """Long texts, dates and status words are told by what they are; each guess says how it was made."""
    tracker = read(
        [
            ["Ref", "What they said", "When", "Where we are", "Who owns it"],
            ["A", "The force should improve the way it records crime at the first point of contact.", "31/03/2027", "In progress", "Bo"],
            ["B", "The force should improve how it supervises investigations of all sorts.", "30/06/2027", "Not started", "Cy"],
            ["C", "The force should make sure that victims are told what happens next.", "30/06/2027", "Complete", "Cy"],
        ],
    )  # fmt: skip

    guessed = {column.field: (column.heading, column.how) for column in tracker.columns}
    assert guessed["text"] == ("What they said", "looks like long texts")
    assert guessed["status"] == ("Where we are", "looks like words for a status")
    assert guessed["target"][0] == "When"


def test_columns_of_numbers_or_kinds_under_a_heading_of_texts() -> None:
    """A column headed Recommendation that holds numbers is the number; the words stand in another."""
    tracker = read(
        [
            ["Recommendation", "AFI / Rec", "Description", "Lead"],
            ["Rec 1", "Rec", "The force should train its staff in all teams by spring.", "Bo"],
            ["Rec 2", "AFI", "The force should improve its supervision.", "Cy"],
        ]
    )

    assert column_of(tracker, "number") == ["Rec 1", "Rec 2"]
    assert column_of(tracker, "kind") == [Kind.RECOMMENDATION, Kind.AFI]
    assert column_of(tracker, "text")[1] == "The force should improve its supervision."


def test_the_better_of_two_columns_wins() -> None:
    """Of two columns for one field the closer name wins; the other is left out, and the note says for which."""
    tracker = read(
        [
            ["Ref", "Recommendation", "Comments", "Latest update"],
            ["A", "Do it.", "Seen by the board.", "Begun."],
        ]
    )

    assert fields_of(tracker)["Latest update"] == "update"
    assert fields_of(tracker)["Comments"] == ""
    assert '"Comments" ("Latest update" is read as update)' in notes(tracker)


def test_a_person_overrides_every_guess() -> None:
    """What a person chose for a heading goes before its name, and a column can be left out."""
    rows: Rows = [
        ["Ref", "Recommendation", "Comments", "Latest update"],
        ["A", "Do it.", "Seen by the board.", "Begun."],
    ]

    tracker = read(rows, columns={"comments": "update", "latest update": "", "Ref": "external_reference"})

    assert fields_of(tracker) == {
        "Ref": "external_reference",
        "Recommendation": "text",
        "Comments": "update",
        "Latest update": "",
    }
    assert {column.how for column in tracker.columns if column.heading != "Recommendation"} == {
        "chosen by you"
    }
    assert tracker.rows[0].values["external_reference"] == "A"


def test_misspelt_and_longer_headings() -> None:
    """A slip of the pen or a few words more do not hide what is meant."""
    tracker = read(
        [
            ["Ref", "Recomendation", "Force operational lead", "Targt date"],
            ["A", "Do it.", "Bo", "31/03/2027"],
        ]
    )

    assert list(fields_of(tracker).values()) == ["reference", "text", "owner", "target"]


def test_fingerprint_stays_when_a_month_is_added() -> None:
    """The mapping of a tracker is remembered over the months, and not for other headings."""
    june = read([["Ref", "Recommendation", "Update June 2025"], ["A", "Do it.", "x"]])
    july = read(
        [["REF.", "Recommendation", "Update June 2025", "Update July 2025"], ["A", "Do it.", "x", "y"]]
    )
    other = read([["Ref", "Recommendation", "Owner"], ["A", "Do it.", "x"]])

    assert june.headings_key == july.headings_key != ""
    assert other.headings_key != june.headings_key


@pytest.mark.parametrize("rows", [[], [[]], [["Only a title"]], [["a", "b"], ["c", "d"]]])
def test_workbook_without_a_tracker_is_one_fault(rows: list[list[str]]) -> None:
    """Where no sheet can be read, one sentence says what headings are looked for."""
    tracker = read(rows)

    assert not tracker.rows
    assert len(tracker.faults) == 1
    assert "a row with headings such as Reference, Recommendation, Owner" in tracker.faults[0].message


def test_headings_alone_are_no_fault() -> None:
    """An empty tracker has columns, no rows and no fault."""
    tracker = read([["Ref", "Recommendation", "Status"]])

    assert (tracker.rows, tracker.faults) == ((), ())
    assert len(tracker.columns) == 3
