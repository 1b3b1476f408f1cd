"""Workload: who has how much open, how much of it late, how much due soon."""

from datetime import date
from typing import Literal

import pandas as pd

from monitor.analysis.workload import NOBODY, workload
from monitor.charts.bands import sum_line
from monitor.charts.chart import AsAt, Chart, Frames, make_chart
from monitor.charts.rows import MOST_ROWS, Row, rows_drawing
from monitor.charts.theme import Role
from monitor.charts.wording import has_have, is_are, number, one_line, sentence

By = Literal["owner", "board"]
_HEADINGS = {"owner": "Owner", "board": "Board"}


def workload_by_owner_chart(
    frames: Frames, *, today: date, demonstration: bool = False, office: str = "the office"
) -> Chart:
    """Return what is open by owner, most late first."""
    return _chart(frames, "owner", AsAt(today, demonstration, office))


def workload_by_board_chart(
    frames: Frames, *, today: date, demonstration: bool = False, office: str = "the office"
) -> Chart:
    """Return what is open by governing board, most late first."""
    return _chart(frames, "board", AsAt(today, demonstration, office))


def _chart(frames: Frames, by: By, as_at: AsAt) -> Chart:
    table = workload(frames.register, by)
    name = f"workload-{by}"
    counted = f"Open recommendations by {by}. Red: late. Amber: due in 90 days."
    headed = table.set_axis([_HEADINGS[by], "Open", "Late", "Due in 90 days"], axis=1)
    if table.empty:
        return make_chart(as_at, name, "Nothing is open", counted, headed, balance="0 open.")
    rows = [
        Row(who, (late, soon, total - late - soon), *_said(total, late, soon))
        for who, total, late, soon in table.itertuples(index=False)
    ]
    counts = table["open"].tolist()
    rest = sum(counts[MOST_ROWS:])
    listed = [*counts[:MOST_ROWS], rest] if rest else counts
    return make_chart(
        as_at,
        name,
        _finding(table, by),
        counted,
        headed,
        drawing=rows_drawing(
            rows, (Role.LATE, Role.DUE_SOON, Role.REST), ("late", "due in 90 days", "due later")
        ),
        balance=sum_line(listed, "open"),
        method=f"The last figure is that of the {len(counts) - MOST_ROWS:,} not drawn." if rest else "",
        facts=_facts(table),
    )


def _said(total: int, late: int, soon: int) -> tuple[str, Role, bool]:
    parts = [f"{total:,} open"]
    if late:
        parts.insert(0, f"{late:,} late")
    elif soon:
        parts.insert(0, f"{soon:,} due")
    return ", ".join(parts), Role.LATE_TEXT if late else Role.SOFT, late > 0


def _finding(table: pd.DataFrame, by: By) -> str:
    total, late = int(table["open"].sum()), int(table["late"].sum())
    first = table.iloc[0]
    who = one_line(str(first["name"]), 60)
    nobody = who == NOBODY[by]
    if not late:
        most = int(table["open"].max())
        ties = int((table["open"] == most).sum())
        if ties > 1 or len(table) == 1:
            return f"Nothing is late; {number(total)} {is_are(total)} open"
        if nobody:
            without = f"{number(most)} of the {number(total)} open {has_have(most)} no {by} recorded"
            return f"Nothing is late; {without}"
        return f"Nothing is late; {who} has the most open, {number(most)} of {number(total)}"
    top = int(first["late"])
    ties = int((table["late"] == top).sum())
    if late == 1:
        return (
            f"The one that is late has no {by} recorded" if nobody else f"The one that is late is with {who}"
        )
    if ties > 1:
        many = int((table["late"] > 0).sum())
        what = "owners" if by == "owner" else "boards"
        return sentence(f"{number(many)} {what} share the {number(late)} that are late")
    if nobody:
        return sentence(f"{number(top)} of the {number(late)} late {has_have(top)} no {by} recorded")
    if top == late:
        return f"All {number(late)} that are late are with {who}"
    return f"{who} has {number(top)} of the {number(late)} that are late"


def _facts(table: pd.DataFrame) -> str:
    first, last = table.iloc[0], table.iloc[-1]
    said = f"{one_line(str(first['name']), 40)}: {first['open']:,} open, {first['late']:,} late."
    if len(table) > 1:
        said += f" {one_line(str(last['name']), 40)}: {last['open']:,} open, {last['late']:,} late."
    return f"{said} {len(table):,} in all; most open {int(table['open'].max()):,}."
