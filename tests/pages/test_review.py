"""The page where files are dropped: what was understood is shown, put right, ticked, and taken in at once or not at all."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor
from monitor.domain.record import Record
from monitor.domain.statuses import ForceReport, Kind, Precision
from monitor.errors import ConflictError
from monitor.services.intake import begin_register, take_in_report
from monitor.services.reading import read_recommendation
from monitor.services.sources import read_passages
from monitor.services.view import RegisterView, register_view
from monitor.store import Store
from monitor.ui import review, review_desk, session
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    EDITOR,
    ELSEWHERE,
    OFFICE,
    OFFICE_2,
    OFFICE_NAME,
    PUBLIC,
    SERVICE,
    Clock,
    a_register,
    day,
    person,
    take_in,
)

ROOT = Path(__file__).resolve().parents[2]

RESPONSE = """\
Response to inspections of the force published by HMICFRS

Inspection Title:
Keeping children safe in custody

Date Published:
January 2024

Type of Inspection:
National Inspection

Key Findings

The inspection found that:
- Children wait too long.

Recommendations:

1. By March 2025, chief constables should make sure that every child in custody sees an appropriate adult.

2. Within six months, chief constables should record the reason for each strip search of a child.

PCC & Chief Constable Response to Report and Recommendation:

The Commissioner welcomes the report.
"""
FIRST = (
    "By March 2025, chief constables should make sure that every child in custody sees an appropriate adult."
)
SECOND = "Within six months, chief constables should record the reason for each strip search of a child."
TITLE = "Keeping children safe in custody"

Opens = Callable[..., AppTest]
Drop = tuple[str, bytes]


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

    def opened(by: Actor = OFFICE, **params: str) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        app.run()
        app.switch_page("pages/review.py")
        for name, value in params.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return opened


# What a person does


def drop(app: AppTest, *files: Drop) -> AppTest:
    """Drop files on the page."""
    app.file_uploader[0].set_value([(name, content, "") for name, content in files])
    return run(app)


def a_text(name: str = "response.txt", text: str = RESPONSE) -> Drop:
    """Return a response as a file of text."""
    return name, text.encode()


def a_tracker(*rows: tuple[Any, ...], name: str = "tracker.xlsx", headings: tuple[str, ...] = ()) -> Drop:
    """Return a tracker as an office keeps it."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Actions"
    sheet.append(headings or ("Ref", "Report", "Recommendation text", "Lead", "Due date", "RAG", "Parking"))
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return name, content.getvalue()


def a_row(number: int = 1, *, due: str = "31/03/2025", rag: str = "In progress") -> tuple[Any, ...]:
    """Return a row of such a tracker."""
    text = f"The force should review guidance number {number} on the custody of children, and publish it."
    return (f"TR-{number:03}", TITLE, text, "DSupt Ash", due, rag, "x")


def run(app: AppTest) -> AppTest:
    """Run the page without a fault."""
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    """Press the first button whose words begin so."""
    next(button for button in app.button if plain(button.label).startswith(label)).click()
    return run(app)


def field(app: AppTest, label: str) -> Any:
    """Return a field by its label."""
    kinds = (app.text_input, app.text_area, app.selectbox, app.multiselect, app.date_input, app.checkbox)
    found = [one for kind in kinds for one in kind if plain(one.label) == label]
    assert len(found) == 1, f"{label}: {len(found)}"
    return found[0]


def fill(app: AppTest, label: str, value: Any) -> AppTest:
    """Give a field a value, and leave it."""
    field(app, label).set_value(value)
    return run(app)


def plain(words: str) -> str:
    """Return words of the page as they are read."""
    return words.replace("\\", "").replace("**", "").replace("\u2060", "")


def labels(app: AppTest) -> list[str]:
    """Return the words of the buttons."""
    return [plain(button.label) for button in app.button]


def said(app: AppTest) -> str:
    """Return every word of text on the page."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption)
    shown = "\n".join(str(one.value) for kind in kinds for one in kind)
    return plain(shown)


def button(app: AppTest) -> Any:
    """Return the one button that stores."""
    return next(one for one in app.button if one.key == "take-in-files")


def view_of(store: Store, by: Actor = OFFICE) -> RegisterView:
    """Return the register as somebody sees it today."""
    return register_view(store, by=by)


def record_of(store: Store, reference: str) -> Record:
    """Return a recommendation."""
    return read_recommendation(store, reference=reference, by=OFFICE).record


def references(store: Store) -> list[str]:
    """Return every reference on the register."""
    return sorted(view_of(store).rows["reference"])


# Empty, and for whom


def test_empty_page_has_one_drop_area_and_two_templates(store: Store, open_page: Opens) -> None:
    """Nothing else is asked: one place for files, and the workbook with and without examples."""
    app = open_page()
    assert app.title[0].value == "Bring in a report or your tracker"
    assert len(app.file_uploader) == 1
    assert [one.proto.label for one in app.get("download_button")] == [
        "Template with examples",
        "Blank template",
    ]
    assert not app.selectbox


@pytest.mark.parametrize("by", [EDITOR, ANALYST, PUBLIC])
def test_page_says_whom_it_is_for(store: Store, open_page: Opens, by: Actor) -> None:
    """Those who may not take anything in are told who may, and see no drop area."""
    app = open_page(by)
    assert app.title[0].value == "This page is for the office"
    assert not app.file_uploader


def test_nothing_is_brought_in_on_a_past_day(store: Store, clock: Clock, open_page: Opens) -> None:
    """A past day is for looking."""
    clock.set(day(30))
    app = open_page(as_at=day(10).isoformat())
    assert app.title[0].value == "Nothing is brought in on a past day"
    assert not app.file_uploader


def test_register_that_has_not_begun_says_how_to_begin(
    sqlite_url: str, clock: Clock, serve: Callable[[Store], Store], open_page: Opens
) -> None:
    """Without a service there is nobody to take anything in for."""
    serve(Store(sqlite_url, clock=clock))
    app = open_page()
    assert app.title[0].value == "No reports yet"
    assert not app.file_uploader


def test_desk_is_nobody_elses(store: Store, open_page: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one person dropped is gone for another who goes on in the same visit."""
    app = drop(open_page(), a_text())
    monkeypatch.setattr(session, "people", lambda _: (OFFICE_2,))
    assert run(app).title[0].value == "Bring in a report or your tracker"


def test_service_is_asked_for_where_there_are_several(
    sqlite_url: str, clock: Clock, serve: Callable[[Store], Store], open_page: Opens
) -> None:
    """What is dropped is taken in for the service that was chosen."""
    store = serve(Store(sqlite_url, clock=clock))
    begin_register(store, office=OFFICE_NAME, services=(SERVICE, ELSEWHERE), by=ADMINISTRATOR)
    by = person("both", *OFFICE.roles, services=None)
    app = open_page(by)
    fill(app, "For which service?", ELSEWHERE)
    drop(app, a_text())
    press(app, "Take in 1 report")
    assert {one.service for one in register_view(store, by=by).inspections.values()} == {ELSEWHERE}


# What was read


def test_report_and_recommendations_are_listed_with_how_they_stand(store: Store, open_page: Opens) -> None:
    """The heading counts, the list names each with its standing and deadline, and the button says what it does."""
    app = drop(open_page(), a_text())
    assert app.title[0].value == "Two recommendations were read, all new."
    assert "The day of publication of one report is asked for." in said(app)
    assert TITLE in labels(app)
    assert "New] · 1 · due March 2025, printed “By March 2025”" in said(app)
    assert "no date read from “Within six months”" in said(app)
    assert button(app).label == "Take in 1 report and 2 recommendations"
    assert not view_of(store).rows["reference"].any()


def test_unreadable_file_has_its_sentence_and_the_others_go_on(store: Store, open_page: Opens) -> None:
    """One refusal is one line; what can be read is shown beside it."""
    app = drop(open_page(), ("broken.docx", b"not a Word file"), a_text())
    assert "broken.docx" in said(app)
    assert ":red[:material/error:" in said(app)
    assert button(app).label == "Take in 1 report and 2 recommendations"


def test_file_that_lies_there_already_is_not_read_twice(store: Store, open_page: Opens) -> None:
    """The same bytes under another name are one file."""
    app = drop(drop(open_page(), a_text()), a_text("copy.txt"))
    assert "copy.txt: This file lies here already." in said(app)
    assert button(app).label == "Take in 1 report and 2 recommendations"


def test_two_files_with_one_report_are_not_taken_in_twice(store: Store, open_page: Opens) -> None:
    """The second is left unticked and says where the report is already."""
    app = drop(open_page(), a_text(), a_text("again.md", RESPONSE + "\nPrinted again."))
    assert button(app).label == "Take in 1 report and 2 recommendations"
    app.session_state["_review"].chosen = app.session_state["_review"].entries()[3]
    assert "response.txt holds this report too" in said(run(app))


def test_two_files_of_new_rows_get_references_that_differ(store: Store, open_page: Opens) -> None:
    """What would collide on the register is told apart before anybody presses the button."""
    other = RESPONSE.replace(TITLE, "Vetting of officers")
    other = other.replace("every child in custody sees an appropriate adult", "all staff are vetted anew")
    other = other.replace(
        "record the reason for each strip search of a child", "publish how many were refused"
    )
    app = drop(open_page(), a_text(), a_text("other.txt", other))
    press(app, "Take in 2 reports and 4 recommendations")
    assert app.title[0].value == "Taken in: two reports and four recommendations."
    assert len(set(references(store))) == 4


def test_passage_is_marked_in_its_text(store: Store, open_page: Opens) -> None:
    """The words that were read stand marked in the words around them, beside the fields."""
    app = press(drop(open_page(), a_text()), "Every child in custody")
    assert f":orange-background[1. {FIRST}]" in said(app)
    assert "Recommendations:" in said(app)
    assert field(app, "Text, as printed").value == FIRST


def test_hostile_text_is_shown_as_text(store: Store, open_page: Opens) -> None:
    """Markup in a file is escaped in the passage, in the list and in headings, and stays in the field as it was."""
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(1)> :red[no] $x$"
    app = drop(open_page(), a_text(text=RESPONSE.replace("every child", f"every {hostile} child")))
    press(app, "Every")
    shown = "\n".join(str(one.value) for kind in (app.header, app.markdown, app.caption) for one in kind)
    for tried in ("<script>", "<img", ":red[no]", "$x$"):
        assert tried in field(app, "Text, as printed").value
        assert tried not in re.sub(r"\\.", "", shown)


# Putting right


def test_what_was_typed_is_kept_while_one_walks_and_is_stored(store: Store, open_page: Opens) -> None:
    """A corrected field outlives looking at another recommendation, and is what the register gets."""
    app = press(drop(open_page(), a_text()), "Every child in custody")
    fill(app, "Short title", "An adult for every child")
    fill(app, "When the inspectorate will look at it, if it says so", "At the next inspection")
    press(app, "Next")
    assert field(app, "Text, as printed").value == SECOND
    press(app, "Previous")
    assert field(app, "Short title").value == "An adult for every child"
    press(app, "Take in 1 report")
    (reference,) = view_of(store).rows.query("short_title == 'An adult for every child'")["reference"]
    assert record_of(store, reference).assignments[-1].assessed_when == "At the next inspection"
    assert record_of(store, reference).wordings[-1].text == FIRST


def test_day_of_publication_tells_the_last_day_and_reads_deadlines_anew(
    store: Store, open_page: Opens
) -> None:
    """Given the day, the statutory last day stands there, and what counts from publication has a date."""
    app = drop(open_page(), a_text())
    assert "Only the month is known" in said(app)
    fill(app, "Published on, as exactly as it is known", "10 January 2024")
    assert "Last day to respond: 5 March 2024" in said(app)
    assert "due 10 Jul 2024, printed “Within six months”" in said(app)
    press(app, "Take in 1 report")
    report = next(one for one in view_of(store).inspections.values() if one.title == TITLE)
    assert report.published_precision is Precision.DAY
    assert report.published_source == "As printed in response.txt"


def test_day_that_cannot_be_read_is_told_and_kept(store: Store, open_page: Opens) -> None:
    """What was typed stays in its field, with one sentence, and nothing changes by it."""
    app = fill(drop(open_page(), a_text()), "Published on, as exactly as it is known", "31/02/2024")
    assert "does not exist" in said(app)
    press(app, "Next")
    press(app, "Previous")
    assert field(app, "Published on, as exactly as it is known").value == "31/02/2024"
    assert "published January 2024" in said(app)


def test_phrase_is_read_as_it_is_typed(store: Store, open_page: Opens) -> None:
    """The date follows the phrase with its rule; a date given by hand stays."""
    app = press(drop(open_page(), a_text()), "Every child in custody")
    fill(app, "Target date, as printed", "By 30 June 2024")
    assert str(field(app, "Target date, if any").value) == "2024-06-30"
    fill(app, "Target date, if any", day(200))
    assert "Your date is kept" in said(app)
    press(app, "Take in 1 report")
    first = next(record_of(store, one) for one in references(store) if record_of(store, one).target)
    assert first.targets[0].due_on == day(200)
    assert first.targets[0].phrase == "By 30 June 2024"
    assert first.targets[0].rule == ""


# Ticks


def test_unticked_is_not_taken_in(store: Store, open_page: Opens) -> None:
    """The button counts what is ticked, and only that is stored."""
    app = drop(open_page(), a_text())
    app.checkbox[1].uncheck()
    run(app)
    assert button(app).label == "Take in 1 report and 1 recommendation"
    press(app, "Take in 1 report")
    assert [record_of(store, one).wordings[-1].text for one in references(store)] == [SECOND]


def test_report_unticked_takes_its_recommendations_along(store: Store, open_page: Opens) -> None:
    """Nothing of it is taken in; ticking one of them ticks the report again."""
    app = drop(open_page(), a_text())
    app.checkbox[0].uncheck()
    run(app)
    assert button(app).label == "Nothing to take in"
    assert button(app).disabled
    app.checkbox[1].check()
    run(app)
    assert button(app).label == "Take in 1 report and 1 recommendation"


# Against the register


def test_second_time_there_is_nothing_to_take_in(store: Store, open_page: Opens) -> None:
    """The files are gone from the page once they are taken in; dropped again, all of it is on the register."""
    app = press(drop(open_page(), a_text()), "Take in 1 report")
    assert app.title[0].value == "Taken in: one report and two recommendations."
    before, rows = view_of(store).version, references(store)
    drop(app, a_text())
    assert app.title[0].value == "Nothing here is new: it is all on the register."
    assert button(app).disabled
    assert (view_of(store).version, references(store)) == (before, rows)


def test_other_wording_is_shown_and_recorded_only_when_ticked(store: Store, open_page: Opens) -> None:
    """A difference is marked word by word; without its own tick nothing of it is stored."""
    app = press(drop(open_page(), a_text()), "Take in 1 report")
    drop(
        app,
        a_text("later.txt", RESPONSE.replace("an appropriate adult", "an appropriate adult within the hour")),
    )
    assert app.title[0].value == "Two recommendations were read: one changed and one unchanged."
    assert button(app).disabled
    press(app, "Every child in custody")
    assert ":blue-background[adult within the hour.]" in said(app)
    field(app, "Record the new wording as a further version").check()
    run(app)
    assert button(app).label == "Record 1 new wording"
    press(app, "Record 1 new wording")
    assert app.title[0].value == "One recommendation changed."
    record = next(record_of(store, one) for one in references(store) if record_of(store, one).number == "1")
    assert [one.text.endswith("within the hour.") for one in record.wordings] == [False, True]


def test_other_changes_of_a_row_are_taken_without_its_wording(store: Store, open_page: Opens) -> None:
    """Owner and wording differ: with the wording unticked the owner alone is recorded."""
    app = press(drop(open_page(), a_tracker(a_row(1))), "Take in 1 report")
    _, report, text, _, *rest = a_row(1)
    changed = ("TR-001", report, text.replace("publish it", "publish it each year"), "DI Rowan", *rest)
    drop(app, a_tracker(changed, name="later.xlsx"))
    assert button(app).label == "Record 1 changed row"
    press(app, "Record 1 changed row")
    record = record_of(store, "TR-001")
    assert record.assignments[-1].owner == "DI Rowan"
    assert [one.text for one in record.wordings] == [text]


def test_report_that_is_not_published_yet_is_taken_in_under_embargo(store: Store, open_page: Opens) -> None:
    """What was refused for being to come is taken in once the office says until when nobody else may know of it."""
    app = fill(drop(open_page(), a_text()), "Published on, as exactly as it is known", "2 April 2024")
    app.checkbox[1].uncheck()
    app.checkbox[2].uncheck()
    press(run(app), "Take in 1 report")
    assert "is not published yet" in said(app)
    app.datetime_input[0].set_value(datetime(2024, 4, 2, 0, 1))  # noqa: DTZ001 - the field knows no time zone
    press(run(app), "Take in 1 report")
    report = next(one for one in view_of(store).inspections.values() if one.title == TITLE)
    assert report.embargo_until == datetime(2024, 4, 1, 23, 1, tzinfo=UTC)


def test_doubtful_row_is_taken_in_only_once_somebody_said_what_it_is(store: Store, open_page: Opens) -> None:
    """It has both texts and a choice, and no tick that can be set before."""
    take_in(store, "TR-001", text="Train every custody sergeant before the end of the year.")
    app = drop(open_page(), a_tracker(a_row(1)))
    assert app.title[0].value == "One recommendation was read: one doubtful."
    press(app, "Review guidance number 1")
    (tick,) = [one for one in app.checkbox if str(one.key).startswith("ticked-") and "-item-" in str(one.key)]
    assert tick.disabled
    assert not tick.value
    assert "Train every custody sergeant before the end of the year." in said(app)
    press(app, "It is new")
    assert "TR-001 is already in use" not in said(app)
    assert button(app).label == "Take in 1 report and 1 recommendation"


def test_doubtful_report_asks_which_it_is_before_its_rows_can_be_ticked(
    store: Store, open_page: Opens
) -> None:
    """A title that is nearly one of the register's is settled by a person; then its rows can be taken in."""
    take_in_report(
        store, service=SERVICE, title="Keeping young children safe when in police custody", by=OFFICE
    )
    app = drop(open_page(), a_text())
    assert "One may be on the register already: say whether it is." in said(app)
    assert button(app).disabled
    press(app, "It is “Keeping young children safe when in police custody”")
    assert button(app).label == "Take in 2 recommendations and 1 day of publication"
    press(app, "Take in 2 recommendations")
    assert len(view_of(store).inspections) == 2
    assert len(references(store)) == 2


def test_refusal_stands_at_the_button_and_nothing_is_lost(
    store: Store, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is stored, what was typed is still there, and pressing again works once the cause is gone."""
    app = press(drop(open_page(), a_text()), "Every child in custody")
    fill(app, "Our reference", "not a reference")
    press(app, "Take in 1 report")
    assert "cannot be a reference" in said(app)
    assert "Nothing was stored." in said(app)
    assert references(store) == []
    assert field(app, "Our reference").value == "not a reference"
    fill(app, "Our reference", "KS-1")
    press(app, "Take in 1 report")
    assert "KS-1" in references(store)


def test_title_that_no_address_could_carry_is_refused(store: Store, open_page: Opens) -> None:
    """It is told at the field and at the button."""
    app = fill(drop(open_page(), a_text()), "Title, as printed", "Long " * 80)
    assert "leave out the subtitle" in said(app)
    press(app, "Take in 1 report")
    assert "It can have 300" in said(app)
    assert references(store) == []


def test_somebody_else_meanwhile_is_told(
    store: Store, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A conflict stores nothing and holds the files against the register as it now is."""
    app = drop(open_page(), a_text())
    held: list[bool] = []

    def conflict(*_: Any, **__: Any) -> None:
        raise ConflictError("Somebody else changed CC-001 meanwhile.")

    monkeypatch.setattr(review, "apply_plans", conflict)
    monkeypatch.setattr(review_desk, "hold_all", lambda _: held.append(True))
    press(app, "Take in 1 report")
    assert "Somebody else changed CC-001 meanwhile." in said(app)
    assert held == [True]


# Sheets


def test_columns_are_shown_with_example_guess_and_choice(store: Store, open_page: Opens) -> None:
    """Every heading has its example and what it is taken for; one that is left out says so."""
    app = drop(open_page(), a_tracker(a_row(1), a_row(2)))
    assert next(one.value for one in app.subheader) == "How your columns are read"
    assert field(app, "What “Lead” holds").value == "owner"
    assert field(app, "What “Parking” holds").value == ""
    assert "“DSupt Ash”" in said(app)
    assert button(app).label == "Take in 1 report and 2 recommendations"


def test_column_read_otherwise_is_read_anew_and_keeps_corrections(store: Store, open_page: Opens) -> None:
    """The rows follow the choice, and what was put right by hand before stays."""
    app = drop(open_page(), a_tracker(a_row(1), a_row(2)))
    press(app, "Review guidance number 1")
    fill(app, "Short title", "Put right by hand")
    press(app, "tracker.xlsx")
    fill(app, "What “Lead” holds", "executive_lead")
    press(app, "Put right by hand")
    assert field(app, "Executive lead").value == "DSupt Ash"
    assert field(app, "Owner").value is None
    press(app, "Take in 1 report and 2")
    record = record_of(store, "TR-001")
    assert (record.assignments[-1].short_title, record.assignments[-1].executive_lead) == (
        "Put right by hand",
        "DSupt Ash",
    )


def test_unknown_status_is_asked_for_first_and_settled_for_every_row(store: Store, open_page: Opens) -> None:
    """A word nobody knows keeps the file from being taken in until somebody says what it means."""
    app = drop(
        open_page(), a_tracker(a_row(1), a_row(2, rag="Parked with legal"), a_row(3, rag="Parked with legal"))
    )
    assert app.title[0].value == "Two faults keep this from being taken in."
    assert button(app).disabled
    asked = [one for one in app.selectbox if "means" in one.label]
    assert plain(asked[0].label) == "What “Parked with legal” means"
    assert asked[0].value is None
    fill(app, "What “Parked with legal” means", ForceReport.NOT_STARTED.value)
    press(app, "Take in 1 report and 3 recommendations")
    assert len(references(store)) == 3


def test_every_fault_is_listed_and_nothing_is_stored(store: Store, open_page: Opens) -> None:
    """Ten faults are ten rows, each with where it stands."""
    rows = [a_row(number, due=f"{30 + number % 2}/02/2025") for number in range(1, 11)]
    app = drop(open_page(), a_tracker(*rows))
    assert app.title[0].value == "Ten faults keep this from being taken in."
    shown = app.table[0].value
    assert len(shown) == 10
    assert all(
        f'row {place}, "Due date"' in plain(where) for place, where in enumerate(shown["Where"], start=2)
    )
    assert button(app).disabled


def test_faulty_file_keeps_no_other_from_being_taken_in(store: Store, open_page: Opens) -> None:
    """What is whole is taken in; the faulty one stays on the page."""
    app = drop(open_page(), a_tracker(a_row(1, due="31/02/2025")), a_text())
    press(app, "Take in 1 report and 2 recommendations")
    assert len(references(store)) == 2
    assert "fault" in said(app)


def test_title_is_asked_for_where_no_column_names_the_report(store: Store, open_page: Opens) -> None:
    """Rows without a report get the title that a person gives."""
    headings = ("Ref", "Recommendation text", "Lead")
    app = drop(open_page(), a_tracker(("TR-1", FIRST, "DSupt Ash"), headings=headings))
    assert "One report has no title yet." in said(app)
    fill(app, "Title of the report, for rows that name none", TITLE)
    assert TITLE in labels(app)
    press(app, "Take in 1 report")
    assert TITLE in {one.title for one in view_of(store).inspections.values()}


def test_long_tracker_is_listed_a_page_at_a_time(store: Store, open_page: Opens) -> None:
    """Four hundred rows are listed in pages, with one form, and the walk turns the page."""
    app = drop(open_page(), a_tracker(*(a_row(number) for number in range(1, 401))))
    assert button(app).label == "Take in 1 report and 400 recommendations"
    assert len([one for one in app.button if str(one.key).startswith("choose-review")]) == 25
    app.session_state["_review"].chosen = app.session_state["_review"].entries()[24]
    run(app)
    press(app, "Next")
    assert "26 of 402" in said(app)
    assert any("current-review" in str(one.key) or "24" in plain(one.label) for one in app.button)
    assert len([one for one in app.text_area if one.label == "Text, as printed"]) == 1


# After it


def test_done_links_each_and_the_passage_is_kept(store: Store, open_page: Opens) -> None:
    """What was stored is linked, the page is empty again, and each recommendation keeps where it was read."""
    app = press(drop(open_page(), a_text()), "Take in 1 report")
    linked = [one.proto.query_string for one in app.get("page_link")]
    for reference in references(store):
        assert any(f"ref={reference}" in query for query in linked)
    assert app.session_state["_review"].files == []
    (first, *_) = read_passages(store, reference=references(store)[0], by=OFFICE)
    assert FIRST in first.passage


def test_recommendation_shows_where_it_was_read(
    store: Store, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its page has the passage marked, the file's name, the day and who took it in."""
    press(drop(open_page(), a_text()), "Take in 1 report")
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
    app.run()
    app.switch_page("pages/recommendation.py")
    app.query_params["ref"] = references(store)[0]
    run(app)
    assert "Where it was read" in [one.value for one in app.header]
    assert f":orange-background[1. {FIRST}]" in said(app)
    assert "response.txt · taken in on 4 March 2024 by Office Person" in said(app)


def test_report_with_areas_for_improvement_keeps_their_kind(store: Store, open_page: Opens) -> None:
    """The kind as read can be put right before it is stored."""
    app = press(drop(open_page(), a_text()), "Every child in custody")
    fill(app, "Kind", Kind.AFI)
    press(app, "Take in 1 report")
    assert {record_of(store, one).kind for one in references(store)} == {Kind.AFI, Kind.RECOMMENDATION}
