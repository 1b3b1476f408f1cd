"""Tables of findings in Word: merged cells, headings printed again, steps under a finding, and tables that hold none."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.text import WD_BREAK

from monitor.importers.child import read_document
from monitor.importers.extract import as_contract, extract
from monitor.importers.lines import lines_of
from monitor.importers.read_docx import read_docx
from monitor.importers.read_text import read_markdown
from monitor.importers.tables import data_tables

PLAN = ("Rec", "Recommendation", "Owner", "Deadline", "Status", "Update")


def add_table(document: WordDocument, rows: Iterable[Sequence[str]]) -> Any:
    """Add a table; lines of a cell become paragraphs."""
    filled = list(rows)
    table = document.add_table(rows=0, cols=len(filled[0]))
    for row in filled:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    return table


def content(document: WordDocument) -> bytes:
    """Return the file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def found_in(document: WordDocument) -> list[dict[str, Any]]:
    """Return the reports found in a Word document."""
    read = read_docx("plan.docx", content(document))
    return [as_contract(one) for one in extract(read, service="Northmoor Constabulary")]


def found_in_markdown(text: str) -> list[dict[str, Any]]:
    """Return the reports found in a page of text with tables."""
    read = read_markdown("plan.md", text.encode())
    return [as_contract(one) for one in extract(read, service="Northmoor Constabulary")]


def numbers(report: dict[str, Any]) -> list[str | None]:
    """Return the numbers of a report's findings."""
    return [row["number"] for row in report["recommendations"]]


def test_a_plan_over_two_pages() -> None:
    """The heading printed again, and a row merged over the whole width, are no findings."""
    document = docx.Document()
    document.add_paragraph("Report published 2 November 2022.")
    first = add_table(
        document,
        [
            PLAN,
            (
                "1",
                "Chief constables should train a panel.",
                "ACC",
                "By 30 April 2023",
                "Complete",
                "Trained.",
            ),
            ("Professional standards", "", "", "", "", ""),
            ("2", "Chief constables should keep a record.", "Head", "Within six months", "Open", "None"),
        ],
    )
    first.cell(2, 0).merge(first.cell(2, 5))
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    add_table(
        document,
        [
            PLAN,
            (
                "3",
                "Chief constables should review old cases.",
                "PSD",
                "Immediately",
                "Open",
                "80 of 210 done.",
            ),
        ],
    )

    (report,) = found_in(document)

    assert numbers(report) == ["1", "2", "3"]
    assert [row["deadline"] for row in report["recommendations"]] == [
        "2023-04-30",
        "2023-05-02",
        "2022-11-02",
    ]
    assert [one["text"] for one in report["statements"]] == ["Trained.", "80 of 210 done."]


def test_a_cell_merged_over_several_steps() -> None:
    """One finding beside two actions is one finding."""
    document = docx.Document()
    table = add_table(
        document,
        [
            ("Recommendation", "Action", "Owner", "Deadline", "Status"),
            (
                "Recommendation 1: By May 2024, the force should assess risk.",
                "Change the script.",
                "A",
                "",
                "Done",
            ),
            ("", "Train call handlers in it.", "B", "30 April 2024", "Open"),
            ("Recommendation 2: The force should review each case.", "Audit 50 cases.", "C", "", "Open"),
        ],
    )
    table.cell(1, 0).merge(table.cell(2, 0))

    (report,) = found_in(document)

    assert numbers(report) == ["1", "2"]
    assert [one["text"] for one in report["statements"]] == [
        "Change the script.",
        "Train call handlers in it.",
        "Audit 50 cases.",
    ]


def test_headings_over_headings() -> None:
    """A row of merged headings above the real ones is passed over."""
    document = docx.Document()
    document.add_paragraph("Published: 15 September 2021")
    table = add_table(
        document,
        [
            ("HMICFRS", "", "Our response", "", ""),
            ("Rec.", "Recommendation", "Owner", "Target date", "Progress"),
            ("1", "Within three months, the force should assess its backlog.", "Supt", "", "Assessed."),
            ("2", "The force should visit each holder.", "Insp", "By the end of 2022", "Half visited."),
        ],
    )
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(0, 2).merge(table.cell(0, 4))

    (report,) = found_in(document)

    assert numbers(report) == ["1", "2"]
    assert [row["deadline"] for row in report["recommendations"]] == ["2021-12-15", "2022-12-31"]


def test_parts_in_a_column_and_rows_of_their_own() -> None:
    """A row with a part alone belongs to the finding above it."""
    document = docx.Document()
    add_table(
        document,
        [
            ("No.", "Recommendation", "Sub-recommendation", "Lead", "Force update"),
            (
                "7",
                "Chief constables should make sure their forces:",
                "record each breach",
                "A",
                "Done in October.",
            ),
            ("", "", "review each risk assessment", "A", "Begun in November."),
            ("8", "Chief constables should appoint a lead.", "", "B", "Appointed."),
        ],
    )

    (report,) = found_in(document)

    assert numbers(report) == ["7", "8"]
    assert report["recommendations"][0]["parts"] == ["record each breach", "review each risk assessment"]
    assert len(report["statements"]) == 3


@pytest.mark.parametrize(
    ("text", "parts"),
    [("Write a new policy", 1), ("The force should write a new policy.", 0)],
)
def test_a_step_is_told_from_a_finding(text: str, parts: int) -> None:
    """7.1 is a part of 7 where it asks nothing by itself; with a duty of its own it is a finding."""
    (report,) = found_in_markdown(
        f"| No | Recommendation | Owner | Due |\n|---|---|---|---|\n"
        f"| 7 | The force should manage bail better. | A | |\n| 7.1 | {text} | B | 31 January 2025 |\n"
    )

    assert numbers(report) == (["7"] if parts else ["7", "7.1"])
    assert len(report["recommendations"][0]["parts"]) == parts


def test_a_column_that_counts_steps_is_no_part() -> None:
    """The number of actions beside a summary is not a part of the finding."""
    (report,) = found_in_markdown(
        "| Recommendation | Summary | Sub actions | Deadline | Overall % |\n|---|---|---|---|---|\n"
        "| 4 | Chief constables should make sure that staff are supported. | 5 | 1 Aug 2023 | 60% |\n"
    )

    assert numbers(report) == ["4"]
    assert report["recommendations"][0]["parts"] == []
    assert report["recommendations"][0]["deadline"] == "2023-08-01"


@pytest.mark.parametrize(
    "rows",
    [
        [("Recommendations", "Open", "Closed"), ("PEEL 2023", "4", "7"), ("Custody", "2", "0")],
        [("Recommendation", "Sub actions", "Complete"), ("1", "3", "3"), ("4", "5", "3")],
        [("Acronym", "Meaning"), ("AFI", "Area for improvement"), ("CoC", "Cause of concern")],
        [("Offence", "Recorded", "Change"), ("Burglary", "1,204", "-4%"), ("Robbery", "88", "+2%")],
        [("Area", "2021/22", "2023-25"), ("Responding", "Adequate", "Good")],
        [("Meeting", "Chair", "How often"), ("Strategic Performance Board", "DCC", "Monthly")],
    ],
    ids=["counts", "steps", "acronyms", "statistics", "grades", "meetings"],
)
def test_a_table_without_findings(rows: list[tuple[str, ...]]) -> None:
    """Figures, abbreviations, grades and meetings hold no finding, whatever their headings name."""
    document = docx.Document()
    add_table(document, rows)

    assert [row for report in found_in(document) for row in report["recommendations"]] == []


def test_figures_are_left_out() -> None:
    """The cells of a table of figures are not read on as prose."""
    text = "Our plan\n\n| Offence | Recorded | Change |\n|---|---|---|\n| Burglary | 1,204 | -4% |\n| Robbery | 88 | +2% |\n"

    tables, prose = data_tables(lines_of(read_markdown("pack.md", text.encode())))

    assert tables == []
    assert [line.text for line in prose] == ["Our plan"]


def test_a_table_a_finding() -> None:
    """A register that prints each finding as a table of labels gives each its own reference, under its report."""
    document = docx.Document()
    for reference, text, due in (
        ("R-101", "The force should call appropriate adults promptly.", "By September 2023"),
        ("R-102", "The force should stop holding children overnight.", "Immediate"),
    ):
        add_table(
            document,
            [
                ("Reference", reference),
                ("Report", "Cells at night"),
                ("Published", "30 March 2023"),
                ("Recommendation", text),
                ("Deadline", due),
                ("Status history", "3 April 2023 In progress"),
            ],
        )

    (report,) = found_in(document)

    assert report["report_title"] == "Cells at night"
    assert [(row["reference"], row["deadline"]) for row in report["recommendations"]] == [
        ("R-101", "2023-09-30"),
        ("R-102", "2023-03-30"),
    ]


def test_tables_under_the_reports_that_they_belong_to() -> None:
    """Where each heading names a report and its day, the findings below count from that day."""
    document = docx.Document()
    for title, text in (
        ("A duty to shelter (published 23 May 2023)", "Within six months, the force should train its staff."),
        ("Fair stops (published 25 August 2023)", "Within six months, the force should publish its data."),
    ):
        document.add_heading(title, 3)
        add_table(document, [("No.", "Recommendation", "Status"), ("1", text, "Open")])

    reports = found_in(document)

    assert [report["report_title"] for report in reports] == ["A duty to shelter", "Fair stops"]
    assert [report["recommendations"][0]["deadline"] for report in reports] == ["2023-11-23", "2024-02-25"]


def test_through_the_child() -> None:
    """The same holds for a file read behind the gate, in a process of its own."""
    document = docx.Document()
    add_table(
        document, [PLAN, ("1", "All forces should test their radios.", "A", "March 2025", "Open", "Begun.")]
    )

    read = read_document("plan.docx", content(document))

    (report,) = [as_contract(one) for one in extract(read, service="Northmoor Constabulary")]
    assert numbers(report) == ["1"]
    assert report["recommendations"][0]["deadline"] == "2025-03-31"
