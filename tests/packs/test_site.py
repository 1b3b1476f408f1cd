"""The public site: what it says, what it never says, where it stands, and who lets it out."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from monitor.domain.access import SYSTEM
from monitor.domain.publications import PublicText
from monitor.domain.statuses import (
    Assurance,
    Kind,
    LinkKind,
    MeetingKind,
    MoveCategory,
    Precision,
)
from monitor.errors import RuleError
from monitor.packs.site import (
    Published,
    Site,
)
from monitor.packs.site.addresses import PAGE
from monitor.packs.site.data import COLUMNS
from monitor.packs.site.ground import CHARTED, Ground
from monitor.packs.site.pages import LISTED, list_path
from monitor.services.checking import verify
from monitor.services.deciding import agree_date
from monitor.services.filters import SHOWS, count
from monitor.services.intake import begin_register, link_recommendations, take_in_report
from monitor.services.meetings import record_meeting
from monitor.services.site import (
    SiteFacts,
    SiteRules,
    gather_site,
)
from monitor.services.updating import ask_date, report_progress
from monitor.settings import Titles
from monitor.store import Store
from tests.builders import (
    A_REPORT,
    ADMINISTRATOR,
    DAY,
    EDITOR,
    ELSEWHERE,
    OFFICE,
    REASON,
    SERVICE,
    Clock,
    a_register,
    day,
    moment,
    person,
    take_in,
)
from tests.packs.html_check import faults_in
from tests.packs.sites import (
    ATOM,
    HOSTILE,
    a_response,
    a_story,
    atom,
    csv_lines,
    demonstration,
    made,
    page_of,
    published,
    text_of,
    words,
)
from tests.twins import Twin, hide, plain, twins

__all__ = ["demonstration", "published", "twins"]


@pytest.fixture(scope="module")
def pages(published: Published) -> Mapping[str, LexborHTMLParser]:
    """Return every page of it, by path."""
    folder = published.written.folder
    return {
        path.relative_to(folder).as_posix(): LexborHTMLParser(path.read_bytes())
        for path in sorted(folder.rglob("*.html"))
    }


# Every page


def test_every_page_is_valid_html(published: Published) -> None:
    """Elements, attributes, nesting, ids and headings are those that HTML allows."""
    found = {
        str(path): faults
        for path in published.written.folder.rglob("*.html")
        if (faults := list(faults_in(path.read_bytes())))
    }

    assert found == {}


@pytest.mark.parametrize(
    "fault",
    [
        b"<p><ul></ul></p>",
        b"<p>left open",
        b"<h4>after h1</h4>",
        b"<h1>second</h1>",
        b'<p id="main">twice</p>',
        b"<p style='x'>styled</p>",
        b"<script></script>",
        b"<a>nowhere</a>",
        b"<ul>words</ul>",
        "<p>\ufffe</p>".encode(),
    ],
)
def test_the_checker_sees_what_is_wrong(published: Published, fault: bytes) -> None:
    """A fault put into a page is found."""
    page = (published.written.folder / "accessibility" / PAGE).read_bytes()

    assert list(faults_in(page)) == []
    assert list(faults_in(page.replace(b"</main>", fault + b"</main>"))) != []


def test_every_page_says_as_at_and_the_fingerprint(
    published: Published, pages: Mapping[str, LexborHTMLParser], demonstration: Store
) -> None:
    """On each stand the day, the hash of the history, that it is a demonstration, and what the page may not do."""
    head = published.site.facts.head

    assert verify(demonstration, by=SYSTEM, head=head).ok
    for path, page in pages.items():
        said = words(page)
        assert "As at 16 January 2023" in said, path
        assert f"Fingerprint of the register’s history: {head}" in said, path
        assert "Demonstration. The activity, the people and the figures on this site are invented." in said
        policy = page.css_first("meta[http-equiv=Content-Security-Policy]")
        assert policy is not None
        assert (policy.attributes["content"] or "").startswith("default-src 'none'; ")
        assert page.css_first("html") is not None
        assert not page.css("script, style, iframe, form, [style], [onclick]"), path


def test_titles_tell_pages_apart(pages: Mapping[str, LexborHTMLParser]) -> None:
    """No two pages are called the same."""
    titles = [words(title) for page in pages.values() if (title := page.css_first("title"))]

    assert len(titles) == len(pages)
    assert [title for title in titles if titles.count(title) > 1] == []


def test_every_link_leads_to_a_file(published: Published, pages: Mapping[str, LexborHTMLParser]) -> None:
    """Also without a server: each names the file itself; what is outside is https."""
    folder = published.written.folder
    for path, page in pages.items():
        for node in page.css("[href]"):
            href = node.attributes["href"] or ""
            if urlsplit(href).scheme:
                assert href.startswith(("https://", "http://")), (path, href)
                continue
            name, _, anchor = href.partition("#")
            target = (folder / PurePosixPath(path).parent / name).resolve() if name else folder / path
            assert target.is_file(), (path, href)
            if anchor:
                assert f'id="{anchor}"' in target.read_text(), (path, href)


def test_a_first_view_is_light(published: Published) -> None:
    """The first page with its style sheet, its picture and the fonts it shows is under 100 kB."""
    folder = published.written.folder
    shown = ("MonitorSans-Regular.woff2", "MonitorSans-Semibold.woff2", "MonitorSerif-Semibold.woff2")
    files = [folder / PAGE, *(folder / "assets" / one for one in (*shown, "site.css", "mark.svg"))]

    assert sum(path.stat().st_size for path in files) < 100_000


def test_everything_is_there(pages: Mapping[str, LexborHTMLParser], published: Published) -> None:
    """Overview, each list, each report, each recommendation, each chart, words, data and the statement."""
    facts = published.site.facts
    assert {
        PAGE, "recommendations/index.html", "recommendations/CC-036/index.html", "reports/index.html",
        "charts/index.html", "definitions/index.html", "data/index.html", "accessibility/index.html",
    } <= pages.keys()  # fmt: skip
    assert {list_path(show) for show in LISTED} <= pages.keys()
    assert len([path for path in pages if re.fullmatch(r"recommendations/[^/]+/index.html", path)]) == 114
    assert len([path for path in pages if re.fullmatch(r"reports/[^/]+/index.html", path)]) == len(
        facts.reports
    )
    assert {f"charts/{name}/index.html" for name in CHARTED} <= pages.keys()


# What it says


def test_each_figure_opens_exactly_its_rows(
    pages: Mapping[str, LexborHTMLParser], published: Published
) -> None:
    """The number on the first page is the number of rows on the page that it opens, and that of the register."""
    figures = pages[PAGE].css(".figures li")

    assert len(figures) == 6
    for figure in figures:
        link, many = figure.css_first("a"), figure.css_first("b")
        assert link is not None
        listed = pages[link.attributes["href"] or ""]
        assert words(many) == f"{len(listed.css('.rows > li')):,}"
    for show in LISTED:
        assert len(pages[list_path(show)].css(".rows > li")) == count(published.site.facts.view, show)
        assert SHOWS[show].called(Titles()).meaning in words(pages[list_path(show)])


def test_the_first_page_tells_the_finding_the_balance_and_the_changes(
    pages: Mapping[str, LexborHTMLParser],
) -> None:
    """As the register does, in a heading, a sum that comes out, a drawing with its rows, and what changed."""
    page = pages[PAGE]
    said = words(page)

    assert words(page.css_first("h1")) == (
        "Ten recommendations are late, and 36 must close by 31 March. At this pace about four will."
    )
    assert "62 open on 14 December 2022 + 4 new + 1 reopened − 4 closed = 63 open on 16 January 2023." in said
    assert "Since the last Conference" in said
    assert len(page.css(".changes > li")) == 6
    assert len(page.css("svg.chart.wide")) == len(page.css("svg.chart.narrow")) == 1
    assert len(page.css("details[open] table tbody tr")) > 5


def test_a_recommendation_is_told_whole(pages: Mapping[str, LexborHTMLParser]) -> None:
    """Printed words, three voices, dates with each move, evidence, and what happened in words."""
    page = pages["recommendations/CC-086/index.html"]
    said = words(page)

    assert words(page.css_first("h1")) == "Vetting renewals kept within their dates"
    assert words(page.css_first("blockquote")).startswith("Nobody should work in a post for which")
    assert [words(voice) for voice in page.css(".voices li")] == [
        "The force reports ◉ In progress 5 January 2023",
        "The office ✓ Assured 12 September 2022",
        "The inspectorate’s position ○ Open Nothing recorded",
    ]
    assert "Moved once: 120 days after the date first set" in said
    assert (
        "+120 days, moved by the office on 9 Jan 2023, 9 days after the date had passed: people or money."
        in said
    )
    assert "Evidence is weak" in said
    assert "checked by the office, describes 30 Nov 2022" in said
    history = [words(entry) for entry in page.css(".told > li")]
    assert history[0].startswith(
        "9 Jan 2023 The office moved the date from 31 December 2022 to 30 April 2023"
    )
    assert "19 Dec 2022 Looked at again after closing: it no longer holds." in history
    assert history[-1] == "30 Mar 2022 Taken in, in the words as printed."


def test_links_between_recommendations_go_both_ways(pages: Mapping[str, LexborHTMLParser]) -> None:
    """One that repeats another is named there, and the other way round."""
    assert "It repeats" in words(pages["recommendations/CC-090/index.html"])
    assert "It is repeated by" in words(pages["recommendations/CC-002/index.html"])


def test_a_report_lists_what_it_asked_for(pages: Mapping[str, LexborHTMLParser]) -> None:
    """With its publication, its findings and grades as printed, its rows and its feed."""
    page = pages["reports/peel-assessment-2021-22/index.html"]
    said = words(page)

    assert "24 listed: 18 open, 6 closed." in said
    assert "18 May 2022: the day of publication and the 55 days after it" in said
    assert "Investigating crime Requires improvement" in said
    assert len(page.css(".rows > li")) == 24
    assert page.css_first(
        'link[type="application/atom+xml"][href="../../reports/peel-assessment-2021-22/feed.xml"]'
    )


def test_charts_stand_with_their_rows(pages: Mapping[str, LexborHTMLParser], published: Published) -> None:
    """Each has a drawing for a wide and for a narrow screen, its alternative text, its sum, its table and its file."""
    for name, chart in Ground(published.site.facts).charts.items():
        page = pages[f"charts/{name}/index.html"]
        drawings = page.css("svg[role=img]")
        assert [drawing.attributes["aria-label"] for drawing in drawings] == [chart.alt, chart.alt]
        assert words(page.css_first("h1")) == chart.finding
        assert chart.captions[0] in words(page)
        assert len(page.css("tbody tr")) == len(chart.table)
        rows = list(csv.reader(csv_lines(published, f"charts/{name}/rows.csv")))
        assert len(rows) == len(chart.table) + 1


# What is taken away


def test_downloads_hold_the_public_register(published: Published) -> None:
    """CSV, JSON and Excel have the same rows and the columns of the dictionary, and none that is not public."""
    folder = published.written.folder / "data"
    in_csv = list(csv.DictReader(csv_lines(published, "data/recommendations.csv")))
    in_json = json.loads((folder / "recommendations.json").read_bytes())
    book = load_workbook(folder / "recommendations.xlsx")
    sheet = book["Register"]
    dictionary = list(csv.DictReader(csv_lines(published, "data/dictionary.csv")))

    keys = [column.key for column in COLUMNS] + ["as_at"]
    assert [*in_csv[0]] == [*in_json[0]] == [row["name"] for row in dictionary] == keys
    assert not {"owner", "executive_lead", "asked", "blocked_by", "closure_test", "pending_target"} & set(
        keys
    )
    assert all(row["meaning"] for row in dictionary)
    assert [row["reference"] for row in in_csv] == [row["reference"] for row in in_json]
    assert sheet.max_row == len(in_csv) + 1 == 115
    assert published.site.facts.head in " ".join(str(cell.value) for cell in book["About"]["A"])


def test_the_page_of_data_explains_every_column_and_word(pages: Mapping[str, LexborHTMLParser]) -> None:
    """Each column with its meaning, each stored word with its own."""
    said = words(pages["data/index.html"])

    for column in COLUMNS:
        assert column.meaning in said
    for member in Assurance:
        assert f"{member.value} {member.word} {member.meaning}" in said
    assert "nothing is public but what was decided, and when" in said


# Feeds


def feeds(site: Site) -> dict[str, ET.Element]:
    """Return the feeds of a site, by path."""
    return {path: atom(content) for path, content in site.files.items() if path.endswith("feed.xml")}


def test_feeds_are_valid_atom(published: Published) -> None:
    """Each has an id, a title, a moment and an author; each entry its own id, title, moment, link and summary."""
    found = feeds(published.site)

    assert len(found) == 1 + len(published.site.facts.reports)
    for path, feed in found.items():
        assert feed.tag == f"{ATOM}feed"
        assert feed.findtext(f"{ATOM}author/{ATOM}name") == published.site.facts.view.office
        links = feed.findall(f"{ATOM}link")
        assert [link.get("rel") for link in links] == ["alternate"]
        entries = feed.findall(f"{ATOM}entry")
        moments = [
            parsed(feed.findtext(f"{ATOM}updated")),
            *(parsed(e.findtext(f"{ATOM}updated")) for e in entries),
        ]
        assert moments == sorted(moments, reverse=True) or not entries
        ids = [feed.findtext(f"{ATOM}id"), *(entry.findtext(f"{ATOM}id") for entry in entries)]
        assert len(ids) == len(set(ids))
        assert all(
            re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one or "") for one in ids
        )
        for entry in entries:
            assert entry.findtext(f"{ATOM}title")
            assert entry.findtext(f"{ATOM}summary")
            link = entry.find(f"{ATOM}link")
            assert link is not None
            assert (published.written.folder / path).parent.joinpath(link.get("href") or "").is_file()


def parsed(text: str | None) -> datetime:
    """Return a moment as Atom writes it."""
    return datetime.fromisoformat(text or "").astimezone(UTC)


# No names of people, and nothing that was written for the office


def people(facts: SiteFacts, store: Store) -> set[str]:
    """Return every name of a person that the register holds anywhere."""
    with store.reading() as reader:
        found = {name for record in reader.records() for name in _named_in(record)}
        found |= {item.by_name for item in reader.evidence_items().values()}
        checkers = {item.checker for item in reader.evidence_items().values()}
        found |= {name for name in checkers if re.search(r"\b[A-Z]\. [A-Z]", name)}
        found |= {row.actor_name for row in reader.all_history()}
        found |= {name for meeting in reader.meetings() for name in meeting.attendees}
        found |= {action.owner for action in reader.actions()}
    bodies = {"", "This installation", "Chief Constable", *facts.view.services}
    return {name for name in found - bodies if name not in str(facts.view.rows["board"].tolist())}


def _named_in(record: Any) -> Iterator[str]:
    for given_to in record.assignments:
        yield from (given_to.owner, given_to.executive_lead)
    for kept in record.lists:
        yield from (entry.by_name for entry in kept)


def test_no_name_of_a_person_stands_anywhere(published: Published, demonstration: Store) -> None:
    """Not of owners, leads, whoever acted, checked, came or promised, in any file of the site."""
    names = people(published.site.facts, demonstration)
    assert {"DSupt K. Lowther", "H. Fenwick", "DCC P. Harland"} <= names
    everything = {
        path: content.decode("utf-8", "replace")
        for path, content in published.site.files.items()
        if not path.startswith("assets/") and not path.endswith((".xlsx", ".docx"))
    }
    book = load_workbook(io.BytesIO(published.site.files["data/recommendations.xlsx"]))
    everything["xlsx"] = " ".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
    )

    assert [(path, name) for path, text in everything.items() for name in names if name in text] == []
    assert published.site.facts.named == ()


WRITTEN = {
    PublicText.CLOSURE_TESTS: "TEST for",
    PublicText.PROGRESS: "NARRATIVE of",
    PublicText.MOVES: "MOVE because",
    PublicText.EVIDENCE: "TITLE of",
    PublicText.ASSURANCE: "RATIONALE",
    PublicText.POSITIONS: "COMMENT",
    PublicText.CLOSINGS: "The test is met.",
}
NEVER = ("BLOCKED by", "REASON for others", "NOTE", "BODY", "ASK for", "SOURCE letter", "Dr Check Er", "Ada Thorne", "Bo Finch", "Editor Person", "Office Person")  # fmt: skip


def test_what_was_written_for_the_office_is_public_only_where_a_setting_names_it(
    sqlite_register: Store,
) -> None:
    """Nothing of it unless named; what is named comes without names; the rest never."""
    a_story(sqlite_register)
    silent = text_of(made(sqlite_register))
    told = text_of(made(sqlite_register, rules=SiteRules(texts=frozenset(PublicText))))

    for words_of_kind in WRITTEN.values():
        assert words_of_kind not in silent
        assert words_of_kind in told
    for never in NEVER:
        assert never not in silent, never
        assert never not in told, never
    assert "NARRATIVE of [name withheld]." in told
    assert "MOVE because [name withheld] is away." in told


def test_each_kind_of_words_is_public_by_itself(sqlite_register: Store) -> None:
    """One named in the setting brings no other with it."""
    a_story(sqlite_register)
    for kind in PublicText:
        facts = gather_site(sqlite_register, by=OFFICE, rules=SiteRules(texts=frozenset({kind})))

        assert {one for one, said in WRITTEN.items() if said in repr(facts.items)} == {kind}


def test_a_name_in_a_title_is_told_before_it_goes_out(sqlite_register: Store) -> None:
    """It is not edited by a machine; whoever proposes is told where it stands."""
    take_in(sqlite_register, "CC-001", owner="Insp Ada Thorne", short_title="Ask Insp Ada Thorne")

    assert gather_site(sqlite_register, by=OFFICE, rules=SiteRules()).named == (
        "CC-001, short title: Insp Ada Thorne",
    )


def test_what_waits_for_an_answer_is_not_public_yet(sqlite_register: Store) -> None:
    """A date asked for, or a closing proposed, is told once the office has answered."""
    take_in(sqlite_register, "CC-001", due_on=day(30))
    before = made(sqlite_register)
    ask_date(
        sqlite_register,
        reference="CC-001",
        due_on=day(90),
        reason=REASON,
        category=MoveCategory.SCOPE,
        by=EDITOR,
    )
    waiting = words(page_of(made(sqlite_register), "recommendations/CC-001/index.html"))
    agree_date(sqlite_register, reference="CC-001", by=OFFICE)
    answered = words(page_of(made(sqlite_register), "recommendations/CC-001/index.html"))

    assert "The force asked for" not in waiting
    assert waiting.replace(made(sqlite_register).facts.head, "") != answered
    assert (
        before.bodies["recommendations/CC-001/index.html"]
        == made(sqlite_register, known_at=before.facts.known_at).bodies["recommendations/CC-001/index.html"]
    )
    assert "The force asked for 2 June 2024 (more to do than thought)." in answered
    assert "The office agreed to move the date from 3 April 2024 to 2 June 2024." in answered


# Nothing of what is hidden


def test_what_is_hidden_makes_no_difference_to_the_site(twins: tuple[Twin, Twin]) -> None:
    """Two registers that differ only in what is hidden give the same files, byte for byte but for the hash."""
    by = person("publisher", *OFFICE.roles, services=None)
    sites = [made(twin.store, by=by, rules=SiteRules(texts=frozenset(PublicText))) for twin in twins]

    assert sites[0].files.keys() == sites[1].files.keys()
    assert "recommendations/CC-001/index.html" in sites[0].files
    differing = [
        path
        for path in sites[0].files
        if not path.endswith(".xlsx")
        and plain(twins[0], sites[0].files[path]) != plain(twins[1], sites[1].files[path])
    ]
    assert differing == []
    books = [load_workbook(io.BytesIO(site.files["data/recommendations.xlsx"])) for site in sites]
    cells = [
        [plain(twin, cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
        for twin, book in zip(twins, books, strict=True)
    ]
    assert cells[0] == cells[1]
    assert sites[0].rows == sites[1].rows
    assert "ecret" not in text_of(sites[0]).replace("Secretary", "")


def test_hidden_things_that_are_recorded_change_not_one_byte(sqlite_register: Store) -> None:
    """A restricted report, what is done to it, links to it and private meetings: the whole site stays as it is."""
    take_in(sqlite_register, "CC-001", due_on=day(30))
    before = made(sqlite_register)
    hide(sqlite_register, "CC-666")
    everywhere = person("everywhere", *OFFICE.roles, services=None)
    report_progress(
        sqlite_register, reference="CC-666", by=person("all", *OFFICE.roles, *EDITOR.roles), **A_REPORT
    )
    link_recommendations(
        sqlite_register, reference="CC-001", kind=LinkKind.REPEATS, other="CC-666", by=everywhere
    )
    record_meeting(
        sqlite_register,
        service=SERVICE,
        kind=MeetingKind.ONE_TO_ONE,
        on=DAY,
        is_public=False,
        place="Secret",
        by=OFFICE,
    )
    take_in_report(
        sqlite_register, service=SERVICE, title="Embargoed", embargo_until=moment(day(9)), by=OFFICE
    )
    after = made(sqlite_register)

    assert after.facts.known_at > before.facts.known_at
    assert after.files == before.files
    report_progress(sqlite_register, reference="CC-001", by=EDITOR, **A_REPORT)
    assert made(sqlite_register).files != before.files


def test_what_an_embargo_held_back_comes_out_when_it_ends(sqlite_url: str) -> None:
    """And takes no address that another report of the same title has by then."""
    clock = Clock()
    with closing(a_register(sqlite_url, clock)) as store:
        facts: dict[str, Any] = {
            "service": SERVICE,
            "published_on": DAY,
            "published_precision": Precision.DAY,
            "by": OFFICE,
        }
        take_in_report(
            store, title="Same title", embargo_until=moment(day(5)), key_findings=("First one.",), **facts
        )
        clock.set(day(1))
        take_in_report(store, title="Same title", key_findings=("Second one.",), **facts)
        before = made(store)
        clock.set(day(6))
        after = made(store)

    assert "reports/same-title-2/index.html" not in before.files
    assert "Second one." in words(page_of(before, "reports/same-title/index.html"))
    assert "Second one." in words(page_of(after, "reports/same-title/index.html"))
    assert "First one." in words(page_of(after, "reports/same-title-2/index.html"))


# Hostile words, and little or nothing


def test_hostile_words_stay_words(sqlite_register: Store) -> None:
    """Whatever somebody typed or a report printed is shown as it stands, on valid pages and in a feed that parses."""
    report = take_in_report(
        sqlite_register, service=SERVICE, title=f"Report {HOSTILE}", key_findings=(HOSTILE,), grades=((HOSTILE, HOSTILE),),
        link="https://example.org/a?b=1&c=<2>", by=OFFICE,
    )  # fmt: skip
    reference = "CC/036-X"
    take_in(
        sqlite_register, reference, inspection_id=report.id, text=f"It {HOSTILE}\nsays so.", short_title="<b>&'\"{{ x }}",
        board=HOSTILE, themes=(HOSTILE,), addressees=(HOSTILE,), due_on=day(30), target_phrase=HOSTILE,
        external_reference=HOSTILE,
    )  # fmt: skip
    site = made(sqlite_register)

    faults = {
        path: list(faults_in(content)) for path, content in site.files.items() if path.endswith(".html")
    }
    assert {path: found for path, found in faults.items() if found} == {}
    assert all(".." not in path and re.fullmatch(r"[A-Za-z0-9_./-]+", path) for path in site.files)
    for feed in feeds(site).values():
        assert feed.findtext(f"{ATOM}id")
    path = next(path for path in site.files if path.startswith("recommendations/CC-036-X-"))
    page = page_of(site, path)
    assert words(page.css_first("h1")) == "<b>&'\"{{ x }}"
    assert "<script>alert(1)</script>" in words(page.css_first("blockquote"))
    assert "49" not in words(page.css_first("blockquote"))


def test_an_empty_register_has_a_site(sqlite_url: str) -> None:
    """Every page is there and valid before anything is taken in."""
    with closing(Store(sqlite_url, clock=Clock())) as store:
        with pytest.raises(RuleError, match="has not begun"):
            made(store)
        begin_register(store, office="An office", services=(SERVICE,), by=ADMINISTRATOR)
        site = made(store)

    assert words(page_of(site, PAGE).css_first("h1")) == "Nothing is open."
    assert [
        path for path, content in site.files.items() if path.endswith(".html") and list(faults_in(content))
    ] == []
    assert atom(site.files["feed.xml"]).findtext(f"{ATOM}updated") == "2024-03-04T00:00:00Z"


def test_two_services_are_told_apart(sqlite_register: Store) -> None:
    """Each recommendation and report names its service where there are several."""
    report = take_in_report(
        sqlite_register, service=ELSEWHERE, title="Fire report", by=person("x", *OFFICE.roles, services=None)
    )
    take_in(sqlite_register, "FR-1", inspection_id=report.id, by=person("x", *OFFICE.roles, services=None))
    site = made(sqlite_register)

    assert f"Service {ELSEWHERE}" in words(page_of(site, "recommendations/FR-1/index.html"))
    assert [words(h) for h in page_of(site, "reports/index.html").css("h2")] == [SERVICE, ELSEWHERE]


def test_causes_of_concern_and_corrections_are_told(sqlite_register: Store) -> None:
    """What stands under a cause of concern is named there, and the other way round."""
    take_in(sqlite_register, "CC-001", kind=Kind.CAUSE_OF_CONCERN)
    take_in(sqlite_register, "CC-002", parent="CC-001")
    site = made(sqlite_register)

    assert "Under it Do CC-002 (CC-002)" in words(page_of(site, "recommendations/CC-001/index.html"))
    assert "Under the cause of concern Do CC-001 (CC-001)" in words(
        page_of(site, "recommendations/CC-002/index.html")
    )


def test_a_long_list_comes_in_parts(sqlite_register: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part leads to the others, and together they hold every row once."""
    monkeypatch.setattr("monitor.packs.site.pages.ROWS_A_PAGE", 2)
    for number in range(1, 6):
        take_in(sqlite_register, f"CC-00{number}")
    site = made(sqlite_register)
    parts = [
        "recommendations/index.html",
        "lists/everything/2/index.html",
        "lists/everything/3/index.html",
    ]

    shown = [words(row) for path in parts for row in page_of(site, path).css(".rows > li .title")]
    assert sorted(shown) == [f"Do CC-00{n}" for n in range(1, 6)]
    assert len(page_of(site, parts[1]).css("nav[aria-label='Pages of this list'] a")) == 3


# Responses


def test_published_responses_have_pages(sqlite_register: Store) -> None:
    """A list, a page for each with its text and its Word document, and the way there from the report."""
    assert not any(path.startswith("responses/") for path in made(sqlite_register).files)
    a_response(sqlite_register)
    site = made(sqlite_register)
    page = page_of(site, "responses/peel-assessment/index.html")

    assert words(page.css_first("h1")) == "Response to PEEL assessment"
    assert "We <agree>. See above" in words(page)
    assert site.files["responses/peel-assessment/response.docx"] == b"docx"
    assert list(faults_in(site.files["responses/peel-assessment/index.html"])) == []
    assert "Published on 4 March 2024" in words(page_of(site, "reports/peel-assessment/index.html"))
    assert "Responses" in [words(one) for one in page_of(site, PAGE).css("nav a")]
