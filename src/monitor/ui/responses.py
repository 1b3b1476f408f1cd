"""Every report that has to be answered or was: by its last day in law, with the days left and how far it has come."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final

import streamlit as st

from monitor import dates
from monitor.charts.theme import Mark
from monitor.domain.access import Permission
from monitor.domain.response_desk import ResponseState
from monitor.domain.responses import Timing
from monitor.services.responses import ResponseRow, list_responses
from monitor.settings import Settings
from monitor.ui import safe, words
from monitor.ui.frame import Page

REPORT: Final = "report"
SHOWN: Final = 25

LATE: Final = Mark("▲", "warning", "red")
NEAR: Final = Mark("◆", "schedule", "orange")
AHEAD: Final = Mark("○", "circle", "blue")
ASKED_FOR: Final = Mark("–", "event_busy", "orange")
IN_TIME: Final = Mark("✓", "check_circle", "green")
AFTERWARDS: Final = Mark("✓", "check_circle", "gray")
NOT_DUE: Final = Mark("–", "do_not_disturb_on", "gray")

_PAGER: Final = "responses-page"
_GROUPS: Final = ("To be answered", "The day of publication is asked for", "Answered", "None due")


def asked_for(page: Page) -> int | None:
    """Return the number of the report that the address asks for; None where it asks for all, 0 for what nobody knows."""
    asked = st.query_params.get(REPORT, "").strip()
    if not asked:
        return None
    return next((number for number, report in page.view.inspections.items() if report.key == asked), 0)


def show_past(page: Page) -> None:
    """Say that answers are told as they stand today."""
    st.title("Responses are shown as they stand today.", anchor=False)
    st.markdown(
        f"You look at {dates.long_date(page.as_at)}. Go back to today to read and write them; each of their steps is "
        "listed there with its day."
    )


def show(page: Page) -> None:
    """Show the reports to answer, or that there are none."""
    settings = Settings.from_environment()
    rows = list_responses(
        page.store, by=page.actor, warnings=settings.response_warnings, clocks=settings.response_clocks
    )
    st.title(finding(rows, knows_more=sees_unpublished(page)), anchor=False)
    st.markdown(_explained(page, rows))
    if page.may(Permission.PUBLISH_SITE):
        page.link("publish", "Publish for everyone: the public site and what would change on it")
    if rows:
        _show_rows(page, rows)


def sees_unpublished(page: Page) -> bool:
    """Tell whether the reader knows of responses before they are published, of some service."""
    return page.actor.may(Permission.READ_DRAFTS) or page.actor.may(Permission.COMMENT_AS_CHIEF)


# The finding


def finding(rows: Sequence[ResponseRow], *, knows_more: bool) -> str:
    """Return what matters most: what is late, then what is due next, then what came of the last one."""
    if not knows_more:
        number = sum(ResponseState.PUBLISHED in row.dates for row in rows)
        verb = "is" if number == 1 else "are"
        said = words.capitalised(words.counted(number, "response"))
        return f"{said} {verb} published." if number else "No response is published yet."
    still = [row for row in rows if row.days_left is not None]
    late = [row for row in still if row.timing.is_late]
    if late:
        days = words.counted(max(row.timing.days_late for row in late), "day")
        return _of(len(late), f"is {days} late.", f"are late, the longest by {days}.")
    near = [row for row in still if row.timing.warning is not None]
    if near:
        when = _when(words.counted, min(row.days_left or 0 for row in near))
        return _of(len(near), f"is due {when}.", f"are due, the first {when}.")
    asking = sum(row.timing.asks_for_day for row in rows)
    if asking:
        return _of(asking, "waits for a day of publication.", "wait for a day of publication.")
    if still:
        when = _when(words.counted, min(row.days_left or 0 for row in still))
        return f"Nothing is late. The next response is due {when}."
    last = next((row for row in rows if row.dates.get(ResponseState.PUBLISHED)), None)
    if last is not None and last.timing.is_late:
        return f"Nothing is due. The last response was published {words.counted(last.timing.days_late, 'day')} late."
    return "Nothing is due."


def _of(number: int, one: str, many: str) -> str:
    said = words.capitalised(words.counted(number, "response"))
    return f"{said} {one if number == 1 else many}"


def _when(said: Callable[[int, str], str], days: int) -> str:
    """Return "today" or "in 14 days", the number in words or in figures as `said` gives it."""
    return {0: "today", 1: "tomorrow"}.get(days, f"in {said(days, 'day')}")


def _explained(page: Page, rows: Sequence[ResponseRow]) -> str:
    if not rows and not page.view.inspections:
        return (
            "There is no report on this register yet. Once the office takes one in, its last day stands here."
        )
    if not rows:
        return "Once a response is published it can be read here."
    if not sees_unpublished(page):
        return "What the office and the chief officer answered to each report, as it was published."
    return (
        "A report is answered within 56 days, and the day of its publication is the first of them: so by the 55th day "
        "after it. Weekends and bank holidays count."
    )


# The rows


def _show_rows(page: Page, rows: Sequence[ResponseRow]) -> None:
    pages = -(-len(rows) // SHOWN)
    number = min(st.session_state.get(_PAGER) or 1, pages)
    start = (number - 1) * SHOWN
    several = len({row.report.service for row in rows}) > 1
    numbered = enumerate(rows[start : start + SHOWN], start=start)
    for group, members in groupby(numbered, key=lambda one: _group(one[1])):
        st.header(_GROUPS[group], anchor=False)
        with st.container(key=f"rows-responses-{group}", gap=None):
            for place, row in members:
                # By its place and not by its number, of which gaps would tell: a key can be read in the page.
                with st.container(key=f"row-response-{place}"):
                    _show_row(page, row, several=several)
    if pages > 1:
        st.pagination(pages, key=_PAGER)


def _group(row: ResponseRow) -> int:
    if row.state is ResponseState.NOT_DUE:
        return 3
    if ResponseState.PUBLISHED in row.dates:
        return 2
    return 0 if row.last_day is not None else 1


def _show_row(page: Page, row: ResponseRow, *, several: bool) -> None:
    when, what, stands = st.columns([3, 5, 4], gap="medium")
    with when, st.container(gap=None):
        st.markdown(timing_markdown(row.timing, answered=ResponseState.PUBLISHED in row.dates))
        if row.last_day is not None:
            st.caption(f"Last day {dates.long_date(row.last_day)}")
        elif row.timing.asks_for_day and not page.is_past:
            page.link("reports", "Give the day on Reports" if page.may(Permission.TAKE_IN) else "Reports")
    with what, st.container(gap=None):
        page.link("response", row.report.title, strong=True, report=row.report.key)
        published = row.report.published_words
        about = [
            row.report.service if several else "",
            published if published.startswith("day") else f"published {published}",
            "national" if row.report.is_national else "",
        ]
        st.caption(words.capitalised(" · ".join(safe.text(one) for one in about if one)))
    with stands, st.container(gap=None):
        on = row.dates.get(row.state)
        said = f", {dates.short_date(on)}" if on and row.state is not ResponseState.NOT_BEGUN else ""
        st.markdown(f"{row.state.word}{said}")
        for line in _notes(row):
            st.caption(line)


def timing_markdown(timing: Timing, *, answered: bool) -> str:
    """Return in Markdown, with its mark, how an answer stands against its last day."""
    days = dates.days_words(timing.days_late)
    if timing.asks_for_day:
        return ASKED_FOR.markdown("No last day yet")
    if timing.last_day is None:
        return IN_TIME.markdown("Published") if answered else NOT_DUE.markdown("No response due")
    if answered:
        late = AFTERWARDS.markdown(f"Published {days} late")
        return late if timing.is_late else IN_TIME.markdown("Published in time")
    if timing.is_late:
        return LATE.markdown(f"{days} late")
    said = f"Due {_when(words.plural, timing.days_left or 0)}"
    return NEAR.markdown(said) if timing.warning is not None else AHEAD.markdown(said)


def _notes(row: ResponseRow) -> list[str]:
    """Return what else one must know of a row: who is waited for, what is missing, why none is due."""
    notes = []
    if row.state is ResponseState.NOT_DUE:
        notes.append(safe.text(row.timing.words.partition(": ")[2]))
    if row.asked_by:
        notes.append(f"{safe.text(row.asked_by)} asked for approval; a second person looks at it")
    elif row.missing and ResponseState.PUBLISHED not in row.dates:
        notes.append(f"{words.plural(row.missing, 'thing')} missing before it can be approved")
    if row.has_newer_draft:
        notes.append("Something was written since it was published")
    return notes
