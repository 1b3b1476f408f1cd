"""
Every page in axe, in light, in dark and on a phone: WCAG 2.2 A and AA and axe's own good practice.

What axe cannot see is in docs/accessibility.md. What it finds in Streamlit itself, and nobody can mend from outside,
stands in `KNOWN` with its reason; everything else is a fault of ours.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import new_visitor, serving
from tests.browser.visiting import PATIENT, fits_its_width, open_at, open_form, settled

RULES: Final = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
KNOWN: Final[dict[tuple[str, str], str]] = {
    ("presentation-role-conflict", 'data-testid="stFileUploaderDropzone"'): (
        "Streamlit gives the drop area a name and no role; the button in it is named and focusable, so nothing is lost."
    ),
}
"""Rule and a part of the element's markup: why it is Streamlit's and does no harm."""

LOOKS: Final = {"light": ("desk", False), "dark-phone": ("phone", True)}
"""Each size once and each theme once: what axe finds hangs on one or the other, not on the pair."""
"""The size of the screen, and whether its reader prefers it dark."""

RESPONSE: Final = b"""Inspection Title:
Custody of children

Date Published:
November 2022

Key Findings

- Children wait too long.

Recommendations:

1. By September 2023, forces should make sure that every child in custody sees an appropriate adult.

PCC & Chief Constable Response to Report and Recommendation:

The Commissioner welcomes the report.
"""
CHANGED: Final = RESPONSE.replace(
    b"1. By September 2023, forces should make sure that every child in custody sees an appropriate adult.",
    b"1. #23432 - By March 2023, forces should make sure their crime scene management practices follow the national rules.",
)
TRACKER: Final = b"""Ref,Report,Recommendation text,Lead,Due date,Status
CT-1,Custody tracker,The force should review its guidance on the custody of children.,DSupt Ash,31/02/2024,In progress
CT-2,Custody tracker,The force should publish its guidance on the use of force.,DSupt Ash,31/03/2024,Parked with legal
"""

HEADINGS: Final = "() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))"


class Reader:
    """Somebody with one browser who opens what is looked at: pages, menus and forms."""

    def __init__(self, page: Page, full: str, empty: str) -> None:
        self.page, self.full, self.empty = page, full, empty

    def open(self, path: str, **params: str) -> Page:
        """Open a page of the demonstration."""
        return open_at(self.page, self.full, path, params)

    def press(self, button: str, awaited: str) -> None:
        """Press a button of the page, and wait for words that it brings."""
        self.page.get_by_role("button", name=button).first.click()
        expect(self.page.get_by_text(awaited, exact=True).last).to_be_visible(timeout=PATIENT)
        settled(self.page)


def more_filters(reader: Reader) -> None:
    """Open the register's further filters."""
    reader.open("register", show="late", text="children")
    reader.press("More filters", "Evidence")


def chart_table(reader: Reader) -> None:
    """Open the table behind a chart."""
    reader.open("progress")
    reader.page.get_by_role("button", name="Show as a table").first.click()
    expect(reader.page.get_by_role("dialog").get_by_test_id("stDataFrame")).to_be_visible(timeout=PATIENT)
    settled(reader.page)


def a_form(label: str, reference: str, acting: str) -> Callable[[Reader], None]:
    """Return what opens a form of a recommendation."""

    def opened(reader: Reader) -> None:
        open_form(reader.open("recommendation", ref=reference, acting=acting), label)

    return opened


def taking_in(reader: Reader) -> None:
    """Open the form by which the office takes in a report."""
    reader.open("reports")
    reader.press("Take in a report", "Title, as printed")


def preparing(reader: Reader) -> None:
    """Open the next Conference as the office prepares it, with one kind of change opened."""
    page = reader.open("conference", acting="fenwick")
    page.get_by_role("link", name="Prepare").click()
    expect(page.get_by_role("button", name="Make the pack")).to_be_visible(timeout=PATIENT)
    settled(page)
    page.get_by_text("dates moved").last.click()
    expect(page.get_by_text("Another date came into force", exact=False)).to_be_visible(timeout=PATIENT)
    settled(page)


def answering(reader: Reader) -> None:
    """Open the desk of a report that nobody has answered, and a text to be written for it."""
    page = reader.open("response", acting="fenwick")
    page.get_by_role("link", name="Vetting and standards").click()
    expect(page.get_by_role("link", name="All responses")).to_be_visible(timeout=PATIENT)
    settled(page)
    reader.press("Write", "What is done about it?")


def recording(reader: Reader) -> None:
    """Open the form by which the office records a meeting."""
    reader.open("conference", acting="fenwick")
    reader.press("Record a meeting", "On which day?")


def in_the_room(reader: Reader) -> None:
    """Open a question of the last Conference held, as the office that can still write down its answer."""
    page = reader.open("conference", acting="fenwick")
    held = page.get_by_role("link", name="14 December 2022").first.get_attribute("href") or ""
    reader.open("room", question="1", acting="fenwick", meeting=re.findall(r"meeting=(\d+)", held)[0])
    expect(page.get_by_label("The answer, in words")).to_be_visible(timeout=PATIENT)


def agreeing(reader: Reader) -> None:
    """Open the form of an action over the question from which it comes."""
    in_the_room(reader)
    reader.press("Record an action", "By which day?")


def dropped(name: str, content: bytes, *, look_at: str = "") -> Callable[[Reader], None]:
    """Return what drops a file on the page for it, and looks at one of the recommendations that it holds."""

    def opened(reader: Reader) -> None:
        page = reader.open("review", acting="fenwick")
        page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "", "buffer": content})
        expect(page.get_by_role("heading", name="What was read")).to_be_visible(timeout=PATIENT)
        settled(page)
        if look_at:
            page.locator(".st-key-rows-review").get_by_role("button", name=look_at).first.click()
            expect(page.get_by_label("Text, as printed")).to_be_visible(timeout=PATIENT)
            settled(page)

    return opened


def an_empty(path: str) -> Callable[[Reader], None]:
    """Return what opens a page where no register has begun."""
    return lambda reader: void(open_at(reader.page, reader.empty, path))


def a_page(path: str, **params: str) -> Callable[[Reader], None]:
    """Return what opens a page of the demonstration."""
    return lambda reader: void(reader.open(path, **params))


def void(_: object) -> None:
    """Return nothing."""


SCENES: Final[dict[str, Callable[[Reader], None]]] = {
    "overview": a_page(""),
    "overview on a past day": a_page("", as_at="2022-10-31"),
    "register": a_page("register"),
    "register, nothing found": a_page("register", text="zeppelin"),
    "register, filters open": more_filters,
    "recommendation": a_page("recommendation", ref="CC-074", acting="lowther"),
    "recommendation, closed": a_page("recommendation", ref="CC-001"),
    "form: report progress": a_form("Report progress", "CC-074", "lowther"),
    "form: add evidence": a_form("Add evidence", "CC-074", "lowther"),
    "form: propose closure": a_form("Propose closure", "CC-074", "lowther"),
    "form: answer a closure": a_form("Answer the closure proposal", "CC-084", "fenwick"),
    "updates of the force": a_page("updates", acting="lowther"),
    "updates of the office": a_page("updates"),
    "progress": a_page("progress"),
    "progress, table open": chart_table,
    "reports": a_page("reports"),
    "form: take in a report": taking_in,
    "import": a_page("review", acting="fenwick"),
    "import, a report": dropped("a.txt", RESPONSE),
    "import, a new recommendation": dropped("a.txt", RESPONSE, look_at="Every child"),
    "import, a changed wording": dropped("b.txt", CHANGED, look_at="Crime scene"),
    "import, a tracker with faults": dropped("c.csv", TRACKER),
    "meetings": a_page("conference", acting="fenwick"),
    "a meeting being prepared": preparing,
    "form: record a meeting": recording,
    "room": in_the_room,
    "form: an action agreed in the room": agreeing,
    "updates with actions": a_page("updates", acting="bewley"),
    "responses": a_page("response", acting="fenwick"),
    "the desk of one response": a_page("response", acting="lowther", report="15"),
    "a response being written": answering,
    "publish": a_page("publish", acting="fenwick"),
    "who did what": a_page("audit", acting="fenwick"),
    "who did what, of one recommendation": a_page("audit", who="lowther", acting="fenwick"),
    "method": a_page("method"),
    "not permitted": a_page("updates", acting="public"),
    "empty overview": an_empty(""),
    "empty register": an_empty("register"),
    "empty reports": an_empty("reports"),
}


@pytest.fixture(scope="module")
def empty_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of the product on a database in which nothing has begun."""
    with serving(tmp_path_factory.mktemp("empty")) as url:
        yield url


@pytest.fixture(scope="module", params=LOOKS)
def reader(
    request: pytest.FixtureRequest, browser: Browser, app_url: str, empty_url: str
) -> Iterator[Reader]:
    """Yield a reader with one of the looks, for all scenes."""
    size, dark = LOOKS[request.param]
    visitor = new_visitor(browser, size=size, dark=dark)
    yield Reader(visitor.new_page(), app_url, empty_url)
    visitor.close()


@pytest.mark.parametrize("scene", SCENES)
def test_every_page_can_be_read_by_everyone(reader: Reader, scene: str) -> None:
    """Nothing of ours is found; one h1, no level of heading skipped, a tab named after the page, nothing cut off."""
    SCENES[scene](reader)

    found = [told for violation in violations(reader.page) for told in ours(violation)]
    levels = reader.page.evaluate(HEADINGS)

    assert not found, "\n".join(found)
    assert levels.count(1) == 1, f"The headings are {levels}"
    assert levels[0] == 1 or "form" in scene, f"The headings are {levels}"
    assert all(after <= before + 1 for before, after in pairwise(levels)), f"The headings are {levels}"
    assert reader.page.title() != "Recommendations monitor"
    assert fits_its_width(reader.page), "The page must be scrolled sideways"


def violations(page: Page) -> list[dict[str, Any]]:
    """Return what axe finds on a page as it stands."""
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return found


def ours(violation: dict[str, Any]) -> list[str]:
    """Return a line for each element of a violation that is not known of Streamlit."""
    return [
        f"{violation['id']} ({violation['impact']}): {node['html'][:400]}\n    {node['failureSummary']}"
        for node in violation["nodes"]
        if not any(rule == violation["id"] and part in node["html"] for rule, part in KNOWN)
    ]
