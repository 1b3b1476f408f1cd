"""Who did what, as an auditor reads and takes it away."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain.access import Actor, Role
from monitor.exporters import as_bytes
from monitor.packs.audit_table import audit_export
from monitor.services import auditing
from monitor.services.auditing import AuditAct, AuditFilter, AuditRow, read_whole_audit
from monitor.services.intake import take_in_report
from monitor.services.updating import report_progress
from monitor.store import Store
from monitor.ui import audit, downloads
from tests.builders import (
    A_REPORT,
    ADMINISTRATOR,
    ANALYST,
    EDITOR,
    ELSEWHERE,
    OFFICE,
    PUBLIC,
    SERVICE,
    Clock,
    close,
    day,
    person,
    take_in,
)
from tests.pages.signed_in import Opens, clock, field, join, links, open_page, press, said, store

__all__ = ["clock", "open_page", "store"]

EVERYWHERE = person("everywhere", Role.OFFICE, services=None)
HOSTILE = "<script>alert(1)</script> $x$ **b** :red[x] [l](javascript:x) `c`"


@pytest.fixture(autouse=True)
def nobody_signs_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let people be whom a test names, unless it says that they sign in."""
    monkeypatch.delenv("MONITOR_SIGN_IN")


def entries(app: AppTest) -> list[str]:
    """Return what was done, as the rows say it."""
    return [
        str(one.value) for one in app.markdown if str(one.value).startswith("**") and "entr" not in one.value
    ]


def test_entries_say_when_who_and_what(store: Store, clock: Clock, open_page: Opens) -> None:
    """Newest first, under their days, with a link to what can be opened."""
    take_in(store, "CC-001")
    clock.set(day(1))
    report_progress(store, reference="CC-001", by=EDITOR, **A_REPORT)
    app = open_page("audit", OFFICE)

    assert app.title[0].value == "Who did what"
    assert entries(app) == [
        "**Progress reported**: In progress",
        "**Taken in**",
        "**Report taken in**",
        "**Service added**",
    ]
    text = said(app)
    assert text.index("5 March 2024") < text.index("4 March 2024")
    assert f"12:00 · {EDITOR.name}, force editor" in text
    assert "**4 entries**. Newest first." in text
    assert "ref=CC-001" in links(app)["CC-001 Do CC-001"]
    assert "inspection=PEEL+assessment" in links(app)["PEEL assessment"]


@pytest.mark.parametrize("by", [PUBLIC, ANALYST, EDITOR], ids=lambda by: by.id)
def test_page_is_for_the_office_and_the_administrator(store: Store, open_page: Opens, by: Actor) -> None:
    """Others read whom it is for."""
    app = open_page("audit", by)

    assert app.title[0].value == "This page is for the office and the administrator"
    assert not entries(app)


def test_filters_choose_and_start_at_the_first_page(
    store: Store, clock: Clock, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By person, sort, reference and days; what matches nothing says so."""
    monkeypatch.setattr(audit, "ENTRIES_A_PAGE", 3)
    take_in(store, "CC-001", due_on=day(30))
    close(store, "CC-001")
    clock.set(day(2))
    take_in(store, "CC-002")
    app = press(open_page("audit", OFFICE), "Older")
    assert "Entries **4 to 6** of 8." in said(app)

    field(app, "What").set_value(AuditAct.CLOSING).run()
    assert entries(app) == ["**Closed**: Met", "**Closure proposed**: Met"]
    field(app, "Who").set_value(OFFICE.id).run()
    assert entries(app) == ["**Closed**: Met"]
    field(app, "From").set_value(day(1)).run()
    assert "Nothing matches" in [one.value for one in app.header]
    for label in ("What", "Who", "From"):
        field(app, label).set_value(None)
    field(app, "Reference").set_value("002").run()
    assert entries(app) == ["**Taken in**"]


def test_service_is_a_filter_where_there_are_several(store: Store, open_page: Opens) -> None:
    """For one there is nothing to choose."""
    take_in(store, "CC-001")
    assert "Service" not in [one.label for one in open_page("audit", OFFICE).selectbox]
    app = open_page("audit", EVERYWHERE)
    field(app, "Service").set_value(ELSEWHERE).run()
    assert entries(app) == ["**Service added**"]


def test_pages_turn_to_older_and_newer(
    store: Store, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ends cannot be passed, and no page is longer than it says."""
    monkeypatch.setattr(audit, "ENTRIES_A_PAGE", 3)
    asked: list[Any] = []
    read = auditing.read_audit

    def reading(*arguments: Any, **named: Any) -> list[AuditRow]:
        asked.append(named["limit"])
        return read(*arguments, **named)

    monkeypatch.setattr(auditing, "read_audit", reading)
    for number in range(5):
        take_in(store, f"CC-00{number}")
    app = open_page("audit", OFFICE)
    seen = entries(app)
    buttons = {button.label: button for button in app.button}
    assert (buttons["Newer"].disabled, buttons["Older"].disabled) == (True, False)
    for _ in range(2):
        press(app, "Older")
        seen += entries(app)
    buttons = {button.label: button for button in app.button}
    assert (buttons["Newer"].disabled, buttons["Older"].disabled) == (False, True)
    assert len(seen) == 7
    assert "Entries **7 to 7** of 7." in said(app)
    press(press(app, "Newer"), "Newer")
    assert entries(app) == seen[:3]
    assert set(asked) == {3}


def test_nothing_that_is_sent_numbers_the_entries(store: Store, open_page: Opens) -> None:
    """Gaps in the numbers would tell of what is hidden: what is sent is the same with it and without it."""
    local = person("local", Role.ADMINISTRATOR)
    for number in range(30):
        take_in(store, f"CC-{number:03}")

    def sent() -> list[str]:
        app = press(open_page("audit", local), "Older")
        kinds = (
            app.markdown,
            app.caption,
            app.button,
            app.selectbox,
            app.text_input,
            app.date_input,
            app.title,
        )
        return [str(one.proto) for kind in kinds for one in kind] + [
            str(one.proto) for one in app.get("page_link")
        ]

    before = sent()
    report = take_in_report(store, service=SERVICE, title="A secret report", is_restricted=True, by=OFFICE)
    take_in(store, "CC-HIDDEN", inspection_id=report.id)

    assert sent() == before


def test_a_past_day_shows_what_had_been_done_by_then(store: Store, clock: Clock, open_page: Opens) -> None:
    """As every page does."""
    take_in(store, "CC-001")
    clock.set(day(3))
    take_in(store, "CC-002")

    app = open_page("audit", OFFICE, as_at=day(1).isoformat())

    assert "CC-001 Do CC-001" in links(app)
    assert "CC-002 Do CC-002" not in links(app)


def test_accounts_are_a_sort_for_who_manages_them(
    store: Store, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the office there is no such sort, and no such person; a link from an account chooses its person."""
    monkeypatch.setenv("MONITOR_SIGN_IN", "password")
    ada = join(store, "Ada Reed", (Role.ADMINISTRATOR, ""))
    kit = join(store, "Kit Moss", (Role.OFFICE, SERVICE))
    take_in(store, "CC-001", by=EVERYWHERE)
    app = open_page("audit", ada)
    assert AuditAct.ACCOUNTS.word in field(app, "What").options
    assert f"who={kit}" in links(app)["Kit Moss"]
    app = open_page("audit", kit)
    assert AuditAct.ACCOUNTS.word not in field(app, "What").options
    assert "Account" not in said(app)
    app = open_page("audit", ada, who=EVERYWHERE.id)
    assert field(app, "Who").value == EVERYWHERE.id
    assert entries(app) == ["**Taken in**"]


def test_stored_text_is_shown_as_it_was_written(store: Store, open_page: Opens) -> None:
    """Titles, names and references with marks in them stay text."""
    by = Actor(id="x", name=HOSTILE, roles=frozenset({Role.OFFICE}))
    take_in_report(store, service=SERVICE, title=HOSTILE, by=by)
    take_in(store, "CC-001", short_title=HOSTILE[:42], by=by)
    app = open_page("audit", OFFICE)

    raw = "\n".join(str(one.value) for kind in (app.markdown, app.caption) for one in kind)
    raw += "\n".join(one.proto.label for one in app.get("page_link"))
    for trap in (" <script>", " **b**", " :red[x]", "[l](javascript", " $x$", " `c`"):
        assert trap not in raw


def test_files_hold_every_entry_chosen(
    store: Store, open_page: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only those of the page; as CSV and as Excel, and offered to who may read them."""
    offered: list[downloads.Download] = []
    monkeypatch.setattr(downloads, "offer", lambda files, **_: offered.extend(files))
    for number in range(30):
        take_in(store, f"CC-{number:03}")
    report_progress(store, reference="CC-001", by=EDITOR, **A_REPORT)
    app = open_page("audit", ADMINISTRATOR)
    field(app, "What").set_value(AuditAct.INTAKE).run()
    files = {one.name.rpartition(".")[2]: one.make() for one in offered[-2:]}

    rows = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert len(rows) == 31
    assert rows[0]["reference"] == "CC-029"
    assert {row["what"] for row in rows} == {"Taken in", "Report taken in"}
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    assert book.sheetnames == ["Who did what", "About"]
    about = " ".join(str(cell.value) for row in book["About"] for cell in row)
    assert "Entries of the sort taken in and worded. 31 in all" in about


def test_a_file_is_the_same_with_and_without_what_is_hidden(store: Store) -> None:
    """To the byte: rows, captions and counts."""
    local = person("local", Role.ADMINISTRATOR)
    take_in(store, "CC-001")

    def file() -> bytes:
        rows = read_whole_audit(store, by=local)
        table = audit_export(
            rows,
            AuditFilter(),
            people={},
            office="The office",
            is_demonstration=False,
            by=local,
            made_at=Clock().at,
        )
        return as_bytes(table, "xlsx")

    before = file()
    report = take_in_report(store, service=SERVICE, title="A secret report", is_restricted=True, by=OFFICE)
    take_in(store, "CC-HIDDEN", inspection_id=report.id)

    assert file() == before


def test_a_formula_in_a_name_is_text_in_the_file(store: Store) -> None:
    """Nothing that was typed runs in a spreadsheet."""
    take_in(store, "CC-001", by=Actor(id="x", name='=HYPERLINK("http://a")', roles=frozenset({Role.OFFICE})))
    table = audit_export(
        read_whole_audit(store, by=OFFICE),
        AuditFilter(),
        people={},
        office="The office",
        is_demonstration=True,
        by=OFFICE,
        made_at=Clock().at,
    )

    sheet = openpyxl.load_workbook(io.BytesIO(as_bytes(table, "xlsx"))).worksheets[0]
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    assert "=HYPERLINK" not in as_bytes(table, "csv").decode().replace("'=HYPERLINK", "")
    assert "Demonstration data" in " ".join(table.captions)
