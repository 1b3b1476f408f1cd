"""Calendars as other programs read them (iCalendar, RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event, vText

from monitor import __version__
from monitor.exporters.document import printable

REFRESH: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A whole day, as a calendar shows it."""

    uid: str
    on: date
    title: str
    words: str = ""
    place: str = ""
    link: str = ""
    category: str = ""
    is_cancelled: bool = False


def ics_bytes(name: str, appointments: Iterable[Appointment], *, made_at: datetime) -> bytes:
    """
    Return a calendar of whole days. The same days at the same moment give the same bytes.

    Args:
        made_at: The moment that each entry says it was written at.
    """
    made = Calendar()
    made.add("prodid", f"-//Recommendations monitor//{__version__}//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    # Programs differ in which of the two they show, and the library takes neither for text by itself.
    for title in ("name", "x-wr-calname"):
        made.add(title, vText(" ".join(printable(name).split())))
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for one in appointments:
        made.add_component(_event(one, made_at))
    content: bytes = made.to_ical()
    return content


def _event(one: Appointment, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", made_at)
    event.add("dtstart", one.on)
    event.add("dtend", one.on + timedelta(days=1))
    event.add("summary", printable(one.title))
    # A day to keep in mind blocks nobody's diary.
    event.add("transp", "TRANSPARENT")
    for name, value in (("description", one.words), ("location", one.place)):
        if value:
            event.add(name, printable(value))
    if one.link:
        event.add("url", one.link)
    if one.category:
        event.add("categories", [one.category])
    if one.is_cancelled:
        event.add("status", "CANCELLED")
    return event
