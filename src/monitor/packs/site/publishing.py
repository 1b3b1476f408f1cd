"""Publishing the site: shown as a draft, proposed with what it changes, let out by a second person, made again as approved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from monitor.dates import long_date
from monitor.domain.access import Actor
from monitor.domain.publications import SitePublication
from monitor.domain.sources import fingerprint_of
from monitor.errors import RuleError
from monitor.packs.site.addresses import Known
from monitor.packs.site.building import Site, build_site, rules_of
from monitor.packs.site.writing import Written, write_site
from monitor.services.site import (
    SiteRules,
    gather_site,
    keep_proposal,
    read_pages,
    read_publications,
)
from monitor.settings import Settings
from monitor.store import Store

_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class RowChange:
    """What is told of one recommendation and differs: "Target", with the old and the new words."""

    reference: str
    title: str
    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SiteChanges:
    """
    What a publication changes against the one approved last.

    Attributes:
        is_first: Nothing was approved before.
        added, changed, gone: Pages by their paths, with their titles. That only the day or the fingerprint in its frame is
            another makes no page a changed one.
        rows: What is told of recommendations and differs; of new ones and gone ones, the title.
        named: Where a name of somebody known to the register stands in titles or printed words.
    """

    is_first: bool
    added: Mapping[str, str]
    changed: Mapping[str, str]
    gone: Mapping[str, str]
    rows: tuple[RowChange, ...]
    named: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Tell whether nothing but the frame differs."""
        return not (self.is_first or self.added or self.changed or self.gone)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A publication as proposed, with what it changes."""

    publication: SitePublication
    changes: SiteChanges


def propose_site(store: Store, *, by: Actor, settings: Settings) -> Proposal:
    """
    Propose to publish the site as it is now, and return what that changes.

    Raises:
        AccessError: for an actor who may not propose a publication.
        RuleError: for a register that has not begun, or where nothing but the day would differ.
    """
    site = _made(store, by=by, rules=SiteRules.of(settings))
    changes = _changes_of(store, site.content(), by=by, named=tuple(site.facts.named))
    if changes.is_nothing:
        raise RuleError(
            "Nothing differs from what was approved last but the day, so there is nothing to propose."
        )
    return Proposal(keep_proposal(store, facts=site.facts, pages=site.content(), by=by), changes)


def changes_now(store: Store, *, by: Actor, settings: Settings) -> SiteChanges:
    """Return what a publication would change if it were proposed now."""
    site = _made(store, by=by, rules=SiteRules.of(settings))
    return _changes_of(store, site.content(), by=by, named=tuple(site.facts.named))


def changes_of(store: Store, *, publication: SitePublication, by: Actor) -> SiteChanges:
    """Return what a proposed publication changes against the one approved last."""
    return _changes_of(store, read_pages(store, publication=publication, by=by), by=by)


def _made(store: Store, *, by: Actor, rules: SiteRules, is_draft: bool = False) -> Site:
    return build_site(gather_site(store, by=by, rules=rules), is_draft=is_draft)


# What changes


def _changes_of(
    store: Store, now: Mapping[str, Any], *, by: Actor, named: tuple[str, ...] = ()
) -> SiteChanges:
    approved = read_publications(store, by=by).approved
    before = read_pages(store, publication=approved, by=by) if approved else None
    return compared(before, now, named=named)


def compared(
    before: Mapping[str, Any] | None, now: Mapping[str, Any], *, named: tuple[str, ...] = ()
) -> SiteChanges:
    """Return what differs between two lists of pages; None before the first."""
    old: Mapping[str, Any] = before or {"pages": {}, "rows": {}, "files": {}}
    was, stands = old["pages"], now["pages"]
    return SiteChanges(
        is_first=before is None,
        added={path: stands[path][0] for path in stands.keys() - was.keys()},
        changed={
            path: stands[path][0] for path in stands.keys() & was.keys() if stands[path][2] != was[path][2]
        },
        gone={path: was[path][0] for path in was.keys() - stands.keys()},
        rows=tuple(_row_changes(old["rows"], now["rows"])),
        named=named,
    )


def _row_changes(
    before: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]
) -> Iterator[RowChange]:
    for reference in sorted(before.keys() | now.keys()):
        was, stands = before.get(reference), now.get(reference)
        if was is None or stands is None:
            title = (stands or was or {})["Title"]
            yield RowChange(
                reference,
                title,
                "Recommendation",
                "" if was is None else title,
                "" if stands is None else title,
            )
            continue
        for heading, words in stands.items():
            if was.get(heading, "") != words:
                yield RowChange(reference, stands["Title"], heading, was.get(heading, ""), words)


# Writing


@dataclass(frozen=True, slots=True)
class Published:
    """What was written, of which publication; none for a draft and for a demonstration."""

    written: Written
    site: Site
    publication: SitePublication | None
    changes: SiteChanges


def preview_site(store: Store, folder: Path, *, by: Actor, settings: Settings) -> Published:
    """
    Write the site as it is now into a folder of its own, each page marked as a draft.

    Raises:
        AccessError, RuleError: as `propose_site` and `write_site`.
    """
    site = _made(store, by=by, rules=SiteRules.of(settings), is_draft=True)
    changes = _changes_of(store, site.content(), by=by, named=tuple(site.facts.named))
    return Published(write_site(folder, site, earlier={}), site, None, changes)


def publish_site(store: Store, folder: Path, *, by: Actor, settings: Settings) -> Published:
    """
    Write the publication that was approved last, exactly as it was approved; a demonstration as it is now.

    Raises:
        AccessError: for an actor who may not propose a publication.
        RuleError: where nothing was approved, where what is made differs from it, and as `write_site`.
    """
    info = store.info()
    if info is not None and info.is_demonstration:
        site = _made(store, by=by, rules=SiteRules.of(settings))
        content = site.content()
        return Published(write_site(folder, site, earlier={}), site, None, compared(content, content))
    known = read_publications(store, by=by)
    approved = known.approved
    if approved is None:
        raise RuleError(_nothing_approved(known.waiting))
    site = make_again(store, publication=approved, by=by)
    earlier: dict[str, Known] = {}
    kept = [read_pages(store, publication=one, by=by) for one in known.all_approved]
    for content in kept:
        for path, (title, key, _) in content["pages"].items():
            first = earlier[path].first if path in earlier else content["as_at"]
            earlier[path] = Known(key, title, first)
    changes = compared(kept[-2] if len(kept) > 1 else None, kept[-1])
    return Published(write_site(folder, site, earlier=earlier), site, approved, changes)


def make_again(store: Store, *, publication: SitePublication, by: Actor) -> Site:
    """
    Return a publication made again from the register as it was known then.

    Raises:
        RuleError: where any file of it differs from what was proposed and approved.
    """
    kept = read_pages(store, publication=publication, by=by)
    facts = gather_site(
        store, by=by, rules=rules_of(kept), as_at=publication.as_at, known_at=publication.known_at
    )
    site = build_site(facts)
    made = {path: fingerprint_of(content) for path, content in site.files.items()}
    other = sorted(
        path for path in made.keys() | kept["files"].keys() if made.get(path) != kept["files"].get(path)
    )
    if other:
        more = f" and {len(other) - _MOST_NAMED:,} more" if len(other) > _MOST_NAMED else ""
        raise RuleError(
            f"The publication of {long_date(publication.as_at)} cannot be made again as it was approved: "
            f"{', '.join(other[:_MOST_NAMED])}{more} would differ. Another release of the product may draw pages "
            "otherwise. Nothing was written; propose it again and let it be approved.",
            differing=tuple(other),
        )
    return site


def _nothing_approved(waiting: SitePublication | None) -> str:
    if waiting is None:
        return (
            "No publication has been approved yet, so nothing was written. See it with monitor publish DIR --preview, "
            "and propose it with monitor publish --propose; another person of the office approves it."
        )
    return (
        f"The publication that {waiting.by_name} proposed on {long_date(waiting.as_at)} waits for another person of the "
        "office to approve it. Nothing was written."
    )
