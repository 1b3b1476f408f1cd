"""
The text around a deadline: whether a duty is asked there, or only told of what was.

Reports word duties in few ways (*should*, *must*, *we expect ... to*), and so a short list of words tells a
deadline from a story. A wrong guess is put right by a person: every reading is a proposal.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from monitor.domain.printed_time import PlainText
from monitor.domain.statuses import Precision

BARE_LETTERS = 90
_WORDS_OF_A_PHRASE = 8
_NEARBY = 300
_LAST_YEAR = 9000

_LABEL = (
    r"(?:(?:hmicfrs |original |revised |current |proposed )?(?:deadline|target|due|completion|"
    r"implementation|action|review)"
    r"(?: date| day)?|end date|due by|date due|date|timescale|time ?frame|when|by when|"
    r"to be (?:completed|done|implemented)"
    r"|complete|completed|implement(?:ation)?|completion by|for (?:completion|implementation))"
)
_BARE_BEFORE = re.compile(
    rf"[\W_]{{0,4}}(?:{_LABEL})?[\W_]{{0,4}}(?:recommendation [0-9]{{1,3}})?[\W_]{{0,4}}"
)
_TIME_OF_DAY = r"(?:[ t][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?z?)?"
BARE_AFTER = re.compile(
    _TIME_OF_DAY
    + r"[\W_]{0,4}(?:\(?(?:inclusive|(?:at the )?latest|tbc|deadline|(?:and )?(?:then )?ongoing|(?:and|or) (?:sooner|earlier)|"
    r"provisional(?:ly)?)\)?|"
    r"\((?:12 )?[a-z ]{2,30}\))?[\W_]{0,4}"
)
_LABELLED = re.compile(rf"[\W_]{{0,4}}{_LABEL}[\W_]{{1,4}}")
BARE_LABEL = re.compile(rf"[\W_]{{0,4}}(?:{_LABEL})?[\W_]{{0,4}}(?:(?:on|in|for|at) )?")
DUTY = re.compile(
    r"\b(?:should(?! have (?:been|done|[a-z]{2,}ed)\b)|must|shall|needs? to|is to|are to|ought to|"
    r"(?<!it )(?<!force )(?<!constabulary )(?<!they )(?<!service )expects?|expected to|required? to|requires?|"
    r"recommends? that|to be (?:completed|implemented|done|in place)|has to|have to)\b"
)
_DUTY_JUST_BEFORE = re.compile(
    r"\b(?:should|must|shall|needs? to|is to|are to|ought to|expected to|required to|has to|have to)"
    r"(?: also| then| therefore| now| all| each| both)?,?(?: and,?)?[\s:(-]{0,4}(?:[\u00b7\u2022] )?$"
)
_RECOMMENDED = re.compile(r"\brecommends? that,? (?:the |all |each |every )?[a-z' -]{2,40} $")
_PAUSE_BEFORE = re.compile(r"(?:[,;:(]|[,;] and|[,;] or|-) $|\band $")
_CLAUSE = re.compile(r"\b(?:that they|who|when|where|if|so that|because)\b")
TOLD = re.compile(
    r"\b(?:was|were|had|did|found|(?<!have )told us|reported that|"
    r"(?<!have )(?<!be )(?<!been )(?<!is )(?<!are )(?<!being )(?:inspected|received|recorded|showed|"
    r"identified|concluded|"
    r"introduced|launched|trained|published)|has (?:already |since |now )?(?:been|made|set up)|"
    r"have (?:already |since |now )?(?:been|made)|"
    r"has (?:already |since |now )?[a-z]{2,}ed)\b"
)
_INSPECTORATE = r"\b(?:we|hmicfrs|hmic|hmi|the inspectorate|inspectors|our inspectors)"
_WILL = r" (?:will(?! expect)|shall|intend to|intends to|plan to|plans to|are due to|is due to)\b"
_OWN_INTENT_BEFORE = re.compile(rf"{_INSPECTORATE}{_WILL}")
_OWN_INTENT_AFTER = re.compile(rf",? ?{_INSPECTORATE}{_WILL}")
_OWN_PLAN = re.compile(
    r"\b(?:(?:plans|intends|aims|hopes|expects|proposes|wants|promised|pledged|scheduled|committed|"
    r"planning|aiming|hoping|(?:is|are) due) to|will have|would have|is on track|are on track|anticipates)\b"
)
_EARLIER = r"(?:previously|earlier|last year|in (?:(?:our|the|its|a|an|[a-z]{3,9}) ){0,2}(?:19|20)[0-9]{2})"
_SAID = r"(?:recommended|said|told|asked|advised|required|stated|found)"
_SAID_EARLIER = re.compile(
    rf"\b(?:we|hmicfrs|hmic|the inspectorate) (?:had )?(?:{_EARLIER} {_SAID}|{_SAID} {_EARLIER})\b|"
    rf"\b{_EARLIER}(?: (?:report|inspection|review|letter))?,? (?:we|hmicfrs|hmic|the inspectorate) {_SAID}\b"
)

_SERVED = re.compile(
    r"\b(?:victims?|callers?|calls?|incidents?|cases?|suspects?|complaints?|crimes?|offences?|"
    r"referrals?|detainees?|requests?|"
    r"applications?|warrants?|alerts?|allegations?|emergenc(?:y|ies)|witnesses|people|children)\b"
)
_IS_SERVED = re.compile(r"\b(?:is|are|be|being|gets?|receive|have|wait|attended)\b")
_JOINS_LIMIT = re.compile(
    r"[ ,]{0,2}(?:and|but|or)?[ ,]{0,2}(?P<event>in any (?:event|case)|at the latest)?[ ,]{0,2}"
)


class Weight(IntEnum):
    """What is kept when a text holds several: a deadline, else a weak one, else what only looks like one."""

    DEADLINE = 3
    WEAK = 2
    ASIDE = 1


@dataclass(frozen=True)
class Found:
    """
    What a rule found between two places of the text.

    `is_limit` says that it was printed as an end ("no later than") to something vaguer before it.
    """

    start: int
    end: int
    rule: str
    note: str
    due: date | None = None
    precision: Precision = Precision.UNKNOWN
    weight: Weight = Weight.DEADLINE
    assessed_when: str = ""
    from_publication: bool = False
    is_limit: bool = False


@dataclass(frozen=True)
class Reader:
    """The text and what is known of its publication."""

    text: PlainText
    published: date | None
    precision: Precision

    @property
    def published_on(self) -> date | None:
        """The day of publication, where it is known to the day and the calendar goes on long enough after it."""
        known = (
            self.precision is Precision.DAY
            and self.published is not None
            and self.published.year < _LAST_YEAR
        )
        return self.published if known else None

    def is_bare(self, start: int, end: int) -> bool:
        """Return whether these words are, but for a label and marks, the whole of the text or a labelled sentence."""
        plain = self.text.plain
        first, last = self.text.sentence(start)
        if start - first <= BARE_LETTERS and _LABELLED.fullmatch(plain, first, start):
            return BARE_AFTER.fullmatch(plain, end, min(last, end + BARE_LETTERS)) is not None
        return len(plain) - (end - start) <= BARE_LETTERS and bool(
            _BARE_BEFORE.fullmatch(plain, 0, start) and BARE_AFTER.fullmatch(plain, end)
        )

    def before(self, start: int) -> str:
        """Return the sentence up to here, its last few hundred characters at most."""
        first, _ = self.text.sentence(start)
        return self.text.plain[max(first, start - _NEARBY) : start]

    def after(self, end: int) -> str:
        """Return the rest of the sentence, its next few hundred characters at most."""
        _, last = self.text.sentence(max(0, end - 1))
        return self.text.plain[end : min(last, end + _NEARBY)]

    def in_brackets(self, start: int) -> bool:
        """Return whether it stands in round brackets within its sentence."""
        before = self.before(start)
        return before.count("(") > before.count(")")

    def is_limited_by(self, vague: Found, limit: Found) -> bool:
        """Return whether the second only sets an end to the first: "immediately, and no later than ..."."""
        joined = _JOINS_LIMIT.fullmatch(self.text.plain, vague.end, limit.start)
        return joined is not None and (limit.is_limit or joined["event"] is not None)

    def is_sentence(self) -> bool:
        """Return whether the text is more than the few words of a phrase."""
        return self.text.plain.endswith(".") or self.text.plain.count(" ") >= _WORDS_OF_A_PHRASE

    def is_asked_here(self, start: int, end: int) -> bool:
        """Return whether it stands where a deadline stands: alone, first, or straight after the duty's verb."""
        if self.is_bare(start, end):
            return True
        before = self.before(start)
        if self.text.opens(start):
            return not self.is_told(start, end)
        if _DUTY_JUST_BEFORE.search(before) or _RECOMMENDED.search(before):
            return True
        clause = after_last(_CLAUSE, before)
        in_clause = clause is not None and not re.search("[,;].", clause)
        return bool(_PAUSE_BEFORE.search(before) and DUTY.search(before) and not in_clause)

    def is_duty(self, start: int, end: int) -> bool:
        """Return whether a duty governs it: alone, or a *should* in the sentence and nobody telling what was."""
        if self.is_bare(start, end):
            return True
        return bool(DUTY.search(self.before(start)) or DUTY.search(self.after(end))) and not self.is_told(
            start, end
        )

    def is_told(self, start: int, end: int) -> bool:
        """Return whether the sentence tells what was, or what the inspectorate will do, and asks nothing."""
        before, after = self.before(start), self.after(end)
        intent = after_last(_OWN_INTENT_BEFORE, before)
        if (intent is not None and not re.search("[;:]", intent)) or _OWN_INTENT_AFTER.match(after):
            return True
        if _SAID_EARLIER.search(before):
            return True
        if DUTY.search(before) or DUTY.search(after):
            return False
        if _OWN_PLAN.search(before):
            return True
        return bool(TOLD.search(before) or TOLD.search(after))


def after_last(pattern: re.Pattern[str], window: str) -> str | None:
    """Return what follows the last match, or None without one."""
    end = -1
    for found in pattern.finditer(window):
        end = found.end()
    return window[end:] if end >= 0 else None


def is_of_service(window: str) -> bool:
    """Return whether it speaks of how a victim, a call or a case is served, up to the end of these words."""
    served = after_last(_SERVED, window)
    return served is not None and not re.search("[,;]", served) and bool(_IS_SERVED.search(served))
