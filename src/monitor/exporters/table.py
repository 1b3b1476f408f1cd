"""What is exported: rows, what each column means, and the facts that belong to the whole."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

import pandas as pd

from monitor.dates import iso
from monitor.exporters.cells import Value, count_of, day_of, flag_of, text_of

Kind = Literal["text", "day", "count", "flag"]

_READ: Mapping[Kind, Callable[[object], Value]] = {
    "text": text_of,
    "day": day_of,
    "count": count_of,
    "flag": flag_of,
}


@dataclass(frozen=True)
class Column:
    """
    One column.

    Args:
        key: Its name in CSV, JSON and Parquet; stable, since people script against it.
        heading: Its name in Excel.
        meaning: One sentence for the list of columns.
        kind: text, day (a civil day), count (a number) or flag (yes or no).
    """

    key: str
    heading: str
    meaning: str
    kind: Kind = "text"


AS_AT = Column("as_at", "As at", "The day as at which the row was drawn up.", "day")


@dataclass(frozen=True)
class ExportTable:
    """
    A table to hand out.

    Args:
        name: Short name, used for the file ("register").
        title: What it is, for people.
        columns: In order.
        rows: One mapping a row, or a frame; either holds every column's key. Nothing is None, NaN, NaT or NA.
        captions: The facts of the whole: filter, day, who asked, number of rows, head of the history.
        as_at: The day as at which it was drawn up; stands in every row as the column `as_at`.
        made_at: The moment written into an Excel file, so that equal tables give equal bytes; without
            one, the start of the day in `as_at`.
        sheet: Name of the sheet with the rows in an Excel file.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, object]] | pd.DataFrame
    captions: Sequence[str] = field(default_factory=list)
    as_at: date | None = None
    made_at: datetime | None = None
    sheet: str = "Register"

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns, and `as_at` behind them where the table has such a day and no such column."""
        columns = tuple(self.columns)
        if self.as_at is None or any(column.key == AS_AT.key for column in columns):
            return columns
        return (*columns, AS_AT)

    @property
    def moment(self) -> datetime:
        """The moment written into a file that must hold one."""
        if self.made_at is not None:
            return self.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        day = self.as_at or date(2000, 1, 1)
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the file format holds no zone

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def column_values(self, column: Column) -> list[Value]:
        """Return one column's values as plain str, date, int, float, bool or None."""
        if column is AS_AT:
            return [self.as_at] * len(self)
        found: Sequence[object]
        if isinstance(self.rows, pd.DataFrame):
            found = self.rows[column.key].tolist()
        else:
            found = [row[column.key] for row in self.rows]
        read = _READ[column.kind]
        return [read(value) for value in found]

    def lines(self) -> Iterator[tuple[Value, ...]]:
        """Yield the rows in order, each with the values of `all_columns`."""
        if not self.all_columns:
            return iter(())
        return zip(*(self.column_values(column) for column in self.all_columns), strict=True)


def file_name(table: ExportTable, suffix: str) -> str:
    """Return a file's name made of letters, digits, dots and hyphens: "register_2023-03-31.csv"."""
    stem = re.sub(r"[^A-Za-z0-9-]+", "-", table.name).strip("-") or "table"
    day = f"_{iso(table.as_at)}" if table.as_at else ""
    return f"{stem[:60]}{day}.{suffix}"
