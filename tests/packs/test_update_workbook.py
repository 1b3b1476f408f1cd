import io
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.access import Role
from monitor.domain.statuses import Assurance, Confidence, ForceReport, Precision
from monitor.domain.text import clean, clean_line
from monitor.errors import AccessError
from monitor.importers.update_sheet import read_updates
from monitor.packs.update_workbook import update_workbook, update_workbook_name
from monitor.services import deciding, updating
from monitor.services.reading import read_recommendation
from monitor.services.round_trip import apply_updates, plan_updates, update_form
from monitor.store import Store
from tests.builders import APPROVER, EDITOR, OFFICE, OFFICE_NAME, Clock, a_register, day, person, take_in
from tests.registers import clock, sqlite_register
from tests.update_books import fill, read_here

__all__ = ["clock", "sqlite_register"]

HOSTILE = (
    "=1+1",
    "_x0041_",
    "'quoted'",
    "- a list\n- of two",
    "\u202eturned",
    "soft\u00adly",
    "a\u00a0b",
    "\ufffe?",
    "&amp; <b>",
)
WORDS_OF_ANY_KIND = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)
)


def kept(limit: int = 80) -> Any:
    """Return texts of any kind of which something is kept."""
    return WORDS_OF_ANY_KIND.map(lambda text: clean(text)[:limit]).filter(lambda text: bool(clean(text)))


ITEM = st.fixed_dictionaries(
    {
        "short_title": kept(30).filter(lambda text: 0 < len(clean_line(text)) <= 42),
        "text": kept(),
        "due_on": st.none() | st.dates(date(1850, 1, 1), date(9999, 12, 31)),
        "due_precision": st.sampled_from([Precision.DAY, Precision.MONTH, Precision.YEAR]),
        "asked": st.just("") | kept(),
        "reports": st.lists(
            st.tuples(st.sampled_from(ForceReport), kept(), st.none() | st.sampled_from(Confidence), st.just("") | kept()),
            max_size=2,
        ),
    }
)  # fmt: skip


def a_told_register(store: Store, items: list[dict[str, Any]]) -> None:
    """Tell the stories of these items, all the editor's."""
    for number, item in enumerate(items):
        reference = f"CC-{number:03}"
        dated = {"due_on": item["due_on"], "due_precision": item["due_precision"]} if item["due_on"] else {}
        take_in(
            store,
            reference,
            owner=EDITOR.name,
            short_title=item["short_title"],
            text=item["text"],
            **dated,
        )
        for status, narrative, confidence, blocked_by in item["reports"]:
            updating.report_progress(
                store,
                reference=reference,
                status=status,
                narrative=narrative,
                confidence=confidence,
                blocked_by=blocked_by,
                by=EDITOR,
            )
        if item["asked"]:
            deciding.decide_assurance(
                store,
                reference=reference,
                level=Assurance.NOT_ASSURED,
                rationale="Few.",
                ask=item["asked"],
                by=OFFICE,
            )


def downloaded(store: Store) -> bytes:
    """Return the workbook of the editor."""
    return update_workbook(update_form(store, by=EDITOR), by=EDITOR)


@settings(max_examples=30)
@given(items=st.lists(ITEM, max_size=4))
def test_a_workbook_uploaded_untouched_changes_nothing(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, items: list[dict[str, Any]]
) -> None:
    """For any register: whatever is stored, the way out and back finds nothing to record and nothing to refuse."""
    path = tmp_path_factory.mktemp("trip") / "register.sqlite"
    shutil.copyfile(sqlite_template, path)
    store = a_register(f"sqlite:///{path}", Clock())
    a_told_register(store, items)

    form = read_updates(read_here(downloaded(store)))
    plan = plan_updates(store, form=form, by=EDITOR)

    assert plan.faults == ()
    assert plan.updates == ()
    assert plan.unchanged == len(items)
    store.close()


@settings(max_examples=20)
@given(narrative=kept(), blocked_by=st.just("") | kept(), status=st.sampled_from(ForceReport))
def test_what_is_filled_in_is_what_is_recorded_and_only_once(
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    narrative: str,
    blocked_by: str,
    status: ForceReport,
) -> None:
    """Any words reach the register as the workbook gave them; the same file again changes nothing."""
    path = tmp_path_factory.mktemp("trip") / "register.sqlite"
    shutil.copyfile(sqlite_template, path)
    store = a_register(f"sqlite:///{path}", Clock())
    a_told_register(store, [{"short_title": "Do it", "text": "Do.", "due_on": None, "due_precision": None, "asked": "", "reports": []}])  # fmt: skip
    # A cell that begins with an equals sign would be a formula, as when somebody types one.
    typed = {
        "What has changed": f"So: {narrative}",
        "Blocked by": f"By: {blocked_by}" if blocked_by else None,
    }
    cells = {name: openpyxl_keeps(value) for name, value in typed.items()} | {"Status now": status.word}
    form = read_updates(read_here(fill(downloaded(store), {"CC-000": cells})))

    done = apply_updates(store, plan=plan_updates(store, form=form, by=EDITOR), by=EDITOR)

    said = read_recommendation(store, reference="CC-000", by=OFFICE).record.reports[-1]
    assert len(done) == 1
    assert (said.status, said.narrative) == (status, clean(form.rows[0].narrative))
    assert said.narrative.startswith("So:")
    again = plan_updates(store, form=form, by=EDITOR)
    assert (again.updates, again.unchanged) == ((), 1)
    store.close()


def openpyxl_keeps(text: str | None) -> str | None:
    """Return the text without what that library refuses to write."""
    return None if text is None else "".join(ch for ch in text if ch in "\n\t" or ch.isprintable())


def test_the_workbook_says_whose_it_is_and_of_which_day(sqlite_register: Store, clock: Clock) -> None:
    """The title names the person, or all of the force; the small line the office and how many."""
    take_in(sqlite_register, owner=EDITOR.name, due_on=day(20))
    clock.set(day(3))

    mine = cells_above(downloaded(sqlite_register))
    everyone = cells_above(
        update_workbook(update_form(sqlite_register, by=APPROVER, everyone=True), by=APPROVER)
    )

    assert mine[0] == "Updates of Editor Person, 7 March 2024"
    assert everyone[0] == "All open items of the force, 7 March 2024"
    assert (
        f"{OFFICE_NAME}: 1 open item, in the order of My updates. Downloaded for Editor Person on" in mine[4]
    )
    assert "Demonstration" not in "".join(mine)
    assert update_workbook_name(day(3)) == "updates_2024-03-07.xlsx"


def cells_above(content: bytes) -> list[str]:
    """Return the words above the table."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [str(row[0].value) for row in sheet.iter_rows(max_row=5)]


def test_who_may_not_export_gets_no_workbook(sqlite_register: Store) -> None:
    """The form alone does not leave the product."""
    form = update_form(sqlite_register, by=EDITOR)

    with pytest.raises(AccessError, match="may not export"):
        update_workbook(form, by=person("public", Role.PUBLIC_VIEWER))


def test_equal_downloads_are_equal_files(sqlite_register: Store) -> None:
    """The moment in the file is the register's, so that it can be made again."""
    take_in(sqlite_register, owner=EDITOR.name)
    form = update_form(sqlite_register, by=EDITOR)

    assert update_workbook(form, by=EDITOR) == update_workbook(form, by=EDITOR)
