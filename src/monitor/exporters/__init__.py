"""
Tables out of the product, in open formats: one file a format, one line here to register it.

Column names, captions and the day stand in `ExportTable`; `cells` has the one rule against formulas.
"""

import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from monitor.errors import RuleError
from monitor.exporters.table import Column, ExportTable, file_name
from monitor.exporters.to_csv import to_csv
from monitor.exporters.to_json import to_json
from monitor.exporters.to_parquet import to_parquet
from monitor.exporters.to_xlsx import to_xlsx

__all__ = ["WRITERS", "Column", "ExportTable", "as_bytes", "file_name", "write_table"]

WRITERS: dict[str, Callable[[ExportTable, BinaryIO], None]] = {
    "csv": to_csv,
    "xlsx": to_xlsx,
    "json": to_json,
    "parquet": to_parquet,
}


def as_bytes(table: ExportTable, suffix: str) -> bytes:
    """Return the file's bytes, for a download; raises `RuleError` for a suffix that is not in `WRITERS`."""
    kept = io.BytesIO()
    _writer(suffix)(table, kept)
    return kept.getvalue()


def write_table(table: ExportTable, path: Path) -> None:
    """
    Write the table to a file, in the format that its suffix names; the file is there whole or not at all.

    Raises:
        RuleError: for a suffix that is not in `WRITERS`, or a place where nothing can be written.
    """
    content = as_bytes(table, path.suffix.removeprefix(".").lower())
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".export-")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
            Path(beside).chmod(0o644)
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as failure:
        reason = failure.strerror or "the system gave no reason"
        raise RuleError(f'"{path}" cannot be written: {reason}.', path=str(path)) from failure


def _writer(suffix: str) -> Callable[[ExportTable, BinaryIO], None]:
    if suffix not in WRITERS:
        accepted = ", ".join(f".{known}" for known in WRITERS)
        shown = f'".{suffix}"' if suffix else "A name without a suffix"
        raise RuleError(f"{shown} is not a format this writes; use one of: {accepted}.", found=suffix)
    return WRITERS[suffix]
