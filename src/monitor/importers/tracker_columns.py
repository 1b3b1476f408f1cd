"""
Where a sheet's row of headings stands, and what each column under it holds.

A heading speaks first; what stands under it helps where the heading says nothing, or something else than the cells.
A person's choice goes before both.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final

from monitor.importers.sheets import CellValue, Sheet, column_letter
from monitor.importers.tracker_cells import (
    CellError,
    guess_status,
    is_blank,
    kind_of,
    letters,
    read_applicability,
    read_confidence,
    read_dated,
    says_nothing,
    shown,
)
from monitor.importers.tracker_fields import (
    DATED_UPDATE,
    FIELDS,
    HOW,
    MEANT,
    NAMED,
    WEAKLY,
    HeadingDay,
    Match,
    OwnColumn,
    heading_day,
    match_heading,
    own_columns,
    plain_heading,
)

COLUMN_LIMIT: Final = 64
_HEADING_LENGTH: Final = 120
_SEARCHED_ROWS: Final = 60
_LOOKED_AT: Final = 400
_LONG_TEXT: Final = 40
_IDENTIFYING: Final = frozenset({"text", "reference", "number", "external_reference", "short_title"})
_REVISED: Final = frozenset({"revised", "extended", "amended", "new", "latest", "current"})
_CHOSEN: Final = 9


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """
    What a column is taken for.

    Attributes:
        place: Number of the column, from 0.
        heading: As found; "Column D" where there is none.
        field: Key of a field, `dated_update`, or "" where the column is left out.
        day: The day in the heading of a dated update.
        how: How it was told, or why it is left out.
    """

    sheet: str
    place: int
    heading: str
    field: str
    day: date | None
    how: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read or left out; what a `ColumnGuess` says, and what reading it takes."""

    guess: ColumnGuess
    dated: HeadingDay | None = None
    own: OwnColumn | None = None

    @property
    def field(self) -> str:
        """Return the key of the field."""
        return self.guess.field


@dataclass(frozen=True, slots=True)
class Header:
    """The row of headings of a sheet: its first and last row, from 0, and a heading a column ("" for none)."""

    first: int
    last: int
    headings: tuple[str, ...]
    days: tuple[HeadingDay | None, ...]
    own: tuple[OwnColumn | None, ...] = ()


# The row of headings ------------------------------------------------------------------------------------------------


def find_header(sheet: Sheet, columns: Mapping[str, str]) -> Header | None:
    """Return the row of headings, or the two rows, that say most; None where none says what the rows are about."""
    best: tuple[int, int, Header] | None = None
    likely = (row for row, cells in enumerate(sheet.rows) if _may_be_headings(cells))
    for row in islice(likely, _SEARCHED_ROWS):
        for header in _candidates(sheet, row):
            score = _score(header, columns)
            rank = (score, 1 if header.first == header.last else 0)
            if score and (best is None or rank > best[:2]):
                best = (*rank, header)
    return best[2] if best else None


def _may_be_headings(cells: Sequence[CellValue]) -> bool:
    filled = [cell for cell in cells if not is_blank(cell)]
    short = [cell for cell in filled if isinstance(cell, str) and len(cell) <= _HEADING_LENGTH]
    return len(short) >= 2 and len(short) * 2 > len(filled)


def _candidates(sheet: Sheet, row: int) -> list[Header]:
    found = [_header(row, row, sheet.rows[row])]
    if row + 1 < len(sheet.rows) and (joined := _joined(sheet.rows[row], sheet.rows[row + 1])):
        found.append(_header(row, row + 1, joined))
    return found


def _header(first: int, last: int, cells: Sequence[CellValue]) -> Header:
    headings = tuple(" ".join(shown(cell).split()) for cell in cells)
    days = [
        heading_day(cell if isinstance(cell, date) else text)
        for cell, text in zip(cells, headings, strict=True)
    ]
    bare = sum(1 for day in days if day)
    days = [None if day and day.is_bare and bare < 2 else day for day in days]
    return Header(first, last, headings, tuple(days), tuple(own_columns(list(headings)) or ()))


def _joined(top: Sequence[CellValue], bottom: Sequence[CellValue]) -> list[CellValue] | None:
    """Return the headings of two rows as one, the upper reaching over the empty cells beside it; None if they are not."""
    if not any(is_blank(above) and not is_blank(below) for above, below in zip(top, bottom, strict=True)):
        return None
    joined: list[CellValue] = []
    over, told, asked = "", 0, 0
    for above, below in zip(top, bottom, strict=True):
        over = shown(above) if not is_blank(above) else over
        if is_blank(below):
            joined.append(above)
            over = ""
            continue
        asked += 1
        options: list[CellValue] = [f"{over} {_month_shown(below)}".strip(), below]
        known = [one for one in options if _says_something(one)]
        told += bool(known)
        joined.append(max(known, key=_strength) if known else below)
    return joined if asked and told >= 0.8 * asked else None


def _month_shown(cell: CellValue) -> str:
    return cell.strftime("%B %Y") if isinstance(cell, date) and cell.day == 1 else shown(cell)


def _says_something(cell: CellValue) -> bool:
    return _strength(cell) > 0


def _strength(cell: CellValue) -> int:
    if isinstance(cell, date) or heading_day(shown(cell)):
        return MEANT + (isinstance(cell, str) and not heading_day(cell).is_bare)  # type: ignore[union-attr]
    found = match_heading(shown(cell)) if len(shown(cell)) <= _HEADING_LENGTH else ()
    return found[0].strength if found else 0


def _score(header: Header, columns: Mapping[str, str]) -> int:
    """Return how much a row says as headings; nothing unless it tells what the rows are about, and one thing more."""
    if header.own:
        return 1_000
    strengths: dict[str, int] = {}
    dated = 0
    for heading, day in zip(header.headings, header.days, strict=True):
        if chosen := columns.get(plain_heading(heading)) if heading else None:
            strengths[chosen] = _CHOSEN
        elif day:
            dated += MEANT
        elif heading and len(heading) <= _HEADING_LENGTH:
            for match in match_heading(heading)[:1]:
                strengths[match.field] = max(strengths.get(match.field, 0), match.strength)
    strong = [key for key, strength in strengths.items() if strength > WEAKLY]
    tells = strengths.keys() & _IDENTIFYING or ("update" in strengths and len(strong) > 2)
    enough = len(strengths) + bool(dated) >= 2 and (strong or dated)
    return sum(strengths.values()) + dated if tells and enough else 0


# What the columns hold -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Candidate:
    """A column while it is being told: its filled cells, and the fields it may stand for, best first."""

    place: int
    heading: str
    day: HeadingDay | None
    cells: list[CellValue]
    matches: list[Match] = field(default_factory=list)
    told: str = ""
    how: str = ""

    def share(self, test: Callable[[CellValue], bool]) -> float:
        """Return the share of the filled cells that pass a test; 0 where there is none."""
        return sum(1 for cell in self.cells if test(cell)) / len(self.cells) if self.cells else 0.0

    def settle(self, key: str, how: str) -> None:
        """Take the column for this field."""
        self.told, self.how = key, how


def columns_of(sheet: Sheet, header: Header, chosen: Mapping[str, str], today: date) -> tuple[Column, ...]:
    """Return what every column with a heading or a cell is taken for, from left to right."""
    if header.own and not any(plain_heading(heading) in chosen for heading in header.headings):
        return tuple(
            Column(
                ColumnGuess(sheet.name, place, heading, own.field if own else "", None, "our own export"),
                own=own,
            )
            for place, (heading, own) in enumerate(zip(header.headings, header.own, strict=True))
            if heading
        )
    candidates = _collected(sheet, header)
    for one in candidates:
        _begin(one, chosen)
    for one in candidates:
        if not one.told and not one.how:
            _hold_against_cells(one)
    _settle_best(candidates)
    _settle_the_rest(candidates, today)
    return tuple(
        Column(
            ColumnGuess(
                sheet.name,
                one.place,
                one.heading,
                one.told,
                one.day.day if one.day and one.told == DATED_UPDATE else None,
                one.how or "no field is known by this heading",
            ),
            dated=one.day if one.told == DATED_UPDATE else None,
        )
        for one in candidates
    )


def _collected(sheet: Sheet, header: Header) -> list[_Candidate]:
    candidates = []
    below = sheet.rows[header.last + 1 : header.last + 1 + _LOOKED_AT]
    for place, heading in enumerate(header.headings):
        cells = [row[place] for row in below if not is_blank(row[place])]
        if heading or cells:
            name = heading or f"Column {column_letter(place)}"
            candidates.append(_Candidate(place, name, header.days[place], cells))
    return candidates


def _begin(one: _Candidate, chosen: Mapping[str, str]) -> None:
    """Settle what a person chose and what the heading dates; note what else the heading may mean."""
    choice = chosen.get(plain_heading(one.heading))
    if choice == "":
        one.how = "chosen by you"
    elif choice in {"update", DATED_UPDATE}:
        if one.day is not None:
            one.settle(DATED_UPDATE, "chosen by you")
        else:
            one.matches = [Match("update", _CHOSEN)]
    elif choice is not None and choice in FIELDS:
        one.matches = [Match(choice, _CHOSEN)]
    elif one.day is not None:
        one.settle(DATED_UPDATE, "its heading holds a date")
    else:
        one.matches = list(match_heading(one.heading))


def _hold_against_cells(one: _Candidate) -> None:
    """Correct what the heading says where the cells under it clearly say otherwise."""
    if not one.matches or not one.cells:
        return
    if one.matches[0].strength in (NAMED, _CHOSEN) and one.matches[0].field != "completed_on":
        return
    kept = [match for match in one.matches if _fits(one, match)]
    other = _instead(one) if len(kept) < len(one.matches) else None
    one.matches = kept + ([Match(other, WEAKLY)] if other else [])


def _fits(one: _Candidate, match: Match) -> bool:
    is_prose = one.share(_is_long) >= 0.6
    if match.field == "text":
        return one.share(_is_kind) < 0.8 and one.share(_is_numeral) < 0.8 and one.share(_is_date) < 0.8
    if match.field == "kind":
        return one.share(_is_kind) >= 0.5
    if match.field == "confidence":
        return one.share(_reads(read_confidence)) >= 0.5
    if match.field == "applicability":
        return one.share(_reads(read_applicability)) >= 0.5
    if match.field in ("updated_on", "completed_on", "opened", "published"):
        return one.share(_is_date_like) >= 0.3 and not is_prose
    if match.field == "update":
        return one.share(_is_date) < 0.8
    if match.field == "status":
        return not (is_prose and one.share(_is_status) < 0.2) and one.share(_is_date) < 0.8
    if match.field == "reference":
        numerals = [shown(cell) for cell in one.cells if _is_numeral(cell)]
        return len(numerals) < 0.8 * len(one.cells) or len(set(numerals)) == len(numerals)
    if match.field in ("number", "short_title"):
        return not (is_prose and one.share(_is_numeral) < 0.2)
    return True


def _instead(one: _Candidate) -> str | None:
    first = one.matches[0].field
    if first in ("text", "reference") and one.share(_is_numeral) >= 0.8:
        return "number"
    if first == "text" and one.share(_is_kind) >= 0.8:
        return "kind"
    if first in ("updated_on", "status") and one.share(_is_long) >= 0.6:
        return "update"
    if first == "update" and one.share(_is_date) >= 0.8:
        return "updated_on"
    if first == "completed_on" and one.share(_is_status) >= 0.5:
        return "status"
    return "text" if first in ("number", "short_title") and one.share(_is_long) >= 0.6 else None


def _settle_best(candidates: list[_Candidate]) -> None:
    """Give each field to the column that says it best; of two alike, to the fuller, then to the left one."""
    by_field: dict[str, _Candidate] = {one.told: one for one in candidates if one.told}
    pairs = [(match, one) for one in candidates if not one.told for match in one.matches]
    pairs.sort(key=lambda pair: (-pair[0].strength, pair[0].place, -len(pair[1].cells), pair[1].place))
    for match, one in pairs:
        if not one.told and match.field not in by_field:
            by_field[match.field] = one
            one.settle(match.field, "chosen by you" if match.strength == _CHOSEN else HOW[match.strength])
    for one in candidates:
        if not one.told and one.matches:
            better = by_field[one.matches[0].field]
            one.how = f'"{better.heading}" is read as {FIELDS[better.told].heading.lower()}'


def _settle_the_rest(candidates: list[_Candidate], today: date) -> None:
    """Fill what is still missing: by what stands under a heading, or by a heading's second meaning."""
    taken = {one.told: one for one in candidates if one.told}
    free = [one for one in candidates if not one.told and one.how != "chosen by you"]
    _lead_over_sub_recommendations(taken, free)
    if "text" not in taken:
        _find_text(candidates, free)
    _settle_targets(taken, free)
    for one in free:
        if one.told or one.share(_is_date) < 0.8 or len(one.cells) < 2:
            continue
        is_known = plain_heading(one.heading) == "date" or one.heading.startswith("Column ")
        if not is_known and one.matches:
            continue
        key = _meaning_of_dates(one, candidates, today) if is_known or not one.matches else ""
        if key and key not in taken:
            one.settle(key, "looks like dates")
            taken[key] = one
    if "status" not in taken:
        words = [
            one for one in free if not one.told and not one.matches and one.share(_is_status_word) >= 0.6
        ]
        if words and len(words[0].cells) > 1:
            words[0].settle("status", "looks like words for a status")


def _settle_targets(taken: dict[str, _Candidate], free: list[_Candidate]) -> None:
    """Take a first date that stands alone for the target; beside a revised one, the other for the first."""
    target, first = taken.get("target"), taken.get("first_target")
    if target is None and first is not None and first.how != "chosen by you":
        first.settle("target", "the only target date")
        taken["target"] = first
    if target is None or first is not None or target.how == "chosen by you":
        return
    others = [one for one in free if not one.told and any(m.field == "target" for m in one.matches)]
    revised = next(
        (one for one in (target, *others) if _REVISED & set(plain_heading(one.heading).split())), None
    )
    if revised is not None and others:
        before = target if revised is not target else others[0]
        revised.settle("target", "the date as revised")
        before.settle("first_target", "the date before it was revised")
        taken |= {"target": revised, "first_target": before}


def _lead_over_sub_recommendations(taken: Mapping[str, _Candidate], free: list[_Candidate]) -> None:
    text = taken.get("text")
    if text is None or "lead_in" in taken or "sub" not in plain_heading(text.heading).split():
        return
    for one in free:
        if not one.told and one.matches and one.matches[0].field == "text":
            one.settle("lead_in", "stands over the sub recommendations")
            return


def _find_text(candidates: list[_Candidate], free: list[_Candidate]) -> None:
    second = [
        one
        for one in candidates
        if one.told in ("short_title", "update", "")
        and one.how != "chosen by you"
        and any(m.field == "text" for m in one.matches)
    ]
    prose = [one for one in free if not one.matches and _average_length(one) > _LONG_TEXT]
    if second:
        second[0].settle("text", HOW[WEAKLY])
    elif prose:
        max(prose, key=_average_length).settle("text", "looks like long texts")


def _meaning_of_dates(one: _Candidate, candidates: list[_Candidate], today: date) -> str:
    """Return what a column of dates under no telling heading holds: beside an update its day, else the target."""
    days = [_date_in(cell) for cell in one.cells]
    is_past = all(day <= today for day in days if day)
    beside = {other.told for other in candidates if abs(other.place - one.place) == 1}
    if is_past and "update" in beside and all(other.told != "updated_on" for other in candidates):
        return "updated_on"
    words = set(plain_heading(one.heading).split())
    return (
        "target"
        if words <= {"date", "dates", "column", "by", "when"} | {column_letter(one.place).lower()}
        else ""
    )


# What a cell looks like ---------------------------------------------------------------------------------------------------


def _is_long(cell: CellValue) -> bool:
    return isinstance(cell, str) and len(cell) > _LONG_TEXT


def _average_length(one: _Candidate) -> float:
    return sum(len(cell) for cell in one.cells if isinstance(cell, str)) / max(1, len(one.cells))


def _is_kind(cell: CellValue) -> bool:
    return isinstance(cell, str) and kind_of(cell) is not None


_NUMERAL: Final = re.compile(r"(?:[A-Za-z]{1,15}\.? ?)?[0-9]{1,4}(?:\.[0-9]{1,3}){0,3}[a-z]?\.?")


def _is_numeral(cell: CellValue) -> bool:
    return not isinstance(cell, date) and bool(_NUMERAL.fullmatch(shown(cell).strip()))


def _date_in(cell: CellValue) -> date | None:
    try:
        return read_dated(cell)[0] if not isinstance(cell, int) else None
    except CellError:
        return None


def _is_date(cell: CellValue) -> bool:
    return _date_in(cell) is not None


def _is_date_like(cell: CellValue) -> bool:
    return _is_date(cell) or says_nothing(cell) or bool(re.search("[0-9]{2}", shown(cell)))


def _is_status(cell: CellValue) -> bool:
    return letters(shown(cell)) in {"yes", "no", "y", "n"} or _is_status_word(cell)


def _is_status_word(cell: CellValue) -> bool:
    return isinstance(cell, str) and len(cell) <= _LONG_TEXT and guess_status(cell)[0] is not None


def _reads(read: Callable[[CellValue], object]) -> Callable[[CellValue], bool]:
    def test(cell: CellValue) -> bool:
        try:
            read(cell)
        except CellError:
            return False
        return True

    return test
