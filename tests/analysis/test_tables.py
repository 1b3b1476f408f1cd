"""Bands, workload, evidence and dates: tables whose sums are what is open."""

from datetime import timedelta

import pandas as pd
import pytest

from monitor.analysis.ageing import age_bands
from monitor.analysis.evidence_table import evidence_by_kind, open_by_grade
from monitor.analysis.slippage import slip_bands
from monitor.analysis.timeline import dates_of, moved_dates, target_history
from monitor.analysis.workload import workload
from tests.charts.frames import TODAY, made_up, nothing, stamps


@pytest.mark.parametrize("frames", [made_up(150), made_up(1), nothing()], ids=["many", "one", "none"])
def test_every_table_sums_to_what_is_open(frames: object) -> None:
    """Nothing open is lost between two bands."""
    register = frames.register  # type: ignore[attr-defined]
    total = int(register["is_open"].sum())
    assert age_bands(register, TODAY)["open"].sum() == total
    assert slip_bands(register)["open"].sum() == total
    assert workload(register, "owner")["open"].sum() == total
    assert workload(register, "board")["open"].sum() == total
    assert open_by_grade(register)["open"].sum() == total


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "0 to 90 days"),
        (90, "0 to 90 days"),
        (91, "91 to 180"),
        (180, "91 to 180"),
        (181, "181 to 365"),
        (365, "181 to 365"),
        (366, "1 to 2 years"),
        (730, "1 to 2 years"),
        (731, "Over 2 years"),
    ],
)
def test_age_bands_meet_without_gap_or_overlap(age: int, band: str) -> None:
    """The day before, on and after each edge falls where its words say."""
    register = pd.DataFrame(
        {"is_open": [True], "opened_on": stamps([TODAY - timedelta(days=age)]), "days_late": [0]}
    )
    bands = age_bands(register, TODAY)
    assert bands.loc[bands["open"] == 1, "band"].tolist() == [band]


def test_age_that_is_not_known_has_its_own_row() -> None:
    """An unknown day is not counted as old or young."""
    register = pd.DataFrame({"is_open": [True], "opened_on": stamps([None]), "days_late": [0]})
    assert age_bands(register, TODAY).iloc[-1].tolist() == ["Not known", 1, 0]


@pytest.mark.parametrize(
    ("moves", "slip", "dated", "band"),
    [
        (0, 0, True, "Not moved"),
        (1, 1, True, "1 to 90 days"),
        (1, 90, True, "1 to 90 days"),
        (1, 91, True, "91 to 180"),
        (1, 181, True, "181 to 365"),
        (2, 365, True, "181 to 365"),
        (2, 366, True, "Over a year"),
        (2, 0, True, "Moved, not later"),
        (1, -30, True, "Moved, not later"),
        (0, 0, False, "No date set"),
    ],
)
def test_slip_bands_say_what_happened_to_the_date(moves: int, slip: int, dated: bool, band: str) -> None:
    """Moving back, or having no date at all, is not called "not moved"."""
    register = pd.DataFrame(
        {
            "is_open": [True],
            "moves": [moves],
            "days_slipped": [slip],
            "current_target": stamps([TODAY if dated else None]),
        }
    )
    bands = slip_bands(register)
    assert bands.loc[bands["open"] == 1, "band"].tolist() == [band]


def test_workload_puts_the_most_late_first_and_names_the_nameless() -> None:
    """Late, then open, then the name; a blank owner is said in words."""
    register = pd.DataFrame(
        {
            "owner": pd.Series(["B", "B", " ", "A", "A", "C"], dtype="str"),
            "is_open": [True, True, True, True, True, False],
            "days_late": [0, 0, 9, 0, 0, 0],
            "days_to_target": pd.Series([90, 91, -9, 0, None, 5], dtype="Int64"),
        }
    )
    assert workload(register, "owner").to_numpy().tolist() == [
        ["No owner recorded", 1, 1, 0],
        ["A", 2, 0, 1],
        ["B", 2, 0, 1],
    ]


def test_evidence_is_counted_by_kind_and_grade_in_the_order_of_the_rubric() -> None:
    """Words, not stored values; a kind the rubric does not know is still counted."""
    evidence = pd.DataFrame(
        {
            "kind": pd.Series(["policy", "audit", "audit", "rune_stones"], dtype="str"),
            "grade": pd.Series(["weak", "strong", "weak", "weak"], dtype="str"),
        }
    )
    assert evidence_by_kind(evidence).to_numpy().tolist() == [
        ["Audit", 1, 0, 1, 2],
        ["Policy or procedure", 0, 0, 1, 1],
        ["Rune stones", 0, 0, 1, 1],
    ]


def test_dates_of_leaves_out_those_without_a_date_and_keeps_the_actual_day() -> None:
    """First, current and actual stand side by side, the earliest current date first."""
    frames = made_up(80)
    table = dates_of(frames.register)
    assert len(table) == frames.register["current_target"].notna().sum()
    assert table["current"].is_monotonic_increasing
    assert table["actual"].notna().sum() == (~table["is_open"]).sum()


def test_moved_dates_are_open_and_moved() -> None:
    """Neither the closed nor the unmoved are in it."""
    table = moved_dates(made_up(80).register)
    assert table["is_open"].all()
    assert (table["moves"] > 0).all()


def test_target_history_tells_each_move_in_days() -> None:
    """The first has no move; the others count from the one before."""
    frames = made_up(80)
    moved = frames.register.loc[frames.register["moves"] >= 1].iloc[0]
    history = target_history(frames.targets, moved["reference"])
    assert history["days_moved"].isna().tolist() == [True, *[False] * int(moved["moves"])]
    assert history["days_moved"].sum() == moved["days_slipped"]
    assert target_history(frames.targets, "no such reference").empty
