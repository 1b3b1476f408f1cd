"""
The typesetter: pages from a template of ours and data of others.

It reads no file but those it is given here, and no font but the project's own and the one that matplotlib
brings for letters they lack; so a page looks the same on every machine.
"""

import atexit
import base64
import html
import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import typst
from matplotlib.ft2font import FT2Font

FONTS: Final = Path(__file__).parents[1] / "charts" / "fonts"
"""Where the fonts of the charts are kept; they are those of the documents too."""
DOTS_TO_AN_INCH: Final = 300

_TOO_LONG: Final = 24
"""Letters without a blank that still fit a narrow column."""
_PIECE: Final = 12


def typeset(template: str, files: Mapping[str, bytes], **options: Any) -> list[bytes]:
    """
    Return the pages of a template (PNG), or the whole (PDF).

    Args:
        template: Ours, never anybody's text.
        files: What the template reads, by name.
        options: As the typesetter takes them.
    """
    try:
        made = typst.compile(
            {"main.typ": template.encode(), **files},
            font_paths=_fonts(),
            ignore_system_fonts=True,
            **options,
        )
    finally:
        _forget()
    return made if isinstance(made, list) else [made] if made else []


def look_up(template: str, files: Mapping[str, bytes], what: str) -> list[Any]:
    """Return what a template notes under a label while it is set."""
    try:
        noted = typst.query(
            {"main.typ": template.encode(), **files},  # type: ignore[type-var]  # as `compile` takes them
            what,
            field="value",
            font_paths=_fonts(),
            ignore_system_fonts=True,
        )
    finally:
        _forget()
    found: list[Any] = json.loads(noted)
    return found


_KEPT_RUNS: Final = 10


def _forget() -> None:
    """
    Let go of what the typesetter keeps of its last runs, to be quicker at a document that is being typed.

    A pack leaves tens of megabytes each time, and nobody sets it again. There is no call for this, but what was
    not used in ten runs is dropped, and an empty run takes two milliseconds.
    """
    for _ in range(_KEPT_RUNS + 1):
        typst.compile(b"", font_paths=_fonts(), ignore_system_fonts=True, format="svg")


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts, found once: those of the project, and the one with the letters they lack."""
    folder = Path(tempfile.mkdtemp(prefix="monitor-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in _SPARE:
        # Their own folder: beside them lies a font that has every letter as a box, and it would be chosen.
        shutil.copyfile(_spare_font(name), folder / name)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS), str(folder)]
    )
    # A font is read when it is first used: now, while its file is there.
    typst.compile(_USES_SPARE, font_paths=fonts, ignore_system_fonts=True, format="svg")
    return fonts


_SPARE: Final = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
_USES_SPARE: Final = b'#set text(font: "DejaVu Sans")\nA *A*'


def _spare_font(name: str) -> Path:
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / name


@cache
def _known() -> frozenset[int]:
    """Return the characters that can be set."""
    paths = (FONTS / "MonitorSans-Regular.ttf", _spare_font("DejaVuSans.ttf"))
    return frozenset(code for path in paths for code in FT2Font(str(path)).get_charmap())


def settable(text: str) -> str:
    """
    Return the text as it can be set: no letter that no font has, no word too long for a line.

    A sign without a glyph is named in brackets, as "[grinning face]"; a letter without one becomes U+FFFD.
    """
    return _LONG_WORD.sub(_with_breaks, _with_glyphs(text))


def _with_glyphs(text: str) -> str:
    if text.isascii():
        return text
    known = _known()
    return "".join(ch if ord(ch) in known else _instead(ch) for ch in text)


def _instead(ch: str) -> str:
    kind = unicodedata.category(ch)
    if ch in "\n\u200b":
        return ch
    if kind.startswith("Z"):
        return " "
    if kind in ("Cf", "Mn", "Me"):
        return ""
    if kind == "So":
        return f"[{unicodedata.name(ch, 'sign').lower()}]"
    return "\ufffd"


_LONG_WORD: Final = re.compile(rf"[^\s\u200b]{{{_TOO_LONG + 1},}}")


def _with_breaks(found: re.Match[str]) -> str:
    """Return a long word with places where a line may end: after a mark between its parts, or anywhere."""
    parts = re.split(r"(?<=[/\-_.@=&?])", found.group())
    return "\u200b".join(
        part[start : start + _PIECE] for part in parts for start in range(0, len(part) or 1, _PIECE)
    )


_NAMED_COLOUR: Final = re.compile(r"var\(--[\w-]+,\s*([^()]*(?:\([^()]*\))?[^()]*)\)")
_FACES: Final = re.compile(r"<style>@font-face.*?</style>", re.S)
_CODED: Final = re.compile(r"&#(x[0-9a-f]+|[0-9]+);", re.I)


def paper_svg(svg: bytes) -> bytes:
    """Return a drawing in the light colours it names, with letters that can be set, without styles for a browser."""
    text = _FACES.sub("", svg.decode("utf-8", "replace"))
    text = _CODED.sub(lambda found: _decoded(found.group()), _NAMED_COLOUR.sub(r"\1", text))
    return _with_glyphs(text).encode()


def _decoded(coded: str) -> str:
    """Return the letter that a number stands for, unless it is one that has a meaning in a drawing."""
    letter = html.unescape(coded)
    return coded if letter.isascii() else letter


def framed(png: bytes, width: float, height: float) -> bytes:
    """Return a picture of dots as a drawing that holds it: the typesetter is given texts alone."""
    inside = base64.b64encode(png).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.3f} {height:.3f}">'
        f'<image width="{width:.3f}" height="{height:.3f}" href="data:image/png;base64,{inside}"/></svg>'
    ).encode()


def as_dots(drawings: Mapping[str, tuple[bytes, float, float]]) -> dict[str, bytes]:
    """
    Return drawings as PNG on white, all in one go.

    Args:
        drawings: By name: the SVG, its width and its height in millimetres.
    """
    if not drawings:
        return {}
    files = {f"{place}.svg": paper_svg(svg) for place, (svg, _, _) in enumerate(drawings.values())}
    pages = "\n".join(
        f"#page(width: {wide:.3f}mm, height: {high:.3f}mm, margin: 0pt, fill: white, "
        f'image("{place}.svg", width: 100%, height: 100%))'
        for place, (_, wide, high) in enumerate(drawings.values())
    )
    made = typeset(pages, files, format="png", ppi=DOTS_TO_AN_INCH)
    return dict(zip(drawings, made, strict=True))
