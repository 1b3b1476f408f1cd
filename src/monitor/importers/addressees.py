"""
Whom a recommendation is addressed to, in the report's own words, and whether the service is among them.

The subject of each duty is read, not every body that is named: "the College, working with chief
constables, should ..." is for the College. What stays open is said, for a person to decide.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from monitor.importers.language import levelled, sentences

_SUBJECT_AT_MOST: Final = 260


class Body(Enum):
    """What sort of body is addressed."""

    POLICE = "police"
    FIRE = "fire"
    EITHER = "either"
    OFFICE = "office"
    NATIONAL = "national"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Subject:
    """The service that the document is about, and the others that are known."""

    service: str = ""
    others: tuple[str, ...] = ()
    about_other: str = ""
    """Another service that this report is about; empty when it is about ours or about several."""

    @property
    def is_fire(self) -> bool:
        """Whether ours is a fire and rescue service."""
        return bool(re.search(r"\bfire\b", self.service, re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom it is for: the words as printed, whether for this service (None: to be decided), and what to ask."""

    addressees: tuple[str, ...] = ()
    applies_to_service: bool | None = None
    doubts: tuple[str, ...] = ()


_QUANTITY: Final = r"(?:(?:all|each|every|both|most|some|other|individual|any|local|home office|all of the|each of the|the)(?: (?:of the|other|local|affected|relevant|inspected|territorial|home office|individual))* )?(?:(?:\d{1,2}|forty-three|forty-four|six|eight|ten|nine) )?"
_BODIES: Final[tuple[tuple[Body, str], ...]] = (
    (
        Body.NATIONAL,
        r"(?:the )?national police chiefs['’]? council(?:['’]s?)?(?: \(npcc\))?(?:['’]s)?(?: (?:lead|leads|portfolio lead|portfolio holder|chair)(?: for [\w ,’'-]{3,80}?(?= (?:should|must|and|needs?|to|with)\b|,|$))?)?",
    ),
    (
        Body.NATIONAL,
        r"(?:the )?npcc(?:['’]s)?(?: (?:[\w-]+ ){0,4}?(?:lead|leads|portfolio lead|portfolio holder|chair)(?: for [\w ,’'-]{3,80}?(?= (?:should|must|and|needs?|to|with)\b|,|$))?)?",
    ),
    (Body.NATIONAL, r"(?:the )?national fire chiefs['’]? council(?: \(nfcc\))?|(?:the )?nfcc(?: lead)?"),
    (Body.NATIONAL, r"(?:the )?college of policing|the college"),
    (
        Body.NATIONAL,
        r"(?:the )?home office|(?:the )?home secretary|(?:the )?minist(?:ry|er) (?:of|for) [a-z]+(?: [a-z]+)?|(?:the )?department (?:of|for) [\w ]{3,40}?(?= (?:should|must|and|needs?|to)\b|,|$)|(?:the )?government|(?:the )?cabinet office",
    ),
    (Body.NATIONAL, r"(?:the )?national crime agency(?: \(nca\))?|(?:the )?nca(?![a-z])"),
    (
        Body.NATIONAL,
        r"(?:the )?crown prosecution service(?: \(cps\))?|(?:the )?cps(?![a-z])|(?:the )?director of public prosecutions",
    ),
    (Body.NATIONAL, r"(?:the )?independent office for police conduct(?: \(iopc\))?|(?:the )?iopc(?![a-z])"),
    (
        Body.NATIONAL,
        r"(?:the )?(?:regional organised crime units?|rocus?|counter[- ]terrorism policing|british transport police|police digital service|national [a-z]+ (?:programme|board|centre|hub|unit)|probation service|nhs england|his majesty['’]s (?:prison and probation service|courts and tribunals service)|local government association|association of directors of [\w' ]{3,40}?(?= should)|ofsted|forensic capability network|national centre for \w+|youth justice board|fire standards board)",
    ),
    (
        Body.OFFICE,
        r"(?:the |all |each |every )?(?:local policing bod(?:y|ies)|police(?:,? fire)?,? (?:and|&) crime commissioners?(?: and (?:deputy )?mayors)?|pf?ccs?(?![a-z])|(?:deputy )?mayors?|(?:the )?association of police and crime commissioners(?: \(apcc\))?|(?:the )?apcc(?: leads?)?|mayor['’]s office for policing and crime)",
    ),
    (
        Body.OFFICE,
        r"(?:all |each |every |the )?(?:combined )?(?:fire (?:and rescue )?authorit(?:y|ies)|chairs of fire (?:and rescue )?authorities)",
    ),
    (
        Body.NAMED,
        r"(?!(?:The|Our|All|Each|Every|Chief|By|Within|In|January|February|March|April|May|June|July|August|September|October|November|December|National|British|Royal) )"
        r"[A-Z][\w’'-]{1,30}(?:(?: and| &)? [A-Z&][\w’'-]{0,30}){0,4} (?:Constabulary|Police(?: Service)?|Fire (?:and|&) Rescue(?: Service)?)",
    ),
    (
        Body.FIRE,
        rf"{_QUANTITY}(?:chief fire officers?|fire (?:and|&) rescue services?|fire services?|frss?|cfos?)(?![a-z])",
    ),
    (
        Body.POLICE,
        rf"(?:the police(?= (?:should|must|needs?)\b|$))|{_QUANTITY}(?:chief constables?|chief officers?|police forces?|constabular(?:y|ies)|forces?|police chiefs|heads of [\w ]{{3,40}} in forces|force leads?|senior officers)(?: (?:in england and wales|across england and wales|that|which|who|with|where|not yet)[\w ,’'-]{{0,120}}?(?= (?:should|must|needs?)\b)|(?= [a-z])|\b)",
    ),
    (
        Body.POLICE,
        r"(?:the )?commissioner of (?:the metropolitan police|police)[\w ]{0,20}|the metropolitan police service|the force's [\w ]{3,40}? lead",
    ),
    (
        Body.NATIONAL,
        r"the police service|policing|law enforcement(?: agencies| bodies)?|the service of policing",
    ),
    (
        Body.EITHER,
        rf"{_QUANTITY}services?(?![a-z])|the (?:senior leadership|leadership|chief officer) team|(?:the )?senior leaders?|(?:the )?organisation",
    ),
)
_SEARCH: Final = tuple(
    (body, re.compile(rf"(?<![\w’'-])(?:{words})(?![\w])", 0 if body is Body.NAMED else re.IGNORECASE))
    for body, words in _BODIES
)
_VERB: Final = re.compile(
    r"\b(?:should|must|shall|needs? to|ought to|(?:has|have) to|(?:is|are) (?:expected|required|asked|urged) to|requires? improvement|urgently needs? to|immediately needs? to)\b",
    re.IGNORECASE,
)
_EXPECT: Final = re.compile(
    r"\b(?:we|hmicfrs|hmi|it) (?:also )?(?:expects?|asks?|urges?|invites?|requires?)(?: to see)? (?P<who>.{2,120}?),? (?:(?:during|in|by|within|immediately)\b.{0,60}?)?\b(?:to|get|gets|involved)\b",
    re.IGNORECASE,
)
_RECOMMEND: Final = re.compile(
    r"\brecommends?,? (?:that,? |to )?(?P<who>.{2,260}?)(?:,? (?:should|must|immediately|urgently)\b|:|$|[.;]| (?:that|to|reviews?|ensures?|makes?|develops?|work|works|agrees?|publish(?:es)?|takes?|sets?|provides?|improves?|introduces?|establish(?:es)?|considers?)\b)",
    re.IGNORECASE,
)
_BESIDE: Final = re.compile(
    r"(?:,? ?\(?|\b)(?:working (?:closely )?with|in (?:consultation|conjunction|collaboration|partnership|co-?operation|liaison|discussion|agreement) with|together with advice from|supported by|with (?:the )?(?:support|help|advice|input|assistance) (?:of|from)|"
    r"alongside|through|via|on behalf of|led by|co-?ordinated by|having consulted|after consulting|following consultation with|informed by|in line with|taking account of|with(?! (?:immediate )?effect))\b",
    re.IGNORECASE,
)
_NEW_CLAUSE: Final = re.compile(
    r"[:;.]|,? (?:and|while|whilst|but) (?=the |all |each |every |forces|chief|police|npcc|college|services|home office|local)|\b(?:that|who|which|where|when|if|so that|because|how|whether)\b",
    re.IGNORECASE,
)
_SUBORDINATE: Final = re.compile(
    r"\b(?:that|which|who|whose|where|whether|how|if|when|so that|because)\b", re.IGNORECASE
)
_PREPOSITION: Final = re.compile(
    r"\b(?:in|of|from|across|within|by|among|between|on|to|for|against)\s+$", re.IGNORECASE
)
_CLAUSE_AT_MOST: Final = 120
_POSSESSIVE: Final = re.compile(r"^['’]s?\s+\w", re.IGNORECASE)
_CONDITION: Final = re.compile(
    r"\b(?:where there is|where they have|that (?:have|has|use|do not|does not|are|were|is|lack|host)|which (?:have|has|use|do not|does not|are|were|lack|host)|with an?|not yet|who have not|if they|where (?:the|this|a|an|these|such))\b[^,;:.]{0,110}?(?=,| (?:should|must|needs?)\b)",
    re.IGNORECASE,
)
_FOR_LIST: Final = re.compile(r",? (?:and|&|or) (?:for )?|, (?:for )?|; ?| / ", re.IGNORECASE)


def read_addressees(text: str, subject: Subject, *, fallback: str = "") -> Addressed:
    """
    Return whom a recommendation is for.

    Args:
        text: The whole statement, lead-in and parts included.
        subject: The service for which the document is read.
        fallback: The words of a heading or column that says whom the list is for.
    """
    found: dict[str, tuple[str, Body]] = {}
    for printed, body in [*_subjects(text), *(_named_in(fallback) if fallback else ())]:
        if fallback and found and printed in fallback:
            continue
        found.setdefault(levelled(printed).removeprefix("the "), (printed, body))
    pairs = list(found.values()) or _opening_body(text)
    doubts: list[str] = []
    if not pairs and fallback:
        return Addressed(
            bodies_in(fallback), None, (f'It is for "{fallback}": decide whether that is this service.',)
        )
    if not pairs:
        return Addressed((), None, ("Whom it is for is not stated: decide.",))
    applies = _applies(pairs, subject, doubts)
    if condition := _condition(text):
        doubts.append(f'It is for some only ("{condition}"): decide whether that is so here.')
    return Addressed(tuple(printed for printed, _ in pairs), applies, tuple(doubts))


def bodies_in(words: str) -> tuple[str, ...]:
    """Return the bodies that a list names: "the NPCC and NCA" gives "NPCC" and "NCA"; "other bodies" as printed."""
    named = [printed for printed, _ in _named_in(words)]
    if named:
        return tuple(dict.fromkeys(named))
    return tuple(part.strip() for part in _FOR_LIST.split(words) if part.strip())


def applies_to(words: Iterable[str], subject: Subject) -> bool | None:
    """Return whether bodies named in a list include this service; None where that cannot be told."""
    pairs = [pair for word in words for pair in _named_in(word)]
    return _applies(pairs, subject, []) if pairs else None


def _opening_body(text: str) -> list[tuple[str, Body]]:
    """Return the body that a finding without a duty opens with: "The force does not know how many ..."."""
    return [(printed, body) for start, printed, body in _named_places(text[:_SUBJECT_AT_MOST]) if start == 0]


def _subjects(text: str) -> list[tuple[str, Body]]:
    """Return the bodies that stand as subjects of a duty, in printed order."""
    found: list[tuple[str, Body]] = []
    flat = " ".join(text.split())
    for start, end in sentences(flat):
        sentence = flat[start:end]
        found.extend(_subjects_of_sentence(sentence))
    return found


def _subjects_of_sentence(sentence: str) -> list[tuple[str, Body]]:
    found: list[tuple[str, Body]] = []
    first = _VERB.search(sentence)
    if (expected := _EXPECT.search(sentence)) and (first is None or expected.start("who") < first.start()):
        return _named_in(expected["who"])
    reached = 0
    for verb in _VERB.finditer(sentence):
        window = sentence[max(reached, verb.start() - _SUBJECT_AT_MOST) : verb.start()]
        is_first = reached == 0
        reached = verb.end()
        found.extend(_subjects_before(window, is_first=is_first))
    if not found and (recommended := _RECOMMEND.search(sentence)):
        found.extend(_heads(recommended["who"]))
    return found


def _subjects_before(window: str, *, is_first: bool) -> list[tuple[str, Body]]:
    """Return the bodies that are the subject of the words before a duty's verb."""
    window = re.sub(r"\([^()]*\b(?:with|including|such as)\b[^()]*\)", "", window)
    if not is_first:
        window = _NEW_CLAUSE.split(window)[-1]
        return _heads(window) if len(window) <= _CLAUSE_AT_MOST else []
    window = re.split(r"[:;]|\brecommends? that,? ", window, flags=re.IGNORECASE)[-1]
    return _heads(_SUBORDINATE.split(window)[0]) or _heads(window)


def _heads(window: str) -> list[tuple[str, Body]]:
    """Return the bodies of a subject without those that only stand beside it ("working with ...") or within it ("in forces")."""
    beside = _BESIDE.search(window)
    if beside:
        before = _heads(window[: beside.start()])
        return before or _placed(window.rsplit(",", 1)[-1] if "," in window[beside.start() :] else "")
    return _placed(window)


def _placed(window: str) -> list[tuple[str, Body]]:
    named = _named_places(window)
    apart = [(printed, body) for start, printed, body in named if not _PREPOSITION.search(window[:start])]
    return apart or [(printed, body) for _, printed, body in named]


def _named_in(words: str) -> list[tuple[str, Body]]:
    """Return the bodies named in some words, in printed order."""
    return [(printed, body) for _, printed, body in _named_places(words)]


def _named_places(words: str) -> list[tuple[int, str, Body]]:
    """Return where each body is named and how; one that only owns something national is passed over."""
    taken: list[tuple[int, int, str, Body]] = []
    for body, pattern in _SEARCH:
        for match in pattern.finditer(words):
            if any(match.start() < end and start < match.end() for start, end, _, _ in taken):
                continue
            owns = _POSSESSIVE.match(words[match.end() :])
            if owns and body in (Body.NATIONAL, Body.OFFICE, Body.FIRE):
                continue
            if printed := _as_shown(match[0], body):
                taken.append((match.start(), match.end(), printed, body))
    return [(start, printed, body) for start, _, printed, body in sorted(taken, key=lambda one: one[0])]


def _as_shown(printed: str, body: Body) -> str:
    """Return a body's name as printed: without the article, and a plain noun in lower case."""
    words = " ".join(printed.split()).strip(" ,")
    words = re.sub(r" \((?:npcc|nfcc|nca|cps|iopc|apcc)\)", "", words, flags=re.IGNORECASE)
    if body in (Body.NATIONAL, Body.OFFICE) and not re.match(
        r"the (?:police service|college$)", words, re.IGNORECASE
    ):
        words = re.sub(r"^the ", "", words, flags=re.IGNORECASE)
    if body in (Body.POLICE, Body.FIRE, Body.EITHER):
        words = _shortened(words)
        return words[:1].lower() + words[1:]
    if re.match(r"[A-Z][a-z]+ [a-z]|The ", words) and body is not Body.NAMED:
        words = (
            words[:1].lower() + words[1:]
            if re.match(r"(?:The|All|Each|Every|Local|Police|Mayors|Fire) ", words)
            else words
        )
    return words


def _shortened(words: str) -> str:
    """Return the noun without the clause that narrows it."""
    return re.split(r",? (?:that|which|who|with|where|not yet) ", words, maxsplit=1)[0]


def _applies(pairs: list[tuple[str, Body]], subject: Subject, doubts: list[str]) -> bool | None:
    answers = [_applies_one(printed, body, subject, doubts) for printed, body in pairs]
    if True in answers:
        return True
    if None in answers:
        return None
    return False


def _applies_one(printed: str, body: Body, subject: Subject, doubts: list[str]) -> bool | None:
    """Return whether one addressee is, or takes in, this service."""
    if body is Body.NAMED:
        if not subject.service:
            doubts.append(f"It names {printed}: say which service this register is for.")
            return None
        return _same_service(printed, subject.service)
    is_definite = re.fullmatch(
        r"the (?:force|service|constabulary|chief constable|chief fire officer|fire and rescue service|fire service|organisation|.*team)",
        printed,
        re.IGNORECASE,
    )
    if is_definite and subject.about_other and subject.about_other != subject.service:
        doubts.append(
            f"The report is about {subject.about_other}: decide whether it is for this service too."
        )
        return False if subject.service else None
    if body is Body.POLICE:
        return not subject.is_fire
    if body is Body.FIRE:
        return subject.is_fire if subject.service else None
    if body is Body.EITHER:
        if is_definite or subject.is_fire:
            return True
        doubts.append(f'"{printed}" may be police forces or fire services: decide.')
        return None
    if body is Body.OFFICE:
        doubts.append(f"It is for {printed}: for the office to answer, not for the service.")
    elif printed.lower() in ("the police service", "policing"):
        doubts.append(f'"{printed}" is national: nobody here can close it alone.')
    return False


def _same_service(one: str, other: str) -> bool:
    def short(name: str) -> str:
        return re.sub(
            r"\b(?:constabulary|police|service|fire|and|&|rescue|the)\b", "", name.casefold()
        ).strip()

    is_fire = [bool(re.search(r"\bfire\b", name, re.IGNORECASE)) for name in (one, other)]
    return " ".join(short(one).split()) == " ".join(short(other).split()) and is_fire[0] == is_fire[1]


def _condition(text: str) -> str:
    """Return the clause that narrows whom it is for, in the first sentence's subject; "" without one."""
    flat = " ".join(text.split())
    verb = _VERB.search(flat)
    if verb is None:
        return ""
    before = flat[: verb.end()]
    noun = re.search(
        r"\b(?:forces?|chief constables|services?|chief fire officers|constabularies|units)\b,?",
        before,
        re.IGNORECASE,
    )
    if noun is None:
        return ""
    found = _CONDITION.match(before[noun.end() :].lstrip())
    return found[0].strip() if found else ""
