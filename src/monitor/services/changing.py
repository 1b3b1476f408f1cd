"""The one frame in which a recommendation is changed: seen, permitted, unchanged meanwhile, then saved with its history."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from monitor.dates import london_day
from monitor.domain.access import Actor, Permission, Scope, scope_of
from monitor.domain.inspections import Inspection
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
    now = at or reader.clock_now()
    return {
        report.id: report
        for report in reader.inspections(before)
        if scope.shows(report.service)
        and (
            scope.shows_embargoed(report.service)
            or not (report.is_restricted or (report.embargo_until and report.embargo_until > now))
        )
    }


def visible_record(reader: Reader, reference: str, by: Actor) -> Record:
    """
    Return a recommendation that the actor may see.

    Raises:
        NotFoundError: the same for one that is absent and one that is hidden.
    """
    scope = scope_of(by)
    record = reader.record(reference)
    if record.inspection_id not in visible_inspections(reader, scope) or not scope.shows(record.service):
        raise NotFoundError(
            f'There is no recommendation "{reference}" in this register.', reference=reference
        )
    return record


def visible_report(reader: Reader, inspection_id: int, by: Actor) -> Inspection:
    """
    Return a report that the actor may see.

    Raises:
        NotFoundError: the same for one that is absent and one that is hidden.
    """
    report = visible_inspections(reader, scope_of(by)).get(inspection_id)
    if report is None:
        raise NotFoundError(f"There is no report {inspection_id} on this register.")
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
        unit.check_version(record, version)
        yield record, Stamp(by, on or london_day(unit.now), unit.now), unit
        unit.save(record, by=by)
