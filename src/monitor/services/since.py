"""
What changed between two days, as it is now known; and, apart from it, what was recorded later about days before.

Whatever happened after the first day was recorded after it as well. So everything told here comes from the entries
recorded since that day ended: what happened after it stands in the groups, what happened before it was recorded late.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Generic, TypeVar

import pandas as pd

from monitor.analysis import changes
from monitor.analysis.balance import Balance, balance
from monitor.analysis.changes import FACTS, Change, ChangeKind, Ground, Group, grouped
from monitor.analysis.past_state import state_on
from monitor.dates import end_of_day, london_day, long_date
from monitor.domain.access import Actor, scope_of
from monitor.domain.entries import (
    Assignment,
    AssuranceDecision,
    ClosureStage,
    ClosureStep,
    Entry,
    EvidenceUse,
    InspectoratePosition,
    ProgressReport,
    TargetDate,
)
from monitor.domain.evidence import EvidenceItem
from monitor.domain.statuses import MeetingKind
from monitor.errors import RuleError
from monitor.services.view import RegisterView
from monitor.store import Reader, Store

DAYS_WITHOUT_MEETING: Final = 90
"""How far back *what changed* goes where no meeting of the kind has been held."""

_E = TypeVar("_E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Since:
    """
    What changed from the end of one day to the end of another.

    Attributes:
        balance: Opening + new + reopened − closed = closing, as now known.
        told: How many were open at the end of the first day, as it was then known; None where the register had not
            begun by then.
        restated: The recommendations that make the difference between `told` and the opening count.
        groups: One a kind of change, empty ones too, in the order of `ChangeKind`.
        recorded_later: What happened up to the first day and was recorded after it, in the same groups. Those that
            tell of states are empty; so are all of them where the register had not begun.
        note: What a reader should know of the two days themselves; empty for nothing.
    """

    start: date
    end: date
    balance: Balance
    told: int | None
    restated: tuple[Change, ...]
    groups: tuple[Group, ...]
    recorded_later: tuple[Group, ...]
    note: str = ""

    def group(self, kind: ChangeKind) -> Group:
        """Return the changes of one kind."""
        return next(group for group in self.groups if group.kind is kind)

    @property
    def correction(self) -> str:
        """Return how the opening count differs from the one told on the day; empty where nothing was recorded later."""
        if not self.restated:
            return ""
        more = sum(change.detail["counted"] > 0 for change in self.restated)
        fewer = len(self.restated) - more
        parts = [f"{more:,} more" if more else "", f"{fewer:,} fewer" if fewer else ""]
        return (
            f"On {long_date(self.start)} the register showed {self.told:,} open. As now known it was "
            f"{self.balance.opening:,}: {' and '.join(filter(None, parts))}, recorded later."
        )


def since(store: Store, *, view: RegisterView, start: date, by: Actor) -> Since:
    """
    Return what changed from the end of a day to the end of the day that the view shows, among what it shows.

    Raises:
        AccessError: for an actor who may not read.
        RuleError: for a first day that lies in the future, or after the day shown.
    """
    scope_of(by)
    if start > view.today:
        raise RuleError(
            f"{long_date(start)} lies in the future. Choose a day up to today, {long_date(view.today)}."
        )
    if start > view.as_at:
        raise RuleError(
            f"{long_date(start)} comes after {long_date(view.as_at)}. Give the earlier day first."
        )
    return _since(store, view, start)


def start_of(view: RegisterView, kind: MeetingKind = MeetingKind.CONFERENCE) -> date:
    """Return the day of the last meeting of a kind, or the 90th day before the one shown where none was held."""
    last = view.last_meeting(kind)
    return last.on if last else view.as_at - timedelta(days=DAYS_WITHOUT_MEETING)


# A view is read once for a data version, day and scope and then kept, so that what is worked out from it can be
# kept beside it.


@lru_cache(maxsize=16)
def _since(store: Store, view: RegisterView, start: date) -> Since:
    register = view.rows.loc[view.rows["counts"], list(FACTS)]
    ground = Ground(register, view.spells, view.targets, view.as_at)
    with store.reading() as reader:
        span = _span(reader, view, start)
        said = _read(reader, span, ground)
    then = _state_then(view, ground, said.reports, start)
    between = [*_told(said, ground, late=False), *changes.newly(ground, then)]
    late = [_recorded_later(change) for change in _told(said, ground, late=True)] if span.had_begun else []
    made = balance(view.spells, start, view.as_at)
    restated = tuple(_restated(said, ground, start, late)) if span.had_begun else ()
    return Since(
        start=start,
        end=view.as_at,
        balance=made,
        told=made.opening - sum(change.detail["counted"] for change in restated) if span.had_begun else None,
        restated=restated,
        groups=grouped(between),
        recorded_later=grouped(late),
        note=_note(view, span),
    )


# What is read


@dataclass(frozen=True, slots=True)
class _Span:
    """
    The moments between which everything told was recorded.

    Attributes:
        began: The day on which the register began; None while it holds nothing.
        since: The end of the first day.
        before: The moment from which on nothing is known to the view.
    """

    start: date
    began: date | None
    since: datetime
    before: datetime

    @property
    def had_begun(self) -> bool:
        return self.began is not None and self.began <= self.start


def _span(reader: Reader, view: RegisterView, start: date) -> _Span:
    first = next(iter(reader.history(before=2, limit=1)), None)
    last = next(iter(reader.history(before=view.version + 1, limit=1)), None)
    # Somebody may have written since the view was read: what is told has to be of the same moment.
    read_at = last.recorded_at + timedelta(microseconds=1) if last else view.known_before
    began = london_day(first.recorded_at) if first else None
    return _Span(start, began, end_of_day(start), min(view.known_before, read_at))


@dataclass(frozen=True, slots=True)
class _List(Generic[_E]):
    """
    One list of entries by reference, of those recorded since the first day ended.

    Attributes:
        within, late: What happened after that day; what happened up to it.
        before: What stood at its end, as now known.
        known: What stood at its end, as it was then known.
    """

    within: Mapping[str, list[_E]]
    late: Mapping[str, list[_E]]
    before: Mapping[str, _E] = field(default_factory=dict)
    known: Mapping[str, _E] = field(default_factory=dict)

    @property
    def spoken_of(self) -> list[str]:
        return [*self.within, *self.late]


@dataclass(frozen=True, slots=True)
class _Said:
    """
    Everything recorded since the first day ended, list by list, and the items of evidence it names.

    Attributes:
        unheard: What counted on the first day, as now known, and did not by what was then recorded.
    """

    assignments: _List[Assignment]
    targets: _List[TargetDate]
    reports: _List[ProgressReport]
    decisions: _List[AssuranceDecision]
    positions: _List[InspectoratePosition]
    uses: _List[EvidenceUse]
    closures: _List[ClosureStep]
    items: Mapping[int, EvidenceItem]
    unheard: frozenset[str]


def _read(reader: Reader, span: _Span, ground: Ground) -> _Said:
    assignments, uses = _list(reader, span, ground, Assignment), _list(reader, span, ground, EvidenceUse)
    named = [u.evidence_id for part in (uses.within, uses.late) for kept in part.values() for u in kept]
    return _Said(
        assignments=assignments,
        targets=_list(reader, span, ground, TargetDate),
        reports=_list(reader, span, ground, ProgressReport, standing=True),
        decisions=_list(reader, span, ground, AssuranceDecision, standing=True),
        positions=_list(reader, span, ground, InspectoratePosition, standing=True),
        uses=uses,
        closures=_list(reader, span, ground, ClosureStep),
        items=reader.evidence_items(named) if named else {},
        unheard=_unheard(reader, span, ground, assignments),
    )


def _list(reader: Reader, span: _Span, ground: Ground, cls: type[_E], *, standing: bool = False) -> _List[_E]:
    recorded = reader.entries_recorded(cls, span.since, span.before)
    recorded = {reference: entries for reference, entries in recorded.items() if reference in ground}
    within = _kept(recorded, lambda entry: entry.happened_on > span.start)
    late = _kept(recorded, lambda entry: entry.happened_on <= span.start)
    if not (standing and recorded):
        return _List(within, late)

    def stood(known_before: datetime) -> Mapping[str, _E]:
        found = reader.entries_standing(cls, span.start, known_before=known_before, recorded_since=span.since)
        return {reference: entry for reference, entry in found.items() if reference in ground}

    before = stood(span.before)
    return _List(within, late, before, stood(span.since) if late else before)


def _kept(recorded: Mapping[str, list[_E]], which: Callable[[_E], bool]) -> dict[str, list[_E]]:
    chosen = {reference: [e for e in entries if which(e)] for reference, entries in recorded.items()}
    return {reference: entries for reference, entries in chosen.items() if entries}


def _unheard(reader: Reader, span: _Span, ground: Ground, assignments: _List[Assignment]) -> frozenset[str]:
    if not span.had_begun:
        return frozenset()  # nobody had heard of anything
    found = set()
    for reference, late in assignments.late.items():
        began = ground.fact(reference, "opened_on")
        # What counts goes on counting, so the first that was recorded since tells how it was before.
        first = min([*late, *assignments.within.get(reference, ())], key=lambda entry: entry.n)
        is_new = first.n == 1 or not changes.counts(first)
        if not is_new and first.happened_on == began:  # this one, or one before it, was the first to count
            is_new = not changes.counts(reader.record(reference).assignments[first.n - 2])
        if is_new and began <= span.start:
            found.add(reference)
    return frozenset(found)


# What is told


def _told(said: _Said, ground: Ground, *, late: bool) -> Iterator[Change]:
    """Yield what was said, of what happened between the two days or of what was recorded late."""

    def of(kept: _List[_E]) -> Mapping[str, list[_E]]:
        return kept.late if late else kept.within

    def stood(kept: _List[_E]) -> Mapping[str, _E]:
        return kept.known if late else kept.before

    begun = of(said.assignments)
    if late:
        begun = {reference: entries for reference, entries in begun.items() if reference in said.unheard}
    yield from changes.begun(ground, begun)
    yield from changes.claims(ground, of(said.reports), stood(said.reports))
    yield from changes.decisions(ground, of(said.decisions), stood(said.decisions))
    yield from changes.closings(ground, of(said.closures), of(said.targets))
    yield from changes.moves(ground, of(said.targets))
    yield from changes.evidence(ground, of(said.uses), said.items)
    yield from changes.positions(ground, of(said.positions), stood(said.positions))


def _recorded_later(change: Change) -> Change:
    recorded = long_date(change.detail["recorded_on"])
    return replace(change, words=f"{change.words}; recorded on {recorded}")


def _state_then(
    view: RegisterView, ground: Ground, reports: _List[ProgressReport], start: date
) -> pd.DataFrame:
    """Return where each that counts stood at the end of the first day, as now known."""
    register, told = ground.register, list(reports.before.values())
    still = register["force_reported_on"].notna() & ~register["reference"].isin(reports.spoken_of)
    stands = register[still]
    said = pd.DataFrame(
        {
            "reference": [*stands["reference"].tolist(), *reports.before],
            "reported_on": [*stands["force_reported_on"], *(pd.Timestamp(one.happened_on) for one in told)],
            "force_report": [*stands["force_report"].tolist(), *(one.status.value for one in told)],
        }
    )
    return state_on(register, view.spells, view.targets, said, start, closings=view.all_spells)


def _restated(said: _Said, ground: Ground, start: date, late: Iterable[Change]) -> Iterator[Change]:
    """Yield what was open at the end of the first day as now known or as then known, and not as the other."""
    told = {(change.reference, change.kind): change for change in late}
    doubtful = sorted({*said.unheard, *said.closures.late})
    times = ground.times_open(doubtful)
    for reference in doubtful:
        is_open = any(
            began <= start and (ended is None or ended > start) for began, ended in times[reference]
        )
        if is_open != _was_told_open(said, ground, reference):
            again = ChangeKind.NEW if reference in said.unheard else ChangeKind.REOPENED
            change = told[reference, again if is_open else ChangeKind.CLOSED]
            yield replace(change, detail={**change.detail, "counted": 1 if is_open else -1})


def _was_told_open(said: _Said, ground: Ground, reference: str) -> bool:
    """Tell whether something was open at the end of the first day by what was then recorded."""
    if reference in said.unheard:
        return False
    since = [*said.closures.late.get(reference, ()), *said.closures.within.get(reference, ())]
    steps = [step for step in since if step.stage in (ClosureStage.AGREED, ClosureStage.REOPENED)]
    if not steps:
        return bool(ground.fact(reference, "is_open"))
    # They take turns, so the first of them tells how it was before.
    return min(steps, key=lambda step: step.n).stage is ClosureStage.AGREED


def _note(view: RegisterView, span: _Span) -> str:
    if span.began and not span.had_begun:
        return (
            f"The register began on {long_date(span.began)}, so nobody was told a figure on "
            f"{long_date(span.start)}."
        )
    if span.start == view.as_at:
        return "Both days are the same, so nothing lies between them."
    return ""
