"""Reports, services and meetings: what recommendations come from, belong to and are spoken about in."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from monitor.dates import long_date, month_end, month_number, month_year, parse_day
from monitor.domain.responses import clock_of, last_day_to_respond
from monitor.domain.statuses import Applicability, Precision, Programme
from monitor.errors import RuleError


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A constabulary or a fire and rescue service."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """
    One published report.

    Attributes:
        published_on: Day of publication, or the last day of the month or year where only that is known.
        published_source: Where the day was found. It moves the statutory day, so it is evidence.
        embargo_until: Moment (UTC) before which only the office may know of it.
        grades: Pairs of question and grade, as printed.
        stated_count: Recommendations the report says it holds, listed here or not.
        stated_applicability: Whom those are for, where none is listed.
        embeds: Id of an earlier report whose response stands inside this one's.
    """

    id: int
    service: str
    title: str
    publishers: tuple[str, ...] = ("HMICFRS",)
    programme: Programme = Programme.OTHER
    is_national: bool = False
    published_on: date | None = None
    published_precision: Precision = Precision.UNKNOWN
    published_source: str = ""
    link: str = ""
    key_findings: tuple[str, ...] = ()
    grades: tuple[tuple[str, str], ...] = ()
    stated_count: int | None = None
    stated_addressees: str = ""
    stated_applicability: Applicability | None = None
    embeds: int | None = None
    embargo_until: datetime | None = None
    is_restricted: bool = False
    is_demonstration: bool = False
    recorded_at: datetime
    by: str
    by_name: str

    @property
    def key(self) -> str:
        """Return its name in an address: its number would tell how many reports there are that somebody may not see."""
        told = f"{self.service}\n{self.title}\n{self.recorded_at.isoformat()}"
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    @property
    def published_words(self) -> str:
        """Return the day of publication as exactly as it is known."""
        if self.published_on is None or self.published_precision is Precision.UNKNOWN:
            return "day of publication not stated"
        if self.published_precision is Precision.DAY:
            return long_date(self.published_on)
        if self.published_precision is Precision.MONTH:
            return month_year(self.published_on)
        return str(self.published_on.year)

    @property
    def needs_response(self) -> bool:
        """Tell whether the Act asks the office to comment: on inspectors' reports, not on audits or a coroner's."""
        return clock_of(self.programme) is not None

    @property
    def first_possible_day(self) -> date | None:
        """Return the first day on which it can have been published, as exactly as that is known; None where it is not."""
        day = self.published_on
        if day is None or self.published_precision is Precision.DAY:
            return day
        return (
            day.replace(day=1) if self.published_precision is Precision.MONTH else day.replace(month=1, day=1)
        )

    @property
    def last_day_to_respond(self) -> date | None:
        """Return the statutory last day; None where the Act asks for none, and while the day of publication is not known."""
        known = self.published_on is not None and self.published_precision is Precision.DAY
        if self.published_on is None or not known or not self.needs_response:
            return None
        return last_day_to_respond(self.published_on)


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicationDay:
    """
    A day of publication learned after a report was taken in. It moves the statutory day, so it is evidence and kept.

    Attributes:
        source: Where the day was found.
    """

    id: int
    inspection_id: int
    service: str
    published_on: date
    precision: Precision
    source: str
    recorded_at: datetime
    by: str
    by_name: str

    def of(self, report: Inspection) -> Inspection:
        """Return the report with this day in place of the one known before."""
        return replace(
            report,
            published_on=self.published_on,
            published_precision=self.precision,
            published_source=self.source,
        )


_ISO_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})")
_MONTH: Final = re.compile(r"([A-Za-z]{3,9}) ([0-9]{4})")
_YEAR: Final = re.compile(r"[0-9]{4}")


def read_publication(text: str) -> tuple[date, Precision]:
    """
    Return a day of publication as exactly as it is given: a day, the last day of a month, or that of a year.

    Raises:
        ValueError: with one sentence, for anything else.
    """
    plain = " ".join(text.split())
    if found := _ISO_MONTH.fullmatch(plain):
        year, month = int(found[1]), int(found[2])
    elif (found := _MONTH.fullmatch(plain)) and (known := month_number(found[1])):
        year, month = int(found[2]), known
    elif _YEAR.fullmatch(plain) and int(plain):
        return date(int(plain), 12, 31), Precision.YEAR
    else:
        return parse_day(plain), Precision.DAY
    if not (1 <= month <= 12 and year):
        raise ValueError(f'"{plain}" does not exist; a month is 01 to 12.')
    return month_end(year, month), Precision.MONTH


def check_inspection(inspection: Inspection) -> None:
    """
    Do nothing for a report that can be kept.

    Raises:
        RuleError: title missing, or a day and its precision that do not fit each other.
    """
    if not inspection.title.strip():
        raise RuleError("The report has no title. Give the title as printed.")
    known = inspection.published_precision is not Precision.UNKNOWN
    if known != (inspection.published_on is not None):
        raise RuleError(
            f'"{inspection.title}" has a publication date and a precision that do not fit: '
            "give both, or leave the date out and the precision unknown."
        )
    day, precision = inspection.published_on, inspection.published_precision
    if day is not None and precision in (Precision.MONTH, Precision.YEAR):
        last = month_end(day.year, 12 if precision is Precision.YEAR else day.month)
        if day != last:
            raise RuleError(
                f'"{inspection.title}": where only the month or year of publication is known, '
                "the date kept is the last day of it."
            )
    if inspection.stated_count is not None and inspection.stated_count < 0:
        raise RuleError(f'"{inspection.title}" cannot hold fewer than no recommendations.')
    if inspection.embargo_until is not None and inspection.embargo_until.tzinfo is None:
        raise RuleError(f'The embargo of "{inspection.title}" needs a moment with its time zone.')


def is_yet_to_come(inspection: Inspection, today: date) -> bool:
    """Tell whether the day of publication lies ahead; of a month or year, when even its first day does."""
    day = inspection.first_possible_day
    return day is not None and day > today
