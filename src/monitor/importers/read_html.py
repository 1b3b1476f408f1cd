"""
Saved web pages: the main content alone, without scripts, menus, banners and whatever else a site puts round it.

The tree is walked child by child and never asked for everything below a node: tables in tables in tables are cheap
to write and would take minutes otherwise.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.errors import UnreadableFileError
from monitor.importers.blocks import BOLD_LEVEL, BlockKind, Document, Writer, can_be_heading
from monitor.importers.numbering import counted
from monitor.importers.read_text import decode


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


DEPTH_LIMIT: Final = 100
NODE_LIMIT: Final = 400_000
NESTING_LIMIT: Final = 1_000
"""Elements left open at once: the parser's own time grows with the square. Tables cost it nothing."""
_SPAN_LIMIT: Final = 1_000
_LEAST_MAIN: Final = 200
"""Characters: a shorter "main" is a shell that a script would have filled."""

_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_NEED_NO_END: Final = _names(
    "table area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody "
    "tfoot option optgroup colgroup rp rt"
)
_CHARSET: Final = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]{1,40})", re.I)
_BLANKS: Final = re.compile(r"[ \t\n\r\f\v]+")
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)

_DROPPED: Final = _names(
    "script style noscript template nav footer aside head title button select option input textarea svg "
    "iframe object embed canvas video audio map dialog del datalist progress meter math frame frameset"
)
_UNSEEN: Final = {"script", "style", "noscript", "template"}
_DROPPED_ROLES: Final = _names(
    "navigation banner contentinfo complementary search dialog alertdialog alert menu menubar toolbar"
)
_DROPPED_WORDS: Final = _names(
    "cookie cookies consent gdpr nav navbar navigation menu breadcrumb breadcrumbs sidebar skip skiplink "
    "share sharing social pagination pager newsletter popup modal banner skiptranslate footer"
)
_PANEL_WORDS: Final = 4
_BLOCKS: Final = _names(
    "address article blockquote body center dd details div dl dt fieldset figcaption figure footer form "
    "header hr html legend main p pre section summary caption"
)
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_MARKS_OF_TRANSLATION: Final = ("translated-ltr", "translated-rtl")


@dataclass(slots=True)
class _Cell:
    """The table cell that is being read; its first words are the `cell`, what follows are paragraphs in it."""

    table: int
    row: int
    column: int
    depth: int
    is_fresh: bool = True


@dataclass(slots=True)
class _Place:
    """Where a piece of text stands."""

    cell: _Cell | None = None
    list_depth: int = -1
    number: str = ""
    is_fresh_item: bool = False


@dataclass(slots=True)
class _Reader:
    writer: Writer
    words: list[str] = field(default_factory=list)
    has_plain: bool = False
    tables: int = 0
    nodes: int = 0
    is_cut: bool = False
    is_translated: bool = False
    panels: frozenset[str | None] = frozenset()
    """What buttons open, as in an accordion: it is closed on the page, and yet a part of it."""

    def walk(
        self,
        parent: LexborNode,
        place: _Place,
        depth: int,
        *,
        in_main: bool,
        as_is: bool = False,
        is_bold: bool = False,
    ) -> None:
        """Read what stands directly in a node; text gathers in `words` until a block ends it."""
        if depth > DEPTH_LIMIT:
            self.is_cut = True
            return
        for node in _children(parent):
            self.count()
            tag = node.tag or ""
            if tag == "-text":
                text = node.text_content or ""
                self.words.append(text if as_is else _BLANKS.sub(" ", text))
                self.has_plain |= not is_bold and bool(text.strip())
            elif tag == "br":
                self.words.append("\n")
            elif tag.startswith(("-", "_", "!")) or self.is_dropped(node, tag, in_main=in_main):
                continue
            elif tag in _HEADINGS:
                self.flush(place)
                self.walk(node, place, depth + 1, in_main=in_main)
                self.flush(place, _HEADINGS[tag])
            elif tag == "table":
                self.flush(place)
                self.table(node, place, depth + 1, in_main=in_main)
            elif tag in ("ul", "ol"):
                self.flush(place)
                self.listing(node, place, depth + 1, in_main=in_main)
            elif tag == "li":  # one without a list
                self.flush(place)
                inner = _Place(place.cell, max(place.list_depth, 0), is_fresh_item=True)
                self.walk(node, inner, depth + 1, in_main=in_main)
                self.flush(inner)
            elif tag in _BLOCKS or (tag == "button" and (parent.tag or "") not in _HEADINGS):
                self.flush(place)
                within = in_main or tag in ("main", "article")
                self.walk(
                    node, place, depth + 1, in_main=within, as_is=as_is or tag == "pre", is_bold=is_bold
                )
                self.flush(place)
            elif tag == "q":
                self.words.append("“")
                self.walk(node, place, depth + 1, in_main=in_main)
                self.words.append("”")
            else:
                bold = is_bold or tag in ("b", "strong")
                self.walk(node, place, depth + 1, in_main=in_main, as_is=as_is, is_bold=bold)

    def count(self) -> None:
        self.nodes += 1
        if self.nodes > NODE_LIMIT:
            raise UnreadableFileError(
                f"{self.writer.name} has more than {NODE_LIMIT:,} elements: save the report alone, or as PDF.",
                step="reader",
            )

    def is_dropped(self, node: LexborNode, tag: str, *, in_main: bool) -> bool:
        """Return whether an element is round the content or cannot be seen."""
        if tag in _DROPPED:
            return not (tag == "button" and _opens_a_panel(node))
        attributes = node.attributes
        if any(name.startswith("_mst") for name in attributes):
            self.is_translated = True
        if attributes.get("id") in self.panels:
            return False
        if "hidden" in attributes or _HIDDEN_STYLE.search(attributes.get("style") or ""):
            return True
        role = (attributes.get("role") or "").strip().casefold()
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        words = {word.casefold() for word in _WORD.findall(names[:2_000])}
        suspect = role in _DROPPED_ROLES or bool(words & _DROPPED_WORDS) or (tag == "header" and not in_main)
        return suspect and not self.is_content(node)

    def is_content(self, node: LexborNode) -> bool:
        """Return whether something named like a menu holds the page all the same: its title, or long paragraphs."""
        pending, prose = [node.child], 0
        while pending:
            at = pending.pop()
            while at is not None:
                self.count()
                if at.tag in ("h1", "main", "article"):
                    return True
                if at.tag == "p":
                    prose += (
                        sum(len(part.text_content or "") for part in _children(at) if part.tag == "-text")
                        > 150
                    )
                    if prose >= 3:
                        return True
                if at.child is not None:
                    pending.append(at.child)
                at = at.next
        return False

    def flush(self, place: _Place, heading: int | None = None) -> None:
        """Write down the text gathered so far as one block."""
        lines = "".join(self.words).split("\n")
        self.words.clear()
        is_bold, self.has_plain = not self.has_plain, False
        text = "\n".join(" ".join(line.split(" ")).strip() for line in lines).strip()
        text = re.sub(r" {2,}", " ", text)
        if not text:
            return
        kind: BlockKind = "paragraph"
        cell = place.cell
        if heading is None and is_bold and cell is None and place.list_depth < 0 and can_be_heading(text):
            heading = BOLD_LEVEL
        depth, before = cell.depth if cell else 0, "\t" if cell and cell.is_fresh else ""
        if heading is not None:
            kind, depth = "heading", heading
            if cell is None:
                self.writer.blank_line()
        elif place.is_fresh_item:
            place.is_fresh_item = False
            kind, depth = "item", place.list_depth
            text = f"{place.number} {text}" if place.number else text
            before += "  " * place.list_depth + ("" if place.number else "· ")
        elif cell and cell.is_fresh:
            kind = "cell"
        self.writer.add_lines(
            kind,
            text,
            depth=min(depth, 9),
            table=cell.table if cell else None,
            row=cell.row if cell else None,
            column=cell.column if cell else None,
            before=before,
        )
        if cell:
            cell.is_fresh = False
        elif kind != "item":
            self.writer.blank_line()

    def listing(self, node: LexborNode, place: _Place, depth: int, *, in_main: bool) -> None:
        if depth > DEPTH_LIMIT:
            self.is_cut = True
            return
        count = _span(node.attributes.get("start"), 1, 100_000)
        style = node.attributes.get("type") or "1"
        for child in _children(node):
            self.count()
            inner = _Place(place.cell, place.list_depth + 1)
            if child.tag in ("ul", "ol"):  # directly in a list, as some editors write it
                self.listing(child, inner, depth + 1, in_main=in_main)
            elif child.tag == "li" and not self.is_dropped(child, "li", in_main=in_main):
                inner.is_fresh_item = True
                if node.tag == "ol":
                    count = _span(child.attributes.get("value"), count, 100_000)
                    inner.number = f"{counted(count, style)}."
                    count += 1
                self.walk(child, inner, depth + 1, in_main=in_main)
                self.flush(inner)
        if place.list_depth < 0 and place.cell is None:
            self.writer.blank_line()

    def table(self, node: LexborNode, place: _Place, depth: int, *, in_main: bool) -> None:
        number = self.tables
        self.tables += 1
        if depth > DEPTH_LIMIT:
            self.is_cut = True
            return
        self.writer.blank_line()
        taken: dict[int, int] = {}
        table_depth = place.cell.depth + 1 if place.cell else 0
        for at, row in enumerate(_rows(node)):
            self.count()
            column = 0
            here = {column: left for column, left in taken.items() if left > 0}
            taken = {column: left - 1 for column, left in here.items()}
            for cell in _children(row):
                if cell.tag not in ("td", "th"):
                    continue
                self.count()
                while column in here:
                    column += 1
                inner = _Place(_Cell(number, at, column, table_depth))
                self.walk(cell, inner, depth + 3, in_main=in_main)
                self.flush(inner)
                across = _span(cell.attributes.get("colspan"), 1, _SPAN_LIMIT)
                down = _span(cell.attributes.get("rowspan"), 1, _SPAN_LIMIT)
                if down > 1:
                    taken.update(dict.fromkeys(range(column, min(column + across, _SPAN_LIMIT)), down - 1))
                column = min(column + across, _SPAN_LIMIT)
            self.writer.blank_line()
        for child in _children(node):
            if child.tag == "caption":
                self.walk(child, place, depth + 1, in_main=in_main)
                self.flush(place)


def read_html(name: str, content: bytes) -> Document:
    """
    Return the main content of a saved page as blocks: headings, paragraphs, list items and table cells.

    Raises:
        UnreadableFileError: for a page without text: one that a script would have filled, say.
    """
    stated = _CHARSET.search(content[:4096])
    text, note = decode(name, content, stated[1].decode("ascii") if stated else None)
    _check_nesting(name, text)
    tree = LexborHTMLParser(text.replace("\0", ""))
    reader = _Reader(Writer(name, "html", [note] if note else []))
    body = tree.body
    is_empty = True
    if body is not None:
        start = _main_of(body) or body
        title = "" if _has_title(start) else _title(tree)
        if title:
            reader.writer.add("heading", title, depth=1)
            reader.writer.blank_line()
        reader.panels = _panels(start)
        reader.walk(start, _Place(), 0, in_main=start.tag in ("main", "article"))
        reader.flush(_Place())
        is_empty = len(reader.writer.finish().blocks) <= bool(title)
    if is_empty:
        raise UnreadableFileError(
            f"{name} holds no text of its own: open the page in a browser, print it to PDF and import that.",
            step="reader",
        )
    for sentence in _notes(tree, reader):
        reader.writer.note(sentence)
    return reader.writer.finish()


def _opens_a_panel(button: LexborNode) -> bool:
    """Return whether a button is the heading of a part of the page that it opens, and not of a menu."""
    attributes = button.attributes
    if not {"aria-expanded", "aria-controls"} & set(attributes):
        return False
    words = (button.text(deep=True) or "").split()
    parent = button.parent
    return len(words) >= _PANEL_WORDS or (parent is not None and parent.tag in _HEADINGS)


def _panels(start: LexborNode) -> frozenset[str | None]:
    """Return the ids of the parts of a page that such buttons open."""
    found = (node for node in _below(start) if node.tag == "button" and _opens_a_panel(node))
    return frozenset(node.attributes.get("aria-controls") or None for node in found) - {None}


def _check_nesting(name: str, text: str) -> None:
    opened = 0
    for count, tag in enumerate(_TAG.finditer(text)):
        if tag[2].lower() not in _NEED_NO_END:
            opened = max(opened - 1, 0) if tag[1] else opened + 1
        if opened > NESTING_LIMIT or count > NODE_LIMIT * 2:
            raise UnreadableFileError(
                f"{name} has far more elements than a page to read: save the report alone, or as PDF.",
                step="reader",
            )


def _notes(tree: LexborHTMLParser, reader: _Reader) -> Iterator[str]:
    if reader.is_cut:
        yield f"What is nested more than {DEPTH_LIMIT} deep in the page was not read."
    attributes = tree.root.attributes if tree.root is not None else {}
    classes = (attributes.get("class") or "").split()
    language = (attributes.get("lang") or "").strip()
    if reader.is_translated or any(mark in classes for mark in _MARKS_OF_TRANSLATION):
        yield "The page was translated by a machine when it was saved: check the words against the original."
    elif language and not language.casefold().startswith("en"):
        shown = re.sub(r"[^A-Za-z-]", "", language)[:20]
        yield f"The page says that it is not in English (language {shown}): check that these are the original words."


def _has_title(start: LexborNode) -> bool:
    return any(node.tag == "h1" for node in _below(start))


def _title(tree: LexborHTMLParser) -> str:
    head = tree.head
    for child in _children(head) if head is not None else ():
        if child.tag == "title":
            return " ".join("".join(part.text_content or "" for part in _children(child)).split())
    return ""


def _main_of(body: LexborNode) -> LexborNode | None:
    """Return the element that the page marks as its content; None if it marks none, or one without text."""
    found = [
        node
        for node in _below(body)
        if node.tag in ("main", "article") or (node.is_element_node and node.attributes.get("role") == "main")
    ]
    mains = [node for node in found if node.tag != "article"][:1] or found
    if len(mains) != 1:
        return None
    length = 0
    for node in _below(mains[0]):
        length += len((node.text_content or "").strip()) if node.tag == "-text" else 0
        if length >= _LEAST_MAIN:
            return mains[0]
    return None


def _below(node: LexborNode) -> Iterator[LexborNode]:
    """Yield what is below a node in the order of the page, up to the limit of nodes, and no scripts or styles."""
    looked = 0
    pending = [node.child]
    while pending:
        at = pending.pop()
        if at is None or looked >= NODE_LIMIT:
            continue
        looked += 1
        pending.append(at.next)
        if at.tag not in _UNSEEN:
            yield at
            pending.append(at.child)


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for child in _children(table):
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in _children(child) if row.tag == "tr")


def _span(value: str | None, otherwise: int, most: int) -> int:
    text = (value or "").strip()
    return min(max(int(text), 1), most) if re.fullmatch(r"\d{1,9}", text) else otherwise
