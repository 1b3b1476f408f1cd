"""The calendar of the register as a file, and as what a subscribed program reads."""

from monitor.domain.access import Actor
from monitor.exporters.to_ics import Appointment, ics_bytes
from monitor.services.calendar import EntryKind, read_calendar
from monitor.settings import Titles
from monitor.store import Store

MEDIA_TYPE = "text/calendar; charset=utf-8"


def calendar_file(
    store: Store,
    *,
    by: Actor,
    titles: Titles,
    address: str = "",
    service: str | None = None,
    kinds: frozenset[EntryKind] = frozenset(EntryKind),
) -> bytes:
    """
    Return the calendar that somebody may see.

    Args:
        address: Where the product is reached ("https://monitor.example.org"), for the links; none without.
        service, kinds: As `read_calendar` takes them.

    Raises:
        AccessError: for an actor who may not export.
    """
    found = read_calendar(store, by=by, titles=titles, service=service, kinds=kinds)
    appointments = (
        Appointment(
            uid=entry.uid,
            on=entry.on,
            title=entry.title,
            words=entry.words,
            place=entry.place,
            link=f"{address.rstrip('/')}{entry.path}" if address and entry.path else "",
            category=entry.kind.word,
            is_cancelled=entry.is_cancelled,
        )
        for entry in found.entries
    )
    return ics_bytes(found.name, appointments, made_at=found.made_at)
