"""Days, targets, kinds and status words as they stand in other people's cells: read, asked for or refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dates import long_date
from monitor.domain.statuses import Applicability, ForceReport, Kind, Precision
from monitor.importers.sheets import CellValue
from monitor.importers.tracker_cells import (
    CellError,
    Published,
    dated_paragraphs,
    guess_status,
    read_applicability,
    read_code,
    read_dated,
    read_kind,
    read_list,
    read_target,
    status_found,
)
from monitor.importers.tracker_fields import heading_day, match_heading, plain_heading

DAY, MONTH, YEAR = Precision.DAY, Precision.MONTH, Precision.YEAR
PUBLISHED = Published(date(2023, 1, 10), DAY)


@pytest.mark.parametrize(
    ("cell", "day", "precision"),
    [
        (date(2025, 3, 27), date(2025, 3, 27), DAY),
        ("27/03/2025", date(2025, 3, 27), DAY),
        ("27.3.2025", date(2025, 3, 27), DAY),
        ("27-03-2025", date(2025, 3, 27), DAY),
        (" 27  March 2025 ", date(2025, 3, 27), DAY),
        ("27th March, 2025", date(2025, 3, 27), DAY),
        ("27-Mar-2025", date(2025, 3, 27), DAY),
        ("2 Sept 2025", date(2025, 9, 2), DAY),
        ("Thursday 27 March 2025", date(2025, 3, 27), DAY),
        ("2025-03-27", date(2025, 3, 27), DAY),
        ("2025-03-27 00:00:00", date(2025, 3, 27), DAY),
        ("29/02/2024", date(2024, 2, 29), DAY),
        ("Mar-23", date(2023, 3, 31), MONTH),
        ("March 2023", date(2023, 3, 31), MONTH),
        ("Feb '24", date(2024, 2, 29), MONTH),
        ("03/2023", date(2023, 3, 31), MONTH),
        ("2023-03", date(2023, 3, 31), MONTH),
        ("2024", date(2024, 12, 31), YEAR),
        (2024, date(2024, 12, 31), YEAR),
    ],
)
def test_days_months_and_years(cell: CellValue, day: date, precision: Precision) -> None:
    """Each form is read with the day first, a month and a year as their last day."""
    assert read_dated(cell) == (day, precision)
    assert read_target(cell, Published())[1:3] == (day, precision)


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        ("27/03/25", "has a year of two digits; write all four, as in 27/03/2025"),
        ("27 Mar 25", "has a year of two digits; write all four, as in 27/03/2025"),
        ("03/27/2023", "has no month 27; the day comes first, then the month from 1 to 12"),
        ("31/02/2024", "does not exist; February 2024 has days 1 to 29"),
        (45000, "is a number, not a date; format the cell as a date and type it again"),
        (0.5, "is a number, not a date; format the cell as a date and type it again"),
        (True, "is a number, not a date; format the cell as a date and type it again"),
        (date(1900, 1, 1), "lies in the year 1900; check it"),
        ("31/03/2203", "lies in the year 2203; check it"),
    ],
)
def test_ambiguous_dates_refused_in_templates(cell: CellValue, complaint: str) -> None:
    """A guess is never made: the sentence says what would be right."""
    for read in (read_dated, lambda value: read_target(value, PUBLISHED)):
        with pytest.raises(CellError) as refusal:
            read(cell)
        assert refusal.value.complaint == complaint


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_every_form_of_a_day_gives_it_back(day: date) -> None:
    """Any day, written in any form that is read, is that day."""
    forms = (
        f"{day:%d/%m/%Y}",
        f"{day.day}.{day.month}.{day.year}",
        long_date(day),
        day.isoformat(),
        f"{day:%d-%b-%Y}",
    )
    assert {read_dated(form) for form in forms} == {(day, DAY)}


@pytest.mark.parametrize(
    ("phrase", "due", "precision"),
    [
        ("By March 2023", date(2023, 3, 31), MONTH),
        ("within 3 months", date(2023, 4, 10), DAY),
        ("Immediately", date(2023, 1, 10), DAY),
        ("By 31 March 2024", date(2024, 3, 31), DAY),
        ("end of Q4 2022/23", date(2023, 3, 31), DAY),
    ],
)
def test_printed_phrases_keep_their_words(phrase: str, due: date, precision: Precision) -> None:
    """A phrase is read by the rules for printed deadlines, and stays beside the day."""
    found = read_target(phrase, PUBLISHED)

    assert found[:3] == (phrase, due, precision)
    assert found[3]


@pytest.mark.parametrize(
    "phrase", ["TBC", "Ongoing", "N/A", "-", "asap", "Post-implementation review", "no date set"]
)
def test_words_without_a_date_are_no_fault(phrase: str) -> None:
    """A target without a date is a normal state: the words are kept."""
    assert read_target(phrase, PUBLISHED)[:3] == (phrase, None, Precision.UNKNOWN)


def test_phrase_that_counts_from_publication_waits_for_it() -> None:
    """Without the day of publication nothing relative is worked out."""
    assert read_target("within 3 months", Published())[:2] == ("within 3 months", None)
    assert read_target("within 3 months", Published(date(2023, 1, 31), MONTH))[1] is None


@pytest.mark.parametrize(
    "phrase",
    [
        "Mar 23",
        "31/03/2023, revised 30/06/2023",
        "By 31/03/2023 and by 30/06/2023",
        "By 27/03/25",
        "31/03/2023 (agreed by board on 1/1)",
        "Week 12",
    ],
)
def test_what_looks_like_a_date_and_cannot_be_told_is_asked(phrase: str) -> None:
    """Two readings are one too many."""
    with pytest.raises(CellError):
        read_target(phrase, PUBLISHED)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Complete", ForceReport.COMPLETE),
        ("COMPLETED", ForceReport.COMPLETE),
        ("Done", ForceReport.COMPLETE),
        ("Implemented", ForceReport.COMPLETE),
        ("Closed", ForceReport.COMPLETE),
        ("Closed (12/03/2024)", ForceReport.COMPLETE),
        ("Complete - awaiting HMICFRS review", ForceReport.COMPLETE),
        ("Complete, awaiting review", ForceReport.COMPLETE),
        ("Green - Complete", ForceReport.COMPLETE),
        ("100%", ForceReport.COMPLETE),
        ("Ongoing", ForceReport.IN_PROGRESS),
        ("In  progress", ForceReport.IN_PROGRESS),
        ("in-progress", ForceReport.IN_PROGRESS),
        ("WIP", ForceReport.IN_PROGRESS),
        ("On track", ForceReport.IN_PROGRESS),
        ("Open - on track", ForceReport.IN_PROGRESS),
        ("Partially complete", ForceReport.IN_PROGRESS),
        ("60% complete", ForceReport.IN_PROGRESS),
        ("Not started", ForceReport.NOT_STARTED),
        ("Open", ForceReport.NOT_STARTED),
        ("Outstanding", ForceReport.NOT_STARTED),
        ("0%", ForceReport.NOT_STARTED),
        ("Superseded", ForceReport.NO_LONGER_RELEVANT),
        ("N/A", ForceReport.NOT_FOR_THIS_FORCE),
        ("Not applicable to force", ForceReport.NOT_FOR_THIS_FORCE),
    ],
)
def test_status_words_are_matched_loosely(word: str, status: ForceReport) -> None:
    """The words that trackers use are taken for the force's status."""
    assert guess_status(word)[0] is status


@pytest.mark.parametrize(
    "word",
    ["R", "a", "G", "Red", "Amber", "Green", "Blue", "Grey", "Amber/Green", "Not complete", "150%", "Yes", "See notes",
     "Awaiting HMICFRS review", "Pending sign-off"],
)  # fmt: skip
def test_colours_and_unknown_words_are_asked(word: str) -> None:
    """A colour mixes being late with being unlikely: nobody guesses what it says of the work."""
    assert guess_status(word) == (None, False)


def test_own_words_are_no_guess() -> None:
    """The register's own words are certain, all others are shown as guesses."""
    assert guess_status("not_started") == (ForceReport.NOT_STARTED, False)
    assert guess_status("No longer relevant") == (ForceReport.NO_LONGER_RELEVANT, False)
    assert guess_status("Done") == (ForceReport.COMPLETE, True)
    assert status_found("-", is_share=False) == ""


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Rec", Kind.RECOMMENDATION),
        ("Recommendation", Kind.RECOMMENDATION),
        ("AFI", Kind.AFI),
        ("AFIs", Kind.AFI),
        ("Area for improvement", Kind.AFI),
        ("AFI 3", Kind.AFI),
        ("CoC", Kind.CAUSE_OF_CONCERN),
        ("Cause for concern", Kind.CAUSE_OF_CONCERN),
        ("cause of  concern", Kind.CAUSE_OF_CONCERN),
    ],
)
def test_kinds(word: str, kind: Kind) -> None:
    """One kind, many spellings."""
    assert read_kind(word) is kind


def test_unknown_words_name_what_is_accepted() -> None:
    """A word of no vocabulary is refused with the words that are accepted."""
    with pytest.raises(
        CellError, match="is not one of: Recommendation, Area for improvement, Cause of concern"
    ):
        read_kind("Innovative practice")
    with pytest.raises(CellError, match="For the force"):
        read_applicability("sometimes")
    assert read_applicability("National") is Applicability.FOR_OTHERS
    assert read_applicability("Y") is Applicability.FOR_SERVICE


def test_references_are_plain_letters() -> None:
    """Letters of another alphabet that look like ours, and numbers that Excel took for dates, are refused."""
    assert read_code(" PEEL-2025 ") == "PEEL-2025"
    assert read_code("ＡＦＩ－１") == "AFI-1"
    assert read_code(2.1) == "2.1"
    with pytest.raises(CellError, match="Cyrillic capital letter a"):
        read_code("АFI-1")
    with pytest.raises(CellError, match="is a date"):
        read_code(date(2025, 2, 1))


def test_lists_are_divided_by_the_strongest_sign() -> None:
    """Semicolons and lines divide; commas only where neither stands."""
    assert read_list("NPCC; College of Policing, with forces") == ("NPCC", "College of Policing, with forces")
    assert read_list("NPCC, College of Policing") == ("NPCC", "College of Policing")
    assert read_list("• NPCC\n• NPCC\n\n• CPS") == ("NPCC", "CPS")


@pytest.mark.parametrize(
    ("heading", "day", "precision"),
    [
        ("Update Sept 22", date(2022, 9, 30), MONTH),
        ("Jan 23 update", date(2023, 1, 31), MONTH),
        ("Update (12/01/2023)", date(2023, 1, 12), DAY),
        ("Progress update as at 12th January 2023", date(2023, 1, 12), DAY),
        ("Q3 2022/23", date(2022, 12, 31), MONTH),
        ("Q4 22-23 progress", date(2023, 3, 31), MONTH),
        ("Progress - October 2024", date(2024, 10, 31), MONTH),
        ("FORCE UPDATE\nFEB '24", date(2024, 2, 29), MONTH),
        (date(2024, 2, 1), date(2024, 2, 29), MONTH),
        (date(2024, 2, 14), date(2024, 2, 14), DAY),
    ],
)
def test_headings_that_hold_a_date(heading: str | date, day: date, precision: Precision) -> None:
    """A month is its last day, a quarter is one of a financial year from April to March."""
    found = heading_day(heading)

    assert found is not None
    assert (found.day, found.precision) == (day, precision)


@pytest.mark.parametrize(
    "heading", ["Update 12/01/23", "Update 31/02/2023", "March update", "Q3 update", "Q3 2022/24"]
)
def test_headings_whose_date_cannot_be_told(heading: str) -> None:
    """A dated update without its year is asked for, not guessed."""
    found = heading_day(heading)

    assert found is not None
    assert found.day is None
    assert found.complaint


@pytest.mark.parametrize(
    "heading",
    ["Update", "Target March 2023", "Status Sept 22", "RAG Q3 2022/23", "PEEL 2023/25", "Progress", "Due by 31/03/2025",
     "Recommendations 2023", "Marching orders"],
)  # fmt: skip
def test_headings_that_hold_none(heading: str) -> None:
    """A date that is a target's or a report's is no update's."""
    assert heading_day(heading) is None


@pytest.mark.parametrize(
    "heading",
    [
        "Target date",
        "TARGET DATE:",
        "4. Target\nDate",
        "(b) target-date",
        "Target  date*",
        "Target date (dd/mm/yyyy)",
        "“Target date”",
    ],
)
def test_headings_are_compared_without_dress(heading: str) -> None:
    """Case, punctuation, line breaks, numbering and a remark in brackets make no other heading."""
    assert match_heading(heading)[0].field == "target"
    assert plain_heading("Target\r\n  DATE :") == "target date"


def test_update_of_dated_paragraphs_is_divided() -> None:
    """Only where every paragraph begins with a whole date is it several updates."""
    assert dated_paragraphs("12/01/2023: did this.\n\n3 February 2023 - did that.") == (
        (date(2023, 1, 12), "did this."),
        (date(2023, 2, 3), "did that."),
    )
    assert dated_paragraphs("12/01/23: did this. 03/02/23: did that") == ()
    assert dated_paragraphs("12/01/2023: did this.\nAnd more of it.") == ()
    assert dated_paragraphs("Nothing yet.") == ()


@given(st.text(max_size=60) | st.integers() | st.floats(allow_nan=False) | st.dates() | st.booleans())
def test_any_cell_is_read_or_refused(cell: CellValue) -> None:
    """Whatever stands in a cell, it is read or refused with a sentence; nothing else comes out."""
    refusals = []
    for read in (read_dated, read_code, read_kind, read_list, lambda value: read_target(value, PUBLISHED)):
        try:
            read(cell)
        except CellError as refusal:
            refusals.append((refusal.complaint, refusal.wanted))
    assert all(complaint and wanted for complaint, wanted in refusals)
    assert isinstance(guess_status(str(cell)), tuple)
    heading_day(str(cell))
    match_heading(str(cell))
