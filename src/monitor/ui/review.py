"""Where a person drops files, looks at what was understood of them, puts it right, and takes it in."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from monitor import dates
from monitor.domain.access import Permission
from monitor.domain.statuses import Standing
from monitor.errors import ConflictError, MonitorError
from monitor.packs.template import first_load_template
from monitor.services.importing import Applied, apply_plans
from monitor.services.plans import FilePlan
from monitor.ui import (
    downloads,
    frame,
    overview,
    review_desk,
    review_item,
    review_list,
    review_report,
    review_sheet,
    safe,
    words,
)
from monitor.ui.downloads import Download
from monitor.ui.filters import MOST_NAMED, ONLY
from monitor.ui.frame import Page
from monitor.ui.review_desk import Desk, Entry, desk, promise
from monitor.ui.review_file import Dropped

TYPES: Final = ("docx", "odt", "pdf", "html", "htm", "txt", "md", "xlsx", "ods", "csv")
LARGEST_MB: Final = 20
LINKS_SHOWN: Final = 25


def show(page: Page) -> None:
    """Show the page: the drop area alone, what was read, or what was just taken in."""
    view = page.view
    if page.is_past:
        st.title("Nothing is brought in on a past day", anchor=False)
        st.markdown(f"You look at {dates.long_date(page.as_at)}. Go back to today to bring in files.")
        return
    services = [name for name in view.services if page.actor.may(Permission.TAKE_IN, name)]
    if not services:
        overview.no_reports(page, view)
        return
    here = review_desk.desk_of(page)
    for dropped in here.files:
        if dropped.is_to_be_read:
            with st.spinner("Reading the file again", show_time=False):
                review_desk.read_anew(page, dropped)
    review_desk.hold_stale(page)
    if here.files:
        _show_desk(page, here, services)
    elif here.done is not None:
        _show_done(page, here, here.done, services)
    else:
        _show_empty(page, here, services)


# Files in


def _show_empty(page: Page, here: Desk, services: Sequence[str]) -> None:
    st.title("Bring in a report or your tracker", anchor=False)
    st.markdown(
        "Drop the files as they are. You see what was understood beside the words it came from; nothing is stored "
        "until you say so."
    )
    _show_drop(page, here, services)
    _show_refused(here)
    with st.container(key="review-templates", gap="small"):
        st.markdown("Starting from nothing? Fill in our workbook and drop it here.")
        with st.container(horizontal=True, gap="medium"):
            _template(page, services, "Template with examples", examples=True)
            _template(page, services, "Blank template", examples=False)


def _template(page: Page, services: Sequence[str], label: str, *, examples: bool) -> None:
    key = f"template-{'examples' if examples else 'blank'}"
    file = Download(
        label,
        f"recommendations-{'template-with-examples' if examples else 'template'}.xlsx",
        lambda: first_load_template(services, page.today, examples=examples),
        key,
    )
    downloads.standing(file, key=key, type="tertiary", icon=":material/download:")


def _show_drop(
    page: Page, here: Desk, services: Sequence[str], *, label: str = "Drop files here, or choose them"
) -> None:
    """Show where files are dropped, read what lies there, and empty it."""
    service = services[0]
    if len(services) > 1:
        service = st.selectbox("For which service?", services, key="review-service", persist_state="session")
    given = st.container(key="review-drop").file_uploader(
        label,
        type=list(TYPES),
        accept_multiple_files=True,
        max_upload_size=LARGEST_MB,
        key=f"review-files-{here.round}",
    )
    waiting = [one for one in given or () if one.file_id not in here.seen]
    if not waiting:
        return
    here.done, here.problem, here.refused = None, None, []
    told = st.progress(0.0, text="Reading")
    for place, one in enumerate(waiting):
        told.progress(
            place / len(waiting), text=f"Reading {safe.text(one.name)}, {place + 1} of {len(waiting)}"
        )
        review_desk.read(page, one.name, one.getvalue(), service)
        here.seen.add(one.file_id)
    here.round += 1
    st.rerun()


def _show_refused(here: Desk) -> None:
    """Name each file that could not be read, with its one sentence."""
    for name, message in here.refused:
        said = message if name in message else f"{name}: {message}"
        st.markdown(f":red[:material/error: {safe.text(said)}]")


# What was read


def _show_desk(page: Page, here: Desk, services: Sequence[str]) -> None:
    st.title(finding([dropped.plan for dropped in here.files]), anchor=False)
    waits = " ".join(what_waits(here.files))
    if waits:
        st.markdown(waits)
    _show_refused(here)
    _show_button(page, here)
    listed = review_list.entries(here)
    everything = here.entries()
    at = here.shown(everything)
    is_open = here.chosen in everything
    left, right = st.columns([4, 8], gap="large")
    with left, st.container(key="review-list"):
        review_list.show(page, here, listed, at)
        with st.expander("Add files", key="review-add"):
            _show_drop(page, here, services, label="Drop more files here, or choose them")
    with right, st.container(key="review-detail"):
        _show_detail(page, here, listed if at in listed else everything, at, is_open=is_open)


def finding(plans: Sequence[FilePlan]) -> str:
    """Return what was read in one sentence: how many recommendations, and how they stand to the register."""
    items = [item for plan in plans for item in plan.items]
    refused = [plan for plan in plans if plan.faults]
    if refused and len(refused) == len(plans):
        faults = sum(len(plan.faults) for plan in plans)
        verb = "keeps" if faults == 1 else "keep"
        return f"{words.capitalised(words.counted(faults, 'fault'))} {verb} this from being taken in."
    reports = [report for plan in plans for report in plan.reports]
    if not items:
        if not reports:
            return "No report was found." if len(plans) == 1 else "No report was found in these files."
        verb = "was" if len(reports) == 1 else "were"
        return f"{words.capitalised(words.counted(len(reports), 'report'))} {verb} read, without recommendations."
    counts = {standing: sum(1 for item in items if item.standing is standing) for standing in Standing}
    if counts[Standing.UNCHANGED] == len(items):
        return "Nothing here is new: it is all on the register."
    noun = words.capitalised(words.counted(len(items), "recommendation"))
    verb = "was" if len(items) == 1 else "were"
    if counts[Standing.NEW] == len(items):
        return f"{noun} {verb} read, {'and it is new' if len(items) == 1 else 'all new'}."
    told = [f"{dates.count_word(many)} {standing.word.lower()}" for standing, many in counts.items() if many]
    return f"{noun} {verb} read: {words.listed(told)}."


def what_waits(files: Sequence[Dropped]) -> list[str]:
    """Return a sentence for each thing that a person is asked before taking in."""
    reports = [report for dropped in files for report in dropped.plan.reports]
    doubtful = sum(1 for report in reports if report.standing is Standing.DOUBTFUL)
    doubtful += sum(dropped.plan.count(Standing.DOUBTFUL) for dropped in files)
    asking = sum(1 for one in reports if one.found is None and one.last_day_to_respond is None)
    untitled = sum(1 for one in reports if one.found is None and not one.given["title"])
    faulty = [dropped for dropped in files if dropped.plan.is_refused]
    said = []
    if faulty and len(faulty) < len(files):
        said.append(
            f"{words.capitalised(words.counted(len(faulty), 'file'))} cannot be taken in as it stands."
        )
    if doubtful:
        verb = (
            "may be on the register already: say whether it is."
            if doubtful == 1
            else "may be on the register already: say which."
        )
        said.append(f"{words.capitalised(dates.count_word(doubtful))} {verb}")
    if untitled:
        said.append(
            f"{words.capitalised(words.counted(untitled, 'report'))} {'has' if untitled == 1 else 'have'} no title yet."
        )
    if asking:
        noun = "report" if asking == 1 else "reports"
        said.append(f"The day of publication of {dates.count_word(asking)} {noun} is asked for.")
    return said


def _show_button(page: Page, here: Desk) -> None:
    """Show the one button, which says what it will do, and a refusal beside it."""
    says = promise(here.files)
    with st.container(key="review-take-in", gap="xsmall"):
        with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
            pressed = st.button(
                says or "Nothing to take in",
                type="primary",
                disabled=not says,
                key="take-in-files",
                wrap=True,
            )
            st.button("Put everything away", type="tertiary", key="put-away", on_click=_put_away)
        if pressed and says and _take_in(page, here):
            st.rerun()
        if here.problem is not None:
            frame.refuse(here.problem)
            st.caption("Nothing was stored.")
        elif says:
            st.caption("All of it is stored together, or nothing.")


def _take_in(page: Page, here: Desk) -> bool:
    """Store what was ticked and clear the desk. Between the two, nothing may stop the run: no call to Streamlit."""
    ready = [dropped for dropped in here.files if not dropped.plan.is_refused]
    sent = [dropped.to_apply() for dropped in ready]
    try:
        review_desk.check(ready)
        here.done = apply_plans(
            page.store,
            plans=[plan for plan, _ in sent],
            taken={plan.fingerprint: taken for plan, taken in sent},
            by=page.actor,
        )
    except MonitorError as problem:
        here.problem = problem
        if isinstance(problem, ConflictError):
            review_desk.hold_all(page)
        return False
    here.problem, here.chosen, here.page = None, None, 1
    here.files = [dropped for dropped in here.files if dropped.plan.is_refused]
    return True


def _put_away() -> None:
    here = desk()
    here.files, here.chosen, here.problem, here.refused, here.page = [], None, None, [], 1


def _show_detail(page: Page, here: Desk, listed: Sequence[Entry], at: Entry, *, is_open: bool) -> None:
    dropped = here.file(at.number)
    if dropped is None:
        return
    _show_walk(listed, at, is_open=is_open)
    match at.kind:
        case "file":
            st.header(safe.text(dropped.plan.name), anchor=False)
            review_sheet.show(dropped)
        case "report" if (report := dropped.report(at.key)) is not None:
            st.header(safe.text(words.shortened(review_report.title_of(report), 160)), anchor=False)
            review_report.show(page, dropped, at, report)
        case _ if (item := dropped.item(at.key)) is not None:
            st.header(safe.text(review_item.title_of(item)), anchor=False)
            review_item.show(page, dropped, at, item)
    if at.kind != "item":
        st.button(
            "Take this file off the page",
            type="tertiary",
            icon=":material/close:",
            key=f"take-away-{dropped.number}",
            on_click=here.remove,
            args=(dropped.number,),
        )


def _show_walk(listed: Sequence[Entry], at: Entry, *, is_open: bool) -> None:
    """Show where in the list one is, and the way to the one before and the next; on a phone also back to the list."""
    place = listed.index(at)
    with st.container(key="review-walk", horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(f"{place + 1:,} of {len(listed):,}")
        for label, icon, to in (
            ("Previous", "arrow_upward", place - 1),
            ("Next", "arrow_downward", place + 1),
        ):
            is_there = 0 <= to < len(listed)
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"review-{label.lower()}",
                disabled=not is_there,
                on_click=_walk,
                args=(listed, listed[to] if is_there else at),
            )
        if is_open:  # last, so that the buttons before it keep their places and whoever is on one stays there
            st.button(
                "All that was read",
                icon=":material/arrow_back:",
                type="tertiary",
                key="review-back",
                on_click=_to_list,
            )


def _walk(listed: Sequence[Entry], to: Entry) -> None:
    review_list.choose(to)
    review_list.turn_to(listed, to)


def _to_list() -> None:
    desk().chosen = None


# What was taken in


def _show_done(page: Page, here: Desk, done: Applied, services: Sequence[str]) -> None:
    st.title(done_words(done), anchor=False)
    if done.left:
        verb = "was left as it was" if done.left == 1 else "were left as they were"
        st.markdown(f"{words.capitalised(words.counted(done.left, 'recommendation'))} of the files {verb}.")
    _show_refused(here)
    for heading, references in (("New", done.new), ("Changed", done.changed)):
        _show_references(page, heading, references)
    page.link("reports", "See all reports")
    st.header("Bring in more", anchor=False)
    _show_drop(page, here, services)


def done_words(done: Applied) -> str:
    """Return what was stored, as the heading says it."""
    parts = [
        words.counted(number, noun)
        for number, noun in ((done.reports, "report"), (len(done.new), "recommendation"))
        if number
    ]
    changed = f"{words.counted(len(done.changed), 'recommendation')} changed" if done.changed else ""
    if not parts:
        return f"{words.capitalised(changed)}." if changed else "Recorded."
    told = f"Taken in: {words.listed(parts)}"
    return f"{told}; {changed}." if changed else f"{told}."


def _show_references(page: Page, heading: str, references: Sequence[str]) -> None:
    if not references:
        return
    rows = page.view.rows
    titles = dict(zip(rows["reference"], rows["short_title"], strict=True))
    st.header(heading, anchor=False)
    with st.container(key=f"rows-done-{heading.lower()}", gap=None):
        for reference in references[:LINKS_SHOWN]:
            page.link("recommendation", f"{reference} {titles.get(reference, '')}".strip(), ref=reference)
    if LINKS_SHOWN < len(references) <= MOST_NAMED:
        st.page_link(
            "pages/register.py",
            label=f"All {len(references):,} in the register",
            query_params={**page.params(show="everything"), ONLY: list(references)},
        )
    elif len(references) > LINKS_SHOWN:
        st.caption(f"and {len(references) - LINKS_SHOWN:,} more")
