"""
Days, months, years and numbers as reports print them, read from a text at a place in it.

`PlainText` levels what does not matter (case, line breaks, curly quotes, kinds of dash) and can
give back the words as printed. `when_at` reads one day or period at one place. Nothing here knows
whether it is a deadline: `monitor.domain.deadlines` decides that.

Patterns are matched at a known place, every repeat in them is bounded, and so the time taken grows
with the length of the text and not faster.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import Enum

from monitor.dates import MONTHS, month_end, month_number

_LEVEL = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201b": "'",
        "`": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u2044": "/",
    }
)
_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_BULLETS = frozenset("\u00b7\u2022\u25cf\u25aa\u25e6\u2043*-")
_MARKS = _BULLETS | frozenset(" \"'(")
_LEADS_ON = frozenset(":;,-")
_SENTENCE_END = re.compile(r"[.!?][\"')]?(?= )")
_ABBREVIATED = re.compile(r"\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|no|para|approx|e\.g|i\.e)\.$")


class PlainText:
    """
    A text levelled for reading, which remembers where each character stood.

    `plain` is lower case, with single spaces, straight quotes and hyphens; a place in it is what
    every function here takes and gives.
    """

    def __init__(self, printed: str) -> None:
        self.printed = printed
        letters: list[str] = []
        self._places: list[int] = []
        line_starts = [0]
        space_due = False
        new_line = False
        for place, letter in enumerate(printed.translate(_LEVEL)):
            if letter in _DROPPED:
                continue
            if letter.isspace():
                space_due = bool(letters)
                new_line = new_line or letter in "\n\r\v\f\u2028\u2029"
                continue
            if space_due:
                letters.append(" ")
                self._places.append(place)
                space_due = False
            if new_line and letters:
                line_starts.append(len(letters))
            new_line = False
            low = letter.lower()
            letters.append(low if len(low) == 1 else letter)
            self._places.append(place)
        self.plain = "".join(letters)
        self._line_starts = line_starts
        self._sentence_starts = self._find_sentences()

    def as_printed(self, start: int, end: int) -> str:
        """Return the words between two places as printed, each run of white space as one space."""
        if start >= end:
            return ""
        return " ".join(self.printed[self._places[start] : self._places[end - 1] + 1].split())

    def is_capital(self, place: int) -> bool:
        """Return whether the letter here was printed as a capital."""
        return self.printed[self._places[place]].isupper()

    def sentence(self, place: int) -> tuple[int, int]:
        """Return where the sentence around a place starts and ends; a line that only leads in ends none."""
        index = bisect_right(self._sentence_starts, place) - 1
        start = self._sentence_starts[max(index, 0)]
        following = index + 1
        end = self._sentence_starts[following] if following < len(self._sentence_starts) else len(self.plain)
        return start, end

    def opens(self, place: int) -> bool:
        """Return whether a sentence, a line or a bullet begins here, leaving aside marks before its first word."""
        while place not in self._openings and place > 0 and self.plain[place - 1] in _MARKS:
            place -= 1
        return place in self._openings

    def _find_sentences(self) -> list[int]:
        ends = [
            found.end() + 1
            for found in _SENTENCE_END.finditer(self.plain)
            if not _ABBREVIATED.search(self.plain, max(0, found.start() - 8), found.start() + 1)
        ]
        self._openings = {0, *ends, *self._line_starts}
        return sorted({0, *ends, *(place for place in self._line_starts[1:] if self._is_new_sentence(place))})

    def _is_new_sentence(self, place: int) -> bool:
        """Return whether this line stands by itself: not a bullet, not after a lead-in, not a line wrapped."""
        after = self.plain[place - 2 : place - 1] if place > 1 else ""
        return (
            self.plain[place] not in _BULLETS
            and after not in _LEADS_ON
            and not self.printed[self._places[place]].islower()
        )


class Period(Enum):
    """What sort of time was printed."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    FINANCIAL_YEAR = "financial year"
    FINANCIAL_QUARTER = "financial quarter"
    DAY_WITHOUT_YEAR = "day without a year"
    MONTH_WITHOUT_YEAR = "month without a year"
    PART_OF_YEAR = "part of a year"
    IMPOSSIBLE = "impossible"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class When:
    """
    A day or period printed at one place.

    `first` and `last` are its first and last day; None where they cannot be told, with the reason
    in `trouble`. `month` and `day` stand for those printed without a year; `weekday` for a printed
    name that is not that day's.
    """

    period: Period
    start: int
    end: int
    first: date | None = None
    last: date | None = None
    month: int = 0
    day: int = 0
    short_year: bool = False
    trouble: str = ""
    weekday: str = ""


_MONTH = (
    r"(?P<month>january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)(?![a-z])\.?"
)
_DAY = r"(?P<day>[0-9]{1,2})(?: ?(?:st|nd|rd|th)(?![a-z])\.?)?"
_WEEKDAY = r"(?:(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?,? )?(?:the )?"
_YEAR = r"(?P<year>(?:19|20|21)[0-9]{2})(?![0-9]|[,.:][0-9]|%|/[0-9])"
_FULL_YEAR = r"(?P<year>(?:19|20|21)[0-9]{2})(?![0-9])"
_TWO_DIGITS = r"'?(?P<short>[0-9]{2})(?![0-9]|[,.:/][0-9])"
_ANY_YEAR = rf"(?:{_FULL_YEAR}|{_TWO_DIGITS})"

_DAY_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_WEEKDAY}{_DAY}(?: day)?(?: of)?[ -]?{_MONTH}(?:,?[ -]?{_FULL_YEAR}|"
        rf"[ -]?{_TWO_DIGITS}(?! [a-z]{{3,9}} [0-9]{{4}}))",
        rf"{_MONTH} (?:the )?{_DAY},? {_YEAR}",
        r"(?P<year>(?:19|20|21)[0-9]{2})-(?P<number>[0-9]{2})-(?P<day>[0-9]{2})(?![0-9])",
        rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}})(?P<dot>[/.-])(?P<number>[0-9]{{1,2}})(?P=dot){_ANY_YEAR}",
    )
)
_FIRST_NINE = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
_ORDINALS = [
    *_FIRST_NINE,
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    *(f"twenty-{one}" for one in _FIRST_NINE),
    "thirtieth",
    "thirty-first",
]
_DAY_IN_WORDS = re.compile(
    rf"{_WEEKDAY}(?P<ordinal>{'|'.join(reversed(_ORDINALS))}) (?:day )?of {_MONTH},? {_FULL_YEAR}"
)
_MONTH_FORM = re.compile(rf"{_MONTH},?(?: of)?[ -]?{_YEAR}")
_MONTH_SHORT_YEAR = re.compile(rf"{_MONTH}(?:-| ?')(?P<short>[0-9]{{2}})(?![0-9])")
_MONTH_AND_NUMBER = re.compile(rf"{_MONTH} (?P<number>[0-9]{{2}})(?![0-9]|[,.:][0-9]|%)")
_MONTH_NUMBER_YEAR = re.compile(r"(?P<number>0?[1-9]|1[0-2])/(?P<year>(?:19|20|21)[0-9]{2})(?![0-9/])")
_DAY_ONLY = re.compile(rf"{_WEEKDAY}{_DAY}(?: of)?[ -]{_MONTH}(?! ?[0-9]|/)")
_TWO_MONTHS = re.compile(rf"{_MONTH} ?/ ?(?:{_MONTH.replace('month', 'other')}) ?(?:(?:19|20)[0-9]{{2}})?")
_FAR_YEAR = re.compile(
    rf"(?:{_WEEKDAY}(?:{_DAY} (?:of )?)?{_MONTH},? |[0-9]{{1,2}}[/.-][0-9]{{1,2}}[/.-])(?P<year>[0-9]{{4}})(?![0-9])"
)
_MISSPELT = re.compile(
    rf"{_WEEKDAY}(?:{_DAY} (?:of )?)?(?P<word>[a-z]{{4,12}}),? (?:19|20)[0-9]{{2}}(?![0-9])"
)
_MONTH_NAMES = tuple(name.lower() for name in MONTHS)
_MONTH_ONLY = re.compile(rf"{_MONTH}(?![ -]?'?[0-9]|/)")
_TWO_YEARS = re.compile(
    r"(?:the )?(?:financial year |fiscal year |performance year |fy ?|year )?(?P<year>(?:19|20)[0-9]{2})"
    r"(?: ?[/-] ?| to )(?P<next>(?:20)?[0-9]{2})(?![0-9]|[-/][0-9])(?: financial year| fiscal year)?"
)
_TWO_SHORT_YEARS = re.compile(
    r"(?:financial year |fy ?)(?P<year>[0-9]{2}) ?[/-] ?(?P<next>[0-9]{2})(?![0-9/-])"
)
_ISO_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
_YEAR_FORM = re.compile(rf"(?:the )?(?P<calendar>calendar )?(?:year )?{_YEAR}")
_QUARTER = re.compile(
    r"(?:the )?(?:(?:q(?:uarter)? ?(?P<figure>[1-4])|(?P<word>first|second|third|fourth|final|last|1st|"
    r"2nd|3rd|4th) quarter)"
    r"(?: of)?(?: the)?,? ?)(?P<years>(?:fy ?)?(?:financial year )?(?P<year>20[0-9]{2}) ?[/-] ?(?P<next>(?:20)?[0-9]{2})(?![0-9]))?"
    r"(?:(?:calendar year |year )?(?:19|20)[0-9]{2})?"
)
_SEASON = re.compile(
    r"(?:the )?(?:(?:early|late|mid)[ -])?(?:spring|summer|autumn|winter|christmas|easter|new year|"
    r"half[ -]year|half term)"
    r"(?: of)?(?: (?:19|20)[0-9]{2}(?:[/-](?:20)?[0-9]{2})?)?(?![0-9a-z])"
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_QUARTERS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3}
_SHORT_YEAR_STARTS = 2000


def when_at(text: PlainText, place: int) -> When | None:
    """Return the day or period printed at this place, the longest form first; None where there is none."""
    plain = text.plain
    for form in _DAY_FORMS:
        if found := form.match(plain, place):
            return _day(found)
    if found := _DAY_IN_WORDS.match(plain, place):
        return _day(found)
    if found := _SEASON.match(plain, place):
        return When(Period.PART_OF_YEAR, place, found.end(), trouble="a season or part of a year is no day")
    if found := _QUARTER.match(plain, place):
        return _quarter(found)
    if found := _TWO_YEARS.match(plain, place) or _TWO_SHORT_YEARS.match(plain, place):
        return _two_years(found)
    if found := _MONTH_FORM.match(plain, place) or _MONTH_SHORT_YEAR.match(plain, place):
        return _month(found)
    if found := _MONTH_NUMBER_YEAR.match(plain, place):
        first = date(int(found["year"]), int(found["number"]), 1)
        return When(Period.MONTH, place, found.end(), first, _month_last(first))
    if found := _MONTH_AND_NUMBER.match(plain, place):
        printed = text.as_printed(place, found.end())
        trouble = f'"{printed}" can be a day of that month or a month of that year'
        return When(Period.UNCLEAR, place, found.end(), trouble=trouble)
    if found := _YEAR_FORM.match(plain, place):
        year = int(found["year"])
        return When(Period.YEAR, place, found.end(), date(year, 1, 1), date(year, 12, 31))
    return _without_year(text, place) or _unclear(text, place)


def _day(found: re.Match[str]) -> When:
    groups = found.groupdict()
    short = groups.get("short")
    year = _SHORT_YEAR_STARTS + int(short) if short else int(groups["year"])
    month = (month_number(groups["month"][:3]) or 0) if groups.get("month") else int(groups["number"])
    day = int(groups.get("day") or _ORDINALS.index(groups["ordinal"]) + 1)
    try:
        exact = date(year, month, day)
    except ValueError:
        name = MONTHS[month - 1] if 1 <= month <= 12 else ""
        trouble = (
            f"{name} {year} has no day {day}"
            if name
            else f"there is no month {month}, and the day comes first"
        )
        return When(Period.IMPOSSIBLE, found.start(), found.end(), trouble=trouble)
    named = next((name for name in _WEEKDAYS if name[:3].lower() == groups.get("weekday")), "")
    wrong = "" if named == _WEEKDAYS[exact.weekday()] else named
    return When(
        Period.DAY, found.start(), found.end(), exact, exact, short_year=short is not None, weekday=wrong
    )


def _month(found: re.Match[str]) -> When:
    groups = found.groupdict()
    short = groups.get("short")
    year = _SHORT_YEAR_STARTS + int(short) if short else int(groups["year"])
    first = date(year, month_number(groups["month"][:3]) or 1, 1)
    return When(
        Period.MONTH, found.start(), found.end(), first, _month_last(first), short_year=short is not None
    )


def _two_years(found: re.Match[str]) -> When:
    year = int(found["year"])
    if _ISO_MONTH.fullmatch(found[0]) and int(found["next"]) != (year + 1) % 100:
        first = date(year, int(found["next"]), 1)
        return When(Period.MONTH, found.start(), found.end(), first, _month_last(first))
    if int(found["next"]) % 100 != (year + 1) % 100:
        trouble = f"{found['year']} and {found['next']} are not two years that follow each other"
        return When(Period.UNCLEAR, found.start(), found.end(), trouble=trouble)
    short = year < 100
    year += _SHORT_YEAR_STARTS if short else 0
    first, last = date(year, 4, 1), date(year + 1, 3, 31)
    return When(Period.FINANCIAL_YEAR, found.start(), found.end(), first, last, short_year=short)


def _quarter(found: re.Match[str]) -> When:
    if not found["years"] or int(found["next"]) % 100 != (int(found["year"]) + 1) % 100:
        trouble = "a quarter can be of the calendar year or of the financial year"
        return When(Period.PART_OF_YEAR, found.start(), found.end(), trouble=trouble)
    number = int(found["figure"]) if found["figure"] else _QUARTERS.get(found["word"], 4)
    year = int(found["year"]) + (number == 4)
    first = date(year, (1, 4, 7, 10)[number % 4], 1)
    return When(
        Period.FINANCIAL_QUARTER,
        found.start(),
        found.end(),
        first,
        _month_last(date(year, first.month + 2, 1)),
    )


def _without_year(text: PlainText, place: int) -> When | None:
    if found := _DAY_ONLY.match(text.plain, place):
        period = Period.DAY_WITHOUT_YEAR
        day = int(found["day"])
    elif found := _MONTH_ONLY.match(text.plain, place):
        period = Period.MONTH_WITHOUT_YEAR
        day = 0
    else:
        return None
    if not text.is_capital(found.start("month")):
        return None
    month = month_number(found["month"][:3]) or 1
    if period is Period.DAY_WITHOUT_YEAR and not 1 <= day <= _month_last(date(2024, month, 1)).day:
        return When(Period.IMPOSSIBLE, place, found.end(), trouble=f"{MONTHS[month - 1]} has no day {day}")
    return When(period, place, found.end(), month=month, day=day, trouble="no year is printed")


def _unclear(text: PlainText, place: int) -> When | None:
    """Return what was meant for a day but is none that can be read: a month misspelt, or two months."""
    if found := _TWO_MONTHS.match(text.plain, place):
        trouble = f'"{text.as_printed(place, found.end())}" names two months'
        return When(Period.UNCLEAR, place, found.end(), trouble=trouble)
    if found := _FAR_YEAR.match(text.plain, place):
        trouble = f"the year {found['year']} is not one from 1900 to 2199"
        return When(Period.IMPOSSIBLE, place, found.end(), trouble=trouble)
    found = _MISSPELT.match(text.plain, place)
    near = get_close_matches(found["word"], _MONTH_NAMES, n=1, cutoff=0.75) if found else []
    if found is None or not near:
        return None
    trouble = f'"{text.as_printed(found.start("word"), found.end("word"))}" is no month; {near[0].title()} may be meant'
    return When(Period.UNCLEAR, place, found.end(), trouble=trouble)


def _month_last(first: date) -> date:
    return month_end(first.year, first.month)


_ONES = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBERS = {"a": 1, "an": 1} | {word: value for value, word in enumerate(_ONES, start=1)}
for _ten, _word in enumerate(_TENS, start=2):
    _NUMBERS[_word] = _ten * 10
    for _one, _unit in enumerate(_ONES[:9], start=1):
        _NUMBERS[f"{_word}-{_unit}"] = _NUMBERS[f"{_word} {_unit}"] = _ten * 10 + _one

NUMBER = "(?:[0-9]{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"


def number_of(printed: str) -> int:
    """Return 6 for "6" and for "six", 24 for "twenty-four", 1 for "a"."""
    return int(printed) if printed.isdigit() else _NUMBERS[printed]
