"""
What was read, held against what is on the register: new, changed, unchanged or doubtful.

A row of the register is found by its external reference, by its number within the same report, or by its words.
Where these do not agree, or are nearly but not quite alike, nothing is decided: a person is asked.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from monitor.dates import long_date
from monitor.domain.statuses import Kind, Precision, Standing

SAME_REPORT: Final = 0.9
PERHAPS_THE_REPORT: Final = 0.75
SAME_WORDS: Final = 0.85
PERHAPS_THE_WORDS: Final = 0.6
SAME_ASK: Final = 0.9
_LONGEST_COMPARED: Final = 4_000
_UP_TO_THE_ASK: Final = re.compile(r"^.{0,200}?\b(?:should|must|needs? to)\b", re.IGNORECASE | re.DOTALL)
_NOT_LETTERS: Final = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class KnownReport:
    """A report of the register."""

    id: int
    title: str
    published_on: date | None = None
    precision: Precision = Precision.UNKNOWN


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A recommendation of the register, or one that was read: `reference` is then empty."""

    reference: str
    report: int | None
    kind: Kind
    text: str
    number: str = ""
    external_reference: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """
    What was found for one thing that was read.

    Attributes:
        found: Number of the report, or reference of the recommendation; None where there is none.
        why: One sentence for a person; empty where there is nothing to say.
    """

    standing: Standing
    found: int | str | None = None
    why: str = ""


@lru_cache(maxsize=16_384)
def plain_words(text: str) -> str:
    """Return a text by its words alone: case, quote marks, dashes, bullets and blanks make no difference."""
    return _NOT_LETTERS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are by their words, from 0 to 1."""
    return fuzz.ratio(plain_words(one)[:_LONGEST_COMPARED], plain_words(other)[:_LONGEST_COMPARED]) / 100


def _gist(text: str) -> str:
    """Return what is asked, without when and of whom: these are the same in many a recommendation."""
    return _UP_TO_THE_ASK.sub("", text, count=1) or text


def match_report(
    title: str, published_on: date | None, precision: Precision, known: Sequence[KnownReport]
) -> Match:
    """Return which report of the register a title and a day of publication are."""
    if not plain_words(title):
        return Match(Standing.NEW)
    best = max(known, key=lambda report: likeness(title, report.title), default=None)
    alike = likeness(title, best.title) if best else 0.0
    if best is None or alike < PERHAPS_THE_REPORT:
        return Match(Standing.NEW)
    by_day = Precision.DAY
    apart = (
        published_on is not None
        and best.published_on is not None
        and precision is by_day
        and best.precision is by_day
        and published_on != best.published_on
    )
    if alike < SAME_REPORT:
        return Match(
            Standing.DOUBTFUL, best.id, f'Nearly the title of "{best.title}": say whether it is that report.'
        )
    if apart and published_on and best.published_on:
        return Match(
            Standing.DOUBTFUL,
            best.id,
            f'The register has "{best.title}" as published on {long_date(best.published_on)}, '
            f"and here it is {long_date(published_on)}: say whether it is that report.",
        )
    return Match(Standing.UNCHANGED, best.id)


def match_items(
    items: Sequence[KnownItem], known: Sequence[KnownItem], report: Match, *, whole_service: bool = True
) -> list[Match]:
    """
    Return, for each recommendation of one report that was read, which one of the register it is.

    Args:
        known: Those of the same service.
        report: Which report of the register they stand in.
        whole_service: Also look for the same words in other reports.

    Returns:
        One match each; no row of the register is given to two of them.
    """
    taken: dict[str, int] = {}
    own = _Among([row for row in known if report.found is not None and row.report == report.found])
    others = _Among([row for row in known if row.report != report.found] if whole_service else [])
    found = [_match_one(one, known, own, others, report) for one in items]
    for place, match in enumerate(found):
        reference = str(match.found or "")
        if not reference or match.standing is Standing.NEW:
            continue
        if reference not in taken:
            taken[reference] = place
            continue
        rows = {one.reference: one.text for one in known}
        first = taken[reference]
        loser = (
            place
            if likeness(items[first].text, rows[reference]) >= likeness(items[place].text, rows[reference])
            else first
        )
        taken[reference] = first if loser == place else place
        found[loser] = Match(
            Standing.DOUBTFUL, None, f"Something else here is {reference} already: say whether this is new."
        )
    return found


def report_of_items(items: Sequence[KnownItem], known: Sequence[KnownItem]) -> int | None:
    """
    Return the report of the register in which most of these recommendations stand, if there is one.

    They stand there by the inspectorate's reference, or nearly word for word.
    """
    by_mark = {_mark(row.external_reference): row.report for row in known if row.external_reference}
    places: list[int | None] = []
    among = _Among(known)
    for one in items:
        marked = by_mark.get(_mark(one.external_reference)) if one.external_reference else None
        best = None if marked is not None else _nearest(one, among, SAME_ASK)
        places.append(best[0].report if best else marked)
    found = Counter(place for place in places if place is not None)
    report, count = found.most_common(1)[0] if found else (None, 0)
    return report if count * 2 > len(items) else None


class _Among:
    """Rows to look among, their words made ready once for everything that is looked for."""

    def __init__(self, rows: Sequence[KnownItem]) -> None:
        self.rows = rows
        self.words = [plain_words(row.text)[:_LONGEST_COMPARED] for row in rows]


def _match_one(
    one: KnownItem, known: Sequence[KnownItem], own: _Among, others: _Among, report: Match
) -> Match:
    if one.external_reference:
        for row in known:
            if row.external_reference and _mark(row.external_reference) == _mark(one.external_reference):
                return _certain(one, row)
    doubtful_report = report.standing is Standing.DOUBTFUL
    for row in own.rows:
        if one.number and row.kind is one.kind and _mark(row.number) == _mark(one.number):
            if likeness(_gist(one.text), _gist(row.text)) < PERHAPS_THE_WORDS:
                return Match(
                    Standing.DOUBTFUL,
                    row.reference,
                    f"{row.reference} has the same number in this report and quite other words: say whether it is the same.",
                )
            return _certain(one, row) if not doubtful_report else _perhaps(row, report.why)
    if best := _nearest(one, own):
        row, alike = best
        if alike >= SAME_WORDS and not (one.number and row.number) and not doubtful_report:
            return _certain(one, row)
        if alike >= PERHAPS_THE_WORDS and not (one.number and row.number and alike < SAME_WORDS):
            return _perhaps(
                row,
                report.why
                if doubtful_report
                else f"Much like {row.reference} of the same report: say whether it is the same.",
            )
    if elsewhere := _nearest(one, others, SAME_ASK):
        reference = elsewhere[0].reference
        if report.standing is Standing.NEW and report.found is None and not report.why:
            return Match(
                Standing.NEW, None, f"{reference}, of another report, asks nearly the same: link the two."
            )
        return _perhaps(
            elsewhere[0], f"{reference}, of another report, has nearly the same words: say whether it is new."
        )
    return Match(Standing.NEW)


def _certain(one: KnownItem, row: KnownItem) -> Match:
    same = plain_words(one.text) == plain_words(row.text)
    return Match(Standing.UNCHANGED if same else Standing.CHANGED, row.reference)


def _perhaps(row: KnownItem, why: str) -> Match:
    return Match(Standing.DOUBTFUL, row.reference, why)


def _nearest(
    one: KnownItem, among: _Among, least: float = PERHAPS_THE_WORDS
) -> tuple[KnownItem, float] | None:
    """Return the row with the likest words, and how alike they are; None where none is alike enough."""
    found = process.extractOne(
        plain_words(one.text)[:_LONGEST_COMPARED],
        among.words,
        scorer=fuzz.ratio,
        score_cutoff=least * 100,
    )
    return (among.rows[found[2]], found[1] / 100) if found else None


def _mark(reference: str) -> str:
    return "".join(ch for ch in unicodedata.normalize("NFKC", reference).casefold() if ch.isalnum()).lstrip(
        "0"
    )
