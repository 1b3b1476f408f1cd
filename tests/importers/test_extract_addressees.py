"""Whom a recommendation is for."""

import csv
import time
from pathlib import Path

import pytest

from monitor.importers.addressees import Subject, applies_to, bodies_in, read_addressees

OURS = Subject("Northmoor Constabulary", ("Westerdale Police",))
FIRE = Subject("Northmoor Fire and Rescue Service")


@pytest.mark.parametrize(
    ("text", "addressees", "applies"),
    [
        ("By March 2023, all forces should test their radios.", ["all forces"], True),
        ("Forces that have not yet done so should buy a boat.", ["forces"], True),
        ("The force’s control room needs to answer sooner.", ["the force"], True),
        ("The force does not know how many dogs it has.", ["the force"], True),
        ("We expect to see all 43 forces get involved.", ["all 43 forces"], True),
        (
            "We expect the police service during 2020 to agree how soon forces must call back.",
            ["the police service"],
            False,
        ),
        (
            "The College of Policing, working with forces and the NPCC, should write it.",
            ["College of Policing"],
            False,
        ),
        (
            "Working with the College of Policing, chief constables should review it.",
            ["chief constables"],
            True,
        ),
        (
            "Chief constables and the Home Office must agree a form.",
            ["chief constables", "Home Office"],
            True,
        ),
        (
            "By June, the Home Office should pay, and chief constables should spend wisely.",
            ["Home Office", "chief constables"],
            True,
        ),
        ("We recommend that chief constables in all forces set out their plans.", ["chief constables"], True),
        (
            "The National Police Chiefs’ Council (NPCC) lead for custody should publish it.",
            ["National Police Chiefs’ Council lead for custody"],
            False,
        ),
        ("Police and crime commissioners should ask for it.", ["police and crime commissioners"], False),
        ("Northmoor Constabulary should mend its roof.", ["Northmoor Constabulary"], True),
        ("Westerdale Police should mend its roof.", ["Westerdale Police"], False),
        ("Chief fire officers should visit schools.", ["chief fire officers"], False),
        ("Review the policy on leave.", [], None),
    ],
)
def test_the_subject_of_the_duty_is_addressed(text: str, addressees: list[str], applies: bool | None) -> None:
    """The subject counts, in the report's own words; a body that only stands beside it does not."""
    found = read_addressees(text, OURS)

    assert list(found.addressees) == addressees
    assert found.applies_to_service is applies


def test_a_condition_is_asked_about() -> None:
    """A clause that narrows whom it is for is put to a person."""
    found = read_addressees("Each force where there is a night desk should staff it.", OURS)

    assert found.applies_to_service is True
    assert "where there is a night desk" in found.doubts[0]


def test_a_report_on_another_force_is_not_ours() -> None:
    """*The force* in a report on another force is not this one."""
    found = read_addressees(
        "The force should mend it.", Subject("Northmoor Constabulary", (), "Westerdale Police")
    )

    assert found.applies_to_service is False
    assert "Westerdale Police" in found.doubts[0]


def test_the_service_means_ours_for_fire() -> None:
    """A fire report's *the service* and *chief fire officers* are ours where ours is a fire service."""
    assert read_addressees("The service should visit more homes.", FIRE).applies_to_service is True
    assert read_addressees("Chief fire officers must review it.", FIRE).applies_to_service is True
    assert read_addressees("All forces must review it.", FIRE).applies_to_service is False


def test_a_heading_says_whom_a_list_is_for() -> None:
    """An order without a subject is for those the heading names."""
    found = read_addressees("Review the policy on leave.", OURS, fallback="chief constables")

    assert found.addressees == ("chief constables",)


def test_bodies_are_listed_without_articles() -> None:
    """A list of bodies gives each by itself; unnamed ones stay as printed."""
    assert bodies_in("the NPCC and NCA") == ("NPCC", "NCA")
    assert bodies_in("other bodies") == ("other bodies",)
    assert applies_to(["NPCC", "NCA"], OURS) is False
    assert applies_to(["other bodies"], OURS) is None


TABLE = Path(__file__).with_name("addressees.tsv")
ANSWERS = {"yes": True, "no": False, "ask": None}


def rows() -> list[dict[str, str]]:
    """Return the rows of the table: a text, its addressees, and whether they take in a police and a fire service."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["text"][:60])
def test_a_wording_and_whom_it_is_for(row: dict[str, str]) -> None:
    """In printed order, in the report's own words, for a police service and for a fire service."""
    text = row["text"].replace("\\n", "\n")
    police, fire = read_addressees(text, OURS), read_addressees(text, FIRE)

    assert "; ".join(police.addressees) == row["addressees"]
    assert police.applies_to_service is ANSWERS[row["police"]]
    assert fire.applies_to_service is ANSWERS[row["fire"]]


@pytest.mark.parametrize("text", ["Welsh forces should offer it.", "The six forces we name should stop."])
def test_some_forces_are_asked_about(text: str) -> None:
    """Forces told apart by a word are put to a person: ours may not be among them."""
    assert "for some only" in read_addressees(text, OURS).doubts[0]


def test_every_body_of_a_column_is_kept() -> None:
    """Where only the column says whom it is for, each body that it names counts."""
    found = read_addressees("Publish a standard.", OURS, fallback="College of Policing and NPCC")

    assert found.addressees == ("College of Policing", "NPCC")


@pytest.mark.parametrize(
    "piece", ["Aa and ", "should be x by ", "heads of ", "Chief Constable of ", "it expects ", "the a force "]
)
def test_hostile_text_is_read_quickly(piece: str) -> None:
    """Twenty kilobytes of words that nearly fit take no longer than their length asks for."""
    started = time.process_time()
    read_addressees(piece * (20_000 // len(piece)), OURS)

    assert time.process_time() - started < 1
