"""JSON: a list of rows, each with every column."""

from typing import BinaryIO

import orjson

from monitor.exporters.table import ExportTable


def to_json(table: ExportTable, out: BinaryIO) -> None:
    """Write a list of rows by key: days as "2023-03-31", flags as true and false, nothing as null."""
    keys = [column.key for column in table.all_columns]
    rows = [dict(zip(keys, line, strict=True)) for line in table.lines()]
    out.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
