"""What the templates are given: statuses with mark and tone, rows of lists, cells of tables, drawings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd
from markupsafe import Markup

from monitor.charts.chart import Chart
from monitor.charts.drawing import Drawing
from monitor.charts.ledger import ledger_of
from monitor.charts.svg import NARROW, WIDE, to_svg
from monitor.charts.theme import mark_of
from monitor.dates import long_date, short_date
from monitor.domain.statuses import Assurance, ForceReport, Position, ScheduleState, Vocabulary
from monitor.domain.wording import moves_words, schedule_words
from monitor.exporters.document import printable
from monitor.services.public_items import PublicItem

WIDE_FROM = 4
"""Columns from which on a table may scroll sideways on a phone."""


@dataclass(frozen=True, slots=True)
class Status:
    """A word with its mark and the name of its tone."""

    word: str
    glyph: str
    tone: str


def status(member: Vocabulary, words: str = "") -> Status:
    """Return how a member of a vocabulary reads, or other words with its mark."""
    mark = mark_of(member)
    return Status(words or member.word, mark.glyph, mark.colour or "ink")


@dataclass(frozen=True, slots=True)
class Row:
    """One recommendation in a list."""

    page: str
    title: str
    schedule: Status
    facts: tuple[str, ...]
    voices: tuple[tuple[str, Status], ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: words, that may lead to a page, or a status."""

    words: str = ""
    page: str = ""
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """The heading of a column, and the class of its cells: "end" for numbers, "day" for days."""

    heading: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]

    @property
    def is_wide(self) -> bool:
        """Tell whether it may be wider than a phone."""
        return len(self.columns) >= WIDE_FROM


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with everything that stands round it."""

    heading: str
    counted: str
    wide: Markup
    narrow: Markup
    captions: Sequence[str]
    table: Table | None = None
    page: str = ""
    file: str = ""


def drawn(chart: Chart, pages: Mapping[str, str], *, page: str = "", file: str = "") -> Drawn:
    """
    Return a chart as the page shows it: for a wide screen and for a phone, of which the style sheet shows one.

    Args:
        pages: The page of each recommendation, by reference.
    """
    wide, narrow = _both(chart.drawing, chart.alt) if chart.drawing else (Markup(), Markup())
    table = table_of(chart.table, chart.counted, pages) if len(chart.table) else None
    return Drawn(chart.finding, chart.counted, wide, narrow, chart.captions, table, page, file)


@lru_cache(maxsize=8192)
def ledger_drawn(dues: tuple[int, ...], end: int, closed: bool) -> Drawn:
    """Return the target dates of one recommendation as its page shows them; those of a closed one never change."""
    finding, drawing, facts = ledger_of(list(dues), end, closed=closed)
    return Drawn(finding, "", *_both(drawing, f"{finding}. {facts}"), ())


def _both(drawing: Drawing, alt: str) -> tuple[Markup, Markup]:
    wide, narrow = (
        to_svg(drawing, alt=printable(alt), width=width, classes=name)
        for name, width in (("wide", WIDE), ("narrow", NARROW))
    )
    return Markup(wide), Markup(narrow)  # noqa: S704 - made of elements, which escape every word


def table_of(frame: pd.DataFrame, caption: str, pages: Mapping[str, str]) -> Table:
    """Return a frame as a table; references lead to their pages."""
    columns = [
        Column(str(name), _kind(frame[name]) if place else "") for place, name in enumerate(frame.columns)
    ]
    rows = [
        [
            Cell(_words(value), pages.get(str(value), "") if column.heading == "Reference" else "")
            for column, value in zip(columns, values, strict=True)
        ]
        for values in frame.itertuples(index=False, name=None)
    ]
    return Table(caption, columns, rows)


def _kind(column: "pd.Series[Any]") -> str:
    if pd.api.types.is_numeric_dtype(column):
        return "end"
    return "day" if pd.api.types.is_datetime64_any_dtype(column) else ""


def _words(value: Any) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, date):
        return short_date(value)
    return value if isinstance(value, str) else f"{value:,}"


def day_of(value: Any) -> date | None:
    """Return a day of the register's table; None for no day."""
    return None if pd.isna(value) else value.date()


def schedule_of(row: Mapping[str, Any]) -> Status:
    """Return how its schedule reads: "47 days late", "Due in 74 days", "Closed 3 days late"."""
    state = ScheduleState(row["schedule_state"])
    late, left = int(row["days_late"]), row["days_to_target"]
    if state is ScheduleState.CLOSED_LATE:
        late = (row["closed_on"] - row["current_target"]).days
    words = schedule_words(
        state,
        days_late=late,
        days_to_target=None if pd.isna(left) else int(left),
        moves=int(row["moves"]),
        first_set=day_of(row["original_target"]),
    )
    return status(state, words)


def row_of(item: PublicItem, page: str, *, voices: bool = True, reason: bool = False) -> Row:
    """Return a recommendation as a line of a list."""
    row = item.row
    said = (
        ("The force reports", status(ForceReport(row["force_report"]))),
        ("Office", status(Assurance(row["assurance"]))),
        ("Inspectorate", status(Position(row["position"]))),
    )
    return Row(
        page=page,
        title=row["short_title"],
        schedule=schedule_of(row),
        facts=tuple(_facts(item)),
        voices=said if voices and row["counts"] else (),
        reason=row["reason"] if reason else "",
    )


def _facts(item: PublicItem) -> list[str]:
    row = item.row
    due, first, closed = (day_of(row[name]) for name in ("current_target", "original_target", "closed_on"))
    facts = []
    if closed:
        facts.append(f"closed {short_date(closed)}")
    elif due:
        facts.append(f"due {short_date(due)}")
    if row["moves"] and first and row["schedule_state"] != ScheduleState.PAST_FIRST_DATE.value:
        facts.append(f"{moves_words(int(row['moves']))}, first {short_date(first)}")
    return [*facts, item.reference]


def on_day(day: date | None) -> str:
    """Return the day in words, or that none is recorded."""
    return long_date(day) if day else "No day recorded"
