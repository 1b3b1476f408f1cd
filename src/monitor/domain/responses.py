"""
The statutory response: the days in which a report must be answered, by which law, and how late an answer is.

Source: Police Act 1996, section 55(5A), inserted by the Policing and Crime Act 2017, section 37(2):
before the end of the period of 56 days beginning with the day on which the report is published. Other
clocks of the same kind stand in `CLOCKS`, each with its own source; an installation switches them on.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from monitor.dates import days_words, long_date
from monitor.domain.statuses import Precision, Programme
from monitor.settings import RESPONSE_CLOCKS, RESPONSE_WARNINGS

PERIOD_DAYS: Final = 56
WARNING_DAYS: Final = RESPONSE_WARNINGS


@dataclass(frozen=True, slots=True)
class Clock:
    """
    A period, set by law, in which a report is answered.

    Attributes:
        key: Its name in the settings.
        name: What it is called.
        days: How many days it has.
        counts_first_day: Whether the day on which it begins is day 1: "beginning with the day" counts it,
            "within so many days of the date" does not.
        begins: What happens to the report on the day on which it begins: "published", "sent".
        ends: What must have happened to the answer by its last day.
        law: Act or regulations, and the place in them.
        source: What the law says there.
        is_sent_on: Whether copies go to the inspectors of constabulary and the Secretary of State.
    """

    key: str
    name: str
    days: int
    counts_first_day: bool
    begins: str
    ends: str
    law: str
    source: str
    is_sent_on: bool = False

    def last_day(self, begins_on: date) -> date:
        """Return its last day: calendar days are counted, weekends and bank holidays among them."""
        return begins_on + timedelta(days=self.days - int(self.counts_first_day))

    def day_number(self, begins_on: date, day: date) -> int:
        """Return which day of the period this is; more than it has days once it is over."""
        return (day - begins_on).days + int(self.counts_first_day)

    @property
    def rule(self) -> str:
        """Return how it is counted, and by which law."""
        counted = (
            f"the day on which the report was {self.begins} is the first of {self.days} days"
            if self.counts_first_day
            else f"the day after the report was {self.begins} is the first of {self.days} days"
        )
        return f"{counted} ({self.law})"


SECTION_55: Final = Clock(
    key="section-55",
    name="Comments on an inspectors’ report",
    days=PERIOD_DAYS,
    counts_first_day=True,
    begins="published",
    ends="published",
    law="Police Act 1996, section 55(5A)",
    source="Before the end of the period of 56 days beginning with the day on which the report is published. "
    "Inserted by the Policing and Crime Act 2017, section 37(2).",
    is_sent_on=True,
)
PREVENTION_OF_FUTURE_DEATHS: Final = Clock(
    key=RESPONSE_CLOCKS[0],
    name="Response to a coroner’s report to prevent other deaths",
    days=56,
    counts_first_day=False,
    begins="sent",
    ends="given to the coroner",
    law="Coroners (Investigations) Regulations 2013, regulation 29",
    source="Within 56 days of the date on which the report is sent; the duty is in the Coroners and Justice Act 2009, "
    "schedule 5, paragraph 7. The coroner may extend it: then the day in the coroner’s letter holds.",
)
CLOCKS: Final = (SECTION_55, PREVENTION_OF_FUTURE_DEATHS)
"""Every clock there is. Section 55 always runs; any other runs where the installation switches it on by its key."""

_VAGUE: Final = (Precision.MONTH, Precision.YEAR)
_BY_PROGRAMME: Final = {Programme.AUDIT: None, Programme.CORONER: PREVENTION_OF_FUTURE_DEATHS}
"""Reports that section 55 is not about, and the clock they have in its place."""


def clock_of(programme: Programme, switched_on: Collection[str] = ()) -> Clock | None:
    """
    Return the clock by which a report of a series is answered; None where no law that runs here sets one.

    Args:
        switched_on: Keys of the clocks besides section 55 that run in this installation.
    """
    clock = _BY_PROGRAMME.get(programme, SECTION_55)
    return clock if clock is SECTION_55 or (clock and clock.key in switched_on) else None


def last_day_to_respond(published_on: date) -> date:
    """
    Return the last day on which comments on a report may be published.

    Args:
        published_on: Day on which the inspectorate published the report.

    Returns:
        The 56th calendar day with the day of publication as the first, so 55
        days later. Weekends and bank holidays count.

    Source:
        Police Act 1996, section 55(5A), inserted by the Policing and Crime
        Act 2017, section 37(2).
    """
    return SECTION_55.last_day(published_on)


def last_day_if_known(published_on: date | None, precision: Precision) -> date | None:
    """
    Return the last day to respond, or None where the day of publication is not known to the day.

    A month or a year of publication gives no last day: the person is asked for the day instead.
    """
    if published_on is None or precision is not Precision.DAY:
        return None
    return last_day_to_respond(published_on)


def days_left(published_on: date, today: date) -> int:
    """
    Return the calendar days left after today until the last day to respond.

    Returns:
        55 on the day of publication, 0 on the last day itself, negative once it has passed.
    """
    return (last_day_to_respond(published_on) - today).days


def day_number(published_on: date, day: date) -> int:
    """Return which day of the period this is: 1 on the day of publication, 56 on the last, more once it is over."""
    return SECTION_55.day_number(published_on, day)


def needs_warning(published_on: date, today: date) -> bool:
    """Return whether the last day is near enough to warn: 14 days ahead or fewer, or already passed."""
    return days_left(published_on, today) <= max(WARNING_DAYS)


def days_dated_after(published_on: date, dated_on: date) -> int:
    """
    Return by how many days a response is dated after the last day; 0 when it is not.

    The date on a letter need not be the day on which it went online, so say
    *dated after the last day* and not *late*.
    """
    return max(0, (dated_on - last_day_to_respond(published_on)).days)


@dataclass(frozen=True, slots=True)
class Timing:
    """
    How the answer to one report stands against its clock.

    Attributes:
        clock: None where no law that runs here sets a day.
        last_day: None as well where the day on which the clock begins is not known to the day.
        days_left: From today to the last day; negative once it has passed. None once it is answered, and without a day.
        days_late: Days after the last day on which it was answered or, while it is not, on which it is today.
        warning: The nearest of the thresholds that is reached, in days; None before the first, and once answered.
        asks_for_day: Whether somebody must find out the day on which the clock begins.
        words: All this in a sentence or two.
    """

    clock: Clock | None
    last_day: date | None = None
    days_left: int | None = None
    days_late: int = 0
    warning: int | None = None
    asks_for_day: bool = False
    words: str = ""

    @property
    def is_late(self) -> bool:
        """Tell whether it is, or was answered, after the last day."""
        return self.days_late > 0


def timing(
    clock: Clock | None,
    begins_on: date | None,
    precision: Precision,
    *,
    today: date,
    answered_on: date | None = None,
    warnings: Sequence[int] = WARNING_DAYS,
) -> Timing:
    """
    Return how an answer stands against its clock. Where only a month or a year is known, nothing is computed.

    Args:
        begins_on: The day on which the report was published or, by another clock, sent.
        answered_on: The day on which the answer was published or given; None while it is not.
        warnings: How many days ahead to warn.
    """
    if clock is None:
        return Timing(None, words="No law that runs here sets a day for an answer.")
    if begins_on is None or precision is not Precision.DAY:
        known = f" Only the {precision.word} is known." if begins_on and precision in _VAGUE else ""
        return Timing(
            clock,
            asks_for_day=True,
            words=f"Give the day on which the report was {clock.begins}: without it there is no last day.{known}",
        )
    last = clock.last_day(begins_on)
    if answered_on is not None:
        late = max(0, (answered_on - last).days)
        return Timing(clock, last, None, late, words=_answered(clock, last, answered_on))
    left = (last - today).days
    reached = min((days for days in warnings if left <= days), default=None)
    return Timing(clock, last, left, max(0, -left), reached, words=_open(clock, begins_on, last, today))


def _answered(clock: Clock, last: date, on: date) -> str:
    said = f"{clock.ends[:1].upper()}{clock.ends[1:]} on {long_date(on)}"
    days = (on - last).days
    if days > 0:
        return f"{said}, {days_words(days)} late. The last day was {long_date(last)}: {clock.rule}."
    ahead = "on the last day" if days == 0 else f"{days_words(-days)} before the last day"
    return f"{said}, {ahead}, {long_date(last)}." if days else f"{said}, {ahead}."


def _open(clock: Clock, begins_on: date, last: date, today: date) -> str:
    left = (last - today).days
    if left < 0:
        return f"{days_words(-left)} late. The last day was {long_date(last)}: {clock.rule}."
    near = {0: "Today is the last day", 1: f"Tomorrow is the last day, {long_date(last)}"}
    if begins_on > today:
        return f"It begins on {long_date(begins_on)} and ends on {long_date(last)}: {clock.rule}."
    said = near.get(left, f"{days_words(left)} left. The last day is {long_date(last)}")
    return f"{said}: {clock.rule}."
