"""The twelve rules of questions: for each, what must prompt it and, beside it, what comes close and must not."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.dates import add_months, end_of_day
from monitor.domain.access import Role
from monitor.domain.entries import AssuranceDecision, ProgressReport, TargetDate, TargetStage
from monitor.domain.evidence import (
    CheckedBy,
    Direction,
    EvidenceItem,
    EvidenceKind,
    Grade,
    facts_of,
    grade_of,
)
from monitor.domain.meetings import (
    Action,
    ActionStage,
    ActionState,
    ActionStep,
    Answer,
    Outcome,
    QuestionChange,
    QuestionStage,
)
from monitor.domain.question_facts import (
    ReportDue,
    SameAsk,
    Subject,
    blocked_since,
    cut,
    escalated_on,
    quarter_after,
    quoted,
    said_since,
    same_ask_groups,
    value_words,
)
from monitor.domain.question_rules import Occasion
from monitor.domain.questions import (
    ASKED_MAX,
    FACTS_MAX,
    RULES,
    TITLE_MAX,
    Prepared,
    Question,
    Trigger,
    fired,
    first_asked,
    fold,
    propose,
)
from monitor.domain.responses import WARNING_DAYS, last_day_to_respond
from monitor.domain.statuses import (
    Assurance,
    ClosureReason,
    ForceReport,
    MoveCategory,
    Position,
    Precision,
)
from tests.builders import DAY, SERVICE, an_item, day, moment

TODAY = day(400)
"""The day of reading: more than a year after the story begins."""


def ago(days: int) -> date:
    """Return the day so many days before the day of reading."""
    return TODAY - timedelta(days=days)


A_WEEK_AGO, A_MONTH_AGO, A_QUARTER_AGO = ago(7), ago(30), ago(90)


def stamped(**given: Any) -> dict[str, Any]:
    """Return what every dated entry carries."""
    on = given["happened_on"]
    usual = {"n": 1, "recorded_at": moment(on), "by": "x", "by_name": "X Person", "by_role": Role.OFFICE}
    return usual | given


def a_move(from_on: date, due_on: date, **given: Any) -> TargetDate:
    """Return the entry that moves a date, asked for in time."""
    usual = {
        "happened_on": from_on - timedelta(days=10),
        "stage": TargetStage.AGREED,
        "reason": "The supplier delivers in May.",
        "category": MoveCategory.DEPENDS_ON_OTHERS,
    }
    return TargetDate(**stamped(from_on=from_on, due_on=due_on, **usual | given))


def a_report(on: date, status: ForceReport = ForceReport.IN_PROGRESS, **given: Any) -> ProgressReport:
    """Return a report of the force."""
    return ProgressReport(**stamped(happened_on=on, status=status, narrative="The work goes on.", **given))


def a_subject(**given: Any) -> Subject:
    """Return a recommendation about which there is nothing to ask: owned, on course, in progress, reported last week."""
    usual: dict[str, Any] = {
        "reference": "CC-001",
        "short_title": "Victims told of their rights",
        "opened_on": DAY,
        "owner": "Insp A",
        "original_on": day(500),
        "target_on": day(500),
        "force_report": ForceReport.IN_PROGRESS,
        "reported_on": ago(7),
        "said_since": ago(7),
        "last_update_on": ago(7),
    }
    facts = usual | given
    if "evidence" in facts and "grade" not in facts:
        facts["grade"] = grade_of(facts_of(facts["evidence"]), TODAY)
    return Subject(**facts)


def a_claim(since: date = A_MONTH_AGO, **given: Any) -> Subject:
    """Return one reported complete on a day."""
    told = {
        "force_report": ForceReport.COMPLETE,
        "reported_on": since,
        "said_since": since,
        "last_update_on": since,
    }
    return a_subject(**told | given)


def a_measure(value: float, target: float | None, on: date = A_QUARTER_AGO, **given: Any) -> EvidenceItem:
    """Return cases counted against a target, by somebody outside the team."""
    usual: dict[str, Any] = {
        "measure": "Victims who remember being told",
        "sample": 50,
        "unit": "cases",
        "direction": Direction.MIXED,
    }
    return an_item(**usual | {"value": value, "target": target, "describes_on": on} | given)


def an_action(due_on: date = A_WEEK_AGO, *steps: ActionStep, **given: Any) -> ActionState:
    """Return an action agreed three months ago."""
    usual: dict[str, Any] = {
        "id": 7,
        "meeting_id": 3,
        "service": SERVICE,
        "what": "Draw a sample of fifty closed cases and read them.",
        "owner": "Supt B Person",
        "due_on": due_on,
        "agreed_on": ago(90),
        "recorded_at": moment(ago(90)),
        "by": "x",
        "by_name": "X",
    }
    return ActionState(Action(**usual | given), steps)


def a_step(stage: ActionStage, on: date = A_WEEK_AGO, **given: Any) -> ActionStep:
    """Return a step of that action."""
    usual: dict[str, Any] = {"words": "All fifty were read, and 44 show it.", "happened_on": on}
    about: dict[str, Any] = {
        "id": 1,
        "action_id": 7,
        "service": SERVICE,
        "recorded_at": moment(on),
        "by": "x",
        "by_name": "X",
    }
    return ActionStep(stage=stage, **about | usual | given)


def a_report_due(published_on: date, **given: Any) -> ReportDue:
    """Return a report published on a day, with eight recommendations."""
    usual: dict[str, Any] = {"inspection_id": 4, "title": "Under lock", "count": 8}
    last = last_day_to_respond(published_on)
    return ReportDue(published_on=published_on, last_day=last, **usual | given)


def asked(*things: Any, asked_on: date = TODAY, today: date = TODAY) -> set[Trigger | None]:
    """Return the rules that hold for any of these."""
    return {q.trigger for thing in things for q in fired(thing, Occasion(today, asked_on))}


TWICE = (a_move(day(100), day(200)), a_move(day(200), day(500)))
STRONG = an_item(describes_on=ago(3))
WEAK = an_item(describes_on=ago(3), kind=EvidenceKind.TRAINING, direction=Direction.NO_RESULT, sample=None)
OTHER = SameAsk("CC-002", "Rights explained to victims", 2, "Rape and serious offences")

Scenario = tuple[str, Trigger, Any]

HOLDS: Sequence[Scenario] = [
    ("agreed last time, and its day has passed", Trigger.ACTION_NOT_DONE, an_action()),
    ("agreed last time, and its day is that of the meeting", Trigger.ACTION_NOT_DONE, an_action(TODAY)),
    (
        "reported done, then sent back",
        Trigger.ACTION_NOT_DONE,
        an_action(ago(40), a_step(ActionStage.REPORTED, ago(20)), a_step(ActionStage.SENT_BACK, ago(10))),
    ),
    (
        "its day moved, and that day has passed too",
        Trigger.ACTION_NOT_DONE,
        an_action(ago(40), a_step(ActionStage.MOVED, due_on=ago(1))),
    ),
    ("14 days are left to respond", Trigger.RESPONSE_DUE, a_report_due(ago(55 - max(WARNING_DAYS)))),
    ("today is the last day to respond", Trigger.RESPONSE_DUE, a_report_due(ago(55))),
    ("complete, and no evidence at all", Trigger.CLAIMED, a_claim()),
    ("complete, and fresh evidence that is weak", Trigger.CLAIMED, a_claim(evidence=(WEAK,))),
    ("complete, and strong evidence of the day before", Trigger.CLAIMED, a_claim(ago(2), evidence=(STRONG,))),
    (
        "complete, and the office only partly assured",
        Trigger.CLAIMED,
        a_claim(assurance=Assurance.PARTLY_ASSURED, assured_on=ago(40)),
    ),
    ("late by a day, and nothing asked for", Trigger.LATE, a_subject(target_on=ago(1))),
    (
        "late, and the date asked for was refused",
        Trigger.LATE,
        a_subject(target_on=ago(40), refused_on=ago(30)),
    ),
    (
        "late, and the force calls it no longer relevant",
        Trigger.LATE,
        a_subject(target_on=ago(40), force_report=ForceReport.NO_LONGER_RELEVANT),
    ),
    (
        "late, and never reported on",
        Trigger.LATE,
        a_subject(target_on=ago(1), reported_on=None, said_since=None),
    ),
    ("one case short of the target", Trigger.BELOW_TARGET, a_subject(evidence=(a_measure(44, 45),))),
    (
        "on target once, and short of it later",
        Trigger.BELOW_TARGET,
        a_subject(evidence=(a_measure(45, 45, ago(90)), a_measure(44, 45, ago(30), id=2))),
    ),
    (
        "short of it on the same day, as recorded later",
        Trigger.BELOW_TARGET,
        a_subject(evidence=(a_measure(44, 45, id=2), a_measure(45, 45, id=1))),
    ),
    (
        "another measure is on target",
        Trigger.BELOW_TARGET,
        a_subject(evidence=(a_measure(44, 45), a_measure(9, 9, measure="Staff trained", id=2))),
    ),
    (
        "the office was assured before it was measured",
        Trigger.BELOW_TARGET,
        a_subject(evidence=(a_measure(44, 45),), assurance=Assurance.ASSURED, assured_on=ago(91)),
    ),
    (
        "complete, then weighed and not assured",
        Trigger.VOICES_DIFFER,
        a_claim(ago(30), evidence=(STRONG,), assurance=Assurance.NOT_ASSURED, assured_on=ago(30)),
    ),
    (
        "the inspectorate closed it, and work goes on",
        Trigger.VOICES_DIFFER,
        a_subject(position=Position.CLOSED, position_on=ago(90)),
    ),
    (
        "the inspectorate closed it, and the office is not assured",
        Trigger.VOICES_DIFFER,
        a_claim(
            position=Position.NO_FURTHER_ACTION,
            position_on=ago(9),
            assurance=Assurance.NOT_ASSURED,
            assured_on=ago(90),
        ),
    ),
    (
        "the office is assured, and the force reports work",
        Trigger.VOICES_DIFFER,
        a_subject(assurance=Assurance.ASSURED, assured_on=ago(20)),
    ),
    (
        "the office is assured, and the inspectorate still holds it open",
        Trigger.VOICES_DIFFER,
        a_claim(
            evidence=(STRONG,),
            assurance=Assurance.ASSURED,
            assured_on=ago(20),
            position=Position.OPEN,
            position_on=ago(10),
        ),
    ),
    (
        "complete, and the inspectorate has since noted work under way",
        Trigger.VOICES_DIFFER,
        a_claim(ago(30), position=Position.BEING_PROGRESSED, position_on=ago(10)),
    ),
    (
        "complete, and recorded as open by the inspectorate the same day",
        Trigger.VOICES_DIFFER,
        a_claim(ago(30), position=Position.OPEN, position_on=ago(30)),
    ),
    (
        "no longer relevant to the force, and not to the office",
        Trigger.VOICES_DIFFER,
        a_subject(
            force_report=ForceReport.NO_LONGER_RELEVANT,
            said_since=ago(30),
            assurance=Assurance.NOT_ASSURED,
            assured_on=ago(10),
        ),
    ),
    (
        "blocked, and nobody was told",
        Trigger.BLOCKED,
        a_subject(blocked_by="The national website programme", blocked_since=ago(60)),
    ),
    ("moved twice", Trigger.MOVED, a_subject(original_on=day(100), moves=TWICE)),
    ("nobody is named", Trigger.NO_OWNER, a_subject(owner="")),
    ("only blanks are named", Trigger.NO_OWNER, a_subject(owner="  ")),
    ("complete, and nobody is named", Trigger.NO_OWNER, a_claim(owner="", evidence=(STRONG,))),
    ("silent for a quarter to the day", Trigger.SILENT, a_subject(last_update_on=add_months(TODAY, -3))),
    (
        "never reported on since it came a quarter ago",
        Trigger.SILENT,
        a_subject(last_update_on=ago(120), reported_on=None, said_since=None),
    ),
    ("asked again in another report", Trigger.SAME_ASK, a_subject(report_id=1, same_ask=(OTHER,))),
    (
        "asked before, and closed then as met",
        Trigger.SAME_ASK,
        a_subject(
            report_id=1, same_ask=(replace(OTHER, closed_on=ago(300), closure_reason=ClosureReason.MET),)
        ),
    ),
    (
        "asked before, and closed then as superseded",
        Trigger.SAME_ASK,
        a_subject(
            report_id=1,
            same_ask=(replace(OTHER, closed_on=ago(300), closure_reason=ClosureReason.SUPERSEDED),),
        ),
    ),
    (
        "closed as overtaken",
        Trigger.OVERTAKEN,
        a_subject(closed_on=ago(50), closure_reason=ClosureReason.OVERTAKEN),
    ),
]

DOES_NOT: Sequence[Scenario] = [
    ("its day comes after the meeting", Trigger.ACTION_NOT_DONE, an_action(TODAY + timedelta(days=1))),
    (
        "its owner reports it done, and the office has not answered",
        Trigger.ACTION_NOT_DONE,
        an_action(ago(40), a_step(ActionStage.REPORTED)),
    ),
    (
        "done, as the office agrees",
        Trigger.ACTION_NOT_DONE,
        an_action(ago(40), a_step(ActionStage.REPORTED, ago(30)), a_step(ActionStage.DONE)),
    ),
    ("no longer needed", Trigger.ACTION_NOT_DONE, an_action(ago(40), a_step(ActionStage.WITHDRAWN))),
    (
        "its day moved beyond the meeting",
        Trigger.ACTION_NOT_DONE,
        an_action(ago(40), a_step(ActionStage.MOVED, due_on=TODAY + timedelta(days=9))),
    ),
    ("15 days are left to respond", Trigger.RESPONSE_DUE, a_report_due(ago(54 - max(WARNING_DAYS)))),
    ("the last day to respond was yesterday", Trigger.RESPONSE_DUE, a_report_due(ago(56))),
    ("complete, and strong evidence of that day", Trigger.CLAIMED, a_claim(ago(3), evidence=(STRONG,))),
    (
        "complete, weakly evidenced, and the office is assured",
        Trigger.CLAIMED,
        a_claim(evidence=(WEAK,), assurance=Assurance.ASSURED, assured_on=ago(1)),
    ),
    ("in progress without evidence", Trigger.CLAIMED, a_subject()),
    (
        "closed, and complete without evidence",
        Trigger.CLAIMED,
        a_claim(closed_on=ago(1), closure_reason=ClosureReason.NOT_FOR_US),
    ),
    ("due today", Trigger.LATE, a_subject(target_on=TODAY)),
    ("late, and another date waits", Trigger.LATE, a_subject(target_on=ago(40), pending_on=day(500))),
    ("late, and reported complete", Trigger.LATE, a_claim(target_on=ago(40))),
    ("late, and its closure is proposed", Trigger.LATE, a_subject(target_on=ago(40), proposed_on=ago(3))),
    ("no date was ever set", Trigger.LATE, a_subject(target_on=None, original_on=None)),
    (
        "closed after its date",
        Trigger.LATE,
        a_subject(target_on=ago(40), closed_on=ago(1), closure_reason=ClosureReason.MET),
    ),
    ("exactly on target", Trigger.BELOW_TARGET, a_subject(evidence=(a_measure(45, 45),))),
    ("measured without a target", Trigger.BELOW_TARGET, a_subject(evidence=(a_measure(3, None),))),
    (
        "short of it, then on target",
        Trigger.BELOW_TARGET,
        a_subject(evidence=(a_measure(44, 45, ago(90)), a_measure(45, 45, ago(30), id=2))),
    ),
    (
        "short of it, then on target under the same name in other letters",
        Trigger.BELOW_TARGET,
        a_subject(
            evidence=(
                a_measure(44, 45, ago(90)),
                a_measure(45, 45, ago(30), id=2, measure="victims who  remember being told"),
            )
        ),
    ),
    (
        "short of it, and the office was assured that day",
        Trigger.BELOW_TARGET,
        a_subject(evidence=(a_measure(44, 45),), assurance=Assurance.ASSURED, assured_on=ago(90)),
    ),
    ("nobody has spoken but the force", Trigger.VOICES_DIFFER, a_claim()),
    (
        "not assured, and reported complete the day after",
        Trigger.VOICES_DIFFER,
        a_claim(ago(30), assurance=Assurance.NOT_ASSURED, assured_on=ago(31)),
    ),
    (
        "held open by the inspectorate before it was reported complete",
        Trigger.VOICES_DIFFER,
        a_claim(ago(30), position=Position.OPEN, position_on=ago(300)),
    ),
    (
        "complete, and waiting for the inspectorate",
        Trigger.VOICES_DIFFER,
        a_claim(position=Position.AWAITING_REVIEW, position_on=ago(3)),
    ),
    (
        "in progress, not assured, held open: all say no",
        Trigger.VOICES_DIFFER,
        a_subject(
            assurance=Assurance.NOT_ASSURED, assured_on=ago(3), position=Position.OPEN, position_on=ago(3)
        ),
    ),
    (
        "blocked, and escalated",
        Trigger.BLOCKED,
        a_subject(blocked_by="The website programme", blocked_since=ago(60), escalated_on=ago(20)),
    ),
    ("not blocked any more", Trigger.BLOCKED, a_subject()),
    (
        "moved once",
        Trigger.MOVED,
        a_subject(original_on=day(200), moves=TWICE[1:]),
    ),
    (
        "moved twice, once to correct a date recorded wrongly",
        Trigger.MOVED,
        a_subject(
            original_on=day(100), moves=(replace(TWICE[0], category=MoveCategory.CORRECTION), TWICE[1])
        ),
    ),
    (
        "moved twice, once to an earlier day",
        Trigger.MOVED,
        a_subject(original_on=day(200), moves=(a_move(day(200), day(100)), a_move(day(100), day(500)))),
    ),
    ("moved twice, and reported complete", Trigger.MOVED, a_claim(original_on=day(100), moves=TWICE)),
    ("owned", Trigger.NO_OWNER, a_subject()),
    (
        "closed without an owner",
        Trigger.NO_OWNER,
        a_subject(owner="", closed_on=ago(1), closure_reason=ClosureReason.MET),
    ),
    (
        "the day before the quarter is over",
        Trigger.SILENT,
        a_subject(last_update_on=add_months(TODAY, -3) + timedelta(days=1)),
    ),
    ("complete for half a year", Trigger.SILENT, a_claim(ago(180))),
    (
        "the same ask twice in one report",
        Trigger.SAME_ASK,
        a_subject(report_id=2, same_ask=(OTHER,)),
    ),
    (
        "closed, and the same ask is still open elsewhere",
        Trigger.SAME_ASK,
        a_subject(report_id=1, same_ask=(OTHER,), closed_on=ago(9), closure_reason=ClosureReason.SUPERSEDED),
    ),
    ("closed as met", Trigger.OVERTAKEN, a_subject(closed_on=ago(50), closure_reason=ClosureReason.MET)),
    (
        "closed as superseded",
        Trigger.OVERTAKEN,
        a_subject(closed_on=ago(50), closure_reason=ClosureReason.SUPERSEDED),
    ),
    (
        "overtaken, and one that asks the same was met",
        Trigger.OVERTAKEN,
        a_subject(closed_on=ago(50), closure_reason=ClosureReason.OVERTAKEN, was_met=True),
    ),
    (
        "overtaken, and answered for before",
        Trigger.OVERTAKEN,
        a_subject(closed_on=ago(50), closure_reason=ClosureReason.OVERTAKEN, is_settled=True),
    ),
    ("open again after it was overtaken", Trigger.OVERTAKEN, a_subject(closure_reason=None)),
]


@pytest.mark.parametrize(
    ("trigger", "thing"), [pytest.param(t, x, id=f"{t.value}: {title}") for title, t, x in HOLDS]
)
def test_a_rule_holds(trigger: Trigger, thing: Any) -> None:
    """What must prompt a question does."""
    assert trigger in asked(thing)


@pytest.mark.parametrize(
    ("trigger", "thing"), [pytest.param(t, x, id=f"{t.value}: {title}") for title, t, x in DOES_NOT]
)
def test_a_rule_does_not_hold(trigger: Trigger, thing: Any) -> None:
    """What only comes close to a reason prompts no question of that rule."""
    assert trigger not in asked(thing)


def test_every_rule_has_what_prompts_it_and_what_does_not() -> None:
    """The two tables above cover all twelve rules, and the table of rules has each once."""
    assert {t for _, t, _ in HOLDS} == {t for _, t, _ in DOES_NOT} == set(Trigger)
    assert [rule.trigger for rule in RULES] == list(Trigger)
    assert len(RULES) == 12


def test_nothing_is_asked_where_nothing_is_wrong() -> None:
    """A recommendation that is owned, reported, on course and evidenced prompts no question."""
    assert not asked(a_subject(evidence=(STRONG,)))


def test_a_meeting_later_on_sees_what_comes_due_until_then() -> None:
    """An action due between the day of reading and the meeting is asked for, and so is a response."""
    soon, meeting = TODAY + timedelta(days=10), TODAY + timedelta(days=12)

    assert asked(an_action(soon)) == set()
    assert asked(an_action(soon), asked_on=meeting) == {Trigger.ACTION_NOT_DONE}
    assert asked(a_report_due(ago(30))) == set()
    assert asked(a_report_due(ago(30)), asked_on=meeting) == {Trigger.RESPONSE_DUE}


# What the rules read


def test_a_claim_dates_from_the_first_report_that_says_so() -> None:
    """Saying complete again does not make the claim newer; having said otherwise in between does."""
    reports = [
        a_report(day(1), ForceReport.COMPLETE),
        a_report(day(5), n=2),
        a_report(day(9), ForceReport.COMPLETE, n=3),
        a_report(day(20), ForceReport.COMPLETE, n=4),
    ]

    assert said_since(reports) == day(9)
    assert said_since(reports[:1]) == day(1)
    assert said_since([]) is None


def test_a_block_dates_from_the_first_report_that_names_one() -> None:
    """Other words for it are the same block; a report without one ends it."""
    reports = [
        a_report(day(1), blocked_by="The ministry"),
        a_report(day(5), n=2),
        a_report(day(9), n=3, blocked_by="The website programme"),
        a_report(day(20), n=4, blocked_by="Still the website programme"),
    ]

    assert blocked_since(reports) == day(9)
    assert blocked_since(reports[:2]) is None
    assert blocked_since([]) is None


def a_minute(on: date) -> EvidenceItem:
    """Return a board's minute of a day."""
    return an_item(kind=EvidenceKind.BOARD_MINUTE, describes_on=on)


def a_decision(on: date, ask: str) -> AssuranceDecision:
    """Return a decision of the office, with what it asks for."""
    told = {"level": Assurance.NOT_ASSURED, "rationale": "Few.", "ask": ask}
    return AssuranceDecision(**stamped(happened_on=on, **told))


@pytest.mark.parametrize(
    ("evidence", "decisions", "actions", "found"),
    [
        pytest.param([], [], [], None, id="nobody was told"),
        pytest.param([a_minute(ago(60))], [], [], ago(60), id="a board minuted it that day"),
        pytest.param([a_minute(ago(61))], [], [], None, id="a board met the day before"),
        pytest.param([an_item(describes_on=ago(3))], [], [], None, id="evidence that is no board minute"),
        pytest.param([], [a_decision(ago(30), "A letter")], [], ago(30), id="the office asked for something"),
        pytest.param([], [a_decision(ago(30), "")], [], None, id="the office decided and asked for nothing"),
        pytest.param(
            [], [a_decision(ago(70), "A letter")], [], None, id="the office asked before it was blocked"
        ),
        pytest.param([], [], [an_action(agreed_on=ago(20))], ago(20), id="an action was agreed"),
        pytest.param([], [], [an_action(agreed_on=ago(90))], ago(60), id="an older action is still open"),
        pytest.param(
            [],
            [],
            [an_action(ago(70), a_step(ActionStage.WITHDRAWN, ago(65)), agreed_on=ago(90))],
            None,
            id="an older action has ended",
        ),
        pytest.param(
            [a_minute(ago(9))],
            [a_decision(ago(30), "A letter")],
            [],
            ago(30),
            id="the first of several",
        ),
    ],
)
def test_a_block_is_escalated_when_somebody_who_can_act_was_told_since(
    evidence: list[EvidenceItem],
    decisions: list[AssuranceDecision],
    actions: list[ActionState],
    found: date | None,
) -> None:
    """A board minute, a request of the office or an action, from the day of the block on."""
    assert escalated_on(ago(60), evidence, decisions, actions) == found


@pytest.mark.parametrize(
    ("last", "quarter"),
    [
        (date(2023, 1, 16), date(2023, 4, 16)),
        (date(2022, 11, 30), date(2023, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),
        (date(2023, 12, 31), date(2024, 3, 31)),
    ],
)
def test_a_quarter_is_three_calendar_months(last: date, quarter: date) -> None:
    """It ends on the same day of the month, or the last of a shorter one."""
    assert quarter_after(last) == quarter


def test_what_asks_the_same_as_the_same_is_one_group() -> None:
    """Links that join up make one group, whatever their direction and order."""
    links = [("B", "A"), ("C", "D"), ("E", "D"), ("A", "F")]

    assert same_ask_groups(links) == [("A", "B", "F"), ("C", "D", "E")]
    assert same_ask_groups([*links, ("F", "E")]) == [("A", "B", "C", "D", "E", "F")]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (a_measure(8, 11, sample=12), "8 of 12"),
        (a_measure(1204, 2000, sample=2200), "1,204 of 2,200"),
        (a_measure(68, 90, unit="%", sample=147), "68%"),
        (a_measure(97.9, 100, unit="%", sample=None), "97.9%"),
        (a_measure(3, 5, unit="minutes", sample=40), "3 minutes"),
        (a_measure(1.4, None, unit="minutes", sample=1840), "1.4 minutes"),
        (a_measure(60, 45, sample=50), "60 cases"),
        (a_measure(12, None, unit="", sample=None), "12"),
        (a_measure(-2.5, 0, unit="points", sample=None), "−2.5 points"),
        (a_measure(1e9, 2e9, unit="", sample=None), "1,000,000,000"),
    ],
)
def test_a_value_is_told_of_its_sample_only_where_it_counts_cases(item: EvidenceItem, words: str) -> None:
    """Eight of twelve, but 68 per cent and three minutes; no number becomes a power of ten."""
    assert value_words(item) == words


# The words


def sentences(text: str) -> int:
    """Return how many sentences a question has, what people wrote in quotation marks apart."""
    return len(re.findall(r"[.?!](?:\s|$)", re.sub(r"“[^”]*”", "“”", text)))


RUDE = re.compile(
    r"\b(fail\w*|excuse\w*|blame\w*|unacceptable|why (?:have|did|has) you not|still not|yet again|overdue|breach\w*|"
    r"incompeten\w*|negligen\w*|mislead\w*|refuse\w*)\b|!",
    re.IGNORECASE,
)
EVERY = [pytest.param(t, x, id=f"{t.value}: {title}") for title, t, x in HOLDS]


@pytest.mark.parametrize(("trigger", "thing"), EVERY)
def test_a_question_is_short_courteous_and_to_the_point(trigger: Trigger, thing: Any) -> None:
    """Two sentences, a question mark at the end, a day or a number in it, nobody blamed, no blank left."""
    for question in fired(thing, Occasion(TODAY, TODAY)):
        spoken = re.sub(r"“[^”]*”", "“”", question.text)
        assert sentences(question.text) == 2, question.text
        assert question.text.endswith("?")
        assert len(question.text) <= 400
        assert re.search(r"[0-9]|Two reports", spoken), question.text
        assert not RUDE.search(spoken), question.text
        assert "None" not in spoken
        assert "  " not in question.text
        assert question.text[0].isupper() or question.text[0] == "“"


@pytest.mark.parametrize(("trigger", "thing"), EVERY)
def test_a_question_carries_its_facts(trigger: Trigger, thing: Any) -> None:
    """One to three facts: a short figure and one sentence each, with nothing twice."""
    for question in fired(thing, Occasion(TODAY, TODAY)):
        assert 1 <= len(question.facts) <= FACTS_MAX
        assert len(set(question.facts)) == len(question.facts)
        assert 0 < len(question.title) <= TITLE_MAX
        for fact in question.facts:
            assert 0 < len(fact.figure) <= 18, fact
            assert fact.words.endswith("."), fact
            assert sentences(fact.words) == 1, fact


def test_the_table_says_why_each_question_matters_and_why_it_stands_where_it_stands() -> None:
    """Each row has its reasons, an answer that may come and what to ask then, in one line each."""
    for rule in RULES:
        for words in (rule.why, rule.stands, rule.follow_up):
            assert words.endswith(".")
            assert len(words) <= 140, words
        assert rule.follow_up_if == rule.follow_up_if.rstrip(".").strip()
        assert not RUDE.search(f"{rule.why} {rule.follow_up}")
        assert rule.trigger.meaning.endswith(".")


def question_of(thing: Any, trigger: Trigger | None = None, today: date = TODAY) -> Question:
    """Return the question of a rule about a thing; the first without one."""
    return next(q for q in fired(thing, Occasion(today, today)) if trigger in (None, q.trigger))


@pytest.mark.parametrize(
    ("thing", "trigger", "words"),
    [
        pytest.param(
            a_subject(evidence=(a_measure(8, 11, date(2025, 1, 26), sample=12),)),
            Trigger.BELOW_TARGET,
            "On “Victims told of their rights”, the figure for “Victims who remember being told” was 8 of 12 in "
            "January 2025, and the target is 11. What has changed since, and what did the last sample show?",
            id="a measure",
        ),
        pytest.param(
            a_subject(evidence=(a_measure(8, 11, ago(60), sample=12),)),
            Trigger.BELOW_TARGET,
            "On “Victims told of their rights”, the figure for “Victims who remember being told” was 8 of 12 in "
            "February 2025, and the target is 11. What is being done about the difference, and when will it be "
            "counted again?",
            id="a fresh measure",
        ),
        pytest.param(
            a_claim(date(2025, 3, 2), evidence=(a_measure(8, 11, date(2025, 1, 26), sample=12),)),
            Trigger.CLAIMED,
            "You told us on 2 March 2025 that “Victims told of their rights” is complete; in January 2025 the figure "
            "was 8 of 12, and the target is 11. If 12 more were drawn today, how many would show it?",
            id="a claim against its measure",
        ),
        pytest.param(
            a_subject(target_on=date(2025, 3, 31), precision=Precision.MONTH),
            Trigger.LATE,
            "“Victims told of their rights” was due by the end of March 2025, and no new date has been asked for. "
            "By which day will it be done, and what is still to do?",
            id="late against a month",
        ),
        pytest.param(
            a_subject(target_on=date(2025, 3, 31), refused_on=date(2025, 4, 2)),
            Trigger.LATE,
            "“Victims told of their rights” was due on 31 March 2025; the new date asked for was not agreed on "
            "2 April 2025, and no other has been asked for. By which day will it be done, and what is still to do?",
            id="late after a refusal",
        ),
        pytest.param(
            a_subject(original_on=day(100), moves=TWICE),
            Trigger.MOVED,
            "The date for “Victims told of their rights” has moved twice, from 12 June 2024 to 17 July 2025, "
            "400 days later. What makes this date different, and which step comes first?",
            id="moved twice",
        ),
    ],
)
def test_a_question_is_asked_in_these_words(thing: Any, trigger: Trigger, words: str) -> None:
    """The days and numbers are those of the register, in the words of the office."""
    assert question_of(thing, trigger).text == words


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        pytest.param([], "we hold no evidence of it yet", id="none"),
        pytest.param(
            [an_item(kind=EvidenceKind.TRAINING, sample=None, describes_on=ago(40))],
            "the evidence for it so far is a training record of February 2025",
            id="training",
        ),
        pytest.param(
            [an_item(kind=EvidenceKind.ASSERTION, sample=None, describes_on=ago(3))],
            "the evidence for it so far is a statement of April 2025",
            id="somebody says so",
        ),
        pytest.param(
            [an_item(describes_on=ago(370))],
            "describes April 2024, over a year ago",
            id="strong once, and old",
        ),
        pytest.param(
            [an_item(checked_by=CheckedBy.OWN_TEAM, sample=None, describes_on=ago(3))],
            "is a check of April 2025 by the team itself",
            id="the team's own look",
        ),
        pytest.param(
            [an_item(direction=Direction.NO_RESULT, describes_on=ago(3))],
            "the evidence of April 2025 does not yet show the result",
            id="no result",
        ),
        pytest.param(
            [STRONG, an_item(id=2, direction=Direction.CONTRADICTS, describes_on=ago(3))],
            "evidence of April 2025 points the other way",
            id="contradicted",
        ),
        pytest.param(
            [
                an_item(describes_on=ago(70)),
                an_item(id=2, direction=Direction.CONTRADICTS, describes_on=ago(60)),
                an_item(id=3, kind=EvidenceKind.POLICY, sample=None, describes_on=ago(3)),
            ],
            "evidence of February 2025 points the other way",
            id="contradicted, and a policy since",
        ),
        pytest.param(
            [an_item(describes_on=ago(40))],
            "the newest evidence describes 27 February 2025, 10 days before that",
            id="strong, and older than the claim",
        ),
    ],
)
def test_a_claim_is_held_against_what_evidence_there_is(evidence: list[EvidenceItem], words: str) -> None:
    """The question says what stands against it, and no more than the evidence says."""
    question = question_of(a_claim(ago(30), evidence=tuple(evidence)), Trigger.CLAIMED)

    assert f"is complete; {words}. " in question.text or f"; the evidence for it {words}. " in question.text


def test_what_was_reported_is_not_told_where_nothing_was() -> None:
    """Not started is what stands before any report: it is not put in the force's mouth."""
    never = a_subject(
        target_on=ago(40), force_report=ForceReport.NOT_STARTED, reported_on=None, said_since=None
    )
    told = a_subject(target_on=ago(40), force_report=ForceReport.NOT_STARTED)

    assert "nothing has been reported" in question_of(never).text
    assert "you report that it has not started" in question_of(told).text


HOSTILE = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "[click](javascript:x) **b** _i_",
    "Line\nbreak\tand  blanks",
    "Ends in a stop.",
    "“Quoted” by somebody",
    "",
    "\u202eright to left",
    "a" * 42,
]


@pytest.mark.parametrize("title", HOSTILE)
def test_what_people_wrote_comes_through_unharmed(title: str) -> None:
    """Titles, measures, reasons and what is in the way stand as written, on one line, with no markup of ours."""
    shown = " ".join(title.split()).removesuffix(".")
    subject = a_subject(
        short_title=title,
        blocked_by=title or "The ministry",
        blocked_since=ago(60),
        evidence=(a_measure(44, 45, measure=title, title=title),),
        original_on=day(100),
        moves=(TWICE[0], replace(TWICE[1], reason=title)),
        same_ask=(replace(OTHER, short_title=title, report=title),),
        report_id=1,
    )
    questions = fired(subject, Occasion(TODAY, TODAY))

    assert len(questions) == 4
    for question in questions:
        assert f"“{shown}”" in question.text
        assert "\n" not in question.text
        for fact in question.facts:
            assert "\n" not in fact.words


def test_what_is_long_is_cut_and_the_question_stays_short() -> None:
    """Words without end do not make a question without end, and never lose their quotation marks."""
    long = "very long words without end " * 40
    subject = a_subject(
        blocked_by=long,
        blocked_since=ago(60),
        evidence=(a_measure(44, 45, measure=long),),
        asked=long,
        closure_test=long,
    )
    for question in fired(subject, Occasion(TODAY, TODAY)):
        assert len(question.text) <= 400
        assert "…”" in question.text

    assert quoted(long, 20) == "“very long words…”"
    assert cut("x" * 50, 20) == "x" * 19 + "…"
    assert cut("short", 20) == "short"


# Proposing


def proposed(*subjects: Subject, **given: Any) -> list[Question]:
    """Return the questions proposed about some recommendations."""
    return propose(subjects, given.pop("reports", ()), given.pop("actions", ()), TODAY, **given)


def test_one_recommendation_is_asked_about_once() -> None:
    """The worst is asked, the others are named and give their facts after its own."""
    subject = a_subject(
        target_on=ago(47),
        original_on=day(100),
        moves=TWICE,
        owner="",
        evidence=(a_measure(8, 11, sample=12),),
    )

    alone = [q.trigger for q in fired(subject, Occasion(TODAY, TODAY))]
    [question] = proposed(subject)

    assert alone == [Trigger.LATE, Trigger.BELOW_TARGET, Trigger.MOVED, Trigger.NO_OWNER]
    assert question.key == "late:CC-001"
    assert question.also == (Trigger.BELOW_TARGET, Trigger.MOVED, Trigger.NO_OWNER)
    assert [fact.figure for fact in question.facts] == ["47 days", "8 of 12", "Fair"]


def test_an_action_speaks_for_its_recommendation() -> None:
    """What was promised is asked for, under the recommendation's name and with its facts; only one action speaks for it."""
    subject = a_claim(reference="A", short_title="Calls answered", evidence=(a_measure(8, 11, sample=12),))
    other = an_action(id=8, what="Write to the supplier.", reference="A")

    first, second = proposed(subject, actions=[an_action(reference="A"), other])

    assert (first.key, first.title, first.references) == ("action_not_done:7", "Calls answered", ("A",))
    assert first.also == (Trigger.CLAIMED, Trigger.BELOW_TARGET)
    assert [fact.figure for fact in first.facts] == ["7 days", "None", "8 of 12"]
    assert (second.key, second.also) == ("action_not_done:8", ())

    [again] = proposed(subject, actions=[an_action(reference="A")], answers=[an_answer("claimed:A")])
    assert (again.key, again.facts[0].figure) == ("action_not_done:7", "Brought back")


def test_what_matters_most_comes_first() -> None:
    """The order is that of the table; within a rule causes of concern, then most reasons, then the longest."""
    late = a_subject(reference="A", target_on=ago(90))
    later = a_subject(reference="B", target_on=ago(300))
    grave = a_subject(reference="C", target_on=ago(1), is_grave=True)
    several = a_subject(reference="D", target_on=ago(2), owner="")
    claim = a_claim(reference="E")

    questions = proposed(
        late, later, grave, several, claim, actions=[an_action()], reports=[a_report_due(ago(50))]
    )

    assert [q.key for q in questions] == [
        "action_not_done:7",
        "response_due:4",
        "claimed:E",
        "late:C",
        "late:D",
        "late:B",
        "late:A",
    ]
    assert [q.key for q in questions] == [q.key for q in sorted(questions, key=lambda q: q.rank)]


def test_the_same_register_proposes_the_same_whatever_its_order() -> None:
    """Nothing depends on the order in which facts come."""
    subjects = [a_subject(reference=f"CC-{n:03}", target_on=ago(n % 7), owner="") for n in range(20)]

    assert proposed(*subjects) == proposed(*reversed(subjects))


def an_answer(question: str, outcome: Outcome = Outcome.BRING_BACK, **given: Any) -> Answer:
    """Return what was answered last time."""
    usual: dict[str, Any] = {
        "id": 1,
        "meeting_id": 3,
        "service": SERVICE,
        "question": question,
        "asked": "By which day will it be done?",
        "outcome": outcome,
        "words": "We shall know by March.",
        "recorded_at": moment(ago(30)),
        "by": "x",
        "by_name": "X",
    }
    return Answer(**usual | given)


def test_what_was_brought_back_is_asked_again_first() -> None:
    """It comes before everything else, with the answer of last time as its first fact, also under another rule's head."""
    owned = a_subject(reference="A", owner="")
    late = a_subject(reference="B", target_on=ago(5), owner="")

    first, second = proposed(late, owned, answers=[an_answer("no_owner:B")])[:2]

    assert first.key == "late:B"
    assert first.facts[0].figure == "Brought back"
    assert "We shall know by March" in first.facts[0].words
    assert second.key == "no_owner:A"


def test_what_was_brought_back_and_has_no_reason_now_is_asked_as_it_was() -> None:
    """A promise to ask again is kept, and says that what prompted it is gone; one that somebody wrote only asks."""
    questions = proposed(
        answers=[
            an_answer("late:A", references=("A",)),
            an_answer("own:4", id=2, asked="Who pays for it?"),
            an_answer("late:B", Outcome.ANSWERED, id=3),
        ]
    )

    assert [(q.key, q.text) for q in questions] == [
        ("late:A", "By which day will it be done?"),
        ("own:4", "Who pays for it?"),
    ]
    assert [fact.figure for fact in questions[0].facts] == ["Brought back", "Since then"]
    assert questions[1].trigger is None


def test_the_last_answer_to_a_question_counts() -> None:
    """What was first to be brought back, and then answered, is not asked again."""
    answers = [an_answer("own:4"), an_answer("own:4", Outcome.ANSWERED, id=2)]

    assert proposed(answers=answers) == []


# What people make of them


def a_question(n: int, trigger: Trigger = Trigger.LATE) -> Question:
    """Return one of many proposed questions."""
    return Question(f"{trigger.value}:{n:03}", trigger, f"Title {n}", f"Question {n}?", rank=(1, 1, 0, n, ""))


def a_change(question: str, stage: QuestionStage, **given: Any) -> QuestionChange:
    """Return a change to the questions of a meeting."""
    usual: dict[str, Any] = {
        "id": 1,
        "meeting_id": 3,
        "service": SERVICE,
        "recorded_at": end_of_day(DAY),
        "by": "x",
        "by_name": "X",
    }
    return QuestionChange(question=question, stage=stage, **usual | given)


def keys(prepared: Prepared) -> tuple[list[str], list[str]]:
    """Return the keys asked and left out."""
    return [q.key for q in prepared.questions], [q.key for q in prepared.left_out]


FEW = [a_question(n, trigger) for n, trigger in enumerate(Trigger)][:4]
A, B, C, D = (question.key for question in FEW)


def test_a_meeting_begins_with_a_dozen_of_several_rules() -> None:
    """Two of each rule in turn, in their order; more of one where there is room; the rest is left out, in order."""
    few = [a_question(n) for n in range(5)]
    many = [a_question(n) for n in range(20)]
    mixed = [*many, *(a_question(100 + n, Trigger.MOVED) for n in range(4)), a_question(200, Trigger.SILENT)]

    assert first_asked([]) == []
    assert first_asked(few) == [q.key for q in few]
    assert keys(fold(many, [])) == ([q.key for q in many[:ASKED_MAX]], [q.key for q in many[ASKED_MAX:]])
    assert first_asked(mixed) == [*(q.key for q in many[:7]), *(q.key for q in mixed[20:])]


def test_what_was_brought_back_is_always_asked() -> None:
    """However much there is, and without taking the turn of its rule."""
    back = [replace(a_question(n), rank=(0, 1, 0, n, "")) for n in range(5)]
    others = [a_question(10 + n) for n in range(20)]

    assert first_asked([*back, *others]) == [q.key for q in [*back, *others[:7]]]


@pytest.mark.parametrize(
    ("changes", "is_asked", "is_left_out"),
    [
        pytest.param([], [A, B, C, D], [], id="nothing"),
        pytest.param([(B, QuestionStage.DROPPED, {})], [A, C, D], [B], id="one is left out"),
        pytest.param(
            [(B, QuestionStage.DROPPED, {}), (B, QuestionStage.BROUGHT_BACK, {})],
            [A, B, C, D],
            [],
            id="and brought back to its place",
        ),
        pytest.param([(D, QuestionStage.PLACED, {"place": 1})], [D, A, B, C], [], id="the last comes first"),
        pytest.param([(A, QuestionStage.PLACED, {"place": 3})], [B, C, A, D], [], id="the first comes third"),
        pytest.param([(A, QuestionStage.PLACED, {"place": 99})], [B, C, D, A], [], id="beyond the end"),
        pytest.param(
            [(B, QuestionStage.DROPPED, {}), (D, QuestionStage.PLACED, {"place": 2})],
            [A, D, C],
            [B],
            id="places count those asked",
        ),
        pytest.param(
            [("own:9", QuestionStage.ADDED, {"text": "And the cost?"})],
            [A, B, C, D, "own:9"],
            [],
            id="one's own comes last",
        ),
        pytest.param(
            [
                ("own:9", QuestionStage.ADDED, {"text": "And the cost?"}),
                ("own:9", QuestionStage.PLACED, {"place": 2}),
                ("own:9", QuestionStage.DROPPED, {}),
            ],
            [A, B, C, D],
            ["own:9"],
            id="one's own is moved and left out",
        ),
        pytest.param(
            [("late:gone", QuestionStage.DROPPED, {}), ("late:gone", QuestionStage.PLACED, {"place": 1})],
            [A, B, C, D],
            [],
            id="what was done to one whose reason has gone is forgotten",
        ),
    ],
)
def test_people_change_what_is_asked(
    changes: list[tuple[str, QuestionStage, dict[str, Any]]], is_asked: list[str], is_left_out: list[str]
) -> None:
    """Left out, brought back, moved and added, in the order in which it was done."""
    told = [a_change(key, stage, **given) for key, stage, given in changes]

    assert keys(fold(FEW, told)) == (is_asked, is_left_out)


def test_an_edited_question_keeps_its_facts_and_what_it_was() -> None:
    """The words are new, the rule's own stay beside them, and its own words again are no edit."""
    edit = a_change(A, QuestionStage.EDITED, text="How long will it take?")
    undo = a_change(A, QuestionStage.EDITED, text=FEW[0].text)

    edited = fold(FEW, [edit]).questions[0]

    assert (edited.text, edited.as_proposed) == ("How long will it take?", FEW[0].text)
    assert edited.facts == FEW[0].facts
    assert fold(FEW, [edit, undo]).questions[0] == FEW[0]


def test_an_edited_question_whose_reason_has_gone_is_left_out_with_its_words() -> None:
    """Nobody's words are lost, and nothing is asked that no longer holds."""
    changes = [
        a_change("late:gone", QuestionStage.EDITED, text="How long?", references=("CC-009",)),
        a_change("late:gone", QuestionStage.BROUGHT_BACK),
        a_change("late:gone", QuestionStage.EDITED, text="How much longer?", references=("CC-009",)),
    ]

    prepared = fold(FEW, changes)

    assert [q.key for q in prepared.questions] == [A, B, C, D]
    [gone] = prepared.left_out
    assert (gone.text, gone.is_gone, gone.trigger) == ("How much longer?", True, Trigger.LATE)
    assert gone.references == ("CC-009",)


def test_a_question_that_somebody_chose_stays_when_worse_ones_come() -> None:
    """What was edited, moved or brought back is asked, however far down it falls."""
    late = [a_question(n) for n in range(20)]
    assert late[19].key in keys(fold(late, []))[1]
    for stage in (QuestionStage.EDITED, QuestionStage.PLACED, QuestionStage.BROUGHT_BACK):
        change = a_change(late[19].key, stage, text="How long?", place=1)
        assert late[19].key in keys(fold(late, [change]))[0]


ANY_KEY = st.sampled_from([*(q.key for q in FEW), "late:014", "late:015", "own:1", "own:2", "moved:gone"])
CHANGES = st.lists(
    st.builds(
        a_change,
        ANY_KEY,
        st.sampled_from(QuestionStage),
        text=st.sampled_from(["How long?", "Who pays?"]),
        place=st.one_of(st.none(), st.integers(-3, 30)),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(CHANGES, st.integers(0, 20))
def test_every_question_is_kept_exactly_once_whatever_is_changed(
    changes: list[QuestionChange], more: int
) -> None:
    """Nothing proposed, added or edited is lost or doubled, and no other question comes up."""
    questions = [*FEW, *(a_question(n) for n in range(10, 10 + more))]
    known = {q.key for q in questions}

    prepared = fold(questions, changes)

    found = [q.key for q in (*prepared.questions, *prepared.left_out)]
    written = {c.question for c in changes if c.stage in (QuestionStage.ADDED, QuestionStage.EDITED)}
    assert len(found) == len(set(found))
    assert set(found) == known | written
    assert not any(q.is_gone for q in prepared.questions)


def test_the_grade_of_a_claim_is_that_of_its_evidence() -> None:
    """The builder grades as the product does, so that the scenarios above mean what they say."""
    assert a_subject(evidence=(STRONG,)).grade is Grade.STRONG
    assert a_subject(evidence=(WEAK,)).grade is Grade.WEAK
    assert (
        a_subject(evidence=(an_item(describes_on=ago(3), checked_by=CheckedBy.OWN_TEAM),)).grade is Grade.FAIR
    )
    assert a_subject().grade is Grade.NONE
