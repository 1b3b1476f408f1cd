"""Who did what, as a table to take away."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from monitor.dates import LONDON, london_day, long_date
from monitor.domain.access import Actor, Permission
from monitor.exporters.table import Column, ExportTable
from monitor.services.auditing import AuditFilter, AuditRow

_COLUMNS: Final = (
    Column("recorded_on", "Recorded on", "The day in London on which it was recorded.", "day"),
    Column("recorded_at", "Time", "The time in London at which it was recorded."),
    Column("name", "Who", "Who did it."),
    Column("role", "Role", "The role in which they did it."),
    Column("person", "Key of the person", "Tells apart two people of the same name."),
    Column("what", "What", "What was done."),
    Column("detail", "Outcome", "The outcome in a few words, where there is one."),
    Column("kind", "Kind", "What it was done to, as the register stores it."),
    Column("reference", "Reference", "Of a recommendation."),
    Column("about", "Of what", "What it is called today."),
    Column("service", "Service", "The service concerned; empty for an account."),
)


def audit_export(
    rows: Sequence[AuditRow],
    wanted: AuditFilter,
    *,
    people: Mapping[str, str],
    office: str,
    is_demonstration: bool,
    by: Actor,
    made_at: datetime,
) -> ExportTable:
    """
    Return entries of the history, with captions that say which they are.

    Neither their numbers nor the head of the history are in it: gaps in the numbers, or a head that changed, would tell
    of what the reader may not see.

    Raises:
        AccessError: for an actor who may neither export nor read who did what.
    """
    if not (by.may(Permission.EXPORT) or by.may(Permission.READ_AUDIT)):
        raise by.refused(f"{by.name} may not export.", cause="EXPORT")
    demonstration = "Demonstration data: the activity, the people and the figures are invented."
    return ExportTable(
        name="demonstration-who-did-what" if is_demonstration else "who-did-what",
        title="Who did what",
        columns=_COLUMNS,
        rows=[_row(row) for row in rows],
        captions=[
            f"{office}: who did what on the register of recommendations.",
            *([demonstration] if is_demonstration else []),
            f"{wanted.sentence(people)} {len(rows):,} in all, newest first.",
            f"Made by {by.name}, {long_date(london_day(made_at))}.",
        ],
        made_at=made_at,
        sheet="Who did what",
    )


def _row(row: AuditRow) -> dict[str, object]:
    there = row.recorded_at.astimezone(LONDON)
    return {
        "recorded_on": there.date(),
        "recorded_at": f"{there:%H:%M:%S}",
        "name": row.name,
        "role": row.role,
        "person": row.person,
        "what": row.what,
        "detail": row.detail,
        "kind": row.kind,
        "reference": row.key if row.kind == "recommendation" else "",
        "about": row.about,
        "service": row.service,
    }
