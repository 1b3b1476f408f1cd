"""
The reports in one document: a form repeated, several headings, or a response that holds an earlier response.

What stands in an inner report belongs to it alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from monitor.importers.labels import Section, header_of, is_boilerplate, is_form_heading, label_of
from monitor.importers.language import asks, levelled
from monitor.importers.lines import Line
from monitor.importers.outline import is_reference_heading
from monitor.importers.publication import is_page_day, title_of_heading

_RESPONSE_TO_REPORT: Final = re.compile(
    r"response to .{3,160}?\b(?:report|inspection|review|peel|assessment)s?\b", re.IGNORECASE
)
_NAMES_REPORT: Final = re.compile(
    r"\bPEEL (?:assessment|inspection|report|spotlight|(?:19|20)\d\d)|\b(?:an?|joint|thematic|national|unannounced|integrated) (?:[\w-]+ ){0,2}(?:inspection|review|study) (?:of|into|by)\b"
    r"|\b(?:inspection|hmicfrs|hmic|thematic) report\b|\bsuper-complaint\b|\bpublished (?:on |in )?(?:\d|[A-Z][a-z]+ 20)",
    re.IGNORECASE,
)
_REPEATS: Final = re.compile(
    r"\b(?:earlier|previous|original|last|first|20\d\d)\b[^.]{0,60}\b(?:response|reply)\b[^.]{0,90}\b(?:repeated|reproduced|copied|set out|given|printed|included|attached|follows|below)\b"
    r"|\b(?:repeat|reproduce|set out|attach)\b[^.]{0,60}\b(?:earlier|previous|original|last|first)\b[^.]{0,40}\b(?:response|reply)\b",
    re.IGNORECASE,
)
_LABELLED: Final = (Section.FINDINGS, Section.ASKS, Section.RESPONSE)
_LOOK_AHEAD: Final = 6


@dataclass(slots=True)
class ReportLines:
    """The lines of one report; `opening` is the line that announced it, `inside` the place of the report around it."""

    lines: list[Line] = field(default_factory=list)
    opening: str = ""
    inside: int | None = None
    is_chapter: bool = False
    """Whether the document goes through several reports, each under a heading that names it."""


def reports_in(lines: Sequence[Line]) -> list[ReportLines]:
    """Return the lines of each report in printed order; one where the document holds a single one."""
    if chapters := _chapters(lines):
        return chapters
    reports = [ReportLines()]
    sections: set[Section] = set()
    last: Section | None = None
    said_in_response = 0
    title = ""
    for place, line in enumerate(lines):
        label = label_of(line.text) if not is_boilerplate(line.text) else None
        opens = _opens_report(lines, place, line, label.section if label else None, sections)
        if label is not None and label.section is Section.TITLE:
            named = levelled(label.rest or (lines[place + 1].text if place + 1 < len(lines) else ""))
            opens, title = opens and named != title, named
        if opens:
            inside = (
                len(reports) - 1
                if last is Section.RESPONSE
                and (
                    _is_repeated(lines, place)
                    or (not said_in_response and _RESPONSE_TO_REPORT.match(line.text))
                )
                else None
            )
            reports.append(ReportLines(_opening_lines(reports[-1].lines), line.text, inside))
            sections, last, said_in_response = set(), None, 0
        if label is not None and not opens:
            sections.add(label.section)
            last = label.section
        elif not opens and header_of(line.text) is not None:
            sections.add(Section.ASKS)
            last = Section.ASKS
        elif last is Section.RESPONSE:
            said_in_response += 1
        reports[-1].lines.append(line)
    return [report for report in reports if report.lines]


def _is_repeated(lines: Sequence[Line], place: int) -> bool:
    """Return whether the words just before say that an earlier response follows: "Our earlier response is repeated below."."""
    return any(_REPEATS.search(line.text[-300:]) for line in lines[max(0, place - 2) : place])


def _chapters(lines: Sequence[Line]) -> list[ReportLines]:
    """Return the reports of a document that has a heading for each; none where it has not two of them."""
    named = [
        place
        for place, line in enumerate(lines)
        if line.is_heading and (_names_report(line.text) or _is_dated_below(lines, place))
    ]
    depths = sorted({lines[place].depth for place in named})
    for depth in depths:
        places = [place for place in named if lines[place].depth == depth]
        if len(places) < 2 or len({levelled(lines[place].text) for place in places}) < len(places):
            continue
        ends = [*places[1:], len(lines)]
        stretches = [lines[start + 1 : end] for start, end in zip(places, ends, strict=True)]
        if all(map(_is_read, stretches)) and any(map(_holds_findings, stretches)):
            starts = [0, *places[1:]]
            return [
                ReportLines(list(lines[start:end]), lines[place].text, None, is_chapter=True)
                for start, place, end in zip(starts, places, ends, strict=True)
            ]
    return []


def _names_report(text: str) -> bool:
    if is_boilerplate(text) or header_of(text) or label_of(text) or asks(text):
        return False
    return bool(title_of_heading(text) or _NAMES_REPORT.search(text))


def _is_dated_below(lines: Sequence[Line], place: int) -> bool:
    """Return whether a heading is a report's name for the day of publication that stands right below it."""
    heading = lines[place].text
    if is_boilerplate(heading) or header_of(heading) or label_of(heading) or asks(heading):
        return False
    following = lines[place + 1].text if place + 1 < len(lines) else ""
    label = label_of(following)
    return is_page_day(following) or (label is not None and label.section is Section.PUBLISHED)


def _is_read(lines: Sequence[Line]) -> bool:
    """Return whether something of a report stands in these lines: a label, a finding's header, a day of publication."""
    return any(
        header_of(line.text) or label_of(line.text) or re.search(r"\bpublished\b|\brecommend", line.text)
        for line in lines
    )


def _holds_findings(lines: Sequence[Line]) -> bool:
    return any(
        header_of(line.text) or ((label := label_of(line.text)) and label.section is Section.ASKS)
        for line in lines
    )


def _opening_lines(before: list[Line]) -> list[Line]:
    """Take from the report before what already belongs to the next: a finding's own header above its report's name."""
    taken: list[Line] = []
    while before:
        header, label = header_of(before[-1].text), label_of(before[-1].text)
        is_header = (header is not None and not header.rest) or is_reference_heading(before[-1])
        if not is_header and (
            label is None or label.section not in (Section.TRACKING, Section.REFERENCE, Section.TYPE)
        ):
            break
        taken.insert(0, before.pop())
        if is_header:
            break
    else:
        return taken
    if not any(header_of(line.text) or is_reference_heading(line) for line in taken):
        before.extend(taken)
        return []
    return taken


def _opens_report(
    lines: Sequence[Line], place: int, line: Line, section: Section | None, sections: set[Section]
) -> bool:
    """Return whether another report begins with this line."""
    if not sections & {*_LABELLED, Section.TITLE}:
        return False
    announces = is_form_heading(line.text) or _RESPONSE_TO_REPORT.match(line.text)
    if announces and sections & set(_LABELLED) and _form_follows(lines, place):
        return True
    if (
        section is Section.TITLE
        and Section.TITLE in sections
        and line.text.strip(" :").lower() not in ("re", "subject", "regarding")
    ):
        if sections & set(_LABELLED):
            return True
        following = [label_of(other.text) for other in lines[place + 1 : place + 4]]
        return Section.PUBLISHED in sections and any(
            label is not None and label.section is Section.PUBLISHED for label in following
        )
    if line.is_heading and title_of_heading(line.text) and sections & {Section.ASKS, Section.RESPONSE}:
        return _labels_follow(lines, place)
    return False


def _form_follows(lines: Sequence[Line], place: int) -> bool:
    """Return whether a form begins here: a label of a report's own data soon after."""
    for line in lines[place + 1 : place + 1 + _LOOK_AHEAD]:
        label = label_of(line.text)
        if label is not None and label.section in (
            Section.TITLE,
            Section.PUBLISHED,
            Section.FINDINGS,
            Section.TYPE,
        ):
            return True
    return False


def _labels_follow(lines: Sequence[Line], place: int) -> bool:
    for line in lines[place + 1 : place + 40]:
        label = label_of(line.text)
        if label is not None and label.section in (*_LABELLED, Section.PUBLISHED):
            return True
    return False
