"""The steps of a response as forms: who is invited, who approves, when it is published and sent, or that none is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import streamlit as st

from monitor import dates
from monitor.domain.access import Actor, Permission
from monitor.domain.record import REASON_MIN
from monitor.domain.response_desk import ResponseStage
from monitor.packs.response import publish_response
from monitor.services import responding
from monitor.services.responses import ResponseView
from monitor.settings import Settings
from monitor.store import Store
from monitor.ui import safe, words
from monitor.ui.fields import Day, Words
from monitor.ui.filling import Answer, Form, open_draft
from monitor.ui.frame import Page


@dataclass(frozen=True)
class OfResponse:
    """The response to one report, as one person sees it."""

    page: Page
    seen: ResponseView

    @property
    def reference(self) -> str:
        """Return what tells it from everything else."""
        return f"response {self.seen.report.id}"

    @property
    def names(self) -> Mapping[str, Any]:
        """Return the report's number, as services take it."""
        return {"inspection_id": self.seen.report.id}


def step_of(subject: OfResponse, stage: ResponseStage) -> Form[OfResponse] | None:
    """Return the form of a step, where this person may take it now."""
    return next((form for form in FORMS if form.key == _key(stage) and form.fits(subject)), None)


def offered(subject: OfResponse) -> list[Form[OfResponse]]:
    """Return the forms of every step that this person may take now."""
    return [form for form in FORMS if form.fits(subject)]


def permitted(subject: OfResponse) -> list[Form[OfResponse]]:
    """Return the forms that may be open: one whose turn is over meanwhile says so itself when it is sent."""
    return [form for form in FORMS if form.permissions & subject.seen.may]


def step_button(form: Form[OfResponse], subject: OfResponse, **look: Any) -> None:
    """Show the button that opens the form of a step, with the version that stands on the screen."""
    st.button(
        form.label,
        key=form.key,
        on_click=open_draft,
        args=(form.key, subject.reference, subject.seen.version),
        **look,
    )


def _key(stage: ResponseStage) -> str:
    return f"step-{stage.value}"


def _may(stage: ResponseStage) -> Any:
    return lambda subject: stage in subject.seen.steps


def _title_of(question: str) -> Any:
    return lambda _: question


def _say(*lines: str) -> None:
    for line in lines:
        st.markdown(line)


def _on(label: str) -> Any:
    """Return the field for a day up to today."""
    return lambda subject: [_day(subject, label)]


def _day(subject: OfResponse, label: str) -> Day:
    return Day(name="on", label=label, start=subject.seen.today, most=subject.seen.today)


# Inviting and receiving


def _invitation(subject: OfResponse) -> list[Day]:
    return [
        Day(name="until", label="By which day are the comments asked for?", most=date(2100, 12, 31)),
        _day(subject, "Invited on"),
    ]


def _about_invitation(subject: OfResponse) -> None:
    last = subject.seen.last_day
    _say(
        "The chief officer is asked to comment on the report by a day that you choose. Once that day has passed the "
        "response can be approved without them, and says that they were invited."
    )
    if last is not None:
        _say(f"The response itself is to be published by {dates.long_date(last)}.")


# Approving


def _about_asking(subject: OfResponse) -> None:
    _say(
        "Somebody else of the office, who wrote none of it, approves exactly these texts. Anything written afterwards "
        "takes the request back."
    )
    for doubt in subject.seen.doubts:
        _say(f":orange[:material/help: {safe.text(doubt)}]")


def _about_approving(subject: OfResponse) -> None:
    texts, waits = len(subject.seen.response.standing), subject.seen.waits
    asked = (
        f"{safe.text(waits.by_name)} asked for this on {dates.long_date(waits.happened_on)}. "
        if waits
        else ""
    )
    _say(
        f"{asked}You approve {words.plural(texts, 'text')} exactly as they stand. They can then be published; "
        "anything written afterwards needs another approval."
    )


# Publishing


def _about_publishing(subject: OfResponse) -> None:
    last = subject.seen.last_day
    _say(
        "You record that the response is public. Everybody who may read the report then reads the response here, and "
        "the document is kept for ever, byte for byte."
    )
    if last is not None:
        _say(f"The last day is {dates.long_date(last)}. The day that you give here is the one that counts.")


def _publication(subject: OfResponse) -> list[Any]:
    return [
        _day(subject, "Published on"),
        Words(name="link", label="Where it can be read, if it is on the web already", lines=1),
    ]


def publish(store: Store, *, inspection_id: int, on: date, link: str, by: Actor, version: int) -> object:
    """Publish the approved response, with its documents made as this installation makes them."""
    settings = Settings.from_environment()
    return publish_response(
        store, inspection_id=inspection_id, on=on, link=link, by=by, settings=settings, version=version
    )


def _earlier(subject: OfResponse) -> list[Any]:
    taken_in = dates.london_day(subject.seen.report.recorded_at)
    return [
        Day(name="on", label="Published on", most=subject.seen.today),
        Words(
            name="link",
            label="Where can it be read?",
            lines=1,
            hint=f"Needed for a day after {dates.long_date(taken_in)}, when the report came onto this register.",
        ),
    ]


def _about_earlier(_: OfResponse) -> None:
    _say(
        "For a response that was published without this desk. Its words are not kept here; the day is, and the link."
    )


def _sent_to(stage: ResponseStage) -> Any:
    def save(store: Store, *, inspection_id: int, on: date, by: Actor, version: int) -> object:
        return responding.record_sent(
            store, inspection_id=inspection_id, to=stage, on=on, by=by, version=version
        )

    return save


def _reason(name: str, label: str) -> Any:
    return lambda _: [Words(name=name, label=label, lines=4, at_least=REASON_MIN)]


_RESPOND: Final = frozenset({Permission.RESPOND})
_S: Final = ResponseStage

FORMS: Final[tuple[Form[OfResponse], ...]] = (
    Form(
        key=_key(_S.INVITED),
        label="Invite the chief officer",
        permissions=_RESPOND,
        fits=_may(_S.INVITED),
        title=_title_of("Invite the chief officer to comment"),
        facts=_about_invitation,
        fields=_invitation,
        answers=(Answer("Record the invitation", responding.invite_chief_officer, "Invitation recorded."),),
    ),
    Form(
        key=_key(_S.RECEIVED),
        label="Comments are in",
        permissions=frozenset({Permission.COMMENT_AS_CHIEF}),
        fits=_may(_S.RECEIVED),
        title=_title_of("The chief officer’s comments are in"),
        facts=lambda _: _say("Their words are written on this page, by the force or by the office."),
        fields=_on("On which day did they come in?"),
        answers=(Answer("Record it", responding.receive_comments, "Recorded. The office sees it now."),),
    ),
    Form(
        key=_key(_S.ASKED),
        label="Ask for approval",
        permissions=_RESPOND,
        fits=_may(_S.ASKED),
        title=_title_of("Ask a second person to approve it"),
        facts=_about_asking,
        fields=lambda _: [],
        answers=(
            Answer("Ask for approval", responding.ask_approval, "Asked. It waits for a second person."),
        ),
    ),
    Form(
        key=_key(_S.APPROVED),
        label="Approve",
        permissions=_RESPOND,
        fits=_may(_S.APPROVED),
        title=_title_of("Approve the response as it stands?"),
        facts=_about_approving,
        fields=lambda _: [],
        answers=(Answer("Approve it", responding.approve_response, "Approved. It can be published."),),
    ),
    Form(
        key=_key(_S.SENT_BACK),
        label="Send back",
        permissions=_RESPOND,
        fits=_may(_S.SENT_BACK),
        title=_title_of("Send it back to be put right"),
        fields=_reason("words", "What is to be put right?"),
        answers=(Answer("Send it back", responding.send_back_response, "Sent back, with your words."),),
    ),
    Form(
        key=_key(_S.PUBLISHED),
        label="Publish",
        permissions=_RESPOND,
        fits=_may(_S.PUBLISHED),
        title=_title_of("Publish the response?"),
        facts=_about_publishing,
        fields=_publication,
        answers=(Answer("Publish it", publish, "Published. It is kept as it is."),),
    ),
    Form(
        key=_key(_S.SENT_INSPECTORATE),
        label="Sent to the inspectorate",
        permissions=_RESPOND,
        fits=_may(_S.SENT_INSPECTORATE),
        title=_title_of("A copy went to the inspectorate"),
        fields=_on("On which day was it sent?"),
        answers=(Answer("Record it", _sent_to(_S.SENT_INSPECTORATE), "Recorded."),),
    ),
    Form(
        key=_key(_S.SENT_SECRETARY),
        label="Sent to the Secretary of State",
        permissions=_RESPOND,
        fits=_may(_S.SENT_SECRETARY),
        title=_title_of("A copy went to the Secretary of State"),
        fields=_on("On which day was it sent?"),
        answers=(Answer("Record it", _sent_to(_S.SENT_SECRETARY), "Recorded."),),
    ),
    Form(
        key=_key(_S.PUBLISHED_EARLIER),
        label="It was published elsewhere",
        permissions=_RESPOND,
        fits=lambda s: _S.PUBLISHED_EARLIER in s.seen.steps and not s.seen.response.texts,
        title=_title_of("It was published without this desk"),
        facts=_about_earlier,
        fields=_earlier,
        answers=(Answer("Record it", responding.record_earlier_publication, "Recorded, with its day."),),
    ),
    Form(
        key=_key(_S.NOT_DUE),
        label="No response is due",
        permissions=_RESPOND,
        fits=_may(_S.NOT_DUE),
        title=_title_of("Record that no response is due"),
        facts=lambda _: _say("Everybody who may read the report can read the reason. It can be taken back."),
        fields=_reason("reason", "Why is none due?"),
        answers=(Answer("Record it", responding.no_response_due, "Recorded, with your reason."),),
    ),
    Form(
        key=_key(_S.DUE_AFTER_ALL),
        label="A response is due after all",
        permissions=_RESPOND,
        fits=_may(_S.DUE_AFTER_ALL),
        title=_title_of("A response is due after all"),
        fields=_reason("reason", "Why is one due?"),
        answers=(Answer("Record it", responding.response_due_after_all, "Recorded, with your reason."),),
    ),
)
