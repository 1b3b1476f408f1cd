"""My updates: what waits, one after another for the force, as a list for the office, and nothing for others."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor
from monitor.domain.evidence import CheckedBy, Direction, EvidenceKind
from monitor.domain.meetings import ActionStage
from monitor.domain.statuses import Assurance, ClosureReason, ForceReport, MeetingKind, MoveCategory
from monitor.services import deciding, updating
from monitor.services.actions import actions_of, agree_action, report_action
from monitor.services.meetings import record_meeting
from monitor.services.reading import OfficeTask, office_waiting, read_recommendation
from monitor.store import Store
from monitor.ui import session
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    APPROVER,
    EDITOR,
    OFFICE,
    OFFICE_2,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    a_register,
    close,
    day,
    give_evidence,
    take_in,
)
from tests.pages.test_recommendation import HOSTILE, fill, press, said

ROOT = Path(__file__).resolve().parents[2]

Opens = Callable[..., AppTest]


@pytest.fixture
def clock() -> Clock:
    """Return a server's clock that stands on the day the story begins."""
    return Clock()


@pytest.fixture
def store(sqlite_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a register without recommendations, served to the pages."""
    made = a_register(sqlite_url, clock)
    monkeypatch.setenv(session.DATABASE_VARIABLE, sqlite_url)
    monkeypatch.setattr(session, "_store", lambda _: made)
    return made


@pytest.fixture
def open_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Return a function that opens the page as a person."""

    def opened(by: Actor, **params: str) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        app.run()
        app.switch_page("pages/updates.py")
        for name, value in params.items():
            app.query_params[name] = value
        return app.run()

    return opened


@pytest.fixture
def three(store: Store, clock: Clock) -> Store:
    """Return a register in which three of the editor's items wait on day 45, CC-002 asked about by the office."""
    for reference, due in (("CC-001", day(20)), ("CC-002", day(200)), ("CC-003", None)):
        take_in(store, reference, owner=EDITOR.name, due_on=due)
    clock.set(day(10))
    updating.report_progress(
        store, reference="CC-001", status=ForceReport.IN_PROGRESS, narrative="Begun.", by=EDITOR
    )
    clock.set(day(44))
    deciding.decide_assurance(
        store,
        reference="CC-002",
        level=Assurance.NOT_ASSURED,
        rationale="Nothing seen.",
        ask="Show a dip sample.",
        by=OFFICE,
    )
    clock.set(day(45))
    return store


@pytest.mark.parametrize("by", [PUBLIC, ANALYST, ADMINISTRATOR])
def test_others_are_told_whom_the_page_is_for(open_page: Opens, by: Actor) -> None:
    """The address answers, says who may, and shows nothing else."""
    app = open_page(by)

    assert not app.exception
    assert app.title[0].value.startswith("This page is for")
    assert not app.button


@pytest.mark.parametrize(
    ("by", "title"),
    [
        (EDITOR, "Nothing waits for you."),
        (APPROVER, "Nothing waits for you."),
        (OFFICE, "Nothing waits for the office."),
    ],
)
def test_nothing_waiting_is_said_plainly(open_page: Opens, by: Actor, title: str) -> None:
    """Good news is the heading."""
    app = open_page(by)

    assert not app.exception
    assert app.title[0].value == title


def test_the_next_update_is_named_when_nothing_waits(open_page: Opens, store: Store) -> None:
    """Who is up to date is told when the next one is due: 30 days after the last."""
    take_in(store, owner=EDITOR.name)

    assert "Next update due 3 April 2024" in said(open_page(EDITOR))


def test_what_waits_is_counted_and_what_was_asked_comes_first(open_page: Opens, three: Store) -> None:
    """The heading counts; the office's question stands in bold; the queue keeps its order."""
    app = open_page(EDITOR)

    assert app.title[0].value == "Three updates wait for you"
    assert "The office asked on 17 April: **Show a dip sample.**" in said(app)
    assert "An update is due every 30 days" in said(app)
    queue = [one.label for one in app.button if str(one.key).startswith("choose-")]
    assert queue == [
        "**Do CC-002**",
        "Do CC-003",
        "Do CC-001",
    ]


def test_saving_records_it_and_shows_the_next(open_page: Opens, three: Store) -> None:
    """One form after another, without going back to a list."""
    app = fill(open_page(EDITOR), status=ForceReport.COMPLETE, narrative="Sample shown.")

    app = press(app, "Save and next")

    assert app.toast[0].value == "Progress recorded. The office sees it now."
    assert app.title[0].value == "Two updates wait for you"
    assert app.text_area[0].value == ""
    assert (
        read_recommendation(three, reference="CC-002", by=OFFICE).record.reports[-1].narrative
        == "Sample shown."
    )


def test_skipping_puts_it_last_and_keeps_what_was_typed(open_page: Opens, three: Store) -> None:
    """What is skipped waits at the end of this visit's queue, with its words."""
    app = fill(open_page(EDITOR), narrative="Half a sentence")

    app = press(app, "Skip for now")

    assert app.title[0].value == "Three updates wait for you"
    assert app.header[0].value == "Do CC-003"
    for _ in range(2):
        app = press(app, "Skip for now")
    assert app.header[0].value == "Do CC-002"
    assert app.text_area[0].value == "Half a sentence"


def test_one_can_be_chosen_from_the_queue(open_page: Opens, three: Store) -> None:
    """Choosing another keeps the words typed for the one left; an address can name one as well."""
    app = fill(open_page(EDITOR), narrative="Half a sentence")

    app = press(app, "Do CC-001")

    assert app.header[0].value == "Do CC-001"
    assert press(app, "Do CC-002").text_area[0].value == "Half a sentence"
    assert open_page(EDITOR, ref="CC-001").header[0].value == "Do CC-001"


def test_a_late_one_offers_to_ask_for_a_date(open_page: Opens, three: Store) -> None:
    """Past its date and not complete: the way to ask stands beside the fact."""
    app = press(open_page(EDITOR, ref="CC-001"), "Ask for a new date")
    assert "passed 25 days ago" in said(app)
    fill(app, due_on=day(90), category=MoveCategory.RESOURCES, reason=REASON)

    press(app, "Ask")

    assert read_recommendation(three, reference="CC-001", by=OFFICE).record.pending_target is not None


def test_evidence_goes_with_the_report_or_neither_is_kept(open_page: Opens, three: Store) -> None:
    """Half an item of evidence is refused with what is missing, and the report waits with it."""
    app = fill(open_page(EDITOR), status=ForceReport.COMPLETE, narrative="Done.", title="Dip sample")

    app = press(app, "Save and next")

    assert any(":red[" in one.value and "The evidence needs" in one.value for one in app.markdown)
    assert read_recommendation(three, reference="CC-002", by=OFFICE).record.reports == []
    fill(
        app,
        kind=EvidenceKind.DIP_SAMPLE,
        describes_on=day(40),
        direction=Direction.SUPPORTS,
        checked_by=CheckedBy.OTHER_TEAM,
        sample=50,
    )
    press(app, "Save and next")
    record = read_recommendation(three, reference="CC-002", by=OFFICE).record
    assert (len(record.reports), len(record.evidence)) == (1, 1)


def test_somebody_else_reporting_meanwhile_is_shown(open_page: Opens, three: Store) -> None:
    """The form stays with the version it was opened on, whatever reruns between."""
    app = open_page(EDITOR)
    updating.report_progress(
        three, reference="CC-002", status=ForceReport.IN_PROGRESS, narrative="Theirs.", by=APPROVER
    )
    deciding.decide_assurance(
        three, reference="CC-002", level=Assurance.NOT_ASSURED, rationale="Still not.", ask="More.", by=OFFICE
    )
    app.run()
    fill(app, status=ForceReport.COMPLETE, narrative="Mine.")

    app = press(app, "Save and next")

    assert "Theirs." in said(app)
    press(app, "Keep mine")
    reports = read_recommendation(three, reference="CC-002", by=OFFICE).record.reports
    assert [one.narrative for one in reports] == ["Theirs.", "Mine."]


def test_a_past_day_has_no_form(open_page: Opens, three: Store) -> None:
    """Nothing can be reported on a past day."""
    app = open_page(EDITOR, as_at=day(30).isoformat())

    assert app.title[0].value == "Nothing can be changed on a past day."
    assert not app.text_area


def test_hostile_questions_and_titles_are_text(open_page: Opens, store: Store, clock: Clock) -> None:
    """What the office asked is shown letter by letter."""
    take_in(store, owner=EDITOR.name, short_title=HOSTILE[:42])
    deciding.decide_assurance(
        store, reference="CC-001", level=Assurance.NOT_ASSURED, rationale="x", ask=HOSTILE, by=OFFICE
    )

    app = open_page(EDITOR)

    assert not app.exception
    for live in (" <script>", " :red[x]", "![i]", "[l](javascript:"):
        assert live not in said(app)


def test_the_office_sees_what_waits_for_it_oldest_first(open_page: Opens, store: Store, clock: Clock) -> None:
    """A claim, a closure proposed and a date asked for, each linking to its recommendation."""
    for reference in ("CC-001", "CC-002", "CC-003"):
        take_in(store, reference, due_on=day(100))
    item = give_evidence(store, "CC-002")
    clock.set(day(1))
    updating.ask_date(
        store, reference="CC-003", due_on=day(150), reason=REASON, category=MoveCategory.SCOPE, by=EDITOR
    )
    clock.set(day(2))
    deciding.propose_closure(
        store,
        reference="CC-002",
        reason=ClosureReason.MET,
        statement="Met.",
        evidence_ids=[item.id],
        by=OFFICE,
    )
    clock.set(day(3))
    updating.report_progress(
        store, reference="CC-001", status=ForceReport.COMPLETE, narrative="Done.", by=EDITOR
    )

    app = open_page(OFFICE_2)

    assert app.title[0].value == "Three things wait for the office"
    assert "1 date asked for, 1 closure proposed and 1 claim not yet looked at" in said(app)
    assert [one.task for one in office_waiting(store, by=OFFICE_2)] == [
        OfficeTask.DATE,
        OfficeTask.CLOSURE,
        OfficeTask.CLAIM,
    ]
    # Who proposed is not the one to answer.
    assert [one.task for one in office_waiting(store, by=OFFICE)] == [OfficeTask.DATE, OfficeTask.CLAIM]


def test_a_claim_weighed_since_waits_no_longer(store: Store, clock: Clock) -> None:
    """A decision after the claim answers it; a new claim waits again."""
    take_in(store)
    updating.report_progress(
        store, reference="CC-001", status=ForceReport.COMPLETE, narrative="Done.", by=EDITOR
    )
    clock.set(day(1))
    deciding.decide_assurance(
        store, reference="CC-001", level=Assurance.NOT_ASSURED, rationale="Not shown.", by=OFFICE
    )
    assert office_waiting(store, by=OFFICE) == []

    clock.set(day(2))
    updating.report_progress(
        store, reference="CC-001", status=ForceReport.COMPLETE, narrative="Now.", by=EDITOR
    )

    assert [one.task for one in office_waiting(store, by=OFFICE)] == [OfficeTask.CLAIM]


def test_a_later_check_waits_from_its_day(store: Store, clock: Clock) -> None:
    """The day before it is due nothing waits; on the day it does."""
    take_in(store)
    item = give_evidence(store)
    deciding.propose_closure(
        store,
        reference="CC-001",
        reason=ClosureReason.MET,
        statement="Met.",
        evidence_ids=[item.id],
        by=EDITOR,
    )
    deciding.agree_closure(store, reference="CC-001", by=OFFICE, check_due_on=day(30))
    clock.set(day(29))
    assert office_waiting(store, by=OFFICE) == []

    clock.set(day(30))

    assert [one.task for one in office_waiting(store, by=OFFICE)] == [OfficeTask.CHECK]


def test_what_is_closed_waits_for_nobody(store: Store) -> None:
    """A claim on a closed item is history."""
    take_in(store)
    updating.report_progress(
        store, reference="CC-001", status=ForceReport.COMPLETE, narrative="Done.", by=EDITOR
    )
    close(store)

    assert office_waiting(store, by=OFFICE) == []


# Actions agreed at meetings


def agree(
    store: Store, what: str, *, due: int = 60, owner: str = EDITOR.name, reference: str = "CC-001"
) -> int:
    """Agree an action at the meeting of the story, and return its number."""
    told = {"what": what, "owner": owner, "due_on": day(due), "reference": reference}
    return agree_action(store, meeting_id=1, by=OFFICE, **told).action.id  # type: ignore[arg-type]


def answer_dialog(app: AppTest, label: str) -> AppTest:
    """Press a button of the open form and run the page."""
    found = [one for one in app.button if one.label == label and str(one.key).startswith("draft-")]
    return found[-1].click().run()


@pytest.fixture
def agreed(three: Store, clock: Clock) -> Store:
    """Return the register with a Conference held on day 45, at which the editor agreed to two things."""
    record_meeting(three, service=SERVICE, kind=MeetingKind.CONFERENCE, on=day(45), by=OFFICE)
    agree(three, "Count the cases of each area.", due=60)
    agree(three, "Draw fifty closed cases and read them.", due=50)
    clock.set(day(53))
    return three


def test_what_was_agreed_stands_above_the_updates_soonest_due_first(open_page: Opens, agreed: Store) -> None:
    """What, where it was agreed, for which recommendation, by when, and that it is late."""
    agree(agreed, "Somebody else counts these.", owner=APPROVER.name)

    app = open_page(EDITOR)

    assert app.title[0].value == "Three updates and two actions wait for you"
    assert app.header[0].value == "Agreed at the Conference"
    words = said(app)
    assert words.index("Draw fifty closed cases") < words.index("Count the cases")
    assert "Agreed on 18 April 2024 · Conference" in words
    assert ":red[:material/warning: 3 days late]" in words
    assert "due 23 Apr 2024" in words
    assert "Somebody else counts these." not in words
    assert [one.proto.label for one in app.get("page_link")].count("CC-001 Do CC-001") == 2


def test_an_action_is_reported_done_from_the_list(open_page: Opens, agreed: Store) -> None:
    """In words; it stays open and waits for the office, and what was typed to an update is still there."""
    app = fill(open_page(EDITOR), narrative="Half a sentence")
    app = press(app, "Report it done")
    assert "**Draw fifty closed cases and read them.**" in said(app)

    app = answer_dialog(fill(app, words="Fifty were drawn; 46 pass."), "Report it done")

    assert app.title[0].value == "Three updates and one action wait for you"
    assert "Reported done 26 Apr 2024, waits for the office" in said(app)
    assert next(one for one in app.text_area if "narrative" in str(one.key)).value == "Half a sentence"
    state = next(one.state for one in actions_of(agreed, reference="CC-001", by=OFFICE) if one.state.reported)
    assert (state.steps[-1].words, state.steps[-1].by) == ("Fifty were drawn; 46 pass.", EDITOR.id)


def test_an_empty_report_of_an_action_is_refused(open_page: Opens, agreed: Store) -> None:
    """Without words nobody could tell what came of it."""
    app = press(open_page(EDITOR), "Report it done")

    app = answer_dialog(app, "Report it done")

    assert any(":red[" in one.value and "the report has no words yet" in one.value for one in app.markdown)
    assert all(one.state.reported is None for one in actions_of(agreed, reference="CC-001", by=OFFICE))


def test_only_actions_wait(open_page: Opens, store: Store) -> None:
    """No update is due: the heading counts the action alone; once reported, nothing waits, and it is still listed."""
    take_in(store, owner=EDITOR.name)
    record_meeting(store, service=SERVICE, kind=MeetingKind.BOARD, on=day(0), by=OFFICE)
    number = agree(store, "Count the cases of each area.")

    app = open_page(EDITOR)
    assert app.title[0].value == "One action waits for you"
    assert app.header[0].value == "Agreed at meetings"

    report_action(store, action_id=number, words="Counted.", by=EDITOR)
    app = open_page(EDITOR)
    assert app.title[0].value == "Nothing waits for you."
    assert "waits for the office" in said(app)


def test_a_long_list_of_actions_leaves_room_for_the_form(open_page: Opens, agreed: Store) -> None:
    """Five stand open, the others behind one line."""
    for number in range(6):
        agree(agreed, f"Count the cases of area number {number}.", due=70 + number)

    app = open_page(EDITOR)

    assert app.title[0].value == "Three updates and eight actions wait for you"
    assert "Three more actions" in {one.label for one in app.expander}


def test_the_office_accepts_what_somebody_else_reported(open_page: Opens, agreed: Store) -> None:
    """It waits for whoever did not report it, and is gone from the list once it is accepted."""
    number = actions_of(agreed, reference="CC-001", by=OFFICE)[0].state.action.id
    report_action(agreed, action_id=number, words="Fifty were drawn; 46 pass.", by=OFFICE)
    assert "reported done" not in said(open_page(OFFICE)).replace("no action is reported done", "")

    app = open_page(OFFICE_2)
    assert app.title[0].value == "One thing waits for the office"
    assert "1 action reported done." in said(app)
    assert "“Fifty were drawn; 46 pass.”" in said(app)
    app = press(press(app, "Accept or send back"), "Accept it as done")

    assert app.title[0].value == "Nothing waits for the office."
    state = next(
        one.state
        for one in actions_of(agreed, reference="CC-001", by=OFFICE)
        if one.state.action.id == number
    )
    assert state.steps[-1].stage is ActionStage.DONE


def test_an_action_that_the_office_itself_agreed_to(open_page: Opens, agreed: Store) -> None:
    """It is theirs, beside what waits for the office."""
    agree(agreed, "Book another room for the next meeting.", owner=OFFICE_2.name)

    app = open_page(OFFICE_2)

    assert app.title[0].value == "One thing waits for the office"
    assert "1 action of your own." in said(app)
    assert "Book another room for the next meeting." in said(app)


def test_hostile_words_of_an_action_are_text(open_page: Opens, agreed: Store) -> None:
    """What it asks for and what was said of it."""
    number = agree(agreed, HOSTILE)
    report_action(agreed, action_id=number, words=HOSTILE, by=EDITOR)

    app = open_page(EDITOR)

    assert not app.exception
    for live in (" <script>", " :red[x]", "![i]", "[l](javascript:"):
        assert live not in said(app)
