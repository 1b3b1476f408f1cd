"""
Who says what in a response. The label and the opening words of a paragraph decide; quotation marks do not.

Quotations in responses close early, open twice or never; and a paragraph without a label inside a quotation is
still of the one who was speaking.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitor.importers.outline import Read, Role
from monitor.settings import Titles

_PCC: Final = r"(?:police(?:,|,? (?:and|&))? (?:fire,? (?:and|&) )?crime commissioner|(?<![A-Za-z])pf?cc(?![A-Za-z])|(?<!deputy )(?<!information )(?<!children's )commissioner(?! of police)|(?:the |our )?office of the (?:police and crime commissioner|pf?cc)|opf?cc|local policing body)"
_MAYOR: Final = r"(?:deputy )?mayor(?! of)"
_CHIEF: Final = r"(?:(?:deputy |assistant |temporary |acting )?chief constable|commissioner of police|dcc\b)"
_CHIEF_FIRE: Final = r"(?:(?:deputy |assistant )?chief fire officer)"
_NAMED_FORCE: Final = r"(?!The )(?!Our )[A-Z][\w’'-]+(?:(?: and| &)? [A-Z&][\w’'-]*){0,3} (?:Constabulary|Police|Fire (?:and|&) Rescue(?: Service)?)(?!,? (?:and|&|Fire|Federation|,))"
_OPENS_WITH: Final = (
    r"^[\W_]*(?:(?:the|our|as|both the|both) )?(?:(?:[A-Z][\w’'-]+|deputy|temporary|acting)(?:[’']s)? ){0,3}?"
)
_LABELLED: Final = re.compile(
    rf"(?:(?<=[.!?”\"’] )|(?<=[.!?”\"’]  )|^)(?:The |Our )?(?:[A-Z][\w’'-]+ )?(?P<who>(?:{_PCC}|{_MAYOR}|{_CHIEF}|{_CHIEF_FIRE})(?:,? [A-Z][\w’'-]+){{0,3}}(?:,? (?:said|says|commented|added|stated|responded|writes))?)\s*(?::|[-–](?= ?[“\"]))\s*(?=[“\"‘A-Z])",
    re.IGNORECASE,
)
_SAYS: Final = re.compile(
    rf"(?P<who>{_PCC}|{_CHIEF_FIRE}|{_CHIEF}|{_MAYOR})(?:,? [A-Z][\w’'-]+){{0,3}}(?:,? (?:has )?(?:said|says|commented|added|stated|responded|writes|wrote))\b",
    re.IGNORECASE,
)
_OUR_WORK: Final = re.compile(r"^(?:our|we)\b", re.IGNORECASE)


_INTRODUCES: Final = re.compile(
    rf"(?P<who>{_CHIEF_FIRE}|{_CHIEF}|{_PCC})\b[^.“”]{{0,120}}\b(?:stated|said|says|commented|comments|responded|response|view|views|follows|following|written|wrote|replied|provided)[^.“”]{{0,60}}:$",
    re.IGNORECASE,
)
_ATTRIBUTED: Final = re.compile(
    rf"[\W_]*(?:[A-Z][\w’'.-]+ ){{1,4}}?[A-Z]?[\w’'.-]*,? ?\(?(?P<who>(?:Temporary |Acting |Deputy |Assistant )?(?:{_CHIEF_FIRE}|{_CHIEF}|{_PCC}))(?:,? (?:of|for) [\w &]{{3,40}})?\)?[\W_]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one speaker says in one paragraph, with its place."""

    speaker: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Voices:
    """What the speakers are called: the titles of the installation, and the service's name where it is known."""

    head_of_office: str
    chief_officer: str
    force: str

    @classmethod
    def of(cls, service: str, titles: Titles | None = None) -> "Voices":
        """Return the names for a service."""
        names = titles or Titles()
        is_fire = bool(re.search(r"\bfire\b", service, re.IGNORECASE))
        return cls(
            names.head_of_office, "Chief Fire Officer" if is_fire else names.chief_officer, service or "Force"
        )

    @property
    def both(self) -> str:
        """What a joint statement is signed with."""
        return f"{self.head_of_office} and {self.chief_officer}"


def statements_of(reads: Sequence[Read], voices: Voices, default: str = "") -> list[Statement]:
    """
    Return the statements of a response in printed order, one for each paragraph of one speaker.

    Args:
        default: Who speaks where no label and no words say so: the one who signs a letter.
    """
    made: list[Statement] = []
    label_speaker, label_words, speaker, quoting, list_open = default, None, default, False, False
    for read in reads:
        if read.role is not Role.RESPONSE:
            list_open = False
            continue
        if read.speaker_words != label_words:
            label_words = read.speaker_words
            label_speaker = speaker_named(read.speaker_words, voices) or default
            speaker, quoting = label_speaker, False
        if made and (signed := _ATTRIBUTED.fullmatch(read.text)):
            name = speaker_named(signed["who"], voices)
            made = _attributed(made, name) if name else made
            speaker, quoting = label_speaker, False
            continue
        for text, offset in _by_label(read.text):
            speaker = _speaker(text, voices, label_speaker, speaker, quoting=quoting)
            if list_open and read.line.style == "bullet" and made and offset == 0:
                made[-1] = Statement(made[-1].speaker, f"{made[-1].text}\n• {text}", made[-1].start)
            else:
                made.append(Statement(speaker or "not stated", text, read.line.start + offset))
            quoting = _stays_open(text, quoting)
            if introduced := _INTRODUCES.search(text[-220:]):
                speaker, quoting = speaker_named(introduced["who"], voices), False
            list_open = text.endswith(":") or (list_open and read.line.style == "bullet")
    return made


def introduces_speaker(text: str) -> bool:
    """Return whether a paragraph ends by giving somebody the word: "The Chief Constable has written that:"."""
    return bool(_INTRODUCES.search(text[-220:]))


def _attributed(made: list[Statement], name: str) -> list[Statement]:
    """Return the statements with the quotation just before a name given to that name."""
    kept = list(made)
    for place in range(len(kept) - 1, -1, -1):
        is_quoted = re.match(r"[*_ ]*[“\"]", kept[place].text)
        if not is_quoted and place != len(kept) - 1:
            break
        kept[place] = Statement(name, kept[place].text, kept[place].start)
        if is_quoted:
            break
    return kept


def speaker_named(words: str, voices: Voices) -> str:
    """Return whom a label names: one, both, or "" where it names nobody."""
    has_head = re.search(_PCC, words, re.IGNORECASE) or re.search(_MAYOR, words, re.IGNORECASE)
    has_fire = re.search(_CHIEF_FIRE, words, re.IGNORECASE)
    has_chief = (
        re.search(_CHIEF, words, re.IGNORECASE)
        or has_fire
        or re.search(r"\bchief officer\b", words, re.IGNORECASE)
    )
    chief = "Chief Fire Officer" if has_fire else voices.chief_officer
    if has_head and has_chief:
        return f"{_head(words, voices)} and {chief}"
    if has_head:
        return _head(words, voices)
    if has_chief:
        return chief
    if re.search(r"\b(?:force|constabulary|service|police|our|we)\b", words, re.IGNORECASE):
        return voices.force
    return ""


def signatory(texts: Sequence[str], voices: Voices) -> str:
    """Return who signs a letter, read from its last lines; "" where nobody is named."""
    for text in reversed(texts[-12:]):
        if len(text) < 90 and (speaker := speaker_named(text, voices)) and speaker != voices.force:
            return speaker
    return ""


def _head(words: str, voices: Voices) -> str:
    is_mayor = re.search(_MAYOR, words, re.IGNORECASE) and not re.search(_PCC, words, re.IGNORECASE)
    if is_mayor:
        return "Deputy Mayor" if re.search("deputy", words, re.IGNORECASE) else "Mayor"
    return voices.head_of_office


def _by_label(text: str) -> list[tuple[str, int]]:
    """Return a paragraph cut where a speaker's name and a colon stand inside it."""
    places = [0, *(found.start() for found in _LABELLED.finditer(text) if found.start() > 0), len(text)]
    return [
        (text[start:end].strip(), start)
        for start, end in itertools.pairwise(places)
        if text[start:end].strip()
    ]


def _speaker(text: str, voices: Voices, label: str, before: str, *, quoting: bool) -> str:
    """Return who speaks in a paragraph."""
    if found := _LABELLED.match(text):
        return speaker_named(found["who"], voices) or before
    if quoting or text[:1] in '“"':
        return before or label
    subject = _subject(text, voices)
    if label and label not in (voices.both, ""):
        return _reported(text, voices) or label
    if subject:
        return subject
    if _OUR_WORK.match(text) and label == voices.both:
        return voices.force
    if (
        before == voices.force
        and label == voices.both
        and not re.search(r"\b(?:inspection|recommendation|report)\b", text, re.IGNORECASE)
    ):
        return before
    return label or before


def _subject(text: str, voices: Voices) -> str:
    """Return who is the subject of a paragraph's first words; both where two are joined."""
    start = text[:140]
    roles: list[tuple[str, str]] = [
        (_PCC, "head"),
        (_CHIEF_FIRE, "fire"),
        (_CHIEF, "chief"),
        (_MAYOR, "mayor"),
    ]
    found = [
        (match.start(), match.end(), who)
        for pattern, who in roles
        if (match := re.match(rf"{_OPENS_WITH}{pattern}", start, re.IGNORECASE))
    ]
    if found:
        first = min(found)[2]
        end = min(found)[1]
        name = (
            voices.head_of_office
            if first == "head"
            else "Chief Fire Officer"
            if first == "fire"
            else "Mayor"
            if first == "mayor"
            else voices.chief_officer
        )
        joined = re.match(
            rf"\s*(?:\([A-Z]{{2,5}}\)\s*)?(?:and|&) (?:the )?(?:[A-Z][\w’'-]+ )?({_PCC}|{_CHIEF_FIRE}|{_CHIEF})",
            start[end:],
            re.IGNORECASE,
        )
        if joined and (first == "head") != bool(re.fullmatch(_PCC, joined[1], re.IGNORECASE)):
            return f"{voices.head_of_office} and {'Chief Fire Officer' if re.fullmatch(_CHIEF_FIRE, joined[1], re.IGNORECASE) else voices.chief_officer}"
        return name
    if said := _SAYS.search(text[:220]):
        return speaker_named(said["who"], voices)
    if named := re.match(rf"[\W_]*(?P<name>{_NAMED_FORCE})", start):
        return named["name"]
    if re.match(r"[\W_]*(?:the |our )(?:constabulary|force|service)\b(?! received)", start, re.IGNORECASE):
        return voices.force
    return ""


def _reported(text: str, voices: Voices) -> str:
    """Return who is quoted where another's label stands above: "The Chief Constable said:"."""
    found = _SAYS.match(re.sub(r"^[\W_]*(?:the |our )?", "", text, flags=re.IGNORECASE))
    return speaker_named(found["who"], voices) if found else ""


def _stays_open(text: str, quoting: bool) -> bool:
    opened = text.count("“") - text.count("”")
    if text.count("“") == 0 and text.count('"') % 2:
        opened = -1 if quoting else 1
    return opened > 0 or (quoting and opened == 0 and "”" not in text)
