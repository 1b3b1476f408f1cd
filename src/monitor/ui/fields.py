"""What a form can ask for: words, a choice, a day, a number, some of a list. Each owns its widget and returns a plain value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

import streamlit as st

from monitor.domain.statuses import Vocabulary
from monitor.domain.text import seen_length
from monitor.services.evidence_files import GivenFile
from monitor.ui import safe, uploads

SEGMENTS_MOST: Final = 5
LINE_HEIGHT: Final = 28
DATE_FORMAT: Final = "DD/MM/YYYY"

_V = TypeVar("_V", bound=Vocabulary)


@dataclass(frozen=True, kw_only=True)
class Field:
    """
    One thing asked for.

    Attributes:
        name: What the service calls it.
        start: The value before anybody has touched it.
        needed: False where it can be left empty.
    """

    name: str
    label: str
    start: Any = None
    needed: bool = True

    def show(self, key: str, start: Any) -> Any:
        """Show the widget, and return its value; None where nothing has been given."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Words(Field):
    """
    Text; empty text is "".

    Attributes:
        lines: How high the field is; 1 is a field of one line.
        at_least: Characters that a reason needs; the count stands below the field.
        hint: One gray line below.
    """

    start: Any = ""
    lines: int = 4
    at_least: int = 0
    hint: str = ""

    def show(self, key: str, start: Any) -> str:
        """Show it, with what has been counted so far."""
        given: str | None
        if self.lines == 1:
            given = st.text_input(self.label, start, key=key, on_change="ignore", autocomplete="off")
        else:
            given = st.text_area(
                self.label,
                start,
                key=key,
                height=LINE_HEIGHT * self.lines + 16,
                on_change="rerun" if self.at_least else "ignore",
            )
        text = given or ""
        if self.at_least:
            st.caption(f"At least {self.at_least} characters; {seen_length(text.strip()):,} so far.")
        if self.hint:
            st.caption(self.hint)
        return text


@dataclass(frozen=True, kw_only=True)
class Lines(Words):
    """Text of which each line is one value."""

    start: Any = ()

    def show(self, key: str, start: Any) -> tuple[str, ...]:  # type: ignore[override]
        """Show it as text, one value a line."""
        shown = Words.show(self, key, "\n".join(start))
        return tuple(line.strip() for line in shown.splitlines() if line.strip())


@dataclass(frozen=True, kw_only=True)
class Pick(Field):
    """
    One of several: a segmented control for a few, otherwise a list.

    Attributes:
        among: Value and the words shown for it.
        explained: Every choice with its meaning below it.
    """

    among: Mapping[Any, str]
    explained: bool = False

    def show(self, key: str, start: Any) -> Any:
        """Show it; None where nothing is chosen."""
        values = list(self.among)
        if self.explained:
            return st.radio(
                self.label,
                values,
                index=values.index(start) if start in values else None,
                format_func=lambda value: safe.text(self.among[value]),
                captions=[safe.text(value.meaning) for value in values],
                key=key,
                on_change="ignore",
            )
        if len(values) <= SEGMENTS_MOST:
            return st.segmented_control(
                self.label,
                values,
                default=start if start in values else None,
                format_func=lambda value: safe.text(self.among[value]),
                key=key,
                required=self.needed and start in values,
                on_change="ignore",
            )
        return st.selectbox(
            self.label,
            values,
            index=values.index(start) if start in values else None,
            format_func=lambda value: self.among[value],
            placeholder="Choose one",
            key=key,
            on_change="ignore",
        )


@dataclass(frozen=True, kw_only=True)
class Name(Field):
    """
    Somebody's name: one of those known, or another that is typed. Written in two ways they would be two people.

    Attributes:
        known: Names to choose from.
    """

    known: Sequence[str]

    def show(self, key: str, start: Any) -> str | None:
        """Show it; None while it is empty."""
        names = list(dict.fromkeys([*([start] if start else []), *self.known]))
        return st.selectbox(
            self.label,
            names,
            index=0 if start else None,
            placeholder="Type a name",
            accept_new_options=True,
            key=key,
            on_change="ignore",
        )


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A day, shown and typed as 31/03/2023."""

    least: date | None = None
    most: date | None = None

    def show(self, key: str, start: Any) -> date | None:
        """Show it; None while it is empty."""
        given = st.date_input(
            self.label,
            start,
            min_value=self.least,
            max_value=self.most,
            format=DATE_FORMAT,
            key=key,
            on_change="ignore",
        )
        return given if isinstance(given, date) else None


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A number, or a whole number of at least one."""

    whole: bool = False
    needed: bool = False

    def show(self, key: str, start: Any) -> float | int | None:
        """Show it; None while it is empty."""
        limits: dict[str, Any] = {"step": 1, "min_value": 1} if self.whole else {"step": None}
        number: float | int | None = st.number_input(
            self.label, value=start, key=key, on_change="ignore", **limits
        )
        return number


@dataclass(frozen=True, kw_only=True)
class Ticks(Field):
    """Any of a short list, each with a box to tick."""

    start: Any = ()
    among: Mapping[Any, str]

    def show(self, key: str, start: Any) -> tuple[Any, ...]:
        """Show the boxes under their label."""
        st.markdown(f":small[{self.label}]")
        with st.container(key=f"{key}-boxes", gap="xsmall"):
            return tuple(
                value
                for value, words in self.among.items()
                if st.checkbox(safe.text(words), value in start, key=f"{key}-{value}", on_change="ignore")
            )


@dataclass(frozen=True, kw_only=True)
class Several(Field):
    """Any of a long list, found by typing."""

    start: Any = ()
    among: Mapping[Any, str]

    def show(self, key: str, start: Any) -> tuple[Any, ...]:
        """Show the list, closed."""
        return tuple(
            st.multiselect(
                self.label,
                list(self.among),
                [value for value in start if value in self.among],
                format_func=lambda value: self.among[value],
                placeholder="Type to find",
                select_all=False,
                key=key,
                on_change="ignore",
            )
        )


@dataclass(frozen=True, kw_only=True)
class File(Field):
    """
    A file, checked and kept by its service.

    Attributes:
        types: The endings that are offered; what the file is, its content decides later.
    """

    types: Sequence[str]
    most_mb: int
    needed: bool = False

    def show(self, key: str, start: Any) -> GivenFile | None:
        """Show the place for it; None while it is empty."""
        given = st.file_uploader(
            self.label, type=list(self.types), max_upload_size=self.most_mb, key=key, on_change="ignore"
        )
        if given is None:
            return None
        uploads.take(given.file_id)
        return GivenFile(given.name, given.getvalue())


@dataclass(frozen=True)
class Folded:
    """Further fields, behind one line that says what they are for."""

    label: str
    fields: Sequence[Field]


def words_of(vocabulary: Iterable[_V]) -> dict[_V, str]:
    """Return each member with its word, as `Pick` takes them."""
    return {member: member.word for member in vocabulary}


def flat(fields: Iterable[Field | Folded]) -> list[Field]:
    """Return every field, folded or not."""
    return [one for field in fields for one in (field.fields if isinstance(field, Folded) else (field,))]
