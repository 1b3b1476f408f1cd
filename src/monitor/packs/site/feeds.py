"""Feeds of changes in Atom: one for everything, one for each report; each entry is known by the same name for ever."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from monitor.dates import long_date
from monitor.domain.sources import fingerprint_of
from monitor.exporters.document import printable
from monitor.packs.site.addresses import PAGE, from_here, public_address
from monitor.packs.site.ground import Ground, plain_title
from monitor.services.public_items import PublicItem

ALL: Final = "feed.xml"
MOST: Final = 60
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NOT_TOLD: Final = ("Link/",)
"""What is known by a number that others can move: which of several links it is."""

register_namespace("", _ATOM)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One change to one recommendation."""

    name: str
    page: str
    title: str
    words: str
    at: datetime


def feed_files(ground: Ground) -> Iterator[tuple[str, bytes]]:
    """Yield each feed with its path."""
    office = ground.facts.view.office
    entries = {item.reference: _entries(ground, item) for item in ground.facts.items}
    of_report: dict[int, list[_Entry]] = defaultdict(list)
    for item in ground.facts.items:
        of_report[item.inspection_id] += entries[item.reference]
    everything = [entry for several in entries.values() for entry in several]
    title = f"{office}: changes to recommendations"
    yield ALL, _feed(ground, ALL, f"site/{office}", title, PAGE, everything)
    for report in ground.facts.reports:
        page, name = ground.report_pages[report.id], ground.report_key(report)
        title = f"Changes to {plain_title(report)}"
        yield feed_of(page), _feed(ground, feed_of(page), name, title, page, of_report[report.id])


def feed_of(page: str) -> str:
    """Return the feed that stands beside the page of a report."""
    return page.removesuffix(PAGE) + ALL


def ended_feed(path: str, office: str, at: datetime, address: str) -> bytes:
    """Return a feed without entries, for an address at which one was published and that is gone."""
    name = f"ended/{path}"
    return _written(path, name, "This feed has ended", PAGE, office, address, [], at)


def _feed(ground: Ground, path: str, name: str, title: str, page: str, entries: Sequence[_Entry]) -> bytes:
    latest = sorted(entries, key=lambda entry: (entry.at, entry.name), reverse=True)[:MOST]
    view = ground.facts.view
    began = datetime.combine(view.as_at, time(), UTC)
    return _written(path, name, title, page, view.office, ground.facts.rules.address, latest, began)


def _entries(ground: Ground, item: PublicItem) -> list[_Entry]:
    key, page = ground.item_key(item), ground.pages[item.reference]
    called = f"{item.row['short_title']} ({item.reference})"
    return [
        _Entry(
            name=f"{key}/{told.key}",
            page=page,
            title=f"{called}: {told.words}",
            words=f"{long_date(told.on)}. {told.words}",
            at=told.recorded_at,
        )
        for told in item.history
        if not told.key.startswith(_NOT_TOLD)
    ]


def _written(
    path: str,
    name: str,
    title: str,
    page: str,
    office: str,
    address: str,
    entries: Sequence[_Entry],
    began: datetime,
) -> bytes:
    """Return a feed; without entries, its moment is the beginning of the day shown."""

    def href(target: str) -> str:
        return f"{address}{public_address(target)}" if address else from_here(path, target)

    feed = Element(f"{{{_ATOM}}}feed")
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "en-GB")
    _text(feed, "id", _name(name))
    _text(feed, "title", title)
    _text(feed, "updated", _moment(max((entry.at for entry in entries), default=began)))
    author = SubElement(feed, f"{{{_ATOM}}}author")
    _text(author, "name", office)
    SubElement(feed, f"{{{_ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": href(page)})
    if address:
        SubElement(
            feed, f"{{{_ATOM}}}link", {"rel": "self", "type": "application/atom+xml", "href": address + path}
        )
    for entry in entries:
        told = SubElement(feed, f"{{{_ATOM}}}entry")
        _text(told, "id", _name(entry.name))
        _text(told, "title", entry.title)
        _text(told, "updated", _moment(entry.at))
        _text(told, "published", _moment(entry.at))
        SubElement(
            told, f"{{{_ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": href(entry.page)}
        )
        _text(told, "summary", entry.words)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _text(parent: Element, name: str, words: str) -> None:
    SubElement(parent, f"{{{_ATOM}}}{name}").text = printable(words)


def _name(words: str) -> str:
    """Return a name that never changes and hangs on no host: a UUID of the eighth version, made of a fingerprint."""
    digits = fingerprint_of(words.encode())
    return f"urn:uuid:{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
