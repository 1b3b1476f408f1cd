"""What is shown about one recommendation, to one person, and since the last meeting."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pandas as pd

from monitor.domain.access import Actor, Permission
from monitor.domain.entries import Entry
from monitor.domain.evidence import EvidenceItem, Grade, why_graded
from monitor.domain.history import HistoryRow
from monitor.domain.inspections import Inspection
from monitor.domain.meetings import Meeting
from monitor.domain.record import Record
from monitor.domain.schedule import update_due_on
from monitor.domain.statuses import ForceReport, Position, Vocabulary
from monitor.errors import NotFoundError
from monitor.services.changing import not_shown, visible_record
from monitor.services.view import RegisterView, register_view
from monitor.store import Store

HISTORY_PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class RecommendationView:
    """
    Everything a page shows about one recommendation, as at a day.

    Attributes:
        row: Its row of the register table.
        record: The lists behind it, as known on that day, without what the reader may not know of.
        report: The report it comes from.
        evidence: Items that serve it, the latest described day first.
        linked: Reference and short title of the recommendations it names, and of those that name it, with the words between.
        why_grade: Why the evidence has its grade, in words.
        may: What the reader may do to it now; nothing on a past day.
    """

    row: Mapping[str, Any]
    record: Record
    report: Inspection
    evidence: Sequence[EvidenceItem]
    linked: Sequence[tuple[str, str, str]]
    meetings: Mapping[int, Meeting]
    why_grade: str
    may: frozenset[Permission]

    @property
    def grade(self) -> Grade:
        """Return the grade of all its evidence."""
        return Grade(self.row["evidence_grade"])

    @property
    def voices_agree(self) -> bool:
        """Tell whether all three say that it is done, or none of them does."""
        force = self.row["force_report"] == ForceReport.COMPLETE.value
        office = self.row["assurance"] == "assured"
        inspectorate = self.row["position"] in (Position.CLOSED.value, Position.NO_FURTHER_ACTION.value)
        return bool(force == office == inspectorate)

    @property
    def entries(self) -> list[Entry]:
        """Return everything said about it, newest first."""
        return self.record.entries[::-1]


def read_recommendation(
    store: Store, *, reference: str, by: Actor, as_at: date | None = None, view: RegisterView | None = None
) -> RecommendationView:
    """
    Return one recommendation as it stands, or stood, on a day.

    Args:
        view: The register that it is part of, where that has been read; then its day counts.

    Raises:
        NotFoundError: the same for one that is absent, hidden, or not yet known on that day.
    """
    view = view or register_view(store, by=by, as_at=as_at)
    with store.reading() as reader:
        record = visible_record(reader, reference, by)
        incoming = reader.links_to(reference)
    past = record.as_known(view.known_before) if view.is_cut else record
    rows = view.rows[view.rows["reference"] == reference]
    if past is None or rows.empty:
        raise NotFoundError(
            f'There is no recommendation "{reference}" in this register.', reference=reference
        )
    items = [past.items[use.evidence_id] for use in past.evidence]
    titles = dict(zip(view.rows["reference"], view.rows["short_title"], strict=True))
    linked = [(link.kind.word, link.other, titles[link.other]) for link in past.links if link.other in titles]
    limit = view.known_before
    linked += [
        (link.kind.seen_from_there, other, titles[other])
        for other, link in incoming
        if other in titles and link.recorded_at < limit
    ]
    named = {past.parent, *(link.other for link in past.links)}
    allowed = (
        frozenset(p for p in Permission if by.may(p, record.service)) if not view.is_past else frozenset()
    )
    seen = past.as_seen(named - titles.keys())
    if view.is_cut:
        seen.version = int(rows.iloc[0]["version"])
    return RecommendationView(
        row={str(name): value for name, value in rows.iloc[0].items()},
        record=seen,
        report=view.inspections[past.inspection_id],
        evidence=sorted(items, key=lambda item: (item.describes_on, item.id), reverse=True),
        linked=linked,
        meetings={meeting.id: meeting for meeting in view.meetings},
        why_grade=why_graded(items, view.as_at),
        may=allowed,
    )


@dataclass(frozen=True, slots=True)
class Recorded:
    """
    One change to a recommendation, as its history shows it.

    Attributes:
        number: Its place among the changes to this recommendation that the reader may know of, from 1. Its number in
            the whole history is shown to nobody: gaps would tell of what else was written.
    """

    number: int
    recorded_at: datetime
    name: str
    verb: str
    hash: str


def read_history(
    store: Store, *, reference: str, by: Actor, before: int | None = None, limit: int = HISTORY_PAGE
) -> list[Recorded]:
    """
    Return the changes to one recommendation, newest first, a page at a time.

    Args:
        before: The number of a change: those before it are returned.
    """
    with store.reading() as reader:
        record = visible_record(reader, reference, by)
        hidden = not_shown(reader, record, by)
        last = record.version_without(hidden)
        if before is not None:
            last = max(0, min(last, before - 1))
        rows = reader.history(
            subject=("recommendation", reference),
            skip=record.version_without(hidden) - last,
            limit=min(limit, last),
            leaving_out=hidden,
        )
    return [
        Recorded(last - place, row.recorded_at, row.actor_name, row.verb, row.hash)
        for place, row in enumerate(rows)
    ]


def texts_of(row: HistoryRow) -> list[str]:
    """Return the words that a history row's entries carry, for showing both texts of a conflict."""
    said = []
    body = json.loads(row.body)
    for entry in body.get("entries") or (body.get("entry") or {},):
        for name in (
            "narrative",
            "rationale",
            "statement",
            "reason",
            "comment",
            "text",
            "short_title",
            "words",
        ):
            if entry.get(name):
                said.append(str(entry[name]))
                break
    return said


@dataclass(frozen=True, slots=True)
class Waiting:
    """One update that waits for a person, and why."""

    reference: str
    short_title: str
    inspection: str
    schedule_state: str
    days_late: int
    days_to_target: int | None
    last_update_on: date
    days_since_update: int
    asked: str
    version: int


def updates_waiting(store: Store, *, by: Actor, every_days: int = 30) -> list[Waiting]:
    """
    Return what waits for this person.

    That is each of their open items whose last update is older than the rule allows, or of which the
    office has asked something since.

    Returns:
        Asked by the office first, then the longest without an update.
    """
    view = register_view(store, by=by)
    rows = view.rows
    mine = rows[rows["is_open"] & (rows["owner"] == by.name)]
    asked = (mine["asked"] != "") & (mine["assured_on"] >= mine["last_update_on"])
    due = (mine["days_since_update"] >= every_days) | asked
    waiting = mine[due].assign(has_been_asked=asked[due])
    waiting = waiting.sort_values(
        ["has_been_asked", "days_since_update", "reference"], ascending=[False, False, True], kind="stable"
    )
    return [
        Waiting(
            reference=row["reference"],
            short_title=row["short_title"],
            inspection=row["inspection"],
            schedule_state=row["schedule_state"],
            days_late=row["days_late"],
            days_to_target=None if pd.isna(row["days_to_target"]) else int(row["days_to_target"]),
            last_update_on=row["last_update_on"].date(),
            days_since_update=row["days_since_update"],
            asked=row["asked"] if row["has_been_asked"] else "",
            version=row["version"],
        )
        for row in waiting.to_dict("records")
    ]


def next_update_due(store: Store, *, by: Actor, every_days: int = 30) -> date | None:
    """Return the day on which this person's next update is due; None when nothing of theirs is open."""
    rows = register_view(store, by=by).rows
    mine = rows[rows["is_open"] & (rows["owner"] == by.name)]
    return update_due_on(mine["last_update_on"].min().date(), every_days) if len(mine) else None


class OfficeTask(Vocabulary):
    """What can wait for the office."""

    DATE = "date", "Date asked for", "The force asks for another date."
    CLOSURE = "closure", "Closure proposed", "Somebody proposes to close it; it takes a second person."
    CLAIM = "claim", "Reported complete", "The force reports complete; the office has decided nothing since."
    CHECK = "check", "Later check due", "It was closed; does it still hold?"


@dataclass(frozen=True, slots=True)
class OfficeWaiting:
    """One thing that waits for the office, and since which day."""

    reference: str
    short_title: str
    inspection: str
    task: OfficeTask
    since: date
    days: int


def office_waiting(store: Store, *, by: Actor) -> list[OfficeWaiting]:
    """
    Return what waits for the office: dates asked for, closures proposed, claims, and later checks that are due.

    Returns:
        The longest waiting first. A claim waits until the office decides something after it was made. What a
        person proposed is not listed for the same person to answer.
    """
    view = register_view(store, by=by)
    rows = view.rows
    is_open = rows["is_open"]
    unweighed = rows["assured_on"].isna() | (rows["assured_on"] < rows["force_reported_on"])
    claimed = is_open & (rows["force_report"] == ForceReport.COMPLETE.value) & unweighed
    is_due = ~is_open & (rows["check_due_on"] <= pd.Timestamp(view.today))
    found: list[tuple[OfficeTask, str, date]] = []
    with store.reading() as reader:
        pending = rows[is_open & (rows["pending_target"].notna() | rows["closure_proposed_on"].notna())]
        for reference in pending["reference"]:
            record = visible_record(reader, reference, by)
            for task, asked in (
                (OfficeTask.DATE, record.pending_target),
                (OfficeTask.CLOSURE, record.pending_closure),
            ):
                if asked is not None and asked.by != by.id:
                    found.append((task, reference, asked.happened_on))
    unasked = claimed & rows["closure_proposed_on"].isna()
    for task, wanted, day in (
        (OfficeTask.CLAIM, unasked, "force_reported_on"),
        (OfficeTask.CHECK, is_due, "check_due_on"),
    ):
        chosen = rows[wanted]
        found += [
            (task, reference, moment.date())
            for reference, moment in zip(chosen["reference"], chosen[day], strict=True)
        ]
    titles = dict(zip(rows["reference"], rows["short_title"], strict=True))
    reports = dict(zip(rows["reference"], rows["inspection"], strict=True))
    return [
        OfficeWaiting(
            reference=reference,
            short_title=titles[reference],
            inspection=reports[reference],
            task=task,
            since=since,
            days=(view.today - since).days,
        )
        for task, reference, since in sorted(found, key=lambda one: (one[2], one[1], one[0].value))
    ]
