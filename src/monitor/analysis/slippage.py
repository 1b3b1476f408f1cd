"""How far dates have moved from the date first set."""

from typing import Final

import numpy as np
import pandas as pd

from monitor.analysis.days import NEVER, day_numbers, flags

SLIP_BANDS: Final = (("1 to 90 days", 90), ("91 to 180", 180), ("181 to 365", 365), ("Over a year", None))
NOT_MOVED: Final = "Not moved"
NOT_LATER: Final = "Moved, not later"
NO_DATE: Final = "No date set"


def slip_bands(register: pd.DataFrame) -> pd.DataFrame:
    """
    Return one row a band of days between first and current date, whose counts sum to what is open.

    Columns: `band`; `open`, a count; `least_days`, the fewest days of slip in the band (0 where it has
    not slipped). Rows "Moved, not later" and "No date set" stand only where there are some. Nothing
    open gives noughts.
    """
    is_open = flags(register["is_open"])
    slip = register["days_slipped"].to_numpy(dtype=np.int64)[is_open]
    moved = register["moves"].to_numpy(dtype=np.int64)[is_open] > 0
    dated = day_numbers(register["current_target"], NEVER)[is_open] < NEVER
    edges = np.array([limit for _, limit in SLIP_BANDS if limit is not None])
    band = np.searchsorted(edges, slip, side="left") + 1
    band[slip <= 0] = 0
    band[(slip <= 0) & moved] = 5
    band[~dated] = 6
    names = [NOT_MOVED, *(name for name, _ in SLIP_BANDS), NOT_LATER, NO_DATE]
    least = [0, 1, *(int(edge) + 1 for edge in edges), 0, 0]
    table = pd.DataFrame({"band": names, "open": np.bincount(band, minlength=7), "least_days": least})
    return table[(table.index < 5) | (table["open"] > 0)].reset_index(drop=True)
