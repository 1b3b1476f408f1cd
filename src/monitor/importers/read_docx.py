"""
Word documents, from python-docx's element tree.

The parts are taken from the zip that the gate has looked through, and only those that hold text: a picture that is
missing or odd cannot get in the way. Tables are read row by row from the elements: python-docx's own cells repeat
what is merged, and take long.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from docx.oxml import parse_xml

from monitor.errors import UnreadableFileError
from monitor.importers.blocks import BOLD_LEVEL, BlockKind, Document, Writer, can_be_heading
from monitor.importers.numbering import Level, Numbering

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT: Final = "http://purl.oclc.org/ooxml/"
_CHOICE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_HEADING: Final = re.compile(r"heading (\d)")
_SET_IN: Final = re.compile(r"list (?:bullet|number) ([2-5])")
_SHORT_TITLE: Final = 8
_MANY: Final = 20
"""Styles that rest on one another: Word itself stops sooner."""


@dataclass(slots=True)
class _Style:
    name: str
    parent: str
    level: int | None
    list_id: str | None
    list_level: int
    is_bold: bool = False


@dataclass(slots=True)
class _Place:
    """Where in the tables a paragraph stands."""

    depth: int
    table: int
    row: int
    column: int
    is_fresh: bool = True


@dataclass(slots=True)
class _Seen:
    insertions: int = 0
    deletions: int = 0
    hidden: int = 0
    tables: int = 0
    contents: int = 0
    notes: set[str] = field(default_factory=set)


def read_docx(name: str, content: bytes) -> Document:
    """
    Return a Word document as blocks, in reading order.

    Headers, footers, footnotes and comments are left out. Of tracked changes, what was inserted is read and what
    was deleted is not; a note says how many there are, never by whom.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return _Reader(name, archive).read()


class _Reader:
    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.writer = Writer(name, "docx")
        self.seen = _Seen()
        main = self.target("", "officeDocument")
        if main is None:
            raise UnreadableFileError(
                f"{name} has no text in it: open it in Word and save it again.", step="reader"
            )
        self.main = main
        self.styles: dict[str, _Style] = {}
        self.default_style = ""
        self.numbering = Numbering()
        self.carried = (
            ""  # the text before a paragraph mark that was deleted: the next paragraph goes on from it
        )

    def read(self) -> Document:
        root = self.part(self.main)
        body = None if root is None else root.find(f"{_W}body")
        if body is None:
            if root is not None and _STRICT in str(root.tag):
                raise UnreadableFileError(
                    f"{self.writer.name} is saved as Strict Open XML: save it as Word Document (.docx).",
                    step="reader",
                )
            raise UnreadableFileError(
                f"{self.writer.name} has no text that can be found: open it in Word and save it again.",
                step="reader",
            )
        self.read_styles()
        self.read_numbering()
        self.flow(body, None)
        self.say_notes()
        document = self.writer.finish()
        if not document.blocks:
            raise UnreadableFileError(
                f"{self.writer.name} has no text: if it holds pictures of pages, ask for the document itself.",
                step="reader",
            )
        return document

    # The parts

    def target(self, source: str, kind: str) -> str | None:
        """Return the name of the part that another one is related to; None if there is none."""
        folder, last = posixpath.split(source)
        relations = self.part(posixpath.join(folder, "_rels", f"{last}.rels"))
        for relation in () if relations is None else relations:
            if (
                str(relation.get("Type", "")).rpartition("/")[2] == kind
                and relation.get("TargetMode") != "External"
            ):
                joined = posixpath.normpath(posixpath.join("/", folder, str(relation.get("Target", ""))))
                return joined.lstrip("/")
        return None

    def part(self, name: str | None) -> Any:
        if name is None:
            return None
        try:
            return parse_xml(self.archive.read(name))
        except KeyError:
            return None

    def read_styles(self) -> None:
        root = self.part(self.target(self.main, "styles"))
        for style in () if root is None else root.iterchildren(f"{_W}style"):
            key = style.get(f"{_W}styleId", "")
            properties = style.find(f"{_W}pPr")
            if style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in ("1", "true"):
                self.default_style = key
            name = _value(style.find(f"{_W}name")).casefold()
            list_id, list_level = _list_of(properties)
            self.styles[key] = _Style(
                name=name,
                parent=_value(style.find(f"{_W}basedOn")),
                level=_heading_level(name, properties),
                list_id=list_id,
                list_level=list_level or 0,
                is_bold=_is_on(_find(style.find(f"{_W}rPr"), "b")) is True,
            )

    def read_numbering(self) -> None:
        root = self.part(self.target(self.main, "numbering"))
        if root is None:
            return
        for abstract in root.iterchildren(f"{_W}abstractNum"):
            levels = dict(_level(level) for level in abstract.iterchildren(f"{_W}lvl"))
            self.numbering.add_pattern(abstract.get(f"{_W}abstractNumId", ""), levels)
        for number in root.iterchildren(f"{_W}num"):
            starts: dict[int, int] = {}
            levels = {}
            for override in number.iterchildren(f"{_W}lvlOverride"):
                at = _whole(override.get(f"{_W}ilvl"), 0)
                start = override.find(f"{_W}startOverride")
                if start is not None:
                    starts[at] = _whole(_value(start), 1)
                for level in override.iterchildren(f"{_W}lvl"):
                    levels[at] = _level(level)[1]
            pattern = _value(number.find(f"{_W}abstractNumId"))
            self.numbering.add_list(number.get(f"{_W}numId", ""), pattern, levels, starts)

    # The flow

    def flow(self, parent: Any, place: _Place | None) -> None:
        """Read the paragraphs and tables directly in an element, and in what merely wraps them."""
        for child in parent.iterchildren():
            match _local(child):
                case "p":
                    self.paragraph(child, place)
                case "tbl":
                    self.table(child, place)
                case "sdt":
                    gallery = child.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")
                    if _value(gallery) == "Table of Contents":
                        self.seen.contents += 1
                        continue
                    content = child.find(f"{_W}sdtContent")
                    if content is not None:
                        self.flow(content, place)
                case "customXml" | "smartTag":
                    self.flow(child, place)
                case "ins" | "moveTo":
                    self.seen.insertions += 1
                    self.flow(child, place)
                case "del" | "moveFrom":
                    self.seen.deletions += 1
                case "AlternateContent":
                    for inner in _chosen(child):
                        self.flow(inner, place)

    def paragraph(self, element: Any, place: _Place | None) -> None:
        properties = element.find(f"{_W}pPr")
        style = _value(None if properties is None else properties.find(f"{_W}pStyle")) or self.default_style
        boxes: list[Any] = []
        text = self.carried + "".join(self.run_text(element, boxes))
        self.carried = ""
        mark = None if properties is None else properties.find(f"{_W}rPr")
        if mark is not None and mark.find(f"{_W}del") is not None:
            self.seen.deletions += 1
            self.carried = text
            return
        if any(name.startswith("toc ") for name in self.names_of(style)):
            self.seen.contents += 1
            return
        self.write(text, properties, style, place, is_bold=self.is_bold(element, style))
        for box in boxes:
            self.writer.blank_line()
            self.flow(box, place)
            self.writer.blank_line()

    def is_bold(self, element: Any, style: str) -> bool:
        """Return whether all of a paragraph's own words are in bold, each by itself or by the paragraph's style."""
        by_style = any(one.is_bold for one in self.chain(style))
        looks = [
            by_style if (own := _is_on(_find(run.find(f"{_W}rPr"), "b"))) is None else own
            for run in element.iterchildren(f"{_W}r")
            if any((part.text or "").strip() for part in run.iterchildren(f"{_W}t"))
        ]
        return bool(looks) and all(looks)

    def write(
        self, text: str, properties: Any, style: str, place: _Place | None, *, is_bold: bool = False
    ) -> None:
        level = _heading_level("", properties)
        if level is None:
            level = next((one.level for one in self.chain(style) if one.level is not None), None)
        list_id, list_level = self.list_of(properties, style)
        number = None
        if list_id is not None and (text.strip() or place is None or place.is_fresh):
            number = self.numbering.next(list_id, list_level)
        if level is None and place is None and is_bold and can_be_heading(text):
            is_title = number is None or (bool(number.text) and len(text.split()) <= _SHORT_TITLE)
            level = BOLD_LEVEL if is_title else None
        before_text = (
            f"{number.text}{'.' if number.text.isalnum() else ''} " if number and number.text else ""
        )
        kind: BlockKind = "paragraph"
        depth = place.depth if place else 0
        before = "\t" if place and place.is_fresh else ""
        if level:
            kind, depth = "heading", level
            text = before_text + text
            if place is None:
                self.writer.blank_line()
        elif number is not None and not text.strip() and re.search(r"[A-Za-z]{3}", number.text):
            text = number.text  # "Recommendation 3" in front of nothing: the label of what follows
        elif number is not None and text.strip():
            kind, depth = "item", list_level + self.set_in(style)
            text = before_text + text
            before += "  " * list_level + ("" if number.text else "· ")
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
        elif held and kind != "item":
            self.writer.blank_line()

    def run_text(self, element: Any, boxes: list[Any]) -> Iterator[str]:
        """Yield the text of what stands in a paragraph; text boxes are put aside, to be read after it."""
        for child in element.iterchildren():
            match _local(child):
                case "t":
                    yield child.text or ""
                case "tab" | "ptab":
                    yield "\t"
                case "br" | "cr":
                    yield "\n"
                case "noBreakHyphen":
                    yield "-"
                case "sym":
                    yield _symbol(child.get(f"{_W}char", ""))
                case "r":
                    vanish = child.find(f"{_W}rPr/{_W}vanish")
                    if vanish is not None and vanish.get(f"{_W}val", "1") not in ("0", "false"):
                        self.seen.hidden += 1
                    else:
                        yield from self.run_text(child, boxes)
                case "ins" | "moveTo":
                    self.seen.insertions += 1
                    yield from self.run_text(child, boxes)
                case "del" | "moveFrom":
                    self.seen.deletions += 1
                case "AlternateContent":
                    for inner in _chosen(child):
                        yield from self.run_text(inner, boxes)
                case "drawing" | "pict" | "object":
                    boxes.extend(_boxes(child))
                case "sdt":
                    content = child.find(f"{_W}sdtContent")
                    if content is not None:
                        yield from self.run_text(content, boxes)
                case "ruby":
                    for base in child.iterchildren(f"{_W}rubyBase"):
                        yield from self.run_text(base, boxes)
                case (
                    "hyperlink"
                    | "smartTag"
                    | "fldSimple"
                    | "customXml"
                    | "dir"
                    | "bdo"
                    | "oMath"
                    | "oMathPara"
                ):
                    yield from self.run_text(child, boxes)
                case "commentReference":
                    self.seen.notes.add("comments")
                case "footnoteReference" | "endnoteReference":
                    self.seen.notes.add("footnotes")
                case "e" | "num" | "den" | "sup" | "sub" | "f" | "sSup" | "sSub" | "d" | "rad" | "deg":
                    yield from self.run_text(child, boxes)  # the pieces of a formula

    def table(self, element: Any, outer: _Place | None) -> None:
        number = self.seen.tables
        self.seen.tables += 1
        self.writer.blank_line()
        for at, row in enumerate(_wrapped(element, "tr")):
            properties = row.find(f"{_W}trPr")
            if properties is not None and properties.find(f"{_W}del") is not None:
                self.seen.deletions += 1
                continue
            if properties is not None and properties.find(f"{_W}ins") is not None:
                self.seen.insertions += 1
            column = _whole(_value(_find(properties, "gridBefore")), 0)
            for cell in _wrapped(row, "tc"):
                about = cell.find(f"{_W}tcPr")
                if not _is_continued(about):
                    depth = outer.depth + 1 if outer else 0
                    self.flow(cell, _Place(depth, number, at, column))
                    if self.carried:  # a deleted mark at the end of a cell joins nothing
                        rest, self.carried = self.carried, ""
                        self.writer.add("paragraph", rest, table=number, row=at, column=column)
                column += max(1, min(_whole(_value(_find(about, "gridSpan")), 1), 1_000))
            self.writer.blank_line()
        if outer:
            outer.is_fresh = False

    # Styles and lists

    def chain(self, style: str) -> Iterator[_Style]:
        for _ in range(_MANY):
            found = self.styles.get(style)
            if found is None:
                return
            yield found
            style = found.parent

    def names_of(self, style: str) -> Iterable[str]:
        return (one.name for one in self.chain(style))

    def list_of(self, properties: Any, style: str) -> tuple[str | None, int]:
        """Return the list that a paragraph belongs to, by itself or by its style, and its nesting there."""
        list_id, level = _list_of(properties)
        if list_id is None:
            from_style = next((one for one in self.chain(style) if one.list_id is not None), None)
            if from_style is not None:
                list_id = from_style.list_id
                level = from_style.list_level if level is None else level
        if list_id in (None, "0"):
            return None, 0
        return list_id, min(level or 0, 8)

    def set_in(self, style: str) -> int:
        """Return how deep a style of Word's own sets an item in: 1 for "List Bullet 2"."""
        names = (_SET_IN.fullmatch(name) for name in self.names_of(style))
        return next((int(found[1]) - 1 for found in names if found), 0)

    def say_notes(self) -> None:
        seen, note = self.seen, self.writer.note
        if seen.insertions or seen.deletions:
            note(
                f"The document has tracked changes: {_times(seen.insertions, 'insertion')} read as part of the text, "
                f"{_times(seen.deletions, 'deletion')} left out. Who made them is not kept."
            )
        if seen.hidden:
            note(f"Hidden text was left out ({_times(seen.hidden, 'place')}).")
        if seen.contents:
            note("The table of contents was left out.")
        if "comments" in seen.notes:
            note("The comments in the margin were not read.")
        if "footnotes" in seen.notes:
            note("The footnotes were not read.")


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""  # a comment in the XML has no name


def _find(parent: Any, local: str) -> Any:
    return None if parent is None else parent.find(f"{_W}{local}")


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(f"{_W}val", ""))


def _is_on(switch: Any) -> bool | None:
    """Return whether a property such as bold is switched on; None where it does not stand."""
    return None if switch is None else switch.get(f"{_W}val", "1") not in ("0", "false", "off")


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else otherwise


def _times(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _symbol(code: str) -> str:
    """Return a character of a symbol font; those that only the font knows are bullets, as good as always."""
    if not re.fullmatch(r"[0-9A-Fa-f]{2,4}", code):
        return ""
    number = int(code, 16)
    return chr(number) if 0x20 <= number < 0xD800 else "•"


def _heading_level(style_name: str, properties: Any) -> int | None:
    """Return the level of a heading, 1 to 6; 0 for what says that it is none; None for what does not say."""
    outline = _find(properties, "outlineLvl")
    if outline is not None:
        level = _whole(_value(outline), 9)
        return 0 if level >= 9 else min(level + 1, 6)
    if style_name in ("title", "subtitle"):
        return 1 if style_name == "title" else 2
    found = _HEADING.fullmatch(style_name)
    return min(max(int(found[1]), 1), 6) if found else None


def _list_of(properties: Any) -> tuple[str | None, int | None]:
    numbering = _find(properties, "numPr")
    list_id = _find(numbering, "numId")
    level = _find(numbering, "ilvl")
    return (
        None if list_id is None else _value(list_id),
        None if level is None else _whole(_value(level), 0),
    )


def _level(element: Any) -> tuple[int, Level]:
    return _whole(element.get(f"{_W}ilvl"), 0), Level(
        style=_value(element.find(f"{_W}numFmt")) or "decimal",
        pattern=_value(element.find(f"{_W}lvlText")),
        start=_whole(_value(element.find(f"{_W}start")), 1),
    )


def _is_continued(properties: Any) -> bool:
    """Return whether a cell is the rest of one above it or before it, or was deleted."""
    if properties is None:
        return False
    for local in ("vMerge", "hMerge"):
        merge = _find(properties, local)
        if merge is not None and _value(merge) != "restart":
            return True
    return _find(properties, "cellDel") is not None


def _wrapped(parent: Any, local: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, also those in a content control; not those of inner tables."""
    for child in parent.iterchildren():
        name = _local(child)
        if name == local:
            yield child
        elif name == "sdt":
            content = child.find(f"{_W}sdtContent")
            if content is not None:
                yield from _wrapped(content, local)
        elif name in ("customXml", "ins"):
            yield from _wrapped(child, local)


def _chosen(alternate: Any) -> list[Any]:
    """Return the one of several renderings of the same thing that is read: the first with text in it."""
    options = [*alternate.iterchildren(f"{_CHOICE}Choice"), *alternate.iterchildren(f"{_CHOICE}Fallback")]
    with_text = [one for one in options if next(one.iter(f"{_W}t"), None) is not None]
    return (with_text or options)[:1]


def _boxes(drawing: Any) -> Iterator[Any]:
    """Yield the contents of the text boxes in a drawing, each once, outermost first."""
    pending = list(drawing.iterchildren())
    while pending:
        element = pending.pop(0)
        if _local(element) == "txbxContent":
            yield element
        elif _local(element) == "AlternateContent":
            pending[:0] = _chosen(element)
        else:
            pending[:0] = list(element.iterchildren())
