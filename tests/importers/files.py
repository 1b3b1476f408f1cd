"""Files of every kind for the tests of document import, good and hostile, made from the standard library and small."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import docx
import openpyxl
from docx.document import Document as WordDocument

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN: Final = "application/vnd.openxmlformats-officedocument."
WORD_TYPE: Final = f"{_MAIN}wordprocessingml.document.main+xml"
SHEET_TYPE: Final = f"{_MAIN}spreadsheetml.sheet.main+xml"

Parts = Mapping[str, str | bytes]


def zipped(parts: Iterable[tuple[str, str | bytes]], *, stored: Sequence[str] = ()) -> bytes:
    """Return an archive of the parts in their order; a name may come twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=how)
    return out.getvalue()


def relations(*rows: tuple[str, str, bool]) -> str:
    """Return a part of relationships: kind, target, and whether it is outside of the file."""
    inner = "".join(_relation(number, *row) for number, row in enumerate(rows, 1))
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def _relation(number: int, kind: str, target: str, outside: bool) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/>'


def types(main: str = WORD_TYPE, part: str = "/word/document.xml") -> str:
    """Return the list of content types of an Office file."""
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="{part}" ContentType="{main}"/></Types>'
    )


def word_xml(body: str) -> str:
    """Return the main part of a Word document."""
    return (
        f'<w:document xmlns:w="{W}" xmlns:r="{RELATIONS}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{body}</w:body></w:document>"
    )


def paragraph(text: str, properties: str = "") -> str:
    """Return a paragraph of Word."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def word_parts(body: str = "", **more: str | bytes) -> dict[str, str | bytes]:
    """Return the parts of a small Word document; `more` replaces or adds some, by name."""
    return {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations(("officeDocument", "word/document.xml", False)),
        "word/document.xml": word_xml(body or paragraph("Forces should review their plans.")),
        **more,
    }


def word(body: str = "", more: Parts | None = None) -> bytes:
    """Return a small Word document."""
    return zipped({**word_parts(body), **(more or {})}.items())


def saved(document: WordDocument) -> bytes:
    """Return a document of python-docx as a file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def good_word() -> bytes:
    """Return a Word document as an office would write it."""
    document = docx.Document()
    document.add_heading("Finding time for crime", 0)
    document.add_heading("Recommendations", 1)
    document.add_paragraph("Published on 11 August 2022.")
    document.add_paragraph("giving victims advice", style="List Bullet")
    document.add_paragraph("forces should review", style="List Number")
    document.add_paragraph("forces should report", style="List Number")
    table = document.add_table(2, 3)
    for column, words in enumerate(("Reference", "Words", "By")):
        table.cell(0, column).text = words
    table.cell(1, 0).merge(table.cell(1, 1)).text = "#23432 forces should\n· first\n· second"
    table.cell(1, 2).text = "March 2023"
    return saved(document)


def cells(*rows: str) -> str:
    """Return the cells of a sheet of Excel, row under row; each row is given as its cells."""
    return (
        "<sheetData>"
        + "".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(rows, 1))
        + "</sheetData>"
    )


def said(text: str, more: str = "") -> str:
    """Return a cell of Excel that holds a text of its own."""
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is>{more}</c>'


def number(value: object, style: int = 0) -> str:
    """Return a cell of Excel that holds a number, in one of the formats of `FORMATS`."""
    return f'<c s="{style}"><v>{value}</v></c>'


FORMATS: Final = ("General", "dd/mm/yyyy", "mmm yy", "[h]:mm:ss", "hh:mm", "0.0%", "dd/mm/yyyy hh:mm")
_STYLES: Final = (
    f'<styleSheet xmlns="{SHEET}"><numFmts>'
    + "".join(f'<numFmt numFmtId="{170 + at}" formatCode="{form}"/>' for at, form in enumerate(FORMATS))
    + "</numFmts><cellXfs>"
    + "".join(f'<xf numFmtId="{170 + at}"/>' for at in range(len(FORMATS)))
    + "</cellXfs></styleSheet>"
)


def workbook(
    sheet: str = "<sheetData/>",
    more: Parts | None = None,
    *,
    others: Sequence[tuple[str, str, str]] = (),
    properties: str = "",
) -> bytes:
    """Return a small workbook; its first sheet is "A", `others` are name, state and content of more."""
    sheets = [("A", "visible", sheet), *others]
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": types(SHEET_TYPE, "/xl/workbook.xml"),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml", False)),
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}">{properties}<sheets>'
        + "".join(
            f'<sheet name="{name}" sheetId="{at}" state="{state}" r:id="r{at}"/>'
            for at, (name, state, _) in enumerate(sheets, 1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            *(("worksheet", f"worksheets/sheet{at}.xml", False) for at in range(1, len(sheets) + 1))
        ),
        "xl/styles.xml": _STYLES,
        **{
            f"xl/worksheets/sheet{at}.xml": f'<worksheet xmlns="{SHEET}">{content}</worksheet>'
            for at, (_, _, content) in enumerate(sheets, 1)
        },
        **(more or {}),
    }
    return zipped(parts.items())


def good_workbook() -> bytes:
    """Return a tracker as an office keeps it, as Excel writes it: texts in a part of their own, dates as dates."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Actions"
    for row in (
        ("Tracker of recommendations",),
        (),
        ("Reference", "Recommendation", "Target date", "Progress"),
        ("R-1", "Forces should review their plans.", date(2023, 3, 31), 0.5),
        ("R-2", "Forces should report\nevery month.", date(2024, 2, 29), 1),
    ):
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_ODF: Final = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
        ("manifest", "manifest"),
        ("script", "script"),
        ("meta", "meta"),
        ("number", "datastyle"),
    )
)


def odf(local: str, inner: str) -> str:
    """Return a part of an OpenDocument file."""
    return f'<office:{local} {_ODF} xmlns:xlink="http://www.w3.org/1999/xlink">{inner}</office:{local}>'


def odt(body: str = "", styles: str = "", more: Parts | None = None, kind: str = "text") -> bytes:
    """Return a small OpenDocument text."""
    content = odf(
        "document-content",
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body or '<text:p>Forces should review.</text:p>'}</office:text></office:body>",
    )
    parts: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": content,
        "META-INF/manifest.xml": f"<manifest:manifest {_ODF}/>",
        "Configurations2/accelerator/current.xml": b"",
        **(more or {}),
    }
    return zipped(parts.items(), stored=["mimetype"])


def ods(tables: str, styles: str = "", more: Parts | None = None) -> bytes:
    """Return a small OpenDocument sheet of the tables given."""
    content = odf(
        "document-content",
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>",
    )
    parts: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content,
        "META-INF/manifest.xml": f"<manifest:manifest {_ODF}/>",
        **(more or {}),
    }
    return zipped(parts.items(), stored=["mimetype"])


def ods_table(*rows: str, name: str = "A", before: str = "", style: str = "") -> str:
    """Return a table of an OpenDocument sheet; each row is given as its cells."""
    inner = "".join(
        row if row.startswith("<table:table-row") else f"<table:table-row>{row}</table:table-row>"
        for row in rows
    )
    return f'<table:table table:name="{name}" table:style-name="{style}">{before}{inner}</table:table>'


def ods_cell(text: str, more: str = "", kind: str = "string") -> str:
    """Return a cell of an OpenDocument sheet that shows a text."""
    return f'<table:table-cell office:value-type="{kind}" {more}><text:p>{text}</text:p></table:table-cell>'


Words = tuple[float, float, float, str, str]
"""Where a line begins, its size, its font (R or B) and its text."""


def pdf(
    pages: Sequence[Sequence[Words]],
    *,
    streams: Sequence[bytes] | None = None,
    catalog: str = "",
    filters: str = "",
    trailer: str = "",
) -> bytes:
    """Return a PDF with one content stream a page, or with the streams given, packed as `filters` says."""
    drawn = (
        list(streams)
        if streams is not None
        else [
            b"\n".join(
                f"BT /{font} {size} Tf {x} {y} Td ({_escaped(text)}) Tj ET".encode("cp1252")
                for x, y, size, font, text in page
            )
            for page in pages
        ]
    )
    count = len(drawn)
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(count))
    fonts = "<< /R 3 0 R /B 4 0 R >>"
    objects: list[bytes] = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for number, stream in enumerate(drawn):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font {fonts} >> "
            f"/Contents {6 + 2 * number} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} {filters} >>\nstream\n".encode() + stream + b"\nendstream")
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, one in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + one + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{place:010} 00000 n \n".encode() for place in places)
    out.write(
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def deflated(content: bytes, times: int = 1) -> bytes:
    """Return bytes packed once or several times over."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    return content


def with_entries_changed(archive: bytes, name: str, **fields: int) -> bytes:
    """Return an archive whose directory says something else about one entry: `size`, `flags`, `method`, `mode`, `at`."""
    changed = bytearray(archive)
    at = changed.index(b"PK\x01\x02")
    while changed[at : at + 4] == b"PK\x01\x02":
        lengths = struct.unpack("<HHH", changed[at + 28 : at + 34])
        if changed[at + 46 : at + 46 + lengths[0]] == name.encode():
            for field, value in fields.items():
                place, form = {
                    "flags": (8, "<H"),
                    "method": (10, "<H"),
                    "packed": (20, "<I"),
                    "size": (24, "<I"),
                    "mode": (38, "<I"),
                    "at": (42, "<I"),
                }[field]
                struct.pack_into(form, changed, at + place, value)
        at += 46 + sum(lengths)
    return bytes(changed)
