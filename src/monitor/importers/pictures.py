"""Pictures at the gate: how large they are, read from their headers. No pixel is ever unpacked here."""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from monitor.importers.file_kinds import FORM_WORDS, Form, refused

PIXEL_LIMIT: Final = 64_000_000
"""A sheet of A4 at 600 dots an inch has 35 million."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_CHUNK_LIMIT: Final = 100_000
_PACKED_LIMIT: Final = 8 * 1024 * 1024
"""Words and colour profiles in a PNG are packed; none that is honest unpacks to more."""
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})


def check_picture(shown: str, form: Form, content: bytes) -> None:
    """
    Do nothing for a picture that is whole, of the kind its name says and not too large to open.

    Raises:
        UnreadableFileError: the refusal, with the step "picture".
    """
    is_png = content.startswith(_PNG)
    if is_png is not (form == "png") or not (is_png or content.startswith(b"\xff\xd8\xff")):
        raise refused(
            "first bytes",
            f"{shown} is another kind of picture than {FORM_WORDS[form]}: save it as what it is.",
        )
    size = _png_size(shown, content) if is_png else _jpeg_size(content)
    if size is None or not all(size):
        raise refused("picture", f"{shown} is cut off or damaged: fetch or save it again.")
    width, height = size
    if width * height > PIXEL_LIMIT:
        raise refused(
            "picture",
            f"{shown} has {width:,} × {height:,} points. A picture can have {PIXEL_LIMIT // 1_000_000} million: "
            "save it smaller.",
        )


def _png_size(shown: str, content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG that is whole from its first chunk to its last; None for another."""
    size, last, end = None, b"", len(_PNG)
    for kind, body, after in _chunks(content):
        if size is None and (kind != b"IHDR" or len(body) != 13):
            return None
        size = size or struct.unpack(">II", body[:8])
        if kind in (b"zTXt", b"iTXt", b"iCCP") and _unpacks_to_much(kind, body):
            raise refused("picture", f"{shown} holds packed text that unpacks to too much: save it again.")
        last, end = kind, after
        if kind == b"IEND":
            break
    if last != b"IEND":
        return None
    if end != len(content):
        raise refused("picture", f"{shown} has something else after its end: save the picture again.")
    return size


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield kind, body and end of each chunk that is whole."""
    at = len(_PNG)
    for _ in range(_CHUNK_LIMIT):
        head = content[at : at + 8]
        if len(head) < 8:
            return
        length, kind = struct.unpack(">I4s", head)
        if at + 12 + length > len(content) or not kind.isalpha():
            return
        yield kind, content[at + 8 : at + 8 + length], at + 12 + length
        at += 12 + length


def _unpacks_to_much(kind: bytes, body: bytes) -> bool:
    packed = body.partition(b"\0")[2][1:]
    if kind == b"iTXt":
        flag, rest = body.partition(b"\0")[2][:1], body.partition(b"\0")[2][2:]
        if flag != b"\1":
            return False
        packed = rest.split(b"\0", 2)[-1]
    unpacking = zlib.decompressobj()
    try:
        unpacking.decompress(packed, _PACKED_LIMIT)
    except zlib.error:
        return False
    return bool(unpacking.unconsumed_tail)


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height as the frame of a JPEG says; None where none comes before the pixels, or no end after."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in (0xD9, 0xDA) or length < 2:
            return None
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9].ljust(4, b"\0"))
            return (width, height) if content.rfind(b"\xff\xd9") > at else None
        at += 2 + length
    return None
