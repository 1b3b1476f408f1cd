"""Where a recommendation stands against its dates: computed each day, never typed."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from monitor.domain.statuses import ForceReport, ScheduleState

DUE_SOON_DAYS: Final = 90
NO_UPDATE_DAYS: Final = 90
"""Open and without an update for more days than these is silent."""

FORECAST_AT_LEAST: Final = 10
FORECAST_SHARE: Final = 0.2


def schedule_state(
    *,
    counts: bool,
    today: date,
    opened_on: date,
    original: date | None,
    current: date | None,
    closed_on: date | None,
    force_report: ForceReport,
    durations: Sequence[int] = (),
) -> ScheduleState:
    """
    Return the state on a day. A date is met if the thing is done on the day itself.

    Args:
        counts: False for those addressed to others only.
        durations: Days from opening to closing of everything closed so far, ascending; what
            a forecast rests on.
    """
    if not counts:
        return ScheduleState.FOR_OTHERS
    if closed_on is not None:
        if current is None:
            return ScheduleState.CLOSED_NO_DATE
        return ScheduleState.CLOSED_IN_TIME if closed_on <= current else ScheduleState.CLOSED_LATE
    if current is None:
        return ScheduleState.NO_DATE_SET
    left = (current - today).days
    if left < 0:
        return ScheduleState.OVERDUE
    if left <= DUE_SOON_DAYS:
        claimed = force_report is ForceReport.COMPLETE
        late = not claimed and is_forecast_late(durations, open_days=(today - opened_on).days, days_left=left)
        return ScheduleState.FORECAST_LATE if late else ScheduleState.DUE_SOON
    if original is not None and original < today:
        return ScheduleState.PAST_FIRST_DATE
    return ScheduleState.ON_COURSE


def is_forecast_late(durations: Sequence[int], *, open_days: int, days_left: int) -> bool:
    """
    Tell whether fewer than one in five of those still open at this age closed within the days left.

    Args:
        durations: Days from opening to closing of everything closed so far, ascending.

    Returns:
        False, too, when fewer than ten had been open as long: that is too little to say.
    """
    as_old = len(durations) - bisect_left(durations, open_days)
    if as_old < FORECAST_AT_LEAST:
        return False
    in_time = bisect_right(durations, open_days + days_left) - bisect_left(durations, open_days)
    return in_time / as_old < FORECAST_SHARE


def update_due_on(last_update_on: date, every_days: int) -> date:
    """Return the day on which the force's next update on an open item is due."""
    return last_update_on + timedelta(days=every_days)
