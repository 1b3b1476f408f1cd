"""
The fields a tracker's columns can stand for, the headings by which they are known, and what a heading says of a date.

Headings are compared as `plain_heading` leaves them: case, punctuation, line breaks and numbering do not count.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from rapidfuzz import fuzz, process

from monitor.dates import month_end, month_number
from monitor.domain.statuses import Precision

FieldKind = Literal[
    "text", "line", "code", "kind", "list", "day", "past_day", "published", "target", "applicability",
    "confidence", "status", "update", "guard",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrackerField:
    """
    One thing that a column can hold.

    Attributes:
        heading: As our own sheets print it.
        kind: How its cells are read; "guard" is kept as found, since an import may not set it.
        synonyms: Plain headings of other people's trackers that mean it.
        weak: Plain headings that mean it only where no better column does.
    """

    key: str
    heading: str
    kind: FieldKind
    meaning: str
    synonyms: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()


def _f(
    key: str, heading: str, kind: FieldKind, meaning: str, synonyms: str = "", weak: str = ""
) -> TrackerField:
    return TrackerField(key, heading, kind, meaning, _listed(synonyms), _listed(weak))


def _listed(words: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in words.split(";") if word.strip())


_FIELDS: Final = (
    _f("reference", "Reference", "code", "The reference by which the register or the tracker knows it.",
       """ref; ref no; ref number; reference no; reference number; unique reference; unique reference number;
       unique ref; unique id; urn; id; item id; action ref; action id; action reference; recommendation ref;
       recommendation reference; recommendation id; rec ref; rec id; tracker ref; tracker reference; item ref;
       afi ref; afi reference; our ref; our reference; internal ref; internal reference; force ref; serial;
       serial no; serial number"""),
    _f("number", "Number", "code", "The report's own number, where it has one.",
       """no; num; rec no; rec number; rec num; recommendation no; recommendation number; afi no; afi number;
       number in report; number in the report; no in report; report no; rec afi no; rec afi number;
       recommendation afi no; recommendation afi number; printed number; s no; sr no""",
       "rec; item; item no; item number; action no; action number; issue no; issue number"),
    _f("external_reference", "External reference", "code", "Another system's reference, as printed.",
       """external ref; external id; external reference number; hmicfrs ref; hmicfrs ref no; hmicfrs ref number;
       hmicfrs reference; hmicfrs reference no; hmicfrs reference number; hmicfrs id; hmicfrs number; hmicfrs no;
       hmic ref; hmic reference; hmic id; hmi ref; portal ref; portal reference; portal id; portal number;
       hmicfrs portal ref; hmicfrs portal reference; hmicfrs portal id; monitoring portal ref;
       monitoring portal reference; inspectorate reference; inspectorate ref"""),
    _f("kind", "Kind", "kind", "Recommendation, area for improvement or cause of concern.",
       """type; rec type; recommendation type; type of recommendation; finding type; type of finding; rec or afi;
       afi or rec; rec afi; afi rec; rec afi coc; recommendation or afi; recommendation afi cause of concern;
       recommendation type rec afi coc; item type; action type""",
       "classification; category"),
    _f("text", "Text", "text", "The words as printed.",
       """sub recommendation; recommendation; recommendations; recommendation text; text of recommendation;
       text of the recommendation; recommendation in full; full recommendation; full text; recommendation wording;
       wording; recommendation afi; recommendations afis; recommendation or area for improvement;
       recommendation area for improvement; area for improvement; areas for improvement; afi text;
       recommendation description; recommendation details; recommendation detail; hmicfrs recommendation;
       hmic recommendation; inspectorate recommendation; hmicfrs recommendations; finding; findings;
       finding text; requirement; recommendation as printed; text as printed; cause of concern text""",
       """description; detail; details; summary; afi; action; actions; action required; actions required; title;
       recommendation title; recommendation summary; issue; recommendation action; what is required"""),
    _f("lead_in", "Lead-in", "text", "The words over a list that the text continues.",
       "lead in; introduction; main recommendation; parent recommendation; overarching recommendation"),
    _f("short_title", "Short title", "line", "A short name for lists, at most 42 characters.",
       """title; recommendation title; rec title; short name; short description; brief description; headline;
       summary; recommendation summary; recommendation in brief; summary of recommendation""", "subject"),
    _f("report", "Report", "line", "Title of the report.",
       """report title; title of report; name of report; report name; inspection; inspection title;
       inspection name; inspection report; name of inspection; hmicfrs report; hmicfrs inspection; hmic report;
       source report; report inspection; inspection report title; publication title; source of recommendation;
       source document; inspection publication; report source""",
       "source; publication; origin; thematic"),
    _f("published", "Published", "published", "When the report was published, as exactly as it is known.",
       """publication date; date published; date of publication; published on; published date; report date;
       date of report; report published; report publication date; publication date of report;
       date report published; report published on"""),
    _f("publishers", "Publishers", "list", "Who published the report, separated by semicolons.",
       "publisher; published by; issued by; inspecting body; inspection body; inspectorate name; body"),
    _f("service", "Service", "line", "The constabulary or the fire and rescue service.",
       "force; force name; name of force; constabulary; police force; fire service; force service; organisation"),
    _f("addressees", "Addressees", "list", "Whom the report addresses, separated by semicolons.",
       "addressee; addressed to; directed to; directed at; aimed at; recommendation for; recommendation to"),
    _f("applicability", "For whom", "applicability", "Whether it is for the force, the office, shared or for others.",
       """applicability; applicable; applicable to; applicable to force; applicable to us; applies to;
       applies to force; relevant to force; relevance; force or national; national or force"""),
    _f("owner", "Owner", "line", "The operational lead.",
       """operational lead; recommendation owner; rec owner; action owner; operational owner; lead officer;
       action lead; recommendation lead; force lead; business lead; delivery lead; local lead; thematic lead;
       tactical lead; tactical owner; lead; lead owner; owner lead; named lead; responsible officer;
       officer responsible; responsible person; person responsible; responsible owner; responsible lead;
       business owner; delivery owner; assigned to; allocated to; responsible; responsibility; lead name;
       owner name; op lead; ops lead"""),
    _f("executive_lead", "Executive lead", "line", "The chief officer who answers for it.",
       """chief officer lead; chief officer; chief officer owner; exec lead; executive owner; executive sponsor;
       exec sponsor; strategic lead; strategic owner; senior responsible officer; senior responsible owner; sro;
       sponsor; command lead; portfolio lead; acc lead; acpo lead; cot lead; nccg lead; executive"""),
    _f("board", "Board", "line", "The board that governs it.",
       """governance board; governing board; governance; governance group; governance forum; oversight board;
       oversight; reporting board; board meeting; governance meeting; board or meeting; forum; monitored by;
       reports to"""),
    _f("themes", "Themes", "list", "Subjects, separated by semicolons.",
       """theme; thematic area; theme area; topic; topics; subject area; subject areas; workstream; work stream;
       strand; pillar; peel question; core question; question""", "category; area; business area"),
    _f("closure_test", "Closure test", "text", "What must be shown before it can be closed as met.",
       """evidence requirements of progress; evidence requirements; evidence requirement; evidence required;
       evidence needed; evidence required for closure; evidence for closure; success criteria; success measures;
       success measure; measure of success; measures of success; closure criteria; completion criteria;
       what good looks like; what does good look like; outcome required; required outcome; desired outcome"""),
    _f("verification_level", "Verification level", "line", "How it is to be verified, by the office's own list.",
       "level of verification; verification; verified by level; level"),
    _f("target", "Target", "target", "The target date in force: a day, a month, or the words as printed.",
       """target date; current target date; current target; revised target date; revised target; revised due date;
       revised deadline; revised date; revised completion date; current due date; current deadline; due date; due;
       due by; date due; deadline; deadline date; deadline for completion; target completion date;
       target completion; target date for completion; target closure date; estimated completion date;
       estimated completion; est completion date; est completion; expected completion date; expected completion;
       planned completion date; anticipated completion date; anticipated completion; forecast completion date;
       completion due; completion due date; implementation date; target implementation date; delivery date;
       target delivery date; by when; timescale; timescales; timescale for completion; time scale; timeframe;
       time frame; target as printed; deadline as printed; ecd; eta; action by date; complete by; hmicfrs deadline""",
       "completion date; expected date; milestone; milestone date; forecast date; timeline; when"),
    _f("first_target", "First set", "guard", "The target date first set. It never changes.",
       """original target date; original target; original due date; original deadline; original date;
       original completion date; initial target date; initial due date; first target date; baseline date;
       baseline target date"""),
    _f("opened", "Opened", "day", "First day on which it counts.",
       "opened on; date opened; date raised; raised; raised on; date added; date received; date logged; start date"),
    _f("status", "Status", "status", "What the force reports.",
       """current status; force reports; force status; progress status; recommendation status; action status;
       status of recommendation; delivery status; implementation status; completion status; overall status;
       status of action; hmicfrs action status; open or closed; open closed""",
       """state; stage; percent complete; percent completed; percent completion; overall percent; percent;
       percent progress; progress percent; complete percent; completion percent; overall percent complete;
       rag; rag status; rag rating; current rag; rag grading; grading r a g; grading rag; grading; bragg; brag;
       brag status; brag rating; bragg status; rayg; complete; complete y n; colour"""),
    _f("update", "Update", "update", "The force's latest account of progress.",
       """force update; latest update; current update; progress update; update on progress; progress; progress to
       date; latest progress; progress report; progress narrative; progress notes; progress comments;
       summary of progress; current position; latest position; position statement; status update; update narrative;
       most recent update; update comments; updates; force progress update; narrative; narrative update;
       action taken; actions taken; action taken to date; work undertaken; work to date""",
       "commentary; comments; comment; force response; force comments; response; notes; actions"),
    _f("updated_on", "Updated", "past_day", "Day of the latest account.",
       """updated on; update date; date of update; date updated; last updated; last updated on; date last updated;
       last update; date of last update; last update date; latest update date; date of latest update;
       force reported on; last reviewed; date last reviewed; date reviewed; review date"""),
    _f("blocked_by", "Blocked by", "text", "What is in the way.",
       """blocker; blockers; barriers; barrier; barriers to progress; dependency; dependencies; obstacles;
       blocked; risks and barriers; barriers and risks; blocked by others; dependent on"""),
    _f("confidence", "Confidence", "confidence", "How sure the force is of its date: high, medium or low.",
       "delivery confidence; confidence level; confidence in delivery; confidence rating; confidence of delivery"),
    _f("completed_on", "Completed", "past_day", "Day on which the force completed it.",
       """date completed; date complete; completed on; completed date; date of completion; actual completion date;
       actual completion; date implemented; date actioned; completion date actual; actual date"""),
    _f("assessed_when", "Assessed when", "line", "When the inspectorate says that it will look at it.",
       "to be assessed; assessed in; assessed at; when assessed; next inspection"),
    _f("assurance", "Office", "guard", "What the office is assured of.",
       """assurance; pcc assurance; opcc assurance; office assurance; assurance level; assurance rating;
       assurance status; level of assurance; opcc view; opcc status; pfcc assurance"""),
    _f("position", "Inspectorate", "guard", "The inspectorate's position.",
       """hmicfrs position; hmicfrs status; hmicfrs view; hmicfrs decision; inspectorate position;
       inspectorate status; portal status; hmicfrs portal status; hmic status"""),
    _f("closed_on", "Closed", "guard", "Day on which a second person agreed to close it.",
       "closed on; date closed; closure date; closed date; date of closure; sign off date; date signed off"),
    _f("closure_reason", "Closed as", "guard", "How it ended.",
       "closure reason; reason for closure; reason closed; closure outcome"),
    _f("parent", "Cause of concern", "guard", "Reference of the cause of concern it stands under.",
       "parent; parent reference; parent ref; parent cause of concern; cause for concern; linked cause of concern"),
)  # fmt: skip

FIELDS: Final[Mapping[str, TrackerField]] = {field.key: field for field in _FIELDS}

DATED_UPDATE: Final = "dated_update"
GUARDED: Final = frozenset(field.key for field in _FIELDS if field.kind == "guard")


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """A column of the register's own export: its name in CSV, its heading in Excel, the field it is read into or ""."""

    key: str
    heading: str
    field: str = ""


def _own(lines: str) -> tuple[OwnColumn, ...]:
    return tuple(
        OwnColumn(*(part.strip() for part in line.split("|"))) for line in lines.strip().splitlines()
    )


OWN_EXPORT: Final = _own("""
    reference | Reference | reference
    short_title | Recommendation | short_title
    text | Text | text
    kind | Kind | kind
    number | Number | number
    external_reference | External reference | external_reference
    parent | Cause of concern | parent
    service | Service | service
    inspection | Report | report
    published_on | Published | published
    published_precision | Published, precision |
    addressees | Addressees | addressees
    applicability | For whom | applicability
    counts | Counts |
    owner | Owner | owner
    executive_lead | Executive lead | executive_lead
    board | Board | board
    themes | Themes | themes
    force_report | Force reports | status
    force_reported_on | Force reported on | updated_on
    last_update_on | Last update |
    days_since_update | Days since update |
    blocked_by | Blocked by | blocked_by
    assurance | Office | assurance
    assured_on | Office decided on |
    asked | Office asks |
    position | Inspectorate | position
    position_on | Inspectorate's position on |
    schedule_state | Schedule |
    days_late | Days late |
    days_to_target | Days to target |
    original_target | First set | first_target
    current_target | Target | target
    target_precision | Target, precision |
    target_phrase | Target as printed |
    target_set_by | Target set by |
    moves | Moves |
    days_slipped | Days slipped |
    last_moved_on | Last moved |
    asked_after_expiry | Asked after expiry |
    pending_target | Date asked for |
    evidence_count | Evidence items |
    evidence_grade | Evidence |
    closure_test | Closure test | closure_test
    closure_test_agreed_on | Closure test agreed |
    opened_on | Opened | opened
    is_open | Open |
    closure_proposed_on | Closure proposed |
    closed_on | Closed | closed_on
    closure_reason | Closed as | closure_reason
    reopened | Reopened |
    check_due_on | Check due |
    reason | Why it needs attention |
    version | Version |
    as_at | As at |
    demonstration | Demonstration |
""")
_OWN_NEEDED: Final = frozenset({"reference", "short_title", "text", "kind"})
_OWN_SHARE: Final = 2 / 3


_NUMBERING: Final = re.compile(
    r"\s{0,4}(?:\(?(?:[0-9]{1,2}|[a-z]|[ivx]{1,4})\)|[0-9]{1,2}[.:]|[a-z][.])\s{1,4}(?=\S)"
)
_NOT_WORDS: Final = re.compile(r"[^\w/]+|_+")


def plain_heading(heading: str) -> str:
    """
    Return a heading as it is compared: one case, no punctuation, line breaks or numbering.

    A stroke stays only between figures, where it is part of a date.
    """
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = _NUMBERING.sub("", text, count=1) if _NUMBERING.match(text) else text
    text = text.replace("%", " percent ").replace("&", " and ").replace("'", "").replace("’", "")
    if text.strip() == "#":
        return "number"
    text = re.sub(r"(?<=[0-9])[./-](?=[0-9])", "\0", text.replace("#", " number "))
    text = _NOT_WORDS.sub(" ", text.replace("/", " ").replace("\0", "/")) if text else ""
    return " ".join(text.split())


_BRACKETS: Final = re.compile(r"\([^()]{0,200}\)|\[[^][]{0,200}\]")

NAMED, MEANT, NEARLY, WEAKLY = 5, 4, 3, 2
"""How well a heading says what its column holds, best first."""

HOW: Final[Mapping[int, str]] = {
    NAMED: "named so",
    MEANT: "means the same",
    NEARLY: "means much the same",
    WEAKLY: "may mean it",
}


def _known() -> dict[str, list[tuple[str, int, int]]]:
    known: dict[str, list[tuple[str, int, int]]] = {}
    for field in _FIELDS:
        known.setdefault(plain_heading(field.heading), []).append((field.key, NAMED, 0))
        for strength, words in ((MEANT, field.synonyms), (WEAKLY, field.weak)):
            for place, word in enumerate(words, start=1):
                known.setdefault(word, []).append((field.key, strength, place))
    return known


_KNOWN: Final = _known()
_LONG_ENOUGH: Final = tuple(word for word in _KNOWN if len(word) >= 8)
_NEAR_ENOUGH: Final = 90
_LEFT_OUT_WORDS: Final = frozenset(
    {"evidence", "supporting", "documents", "document", "link", "links", "initial"}
)


@dataclass(frozen=True, slots=True)
class Match:
    """A field that a heading may stand for; `place` orders the names of one strength, the best first."""

    field: str
    strength: int
    place: int = 0


def match_heading(heading: str) -> tuple[Match, ...]:
    """Return the fields that a heading may stand for, best first; none for a heading that says nothing known."""
    for text in dict.fromkeys((heading, _BRACKETS.sub(" ", heading))):
        if found := _KNOWN.get(plain_heading(text)):
            return _ordered(found)
    plain = plain_heading(_BRACKETS.sub(" ", heading))
    if near := process.extractOne(plain, _LONG_ENOUGH, scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH):
        return tuple(Match(m.field, min(m.strength, NEARLY), m.place) for m in _ordered(_KNOWN[near[0]]))
    return _by_last_words(plain.split())


def _ordered(found: list[tuple[str, int, int]]) -> tuple[Match, ...]:
    return tuple(Match(*one) for one in sorted(found, key=lambda one: (-one[1], one[2])))


def _by_last_words(words: list[str]) -> tuple[Match, ...]:
    """Return what the end or the start of a longer heading says: "HQ operational lead", "Owner and department"."""
    if len(words) > 8 or _LEFT_OUT_WORDS & set(words):
        return ()
    if words[:-1] in (["update"], ["progress", "update"]) and re.fullmatch("[0-9]{1,2}", words[-1]):
        return (Match("update", WEAKLY, 100 - int(words[-1])),)  # of numbered ones the last is the latest
    for length in range(len(words) - 1, 1, -1):
        for part in (words[-length:], words[:length]):
            if strong := [one for one in _KNOWN.get(" ".join(part), ()) if one[1] >= MEANT]:
                return tuple(Match(m.field, NEARLY, 99) for m in _ordered(strong))
    single = {"owner", "deadline", "status", "update"} & set(words[-1:])
    return tuple(Match(word.replace("deadline", "target"), NEARLY, 100) for word in single)


def own_columns(headings: list[str]) -> list[OwnColumn | None] | None:
    """Return the register's own columns under these headings, or None where the row is not the register's own export."""
    exact = {column.key: column for column in OWN_EXPORT} | {column.heading: column for column in OWN_EXPORT}
    found = [exact.get(heading.strip()) for heading in headings]
    keys = {column.key for column in found if column}
    named = sum(1 for heading in headings if heading.strip())
    enough = len(keys) >= _OWN_SHARE * (len(OWN_EXPORT) - 2) and len(keys) >= named - 5
    return found if enough and keys >= _OWN_NEEDED else None


# What a heading says of a day -----------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UPDATE_WORDS: Final = _words(
    "update updates updated progress position comment comments commentary narrative report return response "
    "qtr quarter meeting board review month monthly quarterly"
)
_OTHER_WORDS: Final = _words(
    "target deadline due published publication status rag completed completion closed opened owner by date "
    "forecast percent rating original revised expected estimated evidence"
)
_FILLERS: Final = _words(
    "as at of in for the to on from force latest and a opcc pcc hmicfrs current period ending end"
)
_DAY_NUMBERS: Final = re.compile(r"\b([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4}|[0-9]{2})(?![0-9])")
_ISO_DAY: Final = re.compile(r"\b([0-9]{4})-([0-9]{2})-([0-9]{2})\b")
_DAY_WORDS: Final = re.compile(r"\b([0-9]{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?[ ,-]+([0-9]{4})\b")
_MONTH_WORDS: Final = re.compile(r"\b([a-z]{3,9})\.?[ ,'’/-]*((?:19|20)[0-9]{2}|[0-9]{2})(?![0-9/])")
_QUARTER: Final = re.compile(r"\b(?:q|qtr|quarter) ?([1-4])\b")
_QUARTER_AFTER: Final = re.compile(r"\b([1-4])(?:st|nd|rd|th) (?:q|qtr|quarter)\b")
_FINANCIAL_YEAR: Final = re.compile(r"(?<![0-9/])(?:20)?([0-9]{2}) ?[/-] ?(?:20)?([0-9]{2})(?![0-9/])")
_MONTH_NAME: Final = re.compile(r"[a-z]{3,9}")


@dataclass(frozen=True, slots=True)
class HeadingDay:
    """
    The day in the heading of an update column.

    Attributes:
        day: The last day of a month or quarter; None where the heading leaves the year open.
        first: The first day of that month or quarter, or the day itself.
        is_bare: Whether nothing but the date stands there.
        complaint: What is missing, where there is no day: the second half of a sentence.
    """

    day: date | None
    precision: Precision
    is_bare: bool
    first: date | None = None
    complaint: str = ""


def heading_day(heading: str | date) -> HeadingDay | None:
    """Return the day of an update column, or None for a heading that is not of that sort."""
    if isinstance(heading, date):
        if heading.day == 1:
            last = month_end(heading.year, heading.month)
            return HeadingDay(last, Precision.MONTH, is_bare=True, first=heading)
        return HeadingDay(heading, Precision.DAY, is_bare=True, first=heading)
    text = " ".join(unicodedata.normalize("NFKC", heading).casefold().split())
    read = _day_in(text) or _quarter_in(text) or _month_in(text)
    if read is None:
        return None
    first, day, precision, rest, complaint = read
    words = set(re.findall(r"[a-z]+", rest))
    if words & _OTHER_WORDS - {"by", "date"} or not words <= _UPDATE_WORDS | _FILLERS:
        return None
    return HeadingDay(day, precision, not words & _UPDATE_WORDS, first, complaint)


_Read = tuple[date | None, date | None, Precision, str, str]


def _day_in(text: str) -> _Read | None:
    found = _ISO_DAY.search(text) or _DAY_NUMBERS.search(text) or _DAY_WORDS.search(text)
    if not found:
        return None
    rest = text[: found.start()] + " " + text[found.end() :]
    if found.re is _ISO_DAY:
        year, month, day = (int(part) for part in found.groups())
    else:
        named = found[2] if found[2].isdigit() else month_number(found[2][:3])
        if named is None:
            return None
        year, month, day = int(found[3]), int(named), int(found[1])
    if len(found[3]) == 2 and found.re is _DAY_NUMBERS:
        return None, None, Precision.DAY, rest, "has a year of two digits; write all four, as in 12/01/2023"
    try:
        read = date(year, month, day)
    except ValueError:
        complaint = f'names "{found[0]}", and there is no such day; the day comes first, as in 12/01/2023'
        return None, None, Precision.DAY, rest, complaint
    return read, read, Precision.DAY, rest, ""


def _quarter_in(text: str) -> _Read | None:
    found = _QUARTER.search(text) or _QUARTER_AFTER.search(text)
    if not found:
        return None
    rest = text[: found.start()] + " " + text[found.end() :]
    years = _FINANCIAL_YEAR.search(rest)
    if not years or (int(years[1]) + 1) % 100 != int(years[2]):
        complaint = "does not say which financial year; write Q3 2022/23"
        return None, None, Precision.MONTH, re.sub("[0-9]+", " ", rest), complaint
    rest = rest[: years.start()] + " " + rest[years.end() :]
    quarter, year = int(found[1]), 2000 + int(years[1])
    day = month_end(year + 1, 3) if quarter == 4 else month_end(year, 3 * (quarter + 1))
    return date(day.year, day.month - 2, 1), day, Precision.MONTH, rest, ""


def _month_in(text: str) -> _Read | None:
    for found in _MONTH_WORDS.finditer(text):
        if (month := _month(found[1])) is not None:
            year = int(found[2]) if len(found[2]) == 4 else 2000 + int(found[2])
            rest = text[: found.start()] + " " + text[found.end() :]
            return date(year, month, 1), month_end(year, month), Precision.MONTH, rest, ""
    for found in _MONTH_NAME.finditer(text):
        if _month(found[0]) is not None and not re.search("[0-9]", text):
            rest = text[: found.start()] + " " + text[found.end() :]
            return (
                None,
                None,
                Precision.MONTH,
                rest,
                f"names a month and no year; write {found[0].title()} 2023, say",
            )
    return None


def _month(name: str) -> int | None:
    return month_number("sep" if name == "sept" else name)
