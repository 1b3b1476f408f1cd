"""By report: how far each report has come toward its target dates, each with a small burn-up of its own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from monitor.analysis.by_report import by_report, closed_steps
from monitor.analysis.days import NEVER, Days, day_number, day_numbers, day_of
from monitor.charts.chart import AsAt, Chart, Frames, make_chart
from monitor.charts.drawing import (
    GAP,
    Axis,
    Band,
    Drawing,
    DrawnMark,
    Line,
    Margins,
    Points,
    day_axis,
    day_name,
)
from monitor.charts.rows import MOST_ROWS, hairlines, more_words, title_line
from monitor.charts.theme import Role
from monitor.charts.tracks import WINDOW_MONTHS, drawn_marks, todays_date, todays_rule
from monitor.charts.wording import ELLIPSIS, is_are, none_or, number, one_line, sentence, several
from monitor.dates import add_months, month_year, short_date
from monitor.domain.statuses import Precision
from monitor.domain.wording import told_title

NAME = "by-report"
COUNTED = (
    "Recommendations closed in each report, up to all that it lists. "
    "Upright line: the day by which most still open are due."
)
ROW = 66
MONTHS_AHEAD = 12

MOST_STEPS = 60
"""More steps in one small burn-up than this cannot be told apart; of near ones the last is drawn."""

NAMED = 60
"""Letters of a report's name in a finding."""

LINE_LENGTH = 58
"""Letters of a title and its words that share a line of 350 pixels."""

CEILING, BASE = 0.48, 0.93
"""How far below the top of its row a small burn-up begins and ends, in rows."""


def by_report_chart(
    frames: Frames, *, today: date, demonstration: bool = False, office: str = "the office"
) -> Chart:
    """Return the closed of each report, by day, toward the day by which most of its open ones are due."""
    as_at = AsAt(today, demonstration, office)
    rows = by_report(frames.register)
    table = _table(rows)
    if rows.empty:
        return make_chart(
            as_at, NAME, "No report is listed", COUNTED, table, balance="0 closed + 0 open = 0."
        )
    names = _names(rows)
    closed, still_open = int(rows["closed"].sum()), int(rows["open"].sum())
    return make_chart(
        as_at,
        NAME,
        _finding(rows, names),
        COUNTED,
        table,
        drawing=_drawing(frames, rows, names, today),
        balance=f"{closed:,} closed + {still_open:,} open = {closed + still_open:,}.",
        method=f"The {MOST_ROWS} with most late, then the nearest dates, are drawn."
        if len(rows) > MOST_ROWS
        else "",
        facts=_facts(rows, names),
    )


def _finding(rows: pd.DataFrame, names: Sequence[str]) -> str:
    late = rows["late"].tolist()
    total = sum(late)
    if not total:
        return _finding_without_late(rows)
    first = one_line(names[0], NAMED)
    if total == 1:
        return f"The one that is late is in {first}"
    if late[0] == total:
        return f"All {number(total)} that are late are in {first}"
    share, held = sum(many > 0 for many in late), 0
    for place, (many, following) in enumerate(zip(late, [*late[1:], 0], strict=True), 1):
        held += many
        # Half of them hold more than half: that says something. A tie is never cut.
        if 2 * place <= share and 2 * held > total and many > following:
            if place == 1:
                return f"{first} holds {number(held)} of the {number(total)} that are late"
            return sentence(
                f"{number(place)} reports hold {number(held)} of the {number(total)} that are late"
            )
    return sentence(f"{number(share)} reports share the {number(total)} that are late")


def _finding_without_late(rows: pd.DataFrame) -> str:
    reports, whole = len(rows), int((rows["open"] == 0).sum())
    closed, total = int(rows["closed"].sum()), int(rows["listed"].sum())
    if whole == reports:
        return (
            "The one report is wholly closed"
            if reports == 1
            else f"All {number(reports)} reports are wholly closed"
        )
    if whole:
        return (
            f"Nothing is late; {number(whole)} of the {number(reports)} reports {is_are(whole)} wholly closed"
        )
    if total == 1:
        return "Nothing is late; the one listed is open"
    return f"Nothing is late; {none_or(closed)} of the {number(total)} listed {is_are(max(closed, 1))} closed"


def _facts(rows: pd.DataFrame, names: Sequence[str]) -> str:
    closed, listed, late = (rows[name].tolist() for name in ("closed", "listed", "late"))
    said = [
        f"{one_line(names[place], NAMED)}: {_said(closed[place], listed[place], late[place])}."
        for place in ([0, -1] if len(rows) > 1 else [0])
    ]
    ahead = day_numbers(rows["next_target"], NEVER)
    nearest = f"; the nearest date ahead is {day_name(int(ahead.min()))}" if ahead.min() < NEVER else ""
    reports = f"{len(rows):,} {several(len(rows), 'report', 'reports')}"
    return f"{' '.join(said)} {reports} in all{nearest}."


def _said(closed: int, listed: int, late: int) -> str:
    """Return "5 of 12 closed, 2 late"."""
    return f"{closed:,} of {listed:,} closed" + (f", {late:,} late" if late else "")


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    listed, closed = rows["listed"].to_numpy(dtype=np.int64), rows["closed"].to_numpy(dtype=np.int64)
    return pd.DataFrame(
        {
            "Report": _qualified(rows, rows["name"].astype(str).tolist()),
            "Published": [
                _published(day, exact)
                for day, exact in zip(rows["published_on"], rows["published_precision"], strict=True)
            ],
            "Listed": listed,
            "Closed": closed,
            "Open": rows["open"],
            "Late": rows["late"],
            "Due in 90 days": rows["due_90"],
            "Next target": rows["next_target"],
            # Never rounded up: 100 means that every one is closed.
            "Closed, per cent": 100 * closed // np.maximum(listed, 1),
        }
    )


def _published(day: pd.Timestamp, exact: str) -> str:
    """Return the day of publication as exactly as it is known, and nothing where it is not."""
    if pd.isna(day) or exact == Precision.UNKNOWN:
        return ""
    if exact == Precision.DAY:
        return short_date(day.date())
    return month_year(day.date()) if exact == Precision.MONTH else str(day.year)


def _names(rows: pd.DataFrame) -> list[str]:
    """Return what each report is called in a chart."""
    return _qualified(rows, [told_title(str(name)) for name in rows["name"]])


def _qualified(rows: pd.DataFrame, names: list[str]) -> list[str]:
    """Return the names, led by the service where there are several, or by the year where one comes twice."""
    if rows["service"].nunique() > 1:
        names = [f"{service}: {name}" for service, name in zip(rows["service"], names, strict=True)]
    twice = {name for name, many in Counter(names).items() if many > 1}
    if not twice:
        return names
    years = rows["published_on"].dt.year
    return [
        f"{year:.0f}: {name}" if name in twice and not pd.isna(year) else name
        for year, name in zip(years, names, strict=True)
    ]


def report_name(name: str, most: int) -> str:
    """Return a name that is at most so long, cut after a whole word where one ends late enough."""
    clean = one_line(name, 10 * most)
    if len(clean) <= most:
        return clean
    cut = clean[:most]
    whole = cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut[:-1]
    return whole.rstrip(" ,;:(–-") + ELLIPSIS


def _drawing(frames: Frames, rows: pd.DataFrame, names: Sequence[str], today: date) -> Drawing:
    now, shown = day_number(today), min(len(rows), MOST_ROWS)
    head = rows.head(shown)
    listed, late = head["listed"].tolist(), head["late"].tolist()
    walls = day_numbers(head["most_due_on"], NEVER)
    steps = closed_steps(frames.register, frames.spells, head["inspection_id"].tolist())
    axis = _axis(walls, [int(days[0]) for days, _ in steps if len(days)], today)
    low, high, height = axis.low, axis.high, float(shown)

    areas: list[DrawnMark] = []
    floor, ceiling, over, line = _Path(), _Path(), _Path(), _Path()
    ahead, passed, ends = _Path(), _Path(), _Path()
    words: list[DrawnMark] = []
    for row, (days, closed) in enumerate(steps):
        base, top = height - row - BASE, height - row - CEILING
        rise = (top - base) / listed[row]
        wall = int(walls[row])
        xs, counts = _within(days, closed, int(low), now)
        begin, end = xs[0], float(min(max(now, wall), high)) if wall < NEVER else float(now)
        ys = [base + rise * count for count in counts]
        said = [f"{day_name(x)}: {_said(count, listed[row], 0)}" for x, count in zip(xs, counts, strict=True)]
        line.add(xs, ys, said)
        ends.add(xs[-1:], ys[-1:], said[-1:])
        flat_xs, flat_ys = np.repeat(xs, 2)[1:], np.repeat(ys, 2)[:-1]
        areas.append(
            Band(tuple(flat_xs.tolist()), (base,) * len(flat_xs), tuple(flat_ys.tolist()), Role.FAN_INNER)
        )
        floor.add([begin, end], [base, base])
        ceiling.add([begin, max(begin, min(end, float(max(wall, low))))], [top, top])
        due = f"most still open due by {day_name(wall)}" if wall < NEVER else ""
        if wall < now:
            over.add([max(float(wall), begin), float(now)], [top, top], [due, due])
        if low <= wall <= high:
            (passed if wall < now else ahead).add([float(wall)] * 2, [base, top], [due, due])
        said_at_right = _said(int(counts[-1]), listed[row], late[row])
        words += title_line(
            low,
            high,
            height - row,
            report_name(names[row], LINE_LENGTH - len(said_at_right)),
            said_at_right,
            Role.LATE_TEXT if late[row] else Role.SOFT,
            bold=late[row] > 0,
        )
    marks: list[DrawnMark] = [
        hairlines(low, high, shown),
        *areas,
        floor.line(Role.AXIS, 1.0),
        todays_rule(now, shown, CEILING),
        ceiling.line(Role.INK, 1.25),
        over.line(Role.LATE, 3.0),
        ahead.line(Role.INK, 1.75),
        passed.line(Role.LATE, 1.75),
        line.line(Role.ACCENT, 2.25, step=True),
        Points(tuple(ends.xs[::2]), tuple(ends.ys[::2]), "dot", Role.ACCENT, 8.0, tuple(ends.said[::2])),
        *words,
        todays_date(today, axis, height),
    ]
    more = len(rows) - shown
    if more:
        marks.append(more_words(low, more))
    below = 0.45 if more else 0.1
    return Drawing(
        drawn_marks(marks),
        axis,
        Axis(-below, height),
        round(70 + (height + below) * ROW),
        Margins(left=3, right=5, top=24),
    )


@dataclass(slots=True)
class _Path:
    """Pieces of one line, with a gap after each."""

    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def add(self, xs: Sequence[float], ys: Sequence[float], said: Sequence[str] = ()) -> None:
        """Add a piece; `said` is what hovering over each of its places says."""
        self.xs += [*xs, GAP]
        self.ys += [*ys, GAP]
        self.said += [*(said or [""] * len(xs)), ""]

    def line(self, role: Role, width: float, *, step: bool = False) -> Line:
        """Return the pieces as a line."""
        hover = tuple(self.said) if any(self.said) else ()
        return Line(tuple(self.xs), tuple(self.ys), role, width, step=step, hover=hover)


def _axis(walls: Days, begins: Sequence[int], today: date) -> Axis:
    """Return 18 months back, or less where all came later, to the latest day ahead within a year."""
    now = day_number(today)
    start = max(min([*begins, now - 60]) - 7, day_number(add_months(today, -WINDOW_MONTHS)))
    near = walls[walls <= day_number(add_months(today, MONTHS_AHEAD))]
    stop = max([now + 14, *near.tolist()])
    return day_axis(day_of(start), day_of(stop), room=max((stop - start) / 60, 2.0))


def _within(days: Days, counts: Days, low: int, now: int) -> tuple[list[float], list[int]]:
    """Return the steps from the left edge or the first day, whichever is later, to today."""
    if not len(days):
        return [float(now)] * 2, [0, 0]
    begin = min(max(int(days[0]), low), now)
    inside = np.flatnonzero((days > begin) & (days <= now))
    if len(inside) > MOST_STEPS:
        parts = (days[inside] - begin) * MOST_STEPS // (now - begin + 1)
        inside = inside[np.append(parts[1:] != parts[:-1], True)]
    before = int(counts[np.searchsorted(days, begin, side="right") - 1])
    xs = [begin, *days[inside].tolist(), now]
    ys = [before, *counts[inside].tolist()]
    return [float(x) for x in xs], [*ys, ys[-1]]
