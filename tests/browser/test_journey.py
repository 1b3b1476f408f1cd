"""
The product's main journey in a browser: a claim, its evidence, assurance, a closing by two people, files to take away.

The tests of a file share one running demonstration and go one after another; each takes a recommendation of its own.
"""

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpensPage
from tests.browser.visiting import (
    PATIENT,
    act_as,
    choose,
    count_said,
    file_of,
    forms_offered,
    give_day,
    open_at,
    open_form,
    pick,
    save,
    settled,
    titles_shown,
    voice,
)

FORCE, OFFICE = "DSupt K. Lowther, force editor", "H. Fenwick, office"
FIGURES = (
    "open",
    "late",
    "due in 90 days",
    "reported complete, not assured",
    "with no evidence",
    "dates moved since the last Conference",
)
REPORTED = "All fifty cases of the second sample show the offer & the answer; 46 of 50 pass."
AUDIT = "Audit of fifty finalised cases"


def test_three_people_bring_a_recommendation_to_its_closing(page: Page, app_url: str) -> None:
    """The force reports complete and adds evidence; the office is assured; one proposes, another agrees: closed."""
    open_at(page, app_url, "recommendation", {"ref": "CC-043"})
    act_as(page, FORCE)

    report = open_form(page, "Report progress")
    pick(report, "Where does it stand?", "Complete")
    report.get_by_label("What has changed").fill(REPORTED)
    save(report, said="Progress recorded. The office sees it now.")
    expect(voice(page, "force")).to_contain_text("Complete")
    expect(voice(page, "force")).to_contain_text(REPORTED)

    evidence = open_form(page, "Add evidence")
    evidence.get_by_label("What is it called?").fill(AUDIT)
    choose(evidence, "What kind is it?", "Audit")
    give_day(evidence, "Which day does it describe?", date(2023, 1, 12))
    pick(evidence, "What does it show?", "Supports")
    choose(evidence, "Who checked it?", "internal audit")
    evidence.get_by_text("Sample and measure, if there are any").click()
    evidence.get_by_label("How many cases were looked at").fill("50")
    save(evidence, said="Evidence added, with its strength.")
    expect(page.locator(".st-key-section-evidence")).to_contain_text(AUDIT)

    proposal = open_form(page, "Propose closure")
    pick(proposal, "How does it end?", "Met")
    proposal.get_by_label("Why can it be closed?").fill("The audit shows that the closure test is passed.")
    proposal.get_by_text(AUDIT).click()
    save(proposal, "Propose closure", said="Closure proposed. It stays open until a second person agrees.")
    expect(page.get_by_text("Closure as met was proposed by you", exact=False)).to_be_visible()
    assert "Answer the closure proposal" not in forms_offered(page), "who proposed it is offered to agree"

    act_as(page, OFFICE)
    assurance = open_form(page, "Decide assurance")
    pick(assurance, "The office is", "Assured")
    assurance.get_by_label("Why?", exact=True).fill(
        "Internal audit drew the sample; we read ten of its cases."
    )
    save(assurance, said="Assurance recorded. The force sees it now.")
    expect(voice(page, "office")).to_contain_text("Assured")

    closing = open_form(page, "Answer the closure proposal")
    expect(closing).to_contain_text(AUDIT)
    closing.get_by_label("What do you say to it?").fill("Agreed.")
    save(closing, "Close it", said="Closed.")
    expect(page.locator(".st-key-head")).to_contain_text("Closed in time")
    open_at(page, app_url, "register", {"show": "closed", "text": "CC-043"})
    assert count_said(page)[0] == 1


def test_the_office_cannot_agree_to_what_it_proposed_itself(page: Page, app_url: str) -> None:
    """A closure proposed by one person of the office is offered to another of the office, and not to them."""
    open_at(page, app_url, "recommendation", {"ref": "CC-074", "acting": "fenwick"})
    proposal = open_form(page, "Propose closure")
    pick(proposal, "How does it end?", "Overtaken")
    proposal.get_by_label("Why can it be closed?").fill("The next inspection asks for the same and for more.")
    proposal.get_by_role("checkbox").first.check(force=True)
    save(proposal, "Propose closure", said="Closure proposed. It stays open until a second person agrees.")

    mine = forms_offered(page)
    act_as(page, "T. Osgood, office")
    theirs = forms_offered(page)

    assert "Answer the closure proposal" not in mine
    assert "Answer the closure proposal" in theirs


def test_a_chart_leaves_as_picture_drawing_and_rows(page: Page, app_url: str, tmp_path: Path) -> None:
    """Each file holds what the page shows: a large picture, a drawing with the finding as text, the same rows twice."""
    open_at(page, app_url, "progress")
    chart = page.locator(".st-key-chart-burn-up")
    finding = chart.get_by_role("heading", level=2).inner_text().strip()

    png = file_of(page, chart, "Picture (PNG)", tmp_path)
    svg = file_of(page, chart, "Drawing (SVG)", tmp_path)
    rows = file_of(page, chart, "Rows (CSV)", tmp_path)
    book = file_of(page, chart, "Rows (Excel)", tmp_path)

    begun = png.read_bytes()
    assert begun[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(begun[16:20]) >= 1600
    assert int.from_bytes(begun[20:24]) >= 900
    assert len(begun) > 20_000
    drawn = " ".join(svg.read_text(encoding="utf-8").split())
    for word in finding.split():
        assert word in drawn, "the finding stands in the drawing as text"
    told = table_of(rows)
    assert len(told) > 10
    workbook = openpyxl.load_workbook(book, read_only=True)
    held = list(workbook.worksheets[0].iter_rows(values_only=True))
    workbook.close()
    assert len(held) >= len(told)


def test_the_register_leaves_with_the_rows_that_are_shown(page: Page, app_url: str, tmp_path: Path) -> None:
    """CSV and Excel hold as many rows as the count line says, and their titles."""
    open_at(page, app_url, "register", {"show": "late"})
    shown, _ = count_said(page)
    titles = titles_shown(page)

    count = page.locator(".st-key-count")
    rows = table_of(file_of(page, count, "CSV, with every column", tmp_path))
    book = openpyxl.load_workbook(file_of(page, count, "Excel, with every column", tmp_path), read_only=True)
    held = [
        [str(cell) for cell in row if cell is not None]
        for row in book.worksheets[0].iter_rows(values_only=True)
    ]
    book.close()

    assert len(rows) == shown + 1
    for title in titles:
        assert any(title in row for row in rows[1:]), f"{title} is missing from the CSV file"
        assert any(title in row for row in held), f"{title} is missing from the workbook"


def table_of(path: Path) -> list[list[str]]:
    """Return the rows of a CSV file, without the lines that say where it comes from."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [row for row in csv.reader(lines) if len(row) > 1]


def test_every_figure_opens_exactly_its_rows(page: Page, app_url: str) -> None:
    """Each of the six figures is the number that the register says once its link is followed."""
    open_at(page, app_url)
    figures = page.locator(".st-key-figures [class*='st-key-figure-']")
    expect(figures).to_have_count(len(FIGURES))
    told = {}
    for label in FIGURES:
        figure = figures.filter(has=page.get_by_role("link", name=label, exact=True))
        told[label] = int(figure.locator("p").first.inner_text().replace(",", ""))

    opened = {}
    for label in FIGURES:
        page.get_by_role("link", name=label, exact=True).click()
        page.wait_for_url("**/register**", timeout=PATIENT)
        expect(page.get_by_role("heading", level=1, name="Register")).to_be_visible(timeout=PATIENT)
        opened[label] = count_said(settled(page))[0]
        page.go_back()
        expect(page.get_by_role("link", name=label, exact=True)).to_be_visible(timeout=PATIENT)
        settled(page)

    assert opened == told


def test_a_filtered_link_brings_a_colleague_the_same_rows(new_page: OpensPage, app_url: str) -> None:
    """What was searched and chosen stands in the address, so another browser shows the same rows in the same order."""
    mine, theirs = new_page(), new_page()
    open_at(mine, app_url, "register")
    mine.get_by_label("Search").fill("children")
    mine.get_by_label("Search").press("Enter")
    mine.wait_for_url("**text=children**", timeout=PATIENT)
    mine.get_by_role("combobox", name="Show").click()
    mine.get_by_role("option", name="Everything", exact=True).click()
    mine.wait_for_url("**show=everything**", timeout=PATIENT)
    settled(mine)

    theirs.goto(mine.url)
    settled(theirs)

    assert count_said(theirs) == count_said(mine)
    assert titles_shown(theirs) == titles_shown(mine) != []


def test_a_past_day_is_shown_as_it_was_then_known(page: Page, app_url: str) -> None:
    """Choosing a past day says so on every page, shows its rows, and takes every form away."""
    open_at(page, app_url, "recommendation", {"ref": "CC-062", "acting": "lowther"})
    assert "Report progress" in forms_offered(page)

    page.get_by_role("button", name="As at").click()
    give_day(page.locator("body"), "Show the register as at", date(2022, 10, 31))

    then = page.get_by_role("button", name="As at 31 October 2022")
    expect(then).to_contain_text("as it was then known", timeout=PATIENT)
    page.keyboard.press("Escape")
    settled(page)
    expect(page.get_by_role("button", name="Report progress")).to_have_count(0)
    expect(page.get_by_role("button", name="More", exact=True)).to_have_count(0)
    page.get_by_role("navigation", name="App pages").get_by_role("link", name="Register").click()
    expect(page.get_by_role("heading", level=1, name="Register")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_role("button", name="As at 31 October 2022")).to_be_visible()
    assert "as_at=2022-10-31" in page.url
    page.get_by_role("navigation", name="App pages").get_by_role("link", name="My updates").click()
    expect(page.get_by_role("heading", level=1, name="Nothing can be changed on a past day.")).to_be_visible(
        timeout=PATIENT
    )


@pytest.mark.parametrize(("reference", "kept"), [("CC-061", "mine"), ("CC-064", "theirs")])
def test_two_people_who_write_at_once_see_both_texts(
    new_page: OpensPage, app_url: str, reference: str, kept: str
) -> None:
    """Who saves second is shown what the first wrote beside their own words, and chooses; neither is lost unseen."""
    first, second = new_page(), new_page()
    texts = {"theirs": "Twelve of the backlog remain.", "mine": "The backlog is gone: none remains."}
    forms = {}
    for page, acting in ((first, "lowther"), (second, "harland")):
        open_at(page, app_url, "recommendation", {"ref": reference, "acting": acting})
        forms[acting] = open_form(page, "Report progress")
    forms["lowther"].get_by_label("What has changed").fill(texts["theirs"])
    save(forms["lowther"], said="Progress recorded. The office sees it now.")

    forms["harland"].get_by_label("What has changed").fill(texts["mine"])
    forms["harland"].get_by_role("button", name="Save", exact=True).click()
    both = second.get_by_role("dialog")
    expect(both).to_contain_text(texts["theirs"], timeout=PATIENT)
    expect(both).to_contain_text(texts["mine"])
    both.get_by_role("button", name=f"Keep {kept}").click()
    expect(second.get_by_role("dialog")).to_have_count(0, timeout=PATIENT)

    settled(second)
    expect(voice(second, "force")).to_contain_text(texts[kept], timeout=PATIENT)
    entries = second.locator(".st-key-section-entries")
    expect(entries).to_contain_text(texts["theirs"])
    expect(entries.get_by_text(texts["mine"])).to_have_count(1 if kept == "mine" else 0)
