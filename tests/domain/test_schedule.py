from typing import Any

import pytest

from monitor.domain.schedule import DUE_SOON_DAYS, is_forecast_late, schedule_state, update_due_on
from monitor.domain.statuses import ForceReport, ScheduleState
from tests.builders import DAY, day


def state(**given: Any) -> ScheduleState:
    """Return the state today of something open for 10 days, with whatever else is said."""
    facts: dict[str, Any] = {
        "today": DAY,
        "opened_on": day(-10),
        "original": given.get("current"),
        "current": None,
        "closed_on": None,
        "force_report": ForceReport.IN_PROGRESS,
    }
    return schedule_state(**{"counts": True} | facts | given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, ScheduleState.NO_DATE_SET, id="nobody set a date"),
        pytest.param({"current": day(-1)}, ScheduleState.OVERDUE, id="the day after the target date"),
        pytest.param({"current": DAY}, ScheduleState.DUE_SOON, id="on the target date it is not late"),
        pytest.param({"current": day(1)}, ScheduleState.DUE_SOON, id="the day before the target date"),
        pytest.param({"current": day(90)}, ScheduleState.DUE_SOON, id="due in 90 days"),
        pytest.param({"current": day(91)}, ScheduleState.ON_COURSE, id="due in 91 days"),
        pytest.param(
            {"current": day(91), "original": day(-1)},
            ScheduleState.PAST_FIRST_DATE,
            id="moved: the first date has passed",
        ),
        pytest.param(
            {"current": day(91), "original": DAY},
            ScheduleState.ON_COURSE,
            id="moved: the first date is today",
        ),
        pytest.param(
            {"current": day(90), "original": day(-1)},
            ScheduleState.DUE_SOON,
            id="moved, and due soon all the same",
        ),
        pytest.param(
            {"current": day(-1), "force_report": ForceReport.COMPLETE},
            ScheduleState.OVERDUE,
            id="late stays late while it is only reported complete",
        ),
        pytest.param(
            {"current": DAY, "closed_on": DAY}, ScheduleState.CLOSED_IN_TIME, id="closed on the target date"
        ),
        pytest.param(
            {"current": day(-1), "closed_on": DAY}, ScheduleState.CLOSED_LATE, id="closed the day after"
        ),
        pytest.param({"closed_on": DAY}, ScheduleState.CLOSED_NO_DATE, id="closed without a date"),
    ],
)
def test_the_schedule_state_the_day_before_on_and_after_its_edges(
    given: dict[str, Any], expected: ScheduleState
) -> None:
    """A date is met when the thing is done on the day itself; due soon counts the ninetieth day."""
    assert state(**given) is expected


LONG_LIVED = [400] * 20
"""Twenty that each took 400 days."""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"durations": LONG_LIVED}, ScheduleState.FORECAST_LATE, id="none closed so fast"),
        pytest.param({"durations": [50] * 20}, ScheduleState.DUE_SOON, id="all closed within the days left"),
        pytest.param({"durations": [400] * 9}, ScheduleState.DUE_SOON, id="nine are too few to say"),
        pytest.param({"durations": [400] * 10}, ScheduleState.FORECAST_LATE, id="ten are enough"),
        pytest.param(
            {"durations": [50] * 4 + [400] * 16},
            ScheduleState.DUE_SOON,
            id="one in five closed within the days left",
        ),
        pytest.param(
            {"durations": [50] * 3 + [400] * 17}, ScheduleState.FORECAST_LATE, id="fewer than one in five did"
        ),
        pytest.param(
            {"durations": LONG_LIVED, "force_report": ForceReport.COMPLETE},
            ScheduleState.DUE_SOON,
            id="what is reported complete is not forecast late",
        ),
        pytest.param(
            {"durations": LONG_LIVED, "current": day(91)}, ScheduleState.ON_COURSE, id="not beyond 90 days"
        ),
    ],
)
def test_a_forecast_is_made_only_on_enough_and_only_near_the_date(
    given: dict[str, Any], expected: ScheduleState
) -> None:
    """Late is foretold when fewer than one in five of those as old closed in the days left, of at least ten."""
    assert state(**{"current": day(60)} | given) is expected


def test_a_forecast_looks_only_at_those_that_were_open_as_long() -> None:
    """Those that closed younger say nothing about one that is older by now."""
    young, old = [5] * 50, [300] * 10

    assert is_forecast_late(young + old, open_days=100, days_left=30)
    assert not is_forecast_late(young, open_days=100, days_left=30)


def test_no_history_foretells_nothing() -> None:
    """A new register has no past to judge by."""
    assert not is_forecast_late([], open_days=0, days_left=DUE_SOON_DAYS)


def test_an_update_is_due_so_many_days_after_the_last() -> None:
    """Thirty days after 4 March is 3 April."""
    assert update_due_on(DAY, 30) == day(30)
