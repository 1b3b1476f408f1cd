"""Files on the page of a recommendation: added with the evidence, refused without losing what was typed, taken away by links."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor
from monitor.domain.accounts import Account, Way
from monitor.domain.evidence import CheckedBy, Direction, EvidenceItem, EvidenceKind
from monitor.domain.evidence_files import Scan
from monitor.services.evidence_files import CheckedFile
from monitor.services.reading import read_recommendation
from monitor.services.signing_in import SignedIn
from monitor.store import LoginSession, Store
from monitor.ui import downloads, session
from monitor.ui.tickets import PATH, Tickets
from tests.builders import ANALYST, DAY, EDITOR, OFFICE, PUBLIC, Clock, a_register, give_evidence, take_in
from tests.evidence import NOTE, a_clamd

ROOT = Path(__file__).resolve().parents[2]
FORM: dict[str, Any] = {
    "title": "Minutes of the board",
    "kind": EvidenceKind.BOARD_MINUTE,
    "describes_on": DAY,
    "direction": Direction.SUPPORTS,
    "checked_by": CheckedBy.OTHER_TEAM,
}

Opens = Callable[..., AppTest]


@pytest.fixture
def store(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Return a register with one recommendation, CC-001, served to the pages."""
    made = a_register(sqlite_url, Clock())
    take_in(made)
    monkeypatch.setenv(session.DATABASE_VARIABLE, sqlite_url)
    monkeypatch.setattr(session, "_store", lambda _: made)
    return made


@pytest.fixture
def open_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Return a function that opens the recommendation as a person."""

    def opened(by: Actor, **state: Any) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        app.run()
        app.switch_page("pages/recommendation.py")
        app.query_params["ref"] = "CC-001"
        for key, value in state.items():
            app.session_state[key.replace("_", "-")] = value
        return app.run()

    return opened


@pytest.fixture
def tickets(monkeypatch: pytest.MonkeyPatch) -> Tickets:
    """Return the tickets of a register on which people sign in."""
    found = Tickets()
    monkeypatch.setenv("MONITOR_SIGN_IN", "password")
    monkeypatch.setattr(downloads, "TICKETS", found)
    return found


def signed_in(monkeypatch: pytest.MonkeyPatch, by: Actor) -> None:
    """Let somebody look at the page by a sign-in of their own."""
    at = datetime(2024, 3, 4, tzinfo=UTC)
    account = Account(
        id=by.id,
        name=by.name,
        title="",
        way=Way.LOCAL,
        subject=by.id,
        recorded_at=at,
        by="x",
        by_name="X",
    )
    opened = LoginSession(
        id="s1",
        account_id=by.id,
        agent="",
        started_at=at,
        seen_at=at,
        ended_at=None,
        uploaded_on=None,
        uploaded_bytes=0,
    )
    monkeypatch.setattr(downloads, "_asking", lambda: SignedIn(by, account, opened))


def evidence_form(app: AppTest, *, file: tuple[str, bytes] | None) -> AppTest:
    """Open the form, give it everything and a file, and save."""
    app.menu_button[0].set_value("Add evidence")
    app.run()
    kinds = (app.text_input, app.date_input, app.selectbox, app.segmented_control)
    for name, value in FORM.items():
        next(one for kind in kinds for one in kind if str(one.key).endswith(f"-{name}")).set_value(value)
    if file is not None:
        app.file_uploader[0].set_value((*file, "application/pdf"))
    return save(app)


def save(app: AppTest) -> AppTest:
    """Press Save and run the page."""
    next(button for button in app.button if button.label == "Save").click()
    return app.run()


def evidence(store: Store) -> list[EvidenceItem]:
    """Return the evidence of the recommendation."""
    return list(read_recommendation(store, reference="CC-001", by=OFFICE).evidence)


def shown(app: AppTest) -> str:
    """Return the words of the page and of its tables."""
    return "\n".join(
        [
            *(str(one.value) for kind in (app.markdown, app.caption) for one in kind),
            *(str(table.value.to_dict()) for table in app.table),
        ]
    )


def links(app: AppTest) -> list[str]:
    """Return the addresses of the links to files."""
    return [one.proto.url for one in app.get("link_button") if one.proto.url.startswith(PATH)]


def with_a_file(store: Store, scan: Scan = Scan.NOT_SCANNED) -> EvidenceItem:
    """Add evidence with a file."""
    return give_evidence(store, file=CheckedFile("note $1 [x].txt", NOTE, scan))


def test_a_file_is_kept_with_the_evidence(open_page: Opens, store: Store) -> None:
    """Under our type, whatever the browser says it is."""
    app = evidence_form(open_page(EDITOR), file=("minutes.txt", NOTE))

    assert not app.exception
    (item,) = evidence(store)
    assert (item.title, item.file_name, item.file_size) == (FORM["title"], "minutes.txt", len(NOTE))
    assert "minutes.txt, 68 bytes; not scanned for viruses" in shown(app)


def test_evidence_without_a_file_is_as_it_was(open_page: Opens, store: Store) -> None:
    """The file can be left out."""
    evidence_form(open_page(EDITOR), file=None)

    assert [item.file for item in evidence(store)] == [None]


def test_what_was_typed_stays_when_the_file_is_refused(open_page: Opens, store: Store) -> None:
    """One red sentence; with another file the same form saves."""
    app = evidence_form(open_page(EDITOR), file=("minutes.pdf", b"MZ\0\0"))

    assert any(":red[" in one.value and "is a program, not a PDF" in one.value for one in app.markdown)
    assert evidence(store) == []
    title = next(one for one in app.text_input if str(one.key).endswith("-title"))
    assert title.value == FORM["title"]

    app.file_uploader[0].set_value(("minutes.txt", NOTE, "text/plain"))
    save(app)

    assert [item.file_name for item in evidence(store)] == ["minutes.txt"]


def test_a_virus_is_refused_on_the_form(
    open_page: Opens, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found is named, and shown as text."""
    with a_clamd(b"stream: Bad[x]($y$) FOUND\0") as (address, _):
        monkeypatch.setenv("MONITOR_CLAMD", address)
        app = evidence_form(open_page(EDITOR), file=("minutes.txt", NOTE))

    assert any("the virus scanner found Bad\\[x\\]" in one.value for one in app.markdown)
    assert evidence(store) == []


@pytest.mark.parametrize(
    ("scan", "words"),
    [(Scan.CLEAN, "scanned for viruses, nothing found"), (Scan.NOT_SCANNED, "not scanned for viruses")],
)
def test_the_list_says_whether_a_file_was_scanned(
    open_page: Opens, store: Store, scan: Scan, words: str
) -> None:
    """In words, beside its name shown as text, and its size."""
    with_a_file(store, scan)

    assert f"File: note \\$1 \\[x\\].txt, 68 bytes; {words}." in shown(open_page(ANALYST)).replace(
        "\\\\", "\\"
    )


def test_the_public_sees_that_there_is_a_file_and_not_its_name(open_page: Opens, store: Store) -> None:
    """A name can say as much as a file."""
    with_a_file(store)

    app = open_page(PUBLIC, evidence_files=True)

    assert "A file is kept with it; not scanned for viruses." in shown(app)
    assert "note" not in shown(app)
    assert not app.get("download_button")
    assert "file of evidence" not in str([one.proto for one in app.get("popover")])


def test_without_sign_in_a_file_is_behind_the_usual_button(open_page: Opens, store: Store) -> None:
    """On the demonstration, on this machine alone."""
    with_a_file(store)

    app = open_page(ANALYST, evidence_files=True)

    assert "note" in app.get("download_button")[0].proto.label
    assert not links(app)


def test_where_people_sign_in_streamlit_is_given_no_bytes(
    open_page: Opens, store: Store, tickets: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that works once stands in the place of the button; each run makes another one."""
    item = with_a_file(store)
    signed_in(monkeypatch, ANALYST)

    app = open_page(ANALYST, evidence_files=True)

    assert not app.get("download_button")
    (link,) = links(app)
    token = link.removeprefix(PATH)
    ticket = tickets.use(token, session_id="s1")
    assert ticket is not None
    assert (ticket.name, ticket.media_type, ticket.make()) == (item.file_name, "text/plain", NOTE)
    assert ticket.by == ANALYST
    assert links(app.run()) != [link]


def test_nothing_is_issued_while_the_place_is_closed(
    open_page: Opens, store: Store, tickets: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is only read makes no links."""
    with_a_file(store)
    signed_in(monkeypatch, ANALYST)

    open_page(ANALYST)

    assert len(tickets) == 0


def test_a_sign_in_that_has_ended_gets_no_link(
    open_page: Opens, store: Store, tickets: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor a button in its place."""
    with_a_file(store)
    monkeypatch.setattr(downloads, "_asking", lambda: None)

    app = open_page(ANALYST, evidence_files=True)

    assert not links(app)
    assert not app.get("download_button")


@pytest.mark.parametrize("page", ["register", "review"])
def test_exports_and_templates_go_the_same_way(
    page: str, open_page: Opens, store: Store, tickets: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever rows they hold, no page of the product hands bytes to Streamlit where people sign in."""
    signed_in(monkeypatch, OFFICE)
    monkeypatch.setattr(session, "people", lambda _: (OFFICE,))
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
    app.run()
    app.switch_page(f"pages/{page}.py")
    for key in ("register-download", "template-blank", "template-examples"):
        app.session_state[key] = True
    app.run()

    assert not app.exception
    assert not app.get("download_button")
    made = [one.removeprefix(PATH) for one in links(app)]
    assert len(made) == len(tickets) == 2
    first = tickets.use(made[0], session_id="s1")
    assert first is not None
    assert first.make().startswith(b"PK")
