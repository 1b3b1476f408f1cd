"""
Reading a file where it can do no harm: in a process of its own, with little memory, time and nothing else.

The file goes in by a pipe and what it holds comes out as JSON. Whatever else happens there (a crash, too much
memory or time, another answer) is one sentence for the person; the file is never tried again here. Each refusal
is one line of JSON in the log "monitor.import", without the file's name and words.
"""

import contextlib
import hashlib
import importlib
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

from monitor.errors import UnreadableFileError
from monitor.importers.blocks import Document
from monitor.importers.file_kinds import (
    DOCUMENTS,
    EVIDENCE,
    SHEETS,
    Form,
    check_name,
    check_size,
    shown_name,
)
from monitor.importers.gate import Admitted, admit, admit_evidence
from monitor.importers.sheets import Workbook

MEMORY_LIMIT: Final = 512 * 1024 * 1024
PROCESSOR_SECONDS: Final = 10
WALL_SECONDS: Final = 20
OPEN_FILES: Final = 32
ANSWER_LIMIT: Final = 20 * 1024 * 1024

_SOURCES: Final = Path(__file__).resolve().parents[2]
# The folder of this package comes last, so that nothing in it can stand in for a module of Python's own.
_START: Final = "import sys; sys.path.append(sys.argv[1]); from monitor.importers.child import answer; answer(*sys.argv[2:])"
_READERS: Final[Mapping[Form, tuple[str, str]]] = {
    "docx": ("monitor.importers.read_docx", "read_docx"),
    "odt": ("monitor.importers.read_odt", "read_odt"),
    "pdf": ("monitor.importers.read_pdf", "read_pdf"),
    "html": ("monitor.importers.read_html", "read_html"),
    "txt": ("monitor.importers.read_text", "read_text"),
    "md": ("monitor.importers.read_text", "read_markdown"),
    "xlsx": ("monitor.importers.read_sheet", "read_xlsx"),
    "ods": ("monitor.importers.read_sheet", "read_ods"),
    "csv": ("monitor.importers.read_sheet", "read_csv"),
}
_PASSED_ON: Final = ("SYSTEMROOT", "LD_LIBRARY_PATH")  # without them some Pythons do not start
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FORBIDDEN: Final = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "shutil.",
    "tempfile.",
    "urllib.",
    "ftplib.",
    "smtplib.",
    "webbrowser.",
    "pickle.find_class",
    "ctypes.dlopen",
)


_log: Final = logging.getLogger("monitor.import")

Read = TypeVar("Read", Document, Workbook)


def read_document(name: str, content: bytes) -> Document:
    """
    Return a document as text and blocks, read in a child process that has seen it through the gate.

    Args:
        name: The file's name as it came; its ending says what it should be.
        content: All of the file.

    Raises:
        UnreadableFileError: with one sentence for the person; `facts` hold the `step` ("name", "size", "first
            bytes", "archive", "parts", "reader" or "child") and, from the gate, the `problems`.
    """
    return _read(Document, DOCUMENTS, name, content)


def read_workbook(name: str, content: bytes) -> Workbook:
    """
    Return a workbook (.xlsx, .ods) or a CSV file as plain rows, read in a child process as documents are.

    Raises:
        UnreadableFileError: as `read_document` raises it.
    """
    return _read(Workbook, SHEETS, name, content)


def check_evidence(name: str, content: bytes) -> Admitted:
    """
    Return a file that may be kept as evidence: seen through the gate in a child process, and read by nobody.

    Raises:
        UnreadableFileError: as `read_document` raises it, in words for somebody who adds a file.
    """
    form: Form | None = None
    code: int | None = None
    shown = shown_name(name)
    try:
        form = check_name(name, EVIDENCE)
        check_size(shown, content)
        code, raw = _ask(form, json.dumps(name).encode("ascii") + b"\n" + content, "gate")
        match _reply(raw) if code == 0 else None:
            case {"admitted": str(admitted)} if admitted == shown:
                return Admitted(shown, form)
        raise UnreadableFileError(
            f"We could not look through {shown}: it took too much memory or time, or went wrong. Save it again, "
            "or add it as a PDF.",
            step="child",
            code=code,
        )
    except UnreadableFileError as refusal:
        _note_refusal(refusal, form, content, code)
        raise UnreadableFileError(_for_adding(refusal.message, shown), **refusal.facts) from None


def _for_adding(message: str, shown: str) -> str:
    """Return the gate's sentence for somebody who adds a file and imports nothing; the file's name stays as it is."""
    return shown.join(part.replace("import ", "add ") for part in message.split(shown))


def _reply(raw: bytes) -> object:
    """Return the child's answer; None for what is none. A refusal is raised."""
    try:
        match json.loads(raw):
            case {"refused": str(message), "facts": dict(facts)}:
                raise UnreadableFileError(message, **facts)
            case reply:
                return reply
    except (ValueError, RecursionError, TypeError):
        return None


def _read(kind: type[Read], forms: tuple[Form, ...], name: str, content: bytes) -> Read:
    form: Form | None = None
    code: int | None = None
    try:
        form = check_name(name, forms)
        check_size(shown_name(name), content)
        code, raw = _ask(form, json.dumps(name).encode("ascii") + b"\n" + content)
        return _answered(kind, shown_name(name), form, code, raw)
    except UnreadableFileError as refusal:
        _note_refusal(refusal, form, content, code)
        raise


def _answered(kind: type[Read], shown: str, form: Form, code: int, raw: bytes) -> Read:
    """Return what the child has read, if that is what its answer is; raise its refusal, or ours."""
    match _reply(raw) if code == 0 else None:
        case {"read": dict(plain)}:
            with contextlib.suppress(ValueError, RecursionError, TypeError):
                found = kind.from_plain(plain)
                if (found.name, found.form) == (shown, form):
                    return found
    other = (
        "its text as a Word document or a PDF"
        if form in DOCUMENTS
        else "it as a workbook (.xlsx) with less in it"
    )
    raise UnreadableFileError(
        f"We could not read {shown}: reading it was stopped because it took too much memory or time, or went wrong. "
        f"Save it again, or import {other}.",
        step="child",
        code=code,
    )


def _note_refusal(refusal: UnreadableFileError, form: Form | None, content: bytes, code: int | None) -> None:
    line = {
        "event": "file refused",
        "step": str(refusal.facts.get("step", "reader")),
        "form": form,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "exit_code": code,
    }
    _log.warning("%s", json.dumps(line, ensure_ascii=True))


def _ask(form: Form, question: bytes, purpose: str = "read") -> tuple[int, bytes]:
    """Start a child, give it the question and return its exit code and at most one byte more than it may answer."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    with subprocess.Popen(  # noqa: S603 - this Python and code of ours; no person's text is in the command
        [sys.executable, "-I", "-X", "utf8", "-c", _START, str(_SOURCES), form, purpose],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as child:
        if child.stdin is None or child.stdout is None:  # pragma: no cover - they are pipes
            return -1, b""
        clock = threading.Timer(WALL_SECONDS, child.kill)
        feeder = threading.Thread(target=_feed, args=(child.stdin, question), daemon=True)
        try:
            clock.start()
            feeder.start()
            raw = child.stdout.read(ANSWER_LIMIT + 1)
            if len(raw) > ANSWER_LIMIT:
                child.kill()
            return child.wait(), raw
        finally:
            clock.cancel()
            child.kill()
            feeder.join()


def _feed(pipe: BinaryIO, question: bytes) -> None:
    # A child that refuses early does not read to the end.
    with contextlib.suppress(OSError, ValueError):
        pipe.write(question)
    with contextlib.suppress(OSError, ValueError):
        pipe.close()


# In the child


def answer(form: str, purpose: str = "read") -> None:
    """
    Read one file from standard input and write what it holds, or why not, to standard output.

    Args:
        purpose: "read", or "gate" for a file that is only looked through.
    """
    forms = DOCUMENTS if form in DOCUMENTS else SHEETS
    if purpose == "read":
        _reader(form)  # before the limits: this much is ours
    question, out = sys.stdin.buffer, sys.stdout.buffer
    _limit()
    name = str(json.loads(question.readline()))
    content = question.read()
    try:
        if purpose == "gate":
            raw = _as_json({"admitted": admit_evidence(name, content).name})
        else:
            found = read_here(name, content, forms)
            raw = _as_json({"read": found.as_plain()})
        if len(raw) > ANSWER_LIMIT:
            raise UnreadableFileError(
                f"{found.name} holds more text than can be read in one go: import it in parts.", step="reader"
            )
    except UnreadableFileError as refusal:
        raw = _as_json({"refused": refusal.message, "facts": dict(refusal.facts)})
    out.write(raw)
    out.flush()
    os._exit(0)  # a large tree takes long to clear away, and nothing is left to do


def _as_json(reply: dict[str, Any]) -> bytes:
    return json.dumps(reply, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def read_here(name: str, content: bytes, forms: tuple[Form, ...]) -> Document | Workbook:
    """
    Return what a file holds, read in this process: what the child does, without its limits.

    Raises:
        UnreadableFileError: from the gate or the reader.
    """
    admitted = admit(name, content, forms)
    read = _reader(admitted.form)
    try:
        found: Document | Workbook = read(admitted if admitted.form in SHEETS else admitted.name, content)
    except SyntaxError:  # how both XML readers say that a part is none, where the gate's own was content
        raise UnreadableFileError(
            f"{admitted.name} is damaged: open it, save it again and import that.", step="reader"
        ) from None
    return found


def _reader(form: str) -> Callable[..., Any]:
    module, function = _READERS[form]  # type: ignore[index]
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


def _limit() -> None:
    """Take from this process what reading does not need, for good."""
    with contextlib.suppress(ImportError):  # Windows has no such limits; there the clock and the hook remain
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MEMORY_LIMIT),
            (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NOFILE, OPEN_FILES),
            (resource.RLIMIT_CORE, 0),
        ):
            # A system that knows a limit by name may still not have it (macOS, for memory).
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(what, (most, most))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
    if writes or event.startswith(_FORBIDDEN):
        raise PermissionError(event)
