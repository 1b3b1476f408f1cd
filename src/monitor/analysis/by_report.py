"""How far each report has come toward its target dates."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from monitor.analysis.balance import spell_days
from monitor.analysis.days import ALWAYS, NEVER, Days, as_dates, day_numbers, flags
from monitor.analysis.workload import SOON_DAYS


def by_report(register: pd.DataFrame) -> pd.DataFrame:
    """
    Return one row a report; most late first, then the nearest date ahead, then most open, then by name.

    Columns: `inspection_id`, `name`, `service`, `published_on` (missing where unknown), `published_precision`; `listed`,
    `closed`, `open`, `late` and `due_90` (due within 90 days, today and the last day included), counts, of
    which listed is closed and open together; `next_target`, the nearest date ahead of its open ones, missing
    where there is none; `most_due_on`, the day by which more than half of its open ones are due, past or
    ahead, missing where so many have no date or nothing is open. Two reports of one name stay two. Nothing
    listed gives no rows.
    """
    is_open = flags(register["is_open"])
    late = register["days_late"].to_numpy(dtype=np.int64) > 0
    left = register["days_to_target"].to_numpy(dtype=np.float64, na_value=np.nan)
    ahead = is_open & (left >= 0)
    due = day_numbers(register["current_target"], NEVER)
    ids, begins, codes = np.unique(
        register["inspection_id"].to_numpy(dtype=np.int64), return_index=True, return_inverse=True
    )
    many = len(ids)
    listed, still_open = np.bincount(codes, minlength=many), np.bincount(codes[is_open], minlength=many)
    next_target = np.full(many, NEVER, dtype=np.int64)
    np.minimum.at(next_target, codes[ahead], due[ahead])
    late_each = np.bincount(codes[is_open & late], minlength=many)
    names = register["inspection"].array.take(begins)
    # The last key leads; equals keep the order of their numbers.
    order = np.lexsort((np.asarray(names, dtype=np.str_), -still_open, next_target, -late_each))
    begins = begins[order]
    return pd.DataFrame(
        {
            "inspection_id": ids[order],
            "name": names.take(order),
            "service": register["service"].array.take(begins),
            "published_on": register["published_on"].to_numpy()[begins],
            "published_precision": register["published_precision"].array.take(begins),
            "listed": listed[order],
            "closed": (listed - still_open)[order],
            "open": still_open[order],
            "late": late_each[order],
            "due_90": np.bincount(codes[ahead & (left <= SOON_DAYS)], minlength=many)[order],
            "next_target": as_dates(next_target[order]),
            "most_due_on": as_dates(_most_due(codes[is_open], due[is_open], still_open)[order]),
        }
    )


def _most_due(codes: Days, due: Days, many: Days) -> Days:
    """Return, for each group, the first day by which more than half of its rows are due; NEVER for none."""
    order = np.lexsort((due, codes))
    middle = np.cumsum(many) - many + many // 2
    found = np.full(len(many), NEVER, dtype=np.int64)
    some = many > 0
    found[some] = due[order][middle[some]]
    return found


def closed_steps(
    register: pd.DataFrame, spells: pd.DataFrame, reports: Sequence[int]
) -> list[tuple[Days, Days]]:
    """
    Return, for each of these reports, the days on which its number of closed changed and what it then was.

    The first day is that on which the first of it opened, with none closed; ALWAYS where it is not known.
    Closed is a state, not a sum of closings: one that opens again no longer counts. A report without spells
    gives no days.
    """
    opened, closed = spell_days(spells)
    again = flags(spells["is_reopening"])
    places = pd.Index(register["reference"]).get_indexer(pd.Index(spells["reference"]))
    ids = register["inspection_id"].to_numpy(dtype=np.int64)
    report = np.where(places >= 0, ids[places], -1) if len(ids) else np.full(len(places), -1)
    made = []
    for wanted in reports:
        mine = report == wanted
        if not mine.any():
            made.append((np.array([], dtype=np.int64), np.array([], dtype=np.int64)))
            continue
        shut, open_again = closed[mine & (closed < NEVER)], opened[mine & again]
        days = np.concatenate([[max(int(opened[mine].min()), ALWAYS)], shut, open_again])
        changes = np.repeat([0, 1, -1], [1, len(shut), len(open_again)])
        on, place = np.unique(days, return_inverse=True)
        changed = np.zeros(len(on), dtype=np.int64)
        np.add.at(changed, place, changes)
        made.append((on, changed.cumsum()))
    return made
