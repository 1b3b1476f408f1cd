"""The questions of a meeting against a real register: what is read, what may be spoken of, and what people change."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from sqlalchemy import event

from monitor.domain.access import SYSTEM
from monitor.domain.evidence import CheckedBy, Direction, EvidenceKind
from monitor.domain.meetings import Meeting, Outcome, Pack
from monitor.domain.questions import ASKED_MAX, Prepared, Question, Trigger
from monitor.domain.statuses import (
    Assurance,
    ClosureReason,
    ForceReport,
    LinkKind,
    MeetingKind,
    MoveCategory,
    Position,
    Precision,
)
from monitor.errors import AccessError, NotFoundError, RuleError
from monitor.services.actions import agree_action, report_action
from monitor.services.checking import verify
from monitor.services.deciding import (
    agree_closure,
    agree_date,
    decide_assurance,
    move_date,
    propose_closure,
    record_position,
    refuse_date,
)
from monitor.services.intake import assign, link_recommendations, take_in_report
from monitor.services.meetings import change_meeting, record_answer, record_meeting
from monitor.services.questions import (
    add_question,
    bring_back_question,
    drop_question,
    edit_question,
    place_question,
    prepared_questions,
    proposed_questions,
)
from monitor.services.sample import load_demonstration
from monitor.services.updating import ask_date, report_progress
from monitor.store import Store
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    DAY,
    EDITOR,
    NOBODY,
    OFFICE,
    OFFICE_2,
    OFFICE_ELSEWHERE,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    day,
    give_evidence,
    moment,
    take_in,
)

COMPLETE, IN_PROGRESS = ForceReport.COMPLETE, ForceReport.IN_PROGRESS


def owned(store: Store, reference: str, **given: Any) -> None:
    """Take in a recommendation with an owner, due a year on, about which there is nothing to ask yet."""
    take_in(store, reference, **{"owner": "Insp A", "due_on": day(365)} | given)


def told(store: Store, reference: str, status: ForceReport = IN_PROGRESS, **given: Any) -> None:
    """Report progress as the force."""
    words: dict[str, Any] = {"narrative": "The work goes on.", "by": EDITOR}
    report_progress(store, reference=reference, status=status, **words | given)


def measured(store: Store, reference: str, value: float, on: date, **given: Any) -> None:
    """Add cases counted against a target of 45 of 50."""
    usual: dict[str, Any] = {
        "kind": EvidenceKind.QA_CHECK,
        "measure": "Cases with the offer",
        "sample": 50,
        "value": value,
        "target": 45,
        "unit": "cases",
        "direction": Direction.MIXED,
        "checked_by": CheckedBy.OTHER_TEAM,
    }
    give_evidence(store, reference, describes_on=on, **usual | given)


def conference(store: Store, on: date, **given: Any) -> Meeting:
    """Record a Conference."""
    usual: dict[str, Any] = {"service": SERVICE, "kind": MeetingKind.CONFERENCE, "by": OFFICE}
    return record_meeting(store, on=on, **usual | given)


def asked(store: Store, **given: Any) -> list[str]:
    """Return the keys of what is proposed for the next Conference."""
    return [q.key for q in proposed(store, **given)]


def proposed(store: Store, **given: Any) -> list[Question]:
    """Return what is proposed for the next Conference, as the office sees it."""
    usual: dict[str, Any] = {"meeting": SERVICE, "by": OFFICE}
    return proposed_questions(store, **usual | given)


def alone(store: Store, key: str, **given: Any) -> Question:
    """Return one of the questions proposed."""
    return next(q for q in proposed(store, **given) if q.key == key)


# What the rules read


def test_nothing_is_asked_of_an_empty_register_or_of_what_goes_well(sqlite_register: Store) -> None:
    """No recommendation, no question; nor for one that is owned, dated and reported."""
    assert proposed(sqlite_register) == []

    owned(sqlite_register, "CC-001")
    told(sqlite_register, "CC-001")

    assert proposed(sqlite_register) == []


def test_a_claim_is_asked_about_until_evidence_shows_it(sqlite_register: Store, clock: Clock) -> None:
    """From the first of the reports that say complete; not when evidence is as new, nor when the office is assured."""
    owned(sqlite_register, "CC-001")
    clock.set(day(10))
    told(sqlite_register, "CC-001", COMPLETE)
    clock.set(day(30))
    told(sqlite_register, "CC-001", COMPLETE)

    assert alone(sqlite_register, "claimed:CC-001").text == (
        "You told us on 14 March 2024 that “Do CC-001” is complete; we hold no evidence of it yet. "
        "What would we see if we looked today?"
    )

    give_evidence(sqlite_register, "CC-001", describes_on=day(9))
    assert "13 March 2024, 1 day before that" in alone(sqlite_register, "claimed:CC-001").text

    give_evidence(sqlite_register, "CC-001", describes_on=day(10))
    assert asked(sqlite_register) == []


def test_an_assured_claim_is_not_asked_about(sqlite_register: Store, clock: Clock) -> None:
    """The office has weighed it."""
    owned(sqlite_register, "CC-001")
    give_evidence(sqlite_register, "CC-001")
    clock.set(day(10))
    told(sqlite_register, "CC-001", COMPLETE)
    assert asked(sqlite_register) == ["claimed:CC-001"]

    decide_assurance(
        sqlite_register, reference="CC-001", level=Assurance.ASSURED, rationale="Seen.", by=OFFICE
    )

    assert asked(sqlite_register) == []


def test_what_is_late_is_asked_for_a_day_until_one_is_asked_for(sqlite_register: Store, clock: Clock) -> None:
    """A request that waits is an answer; one that was refused is not."""
    owned(sqlite_register, "CC-001", due_on=day(20))
    clock.set(day(20))
    told(sqlite_register, "CC-001")
    assert asked(sqlite_register) == []

    clock.set(day(21))
    assert asked(sqlite_register) == ["late:CC-001"]
    assert alone(sqlite_register, "late:CC-001").facts[0].figure == "1 day"

    move: dict[str, Any] = {
        "reference": "CC-001",
        "due_on": day(50),
        "reason": REASON,
        "category": MoveCategory.SCOPE,
    }
    ask_date(sqlite_register, by=EDITOR, **move)
    assert asked(sqlite_register) == []

    refuse_date(sqlite_register, reference="CC-001", reason=REASON, by=OFFICE)
    assert "was not agreed on 25 March 2024" in alone(sqlite_register, "late:CC-001").text

    ask_date(sqlite_register, by=EDITOR, **move)
    agree_date(sqlite_register, reference="CC-001", by=OFFICE)
    assert asked(sqlite_register) == []


def test_a_measure_is_asked_about_until_its_newest_value_reaches_the_target(
    sqlite_register: Store, clock: Clock
) -> None:
    """The figures of the register stand in the question."""
    owned(sqlite_register, "CC-001")
    measured(sqlite_register, "CC-001", 38, DAY)
    clock.set(day(80))
    told(sqlite_register, "CC-001")

    question = alone(sqlite_register, "below_target:CC-001")
    assert question.text == (
        "On “Do CC-001”, the figure for “Cases with the offer” was 38 of 50 in March 2024, and the target is 45. "
        "What has changed since, and what did the last sample show?"
    )
    assert question.references == ("CC-001",)

    measured(sqlite_register, "CC-001", 45, day(80))
    assert asked(sqlite_register) == []


def test_moves_are_counted_with_their_reasons(sqlite_register: Store, clock: Clock) -> None:
    """Twice is asked about, once is not; the last reason is among the facts."""
    owned(sqlite_register, "CC-001", due_on=day(20))
    move: dict[str, Any] = {
        "reference": "CC-001",
        "reason": REASON,
        "by": OFFICE,
        "category": MoveCategory.RESOURCES,
    }
    move_date(sqlite_register, due_on=day(200), **move)
    assert asked(sqlite_register) == []

    move_date(sqlite_register, due_on=day(300), **move)

    question = alone(sqlite_register, "moved:CC-001")
    assert "has moved twice, from 24 March 2024 to 29 December 2024, 280 days later" in question.text
    assert any(REASON.removesuffix(".") in fact.words for fact in question.facts)


def test_a_block_is_asked_about_until_somebody_is_told(sqlite_register: Store, clock: Clock) -> None:
    """A board minute from before the block does not count; one after it does, and so do an ask and an action."""
    for number in (1, 2, 3, 4):
        owned(sqlite_register, f"CC-00{number}")
    meeting = conference(sqlite_register, DAY)
    minute: dict[str, Any] = {
        "kind": EvidenceKind.BOARD_MINUTE,
        "direction": Direction.NO_RESULT,
        "sample": None,
    }
    give_evidence(sqlite_register, "CC-001", "CC-002", **minute)
    clock.set(day(10))
    for number in (1, 2, 3, 4):
        told(sqlite_register, f"CC-00{number}", blocked_by="The national website programme")
    clock.set(day(30))
    told(sqlite_register, "CC-001", blocked_by="Still the national website programme")
    assert asked(sqlite_register) == [f"blocked:CC-00{number}" for number in (1, 2, 3, 4)]
    assert "since 14 March 2024" in alone(sqlite_register, "blocked:CC-001").text

    give_evidence(sqlite_register, "CC-002", describes_on=day(30), **minute)
    decide_assurance(
        sqlite_register,
        reference="CC-003",
        level=Assurance.NOT_ASSURED,
        rationale="Nothing yet.",
        ask="A letter to the programme.",
        by=OFFICE,
    )
    agree_action(
        sqlite_register,
        meeting_id=meeting.id,
        what="Write to the national programme.",
        owner="Insp A",
        due_on=day(90),
        reference="CC-004",
        by=OFFICE,
    )

    assert asked(sqlite_register) == ["blocked:CC-001"]


def test_silence_and_the_lack_of_an_owner_are_asked_about(sqlite_register: Store, clock: Clock) -> None:
    """Three calendar months after the last word, and not the day before."""
    owned(sqlite_register, "CC-001")
    take_in(sqlite_register, "CC-002", due_on=day(365))
    clock.set(date(2024, 6, 3))
    assert asked(sqlite_register) == ["no_owner:CC-002"]

    clock.set(date(2024, 6, 4))
    assert asked(sqlite_register) == ["no_owner:CC-002", "silent:CC-001"]
    assert alone(sqlite_register, "no_owner:CC-002").also == (Trigger.SILENT,)

    assign(sqlite_register, reference="CC-002", owner="Insp B", by=OFFICE)
    assert asked(sqlite_register) == ["silent:CC-001", "silent:CC-002"]


def test_voices_that_differ_are_asked_which_holds(sqlite_register: Store, clock: Clock) -> None:
    """An office not assured after the claim; an inspectorate that has closed what the force still works on."""
    for number in (1, 2):
        owned(sqlite_register, f"CC-00{number}")
        told(sqlite_register, f"CC-00{number}", COMPLETE if number == 1 else IN_PROGRESS)
    give_evidence(sqlite_register, "CC-001")
    clock.set(day(5))
    assert asked(sqlite_register) == []

    decide_assurance(
        sqlite_register,
        reference="CC-001",
        level=Assurance.PARTLY_ASSURED,
        rationale="Some.",
        ask="Fifty cases.",
        by=OFFICE,
    )
    record_position(sqlite_register, reference="CC-002", position=Position.CLOSED, source="Letter", by=OFFICE)

    assert asked(sqlite_register) == ["voices_differ:CC-001", "voices_differ:CC-002"]
    question = alone(sqlite_register, "voices_differ:CC-001")
    assert "we were partly assured. What has been done since about what we asked to see" in question.text
    assert "“Fifty cases”" in question.facts[0].words


def overtake(store: Store, reference: str) -> None:
    """Close a recommendation as overtaken, by two people."""
    item = give_evidence(store, reference)
    propose_closure(
        store,
        reference=reference,
        reason=ClosureReason.OVERTAKEN,
        statement="A new system came.",
        evidence_ids=[item.id],
        by=EDITOR,
    )
    agree_closure(store, reference=reference, by=OFFICE)


def test_what_was_overtaken_is_asked_about_until_a_meeting_has_its_answer(
    sqlite_register: Store, clock: Clock
) -> None:
    """An answer given at this meeting does not take the question away in the room; at the next it is settled."""
    owned(sqlite_register, "CC-001")
    overtake(sqlite_register, "CC-001")
    here, after = conference(sqlite_register, day(5)), conference(sqlite_register, day(35))
    clock.set(day(5))
    record_answer(
        sqlite_register,
        meeting_id=here.id,
        question="overtaken:CC-001",
        asked="What took its place?",
        outcome=Outcome.ANSWERED,
        words="The new system does it.",
        by=OFFICE,
    )

    assert asked(sqlite_register, meeting=here) == ["overtaken:CC-001"]
    assert asked(sqlite_register, meeting=after) == []


def another_report(store: Store, **given: Any) -> int:
    """Take in another report, published so long ago that no response is due."""
    usual: dict[str, Any] = {
        "service": SERVICE,
        "title": "Rape and serious offences",
        "published_on": day(-90),
        "published_precision": Precision.DAY,
    }
    return take_in_report(store, by=OFFICE, **usual | given).id


def test_the_same_ask_in_two_reports_is_asked_about_once(sqlite_register: Store) -> None:
    """Of the first that is open, with the others as facts; what supersedes another does not ask the same."""
    other = another_report(sqlite_register)
    for reference, number in (("CC-001", 1), ("CC-002", other), ("CC-003", other), ("CC-004", 1)):
        owned(sqlite_register, reference, inspection_id=number)
    links = [("CC-002", LinkKind.SAME_ASK, "CC-001"), ("CC-003", LinkKind.SUPERSEDES, "CC-004")]
    for reference, kind, to in links:
        link_recommendations(sqlite_register, reference=reference, kind=kind, other=to, by=OFFICE)

    [question] = proposed(sqlite_register)

    assert question.key == "same_ask:CC-001"
    assert question.references == ("CC-001", "CC-002")
    assert "Two reports ask for the same, as “Do CC-001” and as “Do CC-002”" in question.text


def test_a_response_is_asked_for_when_its_last_day_is_near_the_meeting(
    sqlite_register: Store, clock: Clock
) -> None:
    """Fourteen days after the meeting at most, and never once it has passed."""
    early, late = conference(sqlite_register, day(40)), conference(sqlite_register, day(41))
    clock.set(day(30))
    assert asked(sqlite_register, meeting=early) == []
    assert asked(sqlite_register, meeting=late) == ["response_due:1"]
    assert "28 April 2024" in alone(sqlite_register, "response_due:1", meeting=late).text

    clock.set(day(55))
    assert asked(sqlite_register) == ["response_due:1"]
    clock.set(day(56))
    assert asked(sqlite_register) == []


def agreed(store: Store, meeting: Meeting, due_on: date, **given: Any) -> int:
    """Agree an action at a meeting."""
    facts: dict[str, Any] = {"what": "Draw fifty cases and read them.", "owner": "Insp A", "by": OFFICE}
    return agree_action(store, meeting_id=meeting.id, due_on=due_on, **facts | given).action.id


def test_actions_of_earlier_meetings_of_the_kind_are_asked_for(sqlite_register: Store, clock: Clock) -> None:
    """Those of last time and of times before, when their day has come; not those of another kind of meeting."""
    first, board = conference(sqlite_register, DAY), conference(sqlite_register, DAY, kind=MeetingKind.BOARD)
    second, coming = conference(sqlite_register, day(5)), conference(sqlite_register, day(30))
    clock.set(day(5))
    keys = [agreed(sqlite_register, one, day(20)) for one in (first, board, second)]
    later = agreed(sqlite_register, second, day(31), what="Write to the supplier.")
    clock.set(day(25))

    assert asked(sqlite_register, meeting=coming) == [
        f"action_not_done:{keys[0]}",
        f"action_not_done:{keys[2]}",
    ]
    assert asked(sqlite_register, meeting=second) == [f"action_not_done:{keys[0]}"]
    assert asked(sqlite_register) == [f"action_not_done:{keys[0]}", f"action_not_done:{keys[2]}"]

    report_action(sqlite_register, action_id=keys[0], words="Forty-six of fifty.", by=OFFICE)
    assert asked(sqlite_register, meeting=coming) == [f"action_not_done:{keys[2]}"]
    assert f"action_not_done:{later}" not in asked(sqlite_register, meeting=coming)


def test_what_was_brought_back_comes_first(sqlite_register: Store, clock: Clock) -> None:
    """Also from before last time, until it is answered; what was answered is asked only while its reason holds."""
    take_in(sqlite_register, "CC-001", due_on=day(365))
    owned(sqlite_register, "CC-002", due_on=day(1))
    before, here = conference(sqlite_register, day(3)), conference(sqlite_register, day(5))
    coming, board = (
        conference(sqlite_register, day(35)),
        conference(sqlite_register, day(5), kind=MeetingKind.BOARD),
    )
    clock.set(day(5))
    for meeting, key, outcome in (
        (before, "own:97", Outcome.BRING_BACK),
        (before, "own:98", Outcome.BRING_BACK),
        (here, "own:97", Outcome.ANSWERED),
        (here, "no_owner:CC-001", Outcome.BRING_BACK),
        (here, "late:CC-002", Outcome.ANSWERED),
        (board, "own:99", Outcome.BRING_BACK),
    ):
        record_answer(
            sqlite_register,
            meeting_id=meeting.id,
            question=key,
            asked="Who will pay for it?",
            outcome=outcome,
            words="We shall know in May.",
            by=OFFICE,
        )

    questions = proposed(sqlite_register, meeting=coming)

    assert [q.key for q in questions] == ["own:98", "no_owner:CC-001", "late:CC-002"]
    assert all("We shall know in May" in q.facts[0].words for q in questions[:2])


def test_only_the_service_of_the_meeting_is_asked_about(sqlite_register: Store) -> None:
    """Another service's recommendations stay out, for whoever sees both."""
    take_in(sqlite_register, "CC-001", due_on=day(365))

    assert asked(sqlite_register, by=SYSTEM) == ["no_owner:CC-001"]
    assert asked(sqlite_register, meeting="Cumbria Fire and Rescue", by=SYSTEM) == []


# What may be spoken of


HIDDEN = [{"embargo_until": moment(day(60))}, {"is_restricted": True}]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_public_meeting_does_not_speak_of_what_is_hidden(
    sqlite_register: Store, clock: Clock, hidden: dict[str, Any]
) -> None:
    """Whoever prepares it: not of the recommendation, the response, the action, the answer or a question about it."""
    number = another_report(sqlite_register, published_on=DAY, **hidden)
    take_in(sqlite_register, "CC-777", inspection_id=number, due_on=day(365))
    closed_before = conference(sqlite_register, DAY, is_public=False)
    clock.set(day(1))
    agreed(sqlite_register, closed_before, day(2), reference="CC-777")
    agreed(sqlite_register, closed_before, day(2), what="Write to the supplier.")
    public = conference(sqlite_register, day(45))
    private = conference(sqlite_register, day(46), is_public=False)
    add_question(sqlite_register, meeting_id=private.id, text="And this?", references=["CC-777"], by=OFFICE)
    clock.set(day(44))

    assert asked(sqlite_register, meeting=public) == ["response_due:1"]
    spoken = asked(sqlite_register, meeting=private)
    assert {f"response_due:{number}", "action_not_done:1", "action_not_done:2"} <= set(spoken)
    assert Trigger.NO_OWNER in alone(sqlite_register, "action_not_done:1", meeting=private).also

    with pytest.raises(RuleError, match="under embargo or restricted, and this meeting is public"):
        add_question(sqlite_register, meeting_id=public.id, text="This?", references=["CC-777"], by=OFFICE)


def test_what_comes_out_of_embargo_can_be_spoken_of(sqlite_register: Store, clock: Clock) -> None:
    """Nothing is written when it ends, and the questions change all the same."""
    number = another_report(sqlite_register, embargo_until=moment(day(20)))
    take_in(sqlite_register, "CC-777", inspection_id=number, due_on=day(365))
    public = conference(sqlite_register, day(30))
    clock.set(day(19))
    assert asked(sqlite_register, meeting=public) == []

    clock.set(day(21))
    assert asked(sqlite_register, meeting=public) == ["no_owner:CC-777"]


def test_a_meeting_made_public_loses_the_questions_about_what_is_hidden(sqlite_register: Store) -> None:
    """Those proposed and those that somebody wrote or edited; made private again, it has them back."""
    number = another_report(sqlite_register, is_restricted=True)
    take_in(sqlite_register, "CC-777", inspection_id=number, due_on=day(365))
    meeting = conference(sqlite_register, day(30), is_public=False)
    key = add_question(sqlite_register, meeting_id=meeting.id, text="And?", references=["CC-777"], by=OFFICE)
    edit_question(
        sqlite_register, meeting_id=meeting.id, question="no_owner:CC-777", text="Who has it?", by=OFFICE
    )
    assert keys(sqlite_register, meeting) == (["no_owner:CC-777", key], [])

    change_meeting(sqlite_register, meeting_id=meeting.id, is_public=True, reason=REASON, by=OFFICE)
    assert keys(sqlite_register, meeting) == ([], [])

    change_meeting(sqlite_register, meeting_id=meeting.id, is_public=False, reason=REASON, by=OFFICE)
    assert keys(sqlite_register, meeting) == (["no_owner:CC-777", key], [])


def test_nobody_is_named_in_public(sqlite_register: Store, clock: Clock) -> None:
    """Neither an owner nor whoever has the action stands in what is asked."""
    take_in(sqlite_register, "CC-001", due_on=day(3), owner="Insp Surname", executive_lead="ACC Surname")
    before = conference(sqlite_register, DAY)
    agreed(sqlite_register, before, day(2), owner="Supt Surname")
    clock.set(day(120))

    for question in proposed(sqlite_register):
        assert "Surname" not in question.text
        assert not any("Surname" in fact.words for fact in question.facts)


# As at


def test_a_past_day_is_asked_as_it_was_then_known(sqlite_register: Store, clock: Clock) -> None:
    """What was recorded later, about that day or after it, changes nothing."""
    owned(sqlite_register, "CC-001", due_on=day(10))
    told(sqlite_register, "CC-001")
    clock.set(day(20))
    then, at = proposed(sqlite_register), sqlite_register.now()
    assert [q.key for q in then] == ["late:CC-001"]

    move_date(
        sqlite_register,
        reference="CC-001",
        due_on=day(90),
        reason=REASON,
        category=MoveCategory.SCOPE,
        by=OFFICE,
    )
    measured(sqlite_register, "CC-001", 3, day(15))
    clock.set(day(30))

    assert proposed(sqlite_register, as_at=day(20), known_at=at) == then
    assert asked(sqlite_register, as_at=day(20)) == ["below_target:CC-001"]
    assert asked(sqlite_register, as_at=day(9)) == []


def keys(store: Store, meeting: Meeting, **given: Any) -> tuple[list[str], list[str]]:
    """Return the keys of what is asked at a meeting, and of what is left out."""
    prepared = prepare(store, meeting, **given)
    return [q.key for q in prepared.questions], [q.key for q in prepared.left_out]


def prepare(store: Store, meeting: Meeting, **given: Any) -> Prepared:
    """Return the questions of a meeting as the office has left them."""
    usual: dict[str, Any] = {"by": OFFICE}
    return prepared_questions(store, meeting_id=meeting.id, **usual | given)


@pytest.fixture
def three(sqlite_register: Store) -> Store:
    """Return a register with three questions: of CC-001, CC-002 and CC-003, none of which has an owner."""
    for number in (1, 2, 3):
        take_in(sqlite_register, f"CC-00{number}", due_on=day(365))
    return sqlite_register


A, B, C = (f"no_owner:CC-00{number}" for number in (1, 2, 3))


def test_the_questions_stand_still_in_the_room(three: Store, clock: Clock) -> None:
    """From the first answer on, what is decided and changed there takes no question away; the words can still change."""
    meeting = conference(three, day(5))
    clock.set(day(5))
    assign(three, reference="CC-003", owner="Insp C", by=OFFICE)
    assert keys(three, meeting) == ([A, B], [])
    record_answer(
        three,
        meeting_id=meeting.id,
        question=A,
        asked="Who?",
        outcome=Outcome.ANSWERED,
        words="Insp A.",
        by=OFFICE,
    )
    assign(three, reference="CC-001", owner="Insp A", by=OFFICE)
    assert keys(three, meeting) == ([A, B], [])

    edit_question(three, meeting_id=meeting.id, question=B, text="Who has it?", by=OFFICE)
    clock.set(day(50))

    assert keys(three, meeting) == ([A, B], [])
    assert prepare(three, meeting).questions[1].text == "Who has it?"


def publish(store: Store, meeting: Meeting) -> Pack:
    """Keep a pack of what is known now."""
    with store.writing() as unit:
        kept = unit.keep_published(b"x")
        pack = Pack(
            id=unit.new_id("pack"),
            meeting_id=meeting.id,
            service=SERVICE,
            since_on=DAY,
            as_at=unit.now.date(),
            known_at=unit.now,
            head="0" * 64,
            content=kept,
            docx=kept,
            pdf=kept,
            html=kept,
            recorded_at=unit.now,
            by=OFFICE.id,
            by_name=OFFICE.name,
        )
        unit.add(pack, by=OFFICE, verb="pack published")
    return pack


def test_what_was_published_is_what_is_asked(three: Store, clock: Clock) -> None:
    """The questions keep the order and the facts of the printed pack; a new day can be asked for all the same."""
    meeting = conference(three, day(30))
    clock.set(day(20))
    publish(three, meeting)
    clock.set(day(25))
    assign(three, reference="CC-001", owner="Insp A", by=OFFICE)

    assert keys(three, meeting) == ([A, B, C], [])
    assert keys(three, meeting, as_at=day(25)) == ([B, C], [])


def test_a_past_meeting_is_shown_as_at_its_day(three: Store, clock: Clock) -> None:
    """Also when nothing was published and nobody wrote an answer down."""
    meeting = conference(three, day(5))
    clock.set(day(9))
    assign(three, reference="CC-001", owner="Insp A", by=OFFICE)

    assert keys(three, meeting) == ([A, B, C], [])


# What people make of them


def test_people_change_what_is_asked_and_history_tells(three: Store) -> None:
    """Added, edited, left out, brought back and moved, each with its row of history."""
    meeting = conference(three, day(5))
    change: dict[str, Any] = {"meeting_id": meeting.id, "by": OFFICE}

    own = add_question(three, text="  What would you\ndo first? ", references=["CC-002"], **change)
    edit_question(three, question=A, text="Who has it?", **change)
    drop_question(three, question=B, **change)
    place_question(three, question=own, place=1, **change)
    assert keys(three, meeting) == ([own, A, C], [B])

    bring_back_question(three, question=B, **change)
    assert keys(three, meeting) == ([own, A, B, C], [])

    first, second, *_ = prepare(three, meeting).questions
    assert (first.text, first.title, first.trigger) == ("What would you do first?", "Do CC-002", None)
    assert [fact.figure for fact in first.facts] == ["None", "The test"]
    assert second.text == "Who has it?"
    assert second.as_proposed.startswith("“Do CC-001” has been on the register")
    with three.reading() as reader:
        verbs = [row.verb for row in reader.history(limit=5)][::-1]
    assert verbs == [
        "question added",
        "question edited",
        "question left out",
        "question moved",
        "question brought back",
    ]
    assert verify(three, by=SYSTEM).ok


def test_what_changes_nothing_is_not_written(three: Store) -> None:
    """The same words, the same place, out twice, back twice: no row of history."""
    meeting = conference(three, day(5))
    drop_question(three, meeting_id=meeting.id, question=B, by=OFFICE)
    before, text = three.data_version(), prepare(three, meeting).questions[0].text

    edit_question(three, meeting_id=meeting.id, question=A, text=text, by=OFFICE)
    place_question(three, meeting_id=meeting.id, question=A, place=1, by=OFFICE)
    drop_question(three, meeting_id=meeting.id, question=B, by=OFFICE)
    bring_back_question(three, meeting_id=meeting.id, question=A, by=OFFICE)

    assert three.data_version() == before


@pytest.mark.parametrize("place", [-1, 0, 4])
def test_there_is_no_place_outside_the_list(three: Store, place: int) -> None:
    """It is refused with the places there are."""
    meeting = conference(three, day(5))

    with pytest.raises(RuleError, match="Give one from 1 to 3"):
        place_question(three, meeting_id=meeting.id, question=A, place=place, by=OFFICE)


@pytest.mark.parametrize(
    ("text", "message"), [("", "no words yet"), (" \n ", "no words yet"), ("x" * 501, "It can have 500")]
)
def test_a_question_has_words_and_not_too_many(three: Store, text: str, message: str) -> None:
    """It is to be asked aloud."""
    meeting = conference(three, day(5))

    with pytest.raises(RuleError, match=message):
        add_question(three, meeting_id=meeting.id, text=text, by=OFFICE)
    with pytest.raises(RuleError, match=message):
        edit_question(three, meeting_id=meeting.id, question=A, text=text, by=OFFICE)


def test_hostile_words_come_back_as_they_were_written(three: Store) -> None:
    """Nothing of them runs, and nothing of them is lost."""
    meeting = conference(three, day(5))
    words = "=1+1 <script>alert(1)</script> **b** “q” \u202e ’ $x$ #panic()"

    key = add_question(three, meeting_id=meeting.id, text=words, by=OFFICE)

    assert next(q for q in prepare(three, meeting).questions if q.key == key).text == words


def test_a_question_that_is_not_there_cannot_be_changed(three: Store, clock: Clock) -> None:
    """One that never was, and one whose reason has gone while it was open on the screen."""
    meeting = conference(three, day(5))
    edit_question(three, meeting_id=meeting.id, question=A, text="Who has it?", by=OFFICE)
    for number in (1, 2):
        assign(three, reference=f"CC-00{number}", owner="Insp A", by=OFFICE)

    with pytest.raises(NotFoundError, match="no such question"):
        drop_question(three, meeting_id=meeting.id, question=B, by=OFFICE)
    with pytest.raises(RuleError, match="add it as one of your own"):
        bring_back_question(three, meeting_id=meeting.id, question=A, by=OFFICE)
    assert keys(three, meeting) == ([C], [A])


def test_a_question_is_about_recommendations_of_its_service(three: Store) -> None:
    """Not about one that is nowhere, nor about another service's."""
    meeting = conference(three, day(5))

    with pytest.raises(NotFoundError):
        add_question(three, meeting_id=meeting.id, text="This?", references=["CC-404"], by=OFFICE)


# Who


def test_outside_the_office_questions_are_seen_when_they_are_out(three: Store, clock: Clock) -> None:
    """Not before a pack is published or the day has come, and never what was left out."""
    meeting, later = conference(three, day(5)), conference(three, day(30))
    drop_question(three, meeting_id=meeting.id, question=B, by=OFFICE)
    for by, one in product((EDITOR, ANALYST), (meeting, later)):
        with pytest.raises(AccessError):
            prepare(three, one, by=by)

    publish(three, later)
    clock.set(day(5))

    for by in (EDITOR, ANALYST):
        assert keys(three, meeting, by=by) == ([A, C], [])
        assert keys(three, later, by=by) == ([A, B, C], [])


def test_others_read_no_questions_of_a_meeting(three: Store, clock: Clock) -> None:
    """Not even on the day."""
    meeting = conference(three, day(5))
    clock.set(day(5))

    for by in (PUBLIC, NOBODY, ADMINISTRATOR, OFFICE_ELSEWHERE):
        with pytest.raises((AccessError, NotFoundError)):
            prepare(three, meeting, by=by)


# What it costs


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """Yield a list into which every statement goes that is sent to the database."""
    sent: list[str] = []

    def listen(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(store.engine, "before_cursor_execute", listen)
    yield sent
    event.remove(store.engine, "before_cursor_execute", listen)


def test_it_asks_the_database_no_more_often_for_a_larger_register(sqlite_register: Store) -> None:
    """Lists are read whole, and nothing is read again while the register stands as it did."""
    counts = []
    for start in (100, 200):
        for number in range(start, start + start // 20):
            take_in(sqlite_register, f"CC-{number}")
            told(sqlite_register, f"CC-{number}", COMPLETE, blocked_by="A supplier")
        with statements(sqlite_register) as sent:
            proposed(sqlite_register)
        counts.append(len(sent))
    with statements(sqlite_register) as again:
        proposed(sqlite_register)

    assert counts[0] == counts[1]
    assert len(again) < counts[1] / 2


def test_each_reader_is_told_what_they_may_see_one_after_the_other(
    sqlite_register: Store, clock: Clock
) -> None:
    """What was gathered for the office is not what the next reader gets."""
    number = another_report(sqlite_register, is_restricted=True)
    take_in(sqlite_register, "CC-777", inspection_id=number, due_on=day(365))
    private = conference(sqlite_register, day(30), is_public=False)

    assert asked(sqlite_register, meeting=private) == ["no_owner:CC-777"]
    assert asked(sqlite_register, meeting=private, by=ANALYST) == []
    assert asked(sqlite_register, meeting=private, by=OFFICE_2) == ["no_owner:CC-777"]
    assert asked(sqlite_register, meeting=replace(private, is_public=True)) == []

    then: dict[str, Any] = {"meeting": private, "as_at": DAY, "known_at": sqlite_register.now()}
    assert asked(sqlite_register, **then) == ["no_owner:CC-777"]
    assert asked(sqlite_register, **then, by=ANALYST) == []


def test_the_demonstration_has_a_conference_worth_going_to(sqlite_url: str) -> None:
    """A dozen questions at most, of several rules, on the whole demonstration; the rest are left out, none lost."""
    store = Store(sqlite_url)
    load_demonstration(store)
    with store.reading() as reader:
        coming = next(
            m for m in reader.meetings() if m.kind is MeetingKind.CONFERENCE and m.on > store.today()
        )

    prepared = prepared_questions(store, meeting_id=coming.id, by=SYSTEM)

    assert 8 <= len(prepared.questions) <= ASKED_MAX + 3
    assert len({q.trigger for q in prepared.questions}) >= 5
    assert "Victim personal statements offered" in {q.title for q in prepared.questions}
    for question in (*prepared.questions, *prepared.left_out):
        assert question.text.endswith("?")
        assert question.facts
    store.close()
