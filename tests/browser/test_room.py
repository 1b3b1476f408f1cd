"""A meeting held with the room on the screen: answers, a decision and an action, which its owner and the next meeting see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from monitor.domain.access import SYSTEM, Actor
from monitor.domain.inspections import Service
from monitor.domain.meetings import Outcome
from monitor.domain.statuses import Assurance, MeetingKind
from monitor.exporters.document import plain_lines
from monitor.packs.publishing import make_pack
from monitor.services.intake import take_in_report
from monitor.services.meetings import read_meeting, record_meeting
from monitor.services.questions import prepared_questions
from monitor.services.reading import read_recommendation
from monitor.services.sample import demonstration_people
from monitor.settings import Settings
from monitor.store import RegisterInfo, Store, migrate
from tests.browser.conftest import OpensPage, register_in, serving
from tests.browser.visiting import PATIENT, give_day, open_at, pick, save, settled
from tests.builders import OFFICE_NAME, SERVICE, take_in

TODAY = date(2023, 1, 16)
NEXT = date(2023, 2, 10)
WHAT = "Draw fifty closed cases and show what they say."
DONE = "Fifty were drawn on 20 January; 46 of them pass."
AT = "() => document.querySelector('[data-testid=\"stMain\"]').scrollTop"


@dataclass
class Room:
    """A small demonstration that is served, with two late recommendations to ask about and a panel held today."""

    url: str
    store: Store
    office: Actor
    force: Actor


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield it."""
    folder = tmp_path_factory.mktemp("room")
    migrate(register_in(folder))
    store = Store(register_in(folder))
    people = {person.id: person for person in demonstration_people()}
    office, force = people["fenwick"], people["lowther"]
    with store.writing() as unit:
        begins = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)
        unit.begin(RegisterInfo(OFFICE_NAME, True, begins, store.server_now()))
        unit.replay_at(begins)
        unit.add(Service(id=unit.new_id("service"), name=SERVICE), by=SYSTEM, verb="service added")
    take_in_report(store, service=SERVICE, title="Victims, a national thematic", by=office)
    for reference, due in (("CC-001", date(2022, 6, 30)), ("CC-002", date(2022, 9, 30))):
        take_in(store, reference, owner=force.name, due_on=due, by=office)
    record_meeting(store, service=SERVICE, kind=MeetingKind.PANEL, on=TODAY, by=office)
    with serving(folder) as url:
        yield Room(url, store, office, force)
    store.close()


def test_what_is_agreed_in_the_room_reaches_its_owner_and_the_next_meeting(page: Page, served: Room) -> None:
    """An answer, a decision and an action; the owner reports it done; the next questions and the next pack carry it."""
    open_at(page, served.url, "room", {"meeting": "1", "acting": "fenwick"})
    expect(page.get_by_role("heading", level=1)).to_contain_text("Do CC-001")

    decision = opened(page, "Decide assurance", "Save")
    expect(decision).to_contain_text("Scrutiny panel, 16 January 2023")
    pick(decision, "The office is", "Partly assured")
    decision.get_by_label("Why?", exact=True).fill("Half of the cases were shown.")
    save(decision, said="Assurance recorded. The force sees it now.")

    answer_by_keyboard(page, "Action agreed", "Nobody outside the team has looked yet.")
    action = page.get_by_role("dialog")
    expect(action).to_contain_text("It is about CC-001 Do CC-001.", timeout=PATIENT)
    expect(action.get_by_role("combobox", name="Who is to do it?")).to_have_value(served.force.name)
    action.get_by_label("What is to be done").fill(WHAT)
    give_day(action, "By which day?", date(2023, 1, 31))
    save(action, "Record the action", said="Action recorded. Its owner sees it in My updates.")
    expect(page.get_by_role("main")).to_contain_text(f"{served.force.name}, by 31 January 2023")

    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Do CC-002", timeout=PATIENT)
    settled(page)
    assert page.evaluate(AT) == 0, "the next question begins at its top"
    answer_by_keyboard(page, "Answered", "It closes on Friday.", save_with="Save and finish")
    finding = page.get_by_role("heading", level=1, name="All two questions have been asked.")
    expect(finding).to_be_visible(timeout=PATIENT)

    record_meeting(served.store, service=SERVICE, kind=MeetingKind.PANEL, on=NEXT, by=served.office)
    kept = read_meeting(served.store, meeting_id=1, by=served.office)
    assert [one.outcome for one in kept.answers] == [Outcome.ACTION_AGREED, Outcome.ANSWERED]
    decided = read_recommendation(served.store, reference="CC-001", by=served.office).record.decisions[-1]
    assert (decided.level, decided.meeting_id) == (Assurance.PARTLY_ASSURED, 1)
    first = prepared_questions(served.store, meeting_id=2, by=served.office).questions[0]
    assert first.key == "action_not_done:1"
    assert WHAT.rstrip(".") in first.text

    open_at(page, served.url, "updates", {"acting": "lowther"})
    expect(page.get_by_role("heading", level=1)).to_contain_text("One action waits for you")
    report = opened(page, "Report it done", "Cancel")
    expect(report).to_contain_text(WHAT)
    report.get_by_label("What was done, and what came of it?").fill(DONE)
    save(report, "Report it done", said="Reported. It stays open until the office agrees.")
    expect(page.get_by_role("main")).to_contain_text("waits for the office")

    made = make_pack(
        served.store, meeting_id=2, by=served.office, settings=Settings.from_environment(), forms=()
    )
    told = "\n".join(plain_lines(made.document))
    assert WHAT in told
    assert DONE in told


def test_two_who_answer_at_once_see_both_answers(new_page: OpensPage, served: Room) -> None:
    """Who saves second is shown both and chooses; what they typed survives a look at the facts behind."""
    meeting = record_meeting(
        served.store,
        service=SERVICE,
        kind=MeetingKind.ONE_TO_ONE,
        on=TODAY,
        is_public=False,
        by=served.office,
    )
    first, second = new_page(), new_page(size="phone", dark=True)
    for page, acting in ((first, "fenwick"), (second, "osgood")):
        open_at(page, served.url, "room", {"meeting": str(meeting.id), "acting": acting})
    words = second.get_by_label("The answer, in words")
    words.fill("Theirs comes second.")
    second.get_by_role("button", name="everything behind it").first.click()
    second.get_by_role("link", name="Back to question 1").click(timeout=PATIENT)
    expect(words).to_have_value("Theirs comes second.", timeout=PATIENT)

    answer_by_keyboard(first, "Answered", "Mine comes first.")
    expect(first.get_by_text("question 2 of", exact=False)).to_be_visible(timeout=PATIENT)
    pick(second.locator("body"), "What was the outcome?", "Bring back")
    second.get_by_role("button", name="Save and next question").click()

    expect(second.get_by_role("button", name="Keep theirs")).to_be_visible(timeout=PATIENT)
    expect(second.get_by_role("main")).to_contain_text("Mine comes first.")
    expect(second.get_by_role("main")).to_contain_text("Theirs comes second.")
    second.get_by_role("button", name="Keep mine").click()
    expect(second.get_by_text("question 2 of", exact=False)).to_be_visible(timeout=PATIENT)
    kept = read_meeting(served.store, meeting_id=meeting.id, by=served.office).answers
    assert [one.words for one in kept] == ["Mine comes first.", "Theirs comes second."]


def answer_by_keyboard(
    page: Page, outcome: str, words: str, *, save_with: str = "Save and next question"
) -> None:
    """Answer the question that is shown from its outcome on, with the keyboard alone."""
    settled(page)
    choices = page.get_by_role("radiogroup", name="What was the outcome?")
    choices.get_by_role("radio", name=outcome).focus()
    page.keyboard.press("Space")
    label = page.get_by_label("The answer, in words")
    for _ in range(4):
        if label.evaluate("field => field === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(label).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=save_with)).to_be_focused()
    page.keyboard.press("Enter")


def opened(page: Page, button: str, answer: str) -> Locator:
    """Open a form by its button, and return its dialog once it has its answer."""
    page.get_by_role("button", name=button, exact=True).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name=answer, exact=True)).to_be_visible(timeout=PATIENT)
    return dialog
