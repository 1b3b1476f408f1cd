"""The room: one question of a meeting at a time, the facts behind it, what was answered and what was agreed."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from monitor import dates
from monitor.charts.plotly_figure import PLOTLY_CONFIG
from monitor.domain.meetings import Answer, Outcome
from monitor.domain.question_facts import Fact
from monitor.domain.questions import Question
from monitor.errors import NotFoundError
from monitor.services.filters import Filter
from monitor.services.meetings import sees_answers
from monitor.services.reading import read_recommendation
from monitor.ui import answering, came_of, charts, filling, frame, safe, words
from monitor.ui.answering import Asked
from monitor.ui.filling import Draft, Form, Subject, fill_in, keep_typed, show_draft
from monitor.ui.frame import Page
from monitor.ui.held import END, QUESTION, Held, go, in_address, read, show_agreed, show_way_to_meeting
from monitor.ui.meetings import name_of, when_words

CLEARED: Final = 0.1
"""Seconds for which the screen stays empty between two questions."""

_VISITS: Final = "_room"
_EVERYTHING: Final = Filter(show="everything")
_FIGURE_MOST: Final = 8
"""A longer figure stands smaller, so that it keeps to its line."""
_LONG: Final = ((120, "short"), (230, "long"))
"""Questions of so many characters at most stand in the largest and the second type; longer ones in the third."""


@dataclass
class _Visit:
    """
    One person's time at one meeting.

    Attributes:
        drafts: What was typed, by question.
        changing: Questions of which the answer is being put right.
        shown: What was last shown.
    """

    drafts: dict[str, Draft] = field(default_factory=dict)
    changing: set[str] = field(default_factory=set)
    shown: str = ""

    def change(self, question: str) -> None:
        """Begin to put an answer right, from what now stands."""
        self.changing.add(question)
        self.drafts.pop(question, None)


@dataclass
class _Here:
    """The question that is shown."""

    held: Held
    visit: _Visit
    place: int

    @property
    def question(self) -> Question:
        """Return it."""
        return self.held.questions[self.place - 1]

    @property
    def asked(self) -> Asked:
        """Return what forms are about."""
        return Asked(self.held.page, self.held.seen, self.question)

    @property
    def given(self) -> tuple[Answer, ...]:
        """Return every answer to it, oldest first."""
        return self.held.seen.answers_to(self.question.key)

    @cached_property
    def decision(self) -> tuple[Subject, Form[Subject]] | None:
        """Return the first recommendation that it is about, as it stands today, where assurance of it can be decided."""
        page, references = self.held.page, self.question.references
        if not (self.held.may_write and references):
            return None
        try:
            seen = read_recommendation(page.store, reference=references[0], by=page.actor)
        except NotFoundError:
            return None
        form = answering.decision_form(Subject(page, seen))
        return (Subject(page, seen), form) if form else None


def show(page: Page, meeting_id: int | None) -> None:
    """Show the question of a meeting that the address asks for, or what came of all of them."""
    try:
        if meeting_id is None:
            raise NotFoundError("No meeting is named.")
        held = read(page, meeting_id)
    except NotFoundError as problem:
        st.title(safe.text(problem.message), anchor=False)
        st.markdown("It may not be recorded, or may not have been known on the day shown.")
        page.link("conference", "All meetings")
        return
    _show(held)


def _show(held: Held) -> None:
    meeting, page = held.seen.meeting, held.page
    where = (name_of(meeting), dates.long_date(meeting.on))
    page.say_where(*where)
    frame.name_tab(f"In the room, {dates.long_date(meeting.on)}")
    if meeting.is_cancelled or not held.questions:
        _nothing_to_ask(held)
        return
    visit = _visit(held)
    place = _place(held, visit)
    for draft in visit.drafts.values():
        keep_typed(draft)
    with _from_the_top(visit, place):
        if place is None:
            with st.container(key="spoken"):
                came_of.show(held)
            return
        here = _Here(held, visit, place)
        page.say_where(*where, f"question {place} of {len(held.questions)}")
        left, right = st.columns([8, 3], gap="xlarge")
        with left, st.container(key="spoken"):
            _question(here)
        with right:
            _agenda(held, place)
    _dialogs(here)


def _visit(held: Held) -> _Visit:
    visits: dict[tuple[str, int], _Visit] = st.session_state.setdefault(_VISITS, {})
    return visits.setdefault((held.page.actor.id, held.seen.meeting.id), _Visit())


def _from_the_top(visit: _Visit, place: int | None) -> DeltaGenerator:
    """Return where to show a question. Another one than before begins at the top of the screen, not where the last ended."""
    slot, now = st.empty(), in_address(place)
    if visit.shown not in ("", now):
        # A browser goes to the top of a page that becomes short; it must have drawn it so.
        slot.empty()
        time.sleep(CLEARED)
    visit.shown = now
    return slot.container()


def _place(held: Held, visit: _Visit) -> int | None:
    """
    Return which question is shown, from 1; None for what came of all of them.

    Where the address names none it is the one last shown, so that nobody is moved on by an answer of somebody else.
    """
    asked, last = st.query_params.get(QUESTION, "").strip() or visit.shown, len(held.questions)
    if asked.isascii() and asked.isdigit() and len(asked) < 6 and 1 <= int(asked) <= last:
        return int(asked)
    if asked == END or held.seen.meeting.on < held.page.as_at:
        return None
    return held.open_after(0)


def _nothing_to_ask(held: Held) -> None:
    meeting = held.seen.meeting
    on = dates.long_date(meeting.on)
    if meeting.is_cancelled:
        st.title("This meeting was cancelled.", anchor=False)
        st.markdown(f"It was to be held on {on}.")
    elif held.prepared is not None:
        st.title("No question is prepared for this meeting.", anchor=False)
        st.markdown("Nothing in the register prompts one. Those that people add are asked here too.")
    elif sees_answers(held.page.actor, meeting):
        st.title("The questions are not out yet.", anchor=False)
        st.markdown(f"They can be read once the pack is published, or on the day itself, {on}.")
    else:
        st.title("What is asked at this meeting is read by the force and the office.", anchor=False)
        st.markdown("It is held in private. Ask the office if you should read it.")
    show_way_to_meeting(held)


# One question


def _question(here: _Here) -> None:
    question = here.question
    frame.name_tab(f"{here.place}. {question.title}")
    size = next((name for most, name in _LONG if len(question.text) <= most), "longest")
    with st.container(key=f"asked-{size}", gap=None):
        st.title(safe.text(question.text), anchor=False)
    _facts(question.facts)
    _behind(here)
    if question.follow_up:
        st.header(f"If the answer is “{safe.text(question.follow_up_if)}”", anchor=False)
        st.markdown(safe.text(question.follow_up))
    with st.container(key="outcome"):
        _outcome(here)


def _facts(facts: Sequence[Fact]) -> None:
    if not facts:
        return
    with st.grid(columns=3, min_column_width=190, gap=("medium", "large"), key="facts"):
        for number, fact in enumerate(facts, start=1):
            size = "figure" if len(fact.figure) <= _FIGURE_MOST else "phrase"
            with st.container(key=f"fact-{size}-{number}", gap=None):
                st.markdown(f"**{safe.text(fact.figure)}**")
                st.markdown(safe.text(fact.words))


def _behind(here: _Here) -> None:
    """Show the dates of the first recommendation that the question is about, and the way to all of them."""
    view = here.held.view
    titles = dict(zip(view.rows["reference"], view.rows["short_title"], strict=True))
    about = [one for one in here.question.references if one in titles]
    if about:
        theme = here.held.page.theme
        chart, figure = charts.drawn(view, "ledger", _EVERYTHING, theme, reference=about[0])
        if figure is not None:
            st.plotly_chart(
                figure, theme=None, config=PLOTLY_CONFIG, alt=chart.alt, key="ledger", height=chart.height
            )
    with st.container(key="behind", gap=None):
        st.caption(f"Facts {view.as_at_words}")
        for reference in about:
            _way_behind(here, f"{reference} {titles[reference]}: everything behind it", reference)


def _way_behind(here: _Here, label: str, reference: str) -> None:
    """Show the way to a recommendation and back; for who writes here a button, since a link would lose what is typed."""
    held = here.held
    back: dict[str, Any] = {"ref": reference, "meeting": str(held.seen.meeting.id), QUESTION: str(here.place)}
    if not held.may_write:
        held.page.link("recommendation", label, **back)
    elif st.button(safe.text(label), key=f"choose-behind-{reference}", type="tertiary"):
        held.page.go("recommendation", **back)


# The answer


def _outcome(here: _Here) -> None:
    draft = here.visit.drafts.get(here.question.key)
    is_changed = here.question.key in here.visit.changing
    wanted = not here.given or is_changed or (draft is not None and _holds_words(draft))
    if here.held.may_write and wanted:
        _write(here, is_changed=is_changed)
    else:
        _told(here)


def _holds_words(draft: Draft) -> bool:
    """Tell whether something was typed that is not saved, or refused and still to be settled."""
    return draft.conflict is not None or any(
        draft.values.get(name, start) != start for name, start in draft.starts.items()
    )


def _write(here: _Here, *, is_changed: bool) -> None:
    held, visit, key, asked = here.held, here.visit, here.question.key, here.asked
    following = held.open_after(here.place)
    if is_changed:
        label, leave = "Save", "Leave it as it was"
    elif following:
        label, leave = "Save and next question", "Skip for now"
    else:
        label, leave = "Save and finish", "Finish without it"
    draft = visit.drafts.setdefault(key, _begun(asked, here.given if is_changed else ()))
    form = answering.answer_form(label)
    outcome = fill_in(draft, form, asked, leave=leave, beside=lambda: _beside(here))
    show_agreed(held, key)
    if outcome is filling.Outcome.OPEN:
        return
    if outcome is filling.Outcome.SAVED or draft.conflict is not None or is_changed:
        visit.drafts.pop(key, None)
    visit.changing.discard(key)
    if outcome is filling.Outcome.SAVED and _lacks_action(held, draft, key):
        answering.open_action(asked)
    elif not is_changed:
        go(following)
    st.rerun()


def _begun(asked: Asked, given: Sequence[Answer]) -> Draft:
    """Return an opening of the form, filled in with the answer that is put right."""
    now: dict[str, Any] = {"outcome": given[-1].outcome, "words": given[-1].words} if given else {}
    version = len(asked.seen.answers_to(asked.question.key))
    return Draft("answer-question", asked.reference, version, values=now)


def _lacks_action(held: Held, draft: Draft, question: str) -> bool:
    """Tell whether an action was agreed and none is recorded yet."""
    return draft.chosen.get("outcome") is Outcome.ACTION_AGREED and not held.agreed(question)


def _beside(here: _Here) -> None:
    """Show what else can be recorded in the room."""
    st.button("Record an action", key="agree-action", on_click=answering.open_action, args=(here.asked,))
    if here.decision:
        subject, form = here.decision
        st.button(
            form.label,
            key="decide-assurance",
            on_click=answering.open_decision,
            args=(form, subject.seen, here.held.seen),
        )


def _told(here: _Here) -> None:
    """Show what was answered, or why nothing is yet, and the way on."""
    held, given = here.held, here.given
    if given:
        st.header("What was answered", anchor=False)
        _answer(given[-1])
        if given[1:]:
            with st.expander(words.capitalised(words.counted(len(given) - 1, "earlier answer"))):
                for one in reversed(given[:-1]):
                    _answer(one)
    else:
        st.markdown(_not_yet(held))
    show_agreed(held, here.question.key)
    with st.container(horizontal=True, gap="small"):
        following = here.place + 1 if here.place < len(held.questions) else None
        label = "Next question" if following else "What came of it"
        st.button(label, type="primary", key="next-question", on_click=go, args=(following,))
        if held.may_write:
            _beside(here)
            st.button(
                "Change the answer",
                type="tertiary",
                key="change-answer",
                on_click=here.visit.change,
                args=(here.question.key,),
            )


def _answer(answer: Answer) -> None:
    st.markdown(words.status_markdown(answer.outcome))
    st.markdown(safe.quotation(answer.words))
    moment = answer.recorded_at.astimezone(dates.LONDON)
    st.caption(f"{safe.text(answer.by_name)}, {dates.long_date(moment.date())}, {moment:%H:%M}")


def _not_yet(held: Held) -> str:
    meeting, today = held.seen.meeting, held.page.as_at
    if meeting.on > today:
        when = when_words(meeting.on, today)
        return f"The meeting is {when}. From {dates.long_date(meeting.on)} on, answers are recorded here."
    return "No answer is recorded."


def _dialogs(here: _Here) -> None:
    """Show the form that is open over the page."""
    if not here.held.may_write:
        return
    if here.decision and filling.opened() == (here.decision[1].key, here.decision[0].reference):
        show_draft(here.decision[0], (here.decision[1],))
    else:
        show_draft(here.asked, (answering.AGREE,))


# The agenda


def _agenda(held: Held, shown: int) -> None:
    """Show every question. They are buttons that read as links: a link would lose what is typed in the form."""
    st.header("Questions", anchor=False)
    answered = held.seen.answered
    with st.container(key="rows-agenda", gap=None):
        for place, question in enumerate(held.questions, start=1):
            answer = answered.get(question.key)
            said = words.status_markdown(answer.outcome) if answer else ""
            _agenda_row(str(place), f"{place}. {question.title}", said, is_shown=place == shown, to=place)
        _agenda_row(END, "What came of it", "", is_shown=False, to=None)


def _agenda_row(key: str, title: str, said: str, *, is_shown: bool, to: int | None) -> None:
    label = safe.text(title)
    with st.container(key=f"{'current' if is_shown else 'row'}-agenda-{key}", gap=None):
        st.button(
            f"**{label}**" if is_shown else label,
            key=f"choose-agenda-{key}",
            type="tertiary",
            on_click=go,
            args=(to,),
        )
        if said:
            st.caption(said)
