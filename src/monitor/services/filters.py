"""
Which rows are meant: the named sets behind every figure, the filters, and the search by word forms.

A figure and the register it opens use the same set by name, so they cannot differ.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import snowballstemmer

from monitor.dates import long_date, parse_day, short_date
from monitor.domain.evidence import Grade
from monitor.domain.schedule import DUE_SOON_DAYS, NO_UPDATE_DAYS
from monitor.domain.statuses import (
    Assurance,
    ClosureReason,
    ForceReport,
    Kind,
    Position,
    ScheduleState,
    SetBy,
    Vocabulary,
)
from monitor.errors import RuleError
from monitor.services.view import KEPT_VIEWS, RegisterView
from monitor.settings import Titles

Kept = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Show:
    """A named set of rows: the words on the control, the definition printed, and the rule."""

    word: str
    meaning: str
    rule: Callable[[pd.DataFrame, RegisterView], Any]

    def called(self, titles: Titles) -> "Show":
        """Return the set in the words of this installation, with what its meetings are called."""
        word, meaning = (
            said.format(conference=titles.conference_short) for said in (self.word, self.meaning)
        )
        return replace(self, word=word, meaning=meaning)


def _since_conference(rows: pd.DataFrame, view: RegisterView) -> Any:
    last = view.last_conference()
    if last is None:
        return rows["is_open"] & (rows["moves"] > 0)
    return rows["counts"] & (rows["last_moved_on"] > pd.Timestamp(last.on))


SHOWS: Final[Mapping[str, Show]] = {
    "open": Show("All open", "Open, and for the force or the office to act on.", lambda r, v: r["is_open"]),
    "late": Show(
        "Late",
        ScheduleState.OVERDUE.meaning,
        lambda r, v: r["is_open"] & (r["schedule_state"] == ScheduleState.OVERDUE.value),
    ),
    "due_soon": Show(
        "Due in 90 days",
        f"Open, not late, and due within {DUE_SOON_DAYS} days.",
        lambda r, v: r["is_open"] & r["days_to_target"].between(0, DUE_SOON_DAYS).fillna(False).astype(bool),
    ),
    "claimed": Show(
        "Reported complete, not assured",
        "Open, the force reports complete, and the office is not assured, only partly, or has not looked.",
        lambda r, v: (
            r["is_open"]
            & (r["force_report"] == ForceReport.COMPLETE.value)
            & (r["assurance"] != Assurance.ASSURED.value)
        ),
    ),
    "no_evidence": Show(
        "No evidence",
        "Open, and no evidence has been added.",
        lambda r, v: r["is_open"] & (r["evidence_count"] == 0),
    ),
    "moved": Show(
        "Moved since the last {conference}",
        "The date in force was agreed or set after the day of the last {conference}.",
        _since_conference,
    ),
    "past_first_date": Show(
        "Past the date first set",
        "Open, and the date first set has passed, whether or not it was moved since.",
        lambda r, v: r["is_open"] & (r["original_target"] < pd.Timestamp(v.as_at)),
    ),
    "waiting": Show(
        "Waiting for the office",
        "A date or a closing has been asked for and not yet answered.",
        lambda r, v: r["is_open"] & (r["pending_target"].notna() | r["closure_proposed_on"].notna()),
    ),
    "silent": Show(
        f"No update for {NO_UPDATE_DAYS} days",
        f"Open, and the force has not reported for more than {NO_UPDATE_DAYS} days.",
        lambda r, v: r["is_open"] & (r["days_since_update"] > NO_UPDATE_DAYS),
    ),
    "no_date": Show(
        "No date set",
        ScheduleState.NO_DATE_SET.meaning,
        lambda r, v: r["is_open"] & r["current_target"].isna(),
    ),
    "check_due": Show(
        "Check after closing due",
        "Closed, and the day on which to look again has come.",
        lambda r, v: r["closed_on"].notna() & (r["check_due_on"] <= pd.Timestamp(v.as_at)),
    ),
    "closed": Show(
        "Closed",
        "Closed, for whatever reason. Closed is not the same as met.",
        lambda r, v: r["closed_on"].notna(),
    ),
    "for_others": Show(
        "For others only", "Addressed to other bodies; in no other count.", lambda r, v: ~r["counts"]
    ),
    "everything": Show(
        "Everything", "All of them, those for others included.", lambda r, v: r["reference"].notna()
    ),
}

VOCABULARIES: Final[Mapping[str, type[Vocabulary]]] = {
    "kind": Kind,
    "force_report": ForceReport,
    "assurance": Assurance,
    "position": Position,
    "schedule_state": ScheduleState,
    "evidence_grade": Grade,
    "closure_reason": ClosureReason,
    "target_set_by": SetBy,
}
"""Filters whose choices are the words of a vocabulary."""

NAMES: Final = ("service", "inspection", "owner", "executive_lead", "board", "theme")
"""Filters whose choices are what occurs in the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """
    What somebody asked to see. Empty means no limit; several values of one field mean any of them.

    Attributes:
        text: Words that must all occur, in any of their forms.
        due_from, due_to: Limits on the target date in force, both included.
    """

    show: str = "open"
    text: str = ""
    service: tuple[str, ...] = ()
    inspection: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    executive_lead: tuple[str, ...] = ()
    board: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    force_report: tuple[str, ...] = ()
    assurance: tuple[str, ...] = ()
    position: tuple[str, ...] = ()
    schedule_state: tuple[str, ...] = ()
    evidence_grade: tuple[str, ...] = ()
    closure_reason: tuple[str, ...] = ()
    target_set_by: tuple[str, ...] = ()
    due_from: date | None = None
    due_to: date | None = None

    @classmethod
    def from_address(cls, given: Mapping[str, Any]) -> Self:
        """
        Return the filter that an address names.

        Args:
            given: Parameter to value or list of values, as text. Parameters that name no filter are left alone.

        Raises:
            RuleError: naming the parameter and what it may be.
        """
        known: dict[str, Any] = {}
        for field in fields(cls):
            values = given.get(field.name)
            if values is None or values == "" or values == [] or values == ():
                continue
            several = [str(v) for v in (values if isinstance(values, list | tuple) else [values]) if str(v)]
            known[field.name] = _read(field.name, several)
        return cls(**known)

    def to_address(self) -> dict[str, Any]:
        """Return the parameters that bring this filter back; what is left at its usual value is left out."""
        usual = type(self)()
        found: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value != getattr(usual, field.name):
                found[field.name] = (
                    value.isoformat()
                    if isinstance(value, date)
                    else list(value)
                    if isinstance(value, tuple)
                    else value
                )
        return found

    def words(self) -> list[tuple[str, str]]:
        """Return each limit beside the named set as (field, words), for display and removal."""
        found = [("text", f"“{self.text}”")] if self.text else []
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, tuple) and value:
                vocabulary = VOCABULARIES.get(field.name)
                shown = [vocabulary(v).word if vocabulary else v for v in value]
                found.append((field.name, " or ".join(shown)))
        if self.due_from:
            found.append(("due_from", f"due from {short_date(self.due_from)}"))
        if self.due_to:
            found.append(("due_to", f"due to {short_date(self.due_to)}"))
        return found

    def sentence(self, titles: Titles) -> str:
        """Return the whole filter in words, for captions."""
        return "; ".join([SHOWS[self.show].called(titles).word, *(words for _, words in self.words())])

    def without(self, name: str) -> Self:
        """Return the filter with one limit taken away."""
        return replace(self, **{name: getattr(type(self)(), name)})


def _read(name: str, values: list[str]) -> Any:
    if name == "show":
        if values[0] not in SHOWS:
            raise RuleError(f'"{values[0]}" is not a set of rows. Choose one of: {", ".join(SHOWS)}.')
        return values[0]
    if name == "text":
        return values[0]
    if name in ("due_from", "due_to"):
        try:
            return parse_day(values[0])
        except ValueError as problem:
            raise RuleError(f"{name}: {problem}") from None
    if name in VOCABULARIES:
        allowed = {member.value for member in VOCABULARIES[name]}
        strange = [v for v in values if v not in allowed]
        if strange:
            raise RuleError(
                f'"{strange[0]}" is not a value of {name}. Choose from: {", ".join(sorted(allowed))}.'
            )
    return tuple(values)


def select(view: RegisterView, wanted: Filter) -> pd.DataFrame:
    """Return the rows that the filter asks for, in the register's order."""
    return view.rows[kept(view, wanted)]


@lru_cache(maxsize=128)
def kept(view: RegisterView, wanted: Filter) -> Kept:
    """Return, for each row of the view in order, whether the filter asks for it."""
    rows, places = view.rows, _places(view)
    keep = np.array(SHOWS[wanted.show].rule(rows, view), dtype=bool)
    for name in (*VOCABULARIES, "service", "inspection", "owner", "executive_lead", "board"):
        values = getattr(wanted, name)
        if values:
            keep &= places[name].among(values.__contains__)
    if wanted.theme:
        asked = set(wanted.theme)
        keep &= places["themes"].among(lambda themes: not asked.isdisjoint(themes.split("; ")))
    if wanted.due_from:
        keep &= np.array(rows["current_target"] >= pd.Timestamp(wanted.due_from), dtype=bool)
    if wanted.due_to:
        keep &= np.array(rows["current_target"] <= pd.Timestamp(wanted.due_to), dtype=bool)
    return keep & _matching(view, wanted.text) if wanted.text.strip() else keep


def count(view: RegisterView, show: str) -> int:
    """Return how many rows a named set has: the figure, and by construction the list behind it."""
    return int(kept(view, Filter(show=show)).sum())


@dataclass(frozen=True, slots=True)
class _Places:
    """One column as numbers: what occurs in it, and which of these each row has."""

    values: Sequence[str]
    of_row: Any

    def among(self, chosen: Callable[[str], bool]) -> Kept:
        which = np.fromiter((chosen(value) for value in self.values), dtype=bool, count=len(self.values))
        found: Kept = which[self.of_row] if len(self.values) else np.zeros(len(self.of_row), dtype=bool)
        return found


@lru_cache(maxsize=KEPT_VIEWS)
def _places(view: RegisterView) -> Mapping[str, _Places]:
    names = (*VOCABULARIES, "service", "inspection", "owner", "executive_lead", "board", "themes")
    found = {}
    for name in names:
        of_row, values = pd.factorize(view.rows[name])
        found[name] = _Places([str(value) for value in values], of_row)
    return found


@lru_cache(maxsize=KEPT_VIEWS)
def choices(view: RegisterView) -> dict[str, list[str]]:
    """Return, for each filter by name, what occurs among the rows the reader may see, sorted."""
    found = {name: sorted(v for v in view.rows[name].unique() if v) for name in NAMES if name != "theme"}
    themes = {t for several in view.rows["themes"].unique() for t in several.split("; ") if t}
    return found | {"theme": sorted(themes)}


_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SEARCHED: Final = ("reference", "external_reference", "short_title", "text", "owner", "inspection", "themes")


def _matching(view: RegisterView, text: str) -> Kept:
    """Tell for each row whether every word asked for occurs, in any of its forms or as the beginning of a word."""
    index = _index_of(view)
    keep = np.ones(len(view.rows), dtype=bool)
    for word in _words(text):
        found = np.zeros(len(view.rows), dtype=bool)
        found[index.by_stem.get(_stem(word), [])] = True
        for place in range(bisect_left(index.words, word), len(index.words)):
            if not index.words[place].startswith(word):
                break
            found[index.by_word[index.words[place]]] = True
        keep &= found
    return keep


@dataclass(frozen=True, slots=True)
class _Index:
    words: Sequence[str]
    by_word: Mapping[str, list[int]]
    by_stem: Mapping[str, list[int]]


@lru_cache(maxsize=KEPT_VIEWS)
def _index_of(view: RegisterView) -> _Index:
    by_word: dict[str, list[int]] = defaultdict(list)
    by_stem: dict[str, list[int]] = defaultdict(list)
    for place, values in enumerate(zip(*(view.rows[name] for name in _SEARCHED), strict=True)):
        for value in values:
            for word in _distinct(value):
                by_word[word].append(place)
    for word, places in by_word.items():
        by_stem[_stem(word)] += places
    return _Index(sorted(by_word), by_word, by_stem)


@lru_cache(maxsize=50_000)
def _distinct(text: str) -> frozenset[str]:
    return frozenset(_words(text))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return [word.removesuffix("'s") for word in _WORD.findall(plain)]


_stemmer: Final = snowballstemmer.stemmer("english")


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word))


def describe(view: RegisterView, wanted: Filter, found: int) -> str:
    """Return what a table or chart rests on, in one line for its caption."""
    return f"{found:,} of {len(view.rows):,} rows: {wanted.sentence(view.titles)}. As at {long_date(view.as_at)}."
