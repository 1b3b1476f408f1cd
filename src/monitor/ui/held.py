"""A meeting as one person sees it in the room: its questions, its answers, and which of them the address asks for."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.domain.access import Permission
from monitor.domain.meetings import ActionState, Outcome
from monitor.domain.questions import Prepared, Question
from monitor.errors import AccessError
from monitor.services.meetings import MeetingView, read_meeting, sees_answers
from monitor.services.questions import prepared_questions
from monitor.services.view import RegisterView, register_view
from monitor.ui import safe, words
from monitor.ui.frame import Page

QUESTION: Final = "question"
END: Final = "end"
"""What the address says where it asks for what came of all questions."""


@dataclass(frozen=True)
class Held:
    """
    A meeting as one person sees it in the room.

    Attributes:
        prepared: Its questions; None where they may not be read, or not yet.
    """

    page: Page
    seen: MeetingView
    prepared: Prepared | None

    @property
    def questions(self) -> Sequence[Question]:
        """Return the questions in the order in which they are asked."""
        return self.prepared.questions if self.prepared else ()

    @property
    def may_write(self) -> bool:
        """Tell whether this person may write down what is answered here now."""
        has_come = self.seen.meeting.on <= self.seen.today
        return has_come and not self.page.is_past and Permission.RECORD_MEETING in self.seen.may

    def agreed(self, question: str) -> list[ActionState]:
        """Return the actions that came of a question."""
        return [state for state in self.seen.actions if state.action.question == question]

    def open_after(self, place: int) -> int | None:
        """Return the next question without an answer, from 1, looking from the top again at the end; None for none."""
        order = [*range(place + 1, len(self.questions) + 1), *range(1, place)]
        answered = self.seen.answered
        return next((one for one in order if self.questions[one - 1].key not in answered), None)

    @property
    def view(self) -> RegisterView:
        """Return the register on which the facts rest: that of the last pack, and in public what is public."""
        prepared, meeting = self.prepared, self.seen.meeting
        view = register_view(
            self.page.store,
            by=self.page.actor,
            as_at=prepared.as_at if prepared else None,
            known_at=prepared.known_at if prepared else None,
            in_public=meeting.is_public,
        )
        return view.of_service(meeting.service)


def read(page: Page, meeting_id: int) -> Held:
    """
    Return a meeting with its questions, as known on the day shown.

    Raises:
        NotFoundError: for one that is absent or hidden.
    """
    before = page.view.known_before if page.is_past else None
    seen = read_meeting(page.store, meeting_id=meeting_id, by=page.actor, before=before)
    # From its day on, the questions stay as they were asked.
    is_before = page.is_past and page.as_at < seen.meeting.on
    known: dict[str, Any] = {"as_at": page.as_at, "known_at": before} if is_before else {}
    prepared: Prepared | None = None
    if sees_answers(page.actor, seen.meeting):
        with suppress(AccessError):  # they are not out yet
            prepared = prepared_questions(page.store, meeting_id=meeting_id, by=page.actor, **known)
    return Held(page, seen, prepared)


def go(place: int | None) -> None:
    """Ask for a question, from 1, or for what came of all of them; called by a button."""
    st.query_params[QUESTION] = in_address(place)


def in_address(place: int | None) -> str:
    """Return what the address says for a question, or for what came of all of them."""
    return END if place is None else str(place)


def show_agreed(held: Held, question: str) -> None:
    """Show the actions that came of a question."""
    for state in held.agreed(question):
        show_action(state)


def show_action(state: ActionState) -> None:
    """Show an action as it was agreed: what, who and by which day."""
    agreed = words.status_markdown(Outcome.ACTION_AGREED, "Agreed:")
    who = f"{safe.text(state.action.owner)}, by {dates.long_date(state.due_on)}"
    st.markdown(f"{agreed} {safe.text(state.action.what)} **{who}**")


def show_way_to_meeting(held: Held) -> None:
    """Link to the meeting itself."""
    held.page.link("conference", "The meeting and its pack", meeting=str(held.seen.meeting.id))
