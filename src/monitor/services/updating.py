"""What the force does: report progress, add evidence, set and ask for dates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import isfinite
from typing import Any, Final

from monitor.dates import london_day, long_date
from monitor.domain.access import Actor, Permission
from monitor.domain.evidence import CheckedBy, Direction, EvidenceItem, EvidenceKind
from monitor.domain.record import Record
from monitor.domain.statuses import Confidence, ForceReport, MoveCategory, Precision, SetBy
from monitor.domain.text import clean, clean_line
from monitor.errors import MonitorError, RuleError
from monitor.services.changing import changing, visible_record
from monitor.services.evidence_files import CheckedFile, GivenFile, check_file, check_quota, noted
from monitor.store import Store, Unit

COUNT_MAX: Final = 1_000_000_000


def report_progress(
    store: Store,
    *,
    reference: str,
    status: ForceReport,
    narrative: str,
    by: Actor,
    version: int | None = None,
    on: date | None = None,
    confidence: Confidence | None = None,
    blocked_by: str = "",
) -> Record:
    """Record what the force reports."""
    with changing(store, reference, permission=Permission.REPORT_PROGRESS, by=by, version=version, on=on) as (
        record,
        stamp,
        _,
    ):
        record.report(stamp, status=status, narrative=narrative, confidence=confidence, blocked_by=blocked_by)
    return record


def add_evidence(
    store: Store,
    *,
    references: Sequence[str],
    kind: EvidenceKind,
    title: str,
    describes_on: date,
    direction: Direction,
    checked_by: CheckedBy,
    by: Actor,
    version: int | None = None,
    on: date | None = None,
    received_on: date | None = None,
    body: str = "",
    describes_from: date | None = None,
    sample: int | None = None,
    population: int | None = None,
    measure: str = "",
    value: float | None = None,
    target: float | None = None,
    unit: str = "",
    checker: str = "",
    link: str = "",
    note: str = "",
    file: GivenFile | CheckedFile | None = None,
) -> EvidenceItem:
    """
    Add one item of evidence to one or more recommendations of a service.

    Args:
        version: The version seen of the first recommendation.
        on: Day on which it was added; None for today.
        file: The evidence itself, kept unaltered with the item for ever.

    Raises:
        RuleError: a day described that lies in the future, a period that ends before it begins, a
            sample larger than what it was drawn from, no recommendation named, more files than a day allows.
        UnreadableFileError: for a file that is not kept; nothing else is then kept either.
    """
    if not references:
        raise RuleError("Name at least one recommendation that the evidence serves.")
    checked = _checked(store, references, file, by) if isinstance(file, GivenFile) else file
    with store.writing() as writing:
        records = [visible_record(writing, reference, by) for reference in dict.fromkeys(references)]
        for record in records:
            by.require(Permission.ADD_EVIDENCE, record.service)
        day = on or london_day(writing.now)
        item = EvidenceItem(
            id=writing.new_id("evidence"),
            service=records[0].service,
            kind=kind,
            title=clean_line(title),
            body=clean_line(body),
            describes_from=describes_from,
            describes_on=describes_on,
            received_on=received_on or day,
            sample=sample,
            population=population,
            measure=clean_line(measure),
            value=None if value is None else float(value),
            target=None if target is None else float(target),
            unit=clean_line(unit),
            direction=direction,
            checked_by=checked_by,
            checker=clean_line(checker),
            link=clean_line(link),
            note=clean(note),
            recorded_at=writing.now,
            by=by.id,
            by_name=by.name,
        )
        check_evidence(item, day)
        if checked is not None:
            item = _with_file(writing, item, checked, by)
        writing.add(item, by=by, verb="evidence recorded")
        for place, record in enumerate(records):
            seen = version if place == 0 else None
            with changing(
                store, record.reference, permission=Permission.ADD_EVIDENCE, by=by, version=seen, on=on
            ) as (changed, stamp, _):
                changed.add_evidence(stamp, item)
    if checked is not None:
        noted("file kept", checked.content, by)
    return item


def _checked(store: Store, references: Sequence[str], file: GivenFile, by: Actor) -> CheckedFile:
    """Return the file looked through, for somebody who may add it; no transaction is held meanwhile."""
    with store.reading() as reader:
        for reference in dict.fromkeys(references):
            by.require(Permission.ADD_EVIDENCE, visible_record(reader, reference, by).service)
        check_quota(reader, file.content, by)
    try:
        return check_file(file)
    except MonitorError:
        noted("file refused", file.content, by)
        raise


def _with_file(writing: Unit, item: EvidenceItem, file: CheckedFile, by: Actor) -> EvidenceItem:
    """Return the item with its file, whose bytes are kept in the same transaction."""
    writing.flush()
    check_quota(writing, file.content, by)
    return replace(
        item,
        file=writing.keep_evidence_file(file.content),
        file_name=file.name,
        file_size=len(file.content),
        file_scan=file.scan,
    )


def check_evidence(item: EvidenceItem, on: date) -> None:
    """
    Do nothing for an item that can be kept.

    Raises:
        RuleError: saying which of its facts cannot be.
    """
    checks: tuple[tuple[Any, str], ...] = (
        (item.title, "Give the evidence a title."),
        (
            item.describes_on <= on,
            f'"{item.title}" cannot describe {long_date(item.describes_on)}: that lies after {long_date(on)}.',
        ),
        (
            item.received_on <= on,
            f'"{item.title}" cannot have been received on {long_date(item.received_on)}: that lies after {long_date(on)}.',
        ),
        (
            item.describes_from is None or item.describes_from <= item.describes_on,
            f'The period that "{item.title}" describes ends before it begins.',
        ),
        (
            item.sample is None or 0 < item.sample <= COUNT_MAX,
            f'The sample of "{item.title}" must be at least one, and at most {COUNT_MAX:,}.',
        ),
        (
            item.population is None or 0 < item.population <= COUNT_MAX,
            f'What the sample of "{item.title}" was drawn from must be at least one, and at most {COUNT_MAX:,}.',
        ),
        (
            all(number is None or isfinite(number) for number in (item.value, item.target)),
            f'The value and the target of "{item.title}" must be numbers.',
        ),
        (
            item.sample is None or item.population is None or item.sample <= item.population,
            f'The sample of "{item.title}" ({item.sample}) is larger than what it was drawn from ({item.population}).',
        ),
        (
            item.target is None or item.value is not None,
            f'"{item.title}" has a target but no value measured against it.',
        ),
    )
    for holds, message in checks:
        if not holds:
            raise RuleError(message)


def set_date(
    store: Store,
    *,
    reference: str,
    due_on: date,
    by: Actor,
    version: int | None = None,
    on: date | None = None,
    precision: Precision = Precision.DAY,
    phrase: str = "",
    rule: str = "",
) -> Record:
    """Set the first date where nobody has set one: the force its own, the office the office's."""
    office = by.may(Permission.DECIDE_DATE)
    permission = Permission.DECIDE_DATE if office else Permission.ASK_DATE
    with changing(store, reference, permission=permission, by=by, version=version, on=on) as (
        record,
        stamp,
        _,
    ):
        record.set_target(
            stamp,
            due_on=due_on,
            precision=precision,
            phrase=phrase,
            rule=rule,
            set_by=SetBy.OFFICE if office else SetBy.SERVICE,
        )
    return record


def ask_date(
    store: Store,
    *,
    reference: str,
    due_on: date,
    reason: str,
    category: MoveCategory,
    by: Actor,
    version: int | None = None,
    on: date | None = None,
) -> Record:
    """Ask for another date. It does not count until the office agrees."""
    with changing(store, reference, permission=Permission.ASK_DATE, by=by, version=version, on=on) as (
        record,
        stamp,
        _,
    ):
        record.ask_date(stamp, due_on=due_on, reason=reason, category=category)
    return record
