from datetime import date
from typing import Any

import pytest

from monitor.domain.access import Actor, Role
from monitor.domain.statuses import Assurance, Confidence, ForceReport
from monitor.errors import AccessError, ConflictError, NotFoundError, RuleError
from monitor.importers.faults import Fault
from monitor.importers.update_form import HAPPENED, STATUS, WORDS, Origin
from monitor.importers.update_sheet import FilledForm, UpdateRow
from monitor.services import deciding, round_trip, updating
from monitor.services.auditing import history_seen
from monitor.services.checking import verify
from monitor.services.intake import take_in_report
from monitor.services.reading import read_recommendation
from monitor.services.round_trip import CellChange, UpdatePlan, apply_updates, plan_updates, update_form
from monitor.store import Store
from tests.builders import (
    APPROVER,
    DAY,
    EDITOR,
    EDITOR_2,
    ELSEWHERE,
    OFFICE,
    OFFICE_ELSEWHERE,
    PUBLIC,
    Clock,
    close,
    day,
    give_evidence,
    person,
    take_in,
)

EVERYWHERE = person("everywhere", Role.OFFICE, services=None)


@pytest.fixture
def store(sqlite_register: Store, clock: Clock) -> Store:
    """Return a register in which two of the editor's items are in progress and one has not begun, on day 45."""
    for reference in ("CC-001", "CC-002", "CC-003"):
        take_in(sqlite_register, reference, owner=EDITOR.name, due_on=day(90))
    clock.set(day(10))
    for reference in ("CC-001", "CC-002"):
        report(sqlite_register, reference, "Begun.", blocked_by="The supplier")
    clock.set(day(45))
    return sqlite_register


def report(store: Store, reference: str, narrative: str, by: Actor = EDITOR, **given: Any) -> None:
    """Report progress as on the page."""
    facts: dict[str, Any] = {"status": ForceReport.IN_PROGRESS, "by": by} | given
    updating.report_progress(store, reference=reference, narrative=narrative, **facts)


def a_form(store: Store, *rows: UpdateRow, faults: tuple[Fault, ...] = ()) -> FilledForm:
    """Return a workbook as filled in, downloaded from the register as it stands."""
    with store.reading() as reader:
        head = reader.history_head()
    assert head is not None
    return FilledForm("mine.xlsx", Origin(EDITOR.name, "18 April 2024", head.seq, head.hash), rows, faults)


def a_row(store: Store, reference: str = "CC-001", **given: Any) -> UpdateRow:
    """Return a row as downloaded now, with what was filled in."""
    try:
        record = read_recommendation(store, reference=reference, by=EDITOR).record
        last = record.reports[-1] if record.reports else None
        version = record.version
    except NotFoundError:
        last, version = None, 1
    facts: dict[str, Any] = {
        "sheet": "Updates",
        "row": 6 + int(reference[-1]),
        "reference": reference,
        "version": version,
        "status": last.status if last else ForceReport.NOT_STARTED,
        "blocked_by": last.blocked_by if last else "",
    }
    return UpdateRow(**facts | given)


def said(store: Store, *rows: UpdateRow, by: Actor = EDITOR) -> list[str]:
    """Return what is said against these rows."""
    return [fault.message for fault in plan_updates(store, form=a_form(store, *rows), by=by).faults]


# The download


def test_the_workbook_has_what_is_open_for_the_person_in_the_order_of_my_updates(
    store: Store, clock: Clock
) -> None:
    """Asked by the office first, then the longest without an update; not what is closed or another's."""
    take_in(store, "CC-004", owner=EDITOR_2.name)
    take_in(store, "CC-005", owner=EDITOR.name)
    close(store, "CC-005")
    deciding.decide_assurance(
        store,
        reference="CC-002",
        level=Assurance.NOT_ASSURED,
        rationale="Few.",
        ask="A dip sample.",
        by=OFFICE,
    )

    form = update_form(store, by=EDITOR)

    assert [line.reference for line in form.lines] == ["CC-002", "CC-003", "CC-001"]
    assert (form.is_everyone, form.today) == (False, day(45))
    two, three, _ = form.lines
    assert (two.asked, two.blocked_by, two.status) == (
        "A dip sample.",
        "The supplier",
        ForceReport.IN_PROGRESS,
    )
    assert two.last_report == "In progress, 14 March 2024, Editor Person: Begun."
    assert three.last_report == "Nothing reported yet"
    assert (three.earliest, three.target_on, three.schedule) == (DAY, day(90), "Due soon")
    assert two.version == read_recommendation(store, reference="CC-002", by=EDITOR).record.version


def test_the_workbook_says_which_history_it_rests_on(store: Store) -> None:
    """How many rows the person may know of, and the hash of the last of them."""
    form = update_form(store, by=EDITOR)

    seen = history_seen(store, by=EDITOR)
    assert (form.history_rows, form.head) == (seen.rows, seen.head)
    assert seen.rows < store.data_version()


def test_an_approver_can_have_all_open_items_of_the_force(store: Store) -> None:
    """Their own, of which there are none here, or everybody's; never those of another service."""
    other = take_in_report(store, service=ELSEWHERE, title="A fire report", by=EVERYWHERE)
    take_in(store, "FR-001", inspection_id=other.id, by=EVERYWHERE)

    assert update_form(store, by=APPROVER).lines == ()
    everyone = update_form(store, by=APPROVER, everyone=True)
    assert {line.reference for line in everyone.lines} == {"CC-001", "CC-002", "CC-003"}
    assert everyone.is_everyone
    assert round_trip.count_to_update(store, by=APPROVER) == (0, 3)
    assert round_trip.count_to_update(store, by=EDITOR) == (3, 3)


def test_a_very_long_report_is_cut_where_a_cell_ends(store: Store) -> None:
    """The cell is for reading; it holds no more than can be read again."""
    report(store, "CC-001", "x" * 20_000)

    line = next(one for one in update_form(store, by=EDITOR).lines if one.reference == "CC-001")

    assert len(line.last_report) == 20_000
    assert line.last_report.endswith("…")


# The plan


def test_a_row_left_as_it_was_changes_nothing(store: Store) -> None:
    """Also one whose status cell was emptied."""
    rows = [a_row(store), a_row(store, "CC-002", status=None), a_row(store, "CC-003")]

    plan = plan_updates(store, form=a_form(store, *rows), by=EDITOR)

    assert (plan.updates, plan.faults, plan.unchanged) == ((), (), 3)


def test_the_difference_is_told_cell_by_cell(store: Store) -> None:
    """Heading, what the force last reported, and what it would report; cells that stay are left out."""
    row = a_row(
        store,
        status=ForceReport.COMPLETE,
        narrative="All done.",
        on=day(40),
        confidence=Confidence.HIGH,
        blocked_by="",
    )

    plan = plan_updates(store, form=a_form(store, row, a_row(store, "CC-003", narrative="Begun.")), by=EDITOR)

    first, second = plan.updates
    assert first.cells == (
        CellChange("Status now", "In progress", "Complete"),
        CellChange("What has changed", "Begun.", "All done."),
        CellChange("Happened on", "14 March 2024", "13 April 2024"),
        CellChange("How sure of the date", "", "High"),
        CellChange("Blocked by", "The supplier", ""),
    )
    assert second.cells == (
        CellChange("What has changed", "", "Begun."),
        CellChange("Happened on", "", "18 April 2024"),
    )
    assert (first.meanwhile, plan.conflicts) == ((), ())
    assert (first.short_title, first.row, second.on) == ("Do CC-001", 7, day(45))


def test_planning_stores_nothing(store: Store) -> None:
    """Looking at the difference leaves no trace."""
    before = store.data_version()

    plan_updates(store, form=a_form(store, a_row(store, narrative="Done.")), by=EDITOR)

    assert store.data_version() == before


@pytest.mark.parametrize(
    ("given", "heading", "message", "wanted"),
    [
        pytest.param({"status": ForceReport.COMPLETE}, WORDS, '"Status now" changed', "what has changed", id="no words"),
        pytest.param({"blocked_by": ""}, WORDS, '"Blocked by" changed', "what has changed", id="unblocked, no words"),
        pytest.param({"confidence": Confidence.LOW, "on": day(45)}, WORDS, '"Happened on" and "How sure of the date"', "what has changed", id="two cells, no words"),
        pytest.param({"narrative": "Done.", "status": None}, STATUS, "the cell is empty", "one of: Not started", id="no status"),
        pytest.param({"narrative": "Done.", "on": day(46)}, HAPPENED, "lies in the future", "a day from 4 March 2024 to 18 April 2024", id="tomorrow"),
        pytest.param({"narrative": "Done.", "on": day(-1)}, HAPPENED, "came onto the register", "a day from 4 March 2024 to", id="before intake"),
    ],
)  # fmt: skip
def test_what_the_rules_refuse_is_a_fault_of_its_cell(
    store: Store, given: dict[str, Any], heading: str, message: str, wanted: str
) -> None:
    """The same rules as on the page, with the place of the cell."""
    (fault,) = plan_updates(store, form=a_form(store, a_row(store, **given)), by=EDITOR).faults

    assert fault.where == f'Sheet "Updates", row 7, "{heading}"'
    assert message in fault.message
    assert fault.wanted.startswith(wanted)


@pytest.mark.parametrize("on", [DAY, day(45)])
def test_the_first_and_the_last_day_are_accepted(store: Store, on: date) -> None:
    """The day of intake and today."""
    assert said(store, a_row(store, narrative="Done.", on=on)) == []


def test_a_day_before_it_was_reopened_is_a_fault_that_says_from_when(store: Store) -> None:
    """After reopening, only what happened since counts."""
    close(store, "CC-001")
    deciding.reopen(store, reference="CC-001", statement="It did not hold after all.", by=OFFICE)

    (fault,) = plan_updates(
        store, form=a_form(store, a_row(store, narrative="Again.", on=day(20))), by=EDITOR
    ).faults

    assert fault.wanted == "a day from 18 April 2024 to 18 April 2024"


def test_what_was_closed_meanwhile_cannot_be_reported_on(store: Store) -> None:
    """An upload can do nothing that the page would refuse."""
    row = a_row(store, narrative="Done.")
    close(store, "CC-001")

    (message,) = said(store, row)

    assert message.startswith('Sheet "Updates", row 7, "Row key": CC-001 was closed on 18 April 2024')


def test_a_hidden_reference_reads_the_same_as_an_absent_one(store: Store) -> None:
    """Nobody learns from a workbook what another service has."""
    other = take_in_report(store, service=ELSEWHERE, title="A fire report", by=EVERYWHERE)
    take_in(store, "FR-001", inspection_id=other.id, by=EVERYWHERE)

    hidden, absent = said(
        store,
        a_row(store, "FR-001", narrative="x", row=8),
        a_row(store, "CC-404", narrative="x", row=9),
    )

    assert hidden.replace("FR-001", "…").replace("row 8", "") == absent.replace("CC-404", "…").replace(
        "row 9", ""
    )
    assert 'There is no recommendation "FR-001" in this register.' in hidden


def test_a_version_that_was_never_reached_is_a_fault(store: Store) -> None:
    """A key from a later state of the register, brought here."""
    (message,) = said(store, a_row(store, narrative="x", version=99))

    assert "has not been changed as often as its key says" in message


def test_all_faults_are_told_at_once_in_the_order_of_the_rows(store: Store) -> None:
    """Those of reading and those of the rules together; two in one row."""
    read = Fault('Sheet "Updates", row 8, "Status now"', "Doing", "one of", 'Sheet "Updates", row 8: wrong.')
    rows = [
        a_row(store, "CC-003", row=12, narrative="x", on=day(99)),
        a_row(store, row=7, status=None, confidence=Confidence.HIGH, on=day(99)),
        a_row(store, "CC-002", row=8, status=None, unread=frozenset({STATUS}), on=day(-9)),
    ]

    plan = plan_updates(store, form=a_form(store, *rows, faults=(read,)), by=EDITOR)

    assert [fault.where.partition("row ")[2] for fault in plan.faults] == [
        f'7, "{STATUS}"',
        f'7, "{WORDS}"',
        f'7, "{HAPPENED}"',
        f'8, "{STATUS}"',
        f'8, "{WORDS}"',
        f'8, "{HAPPENED}"',
        f'12, "{HAPPENED}"',
    ]
    assert plan.updates == ()


def test_a_workbook_of_another_register_is_refused(store: Store) -> None:
    """The same references in a demonstration are not these."""
    form = a_form(store, a_row(store, narrative="Done."))
    foreign = Origin(EDITOR.name, form.origin.made_on, form.origin.history_rows, "0b" * 32)

    empty = Origin(EDITOR.name, "18 April 2024", 0, "0b" * 32)
    later = Origin(EDITOR.name, "18 April 2024", 10**9, form.origin.head)

    for told in (foreign, empty, later):
        with pytest.raises(RuleError, match="was not downloaded from this register as it stands"):
            plan_updates(store, form=FilledForm(form.name, told, form.rows), by=EDITOR)


# Conflicts


def test_what_was_changed_since_the_download_is_a_conflict_with_both_texts(store: Store) -> None:
    """Who, when and in which words, oldest first; mine is set against what stands now."""
    row = a_row(store, narrative="My words.")
    report(store, "CC-001", "Her words.", by=EDITOR_2, status=ForceReport.COMPLETE)
    give_evidence(store, "CC-001", by=EDITOR_2)

    plan = plan_updates(store, form=a_form(store, row, a_row(store, "CC-002", narrative="Clear.")), by=EDITOR)

    (mine,) = plan.conflicts
    assert [one.reference for one in plan.clear] == ["CC-002"]
    assert [(one.who, one.verb, one.texts) for one in mine.meanwhile] == [
        (EDITOR_2.name, "progress reported", ("Complete", "Her words.")),
        (EDITOR_2.name, "evidence added", ()),
    ]
    assert mine.cells[:2] == (
        CellChange("Status now", "Complete", "In progress"),
        CellChange("What has changed", "Her words.", "My words."),
    )


def test_a_row_left_as_it_was_is_no_conflict(store: Store) -> None:
    """Her new status is not undone by the old one that still stands in my cell."""
    row = a_row(store)
    report(store, "CC-001", "Her words.", by=EDITOR_2, status=ForceReport.COMPLETE, blocked_by="")

    plan = plan_updates(store, form=a_form(store, row), by=EDITOR)

    assert (plan.updates, plan.unchanged) == ((), 1)


# Applying


def test_twenty_updates_are_recorded_in_one_go(register: Store) -> None:
    """One transaction, one history row each, with the person's name; the chain verifies."""
    for number in range(20):
        take_in(register, f"CC-1{number:02}", owner=EDITOR.name)
    rows = [
        a_row(register, f"CC-1{number:02}", narrative=f"Step {number}.", status=ForceReport.COMPLETE)
        for number in range(20)
    ]
    before = register.data_version()
    told: list[tuple[int, int]] = []

    done = apply_updates(
        register,
        plan=plan_updates(register, form=a_form(register, *rows), by=EDITOR),
        by=EDITOR,
        progress=lambda done, of: told.append((done, of)),
    )

    assert len(done) == 20
    assert register.data_version() == before + 20
    assert told == [(number, 20) for number in range(20)]
    record = read_recommendation(register, reference="CC-107", by=OFFICE).record
    assert (record.reports[-1].narrative, record.reports[-1].by_name) == ("Step 7.", EDITOR.name)
    assert record.reports[-1].happened_on == DAY
    assert verify(register, by=OFFICE).ok


def test_the_same_workbook_twice_changes_nothing(store: Store, clock: Clock) -> None:
    """Also on another day, and after somebody else has gone on from there."""
    form = a_form(
        store, a_row(store, narrative="Done."), a_row(store, "CC-002", narrative="Too.", on=day(40))
    )
    apply_updates(store, plan=plan_updates(store, form=form, by=EDITOR), by=EDITOR)

    again = plan_updates(store, form=form, by=EDITOR)
    clock.set(day(50))
    report(store, "CC-002", "Gone on.", by=EDITOR_2)
    later = plan_updates(store, form=form, by=EDITOR)

    assert (again.updates, again.unchanged) == ((), 2)
    assert (later.updates, later.unchanged) == ((), 2)


def test_the_same_words_in_a_new_download_are_a_new_report(store: Store, clock: Clock) -> None:
    """The words "No change" in two months are two reports; twice on one day they are one."""
    report(store, "CC-001", "No change.", blocked_by="The supplier")
    same_day = plan_updates(store, form=a_form(store, a_row(store, narrative="No change.")), by=EDITOR)
    clock.set(day(75))

    month_later = plan_updates(store, form=a_form(store, a_row(store, narrative="No change.")), by=EDITOR)

    assert same_day.updates == ()
    assert [one.on for one in month_later.updates] == [day(75)]


def test_a_conflict_is_left_or_kept_as_the_person_says(store: Store) -> None:
    """Kept: mine stands after theirs, and both in the history. Left: theirs stands."""
    rows = [a_row(store, narrative="Mine 1."), a_row(store, "CC-002", narrative="Mine 2.")]
    for reference in ("CC-001", "CC-002"):
        report(store, reference, "Theirs.", by=EDITOR_2)
    plan = plan_updates(store, form=a_form(store, *rows), by=EDITOR)

    apply_updates(store, plan=plan, by=EDITOR, keep_mine=["CC-002"])

    narratives = {
        reference: [
            one.narrative for one in read_recommendation(store, reference=reference, by=OFFICE).record.reports
        ]
        for reference in ("CC-001", "CC-002")
    }
    assert narratives == {"CC-001": ["Begun.", "Theirs."], "CC-002": ["Begun.", "Theirs.", "Mine 2."]}


@pytest.mark.parametrize("keep_mine", [[], ["CC-002"]])
def test_a_conflict_between_plan_and_applying_stores_nothing(store: Store, keep_mine: list[str]) -> None:
    """What was shown is what is recorded: a change after the look is told, and nothing of the file is kept."""
    rows = [a_row(store, narrative="Mine 1."), a_row(store, "CC-002", narrative="Mine 2.")]
    plan = plan_updates(store, form=a_form(store, *rows), by=EDITOR)
    report(store, "CC-002", "Theirs.", by=EDITOR_2)
    before = store.data_version()

    with pytest.raises(ConflictError) as conflict:
        apply_updates(store, plan=plan, by=EDITOR, keep_mine=keep_mine)

    assert conflict.value.facts["reference"] == "CC-002"
    assert store.data_version() == before


def test_one_row_that_is_refused_at_the_end_undoes_all(store: Store) -> None:
    """All or nothing."""
    rows = [a_row(store, narrative="Mine 1."), a_row(store, "CC-002", narrative="Mine 2.")]
    plan = plan_updates(store, form=a_form(store, *rows), by=EDITOR)
    close(store, "CC-002")
    before = store.data_version()

    with pytest.raises(ConflictError):
        apply_updates(store, plan=plan, by=EDITOR)

    assert store.data_version() == before


def test_a_plan_with_faults_is_not_recorded_in_part(store: Store) -> None:
    """The good rows wait until the bad ones are put right."""
    rows = [a_row(store, narrative="Good."), a_row(store, "CC-002", narrative="Bad.", on=day(99))]
    plan = plan_updates(store, form=a_form(store, *rows), by=EDITOR)
    before = store.data_version()

    with pytest.raises(RuleError, match="nothing of it is recorded"):
        apply_updates(store, plan=plan, by=EDITOR)

    assert store.data_version() == before


@pytest.mark.parametrize("by", [OFFICE, PUBLIC, OFFICE_ELSEWHERE])
def test_only_who_may_report_progress_can_do_it_in_a_workbook(store: Store, by: Actor) -> None:
    """Even an empty plan is refused to others."""
    form = a_form(store)
    for attempt in (
        lambda: update_form(store, by=by),
        lambda: plan_updates(store, form=form, by=by),
        lambda: apply_updates(store, plan=UpdatePlan("x", form.origin, ()), by=by),
        lambda: round_trip.count_to_update(store, by=by),
    ):
        with pytest.raises(AccessError):
            attempt()


def test_what_a_workbook_does_not_keep_is_not_changed_by_having_been_in_one(store: Store) -> None:
    """Letters nobody sees in what is in the way stay as they were stored, and are no change."""
    report(store, "CC-001", "Begun.", blocked_by="The\u00a0supplier\u00ad, still")
    row = a_row(store, blocked_by="The supplier, still")

    assert plan_updates(store, form=a_form(store, row), by=EDITOR).unchanged == 1
    told = a_row(store, blocked_by="The supplier, still", narrative="Done.")
    (update,) = plan_updates(store, form=a_form(store, told), by=EDITOR).updates
    assert update.blocked_by == "The\u00a0supplier\u00ad, still"
