"""Files onto the register: what is proposed, what is stored, and what an import cannot do."""

from datetime import date

import pytest

from monitor.domain.access import SYSTEM, Actor, Role
from monitor.domain.statuses import Applicability, ForceReport, Kind, Precision, SetBy, Standing
from monitor.errors import AccessError, ConflictError, NotFoundError, RuleError, UnreadableFileError
from monitor.services.checking import verify
from monitor.services.importing import Applied, apply_plans, hold_against, read_file
from monitor.services.intake import correct_wording, learn_publication, take_in_report
from monitor.services.plans import SETTLED_NEW, FilePlan, answer_of
from monitor.services.reading import read_recommendation
from monitor.services.sources import read_passages
from monitor.services.view import register_view
from monitor.store import Store
from tests.builders import DAY, EDITOR, ELSEWHERE, OFFICE, SERVICE, Clock, close, day, person, take_in

BOTH = person("both", Role.OFFICE, Role.FORCE_EDITOR)
RESPONSE = """Response to HMICFRS inspection

Title of report: Under lock: how custody is run
Date published: 12 January 2024
Type of inspection: National Thematic

Recommendations
Recommendation 1
By 31 May 2024, chief constables should make sure that every strip search is recorded within one hour.

Recommendation 2
Within six months, chief constables should publish their detention data each quarter.

Comments of the Chief Constable
We accept both recommendations.
"""
TRACKER = """Ref,Inspection,Recommendation,Owner,Deadline,Status,Update Sept 23,Update Jan 24
HMI/1,Under lock,The force should record every strip search within one hour.,Insp Hart,By March 2024,Ongoing,Form drafted,Form used at two sites
HMI/2,Under lock,The force should publish its detention data each quarter.,Insp Hart,31/12/2024,Complete,Data gathered,Published
HMI/3,Under lock,The force should train all custody sergeants in the new form.,Sgt Low,TBC,Not started,,
"""


def read(store: Store, text: str = RESPONSE, name: str = "response.txt", by: Actor = OFFICE) -> FilePlan:
    """Return what a file of this text holds."""
    return read_file(store, name=name, content=text.encode(), service=SERVICE, by=by)


def apply(store: Store, *plans: FilePlan, by: Actor = OFFICE, wording: bool = True) -> Applied:
    """Store everything of these files that can be stored."""
    taken = {plan.fingerprint: plan.everything(wording=wording) for plan in plans}
    return apply_plans(store, plans=plans, taken=taken, by=by)


def standings(plan: FilePlan) -> list[Standing]:
    """Return how the rows of a file stand, in order."""
    return [item.standing for item in plan.items]


# Documents


def test_a_response_comes_onto_the_register_with_its_passages(register: Store) -> None:
    """Report, day, deadlines and words are as printed, and each row points into the kept file."""
    plan = read(register)
    done = apply(register, plan)

    assert done.reports == 1
    assert len(done.new) == 2
    seen = read_recommendation(register, reference=done.new[0], by=OFFICE)
    assert seen.report.title == "Under lock: how custody is run"
    assert (seen.report.published_on, seen.report.published_precision) == (date(2024, 1, 12), Precision.DAY)
    assert seen.report.last_day_to_respond == date(2024, 3, 7)
    assert (seen.record.targets[0].due_on, seen.record.targets[0].set_by) == (
        date(2024, 5, 31),
        SetBy.INSPECTORATE,
    )
    assert seen.record.taken_in_on == date(2024, 1, 12)
    (passage,) = read_passages(register, reference=done.new[0], by=OFFICE)
    assert "strip search is recorded within one hour" in passage.passage
    assert passage.before + passage.passage + passage.after == RESPONSE
    assert passage.source.name == "response.txt"
    assert verify(register, by=OFFICE).ok


def test_each_row_has_one_entry_of_history(sqlite_register: Store) -> None:
    """A file, a report, where it was read, and one row for each recommendation."""
    before = sqlite_register.data_version()
    apply(sqlite_register, read(sqlite_register))

    with sqlite_register.reading() as reader:
        verbs = [row.verb for row in reversed(reader.history(limit=sqlite_register.data_version() - before))]
    assert verbs == ["file kept", "report taken in", "read in a file", "taken in", "taken in"]


@pytest.mark.parametrize(("text", "name"), [(RESPONSE, "response.txt"), (TRACKER, "tracker.csv")])
def test_the_same_file_twice_changes_nothing(register: Store, clock: Clock, text: str, name: str) -> None:
    """Read again on a later day, everything is unchanged and no row of history is added."""
    apply(register, read(register, text, name))
    before = register.data_version()
    clock.set(day(40))

    again = read(register, text, name)

    assert set(standings(again)) == {Standing.UNCHANGED}
    assert apply(register, again) == Applied(0, (), (), len(again.items))
    assert register.data_version() == before


def test_what_was_corrected_at_intake_stays_when_the_file_comes_again(sqlite_register: Store) -> None:
    """The passage has been read once; a person's correction of it is not undone."""
    plan = read(sqlite_register).with_item("0-0", text="Corrected: a word was misread in the scan.")
    apply(sqlite_register, hold_against(sqlite_register, plan, by=OFFICE))

    assert set(standings(read(sqlite_register))) == {Standing.UNCHANGED}


def test_a_day_of_publication_given_later_dates_what_counts_from_it(sqlite_register: Store) -> None:
    """A month gives no last day and no relative date; the day, once given, gives both."""
    plan = read(sqlite_register, RESPONSE.replace("12 January 2024", "January 2024"))
    report, second = plan.reports[0], plan.items[1]
    assert report.last_day_to_respond is None
    assert (second.given["due_phrase"], second.given["due_on"]) == ("Within six months", None)

    dated = plan.with_report(0, published_on=date(2024, 1, 12), published_precision=Precision.DAY)

    assert dated.reports[0].last_day_to_respond == date(2024, 3, 7)
    assert dated.items[1].given["due_on"] == date(2024, 7, 12)


def test_other_words_become_a_new_version_only_when_confirmed(sqlite_register: Store) -> None:
    """The inspectorate's text never changes silently: both wordings stay, with where the second was printed."""
    done = apply(sqlite_register, read(sqlite_register))
    softened = read(sqlite_register, RESPONSE.replace("within one hour", "within a day"), "later.txt")
    assert standings(softened) == [Standing.CHANGED, Standing.UNCHANGED]
    assert [one.field for one in softened.items[0].differences] == ["text"]

    assert apply(sqlite_register, softened, wording=False).changed == ()
    assert apply(sqlite_register, softened).changed == (done.new[0],)

    wordings = read_recommendation(sqlite_register, reference=done.new[0], by=OFFICE).record.wordings
    assert ["within one hour" in one.text for one in wordings] == [True, False]
    assert "later.txt" in wordings[1].source


def test_a_date_that_differs_is_told_and_not_moved(sqlite_register: Store) -> None:
    """The original date survives; whoever wants another asks for it."""
    done = apply(sqlite_register, read(sqlite_register))
    later = read(sqlite_register, RESPONSE.replace("31 May 2024", "30 September 2024"), "later.txt")

    apply(sqlite_register, later)

    assert any("does not move a date" in said for said in later.items[0].noted)
    record = read_recommendation(sqlite_register, reference=done.new[0], by=OFFICE).record
    assert [target.due_on for target in record.targets] == [date(2024, 5, 31)]


def test_a_better_known_day_of_publication_is_learned(sqlite_register: Store) -> None:
    """A month on the register and a day in the file: the day is recorded beside it, with its source."""
    apply(
        sqlite_register, read(sqlite_register, RESPONSE.replace("12 January 2024", "January 2024"), "a.txt")
    )
    plan = read(sqlite_register, RESPONSE, "b.txt")
    assert [one.field for one in plan.reports[0].differences] == ["published_on"]

    apply(sqlite_register, plan)

    report = register_view(sqlite_register, by=OFFICE).inspections[2]
    assert (report.published_on, report.published_source) == (date(2024, 1, 12), "As printed in b.txt")
    assert verify(sqlite_register, by=OFFICE).ok


def test_two_files_of_one_report_come_in_once(sqlite_register: Store) -> None:
    """What the first of them takes in is unchanged when the second comes, in the same transaction."""
    first, second = read(sqlite_register, name="a.txt"), read(sqlite_register, RESPONSE + "\n", "b.txt")

    done = apply(sqlite_register, first, second)

    assert (done.reports, len(done.new)) == (1, 2)


def test_what_was_not_ticked_stays_out(sqlite_register: Store) -> None:
    """One row of two; the report comes with it."""
    plan = read(sqlite_register)

    done = apply_plans(sqlite_register, plans=[plan], taken={plan.fingerprint: {"0-1"}}, by=OFFICE)

    assert (done.reports, len(done.new), done.left) == (1, 1, 1)


def test_nothing_ticked_stores_nothing(sqlite_register: Store) -> None:
    """Not even the file."""
    before = sqlite_register.data_version()
    apply_plans(sqlite_register, plans=[read(sqlite_register)], taken={}, by=OFFICE)

    assert sqlite_register.data_version() == before


def test_a_doubtful_row_waits_for_a_person(sqlite_register: Store) -> None:
    """It cannot be taken until somebody says what it is; then it is new, or that row with other words."""
    done = apply(sqlite_register, read(sqlite_register))
    other = RESPONSE.replace(
        "make sure that every strip search is recorded within one hour", "buy drones for rural patrols"
    )
    plan = read(sqlite_register, other, "other.txt")
    assert standings(plan)[0] is Standing.DOUBTFUL
    with pytest.raises(RuleError, match="say whether it is"):
        apply_plans(sqlite_register, plans=[plan], taken={plan.fingerprint: {"0-0"}}, by=OFFICE)

    as_new = hold_against(sqlite_register, plan.settle_item("0-0", SETTLED_NEW), by=OFFICE)
    as_known = hold_against(sqlite_register, plan.settle_item("0-0", done.new[0]), by=OFFICE)

    assert standings(as_new)[0] is Standing.NEW
    assert (standings(as_known)[0], as_known.items[0].found) == (Standing.CHANGED, done.new[0])


def test_a_report_under_another_title_is_asked_about(sqlite_register: Store) -> None:
    """Most of what it asks stands in a report of the register: it may be that one, and nothing is taken unasked."""
    apply(sqlite_register, read(sqlite_register))
    plan = read(
        sqlite_register, RESPONSE.replace("Under lock: how custody is run", "Custody nationwide"), "b.txt"
    )
    assert (plan.reports[0].standing, plan.reports[0].found) == (Standing.DOUBTFUL, 2)

    assert apply(sqlite_register, plan) == Applied(0, (), (), 2)
    settled = hold_against(sqlite_register, plan.settle_report(0, 2), by=OFFICE)

    assert set(standings(settled)) == {Standing.UNCHANGED}


def test_a_row_changed_meanwhile_stops_everything(sqlite_register: Store) -> None:
    """The wording a person compared is not the one there now: nothing of the file is stored."""
    done = apply(sqlite_register, read(sqlite_register))
    text = RESPONSE.replace("within one hour", "within a day").replace(
        "We accept",
        "Recommendation 3\nChief constables should review cell ligature points each month.\n\nWe accept",
    )
    plan = read(sqlite_register, text, "later.txt")
    correct_wording(
        sqlite_register,
        reference=done.new[0],
        text="Another wording altogether.",
        reason="The web page was corrected in March.",
        source="Web page",
        by=OFFICE,
    )
    before = sqlite_register.data_version()

    with pytest.raises(ConflictError):
        apply(sqlite_register, plan)

    assert sqlite_register.data_version() == before


def test_a_reference_taken_meanwhile_stops_everything(sqlite_register: Store) -> None:
    """Nothing is half stored: neither the file nor the report."""
    plan = read(sqlite_register)
    take_in(sqlite_register, plan.items[1].given["reference"])
    before = sqlite_register.data_version()

    with pytest.raises(RuleError, match="already in use"):
        apply(sqlite_register, plan)

    assert sqlite_register.data_version() == before


def test_a_response_inside_another_is_linked_to_it(sqlite_register: Store) -> None:
    """Two reports come of one file, the inner one first, and the outer one names it."""
    text = (
        "Title of report: Diverging paths\nDate published: July 2020\n\nResponse\n\n"
        "Response to Integrated PEEL Inspection Report for Cumbria published May 2019:\n\n"
        "Title of report: Integrated PEEL 2018/19\nDate published: 2 May 2019\n\n"
        "Areas for improvement\nThe force should review how it records complaints.\n\nResponse\nWe agree.\n"
    )
    plan = read(sqlite_register, text)
    apply(sqlite_register, plan)

    reports = {one.title: one for one in register_view(sqlite_register, by=OFFICE).inspections.values()}
    assert reports["Diverging paths"].embeds == reports["Integrated PEEL 2018/19"].id


def test_a_recommendation_stands_under_its_cause_of_concern(sqlite_register: Store) -> None:
    """As printed: the cause first, what is asked about it beneath."""
    text = (
        "Title of report: PEEL 2023 Northshire\nDate published: 2 May 2023\n\nCause of concern\n"
        "The force does not record all reports of violence, and victims are left without help.\n\n"
        "Recommendations\nRecommendation 1\nWithin three months, the force should record every report of violence on the day.\n"
    )
    done = apply(sqlite_register, read(sqlite_register, text))

    kinds = {ref: read_recommendation(sqlite_register, reference=ref, by=OFFICE).record for ref in done.new}
    cause = next(ref for ref, record in kinds.items() if record.kind is Kind.CAUSE_OF_CONCERN)
    under = [record for record in kinds.values() if record.kind is Kind.RECOMMENDATION]
    assert [record.parent for record in under] == [cause]


def test_whose_it_is_follows_from_whom_it_addresses(sqlite_register: Store) -> None:
    """For others only is listed and counted apart; what is not clear is not decided."""
    text = RESPONSE.replace("By 31 May 2024, chief constables", "By 31 May 2024, the Home Office")
    done = apply(sqlite_register, read(sqlite_register, text))

    record = read_recommendation(sqlite_register, reference=done.new[0], by=OFFICE).record
    assert record.assignments[0].applicability is Applicability.FOR_OTHERS
    assert not record.spells()


# Trackers


def test_a_tracker_comes_in_with_what_the_force_reported(register: Store) -> None:
    """Rows, owners, dates and dated updates; a claim stays a claim."""
    done = apply(register, read(register, TRACKER, "tracker.csv"))

    assert done.new == ("HMI/1", "HMI/2", "HMI/3")
    second = read_recommendation(register, reference="HMI/2", by=OFFICE)
    assert [(one.happened_on, one.status) for one in second.record.reports] == [
        (date(2023, 9, 30), ForceReport.IN_PROGRESS),
        (date(2024, 1, 31), ForceReport.COMPLETE),
    ]
    assert not second.record.is_closed
    assert second.record.targets[0].due_on == date(2024, 12, 31)
    third = read_recommendation(register, reference="HMI/3", by=OFFICE).record
    assert (third.targets, third.reports) == ([], [])
    (passage,) = read_passages(register, reference="HMI/3", by=OFFICE)
    assert passage.place == 'Sheet "tracker", row 4'
    assert "Owner: Sgt Low" in passage.passage
    assert verify(register, by=OFFICE).ok


def test_a_later_tracker_adds_what_is_new_in_it(sqlite_register: Store) -> None:
    """A further update and another owner are changes of the row, in one entry of history."""
    apply(sqlite_register, read(sqlite_register, TRACKER, "tracker.csv"))
    later = TRACKER.replace("Sgt Low", "Insp Moss").replace("Not started,,", "Ongoing,,Course booked")
    plan = read(sqlite_register, later, "later.csv", by=BOTH)
    assert standings(plan) == [Standing.UNCHANGED, Standing.UNCHANGED, Standing.CHANGED]
    before = sqlite_register.data_version()

    assert apply(sqlite_register, plan, by=BOTH).changed == ("HMI/3",)

    record = read_recommendation(sqlite_register, reference="HMI/3", by=OFFICE).record
    assert record.assignments[-1].owner == "Insp Moss"
    assert [(one.narrative, one.status) for one in record.reports] == [
        ("Course booked", ForceReport.IN_PROGRESS)
    ]
    with sqlite_register.reading() as reader:
        rows = reader.history(limit=sqlite_register.data_version() - before)
    assert sum(row.subject_kind == "recommendation" for row in rows) == 1


def test_the_office_does_not_speak_for_the_force_on_what_is_already_here(sqlite_register: Store) -> None:
    """At intake it carries over what was reported; after that the force reports itself."""
    apply(sqlite_register, read(sqlite_register, TRACKER, "tracker.csv"))
    plan = read(sqlite_register, TRACKER.replace("Not started,,", "Ongoing,,Course booked"), "later.csv")

    assert standings(plan)[2] is Standing.UNCHANGED
    assert any("the force records that itself" in said for said in plan.items[2].noted)


def test_a_moved_date_in_a_tracker_is_a_fault(sqlite_register: Store) -> None:
    """It is named by sheet, row and heading, and nothing of the file is stored."""
    apply(sqlite_register, read(sqlite_register, TRACKER, "tracker.csv"))
    plan = read(sqlite_register, TRACKER.replace("31/12/2024", "30/06/2025"), "later.csv")

    (fault,) = plan.faults
    assert (fault.where, fault.found) == ('Sheet "later", row 3, "Deadline"', "30 June 2025")
    with pytest.raises(RuleError, match="does not move a date"):
        apply(sqlite_register, plan)


def test_rows_of_a_service_one_may_not_take_in_for_are_faults(sqlite_register: Store) -> None:
    """Another service's rows are named with what would be accepted."""
    text = f"Service,Recommendation\n{ELSEWHERE},The service should test its pumps.\n"
    (fault,) = read(sqlite_register, text, "tracker.csv").faults

    assert (fault.found, fault.wanted) == (ELSEWHERE, SERVICE)


def test_a_closed_row_of_an_export_cannot_be_opened_or_closed_by_it(sqlite_register: Store) -> None:
    """The office's and the inspectorate's voices, and closing, are decided on their pages."""
    take_in(sqlite_register, "CC-001")
    take_in(sqlite_register, "CC-002")
    close(sqlite_register, "CC-002")
    head = "Reference,Recommendation,Text,Service,Report,Office,Closed,Closed as\n"
    row = f"{{}},Do {{}},The force should do it.,{SERVICE},PEEL assessment,{{}}\n"
    text = (
        head
        + row.format("CC-001", "CC-001", "Assured,4 March 2024,Met")
        + row.format("CC-002", "CC-002", "Not yet looked at,,")
    )
    plan = read(sqlite_register, text, "export.csv")

    assert len(plan.faults) >= 3
    assert {fault.where.rpartition(", ")[2] for fault in plan.faults} == {
        '"Office"',
        '"Closed"',
        '"Closed as"',
    }


def test_ten_faults_are_ten(sqlite_register: Store) -> None:
    """Every wrong cell is listed at once, each with its row as Excel counts it."""
    rows = "".join(f"X{n},The force should do thing number {n}.,31/02/2024\n" for n in range(10))
    plan = read(sqlite_register, f"Ref,Recommendation,Deadline\n{rows}", "ten.csv")

    assert [fault.where.split(", ")[1] for fault in plan.faults] == [f"row {n}" for n in range(2, 12)]
    assert answer_of(plan)["outcome"] == "refused"
    assert len(answer_of(plan)["problems"]) >= 10


def test_how_a_sheet_is_read_is_remembered_for_the_service(sqlite_register: Store) -> None:
    """What a person said of headings and words holds for the next file with the same headings."""
    text = "Ref,What they said,Gaffer,RAG\nR-1,The force should review its custody cameras.,Insp Hart,Amber\n"
    first = read_file(
        sqlite_register,
        name="a.csv",
        content=text.encode(),
        service=SERVICE,
        by=OFFICE,
        columns={"Gaffer": "owner", "What they said": "text", "RAG": "status"},
        words={"amber": "in_progress"},
    )
    apply(sqlite_register, first)

    again = read(sqlite_register, text.replace("R-1", "R-2").replace("cameras", "records"), "b.csv")

    assert again.faults == ()
    assert again.items[0].given["owner"] == "Insp Hart"
    assert again.items[0].updates[-1].status is ForceReport.IN_PROGRESS


def test_rows_that_name_no_report_ask_for_its_title(sqlite_register: Store) -> None:
    """The title can be given for all of them at once."""
    text = "Ref,Recommendation\nR-1,The force should review its custody cameras.\n"
    plan = read(sqlite_register, text, "tracker.csv")
    assert any("Give its title" in said for said in plan.reports[0].problems)

    named = read_file(
        sqlite_register,
        name="tracker.csv",
        content=text.encode(),
        service=SERVICE,
        by=OFFICE,
        report_title="Custody review",
    )

    assert named.reports[0].given["title"] == "Custody review"


# Who may, and what is refused


@pytest.mark.parametrize("by", [EDITOR, person("analyst", Role.ANALYST), person("admin", Role.ADMINISTRATOR)])
def test_only_who_may_take_in_can_import(sqlite_register: Store, by: Actor) -> None:
    """Neither reading a file nor storing one is for the others."""
    plan = read(sqlite_register)
    with pytest.raises(AccessError):
        read(sqlite_register, by=by)
    with pytest.raises(AccessError):
        apply(sqlite_register, plan, by=by)


def test_a_file_that_cannot_be_read_is_one_sentence(sqlite_register: Store) -> None:
    """The sentence names the file; nothing is stored."""
    with pytest.raises(UnreadableFileError, match=r"response\.docx"):
        read(sqlite_register, "This is no Word document.", "response.docx")


def test_a_service_that_is_not_here_is_refused(sqlite_register: Store) -> None:
    """The name is in the sentence."""
    with pytest.raises(RuleError, match="Narnia"):
        read_file(sqlite_register, name="a.txt", content=b"x", service="Narnia Police", by=SYSTEM)


def test_a_kept_file_that_was_changed_is_found(sqlite_register: Store) -> None:
    """Its bytes and its text have fingerprints; the check anyone can run names the file."""
    apply(sqlite_register, read(sqlite_register))
    with sqlite_register.engine.connect().execution_options(writes=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER source_no_update")
        connection.exec_driver_sql("UPDATE source SET text = 'Something else'")
        connection.commit()

    verdict = verify(sqlite_register, by=SYSTEM)

    assert any("response.txt" in said for said in verdict.differences)


def test_a_passage_beside_a_hidden_report_shows_itself_alone(sqlite_register: Store) -> None:
    """The rest of the file may speak of what this reader may not see."""
    done = apply(sqlite_register, read(sqlite_register))
    plan = read(sqlite_register)
    hidden = take_in_report(sqlite_register, service=SERVICE, title="Secret", is_restricted=True, by=OFFICE)
    from monitor.domain.sources import ReportSource

    with sqlite_register.writing() as unit:
        unit.add(
            ReportSource(
                id=unit.new_id("report_source"),
                service=SERVICE,
                inspection_id=hidden.id,
                source=plan.fingerprint,
                place=1,
                recorded_at=unit.now,
                by=OFFICE.id,
                by_name=OFFICE.name,
            ),
            by=OFFICE,
            verb="read in a file",
        )

    (for_all,) = read_passages(sqlite_register, reference=done.new[0], by=EDITOR)
    (for_office,) = read_passages(sqlite_register, reference=done.new[0], by=OFFICE)

    assert (for_all.before, for_all.after) == ("", "")
    assert for_all.passage == for_office.passage
    assert for_office.before


# The day of publication


def test_a_day_of_publication_is_learned_with_its_source(register: Store, clock: Clock) -> None:
    """It stands from the day it was learned; a past day shows what was then known."""
    report = take_in_report(
        register,
        service=SERVICE,
        title="Known by month",
        published_on=date(2024, 1, 31),
        published_precision=Precision.MONTH,
        by=OFFICE,
    )
    clock.set(day(10))
    learn_publication(
        register,
        inspection_id=report.id,
        published_on=date(2024, 1, 12),
        precision=Precision.DAY,
        source="The inspectorate's page",
        by=OFFICE,
    )

    today = register_view(register, by=OFFICE).inspections[report.id]
    then = register_view(register, by=OFFICE, as_at=DAY).inspections[report.id]
    assert (today.last_day_to_respond, then.last_day_to_respond) == (date(2024, 3, 7), None)
    assert verify(register, by=OFFICE).ok


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"source": "  "}, "Say where"),
        ({"published_on": DAY}, "already known"),
        ({"published_on": date(2024, 1, 12), "precision": Precision.MONTH}, "last day of it"),
        ({"published_on": day(90)}, "not published in the future"),
    ],
)
def test_a_day_of_publication_that_cannot_be_is_refused(
    sqlite_register: Store, given: dict[str, object], said: str
) -> None:
    """Each with what would be right."""
    facts = {"published_on": day(-3), "precision": Precision.DAY, "source": "Letter"}
    with pytest.raises(RuleError, match=said):
        learn_publication(sqlite_register, inspection_id=1, by=OFFICE, **facts | given)  # type: ignore[arg-type]


def test_a_report_nobody_has_is_not_found(sqlite_register: Store) -> None:
    """The same words as for one that is hidden."""
    with pytest.raises(NotFoundError):
        learn_publication(
            sqlite_register,
            inspection_id=99,
            published_on=DAY,
            precision=Precision.DAY,
            source="Letter",
            by=OFFICE,
        )
