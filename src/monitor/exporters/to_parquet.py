"""Parquet: typed columns, with what each means in the file's own metadata."""

from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from monitor.exporters.cells import Value
from monitor.exporters.table import Column, ExportTable


def to_parquet(table: ExportTable, out: BinaryIO) -> None:
    """
    Write texts as string, days as date32, flags as bool and counts as int64 (float64 where one is not whole).

    Nothing is null. A column's heading and meaning stand in its metadata, title and captions in the table's.
    """
    fields = []
    arrays = []
    for column in table.all_columns:
        values = table.column_values(column)
        kind = _arrow_type(column, values)
        about = {"heading": column.heading, "meaning": column.meaning}
        fields.append(pa.field(column.key, kind, metadata=about))
        arrays.append(pa.array(values, kind))
    schema = pa.schema(fields, metadata={"title": table.title, "captions": "\n".join(table.captions)})
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), out)


def _arrow_type(column: Column, values: list[Value]) -> pa.DataType:
    if column.kind == "count":
        return pa.float64() if any(isinstance(value, float) for value in values) else pa.int64()
    return {"text": pa.string(), "day": pa.date32(), "flag": pa.bool_()}[column.kind]
