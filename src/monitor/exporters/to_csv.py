"""CSV: the header row and the rows, nothing before and nothing after; the other facts stand in Excel's About sheet."""

import csv
import io
from datetime import date
from typing import BinaryIO

from monitor.dates import iso
from monitor.exporters.cells import Value, guard
from monitor.exporters.table import ExportTable


def to_csv(table: ExportTable, out: BinaryIO) -> None:
    """
    Write UTF-8 with a byte order mark, every field quoted, texts guarded against running as formulas.

    Days are written 2023-03-31, flags yes and no, nothing as an empty field. Numbers are bare, so that a
    count below nought stays a number.
    """
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([guard(column.key) for column in table.all_columns])
    for line in table.lines():
        writer.writerow([_field(value) for value in line])
    text.flush()
    text.detach()


def _field(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return iso(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return guard(value) if isinstance(value, str) else str(value)
