"""OpenDocument texts, from their content.xml, which the gate has looked through; the standard library's reader alone."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder, XMLParser

from monitor.errors import UnreadableFileError
from monitor.importers.blocks import BOLD_LEVEL, BlockKind, Document, Writer, can_be_heading
from monitor.importers.numbering import Level, Numbering

_OASIS: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT: Final = f"{{{_OASIS}text:1.0}}"
_TABLE: Final = f"{{{_OASIS}table:1.0}}"
_OFFICE: Final = f"{{{_OASIS}office:1.0}}"
_STYLE: Final = f"{{{_OASIS}style:1.0}}"
_FORMAT: Final = f"{{{_OASIS}xsl-fo-compatible:1.0}}"
_DRAW: Final = f"{{{_OASIS}drawing:1.0}}"
_WIDEST: Final = 1_000

_ROW_GROUPS: Final = {f"{_TABLE}{name}" for name in ("table-header-rows", "table-rows", "table-row-group")}
_WRAPPERS: Final = {f"{_TEXT}section", f"{_TEXT}index-body", f"{_DRAW}frame", f"{_DRAW}text-box", f"{_DRAW}g"}
_CONTENTS: Final = {f"{_TEXT}table-of-content", f"{_TEXT}alphabetical-index", f"{_TEXT}illustration-index"}
_LEFT_OUT: Final = {
    f"{_OFFICE}annotation": "The comments in the margin were not read.",
    f"{_TEXT}note": "The footnotes were not read.",
    f"{_TEXT}hidden-text": "Hidden text was left out.",
    f"{_TEXT}hidden-paragraph": "Hidden text was left out.",
}


@dataclass(slots=True)
class _Place:
    depth: int
    table: int
    row: int
    column: int
    is_fresh: bool = True


@dataclass(slots=True)
class _Item:
    """The list item that the next paragraph begins; its number is written once."""

    list_id: str
    level: int
    is_fresh: bool = True


class _NoDoctype(TreeBuilder):
    """The gate has refused them already; this is the second lock."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError("a document type")


def read_odt(name: str, content: bytes) -> Document:
    """
    Return an OpenDocument text as blocks, in reading order.

    Headers, footers, footnotes and comments are left out; so is what was deleted under tracked changes.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return _Reader(name, archive).read()


class _Reader:
    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self.writer = Writer(name, "odt")
        self.archive = archive
        self.numbering = Numbering()
        self.tables = 0
        self.lists = 0
        self.bold: set[str] = set()

    def read(self) -> Document:
        root = self.part("content.xml")
        body = None if root is None else root.find(f"{_OFFICE}body/{_OFFICE}text")
        if root is None or body is None:
            raise UnreadableFileError(
                f"{self.writer.name} has no text in it: open it in LibreOffice or Word and save it again.",
                step="reader",
            )
        for source in (self.part("styles.xml"), root):
            if source is not None:
                self.read_lists(source)
                self.read_weights(source)
        self.flow(body, None, None)
        document = self.writer.finish()
        if not document.blocks:
            raise UnreadableFileError(
                f"{self.writer.name} has no text: if it holds pictures of pages, ask for the document itself.",
                step="reader",
            )
        return document

    def part(self, name: str) -> Element | None:
        try:
            parser = XMLParser(target=_NoDoctype())  # noqa: S314 - the gate has refused every document type
            parser.feed(self.archive.read(name))
            found = parser.close()
        except KeyError:
            return None
        return found if isinstance(found, Element) else None

    def read_lists(self, root: Element) -> None:
        for style in root.iter(f"{_TEXT}list-style"):
            levels = {}
            for level in style:
                at = _whole(level.get(f"{_TEXT}level"), 1) - 1
                is_number = level.tag == f"{_TEXT}list-level-style-number"
                form = level.get(f"{_STYLE}num-format") or "none"
                pattern = (
                    f"{level.get(f'{_STYLE}num-prefix', '')}%{at + 1}{level.get(f'{_STYLE}num-suffix', '')}"
                )
                start = _whole(level.get(f"{_TEXT}start-value"), 1)
                levels[at] = Level(form if is_number else "bullet", pattern, start)
            self.numbering.add_pattern(style.get(f"{_STYLE}name", ""), levels)

    def read_weights(self, root: Element) -> None:
        for style in root.iter(f"{_STYLE}style"):
            look = style.find(f"{_STYLE}text-properties")
            weight = None if look is None else look.get(f"{_FORMAT}font-weight")
            if weight == "bold" or (weight is None and style.get(f"{_STYLE}parent-style-name") in self.bold):
                self.bold.add(style.get(f"{_STYLE}name", ""))

    def is_bold(self, element: Element) -> bool:
        """Return whether all words of a paragraph are in bold, by its own style or by those of its stretches."""
        if element.get(f"{_TEXT}style-name") in self.bold:
            return True
        between = [element.text, *(child.tail for child in element)]
        stretches = [child for child in element if "".join(child.itertext()).strip()]
        return (
            bool(stretches)
            and not any((words or "").strip() for words in between)
            and all(child.get(f"{_TEXT}style-name") in self.bold for child in stretches)
        )

    # The flow

    def flow(self, parent: Element, place: _Place | None, item: _Item | None) -> None:
        for child in parent:
            if child.tag == f"{_TEXT}tracked-changes":
                self.note_changes(child)
            elif child.tag in _CONTENTS:
                self.writer.note("The table of contents was left out.")
            elif child.tag in _LEFT_OUT:
                self.writer.note(_LEFT_OUT[child.tag])
            elif child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                self.paragraph(child, place, item)
            elif child.tag == f"{_TEXT}list":
                self.listing(child, place, item)
            elif child.tag == f"{_TEXT}numbered-paragraph":
                level = _whole(child.get(f"{_TEXT}level"), 1) - 1
                self.flow(child, place, _Item(child.get(f"{_TEXT}style-name", ""), min(level, 8)))
            elif child.tag == f"{_TABLE}table":
                self.table(child, place)
            elif child.tag in _WRAPPERS:
                self.flow(child, place, None)

    def paragraph(self, element: Element, place: _Place | None, item: _Item | None) -> None:
        boxes: list[Element] = []
        text = "".join(self.run_text(element, boxes))
        if text.strip():
            self.write(element, text, place, item)
        for box in boxes:
            self.flow(box, place, None)

    def write(self, element: Element, text: str, place: _Place | None, item: _Item | None) -> None:
        kind: BlockKind = "paragraph"
        depth = place.depth if place else 0
        before = "\t" if place and place.is_fresh else ""
        if element.tag == f"{_TEXT}h":
            kind = "heading"
            depth = min(max(_whole(element.get(f"{_TEXT}outline-level"), 1), 1), 6)
            if place is None:
                self.writer.blank_line()
        elif item is None and place is None and can_be_heading(text) and self.is_bold(element):
            kind, depth = "heading", BOLD_LEVEL
            self.writer.blank_line()
        elif item is not None and item.is_fresh:
            item.is_fresh = False
            kind, depth = "item", item.level
            number = self.numbering.next(item.list_id, item.level)
            printed = element.find(f"{_TEXT}number")
            shown = (printed.text or "") if printed is not None else number.text if number else ""
            text = f"{shown} {text}" if shown else text
            before += "  " * item.level + ("" if shown else "· ")
        elif place and place.is_fresh:
            kind = "cell"
        held = self.writer.add_lines(
            kind,
            text,
            depth=min(depth, 9),
            table=place.table if place else None,
            row=place.row if place else None,
            column=place.column if place else None,
            before=before,
        )
        if held and place:
            place.is_fresh = False
        elif held and item is None:
            self.writer.blank_line()

    def listing(self, element: Element, place: _Place | None, outer: _Item | None) -> None:
        style = element.get(f"{_TEXT}style-name", "")
        level = min(outer.level + 1, 8) if outer else 0
        if outer and not style:
            list_id = outer.list_id
        else:
            goes_on = element.get(f"{_TEXT}continue-numbering") == "true"
            list_id = f"{style} {0 if goes_on else self.lists}"
            self.lists += 1
            self.numbering.add_list(list_id, style, {}, {} if goes_on else self.numbering.starts_of(style))
        for child in element:
            if child.tag == f"{_TEXT}list-item":
                self.flow(child, place, _Item(list_id, level))
            elif child.tag == f"{_TEXT}list-header":
                self.flow(child, place, None)

    def table(self, element: Element, outer: _Place | None) -> None:
        number = self.tables
        self.tables += 1
        self.writer.blank_line()
        at = 0
        for row in _rows(element):
            column = 0
            for cell in row:
                if cell.tag == f"{_TABLE}table-cell":
                    self.flow(cell, _Place(outer.depth + 1 if outer else 0, number, at, column), None)
                # A covered cell lies under one that is joined with it: what it holds is not shown.
                column += min(_whole(cell.get(f"{_TABLE}number-columns-repeated"), 1), _WIDEST)
            at += min(_whole(row.get(f"{_TABLE}number-rows-repeated"), 1), _WIDEST)
            self.writer.blank_line()
        if outer:
            outer.is_fresh = False

    def run_text(self, element: Element, boxes: list[Element]) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            tag = child.tag
            if tag == f"{_TEXT}s":
                yield " " * min(_whole(child.get(f"{_TEXT}c"), 1), 100)
            elif tag == f"{_TEXT}tab":
                yield "\t"
            elif tag == f"{_TEXT}line-break":
                yield "\n"
            elif tag in _LEFT_OUT:
                self.writer.note(_LEFT_OUT[tag])
            elif tag.startswith(_DRAW) and tag != f"{_DRAW}a":
                boxes.append(child)
            elif tag not in (f"{_TEXT}number", f"{_OFFICE}annotation-end"):
                yield from self.run_text(child, boxes)
            yield child.tail or ""

    def note_changes(self, element: Element) -> None:
        counts = {"insertion": 0, "deletion": 0}
        for change in element.iter():
            what = change.tag.rpartition("}")[2]
            if what in counts:
                counts[what] += 1
        if any(counts.values()):
            insertions, deletions = (f"{n:,} {what}{'' if n == 1 else 's'}" for what, n in counts.items())
            self.writer.note(
                f"The document has tracked changes: {insertions} read as part of the text, {deletions} left out. "
                "Who made them is not kept."
            )


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from _rows(child)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else otherwise
