"""Stored text is shown as text: the characters and patterns that Streamlit would read as something else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.ui import safe

ACTED_ON = "\\`*_[]<&$~|"
"""What Markdown acts on wherever it stands."""

AT_THE_START = "#>+=-"
"""What it acts on at the beginning of a line."""


def as_read(markdown: str) -> str:
    """Return what a reader of CommonMark sees: each backslash gives its mark, and nothing else is special."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


@pytest.mark.parametrize("mark", ACTED_ON)
def test_text_with_a_mark_that_markdown_acts_on_escapes_it(mark: str) -> None:
    """Each is preceded by a backslash wherever it stands, so that it begins nothing."""
    assert safe.text(f"a{mark}b") == f"a\\{mark}b"


@pytest.mark.parametrize("mark", AT_THE_START)
def test_text_that_begins_like_a_list_or_heading_escapes_it(mark: str) -> None:
    """The first character cannot begin a heading, a list, a quotation or a rule; later it is only a character."""
    assert safe.text(f"{mark} a {mark}") == f"\\{mark} a {mark}"


def test_text_that_reads_well_aloud_is_left_as_it_is() -> None:
    """A label is also the name of its field, so what nothing acts on carries no backslash."""
    written = 'A week (supports; data, checked by J. Birkett): 91% against 90%, "fair"? Yes!'

    assert safe.text(written) == written


@pytest.mark.parametrize(
    "written",
    [
        "**bold** _and_ ~~gone~~",
        "# not a heading",
        "1. not a list",
        "- not a list",
        "$x^2$ costs $5 and $10",
        "`code` and ```fence```",
        ":red[not red] :blue-badge[no badge] :small[no]",
        "<script>alert(1)</script> <b>bold</b> &amp; &lt;",
        "[a link](https://example.org) ![a picture](https://example.org/x.png)",
        "| a | table |",
        "[^1] a footnote",
        "ends with a backslash \\",
    ],
)
def test_text_with_markup_is_read_back_as_written(written: str) -> None:
    """What a reader sees is what was written, but for marks without width."""
    assert as_read(safe.text(written)).replace("\u2060", "") == written


@pytest.mark.parametrize(
    ("written", "pattern"),
    [
        (":smile: and :+1:", r":\+1:|:-1:|:[\w-]+:"),
        (":material_home:", r":material_(\w+):"),
        (":streamlit:", r":streamlit:"),
        ("see https://example.org and HTTP://X.org", r"(?i)https?://[-.\w]+"),
        ("see www.example.org", r"(?i)www\.[-.\w]+"),
        ("write to a.b@example.org", r"[-.\w+]+@[-A-Za-z0-9_]+(?:\.[-A-Za-z0-9_]+)+"),
        ("a -> b <- c <-> d -- e >= f <= g ~= h", r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)"),
        ("->", r"(^|\s)->(\s|$)"),
    ],
)
def test_text_with_a_pattern_read_after_markdown_breaks_it(written: str, pattern: str) -> None:
    """Emoji names, icons, bare addresses and arrows are looked for after Markdown; none is found."""
    assert re.search(pattern, written)
    assert not re.search(pattern, as_read(safe.text(written)))


def test_text_with_line_breaks_is_one_line() -> None:
    """A line break cannot begin a heading, a list or a table."""
    assert safe.text("one\n\n# two\t three\r\n") == "one # two three"


def test_text_with_a_change_of_direction_loses_it() -> None:
    """Marks that make the following words read backwards are dropped, as are control characters."""
    assert safe.text("a\u202eb\x00c\u2066d") == "abcd"


def test_text_of_nothing_is_empty() -> None:
    """No value is no text, and never the word None."""
    assert safe.text(None) == ""


@given(st.text())
def test_text_of_anything_keeps_every_letter(written: str) -> None:
    """Nothing but white space, control characters and direction marks is lost, whatever was written."""
    kept = re.sub("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2060]", "", "".join(written.split()))
    shown = re.sub("[\u2060]", "", "".join(as_read(safe.text(written)).split()))
    assert shown == kept


@given(st.text(alphabet="ab:/@.-<>=~ w_1$[]{}\\`*#|!&;\n"))
def test_text_of_marks_leaves_none_without_a_backslash(written: str) -> None:
    """However the marks are mixed, each one acted on is escaped and none escapes another's backslash."""
    rest = re.sub(r"\\[!-/:-@\[-`{-~]", "", safe.text(written))

    assert not set(rest) & set(ACTED_ON)
    assert not re.search(r":[A-Za-z\[:]", rest)


def test_paragraphs_keep_their_line_breaks() -> None:
    """An empty line parts paragraphs; a single break stays a break."""
    assert safe.paragraphs("one\ntwo\r\n\r\n*three*") == "one\\\ntwo\n\n\\*three\\*"


def test_quotation_stays_a_quotation_on_every_line() -> None:
    """An empty line does not end the quotation."""
    assert safe.quotation("one\n\ntwo") == "> one\n>\n> two"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org", "//example.org"]
)
def test_link_to_anything_but_the_web_is_text(address: str) -> None:
    """Only http and https can be followed."""
    assert "](" not in safe.link(address, "Minutes")


def test_link_to_the_web_can_be_followed() -> None:
    """The words are escaped and brackets in the address do not end it early."""
    assert safe.link("https://example.org/a_(b)", "[x]") == r"[\[x\]](<https://example.org/a_%28b%29>)"
