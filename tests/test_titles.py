"""What the office, the officers and the meeting are called is set in one place and changes everywhere at once."""

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from monitor.cli import main
from monitor.domain.access import SYSTEM, Actor, Role
from monitor.domain.meetings import Meeting
from monitor.domain.statuses import MeetingKind
from monitor.domain.wording import meeting_name
from monitor.errors import SetupError
from monitor.exporters import as_bytes
from monitor.exporters.document import plain_lines
from monitor.packs.audit_table import audit_export
from monitor.packs.calendar_file import calendar_file
from monitor.packs.handover import hand_over
from monitor.packs.publishing import make_again, make_pack, publish_pack
from monitor.packs.template import first_load_template
from monitor.services import sample
from monitor.services.auditing import AuditFilter, read_whole_audit
from monitor.services.definitions import sections
from monitor.services.meetings import list_meetings
from monitor.services.packs import read_pack
from monitor.services.sample import load_demonstration
from monitor.services.view import register_view
from monitor.settings import Settings, Titles
from monitor.store import Store
from monitor.ui import session
from tests.builders import person
from tests.pages.test_recommendation import choose

ROOT = Path(__file__).resolve().parents[1]

TITLES = Titles(
    head_of_office="High Steward",
    chief_officer="Warden of the Watch",
    conference="Moot of the Shire",
    conference_short="Moot",
    office="Steward’s House of Northmoor",
)
SET = {
    "MONITOR_TITLE_HEAD_OF_OFFICE": TITLES.head_of_office,
    "MONITOR_TITLE_CHIEF_OFFICER": TITLES.chief_officer,
    "MONITOR_TITLE_CONFERENCE": TITLES.conference,
    "MONITOR_TITLE_CONFERENCE_SHORT": TITLES.conference_short,
    "MONITOR_TITLE_OFFICE": TITLES.office,
}
USUAL = re.compile(rb"Public Accountability|Conference|Commissioner|[Cc]hief [Cc]onstable")
"""The titles as they are unless they are set. The name of a page in an address is no title: it is in small letters."""

OTHERS = {
    "Public Accountability Conference": "Assembly",
    "Conference": "Assembly",
    "Police and Crime Commissioner": "Reeve",
    "Commissioner": "Reeve",
    "Chief Constable": "Marshal",
    "Chief constable": "Marshal",
    "chief constable": "marshal",
}
"""What stands for the usual titles in the stored words of the register: what is left of them is said by the code."""

EVERYBODY = person("everybody", Role.OFFICE, Role.ADMINISTRATOR, services=None)
FORCE = person("force", Role.FORCE_APPROVER, services=None)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> str:
    """Return the address of a demonstration register in whose stored words no usual title stands; it is only read."""
    path = tmp_path_factory.mktemp("titles") / "register.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    words = (ROOT / "data" / "demonstration.json").read_text(encoding="utf-8")
    for usual, other in OTHERS.items():
        words = words.replace(usual, other)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample, "stories", lambda: json.loads(words))
        store = Store(f"sqlite:///{path}")
        load_demonstration(store)
        store.close()
    return f"sqlite:///{path}"


@pytest.fixture
def titles(monkeypatch: pytest.MonkeyPatch) -> Titles:
    """Set every title to another word, and return them."""
    for name, title in SET.items():
        monkeypatch.setenv(name, title)
    return TITLES


@pytest.fixture
def store(address: str, titles: Titles) -> Iterator[Store]:
    """Yield the register, where the titles are set."""
    opened = Store(address)
    yield opened
    opened.close()


@pytest.fixture
def written(address: str, tmp_path: Path) -> Iterator[Store]:
    """Yield a copy of the register that may be written to."""
    path = tmp_path / "register.sqlite"
    path.write_bytes(Path(address.removeprefix("sqlite:///")).read_bytes())
    opened = Store(f"sqlite:///{path}")
    yield opened
    opened.close()


def conference(store: Store, place: int) -> Meeting:
    """Return one of the public meetings, by day."""
    held = list_meetings(store, by=SYSTEM)
    return [m for m in held if m.kind is MeetingKind.CONFERENCE and not m.is_cancelled][place]


def assert_only_ours(said: bytes | str, *expected: str) -> None:
    """Check that no usual title is said, and that each of these is."""
    raw = said.encode() if isinstance(said, str) else said
    around = [raw[max(0, found.start() - 60) : found.end() + 20] for found in USUAL.finditer(raw)]
    assert around == []
    for title in expected:
        assert title.encode() in raw, title


# The pages


def shown(app: AppTest) -> bytes:
    """Return everything that a page sends to the browser, tables, options and menu included."""
    menu = "\n".join(page.title for page in app.session_state["_targets"].values())
    protos = [getattr(node, "proto", None) for tree in (app.main, app.sidebar, app._tree) for node in tree]
    return b"\n".join([menu.encode(), *(one.SerializeToString() for one in protos if one is not None)])


Opens = Callable[..., AppTest]


@pytest.fixture
def open_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Return a function that opens a page: `open_page("register", show="moved")`."""
    monkeypatch.setenv(session.DATABASE_VARIABLE, store.address)
    monkeypatch.setattr(session, "_store", lambda _: store)

    def opened(page: str, by: Actor = EVERYBODY, **params: str) -> AppTest:
        monkeypatch.setattr(session, "people", lambda _: (by,))
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
        app.run()
        app.switch_page(f"pages/{page}.py")
        for name, value in params.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return opened


PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
EXPECTED: dict[str, tuple[str, ...]] = {
    "overview": ("dates moved since the last Moot", "Since the last Moot", "The next Moot is on"),
    "register": ("Moved since the last Moot",),
    "conference": ("The Moot meets", TITLES.conference),
    "method": (
        f"The {TITLES.conference}; what has changed",
        "Moved since the last Moot",
        f"office of the {TITLES.head_of_office}",
        f"{TITLES.chief_officer}’s team",
    ),
    "audit": (f"{TITLES.conference}, ",),
}


@pytest.mark.parametrize("page", PAGES)
def test_no_page_says_another_title(open_page: Opens, page: str) -> None:
    """The page and the menu above it, as everybody who may read them sees them."""
    assert_only_ours(shown(open_page(page)), TITLES.conference_short, *EXPECTED.get(page, ()))


def test_a_meeting_and_its_room_are_called_so(open_page: Opens, store: Store) -> None:
    """The meeting that comes, one that has been, and the screen for the room."""
    coming, been = (str(conference(store, place).id) for place in (-1, -3))

    for page, meeting in (("conference", coming), ("conference", been), ("room", coming)):
        assert_only_ours(shown(open_page(page, meeting=meeting)), TITLES.conference)


def test_a_recommendation_its_forms_and_updates_name_the_meeting_so(open_page: Opens, store: Store) -> None:
    """Where a decision was taken, at which meeting one can be, and where an action was agreed."""
    view = register_view(store, by=EVERYBODY)
    with store.reading() as reader:
        agreed = next(one.reference for one in reader.actions() if one.reference)
        owners = {one.owner for one in reader.actions()}
    is_open = view.rows.loc[view.rows["is_open"], "reference"]
    form = choose(open_page("recommendation", ref=str(is_open.iloc[0])), "Decide assurance")
    owner = Actor(id="owner", name=sorted(owners)[0], roles=FORCE.roles)

    assert not form.exception
    assert_only_ours(shown(form), f"{TITLES.conference}, ")
    assert_only_ours(shown(open_page("recommendation", ref=agreed)), TITLES.conference_short)
    assert_only_ours(shown(open_page("updates", by=owner)), TITLES.conference_short)


def test_a_new_meeting_is_asked_for_under_its_name(open_page: Opens) -> None:
    """The kinds to choose from are called as everywhere."""
    app = open_page("conference")
    app.button(key="record-meeting").click().run()

    assert not app.exception
    assert_only_ours(shown(app), TITLES.conference, MeetingKind.BOARD.word)


# What leaves


def test_the_pack_says_them_in_every_line(store: Store) -> None:
    """What it says, its cover and its definitions, and the parts of the Word file."""
    made = make_pack(
        store,
        meeting_id=conference(store, -1).id,
        by=EVERYBODY,
        settings=Settings.from_environment(),
        forms=("docx", "html"),
    )
    with zipfile.ZipFile(BytesIO(made.files["docx"])) as word:
        parts = b"\n".join(word.read(name) for name in word.namelist() if name.endswith((".xml", ".rels")))

    spoken = (TITLES.conference, TITLES.office, TITLES.head_of_office, TITLES.chief_officer)
    for said in ("\n".join(plain_lines(made.document)), made.files["html"].decode(), parts):
        assert_only_ours(said, *spoken)


def test_calendar_audit_definitions_and_first_load_say_them(store: Store) -> None:
    """Files that are read elsewhere."""
    days = calendar_file(store, by=EVERYBODY, titles=Titles.from_environment()).replace(b"\r\n ", b"")
    audit = audit_export(
        read_whole_audit(store, by=EVERYBODY),
        AuditFilter(),
        people={},
        office=register_view(store, by=EVERYBODY).office,
        is_demonstration=True,
        by=EVERYBODY,
        made_at=store.now(),
    )
    defined = [
        f"{section.said} {row.word} {row.meaning}"
        for section in sections(Settings.from_environment())
        for row in section.rows
    ]

    assert_only_ours(days, TITLES.conference, TITLES.office)
    assert_only_ours(_text_of(as_bytes(audit, "xlsx")), f"{TITLES.conference}, ", TITLES.office)
    assert_only_ours("\n".join(defined), *(SET[name] for name in SET if name != "MONITOR_TITLE_OFFICE"))
    assert_only_ours(_text_of(first_load_template(("Northmoor Police",), date(2026, 1, 5), examples=True)))


def test_a_handover_is_in_the_words_of_whoever_leaves(store: Store, tmp_path: Path) -> None:
    """The page in it, its list and its words; the tables stay as they were kept."""
    hand_over(store, tmp_path / "folder", by=SYSTEM)
    readme, listed, words = (
        (tmp_path / "folder" / name).read_bytes()
        for name in ("README.md", "datapackage.json", "vocabularies.csv")
    )

    assert_only_ours(readme, TITLES.office)
    assert_only_ours(listed, TITLES.office)
    assert_only_ours(words, TITLES.conference)


def _text_of(workbook: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(workbook)) as parts:
        return b"\n".join(parts.read(name) for name in parts.namelist())


# The command line


def run(*arguments: str | Path) -> str:
    """Return everything that a command says."""
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code in (0, 1), done.output
    return done.output


def commands(group: click.Group, *above: str) -> Iterator[tuple[str, ...]]:
    """Yield every command, as it is typed."""
    for name, one in group.commands.items():
        yield (*above, name)
        if isinstance(one, click.Group):
            yield from commands(one, *above, name)


@pytest.mark.usefixtures("titles")
def test_no_command_explains_itself_with_another_title() -> None:
    """The help of each."""
    for typed in [(), *commands(main)]:
        assert_only_ours(run(*typed, "--help"))


def test_commands_answer_with_them(store: Store, tmp_path: Path) -> None:
    """What they print, and what they write."""
    here = ("--database", store.address)
    on = conference(store, -1).on.isoformat()
    files = {name: tmp_path / name for name in ("days.ics", "pack.html", "moved.xlsx", "response.txt")}
    files["response.txt"].write_text(
        "HMICFRS inspection\n\nPublished 5 March 2024\n\nRecommendation 1\n\nForces should answer sooner.\n\n"
        "PCC’s comments\n\nI welcome this report.\n",
        encoding="utf-8",
    )

    assert_only_ours(run("calendar", files["days.ics"], "--json", *here), TITLES.conference)
    assert_only_ours(run("pack", "--meeting", on, files["pack.html"], "--json", *here), TITLES.conference)
    assert_only_ours(run("pack", "--meeting", "2001-01-01", files["pack.html"], *here), TITLES.conference)
    assert_only_ours(run("doctor", *here), *SET.values())
    assert_only_ours(run("extract", files["response.txt"], "--json"), f'"speaker": "{TITLES.head_of_office}"')
    assert_only_ours(run("export", files["moved.xlsx"], "--show", "moved", *here))
    assert_only_ours(_text_of(files["moved.xlsx"].read_bytes()), TITLES.office, "since the last Moot")


def test_the_site_and_a_response_are_in_them(store: Store, tmp_path: Path) -> None:
    """Every page and file of the public site, and the headings of an answer to a report."""
    here = ("--database", store.address)
    site, answer = tmp_path / "site", tmp_path / "answer.html"
    run("publish", site, *here)
    run("response", "1", answer, *here)
    pages = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}

    assert len(pages) > 100
    for page in pages.values():
        assert_only_ours(page)
    first = site / "index.html"
    assert_only_ours(
        pages[first], TITLES.office, f"The next {TITLES.conference} is on", "Since the last Moot"
    )
    assert_only_ours(answer.read_bytes(), TITLES.office, TITLES.head_of_office, TITLES.chief_officer)


# Past documents


def test_what_was_published_stays_as_it_was(written: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the byte, under other titles; made again, the pack says the new ones, and the difference is told."""
    meeting = conference(written, -1)
    pack = publish_pack(
        written, meeting_id=meeting.id, by=EVERYBODY, settings=Settings.from_environment(), annex=()
    )
    before = read_pack(written, pack_id=pack.id, form="html", by=EVERYBODY)[1]
    for name, title in SET.items():
        monkeypatch.setenv(name, title)

    again = make_again(written, pack_id=pack.id, by=EVERYBODY, settings=Settings.from_environment())

    assert read_pack(written, pack_id=pack.id, form="html", by=EVERYBODY)[1] == before
    assert "-Public Accountability Conference" in again.differences
    assert f"+{TITLES.conference}" in again.differences


# The settings themselves


def test_the_usual_titles_hold_where_none_is_set() -> None:
    """Also where a variable is there and empty; and the office keeps the name with which it began."""
    empty = Titles.from_environment(dict.fromkeys(SET, " "))

    assert empty == Titles.from_environment({}) == Titles()
    assert empty.office_or("Office of the Reeve") == "Office of the Reeve"


def test_a_meeting_with_a_new_name_has_no_old_short_one() -> None:
    """The whole name stands wherever there is little room, until a short one is set."""
    called = Titles.from_environment({"MONITOR_TITLE_CONFERENCE": "  Mayor’s\nQuestion   Time "})

    assert (called.conference, called.conference_short) == ("Mayor’s Question Time", "Mayor’s Question Time")
    assert meeting_name(MeetingKind.CONFERENCE, called, short=True) == "Mayor’s Question Time"
    assert meeting_name(MeetingKind.BOARD, called) == MeetingKind.BOARD.word


@pytest.mark.parametrize(
    "title",
    [
        "Dirprwy Faer (Plismona & Throseddu)",
        "Comisiynydd yr Heddlu a Throseddu",
        "1st Deputy Mayor, O’Neill-Ward",
        "Mayor/Deputy Mayor",
        "M" * 80,
    ],
)
def test_a_title_of_any_office_is_taken(title: str) -> None:
    """As it is written."""
    assert Titles.from_environment({"MONITOR_TITLE_HEAD_OF_OFFICE": title}).head_of_office == title


@pytest.mark.parametrize(
    "title",
    [
        "M" * 81,
        "<script>alert(1)</script>",
        "=HYPERLINK(A1)",
        "-Mayor",
        "**Mayor**",
        "Mayor :red[x]",
        "[Mayor](https://a.example)",
        "May\u202eor",
        "May\x1b[31mor",
        "May\u200bor",
        "{conference}",
        "(Mayor)",
    ],
)
@pytest.mark.parametrize("name", SET)
def test_a_title_that_could_act_is_refused(name: str, title: str) -> None:
    """In one sentence that names the setting, and does not repeat what stands in it."""
    with pytest.raises(SetupError, match=name) as refusal:
        Settings.from_environment({name: title})

    assert title not in refusal.value.message


def test_a_wrong_title_is_told_at_the_start_and_by_the_doctor(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server does not start; the doctor names it and looks at the rest."""
    monkeypatch.setenv("MONITOR_TITLE_CONFERENCE", "*Moot*")

    started = CliRunner().invoke(main, ["serve", "--port", "0", "--database", address])
    doctor = CliRunner().invoke(main, ["doctor", "--database", address])

    assert started.exit_code == 1
    assert started.stderr.startswith("MONITOR_TITLE_CONFERENCE cannot be used as a title.")
    assert doctor.exit_code == 1
    assert "MONITOR_TITLE_CONFERENCE cannot be used" in doctor.stdout
    assert "History" in doctor.stdout
