"""The published response: what its document says, that it is the same each time, and that it reads back as the same report."""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitor import exporters
from monitor.cli import main
from monitor.domain.access import SYSTEM
from monitor.domain.response_desk import FORMS, Ask, Explains, Response, ResponsePart
from monitor.domain.responses import PREVENTION_OF_FUTURE_DEATHS, SECTION_55
from monitor.domain.statuses import Applicability, Kind, Precision, Programme
from monitor.errors import AccessError, NotFoundError, RuleError, UnreadableFileError
from monitor.exporters.document import plain_lines, printable
from monitor.exporters.to_docx import docx_bytes
from monitor.exporters.to_html import html_bytes
from monitor.importers.child import read_document
from monitor.importers.extract import Extracted, as_contract, extract
from monitor.importers.own_response import as_carried, on_one_line, read_own
from monitor.importers.read_docx import read_docx
from monitor.importers.read_html import read_html
from monitor.packs.response import (
    make_response,
    publish_response,
    published_document,
    response_document,
)
from monitor.services.importing import apply_plans, read_file
from monitor.services.intake import take_in_report
from monitor.services.responding import (
    approve_response,
    ask_approval,
    explain,
    invite_chief_officer,
    receive_comments,
    write_comments,
)
from monitor.services.responses import ResponseFacts, gather_response, read_published
from monitor.settings import Settings, Titles
from monitor.store import Store
from tests.builders import (
    ANALYST,
    DAY,
    EDITOR,
    OFFICE,
    OFFICE_2,
    SERVICE,
    Clock,
    a_register,
    an_inspection,
    day,
    moment,
    take_in,
)

SETTINGS = Settings(database="")
TITLES = Titles()
HOSTILE = (
    "By March 2023, forces should:\n· make a plan; and\n- keep to it.",
    "1. Recommendation 7\nChief Constable’s comments\nAs printed\nAddressed to",
    "-call handling\n\n\n(b) the second; 3) third\no\tthird",
    "<script>alert(1)</script> & “quoted” 'single' \"double\" </td></table>",
    "two  blanks,   three    four, a\u00a0hard one and a\ttab",
    "#panic() *a* `b` \\ $x$ {y} [l](u) <!-- c --> ]]> &amp; %d",
    "\u200bzero\u200bwidth \u200e\u2067right to left\u2069 \u202e reversed \u00ad soft \ufeff mark",
    "Café e\u0301 🚓 ٣ 完了 \U000e0041 \ufffe \x85 next\u2028line",
    '=HYPERLINK("https://evil.example","x")\n+1\n@SUM(A1)\n\'tis',
    "• one\n• • two\n◦ three\n\uf0b7 four",
    "Police and Crime Commissioner’s comments",
    "Key findings\nRecommendation 2: #23432 – By March 2023, forces should",
    "x" * 5_000,
)


# Reading it back


def facts_of(*asks: Ask, parts: dict[str, tuple[str, ...]] | None = None, **report: Any) -> ResponseFacts:
    """Return what a document is made of: a report with these recommendations and nothing written yet."""
    return ResponseFacts(
        office="An office",
        is_demonstration=False,
        response=Response(an_inspection(**report), asks),
        parts=parts or {},
        clock=SECTION_55,
        published_on=None,
        made_at=moment(DAY),
    )


def read_back(facts: ResponseFacts, form: str) -> Extracted:
    """Return the one report that the importer reads in the document of a response."""
    document = response_document(facts, TITLES)
    if form == "docx":
        read = read_docx("a.docx", docx_bytes(document))
    else:
        read = read_html("a.html", html_bytes(document))
    found = extract(read, service=SERVICE)
    assert len(found) == 1
    return found[0]


def back(text: str) -> str:
    """Return a text as a document can show it and give it back."""
    return as_carried(printable(text))


def line(text: str) -> str:
    """Return the same of what stands on one line."""
    return on_one_line(printable(text))


def an_ask(text: str, **given: Any) -> Ask:
    """Return a recommendation with these words."""
    facts: dict[str, Any] = {"reference": "CC-001", "kind": Kind.RECOMMENDATION, "short_title": "Do it", "applicability": Applicability.FOR_SERVICE}  # fmt: skip
    return Ask(text=text, **facts | given)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:30])
def test_hostile_words_come_back_as_they_are(form: str, text: str) -> None:
    """Wherever they stand: as title, words, addressee, deadline or finding, none is cut, joined or taken for a label."""
    ask = an_ask(
        text, number="7.1", external_reference="#23432", addressees=(text, "all forces"), deadline_phrase=text
    )
    found = read_back(facts_of(ask, an_ask("The force should too.", number="8"), title=text, key_findings=(text, "Second."), grades=((text, "Good"),)), form)  # fmt: skip
    first, second = found.recommendations

    assert found.publication.title == line(text)
    assert (first.text, first.number, first.reference) == (back(text), "7.1", "#23432")
    assert first.addressed.addressees == (line(text), "all forces")
    assert first.deadline is not None
    assert first.deadline.phrase == line(text)
    assert (second.text, second.number) == ("The force should too.", "8")
    assert found.key_findings == [back(text), "Second."]
    assert found.grades == [{"question": line(text), "grade": "Good"}]


@pytest.mark.parametrize("form", FORMS)
def test_what_was_read_once_comes_back_unchanged(form: str) -> None:
    """Words from an import, their parts with them; the bullets are the document's and not the text's."""
    parts = ("Giving victims advice; and", "1. Applying a process.", "• a mark of its own")
    text = "\n".join(["By March 2023, forces should, at the least:", *parts])
    found = read_back(facts_of(an_ask(text, number="1"), parts={"CC-001": parts}), form)

    assert found.recommendations[0].text == text
    assert found.recommendations[0].parts == parts
    assert found.recommendations[0].lead_in == "By March 2023, forces should, at the least:"
    assert found.recommendations[0].deadline is not None
    assert found.recommendations[0].deadline.phrase == "", "none was printed beside it"


_TEXTS = st.text(
    st.one_of(
        st.sampled_from("\n \t•·-*o1.)(a:–\u00a0\u200b\u00ad#“”"),
        st.characters(exclude_categories=["Cs"], max_codepoint=0x2FFF),
    ),
    max_size=60,
).filter(lambda text: bool(line(text)))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(_TEXTS, st.lists(_TEXTS, max_size=3), st.booleans())
@example("a\n\n• b", ["• b"], True)
@example("\u200b1. a", ["\u200b"], True)
@example("0\x85", ["0"], True)
def test_any_words_come_back(text: str, more: list[str], with_parts: bool) -> None:
    """Also those that nobody thought of, alone or with parts, in both forms."""
    parts = tuple(line(one) for one in more if line(one)) if with_parts else ()
    whole = "\n".join([text, *parts])
    ask = an_ask(whole, number="1", addressees=tuple(more), deadline_phrase=text)
    for form in FORMS:
        found = read_back(facts_of(ask, title=text, parts={"CC-001": parts}), form)
        (read,) = found.recommendations
        assert found.publication.title == line(text)
        assert read.text == back(whole)
        assert read.addressed.addressees == tuple(line(one) for one in more if line(one))
        assert read.deadline is not None
        assert read.deadline.phrase == line(text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("report", "told"),
    [
        ({}, ("2024-03-04", "day")),
        ({"published_on": day(27), "published_precision": Precision.MONTH}, ("2024-03-31", "month")),
        ({"published_on": day(302), "published_precision": Precision.YEAR}, ("2024-12-31", "year")),
        ({"published_on": None, "published_precision": Precision.UNKNOWN}, (None, "unknown")),
    ],
)
def test_the_day_of_publication_comes_back_as_exactly_as_it_is_known(
    form: str, report: dict[str, Any], told: tuple[str | None, str]
) -> None:
    """A month as a month, and what is not known as nothing."""
    found = as_contract(read_back(facts_of(an_ask("The force should do it."), **report), form))

    assert (found["published"], found["published_precision"]) == told


@pytest.mark.parametrize("form", FORMS)
def test_kinds_addressees_and_counts_come_back(form: str) -> None:
    """A cause of concern with what stands under it, one for others, and what the report states."""
    asks = (
        an_ask("The force fails.", kind=Kind.CAUSE_OF_CONCERN, number="1", addressees=("the force",)),
        an_ask("It should act.", reference="CC-002", number="2", parent="CC-001", applicability=Applicability.SHARED),
        an_ask("The NPCC should.", reference="CC-003", number="3", addressees=("NPCC", "NCA"), applicability=Applicability.FOR_OTHERS),
        an_ask("Whoever.", reference="CC-004", kind=Kind.AFI, applicability=Applicability.NOT_DECIDED),
    )  # fmt: skip
    found = read_back(
        facts_of(*asks, programme=Programme.JOINT, is_national=True, publishers=("HMICFRS", "HMI Prisons"), stated_count=9, stated_addressees="forces; NPCC"),
        form,
    )  # fmt: skip

    kinds = [(one.kind, one.number, one.cause) for one in found.recommendations]
    assert kinds == [(Kind.CAUSE_OF_CONCERN, "1", None), (Kind.RECOMMENDATION, "2", 0), (Kind.AFI, "", None), (Kind.RECOMMENDATION, "3", None)]  # fmt: skip
    assert [one.addressed.applies_to_service for one in found.recommendations] == [True, True, None, False]
    assert found.publication.publishers == ("HMICFRS", "HMI Prisons")
    assert found.publication.inspection_type == "Joint inspection, national"
    assert (found.stated_count, found.stated_addressees) == (9, ["forces", "NPCC"])


@pytest.mark.parametrize("form", FORMS)
def test_a_report_of_which_nothing_is_listed_comes_back(form: str) -> None:
    """The count, and whom it is for."""
    found = read_back(facts_of(stated_count=14, stated_addressees="NPCC; NCA"), form)

    assert (found.recommendations, found.stated_count, found.stated_addressees) == ([], 14, ["NPCC", "NCA"])


def test_a_document_that_has_not_our_form_is_read_as_any_other() -> None:
    """Also one that says the words of our form in running text."""
    page = (
        b"<main><h1>Response</h1><p>About the report As published Inspection title Custody of children and other people in "
        b"the cells of the county, and what was found there by inspectors when they came in the spring of that year.</p>"
        b"<table><tr><td>Inspection Title:</td><td>Custody</td></tr></table></main>"
    )

    assert read_own(read_html("a.html", page)) == []


# Through the register


def respond(store: Store) -> None:
    """Write everything that a response to the first report needs, and let a second person approve it."""
    invite_chief_officer(store, inspection_id=1, until=day(9), by=OFFICE)
    receive_comments(store, inspection_id=1, text="I welcome it.\n\nWe began in May.", by=EDITOR)
    explain(
        store,
        inspection_id=1,
        reference="CC-001",
        explains=Explains.TAKEN,
        text="We did it <b>well</b>.",
        by=OFFICE,
    )
    explain(
        store,
        inspection_id=1,
        reference="CC-003",
        explains=Explains.NONE,
        text="It is done elsewhere.",
        by=OFFICE,
    )
    write_comments(store, inspection_id=1, part=ResponsePart.OFFICE, text="We welcome it too.", by=OFFICE)
    ask_approval(store, inspection_id=1, by=OFFICE)
    approve_response(store, inspection_id=1, by=OFFICE_2)


@pytest.fixture(scope="module")
def answered(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Yield a register with an approved response to a report with three recommendations, one of them for others."""
    path = tmp_path_factory.mktemp("response") / "register.sqlite"
    shutil.copyfile(sqlite_template, path)
    store = a_register(f"sqlite:///{path}", Clock())
    take_in(
        store,
        number="1",
        external_reference="#23432",
        addressees=("chief constables", "the College of Policing"),
        due_on=day(90),
        due_phrase="By June 2024",
        text="By June 2024, chief constables should do it.",
    )
    take_in(store, "CC-002", number="2", applicability=Applicability.FOR_OTHERS, text="The NPCC should too.")
    take_in(store, "CC-003", number="3", kind=Kind.AFI, text="The force should look again.")
    respond(store)
    yield store
    store.close()


def test_the_document_says_what_the_house_layout_says(answered: Store) -> None:
    """In its order: the report, its findings, each recommendation with its answer, those for others, both comments."""
    said = plain_lines(response_document(gather_response(answered, inspection_id=1, by=OFFICE), TITLES))
    wanted = [
        "Response to “PEEL assessment”",
        "Published under section 55 of the Police Act 1996",
        "Inspection title | PEEL assessment",
        "Date published | 4 March 2024",
        "Type of inspection | Inspection",
        "Published by | HMICFRS",
        "Recommendations",
        "Recommendation 1: Do CC-001",
        "As printed | By June 2024, chief constables should do it.",
        "Reference | #23432",
        "Addressed to | chief constables the College of Policing",
        "Deadline as printed | By June 2024",
        "For whom | For the force",
        "Action taken | We did it <b>well</b>.",
        "Area for improvement 3: Do CC-003",
        "No action, and why | It is done elsewhere.",
        "Recommendations for others",
        "Recommendation 2: Do CC-002",
        "For whom | For others only",
        "Chief Constable’s comments",
        "I welcome it.",
        "We began in May.",
        "Police and Crime Commissioner’s comments",
        "We welcome it too.",
        "About this response",
        "Approved on 4 March 2024 by a second person of the office. Last day in law: 28 April 2024",
    ]
    places = [next((n for n, one in enumerate(said) if one.startswith(words)), -1) for words in wanted]

    assert -1 not in places, wanted[places.index(-1)]
    assert places == sorted(places)
    assert "section 33" not in " ".join(said)


@pytest.mark.parametrize("form", FORMS)
def test_the_file_reads_back_through_the_gate_as_the_same_report(answered: Store, form: str) -> None:
    """As `monitor extract` reads any file: in a process of its own."""
    content = make_response(answered, inspection_id=1, by=OFFICE, settings=SETTINGS, forms=(form,))[form]
    (found,) = map(as_contract, extract(read_document(f"response.{form}", content), service=SERVICE))

    assert (found["report_title"], found["published"]) == ("PEEL assessment", "2024-03-04")
    assert [
        (one["kind"], one["number"], one["reference"], one["text"]) for one in found["recommendations"]
    ] == [
        ("recommendation", "1", "#23432", "By June 2024, chief constables should do it."),
        ("afi", "3", None, "The force should look again."),
        ("recommendation", "2", None, "The NPCC should too."),
    ]
    first = found["recommendations"][0]
    assert first["addressees"] == ["chief constables", "the College of Policing"]
    assert (first["deadline_phrase"], first["deadline"]) == ("By June 2024", "2024-06-30")
    assert ("Chief Constable", "We began in May.") in [
        (one["speaker"], one["text"]) for one in found["statements"]
    ]
    assert found["problems"] == []


def test_our_own_document_changes_nothing_on_the_register(answered: Store) -> None:
    """Imported where it came from, it holds nothing new."""
    content = make_response(answered, inspection_id=1, by=OFFICE, settings=SETTINGS, forms=("docx",))["docx"]
    plan = read_file(answered, name="response.docx", content=content, service=SERVICE, by=OFFICE)

    assert {one.standing.value for one in plan.reports} == {"unchanged"}
    assert {item.standing.value for one in plan.reports for item in one.items} == {"unchanged"}


def test_the_same_response_gives_the_same_bytes(answered: Store) -> None:
    """Word and web page, each time; the moment they carry is that at which the last of it was recorded."""
    one, other = (
        make_response(answered, inspection_id=1, by=by, settings=SETTINGS) for by in (OFFICE, ANALYST)
    )

    assert one == other
    made = docx.Document(io.BytesIO(one["docx"])).core_properties.created
    approved = gather_response(answered, inspection_id=1, by=OFFICE).response.approved
    assert approved is not None
    assert made == approved.recorded_at.replace(microsecond=0)


def test_the_office_and_the_chief_officer_are_called_as_set(answered: Store) -> None:
    """Titles are settings, and the document reads back with those."""
    facts = gather_response(answered, inspection_id=1, by=OFFICE)
    titles = Titles(head_of_office="Deputy Mayor for Policing", chief_officer="Commissioner")
    said = plain_lines(response_document(facts, titles))

    assert "Commissioner’s comments" in said
    assert "Deputy Mayor for Policing’s comments" in said
    found = extract(read_html("a.html", html_bytes(response_document(facts, titles))), service=SERVICE)
    assert {one.speaker for one in found[0].statements} == {"Commissioner", "Deputy Mayor for Policing"}


def test_a_draft_says_so_and_shows_what_is_not_written() -> None:
    """Nobody takes it for the response."""
    facts = facts_of(an_ask("The force should do it.", number="1"))
    said = plain_lines(response_document(facts, TITLES))

    assert "Draft: not approved and not published." in said
    assert "Action or reason | Not written yet." in said


@pytest.mark.parametrize(
    ("clock", "law"),
    [
        (SECTION_55, "section 55 of the Police Act 1996"),
        (PREVENTION_OF_FUTURE_DEATHS, "regulation 29 of the Coroners (Investigations) Regulations 2013"),
        (None, ""),
    ],
)
def test_the_law_is_that_of_the_clock(clock: Any, law: str) -> None:
    """No other Act is named."""
    facts = facts_of()
    told = ResponseFacts(
        **{**{name: getattr(facts, name) for name in facts.__dataclass_fields__}, "clock": clock}
    )
    said = " ".join(plain_lines(response_document(told, TITLES)))

    assert law in said
    assert ("Police Act" in said) is (clock is SECTION_55)


def test_word_takes_the_offices_template_and_still_reads_back(answered: Store, tmp_path: Path) -> None:
    """The same mechanism as for packs: its styles, its margins."""
    template = docx.Document(str(Path(exporters.__file__).with_name("document.docx")))
    template.styles["Normal"].font.name = "Courier New"
    path = tmp_path / "office.docx"
    template.save(str(path))
    own = Settings(database="", word_template=str(path))
    content = make_response(answered, inspection_id=1, by=OFFICE, settings=own, forms=("docx",))["docx"]

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "Courier New" in archive.read("word/styles.xml").decode()
    assert [one.number for one in extract(read_docx("a.docx", content))[0].recommendations] == ["1", "3", "2"]
    (tmp_path / "broken.docx").write_bytes(b"not Word")
    for name, problem in (("broken.docx", UnreadableFileError), ("none.docx", RuleError)):
        with pytest.raises(problem):
            make_response(answered, inspection_id=1, by=OFFICE, settings=Settings(database="", word_template=str(tmp_path / name)))  # fmt: skip


def test_whoever_reads_no_drafts_makes_no_document(answered: Store) -> None:
    """The force is told when it is published."""
    with pytest.raises(AccessError, match="read responses before they are published"):
        make_response(answered, inspection_id=1, by=EDITOR, settings=SETTINGS)


def test_what_is_published_is_the_document_of_that_day_for_ever(sqlite_register: Store, clock: Clock) -> None:
    """Kept byte for byte, in each form and as what it says; made again it is the same."""
    take_in(sqlite_register)
    take_in(sqlite_register, "CC-003", kind=Kind.AFI)
    respond(sqlite_register)
    clock.set(day(20))
    with pytest.raises(AccessError):
        publish_response(sqlite_register, inspection_id=1, on=day(19), by=EDITOR, settings=SETTINGS)
    publish_response(
        sqlite_register,
        inspection_id=1,
        on=day(19),
        by=OFFICE,
        settings=SETTINGS,
        link="https://office.example/r",
    )

    made = make_response(sqlite_register, inspection_id=1, by=OFFICE, settings=SETTINGS)
    for form in FORMS:
        step, content = read_published(sqlite_register, inspection_id=1, form=form, by=SYSTEM)
        assert content == made[form]
        assert (step.happened_on, step.link) == (day(19), "https://office.example/r")
    assert "Response published | 23 March 2024" in plain_lines(
        published_document(sqlite_register, inspection_id=1, by=SYSTEM)
    )
    write_comments(
        sqlite_register, inspection_id=1, part=ResponsePart.OFFICE, text="Another text.", by=OFFICE
    )
    assert "We welcome it too." in plain_lines(
        published_document(sqlite_register, inspection_id=1, by=SYSTEM)
    )


# The command line


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["PEEL", "out.docx"], 0, "The response to PEEL assessment is in out.docx."),
        (["1", "out.html"], 0, "The last day was 28 April 2024"),
        (["1", "out.pdf"], 2, "a response is docx or html"),
        (["nothing", "out.docx"], 1, 'No report on this register has the number or the words "nothing"'),
        (["1", "out.docx", "--published"], 1, 'No response to "PEEL assessment" has been published'),
        (["1", "none/out.docx"], 1, "cannot be written"),
        (["report", "out.docx"], 1, "fits 2 reports"),
    ],
)
def test_the_command_writes_a_response_or_says_why_not(
    answered: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    """A report by its number or words of its title."""
    if arguments[0] == "report" and not known(answered, "A second report"):
        for title in ("A second report", "A third report"):
            take_in_report(answered, service=SERVICE, title=title, by=OFFICE)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["response", *arguments, "--database", answered.address])

    assert result.exit_code == code, result.output
    assert said in " ".join(result.output.split())
    assert (tmp_path / arguments[1]).exists() is (code == 0)


def known(store: Store, title: str) -> bool:
    """Tell whether a report of this title is on the register."""
    with store.reading() as reader:
        return any(one.title == title for one in reader.inspections())


def test_the_command_answers_in_json(answered: Store, tmp_path: Path) -> None:
    """State, days and what is missing, for whoever scripts it."""
    out = tmp_path / "response.docx"
    result = CliRunner().invoke(
        main, ["response", "1", str(out), "--json", "--database", answered.address], catch_exceptions=False
    )
    told = json.loads(result.stdout)

    assert (told["state"], told["last_day"], told["is_approved"], told["missing"]) == (
        "approved",
        "2024-04-28",
        True,
        [],
    )
    assert told["dates"]["approved"] == "2024-03-04"
    assert told["file"] == str(out)


def test_what_is_read_in_one_response_comes_back_from_our_own(sqlite_register: Store) -> None:
    """Import, write, import: a document of another office's layout gives the same report by way of ours."""
    page = (
        b"Response to HMICFRS inspection\nInspection Title:\tFinding time for custody\nDate Published:\t11 August 2022\n"
        b"Type of Inspection:\tNational thematic\nKey Findings\n- call handling\n- standards\nRecommendations:\n"
        b"1. #23432 - By March 2023, forces should make sure their practices adhere to guidance. They should also include:\n"
        b"- Giving victims timely advice; and\n- Applying a risk assessment.\n"
        b"2. #23475 - By March 2023, all forces should supervise investigations.\n"
    )
    before = extract(read_document("a.txt", page), service=SERVICE)
    plan = read_file(sqlite_register, name="a.txt", content=page, service=SERVICE, by=OFFICE)
    apply_plans(sqlite_register, plans=[plan], taken={plan.fingerprint: plan.everything()}, by=OFFICE)
    names = ("report_title", "published", "published_precision", "key_findings", "stated_count")
    fields = ("kind", "number", "reference", "text", "lead_in", "parts", "addressees", "deadline_phrase", "deadline", "deadline_rule", "applies_to_service")  # fmt: skip
    (wanted,) = map(as_contract, before)
    assert len(wanted["recommendations"]) == 2

    for form, content in make_response(
        sqlite_register, inspection_id=2, by=OFFICE, settings=SETTINGS
    ).items():
        (got,) = map(as_contract, extract(read_document(f"a.{form}", content), service=SERVICE))
        assert {name: got[name] for name in names} == {name: wanted[name] for name in names}
        for one, other in zip(got["recommendations"], wanted["recommendations"], strict=True):
            assert {name: one[name] for name in fields} == {name: other[name] for name in fields}


def test_a_response_that_is_not_there_is_not_read(answered: Store) -> None:
    """By whoever asks."""
    with pytest.raises(NotFoundError):
        published_document(answered, inspection_id=1, by=SYSTEM)
