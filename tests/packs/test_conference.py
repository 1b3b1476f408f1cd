"""The pack of a meeting: what it says, in which form, and that what was published can be made again."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser

from monitor.domain.access import SYSTEM, Actor
from monitor.domain.meetings import Meeting, Outcome, Pack
from monitor.domain.statuses import Assurance, MeetingKind, MoveCategory, Precision
from monitor.errors import AccessError, NotFoundError, RuleError
from monitor.exporters.document import Heading, Picture, Table, plain_lines, words_of
from monitor.packs.publishing import MadePack, make_again, make_pack, publish_pack, published_document
from monitor.services.actions import agree_action
from monitor.services.checking import verify
from monitor.services.deciding import decide_assurance, move_date
from monitor.services.intake import take_in_report
from monitor.services.meetings import read_meeting, record_answer, record_meeting
from monitor.services.packs import find_meeting, gather, read_pack
from monitor.services.questions import add_question, drop_question, prepared_questions
from monitor.services.sample import load_demonstration
from monitor.services.updating import report_progress
from monitor.settings import Settings, Titles
from monitor.store import Store, migrate
from tests.builders import (
    A_REPORT,
    ADMINISTRATOR,
    ANALYST,
    DAY,
    EDITOR,
    ELSEWHERE,
    OFFICE,
    OFFICE_ELSEWHERE,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    day,
    give_evidence,
    moment,
    person,
    take_in,
)

SETTINGS = Settings(database="")
HOSTILE = "#panic() *a* <b>x</b> \\ $x$ ‮ 5 % [l](u)"


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Yield the demonstration register."""
    address = f"sqlite:///{tmp_path_factory.mktemp('pack') / 'register.sqlite'}"
    migrate(address)
    store = Store(address)
    load_demonstration(store)
    yield store
    store.close()


@pytest.fixture(scope="module")
def made(demonstration: Store) -> MadePack:
    """Return the pack of the next Conference of the demonstration, in every form."""
    coming = next(
        m
        for m in meetings(demonstration)
        if m.kind is MeetingKind.CONFERENCE and m.on > demonstration.today()
    )
    return make_pack(demonstration, meeting_id=coming.id, by=SYSTEM, settings=SETTINGS)


def meetings(store: Store) -> list[Meeting]:
    """Return every meeting, by day."""
    with store.reading() as reader:
        return list(reader.meetings())


@pytest.fixture
def story(sqlite_register: Store, clock: Clock) -> Store:
    """Return a register with a Conference past and one to come, and something to say in each part of a pack."""
    store = sqlite_register
    take_in(store, "CC-001", short_title=HOSTILE[:42], text=HOSTILE, due_on=day(20), owner="R. Gilpin")
    take_in(store, "CC-002", due_on=day(300), owner=HOSTILE)
    record_meeting(store, service=SERVICE, kind=MeetingKind.CONFERENCE, on=day(10), by=OFFICE)
    clock.set(day(12))
    agree_action(
        store,
        meeting_id=1,
        what=f"Draw fifty cases and say what they show. {HOSTILE}",
        owner=EDITOR.name,
        due_on=day(30),
        reference="CC-001",
        by=OFFICE,
    )
    clock.set(day(30))
    move_date(
        store, reference="CC-001", due_on=day(35), reason=REASON, category=MoveCategory.SCOPE, by=OFFICE
    )
    clock.set(day(40))
    report_progress(store, reference="CC-002", by=EDITOR, status=A_COMPLETE, narrative=HOSTILE)
    record_meeting(
        store, service=SERVICE, kind=MeetingKind.CONFERENCE, on=day(45), place="Carleton Hall", by=OFFICE
    )
    return store


A_COMPLETE = next(s for s in type(A_REPORT["status"]) if s.value == "complete")


# What it says


def test_it_has_every_part_in_order(made: MadePack) -> None:
    """From the summary to the definitions, each under a heading of the first level."""
    headings = [words_of(b.text) for b in made.document.blocks if isinstance(b, Heading) and b.level == 1]

    assert headings == [
        "In two minutes",
        "What to ask",
        "Since last time",
        "Late and at risk",
        "Claims to verify",
        "Dates moved",
        "Statutory responses due",
        "Actions from last time",
        "Progress",
        "Recommendations in detail",
        "What the words mean",
    ]


def test_its_figures_are_those_of_the_register(made: MadePack) -> None:
    """Page one says what the register's lists say, and the sum comes out."""
    view, said = made.facts.view, plain_lines(made.document)

    assert made.facts.since.balance.holds
    assert f"{made.facts.since.balance.line()}." in said
    assert f"{int(view.rows['is_open'].sum())}: open" in said
    assert f"{len(made.facts.questions)}: questions follow" in said


def test_each_question_stands_in_it_with_its_facts(made: MadePack) -> None:
    """In their order, with every figure and sentence that prompted them, and a way to the page behind it."""
    said = plain_lines(made.document)
    asked = [made.facts.questions.index(q) for q in made.facts.questions if q.text in said]

    assert len(asked) > 5
    assert asked == list(range(len(made.facts.questions)))
    for question in made.facts.questions:
        assert all(f"{fact.figure}: {' '.join(fact.words.split())}" in said for fact in question.facts)
    pages = {seen.record.reference for seen in made.facts.annex}
    assert {r for q in made.facts.questions for r in q.references} <= pages


def test_the_same_register_gives_the_same_pack(made: MadePack, demonstration: Store) -> None:
    """Each form again, byte for byte, of the same moment."""
    again = make_pack(
        demonstration,
        meeting_id=made.facts.meeting.id,
        by=SYSTEM,
        settings=SETTINGS,
        known_at=made.facts.known_at,
    )

    assert again.document == made.document
    assert again.files == made.files


def test_the_names_of_offices_and_meetings_are_settings(story: Store) -> None:
    """They change everywhere at once."""
    titles = Titles(conference="Mayor's Question Time", conference_short="Question Time")
    made = make_pack(
        story, meeting_id=2, by=OFFICE, settings=Settings(database="", titles=titles), forms=("html",)
    )

    assert made.document.title == "Mayor's Question Time"
    assert "Public Accountability Conference" not in made.files["html"].decode()


def test_everything_that_people_wrote_comes_through_as_text(story: Store) -> None:
    """Titles, owners, narratives and actions, in each form."""
    made = make_pack(story, meeting_id=2, by=OFFICE, settings=SETTINGS)
    shown = " ".join(HOSTILE.replace("‮", "").split())

    for text in (
        "\n".join(p.text for p in docx.Document(io.BytesIO(made.files["docx"])).paragraphs),
        LexborHTMLParser(made.files["html"]).body.text(),  # type: ignore[union-attr]
    ):
        assert shown in " ".join(text.split())
    pdf = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made.files["pdf"])).pages)
    assert "#panic() *a* <b>x</b>" in " ".join(pdf.split())


def test_a_first_meeting_of_an_empty_register_has_a_pack(sqlite_register: Store) -> None:
    """Nothing is open, nothing changed, nothing is asked: said in words, in every form."""
    record_meeting(sqlite_register, service=ELSEWHERE, kind=MeetingKind.BOARD, on=day(3), by=OFFICE_ELSEWHERE)

    made = make_pack(sqlite_register, meeting_id=1, by=OFFICE_ELSEWHERE, settings=SETTINGS)
    said = plain_lines(made.document)

    for line in ("Nothing is open.", "Nothing has changed.", "Nothing is late.", "No date has moved since"):
        assert any(one.startswith(line) for one in said), line
    assert all(made.files.values())


def test_word_can_be_edited_and_read_aloud(made: MadePack) -> None:
    """Real headings, header rows that repeat, an alternative text on each picture."""
    word = docx.Document(io.BytesIO(made.files["docx"]))
    headings = [p.text for p in word.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    pictures = [b for b in made.document.blocks if isinstance(b, Picture)]
    tables = [b for b in made.document.blocks if isinstance(b, Table)]
    described = re.findall(r'descr="([^"]+)"', word.element.xml)

    assert "What to ask" in headings
    assert all(t._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader") for t in word.tables if len(t.columns) > 2)
    assert len(pictures) > 3
    assert len(tables) > 10
    assert len(described) >= len(pictures)


def test_the_pdf_is_tagged(made: MadePack) -> None:
    """Its structure tree has headings, tables with scoped headings, and figures with an alternative text."""
    found = PdfReader(io.BytesIO(made.files["pdf"]))
    root = found.trailer["/Root"]
    kinds: dict[str, int] = {}
    figures = []

    def walk(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            kind = str(node.get("/S", ""))
            kinds[kind] = kinds.get(kind, 0) + 1
            if kind == "/Figure":
                figures.append(str(node.get("/Alt", "")))
            if "/K" in node:
                walk(node["/K"])

    walk(root["/StructTreeRoot"])  # type: ignore[index]

    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= set(kinds)
    assert all(figures)
    assert root["/Lang"] == "en-GB"  # type: ignore[index]


# Who may, and of what


@pytest.mark.parametrize("by", [PUBLIC, ADMINISTRATOR])
def test_who_may_not_export_makes_none(story: Store, by: Actor) -> None:
    """The public reads the meeting; a pack is for those who may export."""
    with pytest.raises(AccessError):
        gather(story, meeting_id=2, by=by)


@pytest.mark.parametrize("by", [EDITOR, ANALYST])
def test_only_the_office_publishes(story: Store, by: Actor) -> None:
    """Whoever may export can make one; keeping it takes the office, and a refusal leaves nothing."""
    before = story.data_version()

    with pytest.raises(AccessError):
        publish_pack(story, meeting_id=2, by=by, settings=SETTINGS)

    assert story.data_version() == before
    with story.reading() as reader:
        assert reader.packs() == []


def test_another_service_finds_nothing(story: Store) -> None:
    """The meeting and its packs do not exist for the office of another service."""
    pack = publish_pack(story, meeting_id=2, by=OFFICE, settings=SETTINGS)

    with pytest.raises(NotFoundError):
        gather(story, meeting_id=2, by=OFFICE_ELSEWHERE)
    with pytest.raises(NotFoundError):
        read_pack(story, pack_id=pack.id, form="pdf", by=OFFICE_ELSEWHERE)
    assert read_pack(story, pack_id=pack.id, form="pdf", by=EDITOR)[1].startswith(b"%PDF")


def test_a_public_meeting_is_told_nothing_of_what_is_under_embargo(story: Store, clock: Clock) -> None:
    """The pack with the hidden report is the pack without it, and stays so when it is made again after the embargo."""
    before = make_pack(story, meeting_id=2, by=OFFICE, settings=SETTINGS, forms=())
    hidden = take_in_report(
        story,
        service=SERVICE,
        title="A secret report",
        published_on=day(38),
        published_precision=Precision.DAY,
        embargo_until=moment(day(60)),
        by=OFFICE,
    )
    take_in(story, "CC-009", inspection_id=hidden.id, short_title="A secret ask", due_on=day(39))

    after = make_pack(story, meeting_id=2, by=OFFICE, settings=SETTINGS, forms=())
    pack = publish_pack(story, meeting_id=2, by=OFFICE, settings=SETTINGS)
    clock.set(day(70))
    again = make_again(story, pack_id=pack.id, by=OFFICE, settings=SETTINGS)

    def but_the_head(one: MadePack) -> list[str]:
        return [line for line in plain_lines(one.document) if "istory of the register" not in line]

    assert but_the_head(after) == but_the_head(before)
    assert (again.differences, again.other_bytes) == ((), ())
    record_meeting(
        story, service=SERVICE, kind=MeetingKind.ONE_TO_ONE, on=day(71), is_public=False, by=OFFICE
    )
    private = make_pack(story, meeting_id=3, by=OFFICE, settings=SETTINGS, forms=())
    assert any("A secret ask" in line for line in plain_lines(private.document))


# Published


def test_a_published_pack_is_kept_byte_for_byte(story: Store, clock: Clock) -> None:
    """Its bytes, its moment and its fingerprint stay, whatever is said later, and the history holds."""
    pack = publish_pack(story, meeting_id=2, by=OFFICE, settings=SETTINGS)
    kept = {
        form: read_pack(story, pack_id=pack.id, form=form, by=OFFICE)[1] for form in ("docx", "pdf", "html")
    }
    clock.set(day(50))
    report_progress(story, reference="CC-001", by=EDITOR, **A_REPORT)

    assert {f: read_pack(story, pack_id=pack.id, form=f, by=OFFICE)[1] for f in kept} == kept
    assert published_document(story, pack_id=pack.id, by=OFFICE).title == "Public Accountability Conference"
    assert read_meeting(story, meeting_id=2, by=OFFICE).packs == (pack,)
    assert verify(story, by=SYSTEM).ok


def test_it_can_be_made_again_weeks_later(story: Store, clock: Clock) -> None:
    """From the register as it was then known: the questions as they were left, the actions, the changes."""
    add_question(story, meeting_id=2, text="What would you do first?", by=OFFICE)
    first = prepared_questions(story, meeting_id=2, by=OFFICE).questions[0]
    drop_question(story, meeting_id=2, question=first.key, by=OFFICE)
    pack = publish_pack(story, meeting_id=2, by=OFFICE, settings=SETTINGS)
    clock.set(day(90))
    give_evidence(story, "CC-001", on=day(30))
    decide_assurance(
        story, reference="CC-002", level=Assurance.NOT_ASSURED, rationale="No cases.", by=OFFICE, on=day(40)
    )
    record_answer(
        story, meeting_id=2, question=first.key, asked="?", outcome=Outcome.ANSWERED, words="So.", by=OFFICE
    )
    add_question(story, meeting_id=2, text="And what then?", by=OFFICE)

    again = make_again(story, pack_id=pack.id, by=OFFICE, settings=SETTINGS)

    assert again.differences == ()
    assert again.other_bytes == ()


def test_a_difference_is_told(story: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the product has since learned to say something otherwise, both lines are shown."""
    pack = publish_pack(story, meeting_id=2, by=OFFICE, settings=SETTINGS)
    other = Settings(database="", titles=Titles(conference="The Mayor's Meeting"))

    again = make_again(story, pack_id=pack.id, by=OFFICE, settings=other)

    assert "-Public Accountability Conference" in again.differences
    assert "+The Mayor's Meeting" in again.differences
    assert set(again.other_bytes) == {"docx", "pdf", "html"}


def test_a_pack_whose_bytes_were_changed_is_found(story: Store) -> None:
    """Past the triggers, by somebody with the database at hand: `monitor verify` names the pack."""
    pack: Pack = publish_pack(story, meeting_id=2, by=OFFICE, settings=SETTINGS)
    with story.engine.connect().execution_options(writes=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER published_file_no_update")
        connection.exec_driver_sql(
            "UPDATE published_file SET content = ? WHERE fingerprint = ?", (b"%PDF other", pack.pdf)
        )
        connection.commit()

    assert any("pdf" in line and "changed" in line for line in verify(story, by=SYSTEM).differences)


# Choices


def test_the_annex_has_the_pages_that_were_asked_for(story: Store) -> None:
    """In that order; an unknown one is named, and so is a hidden one, in the same words."""
    facts = gather(story, meeting_id=2, by=OFFICE, annex=["CC-002", "CC-001"])

    assert [seen.record.reference for seen in facts.annex] == ["CC-002", "CC-001"]
    with pytest.raises(NotFoundError, match='no recommendation "CC-404"'):
        gather(story, meeting_id=2, by=OFFICE, annex=["CC-404"])
    many = [f"CC-{n:03}" for n in range(100, 141)]
    for reference in many:
        take_in(story, reference)
    with pytest.raises(RuleError, match="it can have 40"):
        gather(story, meeting_id=2, by=OFFICE, annex=many)


def test_changes_are_told_from_the_meeting_before_or_from_the_day_asked_for(story: Store) -> None:
    """By default the last of its kind; the first of its kind looks back ninety days."""
    assert gather(story, meeting_id=2, by=OFFICE).since.start == day(10)
    assert gather(story, meeting_id=2, by=OFFICE, since_on=day(5)).since.start == day(5)
    assert gather(story, meeting_id=1, by=OFFICE).since.start == day(10) - timedelta(days=90)


def test_a_past_meeting_gets_the_pack_of_its_day(story: Store, clock: Clock) -> None:
    """Made late, it says what was known on the day and nothing of what came after."""
    clock.set(day(60))
    take_in(story, "CC-050", short_title="Taken in later")

    made = make_pack(story, meeting_id=2, by=OFFICE, settings=SETTINGS, forms=())

    assert made.facts.view.as_at == day(45)
    assert not any("Taken in later" in line for line in plain_lines(made.document))


def test_a_meeting_is_found_by_its_day(story: Store) -> None:
    """None on that day names the nearest; two ask which."""
    assert find_meeting(story, on=day(45), by=OFFICE).id == 2
    with pytest.raises(NotFoundError, match="The nearest are: Public Accountability Conference"):
        find_meeting(story, on=DAY, by=OFFICE)
    record_meeting(story, service=SERVICE, kind=MeetingKind.BOARD, on=day(45), by=OFFICE)
    with pytest.raises(RuleError, match="--kind"):
        find_meeting(story, on=day(45), by=OFFICE)
    assert find_meeting(story, on=day(45), by=OFFICE, kind=MeetingKind.BOARD).id == 3


def test_the_office_can_bring_its_own_template(story: Store, tmp_path: Path) -> None:
    """Its styles are taken; one that cannot be read is named."""
    template = tmp_path / "house.docx"
    made = make_pack(story, meeting_id=2, by=OFFICE, settings=SETTINGS, forms=("docx",))
    house = docx.Document(io.BytesIO(made.files["docx"]))
    house.styles["Heading 1"].font.name = "Courier New"
    house.save(str(template))

    styled = make_pack(
        story,
        meeting_id=2,
        by=OFFICE,
        settings=Settings(database="", word_template=str(template)),
        forms=("docx",),
    )

    assert docx.Document(io.BytesIO(styled.files["docx"])).styles["Heading 1"].font.name == "Courier New"
    missing = Settings(database="", word_template=str(tmp_path / "none.docx"))
    with pytest.raises(RuleError, match="MONITOR_WORD_TEMPLATE"):
        make_pack(story, meeting_id=2, by=OFFICE, settings=missing, forms=("docx",))


def test_somebody_of_both_services_gets_the_pack_of_one(story: Store) -> None:
    """Rows of the other service stay out."""
    both = person("both", *OFFICE.roles, services=None)
    there = take_in_report(story, service=ELSEWHERE, title="A fire report", by=both)
    take_in(story, "AA-001", inspection_id=there.id, short_title="A fire matter", by=both)

    made = make_pack(story, meeting_id=2, by=both, settings=SETTINGS, forms=())

    assert not any("A fire matter" in line for line in plain_lines(made.document))
