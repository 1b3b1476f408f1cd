"""Meetings and what is agreed at them: what may be recorded, and who may take which step."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.access import SYSTEM, Actor, Role
from monitor.domain.meetings import (
    Action,
    ActionStage,
    ActionState,
    ActionStep,
    Answer,
    Meeting,
    MeetingChange,
    Outcome,
    action_states,
    check_action,
    check_answer,
    check_change,
    check_meeting,
    check_step,
    in_place,
    require_step,
    steps_for,
)
from monitor.domain.statuses import MeetingKind
from monitor.errors import AccessError, RuleError
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    APPROVER,
    DAY,
    EDITOR,
    EDITOR_2,
    ELSEWHERE,
    OFFICE,
    OFFICE_2,
    OFFICE_ELSEWHERE,
    PUBLIC,
    REASON,
    SERVICE,
    day,
    moment,
    person,
)

NOTED: dict[str, Any] = {
    "service": SERVICE,
    "recorded_at": moment(DAY),
    "by": OFFICE.id,
    "by_name": OFFICE.name,
}
BOTH = person("both", Role.OFFICE, Role.FORCE_EDITOR)


def a_meeting(**told: Any) -> Meeting:
    """Return a Conference of the first day."""
    facts: dict[str, Any] = {"id": 1, "kind": MeetingKind.CONFERENCE, "on": DAY}
    return Meeting(**facts | NOTED | told)


def an_answer(**told: Any) -> Answer:
    """Return an answer of one sentence."""
    facts: dict[str, Any] = {
        "id": 1,
        "meeting_id": 1,
        "question": "own:1",
        "asked": "When?",
        "words": "In May.",
    }
    return Answer(**facts | {"outcome": Outcome.ANSWERED} | NOTED | told)


def an_action(**told: Any) -> Action:
    """Return an action of the editor, due in ten days."""
    facts: dict[str, Any] = {
        "id": 1,
        "meeting_id": 1,
        "what": "Sample fifty closed cases.",
        "owner": EDITOR.name,
    }
    return Action(**facts | {"due_on": day(10), "agreed_on": DAY} | NOTED | told)


def a_step(stage: ActionStage, by: Actor = OFFICE, on: date = DAY, **told: Any) -> ActionStep:
    """Return a step with words that do."""
    facts: dict[str, Any] = {
        "id": 1,
        "action_id": 1,
        "stage": stage,
        "words": REASON,
        "happened_on": on,
    }
    if stage is ActionStage.MOVED:
        facts["due_on"] = day(20)
    return ActionStep(**facts | NOTED | {"by": by.id, "by_name": by.name} | told)


def after(*steps: ActionStage | ActionStep, **told: Any) -> ActionState:
    """Return an action after these steps; its owner reports, the office does the rest."""
    reported = ActionStage.REPORTED
    taken = (
        s if isinstance(s, ActionStep) else a_step(s, EDITOR if s is reported else OFFICE) for s in steps
    )
    return ActionState(an_action(**told), tuple(taken))


# Meetings


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({}, id="a day alone"),
        pytest.param({"on": date(2000, 1, 1)}, id="long ago"),
        pytest.param({"on": date(2100, 12, 31)}, id="far ahead"),
        pytest.param({"papers": (("Agenda", "https://office.example/a?b=1"),)}, id="a paper with its link"),
        pytest.param({"papers": (("Agenda", ""),)}, id="a paper without a link"),
        pytest.param({"minutes": "HTTP://office.example/minutes"}, id="minutes, in capitals"),
        pytest.param({"attendees": ("A",) * 200}, id="a great many people"),
    ],
)
def test_a_meeting_that_can_be_kept(told: dict[str, Any]) -> None:
    """Nothing but its kind and its day is asked for."""
    check_meeting(a_meeting(**told))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        pytest.param({"on": date(1999, 12, 31)}, "Give a day from 2000 to 2100", id="before any register"),
        pytest.param({"on": date(202, 3, 4)}, "cannot be on 4 March 0202", id="a slip of the year"),
        pytest.param({"on": date(2101, 1, 1)}, "Give a day from 2000 to 2100", id="too far ahead"),
        pytest.param({"papers": (("", "https://office.example"),)}, "has no title", id="a link alone"),
        pytest.param({"papers": (("Agenda", "office.example/a"),)}, 'paper "Agenda" is "office.example/a"', id="half an address"),
        pytest.param({"papers": (("Agenda", "javascript:alert(1)"),)}, "begins with https", id="a link that runs"),
        pytest.param({"papers": (("Agenda", "file:///C:/agenda.docx"),)}, "begins with https", id="a file of one's own"),
        pytest.param({"minutes": "https://office.example/a b"}, "link to the minutes", id="a link with a space"),
        pytest.param({"minutes": "data:text/html,x"}, "link to the minutes", id="minutes in the link itself"),
        pytest.param({"attendees": ("A",) * 201}, "lists 201 people. It can list 200", id="too many people"),
        pytest.param({"papers": (("A", ""),) * 201}, "lists 201 papers", id="too many papers"),
    ],
)  # fmt: skip
def test_a_meeting_that_cannot_be_kept(told: dict[str, Any], said: str) -> None:
    """The message says what is wrong and what would be right."""
    with pytest.raises(RuleError, match=said):
        check_meeting(a_meeting(**told))


@pytest.mark.parametrize(
    ("other", "alone"),
    [
        pytest.param({}, False, id="the same again"),
        pytest.param({"is_public": False, "place": "Elsewhere"}, False, id="the same in another place"),
        pytest.param({"id": 1}, True, id="itself"),
        pytest.param({"is_cancelled": True}, True, id="a cancelled one"),
        pytest.param({"on": day(1)}, True, id="a day later"),
        pytest.param({"kind": MeetingKind.BOARD}, True, id="of another kind"),
        pytest.param({"service": ELSEWHERE}, True, id="of another service"),
    ],
)
def test_there_is_one_meeting_of_a_kind_on_a_day(other: dict[str, Any], alone: bool) -> None:
    """In each service."""
    others = [a_meeting(**{"id": 2} | other)]

    if alone:
        check_meeting(a_meeting(), others)
    else:
        with pytest.raises(RuleError, match="already has a meeting of this kind on 4 March 2024"):
            check_meeting(a_meeting(), others)


@pytest.mark.parametrize(
    ("told", "reason", "in_use", "said"),
    [
        pytest.param({"place": "Carlisle"}, "", True, "", id="another place, once held"),
        pytest.param({"minutes": "https://office.example"}, "", True, "", id="minutes, once held"),
        pytest.param({}, "", True, "", id="nothing"),
        pytest.param({"on": day(1)}, REASON, False, "", id="another day, with a reason"),
        pytest.param({"on": day(-1)}, REASON, False, "", id="an earlier day, with a reason"),
        pytest.param({"on": day(1)}, "Room taken.", False, "Another day needs a reason of at least 20", id="a short reason"),
        pytest.param({"on": day(1)}, "\u200b" * 30, False, "Another day needs a reason", id="a reason one cannot see"),
        pytest.param({"on": day(1)}, REASON, True, "was held", id="another day, once held"),
        pytest.param({"is_cancelled": True}, REASON, False, "", id="cancelled, with a reason"),
        pytest.param({"is_cancelled": True}, "", False, "Cancelling needs a reason", id="cancelled without one"),
        pytest.param({"is_cancelled": True}, REASON, True, "was held", id="cancelled, once held"),
        pytest.param({"is_public": False}, "", False, "public or private needs a reason", id="private without a reason"),
        pytest.param({"is_public": False}, REASON, True, "", id="private with a reason, once held"),
    ],
)  # fmt: skip
def test_what_of_a_meeting_may_change(told: dict[str, Any], reason: str, in_use: bool, said: str) -> None:
    """The day is part of what was said at it; a move tells why."""
    before = a_meeting()

    if not said:
        check_change(before, replace(before, **told), reason=reason, in_use=in_use)
    else:
        with pytest.raises(RuleError, match=said):
            check_change(before, replace(before, **told), reason=reason, in_use=in_use)


def test_a_cancelled_meeting_stays_as_it_was() -> None:
    """Neither its place nor its day changes, nor does it take place after all."""
    before = a_meeting(is_cancelled=True)

    for told in ({"place": "Carlisle"}, {"is_cancelled": False}, {"on": day(1)}):
        with pytest.raises(RuleError, match="was cancelled"):
            check_change(before, replace(before, **told), reason=REASON, in_use=False)


def test_a_meeting_stands_as_its_last_change_left_it() -> None:
    """Meetings come by day, as they now stand; its service and kind never change."""
    first, second = a_meeting(), a_meeting(id=2, on=day(1))
    changes = [MeetingChange(id=n, meeting_id=1, on=day(on), **NOTED) for n, on in ((1, 5), (2, 3))]

    assert in_place([first, second], changes) == [second, replace(first, on=day(3))]


# Answers and actions


@pytest.mark.parametrize(
    ("answer", "meeting", "said"),
    [
        pytest.param({}, {}, "", id="on the day"),
        pytest.param({}, {"on": day(-30)}, "", id="after the day"),
        pytest.param(
            {}, {"on": day(1)}, "Nothing can be answered at it before that day", id="before the day"
        ),
        pytest.param({}, {"is_cancelled": True}, "was cancelled", id="of a cancelled meeting"),
        pytest.param({"words": ""}, {}, "no words yet", id="without words"),
        pytest.param({"asked": ""}, {}, "as it was asked", id="without the question's words"),
        pytest.param({"question": ""}, {}, "as it was asked", id="of no question"),
    ],
)
def test_an_answer_is_of_a_meeting_that_takes_place(
    answer: dict[str, Any], meeting: dict[str, Any], said: str
) -> None:
    """In the room or afterwards, never beforehand."""
    if not said:
        check_answer(an_answer(**answer), a_meeting(**meeting), DAY)
    else:
        with pytest.raises(RuleError, match=said):
            check_answer(an_answer(**answer), a_meeting(**meeting), DAY)


@pytest.mark.parametrize(
    ("action", "meeting", "said"),
    [
        pytest.param({}, {}, "", id="on the day"),
        pytest.param({"due_on": DAY}, {}, "", id="due on the day of the meeting"),
        pytest.param({"due_on": day(-1)}, {}, "before the meeting of 4 March 2024", id="due the day before"),
        pytest.param({"due_on": day(-20)}, {"on": day(-30)}, "", id="due long ago, of a meeting before that"),
        pytest.param({"due_on": date(2999, 1, 1)}, {}, "due in 2999", id="due in a thousand years"),
        pytest.param({}, {"on": day(1)}, "Nothing can be agreed at it before that day", id="before the day"),
        pytest.param({}, {"is_cancelled": True}, "was cancelled", id="of a cancelled meeting"),
        pytest.param({"what": "Sample fifty cases."}, {}, "at least 20 characters; this has 19", id="19 characters"),
        pytest.param({"what": "Sample fifty  cases!!"}, {}, "", id="20 characters"),
        pytest.param({"owner": ""}, {}, "needs an owner", id="nobody's"),
    ],
)  # fmt: skip
def test_an_action_has_words_an_owner_and_a_day(
    action: dict[str, Any], meeting: dict[str, Any], said: str
) -> None:
    """So that anybody can tell later whether it was done."""
    if not said:
        check_action(an_action(**action), a_meeting(**meeting), DAY)
    else:
        with pytest.raises(RuleError, match=said):
            check_action(an_action(**action), a_meeting(**meeting), DAY)


# Steps

REPORTED, DONE, SENT_BACK, MOVED, WITHDRAWN = ActionStage
FOLLOWS: list[tuple[tuple[ActionStage, ...], set[ActionStage]]] = [
    ((), {REPORTED, MOVED, WITHDRAWN}),
    ((REPORTED,), {DONE, SENT_BACK, MOVED, WITHDRAWN}),
    ((REPORTED, MOVED), {DONE, SENT_BACK, MOVED, WITHDRAWN}),
    ((REPORTED, SENT_BACK), {REPORTED, MOVED, WITHDRAWN}),
    ((MOVED,), {REPORTED, MOVED, WITHDRAWN}),
    ((REPORTED, SENT_BACK, REPORTED), {DONE, SENT_BACK, MOVED, WITHDRAWN}),
    ((REPORTED, DONE), set()),
    ((WITHDRAWN,), set()),
]


@pytest.mark.parametrize(("taken", "can_follow"), FOLLOWS, ids=[str([*map(str, t)]) for t, _ in FOLLOWS])
@pytest.mark.parametrize("stage", list(ActionStage))
def test_which_step_can_follow_which(
    taken: tuple[ActionStage, ...], can_follow: set[ActionStage], stage: ActionStage
) -> None:
    """A report waits for one answer; what has ended stays so."""
    state = after(*taken)
    step = replace(a_step(stage), due_on=day(40) if stage is MOVED else None)

    if stage in can_follow:
        check_step(state, step)
    else:
        with pytest.raises(RuleError):
            check_step(state, step)
    assert (stage in steps_for(state, OFFICE_2)) is (stage in can_follow)


@pytest.mark.parametrize(
    ("taken", "step", "said"),
    [
        pytest.param((), {"stage": REPORTED, "words": ""}, "no words yet", id="a report without words"),
        pytest.param((), {"stage": REPORTED, "words": "Done."}, "", id="a short report"),
        pytest.param((REPORTED,), {"stage": DONE, "words": ""}, "", id="accepted without words"),
        pytest.param((REPORTED,), {"stage": SENT_BACK, "words": "No."}, "Sending an action back needs a reason", id="sent back in a word"),
        pytest.param((), {"stage": WITHDRAWN, "words": ""}, "Withdrawing an action needs a reason", id="withdrawn without words"),
        pytest.param((), {"stage": MOVED, "words": ""}, "Another day for an action needs a reason", id="moved without words"),
        pytest.param((), {"stage": MOVED, "due_on": None}, "Give the new day", id="moved to no day"),
        pytest.param((), {"stage": MOVED, "due_on": day(10)}, "already due on 14 March 2024", id="moved to the same day"),
        pytest.param((), {"stage": MOVED, "due_on": DAY}, "must lie after today, 4 March 2024", id="moved to today"),
        pytest.param((), {"stage": MOVED, "due_on": day(1)}, "", id="brought forward"),
        pytest.param((), {"stage": MOVED, "due_on": date(2999, 1, 1)}, "not after 2100", id="moved to never"),
        pytest.param((MOVED,), {"stage": MOVED, "due_on": day(20)}, "already due on 24 March 2024", id="moved to where it was moved"),
        pytest.param((MOVED,), {"stage": MOVED, "due_on": day(10)}, "", id="moved back to the first day"),
        pytest.param((WITHDRAWN,), {"stage": REPORTED}, 'ended on 4 March 2024 as "No longer needed"', id="after the end"),
        pytest.param((REPORTED,), {"stage": REPORTED}, "Editor Person reported the action done", id="reported twice"),
        pytest.param((), {"stage": DONE}, "Nobody has reported", id="accepted before it was reported"),
    ],
)  # fmt: skip
def test_what_a_step_needs(taken: tuple[ActionStage, ...], step: dict[str, Any], said: str) -> None:
    """Words where somebody will ask why, and a later day where the day moves."""
    given = a_step(**step)

    if not said:
        check_step(after(*taken), given)
    else:
        with pytest.raises(RuleError, match=said):
            check_step(after(*taken), given)


OWNER_IN_THE_OFFICE = {"owner": OFFICE.name}
NAMESAKE = Actor(id="namesake", name=EDITOR.name, roles=frozenset({Role.ANALYST}), services=EDITOR.services)
EDITOR_ELSEWHERE = replace(EDITOR, services=frozenset({ELSEWHERE}))
MAY: list[Any] = [
    pytest.param(REPORTED, EDITOR, (), {}, "", id="its owner reports it"),
    pytest.param(REPORTED, OFFICE, (), {}, "", id="the office reports it"),
    pytest.param(REPORTED, EDITOR_2, (), {}, "Editor Person may, or the office", id="a colleague reports it"),
    pytest.param(REPORTED, APPROVER, (), {}, "may not report this action done", id="an approver reports it"),
    pytest.param(REPORTED, NAMESAKE, (), {}, "may not report this action done", id="an analyst of its owner's name"),
    pytest.param(REPORTED, EDITOR_ELSEWHERE, (), {}, "may not report", id="its owner, moved to another service"),
    pytest.param(DONE, OFFICE, (REPORTED,), {}, "", id="the office accepts it"),
    pytest.param(DONE, EDITOR, (REPORTED,), {}, "It takes: office", id="its owner accepts it"),
    pytest.param(DONE, OFFICE, (a_step(REPORTED, OFFICE),), {}, "reported this action done, so somebody else", id="whoever reported it accepts it"),
    pytest.param(DONE, OFFICE_2, (a_step(REPORTED, OFFICE),), {}, "", id="another of the office accepts it"),
    pytest.param(DONE, OFFICE, (a_step(REPORTED, OFFICE_2),), OWNER_IN_THE_OFFICE, "has this action", id="its owner in the office accepts it"),
    pytest.param(DONE, BOTH, (REPORTED,), {}, "also works for the force", id="one who works for both accepts it"),
    pytest.param(DONE, OFFICE, (a_step(REPORTED, OFFICE), SENT_BACK, REPORTED), {}, "", id="whoever reported it once, long ago"),
    pytest.param(SENT_BACK, OFFICE, (REPORTED,), {}, "", id="the office sends it back"),
    pytest.param(SENT_BACK, OFFICE, (a_step(REPORTED, OFFICE),), {}, "", id="whoever reported it takes it back"),
    pytest.param(SENT_BACK, EDITOR, (REPORTED,), {}, "It takes: office", id="its owner sends it back"),
    pytest.param(MOVED, OFFICE, (), {}, "", id="the office moves its day"),
    pytest.param(MOVED, BOTH, (), {}, "", id="one who works for both moves its day"),
    pytest.param(MOVED, EDITOR, (), {}, "It takes: office", id="its owner moves its day"),
    pytest.param(MOVED, OFFICE, (), OWNER_IN_THE_OFFICE, "somebody else of the office must move its day", id="its owner in the office moves its day"),
    pytest.param(WITHDRAWN, OFFICE_2, (), OWNER_IN_THE_OFFICE, "", id="another of the office withdraws it"),
    pytest.param(WITHDRAWN, OFFICE, (), OWNER_IN_THE_OFFICE, "must withdraw it", id="its owner in the office withdraws it"),
    pytest.param(WITHDRAWN, OFFICE_ELSEWHERE, (), {}, "for Cumbria Constabulary", id="another service's office"),
    *(pytest.param(stage, by, (REPORTED,), {}, "may not", id=f"{stage} by {by.id}") for stage in (REPORTED, DONE, MOVED) for by in (PUBLIC, ANALYST, ADMINISTRATOR)),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "by", "taken", "told", "said"), MAY)
def test_who_may_take_which_step(
    stage: ActionStage, by: Actor, taken: tuple[Any, ...], told: dict[str, Any], said: str
) -> None:
    """Nobody decides in their own cause, and what a page offers is what the rule allows."""
    state = after(*taken, **told)

    if not said:
        require_step(stage, state, by)
        assert stage in steps_for(state, by)
    else:
        with pytest.raises(AccessError, match=said):
            require_step(stage, state, by)
        assert stage not in steps_for(state, by)


def test_looking_at_what_one_may_do_is_not_logged_as_a_refusal(caplog: pytest.LogCaptureFixture) -> None:
    """Only trying is."""
    steps_for(after(REPORTED), PUBLIC)

    assert not caplog.records


@settings(max_examples=60)
@given(st.lists(st.sampled_from(ActionStage), max_size=8))
def test_an_action_ends_once_and_its_first_day_survives(stages: list[ActionStage]) -> None:
    """Whatever is tried in whatever order."""
    state = after()
    moved = 0
    for number, stage in enumerate(stages, start=1):
        step = a_step(stage, SYSTEM, due_on=day(20 + number) if stage is MOVED else None)
        try:
            check_step(state, step)
        except RuleError:
            continue
        moved += stage is MOVED
        state = replace(state, steps=(*state.steps, step))

    ends = [s.stage for s in state.steps if s.stage in (DONE, WITHDRAWN)]
    assert len(ends) == (0 if state.is_open else 1)
    assert not ends or state.steps[-1].stage is ends[0]
    assert (state.action.due_on, state.moves) == (day(10), moved)
    assert (state.days_late(day(400)) > 0) is (state.is_open and not state.reported)
    assert not (state.reported and steps_for(state, OFFICE_2) == ())


def test_an_action_is_late_from_the_day_after_its_day() -> None:
    """The day itself is in time; a day moved counts from the new one; once reported or ended it gets no later."""
    assert [after().days_late(day(n)) for n in (9, 10, 11)] == [0, 0, 1]
    assert after(MOVED).days_late(day(21)) == 1
    assert after(REPORTED).days_late(day(11)) == 0
    assert after(a_step(REPORTED, EDITOR, day(12))).days_late(day(30)) == 2
    assert after(a_step(REPORTED, EDITOR, day(12))).days_late(day(11)) == 1
    assert after(REPORTED, SENT_BACK).days_late(day(11)) == 1
    assert after(REPORTED, DONE).days_late(day(11)) == 0


def test_each_action_has_its_own_steps() -> None:
    """In the order in which the actions were agreed."""
    first, second = an_action(), an_action(id=2)
    steps = [a_step(MOVED, action_id=2), a_step(REPORTED, EDITOR)]

    assert action_states([first, second], steps) == [
        ActionState(first, (steps[1],)),
        ActionState(second, (steps[0],)),
    ]
