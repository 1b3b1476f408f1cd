"""The whole site made from its facts: every file, the same bytes for the same facts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final

from monitor.charts.picture import FONTS
from monitor.dates import long_date, short_date
from monitor.domain.sources import fingerprint_of
from monitor.domain.statuses import Assurance, ClosureReason, ForceReport, Position
from monitor.domain.wording import listed
from monitor.packs.site import pages, sections
from monitor.packs.site.addresses import PAGE, Known, mark
from monitor.packs.site.data import data_files
from monitor.packs.site.feeds import ALL, ended_feed, feed_files, feed_of
from monitor.packs.site.ground import Ground, Page
from monitor.packs.site.rendering import Frame, Notice, framed, rendered, style_sheet
from monitor.packs.site.words import day_of
from monitor.services.public_items import PublicItem
from monitor.services.site import SiteFacts, SiteRules

FORM: Final = 1
_ASSETS: Final = (
    "MonitorSans-Regular.woff2",
    "MonitorSans-Semibold.woff2",
    "MonitorSerif-Regular.woff2",
    "MonitorSerif-Semibold.woff2",
    "OFL.txt",
)
_MARK: Final = Path(__file__).with_name("mark.svg")

_DEMONSTRATION: Final = Notice(
    "Demonstration.", "The activity, the people and the figures on this site are invented.", is_grave=False
)
_DRAFT: Final = Notice(
    "DRAFT, not published.", "Nobody has approved what stands here. Do not pass it on.", is_grave=True
)


@dataclass(frozen=True)
class Site:
    """
    The site as made.

    Attributes:
        files: Every file but the redirects and the list of addresses, by its path.
        bodies: A mark of what each page says, whatever the day and the fingerprint in its frame.
        rows: What is told of each recommendation where two publications are compared.
    """

    facts: SiteFacts
    frame: Frame
    pages: Sequence[Page]
    files: Mapping[str, bytes]
    bodies: Mapping[str, str]
    rows: Mapping[str, Mapping[str, str]]
    is_draft: bool

    @property
    def stands(self) -> dict[str, tuple[str, str]]:
        """Return the key and the title of each page, by its path."""
        return {page.path: (page.key, page.title) for page in self.pages}

    def content(self) -> dict[str, Any]:
        """Return the list of pages that a publication is kept by."""
        return {
            "form": FORM,
            "rules": self.facts.rules.as_plain(),
            "as_at": self.facts.view.as_at.isoformat(),
            "head": self.facts.head,
            "pages": {page.path: [page.title, page.key, self.bodies[page.path]] for page in self.pages},
            "files": {path: fingerprint_of(content) for path, content in self.files.items()},
            "rows": {reference: dict(row) for reference, row in self.rows.items()},
        }


def build_site(facts: SiteFacts, *, is_draft: bool = False) -> Site:
    """
    Return the whole site.

    Args:
        is_draft: Every page says that it is one.
    """
    ground = Ground(facts)
    frame = _frame(ground, is_draft=is_draft)
    made = list(_pages(ground))
    files = dict(_files(ground, frame, made))
    return Site(
        facts=facts,
        frame=frame,
        pages=made,
        files=files,
        bodies={page.path: mark(str(page.main)) for page in made},
        rows={item.reference: _told(item, ground) for item in facts.items},
        is_draft=is_draft,
    )


def _frame(ground: Ground, *, is_draft: bool) -> Frame:
    facts, view = ground.facts, ground.facts.view
    where = [
        ("Overview", PAGE),
        ("Recommendations", pages.list_path("everything")),
        ("Reports", f"reports/{PAGE}"),
        *([("Responses", f"responses/{PAGE}")] if ground.documents else []),
        ("Charts", f"charts/{PAGE}"),
        ("What the words mean", f"definitions/{PAGE}"),
        ("Data", f"data/{PAGE}"),
    ]
    notices = [*([_DRAFT] if is_draft else []), *([_DEMONSTRATION] if view.is_demonstration else [])]
    return Frame(
        office=view.office,
        services=listed(list(view.services)),
        as_at=long_date(view.as_at),
        head=facts.head,
        sections=where,
        notices=notices,
        address=facts.rules.address,
    )


def _pages(ground: Ground) -> Iterator[Page]:
    yield pages.overview_page(ground)
    yield from pages.list_pages(ground)
    yield from pages.recommendation_pages(ground)
    yield from sections.report_pages(ground)
    yield from sections.response_pages(ground)
    yield from sections.chart_pages(ground)
    yield sections.definitions_page(ground)
    yield sections.data_page(ground)
    yield sections.accessibility_page(ground)


def _files(ground: Ground, frame: Frame, made: Sequence[Page]) -> Iterator[tuple[str, bytes]]:
    yield "assets/site.css", style_sheet()
    yield "assets/mark.svg", _MARK.read_bytes()
    for name in _ASSETS:
        yield f"assets/{name}", (FONTS / name).read_bytes()
    yield from data_files(ground)
    yield from feed_files(ground)
    for one in ground.facts.responses:
        if one.docx and one.inspection_id in ground.documents:
            yield ground.response_pages[one.inspection_id].removesuffix(PAGE) + sections.WORD_FILE, one.docx
    everything = (ALL, "All changes")
    for page in made:
        content = framed(
            frame,
            page.path,
            page.main,
            title=page.title,
            description=page.description,
            feeds=[everything, *page.feeds],
        )
        yield page.path, content


def _told(item: PublicItem, ground: Ground) -> dict[str, str]:
    """Return what is told of a recommendation where two publications are compared."""
    row = item.row
    due, first, closed = (day_of(row[name]) for name in ("current_target", "original_target", "closed_on"))
    return {
        "Title": row["short_title"],
        "Address": ground.pages[item.reference].removesuffix(PAGE),
        "Force reports": ForceReport(row["force_report"]).word,
        "Office": Assurance(row["assurance"]).word,
        "Inspectorate": Position(row["position"]).word,
        "First set": short_date(first) if first else "",
        "Target": short_date(due) if due else "",
        "Closed": short_date(closed) if closed else "",
        "Closed as": ClosureReason(row["closure_reason"]).word if row["closure_reason"] else "",
    }


# What is gone


def redirects(site: Site, addresses: Mapping[str, Known], files: Sequence[str]) -> dict[str, bytes]:
    """
    Return what stands at each address that was published and is gone: a page that leads on, or a feed that has ended.

    Args:
        addresses: Every address ever published.
        files: Every file that the site had in the folder.
    """
    made = {path: _moved(site, path, known) for path, known in addresses.items() if known.to}
    began = datetime.combine(site.facts.view.as_at, time(), UTC)
    for path in files:
        if (
            path.endswith(f"/{ALL}")
            and path not in site.files
            and feed_of(path.removesuffix(ALL) + PAGE) == path
        ):
            made[path] = ended_feed(path, site.frame.office, began, site.frame.address)
    return made


def _moved(site: Site, path: str, known: Known) -> bytes:
    key, title = site.stands[known.to]
    has_moved = key == known.key
    words = "It now stands at:" if has_moved else "What stood here is no longer on this site. Go on to:"
    heading = f"{known.title}: this page has {'moved' if has_moved else 'gone'}"
    main = rendered("moved", path, heading=heading, words=words, target=known.to, target_title=title)
    return framed(site.frame, path, main, title=heading, goes_to=known.to)


def rules_of(content: Mapping[str, Any]) -> SiteRules:
    """Return the rules by which a kept publication was made."""
    return SiteRules.from_plain(content["rules"])
