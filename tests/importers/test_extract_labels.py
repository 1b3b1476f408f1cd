"""Labels and headers, however they are spelled, and what only looks like one."""

import pytest

from monitor.domain.statuses import Kind
from monitor.importers.labels import Section, header_of, is_boilerplate, label_of


@pytest.mark.parametrize(
    ("text", "section", "kind"),
    [
        ("Inspection Title: ", Section.TITLE, None),
        ("Date Published:", Section.PUBLISHED, None),
        ("Type of Inspection", Section.TYPE, None),
        ("Key Findings ", Section.FINDINGS, None),
        ("Recommendations", Section.ASKS, Kind.RECOMMENDATION),
        ("3. Recommendations for chief constables:", Section.ASKS, Kind.RECOMMENDATION),
        ("Areas for Improvements: ", Section.ASKS, Kind.AFI),
        ("Areas for improvement (AFIs)", Section.ASKS, Kind.AFI),
        ("Causes for concern", Section.ASKS, Kind.CAUSE_OF_CONCERN),
        ("PCC & Chief Constable Response to Report and Recommendation:", Section.RESPONSE, None),
        ("Chief Constable Response to Report and any Recommendations:", Section.RESPONSE, None),
        ("Commissioner’s comments", Section.RESPONSE, None),
        ("Force update:", Section.RESPONSE, None),
        ("What we have done", Section.RESPONSE, None),
        ("Status", Section.TRACKING, None),
        ("Target date: 31 March 2024", Section.DEADLINE, None),
    ],
)
def test_a_label_is_known(text: str, section: Section, kind: Kind | None) -> None:
    """Case, colons, plurals and numbers do not matter."""
    label = label_of(text)

    assert label is not None
    assert label.section is section
    assert kind is None or label.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "Recommendations ........ 12",
        "The recommendations are for others.",
        "HMICFRS recommendations: update from the Chief Constable",
        "Recommendation tracker (paper attached)",
        "We found that forces had learnt.",
    ],
)
def test_a_sentence_is_no_label(text: str) -> None:
    """A line of contents, a sentence and an item of an agenda label nothing."""
    assert label_of(text) is None


@pytest.mark.parametrize(
    ("text", "kind", "number", "reference"),
    [
        ("Recommendation 5", Kind.RECOMMENDATION, "5", ""),
        ("Recommendation 1: By May, forces should act.", Kind.RECOMMENDATION, "1", ""),
        ("R1 – Forces should act.", Kind.RECOMMENDATION, "1", ""),
        ("Rec. 4 - Forces should act.", Kind.RECOMMENDATION, "4", ""),
        ("AFI 2: The force should act.", Kind.AFI, "2", ""),
        ("Area for improvement 3", Kind.AFI, "3", ""),
        ("Cause of concern 1", Kind.CAUSE_OF_CONCERN, "1", ""),
        ("Recommendation 4412", Kind.RECOMMENDATION, "", "4412"),
        ("Recommendation two: forces should act", Kind.RECOMMENDATION, "2", ""),
        ("Recommendation 3 of 9", Kind.RECOMMENDATION, "3", ""),
        ("#23 – Forces should act.", Kind.RECOMMENDATION, "", "#23"),
    ],
)
def test_a_header_opens_a_finding(text: str, kind: Kind, number: str, reference: str) -> None:
    """The report's own number and an external reference are told apart."""
    header = header_of(text)

    assert header is not None
    assert (header.kind, header.number, header.reference) == (kind, number, reference)


@pytest.mark.parametrize(
    "text",
    [
        "Recommendation 3 has been completed.",
        "Recommendations 3 and 5",
        "Recommendations: ",
        "R2D2 was not inspected.",
        "Recording crime: forces should act.",
    ],
)
def test_a_mention_opens_none(text: str) -> None:
    """A sentence about a recommendation is not the recommendation."""
    assert header_of(text) is None


def test_the_statutory_sentence_is_boilerplate_but_a_letter_is_not() -> None:
    """A paragraph that also says when the report came out is read."""
    assert is_boilerplate(
        "Section 33 of the Police Act 1996 requires local policing bodies to respond to recommendations within 56 days."
    )
    assert not is_boilerplate(
        "I write about the report published on 8 December 2023. Under section 55 of the Police Act 1996 I must reply."
    )
