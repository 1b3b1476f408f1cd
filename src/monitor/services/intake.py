"""Taking reports and recommendations onto the register, and what is decided about them there."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from monitor.dates import london_day
from monitor.domain.access import Actor, Permission, scope_of
from monitor.domain.inspections import (
    Inspection,
    PublicationDay,
    Service,
    check_inspection,
    is_yet_to_come,
)
from monitor.domain.record import Record, Stamp
from monitor.domain.statuses import Applicability, Kind, LinkKind, Precision, SetBy
from monitor.domain.text import clean_line, cleaned
from monitor.errors import NotFoundError, RuleError
from monitor.services.changing import changing, visible_inspections, visible_record, visible_report
from monitor.store import RegisterInfo, Store, Unit

_REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9/-]{0,23}")


def begin_register(store: Store, *, office: str, services: Sequence[str], by: Actor) -> None:
    """
    Begin a real register for an office and its services. Its clock is the server's, for ever.

    Raises:
        RuleError: when the register has already begun.
    """
    by.require(Permission.MANAGE_SERVICES)
    office, services = clean_line(office), [name for name in map(clean_line, services) if name]
    if not office or not services:
        raise RuleError("A register needs the office's name and at least one service.")
    with store.writing() as unit:
        unit.begin(RegisterInfo(office, False, None, store.server_now()))
        for name in services:
            _add_service(unit, name, by)


def add_service(store: Store, *, name: str, by: Actor) -> Service:
    """Add a constabulary or fire and rescue service."""
    by.require(Permission.MANAGE_SERVICES)
    with store.writing() as unit:
        return _add_service(unit, name, by)


def _add_service(unit: Unit, name: str, by: Actor) -> Service:
    plain = clean_line(name)
    if not plain:
        raise RuleError("A service needs a name.")
    unit.flush()
    if any(known.name.casefold() == plain.casefold() for known in unit.services()):
        raise RuleError(f"{plain} is already on the register.")
    service = Service(id=unit.new_id("service"), name=plain)
    unit.add(service, by=by, verb="service added")
    return service


def take_in_report(store: Store, *, service: str, title: str, by: Actor, **given: Any) -> Inspection:
    """
    Take a published report onto the register.

    Args:
        given: Any other field of `Inspection`.

    Raises:
        RuleError: title missing, an unknown service, or a date that does not fit its precision.
    """
    by.require(Permission.TAKE_IN, service)
    with store.writing() as unit:
        unit.flush()
        if service not in {known.name for known in unit.services()}:
            raise RuleError(f'There is no service "{service}" on this register. Add it first.')
        report = Inspection(
            id=unit.new_id("inspection"),
            service=service,
            title=clean_line(title),
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
            **{name: cleaned(value) for name, value in given.items()},
        )
        check_inspection(report)
        if report.embeds is not None and report.embeds not in visible_inspections(unit, scope_of(by)):
            raise NotFoundError(f"There is no report {report.embeds} on this register.")
        if is_yet_to_come(report, london_day(unit.now)) and report.embargo_until is None:
            raise RuleError(
                f'"{report.title}" is not published yet. Give the moment until which it is embargoed.'
            )
        unit.add(report, by=by, verb="report taken in")
        return report


def take_in_recommendation(
    store: Store,
    *,
    reference: str,
    inspection_id: int,
    kind: Kind,
    short_title: str,
    text: str,
    by: Actor,
    on: date | None = None,
    number: str = "",
    external_reference: str = "",
    addressees: Sequence[str] = (),
    parent: str = "",
    lead_in: str = "",
    parts: Sequence[str] = (),
    due_on: date | None = None,
    due_precision: Precision = Precision.DAY,
    due_phrase: str = "",
    due_rule: str = "",
    due_set_by: SetBy = SetBy.INSPECTORATE,
    **given: Any,
) -> Record:
    """
    Take one recommendation, area for improvement or cause of concern onto the register.

    Args:
        on: Day on which it was taken in; None for today. Not before the report was published.
        given: Any other field of `Assignment`: owner, board, closure test, applicability and so on.

    Raises:
        RuleError: a reference that is malformed or in use, a short title over 42 characters, no text.
    """
    with store.writing() as unit:
        report = visible_report(unit, inspection_id, by)
        by.require(Permission.TAKE_IN, report.service)
        plain = checked_reference(reference)
        if any(row.reference == plain for row in unit.current_rows()):
            raise RuleError(f"The reference {plain} is already in use. Give another.")
        if parent and visible_record(unit, parent, by).service != report.service:
            raise RuleError(f"{parent} belongs to another service, so {plain} cannot stand under it.")
        record = new_record(
            number=unit.new_id("recommendation"),
            reference=plain,
            report=report,
            kind=kind,
            stamp=Stamp(by, on or london_day(unit.now), unit.now),
            identity={
                "number": clean_line(number),
                "external_reference": clean_line(external_reference),
                "addressees": cleaned(tuple(addressees)),
                "parent": parent,
            },
            wording={"text": text, "lead_in": lead_in, "parts": parts},
            assignment={"short_title": short_title, "target_phrase": due_phrase, **given},
            target={
                "due_on": due_on,
                "precision": due_precision,
                "phrase": due_phrase,
                "rule": due_rule,
                "set_by": due_set_by,
            },
        )
        return unit.save(record, by=by)


def is_reference(plain: str) -> bool:
    """Tell whether a text in capitals can be a reference."""
    return _REFERENCE.fullmatch(plain) is not None


def checked_reference(reference: str) -> str:
    """
    Return a reference as it is kept, in capitals.

    Raises:
        RuleError: for anything that cannot be one.
    """
    plain = reference.strip().upper()
    if not is_reference(plain):
        raise RuleError(
            f'"{reference}" cannot be a reference. Use up to 24 capital letters, figures, hyphens and strokes, as in CC-036.'
        )
    return plain


def learn_publication(
    store: Store, *, inspection_id: int, published_on: date, precision: Precision, source: str, by: Actor
) -> Inspection:
    """
    Record a day of publication that was learned after intake, beside the one known before.

    Args:
        source: Where it was found: the statutory last day hangs on it.

    Raises:
        RuleError: without a source, for a day that does not fit its precision, or for one already known.
    """
    with store.writing() as unit:
        report = visible_report(unit, inspection_id, by)
        by.require(Permission.TAKE_IN, report.service)
        if not clean_line(source):
            raise RuleError(f'Say where the day of publication of "{report.title}" was found.')
        if (report.published_on, report.published_precision) == (published_on, precision):
            raise RuleError(f'"{report.title}" is already known as published {report.published_words}.')
        learned = PublicationDay(
            id=unit.new_id("publication_day"),
            inspection_id=report.id,
            service=report.service,
            published_on=published_on,
            precision=precision,
            source=clean_line(source),
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
        )
        after = learned.of(report)
        check_inspection(after)
        if is_yet_to_come(after, london_day(unit.now)) and report.embargo_until is None:
            raise RuleError(f'"{report.title}" is on the register, so it was not published in the future.')
        unit.add(learned, by=by, verb="day of publication learned")
        return after


def new_record(
    *,
    number: int,
    reference: str,
    report: Inspection,
    kind: Kind,
    stamp: Stamp,
    identity: dict[str, Any],
    wording: dict[str, Any],
    assignment: dict[str, Any],
    target: dict[str, Any],
) -> Record:
    """Return a recommendation with its printed words, first assignment and first date, not yet saved."""
    if report.published_on and report.published_precision is Precision.DAY and stamp.on < report.published_on:
        raise RuleError(
            f"{reference} cannot be taken in before its report was published, on {report.published_words}."
        )
    record = Record(
        id=number,
        reference=reference,
        service=report.service,
        inspection_id=report.id,
        kind=kind,
        taken_in_on=stamp.on,
        **identity,
    )
    record.word(stamp, **wording)
    record.assign(stamp, **assignment)
    if target.get("due_on"):
        record.set_target(stamp, **target)
    return record


def correct_wording(
    store: Store,
    *,
    reference: str,
    text: str,
    reason: str,
    source: str,
    by: Actor,
    lead_in: str = "",
    parts: Sequence[str] = (),
    version: int | None = None,
    on: date | None = None,
) -> Record:
    """Record a corrected wording beside the first, with its reason and source."""
    with changing(store, reference, permission=Permission.CORRECT_WORDING, by=by, version=version, on=on) as (
        record,
        stamp,
        _,
    ):
        record.word(stamp, text=text, lead_in=lead_in, parts=parts, reason=reason, source=source)
    return record


def assign(
    store: Store,
    *,
    reference: str,
    by: Actor,
    version: int | None = None,
    on: date | None = None,
    reason: str = "",
    short_title: str | None = None,
    owner: str | None = None,
    executive_lead: str | None = None,
    board: str | None = None,
    themes: Sequence[str] | None = None,
    closure_test: str | None = None,
    verification_level: str | None = None,
    applicability: Applicability | None = None,
    applicability_reason: str | None = None,
) -> Record:
    """Record who owns it, which board governs it, its closure test and the like; what is None stays."""
    given = {
        "short_title": short_title,
        "owner": owner,
        "executive_lead": executive_lead,
        "board": board,
        "themes": tuple(themes) if themes is not None else None,
        "closure_test": closure_test,
        "verification_level": verification_level,
        "applicability": applicability,
        "applicability_reason": applicability_reason,
    }
    with changing(store, reference, permission=Permission.ASSIGN, by=by, version=version, on=on) as (
        record,
        stamp,
        _,
    ):
        record.assign(stamp, reason=reason, **{k: v for k, v in given.items() if v is not None})
    return record


def link_recommendations(
    store: Store,
    *,
    reference: str,
    kind: LinkKind,
    other: str,
    by: Actor,
    version: int | None = None,
    on: date | None = None,
) -> Record:
    """Say how one recommendation stands to another."""
    with changing(store, reference, permission=Permission.LINK, by=by, version=version, on=on) as (
        record,
        stamp,
        unit,
    ):
        visible_record(unit, other, by)
        record.link(stamp, kind=kind, other=other)
    return record
