"""The public site on its way out: written file by file, proposed, approved by a second person, made again."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.analysis.changes import grouped
from monitor.cli import main
from monitor.domain.access import SYSTEM, Actor
from monitor.domain.publications import PublicText
from monitor.domain.statuses import (
    ClosureReason,
    MoveCategory,
    Position,
)
from monitor.errors import AccessError, RuleError, SetupError
from monitor.packs.site import (
    Published,
    Site,
    build_site,
    changes_now,
    changes_of,
    make_again,
    propose_site,
    publish_site,
    write_site,
)
from monitor.packs.site.addresses import PAGE, AddressBook, apart, reference_part, slug
from monitor.packs.site.publishing import compared
from monitor.services.checking import verify
from monitor.services.deciding import move_date, record_position
from monitor.services.intake import take_in_report
from monitor.services.site import (
    SITE_READER,
    SiteRules,
    approve_publication,
    read_publications,
)
from monitor.services.updating import report_progress
from monitor.settings import Titles
from monitor.store import Store
from tests.builders import (
    A_REPORT,
    ADMINISTRATOR,
    ANALYST,
    EDITOR,
    ELSEWHERE,
    OFFICE,
    OFFICE_2,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    close,
    day,
    moment,
    person,
    take_in,
)
from tests.packs.html_check import faults_in
from tests.packs.sites import (
    ATOM,
    SETTINGS,
    a_story,
    atom,
    demonstration,
    made,
    page_of,
    published,
    text_of,
    words,
)

__all__ = ["demonstration", "published"]


# Writing it


def test_a_second_time_nothing_is_written(published: Published, demonstration: Store) -> None:
    """The same register gives the same bytes, and no file is touched."""
    folder = published.written.folder
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    again = publish_site(demonstration, folder, by=SYSTEM, settings=SETTINGS)

    assert again.written.written == ()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_only_the_pages_concerned_say_something_else(sqlite_register: Store) -> None:
    """Beside the day and the fingerprint, a change to one recommendation changes no other's page."""
    take_in(sqlite_register, "CC-001")
    take_in(sqlite_register, "CC-002")
    before = made(sqlite_register)
    report_progress(sqlite_register, reference="CC-001", by=EDITOR, **A_REPORT)
    after = made(sqlite_register)

    changed = {path for path in after.bodies if after.bodies[path] != before.bodies[path]}
    assert "recommendations/CC-001/index.html" in changed
    assert {"recommendations/CC-002/index.html", "definitions/index.html", "data/index.html"}.isdisjoint(
        changed
    )


def readdressed(site: Site, old: str, new: str) -> Site:
    """Return the site as if a recommendation had come to have another reference."""
    facts = site.facts
    items = [
        replace(item, reference=new, row={**item.row, "reference": new}) if item.reference == old else item
        for item in facts.items
    ]
    rows = facts.view.rows.assign(reference=facts.view.rows["reference"].replace(old, new))
    unchanged = replace(facts.since, groups=grouped(()))
    return build_site(replace(facts, items=items, view=replace(facts.view, rows=rows), since=unchanged))


def test_an_address_leads_on_when_a_reference_changes(sqlite_register: Store, tmp_path: Path) -> None:
    """To the page that has the same thing now, by a page that needs no script and says so in words."""
    take_in(sqlite_register, "CC-001")
    site = made(sqlite_register)
    write_site(tmp_path, site, earlier={})
    written = write_site(tmp_path, readdressed(site, "CC-001", "CC-901"), earlier={})

    old = tmp_path / "recommendations" / "CC-001" / PAGE
    page = LexborHTMLParser(old.read_bytes())
    refresh, canonical = page.css_first("meta[http-equiv=refresh]"), page.css_first("link[rel=canonical]")
    link = page.css_first("main a")
    assert refresh is not None
    assert canonical is not None
    assert link is not None
    assert refresh.attributes["content"] == "0; url=../../recommendations/CC-901/index.html"
    assert link.attributes["href"] == "../../recommendations/CC-901/index.html"
    assert canonical.attributes["href"] == "../../recommendations/CC-901/index.html"
    assert "this page has moved" in words(page)
    assert list(faults_in(old.read_bytes())) == []
    assert written.redirects == ("recommendations/CC-001/index.html",)
    # And back: the old address stands again, the other leads to it.
    write_site(tmp_path, site, earlier={})
    assert "refresh" not in old.read_text()
    assert "CC-001" in (tmp_path / "recommendations" / "CC-901" / PAGE).read_text()


def test_an_address_never_dies(sqlite_register: Store, tmp_path: Path) -> None:
    """What is gone leads to the page above it, a feed ends in words, and a list of all addresses stays in the folder."""
    less = made(sqlite_register)
    report = take_in_report(sqlite_register, service=SERVICE, title="Another", by=OFFICE)
    take_in(sqlite_register, "CC-001", inspection_id=report.id)
    full = made(sqlite_register)
    tmp_path = tmp_path / "site"
    write_site(tmp_path, full, earlier={})
    written = write_site(tmp_path, less, earlier={})

    assert {
        "recommendations/CC-001/index.html",
        "reports/another/index.html",
        "reports/another/feed.xml",
    } <= set(written.redirects)
    assert "../../recommendations/index.html" in (tmp_path / "recommendations" / "CC-001" / PAGE).read_text()
    ended = atom((tmp_path / "reports" / "another" / "feed.xml").read_bytes())
    assert ended.findtext(f"{ATOM}title") == "This feed has ended"
    assert ended.findall(f"{ATOM}entry") == []
    book = AddressBook.read((tmp_path / "addresses.json").read_bytes())
    assert set(full.stands) <= set(book.addresses)
    assert book.addresses["reports/another/index.html"].to == "reports/index.html"
    # A third time the same: nothing is written, and nothing is forgotten.
    assert write_site(tmp_path, less, earlier={}).written == ()
    assert AddressBook.read((tmp_path / "addresses.json").read_bytes()) == book


def test_a_reader_never_meets_half_a_page(
    sqlite_register: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is broken off leaves every file as it was or as it will be, and can be done again."""
    tmp_path = tmp_path / "site"
    take_in(sqlite_register, "CC-001")
    first = made(sqlite_register)
    write_site(tmp_path, first, earlier={})
    take_in(sqlite_register, "CC-002")
    second = made(sqlite_register)
    replaced = Path.replace
    left = iter(range(9))

    def breaking(self: Path, target: Path) -> Path:
        if next(left, None) is None:
            raise OSError(28, "No space left on device")
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", breaking)
    with pytest.raises(RuleError, match="cannot be written: no space left on device"):
        write_site(tmp_path, second, earlier={})
    for path in tmp_path.rglob("*"):
        name = path.relative_to(tmp_path).as_posix()
        if path.is_file() and name != "addresses.json":
            assert path.read_bytes() in (first.files.get(name), second.files.get(name)), name
    monkeypatch.setattr(Path, "replace", replaced)
    write_site(tmp_path, second, earlier={})

    assert all((tmp_path / path).read_bytes() == content for path, content in second.files.items())


def test_what_is_not_the_site_s_own_stays(sqlite_register: Store, tmp_path: Path) -> None:
    """Other files are left alone; one where the site would stand is not written over."""
    (tmp_path / "robots.txt").write_text("User-agent: *")
    write_site(tmp_path, made(sqlite_register), earlier={})
    assert (tmp_path / "robots.txt").read_text() == "User-agent: *"

    other = tmp_path / "other"
    other.mkdir()
    (other / PAGE).write_text("Somebody's own page")
    with pytest.raises(RuleError, match=r"holds a index\.html that this command did not write"):
        write_site(other, made(sqlite_register), earlier={})
    assert [path.name for path in other.iterdir()] == [PAGE]


def test_a_spoilt_list_of_addresses_is_not_guessed_at(sqlite_register: Store, tmp_path: Path) -> None:
    """Without it nobody knows which addresses were published, so nothing is written."""
    write_site(tmp_path, made(sqlite_register), earlier={})
    for spoilt in ("{", "[]", '{"form": 99, "addresses": {}, "files": []}', '{"addresses": {}}'):
        (tmp_path / "addresses.json").write_text(spoilt)
        with pytest.raises(RuleError, match=r"addresses\.json"):
            write_site(tmp_path, made(sqlite_register), earlier={})


@given(st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=8))
@settings(max_examples=40)
def test_every_reference_has_an_address_of_its_own(references: list[str]) -> None:
    """One part of an address that every file system takes, and no two alike where capitals do not count."""
    parts = apart(reference_part(one) for one in references)

    assert len({part.casefold() for part in parts}) == len(references)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", part) for part in parts)
    assert apart([*parts, "new"])[: len(parts)] == parts


@pytest.mark.parametrize(
    ("words_given", "part"),
    [
        ("PEEL 2021/22: Cumbria", "peel-2021-22-cumbria"),
        ("Both sides of the coin – ‘county lines’", "both-sides-of-the-coin-county-lines"),
        ("É" * 3, "eee"),
        ("☃", "report"),
        ("con", "con-"),
    ],
)
def test_titles_become_addresses(words_given: str, part: str) -> None:
    """Small letters, digits and hyphens."""
    assert slug(words_given, otherwise="report") == part


# Two people


@pytest.fixture
def story(sqlite_register: Store) -> Store:
    """Return a register in which something has happened."""
    a_story(sqlite_register)
    return sqlite_register


@pytest.mark.parametrize("by", [EDITOR, ANALYST, ADMINISTRATOR, PUBLIC, SITE_READER], ids=lambda by: by.id)
def test_only_the_office_proposes_and_approves(story: Store, by: Actor) -> None:
    """Nobody else, neither one nor the other, nor may they see what is proposed."""
    proposal = propose_site(story, by=OFFICE, settings=SETTINGS)

    for refused in (
        lambda: propose_site(story, by=by, settings=SETTINGS),
        lambda: approve_publication(story, publication_id=proposal.publication.id, by=by),
        lambda: read_publications(story, by=by),
        lambda: changes_now(story, by=by, settings=SETTINGS),
    ):
        with pytest.raises(AccessError):
            refused()


def test_whoever_proposed_does_not_approve(story: Store) -> None:
    """Nor does anybody who also works for the force, nor the command line; a second person of the office does."""
    proposal = propose_site(story, by=OFFICE, settings=SETTINGS)
    number = proposal.publication.id
    both = person("both", *OFFICE.roles, *EDITOR.roles)

    with pytest.raises(AccessError, match="so another person of the office approves it"):
        approve_publication(story, publication_id=number, by=OFFICE)
    for by in (both, SYSTEM):
        with pytest.raises(AccessError, match="also works for the force"):
            approve_publication(story, publication_id=number, by=by)
    assert approve_publication(story, publication_id=number, by=OFFICE_2).by == OFFICE_2.id
    with pytest.raises(RuleError, match="does not wait for approval"):
        approve_publication(story, publication_id=number, by=OFFICE_2)
    assert verify(story, by=SYSTEM).ok


def test_a_newer_proposal_takes_the_place_of_one_that_waits(story: Store) -> None:
    """Nobody approves what was overtaken."""
    first = propose_site(story, by=OFFICE, settings=SETTINGS).publication
    report_progress(story, reference="CC-001", by=EDITOR, **A_REPORT)
    second = propose_site(story, by=OFFICE_2, settings=SETTINGS).publication

    with pytest.raises(RuleError, match=f"Publication {first.id} does not wait"):
        approve_publication(story, publication_id=first.id, by=OFFICE_2)
    approve_publication(story, publication_id=second.id, by=OFFICE)
    assert read_publications(story, by=OFFICE).approved == second


def test_nothing_is_written_before_it_is_approved(story: Store, tmp_path: Path) -> None:
    """The refusal says what to do, or for whom it waits."""
    with pytest.raises(RuleError, match="No publication has been approved yet"):
        publish_site(story, tmp_path / "site", by=SYSTEM, settings=SETTINGS)
    propose_site(story, by=OFFICE, settings=SETTINGS)
    with pytest.raises(
        RuleError, match="that Office Person proposed on 4 March 2024 waits for another person"
    ):
        publish_site(story, tmp_path / "site", by=SYSTEM, settings=SETTINGS)

    assert not (tmp_path / "site").exists()


def test_what_was_approved_is_what_is_written(sqlite_register: Store, clock: Clock, tmp_path: Path) -> None:
    """Whatever was recorded or set since, the site is made again as of its moment, the same byte for byte."""
    a_story(sqlite_register)
    proposal = propose_site(sqlite_register, by=OFFICE, settings=SETTINGS)
    approve_publication(sqlite_register, publication_id=proposal.publication.id, by=OFFICE_2)
    clock.set(day(3))
    take_in(sqlite_register, "CC-009")
    other = replace(SETTINGS, titles=Titles(conference="Another name"), public_texts=("progress",))
    done = publish_site(sqlite_register, tmp_path, by=SYSTEM, settings=other)

    assert done.publication == proposal.publication
    assert not (tmp_path / "recommendations" / "CC-009").exists()
    assert "As at 4 March 2024" in words(LexborHTMLParser((tmp_path / PAGE).read_bytes()))
    assert "Another name" not in text_of(done.site)
    with sqlite_register.reading() as reader:
        content = json.loads(reader.published_content(proposal.publication.content) or b"")
    assert content["files"].keys() == done.site.files.keys()


def test_what_cannot_be_made_again_is_refused_and_told(
    story: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One byte that would differ: nothing is written, and the files are named."""
    proposal = propose_site(story, by=OFFICE, settings=SETTINGS)
    approve_publication(story, publication_id=proposal.publication.id, by=OFFICE_2)
    monkeypatch.setattr("monitor.packs.site.building.style_sheet", lambda: b"another style")

    with pytest.raises(
        RuleError, match=r"cannot be made again as it was approved: assets/site\.css would differ"
    ):
        publish_site(story, tmp_path / "site", by=SYSTEM, settings=SETTINGS)
    assert not (tmp_path / "site").exists()


def test_what_changes_is_shown_before_it_goes_out(
    sqlite_register: Store, clock: Clock, tmp_path: Path
) -> None:
    """Pages added, changed and gone, and what is told of each recommendation, before and after."""
    a_story(sqlite_register)
    first = propose_site(sqlite_register, by=OFFICE, settings=SETTINGS)
    assert first.changes.is_first
    assert len(first.changes.added) == len(made(sqlite_register).pages)
    approve_publication(sqlite_register, publication_id=first.publication.id, by=OFFICE_2)
    with pytest.raises(RuleError, match="Nothing differs"):
        propose_site(sqlite_register, by=OFFICE, settings=SETTINGS)

    clock.set(day(1))
    move_date(
        sqlite_register,
        reference="CC-001",
        due_on=day(120),
        reason=REASON,
        category=MoveCategory.SCOPE,
        by=OFFICE,
    )
    record_position(
        sqlite_register, reference="CC-001", position=Position.AWAITING_REVIEW, source="Letter", by=OFFICE
    )
    take_in(sqlite_register, "CC-004")
    second = propose_site(sqlite_register, by=OFFICE, settings=SETTINGS)
    changes = second.changes

    assert changes.added == {"recommendations/CC-004/index.html": "Do CC-004 (CC-004)"}
    assert changes.gone == {}
    assert "recommendations/CC-001/index.html" in changes.changed
    assert "recommendations/CC-002/index.html" not in changes.changed
    assert {(row.reference, row.heading, row.before, row.after) for row in changes.rows} == {
        ("CC-001", "Target", "2 Jun 2024", "2 Jul 2024"),
        ("CC-001", "Inspectorate", "Open", "Awaiting review"),
        ("CC-004", "Recommendation", "", "Do CC-004"),
    }
    assert (
        replace(changes_of(sqlite_register, publication=second.publication, by=OFFICE_2), named=changes.named)
        == changes
    )


def test_a_later_publication_keeps_the_addresses_of_earlier_ones(
    sqlite_register: Store, clock: Clock, tmp_path: Path
) -> None:
    """Also in a folder that never had them: every approved publication is remembered in the register."""
    report = take_in_report(sqlite_register, service=SERVICE, title="Old", by=OFFICE)
    for number, by in ((1, OFFICE), (2, OFFICE)):
        clock.set(day(number))
        take_in(sqlite_register, f"CC-00{number}", inspection_id=report.id)
        made_now = propose_site(sqlite_register, by=by, settings=SETTINGS)
        approve_publication(sqlite_register, publication_id=made_now.publication.id, by=OFFICE_2)
    done = publish_site(sqlite_register, tmp_path, by=SYSTEM, settings=SETTINGS)

    book = AddressBook.read((tmp_path / "addresses.json").read_bytes())
    assert book.addresses["recommendations/CC-001/index.html"].first == "2024-03-05"
    assert book.addresses["recommendations/CC-002/index.html"].first == "2024-03-06"
    assert done.changes.added == {"recommendations/CC-002/index.html": "Do CC-002 (CC-002)"}


def test_gone_and_renamed_pages_are_told() -> None:
    """What stood before and stands no more is named; the frame alone changes nothing."""
    before = {
        "pages": {"a": ["A", "k", "1"], "b": ["B", "l", "2"]},
        "rows": {"CC-1": {"Title": "T"}},
        "files": {},
    }
    now = {"pages": {"a": ["A", "k", "1"]}, "rows": {}, "files": {}}

    changes = compared(before, now)
    assert changes.gone == {"b": "B"}
    assert changes.changed == {}
    assert [(row.reference, row.before, row.after) for row in changes.rows] == [("CC-1", "T", "")]
    assert compared(before, before).is_nothing


def test_a_publication_is_the_same_whoever_asks(sqlite_register: Store) -> None:
    """Of one service or of all, the office sees and proposes the same site."""
    a_story(sqlite_register)
    one = made(sqlite_register, by=OFFICE)
    other = made(sqlite_register, by=person("elsewhere", *OFFICE.roles, services=frozenset({ELSEWHERE})))

    assert one.files == other.files


def test_the_site_of_one_moment_is_the_same_later(sqlite_register: Store, clock: Clock) -> None:
    """Made again a month later, past an embargo's end, it is what it was."""
    a_story(sqlite_register)
    take_in_report(sqlite_register, service=SERVICE, title="Soon", embargo_until=moment(day(5)), by=OFFICE)
    proposal = propose_site(sqlite_register, by=OFFICE, settings=SETTINGS)
    clock.set(day(30))
    close(sqlite_register, "CC-001")

    again = make_again(sqlite_register, publication=proposal.publication, by=OFFICE)
    assert "reports/soon/index.html" not in again.files
    assert "reports/soon/index.html" in made(sqlite_register).files


# Settings


def test_an_address_makes_links_whole(sqlite_register: Store) -> None:
    """Where the office says where the site stands, pages name their own address and feeds give whole ones."""
    take_in(sqlite_register, "CC-001")
    rules = SiteRules.of(
        replace(
            SETTINGS, public_address="https://public.example/monitor", public_contact="ask@office.example"
        )
    )
    site = made(sqlite_register, rules=rules)
    canonical = page_of(site, "recommendations/CC-001/index.html").css_first("link[rel=canonical]")
    feed = atom(site.files["feed.xml"])

    assert canonical is not None
    assert canonical.attributes["href"] == "https://public.example/monitor/recommendations/CC-001/"
    assert [(link.get("rel"), link.get("href")) for link in feed.findall(f"{ATOM}link")] == [
        ("alternate", "https://public.example/monitor/"),
        ("self", "https://public.example/monitor/feed.xml"),
    ]
    assert page_of(site, "accessibility/index.html").css_first('a[href="mailto:ask@office.example"]')


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"public_texts": ("everything",)}, 'names "everything"'),
        ({"public_address": "office.example"}, "Write where the site begins"),
        ({"public_address": "javascript:alert(1)"}, "Write where the site begins"),
    ],
)
def test_a_wrong_setting_is_refused(wrong: dict[str, Any], said: str) -> None:
    """In one sentence that says what would be right."""
    with pytest.raises(SetupError, match=re.escape(said)):
        SiteRules.of(replace(SETTINGS, **wrong))


def test_rules_travel_with_a_publication() -> None:
    """What is written of them reads back the same."""
    rules = SiteRules(
        Titles(conference="Board"), 14, "https://x.example/", "us", frozenset({PublicText.MOVES})
    )

    assert SiteRules.from_plain(json.loads(json.dumps(rules.as_plain()))) == rules


# The command


def run(store: Store, *arguments: str) -> Result:
    """Run the command on a register."""
    return CliRunner().invoke(main, ["publish", *arguments, "--database", store.address])


def test_the_command_shows_proposes_and_writes(story: Store, tmp_path: Path) -> None:
    """A draft says DRAFT on each page; nothing is published unapproved; what was approved is written."""
    draft, site = tmp_path / "draft", tmp_path / "site"
    shown = run(story, str(draft), "--preview", "--json")
    assert shown.exit_code == 0
    assert "Nothing was approved before" in shown.stderr
    assert json.loads(shown.stdout)["is_draft"] is True
    for page in draft.rglob("*.html"):
        assert "DRAFT, not published." in page.read_text()

    refused = run(story, str(site))
    assert refused.exit_code == 1
    assert "No publication has been approved yet" in refused.stderr
    proposed = run(story, "--propose", "--json")
    number = json.loads(proposed.stdout)["publication"]
    approve_publication(story, publication_id=number, by=OFFICE)
    done = run(story, str(site), "--json")
    answer = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (answer["publication"], answer["is_draft"], answer["is_demonstration"]) == (number, False, False)
    assert "DRAFT" not in (site / PAGE).read_text()
    assert run(story, str(site), "--json").stdout.count('"written": []') == 1
    assert run(story, str(site), "--preview").exit_code == 1


def test_a_draft_goes_into_a_folder_of_its_own(sqlite_register: Store, tmp_path: Path) -> None:
    """Neither over what is published nor the other way round."""
    site = made(sqlite_register)
    draft = replace(site, is_draft=True)
    write_site(tmp_path / "site", site, earlier={})
    write_site(tmp_path / "draft", draft, earlier={})

    with pytest.raises(RuleError, match="holds what is published, and this is a draft"):
        write_site(tmp_path / "site", draft, earlier={})
    with pytest.raises(RuleError, match="holds a draft, and this is published"):
        write_site(tmp_path / "draft", site, earlier={})


@pytest.mark.parametrize("arguments", [(), ("x", "--propose"), ("x", "--preview", "--propose")])
def test_the_command_refuses_what_makes_no_sense(story: Store, arguments: tuple[str, ...]) -> None:
    """A folder to write into, or a proposal, not both."""
    assert run(story, *arguments).exit_code == 2


def test_folders_that_cannot_be_are_refused(sqlite_register: Store, tmp_path: Path) -> None:
    """A file, and a folder in a folder that is not there."""
    site = made(sqlite_register)
    (tmp_path / "file").write_text("")
    for place, said in (("file", "is a file"), ("a/b", "There is no folder")):
        with pytest.raises(RuleError, match=said):
            write_site(tmp_path / place, site, earlier={})


def test_a_folder_of_the_demonstration_takes_no_real_register(
    published: Published, sqlite_register: Store
) -> None:
    """Invented pages and real ones never share addresses."""
    with pytest.raises(RuleError, match="holds the site of the demonstration"):
        write_site(published.written.folder, made(sqlite_register), earlier={})


def test_recommendations_closed_and_reopened_keep_their_page(sqlite_register: Store) -> None:
    """Closing changes what a page says, not where it stands."""
    take_in(sqlite_register, "CC-001", due_on=day(9))
    close(sqlite_register, "CC-001")
    page = page_of(made(sqlite_register), "recommendations/CC-001/index.html")

    assert "✓ Closed in time" in words(page)
    assert f"Closed as {ClosureReason.MET.word.lower()}; a second person, of the office, agreed." in words(
        page
    )
