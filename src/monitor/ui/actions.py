"""Actions agreed at meetings: the rows in which they stand, and the forms by which they go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.domain.access import Permission
from monitor.domain.meetings import LAST_YEAR, ActionStage, ActionState, steps_for
from monitor.domain.record import REASON_MIN
from monitor.domain.statuses import ForceReport, ScheduleState
from monitor.domain.wording import meeting_name
from monitor.services import actions
from monitor.services.actions import ActionView
from monitor.settings import Titles
from monitor.ui import filling, safe, words
from monitor.ui.fields import Day, Words
from monitor.ui.filling import Answer, Form, open_draft, show_draft
from monitor.ui.frame import Page

_LATER: Final = timedelta(days=1)


@dataclass(frozen=True)
class OfAction:
    """One action that a form is about."""

    page: Page
    state: ActionState

    @property
    def reference(self) -> str:
        """Return what tells it from everything else."""
        return f"action {self.state.action.id}"

    @property
    def names(self) -> Mapping[str, Any]:
        """Return its number, as services take it."""
        return {"action_id": self.state.action.id}

    @property
    def steps(self) -> tuple[ActionStage, ...]:
        """Return the steps that this person may take now; none on a past day."""
        return () if self.page.is_past else steps_for(self.state, self.page.actor)


def offered(subject: OfAction) -> list[Form[OfAction]]:
    """Return the forms by which this person may take it on, the likely one first."""
    return [form for form in FORMS if form.fits(subject)]


def show_rows(
    page: Page,
    states: Sequence[ActionState],
    *,
    key: str,
    titles: Mapping[str, str],
    notes: Mapping[int, str] | None = None,
) -> None:
    """
    Show one row an action: what, who has it, by when, where it stands, and what can be done to it here.

    Args:
        key: Name of the list on its page.
        titles: Short title of each recommendation that the reader may know of, by reference.
        notes: What else to say of an action, by its number.
    """
    with st.container(key=f"rows-{key}", gap=None):
        for place, state in enumerate(states):
            # By its place and not by its number, of which gaps would tell: a key can be read in the page.
            with st.container(key=f"row-{key}-{place}"):
                note = (notes or {}).get(state.action.id, "")
                _show_row(OfAction(page, state), f"{key}-{place}", titles, note)


def show_opened(page: Page, states: Sequence[ActionState]) -> bool:
    """Show the form that is open over the page, where it is about one of these, and tell whether it is."""
    about = filling.opened()[1]
    subject = next((one for one in (OfAction(page, s) for s in states) if one.reference == about), None)
    if subject:
        show_draft(subject, FORMS)
    return subject is not None


def agreed_words(view: ActionView) -> str:
    """Return at which meeting an action was agreed."""
    meeting = view.meeting
    name = meeting_name(meeting.kind, Titles.from_environment(), short=True)
    return f"Agreed on {dates.long_date(meeting.on)} · {name}"


def stands(state: ActionState, today: date) -> str:
    """Return in Markdown where an action stands: its mark and a few words."""
    if (ended := state.ended) is not None:
        return words.status_markdown(
            ended.stage, f"{ended.stage.word}, {dates.short_date(ended.happened_on)}"
        )
    late = state.days_late(today)
    standing = words.status_markdown(ScheduleState.OVERDUE, f"{dates.days_words(late)} late") if late else ""
    if (told := state.reported) is not None:
        waits = f"Reported done {dates.short_date(told.happened_on)}, waits for the office"
        return " ".join(filter(None, (standing, words.status_markdown(told.stage, waits))))
    return standing or words.status_markdown(ForceReport.NOT_STARTED, "Open")


def _show_row(subject: OfAction, key: str, titles: Mapping[str, str], note: str) -> None:
    page, state = subject.page, subject.state
    action = state.action
    left, right = st.columns([7, 5], gap="large")
    with left, st.container(gap=None):
        st.markdown(safe.text(action.what))
        if note:
            st.caption(safe.text(note))
        told = next((step for step in reversed(state.steps) if step.words), None)
        if told:
            said = safe.text(words.shortened(told.words, 300))
            st.caption(f"{told.stage.word} by {safe.text(told.by_name)}: “{said}”")
        if action.reference in titles:
            label = f"{action.reference} {titles[action.reference]}"
            page.link("recommendation", label, ref=action.reference)
    with right, st.container(gap=None):
        moved = f", {words.moves_words(state.moves)}" if state.moves else ""
        st.markdown(stands(state, page.as_at))
        st.caption(f"{safe.text(action.owner)} · due {dates.short_date(state.due_on)}{moved}")
        _show_buttons(subject, key)


def _show_buttons(subject: OfAction, key: str) -> None:
    forms = offered(subject)
    if not forms:
        return
    with st.container(horizontal=True, gap="small", key=f"quiet-{key}"):
        for form in forms:
            st.button(
                form.label,
                type="tertiary",
                key=f"{key}-{form.key}",
                on_click=open_draft,
                args=(form.key, subject.reference, len(subject.state.steps)),
            )


# The forms


def _facts(subject: OfAction) -> None:
    action, state = subject.state.action, subject.state
    st.markdown(f"**{safe.text(action.what)}**")
    first = f", first {dates.long_date(action.due_on)}" if state.moves else ""
    st.caption(f"{safe.text(action.owner)}, due {dates.long_date(state.due_on)}{first}")
    if (told := state.reported) is not None:
        st.markdown(
            f"**{safe.text(told.by_name)}** reported it done on {dates.long_date(told.happened_on)}:"
            f"\n\n{safe.quotation(told.words)}"
        )


def _report_facts(subject: OfAction) -> None:
    _facts(subject)
    if reference := subject.state.action.reference:
        st.caption(
            f"Words are enough. Evidence, if there is any, is added on the page of {safe.text(reference)}."
        )


def _has(*stages: ActionStage) -> Any:
    return lambda subject: any(stage in subject.steps for stage in stages)


FORMS: Final[tuple[Form[OfAction], ...]] = (
    Form(
        key="report-action",
        label="Report it done",
        permissions=frozenset({Permission.REPORT_PROGRESS, Permission.RECORD_MEETING}),
        fits=_has(ActionStage.REPORTED),
        title=lambda _: "Report this action done",
        facts=_report_facts,
        fields=lambda _: [Words(name="words", label="What was done, and what came of it?", lines=4)],
        answers=(
            Answer(
                "Report it done", actions.report_action, "Reported. It stays open until the office agrees."
            ),
        ),
    ),
    Form(
        key="answer-action",
        label="Accept or send back",
        permissions=frozenset({Permission.RECORD_MEETING}),
        fits=_has(ActionStage.DONE),
        title=lambda _: "Is this action done?",
        facts=_facts,
        fields=lambda _: [
            Words(
                name="words",
                label="What do you say to it? If you send it back: what is missing?",
                lines=3,
                hint=f"Sending it back needs at least {REASON_MIN} characters.",
            )
        ],
        answers=(
            Answer("Accept it as done", actions.accept_action, "Accepted. The action is done."),
            Answer("Send it back", actions.send_back_action, "Sent back. The action stays open."),
        ),
    ),
    Form(
        key="send-back-action",
        label="Send back",
        permissions=frozenset({Permission.RECORD_MEETING}),
        fits=lambda s: ActionStage.SENT_BACK in s.steps and ActionStage.DONE not in s.steps,
        title=lambda _: "Send this action back?",
        facts=_facts,
        fields=lambda _: [Words(name="words", label="What is missing?", lines=3, at_least=REASON_MIN)],
        answers=(Answer("Send it back", actions.send_back_action, "Sent back. The action stays open."),),
    ),
    Form(
        key="move-action",
        label="Another day",
        permissions=frozenset({Permission.RECORD_MEETING}),
        fits=_has(ActionStage.MOVED),
        title=lambda _: "Give this action another day?",
        facts=_facts,
        fields=lambda s: [
            Day(
                name="due_on",
                label="New day",
                least=s.page.today + _LATER,
                most=date(LAST_YEAR, 1, 1),
            ),
            Words(name="words", label="Why does it move?", lines=3, at_least=REASON_MIN),
        ],
        answers=(Answer("Move it", actions.move_action, "Moved. The day first agreed stays on the record."),),
    ),
    Form(
        key="withdraw-action",
        label="No longer needed",
        permissions=frozenset({Permission.RECORD_MEETING}),
        fits=_has(ActionStage.WITHDRAWN),
        title=lambda _: "End this action? It is no longer asked for.",
        facts=_facts,
        fields=lambda _: [
            Words(name="words", label="Why is it no longer needed?", lines=3, at_least=REASON_MIN)
        ],
        answers=(Answer("End it", actions.withdraw_action, "Ended, with your reason."),),
    ),
)
"""Every step that an action can take, in the order in which they are offered."""
