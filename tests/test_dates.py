"""Days and moments, and how each is written."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import dates


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2023, 1, 31, 23, 59, tzinfo=UTC), date(2023, 1, 31)),
        (datetime(2023, 6, 30, 22, 59, tzinfo=UTC), date(2023, 6, 30)),
        (datetime(2023, 6, 30, 23, 0, tzinfo=UTC), date(2023, 7, 1)),
        (datetime(2023, 3, 26, 0, 59, tzinfo=UTC), date(2023, 3, 26)),
        (datetime(2023, 10, 29, 23, 59, tzinfo=UTC), date(2023, 10, 29)),
        (datetime(2023, 12, 31, 23, 59, tzinfo=UTC), date(2023, 12, 31)),
    ],
)
def test_london_day_around_midnight(moment: datetime, day: date) -> None:
    """In summer the London day turns an hour before the UTC day; in winter with it."""
    assert dates.london_day(moment) == day


def test_london_day_without_a_zone() -> None:
    """A moment with no time zone is refused rather than guessed."""
    with pytest.raises(ValueError, match="needs a time zone"):
        dates.london_day(datetime(2023, 1, 1))  # noqa: DTZ001 - the fault under test


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2023, 1, 31), datetime(2023, 2, 1, 0, tzinfo=UTC)),
        (date(2023, 6, 30), datetime(2023, 6, 30, 23, tzinfo=UTC)),
        (date(2023, 3, 25), datetime(2023, 3, 26, 0, tzinfo=UTC)),
        (date(2023, 3, 26), datetime(2023, 3, 26, 23, tzinfo=UTC)),
        (date(2023, 10, 28), datetime(2023, 10, 28, 23, tzinfo=UTC)),
        (date(2023, 10, 29), datetime(2023, 10, 30, 0, tzinfo=UTC)),
    ],
)
def test_end_of_day_across_clock_changes(day: date, end: datetime) -> None:
    """A day in London has 23, 24 or 25 hours, and ends when the next begins."""
    assert dates.end_of_day(day) == end


@given(st.dates(date(1975, 1, 1), date(2100, 1, 1)))
def test_end_of_day_is_exclusive(day: date) -> None:
    """The last second before the end is still that day; the end itself is the next."""
    end = dates.end_of_day(day)
    assert dates.london_day(end - timedelta(seconds=1)) == day
    assert dates.london_day(end) == day + timedelta(days=1)


def test_written_forms() -> None:
    """Each form is as the pages print it, without a leading nought."""
    day = date(2023, 3, 1)
    assert dates.long_date(day) == "1 March 2023"
    assert dates.short_date(day) == "1 Mar 2023"
    assert dates.day_month(day) == "1 March"
    assert dates.month_year(day) == "March 2023"
    assert dates.iso(day) == "2023-03-01"
    assert dates.iso(datetime(2023, 3, 1, 9, tzinfo=UTC)) == "2023-03-01"


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2024, 9, 27), 6, date(2025, 3, 27)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2022, 8, 31), 6, date(2023, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
        (date(2024, 1, 15), 0, date(2024, 1, 15)),
    ],
)
def test_add_months_stays_within_the_month(day: date, months: int, result: date) -> None:
    """A month is added to the month, and the day is kept or brought back to the month's last."""
    assert dates.add_months(day, months) == result


def test_words_for_numbers() -> None:
    """Numbers read as a sentence would say them."""
    assert [dates.days_words(n) for n in (0, 1, 47, 1204)] == ["0 days", "1 day", "47 days", "1,204 days"]
    assert [dates.count_word(n) for n in (0, 1, 10, 11, 5000)] == ["no", "one", "ten", "11", "5,000"]
    assert [dates.times_word(n) for n in (0, 1, 2, 3)] == ["never", "once", "twice", "3 times"]


@given(st.dates())
def test_parse_day_reads_what_is_written(day: date) -> None:
    """Every form that is printed can be typed back, to the same day."""
    slashes = f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
    for text in (dates.iso(day), dates.long_date(day), dates.short_date(day), slashes):
        assert dates.parse_day(text) == day


@pytest.mark.parametrize("text", ["  31  march\u00a02023 ", "31 MAR 2023", "31/3/2023"])
def test_parse_day_forgives_case_and_space(text: str) -> None:
    """Case, repeated and hard spaces, and a missing nought do not matter."""
    assert dates.parse_day(text) == date(2023, 3, 31)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31/03/23", "two digits"),
        ("31.03.23", "two digits"),
        ("31 Mar 23", "two digits"),
        ("03/31/2023", "no month 31"),
        ("2023-13-01", "no month 13"),
        ("29/02/2023", "February 2023 has days 1 to 28"),
        ("30 February 2024", "February 2024 has days 1 to 29"),
        ("0 March 2023", "March 2023 has days 1 to 31"),
        ("0000-01-01", "year 0"),
        ("", "A day is missing"),
        ("   ", "A day is missing"),
        ("March 2023", "not a day this reads"),
        ("31.03.2023", "not a day this reads"),
        ("2023/03/31", "not a day this reads"),
        ("2023-3-31", "not a day this reads"),
        ("20230331", "not a day this reads"),
        ("45016", "not a day this reads"),
        ("31 Marsh 2023", "not a day this reads"),
        ("31st March 2023", "not a day this reads"),
        ("2023-03-31T00:00:00", "not a day this reads"),
        ("٣١/٠٣/٢٠٢٣", "not a day this reads"),
        ("x" * 5000, "not a day this reads"),
    ],
)
def test_ambiguous_and_impossible_days_refused(text: str, said: str) -> None:
    """Anything else is refused in one short sentence that says what would be right."""
    with pytest.raises(ValueError, match=said) as caught:
        dates.parse_day(text)
    assert len(str(caught.value)) < 160
    assert str(caught.value).endswith(".")
