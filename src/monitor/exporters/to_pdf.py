"""A document as a tagged PDF: PDF/UA-1 by construction, for readers who hear it as for those who see it."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from typst import TypstError

from monitor.exporters.document import (
    Block,
    Bullets,
    Contents,
    Document,
    Facts,
    Heading,
    Links,
    PageBreak,
    Paragraph,
    Picture,
    Section,
    Table,
    Text,
    printable,
    sections,
    spans,
    words_of,
)
from monitor.exporters.typesetting import as_dots, framed, look_up, paper_svg, settable, typeset

TEXT_WIDTH_MM: Final = 166.0
WHOLE_ROW: Final = 1200
"""Letters up to which a row of a table is kept on one page."""

_HERE: Final = Path(__file__).parent


_WIDER: Final = 0.03
"""What a letter of Arial is wider than one of the fonts here, in heights of type."""


def pdf_bytes(document: Document) -> bytes:
    """Return the document as a PDF: A4, tagged, with its outline, its language and its fonts inside."""
    template, options = _kept("document.typ"), {"format": "pdf", "pdf_standards": ["ua-1"]}
    try:
        return typeset(template, _files(document), **options)[0]
    except TypstError:
        # Letters of rare scripts within a drawing can be drawn, but not always read out: the drawing becomes dots.
        return typeset(template, _files(_with_dots(document)), **options)[0]


def page_pictures(document: Document, *, dots_to_an_inch: float = 60) -> list[bytes]:
    """Return each page as it looks on paper, as PNG."""
    return typeset(_kept("document.typ"), _files(document), format="png", ppi=dots_to_an_inch)


def _with_dots(document: Document) -> Document:
    """Return the document with its drawings as dots."""
    drawings = {
        str(place): (block.svg, *block.size_mm(TEXT_WIDTH_MM))
        for place, block in enumerate(document.blocks)
        if isinstance(block, Picture) and block.svg
    }
    dots = as_dots(drawings)
    blocks = (
        replace(block, svg=b"", png=dots[str(place)]) if isinstance(block, Picture) and block.svg else block
        for place, block in enumerate(document.blocks)
    )
    return replace(document, blocks=tuple(blocks))


def heading_pages(document: Document) -> dict[str, int]:
    """Return the page of each heading, by its name, about as Word sets the document with the product's template."""
    where = look_up(_kept("document.typ"), _files(document, _WIDER), "<where>")
    return {found["name"]: found["page"] for found in where}


def _files(document: Document, tracking: float = 0.0) -> dict[str, bytes]:
    files = {"mark.svg": _kept("mark.svg").encode()}
    data = _Data(document, files).whole() | {"tracking": tracking}
    files["document.json"] = json.dumps(data).encode()
    return files


@cache
def _kept(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


class _Data:
    """A document as the template reads it; pictures become files beside it."""

    def __init__(self, document: Document, files: dict[str, bytes]) -> None:
        self.document = document
        self.files = files
        found = sections(document)
        self.links = Links(found)
        self.by_place = {section.place: section for section in found}

    def whole(self) -> dict[str, Any]:
        document = self.document
        language, _, region = document.language.partition("-")
        at = document.made_at_utc
        return {
            "title": settable(words_of(document.title)),
            "subtitle": settable(printable(document.subtitle)),
            "language": language,
            "region": region or None,
            "author": [words_of(document.author)] if document.author else [],
            "subject": words_of(document.subject) or None,
            "made_at": {
                "year": at.year, "month": at.month, "day": at.day,
                "hour": at.hour, "minute": at.minute, "second": at.second,
            },
            "has_cover": bool(document.cover),
            "cover": [self.runs(line) for line in document.cover],
            "footer": settable(words_of(document.footer)),
            "fingerprint": settable(printable(document.fingerprint)),
            "blocks": [self.block(place, block) for place, block in enumerate(document.blocks)],
        }  # fmt: skip

    def runs(self, text: Text) -> list[dict[str, Any]]:
        return [self.run(span.text, span.bold, span.italic, span.link, span.tone) for span in spans(text)]

    def run(self, text: str, bold: bool, italic: bool, link: str, tone: str) -> dict[str, Any]:
        inside = self.links.inside(link)
        return {
            "text": settable(text),
            "bold": bold,
            "italic": italic,
            "tone": tone,
            "to": inside.name if inside else "",
            "url": self.links.outside(link),
        }

    def block(self, place: int, block: Block) -> dict[str, Any]:
        match block:
            case Heading() if place not in self.by_place:
                return {"kind": "nothing"}
            case Heading():
                return {"kind": "heading", "new_page": block.new_page} | self.heading(
                    self.by_place[place], block
                )
            case Paragraph(text, style):
                return {"kind": "paragraph", "text": self.runs(text), "style": style}
            case Bullets(items, numbered):
                return {
                    "kind": "bullets",
                    "items": [self.runs(item) for item in items],
                    "numbered": numbered,
                }
            case Facts(rows):
                return {
                    "kind": "facts",
                    "rows": [[self.runs(label), self.runs(value)] for label, value in rows],
                }
            case Table():
                return {"kind": "table"} | self.table(block)
            case Picture():
                return {"kind": "picture"} | self.picture(place, block)
            case Contents(title, depth):
                return {"kind": "contents", "title": settable(words_of(title)), "depth": depth}
            case PageBreak():
                return {"kind": "page-break"}

    def heading(self, section: Section, block: Heading) -> dict[str, Any]:
        return {"level": section.level, "name": section.name, "text": self.runs(block.text)}

    def table(self, table: Table) -> dict[str, Any]:
        widths = table.widths_mm(TEXT_WIDTH_MM)
        columns = [
            {"title": settable(words_of(column.title)), "align": column.align, "width": width}
            for column, width in zip(table.columns, widths, strict=True)
        ]
        rows = [
            {
                "cells": [self.runs(cell) for cell in row],
                "whole": _could_split(row, widths) and not is_long(row),
            }
            for row in table.rows
        ]
        return {"columns": columns, "rows": rows, "caption": settable(words_of(table.caption))}

    def picture(self, place: int, picture: Picture) -> dict[str, Any]:
        name = f"picture-{place}.svg"
        width, height = picture.size_mm(TEXT_WIDTH_MM)
        self.files[name] = paper_svg(picture.svg) if picture.svg else framed(picture.png, width, height)
        return {
            "file": name,
            "alt": words_of(picture.alt),
            "width": width,
            "height": height,
            "finding": self.runs(picture.finding),
            "caption": self.runs(picture.caption),
        }


def is_long(row: tuple[Text, ...]) -> bool:
    """Return whether a row may fill so much of a page that it has to be allowed to split."""
    return max((len(words_of(cell)) for cell in row), default=0) > WHOLE_ROW


_LETTER_MM: Final = 1.5


def _could_split(row: tuple[Text, ...], widths: list[float]) -> bool:
    """Return whether a row may have four lines or more: fewer stay together by themselves."""
    for cell, width in zip(row, widths, strict=True):
        lines = "".join(span.text for span in spans(cell)).split("\n")
        if sum(1 + int(len(line) * _LETTER_MM / width) for line in lines) > 3:
            return True
    return False
