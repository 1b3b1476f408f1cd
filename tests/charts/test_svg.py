"""Drawings as elements of a page: the same marks as on the screen, without a tone, a font or a style of their own."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from monitor.charts.catalogue import CHARTS, draw
from monitor.charts.drawing import GAP, Axis, Band, Bars, Drawing, Label, Line, Margins, Points
from monitor.charts.svg import NARROW, WIDE, to_svg
from monitor.charts.theme import Role
from tests.charts.frames import TODAY, made_up

BARE = Margins(0, 0, 0, 0)


def drawn(*marks: Any, x: Axis | None = None, y: Axis | None = None) -> ET.Element:
    """Return marks on a sheet of 100 by 100 pixels, a pixel to a unit, the first height at the bottom."""
    axis = Axis(0, 100)
    drawing = Drawing(tuple(marks), x or axis, y or axis, 100, BARE)
    return ET.fromstring(to_svg(drawing, alt="A drawing", width=100))  # noqa: S314 - the product's own


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_a_picture_with_words_for_it(name: str, width: float) -> None:
    """As wide as asked and as high as on the screen; every label is there; tones are classes of the theme's roles."""
    frames = made_up()
    options = {"reference": frames.targets["reference"].iloc[0]} if name == "ledger" else {}
    chart = draw(name, frames, today=TODAY, **options)
    assert chart.drawing is not None
    text = to_svg(chart.drawing, alt=chart.alt, width=width, classes="wide")
    sheet = ET.fromstring(text)  # noqa: S314 - the product's own

    assert sheet.get("viewBox") == f"0 0 {width:g} {chart.height}"
    assert (sheet.get("role"), sheet.get("aria-label"), sheet.get("class")) == (
        "img",
        chart.alt,
        "chart wide",
    )
    classes = {one for node in sheet.iter() if node is not sheet for one in (node.get("class") or "").split()}
    assert classes <= {f"{kind}-{role.value}" for kind in "fs" for role in Role}
    assert not re.search(r"#[0-9a-f]{6}|style=|font-family", text, re.IGNORECASE)
    said = [node.text for node in sheet.iter("text")]
    labels = [
        line
        for m in chart.drawing.marks
        if isinstance(m, Label)
        for line in m.text.split("\n")
        if line.strip()
    ]
    assert [one for one in labels if one not in said] == []


def test_marks_stand_where_the_data_say() -> None:
    """A line, a step, a band, a bar and points, each at its place."""
    sheet = drawn(
        Line((0, 10, GAP, 20, 30), (0, 50, GAP, 50, 100), Role.ACCENT),
        Line((0, 40, 80), (0, 50, 25), Role.LATE, 2, "dash", step=True),
        Band((0, 50), (10, 20), (30, 40), Role.FAN_INNER),
        Bars((10,), (60,), (50,), 20, Role.REST),
        Points((50,), (25,), "dot", Role.INK, 10),
        Points((50,), (25,), "ring", Role.SOFT, 16),
        Points((50,), (25,), "diamond", Role.INK, 20),
        Points((50,), (25,), "from_before", Role.SOFT, 8),
    )
    paths = [(node.get("class"), node.get("d")) for node in sheet.iter("path")]
    bar, (dot, ring) = next(iter(sheet.iter("rect"))), list(sheet.iter("circle"))

    assert paths == [
        ("s-accent", "M0 100L10 50 M20 50L30 0"),
        ("s-late", "M0 100H40V50H80V75"),
        ("f-fan_inner", "M0 70L50 60L50 80L0 90Z"),
        ("f-ink", "M50 62L63 75L50 88L37 75Z"),
        ("f-soft", "M46 75L54 71L54 79Z"),
    ]
    assert [bar.get(one) for one in ("x", "y", "width", "height")] == ["10", "40", "50", "20"]
    assert (dot.get("r"), ring.get("r"), ring.get("class")) == ("5", "6.8", "f-ground s-soft")


def test_words_are_words() -> None:
    """Several lines on baselines of their own, escaped, beside their place."""
    sheet = drawn(
        Label(50, 50, "<b>one</b>\ntwo & three", Role.LATE_TEXT, "right", "bottom", bold=True, dx=-4, dy=10)
    )
    first, second = sheet.iter("text")

    assert (first.text, second.text) == ("<b>one</b>", "two & three")
    assert (first.get("x"), first.get("text-anchor"), first.get("font-weight")) == ("46", "end", "600")
    assert float(second.get("y") or 0) - float(first.get("y") or 0) == pytest.approx(18.2, abs=0.11)
    assert float(second.get("y") or 0) == pytest.approx(50 - 10 - 0.29 * 14, abs=0.06)


def test_axes_have_their_ticks() -> None:
    """Days below in one or two lines, counts at the left, a grid where the axis has one."""
    sheet = drawn(x=Axis(0, 100, ((50, "Jan\n2023"),), line=True), y=Axis(0, 100, ((100, "60"),), grid=True))

    assert [(node.text, node.get("text-anchor")) for node in sheet.iter("text")] == [
        ("Jan", "middle"),
        ("2023", "middle"),
        ("60", "end"),
    ]
    assert [node.get("class") for node in sheet.iter("line")] == ["s-grid", "s-axis", "s-axis"]
