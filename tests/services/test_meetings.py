"""Meetings: recorded, changed with a reason, answered at, and seen by those whom they concern."""

from datetime import date
from typing import Any

import pytest

from monitor.domain.access import Actor, Role
from monitor.domain.meetings import Meeting, Outcome, QuestionChange, QuestionStage
from monitor.domain.statuses import Assurance, MeetingKind, Precision
from monitor.errors import AccessError, ConflictError, NotFoundError, RuleError
from monitor.services.actions import accept_action, agree_action, move_action, report_action
from monitor.services.auditing import read_whole_audit
from monitor.services.checking import verify
from monitor.services.deciding import decide_assurance
from monitor.services.intake import take_in_report
from monitor.services.meetings import (
    agenda_due_on,
    cancel,
    change_meeting,
    list_meetings,
    read_meeting,
    record_answer,
    record_meeting,
)
from monitor.services.reading import texts_of
from monitor.services.view import register_view
from monitor.store import Store
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    APPROVER,
    DAY,
    EDITOR,
    ELSEWHERE,
    OFFICE,
    OFFICE_2,
    OFFICE_ELSEWHERE,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    day,
    person,
    take_in,
)

CONFERENCE, BOARD = MeetingKind.CONFERENCE, MeetingKind.BOARD
EVERYWHERE = person("everywhere", Role.OFFICE, services=None)
PAPERS = (("Agenda", "https://office.example/agenda"), ("Progress", ""))


def a_meeting(store: Store, on: date = DAY, **told: Any) -> Meeting:
    """Record a Conference of the first day."""
    facts: dict[str, Any] = {"service": SERVICE, "kind": CONFERENCE, "by": OFFICE}
    return record_meeting(store, on=on, **facts | told)


def an_answer(store: Store, meeting: Meeting, **told: Any) -> Any:
    """Record an answer to a question that somebody wrote."""
    facts: dict[str, Any] = {
        "question": "own:1",
        "asked": "When?",
        "outcome": Outcome.ANSWERED,
        "words": "In May.",
    }
    return record_answer(store, meeting_id=meeting.id, **facts | {"by": OFFICE} | told)


def hidden_recommendation(store: Store, reference: str = "CC-HIDDEN") -> None:
    """Take in a recommendation of a report that the office alone may know of."""
    report = take_in_report(
        store,
        service=SERVICE,
        title="A secret report",
        published_on=DAY,
        published_precision=Precision.DAY,
        is_restricted=True,
        by=OFFICE,
    )
    take_in(store, reference, inspection_id=report.id)


# Recording and changing


@pytest.mark.parametrize("on", [pytest.param(day(-900), id="long past"), pytest.param(day(60), id="to come")])
def test_a_meeting_may_be_past_or_to_come(sqlite_register: Store, on: date) -> None:
    """The next Conference is known before it is held."""
    assert a_meeting(sqlite_register, on).on == on


def test_a_meeting_is_kept_with_people_papers_and_place(register: Store) -> None:
    """In one spelling, empty lines left out; history agrees with the tables, also on PostgreSQL."""
    made = a_meeting(
        register,
        place=" Carleton\x00  Hall ",
        attendees=["  The  Chief Constable", "\u200b", ""],
        papers=[(" Agenda\n", " https://office.example/agenda "), ("", ""), ("Progress", "")],
        minutes="https://office.example/minutes",
    )

    assert (made.place, made.attendees, made.papers) == ("Carleton Hall", ("The Chief Constable",), PAPERS)
    assert list_meetings(register, by=OFFICE) == [made]
    assert verify(register, by=OFFICE).ok


@pytest.mark.parametrize(
    ("told", "said"),
    [
        pytest.param({"service": "Nowhere Police"}, "There is no service", id="an unknown service"),
        pytest.param({"on": date(202, 3, 4)}, "cannot be on", id="a slip of the year"),
        pytest.param({"papers": [("Agenda", "javascript:1")]}, "begins with https", id="a link that runs"),
        pytest.param({}, "already has a meeting of this kind", id="the same again"),
    ],
)
def test_a_meeting_that_cannot_be_kept_is_refused(
    sqlite_register: Store, told: dict[str, Any], said: str
) -> None:
    """The message says why, and nothing is written."""
    a_meeting(sqlite_register)
    before = sqlite_register.data_version()

    with pytest.raises(RuleError, match=said):
        a_meeting(sqlite_register, **{"by": EVERYWHERE} | told)

    assert sqlite_register.data_version() == before


def test_what_is_learned_of_a_meeting_is_kept_beside_what_was_known(sqlite_register: Store) -> None:
    """What is not given stays; saving what is already there writes nothing."""
    made = a_meeting(sqlite_register, place="Carleton Hall")

    change_meeting(sqlite_register, meeting_id=made.id, papers=PAPERS, by=OFFICE)
    changed = change_meeting(sqlite_register, meeting_id=made.id, attendees=["A", "B"], by=OFFICE_2)
    before = sqlite_register.data_version()
    again = change_meeting(sqlite_register, meeting_id=made.id, place="Carleton  Hall", by=OFFICE)

    assert (changed.place, changed.papers, changed.attendees) == ("Carleton Hall", PAPERS, ("A", "B"))
    assert again == changed
    assert sqlite_register.data_version() == before
    seen = read_meeting(sqlite_register, meeting_id=made.id, by=OFFICE)
    assert (seen.meeting, seen.version) == (changed, 2)
    with sqlite_register.reading() as reader:
        assert reader.meetings_as_recorded() == [made]


def test_a_meeting_moves_with_a_reason_until_something_was_recorded_at_it(
    register: Store, clock: Clock
) -> None:
    """A wrong day is put right; the day on which something was said is not."""
    take_in(register)
    made, other = a_meeting(register), a_meeting(register, day(7))
    with pytest.raises(RuleError, match="Another day needs a reason"):
        change_meeting(register, meeting_id=made.id, on=day(1), by=OFFICE)
    with pytest.raises(RuleError, match="already has a meeting of this kind on 11 March 2024"):
        change_meeting(register, meeting_id=made.id, on=other.on, reason=REASON, by=OFFICE)

    moved = change_meeting(register, meeting_id=made.id, on=day(-1), reason=REASON, by=OFFICE)

    assert moved.on == day(-1)
    decide_assurance(
        register,
        reference="CC-001",
        level=Assurance.NOT_ASSURED,
        rationale="Few.",
        meeting_id=made.id,
        by=OFFICE,
    )
    with pytest.raises(RuleError, match="was held"):
        change_meeting(register, meeting_id=made.id, on=day(0), reason=REASON, by=OFFICE)
    with pytest.raises(RuleError, match="was held"):
        cancel(register, meeting_id=made.id, reason=REASON, by=OFFICE)
    assert change_meeting(register, meeting_id=made.id, place="Carlisle", by=OFFICE).on == day(-1)


@pytest.mark.parametrize("what", ["an answer", "an action"])
def test_an_answer_or_an_action_keeps_a_meeting_on_its_day(sqlite_register: Store, what: str) -> None:
    """Either is enough."""
    made = a_meeting(sqlite_register)
    if what == "an answer":
        an_answer(sqlite_register, made)
    else:
        an_action(sqlite_register, made)

    with pytest.raises(RuleError, match="was held"):
        change_meeting(sqlite_register, meeting_id=made.id, on=day(1), reason=REASON, by=OFFICE)


def an_action(store: Store, meeting: Meeting, **told: Any) -> int:
    """Agree an action of the editor, and return its number."""
    facts: dict[str, Any] = {
        "what": "Sample fifty closed cases.",
        "owner": EDITOR.name,
        "due_on": day(10),
        "by": OFFICE,
    }
    return agree_action(store, meeting_id=meeting.id, **facts | told).action.id


def test_a_cancelled_meeting_leaves_its_day_to_another(sqlite_register: Store) -> None:
    """It stays on the register, takes no answers, and is nobody's last meeting."""
    made = a_meeting(sqlite_register)
    cancelled = cancel(sqlite_register, meeting_id=made.id, reason=REASON, by=OFFICE)
    instead = a_meeting(sqlite_register)

    assert list_meetings(sqlite_register, by=OFFICE) == [cancelled, instead]
    assert register_view(sqlite_register, by=OFFICE).last_conference() == instead
    with pytest.raises(RuleError, match="was cancelled"):
        an_answer(sqlite_register, made)
    with pytest.raises(RuleError, match="is kept as it was"):
        change_meeting(sqlite_register, meeting_id=made.id, place="Carlisle", by=OFFICE)


def test_of_two_who_change_a_meeting_at_once_the_second_is_told(sqlite_register: Store) -> None:
    """With what the first wrote; as it is now, it can be changed again."""
    made = a_meeting(sqlite_register)
    change_meeting(sqlite_register, meeting_id=made.id, on=day(3), reason=REASON, version=0, by=OFFICE)

    with pytest.raises(ConflictError, match="was changed by Office Person while you had it open") as told:
        change_meeting(sqlite_register, meeting_id=made.id, place="Carlisle", version=0, by=OFFICE_2)

    assert (told.value.facts["seen"], told.value.facts["now"]) == (0, 1)
    assert [texts_of(row) for row in told.value.facts["theirs"]] == [[REASON]]
    assert change_meeting(
        sqlite_register, meeting_id=made.id, place="Carlisle", version=1, by=OFFICE_2
    ).on == day(3)


def test_a_past_day_shows_a_meeting_as_it_was_then_known(sqlite_register: Store, clock: Clock) -> None:
    """The day it was first to be on, and its people before they were named."""
    made = a_meeting(sqlite_register, day(30))
    clock.set(day(5))
    change_meeting(sqlite_register, meeting_id=made.id, on=day(31), attendees=["A"], reason=REASON, by=OFFICE)

    assert register_view(sqlite_register, by=OFFICE, as_at=day(4)).meetings == [made]
    assert register_view(sqlite_register, by=OFFICE).meetings[0].on == day(31)


# What is read of one


def test_agenda_and_papers_are_due_five_working_days_before(sqlite_register: Store) -> None:
    """Easter is left out."""
    made = a_meeting(sqlite_register, date(2024, 4, 3))

    assert read_meeting(sqlite_register, meeting_id=made.id, by=PUBLIC).agenda_due_on == date(2024, 3, 25)
    assert agenda_due_on(date(2024, 2, 21)) == date(2024, 2, 14)


def test_the_meeting_before_is_the_last_of_its_kind_and_service(sqlite_register: Store) -> None:
    """Those cancelled, of another kind, of another service, or later are not."""
    first = a_meeting(sqlite_register, day(-60))
    a_meeting(sqlite_register, day(-50), service=ELSEWHERE, by=OFFICE_ELSEWHERE)
    a_meeting(sqlite_register, day(-40), kind=BOARD)
    off = a_meeting(sqlite_register, day(-30))
    cancel(sqlite_register, meeting_id=off.id, reason=REASON, by=OFFICE)
    made, after = a_meeting(sqlite_register), a_meeting(sqlite_register, day(9))

    before = {
        m.id: read_meeting(sqlite_register, meeting_id=m.id, by=OFFICE).previous for m in (first, made, after)
    }
    assert before == {first.id: None, made.id: first, after.id: made}


def test_a_meeting_is_past_when_its_day_is_over(sqlite_register: Store, clock: Clock) -> None:
    """On the day itself it is not."""
    made = a_meeting(sqlite_register)

    assert not read_meeting(sqlite_register, meeting_id=made.id, by=OFFICE).is_past
    clock.set(day(1))
    assert read_meeting(sqlite_register, meeting_id=made.id, by=OFFICE).is_past


# Answers


def test_a_later_answer_takes_an_earlier_ones_place_and_both_stay(register: Store) -> None:
    """What was asked is kept with it, and of what it was about each once."""
    take_in(register)
    made = a_meeting(register)
    first = an_answer(register, made, question="late:CC-001", references=["CC-001", "CC-001"])
    later = an_answer(register, made, question="late:CC-001", words="In June.", version=1)
    other = an_answer(register, made)

    seen = read_meeting(register, meeting_id=made.id, by=OFFICE)
    assert first.references == ("CC-001",)
    assert seen.answers == (first, later, other)
    assert seen.answers_to("late:CC-001") == (first, later)
    assert seen.answered == {"late:CC-001": later, "own:1": other}
    assert verify(register, by=OFFICE).ok


def test_of_two_who_answer_the_same_question_at_once_the_second_is_told(register: Store) -> None:
    """Other questions can be answered meanwhile."""
    made = a_meeting(register)
    an_answer(register, made, version=0)
    an_answer(register, made, question="own:2", version=0, by=OFFICE_2)

    with pytest.raises(ConflictError, match="This question was answered by Office Person") as told:
        an_answer(register, made, words="In June.", version=0, by=OFFICE_2)

    assert [texts_of(row) for row in told.value.facts["theirs"]] == [["In May."]]
    assert len(read_meeting(register, meeting_id=made.id, by=OFFICE).answers) == 2


@pytest.mark.parametrize(
    ("told", "problem", "said"),
    [
        pytest.param({"references": ["CC-ABSENT"]}, NotFoundError, 'no recommendation "CC-ABSENT"', id="of one that is absent"),
        pytest.param({"references": ["FR-001"]}, RuleError, "FR-001 belongs to Cumbria Fire", id="of another service's"),
        pytest.param({"words": "\u200b"}, RuleError, "no words yet", id="that one cannot see"),
        pytest.param({"asked": " "}, RuleError, "as it was asked", id="to nothing"),
        pytest.param({"by": EDITOR}, AccessError, "may not record a meeting, its answers", id="by the force"),
        pytest.param({"by": OFFICE_ELSEWHERE}, NotFoundError, "There is no meeting 1 ", id="by another service's office"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_kept_is_refused(
    sqlite_register: Store, told: dict[str, Any], problem: type[Exception], said: str
) -> None:
    """The message says why, and nothing is written."""
    made = a_meeting(sqlite_register)
    report = take_in_report(sqlite_register, service=ELSEWHERE, title="Fire", by=EVERYWHERE)
    take_in(sqlite_register, "FR-001", inspection_id=report.id, by=EVERYWHERE)
    before = sqlite_register.data_version()

    with pytest.raises(problem, match=said):
        an_answer(sqlite_register, made, **{"by": EVERYWHERE} | told)

    assert sqlite_register.data_version() == before


def test_a_meeting_to_come_is_not_answered_at(sqlite_register: Store, clock: Clock) -> None:
    """On its day it is."""
    made = a_meeting(sqlite_register, day(3))
    with pytest.raises(RuleError, match="before that day"):
        an_answer(sqlite_register, made)

    clock.set(day(3))

    assert an_answer(sqlite_register, made).words == "In May."


# Who sees what

THE_SERVICE = [pytest.param(by, id=by.id) for by in (OFFICE, OFFICE_2, EDITOR, APPROVER)]
INSIDE = [*THE_SERVICE, pytest.param(ANALYST, id="analyst")]
OUTSIDE = [pytest.param(PUBLIC, id="public"), pytest.param(ADMINISTRATOR, id="administrator")]


def two_meetings(store: Store) -> tuple[Meeting, Meeting]:
    """Hold a public Conference and a private board, each with people, papers, an answer and an action."""
    told: dict[str, Any] = {
        "attendees": ["A"],
        "papers": PAPERS,
        "place": "Carlisle",
        "minutes": "https://office.example/minutes",
    }
    public = a_meeting(store, **told)
    private = a_meeting(store, kind=BOARD, is_public=False, **told)
    for made in (public, private):
        an_answer(store, made)
        an_action(store, made)
        change_meeting(store, meeting_id=made.id, place="Penrith", by=OFFICE)
    return public, private


@pytest.mark.parametrize("by", OUTSIDE)
def test_outside_a_public_meeting_is_its_day_place_and_minutes(sqlite_register: Store, by: Actor) -> None:
    """Neither who comes nor what is asked, answered or agreed; and of a private one nothing at all."""
    public, private = two_meetings(sqlite_register)

    known = list_meetings(sqlite_register, by=by)
    seen = read_meeting(sqlite_register, meeting_id=public.id, by=by)

    assert [m.id for m in known] == [public.id]
    assert [m.id for m in register_view(sqlite_register, by=by).meetings] == [public.id]
    for meeting in (*known, seen.meeting, *register_view(sqlite_register, by=by).meetings):
        assert (meeting.on, meeting.place, meeting.minutes) == (DAY, "Penrith", public.minutes)
        assert (meeting.attendees, meeting.papers) == ((), ())
    assert (seen.answers, seen.actions, seen.packs, seen.changes) == ((), (), (), ())
    said = []
    for number in (private.id, 99):
        with pytest.raises(NotFoundError) as absent:
            read_meeting(sqlite_register, meeting_id=number, by=by)
        said.append(absent.value.message.replace(str(number), "…"))
    assert said[0] == said[1]


@pytest.mark.parametrize("by", INSIDE)
def test_inside_both_meetings_and_their_actions_are_seen(sqlite_register: Store, by: Actor) -> None:
    """Office, force and analyst of the service; who comes is written down, and no rights hang on that."""
    public, private = two_meetings(sqlite_register)

    assert [m.attendees for m in list_meetings(sqlite_register, by=by)] == [("A",), ("A",)]
    for made in (public, private):
        seen = read_meeting(sqlite_register, meeting_id=made.id, by=by)
        assert (len(seen.actions), len(seen.changes)) == (1, 1)
        assert len(seen.answers) == (0 if by is ANALYST and made == private else 1)


def test_another_service_is_told_nothing(sqlite_register: Store) -> None:
    """Public or private."""
    public, _ = two_meetings(sqlite_register)

    assert list_meetings(sqlite_register, by=OFFICE_ELSEWHERE) == []
    assert list_meetings(sqlite_register, by=EVERYWHERE, service=ELSEWHERE) == []
    assert len(list_meetings(sqlite_register, by=EVERYWHERE, service=SERVICE)) == 2
    with pytest.raises(NotFoundError):
        read_meeting(sqlite_register, meeting_id=public.id, by=OFFICE_ELSEWHERE)


def test_a_meeting_made_private_is_gone_for_the_public(sqlite_register: Store) -> None:
    """As it now stands, not as it was recorded."""
    made = a_meeting(sqlite_register)
    assert len(list_meetings(sqlite_register, by=PUBLIC)) == 1

    change_meeting(sqlite_register, meeting_id=made.id, is_public=False, reason=REASON, by=OFFICE)

    assert list_meetings(sqlite_register, by=PUBLIC) == []
    assert register_view(sqlite_register, by=PUBLIC).meetings == []
    assert register_view(sqlite_register, by=OFFICE, in_public=True).meetings == []


@pytest.mark.parametrize("by", [EDITOR, ANALYST], ids=lambda by: by.id)
@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"references": ["CC-HIDDEN"]}, id="an answer about it"),
        pytest.param({"question": "late:CC-HIDDEN"}, id="an answer to a question about it"),
        pytest.param({"question": "response_due:2"}, id="an answer to a question about its report"),
        pytest.param({"question": "action_not_done:1"}, id="an answer to a question about its action"),
        pytest.param({"question": "own:1"}, id="an answer to somebody's own question about it"),
    ],
)
def test_what_is_said_of_a_hidden_recommendation_does_not_exist(
    sqlite_register: Store, told: dict[str, Any], by: Actor
) -> None:
    """However the answer names it; the office reads it, and not where it speaks in public."""
    take_in(sqlite_register)
    hidden_recommendation(sqlite_register)
    made = a_meeting(sqlite_register)
    an_action(sqlite_register, made, question="late:CC-HIDDEN")
    with sqlite_register.writing() as unit:
        added = QuestionChange(
            id=1, meeting_id=made.id, service=SERVICE, question="own:1", stage=QuestionStage.ADDED, text="Why?",
            references=("CC-HIDDEN",), recorded_at=unit.now, by=OFFICE.id, by_name=OFFICE.name,
        )  # fmt: skip
        unit.add(added, by=OFFICE, verb="question added")
    seen = an_answer(sqlite_register, made, question="late:CC-001", references=["CC-001"])
    hidden = an_answer(sqlite_register, made, **told)

    assert read_meeting(sqlite_register, meeting_id=made.id, by=by).answers == (seen,)
    assert read_meeting(sqlite_register, meeting_id=made.id, by=by).actions == ()
    assert read_meeting(sqlite_register, meeting_id=made.id, by=OFFICE).answers == (seen, hidden)


# In the history


def test_what_is_done_at_meetings_is_told_to_an_auditor(register: Store) -> None:
    """In words, with the meeting, also on PostgreSQL; an administrator hears of public meetings alone."""
    made = a_meeting(register, day(-1))
    change_meeting(register, meeting_id=made.id, place="Carlisle", by=OFFICE)
    change_meeting(register, meeting_id=made.id, on=DAY, reason=REASON, by=OFFICE)
    an_answer(register, made)
    number = an_action(register, made)
    move_action(register, action_id=number, due_on=day(40), words=REASON, by=OFFICE)
    report_action(register, action_id=number, words="Drawn.", by=EDITOR)
    accept_action(register, action_id=number, by=OFFICE)
    private = a_meeting(register, kind=BOARD, is_public=False)
    cancel(register, meeting_id=private.id, reason=REASON, by=OFFICE)

    def told(by: Actor) -> list[tuple[str, str, str]]:
        return [(row.what, row.detail, row.about) for row in read_whole_audit(register, by=by)][:-2]

    on_the_day = "Public Accountability Conference, 4 Mar 2024"
    before = "Public Accountability Conference, 3 Mar 2024"
    local = person("local", Role.ADMINISTRATOR)
    assert told(OFFICE) == [
        ("Meeting cancelled", "", "Strategic Performance Board, 4 Mar 2024"),
        ("Meeting recorded", "", "Strategic Performance Board, 4 Mar 2024"),
        ("Action accepted as done", "", on_the_day),
        ("Action reported done", "", on_the_day),
        ("Day of an action moved", "to 13 Apr 2024", on_the_day),
        ("Action agreed", "Editor Person, by 14 Mar 2024", on_the_day),
        ("Answer recorded", "Answered", on_the_day),
        ("Meeting moved", "", on_the_day),
        ("Meeting changed", "", before),
        ("Meeting recorded", "", before),
    ]
    assert told(local) == [
        ("Meeting moved", "", on_the_day),
        ("Meeting changed", "", before),
        ("Meeting recorded", "", before),
    ]


def test_what_is_said_of_a_hidden_recommendation_is_not_in_the_history_of_others(
    sqlite_register: Store,
) -> None:
    """Somebody of another service's office who reads and audits here, and may not know of it."""
    hidden_recommendation(sqlite_register)
    made = a_meeting(sqlite_register)
    auditor = Actor.granted(
        "two", "Two", [(Role.ANALYST, SERVICE), (Role.ADMINISTRATOR, SERVICE), (Role.OFFICE, ELSEWHERE)]
    )
    before = read_whole_audit(sqlite_register, by=auditor)

    an_answer(sqlite_register, made, references=["CC-HIDDEN"])
    number = an_action(sqlite_register, made, reference="CC-HIDDEN")
    report_action(sqlite_register, action_id=number, words="Drawn.", by=OFFICE)

    assert read_whole_audit(sqlite_register, by=auditor) == before
    an_answer(sqlite_register, made, question="own:2")
    assert len(read_whole_audit(sqlite_register, by=auditor)) == len(before) + 1
