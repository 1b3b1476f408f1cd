"""
Bringing a report in with a browser: drop a Word file, put a field right, take it in, and find the passage again.

The tests of a file share one running demonstration and go one after another; each drops a file of its own.
"""

from pathlib import Path

import openpyxl
from docx import Document
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpensPage
from tests.browser.visiting import PATIENT, fits_its_width, open_at, settled

TITLE = "Custody of children"
FIRST = "By September 2023, chief constables should make sure that every child in custody sees an appropriate adult."
SECOND = "Within six months, chief constables should record the reason for each strip search of a child."


WALKED = (
    "By May 2024, chief constables should make sure that radios are charged before each shift.",
    "Chief constables should test every battery once a year.",
)


def a_response(
    folder: Path, name: str = "response.docx", title: str = TITLE, asks: tuple[str, str] = (FIRST, SECOND)
) -> Path:
    """Return a response as an office writes it in Word."""
    document = Document()
    document.add_paragraph("Police and Crime Commissioner response to inspections published by HMICFRS")
    for label, said in (
        ("Inspection Title:", title),
        ("Date Published:", "November 2022"),
        ("Type of Inspection:", "National Inspection"),
        ("Key Findings", "Children wait too long for an adult."),
    ):
        document.add_paragraph(label)
        document.add_paragraph(said)
    document.add_paragraph("Recommendations:")
    for number, ask in enumerate(asks, start=1):
        document.add_paragraph(f"{number}. {ask}")
    document.add_paragraph("PCC & Chief Constable Response to Report and Recommendation:")
    document.add_paragraph("The Commissioner welcomes the report.")
    document.save(str(folder / name))
    return folder / name


def a_tracker(folder: Path, *statuses: str) -> Path:
    """Return a tracker of as many rows as statuses are given."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Ref", "Report", "Recommendation text", "Lead", "Due date", "RAG"])
    for number, status in enumerate(statuses, start=1):
        text = f"The force should review guidance number {number} on the safe custody of detained people."
        sheet.append([f"BT-{number:03}", "Custody tracker", text, "DSupt Ash", "31/03/2024", status])
    book.save(folder / "tracker.xlsx")
    return folder / "tracker.xlsx"


def opened(page: Page, url: str) -> Page:
    """Open the page as somebody of the office."""
    return open_at(page, url, "review", {"acting": "fenwick"})


def drop(page: Page, *files: Path) -> None:
    """Drop files on the page, and wait until what they hold is listed."""
    page.locator("input[type=file]").first.set_input_files(files)
    expect(page.get_by_role("heading", name="What was read")).to_be_visible(timeout=PATIENT)
    settled(page)


def look_at(page: Page, title: str) -> None:
    """Choose something in the list."""
    page.locator(".st-key-rows-review").get_by_role("button", name=title).first.click()
    expect(page.get_by_role("heading", level=2, name=title)).to_be_visible(timeout=PATIENT)
    settled(page)


def test_a_response_is_dropped_put_right_taken_in_and_found_again(
    page: Page, app_url: str, tmp_path: Path
) -> None:
    """A corrected field is on the register with its passage; the same file again holds nothing to take in."""
    response = a_response(tmp_path)
    opened(page, app_url)
    drop(page, response)
    expect(page.get_by_role("heading", level=1)).to_have_text("Two recommendations were read, all new.")

    day = page.get_by_label("Published on, as exactly as it is known")
    day.fill("16 November 2022")
    day.press("Tab")
    expect(page.get_by_text("Last day to respond: 10 January 2023")).to_be_visible(timeout=PATIENT)
    look_at(page, "Every child in custody")
    marked = page.locator("[class*='st-key-passage-'] .stMarkdownColoredBackground")
    expect(marked).to_contain_text(FIRST)
    title = page.get_by_label("Short title")
    title.fill("An adult for every child in custody")
    title.press("Tab")
    expect(page.get_by_role("heading", level=2, name="An adult for every child")).to_be_visible(
        timeout=PATIENT
    )
    page.get_by_role("button", name="Take in 1 report and 2 recommendations").click()

    done = page.get_by_role("heading", level=1, name="Taken in: one report and two recommendations.")
    expect(done).to_be_visible(timeout=PATIENT)
    page.get_by_role("link", name="An adult for every child in custody").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "An adult for every child in custody", timeout=PATIENT
    )
    read = page.locator(".st-key-section-passages")
    expect(read.locator(".stMarkdownColoredBackground")).to_contain_text(FIRST, timeout=PATIENT)
    expect(read).to_contain_text("response.docx · taken in on 16 January 2023 by H. Fenwick")

    opened(page, app_url)
    drop(page, response)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Nothing here is new: it is all on the register."
    )
    expect(page.get_by_role("button", name="Nothing to take in")).to_be_disabled()


def test_all_of_it_is_read_and_walked_with_the_keyboard(page: Page, app_url: str, tmp_path: Path) -> None:
    """Next keeps the focus, so that Enter walks on; a box is ticked with the space bar."""
    opened(page, app_url)
    drop(page, a_response(tmp_path, "keyboard.docx", "Walked with the keyboard", WALKED))
    page.get_by_role("button", name="Next", exact=True).focus()
    for place in (2, 3):
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"{place} of 3", exact=True)).to_be_visible(timeout=PATIENT)
        settled(page)
    tick = page.get_by_role("checkbox", name="Take in Test every battery")
    expect(tick).to_be_checked()
    tick.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Take in 1 report and 1 recommendation")).to_be_visible(
        timeout=PATIENT
    )


def test_an_unknown_status_is_settled_for_every_row(page: Page, app_url: str, tmp_path: Path) -> None:
    """A word that nobody knows is asked for; once it is settled, the tracker can be taken in."""
    opened(page, app_url)
    drop(page, a_tracker(tmp_path, "In progress", "Parked with legal", "Parked with legal"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Two faults keep this from being taken in.")
    word = page.get_by_role("combobox", name="What “Parked with legal” means")
    word.focus()
    page.keyboard.type("Not started")
    page.keyboard.press("Enter")
    taking = page.get_by_role("button", name="Take in 1 report and 3 recommendations")
    expect(taking).to_be_visible(timeout=PATIENT)
    taking.dblclick()  # a second press finds nothing left to take in
    done = page.get_by_role("heading", level=1, name="Taken in: one report and three recommendations.")
    expect(done).to_be_visible(timeout=PATIENT)
    expect(page.get_by_role("link", name="BT-003")).to_be_visible(timeout=PATIENT)


def test_on_a_phone_the_list_gives_way_to_what_was_opened(
    new_page: OpensPage, app_url: str, tmp_path: Path
) -> None:
    """One of the two is on the screen at a time, and one button leads back."""
    page = new_page(size="phone")
    opened(page, app_url)
    drop(page, a_response(tmp_path, "phone.docx", "Read on a phone"))
    look_at(page, "Every child in custody")
    expect(page.get_by_role("heading", name="What was read")).to_be_hidden()
    expect(page.get_by_label("Text, as printed")).to_be_visible()
    assert fits_its_width(page), "The page must be scrolled sideways"
    page.get_by_role("button", name="All that was read").click()
    expect(page.get_by_role("heading", name="What was read")).to_be_visible(timeout=PATIENT)
