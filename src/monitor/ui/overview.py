"""The first screen: two findings in a heading, six figures that open their rows, what needs attention, what changed."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import pandas as pd
import streamlit as st

from monitor import dates
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
from monitor.services.since import DAYS_WITHOUT_MEETING, since, start_of
from monitor.services.view import RegisterView
from monitor.ui import charts, filters, frame, safe, words

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
    st.title(overview.finding(view), anchor=False)
    total = int(view.rows["counts"].sum())
    line = f"{words.n_of(int(view.rows['is_open'].sum()), total)} {'is' if total == 1 else 'are'} open."
    following, short = view.next_conference(), safe.text(view.titles.conference_short)
    if following is None:
        st.markdown(f"{line} No day is set for the next {short}.")
        return
    days = (following.on - view.as_at).days
    when = "tomorrow" if days == 1 else f"in {dates.days_words(days)}"
    st.markdown(f"{line} The next {short} is on **{dates.long_date(following.on)}**, {when}.")


def show_figures(page: frame.Page, view: RegisterView) -> None:
    """Show the six figures, each above the link to exactly its rows, and the sum that they come to."""
    with st.grid(columns=6, min_column_width=132, gap=("small", "medium"), key="figures"):
        for show, many, said in overview.figures(view):
            with st.container(key=f"figure-{show}", gap=None):
                st.markdown(f"{many:,}")
                page.link("register", said, show=show)
    st.caption(since(page.store, view=view, start=start_of(view), by=page.actor).balance.line())


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
    found = since(page.store, view=view, start=start_of(view), by=page.actor)
    held, short = view.last_conference() is not None, safe.text(view.titles.conference_short)
    st.header(f"Since the last {short}" if held else f"In the last {DAYS_WITHOUT_MEETING} days", anchor=False)
    st.caption(f"{dates.long_date(found.start)} to {dates.long_date(found.end)}")
    changed = overview.lines(view, found)
    if changed:
        with st.container(key="rows-changes", gap=None):
            for place, line in enumerate(changed):
                with st.container(key=f"change-{place}", horizontal=True, wrap=False, gap="small"):
                    with st.container(width=40):
                        st.markdown(f"**{line.count:,}**")
                    _link_to_rows(page, _told(line), line.references)
    else:
        st.markdown("Nothing has changed.")
    if found.correction:
        references = [change.reference for change in found.restated]
        _link_to_rows(page, safe.text(found.correction), references)


def _link_to_rows(page: frame.Page, label: str, references: Sequence[str]) -> None:
    """Link to the one recommendation that is meant, or to exactly the rows that are."""
    if len(references) == 1:
        params: dict[str, Any] = page.params(ref=references[0])
        st.page_link("pages/recommendation.py", label=label, query_params=params, width="stretch")
    elif len(references) <= filters.MOST_NAMED:
        params = {**page.params(show="everything"), filters.ONLY: list(references)}
        st.page_link("pages/register.py", label=label, query_params=params, width="stretch")
    else:
        st.markdown(label)


def _told(change: overview.Line) -> str:
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
