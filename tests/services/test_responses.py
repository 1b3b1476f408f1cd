"""The response desk: from the invitation to the copies sent, who may do what, and who sees what of it."""

import shutil
from datetime import date
from typing import Any

import pytest

from monitor.domain.access import SYSTEM, Actor
from monitor.domain.questions import Trigger
from monitor.domain.response_desk import (
    FORMS,
    Explains,
    Response,
    ResponsePart,
    ResponseStage,
    ResponseState,
)
from monitor.domain.statuses import (
    Applicability,
    ClosureReason,
    ForceReport,
    MeetingKind,
    Precision,
    Programme,
)
from monitor.errors import AccessError, ConflictError, NotFoundError, RuleError
from monitor.services.auditing import AuditAct, AuditFilter, history_seen, read_audit
from monitor.services.calendar import EntryKind, read_calendar
from monitor.services.checking import verify
from monitor.services.deciding import agree_closure, propose_closure
from monitor.services.intake import assign, correct_wording, learn_publication, take_in_report
from monitor.services.meetings import record_meeting
from monitor.services.packs import gather
from monitor.services.responding import (
    approve_response,
    ask_approval,
    explain,
    invite_chief_officer,
    keep_publication,
    no_response_due,
    receive_comments,
    record_earlier_publication,
    record_sent,
    response_due_after_all,
    send_back_response,
    write_comments,
)
from monitor.services.responses import (
    ResponseRow,
    ResponseView,
    find_report,
    gather_response,
    list_responses,
    read_published,
    read_response,
    settled_reports,
)
from monitor.services.updating import report_progress
from monitor.settings import Titles
from monitor.store import Store, tables
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    APPROVER,
    DAY,
    EDITOR,
    ELSEWHERE,
    NOBODY,
    OFFICE,
    OFFICE_2,
    OFFICE_ELSEWHERE,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    a_register,
    day,
    give_evidence,
    moment,
    take_in,
)

CHIEF, OURS = ResponsePart.CHIEF_OFFICER, ResponsePart.OFFICE
FILES = {form: f"A response as {form}".encode() for form in FORMS}


def write(store: Store, *references: str, number: int = 1, by: Actor = OFFICE) -> None:
    """Write everything that a response needs."""
    receive_comments(store, inspection_id=number, text="I welcome the report.", by=EDITOR)
    for reference in references or ("CC-001",):
        explain(
            store,
            inspection_id=number,
            reference=reference,
            explains=Explains.TAKEN,
            text=f"We did {reference} in May.",
            by=by,
        )
    write_comments(store, inspection_id=number, part=OURS, text="We welcome it too.", by=by)


def approve(store: Store, number: int = 1) -> None:
    """Ask for approval, and give it as a second person."""
    ask_approval(store, inspection_id=number, by=OFFICE)
    approve_response(store, inspection_id=number, by=OFFICE_2)


def publish(store: Store, on: date | None = None, number: int = 1, **given: Any) -> Response:
    """Publish what is approved, with bytes of a test in place of a document's."""
    basis = gather_response(store, inspection_id=number, by=OFFICE).response.basis
    facts: dict[str, Any] = {"basis": basis, "content": b"{}", "files": FILES, "by": OFFICE}
    return keep_publication(store, inspection_id=number, on=on or store.today(), **facts | given)


def read(store: Store, by: Actor = OFFICE, number: int = 1, **given: Any) -> ResponseView:
    """Return the response to a report as somebody sees it."""
    return read_response(store, inspection_id=number, by=by, **given)


def row_of(store: Store, by: Actor = OFFICE, number: int = 1, **given: Any) -> ResponseRow | None:
    """Return its row on the desk."""
    return next((row for row in list_responses(store, by=by, **given) if row.report.id == number), None)


# From the invitation to the copies


def test_a_response_goes_from_the_invitation_to_the_copies_sent(register: Store, clock: Clock) -> None:
    """Each step has its day, each text its versions, and the history fits; also on PostgreSQL."""
    take_in(register)
    clock.set(day(2))
    invite_chief_officer(register, inspection_id=1, until=day(20), on=day(1), by=OFFICE, version=0)
    clock.set(day(10))
    receive_comments(register, inspection_id=1, on=day(9), text="I welcome the report.", by=EDITOR, version=1)
    explain(
        register, inspection_id=1, reference="CC-001", explains=Explains.TAKEN, text="We did it.", by=OFFICE
    )
    write_comments(register, inspection_id=1, part=OURS, text="We welcome it.", by=OFFICE, version=0)
    write_comments(register, inspection_id=1, part=OURS, text="We welcome it too.", by=OFFICE, version=1)
    clock.set(day(30))
    ask_approval(register, inspection_id=1, by=OFFICE, version=2)
    send_back_response(
        register, inspection_id=1, words="Say more of the second half.", by=OFFICE_2, version=3
    )
    write_comments(register, inspection_id=1, part=OURS, text="We welcome it too, all of it.", by=OFFICE)
    ask_approval(register, inspection_id=1, by=OFFICE, version=4)
    approve_response(register, inspection_id=1, by=OFFICE_2, version=5)
    clock.set(day(56))
    publish(register, day(55), link="https://office.example/response", version=6)
    record_sent(register, inspection_id=1, to=ResponseStage.SENT_INSPECTORATE, by=OFFICE)
    record_sent(register, inspection_id=1, to=ResponseStage.SENT_SECRETARY, on=day(55), by=OFFICE, version=8)
    seen = read(register)

    assert seen.state is ResponseState.SENT_SECRETARY
    assert list(seen.dates.values()) == [DAY, day(1), day(9), day(10), day(30), day(55), day(56), day(55)]
    assert seen.timing.words == "Published on 28 April 2024, on the last day."
    assert [one.text for one in seen.response.versions(OURS)] == [
        "We welcome it.",
        "We welcome it too.",
        "We welcome it too, all of it.",
    ]
    assert seen.version == 9
    assert {
        form: read_published(register, inspection_id=1, form=form, by=PUBLIC)[1] for form in FORMS
    } == FILES
    assert verify(register, by=SYSTEM).ok


def test_a_byte_changed_in_what_was_published_is_found(sqlite_register: Store) -> None:
    """As is a file that nothing names."""
    take_in(sqlite_register)
    write(sqlite_register)
    approve(sqlite_register)
    publish(sqlite_register)
    with sqlite_register.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.exec_driver_sql("DROP TRIGGER published_file_no_update")
        connection.execute(
            tables.published_file.update().where(tables.published_file.c.content == FILES["html"]).values(content=b"x")
        )  # fmt: skip
        connection.execute(tables.published_file.insert().values(fingerprint="f" * 64, content=b"y"))

    differences = " ".join(verify(sqlite_register, by=SYSTEM).differences)

    assert "response to report 1 published in step 4 (html): the bytes kept were changed" in differences
    assert f"({'f' * 64}) is in the register but not in its history" in differences


def test_nothing_is_kept_of_a_publication_that_is_refused(sqlite_register: Store) -> None:
    """Neither the bytes nor a step."""
    take_in(sqlite_register)
    write(sqlite_register)
    version = sqlite_register.data_version()

    with pytest.raises(RuleError, match="not approved by a second person"):
        publish(sqlite_register)

    assert sqlite_register.data_version() == version
    with sqlite_register.reading() as reader:
        assert list(reader.tampered_publications()) == []


def test_what_was_written_while_the_document_was_made_stops_the_publication(sqlite_register: Store) -> None:
    """A document is published with the texts that were approved, or not at all."""
    take_in(sqlite_register)
    write(sqlite_register)
    approve(sqlite_register)

    with pytest.raises(ConflictError, match="Make it again"):
        publish(sqlite_register, basis="of something else")


def test_the_second_publication_is_of_the_correction_and_the_first_day_counts(
    sqlite_register: Store, clock: Clock
) -> None:
    """Both stay; the public reads the last."""
    take_in(sqlite_register)
    write(sqlite_register)
    approve(sqlite_register)
    publish(sqlite_register)
    clock.set(day(90))
    write_comments(sqlite_register, inspection_id=1, part=OURS, text="A correction.", by=OFFICE)
    row = row_of(sqlite_register)
    assert row is not None
    assert (row.state, row.has_newer_draft) == (ResponseState.PUBLISHED, True)
    approve(sqlite_register)
    publish(sqlite_register, files=dict.fromkeys(FORMS, b"The correction"))

    assert read_published(sqlite_register, inspection_id=1, form="html", by=PUBLIC)[1] == b"The correction"
    assert read(sqlite_register).timing.days_late == 0
    assert [one.happened_on for one in read(sqlite_register).response.publications] == [DAY, day(90)]


# What is missing, and who approves


def test_a_recommendation_taken_in_after_the_approval_ends_it(sqlite_register: Store) -> None:
    """It is one more to explain."""
    take_in(sqlite_register)
    write(sqlite_register)
    approve(sqlite_register)

    take_in(sqlite_register, "CC-002", number="2")

    assert read(sqlite_register).state is ResponseState.DRAFTING
    assert [one.words for one in read(sqlite_register).missing] == [
        "Recommendation 2 (CC-002): neither an action nor a reason for none"
    ]
    with pytest.raises(RuleError, match="not approved"):
        publish(sqlite_register)


def test_a_corrected_wording_or_a_decision_whom_it_is_for_ends_an_approval(sqlite_register: Store) -> None:
    """What is answered is not what it was."""
    take_in(sqlite_register)
    write(sqlite_register)
    approve(sqlite_register)
    correct_wording(
        sqlite_register, reference="CC-001", text="The force must do it.", reason=REASON, source="Erratum", by=OFFICE
    )  # fmt: skip
    assert read(sqlite_register).response.approved is None

    approve(sqlite_register)
    assign(sqlite_register, reference="CC-001", applicability=Applicability.SHARED, by=OFFICE)
    assert read(sqlite_register).response.approved is None
    approve(sqlite_register)
    assign(sqlite_register, reference="CC-001", owner="Insp A", by=OFFICE)
    assert read(sqlite_register).response.approved is not None


def test_what_is_for_others_needs_no_explanation_and_gets_none(sqlite_register: Store) -> None:
    """By decision, or because it was closed as not for us."""
    take_in(sqlite_register)
    take_in(sqlite_register, "CC-002", applicability=Applicability.FOR_OTHERS, applicability_reason="NPCC.")
    take_in(sqlite_register, "CC-003", applicability=Applicability.NOT_DECIDED)
    item = give_evidence(sqlite_register, "CC-003")
    propose_closure(
        sqlite_register, reference="CC-003", reason=ClosureReason.NOT_FOR_US, statement="For the College.", evidence_ids=[item.id], by=EDITOR
    )  # fmt: skip
    assert [one.reference for one in read(sqlite_register).missing][:2] == ["CC-001", "CC-003"]
    agree_closure(sqlite_register, reference="CC-003", by=OFFICE)

    write(sqlite_register)
    approve(sqlite_register)

    assert [ask.reference for ask in read(sqlite_register).response.asks if ask.is_for_others] == [
        "CC-002",
        "CC-003",
    ]
    with pytest.raises(RuleError, match="is for others"):
        explain(
            sqlite_register, inspection_id=1, reference="CC-002", explains=Explains.NONE, text="Not ours.", by=OFFICE
        )  # fmt: skip


def test_whoever_wrote_or_asked_does_not_approve(sqlite_register: Store) -> None:
    """The refusal is noted, and nothing is written."""
    take_in(sqlite_register)
    write(sqlite_register, by=OFFICE_2)
    ask_approval(sqlite_register, inspection_id=1, by=OFFICE)

    for by in (OFFICE, OFFICE_2):
        with pytest.raises(AccessError, match="somebody else of the office must approve"):
            approve_response(sqlite_register, inspection_id=1, by=by)
    assert ResponseStage.APPROVED not in read(sqlite_register).steps
    assert read(sqlite_register).state is ResponseState.DRAFTING


# Two at once


def test_two_people_write_one_text(sqlite_register: Store) -> None:
    """The second is shown what the first wrote, and nothing of it is lost."""
    take_in(sqlite_register)
    write_comments(sqlite_register, inspection_id=1, part=OURS, text="One.", by=OFFICE, version=0)

    with pytest.raises(ConflictError, match="This text was written by Office Person") as conflict:
        write_comments(sqlite_register, inspection_id=1, part=OURS, text="Two.", by=OFFICE_2, version=0)

    assert conflict.value.facts["now"] == 1
    assert "One." in conflict.value.facts["theirs"][0].body
    write_comments(sqlite_register, inspection_id=1, part=CHIEF, text="Another part.", by=EDITOR, version=0)


def test_a_step_taken_meanwhile_is_a_conflict(sqlite_register: Store) -> None:
    """A page that was open is told what was done."""
    invite_chief_officer(sqlite_register, inspection_id=1, until=day(9), by=OFFICE, version=0)

    with pytest.raises(ConflictError, match="A step was taken on this response by Office Person"):
        invite_chief_officer(sqlite_register, inspection_id=1, until=day(12), by=OFFICE_2, version=0)


def test_the_same_words_again_are_no_new_version(sqlite_register: Store) -> None:
    """So that saving twice does not end an approval."""
    take_in(sqlite_register)
    write(sqlite_register)
    approve(sqlite_register)

    write(sqlite_register, by=OFFICE_2)

    assert read(sqlite_register).response.approved is not None
    assert len(read(sqlite_register).response.versions(OURS)) == 1


# How it stands


def test_the_desk_lists_what_is_due_first_and_then_what_is_answered(
    sqlite_register: Store, clock: Clock
) -> None:
    """By last day; then those whose day must be found out; then the answered; then those on which none is due."""

    def report(title: str, on: date | None, precision: Precision = Precision.DAY, **given: Any) -> int:
        return take_in_report(
            sqlite_register, service=SERVICE, title=title, published_on=on, published_precision=precision, by=OFFICE, **given
        ).id  # fmt: skip

    clock.set(day(10))
    report("A later one", day(5))
    report("Known by its month", date(2024, 1, 31), Precision.MONTH)
    report("An audit", day(1), programme=Programme.AUDIT)
    report("A coroner’s", day(1), programme=Programme.CORONER)
    answered = report("An answered one", day(-100))
    record_earlier_publication(sqlite_register, inspection_id=answered, on=day(-40), by=OFFICE)
    national = report("A national one", day(-50), is_national=True)
    no_response_due(sqlite_register, inspection_id=national, reason=REASON, by=OFFICE)
    clock.set(day(50))
    found = list_responses(sqlite_register, by=OFFICE)

    assert [(row.report.title, row.state.value, row.days_left, row.timing.days_late) for row in found] == [
        ("PEEL assessment", "not_begun", 5, 0),
        ("A later one", "not_begun", 10, 0),
        ("Known by its month", "not_begun", None, 0),
        ("An answered one", "published", None, 5),
        ("A national one", "not_due", None, 0),
    ]
    assert [row.timing.warning for row in found] == [7, 14, None, None, None]
    assert found[4].timing.words == f"No response is due, as recorded on 14 March 2024: {REASON}"
    with_coroner = list_responses(
        sqlite_register, by=OFFICE, clocks=["prevention-of-future-deaths"], warnings=(3,)
    )
    assert [(row.report.title, row.last_day) for row in with_coroner[:3]] == [
        ("PEEL assessment", day(55)),
        ("A coroner’s", day(57)),
        ("A later one", day(60)),
    ]
    assert [row.timing.warning for row in with_coroner[:2]] == [None, None]
    with sqlite_register.reading() as reader:
        assert settled_reports(reader) == {answered, national}
        assert settled_reports(reader, before=moment(day(10))) == frozenset()


def test_a_day_learned_later_moves_the_last_day(sqlite_register: Store) -> None:
    """The day of publication is evidence; until it is known nothing is computed."""
    number = take_in_report(
        sqlite_register, service=SERVICE, title="Known by its month", published_on=date(2024, 1, 31), published_precision=Precision.MONTH, by=OFFICE
    ).id  # fmt: skip
    assert read(sqlite_register, number=number).timing.asks_for_day
    assert read(sqlite_register, number=number).last_day is None

    learn_publication(
        sqlite_register, inspection_id=number, published_on=date(2024, 1, 10), precision=Precision.DAY, source="Its cover", by=OFFICE
    )  # fmt: skip

    seen = read(sqlite_register, number=number)
    assert (seen.last_day, seen.days_left) == (date(2024, 3, 5), 1)


def test_late_is_told_plainly(sqlite_register: Store, clock: Clock) -> None:
    """By how many days, and by which rule."""
    assert read(sqlite_register).late_words == ""
    clock.set(day(58))

    assert read(sqlite_register).late_words == (
        "3 days late. The last day was 28 April 2024: the day on which the report was published is the first of 56 days "
        "(Police Act 1996, section 55(5A))."
    )


def test_that_none_is_due_is_recorded_with_a_reason_and_taken_back_with_one(sqlite_register: Store) -> None:
    """Of a national report alone; anybody who may read the report can read why."""
    with pytest.raises(RuleError, match="always answered"):
        no_response_due(sqlite_register, inspection_id=1, reason=REASON, by=OFFICE)
    number = take_in_report(
        sqlite_register, service=SERVICE, title="National", published_on=DAY, published_precision=Precision.DAY, is_national=True, by=OFFICE
    ).id  # fmt: skip
    with pytest.raises(RuleError, match="reason of at least 20"):
        no_response_due(sqlite_register, inspection_id=number, reason="No.", by=OFFICE)
    no_response_due(sqlite_register, inspection_id=number, reason=REASON, by=OFFICE)

    assert REASON in read(sqlite_register, PUBLIC, number).timing.words
    with pytest.raises(RuleError, match=REASON):
        invite_chief_officer(sqlite_register, inspection_id=number, until=day(9), by=OFFICE)
    response_due_after_all(sqlite_register, inspection_id=number, reason=REASON, by=OFFICE)
    assert read(sqlite_register, number=number).state is ResponseState.NOT_BEGUN
    with pytest.raises(NotFoundError):
        read_published(sqlite_register, inspection_id=number, form="html", by=PUBLIC)


# What is offered


def test_sentences_from_the_register_are_offered_and_not_stored(sqlite_register: Store, clock: Clock) -> None:
    """Status, evidence and board, without anybody's name; they count for nothing until somebody sends them."""
    take_in(sqlite_register, due_on=day(30), owner="Insp A", board="Strategic Performance Board")
    take_in(sqlite_register, "CC-002", applicability=Applicability.FOR_OTHERS)
    report_progress(
        sqlite_register, reference="CC-001", status=ForceReport.IN_PROGRESS, narrative="Half is done.", by=EDITOR
    )  # fmt: skip
    give_evidence(sqlite_register)
    version = sqlite_register.data_version()
    clock.set(day(40))
    offers = read(sqlite_register).offers

    assert offers["CC-001"] == (
        "Cumbria Constabulary reported on 4 March 2024 that work is under way: “Half is done.” The date set for this was "
        "3 April 2024. Evidence: Audit of cases (audit, 4 March 2024). The Strategic Performance Board oversees this work."
    )
    assert offers[""] == (
        "One recommendation of this report concerns Cumbria Constabulary or this office; one is for others. The work is "
        "overseen by the Strategic Performance Board."
    )
    assert set(offers) == {"CC-001", ""}
    assert sqlite_register.data_version() == version
    assert [one.reference for one in read(sqlite_register).missing] == ["CC-001", "", ""]
    assert read(sqlite_register, EDITOR).offers == read(sqlite_register, ANALYST).offers == {}


# Who sees what


def test_before_publication_the_public_is_told_nothing(sqlite_register: Store) -> None:
    """Neither the response, nor that there is one, nor of whom it waits."""
    take_in(sqlite_register)
    before = [history_counts(sqlite_register, by) for by in (PUBLIC, EDITOR)]
    write(sqlite_register)
    approve(sqlite_register)

    assert list_responses(sqlite_register, by=PUBLIC) == []
    with pytest.raises(NotFoundError, match='No response to "PEEL assessment" has been published'):
        read(sqlite_register, PUBLIC)
    with pytest.raises(NotFoundError):
        read_published(sqlite_register, inspection_id=1, form="html", by=PUBLIC)
    with pytest.raises(NotFoundError):
        read(sqlite_register, ADMINISTRATOR)
    assert history_counts(sqlite_register, PUBLIC) == before[0]
    assert history_counts(sqlite_register, EDITOR) == before[1] + 5, (
        "the office's comments do not exist for the force"
    )


def history_counts(store: Store, by: Actor) -> int:
    """Return how many rows of the history exist for somebody."""
    return history_seen(store, by=by).rows


def test_after_publication_the_public_reads_what_was_published(sqlite_register: Store) -> None:
    """And nothing that is written afterwards."""
    take_in(sqlite_register)
    write(sqlite_register)
    approve(sqlite_register)
    publish(sqlite_register, link="https://office.example/response")
    write_comments(sqlite_register, inspection_id=1, part=OURS, text="A secret draft.", by=OFFICE)
    seen = read(sqlite_register, PUBLIC)

    assert "secret" not in str(seen)
    assert {one.text for one in seen.response.texts} >= {"We welcome it too."}
    assert (seen.state, list(seen.dates)) == (ResponseState.PUBLISHED, [ResponseState.PUBLISHED])
    assert (seen.missing, seen.doubts, seen.offers, seen.steps, seen.waits) == ((), (), {}, (), None)
    assert OFFICE.name not in str(seen.response.steps)
    row = row_of(sqlite_register, PUBLIC)
    assert row is not None
    assert (row.missing, row.asked_by, row.has_newer_draft) == (None, "", False)


def test_the_force_reads_all_but_the_offices_comments_and_writes_the_chief_officers(
    sqlite_register: Store,
) -> None:
    """Editors and approvers alike, for their own service."""
    take_in(sqlite_register)
    write(sqlite_register)
    for by in (EDITOR, APPROVER):
        seen = read(sqlite_register, by)
        assert {one.part for one in seen.response.texts} == {CHIEF, ResponsePart.EXPLANATION}
        write_comments(sqlite_register, inspection_id=1, part=CHIEF, text=f"{by.name} writes.", by=by)
        with pytest.raises(AccessError):
            write_comments(sqlite_register, inspection_id=1, part=OURS, text="Not ours.", by=by)
        with pytest.raises(AccessError):
            explain(
                sqlite_register,
                inspection_id=1,
                reference="CC-001",
                explains=Explains.NONE,
                text="No.",
                by=by,
            )
    write_comments(sqlite_register, inspection_id=1, part=OURS, text="", by=OFFICE)
    assert [one.part for one in read(sqlite_register, EDITOR).missing] == []
    assert read(sqlite_register, ANALYST).missing[0].part is OURS
    for stranger in (OFFICE_ELSEWHERE, NOBODY):
        with pytest.raises((AccessError, NotFoundError)):
            read(sqlite_register, stranger)


def test_the_response_to_an_embargoed_report_exists_for_its_office_alone(
    sqlite_register: Store, clock: Clock
) -> None:
    """It is prepared before, and published after; a restricted report's never."""
    number = take_in_report(
        sqlite_register, service=SERVICE, title="Secret", published_on=DAY, published_precision=Precision.DAY, embargo_until=moment(day(20)), by=OFFICE
    ).id  # fmt: skip
    take_in(sqlite_register, inspection_id=number)
    receive_comments(sqlite_register, inspection_id=number, text="I welcome it.", by=OFFICE_2)
    explain(
        sqlite_register,
        inspection_id=number,
        reference="CC-001",
        explains=Explains.NONE,
        text="No.",
        by=OFFICE,
    )
    write_comments(sqlite_register, inspection_id=number, part=OURS, text="We too.", by=OFFICE)
    ask_approval(sqlite_register, inspection_id=number, by=OFFICE)
    approve_response(sqlite_register, inspection_id=number, by=SECOND)

    for by in (EDITOR, ANALYST, PUBLIC, ADMINISTRATOR, OFFICE_ELSEWHERE):
        with pytest.raises(NotFoundError) as hidden:
            read(sqlite_register, by, number)
        with pytest.raises(NotFoundError) as absent:
            read(sqlite_register, by, 777)
        assert hidden.value.message.replace(str(number), "…") == absent.value.message.replace("777", "…")
        assert row_of(sqlite_register, by, number) is None
    with pytest.raises(RuleError, match="under embargo"):
        publish(sqlite_register, number=number)
    assert "The embargo ends on 24 March 2024" in read(sqlite_register, number=number).doubts[0]
    clock.set(day(21))
    assert read(sqlite_register, EDITOR, number).state is ResponseState.APPROVED
    publish(sqlite_register, number=number)
    assert read(sqlite_register, PUBLIC, number).state is ResponseState.PUBLISHED


SECOND = Actor(id="second", name="Second Person", roles=OFFICE.roles, services=OFFICE.services)


def test_who_did_what_tells_of_responses(sqlite_register: Store) -> None:
    """In words, by the report, and as a sort of its own."""
    take_in(sqlite_register)
    invite_chief_officer(sqlite_register, inspection_id=1, until=day(9), by=OFFICE)
    write(sqlite_register)
    approve(sqlite_register)
    publish(sqlite_register)
    rows = read_audit(sqlite_register, by=OFFICE, wanted=AuditFilter(act=AuditAct.RESPONSES))

    assert [(row.what, row.detail, row.about) for row in rows[::-1]] == [
        ("Chief officer invited to comment", "by 13 Mar 2024", "PEEL assessment"),
        ("Chief officer’s comments received", "", "PEEL assessment"),
        ("Response written", "Chief officer’s comments", "PEEL assessment"),
        ("Response written", "Action or reason, CC-001", "PEEL assessment"),
        ("Response written", "Office’s comments", "PEEL assessment"),
        ("Approval of a response asked for", "", "PEEL assessment"),
        ("Response approved", "", "PEEL assessment"),
        ("Response published", "", "PEEL assessment"),
    ]


# Which report is meant


@pytest.fixture(scope="module")
def titled(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Yield a register with reports of several titles."""
    path = tmp_path_factory.mktemp("titled") / "register.sqlite"
    shutil.copyfile(sqlite_template, path)
    store = a_register(f"sqlite:///{path}")
    for title in ("County lines: a first look", "County lines", "Custody 2024"):
        take_in_report(store, service=SERVICE, title=title, by=OFFICE)
    take_in_report(store, service=ELSEWHERE, title="Custody 2024", by=SYSTEM)
    take_in_report(store, service=SERVICE, title="A secret report", is_restricted=True, by=OFFICE)
    yield store
    store.close()


@pytest.mark.parametrize(
    ("words", "service", "found"),
    [
        ("1", "", 1),
        ("county LINES", "", 3),
        ("first county", "", 2),
        (" peel ", "", 1),
        ("custody", SERVICE, 4),
        ("custody", ELSEWHERE, 5),
    ],
)
def test_a_report_is_found_by_number_title_or_words(
    titled: Store, words: str, service: str, found: int
) -> None:
    """A number or a whole title goes before words of it."""
    assert find_report(titled, words=words, service=service, by=SYSTEM).id == found


@pytest.mark.parametrize(
    ("words", "by", "said"),
    [
        ("custody", SYSTEM, f"fits 2 reports: report 4, Custody 2024 ({SERVICE}); report 5, Custody 2024 ({ELSEWHERE})"),
        ("county", SYSTEM, 'fits 2 reports: report 2, County lines: a first look'),
        ("777", SYSTEM, "No report on this register"),
        ("", SYSTEM, "No report on this register"),
        ("secret", EDITOR, "No report on this register"),
        ("6", EDITOR, "No report on this register"),
    ],
)  # fmt: skip
def test_words_that_fit_none_or_several_are_refused(titled: Store, words: str, by: Actor, said: str) -> None:
    """Several are named with their numbers; what is hidden is not there."""
    with pytest.raises((RuleError, NotFoundError)) as refused:
        find_report(titled, words=words, by=by)

    assert said in refused.value.message


def test_what_is_answered_is_no_longer_told_as_due(sqlite_register: Store, clock: Clock) -> None:
    """Neither in the pack, nor as a question, nor in the calendar; a pack of an earlier moment still tells of it."""
    meeting = record_meeting(
        sqlite_register, service=SERVICE, kind=MeetingKind.CONFERENCE, on=day(50), by=OFFICE
    )
    clock.set(day(45))

    def due() -> tuple[int, int, int]:
        facts = gather(sqlite_register, meeting_id=meeting.id, by=OFFICE, as_at=day(45))
        entries = read_calendar(sqlite_register, by=OFFICE, titles=Titles()).entries
        asked = [one for one in facts.questions if one.trigger is Trigger.RESPONSE_DUE]
        return len(facts.responses), len(asked), sum(one.kind is EntryKind.RESPONSE for one in entries)

    before, moment_before = due(), sqlite_register.now()
    record_earlier_publication(sqlite_register, inspection_id=1, on=DAY, by=OFFICE)

    assert before == (1, 1, 1)
    assert due() == (0, 0, 0)
    again = gather(sqlite_register, meeting_id=meeting.id, by=OFFICE, as_at=day(45), known_at=moment_before)
    assert len(again.responses) == 1
