"""The statutory response: publication is day 1, the last day is day 56."""

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.dates import london_day
from monitor.domain.responses import (
    PERIOD_DAYS,
    day_number,
    days_dated_after,
    days_left,
    last_day_if_known,
    last_day_to_respond,
    needs_warning,
)
from monitor.domain.statuses import Precision

# What offices did, and the last day in law: published, response dated, last day, days dated after it.
SEEN = [
    (date(2022, 12, 1), date(2023, 1, 23), date(2023, 1, 25), 0),
    (date(2023, 3, 8), date(2023, 4, 26), date(2023, 5, 2), 0),
    (date(2023, 4, 5), date(2023, 5, 31), date(2023, 5, 30), 1),
    (date(2023, 10, 31), date(2023, 12, 18), date(2023, 12, 25), 0),
    (date(2023, 12, 8), date(2024, 2, 2), date(2024, 2, 1), 1),
]


@pytest.mark.parametrize(("published", "dated", "last", "after"), SEEN)
def test_responses_seen_in_public(published: date, dated: date, last: date, after: int) -> None:
    """Two of the five offices counted publication + 56 and were dated a day after the last day."""
    assert last_day_to_respond(published) == last
    assert days_dated_after(published, dated) == after


@pytest.mark.parametrize(
    ("circumstance", "published", "last"),
    [
        ("first sample report", date(2021, 7, 29), date(2021, 9, 22)),
        ("second sample report", date(2020, 1, 10), date(2020, 3, 5)),
        ("third sample report", date(2022, 8, 11), date(2022, 10, 5)),
        ("fourth sample report", date(2019, 5, 2), date(2019, 6, 26)),
        ("fifth sample report", date(2020, 7, 9), date(2020, 9, 2)),
        ("Christmas Day counts", date(2023, 10, 31), date(2023, 12, 25)),
        ("across a leap day", date(2024, 1, 5), date(2024, 2, 29)),
        ("published on a leap day", date(2024, 2, 29), date(2024, 4, 24)),
        ("the same month without a leap day", date(2023, 1, 5), date(2023, 3, 1)),
        ("across the end of a year", date(2023, 12, 1), date(2024, 1, 25)),
        ("last day of a year", date(2023, 11, 6), date(2023, 12, 31)),
        ("clocks go forward inside the period", date(2023, 3, 25), date(2023, 5, 19)),
        ("clocks go back inside the period", date(2023, 10, 28), date(2023, 12, 22)),
        ("ends on a Sunday", date(2023, 6, 5), date(2023, 7, 30)),
    ],
)
def test_last_day_to_respond(circumstance: str, published: date, last: date) -> None:
    """Calendar days are counted, whatever falls among them."""
    assert last_day_to_respond(published) == last, circumstance


def test_statutory_day_table() -> None:
    """On 250 days spread over eleven years the last day is the 56th of a list that starts with publication."""
    for step in range(250):
        published = date(2016, 1, 1) + timedelta(days=step * 16)
        listed = [published]
        while len(listed) < PERIOD_DAYS:
            listed.append(listed[-1] + timedelta(days=1))
        assert last_day_to_respond(published) == listed[-1]
        assert day_number(published, listed[-1]) == PERIOD_DAYS


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        (datetime(2023, 5, 29, 23, 1, tzinfo=UTC), 0),
        (datetime(2023, 5, 30, 22, 59, tzinfo=UTC), 0),
        (datetime(2023, 5, 30, 23, 1, tzinfo=UTC), -1),
        (datetime(2023, 5, 29, 22, 59, tzinfo=UTC), 1),
    ],
)
def test_days_left_a_minute_from_midnight(moment: datetime, left: int) -> None:
    """The last day runs from 00:00 to 23:59 in London, not in UTC."""
    assert days_left(date(2023, 4, 5), london_day(moment)) == left


def test_days_left_before_on_and_after_the_last_day() -> None:
    """The last day itself has none left and is still in time."""
    published, last = date(2023, 4, 5), date(2023, 5, 30)
    assert days_left(published, published) == 55
    assert [days_left(published, last + timedelta(days=n)) for n in (-1, 0, 1)] == [1, 0, -1]
    assert [days_dated_after(published, last + timedelta(days=n)) for n in (-1, 0, 1)] == [0, 0, 1]


def test_needs_warning_from_fourteen_days() -> None:
    """The warning starts 14 days ahead and stays."""
    published, last = date(2023, 4, 5), date(2023, 5, 30)
    assert [needs_warning(published, last - timedelta(days=n)) for n in (15, 14, 7, 0, -3)] == [
        False,
        True,
        True,
        True,
        True,
    ]


@pytest.mark.parametrize("precision", [Precision.MONTH, Precision.YEAR, Precision.UNKNOWN])
def test_no_last_day_from_a_month(precision: Precision) -> None:
    """A publication known by its month or year gives no last day."""
    assert last_day_if_known(date(2020, 1, 31), precision) is None
    assert last_day_if_known(None, Precision.UNKNOWN) is None
    assert last_day_if_known(date(2020, 1, 10), Precision.DAY) == date(2020, 3, 5)
