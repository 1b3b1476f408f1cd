"""One file as a whole: for a sheet how its columns and status words are read and what is wrong with it; else its notes."""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from monitor import dates
from monitor.domain.statuses import ForceReport
from monitor.importers.faults import Fault
from monitor.importers.tracker import FIELDS, ColumnGuess, StatusWord, Tracker
from monitor.importers.tracker_fields import DATED_UPDATE, GUARDED
from monitor.ui import frame, safe, words
from monitor.ui.review_fields import asked
from monitor.ui.review_file import Dropped

FAULTS_A_PAGE: Final = 50
EXAMPLE_MOST: Final = 70
LEFT_OUT: Final = "Left out"
NO_STATUS: Final = "No status"


def show(dropped: Dropped) -> None:
    """Show it."""
    plan = dropped.plan
    if dropped.problem is not None:
        frame.refuse(dropped.problem)
    tracker = plan.tracker
    if tracker is None:
        st.markdown("No report was found in this file." if not plan.reports else "")
        asked(plan.notes)
        _show_faults(dropped, plan.faults)
        return
    st.caption(_sum(tracker))
    if plan.faults:
        st.markdown(
            f":red[:material/error: {words.capitalised(words.counted(len(plan.faults), 'fault'))} "
            "to put right before anything of this file can be taken in]"
        )
    _ask_title(dropped)
    _show_columns(dropped, tracker)
    _show_words(dropped, tracker)
    _show_faults(dropped, plan.faults)
    if plan.notes:
        st.subheader("Also to know", anchor=False)
        st.markdown("\n".join(f"- {safe.text(said)}" for said in plan.notes))


def _sum(tracker: Tracker) -> str:
    sheets = list(dict.fromkeys(column.sheet for column in tracker.columns))
    where = f" on {words.listed([f'“{safe.text(name)}”' for name in sheets])}" if sheets else ""
    return f"{words.capitalised(words.plural(len(tracker.rows), 'row'))} read{where}"


def _ask_title(dropped: Dropped) -> None:
    """Ask for the report's title where rows name none."""
    tracker = dropped.plan.tracker
    names_it = tracker is not None and any(column.field == "report" for column in tracker.columns)
    untitled = any(not report.given["title"] for report in dropped.plan.reports)
    if (names_it and not untitled and not dropped.report_title) or not (untitled or dropped.report_title):
        return
    key = f"report-title-{dropped.number}"
    if st.session_state.get(key) != dropped.report_title:
        st.session_state[key] = dropped.report_title
    st.text_input(
        "Title of the report, for rows that name none",
        key=key,
        on_change=_give_title,
        args=(dropped, key),
        autocomplete="off",
    )


def _give_title(dropped: Dropped, key: str) -> None:
    dropped.report_title = " ".join(str(st.session_state[key]).split())
    dropped.is_to_be_read = True


# Columns


def _show_columns(dropped: Dropped, tracker: Tracker) -> None:
    st.subheader("How your columns are read", anchor=False)
    if not tracker.columns:
        st.markdown("No row of headings was found.")
        return
    st.caption(
        "Change what is read wrongly; the file is then read again. What you choose is remembered for this office."
    )
    several = len({column.sheet for column in tracker.columns}) > 1
    with st.container(key="rows-columns", gap=None):
        for place, column in enumerate(tracker.columns):
            with st.container(key=f"row-column-{dropped.number}-{place}"):
                _show_column(dropped, column, place, several=several)


def _show_column(dropped: Dropped, column: ColumnGuess, place: int, *, several: bool) -> None:
    heading = " ".join(column.heading.split()) or "No heading"
    left, right = st.columns([5, 5], gap="medium", vertical_alignment="center")
    with left, st.container(gap="xxsmall"):
        st.markdown(f"**{safe.text(words.shortened(heading, 120))}**")
        example = example_of(dropped, heading)
        told = [f"“{safe.text(example)}”" if example else "empty in every row"]
        if several:
            told.insert(0, safe.text(column.sheet))
        st.caption(" · ".join(told))
    with right, st.container(gap="xxsmall"):
        key = f"column-{dropped.number}-{place}"
        if st.session_state.get(key) != column.field:
            st.session_state[key] = column.field
        st.selectbox(
            safe.text(f"What “{words.shortened(heading, 80)}” holds"),
            _choices(column),
            format_func=_field_words,
            key=key,
            label_visibility="collapsed",
            on_change=_choose_column,
            args=(dropped, column.heading, key),
        )
        st.caption(_how(column))


def _choices(column: ColumnGuess) -> list[str]:
    dated = [DATED_UPDATE] if column.day is not None or column.field == DATED_UPDATE else []
    return ["", *dated, *FIELDS]


def _field_words(key: str) -> str:
    if key == DATED_UPDATE:
        return "Update of the day in its heading"
    if not key:
        return LEFT_OUT
    return f"{FIELDS[key].heading} (only compared)" if key in GUARDED else FIELDS[key].heading


def _how(column: ColumnGuess) -> str:
    if not column.field:
        return safe.text(words.capitalised(column.how)) if column.how == "chosen by you" else "Not read"
    day = f", {dates.long_date(column.day)}" if column.day is not None else ""
    meaning = FIELDS[column.field].meaning if column.field in FIELDS else ""
    return f"{safe.text(words.capitalised(column.how))}{day}. {safe.text(meaning)}".strip()


def _choose_column(dropped: Dropped, heading: str, key: str) -> None:
    dropped.choose_column(heading, str(st.session_state[key]))


def example_of(dropped: Dropped, heading: str) -> str:
    """Return the first value under a heading, from the rows as text."""
    text, begins = dropped.plan.text, f"{heading}: "
    place = 0 if text.startswith(begins) else text.find(f"\n{begins}")
    if place < 0:
        return ""
    start = place + len(begins) + (0 if text.startswith(begins) else 1)
    end = text.find("\n", start)
    return words.shortened(text[start : end if end >= 0 else len(text)], EXAMPLE_MOST)


# Status words


def _show_words(dropped: Dropped, tracker: Tracker) -> None:
    if not tracker.words:
        return
    st.subheader("How your status words are read", anchor=False)
    st.caption("What the force reports. An import closes nothing, whatever a status says.")
    ordered = sorted(
        enumerate(tracker.words), key=lambda one: (one[1].value is not None, not one[1].is_guess)
    )
    with st.container(key="rows-words", gap=None):
        for place, word in ordered:
            with st.container(key=f"row-word-{dropped.number}-{place}"):
                _show_word(dropped, word, place)


def _show_word(dropped: Dropped, word: StatusWord, place: int) -> None:
    left, right = st.columns([5, 5], gap="medium", vertical_alignment="center")
    with left, st.container(gap="xxsmall"):
        st.markdown(f"**{safe.text(words.shortened(word.found, 120))}**")
        st.caption(f"in {words.plural(word.rows, 'row')}")
    settled = dropped.words.get(word.found.casefold())
    with right, st.container(gap="xxsmall"):
        key = f"word-{dropped.number}-{place}"
        value = word.value.value if word.value is not None else settled
        if key not in st.session_state or st.session_state[key] != value:
            st.session_state[key] = value
        st.selectbox(
            safe.text(f"What “{words.shortened(word.found, 80)}” means"),
            [*(member.value for member in ForceReport), ""],
            index=None,
            format_func=lambda one: ForceReport(one).word if one else NO_STATUS,
            placeholder="Say what it means",
            key=key,
            label_visibility="collapsed",
            on_change=_choose_word,
            args=(dropped, word.found, key),
        )
        if value is None:
            st.caption(":orange[:material/help: Not known: say what it means]")
        else:
            st.caption("Guessed" if word.is_guess else "Read so")


def _choose_word(dropped: Dropped, found: str, key: str) -> None:
    value: Any = st.session_state[key]
    if value is not None:
        dropped.choose_word(found, str(value))


# Faults


def _show_faults(dropped: Dropped, faults: Sequence[Fault]) -> None:
    if not faults:
        return
    st.subheader(words.capitalised(words.counted(len(faults), "fault")), anchor=False)
    st.caption("All of them. Put them right in the file and drop it again, or read a column otherwise above.")
    pages = -(-len(faults) // FAULTS_A_PAGE)
    key = f"faults-{dropped.number}"
    number = min(st.session_state.get(key) or 1, pages)
    shown = faults[(number - 1) * FAULTS_A_PAGE : number * FAULTS_A_PAGE]
    with st.container(key="section-faults"):
        st.table(
            pd.DataFrame(
                [(safe.text(one.where), safe.text(_wrong(one)), safe.text(one.wanted)) for one in shown],
                columns=["Where", "What is wrong", "Wanted"],
            ),
            border="horizontal",
            hide_index=True,
            alt="Every fault: where it stands, what was found, what would be accepted.",
        )
    if pages > 1:
        st.pagination(pages, key=key)


def _wrong(fault: Fault) -> str:
    """Return what is wrong with a cell, beginning with what was found there."""
    said = fault.message.removeprefix(f"{fault.where}: ")
    found = words.shortened(fault.found, 120)
    return said if not found or found in said else f'"{found}": {said}'
