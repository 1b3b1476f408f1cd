"""
The statutory response: the days in which comments on a report must be published.

Source: Police Act 1996, section 55(5A), inserted by the Policing and Crime Act 2017, section 37(2):
before the end of the period of 56 days beginning with the day on which the report is published.
"""

from datetime import date, timedelta

from monitor.domain.statuses import Precision

PERIOD_DAYS = 56
WARNING_DAYS = (14, 7)


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
    return published_on + timedelta(days=PERIOD_DAYS - 1)


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
    return (day - published_on).days + 1


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
