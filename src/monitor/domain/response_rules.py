"""
What may be recorded of a response, by whom, and what only a person can settle.

Source: Police Act 1996, section 55; see `monitor.domain.response_desk`.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from monitor.dates import london_day, long_date
from monitor.domain.access import OF_THE_FORCE, Actor, Permission
from monitor.domain.record import REASON_MIN
from monitor.domain.response_desk import (
    Missing,
    Response,
    ResponsePart,
    ResponseStage,
    ResponseStep,
    ResponseText,
)
from monitor.domain.responses import Timing
from monitor.domain.statuses import Applicability, Precision
from monitor.domain.text import is_web_address, seen_length
from monitor.errors import RuleError


def permission_for(part: ResponsePart) -> Permission:
    """Return what it takes to write a part."""
    return Permission.COMMENT_AS_CHIEF if part is ResponsePart.CHIEF_OFFICER else Permission.RESPOND


def check_text(response: Response, text: ResponseText) -> None:
    """
    Do nothing for a version that can be kept.

    Raises:
        RuleError: no response is due, an explanation to what is not asked or is for others, or one that does not say
            what it is of.
    """
    _need(response.not_due is None, _ended(response))
    if text.part is not ResponsePart.EXPLANATION:
        return
    ask = next((one for one in response.asks if one.reference == text.reference), None)
    if ask is None:
        raise RuleError(f'"{response.report.title}" holds no recommendation {text.reference}.')
    _need(
        not ask.is_for_others,
        f"{ask.name} is for others. The response lists it as such; it needs no explanation.",
    )
    _need(
        text.explains is not None or not text.text,
        f"{ask.name}: say whether action was taken or is proposed, or that there is none and why.",
    )


def check_step(response: Response, step: ResponseStep, *, today: date, now: datetime) -> None:
    """
    Do nothing for a step that can follow those taken.

    Raises:
        RuleError: it is not its turn, its day cannot be, its reason or link is missing; for an approval, with a list
            of everything that is missing.
    """
    if problem := _unfit(step.stage, response, today):
        raise RuleError(problem, missing=response.missing(today))
    _need(
        step.happened_on <= today,
        f"{long_date(step.happened_on)} lies in the future. Give a day up to today, {long_date(today)}.",
    )
    match step.stage:
        case ResponseStage.INVITED:
            _check_invitation(step)
        case ResponseStage.RECEIVED:
            _not_before(step, response.last(ResponseStage.INVITED), "the chief officer was invited")
        case ResponseStage.PUBLISHED:
            _check_publication(response, step, now)
        case ResponseStage.SENT_INSPECTORATE | ResponseStage.SENT_SECRETARY:
            first = min(response.publications, key=lambda one: one.happened_on)
            _not_before(step, first, "it was published")
        case ResponseStage.PUBLISHED_EARLIER:
            _check_publication(response, step, now)
            _check_earlier(response, step)
        case ResponseStage.NOT_DUE | ResponseStage.DUE_AFTER_ALL | ResponseStage.SENT_BACK:
            found = seen_length(step.words)
            _need(
                found >= REASON_MIN,
                f"{_REASONED[step.stage]} needs a reason of at least {REASON_MIN} characters; this one has {found}.",
            )


def _check_invitation(step: ResponseStep) -> None:
    if step.until_on is None:
        raise RuleError("Say by which day the chief officer is asked to comment.")
    _need(
        step.until_on >= step.happened_on,
        f"The chief officer cannot be asked for comments by {long_date(step.until_on)}, before the day of the "
        f"invitation, {long_date(step.happened_on)}.",
    )


def _check_publication(response: Response, step: ResponseStep, now: datetime) -> None:
    report = response.report
    _need(
        report.embargo_until is None or report.embargo_until <= now,
        f'"{report.title}" is under embargo. The response can be published once the report is.',
    )
    _need(not report.is_restricted, f'"{report.title}" is restricted: only the office may know of it.')
    first = report.first_possible_day
    _need(
        first is None or step.happened_on >= first,
        f"The response cannot have been published on {long_date(step.happened_on)}, before the report: "
        f"{report.published_words}.",
    )
    _need(
        not step.link or is_web_address(step.link),
        f'The link to the response is "{step.link}". Give a whole address that begins with https:// or http://.',
    )


def _check_earlier(response: Response, step: ResponseStep) -> None:
    # What was public before the report came here can be anywhere; what came later must be there for all to read.
    taken_in = london_day(response.report.recorded_at)
    _need(
        step.happened_on <= taken_in or step.link,
        f'"{response.report.title}" came onto this register on {long_date(taken_in)}. For a response that was published '
        "elsewhere after that, give the link where it can be read.",
    )


def _not_before(step: ResponseStep, earlier: ResponseStep | None, what: str) -> None:
    if earlier is not None and step.happened_on < earlier.happened_on:
        raise RuleError(
            f"{long_date(step.happened_on)} is before {what}, on {long_date(earlier.happened_on)}. "
            "Give that day or a later one."
        )


def _unfit(stage: ResponseStage, response: Response, today: date) -> str:
    """Return why a step cannot follow those taken; nothing when it can."""
    if stage is ResponseStage.DUE_AFTER_ALL:
        return "" if response.not_due else "Nobody has recorded that no response is due."
    if response.not_due is not None:
        return _ended(response)
    match stage:
        case ResponseStage.NOT_DUE:
            return _why_due(response)
        case ResponseStage.ASKED:
            return _why_not_to_ask(response, today)
        case ResponseStage.APPROVED | ResponseStage.SENT_BACK if response.asked is None:
            last = response.last(ResponseStage.ASKED, ResponseStage.SENT_BACK, ResponseStage.APPROVED)
            changed = last is not None and last.stage is ResponseStage.ASKED
            return (
                "The texts, or the report, have changed since approval was asked for. Ask for it again."
                if changed
                else "Nobody has asked for approval of the response as it stands."
            )
        case ResponseStage.APPROVED:
            return _all_missing(response.missing(today))
        case ResponseStage.PUBLISHED_EARLIER if response.publications:
            return "The publication of this response is recorded already."
        case ResponseStage.PUBLISHED_EARLIER if response.texts:
            return "This response is being written here: have it approved by a second person, and publish it here."
        case ResponseStage.PUBLISHED if response.approved is None:
            return "The response as it stands is not approved by a second person, so it cannot be published."
        case ResponseStage.PUBLISHED:
            last = response.last(ResponseStage.PUBLISHED)
            if last is not None and last.basis == response.basis:
                return (
                    f"It was published on {long_date(last.happened_on)}, and nothing of it has changed since."
                )
        case ResponseStage.SENT_INSPECTORATE | ResponseStage.SENT_SECRETARY:
            return _why_not_to_send(stage, response)
    return ""


def _why_due(response: Response) -> str:
    report = response.report
    if response.publications:
        return "The response is published. That none was due cannot be recorded any more."
    if not report.is_national and concerns_police(report.service):
        return (
            f'"{report.title}" is a report on {report.service}, and such a report is always answered. '
            "That no response is due can be recorded for a national report."
        )
    return ""


def _why_not_to_ask(response: Response, today: date) -> str:
    if response.approved is not None:
        return f"{response.approved.by_name} has approved the response as it stands."
    if response.asked is not None:
        asked = response.asked
        return f"{asked.by_name} asked for approval on {long_date(asked.happened_on)}; it waits for a second person."
    return _all_missing(response.missing(today))


def _all_missing(missing: tuple[Missing, ...]) -> str:
    if not missing:
        return ""
    return f"The response cannot be approved yet. Missing: {'; '.join(one.words for one in missing)}."


def _why_not_to_send(stage: ResponseStage, response: Response) -> str:
    if not response.publications:
        return "The response is not published yet, so no copy of it was sent."
    sent, last = response.last(stage), response.publications[-1]
    if sent is not None and sent.recorded_at > last.recorded_at:
        return f"{stage.word} on {long_date(sent.happened_on)}, as recorded. It is recorded once."
    return ""


def _ended(response: Response) -> str:
    step = response.not_due
    if step is None:
        return ""
    return (
        f"{step.by_name} recorded on {long_date(step.happened_on)} that no response is due: {step.words} "
        "Record that one is due after all, if it is."
    )


def require_step(stage: ResponseStage, response: Response, by: Actor) -> None:
    """
    Do nothing when somebody may take a step, were it its turn.

    The force may hand in the chief officer's comments; the rest is the office's, and approving takes a second
    person: whoever wrote a text of it, or asked, does not approve, nor whoever also works for the force.

    Raises:
        AccessError: saying who may.
    """
    service = response.report.service
    by.require(_takes(stage), service)
    if cause := _own_cause(stage, response, by):
        message = f"{by.name} {cause}, so somebody else of the office must approve the response."
        raise by.refused(message, cause="their own")


def steps_for(response: Response, by: Actor, *, today: date) -> tuple[ResponseStage, ...]:
    """Return the steps that somebody may take now."""
    return tuple(
        stage
        for stage in ResponseStage
        if by.may(_takes(stage), response.report.service)
        and not _own_cause(stage, response, by)
        and not _unfit(stage, response, today)
    )


def _takes(stage: ResponseStage) -> Permission:
    return Permission.COMMENT_AS_CHIEF if stage is ResponseStage.RECEIVED else Permission.RESPOND


def _own_cause(stage: ResponseStage, response: Response, by: Actor) -> str:
    """Return why somebody would approve in their own cause; nothing when they would not."""
    if stage is not ResponseStage.APPROVED:
        return ""
    if by.roles_in(response.report.service) & OF_THE_FORCE:
        return "also works for the force"
    if any(one.by == by.id for one in response.standing):
        return "wrote some of this response"
    if response.asked is not None and response.asked.by == by.id:
        return "asked for this approval"
    return ""


# What a person should look at


def concerns_police(service: str) -> bool:
    """Tell whether section 55 can be about a service: a police force, and not a fire and rescue service."""
    return not re.search(r"\bfire\b", service, re.IGNORECASE)


def doubts(response: Response, stands: Timing) -> tuple[str, ...]:
    """Return what does not fit together and only a person can settle, each in a sentence; nothing of it stops anybody."""
    return tuple(_doubts(response, stands))


def _doubts(response: Response, stands: Timing) -> Iterator[str]:
    report, listed = response.report, len(response.asks)
    if stands.clock is not None and not concerns_police(report.service):
        yield f"The Act is about police forces. If it asks for no response on {report.service}, record that none is due."
    lifted = report.embargo_until
    if lifted is not None and report.published_on is not None and report.published_precision is Precision.DAY:
        day = london_day(lifted)
        if day != report.published_on:
            yield (
                f"The embargo ends on {long_date(day)}, London time, and the day of publication is recorded as "
                f"{report.published_words}. Find out which is right: the last day hangs on it."
            )
    if (report.stated_count or 0) > listed and report.stated_applicability is not Applicability.FOR_OTHERS:
        yield (
            f"The report states {report.stated_count:,} recommendations; {listed or 'none'} listed here. "
            "Each of ours needs an explanation."
        )
    invited = response.last(ResponseStage.INVITED)
    until = invited.until_on if invited is not None and not response.publications else None
    if until is not None and stands.last_day is not None and until > stands.last_day:
        yield f"The chief officer is asked to comment by {long_date(until)}, after the last day."


_REASONED: Final = {
    ResponseStage.NOT_DUE: "That no response is due",
    ResponseStage.DUE_AFTER_ALL: "That a response is due after all",
    ResponseStage.SENT_BACK: "Sending a response back",
}


def _need(holds: object, message: str) -> None:
    if not holds:
        raise RuleError(message)
