"""The list of what was read: every file, its reports and their recommendations, each to tick and to open."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from monitor.domain.statuses import Standing
from monitor.services.plans import ItemPlan
from monitor.ui import review_item, review_report, safe, words
from monitor.ui.frame import Page
from monitor.ui.review_desk import Desk, Entry, desk
from monitor.ui.review_file import Dropped, is_wording_alone

ROWS_A_PAGE: Final = 25
FILTER_FROM: Final = 13

_SHOW: Final = "review-show"
_EVERYTHING: Final = "Everything"
_ASKING: Final = "What is asked"
_SHOWS: Final = (_EVERYTHING, _ASKING, *(standing.word for standing in Standing))


def entries(here: Desk) -> list[Entry]:
    """Return what is listed: everything, or what the reader asked for, with the reports that hold it."""
    listed = here.entries()
    show = st.session_state.get(_SHOW) or _EVERYTHING
    if show == _EVERYTHING or not _can_filter(here):
        return listed
    kept: set[Entry] = set()
    for dropped in here.files:
        for report in dropped.plan.reports:
            found = [item for item in report.items if _is_kept(dropped, item, show)]
            kept |= {Entry(dropped.number, "item", item.key) for item in found}
            if found:
                kept.add(Entry(dropped.number, "report", report.key))
    return [one for one in listed if one in kept]


def _is_kept(dropped: Dropped, item: ItemPlan, show: str) -> bool:
    if show == _ASKING:
        is_asked = item.standing is Standing.DOUBTFUL or item.changes_wording
        return is_asked or bool(dropped.own_problems(item))
    return item.standing.word == show


def show(page: Page, here: Desk, listed: Sequence[Entry], at: Entry | None) -> None:
    """Show the list, a page at a time."""
    st.header("What was read", anchor=False)
    if _can_filter(here):
        st.selectbox("Show", _SHOWS, key=_SHOW, on_change=_to_first_page)
    if not listed:
        st.markdown("Nothing of that kind.")
        return
    pages = -(-len(listed) // ROWS_A_PAGE)
    number = min(here.page, pages)
    start = (number - 1) * ROWS_A_PAGE
    named = 0
    with st.container(key="rows-review", gap=None):
        for entry in listed[start : start + ROWS_A_PAGE]:
            dropped = here.file(entry.number)
            if dropped is None:
                continue
            if entry.number != named and entry.kind != "file":
                with st.container(key=f"file-review-{entry.number}"):
                    st.caption(safe.text(dropped.plan.name))
            named = entry.number
            _show_row(dropped, entry, is_current=entry == at)
    if pages > 1:
        key = f"review-page-{here.turned}"
        st.pagination(pages, default=number, key=key, max_visible_pages=5, on_change=_turn, args=(key,))


def turn_to(listed: Sequence[Entry], entry: Entry) -> None:
    """Turn the list to the page on which something stands."""
    _turn_to_page(listed.index(entry) // ROWS_A_PAGE + 1)


def _turn(key: str) -> None:
    desk().page = int(st.session_state[key])


def _turn_to_page(number: int) -> None:
    """Turn the list, with buttons of its own anew: Streamlit's hold to the page that they were on."""
    here = desk()
    if here.page != number:
        here.page, here.turned = number, here.turned + 1


def _to_first_page() -> None:
    _turn_to_page(1)


def _can_filter(here: Desk) -> bool:
    return sum(len(dropped.plan.items) for dropped in here.files) >= FILTER_FROM


def _show_row(dropped: Dropped, entry: Entry, *, is_current: bool) -> None:
    key = f"current-review-{entry.name}" if is_current else f"row-review-{entry.name}"
    with st.container(key=key, horizontal=True, wrap=False, gap="small"):
        with st.container(width=28, key=f"tick-{entry.name}"):
            _show_tick(dropped, entry)
        with st.container(gap=None):
            label, told = _said(dropped, entry)
            strong = entry.kind != "item"
            st.button(
                f"**{safe.text(label)}**" if strong else safe.text(label),
                key=f"choose-review-{entry.name}",
                type="tertiary",
                wrap=True,
                on_click=choose,
                args=(entry,),
            )
            st.caption(told)


def choose(entry: Entry) -> None:
    """Look at something."""
    desk().chosen = entry


def _show_tick(dropped: Dropped, entry: Entry) -> None:
    """Show the box of a row; a row that cannot be taken has none that can be ticked."""
    if entry.kind == "file":
        return
    key = f"ticked-{entry.name}"
    report, item = dropped.report(entry.key), dropped.item(entry.key)
    if report is not None and entry.kind == "report":
        is_on, can = dropped.takes_report(report), not dropped.plan.is_refused
        can = can and report.standing in (Standing.NEW, Standing.CHANGED)
        label = f"Take in {review_report.title_of(report)}"
    elif item is not None:
        alone = is_wording_alone(item)
        is_on = dropped.takes_wording(item) if alone else dropped.takes(item)
        can = dropped.can_tick(item)
        label = f"{'Record the new wording of' if alone else 'Take in'} {review_item.title_of(item)}"
    else:
        return
    if not can and not is_on and (item is None or item.standing is Standing.UNCHANGED):
        return
    st.session_state[key] = is_on
    st.checkbox(
        safe.text(label),
        key=key,
        disabled=not can,
        label_visibility="collapsed",
        on_change=_tick,
        args=(dropped, entry.key, key),
    )


def _tick(dropped: Dropped, entry_key: str, key: str) -> None:
    dropped.tick(entry_key, is_on=bool(st.session_state[key]))


def _said(dropped: Dropped, entry: Entry) -> tuple[str, str]:
    """Return what a row is called, as stored text, and what is said of it, as markdown."""
    if entry.kind == "file":
        return dropped.plan.name, _of_file(dropped)
    report = dropped.report(entry.key)
    if report is not None and entry.kind == "report":
        said = [words.status_markdown(report.standing), safe.text(review_report.published_words(report))]
        if report.problems and report.standing is not Standing.UNCHANGED:
            said.append(_to_check(len(report.problems)))
        return words.shortened(review_report.title_of(report), 110), " · ".join(said)
    item = dropped.item(entry.key)
    if item is None:
        return "", ""
    number = str(item.given.get("number") or item.given.get("external_reference") or "")
    name = item.found if item.standing is not Standing.NEW and item.found else number
    said = [
        words.status_markdown(item.standing),
        safe.text(name),
        safe.text(review_item.deadline_words(item, most=28)),
    ]
    if own := dropped.own_problems(item):
        said.append(_to_check(len(own)))
    return words.shortened(review_item.title_of(item), 60), " · ".join(one for one in said if one)


def _to_check(many: int) -> str:
    return f"{many} to check"


def _of_file(dropped: Dropped) -> str:
    plan = dropped.plan
    if plan.faults:
        return f":red[:material/error: {words.plural(len(plan.faults), 'fault')}]"
    if plan.tracker is not None:
        return "How its columns are read"
    if not plan.reports:
        return "No report found"
    return words.plural(len(plan.reports), "report")
