from datetime import date, datetime
from typing import Any

import pytest

from monitor.domain.inspections import check_inspection, is_yet_to_come
from monitor.domain.statuses import Precision
from monitor.errors import RuleError
from tests.builders import an_inspection


@pytest.mark.parametrize(
    ("on", "precision", "words"),
    [
        pytest.param(date(2024, 3, 4), Precision.DAY, "4 March 2024", id="a day"),
        pytest.param(date(2024, 3, 31), Precision.MONTH, "March 2024", id="a month is said as a month"),
        pytest.param(date(2024, 12, 31), Precision.YEAR, "2024", id="a year is said as a year"),
        pytest.param(None, Precision.UNKNOWN, "day of publication not stated", id="nothing known"),
    ],
)
def test_publication_is_said_as_exactly_as_it_is_known(
    on: date | None, precision: Precision, words: str
) -> None:
    """No false precision: the day kept for a month or a year is never shown."""
    assert an_inspection(published_on=on, published_precision=precision).published_words == words


@pytest.mark.parametrize(
    ("on", "precision", "last"),
    [
        pytest.param(date(2024, 3, 4), Precision.DAY, date(2024, 4, 28), id="a day gives the 56th"),
        pytest.param(date(2024, 3, 31), Precision.MONTH, None, id="a month gives none"),
        pytest.param(None, Precision.UNKNOWN, None, id="nothing known gives none"),
    ],
)
def test_the_last_day_to_respond_is_told_only_where_the_day_is_known(
    on: date | None, precision: Precision, last: date | None
) -> None:
    """A statutory day is never counted from a guess."""
    assert an_inspection(published_on=on, published_precision=precision).last_day_to_respond == last


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="a day"),
        pytest.param(
            {"published_on": date(2024, 2, 29), "published_precision": Precision.MONTH},
            id="the last of February in a leap year",
        ),
        pytest.param(
            {"published_on": date(2023, 12, 31), "published_precision": Precision.YEAR},
            id="the last of a year",
        ),
        pytest.param(
            {"published_on": date.max, "published_precision": Precision.YEAR}, id="the last day there is"
        ),
        pytest.param({"published_on": None, "published_precision": Precision.UNKNOWN}, id="nothing known"),
        pytest.param({"stated_count": 0}, id="a report that says it holds none"),
    ],
)
def test_a_report_whose_facts_fit_is_kept(given: dict[str, Any]) -> None:
    """The check does nothing for what can be kept."""
    check_inspection(an_inspection(**given))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"title": "  "}, "has no title", id="no title"),
        pytest.param({"published_on": None}, "do not fit", id="a precision without a date"),
        pytest.param(
            {"published_precision": Precision.UNKNOWN}, "do not fit", id="a date without a precision"
        ),
        pytest.param(
            {"published_on": date(2024, 2, 28), "published_precision": Precision.MONTH},
            "the last day of it",
            id="a month, but not its last day",
        ),
        pytest.param(
            {"published_on": date(2024, 6, 30), "published_precision": Precision.YEAR},
            "the last day of it",
            id="a year, but the last day of June",
        ),
        pytest.param({"stated_count": -1}, "fewer than no", id="a count below nothing"),
        pytest.param(
            {"embargo_until": datetime(2024, 3, 5, 0, 1)},  # noqa: DTZ001
            "time zone",
            id="an embargo without a time zone",
        ),
    ],
)
def test_a_report_whose_facts_do_not_fit_is_refused(given: dict[str, Any], said: str) -> None:
    """The message says which fact, and what would be right."""
    with pytest.raises(RuleError, match=said):
        check_inspection(an_inspection(**given))


@pytest.mark.parametrize(
    ("on", "precision", "today", "ahead"),
    [
        pytest.param(date(2024, 3, 5), Precision.DAY, date(2024, 3, 4), True, id="tomorrow"),
        pytest.param(date(2024, 3, 4), Precision.DAY, date(2024, 3, 4), False, id="today"),
        pytest.param(
            date(2024, 3, 31), Precision.MONTH, date(2024, 3, 4), False, id="some day of this month"
        ),
        pytest.param(
            date(2024, 4, 30), Precision.MONTH, date(2024, 3, 31), True, id="some day of next month"
        ),
        pytest.param(date(2024, 12, 31), Precision.YEAR, date(2024, 1, 1), False, id="some day of this year"),
        pytest.param(None, Precision.UNKNOWN, date(2024, 3, 4), False, id="nobody knows"),
    ],
)
def test_a_report_is_yet_to_come_only_when_no_day_of_its_month_or_year_has_come(
    on: date | None, precision: Precision, today: date, ahead: bool
) -> None:
    """A report known to be of this month may be out already, although the day kept is the month's last."""
    assert is_yet_to_come(an_inspection(published_on=on, published_precision=precision), today) is ahead
