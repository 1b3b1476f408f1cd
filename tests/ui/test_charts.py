"""Charts as pages keep them: each with the view that it was drawn of, and no longer."""

import gc
from collections.abc import Iterator

import pytest

from monitor.packs import drawing
from monitor.services import filters, view
from monitor.services.filters import Filter
from monitor.services.view import register_view
from monitor.store import Store
from monitor.ui import charts
from tests.builders import OFFICE, PUBLIC, a_register, day, take_in
from tests.twins import hide


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """Yield a register with one recommendation for everybody and one for the office."""
    made = a_register(sqlite_url)
    take_in(made, due_on=day(30))
    hide(made)
    yield made
    made.close()


def drawn(store: Store, by: object) -> str:
    """Return what the chart of the reports says to somebody."""
    chart, _ = charts.drawn(register_view(store, by=by), "by-report", Filter(), "light")  # type: ignore[arg-type]
    return str(chart.table.to_dict("records"))


def test_a_chart_is_kept_for_those_who_see_the_same(store: Store) -> None:
    """Whoever asks first, each is shown their own."""
    assert "secret" in drawn(store, OFFICE)
    assert "secret" not in drawn(store, PUBLIC)


def test_a_chart_goes_with_its_view(store: Store) -> None:
    """Nothing is kept under a place in memory that another view is given later."""
    drawn(store, OFFICE)
    kept = len(charts._drawn)

    view._views.clear()
    for forgotten in (filters.kept, filters._places, drawing.frames_of):
        forgotten.cache_clear()
    gc.collect()

    assert len(charts._drawn) < kept
