"""Bands, workload, evidence and dates: tables whose sums are what is open."""

from datetime import timedelta

import pandas as pd
import pytest

from monitor.analysis.ageing import age_bands
from monitor.analysis.by_report import by_report, closed_steps
from monitor.analysis.days import day_of
from monitor.analysis.evidence_table import evidence_by_kind, open_by_grade
from monitor.analysis.kept_dates import kept_dates
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


def reports_register() -> pd.DataFrame:
    """Return two reports: one with four open of which one is undated and one late, one wholly closed."""
    days = [-5, 10, 40, None, None, None]
    return pd.DataFrame(
        {
            "reference": pd.Series([f"R{n}" for n in range(6)], dtype="str"),
            "inspection": pd.Series(["B"] * 4 + ["A"] * 2, dtype="str"),
            "inspection_id": [7] * 4 + [3] * 2,
            "service": pd.Series(["S"] * 6, dtype="str"),
            "published_on": stamps([TODAY] * 6),
            "published_precision": pd.Series(["day"] * 6, dtype="str"),
            "is_open": [True] * 4 + [False] * 2,
            "days_late": [5, 0, 0, 0, 0, 0],
            "days_to_target": pd.Series(days, dtype="Int64"),
            "current_target": stamps(
                [None if n is None else TODAY + timedelta(days=n) for n in days[:4]] + [TODAY, None]
            ),
        }
    )


def test_by_report_counts_each_report_and_finds_its_days() -> None:
    """The next day is ahead; the day by which most are due is the first with more than half due by then."""
    first, last = by_report(reports_register()).to_dict("records")
    counts = ("inspection_id", "name", "listed", "closed", "open", "late", "due_90")
    assert [first[name] for name in counts] == [7, "B", 4, 0, 4, 1, 2]
    assert first["next_target"] == pd.Timestamp(TODAY + timedelta(days=10))
    assert first["most_due_on"] == pd.Timestamp(TODAY + timedelta(days=40))
    assert [last[name] for name in counts] == [3, "A", 2, 2, 0, 0, 0]
    assert last["next_target"] is pd.NaT
    assert last["most_due_on"] is pd.NaT


@pytest.mark.parametrize(
    ("days", "most_due"),
    [
        ([5], 5),
        ([5, 9], 9),
        ([5, 9, 9], 9),
        ([5, 5, 9], 5),
        ([5, None], None),
        ([5, 5, None], 5),
        ([None], None),
    ],
)
def test_most_are_due_by_the_day_that_more_than_half_are_due(
    days: list[int | None], most_due: int | None
) -> None:
    """Half is not most; those without a date are due by no day."""
    many = len(days)
    register = (
        reports_register()
        .iloc[[0] * many]
        .assign(
            reference=[f"R{n}" for n in range(many)],
            days_late=0,
            days_to_target=pd.Series(days, dtype="Int64", index=[0] * many),
            current_target=stamps(
                [None if n is None else TODAY + timedelta(days=n) for n in days]
            ).to_numpy(),
        )
    )
    found = by_report(register)["most_due_on"].iloc[0]
    assert found is pd.NaT if most_due is None else found == pd.Timestamp(TODAY + timedelta(days=most_due))


def test_closed_steps_are_a_state_and_end_at_what_is_closed() -> None:
    """One that opens again is no longer closed; both on one day change nothing; no spells give no days."""
    register = reports_register()
    day = [TODAY - timedelta(days=n) for n in (90, 60, 30, 10)]
    spells = pd.DataFrame(
        {
            "reference": pd.Series(["R4", "R4", "R5", "R5", "unknown"], dtype="str"),
            "opened_on": stamps([day[0], day[2], day[1], day[3], day[0]]),
            "closed_on": stamps([day[1], None, day[3], None, day[1]]),
            "is_reopening": [False, True, False, True, False],
        }
    )
    (days, closed), (no_days, none) = closed_steps(register, spells, [3, 7])
    assert [(TODAY - day_of(n)).days for n in days] == [90, 60, 30, 10]
    assert closed.tolist() == [0, 1, 0, 0]
    assert len(no_days) == len(none) == 0


@pytest.mark.parametrize("seed", range(4))
def test_closed_steps_end_at_the_table_of_reports(seed: int) -> None:
    """The last step of each report is what the register has closed of it."""
    frames = made_up(200, seed=seed)
    table = by_report(frames.register)
    steps = closed_steps(frames.register, frames.spells, table["inspection_id"].tolist())
    assert [int(closed[-1]) for _, closed in steps] == table["closed"].tolist()


def test_kept_dates_put_the_most_late_first_and_the_undated_last() -> None:
    """Lateness, then how far the date had moved, then the latest closed; without a date nothing is late."""
    closed = [TODAY - timedelta(days=n) for n in (10, 20, 30, 40, 50, 60)]
    after = [-5, 3, None, 30, -5, 0]
    slips = [0, 0, 0, 0, 90, 0]
    due = [None if n is None else day - timedelta(days=n) for day, n in zip(closed, after, strict=True)]
    first = [day and day - timedelta(days=slip) for day, slip in zip(due, slips, strict=True)]
    register = pd.DataFrame(
        {
            "reference": pd.Series([f"R{n}" for n in range(6)], dtype="str"),
            "short_title": pd.Series(["t"] * 6, dtype="str"),
            "is_open": [False] * 6,
            "closed_on": stamps([*closed]),
            "current_target": stamps(due),
            "original_target": stamps(first),
            "moves": [0, 0, 0, 0, 1, 0],
            "closure_reason": pd.Series(["met"] * 6, dtype="str"),
        }
    )
    table = kept_dates(register, TODAY)
    assert table["reference"].tolist() == ["R3", "R1", "R4", "R0", "R5", "R2"]
    assert table["days_after"].tolist() == [30, 3, -5, -5, 0, pd.NA]
    assert table["slip"].tolist() == [0, 0, 90, 0, 0, 0]
    assert kept_dates(register, TODAY, months=1)["reference"].tolist() == ["R1", "R0", "R2"]
