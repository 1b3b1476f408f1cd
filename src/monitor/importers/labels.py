"""
The labels of forms, letters, web pages and reports, however they are spelled: "Areas for Improvements:", "R3", "PCC's comments".

`label_of` reads a line that names what follows; `header_of` reads one that opens a single finding.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from monitor.domain.statuses import Kind
from monitor.importers.language import NONE_MADE, asks, commands, sentences
from monitor.importers.lines import marked

LABEL_AT_MOST: Final = 130
EXTERNAL_FROM: Final = 100
"""A number from here on is the inspectorate's register's, and not the report's own."""
_STATUTE_AT_MOST: Final = 900


class Section(Enum):
    """What stands under a label."""

    TITLE = "title"
    PUBLISHED = "published"
    TYPE = "type"
    PUBLISHERS = "publishers"
    FINDINGS = "findings"
    ASKS = "asks"
    RESPONSE = "response"
    GRADES = "grades"
    TRACKING = "tracking"
    DEADLINE = "deadline"
    ADDRESSEE = "addressee"
    REFERENCE = "reference"
    ASIDE = "aside"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Label:
    """
    A label: its section, the words after it on the same line, and what its own wording says.

    `is_single` tells "Area for improvement" from "Areas for improvement". `speaker_words` are the words of
    a response's label that may name who speaks.
    """

    section: Section
    rest: str = ""
    kind: Kind = Kind.RECOMMENDATION
    is_single: bool = False
    addressee: str = ""
    speaker_words: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """The opening of one finding: "Recommendation 5", "R1:", "AFI 2 -", "Cause of concern"."""

    kind: Kind
    number: str = ""
    reference: str = ""
    rest: str = ""
    addressee: str = ""


_REPORT: Final = r"(?:inspection|report|review|publication|assessment|audit)"
_PEOPLE: Final = (
    r"(?:(?:the )?(?:police(?:,|,? (?:and|&))? (?:fire,? (?:and|&) )?crime commissioner(?: for [\w ]{3,30})?|p(?:f)?cc|opcc|commissioner|deputy commissioner|"
    r"(?:deputy )?mayor|chief (?:constable|fire officer|officer|executive)|local policing body|force|constabulary|"
    r"(?:fire )?(?:and rescue )?service|police service|authority|our|we|[A-Z][\w&]+(?: [A-Z&][\w&]*){0,4} (?:police|constabulary|fire (?:and|&) rescue(?: service)?)))(?:['’]?s['’]?)?"
)
_PERSON_NAME: Final = r"(?: [A-Z][\w’'-]+){0,3}"

_PLAIN: Final[tuple[tuple[Section, str], ...]] = (
    (
        Section.TITLE,
        rf"(?:(?:hmicfrs |hmic |national )?{_REPORT} )?(?:title|name)(?: of (?:the )?(?:hmicfrs )?{_REPORT})?|(?:hmicfrs |hmic |inspection )?report(?: name| title)?|inspection|"
        r"re|subject|regarding|source report|source|from report|inspection report",
    ),
    (
        Section.PUBLISHED,
        rf"(?:date )?(?:(?:the )?(?:hmicfrs |hmic )?{_REPORT} )?(?:was )?(?:first )?published(?: on| date)?|published by (?:hmicfrs|hmic|the inspectorate)(?: on)?|date (?:of )?(?:{_REPORT} )?(?:published|publication|issued)|(?:date of )?publication(?: date)?|{_REPORT} (?:publication date|(?:release|issue) date|date|published(?: on)?)|date of (?:the |this )?{_REPORT}|(?:release|issue) date|(?:(?:final|draft) )?(?:report )?issued(?: on)?",
    ),
    (Section.TYPE, rf"type(?: of)? {_REPORT}|{_REPORT} type|type|programme|{_REPORT} programme"),
    (
        Section.PUBLISHERS,
        r"published by|publishers?|inspectorates?|inspect(?:ing|ion) bod(?:y|ies)|author|issued by|inspected by",
    ),
    (
        Section.FINDINGS,
        r"(?:summary of )?(?:the )?(?:key |main |our |overall |headline )?findings(?: of the (?:inspection|report))?|(?:executive )?summary(?: for the public)?|overview|"
        r"what (?:we|the inspectors?|hmicfrs|inspectors) found|key (?:points|messages|issues)|(?:key )?conclusions?|in brief|strengths|background(?: and findings)?|context|good practice|"
        r"(?:innovative|promising|positive) practices?|main findings|areas of (?:strength|good practice)",
    ),
    (
        Section.GRADES,
        r"(?:peel )?(?:grades?|gradings?|judg[e]?ments?|ratings?)(?: awarded| given)?|overall (?:grade|judg[e]?ment)|our judg[e]?ments",
    ),
    (
        Section.DEADLINE,
        r"(?:hmicfrs )?(?:deadline|timescale|time ?frame|due(?: date| by)?|by when|target date|completion date|implementation date|to be completed by|date for completion)(?: for completion| set)?",
    ),
    (
        Section.ADDRESSEE,
        r"address(?:ed to|ees?)|for action by|directed (?:to|at)|recommendation for|applies to|for the attention of|made to|relevant to",
    ),
    (
        Section.REFERENCE,
        r"(?:recommendation |hmicfrs |external |portal |unique )?(?:reference|ref|id)(?: (?:no|number))?\.?|recommendation (?:no|number)\.?",
    ),
    (
        Section.TRACKING,
        r"(?:current |recommendation |hmicfrs |force |overall )?(?:status|rag(?: rating| status)?|grading|owner|(?:executive |strategic |operational |force |business |chief officer |senior )?lead(?: officer)?|"
        r"theme|category|police force|force|service|priority|board|governance|date (?:completed|closed|of (?:response|letter|meeting)|added|recorded)|completed on|last (?:updated|update|reviewed)|"
        r"review date|events|history|status history|updates? history|timeline|verification(?: level)?|evidence(?: requirements)?|supporting (?:documents?|evidence)|responsible (?:officer|person|lead)|"
        r"success (?:criteria|measures?)|measure|link|weblink|url|sub[- ]actions?|closing test|next update(?: due)?)",
    ),
    (
        Section.ASIDE,
        r"contents|table of contents|in this (?:report|page|section)|methodology|about (?:us|hmicfrs|(?:this|the) (?:report|inspection))|terms of reference|agenda|"
        r"next steps|notes?(?: to editors)?|further information|contact(?: us| details)?|related (?:content|pages|documents|links)|(?:annex|appendix)(?: [a-z0-9ivx]{1,3})?(?: ?[-–:.] ?(?:methodology|terms of reference|glossary|about [\w ]{3,40}|definitions|references|data|sources|bibliography|inspection team|further [\w ]{3,30}))?|appendices|glossary|definitions|statutory requirement|"
        r"legislation|requirements?|distribution|attendance|apologies|present|share this(?: page)?|footnotes|references|documents|downloads?|search|menu|cookies?",
    ),
)
_LABELS: Final = tuple((section, re.compile(rf"(?:{words})", re.IGNORECASE)) for section, words in _PLAIN)

_KIND_WORDS: Final = (
    (Kind.CAUSE_OF_CONCERN, r"(?:accelerated )?causes? (?:of|for) concern"),
    (Kind.AFI, r"areas? (?:for|of) improvements?|afis?(?![a-z])|improvement areas?"),
    (Kind.RECOMMENDATION, r"recommendations?|recs?\b\.?"),
)
_ONE_KIND: Final = r"(?:causes? (?:of|for) concern|areas? (?:for|of) improvements?|afis?|recommendations?)"
_ASKS: Final = re.compile(
    rf"(?:(?:list of|summary of|full|all|the|our|key|national|hmicfrs|hmic|report|specific|outstanding|force[- ]level|local|strategic|formal|new|further|other|list)(?: |’s |'s )){{0,3}}"
    rf"(?P<kinds>{_ONE_KIND}(?:(?:,| and| &| or|/| ?/ ?)+ ?{_ONE_KIND}){{0,2}})(?: \(afis?\)| \(recs\))?"
    rf"(?P<more>(?: (?:made|identified|in full|in (?:the|this) report|from (?:the|this) (?:report|inspection)|listed|set out(?: below)?|raised|arising|given|received|"
    rf"relevant to (?:the|this) (?:force|service|constabulary)|by hmicfrs))*)(?P<to> (?:for|to|addressed to|aimed at|directed (?:at|to)) (?:the )?[\w ,’'&-]{{3,70}})?",
    re.IGNORECASE,
)
_ASKS_TOGETHER: Final = re.compile(
    r"(?P<kinds>recommendations|areas for improvement|afis) (?P<numbers>\d{1,2}(?:,? ?(?:,|&|and) ?\d{1,2})+)(?P<more>)(?P<to>(?!))?",
    re.IGNORECASE,
)
_ASKS_AT_LENGTH: Final = re.compile(
    rf"(?:the |our |all )?(?P<kinds>{_ONE_KIND})(?: \(afis?\))? (?:identified|made|given|raised|set out|arising|contained|listed|from|in|by|following)\b(?P<more>[^.?!:]{{3,170}}):?(?P<to>(?!))?",
    re.IGNORECASE,
)
_EARLIER: Final = re.compile(
    r"\b(?:my|own|our (?:19|20)\d\d|previous|earlier|last|former|completed|closed)\b", re.IGNORECASE
)
_ASK_TEXT: Final = re.compile(
    r"(?:(?:recommendation|(?P<afi>afi|area for improvement)|finding)[’']?s? (?:text|wording|in full|detail|description|statement|as (?:printed|published))|(?:full )?(?:text|wording) of (?:the )?(?:recommendation|afi|finding)|full text|wording|text|what (?:hmicfrs|hmic|the (?:report|inspectorate|inspectors)|inspectors|they) (?:said|says|asked|told us))",
    re.IGNORECASE,
)
_ASKED: Final = re.compile(
    r"what (?:was|is|were|(?:the (?:report|inspection|inspectors?|inspectorate|review)|it|they|hmicfrs|we) (?:said|says)?) ?(?:is |was |were )?(?:recommend(?:s|ed)?|being recommended|asked(?: for)?|we should do)",
    re.IGNORECASE,
)
_RESPONSE_WORDS: Final = (
    r"(?:responses?|comments?|repl(?:y|ies)|views?|statements?|remarks|position|observations?)"
)
_RESPONSE: Final = re.compile(
    rf"(?:(?P<who>{_PEOPLE}{_PERSON_NAME}(?:(?:,|,? and|,? ?&|/| ?/ ?) ?(?:the )?{_PEOPLE}{_PERSON_NAME}){{0,2}}) )?(?:(?:formal|statutory|initial|joint|overall|official|published|full|general|local|the|latest|current|further|detailed|"
    rf"january|february|march|april|may|june|july|august|september|october|november|december|20\d\d) )*"
    rf"{_RESPONSE_WORDS}(?P<to> (?:to|on|from|by|of|in|regarding|about) [^.?!]{{2,100}})?",
    re.IGNORECASE,
)
_OF_A_REPORT: Final = re.compile(
    r"(?:an?|the|joint|national|thematic) (?:[\w-]+ ){0,3}(?:inspection|review|study|investigation) (?:of|into)\b",
    re.IGNORECASE,
)
_WORK: Final = re.compile(
    rf"(?:(?P<who>{_PEOPLE}{_PERSON_NAME}) )?(?:(?:latest|current|summary of|the|our|further|key|recent|planned|proposed|immediate|local|"
    rf"january|february|march|april|may|june|july|august|september|october|november|december|20\d\d) )*"
    r"(?:updates?|progress(?: (?:to date|so far|update|report|made|since [\w ]{3,40}))?|actions?(?: (?:already )?(?:taken|completed|to date|plan|planned|so far|proposed|underway|we have taken))?(?: (?:and|or) (?:planned|proposed)(?: actions?)?)?|"
    r"achievements?|work (?:completed|done|under ?way|to date)|what (?:has been done|(?:we|the force|the service|the constabulary) (?:are|is) doing(?: about it| now)?|(?:we|the force|the service|the constabulary) (?:has|have) (?:done|achieved)|we (?:are doing|did|have done)(?: about it)?|happens next)|"
    r"improvements? made|developments|activity (?:to date|since [\w ]{3,30})|completed actions?)(?: since [\w ]{3,40}| to date| ?\([\w ,/-]{3,40}\)| [\d/.-]{6,10})?",
    re.IGNORECASE,
)
_HEADER: Final = re.compile(
    r"(?:(?:hmicfrs|hmic|national|report|formal|our) )?(?:(?P<cause>(?:accelerated )?causes? (?:of|for) concern|coc(?= ?\d))|(?P<afi>areas? (?:for|of) improvements?|afi)|(?P<rec>recommendation|recomm?\.?|rec\.?(?= ?\d)|r(?=\d{1,2}\b)))"
    r"(?: ?(?:no\.?|number|num\.?|ref\.?|#|№))? ?(?P<number>#?\d{1,5}(?:\.\d{1,2}){0,2}[a-z]?(?![\w%])|(?:ix|iv|v?i{1,3}|v|x)\b|(?:one|two|three|four|five|six|seven|eight|nine|ten)\b|(?<= )(?-i:[A-Z])\b(?![’']))?(?: ?(?:of|/) ?\d{1,3}\b)?"
    r"(?: ?\((?P<bracket>[^()]{2,90})\))?(?P<sep> ?[:.–—|)]| -(?= |$)| ?- (?=\S)|$)\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_REFERENCE_FIRST: Final = re.compile(
    r"(?:\[|\()?(?P<ref>#\s?[A-Z]{0,4}[-/]?\d{1,6}(?:[.-]\d{1,4})?|(?:ref(?:erence)?\.?|id)(?: (?:no|number))?\.?:? ?#?(?P<bare>[A-Z]{0,4}[-/]?\d{2,6}))(?:\]|\))?\s*[:.–—-]?\s*",
    re.IGNORECASE,
)
_STATUS_LAST: Final = re.compile(
    r"(?<=\d)[\s:–—-]+\(?(?:complete[d]?|in progress|not started|open|closed|superseded|ongoing|on track|overdue|awaiting review|accepted|partially accepted)\)?\s*$",
    re.IGNORECASE,
)
_NUMBER_AFTER: Final = re.compile(
    r"^(?P<kind>recommendation|area for improvement|afi) (?P<to>(?:for|to) [^():]{3,60}) \((?:no\.?|number|rec\.?|#)? ?(?P<number>\d{1,3})\)",
    re.IGNORECASE,
)
_NUMBER_LAST: Final = re.compile(
    r"[\[(](?:afi|area for improvement|rec|recommendation)\.? ?(?:no\.? ?)?(?P<number>\d{1,2})[\])]\s?\.?$",
    re.IGNORECASE,
)
_REFERENCE_LAST: Final = re.compile(
    r"[\[(](?:hmicfrs )?(?:(?P<ref>#\s?\d{2,6})|(?:(?:ref(?:erence)?|id|no|number|recommendation)\.?:? ?)(?P<bare>#?[A-Z]{0,4}[-/]?\d{2,6}))[\])]\s?\.?$",
    re.IGNORECASE,
)
_TOPIC_LABEL: Final = re.compile(
    r"(?P<kind>(?:accelerated )?cause (?:of|for) concern|area (?:for|of) improvement|afi|recommendation)(?: \(?afi\)?)?\s*(?::|[-–—])\s*(?P<topic>[^:]{3,70})",
    re.IGNORECASE,
)
_KIND_LABEL: Final = re.compile(
    r"(?:type|kind|category|classification|finding)(?: of (?:finding|recommendation))?|(?:finding|recommendation) (?:type|kind)",
    re.IGNORECASE,
)
_KIND_VALUE: Final = re.compile(
    r"(?P<kind>cause (?:of|for) concern|coc|areas? (?:for|of) improvement|afi|recommendation)", re.IGNORECASE
)
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|do|does|did|can|cannot|could|will|would|should|must|needs?|fail(?:s|ed|ing)?|lacks?)\b|n[’']t\b",
    re.IGNORECASE,
)
_TOPIC_AT_MOST: Final = 10
_NUMBER_WORDS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PAGE_DOTS: Final = re.compile(r"(?:\.{3}|…|\t)\s{0,4}\d{1,3}$")
_FORM_HEADING: Final = re.compile(
    r"response to inspections of .{3,80} published by|responses? to (?:hmicfrs|hmic) inspections?$",
    re.IGNORECASE,
)
_STATUTE: Final = re.compile(
    r"\b(?:section|s\.?) ?\d{2,3}[^.]{0,40}police act|\b56 days?\b.{0,80}|police act 1996", re.IGNORECASE
)
_STATUTE_DUTY: Final = re.compile(
    r"\brequires?\b|\brequired to\b|\bin accordance with\b|\bunder section\b|\bduty\b|\bmust (?:respond|publish)",
    re.IGNORECASE,
)
_OFFICE_LINE: Final = re.compile(
    r"(?:the )?(?:[\w&’' ]{2,40} )?(?:office of (?:the )?(?:[\w&’' ]{2,30} )?(?:police(?:,? fire)? (?:and|&) crime commissioner|pf?cc)(?: for [\w &]{3,40})?|opf?cc)|page \d{1,3}(?: of \d{1,3})?|\d{1,3}",
    re.IGNORECASE,
)


def label_of(text: str, *, cells: tuple[str, str] | None = None) -> Label | None:
    """
    Return what a line labels; None for a line that is no label.

    Args:
        text: The line without its mark.
        cells: The first cell of a row and the text of the second, where the line stands in a form of two columns.
    """
    if cells is not None:
        found = _label(cells[0].strip(" :-–"), cells[0])
        return None if found is None else _with_rest(found, cells[1])
    if _PAGE_DOTS.search(text):
        return None
    if len(text) <= LABEL_AT_MOST and (found := _label(text.rstrip(" :-–"), text)):
        return found
    if (long := _ASKS_AT_LENGTH.fullmatch(text)) and not (_VERB.search(text) or _EARLIER.search(text)):
        return _asks_label(long, text)
    if (topical := _TOPIC_LABEL.fullmatch(text)) and is_topic(topical["topic"]):
        kind = kind_of(topical["kind"].removeprefix("Accelerated ").removeprefix("accelerated "))
        return Label(
            Section.ASKS, topical["topic"], kind=kind or Kind.RECOMMENDATION, is_single=True, words=text
        )
    before, colon, after = text[: LABEL_AT_MOST + 1].partition(":")
    if not colon or not after.strip():
        return None
    found = _label(before.strip(), before)
    if found and found.section is Section.ASKS and not _can_follow(after):
        return None
    if found and not (found.section is Section.RESPONSE and " to " in before.lower()):
        return _with_rest(found, text[len(before) + 1 :].strip())
    return None


def _can_follow(rest: str) -> bool:
    """Return whether words after "Recommendations:" are findings, a count of them or the word that there are none."""
    return bool(
        asks(rest)
        or (rest.strip()[:1].isupper() and commands(rest.strip()))
        or NONE_MADE.search(rest.strip())
        or re.search(
            r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b|\brecommendation",
            rest,
            re.IGNORECASE,
        )
    )


def _with_rest(label: Label, rest: str) -> Label:
    return Label(
        label.section, rest, label.kind, label.is_single, label.addressee, label.speaker_words, label.words
    )


def _label(words: str, printed: str) -> Label | None:
    if not words or len(words) > LABEL_AT_MOST:
        return None
    words = re.sub(r"^[A-Z][.)]\s+", "", marked(words)[2] or words)
    plain = " ".join(words.replace("’", "'").replace("(s)", "s").split())
    if found := _ASKS.fullmatch(plain) or _ASKS_TOGETHER.fullmatch(plain):
        return _asks_label(found, words)
    if found := _ASK_TEXT.fullmatch(plain):
        kind = Kind.AFI if found["afi"] else Kind.RECOMMENDATION
        return Label(Section.ASKS, kind=kind, is_single=True, words=words)
    if _ASKED.fullmatch(plain):
        return Label(Section.ASKS, words=words)
    for section, pattern in _LABELS:
        if pattern.fullmatch(plain):
            return Label(section, words=words)
    spoken = " ".join(words.split())
    for pattern in (_RESPONSE, _WORK):
        if (found := pattern.fullmatch(spoken)) and not (_is_prose(spoken) or _OF_A_REPORT.match(spoken)):
            to = found.groupdict().get("to") or ""
            by = to if re.match(r" (?:from|by|of) ", to, re.IGNORECASE) else ""
            speaker = (found["who"] or by).strip()
            return Label(Section.RESPONSE, speaker_words=speaker, words=words)
    return None


def _is_prose(words: str) -> bool:
    """Return whether these words are a short sentence rather than a label."""
    return words.endswith(".") or (
        bool(re.search(r"\b(?:is|are|was|were|will|has|have|should)\b", words, re.IGNORECASE))
        and not words.lower().startswith("what ")
    )


def _asks_label(found: re.Match[str], words: str) -> Label:
    kinds = found["kinds"].lower()
    first = min(
        ((place.start(), kind) for kind, pattern in _KIND_WORDS if (place := re.search(pattern, kinds))),
        default=(0, Kind.RECOMMENDATION),
    )
    plural = re.search(r"recommendations|areas|afis|causes|recs", kinds)
    to = (found["to"] or "").strip()
    addressee = re.sub(r"^(?:for|to|addressed to|aimed at|directed (?:at|to)) ", "", to, flags=re.IGNORECASE)
    return Label(Section.ASKS, kind=first[1], is_single=plural is None, addressee=addressee, words=words)


def kind_of(words: str) -> Kind | None:
    """Return the kind of finding that a few words name: "AFI", "Cause of concern"; None where they name none."""
    found = _KIND_VALUE.fullmatch(words.strip(" .:"))
    if found is None:
        return None
    first = found["kind"][0].lower()
    return Kind.CAUSE_OF_CONCERN if first == "c" else Kind.AFI if first == "a" else Kind.RECOMMENDATION


def labels_kind(words: str) -> bool:
    """Return whether a label stands before the kind of a finding: "Type", "Finding type"."""
    return bool(_KIND_LABEL.fullmatch(words.strip(" :-–")))


def is_topic(text: str) -> bool:
    """Return whether a few words name a subject, as headings over a finding do: "Supervision of investigations"."""
    words = text.strip("*_ ")
    return (
        0 < len(words.split()) <= _TOPIC_AT_MOST
        and words[-1] not in '.;,:?!”"'
        and words[0] not in '“"‘'
        and words[0].isupper()
        and not _VERB.search(words)
        and not re.search(r"\d{1,2} [A-Z][a-z]+ (?:19|20)\d\d|[A-Z][a-z]+ (?:19|20)\d\d", words)
    )


def header_of(text: str) -> Header | None:
    """Return how a line opens one numbered finding; None for a line that opens none."""
    reference, words = reference_first(text)
    words = _NUMBER_AFTER.sub(r"\g<kind> \g<number> (\g<to>)", _STATUS_LAST.sub("", words))
    found = _HEADER.fullmatch(words.strip("*_ "))
    if found is None:
        return Header(Kind.RECOMMENDATION, "", reference, words) if reference and asks(words) else None
    number = found["number"] or ""
    rest = found["rest"].strip()
    if not number and (found["sep"].strip() != ":" or not rest):
        return None
    if re.match(r"[-–—/] ?\d|(?:and|&|to|or|,) ?\d", rest) or (not found["sep"].strip() and rest):
        return None
    if not number and not (asks(rest) or commands(rest)):
        return None
    kind = Kind.CAUSE_OF_CONCERN if found["cause"] else Kind.AFI if found["afi"] else Kind.RECOMMENDATION
    number = number.lstrip("#")
    if number.lower() in _NUMBER_WORDS:
        number = str(_NUMBER_WORDS.index(number.lower()) + 1)
    if number.isdigit() and int(number) >= EXTERNAL_FROM:
        reference, number = reference or (found["number"] or ""), ""
    inner, rest = reference_first(rest)
    bracket = found["bracket"] or ""
    return Header(kind, number, reference or inner or _reference_in(bracket), rest, bracket)


def _reference_in(bracket: str) -> str:
    found = re.fullmatch(r"(?:(?:hmicfrs )?ref(?:erence)?\.?:? ?|id:? ?)?(#?\d{2,6})", bracket, re.IGNORECASE)
    return found[1] if found else ""


def reference_first(text: str) -> tuple[str, str]:
    """Return the external reference that a text opens with, and the text after it."""
    found = _REFERENCE_FIRST.match(text)
    if not found or not found.end():
        return "", text
    return (found["bare"] or found["ref"]).replace(" ", ""), text[found.end() :]


def number_last(text: str) -> tuple[str, str]:
    """Return the report's own number in brackets that a text ends with ("(AFI 2)"), and the text before it."""
    found = _NUMBER_LAST.search(text.rstrip())
    return (found["number"], text[: found.start()].rstrip()) if found else ("", text)


def reference_last(text: str) -> tuple[str, str]:
    """Return the external reference in brackets that a text ends with, and the text before it."""
    found = _REFERENCE_LAST.search(text.rstrip())
    if not found:
        return "", text
    return (found["ref"] or found["bare"]).replace(" ", ""), text[: found.start()].rstrip()


def is_boilerplate(text: str) -> bool:
    """Return whether a line is the office's name, the form's own heading or the sentence about the Act."""
    if _OFFICE_LINE.fullmatch(text.strip(" .")) or _FORM_HEADING.search(text):
        return True
    if len(text) > _STATUTE_AT_MOST or not _STATUTE.search(text):
        return False
    return all(
        _STATUTE.search(part) and _STATUTE_DUTY.search(part)
        for part in (text[start:end] for start, end in sentences(text))
    )


def is_form_heading(text: str) -> bool:
    """Return whether this is the heading of the office's response form."""
    return bool(_FORM_HEADING.search(text))
