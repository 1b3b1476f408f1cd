"""
Any office's tracker, understood: its rows as typed values, what was guessed and how, and every fault at once.

Nothing is stored here and nothing is left out in silence: what is not read stands in the notes.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from monitor.dates import long_date
from monitor.domain.statuses import ForceReport, parse_word
from monitor.importers import tracker_cells as cells
from monitor.importers.faults import Fault
from monitor.importers.sheets import ROW_LIMIT, CellValue, Sheet, Workbook
from monitor.importers.tracker_columns import COLUMN_LIMIT, ColumnGuess, Header, columns_of, find_header
from monitor.importers.tracker_fields import FIELDS, GUARDED, TrackerField, plain_heading
from monitor.importers.tracker_layout import RowSort, layout_of, sort_of_row, title_in
from monitor.importers.tracker_model import StatusWord, Tracker, TrackerRow, TrackerUpdate, where
from monitor.importers.tracker_rows import Above, Findings, Table, is_share, read_row

__all__ = [
    "FIELDS",
    "ColumnGuess",
    "StatusWord",
    "Tracker",
    "TrackerField",
    "TrackerRow",
    "TrackerUpdate",
    "plain_heading",
    "read_tracker",
]

EXAMPLE_PREFIX: Final = "example-"
_EXAMPLES: Final = "examples of the template"
_SHOWN: Final = 12
_HEADINGS_WANTED: Final = "a row with headings such as Reference, Recommendation, Owner, Target date, Status"


def read_tracker(
    workbook: Workbook,
    *,
    today: date,
    columns: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
) -> Tracker:
    """
    Return what a workbook holds, with every fault in it.

    Args:
        today: No update is later than this; one without a date is dated so.
        columns: A person's choices: plain heading to the key of a field, or to "" to leave the column out.
        words: A person's choices: status word in one case to the value of a `ForceReport`, or to "" for no status.
    """
    chosen = {plain_heading(heading): key for heading, key in (columns or {}).items()}
    findings = Findings(today, _settled(words or {}))
    notes: list[str] = []
    tables = _find_tables(workbook, chosen, findings, notes)
    rows: list[TrackerRow] = []
    for table in tables:
        _check_headings(table, findings)
        notes += _notes_on_columns(table)
        rows += _rows_of(table, findings, notes, is_one_of_many=len(tables) > 1)
    notes += _notes_at_the_end(findings)
    return Tracker(
        name=workbook.name,
        columns=tuple(column.guess for table in tables for column in table.columns),
        rows=tuple(rows),
        words=tuple(findings.words.values()),
        faults=findings.faults,
        notes=tuple(dict.fromkeys(notes)),
        is_own_export=any(table.header.own for table in tables),
        headings_key=_fingerprint(tables),
    )


def _settled(words: Mapping[str, str]) -> dict[str, ForceReport | None]:
    settled: dict[str, ForceReport | None] = {}
    for word, value in words.items():
        try:
            settled[cells.status_key(word)] = parse_word(ForceReport, value) if value else None
        except ValueError:
            continue  # remembered from a time when the words were others: it is asked again
    return settled


# Sheets -----------------------------------------------------------------------------------------------------------------


def _find_tables(
    workbook: Workbook, chosen: Mapping[str, str], findings: Findings, notes: list[str]
) -> list[Table]:
    """Return the sheets to read; the others are named in the notes, and too large ones are faults."""
    found: list[Table] = []
    for sheet in workbook.sheets:
        header = find_header(sheet, chosen)
        if header is None:
            reason = "it has no row of headings that this knows" if sheet.rows else "it is empty"
            notes.append(f'Sheet "{sheet.name}" is not read: {reason}.')
        elif too_large := _too_large(sheet, header):
            findings.tell(too_large, len(found))
        else:
            columns = columns_of(sheet, header, chosen, findings.today)
            found.append(Table(sheet, header, columns, order=len(found)))
    own = [table for table in found if table.header.own]
    if own:
        notes += [
            f'Sheet "{table.sheet.name}" is not read: the file is an export of this register.'
            for table in found
            if not table.header.own
        ]
    if not found and not findings.faults:
        place = f'"{workbook.name}"'
        message = f"{place} has no sheet with headings that this knows; it needs {_HEADINGS_WANTED}."
        findings.tell(Fault(place, "no headings", _HEADINGS_WANTED, message))
    for table in own or found:
        table.is_share = is_share(table)
    return own or found


def _too_large(sheet: Sheet, header: Header) -> Fault | None:
    below = sheet.rows[header.last + 1 :]
    rows = sum(1 for row in below if any(not cells.is_blank(cell) for cell in row))
    used = [
        place
        for place in range(len(header.headings))
        if any(not cells.is_blank(row[place]) for row in sheet.rows)
    ]
    for found, limit, noun in ((len(used), COLUMN_LIMIT, "columns"), (rows, ROW_LIMIT, "rows")):
        if found > limit:
            place = f'Sheet "{sheet.name}"'
            message = (
                f"{place} has {found:,} {noun}; a tracker can have {limit:,}. Divide it into several files."
            )
            return Fault(place, f"{found:,} {noun}", f"at most {limit:,} {noun}", message)
    return None


def _check_headings(table: Table, findings: Findings) -> None:
    """Tell a fault for each heading of updates from which no day can be read, if anything stands under it."""
    for column in table.mapped:
        if column.dated is None or not column.dated.complaint:
            continue
        below = table.sheet.rows[table.header.last + 1 :]
        if any(not cells.is_blank(row[column.guess.place]) for row in below):
            wanted = "a heading such as Update September 2022, or the column left out"
            complaint, heading = column.dated.complaint, column.guess.heading
            findings.fault(table, table.header.last, column, heading, complaint, wanted, quote=False)


# Rows -------------------------------------------------------------------------------------------------------------------


def _rows_of(table: Table, findings: Findings, notes: list[str], *, is_one_of_many: bool) -> list[TrackerRow]:
    """Return the rows of a sheet; those that are none are named in the notes with what they are."""
    above = _by_the_name(table, notes, is_one_of_many=is_one_of_many)
    layout = layout_of(table.sheet, table.header, table.columns)
    rows: list[TrackerRow] = []
    left_out: dict[str, list[int]] = {}
    sections: list[str] = []
    for index in range(table.header.last + 1, len(table.sheet.rows)):
        row = table.sheet.rows[index]
        sort, words = sort_of_row(row, index, layout)
        if sort is RowSort.ITEM and not _is_example(table, row):
            rows.append(read_row(table, index, above, findings))
        elif sort is RowSort.SECTION:
            sections.append(_begin_section(table, above, words, index))
        elif sort is not RowSort.BLANK:
            left_out.setdefault(_EXAMPLES if sort is RowSort.ITEM else sort.value, []).append(index + 1)
    name = table.sheet.name
    notes += sections[:_SHOWN]
    if len(sections) > _SHOWN:
        notes.append(
            f'Sheet "{name}": {len(sections) - _SHOWN:,} more headings stand over rows and are read so.'
        )
    notes += [f'Sheet "{name}": {_numbers(numbers)} not read: {what}.' for what, numbers in left_out.items()]
    if hidden := [row.row for row in rows if row.row - 1 in table.sheet.hidden_rows]:
        notes.append(f'Sheet "{name}": hidden rows were read: {_numbers(hidden)}.')
    return rows


def _by_the_name(table: Table, notes: list[str], *, is_one_of_many: bool) -> Above:
    """Return what the sheet's name says of its rows: their kind, or of one sheet among several their report."""
    name = table.sheet.name
    above = Above()
    if table.header.own:
        return above
    if table.column("kind") is None and (kind := cells.kind_of(name)):
        above.kind = kind
        notes.append(f'Sheet "{name}": each row is read as {kind.word.lower()}, by its name.')
    if is_one_of_many and table.column("report") is None and (title := title_in(name)):
        above.report = title
        notes.append(f'Sheet "{name}": its name is read as the title of the report.')
    return above


def _begin_section(table: Table, above: Above, words: str, index: int) -> str:
    """Take what a heading over rows says of them, and return the note on it."""
    above.filled.clear()
    place = where(table.sheet.name, index + 1)
    kind = cells.kind_of(words)
    if kind and table.column("kind") is None:
        above.kind = kind
        return f'{place}: "{words}" stands over rows, which are read as that kind.'
    if not kind and table.column("report") is None:
        above.report, above.kind = words, cells.kind_of(table.sheet.name)
        return f'{place}: "{words}" stands over rows and is read as their report.'
    return f'{place}: "{words}" stands over rows and is not read.'


def _is_example(table: Table, row: Sequence[CellValue]) -> bool:
    column = table.column("reference")
    return column is not None and cells.shown(row[column.guess.place]).strip().casefold().startswith(
        EXAMPLE_PREFIX
    )


# Notes ------------------------------------------------------------------------------------------------------------------


def _notes_on_columns(table: Table) -> list[str]:
    sheet = table.sheet
    place = f'Sheet "{sheet.name}"'
    notes = []
    if not table.header.own:
        left = [
            f'"{column.guess.heading}" ({column.guess.how})' for column in table.columns if not column.field
        ]
        guarded = [f'"{column.guess.heading}"' for column in table.mapped if column.field in GUARDED]
        if left:
            notes.append(f"{place}: columns not read: {_listed(left)}.")
        if guarded:
            notes.append(
                f"{place}: {_listed(guarded)}: compared only; an import cannot set what the office or the "
                "inspectorate decides, a first date or a closure."
            )
    if over := [cell for row in sheet.rows[: table.header.first] for cell in row if not cells.is_blank(cell)]:
        notes.append(
            f'{place}: {_counted(len(over), "cell")} over the headings not read, the first "{_short(over[0])}".'
        )
    mapped = {column.guess.place for column in table.mapped}
    beside = {column for row, column in sheet.formulas if row > table.header.last} - mapped
    if formulas := [f'"{column.guess.heading}"' for column in table.columns if column.guess.place in beside]:
        notes.append(f"{place}: formulas in columns that are not read: {_listed(formulas)}.")
    if hidden := [f'"{c.guess.heading}"' for c in table.mapped if c.guess.place in sheet.hidden_columns]:
        notes.append(f"{place}: hidden columns were read: {_listed(hidden)}.")
    if sheet.is_hidden:
        notes.append(f"{place} is hidden and was read.")
    if table.column("text") is None:
        notes.append(
            f"{place} has no column with the words of the recommendations; "
            "only rows that are in the register already can be taken in."
        )
    return notes


def _notes_at_the_end(findings: Findings) -> list[str]:
    notes = [
        f'Sheet "{sheet}", "{heading}": {_counted(count, "empty cell")} read as the cell above.'
        for (sheet, heading), count in findings.filled.items()
    ]
    if findings.undated:
        today = long_date(findings.today)
        notes.append(
            f"{_counted(findings.undated, 'update')} without a date: dated on the day of import, {today}."
        )
    if findings.claims:
        notes.append(
            f'"Closed" and the like, in {_counted(findings.claims, "row")}, are read as Complete, which the force '
            "reports: an import cannot close anything."
        )
    return notes


def _short(value: CellValue) -> str:
    text = " ".join(cells.shown(value).split())
    return text if len(text) <= 60 else text[:59] + "…"


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


def _listed(words: Sequence[str]) -> str:
    more = f" and {len(words) - _SHOWN:,} more" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more


def _numbers(rows: Sequence[int]) -> str:
    return f"{'row' if len(rows) == 1 else 'rows'} {_listed([str(row) for row in rows])}"


def _fingerprint(tables: Sequence[Table]) -> str:
    headings = {
        plain_heading(column.guess.heading)
        for table in tables
        for column in table.columns
        if column.dated is None
    }
    return hashlib.sha256("\n".join(sorted(headings)).encode()).hexdigest()[:32] if headings else ""
