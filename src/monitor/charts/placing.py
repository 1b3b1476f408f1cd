"""Where words stand in a plot without a line running through them, on a phone as on a wall."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from monitor.charts.drawing import Anchor

Heights = npt.NDArray[np.floating] | npt.NDArray[np.integer]

NARROW = 318
"""Pixels that a plot is wide on a phone. Words free of each other there are free on any wider screen."""

LETTER = 7.0
LINE = 18.0


class Place(NamedTuple):
    """Where words are tried: the place they lean on and the height of their lowest edge, in pixels."""

    x: float
    anchor: Anchor
    bottom: float


@dataclass(slots=True)
class Plot:
    """A plot as wide as on a phone, with the lines and words already in it."""

    low: float
    high: float
    top: float
    height: float
    _lines: list[tuple[Heights, Heights]] = field(default_factory=list)
    _boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def x(self, value: float) -> float:
        """Return the pixels from the left edge to a place."""
        return (value - self.low) / max(self.high - self.low, 1.0) * NARROW

    def y(self, value: float) -> float:
        """Return the pixels from the axis up to a height."""
        return value / max(self.top, 1e-9) * self.height

    def value(self, pixels: float) -> float:
        """Return the height in the data of so many pixels above the axis."""
        return pixels / self.height * self.top

    def add_line(self, xs: Sequence[float] | Heights, ys: Sequence[float] | Heights, *, step: bool) -> None:
        """Keep words off a line; a step stands at its height until the next place."""
        self.add_band(xs, ys, ys, step=step)

    def add_band(
        self,
        xs: Sequence[float] | Heights,
        low: Sequence[float] | Heights,
        high: Sequence[float] | Heights,
        *,
        step: bool = False,
    ) -> None:
        """Keep words off the area between two lines."""
        places = np.array([self.x(x) for x in xs])
        grid = np.arange(NARROW + 1, dtype=np.float64)
        inside = (grid >= places[0] - 0.5) & (grid <= places[-1] + 0.5)
        bounds = []
        for values in (low, high):
            pixels = np.array([self.y(value) for value in values])
            if step:
                at = np.clip(np.searchsorted(places, grid, side="right") - 1, 0, len(pixels) - 1)
                line = pixels[at]
            else:
                line = np.interp(grid, places, pixels)
            bounds.append(np.where(inside, line, np.nan))
        self._lines.append((bounds[0], bounds[1]))

    def put(self, text: str, places: Sequence[Place]) -> Place:
        """Return the first of these places where the words are free, or the one least in the way; it is taken."""
        lines = text.split("\n")
        width, height = LETTER * max(len(line) for line in lines), LINE * len(lines)
        boxes = [_box(place, width, height) for place in places]
        faults = [self._faults(box) for box in boxes]
        best = min(range(len(places)), key=lambda position: (faults[position], position))
        self._boxes.append(boxes[best])
        return places[best]

    def _faults(self, box: tuple[float, float, float, float]) -> float:
        """Return how much is wrong with a place: words on words weigh most, then an edge, then a line."""
        left, bottom, right, top = box
        faults = 4.0 * sum(
            left < other[2] and right > other[0] and bottom < other[3] and top > other[1]
            for other in self._boxes
        )
        faults += (
            3.0 * (top > self.height) + 3.0 * (bottom < 0) + 3.0 * (left < -2) + 3.0 * (right > NARROW + 2)
        )
        first, last = max(int(left), 0), min(int(right) + 1, NARROW)
        for low, high in self._lines:
            under, over = low[first : last + 1], high[first : last + 1]
            if len(under) and not np.isnan(under).all():
                faults += float(np.nanmin(under) < top - 4 and np.nanmax(over) > bottom - 1)
        return faults


def _box(place: Place, width: float, height: float) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of words at a place."""
    left = {"left": place.x, "center": place.x - width / 2, "right": place.x - width}[place.anchor]
    return left, place.bottom, left + width, place.bottom + height
