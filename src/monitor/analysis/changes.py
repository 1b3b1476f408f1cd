"""What happened to recommendations, told one by one from their entries: what it was, on which day, with its facts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final, TypeVar

import pandas as pd

from monitor.dates import days_words, london_day, long_date, times_word
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
    TargetStage,
)
from monitor.domain.evidence import Direction, EvidenceItem, Grade, grade_item, reasons_for
from monitor.domain.schedule import NO_UPDATE_DAYS
from monitor.domain.statuses import Applicability, Assurance, ForceReport, ScheduleState, Vocabulary

_E = TypeVar("_E", bound=Entry)


class ChangeKind(Vocabulary):
    """What can change between two days, in the order in which it is told."""

    NEW = "new", "New", "It began to count: taken in, or decided to be for the force or the office."
    CLAIMED = (
        "claimed",
        "Reported complete",
        "The force came to report complete. Saying so again is no change.",
    )
    UNCLAIMED = (
        "unclaimed",
        "No longer reported complete",
        "The force reported complete on the first day, and does not on the last.",
    )
    ASSURED = "assured", "Assured", "The office came to be assured. Saying so again is no change."
    NOT_ASSURED = (
        "not_assured",
        "Weighed, not assured",
        "The office decided, and is not assured or only partly.",
    )
    CLOSED = "closed", "Closed", "Two people agreed that it is closed. What closed twice is told twice."
    REOPENED = "reopened", "Reopened", "It had been closed, and is open again."
    MOVED = (
        "moved",
        "Date moved",
        "Another date came into force; each move is told. A request moves nothing until the office agrees.",
    )
    LATE = "late", "Newly late", "Late on the last day, and not on the first."
    FORECAST_LATE = (
        "forecast_late",
        "Newly forecast late",
        "Forecast late on the last day, and not on the first.",
    )
    SILENT = (
        "silent",
        "Newly without an update",
        f"Open and without an update for more than {NO_UPDATE_DAYS} days on the last day, and not on the first.",
    )
    EVIDENCE = "evidence", "Evidence added", "It supports, is mixed, or has no result."
    CONTRADICTED = "contradicted", "Evidence contradicts", "Evidence was added that shows the opposite."
    POSITION = (
        "position",
        "The inspectorate’s position",
        "A position was recorded, whether or not it is another one.",
    )


@dataclass(frozen=True, slots=True)
class Change:
    """
    One thing that changed.

    Attributes:
        on: The day it happened on, or from which on it was so; for a forecast, the last day.
        words: One clause with the facts, to stand after the title.
        detail: The facts for columns, by name: `recorded_on` of whatever was recorded; `reason`, `in_time` (None where
            no date was set), `days_late` and `statement` of a closing; `from_on`, `to_on`, `days`, `reason`, `category`
            and `after_expiry` (days, 0 for in time) of a move; `counted`, 1 or -1, where it corrects a count.
    """

    kind: ChangeKind
    reference: str
    short_title: str
    on: date
    words: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """All changes of one kind, by day. Of one recommendation there may be several."""

    kind: ChangeKind
    changes: tuple[Change, ...] = ()

    @property
    def count(self) -> int:
        """Return how many changes there are."""
        return len(self.changes)

    @property
    def references(self) -> tuple[str, ...]:
        """Return the recommendations that changed, each once."""
        return tuple(dict.fromkeys(change.reference for change in self.changes))

    def by(self, name: str) -> list[tuple[Any, int]]:
        """Return how many changes have each value of a detail, the most first."""
        return Counter(change.detail.get(name) for change in self.changes).most_common()


def grouped(changes: Iterable[Change]) -> tuple[Group, ...]:
    """Return the changes in a group a kind, empty ones too, each by day and reference."""
    by_kind: dict[ChangeKind, list[Change]] = defaultdict(list)
    for change in sorted(changes, key=lambda change: (change.on, change.reference)):
        by_kind[change.kind].append(change)
    return tuple(Group(kind, tuple(by_kind[kind])) for kind in ChangeKind)


FACTS: Final = (
    "reference", "short_title", "inspection", "force_report", "force_reported_on", "last_update_on", "days_since_update",
    "assurance", "schedule_state", "days_late", "days_to_target", "current_target", "moves", "evidence_grade",
    "opened_on", "is_open",
)  # fmt: skip
"""The columns of the register that a change is told with."""


class Ground:
    """
    What changes are told against: the recommendations that count, as they stand on a day.

    Args:
        register: The columns of `FACTS`, of those that count.
        spells, targets: Their times of being open, and their dates in force, each in order.
        as_at: The last day.
    """

    def __init__(
        self, register: pd.DataFrame, spells: pd.DataFrame, targets: pd.DataFrame, as_at: date
    ) -> None:
        self.register, self.spells, self.targets, self.as_at = register, spells, targets, as_at
        self.facts = {name: _plain(register[name]) for name in FACTS}
        self.places = {reference: place for place, reference in enumerate(self.facts["reference"])}

    def __contains__(self, reference: str) -> bool:
        """Tell whether a recommendation is among those that count."""
        return reference in self.places

    def fact(self, reference: str, column: str) -> Any:
        """Return what the register shows of one recommendation, as a plain value; None for missing."""
        return self.facts[column][self.places[reference]]

    def times_open(self, of: Iterable[str]) -> Mapping[str, list[tuple[date, date | None]]]:
        """Return the first and last day of each time of being open of some recommendations, in order."""
        return _days_of(self.spells, of, "opened_on", "closed_on")

    def dates_in_force(self, of: Iterable[str]) -> Mapping[str, list[tuple[date, date]]]:
        """Return from which day each date was in force, and the date, of some recommendations, in order."""
        return _days_of(self.targets, of, "in_force_from", "due_on")

    def change(
        self, kind: ChangeKind, reference: str, on: date, words: str, detail: Mapping[str, Any]
    ) -> Change:
        """Return a change with the title of its recommendation."""
        return Change(kind, reference, self.fact(reference, "short_title"), on, words, detail)


Entries = Mapping[str, list[_E]]
"""Entries of one list by reference, in the order in which they were recorded."""


def begun(ground: Ground, said: Entries[Assignment]) -> Iterator[Change]:
    """Yield what began to count: taken in, or decided to be for the force or the office."""
    for reference, entries in said.items():
        day, due = ground.fact(reference, "opened_on"), ground.fact(reference, "current_target")
        entry = next((e for e in entries if e.happened_on == day and counts(e)), None)
        if entry:
            words = f"from {ground.fact(reference, 'inspection')}, {f'due {long_date(due)}' if due else 'no date set'}"
            if entry.n > 1:
                words += "; until then for others only"
            yield ground.change(ChangeKind.NEW, reference, day, words, _recorded(entry))


def claims(
    ground: Ground, said: Entries[ProgressReport], before: Mapping[str, ProgressReport]
) -> Iterator[Change]:
    """Yield what came to be reported complete, and what no longer is."""
    for reference, turns in _turns(said, before):
        stood, last = turns[0][0], turns[-1][1]
        made = [now for past, now in turns if _is_claim(now) and not _is_claim(past)]
        if made:
            office = Assurance(ground.fact(reference, "assurance"))
            words = f"{_evidence_words(ground, reference)}; the office: {_lower(office)}"
            if not _is_claim(last):
                words += f"; {_lower(last.status)} again on {long_date(last.happened_on)}"
            yield ground.change(
                ChangeKind.CLAIMED, reference, made[-1].happened_on, words, _recorded(made[-1])
            )
        if stood and _is_claim(stood) and not _is_claim(last):
            words = f"now {_lower(last.status)}; complete was reported on {long_date(stood.happened_on)}"
            yield ground.change(ChangeKind.UNCLAIMED, reference, last.happened_on, words, _recorded(last))


def decisions(
    ground: Ground, said: Entries[AssuranceDecision], before: Mapping[str, AssuranceDecision]
) -> Iterator[Change]:
    """Yield what the office came to be assured of, and what it weighed without being so."""
    for reference, turns in _turns(said, before):
        earlier, last = turns[-1]
        made = [now for past, now in turns if _is_assured(now) and not _is_assured(past)]
        if made:
            words = _evidence_words(ground, reference)
            if not _is_assured(last):
                words += f"; {_lower(last.level)} again on {long_date(last.happened_on)}"
            yield ground.change(
                ChangeKind.ASSURED, reference, made[-1].happened_on, words, _decided(made[-1])
            )
        if not _is_assured(last):
            words = _lower(last.level) + (f"; before: {_lower(earlier.level)}" if earlier else "")
            yield ground.change(ChangeKind.NOT_ASSURED, reference, last.happened_on, words, _decided(last))


def positions(
    ground: Ground, said: Entries[InspectoratePosition], before: Mapping[str, InspectoratePosition]
) -> Iterator[Change]:
    """Yield each position of the inspectorate; the last of a day."""
    for reference, turns in _turns(said, before):
        for past, now in turns:
            words = _lower(now.position)
            if past:
                same = past.position is now.position
                words += ", as before" if same else f"; before: {_lower(past.position)}"
            detail = {"position": now.position, "source": now.source, "comment": now.comment}
            yield ground.change(
                ChangeKind.POSITION, reference, now.happened_on, words, detail | _recorded(now)
            )


def _turns(said: Entries[_E], before: Mapping[str, _E]) -> Iterator[tuple[str, list[tuple[_E | None, _E]]]]:
    """Yield, for each recommendation, the last entry of each day after the one that stood until then; what never stood is left out."""
    for reference, entries in said.items():
        past, turns = before.get(reference), []
        in_order = sorted(entries, key=lambda entry: (entry.happened_on, entry.n))
        for _, of_the_day in groupby(in_order, key=lambda entry: entry.happened_on):
            *_, last = of_the_day
            if past is None or last.happened_on >= past.happened_on:
                turns.append((past, last))
                past = last
        if turns:
            yield reference, turns


def closings(ground: Ground, said: Entries[ClosureStep], targets: Entries[TargetDate]) -> Iterator[Change]:
    """
    Yield each closing and each reopening.

    Args:
        targets: What was said of their dates meanwhile: a date moved after a closing on the day of it was not yet in force.
    """
    in_force, times = ground.dates_in_force(said), ground.times_open(said)
    for reference, steps in said.items():
        for step in steps:
            detail = {"reason": step.reason, "statement": step.statement, **_recorded(step)}
            ended = _lower(step.reason) if step.reason else "closed"
            if step.stage is ClosureStage.AGREED:
                due = _in_force_at(step, in_force.get(reference, []), targets.get(reference, []))
                late = max(0, (step.happened_on - due).days) if due else None
                how = "no date was set" if late is None else f"{days_words(late)} late" if late else "in time"
                detail |= {"in_time": None if late is None else not late, "days_late": late}
                yield ground.change(
                    ChangeKind.CLOSED, reference, step.happened_on, f"as {ended}, {how}", detail
                )
            elif step.stage is ClosureStage.REOPENED:
                last = max(until for _, until in times[reference] if until and until <= step.happened_on)
                words = f"it was closed as {ended} on {long_date(last)}"
                yield ground.change(
                    ChangeKind.REOPENED, reference, step.happened_on, words, detail | {"closed_on": last}
                )


def moves(ground: Ground, said: Entries[TargetDate]) -> Iterator[Change]:
    """Yield each date that came into force in place of another: a date first set is no move, nor is a request."""
    for reference, entries in said.items():
        made = [(entry, entry.from_on) for entry in entries if entry.counts and entry.from_on]
        for place, (move, from_on) in enumerate(made):
            days = (move.due_on - from_on).days
            words = f"from {long_date(from_on)} to {long_date(move.due_on)}, {days_words(abs(days))} {'later' if days > 0 else 'earlier'}"
            if move.category:
                words += f": {_lower(move.category)}"
            if move.days_after_expiry:
                act = "moved" if move.stage is TargetStage.MOVED else "asked for"
                words += f"; {act} {days_words(move.days_after_expiry)} after the date had passed"
            if place and move.due_on == made[0][1]:
                words += "; back to where it was"
            detail = {
                "from_on": from_on,
                "to_on": move.due_on,
                "days": days,
                "reason": move.reason,
                "category": move.category,
                "after_expiry": move.days_after_expiry,
                **_recorded(move),
            }
            yield ground.change(ChangeKind.MOVED, reference, move.happened_on, words, detail)


def evidence(
    ground: Ground, said: Entries[EvidenceUse], items: Mapping[int, EvidenceItem]
) -> Iterator[Change]:
    """Yield each item of evidence that began to serve a recommendation; one that serves several is told of each."""
    for reference, uses in said.items():
        for use in uses:
            item = items[use.evidence_id]
            against = item.direction is Direction.CONTRADICTS
            detail = {
                "title": item.title,
                "evidence": item.kind,
                "direction": item.direction,
                "grade": grade_item(item, ground.as_at),
                "describes_on": item.describes_on,
                **_recorded(use),
            }
            yield ground.change(
                ChangeKind.CONTRADICTED if against else ChangeKind.EVIDENCE,
                reference,
                use.happened_on,
                f"{item.title}: {reasons_for(item, ground.as_at)}",
                detail,
            )


def newly(ground: Ground, then: pd.DataFrame) -> Iterator[Change]:
    """
    Yield what is late, forecast late or silent on the last day and was not on the first.

    Args:
        then: Where each stood on the first day, as `state_on` gives it of the same register.
    """
    late = _newly(ground, then, ScheduleState.OVERDUE)
    was_silent = then["days_since_update"].tolist()
    silent = [
        reference
        for reference, place in ground.places.items()
        if ground.facts["is_open"][place]
        and ground.facts["days_since_update"][place] > NO_UPDATE_DAYS >= was_silent[place]
    ]
    times, in_force = ground.times_open([*late, *silent]), ground.dates_in_force(late)
    for reference in late:
        days, moved = ground.fact(reference, "days_late"), ground.fact(reference, "moves")
        since, due = in_force[reference][-1]
        words = (
            f"{days_words(days)} late; due {long_date(due)}{f', moved {times_word(moved)}' if moved else ''}"
        )
        on = max(due + timedelta(days=1), since, times[reference][-1][0])
        yield ground.change(ChangeKind.LATE, reference, on, words, {"due_on": due, "days_late": days})
    for reference in _newly(ground, then, ScheduleState.FORECAST_LATE):
        due, left = ground.fact(reference, "current_target"), ground.fact(reference, "days_to_target")
        words = f"due {long_date(due)}, in {days_words(left)}, and not reported complete"
        detail = {"due_on": due, "days_left": left}
        yield ground.change(ChangeKind.FORECAST_LATE, reference, ground.as_at, words, detail)
    for reference in silent:
        last, days = ground.fact(reference, "last_update_on"), ground.fact(reference, "days_since_update")
        words = f"no update for {days_words(days)}, since {long_date(last)}"
        on = max(last + timedelta(days=NO_UPDATE_DAYS + 1), times[reference][-1][0])
        yield ground.change(ChangeKind.SILENT, reference, on, words, {"last_update_on": last, "days": days})


def _newly(ground: Ground, then: pd.DataFrame, state: ScheduleState) -> list[str]:
    now, was = ground.facts["schedule_state"], then["schedule_state"].tolist()
    return [
        reference for reference, place in ground.places.items() if now[place] == state.value != was[place]
    ]


# Small readings


def counts(entry: Assignment) -> bool:
    """Tell whether an assignment lets a recommendation count."""
    return entry.applicability is not Applicability.FOR_OTHERS


def _is_claim(entry: ProgressReport | None) -> bool:
    return entry is not None and entry.status is ForceReport.COMPLETE


def _is_assured(entry: AssuranceDecision | None) -> bool:
    return entry is not None and entry.level is Assurance.ASSURED


def _recorded(entry: Entry) -> dict[str, Any]:
    return {"recorded_on": london_day(entry.recorded_at)}


def _decided(entry: AssuranceDecision) -> dict[str, Any]:
    return {"level": entry.level, "reason": entry.rationale, "ask": entry.ask, **_recorded(entry)}


def _evidence_words(ground: Ground, reference: str) -> str:
    return f"evidence: {_lower(Grade(ground.fact(reference, 'evidence_grade')))}"


def _lower(member: Vocabulary) -> str:
    return member.word[0].lower() + member.word[1:]


def _in_force_at(step: ClosureStep, in_force: list[tuple[date, date]], said: list[TargetDate]) -> date | None:
    day, at = step.happened_on, step.recorded_at
    later = next((e for e in said if e.counts and e.happened_on == day and e.recorded_at > at), None)
    return later.from_on if later else next((due for since, due in reversed(in_force) if since <= day), None)


def _plain(column: "pd.Series[Any]") -> list[Any]:
    """Return a column as plain values, days as days; missing is None."""
    if column.dtype.kind == "M":
        return column.to_numpy().astype("datetime64[D]").tolist()
    return column.astype(object).where(column.notna(), None).tolist() if column.hasnans else column.tolist()


def _days_of(frame: pd.DataFrame, of: Iterable[str], *columns: str) -> dict[str, list[Any]]:
    """Return the days in some columns, row by row, of some recommendations."""
    some = frame[frame["reference"].isin(list(of))]
    found: dict[str, list[Any]] = defaultdict(list)
    for reference, *days in zip(
        some["reference"].tolist(), *map(_plain, (some[c] for c in columns)), strict=True
    ):
        found[reference].append(tuple(days))
    return found
