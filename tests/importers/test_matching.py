"""What was read, held against what is known: by reference, by number, by words, and asked where these disagree."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.statuses import Kind, Precision, Standing
from monitor.importers.matching import (
    KnownItem,
    KnownReport,
    Match,
    likeness,
    match_items,
    match_report,
    plain_words,
    report_of_items,
)

STRIP = "The force should record every strip search within one hour of its end."
DATA = "The force should publish its detention data each quarter."
REWORDED = "The force should record each strip search within two hours of its end."
ELSE = "Chief constables should agree a national standard for custody cameras with the College of Policing."

REPORT = Match(Standing.UNCHANGED, 1)
NO_REPORT = Match(Standing.NEW)


def known(reference: str, text: str = STRIP, **given: object) -> KnownItem:
    """Return a row of the register, of report 1 unless said otherwise."""
    facts: dict[str, object] = {"report": 1, "kind": Kind.RECOMMENDATION}
    return KnownItem(reference=reference, text=text, **facts | given)  # type: ignore[arg-type]


def read(text: str = STRIP, **given: object) -> KnownItem:
    """Return something that was read."""
    return known("", text, **{"report": None} | given)


CASES = [
    pytest.param([read(external_reference="23432", text=ELSE)], [known("A", external_reference="#23432")], REPORT,
                 (Standing.CHANGED, "A"), id="the inspectorate's number is enough, whatever the words"),
    pytest.param([read(number="2")], [known("A", number="2"), known("B", DATA, number="1")], REPORT,
                 (Standing.UNCHANGED, "A"), id="same number and words"),
    pytest.param([read(REWORDED, number="02")], [known("A", number="2")], REPORT,
                 (Standing.CHANGED, "A"), id="same number, other words: changed"),
    pytest.param([read(ELSE, number="2")], [known("A", number="2")], REPORT,
                 (Standing.DOUBTFUL, "A"), id="same number, quite other words: asked"),
    pytest.param([read(number="2")], [known("A", number="2", kind=Kind.AFI, text=DATA)], REPORT,
                 (Standing.NEW, None), id="the number of another kind is another number"),
    pytest.param([read()], [known("A"), known("B", DATA)], REPORT,
                 (Standing.UNCHANGED, "A"), id="words alone, in the same report"),
    pytest.param([read(f"“{STRIP.upper()}”")], [known("A")], REPORT,
                 (Standing.UNCHANGED, "A"), id="case and quote marks make no difference"),
    pytest.param([read(DATA)], [known("A")], REPORT, (Standing.NEW, None), id="other words: new"),
    pytest.param([read()], [known("A", report=2)], NO_REPORT,
                 (Standing.NEW, None), id="the same ask in another report is another recommendation"),
    pytest.param([read()], [known("A")], Match(Standing.DOUBTFUL, 1, "Which report?"),
                 (Standing.DOUBTFUL, "A"), id="of a doubtful report nothing is certain"),
    pytest.param([read()], [], REPORT, (Standing.NEW, None), id="an empty register"),
]  # fmt: skip


@pytest.mark.parametrize(("items", "rows", "report", "wanted"), CASES)
def test_what_it_is(
    items: list[KnownItem], rows: list[KnownItem], report: Match, wanted: tuple[Standing, str | None]
) -> None:
    """Each row of the table is one way to be found, or not."""
    match = match_items(items, rows, report)[0]

    assert (match.standing, match.found) == wanted


def test_the_same_ask_in_another_report_is_said() -> None:
    """It is new, and a person is told which one to link it to."""
    match = match_items([read()], [known("CC-014", report=2)], NO_REPORT)[0]

    assert "CC-014" in match.why


def test_no_row_of_the_register_is_given_twice() -> None:
    """Of two that are alike, the liker one has it, and the other is asked about."""
    first, second = match_items([read(REWORDED), read()], [known("A")], REPORT)

    assert (first.standing, first.found) == (Standing.DOUBTFUL, None)
    assert (second.standing, second.found) == (Standing.UNCHANGED, "A")


TITLE = "A closer look: how custody is run in the county"


@pytest.mark.parametrize(
    ("title", "published", "precision", "wanted"),
    [
        (TITLE, date(2023, 5, 4), Precision.DAY, (Standing.UNCHANGED, 1)),
        (TITLE.upper().replace(":", " –"), None, Precision.UNKNOWN, (Standing.UNCHANGED, 1)),
        (TITLE, date(2023, 5, 31), Precision.MONTH, (Standing.UNCHANGED, 1)),
        (TITLE, date(2024, 5, 4), Precision.DAY, (Standing.DOUBTFUL, 1)),
        ("A closer look: how custody is run in this force", None, Precision.UNKNOWN, (Standing.DOUBTFUL, 1)),
        ("Seen and heard: victims in court", None, Precision.UNKNOWN, (Standing.NEW, None)),
        ("", None, Precision.UNKNOWN, (Standing.NEW, None)),
    ],
)
def test_which_report_it_is(
    title: str, published: date | None, precision: Precision, wanted: tuple[Standing, int | None]
) -> None:
    """By its title; a day that contradicts it, or a title that is only nearly the same, is asked about."""
    reports = [KnownReport(1, TITLE, date(2023, 5, 4), Precision.DAY), KnownReport(2, "Fire and rescue 2021")]
    match = match_report(title, published, precision, reports)

    assert (match.standing, match.found) == wanted


def test_a_report_without_a_title_is_known_by_what_it_asks() -> None:
    """Most of its recommendations have to stand in one report, nearly word for word."""
    rows = [known("A"), known("B", DATA), known("C", ELSE, report=2)]

    assert report_of_items([read(), read(DATA), read("The force should do something else.")], rows) == 1
    assert report_of_items([read(), read("One."), read("Two.")], rows) is None
    assert report_of_items([], rows) is None
    by_reference = known("D", "Quite other words.", external_reference="#23432", report=3)
    assert report_of_items([read(external_reference="23432")], [by_reference]) == 3


@given(st.text(max_size=300))
def test_words_are_alike_to_themselves(text: str) -> None:
    """A text is wholly like itself, with any case and any blanks around it."""
    assert likeness(text, f"  {text}\n") == 1
    assert plain_words(plain_words(text)) == plain_words(text)
