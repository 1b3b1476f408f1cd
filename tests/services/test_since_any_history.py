"""Since last time over any history: what is told adds up, agrees with the past views, and loses nothing."""

import os
from collections import Counter
from contextlib import suppress
from datetime import date
from random import Random
from typing import Any

import pytest

from monitor.analysis.changes import ChangeKind, Group, counts
from monitor.dates import end_of_day
from monitor.domain.entries import ClosureStage
from monitor.domain.evidence import Direction
from monitor.domain.record import Record
from monitor.domain.statuses import Applicability, Assurance, ForceReport, MoveCategory, Position
from monitor.errors import MonitorError
from monitor.services import deciding, intake, updating
from monitor.services.since import Since, since
from monitor.services.view import RegisterView, register_view
from monitor.store import Store
from tests.builders import EDITOR, OFFICE, REASON, Clock, close, day, give_evidence, take_in

K = ChangeKind
BEFORE = day(-400)


class Years:
    """Three recommendations, spoken of on days that are sometimes long past when they are recorded."""

    def __init__(self, store: Store, clock: Clock, chance: Random) -> None:
        self.store, self.clock, self.chance = store, clock, chance
        self.seen: dict[date, RegisterView] = {}
        others = chance.choice([Applicability.FOR_OTHERS, Applicability.SHARED])
        take_in(store, "CC-001", due_on=self.ahead())
        take_in(store, "CC-002", due_on=self.ahead(), applicability=others)

    def live(self, steps: int) -> None:
        """Let one thing after another be tried, and days pass; what the rules refuse has not happened."""
        acts = [self.days_pass, self.office_decides, self.evidence, self.report, self.date, self.end]
        for _ in range(steps):
            with suppress(MonitorError):
                self.chance.choices(acts, weights=[2, 3, 1, 3, 6, 3])[0]()
        self.seen[self.clock.today] = register_view(self.store, by=OFFICE)

    def at(self, n: int) -> date:
        """Return the day n days after the clock's."""
        return date.fromordinal(self.clock.today.toordinal() + n)

    def ahead(self) -> date:
        """Return a day to come, or one that has passed."""
        return self.at(self.chance.randint(-10, 60))

    def said(self) -> dict[str, Any]:
        """Return about which of them, and on which day, something is said."""
        back = self.chance.choice([0, 0, 1, 2, 5])
        return {"reference": self.chance.choice(["CC-001", "CC-002", "CC-003"]), "on": self.at(-back)}

    def days_pass(self) -> None:
        """Remember how the day ended, and go on to a later one."""
        self.seen[self.clock.today] = register_view(self.store, by=OFFICE)
        self.clock.set(self.at(self.chance.choice([2, 2, 5, 9, 95])))

    def office_decides(self) -> None:
        """Decide on assurance, record a position, take in the third, or decide whom it is for."""
        said, by = self.said(), OFFICE
        match self.chance.randrange(5):
            case 0 | 1:
                level = self.chance.choice(list(Assurance))
                deciding.decide_assurance(self.store, level=level, rationale="Seen.", by=by, **said)
            case 2:
                position = self.chance.choice(list(Position))
                deciding.record_position(self.store, position=position, source="Letter", by=by, **said)
            case 3:
                take_in(self.store, "CC-003", due_on=self.ahead(), on=said["on"])
            case 4:
                if self.chance.random() < 0.5:
                    said["applicability"] = Applicability.SHARED
                intake.assign(self.store, owner="Insp A", by=by, **said)

    def evidence(self) -> None:
        """Add evidence."""
        said = self.said()
        direction = self.chance.choice([Direction.CONTRADICTS, Direction.SUPPORTS])
        day_of = {"on": said["on"], "describes_on": said["on"], "received_on": said["on"]}
        give_evidence(self.store, said["reference"], direction=direction, **day_of)

    def report(self) -> None:
        """Let the force report."""
        status = self.chance.choice([ForceReport.COMPLETE, ForceReport.IN_PROGRESS])
        updating.report_progress(self.store, status=status, narrative="So it is.", by=EDITOR, **self.said())

    def date(self) -> None:
        """Set a first date, move it, or ask for another and mostly agree to it."""
        said = {**self.said(), "due_on": self.ahead()}
        moved = {**said, "reason": REASON, "category": MoveCategory.SCOPE}
        match self.chance.randrange(4):
            case 0:
                updating.set_date(self.store, by=EDITOR, **said)
            case 1:
                deciding.move_date(self.store, by=OFFICE, **moved)
            case 2:
                updating.ask_date(self.store, by=EDITOR, **moved)
            case 3:
                said.pop("due_on")
                deciding.agree_date(self.store, by=OFFICE, **said)

    def end(self) -> None:
        """Close it by two, or open it again."""
        said = self.said()
        if self.chance.random() < 0.3:
            close(self.store, said["reference"], on=said["on"])
        else:
            deciding.reopen(self.store, statement=REASON, by=OFFICE, **said)

    # What always holds

    def adds_up(self, found: Since, view: RegisterView) -> None:
        """The sum comes out, and each of its parts is told one by one."""
        made = found.balance
        assert made.holds
        assert made.closing == view.rows["is_open"].sum()
        parts = [found.group(kind).count for kind in (K.NEW, K.REOPENED, K.CLOSED)]
        assert parts == [made.new, made.reopened, made.closed]
        for group in found.groups:
            assert all(found.start < change.on <= found.end for change in group.changes)
            if group.kind in (K.LATE, K.FORECAST_LATE, K.SILENT, K.CLAIMED, K.ASSURED):
                assert len(group.references) == group.count
        assert all(change.on <= found.start for group in found.recorded_later for change in group.changes)

    def holds(self) -> None:
        """From each day to the last, and from day to day as each was then known."""
        today = register_view(self.store, by=OFFICE)
        with self.store.reading() as reader:
            records = reader.records()
        self.adds_up(since(self.store, view=today, start=BEFORE, by=OFFICE), today)
        for on, then in self.seen.items():
            found = since(self.store, view=today, start=on, by=OFFICE)
            self.adds_up(found, today)
            self.what_was_told_is_the_view_of_that_day(found, then, today)
            if not spoken_of_late(records, on):
                self.states_are_compared_with_that_view(found, then, today)
        self.nothing_falls_between(list(self.seen.values()), records)

    def what_was_told_is_the_view_of_that_day(
        self, found: Since, then: RegisterView, today: RegisterView
    ) -> None:
        """The count that was told, and exactly the recommendations that make the difference."""
        was_open = set(then.rows.loc[then.rows["is_open"], "reference"])
        is_open = set(
            today.spells["reference"][
                (today.spells["opened_on"] <= str(found.start))
                & ~(today.spells["closed_on"] <= str(found.start))
            ]
        )
        assert found.told == len(was_open)
        assert found.balance.opening == len(is_open)
        counted = {change.reference: change.detail["counted"] for change in found.restated}
        assert counted == dict.fromkeys(is_open - was_open, 1) | dict.fromkeys(was_open - is_open, -1)
        assert bool(found.correction) == bool(counted)

    def states_are_compared_with_that_view(
        self, found: Since, then: RegisterView, today: RegisterView
    ) -> None:
        """Where nothing was recorded later, newly so is what the two views differ by."""

        def of(view: RegisterView, kind: ChangeKind) -> set[str]:
            rows, state = view.rows, {K.LATE: "overdue", K.FORECAST_LATE: "forecast_late"}.get(kind)
            so = rows["schedule_state"] == state if state else rows["days_since_update"] > 90
            return set(rows.loc[rows["is_open"] & so, "reference"])

        for kind in (K.LATE, K.FORECAST_LATE, K.SILENT):
            assert set(found.group(kind).references) == of(today, kind) - of(then, kind)

    def nothing_falls_between(self, views: list[RegisterView], records: list[Record]) -> None:
        """From each day to the next as then known: the counts join, and every happening is told exactly once."""
        told: Counter[tuple[ChangeKind, str]] = Counter()
        closing, start = 0, BEFORE
        for view in views:
            as_at = register_view(self.store, by=OFFICE, as_at=view.as_at)
            found = since(self.store, view=as_at, start=start, by=OFFICE)
            assert (found.told or 0) == closing
            assert found.balance.closing == view.rows["is_open"].sum()
            told += tally(found.groups) + tally(found.recorded_later)
            closing, start = found.balance.closing, view.as_at
        for record in records:
            stages = Counter(step.stage for step in record.closures)
            moves = sum(1 for target in record.targets if target.counts and target.from_on)
            if record.spells():
                made = [told[kind, record.reference] for kind in (K.NEW, K.CLOSED, K.REOPENED)]
                assert made == [1, stages[ClosureStage.AGREED], stages[ClosureStage.REOPENED]]
            if counts(record.assignments[0]):  # what was said while it did not count was no news
                assert told[K.MOVED, record.reference] == moves
                added = told[K.EVIDENCE, record.reference] + told[K.CONTRADICTED, record.reference]
                assert added == len(record.evidence)


def tally(groups: tuple[Group, ...]) -> "Counter[tuple[ChangeKind, str]]":
    """Return how many changes there are, by kind and recommendation."""
    return Counter((change.kind, change.reference) for group in groups for change in group.changes)


def spoken_of_late(records: list[Record], on: date) -> bool:
    """Tell whether anything of that day or before was recorded after it."""
    return any(
        e.happened_on <= on and e.recorded_at >= end_of_day(on) for record in records for e in record.entries
    )


@pytest.mark.parametrize("seed", range(300 if os.environ.get("MONITOR_HYPOTHESIS") == "long" else 6))
def test_any_history_adds_up_and_loses_nothing(sqlite_register: Store, clock: Clock, seed: int) -> None:
    """Six histories of 60 steps, each of which is tried and may be refused."""
    history = Years(sqlite_register, clock, Random(seed))  # noqa: S311

    history.live(60)

    history.holds()
