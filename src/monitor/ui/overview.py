"""The first screen: two findings in a heading, six figures that open their rows, what needs attention, what changed."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import pandas as pd
import streamlit as st

from monitor import dates
from monitor.analysis.forecast import TooLittle, closing_fan, closings_by_week
from monitor.analysis.progress import burn_up
from monitor.charts.chart import Chart
from monitor.charts.plotly_figure import PLOTLY_CONFIG, to_plotly
from monitor.charts.theme import ThemeName
from monitor.domain.access import Permission
from monitor.domain.statuses import ScheduleState
from monitor.errors import MonitorError
from monitor.packs.drawing import draw_chart
from monitor.services import overview
from monitor.services.filters import Filter
from monitor.services.sample import load_demonstration
from monitor.services.view import RegisterView
from monitor.ui import charts, filters, frame, safe, words

DAYS_WITHOUT_CONFERENCE: Final = 90
"""How far back *what changed* goes where no Conference has been held."""

EVERYTHING: Final = Filter(show="everything")


def no_reports(page: frame.Page, view: RegisterView) -> None:
    """Say that the register is empty, and how to begin; on a past day, that it was empty then."""
    if view.is_past:
        st.title(f"No reports yet on {dates.long_date(view.as_at)}", anchor=False)
        st.markdown("The register held nothing on that day. Choose a later one, or go back to today.")
        return
    st.title("No reports yet", anchor=False)
    has_begun = bool(view.office or view.version)
    if not has_begun:
        st.markdown(
            "Look round with invented activity first: 114 recommendations, their dates, reports and evidence."
        )
        refusal = st.empty()
        if st.button("Load the demonstration", type="primary"):
            try:
                load_demonstration(page.store)
            except MonitorError as problem:
                with refusal:
                    frame.refuse(problem)
            else:
                st.rerun()
        st.markdown("Or begin your own register, from the folder of the product:")
        st.code(
            'monitor begin --office "Name of the office" --service "Name of the force"',
            language=None,
            wrap_lines=True,
        )
    else:
        st.markdown(
            "The office takes in the first one: as a file on the page *Import*, or by hand on *Reports*."
        )
        if page.may(Permission.TAKE_IN):
            page.link("review", "Bring in a report or your tracker")


def show_finding(view: RegisterView) -> None:
    """Show the heading, which is the finding, and one line on how many are open and when the Conference meets."""
    st.title(finding(view), anchor=False)
    total = int(view.rows["counts"].sum())
    line = f"{words.n_of(int(view.rows['is_open'].sum()), total)} {'is' if total == 1 else 'are'} open."
    following = view.next_conference()
    if following is None:
        st.markdown(f"{line} No day is set for the next Conference.")
        return
    days = (following.on - view.as_at).days
    when = "tomorrow" if days == 1 else f"in {dates.days_words(days)}"
    st.markdown(f"{line} The next Conference is on **{dates.long_date(following.on)}**, {when}.")


@lru_cache(maxsize=8)
def finding(view: RegisterView) -> str:
    """
    Return the two findings of the heading.

    How many are late; and how many must close by the nearest target day, against how many will at this pace.
    """
    late = int((view.rows["is_open"] & (view.rows["schedule_state"] == ScheduleState.OVERDUE.value)).sum())
    if not view.rows["is_open"].any():
        return "Nothing is open."
    if late:
        noun = words.capitalised(words.counted(late, "recommendation"))
        first = f"{noun} {'is' if late == 1 else 'are'} late"
    else:
        first = "Nothing is late"
    nearest = overview.nearest_target(view)
    if nearest is None:
        return f"{first}."
    day, due = nearest
    by = dates.day_month(day) if day.year == view.as_at.year else dates.long_date(day)
    return f"{first}, and {dates.count_word(due)} must close by {by}. {_pace(view, day, due)}".strip()


def show_figures(page: frame.Page, view: RegisterView) -> None:
    """Show the six figures, each above the link to exactly its rows, and the sum that they come to."""
    with st.grid(columns=6, min_column_width=132, gap=("small", "medium"), key="figures"):
        for show, many, said in overview.figures(view):
            with st.container(key=f"figure-{show}", gap=None):
                st.markdown(f"{many:,}")
                page.link("register", said, show=show)
    st.caption(overview.since(view, start_of_changes(view)).line())


def show_attention(page: frame.Page, view: RegisterView) -> None:
    """Show the ten rows that need attention most: the schedule, the linked title, the reason."""
    st.header("What needs attention", anchor=False)
    rows = _attention(view)
    if rows.empty:
        st.markdown("Nothing is open, so nothing waits.")
        return
    st.caption("Longest late first, then claims without evidence")
    with st.container(key="rows-attention", gap=None):
        for place, row in enumerate(rows.to_dict("records")):
            with st.container(key=f"attention-{place}", horizontal=True, wrap=False, gap="small"):
                with st.container(width=136):
                    st.markdown(_schedule(row))
                with st.container(gap=None):
                    title = row["short_title"] or row["reference"]
                    page.link("recommendation", title, strong=True, ref=row["reference"])
                    st.caption(safe.text(row["reason"]))


def show_burn_up(page: frame.Page, view: RegisterView) -> None:
    """Show closed against promised, small, with the way to all charts."""
    chart = _burn_up(view)
    if chart.drawing is None:
        st.header(chart.finding, anchor=False)
    else:
        nearest = overview.nearest_target(view)
        st.header(f"Toward {dates.long_date(nearest[0])}" if nearest else chart.finding, anchor=False)
        st.caption(chart.counted)
        st.plotly_chart(
            _figure(view, page.theme),
            theme=None,
            config=PLOTLY_CONFIG,
            height=chart.height,
            alt=chart.alt,
            key="burn-up",
        )
    page.link("progress", "See all progress charts")


def show_changes(page: frame.Page, view: RegisterView) -> None:
    """Show what changed since the last Conference, one line a kind of change, each opening its rows."""
    start = start_of_changes(view)
    held = view.last_conference() is not None
    st.header("Since the last Conference" if held else "In the last 90 days", anchor=False)
    st.caption(f"{dates.long_date(start)} to {dates.long_date(view.as_at)}")
    changes = _changes(view, start)
    if not changes:
        st.markdown("Nothing has changed.")
        return
    with st.container(key="rows-changes", gap=None):
        for place, change in enumerate(changes):
            with st.container(key=f"change-{place}", horizontal=True, wrap=False, gap="small"):
                with st.container(width=40):
                    st.markdown(f"**{change.count:,}**")
                _link_to_change(page, change)


def start_of_changes(view: RegisterView) -> date:
    """Return the day of the last Conference, or the 90th day before the one shown."""
    last = view.last_conference()
    return last.on if last else view.as_at - timedelta(days=DAYS_WITHOUT_CONFERENCE)


def _link_to_change(page: frame.Page, change: overview.Change) -> None:
    """Link to the one recommendation that changed, or to exactly the rows that did."""
    label = _told(change)
    references = list(dict.fromkeys(change.references))
    if len(references) == 1:
        params: dict[str, Any] = page.params(ref=references[0])
        st.page_link("pages/recommendation.py", label=label, query_params=params, width="stretch")
    elif len(references) <= filters.MOST_NAMED:
        params = {**page.params(show="everything"), filters.ONLY: references}
        st.page_link("pages/register.py", label=label, query_params=params, width="stretch")
    else:
        st.markdown(label)


def _told(change: overview.Change) -> str:
    """Return what happened as markdown, with the names in it set off."""
    named = [f"*{safe.text(name)}*" for name in change.names]
    if change.more:
        named.append(f"{change.more:,} more")
    return f"{safe.text(change.words)} {words.listed(named)}".strip()


def _schedule(row: Mapping[Any, Any]) -> str:
    left = row["days_to_target"]
    return words.schedule_markdown(
        ScheduleState(row["schedule_state"]),
        days_late=int(row["days_late"]),
        days_to_target=None if pd.isna(left) else int(left),
    )


def _pace(view: RegisterView, day: date, due: int) -> str:
    """Return how many of those due by a day will close by then, if the coming weeks are like the last 52."""
    made = burn_up(view.rows, view.spells, view.targets, day, view.as_at)
    mine = view.spells[view.spells["reference"].isin(made.references)]
    forecast = closing_fan(closings_by_week(mine, view.as_at), (day - view.as_at).days, made.open)
    if isinstance(forecast, TooLittle):
        return "Too few have closed to say how many will."
    if forecast.middle == 0:
        return "At this pace none will." if due > 1 else "At this pace it will not."
    if forecast.middle >= due:
        return "At this pace all will." if due > 1 else "At this pace it will."
    return f"At this pace about {dates.count_word(forecast.middle)} will."


# A view is read once for a data version, day and scope and then kept, so that what is worked out from it
# can be kept beside it.


@lru_cache(maxsize=8)
def _burn_up(view: RegisterView) -> Chart:
    nearest = overview.nearest_target(view)
    return draw_chart(view, "burn-up", EVERYTHING, small=True, target_day=nearest[0] if nearest else None)


@lru_cache(maxsize=16)
def _figure(view: RegisterView, theme: ThemeName) -> charts.ReadyFigure:
    drawing = _burn_up(view).drawing
    return charts.ReadyFigure(to_plotly(drawing, theme) if drawing else {})


@lru_cache(maxsize=8)
def _attention(view: RegisterView) -> pd.DataFrame:
    return overview.attention(view)


@lru_cache(maxsize=8)
def _changes(view: RegisterView, start: date) -> list[overview.Change]:
    return overview.changes_since(view, start)
