"""The desk of one report: where its answer stands, what is missing, what is written, the next step, the document."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

import streamlit as st

from monitor import dates
from monitor.domain.access import Actor, Permission
from monitor.domain.response_desk import (
    FORMS,
    PUBLICATION,
    Missing,
    ResponseStage,
    ResponseState,
    ResponseStep,
)
from monitor.errors import NotFoundError
from monitor.packs.response import make_response
from monitor.services.responses import ResponseView, read_published, read_response
from monitor.settings import Settings
from monitor.store import Store
from monitor.ui import downloads, frame, response_steps, response_texts, responses, safe, words
from monitor.ui.downloads import Download
from monitor.ui.filling import show_draft
from monitor.ui.frame import Page
from monitor.ui.response_steps import OfResponse
from monitor.ui.response_texts import Piece

_LABELS: Final = {"docx": "Word", "html": "Web page"}
_MAIN: Final = (
    ResponseStage.APPROVED,
    ResponseStage.PUBLISHED,
    ResponseStage.ASKED,
    ResponseStage.SENT_INSPECTORATE,
    ResponseStage.SENT_SECRETARY,
)
"""The steps that are what the page is for, once nothing is to be written: the first of them that can be taken."""


def show(page: Page, number: int) -> None:
    """Show the response to one report, or that there is none to be seen."""
    seen = _seen(page, number)
    if seen is None:
        st.title("There is no such response", anchor=False)
        st.markdown("Its report may not be on this register, or nothing of the response is published yet.")
        page.link("response", "All responses")
        return
    report = seen.report
    frame.name_tab(f"Response: {report.title}")
    page.say_where(report.service, "demonstration register" if page.is_demonstration else "")
    open_now = response_texts.opened(page, seen)
    if open_now is not None:
        response_texts.show(page, open_now)
        return
    subject = OfResponse(page, seen)
    _show_head(subject)
    with st.container(key="section-texts"):
        _show_texts(subject)
    _show_others(seen)
    with st.container(key="section-steps"):
        _show_steps(seen)
    show_draft(subject, response_steps.permitted(subject))


def _seen(page: Page, number: int) -> ResponseView | None:
    settings = Settings.from_environment()
    try:
        return read_response(
            page.store,
            inspection_id=number,
            by=page.actor,
            warnings=settings.response_warnings,
            clocks=settings.response_clocks,
        )
    except NotFoundError:
        return None


# Head


def _show_head(subject: OfResponse) -> None:
    page, seen = subject.page, subject.seen
    page.link("response", "All responses")
    st.title(finding(seen), anchor=False)
    left, right = st.columns([7, 5], gap="xlarge")
    with left, st.container(key="response-head"):
        st.markdown(f"**{safe.text(seen.report.title)}**")
        for line in _clock_lines(seen):
            st.markdown(line)
        if seen.timing.asks_for_day:
            page.link("reports", "Give the day on Reports" if page.may(Permission.TAKE_IN) else "Reports")
        _show_missing(subject)
        _show_next(subject)
    with right, st.container(key="response-states"):
        st.header("Where it stands", anchor=False)
        _show_states(seen)


def finding(seen: ResponseView) -> str:
    """Return in a sentence how the answer stands against its last day."""
    timing, published = seen.timing, ResponseState.PUBLISHED in seen.dates
    days = words.counted(timing.days_late, "day")
    if seen.state is ResponseState.NOT_DUE:
        return "No response is due."
    if published and timing.is_late:
        return f"The response was published {days} late."
    if published:
        return "The response was published in time." if timing.last_day else "The response is published."
    if timing.asks_for_day:
        return "The day of publication is asked for."
    if timing.last_day is None or timing.days_left is None:
        return "No law sets a day for this response."
    if timing.is_late:
        return f"The response is {days} late."
    near = {0: "Today is the last day to respond.", 1: "Tomorrow is the last day to respond."}
    return near.get(timing.days_left, f"The response is due in {words.counted(timing.days_left, 'day')}.")


def _clock_lines(seen: ResponseView) -> Iterator[str]:
    """Yield until when it is due and by which rule, and which day of the period today is."""
    timing, report = seen.timing, seen.report
    yield safe.text(timing.words)
    if timing.clock is not None and report.published_on is not None and timing.days_left is not None:
        number = timing.clock.day_number(report.published_on, seen.today)
        if 0 < number <= timing.clock.days:
            said = f"Today is day {number} of {timing.clock.days}."
            near = timing.warning is not None
            yield responses.NEAR.markdown(said) if near else said
    for doubt in seen.doubts:
        yield f":orange[:material/help: {safe.text(doubt)}]"
    waits = seen.waits
    if waits is not None:
        own = " You wrote some of it or asked, so it is not you." if _is_own(seen) else ""
        yield (
            f"{safe.text(waits.by_name)} asked for approval on {dates.long_date(waits.happened_on)}. It waits for "
            f"somebody else of the office.{own}"
        )
    back = seen.response.last(ResponseStage.ASKED, ResponseStage.SENT_BACK, ResponseStage.APPROVED)
    if back is not None and back.stage is ResponseStage.SENT_BACK:
        yield f":orange[:material/replay: {safe.text(back.by_name)} sent it back: {safe.text(back.words)}]"
    if seen.response.has_newer_draft and Permission.READ_DRAFTS in seen.may:
        yield ":orange[:material/edit: Something was written since it was published. It is not public.]"


def _is_own(seen: ResponseView) -> bool:
    return Permission.RESPOND in seen.may and ResponseStage.APPROVED not in seen.steps


def _show_missing(subject: OfResponse) -> None:
    seen = subject.seen
    if not seen.missing or seen.response.not_due is not None or seen.response.publications:
        return
    st.header(f"{words.capitalised(words.counted(len(seen.missing), 'thing'))} missing", anchor=False)
    st.markdown("\n".join(f"- {safe.text(words.capitalised(one.words))}" for one in seen.missing))


def _show_next(subject: OfResponse) -> None:
    """Show the step that is next as the one primary button, the others as quiet ones, and the files."""
    page, seen = subject.page, subject.seen
    steps = response_steps.offered(subject)
    main = next((form for stage in _MAIN if (form := response_steps.step_of(subject, stage))), None)
    to_write = next(
        (one for one in response_texts.pieces(page, seen) if one.may_write and _awaited(seen, one)), None
    )
    with st.container(key="response-ways", gap="small"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if main is not None:
                response_steps.step_button(main, subject, type="primary")
            elif to_write is not None:
                st.button(
                    "Write what is missing",
                    type="primary",
                    key="write-next",
                    on_click=response_texts.open_piece,
                    args=(page, to_write),
                )
            _offer_files(page, seen)
        others = [form for form in steps if form is not main]
        if others:
            with st.container(horizontal=True, gap="medium", key="quiet-response"):
                for form in others:
                    response_steps.step_button(form, subject, type="tertiary")


def _awaited(seen: ResponseView, piece: Piece) -> bool:
    """Tell whether approval waits for this text."""
    return any(_is_about(one, piece) for one in seen.missing)


def _is_about(missing: Missing, piece: Piece) -> bool:
    return (missing.part, missing.reference) == (piece.part, piece.ask.reference if piece.ask else "")


# Where it stands


def _show_states(seen: ResponseView) -> None:
    """Show each state with its day, the reached and those to come."""
    ended = seen.state is ResponseState.NOT_DUE
    lines = []
    for state in ResponseState:
        on = seen.dates.get(state)
        name = "Report published" if state is ResponseState.NOT_BEGUN else state.word
        if on is not None:
            mark = (
                ":gray[:material/do_not_disturb_on:]"
                if state is ResponseState.NOT_DUE
                else ":green[:material/check_circle:]"
            )
            lines.append(f"- {mark} {name}, **{dates.long_date(on)}**")
        elif not ended and state is not ResponseState.NOT_DUE and _is_to_come(seen, state):
            lines.append(f"- :gray[:material/circle: {name}]")
    with st.container(key="states-list"):
        st.markdown("\n".join(lines))
    invited = seen.response.last(ResponseStage.INVITED)
    if invited is not None and invited.until_on is not None:
        st.caption(f"The chief officer is asked to comment by {dates.long_date(invited.until_on)}.")


def _is_to_come(seen: ResponseView, state: ResponseState) -> bool:
    clock = seen.timing.clock
    if state is ResponseState.NOT_BEGUN:
        return False
    if state in (ResponseState.SENT_INSPECTORATE, ResponseState.SENT_SECRETARY):
        return bool(clock and clock.is_sent_on)
    return ResponseState.PUBLISHED not in seen.dates


# The texts


def _show_texts(subject: OfResponse) -> None:
    page, seen = subject.page, subject.seen
    found = [one for one in response_texts.pieces(page, seen) if one.stands or _knows_of(seen)]
    if not found:
        return
    is_public = not _knows_of(seen)
    st.header("What was answered" if is_public else "The texts", anchor=False)
    with st.container(key="rows-written", gap=None):
        for place, piece in enumerate(found):
            with st.container(key=f"row-written-{place}"):
                _show_piece(page, piece, place)


def _knows_of(seen: ResponseView) -> bool:
    return Permission.READ_DRAFTS in seen.may or Permission.COMMENT_AS_CHIEF in seen.may


def _show_piece(page: Page, piece: Piece, place: int) -> None:
    with st.container(
        horizontal=True, vertical_alignment="top", gap="medium", horizontal_alignment="distribute"
    ):
        with st.container(gap=None):
            st.subheader(safe.text(piece.title), anchor=False)
            number = f"{safe.text(piece.ask.name)} · " if piece.ask else ""
            if _knows_of(piece.seen):
                st.caption(f"{number}{response_texts.standing_markdown(piece)}")
            elif piece.ask:
                explains = piece.stands.explains if piece.stands else None
                st.caption(f"{number}{explains.word if explains else ''}")
        if piece.may_write:
            st.button(
                "Edit" if piece.stands else "Write",
                key=f"write-{place}",
                on_click=response_texts.open_piece,
                args=(page, piece),
            )
    if piece.stands:
        st.markdown(safe.paragraphs(piece.stands.text))
        if len(piece.versions) > 1:
            response_texts.show_versions(piece, key=str(place))


def _show_others(seen: ResponseView) -> None:
    others = [ask for ask in seen.response.asks if ask.is_for_others]
    if not others:
        return
    with st.container(key="section-others"):
        st.header("For others", anchor=False)
        st.markdown(
            f"{words.capitalised(words.counted(len(others), 'recommendation'))} of the report "
            f"{'is' if len(others) == 1 else 'are'} for other bodies. The response lists them as such."
        )
        with st.container(key="rows-others", gap=None):
            for place, ask in enumerate(others):
                with st.container(key=f"row-other-{place}", gap=None):
                    st.markdown(safe.text(ask.short_title))
                    to = f" · {safe.text(words.listed(ask.addressees))}" if ask.addressees else ""
                    st.caption(f"{safe.text(ask.name)}{to}")


# Steps and files


def _show_steps(seen: ResponseView) -> None:
    """Show everything that was done, the latest first, with who did it where the reader may know."""
    steps = seen.response.steps
    if not steps:
        return
    st.header("Step by step", anchor=False)
    with st.container(key="rows-steps", gap=None):
        for place, step in enumerate(reversed(steps)):
            with st.container(key=f"row-step-{place}", gap=None):
                by = f", by {safe.text(step.by_name)}" if step.by_name else ""
                st.markdown(f"**{dates.long_date(step.happened_on)}** {step.stage.word}{by}")
                for line in _said(step):
                    st.caption(line)


def _said(step: ResponseStep) -> Iterator[str]:
    if step.until_on is not None:
        yield f"Comments asked for by {dates.long_date(step.until_on)}"
    if step.words:
        yield safe.text(step.words)
    if step.link:
        yield safe.link(step.link, "Read it where it was published")
    if step.stage in PUBLICATION and step.content:
        yield f"Fingerprint {step.content[:12]}"


def _offer_files(page: Page, seen: ResponseView) -> None:
    """Show what can be taken away: the published document and, for the office and analysts, it as it stands."""
    by, store, number = page.actor, page.store, seen.report.id  # a file is made outside this run
    published = seen.response.last(ResponseStage.PUBLISHED)
    stem = _stem(seen)
    if published is not None and published.content:
        files = [
            Download(
                _LABELS[form],
                f"{stem}.{form}",
                partial(_published, store, number, form, by),
                key=f"published-{form}",
            )
            for form in FORMS
        ]
        note = f"As published on {dates.long_date(published.happened_on)}, byte for byte."
        downloads.offer(files, key="published-files", label="The published response", note=note)
    if Permission.READ_DRAFTS in seen.may and (published is None or seen.response.has_newer_draft):
        files = [
            Download(
                _LABELS[form],
                f"{stem}_draft.{form}",
                partial(_draft, store, number, form, by),
                key=f"draft-{form}",
            )
            for form in FORMS
        ]
        is_approved = seen.response.approved is not None
        note = "As it was approved." if is_approved else "As it stands. It says that it is a draft."
        downloads.offer(files, key="draft-files", label="Download as it stands", note=note)


def _published(store: Store, number: int, form: str, by: Actor) -> bytes:
    return read_published(store, inspection_id=number, form=form, by=by)[1]


def _draft(store: Store, number: int, form: str, by: Actor) -> bytes:
    settings = Settings.from_environment()
    return make_response(store, inspection_id=number, by=by, settings=settings, forms=(form,))[form]


def _stem(seen: ResponseView) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", seen.report.title.casefold()).strip("-")
    return f"response_{plain[:60].rstrip('-') or seen.report.id}"
