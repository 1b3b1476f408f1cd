"""Whatever the bytes: gate and readers give an answer or one sentence, never another error."""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import UnreadableFileError
from monitor.importers.child import read_document, read_here, read_workbook
from monitor.importers.file_kinds import DOCUMENTS, SHEETS, Form, shown_name
from tests.importers.files import (
    cells,
    good_word,
    number,
    ods,
    ods_cell,
    ods_table,
    odt,
    paragraph,
    pdf,
    said,
    word,
    workbook,
    zipped,
)

WORDS: Final = (
    "# Report\n\nForces should review – by March 2023:\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
)
GOOD: Final[Mapping[Form, bytes]] = {
    "docx": word(paragraph("Forces should review.") + paragraph("by March 2023")),
    "odt": odt(),
    "pdf": pdf([[(72, 700, 14, "B", "Report"), (72, 680, 11, "R", "Forces should review.")]]),
    "html": b"<!doctype html><h1>Report</h1><ul><li>one<li>two</ul><table><tr><td>a<td colspan=2>b</table>",
    "txt": WORDS.encode(),
    "md": WORDS.encode(),
    "xlsx": workbook(
        '<cols><col min="2" max="2" hidden="1"/></cols>'
        + cells(
            said("Reference") + said("Due"),
            said("R-1") + number(44805, 1),
            '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        )
        + '<mergeCells><mergeCell ref="A3:B3"/></mergeCells>'
    ),
    "ods": ods(
        ods_table(ods_cell("Reference") + ods_cell("1", 'office:value="1" table:formula="of:=1"', "float"))
    ),
    "csv": 'Reference;Due\r\nR-1;"31/12/2022"\r\n\'=1;é\r\n'.encode(),
}
FORMS: Final = tuple(GOOD)
PACKED: Final = ("docx", "odt", "xlsx", "ods")
UNPACKED: Final = {
    "docx": "word/document.xml",
    "odt": "content.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
    "ods": "content.xml",
}
quick = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def try_it(form: Form, content: bytes, name: str | None = None) -> str:
    """Take a file through gate and reader in this process; return the sentence that refuses it, or ""."""
    name = name or f"file.{form}"
    try:
        found = read_here(name, content, (*DOCUMENTS, *SHEETS))
    except UnreadableFileError as refusal:
        sentence = refusal.message
    else:
        assert found.name == shown_name(name)
        assert type(found).from_plain(json.loads(json.dumps(found.as_plain(), ensure_ascii=False))) == found
        return ""
    assert sentence.startswith(shown_name(name))
    assert "\n" not in sentence
    return sentence


def parts(form: Form) -> dict[str, bytes]:
    """Return the parts of the good file of a packed form."""
    with zipfile.ZipFile(io.BytesIO(GOOD[form])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@st.composite
def changed(draw: st.DrawFn, content: bytes) -> bytes:
    """Draw a file that differs from a good one: cut off, bits turned, stretches left out, doubled or put in."""
    found = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(found) - 1)))
        length = draw(st.integers(1, 40))
        match draw(st.sampled_from(("cut", "turn", "leave out", "double", "put in"))):
            case "cut":
                del found[at:]
            case "turn":
                if found:
                    found[at] ^= 1 << draw(st.integers(0, 7))
            case "leave out":
                del found[at : at + length]
            case "double":
                found[at:at] = found[at : at + length]
            case "put in":
                found[at:at] = draw(st.binary(max_size=20))
    return bytes(found)


@pytest.mark.parametrize("form", FORMS)
def test_good_file_is_read(form: Form) -> None:
    """What the others are made from is read, in this process and in the child."""
    assert not try_it(form, GOOD[form])
    read = read_workbook if form in SHEETS else read_document
    assert read(f"file.{form}", GOOD[form]).form == form


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@quick
def test_changed_file_is_read_or_refused(form: Form, data: st.DataObject) -> None:
    """A file cut off or with some of its bytes changed."""
    try_it(form, data.draw(changed(GOOD[form])))


@pytest.mark.parametrize("form", PACKED)
@given(data=st.data())
@quick
def test_changed_part_is_read_or_refused(form: Form, data: st.DataObject) -> None:
    """An archive in good order whose parts are not: this reaches the readers behind the gate."""
    inner = parts(form)
    name = data.draw(st.sampled_from([UNPACKED[form], UNPACKED[form], *sorted(inner)]))
    inner[name] = data.draw(changed(inner[name]))

    try_it(form, zipped(inner.items(), stored=["mimetype"]))


@pytest.mark.parametrize("form", PACKED)
@given(data=st.data())
@quick
def test_changed_words_of_a_part_are_read_or_refused(form: Form, data: st.DataObject) -> None:
    """A part that is still XML, with other words and numbers where its own stood."""
    inner = parts(form)
    text = inner[UNPACKED[form]].decode()
    places = [found.span(1) for found in re.finditer(r'(?:"|>)([^"<>]+)(?="|<)', text)]
    start, end = data.draw(st.sampled_from(places))
    other = data.draw(
        st.sampled_from(
            ["", "0", "-1", "1e999", "99999999999", "NaN", "A0", "XFD1048576", "true", "e", "s", "d", "date"]
        )
        | st.text(st.characters(codec="utf-8", exclude_characters='"<>&', min_codepoint=32), max_size=10)
    )
    inner[UNPACKED[form]] = (text[:start] + other + text[end:]).encode()

    try_it(form, zipped(inner.items(), stored=["mimetype"]))


@pytest.mark.parametrize("form", FORMS)
@given(content=st.binary(max_size=300), starts_well=st.booleans())
@quick
def test_any_bytes_are_read_or_refused(form: Form, content: bytes, starts_well: bool) -> None:
    """Bytes without any order, also behind the first ones of a good file."""
    try_it(form, GOOD[form][:40] + content if starts_well else content)


@pytest.mark.parametrize("form", ["txt", "md", "html", "csv"])
@given(text=st.text(max_size=300) | st.text(alphabet="a1 \t\n\r,;|#*-_`[]()<>\"'=&\0", max_size=300))
@quick
def test_any_text_is_read_or_refused(form: Form, text: str) -> None:
    """Text of every kind, and text of the marks that mean something."""
    try_it(form, text.encode("utf-8", "surrogatepass"))


@given(
    name=st.text(max_size=60) | st.sampled_from([f"a.{form}" for form in FORMS]), form=st.sampled_from(FORMS)
)
@settings(quick, max_examples=100)
def test_any_name_is_read_or_refused(name: str, form: Form) -> None:
    """A good file under any name."""
    try_it(form, GOOD[form], name)


@pytest.mark.parametrize("form", FORMS)
def test_cut_file_in_the_child_is_read_or_refused(form: Form) -> None:
    """The same through the whole way that a person's file takes."""
    read = read_workbook if form in SHEETS else read_document
    content = GOOD[form][: len(GOOD[form]) // 2]
    try:
        step = read(f"file.{form}", content).form
    except UnreadableFileError as refusal:
        step = refusal.facts["step"]

    assert step != "child"


def test_good_word_document_is_more_than_a_sample() -> None:
    """A document as Word's own library writes it goes the same way."""
    assert not try_it("docx", good_word())
