"""The Register: what it finds, how it shows it, and that a link brings the same rows back."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import SYSTEM, Actor
from monitor.services.filters import SHOWS, Filter, count, select
from monitor.services.sample import load_demonstration
from monitor.services.view import register_view
from monitor.store import Store
from monitor.ui import register, session
from tests.builders import NOBODY, OFFICE, PUBLIC, Clock, a_register, take_in

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<b>x</b> **b** :red[x] $x$ [l](javascript:x)"

Opens = Callable[..., AppTest]


@pytest.fixture
def store(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return the demonstration register, served to the pages."""
    made = Store(sqlite_url)
    load_demonstration(made)
    serve(made, monkeypatch)
    return made


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Return a function that opens the register: `open_page(OFFICE, show="late")`."""

    def opened(by: Actor = OFFICE, **params: str | list[str]) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        app.run()
        app.switch_page("pages/register.py")
        for name, value in params.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return opened


def serve(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the pages read this register."""
    monkeypatch.setenv(session.DATABASE_VARIABLE, store.address)
    monkeypatch.setattr(session, "_store", lambda _: store)


def links(app: AppTest) -> list[Any]:
    """Return the links of the rows."""
    return [link.proto for link in app.get("page_link")]


def said(app: AppTest) -> str:
    """Return every word of text on the page."""
    kinds = (app.title, app.header, app.markdown, app.caption)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def test_an_empty_register_says_how_to_begin_and_can_load_the_demonstration(
    sqlite_url: str, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing begun: the demonstration is one click away, and then the rows stand there."""
    serve(Store(sqlite_url), monkeypatch)
    app = open_page()
    assert app.title[0].value == "No reports yet"

    app.button[0].click().run()

    assert app.title[0].value == "Register"
    assert links(app)


def test_a_register_that_has_begun_does_not_offer_the_demonstration(
    sqlite_url: str, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be refused, so it is not offered; who takes in the first report is said."""
    serve(a_register(sqlite_url, Clock()), monkeypatch)

    app = open_page()

    assert app.title[0].value == "No reports yet"
    assert not app.button
    assert "The office takes in the first one" in app.markdown[-1].value


def test_the_first_page_has_fifty_rows_and_says_of_how_many(store: Store, open_page: Opens) -> None:
    """No row beyond the page is sent; the count is the same as the figure's."""
    view = register_view(store, by=OFFICE)

    app = open_page()

    assert len(links(app)) == register.ROWS_A_PAGE
    assert f"**{count(view, 'open')} of {len(view.counting)}** recommendations" in said(app)
    assert f"Rows 1 to 50 of {count(view, 'open')}" in said(app)


@pytest.mark.parametrize("show", SHOWS)
def test_each_named_set_is_shown_row_for_row(store: Store, open_page: Opens, show: str) -> None:
    """The links of the first page are the first rows that the named set has, in its order."""
    wanted = select(register_view(store, by=OFFICE), Filter(show=show))["reference"].head(50)

    app = open_page(show=show)

    assert [link.query_string.removeprefix("ref=") for link in links(app)] == list(wanted)


def test_the_last_page_holds_the_rest_and_a_page_too_far_is_the_last(store: Store, open_page: Opens) -> None:
    """114 rows are 50, 50 and 14."""
    assert len(links(open_page(show="everything", page="3"))) == 14
    assert len(links(open_page(show="everything", page="99"))) == 14
    assert len(links(open_page(show="everything", page="-1"))) == 50


def test_a_past_day_shows_the_register_as_it_was_then_known(store: Store, open_page: Opens) -> None:
    """The count is that of the day; every link keeps the day."""
    day = date(2022, 6, 30)
    then = register_view(store, by=OFFICE, as_at=day)

    app = open_page(as_at=day.isoformat())

    assert f"**{count(then, 'open')} of {len(then.counting)}**" in said(app)
    assert count(then, "open") != count(register_view(store, by=OFFICE), "open")
    assert all("as_at=2022-06-30" in link.query_string for link in links(app))


def test_a_day_before_the_first_report_says_so(store: Store, open_page: Opens) -> None:
    """An empty past is not an empty register: nothing is offered that would be refused."""
    app = open_page(as_at="2001-05-01")

    assert app.title[0].value == "No reports yet on 1 May 2001"
    assert "Load the demonstration" not in [button.label for button in app.button]


def test_a_person_without_a_role_is_told_whom_it_is_for(store: Store, open_page: Opens) -> None:
    """No row and no name is on the page."""
    app = open_page(NOBODY)

    assert app.title[0].value.startswith("This page is for")
    assert not links(app)


def test_what_was_chosen_stands_in_the_address_and_begins_on_its_first_page(
    store: Store, open_page: Opens
) -> None:
    """A link can be sent; another choice does not leave the reader on page three of it."""
    app = open_page(show="everything", page="3")

    app.selectbox(key="filter-show").set_value("late").run()

    assert dict(app.query_params) == {"show": "late"}
    assert len(links(app)) == count(register_view(store, by=OFFICE), "late")


def test_another_order_puts_its_rows_first(store: Store, open_page: Opens) -> None:
    """Most moves first: no row has more moves than the one before it."""
    app = open_page(order="moves", show="everything")

    rows = register_view(store, by=OFFICE).rows.set_index("reference")["moves"]
    moves = [int(rows[link.query_string.removeprefix("ref=")]) for link in links(app)]
    assert moves == sorted(moves, reverse=True)
    assert moves[0] > 1
    assert "Most moves first." in said(app)


def test_nothing_found_says_so_and_shows_the_way_out(store: Store, open_page: Opens) -> None:
    """The way out keeps the words and looks among all rows; the other one clears everything."""
    app = open_page(text="zebra")
    assert app.header[0].value == "Nothing matches"

    app.button(key="clear-filters").click().run()

    assert not app.header
    assert len(links(app)) == register.ROWS_A_PAGE
    assert not app.query_params


def test_a_limit_is_taken_away_by_its_own_button(store: Store, open_page: Opens) -> None:
    """The words of each limit stand beside the count; one click removes one."""
    app = open_page(show="everything", force_report="complete", assurance=["assured", "partly_assured"])
    assert app.button(key="without-assurance").label == "The office is: Assured or Partly assured"

    app.button(key="without-assurance").click().run()

    assert set(app.query_params) == {"show", "force_report"}


def test_parameters_that_make_no_sense_cost_one_sentence_each(store: Store, open_page: Opens) -> None:
    """What can be read still works; nothing of what cannot limits the rows."""
    app = open_page(
        show="late", kind="strange", due_from="soon", order="odd", page="x", columns=["owner", "nothing"]
    )

    refusals = [one.value for one in app.markdown if one.value.startswith(":red[:material/error:")]
    assert len(refusals) == 4
    assert len(links(app)) == count(register_view(store, by=OFFICE), "late")


def test_chosen_columns_stand_in_each_row(store: Store, open_page: Opens) -> None:
    """The head row and every row have the columns in the order of the address."""
    app = open_page(columns=["evidence_grade", "published_on"])

    rows = [one.value for one in app.markdown if one.value.startswith("- *")]
    assert len(rows) == 50
    assert all(row.startswith("- *Evidence* ") and "Published" in row.split("\n")[1] for row in rows)


def test_no_date_is_shown_as_no_date_set(store: Store, open_page: Opens) -> None:
    """Unknown is neither empty nor nought."""
    app = open_page(show="no_date")

    rows = [one.value for one in app.markdown if one.value.startswith("- *")]
    assert rows
    assert all(":gray[no date set]" in row for row in rows)


def test_what_people_wrote_is_shown_letter_by_letter(
    sqlite_url: str, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a title nor a long owner's name becomes Markdown, and a long one is cut."""
    made = a_register(sqlite_url, Clock())
    take_in(made, short_title=HOSTILE[:42], owner=(HOSTILE + " Superintendent ") * 5)
    serve(made, monkeypatch)

    app = open_page(columns="owner")

    assert "\\*\\*b\\*\\*" in links(app)[0].label
    row = next(one.value for one in app.markdown if one.value.startswith("- *Owner*"))
    assert ":red[" not in row
    assert re.search(r"(?<!\\)\]\(", row) is None
    assert row.endswith("…")


def test_only_the_rows_of_the_page_are_put_into_words(
    store: Store, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, fifty are formatted."""
    put_into_words: list[Any] = []
    whole = register._item

    def counted(*cell: Any) -> str:
        put_into_words.append(cell)
        return whole(*cell)

    monkeypatch.setattr(register, "_item", counted)
    register.lines.cache_clear()

    open_page(show="everything")

    assert len(put_into_words) == register.ROWS_A_PAGE * len(register.USUAL)


def test_the_public_is_offered_no_export(store: Store, open_page: Opens) -> None:
    """Exports are for those who may; the rows are for everyone."""
    assert "register-download" in open_page(OFFICE).session_state
    assert "register-download" not in open_page(PUBLIC).session_state


def test_exports_have_every_row_found_and_name_the_day(store: Store) -> None:
    """The file is of the filter, not of the page on the screen."""
    view = register_view(store, by=SYSTEM)

    places = register.found(view, Filter(show="everything"), "reference")

    assert len(places) == len(view.rows)
    assert list(view.rows["reference"].iloc[places]) == sorted(view.rows["reference"])
