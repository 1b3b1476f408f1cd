"""
The office's own published response, read back cell by cell: its form is known, so nothing in it has to be guessed.

`monitor.packs.response` writes the form with the labels that stand here. Whatever somebody wrote stands in a cell of
its own, so that no words can be taken for a label. A document that has not this form is read as any other.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from monitor.domain.statuses import Applicability, Kind
from monitor.importers.blocks import (
    BOLD_LEVEL,
    Block,
    Document,
    is_numbered,
    readable,
    tidy,
    without_bullet,
)

ABOUT: Final = ("About the report", "As published")
TITLE: Final = "Inspection title"
PUBLISHED: Final = "Date published"
TYPE: Final = "Type of inspection"
PUBLISHERS: Final = "Published by"
STATED: Final = "Recommendations stated"
STATED_FOR: Final = "Stated to be for"

KEY_FINDINGS: Final = "Key findings"
GRADES: Final = ("Question", "Grade")
COMMENTS: Final = "’s comments"

ANSWERED: Final = "The report’s words, and the answer"
"""Over the second column of a recommendation's table; over the first stand its kind and number."""
PRINTED: Final = "As printed"
REFERENCE: Final = "Reference"
OURS: Final = "Our reference"
ADDRESSED: Final = "Addressed to"
DEADLINE: Final = "Deadline as printed"
CAUSE: Final = "Stands under"
FOR_WHOM: Final = "For whom"
_OF_A_FINDING: Final = frozenset({PRINTED, REFERENCE, OURS, ADDRESSED, DEADLINE, CAUSE, FOR_WHOM})

PART: Final = "• "
"""What stands before each part of a recommendation."""
_HOLD: Final = "\u200b"
"""Stands unseen before a line that begins with a mark of its own."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of the form, as printed, with its place in the document."""

    printed: str
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return the words alone."""
        return _plain(self.printed)


@dataclass(frozen=True, slots=True)
class OwnFinding:
    """
    One recommendation of the form.

    Attributes:
        cause: Our reference of the cause of concern it stands under.
        answer: What is written about it, under whatever label.
    """

    kind: Kind
    text: str
    start: int
    end: int
    number: str = ""
    reference: str = ""
    ours: str = ""
    parts: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    deadline: str = ""
    cause: str = ""
    applicability: Applicability | None = None
    answer: Cell | None = None


@dataclass(slots=True)
class OwnResponse:
    """A report as its response's form gives it; `spoken` are the comments, each with the title of whose they are."""

    title: str
    published: str = ""
    inspection_type: str = ""
    publishers: tuple[str, ...] = ()
    stated_count: int | None = None
    stated_for: tuple[str, ...] = ()
    key_findings: list[str] = field(default_factory=list)
    grades: list[tuple[str, str]] = field(default_factory=list)
    findings: list[OwnFinding] = field(default_factory=list)
    spoken: list[tuple[str, Cell]] = field(default_factory=list)


def as_carried(text: str) -> str:
    """
    Return a text as a document gives it back: with ordinary blanks, none at the ends of lines, and nothing unseen.

    A text that was read from a document comes back unchanged.
    """
    return tidy(readable(text))


def on_one_line(text: str) -> str:
    """Return a text as a document gives it back from one line."""
    return " ".join(line for line in as_carried(text).split("\n") if line)


def to_print(text: str) -> str:
    """Return a text so that a document gives back `as_carried` of it: what would be cut or joined by a reader is held."""
    return "\n".join(map(_held, as_carried(text).split("\n")))


def parts_marked(text: str, parts: Sequence[str]) -> str:
    """
    Return a finding's words to print, with a mark before each of its parts, where they stand at its end.

    Without any where the words have empty lines: a reader drops one that stands before a mark.
    """
    words = as_carried(text)
    whole = [plain for part in parts if (plain := on_one_line(part))]
    tail = "\n".join(whole)
    if not tail or not words.endswith(f"\n{tail}") or "\n\n" in words:
        return to_print(text)
    before = words.removesuffix(tail).removesuffix("\n")
    return "\n".join([to_print(before), *(f"{PART}{_with_blanks(part)}" for part in whole)])


def _held(line: str) -> str:
    """Return a line with an unseen mark in front where a reader would take its beginning for a bullet or number."""
    is_cut = line.startswith(_HOLD) or without_bullet(line) is not None or is_numbered(line)
    return f"{_HOLD}{_with_blanks(line)}" if is_cut else _with_blanks(line)


def _with_blanks(line: str) -> str:
    """Return a line in which every second blank of several does not break, so that a web page shows them all."""
    return re.sub(" {2,}", lambda found: (" \u00a0" * len(found[0]))[: len(found[0])], line)


def _plain(printed: str) -> str:
    return "\n".join(line.removeprefix(_HOLD) for line in printed.split("\n"))


def read_own(document: Document) -> list[OwnResponse]:
    """Return the reports of a document that has our own form; none for any other document."""
    found: list[OwnResponse] = []
    heading = ""
    tables = _tables(document)
    seen: set[int] = set()
    for cell, block in _cells(document):
        if block.table is not None:
            if block.table not in seen and block.table in tables:
                seen.add(block.table)
                _take_table(found, tables[block.table])
        elif block.kind == "heading" and block.depth < BOLD_LEVEL:
            heading = cell.text
        elif found and heading == KEY_FINDINGS:
            found[-1].key_findings.append(cell.text)
        elif found and heading.endswith(COMMENTS):
            found[-1].spoken.append((heading.removesuffix(COMMENTS), cell))
    return found


_Row = tuple[Cell, Cell]


def _tables(document: Document) -> dict[int, list[_Row]]:
    """Return the rows of each table of two columns, the one with its headings first."""
    cells: dict[tuple[int, int, int], Cell] = {}
    for cell, block in _cells(document):
        if block.table is not None and block.row is not None and block.column is not None:
            place = (block.table, block.row, block.column)
            before = cells.get(place)
            cells[place] = (
                Cell(f"{before.printed}\n{cell.printed}", before.start, cell.end)
                if before is not None
                else cell
            )
    tables: dict[int, list[_Row]] = {}
    for table, row, column in cells:
        if column == 0 and (table, row, 1) in cells:
            tables.setdefault(table, []).append((cells[table, row, 0], cells[table, row, 1]))
    return tables


def _cells(document: Document) -> Iterator[tuple[Cell, Block]]:
    """Yield each block with its words as printed: a mark in front belongs to them."""
    reached = 0
    for block in document.blocks:
        mark = document.text[reached : block.start].rpartition("\n")[2].strip()
        # The readers put a middle dot before what is an item of a list by the document's own make.
        if not without_bullet(f"{mark} x") or (mark == "·" and block.table is None):
            mark = ""
        yield Cell(f"{mark} {block.text}" if mark else block.text, block.start, block.end), block
        reached = block.end


def _take_table(found: list[OwnResponse], rows: list[_Row]) -> None:
    headings = (rows[0][0].text, rows[0][1].text)
    if headings == ABOUT:
        held = {label.text: cell for label, cell in rows[1:]}
        if TITLE in held:
            found.append(_about({label: cell.text for label, cell in held.items()}))
    elif found and headings == GRADES:
        found[-1].grades += [(question.text, grade.text) for question, grade in rows[1:]]
    elif found and headings[1] == ANSWERED and (finding := _finding(rows)) is not None:
        found[-1].findings.append(finding)


def _about(held: dict[str, str]) -> OwnResponse:
    stated = held.get(STATED, "")
    return OwnResponse(
        title=held[TITLE],
        published=held.get(PUBLISHED, ""),
        inspection_type=held.get(TYPE, ""),
        publishers=tuple(held.get(PUBLISHERS, "").split("\n")) if held.get(PUBLISHERS) else (),
        stated_count=int(stated) if re.fullmatch("[0-9]{1,6}", stated) else None,
        stated_for=tuple(held[STATED_FOR].split("\n")) if held.get(STATED_FOR) else (),
    )


def _finding(rows: list[_Row]) -> OwnFinding | None:
    """Return a recommendation; None where its table has no words of it."""
    heading = rows[0][0].text
    kind = next((one for one in Kind if heading == one.word or heading.startswith(f"{one.word} ")), None)
    held: dict[str, Cell] = {}
    for label, cell in rows[1:]:
        held.setdefault(label.text, cell)
    printed = held.get(PRINTED)
    if kind is None or printed is None:
        return None
    words, parts = _parts(printed.printed)

    def line(label: str) -> str:
        return held[label].text if label in held else ""

    return OwnFinding(
        kind=kind,
        text=words,
        start=printed.start,
        end=printed.end,
        number=heading.removeprefix(kind.word).strip(),
        reference=line(REFERENCE),
        ours=line(OURS),
        parts=parts,
        addressees=tuple(line(ADDRESSED).split("\n")) if ADDRESSED in held else (),
        deadline=line(DEADLINE),
        cause=line(CAUSE),
        applicability=next((one for one in Applicability if one.word == line(FOR_WHOM)), None),
        answer=next((cell for label, cell in held.items() if label not in _OF_A_FINDING), None),
    )


def _parts(printed: str) -> tuple[str, tuple[str, ...]]:
    """Return a finding's words without the marks of its parts, and the parts."""
    lines, parts = [], []
    for line in printed.split("\n"):
        if line.startswith(PART):
            parts.append(line.removeprefix(PART))
            lines.append(parts[-1])
        else:
            lines.append(line.removeprefix(_HOLD))
    return "\n".join(lines), tuple(parts)
