"""
The parts of an Office file: first the directory of the zip, then each XML part as a stream.

Nothing is unpacked but what is looked at, and never more than was allowed: bytes are counted as they come, not
as the directory says.
"""

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from monitor.importers.file_kinds import (
    EMBEDDED,
    FORM_WORDS,
    SAVE_AS_WORD,
    SAVE_AS_WORKBOOK,
    Form,
    refused,
    shown_name,
    signature,
)
from monitor.importers.sheet_marks import Budget, Cells, OdsCells, SheetMarks, UnfitPart, XlsxCells

ENTRY_LIMIT: Final = 1_000
PART_LIMIT: Final = 32 * 1024 * 1024
WHOLE_LIMIT: Final = 64 * 1024 * 1024
DEPTH_LIMIT: Final = 100
ELEMENT_LIMIT: Final = 500_000
"""Elements in a part that a reader holds as a tree: a thousand pages of Word have about 200,000."""
ATTRIBUTE_LIMIT: Final = 500
TOKEN_LIMIT: Final = 2 * 1024 * 1024

_TOO_DEEP: Final = f"its parts are nested more than {DEPTH_LIMIT} deep"
_TOO_MANY_ATTRIBUTES: Final = f"an element in it has more than {ATTRIBUTE_LIMIT} attributes"

_XML_NAMES: Final = (".xml", ".rels", ".rdf", ".vml", ".svg", ".xhtml", ".xsl", ".xslt")
_XML_STARTS: Final = (b"<", b"<\0", b"\0<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ENCODINGS: Final = {
    None,
    "utf-8",
    "utf8",
    "utf-16",
    "utf-16le",
    "utf-16be",
    "us-ascii",
    "ascii",
    "iso-8859-1",
}

_OFFICE_MAIN: Final = "application/vnd.openxmlformats-officedocument."
_MAIN_TYPES: Final = {
    f"{_OFFICE_MAIN}wordprocessingml.document.main+xml": "docx",
    f"{_OFFICE_MAIN}spreadsheetml.sheet.main+xml": "xlsx",
    f"{_OFFICE_MAIN}wordprocessingml.template.main+xml": "Word template",
    f"{_OFFICE_MAIN}spreadsheetml.template.main+xml": "workbook template",
    f"{_OFFICE_MAIN}presentationml.presentation.main+xml": "presentation",
}
_ODF_TYPES: Final = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text-template": "OpenDocument template",
    "application/vnd.oasis.opendocument.spreadsheet-template": "OpenDocument template",
    "application/vnd.oasis.opendocument.presentation": "presentation",
}
_SAID: Final = {
    "Word template": ("a Word template", SAVE_AS_WORD),
    "workbook template": ("a workbook template", SAVE_AS_WORKBOOK),
    "OpenDocument template": ("an OpenDocument template", "open it and save it as a document"),
    "presentation": ("a presentation", "save its text as a Word document (.docx)"),
    "file of another program": ("a file of another program", "import the document itself"),
}
_LOCAL_TEMPLATE: Final = re.compile(r"file:///[A-Za-z]:[\\/]")
_FETCHING_FIELD: Final = re.compile(
    r"^[ \t]*(?:DDE(?:AUTO)?\b|INCLUDE(?:TEXT|PICTURE)[ \t]+\"?[ \t]*(?:[a-z]+:|\\\\|//))", re.I | re.M
)
_OUTSIDE: Final = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|\\\\)", re.I)
_FETCHING_SCHEME: Final = re.compile(
    r"\s*(?:https?|ftps?|smb|dav|webdav):|\s*(?:file:)?(?://|\\\\)[^/\\]", re.I
)


def check_directory(shown: str, content: bytes) -> list[zipfile.ZipInfo]:
    """Return the entries of an archive whose directory is plain; nothing in it is unpacked."""
    entries = _entries(shown, content)
    problems = list(dict.fromkeys(_directory_problems(entries, content)))
    if problems:
        raise refused(
            "archive",
            f"{shown} is not put together as Office puts files together: {'; '.join(problems[:5])}. "
            "Open it in Office or LibreOffice, save it again and import that.",
            *problems,
        )
    return entries


def _entries(shown: str, content: bytes) -> list[zipfile.ZipInfo]:
    damaged = f"{shown} is cut off or damaged: fetch or save it again."
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - 22 - 65_535))
    if at < 0 or at + 22 > len(content):
        raise refused("archive", damaged)
    disk, first_disk, here, count, size, offset, comment = struct.unpack(
        "<HHHHIIH", content[at + 4 : at + 22]
    )
    if at + 22 + comment != len(content) or disk or first_disk or here != count:
        raise refused("archive", damaged)
    if count > ENTRY_LIMIT or size > ENTRY_LIMIT * 600:
        raise refused("archive", f"{shown} holds more than {ENTRY_LIMIT:,} parts: import the report alone.")
    if offset + size != at or content[max(0, at - 20) : at].startswith(b"PK\x06\x07"):
        raise refused("archive", f"{shown} has something in front of or inside its directory: save it again.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, UnicodeDecodeError, EOFError):
        raise refused("archive", damaged) from None
    if len(entries) != count:
        raise refused("archive", damaged)
    return entries


def _directory_problems(entries: list[zipfile.ZipInfo], content: bytes) -> Iterator[str]:
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        key = unicodedata.normalize("NFKC", name).casefold().replace("\\", "/")
        if key in seen:
            yield "a part stands in it twice"
        seen.add(key)
        if _climbs(name):
            yield "the name of a part leads out of the file"
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            yield "a part is a link"
        if entry.flag_bits & (0x1 | 0x40 | 0x2000):
            yield "a part is encrypted"
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield "a part is packed in an unusual way"
        if entry.file_size > PART_LIMIT:
            yield f"a part unpacks to more than {PART_LIMIT >> 20} MB"
        if entry.compress_type == zipfile.ZIP_STORED and entry.file_size != entry.compress_size:
            yield "a part gives two sizes"
    if sum(entry.file_size for entry in entries) > WHOLE_LIMIT:
        yield f"it unpacks to more than {WHOLE_LIMIT >> 20} MB"
    yield from _overlaps(entries, content)


def _climbs(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return "\0" in name or len(name) > 260 or name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]


def _overlaps(entries: list[zipfile.ZipInfo], content: bytes) -> Iterator[str]:
    """Yield what is wrong where the parts lie: each has its own stretch, under the name the directory gives."""
    free_from = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        at = entry.header_offset
        if at < free_from:
            yield "two parts share their bytes"
        header = content[at : at + 30]
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            yield "a part is not where the directory says"
            return
        flags, method = struct.unpack("<HH", header[6:10])
        name_length, extra_length = struct.unpack("<HH", header[26:30])
        raw = content[at + 30 : at + 30 + name_length]
        if raw.decode("utf-8" if flags & 0x800 else "cp437", "replace") != entry.orig_filename:
            yield "a part has two names"
        if method != entry.compress_type or flags & (0x1 | 0x40):
            yield "a part is packed in another way than the directory says"
        free_from = at + 30 + name_length + extra_length + entry.compress_size


@dataclass(slots=True)
class _Findings:
    """What the parts of one file hold; `problems` refuse it."""

    form: Form
    problems: list[str] = field(default_factory=list)
    found: dict[str, int] = field(default_factory=dict)
    sheets: dict[str, SheetMarks] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    kinds: set[str] = field(default_factory=set)
    is_encrypted: bool = False

    def count(self, what: str, many: int = 1) -> None:
        if many:
            self.found[what] = self.found.get(what, 0) + many

    def refuse(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def check_parts(
    shown: str, form: Form, content: bytes, entries: list[zipfile.ZipInfo]
) -> tuple[Mapping[str, int], Mapping[str, SheetMarks]]:
    """
    Return what the parts hold that a reader should know of: how many of each, and the marks of every sheet.

    Sheets are named by their part in a workbook (in small letters), by their own name in an OpenDocument sheet.

    Raises:
        UnreadableFileError: for what refuses the file.
    """
    findings = _Findings(form)
    read = 0
    if _is_read_as_another(form, entries):
        findings.refuse("it is two files in one")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in sorted(entries, key=lambda entry: entry.filename != "[Content_Types].xml"):
            if entry.is_dir():
                continue
            try:
                read += _check_part(archive, entry, findings, WHOLE_LIMIT - read)
            except expat.ExpatError:
                # Excel's own drawings of comments (VML) are not always well formed, and nothing reads them.
                if not entry.filename.casefold().endswith(".vml"):
                    findings.refuse(f"its part {_part_name(entry)} is damaged")
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
                findings.refuse(f"its part {_part_name(entry)} is damaged")
            except UnfitPart as problem:
                findings.refuse(str(problem))
            if len(findings.problems) >= 5:
                break
    _say_kind(shown, findings)
    if findings.problems:
        raise refused("parts", f"{shown} cannot be read: {'; '.join(findings.problems)}.", *findings.problems)
    for marks in findings.sheets.values():
        findings.count("formulas", len(marks.formulas))
        findings.count("hidden rows", len(marks.hidden_rows))
        findings.count("hidden columns", len(marks.hidden_columns))
    return findings.found, findings.sheets


def _is_read_as_another(form: Form, entries: list[zipfile.ZipInfo]) -> bool:
    """Return whether a reader that looks at the parts alone could take the file for a workbook of another kind."""
    names = {entry.filename.casefold() for entry in entries}
    return (form == "xlsx" and "xl/workbook.bin" in names) or (
        form == "ods" and any(name.startswith("xl/") for name in names)
    )


def _say_kind(shown: str, findings: _Findings) -> None:
    """Refuse a file that is locked, or something else than its ending says."""
    if findings.is_encrypted:
        raise refused("parts", f"{shown} is protected with a password: take it off and save the file again.")
    others = sorted(findings.kinds - {findings.form})
    if findings.form in findings.kinds:
        if others:
            findings.refuse("it is two files in one")
    elif others:
        form = next((form for form in FORM_WORDS if form == others[0]), None)
        what, advice = _SAID[others[0]] if form is None else (FORM_WORDS[form], f"give it the ending .{form}")
        raise refused("parts", f"{shown} is {what}, not {FORM_WORDS[findings.form]}: {advice}.")
    elif not findings.problems:
        raise refused(
            "parts", f"{shown} is an archive, not {FORM_WORDS[findings.form]}: import the document itself."
        )


def _part_name(entry: zipfile.ZipInfo) -> str:
    return shown_name(entry.filename.rsplit("/", 1)[-1])


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, findings: _Findings, left: int) -> int:
    """Look at one part and return how many bytes of it were unpacked."""
    name = entry.filename
    folder, _, last = name.casefold().rpartition("/")
    if (
        "vbaproject" in last
        or "vbadata" in last
        or "activex" in folder
        or "macrosheets" in folder
        or f"{folder}/".startswith(("basic/", "scripts/"))
    ):
        findings.refuse("it holds macros or other programs")
    with archive.open(entry) as part:
        head = part.read(4096)
        if not head:
            return 0  # LibreOffice leaves such parts
        if name == "mimetype":
            findings.kinds.add(
                _ODF_TYPES.get(head.decode("ascii", "replace").strip(), "file of another program")
            )
            return len(head)
        if not (name.casefold().endswith(_XML_NAMES) or head.lstrip(b" \t\r\n").startswith(_XML_STARTS)):
            is_chart_data = (
                folder.endswith("embeddings") and last.endswith(".xlsx") and head.startswith(b"PK")
            )
            if signature(head)[0] in EMBEDDED and not is_chart_data:
                findings.refuse(f"another file or program is embedded in it ({_part_name(entry)})")
            return len(head)
        read = _Part(name, findings).hear(part, head, min(left, PART_LIMIT))
        if read != entry.file_size:
            raise ValueError("the directory gives another size")
        return read


class _Part:
    """Listens to one XML part and notes what refuses the file."""

    def __init__(self, name: str, findings: _Findings) -> None:
        self.name = name.casefold()
        self.findings = findings
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.depth = 0
        self.elements = 0
        self.is_tree = self.name != "xl/sharedstrings.xml" or findings.form != "xlsx"
        self.is_relations = self.name.endswith(".rels")
        self.is_types = self.name == "[content_types].xml"
        self.is_odf = findings.form in ("odt", "ods")
        self.wants_text = self.name.startswith("word/") and not self.is_relations
        self.in_instruction = False
        self.instructions: list[str] = []
        self.cells: Cells | None = None
        if findings.form == "ods" and self.name == "content.xml":
            self.cells = OdsCells(findings.sheets, findings.budget)
            self.is_tree = False

    def hear(self, part: Any, head: bytes, limit: int) -> int:
        """Hear the part to its end, of which `head` was read already, and return how many bytes it has."""
        parser = self.parser
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.on_doctype
        parser.EntityDeclHandler = self.on_doctype
        parser.XmlDeclHandler = self.on_declaration
        parser.StartElementHandler = self.on_start
        parser.EndElementHandler = self.on_end if self.cells is None else self.on_cell_end
        if self.wants_text:
            parser.CharacterDataHandler = self.on_text
        read, chunk = 0, head
        while chunk:
            read += len(chunk)
            if read > limit:
                raise UnfitPart(
                    f"it unpacks to more than {PART_LIMIT >> 20} MB a part or {WHOLE_LIMIT >> 20} MB in all"
                )
            parser.Parse(chunk, False)
            if (
                read - parser.CurrentByteIndex > TOKEN_LIMIT
            ):  # a parser before 2.6 begins it anew with each chunk
                raise UnfitPart(f"it holds a value longer than {TOKEN_LIMIT >> 20} MB")
            chunk = part.read(65_536)
        parser.Parse(b"", True)
        self.finish()
        return read

    def on_doctype(self, *_: Any) -> None:
        raise UnfitPart("it declares a document type (DOCTYPE), which Office files do not have")

    def on_declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding.casefold() if encoding else None) not in _ENCODINGS:
            raise UnfitPart("one of its parts is in an unusual encoding")

    def on_start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > DEPTH_LIMIT:
            raise UnfitPart(_TOO_DEEP)
        if self.is_tree and self.elements > ELEMENT_LIMIT:
            raise UnfitPart(f"one of its parts has more than {ELEMENT_LIMIT:,} elements")
        if len(attributes) > ATTRIBUTE_LIMIT:
            raise UnfitPart(_TOO_MANY_ATTRIBUTES)
        local = name.rpartition(" ")[2]
        if self.is_relations:
            if local == "Relationship":
                self.check_relation(attributes)
        elif self.is_types:
            self.check_type(attributes)
        elif self.is_odf:
            self.check_odf(local, attributes)
            if self.cells is not None:
                self.hear_cells(local, attributes)
        elif self.findings.form == "xlsx" and local == "worksheet" and self.elements == 1:
            self.begin_sheet()
        elif local == "altChunk":
            self.findings.refuse("a part of it is a file of another kind (an alternative chunk)")
        elif local == "instrText":
            self.in_instruction = True
        elif local == "fldChar":
            self.instructions.append("\n")
        elif local == "fldSimple":
            self.instructions.append(_attribute(attributes, "instr") + "\n")
        elif local == "sheetData" and self.findings.form == "xlsx":
            self.findings.refuse("one of its sheets is not put together as Excel does it")
        elif local == "sheet" and self.name == "xl/workbook.xml":
            if attributes.get("state", "visible") != "visible":
                self.findings.count("hidden sheets")
        elif local in ("ddeLink", "oleLink"):
            self.findings.refuse("it is linked to another file or program")

    def on_end(self, _name: str) -> None:
        self.depth -= 1
        self.in_instruction = False

    def on_text(self, text: str) -> None:
        if self.in_instruction:
            self.instructions.append(text)

    def finish(self) -> None:
        if _FETCHING_FIELD.search("".join(self.instructions)):
            self.findings.refuse("a field in it fetches text or pictures from elsewhere or starts a program")

    def check_relation(self, attributes: Mapping[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2].casefold()
        target = attributes.get("Target", "")
        if kind in (
            "vbaproject",
            "wordvbadata",
            "attachedtoolbars",
            "control",
            "activexcontrolbinary",
            "xlmacrosheet",
        ):
            self.findings.refuse("it holds macros or other programs")
        elif kind == "afchunk":
            self.findings.refuse("a part of it is a file of another kind (an alternative chunk)")
        elif kind == "oleobject" or (kind == "package" and "charts/" not in self.name):
            self.findings.refuse(
                "another file is embedded in it (insert its text or a picture of it instead)"
            )
        elif attributes.get("TargetMode", "").casefold() == "external" and kind != "hyperlink":
            if kind == "attachedtemplate":
                if _LOCAL_TEMPLATE.match(target):  # opens nothing but a file of the person's own machine
                    return
                self.findings.refuse(
                    "its template is kept elsewhere (attach Normal instead, or save it as PDF)"
                )
            elif kind == "image":
                self.findings.refuse("a picture in it is kept elsewhere (take it out or insert it as a copy)")
            else:
                self.findings.refuse(
                    "it is linked to a file kept elsewhere (break the links and save it again)"
                )

    def check_type(self, attributes: Mapping[str, str]) -> None:
        declared = attributes.get("ContentType", "")
        if re.search("macroenabled|macrosheet|vbaproject|activex", declared, re.I):
            self.findings.refuse("it holds macros or other programs")
        if declared in _MAIN_TYPES:
            self.findings.kinds.add(_MAIN_TYPES[declared])
        elif re.search(r"macroEnabled(?:Template)?\.main\+xml$", declared, re.I):
            self.findings.kinds.add(self.findings.form)

    def begin_sheet(self) -> None:
        """Hear the cells from here on, and nothing else: there can be millions of elements."""
        marks = self.findings.sheets[self.name] = SheetMarks()
        self.cells = XlsxCells(marks, self.findings.budget)
        self.parser.StartElementHandler = self.on_cell_start
        self.parser.EndElementHandler = self.on_cell_end

    def on_cell_start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise UnfitPart(_TOO_DEEP)
        if len(attributes) > ATTRIBUTE_LIMIT:
            raise UnfitPart(_TOO_MANY_ATTRIBUTES)
        self.hear_cells(name[name.rfind(" ") + 1 :], attributes)

    def hear_cells(self, local: str, attributes: Mapping[str, str]) -> None:
        cells = self.cells
        if cells is not None:
            cells.start(local, attributes)
            if cells.wants_text and self.parser.CharacterDataHandler is None:
                self.parser.CharacterDataHandler = cells.text

    def on_cell_end(self, name: str) -> None:
        self.depth -= 1
        cells = self.cells
        if cells is not None:
            wanted = cells.wants_text
            cells.end(name[name.rfind(" ") + 1 :])
            if wanted and not cells.wants_text:
                self.parser.CharacterDataHandler = None

    def check_odf(self, local: str, attributes: Mapping[str, str]) -> None:
        if local == "encryption-data":
            self.findings.is_encrypted = True
        elif local in ("event-listener", "script", "dde-source", "applet", "plugin"):
            self.findings.refuse("it holds macros or other programs")
        elif local == "object-ole":
            self.findings.refuse(
                "another file is embedded in it (insert its text or a picture of it instead)"
            )
        elif local == "a":
            return
        else:
            target = _attribute(attributes, "href")
            if local == "template":
                is_elsewhere = _FETCHING_SCHEME.match(target) is not None
            else:
                is_elsewhere = _OUTSIDE.match(target) is not None or target.startswith("../")
            if is_elsewhere:
                self.findings.refuse(
                    "it is linked to a file kept elsewhere (break the links and save it again)"
                )


def _attribute(attributes: Mapping[str, str], local: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(" ")[2] == local), "")
