"""What to ask at a meeting: the questions in order with the facts that prompted each, and what people do to them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.domain.access import Permission
from monitor.domain.meetings import Answer as Answered
from monitor.domain.questions import TITLE_MAX, Prepared, Question, trigger_of
from monitor.services import questions
from monitor.services.questions import QUESTION_MAX
from monitor.services.view import RegisterView
from monitor.store import Store
from monitor.ui import safe, words
from monitor.ui.fields import Several, Words
from monitor.ui.filling import Answer, Form, open_draft, opened, show_draft
from monitor.ui.frame import Page
from monitor.ui.sessions import say_done, say_refused, try_to

LEFT_OUT_SHOWN: Final = 10

_PLACE: Final = "questions"
_PAGER: Final = "left-out-page"
_ANSWER_SHOWN: Final = 600


def show(
    page: Page,
    meeting_id: int,
    prepared: Prepared,
    *,
    may: bool,
    answered: Mapping[str, Answered],
    titles: Mapping[str, str],
) -> None:
    """
    Show the questions of a meeting and, to whoever prepares it, what can be done to them.

    Args:
        answered: The answer that stands to each, by its key.
        titles: Short title of each recommendation that the reader may know of, by reference.
    """
    asked = [*prepared.questions, *_answered_besides(prepared, answered, titles)]
    st.header(words.capitalised(_heading(asked, answered)), anchor="questions")
    if not asked:
        st.markdown("No rule finds anything to ask about, and nobody has added a question.")
    else:
        st.caption(
            "Proposed from the facts of the register, those that matter most first. The office edits, orders, adds "
            "and leaves out."
        )
    say_done()
    say_refused(_PLACE)
    with st.container(key="rows-questions", gap=None):
        for place, question in enumerate(asked, start=1):
            with st.container(key=f"question-{place}"):
                left, right = st.columns([7, 5], gap="large")
                with left:
                    _show_asked(question, place, answered.get(question.key))
                    # Once it is answered, it stays as it was asked.
                    if may and question.key not in answered:
                        _show_controls(page, meeting_id, question, place, len(prepared.questions))
                with right:
                    _show_facts(page, question, place, titles)
    if may:
        st.button(
            "Add a question",
            key=ADD.key,
            icon=":material/add:",
            on_click=open_draft,
            args=(ADD.key, f"questions {meeting_id}", None),
        )
    _show_left_out(page, meeting_id, prepared.left_out, may=may)


def show_opened(page: Page, meeting_id: int, prepared: Prepared, view: RegisterView) -> None:
    """Show the form that is open over the page, where it is about a question."""
    form, about = opened()
    if form == ADD.key:
        show_draft(NewQuestion(page, meeting_id, view), (ADD,))
    elif form == EDIT.key:
        known = (OfQuestion(page, meeting_id, one) for one in (*prepared.questions, *prepared.left_out))
        subject = next((one for one in known if one.reference == about), None)
        if subject:
            show_draft(subject, (EDIT,))


def _heading(asked: Sequence[Question], answered: Mapping[str, Answered]) -> str:
    if not asked:
        return "nothing to ask"
    said = sum(question.key in answered for question in asked)
    if said:
        return f"{dates.count_word(said)} of {words.counted(len(asked), 'question')} answered"
    return f"{words.counted(len(asked), 'question')} to ask"


def _answered_besides(
    prepared: Prepared, answered: Mapping[str, Answered], titles: Mapping[str, str]
) -> Iterator[Question]:
    """Yield what was answered and is not among the questions: left out, or prompted by what no longer holds."""
    asked = {question.key for question in prepared.questions}
    known = {question.key: question for question in prepared.left_out}
    for key, answer in answered.items():
        if key not in asked:
            about = next((titles[one] for one in answer.references if one in titles), "")
            title = about or words.shortened(answer.asked, TITLE_MAX)
            besides = Question(key, trigger_of(key), title, answer.asked, references=answer.references)
            yield known.get(key, besides)


def _show_asked(question: Question, place: int, answer: Answered | None) -> None:
    with st.container(key=f"to-ask-{place}", gap=None):
        st.subheader(f"{place}. {safe.text(question.title)}", anchor=False)
        # Once it is answered, the words stand as they were asked.
        st.markdown(safe.text(answer.asked if answer else question.text))
        for line in _said_of(question):
            st.caption(line)
        if answer:
            said = safe.text(words.shortened(answer.words, _ANSWER_SHOWN))
            st.markdown(f"{words.status_markdown(answer.outcome)}: “{said}”")
            st.caption(f"Written down by {safe.text(answer.by_name)}")


def _show_facts(page: Page, question: Question, place: int, titles: Mapping[str, str]) -> None:
    with st.container(key=f"prompted-{place}", gap=None):
        if question.facts:
            st.markdown(
                "\n".join(f"- **{safe.text(f.figure)}** {safe.text(f.words)}" for f in question.facts)
            )
        for reference in question.references:
            if reference in titles:
                page.link("recommendation", f"{reference} {titles[reference]}", ref=reference)


def _said_of(question: Question) -> list[str]:
    """Return in Markdown why a question is asked, and what people made of what a rule proposed."""
    lines = []
    if question.trigger:
        also = (
            f" (also: {words.listed([one.word.lower() for one in question.also])})" if question.also else ""
        )
        lines.append(safe.text(f"{question.trigger.word}{also}. {question.why}".strip()))
    else:
        lines.append("Added by the office.")
    if question.as_proposed:
        lines.append(f"Edited. The rule proposed: “{safe.text(question.as_proposed)}”")
    if question.is_gone:
        lines.append(":orange[:material/history: What prompted it no longer holds.]")
    return lines


# What people do to them


def _show_controls(page: Page, meeting_id: int, question: Question, place: int, last: int) -> None:
    """Show the quiet buttons, known by their place: so the focus stays where it was when the order changes."""
    key = question.key
    with st.container(horizontal=True, gap="small", key=f"quiet-question-{place}"):
        st.button(
            "Edit",
            type="tertiary",
            key=f"edit-{place}",
            on_click=open_draft,
            args=(EDIT.key, _name_of(meeting_id, key), None),
        )
        if place > 1:
            do = partial(questions.place_question, place=place - 1)
            _button(page, "Up", f"up-{place}", do, meeting_id, key, f"It is now question {place - 1}.")
        if place < last:
            do = partial(questions.place_question, place=place + 1)
            _button(page, "Down", f"down-{place}", do, meeting_id, key, f"It is now question {place + 1}.")
        said = "Left out. It can be brought back below."
        _button(page, "Leave out", f"drop-{place}", questions.drop_question, meeting_id, key, said)


def _button(
    page: Page, label: str, name: str, do: Callable[..., object], meeting_id: int, question: str, said: str
) -> None:
    """Show a quiet button that does one thing to a question at once: each can be undone."""

    def pressed() -> None:
        change = partial(do, page.store, meeting_id=meeting_id, question=question, by=page.actor)
        try_to(_PLACE, change, said)

    st.button(label, type="tertiary", key=name, on_click=pressed)


def _show_left_out(page: Page, meeting_id: int, left_out: Sequence[Question], *, may: bool) -> None:
    """Show what is not asked, drawn only while it is open."""
    if not left_out:
        return
    label = f"{words.capitalised(words.counted(len(left_out), 'question'))} left out"
    folded = st.expander(label, type="compact", key="left-out", on_change="rerun")
    if not folded.open:
        return
    with folded:
        pages = -(-len(left_out) // LEFT_OUT_SHOWN)
        start = (min(st.session_state.get(_PAGER) or 1, pages) - 1) * LEFT_OUT_SHOWN
        with st.container(key="rows-left-out", gap=None):
            for place, question in enumerate(left_out[start : start + LEFT_OUT_SHOWN], start=1):
                with st.container(key=f"row-left-out-{place}", gap=None):
                    _show_one_left_out(page, meeting_id, question, place, may=may)
        if pages > 1:
            st.pagination(pages, key=_PAGER)


def _show_one_left_out(page: Page, meeting_id: int, question: Question, place: int, *, may: bool) -> None:
    st.markdown(safe.text(question.text))
    for line in _said_of(question):
        st.caption(line)
    if may and not question.is_gone:
        do, said = questions.bring_back_question, "Brought back. It stands among the questions again."
        with st.container(horizontal=True, key=f"quiet-left-out-{place}"):
            _button(page, "Bring back", f"back-{place}", do, meeting_id, question.key, said)


@dataclass(frozen=True)
class NewQuestion:
    """A question that is not asked yet."""

    page: Page
    meeting_id: int
    view: RegisterView

    @property
    def reference(self) -> str:
        """Return what tells it from everything else."""
        return f"questions {self.meeting_id}"

    @property
    def names(self) -> Mapping[str, Any]:
        """Return the number of its meeting, as services take it."""
        return {"meeting_id": self.meeting_id}


@dataclass(frozen=True)
class OfQuestion:
    """One question that a form is about."""

    page: Page
    meeting_id: int
    question: Question

    @property
    def reference(self) -> str:
        """Return what tells it from everything else."""
        return _name_of(self.meeting_id, self.question.key)

    @property
    def names(self) -> Mapping[str, Any]:
        """Return its meeting and key, as services take them."""
        return {"meeting_id": self.meeting_id, "question": self.question.key}


def _name_of(meeting_id: int, question: str) -> str:
    return f"question {meeting_id} {question}"


def _as_proposed(subject: OfQuestion) -> None:
    proposed = subject.question.as_proposed
    if proposed:
        st.caption(f"The rule proposed: “{safe.text(proposed)}”")


def add(store: Store, *, meeting_id: int, by: Any, text: str, references: Sequence[str]) -> object:
    """Add a question, about any recommendations or none."""
    return questions.add_question(store, meeting_id=meeting_id, text=text, references=references, by=by)


_OFFICE: Final = frozenset({Permission.RECORD_MEETING})
_HINT: Final = f"At most {QUESTION_MAX} characters, to be asked aloud."

ADD: Final[Form[NewQuestion]] = Form(
    key="add-question",
    label="Add a question",
    permissions=_OFFICE,
    fits=lambda _: True,
    title=lambda _: "Add a question",
    fields=lambda s: [
        Words(name="text", label="The question, as it will be asked", lines=4, hint=_HINT),
        Several(
            name="references",
            label="Which recommendations is it about, if any?",
            among={
                reference: f"{reference} {title}"
                for reference, title in zip(s.view.rows["reference"], s.view.rows["short_title"], strict=True)
            },
        ),
    ],
    answers=(Answer("Add it", add, "Added, as the last question."),),
)

EDIT: Final[Form[OfQuestion]] = Form(
    key="edit-question",
    label="Edit",
    permissions=_OFFICE,
    fits=lambda s: not s.question.is_gone,
    title=lambda s: s.question.title,
    facts=_as_proposed,
    fields=lambda s: [
        Words(
            name="text", label="The question, as it will be asked", lines=5, start=s.question.text, hint=_HINT
        )
    ],
    answers=(Answer("Save", questions.edit_question, "Saved. What the rule proposed is told beside it."),),
)
