"""
The product's Word template, and what any template has to have.

`document.docx` beside this file is what `word_template` makes: an ordinary document with one paragraph to a
style. An office opens it in Word, changes styles, margins, header and footer, and gives it back; its text is
never used. To change the product's own look, change the table of styles and write the file anew:

    python -m monitor.exporters.word_template
"""

import io
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

SANS: Final = "Arial"
SERIF: Final = "Georgia"
INK: Final = "1A2129"
SOFT: Final = "55606B"
RULE: Final = "C9C4B8"
ACCENT: Final = "1B4B82"

_KEPT: Final = Path(__file__).with_name("document.docx")
_STILL: Final = (1980, 1, 1, 0, 0, 0)
_WIDE, _HIGH = 11906, 16838
"""A4 in twentieths of a point, which is what Word counts in."""


_OWN_LINE: Final = 1.15
"""The height that both fonts give a line of themselves, in heights of type; Word counts in that."""


def twips(mm: float) -> int:
    """Return millimetres in twentieths of a point."""
    return round(mm / 25.4 * 1440)


_MARGIN: Final = twips(22)
_TEXT_WIDTH: Final = _WIDE - 2 * _MARGIN


@dataclass(frozen=True, slots=True)
class _Style:
    """
    A paragraph style.

    Attributes:
        name: As Word keeps it; those it ships are in its own spelling.
        says: What it is for, in the template.
        size: Type in points; `before` and `after` are too.
        line: Height of a line, in heights of type.
        keep: Whether it stays with what follows.
        outline: Its level in the outline, from 1.
        numbers: Which of the two lists of numbering.xml it is an item of.
        tab: Where its tab stands, from the left; `indent` is where its lines begin, `hanging` the first
            line's way back.
        heading: Serif, bold, and it stays with what follows.
    """

    name: str
    says: str
    size: float
    line: float = 1.35
    before: float = 0
    after: float = 0
    serif: bool = False
    bold: bool = False
    colour: str = INK
    keep: bool = False
    outline: int = 0
    numbers: int = 0
    tab: int = 0
    indent: int = 0
    hanging: int = 0
    bar: bool = False
    heading: bool = False

    @property
    def style_id(self) -> str:
        name = self.name.replace("toc", "TOC")
        return "".join(word[0].upper() + word[1:] for word in name.split())


_FACT: Final = twips(40)
_STYLES: Final = (
    _Style("Normal", "The text of a paragraph.", 10.5, after=6),
    _Style("Title", "The title.", 30, 1.15, 0, 10, serif=True, bold=True),
    _Style("Subtitle", "The lines below the title.", 15, 1.3, 0, 3, serif=True),
    _Style("Cover", "Lines on the cover: the as-at day, who made it.", 11, 1.35, 0, 5, colour=SOFT),
    _Style("Fingerprint", "What the document rests on, in small type.", 8, 1.3, colour=SOFT),
    _Style("heading 1", "Heading 1: a part.", 18, 1.2, 30, 10, outline=1, heading=True),
    _Style("heading 2", "Heading 2: a section, or a question.", 13, 1.2, 20, 6, outline=2, heading=True),
    _Style("heading 3", "Heading 3: a section within it.", 11, 1.2, 15, 5, outline=3, heading=True),
    _Style("Lead", "The sentences that say it all.", 12.5, 1.35, 0, 12),
    _Style("Small", "A source, or a caption below a picture.", 9, 1.35, 0, 7, colour=SOFT),
    _Style("Quote", "Words as printed, or a question as asked.", 11, 1.35, 8, 13, serif=True, bar=True, indent=260),
    _Style("List Bullet", "A list.", 10.5, 1.35, 0, 3, numbers=1),
    _Style("List Number", "A numbered list.", 10.5, 1.35, 0, 3, numbers=2),
    _Style("Facts", "A short figure,\tthen what it says.", 10.5, 1.35, 0, 5, tab=_FACT, indent=_FACT, hanging=_FACT),
    _Style("caption", "What a table lists.", 10.5, 1.35, 14, 4, bold=True, keep=True),
    _Style("Table Head", "The heading of a column.", 9, 1.25, 3, 3, bold=True, keep=True),
    _Style("Table Text", "The text of a cell.", 9.5, 1.28, 4, 4),
    _Style("Finding", "What a picture shows, above it.", 13, 1.2, 20, 8, heading=True),
    _Style("Picture", "A picture.", 10.5, 1.15, 0, 6, keep=True),
    _Style("TOC Heading", "The heading of the contents.", 18, 1.2, 0, 14, heading=True),
    _Style("toc 1", "A part,\t3", 10.5, 1.35, 8, 2, tab=_TEXT_WIDTH),
    _Style("toc 2", "a section,\t4", 10.5, 1.35, 0, 2, tab=_TEXT_WIDTH, indent=240),
    _Style("toc 3", "a section within it.\t5", 10.5, 1.35, 0, 2, tab=_TEXT_WIDTH, indent=480),
    _Style("header", "The top of a page: the office's own mark can stand there.", 8.5, colour=SOFT),
    _Style("footer", "The foot of a page.", 8.5, colour=SOFT, tab=_TEXT_WIDTH),
)  # fmt: skip

TABLE_STYLE: Final = "Document Table"
LINK_STYLE: Final = "Hyperlink"
LIST_STYLES: Final = ("List Bullet", "List Number")
NEEDED: Final[dict[str, str]] = {
    **{style.name: "paragraph" for style in _STYLES},
    TABLE_STYLE: "table",
    LINK_STYLE: "character",
}
"""Every style that a template has to have, as Word keeps its name, and of which kind it is."""


@cache
def kept_template() -> bytes:
    """Return the template as it is kept beside this file."""
    return _KEPT.read_bytes()


def word_template() -> bytes:
    """Return the product's template, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in _parts().items():
            whole = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}'
            archive.writestr(zipfile.ZipInfo(name, _STILL), whole, zipfile.ZIP_DEFLATED)
    return out.getvalue()


_OFFICE: Final = "http://schemas.openxmlformats.org"
_W: Final = f'xmlns:w="{_OFFICE}/wordprocessingml/2006/main"'
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION: Final = f"{_OFFICE}/officeDocument/2006/relationships"
_OF_TEXT: Final = {
    "styles": "styles",
    "numbering": "numbering",
    "settings": "settings",
    "fontTable": "fontTable",
}


def _parts() -> dict[str, str]:
    """Return the files that a Word document is a zip of."""
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_OFFICE}/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
            + "".join(
                f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
                for name, kind in _OF_TEXT.items()
            )
            + "</Types>"
        ),
        "_rels/.rels": _relations({"word/document.xml": "officeDocument"}),
        "word/document.xml": _body(),
        "word/_rels/document.xml.rels": _relations({f"{name}.xml": name for name in _OF_TEXT}),
        "word/styles.xml": _styles(),
        "word/numbering.xml": _numbering(),
        "word/settings.xml": (
            f'<w:settings {_W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
            '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting '
            'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
            '<w:themeFontLang w:val="en-GB"/></w:settings>'
        ),
        "word/fontTable.xml": (
            f"<w:fonts {_W}>"
            f'<w:font w:name="{SERIF}"><w:family w:val="roman"/></w:font>'
            f'<w:font w:name="{SANS}"><w:family w:val="swiss"/></w:font>'
            "</w:fonts>"
        ),
    }


def _relations(targets: dict[str, str]) -> str:
    return (
        f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{_RELATION}/{kind}" Target="{target}"/>'
            for number, (target, kind) in enumerate(targets.items(), 1)
        )
        + "</Relationships>"
    )


def _styles() -> str:
    cells = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom"))
    return (
        f"<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>{_fonts(SANS)}"
        f'<w:color w:val="{INK}"/><w:sz w:val="21"/><w:szCs w:val="21"/>'
        '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        + "".join(_paragraph_style(style) for style in _STYLES)
        + '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        f'<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="{LINK_STYLE}"/><w:qFormat/>'
        f'<w:rPr><w:color w:val="{ACCENT}"/><w:u w:val="single"/></w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f'<w:tblCellMar>{cells}<w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
        f'<w:style w:type="table" w:customStyle="1" w:styleId="DocumentTable"><w:name w:val="{TABLE_STYLE}"/>'
        '<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>'
        f"{_line('bottom', RULE)}{_line('insideH', RULE)}</w:tblBorders>"
        f'<w:tblCellMar>{cells}<w:right w:w="{twips(3.2)}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>{_line("bottom", INK)}</w:tcBorders></w:tcPr>'
        "</w:tblStylePr></w:style></w:styles>"
    )


def _fonts(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _line(side: str, colour: str, *, width: int = 4, space: int = 0) -> str:
    """Return a border; its width is in eighths of a point."""
    return f'<w:{side} w:val="single" w:sz="{width}" w:space="{space}" w:color="{colour}"/>'


_WORDS_OWN: Final = ("Normal", "Title", "Subtitle", "Quote", "List", "TOC", "toc", "heading", "caption", "header",
                     "footer")  # fmt: skip
"""How the names of the styles begin that Word ships."""


def _paragraph_style(style: _Style) -> str:
    is_normal = style.name == "Normal"
    kind = (
        ' w:default="1"' if is_normal else "" if style.name.startswith(_WORDS_OWN) else ' w:customStyle="1"'
    )
    tab_kind = "left" if style.hanging else "right"
    paragraph = [
        "<w:keepNext/><w:keepLines/>" if style.keep or style.heading else "",
        f'<w:numPr><w:numId w:val="{style.numbers}"/></w:numPr>' if style.numbers else "",
        f"<w:pBdr>{_line('left', ACCENT, width=12, space=10)}</w:pBdr>" if style.bar else "",
        f'<w:tabs><w:tab w:val="{tab_kind}" w:pos="{style.tab}"/></w:tabs>' if style.tab else "",
        f'<w:spacing w:before="{round(style.before * 20)}" w:after="{round(style.after * 20)}" '
        f'w:line="{round(style.line / _OWN_LINE * 240)}" w:lineRule="auto"/>',
        f'<w:ind w:left="{style.indent}" w:hanging="{style.hanging}"/>' if style.indent else "",
        f'<w:outlineLvl w:val="{style.outline - 1}"/>' if style.outline else "",
    ]
    return (
        f'<w:style w:type="paragraph"{kind} w:styleId="{style.style_id}"><w:name w:val="{style.name}"/>'
        + ("" if is_normal else '<w:basedOn w:val="Normal"/><w:next w:val="Normal"/>')
        + f"<w:qFormat/><w:pPr>{''.join(paragraph)}</w:pPr><w:rPr>{_fonts(SERIF if style.serif or style.heading else SANS)}"
        + ("<w:b/><w:bCs/>" if style.bold or style.heading else "")
        + f'<w:color w:val="{style.colour}"/><w:sz w:val="{round(style.size * 2)}"/>'
        f'<w:szCs w:val="{round(style.size * 2)}"/></w:rPr></w:style>'
    )


def _numbering() -> str:
    """Return the two lists: one of dots, one of numbers."""
    levels = (("bullet", "•", "ListBullet"), ("decimal", "%1.", "ListNumber"))
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:pStyle w:val="{style}"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="300" w:hanging="300"/></w:pPr>'
        f'<w:rPr><w:color w:val="{SOFT}"/></w:rPr></w:lvl></w:abstractNum>'
        for number, (form, text, style) in enumerate(levels, 1)
    )
    lists = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2))
    return f"<w:numbering {_W}>{kinds}{lists}</w:numbering>"


def _body() -> str:
    """Return the text: each style in itself, saying what it is for."""
    return (
        f"<w:document {_W}><w:body>"
        + "".join(_sample(style) for style in _STYLES)
        + f'<w:sectPr><w:pgSz w:w="{_WIDE}" w:h="{_HIGH}"/><w:pgMar w:top="{_MARGIN}" w:right="{_MARGIN}" '
        f'w:bottom="{_MARGIN}" w:left="{_MARGIN}" w:header="{twips(11)}" w:footer="{twips(11)}" w:gutter="0"/>'
        "</w:sectPr></w:body></w:document>"
    )


def _sample(style: _Style) -> str:
    words = "</w:t><w:tab/><w:t>".join(style.says.split("\t"))
    return f'<w:p><w:pPr><w:pStyle w:val="{style.style_id}"/></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>'


if __name__ == "__main__":
    _KEPT.write_bytes(word_template())
