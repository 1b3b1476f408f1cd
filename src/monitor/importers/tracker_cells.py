"""
One cell of a tracker, read as what its column holds; whatever cannot be read says what would be right.

Days are day first with years of four digits; nothing is guessed. A word for a status is a guess that a person sees.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from monitor.dates import long_date, month_end, month_number, parse_day
from monitor.domain.deadlines import DeadlineReading, read_deadline
from monitor.domain.inspections import read_publication
from monitor.domain.statuses import (
    Applicability,
    Confidence,
    ForceReport,
    Kind,
    Precision,
    Vocabulary,
    parse_word,
)
from monitor.importers.sheets import CellValue

DAYS_ACCEPTED: Final = "27/03/2025, 27 March 2025 or 2025-03-27"
TARGETS_ACCEPTED: Final = "a day (27/03/2025), a month (March 2025), a year, or words without a date (TBC)"
PUBLISHED_ACCEPTED: Final = "a day (27/03/2025), a month (March 2025) or a year (2025)"
_FIRST_YEAR, _LAST_YEAR = 1980, 2099


class CellError(ValueError):
    """A cell that cannot be read: the second half of a sentence, and what would be accepted."""

    def __init__(self, complaint: str, wanted: str) -> None:
        super().__init__(complaint)
        self.complaint = complaint
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class Published:
    """The day of publication, as exactly as it is known."""

    day: date | None = None
    precision: Precision = Precision.UNKNOWN


Target = tuple[str, date | None, Precision, str]
"""The words as they stand there, the day they mean or None, how exactly, and the rule by which they were read."""


# Text -----------------------------------------------------------------------------------------------------------


def shown(value: CellValue) -> str:
    """Return a value as a person would find it in the sheet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.strftime("%d/%m/") + f"{value.year:04d}"
    if isinstance(value, float):
        return format(value, ".10g")
    return str(value)


def is_blank(value: CellValue) -> bool:
    """Tell whether nothing can be seen in the cell."""
    return value is None or (isinstance(value, str) and not value.strip())


def read_text(value: CellValue) -> str:
    """Return the text with the line breaks it has."""
    text = long_date(value) if isinstance(value, date) else shown(value)
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()


def read_line(value: CellValue) -> str:
    """Return the text on one line."""
    return " ".join(read_text(value).split())


def read_list(value: CellValue) -> tuple[str, ...]:
    """Return the parts of a list: divided by semicolons or lines, and where there are none by commas."""
    text = read_text(value)
    parts = re.split(r"[;\n]", text) if re.search(r"[;\n]", text) else text.split(",")
    return tuple(dict.fromkeys(plain for part in parts if (plain := " ".join(part.split()).lstrip("•·- "))))


def read_code(value: CellValue) -> str:
    """
    Return a reference or a number, in plain letters.

    Raises:
        CellError: for a letter that only looks like one of ours, and for what Excel made a date of.
    """
    wanted = "plain letters, figures and signs, as typed on a British keyboard"
    if isinstance(value, date):
        raise CellError("is a date; Excel has made one of a number like 1/2. Format the cell as text", wanted)
    plain = " ".join(unicodedata.normalize("NFKC", shown(value)).split())
    for ch in plain:
        if not ch.isascii():
            name = unicodedata.name(ch, "a sign without a name").capitalize()
            raise CellError(f'holds "{ch}" ({name}), which can be taken for another; type it again', wanted)
    return plain


def compared(code: str) -> str:
    """Return a reference as it is compared."""
    return unicodedata.normalize("NFKC", code).casefold()


# Words of vocabularies --------------------------------------------------------------------------------------------

_KINDS: Final = {
    Kind.RECOMMENDATION: "r rec recs recommendation recommendations nationalrecommendation forcerecommendation",
    Kind.AFI: "a afi afis areaforimprovement areasforimprovement areasforimprovements areaofimprovement improvement",
    Kind.CAUSE_OF_CONCERN: "c coc cocs cfc causeofconcern causesofconcern causeforconcern causesforconcern concern",
}
_KIND_OF: Final = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_FOR_WHOM: Final = {
    Applicability.FOR_SERVICE: "yes y force constabulary forcelevel local applicable relevant us ours",
    Applicability.FOR_OFFICE: "pcc opcc pfcc opfcc office",
    Applicability.SHARED: "both joint forceandpcc pccandforce forceandopcc opccandforce nationalandforce",
    Applicability.FOR_OTHERS: "no n national nationalonly notapplicable na others other notforus notforthisforce npcc",
    Applicability.NOT_DECIDED: "tbc tbd unknown undecided",
}
_FOR_WHOM_OF: Final = {word: member for member, words in _FOR_WHOM.items() for word in words.split()}
_LEVELS: Final = {"h": Confidence.HIGH, "m": Confidence.MEDIUM, "med": Confidence.MEDIUM, "l": Confidence.LOW}


def letters(text: str) -> str:
    """Return nothing but the letters and figures of a text, in one case."""
    return "".join(ch for ch in unicodedata.normalize("NFKC", text).casefold() if ch.isalnum())


def accepted(vocabulary: type[Vocabulary]) -> str:
    """Return the words of a vocabulary, for a sentence."""
    return ", ".join(member.word for member in vocabulary)


def kind_of(text: str) -> Kind | None:
    """Return the kind that a word or a heading names ("Rec", "AFIs", "Cause for concern"), or None."""
    return _KIND_OF.get(letters(text))


def read_kind(value: CellValue) -> Kind:
    """Return the kind, or raise `CellError`."""
    found = kind_of(shown(value)) or kind_of(re.sub(r"[\s.:#-]*[0-9]+[a-z]?\s*$", "", shown(value)))
    if found is None:
        raise CellError(f"is not one of: {accepted(Kind)}", f"{accepted(Kind)} (or Rec, AFI, CoC)")
    return found


def read_applicability(value: CellValue) -> Applicability:
    """Return for whom it is, or raise `CellError`."""
    try:
        return parse_word(Applicability, shown(value))
    except ValueError:
        if found := _FOR_WHOM_OF.get(letters(shown(value))):
            return found
    raise CellError(f"is not one of: {accepted(Applicability)}", accepted(Applicability))


def read_confidence(value: CellValue) -> Confidence:
    """Return the confidence, or raise `CellError`."""
    try:
        return parse_word(Confidence, shown(value))
    except ValueError:
        if found := _LEVELS.get(letters(shown(value))):
            return found
    raise CellError(f"is not one of: {accepted(Confidence)}", accepted(Confidence))


_STATUSES: Final = {
    ForceReport.NOT_STARTED: """not started; not yet started; to start; to be started; yet to start; not begun;
        unstarted; to do; open; outstanding; new; unallocated; not commenced; not progressed; planned; pending start;
        awaiting start; no progress; no action taken""",
    ForceReport.IN_PROGRESS: """in progress; ongoing; on going; progressing; wip; work in progress; on track; off track;
        started; begun; underway; under way; active; partially complete; partially completed; partly complete;
        part complete; partially implemented; partly implemented; partial; being progressed; in hand; in train;
        nearing completion; nearly complete; almost complete; commenced; being implemented; incomplete; delayed;
        at risk; behind schedule; overdue; work under way; work ongoing; action ongoing; in development; on target;
        on course; work continues""",
    ForceReport.COMPLETE: """complete; completed; done; implemented; closed; finished; fully implemented; achieved;
        fully complete; discharged; delivered; actioned; signed off; action complete; actions complete;
        all actions complete; complete awaiting review; completed awaiting review; action completed; fully completed;
        embedded; completed and closed; closed complete""",
    ForceReport.NO_LONGER_RELEVANT: """superseded; no longer relevant; no longer applicable; no longer required;
        overtaken; overtaken by events; obsolete; withdrawn; cancelled""",
    ForceReport.NOT_FOR_THIS_FORCE: """n/a; na; not applicable; not applicable to force; not applicable to the force;
        not applicable to us; not for this force; not for us; not for force; national; national only; for others;
        not relevant to force""",
}
_STATUS_OF: Final = {
    " ".join(word.split()): member for member, words in _STATUSES.items() for word in words.split(";")
}
_COLOURS: Final = re.compile("[ragbw]|red|amber|green|blue|white|gr[ae]y|black|yellow|purple|ragb?|ag|ar")
_STATUS_PARTS: Final = re.compile(
    r"\s[-–—]+\s|[-–—]\s|\s[-–—]|[:;,.(\[\n]|\s/\s|\bas at\b|\bas of\b|\bon (?=[0-9])"
)
_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*(?:%|per ?cent)(?: (?:complete|completed|done))?")
NO_VALUE: Final = frozenset({"-", "--", "–", "—", "/", "?", "tbc", "tba", "tbd", "none", "nil", "."})
CLOSED_WORDS: Final = re.compile(r"\b(?:closed|discharged|signed off)\b")


def status_key(text: str) -> str:
    """Return a status word as it is compared and remembered."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=1_024)
def guess_status(found: str) -> tuple[ForceReport | None, bool]:
    """
    Return the force's status that a word means, and whether that is a guess; None where a person must say.

    A colour alone says nothing: it mixes being late with being unlikely. The first part of a longer phrase
    decides ("Complete - awaiting review"), after a colour the second.
    """
    try:
        return parse_word(ForceReport, found), False
    except ValueError:
        pass
    plain = status_key(found)
    if percent := _PERCENT.fullmatch(plain):
        share = _status_of_percent(float(percent[1]))
        return share, share is not None
    if plain in _STATUS_OF:
        return _STATUS_OF[plain], True
    parts = [part for one in _STATUS_PARTS.split(plain) if (part := one.strip(" )].,"))]
    if parts and _COLOURS.fullmatch(parts[0]):
        parts = parts[1:]
    if not parts:
        return None, False
    # "Open - on track": open says least, so that the words after it may say more.
    if parts[0] == "open" and len(parts) > 1 and (more := _STATUS_OF.get(parts[1]) or _on_its_way(parts[1])):
        return more, True
    value = _STATUS_OF.get(parts[0])
    return value, value is not None


def _status_of_percent(percent: float) -> ForceReport | None:
    if percent == 0:
        return ForceReport.NOT_STARTED
    if percent > 100:
        return None
    return ForceReport.COMPLETE if percent == 100 else ForceReport.IN_PROGRESS


def _on_its_way(words: str) -> ForceReport | None:
    """Return that it has begun, for "2 actions on track" and the like."""
    return ForceReport.IN_PROGRESS if re.search(r"\b(?:on|off) track$", words) else None


def status_found(value: CellValue, *, is_share: bool) -> str:
    """
    Return the status as found; a number is a percentage, out of 1 where the column's numbers are shares.

    A sign that stands for nothing ("-") comes back empty.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{format(value * 100 if is_share else value, '.4g')}%"
    text = read_line(value)
    return "" if status_key(text) in NO_VALUE - {"?"} else text


# Days -------------------------------------------------------------------------------------------------------------

_CLOCK: Final = re.compile(r"(?<=[0-9])[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?$")
_WEEKDAY: Final = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? ", re.IGNORECASE
)
_DAY: Final = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_DAY_IN_WORDS: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -]([0-9]{4})")
_TWO_DIGITS: Final = re.compile(
    r"(?<![0-9/.-])[0-9]{1,2}([/.-])[0-9]{1,2}\1['’]?[0-9]{2}(?![0-9/.-])"
    r"|\b[0-9]{1,2}(?:st|nd|rd|th)?[ -][A-Za-z]{3,9}[ -]['’]?[0-9]{2}(?![0-9])"
)
_MONTH: Final = re.compile(r"([A-Za-z]{3,9})\.?[ /-]([0-9]{4})")
_SHORT_MONTH: Final = re.compile(r"([A-Za-z]{3,9})(?:-|/| ?['’])([0-9]{2})")
_NUMBER_MONTH: Final = re.compile(r"([0-9]{1,2})[/-]([0-9]{4})")
_YEAR: Final = re.compile(r"[0-9]{4}")
_FULL_DAY: Final = re.compile(
    r"(?<![0-9])[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}|\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b"
    r"|\b[0-9]{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9} [0-9]{4}\b"
)
_PHRASE_LENGTH: Final = 400
_ASKED: Final = frozenset({"unclear-day", "impossible-day", "not-before", "part-of-month", "part-of-year"})


def says_nothing(value: CellValue) -> bool:
    """Tell whether a cell of a column of dates says that there is none: "TBC", "N/A", "Ongoing", "-"."""
    plain = status_key(shown(value))
    return plain in NO_VALUE or plain in {
        "n/a", "na", "not applicable", "ongoing", "on-going", "not set", "no date", "to be confirmed",
        "to be agreed", "not yet set", "no date set", "not known", "unknown", "outstanding", "open",
    }  # fmt: skip


def read_dated(value: CellValue) -> tuple[date, Precision]:
    """
    Return a day, or the last day of a month or year, and how exactly it was given.

    Raises:
        CellError: for a number that is no date, a year of two digits, a day that does not exist, and other words.
    """
    if isinstance(value, date):
        return _in_range(value), Precision.DAY
    if isinstance(value, bool | float):
        raise CellError("is a number, not a date; format the cell as a date and type it again", DAYS_ACCEPTED)
    if isinstance(value, int) and not _FIRST_YEAR <= value <= _LAST_YEAR:
        raise CellError("is a number, not a date; format the cell as a date and type it again", DAYS_ACCEPTED)
    text = _WEEKDAY.sub("", _CLOCK.sub("", " ".join(shown(value).split())))
    if (day := _day_of(text)) is not None:
        return _in_range(day), Precision.DAY
    found = _SHORT_MONTH.fullmatch(text) or _MONTH.fullmatch(text)
    if found and (month := _month_number(found[1])) is not None:
        year = int(found[2]) if len(found[2]) == 4 else 2000 + int(found[2])
        return _in_range(month_end(year, month)), Precision.MONTH
    if (found := _NUMBER_MONTH.fullmatch(text)) and 1 <= int(found[1]) <= 12:
        return _in_range(month_end(int(found[2]), int(found[1]))), Precision.MONTH
    if _TWO_DIGITS.fullmatch(text):
        raise CellError("has a year of two digits; write all four, as in 27/03/2025", DAYS_ACCEPTED)
    try:
        day, precision = read_publication(text)
    except ValueError as error:
        raise CellError(_complaint(text, str(error)), DAYS_ACCEPTED) from error
    return _in_range(day), precision


def read_target(value: CellValue, published: Published) -> Target:
    """
    Return a target as it stands there and the day it means; a phrase is read by the rules for printed deadlines.

    Raises:
        CellError: for what looks like a date and cannot be told.
    """
    phrase = read_line(value)
    if isinstance(value, str) and (two := _TWO_DIGITS.search(phrase)):
        found = "" if two[0] == phrase else f' ("{two[0]}")'
        raise CellError(
            f"has a year of two digits{found}; write all four, as in 27/03/2025", TARGETS_ACCEPTED
        )
    if isinstance(value, str) and says_nothing(value):
        return phrase, None, Precision.UNKNOWN, "none"
    try:
        day, precision = read_dated(value)
    except CellError as error:
        if not isinstance(value, str):
            raise CellError(error.complaint, TARGETS_ACCEPTED) from error
        return _from_phrase(phrase, published, error)
    rule = {Precision.DAY: "full-day", Precision.MONTH: "month-end"}.get(precision, "year-end")
    return (long_date(day) if isinstance(value, date) else phrase), day, precision, rule


def _from_phrase(phrase: str, published: Published, error: CellError) -> Target:
    if len(phrase) > _PHRASE_LENGTH:
        complaint = f"has {len(phrase):,} characters, too many for a date; leave the words that say when"
        raise CellError(complaint, TARGETS_ACCEPTED) from error
    if len(set(_FULL_DAY.findall(phrase))) > 1:
        raise CellError("holds two dates or more; leave the one in force now", TARGETS_ACCEPTED) from error
    reading = _deadline(phrase, published)
    if reading.due is not None:
        return phrase, _in_range(reading.due), reading.precision, reading.rule
    if reading.rule in _ASKED or (reading.rule == "none" and re.search("[0-9]", phrase)):
        complaint = (
            error.complaint
            if _DAY.fullmatch(phrase)
            else "cannot be told as a date; write the day, or a month"
        )
        raise CellError(complaint, TARGETS_ACCEPTED) from error
    return phrase, None, Precision.UNKNOWN, reading.rule


@lru_cache(maxsize=1_024)
def _deadline(phrase: str, published: Published) -> DeadlineReading:
    """Return the reading; a tracker says the same few phrases over and over."""
    return read_deadline(phrase, published=published.day, published_precision=published.precision)


def _day_of(text: str) -> date | None:
    """Return a full day; None for another form. One that does not exist raises `CellError`."""
    if found := _DAY.fullmatch(text):
        plain = f"{found[1]}/{found[3]}/{found[4]}"
    elif (found := _DAY_IN_WORDS.fullmatch(text)) and _month_number(found[2]):
        plain = f"{found[1]} {found[2][:3]} {found[3]}"
    else:
        return None
    try:
        return parse_day(plain)
    except ValueError as error:
        raise CellError(_complaint(plain, str(error)), DAYS_ACCEPTED) from error


def _month_number(name: str) -> int | None:
    return month_number("sep" if name.casefold() == "sept" else name)


def _complaint(found: str, sentence: str) -> str:
    """Return what a sentence says of a value it begins with, without the value and the full stop."""
    return (
        sentence.removeprefix(f'"{found}" ').rstrip(".") if sentence.startswith('"') else sentence.rstrip(".")
    )


def _in_range(day: date) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise CellError(
            f"lies in the year {day.year}; check it", f"a year from {_FIRST_YEAR} to {_LAST_YEAR}"
        )
    return day


# Updates ----------------------------------------------------------------------------------------------------------

_DATE_AT_START: Final = re.compile(
    r"\s*(?:[-•·*]\s*)?[\[(]?((?:[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4})"
    r"|(?:[0-9]{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9} [0-9]{4})|(?:[0-9]{4}-[0-9]{2}-[0-9]{2}))(?![0-9])[\])]?\s*[:–—,.-]*\s*"
)


def dated_paragraphs(text: str) -> tuple[tuple[date, str], ...]:
    """Return the paragraphs of an update with their days where each begins with a full date and has words; else none."""
    parts = []
    for line in filter(str.strip, text.split("\n")):
        found = _DATE_AT_START.match(line)
        words = line[found.end() :].strip() if found else ""
        if not found or not words:
            return ()
        try:
            parts.append((read_dated(found[1])[0], words))
        except CellError:
            return ()
    return tuple(parts)


def own_day(value: CellValue) -> date:
    """Return a day as our own export writes it, a date of Excel or 2025-03-27; anything else raises `CellError`."""
    if isinstance(value, date):
        return value
    text = shown(value).strip()
    try:
        day = parse_day(text)
    except ValueError as error:
        raise CellError(_complaint(text, str(error)), "2025-03-27") from error
    return day
