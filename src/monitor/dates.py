"""
Days and moments, and how each is written for a person.

A day is a civil day in Europe/London; a moment is an aware `datetime`, stored in UTC.
"Today" is never asked for here: it is always an argument.
"""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_COUNT_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

_MONTH_NUMBERS = {name.casefold(): number for number, name in enumerate(MONTHS, start=1)}
_MONTH_NUMBERS |= {name[:3].casefold(): number for number, name in enumerate(MONTHS, start=1)}

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SLASHES = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_WORDS = re.compile(r"([0-9]{1,2}) ([A-Za-z]{3,9}) ([0-9]{4})")
_TWO_DIGIT_YEAR = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}|[0-9]{1,2} [A-Za-z]{3,9} [0-9]{2}")


def london_day(moment: datetime) -> date:
    """
    Return the civil day in London at this moment.

    Raises:
        ValueError: when the moment carries no time zone, since its day would be a guess.
    """
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone before its day in London can be told.")
    return moment.astimezone(LONDON).date()


def end_of_day(day: date) -> datetime:
    """Return the UTC moment at which this London day is over: the first moment that is no longer in it."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)


def long_date(day: date) -> str:
    """Return "31 March 2023"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year:04d}"


def short_date(day: date) -> str:
    """Return "31 Mar 2023"."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year:04d}"


def day_month(day: date) -> str:
    """Return "31 March"."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def month_year(day: date) -> str:
    """Return "March 2023"."""
    return f"{MONTHS[day.month - 1]} {day.year:04d}"


def iso(day: date) -> str:
    """Return "2023-03-31", for a moment as for a day (the day it is written with)."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


def add_months(day: date, n: int) -> date:
    """Return the day n calendar months later, or the last of that month where it has no such day."""
    years, month_index = divmod(day.month - 1 + n, 12)
    year, month = day.year + years, month_index + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def month_number(name: str) -> int | None:
    """Return 3 for "March" or "mar", whatever its case; None for what is no month."""
    return _MONTH_NUMBERS.get(name.casefold())


def days_words(n: int) -> str:
    """Return "1 day", "47 days", "1,204 days"."""
    return f"{n:,} day" if n == 1 else f"{n:,} days"


def count_word(n: int) -> str:
    """Return "no", "one" to "ten", then figures with a comma at the thousands; lower case, to stand in a sentence."""
    return _COUNT_WORDS[n] if 0 <= n < len(_COUNT_WORDS) else f"{n:,}"


def times_word(n: int) -> str:
    """Return "never", "once", "twice", "3 times"."""
    return {0: "never", 1: "once", 2: "twice"}.get(n, f"{n:,} times")


def parse_day(text: str) -> date:
    """
    Return the day that a person typed in one of three forms; nothing is guessed.

    The forms are 2023-03-31, 31/03/2023 (day first) and 31 March 2023 or 31 Mar 2023.

    Raises:
        ValueError: in one sentence: a form not accepted, a year of two digits, or a day that does not exist.
    """
    plain = " ".join(text.split())
    if found := _ISO.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := _SLASHES.fullmatch(plain):
        day, month, year = (int(part) for part in found.groups())
    elif (found := _WORDS.fullmatch(plain)) and (named := month_number(found[2])):
        day, month, year = int(found[1]), named, int(found[3])
    elif _TWO_DIGIT_YEAR.fullmatch(plain):
        raise ValueError(f'"{_shown(plain)}" has a year of two digits; write all four, as in 31/03/2023.')
    elif not plain:
        raise ValueError("A day is missing; write it as 31/03/2023, 31 March 2023 or 2023-03-31.")
    else:
        raise ValueError(
            f'"{_shown(plain)}" is not a day this reads; write it as 31/03/2023, 31 March 2023 or 2023-03-31.'
        )
    return _checked(plain, year, month, day)


def _checked(plain: str, year: int, month: int, day: int) -> date:
    """Return the day, or say in one sentence why there is none."""
    if not 1 <= month <= 12:
        raise ValueError(f'"{plain}" has no month {month}; the day comes first, then the month from 1 to 12.')
    if year == 0:
        raise ValueError(f'"{plain}" names the year 0, which does not exist.')
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(f'"{plain}" does not exist; {MONTHS[month - 1]} {year} has days 1 to {last}.')
    return date(year, month, day)


def _shown(plain: str) -> str:
    """Return a short form of what was typed, so that a message stays one line."""
    return plain if len(plain) <= 40 else plain[:39] + "…"
