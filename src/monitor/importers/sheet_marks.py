"""
What the raw text of a sheet says and its reader does not: formulas, what is hidden, joined cells, errors.

The gate hears every element of a sheet once; its limits are kept and its marks are taken in that one pass.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from monitor.importers.sheets import CELL_LIMIT, COLUMN_LIMIT, ROW_LIMIT, Place, column_letter

MERGE_LIMIT: Final = 10_000
"""Cells joined into one."""
MARK_LIMIT: Final = 250_000
"""Cells of a workbook that hold a formula or an error, or are covered by another."""

_OUTSIDE: Final = f"a sheet in it has cells outside {ROW_LIMIT:,} rows and {COLUMN_LIMIT} columns"
_TOO_MANY_ROWS: Final = f"a sheet in it has more than {ROW_LIMIT:,} rows"
_TOO_MANY_MARKS: Final = (
    f"more than {MARK_LIMIT:,} of its cells hold formulas or errors or are joined (save it with values only)"
)
_PLACE: Final = re.compile(r"([A-Z]{0,4})(\d{0,8})")
_LETTERS: Final = tuple(column_letter(column) for column in range(COLUMN_LIMIT))
_COLUMNS: Final = {letters: column for column, letters in enumerate(_LETTERS)}


class UnfitPart(Exception):  # noqa: N818 - ends the reading of a part, with a problem for the person
    """One part of a file that refuses the whole; the message goes into a sentence."""


@dataclass(slots=True)
class SheetMarks:
    """
    Marks of one sheet, rows and columns counted from 0.

    Attributes:
        covered: Areas (top, left, bottom, right, the ends included) whose cells lie under a joined one.
        shown: What cells show that the reader gives no value for: errors, times, text without a type.
    """

    formulas: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    covered: list[tuple[int, int, int, int]] = field(default_factory=list)
    shown: dict[Place, str] = field(default_factory=dict)


@dataclass(slots=True)
class Budget:
    """How many marks a workbook may still have."""

    left: int = MARK_LIMIT

    def spend(self, marks: int) -> None:
        """Count marks in; refuse what is too many."""
        self.left -= marks
        if self.left < 0:
            raise UnfitPart(_TOO_MANY_MARKS)


class Cells(Protocol):
    """Listens to the elements of a part that holds sheets."""

    wants_text: bool

    def start(self, local: str, attributes: Mapping[str, str]) -> None:
        """Hear that an element begins."""

    def end(self, local: str) -> None:
        """Hear that an element ends."""

    def text(self, text: str) -> None:
        """Hear what stands in an element, while `wants_text`."""


class XlsxCells:
    """Listens to the one sheet of a part; cells without a place of their own follow the one before, as in Excel."""

    def __init__(self, marks: SheetMarks, budget: Budget) -> None:
        self.marks = marks
        self.budget = budget
        self.wants_text = False
        self._row = self._column = 0
        self._row_name = "1"
        self._is_in_cells = False
        self._place: Place = (0, 0)
        self._is_error = False
        self._said: list[str] = []

    def start(self, local: str, attributes: Mapping[str, str]) -> None:
        """Hear that an element begins."""
        if local == "c":
            self._cell(attributes)
        elif local == "v":
            self.wants_text = self._is_error
        elif local == "f":
            if self._is_in_cells:
                self._formula(attributes)
        elif local == "row":
            self._begin_row(attributes)
        elif local == "mergeCell":
            self._join(attributes)
        elif local == "col":
            if _says_yes(attributes.get("hidden")):
                first, last = (_whole(attributes.get(end), COLUMN_LIMIT) for end in ("min", "max"))
                self.marks.hidden_columns.update(range(max(0, first - 1), last))
        elif local == "sheetData":
            self._is_in_cells = True

    def end(self, local: str) -> None:
        """Hear that an element ends."""
        if local == "row":
            self._row += 1
            self._row_name = str(self._row + 1)
            self._column = 0
        elif local == "v":
            if self.wants_text:
                self.wants_text = False
                self.budget.spend(1)
                self.marks.shown[self._place] = "".join(self._said)[:CELL_LIMIT]
        elif local == "sheetData":
            self._is_in_cells = False

    def text(self, text: str) -> None:
        """Hear what stands in a cell that holds an error."""
        self._said.append(text)

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        number = attributes.get("r")
        if number is not None:
            self._row_name = number
            self._row = _whole(number, ROW_LIMIT + 1) - 1
        if not 0 <= self._row < ROW_LIMIT:
            raise UnfitPart(_TOO_MANY_ROWS)
        if _says_yes(attributes.get("hidden")):
            self.marks.hidden_rows.add(self._row)

    def _cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        row, column = self._row, self._column
        if column >= COLUMN_LIMIT:
            raise UnfitPart(_OUTSIDE)
        if reference is not None and reference != _LETTERS[column] + self._row_name:
            row, column = _place(reference)
        if row >= ROW_LIMIT:  # as `_place` says of what is outside
            raise UnfitPart(_OUTSIDE)
        self._place = (row, column)
        self._column = column + 1
        self._is_error = attributes.get("t") == "e"
        if self._is_error:
            self._said = []

    def _formula(self, attributes: Mapping[str, str]) -> None:
        places: Iterator[Place] = iter((self._place,))
        if attributes.get("t") in ("array", "dataTable") and "ref" in attributes:
            top, left, bottom, right = _area(attributes["ref"])
            self.budget.spend((bottom - top + 1) * (right - left + 1))
            places = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
        self.budget.spend(1)
        self.marks.formulas.add(self._place)
        self.marks.formulas.update(places)

    def _join(self, attributes: Mapping[str, str]) -> None:
        top, left, bottom, right = _area(
            attributes.get("ref", ""), "a sheet in it joins cells across the whole sheet"
        )
        size = (bottom - top + 1) * (right - left + 1)
        if size > MERGE_LIMIT:
            raise UnfitPart("a sheet in it joins cells across the whole sheet")
        self.budget.spend(size)
        if right > left:
            self.marks.covered.append((top, left + 1, top, right))
        if bottom > top:
            self.marks.covered.append((top + 1, left, bottom, right))


class OdsCells:
    """Listens to content.xml of an OpenDocument sheet, where rows and cells that repeat are written once."""

    def __init__(self, sheets: dict[str, SheetMarks], budget: Budget) -> None:
        self.sheets = sheets
        self.budget = budget
        self.wants_text = False
        self._marks: SheetMarks | None = None
        self._row = self._column = self._next_column = self._rows = self._columns = 0
        self._inside = 0
        self._unread = 0
        self._cell: Mapping[str, str] = {}
        self._is_covered = False
        self._has_breaks = False
        self._said: list[str] = []

    def start(self, local: str, attributes: Mapping[str, str]) -> None:
        """Hear that an element begins."""
        if self._inside:
            self._within_cell(local, attributes)
        elif local == "table":
            self._begin_table(_attribute(attributes, "name"))
        elif self._marks is None:
            return
        elif local == "table-column":
            self._column_style(attributes)
        elif local == "table-row":
            self._rows = _repeats(attributes, "number-rows-repeated")
            self._column = 0
            if _is_collapsed(attributes):
                self._marks.hidden_rows.update(range(self._row, min(self._row + self._rows, ROW_LIMIT)))
        elif local in ("table-cell", "covered-table-cell"):
            self._inside = 1
            self._cell = attributes
            self._columns = _repeats(attributes, "number-columns-repeated")
            self._is_covered = local == "covered-table-cell"
            self._said = []
            self._has_breaks = False
            self.wants_text = True

    def end(self, local: str) -> None:
        """Hear that an element ends."""
        if self._inside:
            self._inside -= 1
            if self._inside < self._unread:
                self._unread = 0
            if not self._inside:
                self.wants_text = False
                self._keep_cell()
                self._column += self._columns
        elif local == "table-row":
            self._row += self._rows
        elif local == "table":
            self._marks = None

    def text(self, text: str) -> None:
        """Hear what stands in a cell."""
        if not self._unread and self._inside > 1:
            self._said.append(text)

    def _begin_table(self, name: str) -> None:
        if name in self.sheets:
            raise UnfitPart("two sheets in it have one name")
        self._marks = self.sheets[name] = SheetMarks()
        self._row = self._next_column = 0

    def _column_style(self, attributes: Mapping[str, str]) -> None:
        many = _repeats(attributes, "number-columns-repeated")
        if self._marks and _is_collapsed(attributes):
            last = min(self._next_column + many, COLUMN_LIMIT)
            self._marks.hidden_columns.update(range(self._next_column, last))
        self._next_column += many

    def _within_cell(self, local: str, attributes: Mapping[str, str]) -> None:
        self._inside += 1
        if self._unread:
            return
        if local == "annotation":  # a comment in the margin
            self._unread = self._inside
        elif local == "p" and self._said:
            self._said.append("\n")
        elif local == "s":
            self._said.append(" " * min(_whole(_attribute(attributes, "c") or "1", CELL_LIMIT), CELL_LIMIT))
        elif local in ("tab", "line-break"):
            self._has_breaks = True
            self._said.append("\t" if local == "tab" else "\n")

    def _keep_cell(self) -> None:
        said = "".join(self._said)
        kind = _attribute(self._cell, "value-type") if self._cell else ""
        formula = _attribute(self._cell, "formula") if self._cell else ""
        if not (said or kind or formula) or self._marks is None:
            return
        bottom, right = self._row + self._rows, self._column + self._columns
        if bottom > ROW_LIMIT or right > COLUMN_LIMIT:
            raise UnfitPart(_OUTSIDE)
        is_shown = said and (
            self._has_breaks or kind in ("", "time") or any(value == "error" for value in self._cell.values())
        )
        if not (self._is_covered or formula or is_shown):
            return
        self.budget.spend(self._rows * self._columns)
        if self._is_covered:
            self._marks.covered.append((self._row, self._column, bottom - 1, right - 1))
        for row in range(self._row, bottom):
            for column in range(self._column, right):
                if formula:
                    self._marks.formulas.add((row, column))
                if is_shown:
                    self._marks.shown[row, column] = said


def _says_yes(value: str | None) -> bool:
    return value is not None and value not in ("0", "false")


def _whole(text: str | None, most: int) -> int:
    """Return a whole number written in figures, at most `most`; what is none counts as `most`."""
    if text and text.isascii() and text.isdigit() and len(text) <= 10:
        return min(int(text), most)
    return most


def _place(reference: str) -> Place:
    """Return row and column of "AB12"; a reference that is none counts as far outside."""
    found = _PLACE.fullmatch(reference)
    column = _COLUMNS.get(found[1]) if found else None
    if found is None or column is None or not found[2] or int(found[2]) < 1:
        return ROW_LIMIT, COLUMN_LIMIT
    return int(found[2]) - 1, column


def _area(reference: str, problem: str = _OUTSIDE) -> tuple[int, int, int, int]:
    """Return top, left, bottom and right of "A1:B2"."""
    first, _, last = reference.partition(":")
    top, left = _place(first)
    bottom, right = _place(last or first)
    if bottom >= ROW_LIMIT or right >= COLUMN_LIMIT or not (top <= bottom and left <= right):
        raise UnfitPart(problem)
    return top, left, bottom, right


def _attribute(attributes: Mapping[str, str], local: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(" ")[2] == local), "")


def _repeats(attributes: Mapping[str, str], local: str) -> int:
    return _whole(_attribute(attributes, local) or "1", 10_000_000) if attributes else 1


def _is_collapsed(attributes: Mapping[str, str]) -> bool:
    return _attribute(attributes, "visibility") in ("collapse", "filter")
