"""The Overview: its heading is the finding, and each of its figures opens exactly its rows."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor
from monitor.domain.statuses import MeetingKind
from monitor.services import meetings, overview
from monitor.services.filters import Filter, count, select
from monitor.services.sample import load_demonstration
from monitor.services.since import since, start_of
from monitor.services.view import RegisterView, register_view
from monitor.store import Store
from monitor.ui import filters, register, safe, session
from tests.builders import DAY, NOBODY, OFFICE, PUBLIC, Clock, a_register, close, day, take_in

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<b>x</b> **b** :red[x] $x$ [l](u)"

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
    """Return a function that opens the Overview: `open_page(OFFICE, as_at="2022-06-30")`."""

    def opened(by: Actor = OFFICE, **params: str) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        app.run()
        app.switch_page("pages/overview.py")
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


def links(app: AppTest, to: str) -> list[tuple[str, dict[str, list[str]]]]:
    """Return the words and the parameters of every link to a page."""
    protos = [link.proto for link in app.get("page_link")]
    return [(one.label, parse_qs(one.query_string)) for one in protos if one.page.strip("/") == to]


def view_of(store: Store, **options: Any) -> RegisterView:
    """Return the register as the office sees it."""
    return register_view(store, by=OFFICE, **options)


def lines_of(store: Store, view: RegisterView) -> list[overview.Line]:
    """Return what changed since the last Conference, as the first screen names it."""
    return overview.lines(view, since(store, view=view, start=start_of(view), by=OFFICE))


def test_an_empty_register_offers_the_demonstration_and_then_shows_it(
    sqlite_url: str, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two commands and one click after unpacking, there is something to look at."""
    serve(Store(sqlite_url), monkeypatch)
    app = open_page()
    assert app.title[0].value == "No reports yet"

    app.button[0].click().run()

    assert "late" in app.title[0].value
    assert links(app, "recommendation")


def test_a_register_loaded_meanwhile_refuses_the_demonstration_in_words(
    sqlite_url: str, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else was quicker: one red line, and nothing is loaded twice."""
    store = Store(sqlite_url)
    serve(store, monkeypatch)
    app = open_page()
    load_demonstration(store)
    rows = len(view_of(store).rows)

    app.button[0].click().run()

    assert len(view_of(store).rows) == rows
    assert not app.exception


def test_the_heading_says_how_many_are_late_and_how_many_must_close(store: Store, open_page: Opens) -> None:
    """Two findings in two sentences, both computed."""
    view = view_of(store)
    nearest = overview.nearest_target(view)
    assert nearest

    heading = open_page().title[0].value

    assert heading.startswith("Ten recommendations are late, and 36 must close by 31 March.")
    assert heading.endswith("At this pace about four will.")
    assert (count(view, "late"), nearest) == (10, (date(2023, 3, 31), 36))


def test_each_figure_opens_exactly_the_rows_it_counts(store: Store, open_page: Opens) -> None:
    """The number above a link is the number of rows of the named set that the link asks for."""
    view = view_of(store)
    app = open_page()
    figures = [one.value for one in app.markdown if one.value.replace(",", "").isdecimal()]
    opened = [params for _, params in links(app, "register") if filters.ONLY not in params]

    assert len(figures) == 6
    for figure, params in zip(figures, opened, strict=True):
        assert int(figure) == len(select(view, Filter.from_address(params)))


def test_each_change_opens_exactly_what_changed(store: Store, open_page: Opens) -> None:
    """One that changed opens that recommendation; several open these rows and no other."""
    view = view_of(store)
    changes = lines_of(store, view)
    app = open_page()

    several = [params for _, params in links(app, "register") if filters.ONLY in params]
    one = [params["ref"][0] for _, params in links(app, "recommendation")]

    assert [params[filters.ONLY] for params in several] == [
        list(change.references) for change in changes if change.count > 1
    ]
    for params in several:
        places = register.found(view, Filter.from_address(params), "date", tuple(params[filters.ONLY]))
        assert sorted(view.rows["reference"].iloc[places]) == sorted(params[filters.ONLY])
    assert {change.references[0] for change in changes if change.count == 1} <= set(one)


def test_a_count_that_was_told_and_is_corrected_says_so(
    sqlite_url: str, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded after the Conference about a day before it: both figures, and the way to what makes the difference."""
    clock = Clock()
    made = a_register(sqlite_url, clock)
    take_in(made)
    meetings.record_meeting(
        made, service="Cumbria Constabulary", kind=MeetingKind.CONFERENCE, on=day(5), by=OFFICE
    )
    clock.set(day(9))
    close(made, on=day(3))
    serve(made, monkeypatch)

    label, params = links(open_page(), "recommendation")[-1]

    assert label == (
        "On 9 March 2024 the register showed 1 open. As now known it was 0: 1 fewer, recorded later."
    )
    assert params["ref"] == ["CC-001"]


def test_the_balance_line_comes_to_what_is_open(store: Store, open_page: Opens) -> None:
    """Opening + new + reopened - closed = the figure above it."""
    app = open_page()

    line = next(one.value for one in app.caption if " new" in one.value and " = " in one.value)
    assert f"= {count(view_of(store), 'open')} open on 16 January 2023" in line


def test_what_needs_attention_is_ten_rows_with_one_reason_each(store: Store, open_page: Opens) -> None:
    """Longest late first; each is a link with the schedule at its left."""
    wanted = overview.attention(view_of(store))

    app = open_page()

    shown = [params["ref"][0] for _, params in links(app, "recommendation")][:10]
    captions = [one.value for one in app.caption]
    assert shown == list(wanted["reference"])
    assert [safe.text(reason) in captions for reason in wanted["reason"]] == [True] * 10
    assert ":red[:material/warning: 231 days late]" in [one.value for one in app.markdown]


def test_the_chart_is_drawn_small_with_words_for_those_who_cannot_see_it(
    store: Store, open_page: Opens
) -> None:
    """One figure, its alternative text, and the way to all charts."""
    app = open_page()

    charts = app.get("plotly_chart")
    assert len(charts) == 1
    assert [words for words, _ in links(app, "progress")] == ["See all progress charts"]


def test_a_past_day_shows_that_day_and_keeps_it_in_every_link(store: Store, open_page: Opens) -> None:
    """Figures, heading and changes are those of the day, as it was then known."""
    then = view_of(store, as_at=date(2022, 6, 30))

    app = open_page(as_at="2022-06-30")

    assert app.title[0].value == overview.finding(then)
    assert app.title[0].value != overview.finding(view_of(store))
    assert all(params["as_at"] == ["2022-06-30"] for _, params in links(app, "register"))


def test_a_person_without_a_role_sees_nothing_of_the_register(store: Store, open_page: Opens) -> None:
    """Whom the page is for, and no figure."""
    app = open_page(NOBODY)

    assert app.title[0].value.startswith("This page is for")
    assert not app.get("page_link")


def test_the_public_sees_the_same_figures(store: Store, open_page: Opens) -> None:
    """Nothing on the first screen depends on a right to change."""
    assert open_page(PUBLIC).title[0].value == open_page(OFFICE).title[0].value


def test_good_news_is_said_plainly(
    sqlite_url: str, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing late and no date ahead: one sentence, no chart, and no Conference invented."""
    made = a_register(sqlite_url, Clock())
    take_in(made)
    serve(made, monkeypatch)

    app = open_page()

    assert app.title[0].value == "Nothing is late."
    assert not app.get("plotly_chart")
    assert any("No day is set for the next Conference." in one.value for one in app.markdown)


def test_too_few_closings_are_no_forecast(
    sqlite_url: str, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What must close is counted; how many will is not guessed."""
    made = a_register(sqlite_url, Clock())
    take_in(made, due_on=DAY + timedelta(days=30))
    serve(made, monkeypatch)

    assert open_page().title[0].value == (
        "Nothing is late, and one must close by 3 April. Too few have closed to say how many will."
    )


def test_the_next_conference_is_named_with_its_day(
    sqlite_url: str, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day away is tomorrow."""
    made = a_register(sqlite_url, Clock())
    take_in(made)
    meetings.record_meeting(
        made,
        service="Cumbria Constabulary",
        kind=MeetingKind.CONFERENCE,
        on=DAY + timedelta(days=1),
        by=OFFICE,
    )
    serve(made, monkeypatch)

    assert any("**5 March 2024**, tomorrow." in one.value for one in open_page().markdown)


def test_hostile_titles_are_shown_letter_by_letter(
    sqlite_url: str, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No title becomes a link, a colour, a formula or a tag."""
    made = a_register(sqlite_url, Clock())
    take_in(made, short_title=HOSTILE)
    serve(made, monkeypatch)

    words = [label for label, _ in links(open_page(), "recommendation") if label.startswith("**")]

    assert words
    assert all("\\[l\\](u)" in label and ":red[" not in label for label in words)
