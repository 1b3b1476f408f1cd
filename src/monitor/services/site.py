"""
The public site: everything that it may say, and its publication on the decision of two people.

What it says is read as the public reads the register, whoever asks: nothing under embargo, nothing restricted, nothing of
private meetings, and no name of a person. A publication is proposed by one person of the office and let out by another.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from monitor.dates import london_day
from monitor.domain.access import SYSTEM, Actor, Permission, Role
from monitor.domain.entries import Link
from monitor.domain.history import GENESIS, HistoryRow, canonical
from monitor.domain.inspections import Inspection
from monitor.domain.publications import (
    Publications,
    PublicText,
    SiteApproval,
    SitePublication,
    check_approval,
)
from monitor.domain.record import Record
from monitor.domain.response_desk import ResponseStage
from monitor.domain.text import is_web_address
from monitor.errors import NotFoundError, RuleError, SetupError
from monitor.services.public_items import (
    PublicItem,
    Withholding,
    name_pattern,
    people_of,
    public_item,
)
from monitor.services.since import Since, since, start_of
from monitor.services.view import RegisterView, register_view
from monitor.settings import Settings, Titles
from monitor.store import Reader, Store

SITE_READER: Final = Actor(id="public", name="The public", roles=frozenset({Role.PUBLIC_VIEWER}))
"""As whom the register is read for the site: somebody without an account, of every service."""

PROPOSED: Final = "site publication proposed"
APPROVED: Final = "site publication approved"
BLANKED: Final = ("owner", "executive_lead", "asked", "blocked_by", "closure_test")
"""Columns of the register that hold names of people, or words that somebody wrote for the office."""

_ROWS_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class SiteRules:
    """
    What an office has settled about its site. Kept with each publication, so that it is made again as it was.

    Attributes:
        address: Where the site is reached; empty where that is not known.
        texts: Which words written for the office are public.
    """

    titles: Titles = field(default_factory=Titles)
    update_every_days: int = 30
    address: str = ""
    contact: str = ""
    texts: frozenset[PublicText] = frozenset()

    @classmethod
    def of(cls, settings: Settings) -> "SiteRules":
        """
        Return what is settled here.

        Raises:
            SetupError: for words that are no kind of text, or an address that no browser opens.
        """
        known = {one.value: one for one in PublicText}
        if unknown := [one for one in settings.public_texts if one not in known]:
            raise SetupError(f'MONITOR_PUBLIC_TEXTS names "{unknown[0]}". It can name: {", ".join(known)}.')
        address = settings.public_address
        if address and not (is_web_address(address) and "?" not in address and "#" not in address):
            raise SetupError(
                f'MONITOR_PUBLIC_ADDRESS is "{address}". Write where the site begins, as in '
                "https://recommendations.example.org/."
            )
        return cls(
            titles=settings.titles,
            update_every_days=settings.update_every_days,
            address=f"{address.rstrip('/')}/" if address else "",
            contact=settings.public_contact,
            texts=frozenset(known[one] for one in settings.public_texts),
        )

    def as_plain(self) -> dict[str, Any]:
        """Return them as JSON has them."""
        titles = {f.name: getattr(self.titles, f.name) for f in fields(Titles)}
        texts = sorted(one.value for one in self.texts)
        return {
            "titles": titles,
            "update_every_days": self.update_every_days,
            "address": self.address,
            "contact": self.contact,
            "texts": texts,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "SiteRules":
        """Return the rules that `as_plain` gave."""
        return cls(
            titles=Titles(**plain["titles"]),
            update_every_days=plain["update_every_days"],
            address=plain["address"],
            contact=plain["contact"],
            texts=frozenset(PublicText(one) for one in plain["texts"]),
        )


@dataclass(frozen=True)
class PublishedResponse:
    """
    A response to a report as it was published, the last one.

    Attributes:
        content: What it says, as JSON of a document; None for one that was published before it could be kept here.
        docx: The Word document, byte for byte.
        link: Where else it can be read; empty for nowhere.
    """

    inspection_id: int
    title: str
    on: date
    content: bytes | None
    docx: bytes | None
    link: str = ""


@dataclass(frozen=True)
class SiteFacts:
    """
    Everything that the site may say, as known at one moment.

    Attributes:
        view: The register as the public reads it, without names of people.
        items: In the order in which they became public.
        reports: In the order in which they became public.
        since: What changed since the last Conference.
        head: Hash of the last history row about anything on the site.
        named: Where the name of somebody known to the register stands in what is published, for a person to look at.
    """

    rules: SiteRules
    view: RegisterView
    items: Sequence[PublicItem]
    reports: Sequence[Inspection]
    responses: Sequence[PublishedResponse]
    since: Since
    known_at: datetime
    head: str
    named: Sequence[str]


def gather_site(
    store: Store,
    *,
    by: Actor,
    rules: SiteRules,
    as_at: date | None = None,
    known_at: datetime | None = None,
) -> SiteFacts:
    """
    Return everything that the public site says: the same whoever asks.

    Args:
        as_at: The day it shows; that of the moment unless told.
        known_at: A past moment, to make a publication again; now unless told.

    Raises:
        AccessError: for an actor who may not propose a publication.
        RuleError: for a register that has not begun.
    """
    by.require(Permission.PUBLISH_SITE)
    with store.reading() as reader:
        if reader.info() is None:
            raise RuleError("This register has not begun, so there is nothing to publish.")
        newest, now = reader.history_head(), reader.clock_now()
        # What was written at this very moment belongs to it.
        moment = known_at or max(now, newest.recorded_at if newest else now) + timedelta(microseconds=1)
        day = as_at or min(london_day(moment), london_day(now))
        seen = register_view(
            store, by=SITE_READER, as_at=day, known_at=moment, in_public=True, titles=rules.titles
        )
        view = _without_names(seen)
        records = _records(reader, view)
        names = {name for record in records for name in people_of(record)}
        names |= {state.account.name for state in reader.account_states()}
        return SiteFacts(
            rules=rules,
            view=view,
            items=_items(records, view, Withholding(rules.texts, names)),
            reports=_in_public_order(view.inspections.values()),
            responses=_responses(reader, view, moment),
            since=since(store, view=view, start=start_of(view), by=SITE_READER),
            known_at=moment,
            head=_head(reader, view, moment),
            named=tuple(_named(view, names - {SYSTEM.name})),
        )


def _without_names(view: RegisterView) -> RegisterView:
    """Return the view with nothing in it that names a person, so that no chart, table or sentence can."""
    return replace(view, rows=view.rows.assign(**dict.fromkeys(BLANKED, "")))


def _in_public_order(reports: Any) -> list[Inspection]:
    """Return reports in the order in which they became public, which no later one can change."""

    def became_public(report: Inspection) -> tuple[datetime, int]:
        return max(report.recorded_at, report.embargo_until or report.recorded_at), report.id

    return sorted(reports, key=became_public)


# Recommendations


def _records(reader: Reader, view: RegisterView) -> list[Record]:
    """Return the public ones as known, each without what it names and is not public, as they became public."""
    shown = set(view.rows["reference"])
    order = {report.id: place for place, report in enumerate(_in_public_order(view.inspections.values()))}
    found = []
    for record in reader.records():
        past = record.as_known(view.known_before) if record.reference in shown else None
        if past is not None:
            named = {past.parent, *(link.other for link in past.links)}
            found.append(past.as_seen(named - shown))
    return sorted(found, key=lambda record: (order[record.inspection_id], record.id))


def _items(records: Sequence[Record], view: RegisterView, withholding: Withholding) -> list[PublicItem]:
    rows = {str(row["reference"]): row for row in view.rows.to_dict("records")}
    linked: dict[str, list[tuple[str, str]]] = defaultdict(list)
    under: dict[str, list[str]] = defaultdict(list)
    for record in records:
        linked[record.reference] += [(link.kind.word, link.other) for link in record.links]
        if record.parent:
            under[record.parent].append(record.reference)
    for record in records:
        for link in record.links:
            linked[link.other].append((link.kind.seen_from_there, record.reference))
    return [
        public_item(
            record,
            {str(name): value for name, value in rows[record.reference].items()},
            day=view.as_at,
            linked=list(dict.fromkeys(linked[record.reference])),
            under_it=under[record.reference],
            withholding=withholding,
        )
        for record in records
    ]


def _named(view: RegisterView, names: set[str]) -> Iterator[str]:
    """Yield where a title, a board or printed words hold the name of somebody known to the register."""
    pattern = name_pattern(name for name in names if " " in name.strip())
    if pattern is None:
        return
    for column, heading in _LOOKED_AT.items():
        for reference, words in zip(view.rows["reference"], view.rows[column], strict=True):
            if found := pattern.search(words):
                yield f"{reference}, {heading}: {found[0]}"
    for report in view.inspections.values():
        for words in (report.title, *report.key_findings):
            if found := pattern.search(words):
                yield f"{report.title}, title or findings: {found[0]}"


_LOOKED_AT: Final = {
    "short_title": "short title",
    "text": "printed words",
    "board": "board",
    "themes": "themes",
    "target_phrase": "target as printed",
}


# Responses and history


def _responses(reader: Reader, view: RegisterView, moment: datetime) -> list[PublishedResponse]:
    """Return the last publication of each response to a public report, in the order of the reports."""
    last = {
        step.inspection_id: step
        for step in reader.response_steps()
        if step.stage in _PUBLISHED and step.recorded_at < moment
    }
    found = []
    for report in _in_public_order(view.inspections.values()):
        step = last.get(report.id)
        content = reader.published_content(step.content) if step and step.content else None
        docx = reader.published_content(step.docx) if step and step.docx else None
        if step is not None:
            link = step.link if is_web_address(step.link) else ""
            found.append(PublishedResponse(report.id, report.title, step.happened_on, content, docx, link))
    return found


_PUBLISHED: Final = (ResponseStage.PUBLISHED, ResponseStage.PUBLISHED_EARLIER)


def _head(reader: Reader, view: RegisterView, moment: datetime) -> str:
    """
    Return the hash of the last history row about something that the site shows.

    Rows about anything else are passed over: that they were written makes no difference to a byte of the site. The hash
    covers them all the same, since each covers the one before it.
    """
    references = set(view.rows["reference"])
    reports = {str(number) for number in view.inspections}
    before: int | None = None
    while rows := reader.history(before=before, limit=_ROWS_AT_ONCE):
        for row in rows:
            if row.recorded_at < moment and _is_shown(row, references, reports):
                return row.hash
        before = rows[-1].seq
    return GENESIS


def _is_shown(row: HistoryRow, references: set[str], reports: set[str]) -> bool:
    if row.subject_kind == "inspection":
        return row.subject in reports
    if row.subject_kind != "recommendation" or row.subject not in references:
        return False
    if row.verb != Link.said:
        return True
    return all(entry.get("other") in references for entry in json.loads(row.body)["entries"])


# Publications


def read_publications(store: Store, *, by: Actor) -> Publications:
    """
    Return everything that was proposed and approved.

    Raises:
        AccessError: for an actor who may not propose a publication.
    """
    by.require(Permission.PUBLISH_SITE)
    with store.reading() as reader:
        return reader.site_publications()


def read_pages(store: Store, *, publication: SitePublication, by: Actor) -> dict[str, Any]:
    """
    Return the list of pages that a publication was proposed with, and what it was made by.

    Raises:
        AccessError: for an actor who may not propose a publication.
        NotFoundError: where that list is no longer kept.
    """
    by.require(Permission.PUBLISH_SITE)
    with store.reading() as reader:
        content = reader.published_content(publication.content)
    if content is None:
        raise NotFoundError(f"The list of pages of publication {publication.id} is no longer kept.")
    told: dict[str, Any] = json.loads(content)
    return told


def keep_proposal(store: Store, *, facts: SiteFacts, pages: Mapping[str, Any], by: Actor) -> SitePublication:
    """
    Keep a publication as it is proposed. One that waits is replaced by it.

    Raises:
        AccessError: for an actor who may not propose a publication.
    """
    by.require(Permission.PUBLISH_SITE)
    with store.writing() as unit:
        proposed = SitePublication(
            id=unit.new_id("site_publication"),
            as_at=facts.view.as_at,
            known_at=facts.known_at,
            head=facts.head,
            content=unit.keep_published(canonical(pages).encode()),
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
        )
        unit.add(proposed, by=by, verb=PROPOSED)
        return proposed


def approve_publication(store: Store, *, publication_id: int, by: Actor) -> SiteApproval:
    """
    Let a proposed publication out.

    Raises:
        AccessError: for whoever proposed it, anybody who also works for the force, and all who are not of the office.
        RuleError: for one that is not the newest or was approved already.
    """
    by.require(Permission.PUBLISH_SITE)
    with store.writing() as unit:
        unit.flush()
        proposed = check_approval(unit.site_publications(), publication_id, by)
        approval = SiteApproval(
            id=unit.new_id("site_approval"),
            publication_id=proposed.id,
            recorded_at=unit.now,
            by=by.id,
            by_name=by.name,
        )
        unit.add(approval, by=by, verb=APPROVED)
        return approval
