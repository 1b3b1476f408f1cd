"""One report as it was read: its facts to put right, until when to respond, and what it found."""

from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.domain.inspections import Inspection
from monitor.domain.statuses import Precision, Programme, Standing
from monitor.errors import RuleError
from monitor.services.plans import ReportPlan
from monitor.services.reports import publishers
from monitor.ui import frame, publication, safe, words
from monitor.ui.fields import words_of
from monitor.ui.frame import Page
from monitor.ui.review_desk import Entry, desk
from monitor.ui.review_fields import Fields, asked
from monitor.ui.review_file import Dropped
from monitor.ui.taking_in import TITLE_MAX

UNTITLED: Final = "Report without a title"
_SCOPES: Final = {True: "National", False: "Of this service"}
_A_NEW_ONE: Final = 0
_MENTIONS: Final = "mentions of boards, checks or audits"


def title_of(report: ReportPlan) -> str:
    """Return what a report is called."""
    return str(report.given["title"]) or UNTITLED


def published_words(report: ReportPlan) -> str:
    """Return when it was published, as exactly as that is known, as text."""
    written = publication.written(report.given.get("published_on"), report.given["published_precision"])
    return f"published {written}" if written else "day of publication not known"


def holds(report: ReportPlan) -> str:
    """Return how many recommendations were read, and how many it states where that differs."""
    listed, stated = len(report.items), report.given.get("stated_count")
    said = f"{words.plural(listed, 'recommendation')} read"
    if stated is None:
        return said
    return f"{said}, as stated" if stated == listed else f"{stated:,} stated, {said}"


def show(page: Page, dropped: Dropped, entry: Entry, report: ReportPlan) -> None:
    """Show it: what it is to the register, what is asked, then its fields."""
    st.caption(safe.text(f"{dropped.plan.name} · {holds(report)}"))
    _show_standing(page, dropped, report)
    if report.key in dropped.twins:
        st.markdown(
            f":orange[:material/help: {safe.text(dropped.twins[report.key])} holds this report too, so it is not ticked "
            "here. Take that one in first; this file, dropped again, then shows what it adds.]"
        )
    shared = [f"Of each of its recommendations: {said}" for said in dropped.shared_problems(report)]
    asked((*_of_the_file(dropped), *report.problems, *shared))
    if report.inside is not None:
        outer = next((one for one in dropped.plan.reports if one.place == report.inside), None)
        if outer is not None:
            st.caption(f"Answered inside the response to {safe.text(title_of(outer))}.")
    fields = Fields(entry, report.given, lambda at, given: at.correct_report(report.place, **given))
    if report.found is not None and report.standing is not Standing.DOUBTFUL:
        _show_known(page, dropped, fields, report)
    else:
        _show_fields(page, dropped, fields, report)
    _show_findings(fields, report)
    _show_said(fields, report)


def _show_said(fields: Fields, report: ReportPlan) -> None:
    """Show who says what, and the boards and checks that are named: to read beside the register, not stored."""
    if report.statements:
        with st.expander(
            words.capitalised(words.plural(len(report.statements), "statement")),
            key=fields.key("said-folded"),
        ):
            for speaker, said in report.statements:
                st.markdown(f"**{safe.text(speaker or 'Nobody named')}**: {safe.text(said)}")
    if report.mechanisms:
        label = words.plural(len(report.mechanisms), "mention of a board, check or audit", _MENTIONS)
        with st.expander(words.capitalised(label), key=fields.key("named-folded")):
            st.caption("Evidence to confirm: add it on the recommendation’s page, with the day it describes.")
            for body, said in report.mechanisms:
                st.markdown(f"**{safe.text(body)}**: {safe.text(said)}")


def _of_the_file(dropped: Dropped) -> tuple[str, ...]:
    return dropped.plan.notes if dropped.plan.tracker is None else ()


def _show_standing(page: Page, dropped: Dropped, report: ReportPlan) -> None:
    known = page.view.inspections.get(report.found or 0)
    match report.standing:
        case Standing.DOUBTFUL:
            _ask_which(page, dropped, report, known)
        case Standing.NEW:
            said = report.standing.meaning if report.settled is None else "New, as you said."
            st.markdown(words.status_markdown(report.standing, said))
            if report.settled is not None:
                _offer_which(page, dropped, report)
        case _:
            said = (
                "On the register already"
                if report.standing is Standing.UNCHANGED
                else report.standing.meaning
            )
            st.markdown(words.status_markdown(report.standing, said))
            if known is not None:
                page.link("register", known.title, inspection=known.title, show="everything")
            if report.why:
                st.caption(safe.text(report.why))
            for one in report.differences:
                st.markdown(
                    f"{safe.text(one.heading)}: **{safe.text(one.after)}**. On the register: {safe.text(one.before)}."
                )
            _offer_which(page, dropped, report)


def _ask_which(page: Page, dropped: Dropped, report: ReportPlan, known: Inspection | None) -> None:
    st.markdown(words.status_markdown(report.standing, report.why or "Is it one that is on the register?"))
    with st.container(horizontal=True, gap="small"):
        if known is not None:
            st.button(
                safe.text(f"It is “{words.shortened(known.title, 60)}”, {known.published_words}"),
                key=f"is-{dropped.number}-{report.key}",
                on_click=dropped.settle_report,
                args=(report.place, known.id),
            )
        st.button(
            "It is a new report",
            key=f"is-new-{dropped.number}-{report.key}",
            on_click=dropped.settle_report,
            args=(report.place, _A_NEW_ONE),
        )
    _offer_which(page, dropped, report)


def _offer_which(page: Page, dropped: Dropped, report: ReportPlan) -> None:
    """Offer every report of the service, folded: what was matched may be wrong."""
    known = {
        number: f"{words.shortened(one.title, 90)}, {one.published_words}"
        for number, one in page.view.inspections.items()
        if one.service == report.service
    }
    if not known:
        return
    with st.expander("It is another one", type="compact", key=f"which-{dropped.number}-{report.key}"):
        key = f"which-one-{dropped.number}-{report.key}"
        at = _A_NEW_ONE if report.standing is Standing.NEW else report.found
        st.session_state[key] = None if report.standing is Standing.DOUBTFUL else at
        st.selectbox(
            "Which report is it?",
            [_A_NEW_ONE, *known],
            index=None,
            format_func=lambda number: known.get(number, "A new report"),
            placeholder="Choose one",
            key=key,
            on_change=_settle,
            args=(dropped, report.place, key),
        )


def _settle(dropped: Dropped, place: int, key: str) -> None:
    found = st.session_state[key]
    if found is not None:
        dropped.settle_report(place, found)


# Fields


def _show_known(page: Page, dropped: Dropped, fields: Fields, report: ReportPlan) -> None:
    """Of a report on the register, show until when to respond, and ask for the day where nobody knows it."""
    known = page.view.inspections.get(report.found or 0)
    if known is None:
        return
    if known.published_precision is Precision.DAY:
        st.markdown(f"Published on {safe.text(known.published_words)}.")
        st.markdown(
            publication.last_day_words(
                known.published_on, known.published_precision, needs_response=known.needs_response
            )
        )
    else:
        _show_published(dropped, fields, report)


def _show_fields(page: Page, dropped: Dropped, fields: Fields, report: ReportPlan) -> None:
    with st.container(gap="xsmall"):
        fields.text("title", "Title, as printed", lines=2)
        length = len(" ".join(str(report.given["title"]).split()))
        if not length:
            st.caption(":orange[:material/help: No title was found. Give it as printed.]")
        elif length > TITLE_MAX:
            st.caption(f":red[:material/error: {length:,} of {TITLE_MAX} characters: leave out the subtitle]")
    _show_published(dropped, fields, report)
    left, right = st.columns(2, gap="medium")
    with left:
        fields.names("publishers", "Published by", publishers(page.view))
        fields.pick("is_national", "National, or of this service?", _SCOPES)
    with right:
        fields.pick("programme", "Programme", words_of(Programme))
        fields.number("stated_count", "How many recommendations it states")
    with st.expander("Link, and who may not see it yet", key=fields.key("rest-folded")):
        fields.line("link", "Link to the report, if you have it")
        fields.line("stated_addressees", "Whom those are for that are only counted, as printed")
        fields.box("is_restricted", "For the office only")
        _ask_embargo(fields, report)


def _show_published(dropped: Dropped, fields: Fields, report: ReportPlan) -> None:
    """Ask for the day of publication, as exactly as it is known, and say until when to respond."""
    given = report.given
    key = fields.key("published")
    shown = dropped.typed.get(
        key, publication.written(given.get("published_on"), given["published_precision"])
    )
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown
    left, right = st.columns(2, gap="medium")
    with left, st.container(gap="xsmall"):
        st.text_input(
            publication.LABEL,
            key=key,
            on_change=_read_published,
            args=(dropped, report.place, key),
            autocomplete="off",
        )
        try:
            publication.read(dropped.typed.get(key, ""))
        except RuleError as problem:
            frame.refuse(problem)
        is_audit = given.get("programme") is Programme.AUDIT
        st.markdown(
            publication.last_day_words(
                given.get("published_on"), given["published_precision"], needs_response=not is_audit
            )
        )
    with right:
        fields.line("published_source", publication.SOURCE)
        st.caption("Empty, it is kept as printed in this file.")


def _read_published(dropped: Dropped, place: int, key: str) -> None:
    typed = str(st.session_state[key])
    try:
        day, precision = publication.read(typed)
    except RuleError:
        dropped.typed[key] = typed
        return
    dropped.typed.pop(key, None)
    dropped.correct_report(place, published_on=day, published_precision=precision)


def _ask_embargo(fields: Fields, report: ReportPlan) -> None:
    """Ask until when only the office may know of it; what is typed is London's time."""
    key = fields.key("embargo_until")
    until = report.given.get("embargo_until")
    shown = until.astimezone(dates.LONDON).replace(tzinfo=None) if until else None
    if key not in st.session_state or st.session_state[key] != shown:
        st.session_state[key] = shown
    st.datetime_input(
        "Embargoed until, in London",
        None,
        format="DD/MM/YYYY",
        key=key,
        on_change=_read_embargo,
        args=(fields, key),
    )


def _read_embargo(fields: Fields, key: str) -> None:
    dropped, given = desk().file(fields.entry.number), st.session_state[key]
    if dropped is not None:
        moment: Any = given.replace(tzinfo=dates.LONDON) if given else None
        fields.correct(dropped, {"embargo_until": moment})


def _show_findings(fields: Fields, report: ReportPlan) -> None:
    given = report.given
    counted = [
        words.plural(len(kept), noun)
        for kept, noun in (
            (given.get("key_findings") or (), "key finding"),
            (given.get("grades") or (), "grade"),
        )
        if kept
    ]
    if not counted:
        return
    with st.expander(words.listed(counted), key=fields.key("findings-folded")):
        if given.get("key_findings"):
            if report.found is None:
                fields.lines("key_findings", "Key findings, one a line", lines=8)
            else:
                st.markdown("\n".join(f"- {safe.text(said)}" for said in given["key_findings"]))
        if given.get("grades"):
            st.markdown(
                "\n".join(
                    f"- {safe.text(question)}: **{safe.text(grade)}**" for question, grade in given["grades"]
                )
            )
