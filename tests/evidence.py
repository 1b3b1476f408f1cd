"""Small files of each kind that can be evidence, made from the standard library; and a clamd that says what it is told."""

import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.importers.files import good_word, good_workbook

NOTE = b"Minutes of the board of 4 March: nine of ten cases met the standard."


def a_png(width: int = 2, height: int = 2, *more: bytes, after: bytes = b"") -> bytes:
    """Return a PNG that says it has this size, with further chunks before its end."""
    header = struct.pack(">II", width, height) + b"\x08\x02\0\0\0"
    pixels = zlib.compress(b"\0" * 16)
    chunks = (chunk(b"IHDR", header), *more, chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + after


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def a_jpeg(width: int = 2, height: int = 2, *, thumbnail: bytes = b"") -> bytes:
    """Return a JPEG that says it has this size; a thumbnail lies in a segment of its own before it."""
    about = b"Exif\0\0" + thumbnail
    frame = b"\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\0"
    return (
        b"\xff\xd8\xff\xe1"
        + struct.pack(">H", 2 + len(about))
        + about
        + b"\xff\xc0"
        + struct.pack(">H", 2 + len(frame))
        + frame
        + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0"
        + b"\x12\x34\xff\xd9"
    )


def a_mail(*attached: tuple[str, bytes], subject: str = "Audit") -> bytes:
    """Return an e-mail with attachments."""
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", subject
    mail["Date"] = "Mon, 04 Mar 2024 12:00:00 +0000"
    mail.set_content("See attached.")
    for name, content in attached:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


GOOD = {
    "note.txt": NOTE,
    "Figures 2024.csv": b"Month,Share\nMarch,0.91\n",
    "report.pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
    "minutes.docx": good_word(),
    "sample.xlsx": good_workbook(),
    "screen.png": a_png(),
    "photo.jpg": a_jpeg(),
    "photo.JPEG": a_jpeg(),
    "letter.eml": a_mail(("minutes.docx", b"PK\x03\x04")),
}
"""One good file of each kind."""


@contextmanager
def a_clamd(answer: bytes | None, *, path: Path | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """
    Yield where a scanner listens, and what it has been sent, whole files.

    Args:
        answer: What it says to each; None for one that never answers.
        path: Where its Unix socket shall be; otherwise it listens on a port.
    """
    family = socket.AF_INET if path is None else socket.AF_UNIX
    seen: list[bytes] = []
    over = threading.Event()
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0) if path is None else str(path))
        listening.listen()

        def serve() -> None:
            while not over.is_set():
                with suppress(OSError):
                    line, _ = listening.accept()
                    with line:
                        if (command := exactly(line, 6)) == b"zPING\0":
                            line.sendall(b"PONG\0")
                            continue
                        assert command + exactly(line, 4) == b"zINSTREAM\0"
                        seen.append(received(line))
                        if answer is None:
                            over.wait(10)
                        else:
                            line.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield (f"127.0.0.1:{listening.getsockname()[1]}" if path is None else str(path)), seen
        finally:
            over.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def received(line: socket.socket) -> bytes:
    """Return one file as clamd's INSTREAM sends it: pieces with their lengths before them, and a length of nought."""
    whole = b""
    while length := struct.unpack(">I", exactly(line, 4))[0]:
        whole += exactly(line, length)
    return whole


def exactly(line: socket.socket, length: int) -> bytes:
    """Return so many bytes of a connection."""
    got = b""
    while len(got) < length:
        piece = line.recv(length - len(got))
        assert piece, "the connection ended too early"
        got += piece
    return got
