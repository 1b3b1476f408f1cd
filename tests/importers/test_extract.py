"""The object that `monitor extract --json` prints, and that any document gives one."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.importers.blocks import Document, Writer
from monitor.importers.extract import as_contract, extract

KEYS = [
    "report_title", "published", "published_precision", "inspection_type", "publishers", "key_findings",
    "stated_count", "stated_addressees", "recommendations", "statements", "evidence_mentions", "grades", "problems",
]  # fmt: skip
ROW_KEYS = [
    "kind", "reference", "number", "text", "lead_in", "parts", "addressees", "applies_to_service",
    "deadline_phrase", "deadline", "deadline_rule", "assessed_when", "source",
]  # fmt: skip


def document(*paragraphs: str, name: str = "a.txt") -> Document:
    """Return a document of plain paragraphs; one that begins with a bullet is an item."""
    writer = Writer(name, "txt")
    for text in paragraphs:
        if text.startswith("• "):
            writer.add("item", text[2:], before="• ")
        else:
            writer.add("paragraph", text)
    return writer.finish()


def test_the_object_has_exactly_the_keys_of_the_contract() -> None:
    """Every key stands, known or not, and the whole can be written as JSON."""
    report = as_contract(extract(document("Recommendations", "1. By May 2024, forces should act."))[0])

    assert list(report) == KEYS
    assert list(report["recommendations"][0]) == ROW_KEYS
    assert list(report["recommendations"][0]["source"]) == ["start", "end"]
    assert json.loads(json.dumps(report)) == report


def test_a_document_without_findings_says_so() -> None:
    """One report comes back, empty, with the reason."""
    (report,) = extract(document("A day at the show", "The band played."))

    assert report.recommendations == []
    assert "No recommendation was found in this document." in report.problems


def test_what_is_not_printed_is_null_and_asked() -> None:
    """No title, no day: null, with a line each."""
    report = as_contract(extract(document("Areas for improvement:", "• The force should act."))[0])

    assert (report["report_title"], report["published"], report["published_precision"]) == (
        None,
        None,
        "unknown",
    )
    assert len(report["problems"]) >= 2


def test_two_clocks_are_kept_and_the_first_governs() -> None:
    """Both phrases stand; the day is the earlier one, and a person is told."""
    (report,) = extract(
        document(
            "The report was published on 1 March 2024.",
            "Recommendation 1",
            "By 1 June 2024, forces should list their vans, and by 1 June 2025 they should sell half of them.",
        )
    )
    row = as_contract(report)["recommendations"][0]

    assert (row["deadline"], row["deadline_rule"]) == ("2024-06-01", "two-clocks")
    assert "2025" in row["deadline_phrase"]
    assert any("Two clocks" in problem for problem in report.problems)


def test_nothing_counts_from_a_month() -> None:
    """Published in a month: a relative deadline stays open, its phrase kept."""
    (report,) = extract(
        document(
            "Inspection title: On the level: how forces keep time",
            "Date published: June 2021",
            "Recommendations",
            "1. Within three months, forces should act.",
        )
    )
    row = as_contract(report)["recommendations"][0]

    assert (row["deadline"], row["deadline_phrase"]) == (None, "Within three months")
    assert any("day of publication is needed" in problem for problem in report.problems)


def test_a_number_named_without_words_is_no_row() -> None:
    """An answer to a recommendation whose words are not printed is said, not listed."""
    (report,) = extract(document("Dear Home Secretary", "Recommendation 7", "We have done this already."))

    assert report.recommendations == []
    assert any("Recommendation 7" in problem for problem in report.problems)


def test_what_was_done_is_not_asked() -> None:
    """A list under *Recommendations* that tells what was done gives no rows, and says so."""
    (report,) = extract(
        document(
            "Recommendations",
            "1. Officers have been trained.",
            "2. Forces should buy boats.",
            "3. A post was filled.",
        )
    )

    assert [row.number for row in report.recommendations] == ["2"]
    assert sum("tells of what is done" in problem for problem in report.problems) == 2


def test_a_finding_printed_twice_is_kept_once() -> None:
    """A summary and the body print the same words; one row comes of it."""
    (report,) = extract(
        document(
            "Recommendations", "1. Forces should buy boats.", "Recommendation 1", "Forces should buy boats."
        )
    )

    assert len(report.recommendations) == 1


def test_the_same_number_with_other_words_is_asked_about() -> None:
    """Two findings with one number are both kept, and a person is asked."""
    (report,) = extract(
        document(
            "Recommendation 1", "Forces should buy boats.", "Recommendation 1", "Forces should sell boats."
        )
    )

    assert len(report.recommendations) == 2
    assert any("more than once" in problem for problem in report.problems)


@pytest.mark.parametrize(
    "text",
    [
        "recommendation 1 " * 6_000,
        "“report A" * 10_000,
        "A-" * 40_000,
        "forces should and chief constables must " * 2_500,
        "By " + " " * 90_000 + "should",
        "\n".join(["Inspection title:", "A study of gates", "Recommendations", "Forces should act."] * 1_000),
        "|a|b|c|\n" * 8_000,
    ],
    ids=["mentions", "quotes", "hyphens", "duties", "blanks", "titles", "bars"],
)
def test_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    """A hundred thousand characters of anything take seconds, not minutes."""
    began = time.perf_counter()

    extract(document(*text.split("\n")))

    assert time.perf_counter() - began < 20


_SNIPPETS = st.sampled_from(
    [
        "Recommendations", "Recommendation 1", "Area for improvement", "Cause of concern", "Key findings", "Response:",
        "Forces should act:", "• keep a list", "1. Forces should act.", "(i) review it", "By May 2024, the NPCC must act.",
        "Deadline: 1 May 2024", "Status", "complete", "Dear Sir", "We have acted.", "“I welcome it", "it closed”.",
        "Inspection title: A study of gates", "Date published:", "May 2020", "a\tb\tc", "| No. | Recommendation | Status |",
        "| 1 | Forces should act. | open |", "Contents", "2.1 Recommendation 5", "The PCC: “Yes.”", "", "—", "#123 – act",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(_SNIPPETS, st.text(max_size=40)), min_size=1, max_size=14))
def test_any_order_of_its_own_words_gives_reports(paragraphs: list[str]) -> None:
    """Nothing raises; every place lies in the text and every text is there."""
    whole = document(*paragraphs)

    reports = extract(whole, service="Northmoor Constabulary", known_services=("Westerdale Police",))

    assert reports
    for report in reports:
        assert list(as_contract(report)) == KEYS
        for row in report.recommendations:
            assert 0 <= row.start < row.end <= len(whole.text)
            assert row.text.strip()
