"""Sites of registers to look at: what several tests of the public site ask for."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain.access import SYSTEM, Actor
from monitor.domain.response_desk import ResponseStage, ResponseStep
from monitor.domain.statuses import (
    Applicability,
    Assurance,
    LinkKind,
    MoveCategory,
    Position,
)
from monitor.exporters.document import Column as DocumentColumn
from monitor.exporters.document import Document, Facts, Heading, Paragraph, Span, Table, as_json
from monitor.packs.site import (
    Published,
    Site,
    build_site,
    publish_site,
)
from monitor.services.deciding import agree_date, decide_assurance, record_position
from monitor.services.intake import link_recommendations
from monitor.services.sample import load_demonstration
from monitor.services.site import (
    SiteRules,
    gather_site,
)
from monitor.services.updating import ask_date, report_progress
from monitor.settings import Settings
from monitor.store import Store, migrate
from tests.builders import A_REPORT, DAY, EDITOR, OFFICE, SERVICE, close, day, give_evidence, moment, take_in

SETTINGS = Settings(database="")
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '</p><script>alert(1)</script> & "x" \' {{ 7 * 7 }} {% raw %} \u202e\ufffe <b>'


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Yield the demonstration register."""
    address = f"sqlite:///{tmp_path_factory.mktemp('site') / 'register.sqlite'}"
    migrate(address)
    with closing(Store(address)) as store:
        load_demonstration(store)
        yield store


@pytest.fixture(scope="module")
def published(demonstration: Store, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Return the site of the demonstration, written once."""
    folder = tmp_path_factory.mktemp("published")
    return publish_site(demonstration, folder, by=SYSTEM, settings=SETTINGS)


def made(store: Store, *, rules: SiteRules | None = None, by: Actor = OFFICE, **given: Any) -> Site:
    """Return the site of a register as it is now."""
    return build_site(gather_site(store, by=by, rules=rules or SiteRules(), **given))


def words(node: LexborHTMLParser | LexborNode | None) -> str:
    """Return the words of a page or of a part, on one line."""
    assert node is not None
    text = (
        node.body.text(separator=" ")
        if isinstance(node, LexborHTMLParser) and node.body
        else node.text(separator=" ")
    )
    return " ".join(text.split())


def page_of(site: Site, path: str) -> LexborHTMLParser:
    """Return a page of a site that was made."""
    return LexborHTMLParser(site.files[path])


def text_of(site: Site) -> str:
    """Return everything that a site says as text."""
    return "\n".join(
        content.decode("utf-8", "replace")
        for path, content in site.files.items()
        if not path.startswith("assets/") and not path.endswith((".xlsx", ".docx"))
    )


def atom(content: bytes) -> ET.Element:
    """Return a feed that was written."""
    return ET.fromstring(content)  # noqa: S314 - the product's own


def csv_lines(published: Published, path: str) -> list[str]:
    """Return the lines of a CSV file of a site."""
    return published.site.files[path].decode("utf-8-sig").splitlines()


def a_story(store: Store) -> None:
    """Tell a register one of everything, with words that somebody wrote for the office in each place that takes some."""
    take_in(
        store,
        "CC-001",
        due_on=day(30),
        owner="Insp Ada Thorne",
        executive_lead="ACC Bo Finch",
        closure_test="TEST for Insp Ada Thorne.",
    )
    take_in(store, "CC-002", due_on=day(60))
    take_in(
        store, "CC-003", applicability=Applicability.FOR_OTHERS, applicability_reason="REASON for others."
    )
    report_progress(
        store,
        reference="CC-001",
        by=EDITOR,
        **A_REPORT | {"narrative": "NARRATIVE of Insp Ada  Thorne.", "blocked_by": "BLOCKED by X"},
    )
    ask_date(
        store,
        reference="CC-001",
        due_on=day(90),
        reason="MOVE because Insp Ada Thorne is away.",
        category=MoveCategory.RESOURCES,
        by=EDITOR,
    )
    agree_date(store, reference="CC-001", by=OFFICE)
    give_evidence(store, "CC-001", title="TITLE of evidence", checker="Dr Check Er", note="NOTE", body="BODY")
    decide_assurance(
        store,
        reference="CC-001",
        level=Assurance.PARTLY_ASSURED,
        rationale="RATIONALE",
        ask="ASK for more",
        by=OFFICE,
    )
    record_position(
        store,
        reference="CC-001",
        position=Position.OPEN,
        comment="COMMENT",
        source="SOURCE letter",
        by=OFFICE,
    )
    close(store, "CC-002")
    link_recommendations(store, reference="CC-001", kind=LinkKind.REPEATS, other="CC-002", by=OFFICE)


def a_response(store: Store, inspection_id: int = 1) -> None:
    """Record that the response to a report was published."""
    document = Document(
        title="Response to PEEL assessment",
        subtitle="Cumbria Constabulary",
        author="The office",
        subject="",
        made_at=moment(DAY),
        blocks=(
            Heading("Recommendations", anchor="asks"),
            Paragraph((Span("We <agree>. "), Span("See above", link="#asks"))),
            Paragraph("As printed.", "quote"),
            Facts((("Type", "National"),)),
            Table((DocumentColumn("No."), DocumentColumn("Answer")), (("1", "Done."),), caption="Answers"),
        ),
    )
    with store.writing() as unit:
        kept = {form: unit.keep_published(form.encode()) for form in ("docx", "html")}
        step = ResponseStep(
            id=unit.new_id("response_step"), inspection_id=inspection_id, service=SERVICE, stage=ResponseStage.PUBLISHED, happened_on=DAY,
            content=unit.keep_published(as_json(document).encode()), recorded_at=unit.now, by=OFFICE.id, by_name=OFFICE.name,
            docx=kept["docx"], html=kept["html"],
        )  # fmt: skip
        unit.add(step, by=OFFICE, verb="response published")
