"""How many may close by a day, if the coming weeks are like the last 52: replays, or a plain refusal."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitor.analysis.balance import spell_days
from monitor.analysis.days import Days, day_number

REPLAYS: Final = 2_000
WEEKS_BACK: Final = 52
FEWEST_CLOSINGS: Final = 6
"""Fewer closings than this in the last 12 months are too little to go on."""

PERCENTILES: Final = (10, 25, 50, 75, 90)
DEFAULT_SEED: Final = 20_230_116


@dataclass(frozen=True, slots=True)
class Forecast:
    """
    What the replays hold.

    `fan` has one row a week ahead, the first today and the last the day asked for: `days_ahead`, then
    `p10` to `p90`, closings from now on, smoothed for drawing. `low`, `middle` and `high` are whole
    closings by the last day: 8 in 10 replays lie from `low` to `high`.
    """

    fan: pd.DataFrame
    low: int
    middle: int
    high: int
    closings: int
    replays: int = REPLAYS


@dataclass(frozen=True, slots=True)
class TooLittle:
    """A forecast that rests on too little and so shows nothing."""

    closings: int

    def words(self) -> str:
        """Return "Too few closings to forecast: 3 in 12 months"."""
        return f"Too few closings to forecast: {self.closings} in 12 months"


def closings_by_week(spells: pd.DataFrame, today: date, weeks: int = WEEKS_BACK) -> Days:
    """Return how many closed in each of the last weeks, oldest first; the last seven days end today."""
    _, closed = spell_days(spells)
    weeks_ago = (day_number(today) - closed) // 7
    inside = weeks_ago[(weeks_ago >= 0) & (weeks_ago < weeks)]
    return np.bincount(weeks - 1 - inside, minlength=weeks).astype(np.int64)


def closing_fan(
    closings: npt.NDArray[np.int64], horizon_days: int, open_now: int, seed: int = DEFAULT_SEED
) -> Forecast | TooLittle:
    """
    Return what 2,000 replays of past weeks say of the days ahead, or that there is too little to go on.

    Each replay draws whole past weeks at random, with repetition; a last part of a week keeps each
    closing of its week with the share of days it holds. No replay closes more than are open. The
    same closings, horizon and seed give the same figures.

    Args:
        closings: Closings in each past week, as `closings_by_week` gives them.
        horizon_days: Days from today to the day asked for; 0 or fewer gives nothing more to close.
        open_now: How many are open today.
        seed: Starts the draws.
    """
    total = int(closings.sum())
    if total < FEWEST_CLOSINGS:
        return TooLittle(total)
    horizon = max(horizon_days, 0)
    whole, rest = divmod(horizon, 7)
    days = np.array([*range(0, 7 * whole + 1, 7), *([horizon] if rest else [])], dtype=np.int64)
    rng = np.random.default_rng(seed)
    drawn = closings[rng.integers(0, len(closings), size=(REPLAYS, len(days) - 1))]
    if rest:
        drawn[:, -1] = rng.binomial(drawn[:, -1], rest / 7)
    ahead = np.zeros((REPLAYS, len(days)), dtype=np.int64)
    np.cumsum(drawn, axis=1, out=ahead[:, 1:])
    np.minimum(ahead, open_now, out=ahead)

    low, middle, high = (
        int(value) for value in np.percentile(ahead[:, -1], (10, 50, 90), method="inverted_cdf")
    )
    return Forecast(_smooth_fan(ahead, days, open_now, rng), low, middle, high, total)


def _smooth_fan(
    ahead: npt.NDArray[np.int64], days: Days, open_now: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the percentiles week by week; half a closing of jitter smooths the whole numbers."""
    spread = ahead + rng.uniform(-0.5, 0.5, size=ahead.shape)
    spread[:, 0] = 0.0
    lines = np.percentile(spread, PERCENTILES, axis=0)
    lines = np.clip(np.maximum.accumulate(lines, axis=1), 0, open_now)
    return pd.DataFrame(
        {"days_ahead": days} | {f"p{percent}": line for percent, line in zip(PERCENTILES, lines, strict=True)}
    )
