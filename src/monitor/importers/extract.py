"""
What a document holds: its reports, the findings in each with addressee and deadline, who answers, and what to ask a person.

Nothing is invented: what is not printed stays empty and is said in `problems`. `as_contract` gives the object
that `monitor extract --json` prints.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from monitor.dates import iso
from monitor.domain.deadlines import DeadlineReading, read_deadline
from monitor.domain.statuses import Applicability, Kind, Precision
from monitor.importers import mentions, publication
from monitor.importers.addressees import Addressed, Subject, applies_to, read_addressees
from monitor.importers.blocks import Document
from monitor.importers.labels import Section, is_boilerplate
from monitor.importers.language import asks, commands, last_sentence
from monitor.importers.lines import Line, lines_of
from monitor.importers.mentions import Count, Mention
from monitor.importers.outline import Found, Outline, Read, Role
from monitor.importers.own_response import OwnFinding, OwnResponse, read_own
from monitor.importers.publication import Publication
from monitor.importers.reading import outline_of
from monitor.importers.reports import ReportLines, reports_in
from monitor.importers.speakers import Statement, Voices, signatory, statements_of
from monitor.importers.tables import DataTable, Row, data_tables, findings_in, title_and_day
from monitor.settings import Titles

_NAME: Final = r"(?<![\w’'-])[A-Z][\w’'-]{1,30}(?:(?: and| &)? [A-Z&][\w’'-]{0,30}){0,4}? (?:Constabulary|Police|Fire (?:and|&) Rescue Service)\b"
_SERVICE: Final = re.compile(
    rf"\binspections? of (?P<a>{_NAME})|(?P<b>{_NAME})(?:[’']s?)? (?:response|comments)\b"
)
_LOOKS_LATER: Final = re.compile(
    r"\b(?:HMICFRS|we|inspectors|the inspectorate) will (?:assess|inspect|review|look at|return|revisit|monitor)\b[^.]{0,120}?\b(?:PEEL|inspections?|20\d\d)",
    re.IGNORECASE,
)
_RESPONSE_PAGE: Final = re.compile(
    r"\bresponses? to (?:[\w’'&-]+ ){0,5}?(?:hmicfrs|hmic|inspections?|reports?|peel|review|thematic|recommendations?|super-complaint)\b"
    r"|\b(?:commissioner|p?f?cc|office)[’']?s? (?:statutory |formal )?(?:response|comments)|^dear\b",
    re.IGNORECASE,
)
_EXACTNESS: Final = (Precision.DAY, Precision.MONTH, Precision.YEAR, Precision.UNKNOWN)
_NO_RULE: Final = frozenset({"none", "not-a-deadline", "response-clock", "assessed-when"})


@dataclass(frozen=True, slots=True)
class Recommendation:
    """
    One finding, read. `text` is the whole statement; `start` and `end` are its place in the document's text.

    `cause` is the place, among the report's findings, of the cause of concern it stands under.
    """

    kind: Kind
    text: str
    start: int
    end: int
    reference: str = ""
    number: str = ""
    lead_in: str = ""
    parts: tuple[str, ...] = ()
    addressed: Addressed = field(default_factory=Addressed)
    deadline: DeadlineReading | None = None
    is_answered: bool = False
    cause: int | None = None

    @property
    def name(self) -> str:
        """What a person calls it: kind with number, or with the external reference."""
        mark = self.number or self.reference
        return (
            f"{self.kind.word.lower()} {mark}".strip()
            if mark
            else f'{self.kind.word.lower()} "{_short(self.text)}"'
        )


@dataclass(slots=True)
class Extracted:
    """One report found in a document. `inside` is the place, in the list of reports, of the one it stands in."""

    publication: Publication
    key_findings: list[str] = field(default_factory=list)
    stated_count: int | None = None
    stated_addressees: list[str] = field(default_factory=list)
    recommendations: list[Recommendation] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    evidence: list[Mention] = field(default_factory=list)
    grades: list[dict[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    inside: int | None = None


def extract(
    document: Document,
    *,
    service: str = "",
    known_services: Iterable[str] = (),
    titles: Titles | None = None,
) -> list[Extracted]:
    """
    Return the reports that a document holds, in printed order; a response inside a response follows the one around it.

    A document without any finding gives one report that says so.

    Args:
        service: The service for which it is read; where it is empty, the one that the document names.
        known_services: Others, so that a report about one of them is not taken for ours.
        titles: What the speakers of its statements are called; the usual ones unless told.
    """
    if own := read_own(document):
        return [_own_report(one, document) for one in own]
    lines = lines_of(document)
    everything = " ".join(line.text for line in lines[:400])
    ours = service or _service_named(everything)
    others = tuple(name for name in known_services if name != ours)
    subject = Subject(ours, others, titles=titles or Titles())
    tables, prose = data_tables(lines)
    parts = reports_in(prose) or [ReportLines()]
    made = [
        _report(part, parts, subject, tables if place == 0 else [], document)
        for place, part in enumerate(parts)
    ]
    made = _with_tables(made, tables, subject)
    for report in made:
        if report.inside is not None:
            outer = made[report.inside]
            report.problems.append(
                f'It stands inside the response to "{outer.publication.title or "a report without a title"}": link the two; its findings are its own.'
            )
            outer.problems.append(
                f'Its response holds an earlier response, listed as a report of its own: "{report.publication.title or "title not stated"}".'
            )
    if document.notes:
        made[0].problems.extend(document.notes)
    return made


def as_contract(extracted: Extracted) -> dict[str, Any]:
    """Return one report as `monitor extract --json` prints it: dates in ISO form, what is not known as null."""
    known = extracted.publication
    return {
        "report_title": known.title or None,
        "published": _iso(known.published),
        "published_precision": str(known.precision),
        "inspection_type": known.inspection_type or None,
        "publishers": list(known.publishers),
        "key_findings": list(extracted.key_findings),
        "stated_count": extracted.stated_count,
        "stated_addressees": list(extracted.stated_addressees),
        "recommendations": [_row(one) for one in extracted.recommendations],
        "statements": [{"speaker": one.speaker, "text": one.text} for one in extracted.statements],
        "evidence_mentions": [
            {"kind": one.kind, "body": one.body, "text": one.text} for one in extracted.evidence
        ],
        "grades": list(extracted.grades),
        "problems": list(dict.fromkeys(extracted.problems)),
    }


def _row(one: Recommendation) -> dict[str, Any]:
    reading = one.deadline
    has_words = reading is not None and reading.rule not in _NO_RULE
    return {
        "kind": str(one.kind),
        "reference": one.reference or None,
        "number": one.number or None,
        "text": one.text,
        "lead_in": one.lead_in or None,
        "parts": list(one.parts),
        "addressees": list(one.addressed.addressees),
        "applies_to_service": one.addressed.applies_to_service,
        "deadline_phrase": (reading.phrase or None) if reading and has_words else None,
        "deadline": _iso(reading.due) if reading and has_words else None,
        "deadline_rule": reading.rule if reading and has_words else None,
        "assessed_when": (reading.assessed_when or None) if reading else None,
        "source": {"start": one.start, "end": one.end},
    }


# A response of our own, whose form says what is what.


def _own_report(own: OwnResponse, document: Document) -> Extracted:
    known = Publication(title=own.title, inspection_type=own.inspection_type, publishers=own.publishers)
    known.published, known.precision, _ = publication.read_day(own.published)
    if known.published is None:
        known.problems.append("The day of publication is not stated.")
    elif known.precision is not Precision.DAY:
        known.problems.append(_only_known_to(known.precision))
    places = {one.ours: place for place, one in enumerate(own.findings) if one.ours}
    spoken = [Statement(speaker, cell.text, cell.start) for speaker, cell in own.spoken]
    answers = [one.answer for one in own.findings if one.answer is not None]
    office = own.spoken[-1][0] if own.spoken else "not stated"
    statements = [*(Statement(office, cell.text, cell.start) for cell in answers), *spoken]
    return Extracted(
        known,
        key_findings=list(own.key_findings),
        stated_count=own.stated_count,
        stated_addressees=list(own.stated_for),
        recommendations=[
            replace(_own_finding(one, known), cause=places.get(one.cause)) for one in own.findings
        ],
        statements=sorted(statements, key=lambda one: one.start),
        evidence=mentions.mechanisms_in([*own.key_findings, *(one.text for one in statements)]),
        grades=[{"question": question, "grade": grade} for question, grade in own.grades],
        problems=[*known.problems, *document.notes],
    )


def _own_finding(own: OwnFinding, known: Publication) -> Recommendation:
    ours = {Applicability.FOR_SERVICE: True, Applicability.SHARED: True, Applicability.FOR_OTHERS: False, Applicability.FOR_OFFICE: False}  # fmt: skip
    before = own.text.split("\n")[: -len("\n".join(own.parts).split("\n"))] if own.parts else []
    return Recommendation(
        kind=own.kind,
        text=own.text,
        start=own.start,
        end=own.end,
        reference=own.reference,
        number=own.number,
        lead_in=last_sentence(before[-1]) if before else "",
        parts=own.parts,
        addressed=Addressed(own.addressees, ours.get(own.applicability) if own.applicability else None),
        deadline=_own_deadline(own, known),
        is_answered=own.answer is not None,
    )


def _own_deadline(own: OwnFinding, known: Publication) -> DeadlineReading:
    """Return how the printed deadline is read; the words of the form are what was printed, whatever can be read of them."""
    marked = own.text
    for part in own.parts:
        marked = marked.replace(f"\n{part}", f"\n• {part}", 1)
    read, alone = (
        read_deadline(words, published=known.published, published_precision=known.precision)
        for words in (marked, own.deadline)
    )
    if not own.deadline:
        return replace(alone, assessed_when=read.assessed_when)
    if read.phrase == own.deadline and read.rule not in _NO_RULE:
        return read
    rule = "unclear-day" if alone.rule in _NO_RULE else alone.rule
    return replace(alone, phrase=own.deadline, rule=rule, assessed_when=read.assessed_when)


def _only_known_to(precision: Precision) -> str:
    return (
        f"Publication is known to the {precision.word} only: the day is needed for the statutory last day and for "
        "anything that counts from publication."
    )


# One report.


def _report(
    part: ReportLines,
    parts: Sequence[ReportLines],
    subject: Subject,
    tables: Sequence[DataTable],
    document: Document,
) -> Extracted:
    outline = outline_of(part.lines)
    known = _publication(part, outline, document)
    result = Extracted(known, inside=part.inside)
    result.problems.extend(known.problems)
    result.problems.extend(outline.problems)
    own = tables if len(parts) == 1 and not any(table.lists_reports for table in tables) else []
    for table in own:
        held = findings_in(table.rows, table.kind)
        outline.found.extend(held.found)
        outline.reads.extend(held.reads)
        result.problems.extend(held.problems)
        outline.has_response = outline.has_response or held.has_response
    outline.reads.sort(key=lambda read: read.line.start)
    _fill(result, outline, part, _about(subject, known, part))
    return result


def _fill(result: Extracted, outline: Outline, part: ReportLines, subject: Subject) -> None:
    known = result.publication
    told = [read for read in outline.reads if read.role is not Role.ASIDE and not read.line.is_heading]
    texts = [read.text for read in told if read.role is not Role.META] + [
        read.text for read in told if read.role is Role.META
    ]
    result.key_findings = _key_findings(outline.reads, result.problems)
    places = {id(found): place for place, found in enumerate(outline.found)}
    result.recommendations = [
        replace(_read(found, known, subject, result.problems), cause=places.get(id(found.cause)))
        for found in outline.found
    ]
    voices = Voices.of(subject.service, subject.titles)
    is_letter = any(re.match(r"dear\s", line.text, re.IGNORECASE) for line in part.lines[:25])
    signed = signatory([line.text for line in part.lines], voices) if is_letter else ""
    result.statements = _statements(outline, voices, signed)
    spoken = [one.text for one in result.statements]
    findings = [read.text for read in outline.reads if read.role is Role.FINDING]
    result.evidence = mentions.mechanisms_in([*findings, *spoken])
    grade_lines = [line.text for line in outline.meta.get(Section.GRADES, [])]
    body = [read.text for read in outline.reads if read.role is Role.BODY]
    result.grades = mentions.grades_in([*grade_lines, *_grade_rows(part.lines)], [*findings, *spoken, *body])
    asides = [read.text for read in outline.reads if read.role is Role.ASIDE]
    _count(result, mentions.counts_in(texts) or mentions.counts_in(asides), mentions.all_for(texts), subject)
    _ask(result, outline)


def _read(found: Found, known: Publication, subject: Subject, problems: list[str]) -> Recommendation:
    reading = read_deadline(found.bulleted, published=known.published, published_precision=known.precision)
    if reading.rule in _NO_RULE and commands(found.text) and not asks(found.text):
        ordered = read_deadline(  # "Appoint a lead within three months" is an order as it stands
            f"Forces should {found.bulleted[:1].lower()}{found.bulleted[1:]}",
            published=known.published,
            published_precision=known.precision,
        )
        reading = ordered if ordered.rule not in _NO_RULE else reading
    name = f"{found.kind.word} {found.number or found.reference}".strip()
    if not (found.number or found.reference):
        name = f'{found.kind.word} "{_short(found.text)}"'
    if found.deadline_words and reading.due is None:
        # A vague word in the text does not hide the date that stands beside it.
        beside = read_deadline(
            found.deadline_words, published=known.published, published_precision=known.precision
        )
        if beside.due is not None or reading.rule in _NO_RULE:
            reading = beside if beside.rule not in _NO_RULE else reading
    addressed = read_addressees(found.text, subject, fallback=found.addressee)
    problems.extend(f"{name}: {doubt}" for doubt in (*found.doubts, *addressed.doubts))
    if reading.rule not in _NO_RULE and (
        reading.due is None or reading.further or "Check it" in reading.note or "onfirm" in reading.note
    ):
        printed = f'"{reading.phrase}". ' if reading.phrase and not reading.further else ""
        problems.append(f"{name}: {printed}{reading.note}")
    return Recommendation(
        kind=found.kind,
        text=found.text,
        start=found.start,
        end=found.end,
        reference=found.reference,
        number=found.number,
        lead_in=found.lead_in,
        parts=tuple(found.parts),
        addressed=addressed,
        deadline=reading,
        is_answered=found.is_answered,
    )


def _statements(outline: Outline, voices: Voices, signed: str) -> list[Statement]:
    reads = [read for read in outline.reads if not (read.role is Role.RESPONSE and _is_farewell(read.text))]
    return statements_of(reads, voices, signed)


def _is_farewell(text: str) -> bool:
    return bool(
        re.match(r"(?:yours (?:sincerely|faithfully)|kind regards|best wishes)\b", text, re.IGNORECASE)
    ) or (
        len(text.split()) <= 9
        and not re.search(r"[.:;”\"]$", text)
        and bool(re.search(r"(?i:commissioner|constable)|^[A-Z][\w’'-]+ [A-Z][\w’'-]+(?: [A-Z]+)?$", text))
        and not re.search(r"\b(?:is|has|have|will|welcomes?|accepts?|agrees?)\b", text)
    )


def _key_findings(reads: Sequence[Read], problems: list[str]) -> list[str]:
    """Return the bullets under the findings, or its paragraphs where it has none."""
    findings = [read for read in reads if read.role is Role.FINDING]
    bullets = [read for read in findings if read.line.style]
    if not bullets:
        return [read.text for read in findings]
    first = findings.index(bullets[0])
    before = findings[first - 1].text if first else ""
    if re.search(
        r"\b(?:we|it|the inspection|this report|inspectors) (?:\w+ )?(?:looked at|look at|examine[sd]?|considered?|focused on|assessed)\b[^.]*:?$",
        before,
        re.IGNORECASE,
    ):
        problems.append(
            "The bullets under the findings are the subjects that were looked at, not what was found."
        )
    return [read.text for read in bullets]


def _grade_rows(lines: Sequence[Line]) -> list[str]:
    """Return rows of two cells as lines, so that a table of grades reads like a list of them."""
    rows: dict[tuple[int, int], list[str]] = {}
    for line in lines:
        if line.table is not None and line.row is not None:
            rows.setdefault((line.table, line.row), []).append(line.text)
    pairs = [": ".join(words) for words in rows.values() if len(words) == 2]
    return pairs + mentions.grades_by_column(lines)


def _count(result: Extracted, counts: Sequence[Count], all_for: Sequence[str], subject: Subject) -> None:
    """Set the count that the text states, and say where it and what is listed do not agree."""
    order = (Kind.RECOMMENDATION, Kind.AFI, Kind.CAUSE_OF_CONCERN)
    stated = min(counts, key=lambda one: order.index(one.kind), default=None)
    if stated is not None:
        result.stated_count = stated.number
        result.stated_addressees = list(stated.addressees)
        if stated.share is not None:
            result.stated_addressees = result.stated_addressees or [
                f"{stated.share_for} ({stated.share} of {stated.number})"
            ]
            result.problems.append(
                f"Of {stated.number}, {stated.share} are said to be for {stated.share_for}."
            )
    if all_for:
        result.stated_addressees = list(all_for)
    if stated is not None and not result.recommendations and result.stated_addressees:
        applies = applies_to(result.stated_addressees, subject)
        result.problems.append(
            f"All {stated.number} are for others: not for this service."
            if applies is False and stated.share is None
            else "Whether any of them is for this service is to be decided."
        )
    for count in counts:
        listed = sum(1 for one in result.recommendations if one.kind is count.kind)
        if listed != count.number:
            noun = {Kind.RECOMMENDATION: "recommendations", Kind.AFI: "areas for improvement"}.get(
                count.kind, "causes of concern"
            )
            whom = (
                f" for {_joined(result.stated_addressees)}"
                if result.stated_addressees and count is stated and stated.share is None
                else ""
            )
            result.problems.append(
                f"The text says {count.number} {noun}{whom}; {listed or 'none'} listed here."
            )


def _ask(result: Extracted, outline: Outline) -> None:
    """Add what a person is to be asked about the report as a whole."""
    problems, found = result.problems, result.recommendations
    if not found:
        problems.append(
            "No recommendation, area for improvement or cause of concern is listed in this document."
            if result.stated_count or outline.has_response or outline.meta
            else "No recommendation was found in this document."
        )
    if outline.events:
        problems.append(
            "Dated entries of the inspectorate's register stand beside the text: record them as its position, by hand."
        )
    spoken = [one.text for one in result.statements]
    if (
        found
        and not any(one.kind is Kind.RECOMMENDATION for one in found)
        and any(re.search(r"\brecommendations\b", text, re.IGNORECASE) for text in spoken)
    ):
        problems.append(
            'The response calls them "recommendations"; the report lists them as areas for improvement.'
        )
    for read in outline.reads:
        if read.role is Role.FINDING and (later := _LOOKS_LATER.search(read.text)):
            problems.append(
                f'Says when progress will be looked at; no deadline: "{_short(read.text[later.start() :], 120)}"'
            )
    others = [] if found else [read.text for read in outline.reads if read.role is Role.BODY]
    for sentence in mentions.earlier_asks([*spoken, *result.key_findings, *others]):
        problems.append(
            f'Mentions an earlier finding; link it, it is not listed here: "{_short(sentence, 140)}"'
        )
    if outline.has_response:
        for one in found:
            if (
                one.kind is Kind.RECOMMENDATION
                and one.addressed.applies_to_service is not False
                and not (one.is_answered or _is_named(one, spoken))
            ):
                problems.append(
                    f"{one.name[:1].upper()}{one.name[1:]}: no action or reason is recorded for it by name, as section 55(5B) asks."
                )
    problems.extend(mentions.reservations(result.statements, [(one.name, one.text) for one in found]))
    numbers = [one.number for one in found if one.number and one.kind is Kind.RECOMMENDATION]
    for number in dict.fromkeys(number for number in numbers if numbers.count(number) > 1):
        problems.append(
            f"Recommendation {number} stands here more than once with different words: say which is meant."
        )


def _is_named(one: Recommendation, spoken: Sequence[str]) -> bool:
    """Return whether a response speaks of a recommendation by its number or reference."""
    marks = [rf"recommendations? (?:\d+(?:,| and|, and) )*{re.escape(one.number)}\b"] if one.number else []
    marks += [re.escape(one.reference)] if one.reference else []
    return any(re.search(mark, text, re.IGNORECASE) for mark in marks for text in spoken)


# What is known of the report.


def _publication(part: ReportLines, outline: Outline, document: Document) -> Publication:
    known = Publication()
    meta = {section: " ".join(line.text for line in held) for section, held in outline.meta.items()}
    prose = [
        read.line
        for read in outline.reads
        if read.role in (Role.BODY, Role.RESPONSE, Role.FINDING, Role.ASIDE)
    ]
    opening = [read.line for read in outline.reads if read.role in (Role.BODY, Role.RESPONSE, Role.META)]
    _set_title(known, meta, outline, part, prose, opening)
    known.title = publication.without_publisher(known.title)
    _set_day(known, meta, prose, part, outline, document)
    known.inspection_type = publication.tidy_title(meta.get(Section.TYPE, ""))
    if not known.inspection_type and (programme := publication.programme_in(prose, known.title)):
        known.inspection_type = programme
        known.problems.append(f'No type of inspection is stated; "{programme}" is taken from the wording.')
    said = meta.get(Section.PUBLISHERS, "")
    known.publishers = publication.publishers_in(part.lines, known.title, said) or ((said,) if said else ())
    about = re.search(r"\b(?i:report) (?:for|on) ([A-Z]\w+)", part.opening)
    if re.search(r"\bnational\b", known.inspection_type, re.IGNORECASE) and about:
        known.problems.append(
            f'The type says "{known.inspection_type}", but the report is on {about[1]} alone: confirm its scope.'
        )
    return known


def _set_title(
    known: Publication,
    meta: dict[Section, str],
    outline: Outline,
    part: ReportLines,
    prose: Sequence[Line],
    opening: Sequence[Line],
) -> None:
    if title := publication.tidy_title(meta.get(Section.TITLE, "")):
        title = re.sub(
            r",? \(?(?:published|HMICFRS,?|HMIC,?) (?:on |in )?(?=\d|[A-Z][a-z]+ \d).*$", "", title
        )
        known.title = publication.title_of_heading(title) or title
        if quoted := re.search(r"[“\"‘](.{8,250})[”\"’]", title):
            known.title = publication.tidy_title(quoted[1])
        return
    if part.is_chapter:
        known.title = publication.title_of_heading(part.opening) or publication.title_of_chapter(part.opening)
        known.problems.append("The title is taken from the heading of its part: confirm it.")
        return
    quoted_title = publication.title_in_text(prose)
    if outline.row_title:
        known.title = outline.row_title
        known.problems.append("There is no title row; the title is taken from the row of recommendations.")
        return
    heading = next((title for line in opening[:12] if (title := publication.title_of_heading(line.text))), "")
    if heading and (not quoted_title or len(heading) > len(quoted_title)):
        known.title = heading
        known.problems.append("The title is taken from the heading of the response: confirm it.")
        return
    named = next(
        (title for line in opening[:20] if (title := publication.title_after_publisher(line.text))), ""
    )
    quoted_title = quoted_title or named
    if quoted_title:
        known.title = quoted_title
        known.problems.append("There is no title row; the title is taken from running text: confirm it.")
        return
    first = next(
        (
            line
            for line in part.lines[:6]
            if line.is_heading and publication.is_title(line.text) and not is_boilerplate(line.text)
        ),
        None,
    )
    top = next((line for line in part.lines[:3] if not publication.is_publisher(line.text)), None)
    if first is None and top is not None and not is_boilerplate(top.text) and _can_be_heading(top):
        first = top
    if first is not None:
        known.title = publication.tidy_title(first.text)
        known.problems.append("The title is taken from the first heading: confirm it.")
        return
    known.problems.append("The title of the report is not stated.")


def _can_be_heading(line: Line) -> bool:
    return (
        publication.is_title(line.text)
        and len(line.text) < 160
        and not line.style
        and not re.search(r"[.:;,]$", line.text)
        and line.text[:1].isupper()
    )


def _set_day(
    known: Publication,
    meta: dict[Section, str],
    prose: Sequence[Line],
    part: ReportLines,
    outline: Outline,
    document: Document,
) -> None:
    lines = part.lines
    is_under_name = part.is_chapter and not _RESPONSE_PAGE.search(part.opening)
    printed = meta.get(Section.PUBLISHED, "") or publication.page_day(lines)
    in_form = (
        bool({Section.TITLE, Section.TYPE, Section.PUBLISHERS} & meta.keys())
        or outline.says_report_published
        or document.form in ("docx", "odt")
    )
    statute = [read.line for read in outline.reads if read.role is Role.META and len(read.text) > 80]
    day, precision, source = publication.published_in_text([*prose, *statute])
    if printed:
        own, own_precision, doubt = publication.read_day(printed)
        is_response = outline.has_response or any(_RESPONSE_PAGE.search(line.text) for line in lines[:20])
        if in_form or is_under_name or (not is_response and own is not None and outline.found):
            known.published, known.precision = own, own_precision
            if doubt:
                known.problems.append(doubt)
            if not in_form:
                known.problems.append(
                    f'"Published {printed}" may be the day of this page: confirm it as the day of the report.'
                )
        else:
            known.problems.append(
                f'The page says "Published {printed}": it may be the day of the page, and is not taken for the day of the report.'
            )
    if known.published is None and day is not None:
        known.published, known.precision = day, precision
        known.problems.append(f"{source}: confirm it as the day of publication.")
    elif known.published is None and not printed and outline.found:
        on_cover = publication.bare_day(lines, is_response=outline.has_response)
        if on_cover:
            known.published, known.precision, _ = publication.read_day(on_cover)
            known.problems.append(
                f'"{on_cover}" stands alone at the top: confirm it as the day of publication.'
            )
    elif (
        known.published is not None
        and day is not None
        and known.precision is Precision.DAY
        and precision is Precision.DAY
        and day != known.published
    ):
        known.problems.append(f"{source}, but the row says {printed}: say which is the day of publication.")
    if known.published is None:
        vague = publication.vague_publication(prose)
        known.problems.append(
            f"The day of publication is not stated{f'; {chr(34)}{vague}{chr(34)} is no date' if vague else ''}."
        )
    elif known.precision is not Precision.DAY:
        known.problems.append(_only_known_to(known.precision))


def _about(subject: Subject, known: Publication, part: ReportLines) -> Subject:
    """Return the subject with the other service that the report is about, if its title names one and not ours."""
    heading = f"{known.title} {part.opening}".casefold()
    other = next((name for name in subject.others if _short_name(name) and _short_name(name) in heading), "")
    if not other or (_short_name(subject.service) and _short_name(subject.service) in heading):
        return subject
    return replace(subject, about_other=other)


def _short_name(service: str) -> str:
    return re.sub(
        r"\s*\b(?:constabulary|police(?: service)?|fire (?:and|&) rescue(?: service)?)\b.*",
        "",
        service.casefold(),
    ).strip()


def _service_named(text: str) -> str:
    found = _SERVICE.search(text)
    return (found["a"] or found["b"]) if found else ""


# Tables that list reports.


def _with_tables(made: list[Extracted], tables: Sequence[DataTable], subject: Subject) -> list[Extracted]:
    """Return the reports with those added that rows of a table name; each title once, its findings under it."""
    listing = [table for table in tables if table.lists_reports]
    if len(made) > 1 and not listing:
        for table in tables:
            owner = _owner(made, table)
            _add_rows(owner, table.rows, table, subject)
    if not listing:
        return made
    added: list[Extracted] = []
    for table in listing:
        for title, rows in _by_title(table).items():
            added.append(_report_of_rows(title, rows, table, subject))
    for table in tables:
        if not table.lists_reports:
            _add_rows(made[0], table.rows, table, subject)
    alone = made[0]
    keep = bool(alone.recommendations or len(made) > 1 or alone.stated_count)
    return [*made, *added] if keep else added


def _owner(made: list[Extracted], table: DataTable) -> Extracted:
    first = next((cell.start for row in table.rows for cells in row.cells.values() for cell in cells), 0)
    before = [one for one in made if one.statements and one.statements[0].start < first]
    return before[-1] if before else made[0]


def _by_title(table: DataTable) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    title = ""
    for row in table.rows:
        title = publication.tidy_title(row.words("report")) or title
        if title:
            rows.setdefault(title, []).append(row)
    return rows


def _report_of_rows(title: str, rows: list[Row], table: DataTable, subject: Subject) -> Extracted:
    title, beside = title_and_day(title)
    known = Publication(title=publication.tidy_title(title))
    known.publishers = publication.publishers_in([], title)
    printed_days = [words for row in rows for words in row.all_words("published")]
    for printed in [*printed_days, *([beside] if beside else [])]:
        day, precision, doubt = publication.read_day(printed)
        if day is not None and _EXACTNESS.index(precision) < _EXACTNESS.index(known.precision):
            known.published, known.precision = day, precision
            known.problems.extend([doubt] if doubt else [])
    if known.published is None:
        known.problems.append("The day of publication is not stated.")
    elif known.precision is not Precision.DAY:
        known.problems.append(f"Publication is known to the {known.precision.word} only: the day is needed.")
    result = Extracted(known, problems=list(known.problems))
    number = next((row.mark("ask") for row in rows if re.fullmatch(r"\d{1,2}", row.mark("ask"))), "")
    if number:
        result.stated_count = int(number)
        rows = [
            Row({name: cells for name, cells in row.cells.items() if name != "ask"}, [], row.headings)
            for row in rows
        ]
    _add_rows(result, rows, table, subject)
    if not result.recommendations:
        asked = [row.words("ask") for row in rows]
        if result.stated_count is None:
            _count(result, mentions.counts_in(asked), mentions.all_for(asked), subject)
        result.problems.append("No recommendation is listed for this report.")
    return result


def _add_rows(result: Extracted, rows: Sequence[Row], table: DataTable, subject: Subject) -> None:
    held = findings_in(rows, table.kind)
    result.problems.extend(held.problems)
    result.recommendations.extend(
        _read(found, result.publication, subject, result.problems) for found in held.found
    )
    voices = Voices.of(subject.service, subject.titles)
    said = statements_of(held.reads, voices)
    result.statements.extend(said)
    result.evidence.extend(mentions.mechanisms_in([one.text for one in said]))


def _iso(day: date | None) -> str | None:
    return iso(day) if day else None


def _joined(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _short(text: str, most: int = 60) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1].rstrip()}…"
