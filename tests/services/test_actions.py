"""Actions agreed at meetings: carried until somebody of the office accepts that they are done."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from monitor.domain.access import SYSTEM, Actor, Role
from monitor.domain.meetings import ActionStage, ActionState
from monitor.domain.statuses import MeetingKind, Precision
from monitor.errors import AccessError, ConflictError, NotFoundError, RuleError
from monitor.services.actions import (
    STEP_VERBS,
    ActionView,
    accept_action,
    actions_of,
    actions_waiting,
    agree_action,
    move_action,
    open_actions,
    report_action,
    send_back_action,
    withdraw_action,
)
from monitor.services.checking import verify
from monitor.services.intake import take_in_report
from monitor.services.meetings import list_meetings, read_meeting, record_meeting
from monitor.services.reading import texts_of
from monitor.services.sample import demonstration_people, load_demonstration
from monitor.store import Store
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
    Clock,
    day,
    moment,
    person,
    take_in,
)

REPORTED, DONE, SENT_BACK, MOVED, WITHDRAWN = ActionStage
EVERYWHERE = person("everywhere", Role.OFFICE, services=None)


def hold(store: Store, on: date = DAY, **told: Any) -> int:
    """Record a meeting, and return its number."""
    facts: dict[str, Any] = {"service": SERVICE, "kind": MeetingKind.CONFERENCE, "by": OFFICE}
    return record_meeting(store, on=on, **facts | told).id


def agree(store: Store, meeting_id: int = 1, **told: Any) -> int:
    """Agree an action of the editor, due in ten days, and return its number."""
    facts: dict[str, Any] = {
        "what": "Sample fifty closed cases.",
        "owner": EDITOR.name,
        "due_on": day(10),
        "by": OFFICE,
    }
    return agree_action(store, meeting_id=meeting_id, **facts | told).action.id


def restricted(store: Store, reference: str = "CC-HIDDEN", **told: Any) -> None:
    """Take in a recommendation of a report that only the office may know of, or until a moment."""
    facts: dict[str, Any] = {
        "service": SERVICE,
        "published_on": DAY,
        "published_precision": Precision.DAY,
    }
    report = take_in_report(store, title="Secret", by=OFFICE, **facts | (told or {"is_restricted": True}))
    take_in(store, reference, inspection_id=report.id)


def whats(found: list[ActionView]) -> list[str]:
    """Return what is to be done in each."""
    return [one.state.action.what for one in found]


# From agreement to acceptance


def test_an_action_is_carried_until_the_office_accepts_it(register: Store, clock: Clock) -> None:
    """Sent back once and moved twice: every day and every word stays, also on PostgreSQL."""
    take_in(register)
    hold(register)
    number = agree(register, reference="CC-001", question="claimed:CC-001")
    clock.set(day(5))
    report_action(register, action_id=number, words="Forty were drawn.", by=EDITOR, version=0)
    send_back_action(register, action_id=number, words=REASON, by=OFFICE, version=1)
    move_action(register, action_id=number, due_on=day(30), words=REASON, by=OFFICE_2, version=2)
    move_action(register, action_id=number, due_on=day(20), words=REASON, by=OFFICE, version=3)
    clock.set(day(25))
    late = open_actions(register, by=ANALYST)
    report_action(register, action_id=number, words="Fifty were drawn.", by=EDITOR)
    state = accept_action(register, action_id=number, words="Seen.", by=OFFICE)

    assert [(one.days_late, one.version, one.short_title) for one in late] == [(5, 4, "Do CC-001")]
    assert [step.stage for step in state.steps] == [REPORTED, SENT_BACK, MOVED, MOVED, REPORTED, DONE]
    assert (state.action.due_on, state.due_on, state.moves) == (day(10), day(20), 2)
    assert [step.happened_on for step in state.steps] == [day(5)] * 4 + [day(25)] * 2
    assert open_actions(register, by=OFFICE) == []
    assert [one.state for one in actions_of(register, reference="CC-001", by=PUBLIC)] == []
    assert [one.state for one in actions_of(register, reference="CC-001", by=EDITOR)] == [state]
    assert verify(register, by=OFFICE).ok


def test_an_action_may_be_withdrawn_with_words(sqlite_register: Store) -> None:
    """It has ended then, and nothing more is recorded of it."""
    hold(sqlite_register)
    number = agree(sqlite_register)

    withdraw_action(sqlite_register, action_id=number, words=REASON, by=OFFICE)

    assert open_actions(sqlite_register, by=OFFICE) == []
    with pytest.raises(RuleError, match='ended on 4 March 2024 as "No longer needed"'):
        report_action(sqlite_register, action_id=number, words="Drawn.", by=EDITOR)
    with pytest.raises(RuleError, match='ended on 4 March 2024 as "No longer needed"'):
        move_action(sqlite_register, action_id=number, due_on=day(40), words=REASON, by=OFFICE)


@pytest.mark.parametrize(
    ("told", "problem", "said"),
    [
        pytest.param({"what": "Do it soon."}, RuleError, "at least 20 characters", id="too few words"),
        pytest.param({"what": "\u200b" * 30}, RuleError, "this has 0", id="words one cannot see"),
        pytest.param({"owner": " "}, RuleError, "needs an owner", id="nobody's"),
        pytest.param({"due_on": day(-1)}, RuleError, "before the meeting of 4 March 2024", id="due before the meeting"),
        pytest.param({"meeting_id": 2}, RuleError, "before that day", id="of a meeting to come"),
        pytest.param({"meeting_id": 99}, NotFoundError, "There is no meeting 99 ", id="of no meeting"),
        pytest.param({"reference": "CC-ABSENT"}, NotFoundError, 'no recommendation "CC-ABSENT"', id="about one that is absent"),
        pytest.param({"reference": "FR-001"}, RuleError, "FR-001 belongs to Cumbria Fire", id="about another service's"),
        pytest.param({}, RuleError, "has agreed to do this at this meeting already", id="the same again"),
        pytest.param({"by": EDITOR}, AccessError, "It takes: office", id="by the force"),
    ],
)  # fmt: skip
def test_an_action_that_cannot_be_kept_is_refused(
    sqlite_register: Store, told: dict[str, Any], problem: type[Exception], said: str
) -> None:
    """The message says why, and nothing is written."""
    hold(sqlite_register)
    hold(sqlite_register, day(9))
    report = take_in_report(sqlite_register, service=ELSEWHERE, title="Fire", by=EVERYWHERE)
    take_in(sqlite_register, "FR-001", inspection_id=report.id, by=EVERYWHERE)
    agree(sqlite_register)
    before = sqlite_register.data_version()

    with pytest.raises(problem, match=said):
        agree(sqlite_register, **{"by": EVERYWHERE} | told)

    assert sqlite_register.data_version() == before


def test_the_same_may_be_agreed_for_another_and_at_another_meeting(sqlite_register: Store) -> None:
    """Only the same words for the same person at the same meeting are a slip."""
    hold(sqlite_register)
    hold(sqlite_register, day(-9))

    for told in ({}, {"owner": APPROVER.name}, {"meeting_id": 2}):
        agree(sqlite_register, **told)

    assert len(open_actions(sqlite_register, by=OFFICE)) == 3


# Two at once


STEPS: dict[ActionStage, Callable[..., ActionState]] = {
    REPORTED: lambda store, **told: report_action(store, words="Drawn.", **told),
    DONE: accept_action,
    SENT_BACK: lambda store, **told: send_back_action(store, words=REASON, **told),
    MOVED: lambda store, **told: move_action(store, words=REASON, due_on=day(40), **told),
    WITHDRAWN: lambda store, **told: withdraw_action(store, words=REASON, **told),
}


@pytest.mark.parametrize("second", list(ActionStage))
@pytest.mark.parametrize("first", [DONE, SENT_BACK, MOVED])
def test_of_two_who_take_a_step_at_once_the_second_is_told(
    sqlite_register: Store, first: ActionStage, second: ActionStage
) -> None:
    """Whatever either does: nothing is done twice in silence, and the second reads what the first wrote."""
    hold(sqlite_register)
    number = agree(sqlite_register)
    report_action(sqlite_register, action_id=number, words="Drawn.", by=EDITOR)
    STEPS[first](sqlite_register, action_id=number, by=OFFICE, version=1)
    before = sqlite_register.data_version()

    with pytest.raises(ConflictError, match="A step was taken on this action by Office Person") as told:
        STEPS[second](sqlite_register, action_id=number, by=OFFICE_2, version=1)

    assert [row.verb for row in told.value.facts["theirs"]] == [STEP_VERBS[first]]
    assert texts_of(told.value.facts["theirs"][0]) == ([] if first is DONE else [REASON])
    assert sqlite_register.data_version() == before


def test_a_refusal_comes_before_a_conflict_and_a_rule(sqlite_register: Store) -> None:
    """Somebody who may not learns nothing of steps by trying; what does not exist comes first of all."""
    hold(sqlite_register)
    number = agree(sqlite_register)

    for take in STEPS.values():
        with pytest.raises(AccessError):
            take(sqlite_register, action_id=number, by=EDITOR_2, version=77)
        with pytest.raises(NotFoundError):
            take(sqlite_register, action_id=number, by=PUBLIC, version=77)
        with pytest.raises(NotFoundError):
            take(sqlite_register, action_id=99, by=OFFICE, version=77)


# Who decides


def test_whoever_reported_it_done_does_not_accept_it(sqlite_register: Store) -> None:
    """Nor does anybody who works for the force as well; what a page offers is what goes through."""
    hold(sqlite_register)
    number = agree(sqlite_register)
    report_action(sqlite_register, action_id=number, words="Drawn.", by=OFFICE)
    both = person("both", Role.OFFICE, Role.FORCE_EDITOR)

    for by in (OFFICE, both, SYSTEM):
        with pytest.raises(AccessError, match="somebody else of the office"):
            accept_action(sqlite_register, action_id=number, by=by)
        assert DONE not in open_actions(sqlite_register, by=by)[0].steps
    assert DONE in open_actions(sqlite_register, by=OFFICE_2)[0].steps
    assert not accept_action(sqlite_register, action_id=number, by=OFFICE_2).is_open


def test_only_the_owner_or_the_office_reports_it_done(sqlite_register: Store) -> None:
    """A colleague of the owner does not, nor somebody of the owner's name elsewhere."""
    hold(sqlite_register)
    number = agree(sqlite_register)
    namesake = Actor(id="namesake", name=EDITOR.name, roles=EDITOR.roles, services=frozenset({ELSEWHERE}))

    for by in (EDITOR_2, APPROVER, ANALYST):
        with pytest.raises(AccessError, match="Editor Person may, or the office"):
            report_action(sqlite_register, action_id=number, words="Drawn.", by=by)
    with pytest.raises(NotFoundError):
        report_action(sqlite_register, action_id=number, words="Drawn.", by=namesake)
    assert report_action(sqlite_register, action_id=number, words="Drawn.", by=EDITOR).reported


# Lists


def test_what_waits_for_a_person_is_theirs_open_and_soonest_due_first(
    sqlite_register: Store, clock: Clock
) -> None:
    """What they have reported done waits on, so that they see that it does; a moved day counts."""
    hold(sqlite_register)
    for what, due in (
        ("The later of the two.", 20),
        ("The earlier of the two.", 10),
        ("Done by now for long.", 1),
    ):
        agree(sqlite_register, what=what, due_on=day(due))
    agree(sqlite_register, owner=APPROVER.name)
    report_action(sqlite_register, action_id=3, words="Done.", by=EDITOR)
    accept_action(sqlite_register, action_id=3, by=OFFICE)
    report_action(sqlite_register, action_id=2, words="Done.", by=EDITOR)
    clock.set(day(12))

    waiting = actions_waiting(sqlite_register, by=EDITOR)

    assert whats(waiting) == ["The earlier of the two.", "The later of the two."]
    assert [one.days_late for one in waiting] == [0, 0]
    assert [one.steps for one in waiting] == [(), (REPORTED,)]
    assert waiting[0].meeting.on == DAY
    move_action(sqlite_register, action_id=2, due_on=day(30), words=REASON, by=OFFICE)
    assert whats(actions_waiting(sqlite_register, by=EDITOR))[0] == "The later of the two."
    assert actions_waiting(sqlite_register, by=OFFICE) == []


def test_open_actions_are_chosen_by_service_owner_and_moment(sqlite_register: Store, clock: Clock) -> None:
    """Before a moment they are as they then were: open again, with the day of then."""
    hold(sqlite_register)
    hold(sqlite_register, service=ELSEWHERE, by=EVERYWHERE)
    agree(sqlite_register)
    agree(sqlite_register, 2, owner="Officer Fire", by=EVERYWHERE)
    clock.set(day(3))
    then = clock.at
    clock.set(day(4))
    agree(sqlite_register, what="Agreed after the moment.")
    withdraw_action(sqlite_register, action_id=3, words=REASON, by=OFFICE)
    move_action(sqlite_register, action_id=1, due_on=day(40), words=REASON, by=OFFICE)
    withdraw_action(sqlite_register, action_id=2, words=REASON, by=EVERYWHERE)

    assert len(open_actions(sqlite_register, by=EVERYWHERE)) == 1
    before = open_actions(sqlite_register, by=EVERYWHERE, before=then)
    assert [(one.state.due_on, one.state.action.service) for one in before] == [
        (day(10), SERVICE),
        (day(10), ELSEWHERE),
    ]
    assert open_actions(sqlite_register, by=EVERYWHERE, before=moment(DAY)) == []
    assert whats(open_actions(sqlite_register, by=EVERYWHERE, before=then, service=ELSEWHERE)) == whats(
        before[1:]
    )
    assert open_actions(sqlite_register, by=EVERYWHERE, before=then, owner="Officer Fire") == before[1:]
    assert open_actions(sqlite_register, by=OFFICE_ELSEWHERE) == []


# Who sees what


@pytest.mark.parametrize(
    ("by", "sees"),
    [
        *(pytest.param(by, True, id=by.id) for by in (OFFICE, EDITOR, EDITOR_2, APPROVER, ANALYST)),
        *(pytest.param(by, False, id=by.id) for by in (PUBLIC, ADMINISTRATOR, OFFICE_ELSEWHERE)),
    ],
)
@pytest.mark.parametrize("is_public", [True, False])
def test_actions_are_for_office_force_and_analysts_of_the_service(
    sqlite_register: Store, by: Actor, sees: bool, is_public: bool
) -> None:
    """Of public meetings as of private ones."""
    take_in(sqlite_register)
    made = hold(sqlite_register, is_public=is_public)
    agree(sqlite_register, reference="CC-001")

    assert len(open_actions(sqlite_register, by=by)) == sees
    if by is not OFFICE_ELSEWHERE:
        assert len(actions_of(sqlite_register, reference="CC-001", by=by)) == sees
    else:
        with pytest.raises(NotFoundError):
            actions_of(sqlite_register, reference="CC-001", by=by)
    assert len(open_actions(sqlite_register, by=OFFICE, in_public=True)) == is_public
    if sees:
        assert len(read_meeting(sqlite_register, meeting_id=made, by=by).actions) == 1


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"reference": "CC-HIDDEN"}, id="it belongs to it"),
        pytest.param({"question": "late:CC-HIDDEN"}, id="it came from a question about it"),
        pytest.param(
            {"question": "action_not_done:1"}, id="it came from a question about an action about it"
        ),
    ],
)
def test_an_action_about_a_hidden_recommendation_does_not_exist(
    sqlite_register: Store, told: dict[str, Any]
) -> None:
    """Neither in lists, nor for a step of the very person who is to do it; the office keeps it out of public."""
    restricted(sqlite_register)
    made = hold(sqlite_register)
    agree(sqlite_register, what="The first about what is hidden.", reference="CC-HIDDEN")
    number = agree(sqlite_register, **told)

    assert actions_waiting(sqlite_register, by=EDITOR) == []
    assert read_meeting(sqlite_register, meeting_id=made, by=EDITOR).actions == ()
    with pytest.raises(NotFoundError, match=f"There is no action {number} "):
        report_action(sqlite_register, action_id=number, words="Drawn.", by=EDITOR)
    with pytest.raises(NotFoundError):
        actions_of(sqlite_register, reference="CC-HIDDEN", by=EDITOR)
    assert len(open_actions(sqlite_register, by=OFFICE)) == 2
    assert open_actions(sqlite_register, by=OFFICE, in_public=True) == []


def test_an_action_appears_when_its_embargo_ends(sqlite_register: Store, clock: Clock) -> None:
    """Without anything being written; what was hidden at a past moment is hidden where that moment is shown."""
    restricted(sqlite_register, embargo_until=moment(day(5)))
    hold(sqlite_register)
    agree(sqlite_register, reference="CC-HIDDEN")
    assert actions_waiting(sqlite_register, by=EDITOR) == []

    clock.set(day(6))

    assert len(actions_waiting(sqlite_register, by=EDITOR)) == 1
    assert open_actions(sqlite_register, by=OFFICE, before=moment(day(4)), in_public=True) == []
    assert len(open_actions(sqlite_register, by=OFFICE, in_public=True)) == 1


# The demonstration


def test_the_demonstration_has_an_action_in_every_state(sqlite_url: str) -> None:
    """One accepted, one late, one due at the next Conference, one that waits for the office, one moved."""
    store = Store(sqlite_url)
    load_demonstration(store)
    people = {one.id: one for one in demonstration_people()}
    office, today = people["osgood"], store.today()

    states: dict[str, ActionState] = {
        one.state.action.reference: one.state for one in open_actions(store, by=office)
    }

    assert {reference: state.days_late(today) for reference, state in states.items()} == {
        "CC-036": 6,
        "CC-103": 0,
        "CC-074": 0,
        "CC-031": 0,
    }
    assert states["CC-103"].reported
    assert states["CC-031"].moves == 1
    assert states["CC-074"].due_on == date(2023, 1, 18)
    assert [one.state.ended for one in actions_of(store, reference="CC-063", by=office)] != [None]
    assert [one.state.action.reference for one in actions_waiting(store, by=people["bewley"])] == [
        "CC-036",
        "CC-031",
    ]
    held = {one.on: one for one in list_meetings(store, by=office) if one.kind is MeetingKind.CONFERENCE}
    last = read_meeting(store, meeting_id=held[date(2022, 12, 14)].id, by=office)
    coming = read_meeting(store, meeting_id=held[date(2023, 1, 18)].id, by=office)
    assert (len(last.answers), len(last.actions), bool(last.meeting.minutes)) == (4, 4, True)
    assert (len(coming.meeting.papers), len(coming.meeting.attendees)) == (3, 6)
    assert coming.previous == last.meeting
    assert coming.agenda_due_on == date(2023, 1, 11)
    assert verify(store, by=SYSTEM).ok
    store.close()


def test_a_part_of_the_demonstration_leaves_out_what_was_said_of_the_rest(sqlite_url: str) -> None:
    """With few recommendations, no action is about one that is not there."""
    store = Store(sqlite_url)
    load_demonstration(store, recommendations=40)

    known = {one.state.action.reference for one in open_actions(store, by=SYSTEM)}

    assert known == {"CC-036", "CC-031"}
    assert verify(store, by=SYSTEM).ok
    store.close()
