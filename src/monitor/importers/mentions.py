"""
What a document says besides its findings: how many there are, grades, mechanisms of assurance, earlier reports, reservations.

All of these are for a person to confirm; none becomes a row of the register by itself.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.domain.evidence import EvidenceKind
from monitor.domain.statuses import Kind, MeetingKind, Vocabulary
from monitor.importers.addressees import bodies_in
from monitor.importers.language import ALL_FOR_OTHERS, asks, levelled, sentences
from monitor.importers.lines import Line
from monitor.importers.speakers import Statement

_NUMBER_WORDS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_COUNT: Final = rf"(?P<n>\d{{1,3}}|{'|'.join(_NUMBER_WORDS[1:])}|a single|thirty|thirty-five|twenty-\w+)"
_WHAT: Final = r"(?P<what>recommendations?|areas? for improvements?|afis?|causes? (?:of|for) concern)"
_BETWEEN: Final = r"(?:(?:new|national|key|formal|specific|separate|further|strategic|overall|numbered|main|different|total|of the) ){0,2}"
_SAID: Final = (
    re.compile(
        rf"\b(?:makes?|made|contains?|contained|identif(?:y|ies|ied)|sets? out|lists?|includes?|included|has|have|issued?|gives?|gave|gave (?:us|the (?:force|service|constabulary))|resulted in|with|total of|there (?:are|were)|received)(?: a total of| in total| the following| a further)? {_COUNT} {_BETWEEN}{_WHAT}",
        re.IGNORECASE,
    ),
    re.compile(rf"^{_COUNT} {_BETWEEN}{_WHAT} (?:were|was|are|is|have been)\b", re.IGNORECASE),
    re.compile(rf"\b(?:of the|of its|of their|all|the|these) {_COUNT} {_BETWEEN}{_WHAT}", re.IGNORECASE),
    re.compile(
        rf"\b{_COUNT} {_BETWEEN}{_WHAT} (?:were|was|are|have been|is) (?:made|identified|given|issued|included|set out)",
        re.IGNORECASE,
    ),
    re.compile(rf"^(?:the report has )?{_COUNT} {_BETWEEN}{_WHAT}[.:]?$", re.IGNORECASE),
    re.compile(rf"^(?:total )?(?:number of|total) {_WHAT}(?: made)?\s*:\s*{_COUNT}\.?$", re.IGNORECASE),
)
_SAID_TOO: Final = re.compile(rf"(?:\band|,) {_COUNT} {_BETWEEN}{_WHAT}", re.IGNORECASE)
_SHARE: Final = re.compile(
    rf"\b(?:of (?:which|these|those|them),? |including )?(?P<share>\d{{1,3}}|{'|'.join(_NUMBER_WORDS[1:])}|none)(?: of (?:these|which|them|those|the [\w]+ ?(?:recommendations)?))?(?: recommendations?)? (?:are|is|were|was|being) (?:directly |specifically |made |addressed |aimed |directed |relevant |intended ){{0,2}}(?:for|to|at) (?P<who>(?:the )?[\w ’'-]{{3,60}}?)(?=[.,;)]|\(| and (?:I|we|the|my)\b| namely|$)",
    re.IGNORECASE,
)
_SHARE_WITH: Final = re.compile(
    rf"\b(?:with|of which|including) (?P<share>\d{{1,3}}|{'|'.join(_NUMBER_WORDS[1:])})(?: of (?:these|them|which))?(?: being)? (?:for|aimed at|addressed to|directed (?:at|to)) (?P<who>(?:the )?[\w ’'-]{{3,60}}?)(?=[.,;)]|\(| namely|$)",
    re.IGNORECASE,
)
_FOR: Final = re.compile(
    rf"{_WHAT} (?:which are |all |made |that are )?(?:for|to|aimed at|addressed to|directed (?:at|to)) (?P<who>(?:the )?[\w ,’'&()-]{{3,90}}?)(?= to (?:take|act|consider|implement|address)|[.;:]|,? (?:and|with|of which|including) \w+ (?:of|for|are)|, of which|$)",
    re.IGNORECASE,
)
_EARLIER: Final = re.compile(
    r"\b(?:previous|earlier|last|20\d\d inspection|since the|our (?:19|20)\d\d|in (?:19|20)\d\d|each force has|responded to|completed|closed|discharged|remain(?:s|ing)?|outstanding)\b",
    re.IGNORECASE,
)
_GRADE: Final = r"outstanding|good|adequate|requires improvement|requiring improvement|inadequate"
_ANY_QUOTE: Final = "[‘’“”'\"]"
_GRADE_PROSE: Final = (
    re.compile(
        rf"(?:graded|judged|rated|awarded|assessed|given|its|a)(?: (?:the (?:force|service|constabulary)|it)(?= (?:as|to be|a|an)\b))?(?: (?:as|to be|a|an|overall))*(?: grade of| rating of| judg[e]?ment of)? {_ANY_QUOTE}?(?P<grade>{_GRADE}){_ANY_QUOTE}?(?: status| grade| rating)? (?:in|for|across|at) (?P<question>(?:all (?:key |inspected )?areas|[\w ,’'-]{{4,80}}?))(?=[.,;”\"]|$| and (?:{_ANY_QUOTE}?(?:{_GRADE}))| which| that| but| with|, )",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:is|was|are|were) (?:graded|judged|rated|assessed)(?: as| to be| overall)* {_ANY_QUOTE}?(?P<grade>{_GRADE}){_ANY_QUOTE}?(?P<question>) ?(?:overall)?(?=[.,;]|$)",
        re.IGNORECASE,
    ),
)
_ONLY_GRADE: Final = re.compile(_GRADE, re.IGNORECASE)
_GRADES_AT_LEAST: Final = 3
_GRADE_LINE: Final = re.compile(
    rf"(?P<question>[A-Z][\w ,’'&()/-]{{3,100}}?)\s*(?::|[–—-]|\||\t|is)\s*{_ANY_QUOTE}?(?P<grade>{_GRADE}){_ANY_QUOTE}?\.?$",
    re.IGNORECASE,
)
_PROPER: Final = r"(?<![\w’'&-])(?:[A-Z][\w’'&-]{1,30} ){1,5}"
_MECHANISMS: Final[tuple[tuple[Vocabulary, str], ...]] = (
    (MeetingKind.CONFERENCE, r"Public Accountability (?:Conference|Meeting|Board|Forum)s?|(?:Public )?(?:Performance and )?(?:Accountability|Performance) Meetings?|Public Accountability Conferences?"),
    (MeetingKind.ONE_TO_ONE, r"(?:weekly |fortnightly |monthly |regular )?one[- ]to[- ]ones?(?: meetings?)?(?: with the Chief (?:Constable|Fire Officer))?|(?:weekly|fortnightly|monthly|regular) (?:\w+ )?meetings? with (?:the|my) Chief (?:Constable|Fire Officer)|(?<=have )regular meetings|(?<=has )regular meetings|(?<=hold )regular meetings|regular (?:one-to-one |bilateral )meetings"),
    (MeetingKind.BOARD, rf"{_PROPER}(?:Board|Committee|Group)s?\b|JOIM(?: meetings?)?|Joint Operational Improvement Meetings?|(?:Gold|Silver|governance|performance|strategic|oversight|improvement|standards) (?:Groups?|boards?)"),
    (MeetingKind.PANEL, r"(?:(?:independent|external|community|scrutiny|advisory|use of force|stop and search|out of court|legitimacy|ethics|hate crime) ){1,4}(?:scrutiny )?panels?|(?:Police and Crime|Police,? Fire and Crime) Panel|independent advisory groups?"),
    (EvidenceKind.QA_CHECK, r"quality assurance(?: checks?| process(?:es)?| reviews?)?(?: (?:undertaken|carried out|completed) by [\w ]{3,30}?(?=[.,]| and ))?|QA checks?|Quality Counts|\bQC\b|supervis(?:ory|or) (?:reviews?|checks?)|thematic testing|reality testing"),
    (EvidenceKind.DIP_SAMPLE, r"dip[- ]sampl(?:es?|ing)|(?:scrutiny|reviews?|sampling) of body[- ]worn video(?: footage)?(?: by [\w ]{3,70}?(?= gives|[.,]))?|(?:random|monthly|weekly|routine) (?:case )?(?:reviews?|samples?|sampling)"),
    (EvidenceKind.AUDIT, r"(?:internal |external |independent |joint |peer |crime data |force |compliance )*audit(?:s|ors)?\b(?: (?:committee|programme|plan|regime|report))?|Business Improvement Unit|\bBIU\b|peer review"),
    (EvidenceKind.PERFORMANCE, r"performance (?:data|dashboards?|framework|reports?|figures|information|packs?)|(?:Power BI |live |Qlik )?dashboards?|key performance indicators?|\bKPIs?\b"),
    (EvidenceKind.SURVEY, r"(?:victim|public|staff|user|satisfaction|wellbeing|confidence|community)(?: satisfaction)? surveys?"),
    (EvidenceKind.OBSERVATION, r"seen (?:it )?first[- ]hand|(?:visited|attended|observed|witnessed) (?:the |a |an |several |recent )?(?:\w+ ){0,3}?(?:operations?|control room|visits?|ride-?alongs?)|involved in large scale operations"),
    (EvidenceKind.TRAINING, r"(?:additional |further |refresher |mandatory |bespoke |new )?(?:support and learning provision|training (?:has been|was|is being|programme|package|sessions?|days?|inputs?))|CPD (?:days?|events?|sessions?)"),
    (EvidenceKind.POLICY, r"(?:new|revised|updated|refreshed) (?:polic(?:y|ies)|procedures?|guidance|strateg(?:y|ies)|standard operating procedures?)|\b(?:CCR|control room) methodology"),
    (EvidenceKind.INSPECTION, r"(?:HMICFRS|HMIC|inspectorate|inspection) (?:revisit|re-?inspection|follow[- ]up (?:inspection|visit))|case file review"),
    (EvidenceKind.LETTER, r"(?:wrote|written|letter) to (?:HMICFRS|the Home Secretary|His Majesty[’']s)|letter of assurance"),
    (EvidenceKind.ASSERTION, r"(?:ha(?:s|ve) (?:received|sought|been given|gained) (?:regular )?(?:re)?assurances?|ha(?:s|ve) (?:re)?assured (?:me|the)|am (?:re)?assured|receive regular assurance|(?:re)?assured (?:me )?that)"),
)  # fmt: skip
_MECHANISM_PATTERNS: Final = tuple(
    (kind, re.compile(words, 0 if kind is MeetingKind.BOARD else re.IGNORECASE))
    for kind, words in _MECHANISMS
)
_BOARD_NOISE: Final = re.compile(
    r"^(?:HMICFRS|The|This|Our|A|An|In|We|Police and Crime|Organised Crime|Crime)\b.*(?:Organised Crime Group|Crime Group)s?$|Organised Crime Groups?$|^(?:Organised|Crime)\b"
)
_RESERVED: Final = re.compile(
    r"\b(?:disappoint(?:ed|ing)|concerned (?:that|about|at|by)|(?:do|does|did|cannot|can not) not? ?(?:fully )?(?:accept|agree|support)|not accepted|partially accept(?:ed|s)?|reservations?|regret(?:s|table|tably)?|disagree[sd]?|unable to (?:accept|support|agree)|frustrat(?:ed|ing)|would question|dispute[sd]?|hoped that)\b",
    re.IGNORECASE,
)
_EARLIER_ASK: Final = re.compile(
    r"\b(?:(?:recent|previous|earlier|last|further|another|latest|(?:19|20)\d\d)\b[^.]{0,90}?\b(?:recommendations?|areas? for improvements?|afis?)\b|(?:recommendations?|areas? for improvements?|afis?)\b[^.]{0,60}?\b(?:from|in|of|given in) (?:their|its|the|our) (?:last|previous|earlier|(?:19|20)\d\d)\b|recommendations? (?:(?:were|was) )?(?:identified|provided) (?:around|about|on|in)|force received (?:\w+ )?recommendations?|in (?:the|its|our) (?:19|20)\d\d [\w ]{0,30}inspection\b[^.]{0,80}\bneeded to)",
    re.IGNORECASE,
)
_COMMON: Final = frozenset(
    [
        "this",
        "that",
        "with",
        "from",
        "have",
        "been",
        "their",
        "they",
        "will",
        "also",
        "which",
        "force",
        "forces",
        "police",
        "service",
        "services",
        "public",
        "these",
        "into",
        "make",
        "sure",
        "more",
        "than",
        "recommendation",
        "recommendations",
        "constabulary",
        "chief",
        "constable",
        "commissioner",
        "should",
        "would",
        "could",
        "other",
        "such",
        "when",
        "what",
        "where",
        "about",
        "being",
        "through",
        "under",
        "over",
        "improve",
        "improvement",
        "ensure",
        "work",
        "working",
        "national",
        "system",
    ]
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many findings the text says there are, for whom, and how many of them for chief officers."""

    number: int
    kind: Kind
    addressees: tuple[str, ...] = ()
    share: int | None = None
    share_for: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A mechanism of evidence or assurance that is named: its kind, the body or forum, and the sentence."""

    kind: str
    body: str
    text: str


def number_said(words: str) -> int:
    """Return 14 for "14" and for "fourteen"; 0 for what is no number."""
    low = words.lower()
    if low.isdigit():
        return int(low)
    if low == "a single":
        return 1
    tens = {"twenty": 20, "thirty": 30}
    head, _, one = low.partition("-")
    if head in tens:
        return tens[head] + (_NUMBER_WORDS.index(one) if one in _NUMBER_WORDS else 0)
    return _NUMBER_WORDS.index(low) if low in _NUMBER_WORDS else 0


def counts_in(texts: Iterable[str]) -> list[Count]:
    """Return each count of findings that the text states about its own report, in printed order."""
    found: list[Count] = []
    texts = list(texts)
    for text in texts:
        for start, end in sentences(text):
            sentence = text[start:end]
            said = any(pattern.search(sentence) for pattern in _SAID)
            for pattern in (*_SAID, _SAID_TOO) if said else ():
                for match in pattern.finditer(sentence):
                    number = number_said(match["n"])
                    if not number or _EARLIER.search(sentence[max(0, match.start() - 60) : match.end() + 50]):
                        continue
                    kind = _kind_said(match["what"])
                    if any(one.kind is kind for one in found):
                        continue
                    rest = text[start + match.start("what") :]
                    share = _SHARE.search(rest) or _SHARE_WITH.search(rest)
                    whom = _FOR.match(rest)
                    addressees = bodies_in(whom["who"]) if whom else ()
                    count, who = (number_said(share["share"]), share["who"].strip()) if share else (None, "")
                    found.append(Count(number, kind, addressees, count, who, sentence))
    return found


def all_for(texts: Iterable[str]) -> tuple[str, ...]:
    """Return whom all recommendations are for, where one sentence says so."""
    for text in texts:
        if found := ALL_FOR_OTHERS.search(text):
            return bodies_in(re.split(r"[.;]| to (?:take|act|consider)", text[found.end() :])[0].strip())
    return ()


def _kind_said(words: str) -> Kind:
    low = words.lower()
    if low.startswith("cause"):
        return Kind.CAUSE_OF_CONCERN
    return Kind.RECOMMENDATION if low.startswith("rec") else Kind.AFI


def grades_in(lines: Iterable[str], prose: Iterable[str]) -> list[dict[str, str]]:
    """Return pairs of question and grade: lines of a table of grades, and what the text says in passing."""
    found: dict[str, str] = {}
    for line in lines:
        if match := _GRADE_LINE.match(line):
            found.setdefault(match["question"].strip(" :"), _grade(match["grade"]))
    for text in prose:
        for pattern in _GRADE_PROSE:
            for match in pattern.finditer(text):
                question = (
                    re.sub(
                        r"^(?:all) (?:key |inspected )?areas$",
                        "all areas",
                        " ".join(match["question"].split()),
                        flags=re.IGNORECASE,
                    )
                    or "overall"
                )
                if not asks(question):
                    found.setdefault(question, _grade(match["grade"]))
    return [{"question": question, "grade": grade} for question, grade in found.items()]


def grades_by_column(lines: Sequence[Line]) -> list[str]:
    """Return "question: grade" for the tables whose headings are grades, or whose second column holds them."""
    tables: dict[int, list[Line]] = {}
    for line in lines:
        if line.table is not None:
            tables.setdefault(line.table, []).append(line)
    found: list[str] = []
    for cells in tables.values():
        first = min(cell.row or 0 for cell in cells)
        heads = {cell.column: cell.text for cell in cells if (cell.row or 0) == first}
        graded = {column for column, text in heads.items() if _ONLY_GRADE.fullmatch(text)}
        below = [cell for cell in cells if (cell.row or 0) > first]
        if len(graded) >= _GRADES_AT_LEAST and graded == set(heads):
            found += [f"{cell.text}: {heads[cell.column]}" for cell in below if cell.column in graded]
            continue
        rows = {cell.row: cell.text for cell in below if cell.column == 0}
        if len(heads) > 2:
            found += [
                f"{rows[cell.row]}: {cell.text}"
                for cell in below
                if cell.column == 1 and cell.row in rows and _ONLY_GRADE.fullmatch(cell.text)
            ]
    return found


def _grade(printed: str) -> str:
    return "requires improvement" if printed.lower().startswith("requir") else printed.lower()


def mechanisms_in(texts: Iterable[str]) -> list[Mention]:
    """Return the mechanisms of assurance that are named, each body once, with the sentence that names it first."""
    found: dict[tuple[str, str], Mention] = {}
    for text in texts:
        for start, end in sentences(text):
            sentence = text[start:end]
            if asks(sentence) and not re.search(r"\b(?:I|we|assur\w+)\b", sentence):
                continue
            for kind, pattern in _MECHANISM_PATTERNS:
                for match in pattern.finditer(sentence):
                    body = re.sub(
                        r"^(?:the|our|my|that|via|at|in|and)\s+",
                        "",
                        " ".join(match[0].split()),
                        flags=re.IGNORECASE,
                    )
                    if kind is MeetingKind.BOARD and _BOARD_NOISE.search(body):
                        continue
                    found.setdefault((kind, levelled(body).rstrip("s")), Mention(str(kind), body, sentence))
    return list(found.values())


def earlier_asks(texts: Iterable[str]) -> list[str]:
    """Return the sentences that mention findings of an earlier report: links to make, never rows."""
    return [
        text[start:end]
        for text in texts
        for start, end in sentences(text)
        if _EARLIER_ASK.search(text[start:end])
        and not re.search(r"\b(?:this|national) (?:report|inspection)\b", text[start:end], re.IGNORECASE)
    ]


def reservations(statements: Sequence[Statement], asked: Sequence[tuple[str, str]]) -> list[str]:
    """
    Return a sentence for each reservation in a response, with the finding that it seems to be about.

    Args:
        asked: Name and text of each finding.
    """
    told: list[str] = []
    for statement in statements:
        for start, end in sentences(statement.text):
            sentence = statement.text[start:end].strip()
            if not _RESERVED.search(sentence):
                continue
            name = _nearest(sentence, asked)
            about = (
                f" It seems to be about {name}: attach it there."
                if name
                else " Decide which finding it is about."
            )
            told.append(f'{statement.speaker} has a reservation: "{sentence}"{about}')
    return told


def _nearest(sentence: str, asked: Sequence[tuple[str, str]]) -> str:
    """Return the finding that shares most uncommon words with a sentence; "" where none shares two."""
    words = _uncommon(sentence)
    scores = [(len(words & _uncommon(text)), -place, name) for place, (name, text) in enumerate(asked)]
    best = max(scores, default=(0, 0, ""))
    return best[2] if best[0] >= 2 else ""


def _uncommon(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[a-z]{4,}", levelled(text)) if word not in _COMMON)
