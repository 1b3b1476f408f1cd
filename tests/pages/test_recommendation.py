"""The page of one recommendation: what it shows to whom, and that its forms save, refuse and lose nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor
from monitor.domain.evidence import CheckedBy, Direction, EvidenceKind
from monitor.domain.statuses import (
    Assurance,
    ClosureReason,
    ForceReport,
    LinkKind,
    MeetingKind,
    MoveCategory,
    Position,
)
from monitor.services import deciding, intake, updating
from monitor.services.actions import accept_action, agree_action, report_action
from monitor.services.meetings import record_meeting
from monitor.services.reading import read_recommendation
from monitor.store import Store
from monitor.ui import session
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    APPROVER,
    DAY,
    EDITOR,
    OFFICE,
    OFFICE_2,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    a_register,
    day,
    give_evidence,
    take_in,
)

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<script>alert(1)</script> $x$ **b** :red[x] ![i](http://a/b) [l](javascript:x) | `c`"

Opens = Callable[..., AppTest]


@pytest.fixture
def clock() -> Clock:
    """Return a server's clock that stands on the day the story begins."""
    return Clock()


@pytest.fixture
def store(sqlite_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a register with one recommendation, CC-001, served to the pages."""
    made = a_register(sqlite_url, clock)
    take_in(made, owner="Editor Person", board="Standards Board", themes=("Victims",))
    monkeypatch.setenv(session.DATABASE_VARIABLE, sqlite_url)
    monkeypatch.setattr(session, "_store", lambda _: made)
    return made


@pytest.fixture
def open_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Return a function that opens the page as a person: `open_page(OFFICE, "CC-001")`."""

    def opened(by: Actor, reference: str = "CC-001", **params: str) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        app.run()
        app.switch_page("pages/recommendation.py")
        for name, value in {"ref": reference, **params}.items():
            app.query_params[name] = value
        return app.run()

    return opened


def said(app: AppTest) -> str:
    """Return every word of text on the page."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption)
    tables = [str(table.value.to_dict()) for table in app.table]
    return "\n".join([*(str(one.value) for kind in kinds for one in kind), *tables])


def offered(app: AppTest) -> set[str]:
    """Return the names of the forms on the primary button and in the menu."""
    return {button.label for button in app.button} | {one for menu in app.menu_button for one in menu.options}


def fill(app: AppTest, **values: Any) -> AppTest:
    """Give values to the fields of the open form, by the names the service knows them by."""
    kinds = (
        app.text_area,
        app.text_input,
        app.date_input,
        app.number_input,
        app.selectbox,
        app.radio,
        app.segmented_control,
        app.multiselect,
    )
    for name, value in values.items():
        found = [one for kind in kinds for one in kind if str(one.key).endswith(f"-{name}")]
        assert len(found) == 1, name
        found[0].set_value(value)
    return app


def press(app: AppTest, label: str) -> AppTest:
    """Press a button by its words and run the page."""
    next(button for button in app.button if button.label == label).click()
    return app.run()


def choose(app: AppTest, label: str) -> AppTest:
    """Choose a form from the menu, or press the primary button that opens it."""
    if any(button.label == label for button in app.button):
        return press(app, label)
    app.menu_button[0].set_value(label)
    return app.run()


def test_an_unknown_reference_says_so_and_shows_the_way_out(open_page: Opens) -> None:
    """Nothing is guessed: the reference asked for is named, and the register is one link away."""
    app = open_page(OFFICE, "CC-999")

    assert not app.exception
    assert "There is no recommendation" in app.header[0].value
    assert "999" in app.header[0].value
    assert not app.menu_button


def test_no_reference_at_all_is_an_empty_page(open_page: Opens) -> None:
    """The page without a reference says that none is named."""
    assert open_page(OFFICE, "").header[0].value == "No recommendation is named"


def test_a_hidden_recommendation_reads_the_same_as_an_absent_one(open_page: Opens, store: Store) -> None:
    """Who may not see a report cannot tell it from one that does not exist."""
    intake.take_in_report(
        store, service="Cumbria Constabulary", title="Kept back", by=OFFICE, is_restricted=True
    )
    take_in(store, "CC-002", inspection_id=2)

    hidden, absent = open_page(PUBLIC, "CC-002"), open_page(PUBLIC, "CC-003")

    assert hidden.header[0].value.replace("002", "003") == absent.header[0].value
    assert not open_page(OFFICE, "CC-002").title[0].value.startswith("Recommendation")


def test_a_new_one_shows_every_empty_case_in_words(open_page: Opens) -> None:
    """No date, no evidence, no voice yet: each is said, and never as None, NaN or 0."""
    words = said(open_page(ANALYST))

    for wanted in (
        "Do CC-001",
        "All three say that it is not done yet",
        "No date set",
        "No evidence",
        "Nothing has been reported yet.",
        "No later position recorded.",
    ):
        assert wanted in words
    assert not {"None", "NaN", "NaT"} & set(words.replace("\n", " ").split())


@pytest.mark.parametrize("by", [PUBLIC, ANALYST, ADMINISTRATOR])
def test_who_may_only_read_is_offered_no_form(open_page: Opens, by: Actor) -> None:
    """What one may not do is absent."""
    app = open_page(by)

    assert not app.exception
    assert not app.menu_button
    assert offered(app) == set()


@pytest.mark.parametrize(
    ("by", "first", "also", "never"),
    [
        (EDITOR, "Report progress", "Propose closure", "Decide assurance"),
        (APPROVER, "Report progress", "Give owner, board and closure test", "Reopen"),
        (OFFICE, "Decide assurance", "Correct the wording", "Report progress"),
    ],
)
def test_each_role_is_offered_its_own_forms(
    open_page: Opens, by: Actor, first: str, also: str, never: str
) -> None:
    """One primary button, the rest of what the role may do in the menu, and nothing else."""
    app = open_page(by)

    assert [button.label for button in app.button if button.proto.type == "primary"] == [first]
    assert also in app.menu_button[0].options
    assert never not in offered(app)


def test_a_past_day_has_no_forms(open_page: Opens, clock: Clock) -> None:
    """The past can be shown and not changed."""
    clock.set(day(10))

    app = open_page(OFFICE, as_at=day(2).isoformat())

    assert "as it was then known" in app.get("popover")[-1].proto.popover.label
    assert not app.menu_button
    assert app.title[0].value == "Do CC-001"


def test_a_day_before_it_was_known_shows_nothing_of_it(open_page: Opens, clock: Clock) -> None:
    """On a day before it was taken in there is no such recommendation."""
    clock.set(day(10))

    app = open_page(OFFICE, as_at=(DAY - timedelta(days=3)).isoformat())

    assert "There is no recommendation" in app.header[0].value


def test_progress_is_recorded_and_said_in_the_past_tense(open_page: Opens, store: Store) -> None:
    """The force's report is on the record, and the form is gone."""
    app = choose(open_page(EDITOR), "Report progress")
    fill(app, status=ForceReport.COMPLETE, narrative="All teams briefed.", on=DAY)

    app = press(app, "Save")

    assert app.toast[0].value == "Progress recorded. The office sees it now."
    assert not app.text_area
    assert (
        read_recommendation(store, reference="CC-001", by=OFFICE).record.reports[-1].narrative
        == "All teams briefed."
    )


def test_a_refusal_stands_above_the_form_and_the_text_stays(open_page: Opens, store: Store) -> None:
    """What a rule refuses is said in one red line; what was typed is still there."""
    take_in(store, "CC-002", due_on=day(30))
    app = choose(open_page(EDITOR, "CC-002"), "Ask for a new date")
    fill(app, due_on=day(60), category=MoveCategory.RESOURCES, reason="Too short")

    app = press(app, "Ask")

    assert any(":red[" in one.value and "20 characters" in one.value for one in app.markdown)
    assert next(one for one in app.text_area if str(one.key).endswith("-reason")).value == "Too short"
    assert read_recommendation(store, reference="CC-002", by=OFFICE).record.pending_target is None


def test_an_empty_day_is_asked_for_by_its_label(open_page: Opens, store: Store) -> None:
    """A field that is needed and empty is named; nothing is saved and nothing breaks."""
    app = press(choose(open_page(OFFICE), "Set the first date"), "Save")

    assert not app.exception
    assert any("Due on" in one.value and "still empty" in one.value for one in app.markdown)


def test_two_people_at_once_lose_nothing(open_page: Opens, store: Store) -> None:
    """Who saves second sees both texts; keeping theirs saves nothing, keeping mine saves after theirs."""
    app = choose(open_page(OFFICE), "Decide assurance")
    deciding.decide_assurance(
        store, reference="CC-001", level=Assurance.PARTLY_ASSURED, rationale="Their reasons.", by=OFFICE_2
    )
    app.run()  # a rerun shows the newer page, and must not make the form newer
    fill(app, level=Assurance.NOT_ASSURED, rationale="My reasons.")

    app = press(app, "Save")

    words = said(app)
    assert "Their reasons." in words
    assert "My reasons." in words
    app = press(app, "Keep mine")
    decisions = read_recommendation(store, reference="CC-001", by=OFFICE).record.decisions
    assert [one.rationale for one in decisions] == ["Their reasons.", "My reasons."]
    assert app.toast


def test_keeping_theirs_saves_nothing(open_page: Opens, store: Store) -> None:
    """The other's text stands alone, and the form is gone."""
    app = choose(open_page(EDITOR), "Report progress")
    updating.report_progress(
        store, reference="CC-001", status=ForceReport.IN_PROGRESS, narrative="Theirs.", by=APPROVER
    )
    fill(app, status=ForceReport.COMPLETE, narrative="Mine.")

    app = press(press(app, "Save"), "Keep theirs")

    assert [
        one.narrative for one in read_recommendation(store, reference="CC-001", by=OFFICE).record.reports
    ] == ["Theirs."]
    assert not app.text_area


def test_mine_refused_after_a_conflict_keeps_its_words(open_page: Opens, store: Store) -> None:
    """What the other did can make mine impossible; the words are still in the form."""
    app = choose(open_page(EDITOR), "Report progress")
    item = give_evidence(store)
    deciding.propose_closure(
        store,
        reference="CC-001",
        reason=ClosureReason.MET,
        statement="Done.",
        evidence_ids=[item.id],
        by=APPROVER,
    )
    deciding.agree_closure(store, reference="CC-001", by=OFFICE)
    fill(app, status=ForceReport.COMPLETE, narrative="My words.")

    app = press(press(app, "Save"), "Keep mine")

    assert "My words." in [one.value for one in app.text_area]
    assert any(":red[" in one.value and "was closed" in one.value for one in app.markdown)


def test_a_date_asked_for_is_answered_from_what_was_asked(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """The office sees who asked, from when to when, why, and that the date had already passed."""
    take_in(store, "CC-002", due_on=day(5))
    clock.set(day(16))
    updating.ask_date(
        store, reference="CC-002", due_on=day(90), reason=REASON, category=MoveCategory.RESOURCES, by=EDITOR
    )

    app = choose(open_page(OFFICE, "CC-002"), "Answer the date asked for")

    assert "11 days after the date had passed" in said(app)
    app = press(app, "Agree the date")
    assert "Date agreed" in app.toast[0].value
    assert read_recommendation(store, reference="CC-002", by=OFFICE).record.target.due_on == day(90)  # type: ignore[union-attr]
    assert "Moved once: 85 days after the date first set" in said(app)


def test_closing_takes_a_second_person_and_shows_what_it_rests_on(open_page: Opens, store: Store) -> None:
    """Who proposed is not offered the answer; the second person sees proposal, test and evidence."""
    item = give_evidence(store)
    deciding.propose_closure(
        store,
        reference="CC-001",
        reason=ClosureReason.MET,
        statement="The test is met.",
        evidence_ids=[item.id],
        by=OFFICE,
    )

    assert "Answer the closure proposal" not in offered(open_page(OFFICE))
    app = choose(open_page(OFFICE_2), "Answer the closure proposal")

    assert "The test is met." in said(app)
    assert "Audit of cases" in said(app)
    app = press(app, "Close it")
    assert app.toast[0].value == "Closed."
    assert read_recommendation(store, reference="CC-001", by=OFFICE).record.is_closed


def test_closure_is_proposed_on_the_evidence_ticked(open_page: Opens, store: Store) -> None:
    """The evidence is ticked by hand; none is ticked for anybody."""
    item = give_evidence(store)
    app = choose(open_page(EDITOR), "Propose closure")
    fill(app, reason=ClosureReason.MET, statement="Nine in ten, three months running.")
    assert not any(box.value for box in app.checkbox)
    app.checkbox[0].check()

    press(app, "Propose closure")

    pending = read_recommendation(store, reference="CC-001", by=OFFICE).record.pending_closure
    assert pending is not None
    assert pending.evidence_ids == (item.id,)


@pytest.mark.parametrize(
    ("by", "form", "save", "values"),
    [
        (
            OFFICE,
            "Record the inspectorate’s position",
            "Save",
            {"position": Position.CLOSED, "source": "Letter"},
        ),
        (OFFICE, "Set the first date", "Save", {"due_on": day(40)}),
        (OFFICE, "Link to another", "Link", {"kind": LinkKind.REPEATS, "other": "CC-002"}),
        (
            OFFICE,
            "Correct the wording",
            "Save",
            {"text": "The force should do it well.", "reason": REASON, "source": "Second edition"},
        ),
        (APPROVER, "Give owner, board and closure test", "Save", {"owner": "Somebody Else"}),
        (
            EDITOR,
            "Add evidence",
            "Save",
            {
                "title": "Dip sample",
                "kind": EvidenceKind.DIP_SAMPLE,
                "describes_on": DAY,
                "direction": Direction.MIXED,
                "checked_by": CheckedBy.OWN_TEAM,
                "sample": 12,
                "others": ["CC-002"],
            },
        ),
    ],
)
def test_each_form_saves_one_change(
    open_page: Opens, store: Store, by: Actor, form: str, save: str, values: dict[str, Any]
) -> None:
    """Whatever is saved adds one to the version, and the page that follows shows it."""
    take_in(store, "CC-002")
    before = read_recommendation(store, reference="CC-001", by=OFFICE).record.version

    app = press(fill(choose(open_page(by), form), **values), save)

    assert not app.exception
    assert app.toast
    assert read_recommendation(store, reference="CC-001", by=OFFICE).record.version == before + 1


def test_an_unchanged_assignment_is_not_written(open_page: Opens, store: Store) -> None:
    """Saving what was already so would fill the history with nothing."""
    app = press(choose(open_page(APPROVER), "Give owner, board and closure test"), "Save")

    assert any("Nothing is different yet" in one.value for one in app.markdown)
    assert len(read_recommendation(store, reference="CC-001", by=OFFICE).record.assignments) == 1


def test_a_closed_one_can_be_checked_and_reopened(open_page: Opens, store: Store) -> None:
    """Reopening is told with the closing that it undoes."""
    item = give_evidence(store)
    deciding.propose_closure(
        store,
        reference="CC-001",
        reason=ClosureReason.MET,
        statement="Done.",
        evidence_ids=[item.id],
        by=EDITOR,
    )
    deciding.agree_closure(store, reference="CC-001", by=OFFICE)
    app = choose(open_page(OFFICE), "Reopen")
    fill(app, statement="The audit of May shows that it no longer holds.")

    app = press(app, "Reopen it")

    assert "It undoes the closing of 4 March 2024 as met" in said(app)


def test_an_entry_recorded_late_says_so(open_page: Opens, store: Store, clock: Clock) -> None:
    """What happened twelve days before it was written down is told with both."""
    clock.set(day(20))
    updating.report_progress(
        store, reference="CC-001", status=ForceReport.IN_PROGRESS, narrative="Begun.", by=EDITOR, on=day(8)
    )

    assert "recorded 12 days later" in said(open_page(PUBLIC))


def test_stored_text_is_shown_letter_by_letter(open_page: Opens, store: Store) -> None:
    """Markdown, colours, formulas and links in stored text are text, wherever it stands."""
    take_in(store, "CC-002", short_title=HOSTILE[:42], text=HOSTILE, owner=HOSTILE * 3, board=HOSTILE)
    updating.report_progress(
        store,
        reference="CC-002",
        status=ForceReport.COMPLETE,
        narrative=HOSTILE,
        blocked_by=HOSTILE,
        by=EDITOR,
    )
    updating.add_evidence(
        store,
        references=["CC-002"],
        kind=EvidenceKind.LETTER,
        title=HOSTILE,
        describes_on=DAY,
        direction=Direction.MIXED,
        checked_by=CheckedBy.OWN_TEAM,
        link="javascript:alert(1)",
        by=EDITOR,
    )

    app = open_page(OFFICE, "CC-002")

    words = said(app)
    assert not app.exception
    for live in (" <script>", " :red[x]", "![i]", "[l](javascript:", " $x$", " **b** "):
        assert live not in words


def test_the_longest_texts_are_shown_short_and_whole(open_page: Opens, store: Store) -> None:
    """20,000 characters stand behind one line that says how many there are."""
    take_in(store, "CC-002", text="word " * 3_999 + "end")
    updating.report_progress(
        store, reference="CC-002", status=ForceReport.COMPLETE, narrative="x" * 20_000, by=EDITOR
    )

    app = open_page(OFFICE, "CC-002")

    labels = [one.label for one in app.expander]
    assert "All of it (20,000 characters)" in labels
    assert "All of it (19,998 characters)" in labels


def test_a_cause_of_concern_and_what_stands_under_it_lead_to_each_other(
    open_page: Opens, store: Store
) -> None:
    """The parent lists its recommendations, and each names its parent."""
    take_in(store, "CC-002", parent="CC-001")

    parent, child = open_page(OFFICE, "CC-001"), open_page(OFFICE, "CC-002")

    assert "One recommendation under this cause of concern" in said(parent)
    assert "It stands under" in said(child)


def test_a_date_given_by_hand_is_the_day_it_happened(open_page: Opens, store: Store, clock: Clock) -> None:
    """Two clocks: the day a person gives, and the server's moment."""
    clock.set(day(9))
    app = choose(open_page(EDITOR), "Report progress")
    fill(app, status=ForceReport.IN_PROGRESS, narrative="Begun.", on=day(2))

    press(app, "Save")

    assert read_recommendation(store, reference="CC-001", by=OFFICE).record.reports[-1].happened_on == date(
        2024, 3, 6
    )


def test_what_was_agreed_about_it_stands_on_the_page(open_page: Opens, store: Store, clock: Clock) -> None:
    """What is still to be done is the heading; each with who, by when, where it stands and where it was agreed."""
    assert "to be done" not in said(open_page(OFFICE))
    record_meeting(store, service=SERVICE, kind=MeetingKind.CONFERENCE, on=DAY, by=OFFICE)
    told: dict[str, Any] = {"owner": EDITOR.name, "reference": "CC-001", "by": OFFICE}
    first = agree_action(
        store, meeting_id=1, what="Draw fifty closed cases.", due_on=day(5), **told
    ).action.id
    agree_action(store, meeting_id=1, what="Count the cases of each area.", due_on=day(20), **told)
    clock.set(day(8))
    report_action(store, action_id=first, words="Fifty were drawn; 46 pass.", by=EDITOR)
    accept_action(store, action_id=first, by=OFFICE)
    clock.set(day(9))

    words = said(open_page(EDITOR))
    assert "One action is to be done" in words
    assert "Agreed on 4 March 2024 · Conference" in words
    assert ":green[:material/check_circle: Done, 12 Mar 2024]" in words
    assert "Editor Person · due 24 Mar 2024" in words
    app = open_page(EDITOR, as_at=day(6).isoformat())
    assert "Two actions are to be done" in said(app)
    assert ":red[:material/warning: 1 day late]" in said(app)
    assert "Report it done" not in offered(app)
    assert "Draw fifty" not in said(open_page(PUBLIC))


def test_an_action_goes_on_from_the_recommendation(open_page: Opens, store: Store) -> None:
    """Its owner reports it done there as well; the form of the recommendation itself still opens."""
    record_meeting(store, service=SERVICE, kind=MeetingKind.CONFERENCE, on=DAY, by=OFFICE)
    agree_action(
        store,
        meeting_id=1,
        what="Draw fifty closed cases.",
        owner=EDITOR.name,
        due_on=day(5),
        reference="CC-001",
        by=OFFICE,
    )

    app = press(open_page(EDITOR), "Report it done")
    fill(app, words="Fifty were drawn.")
    app = (
        next(one for one in app.button if one.label == "Report it done" and str(one.key).startswith("draft-"))
        .click()
        .run()
    )

    assert ":blue[:material/task_alt: Reported done 4 Mar 2024, waits for the office]" in said(app)
    app = choose(app, "Report progress")
    assert any(one.label == "Where does it stand?" for one in app.segmented_control)
