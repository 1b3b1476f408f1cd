"""What waits for a person: for the force one update after another on one form, for the office a list of answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.domain.access import Permission
from monitor.domain.meetings import ActionStage, ActionState
from monitor.domain.statuses import ForceReport, MeetingKind, ScheduleState
from monitor.errors import NotFoundError, RuleError
from monitor.services import updating
from monitor.services.actions import ActionView, actions_waiting, open_actions
from monitor.services.evidence_files import check_file
from monitor.services.reading import (
    OfficeTask,
    OfficeWaiting,
    Waiting,
    next_update_due,
    office_waiting,
    read_recommendation,
    updates_waiting,
)
from monitor.settings import Settings
from monitor.store import Store
from monitor.ui import actions, forms, round_trip, safe, words
from monitor.ui.fields import Field, Folded
from monitor.ui.filling import (
    Answer,
    Draft,
    Form,
    Outcome,
    Subject,
    fill_in,
    keep_typed,
    open_draft,
    show_draft,
)
from monitor.ui.frame import Page

QUEUE_SHOWN: Final = 20
ACTIONS_SHOWN: Final = 5
_VISIT: Final = "_updates"
_EVIDENCE: Final = ("title", "kind", "describes_on", "direction", "checked_by", "file", "sample", "link")

_EVIDENCE_NEEDS: Final = ("kind", "describes_on", "direction", "checked_by")


@dataclass
class _Visit:
    """One person's run through the queue: what was chosen and skipped, and the form open for each item."""

    actor: str
    chosen: str = ""
    skipped: list[str] = field(default_factory=list)
    drafts: dict[str, Draft] = field(default_factory=dict)


def show(page: Page) -> None:
    """Show what waits for this person, or that nothing does."""
    page.say_where(page.actor.name)
    if page.is_past:
        st.title("Nothing can be changed on a past day.", anchor=False)
        st.markdown("Go back to today to see what waits.")
    elif page.actor.may(Permission.REPORT_PROGRESS):
        _for_the_force(page)
    else:
        _for_the_office(page)


# The force


def _for_the_force(page: Page) -> None:
    every = Settings.from_environment().update_every_days
    visit = _visit(page)
    for draft in visit.drafts.values():
        keep_typed(draft)
    if round_trip.show(page):
        return
    queue = _in_order(updates_waiting(page.store, by=page.actor, every_days=every), visit)
    own = actions_waiting(page.store, by=page.actor)
    if not queue:
        _no_update_waits(page, every, own)
        return
    st.title(f"{_waits({'update': len(queue), 'action': _to_do(own)})} for you", anchor=False)
    st.markdown(f"About two minutes each. An update is due every {every} days while something is open.")
    _agreed(page, own)
    round_trip.offer(page)
    visit.chosen = st.query_params.pop("ref", "") or visit.chosen
    place = next((at for at, one in enumerate(queue) if one.reference == visit.chosen), 0)
    left, right = st.columns([7, 4], gap="xlarge")
    with left, st.container(key="update-form"):
        subject = _one_update(page, visit, queue, place)
    with right:
        _queue(visit, queue, place)
    if not actions.show_opened(page, _states(own)) and subject:
        show_draft(subject, forms.permitted(subject))


def _visit(page: Page) -> _Visit:
    visit: _Visit | None = st.session_state.get(_VISIT)
    if visit is None or visit.actor != page.actor.id:
        visit = st.session_state[_VISIT] = _Visit(page.actor.id)
    return visit


def _in_order(waiting: Sequence[Waiting], visit: _Visit) -> list[Waiting]:
    """Return the queue with what was skipped in this visit at its end, in the order of skipping."""
    last = {reference: place for place, reference in enumerate(visit.skipped, start=1)}
    return sorted(waiting, key=lambda one: last.get(one.reference, 0))


def _waits(counts: Mapping[str, int]) -> str:
    """Return "Three updates and one action wait"."""
    told = [words.counted(count, noun) for noun, count in counts.items() if count]
    verb = "waits" if sum(counts.values()) == 1 else "wait"
    return f"{words.capitalised(words.listed(told))} {verb}"


def _no_update_waits(page: Page, every: int, own: Sequence[ActionView]) -> None:
    due = next_update_due(page.store, by=page.actor, every_days=every)
    to_do = _to_do(own)
    st.title(f"{_waits({'action': to_do})} for you" if to_do else "Nothing waits for you.", anchor=False)
    _agreed(page, own)
    if due:
        st.markdown(
            f"Next update due {dates.long_date(due)}. One is due every {every} days while something is open."
        )
    else:
        st.markdown("Nothing that is open has you as its owner.")
    round_trip.offer(page)
    page.link("register", "Go to the register")
    actions.show_opened(page, _states(own))


def _one_update(page: Page, visit: _Visit, queue: Sequence[Waiting], place: int) -> Subject | None:
    waiting = queue[place]
    try:
        seen = read_recommendation(page.store, reference=waiting.reference, by=page.actor)
    except NotFoundError:
        st.markdown("It was taken off the list meanwhile. Choose another.")
        return None
    subject = Subject(page, seen)
    draft = visit.drafts.setdefault(
        waiting.reference, Draft(UPDATE.key, waiting.reference, seen.record.version)
    )
    st.caption(f"{place + 1} of {len(queue)} · {waiting.reference} · {safe.text(waiting.inspection)}")
    st.header(safe.text(waiting.short_title), anchor=False)
    if waiting.asked:
        on = dates.day_month(seen.row["assured_on"].date())
        st.markdown(f"The office asked on {on}: **{safe.text(forms.shortened(waiting.asked, 600))}**")
    _late_line(subject, draft)
    outcome = fill_in(draft, UPDATE, subject, leave="Skip for now")
    st.caption("Saving records your name and today’s date. The office sees it at once.")
    page.link("recommendation", "Everything about it", ref=waiting.reference)
    if outcome is not Outcome.OPEN:
        if outcome is Outcome.SAVED or draft.conflict is not None:
            visit.drafts.pop(waiting.reference, None)
        visit.skipped = [one for one in visit.skipped if one != waiting.reference]
        if outcome is Outcome.LEFT:
            visit.skipped.append(waiting.reference)
        visit.chosen = ""
        st.rerun()
    return subject


def _late_line(subject: Subject, draft: Draft) -> None:
    """Say that the date has passed, and offer to ask for another; what was shown with the form goes with it."""
    row = subject.seen.row
    is_late = row["schedule_state"] == ScheduleState.OVERDUE.value
    if not is_late or row["force_report"] == ForceReport.COMPLETE.value:
        return
    target = subject.seen.record.target
    passed = (
        f"The date, {dates.long_date(target.due_on)}, passed {dates.days_words(int(row['days_late']))} ago."
        if target
        else ""
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":red[:material/warning: {passed}]", width="content")
        if any(form.key == "ask-date" for form in forms.offered(subject)):
            st.button(
                "Ask for a new date",
                key="ask-date",
                type="tertiary",
                icon=":material/event:",
                on_click=open_draft,
                args=("ask-date", subject.reference, draft.version),
            )


def _update_fields(subject: Subject) -> list[Field | Folded]:
    status, changed, in_the_way, _ = forms.progress_fields(subject, every_status=False)
    return [
        status,
        changed,
        Folded("Evidence, if you have it", forms.evidence_fields(subject, needed=False)),
        in_the_way,
    ]


def save_update(store: Store, *, reference: str, by: Any, version: int, **given: Any) -> object:
    """
    Record a progress report and, where any of it is given, an item of evidence: both or neither.

    Raises:
        RuleError: what is missing, of the report or of the evidence.
        UnreadableFileError: for a file of evidence that is not kept.
    """
    evidence = {name: given.pop(name) for name in _EVIDENCE}
    has_evidence = any(evidence.values())
    if has_evidence and None in (evidence[name] for name in _EVIDENCE_NEEDS):
        raise RuleError(
            "The evidence needs its name, its kind, the day it describes, what it shows and who checked it. "
            "Give them all, or leave the evidence empty."
        )
    if evidence["file"] is not None:
        evidence["file"] = check_file(
            evidence["file"]
        )  # it takes its time, and nobody else shall wait for it
    with store.writing():
        record = updating.report_progress(store, reference=reference, by=by, version=version, **given)
        if has_evidence:
            forms.add_evidence(store, reference=reference, by=by, version=None, **evidence)
    return record


UPDATE: Final[Form[Subject]] = Form(
    key="update",
    label="Update",
    permissions=frozenset({Permission.REPORT_PROGRESS}),
    fits=lambda _: True,
    title=lambda subject: subject.seen.record.short_title,
    fields=_update_fields,
    answers=(Answer("Save and next", save_update, "Progress recorded. The office sees it now."),),
)


def _queue(visit: _Visit, queue: Sequence[Waiting], present: int) -> None:
    """Show the queue. Its titles are buttons that read as links: a link would lose what is typed in the form."""
    st.header("Waiting for you", anchor=False)
    st.caption("Asked by the office first, then the longest without an update")
    with st.container(key="rows-queue", gap=None):
        for place, one in enumerate(queue[:QUEUE_SHOWN]):
            name = "current" if place == present else "row"
            with st.container(key=f"{name}-queue-{one.reference}", gap=None):
                title = safe.text(one.short_title)
                st.button(
                    f"**{title}**" if place == present else title,
                    key=f"choose-{one.reference}",
                    type="tertiary",
                    on_click=setattr,
                    args=(visit, "chosen", one.reference),
                )
                state = ScheduleState(one.schedule_state)
                schedule = words.schedule_markdown(
                    state, days_late=one.days_late, days_to_target=one.days_to_target
                )
                since = f"Last update {_ago(one.days_since_update)}"
                st.caption(f"{schedule}  \n{since}{'. Asked by the office' if one.asked else ''}")
    if queue[QUEUE_SHOWN:]:
        st.caption(f"and {len(queue) - QUEUE_SHOWN} more")


def _ago(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{dates.days_words(days)} ago")


# What was agreed at meetings


def _states(found: Sequence[ActionView]) -> list[ActionState]:
    return [one.state for one in found]


def _to_do(own: Sequence[ActionView]) -> int:
    """Return how many of somebody's actions still wait for them: one reported done waits for the office."""
    return sum(one.state.reported is None for one in own)


def _agreed(page: Page, own: Sequence[ActionView]) -> None:
    """Show somebody's actions, the soonest due first, those that wait for the office after the others."""
    if not own:
        return
    meetings = {one.meeting.kind for one in own}
    where = f"the {page.view.titles.conference_short}" if meetings == {MeetingKind.CONFERENCE} else "meetings"
    st.header(f"Agreed at {safe.text(where)}", anchor=False)
    st.caption("The soonest due first. What you report done waits for the office.")
    ordered = sorted(own, key=lambda one: one.state.reported is not None)
    _rows_of_actions(page, ordered[:ACTIONS_SHOWN], "own")
    if more := ordered[ACTIONS_SHOWN:]:
        with st.expander(words.capitalised(words.counted(len(more), "more action"))):
            _rows_of_actions(page, more, "own-more")


def _rows_of_actions(page: Page, found: Sequence[ActionView], key: str) -> None:
    titles = {one.state.action.reference: one.short_title for one in found if one.short_title}
    notes = {one.state.action.id: actions.agreed_words(one) for one in found}
    actions.show_rows(page, _states(found), key=f"actions-{key}", titles=titles, notes=notes)


# The office


def _for_the_office(page: Page) -> None:
    waiting = office_waiting(page.store, by=page.actor)
    reported = [one for one in open_actions(page.store, by=page.actor) if ActionStage.DONE in one.steps]
    own = actions_waiting(page.store, by=page.actor)
    if not (waiting or reported or _to_do(own)):
        st.title("Nothing waits for the office.", anchor=False)
        st.markdown(
            "No date is asked for, no closure is proposed, every claim has been looked at, and no action is "
            "reported done."
        )
        page.link("register", "Go to the register")
        return
    st.title(f"{_waits({'thing': len(waiting) + len(reported) + _to_do(own)})} for the office", anchor=False)
    st.markdown(_office_counts(waiting, reported, own))
    if waiting:
        _office_rows(page, waiting)
    if reported:
        st.header("Reported done", anchor=False)
        st.caption("Somebody of the office who did not report it accepts it, or sends it back.")
        _rows_of_actions(page, reported, "reported")
    _agreed(page, own)
    actions.show_opened(page, _states([*reported, *own]))


def _office_counts(
    waiting: Sequence[OfficeWaiting], reported: Sequence[ActionView], own: Sequence[ActionView]
) -> str:
    counts = [
        words.plural(number, one, many)
        for task, one, many in (
            (OfficeTask.DATE, "date asked for", "dates asked for"),
            (OfficeTask.CLOSURE, "closure proposed", "closures proposed"),
            (OfficeTask.CLAIM, "claim not yet looked at", "claims not yet looked at"),
            (OfficeTask.CHECK, "later check due", "later checks due"),
        )
        if (number := sum(one.task is task for one in waiting))
    ]
    if reported:
        counts.append(words.plural(len(reported), "action reported done", "actions reported done"))
    if to_do := _to_do(own):
        counts.append(words.plural(to_do, "action of your own", "actions of your own"))
    return words.capitalised(f"{words.listed(counts)}. The longest waiting first.")


def _office_rows(page: Page, waiting: Sequence[OfficeWaiting]) -> None:
    with st.container(key="rows-office", gap=None):
        for one in waiting:
            with st.container(key=f"row-office-{one.task.value}-{one.reference}"):
                what, title = st.columns([4, 8], gap="medium")
                with what, st.container(gap=None):
                    st.markdown(one.task.word)
                    st.caption(f"{_ago(one.days)}, {dates.short_date(one.since)}")
                with title, st.container(gap=None):
                    page.link("recommendation", one.short_title, ref=one.reference)
                    st.caption(f"{one.reference} · {safe.text(one.inspection)}")
