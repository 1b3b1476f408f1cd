"""
The reports in one document: a form repeated, several headings, or a response that holds an earlier response.

What stands in an inner report belongs to it alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from monitor.importers.labels import Section, header_of, is_boilerplate, is_form_heading, label_of
from monitor.importers.language import levelled
from monitor.importers.lines import Line
from monitor.importers.publication import title_of_heading

_RESPONSE_TO_REPORT: Final = re.compile(
    r"response to .{3,160}?\b(?:report|inspection|review|peel|assessment)s?\b", re.IGNORECASE
)
_LABELLED: Final = (Section.FINDINGS, Section.ASKS, Section.RESPONSE)
_LOOK_AHEAD: Final = 6


@dataclass(slots=True)
class ReportLines:
    """The lines of one report; `opening` is the line that announced it, `inside` the place of the report around it."""

    lines: list[Line] = field(default_factory=list)
    opening: str = ""
    inside: int | None = None


def reports_in(lines: Sequence[Line]) -> list[ReportLines]:
    """Return the lines of each report in printed order; one where the document holds a single one."""
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
                if last is Section.RESPONSE and not said_in_response and _RESPONSE_TO_REPORT.match(line.text)
                else None
            )
            reports.append(ReportLines(_opening_lines(reports[-1].lines), line.text, inside))
            sections, last, said_in_response = set(), None, 0
        if label is not None and not opens:
            sections.add(label.section)
            last = label.section
        elif last is Section.RESPONSE:
            said_in_response += 1
        reports[-1].lines.append(line)
    return [report for report in reports if report.lines]


def _opening_lines(before: list[Line]) -> list[Line]:
    """Take from the report before what already belongs to the next: a finding's own header above its report's name."""
    taken: list[Line] = []
    while before:
        header, label = header_of(before[-1].text), label_of(before[-1].text)
        is_header = header is not None and not header.rest
        if not is_header and (label is None or label.section not in (Section.TRACKING, Section.REFERENCE)):
            break
        taken.insert(0, before.pop())
        if is_header:
            break
    else:
        return taken
    if not any(header_of(line.text) for line in taken):
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
        return bool(sections & set(_LABELLED))
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
