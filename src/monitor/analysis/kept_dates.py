"""Of what has closed: the first date, the date in force, and the day on which it closed."""

from datetime import date

import numpy as np
import pandas as pd

from monitor.analysis.days import NEVER, as_dates, day_number, day_numbers, flags
from monitor.dates import add_months


def kept_dates(register: pd.DataFrame, today: date, *, months: int = 12) -> pd.DataFrame:
    """
    Return one row a recommendation that closed in the last so many months and is closed still.

    Most days after its date first, then the most moved, then the latest closed; those without a date last.
    The day so many months ago is left out, today is counted.

    Columns: `reference`, `short_title`; `first` and `due` (the date in force when it closed; both missing
    where none was set) and `closed`, days; `days_after`, days from `due` to `closed`, negative when early,
    missing without a date; `slip`, days from `first` to `due`; `moves`, a count; `reason`, a stored value.
    Nothing closed gives no rows.
    """
    closed = day_numbers(register["closed_on"], NEVER)
    wanted = ~flags(register["is_open"]) & (closed <= day_number(today))
    wanted &= closed > day_number(add_months(today, -months))
    places = np.flatnonzero(wanted)
    closed, due = closed[places], day_numbers(register["current_target"], NEVER)[places]
    first = day_numbers(register["original_target"], NEVER)[places]
    first = np.where(first == NEVER, due, first)
    undated, after, slip = due == NEVER, closed - due, due - first
    # The last key leads: undated rows end, then lateness, slip, the latest closing, the register's order.
    order = np.lexsort((-closed, -slip, -after.clip(0), undated))
    places = places[order]
    return pd.DataFrame(
        {
            "reference": register["reference"].array.take(places),
            "short_title": register["short_title"].array.take(places),
            "first": as_dates(first[order]),
            "due": as_dates(due[order]),
            "closed": as_dates(closed[order]),
            "days_after": pd.arrays.IntegerArray(after[order], undated[order]),
            "slip": slip[order],
            "moves": register["moves"].to_numpy(dtype=np.int64)[places],
            "reason": register["closure_reason"].array.take(places),
        }
    )
