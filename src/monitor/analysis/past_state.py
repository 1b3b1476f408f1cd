"""Where each recommendation stood at the end of a past day, as it is now known: no past view is built for it."""

from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from monitor.analysis.balance import spell_days
from monitor.analysis.days import ALWAYS, NEVER, Days, day_number, day_numbers, day_of, flags
from monitor.domain.schedule import schedule_state
from monitor.domain.statuses import ForceReport

COLUMNS: Final = ("reference", "is_open", "schedule_state", "days_since_update")


def state_on(
    register: pd.DataFrame,
    spells: pd.DataFrame,
    targets: pd.DataFrame,
    reports: pd.DataFrame,
    day: date,
    *,
    closings: pd.DataFrame,
) -> pd.DataFrame:
    """
    Return one row a row of the register, in its order: where it stood at the end of a day.

    Columns: `reference`; `is_open`; `schedule_state`, empty where it was not open; `days_since_update`, 0 where it
    was not open. An empty register gives no rows.

    Args:
        register: Needs `reference` and `opened_on`.
        reports: What the force had last reported by then: `reference`, `reported_on`, `force_report`; no row for nothing.
        closings: The spells on which forecasts rest, which may be those of more recommendations than are asked about.
    """
    at = day_number(day)
    places = pd.Index(register["reference"])
    opened, closed = spell_days(spells)
    is_open = np.zeros(len(places), dtype=np.bool_)
    open_then = spells["reference"][(opened <= at) & (closed > at)]
    is_open[places.get_indexer(pd.Index(open_then))] = True

    known = targets[day_numbers(targets["in_force_from"], ALWAYS) <= at]
    original = _of_each(places, known[flags(known["is_first"])], "due_on", NEVER)
    current = _of_each(places, known.sort_values("in_force_from", kind="stable"), "due_on", NEVER)
    first_day = day_numbers(register["opened_on"], ALWAYS)
    reported = _of_each(places, reports, "reported_on", ALWAYS)
    updated = np.where(reported == ALWAYS, first_day, reported)
    said = dict(zip(reports["reference"].tolist(), reports["force_report"].tolist(), strict=True))
    began, ended = spell_days(closings)
    took = np.sort((ended - began)[ended <= at]).tolist()

    states, names = [""] * len(places), places.tolist()
    for place in np.flatnonzero(is_open).tolist():
        states[place] = schedule_state(
            counts=True,
            today=day,
            opened_on=day_of(first_day[place]),
            original=_day(original[place]),
            current=_day(current[place]),
            closed_on=None,
            force_report=ForceReport(said.get(names[place], ForceReport.NOT_STARTED)),
            durations=took,
        ).value
    return pd.DataFrame(
        {
            "reference": places,
            "is_open": is_open,
            "schedule_state": states,
            "days_since_update": np.where(is_open, at - updated, 0),
        },
        columns=list(COLUMNS),
    )


def _of_each(places: "pd.Index[Any]", table: pd.DataFrame, column: str, unknown: int) -> Days:
    """Return the day that the last row of each reference has in a column, in the order of the places."""
    found = np.full(len(places), unknown, dtype=np.int64)
    last = table.drop_duplicates("reference", keep="last")
    of = places.get_indexer(pd.Index(last["reference"]))
    found[of[of >= 0]] = day_numbers(last[column], unknown)[of >= 0]
    return found


def _day(number: int) -> date | None:
    return None if number == NEVER else day_of(number)
