"""The first, the current and the actual date of each recommendation."""

import numpy as np
import pandas as pd

from monitor.analysis.days import NEVER, day_numbers, flags


def dates_of(register: pd.DataFrame) -> pd.DataFrame:
    """
    Return one row a recommendation with a date, by current date, then by first date, the earliest first.

    Columns: `reference`, `short_title`; `first`, `current` and `actual` (the day it closed, missing while
    open), days; `moves`, `days_slipped`, `days_late`, counts; `is_open`. Those without a date are left out.
    """
    dated = register[register["current_target"].notna()]
    table = dated[
        [
            "reference",
            "short_title",
            "original_target",
            "current_target",
            "closed_on",
            "moves",
            "days_slipped",
            "days_late",
            "is_open",
        ]
    ].rename(columns={"original_target": "first", "current_target": "current", "closed_on": "actual"})
    table["first"] = table["first"].fillna(table["current"])
    return table.sort_values(["current", "first", "reference"], kind="stable", ignore_index=True)


def moved_dates(register: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `dates_of` that are open and whose date has moved at least once."""
    moved = register["moves"].to_numpy(dtype=np.int64) > 0
    return dates_of(register[flags(register["is_open"]) & moved])


def target_history(targets: pd.DataFrame, reference: str) -> pd.DataFrame:
    """
    Return one row a date that was in force for one recommendation, in the order in which they were set.

    Columns: `in_force_from` and `due_on`, days; `days_moved` from the date before it, missing for the first.
    Spells without a date are left out; a recommendation without dates gives no rows.
    """
    rows = targets[(targets["reference"] == reference) & targets["due_on"].notna()]
    rows = rows.sort_values("in_force_from", kind="stable", na_position="first", ignore_index=True)
    due = day_numbers(rows["due_on"], NEVER)
    moved = pd.Series(due, dtype="Int64").diff()
    return rows[["in_force_from", "due_on"]].assign(days_moved=moved)
