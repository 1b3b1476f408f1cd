"""
Tables of findings: an action plan, a register, a table of reports by year.

The heading row says what each column holds. Owner, status, update and the like are about the row; they are
never words of the finding.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from monitor.domain.statuses import Kind
from monitor.importers.labels import (
    EXTERNAL_FROM,
    Section,
    header_of,
    label_of,
    reference_first,
    reference_last,
)
from monitor.importers.language import NONE_MADE, asks, tells
from monitor.importers.lines import Line
from monitor.importers.outline import Found, Outline, Read, Role
from monitor.importers.reading import outline_of

_HEADINGS: Final = (
    (
        "kind",
        r"(?:type|kind|category)(?: of (?:finding|recommendation))?|afi ?/ ?rec(?:ommendation)?|rec ?/ ?afi",
    ),
    ("source", r"(?:source|origin|arising from|where from)"),
    (
        "reference",
        r"(?:hmicfrs |portal |external |unique )?(?:ref(?:erence)?|id)(?: ?(?:no|number|id))?\.?|#",
    ),
    (
        "number",
        r"(?:(?:rec(?:ommendation)?|afi|item|action|report)?\.? ?(?:no|number|num|nr)\.?|no\.?|number|rec\.?|rec(?:ommendation)? ?#)",
    ),
    (
        "completed",
        r"(?:date |actual )?(?:completed|closed|completion|signed off)(?: on| date)?(?<!^completion date)|last updated?|(?:date )?(?:reviewed|updated)|date (?:of )?(?:update|completed|completion achieved)",
    ),
    (
        "deadline",
        r"(?:hmicfrs |target |due |estimated |expected |planned |agreed |original )*(?:deadline|(?:target|due|completion|delivery|implementation|end)(?: completion)?(?: date)?|(?:by )?when|timescales?|time ?frame|due by)(?: for completion| date)?",
    ),
    (
        "addressee",
        r"(?:addressed to|addressees?|for|directed (?:at|to)|applies to|body|relevant to|for whom)",
    ),
    (
        "ask",
        r"(?:hmicfrs |hmic |full |report |the |audit )?(?:recommendations?|areas? for improvements?|afis?|findings?)(?: ?(?:/|and|or|&|\() ?(?:recommendations?|areas? for improvements?|afis?|actions?|finding)\)?)?(?: (?:for|to|relevant to|made to|addressed to) [\w ]{3,40})?(?: \(?(?:text|wording|in full|detail|description|made|afi)\)?)?|wording|(?:summary|description|text|details?) of (?:the )?(?:recommendation|finding|afi)|what (?:was|hmicfrs) recommended",
    ),
    ("detail", r"summary|description|details?|text|issue"),
    ("sub", r"sub[- ]?(?:recommendations?|actions?)"),
    (
        "report",
        r"(?:(?:title|name) of (?:the )?)?(?:hmicfrs |inspection |internal )?(?:report|inspection|publication|review|audit)(?: title| name)?|title",
    ),
    (
        "published",
        r"(?:date |year |month )?(?:of )?(?:published|publication|issued|report date)(?: on| date)?|date of (?:report|inspection|publication)|year|date",
    ),
    (
        "update",
        r"(?:(?:force|service|constabulary|chief constable[’']s|latest|current|progress|initial|monthly|action plan|management|police|our|pcc|office|[a-z]+ 20\d\d|january|february|march|april|may|june|july|august|september|october|november|december|q[1-4]) )*(?:update|response|progress|comments?|position|commentary|narrative|action plan response|actions? taken|agreed actions?|management response|actions?|activity)(?: to date)?(?: \([^)]{1,30}\))?|(?:progress|update|response) .{0,40}",
    ),
    (
        "tracking",
        r"(?:current |overall )?(?:status(?: history)?|history|events|rag(?: (?:rating|status))?|grading|grade|priority|risk|overall %|%|owner|(?:(?:recommendation|rec\.?|action|business|strategic|executive|operational|chief officer|force|senior|responsible) )*(?:owner|lead|officer|person|manager)|governance(?: board)?|board|(?:supporting )?(?:evidence|documents?)(?: .{0,30})?|theme|link|response link|pcc response|verification|confidence|outcome|how verified)",
    ),
)
_COLUMNS: Final = tuple((name, re.compile(rf"(?:{words})", re.IGNORECASE)) for name, words in _HEADINGS)
_PUBLISHED_REPORT: Final = re.compile(
    r"(?P<title>.{4,160}?),? ?[(\[:–-]? ?(?:published|issued|report of|dated)(?: on| in)?:? (?P<day>[\w ]{0,20}\d{4})[)\].]?",
    re.IGNORECASE,
)
_TERM: Final = re.compile(r"(?:acronyms?|abbreviations?|terms?|initials|glossary)(?: used)?", re.IGNORECASE)
_MEANING: Final = re.compile(
    r"(?:meaning|definition|description|explanation|stands for|full (?:name|term|title|text)|what it means|in full)s?",
    re.IGNORECASE,
)
_FIGURE: Final = re.compile(
    r"[-+–£~<>]? ?£?\d[\d,.]*(?: ?(?:%|per cent|percent|pp|k|m|p))?|n/a|-|–|nil", re.IGNORECASE
)
_ONLY_A_STATUS: Final = re.compile(
    r"(?:open|closed|complete|completed|in progress|ongoing|on track|off track|not started|superseded|none|nil|n/a|tbc|red|amber|green|-|–)\.?",
    re.IGNORECASE,
)
_FIGURES_AT_LEAST: Final = 2
_WORDS_OF_A_FINDING: Final = 4
_INSTEAD: Final = ("detail", "ask+", "sub")
_NUMBERED: Final = re.compile(r"(?:recommendation |rec\.? ?|r|afi )?#?[\d.]{1,6}", re.IGNORECASE)
_NUMBER_BEFORE: Final = re.compile(r"(?:R|Rec\.? ?|Recommendation )(\d{1,2}(?:\.\d{1,2})?) (?=[A-Z][a-z])")
_KIND_WORD: Final = (
    (Kind.CAUSE_OF_CONCERN, re.compile(r"cause|\bcoc\b", re.IGNORECASE)),
    (Kind.AFI, re.compile(r"area|\bafi\b|improvement", re.IGNORECASE)),
)


@dataclass(slots=True)
class Row:
    """One row of a data table: the lines of each column by what the column holds."""

    cells: dict[str, list[Line]] = field(default_factory=dict)
    alone: list[Line] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)

    def all_words(self, column: str) -> list[str]:
        """Return the words of every column that holds the same thing: a year, and beside it a date."""
        found = []
        for name, lines in self.cells.items():
            if name.rstrip("+") == column:
                found.append(" ".join(line.text or line.number for line in lines))
        return found

    def words(self, column: str) -> str:
        """Return a column's words on one line."""
        return " ".join(line.text for line in self.cells.get(column, ()))

    def mark(self, column: str) -> str:
        """Return a column's words with a printed number that stands before or alone."""
        lines = self.cells.get(column, ())
        return " ".join((line.text or line.number) for line in lines).strip() or ""


@dataclass(slots=True)
class DataTable:
    """A table whose heading row names what its columns hold."""

    columns: dict[int, str]
    rows: list[Row]
    kind: Kind = Kind.RECOMMENDATION

    @property
    def lists_reports(self) -> bool:
        """Whether each row is a report, with or without findings."""
        names = set(self.columns.values())
        return "report" in names and ("published" in names or "ask" in names or "update" in names)


def data_tables(lines: Sequence[Line]) -> tuple[list[DataTable], list[Line]]:
    """Return the tables of findings and of reports, and the lines that stand outside them."""
    by_table: dict[int, list[Line]] = {}
    for line in lines:
        if line.table is not None:
            by_table.setdefault(line.table, []).append(line)
    tables: dict[int, DataTable] = {}
    left_out: set[int] = set()
    records: DataTable | None = None
    for number, cells in by_table.items():
        if max((cell.column or 0) for cell in cells) < 1:
            continue
        if _is_agenda(cells):
            left_out.add(number)
        elif table := _data_table(cells, _kind_above(lines, cells[0])):
            tables[number] = table
        elif record := _record(cells):
            if records is None:
                records = tables[number] = record
            else:
                records.columns.update(record.columns)
                records.rows.extend(record.rows)
                left_out.add(number)
        elif _is_of_words(cells) or _is_of_figures(cells):
            left_out.add(number)
    _name_reports(lines, tables)
    return list(tables.values()), [line for line in lines if line.table not in {*tables, *left_out}]


def _name_reports(lines: Sequence[Line], tables: dict[int, DataTable]) -> None:
    """Give the rows of each table the report that its own heading names, where two headings or more name one."""
    heading: Line | None = None
    named: dict[int, Line] = {}
    for line in lines:
        if line.is_heading:
            heading = line
        elif line.table in tables and heading is not None and _PUBLISHED_REPORT.fullmatch(heading.text):
            named.setdefault(line.table, heading)
    if len({line.text for line in named.values()}) < 2:
        return
    for number, line in named.items():
        found = _PUBLISHED_REPORT.fullmatch(line.text)
        if found is None or tables[number].lists_reports:
            continue
        tables[number].columns |= {-1: "report", -2: "published"}
        for row in tables[number].rows:
            row.cells["report"] = [replace(line, text=found["title"])]
            row.cells["published"] = [replace(line, text=found["day"])]


def title_and_day(words: str) -> tuple[str, str]:
    """Return a report's title and the day printed behind it: "Fleet management (issued March 2024)"."""
    found = _PUBLISHED_REPORT.fullmatch(words)
    return (found["title"], found["day"]) if found else (words, "")


def _rows(cells: list[Line]) -> dict[int, list[Line]]:
    rows: dict[int, list[Line]] = {}
    for cell in cells:
        rows.setdefault(cell.row or 0, []).append(cell)
    return {number: rows[number] for number in sorted(rows)}


def _record(cells: list[Line]) -> DataTable | None:
    """Return the finding of a table that holds one, a label in the first column and its words in the second."""
    by_row = _rows(cells)
    row, columns = Row(), dict[int, str]()
    for number, own in by_row.items():
        if {cell.column for cell in own} - {0, 1} or own[0].column != 0:
            return None
        name = _columns(own[:1]).get(0, "")
        if name == "ask" and name in row.cells:
            return None
        if not name:
            continue
        columns[number] = name
        row.headings.setdefault(name, own[0].text)
        row.cells.setdefault(name, []).extend(cell for cell in own if cell.column == 1)
    names = set(columns.values())
    is_register = {"ask"} < names and names & {"reference", "number"} and names & {"deadline", "tracking"}
    if not is_register or 2 * len(columns) < len(by_row) + 2:
        return None
    return DataTable(columns, [row], _kind_of(row.headings["ask"]))


def _is_of_words(cells: list[Line]) -> bool:
    """Return whether a table only says what abbreviations and terms mean."""
    head = next(iter(_rows(cells).values()))
    return len(head) == 2 and bool(
        _TERM.fullmatch(head[0].text.strip(" :")) and _MEANING.fullmatch(head[1].text.strip(" :"))
    )


def _is_agenda(cells: list[Line]) -> bool:
    """Return whether a table is a meeting's agenda: items with who leads them or when they are taken."""
    head = [cell.text.strip(" :").lower() for cell in next(iter(_rows(cells).values()))]
    is_listed = bool({"item", "no", "no.", "agenda item"} & set(head[:1]))
    is_taken = bool({"time", "timing", "presenter", "presented by", "paper", "format"} & set(head[1:]))
    return is_listed and is_taken and not any(asks(cell.text) for cell in cells)


def _is_of_figures(cells: list[Line]) -> bool:
    """Return whether a table holds figures: beside its first column, nearly every cell under the heading is a number."""
    beside = [cell for own in list(_rows(cells).values())[1:] for cell in own if cell.column]
    figures = [cell for cell in beside if _FIGURE.fullmatch((cell.text or cell.number).strip())]
    return len(beside) >= _FIGURES_AT_LEAST and 5 * len(figures) >= 4 * len(beside)


def _kind_above(lines: Sequence[Line], first: Line) -> Kind | None:
    """Return the kind of finding that the heading or label just above a table names; None where it names none."""
    above = [line for line in lines if line.start < first.start and line.table is None][-3:]
    for line in reversed(above):
        label = label_of(line.text)
        if label is not None and label.section is Section.ASKS:
            return label.kind if label.kind is Kind.AFI else None
        if line.is_heading:
            break
    return None


def _data_table(cells: list[Line], above: Kind | None = None) -> DataTable | None:
    by_row = _rows(cells)
    numbers = list(by_row)
    for place, number in enumerate(numbers[:3]):
        head = by_row[number]
        columns = _columns(head)
        if "ask" not in columns.values() and {"kind", "number", "reference"} & set(columns.values()):
            columns = {place: "ask" if name == "detail" else name for place, name in columns.items()}
        if "ask" not in columns.values() and {"deadline", "tracking"} <= set(columns.values()):
            columns = _with_asking_column(columns, by_row, numbers[place + 1 :])
        names = set(columns.values())
        width = len({cell.column for cell in head})
        is_findings = "ask" in names and (
            width >= 3
            or (
                width == 2
                and names & {"number", "update", "tracking", "deadline", "report", "published", "reference"}
            )
        )
        is_reports = (
            "report" in names and bool(names & {"published", "update", "tracking", "ask"}) and width >= 2
        )
        if not (is_findings or is_reports) or len(numbers) - place < 2:
            continue
        printed = {(cell.column, cell.text) for cell in head}
        rows = [
            _row(by_row[row], columns, head)
            for row in numbers[place + 1 :]
            if not {(cell.column, cell.text) for cell in by_row[row]} <= printed
        ]
        if not is_reports and not _holds_words(rows):
            continue
        named = " ".join(cell.text for cell in head if columns.get(cell.column or 0) == "ask")
        kind = _kind_of(named)
        if above is not None and not re.search("recommendation", named, re.IGNORECASE):
            kind = above
        table = DataTable(columns, rows, kind)
        _choose_words(table)
        return table
    return None


def _with_asking_column(
    columns: dict[int, str], by_row: dict[int, list[Line]], rows: list[int]
) -> dict[int, str]:
    """Return the columns with "Summary" or the like as the one that asks, where nearly all its cells do."""
    for column, name in columns.items():
        words = [cell.text for row in rows for cell in by_row[row] if cell.column == column]
        if name == "detail" and words and 5 * sum(map(asks, words)) >= 4 * len(words):
            return {place: "ask" if place == column else other for place, other in columns.items()}
    return columns


def _holds_words(rows: list[Row]) -> bool:
    """Return whether the column of findings holds words or their numbers, and not the names of what is counted."""
    asked = [row.mark("ask") for row in rows if row.cells.get("ask")]
    if all(_NUMBERED.fullmatch(words) for words in asked):
        asked = [row.mark(name) for row in rows for name in _INSTEAD if row.cells.get(name)]
    return any(len(words.split()) >= _WORDS_OF_A_FINDING for words in asked)


def _columns(head: list[Line]) -> dict[int, str]:
    columns: dict[int, str] = {}
    for cell in head:
        words = cell.text.strip(" :*_").replace("’", "'")
        for name, pattern in _COLUMNS:
            if cell.column is not None and cell.column not in columns and pattern.fullmatch(words):
                columns[cell.column] = (
                    name if name not in columns.values() or name in ("update", "tracking") else f"{name}+"
                )
                break
    return columns


def _row(own: list[Line], columns: dict[int, str], head: list[Line]) -> Row:
    row = Row(headings={columns[cell.column]: cell.text for cell in head if cell.column in columns})
    for cell in own:
        row.cells.setdefault(columns.get(cell.column or 0, "tracking"), []).append(cell)
    if len({cell.column for cell in own}) == 1:
        row.alone = own
    return row


def _choose_words(table: DataTable) -> None:
    """Where the column *Recommendation* only holds numbers, take the words from *Summary* or a second column."""
    filled = [row.mark("ask") for row in table.rows if row.cells.get("ask")]
    if not filled or not all(_NUMBERED.fullmatch(words) for words in filled):
        return
    other = next((name for name in _INSTEAD if any(row.cells.get(name) for row in table.rows)), None)
    if other is None:
        return
    for row in table.rows:
        row.cells["number"] = row.cells.pop("ask", [])
        row.cells["ask"] = row.cells.pop(other, [])


def _kind_of(words: str) -> Kind:
    if re.search(r"recommendation", words, re.IGNORECASE):
        return Kind.RECOMMENDATION
    return next((kind for kind, pattern in _KIND_WORD if pattern.search(words)), Kind.RECOMMENDATION)


def findings_in(rows: Sequence[Row], kind: Kind) -> Outline:
    """Return the findings that rows hold, one for each row with words, and the force's updates as a response."""
    outline = Outline()
    current = kind
    seen: dict[tuple[str, str], Found] = {}
    for row in rows:
        if row.alone and len(row.alone) == 1 and "ask" not in row.cells:
            current = next(
                (one for one, pattern in _KIND_WORD if pattern.search(row.alone[0].text)),
                kind if re.search("recommendation", row.alone[0].text, re.IGNORECASE) else current,
            )
            continue
        lines = row.cells.get("ask", [])
        if not lines:
            _carry_on(outline, row)
            continue
        several = _several(lines)
        if len(several) > 1:
            made = [_found(row, own, current) for own in several]
            outline.found.extend(one for one in made if one is not None)
            outline.reads.extend(Read(line, Role.ASK, "", line.text) for line in lines)
            _add_update(outline, row)
            continue
        found = _found(row, lines, current)
        if found is None or NONE_MADE.search(found.text):
            continue
        if _is_step(found, outline):
            _take_step(outline, found, row, lines)
            continue
        if tells(found.text) and not found.number:
            outline.problems.append(
                f'Not taken as a finding, since it tells of what is done: "{found.text[:90]}"'
            )
            continue
        if (found.number, found.text) in seen:
            continue
        seen[found.number, found.text] = found
        outline.found.append(found)
        outline.reads.extend(Read(line, Role.ASK, "", line.text) for line in lines)
        _add_update(outline, row)
    return outline


def _several(lines: list[Line]) -> list[list[Line]]:
    """Return the lines of each finding of a cell that holds more than one, each under a number of its own."""
    several: list[list[Line]] = []
    for line in lines:
        header = header_of(line.text)
        if not several or (header is not None and header.number):
            several.append([])
        several[-1].append(line)
    return several if all(header_of(own[0].text) for own in several) else [lines]


def _add_update(outline: Outline, row: Row) -> None:
    """Add what the row says of progress as the words of whom its heading names, the force where it names nobody."""
    update = [line for line in row.cells.get("update", []) if not _ONLY_A_STATUS.fullmatch(line.text)]
    if not update:
        return
    heading = row.headings.get("update", "")
    names_speaker = re.search(r"force|service|constab|chief|pcc|commissioner|office", heading, re.IGNORECASE)
    speaker = heading if names_speaker else "force"
    outline.found[-1].is_answered = True
    outline.reads.extend(Read(line, Role.RESPONSE, speaker, line.text) for line in update)
    outline.has_response = True


def _carry_on(outline: Outline, row: Row) -> None:
    """Add a row that only goes on with the finding above it: another part of it, another step towards it."""
    if not outline.found:
        return
    for line in _parts_of(row):
        outline.found[-1].pieces.append((True, line.text))
        outline.found[-1].end = line.end
        outline.reads.append(Read(line, Role.ASK, "", line.text))
    _add_update(outline, row)


def _parts_of(row: Row) -> list[Line]:
    """Return the parts that a row prints in a column of their own; a count of them is none."""
    return [line for line in row.cells.get("sub", []) if line.text and not line.text.isdigit()]


def _is_step(found: Found, outline: Outline) -> bool:
    """Return whether 7.1 is the force's own step towards finding 7: it stands under it and asks nothing by itself."""
    if not outline.found or "." not in found.number:
        return False
    parent = outline.found[-1]
    return (
        found.number.rpartition(".")[0] == parent.number
        and found.kind is parent.kind
        and not found.reference
        and not asks(found.text)
    )


def _take_step(outline: Outline, step: Found, row: Row, lines: list[Line]) -> None:
    parent = outline.found[-1]
    parent.pieces.append((True, f"{step.number} {step.text}"))
    parent.end = step.end
    if step.deadline_words:
        parent.doubts.append(f'Its part {step.number} has a date of its own: "{step.deadline_words}".')
    outline.reads.extend(Read(line, Role.ASK, "", line.text) for line in lines)
    _add_update(outline, row)


def _found(row: Row, lines: list[Line], kind: Kind) -> Found | None:
    if numbered := _NUMBER_BEFORE.match(lines[0].text):
        lines = [replace(lines[0], text=lines[0].text[numbered.end() :], number=numbered[1]), *lines[1:]]
    first = lines[0]
    number = _number(row.mark("number")) or _number(
        row.mark("reference") if re.match("[A-Z]", row.mark("reference")) else ""
    )
    reference, _ = (
        reference_first(f"#{row.mark('reference').lstrip('#')}")
        if re.fullmatch(r"#?[A-Z]{0,4}[-/]?\d{1,6}", row.mark("reference"))
        else ("", "")
    )
    printed = row.mark("reference") if reference else ""
    if printed.isdigit() and int(printed) < EXTERNAL_FROM and not number:
        number, printed = printed, ""
    header = header_of(first.text)
    stated = row.mark("kind")
    own_kind = (
        _kind_of(stated)
        if stated
        else header.kind
        if header
        else _kind_from(f"{row.mark('number')} {row.mark('reference')}", _kind_of_source(row, kind))
    )
    found = Found(
        own_kind,
        first.start,
        lines[-1].end,
        number=number,
        reference=printed,
        addressee=row.words("addressee"),
    )
    cell = outline_of([_plain(line) for line in lines])
    texts: list[tuple[bool, str]] = []
    if len(cell.found) == 1 and (header is not None or cell.found[0].reference):
        inner = cell.found[0]
        texts, found.lead_in = list(inner.pieces), inner.lead_in
        found.number, found.reference = found.number or inner.number, found.reference or inner.reference
    else:
        for place, line in enumerate(lines):
            text = header.rest if header and place == 0 else line.text
            is_part = place > 0 and bool(line.style or (texts and texts[-1][0] and line.text[:1].islower()))
            if place == 0:
                inner_reference, text = reference_first(text)
                found.reference = found.reference or inner_reference
                if not found.number and line.number and line.style != "bullet":
                    found.number = line.number
            inner_reference, text = reference_last(text)
            found.reference = found.reference or inner_reference
            if text:
                if is_part and not found.lead_in and texts:
                    found.lead_in = texts[-1][1].split(". ")[-1]
                texts.append((is_part, text))
        if header:
            found.number = found.number or header.number
    texts.extend((True, line.text) for line in _parts_of(row))
    found.pieces = [(is_part, text) for is_part, text in texts if text]
    if not found.pieces:
        return None
    found.deadline_words = row.words("deadline")
    if re.search(r"\d", found.deadline_words):
        found.doubts.append(
            f'The date stands in the column "{row.headings.get("deadline", "Deadline")}": confirm who set it.'
        )
    return found


def _plain(line: Line) -> Line:
    return Line(line.text, line.start, line.end, "paragraph", line.style, line.number, line.depth)


def _number(words: str) -> str:
    found = re.fullmatch(
        r"(?:recommendation|rec\.?|r|afi|area for improvement|coc|cause of concern|no\.?)?\s*#?(\d{1,3}(?:\.\d{1,3}){0,2}[a-z]?|[ivx]{1,5})[.)]?",
        words.strip(),
        re.IGNORECASE,
    )
    return found[1] if found else ""


def _kind_of_source(row: Row, kind: Kind) -> Kind:
    """Return the kind that a column *Source* names: "PEEL 2023 AFI"."""
    named = re.search(
        r"\b(?:afis?|areas? for improvement|causes? (?:of|for) concern|coc|recommendations?)\b",
        row.words("source"),
        re.IGNORECASE,
    )
    return _kind_of(named[0]) if named else kind


def _kind_from(words: str, kind: Kind) -> Kind:
    return next((one for one, pattern in _KIND_WORD if pattern.search(words)), kind)
