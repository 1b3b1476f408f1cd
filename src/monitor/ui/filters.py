"""
The filter bar of the Register and of Progress: what the reader asks for stands in the address, and nowhere else.

Every field is set from the address before it is shown and writes to the address when it is changed.
So a link brings the same rows back, the browser's back button undoes a choice, and a parameter that
makes no sense costs one sentence and not the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

import streamlit as st

from monitor.errors import RuleError
from monitor.services.filters import SHOWS, VOCABULARIES, Filter, choices
from monitor.services.view import RegisterView
from monitor.ui import frame, safe, words

ORDER: Final = "order"
ONLY: Final = "only"
PAGE: Final = "page"
COLUMNS: Final = "columns"

MOST_NAMED: Final = 150
"""More references than this are not put into one address."""

_LONGEST: Final = 300
_MOST_VALUES: Final = 200
_WORDS_ON_A_BUTTON: Final = 60
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Order:
    """An order of rows: the words for it, and the columns that it goes by."""

    word: str
    columns: tuple[str, ...] = ()
    ascending: tuple[bool, ...] = ()


ORDERS: Final[Mapping[str, Order]] = {
    "date": Order("Earliest date first"),
    "late": Order("Longest late first", ("days_late",), (False,)),
    "moves": Order("Most moves first", ("moves", "days_slipped"), (False, False)),
    "silent": Order("Longest without an update first", ("days_since_update",), (False,)),
    "reference": Order("By reference", ("reference",), (True,)),
}
"""The first one is the register's own order."""

FIELDS: Final[Mapping[str, str]] = {
    "service": "Service",
    "inspection": "Report",
    "kind": "Kind",
    "schedule_state": "Schedule",
    "force_report": "The force reports",
    "assurance": "The office is",
    "position": "Inspectorate’s position",
    "evidence_grade": "Evidence",
    "owner": "Owner",
    "executive_lead": "Executive lead",
    "board": "Board",
    "theme": "Theme",
    "closure_reason": "Closed as",
    "target_set_by": "Target set by",
    "due_from": "Due from",
    "due_to": "Due to",
}
"""The fields under *More filters*, in order, with their labels."""


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What the address asks for, as far as it can be read.

    Attributes:
        only: References of the rows that a figure named one by one; none for no such limit.
        problems: One sentence for each parameter that could not be read; it limits nothing.
    """

    wanted: Filter
    order: str
    only: tuple[str, ...]
    problems: tuple[str, ...]


def asked() -> Asked:
    """Return what the address asks for."""
    return _read(tuple((name, tuple(_values(name))) for name in _READ if name in st.query_params))


@lru_cache(maxsize=256)
def _read(params: tuple[tuple[str, tuple[str, ...]], ...]) -> Asked:
    wanted, order, problems = Filter(), next(iter(ORDERS)), list[str]()
    only: tuple[str, ...] = ()
    for name, values in params:
        if not values:
            continue
        if name == ONLY:
            only = values
        elif name == ORDER and values[0] in ORDERS:
            order = values[0]
        elif name == ORDER:
            problems.append(f'"{values[0]}" is not an order of rows. Choose one of: {", ".join(ORDERS)}.')
        else:
            try:
                one = getattr(Filter.from_address({name: list(values)}), name)
                wanted = replace(wanted, **{name: _checked(name, one)})
            except RuleError as problem:
                problems.append(problem.message)
    return Asked(wanted, order, only, tuple(problems))


_READ: Final = (*(field.name for field in fields(Filter)), ORDER, ONLY)


def filter_bar(page: frame.Page, view: RegisterView, *, compact: bool = False) -> Filter:
    """
    Show the filters and return what they ask for.

    Args:
        page: The page they stand on.
        view: The register, for the names to choose from.
        compact: One *Filter* button with a gray sentence instead of search and *Show*; the filter then
            begins with everything, since a chart over time needs what is closed too.
    """
    found = asked()
    wanted = replace(found.wanted, show="everything", text="") if compact else found.wanted
    with st.container(
        key="filters", horizontal=True, vertical_alignment="bottom" if not compact else "center"
    ):
        if compact:
            _more("Filter", view, wanted, order=None)
            limits = [f"{FIELDS[name]}: {shown}" for name, shown in wanted.words()]
            st.caption(safe.text("; ".join(limits)) if limits else "All recommendations", width="content")
        else:
            _search(wanted)
            _show(wanted, view)
            _more("More filters", view, wanted, order=found.order)
    if found.problems:
        with st.container(key="filter-problems"):
            for problem in found.problems:
                frame.refuse(RuleError(problem))
    return wanted


def removable_words(wanted: Filter, only: Sequence[str] = ()) -> None:
    """Show each limit that was chosen as a button that takes it away again; nothing when there is none."""
    limits = [
        (name, f"{FIELDS[name]}: {shown}" if name in FIELDS else shown) for name, shown in wanted.words()
    ]
    if only:
        limits.insert(0, (ONLY, words.plural(len(only), "named recommendation")))
    if not limits:
        return
    with st.container(key="chosen", horizontal=True, gap="medium"):
        for name, shown in limits:
            short = shown if len(shown) <= _WORDS_ON_A_BUTTON else f"{shown[: _WORDS_ON_A_BUTTON - 1]}…"
            st.button(
                safe.text(short),
                type="tertiary",
                icon=":material/close:",
                icon_position="right",
                key=f"without-{name}",
                help=f"Take away: {safe.text(shown)}",
                on_click=_write,
                args=({name: None},),
            )
        if len(limits) > 1:
            clear_button("clear-all")


def clear_button(key: str, label: str = "Clear the filters") -> None:
    """Show a quiet button that takes every limit away, the search and the set of rows included."""
    names = [field.name for field in fields(Filter)] + [ONLY, ORDER]
    st.button(label, type="tertiary", key=key, on_click=_write, args=(dict.fromkeys(names),))


def everything_button(key: str) -> None:
    """Show a quiet button that keeps the search and looks for it among all rows, the closed ones too."""
    names = {field.name: None for field in fields(Filter) if field.name != "text"}
    st.button(
        "Show everything",
        type="tertiary",
        key=key,
        on_click=_write,
        args=({**names, ONLY: None, "show": "everything"},),
    )


def page_chosen(pages: int) -> int:
    """Return the number of the page that the address names, from 1 to `pages`; the nearest for any other."""
    named = next(iter(_values(PAGE)), "1")
    return min(max(int(named), 1), pages) if named.isdecimal() and len(named) < 7 else 1


def columns_chosen(known: Mapping[str, Any], usual: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return the columns that the address names, in its order, and a sentence about those that there are not."""
    named = list(dict.fromkeys(_values(COLUMNS)))
    strange = next((name for name in named if name not in known), None)
    problem = f'There is no column "{strange}".' if strange is not None else ""
    return tuple(name for name in named if name in known) or tuple(usual), problem


def turn_to(key: str) -> None:
    """Put the page number of a paging field into the address; what is asked for stays."""
    number = st.session_state[key]
    _write({PAGE: None if number == 1 else str(number)}, keep_page=True)


def choose_columns(key: str, usual: Sequence[str]) -> None:
    """Put the columns of a field into the address."""
    chosen = list(st.session_state[key])
    _write({COLUMNS: None if not chosen or chosen == list(usual) else chosen}, keep_page=True)


def forget(name: str) -> None:
    """Take a parameter out of the address."""
    _write({name: None}, keep_page=True)


def _search(wanted: Filter) -> None:
    st.session_state[_key("text")] = wanted.text
    st.text_input(
        "Search",
        key=_key("text"),
        placeholder="Words in the text, owner or reference",
        icon=":material/search:",
        max_chars=_LONGEST,
        width=420,
        on_change=_choose,
        args=("text",),
    )


def _show(wanted: Filter, view: RegisterView) -> None:
    st.session_state[_key("show")] = wanted.show
    st.selectbox(
        "Show",
        list(SHOWS),
        format_func=lambda show: SHOWS[show].called(view.titles).word,
        key=_key("show"),
        width=260,
        on_change=_choose,
        args=("show",),
    )


def _more(label: str, view: RegisterView, wanted: Filter, *, order: str | None) -> None:
    """Show the button; its contents are made only while it is open, so that a click elsewhere stays cheap."""
    opened = st.popover(label, icon=":material/tune:", key="more-filters", on_change="rerun")
    if not opened.open:
        return
    offered = choices(view)
    with opened:
        if order is not None:
            _order(order)
        with st.grid(columns=2, min_column_width=240, width=560, key="more-filters-fields"):
            for name, heading in FIELDS.items():
                if name == "service" and len(view.services) < 2:
                    continue
                if name in ("due_from", "due_to"):
                    _day(name, heading, getattr(wanted, name))
                else:
                    _several(name, heading, offered.get(name, ()), getattr(wanted, name))


def _order(order: str) -> None:
    st.session_state[_key(ORDER)] = order
    st.selectbox(
        "Order",
        list(ORDERS),
        format_func=_order_word,
        key=_key(ORDER),
        on_change=_choose,
        args=(ORDER,),
    )


def _order_word(order: str) -> str:
    return ORDERS[order].word


def _several(name: str, heading: str, offered: Sequence[str], chosen: Sequence[str]) -> None:
    vocabulary = VOCABULARIES.get(name)
    known = [str(member.value) for member in vocabulary] if vocabulary else list(offered)
    st.session_state[_key(name)] = list(chosen)
    st.multiselect(
        heading,
        known + [value for value in chosen if value not in known],
        format_func=(lambda value: vocabulary(value).word) if vocabulary else str,
        key=_key(name),
        placeholder="Any",
        on_change=_choose,
        args=(name,),
    )


def _day(name: str, heading: str, chosen: date | None) -> None:
    st.session_state[_key(name)] = chosen
    st.date_input(
        heading,
        value=None,
        min_value=_FIRST_DAY,
        max_value=_LAST_DAY,
        format="DD/MM/YYYY",
        key=_key(name),
        on_change=_choose,
        args=(name,),
    )


def _choose(name: str) -> None:
    """Put what the reader has just chosen into the address; what is usual there is left out."""
    value = st.session_state[_key(name)]
    if isinstance(value, date):
        value = value.isoformat()
    usual = {"show": Filter().show, ORDER: next(iter(ORDERS))}.get(name)
    _write({name: value if value and value != usual else None})


def _write(changed: Mapping[str, Any], *, keep_page: bool = False) -> None:
    """
    Change the address in one step, so that the back button undoes one choice at a time.

    Another choice of rows begins on its first page.
    """
    params: dict[str, Any] = {name: st.query_params.get_all(name) for name in st.query_params}
    if not keep_page:
        params.pop(PAGE, None)
    for name, value in changed.items():
        if value is None:
            params.pop(name, None)
        else:
            params[name] = value
    st.query_params.from_dict(params)


def _values(name: str) -> list[str]:
    return [value[:_LONGEST] for value in st.query_params.get_all(name)[:_MOST_VALUES] if value]


def _checked(name: str, value: Any) -> Any:
    if isinstance(value, date) and not _FIRST_DAY <= value <= _LAST_DAY:
        raise RuleError(f"{FIELDS[name]}: choose a day from {_FIRST_DAY.year} to {_LAST_DAY.year}.")
    return value


def _key(name: str) -> str:
    return f"filter-{name}"
