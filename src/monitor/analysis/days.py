"""Days as whole numbers since 1 January 1970, the form in which all counting by day is done."""

from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

Days = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEVER: Final = 2**40
"""A day after every day: stands for "not yet" or "no such day"."""

ALWAYS: Final = -NEVER
"""A day before every day: stands for "unknown, but already so"."""

_EPOCH: Final = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """Return the number of days from 1 January 1970 to this day."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """Return the day with this number."""
    return date.fromordinal(int(number) + _EPOCH)


def day_numbers(column: "pd.Series[pd.Timestamp]", unknown: int) -> Days:
    """Return the days of a column as numbers, with `unknown` where a day is missing."""
    if column.dtype.kind != "M":
        column = pd.to_datetime(column)
    values = column.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(values), np.int64(unknown), values.astype(np.int64))


def as_dates(numbers: Days) -> npt.NDArray[np.datetime64]:
    """Return day numbers as numpy days in seconds, with NaT for NEVER and ALWAYS."""
    known = np.abs(numbers) < NEVER
    days = np.where(known, numbers, 0).astype("datetime64[D]").astype("datetime64[s]")
    days[~known] = np.datetime64("NaT")
    return days


def flags(column: "pd.Series[bool]") -> Flags:
    """Return a column of yes and no as numpy truth values, with missing as no."""
    if column.dtype == np.bool_:
        return column.to_numpy(dtype=np.bool_)
    return column.fillna(False).to_numpy(dtype=np.bool_)


def covered(starts: Days, stops: Days, first: int, last: int) -> Days:
    """
    Return, for each day from `first` to `last`, how many intervals [start, stop) hold it.

    One pass: a difference at each end and one running sum. An interval that stops before it
    starts holds no day.
    """
    n = last - first + 1
    real = stops > starts
    begins = np.clip(starts[real] - first, 0, n)
    ends = np.clip(stops[real] - first, 0, n)
    steps = np.bincount(begins, minlength=n + 1) - np.bincount(ends, minlength=n + 1)
    return np.cumsum(steps)[:n].astype(np.int64)


def on_days(days: Days, first: int, last: int) -> Days:
    """Return how many of these days fall on each day from `first` to `last`; others are left out."""
    inside = days[(days >= first) & (days <= last)] - first
    return np.bincount(inside, minlength=last - first + 1).astype(np.int64)
