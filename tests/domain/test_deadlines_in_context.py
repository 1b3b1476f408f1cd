"""
Deadlines in the sentences around them: how some hundreds of wordings are read.

Each row of the table is a sentence, a cell or a heading as inspectors and trackers word them, with the day on
which the report came out (as far as it is known) and the day that a person reads in it; no day where none is
printed, or where more than one could be meant.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from monitor.domain.deadlines import read_deadline
from monitor.domain.statuses import Precision

TABLE = Path(__file__).with_name("deadlines_in_context.tsv")


def rows() -> list[dict[str, str]]:
    """Return the rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def published(printed: str) -> tuple[date | None, Precision]:
    """Return a day of publication and how exactly it is known: "2023-05-04", "2020-07", nothing."""
    if not printed:
        return None, Precision.UNKNOWN
    known = {1: Precision.YEAR, 2: Precision.MONTH, 3: Precision.DAY}[printed.count("-") + 1]
    return date.fromisoformat((printed + "-01-01")[:10]), known


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["phrase"][:60])
def test_a_deadline_in_its_sentence(row: dict[str, str]) -> None:
    """The day is the one that a person reads there, with its precision; none is guessed."""
    day, known = published(row["published"])

    reading = read_deadline(row["phrase"].replace("\\n", "\n"), published=day, published_precision=known)

    assert (reading.due.isoformat() if reading.due else "") == row["due"]
    assert reading.precision.value == (row["precision"] or "unknown")
    assert not row["rule"] or reading.rule == row["rule"]
    assert reading.note


@pytest.mark.parametrize(
    ("phrase", "rule", "said"),
    [
        ("By Monday 31 March 2025", "full-day", ""),
        ("By Tuesday 31 March 2025", "full-day", "31 March 2025 is not a Tuesday. Confirm the day."),
        ("By 1 Septmber 2025", "unclear-day", "September may be meant"),
        ("By March/April 2025", "unclear-day", "names two months"),
        ("By 31 December 9999", "impossible-day", "the year 9999 is not one from 1900 to 2199"),
        ("By 1 January 0001", "impossible-day", "the year 0001 is not one from 1900 to 2199"),
        ("By 30 February 2025", "impossible-day", "February 2025 has no day 30"),
        ("within about six months", "range", "only about how long"),
        ("", "none", "Nothing is printed"),
        ("\x00\x1b", "none", "Ask what day is meant"),
    ],
)
def test_what_is_odd_is_said(phrase: str, rule: str, said: str) -> None:
    """A slip or an impossible day is never put right in silence, and never guessed."""
    reading = read_deadline(phrase, published=date(2024, 9, 27))

    assert reading.rule == rule
    assert said in reading.note
    assert ("Confirm" in reading.note) == ("Tuesday" in phrase)


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 31), date(9999, 12, 31)])
@pytest.mark.parametrize("phrase", ["within six months", "immediately", "by March", "by the end of the year"])
def test_the_ends_of_the_calendar(phrase: str, day: date) -> None:
    """Publication on the first or the last day that there is gives a day or a question, never an error."""
    reading = read_deadline(phrase, published=day)

    assert reading.note
    assert (reading.due is None) == (day.year == 9999)


def test_twenty_kilobytes_are_read() -> None:
    """A text far longer than any finding is read all the same."""
    text = ("The force should act by 31 March 2025. " * 600)[:20_000]

    assert read_deadline(text, published=date(2024, 9, 27)).due == date(2025, 3, 31)
