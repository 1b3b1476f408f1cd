"""What is written down in the room: the answer to a question, an action that somebody agrees to, a decision of assurance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import streamlit as st

from monitor.domain.access import Actor, Permission
from monitor.domain.meetings import ACTION_MIN, LAST_YEAR, Outcome
from monitor.domain.questions import Question
from monitor.services import actions, meetings
from monitor.services.meetings import MeetingView
from monitor.services.reading import RecommendationView
from monitor.store import Store
from monitor.ui import forms, safe, words
from monitor.ui.fields import Day, Field, Name, Pick, Words, words_of
from monitor.ui.filling import Answer, Form, Subject, open_draft
from monitor.ui.frame import Page

_OFFICE: Final = frozenset({Permission.RECORD_MEETING})
_ASSURE: Final = "assure"


@dataclass(frozen=True)
class Asked:
    """A question asked at a meeting, which a form is about."""

    page: Page
    seen: MeetingView
    question: Question

    @property
    def reference(self) -> str:
        """Return what tells it from everything else."""
        return f"meeting {self.seen.meeting.id} {self.question.key}"

    @property
    def names(self) -> Mapping[str, Any]:
        """Return it whole: what is saved takes its words and what it is about."""
        return {"of": self}

    @property
    def titles(self) -> dict[str, str]:
        """Return the recommendations it is about that this reader may know of: reference and short title."""
        rows = self.page.view.rows
        titles = dict(zip(rows["reference"], rows["short_title"], strict=True))
        return {one: f"{one} {titles[one]}" for one in self.question.references if one in titles}


def record_answer(store: Store, *, of: Asked, by: Actor, **given: Any) -> object:
    """Record an answer to the question as it was asked."""
    question = of.question
    return meetings.record_answer(
        store,
        meeting_id=of.seen.meeting.id,
        question=question.key,
        asked=question.text,
        references=question.references,
        by=by,
        **given,
    )


def agree_action(store: Store, *, of: Asked, by: Actor, reference: str | None = None, **given: Any) -> object:
    """Record an action that came of the question; it belongs to the one recommendation, or to the one chosen."""
    about = list(of.titles)
    return actions.agree_action(
        store,
        meeting_id=of.seen.meeting.id,
        question=of.question.key,
        reference=reference or (about[0] if len(about) == 1 else ""),
        by=by,
        **given,
    )


def answer_form(save: str) -> Form[Asked]:
    """Return the form of an answer, with the words of the button that saves it."""
    return Form(
        key="answer-question",
        label="Answer",
        permissions=_OFFICE,
        fits=lambda _: True,
        title=lambda asked: asked.question.title,
        fields=_answer_fields,
        answers=(Answer(save, record_answer, "Answer recorded."),),
    )


def _answer_fields(_: Asked) -> Sequence[Field]:
    return [
        Pick(name="outcome", label="What was the outcome?", among=words_of(Outcome)),
        Words(name="words", label="The answer, in words", lines=4),
    ]


def _agreed_on(asked: Asked) -> None:
    st.markdown(f"**Asked:** {safe.text(asked.question.text)}")
    if asked.titles:
        st.caption(f"It is about {safe.text(words.listed(list(asked.titles.values())))}.")


def _action_fields(asked: Asked) -> Sequence[Field]:
    about = list(asked.titles)
    among = {one: one for one in about}
    which = [
        Pick(name="reference", label="Which recommendation does it belong to?", among=among, start=one)
        for one in about[:1]
    ]
    return [
        Words(
            name="what", label="What is to be done, so that anybody can tell?", lines=3, at_least=ACTION_MIN
        ),
        *(which if len(about) > 1 else []),
        Name(name="owner", label="Who is to do it?", start=_owner(asked), known=_owners(asked)),
        Day(
            name="due_on",
            label="By which day?",
            least=asked.seen.meeting.on,
            most=date(LAST_YEAR, 12, 31),
        ),
    ]


def _owner(asked: Asked) -> str | None:
    """Return who has the first recommendation that the question is about."""
    rows = asked.page.view.rows
    found = rows.loc[rows["reference"].isin(list(asked.titles)[:1]), "owner"]
    return str(found.iloc[0]) or None if len(found) else None


def _owners(asked: Asked) -> list[str]:
    rows = asked.page.view.rows
    mine = rows.loc[rows["service"] == asked.seen.meeting.service, "owner"]
    return sorted({str(name) for name in mine if name}, key=str.casefold)


AGREE: Final[Form[Asked]] = Form(
    key="agree-action",
    label="Record an action",
    permissions=_OFFICE,
    fits=lambda _: True,
    title=lambda _: "Who does what, and by which day?",
    facts=_agreed_on,
    fields=_action_fields,
    answers=(Answer("Record the action", agree_action, "Action recorded. Its owner sees it in My updates."),),
)


def open_action(asked: Asked) -> None:
    """Open the form for an action that came of a question."""
    open_draft(AGREE.key, asked.reference, None)


def decision_form(subject: Subject) -> Form[Subject] | None:
    """Return the form by which assurance is decided; None for who may not, and for what is closed."""
    return next((one for one in forms.offered(subject) if one.key == _ASSURE), None)


def open_decision(form: Form[Subject], seen: RecommendationView, meeting: MeetingView) -> None:
    """Open it for a decision made at the meeting, on its day."""
    held = meeting.meeting
    open_draft(form.key, seen.record.reference, seen.record.version, {"meeting_id": held.id, "on": held.on})
