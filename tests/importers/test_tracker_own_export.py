"""The register's own export, taken in again: every column known, every value as it was."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.statuses import (
    Applicability,
    Assurance,
    ClosureReason,
    ForceReport,
    Kind,
    Position,
    Precision,
    ScheduleState,
    Vocabulary,
)
from monitor.domain.text import clean
from monitor.exporters import Column, ExportTable, as_bytes
from monitor.importers import read_sheet
from monitor.importers.child import read_workbook
from monitor.importers.file_kinds import SHEETS
from monitor.importers.gate import admit
from monitor.importers.sheets import Workbook
from monitor.importers.tracker import FIELDS, TrackerRow, read_tracker
from monitor.importers.tracker_fields import OWN_EXPORT
from monitor.services.columns import COLUMNS
from tests.importers.trackers import TODAY, a_sheet, a_workbook

_READERS = {"csv": read_sheet.read_csv, "xlsx": read_sheet.read_xlsx}
_WORDS: dict[str, type[Vocabulary]] = {
    "kind": Kind,
    "applicability": Applicability,
    "force_report": ForceReport,
    "assurance": Assurance,
    "position": Position,
    "schedule_state": ScheduleState,
    "closure_reason": ClosureReason,
    "published_precision": Precision,
    "target_precision": Precision,
}

# Letters of several scripts, signs that could run as formulas, quotation marks; no marks that readers make visible.
texts = (
    st.text(
        st.characters(categories=["L", "N", "P", "S", "Zs"]) | st.sampled_from("=+-@'\";,\n"), max_size=60
    )
    .map(clean)
    .filter(lambda text: " ".join(text.split(" ")) == text)
)
lines = texts.map(lambda text: " ".join(text.split()))
lists = st.lists(lines.filter(lambda text: text and ";" not in text), max_size=3, unique=True).map("; ".join)
days = st.dates(date(1985, 1, 1), date(2060, 12, 31))
references = st.from_regex(r"[A-Z]{2,4}-[0-9]{1,4}", fullmatch=True)


def _values(column_key: str, kind: str) -> st.SearchStrategy[Any]:
    if column_key in _WORDS:
        return st.sampled_from([member.word for member in _WORDS[column_key]])
    if column_key in ("addressees", "themes"):
        return lists
    if column_key == "reference":
        return references
    if column_key == "text":
        return texts.filter(bool)
    if kind == "day":
        return st.none() | days
    if kind == "count":
        return st.none() | st.integers(-400, 4000)
    return st.booleans() if kind == "flag" else lines


rows_of_the_register = st.lists(
    st.fixed_dictionaries({column.key: _values(column.key, column.kind) for column in COLUMNS}),
    max_size=5,
    unique_by=lambda row: row["reference"],
)


def exported(rows: list[dict[str, Any]], suffix: str) -> bytes:
    """Return the bytes of an export of these rows."""
    return as_bytes(
        ExportTable(
            name="register",
            title="Register of recommendations",
            columns=[Column(c.key, c.heading, c.meaning, c.kind) for c in COLUMNS],
            rows=rows,
            captions=["Office: recommendations and areas for improvement."],
            as_at=TODAY,
        ),
        suffix,
    )


def opened(rows: list[dict[str, Any]], suffix: str) -> Workbook:
    """Return the export as the child would read it, in this process."""
    content = exported(rows, suffix)
    return _READERS[suffix](admit(f"register.{suffix}", content, SHEETS), content)


def check_same(row: TrackerRow, given_row: dict[str, Any]) -> None:
    """Assert that a row holds what was exported, in every field that is read."""
    expected: dict[str, Any] = {}
    for own in OWN_EXPORT:
        value = given_row.get(own.key)
        if own.field in ("", "status", "published", "target") or value in (None, ""):
            continue
        if own.key in ("addressees", "themes"):
            value = tuple(value.split("; "))
        expected[own.field] = value if own.key not in ("kind", "applicability") else row.values[own.field]
    if given_row["published_on"]:
        expected["published"] = (
            given_row["published_on"],
            _member(Precision, given_row["published_precision"]),
        )
    due, phrase = given_row["current_target"], given_row["target_phrase"]
    if due or phrase:
        precision = _member(Precision, given_row["target_precision"]) if due else Precision.UNKNOWN
        expected["target"] = (phrase, due, precision, "")
    assert row.values == expected
    assert row.values["kind"].word == given_row["kind"]
    assert row.values["applicability"].word == given_row["applicability"]
    assert row.status is not None
    assert row.status.word == given_row["force_report"]


def _member(vocabulary: type[Vocabulary], word: str) -> Vocabulary:
    return next(member for member in vocabulary if member.word == word)


def test_own_headings_are_those_of_the_register() -> None:
    """The list that the reader knows is the list that the register exports, in its order."""
    assert [(own.key, own.heading) for own in OWN_EXPORT[: len(COLUMNS)]] == [
        (c.key, c.heading) for c in COLUMNS
    ]
    assert [own.key for own in OWN_EXPORT[len(COLUMNS) :]] == ["as_at", "demonstration"]
    assert {own.field for own in OWN_EXPORT} - {""} <= set(FIELDS)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@settings(max_examples=25, deadline=None)
@given(rows=rows_of_the_register)
def test_untouched_export_gives_back_what_was_exported(suffix: str, rows: list[dict[str, Any]]) -> None:
    """Whatever the register holds, an export that nobody touched reads as it was, without a fault."""
    tracker = read_tracker(opened(rows, suffix), today=TODAY)

    assert tracker.is_own_export
    assert not tracker.faults
    assert len(tracker.rows) == len(rows)
    for row, given_row in zip(tracker.rows, rows, strict=True):
        check_same(row, given_row)
    assert not any(word.is_guess for word in tracker.words)


def a_row(**changes: Any) -> dict[str, Any]:
    """Return a row of the register that is valid by default."""
    plain: dict[str, Any] = {
        column.key: {"text": "", "day": None, "count": 0, "flag": False}[column.kind] for column in COLUMNS
    }
    return (
        plain
        | {
            "reference": "CC-001",
            "short_title": "Call handlers see earlier calls",
            "text": "=The force should -\n· see to it.",
            "kind": "Area for improvement",
            "applicability": "For the force",
            "force_report": "In progress",
            "assurance": "Not assured",
            "position": "Open",
            "themes": "Control room; vulnerability",
            "current_target": date(2027, 3, 31),
            "target_precision": "month",
            "target_phrase": "By March 2027",
            "published_precision": "unknown",
            "is_open": True,
        }
        | changes
    )


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_own_export_through_the_child(suffix: str) -> None:
    """The whole way, with the sheet About left out by name."""
    tracker = read_tracker(read_workbook(f"register.{suffix}", exported([a_row()], suffix)), today=TODAY)

    check_same(tracker.rows[0], a_row())
    assert {column.how for column in tracker.columns} == {"our own export"}
    assert (suffix == "xlsx") is any('Sheet "About" is not read' in note for note in tracker.notes)


def test_own_export_with_columns_taken_out_is_still_known() -> None:
    """A person who deletes some columns that are computed has still our export, with Recommendation the short title."""
    kept = [column for column in COLUMNS if column.kind != "count"]
    sheet = a_sheet([[c.heading for c in kept], [a_row()[c.key] for c in kept]])

    tracker = read_tracker(a_workbook(sheet), today=TODAY)

    assert tracker.is_own_export
    assert tracker.rows[0].values["short_title"] == "Call handlers see earlier calls"


def test_another_tracker_is_not_taken_for_our_export() -> None:
    """A few headings like ours make no export of ours."""
    sheet = a_sheet([["Reference", "Recommendation", "Text", "Kind"], ["A", "Short", "Long enough.", "AFI"]])

    assert not read_tracker(a_workbook(sheet), today=TODAY).is_own_export


def test_wrong_word_in_an_own_export_is_a_fault() -> None:
    """An export that was touched is held to the words it was written with."""
    sheet = a_sheet(
        [
            [c.heading for c in COLUMNS],
            [a_row(kind="Praise", published_on="soon", target_precision="week")[c.key] for c in COLUMNS],
        ]
    )

    tracker = read_tracker(a_workbook(sheet), today=TODAY)

    assert [fault.found for fault in tracker.faults] == ["Praise", "soon", "week"]
