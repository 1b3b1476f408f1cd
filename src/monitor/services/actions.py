"""Actions agreed at meetings: who is to do what by when, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from monitor.dates import london_day
from monitor.domain.access import Actor, Permission, scope_of
from monitor.domain.meetings import (
    Action,
    ActionStage,
    ActionState,
    ActionStep,
    Meeting,
    check_action,
    check_step,
    require_step,
    steps_for,
)
from monitor.domain.text import clean, clean_line
from monitor.errors import RuleError
from monitor.services.changing import visible_meetings, visible_record
from monitor.services.meetings import check_reference, check_seen, visible_actions, visible_meeting
from monitor.store import Reader, Store, short_titles

STEP_VERBS: Final = {
    ActionStage.REPORTED: "action reported done",
    ActionStage.DONE: "action accepted as done",
    ActionStage.SENT_BACK: "action sent back",
    ActionStage.MOVED: "day of an action moved",
    ActionStage.WITHDRAWN: "action withdrawn",
}
"""What history calls each step."""


@dataclass(frozen=True, slots=True)
class ActionView:
    """
    An action as a page shows it.

    Attributes:
        meeting: Where it was agreed.
        short_title: Of the recommendation it belongs to; empty for none.
        days_late: Days since its day passed; those it waits for the office do not count.
        steps: What the reader may do to it now; nothing as at a past moment.
    """

    state: ActionState
    meeting: Meeting
    short_title: str
    days_late: int
    steps: tuple[ActionStage, ...]

    @property
    def version(self) -> int:
        """Return how many steps were taken: what each step is given as seen."""
        return len(self.state.steps)


def open_actions(
    store: Store,
    *,
    by: Actor,
    service: str | None = None,
    owner: str | None = None,
    before: datetime | None = None,
    in_public: bool = False,
) -> list[ActionView]:
    """
    Return the actions still to be done that somebody may know of, soonest due first.

    Args:
        service: Those of one service.
        owner: Those of the person of this name.
        before: A moment: what was recorded from then on is left out.
        in_public: Leave out those of private meetings and what is under embargo or restricted, whoever asks.
    """
    with store.reading() as reader:
        states = [
            state
            for state in visible_actions(reader, by, before=before, in_public=in_public)
            if state.is_open
            and service in (None, state.action.service)
            and owner in (None, state.action.owner)
        ]
        return _shown(reader, sorted(states, key=lambda one: (one.due_on, one.action.id)), by, before)


def actions_waiting(store: Store, *, by: Actor) -> list[ActionView]:
    """Return the actions that this person is still to do, soonest due first; those they have reported done among them."""
    return open_actions(store, by=by, owner=by.name)


def actions_of(
    store: Store, *, reference: str, by: Actor, before: datetime | None = None
) -> list[ActionView]:
    """
    Return the actions that belong to a recommendation, open and ended, the latest agreed first.

    Args:
        before: A moment: what was recorded from then on is left out.

    Raises:
        NotFoundError: the same for a recommendation that is absent and one that is hidden.
    """
    with store.reading() as reader:
        visible_record(reader, reference, by)
        known = visible_actions(reader, by, before=before)
        states = [one for one in known if one.action.reference == reference]
        return _shown(reader, states[::-1], by, before)


def _shown(
    reader: Reader, states: Sequence[ActionState], by: Actor, before: datetime | None = None
) -> list[ActionView]:
    titles = short_titles(reader, {one.action.reference for one in states if one.action.reference})
    meetings, now = visible_meetings(reader, scope_of(by), before=before), reader.clock_now()
    # The moment that ends a day belongs to the next one.
    today = london_day(min(now, before - timedelta(microseconds=1)) if before else now)
    return [
        ActionView(
            state=one,
            meeting=meetings[one.action.meeting_id],
            short_title=titles.get(one.action.reference, ""),
            days_late=one.days_late(today),
            steps=() if before else steps_for(one, by),
        )
        for one in states
    ]


def agree_action(
    store: Store,
    *,
    meeting_id: int,
    what: str,
    owner: str,
    due_on: date,
    by: Actor,
    reference: str = "",
    question: str = "",
) -> ActionState:
    """
    Record what somebody agreed at a meeting to do by a day.

    Args:
        owner: The name of whoever is to do it.
        reference: The recommendation it belongs to, if any.
        question: Key of the question it came from, if any.

    Raises:
        NotFoundError: for a meeting or a recommendation that is absent or hidden.
        RuleError: what `check_action` refuses, a recommendation of another service, or the same again.
    """
    with store.writing() as unit:
        meeting = visible_meeting(unit, meeting_id, by)
        by.require(Permission.RECORD_MEETING, meeting.service)
        action = Action(
            id=unit.new_id("action"),
            meeting_id=meeting.id,
            service=meeting.service,
            question=clean_line(question),
            reference=check_reference(unit, reference, meeting, by) if reference else "",
            what=clean(what),
            owner=clean_line(owner),
            due_on=due_on,
            agreed_on=meeting.on,
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
        )
        check_action(action, meeting, london_day(unit.now))
        if any((one.what, one.owner) == (action.what, action.owner) for one in unit.actions(meeting.id)):
            raise RuleError(
                f"{action.owner} has agreed to do this at this meeting already. It is recorded once."
            )
        unit.add(action, by=by, verb="action agreed")
        return ActionState(action)


def report_action(
    store: Store, *, action_id: int, words: str, by: Actor, version: int | None = None
) -> ActionState:
    """Record that an action is done and what came of it, as its owner or for them. It stays open until the office accepts."""
    return _step(store, action_id, ActionStage.REPORTED, words, by=by, version=version)


def accept_action(
    store: Store, *, action_id: int, by: Actor, words: str = "", version: int | None = None
) -> ActionState:
    """Accept an action as done, as the office and as a second person. It is closed."""
    return _step(store, action_id, ActionStage.DONE, words, by=by, version=version)


def send_back_action(
    store: Store, *, action_id: int, words: str, by: Actor, version: int | None = None
) -> ActionState:
    """Leave an action open that was reported done, and say what is missing."""
    return _step(store, action_id, ActionStage.SENT_BACK, words, by=by, version=version)


def move_action(
    store: Store, *, action_id: int, due_on: date, words: str, by: Actor, version: int | None = None
) -> ActionState:
    """Give an action another day, and say why. The day first agreed survives, and moves are counted."""
    return _step(store, action_id, ActionStage.MOVED, words, by=by, version=version, due_on=due_on)


def withdraw_action(
    store: Store, *, action_id: int, words: str, by: Actor, version: int | None = None
) -> ActionState:
    """End an action that is no longer asked for, and say why."""
    return _step(store, action_id, ActionStage.WITHDRAWN, words, by=by, version=version)


def _step(
    store: Store,
    action_id: int,
    stage: ActionStage,
    words: str,
    *,
    by: Actor,
    version: int | None,
    due_on: date | None = None,
) -> ActionState:
    """
    Take one step on an action.

    Args:
        version: How many steps the person saw; None for "as it is now".

    Raises:
        NotFoundError, AccessError, ConflictError, RuleError: in this order.
    """
    with store.writing() as unit:
        known = (one for one in visible_actions(unit, by) if one.action.id == action_id)
        state = next(known, None)
        if state is None:
            raise by.not_found(f"There is no action {action_id} on this register.")
        require_step(stage, state, by)
        check_seen(unit, "action_step", state.steps, version, what="A step was taken on this action")
        step = ActionStep(
            id=unit.new_id("action_step"),
            action_id=action_id,
            service=state.action.service,
            stage=stage,
            words=clean(words),
            due_on=due_on,
            happened_on=london_day(unit.now),
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
        )
        check_step(state, step)
        unit.add(step, by=by, verb=STEP_VERBS[stage])
        return replace(state, steps=(*state.steps, step))
