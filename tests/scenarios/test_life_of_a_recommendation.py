"""
The life of a recommendation, lived at random: any person tries anything on any day, and the promises hold.

Each step is tried by somebody who may or may not do it, dated up to ten days back, for a version that may
have passed. A refusal must be one for people and write nothing; after each step the promises are looked at.
"""

import itertools
import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pandas.testing import assert_frame_equal

from monitor.analysis.balance import balance
from monitor.domain.access import Role
from monitor.domain.entries import ClosureStage, TargetStage, as_plain
from monitor.domain.history import HistoryRow, first_broken
from monitor.domain.record import Record, state_of
from monitor.domain.statuses import (
    Applicability,
    Assurance,
    ClosureReason,
    ForceReport,
    MoveCategory,
    Position,
)
from monitor.errors import MonitorError, UnreadableFileError
from monitor.services import deciding, intake, updating
from monitor.services import view as viewing
from monitor.services.view import RegisterView, register_view
from monitor.store import Store
from tests.builders import (
    ANALYST,
    APPROVER,
    EDITOR,
    NOBODY,
    OFFICE,
    OFFICE_2,
    OFFICE_ELSEWHERE,
    PUBLIC,
    REASON,
    TEST,
    Clock,
    a_register,
    close,
    day,
    give_evidence,
    person,
    take_in,
)

BOTH = person("both", Role.FORCE_EDITOR, Role.OFFICE)
PEOPLE = [EDITOR, APPROVER, OFFICE, OFFICE_2, BOTH, EDITOR, OFFICE, ANALYST, PUBLIC, NOBODY, OFFICE_ELSEWHERE]
BY = st.sampled_from(PEOPLE)
BACK = st.sampled_from([0, 0, 0, 1, 3, 10])
AHEAD = st.integers(-5, 200)
OPEN = frozenset({ClosureStage.AGREED, ClosureStage.REOPENED})
WORDS = st.sampled_from(["The work has begun.", "Cafe\u0301 \x00", "", "\u200b", "=1+1", "x" * 20_001])
FRAMES = ("rows", "spells", "targets", "evidence")


class Life(RuleBasedStateMachine):
    """One recommendation on a register of its own; `make` gives the register and its clock."""

    make: Callable[[], tuple[Store, Clock, str]]

    def __init__(self) -> None:
        super().__init__()
        self.store, self.clock, self.reference = type(self).make()
        self.seen: dict[date, RegisterView] = {}

    @initialize(due=st.none() | AHEAD, for_others=st.sampled_from([False, False, False, True]))
    def taken_in(self, due: int | None, for_others: bool) -> None:
        """Begin the life."""
        given: dict[str, Any] = {"applicability": Applicability.FOR_OTHERS} if for_others else {}
        if due is not None:
            given["due_on"] = self.at(due)
        take_in(self.store, self.reference, **given)

    def at(self, n: int) -> date:
        """Return the day n days after the clock's."""
        return date.fromordinal(self.clock.today.toordinal() + n)

    def record(self) -> Record:
        """Return the recommendation as it is stored."""
        with self.store.reading() as reader:
            return reader.record(self.reference)

    def tries(self, act: Callable[..., Any], *, back: int = 0, **given: Any) -> None:
        """Try something: it is done and leaves its history, or it is refused in words and leaves nothing."""
        before = self.store.data_version()
        try:
            act(self.store, on=self.at(-back), **given)
        except UnreadableFileError:
            raise  # the database had to refuse what the rules let through
        except MonitorError:
            assert self.store.data_version() == before
        else:
            assert self.store.data_version() > before

    # What happens

    @rule(days=st.sampled_from([1, 1, 2, 15, 90]))
    def days_pass(self, days: int) -> None:
        """Remember how the day ended, and go on to a later one."""
        self.seen[self.clock.today] = register_view(self.store, by=OFFICE)
        self.clock.set(self.at(days))

    @rule(by=BY, back=BACK, status=st.sampled_from(ForceReport), words=WORDS, stale=st.booleans())
    def report(self, by: Any, back: int, status: ForceReport, words: str, stale: bool) -> None:
        """Report progress, sometimes from a form that is out of date."""
        version = self.record().version - 1 if stale else None
        self.tries(
            updating.report_progress, back=back, by=by, reference=self.reference, status=status,
            narrative=words, version=version,
        )  # fmt: skip

    @rule(by=BY, back=BACK, described=AHEAD)
    def evidence(self, by: Any, back: int, described: int) -> None:
        """Add evidence."""
        self.tries(
            lambda store, on, **given: give_evidence(store, self.reference, on=on, **given),
            back=back, by=by, describes_on=self.at(-abs(described)),
        )  # fmt: skip

    @rule(by=BY, back=BACK, level=st.sampled_from(Assurance))
    def assure(self, by: Any, back: int, level: Assurance) -> None:
        """Decide assurance."""
        self.tries(
            deciding.decide_assurance,
            back=back,
            by=by,
            reference=self.reference,
            level=level,
            rationale="Seen.",
        )

    @rule(by=BY, back=BACK, position=st.sampled_from(Position))
    def position(self, by: Any, back: int, position: Position) -> None:
        """Record the inspectorate's position."""
        self.tries(
            deciding.record_position,
            back=back,
            by=by,
            reference=self.reference,
            position=position,
            source="Letter",
        )

    @rule(
        by=BY,
        back=BACK,
        given=st.sampled_from(
            [
                {"closure_test": ""},
                {"closure_test": TEST},
                {"owner": "Insp A"},
                {"applicability": Applicability.SHARED},
                {"applicability": Applicability.FOR_OTHERS},
                {"short_title": "x" * 43},
            ]
        ),
    )
    def assign(self, by: Any, back: int, given: dict[str, Any]) -> None:
        """Decide something else about it."""
        self.tries(intake.assign, back=back, by=by, reference=self.reference, **given)

    @rule(by=BY, back=BACK, ahead=AHEAD)
    def set_date(self, by: Any, back: int, ahead: int) -> None:
        """Set a first date."""
        self.tries(updating.set_date, back=back, by=by, reference=self.reference, due_on=self.at(ahead))

    @rule(by=BY, back=BACK, ahead=AHEAD, act=st.sampled_from([updating.ask_date, deciding.move_date]))
    def another_date(self, by: Any, back: int, ahead: int, act: Any) -> None:
        """Ask for another date, or move it."""
        self.tries(
            act, back=back, by=by, reference=self.reference, due_on=self.at(ahead), reason=REASON,
            category=MoveCategory.SCOPE,
        )  # fmt: skip

    @rule(by=BY, back=BACK, agreed=st.booleans())
    def answer_date(self, by: Any, back: int, agreed: bool) -> None:
        """Agree or refuse the date asked for."""
        if agreed:
            self.tries(deciding.agree_date, back=back, by=by, reference=self.reference)
        else:
            self.tries(deciding.refuse_date, back=back, by=by, reference=self.reference, reason=REASON)

    @rule(
        by=BY,
        back=BACK,
        reason=st.sampled_from(ClosureReason),
        ids=st.sampled_from(["all", "none", "strange"]),
    )
    def propose(self, by: Any, back: int, reason: ClosureReason, ids: str) -> None:
        """Propose to close it, on all of its evidence, none, or another's."""
        served = [use.evidence_id for use in self.record().evidence]
        self.tries(
            deciding.propose_closure, back=back, by=by, reference=self.reference, reason=reason, statement="Done.",
            evidence_ids={"all": served, "none": [], "strange": [9_999]}[ids],
        )  # fmt: skip

    @rule(by=BY, back=BACK, check=st.none() | AHEAD)
    def agree(self, by: Any, back: int, check: int | None) -> None:
        """Agree to close it."""
        due = None if check is None else self.at(check)
        self.tries(deciding.agree_closure, back=back, by=by, reference=self.reference, check_due_on=due)

    @rule(by=BY, back=BACK)
    def refuse(self, by: Any, back: int) -> None:
        """Refuse to close it."""
        self.tries(deciding.refuse_closure, back=back, by=by, reference=self.reference, statement=REASON)

    @rule()
    def close_properly(self) -> None:
        """Close it as it should be, if it can be: so that much of what is tried is tried on closed ones."""

        def act(store: Store, on: date) -> None:
            with store.writing():
                close(store, self.reference)

        self.tries(act)

    @rule(by=st.sampled_from([BOTH, OFFICE]))
    def close_alone(self, by: Any) -> None:
        """Try to propose and agree as one person, who may do either."""

        def act(store: Store, on: date) -> None:
            with store.writing():
                close(store, self.reference, by=by, second=by)

        self.tries(act)

    @rule(by=BY, back=BACK)
    def reopen(self, by: Any, back: int) -> None:
        """Open it again."""
        self.tries(deciding.reopen, back=back, by=by, reference=self.reference, statement=REASON)

    @rule(by=BY, back=BACK, sustained=st.booleans())
    def check(self, by: Any, back: int, sustained: bool) -> None:
        """Look again at what is closed."""
        self.tries(
            deciding.check_sustainment, back=back, by=by, reference=self.reference, sustained=sustained,
            statement="Looked at.",
        )  # fmt: skip

    # What always holds

    @invariant()
    def the_promises_hold(self) -> None:
        """Read everything once, and look at it from each side."""
        with self.store.reading() as reader:
            record = reader.record(self.reference)
            rows = reader.history(subject=("recommendation", self.reference))[::-1]
            assert first_broken(reader.all_history()) is None
            for seen in reader.cached_and_rebuilt():
                assert seen.cached == seen.rebuilt
        self.closed_means_evidence_and_a_second_person(record)
        self.the_first_date_survives(record)
        self.times_of_being_open_do_not_overlap(record)
        self.history_replays_to_the_present(record, rows)

    def closed_means_evidence_and_a_second_person(self, record: Record) -> None:
        """Each closing answers the proposal of another person, which names evidence that serves it."""
        served = {use.evidence_id for use in record.evidence}
        for step in record.closures:
            if step.stage is ClosureStage.AGREED:
                proposal = record.closures[(step.answers or 0) - 1]
                assert proposal.stage is ClosureStage.PROPOSED
                assert proposal.by != step.by
                assert step.evidence_ids
                assert set(step.evidence_ids) <= served
                assert proposal.happened_on <= step.happened_on

    def the_first_date_survives(self, record: Record) -> None:
        """Dates in force follow one another, each from the one before, and the first is still the first."""
        in_force = [t for t in record.targets if t.counts]
        assert [t.stage for t in in_force[:1]] in ([], [TargetStage.SET])
        for earlier, later in itertools.pairwise(in_force):
            assert later.from_on == earlier.due_on
            assert later.happened_on >= earlier.happened_on
            assert later.reason

    def times_of_being_open_do_not_overlap(self, record: Record) -> None:
        """Each begins on or after the day the one before it ended, and only the last may go on."""
        spells, state = record.spells(), state_of(record)
        for earlier, later in itertools.pairwise(spells):
            assert earlier.closed_on is not None
            assert earlier.opened_on <= earlier.closed_on <= later.opened_on
            assert later.is_reopening
        if spells:
            assert spells[-1].closed_on == state.closed_on
            assert spells[0].opened_on == state.opened_on
        else:
            assert not state.counts
            assert state.closed_on is None

    def history_replays_to_the_present(self, record: Record, rows: list[HistoryRow]) -> None:
        """Folding what each row says changed gives the state of today, and its entries are the lists."""
        replayed: dict[str, Any] = {}
        told = []
        for row in rows:
            body = json.loads(row.body)
            assert {name: replayed.get(name) for name in body["before"]} == body["before"]
            replayed |= body["after"]
            told += [{k: v for k, v in entry.items() if k != "list"} for entry in body["entries"]]
        assert replayed == as_plain(state_of(record))
        assert len(rows) == record.version
        stored = [as_plain(entry) for entry in record.entries]
        key = json.JSONEncoder(sort_keys=True).encode
        assert sorted(told, key=key) == sorted(stored, key=key)

    def teardown(self) -> None:
        """At the end of the life: the past is as it was, the figures equal a recount, the balance holds."""
        today = register_view(self.store, by=OFFICE)
        self.figures_equal_a_recount(today)
        self.the_balance_holds(today)
        self.clock.set(self.at(1))
        for on, view in {**self.seen, self.at(-1): today}.items():
            viewing._views.clear()
            again = register_view(self.store, by=OFFICE, as_at=on)
            for name in FRAMES:
                assert_frame_equal(
                    getattr(again, name), getattr(view, name), check_dtype=False, obj=f"{name} {on}"
                )
        self.store.close()

    def figures_equal_a_recount(self, view: RegisterView) -> None:
        """Count in the lists what the table shows."""
        with self.store.reading() as reader:
            records = reader.records()
        counting = [
            r for r in records if any(a.applicability is not Applicability.FOR_OTHERS for a in r.assignments)
        ]
        is_open = [r for r in counting if not last_of(r, OPEN, ClosureStage.AGREED)]
        assert int(view.rows["is_open"].sum()) == len(is_open)
        late = [r for r in is_open if due_of(r) and due_of(r) < view.today]  # type: ignore[operator]
        assert int((view.rows["is_open"] & (view.rows["days_late"] > 0)).sum()) == len(late)
        moved = sum(len([t for t in r.targets if t.counts][1:]) for r in records)
        assert int(view.rows["moves"].sum()) == moved

    def the_balance_holds(self, view: RegisterView) -> None:
        """Between any two days of the life."""
        days = [day(-1), *self.seen, view.today]
        for start, end in itertools.combinations_with_replacement(days, 2):
            assert balance(view.spells, start, end).holds
        assert balance(view.spells, day(-1), view.today).closing == int(view.rows["is_open"].sum())


def last_of(record: Record, stages: frozenset[ClosureStage], stage: ClosureStage) -> bool:
    """Tell whether the last of some steps is one of a stage."""
    steps = [c.stage for c in record.closures if c.stage in stages]
    return bool(steps) and steps[-1] is stage


def due_of(record: Record) -> date | None:
    """Return the date in force."""
    in_force = [t.due_on for t in record.targets if t.counts]
    return in_force[-1] if in_force else None


LONG = os.environ.get("MONITOR_HYPOTHESIS") == "long"
PHASES = (Phase.explicit, Phase.reuse, Phase.generate) + ((Phase.shrink,) if LONG else ())
"""A failure is made shorter only in the long run: each try of a life takes a second."""


def test_any_life_keeps_the_promises(sqlite_template: Path, tmp_path: Path) -> None:
    """Thirty lives of twenty-five steps, each on a fresh register."""
    numbers = itertools.count()
    begun = tmp_path / "begun.sqlite"
    shutil.copyfile(sqlite_template, begun)
    a_register(f"sqlite:///{begun}").close()

    def make() -> tuple[Store, Clock, str]:
        clock = Clock()
        path = tmp_path / f"{next(numbers)}.sqlite"
        shutil.copyfile(begun, path)
        return Store(f"sqlite:///{path}", clock=clock), clock, "CC-001"

    lives = type("Lives", (Life,), {"make": staticmethod(make)})
    limits = settings(
        phases=PHASES, max_examples=2_000 if LONG else 30, stateful_step_count=60 if LONG else 25
    )
    run_state_machine_as_test(lives, settings=limits)


@pytest.mark.parametrize("steps", [15])
def test_any_life_keeps_the_promises_on_postgresql(postgresql_url: str, steps: int) -> None:
    """A few lives, one after the other on one register."""
    numbers = itertools.count(1)
    clock = Clock()
    a_register(postgresql_url, clock).close()

    def make() -> tuple[Store, Clock, str]:
        clock.set(clock.today)
        return Store(postgresql_url, clock=clock), clock, f"CC-{next(numbers):03}"

    lives = type("Lives", (Life,), {"make": staticmethod(make)})
    limits = settings(phases=PHASES, max_examples=200 if LONG else 6, stateful_step_count=steps)
    run_state_machine_as_test(lives, settings=limits)
