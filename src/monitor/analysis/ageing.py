"""How long the open ones have been open."""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from monitor.analysis.days import ALWAYS, day_number, day_numbers, flags

AGE_BANDS: Final = (
    ("0 to 90 days", 90),
    ("91 to 180", 180),
    ("181 to 365", 365),
    ("1 to 2 years", 730),
    ("Over 2 years", None),
)
NOT_KNOWN: Final = "Not known"


def age_bands(register: pd.DataFrame, today: date) -> pd.DataFrame:
    """
    Return one row a band of age, youngest first, whose counts sum to what is open.

    Columns: `band`; `open` and `late`, counts. Age is the days from opening to today; two years are 730
    days. A last row "Not known" stands only where the day of opening is unknown. Nothing open gives
    noughts.
    """
    is_open = flags(register["is_open"])
    opened = day_numbers(register["opened_on"], ALWAYS)[is_open]
    late = register["days_late"].to_numpy(dtype=np.int64)[is_open] > 0
    age = day_number(today) - opened
    edges = np.array([limit for _, limit in AGE_BANDS if limit is not None])
    band = np.where(opened == ALWAYS, len(AGE_BANDS), np.searchsorted(edges, age, side="left"))
    names = [name for name, _ in AGE_BANDS]
    if (band == len(AGE_BANDS)).any():
        names.append(NOT_KNOWN)
    return pd.DataFrame(
        {
            "band": names,
            "open": np.bincount(band, minlength=len(names)),
            "late": np.bincount(band[late], minlength=len(names)),
        }
    )
