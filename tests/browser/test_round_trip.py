"""
The Excel round trip in a browser: download, fill in offline, upload, decide a conflict, record, see it on the pages.

The tests share one running demonstration and go one after another; each takes items of its own.
"""

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpensPage
from tests.browser.test_accessible import ours, violations
from tests.browser.visiting import PATIENT, fits_its_width, open_at, open_form, save, settled, voice
from tests.update_books import columns_of, fill

MINE = "Fifty of sixty cases read by somebody outside the team; ten wait for the court."
CLEAR = "Every sergeant now signs the list on Fridays & reads it out."
DROP_ZONE = "stFileUploaderDropzone"
"""Streamlit's place for files has a role that conflicts with its focus; the button in it works, and says what it is."""

THEIRS = "The supplier came on Thursday and the second sample has begun."


def workbook_of(page: Page, folder: Path, label: str = "Your open items") -> Path:
    """Open the offer, download the workbook and return where it lies."""
    page.get_by_role("button", name="Do them in Excel").click()
    with page.expect_download(timeout=PATIENT) as waiting:
        page.get_by_role("button", name=label).click(timeout=PATIENT)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def filled_in(path: Path, filled: Mapping[str, Mapping[str, object]]) -> Path:
    """Return the file as somebody fills it in and saves it under another name."""
    mine = path.with_name("filled-in.xlsx")
    mine.write_bytes(fill(path.read_bytes(), filled))
    return mine


def references_in(path: Path) -> list[str]:
    """Return the references in the workbook, in its order."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    columns, head = columns_of(sheet)
    return [str(sheet.cell(row, columns["Reference"]).value) for row in range(head + 1, sheet.max_row + 1)]


def upload(page: Page, path: Path, heading: str) -> None:
    """Give the page a file and wait for what it says of it."""
    page.locator("input[type=file][accept$=',.xlsx']").set_input_files(path)
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible(timeout=PATIENT)
    settled(page)


def test_two_rows_filled_in_offline_one_of_them_changed_meanwhile(
    page: Page, new_page: OpensPage, app_url: str, tmp_path: Path
) -> None:
    """Both texts are shown, the choice is made, both updates stand on their pages, and the file again changes nothing."""
    open_at(page, app_url, "updates", {"acting": "lowther"})
    workbook = workbook_of(page, tmp_path)
    first, second, *_ = references_in(workbook)
    mine = filled_in(
        workbook,
        {
            first: {"What has changed": MINE, "Status now": "In progress"},
            second: {"What has changed": CLEAR, "Status now": "Complete", "How sure of the date": "High"},
        },
    )
    other = new_page()
    open_at(other, app_url, "recommendation", {"ref": first, "acting": "ashworth"})
    form = open_form(other, "Report progress")
    form.get_by_label("What has changed").fill(THEIRS)
    save(form, said="Progress recorded. The office sees it now.")

    upload(page, mine, "Two updates in your workbook")
    expect(
        page.get_by_role("heading", level=2, name="One of them was changed since the download")
    ).to_be_visible()
    conflict = page.locator(f".st-key-conflict-{first}")
    expect(conflict).to_contain_text(THEIRS)
    expect(conflict).to_contain_text("DCI R. Ashworth, progress reported")
    expect(conflict).to_contain_text(MINE)
    difference = page.locator(f".st-key-row-plan-{second}")
    expect(difference.get_by_role("table")).to_contain_text(CLEAR)
    expect(difference.get_by_role("cell", name="Complete", exact=True)).to_be_visible()

    page.get_by_role("button", name="Record 2 updates").click()
    expect(page.get_by_text(f"Choose first what it shall be for {first}")).to_be_visible(timeout=PATIENT)
    conflict.get_by_text("Keep mine, as a further report").click()
    settled(page)
    page.get_by_role("button", name="Record 2 updates").click()
    expect(page.get_by_role("heading", level=1, name="Two updates recorded")).to_be_visible(timeout=PATIENT)

    open_at(other, app_url, "recommendation", {"ref": first, "acting": "fenwick"})
    expect(voice(other, "force")).to_contain_text(MINE)
    expect(voice(other, "force")).to_contain_text("In progress")
    expect(other.get_by_text(THEIRS).first).to_be_visible()
    open_at(other, app_url, "recommendation", {"ref": second, "acting": "fenwick"})
    expect(voice(other, "force")).to_contain_text(CLEAR)
    expect(voice(other, "force")).to_contain_text("Complete")

    page.get_by_role("button", name="Go on to what waits").click()
    settled(page)
    page.get_by_role("button", name="Do them in Excel").click()
    upload(page, mine, "Your workbook changes nothing")


@pytest.mark.parametrize(("size", "dark"), [("desk", False), ("phone", True)])
def test_every_step_can_be_read_by_everyone(
    new_page: OpensPage, app_url: str, tmp_path: Path, size: str, dark: bool
) -> None:
    """The offer, the faults, and the difference with a conflict: nothing for axe, nothing wider than the screen."""
    page = new_page(size=size, dark=dark)
    open_at(page, app_url, "updates", {"acting": "harland"})
    workbook = workbook_of(page, tmp_path, "All open items of the force")
    assert_readable(page)
    one, two, three = references_in(workbook)[20:23]
    wrong = filled_in(workbook, {one: {"Status now": "Doing it"}, two: {"Happened on": "soon"}})
    upload(page, wrong, "Four cells and rows to put right")
    assert_readable(page)
    other = new_page()
    open_at(other, app_url, "recommendation", {"ref": three, "acting": "ashworth"})
    form = open_form(other, "Report progress")
    form.get_by_label("What has changed").fill(THEIRS)
    save(form)

    upload(
        page,
        filled_in(workbook, {one: {"What has changed": "W" * 300}, three: {"What has changed": MINE}}),
        "Two updates in your workbook",
    )

    assert_readable(page)
    page.get_by_role("button", name="Record nothing").click()
    expect(page.get_by_role("button", name="Do them in Excel")).to_be_visible(timeout=PATIENT)


def test_the_whole_trip_goes_by_keyboard(page: Page, app_url: str, tmp_path: Path) -> None:
    """The offer opens, the choice is made and the button is pressed without a mouse."""
    open_at(page, app_url, "updates", {"acting": "bewley"})
    page.get_by_role("button", name="Do them in Excel").focus()
    page.keyboard.press("Enter")
    with page.expect_download(timeout=PATIENT) as waiting:
        page.get_by_role("button", name="Your open items").press("Enter")
    path = tmp_path / "mine.xlsx"
    waiting.value.save_as(path)
    reference = references_in(path)[0]
    upload(page, filled_in(path, {reference: {"What has changed": CLEAR}}), "One update in your workbook")

    page.get_by_role("button", name="Record 1 update").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1, name="One update recorded")).to_be_visible(timeout=PATIENT)


def assert_readable(page: Page) -> None:
    """Fail for what axe finds, or for a page that must be scrolled sideways."""
    settled(page)
    found = [told for violation in violations(page) for told in ours(violation) if DROP_ZONE not in told]

    assert not found, "\n".join(found)
    assert fits_its_width(page), "The page must be scrolled sideways"
