"""Working days: every bank holiday that has moved, been added or fallen on a weekend, and the days around it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import working_days
from monitor.working_days import is_working_day, working_days_before

DAYS = [
    # An ordinary week
    ("2024-02-16", True, "a Friday"),
    ("2024-02-17", False, "a Saturday"),
    ("2024-02-18", False, "a Sunday"),
    ("2024-02-19", True, "a Monday"),
    ("2024-02-29", True, "a leap day, a Thursday"),
    # Easter
    ("2024-03-28", True, "Maundy Thursday"),
    ("2024-03-29", False, "Good Friday"),
    ("2024-04-01", False, "Easter Monday"),
    ("2024-04-02", True, "Tuesday after Easter"),
    ("2019-04-19", False, "Good Friday, late in April"),
    ("2027-03-26", False, "Good Friday, to come"),
    # May
    ("2019-05-06", False, "early May bank holiday"),
    ("2020-05-04", True, "the Monday from which it was moved in 2020"),
    ("2020-05-08", False, "the Friday to which it was moved, for VE Day"),
    ("2022-05-30", True, "the Monday from which the spring bank holiday was moved in 2022"),
    ("2022-06-02", False, "the Thursday to which it was moved"),
    ("2022-06-03", False, "the Queen's Platinum Jubilee"),
    ("2022-09-19", False, "the Queen's funeral"),
    ("2022-09-20", True, "the day after it"),
    ("2023-05-01", False, "early May bank holiday of the year of the coronation"),
    ("2023-05-08", False, "the coronation"),
    ("2023-05-29", False, "spring bank holiday of that year"),
    ("2024-05-08", True, "the same day a year later"),
    # August
    ("2023-08-28", False, "late summer bank holiday of England and Wales"),
    ("2023-08-07", True, "the summer bank holiday of Scotland"),
    # Days of other nations
    ("2023-03-17", True, "St Patrick's Day"),
    ("2023-07-12", True, "the Battle of the Boyne"),
    ("2023-11-30", True, "St Andrew's Day"),
    # Christmas and the new year
    ("2018-12-24", True, "Christmas Eve"),
    ("2018-12-25", False, "Christmas Day on a Tuesday"),
    ("2018-12-26", False, "Boxing Day on a Wednesday"),
    ("2020-12-28", False, "the Monday for Boxing Day on a Saturday"),
    ("2021-12-27", False, "the Monday for Christmas Day on a Saturday"),
    ("2021-12-28", False, "the Tuesday for Boxing Day on a Sunday"),
    ("2021-12-29", True, "the Wednesday after both"),
    ("2022-12-27", False, "the Tuesday for Christmas Day on a Sunday"),
    ("2022-12-28", True, "the Wednesday after it"),
    ("2021-12-31", True, "New Year's Eve"),
    ("2022-01-03", False, "the Monday for New Year's Day on a Saturday"),
    ("2023-01-02", False, "the Monday for New Year's Day on a Sunday"),
    ("2024-01-02", True, "the second of January, a holiday in Scotland alone"),
    ("2028-01-03", False, "the Monday for New Year's Day on a Saturday, to come"),
]


@pytest.mark.parametrize(("on", "works", "what"), DAYS, ids=[what for _, _, what in DAYS])
def test_a_day_is_a_working_day_or_not(on: str, works: bool, what: str) -> None:
    """As the calendar published for England and Wales has it."""
    assert is_working_day(date.fromisoformat(on)) is works, what


BACK = [
    ("2024-02-21", 5, "2024-02-14", "a Wednesday: the Wednesday before"),
    ("2024-02-19", 5, "2024-02-12", "a Monday: the Monday before"),
    ("2024-02-18", 5, "2024-02-12", "a Sunday: counted from the Friday"),
    ("2024-02-21", 1, "2024-02-20", "one day"),
    ("2024-02-19", 1, "2024-02-16", "one day, over a weekend"),
    ("2024-02-21", 0, "2024-02-21", "none"),
    ("2024-02-18", 0, "2024-02-18", "none, from a Sunday"),
    ("2024-03-06", 5, "2024-02-28", "over a leap day"),
    ("2024-04-03", 5, "2024-03-25", "over Easter"),
    ("2022-06-08", 5, "2022-05-30", "over the four days of the Jubilee"),
    ("2022-09-21", 5, "2022-09-13", "over the Queen's funeral"),
    ("2023-05-10", 5, "2023-05-02", "over the coronation"),
    ("2021-12-29", 5, "2021-12-20", "over Christmas on a weekend"),
    ("2023-01-04", 5, "2022-12-23", "over Christmas and the new year"),
    ("2022-01-05", 5, "2021-12-24", "over the year's end, with four days in lieu"),
    ("2023-01-18", 5, "2023-01-11", "the next Conference of the demonstration"),
]


@pytest.mark.parametrize(("on", "n", "before", "what"), BACK, ids=[what for *_, what in BACK])
def test_working_days_are_counted_back(on: str, n: int, before: str, what: str) -> None:
    """The day itself does not count; weekends and bank holidays do not either."""
    assert working_days_before(date.fromisoformat(on), n) == date.fromisoformat(before), what


@settings(max_examples=60)
@given(
    day=st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    n=st.integers(min_value=1, max_value=30),
)
def test_exactly_n_working_days_lie_between(day: date, n: int) -> None:
    """From the day found up to the day before: n working days, the first of them the one found."""
    found = working_days_before(day, n)

    between = [found + timedelta(days=i) for i in range((day - found).days)]
    assert is_working_day(found)
    assert sum(map(is_working_day, between)) == n


def test_days_are_not_counted_back_below_none() -> None:
    """A slip of the caller, so no message for people."""
    with pytest.raises(ValueError, match="cannot be counted back"):
        working_days_before(date(2024, 2, 21), -1)


def test_england_and_wales_have_the_same_bank_holidays() -> None:
    """So that asking for England's answers for both."""
    years = range(1990, 2040)

    assert set(country_holidays("GB", subdiv="ENG", years=years)) == set(
        country_holidays("GB", subdiv="WLS", years=years)
    )


def test_people_who_ask_at_once_all_get_the_whole_year() -> None:
    """A year that somebody else is just filling is not half full for others."""
    working_days._bank_holidays.cache_clear()
    asked = [date(2001, 12, 25) + timedelta(days=365 * n + n // 4) for n in range(20)] * 3
    expected = [day.weekday() < 5 and day not in country_holidays("GB", subdiv="ENG") for day in asked]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(is_working_day, asked)) == expected
