"""
The response to a report as it is published, in the office's house layout: as Word from its template, and as a web page.

The report first, as published; then each recommendation with what is done about it or why nothing, those for others as
such; then the chief officer's comments and the office's. Its form is that of `monitor.importers.own_response`, which
reads it back.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from monitor.dates import long_date
from monitor.domain.access import Actor
from monitor.domain.response_desk import (
    FORMS,
    Ask,
    Explains,
    Response,
    ResponsePart,
    ResponseStage,
)
from monitor.domain.response_rules import concerns_police
from monitor.domain.responses import PREVENTION_OF_FUTURE_DEATHS, SECTION_55, Clock
from monitor.domain.statuses import Applicability, Precision, Programme
from monitor.domain.wording import counted
from monitor.exporters.document import (
    Block,
    Bullets,
    Column,
    Document,
    Heading,
    Paragraph,
    Span,
    Table,
    Text,
    as_json,
    from_json,
    printable,
)
from monitor.importers import own_response as form
from monitor.importers.own_response import on_one_line, parts_marked, to_print
from monitor.packs.publishing import render
from monitor.services.responding import keep_publication
from monitor.services.responses import ResponseFacts, gather_response, read_published
from monitor.settings import Settings, Titles
from monitor.store import Store

_NOT_WRITTEN: Final = "Not written yet."
_ANSWER: Final = "Action or reason"
_LAW: Final[Mapping[str, str]] = {
    SECTION_55.key: "Published under section 55 of the Police Act 1996: the local policing body’s comments on a report "
    "by the inspectors of constabulary, with those of the chief officer, and for each recommendation the action taken "
    "or proposed, or why there is none.",
    PREVENTION_OF_FUTURE_DEATHS.key: "Given under paragraph 7 of schedule 5 to the Coroners and Justice Act 2009 and "
    "regulation 29 of the Coroners (Investigations) Regulations 2013: the action taken or proposed, or why there is none.",
}
"""What each clock's document says it is."""


def make_response(
    store: Store,
    *,
    inspection_id: int,
    by: Actor,
    settings: Settings,
    forms: tuple[str, ...] = FORMS,
    on: date | None = None,
) -> dict[str, bytes]:
    """
    Return the response to a report as it stands, in the forms asked for; one that is not approved says that it is a draft.

    Args:
        forms: Of `FORMS`.
        on: The day on which it is published; that of its publication, where what stands is published, unless told.

    Raises:
        NotFoundError, AccessError, RuleError: as `gather_response`; a template that cannot be used.
    """
    facts = _gathered(store, inspection_id, by, settings, on)
    document = response_document(facts, settings.titles)
    return {form: render(document, form, settings) for form in forms}


def publish_response(
    store: Store,
    *,
    inspection_id: int,
    on: date,
    by: Actor,
    settings: Settings,
    link: str = "",
    version: int | None = None,
) -> Response:
    """
    Record that the approved response was published on a day, and keep its document for ever, byte for byte.

    Args:
        link: Where it can be read.
        version: How many steps the person saw; None for "as it is now".

    Raises:
        NotFoundError, AccessError, ConflictError, RuleError: as `keep_publication`.
    """
    facts = _gathered(store, inspection_id, by, settings, on)
    document = response_document(facts, settings.titles)
    return keep_publication(
        store,
        inspection_id=inspection_id,
        on=on,
        basis=facts.response.basis,
        content=as_json(document).encode(),
        files={form: render(document, form, settings) for form in FORMS},
        by=by,
        link=link,
        version=version,
    )


def published_document(store: Store, *, inspection_id: int, by: Actor) -> Document:
    """Return what the published response to a report says."""
    return from_json(read_published(store, inspection_id=inspection_id, form="content", by=by)[1])


def _gathered(
    store: Store, inspection_id: int, by: Actor, settings: Settings, on: date | None
) -> ResponseFacts:
    return gather_response(store, inspection_id=inspection_id, by=by, on=on, clocks=settings.response_clocks)


def response_document(facts: ResponseFacts, titles: Titles) -> Document:
    """Return the document of a response. The same facts give the same document."""
    report, office = facts.response.report, titles.office_or(facts.office)
    law = _law_in_short(facts.clock)
    return Document(
        title=f"Response to “{_line(report.title)}”",
        subtitle=f"{office}\n{report.service}",
        author=office,
        subject=f"{law}, {report.service}",
        made_at=facts.made_at,
        blocks=tuple(_blocks(facts, titles)),
        footer=f"{law}: {_line(report.title)}",
        fingerprint=f"Fingerprint of the texts and of what they answer: {facts.response.basis}",
    )


def _law_in_short(clock: Clock | None) -> str:
    """Return what the document is, with the law in a few words."""
    law = {
        SECTION_55: "section 55, Police Act 1996",
        PREVENTION_OF_FUTURE_DEATHS: PREVENTION_OF_FUTURE_DEATHS.law,
    }
    return f"Response ({law[clock]})" if clock in law else "Response"


def chief_officer_of(service: str, titles: Titles) -> str:
    """Return what the chief officer of a service is called here."""
    return titles.chief_officer if concerns_police(service) else "Chief Fire Officer"


def _blocks(facts: ResponseFacts, titles: Titles) -> Iterator[Block]:
    full = facts.response
    chief = chief_officer_of(full.report.service, titles)
    if facts.is_demonstration:
        yield Paragraph("Demonstration data: the activity, the people and the figures are invented.", "small")
    if facts.clock is not None:
        yield Paragraph(_LAW[facts.clock.key])
    if full.approved is None:
        yield Paragraph((Span("Draft: not approved and not published.", bold=True, tone="orange"),), "lead")
    yield _about(facts)
    yield from _findings(full)
    yield from _recommendations(facts)
    yield Heading(f"{chief}{form.COMMENTS}", anchor="chief-officer")
    yield from _paragraphs(full, ResponsePart.CHIEF_OFFICER, _no_comments(full, chief))
    yield Heading(f"{titles.head_of_office}{form.COMMENTS}", anchor="office")
    yield from _paragraphs(full, ResponsePart.OFFICE, _NOT_WRITTEN)
    yield Heading("About this response", anchor="about")
    yield Paragraph(_provenance(facts), "small")


# The report


def _about(facts: ResponseFacts) -> Table:
    report = facts.response.report
    rows: list[tuple[Text, Text]] = [
        (form.TITLE, _line(report.title)),
        (form.PUBLISHED, report.published_words),
        (form.TYPE, _type_words(facts)),
        (form.PUBLISHERS, "\n".join(map(_line, report.publishers))),
    ]
    if report.stated_count is not None:
        rows.append((form.STATED, str(report.stated_count)))
    if report.stated_addressees:
        rows.append((form.STATED_FOR, "\n".join(map(_line, report.stated_addressees.split(";")))))
    if report.link:
        rows.append(("The report", (Span(report.link, link=report.link),)))
    if facts.published_on is not None:
        rows.append(("Response published", long_date(facts.published_on)))
    return Table(
        _columns(form.ABOUT), tuple(row for row in rows if row[1]), caption="The report that is answered"
    )


def _type_words(facts: ResponseFacts) -> str:
    report = facts.response.report
    if report.programme is Programme.OTHER:
        return "National inspection" if report.is_national else "Inspection"
    word = report.programme.word
    says_so = re.search("national|thematic|spotlight|super-complaint", word, re.IGNORECASE)
    return f"{word}, national" if report.is_national and not says_so else word


def _findings(full: Response) -> Iterator[Block]:
    if full.report.key_findings:
        yield Heading(form.KEY_FINDINGS, anchor="findings")
        yield Bullets(tuple(to_print(printable(one)) for one in full.report.key_findings))
    if full.report.grades:
        yield Heading("Judgements", anchor="judgements")
        rows = tuple((_line(question), _line(grade)) for question, grade in full.report.grades)
        yield Table(_columns(form.GRADES, (2.0, 1.0)), rows, caption="How the inspectors judged it")


# The recommendations


def _recommendations(facts: ResponseFacts) -> Iterator[Block]:
    full = facts.response
    ours = [ask for ask in full.asks if not ask.is_for_others]
    others = [ask for ask in full.asks if ask.is_for_others]
    yield Heading("Recommendations", anchor="recommendations")
    if not ours:
        yield Paragraph(_none_ours(full, len(others)))
    for ask in ours:
        yield from _one(ask, facts)
    if others:
        yield Heading("Recommendations for others", anchor="for-others")
        yield Paragraph(
            f"{counted(len(others), 'recommendation').capitalize()} of the report "
            f"{'is' if len(others) == 1 else 'are'} for other bodies, and listed here as such."
        )
        for ask in others:
            yield from _one(ask, facts)


def _none_ours(full: Response, others: int) -> str:
    if others:
        return "None of the recommendations listed is for this service or this office."
    stated = full.report.stated_count
    if stated:
        return f"The report states {counted(stated, 'recommendation')}. None is listed here."
    return "The report makes no recommendation that is listed here."


def _one(ask: Ask, facts: ResponseFacts) -> Iterator[Block]:
    name = _line(f"{ask.kind.word} {ask.number}")
    yield Heading(f"{name}: {_line(ask.short_title)}", level=2, anchor=f"r-{ask.reference}")
    parts = [printable(part) for part in facts.parts.get(ask.reference, ())]
    rows: list[tuple[Text, Text]] = [
        (form.PRINTED, parts_marked(printable(ask.text), parts)),
        (form.REFERENCE, _line(ask.external_reference)),
        (form.ADDRESSED, "\n".join(map(_line, ask.addressees))),
        (form.DEADLINE, _line(ask.deadline_phrase)),
        (form.CAUSE, ask.parent),
        (form.FOR_WHOM, (Applicability.FOR_OTHERS if ask.is_for_others else ask.applicability).word),
        *_answer(ask, facts.response),
        (form.OURS, ask.reference),
    ]
    yield Table(
        _columns((name, form.ANSWERED)),
        tuple(row for row in rows if row[1]),
        caption="As printed" if ask.is_for_others else "As printed and as answered",
    )


def _answer(ask: Ask, full: Response) -> Iterator[tuple[Text, Text]]:
    """Yield what is written about a recommendation, under what it is: the action, or the reason for none."""
    if ask.is_for_others:
        return
    written = full.text(ResponsePart.EXPLANATION, ask.reference)
    if written is not None:
        yield (written.explains or Explains.TAKEN).word, to_print(printable(written.text))
    elif ask in full.must_explain:
        yield _ANSWER, _NOT_WRITTEN
    else:
        yield _ANSWER, "Answered under the recommendations that stand under it."


# The comments


def _paragraphs(full: Response, part: ResponsePart, otherwise: str) -> Iterator[Block]:
    found = full.text(part)
    words = found.text if found is not None else otherwise
    for paragraph in re.split(r"\n\s*\n", printable(words)):
        if paragraph.strip():
            yield Paragraph(paragraph.strip())


def _no_comments(full: Response, chief: str) -> str:
    invited = full.last(ResponseStage.INVITED)
    if invited is None or invited.until_on is None:
        return _NOT_WRITTEN
    return f"The {chief} was invited to comment by {long_date(invited.until_on)}. No comments were submitted."


def _provenance(facts: ResponseFacts) -> str:
    full, report = facts.response, facts.response.report
    sentences = []
    if (approved := full.approved) is not None:
        sentences.append(f"Approved on {long_date(approved.happened_on)} by a second person of the office.")
    if facts.clock is not None and (last := _last_day(facts.clock, full)) is not None:
        sentences.append(f"Last day in law: {long_date(last)}; {facts.clock.rule}.")
    if report.published_source:
        sentences.append(
            f"The day of the report’s publication is taken from: {report.published_source.rstrip('.')}."
        )
    return " ".join([*sentences, "Made from the office’s register."])


def _last_day(clock: Clock, full: Response) -> date | None:
    report = full.report
    if report.published_on is None or report.published_precision is not Precision.DAY:
        return None
    return clock.last_day(report.published_on)


# Small things


def _columns(headings: tuple[str, str], widths: tuple[float, float] = (1.0, 3.2)) -> tuple[Column, ...]:
    return tuple(Column(title, width=width) for title, width in zip(headings, widths, strict=True))


def _line(text: str) -> str:
    return to_print(on_one_line(printable(text)))
