"""What came of a meeting: every question with its answer and its actions, and what was agreed besides."""

from typing import Final

import streamlit as st

from monitor import dates
from monitor.domain.meetings import Answer, Outcome
from monitor.domain.questions import Question
from monitor.ui import safe, words
from monitor.ui.held import Held, go, show_action, show_agreed, show_way_to_meeting

ANSWER_MOST: Final = 300
_WORDS_MOST: Final = 10
"""The largest number that a heading says in a word."""
_CAME: Final = {
    Outcome.ANSWERED: "answered",
    Outcome.ACTION_AGREED: "with an action agreed",
    Outcome.BRING_BACK: "to bring back",
}


def show(held: Held) -> None:
    """Show it."""
    st.title(_finding(held), anchor=False)
    outcomes = [answer.outcome for question, answer in _answers(held) if answer]
    counts = [f"{number:,} {said}" for outcome, said in _CAME.items() if (number := outcomes.count(outcome))]
    if counts:
        st.markdown(f"{words.capitalised(words.listed(counts))}.")
    with st.container(key="rows-outcomes", gap=None):
        for place, (question, answer) in enumerate(_answers(held), start=1):
            with st.container(key=f"row-outcome-{place}"):
                _came_of(held, place, question, answer)
    _besides(held)
    show_way_to_meeting(held)


def _besides(held: Held) -> None:
    """Show what was asked and agreed that belongs to none of the questions as they now stand."""
    known = {question.key for question in held.questions}
    others = [answer for key, answer in held.seen.answered.items() if key not in known]
    if others:
        st.header("Asked besides", anchor=False)
        with st.container(key="rows-besides", gap=None):
            for number, answer in enumerate(others):
                with st.container(key=f"row-besides-{number}"):
                    left, right = st.columns([5, 7], gap="medium")
                    left.markdown(safe.text(words.shortened(answer.asked, ANSWER_MOST)))
                    with right, st.container(gap="xsmall"):
                        _said(held, answer)
    known |= {answer.question for answer in others}
    if unasked := [state for state in held.seen.actions if state.action.question not in known]:
        st.header("Agreed besides", anchor=False)
        for state in unasked:
            show_action(state)


def _answers(held: Held) -> list[tuple[Question, Answer | None]]:
    answered = held.seen.answered
    return [(question, answered.get(question.key)) for question in held.questions]


def _finding(held: Held) -> str:
    total = len(held.questions)
    asked = sum(answer is not None for _, answer in _answers(held))
    if not asked:
        return "No answer has been recorded."
    if asked == total:
        return (
            f"All {dates.count_word(total)} questions have been asked."
            if total > 1
            else "The question has been asked."
        )
    # Two numbers in one sentence are both words or both figures.
    said = f"{asked}" if total > _WORDS_MOST else words.capitalised(dates.count_word(asked))
    return f"{said} of {dates.count_word(total)} questions {'has' if asked == 1 else 'have'} been asked."


def _came_of(held: Held, place: int, question: Question, answer: Answer | None) -> None:
    left, right = st.columns([5, 7], gap="medium")
    with left:
        label = safe.text(f"{place}. {question.title}")
        st.button(label, key=f"choose-outcome-{place}", type="tertiary", on_click=go, args=(place,))
    with right, st.container(gap="xsmall"):
        if answer:
            _said(held, answer)
        else:
            st.caption("No answer is recorded.")
            show_agreed(held, question.key)


def _said(held: Held, answer: Answer) -> None:
    st.markdown(words.status_markdown(answer.outcome))
    st.markdown(safe.text(words.shortened(answer.words, ANSWER_MOST)))
    if answer.outcome is Outcome.ACTION_AGREED and not held.agreed(answer.question):
        st.caption("The action itself is not recorded yet.")
    show_agreed(held, answer.question)
