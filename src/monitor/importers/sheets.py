"""
A workbook as the readers leave it: its sheets as plain rows of values.

`read_sheet` makes it in a child process; what looks for a tracker's columns starts from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeGuard

CellValue = str | int | float | bool | date | None
Place = tuple[int, int]
"""Row and column of a cell, both from 0."""

ROW_LIMIT: Final = 20_000
COLUMN_LIMIT: Final = 256
CELL_LIMIT: Final = 20_000
"""Characters in one cell."""
AREA_LIMIT: Final = ROW_LIMIT * COLUMN_LIMIT
"""Cells of all sheets together, the empty ones before and between the others counted."""
NOTE_LIMIT: Final = 50

_PLAIN: Final = {str, int, float, bool, type(None)}


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    One sheet: every row as wide as the widest, so that `rows[6][0]` is A7.

    Attributes:
        rows: Empty rows and columns at the top and on the left are there too; those at the end are not. Of
            joined cells only the first has a value.
        formulas: Places of cells that hold a formula; `rows` has what it last came to.
    """

    name: str
    rows: tuple[tuple[CellValue, ...], ...]
    formulas: frozenset[Place] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_hidden: bool = False

    def as_plain(self) -> dict[str, Any]:
        """Return the sheet as JSON can carry it: rows without their empty ends, a day in a list of its own."""
        return {
            "name": self.name,
            "width": len(self.rows[0]) if self.rows else 0,
            "rows": [_plain_row(row) for row in self.rows],
            "formulas": [[row, column] for row, column in sorted(self.formulas)],
            "hidden_rows": sorted(self.hidden_rows),
            "hidden_columns": sorted(self.hidden_columns),
            "is_hidden": self.is_hidden,
        }

    @classmethod
    def from_plain(cls, plain: Any) -> "Sheet":
        """
        Return the sheet that `as_plain` wrote.

        Raises:
            ValueError: for anything that `as_plain` would not have written.
        """
        match plain:
            case {
                "name": str(name),
                "width": int(width),
                "rows": list(rows),
                "formulas": list(formulas),
                "hidden_rows": list(hidden_rows),
                "hidden_columns": list(hidden_columns),
                "is_hidden": bool(is_hidden),
            } if (
                len(rows) <= ROW_LIMIT
                and 0 <= width <= COLUMN_LIMIT
                and _are_places(hidden_rows, ROW_LIMIT)
                and _are_places(hidden_columns, COLUMN_LIMIT)
                and all(isinstance(place, list) and len(place) == 2 for place in formulas)
                and _are_places((row for row, _ in formulas), ROW_LIMIT)
                and _are_places((column for _, column in formulas), COLUMN_LIMIT)
            ):
                return cls(
                    name=name,
                    rows=tuple(_row_from(row, width) for row in rows),
                    formulas=frozenset((row, column) for row, column in formulas),
                    hidden_rows=frozenset(hidden_rows),
                    hidden_columns=frozenset(hidden_columns),
                    is_hidden=is_hidden,
                )
        raise ValueError("not a sheet")


@dataclass(frozen=True, slots=True)
class Workbook:
    """
    A workbook as read.

    Attributes:
        form: One of xlsx, ods, csv. A CSV file has one sheet, named as the file is, and every cell of it is text.
        notes: Sentences for a person: how letters were read, rows of unequal length ...
    """

    name: str
    form: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()

    def as_plain(self) -> dict[str, Any]:
        """Return the workbook as JSON can carry it."""
        return {
            "name": self.name,
            "form": self.form,
            "sheets": [sheet.as_plain() for sheet in self.sheets],
            "notes": list(self.notes),
        }

    @classmethod
    def from_plain(cls, plain: Any) -> "Workbook":
        """
        Return the workbook that `as_plain` wrote.

        Raises:
            ValueError: for anything that `as_plain` would not have written.
        """
        match plain:
            case {
                "name": str(name),
                "form": str(form),
                "sheets": list(sheets),
                "notes": list(notes),
            } if all(isinstance(note, str) for note in notes) and len(notes) <= NOTE_LIMIT:
                read: list[Sheet] = []
                left = AREA_LIMIT
                for sheet in sheets:
                    left -= _area(sheet)
                    if left < 0:
                        break
                    read.append(Sheet.from_plain(sheet))
                else:
                    return cls(name=name, form=form, sheets=tuple(read), notes=tuple(notes))
        raise ValueError("not a workbook")


def column_letter(column: int) -> str:
    """Return the name of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def _area(plain: Any) -> int:
    match plain:
        case {"width": int(width), "rows": list(rows)}:
            return abs(width) * len(rows)
    return 0


def _plain_row(row: tuple[CellValue, ...]) -> list[Any]:
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return [[value.isoformat()] if isinstance(value, date) else value for value in row[:end]]


def _row_from(plain: Any, width: int) -> tuple[CellValue, ...]:
    if not isinstance(plain, list) or len(plain) > width:
        raise ValueError("not a row")
    row = [value if type(value) in _PLAIN else _day_from(value) for value in plain]
    return (*row, *(None,) * (width - len(row)))


def _day_from(plain: Any) -> date:
    match plain:
        case [str(day)]:
            return date.fromisoformat(day)
    raise ValueError("not a value")


def _are_places(numbers: Iterable[Any], limit: int) -> TypeGuard[Iterable[int]]:
    return all(type(number) is int and 0 <= number < limit for number in numbers)
