"""What a row under the headings is: an item, a section heading over items, a total, the headings again, or nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from monitor.importers.sheets import CellValue, Sheet
from monitor.importers.tracker_cells import is_blank, kind_of, shown
from monitor.importers.tracker_columns import Column, Header
from monitor.importers.tracker_fields import DATED_UPDATE

_TOTAL: Final = re.compile(
    r"\s*(?:grand |sub[- ]?|overall )?totals?\b.{0,40}|\s*(?:count|sum|average|number) of .{0,60}", re.I
)
_TITLE_WORDS: Final = re.compile(
    r"\b(?:peel|inspection|report|review|hmic|hmicfrs|spotlight|thematic|super-?complaint|audit|assessment|inquiry)\b",
    re.IGNORECASE,
)
_DUTY: Final = re.compile(r"\b(?:should|must|needs? to|ensure)\b", re.IGNORECASE)
_ASKS: Final = re.compile(r"\s*(?:review|report|audit|inspect|assess)\b(?! (?:of|into)\b|:)", re.IGNORECASE)
_STARTS_A_TITLE: Final = re.compile(
    r"\s*(?:hmic|peel|report:|inspection|an? (?:\w+ )?inspection|thematic|spotlight|super-?complaint)",
    re.IGNORECASE,
)
_TITLE_LENGTH: Final = 200
_GENERIC_SHEET: Final = re.compile(
    r"\s*(?:sheet|table|tab|data|tracker|register|actions?|recommendations?|afis?|open|closed|live|archived?|log|"
    r"action plan|main|all|current|complete[d]?|master|hmicfrs|hmic|[\W\d_])+\s*",
    re.IGNORECASE,
)


class RowSort(Enum):
    """What a row is; the value names those left out in a sentence for a person."""

    ITEM = "items"
    BLANK = "empty rows"
    SECTION = "section headings"
    HEADINGS = "the headings once more"
    TOTAL = "totals"
    REMARK = "remarks that stand alone"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet lies: its headings, the fields by column, and the last row that is an item beyond doubt."""

    header: Header
    mapped: Mapping[int, str]
    text_place: int | None
    last_item: int


def layout_of(sheet: Sheet, header: Header, columns: Sequence[Column]) -> Layout:
    """Return how a sheet lies."""
    mapped = {column.guess.place: column.field for column in columns if column.field}
    text = next((place for place, key in mapped.items() if key == "text"), None)
    last = len(sheet.rows) - 1
    while last > header.last and (text is None or not _is_item(sheet.rows[last], text)):
        last -= 1
    return Layout(header, mapped, text, last)


def _is_item(row: Sequence[CellValue], text_place: int) -> bool:
    return not is_blank(row[text_place]) and sum(1 for cell in row if not is_blank(cell)) > 1


def sort_of_row(row: Sequence[CellValue], index: int, layout: Layout) -> tuple[RowSort, str]:
    """Return what a row is, and its words where it is a heading or a remark."""
    filled = [place for place, cell in enumerate(row) if not is_blank(cell)]
    if not filled:
        return RowSort.BLANK, ""
    if _is_header_again(row, filled, layout.header.headings):
        return RowSort.HEADINGS, ""
    has_text = layout.text_place in filled
    if _TOTAL.fullmatch(shown(row[filled[0]])) and (not has_text or _only_figures(row, filled[1:])):
        return RowSort.TOTAL, ""
    words = {" ".join(shown(row[place]).split()) for place in filled}
    if len(words) == 1 and not layout.header.own and _is_section(row, filled[0], layout.mapped):
        return (RowSort.SECTION if index < layout.last_item else RowSort.REMARK), words.pop()
    if not has_text and layout.text_place is not None and not layout.mapped.keys() & set(filled):
        return RowSort.REMARK, shown(row[filled[0]])
    return RowSort.ITEM, ""


def title_in(name: str) -> str:
    """Return a sheet's name where it reads like the title of a report, else ""."""
    if _GENERIC_SHEET.fullmatch(name) or kind_of(name):
        return ""
    return name.strip() if _TITLE_WORDS.search(name) or re.search("(?:19|20)[0-9]{2}", name) else ""


def _is_header_again(row: Sequence[CellValue], filled: Sequence[int], headings: Sequence[str]) -> bool:
    same = sum(
        1 for place in filled if headings[place] and _one_line(row[place]) == headings[place].casefold()
    )
    return same >= 2 and same >= 0.6 * len(filled)


def _one_line(cell: CellValue) -> str:
    return " ".join(cell.casefold().split()) if isinstance(cell, str) and len(cell) <= _TITLE_LENGTH else ""


def _only_figures(row: Sequence[CellValue], places: Sequence[int]) -> bool:
    return bool(places) and all(re.fullmatch(r"[0-9.,% ]+", shown(row[place])) for place in places)


def _is_section(row: Sequence[CellValue], place: int, mapped: Mapping[int, str]) -> bool:
    """Tell whether the one thing in a row is a heading: text at the left, short, and no duty in the text's own column."""
    cell = row[place]
    if not isinstance(cell, str) or len(cell) > _TITLE_LENGTH:
        return False
    key = mapped.get(place, "")
    if key == "text":
        return kind_of(cell) is not None or _is_title(cell)
    if key in ("update", DATED_UPDATE, "status", "target") or re.fullmatch(r"\S*[0-9]\S*", cell.strip()):
        return False
    return place <= min(mapped)


def _is_title(text: str) -> bool:
    """Tell whether words alone in the column of texts name a report; what asks for something is a recommendation."""
    asks = _DUTY.search(text) or _ASKS.match(text) or text.rstrip().endswith(".")
    has_year = re.search("(?:19|20)[0-9]{2}", text)
    return not asks and bool(_STARTS_A_TITLE.match(text) or (_TITLE_WORDS.search(text) and has_year))
