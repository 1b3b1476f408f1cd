"""The numbers that a word processor puts in front of list items and headings, which stand nowhere in the text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_PLACE: Final = re.compile(r"%([1-9])")
_ROMAN: Final = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how it counts, and the text round the number ("%1." or "Recommendation %1")."""

    style: str
    pattern: str
    start: int = 1


@dataclass(frozen=True, slots=True)
class Number:
    """What stands before an item; no text means a bullet."""

    text: str


@dataclass(slots=True)
class _List:
    pattern: str
    levels: Mapping[int, Level]
    starts: dict[int, int]


@dataclass(slots=True)
class Numbering:
    """
    Counts through the lists of a document.

    Lists of the same pattern go on counting from one another, unless one starts anew, as Word does it.
    """

    _patterns: dict[str, Mapping[int, Level]] = field(default_factory=dict)
    _lists: dict[str, _List] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[tuple[str, int]] = field(default_factory=set)

    def add_pattern(self, key: str, levels: Mapping[int, Level]) -> None:
        """Make a pattern of levels known."""
        self._patterns[key] = levels

    def add_list(
        self, key: str, pattern: str, levels: Mapping[int, Level], starts: Mapping[int, int]
    ) -> None:
        """Make a list known: its pattern, the levels it has of its own, and where it starts anew."""
        self._lists[key] = _List(pattern, {**self._patterns.get(pattern, {}), **levels}, dict(starts))

    def starts_of(self, pattern: str) -> dict[int, int]:
        """Return where the levels of a pattern start: for a list that begins anew."""
        return {at: level.start for at, level in self._patterns.get(pattern, {}).items()}

    def next(self, key: str, at: int) -> Number | None:
        """Return what stands before the next item of a list, and count it; None for an unknown list."""
        found = self._lists.get(key)
        if found is None:
            return None
        level = found.levels.get(at)
        if level is None or level.style in ("bullet", "none"):
            return Number("")
        counts = self._counts.setdefault(found.pattern, {})
        if at in found.starts and (key, at) not in self._started:
            self._started.add((key, at))
            counts[at] = found.starts[at]
        else:
            counts[at] = counts[at] + 1 if at in counts else level.start
        for deeper in [one for one in counts if one > at]:
            del counts[deeper]

        def count(place: re.Match[str]) -> str:
            number = int(place[1]) - 1
            outer = found.levels.get(number, level)
            return counted(counts.get(number, outer.start), outer.style)

        return Number(_PLACE.sub(count, level.pattern).strip())


def counted(number: int, style: str) -> str:
    """Return a number as a list shows it: 2, b, B, ii, II or 02."""
    match style:
        case "lowerLetter" | "a":
            return _letters(number)
        case "upperLetter" | "A":
            return _letters(number).upper()
        case "lowerRoman" | "i":
            return _roman(number)
        case "upperRoman" | "I":
            return _roman(number).upper()
        case "decimalZero":
            return f"{number:02}"
    return str(number)


def _letters(number: int) -> str:
    """Return a to z, then aa, bb, as Word counts on."""
    return chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 10) if number > 0 else str(number)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    words = ""
    for value, letters in _ROMAN:
        words += letters * (number // value)
        number %= value
    return words
