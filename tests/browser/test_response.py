"""
A response in a browser: written by the force and the office, approved by a second person, published, read by the public.

The tests of a file share one running demonstration: this one answers the report whose last day is the next to come.
"""

import re
import zipfile
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.visiting import PATIENT, file_of, open_at, pick, save, settled

REPORT = "Demonstration: Digital forensics, a national thematic"
COMMENTS = "We welcome the report, and have begun with the devices that wait longest."
OFFICE = "The Commissioner asks about it at each meeting until no device waits."
DONE = " The rest follows by the summer."


def test_a_report_is_answered_by_two_people_and_read_by_everybody(
    page: Page, app_url: str, tmp_path: Path
) -> None:
    """Every text is written, one from the register; a second person approves it; the public takes it away as Word."""
    at_the_desk(page, app_url, "lowther")
    write_on(page)
    type_text(page, COMMENTS)
    expect(page.get_by_role("heading", name="Chief Constable’s comments")).to_be_visible()

    at_the_desk(page, app_url, "fenwick")
    expect(page.get_by_role("heading", level=1)).to_have_text("The response is due in 14 days.")
    write_on(page)
    while page.get_by_role("radiogroup", name="What is done about it?").count():
        page.get_by_role("button", name="Take what the register says").click()
        field = page.get_by_label("The action taken or proposed, or why there is none")
        expect(field).to_have_value(re.compile("reported"), timeout=PATIENT)
        settled(page)
        pick(page.locator(".st-key-writing"), "What is done about it?", "Action taken and proposed")
        type_text(page, field.input_value() + DONE)
    type_text(page, OFFICE)
    open_and_answer(page, "Ask for approval", "Ask for approval", "Asked. It waits for a second person.")
    expect(page.get_by_text("H. Fenwick asked for approval on 16 January 2023.", exact=False)).to_be_visible()
    expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)

    at_the_desk(page, app_url, "osgood")
    open_and_answer(page, "Approve", "Approve it", "Approved. It can be published.")
    open_and_answer(page, "Publish", "Publish it", "Published. It is kept as it is.")
    expect(page.get_by_role("heading", level=1)).to_have_text("The response was published in time.")

    at_the_desk(page, app_url, "public")
    expect(page.get_by_text(OFFICE)).to_be_visible()
    expect(page.get_by_text("Fenwick", exact=False)).to_have_count(0)
    page.get_by_role("button", name="The published response").click()
    expect(page.get_by_role("button", name="Word", exact=True)).to_be_visible(timeout=PATIENT)
    word = file_of(page, page.get_by_role("main"), "Word", tmp_path)
    with zipfile.ZipFile(word) as opened:
        text = re.sub(r"<[^>]+>", "", opened.read("word/document.xml").decode())
    assert COMMENTS in text
    assert OFFICE in text
    assert text.count(DONE.strip()) == 3
    assert "Draft" not in text


def at_the_desk(page: Page, app_url: str, who: str) -> None:
    """Open the desk of the report from the list, as a person."""
    open_at(page, app_url, "response", {"acting": who})
    page.get_by_role("link", name=REPORT).click()
    expect(page.get_by_role("link", name="All responses")).to_be_visible(timeout=PATIENT)
    settled(page)


def write_on(page: Page) -> None:
    """Open the first text that is missing."""
    page.get_by_role("button", name="Write what is missing").click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible(timeout=PATIENT)
    settled(page)


def type_text(page: Page, text: str) -> None:
    """Fill in the text that is open and save it; the next one that is missing opens, or the desk."""
    field = page.locator(".st-key-writing textarea")
    title = page.get_by_role("heading", level=1).inner_text()
    field.fill(text)
    page.locator(".st-key-writing").get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(title, timeout=PATIENT)
    settled(page)


def open_and_answer(page: Page, step: str, answer: str, said: str) -> None:
    """Open the form of a step, and take it."""
    page.get_by_role("button", name=step, exact=True).first.click()
    dialog: Locator = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name=answer, exact=True)).to_be_visible(timeout=PATIENT)
    save(dialog, answer, said=said)
