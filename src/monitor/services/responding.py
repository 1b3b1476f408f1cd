"""Writing a response and taking its steps: each is permitted, checked, and kept with its history in one transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any, Final

from monitor.dates import london_day
from monitor.domain.access import Actor
from monitor.domain.response_desk import (
    FORMS,
    Explains,
    Response,
    ResponsePart,
    ResponseStage,
    ResponseStep,
    ResponseText,
)
from monitor.domain.response_rules import check_step, check_text, permission_for, require_step
from monitor.domain.text import clean, clean_line
from monitor.errors import ConflictError, RuleError
from monitor.services.meetings import check_seen
from monitor.services.responses import visible_response
from monitor.store import Store, Unit

STEP_VERBS: Final = {
    ResponseStage.INVITED: "chief officer invited to comment",
    ResponseStage.RECEIVED: "chief officer’s comments received",
    ResponseStage.ASKED: "approval of a response asked for",
    ResponseStage.SENT_BACK: "response sent back",
    ResponseStage.APPROVED: "response approved",
    ResponseStage.PUBLISHED: "response published",
    ResponseStage.PUBLISHED_EARLIER: "response published elsewhere recorded",
    ResponseStage.SENT_INSPECTORATE: "response sent to the inspectorate",
    ResponseStage.SENT_SECRETARY: "response sent to the Secretary of State",
    ResponseStage.NOT_DUE: "no response due",
    ResponseStage.DUE_AFTER_ALL: "response due after all",
}
"""What history calls each step."""
TEXT_VERB: Final = "response written"

# What is written


def write_comments(
    store: Store, *, inspection_id: int, part: ResponsePart, text: str, by: Actor, version: int | None = None
) -> ResponseText:
    """
    Write a version of the chief officer's comments, or of the office's. The one before stays; an empty one takes it back.

    Args:
        version: How many versions of it the person saw; None for "as it is now".

    Returns:
        The version that stands: the one before, where nothing is different.

    Raises:
        NotFoundError, AccessError, ConflictError, RuleError: in this order.
    """
    if part is ResponsePart.EXPLANATION:
        raise RuleError("An explanation belongs to a recommendation. Give its reference.")
    return _write(store, inspection_id, part, text, by=by, version=version)


def explain(
    store: Store,
    *,
    inspection_id: int,
    reference: str,
    explains: Explains | None,
    text: str,
    by: Actor,
    version: int | None = None,
) -> ResponseText:
    """
    Write a version of what is done about one recommendation, or of why nothing is (section 55(5B)).

    Args:
        explains: What the text is of; None where it takes back what was written.
        version, returns and raises: As `write_comments`.
    """
    return _write(
        store,
        inspection_id,
        ResponsePart.EXPLANATION,
        text,
        by=by,
        version=version,
        reference=reference,
        explains=explains,
    )


def _write(
    store: Store,
    inspection_id: int,
    part: ResponsePart,
    text: str,
    *,
    by: Actor,
    version: int | None,
    reference: str = "",
    explains: Explains | None = None,
) -> ResponseText:
    with store.writing() as unit:
        response = visible_response(unit, inspection_id, by)
        by.require(permission_for(part), response.report.service)
        before = response.versions(part, reference)
        check_seen(unit, "response_text", before, version, what="This text was written")
        words = clean(text)
        written = ResponseText(
            id=unit.new_id("response_text"),
            inspection_id=response.report.id,
            service=response.report.service,
            part=part,
            reference=reference,
            explains=explains if words else None,
            text=words,
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
        )
        check_text(response, written)
        if before and (before[-1].text, before[-1].explains) == (written.text, written.explains):
            return before[-1]
        unit.add(written, by=by, verb=TEXT_VERB)
        return written


# Steps


def invite_chief_officer(
    store: Store,
    *,
    inspection_id: int,
    until: date,
    by: Actor,
    on: date | None = None,
    version: int | None = None,
) -> Response:
    """
    Record that the chief officer is invited to comment by a day (section 55(4)). A later invitation gives another day.

    Args:
        until: The last day on which the comments are asked for.
        on: The day of the invitation; None for today.
        version: How many steps the person saw; None for "as it is now".

    Raises:
        NotFoundError, AccessError, ConflictError, RuleError: in this order.
    """
    stage = ResponseStage.INVITED
    return _step(store, inspection_id, stage, by=by, on=on, version=version, until_on=until)


def receive_comments(
    store: Store,
    *,
    inspection_id: int,
    by: Actor,
    text: str | None = None,
    on: date | None = None,
    version: int | None = None,
) -> Response:
    """
    Record that the chief officer's comments are in, with their words where those are given.

    Args:
        text: The comments; None where they are written here already, or will be.
        on: The day on which they came; None for today.
        version, raises: As `invite_chief_officer`.
    """
    with store.writing():
        response = _step(store, inspection_id, ResponseStage.RECEIVED, by=by, on=on, version=version)
        if text is not None:
            part = ResponsePart.CHIEF_OFFICER
            written = _write(store, inspection_id, part, text, by=by, version=None)
            response = replace(response, texts=(*response.texts, written))
    return response


def ask_approval(store: Store, *, inspection_id: int, by: Actor, version: int | None = None) -> Response:
    """
    Ask a second person to approve the response as it stands; anything written afterwards takes that back.

    Raises:
        RuleError: with a list of everything that is missing, also as `facts["missing"]`.
    """
    return _step(store, inspection_id, ResponseStage.ASKED, by=by, version=version)


def approve_response(store: Store, *, inspection_id: int, by: Actor, version: int | None = None) -> Response:
    """Approve exactly the texts for which approval was asked, as a second person of the office."""
    return _step(store, inspection_id, ResponseStage.APPROVED, by=by, version=version)


def send_back_response(
    store: Store, *, inspection_id: int, words: str, by: Actor, version: int | None = None
) -> Response:
    """Do not approve the response as it stands, and say what is to be put right."""
    return _step(store, inspection_id, ResponseStage.SENT_BACK, by=by, version=version, words=words)


def keep_publication(
    store: Store,
    *,
    inspection_id: int,
    on: date,
    basis: str,
    content: bytes,
    files: Mapping[str, bytes],
    by: Actor,
    link: str = "",
    version: int | None = None,
) -> Response:
    """
    Record that the response was published, and keep what was published, byte for byte.

    `monitor.packs.response.publish_response` makes the document and calls this.

    Args:
        on: The day on which it was published.
        basis: `Response.basis` of what the document was made of.
        content: What it says, as JSON.
        files: Its bytes in each of `FORMS`.
        link: Where it can be read.

    Raises:
        RuleError: what stands is not approved, or the day cannot be.
        ConflictError: something was written while the document was made.
    """
    stage = ResponseStage.PUBLISHED
    made = {"content": content, **{form: files[form] for form in FORMS}}
    return _step(
        store,
        inspection_id,
        stage,
        by=by,
        on=on,
        version=version,
        link=clean_line(link),
        made=made,
        made_of=basis,
    )


def record_earlier_publication(
    store: Store,
    *,
    inspection_id: int,
    on: date,
    by: Actor,
    link: str = "",
    version: int | None = None,
) -> Response:
    """
    Record a response that was published without this desk; its words are not kept here.

    Args:
        on: The day on which it was published.
        link: Where it can be read; needed where it was published after the report came onto this register.
    """
    stage = ResponseStage.PUBLISHED_EARLIER
    return _step(store, inspection_id, stage, by=by, on=on, version=version, link=clean_line(link))


def record_sent(
    store: Store,
    *,
    inspection_id: int,
    to: ResponseStage,
    by: Actor,
    on: date | None = None,
    version: int | None = None,
) -> Response:
    """
    Record that a copy of what is published was sent (section 55(6)).

    Args:
        to: `ResponseStage.SENT_INSPECTORATE` or `ResponseStage.SENT_SECRETARY`.
        on: The day on which it went; None for today. Not before the publication, nor in the future.
    """
    if to not in (ResponseStage.SENT_INSPECTORATE, ResponseStage.SENT_SECRETARY):
        raise RuleError("Copies go to the inspectorate and to the Secretary of State.")
    return _step(store, inspection_id, to, by=by, on=on, version=version)


def no_response_due(
    store: Store, *, inspection_id: int, reason: str, by: Actor, version: int | None = None
) -> Response:
    """Record that no response is due on a national report, and why."""
    return _step(store, inspection_id, ResponseStage.NOT_DUE, by=by, version=version, words=reason)


def response_due_after_all(
    store: Store, *, inspection_id: int, reason: str, by: Actor, version: int | None = None
) -> Response:
    """Take back that no response is due, and say why."""
    return _step(store, inspection_id, ResponseStage.DUE_AFTER_ALL, by=by, version=version, words=reason)


_OF_EXACT_TEXTS: Final = (ResponseStage.ASKED, ResponseStage.APPROVED, ResponseStage.PUBLISHED)


def _step(
    store: Store,
    inspection_id: int,
    stage: ResponseStage,
    *,
    by: Actor,
    on: date | None = None,
    version: int | None = None,
    words: str = "",
    made: Mapping[str, bytes] | None = None,
    made_of: str = "",
    **given: Any,
) -> Response:
    """Take one step; `made` are the files of a publication, and `made_of` what they were made of."""
    with _responding(store, inspection_id, stage, by=by, version=version) as (unit, response):
        today = london_day(unit.now)
        if stage in _OF_EXACT_TEXTS:
            given |= {"text_ids": tuple(one.id for one in response.standing), "basis": response.basis}
        step = ResponseStep(
            id=unit.new_id("response_step"),
            inspection_id=response.report.id,
            service=response.report.service,
            stage=stage,
            happened_on=on or today,
            words=clean(words),
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
            **given,
        )
        check_step(response, step, today=today, now=unit.now)
        if made is not None:
            _check_made_of(response, made_of)
            kept: dict[str, Any] = {form: unit.keep_published(content) for form, content in made.items()}
            step = replace(step, **kept)
        unit.add(step, by=by, verb=STEP_VERBS[stage])
        return replace(response, steps=(*response.steps, step))


@contextmanager
def _responding(
    store: Store, inspection_id: int, stage: ResponseStage, *, by: Actor, version: int | None
) -> Iterator[tuple[Unit, Response]]:
    """Open a step: the report seen, the step permitted, and no other taken since it was shown."""
    with store.writing() as unit:
        response = visible_response(unit, inspection_id, by)
        require_step(stage, response, by)
        what = "A step was taken on this response"
        check_seen(unit, "response_step", response.steps, version, what=what)
        yield unit, response


def _check_made_of(response: Response, basis: str) -> None:
    if basis != response.basis:
        raise ConflictError(
            "Something was written, or the report corrected, while the document was made. Make it again.",
            seen=basis,
            now=response.basis,
            theirs=(),
        )
