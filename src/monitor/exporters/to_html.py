"""
A document as one web page that needs nothing else: no script, no request, light and dark as the reader has it.

It is written for those who hear it and for a phone as much as for a screen: landmarks, one first heading, lists
as lists, tables with headings that scroll within their own region.
"""

import base64
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from monitor.exporters.document import (
    Block,
    Bullets,
    Column,
    Contents,
    Document,
    Facts,
    Heading,
    Links,
    PageBreak,
    Paragraph,
    Picture,
    Section,
    Span,
    Table,
    Text,
    printable,
    sections,
    spans,
    words_of,
)
from monitor.exporters.typesetting import FONTS

_HERE: Final = Path(__file__).parent
_FACES: Final = (
    ("Monitor Sans", 400, "MonitorSans-Regular.woff2"),
    ("Monitor Sans", 600, "MonitorSans-Semibold.woff2"),
    ("Monitor Serif", 400, "MonitorSerif-Regular.woff2"),
    ("Monitor Serif", 600, "MonitorSerif-Semibold.woff2"),
)
_TEXT_WIDTH_MM: Final = 166.0
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
"""What the page may do, said in the page: whatever were in it, nothing could run or be fetched."""


def html_bytes(document: Document) -> bytes:
    """Return the document as one HTML file in UTF-8."""
    return "".join(_Page(document).whole()).encode()


@cache
def _style() -> str:
    """Return the style sheet with the fonts inside."""
    faces = "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;'
        f"src:url(data:font/woff2;base64,{_base64((FONTS / name).read_bytes())}) format('woff2')}}\n"
        for family, weight, name in _FACES
    )
    return faces + (_HERE / "document.css").read_text(encoding="utf-8")


@cache
def _mark() -> str:
    """Return the mark as a part of the page, without its own colours: decoration beside the name."""
    svg = (_HERE / "mark.svg").read_text(encoding="utf-8").strip()
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


class _Page:
    """The page of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.sections = sections(document)
        self.links = Links(self.sections)
        self.by_place = {section.place: section for section in self.sections}
        self.breaks = False
        self.pictures = 0

    def whole(self) -> Iterator[str]:
        document = self.document
        title, about = escape(words_of(document.title)), escape(words_of(document.subject))
        yield f'<!DOCTYPE html>\n<html lang="{escape(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        yield f"<title>{title}</title>\n"
        yield (
            f'<meta name="author" content="{escape(words_of(document.author))}">\n' if document.author else ""
        )
        yield f'<meta name="description" content="{about}">\n' if about else ""
        yield f'<meta name="dcterms.created" content="{document.made_at_utc:%Y-%m-%dT%H:%M:%SZ}">\n'
        yield f"<style>\n{_style()}</style>\n</head>\n<body>\n"
        yield '<a class="skip" href="#main">Skip to the text</a>\n'
        yield from self.head()
        yield '<main id="main">\n'
        for place, block in enumerate(document.blocks):
            yield self.block(place, block)
        yield "</main>\n"
        yield from self.foot()
        yield "</body>\n</html>\n"

    def head(self) -> Iterator[str]:
        document = self.document
        yield '<header class="title">\n'
        if document.cover:
            yield f'<p class="mark">{_mark()}<span>Recommendations monitor</span></p>\n'
        yield f'<h1 id="title">{self.runs(document.title)}</h1>\n'
        if subtitle := printable(document.subtitle).strip():
            yield f'<p class="subtitle">{_lines(subtitle)}</p>\n'
        for line in document.cover:
            yield f'<p class="soft">{self.runs(line)}</p>\n'
        yield "</header>\n"

    def foot(self) -> Iterator[str]:
        footer, fingerprint = self.document.footer, self.document.fingerprint
        if footer or fingerprint:
            yield "<footer>\n"
            yield f"<p>{self.runs(footer)}</p>\n" if footer else ""
            yield f'<p class="fingerprint">{self.runs(fingerprint)}</p>\n' if fingerprint else ""
            yield "</footer>\n"

    def block(self, place: int, block: Block) -> str:
        match block:
            case Heading() if place not in self.by_place:
                return ""
            case Heading():
                return self.heading(self.by_place[place], block)
            case Paragraph(text, "quote"):
                return f"<blockquote><p>{self.runs(text)}</p></blockquote>\n"
            case Paragraph(text, style):
                kind = "" if style == "body" else f' class="{style}"'
                return f"<p{kind}>{self.runs(text)}</p>\n"
            case Bullets(items, numbered):
                name = "ol" if numbered else "ul"
                inside = "".join(f"<li>{self.runs(item)}</li>\n" for item in items)
                return f"<{name}>\n{inside}</{name}>\n" if items else ""
            case Facts(rows):
                inside = "".join(
                    f"<dt>{self.runs(label)}</dt><dd>{self.runs(value)}</dd>\n" for label, value in rows
                )
                return f"<dl>\n{inside}</dl>\n" if rows else ""
            case Table():
                return self.table(place, block)
            case Picture():
                return self.picture(block)
            case Contents():
                return self.contents(block)
            case PageBreak():
                self.breaks = True
                return ""

    def heading(self, section: Section, block: Heading) -> str:
        begins = ' class="new-page"' if block.new_page or self.breaks else ""
        self.breaks = False
        level = section.level + 1  # the first level is the document's title
        return f'<h{level} id="{section.name}"{begins}>{self.runs(block.text)}</h{level}>\n'

    def table(self, place: int, table: Table) -> str:
        name = f"table-{place}"
        size = "narrow" if len(table.columns) < 3 else "middling" if len(table.columns) < 5 else "wide"
        shares = [100 * width / _TEXT_WIDTH_MM for width in table.widths_mm(_TEXT_WIDTH_MM)]
        columns = "".join(f'<col style="width:{share:.1f}%">' for share in shares)
        heads = "".join(
            f'<th scope="col"{_end(column)}>{self.runs(column.title)}</th>' for column in table.columns
        )
        rows = "".join(f"<tr>{''.join(self.cells(table, row))}</tr>\n" for row in table.rows)
        return (
            f'<div class="rows" role="region" tabindex="0" aria-labelledby="{name}">\n'
            f'<table class="{size}">\n<caption id="{name}"><span>{self.runs(table.caption)}</span></caption>\n'
            f"<colgroup>{columns}</colgroup>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
        )

    def cells(self, table: Table, row: tuple[Text, ...]) -> Iterator[str]:
        for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            if place == 0 and table.row_headers:
                yield f'<th scope="row"{_end(column)}>{self.runs(cell)}</th>'
            else:
                yield f"<td{_end(column)}>{self.runs(cell)}</td>"

    def picture(self, picture: Picture) -> str:
        self.pictures += 1
        finding = f'<p class="finding">{self.runs(picture.finding)}</p>\n' if spans(picture.finding) else ""
        caption = f"<figcaption>{self.runs(picture.caption)}</figcaption>\n" if spans(picture.caption) else ""
        content, kind = (picture.svg, "svg+xml") if picture.svg else (picture.png, "png")
        width, height = picture.size_mm(picture.width_mm)
        # A drawing that does not follow the reader's theme is made for white.
        paper = "" if b"prefers-color-scheme" in content else ' class="paper"'
        return (
            f"<figure>\n{finding}"
            f'<div class="drawing" role="region" tabindex="0" aria-label="Picture {self.pictures}">\n'
            f'<img{paper} alt="{escape(words_of(picture.alt))}" width="{_pixels(width)}" height="{_pixels(height)}" '
            f'src="data:image/{kind};base64,{_base64(content)}">\n</div>\n{caption}</figure>\n'
        )

    def contents(self, block: Contents) -> str:
        """Return the contents as lists within lists."""
        listed = [section for section in self.sections if section.level <= block.depth]
        if not listed:
            return ""
        pieces = []
        level = 0
        for section in listed:
            if section.level > level:
                pieces.append("<ol>\n")
            else:
                pieces.append("</li>\n" + "</ol>\n</li>\n" * (level - section.level))
            pieces.append(f'<li><a href="#{section.name}">{escape(section.words)}</a>')
            level = section.level
        pieces.append("</li>\n</ol>\n" * level)
        title = self.runs(block.title)
        return f'<nav aria-labelledby="contents">\n<h2 id="contents">{title}</h2>\n{"".join(pieces)}</nav>\n'

    def runs(self, text: Text) -> str:
        return "".join(self.run(span) for span in spans(text))

    def run(self, span: Span) -> str:
        made = _lines(span.text)
        if span.bold:
            made = f"<strong>{made}</strong>"
        if span.italic:
            made = f"<em>{made}</em>"
        if span.tone:
            made = f'<span class="{span.tone}">{made}</span>'
        if inside := self.links.inside(span.link):
            return f'<a href="#{inside.name}">{made}</a>'
        if outside := self.links.outside(span.link):
            return f'<a href="{escape(outside)}" rel="noreferrer">{made}</a>'
        return made


def _lines(words: str) -> str:
    return "<br>".join(escape(line) for line in words.split("\n"))


def _end(column: Column) -> str:
    return ' class="end"' if column.align == "right" else ""


def _pixels(mm: float) -> int:
    return round(mm / 25.4 * 96)
