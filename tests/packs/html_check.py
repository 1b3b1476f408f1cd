"""
A strict look at pages that the product makes: what a conformance checker would complain of, for the elements used.

It knows fewer elements than HTML has, on purpose: one that is not here is looked up in the standard before it is added.

Source: HTML Living Standard, content models and permitted attributes; WAI-ARIA in HTML.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

VOID: Final = {"meta", "link", "br"}
GLOBAL: Final = {"class", "id", "lang", "role", "tabindex", "aria-label", "aria-labelledby", "aria-hidden", "aria-current"}  # fmt: skip
ATTRIBUTES: Final[dict[str, set[str]]] = {
    "a": {"href"},
    "meta": {"charset", "name", "content", "http-equiv"},
    "link": {"rel", "href", "type", "title"},
    "th": {"scope"},
    "time": {"datetime"},
    "details": {"open"},
    "ol": {"reversed"},
    "svg": {"viewbox", "width", "height"},
    "line": {"x1", "y1", "x2", "y2", "stroke-width"},
    "path": {"d", "fill", "stroke-width", "stroke-dasharray"},
    "rect": {"x", "y", "width", "height"},
    "circle": {"cx", "cy", "r", "stroke-width"},
    "text": {"x", "y", "text-anchor", "font-size", "font-weight"},
}
PHRASING: Final = {"a", "b", "br", "em", "span", "strong", "time", "code", "svg"}
FLOW: Final = PHRASING | {
    "blockquote", "details", "div", "dl", "figure", "footer", "h1", "h2", "h3", "h4", "header", "main", "nav", "ol", "p",
    "table", "ul",
}  # fmt: skip
SHAPES: Final = {"line", "path", "rect", "circle", "text"}
INSIDE: Final[dict[str, set[str]]] = {
    "": {"html"},
    "html": {"head", "body"},
    "head": {"meta", "title", "link"},
    "title": set(),
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "thead", "tbody"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tr": {"th", "td"},
    "svg": SHAPES,
    "details": FLOW | {"summary"},
    "figure": FLOW | {"figcaption"},
    **dict.fromkeys(("body", "div", "main", "header", "footer", "nav", "li", "dd", "td", "blockquote", "figcaption"), FLOW),
    **dict.fromkeys(("p", "h1", "h2", "h3", "h4", "span", "a", "b", "strong", "em", "time", "dt", "th", "summary", "caption", "code"), PHRASING),
    **{name: set() for name in SHAPES},
}  # fmt: skip
"""What may stand in what."""

NEEDS: Final = {"a": "href", "time": "datetime", "svg": "aria-label"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = [""]
        self.faults: list[str] = []
        self.ids: set[str] = set()
        self.headings: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults.append(f"<{tag}/> closes itself")

    def _begin(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        around = self.open[-1]
        if tag not in INSIDE and tag not in VOID:
            self.faults.append(f"<{tag}> is not one of ours")
        elif tag not in INSIDE.get(around, set()) and not (
            tag in ("dt", "dd") and self.open[-2:] == ["dl", "div"]
        ):
            self.faults.append(f"<{tag}> in <{around}>")
        if tag in ("a", "svg") and "a" in self.open:
            self.faults.append(f"<{tag}> within a link")
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice")
        for name, value in attrs:
            if name not in GLOBAL | ATTRIBUTES.get(tag, set()):
                self.faults.append(f"<{tag} {name}>")
            if name == "id":
                if value in self.ids or not value or " " in value:
                    self.faults.append(f'id "{value}" twice or not one')
                self.ids.add(value or "")
            if name in ("href", "aria-label") and not value:
                self.faults.append(f"<{tag}> with an empty {name}")
        if tag in NEEDS and NEEDS[tag] not in names:
            self.faults.append(f"<{tag}> without {NEEDS[tag]}")
        if tag[0] == "h" and tag[1:].isdigit():
            self.headings.append(int(tag[1:]))

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1] != tag:
            self.faults.append(f"</{tag}> where <{self.open[-1]}> is open")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open[-1] in (
            "ul",
            "ol",
            "dl",
            "table",
            "thead",
            "tbody",
            "tr",
            "head",
            "html",
            "svg",
        ):
            self.faults.append(f"words in <{self.open[-1]}>: {data.strip()[:30]}")


def faults_in(page: bytes) -> Iterator[str]:
    """Yield everything that is wrong with a page."""
    text = page.decode("utf-8")
    if not text.startswith("<!doctype html>\n"):
        yield "no doctype"
    if found := {f"U+{ord(ch):04X}" for ch in text if _is_refused(ch)}:
        yield f"characters that no page may hold: {', '.join(sorted(found))}"
    reader = _Reader()
    reader.feed(text)
    reader.close()
    yield from reader.faults
    if reader.open != [""]:
        yield f"left open: {reader.open[1:]}"
    if reader.headings.count(1) != 1 or reader.headings[:1] != [1]:
        yield f"headings begin otherwise than with one h1: {reader.headings}"
    for before, after in zip(reader.headings, reader.headings[1:], strict=False):
        if after > before + 1:
            yield f"h{after} follows h{before}"


def _is_refused(ch: str) -> bool:
    code = ord(ch)
    control = (code < 0x20 and ch not in "\t\n") or 0x7F <= code <= 0x9F
    return control or 0xD800 <= code <= 0xDFFF or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
