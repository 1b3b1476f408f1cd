"""
A meeting in a browser, from its recording to what came of it.

The tests of a file share one running demonstration and go one after another: each leaves the meeting as it has become.
"""

import re
import zipfile
from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.visiting import PATIENT, file_of, give_day, open_at, pick, save, settled

KIND, DAY = "Scrutiny panel", date(2023, 1, 16)
"""Held on the day that the demonstration shows, so that it can be answered at once."""

EDITED = "What has changed for the people who live there, and who has counted it?"
ADDED = "Which one thing should the public see by the summer?"


def test_a_meeting_is_prepared_and_its_pack_published(page: Page, app_url: str, tmp_path: Path) -> None:
    """It is recorded, its questions are edited, left out and added, and what is published is what was looked at."""
    open_at(page, app_url, "conference", {"acting": "fenwick"})
    form = opened(page, "Record a meeting", "Record it")
    pick(form, "What kind of meeting is it?", KIND)
    give_day(form, "On which day?", DAY)
    form.get_by_label("Place").fill("Carleton Hall, Penrith")
    save(form, "Record it", said="Meeting recorded. Its questions are below.")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{KIND}, 16 January 2023")
    titles = question_titles(page)
    assert len(titles) > 5

    form = opened(page, "Edit", "Save")
    form.get_by_label("The question, as it will be asked").fill(EDITED)
    save(form, said="Saved. What the rule proposed is told beside it.")
    expect(page.get_by_text("Edited. The rule proposed:")).to_be_visible()
    page.get_by_role("button", name="Leave out", exact=True).nth(1).click()
    expect(page.get_by_text(f"2. {titles[1]}", exact=True)).to_have_count(0, timeout=PATIENT)
    settled(page)
    form = opened(page, "Add a question", "Add it")
    form.get_by_label("The question, as it will be asked").fill(ADDED)
    save(form, "Add it", said="Added, as the last question.")
    assert question_titles(page) == [titles[0], *titles[2:], ADDED[:42].rpartition(" ")[0] + "…"]

    page.get_by_role("button", name="Make the pack", exact=True).click()
    expect(page.get_by_role("button", name="Publish this pack")).to_be_visible(timeout=3 * PATIENT)
    settled(page)
    main = page.get_by_role("main")
    looked_at = {form: file_of(page, main, label, tmp_path).read_bytes() for form, label in FORMS.items()}
    assert looked_at["pdf"].startswith(b"%PDF-")
    with zipfile.ZipFile(tmp_path / f"panel_{DAY:%Y-%m-%d}.docx") as word:
        text = re.sub(r"<[^>]+>", "", word.read("word/document.xml").decode())
    assert EDITED in text
    assert ADDED in text
    assert ADDED in looked_at["html"].decode()

    form = opened(page, "Publish this pack", "Publish it")
    expect(form).to_contain_text("kept for ever")
    save(form, "Publish it", said="Published. It is kept as it is.")
    row = page.locator(".st-key-row-pack-0")
    expect(row).to_contain_text("by H. Fenwick")
    expect(row).to_contain_text(re.compile("Fingerprint [0-9a-f]{12}"))
    for form_name, label in FORMS.items():
        assert file_of(page, row, label, tmp_path).read_bytes() == looked_at[form_name]


FORMS = {"docx": "Word", "pdf": "PDF", "html": "Web page"}


def opened(page: Page, button: str, answer: str) -> Locator:
    """Open a form by the first button of these words, and return its dialog once it has its answer."""
    page.get_by_role("button", name=button, exact=True).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name=answer, exact=True)).to_be_visible(timeout=PATIENT)
    return dialog


def question_titles(page: Page) -> list[str]:
    """Return the titles of the questions in the order in which they are asked."""
    shown = page.locator(".st-key-rows-questions").get_by_role("heading", level=3).all_inner_texts()
    return [title.partition(". ")[2].strip() for title in shown]
