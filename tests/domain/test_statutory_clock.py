"""
The clock by which a report is answered, case by case.

Source of every case but those under `OTHERS`: Police Act 1996, section 55(5A), inserted by the Policing and Crime Act
2017, section 37(2): "before the end of the period of 56 days beginning with the day on which the report is published".
The day of publication is day 1, so the last day is 55 days later; the Act knows no working days or holidays. A day is
one in London.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dates import london_day
from monitor.domain.responses import (
    CLOCKS,
    PREVENTION_OF_FUTURE_DEATHS,
    SECTION_55,
    WARNING_DAYS,
    clock_of,
    last_day_if_known,
    timing,
)
from monitor.domain.statuses import Precision, Programme
from monitor.errors import SetupError
from monitor.settings import RESPONSE_CLOCKS, Settings

# Circumstance, published, last day: counted on a calendar, one day after another.
LAST_DAYS = [
    ("any Wednesday", date(2023, 4, 5), date(2023, 5, 30)),
    ("the day before that", date(2023, 4, 4), date(2023, 5, 29)),
    ("the day after that", date(2023, 4, 6), date(2023, 5, 31)),
    ("first day of a year", date(2023, 1, 1), date(2023, 2, 25)),
    ("last day of a year", date(2022, 12, 31), date(2023, 2, 24)),
    ("last day of a leap year", date(2024, 12, 31), date(2025, 2, 24)),
    ("across the end of a year", date(2023, 12, 1), date(2024, 1, 25)),
    ("the last day is New Year’s Eve", date(2023, 11, 6), date(2023, 12, 31)),
    ("the last day is New Year’s Day", date(2023, 11, 7), date(2024, 1, 1)),
    ("the last day is Christmas Day", date(2023, 10, 31), date(2023, 12, 25)),
    ("the last day is Boxing Day", date(2023, 11, 1), date(2023, 12, 26)),
    ("the last day is Good Friday", date(2024, 2, 3), date(2024, 3, 29)),
    ("the last day is Easter Monday", date(2024, 2, 6), date(2024, 4, 1)),
    ("the last day is the early May bank holiday", date(2024, 3, 12), date(2024, 5, 6)),
    ("the last day is the August bank holiday", date(2024, 7, 2), date(2024, 8, 26)),
    ("the last day is a Saturday", date(2023, 6, 4), date(2023, 7, 29)),
    ("the last day is a Sunday", date(2023, 6, 5), date(2023, 7, 30)),
    ("published on a Saturday", date(2023, 7, 1), date(2023, 8, 25)),
    ("published on a Sunday", date(2023, 7, 2), date(2023, 8, 26)),
    ("published on Christmas Day", date(2023, 12, 25), date(2024, 2, 18)),
    ("published on a bank holiday", date(2024, 5, 6), date(2024, 6, 30)),
    ("28 February of a common year", date(2023, 2, 28), date(2023, 4, 24)),
    ("28 February of a leap year", date(2024, 2, 28), date(2024, 4, 23)),
    ("leap day", date(2024, 2, 29), date(2024, 4, 24)),
    ("the day after a leap day", date(2024, 3, 1), date(2024, 4, 25)),
    ("the last day is a leap day", date(2024, 1, 5), date(2024, 2, 29)),
    ("the last day is the day before a leap day", date(2024, 1, 4), date(2024, 2, 28)),
    ("the last day is the day after a leap day", date(2024, 1, 6), date(2024, 3, 1)),
    ("the same days without a leap day", date(2023, 1, 5), date(2023, 3, 1)),
    ("the same days without a leap day, one later", date(2023, 1, 6), date(2023, 3, 2)),
    ("a leap day inside, end of a century that has one", date(2000, 1, 31), date(2000, 3, 26)),
    ("no leap day in 2100", date(2100, 1, 31), date(2100, 3, 27)),
    ("the year 2100, late February", date(2100, 2, 28), date(2100, 4, 24)),
    ("the day on which clocks go forward", date(2023, 3, 26), date(2023, 5, 20)),
    ("the day before clocks go forward", date(2023, 3, 25), date(2023, 5, 19)),
    ("the last day is that on which clocks go forward", date(2024, 2, 5), date(2024, 3, 31)),
    ("clocks go forward inside", date(2024, 3, 1), date(2024, 4, 25)),
    ("the day on which clocks go back", date(2023, 10, 29), date(2023, 12, 23)),
    ("the day before clocks go back", date(2023, 10, 28), date(2023, 12, 22)),
    ("the last day is that on which clocks go back", date(2023, 9, 4), date(2023, 10, 29)),
    ("clocks go back inside", date(2023, 9, 30), date(2023, 11, 24)),
    ("both changes lie outside", date(2023, 5, 1), date(2023, 6, 25)),
    ("31 January", date(2023, 1, 31), date(2023, 3, 27)),
    ("30 April", date(2023, 4, 30), date(2023, 6, 24)),
    ("31 July", date(2023, 7, 31), date(2023, 9, 24)),
    ("31 August", date(2023, 8, 31), date(2023, 10, 25)),
    ("1 August", date(2023, 8, 1), date(2023, 9, 25)),
    ("end of a financial year", date(2023, 3, 31), date(2023, 5, 25)),
    ("start of a financial year", date(2023, 4, 1), date(2023, 5, 26)),
    ("the report on digital forensics", date(2022, 12, 1), date(2023, 1, 25)),
    ("the report on serious youth violence", date(2023, 3, 8), date(2023, 5, 2)),
    ("the report on group-based exploitation", date(2023, 12, 8), date(2024, 2, 1)),
]


@pytest.mark.parametrize(("circumstance", "published", "last"), LAST_DAYS, ids=lambda one: str(one))
def test_last_day(circumstance: str, published: date, last: date) -> None:
    """It is the 56th day of a calendar that begins with the day of publication."""
    stands = timing(SECTION_55, published, Precision.DAY, today=published)

    assert stands.last_day == last, circumstance
    assert stands.days_left == 55
    assert SECTION_55.day_number(published, last) == 56


# When a report came out, by the clock of a server (UTC), and the last day: London decides which day it was.
AT_A_MOMENT = [
    ("a minute before midnight, winter", datetime(2023, 1, 10, 23, 59, tzinfo=UTC), date(2023, 3, 6)),
    ("midnight, winter", datetime(2023, 1, 11, 0, 0, tzinfo=UTC), date(2023, 3, 7)),
    ("a minute before midnight in London, summer", datetime(2023, 6, 10, 22, 59, tzinfo=UTC), date(2023, 8, 4)),
    ("midnight in London, summer", datetime(2023, 6, 10, 23, 0, tzinfo=UTC), date(2023, 8, 5)),
    ("a minute before midnight by the server, summer", datetime(2023, 6, 10, 23, 59, tzinfo=UTC), date(2023, 8, 5)),
    ("just after clocks went forward", datetime(2023, 3, 26, 1, 1, tzinfo=UTC), date(2023, 5, 20)),
    ("last minute of the day on which they went forward", datetime(2023, 3, 26, 22, 59, tzinfo=UTC), date(2023, 5, 20)),
    ("the minute after that", datetime(2023, 3, 26, 23, 0, tzinfo=UTC), date(2023, 5, 21)),
    ("last minute of the day on which they went back", datetime(2023, 10, 29, 23, 59, tzinfo=UTC), date(2023, 12, 23)),
    ("last minute of a year", datetime(2023, 12, 31, 23, 59, tzinfo=UTC), date(2024, 2, 24)),
    ("last minute of a leap day", datetime(2024, 2, 29, 23, 59, tzinfo=UTC), date(2024, 4, 24)),
]  # fmt: skip


@pytest.mark.parametrize(("circumstance", "moment", "last"), AT_A_MOMENT, ids=lambda one: str(one))
def test_last_day_of_what_came_out_at_a_moment(circumstance: str, moment: datetime, last: date) -> None:
    """Half an hour before midnight is still the day before, and in summer the server is an hour behind."""
    assert SECTION_55.last_day(london_day(moment)) == last, circumstance


@pytest.mark.parametrize(
    ("known", "precision"),
    [
        (date(2020, 1, 31), Precision.MONTH),
        (date(2024, 2, 29), Precision.MONTH),
        (date(2020, 7, 31), Precision.MONTH),
        (date(2020, 12, 31), Precision.YEAR),
        (date(2023, 3, 31), Precision.UNKNOWN),
        (None, Precision.UNKNOWN),
    ],
    ids=str,
)
def test_nothing_is_computed_from_a_month(known: date | None, precision: Precision) -> None:
    """Where only a month or a year is known, or nothing, the day is asked for, and there is no last day and no lateness."""
    stands = timing(SECTION_55, known, precision, today=date(2030, 1, 1))

    assert (stands.last_day, stands.days_left, stands.days_late, stands.warning) == (None, None, 0, None)
    assert stands.asks_for_day
    assert stands.words.startswith("Give the day on which the report was published")
    assert last_day_if_known(known, precision) is None


RULE = "the day on which the report was published is the first of 56 days (Police Act 1996, section 55(5A))"
PUBLISHED, LAST = date(2023, 4, 5), date(2023, 5, 30)
# Circumstance, today, days left, days late, warning reached, and what is said.
OPEN = [
    ("the day of publication", date(2023, 4, 5), 55, 0, None, f"55 days left. The last day is 30 May 2023: {RULE}."),
    ("before the first warning", date(2023, 5, 15), 15, 0, None, f"15 days left. The last day is 30 May 2023: {RULE}."),
    ("the first warning", date(2023, 5, 16), 14, 0, 14, f"14 days left. The last day is 30 May 2023: {RULE}."),
    ("between the warnings", date(2023, 5, 22), 8, 0, 14, f"8 days left. The last day is 30 May 2023: {RULE}."),
    ("the second warning", date(2023, 5, 23), 7, 0, 7, f"7 days left. The last day is 30 May 2023: {RULE}."),
    ("the day before", date(2023, 5, 29), 1, 0, 7, f"Tomorrow is the last day, 30 May 2023: {RULE}."),
    ("the last day", date(2023, 5, 30), 0, 0, 7, f"Today is the last day: {RULE}."),
    ("the day after", date(2023, 5, 31), -1, 1, 7, f"1 day late. The last day was 30 May 2023: {RULE}."),
    ("long after", date(2024, 5, 30), -366, 366, 7, f"366 days late. The last day was 30 May 2023: {RULE}."),
    ("not published yet", date(2023, 4, 1), 59, 0, None, f"It begins on 5 April 2023 and ends on 30 May 2023: {RULE}."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("circumstance", "today", "left", "late", "warning", "said"), OPEN, ids=lambda one: str(one)[:40]
)
def test_how_it_stands_while_it_is_not_answered(
    circumstance: str, today: date, left: int, late: int, warning: int | None, said: str
) -> None:
    """Days left and days late are told, and by which rule; the last day itself is in time."""
    stands = timing(SECTION_55, PUBLISHED, Precision.DAY, today=today)

    assert (stands.last_day, stands.days_left, stands.days_late, stands.warning) == (
        LAST,
        left,
        late,
        warning,
    )
    assert stands.words == said, circumstance
    assert stands.is_late is (late > 0)


# Circumstance, published, answered, days late, what is said: as offices were seen to do it.
ANSWERED = [
    ("in time", date(2022, 12, 1), date(2023, 1, 23), 0, "Published on 23 January 2023, 2 days before the last day, 25 January 2023."),
    ("on the last day", PUBLISHED, LAST, 0, "Published on 30 May 2023, on the last day."),
    ("counted as publication + 56", PUBLISHED, date(2023, 5, 31), 1, f"Published on 31 May 2023, 1 day late. The last day was 30 May 2023: {RULE}."),
    ("the same again", date(2023, 12, 8), date(2024, 2, 2), 1, f"Published on 2 February 2024, 1 day late. The last day was 1 February 2024: {RULE}."),
    ("on the day of publication", PUBLISHED, PUBLISHED, 0, "Published on 5 April 2023, 55 days before the last day, 30 May 2023."),
    ("a year late", PUBLISHED, date(2024, 5, 30), 366, f"Published on 30 May 2024, 366 days late. The last day was 30 May 2023: {RULE}."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("circumstance", "published", "answered", "late", "said"), ANSWERED, ids=lambda one: str(one)[:40]
)
def test_how_it_stands_once_it_is_answered(
    circumstance: str, published: date, answered: date, late: int, said: str
) -> None:
    """It is late by the days after the last day, whatever today is; nothing warns any more."""
    stands = timing(SECTION_55, published, Precision.DAY, today=date(2030, 1, 1), answered_on=answered)

    assert (stands.days_late, stands.days_left, stands.warning) == (late, None, None), circumstance
    assert stands.words == said


@given(st.dates(date(2013, 1, 1), date(2090, 1, 1)), st.integers(-100, 400))
def test_left_late_and_day_number_always_fit_each_other(published: date, after: int) -> None:
    """Whatever the day: it is late from day 57 on, and never both in time and late."""
    today = published + timedelta(days=after)
    stands = timing(SECTION_55, published, Precision.DAY, today=today)

    assert stands.days_left is not None
    assert stands.days_left + SECTION_55.day_number(published, today) == 56
    assert stands.is_late is (SECTION_55.day_number(published, today) > 56)
    assert stands.warning == next((n for n in sorted(WARNING_DAYS) if stands.days_left <= n), None)


def test_warnings_are_those_that_are_set() -> None:
    """An installation that wants to hear of it three weeks ahead does."""
    on = LAST - timedelta(days=20)

    assert timing(SECTION_55, PUBLISHED, Precision.DAY, today=on, warnings=(21, 3)).warning == 21
    assert timing(SECTION_55, PUBLISHED, Precision.DAY, today=on).warning is None


# Other clocks

# "Within 56 days of the date on which the report is sent": the day of sending is not counted.
# Source: Coroners (Investigations) Regulations 2013, regulation 29. The last case is a day printed in a report.
OTHERS = [
    ("any day", date(2023, 4, 5), date(2023, 5, 31)),
    ("leap day", date(2024, 2, 29), date(2024, 4, 25)),
    ("across the end of a year", date(2023, 12, 1), date(2024, 1, 26)),
    ("the last day is Christmas Day", date(2023, 10, 30), date(2023, 12, 25)),
    ("clocks go forward inside", date(2023, 3, 25), date(2023, 5, 20)),
    ("clocks go back inside", date(2023, 10, 28), date(2023, 12, 23)),
    ("a last day as printed", date(2026, 5, 18), date(2026, 7, 13)),
]


@pytest.mark.parametrize(("circumstance", "sent", "last"), OTHERS, ids=lambda one: str(one))
def test_last_day_of_a_coroners_report(circumstance: str, sent: date, last: date) -> None:
    """It is a day later than by section 55, because the day of sending is not the first of the 56."""
    clock = clock_of(Programme.CORONER, ["prevention-of-future-deaths"])

    assert clock is PREVENTION_OF_FUTURE_DEATHS
    assert clock.last_day(sent) == last, circumstance
    assert clock.day_number(sent, last) == 56
    said = timing(clock, sent, Precision.DAY, today=last + timedelta(days=2)).words
    assert said.startswith("2 days late.")
    assert "regulation 29" in said


@pytest.mark.parametrize(
    ("programme", "switched_on", "clock"),
    [
        *((one, (), SECTION_55) for one in Programme if one not in (Programme.AUDIT, Programme.CORONER)),
        (Programme.CORONER, (), None),
        (Programme.CORONER, ("prevention-of-future-deaths",), PREVENTION_OF_FUTURE_DEATHS),
        (Programme.PEEL, ("prevention-of-future-deaths",), SECTION_55),
        (Programme.AUDIT, ("prevention-of-future-deaths",), None),
    ],
)
def test_which_clock_runs(programme: Programme, switched_on: tuple[str, ...], clock: object) -> None:
    """Section 55 always runs; a coroner's only where it is switched on; no law sets a day for an audit."""
    assert clock_of(programme, switched_on) is clock
    if clock is None:
        stands = timing(None, PUBLISHED, Precision.DAY, today=LAST)
        assert (stands.last_day, stands.days_late) == (None, 0)


@pytest.mark.parametrize(
    ("written", "warnings"), [("", (14, 7)), ("21, 3", (21, 3)), ("3,21,3", (21, 3)), ("0", (0,))]
)
def test_warnings_are_read_from_the_environment(written: str, warnings: tuple[int, ...]) -> None:
    """The most days first, each once."""
    assert Settings.from_environment({"MONITOR_RESPONSE_WARNINGS": written}).response_warnings == warnings


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("MONITOR_RESPONSE_WARNINGS", "a week"),
        ("MONITOR_RESPONSE_WARNINGS", "14;7"),
        ("MONITOR_RESPONSE_WARNINGS", "-7"),
        ("MONITOR_RESPONSE_CLOCKS", "coroner"),
    ],
)
def test_a_setting_that_would_never_warn_is_refused(name: str, written: str) -> None:
    """It says what would be right."""
    with pytest.raises(SetupError, match=name):
        Settings.from_environment({name: written})


def test_clocks_are_switched_on_by_their_key() -> None:
    """None is on by itself."""
    key = PREVENTION_OF_FUTURE_DEATHS.key
    assert Settings.from_environment({}).response_clocks == ()
    assert Settings.from_environment({"MONITOR_RESPONSE_CLOCKS": f" {key} "}).response_clocks == (key,)


def test_every_clock_has_its_source_and_each_but_one_can_be_switched_on() -> None:
    """The settings know the same keys as the rules."""
    assert tuple(one.key for one in CLOCKS if one is not SECTION_55) == RESPONSE_CLOCKS
    assert all(one.law and one.source for one in CLOCKS)
