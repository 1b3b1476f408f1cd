"""The virus scanner: clamd, asked over its socket for each file before it is kept."""

import socket
import struct
from contextlib import closing
from time import monotonic
from typing import Final

from monitor.domain.evidence_files import Scan
from monitor.domain.text import clean_line
from monitor.errors import UnreadableFileError

CHUNK: Final = 64 * 1024
SECONDS: Final = 30.0
_ANSWER_LIMIT: Final = 4096


def scan(name: str, content: bytes, *, clamd: str, seconds: float = SECONDS) -> Scan:
    """
    Return what the scanner says of a file.

    Args:
        name: The file's name as it may be shown.
        clamd: Where it listens: host:port, or the path of a Unix socket; empty where there is none.
        seconds: How long all of it may take.

    Raises:
        UnreadableFileError: in one sentence, for a file in which something was found, and for every scanner that
            does not answer in time that nothing was: what is not known to be clean is not kept.
    """
    if not clamd:
        return Scan.NOT_SCANNED
    try:
        answer = _ask(clamd, content, until=monotonic() + seconds)
    except (OSError, ValueError):
        answer = ""
    verdict = answer.partition(": ")[2]
    if verdict == "OK":
        return Scan.CLEAN
    if verdict.endswith(" FOUND"):
        found = clean_line(verdict.removesuffix(" FOUND"))[:120]
        raise UnreadableFileError(
            f"{name} was refused: the virus scanner found {found} in it. Nothing was kept. Tell whoever looks after "
            "your computers.",
            step="scanner",
            found=found,
        )
    raise UnreadableFileError(
        f"{name} was not kept: the virus scanner could not be asked. Try again in a while, and tell whoever looks "
        "after the installation if it goes on.",
        step="scanner",
        answer=answer,
    )


def is_there(clamd: str, *, seconds: float = 5.0) -> bool:
    """Tell whether a scanner answers (clamd's command PING)."""
    until = monotonic() + seconds
    try:
        with closing(_connection(clamd, until)) as line:
            _send(line, b"zPING\0", until)
            return _answer(line, until) == "PONG"
    except (OSError, ValueError):
        return False


def _ask(clamd: str, content: bytes, *, until: float) -> str:
    """Return the scanner's answer to one file, sent in pieces (clamd's command INSTREAM)."""
    with closing(_connection(clamd, until)) as line:
        _send(line, b"zINSTREAM\0", until)
        for at in range(0, len(content), CHUNK):
            piece = content[at : at + CHUNK]
            _send(line, struct.pack(">I", len(piece)) + piece, until)
        _send(line, struct.pack(">I", 0), until)
        return _answer(line, until)


def _answer(line: socket.socket, until: float) -> str:
    """Return what the scanner says; one that was cut off is no answer."""
    answer = b""
    while b"\0" not in answer and len(answer) < _ANSWER_LIMIT:
        line.settimeout(_left(until))
        piece = line.recv(_ANSWER_LIMIT)
        if not piece:
            break
        answer += piece
    whole, end, _ = answer.partition(b"\0")
    return whole.decode("utf-8", "replace").strip() if end else ""


def _connection(clamd: str, until: float) -> socket.socket:
    path = clamd.removeprefix("unix:")
    if path.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(_left(until))
            line.connect(path)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = clamd.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_left(until))


def _send(line: socket.socket, data: bytes, until: float) -> None:
    line.settimeout(_left(until))
    line.sendall(data)


def _left(until: float) -> float:
    """
    Return the seconds that are left.

    Raises:
        TimeoutError: when there are none.
    """
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
