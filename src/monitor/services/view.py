"""
The register as one reader may see it on one day: the tables every page, chart and export is drawn from.

Today is read from the cached state; a past day is folded from the entries that had been recorded by
then, through the same `state_of`. Answers are kept by data version, day and scope, so that many
processes on one database agree without talking and nothing passes from one reader to another.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from threading import Lock
from typing import Any, Final

import numpy as np
import pandas as pd

from monitor.dates import end_of_day, london_day, long_date
from monitor.domain import attention
from monitor.domain.access import Actor, Scope, scope_of
from monitor.domain.entries import ClosureStep, EvidenceUse, Link, TargetDate
from monitor.domain.evidence import EvidenceFacts, EvidenceItem, grade_item, grade_of
from monitor.domain.inspections import Inspection
from monitor.domain.meetings import Meeting
from monitor.domain.record import Spell, State, spells_between, state_of
from monitor.domain.schedule import schedule_state
from monitor.domain.statuses import MeetingKind, ScheduleState
from monitor.errors import RuleError
from monitor.services.changing import visible_inspections, visible_meetings
from monitor.settings import Titles
from monitor.store import Reader, Store, Unit

KEPT_VIEWS: Final = 12
_STATE: Final = tuple(f.name for f in fields(State))
_DATES: Final = (
    "published_on",
    "force_reported_on",
    "last_update_on",
    "assured_on",
    "position_on",
    "original_target",
    "current_target",
    "last_moved_on",
    "pending_target",
    "opened_on",
    "closed_on",
    "closure_proposed_on",
    "check_due_on",
    "closure_test_agreed_on",
)
_SCHEDULE_ORDER: Final = {
    ScheduleState.OVERDUE: 0,
    ScheduleState.FORECAST_LATE: 1,
    ScheduleState.DUE_SOON: 1,
    ScheduleState.PAST_FIRST_DATE: 1,
    ScheduleState.ON_COURSE: 1,
    ScheduleState.NO_DATE_SET: 2,
    ScheduleState.FOR_OTHERS: 4,
    ScheduleState.CLOSED_IN_TIME: 3,
    ScheduleState.CLOSED_LATE: 3,
    ScheduleState.CLOSED_NO_DATE: 3,
}


@dataclass(frozen=True, eq=False)
class RegisterView:
    """
    The register on a day, as one scope of readers may see it.

    Attributes:
        titles: What the office, people and meetings are called here today, also on a past day.
        as_at: The day shown; `today` unless a past day was asked for.
        rows: One row a recommendation: the columns of `monitor.services.columns`.
        spells: One row a time of being open: reference, opened_on, closed_on, is_reopening.
        targets: One row a target date in force: reference, in_force_from, due_on, is_first, set_by.
        evidence: One row an item and the recommendation it serves: reference, kind, grade, describes_on, direction.
        all_spells: Spells of every service the reader may see, also where one is shown: what forecasts rest on.
        version: Data version these tables were read at.
        known_before: What was recorded from this moment on is left out.

    Spells, targets and evidence also have `row`: the place of the reference among `rows`.
    """

    titles: Titles
    office: str
    is_demonstration: bool
    today: date
    as_at: date
    version: int
    known_before: datetime
    rows: pd.DataFrame
    spells: pd.DataFrame
    targets: pd.DataFrame
    evidence: pd.DataFrame
    all_spells: pd.DataFrame
    inspections: Mapping[int, Inspection]
    meetings: Sequence[Meeting]
    services: Sequence[str]

    @property
    def is_past(self) -> bool:
        """Tell whether a past day is shown."""
        return self.as_at < self.today

    @property
    def is_cut(self) -> bool:
        """Tell whether something may have been recorded since that is left out."""
        return self.known_before < end_of_day(self.today)

    @property
    def as_at_words(self) -> str:
        """Return the day shown, and that it is a past one."""
        past = ", as it was then known" if self.is_past else ""
        return f"as at {long_date(self.as_at)}{past}"

    @property
    def counting(self) -> pd.DataFrame:
        """Return the rows that count: all but those addressed to others only."""
        return self.rows[self.rows["counts"]]

    def last_meeting(self, kind: MeetingKind) -> Meeting | None:
        """Return the last meeting of a kind before the day shown, or on it."""
        held = (m for m in reversed(self.meetings) if m.kind is kind and not m.is_cancelled)
        return next((m for m in held if m.on <= self.as_at), None)

    def last_conference(self) -> Meeting | None:
        """Return the last Conference before the day shown, or on it."""
        return self.last_meeting(MeetingKind.CONFERENCE)

    def next_conference(self) -> Meeting | None:
        """Return the next Conference after the day shown."""
        coming = (m for m in self.meetings if m.kind is MeetingKind.CONFERENCE and not m.is_cancelled)
        return next((m for m in coming if m.on > self.as_at), None)

    def of_service(self, name: str) -> "RegisterView":
        """Return the same with the rows of one service only."""
        return self if list(self.services) == [name] else _of_service(self, name)


@lru_cache(maxsize=KEPT_VIEWS)
def _of_service(view: RegisterView, name: str) -> RegisterView:
    rows = view.rows[view.rows["service"] == name].reset_index(drop=True)
    row_of = {reference: place for place, reference in enumerate(rows["reference"])}

    def served(frame: pd.DataFrame) -> pd.DataFrame:
        return _placed(frame[frame["reference"].isin(row_of)].reset_index(drop=True), row_of)

    return replace(
        view,
        rows=rows,
        spells=served(view.spells),
        targets=served(view.targets),
        evidence=served(view.evidence),
        inspections={i: report for i, report in view.inspections.items() if report.service == name},
        meetings=[meeting for meeting in view.meetings if meeting.service == name],
        services=[name],
    )


_views: "OrderedDict[tuple[Any, ...], RegisterView]" = OrderedDict()
_guard = Lock()


def register_view(
    store: Store,
    *,
    by: Actor,
    as_at: date | None = None,
    known_at: datetime | None = None,
    in_public: bool = False,
    titles: Titles | None = None,
) -> RegisterView:
    """
    Return the register as the actor may see it, on a day.

    Args:
        as_at: The day, as it was then known at its end; None for today.
        known_at: Leave out what was recorded from this moment on, to show again what was seen at it.
        in_public: Leave out what is under embargo or restricted, and private meetings, whoever asks: what may be
            spoken of in public.
        titles: What everything is called in it, to show again what was shown; as it is set now unless told.

    Raises:
        AccessError: for an actor who may not read.
        RuleError: for a day that lies in the future.
    """
    scope, called = scope_of(by), titles or Titles.from_environment()
    if in_public:
        scope = replace(scope, embargoed=frozenset(), meetings=frozenset())
    with store.reading() as reader:
        now = reader.clock_now()
        today = london_day(now)
        day = as_at or today
        if day > today:
            raise RuleError(
                f"{long_date(day)} lies in the future. Choose a day up to today, {long_date(today)}."
            )
        head = reader.history_head()
        version = head.seq if head else 0
        # The hash tells a restored register from another; an embargo ends without anything written.
        hidden = reader.embargoed(known_at or now)
        key = (store.address, head.hash if head else "", hidden, day, known_at, today, scope, called)
        with _guard:
            if key in _views:
                _views.move_to_end(key)
                return _views[key]
        view = _read(reader, scope, day, today, version, known_at, called)
        if isinstance(reader, Unit):
            return view  # not yet committed, so not to be kept for others
    with _guard:
        _views[key] = view
        while len(_views) > KEPT_VIEWS:
            _views.popitem(last=False)
    return view


def _read(
    reader: Reader,
    scope: Scope,
    day: date,
    today: date,
    version: int,
    known_at: datetime | None,
    titles: Titles,
) -> RegisterView:
    info = reader.info()
    limit = min(end_of_day(day), known_at or datetime.max.replace(tzinfo=UTC))
    reports = visible_inspections(reader, scope, before=limit, at=known_at)
    if day < today or known_at:
        reports = {i: report for i, report in reports.items() if report.recorded_at < limit}
        kept = _as_known(reader, reports, limit)
    else:
        kept = _as_cached(reader, reports)
    _leave_out_hidden(reader, kept, limit)
    spells = [(ref, spell) for ref, state, lists in kept for spell in lists["spells"] if state["counts"]]
    durations = sorted((s.closed_on - s.opened_on).days for _, s in spells if s.closed_on)
    rows = pd.DataFrame.from_records(
        [
            _row(reference, state, reports[state["inspection_id"]], day, durations)
            for reference, state, _ in kept
        ],
        columns=_COLUMNS,
    )
    rows = _typed(rows)
    order = rows["schedule_state"].map({k.value: v for k, v in _SCHEDULE_ORDER.items()})
    rows = rows.assign(_order=order).sort_values(["_order", "current_target", "reference"], kind="stable")
    rows = rows.drop(columns="_order").reset_index(drop=True)
    row_of = {reference: place for place, reference in enumerate(rows["reference"])}
    services = [s.name for s in reader.services() if scope.shows(s.name)]
    spells_frame = _placed(_spells_frame(spells), row_of)
    return RegisterView(
        titles=titles,
        office=titles.office_or(info.office) if info else "",
        is_demonstration=bool(info and info.is_demonstration),
        today=today,
        as_at=day,
        version=version,
        known_before=limit,
        rows=rows,
        spells=spells_frame,
        targets=_placed(_targets_frame(kept), row_of),
        evidence=_placed(_evidence_frame(kept, day), row_of),
        all_spells=spells_frame,
        inspections=reports,
        meetings=list(visible_meetings(reader, scope, before=limit).values()),
        services=services,
    )


def _leave_out_hidden(
    reader: Reader, kept: Sequence[tuple[str, dict[str, Any], dict[str, Any]]], limit: datetime
) -> None:
    """Take out of what is shown that it names what is not: a cause of concern, and links, which count as changes."""
    seen = {reference for reference, _, _ in kept}
    links = reader.entries(Link)
    for _, state, _ in kept:
        state["parent"] = state["parent"] if state["parent"] in seen else ""
        state["version"] -= sum(
            link.other not in seen and link.recorded_at < limit for link in links.get(state["id"], ())
        )


def _as_cached(
    reader: Reader, reports: Mapping[int, Inspection]
) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    closures, targets = reader.entries(ClosureStep), reader.entries(TargetDate)
    uses, items = reader.entries(EvidenceUse), reader.evidence_items()
    kept = []
    for row in reader.current_rows():
        if row.inspection_id in reports:
            lists = _lists(
                row.opened_on, closures.get(row.id, ()), targets.get(row.id, ()), uses.get(row.id, ()), items
            )
            kept.append((row.reference, dict(row._mapping), lists))
    return kept


def _as_known(
    reader: Reader, reports: Mapping[int, Inspection], limit: datetime
) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    kept, versions = [], reader.versions(before=limit)
    for record in reader.records():
        past = record.as_known(limit) if record.inspection_id in reports else None
        if past is None:
            continue
        past.version = versions[past.reference]
        found = state_of(past)
        state = {name: getattr(found, name) for name in _STATE} | {
            name: getattr(past, name)
            for name in (
                "id",
                "inspection_id",
                "kind",
                "number",
                "external_reference",
                "addressees",
                "parent",
                "service",
                "version",
            )
        }
        lists = _lists(found.opened_on, past.closures, past.targets, past.evidence, past.items)
        kept.append((past.reference, state, lists))
    return kept


def _lists(
    opened_on: date,
    closures: Iterable[ClosureStep],
    targets: Iterable[TargetDate],
    uses: Iterable[EvidenceUse],
    items: Mapping[int, EvidenceItem],
) -> dict[str, Any]:
    return {
        "spells": spells_between(opened_on, closures),
        "targets": [t for t in targets if t.counts],
        "evidence": [items[use.evidence_id] for use in uses],
    }


def _row(
    reference: str, state: Mapping[str, Any], report: Inspection, day: date, durations: Sequence[int]
) -> tuple[Any, ...]:
    schedule = schedule_state(
        counts=state["counts"],
        today=day,
        opened_on=state["opened_on"],
        original=state["original_on"],
        current=state["target_on"],
        closed_on=state["closed_on"],
        force_report=state["force_report"],
        durations=durations,
    )
    grade = grade_of(
        EvidenceFacts(
            state["evidence_count"], state["strong_on"], state["fair_on"], state["contradicted_on"]
        ),
        day,
    )
    target, is_open = state["target_on"], state["closed_on"] is None and state["counts"]
    left = (target - day).days if target and is_open else None
    facts = attention.Facts(
        schedule=schedule,
        days_late=max(0, -left) if left is not None else 0,
        target_on=target,
        force_report=state["force_report"],
        assurance=state["assurance"],
        grade=grade,
        moves=state["moves"],
        asked_after_expiry=state["asked_after_expiry"],
        silent_days=(day - state["last_update_on"]).days,
        blocked_by=state["blocked_by"],
    )
    return (
        reference,
        state["short_title"],
        state["text"],
        state["kind"].value,
        state["number"],
        state["external_reference"],
        state["parent"],
        state["service"],
        report.title,
        report.id,
        report.published_on,
        report.published_precision.value,
        state["applicability"].value,
        "; ".join(state["addressees"]),
        state["counts"],
        state["owner"],
        state["executive_lead"],
        state["board"],
        "; ".join(state["themes"]),
        state["force_report"].value,
        state["force_reported_on"],
        state["blocked_by"],
        state["last_update_on"],
        facts.silent_days if is_open else 0,
        state["assurance"].value,
        state["assured_on"],
        state["asked"],
        state["position"].value,
        state["position_on"],
        schedule.value,
        facts.days_late,
        left,
        state["original_on"],
        target,
        state["target_precision"].value,
        state["target_phrase"],
        state["target_set_by"].value if state["target_set_by"] else "",
        state["moves"],
        state["days_slipped"],
        state["last_moved_on"],
        state["asked_after_expiry"],
        state["pending_on"],
        state["evidence_count"],
        grade.value,
        state["closure_test"],
        state["closure_test_agreed_on"],
        state["opened_on"],
        is_open,
        state["proposed_on"],
        state["closed_on"],
        state["closure_reason"].value if state["closure_reason"] else "",
        state["reopened"],
        state["check_due_on"],
        attention.reason(facts) if is_open else "",
        attention.order(facts)[0] if is_open else 9,
        attention.order(facts)[1] if is_open else 0,
        state["version"],
    )


_COLUMNS: Final = (
    "reference", "short_title", "text", "kind", "number", "external_reference", "parent", "service",
    "inspection", "inspection_id", "published_on", "published_precision", "applicability", "addressees", "counts",
    "owner", "executive_lead", "board", "themes",
    "force_report", "force_reported_on", "blocked_by", "last_update_on", "days_since_update",
    "assurance", "assured_on", "asked", "position", "position_on",
    "schedule_state", "days_late", "days_to_target", "original_target", "current_target", "target_precision",
    "target_phrase", "target_set_by", "moves", "days_slipped", "last_moved_on", "asked_after_expiry", "pending_target",
    "evidence_count", "evidence_grade", "closure_test", "closure_test_agreed_on", "opened_on", "is_open",
    "closure_proposed_on", "closed_on", "closure_reason", "reopened", "check_due_on",
    "reason", "attention", "attention_within", "version",
)  # fmt: skip


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    typed = {name: _days(rows[name]) for name in _DATES}
    typed["days_to_target"] = rows["days_to_target"].astype("Int64")
    for name in ("counts", "is_open"):
        typed[name] = rows[name].astype(bool)
    return rows.assign(**typed)


def _days(column: "pd.Series[Any]") -> "pd.Series[Any]":
    values = np.array([None if v is None or v is pd.NaT else v for v in column], dtype="datetime64[s]")
    return pd.Series(values, index=column.index)


def _placed(frame: pd.DataFrame, row_of: Mapping[str, int]) -> pd.DataFrame:
    """Return the frame with the place of each reference among the rows, so that a filter need not compare text."""
    places = np.fromiter((row_of[ref] for ref in frame["reference"]), dtype=np.intp, count=len(frame))
    return frame.assign(row=places)


def _spells_frame(spells: Sequence[tuple[str, Spell]]) -> pd.DataFrame:
    frame = pd.DataFrame.from_records(
        [(ref, s.opened_on, s.closed_on, s.is_reopening) for ref, s in spells],
        columns=["reference", "opened_on", "closed_on", "is_reopening"],
    )
    return frame.assign(
        opened_on=_days(frame["opened_on"]),
        closed_on=_days(frame["closed_on"]),
        is_reopening=frame["is_reopening"].astype(bool),
    )


def _targets_frame(kept: Sequence[tuple[str, dict[str, Any], dict[str, Any]]]) -> pd.DataFrame:
    frame = pd.DataFrame.from_records(
        [
            (ref, t.happened_on, t.due_on, place == 0, t.set_by.value)
            for ref, state, lists in kept
            if state["counts"]
            for place, t in enumerate(lists["targets"])
        ],
        columns=["reference", "in_force_from", "due_on", "is_first", "set_by"],
    )
    return frame.assign(
        in_force_from=_days(frame["in_force_from"]),
        due_on=_days(frame["due_on"]),
        is_first=frame["is_first"].astype(bool),
    )


def _evidence_frame(kept: Sequence[tuple[str, dict[str, Any], dict[str, Any]]], day: date) -> pd.DataFrame:
    frame = pd.DataFrame.from_records(
        [
            (ref, item.kind.value, grade_item(item, day).value, item.describes_on, item.direction.value)
            for ref, state, lists in kept
            if state["counts"] and state["closed_on"] is None
            for item in lists["evidence"]
        ],
        columns=["reference", "kind", "grade", "describes_on", "direction"],
    )
    return frame.assign(describes_on=_days(frame["describes_on"]))
