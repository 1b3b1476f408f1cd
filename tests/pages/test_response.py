"""Responses: what is due and until when, the desk of one report, its writing page, and who sees and may do what."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor
from monitor.domain.response_desk import Explains, ResponsePart, ResponseStage
from monitor.domain.statuses import Applicability, Precision
from monitor.packs.response import publish_response
from monitor.services import responding
from monitor.services.intake import take_in_report
from monitor.services.responses import read_response
from monitor.settings import Settings
from monitor.store import Store
from monitor.ui import session
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
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
    take_in,
)
from tests.pages.test_recommendation import HOSTILE, fill, press, said

ROOT = Path(__file__).resolve().parents[2]
DONE = "Every device is counted each month, and the list is read by the board."

Opens = Callable[..., AppTest]


@pytest.fixture
def clock() -> Clock:
    """Return a server's clock that stands on the day on which the report was published, 4 March 2024."""
    return Clock()


@pytest.fixture
def store(sqlite_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a register with one report and one recommendation, CC-001, served to the pages."""
    made = a_register(sqlite_url, clock)
    take_in(made)
    monkeypatch.setenv(session.DATABASE_VARIABLE, sqlite_url)
    monkeypatch.setattr(session, "_store", lambda _: made)
    return made


def key_of(store: Store, number: str) -> str:
    """Return a report's name in an address; what is the number of none stays as it is."""
    with store.reading() as reader:
        keys = {str(report.id): report.key for report in reader.inspections()}
    return keys.get(number, number)


@pytest.fixture
def open_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Return a function that opens the page as a person: `open_page(OFFICE, report="1")`."""

    def opened(by: Actor, **params: str) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
        app.run()
        app.switch_page("pages/response.py")
        for name, value in params.items():
            app.query_params[name] = key_of(store, value) if name == "report" else value
        app.run()
        assert not app.exception
        return app

    return opened


def buttons(app: AppTest) -> set[str]:
    """Return the words of every button."""
    return {str(button.label) for button in app.button}


def answer(app: AppTest, label: str) -> AppTest:
    """Press a button of the open form that may be called as the one that opened it."""
    next(one for one in app.button if one.label == label and str(one.key).startswith("draft-")).click()
    return app.run()


def written(store: Store) -> None:
    """Write every text of the response to the first report: the force its own, the office the rest."""
    chief, office = ResponsePart.CHIEF_OFFICER, ResponsePart.OFFICE
    responding.write_comments(store, inspection_id=1, part=chief, text="We agree.", by=EDITOR)
    responding.write_comments(store, inspection_id=1, part=office, text="We shall ask again.", by=OFFICE)
    responding.explain(
        store, inspection_id=1, reference="CC-001", explains=Explains.TAKEN, text=DONE, by=OFFICE
    )


def approved(store: Store) -> None:
    """Write it, and have it approved by a second person."""
    written(store)
    responding.ask_approval(store, inspection_id=1, by=OFFICE)
    responding.approve_response(store, inspection_id=1, by=OFFICE_2)


def published(store: Store) -> None:
    """Write, approve and publish it on the day that the clock shows."""
    approved(store)
    publish_response(
        store,
        inspection_id=1,
        on=store.today(),
        by=OFFICE,
        settings=Settings.from_environment(),
        link="https://example.org/r",
    )


# The list


@pytest.mark.parametrize(
    ("at", "heading", "stands"),
    [
        (30, "Nothing is late. The next response is due in 25 days.", "Due in 25 days"),
        (41, "One response is due in 14 days.", "Due in 14 days"),
        (55, "One response is due today.", "Due today"),
        (56, "One response is one day late.", "1 day late"),
    ],
)
def test_the_heading_says_what_is_due_and_the_row_when(
    open_page: Opens, clock: Clock, at: int, heading: str, stands: str
) -> None:
    """The day of publication is the first of 56: the last is 55 days after it, and the next one is late."""
    clock.set(day(at))

    app = open_page(OFFICE)

    assert app.title[0].value == heading
    assert stands in said(app)
    assert "Last day 28 April 2024" in said(app)
    is_warned = at == 41 or at == 55
    assert (":orange[:material/schedule: Due" in said(app)) == is_warned


def test_where_the_day_is_not_known_it_is_asked_for_and_nothing_is_computed(
    open_page: Opens, store: Store
) -> None:
    """Of a month no last day is made; the link leads to where the day is given."""
    take_in_report(
        store,
        service=SERVICE,
        title="Custody",
        by=OFFICE,
        published_on=day(27),
        published_precision=Precision.MONTH,
    )

    app = open_page(OFFICE)
    links = [str(getattr(link, "label", "")) for link in app.get("page_link")]

    assert "No last day yet" in said(app)
    assert said(app).count("Last day ") == 1
    assert "Give the day on Reports" in links
    assert open_page(OFFICE, report="2").title[0].value == "The day of publication is asked for."


def test_the_public_reads_what_is_published_and_nothing_before(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """Neither list nor desk tells of a draft; afterwards the words are there, and nobody's name."""
    approved(store)
    for reader in (PUBLIC, ADMINISTRATOR):
        assert open_page(reader).title[0].value == "No response is published yet."
        assert open_page(reader, report="1").title[0].value == "There is no such response"

    clock.set(day(58))
    publish_response(store, inspection_id=1, on=day(58), by=OFFICE, settings=Settings.from_environment())
    app = open_page(PUBLIC, report="1")

    assert open_page(PUBLIC).title[0].value == "One response is published."
    assert app.title[0].value == "The response was published three days late."
    assert DONE in said(app)
    assert "Police Act 1996, section 55(5A)" in said(app)
    assert not any(person.name in said(app) for person in (OFFICE, OFFICE_2, EDITOR))
    assert not app.text_area
    assert buttons(app).isdisjoint({"Write", "Edit", "Publish", "Approve"})


def test_a_day_gone_by_and_a_report_that_is_not_there_say_so(open_page: Opens) -> None:
    """Answers are told as they stand; a wrong number is no error."""
    assert "today" in open_page(OFFICE, as_at="2024-03-03").title[0].value
    for wrong in ("99", "x", "-1", "9" * 40):
        assert open_page(OFFICE, report=wrong).title[0].value == "There is no such response"


def test_none_due_is_told_with_its_reason(open_page: Opens, store: Store) -> None:
    """For a national report the office records why; everybody who may read the report reads it."""
    take_in_report(store, service=SERVICE, title="A national one", by=OFFICE, is_national=True)
    app = press(open_page(OFFICE, report="2"), "No response is due")
    app = answer(fill(app, reason="too short"), "Record it")
    assert "at least" in said(app)
    assert any(area.value == "too short" for area in app.text_area)

    app = answer(fill(app, reason=REASON), "Record it")

    assert app.title[0].value == "No response is due."
    assert REASON in said(open_page(OFFICE))
    assert REASON in said(open_page(PUBLIC, report="2"))
    assert "No response is due" not in buttons(open_page(OFFICE, report="1"))


# The desk


def test_what_is_missing_is_listed_and_approval_is_not_offered(open_page: Opens, store: Store) -> None:
    """Each thing stands in words; a request for approval is offered once nothing is missing."""
    take_in(store, "CC-002", applicability=Applicability.FOR_OTHERS, addressees=("College of Policing",))
    app = open_page(OFFICE, report="1")
    text = said(app)

    assert "Three things missing" in text
    assert "(CC-001): neither an action nor a reason for none" in text
    assert "For others" in text
    assert "College of Policing" in text
    assert "Today is day 1 of 56." in text
    assert "Ask for approval" not in buttons(app)

    written(store)

    assert "Ask for approval" in buttons(open_page(OFFICE, report="1"))


def test_a_second_person_approves_and_whoever_wrote_does_not(open_page: Opens, store: Store) -> None:
    """The writer is told that it waits; the other one approves it, publishes it, and sends the copies."""
    written(store)
    app = answer(press(open_page(OFFICE, report="1"), "Ask for approval"), "Ask for approval")
    assert "Approve" not in buttons(app)
    assert "so it is not you" in said(app)

    app = answer(press(open_page(OFFICE_2, report="1"), "Approve"), "Approve it")
    assert "Approved, **4 March 2024**" in said(app)
    app = answer(press(app, "Publish"), "Publish it")
    assert app.title[0].value == "The response was published in time."
    app = answer(press(app, "Sent to the inspectorate"), "Record it")
    app = answer(press(app, "Sent to the Secretary of State"), "Record it")

    assert "Sent to the Secretary of State, **4 March 2024**" in said(app)
    assert "Fingerprint" in said(app)


def test_sent_back_tells_why_and_a_new_text_takes_an_approval_back(open_page: Opens, store: Store) -> None:
    """What is to be put right stands on the desk; what is written after an approval needs another."""
    written(store)
    responding.ask_approval(store, inspection_id=1, by=OFFICE)
    app = press(open_page(OFFICE_2, report="1"), "Send back")
    app = answer(fill(app, words="Say by when the list is complete, and who reads it."), "Send it back")
    assert "sent it back: Say by when" in said(app)

    responding.ask_approval(store, inspection_id=1, by=OFFICE)
    responding.approve_response(store, inspection_id=1, by=OFFICE_2)
    assert "Publish" in buttons(open_page(OFFICE, report="1"))
    responding.write_comments(
        store, inspection_id=1, part=ResponsePart.OFFICE, text="Other words.", by=OFFICE
    )
    assert "Publish" not in buttons(open_page(OFFICE, report="1"))


def test_a_step_whose_turn_is_over_says_so(open_page: Opens, store: Store) -> None:
    """A text written while the form is open is told in the form; nothing is approved."""
    written(store)
    responding.ask_approval(store, inspection_id=1, by=OFFICE)
    app = press(open_page(OFFICE_2, report="1"), "Approve")
    responding.write_comments(
        store, inspection_id=1, part=ResponsePart.OFFICE, text="Other words.", by=OFFICE
    )

    app = answer(app, "Approve it")

    assert "changed since approval was asked for" in said(app)
    seen = read_response(store, inspection_id=1, by=OFFICE)
    assert seen.response.last(ResponseStage.APPROVED) is None


def test_the_force_writes_its_comments_and_reads_no_others(open_page: Opens, store: Store) -> None:
    """Only the chief officer's are theirs; the office's are not on the page before they are published."""
    written(store)
    app = open_page(EDITOR, report="1")
    assert "We shall ask again." not in said(app)
    assert DONE in said(app)
    assert buttons(app).isdisjoint({"Ask for approval", "Invite the chief officer", "Write"})

    app = press(app, "Edit")
    app = press(fill(app, text="We agree, and have begun."), "Save")

    assert "We agree, and have begun." in said(open_page(OFFICE, report="1"))
    assert "We agree." in said(open_page(OFFICE, report="1"))


def test_the_analyst_reads_and_changes_nothing(open_page: Opens, store: Store) -> None:
    """Drafts are read; no form is offered."""
    written(store)
    app = open_page(ANALYST, report="1")

    assert "We shall ask again." in said(app)
    assert buttons(app).isdisjoint({"Write", "Edit", "Ask for approval", "Publish"})


# Writing


def test_the_registers_words_are_taken_on_one_click_and_edited(open_page: Opens, store: Store) -> None:
    """They come after what is typed, nothing is stored by that, and what is saved is what the person made of it."""
    app = press(open_page(OFFICE, report="1"), "Write what is missing")
    app = press(fill(app, text="Our own words."), "Take what the register says")
    taken = str(app.text_area[0].value)
    assert taken.startswith("Our own words.\n\n")
    assert "has not reported on this yet" in taken
    assert not read_response(store, inspection_id=1, by=OFFICE).response.texts

    app = press(app, "Save")
    assert "is still empty" in said(app)
    assert app.text_area[0].value == taken
    app = press(fill(app, explains=Explains.PROPOSED, text="We begin in May."), "Save")

    text = read_response(store, inspection_id=1, by=OFFICE).response.text(ResponsePart.EXPLANATION, "CC-001")
    assert text is not None
    assert (text.explains, text.text) == (Explains.PROPOSED, "We begin in May.")


def test_what_is_typed_stays_while_another_text_is_looked_at(open_page: Opens) -> None:
    """The texts beside it are buttons: choosing one and coming back loses nothing, nor does the way to the desk."""
    app = press(open_page(OFFICE, report="1"), "Write what is missing")
    fill(app, text="Half a sentence")
    app = press(app, "Office’s comments")
    assert app.title[0].value == "Office’s comments"
    app = press(app, "Do CC-001")
    assert app.text_area[0].value == "Half a sentence"
    app = press(press(app, "Back to the response"), "Write what is missing")

    assert app.text_area[0].value == "Half a sentence"


def test_two_people_at_one_text_see_both(open_page: Opens, store: Store) -> None:
    """The later one is told, reads both, and keeps theirs or the other's; both stay in the versions."""
    app = press(open_page(OFFICE, report="1"), "Write what is missing")
    responding.explain(
        store, inspection_id=1, reference="CC-001", explains=Explains.TAKEN, text=DONE, by=OFFICE_2
    )
    app = press(fill(app, explains=Explains.BOTH, text="Mine."), "Save")
    text = said(app)
    assert DONE in text
    assert "Mine." in text

    press(app, "Keep mine")

    found = read_response(store, inspection_id=1, by=OFFICE).response
    versions = found.versions(ResponsePart.EXPLANATION, "CC-001")
    assert [one.text for one in versions] == [DONE, "Mine."]
    app = open_page(OFFICE, report="1")
    assert "Version 1 · " in said(app)
    assert DONE in said(app)


def test_stored_words_are_shown_as_text(open_page: Opens, store: Store) -> None:
    """Nothing that was written acts; a title of 300 characters breaks nothing."""
    title = (HOSTILE * 4)[:300]
    take_in_report(
        store, service=SERVICE, title=title, by=OFFICE, published_on=DAY, published_precision=Precision.DAY
    )
    take_in(store, "CC-002", inspection_id=2, short_title=HOSTILE[:42], text=HOSTILE)
    for part in (ResponsePart.CHIEF_OFFICER, ResponsePart.OFFICE):
        responding.write_comments(store, inspection_id=2, part=part, text=HOSTILE, by=OFFICE)

    pages = (open_page(OFFICE), open_page(OFFICE, report="2"))
    writing = press(open_page(OFFICE, report="2"), "Write what is missing")

    for app in (*pages, writing):
        assert not app.exception
        assert "<script>" not in said(app).replace("\\<", "")
        assert ":red[x]" not in said(app)
