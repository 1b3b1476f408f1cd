"""
A document as Word, for people who edit it: real headings, lists, tables, fields and alternative texts.

The look is the template's: the text names styles and little else. It is written as XML and put into the finished
file in one piece, because a table of thousands of rows takes minutes cell by cell.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, nsmap, qn
from lxml import etree

from monitor.exporters.document import (
    Block,
    Bullets,
    Contents,
    Document,
    Facts,
    Heading,
    Links,
    PageBreak,
    Paragraph,
    Picture,
    Section,
    Span,
    Table,
    Text,
    printable,
    sections,
    spans,
    words_of,
)
from monitor.exporters.office_template import Template, open_template
from monitor.exporters.to_pdf import heading_pages, is_long
from monitor.exporters.typesetting import as_dots
from monitor.exporters.word_template import ACCENT, LINK_STYLE, SOFT, TABLE_STYLE, twips

_TONES: Final = {"gray": SOFT, "red": "A32A17", "orange": "87500A", "green": "0F6151", "blue": ACCENT}
_STYLES: Final = {"body": "Normal", "lead": "Lead", "small": "Small", "quote": "Quote"}
_EMU_TO_MM: Final = 36_000
_MARK: Final = ((Path(__file__).with_name("mark.svg")).read_bytes(), 12.5, 5.0)
_MARK_ALT: Final = "The mark of the Recommendations monitor: a ring, a line and a diamond"
_NAME: Final = "Recommendations monitor"
_PREFIXES: Final = ("w", "r", "wp", "a", "pic")
_PLACE: Final = "the text of the document"
_FIRST_DRAWING: Final = 1000  # above the numbers of what a template has in its header
_AT_THE_FOOT: Final = (
    'w:hSpace="0" w:wrap="notBeside" w:vAnchor="margin" w:hAnchor="margin" w:xAlign="left" w:yAlign="bottom"'
)
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


def docx_bytes(document: Document, template: bytes | None = None) -> bytes:
    """
    Return the document as Word.

    Args:
        document: What it says.
        template: An office's own, in place of the product's: its styles, margins, header and footer.

    Raises:
        UnreadableFileError: for a template that cannot be used; see `open_template`.
    """
    opened = open_template(template)
    # Where the layout is an office's own, only Word knows on which page a heading stands.
    pages = heading_pages(document) if template is None and _has_contents(document) else {}
    text = _Text(opened, document, pages).whole()
    if document.cover:
        opened.word.sections[-1].different_first_page_header_footer = True
    for footer in _footers(opened):
        _foot(footer, opened, document)
    _describe(opened, document)
    _mark_place(opened)
    out = io.BytesIO()
    opened.word.save(out)
    return _finished(out.getvalue(), opened, text, document.made_at_utc)


def _has_contents(document: Document) -> bool:
    return any(isinstance(block, Contents) for block in document.blocks)


def _footers(template: Template) -> list[Any]:
    """Return the feet of the pages: one, or two where right and left pages differ."""
    section = template.word.sections[-1]
    both = template.word.settings.odd_and_even_pages_header_footer
    return [section.footer, section.even_page_footer] if both else [section.footer]


def _foot(footer: Any, template: Template, document: Document) -> None:
    """Add a line to the foot: what the document is, and the page number unless the template has one there."""
    footer.is_linked_to_previous = False
    foot = footer.part.element
    fields = foot.iter(qn("w:instrText"), qn("w:fldSimple"))
    has_number = any("PAGE" in f"{field.text} {field.get(qn('w:instr'))}" for field in fields)
    for line in foot.findall(qn("w:p")):
        if not "".join(line.itertext()).strip() and line.find(f".//{qn('w:drawing')}") is None:
            foot.remove(line)
    number = "" if has_number else f"<w:r><w:tab/>{_t('Page ')}</w:r>{_field('PAGE', '1')}"
    number += "" if has_number else f"<w:r>{_t(' of ')}</w:r>{_field('NUMPAGES', '1')}"
    made = (
        f"<w:p {nsdecls('w')}><w:pPr><w:pStyle w:val={quoteattr(template.styles['footer'])}/>"
        f'<w:tabs><w:tab w:val="right" w:pos="{template.text_width}"/></w:tabs></w:pPr>'
        f"<w:r>{_t(words_of(document.footer))}</w:r>{number}</w:p>"
    )
    foot.append(parse_xml(made))


def _describe(template: Template, document: Document) -> None:
    """Set what a file says about itself: title, author, days, language."""
    about = template.word.core_properties
    for name in ("category", "comments", "content_status", "identifier", "keywords", "version"):
        setattr(about, name, "")
    about.title = words_of(document.title)[:255]
    about.subject = words_of(document.subject)[:255]
    about.author = about.last_modified_by = words_of(document.author)[:255]
    about.language = document.language
    about.created = about.modified = document.made_at_utc.replace(tzinfo=None)
    about.revision = 1
    _speak(template.word.styles.element, document.language)


def _speak(styles: Any, language: str) -> None:
    """Set the language of all text, also where a template says none or another."""
    place = styles
    for name in ("w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang"):
        inner = place.find(qn(name))
        if inner is None:
            inner = place.makeelement(qn(name))
            place.insert(0 if name in ("w:docDefaults", "w:rPrDefault") else len(place), inner)
        place = inner
    for spoken in styles.iter(qn("w:lang")):
        spoken.set(qn("w:val"), language)


def _mark_place(template: Template) -> None:
    """Note in the empty body where the text goes, and declare the names that the text uses."""
    whole: Any = template.word.element
    names = {name: nsmap[name] for name in _PREFIXES}
    # Names that the template declares may stand in its attributes: they are kept.
    kept = [name for name in {**whole.nsmap, **names} if name]
    etree.cleanup_namespaces(whole, top_nsmap=names, keep_ns_prefixes=kept)
    whole.body.insert(0, etree.Comment(_PLACE))


def _finished(content: bytes, template: Template, text: str, at: datetime) -> bytes:
    """Return the file with its text in place, and one moment on all its parts: the same document, the same file."""
    moment = max(at.timetuple()[:6], _EARLIEST)
    body = str(template.word.part.partname).lstrip("/")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w") as archive:
        for name in made.namelist():
            part = made.read(name)
            if name == body:
                part = part.replace(f"<!--{_PLACE}-->".encode(), text.encode(), 1)
            archive.writestr(zipfile.ZipInfo(name, moment), part, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()


class _Text:
    """The text of a document as WordprocessingML; pictures and links become parts of the template's package."""

    def __init__(self, template: Template, document: Document, pages: Mapping[str, int]) -> None:
        self.template = template
        self.document = document
        self.pages = pages
        self.sections = sections(document)
        self.links = Links(self.sections)
        self.by_place = {section.place: section for section in self.sections}
        self.bookmarks = {section.name: f"_Toc{number:06}" for number, section in enumerate(self.sections, 1)}
        self.addresses: dict[str, str] = {}
        self.drawn = _FIRST_DRAWING
        self.first: dict[str, Any] = {}  # what the next paragraph is given, whatever it is
        self.dots = self._dots()

    def _dots(self) -> Mapping[str, bytes]:
        """Return every picture as dots, by its place; the mark is that of the cover."""
        drawings = {"mark": _MARK} if self.document.cover else {}
        for place, block in enumerate(self.document.blocks):
            if isinstance(block, Picture) and not block.png:
                drawings[str(place)] = (block.svg, *block.size_mm(self._room_mm))
        return as_dots(drawings)

    @property
    def _room_mm(self) -> float:
        return self.template.text_width / 1440 * 25.4

    # The whole

    def whole(self) -> str:
        """Return the text from the cover to the end."""
        pieces = [*self.head()]
        before: Block | None = None
        for place, block in enumerate(self.document.blocks):
            if isinstance(block, PageBreak):
                self.first["page"] = True
                continue
            if type(before) in _GAPS and not isinstance(block, Heading | Table | Picture):
                self.first["before"] = _GAPS[type(before)]
            pieces.append(self.block(place, block))
            before = block
        if not self.document.cover:
            self.first["before"] = 30.0
            pieces += [
                self.paragraph("Fingerprint", self.runs(line)) for line in _lines(self.document.fingerprint)
            ]
        elif isinstance(before, Table):
            pieces.append(self.paragraph("Table Text", ""))  # Word wants a paragraph after the last table
        return "".join(pieces)

    def head(self) -> Iterator[str]:
        """Yield the title with what stands around it: a page of its own where the document has a cover."""
        document = self.document
        if document.cover:
            name = f"<w:r><w:rPr><w:b/></w:rPr>{_t('  ' + _NAME)}</w:r>"
            yield self.paragraph("Picture", self.drawing(self.dots["mark"], *_MARK[1:], _MARK_ALT) + name)
            self.first["before"] = 170.0
        yield self.paragraph("Title", self.runs(document.title))
        for line in _lines(document.subtitle):
            yield self.paragraph("Subtitle", self.runs(line))
        for number, words in enumerate(document.cover, 1):
            if number == len(document.cover):
                # A frame hangs on the paragraph that follows it: here it stays on the page of the cover.
                for small in _lines(document.fingerprint):
                    yield self.paragraph("Fingerprint", self.runs(small), frame=True)
            if number == 1:
                self.first["before"] = 18.0
            yield self.paragraph("Cover", self.runs(words))
        self.first["page"] = bool(document.cover)

    def paragraph(
        self,
        style: str,
        inside: str,
        *,
        keep: bool | None = None,
        frame: bool = False,
        numbers: int = 0,
        tab: bool = False,
    ) -> str:
        """
        Return a paragraph.

        Args:
            style: One of the template's, by Word's name for it.
            inside: Its runs.
            keep: Whether it stays with what follows, where the style says otherwise.
            frame: Whether it stands at the foot of the page.
            numbers: The list it is an item of, where the style does not say.
            tab: Whether it has a tab at the right margin.
        """
        page, before = self.first.pop("page", False), self.first.pop("before", None)
        if page:
            before = 0.0
        width = self.template.text_width
        properties = (
            f"<w:pStyle w:val={quoteattr(self.template.styles[style])}/>",
            "" if keep is None else f'<w:keepNext w:val="{int(keep)}"/>',
            "<w:pageBreakBefore/>" if page else "",
            f'<w:framePr w:w="{width}" {_AT_THE_FOOT}/>' if frame else "",
            f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{numbers}"/></w:numPr>' if numbers else "",
            f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>' if tab else "",
            f'<w:spacing w:before="{round(before * 20)}"/>' if before is not None else "",
        )
        return f"<w:p><w:pPr>{''.join(properties)}</w:pPr>{inside}</w:p>"

    # Blocks

    def block(self, place: int, block: Block) -> str:
        match block:
            case Heading() if place not in self.by_place:
                return ""
            case Heading():
                return self.heading(self.by_place[place], block)
            case Paragraph(text, style):
                return self.paragraph(_STYLES[style], self.runs(text))
            case Bullets():
                return self.bullets(block)
            case Facts(rows):
                return "".join(self.fact(label, value) for label, value in rows)
            case Table():
                return self.table(block)
            case Picture():
                return self.picture(place, block)
            case Contents():
                return self.contents(block)
            case PageBreak():
                return ""

    def heading(self, section: Section, block: Heading) -> str:
        number, name = section.place + 1, self.bookmarks[section.name]
        if block.new_page:
            self.first["page"] = True
        return self.paragraph(
            f"heading {section.level}",
            f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{self.runs(block.text)}<w:bookmarkEnd w:id="{number}"/>',
        )

    def bullets(self, block: Bullets) -> str:
        if not block.numbered:
            return "".join(self.paragraph("List Bullet", self.runs(item)) for item in block.items)
        number = self.new_list()
        return "".join(self.paragraph("List Number", self.runs(item), numbers=number) for item in block.items)

    def new_list(self) -> int:
        """Add a list that begins at 1 and return its number."""
        numbering: Any = self.template.word.part.numbering_part.element
        made = numbering.add_num(self.template.lists["List Number"])
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(made.numId)

    def fact(self, label: Text, value: Text) -> str:
        return self.paragraph("Facts", f"{self.runs(label, bold=True)}<w:r><w:tab/></w:r>{self.runs(value)}")

    def table(self, table: Table) -> str:
        widths = _whole_twips(table.widths_mm(self._room_mm), self.template.text_width)
        ends = ['<w:jc w:val="right"/>' if column.align == "right" else "" for column in table.columns]

        def cells(style: str, kept: str, row: Sequence[Text]) -> str:
            begin = f"<w:p><w:pPr><w:pStyle w:val={quoteattr(self.template.styles[style])}/>{kept}"
            return "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{begin}{end}</w:pPr>{self.runs(cell)}</w:p></w:tc>'
                for width, end, cell in zip(widths, ends, row, strict=True)
            )

        head = cells("Table Head", "<w:keepNext/>", [column.title for column in table.columns])
        rows = (
            f"<w:tr>{'' if is_long(row) else _WHOLE}{cells('Table Text', '', row)}</w:tr>"
            for row in table.rows
        )
        return (
            self.paragraph("caption", self.runs(table.caption))
            + f"<w:tbl><w:tblPr><w:tblStyle w:val={quoteattr(self.template.styles[TABLE_STYLE])}/>"
            f'<w:tblW w:w="{self.template.text_width}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f'<w:tblLook w:val="{"04A0" if table.row_headers else "0420"}" w:firstRow="1" w:lastRow="0" '
            f'w:firstColumn="{int(table.row_headers)}" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
            f"<w:tblCaption w:val={quoteattr(words_of(table.caption))}/></w:tblPr><w:tblGrid>"
            + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
            + f"</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{''.join(rows)}</w:tbl>"
        )

    def picture(self, place: int, picture: Picture) -> str:
        width, height = picture.size_mm(self._room_mm)
        has_caption = bool(spans(picture.caption))
        finding = self.paragraph("Finding", self.runs(picture.finding)) if spans(picture.finding) else ""
        drawn = self.drawing(picture.png or self.dots[str(place)], width, height, words_of(picture.alt))
        drawing = self.paragraph("Picture", drawn, keep=None if has_caption else False)
        return (
            finding + drawing + (self.paragraph("Small", self.runs(picture.caption)) if has_caption else "")
        )

    def drawing(self, png: bytes, width_mm: float, height_mm: float, alt: str) -> str:
        """Return a run with a picture; the same dots are kept once."""
        relation, _ = self.template.word.part.get_or_add_image(io.BytesIO(png))
        self.drawn += 1
        wide, high = round(width_mm * _EMU_TO_MM), round(height_mm * _EMU_TO_MM)
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
            f'<wp:docPr id="{self.drawn}" name="Picture {self.drawn}" descr={quoteattr(alt)}/>'
            '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{self.drawn}" name="Picture {self.drawn}" descr={quoteattr(alt)}/>'
            f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/>'
            f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r>"
        )

    def contents(self, block: Contents) -> str:
        """Return the table of contents: a field, with its entries in place before Word works it out anew."""
        listed = [section for section in self.sections if section.level <= block.depth]
        if not listed:
            return ""
        title = self.paragraph("TOC Heading", self.runs(block.title))
        entries = [self.entry(section) for section in listed]
        entries[0] = _begin_field(f'TOC \\o "1-{block.depth}" \\h \\z \\u') + entries[0]
        entries[-1] += _END_FIELD
        lines = "".join(
            self.paragraph(f"toc {section.level}", entry, tab=True)
            for section, entry in zip(listed, entries, strict=True)
        )
        return (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
            f"</w:docPartObj></w:sdtPr><w:sdtContent>{title}{lines}</w:sdtContent></w:sdt>"
        )

    def entry(self, section: Section) -> str:
        """Return a line of the contents; Word works its page out anew when it prints or is asked to."""
        name = self.bookmarks[section.name]
        page = _field(f"PAGEREF {name} \\h", str(self.pages.get(section.name, "")))
        return (
            f'<w:hyperlink w:anchor="{name}" w:history="1"><w:r>{_t(section.words)}</w:r>'
            f"<w:r><w:tab/></w:r>{page}</w:hyperlink>"
        )

    # Words

    def runs(self, text: Text, *, bold: bool = False) -> str:
        return "".join(self.run(span, bold=bold) for span in spans(text))

    def run(self, span: Span, *, bold: bool) -> str:
        inside, outside = self.links.inside(span.link), self.links.outside(span.link)
        style = quoteattr(self.template.styles[LINK_STYLE])
        how = (
            (f"<w:rStyle w:val={style}/>" if inside or outside else "")
            + ("<w:b/>" if span.bold or bold else "")
            + ("<w:i/>" if span.italic else "")
            + (f'<w:color w:val="{_TONES[span.tone]}"/>' if span.tone else "")
        )
        run = f"<w:r>{f'<w:rPr>{how}</w:rPr>' if how else ''}{_t(span.text)}</w:r>"
        if inside:
            return f'<w:hyperlink w:anchor="{self.bookmarks[inside.name]}" w:history="1">{run}</w:hyperlink>'
        if outside:
            return f'<w:hyperlink r:id="{self.address(outside)}" w:history="1">{run}</w:hyperlink>'
        return run

    def address(self, url: str) -> str:
        """Return the relation that leads to an address, a new one where there is none."""
        if url not in self.addresses:
            number = f"rIdLink{len(self.addresses) + 1}"
            self.template.word.part.rels.add_relationship(RELATION.HYPERLINK, url, number, is_external=True)
            self.addresses[url] = number
        return self.addresses[url]


_GAPS: Final[Mapping[type, float]] = {Table: 12.0, Facts: 7.0, Bullets: 5.0}
"""Points before what follows these, where it has none of its own: their last line has only a line's distance."""
_WHOLE: Final = "<w:trPr><w:cantSplit/></w:trPr>"


def _t(words: str) -> str:
    """Return words as text of a run, with its line breaks."""
    return "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in printable(words).split("\n")
    )


def _lines(text: str) -> list[str]:
    return [line for line in printable(text).split("\n") if line.strip()]


def _begin_field(instruction: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


_END_FIELD: Final = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def _field(instruction: str, shown: str) -> str:
    """Return a field that Word works out, with what stands in it until then."""
    return f"{_begin_field(instruction)}<w:r>{_t(shown)}</w:r>{_END_FIELD}"


def _whole_twips(widths_mm: list[float], whole: int) -> list[int]:
    """Return the widths of columns as Word counts, the last taking what rounding leaves."""
    widths = [twips(width) for width in widths_mm]
    return [*widths[:-1], whole - sum(widths[:-1])]
