"""
What stands in a cell of a table that is handed over, and back: each value has one spelling, and no other is read.

A text that a spreadsheet could run as a formula has an apostrophe in front, as in every CSV of the product (see
`monitor.domain.text.guard`). Nothing is an empty cell. Where a text may also be nothing, a text made of backslashes
alone, the empty one among them, has one more in front, so that the two stay apart.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from monitor.domain.text import guard, unguard
from monitor.store.whole import ColumnShape, Kind

_INTEGER: Final = re.compile(r"-?[0-9]{1,10}")
_LARGEST: Final = 2**31 - 1
"""What both databases count to."""


def written(column: ColumnShape, value: Any) -> str:
    """Return the cell of a value; for a file, its place is the value."""
    if value is None:
        return ""
    return _WRITTEN[column.kind](column, value)


def read(column: ColumnShape, cell: str) -> Any:
    """
    Return the value of a cell, of which `written` gives exactly this cell again.

    Raises:
        ValueError: for a cell that no handover has written, with what was wanted.
    """
    if cell == "" and column.may_be_empty:
        return None
    try:
        value = _READ[column.kind](column, cell)
        same = written(column, value) == cell
    except (ValueError, TypeError, RecursionError):
        same = False
    if not same:
        raise ValueError(_wanted(column))
    return value


def _wanted(column: ColumnShape) -> str:
    if column.words is not None:
        return f"one of: {', '.join(member.value for member in column.words)}"
    return _WANTED[column.kind]


_WANTED: Final[Mapping[Kind, str]] = {
    "text": "a text as a handover writes it",
    "integer": "a whole number",
    "number": "a number",
    "flag": "true or false",
    "day": "a day as 2023-03-31",
    "moment": "a moment as 2023-03-31T12:00:00Z",
    "list": "a list as JSON",
    "file": "the place of a file",
    "long text": "the place of a file",
}


def _text(column: ColumnShape, value: Any) -> str:
    text = str(value)
    return guard("\\" + text if column.may_be_empty and not text.strip("\\") else text)


def _text_of(column: ColumnShape, cell: str) -> str:
    text = unguard(cell)
    if column.may_be_empty and not text.strip("\\"):
        text = text[1:]
    if "\0" in text:
        raise ValueError
    return column.words(text) if column.words is not None else text


def _integer_of(_: ColumnShape, cell: str) -> int:
    if not _INTEGER.fullmatch(cell) or abs(int(cell)) > _LARGEST:
        raise ValueError
    return int(cell)


def _number_of(_: ColumnShape, cell: str) -> float:
    number = float(cell)
    if not math.isfinite(number):
        raise ValueError
    return number


def _flag_of(_: ColumnShape, cell: str) -> bool:
    return {"true": True, "false": False}.get(cell, False)


def _moment(_: ColumnShape, value: datetime) -> str:
    return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def _moment_of(_: ColumnShape, cell: str) -> datetime:
    if not cell.endswith("Z"):
        raise ValueError
    return datetime.fromisoformat(cell)


def _list(_: ColumnShape, value: tuple[Any, ...]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _list_of(_: ColumnShape, cell: str) -> tuple[Any, ...]:
    found = json.loads(cell)
    if not isinstance(found, list):
        raise TypeError
    inner = [one for item in found for one in (item if isinstance(item, list) else [item])]
    if any(
        not isinstance(one, str | int | float | None) or (isinstance(one, str) and "\0" in one)
        for one in inner
    ):
        raise TypeError
    return tuple(tuple(item) if isinstance(item, list) else item for item in found)


_WRITTEN: Final[Mapping[Kind, Callable[[ColumnShape, Any], str]]] = {
    "text": _text,
    "integer": lambda _, value: str(int(value)),
    "number": lambda _, value: repr(float(value)),
    "flag": lambda _, value: "true" if value else "false",
    "day": lambda _, value: value.isoformat(),
    "moment": _moment,
    "list": _list,
    "file": lambda _, value: str(value),
    "long text": lambda _, value: str(value),
}
_READ: Final[Mapping[Kind, Callable[[ColumnShape, str], Any]]] = {
    "text": _text_of,
    "integer": _integer_of,
    "number": _number_of,
    "flag": _flag_of,
    "day": lambda _, cell: date.fromisoformat(cell),
    "moment": _moment_of,
    "list": _list_of,
    "file": lambda _, cell: cell,
    "long text": lambda _, cell: cell,
}
