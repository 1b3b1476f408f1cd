"""
A document that people carry: what it says and in what order, whatever it becomes.

`to_docx`, `to_pdf` and `to_html` render it. The same document gives the same bytes in each form, so that what
was handed out can be made again and compared. Nothing here is markup: every character of a text is printed as
it stands, save those that no page can show.
"""

import base64
import json
import re
import struct
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote

from monitor.errors import UnreadableFileError

Tone = Literal["", "gray", "red", "orange", "green", "blue"]
"""The colour of a mark or of words behind it; "" is ink. Colour never speaks alone."""
ParagraphStyle = Literal["body", "lead", "small", "quote"]

PICTURE_WIDTH_MM: Final = 170.0
_LETTER_MM: Final = 1.8
"""A letter of a table on paper, widely reckoned; `_GAP_MM` is what lies between two columns."""
_GAP_MM: Final = 3.5
_DATE: Final = len("31 Mar 2023")


@dataclass(frozen=True, slots=True)
class Span:
    """
    Words set in one way.

    Attributes:
        link: An address (http, https or mailto), or "#" and the anchor of a heading; any other is left out.
    """

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""
    tone: Tone = ""


Text: TypeAlias = str | tuple[Span, ...]
"""A line break in it is a line break on the page."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3; `anchor` is what a link can name."""

    text: Text
    level: int = 1
    anchor: str = ""
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; the printed words of a report are a quote."""

    text: Text
    style: ParagraphStyle = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; a numbered one begins at 1."""

    items: tuple[Text, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Short figures or names, each with what it says: "47 days" and "late, as at 16 January 2023"."""

    rows: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `width` is its share, against those of the others."""

    title: str
    align: Literal["left", "right"] = "left"
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table with one row of headings.

    Attributes:
        caption: What is listed; it stands above the table and is read out with it.
        row_headers: Whether the first column names the row.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    caption: str
    row_headers: bool = True

    def __post_init__(self) -> None:
        if not self.columns or not seen(self.caption):
            raise ValueError("A table needs columns and a caption.")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(
                f'A row of the table "{self.caption}" has more or fewer cells than it has columns.'
            )
        if any(column.width <= 0 for column in self.columns):
            raise ValueError(f'The table "{self.caption}" has a column without width.')

    def widths_mm(self, room_mm: float) -> list[float]:
        """Return the widths of the columns, which fill the room: as asked for, but none cuts a date or a heading."""
        least = [self._least_mm(place) for place in range(len(self.columns))]
        if sum(least) >= room_mm:
            return [width * room_mm / sum(least) for width in least]
        widths, asked = list(least), [column.width for column in self.columns]
        growing = set(range(len(widths)))
        while growing:
            room = room_mm - sum(width for place, width in enumerate(least) if place not in growing)
            share = room / sum(asked[place] for place in growing)
            held = {place for place in growing if asked[place] * share < least[place]}
            if not held:
                return [asked[p] * share if p in growing else least[p] for p in range(len(widths))]
            growing -= held
        return widths

    def _least_mm(self, place: int) -> float:
        """Return the width that holds a column's longest word, and whole what is as short as a date."""
        letters = max(len(word) for word in self.columns[place].title.split() or [""])
        for row in self.rows:
            words = words_of(row[place])
            if len(words) <= _DATE:
                letters = max(letters, len(words))
            elif letters < _DATE:
                letters = max(letters, min(max(map(len, words.split())), _DATE))
        return letters * _LETTER_MM + _GAP_MM


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A picture: its finding above, its caption below, its alternative text for those who cannot see it.

    Attributes:
        svg: The drawing; Word gets it as dots. One that follows the reader's theme does so on a web page.
        png: A picture that is no drawing, or what Word shall have in place of one made from the drawing.
        height_mm: Height on paper; 0 keeps the picture's own proportions.
    """

    alt: str
    svg: bytes = b""
    png: bytes = b""
    width_mm: float = PICTURE_WIDTH_MM
    height_mm: float = 0.0
    finding: Text = ""
    caption: Text = ""

    def __post_init__(self) -> None:
        if not seen(self.alt):
            raise ValueError("A picture needs an alternative text.")
        if not self.svg and not self.png:
            raise ValueError(f'The picture "{self.alt[:60]}" has neither a drawing nor dots.')

    def size_mm(self, room_mm: float) -> tuple[float, float]:
        """Return width and height on paper, shrunk alike where the room is narrower."""
        height = self.height_mm or self.width_mm * self._proportion()
        shrink = min(1.0, room_mm / self.width_mm)
        return self.width_mm * shrink, height * shrink

    def _proportion(self) -> float:
        """Return the picture's height for a width of one."""
        if self.svg:
            found = _VIEW_BOX.search(self.svg[:4000])
            wide, high = (float(part) for part in found.groups()) if found else (0.0, 0.0)
        else:
            wide, high = struct.unpack(">II", self.png[16:24]) if len(self.png) >= 24 else (0, 0)
        return high / wide if wide > 0 and high > 0 else 0.6


_VIEW_BOX: Final = re.compile(rb"<svg[^>]*?viewBox=[\"'][-\d.]+[ ,]+[-\d.]+[ ,]+([\d.]+)[ ,]+([\d.]+)", re.S)


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents, of headings down to a level."""

    title: str = "Contents"
    depth: int = 2


Block: TypeAlias = Heading | Paragraph | Bullets | Facts | Table | Picture | PageBreak | Contents


@dataclass(frozen=True, slots=True)
class Document:
    """
    A whole document.

    Attributes:
        subtitle: Below the title; a line break makes a second line.
        made_at: The only moment that the files carry, so that making them again changes nothing.
        cover: Lines on the cover (the as-at day, who made it); without any there is no cover page, and the
            title stands above the text.
        footer: Left of the page number on every page.
        fingerprint: What the document rests on, in small type at the foot of the cover or at the end.
    """

    title: str
    made_at: datetime
    blocks: tuple[Block, ...]
    subtitle: str = ""
    language: str = "en-GB"
    author: str = ""
    subject: str = ""
    cover: tuple[Text, ...] = ()
    footer: str = ""
    fingerprint: str = ""

    def __post_init__(self) -> None:
        if not seen(self.title):
            raise ValueError("A document needs a title.")

    @property
    def made_at_utc(self) -> datetime:
        """The moment in UTC, in whole seconds; one without a zone is taken as UTC."""
        moment = self.made_at if self.made_at.tzinfo else self.made_at.replace(tzinfo=UTC)
        return moment.astimezone(UTC).replace(microsecond=0)


# Text ----------------------------------------------------------------------------------------------------------

_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_NEVER_PRINTED: Final = re.compile(
    # Controls, halves of characters, what Unicode says is none, and the marks that turn the order of letters
    # round: a name could hide behind them.
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """Return the text with one kind of line end and without what no page can show."""
    return _NEVER_PRINTED.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))


def spans(text: Text) -> tuple[Span, ...]:
    """Return the text as spans of printable words, the empty ones left out."""
    if isinstance(text, str):
        text = (Span(text),)
    return tuple(
        Span(words, span.bold, span.italic, span.link, span.tone)
        for span in text
        if (words := printable(span.text))
    )


def words_of(text: Text) -> str:
    """Return the plain words of a text on one line."""
    return " ".join("".join(span.text for span in spans(text)).split())


def seen(text: Text) -> str:
    """Return the plain words of a text, or "" where there is nothing in them to be seen."""
    words = words_of(text)
    return words if any(unicodedata.category(ch)[0] not in "CZ" for ch in words) else ""


# Headings and links --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Section:
    """
    A heading where it stands.

    Attributes:
        place: Which block of the document it is.
        level: Its level, at most one below that of the heading before it, so that no level is skipped.
        name: Its address within the document, unique; from its anchor where it has one.
    """

    place: int
    level: int
    words: str
    anchor: str
    name: str


def sections(document: Document) -> tuple[Section, ...]:
    """Return the headings of a document in their order; one without words is none."""
    found: list[Section] = []
    taken = {"contents", "main", "title"}
    level = 0
    for place, block in enumerate(document.blocks):
        if isinstance(block, Heading) and (words := seen(block.text)):
            level = max(1, min(block.level, level + 1, 3))
            plain = re.sub(r"[^a-z0-9]+", "-", block.anchor.lower()).strip("-")
            stem = name = plain or f"section-{len(found) + 1}"
            again = 2
            while name in taken:
                name, again = f"{stem}-{again}", again + 1
            taken.add(name)
            found.append(Section(place, level, words, block.anchor, name))
    return tuple(found)


class Links:
    """Where the links of a document lead."""

    def __init__(self, found: tuple[Section, ...]) -> None:
        self._by_anchor: dict[str, Section] = {}
        for section in found:
            if section.anchor:
                self._by_anchor.setdefault(section.anchor, section)

    def inside(self, link: str) -> Section | None:
        """Return the heading that a link names, or None."""
        return self._by_anchor.get(link[1:]) if link.startswith("#") else None

    def outside(self, link: str) -> str:
        """Return an address as a browser takes it, or "" for what should not be opened."""
        plain = printable(link).strip()
        if len(plain) > 2000 or not _ADDRESS.match(plain):
            return ""
        return quote(plain, safe="%/:=&?~#+!$,;'@()*[]")


_ADDRESS: Final = re.compile(r"(?:https?://[^\s/]|mailto:[^\s@]+@)", re.I)


# What it says --------------------------------------------------------------------------------------------------


def plain_lines(document: Document) -> list[str]:
    """Return what the document says, line by line: what two makings of it can be compared by."""
    head = [document.title, *document.subtitle.split("\n"), *document.cover, document.fingerprint]
    lines = [words_of(line) for line in head]
    for block in document.blocks:
        lines += _lines_of(block)
    lines.append(words_of(document.footer))
    return [line for line in lines if line]


def _lines_of(block: Block) -> Iterator[str]:
    match block:
        case Heading(text) | Paragraph(text):
            yield words_of(text)
        case Bullets(items, numbered):
            for number, item in enumerate(items, 1):
                yield f"{number}. {words_of(item)}" if numbered else f"• {words_of(item)}"
        case Facts(rows):
            for label, value in rows:
                yield f"{words_of(label)}: {words_of(value)}"
        case Table():
            yield words_of(block.caption)
            yield " | ".join(words_of(column.title) for column in block.columns)
            for row in block.rows:
                yield " | ".join(words_of(cell) for cell in row)
        case Picture():
            yield words_of(block.finding)
            yield f"[Picture: {words_of(block.alt)}]"
            yield words_of(block.caption)


# To keep and to read back --------------------------------------------------------------------------------------

_KINDS: Final[Mapping[str, type]] = {
    kind.__name__: kind
    for kind in (
        Document,
        Heading,
        Paragraph,
        Bullets,
        Facts,
        Table,
        Column,
        Picture,
        PageBreak,
        Contents,
        Span,
    )
}


def as_json(document: Document) -> str:
    """Return the document as text in one canonical form: equal documents give equal texts."""
    return json.dumps(_packed(document), sort_keys=True, separators=(",", ":"))


def from_json(text: str | bytes) -> Document:
    """
    Return the document that `as_json` wrote.

    Raises:
        UnreadableFileError: for a text that is none of these.
    """
    try:
        made = _unpacked(json.loads(text))
    except (ValueError, TypeError, KeyError, RecursionError):
        made = None
    if not isinstance(made, Document):
        raise UnreadableFileError("This is not a document that was kept here.")
    return made


def _packed(value: Any) -> Any:
    if type(value).__name__ in _KINDS:
        inside = {field.name: _packed(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__, **inside}
    if isinstance(value, tuple):
        return [_packed(inner) for inner in value]
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return value


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_unpacked(inner) for inner in value)
    if not isinstance(value, dict):
        return value
    if "is" in value:
        inside = {name: _unpacked(inner) for name, inner in value.items() if name != "is"}
        return _KINDS[value["is"]](**inside)
    if "base64" in value:
        return base64.b64decode(value["base64"], validate=True)
    return datetime.fromisoformat(value["moment"])
