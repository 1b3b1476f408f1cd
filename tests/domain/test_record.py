from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from monitor.dates import end_of_day
from monitor.domain.access import Role
from monitor.domain.record import Record, Spell, Stamp, state_of
from monitor.domain.statuses import (
    Applicability,
    Assurance,
    ClosureReason,
    ForceReport,
    LinkKind,
    MoveCategory,
    Position,
    Precision,
    SetBy,
)
from monitor.errors import AccessError, RuleError
from tests.builders import (
    DAY,
    EDITOR,
    EDITOR_2,
    OFFICE,
    OFFICE_2,
    REASON,
    a_record,
    an_item,
    asked_for,
    closed,
    day,
    evidenced,
    moment,
    person,
    proposed,
    stamp,
)

Act = Callable[[Record, Stamp], object]

# Who says what, when


def test_a_new_recommendation_is_open_and_nothing_has_been_said() -> None:
    """Before anyone speaks, each voice has its first word and no date is invented."""
    state = state_of(a_record())

    assert state.force_report is ForceReport.NOT_STARTED
    assert state.assurance is Assurance.NOT_LOOKED_AT
    assert state.position is Position.OPEN
    assert state.opened_on == DAY
    assert (state.target_on, state.original_on, state.closed_on) == (None, None, None)
    assert state.target_precision is Precision.UNKNOWN


def test_the_three_voices_stand_side_by_side() -> None:
    """What the force reports, the office decides and the inspectorate holds never overwrite each other."""
    record = evidenced(a_record())

    record.report(stamp(EDITOR, day(1)), status=ForceReport.COMPLETE, narrative="Done.")
    record.assure(stamp(OFFICE, day(2)), level=Assurance.NOT_ASSURED, rationale="Two cases are not enough.")
    record.take_position(
        stamp(OFFICE, day(3)), position=Position.BEING_PROGRESSED, source="Letter of 5 March"
    )

    state = state_of(record)
    assert (state.force_report, state.force_reported_on) == (ForceReport.COMPLETE, day(1))
    assert (state.assurance, state.assured_on) == (Assurance.NOT_ASSURED, day(2))
    assert (state.position, state.position_on) == (Position.BEING_PROGRESSED, day(3))


def test_a_report_entered_late_does_not_take_the_place_of_a_newer_one() -> None:
    """What happened last counts, not what was typed last."""
    record = a_record()
    record.report(stamp(EDITOR, day(9)), status=ForceReport.COMPLETE, narrative="Done.")

    record.report(stamp(EDITOR, day(4), recorded=day(10)), status=ForceReport.IN_PROGRESS, narrative="Begun.")

    assert state_of(record).force_report is ForceReport.COMPLETE


def test_of_two_reports_on_one_day_the_later_recorded_counts() -> None:
    """Two may fall on one day; the second was said after the first."""
    record = a_record()
    record.report(stamp(EDITOR, day(1)), status=ForceReport.COMPLETE, narrative="Done.")
    record.report(stamp(EDITOR, day(1)), status=ForceReport.IN_PROGRESS, narrative="Not quite.")

    assert state_of(record).force_report is ForceReport.IN_PROGRESS


SAID: list[tuple[str, Act]] = [
    ("a report", lambda r, s: r.report(s, status=ForceReport.IN_PROGRESS, narrative="Begun.")),
    ("a decision", lambda r, s: r.assure(s, level=Assurance.NOT_ASSURED, rationale="Not enough.")),
    ("a position", lambda r, s: r.take_position(s, position=Position.OPEN, source="Letter")),
    ("an assignment", lambda r, s: r.assign(s, owner="Insp A")),
    ("a first date", lambda r, s: r.set_target(s, due_on=day(90))),
    ("evidence", lambda r, s: r.add_evidence(s, an_item())),
    ("a link", lambda r, s: r.link(s, kind=LinkKind.REPEATS, other="CC-002")),
    (
        "a corrected wording",
        lambda r, s: r.word(s, text="The force must do it.", reason=REASON, source="Erratum, page 2"),
    ),
]


@pytest.mark.parametrize("say", [pytest.param(act, id=title) for title, act in SAID])
def test_nothing_happens_in_the_future(say: Act) -> None:
    """A day after the day of recording is refused, by each thing that can be said."""
    with pytest.raises(RuleError, match="lies in the future"):
        say(a_record(), stamp(OFFICE, day(2), recorded=day(1)))


@pytest.mark.parametrize("say", [pytest.param(act, id=title) for title, act in SAID])
def test_nothing_happens_before_it_came_onto_the_register(say: Act) -> None:
    """A day before it was taken in is refused, by each thing that can be said."""
    with pytest.raises(RuleError, match="before CC-001 came onto the register"):
        say(a_record(), stamp(OFFICE, day(-1), recorded=day(1)))


@pytest.mark.parametrize("say", [pytest.param(act, id=title) for title, act in SAID])
def test_what_is_said_carries_who_when_and_both_clocks(say: Act) -> None:
    """Each entry knows the person, the role, the day it happened and the moment it was recorded."""
    record = a_record()

    say(record, stamp(OFFICE, day(3), recorded=day(5)))

    entry = record.new[-1]
    assert (entry.by, entry.by_name, entry.by_role) == (OFFICE.id, OFFICE.name, Role.OFFICE)
    assert entry.happened_on == day(3)
    assert entry.recorded_at == moment(day(5))


@pytest.mark.parametrize("say", [pytest.param(act, id=title) for title, act in SAID])
def test_a_refusal_leaves_the_recommendation_as_it_was(say: Act) -> None:
    """What breaks a rule adds nothing, not even in memory."""
    record = a_record()
    before = list(record.entries)

    with pytest.raises(RuleError):
        say(record, stamp(OFFICE, day(2), recorded=day(1)))

    assert record.entries == before


def test_a_day_is_a_day_in_london() -> None:
    """Half past eleven at night in summer in UTC is the next day in London, and that day may be given."""
    record = a_record()
    late_evening = moment(date(2024, 7, 1)).replace(hour=23, minute=30)

    record.report(
        Stamp(EDITOR, date(2024, 7, 2), late_evening), status=ForceReport.IN_PROGRESS, narrative="Begun."
    )

    assert record.reports[-1].happened_on == date(2024, 7, 2)


# Text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(" \n\t ", id="blanks"),
        pytest.param("\u200b\u200b", id="characters without width"),
        pytest.param("\x00\x07", id="control characters"),
        pytest.param("\u202e", id="a mark that turns the direction"),
        pytest.param("\u00a0", id="a space that does not break"),
    ],
)
def test_text_in_which_nothing_can_be_seen_is_no_text(text: str) -> None:
    """A report without words is not a report, whatever is typed in their place."""
    with pytest.raises(RuleError, match="the report has no words yet"):
        a_record().report(stamp(EDITOR), status=ForceReport.IN_PROGRESS, narrative=text)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param("Cafe\u0301", "Café", id="one spelling of é"),
        pytest.param("a\x00b\x08c", "abc", id="control characters go"),
        pytest.param("a\r\nb\rc", "a\nb\nc", id="one kind of line end"),
        pytest.param("  a\n", "a", id="no blanks around it"),
        pytest.param("a\ud800b", "ab", id="half a character goes"),
        pytest.param("tab\tand line\nstay", "tab\tand line\nstay", id="tabs and lines stay"),
        pytest.param("=cmd|'x'!A1 <b> \u202e", "=cmd|'x'!A1 <b> \u202e", id="what is only odd stays"),
    ],
)
def test_text_is_kept_in_one_spelling(given: str, kept: str) -> None:
    """Two spellings of one word would read the same and hash differently."""
    report = a_record().report(stamp(EDITOR), status=ForceReport.IN_PROGRESS, narrative=given)

    assert report.narrative == kept


@pytest.mark.parametrize(
    ("size", "kept"),
    [pytest.param(20_000, True, id="the longest"), pytest.param(20_001, False, id="one more")],
)
def test_a_text_has_at_most_twenty_thousand_characters(size: int, kept: bool) -> None:
    """The limit is named in the message."""
    record, text = a_record(), "x" * size
    if kept:
        record.report(stamp(EDITOR), status=ForceReport.IN_PROGRESS, narrative=text)
    else:
        with pytest.raises(RuleError, match=r"has 20,001 characters. It can have 20,000"):
            record.report(stamp(EDITOR), status=ForceReport.IN_PROGRESS, narrative=text)


@pytest.mark.parametrize("field", ["owner", "board", "executive_lead", "closure_test", "assessed_when"])
def test_no_field_of_an_assignment_is_without_a_limit(field: str) -> None:
    """An enormous text is refused wherever it is put."""
    with pytest.raises(RuleError, match="can have 20,000"):
        a_record().assign(stamp(), **{field: "x" * 20_001})


@pytest.mark.parametrize(
    ("title", "said"),
    [
        pytest.param("", "needs a short title", id="none"),
        pytest.param("\u200b", "needs a short title", id="nothing to see"),
        pytest.param("x" * 43, "has 43 characters", id="43 characters"),
    ],
)
def test_a_short_title_is_short_and_is_there(title: str, said: str) -> None:
    """People call it by that name, on a screen 390 wide."""
    with pytest.raises(RuleError, match=said):
        a_record(short_title=title)


def test_a_short_title_stands_on_one_line() -> None:
    """A line end pasted with it becomes a space."""
    assert a_record(short_title="Do\n it").short_title == "Do it"


@pytest.mark.parametrize(
    ("reason", "enough"),
    [
        pytest.param("x" * 19, False, id="19 characters"),
        pytest.param("x" * 20, True, id="20 characters"),
        pytest.param("x" + " " * 30 + "y", False, id="blanks do not lengthen it"),
        pytest.param("x" + "\u200b" * 30, False, id="nor do characters without width"),
        pytest.param("\x00" * 30, False, id="nor control characters"),
    ],
)
def test_a_move_needs_a_reason_of_twenty_characters(reason: str, enough: bool) -> None:
    """The message says how many were found."""
    record = a_record(due_on=day(30))
    if enough:
        record.move_date(stamp(), due_on=day(60), reason=reason, category=MoveCategory.SCOPE)
    else:
        with pytest.raises(RuleError, match=r"reason of at least 20 characters; this one has \d+"):
            record.move_date(stamp(), due_on=day(60), reason=reason, category=MoveCategory.SCOPE)


# The printed words


def test_the_first_wording_survives_a_correction() -> None:
    """A correction stands beside the first words, with its reason and its source."""
    record = a_record(text="The force should do it.")

    record.word(
        stamp(on=day(1)), text="The force should do it soon.", reason=REASON, source="Erratum, page 2"
    )

    assert [w.text for w in record.wordings] == ["The force should do it.", "The force should do it soon."]
    assert state_of(record).text == "The force should do it soon."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"reason": "typo"}, "at least 20 characters", id="a short reason"),
        pytest.param({"source": " "}, "where the corrected wording was printed", id="no source"),
        pytest.param({"text": "Café "}, "the same as the one kept", id="the same words"),
        pytest.param(
            {"text": "Cafe\u0301"}, "the same as the one kept", id="the same words, spelt otherwise"
        ),
        pytest.param({"text": ""}, "has no text", id="no words"),
    ],
)
def test_a_corrected_wording_needs_a_reason_a_source_and_other_words(
    given: dict[str, str], said: str
) -> None:
    """The inspectorate's words are not softened in passing."""
    usual = {"text": "Tea", "reason": REASON, "source": "Erratum, page 2"}

    with pytest.raises(RuleError, match=said):
        a_record(text="Café").word(stamp(), **usual | given)


# Whom it is for


def test_what_is_for_others_only_does_not_count() -> None:
    """It is listed and counted apart: it was never open here."""
    record = a_record(applicability=Applicability.FOR_OTHERS)

    assert record.spells() == []
    assert not state_of(record).counts


def test_what_turns_out_to_be_ours_counts_from_that_day() -> None:
    """The day it first counted is the day it was decided."""
    record = a_record(applicability=Applicability.FOR_OTHERS)

    record.assign(stamp(on=day(5)), applicability=Applicability.SHARED)

    assert record.spells() == [Spell(day(5), None, False)]
    assert state_of(record).opened_on == day(5)


def test_what_has_counted_cannot_be_sent_to_others() -> None:
    """It would vanish from the count; it is closed as not for us instead, with evidence and a second person."""
    with pytest.raises(RuleError, match='close it as "Not for us"'):
        a_record().assign(stamp(), applicability=Applicability.FOR_OTHERS)


def test_what_is_for_others_only_cannot_be_closed() -> None:
    """What was never open has no closing; counted later, it would have closed before it opened."""
    record = evidenced(a_record(applicability=Applicability.FOR_OTHERS))

    with pytest.raises(RuleError, match="for others only"):
        proposed(record, day(1), reason=ClosureReason.NOT_FOR_US)


@pytest.mark.parametrize("when", [1, 4])
def test_nothing_is_reported_from_before_it_counted(when: int) -> None:
    """Reports, dates and closings belong to a time when it was open."""
    record = a_record(applicability=Applicability.FOR_OTHERS)
    record.assign(stamp(on=day(5)), applicability=Applicability.FOR_SERVICE)

    with pytest.raises(RuleError, match="first counted as open, on 9 March 2024"):
        record.report(
            stamp(EDITOR, day(when), recorded=day(9)), status=ForceReport.IN_PROGRESS, narrative="Begun."
        )


# Target dates


def test_the_first_date_survives_each_move() -> None:
    """Original, current, moves and days slipped are all kept."""
    record = a_record(due_on=day(30))

    record.move_date(stamp(on=day(1)), due_on=day(60), reason=REASON, category=MoveCategory.SCOPE)
    record.move_date(stamp(on=day(2)), due_on=day(50), reason=REASON, category=MoveCategory.PRIORITY)

    state = state_of(record)
    assert (state.original_on, state.target_on) == (day(30), day(50))
    assert (state.moves, state.days_slipped, state.last_moved_on) == (2, 20, day(2))
    assert [t.from_on for t in record.targets] == [None, day(30), day(60)]


def test_a_first_date_is_set_once() -> None:
    """A second first date would be a move in silence."""
    with pytest.raises(RuleError, match="Ask for another date instead"):
        a_record(due_on=day(30)).set_target(stamp(), due_on=day(60))


def test_a_date_asked_for_does_not_count_until_it_is_agreed() -> None:
    """It is shown as waiting, and the date in force stays."""
    record = asked_for(a_record(due_on=day(30)), day(60))

    state = state_of(record)
    assert (state.target_on, state.pending_on, state.moves) == (day(30), day(60), 0)


def test_an_agreed_date_is_in_force_and_says_who_asked_and_who_agreed() -> None:
    """The move keeps from, to, reason and both people."""
    record = asked_for(a_record(due_on=day(30)), day(60))

    agreed = record.agree_date(stamp(OFFICE, day(2)))

    state = state_of(record)
    assert (state.target_on, state.pending_on, state.moves) == (day(60), None, 1)
    assert (agreed.from_on, agreed.reason, agreed.by) == (day(30), REASON, OFFICE.id)
    assert record.targets[agreed.answers - 1].by == EDITOR.id  # type: ignore[operator]
    assert state.target_set_by is SetBy.SERVICE


def test_a_refused_date_leaves_the_date_and_its_reason_is_told() -> None:
    """The request stays in the list, and another can be made."""
    record = asked_for(a_record(due_on=day(30)), day(60))

    record.refuse_date(stamp(OFFICE, day(2)), reason="The first date was the force's own.")

    state = state_of(record)
    assert (state.target_on, state.pending_on, state.moves) == (day(30), None, 0)
    asked_for(record, day(70), on=day(3))


@pytest.mark.parametrize(
    ("on", "after"),
    [
        pytest.param(day(30), 0, id="on the target date"),
        pytest.param(day(31), 1, id="the day after"),
        pytest.param(day(45), 15, id="a fortnight after"),
    ],
)
def test_a_request_after_the_date_has_passed_says_by_how_long(on: date, after: int) -> None:
    """Asking late is a fact of its own, counted on the row."""
    record = asked_for(a_record(due_on=day(30)), day(90), on=on)

    assert record.targets[-1].days_after_expiry == after
    assert state_of(record).asked_after_expiry == (1 if after else 0)


def test_nobody_agrees_the_date_they_asked_for() -> None:
    """Somebody with both roles still needs a second person."""
    both = person("both", Role.FORCE_EDITOR, Role.OFFICE)
    record = a_record(due_on=day(30))
    record.ask_date(stamp(both), due_on=day(60), reason=REASON, category=MoveCategory.SCOPE)

    with pytest.raises(AccessError, match="It takes a second person"):
        record.agree_date(stamp(both))


MOVES: list[tuple[str, dict[str, Any], str]] = [
    ("to the same day", {"due_on": day(30)}, "already due on"),
    ("to the day of asking", {"due_on": DAY}, "must lie after"),
    ("to a past day", {"due_on": day(-5)}, "must lie after"),
]


@pytest.mark.parametrize(
    ("given", "said"), [pytest.param(given, said, id=title) for title, given, said in MOVES]
)
def test_a_date_moves_to_a_later_day_than_today_and_another_than_its_own(
    given: dict[str, Any], said: str
) -> None:
    """A move to where it stands, or into the past, is no plan."""
    with pytest.raises(RuleError, match=said):
        a_record(due_on=day(30)).move_date(stamp(), reason=REASON, category=MoveCategory.SCOPE, **given)


def test_a_move_cannot_be_dated_before_the_one_it_follows() -> None:
    """Dates in force follow one another in time."""
    record = a_record(due_on=day(30))
    record.move_date(stamp(on=day(5)), due_on=day(60), reason=REASON, category=MoveCategory.SCOPE)

    with pytest.raises(RuleError, match="before CC-001 was given its present date"):
        record.move_date(
            stamp(on=day(4), recorded=day(6)), due_on=day(70), reason=REASON, category=MoveCategory.SCOPE
        )


@pytest.mark.parametrize("answer", ["agree", "refuse"])
def test_an_answer_cannot_be_dated_before_the_request(answer: str) -> None:
    """Nobody answers what has not been asked."""
    record = asked_for(a_record(due_on=day(30)), day(60), on=day(5))
    early = stamp(OFFICE, day(4), recorded=day(6))

    with pytest.raises(RuleError, match="before CC-001 was asked about"):
        record.agree_date(early) if answer == "agree" else record.refuse_date(early, reason=REASON)


def test_a_second_request_waits_for_the_answer_to_the_first() -> None:
    """Two open requests would make it unclear what is agreed."""
    record = asked_for(a_record(due_on=day(30)), day(60))

    with pytest.raises(RuleError, match="waits for the office"):
        asked_for(record, day(70))
    with pytest.raises(RuleError, match="waits for the office"):
        record.move_date(stamp(), due_on=day(70), reason=REASON, category=MoveCategory.SCOPE)


def test_a_request_is_answered_once() -> None:
    """Agreed is agreed."""
    record = asked_for(a_record(due_on=day(30)), day(60))
    record.agree_date(stamp(OFFICE))

    with pytest.raises(RuleError, match="Nobody has asked"):
        record.refuse_date(stamp(OFFICE_2), reason=REASON)


def test_a_move_needs_a_first_date() -> None:
    """What has no date gets its first one."""
    with pytest.raises(RuleError, match="Set the first date instead"):
        asked_for(a_record(), day(60))


def test_the_phrase_as_printed_stays_beside_the_date_through_moves() -> None:
    """The inspectorate's own words are what the first date is read from."""
    record = a_record()
    record.set_target(stamp(), due_on=day(30), phrase="within a month", set_by=SetBy.INSPECTORATE)
    record.move_date(stamp(), due_on=day(60), reason=REASON, category=MoveCategory.SCOPE)

    state = state_of(record)
    assert state.target_phrase == "within a month"
    assert state.target_set_by is SetBy.OFFICE


# Evidence


def test_one_item_may_serve_several_recommendations_of_its_service() -> None:
    """An audit can show two things."""
    first, second, item = a_record(), a_record(), an_item()

    first.add_evidence(stamp(EDITOR), item)
    second.add_evidence(stamp(EDITOR), item)

    assert state_of(first).evidence_count == state_of(second).evidence_count == 1


def test_evidence_of_another_service_shows_nothing_here() -> None:
    """Each service is judged on its own evidence."""
    with pytest.raises(RuleError, match="belongs to Another Force"):
        a_record().add_evidence(stamp(EDITOR), an_item(service="Another Force"))


def test_an_item_serves_a_recommendation_once() -> None:
    """Counting it twice would make it look like more."""
    with pytest.raises(RuleError, match="already serves"):
        evidenced(a_record()).add_evidence(stamp(EDITOR), an_item())


def test_the_office_is_not_assured_without_evidence() -> None:
    """A word of the force is not enough to say assured."""
    with pytest.raises(RuleError, match="cannot be assured of CC-001 without evidence"):
        a_record().assure(stamp(), level=Assurance.ASSURED, rationale="They told us so.")


@pytest.mark.parametrize("level", [a for a in Assurance if a is not Assurance.ASSURED])
def test_the_office_may_say_anything_else_without_evidence(level: Assurance) -> None:
    """That there is none is itself a reason not to be assured."""
    a_record().assure(stamp(), level=level, rationale="There is no evidence.")


# Closing


def test_closing_takes_evidence_and_a_second_person() -> None:
    """One proposes on named evidence, another agrees; then it is closed."""
    record = proposed(evidenced(a_record()), day(1))
    assert not record.is_closed

    record.agree_closure(stamp(OFFICE, day(2)), check_due_on=day(90))

    state = state_of(record)
    assert (state.closed_on, state.closure_reason) == (day(2), ClosureReason.MET)
    assert state.check_due_on == day(90)
    assert record.closing is not None
    assert record.closing.evidence_ids == (1,)
    assert record.closing.answers == 1


def test_nobody_agrees_the_closure_they_proposed() -> None:
    """Not even with the right to agree."""
    record = proposed(a_record(), day(1), by=OFFICE)

    with pytest.raises(AccessError, match="It takes a second person"):
        record.agree_closure(stamp(OFFICE, day(1)))

    assert not record.is_closed


def test_a_person_does_not_become_a_second_by_another_name_or_role() -> None:
    """It is the person's key that is compared."""
    record = proposed(a_record(), day(1), by=person("one", Role.FORCE_EDITOR))
    again = person("one", Role.OFFICE)

    with pytest.raises(AccessError, match="It takes a second person"):
        record.agree_closure(stamp(again, day(1)))


@pytest.mark.parametrize("reason", list(ClosureReason))
def test_no_closure_is_proposed_without_evidence(reason: ClosureReason) -> None:
    """Whatever the reason, something shows it."""
    with pytest.raises(RuleError, match="cannot be closed without evidence"):
        a_record().propose_closure(stamp(EDITOR), reason=reason, statement="Done.", evidence_ids=[])


def test_a_closure_rests_on_evidence_that_serves_this_recommendation() -> None:
    """A number made up, or of another item, is no evidence."""
    with pytest.raises(RuleError, match="Evidence 7 does not serve CC-001"):
        evidenced(a_record()).propose_closure(
            stamp(EDITOR), reason=ClosureReason.MET, statement="Done.", evidence_ids=[1, 7]
        )


def test_met_needs_a_closure_test() -> None:
    """Without a test agreed, nobody can say that it was met."""
    with pytest.raises(RuleError, match="has no closure test"):
        proposed(a_record(closure_test=""), day(1))


@pytest.mark.parametrize("reason", [r for r in ClosureReason if r is not ClosureReason.MET])
def test_what_is_not_met_needs_no_closure_test(reason: ClosureReason) -> None:
    """Overtaken, superseded, not accepted and not for us say something else than met."""
    assert closed(a_record(closure_test=""), day(1), reason).is_closed


def test_a_closure_test_taken_away_meanwhile_stops_the_closing() -> None:
    """What was agreed before the work is still there when the work is accepted."""
    record = proposed(a_record(), day(1))
    record.assign(stamp(on=day(1)), closure_test="")

    with pytest.raises(RuleError, match="has no closure test"):
        record.agree_closure(stamp(OFFICE, day(2)))


def test_a_closure_test_says_when_it_was_agreed_and_loses_the_day_with_the_test() -> None:
    """The day belongs to the test in force."""
    record = a_record(closure_test="")
    assert state_of(record).closure_test_agreed_on is None

    record.assign(stamp(on=day(3)), closure_test="Nine in ten.")
    record.assign(stamp(on=day(4)), owner="Insp A")
    assert state_of(record).closure_test_agreed_on == day(3)

    record.assign(stamp(on=day(5)), closure_test="")
    assert state_of(record).closure_test_agreed_on is None


def test_a_refused_closure_leaves_it_open_and_may_be_proposed_again() -> None:
    """Refusing takes a reason; nothing is lost."""
    record = proposed(a_record(), day(1))

    record.refuse_closure(stamp(OFFICE, day(2)), statement="The sample is from before the change.")

    assert not record.is_closed
    assert record.pending_closure is None
    proposed(record, day(3)).agree_closure(stamp(OFFICE, day(4)))
    assert record.is_closed


def test_a_closure_is_proposed_once_at_a_time() -> None:
    """The first proposal waits for its answer."""
    with pytest.raises(RuleError, match="already proposed"):
        proposed(proposed(a_record(), day(1)), day(2))


def test_what_nobody_proposed_cannot_be_agreed_or_refused() -> None:
    """There is nothing to answer."""
    with pytest.raises(RuleError, match="Nobody has proposed"):
        a_record().agree_closure(stamp(OFFICE))
    with pytest.raises(RuleError, match="Nobody has proposed"):
        a_record().refuse_closure(stamp(OFFICE), statement=REASON)


def test_a_closing_cannot_be_dated_before_its_proposal() -> None:
    """The second person answers the first."""
    record = proposed(a_record(), day(5))

    with pytest.raises(RuleError, match="before CC-001 was proposed for closure"):
        record.agree_closure(stamp(OFFICE, day(4), recorded=day(6)))


def test_the_later_check_lies_after_the_closing() -> None:
    """Looking again on the same day would not be later."""
    record = proposed(a_record(), day(1))

    with pytest.raises(RuleError, match="must lie after the day of closing"):
        record.agree_closure(stamp(OFFICE, day(2)), check_due_on=day(2))


CLOSED_TO: list[tuple[str, Act]] = [
    ("a report", lambda r, s: r.report(s, status=ForceReport.COMPLETE, narrative="Done.")),
    ("a decision", lambda r, s: r.assure(s, level=Assurance.ASSURED, rationale="Seen.")),
    ("a first date", lambda r, s: r.set_target(s, due_on=day(90))),
    ("a request for a date", lambda r, s: asked_for(r, day(90), on=s.on)),
    ("another proposal", lambda r, s: proposed(r, s.on)),
    ("another closing", lambda r, s: r.agree_closure(s)),
]


@pytest.mark.parametrize("act", [pytest.param(act, id=title) for title, act in CLOSED_TO])
def test_what_is_closed_takes_no_more_until_it_is_reopened(act: Act) -> None:
    """The message says when and how it closed, and what would be right."""
    record = closed(a_record(), day(1))

    with pytest.raises(RuleError, match=r'was closed on 5 March 2024 as "Met". Reopen it first'):
        act(record, stamp(OFFICE, day(2)))


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda r, s: r.add_evidence(s, an_item(id=9)), id="evidence for the later check"),
        pytest.param(
            lambda r, s: r.take_position(s, position=Position.CLOSED, source="Letter"),
            id="the inspectorate's position",
        ),
        pytest.param(lambda r, s: r.assign(s, owner="Insp B"), id="a new owner"),
    ],
)
def test_what_is_closed_still_takes_what_others_say_of_it(act: Act) -> None:
    """The inspectorate often speaks last."""
    act(closed(a_record(), day(1)), stamp(OFFICE, day(2)))


def test_a_check_answers_the_closing_and_the_day_is_no_longer_due() -> None:
    """Once looked at again, nothing waits."""
    record = proposed(a_record(), day(1))
    record.agree_closure(stamp(OFFICE, day(1)), check_due_on=day(90))

    record.check_sustainment(stamp(OFFICE, day(91)), sustained=True, statement="Still nine in ten.")

    assert state_of(record).check_due_on is None
    assert record.is_closed


def test_what_is_open_cannot_be_reopened_or_checked() -> None:
    """Only a closing can be undone or looked at again."""
    with pytest.raises(RuleError, match="is open"):
        a_record().reopen(stamp(), statement=REASON)
    with pytest.raises(RuleError, match="is open"):
        a_record().check_sustainment(stamp(), sustained=True, statement="Fine.")


def test_reopening_links_back_to_the_closing_and_counts_as_a_new_time_of_being_open() -> None:
    """Both times of being open stand, and the row says how often it was reopened."""
    record = closed(a_record(), day(10))

    step = record.reopen(stamp(OFFICE, day(20)), statement="The check found it had slipped back.")

    assert step.answers == record.closures[1].n
    assert record.spells() == [Spell(DAY, day(10), False), Spell(day(20), None, True)]
    assert (state_of(record).reopened, state_of(record).closed_on) == (1, None)


@pytest.mark.parametrize(
    ("on", "allowed"),
    [
        pytest.param(day(9), False, id="the day before the closing"),
        pytest.param(day(10), True, id="the day of the closing"),
        pytest.param(day(11), True, id="the day after"),
    ],
)
def test_reopening_is_not_dated_before_the_closing(on: date, allowed: bool) -> None:
    """Two times of being open never overlap."""
    record = closed(a_record(), day(10))
    act = stamp(OFFICE, on, recorded=day(20))
    if allowed:
        record.reopen(act, statement=REASON)
        assert record.spells()[-1].opened_on == on
    else:
        with pytest.raises(RuleError, match="before CC-001 was closed"):
            record.reopen(act, statement=REASON)


BACKDATED: list[tuple[str, Act]] = [
    ("a proposal", lambda r, s: r.propose_closure(s, reason=ClosureReason.MET, statement="Done.", evidence_ids=[1])),
    ("a report", lambda r, s: r.report(s, status=ForceReport.COMPLETE, narrative="Done.")),
    ("a decision", lambda r, s: r.assure(s, level=Assurance.ASSURED, rationale="Seen.")),
    ("a first date", lambda r, s: r.set_target(s, due_on=day(90))),
]  # fmt: skip


@pytest.mark.parametrize("on", [pytest.param(day(5), id="while it was first open"), pytest.param(day(15), id="while it was closed")])  # fmt: skip
@pytest.mark.parametrize("act", [pytest.param(act, id=title) for title, act in BACKDATED])
def test_after_reopening_nothing_is_dated_before_it(act: Act, on: date) -> None:
    """A closing dated into an earlier time would overlap it, and the balance would break."""
    record = closed(a_record(), day(10))
    record.reopen(stamp(OFFICE, day(20)), statement=REASON)

    with pytest.raises(RuleError, match="before CC-001 was reopened, on 24 March 2024"):
        act(record, stamp(OFFICE, on, recorded=day(25)))


def test_a_second_closing_rests_on_a_second_proposal_and_person() -> None:
    """The first agreement does not carry over."""
    record = closed(a_record(), day(10))
    record.reopen(stamp(OFFICE, day(20)), statement=REASON)

    with pytest.raises(RuleError, match="Nobody has proposed"):
        record.agree_closure(stamp(OFFICE, day(21)))
    proposed(record, day(21), by=EDITOR_2).agree_closure(stamp(OFFICE_2, day(22)))

    assert [s.closed_on for s in record.spells()] == [day(10), day(22)]


# Links


def test_a_link_is_made_once_and_not_to_itself() -> None:
    """The same link twice, or to itself, says nothing."""
    record = a_record()
    record.link(stamp(), kind=LinkKind.REPEATS, other="CC-002")

    with pytest.raises(RuleError, match="already linked"):
        record.link(stamp(), kind=LinkKind.REPEATS, other="CC-002")
    with pytest.raises(RuleError, match="linked to itself"):
        record.link(stamp(), kind=LinkKind.REPEATS, other="CC-001")


# The past


def test_a_past_day_leaves_out_what_was_recorded_later_even_if_it_happened_before() -> None:
    """As it was then known: a report entered late was not known."""
    record = a_record()
    record.report(stamp(EDITOR, day(1), recorded=day(5)), status=ForceReport.IN_PROGRESS, narrative="Begun.")

    then, later = record.as_known(end_of_day(day(4))), record.as_known(end_of_day(day(5)))

    assert then is not None
    assert later is not None
    assert state_of(then).force_report is ForceReport.NOT_STARTED
    assert state_of(later).force_report is ForceReport.IN_PROGRESS


def test_a_past_day_ends_at_midnight_in_london() -> None:
    """In summer the last moment of the day is an hour before midnight in UTC."""
    summer = date(2024, 7, 1)
    record = a_record()
    record.report(
        Stamp(EDITOR, summer, end_of_day(summer) - timedelta(microseconds=1)),
        status=ForceReport.IN_PROGRESS,
        narrative="Begun.",
    )
    record.report(Stamp(EDITOR, summer, end_of_day(summer)), status=ForceReport.COMPLETE, narrative="Done.")

    known = record.as_known(end_of_day(summer))

    assert known is not None
    assert state_of(known).force_report is ForceReport.IN_PROGRESS


def test_before_it_was_known_there_is_nothing() -> None:
    """The day before intake, it was not on the register."""
    assert a_record().as_known(end_of_day(day(-1))) is None
    assert a_record().as_known(end_of_day(DAY)) is not None


def test_looking_at_the_past_changes_nothing() -> None:
    """The recommendation itself keeps everything."""
    record = closed(a_record(), day(3))
    before = list(record.entries)

    record.as_known(end_of_day(day(1)))

    assert record.entries == before
