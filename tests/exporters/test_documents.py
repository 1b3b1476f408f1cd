"""One document, three forms: what a reader with other software finds in them, and that they never differ."""

import hashlib
import io
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader
from pypdf.generic import IndirectObject
from selectolax.lexbor import LexborHTMLParser

from monitor.charts import theme
from monitor.errors import UnreadableFileError
from monitor.exporters import word_template
from monitor.exporters.document import (
    Block,
    Bullets,
    Column,
    Contents,
    Document,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Span,
    Table,
    as_json,
    from_json,
    plain_lines,
    printable,
    sections,
)
from monitor.exporters.office_template import open_template
from monitor.exporters.to_docx import docx_bytes
from monitor.exporters.to_html import html_bytes
from monitor.exporters.to_pdf import heading_pages, pdf_bytes
from monitor.exporters.typesetting import as_dots, paper_svg, settable

MADE_AT = datetime(2023, 1, 16, 9, 30, tzinfo=UTC)
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="340" height="200" viewBox="0 0 340 200">'
    b"<style>@font-face{font-family:'Monitor Sans';src:url(data:font/woff2;base64,AAAA)}</style>"
    b'<rect width="100" height="40" style="fill: var(--chart-accent, #1b4b82)"/>'
    b'<text x="9" y="90" style="font: 600 16px \'Monitor Sans\'">12 open</text></svg>'
)
ALT = "Bars: 12 open, 3 late & one “unknown”"
LINK = "https://example.org/recommendation?reference=CC-052&as=at"
HOSTILE = (
    '#eval("1") $x$ \\ * _ ` @a <b>[c]</b> // /* "] #import "a.typ"',
    "&lt;b&gt; <script>alert(1)</script> ]]> <!-- the text of the document -->",
    "😀 👩‍👩‍👧 🇬🇧 日本語 हिन्दी",
    "مرحبا بالعالم and שלום, \u202ereversed",
    "\x00\x07\x1b\x7f\ud800\ufffe\u2028\x85",
    "\u200b\u200d\u2060\ufeff\u00ad",
    "e\u0301\u0300\u0300\u0300",
    "W" * 400,
)


def _document(*blocks: Block, **changes: Any) -> Document:
    """Return a document that is valid by default."""
    given: dict[str, Any] = {"title": "A title", "made_at": MADE_AT, "blocks": blocks}
    return Document(**(given | changes))


ROWS = tuple((f"CC-{n:03}", "31 Dec 2022", str(n)) for n in range(1, 91))
PACK = Document(
    title="Public Accountability Conference",
    subtitle="16 January 2023\nCounty Hall",
    made_at=MADE_AT,
    author="The office",
    subject="Pack for the Conference",
    cover=("As at 16 January 2023, as it was then known.", "Demonstration data."),
    footer="Conference, 16 January 2023",
    fingerprint="History: 1,204 rows, head 9f2c4be1",
    blocks=(
        Contents(),
        Heading("On one page", 1, new_page=True),
        Paragraph("Seven of 37 are late.", "lead"),
        Paragraph(
            (Span("See "), Span("CC-052", link="#CC-052"), Span(" and "), Span("the register", link=LINK))
        ),
        Facts((("47 days", "late"), ("8 of 12", "files"))),
        Heading("What to ask", 2),
        Paragraph("Who decides?", "quote"),
        Bullets(("one", "two"), numbered=True),
        Bullets((("three"), (Span("four", bold=True, tone="red"),))),
        Bullets(("again",), numbered=True),
        Table(
            (Column("Reference"), Column("Target", width=2), Column("Days", "right")),
            ROWS,
            "All that is late",
        ),
        Picture(ALT, svg=SVG, finding="Three are late", caption="Source: the register.", width_mm=170),
        PageBreak(),
        Heading("Annex: CC-052", 1, anchor="CC-052"),
        Paragraph("As printed.", "small"),
        Heading("Not skipped", 3),
    ),
)


# Word ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def word() -> Any:
    """Return the pack as another program opens it."""
    return docx.Document(io.BytesIO(docx_bytes(PACK)))


def _xpath(word: Any, path: str) -> list[Any]:
    return list(word.element.body.xpath(path))


def _words(element: Any) -> str:
    return "".join(part.text for part in element.iter(qn("w:t")))


def test_word_has_real_styles_for_all_it_says(word: Any) -> None:
    """A person who edits it works with headings and lists, not with large letters and hyphens."""
    styles = {paragraph.text: paragraph.style.name for paragraph in word.paragraphs}
    assert styles["Public Accountability Conference"] == "Title"
    assert styles["County Hall"] == "Subtitle"
    assert styles["On one page"] == "Heading 1"
    assert styles["What to ask"] == "Heading 2"
    assert styles["Not skipped"] == "Heading 2"
    assert styles["one"] == "List Number"
    assert styles["four"] == "List Bullet"
    assert styles["Who decides?"] == "Quote"
    assert styles["47 days\tlate"] == "Facts"
    assert styles["All that is late"] == "Caption"


def test_word_lists_count_each_from_one(word: Any) -> None:
    """The second list does not go on where the first ended."""
    numbers = [p.find(f".//{qn('w:numId')}").get(qn("w:val")) for p in _xpath(word, ".//w:p[.//w:numPr]")]
    first, again = numbers[0], numbers[-1]
    assert first != again
    numbering = word.part.numbering_part.element
    for number in (first, again):
        assert numbering.xpath(f'w:num[@w:numId="{number}"]/w:lvlOverride/w:startOverride/@w:val') == ["1"]


def test_word_tables_repeat_their_heading_and_keep_their_rows_whole(word: Any) -> None:
    """On every page of a long table the columns are named, for the eye and for the ear."""
    (table,) = word.tables
    assert len(table.rows) == len(ROWS) + 1
    marked = table._tbl.xpath("w:tr[w:trPr/w:tblHeader]")
    assert len(marked) == 1
    assert _words(marked[0]) == "ReferenceTargetDays"
    assert len(table._tbl.xpath("w:tr[w:trPr/w:cantSplit]")) == len(ROWS) + 1
    look = table._tbl.xpath("w:tblPr/w:tblLook")[0]
    assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", "1")
    assert table._tbl.xpath("w:tblPr/w:tblCaption/@w:val") == ["All that is late"]
    assert table.style.name == "Document Table"
    assert table._tbl.xpath("w:tr[2]/w:tc[3]/w:p/w:pPr/w:jc/@w:val") == ["right"]


def test_a_row_longer_than_a_page_may_split() -> None:
    """Otherwise it would be cut off, or leave a page empty."""
    made = docx.Document(
        io.BytesIO(docx_bytes(_document(Table((Column("A"), Column("B")), (("a", "word " * 900),), "Long"))))
    )
    assert len(made.tables[0]._tbl.xpath("w:tr[w:trPr/w:cantSplit]")) == 1


def test_word_pictures_have_alternative_texts_and_fit_the_page(word: Any) -> None:
    """Each says what it shows; none is wider than the text."""
    pictures = _xpath(word, ".//wp:inline")
    texts = [picture.find(qn("wp:docPr")).get("descr") for picture in pictures]
    assert texts[1] == ALT
    assert all(texts)
    ids = [picture.find(qn("wp:docPr")).get("id") for picture in pictures]
    assert len(set(ids)) == len(ids)
    wide, high = (int(pictures[1].find(qn("wp:extent")).get(side)) / 36000 for side in ("cx", "cy"))
    assert 165 < wide <= 166.1
    assert high == pytest.approx(wide * 200 / 340, abs=0.1)


def test_word_says_its_language_and_what_it_is(word: Any) -> None:
    """Language, title, author, subject and days, none of them the template's or today's."""
    assert word.styles.element.xpath("w:docDefaults//w:lang/@w:val") == ["en-GB"]
    about = word.core_properties
    assert about.title == PACK.title
    assert about.subject == PACK.subject
    assert (about.author, about.last_modified_by) == ("The office", "The office")
    assert about.created == about.modified == MADE_AT
    assert about.language == "en-GB"


def test_word_pages_are_a4_and_numbered_by_fields(word: Any) -> None:
    """Margins of 22 mm; the number is Word's own; none on the cover."""
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    assert {round(margin.mm) for margin in margins} == {22}
    assert section.different_first_page_header_footer
    fields = [field.text.strip() for field in section.footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert section.footer.paragraphs[0].text.startswith(PACK.footer)
    assert section.footer.paragraphs[0].style.name == "Footer"


def test_word_contents_is_a_field_that_is_filled_in(word: Any) -> None:
    """Nobody has to press a key before the contents can be read; each line leads to its heading."""
    (contents,) = _xpath(word, ".//w:sdt")
    entries = _xpath(word, './/w:sdt//w:p[starts-with(w:pPr/w:pStyle/@w:val, "TOC")][w:hyperlink]')
    shown = [_words(entry) for entry in entries]
    assert [re.sub(r"\d$", "", line) for line in shown] == [
        "On one page",
        "What to ask",
        "Annex: CC-052",
        "Not skipped",
    ]
    assert all(re.search(r"\d$", line) for line in shown)
    instructions = [field.text.strip() for field in contents.iter(qn("w:instrText"))]
    assert instructions[0] == 'TOC \\o "1-2" \\h \\z \\u'
    bookmarks = set(_xpath(word, ".//w:bookmarkStart/@w:name"))
    assert {entry.find(qn("w:hyperlink")).get(qn("w:anchor")) for entry in entries} <= bookmarks
    kinds = [field.get(qn("w:fldCharType")) for field in contents.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == len(entries) + 1


def test_word_links_are_links(word: Any) -> None:
    """One leads to a heading, one out of the document, with its address as it was given."""
    links = {
        _words(link): link for link in _xpath(word, ".//w:p[w:hyperlink][not(ancestor::w:sdt)]/w:hyperlink")
    }
    annex = links["CC-052"].get(qn("w:anchor"))
    assert _xpath(word, f'.//w:p[w:bookmarkStart/@w:name="{annex}"]/w:pPr/w:pStyle/@w:val') == ["Heading1"]
    assert word.part.rels[links["the register"].get(qn("r:id"))].target_ref == LINK


def test_word_xml_keeps_the_order_that_the_format_asks_for(word: Any) -> None:
    """Word refuses what other readers forgive: the parts of a paragraph's properties in another order."""
    order = ["pStyle", "keepNext", "pageBreakBefore", "framePr", "numPr", "tabs", "spacing", "jc"]
    for properties in _xpath(word, ".//w:pPr"):
        names = [etree.QName(child).localname for child in properties]
        assert names == sorted(names, key=order.index)


def test_5_000_rows_become_word_in_seconds() -> None:
    """Cell by cell it would take minutes."""
    rows = tuple(
        (f"CC-{n}", "A title of some words", "31 Mar 2023", str(n), "Owner", "Open") for n in range(5000)
    )
    columns = tuple(Column(name) for name in ("Reference", "Title", "Target", "Days", "Owner", "State"))
    started = time.process_time()
    made = docx_bytes(_document(Table(columns, rows, "All")))
    assert time.process_time() - started < 10
    assert zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").count(b"<w:tr>") == 5001


# Word: an office's own template --------------------------------------------------------------------------------


def _changed(changes: dict[str, tuple[str, str]], extra: dict[str, bytes] | None = None) -> bytes:
    """Return the product's template with words in its parts replaced, and more parts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word_template.kept_template())) as kept,
        zipfile.ZipFile(out, "w") as made,
    ):
        for name in kept.namelist():
            old, new = changes.get(name, ("", ""))
            content = kept.read(name).decode()
            assert old in content
            made.writestr(name, content.replace(old, new) if old else content, zipfile.ZIP_DEFLATED)
        for name, part in (extra or {}).items():
            made.writestr(name, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def test_the_kept_template_is_what_the_code_makes() -> None:
    """Nothing in it came from elsewhere; it passes the gate that any file passes."""
    made, kept = (
        zipfile.ZipFile(io.BytesIO(one))
        for one in (word_template.word_template(), word_template.kept_template())
    )
    assert made.namelist() == kept.namelist()
    assert all(made.read(name) == kept.read(name) for name in made.namelist())
    assert open_template(word_template.kept_template()).text_width == open_template().text_width


def test_an_offices_template_gives_the_look_and_nothing_else() -> None:
    """Its fonts, margins and header are kept; its text, its author and its settings against editing are not."""
    office = docx.Document(io.BytesIO(word_template.kept_template()))
    office.styles["Heading 1"].font.name = "Impact"
    office.sections[0].left_margin = office.sections[0].right_margin = docx.shared.Mm(40)
    office.sections[0].header.paragraphs[0].text = "OFFICE OF THE COMMISSIONER"
    office.core_properties.author = "Somebody else"
    office.settings.element.append(office.settings.element.makeelement(qn("w:documentProtection")))
    kept = io.BytesIO()
    office.save(kept)
    made = docx.Document(io.BytesIO(docx_bytes(PACK, kept.getvalue())))

    assert made.styles["Heading 1"].font.name == "Impact"
    assert made.sections[0].header.paragraphs[0].text == "OFFICE OF THE COMMISSIONER"
    assert "The sentences that say it all." not in [paragraph.text for paragraph in made.paragraphs]
    assert made.core_properties.author == "The office"
    assert made.settings.element.find(qn("w:documentProtection")) is None
    widths = [int(width) for width in made.element.body.xpath(".//w:tblGrid/w:gridCol/@w:w")]
    assert sum(widths) == pytest.approx(130 / 25.4 * 1440, abs=3)
    assert max(int(wide) for wide in made.element.body.xpath(".//wp:extent/@cx")) <= 130.1 * 36000


@pytest.mark.parametrize(
    "number", ['<w:fldSimple w:instr=" PAGE "/>', "<w:r><w:instrText>PAGE</w:instrText></w:r>"]
)
def test_a_page_number_in_the_templates_foot_is_not_doubled(number: str) -> None:
    """The office's own line stays, ours comes below it without a number."""
    office = docx.Document(io.BytesIO(word_template.kept_template()))
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    office.sections[0].footer._element.append(
        etree.fromstring(f"<w:p {names}><w:r><w:t>County Hall</w:t></w:r>{number}</w:p>")
    )
    kept = io.BytesIO()
    office.save(kept)
    foot = docx.Document(io.BytesIO(docx_bytes(PACK, kept.getvalue()))).sections[0].footer
    assert [paragraph.text for paragraph in foot.paragraphs] == ["County Hall", PACK.footer]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (('w:name w:val="Lead"', 'w:name w:val="Leader"'), 'lacks the style "Lead"'),
        (('w:name w:val="toc 2"', 'w:name w:val="gone"'), 'lacks the style "TOC 2"'),
        (('w:type="table" w:customStyle="1"', 'w:type="paragraph"'), 'lacks the style "Document Table"'),
        (('w:name w:val="List', 'w:name w:val="Lost'), 'lacks the styles "List Bullet" and "List Number"'),
        (('<w:numId w:val="2"/>', ""), 'its style "List Number" is no list'),
        (("<w:name ", "<w:noname "), "lacks the styles"),
    ],
)
def test_a_template_without_what_is_needed_is_refused_by_name(changes: tuple[str, str], said: str) -> None:
    """One sentence says what is missing, before anything is made."""
    with pytest.raises(UnreadableFileError, match=re.escape(said)) as refused:
        docx_bytes(PACK, _changed({"word/styles.xml": changes}))
    assert refused.value.facts["missing"]
    assert "\n" not in refused.value.message


_EXTERNAL = '<Relationship Id="x" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{0}" Target="https://evil.example/a" TargetMode="External"/></Relationships>'
_MACRO = ("wordprocessingml.document.main+xml", "wordprocessingml.document.macroEnabled.main+xml")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a document",
        b"%PDF-1.7",
        word_template.kept_template()[:2000],
        _changed({"[Content_Types].xml": ("document.main+xml", "template.main+xml")}),
        _changed({"[Content_Types].xml": ("openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main")}),
        _changed({}, {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}),
        _changed({"word/_rels/document.xml.rels": ("</Relationships>", _EXTERNAL.format("attachedTemplate"))}),
        _changed({"word/_rels/document.xml.rels": ("</Relationships>", _EXTERNAL.format("image"))}),
        _changed({}, {"word/media/bomb.xml": b"<a>" + b" " * (40 << 20) + b"</a>"}),
        _changed({"word/styles.xml": ("<w:styles", '<!DOCTYPE a [<!ENTITY b "c">]><w:styles')}),
        _changed({"word/document.xml": ("<w:sectPr>", "<w:other>"), "word/styles.xml": ("", "")}),
        _changed({"word/document.xml": ("w:body>", "w:corpse>")}),
        _changed({"word/document.xml": ('w:left="1247"', 'w:left="8000"')}),
        _changed({"word/numbering.xml": ("w:abstractNumId w:val", "w:nothing w:val")}),
    ],
    ids=lambda content: hashlib.sha256(content).hexdigest()[:6],
)  # fmt: skip
def test_what_is_no_template_is_refused_in_a_sentence(content: bytes) -> None:
    """No document, another form, macros, links out, a bomb, or parts that do not fit: never a traceback."""
    with pytest.raises(UnreadableFileError) as refused:
        docx_bytes(PACK, content)
    assert refused.value.message.startswith("template.docx ")
    assert len(refused.value.message) < 400


# PDF -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf() -> Any:
    """Return the pack as another program opens it."""
    return PdfReader(io.BytesIO(pdf_bytes(PACK)))


def _tree(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield every element of the structure tree with the path to it."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        for child in node:
            yield from _tree(child, path)
    elif isinstance(node, dict):
        here = (*path, node["/S"]) if "/S" in node else path
        if "/S" in node:
            yield here, node
        if "/K" in node:
            yield from _tree(node["/K"], here)


def test_pdf_is_tagged_and_says_what_it_is(pdf: Any) -> None:
    """Marked, with a title that is shown, a language, the identifier of PDF/UA, and the day it was made."""
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert pdf.metadata is not None
    assert pdf.metadata.title == PACK.title
    assert pdf.metadata.author == "The office"
    assert pdf.metadata.subject == PACK.subject
    assert pdf.metadata.creation_date == MADE_AT


def test_pdf_has_headings_lists_tables_and_figures_in_its_tree(pdf: Any) -> None:
    """What a screen reader walks through, in the order of the page."""
    found = list(_tree(pdf.trailer["/Root"]["/StructTreeRoot"]))
    kinds = [path[-1] for path, _ in found]
    assert kinds[0] == "/Document"
    headings = [kind for kind in kinds if kind in ("/H1", "/H2", "/H3")]
    assert headings == ["/H1", "/H1", "/H2", "/H1", "/H2"]  # the contents have a heading too
    assert {"/TOC", "/L", "/LI", "/Link", "/Caption"} <= set(kinds)
    (figure,) = (node for path, node in found if path[-1] == "/Figure")
    assert figure["/Alt"] == ALT


def test_pdf_has_one_table_with_headings_that_say_what_they_head(pdf: Any) -> None:
    """However many pages it fills: three column headings, each with its scope, and every row once."""
    found = list(_tree(pdf.trailer["/Root"]["/StructTreeRoot"]))
    assert [path[-1] for path, _ in found].count("/Table") == 1
    heads = [node for path, node in found if path[-1] == "/TH"]
    assert len(heads) == 3
    for head in heads:
        attributes = head["/A"] if isinstance(head["/A"], list) else [head["/A"]]
        assert "/Column" in [one.get_object().get("/Scope") for one in attributes]
    assert [path[-1] for path, _ in found].count("/TR") == len(ROWS) + 1


def test_pdf_repeats_the_headings_of_a_table_on_each_page_and_numbers_the_pages(pdf: Any) -> None:
    """Not on the cover."""
    pages = [page.extract_text() for page in pdf.pages]
    listing = [text for text in pages if re.search(r"CC-0[1-9]\d", text) and "31 Dec 2022" in text]
    assert len(listing) >= 2
    assert all("Reference" in text and "Days" in text for text in listing)
    assert "Page" not in pages[0]
    assert f"Page 2 of {len(pages)}" in pages[1]
    assert all(PACK.footer in text for text in pages[1:])


def test_pdf_has_an_outline_and_links(pdf: Any) -> None:
    """Every heading can be jumped to; links lead where they say."""
    titles = [entry["/Title"] for entry in pdf.outline if isinstance(entry, dict)]
    assert titles == ["On one page", "Annex: CC-052"]
    actions = [note.get_object() for page in pdf.pages for note in page.get("/Annots", [])]
    addresses = [note["/A"].get_object().get("/URI") for note in actions if "/A" in note]
    assert LINK in addresses


def test_pdf_carries_the_projects_fonts(pdf: Any) -> None:
    """It looks the same on every machine; italics are drawn, not slanted."""
    made: Any = PdfReader(
        io.BytesIO(pdf_bytes(_document(Paragraph((Span("so", italic=True), Span("so", bold=True))))))
    )
    names = set()
    for reader in (pdf, made):
        for page in reader.pages:
            for font in page["/Resources"].get("/Font", {}).values():
                inner = font.get_object()["/DescendantFonts"][0].get_object()
                assert "/FontFile2" in inner["/FontDescriptor"] or "/FontFile3" in inner["/FontDescriptor"]
                names.add(inner["/BaseFont"].split("+")[1])
    assert names == {"MonitorSans-Regular", "MonitorSans-Semibold", "MonitorSans-Italic", "MonitorSerif-Regular", "MonitorSerif-Semibold"}  # fmt: skip


def test_pdf_keeps_the_rows_of_a_table_whole() -> None:
    """A row of ten lines is on one page, from its first word to its last."""
    rows = tuple((f"R{n}", f"first{n} " + "word " * 80 + f"last{n}") for n in range(30))
    made = PdfReader(io.BytesIO(pdf_bytes(_document(Table((Column("A"), Column("B")), rows, "Rows")))))
    assert len(made.pages) > 2
    for page in made.pages:
        text = page.extract_text()
        assert sorted(re.findall(r"first(\d+)", text)) == sorted(re.findall(r"last(\d+)", text))


def test_a_row_longer_than_a_page_goes_on_on_the_next() -> None:
    """Nothing of it is lost."""
    made = PdfReader(
        io.BytesIO(pdf_bytes(_document(Table((Column("A"),), (("word " * 1500 + "last",),), "Rows"))))
    )
    assert len(made.pages) > 1
    assert "last" in made.pages[-1].extract_text()


def test_pages_of_headings_are_those_of_the_layout() -> None:
    """The contents of Word begin with them."""
    assert heading_pages(PACK)["section-1"] == 3
    assert heading_pages(PACK)["cc-052"] > 4


# HTML ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page() -> Any:
    """Return the pack as a browser reads it."""
    return LexborHTMLParser(html_bytes(PACK).decode())


def test_html_has_landmarks_one_title_and_no_level_skipped(page: Any) -> None:
    """A person who hears it knows where they are, and can jump to the text."""
    assert page.css_first("html").attributes["lang"] == "en-GB"
    assert [
        page.css_first(name) is not None for name in ("header", "main#main", "nav", "footer", "title")
    ] == [True] * 5
    assert page.css_first("a.skip").attributes["href"] == "#main"
    assert [node.text() for node in page.css("h1")] == [PACK.title]
    levels = [int(node.tag[1]) for node in page.css("h1,h2,h3,h4")]
    assert levels == [1, 2, 2, 3, 2, 3]
    assert page.css_first("nav").attributes["aria-labelledby"] == "contents"


def test_html_ids_are_unique_and_every_link_leads_somewhere(page: Any) -> None:
    """A link within the page has its place in it."""
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    inside = [href[1:] for node in page.css("a") if (href := node.attributes["href"] or "").startswith("#")]
    assert set(inside) <= set(ids)
    assert "cc-052" in inside
    assert LINK in [node.attributes["href"] for node in page.css("a")]
    labels = [node.attributes["aria-labelledby"] for node in page.css("[aria-labelledby]")]
    assert set(labels) <= set(ids)


def test_html_asks_for_nothing_and_runs_nothing(page: Any) -> None:
    """One file that can be sent by mail: no script, no address that is fetched."""
    assert not page.css("script, link, iframe, object, embed, form")
    assert not [node for node in page.css("*") if any(name.startswith("on") for name in node.attributes)]
    assert all((node.attributes["src"] or "").startswith("data:image/") for node in page.css("[src]"))
    sheet = page.css_first("style").text()
    assert not re.search(r"url\((?!data:)|@import", sheet)
    assert "prefers-color-scheme: dark" in sheet
    assert "@media print" in sheet
    policy = page.css_first('meta[http-equiv="Content-Security-Policy"]').attributes["content"] or ""
    assert policy.startswith("default-src 'none'")


def test_html_tables_name_their_rows_and_columns_and_scroll_by_themselves(page: Any) -> None:
    """A caption, a scope for each heading, and a region that the keyboard reaches."""
    (table,) = page.css("table")
    assert table.css_first("caption").text() == "All that is late"
    assert [node.text() for node in table.css("thead th[scope=col]")] == ["Reference", "Target", "Days"]
    assert len(table.css("tbody th[scope=row]")) == len(ROWS)
    region = table.parent
    assert region is not None
    assert (region.attributes["role"], region.attributes["tabindex"]) == ("region", "0")


def test_html_pictures_stand_in_figures_with_their_words(page: Any) -> None:
    """Finding above, caption below, alternative text in the picture, the drawing itself inside."""
    (figure,) = page.css("figure")
    assert figure.css_first(".finding").text() == "Three are late"
    assert figure.css_first("figcaption").text() == "Source: the register."
    picture = figure.css_first("img")
    assert picture.attributes["alt"] == ALT
    assert (picture.attributes["src"] or "").startswith("data:image/svg+xml;base64,")
    assert picture.attributes["class"] == "paper"  # this one does not follow the reader's theme


def test_html_tables_may_be_without_row_headings() -> None:
    """Where no column names the row, none is said to."""
    made = LexborHTMLParser(
        html_bytes(
            _document(Table((Column("A"), Column("B")), (("a", "b"),), "T", row_headers=False))
        ).decode()
    )
    assert not made.css("tbody th")


# All three -----------------------------------------------------------------------------------------------------

FORMS = {"docx": docx_bytes, "pdf": pdf_bytes, "html": html_bytes}
_MAKE = """
import hashlib, sys
sys.path[:0] = {path!r}
from monitor.exporters.document import from_json
from monitor.exporters.to_docx import docx_bytes
from monitor.exporters.to_html import html_bytes
from monitor.exporters.to_pdf import pdf_bytes
document = from_json(sys.stdin.read())
print(*(hashlib.sha256(form(document)).hexdigest() for form in (docx_bytes, pdf_bytes, html_bytes)))
"""


def test_the_same_document_is_the_same_file_in_another_process() -> None:
    """A pack can be made again and compared with what was handed out."""
    here = [hashlib.sha256(form(PACK)).hexdigest() for form in FORMS.values()]
    there = subprocess.run(
        [sys.executable, "-c", _MAKE.format(path=[str(Path(theme.__file__).parents[2])])],
        input=as_json(PACK), capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "77", "TZ": "Pacific/Auckland"},
    ).stdout.split()  # fmt: skip
    assert there == here


def test_files_differ_where_documents_do() -> None:
    """Another word, another file; the same moment in another zone, the same file."""
    other = replace(PACK, footer="Another foot")
    elsewhere = replace(PACK, made_at=MADE_AT.astimezone(timezone(timedelta(hours=13))))
    for form in FORMS.values():
        assert form(other) != form(PACK)
        assert form(elsewhere) == form(PACK)


def _drawing(words: str) -> bytes:
    """Return a drawing with these words in it."""
    return SVG.replace(b"12 open", escape(printable(words)).encode())


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_breaks_a_form_or_is_read_as_markup(text: str) -> None:
    """Typst, HTML and XML in somebody's words are words; what no font has does no harm."""
    document = _document(
        Contents(),
        Heading(text, 2, anchor=text),
        Paragraph((Span(text, bold=True, italic=True, link=text), Span(text, link="#nowhere"))),
        Facts(((text, text),)),
        Table((Column(text), Column("Other")), ((text, text),), f"Caption {text}"),
        Picture(f"Alt {text}", svg=_drawing(text), finding=text, caption=text),
        title=f"Title {text}", subtitle=text, cover=(text,), footer=text, fingerprint=text, author=text, subject=text,
    )  # fmt: skip
    seen = plain_lines(document)
    word = docx.Document(io.BytesIO(docx_bytes(document)))
    tree: Any = LexborHTMLParser(html_bytes(document).decode())
    PdfReader(io.BytesIO(pdf_bytes(document)))

    assert " ".join(tree.css_first("h1").text().split()) == seen[0]
    assert " ".join(word.core_properties.title.split()) == seen[0][:255]
    assert not tree.css("script, b")
    assert from_json(as_json(document)) == document


def test_pdf_prints_typst_markup_as_it_stands() -> None:
    """Every character of it, in order."""
    text = PdfReader(io.BytesIO(pdf_bytes(_document(Paragraph(HOSTILE[0]))))).pages[0].extract_text()
    assert "".join(HOSTILE[0].split()) in "".join(text.split()).replace("\u200b", "")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.text(max_size=40),
    st.text(max_size=40),
    st.sampled_from(["javascript:alert(1)", "#a", LINK, "http://["]),
)
def test_any_text_becomes_all_three_forms(one: str, two: str, link: str) -> None:
    """Whatever people typed."""
    document = _document(
        Contents(),
        Heading(one, 3, anchor="a"),
        Paragraph((Span(two, link=link), Span(one, italic=True))),
        Bullets((one, two), numbered=True),
        Table((Column(one), Column("B", "right")), ((one, two),), "Caption"),
        subtitle=two,
        footer=one,
    )
    assert from_json(as_json(document)) == document
    assert pdf_bytes(document).startswith(b"%PDF-")
    docx.Document(io.BytesIO(docx_bytes(document)))
    assert "javascript:" not in "".join(
        node.attributes["href"] or "" for node in LexborHTMLParser(html_bytes(document).decode()).css("a")
    )


def test_a_heading_without_words_is_none() -> None:
    """It would stop the PDF, and say nothing in the others."""
    document = _document(
        Heading("\x00 ", 1), Heading("One", 1), Heading("One", 3, anchor="x"), Heading("y", 1, anchor="x")
    )
    assert [(found.words, found.level, found.name) for found in sections(document)] == [
        ("One", 1, "section-1"),
        ("One", 2, "x"),
        ("y", 1, "x-2"),
    ]
    for form in FORMS.values():
        form(document)


@pytest.mark.parametrize(
    "make",
    [
        lambda: _document(title=" \x00"),
        lambda: Table((Column("A"),), (("a", "b"),), "Caption"),
        lambda: Table((), (), "Caption"),
        lambda: Table((Column("A"),), (), " "),
        lambda: Table((Column("A", width=0),), (), "Caption"),
        lambda: Picture("", svg=SVG),
        lambda: Picture("Alt"),
    ],
)
def test_what_could_not_be_read_out_cannot_be_made(make: Any) -> None:
    """A table has a caption, a picture a text, a document a title."""
    with pytest.raises(ValueError, match=r"needs|has"):
        make()


def test_an_empty_document_is_a_document() -> None:
    """A title and nothing else, in every form."""
    empty = _document(
        Table((Column("A"),), (), "None"), Bullets(()), Facts(()), Contents(), author="", subject=""
    )
    for form in FORMS.values():
        assert form(empty) == form(empty)
    assert plain_lines(_document()) == ["A title"]


def test_plain_lines_say_all_that_the_document_says() -> None:
    """What two makings are compared by: every word, also those of tables and pictures."""
    lines = plain_lines(PACK)
    assert lines[:3] == ["Public Accountability Conference", "16 January 2023", "County Hall"]
    for line in (
        "47 days: late",
        "2. two",
        "• four",
        "CC-090 | 31 Dec 2022 | 90",
        f"[Picture: {ALT}]",
        "Conference, 16 January 2023",
    ):
        assert line in lines


def test_what_is_no_kept_document_is_refused() -> None:
    """In a sentence."""
    for text in (
        "",
        "{}",
        "[]",
        '{"is":"Span","text":"x"}',
        '{"is":"Document"}',
        as_json(PACK)[:-5],
        "[" * 5000,
    ):
        with pytest.raises(UnreadableFileError, match="not a document"):
            from_json(text)


def test_columns_are_as_wide_as_asked_but_never_cut_a_date() -> None:
    """A narrow share still holds 31 Dec 2022 and its heading; the rest is shared as asked."""
    table = Table(
        (Column("What", width=20), Column("Supervisor"), Column("Due", width=0.1)),
        (("a b", "c", "31 Dec 2022"),),
        "T",
    )
    what, supervisor, due = table.widths_mm(166)
    assert what + supervisor + due == pytest.approx(166)
    assert supervisor > 18
    assert due > 20
    assert what > 100
    assert sum(table.widths_mm(20)) == pytest.approx(20)


def test_signs_without_a_glyph_are_named_and_long_words_can_be_broken() -> None:
    """Where no font has a letter, the reader is told that one was there."""
    assert settable("▲ late – naïve") == "▲ late – naïve"
    assert settable("🫠 日") == "[melting face] \ufffd"
    assert settable("a\u200d\ufe0fb") == "ab" or "a" in settable("a\u200d\ufe0fb")
    assert settable("x" * 30).replace("\u200b", "") == "x" * 30
    assert "\u200b" in settable("x" * 30)


def test_drawings_lose_what_only_a_browser_reads() -> None:
    """Named colours become themselves, the fonts inside go."""
    assert b"var(" not in paper_svg(SVG)
    assert b"fill: #1b4b82" in paper_svg(SVG)
    assert b"font-face" not in paper_svg(SVG)
    assert paper_svg(b"<text>&#x65e5;&#60;</text>") == "<text>\ufffd&#60;</text>".encode()


def test_a_picture_of_dots_stands_in_all_three_forms() -> None:
    """Not every picture is a drawing; it keeps its proportions."""
    dots = as_dots({"a": (SVG, 60.0, 40.0)})["a"]
    document = _document(Picture("Dots", png=dots, width_mm=90))
    (page,) = PdfReader(io.BytesIO(pdf_bytes(document))).pages
    assert len(page.images) == 1
    (wide,), (high,) = (
        docx.Document(io.BytesIO(docx_bytes(document))).element.body.xpath(f".//wp:extent/@{side}")
        for side in ("cx", "cy")
    )
    assert (int(wide) / 36000, int(high) / 36000) == pytest.approx((90, 60), abs=0.2)
    picture: Any = LexborHTMLParser(html_bytes(document).decode()).css_first("img")
    assert (picture.attributes["src"] or "").startswith("data:image/png;base64,")


def test_drawings_become_dots_of_the_size_asked_for() -> None:
    """300 to the inch, all in one go."""
    made = as_dots({"a": (SVG, 170.0, 100.0), "b": (SVG, 25.4, 25.4)})
    sizes = {
        name: (int.from_bytes(dots[16:20], "big"), int.from_bytes(dots[20:24], "big"))
        for name, dots in made.items()
    }
    assert sizes["a"] == pytest.approx((2008, 1181), abs=1)
    assert sizes["b"] == pytest.approx((300, 300), abs=1)


def test_the_colours_are_those_of_the_product() -> None:
    """They are told once more where the theme cannot be asked: in a style sheet, a template and Word."""
    here = Path(word_template.__file__).parent
    known = {tone.upper() for one in theme.THEMES.values() for tone in one.tones.values()}
    known |= {tone.upper() for one in theme.STATUS_TEXT.values() for tone in one.values()} | {"#7A838C"}
    for name in ("document.css", "document.typ", "mark.svg", "to_docx.py", "word_template.py"):
        text = (here / name).read_text()
        found = {f"#{tone.upper()}" for tone in re.findall(r"[#\"]([0-9A-Fa-f]{6})\b", text)}
        assert found <= known, name
