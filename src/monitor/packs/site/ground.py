"""What every page of the site rests on: the facts, and the address of everything that has a page."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from markupsafe import Markup

from monitor.charts.chart import Chart
from monitor.domain.inspections import Inspection
from monitor.domain.wording import told_title
from monitor.errors import UnreadableFileError
from monitor.exporters.document import Document, from_json
from monitor.packs.drawing import draw_chart
from monitor.packs.site.addresses import PAGE, apart, mark, reference_part, slug
from monitor.packs.site.rendering import row_html
from monitor.packs.site.words import row_of
from monitor.services.filters import Filter
from monitor.services.public_items import PublicItem
from monitor.services.site import SiteFacts

EVERYTHING: Final = Filter(show="everything")
CHARTED: Final = (
    "burn-up",
    "open-late",
    "by-report",
    "timeline",
    "kept-dates",
    "slippage",
    "evidence-grade",
    "evidence",
    "age",
    "workload-board",
)
"""The charts of the site: all but the one that counts by owner, and the ledger, which stands with its recommendation."""


@dataclass(frozen=True)
class Page:
    """
    A page of the site before its frame is put round it.

    Attributes:
        path: Its file, from the beginning of the site.
        key: What stands there, whatever it comes to be called.
        main: What it says.
        feeds: Feeds beside that of everything.
    """

    path: str
    key: str
    title: str
    main: Markup
    description: str = ""
    feeds: Sequence[tuple[str, str]] = ()


@dataclass
class Ground:
    """The facts, and where each thing stands."""

    facts: SiteFacts
    _rows: dict[tuple[str, int], Markup] = field(default_factory=dict)

    @cached_property
    def items(self) -> Mapping[str, PublicItem]:
        """Return every recommendation by its reference."""
        return {item.reference: item for item in self.facts.items}

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """Return the page of each recommendation, by reference."""
        parts = apart(reference_part(item.reference) for item in self.facts.items)
        return {
            item.reference: f"recommendations/{part}/{PAGE}"
            for item, part in zip(self.facts.items, parts, strict=True)
        }

    @cached_property
    def report_pages(self) -> Mapping[int, str]:
        """Return the page of each report, by its number."""
        parts = apart(slug(plain_title(report), otherwise="report") for report in self.facts.reports)
        return {
            report.id: f"reports/{part}/{PAGE}"
            for report, part in zip(self.facts.reports, parts, strict=True)
        }

    @cached_property
    def response_pages(self) -> Mapping[int, str]:
        """Return the page of each published response that is kept, by the number of its report."""
        return {
            number: self.report_pages[number].replace("reports/", "responses/", 1)
            for number in self.documents
        }

    @cached_property
    def documents(self) -> Mapping[int, Document]:
        """Return what each published response says that is kept whole, by the number of its report."""
        found = {}
        for one in self.facts.responses:
            with suppress(UnreadableFileError):  # `monitor verify` names what was spoilt
                if one.content is not None:
                    found[one.inspection_id] = from_json(one.content)
        return found

    @cached_property
    def charts(self) -> Mapping[str, Chart]:
        """Return the charts of the site that have something to draw or to list."""
        drawn = {name: draw_chart(self.facts.view, name, EVERYTHING) for name in CHARTED}
        return {name: chart for name, chart in drawn.items() if chart.drawing is not None or len(chart.table)}

    def rows(self, references: Sequence[str], path: str) -> list[Markup]:
        """Return recommendations as lines of a list on a page."""
        return [self._row(reference, path) for reference in references]

    def _row(self, reference: str, path: str) -> Markup:
        at = reference, path.count("/")
        if at not in self._rows:
            self._rows[at] = row_html(row_of(self.items[reference], self.pages[reference]), path)
        return self._rows[at]

    def item_key(self, item: PublicItem) -> str:
        """Return by what a recommendation is known whatever its reference: its first words and when they came."""
        known_by = (item.row["service"], item.recorded_at.isoformat(), item.first_text)
        return f"recommendation/{mark('|'.join(known_by))}"

    def report_key(self, report: Inspection) -> str:
        """Return by what a report is known whatever its title."""
        known_by = (report.service, report.recorded_at.isoformat(), report.programme.value)
        return f"report/{mark('|'.join(known_by))}"


def plain_title(report: Inspection) -> str:
    """Return a report's title; that it belongs to the demonstration is said at the head of every page."""
    return told_title(report.title)
