"""Updates in a workbook: a quiet offer beside the form, then every difference, and one button that records them all."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd
import streamlit as st

from monitor import dates
from monitor.domain.access import Permission
from monitor.errors import MonitorError, RuleError
from monitor.importers.child import read_workbook
from monitor.importers.faults import Fault
from monitor.importers.file_kinds import FILE_LIMIT
from monitor.importers.update_form import BLOCKED
from monitor.importers.update_sheet import FilledForm, read_updates
from monitor.packs.update_workbook import update_workbook, update_workbook_name
from monitor.services.round_trip import (
    CellChange,
    PlannedUpdate,
    UpdatePlan,
    apply_updates,
    count_to_update,
    plan_updates,
    update_form,
)
from monitor.ui import downloads, safe, words
from monitor.ui.downloads import Download
from monitor.ui.frame import Page, refuse

FAULTS_SHOWN: Final = 100
BEFORE_MOST: Final = 160
"""Of what was said before, the beginning is enough to know it again."""

MINE, THEIRS = "Keep mine, as a further report", "Leave theirs"
_EMPTY: Final = "not said"
_UPLOAD: Final = "Upload the workbook, filled in"
_VISIT: Final = "_round_trip"
_numbers: Final = itertools.count(1)


@dataclass
class _Review:
    """
    One upload, from reading it to what was recorded.

    Attributes:
        plan: What it would change; None for a file that cannot be read.
        problem: Why it cannot be read, or could not be recorded.
        recorded: Reference and title of what was recorded; None before that.
    """

    actor: str
    name: str
    form: FilledForm | None = None
    plan: UpdatePlan | None = None
    problem: MonitorError | None = None
    recorded: list[tuple[str, str]] | None = None
    number: int = field(default_factory=lambda: next(_numbers))


def offer(page: Page) -> None:
    """Show the quiet button with the workbook to download and the place to upload it; nothing where nothing is open."""
    mine, everyone = count_to_update(page.store, by=page.actor)
    # Who gives items their owners looks after all of them.
    for_all = page.may(Permission.ASSIGN) and everyone > mine
    if not page.may(Permission.REPORT_PROGRESS) or not (mine or for_all):
        return
    opened = st.popover(
        "Do them in Excel", icon=":material/table_view:", type="tertiary", key="round-trip", on_change="rerun"
    )
    if not opened.open:
        return
    with opened:
        st.markdown(
            "Download your open items, fill them in offline, and upload the file. You see every difference before anything is recorded."
        )
        if mine:
            _download(page, f"Your open items ({mine:,})", everyone=False)
        if for_all:
            _download(page, f"All open items of the force ({everyone:,})", everyone=True)
        _upload(page)


def _download(page: Page, label: str, *, everyone: bool) -> None:
    by = page.actor  # the file is made outside this run, where the page knows nobody

    def made() -> bytes:
        return update_workbook(update_form(page.store, by=by, everyone=everyone), by=by)

    file = Download(
        label,
        update_workbook_name(page.today),
        made,
        key=f"round-trip-download-{'all' if everyone else 'mine'}",
    )
    downloads.show([file], key="round-trip", icon=":material/download:")


def _upload(page: Page) -> None:
    """Show the place for the file; once there is one, it is read and the page shows what it would change."""
    number = st.session_state.setdefault("_round_trip_upload", next(_numbers))
    given = st.file_uploader(
        _UPLOAD, type=["xlsx"], max_upload_size=FILE_LIMIT // 2**20, key=f"round-trip-upload-{number}"
    )
    if given is None:
        return
    st.session_state["_round_trip_upload"] = next(_numbers)
    st.session_state[_VISIT] = _read(page, given.name, given.getvalue())
    st.rerun()


def _read(page: Page, name: str, content: bytes) -> _Review:
    review = _Review(page.actor.id, name)
    with _shown_progress("Reading the workbook") as told:
        try:
            review.form = read_updates(read_workbook(name, content))
            review.plan = plan_updates(page.store, form=review.form, by=page.actor, progress=told)
        except MonitorError as problem:
            review.problem = problem
    return review


class _shown_progress:  # noqa: N801 - read as a phrase: with _shown_progress("Reading")
    """A line with a bar while something lasts, gone afterwards."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __enter__(self) -> Callable[[int, int], None]:
        """Show the bar, and return what moves it."""
        self._place = st.empty()
        bar = self._place.progress(0.0, text=self._text)

        def told(done: int, of: int) -> None:
            bar.progress(min(1.0, done / max(of, 1)), text=f"{self._text}: {done:,} of {of:,} rows")

        return told

    def __exit__(self, *_: object) -> None:
        """Take the bar away."""
        self._place.empty()


# What an upload would change


def show(page: Page) -> bool:
    """Show the uploaded workbook in place of the form, and tell whether there is one."""
    review: _Review | None = st.session_state.get(_VISIT)
    if review is None or review.actor != page.actor.id:
        return False
    if review.recorded is not None:
        _recorded(page, review.recorded)
    elif review.plan is None:
        _unread(page, review)
    elif review.plan.faults:
        _faulty(page, review.plan)
    elif not review.plan.updates:
        _unchanged(review.plan)
    else:
        _differences(page, review, review.plan)
    return True


def _leave() -> None:
    st.session_state.pop(_VISIT, None)


def _back(label: str = "Back to your updates") -> None:
    st.button(label, key="round-trip-leave", type="tertiary", on_click=_leave)


def _unread(page: Page, review: _Review) -> None:
    st.title("The workbook was not read", anchor=False)
    if review.problem is not None:
        refuse(review.problem)
    st.markdown("Nothing was recorded.")
    _upload(page)
    _back()


def _faulty(page: Page, plan: UpdatePlan) -> None:
    count = len(plan.faults)
    title = words.capitalised(f"{words.counted(count, 'cell or row', 'cells and rows')} to put right")
    st.title(title, anchor=False)
    st.markdown("Nothing was recorded. Put them right in the file, save it, and upload it again.")
    with st.container(key="rows-faults", gap=None):
        for place, fault in enumerate(plan.faults[:FAULTS_SHOWN]):
            with st.container(key=f"row-fault-{place}"):
                st.markdown(_fault_words(fault))
    if plan.faults[FAULTS_SHOWN:]:
        st.caption(f"and {count - FAULTS_SHOWN:,} more")
    _upload(page)
    _back()


def _fault_words(fault: Fault) -> str:
    said = fault.message.removeprefix(f"{fault.where}: ")
    return f"**{safe.text(fault.where)}**  \n{safe.text(words.capitalised(said))}"


def _unchanged(plan: UpdatePlan) -> None:
    st.title("Your workbook changes nothing", anchor=False)
    rows = words.plural(plan.unchanged, "row")
    st.markdown(f"The register has all it says ({rows}). Nothing was recorded.")
    _back()


def _differences(page: Page, review: _Review, plan: UpdatePlan) -> None:
    st.title(
        f"{words.capitalised(words.counted(len(plan.updates), 'update'))} in your workbook", anchor=False
    )
    unchanged = (
        f" {words.capitalised(words.plural(plan.unchanged, 'other row'))} unchanged."
        if plan.unchanged
        else ""
    )
    st.markdown(f"Nothing is recorded yet.{unchanged}")
    st.caption(safe.text(f"{plan.name}, downloaded for {plan.origin.made_for} on {plan.origin.made_on}"))
    with st.container(key="workbook"):
        above = st.container(key=f"refused-round-trip-{review.number}")
        choices = _conflicts(page, review, plan.conflicts)
        if plan.clear:
            st.header("What your workbook changes", anchor=False)
            with st.container(key="rows-plan", gap=None):
                for one in plan.clear:
                    _difference(page, one)
        if _is_pressed(plan, choices):
            undecided = [reference for reference, choice in choices.items() if choice is None]
            if not undecided:
                _record(page, review, plan, [one for one, choice in choices.items() if choice == MINE])
                st.rerun()
            named = words.listed(undecided)
            review.problem = RuleError(f"Choose first what it shall be for {named}: yours or theirs.")
        if review.problem is not None:
            with above:
                refuse(review.problem)
            review.problem = None


def _difference(page: Page, one: PlannedUpdate) -> None:
    with st.container(key=f"row-plan-{one.reference}"):
        what, cells = st.columns([4, 8], gap="medium")
        with what, st.container(gap=None):
            page.link("recommendation", one.short_title, ref=one.reference)
            st.caption(f"{one.reference} · row {one.row}")
        with cells:
            _cells(one)


def _cells(one: PlannedUpdate) -> None:
    st.table(
        pd.DataFrame(
            [(change.heading, _before(change), _after(change)) for change in one.cells],
            columns=["Cell", "Before", "After"],
        ),
        border=False,
        hide_index=True,
        alt=f"What changes on {one.reference}.",
    )


def _before(change: CellChange) -> str:
    return safe.text(words.shortened(change.before, BEFORE_MOST)) or _EMPTY


def _after(change: CellChange) -> str:
    return f"**{safe.text(change.after)}**" if change.after else _EMPTY


def _conflicts(page: Page, review: _Review, conflicts: Sequence[PlannedUpdate]) -> dict[str, str | None]:
    """Show what was changed since the download, each with both texts; return what was chosen, by reference."""
    if not conflicts:
        return {}
    count = words.counted(len(conflicts), "of them was", "of them were")
    st.header(f"{words.capitalised(count)} changed since the download", anchor=False)
    choices = {}
    with st.container(key="rows-conflicts", gap=None):
        for one in conflicts:
            with st.container(key=f"conflict-{one.reference}"):
                choices[one.reference] = _conflict(page, review, one)
    return choices


def _conflict(page: Page, review: _Review, one: PlannedUpdate) -> str | None:
    with st.container(gap=None):
        page.link("recommendation", one.short_title, ref=one.reference)
        st.caption(f"{one.reference} · row {one.row}")
    theirs, mine = st.columns(2, gap="medium")
    with theirs:
        st.markdown("**On the register since**")
        for told in one.meanwhile:
            day = dates.long_date(dates.london_day(told.at))
            _text(f"{told.who}, {told.verb}, {day}", told.texts)
    with mine:
        st.markdown("**In your workbook**")
        blocked = [f"{BLOCKED}: {one.blocked_by}"] if one.blocked_by else []
        _text(f"You, for {dates.long_date(one.on)}", [one.status.word, one.narrative, *blocked])
    return st.radio(
        f"Which shall it be for {one.reference}?",
        (MINE, THEIRS),
        index=None,
        horizontal=True,
        key=f"round-trip-{review.number}-{one.reference}",
    )


def _text(who: str, texts: Sequence[str]) -> None:
    with st.container(gap="xxsmall"):
        st.caption(safe.text(who))
        for text in texts:
            st.markdown(safe.paragraphs(text))


def _is_pressed(plan: UpdatePlan, choices: Mapping[str, str | None]) -> bool:
    """Show the buttons, and tell whether the one that records was pressed; there is none where nothing is left."""
    count = len(plan.clear) + sum(choice != THEIRS for choice in choices.values())
    st.caption("Each is recorded with your name, as a report of the force. The office sees it at once.")
    with st.container(horizontal=True, gap="small"):
        label = f"Record {words.plural(count, 'update')}"
        is_pressed = bool(count) and st.button(label, type="primary", key="round-trip-record")
        _back("Record nothing")
    return is_pressed


def _record(page: Page, review: _Review, plan: UpdatePlan, keep_mine: Sequence[str]) -> None:
    """Record the plan and note what was recorded; where it is refused, plan anew, so that the page shows why."""
    with _shown_progress("Recording") as told:
        try:
            done = apply_updates(page.store, plan=plan, by=page.actor, keep_mine=keep_mine, progress=told)
            review.recorded = [(record.reference, record.short_title) for record in done]
        except MonitorError as problem:
            review.problem = problem
            if review.form is not None:
                review.plan = plan_updates(page.store, form=review.form, by=page.actor)


def _recorded(page: Page, recorded: Sequence[tuple[str, str]]) -> None:
    st.title(f"{words.capitalised(words.counted(len(recorded), 'update'))} recorded", anchor=False)
    st.markdown("The office sees them now.")
    with st.container(key="rows-recorded", gap=None):
        for reference, title in recorded:
            with st.container(key=f"row-recorded-{reference}"):
                page.link("recommendation", title, ref=reference)
                st.caption(reference)
    _back("Go on to what waits")
