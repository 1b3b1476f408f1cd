"""What a person does in the browser, by the words they see: open a page, act as somebody, fill in a form, save a file."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Download, Locator, Page, expect

PATIENT = 20_000
"""Milliseconds for what takes a run of a page on a busy machine."""

STANDS_STILL = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.getAttribute('data-test-script-state') === 'notRunning'
        && document.querySelector('h1') !== null
        && document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]') === null;
}"""


def settled(page: Page) -> Page:
    """Wait until the page has been run to its end and drawn, and return it."""
    page.wait_for_function(STANDS_STILL, timeout=PATIENT)
    return page


def open_at(page: Page, url: str, path: str = "", params: Mapping[str, str] | None = None) -> Page:
    """Open a page of the product: its name, and what its address says besides."""
    page.goto(f"{url}/{path}{'?' + urlencode(params) if params else ''}")
    return settled(page)


def act_as(page: Page, name: str) -> None:
    """Choose another person of the demonstration on the page itself."""
    page.get_by_role("button", name="Acting as").click()
    page.get_by_role("radiogroup", name="Act as").get_by_text(name, exact=True).click()
    expect(page.get_by_role("button", name=f"Acting as {name}")).to_be_visible(timeout=PATIENT)
    page.keyboard.press("Escape")
    settled(page)


def forms_offered(page: Page) -> list[str]:
    """Return the labels of the forms on a recommendation's page: the primary button's, then those of the menu."""
    actions = page.locator(".st-key-actions")
    labels = actions.get_by_role("button").locator("p").all_inner_texts()
    if "More" in labels:
        actions.get_by_role("button", name="More").click()
        expect(page.get_by_role("menuitem").first).to_be_visible()
        labels += page.get_by_role("menuitem").locator("p").all_inner_texts()
        page.keyboard.press("Escape")
        expect(page.get_by_role("menu")).to_have_count(0)
    return [label for label in labels if label != "More"]


def open_form(page: Page, label: str) -> Locator:
    """Open a form by its button or by the menu, and return its dialog."""
    actions = page.locator(".st-key-actions")
    expect(actions.get_by_role("button").first).to_be_visible(timeout=PATIENT)
    button = actions.get_by_role("button", name=label, exact=True)
    if button.count():
        button.click()
    else:
        actions.get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name=label, exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_visible(timeout=PATIENT)
    return dialog


def pick(form: Locator, label: str, choice: str) -> None:
    """Take one of a few choices that all stand on the screen."""
    form.get_by_role("radiogroup", name=label).get_by_text(choice, exact=True).click()


def choose(form: Locator, label: str, choice: str) -> None:
    """Take one of a list that opens."""
    form.get_by_role("combobox", name=label).click()
    form.page.get_by_role("option", name=choice, exact=True).click()


def give_day(form: Locator, label: str, day: date) -> None:
    """Type a day into its three fields, as a keyboard does."""
    field = form.get_by_role("group", name=label)
    for part, typed in zip(("day", "month", "year"), (f"{day:%d}", f"{day:%m}", f"{day:%Y}"), strict=True):
        field.get_by_role("spinbutton", name=re.compile(f"^{part},")).click()
        form.page.keyboard.type(typed)
    # Past the button beside it: the day counts, and the calendar closes, once the field has been left.
    form.page.keyboard.press("Tab")
    form.page.keyboard.press("Tab")


def save(form: Locator, answer: str = "Save", *, said: str = "") -> None:
    """Press a form's button, and wait until it has gone and the product says what it did."""
    page = form.page
    form.get_by_role("button", name=answer, exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENT)
    if said:
        expect(page.get_by_text(said, exact=True).first).to_be_visible(timeout=PATIENT)
    settled(page)


def voice(page: Page, whose: str) -> Locator:
    """Return one of the three voices: force, office or inspectorate."""
    return page.locator(f".st-key-voice-{whose}")


def count_said(page: Page) -> tuple[int, int]:
    """Return the two numbers of the register's count line: how many of how many."""
    line = page.locator(".st-key-count").get_by_text(re.compile(r"[\d,]+ of [\d,]+ recommendation")).first
    expect(line).to_be_visible(timeout=PATIENT)
    found = re.match(r"([\d,]+) of ([\d,]+)", line.inner_text().strip())
    assert found is not None
    shown, of = (int(number.replace(",", "")) for number in found.groups())
    return shown, of


def titles_shown(page: Page) -> list[str]:
    """Return the titles of the register's rows, in their order."""
    return page.locator("[class*='st-key-register-rows'] a").all_inner_texts()


def file_of(page: Page, within: Locator, label: str, folder: Path) -> Path:
    """Open the quiet Download button within a place, take one of its files, and return where it lies."""
    if not page.get_by_role("button", name=label, exact=True).count():
        within.get_by_role("button", name="Download", exact=True).click()
    with page.expect_download(timeout=PATIENT) as waiting:
        page.get_by_role("button", name=label, exact=True).click(timeout=PATIENT)
    taken: Download = waiting.value
    path = folder / taken.suggested_filename
    taken.save_as(path)
    return path


def fits_its_width(page: Page) -> bool:
    """Tell whether the page can be read without scrolling sideways."""
    wide: int = page.evaluate(
        """() => Math.max(document.documentElement.scrollWidth,
            ...[...document.querySelectorAll('[data-testid="stMain"]')].map(main => main.scrollWidth))
            - document.documentElement.clientWidth"""
    )
    return wide <= 0
