"""
How a form is opened, filled in, saved and refused: the same for every form of the product.

A form is *about* something: a recommendation, a meeting, a question, an action. A *draft* is one
opening of a form. It keeps the version of what it is about that was on the screen when the form was
opened; nothing that happens later makes it newer, so that whoever saves over somebody else's change
is told. What was typed stays until it is saved or left.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final, Generic, Protocol, TypeVar

import streamlit as st

from monitor import dates
from monitor.domain.access import Permission
from monitor.errors import ConflictError, MonitorError, RuleError
from monitor.services.reading import RecommendationView, texts_of
from monitor.ui import frame, safe, uploads
from monitor.ui.fields import Field, File, Folded, flat
from monitor.ui.frame import Page

DIALOG_WIDTH: Final = 560
ALWAYS_SENT: Final = frozenset({"on", "reason"})

_DRAFT: Final = "_draft"
_SAID: Final = "_said"
_numbers: Final = itertools.count(1)


class About(Protocol):
    """What a form is about, as one person sees it today."""

    @property
    def page(self) -> Page:
        """Return the page on which the form is opened."""

    @property
    def reference(self) -> str:
        """Return what tells it from everything else that a form can be about."""

    @property
    def names(self) -> Mapping[str, Any]:
        """Return how a service is told which one is meant."""


_A = TypeVar("_A", bound=About)


@dataclass(frozen=True)
class Subject:
    """One recommendation that a form is about."""

    page: Page
    seen: RecommendationView

    @property
    def reference(self) -> str:
        """Return the reference."""
        return self.seen.record.reference

    @property
    def names(self) -> Mapping[str, Any]:
        """Return its reference, as services take it."""
        return {"reference": self.reference}


@dataclass(frozen=True)
class Answer:
    """
    One button of a form.

    Attributes:
        save: A function of `monitor.services`, which takes the fields by their names.
        said: What the toast says afterwards, in the past tense.
        takes: The fields it takes; None for all.
        only_changes: True when a field left as it was is not sent.
    """

    label: str
    save: Callable[..., object]
    said: str
    takes: frozenset[str] | None = None
    only_changes: bool = False


@dataclass(frozen=True, kw_only=True)
class Form(Generic[_A]):
    """
    One form.

    Attributes:
        label: Its name on a button and in a menu.
        permissions: It is offered to whoever holds one of these.
        fits: Tells whether it makes sense for what it is about as that stands.
        title: What stands above it, as stored text.
        fields: What it asks for.
        facts: Shows what one should know before answering.
        answers: Its buttons, the likely one first.
    """

    key: str
    label: str
    permissions: frozenset[Permission]
    fits: Callable[[_A], bool]
    title: Callable[[_A], str]
    fields: Callable[[_A], Sequence[Field | Folded]]
    answers: tuple[Answer, ...]
    facts: Callable[[_A], None] = lambda _: None


@dataclass
class Draft:
    """
    One opening of a form.

    Attributes:
        version: The version that was on the screen when the form was opened; None where nothing is changed and
            something is added.
        starts: Values the fields began with.
        values: Values as last sent.
        chosen: What was last sent to a service, and by which answer.
    """

    form: str
    reference: str
    version: int | None
    number: int = field(default_factory=lambda: next(_numbers))
    starts: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    chosen: dict[str, Any] = field(default_factory=dict)
    answer: Answer | None = None
    problem: MonitorError | None = None
    conflict: ConflictError | None = None
    is_saved: bool = False


class Outcome(Enum):
    """What became of a draft in this run."""

    OPEN = auto()
    SAVED = auto()
    LEFT = auto()


def open_draft(
    form: str, reference: str, version: int | None, values: Mapping[str, Any] | None = None
) -> None:
    """
    Open a form over the page; called by a button, with the version that stood on the screen.

    Args:
        values: What some of its fields are filled in with, by their names.
    """
    st.session_state[_DRAFT] = Draft(form, reference, version, values=dict(values or {}))


def opened() -> tuple[str, str]:
    """Return which form is open over the page and what it is about; empty for none."""
    draft: Draft | None = st.session_state.get(_DRAFT)
    return (draft.form, draft.reference) if draft else ("", "")


def show_draft(subject: _A, forms: Sequence[Form[_A]]) -> None:
    """Show the open form, if there is one and this person may fill it in."""
    draft: Draft | None = st.session_state.get(_DRAFT)
    if draft is None:
        return
    form = next((one for one in forms if one.key == draft.form), None)
    if form is None or draft.is_saved or draft.reference != subject.reference:
        _drop()
        return
    # Not dismissible by a click beside it or by Escape: a long text would be lost.
    dialog = st.dialog(safe.text(form.title(subject)), width=DIALOG_WIDTH, dismissible=False)
    dialog(_in_dialog)(draft, form, subject)


def say_saved() -> None:
    """Say what has just been saved, once."""
    said = st.session_state.pop(_SAID, "")
    if said:
        st.toast(said, icon=":material/check:")


def fill_in(
    draft: Draft, form: Form[_A], subject: _A, *, leave: str, beside: Callable[[], None] = lambda: None
) -> Outcome:
    """
    Show a form or, when somebody else has changed the thing meanwhile, both texts.

    Args:
        leave: Words of the button that saves nothing.
        beside: Shows what else stands in the row of its buttons, before that one.
    """
    if draft.is_saved:
        return Outcome.SAVED
    if draft.conflict is not None:
        return _both_texts(draft, draft.conflict, form, subject)
    above = st.container(key=f"refused-{draft.number}")
    form.facts(subject)
    fields = form.fields(subject)
    values = _asked(draft, fields)
    pressed, left = _buttons(draft, form, leave, beside)
    if left:
        draft.values = values
        return Outcome.LEFT
    if pressed is not None:
        draft.values, draft.answer = values, pressed
        if _send(draft, pressed, subject, fields):
            st.session_state[_SAID] = pressed.said
            return Outcome.SAVED
        if draft.conflict is not None:
            st.rerun()
    if draft.problem is not None:
        with above:
            frame.refuse(draft.problem)
    return Outcome.OPEN


def keep_typed(draft: Draft) -> None:
    """Keep what was typed into a form of single values that this run may not show: another is looked at."""
    for name in draft.starts:
        key = _key(draft, name)
        if key in st.session_state:
            draft.values[name] = st.session_state[key]


def _key(draft: Draft, name: str) -> str:
    return f"draft-{draft.number}-{name}"


def _in_dialog(draft: Draft, form: Form[_A], subject: _A) -> None:
    if fill_in(draft, form, subject, leave="Cancel") is not Outcome.OPEN:
        _drop()
        st.rerun()


def _drop() -> None:
    st.session_state.pop(_DRAFT, None)


def _asked(draft: Draft, fields: Sequence[Field | Folded]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in fields:
        if isinstance(one, Folded):
            with st.expander(one.label):
                values |= _asked(draft, one.fields)
        else:
            start = draft.starts.setdefault(one.name, one.start)
            values[one.name] = one.show(_key(draft, one.name), draft.values.get(one.name, start))
    return values


def _buttons(
    draft: Draft, form: Form[_A], leave: str, beside: Callable[[], None]
) -> tuple[Answer | None, bool]:
    with st.container(horizontal=True, gap="small"):
        pressed = [
            st.button(
                answer.label,
                type="primary" if place == 0 else "secondary",
                key=_key(draft, f"answer-{place}"),
            )
            for place, answer in enumerate(form.answers)
        ]
        beside()
        left = st.button(leave, type="tertiary", key=_key(draft, "leave"))
    return next((form.answers[place] for place, is_so in enumerate(pressed) if is_so), None), left


def _send(draft: Draft, answer: Answer, subject: About, fields: Sequence[Field | Folded]) -> bool:
    """Tell whether it was saved; if not, the draft says why."""
    try:
        draft.chosen = dict(_chosen(draft, answer, flat(fields)))
        _save(draft, answer, subject)
    except MonitorError as problem:
        draft.problem = problem
    return draft.is_saved


def _chosen(draft: Draft, answer: Answer, fields: Sequence[Field]) -> Iterator[tuple[str, Any]]:
    """Yield what a service is sent; a field that is needed and empty is refused here."""
    taken = [one for one in fields if answer.takes is None or one.name in answer.takes]
    if any(isinstance(one, File) for one in taken) and uploads.is_coming():
        raise RuleError(
            "The file is still on its way, and nothing is saved yet. Save again when all of it is here."
        )
    for one in taken:
        if one.needed and draft.values[one.name] is None:
            raise RuleError(f'"{one.label}" is still empty. Fill it in, then save again.')
    changed = [one for one in taken if draft.values[one.name] != draft.starts[one.name]]
    if answer.only_changes and all(one.name in ALWAYS_SENT for one in changed):
        raise RuleError("Nothing is different yet. Change something, or leave without saving.")
    for one in taken:
        if not answer.only_changes or one in changed or one.name in ALWAYS_SENT:
            yield one.name, draft.values[one.name]


def _save(draft: Draft, answer: Answer, subject: About) -> None:
    """Send the draft to its service. Between saving and noting it, nothing may stop the run: no call to Streamlit."""
    draft.problem = draft.conflict = None
    try:
        answer.save(
            subject.page.store,
            **subject.names,
            by=subject.page.actor,
            **({} if draft.version is None else {"version": draft.version}),
            **draft.chosen,
        )
        draft.is_saved = True
    except ConflictError as conflict:
        if not conflict.facts.get("theirs"):
            raise
        draft.conflict = conflict


def _both_texts(draft: Draft, conflict: ConflictError, form: Form[_A], subject: _A) -> Outcome:
    frame.refuse(conflict)
    theirs, mine = st.columns(2, gap="medium")
    with theirs:
        st.markdown("**What they wrote**")
        for row in conflict.facts["theirs"]:
            st.caption(
                safe.text(
                    f"{row.actor_name}, {row.verb}, {dates.long_date(dates.london_day(row.recorded_at))}"
                )
            )
            for text in texts_of(row):
                st.markdown(safe.paragraphs(text))
    with mine:
        st.markdown("**What you wrote**")
        for label, text in _own_texts(draft.values, flat(form.fields(subject))):
            st.caption(safe.text(label))
            st.markdown(safe.paragraphs(text))
    with st.container(horizontal=True, gap="small"):
        keep_mine = st.button("Keep mine", type="primary", key=_key(draft, "mine"))
        keep_theirs = st.button("Keep theirs", key=_key(draft, "theirs"))
    st.caption("Keep mine saves yours after theirs: both stay in the history. Keep theirs saves nothing.")
    if keep_theirs:
        return Outcome.LEFT
    if keep_mine and draft.answer is not None:
        draft.version = conflict.facts["now"]
        try:
            _save(draft, draft.answer, subject)
        except MonitorError as problem:
            draft.problem = problem
        if draft.is_saved:
            st.session_state[_SAID] = draft.answer.said
            return Outcome.SAVED
        st.rerun()
    return Outcome.OPEN


def _own_texts(values: Mapping[str, Any], fields: Sequence[Field]) -> Iterator[tuple[str, str]]:
    for one in fields:
        value = values.get(one.name)
        if isinstance(value, str) and value.strip():
            yield one.label, getattr(value, "word", value)
