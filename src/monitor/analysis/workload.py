"""Who has how much of it."""

from typing import Final, Literal

import numpy as np
import pandas as pd

from monitor.analysis.days import flags

SOON_DAYS: Final = 90
NOBODY: Final = {"owner": "No owner recorded", "board": "No board recorded"}


def workload(register: pd.DataFrame, by: Literal["owner", "board"]) -> pd.DataFrame:
    """
    Return one row an owner or a board with something open; most late first, then most open, then by name.

    Columns: `name`; `open`, `late` and `due_90` (due within 90 days, today and the last day included, and
    not late), counts. A blank name becomes "No owner recorded". Nothing open gives no rows.
    """
    is_open = flags(register["is_open"])
    names = register[by].to_numpy(object)[is_open]
    late = register["days_late"].to_numpy(dtype=np.int64)[is_open] > 0
    ahead = register["days_to_target"].to_numpy(dtype=np.float64, na_value=np.nan)[is_open]
    soon = (ahead >= 0) & (ahead <= SOON_DAYS)
    codes, found = pd.factorize(np.array([str(name or "").strip() or NOBODY[by] for name in names], object))
    many = len(found)
    table = pd.DataFrame(
        {
            "name": found,
            "open": np.bincount(codes, minlength=many),
            "late": np.bincount(codes[late], minlength=many),
            "due_90": np.bincount(codes[soon], minlength=many),
        }
    )
    return table.sort_values(
        ["late", "open", "name"], ascending=[False, False, True], kind="stable", ignore_index=True
    )
