"""Publish: what would change on the public site, proposed by one person and let out by another."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor
from monitor.domain.statuses import MoveCategory
from monitor.services import deciding
from monitor.services.site import read_publications
from monitor.store import Store
from monitor.ui import session
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    EDITOR,
    OFFICE,
    OFFICE_2,
    PUBLIC,
    REASON,
    Clock,
    a_register,
    day,
    take_in,
)
from tests.pages.test_recommendation import HOSTILE, press, said

ROOT = Path(__file__).resolve().parents[2]

Opens = Callable[..., AppTest]


@pytest.fixture
def clock() -> Clock:
    """Return a server's clock that stands on the day the story begins, 4 March 2024."""
    return Clock()


@pytest.fixture
def store(sqlite_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a register with one report and one recommendation, CC-001, served to the pages."""
    made = a_register(sqlite_url, clock)
    take_in(made, due_on=day(100))
    monkeypatch.setenv(session.DATABASE_VARIABLE, sqlite_url)
    monkeypatch.setattr(session, "_store", lambda _: made)
    return made


@pytest.fixture
def open_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Return a function that opens the page as a person."""

    def opened(by: Actor, **params: str) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
        app.run()
        app.switch_page("pages/publish.py")
        for name, value in params.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return opened


def buttons(app: AppTest) -> set[str]:
    """Return the words of every button."""
    return {str(button.label) for button in app.button}


def let_out(open_page: Opens) -> AppTest:
    """Propose what there is as one person, and approve it as another."""
    press(press(open_page(OFFICE), "Propose this publication"), "Propose it")
    return press(press(open_page(OFFICE_2), "Approve this publication"), "Approve it")


@pytest.mark.parametrize("reader", [PUBLIC, EDITOR, ANALYST, ADMINISTRATOR], ids=lambda one: one.id)
def test_the_page_is_for_the_office(open_page: Opens, reader: Actor) -> None:
    """Nobody else is shown what would be published, nor a way to publish it."""
    app = open_page(reader)

    assert app.title[0].value == "This page is for the office"
    assert not buttons(app) & {"Propose this publication", "Approve this publication"}


def test_one_person_proposes_and_another_lets_it_out(open_page: Opens, store: Store) -> None:
    """Whoever proposed it has no button to approve it; what was let out stands with both names and the day."""
    app = open_page(OFFICE)
    assert app.title[0].value == "Nothing has been published yet."
    assert "monitor publish DIR" in said(app)
    app = press(press(app, "Propose this publication"), "Propose it")
    assert app.title[0].value == "A publication waits for a second person."
    assert "another person of the office approves it" in said(app)
    assert "Approve this publication" not in buttons(app)

    app = press(press(open_page(OFFICE_2), "Approve this publication"), "Approve it")

    assert app.title[0].value == "The public site says what the register says."
    assert f"Proposed by {OFFICE.name}" in said(app)
    assert f"approved by {OFFICE_2.name}" in said(app)
    assert len(read_publications(store, by=OFFICE).approvals) == 1
    assert "Propose this publication" not in buttons(app)


def test_what_would_change_is_told_with_old_and_new_words(
    open_page: Opens, store: Store, clock: Clock
) -> None:
    """A moved date and a new recommendation: their pages and their rows, before anybody proposes it."""
    let_out(open_page)
    clock.set(day(2))
    deciding.move_date(
        store, reference="CC-001", due_on=day(150), reason=REASON, category=MoveCategory.SCOPE, by=OFFICE
    )
    take_in(store, "CC-002", short_title=HOSTILE[:42])

    app = open_page(OFFICE)
    text = said(app)

    assert "of the public site differ from the register." in app.title[0].value
    assert "CC-002" in text
    assert "Target: 12 Jun 2024 → 1 Aug 2024" in text
    assert "_nothing_ → " in text
    assert "<script>" not in text.replace("\\<", "")
    assert "Propose this publication" in buttons(app)


def test_what_was_recorded_since_a_proposal_is_told(open_page: Opens, store: Store, clock: Clock) -> None:
    """The proposal is approved as it was made; a newer one takes its place."""
    press(press(open_page(OFFICE), "Propose this publication"), "Propose it")
    clock.set(day(2))
    take_in(store, "CC-002")

    app = open_page(OFFICE_2)
    assert "Something was recorded since" in said(app)
    app = press(press(app, "Propose it again as it is now"), "Propose it")

    assert "You proposed it" in said(app)
    assert "Approve this publication" in buttons(open_page(OFFICE))


def test_a_day_gone_by_and_an_empty_register_say_so(open_page: Opens) -> None:
    """Nothing is proposed from a past day."""
    app = open_page(OFFICE, as_at="2024-03-03")

    assert "as it stands today" in app.title[0].value
    assert not buttons(app) & {"Propose this publication"}
