"""Spells and target dates of any shape, for properties that must hold for all of them."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import strategies as st

EPOCH = date(2022, 1, 1)
SPAN = 120

Spell = tuple[str, int, int | None, bool]
Target = tuple[str, int, int | None, bool]

references = st.sampled_from(["CC-001", "CC-002", "CC-003", "CC-004"])
offsets = st.integers(0, SPAN)
days = offsets.map(lambda n: EPOCH + timedelta(days=n))


@st.composite
def spell_rows(draw: st.DrawFn) -> list[Spell]:
    """Return spells of being open; those of one recommendation follow one another."""
    rows: list[Spell] = []
    for reference in ["CC-001", "CC-002", "CC-003", "CC-004"]:
        marks = sorted(draw(st.lists(offsets, max_size=5)))
        for position in range(0, len(marks), 2):
            closed = marks[position + 1] if position + 1 < len(marks) else None
            rows.append((reference, marks[position], closed, position > 0))
    return draw(st.permutations(rows))


@st.composite
def target_rows(draw: st.DrawFn) -> list[Target]:
    """Return dates in force, some without a day, at most one a recommendation and day."""
    rows: list[Target] = []
    for reference in ["CC-001", "CC-002", "CC-003", "CC-004"]:
        since = sorted(draw(st.sets(offsets, max_size=4)))
        for position, day in enumerate(since):
            due = draw(st.one_of(st.none(), offsets))
            rows.append((reference, day, due, position == 0))
    return draw(st.permutations(rows))


def stamps(offset_days: list[int | None]) -> "pd.Series[pd.Timestamp]":
    """Return a column of days, NaT for None."""
    values = [
        np.datetime64("NaT") if n is None else np.datetime64(EPOCH + timedelta(days=n), "D")
        for n in offset_days
    ]
    return pd.Series(np.array(values, dtype="datetime64[s]"))


def spells_frame(rows: list[Spell]) -> pd.DataFrame:
    """Return the spells as the table that analysis takes."""
    return pd.DataFrame(
        {
            "reference": pd.Series([row[0] for row in rows], dtype="str"),
            "opened_on": stamps([row[1] for row in rows]),
            "closed_on": stamps([row[2] for row in rows]),
            "is_reopening": pd.Series([row[3] for row in rows], dtype="bool"),
        }
    )


def targets_frame(rows: list[Target]) -> pd.DataFrame:
    """Return the target dates as the table that analysis takes."""
    return pd.DataFrame(
        {
            "reference": pd.Series([row[0] for row in rows], dtype="str"),
            "in_force_from": stamps([row[1] for row in rows]),
            "due_on": stamps([row[2] for row in rows]),
            "is_first": pd.Series([row[3] for row in rows], dtype="bool"),
            "set_by": pd.Series(["service"] * len(rows), dtype="str"),
        }
    )


def day(offset: int) -> date:
    """Return the day with this number."""
    return EPOCH + timedelta(days=offset)
