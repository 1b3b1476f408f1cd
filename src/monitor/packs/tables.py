"""The register as a table to take away, captioned so that it can be made again."""

from datetime import datetime
from typing import Any, Literal

import pandas as pd

from monitor.charts.chart import Chart
from monitor.dates import long_date
from monitor.domain.access import Actor, Permission
from monitor.exporters.table import Column, ExportTable
from monitor.services.auditing import HistorySeen
from monitor.services.columns import COLUMNS, plain_rows
from monitor.services.filters import Filter, describe
from monitor.services.view import RegisterView


def register_export(
    view: RegisterView,
    rows: pd.DataFrame,
    wanted: Filter,
    *,
    by: Actor,
    history: HistorySeen,
    made_at: datetime,
    words: bool = True,
) -> ExportTable:
    """
    Return the rows with every column, and captions that say what they rest on.

    Args:
        history: How far the history goes for whoever makes it; an export that names it can be checked later.
        made_at: The register's moment.
        words: True for the words people read, False for stored values.

    Raises:
        AccessError: for an actor who may not export.
    """
    by.require(Permission.EXPORT)
    captions = [
        f"{view.office}: recommendations and areas for improvement, {view.as_at_words}.",
        describe(view, wanted, len(rows)),
        f"Made by {by.name}, {long_date(made_at.date())}.",
        f"History: {history.rows:,} rows, head {history.head}.",
    ]
    if view.is_demonstration:
        captions.insert(1, "Demonstration data: the activity, the people and the figures are invented.")
    columns = [Column(c.key, c.heading, c.meaning, c.kind) for c in COLUMNS]
    listed = plain_rows(rows, words=words)
    if view.is_demonstration:
        columns.append(_DEMONSTRATION)
        listed = [row | {_DEMONSTRATION.key: True} for row in listed]
    return ExportTable(
        name="demonstration-register" if view.is_demonstration else "register",
        title="Demonstration register of recommendations"
        if view.is_demonstration
        else "Register of recommendations",
        columns=columns,
        rows=listed,
        captions=captions,
        as_at=view.as_at,
        made_at=made_at,
    )


def chart_export(
    view: RegisterView, chart: Chart, wanted: Filter, *, by: Actor, made_at: datetime
) -> ExportTable:
    """
    Return the rows behind a chart, captioned with its finding, its balance and its source.

    Raises:
        AccessError: for an actor who may not export.
    """
    by.require(Permission.EXPORT)
    table = chart.table
    return ExportTable(
        name=chart.name,
        title=chart.finding,
        columns=[Column(name, name, "", kind_of(table[name])) for name in table.columns],
        rows=table,
        captions=[
            chart.counted,
            *chart.captions,
            wanted.sentence(view.titles),
            f"Made by {by.name}, {long_date(made_at.date())}.",
        ],
        as_at=view.as_at,
        made_at=made_at,
        sheet="Rows",
    )


def kind_of(column: "pd.Series[Any]") -> Literal["text", "day", "count", "flag"]:
    """Return what a column of a chart's table holds."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return "day"
    if pd.api.types.is_bool_dtype(column):
        return "flag"
    return "count" if pd.api.types.is_numeric_dtype(column) else "text"


_DEMONSTRATION = Column(
    "demonstration",
    "Demonstration",
    "Yes: the activity, the people and the figures of this row are invented.",
    "flag",
)
