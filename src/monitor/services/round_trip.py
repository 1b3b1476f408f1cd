"""
Updates given in a workbook: what it is downloaded with, what an uploaded one would change, and the change itself.

Whatever a workbook says goes through the same rule as the form on My updates, `updating.report_progress`, row by row
in one transaction: an upload can do nothing that a person could not, and does all of it or nothing.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import pandas as pd

from monitor.dates import london_day, long_date
from monitor.domain.access import Actor, Permission
from monitor.domain.entries import ProgressReport
from monitor.domain.history import GENESIS, HistoryRow
from monitor.domain.record import Record, Stamp
from monitor.domain.statuses import Confidence, ForceReport, Precision, ScheduleState, Vocabulary
from monitor.domain.text import TEXT_MAX
from monitor.errors import NotFoundError, RuleError
from monitor.importers.faults import Fault
from monitor.importers.update_form import (
    BLOCKED,
    FILLED,
    HAPPENED,
    KEY,
    STATUS,
    SURE,
    WORDS,
    FormLine,
    Origin,
    same_words,
)
from monitor.importers.update_sheet import FilledForm, UpdateRow
from monitor.services.auditing import history_seen
from monitor.services.changing import not_shown, visible_record
from monitor.services.reading import texts_of
from monitor.services.updating import report_progress
from monitor.services.view import register_view
from monitor.store import Reader, Store

NOTHING_REPORTED: Final = "Nothing reported yet"

Progress = Callable[[int, int], None]
"""Told how many rows are done, and of how many."""


# The download


@dataclass(frozen=True, slots=True)
class UpdateForm:
    """
    What a workbook is downloaded with.

    Attributes:
        is_everyone: True for every open item of the force, False for those of the person alone.
        made_at: The register's moment.
        history_rows, head: How many history rows it rests on that the person may know of, and the last of them.
        lines: One a recommendation, in the order of My updates.
    """

    office: str
    is_demonstration: bool
    is_everyone: bool
    today: date
    made_at: datetime
    history_rows: int
    head: str
    lines: tuple[FormLine, ...]


def update_form(store: Store, *, by: Actor, everyone: bool = False) -> UpdateForm:
    """
    Return the open items for which a person can give updates in a workbook.

    Args:
        everyone: True for all open items of the services granted, False for those the person owns.

    Raises:
        AccessError: for an actor who may not report progress.
    """
    by.require(Permission.REPORT_PROGRESS)
    # The head comes first, so that it names nothing which was written after the rows were read.
    history = history_seen(store, by=by)
    view = register_view(store, by=by)
    with store.reading() as reader:
        made_at = reader.clock_now()
        references = {row.id: row.reference for row in reader.current_rows()}
        reports = {references[i]: said for i, said in reader.entries(ProgressReport).items()}
    lines = [
        _line(row, _last(reports.get(row["reference"], ())))
        for row in _to_update(view.rows, None if everyone else by.name).to_dict("records")
    ]
    return UpdateForm(
        office=view.office,
        is_demonstration=view.is_demonstration,
        is_everyone=everyone,
        today=view.today,
        made_at=made_at,
        history_rows=history.rows,
        head=history.head,
        lines=tuple(lines),
    )


def count_to_update(store: Store, *, by: Actor) -> tuple[int, int]:
    """Return how many open items the person owns, and how many there are in the services granted."""
    by.require(Permission.REPORT_PROGRESS)
    rows = register_view(store, by=by).rows
    return len(_to_update(rows, by.name)), len(_to_update(rows, None))


def _to_update(rows: pd.DataFrame, owner: str | None) -> pd.DataFrame:
    """Return the open items, all or an owner's: asked about by the office first, then the longest without an update."""
    wanted = rows["is_open"] if owner is None else rows["is_open"] & (rows["owner"] == owner)
    mine = rows[wanted]
    asked = (mine["asked"] != "") & (mine["assured_on"] >= mine["last_update_on"])
    return mine.assign(has_been_asked=asked).sort_values(
        ["has_been_asked", "days_since_update", "reference"], ascending=[False, False, True], kind="stable"
    )


def _line(row: dict[Any, Any], last: ProgressReport | None) -> FormLine:
    return FormLine(
        reference=row["reference"],
        short_title=row["short_title"],
        inspection=row["inspection"],
        text=row["text"],
        target_on=None if pd.isna(row["current_target"]) else row["current_target"].date(),
        target_precision=Precision(row["target_precision"]),
        schedule=ScheduleState(row["schedule_state"]).word,
        last_report=_told(last) if last else NOTHING_REPORTED,
        asked=row["asked"],
        earliest=row["opened_on"].date() if isinstance(row["opened_on"], datetime) else row["opened_on"],
        status=ForceReport(row["force_report"]),
        blocked_by=row["blocked_by"],
        version=row["version"],
    )


def _told(report: ProgressReport) -> str:
    """Return a report in one text that a cell can hold."""
    told = f"{report.status.word}, {long_date(report.happened_on)}, {report.by_name}: {report.narrative}"
    return told if len(told) <= TEXT_MAX else f"{told[: TEXT_MAX - 1]}…"


def _last(reports: Sequence[ProgressReport]) -> ProgressReport | None:
    """Return the report that happened last; of two on one day, the one recorded later."""
    return max(reports, key=lambda one: (one.happened_on, one.n), default=None)


# What an upload would change


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell of the difference, in words for people; `before` is what the force last reported."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """One change that was made since the workbook was downloaded: who, when, what, and in which words."""

    who: str
    at: datetime
    verb: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedUpdate:
    """
    One progress report that an upload would record.

    Attributes:
        version: The recommendation's version when the plan was made; another one later is a conflict.
        meanwhile: What was changed since the download, oldest first; nothing if there is no conflict.
    """

    reference: str
    short_title: str
    row: int
    version: int
    status: ForceReport
    narrative: str
    on: date
    confidence: Confidence | None
    blocked_by: str
    cells: tuple[CellChange, ...]
    meanwhile: tuple[Meanwhile, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """
    What an uploaded workbook would change.

    Attributes:
        updates: In the order of the workbook, those in conflict among them.
        unchanged: How many rows say nothing that the register does not have.
        faults: Everything that keeps the workbook from being recorded; with one of them, nothing is.
    """

    name: str
    origin: Origin
    updates: tuple[PlannedUpdate, ...]
    unchanged: int = 0
    faults: tuple[Fault, ...] = ()

    @property
    def clear(self) -> tuple[PlannedUpdate, ...]:
        """Return the updates of what nobody has changed meanwhile."""
        return tuple(one for one in self.updates if not one.meanwhile)

    @property
    def conflicts(self) -> tuple[PlannedUpdate, ...]:
        """Return the updates of what was changed since the download."""
        return tuple(one for one in self.updates if one.meanwhile)


def plan_updates(
    store: Store, *, form: FilledForm, by: Actor, progress: Progress = lambda done, of: None
) -> UpdatePlan:
    """
    Return what an uploaded workbook would change, cell by cell, and everything that is wrong with it; nothing is stored.

    Raises:
        AccessError: for an actor who may not report progress.
        RuleError: for a workbook that was downloaded from another register.
    """
    by.require(Permission.REPORT_PROGRESS)
    updates: list[PlannedUpdate] = []
    faults = list(form.faults)
    unchanged = 0
    with store.reading() as reader:
        _check_origin(reader, form.name, form.origin)
        for place, row in enumerate(form.rows):
            progress(place, len(form.rows))
            found = _plan_row(reader, row, by)
            if isinstance(found, PlannedUpdate):
                updates.append(found)
            elif found is not None:
                faults += found
            elif not row.unread:
                unchanged += 1
    return UpdatePlan(form.name, form.origin, tuple(updates), unchanged, tuple(sorted(faults, key=_by_place)))


def apply_updates(
    store: Store,
    *,
    plan: UpdatePlan,
    by: Actor,
    keep_mine: Collection[str] = (),
    progress: Progress = lambda done, of: None,
) -> list[Record]:
    """
    Record the planned updates, all or none, and return the recommendations that were changed.

    Args:
        keep_mine: References in conflict whose update is recorded after what was changed meanwhile; the others in
            conflict are left as they are.

    Raises:
        AccessError: for an actor who may not report progress.
        RuleError: for a plan with faults.
        ConflictError: when one of them was changed since the plan was made.
    """
    by.require(Permission.REPORT_PROGRESS)
    if plan.faults:
        raise RuleError(
            f"{plan.name} has faults, so nothing of it is recorded. Mend them and upload it again."
        )
    chosen = [one for one in plan.updates if not one.meanwhile or one.reference in keep_mine]
    recorded = []
    with store.writing():
        for place, one in enumerate(chosen):
            progress(place, len(chosen))
            recorded.append(
                report_progress(
                    store,
                    reference=one.reference,
                    status=one.status,
                    narrative=one.narrative,
                    by=by,
                    version=one.version,
                    on=one.on,
                    confidence=one.confidence,
                    blocked_by=one.blocked_by,
                )
            )
    return recorded


def _check_origin(reader: Reader, name: str, told: Origin) -> None:
    last = reader.history_row(told.head)
    is_ours = 0 < told.history_rows <= last.seq if last else (told.history_rows, told.head) == (0, GENESIS)
    if not is_ours:
        raise RuleError(
            f"{name} was not downloaded from this register as it stands. "
            "Download a workbook here, fill that one in and upload it."
        )


def _plan_row(reader: Reader, row: UpdateRow, by: Actor) -> PlannedUpdate | list[Fault] | None:
    """Return what a row would record, or what is wrong with it; nothing where the register has it already."""
    try:
        record = visible_record(reader, row.reference, by)
    except NotFoundError as problem:
        return [row.fault(KEY, row.reference, "a recommendation of this register", problem.message)]
    by.require(Permission.REPORT_PROGRESS, record.service)
    hidden = not_shown(reader, record, by)
    record = record.as_seen(hidden)
    if row.version > record.version:
        said = f"{row.reference} has not been changed as often as its key says. Fill in a new download."
        return [row.fault(KEY, f"v{row.version}", "the key as downloaded", said)]
    held = _Held(row, record, _missed(reader, record, row.version, hidden), london_day(reader.clock_now()))
    if not held.says_something or held.is_known:
        return None
    return held.faults(Stamp(by, row.on or held.today, reader.clock_now())) or held.planned()


@dataclass(frozen=True)
class _Held:
    """A row held against its recommendation; `missed` is what was changed since the download, oldest first."""

    row: UpdateRow
    record: Record
    missed: Sequence[HistoryRow]
    today: date

    @property
    def since(self) -> list[ProgressReport]:
        """Return the progress reports made since the download."""
        begins = self.missed[0].recorded_at if self.missed else None
        return [one for one in self.record.reports if begins is not None and one.recorded_at >= begins]

    @property
    def seen(self) -> ProgressReport | None:
        """Return the last report as the workbook showed it."""
        return _last([one for one in self.record.reports if one not in self.since])

    @property
    def filled(self) -> list[str]:
        """Return the headings of the cells that say something else than when downloaded."""
        row, seen = self.row, self.seen
        status, blocked_by = (seen.status, seen.blocked_by) if seen else (ForceReport.NOT_STARTED, "")
        filled = (
            (STATUS, row.status not in (None, status)),
            (WORDS, row.narrative),
            (HAPPENED, row.on),
            (SURE, row.confidence),
            (BLOCKED, not same_words(row.blocked_by, blocked_by)),
        )
        return [heading for heading, is_so in filled if is_so]

    @property
    def says_something(self) -> bool:
        """Tell whether anything was filled in, readable or not."""
        return bool(self.filled) or not self.row.unread.isdisjoint(FILLED)

    @property
    def is_known(self) -> bool:
        """Tell whether the register has this very report: recorded since the download, or the last one of the same day."""
        row, seen = self.row, self.seen
        before = [seen] if seen and seen.happened_on == (row.on or self.today) else []
        return row.unread.isdisjoint(FILLED) and any(
            one.status is row.status
            and one.confidence is row.confidence
            and row.on in (None, one.happened_on)
            and same_words(one.narrative, row.narrative)
            and same_words(one.blocked_by, row.blocked_by)
            for one in (*self.since, *before)
        )

    def faults(self, stamp: Stamp) -> list[Fault]:
        """Return everything that keeps the row from being recorded; nothing for a row that can be."""
        row, found = self.row, []
        if row.status is None and STATUS not in row.unread:
            accepted = ", ".join(member.word for member in ForceReport)
            found.append(
                row.fault(
                    STATUS, None, f"one of: {accepted}", f"the cell is empty. Choose one of: {accepted}."
                )
            )
        if not row.narrative and WORDS not in row.unread:
            filled = " and ".join(f'"{heading}"' for heading in self.filled) or "the row"
            said = f"{filled} changed, and no words say what has changed. Write them, or undo the change."
            found.append(row.fault(WORDS, None, "what has changed, in words", said))
        try:
            # Tried on a copy: the rule is asked, and nothing is kept.
            replace(self.record, reports=list(self.record.reports), new=[]).report(
                stamp, status=row.status or ForceReport.NOT_STARTED, narrative=row.narrative or "-"
            )
        except RuleError as problem:
            found.append(self._broken(problem))
        return found

    def _broken(self, problem: RuleError) -> Fault:
        """Return the fault of a row that a rule refuses: its day where one was given, else the recommendation."""
        row, record = self.row, self.record
        if row.on is None or record.is_closed:
            return row.fault(KEY, row.reference, "a recommendation that is open", problem.message)
        earliest = max([record.taken_in_on, *(spell.opened_on for spell in record.spells())])
        wanted = f"a day from {long_date(earliest)} to {long_date(self.today)}"
        return row.fault(HAPPENED, row.on, wanted, problem.message)

    def planned(self) -> PlannedUpdate:
        """Return what the row would record."""
        row, last = self.row, _last(self.record.reports)
        status, on = row.status or ForceReport.NOT_STARTED, row.on or self.today
        # What a workbook does not keep, such as letters nobody sees, is not changed by having been in one.
        blocked_by = self.seen.blocked_by if self.seen and BLOCKED not in self.filled else row.blocked_by
        before = (
            (last.status, last.narrative, last.happened_on, last.confidence, last.blocked_by)
            if last
            else _NONE
        )
        after = (status, row.narrative, on, row.confidence, blocked_by)
        return PlannedUpdate(
            reference=row.reference,
            short_title=self.record.short_title,
            row=row.row,
            version=self.record.version,
            status=status,
            narrative=row.narrative,
            on=on,
            confidence=row.confidence,
            blocked_by=blocked_by,
            cells=tuple(
                CellChange(heading, _words(old), _words(new))
                for heading, old, new in zip(FILLED, before, after, strict=True)
                if old != new
            ),
            meanwhile=tuple(_meanwhile(one) for one in self.missed),
        )


_NONE: Final = (ForceReport.NOT_STARTED, "", None, None, "")
"""What the force reports of a recommendation before it has reported anything."""


def _missed(reader: Reader, record: Record, version: int, hidden: frozenset[str]) -> list[HistoryRow]:
    """Return the changes made since a version, oldest first."""
    if version == record.version:
        return []
    subject = ("recommendation", record.reference)
    return reader.history(subject=subject, limit=record.version - version, leaving_out=hidden)[::-1]


def _meanwhile(row: HistoryRow) -> Meanwhile:
    entries = json.loads(row.body).get("entries", ())
    said = [ForceReport(entry["status"]).word for entry in entries if entry["list"] == "progress_report"]
    return Meanwhile(row.actor_name, row.recorded_at, row.verb, (*said, *texts_of(row)))


def _words(value: Vocabulary | date | str | None) -> str:
    """Return a value as the difference shows it."""
    if isinstance(value, Vocabulary):
        return value.word
    return long_date(value) if isinstance(value, date) else value or ""


def _by_place(fault: Fault) -> tuple[str, int]:
    sheet, _, rest = fault.where.partition('", row ')
    number = rest.partition(",")[0]
    return sheet, int(number) if number.isdigit() else 0
