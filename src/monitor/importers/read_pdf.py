"""
PDFs: lines of print put together to paragraphs again.

A PDF knows letters and their places, and neither paragraphs nor tables. What is told here from places and sizes is
told the way a reader tells it: a wider gap, a larger size, a mark in front. Nothing read from a PDF is stored
before a person has seen it beside the page.
"""

import io
import logging
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import quantiles
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

from monitor.errors import UnreadableFileError
from monitor.importers.blocks import BlockKind, Document, Writer, is_numbered, without_bullet

PAGE_LIMIT: Final = 1_500
_MARGIN: Final = 0.13
"""The part of a page's height, at its top and at its foot, where running heads and page numbers stand."""
_LONGEST_HEADING: Final = 200

_PAGE_NUMBER: Final = re.compile(
    r"(?:page )?[-–]? ?(?:\d{1,4}|[ivxl]{1,6}) ?[-–]?(?: ?(?:of|/) ?\d{1,4})?", re.I
)
_BROKEN_WORD: Final = re.compile(r"(?<![A-Za-z])([A-Za-z]+)([-\u2010\u00ad])$")
_SENTENCE_END: Final = re.compile(r"[.?!:;][”’\"')\]]{0,2}$|[;,] (?:and|or)$")
_PARAGRAPH_NUMBER: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,2}\.?\s+[A-Z“‘\"]")
_LIGATURES: Final = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_BOLD: Final = re.compile("bold|black|heavy", re.I)
_WORD: Final = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")


@dataclass(slots=True)
class _Line:
    """One line of print: where it begins, in points from the foot of its page, and how large it is."""

    page: int
    x: float
    y: float
    size: float
    is_bold: bool
    text: str
    is_margin: bool = False


@dataclass(slots=True)
class _Paragraph:
    lines: list[_Line] = field(default_factory=list)

    @property
    def first(self) -> _Line:
        return self.lines[0]

    @property
    def last(self) -> _Line:
        return self.lines[-1]


def read_pdf(name: str, content: bytes) -> Document:
    """
    Return the text of a PDF as blocks; tables come as the lines they are printed in.

    Raises:
        UnreadableFileError: for a PDF that is damaged or locked, or has no text because its pages are pictures.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks quote the file
    writer = Writer(name, "pdf")
    try:
        pages = _pages(name, PdfReader(io.BytesIO(content), strict=False), writer)
    except LimitReachedError:
        raise UnreadableFileError(
            f"{name} unpacks to far more than a report: print it to a new PDF and import that.", step="reader"
        ) from None
    except DependencyError:
        raise _locked(name) from None
    except PyPdfError:
        raise UnreadableFileError(f"{name} is damaged: fetch or save it again.", step="reader") from None
    lines = [line for page in pages for line in page]
    if not lines:
        raise UnreadableFileError(
            f"{name} holds no text: its pages are pictures. Ask for the document itself (Word, or a PDF made from it).",
            step="reader",
        )
    _say_empty(pages, writer)
    body = _body_size(lines)
    kept = _without_margins(pages, writer)
    if not kept:  # a page with nothing but a heading
        kept = lines
    known = Counter(word.casefold() for line in kept for word in _WORD.findall(line.text))
    paragraphs = list(_paragraphs(kept))
    keys = [_heading_key(paragraph, body) for paragraph in paragraphs]
    levels = _levels(keys)
    listed = _listed(paragraphs, keys)
    for paragraph, key, is_listed in zip(paragraphs, keys, listed, strict=True):
        _write(writer, paragraph, None if key is None else levels[key], known, is_listed=is_listed)
    return writer.finish()


def _locked(name: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"{name} is protected with a password or against copying: print it to a new PDF and import that.",
        step="reader",
    )


def _pages(name: str, reader: PdfReader, writer: Writer) -> list[list[_Line]]:
    if reader.is_encrypted and not reader.decrypt(""):
        raise _locked(name)
    count = len(reader.pages)
    if count > PAGE_LIMIT:
        raise UnreadableFileError(
            f"{name} has {count:,} pages. A document can have {PAGE_LIMIT:,}: import the report alone.",
            step="reader",
        )
    pages, length = [], 0
    for number in range(count):
        collector = _Collector(number)
        page = reader.pages[number]
        collector.height = _height(page)
        page.extract_text(visitor_text=collector.on_text, visitor_operand_before=collector.on_operation)
        lines = collector.finish()
        pages.append(lines)
        length += sum(len(line.text) for line in lines)
        if collector.is_unseen:
            writer.note(
                "Some of the text is not to be seen on its page (behind a scan, say): compare it with the pages."
            )
        if length > 3_000_000:
            raise UnreadableFileError(
                f"{name} holds more text than a report: import the report alone, or in parts.", step="reader"
            )
    return pages


def _height(page: Any) -> float:
    try:
        height = float(page.mediabox.height)
    except (PyPdfError, ValueError, TypeError, ArithmeticError):
        return 0.0
    return height if math.isfinite(height) else 0.0


class _Collector:
    """Listens to the reader of one page and makes lines of the pieces it hears."""

    def __init__(self, page: int) -> None:
        self.page = page
        self.height = 0.0
        self.lines: list[_Line] = []
        self.pieces: list[str] = []
        self.start: tuple[float, float] | None = None
        self.looks: Counter[tuple[float, bool]] = Counter()
        self.is_unseen = False

    def on_operation(self, operator: bytes, operands: Any, _cm: Any, _tm: Any) -> None:
        if operator == b"Tr" and operands and operands[0] == 3:
            self.is_unseen = True

    def on_text(self, text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        for at, piece in enumerate(text.split("\n")):
            if at:
                self.end_line()
            if piece.strip():
                x, y, points = _place(cm, tm, size)
                self.start = self.start or (x, y)
                name = str(font.get("/BaseFont", "")) if font is not None else ""
                self.looks[points, bool(_BOLD.search(name))] += len(piece.strip())
            self.pieces.append(piece)

    def end_line(self) -> None:
        text = " ".join("".join(self.pieces).translate(_LIGATURES).split())
        if text and self.start is not None:
            x, y = self.start
            (size, _), _ = self.looks.most_common(1)[0]  # a bullet or a mark may be of another size
            bold = sum(length for (_, is_bold), length in self.looks.items() if is_bold)
            is_bold = bold * 10 >= 9 * self.looks.total()
            in_margin = bool(self.height) and not _MARGIN * self.height < y < (1 - _MARGIN) * self.height
            self.lines.append(_Line(self.page, x, y, size, is_bold, text, in_margin))
        self.pieces, self.start = [], None
        self.looks.clear()

    def finish(self) -> list[_Line]:
        self.end_line()
        return self.lines


def _place(cm: Sequence[float], tm: Sequence[float], size: float) -> tuple[float, float, float]:
    """Return where a piece begins on its page and how large its letters are, in points."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    up = math.hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
    found = (x, y, abs(size) * up)
    return found if all(map(math.isfinite, found)) else (0.0, 0.0, 0.0)


def _say_empty(pages: list[list[_Line]], writer: Writer) -> None:
    empty = [str(number) for number, lines in enumerate(pages, 1) if not lines]
    if len(empty) == 1:
        writer.note(f"Page {empty[0]} has no text: if it is a picture, what it says was not read.")
    elif empty:
        shown = ", ".join(empty[:10]) + (" and others" if len(empty) > 10 else "")
        writer.note(
            f"{len(empty)} pages have no text ({shown}): if they are pictures, what they say was not read."
        )


def _body_size(lines: list[_Line]) -> float:
    """Return the size that most of the text is printed in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0]


def _without_margins(pages: list[list[_Line]], writer: Writer) -> list[_Line]:
    """Return the lines without running heads, page numbers and the table of contents."""
    with_text = sum(1 for page in pages if page)
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_key(line) for line in page if line.is_margin})
    kept, margins, contents = [], False, False
    for line in (line for page in pages for line in page):
        is_repeated = line.is_margin and seen[_key(line)] >= max(min(3, with_text), 2, with_text * 0.4)
        if is_repeated or (line.is_margin and _PAGE_NUMBER.fullmatch(line.text)):
            margins = True
        elif _leads_to_a_page(line.text):
            contents = True
        else:
            kept.append(line)
    if margins:
        writer.note("Running heads, running feet and page numbers were left out.")
    if contents:
        writer.note("The table of contents was left out.")
    return kept


def _leads_to_a_page(text: str) -> bool:
    """Return whether a line ends in dots and a page number, as in a table of contents."""
    words = text.rstrip("0123456789 ")
    return words != text.rstrip() and words.replace(" ", "").endswith(("....", "……"))


def _key(line: _Line) -> str:
    return f"{re.sub(r'[0-9]+', '#', line.text).casefold()} {round(line.y / 6)}"


def _paragraphs(lines: list[_Line]) -> Iterator[_Paragraph]:
    gap = _usual_gap(lines)
    columns = _column_widths(lines)
    current = _Paragraph()
    margin = min((line.x for line in lines), default=0.0)
    for line, widest in zip(lines, _widest_before(lines, gap), strict=True):
        full = columns.get(_column(current.last) if current.lines else (0, 0, 0), 0)
        is_next_item = (  # of a list whose bullets a browser drew as pictures
            bool(current.lines)
            and _ITEM_OVER.search(current.last.text) is not None
            and abs(line.x - current.first.x) < 0.5
            and line.x > margin + line.size
        )
        if current.lines and (is_next_item or not _goes_on(current, line, gap, widest, full)):
            yield current
            current = _Paragraph()
        current.lines.append(line)
    if current.lines:
        yield current


def _widest_before(lines: list[_Line], usual: float) -> list[int]:
    """Return for each line how long the longest is of the lines that stand close together with the one before it."""
    widest: list[int] = []
    start = 0
    for place, line in enumerate(lines):
        before = lines[place - 1] if place else line
        gap = (before.y - line.y) / before.size if before.size else 0.0
        is_close = before.page == line.page and -0.5 <= gap <= usual * 1.3
        if place and not (is_close and abs(before.size - line.size) < 0.5):
            widest += [max(len(one.text) for one in lines[start:place])] * (place - start)
            start = place
    widest += [max((len(one.text) for one in lines[start:]), default=0)] * (len(lines) - start)
    return [0, *widest[:-1]] if widest else []


def _column(line: _Line) -> tuple[int, int, int]:
    """Return where a line stands: its page, its beginning in steps wider than an indentation, its size."""
    return line.page, int(line.x // 40), round(line.size)


def _column_widths(lines: list[_Line]) -> Counter[tuple[int, int, int]]:
    """Return how long the longest line is that begins in or beside each step across a page."""
    widths: Counter[tuple[int, int, int]] = Counter()
    for line in lines:
        page, step, size = _column(line)
        for place in ((page, step + beside, size) for beside in (-1, 0, 1)):
            widths[place] = max(widths[place], len(line.text))
    return widths


def _usual_gap(lines: list[_Line]) -> float:
    """Return the distance between the lines of a paragraph, in sizes of their letters."""
    gaps = [
        (upper.y - lower.y) / upper.size
        for upper, lower in pairwise(lines)
        if upper.page == lower.page and upper.size and 0.5 < (upper.y - lower.y) / upper.size < 3
    ]
    return quantiles(gaps, n=4)[0] if len(gaps) > 1 else 1.2


_HEADER: Final = re.compile(r"(?:Recommendation|Area for improvement|AFI|Cause of concern) \d{1,3} ?[:.–-]")
_ITEM_OVER: Final = re.compile(r";(?: and| or)?$")


def _goes_on(paragraph: _Paragraph, line: _Line, usual: float, widest: int, full: int) -> bool:
    """Return whether a line belongs to the paragraph before it."""
    last = paragraph.last
    if without_bullet(line.text) or is_numbered(line.text) or _PARAGRAPH_NUMBER.match(line.text):
        return False
    if abs(last.size - line.size) > 0.08 * max(last.size, line.size) or last.is_bold != line.is_bold:
        return False
    if _HEADER.match(line.text) and _SENTENCE_END.search(last.text[-12:]):
        return False
    ends = bool(_SENTENCE_END.search(last.text[-12:]))
    gap = (last.y - line.y) / last.size if last.size else 0.0
    if last.page != line.page or gap < -0.5:  # on the next page or at the top of the next column
        return not ends and line.text[:1].islower()
    if gap > usual * 1.3:
        return False
    is_listed = bool(without_bullet(paragraph.first.text) or is_numbered(paragraph.first.text))
    indent = line.x - last.x
    if is_listed and len(paragraph.lines) == 1:  # its second line hangs under its words
        return indent > -0.5 * line.size or not ends
    if is_listed and line.x < last.x - 0.5 * line.size:
        return False
    if abs(indent) > 1.5 * line.size and gap > 0.3:
        return not ends and line.text[:1].islower()
    if len(last.text) < 0.5 * widest and not line.text[:1].islower() and not last.text.endswith(","):
        return False  # the paragraph ended short of the margin
    # Paragraphs without space between them: a short last line, and then a capital or another item of a list.
    if last.text.endswith((";", "; and", "; or")):
        return len(last.text) + 1 + len(line.text.split()[0]) >= 0.97 * full  # its next word found no room
    return not ends or line.text[:1].islower() or len(last.text) >= 0.6 * widest


def _heading_key(paragraph: _Paragraph, body: float) -> tuple[int, bool] | None:
    """Return the size of a heading, and whether only its weight makes it one; None for what is no heading."""
    first = paragraph.first
    length = sum(len(line.text) for line in paragraph.lines)
    if length > _LONGEST_HEADING or without_bullet(first.text) or not re.search("[A-Za-z]", first.text):
        return None
    if first.size >= body * 1.15:
        return round(first.size), False
    is_bold = all(line.is_bold for line in paragraph.lines) and first.size >= body * 0.95
    if is_bold and not paragraph.last.text.endswith((".", ";", ",")):
        return round(first.size), True
    return None


def _levels(keys: Iterable[tuple[int, bool] | None]) -> dict[tuple[int, bool], int]:
    """Return the level of each kind of heading: the largest is 1, bold text of body size comes last."""
    kinds = sorted({key for key in keys if key is not None}, key=lambda key: (-key[0], key[1]))
    return {kind: min(level, 6) for level, kind in enumerate(kinds, 1)}


def _listed(paragraphs: list[_Paragraph], keys: list[tuple[int, bool] | None]) -> Iterator[bool]:
    """
    Yield for each paragraph whether it is an item by its place alone: set in, after words that end in a colon.

    Browsers draw their bullets as pictures, so that the text has none.
    """
    lead: _Line | None = None
    for paragraph, key in zip(paragraphs, keys, strict=True):
        first = paragraph.first
        is_item = (
            lead is not None
            and key is None
            and lead.page <= first.page <= lead.page + 1
            and first.x > lead.x + 0.8 * first.size
        )
        yield is_item
        if not is_item:
            lead = first if key is None and paragraph.last.text.endswith(":") else None


def _write(
    writer: Writer, paragraph: _Paragraph, level: int | None, known: Counter[str], *, is_listed: bool
) -> None:
    text = _joined([line.text for line in paragraph.lines], known)
    if level is not None:
        writer.blank_line()
        writer.add("heading", text, depth=level)
        writer.blank_line()
        return
    bullet = without_bullet(text)
    numbered = is_numbered(text)
    kind: BlockKind = "item" if bullet or numbered or is_listed else "paragraph"
    before = "· " if kind == "item" and not numbered else ""
    writer.add(kind, text[bullet[0] :] if bullet else text, before=before)
    if kind == "paragraph":
        writer.blank_line()


def _joined(lines: list[str], known: Counter[str]) -> str:
    """Return the lines of a paragraph as one; a word that was broken at a line's end is whole again."""
    text = lines[0]
    for line in lines[1:]:
        broken = _BROKEN_WORD.search(text)
        rest = _WORD.match(line)
        if broken and rest and line[0].islower():
            text = text[: broken.start(2)] + ("-" if _keeps_hyphen(broken, rest[0], known) else "") + line
        else:
            text = f"{text} {line}"
    return text


def _keeps_hyphen(broken: re.Match[str], rest: str, known: Counter[str]) -> bool:
    """Return whether a hyphen at the end of a line belongs to the word, by how the document writes it elsewhere."""
    if broken[2] == "\u00ad":
        return False
    first, second = broken[1].casefold(), rest.casefold()
    if known[first + second]:
        return False
    if known[f"{first}-{second}"]:
        return True
    return len(first) > 2 and known[first] > 1 and known[second] > 0
