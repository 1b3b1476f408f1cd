"""The frame: who looks, which day is shown, and what a page says to those it is not for."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import SYSTEM, Actor, Role
from monitor.services import intake
from monitor.store import RegisterInfo, Store
from monitor.ui import session

EDITOR = Actor(id="lowther", name="DSupt K. Lowther", roles=frozenset({Role.FORCE_EDITOR}))
OFFICER = Actor(id="osgood", name="T. *Osgood*", roles=frozenset({Role.OFFICE}))

READS = """
import streamlit as st
from monitor.domain.access import Permission
from monitor.ui import frame

page = frame.open_page(Permission.READ)
st.title("Register")
st.text(f"{page.as_at} {page.actor.id} {page.may(Permission.REPORT_PROGRESS)} {page.params(ref='CC-1')}")
"""
REPORTS = READS.replace("Permission.READ)", "Permission.REPORT_PROGRESS)")
ENTRY = """
from monitor.domain.access import Permission
from monitor.ui import frame

frame.run(
    (
        frame.Listed("register", "Register", Permission.READ),
        frame.Listed("updates", "My updates", Permission.REPORT_PROGRESS),
    ),
    folder="screens",
)
"""


# Not in a folder called pages: AppTest would run the second file there alone, without the entry script.
@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Return an app of two pages over an empty demonstration register whose day is 16 January 2023."""
    store = Store(sqlite_url)
    begins = datetime(2023, 1, 16, 9, tzinfo=UTC)
    with store.writing() as unit:
        unit.begin(RegisterInfo("Office for Cumbria", True, begins, store.server_now()))
    intake.add_service(store, name="Cumbria Constabulary", by=SYSTEM)
    store.close()
    monkeypatch.setenv(session.DATABASE_VARIABLE, sqlite_url)
    monkeypatch.setattr(session, "people", lambda _: (EDITOR, OFFICER))
    (tmp_path / "screens").mkdir()
    (tmp_path / "screens" / "register.py").write_text(READS)
    (tmp_path / "screens" / "updates.py").write_text(REPORTS)
    (tmp_path / "dashboard.py").write_text(ENTRY)
    return AppTest.from_file(str(tmp_path / "dashboard.py"), default_timeout=20)


def said(app: AppTest) -> str:
    """Return everything that the page wrote."""
    return "\n".join(str(one.value) for one in [*app.title, *app.markdown, *app.caption, *app.text])


def test_page_shows_where_we_are_and_today(app: AppTest) -> None:
    """The first line names the service and says that it is a demonstration; today is the register's day."""
    app.run()
    assert not app.exception
    assert "Cumbria Constabulary · demonstration register" in said(app)
    assert "2023-01-16 lowther True" in said(app)
    assert dict(app.query_params) == {}


def test_page_on_a_past_day_shows_it_and_changes_nothing(app: AppTest) -> None:
    """The day in the address is the day shown; forms are not offered on it, and links keep it."""
    app.query_params["as_at"] = "2022-12-14"
    app.run()
    assert "2022-12-14 lowther False" in said(app)
    assert "{'as_at': '2022-12-14', 'ref': 'CC-1'}" in said(app)


@pytest.mark.parametrize("asked", ["2023-01-17", "1999-12-31", "yesterday", "", "2022-02-30"])
def test_page_on_a_day_that_cannot_be_shown_shows_today(app: AppTest, asked: str) -> None:
    """The future, nonsense and days before any register give today, and leave the address."""
    app.query_params["as_at"] = asked
    app.run()
    assert "2023-01-16 lowther" in said(app)
    assert "as_at" not in app.query_params


def test_day_is_kept_when_the_menu_clears_the_address(app: AppTest) -> None:
    """On another page the day is written back into the address."""
    app.query_params["as_at"] = "2022-12-14"
    app.run()
    del app.query_params["as_at"]
    app.switch_page("screens/updates.py").run()
    assert "2022-12-14 lowther" in said(app)
    assert app.query_params["as_at"] == "2022-12-14"


def test_day_taken_from_the_address_of_the_same_page_is_undone(app: AppTest) -> None:
    """The browser's back button takes the day out of the address, and the page follows."""
    app.run()
    app.query_params["as_at"] = "2022-12-14"
    app.run()
    del app.query_params["as_at"]
    app.run()
    assert "2023-01-16 lowther" in said(app)


def test_day_chosen_in_the_field_stands_in_the_address(app: AppTest) -> None:
    """Choosing a day shows it; Back to today takes it out again."""
    app.run()
    app.date_input[0].set_value(date(2022, 12, 14)).run()
    assert "2022-12-14 lowther" in said(app)
    assert app.query_params["as_at"] == "2022-12-14"
    next(one for one in app.button if one.label == "Back to today").click().run()
    assert "2023-01-16 lowther" in said(app)
    assert "as_at" not in app.query_params


def test_page_for_others_says_whom_it_is_for(app: AppTest) -> None:
    """Who may not open a page reads who may, and nothing of the page."""
    app.query_params["acting"] = "osgood"
    app.run()
    app.switch_page("screens/updates.py").run()
    assert not app.exception
    assert [one.value for one in app.title] == ["This page is for the force"]
    assert "osgood" not in said(app)


def test_person_chosen_stays_on_every_page(app: AppTest) -> None:
    """The person acted as is kept for the visit; their name is shown as text."""
    app.run()
    app.radio[0].set_value("osgood").run()
    assert "2023-01-16 osgood False" in said(app)
    assert app.radio[0].options == ["DSupt K. Lowther, force editor", "T. \\*Osgood\\*, office"]


def test_page_without_a_database_says_so_in_words(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be opened is one red line, not an exception."""
    monkeypatch.setenv(session.DATABASE_VARIABLE, "sqlite:////nowhere/at/all.sqlite")
    app.run()
    assert not app.exception
    assert ":red[:material/error:" in said(app)


def test_register_that_is_real_offers_nobody_to_act_as(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without sign-in a real register can be read and exported on this machine, and changed by nobody."""
    monkeypatch.setenv(session.DATABASE_VARIABLE, sqlite_url)
    served = session.register()
    (reader,) = session.people(served)
    assert reader.roles == {Role.ANALYST}
