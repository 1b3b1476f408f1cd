"""A day of publication, typed as exactly as it is known, and what follows from it."""

from datetime import date
from typing import Final

import streamlit as st

from monitor import dates
from monitor.domain.inspections import Inspection, read_publication
from monitor.domain.responses import last_day_if_known
from monitor.domain.statuses import Precision
from monitor.errors import MonitorError, RuleError
from monitor.services import intake
from monitor.ui import frame
from monitor.ui.frame import Page

LABEL: Final = "Published on, as exactly as it is known"
SOURCE: Final = "Where was the day found?"
_SAID: Final = "_learned"


def written(day: date | None, precision: Precision) -> str:
    """Return a day of publication as it would be typed: "26 June 2019", "June 2019", "2019" or nothing."""
    if day is None or precision is Precision.UNKNOWN:
        return ""
    if precision is Precision.DAY:
        return dates.long_date(day)
    return dates.month_year(day) if precision is Precision.MONTH else str(day.year)


def read(typed: str) -> tuple[date | None, Precision]:
    """
    Return the day that was typed and how exactly it is known; of an empty field, that it is not.

    Raises:
        RuleError: with one sentence, for what is no day, month or year.
    """
    if not typed.strip():
        return None, Precision.UNKNOWN
    try:
        return read_publication(typed)
    except ValueError as problem:
        raise RuleError(str(problem)) from problem


def last_day_words(day: date | None, precision: Precision, *, needs_response: bool = True) -> str:
    """Return until when to respond, or that the day has to be found for that."""
    if not needs_response:
        return "An audit: no statutory response"
    last = last_day_if_known(day, precision)
    if last is not None:
        return f"Last day to respond: **{dates.long_date(last)}**"
    known = {
        Precision.MONTH: "Only the month is known",
        Precision.YEAR: "Only the year is known",
    }.get(precision, "The day of publication is not known")
    return f":orange[:material/event_busy: {known}. Give the day, and the last day to respond can be told]"


def learn_form(page: Page, report: Inspection) -> None:
    """Offer to say when a report was published, where its day is not known; it stays beside what was known before."""
    day_key, source_key = f"learn-day-{report.id}", f"learn-source-{report.id}"
    with st.expander("Give the day of publication", type="compact", key=f"learn-{report.id}"):
        refused = st.container(key=f"learn-refused-{report.id}")
        typed = st.text_input(LABEL, key=day_key, autocomplete="off") or ""
        if typed.strip():
            try:
                st.caption(last_day_words(*read(typed)))
            except RuleError as problem:
                frame.refuse(problem)
        source = st.text_input(SOURCE, key=source_key, autocomplete="off") or ""
        if not st.button("Record the day", key=f"learn-save-{report.id}"):
            return
        try:
            _learn(page, report, typed, source)
        except MonitorError as problem:
            with refused:
                frame.refuse(problem)
        else:
            st.rerun()


def _learn(page: Page, report: Inspection, typed: str, source: str) -> None:
    """Record the day. Between saving and noting it, nothing may stop the run: no call that draws."""
    day, precision = read(typed)
    if day is None:
        raise RuleError(f'"{LABEL}" is still empty. Write it as in 26 June 2019, or June 2019.')
    intake.learn_publication(
        page.store,
        inspection_id=report.id,
        published_on=day,
        precision=precision,
        source=source,
        by=page.actor,
    )
    st.session_state[_SAID] = "Day of publication recorded."


def say_learned() -> None:
    """Say what has just been recorded, once."""
    said = st.session_state.pop(_SAID, "")
    if said:
        st.toast(said, icon=":material/check:")


def is_wanted(report: Inspection) -> bool:
    """Tell whether the day of publication has to be found: the last day to respond hangs on it."""
    return report.published_precision is not Precision.DAY and report.needs_response
