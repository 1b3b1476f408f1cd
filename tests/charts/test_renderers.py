"""One drawing, two renderers: what the screen gets and what a file holds."""

import xml.etree.ElementTree as ET
from datetime import date
from io import BytesIO
from typing import Any

import matplotlib.image as mpimg
import pytest
from plotly.graph_objects import Figure

from monitor.charts.catalogue import CHARTS, draw
from monitor.charts.drawing import count_axis, day_axis
from monitor.charts.page import to_html
from monitor.charts.picture import A4, BARE, BARE_A4, FONTS, WIDE, Size, to_picture
from monitor.charts.placing import NARROW, Place, Plot
from monitor.charts.plotly_figure import PLOTLY_CONFIG, safe_text, to_plotly
from monitor.charts.theme import DARK, LIGHT, MARKS, Role
from monitor.charts.wording import at_most, number, one_line
from tests.charts.frames import TODAY, made_up, nothing


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("A & B", "A &amp; B"),
        ("%{x}", "%&#123;x}"),
        ("$x$", "&#36;x&#36;"),
        ("one\ntwo", "one<br>two"),
    ],
)
def test_words_for_plotly_are_only_words(text: str, sent: str) -> None:
    """Nothing that a person typed is a tag, a template or a formula."""
    assert safe_text(text) == sent


def test_figure_has_the_frame_of_the_look() -> None:
    """Transparent, fixed height, no zoom, no drag, no bar, no legend."""
    chart = draw("burn-up", made_up(), today=TODAY)
    assert chart.drawing is not None
    layout = to_plotly(chart.drawing, "dark")["layout"]
    assert layout["height"] == chart.height == 380
    assert layout["paper_bgcolor"] == "rgba(0,0,0,0)"
    assert layout["dragmode"] is False
    assert layout["xaxis"]["fixedrange"]
    assert layout["yaxis"]["fixedrange"]
    assert not layout["showlegend"]
    assert PLOTLY_CONFIG["displayModeBar"] is False


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_figure_uses_only_the_colours_of_its_theme(theme: object) -> None:
    """No tone of the other theme is left in it."""
    other = DARK if theme is LIGHT else LIGHT
    for name in CHARTS:
        frames = made_up()
        options = {"reference": frames.targets["reference"].iloc[0]} if name == "ledger" else {}
        chart = draw(name, frames, today=TODAY, **options)
        assert chart.drawing is not None
        sent = str(to_plotly(chart.drawing, theme))  # type: ignore[arg-type]
        assert not any(f"'{other[role]}'" in sent for role in Role)


@pytest.mark.parametrize("rows", [0, 1, 400], ids=["empty", "one", "many"])
@pytest.mark.parametrize("name", CHARTS)
def test_every_figure_is_one_that_plotly_accepts(name: str, rows: int) -> None:
    """Pages send figures unchecked, because plotly's check costs 10 to 20 ms a chart; it is made here, once."""
    frames = made_up(rows)
    options: dict[str, Any] = {}
    if name == "ledger":
        options["reference"] = frames.targets["reference"].iloc[0] if rows else "none"
    chart = draw(name, frames, today=TODAY, **options)
    assert rows == 0 or name not in ("by-report", "slippage", "age") or chart.drawing is not None
    for theme in (LIGHT, DARK):
        if chart.drawing is None:
            break
        made = to_plotly(chart.drawing, theme)
        kept = Figure(made).to_plotly_json()
        assert [trace["type"] for trace in kept["data"]] == [trace["type"] for trace in made["data"]]
        assert set(made["layout"]) <= set(kept["layout"])


@pytest.mark.parametrize(("size", "pixels"), [(WIDE, (3200, 1800)), (A4, (2008, 1181))], ids=["wide", "a4"])
def test_png_has_the_size_of_a_slide_or_of_a_page(size: Size, pixels: tuple[int, int]) -> None:
    """16:9 at 1600 x 900 and twice the dots; A4 at 170 x 100 mm and 300 dots to the inch."""
    picture = to_picture(draw("open-late", made_up(), today=TODAY), "png", size)
    height, width = mpimg.imread(BytesIO(picture)).shape[:2]
    assert abs(width - pixels[0]) <= 1
    assert abs(height - pixels[1]) <= 1


def test_svg_keeps_its_text_as_text_and_carries_its_fonts() -> None:
    """A reader can search, select and hear it."""
    chart = draw("burn-up", made_up(), today=TODAY, demonstration=True)
    svg = to_picture(chart, "svg").decode()
    words = "".join(ET.fromstring(svg).itertext())  # noqa: S314 - our own file
    assert chart.finding in words
    assert chart.counted in words
    assert "Demonstration data." in words
    assert "Recommendations monitor" in words
    assert chart.alt in words
    assert svg.count("@font-face") == 3
    assert 'role="img"' in svg


def test_svg_for_a_page_follows_the_readers_theme() -> None:
    """Tones have names, and a style for the dark."""
    svg = to_picture(draw("slippage", made_up(), today=TODAY), "svg", BARE, both_themes=True).decode()
    assert "prefers-color-scheme:dark" in svg
    assert "var(--chart-accent" in svg


def test_the_same_chart_is_the_same_file() -> None:
    """A picture can be made again and compared."""
    for kind in ("png", "svg", "pdf"):
        one, two = (to_picture(draw("age", made_up(), today=TODAY), kind, A4) for _ in range(2))
        assert one == two


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_hostile_titles_become_a_picture_of_themselves(kind: str) -> None:
    """Dollars are no formula, tags are no tags, and letters that no font has do no harm."""
    frames = made_up(30, hostile="$\\frac{1}$ <b>&</b> \x00\x1b \u202e 日本語")
    for name in ("by-report", "timeline", "kept-dates", "workload-owner"):
        made = to_picture(draw(name, frames, today=TODAY), kind, BARE_A4)  # type: ignore[arg-type]
        if kind == "svg":
            words = "".join(ET.fromstring(made.decode()).itertext())  # noqa: S314 - our own file
            assert "$\\frac{1}$ <b>&</b>" in words


def test_a_chart_without_a_drawing_is_a_picture_of_its_words() -> None:
    """An honest empty slide."""
    chart = draw("timeline", nothing(), today=TODAY)
    assert to_picture(chart).startswith(b"\x89PNG")
    assert "Nothing is open" in to_html(chart)


def test_html_holds_the_drawing_and_its_table_and_no_script() -> None:
    """Every row stands under the drawing; what people typed is text."""
    frames = made_up(40, hostile="<script>alert(1)</script>")
    page = to_html(draw("timeline", frames, today=TODAY))
    assert "<svg" in page
    assert "<script" not in page
    assert page.count("<tr>") == len(draw("timeline", frames, today=TODAY).table) + 1
    assert 'lang="en-GB"' in page


def test_fonts_are_kept_with_their_licence_and_have_every_mark() -> None:
    """No mark of the product falls back to another font or to an empty box."""
    from matplotlib.ft2font import FT2Font

    known = set(FT2Font(str(FONTS / "MonitorSans-Regular.ttf")).get_charmap())
    needed = {ord(glyph) for mark in MARKS.values() for glyph in mark.glyph} | set(map(ord, "◂−–…“”’£éŵŷ"))
    assert needed <= known
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text()


@pytest.mark.parametrize("highest", [0, 1, 3, 4, 5, 9, 35, 84, 100, 999, 12_345])
def test_count_axis_has_at_most_four_round_lines_above_nought(highest: int) -> None:
    """Few lines, whole numbers."""
    ticks = count_axis(highest).ticks
    assert 1 < len(ticks) <= 5
    assert all(value == int(value) for value, _ in ticks)
    assert ticks[-1][0] <= max(highest, 1)


def test_day_axis_names_the_year_under_its_first_month() -> None:
    """At most seven ticks fit a phone."""
    axis = day_axis(date(2021, 10, 1), date(2023, 3, 31))
    assert [text for _, text in axis.ticks] == [
        "Oct\n2021",
        "Jan\n2022",
        "Apr",
        "Jul",
        "Oct",
        "Jan\n2023",
    ]
    for years in (1, 3, 10, 40, 90):
        assert len(day_axis(date(1990, 1, 1), date(1990 + years, 1, 1)).ticks) <= 7


def test_words_move_off_lines_and_off_each_other() -> None:
    """The first free place is taken, and is then no longer free."""
    plot = Plot(0, 100, 10, 300)
    plot.add_line([0, 100], [5, 5], step=False)
    tries = [Place(NARROW, "right", 145), Place(NARROW, "right", 160), Place(NARROW, "right", 200)]
    assert plot.put("words", tries).bottom == 160
    assert plot.put("words", tries).bottom == 200


def test_wording_is_short_and_clean() -> None:
    """Under ten in words; whole sentences where a text is cut."""
    assert [number(n) for n in (0, 1, 9, 10, 1204)] == ["no", "one", "nine", "10", "1,204"]
    assert one_line("a\nb\x00c \u202e d", 20) == "a b c d"
    assert one_line("x" * 50, 42) == "x" * 41 + "…"
    assert at_most("One. Two three.", 10) == "One."
