"""Who says what in a response."""

import pytest

from monitor.importers.lines import Line
from monitor.importers.outline import Read, Role
from monitor.importers.speakers import Voices, speaker_named, statements_of

VOICES = Voices.of("Northmoor Constabulary")
PCC, CHIEF = VOICES.head_of_office, VOICES.chief_officer
JOINT = "PCC & Chief Constable"


def said(*paragraphs: str, label: str = JOINT, signed: str = "") -> list[tuple[str, str]]:
    """Return speaker and words of each statement under a label."""
    reads = [
        Read(Line(text, place * 1000, place * 1000 + len(text), "paragraph"), Role.RESPONSE, label, text)
        for place, text in enumerate(paragraphs)
    ]
    return [(one.speaker, one.text) for one in statements_of(reads, VOICES, signed)]


def speakers(*paragraphs: str, label: str = JOINT, signed: str = "") -> list[str]:
    """Return who speaks in each paragraph."""
    return [speaker for speaker, _ in said(*paragraphs, label=label, signed=signed)]


def test_a_quotation_that_closes_early_stays_with_its_speaker() -> None:
    """A paragraph with three closing marks for two opening ones is one speaker's."""
    assert speakers("The Chief Constable also welcomes it, “We care”.  We will go on.  We must”.") == [CHIEF]


def test_a_paragraph_without_a_label_goes_on() -> None:
    """A quoted paragraph without a label is still of the one who was speaking."""
    assert speakers("The Police & Crime Commissioner: “I will ask.”", "“I am disappointed too.”") == [
        PCC,
        PCC,
    ]


def test_two_speakers_in_one_paragraph_are_parted() -> None:
    """A name and a colon inside a paragraph begin another statement."""
    assert said("The PCC and the Chief Constable both agree.  The Chief Constable: “It is vital.”") == [
        (VOICES.both, "The PCC and the Chief Constable both agree."),
        (CHIEF, "The Chief Constable: “It is vital.”"),
    ]


def test_the_voice_changes_inside_a_joint_response() -> None:
    """*Our* way of working is the force's; a paragraph on the inspection is of both."""
    assert speakers(
        "Northmoor’s Police and Crime Commissioner welcomes the report.",
        "A further recommendation was given on training.",
        "Our method is to send two officers.",
        "The Constabulary has reviewed this.",
        "The Chief Constable has reassured the PCC that boards meet.",
        "The PCC and Chief Constable have regular meetings.",
    ) == [PCC, VOICES.both, "Northmoor Constabulary", "Northmoor Constabulary", CHIEF, VOICES.both]


def test_one_label_one_speaker() -> None:
    """Under a label that names one, every paragraph is theirs, the introduction included."""
    assert (
        speakers("Rowan Ashdown welcomed it:", "“I welcome it.”", "“We care.”", label="Chief Constable")
        == [CHIEF] * 3
    )


def test_a_name_below_a_quotation_says_whose_it_is() -> None:
    """The line "Gareth Lunt, Chief Constable" below a quotation gives it to the chief constable, and is no statement."""
    assert said("“I welcome it.”", "Gareth Lunt, Chief Constable of Northmoor", label="Commissioner") == [
        (CHIEF, "“I welcome it.”")
    ]


def test_a_letter_is_of_the_one_who_signs() -> None:
    """Where no label stands, the one who signs speaks."""
    assert speakers("Our force has three suites.", label="", signed=PCC) == [PCC]


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        ("Commissioner’s", PCC),
        ("PFCC", PCC),
        ("Chief Constable Michelle Doe’s", CHIEF),
        ("Chief Fire Officer’s", "Chief Fire Officer"),
        ("Deputy Mayor’s", "Deputy Mayor"),
        ("force", "Northmoor Constabulary"),
        ("PCC and Chief Constable", VOICES.both),
        ("", ""),
    ],
)
def test_a_label_names_its_speaker(words: str, speaker: str) -> None:
    """However a label is spelled, it names the same voices."""
    assert speaker_named(words, VOICES) == speaker
