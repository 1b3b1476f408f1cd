"""
The lines of a document as a person reads them: each with its mark (bullet or printed number) taken off and its place kept.

Readers cut a document into blocks; here each block becomes one line or more, lines broken by a typewriter's
margin are joined again, and rows that a conversion flattened into tabs or bars become cells again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor.importers.blocks import Block, BlockKind, Document, tidy

_BULLET: Final = re.compile(r"(?:[·•●▪◦⁃‣∙○■\uf0b7\uf0a7✓➢]|[-–—*](?=[ \w“\"‘])|o(?=\t| {2,}))\s*")
_NUMBERS: Final = (
    ("dotted", re.compile(r"((?:\d{1,3}|[A-Z])(?:\.\d{1,3}){1,3})[.)]?(?:[ \t]+|$)")),
    ("plain", re.compile(r"(\d{1,3})[.](?:[ \t]+|(?=[A-Z“\"‘'#]))")),
    ("bracket", re.compile(r"\(?(\d{1,3})\)[ \t]*")),
    ("tab", re.compile(r"(\d{1,3})\t+")),
    ("roman", re.compile(r"\(?((?:x{0,3})(?:ix|iv|v?i{0,3}))\)[ \t]*(?<!\(\))")),
    ("letter", re.compile(r"\(?([a-z])[.)](?:[ \t]+|(?=[A-Z]))")),
)
_NOT_A_NUMBER: Final = re.compile(
    r"\d{1,3}\.\d{1,3}(?: ?%| (?:per cent|million|billion|percentage|hours|times)\b)"
)
_SET_APART: Final = re.compile(r"[A-Z#](?:[^\s]| (?! )){2,42} {4,}(?P<rest>\S(?:\S| {1,3}(?! ))*)")
_TABBED: Final = re.compile(
    r"(?=[^\t]*\b(?:title|date|type|published|findings?|recommendations?|responses?|comments?|afi|improvements?|summary|report|inspection|status|owner|lead|deadline|progress|update)\b)"
    r"[A-Z#][^\t]{2,60}\t+(?P<rest>[^\t]+)",
    re.IGNORECASE,
)
_HANGS_FROM: Final = 8
_SENTENCE_OVER: Final = re.compile(r"[.:;!?…][\"'”’)\]]*$|[-–]$")
_NAMES_ITSELF: Final = re.compile(r"[A-Z][\w ’'&/-]{2,40}:(?: |$)")
_WRAPPED_AT_MOST: Final = 110
_WRAPPED_AT_LEAST: Final = 55
_FLATTENED_FROM: Final = 3


@dataclass(frozen=True, slots=True)
class Line:
    """
    One line: `text` is clean and without its mark; `start` and `end` are its place in the document's text.

    `style` says how it is marked ("bullet", "plain" for "1.", "roman" ...; "" without a mark) and `number`
    is the printed number. A cell's lines carry its table, row and column.
    """

    text: str
    start: int
    end: int
    kind: BlockKind
    style: str = ""
    number: str = ""
    depth: int = 0
    table: int | None = None
    row: int | None = None
    column: int | None = None
    after_gap: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether the document itself marks it as a heading."""
        return self.kind == "heading"


def lines_of(document: Document) -> list[Line]:
    """Return the lines of a document in reading order; empty ones are left out."""
    lines = list(_all_lines(document))
    return _unflattened(document, _unwrapped(document, lines))


def marked(text: str) -> tuple[str, str, str]:
    """Return a line's style, number and the words after the mark; the words alone where it has none."""
    if found := _BULLET.match(text):
        return "bullet", "", text[found.end() :].strip()
    if _NOT_A_NUMBER.match(text):
        return "", "", text.strip()
    for style, pattern in _NUMBERS:
        found = pattern.match(text)
        if found and found[1] and found.end() <= len(text):
            return style, found[1], text[found.end() :].strip()
    return "", "", text.strip()


def _all_lines(document: Document) -> Iterator[Line]:
    reached = 0
    for block in document.blocks:
        for line in _lines_of_block(document, block):
            gap = document.text.count("\n", reached, line.start) > 1
            reached = line.end
            yield replace(line, after_gap=gap)


def _lines_of_block(document: Document, block: Block) -> Iterator[Line]:
    place = block.start
    first = True
    for raw, width in _stretches(document.text[block.start : block.end], in_table=block.table is not None):
        start = place
        place += width
        printed = tidy(raw)
        if not printed:
            continue
        style, number, text = marked(tidy_but_tabs(raw))
        if not style and block.kind == "item" and first:
            style = "bullet"
        start += len(raw) - len(raw.lstrip())
        end = start + len(raw.strip())
        first = False
        yield Line(
            tidy(text),
            start,
            end,
            block.kind,
            style,
            number,
            block.depth,
            block.table,
            block.row,
            block.column,
        )


def _stretches(text: str, *, in_table: bool) -> Iterator[tuple[str, int]]:
    """Yield the printed lines of a block, each with how far it reaches; a label set apart by blanks is one by itself."""
    for raw in text.split("\n"):
        apart = None if in_table else _SET_APART.fullmatch(raw) or _TABBED.fullmatch(raw)
        if apart is None:
            yield raw, len(raw) + 1
        else:
            yield raw[: apart.start("rest")], apart.start("rest")
            yield apart["rest"], len(apart["rest"]) + 1


def tidy_but_tabs(raw: str) -> str:
    """Return a stretch as `tidy` does, but with its tabs kept: one after a number tells it from a quantity."""
    kept = "\t".join(tidy(part) for part in raw.strip().split("\t"))
    return kept.strip()


def _unwrapped(document: Document, lines: list[Line]) -> list[Line]:
    """Return the lines with those joined that only a margin broke."""
    prose = [line for line in lines if line.table is None]
    long = [line for line in prose if len(line.text) >= _WRAPPED_AT_LEAST]
    is_wrapped = (
        len(long) >= 5
        and len(long) * 4 >= len(prose)
        and all(len(line.text) <= _WRAPPED_AT_MOST for line in prose)
    )
    kept: list[Line] = []
    for line in lines:
        before = kept[-1] if kept else None
        if before and _goes_on(document, before, line, is_wrapped):
            kept[-1] = replace(before, text=f"{before.text} {line.text}", end=line.end)
        else:
            kept.append(line)
    return kept


def _goes_on(document: Document, before: Line, line: Line, is_wrapped: bool) -> bool:
    """Return whether the line before was broken by a margin just here."""
    same_cell = (before.table, before.row, before.column) == (line.table, line.row, line.column)
    if _NAMES_ITSELF.match(line.text):
        return False
    if line.style or line.after_gap or not same_cell or line.is_heading or before.is_heading:
        return False
    if "\n\n" in document.text[before.end : line.start] or "\t" in document.text[before.end : line.start]:
        return False
    if _SENTENCE_OVER.search(before.text):
        return False
    indent = line.start - document.text.rfind("\n", 0, line.start) - 1
    if indent >= _HANGS_FROM and not document.text[line.start - indent : line.start].strip(" "):
        return True
    last_printed = document.text.rfind("\n", 0, before.end)
    length = before.end - last_printed - 1
    if line.text[:1].islower():
        return length >= _WRAPPED_AT_LEAST
    return is_wrapped and length >= _WRAPPED_AT_LEAST


def _unflattened(document: Document, lines: list[Line]) -> list[Line]:
    """Return the lines with rows of tabs or bars as cells of tables; they are numbered downwards from -1."""
    kept: list[Line] = []
    table, row = 0, 0
    in_table = False
    for line in lines:
        cells = _cells(document, line) if line.table is None else []
        if sum(1 for text, _ in cells if text) >= (2 if in_table else _FLATTENED_FROM):
            table, row = (table, row + 1) if in_table else (table - 1, 0)
            in_table = True
            for column, (text, place) in enumerate(cells):
                if text and not re.fullmatch(r"[-: ]+", text):
                    style, number, words = marked(text) if column else ("", "", text)
                    end = place + len(text)
                    kept.append(
                        Line(words, place, end, "cell", style, number, 0, table, row, column, line.after_gap)
                    )
        else:
            in_table = False
            kept.append(line)
    return kept


def _cells(document: Document, line: Line) -> list[tuple[str, int]]:
    """Return the cells of a flattened row with their places; none for a line that is no row."""
    raw = document.text[line.start : line.end]
    if raw.startswith("|") and raw.rstrip().endswith("|"):
        inner, place = raw.strip()[1:-1], line.start + 1
        parts: Sequence[str] = inner.split("|")
    elif raw.count("\t") >= _FLATTENED_FROM - 1:
        place = line.start
        parts = raw.split("\t")
    else:
        return []
    cells = []
    for part in parts:
        lead = len(part) - len(part.lstrip())
        cells.append((tidy(part), place + lead))
        place += len(part) + 1
    return cells
