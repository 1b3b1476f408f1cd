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
from monitor.settings import Titles

_SUBJECT_AT_MOST: Final = 260


class Body(Enum):
    """What sort of body is addressed."""

    POLICE = "police"
    FIRE = "fire"
    EITHER = "either"
    OFFICE = "office"
    NATIONAL = "national"
    PARTNER = "partner"
    NAMED = "named"
    OTHER = "other"


_USUAL: Final = Titles()


@dataclass(frozen=True, slots=True)
class Subject:
    """The service that the document is about, and the others that are known."""

    service: str = ""
    others: tuple[str, ...] = ()
    about_other: str = ""
    """Another service that this report is about; empty when it is about ours or about several."""
    titles: Titles = _USUAL
    """What its speakers are called here."""

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


_QUANTITY: Final = r"(?:(?:all|each|every|both|most|some|other|individual|any|local|home office|all of the|each of the|the)(?: (?:of the|other|local|affected|relevant|inspected|territorial|home office|individual))* )?(?:(?:\d{1,2}|forty-three|forty-four|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) )?"
_ROLE: Final = r"(?:leads?|portfolio lead|portfolio holder|directors?(?: general)?|chairs?|chief executives?|heads?|president|chief inspector|committees?|boards?|portfolio|secretariat|working group)"
_OF_A_BODY: Final = rf"(?: (?:(?!and |or |to |with |should |must )[\w-]+ ){{0,6}}?{_ROLE}(?: for [\w ,’'-]{{3,80}}?(?= (?:should|must|needs?|to|with|and (?:the|all|each|every|chief|police|forces?|home office|college|crown|npcc|nca|cps|apcc|pccs?|national|local))\b|,| ?$))?)?"
_WORD: Final = r"[A-Z][\w’'-]{1,30}"
_SERVICE_NAME: Final = (
    r"(?!(?:The|Our|All|Each|Every|Chief|By|Within|In|Where|If|When|Both|January|February|March|April|May|June|July|August|September|October|November|December|National|British|Royal) )"
    rf"{_WORD}(?:(?: and| &)? (?!Police\b|Constabulary\b|Fire\b)[A-Z&][\w’'-]{{0,30}}){{0,4}} (?:Constabulary|Police(?: Service)?(?!,? (?:Fire )?(?:and|&) (?:Fire|Crime))|Fire (?:and|&) Rescue(?: Service)?(?! Authorit)|Fire Brigade)|City of London Police|London Fire Commissioner"
)
_HEADED: Final = re.compile(
    r"(?:the )?chief (?:constables?|fire officers?) (?:of|for|at) (?P<service>.+)", re.IGNORECASE
)
_STANDS_IN: Final = re.compile(r"the (?:force|constabulary|service)", re.IGNORECASE)
_TITLE_CASE: Final = re.compile(
    r"\b[Cc]hief (?:Constables|Fire Officers|Officers)\b|^chief (?:Constable|Fire Officer)\b|\bPolice Forces\b"
)
_PROPER: Final[tuple[tuple[Body, str], ...]] = (
    (
        Body.NATIONAL,
        r"(?:[Tt]he )?(?:UK )?Border Force|(?:[Tt]he )?(?:UK |United Kingdom )?Football Policing Unit",
    ),
    (Body.NATIONAL, r"Chief Crown Prosecutors?"),
    (
        Body.NATIONAL,
        r"Police Scotland|(?:[Tt]he )?Police Service of Northern Ireland(?: \(PSNI\))?|PSNI|British Transport Police|Ministry of Defence Police|Civil Nuclear Constabulary",
    ),
    (
        Body.NATIONAL,
        rf"(?:HM|(?:His|Her) Majesty['’]s) {_WORD}(?:,? (?:and |& |of |for )?(?![A-Z]{{3}}){_WORD}){{0,5}}|HMPPS|HMCTS|HMCPSI|HMRC",
    ),
    (
        Body.NATIONAL,
        r"(?:[Tt]he )?(?:Foreign, Commonwealth and Development Office|Foreign Office|HM Treasury)|(?:[Tt]he )?(?:Department|Ministry) (?:for|of) (?:Levelling Up, Housing and Communities|Housing, Communities and Local Government|(?:Digital, )?Culture, Media and Sport|Science, Innovation and Technology|Business, Energy and Industrial Strategy|Environment, Food and Rural Affairs|Health and Social Care|Work and Pensions)",
    ),
    (
        Body.NATIONAL,
        rf"(?:[Tt]he )?(?:Secretar(?:y|ies) of State|Ministers? of State|Attorney General|Information Commissioner|Solicitor General)(?:['’]s Office)?(?: for (?:the )?{_WORD}(?:,? (?:and |the )?{_WORD}){{0,3}})?|(?:[Tt]he )?(?:Welsh|UK|Scottish) Government",
    ),
    (
        Body.OFFICE,
        r"(?:[Tt]he )?Association of Police and Crime (?:Commissioners|Chief Executives)(?: \(APCC\))?",
    ),
    (
        Body.OFFICE,
        rf"(?:{_WORD}(?: (?:and )?(?!Police\b){_WORD}){{0,4}} )?Police(?:,? Fire)?,? (?:and|&) Crime Commissioners?(?: for {_WORD}(?: (?:and )?{_WORD}){{0,3}})?",
    ),
    (
        Body.OFFICE,
        rf"{_WORD}(?: (?:and |& )?(?!Fire\b){_WORD}){{0,3}} (?:Combined )?Fire (?:(?:and|&) Rescue )?Authorit(?:y|ies)",
    ),
    (Body.POLICE, rf"(?:[Tt]he )?[Cc]hief [Cc]onstables? (?:of|for|at) (?:{_SERVICE_NAME})"),
    (Body.FIRE, rf"(?:[Tt]he )?[Cc]hief [Ff]ire [Oo]fficers? (?:of|for|at) (?:{_SERVICE_NAME})"),
    (
        Body.NATIONAL,
        r"(?:[Tt]he )?[Cc]ommissioner (?:of|for) (?:the )?(?:Metropolitan|City of London) Police(?: Service)?(?: of the Metropolis)?",
    ),
    (Body.NAMED, _SERVICE_NAME),
)
_BODIES: Final[tuple[tuple[Body, str], ...]] = (
    (
        Body.NATIONAL,
        r"(?:the )?(?:heads|directors|managers|leads|senior officers) (?:of|for) [\w ]{3,40}? (?:in|at|of) (?:the )?(?:regional organised crime units?|rocus?|national crime agency|nca)(?![a-z])",
    ),
    (
        Body.NATIONAL,
        rf"(?:the )?(?:chairs? of (?:the )?)?national police chiefs['’]? council(?:['’]s?)?(?: \(npcc\))?(?:['’]s)?{_OF_A_BODY}",
    ),
    (
        Body.NATIONAL,
        rf"(?:the )?(?:chairs? of (?:the )?)?npcc(?:['’]s)?{_OF_A_BODY}",
    ),
    (
        Body.NATIONAL,
        r"(?:the )?national (?:police |policing )leads?(?! force)(?: (?:for|on) [\w ,’'-]{3,80}?(?= (?:should|must|needs?|to|with)\b|,| ?$))?",
    ),
    (Body.NATIONAL, r"(?:the )?national fire chiefs['’]? council(?: \(nfcc\))?|(?:the )?nfcc(?: lead)?"),
    (Body.NATIONAL, r"(?:the )?college of policing|the college"),
    (
        Body.NATIONAL,
        r"(?:the )?home office|(?:the )?home secretary|(?:the )?ministers|(?:the )?minist(?:ry|er) (?:of|for) [a-z]+(?: (?!and\b|should\b|must\b|needs?\b)[a-z]+)?|(?:the )?department (?:of|for) [\w ]{3,40}?(?= (?:should|must|and|needs?|to)\b|,|$)|(?<!local )(?:the )?government(?! association)|(?:the )?cabinet office",
    ),
    (Body.NATIONAL, r"(?:the )?national crime agency(?: \(nca\))?|(?:the )?nca(?![a-z])"),
    (
        Body.NATIONAL,
        r"(?:the )?crown prosecution service(?: \(cps\))?|(?:the )?cps(?![a-z])|(?:the )?director of public prosecutions",
    ),
    (Body.NATIONAL, r"(?:the )?independent office for police conduct(?: \(iopc\))?|(?:the )?iopc(?![a-z])"),
    (
        Body.NATIONAL,
        r"(?:the )?(?:regional organised crime units?|rocus?|counter[- ]terrorism policing|british transport police|police digital service|national [a-z]+ (?:programme|board|centre|hub|unit)|probation service(?: regional directors?)?|regional probation directors?|nhs england|his majesty['’]s (?:prison and probation service|courts and tribunals service)|local government association|association of directors of [\w' ]{3,40}?(?= should)|ofsted|estyn|national highways|serious fraud office|national police air service(?: board)?|forensic science regulator|security industry authority|care quality commission|hmicfrs(?= ?$| and |, (?:the )?[A-Z])|forensic capability network|national centre for \w+|youth justice board|fire standards board)",
    ),
    (
        Body.OFFICE,
        r"(?:the |all |each |every |their )?(?:mayor['’]s office for policing and crime|mayoral equivalents|local policing bod(?:y|ies)|police(?:,? fire)?,? (?:and|&) crime commissioners?(?: and (?:deputy )?mayors)?|pf?ccs?(?![a-z])|(?:deputy )?mayors?(?: with police and crime functions)?|(?:the )?association of police and crime commissioners(?: \(apcc\))?|(?:the )?apcc(?: leads?)?)",
    ),
    (
        Body.OFFICE,
        r"(?:all |each |every |the )?(?:combined )?(?:fire (?:and rescue )?authorit(?:y|ies)|chairs of fire (?:and rescue )?authorities)|the authority(?= ?$| and )",
    ),
    (
        Body.PARTNER,
        r"(?:the |all |each |every |local |their )*(?:criminal justice (?:boards?|partners?|agencies)|safeguarding (?:children )?(?:partners?|partnerships?|boards?)|community safety partnerships?|directors of (?:children['’]s|adult social|public health)(?: care)?(?: services)?|directors of public health|integrated care (?:boards?|systems?|partnerships?)|health (?:boards?|trusts?|services?|commissioners)|nhs (?:trusts?|commissioners)|local authorit(?:y|ies)|(?:city|county|borough|district|unitary|local) councils?|councils|youth (?:offending|justice) (?:teams?|services?)|violence reduction (?:units?|partnerships?)|probation(?: services?| delivery units?)?|magistrates['’]? courts?|statutory partners|staff associations|trade unions|partner (?:agencies|organisations))",
    ),
    (
        Body.FIRE,
        rf"{_QUANTITY}(?:chief fire officers?|fire (?:and|&) rescue services?|fire services?|brigades?|frss?|cfos?)(?![a-z])",
    ),
    (
        Body.POLICE,
        rf"(?:(?:the )?police(?= (?:should|must|needs?)\b| ?$))|{_QUANTITY}(?:(?:force leads?|(?:force )?(?:vetting|professional standards|custody|control room|public protection|force) (?:leads?|units?|departments?|managers?))(?: for [\w ]{{3,40}}?(?= ?$| (?:and|who|with|should|must)\b|,))?|heads? of [\w ]{{3,40}}?(?= ?$| (?:and|who|with|should|must)\b|,)|(?:(?:deputy|assistant|acting|temporary) )?chief constables?|chief officers?(?! teams?\b)|police forces?|constabular(?:y|ies)|forces|police chiefs|senior officers)(?: (?:in england and wales|across england and wales|that|which|who|with|where|not yet)[\w ,’'-]{{0,120}}?(?= (?:should|must|needs?)\b)|(?= [a-z])|\b)|(?:(?:the|a|each|every|any|this|one|our|another|neither|either|no|per|host|home) )(?:[a-z]+ )?force(?![\w-])",
    ),
    (
        Body.POLICE,
        r"(?:the )?commissioner of (?:the metropolitan police|police)[\w ]{0,20}|the metropolitan police service|the force's [\w ]{3,40}? lead",
    ),
    (
        Body.NATIONAL,
        r"the police service|policing(?=,? (?:should|must|needs?|as a whole|and)\b|,| ?$)|law enforcement(?: agencies| bodies)?|the service of policing",
    ),
    (
        Body.EITHER,
        rf"{_QUANTITY}services?(?![a-z])|(?:the )?(?:senior leadership|leadership|chief officer) teams?|(?:the )?senior leaders?|(?:the )?organisation",
    ),
)
_UNKNOWN: Final = (
    (
        Body.OTHER,
        rf"(?:[Tt]he )?{_WORD}(?:,? (?:and |of |for |the )?{_WORD}){{0,5}} (?:Association|Authority|Agency|Board|Commission|Commissioner|Council|Office|Service|Institute|Inspectorate|Ombudsman|Regulator|Partnership|Federation|Department|Trust|Centre|Unit|Company|Alliance|Network|Committee|Panel|Taskforce|University)(?: (?:for|of) {_WORD}(?: (?:and |of )?{_WORD}){{0,4}})?",
    ),
)
_SEARCH: Final = tuple(
    (body, re.compile(rf"(?<![\w’'-])(?:{words})(?![\w])", flags))
    for bodies, flags in ((_PROPER, 0), (_BODIES, re.IGNORECASE), (_UNKNOWN, 0))
    for body, words in bodies
)
_VERB: Final = re.compile(
    r"\b(?:should|must|shall|needs? to|ought to|(?:has|have) to|(?:is|are) (?:expected|required|asked|urged) to|requires? improvement|urgently needs? to|immediately needs? to)\b",
    re.IGNORECASE,
)
_EXPECT: Final = re.compile(
    r"\b(?:we|hmicfrs|hmi|it|recommendation \d{1,3}) (?:also )?(?:expects?|asks?|urges?|invites?|requires?|calls on)(?: to see)? (?P<who>.{2,120}?),? (?:(?:during|in|by|within|immediately)\b.{0,60}?)?\b(?:to|get|gets|involved)\b",
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
    r"[:;.]|,? (?:and|while|whilst|but) (?=the |all |each |every |forces|chief|police|npcc|college|services|home office|local)|\b(?:that|who|which|where|when|if|so that|because|how|whether|what|why)\b",
    re.IGNORECASE,
)
_SUBORDINATE: Final = re.compile(
    r"\b(?:that|which|who|whose|where|whether|how|what|why|if|when|so that|because)\b", re.IGNORECASE
)
_OPENING_CLAUSE: Final = re.compile(
    r"(?:(?:by|within|before|from)\b[^,:;]{3,60}, )?"
    r"(?:where|if|when|although|while|whilst|because|since|once|until|unless|as soon as|as long as|after|in (?:all |any |those )?(?:police )?(?:forces|services|areas|regions))\b[^,:;]{3,200}, ",
    re.IGNORECASE,
)
_PREPOSITION: Final = re.compile(
    r"\b(?:in|of|from|across|within|by|among|between|on|to|for|against)\s+$", re.IGNORECASE
)
_CLAUSE_AT_MOST: Final = 120
_OWNED_WITHIN: Final = 4
_POSSESSIVE: Final = re.compile(r"^['’]s?\s+\w", re.IGNORECASE)
_NAME_GOES_ON: Final = re.compile(r"(?<![\w’'-])(?:[A-Z][\w’'-]{0,30}|&) $")
_OWN_ROLE: Final = re.compile(
    rf"['’]s? (?:[\w-]+ ){{0,3}}?{_ROLE}(?: (?:of|for) [\w ’'-]{{3,60}}?(?=$|,| (?:and|should|must|needs?)\b))?(?![\w])",
    re.IGNORECASE,
)
_DONE_BY: Final = re.compile(
    r"^ be [a-z]+(?: [\w,-]+){0,8}? by (?P<who>(?:the |all |each |every )?\S.{2,160})", re.IGNORECASE
)
_AFTER_DOERS: Final = re.compile(
    r"[.;:]|,? (?:to|so|in|within|who|which|with|before|for)\b|(?<!and) by\b", re.IGNORECASE
)
_CONDITION: Final = re.compile(
    r"\b(?:where there is|where they have|that (?:have|has|use|do not|does not|are|were|is|lack|host)|which (?:have|has|use|do not|does not|are|were|lack|host)|with an?|not yet|who have not|if they|where (?:the|this|a|an|these|such))\b[^,;:.]{0,110}?(?=,| (?:should|must|needs?)\b)",
    re.IGNORECASE,
)
_SOME_ONLY: Final = re.compile(
    r"\b(?:most|some|other|those|certain|remaining|affected|relevant|larger?|smaller?|rural|urban|metropolitan|welsh|english|pilot|participating|early adopter|two|three|four|five|six|seven|eight|nine|ten|1?\d)"
    r"(?: [a-z]+)? (?:forces|services|constabularies|chief constables|chief fire officers)\b",
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
    for printed, body in _subjects(text) or _named_in(fallback):
        found.setdefault(levelled(printed).removeprefix("the "), (printed, body))
    pairs = _without_stand_ins(list(found.values())) or _opening_body(text)
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


def _without_stand_ins(pairs: list[tuple[str, Body]]) -> list[tuple[str, Body]]:
    """Return the bodies without "the force" where an earlier sentence says which force or forces that is."""
    return [
        (printed, body)
        for place, (printed, body) in enumerate(pairs)
        if not (
            _STANDS_IN.fullmatch(printed)
            and any(other in (Body.NAMED, Body.POLICE, Body.FIRE) for _, other in pairs[:place])
        )
    ]


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
        found.extend(_doers(sentence[reached:], window) or _subjects_before(window, is_first=is_first))
    if not found and (recommended := _RECOMMEND.search(sentence)):
        found.extend(_heads(recommended["who"]))
    return found


def _doers(after: str, window: str) -> list[tuple[str, Body]]:
    """Return those by whom something is to be done: "should be reviewed by all forces"; none where a body is the subject."""
    done = _DONE_BY.match(after)
    if done is None or any(
        not _PREPOSITION.search(window[:start])
        for start, _, body in _named_places(window)
        if body is not Body.OTHER
    ):
        return []
    who = _AFTER_DOERS.split(done["who"], maxsplit=1)[0]
    named = _named_places(who)
    return [(printed, body) for _, printed, body in named] if named and named[0][0] == 0 else []


def _subjects_before(window: str, *, is_first: bool) -> list[tuple[str, Body]]:
    """Return the bodies that are the subject of the words before a duty's verb."""
    window = re.sub(r"\([^()]*\b(?:with|including|such as)\b[^()]*\)", "", window)
    if not is_first:
        breaks = list(_NEW_CLAUSE.finditer(window))
        if breaks and _SUBORDINATE.fullmatch(breaks[-1][0]):
            return []
        window = window[breaks[-1].end() :] if breaks else window
        return _heads(window) if len(window) <= _CLAUSE_AT_MOST else []
    if opening := _OPENING_CLAUSE.match(window):
        return _heads(window[opening.end() :]) or _heads(window)
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
            if (
                body is Body.EITHER
                and match[0][:1].isupper()
                and _NAME_GOES_ON.search(words[: match.start()])
            ):
                continue
            end = match.end()
            if body in (Body.NATIONAL, Body.OFFICE, Body.FIRE) and _POSSESSIVE.match(words[end:]):
                role = _OWN_ROLE.match(words, end)
                if role is None:
                    continue
                end = role.end()
            if printed := _as_shown(words[match.start() : end], body):
                taken.append((match.start(), end, printed, body))
    owners = [end for _, end, _, _ in taken if _POSSESSIVE.match(words[end:])]
    return [
        (start, printed, body)
        for start, _, printed, body in sorted(taken, key=lambda one: one[0])
        if not any(0 < start - end <= _OWNED_WITHIN for end in owners)
    ]


def _as_shown(printed: str, body: Body) -> str:
    """Return a body's name as printed: without the article, and a plain noun in lower case."""
    words = " ".join(printed.split()).strip(" ,")
    words = re.sub(r"['’]s$", "", words)
    words = re.sub(r" \((?:npcc|nfcc|nca|cps|iopc|apcc)\)", "", words, flags=re.IGNORECASE)
    if body is Body.NAMED or _HEADED.fullmatch(words):
        return words.removeprefix("The ") if body is Body.NAMED else words[:1].lower() + words[1:]
    if body in (Body.NATIONAL, Body.OFFICE, Body.OTHER) and not re.match(
        r"the (?:police service$|college$|authority$)", words, re.IGNORECASE
    ):
        words = re.sub(r"^the ", "", words, flags=re.IGNORECASE)
    if body in (Body.POLICE, Body.FIRE, Body.EITHER, Body.PARTNER):
        words = _shortened(words)
        words = words[:1].lower() + words[1:]
        return _TITLE_CASE.sub(lambda found: found[0].lower(), words)
    if re.match(r"[A-Z][a-z]+ [a-z]|The |(?:Ministers|Mayors)$|Police, ", words) and "Crime Com" not in words:
        words = (
            words[:1].lower() + words[1:]
            if re.match(
                r"(?:(?:Ministers|Mayors)$|Police, fire |Regional |(?:The|All|Each|Every|Local|Police|Mayors|Fire|Mayoral) (?!Scotland|Service))",
                words,
            )
            else words
        )
    return words


def _shortened(words: str) -> str:
    """Return the noun without the clause that narrows it."""
    words = re.sub(r"^no ", "", words, flags=re.IGNORECASE)
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
    headed = _HEADED.fullmatch(printed)
    if body is Body.NAMED or headed:
        if not subject.service:
            doubts.append(f"It names {printed}: say which service this register is for.")
            return None
        return _same_service(headed["service"] if headed else printed, subject.service)
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
    if body is Body.OTHER:
        doubts.append(f"It is for {printed}: decide whether that is this service.")
        return None
    if body is Body.OFFICE:
        doubts.append(f"It is for {printed}: for the office to answer, not for the service.")
    elif body is Body.PARTNER:
        doubts.append(f"It is for {printed}: a partner's to answer, not this service's alone.")
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
    if some := _SOME_ONLY.search(before):
        return some[0].strip()
    found = _CONDITION.match(before[noun.end() :].lstrip())
    return found[0].strip() if found else ""
