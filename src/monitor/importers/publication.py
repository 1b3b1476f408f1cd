"""
A report's own data: title, day of publication and how exactly it is known, type, publishers.

A title or a day that is not printed stays empty. The day of a web page or of a letter is not the report's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from monitor.domain.printed_time import Period, PlainText, When, when_at
from monitor.domain.statuses import Precision
from monitor.importers.labels import is_boilerplate
from monitor.importers.language import ALL_FOR_OTHERS, asks
from monitor.importers.lines import Line

_TITLE_WORDS_AT_LEAST: Final = 3
_TITLE_AT_MOST: Final = 260
_SEARCHED_AT_MOST: Final = 2_000
"""A longer text holds no title, and looking for one in it would take long."""

_EXACT: Final = {Period.DAY: Precision.DAY, Period.MONTH: Precision.MONTH, Period.YEAR: Precision.YEAR}
_SITE: Final = re.compile(
    r"\s?(?:[-–—|]\s?)?(?:HMICFRS|HMIC|His Majesty[’']s Inspectorate[^()]{0,80}|Justice Inspectorates)?\s{0,3}\(?(?:https?://)?(?:[\w-]{1,40}\.){0,4}(?:justiceinspectorates\.gov\.uk|hmicfrs\.[\w.]+|gov\.uk)[^)\s]*\)?|\s{1,4}[-–—|]\s{1,4}(?:HMICFRS|HMIC|GOV\.UK)\b",
    re.IGNORECASE,
)
_NAMING: Final = r"(?:report|inspection|publication|thematic|review|entitled|titled|called|document|inspectorate|hmicfrs\)?|response to:?|paper|letter|into)"
_QUOTED: Final = (
    re.compile(
        rf"\b{_NAMING}\b[^“”\"‘’.!?]{{0,90}}[“\"](?P<title>[A-Z][^”“\"]{{8,250}})[”\"]", re.IGNORECASE
    ),
    re.compile(r"[“‘\"'](?P<title>[A-Z][^”“\"]{8,250}?)[”’\"'],? \((?:HMICFRS|HMIC|(?:report )?published)\b"),
    re.compile(
        r"[“\"‘](?P<title>[A-Z][^”“\"]{8,250}?)[”\"’],? (?:was |which was |is )?(?:published|(?:an?|the) (?:joint |thematic |national |spotlight )?(?:report|inspection|review))\b"
    ),
    re.compile(
        rf"\b{_NAMING}\b[^“”\"‘.!?]{{0,90}}[‘'](?P<title>[A-Z][^“”\"]{{8,250}}?)[’'](?=[\s,.;:)]|$)",
        re.IGNORECASE,
    ),
)
_DASHED: Final = re.compile(
    r"\b(?:report|inspection|publication)\s+[–—-]\s+(?P<title>[A-Z].{10,230}?)(?=,?\s+(?:released|published|which|was|is|has|and the)\b|[.;]|$)"
)
_COLON: Final = re.compile(
    r"\b(?:HMICFRS|HMIC|[Ii]nspection|[Tt]hematic|[Nn]ational)\s+(?:[\w-]+ )?(?:[Rr]eport|[Ii]nspection|[Rr]eview)\s*:\s*(?P<title>[A-Z].{8,230}?)(?=,?\s+(?:released|published|which|was)\b|[.;]\s|$)"
)
_SET_OFF: Final = re.compile(  # a title in italics, whose marks a reader left out
    r"(?:\b(?:its|the|a) (?:[\w-]+ ){0,2}report,?|\b(?:HMICFRS|HMIC|[Tt]he [Ii]nspectorate) published) (?!Published|The report)(?P<title>[A-Z][^“”\".;:]{12,200}?),? (?:on|in) (?=\d{1,2} [A-Z]|[A-Z][a-z]+ 20\d\d)"
)
_OUR_REPORT: Final = re.compile(
    r"\b(?:[Oo]ur|[Tt]his|[Tt]he) (?:new |latest )?report, (?P<title>[A-Z][^“”\".;]{12,220}), (?=(?:which|makes?|made|was|sets out|looks|published|contains?|examines)\b)"
)
_RESPONSE_TO: Final = re.compile(
    r"(?:response|comments|reply|responses|letter)(?: in response)?(?: (?:to|on|about|regarding)|\s*[-–—:](?= ?(?:HMICFRS|HMIC)\b)) (?:the |an? )?(?:recent )?(?P<title>(?:hmicfrs|hmic|inspection|report|thematic|peel|integrated|joint|review|national)\b.{6,230})",
    re.IGNORECASE,
)
_NO_TITLE: Final = re.compile(
    r"(?:the )?(?:inspection )?reports? and (?:any )?recommendations?|inspections? (?:reports?|of [A-Z]\w+ \w+ published)\b|(?:hmicfrs )?(?:inspections|reports|recommendations)\b",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(
    r"^(?:(?:the|an?|recent|national|joint) )*(?:hmicfrs|hmic)?(?:[’']s?)? ?(?:(?:national|thematic|joint|peel|spotlight|inspection|new|latest) )*(?:report|inspection|review|publication)?(?: entitled| titled| called)?\s*[:–—-]\s*",
    re.IGNORECASE,
)
_PUBLISHED_ON: Final = re.compile(
    r"\b(?:report|inspection|it|which|findings|review|publication|hmicfrs|hmic|above)\b[^.;]{0,240}?\b(?:was |were )?(?:published|released|issued|came out)(?: by [\w ()’'&,]{3,120}?)?(?: on| in)? ",
    re.IGNORECASE,
)
_PUBLISHED_FIRST: Final = re.compile(
    r"\bpublished by [\w ,()’'&]{3,90}?, (?=\d{1,2} [A-Z]|[A-Z][a-z]+ 20)|\bpublished (?:by [\w ()’'&,]{3,120} )?(?:on|in) |\bpublication of (?:the|its|this|their) [^.;]{3,100}? on (?=\d{1,2} [A-Z])|\bpublication (?:on|of) |\(published (?:on |in )?|\((?:HMICFRS|HMIC),? (?=\d|[A-Z][a-z]+ (?:19|20))|\b(?:HMICFRS|HMIC|the inspectorate) reported on |\b(?:HMICFRS|HMIC|the inspectorate) published [^.;]{8,160}? on (?=\d{1,2} [A-Z])|\b(?:inspection|thematic|HMICFRS|HMIC|its|their) report (?:of|dated) (?=\d{1,2} [A-Z])",
    re.IGNORECASE,
)
_PUBLISHED_ITS: Final = re.compile(
    r"\b(?:published|released|issued) (?:(?:its|the|this|their|an?|our)\b|[“\"‘'])[^.;]{0,240}? (?:on|in) (?=(?:the )?(?:[A-Z][a-z]+day,? )?\d|[A-Z][a-z]+,? (?:19|20)\d\d)",
    re.IGNORECASE,
)
_PAGE_DAY: Final = re.compile(
    r"(?:(?:first |date )?published|posted|publication date|published date)(?: on)?:? (?P<day>[\w ,]{6,30}|[\d/.-]{6,10})\.?",
    re.IGNORECASE,
)
_SIGNED: Final = r"^(?:HMICFRS|HMIC),? "
_ON_PUBLISHED: Final = re.compile(
    r"\b[Oo]n (?=(?:[A-Z][a-z]+day,? )?\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+ (?:19|20)\d\d[^.;]{0,160}?\b(?:published|released|issued)\b)"
)
_OF_A_MEETING: Final = re.compile(
    r"\b(?:meeting|agenda|committee|conference|board|panel|venue|item \d|report (?:to|of the))\b|^dear\b",
    re.IGNORECASE,
)
_CAME_FROM: Final = re.compile(
    r"\b(?:this|these) (?:recommendation|area for improvement|cause of concern)s? (?:was|were|comes?|came)\b",
    re.IGNORECASE,
)
_LOOK_BACK: Final = 400
_QUOTED_WORDS: Final = re.compile(r"[“\"][^“”\"]{0,250}[”\"]|(?<!\w)‘[^‘’]{8,250}’(?!\w)")
_EARLIER: Final = re.compile(
    r"\b(?:previous|earlier|last|prior|our (?:19|20)\d\d|former|first|initial|original)\b|\b(?:statement|(?<!in )response(?! to\b)|action plan|strategy|guidance|update|policy)\b(?:(?!report|inspection|review)[^.;]){0,60}published",
    re.IGNORECASE,
)
_NO_DATE: Final = re.compile(
    r"\b(?:released|published|issued) (?:earlier )?(?:this|last) (?:month|week|year)|\b(?:recently|just) (?:published|released)|\brecent (?:report|publication)",
    re.IGNORECASE,
)
_PUBLISHERS: Final = (
    (
        "HMICFRS",
        r"HMICFRS|(?:Her|His) Majesty[’']s Inspectorate of Constabulary and Fire|HM Inspectorate of Constabulary and Fire",
    ),
    ("HMIC", r"\bHMIC\b|(?:Her|His) Majesty[’']s Inspectorate of Constabulary\b(?! and Fire)"),
)
_PARTNERS: Final = (
    ("HMCPSI", r"HMCPSI|(?:Crown Prosecution Service|CPS) Inspectorate"),
    ("HMI Prisons", r"HMI ?Prisons|HMIP\b|(?:HM|His Majesty[’']s|Her Majesty[’']s) Inspectorate of Prisons"),
    ("HMI Probation", r"HMI ?Probation|(?:HM|His Majesty[’']s|Her Majesty[’']s) Inspectorate of Probation"),
    ("Care Quality Commission", r"Care Quality Commission|\bCQC\b"),
    ("Ofsted", r"\bOfsted\b"),
    ("IOPC", r"\bIOPC\b|Independent Office for Police Conduct"),
    ("College of Policing", r"College of Policing"),
    ("Estyn", r"\bEstyn\b"),
    ("Care Inspectorate Wales", r"Care Inspectorate Wales"),
    ("Healthcare Inspectorate Wales", r"Healthcare Inspectorate Wales"),
)
_JOINT: Final = re.compile(r"\bjoint(?:ly)?\b|super-complaint|\btogether with\b", re.IGNORECASE)
_THIS_REPORT: Final = re.compile(
    r"\b(?:welcomes?|response to|respond to|this|answers?) (?:the |an? )?(?:recent )?(?:HMICFRS[’']?s? |HMIC |national )?$",
    re.IGNORECASE,
)
_PROGRAMME: Final = (
    ("PEEL Spotlight", r"\bPEEL spotlight\b"),
    ("Super-complaint", r"\bsuper-?complaint\b"),
    ("Joint inspection", r"\bjoint (?:thematic )?(?:inspection|targeted area inspection|report)\b|\bJTAI\b"),
    ("Integrated PEEL", r"\bintegrated PEEL\b"),
    ("PEEL", r"\bPEEL (?:assessment|inspection|report|20)"),
    ("National thematic", r"\b(?:national )?thematic (?:inspection|report|review)\b"),
)


@dataclass(slots=True)
class Publication:
    """What is known of a report as a publication; `problems` says what is missing and what was concluded."""

    title: str = ""
    published: date | None = None
    precision: Precision = Precision.UNKNOWN
    inspection_type: str = ""
    publishers: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)


def read_day(words: str) -> tuple[date | None, Precision, str]:
    """Return the day or period printed in a few words, its last day, and what to ask about it."""
    for when in _periods(words):
        if when.period in _EXACT and when.last:
            doubt = f'"{words.strip()}" has a year of two digits: confirm it.' if when.short_year else ""
            return when.last, _EXACT[when.period], doubt
        return (
            None,
            Precision.UNKNOWN,
            f'"{words.strip()}" gives no day: {when.trouble or "a period is printed"}.',
        )
    return None, Precision.UNKNOWN, f'"{words.strip()}" gives no day of publication.'


def _periods(words: str) -> list[When]:
    text = PlainText(words)
    found: list[When] = []
    reached = 0
    for start in (match.start() for match in re.finditer(r"\b\w", text.plain)):
        if start >= reached and (when := when_at(text, start)):
            found.append(when)
            reached = when.end
    return found


def tidy_title(words: str) -> str:
    """Return a title as printed, without the site's name and the marks around it."""
    flat = " ".join(words.split())
    title = (_SITE.sub("", flat) if len(flat) <= _SEARCHED_AT_MOST else flat).strip(" -–—|:,;")
    if len(title) > 1 and title[0] in "“\"‘'" and title[-1] in "”\"’'.":
        title = title[1:].rstrip("”\"’'.,")
    return title.rstrip(". ") if not title.endswith("...") else title


def is_title(words: str) -> bool:
    """Return whether some quoted words can be a title rather than something said."""
    title = words.strip()
    count = len(title.split())
    if not count >= _TITLE_WORDS_AT_LEAST or len(title) > _TITLE_AT_MOST or asks(title):
        return False
    return not re.search(
        r"[.!?] |\b(?:I|we|our|my|us)\b|^(?:This|These|It|There) |\b(?:is|was|has) (?:a|an|to|been|not|vital)\b",
        title,
    ) and not title.endswith((".”", "!"))


def title_from_row(text: str) -> str:
    """Return the title in a recommendations row that holds only the report's name and whom it is for."""
    if len(text) > _SEARCHED_AT_MOST or not (_SITE.search(text) or ALL_FOR_OTHERS.search(text)):
        return ""
    head = re.split(
        r"\s(?=(?:all|both|these|the \d+) (?:\w+ ){0,2}recommendations? (?:are|is|were)\b)",
        text,
        maxsplit=1,
        flags=re.IGNORECASE,
    )[0]
    title = tidy_title(_SITE.split(head)[0])
    return title if is_title(title) else ""


def title_in_text(lines: Sequence[Line]) -> str:
    """Return a title that running text quotes or names; "" when none stands there."""
    for patterns in ((*_QUOTED,), (_COLON, _DASHED), (_SET_OFF, _OUR_REPORT)):
        for line in lines:
            for pattern in patterns:
                found = pattern.search(line.text)
                if found and is_title(found["title"]):
                    return tidy_title(found["title"])
    return ""


def title_of_heading(text: str) -> str:
    """Return the report's title in the heading of a response; "" where it names none."""
    if is_boilerplate(text):
        return ""
    found = _RESPONSE_TO.search(text)
    if not found or _NO_TITLE.match(found["title"]):
        return ""
    words = found["title"]
    stripped = _OPENING.sub("", words)
    quoted = re.search(r"[“\"‘'](.{8,250})[”\"’']$", stripped)
    title = tidy_title(quoted[1] if quoted else stripped)
    title = re.sub(r",? published .*$", "", title)
    return title[:1].upper() + title[1:] if len(title.split()) >= _TITLE_WORDS_AT_LEAST else ""


def title_after_publisher(text: str) -> str:
    """Return the title in a line that is only "HMICFRS: " and a title, as over a letter; "" in any other line."""
    if not re.match(r"(?:re:? )?(?:HMICFRS|HMIC)\b", text, re.IGNORECASE) or len(text) > _TITLE_AT_MOST:
        return ""
    title = tidy_title(without_publisher(re.sub(r"^re:? ", "", text, flags=re.IGNORECASE)))
    return title if title != text and is_title(title) and not text.endswith(".") else ""


def bare_day(lines: Sequence[Line], *, is_response: bool) -> str:
    """
    Return the day or month that stands alone near the top, as on a report's cover; "" without any.

    In a response only one that the inspectorate's name stands before: another may be the letter's.
    """
    for line in lines[:8]:
        if is_response and not re.match(_SIGNED, line.text):
            continue
        words = re.sub(_SIGNED, "", line.text.strip(" ."))
        if not is_response and not any(_OF_A_MEETING.search(other.text) for other in lines[:12]):
            words = re.sub(r"^[Dd]ate ?: ?", "", words)
        whole = next((when for when in _periods(words)), None)
        if (
            whole
            and whole.period in (Period.DAY, Period.MONTH)
            and whole.last
            and len(words) <= whole.end + 1
        ):
            return words if whole.start == 0 else ""
    return ""


def without_publisher(title: str) -> str:
    """Return a title without what only says that it is an inspectorate's report: "HMICFRS thematic report – "."""
    quoted = re.fullmatch(
        r"(?:[\w’' ]{0,40}\b)?(?:response|comments|reply)(?: to)?:? [“\"‘'](.{8,250})[”\"’']",
        title,
        re.IGNORECASE,
    )
    if quoted:
        return tidy_title(quoted[1])
    stripped = re.sub(
        r"^(?:the )?(?:HMICFRS|HMIC)(?:[’']s?)?(?: (?:national|thematic|joint|inspection|new|latest|peel))*(?: (?:report|inspection|review|publication))?\s*[:–—-]\s+",
        "",
        title,
        flags=re.IGNORECASE,
    )
    return stripped if len(stripped.split()) >= _TITLE_WORDS_AT_LEAST else title


def title_of_chapter(text: str) -> str:
    """Return a report's title from the heading of its part: "B. Cold trails (published 3 May 2023)"."""
    words = re.sub(r"^(?:[A-Z]|\d{1,2}|[ivx]{1,4})[.)]\s+", "", text.strip())
    words = re.sub(r"[\s(,–—-]*\b(?:report )?published\b.*$", "", words, flags=re.IGNORECASE)
    return tidy_title(_OPENING.sub("", words) or words)


def published_in_text(lines: Sequence[Line]) -> tuple[date | None, Precision, str]:
    """Return the day that running text gives for this report, and the sentence to show beside it."""
    for line in lines:
        if _PAGE_DAY.fullmatch(line.text):
            continue
        for pattern in (_PUBLISHED_ON, _PUBLISHED_FIRST, _PUBLISHED_ITS, _ON_PUBLISHED):
            for found in pattern.finditer(line.text):
                before = line.text[max(0, found.start() - _LOOK_BACK) : found.end()]
                before = _QUOTED_WORDS.sub("", before)[-(80 + len(found[0])) :]
                if _EARLIER.search(before) and not _CAME_FROM.search(before):
                    continue
                after = PlainText(line.text[found.end() : found.end() + 40])
                when = next((read for place in (0, 4) if (read := when_at(after, place))), None)
                if when and when.period in _EXACT and when.last and when.period is not Period.YEAR:
                    return (
                        when.last,
                        _EXACT[when.period],
                        f'The text says "{_verb(found[0])} {after.as_printed(0, when.end)}"',
                    )
    return None, Precision.UNKNOWN, ""


def _verb(words: str) -> str:
    verb = re.search(r"(?:published|released|issued|publication)(?= \w+ ?$| ?$)", words, re.IGNORECASE)
    return verb[0].lower() if verb else "published"


def page_day(lines: Sequence[Line]) -> str:
    """Return the day that a line of its own gives as "Published on ..."; it may be the page's."""
    for line in lines[:60]:
        if found := _PAGE_DAY.fullmatch(line.text) or _PAGE_DAY.fullmatch(line.text.split(". ")[0]):
            return found["day"]
    return ""


def is_page_day(text: str) -> bool:
    """Return whether a line only says when something was published, as web pages do at their top."""
    found = _PAGE_DAY.fullmatch(text)
    return found is not None and read_day(found["day"])[0] is not None


def vague_publication(lines: Sequence[Line]) -> str:
    """Return words such as "released earlier this month", which are no date; "" without any."""
    return next((found[0] for line in lines if (found := _NO_DATE.search(line.text))), "")


def publishers_in(lines: Sequence[Line], title: str, said: str = "") -> tuple[str, ...]:
    """Return the inspectorates that published it: partners only where the text says that it was joint."""
    whole = " ".join([title, *(line.text for line in lines)])[:200_000]
    found = [name for name, pattern in _PUBLISHERS if re.search(pattern, whole)]
    if "HMICFRS" in found:
        found = ["HMICFRS"]
    if (
        stated := " ".join(
            line.text for line in lines if re.match(r"published by\b", line.text, re.IGNORECASE)
        )
        or said
    ):
        found += [name for name, pattern in _PARTNERS if re.search(pattern, stated)]
    near = (
        " ".join([title, *(line.text for line in lines if _JOINT.search(line.text))])
        if _JOINT.search(whole)
        else ""
    )
    partners = [name for name, pattern in _PARTNERS if near and _is_partner(pattern, near)]
    return tuple(dict.fromkeys(found + partners))


def is_publisher(text: str) -> bool:
    """Return whether a line is only the inspectorate's name, as on a cover."""
    return bool(
        re.fullmatch(
            r"(?:by )?(?:HMICFRS|HMIC|(?:(?:his|her) majesty[’']s|HM) inspectorate of constabulary(?:,? (?:and|&) fire (?:and|&) rescue services)?)(?: \((?:HMICFRS|HMIC)\))?",
            text.strip(" ."),
            re.IGNORECASE,
        )
    )


def _is_partner(pattern: str, near: str) -> bool:
    joined = rf"(?:joint|jointly|together with|super-complaint)[^.]{{0,160}}?(?:{pattern})|(?:{pattern})[^.]{{0,120}}?\b(?:jointly|joint (?:inspection|report|investigation))"
    return bool(re.search(joined, near, re.IGNORECASE))


def programme_in(lines: Sequence[Line], title: str) -> str:
    """Return the programme that the title or the text names for this report; "" when none is named."""
    for text in (title, *(line.text for line in lines)):
        for name, pattern in _PROGRAMME:
            found = re.search(pattern, text, re.IGNORECASE)
            if found and (text is title or _is_this_report(text, found)):
                return name
    return ""


def _is_this_report(text: str, found: re.Match[str]) -> bool:
    """Return whether the programme is named of the report that is answered, not of an earlier or later one."""
    return bool(_THIS_REPORT.search(text[max(0, found.start() - 60) : found.start()]))
