"""A published response as part of a page: its own words and headings in the site's frame."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from monitor.exporters.document import (
    Bullets,
    Document,
    Facts,
    Heading,
    Links,
    Paragraph,
    Table,
    Text,
    printable,
    sections,
    spans,
)


@dataclass(frozen=True, slots=True)
class Run:
    """Words set in one way; `href` is where they lead."""

    text: str
    bold: bool = False
    italic: bool = False
    tone: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a document as the template takes it."""

    kind: str
    text: tuple[Run, ...] = ()
    level: int = 0
    name: str = ""
    style: str = ""
    tag: str = ""
    rows: tuple[Any, ...] = ()
    columns: tuple[Any, ...] = field(default_factory=tuple)


def lines_of(document: Document) -> list[str]:
    """Return the lines that stand between its title and its text."""
    return [line for line in printable(document.subtitle).split("\n") if line.strip()]


def blocks_of(document: Document) -> Iterator[Block]:
    """Yield its parts; its title is the first heading of the page, so its own begin at the second level."""
    found = sections(document)
    by_place, links = {section.place: section for section in found}, Links(found)

    def runs(text: Text) -> tuple[Run, ...]:
        return tuple(
            Run(span.text, span.bold, span.italic, span.tone, _href(span.link, links)) for span in spans(text)
        )

    for place, block in enumerate(document.blocks):
        match block:
            case Heading() if place in by_place:
                section = by_place[place]
                yield Block("heading", runs(block.text), section.level + 1, section.name)
            case Paragraph(text, "quote"):
                yield Block("quote", runs(text))
            case Paragraph(text, style):
                yield Block("paragraph", runs(text), style={"lead": "lead", "small": "soft"}.get(style, ""))
            case Bullets(items, numbered) if items:
                rows = tuple(runs(item) for item in items)
                yield Block("list", rows=rows, tag="ol" if numbered else "ul")
            case Facts(rows) if rows:
                yield Block("facts", rows=tuple((runs(label), runs(words)) for label, words in rows))
            case Table():
                yield Block(
                    "table",
                    runs(block.caption),
                    name=f"table-{place}",
                    columns=tuple((printable(c.title), c.align == "right") for c in block.columns),
                    rows=tuple(tuple(runs(cell) for cell in row) for row in block.rows),
                )


def _href(link: str, links: Links) -> str:
    inside = links.inside(link)
    return f"#{inside.name}" if inside else links.outside(link)
