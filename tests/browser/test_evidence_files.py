"""A file of evidence in a browser, where people sign in: added on the form, and taken away by a link that works once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Locator, Page, expect

from monitor.domain.access import Role
from tests.browser.visiting import PATIENT, choose, give_day, open_at, open_form, pick, save, settled
from tests.evidence import GOOD
from tests.server.running import Running, running

REFERENCE = "CC-036"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Yield a server on which people sign in."""
    folder = tmp_path_factory.mktemp("served")
    with running(folder, "--sample-if-empty", MONITOR_SIGN_IN="password") as server:
        yield server


def come_in(page: Page, served: Running, name: str, role: Role) -> None:
    """Open the recommendation as somebody who is signed in."""
    _, token = served.somebody(name, role)
    page.context.add_cookies([{"name": "monitor_session", "value": token, "url": served.url}])
    open_at(page, served.url, "recommendation", {"ref": REFERENCE})


def send(page: Page, field: Locator, file: FilePayload) -> None:
    """Give a field a file, and wait until all of it has arrived."""
    with page.expect_response(lambda answer: "/_stcore/upload_file" in answer.url, timeout=PATIENT):
        field.set_input_files(file)
    settled(page)


def test_a_file_goes_in_on_the_form_and_comes_out_by_a_link(
    page: Page, served: Running, tmp_path: Path
) -> None:
    """A refused file loses nothing that was typed; the one that is kept comes out byte for byte, once."""
    come_in(page, served, "editor", Role.FORCE_EDITOR)
    form = open_form(page, "Add evidence")
    form.get_by_label("What is it called?").fill("Board minutes with their annex")
    choose(form, "What kind is it?", "Board minute")
    give_day(form, "Which day does it describe?", served.store.today())
    pick(form, "What does it show?", "Supports")
    choose(form, "Who checked it?", "another team of the force")
    file = form.locator("input[type=file]")
    send(page, file, FilePayload(name="minutes.pdf", mimeType="application/pdf", buffer=b"MZ\0\0"))
    expect(form.get_by_text("minutes.pdf")).to_be_visible(timeout=PATIENT)
    form.get_by_role("button", name="Save", exact=True).click()
    expect(form.get_by_text("minutes.pdf is a program, not a PDF")).to_be_visible(timeout=PATIENT)
    expect(form.get_by_label("What is it called?")).to_have_value("Board minutes with their annex")

    name = "minutes.docx"
    form.get_by_role("button", name="Remove minutes.pdf").click()
    send(page, file, FilePayload(name=name, mimeType="text/html", buffer=GOOD[name]))
    expect(form.get_by_text(name)).to_be_visible(timeout=PATIENT)
    save(form, said="Evidence added, with its strength.")

    expect(page.get_by_text("not scanned for viruses").first).to_be_visible(timeout=PATIENT)
    page.get_by_role("button", name="One file of evidence").click()
    link = page.get_by_role("link", name=name)
    expect(link).to_be_visible(timeout=PATIENT)
    with page.expect_download(timeout=PATIENT) as waiting:
        link.click()
    taken = tmp_path / "taken"
    waiting.value.save_as(taken)
    assert waiting.value.suggested_filename == name
    assert taken.read_bytes() == GOOD[name]

    with page.context.expect_page(timeout=PATIENT) as opening:
        link.click()
    gone = opening.value
    expect(gone.get_by_role("heading", name="This link is used or over")).to_be_visible(timeout=PATIENT)
    assert Axe().run(gone).violations_count == 0
