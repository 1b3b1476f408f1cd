"""What a response holds, how far it has come, what it lacks, and who may take it further."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from monitor.domain.access import Actor, Role
from monitor.domain.response_desk import (
    Ask,
    Explains,
    Response,
    ResponsePart,
    ResponseStage,
    ResponseState,
    ResponseStep,
    ResponseText,
    says_something,
)
from monitor.domain.response_rules import check_step, check_text, doubts, require_step, steps_for
from monitor.domain.responses import SECTION_55, timing
from monitor.domain.statuses import Applicability, Kind, Precision
from monitor.errors import AccessError, RuleError
from tests.builders import (
    ANALYST,
    DAY,
    EDITOR,
    ELSEWHERE,
    OFFICE,
    OFFICE_2,
    PUBLIC,
    REASON,
    SERVICE,
    an_inspection,
    day,
    moment,
    person,
)

S, P = ResponseStage, ResponsePart
LONG_AFTER = day(40)


def an_ask(reference: str = "CC-001", **given: Any) -> Ask:
    """Return a recommendation for the force."""
    facts: dict[str, Any] = {
        "kind": Kind.RECOMMENDATION,
        "number": reference[-1],
        "short_title": "Do it",
        "text": "The force should do it.",
        "applicability": Applicability.FOR_SERVICE,
    }
    return Ask(reference=reference, **facts | given)


def a_text(n: int, part: ResponsePart, text: str = "We did this in May.", by: Actor = OFFICE, **given: Any) -> ResponseText:  # fmt: skip
    """Return a version of a text, recorded at noon of the n-th day."""
    noted = {"recorded_at": moment(day(n)), "by": by.id, "by_name": by.name}
    explains = Explains.TAKEN if part is P.EXPLANATION else None
    return ResponseText(id=n, inspection_id=1, service=SERVICE, part=part, text=text, **{"explains": explains} | given | noted)  # fmt: skip


def a_step(n: int, stage: ResponseStage, by: Actor = OFFICE, of: Response | None = None, **given: Any) -> ResponseStep:  # fmt: skip
    """Return a step of the n-th day; `of` is the response whose exact texts it is about."""
    about = {"text_ids": tuple(one.id for one in of.standing), "basis": of.basis} if of else {}
    noted = {"recorded_at": moment(day(n)), "by": by.id, "by_name": by.name}
    return ResponseStep(id=n, inspection_id=1, service=SERVICE, stage=stage, **{"happened_on": day(n)} | about | given | noted)  # fmt: skip


def a_response(*said: ResponseStep | ResponseText, asks: tuple[Ask, ...] = (), **report: Any) -> Response:
    """Return a response with these steps and texts."""
    return Response(
        report=an_inspection(**report),
        asks=asks or (an_ask(),),
        steps=tuple(one for one in said if isinstance(one, ResponseStep)),
        texts=tuple(one for one in said if isinstance(one, ResponseText)),
    )


def written(*more: ResponseStep | ResponseText, by: Actor = OFFICE, **given: Any) -> Response:
    """Return a response of which nothing is missing."""
    return a_response(
        a_text(1, P.CHIEF_OFFICER, "I welcome the report.", by=EDITOR),
        a_text(2, P.OFFICE, "We welcome it too.", by=by),
        a_text(3, P.EXPLANATION, reference="CC-001", by=by),
        *more,
        **given,
    )


def approved() -> Response:
    """Return a response that one person asked to be approved and a second one approved."""
    full = written()
    asked = a_step(4, S.ASKED, of=full)
    return Response(full.report, full.asks, (asked, a_step(5, S.APPROVED, by=OFFICE_2, of=full)), full.texts)


def and_then(full: Response, *said: ResponseStep | ResponseText) -> Response:
    """Return a response with more said after it."""
    steps = tuple(one for one in said if isinstance(one, ResponseStep))
    texts = tuple(one for one in said if isinstance(one, ResponseText))
    return Response(full.report, full.asks, (*full.steps, *steps), (*full.texts, *texts))


def take(full: Response, step: ResponseStep, *, today: date = LONG_AFTER) -> Response:
    """Take a step, if it can be taken."""
    check_step(full, step, today=today, now=moment(today))
    return and_then(full, step)


# How far it has come


def test_every_state_is_reached_in_its_turn_with_a_day_of_its_own() -> None:
    """From nothing to the copy for the Secretary of State."""
    full = a_response()
    reached = [(full.state, dict(full.dates))]
    told: list[Callable[[Response], ResponseStep | ResponseText]] = [
        lambda full: a_step(1, S.INVITED, until_on=day(10)),
        lambda full: a_step(2, S.RECEIVED),
        lambda full: a_text(3, P.CHIEF_OFFICER, "I welcome it."),
        lambda full: a_text(4, P.OFFICE, "So do we."),
        lambda full: a_text(5, P.EXPLANATION, reference="CC-001"),
        lambda full: a_step(6, S.ASKED, of=full),
        lambda full: a_step(7, S.APPROVED, by=OFFICE_2, of=full),
        lambda full: a_step(8, S.PUBLISHED, of=full),
        lambda full: a_step(9, S.SENT_INSPECTORATE),
        lambda full: a_step(10, S.SENT_SECRETARY),
    ]
    for say in told:
        full = and_then(full, say(full))
        reached.append((full.state, dict(full.dates)))

    T = ResponseState  # noqa: N806 - the states, in a table
    assert [state for state, _ in reached] == [
        T.NOT_BEGUN, T.INVITED, T.RECEIVED, T.RECEIVED, T.DRAFTING, T.DRAFTING, T.DRAFTING, T.APPROVED, T.PUBLISHED,
        T.SENT_INSPECTORATE, T.SENT_SECRETARY,
    ]  # fmt: skip
    assert reached[-1][1] == {
        T.NOT_BEGUN: DAY,
        T.INVITED: day(1),
        T.RECEIVED: day(2),
        T.DRAFTING: day(4),
        T.APPROVED: day(7),
        T.PUBLISHED: day(8),
        T.SENT_INSPECTORATE: day(9),
        T.SENT_SECRETARY: day(10),
    }


def test_a_copy_may_go_to_the_secretary_of_state_first() -> None:
    """The two have a day each, in either order."""
    full = and_then(approved(), a_step(6, S.PUBLISHED, of=approved()), a_step(7, S.SENT_SECRETARY))

    assert full.state is ResponseState.SENT_SECRETARY
    assert ResponseState.SENT_INSPECTORATE not in full.dates
    assert take(full, a_step(9, S.SENT_INSPECTORATE)).dates[ResponseState.SENT_INSPECTORATE] == day(9)


def test_of_a_report_known_by_its_month_not_begun_has_no_day() -> None:
    """Nothing stands for a day that is not known."""
    full = a_response(published_on=date(2024, 3, 31), published_precision=Precision.MONTH)

    assert full.dates == {}
    assert full.state is ResponseState.NOT_BEGUN


# An approval is of exact versions


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(a_text(6, P.OFFICE, "We welcome it too"), id="a full stop of the comments"),
        pytest.param(a_text(6, P.CHIEF_OFFICER, "I welcome it."), id="the chief officer's comments"),
        pytest.param(a_text(6, P.EXPLANATION, "Done.", reference="CC-001"), id="an explanation"),
        pytest.param(
            a_text(6, P.EXPLANATION, reference="CC-001", explains=Explains.NONE), id="what it is of"
        ),
        pytest.param(a_text(6, P.OFFICE, "We welcome it too."), id="the same words written anew"),
    ],
)
def test_whatever_is_written_after_an_approval_needs_another(change: ResponseText) -> None:
    """And before that, after it was asked for."""
    full = and_then(approved(), change)

    assert approved().approved is not None
    assert full.approved is None
    assert full.state is ResponseState.DRAFTING
    with pytest.raises(RuleError, match="not approved by a second person"):
        take(full, a_step(7, S.PUBLISHED, of=full))
    with pytest.raises(RuleError, match="Nobody has asked for approval"):
        take(full, a_step(7, S.APPROVED, by=OFFICE_2, of=full))


@pytest.mark.parametrize(
    ("asks", "report"),
    [
        pytest.param((an_ask(text="The force must do it."),), {}, id="its words corrected"),
        pytest.param((an_ask(), an_ask("CC-002")), {}, id="one more recommendation"),
        pytest.param((an_ask(applicability=Applicability.SHARED),), {}, id="for others too"),
        pytest.param((an_ask(),), {"title": "Another title"}, id="the report's title"),
        pytest.param((an_ask(),), {"published_on": day(-1)}, id="the report's day"),
    ],
)
def test_an_approval_ends_when_what_it_answers_is_corrected(
    asks: tuple[Ask, ...], report: dict[str, Any]
) -> None:
    """It was of an answer to something else."""
    full = approved()
    after = Response(an_inspection(**report), asks, full.steps, full.texts)

    assert after.approved is None


def test_what_is_published_stays_published_when_a_newer_text_is_written() -> None:
    """The newer one is a draft, and can be published once it is approved."""
    full = and_then(approved(), a_step(6, S.PUBLISHED, of=approved()), a_text(7, P.OFFICE, "A correction."))

    assert full.state is ResponseState.PUBLISHED
    assert full.has_newer_draft
    assert full.dates[ResponseState.APPROVED] == day(5)
    full = take(full, a_step(8, S.ASKED, of=full))
    full = take(full, a_step(9, S.APPROVED, by=OFFICE_2, of=full))
    full = take(full, a_step(10, S.PUBLISHED, of=full))
    assert full.answered_on == day(6)
    assert not full.has_newer_draft


# What is missing


def test_approval_is_refused_with_a_list_of_everything_that_is_missing() -> None:
    """One sentence names each recommendation, the comments and the invitation."""
    asks = (
        an_ask("CC-001"),
        an_ask("CC-002", kind=Kind.AFI),
        an_ask("CC-003", applicability=Applicability.FOR_OTHERS),
        an_ask("CC-004", applicability=Applicability.NOT_DECIDED),
        an_ask("CC-005", is_taken_out=True),
        an_ask("CC-006"),
    )
    full = a_response(a_text(1, P.EXPLANATION, reference="CC-006"), asks=asks)

    with pytest.raises(RuleError) as refused:
        take(full, a_step(2, S.ASKED, of=full))

    assert refused.value.message == (
        "The response cannot be approved yet. Missing: Recommendation 1 (CC-001): neither an action nor a reason for "
        "none; Area for improvement 2 (CC-002): neither an action nor a reason for none; Recommendation 4 (CC-004): "
        "neither an action nor a reason for none; nobody has decided whom it is for; the office’s comments; the chief "
        "officer’s comments, to which the chief officer has not been invited."
    )
    assert [one.reference for one in refused.value.facts["missing"]] == ["CC-001", "CC-002", "CC-004", "", ""]


@pytest.mark.parametrize(
    "text", ["", "-", "…", "TBC", "t.b.c.", "n/a", "None", " To follow. ", "***", "N.A."]
)
def test_what_only_keeps_a_place_free_explains_nothing(text: str) -> None:
    """Marks alone, and the words that people put where a text will stand."""
    assert not says_something(text)
    full = and_then(written(), a_text(4, P.EXPLANATION, text, reference="CC-001"))
    assert [one.reference for one in full.missing(LONG_AFTER)] == ["CC-001"]


@pytest.mark.parametrize("text", ["Done.", "No.", "2 of 3", "Nothing to do: none applies here.", "完了"])
def test_anything_said_is_an_explanation(text: str) -> None:
    """How good it is, a second person judges."""
    assert says_something(text)
    assert and_then(written(), a_text(4, P.EXPLANATION, text, reference="CC-001")).missing(LONG_AFTER) == ()


def test_an_explanation_that_was_taken_back_is_missing_again() -> None:
    """An empty version takes back the one before."""
    full = and_then(written(), a_text(4, P.EXPLANATION, "", reference="CC-001", explains=None))

    assert full.text(P.EXPLANATION, "CC-001") is None
    assert [one.reference for one in full.missing(LONG_AFTER)] == ["CC-001"]


def test_a_cause_of_concern_is_answered_by_what_is_recommended_under_it() -> None:
    """Standing alone, it needs an answer of its own."""
    cause = an_ask("CC-009", kind=Kind.CAUSE_OF_CONCERN)
    under = an_ask("CC-001", parent="CC-009")

    assert a_response(asks=(cause, under)).must_explain == (under,)
    assert a_response(asks=(cause,)).must_explain == (cause,)
    others = an_ask("CC-001", parent="CC-009", applicability=Applicability.FOR_OTHERS)
    assert a_response(asks=(cause, others)).must_explain == (cause,)


@pytest.mark.parametrize(
    ("said", "today", "is_missing"),
    [
        pytest.param((), day(20), True, id="not invited"),
        pytest.param((a_step(1, S.INVITED, until_on=day(10)),), day(9), True, id="the day before"),
        pytest.param((a_step(1, S.INVITED, until_on=day(10)),), day(10), True, id="the day itself"),
        pytest.param((a_step(1, S.INVITED, until_on=day(10)),), day(11), False, id="the day after"),
        pytest.param(
            (a_step(1, S.INVITED, until_on=day(10)), a_step(2, S.INVITED, until_on=day(20))), day(11), True, id="invited again",
        ),
        pytest.param(
            (a_step(1, S.INVITED, until_on=day(10)), a_step(2, S.RECEIVED)), day(11), True, id="received and not written here",
        ),
    ],
)  # fmt: skip
def test_the_chief_officer_is_waited_for_until_the_day_given(
    said: tuple[ResponseStep, ...], today: date, is_missing: bool
) -> None:
    """The Act asks for an invitation, and for the comments that were submitted."""
    full = a_response(*said, a_text(2, P.OFFICE), a_text(3, P.EXPLANATION, reference="CC-001"))

    assert [one.part for one in full.missing(today)] == ([P.CHIEF_OFFICER] if is_missing else [])


def test_a_report_without_recommendations_needs_no_explanation() -> None:
    """The comments are what is left of the duty."""
    full = Response(an_inspection(), (), (), (a_text(1, P.OFFICE), a_text(2, P.CHIEF_OFFICER)))

    assert full.missing(LONG_AFTER) == ()


# What may follow what


def test_what_was_published_elsewhere_is_recorded_with_its_link() -> None:
    """After the report came here there must be a place where all can read it; what is written here is published here."""
    step = a_step(3, S.PUBLISHED_EARLIER, link="https://office.example/response")

    assert take(a_response(), step).publications == (step,)
    with pytest.raises(RuleError, match="is being written here"):
        take(approved(), step)


@pytest.mark.parametrize(
    ("full", "step", "said"),
    [
        (a_response(), a_step(3, S.INVITED), "Say by which day"),
        (a_response(), a_step(3, S.INVITED, until_on=day(2)), "before the day of the invitation"),
        (a_response(a_step(3, S.INVITED, until_on=day(9))), a_step(2, S.RECEIVED), "before the chief officer was invited"),
        (a_response(), a_step(41, S.RECEIVED), "lies in the future"),
        (written(), a_step(4, S.APPROVED), "Nobody has asked for approval"),
        (written(), a_step(4, S.SENT_BACK, words=REASON), "Nobody has asked for approval"),
        (written(), a_step(4, S.PUBLISHED), "not approved by a second person"),
        (written(a_step(4, S.ASKED, of=written())), a_step(5, S.ASKED), "waits for a second person"),
        (written(a_step(4, S.ASKED, of=written())), a_step(5, S.SENT_BACK, words="No."), "reason of at least 20"),
        (approved(), a_step(6, S.ASKED), "has approved the response as it stands"),
        (approved(), a_step(6, S.PUBLISHED, happened_on=day(-1)), "before the report: 4 March 2024"),
        (approved(), a_step(6, S.PUBLISHED, happened_on=day(41)), "lies in the future"),
        (approved(), a_step(6, S.PUBLISHED, link="office.example"), "whole address"),
        (approved(), a_step(6, S.PUBLISHED, link="javascript:alert(1)"), "whole address"),
        (approved(), a_step(6, S.SENT_INSPECTORATE), "not published yet"),
        (approved(), a_step(6, S.SENT_SECRETARY), "not published yet"),
        (and_then(approved(), a_step(6, S.PUBLISHED, of=approved())), a_step(7, S.PUBLISHED), "nothing of it has changed"),
        (and_then(approved(), a_step(6, S.PUBLISHED, of=approved())), a_step(5, S.SENT_SECRETARY), "before it was published"),
        (and_then(approved(), a_step(6, S.PUBLISHED, of=approved())), a_step(41, S.SENT_SECRETARY), "lies in the future"),
        (and_then(approved(), a_step(6, S.PUBLISHED, of=approved()), a_step(7, S.SENT_SECRETARY)), a_step(8, S.SENT_SECRETARY), "recorded once"),
        (a_response(), a_step(3, S.DUE_AFTER_ALL, words=REASON), "Nobody has recorded"),
        (a_response(), a_step(3, S.NOT_DUE, words=REASON), "is always answered"),
        (a_response(is_national=True), a_step(3, S.NOT_DUE), "reason of at least 20"),
        (a_response(a_step(1, S.PUBLISHED_EARLIER)), a_step(3, S.PUBLISHED_EARLIER, happened_on=DAY), "recorded already"),
        (a_response(), a_step(3, S.PUBLISHED_EARLIER), "came onto this register on 4 March 2024. For a response that was published elsewhere after that, give the link"),
    ],
)  # fmt: skip
def test_a_step_out_of_turn_is_refused(full: Response, step: ResponseStep, said: str) -> None:
    """The sentence says what stands in the way."""
    with pytest.raises(RuleError, match=said):
        take(full, step)


@pytest.mark.parametrize(
    ("known", "precision", "refused"),
    [
        (date(2024, 3, 31), Precision.MONTH, day(-4)),
        (date(2024, 12, 31), Precision.YEAR, date(2023, 12, 31)),
    ],
)
def test_a_response_is_not_published_before_the_month_of_its_report(
    known: date, precision: Precision, refused: date
) -> None:
    """The first day of the month or year is the first that is possible."""
    full = approved()
    full = Response(
        an_inspection(published_on=known, published_precision=precision), full.asks, full.steps, full.texts
    )
    again = and_then(full, a_step(6, S.ASKED, of=full), a_step(7, S.APPROVED, by=OFFICE_2, of=full))

    with pytest.raises(RuleError, match="before the report"):
        take(again, a_step(8, S.PUBLISHED, of=again, happened_on=refused))
    assert take(again, a_step(8, S.PUBLISHED, of=again, happened_on=day(0))).answered_on == day(0)


def test_nothing_is_published_under_embargo_or_of_a_restricted_report() -> None:
    """The response would tell of the report."""
    for report in ({"embargo_until": moment(day(50))}, {"is_restricted": True}):
        full = written(**report)
        full = and_then(full, a_step(4, S.ASKED, of=full), a_step(5, S.APPROVED, by=OFFICE_2, of=full))
        with pytest.raises(RuleError, match=r"under embargo|is restricted"):
            take(full, a_step(6, S.PUBLISHED, of=full))


def test_a_national_report_on_which_no_response_is_due_is_left_alone_until_that_is_taken_back() -> None:
    """Whatever is tried meanwhile is refused with the reason that was recorded."""
    full = take(
        a_response(is_national=True), a_step(3, S.NOT_DUE, words="One response to both reports was given.")
    )

    assert full.state is ResponseState.NOT_DUE
    for step in (
        a_step(4, S.INVITED, until_on=day(9)),
        a_step(4, S.ASKED),
        a_step(4, S.NOT_DUE, words=REASON),
    ):
        with pytest.raises(RuleError, match="One response to both reports"):
            take(full, step)
    with pytest.raises(RuleError, match="One response to both reports"):
        check_text(full, a_text(4, P.OFFICE))
    after = take(full, a_step(5, S.DUE_AFTER_ALL, words=REASON))
    assert after.state is ResponseState.NOT_BEGUN
    assert take(after, a_step(6, S.INVITED, until_on=day(9))).state is ResponseState.INVITED


def test_on_a_fire_and_rescue_service_that_none_is_due_can_always_be_recorded() -> None:
    """The Act is about police forces."""
    full = a_response(service=ELSEWHERE)

    assert take(full, a_step(3, S.NOT_DUE, words=REASON)).not_due is not None
    stands = timing(SECTION_55, DAY, Precision.DAY, today=DAY)
    assert "about police forces" in doubts(full, stands)[0]


def test_a_response_published_before_its_report_came_here_is_recorded_without_its_words() -> None:
    """An office brings its past along; what follows is published here."""
    full = take(a_response(), a_step(3, S.PUBLISHED_EARLIER, happened_on=DAY))

    assert (full.state, full.answered_on) == (ResponseState.PUBLISHED, DAY)
    assert take(full, a_step(4, S.SENT_SECRETARY)).state is ResponseState.SENT_SECRETARY


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (a_text(1, P.EXPLANATION, reference="CC-777"), "holds no recommendation CC-777"),
        (a_text(1, P.EXPLANATION, reference="CC-002"), "is for others"),
        (a_text(1, P.EXPLANATION, reference="CC-001", explains=None), "say whether action was taken"),
    ],
)
def test_an_explanation_belongs_to_a_recommendation_of_ours(text: ResponseText, said: str) -> None:
    """Those for others are listed as such."""
    asks = (an_ask(), an_ask("CC-002", applicability=Applicability.FOR_OTHERS))

    with pytest.raises(RuleError, match=said):
        check_text(a_response(asks=asks), text)


# Who


def test_a_second_person_approves() -> None:
    """Not whoever asked, nor whoever wrote any of the texts that stand, nor anybody who also works for the force."""
    asker, writer = person("asker", Role.OFFICE), person("writer", Role.OFFICE)
    both = person("both", Role.OFFICE, Role.FORCE_EDITOR)
    full = written(by=writer)
    full = and_then(full, a_step(4, S.ASKED, by=asker, of=full))

    for by, why in (
        (asker, "asked for this approval"),
        (writer, "wrote some of this"),
        (both, "works for the force"),
    ):
        with pytest.raises(AccessError, match=why):
            require_step(S.APPROVED, full, by)
        assert S.APPROVED not in steps_for(full, by, today=LONG_AFTER)
    for by in (EDITOR, ANALYST, PUBLIC):
        with pytest.raises(AccessError, match="It takes: office"):
            require_step(S.APPROVED, full, by)
    require_step(S.APPROVED, full, OFFICE_2)
    assert S.APPROVED in steps_for(full, OFFICE_2, today=LONG_AFTER)


def test_whoever_wrote_a_version_that_no_longer_stands_may_approve() -> None:
    """An approval is of what stands, and somebody else wrote that."""
    full = and_then(
        written(by=OFFICE_2), a_text(4, P.OFFICE, "New."), a_text(5, P.EXPLANATION, reference="CC-001")
    )
    full = and_then(full, a_step(6, S.ASKED, of=full))

    require_step(S.APPROVED, full, OFFICE_2)


def test_the_force_hands_in_the_chief_officers_comments_and_nothing_else() -> None:
    """The rest is the office's."""
    assert steps_for(written(), EDITOR, today=LONG_AFTER) == (S.RECEIVED,)
    assert steps_for(written(), ANALYST, today=LONG_AFTER) == ()


def test_what_each_reader_is_shown() -> None:
    """Analysts everything; the force not the office's draft; the public nothing, and after publication what was published."""
    draft, out = (
        written(),
        and_then(approved(), a_step(6, S.PUBLISHED, of=approved()), a_text(7, P.OFFICE, "Newer.")),
    )

    def shown(full: Response, by: Actor) -> list[int] | None:
        seen = full.seen_by(by)
        return None if seen is None else [one.id for one in seen.texts]

    assert [shown(draft, by) for by in (OFFICE, ANALYST, EDITOR, PUBLIC)] == [
        [1, 2, 3],
        [1, 2, 3],
        [1, 3],
        None,
    ]
    assert [shown(out, by) for by in (ANALYST, EDITOR, PUBLIC)] == [[1, 2, 3, 7], [1, 2, 3], [1, 2, 3]]
    public = out.seen_by(PUBLIC)
    assert public is not None
    assert [one.stage for one in public.steps] == [S.PUBLISHED]
    assert {one.by_name for one in public.steps} | {one.by_name for one in public.texts} == {""}


# What a person should look at


@pytest.mark.parametrize(
    ("full", "said"),
    [
        (a_response(stated_count=4), "states 4 recommendations; 1 listed"),
        (
            a_response(published_on=date(2024, 6, 10), embargo_until=moment(date(2024, 6, 10)).replace(hour=23, minute=30)),
            "The embargo ends on 11 June 2024, London time, and the day of publication is recorded as 10 June 2024",
        ),
        (a_response(a_step(1, S.INVITED, until_on=day(56))), "asked to comment by 29 April 2024, after the last day"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(full: Response, said: str) -> None:
    """And stops nobody."""
    stands = timing(SECTION_55, full.report.published_on, Precision.DAY, today=DAY)

    assert [one for one in doubts(full, stands) if said in one]


def test_what_fits_raises_no_doubt() -> None:
    """Nor does a count of what is for others."""
    stands = timing(SECTION_55, DAY, Precision.DAY, today=DAY)
    reports: list[dict[str, Any]] = [
        {},
        {"stated_count": 1},
        {"stated_count": 14, "stated_applicability": Applicability.FOR_OTHERS},
        {"embargo_until": moment(DAY)},
    ]

    assert all(doubts(a_response(**report), stands) == () for report in reports)
