"""One row of a tracker as typed values, its status and its updates; whatever is wrong with it is told as a fault."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from monitor.dates import long_date
from monitor.domain.statuses import ForceReport, Kind, Precision, parse_word
from monitor.importers import tracker_cells as cells
from monitor.importers.faults import Fault
from monitor.importers.sheets import CELL_LIMIT, CellValue, Sheet
from monitor.importers.tracker_cells import CellError, Published
from monitor.importers.tracker_columns import Column, Header
from monitor.importers.tracker_fields import DATED_UPDATE, FIELDS, HeadingDay, plain_heading
from monitor.importers.tracker_model import StatusWord, TrackerRow, TrackerUpdate, where

_TOLD_APART: Final = frozenset({"update", "status", DATED_UPDATE})
_CARRIED: Final = frozenset({"report", "published"})
_OVER_SUB_RECOMMENDATIONS: Final = frozenset({"lead_in", "number"})
_FOUND_LENGTH: Final = 80
_TOO_LONG: Final = f"a cell can have {CELL_LIMIT:,}"


@dataclass
class Table:
    """
    A sheet that is read.

    Attributes:
        order: Its place among the tables of the file.
        is_share: Whether the numbers of its status column are shares of one, as Excel keeps percentages.
    """

    sheet: Sheet
    header: Header
    columns: tuple[Column, ...]
    order: int = 0
    is_share: bool = False

    @cached_property
    def mapped(self) -> tuple[Column, ...]:
        """The columns that are read."""
        return tuple(column for column in self.columns if column.field)

    @cached_property
    def carried(self) -> frozenset[str]:
        """The fields whose empty cells, in joined cells, are as the one above."""
        if self.header.own:
            return frozenset()
        return _CARRIED | (_OVER_SUB_RECOMMENDATIONS if self.has_sub_recommendations else frozenset())

    @cached_property
    def has_sub_recommendations(self) -> bool:
        """Whether a column of texts has the words over them in another."""
        return {"lead_in", "text"} <= self._by_field.keys()

    def column(self, key: str) -> Column | None:
        """Return the first column of a field."""
        return self._by_field.get(key)

    @cached_property
    def _by_field(self) -> dict[str, Column]:
        return {column.field: column for column in reversed(self.mapped)}


@dataclass(slots=True)
class Above:
    """What the rows above say for those under them: the report of a section, its kind, and joined cells."""

    report: str = ""
    kind: Kind | None = None
    filled: dict[str, CellValue] = field(default_factory=dict)


@dataclass(slots=True)
class Findings:
    """
    What is found while the rows of a file are read.

    Attributes:
        settled: What a person said of a status word; None for no status.
        seen: Each reference as it is compared, with the place where it stands.
        undated: Updates without a date.
        claims: Rows that say "closed", which an import reads as complete.
        filled: How many empty cells of a column were read as the one above, by sheet and heading.
    """

    today: date
    settled: Mapping[str, ForceReport | None]
    words: dict[str, StatusWord] = field(default_factory=dict)
    seen: dict[str, tuple[str, int]] = field(default_factory=dict)
    filled: dict[tuple[str, str], int] = field(default_factory=dict)
    undated: int = 0
    claims: int = 0
    _faults: list[tuple[tuple[int, int, int], Fault]] = field(default_factory=list)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return the faults in the order of the sheets, rows and columns."""
        return tuple(fault for _, fault in sorted(self._faults, key=lambda one: one[0]))

    def tell(self, fault: Fault, *place: int) -> None:
        """Keep a fault at its sheet, row and column, which order it."""
        sheet, row, column = (*place, 0, 0, 0)[:3]
        self._faults.append(((sheet, row, column), fault))

    def has_fault(self, table: Table, index: int, column: Column) -> bool:
        """Tell whether a cell of the row that is being read has a fault already."""
        place = (table.order, index, column.guess.place)
        return any(known == place for known, _ in self._faults[-len(table.columns) :])

    def fault(
        self,
        table: Table,
        index: int,
        column: Column,
        value: CellValue,
        complaint: str,
        wanted: str,
        *,
        quote: bool = True,
    ) -> None:
        """Keep the fault of a cell, in a sentence that begins with its place and what stands there."""
        found = " ".join(cells.shown(value).split())
        found = found if len(found) <= _FOUND_LENGTH else found[: _FOUND_LENGTH - 1] + "…"
        place = where(table.sheet.name, index + 1, column.guess.heading)
        told = f'{place}: "{found}" {complaint}.' if quote and found else f"{place} {complaint}."
        self.tell(Fault(place, found, wanted, told), table.order, index, column.guess.place)


def read_row(table: Table, index: int, above: Above, findings: Findings) -> TrackerRow:
    """Return a row; what cannot be read is told as a fault and has no value."""
    readable = dict(_checked(table, index, above, findings))
    if table.header.own:
        values = _own_values(table, index, readable, findings)
    else:
        values = _values(table, index, readable, findings)
        _add_from_above(table, above, values)
    _check_reference(table, index, values, findings)
    _check_text(table, index, values, findings)
    found, status = _status(table, index, readable, findings)
    updates = sorted(_updates(table, index, readable, values, findings), key=lambda update: update.day)
    return TrackerRow(table.sheet.name, index + 1, values, tuple(updates), status, found)


def _checked(
    table: Table, index: int, above: Above, findings: Findings
) -> Iterator[tuple[Column, CellValue]]:
    """Yield the cells that hold a value and may be read; a formula and too long a text are faults."""
    for column in table.mapped:
        value = table.sheet.rows[index][column.guess.place]
        if (index, column.guess.place) in table.sheet.formulas:
            findings.fault(table, index, column, value, "holds a formula; paste it as a value", "a value")
        elif isinstance(value, str) and len(value) > CELL_LIMIT:
            complaint, wanted = (
                f"has {len(value):,} characters; {_TOO_LONG}",
                f"at most {CELL_LIMIT:,} characters",
            )
            findings.fault(table, index, column, value, complaint, wanted, quote=False)
        else:
            value = _filled_down(table, above, column, value, findings)
            if not cells.is_blank(value):
                yield column, value


def _filled_down(
    table: Table, above: Above, column: Column, value: CellValue, findings: Findings
) -> CellValue:
    """Return the value, or for joined cells the one above: a report's title, and what stands over sub recommendations."""
    if column.field not in table.carried:
        return value
    if not cells.is_blank(value):
        if column.field == "number":
            above.filled.pop("lead_in", None)  # another recommendation begins
        above.filled[column.field] = value
        return value
    if (kept := above.filled.get(column.field)) is not None:
        place = (table.sheet.name, column.guess.heading)
        findings.filled[place] = findings.filled.get(place, 0) + 1
    return kept


# Values -----------------------------------------------------------------------------------------------------------------


def _values(
    table: Table, index: int, readable: Mapping[Column, CellValue], findings: Findings
) -> dict[str, Any]:
    """Return the values by field. The day of publication comes first: "within three months" counts from it."""
    values: dict[str, Any] = {}
    published = Published()
    for column in sorted(readable, key=lambda one: one.field != "published"):
        if column.field in _TOLD_APART:
            continue
        read = _cell(table, index, column, readable[column], published, findings)
        if read in (None, "", ()):
            continue
        values[column.field] = read
        if column.field == "published":
            published = Published(*read)
    if in_force := _not_revised(table, index, readable, published, findings):
        values["target"] = in_force
    return values


def _not_revised(
    table: Table, index: int, readable: Mapping[Column, CellValue], published: Published, findings: Findings
) -> Any:
    """Return the date first set where the column of revised ones is empty: it is still in force."""
    first, target = table.column("first_target"), table.column("target")
    if first is None or target is None or first not in readable or target in readable:
        return None
    as_target = replace(first, guess=replace(first.guess, field="target"))
    return _cell(table, index, as_target, readable[first], published, findings)


def _cell(
    table: Table, index: int, column: Column, value: CellValue, published: Published, findings: Findings
) -> Any:
    """Return what a cell holds; None, with the fault told, for what cannot be read."""
    kind = FIELDS[column.field].kind
    try:
        read = _READERS[kind](value, published)
        return _not_later(read, findings.today) if kind == "past_day" and read else read
    except CellError as error:
        findings.fault(table, index, column, value, error.complaint, error.wanted)
        return None


def _not_later(dated: tuple[date, Precision], today: date) -> date:
    """Return the day, or today within a month or year that still runs; one to come raises `CellError`."""
    day, precision = dated
    if day <= today:
        return day
    first = {Precision.MONTH: day.replace(day=1), Precision.YEAR: day.replace(month=1, day=1)}.get(
        precision, day
    )
    if first > today:
        raise CellError(f"lies in the future; today is {long_date(today)}", "a day up to today")
    return today


def _dated(value: CellValue, _: Published) -> tuple[date, Precision] | None:
    return None if cells.says_nothing(value) else cells.read_dated(value)


def _day(value: CellValue, published: Published) -> date | None:
    read = _dated(value, published)
    return read[0] if read else None


def _guarded(value: CellValue, published: Published) -> date | str | None:
    try:
        return _day(value, published)
    except CellError:
        return cells.read_line(value)


_READERS: Final[Mapping[str, Callable[[CellValue, Published], Any]]] = {
    "text": lambda value, _: cells.read_text(value),
    "line": lambda value, _: cells.read_line(value),
    "code": lambda value, _: cells.read_code(value),
    "list": lambda value, _: cells.read_list(value),
    "kind": lambda value, _: cells.read_kind(value),
    "applicability": lambda value, _: cells.read_applicability(value),
    "confidence": lambda value, _: cells.read_confidence(value),
    "target": cells.read_target,
    "published": _dated,
    "day": _day,
    "past_day": _dated,
    "guard": _guarded,
}


def _own_values(
    table: Table, index: int, readable: Mapping[Column, CellValue], findings: Findings
) -> dict[str, Any]:
    """Return the values of a row of the register's own export, exactly as they were."""
    values: dict[str, Any] = {}
    for column, value in readable.items():
        if column.field in _TOLD_APART:
            continue
        try:
            values[column.field] = _read_own(column.field, value)
        except CellError as error:
            findings.fault(table, index, column, value, error.complaint, error.wanted)
    beside = {column.own.key: column for column in table.columns if column.own}

    def found(key: str) -> str:
        return cells.shown(table.sheet.rows[index][beside[key].guess.place]) if key in beside else ""

    def precision(key: str, day: date | None) -> Precision:
        try:
            return parse_word(Precision, found(key)) if day and found(key) else Precision.UNKNOWN
        except ValueError:
            accepted = cells.accepted(Precision)
            findings.fault(table, index, beside[key], found(key), f"is not one of: {accepted}", accepted)
            return Precision.UNKNOWN

    if "published" in values:
        values["published"] = (values["published"], precision("published_precision", values["published"]))
    due, phrase = values.pop("target", None), found("target_phrase")
    if due or phrase:
        values["target"] = (phrase, due, precision("target_precision", due), "")
    return values


def _read_own(key: str, value: CellValue) -> Any:
    if key in ("published", "target", "opened", "updated_on", "closed_on", "first_target"):
        return cells.own_day(value)
    if key in ("themes", "addressees"):
        return tuple(cells.shown(value).split("; "))
    if key == "kind":
        return cells.read_kind(value)
    return cells.read_applicability(value) if key == "applicability" else cells.shown(value)


def _add_from_above(table: Table, above: Above, values: dict[str, Any]) -> None:
    if above.report and table.column("report") is None:
        values["report"] = above.report
    if above.kind and table.column("kind") is None:
        values["kind"] = above.kind
    if "text" not in values and "lead_in" in values and table.has_sub_recommendations:
        values["text"] = values.pop("lead_in")


def _check_reference(table: Table, index: int, values: Mapping[str, Any], findings: Findings) -> None:
    """Tell a fault for a reference that stands twice in the file."""
    column = table.column("reference")
    if column is None or "reference" not in values:
        return
    here = (table.sheet.name, index + 1)
    before = findings.seen.setdefault(cells.compared(values["reference"]), here)
    if before != here:
        other = f"row {before[1]}" if before[0] == here[0] else f'sheet "{before[0]}", row {before[1]},'
        complaint = f"stands in {other} too; a reference can stand in a file once"
        findings.fault(table, index, column, values["reference"], complaint, "a reference that stands once")


def _check_text(table: Table, index: int, values: Mapping[str, Any], findings: Findings) -> None:
    """Tell a fault for a row without the words of its recommendation, where there is a column for them."""
    column = table.column("text")
    if column is None or "text" in values or findings.has_fault(table, index, column):
        return
    complaint = "is empty; each row needs the words of the recommendation"
    findings.fault(table, index, column, None, complaint, "the words as printed")


# Status and updates -----------------------------------------------------------------------------------------------------


def is_share(table: Table) -> bool:
    """Tell whether the numbers of the status column are shares of one: none is greater."""
    column = table.column("status")
    if column is None:
        return False
    found = [_as_number(column, row[column.guess.place]) for row in table.sheet.rows[table.header.last + 1 :]]
    numbers = [value for value in found if isinstance(value, int | float) and not isinstance(value, bool)]
    return bool(numbers) and max(numbers) <= 1


def _as_number(column: Column, value: CellValue) -> CellValue:
    """Return a figure that stands as text under a heading of percentages as a number."""
    if (
        isinstance(value, str)
        and value.strip().isdecimal()
        and "percent" in plain_heading(column.guess.heading)
    ):
        return int(value)
    return value


def _status(
    table: Table, index: int, readable: Mapping[Column, CellValue], findings: Findings
) -> tuple[str, ForceReport | None]:
    """Return the status word as found and what it is taken for; one that nobody has settled is a fault in its row."""
    column = table.column("status")
    if column is None or column not in readable:
        return "", None
    found = cells.status_found(_as_number(column, readable[column]), is_share=table.is_share)
    if not found:
        return "", None
    key = cells.status_key(found)
    is_settled = key in findings.settled
    status, is_guess = (findings.settled[key], False) if is_settled else cells.guess_status(found)
    known = findings.words.get(key, StatusWord(found, status, is_guess, 0))
    findings.words[key] = StatusWord(known.found, status, is_guess, known.rows + 1)
    if status is None and not is_settled:
        accepted = cells.accepted(ForceReport)
        complaint = f"does not say how far it is; say which it means: {accepted}"
        findings.fault(table, index, column, found, complaint, accepted)
    if status is ForceReport.COMPLETE and cells.CLOSED_WORDS.search(key):
        findings.claims += 1
    return found, status


def _updates(
    table: Table,
    index: int,
    readable: Mapping[Column, CellValue],
    values: Mapping[str, Any],
    findings: Findings,
) -> Iterator[TrackerUpdate]:
    for column, value in readable.items():
        text = cells.read_text(value)
        if column.field not in (DATED_UPDATE, "update") or cells.status_key(text) in cells.NO_VALUE:
            continue
        if column.dated is None:
            dated = _diary(text, values.get("updated_on"), findings)
        else:
            dated = _under_a_date(column.dated, text, findings.today)
        for day, precision, words in dated:
            if day <= findings.today:
                yield TrackerUpdate(day, precision, words, column.guess.heading)
            else:
                complaint = f"holds an update of {long_date(day)}, which lies in the future"
                findings.fault(
                    table, index, column, text, complaint, "an update of a day up to today", quote=False
                )


def _under_a_date(heading: HeadingDay, text: str, today: date) -> Iterator[tuple[date, Precision, str]]:
    """Yield the update with its heading's day, today within a month that still runs; none where the day is not told."""
    if heading.day is not None:
        still_runs = heading.first is not None and heading.first <= today < heading.day
        yield today if still_runs else heading.day, heading.precision, text


def _diary(text: str, updated_on: date | None, findings: Findings) -> Iterator[tuple[date, Precision, str]]:
    """Yield the dated paragraphs of a cell, or the whole of it with the day beside it, or with today."""
    parts = cells.dated_paragraphs(text)
    for day, words in parts:
        yield day, Precision.DAY, words
    if not parts:
        findings.undated += updated_on is None
        yield updated_on or findings.today, Precision.DAY, text
