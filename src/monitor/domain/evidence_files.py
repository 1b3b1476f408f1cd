"""Files of evidence: what is kept of one besides its bytes, and how it goes out again."""

from collections.abc import Mapping
from typing import Final

from monitor.domain.statuses import Vocabulary

FILE_BYTES: Final = 20 * 1024 * 1024
"""A file of evidence has at most this many."""

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "eml": "message/rfc822",
    "txt": "text/plain",
}
"""What can be evidence, by the ending of its name, and the type that the product itself gives it."""


class Scan(Vocabulary):
    """What the virus scanner said when the file was taken in."""

    CLEAN = (
        "clean",
        "scanned for viruses, nothing found",
        "The scanner found nothing on the day it was added.",
    )
    NOT_SCANNED = (
        "not_scanned",
        "not scanned for viruses",
        "This installation had no virus scanner on the day it was added.",
    )


def media_type_of(name: str) -> str:
    """Return the type under which a kept file goes out: ours, whatever its sender said."""
    return MEDIA_TYPES.get(name.rpartition(".")[2].casefold(), "application/octet-stream")


def size_words(size: int) -> str:
    """Return a number of bytes as people say it: "640 bytes", "12 KB", "1.4 MB"."""
    if size < 1024:
        return f"{size} byte{'' if size == 1 else 's'}"
    if size < 1024 * 1024:
        return f"{round(size / 1024)} KB"
    return f"{size / 1024 / 1024:.1f} MB"
