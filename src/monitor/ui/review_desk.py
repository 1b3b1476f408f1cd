"""Everything that lies on the desk while files are looked at, and how it gets there: in the session alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import streamlit as st

from monitor.domain.sources import fingerprint_of
from monitor.domain.statuses import Standing
from monitor.errors import MonitorError, RuleError
from monitor.services.importing import Applied, hold_against, read_file
from monitor.services.plans import ItemPlan
from monitor.services.reports import references_from
from monitor.ui import words
from monitor.ui.frame import Page
from monitor.ui.review_file import Dropped
from monitor.ui.taking_in import TITLE_MAX

_DESK: Final = "_review"


@dataclass(frozen=True)
class Entry:
    """
    One thing that can be looked at: a report, a recommendation, or a file in which there is something to say of it all.

    Attributes:
        number: Which of the files on the desk it belongs to.
        key: Of the report or the recommendation; empty for the file itself.
    """

    number: int
    kind: Literal["file", "report", "item"]
    key: str = ""

    @property
    def name(self) -> str:
        """Return a name for the keys of its widgets."""
        return f"{self.number}-{self.kind}-{self.key}"


@dataclass
class Desk:
    """
    Everything on the desk.

    Attributes:
        chosen: What is looked at; None until somebody chooses.
        refused: Files that could not be read: name and sentence.
        round: Counts how often files were dropped, so that the drop area is empty each time.
        page, turned: Which page of the list is shown, and how often it was turned by something else than its buttons.
        owner: Whose desk it is.
        done: What the last taking in stored.
        problem: Why it was refused.
    """

    owner: str = ""
    files: list[Dropped] = field(default_factory=list)
    chosen: Entry | None = None
    refused: list[tuple[str, str]] = field(default_factory=list)
    round: int = 0
    page: int = 1
    turned: int = 0
    seen: set[str] = field(default_factory=set)
    done: Applied | None = None
    problem: MonitorError | None = None

    def file(self, number: int) -> Dropped | None:
        """Return a file by its number."""
        return next((one for one in self.files if one.number == number), None)

    def entries(self) -> list[Entry]:
        """Return everything that can be looked at, in the order of the files."""
        return list(self._entries())

    def _entries(self) -> Iterator[Entry]:
        for dropped in self.files:
            if dropped.plan.tracker is not None or not dropped.plan.reports:
                yield Entry(dropped.number, "file")
            for report in dropped.plan.reports:
                yield Entry(dropped.number, "report", report.key)
                for item in report.items:
                    yield Entry(dropped.number, "item", item.key)

    def shown(self, entries: Sequence[Entry]) -> Entry:
        """Return what is looked at: as chosen, else what comes first: the columns of a sheet, or a report."""
        if self.chosen is not None and self.chosen in entries:
            return self.chosen
        return entries[0]

    def remove(self, number: int) -> None:
        """Take a file off the desk."""
        self.files = [one for one in self.files if one.number != number]


def desk() -> Desk:
    """Return the desk of this visit."""
    found: Desk = st.session_state.setdefault(_DESK, Desk())
    return found


def desk_of(page: Page) -> Desk:
    """Return the desk of whoever looks; another person in the same visit begins with an empty one."""
    if desk().owner != page.actor.id:
        st.session_state[_DESK] = Desk(owner=page.actor.id)
    return desk()


def read(page: Page, name: str, content: bytes, service: str) -> None:
    """Read one file and lay it on the desk; what cannot be read is named with its sentence."""
    here = desk()
    if any(one.plan.fingerprint == fingerprint_of(content) for one in here.files):
        here.refused.append((name, "This file lies here already."))
        return
    try:
        plan = read_file(page.store, name=name, content=content, service=service, by=page.actor)
    except MonitorError as problem:
        here.refused.append((name, problem.message))
        return
    here.files.append(Dropped(plan))
    _tell_apart(page)


def read_anew(page: Page, dropped: Dropped) -> None:
    """Read a file again with its columns and words as a person said; keep every correction."""
    dropped.is_to_be_read, dropped.problem = False, None
    plan = dropped.plan
    try:
        again = read_file(
            page.store,
            name=plan.name,
            content=plan.content,
            service=plan.service,
            by=page.actor,
            report_title=dropped.report_title,
            columns=dropped.columns,
            words=dropped.words,
        )
        dropped.plan = hold_against(page.store, dropped.corrected(again), by=page.actor)
    except MonitorError as problem:
        dropped.problem = problem
    _tell_apart(page)


def hold_stale(page: Page) -> None:
    """Hold every corrected plan against the register again."""
    stale = [one for one in desk().files if one.is_stale]
    for dropped in stale:
        dropped.plan = hold_against(page.store, dropped.plan, by=page.actor)
        dropped.is_stale = False
    if stale:
        _tell_apart(page)


def hold_all(page: Page) -> None:
    """Hold everything against the register again: somebody else changed it."""
    for dropped in desk().files:
        dropped.is_stale = True
    hold_stale(page)


def _tell_apart(page: Page) -> None:
    """Find what two files hold both, and give their new rows references that differ."""
    titles: dict[str, str] = {}
    taken: set[str] = set()
    for dropped in desk().files:
        dropped.twins = {}
        for report in dropped.plan.reports:
            title = " ".join(str(report.given["title"]).casefold().split())
            if title and report.standing is Standing.NEW and not dropped.plan.is_refused:
                first = titles.setdefault(title, dropped.plan.name)
                if first != dropped.plan.name:
                    dropped.twins[report.key] = first
        for item in dropped.plan.items:
            if item.standing is Standing.NEW:
                taken.add(_give_reference(page, dropped, item, taken))


def _give_reference(page: Page, dropped: Dropped, item: ItemPlan, taken: set[str]) -> str:
    """Return the reference of a new row: the next free one where another row has its own, and nobody gave it that."""
    reference = str(item.given["reference"])
    is_ours = "reference" not in item.headings and "reference" not in dropped.items.get(item.key, {})
    if reference in taken and is_ours:
        reference = next(one for one in references_from(page.view, item.service) if one not in taken)
        dropped.plan = dropped.plan.with_item(item.key, reference=reference)
    return reference


def check(files: Sequence[Dropped]) -> None:
    """
    Do nothing for what can be sent to the service.

    Raises:
        RuleError: for a title that no address could carry.
    """
    for dropped in files:
        for report in dropped.plan.reports:
            title = report.given["title"]
            if report.found is None and dropped.takes_report(report) and len(title) > TITLE_MAX:
                raise RuleError(
                    f'The title "{words.shortened(title, 60)}" has {len(title):,} characters. It can have '
                    f"{TITLE_MAX}: leave out the subtitle."
                )


def promise(files: Sequence[Dropped]) -> str:
    """Return what taking in would do: "Take in 2 reports, 13 recommendations and 1 new wording"; empty for nothing."""
    reports = days = new = changed = wordings = 0
    for dropped in files:
        for report in dropped.plan.reports:
            takes = dropped.takes_report(report)
            reports += takes and report.standing is Standing.NEW
            days += takes and report.standing is Standing.CHANGED
            for item in report.items:
                taken = dropped.takes(item)
                new += taken and item.standing is Standing.NEW
                changed += taken and item.standing is Standing.CHANGED
                wordings += dropped.takes_wording(item)
    counted = (
        (reports, "report", None),
        (new, "recommendation", None),
        (changed, "changed row", None),
        (wordings, "new wording", None),
        (days, "day of publication", "days of publication"),
    )
    parts = [words.plural(number, one, many) for number, one, many in counted if number]
    if not parts:
        return ""
    return f"{'Take in' if reports or new else 'Record'} {words.listed(parts)}"
