"""The template of a Word document, the office's own or the product's, looked through before it is used."""

import io
from dataclasses import dataclass
from typing import Any, Final

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml.ns import qn

from monitor.errors import UnreadableFileError
from monitor.exporters.word_template import LIST_STYLES, NEEDED, kept_template
from monitor.importers.gate import admit

_LEAST_WIDTH: Final = 3000
"""Twentieths of a point (5 cm): between narrower margins nothing can be read."""
_STAY: Final = {
    RELATION.STYLES,
    RELATION.NUMBERING,
    RELATION.SETTINGS,
    RELATION.FONT_TABLE,
    RELATION.THEME,
    RELATION.HEADER,
    RELATION.FOOTER,
    RELATION.FOOTNOTES,
    RELATION.ENDNOTES,
    RELATION.WEB_SETTINGS,
}
"""What belongs to a template; all else belongs to its text, which is not used."""
_SETTINGS_THAT_GO: Final = (
    "attachedTemplate",
    "documentProtection",
    "writeProtection",
    "trackRevisions",
    "mailMerge",
)
"""A document made here can be edited, and leads to no file on somebody's machine."""


@dataclass(frozen=True, slots=True)
class Template:
    """
    A template, empty and ready to be filled.

    Attributes:
        styles: How the text names each of the needed styles.
        lists: The kinds of list that the list styles stand on.
        text_width: Between the margins, in twentieths of a point.
    """

    word: WordDocument
    styles: dict[str, str]
    lists: dict[str, int]
    text_width: int


def open_template(content: bytes | None = None, name: str = "template.docx") -> Template:
    """
    Return a template that has every style that is needed.

    Args:
        content: The office's own; without it, the product's.
        name: As the file came, for what is said about it.

    Raises:
        UnreadableFileError: for a file that is no Word document, that may not be opened, or that lacks a
            style; the sentence names what is missing, and so does `facts["missing"]`.
    """
    shown = "The product's template" if content is None else admit(name, content, ("docx",)).name
    try:
        word = docx.Document(io.BytesIO(content or kept_template()))
        styles = _styles_of(word)
        lists = {style: _list_of(word, styles.get(style, "")) for style in LIST_STYLES}
        _empty(word)
        width = _text_width(word)
    except Exception:
        # The gate has let it through, but it was not Word that made it: whatever is wrong, it cannot be used.
        raise _refused(
            shown, "its parts do not fit together. Open it in Word, save it and give that"
        ) from None
    if missing := [_in_words(style) for style in NEEDED if style not in styles]:
        what = "the style" if len(missing) == 1 else "the styles"
        named = " and ".join(
            part for part in (", ".join(f'"{one}"' for one in missing[:-1]), f'"{missing[-1]}"') if part
        )
        advice = "Begin from the product's own template and change its styles there"
        raise _refused(shown, f"it lacks {what} {named}. {advice}", *missing)
    if plain := [style for style, kind in lists.items() if kind is None]:
        raise _refused(shown, f'its style "{plain[0]}" is no list. Give it a list format in Word', *plain)
    if width < _LEAST_WIDTH:
        raise _refused(shown, "its margins leave less than 5 cm for the text. Make them narrower in Word")
    return Template(word, styles, {style: kind for style, kind in lists.items() if kind is not None}, width)


def _refused(shown: str, why: str, *missing: str) -> UnreadableFileError:
    return UnreadableFileError(f"{shown} cannot be used as a template: {why}.", missing=list(missing))


def _in_words(style: str) -> str:
    """Return the name of a style as Word shows it: it keeps some of its own in small letters."""
    return style.replace("toc", "TOC") if style.startswith("toc") else style[0].upper() + style[1:]


def _styles_of(word: WordDocument) -> dict[str, str]:
    wanted = {(name.lower(), kind): name for name, kind in NEEDED.items()}
    found: dict[str, str] = {}
    for style in word.styles.element.iterchildren(qn("w:style")):
        named = style.find(qn("w:name"))
        name = "" if named is None else named.get(qn("w:val"), "")
        known = wanted.get((name.lower(), style.get(qn("w:type"))))
        if known:
            found.setdefault(known, style.get(qn("w:styleId")))
    return found


def _list_of(word: WordDocument, style_id: str) -> int | None:
    """Return the kind of list (its abstract numbering) that a style stands on, or None where it is no list."""
    number = None
    for style in word.styles.element.iterchildren(qn("w:style")):
        if style.get(qn("w:styleId")) == style_id:
            for named in style.iter(qn("w:numId")):
                number = named.get(qn("w:val"))
    if number is None or not any(part.reltype == RELATION.NUMBERING for part in word.part.rels.values()):
        return None
    for one in word.part.numbering_part.element.iterchildren(qn("w:num")):
        if one.get(qn("w:numId")) == number:
            return int(one.find(qn("w:abstractNumId")).get(qn("w:val")))
    return None


def _empty(word: WordDocument) -> None:
    """Take out the template's text and all that belongs to it alone."""
    body: Any = word.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    for number, relation in list(word.part.rels.items()):
        if relation.reltype not in _STAY:
            del word.part.rels[number]
    settings: Any = word.settings.element
    for name in _SETTINGS_THAT_GO:
        for one in settings.findall(qn(f"w:{name}")):
            settings.remove(one)
    part = word.part.part_related_by(RELATION.SETTINGS)
    for number, relation in list(part.rels.items()):
        if relation.is_external:
            del part.rels[number]


def _text_width(word: WordDocument) -> int:
    section: Any = word.sections[-1]
    across = section.page_width - section.left_margin - section.right_margin - (section.gutter or 0)
    return int(across.twips if hasattr(across, "twips") else across / 635)
