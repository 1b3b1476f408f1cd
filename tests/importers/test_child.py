"""Reading happens in a child process that can do nothing else, and whatever becomes of it is one sentence."""

import hashlib
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.errors import UnreadableFileError
from monitor.importers import child
from monitor.importers.child import read_document, read_workbook
from tests.importers.files import (
    Words,
    cells,
    deflated,
    good_word,
    good_workbook,
    number,
    ods,
    ods_cell,
    ods_table,
    odt,
    paragraph,
    pdf,
    relations,
    said,
    word,
    workbook,
)

Build = Callable[[], bytes]
SOURCES = str(Path(child.__file__).parents[2])
STOPPED = "We could not read report.txt"


@pytest.mark.parametrize(
    ("name", "build", "kind", "text"),
    [
        ("report.docx", good_word, "heading", "Finding time for crime"),
        ("report.odt", odt, "paragraph", "Forces should review."),
        (
            "report.pdf",
            lambda: pdf([[(72.0, 700.0, 11.0, "R", "Forces should.")]]),
            "paragraph",
            "Forces should.",
        ),
        ("report.html", lambda: "<h1>Force’s plan</h1><p>x".encode(), "heading", "Force’s plan"),
        ("report.txt", lambda: b"\tKey Findings\n", "cell", "Key Findings"),
        ("report.md", lambda: b"- one\n", "item", "one"),
    ],
)
def test_good_file_of_each_form_is_read(name: str, build: Build, kind: str, text: str) -> None:
    """The limits leave enough for an ordinary document of each form."""
    document = read_document(f"C:\\Users\\me\\{name}", build())

    assert (document.name, document.form) == (name, name.rpartition(".")[2])
    assert (document.blocks[0].kind, document.blocks[0].text) == (kind, text)


@pytest.mark.parametrize(
    ("name", "build", "row"),
    [
        ("tracker.xlsx", good_workbook, ("Tracker of recommendations", None, None, None)),
        ("tracker.ods", lambda: ods(ods_table(ods_cell("Force’s plan"))), ("Force’s plan",)),
        ("tracker.csv", lambda: "Force’s plan;Due\n'=1;2\n".encode(), ("Force’s plan", "Due")),
    ],
)
def test_good_workbook_of_each_form_is_read(name: str, build: Build, row: tuple[str | None, ...]) -> None:
    """Rows come out of the child as its reader left them."""
    book = read_workbook(f"C:\\Users\\me\\{name}", build())

    assert (book.name, book.form) == (name, name.rpartition(".")[2])
    assert book.sheets[0].rows[0] == row


def test_large_tracker_is_read() -> None:
    """Ten thousand rows of thirty columns are within the limits of the child."""
    row = said("Forces should review their plans.") + number(44805, 1) + number(0.5) * 28
    book = read_workbook("tracker.xlsx", workbook(cells(*[row] * 10_000)))

    assert (len(book.sheets[0].rows), len(book.sheets[0].rows[0])) == (10_000, 30)


def test_documents_and_workbooks_are_kept_apart() -> None:
    """Each way in takes its own forms alone."""
    with pytest.raises(UnreadableFileError, match=r"What can be read here: \.docx"):
        read_document("tracker.xlsx", good_workbook())
    with pytest.raises(UnreadableFileError, match=r"What can be read here: \.xlsx, \.ods, \.csv"):
        read_workbook("report.docx", good_word())


def far_more_text() -> bytes:
    """Return a small workbook in which every cell shows the same long text."""
    shared = f"<sst><si><t>{'a' * 20_000}</t></si></sst>"
    return workbook(cells(*['<c t="s"><v>0</v></c>' * 200] * 500), {"xl/sharedStrings.xml": shared})


@pytest.mark.parametrize(
    ("name", "build", "words"),
    [
        ("tracker.xlsx", far_more_text, "We could not read tracker.xlsx"),
        (
            "tracker.ods",
            lambda: ods(
                ods_table(
                    '<table:table-row table:number-rows-repeated="20000">'
                    + ods_cell("words " * 200, 'table:number-columns-repeated="256"')
                    + "</table:table-row>"
                )
            ),
            "We could not read tracker.ods",
        ),
        ("tracker.xlsx", lambda: workbook(cells(number("-1e300", 3))), "damaged|no calendar"),
        (
            "tracker.xlsx",
            lambda: workbook('<sheetData><row><c r="A1"/><c r="XFD1048576"/></row></sheetData>'),
            "cells outside",
        ),
        ("tracker.csv", lambda: (b"ab," * 255 + b"ab\n") * 20_000, "more text than can be read in one go"),
    ],
)
def test_hostile_workbook_is_a_sentence_within_seconds(name: str, build: Build, words: str) -> None:
    """What ends calamine ends the child, and nothing else."""
    content = build()
    before = time.monotonic()

    with pytest.raises(UnreadableFileError, match=words):
        read_workbook(name, content)

    assert time.monotonic() - before < child.WALL_SECONDS


REFUSED: list[tuple[str, bytes, str, str | None, int | None]] = [
    ("secret name.exe", b"x", "name", None, None),
    ("secret name.docx", b"", "size", "docx", None),
    ("secret name.docx", b"secret words", "first bytes", "docx", 0),
    ("secret name.csv", b"'secret words", "name", None, None),
    ("secret\nname.pdf", b"%PDF-1.7 secret words", "reader", "pdf", 0),
]


@pytest.mark.parametrize(("name", "content", "step", "form", "code"), REFUSED)
def test_each_log_line_parses(
    name: str, content: bytes, step: str, form: str | None, code: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    """A refusal is one line of JSON that finds the file again and says nothing of its name or words."""
    with caplog.at_level(logging.WARNING, "monitor.import"), pytest.raises(UnreadableFileError):
        read_document(name, content)

    (record,) = caplog.records
    assert (record.name, record.levelname) == ("monitor.import", "WARNING")
    line = record.getMessage()
    assert line.isascii()
    assert "\n" not in line
    assert "secret" not in line
    assert json.loads(line) == {
        "event": "file refused",
        "step": step,
        "form": form,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "exit_code": code,
    }


def test_log_has_the_exit_code_of_a_child_that_was_stopped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever runs the server can tell a crash from a refusal."""
    monkeypatch.setattr(child, "_START", "import os; os.kill(os.getpid(), 9)")

    with pytest.raises(UnreadableFileError):
        read_workbook("tracker.csv", b"a,b\n")

    assert json.loads(caplog.records[0].getMessage())["exit_code"] == -9


def test_file_that_is_read_leaves_no_line(caplog: pytest.LogCaptureFixture) -> None:
    """The log is for refusals."""
    read_workbook("tracker.csv", b"a,b\n")

    assert caplog.records == []


def test_long_report_is_read() -> None:
    """A table of two thousand rows and a PDF of sixty pages are within the limits."""
    cells = "".join(f"<w:tc>{paragraph('forces should review')}</w:tc>" for _ in range(4))
    line: Words = (72, 700, 11, "R", "Forces should review their plans.")

    assert (
        len(read_document("a.docx", word(f"<w:tbl>{f'<w:tr>{cells}</w:tr>' * 2_000}</w:tbl>")).blocks)
        == 8_000
    )
    assert len(read_document("a.pdf", pdf([[line]] * 60)).blocks) == 60


@pytest.mark.parametrize(
    ("name", "build", "step", "words"),
    [
        ("report.exe", good_word, "name", "has no ending that can be read here"),
        ("report.docx", lambda: b"", "size", "is empty"),
        ("report.docx", workbook, "parts", "is a workbook"),
        ("report.pdf", lambda: pdf([[]]), "reader", "its pages are pictures"),
        ("report.docx", lambda: word("<w:p/>"), "reader", "has no text"),
        ("report.txt", lambda: b"a\x81", "reader", "an encoding we cannot tell"),
        (
            "report.docx",
            lambda: word(more={"word/_rels/document.xml.rels": relations(("image", "http://a/", True))}),
            "parts",
            "a picture in it is kept elsewhere",
        ),
    ],
)
def test_refusal_of_the_child_is_the_refusal_here(name: str, build: Build, step: str, words: str) -> None:
    """What gate and readers say arrives as they said it."""
    with pytest.raises(UnreadableFileError, match=words) as refusal:
        read_document(name, build())

    assert refusal.value.facts["step"] == step
    assert refusal.value.message.startswith(name)


HOSTILE: list[tuple[str, str, Build]] = [
    (
        "stacked filters",
        "report.pdf",
        lambda: pdf(
            [], streams=[deflated(b"\0" * (200 << 20), 3)], filters=f"/Filter [{'/FlateDecode ' * 3}]"
        ),
    ),
    (
        "forty filters",
        "report.pdf",
        lambda: pdf([], streams=[deflated(b"x" * 1_000)], filters=f"/Filter [{'/FlateDecode ' * 40}]"),
    ),
    (
        "two million operators",
        "report.pdf",
        lambda: pdf([], streams=[deflated(b"q Q " * 1_000_000)], filters="/Filter /FlateDecode"),
    ),
    (
        "pages that are their own parents",
        "report.pdf",
        lambda: pdf([[]]).replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]"),
    ),
    (
        "endless outline",
        "report.pdf",
        lambda: pdf([[]], catalog="/Outlines << /First 1 0 R /Last 1 0 R >> /Next 1 0 R"),
    ),
    ("locked", "report.pdf", lambda: pdf([[]], trailer="/Encrypt << /Filter /Standard /V 9 /R 9 >>")),
    ("open elements", "report.html", lambda: "".join(f"<i a={n}>" for n in range(60_000)).encode()),
    ("words without end", "report.txt", lambda: b"words and words\n" * 300_000),
]


@pytest.mark.parametrize(("kind", "name", "build"), HOSTILE, ids=[kind for kind, _, _ in HOSTILE])
def test_hostile_file_is_a_sentence_within_seconds(kind: str, name: str, build: Build) -> None:
    """Whether a reader's own limit, ours or the system's stops it: one sentence, and soon."""
    content = build()
    assert len(content) < 6_000_000, kind
    before = time.monotonic()

    with pytest.raises(UnreadableFileError, match=name):
        read_document(name, content)

    assert time.monotonic() - before < child.WALL_SECONDS


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """Yield a port of this machine and what was heard there."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        closing = threading.Event()

        def listen() -> None:
            while not closing.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                heard.append("a connection")
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], heard
        closing.set()
        thread.join()


def test_external_parts_refused_and_silent(listener: tuple[int, list[str]]) -> None:
    """Pictures, templates, document types and pages that name an address are read or refused in silence."""
    port, heard = listener
    address = f"http://127.0.0.1:{port}/"
    relation = "word/_rels/document.xml.rels"
    harmless: list[tuple[str, bytes]] = [
        (
            "a.html",
            f"<base href={address}><link rel=stylesheet href={address}><p>x<img src={address}>".encode(),
        ),
        ("a.docx", word(more={relation: relations(("hyperlink", address, True))})),
        ("a.pdf", pdf([[(72, 700, 11, "R", "x")]], catalog=f"/OpenAction << /S /URI /URI ({address}) >>")),
        ("a.md", f"![x]({address})".encode()),
    ]
    refused: list[tuple[str, bytes]] = [
        ("b.docx", word(more={"word/document.xml": f'<!DOCTYPE a SYSTEM "{address}"><a/>'})),
        ("c.docx", word(more={relation: relations(("attachedTemplate", address, True))})),
        ("a.odt", odt(f'<draw:image xlink:href="{address}"/>')),
    ]

    assert all(read_document(name, content).blocks for name, content in harmless)
    for name, content in refused:
        with pytest.raises(UnreadableFileError, match=r"kept elsewhere|DOCTYPE"):
            read_document(name, content)
    assert heard == []


MISBEHAVING: list[tuple[str, str]] = [
    ("killed", "import os; os.kill(os.getpid(), 9)"),
    ("crashed", "import os; os.abort()"),
    ("failed", "raise MemoryError"),
    ("silent", ""),
    ("chattering", "print('x' * 100)"),
    ("some other answer", "print('[1, 2]')"),
    ("endless", "while True: pass"),
    ("flooding", "import sys\nwhile True: sys.stdout.write('x' * 1_000_000)"),
    ("refusing oddly", """print('{"refused": "x", "facts": {"message": 1}}')"""),
    ("deep", "print('[' * 100_000)"),
    (
        "another's document",
        """print('{"read": {"name": "b.txt", "form": "txt", "text": "", "blocks": [], "notes": []}}')""",
    ),
    (
        "blocks outside the text",
        'print(\'{"read": {"name": "report.txt", "form": "txt", "text": "a", "notes": [], '
        '"blocks": [["item", 0, 9, 0, null, null, null]]}}\')',
    ),
]


@pytest.mark.parametrize(("kind", "code"), MISBEHAVING, ids=[kind for kind, _ in MISBEHAVING])
def test_whatever_becomes_of_the_child_is_one_sentence(
    kind: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No answer of a child that went wrong is believed, and none keeps the parent waiting."""
    monkeypatch.setattr(child, "_START", code)
    monkeypatch.setattr(child, "WALL_SECONDS", 1)
    monkeypatch.setattr(child, "ANSWER_LIMIT", 3_000_000)

    before = time.monotonic()

    with pytest.raises(UnreadableFileError, match=STOPPED) as refusal:
        read_document("report.txt", b"words" * 200_000)

    assert refusal.value.facts["step"] == "child"
    assert time.monotonic() - before < 8


def test_flood_is_stopped_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that answers too much is not listened to until its time is up."""
    monkeypatch.setattr(child, "_START", "import sys\nwhile True: sys.stdout.write('x' * 1_000_000)")
    monkeypatch.setattr(child, "ANSWER_LIMIT", 3_000_000)
    before = time.monotonic()

    with pytest.raises(UnreadableFileError, match=STOPPED):
        read_document("report.txt", b"words")

    assert time.monotonic() - before < 10


FORBIDDEN: list[tuple[str, str]] = [
    ("memory", "bytearray(600 << 20)"),
    ("writing", "open(sys.argv[2], 'w')"),
    ("writing by number", "os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY)"),
    ("removing", "os.remove(sys.argv[2])"),
    ("sockets", "__import__('socket').socket()"),
    ("programs", "__import__('subprocess').run(['true'])"),
    ("shell", "os.system('true')"),
    ("copies of itself", "os.fork()"),
    ("files", "[os.open('/', os.O_RDONLY) for _ in range(40)]"),
]


@pytest.mark.skipif(sys.platform == "win32", reason="the limits are those of Unix")
@pytest.mark.parametrize(("what", "code"), FORBIDDEN, ids=[what for what, _ in FORBIDDEN])
def test_child_can_only_read(what: str, code: str, tmp_path: Path) -> None:
    """Memory, files, sockets and programs are taken from the child before it sees a byte of the file."""
    script = (
        "import os, sys; sys.path.append(sys.argv[1]); from monitor.importers.child import _limit\n"
        f"import socket, subprocess, tempfile\n_limit()\ntry:\n    {code}\n"
        "except (OSError, MemoryError):\n    os._exit(7)"
    )
    file = tmp_path / "kept.txt"
    file.write_text("kept", encoding="utf-8")

    ended = subprocess.run([sys.executable, "-I", "-c", script, SOURCES, str(file)], check=False)

    assert ended.returncode == 7, what
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_text(encoding="utf-8") == "kept"


@pytest.mark.skipif(sys.platform == "win32", reason="the limits are those of Unix")
def test_child_has_ten_seconds_of_the_processor() -> None:
    """The clock of the processor stops what the clock on the wall would let run while the machine is busy."""
    script = (
        "import sys; sys.path.append(sys.argv[1]); from monitor.importers.child import _limit\n"
        "import resource; _limit(); print(resource.getrlimit(resource.RLIMIT_CPU)[0])"
    )
    ended = subprocess.run(
        [sys.executable, "-I", "-c", script, SOURCES], capture_output=True, check=True, text=True
    )

    assert int(ended.stdout) == child.PROCESSOR_SECONDS == 10


def test_child_starts_without_what_surrounds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the folder we stand in nor the environment can put a module in front of ours."""
    for name in ("json.py", "monitor.py", "sitecustomize.py"):
        (tmp_path / name).write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "json.py"))

    assert read_document("a.txt", b"words").text == "words"
    assert sorted(os.listdir(tmp_path)) == ["json.py", "monitor.py", "sitecustomize.py"]


def test_two_files_at_once(tmp_path: Path) -> None:
    """Each file has a child of its own."""
    texts: list[str] = []

    def read(text: str) -> None:
        texts.append(read_document("a.txt", text.encode()).text)

    threads = [threading.Thread(target=read, args=(f"words {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(texts) == [f"words {number}" for number in range(4)]
    assert list(tmp_path.iterdir()) == []
