"""A forecast that can be repeated, or a plain refusal."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.forecast import Forecast, TooLittle, closing_fan, closings_by_week
from tests.analysis.strategies import day, spells_frame


def weeks(*closings: int) -> "np.typing.NDArray[np.int64]":
    """Return 52 weeks, the last ones as given."""
    return np.array([0] * (52 - len(closings)) + list(closings), dtype=np.int64)


def test_weeks_end_today_and_reach_back_52() -> None:
    """Today and the six days before are the last week; the day after 52 weeks is left out."""
    spells = spells_frame(
        [("A", 0, 400, False), ("B", 0, 394, False), ("C", 0, 393, False), ("D", 0, 36, False)]
    )
    made = closings_by_week(spells, day(400))
    assert len(made) == 52
    assert made[-2:].tolist() == [1, 2]
    assert made.sum() == 3


@pytest.mark.parametrize("closings", [0, 3, 5])
def test_too_few_closings_show_nothing(closings: int) -> None:
    """Fewer than six in 12 months refuse, and say how many there were."""
    made = closing_fan(weeks(closings), 74, 20)
    assert made == TooLittle(closings)
    assert made.words() == f"Too few closings to forecast: {closings} in 12 months"


def test_the_same_question_has_the_same_answer() -> None:
    """The seed is fixed, so a chart can be made again."""
    one, two = (closing_fan(weeks(2, 0, 3, 1, 0, 2), 74, 20) for _ in range(2))
    assert isinstance(one, Forecast)
    assert isinstance(two, Forecast)
    assert one.fan.equals(two.fan)
    assert (one.low, one.middle, one.high) == (two.low, two.middle, two.high)


def test_a_steady_pace_is_carried_on() -> None:
    """One a week for ten weeks ahead is ten, with nothing to spread."""
    made = closing_fan(np.ones(52, dtype=np.int64), 70, 50)
    assert isinstance(made, Forecast)
    assert (made.low, made.middle, made.high) == (10, 10, 10)


@given(
    closings=st.lists(st.integers(0, 9), min_size=52, max_size=52),
    horizon=st.integers(-5, 200),
    open_now=st.integers(0, 60),
)
def test_a_fan_never_narrows_falls_or_exceeds_what_is_open(
    closings: list[int], horizon: int, open_now: int
) -> None:
    """The percentiles keep their order, rise with time, start at nought and stop at what is open."""
    made = closing_fan(np.array(closings, dtype=np.int64), horizon, open_now)
    if isinstance(made, TooLittle):
        assert sum(closings) < 6
        return
    lines = made.fan[["p10", "p25", "p50", "p75", "p90"]].to_numpy()
    assert (np.diff(lines, axis=1) >= 0).all()
    assert (np.diff(lines, axis=0) >= 0).all()
    assert (lines[0] == 0).all()
    assert lines.max() <= open_now
    assert made.fan["days_ahead"].iloc[-1] == max(horizon, 0)
    assert 0 <= made.low <= made.middle <= made.high <= open_now
