"""
One file on the desk: its plan, what a person corrected and ticked, and what of it is to be stored.

The plan is what the fields show. Each correction is also kept beside it, so that a file that is read anew, with its
columns understood otherwise, gets the same corrections again.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from monitor.domain.statuses import Precision, Standing
from monitor.errors import MonitorError
from monitor.importers.tracker import plain_heading
from monitor.services.plans import FilePlan, ItemPlan, ReportPlan

CHOSEN_BY_A_PERSON: Final = "chosen by you"

_numbers: Final = itertools.count(1)


@dataclass
class Dropped:
    """
    One file on the desk.

    Attributes:
        columns, words, report_title: What a person said of a sheet.
        reports, items: Fields that a person put right, by the report's place and the recommendation's key.
        ticks: What a person ticked or unticked; where nothing was said, what is new is taken.
        wordings: Rows whose new wording a person wants recorded.
        typed: What stands in a field and cannot be read yet, by the key of the field.
        twins: Reports that another file on the desk holds too, with the name of that file.
        is_stale: The plan was corrected, and has to be held against the register again.
    """

    plan: FilePlan
    number: int = field(default_factory=lambda: next(_numbers))
    columns: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    report_title: str = ""
    reports: dict[int, dict[str, Any]] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    settled_reports: dict[int, int] = field(default_factory=dict)
    settled_items: dict[str, str] = field(default_factory=dict)
    ticks: dict[str, bool] = field(default_factory=dict)
    wordings: set[str] = field(default_factory=set)
    typed: dict[str, str] = field(default_factory=dict)
    twins: dict[str, str] = field(default_factory=dict)
    problem: MonitorError | None = None
    is_stale: bool = False
    is_to_be_read: bool = False
    _shared: tuple[FilePlan, dict[int, tuple[str, ...]]] | None = field(default=None, repr=False)
    _index: tuple[FilePlan, dict[str, tuple[ReportPlan, ItemPlan]]] | None = field(default=None, repr=False)

    # What was read

    def report(self, key: str) -> ReportPlan | None:
        """Return a report by its key."""
        return next((one for one in self.plan.reports if one.key == key), None)

    def item(self, key: str) -> ItemPlan | None:
        """Return a recommendation by its key."""
        return self._rows[key][1] if key in self._rows else None

    def report_of(self, item_key: str) -> ReportPlan:
        """Return the report in which a recommendation stands."""
        return self._rows[item_key][0]

    def own_problems(self, item: ItemPlan) -> tuple[str, ...]:
        """Return what is asked of one recommendation, and not of every one of its report."""
        shared = self.shared_problems(self.report_of(item.key))
        return tuple(said for said in item.problems if said not in shared)

    def shared_problems(self, report: ReportPlan) -> tuple[str, ...]:
        """Return what is asked of every recommendation of a report, so that it is told once."""
        if self._shared is None or self._shared[0] is not self.plan:
            self._shared = (self.plan, {one.place: _shared_problems(one) for one in self.plan.reports})
        return self._shared[1].get(report.place, ())

    @property
    def _rows(self) -> dict[str, tuple[ReportPlan, ItemPlan]]:
        if self._index is None or self._index[0] is not self.plan:
            rows = {item.key: (report, item) for report in self.plan.reports for item in report.items}
            self._index = (self.plan, rows)
        return self._index[1]

    # Corrections

    def correct_report(self, place: int, **given: Any) -> None:
        """Put fields of a report right."""
        self.reports.setdefault(place, {}).update(given)
        self.plan = _with_report(self.plan, place, given)
        self.is_stale = True

    def correct_item(self, key: str, **given: Any) -> None:
        """Put fields of a recommendation right."""
        self.items.setdefault(key, {}).update(given)
        self.plan = self.plan.with_item(key, **given)
        self.is_stale = True

    def settle_report(self, place: int, found: int) -> None:
        """Say which report of the register it is; 0 for a new one."""
        self.settled_reports[place] = found
        self.plan = self.plan.settle_report(place, found)
        self.is_stale = True

    def settle_item(self, key: str, found: str) -> None:
        """Say which row of the register it is; empty for a new one."""
        self.settled_items[key] = found
        self.plan = self.plan.settle_item(key, found)
        self.is_stale = True

    def choose_column(self, heading: str, key: str) -> None:
        """Say what a column holds; empty to leave it out."""
        self._keep_choices()
        self.columns[plain_heading(heading)] = key
        self.is_to_be_read = True

    def choose_word(self, found: str, value: str) -> None:
        """Say what a word for the status means; empty for none."""
        self._keep_choices()
        self.words[found.casefold()] = value
        self.is_to_be_read = True

    def _keep_choices(self) -> None:
        """Keep what was settled for such a sheet earlier, which a choice of our own would otherwise replace."""
        tracker = self.plan.tracker
        if tracker is None or self.columns or self.words:
            return
        self.columns = {
            plain_heading(one.heading): one.field for one in tracker.columns if one.how == CHOSEN_BY_A_PERSON
        }
        self.words = {
            one.found.casefold(): one.value.value
            for one in tracker.words
            if one.value is not None and not one.is_guess
        }

    def corrected(self, plan: FilePlan) -> FilePlan:
        """Return a plan that was read anew with everything that a person said of the one before."""
        for place, given in self.reports.items():
            plan = _with_report(plan, place, given)
        for key, given in self.items.items():
            plan = plan.with_item(key, **given)
        for place, found in self.settled_reports.items():
            plan = plan.settle_report(place, found)
        for key, reference in self.settled_items.items():
            plan = plan.settle_item(key, reference)
        return plan

    # Ticks

    def can_tick(self, item: ItemPlan) -> bool:
        """Tell whether a recommendation can be ticked: something would happen, and it is clear what."""
        if self.plan.is_refused or not item.can_be_taken:
            return False
        return self.report_of(item.key).standing is not Standing.DOUBTFUL

    def takes_report(self, report: ReportPlan) -> bool:
        """Tell whether a report is to be taken in, or what is newly known of it to be recorded."""
        if self.plan.is_refused or report.standing not in (Standing.NEW, Standing.CHANGED):
            return False
        return self.ticks.get(report.key, report.key not in self.twins)

    def takes(self, item: ItemPlan) -> bool:
        """Tell whether a new recommendation is to be taken in, or what changed beside the wording to be recorded."""
        if not self.can_tick(item) or is_wording_alone(item):
            return False
        report = self.report_of(item.key)
        if report.standing is Standing.NEW and not self.takes_report(report):
            return False
        return self.ticks.get(item.key, True)

    def takes_wording(self, item: ItemPlan) -> bool:
        """Tell whether the new wording of a recommendation is to be recorded."""
        return item.key in self.wordings and self.can_tick(item) and words_differ(item)

    def tick(self, key: str, *, is_on: bool) -> None:
        """Tick or untick a report with all that is under it, or one recommendation."""
        report = self.report(key)
        if report is not None:
            self.ticks[key] = is_on
            self.ticks.update({item.key: is_on for item in report.items})
            return
        item = self.item(key)
        if item is not None and is_wording_alone(item):
            self.tick_wording(key, is_on=is_on)
            return
        self.ticks[key] = is_on
        if is_on:
            self.ticks[self.report_of(key).key] = True

    def tick_wording(self, key: str, *, is_on: bool) -> None:
        """Say whether the new wording of a recommendation is to be recorded."""
        (self.wordings.add if is_on else self.wordings.discard)(key)

    def to_apply(self) -> tuple[FilePlan, frozenset[str]]:
        """Return the plan with nothing in it that was not ticked, and the keys that are taken."""
        taken = {report.key for report in self.plan.reports if self.takes_report(report)}
        taken |= {item.key for item in self.plan.items if self.takes(item) or self.takes_wording(item)}
        reports = tuple(
            replace(report, items=tuple(self._only_ticked(item) for item in report.items))
            for report in self.plan.reports
        )
        return replace(self.plan, reports=reports), frozenset(taken)

    def _only_ticked(self, item: ItemPlan) -> ItemPlan:
        if not words_differ(item):
            return item
        with_wording, with_rest = self.takes_wording(item), self.takes(item)
        kept = [one for one in item.differences if (with_wording if one.field == "text" else with_rest)]
        return replace(item, differences=tuple(kept))


def _shared_problems(report: ReportPlan) -> tuple[str, ...]:
    if len(report.items) < 2:
        return ()
    first, *others = (item.problems for item in report.items)
    return tuple(said for said in first if all(said in one for one in others))


def words_differ(item: ItemPlan) -> bool:
    """Tell whether the register has the row with other words."""
    return item.standing is Standing.CHANGED and item.changes_wording


def is_wording_alone(item: ItemPlan) -> bool:
    """Tell whether nothing but the wording differs from the register."""
    return words_differ(item) and all(one.field == "text" for one in item.differences)


def _with_report(plan: FilePlan, place: int, given: Mapping[str, Any]) -> FilePlan:
    """Return the plan with a report put right; where its day of publication is, its rows are open from then on."""
    plan = plan.with_report(place, **given)
    if not {"published_on", "published_precision"} & given.keys():
        return plan
    reports = tuple(_opened_then(one) if one.place == place else one for one in plan.reports)
    return replace(plan, reports=reports)


def _opened_then(report: ReportPlan) -> ReportPlan:
    day = report.given.get("published_on")
    if day is None or report.given["published_precision"] is not Precision.DAY:
        return report
    items = (replace(item, given={**item.given, "opened_on": day}) for item in report.items)
    return replace(report, items=tuple(items))
