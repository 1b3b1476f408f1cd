"""Open, late and closed on each day, against a count by hand."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from monitor.analysis.progress import burn_up, main_target_day, month_ends, open_closed_late_by_day
from tests.analysis.strategies import (
    EPOCH,
    SPAN,
    Spell,
    Target,
    day,
    spell_rows,
    spells_frame,
    stamps,
    target_rows,
    targets_frame,
)


def due_in_force(targets: list[Target], reference: str, at: int) -> int | None:
    """Return the date in force on a day, found the slow way."""
    known = sorted((since, due) for name, since, due, _ in targets if name == reference and since <= at)
    return known[-1][1] if known else None


def first_due(targets: list[Target], reference: str, at: int) -> int | None:
    """Return the date first set, once it was set."""
    found = [due for name, since, due, is_first in targets if name == reference and is_first and since <= at]
    return found[0] if found else None


@given(rows=spell_rows(), targets=target_rows())
def test_each_day_counts_what_a_recount_of_that_day_counts(rows: list[Spell], targets: list[Target]) -> None:
    """The one-pass sums equal a mask a day."""
    made = open_closed_late_by_day(
        spells_frame(rows), targets_frame(targets), EPOCH - timedelta(days=3), day(SPAN + 3)
    )
    for offset, row in zip(range(-3, SPAN + 4), made.itertuples(index=False), strict=True):
        still_open = [name for name, o, c, _ in rows if o <= offset and (c is None or c > offset)]
        late = [
            name
            for name in still_open
            if (due := due_in_force(targets, name, offset)) is not None and due < offset
        ]
        past = [
            name
            for name in still_open
            if (due := first_due(targets, name, offset)) is not None and due < offset
        ]
        assert (row.open, row.late, row.past_first) == (len(still_open), len(late), len(past))
        assert row.opened == sum(1 for _, o, _, again in rows if o == offset and not again)
        assert row.reopened == sum(1 for _, o, _, again in rows if o == offset and again)
        assert row.closed == sum(1 for _, _, c, _ in rows if c == offset)


def test_days_before_and_after_a_date_are_told_apart() -> None:
    """On its day a recommendation is not late; on the next it is; on the day it closes it no longer is."""
    made = open_closed_late_by_day(
        spells_frame([("CC-001", 0, 12, False)]), targets_frame([("CC-001", 0, 10, True)]), day(9), day(12)
    )
    assert made["late"].tolist() == [0, 0, 1, 0]


def test_a_range_that_ends_before_it_starts_has_no_rows() -> None:
    """The columns stand all the same."""
    made = open_closed_late_by_day(spells_frame([]), targets_frame([]), day(9), day(8))
    assert made.empty
    assert list(made.columns) == ["day", "open", "late", "past_first", "opened", "reopened", "closed"]


def test_month_ends_finish_with_the_last_day_given() -> None:
    """Whole months, then the part of one."""
    days = month_ends(date(2022, 11, 3), date(2023, 1, 16)).astype("datetime64[D]").astype(str).tolist()
    assert days == ["2022-11-30", "2022-12-31", "2023-01-16"]
    assert len(month_ends(date(2022, 12, 31), date(2022, 12, 31))) == 1


def register(rows: list[tuple[str, int | None, bool]]) -> pd.DataFrame:
    """Return the columns of the register that a burn-up reads: reference, current target, whether open."""
    return pd.DataFrame(
        {
            "reference": pd.Series([row[0] for row in rows], dtype="str"),
            "current_target": stamps([row[1] for row in rows]),
            "is_open": pd.Series([row[2] for row in rows], dtype="bool"),
        }
    )


def test_burn_up_takes_those_due_by_the_day_and_leaves_out_the_others() -> None:
    """A later target, no target, and one closed before the window do not count."""
    made = burn_up(
        register([("A", 60, True), ("B", 61, True), ("C", None, True), ("D", 20, False), ("E", 10, False)]),
        spells_frame(
            [
                ("A", 0, None, False),
                ("B", 0, None, False),
                ("C", 0, None, False),
                ("D", 0, 30, False),
                ("E", 0, 5, False),
            ]
        ),
        targets_frame([("A", 0, 40, True), ("A", 35, 60, False), ("D", 0, 20, True), ("E", 0, 10, True)]),
        day(60),
        day(50),
        since=day(10),
    )
    assert made.references == {"A", "D"}
    assert (made.total, made.closed, made.open) == (2, 1, 1)
    by_day = made.by_day.set_index(np.arange(10, 61))
    assert by_day["closed"].loc[[10, 29, 30, 50]].tolist() == [0, 0, 1, 1]
    assert by_day["closed"].loc[51:].isna().all()
    assert by_day["promised"].loc[[19, 20, 39, 40, 60]].tolist() == [0, 1, 1, 2, 2]


def test_burn_up_takes_a_reopened_one_off_again() -> None:
    """Closed is a state: the last figure is today's list."""
    made = burn_up(
        register([("A", 60, True)]),
        spells_frame([("A", 0, 20, False), ("A", 30, None, True)]),
        targets_frame([("A", 0, 60, True)]),
        day(60),
        day(50),
        since=day(10),
    )
    closed = made.by_day["closed"].dropna().tolist()
    assert (closed[0], closed[10], closed[19], closed[20], closed[-1]) == (0, 1, 1, 0, 0)
    assert (made.closed, made.open) == (0, 1)


def test_burn_up_of_nothing_has_no_total() -> None:
    """An empty register gives noughts."""
    made = burn_up(register([]), spells_frame([]), targets_frame([]), day(60), day(50))
    assert (made.total, made.closed, made.open) == (0, 0, 0)


@pytest.mark.parametrize(
    ("targets", "chosen"),
    [
        ([60, 60, 55], 60),
        ([55, 60], 55),
        ([40, 40, 40, 60], 60),
        ([900], 900),
        ([40, None], None),
        ([], None),
    ],
)
def test_main_target_day_is_the_one_ahead_on_which_most_rest(
    targets: list[int | None], chosen: int | None
) -> None:
    """The earliest of equals; past days never; one beyond a year only when there is none nearer."""
    rows = [(f"R{n}", target, True) for n, target in enumerate(targets)]
    assert main_target_day(register(rows), day(50)) == (None if chosen is None else day(chosen))
