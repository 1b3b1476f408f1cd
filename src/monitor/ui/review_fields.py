"""
The fields of what was read: each shows the plan's own value and hands back what a person makes of it.

The plan is what counts, not the widget: a field that is not shown keeps its value, and one that is shown again has it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import streamlit as st

from monitor.ui import safe
from monitor.ui.fields import DATE_FORMAT, LINE_HEIGHT
from monitor.ui.review_desk import Entry, desk
from monitor.ui.review_file import Dropped

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
_NOTHING: Final = object()

Correct = Callable[..., None]


def lines_of(typed: str | None) -> tuple[str, ...]:
    """Return the lines of a field that are not empty."""
    return tuple(line.strip() for line in (typed or "").splitlines() if line.strip())


@dataclass(frozen=True)
class Fields:
    """
    The fields of one report or recommendation.

    Attributes:
        given: The values of the plan.
        correct: Takes the file and what was put right.
    """

    entry: Entry
    given: Mapping[str, Any]
    correct: Callable[[Dropped, dict[str, Any]], None]

    def key(self, name: str) -> str:
        """Return the key of a field's widget."""
        return f"rv-{name}-{self.entry.name}"

    def line(self, name: str, label: str) -> None:
        """Show a field of one line."""
        self._seed(name, str(self.given.get(name) or ""))
        st.text_input(label, key=self.key(name), autocomplete="off", **self._on_change(name, str))

    def text(self, name: str, label: str, *, lines: int = 4) -> None:
        """Show a field of several lines."""
        self._seed(name, str(self.given.get(name) or ""))
        st.text_area(label, key=self.key(name), height=LINE_HEIGHT * lines + 16, **self._on_change(name, str))

    def lines(self, name: str, label: str, *, lines: int = 3) -> None:
        """Show a field of which each line is one value."""
        self._seed(name, "\n".join(self.given.get(name) or ()), lines_of)
        st.text_area(
            label, key=self.key(name), height=LINE_HEIGHT * lines + 16, **self._on_change(name, lines_of)
        )

    def names(self, name: str, label: str, known: Sequence[str]) -> None:
        """Show a field of several names, known ones or others."""
        chosen = list(self.given.get(name) or ())
        self._seed(name, chosen)
        st.multiselect(
            label,
            list(dict.fromkeys([*chosen, *known])),
            accept_new_options=True,
            select_all=False,
            placeholder="Choose or type a name",
            key=self.key(name),
            **self._on_change(name, tuple),
        )

    def name(self, name: str, label: str, known: Sequence[str]) -> None:
        """Show a field of one name, a known one or another."""
        chosen = self.given.get(name) or None
        self._seed(name, chosen)
        st.selectbox(
            label,
            list(dict.fromkeys([*([chosen] if chosen else []), *known])),
            index=None,
            accept_new_options=True,
            placeholder="Choose or type",
            key=self.key(name),
            **self._on_change(name, lambda one: one or ""),
        )

    def pick(self, name: str, label: str, among: Mapping[Any, str], *, none: str = "") -> None:
        """Show a field with a list of choices; `none` is what stands there where nothing is chosen."""
        self._seed(name, self.given.get(name))
        st.selectbox(
            label,
            list(among),
            index=None if none else 0,
            format_func=lambda value: among[value],
            placeholder=none or "Choose one",
            key=self.key(name),
            **self._on_change(name, lambda one: one),
        )

    def day(self, name: str, label: str) -> None:
        """Show a field for a day."""
        self._seed(name, self.given.get(name))
        st.date_input(
            label,
            None,
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
            format=DATE_FORMAT,
            key=self.key(name),
            **self._on_change(name, lambda day: day if isinstance(day, date) else None),
        )

    def number(self, name: str, label: str) -> None:
        """Show a field for a count."""
        self._seed(name, self.given.get(name))
        st.number_input(
            label,
            min_value=0,
            max_value=9_999,
            value=None,
            step=1,
            key=self.key(name),
            **self._on_change(name, lambda number: number),
        )

    def box(self, name: str, label: str) -> None:
        """Show a field that is ticked or not."""
        self._seed(name, bool(self.given.get(name)))
        st.checkbox(label, key=self.key(name), **self._on_change(name, bool))

    def _seed(self, name: str, value: Any, read: Callable[[Any], Any] = lambda one: one) -> None:
        """Give a widget the plan's value; one that has it is left alone, so that nothing typed meanwhile is lost."""
        key = self.key(name)
        held = st.session_state.get(key, _NOTHING)
        if held is _NOTHING or read(held) != read(value):
            st.session_state[key] = value

    def _on_change(self, name: str, read: Callable[[Any], Any]) -> dict[str, Any]:
        return {"on_change": _changed, "args": (self, name, read)}


def _changed(fields: Fields, name: str, read: Callable[[Any], Any]) -> None:
    """Take what a person has just put into a field over into the plan."""
    dropped = desk().file(fields.entry.number)
    if dropped is not None:
        fields.correct(dropped, {name: read(st.session_state[fields.key(name)])})


def asked(said: Sequence[str]) -> None:
    """Show what a person is asked or told, as a short list."""
    if said:
        st.caption("**To check**\n" + "\n".join(f"- {safe.text(one)}" for one in said))
