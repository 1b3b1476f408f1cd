"""The one frame in which a recommendation is changed: seen, permitted, unchanged meanwhile, then saved with its history."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

from monitor.dates import london_day
from monitor.domain.access import Actor, Permission, Scope, scope_of
from monitor.domain.inspections import Inspection
from monitor.domain.meetings import Meeting
from monitor.domain.record import Record, Stamp
from monitor.errors import NotFoundError
from monitor.store import Reader, Store, Unit


def visible_inspections(
    reader: Reader, scope: Scope, *, before: datetime | None = None, at: datetime | None = None
) -> dict[int, Inspection]:
    """
    Return the reports the reader may know of, by number. What may not be seen does not exist.

    Args:
        before: Leave out what was learned of them from this moment on.
        at: The moment whose embargoes hold; now unless told.
    """
    if isinstance(reader, Unit):
        reader.flush()
    now = reader.clock_now()
    moment = min(at, now) if at else now  # nobody looks past an embargo by naming a moment to come
    visible = {
        report.id: report
        for report in reader.inspections(before)
        if scope.shows(report.service)
        and (
            scope.shows_embargoed(report.service)
            or not (report.is_restricted or (report.embargo_until and report.embargo_until > moment))
        )
    }
    return {
        number: report if report.embeds is None or report.embeds in visible else replace(report, embeds=None)
        for number, report in visible.items()
    }


def visible_meetings(reader: Reader, scope: Scope, *, before: datetime | None = None) -> dict[int, Meeting]:
    """
    Return the meetings the reader may know of, by number and in order of their days, as they stand.

    Of a private meeting the public and administrators do not know; of a public one they see neither names nor papers.

    Args:
        before: Leave out what was recorded of them from this moment on.
    """
    if isinstance(reader, Unit):
        reader.flush()
    return {
        one.id: one if scope.shows_meetings(one.service) else replace(one, attendees=(), papers=())
        for one in reader.meetings(before)
        if scope.shows(one.service) and (one.is_public or scope.shows_meetings(one.service))
    }


def visible_record(reader: Reader, reference: str, by: Actor) -> Record:
    """
    Return a recommendation that the actor may see, with everything said about it.

    What it names and the actor may not see is still in it: see `not_shown`.

    Raises:
        NotFoundError: the same for one that is absent and one that is hidden, after the same work.
    """
    visible = visible_inspections(reader, scope_of(by))
    try:
        return reader.record(reference, among=visible)
    except NotFoundError:
        by.note("not found")
        raise


def not_shown(reader: Reader, record: Record, by: Actor) -> frozenset[str]:
    """Return the references that a recommendation names and that do not exist for the actor."""
    named = {link.other for link in record.links} | ({record.parent} - {""})
    if not named:
        return frozenset()
    visible, reports = visible_inspections(reader, scope_of(by)), reader.reports_of(named)
    return frozenset(one for one in named if reports.get(one) not in visible)


def visible_report(reader: Reader, inspection_id: int, by: Actor) -> Inspection:
    """
    Return a report that the actor may see.

    Raises:
        NotFoundError: the same for one that is absent and one that is hidden.
    """
    report = visible_inspections(reader, scope_of(by)).get(inspection_id)
    if report is None:
        raise by.not_found(f"There is no report {inspection_id} on this register.")
    return report


@contextmanager
def changing(
    store: Store, reference: str, *, permission: Permission, by: Actor, version: int | None, on: date | None
) -> Iterator[tuple[Record, Stamp, Unit]]:
    """
    Open a change to one recommendation; what is appended inside is saved at the end, or nothing is.

    Args:
        version: The version the person saw; None for "as it is now".
        on: Day on which it happened; None for today.

    Raises:
        NotFoundError, AccessError, ConflictError: in this order.
    """
    with store.writing() as unit:
        record = visible_record(unit, reference, by)
        by.require(permission, record.service)
        if version is not None:
            unit.check_version(record, version, leaving_out=not_shown(unit, record, by))
        yield record, Stamp(by, on or london_day(unit.now), unit.now), unit
        unit.save(record, by=by)
