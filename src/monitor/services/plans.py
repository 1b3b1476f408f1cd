"""
What an import would do, before it does anything: reports and rows as read, and how each stands to the register.

A plan is a value. A person corrects it by making another (`with_report`, `with_item`, `settled`); `monitor.services.standing`
holds it against the register, and `monitor.services.importing` stores what was ticked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from monitor.domain.deadlines import read_deadline
from monitor.domain.responses import last_day_if_known
from monitor.domain.statuses import Confidence, ForceReport, Precision, Standing
from monitor.importers.faults import Fault
from monitor.importers.tracker import Tracker

SETTLED_NEW: Final = ""
"""What `settled` names for a row that a person says is new."""


@dataclass(frozen=True, slots=True)
class Difference:
    """
    One field in which a file and the register do not agree.

    Attributes:
        field: "text", "owner", "published_on" ...
        before, after: As people read them; empty where there is nothing.
    """

    field: str
    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Update:
    """
    What the force is said to have reported on a day.

    Attributes:
        is_status_only: The file has a status and no words; `text` says so.
        is_undated: The file gives no day, so it is the day of the import.
    """

    day: date
    status: ForceReport
    text: str
    confidence: Confidence | None = None
    blocked_by: str = ""
    is_status_only: bool = False
    is_undated: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the text of a file: a half-open range of characters, and for a sheet in words."""

    start: int
    end: int
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemPlan:
    """
    One recommendation that was read.

    Attributes:
        key: Its name within the file.
        given: What it is taken in with, by the names of `intake.take_in_recommendation`; `opened_on` besides.
            Its `parent` is the key of the cause of concern that it stands under in the same file.
        updates: What the force is said to have reported, oldest first.
        guarded: Values of columns that an import cannot set, as read, with the heading of each.
        found: Reference of the row of the register that it is; None where there is none.
        version: Version of that row when it was held against it.
        differences: What taking it would change.
        headings: The headings of the sheet by the fields they hold; empty for a document.
        noted: What is left out of it, and why.
        proposed: The next free reference, where nobody has given one; it stands in `given` as well.
        settled: What a person said it is: a reference, `SETTLED_NEW`, or None where nobody was asked.
    """

    key: str
    service: str
    given: Mapping[str, Any]
    place: Place
    updates: tuple[Update, ...] = ()
    guarded: Mapping[str, tuple[str, Any]] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    standing: Standing = Standing.NEW
    found: str | None = None
    version: int | None = None
    why: str = ""
    differences: tuple[Difference, ...] = ()
    problems: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()
    proposed: str = ""
    settled: str | None = None

    @property
    def can_be_taken(self) -> bool:
        """Tell whether taking it would do something that is clear."""
        return self.standing in (Standing.NEW, Standing.CHANGED)

    @property
    def changes_wording(self) -> bool:
        """Tell whether taking it would record other words of the inspectorate."""
        return any(one.field == "text" for one in self.differences)


@dataclass(frozen=True, kw_only=True)
class ReportPlan:
    """
    One report that was read, with its recommendations.

    Attributes:
        place: Which of the reports in the file it is, from 0.
        given: Fields of `Inspection`, as they would be taken in.
        found: Number of the report of the register that it is; None where there is none.
        inside: Place of the report in whose response it stands.
        problems: What a person is asked or told.
        statements: Who says what in the response, in printed order; it is shown, not stored.
        mechanisms: Boards, checks and audits that are named, each with the sentence: evidence to confirm.
        settled: Number of the report that a person said it is, 0 for a new one, None where nobody was asked.
    """

    place: int
    service: str
    given: Mapping[str, Any]
    items: tuple[ItemPlan, ...] = ()
    standing: Standing = Standing.NEW
    found: int | None = None
    why: str = ""
    inside: int | None = None
    differences: tuple[Difference, ...] = ()
    problems: tuple[str, ...] = ()
    statements: tuple[tuple[str, str], ...] = ()
    mechanisms: tuple[tuple[str, str], ...] = ()
    settled: int | None = None

    @property
    def key(self) -> str:
        """Return its name among what can be ticked."""
        return f"report-{self.place}"

    @property
    def last_day_to_respond(self) -> date | None:
        """Return the statutory last day; None while the day of publication has to be asked for."""
        return last_day_if_known(self.given.get("published_on"), self.given["published_precision"])


@dataclass(frozen=True, kw_only=True)
class FilePlan:
    """
    What one file holds, and what taking it in would do.

    Attributes:
        text: The file's text as read; each passage is a range of it.
        read_faults, rule_faults: What cannot be read, and what the register's rules refuse.
        tracker: How a sheet was understood; None for a document.
    """

    name: str
    fingerprint: str
    form: str
    service: str
    content: bytes = field(repr=False)
    text: str = field(default="", repr=False)
    notes: tuple[str, ...] = ()
    reports: tuple[ReportPlan, ...] = ()
    read_faults: tuple[Fault, ...] = ()
    rule_faults: tuple[Fault, ...] = ()
    tracker: Tracker | None = field(default=None, repr=False)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return what keeps it from being taken in; nothing of it is stored while there is one."""
        return (*self.read_faults, *self.rule_faults)

    @property
    def is_refused(self) -> bool:
        """Tell whether it cannot be taken in as it is."""
        return bool(self.faults)

    @property
    def items(self) -> list[ItemPlan]:
        """Return every recommendation that was read, in order."""
        return [item for report in self.reports for item in report.items]

    def count(self, standing: Standing) -> int:
        """Return how many recommendations stand so."""
        return sum(1 for item in self.items if item.standing is standing)

    def everything(self, *, wording: bool = True) -> frozenset[str]:
        """
        Return the keys of all that can be taken.

        Args:
            wording: Also rows that would record other words of the inspectorate.
        """
        clear = [report for report in self.reports if report.standing is not Standing.DOUBTFUL]
        rows = {item.key for report in clear for item in report.items if item.can_be_taken}
        if not wording:
            rows -= {item.key for item in self.items if item.changes_wording}
        return frozenset(rows | {report.key for report in clear})

    # Corrections: each returns another plan, to be held against the register again.

    def with_report(self, place: int, **given: Any) -> "FilePlan":
        """Return it with a report's fields put right; deadlines that count from publication are read again."""
        return self._with(place, lambda report: _dated(replace(report, given={**report.given, **given})))

    def with_item(self, key: str, **given: Any) -> "FilePlan":
        """Return it with a recommendation's fields put right."""
        return self._with_item(key, lambda item: replace(item, given={**item.given, **given}))

    def with_version(self, key: str, version: int) -> "FilePlan":
        """Return it with the version of the row that a person saw."""
        return self._with_item(key, lambda item: replace(item, version=version))

    def settle_report(self, place: int, found: int) -> "FilePlan":
        """Return it with the report of the register that a report is, 0 for a new one, as a person said."""
        return self._with(place, lambda report: replace(report, settled=found))

    def settle_item(self, key: str, found: str) -> "FilePlan":
        """Return it with the row of the register that a recommendation is, as a person said."""
        return self._with_item(key, lambda item: replace(item, settled=found))

    def _with(self, place: int, change: Any) -> "FilePlan":
        reports = tuple(change(report) if report.place == place else report for report in self.reports)
        return replace(self, reports=reports)

    def _with_item(self, key: str, change: Any) -> "FilePlan":
        reports = tuple(
            replace(report, items=tuple(change(item) if item.key == key else item for item in report.items))
            for report in self.reports
        )
        return replace(self, reports=reports)


def _dated(report: ReportPlan) -> ReportPlan:
    """Return the report with the deadlines of its items read again, where they had no date for want of a day."""
    return replace(report, items=tuple(_dated_item(item, report.given) for item in report.items))


def _dated_item(item: ItemPlan, report: Mapping[str, Any]) -> ItemPlan:
    given = item.given
    if given.get("due_on") is not None or not given.get("due_phrase"):
        return item
    reading = read_deadline(
        given["due_phrase"],
        published=report.get("published_on"),
        published_precision=report["published_precision"],
    )
    if reading.due is None:
        return item
    read = {"due_on": reading.due, "due_precision": reading.precision, "due_rule": reading.rule}
    return replace(item, given={**given, **read})


def opened_on(published_on: date | None, precision: Precision, today: date, *others: date | None) -> date:
    """
    Return the day from which something taken in counts as open.

    Returns:
        The day of publication where it is known to the day; otherwise the earliest other day known, else today.
    """
    if published_on is not None and precision is Precision.DAY and published_on <= today:
        return published_on
    return min([day for day in others if day is not None and day <= today], default=today)


def answer_of(plan: FilePlan, outcome: str = "") -> dict[str, Any]:
    """Return a plan as `monitor import --json` prints it."""
    return {
        "file": plan.name,
        "outcome": outcome or ("refused" if plan.is_refused else "ready"),
        **{standing.value: plan.count(standing) for standing in Standing},
        "problems": problems_of(plan),
        "reports": [_report_answer(report) for report in plan.reports],
    }


def _report_answer(report: ReportPlan) -> dict[str, Any]:
    published, last_day = report.given.get("published_on"), report.last_day_to_respond
    return {
        "title": report.given["title"] or None,
        "standing": report.standing.value,
        "published": published.isoformat() if published else None,
        "published_precision": report.given["published_precision"].value,
        "last_day_to_respond": last_day.isoformat() if last_day else None,
        "recommendations": len(report.items),
    }


def problems_of(plan: FilePlan) -> list[dict[str, str]]:
    """Return everything a person is told of a plan: faults first, then what is asked."""
    told = [
        {"where": one.where, "found": one.found, "wanted": one.wanted, "message": one.message}
        for one in plan.faults
    ]
    told += [_asked(plan.name, note) for note in plan.notes]
    for report in plan.reports:
        where = report.given["title"] or f"report {report.place + 1}"
        told += [_asked(where, said) for said in (report.why, *report.problems) if said]
        for item in report.items:
            named = item.found or item.place.words or item.given["short_title"]
            told += [_asked(named, said) for said in (item.why, *item.problems, *item.noted) if said]
    return told


def _asked(where: str, message: str) -> dict[str, str]:
    return {"where": where, "found": "", "wanted": "", "message": message}


def refused_file(name: str, message: str, problems: Sequence[str] = ()) -> dict[str, Any]:
    """Return the answer for a file that could not be read at all."""
    return {
        "file": name,
        "outcome": "refused",
        **{standing.value: 0 for standing in Standing},
        "problems": [
            {"where": name, "found": "", "wanted": "", "message": said} for said in problems or (message,)
        ],
        "reports": [],
    }
