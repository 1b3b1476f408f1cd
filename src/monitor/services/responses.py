"""
The response desk: how each answer stands to its clock, who is waited for, what is written and what was published.

Who sees what: the office and analysts of the service read everything; the force all but the office's comments, and
writes the chief officer's; whoever may read the report, what is published. Whatever else reads of responses asks
`Response.seen_by`, and `settled_reports` for which reports are answered.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from monitor.dates import london_day, long_date
from monitor.domain.access import Actor, Permission, scope_of
from monitor.domain.inspections import Inspection
from monitor.domain.record import Record
from monitor.domain.response_desk import (
    FORMS,
    PUBLIC_STAGES,
    PUBLIC_STATES,
    Ask,
    Missing,
    Response,
    ResponsePart,
    ResponseStage,
    ResponseState,
    ResponseStep,
    ResponseText,
)
from monitor.domain.response_rules import doubts, steps_for
from monitor.domain.responses import WARNING_DAYS, Clock, Timing, clock_of, timing
from monitor.domain.statuses import ClosureReason
from monitor.domain.text import clean_line
from monitor.errors import RuleError
from monitor.services.changing import visible_inspections, visible_report
from monitor.services.response_offers import offered, offered_of_all
from monitor.store import Reader, Store

OF_ALL: Final = ""
"""The key of the offer for the office's comments, among those for the recommendations."""
_MOST_NAMED: Final = 8


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """
    One report on the response desk.

    Attributes:
        dates: The day of each state it has reached, in order.
        missing: How many things approval waits for; None while nothing is written, and for whoever reads no drafts.
        asked_by: Who asked for approval that waits for a second person; empty for nobody.
        has_newer_draft: Something was written since it was last published.
    """

    report: Inspection
    state: ResponseState
    dates: Mapping[ResponseState, date]
    timing: Timing
    missing: int | None
    asked_by: str
    has_newer_draft: bool

    @property
    def last_day(self) -> date | None:
        """Return the last day in law; None where there is none, or it cannot be told."""
        return self.timing.last_day

    @property
    def days_left(self) -> int | None:
        """Return the days from today to it; None once it is answered."""
        return self.timing.days_left


@dataclass(frozen=True, slots=True)
class ResponseView:
    """
    The response to one report, as somebody may see it.

    Attributes:
        response: The report, its recommendations (`asks`), the steps and the versions of every text.
        timing: Last day, days left or late, the warning that is reached, and all this in words.
        state, dates: The furthest state that it has reached, and the day of each.
        missing: Everything without which it cannot be approved; of the force, what concerns its own comments.
        doubts: What does not fit together and only a person can settle.
        offers: Sentences from the register for whoever writes, by the reference of the recommendation, and by "" for
            the office's comments. They are stored only where somebody sends them as a text.
        waits: The request for approval that waits for a second person.
        steps: The steps that the reader may take now.
        may: What the reader may do in its service.
    """

    response: Response
    today: date
    timing: Timing
    state: ResponseState
    dates: Mapping[ResponseState, date]
    missing: tuple[Missing, ...]
    doubts: tuple[str, ...]
    offers: Mapping[str, str]
    waits: ResponseStep | None
    steps: tuple[ResponseStage, ...]
    may: frozenset[Permission]

    @property
    def report(self) -> Inspection:
        """Return the report that is answered."""
        return self.response.report

    @property
    def last_day(self) -> date | None:
        """Return the last day in law; None where there is none, or it cannot be told."""
        return self.timing.last_day

    @property
    def days_left(self) -> int | None:
        """Return the days from today to it, negative once it has passed; None once it is answered."""
        return self.timing.days_left

    @property
    def late_words(self) -> str:
        """Return by how many days it is late and by which rule; empty when it is not."""
        return self.timing.words if self.timing.is_late else ""

    @property
    def version(self) -> int:
        """Return how many steps were taken: what each step is given as seen."""
        return len(self.response.steps)


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """
    Everything that the document of a response says.

    Attributes:
        parts: The bullets of each recommendation that has some, by its reference.
        published_on: The day of its publication; None for a draft.
        made_at: When the last of all this was recorded: the same facts give the same document.
    """

    office: str
    is_demonstration: bool
    response: Response
    parts: Mapping[str, tuple[str, ...]]
    clock: Clock | None
    published_on: date | None
    made_at: datetime


# Reading


def list_responses(
    store: Store, *, by: Actor, warnings: Sequence[int] = WARNING_DAYS, clocks: Collection[str] = ()
) -> list[ResponseRow]:
    """
    Return the reports that have to be answered, or were, and that somebody may know of the answer to.

    Args:
        warnings: How many days before the last day to warn (`Settings.response_warnings`).
        clocks: The clocks that run besides section 55 (`Settings.response_clocks`).

    Returns:
        Those still to be answered by their last day, those whose day must be found out, then the answered, the latest
        first, and those on which none is due.
    """
    with store.reading() as reader:
        today = london_day(reader.clock_now())
        found = []
        for full in _responses(reader, by):
            seen = full.seen_by(by)
            has_clock = clock_of(full.report.programme, clocks) is not None
            if seen is not None and (has_clock or full.steps or full.texts):
                if full.steps or full.texts:
                    full = replace(full, asks=_asks(reader, full.report.id))
                found.append(_row(full, by, today, warnings, clocks))
    return sorted(found, key=_order)


def _row(
    full: Response, by: Actor, today: date, warnings: Sequence[int], clocks: Collection[str]
) -> ResponseRow:
    reads_drafts = by.may(Permission.READ_DRAFTS, full.report.service)
    knows_more = reads_drafts or by.may(Permission.COMMENT_AS_CHIEF, full.report.service)
    dates = _dates(full, by)
    return ResponseRow(
        report=full.report,
        state=_state(dates),
        dates=dates,
        timing=_timing(full, today, warnings, clocks),
        missing=len(full.missing(today)) if full.texts and reads_drafts else None,
        asked_by=full.asked.by_name if knows_more and full.asked else "",
        has_newer_draft=reads_drafts and full.has_newer_draft,
    )


def _order(row: ResponseRow) -> tuple[int, int, str]:
    title = row.report.title.casefold()
    if row.state is ResponseState.NOT_DUE:
        return 3, 0, title
    if (answered := row.dates.get(ResponseState.PUBLISHED)) is not None:
        return 2, -answered.toordinal(), title
    return (0, row.last_day.toordinal(), title) if row.last_day is not None else (1, 0, title)


def read_response(
    store: Store,
    *,
    inspection_id: int,
    by: Actor,
    warnings: Sequence[int] = WARNING_DAYS,
    clocks: Collection[str] = (),
) -> ResponseView:
    """
    Return the response to a report as somebody may see it.

    Args:
        warnings, clocks: As `list_responses` takes them.

    Raises:
        NotFoundError: the same for a report that is absent and one that is hidden; and where nothing of the response
            is published, for whoever reads no more than that.
    """
    with store.reading() as reader:
        full = visible_response(reader, inspection_id, by)
        seen = full.seen_by(by)
        service, today = full.report.service, london_day(reader.clock_now())
        if seen is None:
            raise by.not_found(f'No response to "{full.report.title}" has been published.')
        reads_drafts = by.may(Permission.READ_DRAFTS, service)
        comments = by.may(Permission.COMMENT_AS_CHIEF, service)
        stands, dates = _timing(full, today, warnings, clocks), _dates(full, by)
        missing = full.missing(today) if reads_drafts or comments else ()
        return ResponseView(
            response=seen,
            today=today,
            timing=stands,
            state=_state(dates),
            dates=dates,
            missing=tuple(one for one in missing if reads_drafts or one.part is ResponsePart.CHIEF_OFFICER),
            doubts=doubts(full, stands) if reads_drafts else (),
            offers=_offers(reader, full, today) if by.may(Permission.RESPOND, service) else {},
            waits=full.asked if reads_drafts or comments else None,
            steps=steps_for(full, by, today=today),
            may=frozenset(p for p in Permission if by.may(p, service)),
        )


def visible_response(reader: Reader, inspection_id: int, by: Actor) -> Response:
    """
    Return the response to a report that somebody may know of, with all that was written: `seen_by` says what they may see.

    Raises:
        NotFoundError: the same for a report that is absent and one that is hidden.
    """
    report = visible_report(reader, inspection_id, by)
    return Response(
        report,
        _asks(reader, report.id),
        tuple(reader.response_steps(report.id)),
        tuple(reader.response_texts(report.id)),
    )


def settled_reports(reader: Reader, *, before: datetime | None = None) -> frozenset[int]:
    """
    Return the numbers of the reports whose response is published, or on which none is due: nobody waits for it.

    Args:
        before: A moment: what was recorded from then on is left out.
    """
    last: dict[int, bool] = {}
    for step in reader.response_steps():
        if step.stage in PUBLIC_STAGES and (before is None or step.recorded_at < before):
            last[step.inspection_id] = step.stage is not ResponseStage.DUE_AFTER_ALL
    return frozenset(number for number, is_settled in last.items() if is_settled)


def unseen(reader: Reader, by: Actor) -> dict[str, frozenset[int]]:
    """Return the numbers of everything of responses that does not exist for somebody, by what history calls it."""
    kept: dict[str, set[int]] = {"response_step": set(), "response_text": set()}
    for full in _responses(reader, by):
        if (seen := full.seen_by(by)) is not None:
            kept["response_step"] |= {step.id for step in seen.steps}
            kept["response_text"] |= {text.id for text in seen.texts}
    return {
        "response_step": frozenset(one.id for one in reader.response_steps()) - kept["response_step"],
        "response_text": frozenset(one.id for one in reader.response_texts()) - kept["response_text"],
    }


def _responses(reader: Reader, by: Actor) -> Iterator[Response]:
    """Yield the responses to all the reports somebody may know of, without the recommendations that they answer."""
    steps: dict[int, list[ResponseStep]] = {}
    texts: dict[int, list[ResponseText]] = {}
    for step in reader.response_steps():
        steps.setdefault(step.inspection_id, []).append(step)
    for text in reader.response_texts():
        texts.setdefault(text.inspection_id, []).append(text)
    for number, report in visible_inspections(reader, scope_of(by)).items():
        yield Response(report, (), tuple(steps.get(number, ())), tuple(texts.get(number, ())))


def _asks(reader: Reader, inspection_id: int) -> tuple[Ask, ...]:
    rows = reader.rows_in(inspection_id)
    own = {row.reference for row in rows}
    return tuple(
        Ask(
            reference=row.reference,
            kind=row.kind,
            number=row.number,
            external_reference=row.external_reference,
            short_title=row.short_title,
            text=row.text,
            addressees=row.addressees,
            deadline_phrase=row.target_phrase,
            applicability=row.applicability,
            parent=row.parent if row.parent in own else "",  # one of another report may be hidden
            is_taken_out=row.closure_reason is ClosureReason.NOT_FOR_US,
        )
        for row in rows
    )


def _dates(full: Response, by: Actor) -> Mapping[ResponseState, date]:
    """Return the day of each state that somebody may know of."""
    service = full.report.service
    if by.may(Permission.READ_DRAFTS, service) or by.may(Permission.COMMENT_AS_CHIEF, service):
        return full.dates
    return {state: day for state, day in full.dates.items() if state in PUBLIC_STATES}


def _state(dates: Mapping[ResponseState, date]) -> ResponseState:
    return list(dates)[-1] if dates else ResponseState.NOT_BEGUN


def _timing(full: Response, today: date, warnings: Sequence[int], clocks: Collection[str]) -> Timing:
    report = full.report
    clock = clock_of(report.programme, clocks)
    if (step := full.not_due) is not None:
        said = f"No response is due, as recorded on {long_date(step.happened_on)}: {step.words}"
        return Timing(clock, words=said)
    return timing(
        clock,
        report.published_on,
        report.published_precision,
        today=today,
        answered_on=full.answered_on,
        warnings=warnings,
    )


def _offers(reader: Reader, full: Response, today: date) -> Mapping[str, str]:
    """Return what the register can say to each recommendation that is to be explained, and to the report as a whole."""
    records = {ask.reference: reader.record(ask.reference) for ask in full.must_explain}
    offers = {reference: offered(record, today) for reference, record in records.items()}
    return offers | {OF_ALL: offered_of_all(full, list(records.values()))}


def find_report(store: Store, *, words: str, by: Actor, service: str = "") -> Inspection:
    """
    Return the one report of a number, of a title, or with some words in its title.

    Raises:
        NotFoundError: for none that somebody may know of.
        RuleError: for several; it names them with their numbers.
    """
    with store.reading() as reader:
        known = [
            one for one in visible_inspections(reader, scope_of(by)).values() if service in ("", one.service)
        ]
    plain = clean_line(words).casefold()
    by_number = [one for one in known if plain == str(one.id)]
    exact = [one for one in known if one.title.casefold() == plain]
    wanted = plain.split()
    found = by_number or exact or [
        one for one in known if wanted and all(word in one.title.casefold() for word in wanted)
    ]  # fmt: skip
    if not found:
        raise by.not_found(f'No report on this register has the number or the words "{clean_line(words)}".')
    if len(found) > 1:
        listed = "; ".join(f"report {one.id}, {one.title} ({one.service})" for one in found[:_MOST_NAMED])
        more = f"; and {len(found) - _MOST_NAMED:,} more" if len(found) > _MOST_NAMED else ""
        raise RuleError(
            f'"{clean_line(words)}" fits {len(found):,} reports: {listed}{more}. Give the number of one, or more words.'
        )
    return found[0]


def gather_response(
    store: Store, *, inspection_id: int, by: Actor, on: date | None = None, clocks: Collection[str] = ()
) -> ResponseFacts:
    """
    Return everything that the document of a response says, as it stands.

    Args:
        on: The day on which it is published; that of its publication, where what stands is published, unless told.

    Raises:
        NotFoundError: for a report that is absent or hidden.
        AccessError: for an actor who may not read drafts.
    """
    with store.reading() as reader:
        full = visible_response(reader, inspection_id, by)
        by.require(Permission.READ_DRAFTS, full.report.service)
        records = [reader.record(ask.reference) for ask in full.asks]
        info, last = reader.info(), full.last(ResponseStage.PUBLISHED)
        is_published = last is not None and last.basis == full.basis
        return ResponseFacts(
            office=info.office if info else "",
            is_demonstration=bool(info and info.is_demonstration),
            response=full,
            parts={one.reference: one.wordings[-1].parts for one in records if one.wordings[-1].parts},
            clock=clock_of(full.report.programme, clocks),
            published_on=on or (last.happened_on if last is not None and is_published else None),
            made_at=_recorded_last(full, records),
        )


def _recorded_last(full: Response, records: Sequence[Record]) -> datetime:
    said = [entry.recorded_at for one in records for entry in (*one.wordings, *one.assignments)]
    steps = [one.recorded_at for one in full.steps if one.stage not in PUBLIC_STAGES]
    return max([full.report.recorded_at, *said, *steps, *(one.recorded_at for one in full.texts)])


def read_published(store: Store, *, inspection_id: int, form: str, by: Actor) -> tuple[ResponseStep, bytes]:
    """
    Return the last publication of a response and its bytes: docx, html, or "content" for what it says.

    Raises:
        NotFoundError: for a report that is absent or hidden, and where nothing is published.
    """
    with store.reading() as reader:
        full = visible_response(reader, inspection_id, by)
        step = full.last(ResponseStage.PUBLISHED)
        mark = getattr(step, form) if step is not None and form in (*FORMS, "content") else None
        content = reader.published_content(mark) if mark else None
        if step is None or content is None:
            kept = "is kept here: it was published earlier" if full.publications else "has been published"
            raise by.not_found(f'No response to "{full.report.title}" {kept}.')
        return step, content
