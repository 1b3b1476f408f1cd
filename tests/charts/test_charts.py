"""Each chart: a finding that is true, a balance that is its table, and an honest empty case."""

import json
import re
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitor.charts.by_report import BASE, CEILING, MOST_STEPS, report_name
from monitor.charts.catalogue import CHARTS, draw
from monitor.charts.chart import ALT_LENGTH, Chart, Frames
from monitor.charts.drawing import Label, Line, Points
from monitor.charts.plotly_figure import to_plotly
from monitor.charts.theme import Role
from monitor.errors import NotFoundError
from tests.charts.frames import TARGET, TITLES, TODAY, made_up, nothing, stamps

PAGE = [name for name in CHARTS if name != "ledger"]
SEEDS = range(6)


def drawn(name: str, frames: Frames, **options: Any) -> Chart:
    """Return a chart of the demonstration; the ledger is that of the first recommendation with a date."""
    if name == "ledger":
        options.setdefault("reference", frames.targets["reference"].iloc[0])
    return draw(name, frames, today=TODAY, demonstration=True, **options)


def figures(text: str) -> list[int]:
    """Return the whole numbers in a text."""
    return [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", text)]


def changed(frames: Frames, **columns: Any) -> Frames:
    """Return the tables with columns of the register put in place of others."""
    register = frames.register.assign(**columns)
    return Frames(register, frames.spells, frames.targets, frames.evidence)


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_says_what_it_is(name: str) -> None:
    """A finding without a full stop, what is counted, a source with its day, and words for a listener."""
    chart = drawn(name, made_up())
    assert chart.name == name
    assert chart.finding[0].isupper() or chart.finding[0].isdigit()
    assert not chart.finding.endswith(".")
    assert chart.counted
    assert chart.captions[-1] == "Source: the office's register, as at 16 January 2023. Demonstration data."
    assert chart.alt.startswith(chart.finding)
    assert len(chart.alt) <= ALT_LENGTH
    assert chart.drawing is not None
    assert chart.height == chart.drawing.height > 0
    assert len(chart.table) > 0


@pytest.mark.parametrize("name", PAGE)
def test_an_empty_register_has_words_and_no_drawing(name: str) -> None:
    """Nothing is drawn, and the finding says so."""
    chart = drawn(name, nothing())
    assert chart.is_empty
    assert chart.height == 0
    assert chart.finding in (
        "Nothing is open",
        "No evidence has been added",
        "No report is listed",
        "Nothing has closed in the last 12 months",
    )
    assert "0 of the 0" not in chart.alt


@pytest.mark.parametrize("rows", [1, 2, 7])
@pytest.mark.parametrize("name", PAGE)
def test_a_register_of_a_few_rows_can_be_drawn(name: str, rows: int) -> None:
    """One, two and several: words and figures hold."""
    for seed in SEEDS:
        chart = drawn(name, made_up(rows, seed=seed))
        assert " no of " not in chart.finding
        if chart.drawing:
            json.dumps(to_plotly(chart.drawing, "dark"), allow_nan=False)


@pytest.mark.parametrize("seed", SEEDS)
def test_burn_up_ends_at_todays_list_and_its_balance_is_its_table(seed: int) -> None:
    """The line's last point, the balance and the last row of the table are the same figures."""
    frames = made_up(seed=seed)
    chart = drawn("burn-up", frames)
    closed, still_open, total = figures(chart.balance)
    assert closed + still_open == total
    last = chart.table.iloc[-1]
    assert (last["Closed"], last["Not closed"]) == (closed, still_open)
    assert (chart.table["Closed"] + chart.table["Not closed"] == total).all()
    due = frames.register["is_open"] & (frames.register["current_target"] <= pd.Timestamp(TARGET))
    assert still_open == int(due.sum())
    assert chart.drawing is not None
    line = next(mark for mark in chart.drawing.marks if isinstance(mark, Line) and mark.width == 3.0)
    assert line.ys[-1] == closed


@pytest.mark.parametrize("seed", SEEDS)
def test_open_late_ends_at_todays_list_and_its_balance_is_its_table(seed: int) -> None:
    """Opening + new + reopened - closed = closing, summed from the table, and late is today's late."""
    frames = made_up(seed=seed)
    chart = drawn("open-late", frames)
    table = chart.table
    numbers = figures(chart.balance)
    opening, new, closed, closing = numbers[0], numbers[1], numbers[-2], numbers[-1]
    reopened = numbers[2] if "reopened" in chart.balance else 0
    assert opening == table["Open"].iloc[0]
    assert (new, reopened, closed) == tuple(table[name].sum() for name in ("New", "Reopened", "Closed"))
    assert opening + new + reopened - closed == closing == table["Open"].iloc[-1]
    assert closing == int(frames.register["is_open"].sum())
    assert table["Late"].iloc[-1] == int((frames.register["schedule_state"] == "overdue").sum())
    first = frames.register["original_target"] < pd.Timestamp(TODAY)
    assert table["Past the date first set"].iloc[-1] == int((frames.register["is_open"] & first).sum())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["slippage", "age", "evidence-grade", "workload-owner", "workload-board"])
def test_bars_balance_with_their_table_and_with_what_is_open(name: str, seed: int) -> None:
    """The parts of the sum are the rows of the table, and their sum is what is open."""
    frames = made_up(seed=seed)
    chart = drawn(name, frames)
    *parts, total = figures(chart.balance)
    assert parts == chart.table["Open"].tolist()
    assert sum(parts) == total == int(frames.register["is_open"].sum())


def test_workload_of_many_names_balances_with_those_not_drawn() -> None:
    """Twelve are drawn; the rest stand together as the last figure."""
    frames = made_up(200)
    names = pd.Series([f"Owner {n % 17:02d}" for n in range(len(frames.register))], dtype="str")
    chart = drawn("workload-owner", changed(frames, owner=names))
    *parts, total = figures(chart.balance)
    assert len(parts) == 13
    assert sum(parts) == total == chart.table["Open"].sum()
    assert parts[-1] == chart.table["Open"].iloc[12:].sum()
    assert "and 5 more" in json.dumps(to_plotly(chart.drawing)) if chart.drawing else False


def test_evidence_balances_with_its_table() -> None:
    """Strong + fair + weak is every item."""
    chart = drawn("evidence", made_up())
    strong, fair, weak, items = figures(chart.balance)
    assert strong + fair + weak == items == chart.table["Items"].sum()


def test_timeline_balances_and_draws_at_most_twelve_rows() -> None:
    """Open = moved + not moved; the rest are counted in words."""
    frames = made_up(300)
    chart = drawn("timeline", frames)
    still_open, moved, not_moved = figures(chart.balance)
    assert still_open == moved + not_moved == int(frames.register["is_open"].sum())
    assert moved == len(chart.table) > 12
    assert f"and {moved - 12} more" in json.dumps(to_plotly(chart.drawing)) if chart.drawing else False


@pytest.mark.parametrize("seed", SEEDS)
def test_by_report_balances_with_its_table_and_its_lines_end_at_todays_list(seed: int) -> None:
    """Closed + open = listed, in all and in each report; each line ends where the words say."""
    frames = made_up(seed=seed)
    chart = drawn("by-report", frames)
    closed, still_open, total = figures(chart.balance)
    table = chart.table
    assert closed + still_open == total == len(frames.register)
    assert (table["Closed"].sum(), table["Open"].sum()) == (closed, still_open)
    assert (table["Closed"] + table["Open"] == table["Listed"]).all()
    assert table["Late"].sum() == int((frames.register["schedule_state"] == "overdue").sum())
    assert table["Late"].is_monotonic_decreasing
    assert chart.drawing is not None
    ends = next(mark for mark in chart.drawing.marks if isinstance(mark, Points))
    assert [figures(text.split(": ")[1])[0] for text in ends.hover] == table["Closed"].tolist()
    heights = [(y + row + BASE - len(table)) / (BASE - CEILING) for row, y in enumerate(ends.ys)]
    assert heights == pytest.approx((table["Closed"] / table["Listed"]).tolist())


def test_by_report_draws_at_most_twelve_and_thins_what_is_too_near_to_see() -> None:
    """The others are counted; of very many closings the line still ends at today's figure."""
    frames = made_up(1_500)
    many = changed(
        frames, inspection_id=np.arange(1_500) % 15, inspection=[f"R{n % 15}" for n in range(1_500)]
    )
    chart = drawn("by-report", many)
    assert len(chart.table) == 15
    assert "The 12 with most late" in chart.captions[0]
    assert "and 3 more" in json.dumps(to_plotly(chart.drawing)) if chart.drawing else False
    one = drawn("by-report", changed(frames, inspection_id=np.ones(1_500, dtype=np.int64)))
    assert one.drawing is not None
    line = next(mark for mark in one.drawing.marks if isinstance(mark, Line) and mark.step)
    assert 20 < len(line.xs) <= MOST_STEPS + 3
    assert figures(line.hover[-2].split(": ")[1])[0] == one.table["Closed"].sum()


def test_by_report_tells_reports_of_one_name_apart() -> None:
    """By the service where there are several, by the year where one service has it twice."""
    frames = made_up(4)
    names = {"inspection": ["PEEL"] * 4, "inspection_id": [1, 2, 3, 4]}
    years = {"published_on": stamps([date(2019, 1, 1), date(2022, 1, 1), None, None])}
    one = drawn("by-report", changed(frames, **names, **years)).table["Report"]
    assert sorted(one) == ["2019: PEEL", "2022: PEEL", "PEEL", "PEEL"]
    services = {"service": ["A Police", "B Police", "A Fire", "B Fire"]}
    several = drawn("by-report", changed(frames, **names, **years, **services)).table["Report"]
    assert sorted(several) == ["A Fire: PEEL", "A Police: PEEL", "B Fire: PEEL", "B Police: PEEL"]


@pytest.mark.parametrize(
    ("exact", "words"), [("day", "31 Jul 2020"), ("month", "July 2020"), ("year", "2020"), ("unknown", "")]
)
def test_by_report_says_when_a_report_came_as_exactly_as_it_is_known(exact: str, words: str) -> None:
    """A month is kept as a month."""
    frames = made_up(1)
    table = drawn(
        "by-report", changed(frames, published_on=stamps([date(2020, 7, 31)]), published_precision=[exact])
    ).table
    assert table["Published"].tolist() == [words]


def test_by_report_marks_the_day_by_which_most_are_due_and_time_past_it_red() -> None:
    """Ink ahead, red behind, and none where most have no date."""
    ahead = drawn("by-report", late_register(3, 1, 0)).drawing
    behind = drawn("by-report", late_register(3, 2, 0)).drawing
    undated = changed(late_register(2, 0, 0), current_target=stamps([TARGET, None]))
    none = drawn("by-report", undated).drawing
    said = [
        sorted(
            {text for mark in made.marks if isinstance(mark, Line) for text in mark.hover if "due by" in text}
        )
        for made in (ahead, behind, none)
        if made
    ]
    assert said == [["most still open due by 31 Mar 2023"], ["most still open due by 11 Jan 2023"], []]
    assert behind is not None
    assert ahead is not None
    assert any(isinstance(mark, Line) and mark.role is Role.LATE for mark in behind.marks)
    assert not any(isinstance(mark, Line) and mark.role is Role.LATE for mark in ahead.marks)


@pytest.mark.parametrize(
    ("name", "most", "shown"),
    [
        ("Firearms licensing", 30, "Firearms licensing"),
        ("Super-complaint on repeat domestic abuse", 36, "Super-complaint on repeat domestic…"),
        ("Finding time for crime: the police response", 24, "Finding time for crime…"),
        ("Control rooms (title not stated)", 16, "Control rooms…"),
        ("x" * 50, 20, "x" * 19 + "…"),
    ],
)
def test_report_names_are_cut_after_a_whole_word(name: str, most: int, shown: str) -> None:
    """With an ellipsis, and never longer than there is room for."""
    assert report_name(name, most) == shown
    assert len(shown) <= most


@pytest.mark.parametrize("seed", SEEDS)
def test_kept_dates_balance_with_their_table(seed: int) -> None:
    """In time + late + with no date = what the register closed in the last 12 months."""
    frames = made_up(200, seed=seed)
    chart = drawn("kept-dates", frames)
    in_time, late, undated, total = figures(chart.balance)
    after = chart.table["Days after its date"]
    assert in_time + late + undated == total == len(chart.table)
    assert (late, undated) == ((after > 0).sum(), after.isna().sum())
    closed = frames.register["closed_on"]
    recent = (closed > pd.Timestamp(2022, 1, 16)) & (closed <= pd.Timestamp(TODAY))
    assert total == int(recent.sum())
    states = frames.register.loc[recent, "schedule_state"].value_counts()
    assert (in_time, late) == (states.get("closed_in_time", 0), states.get("closed_late", 0))
    assert chart.table["Days after its date"].head(late).is_monotonic_decreasing


def test_ledger_balances_from_first_to_current_date() -> None:
    """The first date plus the days moved is the date now in force."""
    frames = made_up()
    moved = frames.register.loc[frames.register["moves"] >= 2].iloc[0]
    chart = drawn("ledger", frames, reference=moved["reference"])
    first, last = chart.table["Target date"].iloc[[0, -1]]
    assert first + timedelta(days=int(chart.table["Days moved"].sum())) == last
    assert last == moved["current_target"]


@pytest.mark.parametrize("name", CHARTS)
def test_what_people_type_is_never_acted_on(name: str) -> None:
    """Tags, templates, formulas and control characters reach neither plotly nor a table as anything but text."""
    frames = made_up(60, hostile="<img src=x onerror=alert(1)> %{x} $\\frac{1}{2}$ \x00\u202e & <b>")
    chart = drawn(name, frames)
    assert chart.drawing is not None
    sent = json.dumps(to_plotly(chart.drawing, "light"), ensure_ascii=False)
    assert "<img" not in sent
    assert "%{" not in sent
    assert "$" not in sent
    assert "\u202e" not in sent
    assert "\\u0000" not in sent


def late_register(open_rows: int, lates: int, hidden: int) -> Frames:
    """Return open rows of which some are late and some only look in time because their date was moved."""
    first = [TODAY - timedelta(days=50)] * (lates + hidden) + [TARGET] * (open_rows - lates - hidden)
    current = [TODAY - timedelta(days=5)] * lates + [TARGET] * (open_rows - lates)
    opened = [TODAY - timedelta(days=300)] * open_rows
    names = [f"R{n}" for n in range(open_rows)]
    register = pd.DataFrame(
        {
            "reference": pd.Series(names, dtype="str"),
            "short_title": pd.Series(["t"] * open_rows, dtype="str"),
            "service": pd.Series(["A Constabulary"] * open_rows, dtype="str"),
            "inspection": pd.Series(["Report A"] * open_rows, dtype="str"),
            "inspection_id": pd.Series([1] * open_rows, dtype="int64"),
            "published_on": stamps([None] * open_rows),
            "published_precision": pd.Series(["unknown"] * open_rows, dtype="str"),
            "closure_reason": pd.Series([""] * open_rows, dtype="str"),
            "owner": pd.Series(["A. One"] * open_rows, dtype="str"),
            "is_open": pd.Series([True] * open_rows, dtype="bool"),
            "days_late": pd.Series([5] * lates + [0] * (open_rows - lates), dtype="int64"),
            "days_to_target": pd.Series([-5] * lates + [74] * (open_rows - lates), dtype="Int64"),
            "original_target": stamps(list(first)),
            "current_target": stamps(list(current)),
            "opened_on": stamps(list(opened)),
            "closed_on": stamps([None] * open_rows),
            "moves": pd.Series(
                [1 if a != b else 0 for a, b in zip(first, current, strict=True)], dtype="int64"
            ),
            "days_slipped": pd.Series(
                [(b - a).days for a, b in zip(first, current, strict=True)], dtype="int64"
            ),
            "evidence_grade": pd.Series(["none"] * open_rows, dtype="str"),
        }
    )
    spells = pd.DataFrame(
        {
            "reference": register["reference"],
            "opened_on": register["opened_on"],
            "closed_on": stamps([None] * open_rows),
            "is_reopening": pd.Series([False] * open_rows, dtype="bool"),
        }
    )
    targets = pd.DataFrame(
        {
            "reference": register["reference"],
            "in_force_from": register["opened_on"],
            "due_on": register["original_target"],
            "is_first": pd.Series([True] * open_rows, dtype="bool"),
        }
    )
    return Frames(register, spells, targets, nothing().evidence)


@pytest.mark.parametrize(
    ("still_open", "lates", "hidden", "finding"),
    [
        (3, 0, 0, "Nothing is late"),
        (1, 1, 0, "The one open is late"),
        (2, 2, 0, "All two open are late"),
        (37, 1, 0, "One of the 37 open is late"),
        (37, 7, 0, "Seven of the 37 open are late"),
        (37, 7, 8, "Moving dates hides eight of the 15 that have missed one"),
        (37, 0, 2, "Moving dates hides all two that have missed one"),
        (37, 0, 1, "A moved date hides the only one that has missed its first date"),
        (37, 1, 1, "Moving dates hides one of the two that have missed one"),
    ],
)
def test_open_late_finding_is_what_the_register_shows(
    still_open: int, lates: int, hidden: int, finding: str
) -> None:
    """None, one, two and many, late and hidden."""
    assert drawn("open-late", late_register(still_open, lates, hidden)).finding == finding


@pytest.mark.parametrize(
    ("slips", "finding"),
    [
        ([0, 0], "No open recommendation has slipped"),
        ([0, 30], "The one that slipped did so by less than six months"),
        ([0, 200], "The one that slipped did so by over six months"),
        ([30, 30], "None of the two that slipped did so by over six months"),
        ([200, 400], "All two that slipped did so by over six months"),
        ([30, 200, 400], "More than half of those that slip do so by over six months"),
        ([30, 200], "Half of those that slip do so by over six months"),
        ([30, 30, 200], "One of the three that slip does so by over six months"),
    ],
)
def test_slippage_finding_is_what_the_bars_show(slips: list[int], finding: str) -> None:
    """More than half is said only when it is more than half."""
    frames = late_register(len(slips), 0, 0)
    moves = [1 if slip else 0 for slip in slips]
    assert drawn("slippage", changed(frames, days_slipped=slips, moves=moves)).finding == finding


@pytest.mark.parametrize(
    ("ages", "finding"),
    [
        ([10], "The one open has not been open for over a year"),
        ([400], "The one open has been open for over a year"),
        ([10, 10], "None of the two open has been open for over a year"),
        ([10, 400], "One of the two open has been open for over a year"),
        ([400, 800], "All two open have been open for over a year"),
        ([10, 400, 800], "Two of the three open have been open for over a year"),
    ],
)
def test_age_finding_is_what_the_bars_show(ages: list[int], finding: str) -> None:
    """None, one, some and all."""
    opened = stamps([TODAY - timedelta(days=age) for age in ages])
    assert drawn("age", changed(late_register(len(ages), 0, 0), opened_on=opened)).finding == finding


@pytest.mark.parametrize(
    ("lates", "owners", "finding"),
    [
        (0, ["A", "A"], "Nothing is late; two are open"),
        (0, ["A", "A", "B"], "Nothing is late; A has the most open, two of three"),
        (1, ["A", "B"], "The one that is late is with A"),
        (1, ["", "B"], "The one that is late has no owner recorded"),
        (2, ["A", "A", "B"], "All two that are late are with A"),
        (2, ["A", "B", "B"], "Two owners share the two that are late"),
        (3, ["A", "A", "B"], "A has two of the three that are late"),
        (3, ["", "", "B"], "Two of the three late have no owner recorded"),
    ],
)
def test_workload_finding_names_who_has_most_late(lates: int, owners: list[str], finding: str) -> None:
    """One owner is named only when nobody has as many."""
    frames = late_register(len(owners), lates, 0)
    assert drawn("workload-owner", changed(frames, owner=pd.Series(owners, dtype="str"))).finding == finding


@pytest.mark.parametrize(
    ("first", "current", "finding"),
    [
        ([], [], "No open recommendation has a moved date"),
        ([-50], [-5], "One moved date has passed again"),
        ([-50, -50], [-5, 74], "One moved date has passed again; one more now rests on 31 March"),
        ([-50, -50, -50], [-5, 74, 80], "One moved date has passed again; two more are still ahead"),
        (
            [-50] * 12,
            [-5] * 5 + [74] * 7,
            "Five moved dates have passed again; seven more now rest on 31 March",
        ),
        ([-50, -50], [74, 74], "No moved date has passed again; two now rest on 31 March"),
        ([30], [-5], "One moved date has passed"),
    ],
)
def test_timeline_finding_is_what_the_rows_show(first: list[int], current: list[int], finding: str) -> None:
    """Passed again is said only where the first date had passed too."""
    many = len(first) + 1
    frames = late_register(many, 0, 0)
    column = {
        "original_target": stamps([*[TODAY + timedelta(days=n) for n in first], TARGET]),
        "current_target": stamps([*[TODAY + timedelta(days=n) for n in current], TARGET]),
        "moves": [*[1] * len(first), 0],
        "days_late": [*[max(-n, 0) for n in current], 0],
    }
    assert drawn("timeline", changed(frames, **column)).finding == finding


def due_register(closed_days_ago: list[int], still_open: int) -> Frames:
    """Return rows due on 31 March, some closed so many days ago."""
    many = len(closed_days_ago) + still_open
    frames = late_register(many, 0, 0)
    closed = stamps([*[TODAY - timedelta(days=n) for n in closed_days_ago], *[None] * still_open])
    spells = frames.spells.assign(closed_on=closed)
    register = frames.register.assign(closed_on=closed, is_open=closed.isna())
    return Frames(register, spells, frames.targets, frames.evidence)


@pytest.mark.parametrize(
    ("closed", "still_open", "finding"),
    [
        ([10, 20, 30], 20, "Too few closings to forecast: 3 in 12 months"),
        ([], 5, "Too few closings to forecast: 0 in 12 months"),
        ([290] * 6, 100, "At this pace, none of the 100 still open will close by 31 March"),
        (list(range(1, 240, 8)), 21, "At this pace, about six of the 21 still open will close by 31 March"),
        (list(range(1, 240, 2)), 3, "At this pace, all three still open will close by 31 March"),
        (list(range(1, 240, 2)), 1, "At this pace, the one still open will close by 31 March"),
    ],
)
def test_burn_up_finding_is_what_the_replays_show(closed: list[int], still_open: int, finding: str) -> None:
    """A forecast that rests on too little shows none; the others say none, about, all."""
    assert drawn("burn-up", due_register(closed, still_open)).finding == finding


@pytest.mark.parametrize(
    ("lates", "finding"),
    [
        ([0, 0], "Nothing is late; none of the two listed is closed"),
        ([0], "Nothing is late; the one listed is open"),
        ([1, 0], "The one that is late is in Report 0"),
        ([3, 0], "All three that are late are in Report 0"),
        ([1, 1], "Two reports share the two that are late"),
        ([2, 1], "Report 0 holds two of the three that are late"),
        ([4, 1, 1, 1, 1, 1], "Six reports share the nine that are late"),
        ([4, 2, 1, 1, 1, 1], "Two reports hold six of the 10 that are late"),
        ([4, 4, 3, 1, 1, 1], "Two reports hold eight of the 14 that are late"),
        ([3, 2, 2, 2, 1, 0, 0], "Five reports share the 10 that are late"),
    ],
)
def test_by_report_finding_says_where_the_late_ones_are(lates: list[int], finding: str) -> None:
    """Half of the reports or fewer that hold more than half are named; of equals, none."""
    reports = [report for report, many in enumerate(lates) for _ in range(max(many, 1))]
    late = [5 if lates[report] else 0 for report in reports]
    frames = changed(
        late_register(len(reports), 0, 0),
        inspection_id=reports,
        inspection=pd.Series([f"Demonstration: Report {report}" for report in reports], dtype="str"),
        days_late=late,
    )
    assert drawn("by-report", frames).finding == finding


@pytest.mark.parametrize(
    ("still_open", "finding"),
    [
        ([False], "The one report is wholly closed"),
        ([False, False], "All two reports are wholly closed"),
        ([False, True], "Nothing is late; one of the two reports is wholly closed"),
        ([False, False, True], "Nothing is late; two of the three reports are wholly closed"),
    ],
)
def test_by_report_finding_says_how_many_are_wholly_closed(still_open: list[bool], finding: str) -> None:
    """Good news is said plainly."""
    frames = late_register(len(still_open), 0, 0)
    closed = stamps([None if is_open else TODAY - timedelta(days=9) for is_open in still_open])
    register = frames.register.assign(
        inspection_id=range(len(still_open)),
        is_open=still_open,
        closed_on=closed,
        days_to_target=pd.array([74 if is_open else pd.NA for is_open in still_open], dtype="Int64"),
    )
    spells = frames.spells.assign(closed_on=closed)
    chart = drawn("by-report", Frames(register, spells, frames.targets, frames.evidence))
    assert chart.finding == finding


def closed_register(after: list[int | None], moved: int = 0) -> Frames:
    """Return closed rows, so many days after their date (None: no date), the first so many of them moved."""
    many = len(after)
    frames = late_register(many, 0, 0)
    closed = stamps([TODAY - timedelta(days=30)] * many)
    due = [None if n is None else TODAY - timedelta(days=30 + n) for n in after]
    first = [day and (day - timedelta(days=400) if row < moved else day) for row, day in enumerate(due)]
    return changed(
        frames,
        is_open=[False] * many,
        closed_on=closed,
        current_target=stamps(due),
        original_target=stamps(first),
        moves=[1 if row < moved else 0 for row in range(many)],
        closure_reason=pd.Series(["met"] * many, dtype="str"),
    )


@pytest.mark.parametrize(
    ("after", "moved", "finding"),
    [
        ([5], 0, "The one closed in the last year closed late"),
        ([5], 1, "The one closed in the last year closed late, after a moved date"),
        ([0], 0, "The one closed in the last year closed in time"),
        ([None], 0, "The one closed in the last year had no date"),
        ([None, None], 0, "None of the two closed in the last year had a date"),
        ([-3, 0], 0, "All two closed in the last year closed in time"),
        ([-3, None], 0, "None of the two closed in the last year closed late"),
        ([3, 9], 0, "All two closed in the last year closed late"),
        ([3, 9], 2, "All two closed in the last year closed late, all of them after a moved date"),
        ([3, 0, 0], 0, "One of the three closed in the last year closed late"),
        ([3, 0, 0], 1, "One of the three closed in the last year closed late, after a moved date"),
        (
            [3, 4, 0],
            1,
            "Two of the three closed in the last year closed late, one of them after a moved date",
        ),
    ],
)
def test_kept_dates_finding_is_what_the_rows_show(after: list[int | None], moved: int, finding: str) -> None:
    """None, one, some and all; and whether the date missed had been given later already."""
    chart = drawn("kept-dates", closed_register(after, moved))
    assert chart.finding == finding
    assert chart.drawing is not None


def test_kept_dates_say_what_was_only_in_time_because_its_date_moved_and_what_was_not_met() -> None:
    """Closed is not the same as met, and a date kept may not be the first."""
    frames = closed_register([-3, 0, -9], moved=1)
    reasons = pd.Series(["met", "met", "superseded"], dtype="str")
    chart = drawn("kept-dates", changed(frames, closure_reason=reasons))
    assert "1 in time closed after the date first set." in chart.method
    assert "2 of the 3 were met, the others closed for another reason." in chart.method
    assert chart.drawing is not None
    said = [mark.text for mark in chart.drawing.marks if isinstance(mark, Label) and mark.anchor == "right"]
    assert said[:3] == ["3 days early", "on the day", "superseded"]


def test_kept_dates_count_today_and_leave_out_the_day_a_year_ago() -> None:
    """The window is the last 12 months, today included; one that opened again is out."""
    frames = closed_register([0] * 5)
    days = [TODAY, date(2022, 1, 17), date(2022, 1, 16), date(2021, 1, 1), TODAY - timedelta(days=3)]
    chart = drawn("kept-dates", changed(frames, closed_on=stamps([*days]), is_open=[False] * 4 + [True]))
    assert sorted(chart.table["Reference"]) == ["R0", "R1"]


def test_burn_up_without_a_forecast_has_no_fan_and_says_so_in_the_plot() -> None:
    """The words stand where the fan would."""
    chart = drawn("burn-up", due_register([10, 20, 30], 20))
    sent = json.dumps(to_plotly(chart.drawing)) if chart.drawing else ""
    assert "toself" not in sent
    assert "Too few closings to forecast:<br>3 in 12 months" in sent


def test_burn_up_of_a_day_when_all_are_closed_says_so() -> None:
    """A target day can be chosen though nothing rests on it any more."""
    chart = drawn("burn-up", due_register([10, 20], 0), target_day=TARGET)
    assert chart.finding == "All two due by 31 March are closed"
    assert chart.balance == "2 closed + 0 open = 2."


def test_small_burn_up_counts_the_same_recommendations() -> None:
    """The Overview and Progress cannot differ."""
    frames = made_up()
    small, large = drawn("burn-up", frames, small=True), drawn("burn-up", frames)
    assert (small.finding, small.balance) == (large.finding, large.balance)
    assert small.height == 300


@pytest.mark.parametrize(
    ("dues", "closed", "finding"),
    [
        ([date(2022, 11, 30)], None, "Never moved, and 47 days late"),
        ([date(2023, 1, 16)], None, "Never moved, and due today"),
        ([date(2023, 3, 31)], None, "Never moved, and due in 74 days"),
        (
            [date(2022, 6, 30), date(2022, 9, 30), date(2022, 11, 30)],
            None,
            "Moved twice: 153 days after the date first set, and late again",
        ),
        ([date(2022, 6, 30), date(2023, 3, 31)], None, "Moved once: 274 days after the date first set"),
        (
            [date(2022, 6, 30), date(2022, 3, 31)],
            None,
            "Moved once: 91 days before the date first set, and late",
        ),
        ([date(2022, 6, 30)], date(2022, 6, 30), "Never moved, and closed in time"),
        (
            [date(2022, 6, 30), date(2022, 9, 30)],
            date(2022, 10, 3),
            "Moved once: 92 days after the date first set, and closed 3 days late",
        ),
    ],
)
def test_ledger_finding_tells_the_moves(dues: list[date], closed: date | None, finding: str) -> None:
    """Moves, days and lateness in one sentence."""
    frames = late_register(1, 0, 0)
    many = len(dues)
    targets = pd.DataFrame(
        {
            "reference": pd.Series(["R0"] * many, dtype="str"),
            "in_force_from": stamps([date(2022, 1, 1) + timedelta(days=n) for n in range(many)]),
            "due_on": stamps(list(dues)),
            "is_first": [n == 0 for n in range(many)],
        }
    )
    register = frames.register.assign(closed_on=stamps([closed]), is_open=[closed is None])
    chart = drawn("ledger", Frames(register, frames.spells, targets, frames.evidence), reference="R0")
    assert chart.finding == finding
    assert chart.drawing is not None


def test_ledger_keeps_its_dates_apart_on_a_phone() -> None:
    """However near the days, no two dates stand closer than their words need; none leaves the edge."""
    frames = late_register(1, 0, 0)
    days = [date(2022, 1, 1), date(2022, 1, 2), date(2022, 1, 3), date(2024, 1, 1)]
    targets = pd.DataFrame(
        {
            "reference": pd.Series(["R0"] * 4, dtype="str"),
            "in_force_from": stamps(list(days)),
            "due_on": stamps(list(days)),
            "is_first": [True, False, False, False],
        }
    )
    chart = drawn("ledger", Frames(frames.register, frames.spells, targets, frames.evidence), reference="R0")
    assert chart.drawing is not None
    places = sorted(
        {note["x"] for note in to_plotly(chart.drawing)["layout"]["annotations"] if note["text"] == "2022"}
    )
    assert min(np.diff(places)) * 350 > 58


def test_charts_of_an_unknown_name_or_without_a_reference_are_refused_in_words() -> None:
    """The message names the charts there are, or what is missing."""
    with pytest.raises(NotFoundError, match="burn-up, by-report, timeline"):
        draw("pie", made_up(3), today=TODAY)
    with pytest.raises(NotFoundError, match="name its reference"):
        draw("ledger", made_up(3), today=TODAY)


def test_ledger_of_an_unknown_reference_says_that_no_date_was_set() -> None:
    """Nothing is drawn for what is not there."""
    chart = drawn("ledger", made_up(3), reference="no such")
    assert chart.is_empty
    assert chart.finding == "No date has been set"


def test_titles_of_the_demonstration_fit_a_phone() -> None:
    """The limit set at intake is 42 letters."""
    assert max(len(title) for title in TITLES) <= 42
