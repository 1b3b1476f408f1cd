"""What stands in a cell: which text could run as a formula (`monitor.domain.text` has the rule), and what is empty."""

import math
from datetime import date, datetime

import numpy as np
import pandas as pd

from monitor.domain.text import could_run, guard, unguard

__all__ = ["Value", "could_run", "count_of", "day_of", "flag_of", "guard", "is_missing", "text_of", "unguard"]

Value = str | int | float | bool | date | None


def is_missing(value: object) -> bool:
    """Return whether there is nothing: None, NaN, NaT or NA. An empty text is a text."""
    if value is None or value is pd.NaT or value is pd.NA:
        return True
    if isinstance(value, float | np.floating):
        return math.isnan(value)
    return isinstance(value, np.datetime64) and bool(np.isnat(value))


def text_of(value: object) -> str | None:
    """Return the value as text that can be written as UTF-8, or None for nothing."""
    if is_missing(value):
        return None
    text = str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def day_of(value: object) -> date | None:
    """
    Return the value as a day, or None for nothing.

    Raises:
        TypeError: when it is no day; a text is not read as one.
    """
    if is_missing(value):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, np.datetime64):
        return pd.Timestamp(value).date()
    raise TypeError(f"{value!r} is not a day.")


def count_of(value: object) -> int | float | None:
    """Return the value as a number, whole where it is whole, or None for nothing and for what is not finite."""
    if is_missing(value):
        return None
    if isinstance(value, bool | np.bool_):
        return int(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        number = float(value)
        if not math.isfinite(number):
            return None
        return int(number) if number.is_integer() else number
    raise TypeError(f"{value!r} is not a number.")


def flag_of(value: object) -> bool | None:
    """Return the value as yes or no, or None for nothing."""
    if is_missing(value):
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise TypeError(f"{value!r} is neither true nor false.")
