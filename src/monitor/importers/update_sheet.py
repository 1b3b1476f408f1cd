"""
Reading the workbook in which updates were given: what each row says, and everything that cannot be read, at once.

Rows are known by their key, not by their place: they may be sorted, filtered, deleted and moved. Whether the
register takes what a row says is for `monitor.services.round_trip`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from monitor.dates import parse_day
from monitor.domain.statuses import Confidence, ForceReport, Vocabulary, parse_word
from monitor.domain.text import TEXT_MAX
from monitor.errors import UnreadableFileError
from monitor.importers.faults import Fault
from monitor.importers.sheets import CellValue, Sheet, Workbook
from monitor.importers.update_form import (
    BLOCKED,
    FILLED,
    HAPPENED,
    KEY,
    LOCKED,
    REFERENCE,
    STATUS,
    SURE,
    WORDS,
    Origin,
    RowKey,
    plain_heading,
    read_key,
    read_origin,
)

FOUND_MOST: Final = 60
_A_DAY: Final = "a day such as 31/03/2023, or nothing for the day you upload"

_T = TypeVar("_T")
_V = TypeVar("_V", bound=Vocabulary)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRow:
    """
    What one row of the workbook says.

    Attributes:
        row: The row as Excel counts it.
        version: The version of the recommendation that the person had before them.
        status, on, confidence: None where the cell is empty.
        unread: Headings of cells that could not be read; each has its fault.
    """

    sheet: str
    row: int
    reference: str
    version: int
    status: ForceReport | None = None
    narrative: str = ""
    on: date | None = None
    confidence: Confidence | None = None
    blocked_by: str = ""
    unread: frozenset[str] = frozenset()

    def where(self, heading: str = "") -> str:
        """Return where it stands, as a person finds it."""
        return _where(self.sheet, self.row, heading)

    def fault(self, heading: str, found: CellValue, wanted: str, said: str) -> Fault:
        """Return a fault of this row; `said` is the sentence after the place."""
        return _fault(self.where(heading), found, wanted, said)


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A workbook as filled in: where it comes from, what its rows say, and what could not be read."""

    name: str
    origin: Origin
    rows: tuple[UpdateRow, ...]
    faults: tuple[Fault, ...] = ()


def read_updates(workbook: Workbook) -> FilledForm:
    """
    Return what a workbook for updates says, with every fault in it.

    Raises:
        UnreadableFileError: for a workbook that is not this form; the sentence says what to do.
    """
    tables = [table for sheet in workbook.sheets if (table := _table_of(sheet))]
    found = next((table.origin for table in tables if table.origin), None)
    if not tables or found is None:
        raise UnreadableFileError(
            f"{workbook.name} is not a workbook for updates: download one on My updates, fill it in and upload that.",
            step="form",
        )
    rows: dict[str, UpdateRow] = {}
    faults: list[Fault] = []
    for table in tables:
        for one, problems in table.read():
            faults += problems
            if one is None:
                continue
            first = rows.setdefault(one.reference, one)
            if first is not one:
                faults.append(
                    one.fault(
                        KEY,
                        one.reference,
                        "each recommendation once",
                        f"{one.reference} stands here for the second time, first in row {first.row}. Delete one of the two.",
                    )
                )
    return FilledForm(workbook.name, found, tuple(rows.values()), tuple(faults))


@dataclass(frozen=True, slots=True)
class _Table:
    """The table in a sheet: where its headings stand, and the columns they name."""

    sheet: Sheet
    head: int
    columns: dict[str, int]
    origin: Origin | None

    def read(self) -> Iterator[tuple[UpdateRow | None, list[Fault]]]:
        """Yield what each row says, and what is wrong with it; nothing for a row in which nothing was filled in."""
        missing = [heading for heading in FILLED if heading not in self.columns]
        for heading in missing:
            where = _where(self.sheet.name, self.head + 1)
            said = f'the heading "{heading}" is missing. Write it back above its column, or download the workbook again.'
            yield None, [_fault(where, None, f'the heading "{heading}"', said)]
        for place in range(self.head + 1, len(self.sheet.rows)):
            line = _Line(self, place)
            if line.key is not None:
                yield line.read(), line.faults
            elif fault := line.without_key():
                yield None, [fault]


@dataclass
class _Line:
    """One row while it is read."""

    table: _Table
    place: int
    faults: list[Fault] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    @property
    def key(self) -> RowKey | None:
        """Return the row's key, if it has one that is whole."""
        return None if self.is_formula(KEY) else read_key(self.cell(KEY))

    def cell(self, heading: str) -> CellValue:
        """Return what a cell says; None for one that is empty or not there."""
        column = self.table.columns.get(heading)
        value = None if column is None else self.table.sheet.rows[self.place][column]
        return None if isinstance(value, str) and not value.strip() else value

    def is_formula(self, heading: str) -> bool:
        """Tell whether a cell holds a formula."""
        return (self.place, self.table.columns.get(heading, -1)) in self.table.sheet.formulas

    def where(self, heading: str = "") -> str:
        """Return where a cell of the row stands."""
        return _where(self.table.sheet.name, self.place + 1, heading)

    def refuse(self, heading: str, wanted: str, said: str) -> None:
        """Note that a cell cannot be read."""
        self.unread.add(heading)
        self.faults.append(_fault(self.where(heading), self.cell(heading), wanted, said))

    def without_key(self) -> Fault | None:
        """Return what is wrong with a row without a key; nothing is where nobody filled anything in."""
        found = self.cell(KEY)
        if found is None and not any(self.cell(heading) is not None for heading in FILLED):
            return None
        said = (
            "the row has no key, so nobody can tell which recommendation it means. "
            if found is None
            else f'"{_shown(found)}" is not a key as it was downloaded. '
        )
        way_out = "Copy what you wrote into the row of a new download, or delete the row."
        return _fault(self.where(KEY), found, "the key as downloaded", said + way_out)

    def read(self) -> UpdateRow | None:
        """Return what the row says; None where its key has been moved to another row."""
        key = self.key
        if key is None or not self._holds(key):
            return None
        return UpdateRow(
            sheet=self.table.sheet.name,
            row=self.place + 1,
            reference=key.reference,
            version=key.version,
            status=self._one_of(STATUS, ForceReport),
            narrative=self._text(WORDS),
            on=self._cell(HAPPENED, self._day, None),
            confidence=self._one_of(SURE, Confidence),
            blocked_by=self._text(BLOCKED),
            unread=frozenset(self.unread),
        )

    def _holds(self, key: RowKey) -> bool:
        """Check the locked cells against the key; tell whether the key belongs to this row."""
        told = self.cell(REFERENCE)
        if isinstance(told, str) and told.strip() != key.reference:
            self.refuse(
                REFERENCE,
                key.reference,
                f'the cell says "{_shown(told)}", and the key of the row belongs to {key.reference}. '
                "Keep whole rows together: undo the sorting or the paste, or fill in a new download.",
            )
            return False
        for place in key.edited([self.cell(heading) for heading in LOCKED]):
            heading = LOCKED[place]
            self.refuse(
                heading,
                "what it said, or nothing",
                "the cell was changed, and it is not read: nothing would come of it. "
                f"Undo the change, or empty the cell.{_instead(heading)}",
            )
        return True

    def _cell(self, heading: str, read: Callable[[CellValue], _T], empty: _T) -> _T:
        """Return what a cell of the form says; where it cannot be read, note why and return what an empty one says."""
        value = self.cell(heading)
        if self.is_formula(heading):
            self.refuse(
                heading,
                "what it comes to, as a plain value",
                "the cell holds a formula. Write what it comes to.",
            )
            return empty
        if value is None:
            return empty
        try:
            return read(value)
        except _WrongError as wrong:
            self.refuse(heading, wrong.wanted, wrong.said)
            return empty

    def _one_of(self, heading: str, vocabulary: type[_V]) -> _V | None:
        def read(value: CellValue) -> _V | None:
            try:
                return parse_word(vocabulary, str(value))
            except ValueError:
                accepted = ", ".join(member.word for member in vocabulary)
                raise _WrongError(
                    f"one of: {accepted}", f'"{_shown(value)}" is not one of: {accepted}.'
                ) from None

        return self._cell(heading, read, None)

    def _text(self, heading: str) -> str:
        return self._cell(heading, _text, "")

    @staticmethod
    def _day(value: CellValue) -> date | None:
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            try:
                return parse_day(value)
            except ValueError as problem:
                raise _WrongError(_A_DAY, str(problem)) from None
        raise _WrongError(
            _A_DAY, f'"{_shown(value)}" is a number and not a day. Write the day as 31/03/2023.'
        )


class _WrongError(Exception):
    """A cell says something that cannot be read: what would be right, and the sentence."""

    def __init__(self, wanted: str, said: str) -> None:
        super().__init__(said)
        self.wanted, self.said = wanted, said


def _text(value: CellValue) -> str:
    if not isinstance(value, str):
        raise _WrongError("words", f'"{_shown(value)}" is not text. Write it in words.')
    if len(value) > TEXT_MAX:
        raise _WrongError(
            f"at most {TEXT_MAX:,} characters",
            f"the text has {len(value):,} characters. It can have {TEXT_MAX:,}.",
        )
    return value.strip()


def _table_of(sheet: Sheet) -> _Table | None:
    """Return the table of a sheet: the first row with the key's heading and one of those to fill in."""
    known = {plain_heading(heading): heading for heading in (*LOCKED, *FILLED, KEY)}
    for place, row in enumerate(sheet.rows):
        columns: dict[str, int] = {}
        for column, value in enumerate(row):
            heading = known.get(plain_heading(value))
            if heading:
                columns.setdefault(heading, column)
        if KEY in columns and any(heading in columns for heading in FILLED):
            above = (cell for line in sheet.rows[:place] for cell in line)
            origin = next((found for cell in above if (found := read_origin(cell))), None)
            return _Table(sheet, place, columns, origin)
    return None


def _instead(heading: str) -> str:
    ways: dict[str, str] = {
        "Target date": " A date is moved by asking for a new one, on the page of the recommendation.",
        "What the force last reported": f' What is new belongs in "{WORDS}".',
    }
    return ways.get(heading, "")


def _where(sheet: str, row: int, heading: str = "") -> str:
    return f'Sheet "{sheet}", row {row}' + (f', "{heading}"' if heading else "")


def _fault(where: str, found: Any, wanted: str, said: str) -> Fault:
    return Fault(where=where, found=_shown(found), wanted=wanted, message=f"{where}: {said}")


def _shown(value: Any) -> str:
    """Return a value as one short line."""
    text = (
        ""
        if value is None
        else value.isoformat()
        if isinstance(value, date)
        else " ".join(str(value).split())
    )
    return text if len(text) <= FOUND_MOST else text[: FOUND_MOST - 1] + "…"
