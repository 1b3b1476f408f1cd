"""
The register's rows: a ruled table on a wide screen, the same rows as a list on a phone and on paper.

Both are one set of real links and words, laid out by the stylesheet. Streamlit's own grid is not used: a
key press that brings the focus into it already selects a cell, and a selection would open a
recommendation that nobody asked for; it is a picture besides, and cannot be printed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from monitor import dates
from monitor.charts import theme
from monitor.domain.statuses import Applicability, Precision, ScheduleState, Vocabulary
from monitor.errors import RuleError
from monitor.services.columns import BY_KEY, DEFAULT_GRID, RegisterColumn
from monitor.services.filters import VOCABULARIES, Filter, kept
from monitor.services.view import RegisterView
from monitor.ui import downloads, filters, frame, overview, safe, words

ROWS_A_PAGE: Final = 50

Places = npt.NDArray[np.intp]

TITLE: Final = "short_title"
USUAL: Final = tuple(key for key in DEFAULT_GRID if key != TITLE)
OTHERS: Final = {key: column for key, column in BY_KEY.items() if key != TITLE}
"""The columns that can be chosen; the title is always there, since it is the link."""

_LONGEST_CELL: Final = 140
_PICKER: Final = "columns-field"
_PAGER: Final = "page-field"


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it is shown: the recommendation it opens, the words of its link, and its cells in Markdown."""

    reference: str
    title: str
    cells: str


@lru_cache(maxsize=64)
def found(view: RegisterView, wanted: Filter, order: str, only: tuple[str, ...] = ()) -> Places:
    """
    Return the places, among the view's rows, of those that are asked for, in the order asked for.

    Args:
        only: References that a figure named one by one; nothing for no such limit.
    """
    keep = kept(view, wanted)
    if only:
        keep = keep & view.rows["reference"].isin(only).to_numpy(dtype=bool)
    places = np.flatnonzero(keep)
    by = filters.ORDERS[order]
    if by.columns:
        keys = view.rows.loc[places, list(by.columns)]
        places = keys.sort_values(
            list(by.columns), ascending=list(by.ascending), kind="stable"
        ).index.to_numpy()
    return places


@st.fragment
def show_register(page: frame.Page) -> None:
    """
    Show the page: the filters and what they find, or that there is nothing yet.

    A click in here runs this alone and not the frame around it, which halves what it costs; so the
    register is asked for here, and a change by somebody else shows at the next click.
    """
    with frame.problems_in_words():
        view = page.view
        if view.rows.empty:
            overview.no_reports(page, view)
            return
        st.title("Register", anchor=False)
        _show_found(page, view, filters.filter_bar(page, view))


def _show_found(page: frame.Page, view: RegisterView, wanted: Filter) -> None:
    asked = filters.asked()
    places = found(view, wanted, asked.order, asked.only)
    chosen, problem = filters.columns_chosen(OTHERS, USUAL)
    with st.container(key="count", horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(count_line(view, wanted, asked.order, asked.only), width="stretch")
        if len(places):
            _offer_columns(chosen)
            downloads.register_downloads(page, view, places, wanted)
    if problem:
        frame.refuse(RuleError(problem))
    filters.removable_words(wanted, asked.only)
    if not len(places):
        frame.empty("Nothing matches", "Try fewer words, or show everything.")
        with st.container(horizontal=True, gap="medium"):
            filters.everything_button("show-everything")
            filters.clear_button("clear-filters")
        return
    pages = -(-len(places) // ROWS_A_PAGE)
    number = filters.page_chosen(pages)
    _show_lines(page, lines(view, wanted, asked.order, asked.only, number, chosen), chosen)
    if pages > 1:
        _pager(pages, number, len(places))


@lru_cache(maxsize=64)
def count_line(view: RegisterView, wanted: Filter, order: str, only: tuple[str, ...] = ()) -> str:
    """Return "**37 of 63** recommendations, 7 late. Earliest date first."."""
    places = found(view, wanted, order, only)
    others_too = wanted.show in ("everything", "for_others")
    total = len(view.rows) if others_too else int(view.rows["counts"].sum())
    late = int((view.rows["schedule_state"].iloc[places] == ScheduleState.OVERDUE.value).sum())
    is_late = ", all late" if late == len(places) > 1 else f", {late:,} late" if late else ""
    noun = "recommendation" if total == 1 else "recommendations"
    in_order = f" {filters.ORDERS[order].word}." if len(places) > 1 else ""
    return f"**{words.n_of(len(places), total)}** {noun}{is_late}.{in_order}"


@lru_cache(maxsize=64)
def lines(
    view: RegisterView,
    wanted: Filter,
    order: str,
    only: tuple[str, ...],
    number: int,
    chosen: tuple[str, ...],
) -> tuple[Line, ...]:
    """Return the rows of one page in the columns chosen; no other row is put into words."""
    start = (number - 1) * ROWS_A_PAGE
    columns = [OTHERS[key] for key in chosen]
    needed = list(dict.fromkeys(["reference", TITLE, *_BESIDE, *chosen]))
    rows = view.rows[needed].iloc[found(view, wanted, order, only)[start : start + ROWS_A_PAGE]]
    values = zip(*(rows[key].tolist() for key in needed), strict=True)
    return tuple(
        Line(
            row["reference"],
            row[TITLE] or row["reference"],
            "\n".join(_item(column, row) for column in columns),
        )
        for row in (dict(zip(needed, cells, strict=True)) for cells in values)
    )


_BESIDE: Final = (
    "schedule_state",
    "days_late",
    "days_to_target",
    "current_target",
    "target_precision",
    "closed_on",
    "published_precision",
)
"""What the rules of some cells need besides their own column."""


def _offer_columns(chosen: Sequence[str]) -> None:
    opened = st.popover(
        "Columns", icon=":material/view_column:", type="tertiary", key="columns-open", on_change="rerun"
    )
    if not opened.open:
        return
    with opened, st.container(width=480):
        st.session_state[_PICKER] = list(chosen)
        st.multiselect(
            "Columns, in this order",
            list(OTHERS),
            format_func=lambda key: OTHERS[key].heading,
            key=_PICKER,
            on_change=filters.choose_columns,
            args=(_PICKER, USUAL),
        )
        if tuple(chosen) != USUAL:
            st.button("Back to the usual columns", on_click=filters.forget, args=(filters.COLUMNS,))
        st.caption("A download has every column, whatever is shown here.")


def _show_lines(page: frame.Page, shown: Sequence[Line], chosen: Sequence[str]) -> None:
    usual = "usual" if tuple(chosen) == USUAL else "chosen"
    # A heading and a link are one row of the stylesheet's table with the words that follow them.
    with st.container(key=f"register-rows-{usual}", gap=None):
        st.markdown("Recommendation")
        st.markdown("\n".join(f"- {_heading(OTHERS[key])}" for key in chosen))
        for line in shown:
            page.link("recommendation", line.title, ref=line.reference)
            st.markdown(line.cells)


def _pager(pages: int, number: int, total: int) -> None:
    """Show where we are and the way to the other pages; the number stands in the address."""
    first = (number - 1) * ROWS_A_PAGE + 1
    st.caption(f"Rows {first:,} to {min(first + ROWS_A_PAGE - 1, total):,} of {total:,}")
    if st.session_state.get(_PAGER, number) != number:
        st.session_state[_PAGER] = number
    st.pagination(pages, default=number, key=_PAGER, on_change=filters.turn_to, args=(_PAGER,))


def _item(column: RegisterColumn, row: dict[str, Any]) -> str:
    """
    Return one cell as a list item: its heading, then its words.

    The stylesheet shows the heading on a phone and keeps it for screen readers in the table, where
    the head row has it. A heading in bold is for screen readers in both.
    """
    shown = CELLS.get(column.key, _plain)(column, row)
    heading = _heading(column)
    if not shown:
        return f"- ***{heading}: {_NOTHING.get(column.key, 'none recorded')}***"
    return f"- ***{heading}*** {shown}" if column.key == "schedule_state" else f"- *{heading}* {shown}"


def _heading(column: RegisterColumn) -> str:
    """Return a column's heading so that it reads with its words behind it: "Moved twice"."""
    return "Moved" if column.key == "moves" else safe.text(column.heading)


_NOTHING: Final = {
    "original_target": "the same",
    "moves": "never",
    "closure_reason": "open",
    "closed_on": "open",
}
"""What a screen reader is told where nothing is shown."""


def _status(column: RegisterColumn, row: dict[str, Any]) -> str:
    return _marked(VOCABULARIES[column.words](row[column.key]))


def _schedule(column: RegisterColumn, row: dict[str, Any]) -> str:
    state = ScheduleState(row["schedule_state"])
    left = row["days_to_target"]
    late = int(row["days_late"])
    if state is ScheduleState.CLOSED_LATE:
        late = (row["closed_on"] - row["current_target"]).days
    return _marked(
        state,
        words.schedule_words(state, days_late=late, days_to_target=None if pd.isna(left) else int(left)),
    )


def _target(column: RegisterColumn, row: dict[str, Any]) -> str:
    day = row["current_target"]
    if pd.isna(day):
        return ":gray[no date set]"
    match row["target_precision"]:
        case Precision.MONTH.value:
            return dates.month_year(day)
        case Precision.YEAR.value:
            return f"{day.year}"
        case _:
            return dates.short_date(day)


def _first_set(column: RegisterColumn, row: dict[str, Any]) -> str:
    first = row["original_target"]
    if pd.isna(first) or first == row["current_target"]:
        return ""
    return f":gray[{dates.short_date(first)}]"


def _moved(column: RegisterColumn, row: dict[str, Any]) -> str:
    return f":gray[{dates.times_word(int(row['moves']))}]" if row["moves"] else ""


def _published(column: RegisterColumn, row: dict[str, Any]) -> str:
    day = row["published_on"]
    if pd.isna(day):
        return ""
    exact = row["published_precision"]
    if exact == Precision.MONTH.value:
        return dates.month_year(day)
    return f"{day.year}" if exact == Precision.YEAR.value else dates.short_date(day)


def _plain(column: RegisterColumn, row: dict[str, Any]) -> str:
    """Return a cell without a rule of its own, by the kind of its column."""
    value = row[column.key]
    if column.kind == "flag":
        return "Yes" if value else "No"
    if pd.isna(value) or value == "":
        return ""
    if column.kind == "day":
        return dates.short_date(value)
    if column.kind == "count":
        return f"{int(value):,}".replace("-", words.MINUS)
    if column.words:
        return safe.text(words.capitalised(_vocabulary(column)(value).word))
    text = str(value)
    return safe.text(text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…")


def _vocabulary(column: RegisterColumn) -> type[Vocabulary]:
    return Applicability if column.words == "applicability" else VOCABULARIES[column.words]


def _marked(member: Vocabulary, said: str | None = None) -> str:
    mark = theme.mark_of(member)
    shown = safe.text(mark.text(said or member.word))
    return f":{mark.colour}[{shown}]" if mark.colour else shown


CELLS: Final[dict[str, Callable[[RegisterColumn, dict[str, Any]], str]]] = {
    "schedule_state": _schedule,
    "current_target": _target,
    "original_target": _first_set,
    "moves": _moved,
    "force_report": _status,
    "assurance": _status,
    "position": _status,
    "published_on": _published,
}
"""The columns whose cells have a rule of their own."""
