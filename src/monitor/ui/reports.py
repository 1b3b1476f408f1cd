"""The list of reports: what each holds, until when to respond, and what it found."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import streamlit as st

from monitor import dates
from monitor.charts import theme
from monitor.domain.access import Permission
from monitor.domain.responses import WARNING_DAYS
from monitor.services.reports import ReportRow, report_rows
from monitor.services.view import RegisterView
from monitor.ui import frame, overview, publication, safe, taking_in, words

REPORTS_A_PAGE: Final = 25

_PAGER: Final = "reports-page"
_BY_FILE: Final = "Bring in a report or your tracker as a file"


def show_none(page: frame.Page, view: RegisterView) -> None:
    """Say that there is no report yet, and how the first one comes: by the form for whoever may use it."""
    if view.is_past or not view.services:
        overview.no_reports(page, view)
        return
    st.title("No reports yet", anchor=False)
    if page.may(Permission.TAKE_IN):
        st.markdown(
            "Bring in the first report as a file, or take it in by hand and add its recommendations one by one."
        )
        page.link("review", _BY_FILE)
        taking_in.report_button()
    else:
        st.markdown("The office takes in the first one.")


def show_finding(page: frame.Page, view: RegisterView) -> None:
    """Show the heading, which is the finding, the sum of what is listed, and the button of the office."""
    rows = _rows(view)
    st.title(finding(rows), anchor=False)
    st.markdown(" ".join(_sums(rows)))
    if page.may(Permission.TAKE_IN):
        with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
            taking_in.report_button()
            page.link("review", _BY_FILE)


def show_list(page: frame.Page, view: RegisterView) -> None:
    """Show the reports, the latest published first, a page at a time."""
    publication.say_learned()
    rows = _rows(view)
    pages = -(-len(rows) // REPORTS_A_PAGE)
    number = min(st.session_state.get(_PAGER) or 1, pages)
    start = (number - 1) * REPORTS_A_PAGE
    st.caption("Latest published first")
    with st.container(key="rows-reports", gap=None):
        for place, row in enumerate(rows[start : start + REPORTS_A_PAGE], start=start):
            # By its place and not by its number, of which gaps would tell: a key can be read in the page.
            with st.container(key=f"report-{place}", gap=None):
                _show_report(page, row, place)
    if pages > 1:
        st.pagination(pages, key=_PAGER)


@lru_cache(maxsize=8)
def _rows(view: RegisterView) -> tuple[ReportRow, ...]:
    return tuple(report_rows(view))


def finding(rows: Sequence[ReportRow]) -> str:
    """Return how many of the reports still hold something open."""
    still, total = sum(1 for row in rows if row.open), len(rows)
    if total == 1:
        return "The one report holds something open." if still else "Nothing is open in the one report."
    if not still:
        return f"Nothing is open in any of the {dates.count_word(total)} reports."
    if still == total:
        return f"All {dates.count_word(total)} reports hold something open."
    verb = "holds" if still == 1 else "hold"
    return f"{words.capitalised(dates.count_word(still))} of {dates.count_word(total)} reports {verb} something open."


def _sums(rows: Sequence[ReportRow]) -> list[str]:
    listed = sum(row.listed for row in rows)
    parts = {
        "open": sum(row.open for row in rows),
        "closed": sum(row.closed for row in rows),
        "for others": sum(row.for_others for row in rows),
    }
    told = ", ".join(f"{number:,} {word}" for word, number in parts.items() if number)
    said = [f"**{listed:,} listed**: {told}." if listed else "Nothing is listed yet."]
    asking = sum(1 for row in rows if row.asks_for_day)
    if asking:
        whose = "one report" if asking == 1 else f"{dates.count_word(asking)} reports"
        said.append(f"The day of publication of {whose} is not known, so no last day to respond can be told.")
    return said


def _show_report(page: frame.Page, row: ReportRow, place: int) -> None:
    report = row.report
    left, right = st.columns([7, 5], gap="large")
    with left, st.container(gap=None):
        if row.listed:
            page.link("register", report.title, strong=True, inspection=report.title, show="everything")
        else:
            st.markdown(f"**{safe.text(report.title)}**")
        st.caption(_about(row))
    with right, st.container(gap=None):
        st.markdown(safe.text(row.holds))
        for line in _notes(page, row):
            st.caption(line)
    if not (report.key_findings or report.grades or page.may(Permission.TAKE_IN)):
        return
    left, right = st.columns([7, 5], gap="large")
    with left:
        _show_findings(row, place)
    with right:
        if page.actor.may(Permission.TAKE_IN, report.service) and page.may(Permission.TAKE_IN):
            taking_in.recommendation_button(report)
            if publication.is_wanted(report):
                publication.learn_form(page, report)


def _about(row: ReportRow) -> str:
    """Return who published it, in which series and when, as exactly as that is known."""
    report = row.report
    published = report.published_words
    parts = [
        safe.text(words.listed(report.publishers)),
        safe.text(report.programme.word if report.programme.value != "other" else ""),
        "national" if report.is_national and "ational" not in report.programme.word else "",
        safe.text(published if published.startswith("day") else f"published {published}"),
        safe.link(report.link, "Read the report") if report.link.strip() else "",
    ]
    return " · ".join(part for part in parts if part)


def _notes(page: frame.Page, row: ReportRow) -> list[str]:
    """Return until when to respond, whom the stated ones are for, and what else one must know."""
    report = row.report
    notes = []
    if row.listed and report.stated_addressees and report.stated_count is not None:
        notes.append(f"Stated for: {safe.text(report.stated_addressees)}")
    notes.append(_response_words(row))
    if report.is_restricted:
        notes.append(theme.RESTRICTED.markdown("For the office only"))
    if report.embargo_until and report.embargo_until > page.store.now():
        until = report.embargo_until.astimezone(dates.LONDON)
        when = f"{dates.long_date(until.date())}, {until:%H:%M}"
        notes.append(theme.RESTRICTED.markdown(f"Embargoed until {safe.text(when)}"))
    if row.embeds:
        notes.append(f"Its response holds the one to *{safe.text(row.embeds)}*")
    if row.embedded_in:
        notes.append(f"Answered inside the response to *{safe.text(row.embedded_in)}*")
    return notes


def _response_words(row: ReportRow) -> str:
    if not row.needs_response:
        return "An audit: no statutory response"
    if row.last_day is None or row.days_left is None:
        return ":material/event_busy: Last day to respond: ask. The day of publication is not known"
    day = dates.long_date(row.last_day)
    if row.days_left < 0:
        return f"Last day to respond was {day}"
    near = {0: "today", 1: "tomorrow"}.get(row.days_left, f"in {dates.days_words(row.days_left)}")
    said = f"Last day to respond: {day}, {near}"
    return f":orange[:material/schedule: {said}]" if row.days_left <= max(WARNING_DAYS) else said


def _show_findings(row: ReportRow, place: int) -> None:
    report = row.report
    counted = [
        words.plural(len(kept), noun)
        for kept, noun in ((report.key_findings, "key finding"), (report.grades, "grade"))
        if kept
    ]
    if not counted:
        return
    with st.expander(words.listed(counted), type="compact", key=f"findings-{place}"):
        if report.key_findings:
            st.markdown("\n".join(f"- {safe.text(said)}" for said in report.key_findings))
        if report.grades:
            st.markdown(
                "\n".join(f"- {safe.text(asked)}: **{safe.text(grade)}**" for asked, grade in report.grades)
            )
