"""The page of reports: everyone reads what each holds, and the office takes in reports and recommendations."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor
from monitor.domain.inspections import Inspection
from monitor.domain.statuses import Applicability, Kind, Precision, Programme, SetBy
from monitor.services.intake import begin_register, take_in_report
from monitor.services.reading import read_recommendation
from monitor.services.reports import ReportRow
from monitor.services.view import RegisterView, register_view
from monitor.store import Store
from monitor.ui import reports, session, taking_in
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    APPROVER,
    DAY,
    EDITOR,
    ELSEWHERE,
    OFFICE,
    OFFICE_NAME,
    PUBLIC,
    SERVICE,
    Clock,
    a_register,
    close,
    day,
    person,
    take_in,
)

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<script>alert(1)</script> $x$ **b** :red[x] ![i](http://a/b) [l](javascript:x) | `c`"

Opens = Callable[..., AppTest]


@pytest.fixture
def clock() -> Clock:
    """Return a server's clock that stands on the day the story begins."""
    return Clock()


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[[Store], Store]:
    """Return a function that serves a register to the pages."""

    def served(store: Store) -> Store:
        monkeypatch.setenv(session.DATABASE_VARIABLE, store.address)
        monkeypatch.setattr(session, "_store", lambda _: store)
        return store

    return served


@pytest.fixture
def store(sqlite_url: str, clock: Clock, serve: Callable[[Store], Store]) -> Store:
    """Return a register with one report and nothing in it, served to the pages."""
    return serve(a_register(sqlite_url, clock))


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Return a function that opens the page as a person: `open_page(OFFICE)`."""

    def opened(by: Actor, **params: str) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        app.run()
        app.switch_page("pages/reports.py")
        for name, value in params.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return opened


def said(app: AppTest) -> str:
    """Return every word of text on the page, as a reader sees it."""
    kinds = (app.title, app.header, app.markdown, app.caption)
    shown = "\n".join(str(one.value) for kind in kinds for one in kind)
    return shown.replace("\\", "")


def labels(app: AppTest) -> list[str]:
    """Return the words of the buttons."""
    return [button.label for button in app.button]


def press(app: AppTest, label: str) -> AppTest:
    """Press the first button with these words and run the page."""
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    return app


def fill(app: AppTest, **values: Any) -> AppTest:
    """Give values to the fields of the open form, by the first word of their keys."""
    kinds = (
        app.text_area,
        app.text_input,
        app.date_input,
        app.number_input,
        app.selectbox,
        app.segmented_control,
        app.multiselect,
        app.checkbox,
        app.datetime_input,
    )
    for name, value in values.items():
        begins = f"{name.replace('_', '-')}-take-"
        found = [one for kind in kinds for one in kind if str(one.key).startswith(begins)]
        assert len(found) == 1, name
        found[0].set_value(value)
    return app


def links(app: AppTest) -> list[Any]:
    """Return the links to pages that stand in the list."""
    return [one.proto for one in app.get("page_link")]


def view_of(store: Store, by: Actor = OFFICE) -> RegisterView:
    """Return the register as somebody sees it today."""
    return register_view(store, by=by)


def report_named(store: Store, title: str) -> Inspection:
    """Return a report by its title."""
    return next(one for one in view_of(store).inspections.values() if one.title == title)


# Empty


def test_register_that_has_not_begun_says_how_to_begin(
    sqlite_url: str, clock: Clock, serve: Callable[[Store], Store], open_page: Opens
) -> None:
    """The way in is the command, or the demonstration."""
    serve(Store(sqlite_url, clock=clock))
    app = open_page(OFFICE)
    assert app.title[0].value == "No reports yet"
    assert "monitor begin --office" in app.code[0].value
    assert "Load the demonstration" in labels(app)
    assert "Take in a report" not in labels(app)


def test_register_without_reports_offers_the_form_to_the_office_alone(
    sqlite_url: str, clock: Clock, serve: Callable[[Store], Store], open_page: Opens
) -> None:
    """The office can begin; others read that it will."""
    store = serve(Store(sqlite_url, clock=clock))
    begin_register(store, office=OFFICE_NAME, services=(SERVICE,), by=ADMINISTRATOR)
    app = open_page(OFFICE)
    assert app.title[0].value == "No reports yet"
    assert "Take in a report" in labels(app)
    app = open_page(PUBLIC)
    assert app.title[0].value == "No reports yet"
    assert "Take in a report" not in labels(app)


def test_report_without_recommendations_is_listed(store: Store, open_page: Opens) -> None:
    """Nothing is open, nothing is listed, and the title is no link to an empty list."""
    app = open_page(PUBLIC)
    assert app.title[0].value == "Nothing is open in the one report."
    assert "Nothing is listed yet" in said(app)
    assert "None listed" in said(app)
    assert "PEEL assessment" not in [link.label for link in links(app)]


# Full


def test_list_says_what_each_report_holds_and_opens_its_rows(store: Store, open_page: Opens) -> None:
    """The counts stand in words; the title opens the register with everything of that report."""
    take_in(store, "CC-001")
    take_in(store, "CC-002")
    take_in(store, "CC-003", applicability=Applicability.FOR_OTHERS)
    close(store, "CC-002")
    app = open_page(PUBLIC)
    assert app.title[0].value == "The one report holds something open."
    assert "3 listed: 1 open, 1 closed, 1 for others" in said(app)
    assert f"Last day to respond: {day(55).day} April 2024, in 55 days" in said(app)
    (link,) = [link for link in links(app) if link.label == "**PEEL assessment**"]
    assert "inspection=PEEL+assessment&show=everything" in link.query_string


def test_count_without_items_is_kept(store: Store, open_page: Opens) -> None:
    """Fourteen that are all for others are said, and nothing is made up for them."""
    take_in_report(
        store,
        service=SERVICE,
        title="A shared confidence",
        by=OFFICE,
        programme=Programme.THEMATIC,
        is_national=True,
        stated_count=14,
        stated_addressees="NPCC and NCA",
        stated_applicability=Applicability.FOR_OTHERS,
        key_findings=("We looked at governance.",),
        grades=(("Legitimacy", "Good"),),
    )
    app = open_page(ANALYST)
    assert "14 stated, none listed, all for others: NPCC and NCA" in said(app)
    assert "day of publication not stated" in said(app)
    assert "Last day to respond: ask. The day of publication is not known" in said(app)
    assert "The day of publication of one report is not known" in said(app)
    assert "We looked at governance" in said(app)
    assert "Legitimacy: **Good**" in said(app)
    assert [expander.label for expander in app.expander] == ["1 key finding and 1 grade"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (40, "Last day to respond: 28 April 2024, in 15 days"),
        (41, ":orange[:material/schedule: Last day to respond: 28 April 2024, in 14 days]"),
        (54, "tomorrow]"),
        (55, "today]"),
        (56, "Last day to respond was 28 April 2024"),
    ],
)
def test_last_day_to_respond_is_marked_a_fortnight_before(
    store: Store, clock: Clock, open_page: Opens, days: int, expected: str
) -> None:
    """It is orange while it is near, and a plain fact before and afterwards."""
    clock.set(day(days))
    app = open_page(PUBLIC)
    assert expected in said(app)
    assert (":orange[" in said(app)) is (41 <= days <= 55)


def test_stored_text_is_shown_as_it_was_written(store: Store, open_page: Opens) -> None:
    """A long title, findings and names with marks in them stay text, in the list and in the dialog."""
    title = f"{HOSTILE} {'long ' * 60}"[:300].strip()
    take_in_report(
        store,
        service=SERVICE,
        title=title,
        by=OFFICE,
        publishers=(HOSTILE,),
        key_findings=(HOSTILE,),
        grades=((HOSTILE, HOSTILE),),
        link=f"javascript:{HOSTILE}",
        stated_count=2,
        stated_addressees=HOSTILE,
    )
    take_in(store, "CC-001", inspection_id=2)
    app = open_page(OFFICE)
    assert title in said(app).replace("\u2060", "") or any(
        title in link.label.replace("\\", "").replace("\u2060", "") for link in links(app)
    )
    raw = "\n".join(str(one.value) for kind in (app.markdown, app.caption) for one in kind)
    for trap in (" <script>", " **b**", " :red[x]", "[l](javascript", "](http://a/b)", " `c`", " $x$"):
        assert trap not in raw
    next(button for button in app.button if button.key == "add-to-2").click()
    app.run()
    assert not app.exception


def test_many_reports_are_shown_a_page_at_a_time(
    store: Store, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list does not grow without end."""
    monkeypatch.setattr(reports, "REPORTS_A_PAGE", 2)
    for number in range(4):
        take_in_report(store, service=SERVICE, title=f"Report {number}", by=OFFICE)
    app = open_page(PUBLIC)
    assert "Report 0" in said(app)
    assert "Report 3" not in said(app)


@pytest.mark.parametrize(
    ("is_open", "expected"),
    [
        ([True], "The one report holds something open."),
        ([False], "Nothing is open in the one report."),
        ([False, False], "Nothing is open in any of the two reports."),
        ([True, True, True], "All three reports hold something open."),
        ([True, False, False], "One of three reports holds something open."),
        ([True] * 11 + [False], "11 of 12 reports hold something open."),
    ],
)
def test_heading_is_the_finding(store: Store, is_open: list[bool], expected: str) -> None:
    """It says in how many reports something is open."""
    report = view_of(store).inspections[1]
    rows = [ReportRow(report, int(one), 0, 0, "", "", True, None, None) for one in is_open]
    assert reports.finding(rows) == expected


# Who may


@pytest.mark.parametrize("by", [PUBLIC, ANALYST, EDITOR, APPROVER, ADMINISTRATOR], ids=lambda by: by.id)
def test_who_may_only_read_sees_no_form(store: Store, open_page: Opens, by: Actor) -> None:
    """Everyone reads the list; only the office can add to it."""
    app = open_page(by)
    assert "PEEL assessment" in said(app)
    assert not {"Take in a report", "Add a recommendation"} & set(labels(app))


def test_a_form_open_before_the_role_changed_is_not_shown(
    store: Store, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form goes with the right to it."""
    app = press(open_page(OFFICE), "Take in a report")
    assert app.text_area
    monkeypatch.setattr(session, "people", lambda _: (PUBLIC,))
    app.run()
    assert not app.text_area


def test_a_past_day_shows_the_list_as_then_known_and_no_form(
    store: Store, clock: Clock, open_page: Opens
) -> None:
    """What came later is not there, and nothing can be added."""
    clock.set(day(5))
    take_in_report(store, service=SERVICE, title="A later report", by=OFFICE)
    app = open_page(OFFICE, as_at=DAY.isoformat())
    assert "PEEL assessment" in said(app)
    assert "A later report" not in said(app)
    assert not {"Take in a report", "Add a recommendation"} & set(labels(app))


def test_a_day_before_the_first_report_says_so(store: Store, clock: Clock, open_page: Opens) -> None:
    """The register held nothing then."""
    app = open_page(OFFICE, as_at="2024-03-01")
    assert app.title[0].value == "No reports yet on 1 March 2024"


def test_restricted_report_is_marked_for_the_office_and_absent_for_others(
    store: Store, open_page: Opens
) -> None:
    """A lock and words; nobody else learns that it exists."""
    take_in_report(
        store,
        service=SERVICE,
        title="Held back",
        by=OFFICE,
        is_restricted=True,
        embargo_until=datetime(2024, 4, 2, 8, 30, tzinfo=UTC),
    )
    app = open_page(OFFICE)
    assert "For the office only" in said(app)
    assert "Embargoed until 2 April 2024, 09:30" in said(app)
    assert "Held back" not in said(open_page(EDITOR))


# Taking in a report


def test_office_takes_in_a_report(store: Store, open_page: Opens) -> None:
    """What was filled in is on the register, and the toast says so."""
    app = press(open_page(OFFICE), "Take in a report")
    fill(
        app,
        title="Finding time for crime",
        programme=Programme.SPOTLIGHT,
        scope=True,
        published=DAY,
        source="The inspectorate's own page",
        link="https://example.org/report",
        findings="Too few scenes are examined.\n\nVictims wait.",
        stated=2,
        stated_to="all forces",
        stated_for=Applicability.FOR_SERVICE,
        grades="Investigating crime: Adequate",
        embeds=1,
    )
    press(app, "Take in")
    report = report_named(store, "Finding time for crime")
    assert report.publishers == ("HMICFRS",)
    assert (report.programme, report.is_national, report.service) == (Programme.SPOTLIGHT, True, SERVICE)
    assert (report.published_on, report.published_precision) == (DAY, Precision.DAY)
    assert report.published_source == "The inspectorate's own page"
    assert report.key_findings == ("Too few scenes are examined.", "Victims wait.")
    assert report.grades == (("Investigating crime", "Adequate"),)
    assert (report.stated_count, report.stated_addressees) == (2, "all forces")
    assert report.stated_applicability is Applicability.FOR_SERVICE
    assert report.embeds == 1
    assert report.by == OFFICE.id
    assert [toast.value for toast in app.toast] == ["Report taken in. Its recommendations can follow."]
    assert not app.text_area
    assert "Finding time for crime" in said(app)


@pytest.mark.parametrize(
    ("known", "filled", "kept"),
    [
        (Precision.MONTH, {"month": 2, "month_year": 2024}, date(2024, 2, 29)),
        (Precision.YEAR, {"year": 2023}, date(2023, 12, 31)),
        (Precision.UNKNOWN, {}, None),
    ],
)
def test_day_of_publication_is_asked_for_as_exactly_as_it_is_known(
    store: Store, open_page: Opens, known: Precision, filled: dict[str, int], kept: date | None
) -> None:
    """Of a month or year the last day is kept; of nothing, nothing."""
    app = press(open_page(OFFICE), "Take in a report")
    fill(app, title="Half known", programme=Programme.PEEL, scope=False, precision=known).run()
    assert not [one for one in app.date_input if str(one.key).startswith("published-take-")]
    press(fill(app, **filled), "Take in")
    report = report_named(store, "Half known")
    assert (report.published_on, report.published_precision) == (kept, known)


def test_embargo_is_kept_as_the_moment_in_london(store: Store, open_page: Opens) -> None:
    """Half past midnight in summer time is still the day before in UTC."""
    app = press(open_page(OFFICE), "Take in a report")
    fill(
        app,
        title="To come",
        programme=Programme.PEEL,
        scope=False,
        published=date(2024, 7, 1),
        embargo=datetime(2024, 7, 1, 0, 30),  # noqa: DTZ001 - as the field gives it
        restricted=True,
    )
    press(app, "Take in")
    report = report_named(store, "To come")
    assert report.embargo_until == datetime(2024, 6, 30, 23, 30, tzinfo=UTC)
    assert report.is_restricted


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"title": " "}, "The report has no title"),
        ({"title": "t" * 301}, "The title has 301 characters. It can have 300"),
        ({"programme": None}, '"Programme" is still empty'),
        ({"scope": None}, '"National, or of this service?" is still empty'),
        ({"published": None}, "Give the day, month or year of publication"),
        ({"published": day(1)}, "is not published yet. Give the moment until which it is embargoed"),
        ({"publishers": []}, "Name at least one publisher"),
        ({"grades": "Good"}, 'The grade "Good" has no question before a colon'),
    ],
)
def test_refused_report_keeps_what_was_typed(
    store: Store, open_page: Opens, changed: dict[str, Any], refusal: str
) -> None:
    """One red line says what would be right; nothing is saved, and nothing typed is lost."""
    app = press(open_page(OFFICE), "Take in a report")
    given = {
        "title": "A report",
        "programme": Programme.PEEL,
        "scope": False,
        "published": DAY,
        "findings": "Kept.",
    }
    press(fill(app, **{**given, **changed}), "Take in")
    assert refusal in said(app)
    assert "Kept." in [one.value for one in app.text_area]
    assert len(view_of(store).inspections) == 1
    assert not app.toast


def test_cancel_saves_nothing(store: Store, open_page: Opens) -> None:
    """The form goes, and the next one begins empty."""
    app = press(open_page(OFFICE), "Take in a report")
    press(fill(app, title="Never mind"), "Cancel")
    assert not app.text_area
    app = press(app, "Take in a report")
    assert app.text_area[0].value == ""
    assert len(view_of(store).inspections) == 1


def test_service_is_asked_for_where_there_are_several(store: Store, open_page: Opens) -> None:
    """An office with a constabulary and a fire service says which."""
    both = person("both", *OFFICE.roles, services=frozenset({SERVICE, ELSEWHERE}))
    app = press(open_page(both), "Take in a report")
    fill(app, title="Of the fire service", programme=Programme.OTHER, scope=False, published=DAY)
    press(app, "Take in")
    assert '"Service" is still empty' in said(app)
    press(fill(app, service=ELSEWHERE), "Take in")
    found = register_view(store, by=both).inspections.values()
    assert [one.service for one in found if one.title == "Of the fire service"] == [ELSEWHERE]


# Adding a recommendation


def test_office_adds_a_recommendation_and_the_next(store: Store, open_page: Opens) -> None:
    """Everything filled in is on the register, and the next form begins with the next reference."""
    take_in(store, "CC-001", kind=Kind.CAUSE_OF_CONCERN, themes=("Crime",), addressees=("all forces",))
    app = press(open_page(OFFICE), "Add a recommendation")
    assert next(one.value for one in app.text_input if str(one.key).startswith("reference-take-")) == "CC-002"
    fill(
        app,
        number="2",
        external="#23475",
        kind=Kind.AFI,
        short_title="Examine more scenes",
        text="The force should examine more scenes.",
        lead_in="This should focus on:",
        parts="burglary\nrobbery",
        addressees=["all forces"],
        applicability=Applicability.SHARED,
        why="All forces are named.",
        parent="CC-001",
        phrase="By March 2025",
        themes=["Crime"],
        closure_test="Nine in ten scenes examined.",
    )
    app.run()
    assert "Read as **31 March 2025**, by the rule *month-end*" in said(app)
    press(app, "Save and add another")
    seen = read_recommendation(store, reference="CC-002", by=OFFICE)
    record = seen.record
    assert (record.kind, record.number, record.external_reference) == (Kind.AFI, "2", "#23475")
    assert (record.addressees, record.parent) == (("all forces",), "CC-001")
    assert record.wordings[-1].text == "The force should examine more scenes."
    assert record.wordings[-1].lead_in == "This should focus on:"
    assert record.wordings[-1].parts == ("burglary", "robbery")
    given = record.assignments[-1]
    assert (given.short_title, given.themes) == ("Examine more scenes", ("Crime",))
    assert given.applicability is Applicability.SHARED
    assert given.applicability_reason == "All forces are named."
    assert given.closure_test == "Nine in ten scenes examined."
    (target,) = record.targets
    assert (target.due_on, target.precision) == (date(2025, 3, 31), Precision.MONTH)
    assert (target.phrase, target.rule, target.set_by) == ("By March 2025", "month-end", SetBy.INSPECTORATE)
    assert "CC-002" in set(view_of(store).rows["reference"])
    assert [toast.value.replace("\\", "") for toast in app.toast] == [
        "CC-002 is on the register: Examine more scenes."
    ]
    by_name = {str(one.key).partition("-take-")[0]: one.value for one in [*app.text_input, *app.text_area]}
    assert (by_name["reference"], by_name["short-title"], by_name["text"]) == ("CC-003", "", "")
    kind = next(one for one in app.segmented_control if str(one.key).startswith("kind-take-"))
    assert kind.value is Kind.AFI


def test_save_and_finish_closes_the_form(store: Store, open_page: Opens) -> None:
    """The other button goes back to the list; without a phrase there is no target."""
    app = press(open_page(OFFICE), "Add a recommendation")
    press(fill(app, short_title="Do it", text="Do it."), "Save and finish")
    assert not app.text_area
    assert read_recommendation(store, reference="CC-001", by=OFFICE).record.target is None


def test_report_is_followed_by_its_first_recommendation(store: Store, open_page: Opens) -> None:
    """The second button of the report's form opens the form for what it holds."""
    app = press(open_page(OFFICE), "Take in a report")
    fill(app, title="Holds one", programme=Programme.PEEL, scope=True, published=DAY)
    press(app, "Take in, then add a recommendation")
    assert "Holds one · 4 March 2024" in said(app)
    applicability = next(one for one in app.selectbox if str(one.key).startswith("applicability-take-"))
    assert applicability.value is Applicability.NOT_DECIDED
    press(fill(app, short_title="Do it", text="Do it."), "Save and finish")
    rows = view_of(store).rows
    assert list(rows["inspection"]) == ["Holds one"]


def test_deadline_in_the_printed_text_is_proposed(store: Store, open_page: Opens) -> None:
    """The phrase found in the text fills the field and the date; it counts from the day of publication."""
    app = press(open_page(OFFICE), "Add a recommendation")
    fill(app, short_title="Do it", text="Within six months, the force should do it.").run()
    assert "Within six months" in [one.value for one in app.text_input]
    assert "Read as **4 September 2024**" in said(app)
    press(app, "Save and finish")
    target = read_recommendation(store, reference="CC-001", by=OFFICE).record.target
    assert target is not None
    assert (target.due_on, target.phrase) == (date(2024, 9, 4), "Within six months")


def test_deadline_counted_from_an_unknown_day_gives_no_date(store: Store, open_page: Opens) -> None:
    """The phrase is shown with what is missing; no date is made up."""
    take_in_report(store, service=SERVICE, title="Undated", by=OFFICE)
    app = open_page(OFFICE)
    next(button for button in app.button if button.key == "add-to-2").click()
    fill(app.run(), text="Within six months, the force should do it.").run()
    assert "**No date** is read" in said(app)
    assert "Without a date no target is set" in said(app)


def test_date_put_right_by_hand_is_kept_with_the_phrase(store: Store, open_page: Opens) -> None:
    """The person's date counts; the rule that gave another one is not named for it."""
    app = press(open_page(OFFICE), "Add a recommendation")
    fill(app, short_title="Do it", text="Do it.", phrase="By March 2025").run()
    fill(app, due=date(2025, 3, 15), due_precision=Precision.DAY, set_by=SetBy.OFFICE).run()
    assert "Your date is kept" in said(app)
    press(app, "Save and finish")
    target = read_recommendation(store, reference="CC-001", by=OFFICE).record.target
    assert target is not None
    assert (target.due_on, target.precision, target.phrase) == (
        date(2025, 3, 15),
        Precision.DAY,
        "By March 2025",
    )
    assert (target.rule, target.set_by) == ("", SetBy.OFFICE)


def test_short_title_is_counted(store: Store, open_page: Opens) -> None:
    """More than 42 characters are said in red at once, and refused by the register."""
    app = press(open_page(OFFICE), "Add a recommendation")
    fill(app, short_title="t" * 43, text="Do it.").run()
    assert ":red[:material/error: 43 of 42 characters" in said(app)
    press(app, "Save and finish")
    assert "has 43 characters" in said(app)
    assert "t" * 43 in [one.value for one in app.text_input]
    assert view_of(store).rows.empty


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"reference": "cc 1"}, "cannot be a reference"),
        ({"reference": "CC-001"}, "The reference CC-001 is already in use"),
        ({"short_title": ""}, "needs a short title"),
        ({"text": " "}, "has no text"),
        ({"kind": None}, '"Kind" is still empty'),
    ],
)
def test_refused_recommendation_keeps_what_was_typed(
    store: Store, open_page: Opens, changed: dict[str, Any], refusal: str
) -> None:
    """One red line says what would be right, and the form stays as it was."""
    take_in(store, "CC-001")
    app = press(open_page(OFFICE), "Add a recommendation")
    given = {"short_title": "Do it", "text": "Do it.", "closure_test": "Kept."}
    press(fill(app, **{**given, **changed}), "Save and add another")
    assert refusal in said(app)
    assert "Kept." in [one.value for one in app.text_area]
    assert list(view_of(store).rows["reference"]) == ["CC-001"]
    press(fill(app, reference="CC-002", kind=Kind.RECOMMENDATION, **given), "Save and finish")
    assert len(view_of(store).rows) == 2


def test_second_click_on_a_saved_form_saves_nothing_more(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever presses twice gets one report."""
    state: dict[str, Any] = {}
    monkeypatch.setattr("streamlit.session_state", state)
    opening = taking_in.Opening()
    state["_taking_in"] = opening
    saved = []

    def save() -> tuple[None, str]:
        saved.append(1)
        return None, "Saved."

    button = taking_in._Button("Take in", lambda _: None)
    assert taking_in._save(opening, save, button)
    assert taking_in._save(opening, save, button)
    assert saved == [1]
