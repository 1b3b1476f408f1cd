"""Where each stood at the end of a past day, as now known, read without building that day's view."""

from datetime import date, timedelta

import pandas as pd
from hypothesis import given

from monitor.analysis.past_state import COLUMNS, state_on
from tests.analysis.strategies import (
    EPOCH,
    Spell,
    Target,
    day,
    days,
    spell_rows,
    spells_frame,
    stamps,
    target_rows,
    targets_frame,
)

REFERENCES = ["CC-001", "CC-002", "CC-003", "CC-004"]
NO_REPORTS = pd.DataFrame(columns=["reference", "reported_on", "force_report"])


def stood(
    spells: list[Spell],
    targets: list[Target],
    on: date,
    reports: pd.DataFrame = NO_REPORTS,
    closings: list[Spell] | None = None,
) -> pd.DataFrame:
    """Return where four recommendations stood, each counted from its first opening."""
    first = [min((s[1] for s in spells if s[0] == reference), default=0) for reference in REFERENCES]
    register = pd.DataFrame({"reference": REFERENCES, "opened_on": stamps(list(first))})
    frame = spells_frame(spells)
    rests_on = frame if closings is None else spells_frame(closings)
    found = state_on(register, frame, targets_frame(targets), reports, on, closings=rests_on)
    return found.set_index("reference")


@given(spells=spell_rows(), targets=target_rows(), on=days)
def test_open_and_late_are_what_a_person_would_find(
    spells: list[Spell], targets: list[Target], on: date
) -> None:
    """Open at the end of the day; late with the date then in force before it."""
    found = stood(spells, targets, on)

    for reference in REFERENCES:
        is_open = any(
            day(o) <= on and (c is None or day(c) > on) for ref, o, c, _ in spells if ref == reference
        )
        in_force = sorted((s, d) for ref, s, d, _ in targets if ref == reference and day(s) <= on)
        due = in_force[-1][1] if in_force else None
        assert found.at[reference, "is_open"] == is_open
        assert (found.at[reference, "schedule_state"] == "overdue") == (
            is_open and due is not None and day(due) < on
        )
        assert (found.at[reference, "schedule_state"] == "") == (not is_open)


def test_silent_days_count_from_the_report_that_stood_or_the_first_day() -> None:
    """And what was not open is not silent."""
    spells: list[Spell] = [("CC-001", 0, None, False), ("CC-002", 0, None, False), ("CC-003", 0, 5, False)]
    reports = pd.DataFrame(
        {
            "reference": ["CC-002", "CC-003"],
            "reported_on": [pd.Timestamp(day(7)), pd.Timestamp(day(2))],
            "force_report": ["in_progress", "complete"],
        }
    )

    found = stood(spells, [], day(10), reports)

    assert found["days_since_update"].tolist() == [10, 3, 0, 0]


def test_a_forecast_rests_on_the_closings_of_that_day() -> None:
    """Ten that took 100 days forecast late what is due sooner; before they closed, and for a claim, nothing does."""
    spells: list[Spell] = [("CC-001", 0, None, False), ("CC-002", 0, None, False)]
    targets: list[Target] = [("CC-001", 0, 60, True), ("CC-002", 0, 60, True)]
    closings: list[Spell] = [(f"CC-1{n:02}", -100, 0, False) for n in range(10)]
    claim = pd.DataFrame(
        {"reference": ["CC-002"], "reported_on": [pd.Timestamp(EPOCH)], "force_report": ["complete"]}
    )

    now = stood(spells, targets, day(1), claim, closings)
    before = stood(spells, targets, EPOCH - timedelta(days=1), claim, closings)

    assert now["schedule_state"].tolist() == ["forecast_late", "due_soon", "", ""]
    assert before["schedule_state"].tolist() == ["", "", "", ""]


def test_a_later_date_puts_it_past_the_date_first_set() -> None:
    """By what was in force on the day, not since."""
    spells: list[Spell] = [("CC-001", 0, None, False)]
    targets: list[Target] = [("CC-001", 0, 10, True), ("CC-001", 20, 119, False)]

    states = [stood(spells, targets, day(n)).at["CC-001", "schedule_state"] for n in (10, 15, 20, 40)]

    assert states == ["due_soon", "overdue", "past_first_date", "due_soon"]


def test_an_empty_register_gives_no_rows() -> None:
    """With the columns that were promised."""
    empty = pd.DataFrame({"reference": pd.Series(dtype="str"), "opened_on": stamps([])})

    found = state_on(empty, spells_frame([]), targets_frame([]), NO_REPORTS, EPOCH, closings=spells_frame([]))

    assert list(found.columns) == list(COLUMNS)
    assert found.empty
