"""
A chart as a picture that stands alone: PNG for a slide or a page, SVG with its text as text.

A picture carries what the page carries: the finding, what is counted, the balance, the source and
the product's mark, in light colours on white. No browser and no server are needed.
"""

import base64
import html
import io
import math
import re
import threading
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.lines import Line2D

from monitor.charts.chart import Chart
from monitor.charts.drawing import Axis, Band, Bars, Drawing, Label, Line, Points
from monitor.charts.theme import DARK, LIGHT, Role

FONTS: Final = Path(__file__).parent / "fonts"
SANS: Final = "Monitor Sans"
SERIF: Final = "Monitor Serif"
NAME: Final = "Recommendations monitor"
_FALLBACK: Final = "DejaVu Sans"
"""Has the glyphs of names that the two fonts lack; it comes with matplotlib."""

PictureKind = Literal["png", "svg", "pdf"]


@dataclass(frozen=True, slots=True)
class Size:
    """
    How large a picture is, in pixels of 96 to the inch, and how it is set.

    Attributes:
        width: Width.
        height: Height; 0 takes what the drawing needs.
        margin: White round everything.
        dots: Dots in a PNG to one pixel.
        title: Height of the finding's type; the gray line and the captions follow.
        text: Height of the type in the drawing, against 14 on the screen.
    """

    width: float
    height: float
    margin: float
    dots: float
    title: float
    gray: float
    caption: float
    text: float


WIDE: Final = Size(1600, 900, 64, 2.0, 28, 18, 14, 18)
"""A slide of 16:9: 3200 x 1800 dots."""

A4: Final = Size(170 / 25.4 * 96, 100 / 25.4 * 96, 0, 300 / 96, 16, 11.5, 9.5, 12)
"""The width of the text on a page of A4: 170 x 100 mm at 300 dots to the inch, text of 9 points."""

BARE_A4: Final = Size(170 / 25.4 * 96, 0, 0, 300 / 96, 0, 0, 0, 12)
"""As wide as A4 and as high as the drawing asks: for a page that prints finding and caption itself."""

BARE: Final = Size(720, 0, 0, 2.0, 0, 0, 0, 14)
"""The drawing alone, 720 pixels wide: for the public page."""

SIZES: Final[dict[str, Size]] = {"wide": WIDE, "a4": A4, "bare-a4": BARE_A4, "bare": BARE}

LEAST_SQUEEZE: Final = 0.78
"""Rows may stand this much closer than on the screen before their words shrink with them."""

_LOCK: Final = threading.Lock()
"""Matplotlib's settings belong to the process, so only one picture is made at a time."""


def to_picture(
    chart: Chart, kind: PictureKind = "png", size: Size = WIDE, *, both_themes: bool = False
) -> bytes:
    """
    Return the chart as the bytes of a file; a chart without a drawing becomes its words.

    Args:
        chart: What is drawn.
        kind: The form of the file.
        size: One of `SIZES`, or another; a size without a title is the drawing alone, without a ground.
        both_themes: For SVG: colours follow the reader's light or dark setting.
    """
    _fonts()
    words: dict[str, str | None] = {"Title": chart.finding}
    words["Subject" if kind == "pdf" else "Description"] = chart.alt
    if kind != "png":
        words["Date" if kind == "svg" else "CreationDate"] = None  # the same chart is the same file
    out = io.BytesIO()
    with _LOCK, mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        _figure(chart, size).savefig(
            out,
            format=kind,
            dpi=96 * size.dots,
            transparent=not size.title,
            facecolor="#FFFFFF",
            metadata=words,
        )
    if kind == "svg":
        return _finished_svg(out.getvalue().decode(), chart, both_themes=both_themes).encode()
    return out.getvalue()


_SETTINGS: Final[Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "recommendations",
    "pdf.fonttype": 42,
    "path.simplify": False,
    "text.usetex": False,
}


@cache
def _fonts() -> None:
    """Tell matplotlib of the project's own fonts, once."""
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(str(path))


@cache
def _glyphs(*, serif: bool) -> frozenset[int]:
    """Return the characters that one of the two fonts has."""
    name = "MonitorSerif-Semibold.ttf" if serif else "MonitorSans-Regular.ttf"
    return frozenset(get_font(str(FONTS / name)).get_charmap())


def _font(text: str, px: float, *, bold: bool = False, serif: bool = False) -> FontProperties:
    """Return the font for some words; with a second one behind it where the first lacks a character."""
    family = [SERIF if serif else SANS]
    weight = 600 if bold else 400
    if not _glyphs(serif=serif).issuperset(map(ord, text)):
        family.append(_FALLBACK)
        weight = 700 if bold else 400
    return FontProperties(family=family, weight=weight, size=px * 0.75)


def _figure(chart: Chart, size: Size) -> Figure:
    """Return the whole picture: words above, drawing, words below, mark."""
    scale = size.text / 14
    drawing = chart.drawing
    asked = drawing.height * scale if drawing else 40 * scale
    height = size.height or asked
    if size is A4 and drawing is not None and drawing.stretch < 2:
        # Rows of words would shrink beyond reading: the picture grows instead.
        height = max(height, asked * LEAST_SQUEEZE + 8 * size.gray)
    figure = Figure(figsize=(size.width / 96, height / 96), dpi=96)
    page = _Page(figure, FigureCanvasAgg(figure), size.width, height)
    top, bottom = height, 0.0
    if size.title:
        top = _words_above(page, chart, size)
        bottom = _words_below(page, chart, size)
    if drawing is not None:
        gap = size.gray * 0.9 if size.title else 0.0
        _draw(page, drawing, _Box(size.margin, bottom + gap, size.width - size.margin, top - gap), scale)
    return figure


class _Box(NamedTuple):
    """A part of the page, in pixels from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class _Page:
    """A figure addressed in pixels from its lower left corner."""

    figure: Figure
    canvas: FigureCanvasAgg
    width: float
    height: float

    def text(self, x: float, y: float, words: str, px: float, role: Role, *, serif: bool = False) -> None:
        """Write one line with its baseline at a height."""
        self.figure.text(
            x / self.width,
            y / self.height,
            words,
            fontproperties=_font(words, px, bold=serif, serif=serif),
            color=LIGHT[role],
            parse_math=False,
            va="baseline",
            ha="left",
        )

    def width_of(self, words: str, px: float, *, serif: bool = False) -> float:
        """Return how wide one line would be."""
        font = _font(words, px, bold=serif, serif=serif)
        made = self.figure.text(0, 0, words, fontproperties=font, parse_math=False)
        renderer = self.canvas.get_renderer()  # type: ignore[no-untyped-call]
        wide = made.get_window_extent(renderer).width
        made.remove()
        return float(wide)

    def wrapped(self, words: str, px: float, room: float, most: int, *, serif: bool = False) -> list[str]:
        """Return the words in lines that fit, at most so many, the last cut where they do not."""
        lines = [""]
        for word in words.split():
            longer = f"{lines[-1]} {word}".strip()
            if not lines[-1] or self.width_of(longer, px, serif=serif) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        if len(lines) > most:
            lines = lines[:most]
            lines[-1] = lines[-1].rstrip(".,; ") + "…"
        return [line for line in lines if line]


def _words_above(page: _Page, chart: Chart, size: Size) -> float:
    """Write the finding and what is counted; return the height left below them."""
    room = page.width - 2 * size.margin
    top = page.height - size.margin
    for line in page.wrapped(chart.finding, size.title, room, 2, serif=True):
        page.text(size.margin, top - size.title * 0.95, line, size.title, Role.INK, serif=True)
        top -= size.title * 1.25
    top -= size.gray * 0.3
    for line in page.wrapped(chart.counted, size.gray, room, 2):
        page.text(size.margin, top - size.gray, line, size.gray, Role.SOFT)
        top -= size.gray * 1.4
    return top


def _words_below(page: _Page, chart: Chart, size: Size) -> float:
    """Write the captions and the mark; return the height they take."""
    px = size.caption
    mark_width = page.width_of(NAME, px, serif=True) + px * 2.4
    room = page.width - 2 * size.margin - mark_width - px * 2
    lines = [line for caption in chart.captions for line in page.wrapped(caption, px, room, 2)]
    base = size.margin + px * 0.3
    for row, line in enumerate(reversed(lines)):
        page.text(size.margin, base + row * px * 1.45, line, px, Role.SOFT)
    _mark(page, page.width - size.margin - mark_width, base, px)
    return base + max(len(lines), 1) * px * 1.45


def _mark(page: _Page, x: float, base: float, px: float) -> None:
    """Draw ring, line and diamond, then the product's name."""
    y = (base + px * 0.32) / page.height
    ring, diamond = (x + px * 0.35) / page.width, (x + px * 1.75) / page.width
    thick = px * 0.11 * 0.75
    soft, ink = LIGHT[Role.SOFT], LIGHT[Role.INK]
    around: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": px * 0.41}
    page.figure.add_artist(Line2D([ring, diamond], [y, y], color=soft, linewidth=thick))
    page.figure.add_artist(
        Line2D([ring], [y], markerfacecolor="#FFFFFF", markeredgecolor=soft, markeredgewidth=thick, **around)
    )
    around |= {"marker": "D", "markersize": px * 0.35}
    page.figure.add_artist(Line2D([diamond], [y], markerfacecolor=ink, markeredgecolor="none", **around))
    page.text(x + px * 2.4, base, NAME, px, Role.INK, serif=True)


def _draw(page: _Page, drawing: Drawing, box: _Box, scale: float) -> None:
    """Draw the marks into a box: larger where it leaves much room, rows closer where it leaves little."""
    high = box.top - box.bottom
    scale *= min(max(high / (drawing.height * scale * drawing.stretch), 1.0), 1.4)
    empty = max(high - drawing.height * scale * drawing.stretch, 0.0)
    top, bottom = box.top - 0.4 * empty, box.bottom + 0.6 * empty
    shrunk = (top - bottom) / (drawing.height * scale)
    if shrunk < LEAST_SQUEEZE and drawing.stretch < 2:
        scale *= shrunk / LEAST_SQUEEZE
    margins = drawing.margins
    x0, x1 = box.left + margins.left * scale, box.right - margins.right * scale
    y0, y1 = bottom + margins.bottom * scale, top - margins.top * scale
    axes = page.figure.add_axes(
        (x0 / page.width, y0 / page.height, (x1 - x0) / page.width, (y1 - y0) / page.height)
    )
    axes.set_xlim(drawing.x.low, drawing.x.high if drawing.x.high > drawing.x.low else drawing.x.low + 1)
    axes.set_ylim(drawing.y.low, drawing.y.high)
    axes.patch.set_visible(False)
    axes.set_axisbelow(True)
    for side in ("top", "left", "right", "bottom"):
        axes.spines[side].set_visible(False)
    _ticks(axes, drawing.x, scale, below=True)
    _ticks(axes, drawing.y, scale, below=False)
    # Words keep their size where a picture is lower than the screen; only their distances shrink.
    squeeze = min(1.0, (y1 - y0) / max(drawing.height - margins.top - margins.bottom, 1) / scale)
    for order, mark in enumerate(drawing.marks):
        if isinstance(mark, Label):
            _draw_label(axes, mark, scale, squeeze, 50 + order)
        elif isinstance(mark, Line):
            _draw_line(axes, mark, scale, 3 + order)
        elif isinstance(mark, Band):
            tone = _rgba(LIGHT[mark.role])
            axes.fill_between(mark.xs, mark.low, mark.high, color=tone, linewidth=0, zorder=3 + order)
        elif isinstance(mark, Bars):
            _draw_bars(axes, mark, 3 + order)
        else:
            _draw_points(axes, mark, scale, max(squeeze, 0.7), 3 + order)


def _rgba(tone: str) -> Any:
    """Return a tone as matplotlib takes it."""
    found = re.fullmatch(r"rgba\((\d+),(\d+),(\d+),([0-9.]+)\)", tone)
    if not found:
        return tone
    red, green, blue, share = found.groups()
    return (int(red) / 255, int(green) / 255, int(blue) / 255, float(share))


def _ticks(axes: Axes, axis: Axis, scale: float, *, below: bool) -> None:
    """Draw the line, the ticks and the grid of an axis, and its words on common baselines."""
    side = axes.xaxis if below else axes.yaxis
    side.set_ticks([value for value, _ in axis.ticks], [""] * len(axis.ticks))
    side.set_tick_params(
        length=5 * scale * 0.75 if axis.line else 0, width=scale * 0.75, color=LIGHT[Role.AXIS]
    )
    where = axes.get_xaxis_transform() if below else axes.get_yaxis_transform()
    for value, text in axis.ticks:
        for row, line in enumerate(text.split("\n")):
            axes.annotate(
                line,
                (value, 0) if below else (0, value),
                (0, -(21 + 18 * row) * scale * 0.75) if below else (-7 * scale * 0.75, -5 * scale * 0.75),
                xycoords=where,
                textcoords="offset points",
                ha="center" if below else "right",
                va="baseline",
                color=LIGHT[Role.SOFT],
                fontproperties=_font(line, 14 * scale),
                annotation_clip=False,
                parse_math=False,
            )
    if axis.grid:
        side.grid(visible=True, color=LIGHT[Role.GRID], linewidth=scale * 0.75)
    if axis.line:
        spine = axes.spines["bottom" if below else "left"]
        spine.set_visible(True)
        spine.set_color(LIGHT[Role.AXIS])
        spine.set_linewidth(scale * 0.75)


_DASHES: Final = {"solid": "solid", "dot": (0, (1.2, 1.7)), "dash": (0, (3.0, 2.2))}


def _draw_line(axes: Axes, mark: Line, scale: float, order: int) -> None:
    axes.plot(
        mark.xs,
        mark.ys,
        color=LIGHT[mark.role],
        linewidth=mark.width * scale * 0.75,
        linestyle=_DASHES[mark.dash],
        drawstyle="steps-post" if mark.step else "default",
        solid_capstyle="butt",
        solid_joinstyle="miter",
        clip_on=False,
        zorder=order,
    )


def _draw_bars(axes: Axes, mark: Bars, order: int) -> None:
    axes.barh(
        mark.ys,
        [stop - start for start, stop in zip(mark.starts, mark.stops, strict=True)],
        left=mark.starts,
        height=mark.thickness,
        color=LIGHT[mark.role],
        linewidth=0,
        zorder=order,
    )


def _draw_points(axes: Axes, mark: Points, scale: float, squeeze: float, order: int) -> None:
    hollow = mark.shape == "ring"
    marker = {"dot": "o", "ring": "o", "diamond": "D", "from_before": "<"}[mark.shape]
    # On the screen a diamond is 1.3 times its size from corner to corner; here its side is given.
    across = 1.3 * mark.size / math.sqrt(2) if mark.shape == "diamond" else mark.size - (2.5 if hollow else 0)
    axes.plot(
        mark.xs,
        mark.ys,
        linestyle="none",
        marker=marker,
        markersize=across * scale * squeeze * 0.75,
        markerfacecolor=LIGHT[Role.GROUND] if hollow else LIGHT[mark.role],
        markeredgecolor=LIGHT[mark.role] if hollow else "none",
        markeredgewidth=2.5 * scale * 0.75 if hollow else 0,
        clip_on=False,
        zorder=order,
    )


_BASELINE: Final = {"bottom": 0.29, "middle": -0.35, "top": -1.0}
"""From a label's place to its baseline, in heights of type; the same as in a browser."""


def _draw_label(axes: Axes, mark: Label, scale: float, squeeze: float, order: int) -> None:
    """Write a label line by line, so that neighbours stand on one baseline whatever letters they have."""
    lines = mark.text.split("\n")
    px = mark.size * scale
    up = mark.dy * scale * squeeze + _BASELINE[mark.rise] * px
    above = {"bottom": len(lines) - 1.0, "middle": (len(lines) - 1) / 2, "top": 0.0}[mark.rise]
    for row, line in enumerate(lines):
        axes.annotate(
            line,
            (mark.x, mark.y),
            (mark.dx * scale * 0.75, (up + (above - row) * 1.3 * px) * 0.75),
            textcoords="offset points",
            ha=mark.anchor,
            va="baseline",
            color=LIGHT[mark.role],
            fontproperties=_font(line, px, bold=mark.bold),
            annotation_clip=False,
            parse_math=False,
            zorder=order,
        )


def _finished_svg(svg: str, chart: Chart, *, both_themes: bool) -> str:
    """Return the SVG with its alternative text, its fonts inside, and, if asked, colours for both themes."""
    style = "".join(_face(family, weight, path) for family, weight, path in _FACES)
    if both_themes:
        svg = _in_both_themes(svg)
        style += _theme_style()
    # Not by pattern: a backslash in somebody's words would be read as part of one.
    start = svg.index("<svg ") + len("<svg ")
    end = svg.index(">", start) + 1
    name = f'role="img" aria-label="{html.escape(chart.finding)}" '
    words = f"<desc>{html.escape(chart.alt)}</desc><style>{style}</style>"
    return svg[:start] + name + svg[start:end] + words + svg[end:]


_FACES: Final = (
    (SANS, 400, FONTS / "MonitorSans-Regular.woff2"),
    (SANS, 600, FONTS / "MonitorSans-Semibold.woff2"),
    (SERIF, 600, FONTS / "MonitorSerif-Semibold.woff2"),
)


@cache
def _face(family: str, weight: int, path: Path) -> str:
    inside = base64.b64encode(path.read_bytes()).decode("ascii")
    return (
        f"@font-face{{font-family:'{family}';font-weight:{weight};"
        f"src:url(data:font/woff2;base64,{inside}) format('woff2')}}"
    )


_THEMED: Final = tuple(role for role in Role if LIGHT[role].startswith("#"))


def _in_both_themes(svg: str) -> str:
    """Return the SVG with every tone as a named colour, so that a style sheet can turn it dark."""
    for role in _THEMED:
        tone = LIGHT[role].lower()
        svg = re.sub(rf"(fill|stroke): {tone}\b", rf"\1: var(--chart-{role.value}, {tone})", svg)
    return svg


def _theme_style() -> str:
    light = ";".join(f"--chart-{role.value}:{LIGHT[role]}" for role in _THEMED)
    dark = ";".join(f"--chart-{role.value}:{DARK[role]}" for role in _THEMED)
    return f"svg{{{light}}}@media (prefers-color-scheme:dark){{svg{{{dark}}}}}"
