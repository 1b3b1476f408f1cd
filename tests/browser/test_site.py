"""The public site in a browser, from its files alone: at three widths, in light and dark, in axe, without scripts, on paper."""

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from monitor.domain.access import SYSTEM
from monitor.packs.site import build_site, write_site
from monitor.packs.site.addresses import PAGE, Known
from monitor.services.sample import load_demonstration
from monitor.services.site import SiteRules, gather_site
from monitor.store import Store, migrate
from tests.browser.test_accessible import RULES
from tests.packs.sites import a_response

KINDS: Final = {
    "overview": PAGE,
    "list": "lists/late/index.html",
    "recommendation": "recommendations/CC-086/index.html",
    "reports": "reports/index.html",
    "report": "reports/peel-assessment-2021-22/index.html",
    "responses": "responses/index.html",
    "response": "responses/a-shared-confidence-how-law-enforcement-agencies-use/index.html",
    "charts": "charts/index.html",
    "chart": "charts/by-report/index.html",
    "definitions": "definitions/index.html",
    "data": "data/index.html",
    "accessibility": "accessibility/index.html",
}
"""One page of each kind that a reader can come to and stay on."""

OLD: Final = "recommendations/CC-OLD/index.html"
WIDTHS: Final = (1440, 390, 320)
PAPER: Final = 658
"""Pixels between the margins of A4."""

OUTSIDE: Final = """width => [...document.querySelectorAll('main *, header *, footer *')]
    .filter(one => !one.closest('.skip, .scroll') && one.getClientRects().length
        && one.getBoundingClientRect().right > width + 1)
    .map(one => one.tagName + ' ' + one.textContent.slice(0, 40))"""
OUTSIDE_ON_PAPER: Final = OUTSIDE.replace("'.skip, .scroll'", "'.skip'")


OF_AXE: Final = ("Connecting to 'file:", "Refused to connect to 'file:", "Couldn't load preload assets")
"""What the browser says when axe itself asks for the style sheet, which the page lets nobody do."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the site of the demonstration, a response, and an address that is gone."""
    folder = tmp_path_factory.mktemp("site")
    address = f"sqlite:///{folder / 'register.sqlite'}"
    migrate(address)
    with closing(Store(address)) as store:
        load_demonstration(store)
        a_response(store, inspection_id=2)
        made = build_site(gather_site(store, by=SYSTEM, rules=SiteRules()))
    write_site(folder / "site", made, earlier={OLD: Known("recommendation/old", "Old", "2022-01-01")})
    return folder / "site"


@pytest.fixture(scope="module", params=["light", "dark"])
def reader(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Yield a page of somebody who prefers light, and of somebody who prefers dark."""
    with reading(browser, color_scheme=request.param, reduced_motion="reduce") as page:
        yield page


@contextmanager
def reading(browser: Browser, **given: Any) -> Iterator[Page]:
    """Yield a page of somebody's; it may ask for files alone, and has nothing to complain of."""
    context = browser.new_context(**given)
    page, told = context.new_page(), list[str]()
    page.on("request", lambda request: told.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    yield page
    context.close()
    assert [one for one in told if not one.startswith(("file://", *OF_AXE))] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_is_accessible_and_fits(reader: Page, site: Path, kind: str) -> None:
    """Axe finds nothing, and nothing has to be scrolled sideways, at any width, in either theme."""
    reader.set_viewport_size({"width": WIDTHS[0], "height": 900})
    reader.goto((site / KINDS[kind]).as_uri())
    for width in WIDTHS:
        reader.set_viewport_size({"width": width, "height": 900})
        assert reader.evaluate("document.documentElement.scrollWidth") <= width
        assert reader.evaluate(OUTSIDE, width) == []
    found = Axe().run(reader, options=RULES).response["violations"]

    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []


def test_it_is_dark_where_the_reader_has_it_dark(reader: Page, site: Path) -> None:
    """Ground, words and the drawing follow the reader's own setting."""
    reader.set_viewport_size({"width": 390, "height": 900})
    reader.goto((site / PAGE).as_uri())
    ground, label = reader.evaluate(
        """() => [getComputedStyle(document.body).backgroundColor,
            getComputedStyle(document.querySelector('svg.narrow text.f-ink')).fill]"""
    )
    is_dark = reader.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")

    assert (ground, label) == (
        ("rgb(19, 23, 28)", "rgb(233, 230, 223)") if is_dark else ("rgb(255, 255, 255)", "rgb(26, 33, 41)")
    )
    assert reader.evaluate("document.fonts.check('17px \"Monitor Sans\"')")


def test_no_script_is_needed(browser: Browser, site: Path) -> None:
    """With scripts off, pages, links, what folds, and an address that is gone all work."""
    with reading(browser, java_script_enabled=False, viewport={"width": 390, "height": 900}) as page:
        page.goto((site / PAGE).as_uri())
        page.get_by_role("link", name="late", exact=True).click()
        page.get_by_role("link", name="Appropriate adults at night").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Appropriate adults at night"
        page.goto((site / OLD).as_uri())
        page.wait_for_url("**/recommendations/index.html")
        assert page.get_by_role("heading", level=1).inner_text() == "Recommendations"


@pytest.mark.parametrize("kind", ["overview", "recommendation", "chart", "data", "response"])
def test_nothing_is_cut_on_paper(browser: Browser, site: Path, kind: str) -> None:
    """Every word stands between the margins of A4, in light colours, and in the PDF."""
    with reading(browser, color_scheme="dark", viewport={"width": PAPER, "height": 900}) as page:
        page.goto((site / KINDS[kind]).as_uri())
        page.emulate_media(media="print")
        assert page.evaluate(OUTSIDE_ON_PAPER, PAPER) == []
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        printed = "".join(leaf.extract_text() for leaf in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)
        wanted = page.locator(
            "main h1, main h2, main th, main td, main .title, main .told p"
        ).all_inner_texts()

    squeezed = "".join(printed.split())
    assert [words for words in wanted if "".join(words.split()) not in squeezed and words.strip()] == []
