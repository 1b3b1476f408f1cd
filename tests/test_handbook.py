"""The documents say what the product is: commands, links, pictures, pages, settings and words exist as written."""

import ast
import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from PIL import Image

import run
from monitor.analysis.forecast import FEWEST_CLOSINGS, REPLAYS
from monitor.charts.catalogue import CHARTS
from monitor.cli import main as command_line
from monitor.dates import count_word
from monitor.domain.evidence import FRESH_DAYS, Grade
from monitor.domain.record import LATE_ENTRY_DAYS, REASON_MIN, SHORT_TITLE_MAX
from monitor.domain.schedule import DUE_SOON_DAYS
from monitor.domain.statuses import Assurance, ClosureReason
from monitor.services.columns import BY_KEY
from monitor.services.filters import SHOWS
from monitor.settings import Settings, Titles

ROOT = Path(run.__file__).resolve().parent
DOCS = ROOT / "docs"
HANDBOOK = sorted((DOCS / "handbook").glob("*.md"))
DOCUMENTS = [ROOT / "README.md", *HANDBOOK, DOCS / "operations.md", DOCS / "accessibility.md"]
EVERY_TEXT = [
    *DOCUMENTS,
    *(DOCS / "decisions").glob("*.md"),
    ROOT / "CHANGELOG.md",
    ROOT / "bench" / "README.md",
]
TESTS_ONLY = {"MONITOR_TEST_BROWSER", "MONITOR_TEST_POSTGRESQL", "MONITOR_HYPOTHESIS"}
"""Read by run.py and the tests; the product itself does not know them."""

MOST_BYTES = 250_000


def named(path: Path) -> str:
    """Return how a document is called in the name of a test."""
    return str(path.relative_to(ROOT).as_posix())


def said(path: Path) -> str:
    """Return a document's text."""
    return path.read_text(encoding="utf-8")


def run_together(text: str) -> str:
    """Return a text with its line ends as spaces, so that words broken over two lines are found."""
    return " ".join(text.split())


# Commands


class Written(NamedTuple):
    """A command as a document writes it: the place and the words after `monitor`."""

    where: str
    words: list[str]


def commands_written() -> Iterator[Written]:
    """Yield every `monitor ...` that stands in a code block or between backticks."""
    for document in DOCUMENTS:
        text = said(document)
        blocks = re.findall(r"^ *```\n(.*?)^ *```", text, flags=re.DOTALL | re.MULTILINE)
        lines = [line.strip() for block in blocks for line in block.splitlines()]
        without_blocks = re.sub(r"^ *```\n.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
        lines += re.findall(r"`([^`]+)`", without_blocks)
        for line in lines:
            found = re.match(r"(?:[A-Z_]+=\S+ )*monitor(?: (.+))?$", run_together(line))
            if found and found[1]:
                yield Written(named(document), shlex.split(found[1]))


COMMANDS = list(commands_written())


@pytest.mark.parametrize("written", COMMANDS, ids=lambda w: f"{w.where}: {' '.join(w.words)}"[:90])
def test_every_command_written_is_accepted(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command exists, and takes its arguments and options; nothing is run."""
    monkeypatch.chdir(tmp_path)
    name, *rest = written.words
    command = command_line.commands.get(name)

    assert command is not None, f"{written.where}: there is no monitor {name}"
    for word in rest:
        if re.fullmatch(r"[\w-]+\.[a-z]+", word):
            Path(word).touch()  # some commands read the file that is named
        if word == "FOLDER":
            Path(word).mkdir(exist_ok=True)
    if rest:  # a bare name is a mention, not a line to type
        while isinstance(command, click.Group) and not rest[0].startswith("-"):
            name, *rest = rest
            assert name in command.commands, f"{written.where}: there is no monitor ... {name}"
            command = command.commands[name]
            if not rest:
                return
        with suppress(click.exceptions.Exit):  # --help
            command.make_context(name, rest)


def test_commands_were_found() -> None:
    """The look through the documents finds what it is meant to check."""
    assert {written.words[0] for written in COMMANDS} == set(command_line.commands)


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_option_named_exists(document: Path) -> None:
    """An option between backticks is one of the command line's."""
    options = {"--help"}
    commands = list(command_line.commands.values())
    for group in [one for one in commands if isinstance(one, click.Group)]:
        commands += group.commands.values()
    for command in commands:
        options |= {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
    spans = re.findall(r"`(--[a-z-]+)", said(document))

    assert set(spans) <= options


# Links and pictures


def links(document: Path) -> list[str]:
    """Return every target of a link or picture that lies in the project."""
    text = re.sub(r"^ *```.*?^ *```", "", said(document), flags=re.DOTALL | re.MULTILINE)
    found = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'<img src="([^"]+)"', text)
    return [target for target in found if not re.match(r"[a-z]+:", target)]


def anchors(document: Path) -> set[str]:
    """Return the addresses of a document's headings, as the usual readers of Markdown make them."""
    headings = re.findall(r"^#+ (.+)$", said(document), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", EVERY_TEXT, ids=named)
def test_every_link_leads_somewhere(document: Path) -> None:
    """The file is there, and the heading in it."""
    for target in links(document):
        path, _, heading = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), f"{named(document)}: {target}"
        assert file.is_relative_to(ROOT), f"{named(document)}: {target} lies outside the project"
        if heading:
            assert heading in anchors(file), f"{named(document)}: {target}"


def test_every_document_is_reached_from_the_first_page() -> None:
    """Somebody who opens README.md and follows links gets everywhere."""
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        document = waiting.pop()
        if document in reached:
            continue
        reached.add(document)
        targets = [(document.parent / target.partition("#")[0]).resolve() for target in links(document)]
        waiting += [target for target in targets if target.suffix == ".md"]

    assert set(DOCUMENTS) <= reached


def test_every_picture_is_shown_and_small() -> None:
    """No picture lies about unused, none is heavy, and each has words for those who cannot see it."""
    pictures = set((DOCS / "pictures").glob("*.png"))
    shown = {
        (document.parent / target).resolve()
        for document in DOCUMENTS
        for target in links(document)
        if target.endswith(".png")
    }

    assert pictures == shown
    for picture in pictures:
        assert picture.stat().st_size < MOST_BYTES, picture.name
        with Image.open(picture) as image:
            assert image.width <= 1440, picture.name
            assert image.height <= 1400, picture.name
    for document in DOCUMENTS:
        assert not re.search(r"!\[\s*\]", said(document)), f"{named(document)}: a picture without words"
        for tag in re.findall(r"<img [^>]+>", said(document)):
            assert re.search(r'alt="[^"]{10,}"', tag), f"{named(document)}: {tag}"


def test_the_pictures_are_those_that_are_taken() -> None:
    """Each picture has its line in docs/pictures/make.py, and the other way round."""
    taken = re.findall(r'Picture\(\s*"([a-z-]+)"', said(DOCS / "pictures" / "make.py"))

    assert sorted(taken) == sorted(path.stem for path in (DOCS / "pictures").glob("*.png"))


# Words of the product


def pages_listed() -> list[str]:
    """Return the titles of dashboard.py, read from its text: importing it would start the pages."""
    tree = ast.parse(said(ROOT / "dashboard.py"))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "Listed"
    ]
    return [_title(call.args[1]) for call in calls]


def _title(written: ast.expr) -> str:
    """Return a title as it stands in dashboard.py; of one that is a setting, what it is unless it is set."""
    said = (
        getattr(Titles(), written.attr) if isinstance(written, ast.Attribute) else ast.literal_eval(written)
    )
    return str(said)


def test_every_page_is_named() -> None:
    """The handbook's first page has each page of the product by its title."""
    index = said(DOCS / "handbook" / "README.md")
    titles = pages_listed()

    assert len(titles) > 5
    for title in titles:
        assert f"| *{title}* |" in index, title


def words_of_the_pages() -> frozenset[str]:
    """Return every text in the modules that make the pages."""
    folders = (ROOT / "src" / "monitor" / "ui", ROOT / "pages", ROOT / "src" / "monitor" / "domain")
    return frozenset(
        run_together(node.value).lstrip("*")
        for folder in folders
        for path in sorted(folder.glob("*.py"))
        for node in ast.walk(ast.parse(said(path)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


PAGE_WORDS = words_of_the_pages()


@pytest.mark.parametrize("document", HANDBOOK, ids=named)
def test_every_button_and_field_is_called_as_on_the_pages(document: Path) -> None:
    """What stands in bold is the label of a button, a field or a heading of the product, from its beginning."""
    for bold in re.findall(r"\*\*(.+?)\*\*", said(document), flags=re.DOTALL):
        label = run_together(bold)
        begun = label.partition(" …")[0]  # what follows changes with what is shown
        assert any(words.startswith(begun) for words in PAGE_WORDS), (
            f'{named(document)}: "{label}" stands on no page'
        )


def test_sets_charts_and_columns_named_to_analysts_exist() -> None:
    """A name between backticks in the analysts' page is a set, a column or a chart of the product, or a command's."""
    text = said(DOCS / "handbook" / "analysts.md")
    sets = re.search(r"`--show` takes the same sets as the page: (.+?)\. ", run_together(text))
    rows = re.findall(r"^\| (`[a-z_`, ]+`) \|", text, flags=re.MULTILINE)

    assert sets is not None
    assert re.findall(r"`([a-z_]+)`", sets[1]) == list(SHOWS)
    assert rows
    for row in rows:
        assert set(re.findall(r"`([a-z_]+)`", row)) <= set(BY_KEY), row
    drawn = {w.words[1] for w in COMMANDS if w.words[0] == "chart" and w.words[1].islower()}
    assert {name for name in drawn if not name.startswith("--")} <= set(CHARTS)


# Settings


def test_every_setting_is_explained() -> None:
    """Each variable that settings.py reads has a row in the table of operations.md, and the table no other."""
    read = set(re.findall(r'"(MONITOR_[A-Z_]+)"', said(ROOT / "src" / "monitor" / "settings.py")))
    explained = set(
        re.findall(r"^\| `(MONITOR_[A-Z_]+)` \|", said(DOCS / "operations.md"), flags=re.MULTILINE)
    )

    assert explained == read


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_no_setting_is_made_up(document: Path) -> None:
    """A variable named anywhere is one that the product or its tests read."""
    read = set(re.findall(r'"(MONITOR_[A-Z_]+)"', said(ROOT / "src" / "monitor" / "settings.py")))

    assert set(re.findall(r"MONITOR_[A-Z_]+", said(document))) <= read | TESTS_ONLY


@pytest.mark.parametrize("name", sorted(TESTS_ONLY))
def test_the_settings_of_the_tests_are_read(name: str) -> None:
    """Each is read by run.py or by the tests."""
    readers = [ROOT / "run.py", *(path for path in (ROOT / "tests").glob("*.py") if path != Path(__file__))]

    assert any(name in said(path) for path in readers)


# Rules


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("README.md", f"due within {DUE_SOON_DAYS} days"),
        ("README.md", f"{Assurance.NOT_LOOKED_AT.word.lower()}, not, partly, assured"),
        ("analysts.md", f"{REPLAYS:,} times. With fewer than {count_word(FEWEST_CLOSINGS)} closings"),
        ("chief-constables-team.md", f"every {Settings('').update_every_days} days while something is open"),
        ("chief-constables-team.md", f"within the last {FRESH_DAYS} days"),
        ("chief-constables-team.md", f"**Why is it needed?** in at least {REASON_MIN} characters"),
        ("commissioners-office.md", f"at least {REASON_MIN} characters"),
        ("commissioners-office.md", f"at most {SHORT_TITLE_MAX} characters"),
        ("chief-constables-team.md", "more than a week apart"),
    ],
)
def test_figures_of_the_rules_are_those_that_are_applied(document: str, sentence: str) -> None:
    """A number in the handbook is the one that the code applies and that *How this is worked out* prints."""
    assert LATE_ENTRY_DAYS == 7, "the handbook says: a week"
    assert sentence in run_together(said(DOCS / "handbook" / document))


def test_words_explained_are_those_of_the_pages() -> None:
    """The grades of evidence, and the ways in which something can end, are all there and called as on the pages."""
    force = said(DOCS / "handbook" / "chief-constables-team.md")
    office = run_together(said(DOCS / "handbook" / "commissioners-office.md"))

    assert [
        grade.word for grade in Grade if grade is not Grade.NONE and f"| {grade.word} |" not in force
    ] == []
    assert [reason.word for reason in ClosureReason if reason.word not in office] == []
