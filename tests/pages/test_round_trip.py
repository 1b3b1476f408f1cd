"""Updates in a workbook on My updates: the offer, what an upload would change, conflicts, faults, and what was recorded."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor
from monitor.domain.statuses import ForceReport
from monitor.errors import UnreadableFileError
from monitor.importers.sheets import Workbook
from monitor.packs.update_workbook import update_workbook
from monitor.services import updating
from monitor.services.reading import read_recommendation
from monitor.services.round_trip import update_form
from monitor.store import Store
from monitor.ui import round_trip, session
from tests.builders import ANALYST, APPROVER, EDITOR, EDITOR_2, OFFICE, Clock, a_register, close, day, take_in
from tests.pages.test_recommendation import HOSTILE, press, said
from tests.update_books import fill, read_here

ROOT = Path(__file__).resolve().parents[2]
OFFER = "Do them in Excel"
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Opens = Callable[..., AppTest]


@pytest.fixture
def clock() -> Clock:
    """Return a server's clock that stands on the day the story begins."""
    return Clock()


@pytest.fixture
def store(sqlite_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a register with three items of the editor's that wait on day 45, served to the pages."""
    made = a_register(sqlite_url, clock)
    monkeypatch.setenv(session.DATABASE_VARIABLE, sqlite_url)
    monkeypatch.setattr(session, "_store", lambda _: made)
    for reference in ("CC-001", "CC-002", "CC-003"):
        take_in(made, reference, owner=EDITOR.name, due_on=day(90))
    clock.set(day(45))
    return made


@pytest.fixture
def open_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Return a function that opens My updates as a person, with the popover open; the file is read in this process."""
    monkeypatch.setattr(round_trip, "read_workbook", lambda name, content: read_here(content, name))

    def opened(by: Actor) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        app.session_state["round-trip"] = True
        app.run()
        app.switch_page("pages/updates.py")
        return app.run()

    return opened


def downloaded(store: Store, by: Actor = EDITOR) -> bytes:
    """Return the person's workbook."""
    return update_workbook(update_form(store, by=by), by=by)


def downloads(app: AppTest) -> list[str]:
    """Return the labels of the files that can be taken away."""
    return [str(getattr(one, "label", "")) for one in app.get("download_button")]


def upload(app: AppTest, content: bytes, name: str = "mine.xlsx") -> AppTest:
    """Give a file to the page."""
    app.file_uploader[0].set_value((name, content, MIME))
    return app.run()


def test_the_offer_has_the_download_and_the_place_for_the_file(open_page: Opens) -> None:
    """One quiet button; behind it the person's own items, and no more for an editor."""
    app = open_page(EDITOR)

    assert not app.exception
    assert downloads(app) == ["Your open items (3)"]
    assert app.file_uploader[0].label == "Upload the workbook, filled in"


def test_an_approver_is_offered_all_open_items_of_the_force(open_page: Opens) -> None:
    """Who gives items their owners, and has none, can do everybody's."""
    app = open_page(APPROVER)

    assert app.title[0].value == "Nothing waits for you."
    assert downloads(app) == ["All open items of the force (3)"]


@pytest.mark.parametrize("by", [EDITOR_2, OFFICE, ANALYST])
def test_who_has_nothing_to_report_is_offered_nothing(open_page: Opens, by: Actor) -> None:
    """No open item of one's own, or not of the force: no button."""
    app = open_page(by)

    assert not app.exception
    assert not downloads(app)
    assert not app.file_uploader


def test_nothing_open_is_nothing_offered(open_page: Opens, store: Store) -> None:
    """The last item was closed."""
    for reference in ("CC-001", "CC-002", "CC-003"):
        close(store, reference)

    assert not downloads(open_page(APPROVER))


def test_the_difference_is_shown_and_recorded_by_one_button(open_page: Opens, store: Store) -> None:
    """Title, cells before and after; nothing is stored before the button, and all of it after."""
    content = fill(
        downloaded(store),
        {
            "CC-001": {"What has changed": "Begun.", "Status now": "In progress"},
            "CC-003": {
                "What has changed": "All done.",
                "Status now": "Complete",
                "How sure of the date": "High",
            },
        },
    )
    before = store.data_version()

    app = upload(open_page(EDITOR), content)

    assert app.title[0].value == "Two updates in your workbook"
    assert store.data_version() == before
    assert "Nothing is recorded yet. 1 other row unchanged." in said(app)
    assert app.table[0].value.to_dict("list") == {
        "Cell": ["Status now", "What has changed", "Happened on"],
        "Before": ["Not started", "not said", "not said"],
        "After": ["**In progress**", "**Begun.**", "**18 April 2024**"],
    }

    app = press(app, "Record 2 updates")

    assert app.title[0].value == "Two updates recorded"
    record = read_recommendation(store, reference="CC-003", by=OFFICE).record
    assert (record.reports[-1].status, record.reports[-1].narrative) == (ForceReport.COMPLETE, "All done.")

    app = press(app, "Go on to what waits")

    assert app.title[0].value == "One update waits for you"


def test_the_same_file_again_is_said_to_change_nothing(open_page: Opens, store: Store) -> None:
    """And there is no button that could record anything."""
    content = fill(downloaded(store), {"CC-001": {"What has changed": "Begun."}})
    app = press(upload(open_page(EDITOR), content), "Record 1 update")
    app = press(app, "Go on to what waits")

    app = upload(app, content)

    assert app.title[0].value == "Your workbook changes nothing"
    assert not [one for one in app.button if one.label.startswith("Record")]


def test_record_nothing_leaves_everything_as_it_was(open_page: Opens, store: Store) -> None:
    """The way back costs one press."""
    content = fill(downloaded(store), {"CC-001": {"What has changed": "Begun."}})
    before = store.data_version()

    app = press(upload(open_page(EDITOR), content), "Record nothing")

    assert app.title[0].value == "Three updates wait for you"
    assert store.data_version() == before


def test_a_conflict_shows_both_texts_and_has_to_be_decided(open_page: Opens, store: Store) -> None:
    """Nothing is recorded before the choice; mine then stands after theirs."""
    content = fill(
        downloaded(store),
        {"CC-001": {"What has changed": "My words."}, "CC-002": {"What has changed": "Clear."}},
    )
    updating.report_progress(
        store, reference="CC-001", status=ForceReport.COMPLETE, narrative="Her words.", by=EDITOR_2
    )
    before = store.data_version()

    app = upload(open_page(EDITOR), content)

    assert app.header[0].value == "One of them was changed since the download"
    for words in ("Her words.", "My words.", f"{EDITOR_2.name}, progress reported, 18 April 2024"):
        assert words in said(app)

    app = press(app, "Record 2 updates")

    assert "Choose first what it shall be for CC-001: yours or theirs." in said(app)
    assert store.data_version() == before

    app.radio[-1].set_value("Keep mine, as a further report")
    app = press(app.run(), "Record 2 updates")

    assert app.title[0].value == "Two updates recorded"
    reports = read_recommendation(store, reference="CC-001", by=OFFICE).record.reports
    assert [one.narrative for one in reports] == ["Her words.", "My words."]


def test_a_conflict_that_is_left_is_not_counted(open_page: Opens, store: Store) -> None:
    """Theirs stands; where nothing else is in the workbook, there is no button."""
    content = fill(downloaded(store), {"CC-001": {"What has changed": "My words."}})
    updating.report_progress(
        store, reference="CC-001", status=ForceReport.COMPLETE, narrative="Her words.", by=EDITOR_2
    )
    app = upload(open_page(EDITOR), content)

    app.radio[-1].set_value("Leave theirs")
    app = app.run()

    assert not [one for one in app.button if one.label.startswith("Record") and "nothing" not in one.label]


def test_a_change_after_the_look_is_told_and_shown(open_page: Opens, store: Store) -> None:
    """Between difference and button somebody else saves: nothing is recorded, and the conflict appears."""
    content = fill(
        downloaded(store),
        {"CC-001": {"What has changed": "My words."}, "CC-002": {"What has changed": "Clear."}},
    )
    app = upload(open_page(EDITOR), content)
    updating.report_progress(
        store, reference="CC-001", status=ForceReport.COMPLETE, narrative="Her words.", by=EDITOR_2
    )
    before = store.data_version()

    app = press(app, "Record 2 updates")

    assert "CC-001 was changed while you had it open: Editor2 Person, progress reported." in said(app)
    assert app.header[0].value == "One of them was changed since the download"
    assert store.data_version() == before


def test_faults_are_a_list_of_sentences_and_a_better_file_is_taken(open_page: Opens, store: Store) -> None:
    """All of them with their places; nothing to record; the mended file goes on from there."""
    wrong = fill(
        downloaded(store),
        {
            "CC-001": {"Status now": "Doing it", "What has changed": "x"},
            "CC-002": {"Status now": "Complete"},
            "CC-003": {"What has changed": "=1+1"},
        },
    )

    app = upload(open_page(EDITOR), wrong)

    assert app.title[0].value == "Three cells and rows to put right"
    words = said(app)
    assert '**Sheet "Updates", row 8, "Status now"**' in words
    assert '"Doing it" is not one of: Not started, In progress' in words
    assert '"Status now" changed, and no words say what has changed.' in words
    assert "The cell holds a formula." in words
    assert not [one for one in app.button if one.label.startswith("Record")]

    app = upload(app, fill(downloaded(store), {"CC-001": {"What has changed": "Begun."}}))

    assert app.title[0].value == "One update in your workbook"


def test_a_very_long_list_of_faults_is_cut_and_counted(open_page: Opens, store: Store) -> None:
    """A hundred are enough to see what went wrong."""
    for number in range(130):
        take_in(store, f"CX-{number:03}", owner=EDITOR.name)
    content = fill(downloaded(store), {f"CX-{n:03}": {"Status now": "Complete"} for n in range(130)})

    app = upload(open_page(EDITOR), content)

    assert app.title[0].value == "130 cells and rows to put right"
    assert "and 30 more" in said(app)


def test_a_file_that_is_no_such_workbook_is_one_sentence(
    open_page: Opens, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the gate or the form says is shown, and the page goes on."""

    def refused(name: str, content: bytes) -> Workbook:
        raise UnreadableFileError(f"{name} is a picture.")

    monkeypatch.setattr(round_trip, "read_workbook", refused)

    app = upload(open_page(EDITOR), b"GIF89a")

    assert app.title[0].value == "The workbook was not read"
    assert "mine.xlsx is a picture." in said(app)
    assert press(app, "Back to your updates").title[0].value == "Three updates wait for you"


def test_a_workbook_of_another_register_is_said_to_be_one(
    open_page: Opens, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its head is not in this history."""
    content = downloaded(store)
    with store.reading() as reader:
        head = reader.history_head()
    assert head is not None

    def elsewhere(name: str, content: bytes) -> Workbook:
        book = read_here(content, name)
        (sheet,) = book.sheets
        rows = tuple(
            tuple(cell.replace(head.hash, "0c" * 32) if isinstance(cell, str) else cell for cell in row)
            for row in sheet.rows
        )
        return replace(book, sheets=(replace(sheet, rows=rows),))

    monkeypatch.setattr(round_trip, "read_workbook", elsewhere)

    app = upload(open_page(EDITOR), content)

    assert "mine.xlsx was not downloaded from this register as it stands." in said(app)


def test_what_a_workbook_says_is_shown_as_text(open_page: Opens, store: Store) -> None:
    """Markup in cells, sheet names and file names stays what was typed."""
    content = fill(
        downloaded(store),
        {
            "CC-001": {"What has changed": HOSTILE},
            "CC-002": {"What has changed": HOSTILE, "Blocked by": HOSTILE},
        },
    )
    updating.report_progress(
        store, reference="CC-002", status=ForceReport.COMPLETE, narrative=HOSTILE, by=EDITOR_2
    )

    app = upload(open_page(EDITOR), content, "**b** :red[x].xlsx")

    words = said(app)
    assert not app.exception
    for live in (" <script>", " :red[x]", "![i]", "[l](javascript:", " $x$", " **b** "):
        assert live not in words


def test_another_person_does_not_see_the_upload(
    open_page: Opens, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who takes over the browser gets their own page."""
    app = upload(open_page(EDITOR), fill(downloaded(store), {"CC-001": {"What has changed": "Mine."}}))
    monkeypatch.setattr(session, "people", lambda _: (APPROVER,))

    app = app.run()

    assert app.title[0].value == "Nothing waits for you."
