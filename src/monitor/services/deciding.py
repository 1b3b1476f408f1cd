"""What the office does: answer for dates, decide assurance, record the inspectorate's position, close by two."""

from collections.abc import Sequence
from datetime import date

from monitor.domain.access import OF_THE_FORCE, Actor, Permission
from monitor.domain.record import Record
from monitor.domain.statuses import Assurance, ClosureReason, MoveCategory, Position
from monitor.errors import NotFoundError
from monitor.services.changing import changing
from monitor.store import Store


def agree_date(
    store: Store, *, reference: str, by: Actor, version: int | None = None, on: date | None = None
) -> Record:
    """Put the date the force asked for in force."""
    with changing(store, reference, permission=Permission.DECIDE_DATE, by=by, version=version, on=on) as (
        record,
        stamp,
        _,
    ):
        record.agree_date(stamp)
    return record


def refuse_date(
    store: Store,
    *,
    reference: str,
    reason: str,
    by: Actor,
    version: int | None = None,
    on: date | None = None,
) -> Record:
    """Leave the date as it is, and say why."""
    with changing(store, reference, permission=Permission.DECIDE_DATE, by=by, version=version, on=on) as (
        record,
        stamp,
        _,
    ):
        record.refuse_date(stamp, reason=reason)
    return record


def move_date(
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
    """Move the date as the office."""
    with changing(store, reference, permission=Permission.DECIDE_DATE, by=by, version=version, on=on) as (
        record,
        stamp,
        _,
    ):
        record.move_date(stamp, due_on=due_on, reason=reason, category=category)
    return record


def decide_assurance(
    store: Store,
    *,
    reference: str,
    level: Assurance,
    rationale: str,
    by: Actor,
    version: int | None = None,
    on: date | None = None,
    ask: str = "",
    meeting_id: int | None = None,
) -> Record:
    """Record what the office is assured of, why, and what it asks to see next."""
    with changing(
        store, reference, permission=Permission.DECIDE_ASSURANCE, by=by, version=version, on=on
    ) as (record, stamp, unit):
        if meeting_id is not None and meeting_id not in {
            meeting.id for meeting in unit.meetings() if meeting.service == record.service
        }:
            raise NotFoundError(f"There is no meeting {meeting_id} on this register.")
        record.assure(stamp, level=level, rationale=rationale, ask=ask, meeting_id=meeting_id)
    return record


def record_position(
    store: Store,
    *,
    reference: str,
    position: Position,
    source: str,
    by: Actor,
    version: int | None = None,
    on: date | None = None,
    comment: str = "",
) -> Record:
    """Record the inspectorate's position, with the source in which it was read."""
    with changing(store, reference, permission=Permission.RECORD_POSITION, by=by, version=version, on=on) as (
        record,
        stamp,
        _,
    ):
        record.take_position(stamp, position=position, comment=comment, source=source)
    return record


def propose_closure(
    store: Store,
    *,
    reference: str,
    reason: ClosureReason,
    statement: str,
    evidence_ids: Sequence[int],
    by: Actor,
    version: int | None = None,
    on: date | None = None,
) -> Record:
    """Propose to close it, on named evidence. It stays open until a second person of the office agrees."""
    with changing(store, reference, permission=Permission.PROPOSE_CLOSURE, by=by, version=version, on=on) as (
        record,
        stamp,
        _,
    ):
        record.propose_closure(stamp, reason=reason, statement=statement, evidence_ids=evidence_ids)
    return record


def agree_closure(
    store: Store,
    *,
    reference: str,
    by: Actor,
    version: int | None = None,
    on: date | None = None,
    statement: str = "",
    check_due_on: date | None = None,
) -> Record:
    """Close it, as the second person, and say when it should be looked at again."""
    with changing(store, reference, permission=Permission.AGREE_CLOSURE, by=by, version=version, on=on) as (
        record,
        stamp,
        _,
    ):
        record.agree_closure(stamp, statement=statement, check_due_on=check_due_on)
        if by.roles_in(record.service) & OF_THE_FORCE:
            message = f"{by.name} also works for the force, so somebody else of the office must agree to close {reference}."
            raise by.refused(message, cause="of the force")
    return record


def refuse_closure(
    store: Store,
    *,
    reference: str,
    statement: str,
    by: Actor,
    version: int | None = None,
    on: date | None = None,
) -> Record:
    """Leave it open, and say what is missing."""
    with changing(store, reference, permission=Permission.AGREE_CLOSURE, by=by, version=version, on=on) as (
        record,
        stamp,
        _,
    ):
        record.refuse_closure(stamp, statement=statement)
    return record


def reopen(
    store: Store,
    *,
    reference: str,
    statement: str,
    by: Actor,
    version: int | None = None,
    on: date | None = None,
) -> Record:
    """Open it again, linked to the closing that this undoes."""
    with changing(store, reference, permission=Permission.REOPEN, by=by, version=version, on=on) as (
        record,
        stamp,
        _,
    ):
        record.reopen(stamp, statement=statement)
    return record


def check_sustainment(
    store: Store,
    *,
    reference: str,
    sustained: bool,
    statement: str,
    by: Actor,
    evidence_ids: Sequence[int] = (),
    version: int | None = None,
    on: date | None = None,
) -> Record:
    """Record whether a closed item still holds."""
    with changing(
        store, reference, permission=Permission.CHECK_SUSTAINMENT, by=by, version=version, on=on
    ) as (record, stamp, _):
        record.check_sustainment(stamp, sustained=sustained, statement=statement, evidence_ids=evidence_ids)
    return record
