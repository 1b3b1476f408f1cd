"""The filter bar: the address is the only place where a choice is kept."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor.services.filters import Filter
from monitor.services.sample import load_demonstration
from monitor.store import Store
from monitor.ui import filters, session
from tests.builders import OFFICE

PAGE = """
import streamlit as st
from monitor.domain.access import Permission
from monitor.ui import filters, frame

page = frame.open_page(Permission.READ)
wanted = filters.filter_bar(page, page.view, compact={compact})
asked = filters.asked()
filters.removable_words(wanted, asked.only)
st.session_state["read"] = (wanted, asked)
"""

EVERY_FIELD: dict[str, Any] = {
    "show": "late",
    "text": "child",
    "service": ["Cumbria Constabulary"],
    "inspection": ["A report", "Another"],
    "owner": ["A. Person"],
    "executive_lead": ["ACC"],
    "board": ["Board"],
    "theme": ["Victims"],
    "kind": ["recommendation", "afi"],
    "force_report": ["complete"],
    "assurance": ["assured"],
    "position": ["open"],
    "schedule_state": ["overdue"],
    "evidence_grade": ["weak"],
    "closure_reason": ["met"],
    "target_set_by": ["office"],
    "due_from": "2023-01-01",
    "due_to": "2023-12-31",
}


@pytest.fixture
def store(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return the demonstration register, served to the page."""
    made = Store(sqlite_url)
    load_demonstration(made)
    monkeypatch.setenv(session.DATABASE_VARIABLE, made.address)
    monkeypatch.setattr(session, "_store", lambda _: made)
    monkeypatch.setattr(session, "people", lambda _: (OFFICE,))
    return made


def open_bar(tmp_path: Path, *, compact: bool = False, is_open: bool = False, **params: Any) -> AppTest:
    """Return a page with nothing but the bar; `is_open` with *More filters* open."""
    script = tmp_path / "bar.py"
    script.write_text(PAGE.format(compact=compact))
    app = AppTest.from_file(str(script), default_timeout=30)
    for name, value in params.items():
        app.query_params[name] = value
    if is_open:
        app.session_state["more-filters"] = True
    app.run()
    assert not app.exception
    return app


def wanted(app: AppTest) -> Filter:
    """Return the filter that the bar answered."""
    found: Filter = app.session_state["read"][0]
    return found


@pytest.mark.usefixtures("store")
def test_every_filter_comes_back_from_the_address(tmp_path: Path) -> None:
    """What to_address writes, the bar reads."""
    app = open_bar(tmp_path, **EVERY_FIELD)

    assert wanted(app) == Filter.from_address(EVERY_FIELD)
    assert wanted(app).to_address() == EVERY_FIELD


@pytest.mark.usefixtures("store")
def test_every_filter_has_its_field(tmp_path: Path) -> None:
    """With the button open each limit of the address is shown in its own field, unknown names included."""
    app = open_bar(tmp_path, is_open=True, **EVERY_FIELD)

    assert app.multiselect(key="filter-owner").value == ["A. Person"]
    assert app.multiselect(key="filter-kind").value == ["recommendation", "afi"]
    assert app.date_input(key="filter-due_to").value == date(2023, 12, 31)
    shown = {one.key.removeprefix("filter-") for one in [*app.multiselect, *app.date_input] if one.key}
    # One service: nothing to choose from.
    assert set(filters.FIELDS) - {"service"} <= shown


@pytest.mark.usefixtures("store")
def test_the_fields_are_not_made_while_the_button_is_closed(tmp_path: Path) -> None:
    """A click elsewhere does not pay for sixteen fields that nobody sees."""
    assert not open_bar(tmp_path).multiselect


@pytest.mark.usefixtures("store")
def test_a_choice_is_written_to_the_address_and_the_rest_stays(tmp_path: Path) -> None:
    """The page number goes, since it counts other rows; the columns stay."""
    app = open_bar(tmp_path, is_open=True, show="late", page="3", columns=["owner"])

    app.multiselect(key="filter-force_report").set_value(["complete"]).run()

    assert dict(app.query_params) == {"show": "late", "columns": "owner", "force_report": "complete"}
    assert wanted(app) == Filter(show="late", force_report=("complete",))


@pytest.mark.usefixtures("store")
def test_what_is_usual_is_left_out_of_the_address(tmp_path: Path) -> None:
    """An address names only what was chosen."""
    app = open_bar(tmp_path, show="late")

    app.selectbox(key="filter-show").set_value("open").run()

    assert not app.query_params


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("show", "nonsense"),
        ("kind", "nonsense"),
        ("due_from", "31.2.2023"),
        ("due_to", "0001-01-01"),
        ("due_from", "9999-12-31"),
        ("order", "nonsense"),
        ("kind", "x" * 100_000),
    ],
)
def test_a_parameter_that_makes_no_sense_is_one_sentence(tmp_path: Path, name: str, value: str) -> None:
    """It limits nothing, and the search beside it still works."""
    params: dict[str, Any] = {"text": "child", name: value}

    app = open_bar(tmp_path, **params)

    assert len([one for one in app.markdown if "material/error" in one.value]) == 1
    assert wanted(app) == Filter(text="child")


@pytest.mark.usefixtures("store")
def test_each_limit_has_a_button_that_takes_it_away(tmp_path: Path) -> None:
    """One by one, or all of them."""
    app = open_bar(tmp_path, text="child", owner=["A. Person"], only=["CC-001", "CC-002"])
    assert [one.key for one in app.button if one.key] == [
        "without-only",
        "without-text",
        "without-owner",
        "clear-all",
    ]

    app.button(key="without-only").click().run()
    assert set(app.query_params) == {"text", "owner"}

    app.button(key="clear-all").click().run()
    assert wanted(app) == Filter()
    assert not app.query_params


@pytest.mark.usefixtures("store")
def test_a_compact_bar_begins_with_everything(tmp_path: Path) -> None:
    """Charts over time need what is closed too; a gray sentence says what limits them."""
    app = open_bar(tmp_path, compact=True)
    assert wanted(app) == Filter(show="everything")
    assert "All recommendations" in [one.value for one in app.caption]

    app = open_bar(tmp_path, compact=True, owner=["A. Person"])
    assert wanted(app) == Filter(show="everything", owner=("A. Person",))
    assert any("A. Person" in one.value for one in app.caption)


@pytest.mark.usefixtures("store")
def test_a_chosen_day_is_kept_besides(tmp_path: Path) -> None:
    """Clearing the filters does not bring the reader back to today."""
    app = open_bar(tmp_path, as_at="2022-06-30", text="child", owner=["A. Person"])

    app.button(key="clear-all").click().run()

    assert dict(app.query_params) == {"as_at": "2022-06-30"}


def test_a_page_number_is_one_of_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too far is the last, nonsense is the first."""
    for named, expected in {"2": 2, "9": 3, "0": 1, "-1": 1, "x": 1, "": 1, "²": 1, "9" * 5000: 1}.items():
        monkeypatch.setattr(filters, "_values", lambda _, named=named: [named] if named else [])
        assert filters.page_chosen(3) == expected
