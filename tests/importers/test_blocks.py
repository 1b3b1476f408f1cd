"""The shape that readers and extraction share: blocks that keep their place in the text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import UnreadableFileError
from monitor.importers import blocks
from monitor.importers.blocks import Document, Writer, is_numbered, pieces, readable, tidy, without_bullet


def a_document() -> Document:
    """Return a document with a block of every kind."""
    writer = Writer("report.docx", "docx")
    writer.add("heading", "Recommendations ", depth=1)
    writer.blank_line()
    writer.add("cell", "\tKey\tFindings\u00a0", before="\t", table=0, row=2, column=1)
    writer.add("item", "first\nand on", before="  · ", depth=1)
    writer.add("paragraph", "[bookmark: _GoBack]The Chief Constable")
    writer.note("Two pages have no text.")
    return writer.finish()


def test_blocks_keep_their_place_in_the_text() -> None:
    """What stands at a block's place in the text is the block's text, once it is tidied."""
    document = a_document()

    assert [tidy(document.text[block.start : block.end]) for block in document.blocks] == [
        block.text for block in document.blocks
    ]
    assert [block.text for block in document.blocks] == [
        "Recommendations",
        "Key Findings",
        "first\nand on",
        "The Chief Constable",
    ]
    assert document.text.startswith("Recommendations\n\n\tKey Findings\n  · first\nand on\n")


def test_document_comes_back_from_json() -> None:
    """The child writes JSON; what the parent makes of it is the same document."""
    document = a_document()

    assert Document.from_plain(json.loads(json.dumps(document.as_plain()))) == document


@pytest.mark.parametrize(
    "change",
    [
        {"name": 3},
        {"text": None},
        {"notes": ["a", 1]},
        {"notes": ["a"] * 1_000},
        {"blocks": {}},
        {"blocks": [["menu", 0, 1, 0, None, None, None]]},
        {"blocks": [["item", 5, 2, 0, None, None, None]]},
        {"blocks": [["item", 0, 10_000, 0, None, None, None]]},
        {"blocks": [["item", -1, 2, 0, None, None, None]]},
        {"blocks": [["item", 0, 2, 0, "a", None, None]]},
        {"blocks": [["item", 0, 2, 0]]},
    ],
)
def test_what_no_child_of_ours_writes_is_no_document(change: dict[str, object]) -> None:
    """The parent believes nothing that it has not checked."""
    with pytest.raises(ValueError, match="not a"):
        Document.from_plain({**a_document().as_plain(), **change})


def test_document_is_as_long_as_anyone_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is said, and what to do."""
    monkeypatch.setattr(blocks, "TEXT_LIMIT", 50)

    with pytest.raises(
        UnreadableFileError, match="holds more than 50 characters of text: import the report alone"
    ):
        a_document()


def test_document_has_so_many_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is said, and what to do."""
    monkeypatch.setattr(blocks, "BLOCK_LIMIT", 2)

    with pytest.raises(UnreadableFileError, match="holds more than 2 paragraphs and cells"):
        a_document()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("· Policies", "Policies"),
        ("-call handling", "call handling"),
        ("- call handling", "call handling"),
        ("  • nested", "nested"),
        ("\uf0b7\tSymbol", "Symbol"),
        ("o\tsecond level", "second level"),
        ("– a dash", "a dash"),
        ("* star", "star"),
        ("-5% fewer", None),
        ("of forces", None),
        ("–not a bullet", None),
        ("·", None),
    ],
)
def test_bullet(line: str, words: str | None) -> None:
    """A bullet is told from a minus and from a word."""
    found = without_bullet(line)

    assert (line[found[0] :] if found else None) == words


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1. #23432 – By", True),
        ("(b) words", True),
        ("iv) words", True),
        ("2.1 words", False),
        ("2019 was", False),
    ],
)
def test_number(line: str, expected: bool) -> None:
    """The numbers of lists are told from years and from the numbers of paragraphs."""
    assert is_numbered(line) is expected


def test_paragraph_with_typed_bullets_is_several_blocks() -> None:
    """Line breaks inside a paragraph of Word often stand for a list."""
    assert pieces("They should:\n· first\nand on\n2. second") == [
        (None, "They should:"),
        ("·", "first\nand on"),
        ("", "2. second"),
    ]


@given(st.text())
def test_text_of_any_kind_stays_readable(text: str) -> None:
    """Control characters and halves of characters go, one spelling and one line end remain, twice is once."""
    once = readable(text)

    assert readable(once) == once
    assert once.encode("utf-8").decode("utf-8") == once
    assert not set(once) & {"\0", "\r", "\x0b", "\u2028"}


@given(st.lists(st.tuples(st.sampled_from(["heading", "paragraph", "item", "cell"]), st.text(max_size=40))))
def test_any_blocks_keep_their_place(rows: list[tuple[blocks.BlockKind, str]]) -> None:
    """Whatever a document holds, its blocks are where they say, in order, and none is empty."""
    writer = Writer("a", "docx")
    for kind, text in rows:
        writer.add_lines(kind, text)
    document = writer.finish()

    assert Document.from_plain(document.as_plain()) == document
    assert all(block.text == tidy(document.text[block.start : block.end]) for block in document.blocks)
    assert all(block.text for block in document.blocks)
    ends = [0, *(block.end for block in document.blocks)]
    assert all(end <= block.start for end, block in zip(ends, document.blocks, strict=False))
