"""The small form by which the office gives a day of publication that was not known when a report was taken in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor
from monitor.domain.statuses import Precision, Programme
from monitor.services.intake import take_in_report
from monitor.services.view import register_view
from monitor.store import Store
from monitor.ui import publication, session
from tests.builders import ANALYST, OFFICE, SERVICE, Clock, a_register, day

ROOT = Path(__file__).resolve().parents[2]
TITLE = "Diverging under pressure"


@pytest.fixture
def store(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a register with a report of which only the month is known, served to the pages."""
    store = a_register(sqlite_url, Clock(day(400)))
    take_in_report(
        store,
        service=SERVICE,
        title=TITLE,
        by=OFFICE,
        published_on=day(0).replace(day=31),
        published_precision=Precision.MONTH,
    )
    monkeypatch.setenv(session.DATABASE_VARIABLE, store.address)
    monkeypatch.setattr(session, "_store", lambda _: store)
    return store


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], AppTest]:
    """Return a function that opens the list of reports as a person."""

    def opened(by: Actor) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        app.run()
        app.switch_page("pages/reports.py")
        return app.run()

    return opened


def given(app: AppTest, typed: str, source: str) -> AppTest:
    """Fill the form in and press its button."""
    day_field, source_field = (one for one in app.text_input if str(one.key).startswith("learn-"))
    day_field.set_value(typed)
    source_field.set_value(source)
    next(one for one in app.button if one.label == "Record the day").click()
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """Return the words of the page."""
    return "\n".join(str(one.value) for kind in (app.markdown, app.caption) for one in kind)


def test_office_gives_the_day_and_the_last_day_follows(
    store: Store, open_page: Callable[[Actor], AppTest]
) -> None:
    """It is asked for where only a month is known, recorded with where it was found, and then asked for no more."""
    app = open_page(OFFICE)
    given(app, "12 March 2024", "The inspectorate's own page of the report")
    report = next(one for one in register_view(store, by=OFFICE).inspections.values() if one.title == TITLE)
    assert (report.published_on, report.published_precision) == (day(8), Precision.DAY)
    assert "Last day to respond was 6 May 2024" in said(app)
    assert not [one for one in app.button if one.label == "Record the day"]


@pytest.mark.parametrize(
    ("typed", "source", "refusal"),
    [
        ("12 March 2024", "", "Say where the day of publication"),
        ("32 March 2024", "a letter", "does not exist"),
        ("", "a letter", "is still empty"),
        ("March 2024", "a letter", "already known"),
    ],
)
def test_refusal_is_told_and_what_was_typed_stays(
    store: Store, open_page: Callable[[Actor], AppTest], typed: str, source: str, refusal: str
) -> None:
    """Nothing is recorded, and both fields keep what stood in them."""
    app = given(open_page(OFFICE), typed, source)
    assert refusal in said(app)
    assert [one.value for one in app.text_input if str(one.key).startswith("learn-")] == [typed, source]


def test_nobody_else_is_asked(store: Store, open_page: Callable[[Actor], AppTest]) -> None:
    """Those who take nothing in see no form."""
    assert not [one for one in open_page(ANALYST).button if one.label == "Record the day"]


def test_audit_needs_no_day(store: Store, open_page: Callable[[Actor], AppTest]) -> None:
    """No Act asks for a response to it, so nothing hangs on the day."""
    take_in_report(store, service=SERVICE, title="Internal audit", by=OFFICE, programme=Programme.AUDIT)
    forms = [one for one in open_page(OFFICE).button if one.label == "Record the day"]
    assert len(forms) == 1


@pytest.mark.parametrize("typed", ["26 June 2019", "June 2019", "2019", ""])
def test_day_is_written_as_it_was_typed(typed: str) -> None:
    """What stands in the field is what it is read as."""
    assert publication.written(*publication.read(typed)) == typed
