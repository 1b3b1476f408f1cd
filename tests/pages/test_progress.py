"""The Progress page: every chart in its order, on today as on a past day, and words where nothing is."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor
from monitor.packs.drawing import draw_chart
from monitor.services.filters import Filter
from monitor.services.sample import load_demonstration
from monitor.services.view import register_view
from monitor.store import Store
from monitor.ui import safe, session
from tests.builders import OFFICE, PUBLIC, Clock, a_register

ROOT = Path(__file__).resolve().parents[2]
ORDER = (
    "burn-up",
    "by-report",
    "timeline",
    "kept-dates",
    "open-late",
    "slippage",
    "evidence",
    "evidence-grade",
    "age",
    "workload-owner",
    "workload-board",
)

EVERYTHING = Filter(show="everything")

Opens = Callable[..., AppTest]


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Return a function that opens the page over a register: `open_page(store, OFFICE, as_at="2022-06-30")`."""

    def opened(store: Store, by: Actor = OFFICE, **params: str) -> AppTest:
        monkeypatch.setenv(session.DATABASE_VARIABLE, store.address)
        monkeypatch.setattr(session, "_store", lambda _: store)
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        app.run()
        app.switch_page("pages/progress.py")
        for name, value in params.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return opened


@pytest.mark.parametrize(("by", "params"), [(OFFICE, {}), (PUBLIC, {}), (OFFICE, {"as_at": "2022-06-30"})])
def test_each_chart_stands_under_its_finding_in_order(
    by: Actor, params: dict[str, str], sqlite_url: str, open_page: Opens
) -> None:
    """The headings alone tell the story, from the whole to the parts, as at the day that is shown."""
    store = Store(sqlite_url)
    load_demonstration(store)

    app = open_page(store, by, **params)

    shown = [header.value for header in app.header]
    day = date.fromisoformat(params["as_at"]) if params else None
    view = register_view(store, by=by, as_at=day)
    assert shown == [safe.text(draw_chart(view, name, EVERYTHING).finding) for name in ORDER]


def test_an_empty_register_says_what_will_be_drawn_here(sqlite_url: str, open_page: Opens) -> None:
    """No chart of nothing."""
    app = open_page(a_register(sqlite_url, Clock()))
    assert not app.get("plotly_chart")
    assert "No reports yet" in [header.value for header in app.header]
