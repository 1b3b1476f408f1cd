"""
A document as the readers leave it: its text, and the blocks that stand in it in reading order.

The readers (`read_docx` and its neighbours) make it in a child process; what looks for findings starts from it.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, get_args

from monitor.errors import UnreadableFileError

BlockKind = Literal["heading", "paragraph", "item", "cell"]

TEXT_LIMIT: Final = 3_000_000
BLOCK_LIMIT: Final = 30_000
"""Four times the longest report there is; what is looked for in it takes seconds, not minutes."""
NOTE_LIMIT: Final = 50
BOLD_LEVEL: Final = 6
"""The level of a heading that nothing but its weight makes one: a short paragraph in bold."""

_KINDS: Final = frozenset(get_args(BlockKind))
_LONGEST_HEADING: Final = 200
_LONGEST_LEAD: Final = 60
_RESIDUE: Final = re.compile(r"\[bookmark: [^\]\n]{1,80}\]")
_NEVER_KEPT: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\ufeff\ud800-\udfff]")
_BLANKS: Final = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# A hyphen right before a letter is a bullet too ("-call handling"), before a figure it is a minus. A lower-case o is
# Word's second bullet once it is flattened to text, and then a tab follows.
_BULLET: Final = re.compile(
    r"[ \t\u00a0]*(?P<mark>[·•●○▪▫■□◦‣⁃∙➢➤►✓✔\uf0b7\uf0a7\uf0d8\uf0fc](?:[ \t\u00a0]+|(?=\S))"
    r"|[-–—*][ \t\u00a0]+|-(?=[A-Za-z“‘])|o\t)(?=[^\s])"
)
_NUMBER: Final = re.compile(
    r"[ \t]*(?:\d{1,3}[.)]|\((?:\d{1,3}|[a-z]|[ivx]{1,5})\)|(?:[a-z]|[ivx]{1,5})\))[ \t]+\S"
)


@dataclass(frozen=True, slots=True)
class Block:
    """
    One heading, paragraph, list item or table cell. Blocks do not overlap, and none is empty.

    A cell with several paragraphs gives several blocks: the first is the `cell` (an `item`, if it is one in
    a list), the others are paragraphs and items with the same `table`, `row` and `column`. Cells without
    text give none. A bullet stands before `start` and is not part of `text`; a printed number is part of it.
    """

    kind: BlockKind
    text: str
    """Clean: no blanks at the ends, no tabs, line breaks within the block as a line feed."""
    start: int
    """`start` and `end` are the half-open range of characters in `Document.text`."""
    end: int
    depth: int = 0
    """Level of a heading (1 to 6); nesting of an item, or of a cell's table (0 is the outermost)."""
    table: int | None = None
    """Number of the table in the document, from 0; an inner table has a number of its own."""
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read; `tidy(text[block.start:block.end]) == block.text` for each of its blocks."""

    name: str
    form: str
    """One of docx, odt, pdf, html, txt, md."""
    text: str
    """The whole text as read: what a person is shown."""
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    """Sentences for a person: tracked changes, machine translation, pages without text ..."""

    def as_plain(self) -> dict[str, Any]:
        """Return the document as JSON can carry it. A block's text is left out: its place says it."""
        return {
            "name": self.name,
            "form": self.form,
            "text": self.text,
            "blocks": [
                [block.kind, block.start, block.end, block.depth, block.table, block.row, block.column]
                for block in self.blocks
            ],
            "notes": list(self.notes),
        }

    @classmethod
    def from_plain(cls, plain: Any) -> "Document":
        """
        Return the document that `as_plain` wrote.

        Raises:
            ValueError: for anything that `as_plain` would not have written.
        """
        match plain:
            case {
                "name": str(name),
                "form": str(form),
                "text": str(text),
                "blocks": list(rows),
                "notes": list(notes),
            } if all(isinstance(note, str) for note in notes) and len(notes) <= NOTE_LIMIT + 1:
                blocks = tuple(_block_from(row, text) for row in rows)
                return cls(name=name, form=form, text=text, blocks=blocks, notes=tuple(notes))
        raise ValueError("not a document")


def tidy(text: str) -> str:
    """Return a stretch of a document as a block shows it: marks of Word's own and tabs out, ends trimmed."""
    lines = _BLANKS.sub(" ", _RESIDUE.sub("", text)).split("\n")
    return "\n".join(line.strip(" ") for line in lines).strip("\n ")


def without_bullet(line: str) -> tuple[int, str] | None:
    """Return how many characters of a line stand before its words, and the bullet; None if it has none."""
    found = _BULLET.match(line)
    return (found.end(), found["mark"].strip()) if found else None


def is_numbered(line: str) -> bool:
    """Return whether a line begins like an item of a numbered list: "1. ", "(b) ", "iv) "."""
    return _NUMBER.match(line) is not None


def can_be_heading(text: str) -> bool:
    """Return whether a paragraph in bold reads as a heading: one short line that no full stop ends."""
    words = text.strip()
    if not words or "\n" in words or len(words) > _LONGEST_HEADING or words[-1] in ".;,":
        return False
    if words[-1] == ":" and len(words) > _LONGEST_LEAD:
        return False
    return any(letter.isalpha() for letter in words) and without_bullet(words) is None


def readable(text: str) -> str:
    """Return text in one spelling (NFC) with one kind of line end and without control characters."""
    return unicodedata.normalize("NFC", _NEVER_KEPT.sub("", _LINE_ENDS.sub("\n", text)))


def pieces(text: str) -> list[tuple[str | None, str]]:
    """
    Return the stretches of a paragraph, each with what was typed before it.

    That is None for plain words, the bullet for an item, and "" for an item with a number, which stays.
    """
    found: list[tuple[str | None, list[str]]] = []
    for line in text.split("\n"):
        bullet = without_bullet(line)
        if bullet:
            found.append((bullet[1], [line[bullet[0] :]]))
        elif is_numbered(line):
            found.append(("", [line]))
        elif found:
            found[-1][1].append(line)
        else:
            found.append((None, [line]))
    return [(mark, "\n".join(lines)) for mark, lines in found]


@dataclass(slots=True)
class Writer:
    """
    Puts a document together, block after block.

    Raises:
        UnreadableFileError: when the document holds more than anyone reads.
    """

    name: str
    form: str
    notes: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _is_blank: bool = False
    _blocks: list[Block] = field(default_factory=list)

    def add(
        self,
        kind: BlockKind,
        text: str,
        *,
        before: str = "",
        depth: int = 0,
        table: int | None = None,
        row: int | None = None,
        column: int | None = None,
    ) -> bool:
        """Append a block, with `before` (a bullet, a tab) in front of it; return whether it held any text."""
        seen = tidy(readable(text))
        if not seen:
            return False
        self._write(before)
        start = self._length
        self._write(seen)
        self._keep(Block(kind, seen, start, self._length, depth, table, row, column))
        self._write("\n")
        self._is_blank = False
        return True

    def blank_line(self) -> None:
        """Leave a line free in the text that a person is shown."""
        if self._parts and not self._is_blank:
            self._write("\n")
            self._is_blank = True

    def add_lines(
        self,
        kind: BlockKind,
        text: str,
        *,
        depth: int = 0,
        table: int | None = None,
        row: int | None = None,
        column: int | None = None,
        before: str = "",
    ) -> bool:
        """
        Append a paragraph that may hold typed bullets and numbers, and return whether it held any text.

        What stands between two bullets is one block. Headings and items are kept whole.
        """
        if kind in ("heading", "item"):
            return self.add(kind, text, depth=depth, table=table, row=row, column=column, before=before)
        held = False
        for mark, piece in pieces(readable(text)):
            shown: BlockKind = "paragraph" if held else kind
            if mark is not None:
                shown = "item"
            held |= self.add(
                shown,
                piece,
                before=f"{'' if held else before}{f'{mark} ' if mark else ''}",
                depth=0 if mark is not None else depth,
                table=table,
                row=row,
                column=column,
            )
        return held

    def place(self, kind: BlockKind, text: str, start: int, end: int, **place: int | None) -> None:
        """Append the block at `text[start:end]`, of a text that `finish` is given whole; nothing if it is empty."""
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if start < end and tidy(text[start:end]):
            depth = place.pop("depth", 0) or 0
            self._keep(Block(kind, tidy(text[start:end]), start, end, depth, **place))

    def stretch(self, text: str, end: int) -> None:
        """Let the last block placed in `text` reach to `end`: its next line belongs to it."""
        last = self._blocks[-1]
        end = last.start + len(text[last.start : end].rstrip())
        self._blocks[-1] = replace(last, text=tidy(text[last.start : end]), end=end)

    def note(self, sentence: str) -> None:
        """Append a sentence for a person; the same one is kept once."""
        if sentence not in self.notes and len(self.notes) < NOTE_LIMIT:
            self.notes.append(sentence)

    def finish(self, text: str | None = None) -> Document:
        """Return the document; `text` is the whole text where blocks were placed in it."""
        whole = "".join(self._parts) if text is None else text
        return Document(self.name, self.form, whole, tuple(self._blocks), tuple(self.notes))

    def _write(self, text: str) -> None:
        self._length += len(text)
        if self._length > TEXT_LIMIT:
            raise UnreadableFileError(
                f"{self.name} holds more than {TEXT_LIMIT:,} characters of text: import the report alone, or in parts."
            )
        if text:
            self._parts.append(text)

    def _keep(self, block: Block) -> None:
        if len(self._blocks) >= BLOCK_LIMIT:
            raise UnreadableFileError(
                f"{self.name} holds more than {BLOCK_LIMIT:,} paragraphs and cells: import the report alone, or in parts."
            )
        self._blocks.append(block)


def _block_from(row: Any, text: str) -> Block:
    match row:
        case [str(kind), int(start), int(end), int(depth), table, line, column] if (
            kind in _KINDS
            and 0 <= start < end <= len(text)
            and 0 <= depth <= 100
            and all(number is None or isinstance(number, int) for number in (table, line, column))
        ):
            return Block(kind, tidy(text[start:end]), start, end, depth, table, line, column)  # type: ignore[arg-type]
    raise ValueError("not a block")
