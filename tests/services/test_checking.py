"""The command anyone can run: whatever is done to the database past the product is found."""

import pytest
from sqlalchemy import text

from monitor.domain.access import SYSTEM
from monitor.domain.statuses import LinkKind, MeetingKind
from monitor.services.checking import verify
from monitor.services.intake import link_recommendations
from monitor.services.meetings import record_meeting
from monitor.services.updating import report_progress
from monitor.store import Store
from monitor.store.tables import APPEND_ONLY
from tests.builders import A_REPORT, EDITOR, OFFICE, SERVICE, close, day, take_in


@pytest.fixture
def told(register: Store) -> Store:
    """Return a register with something in most tables, and its guards taken off by its owner."""
    take_in(register, "CC-001", due_on=day(90), addressees=("the force",))
    take_in(register, "CC-002")
    report_progress(register, reference="CC-001", by=EDITOR, **A_REPORT)
    close(register, "CC-001")
    link_recommendations(register, reference="CC-001", kind=LinkKind.REPEATS, other="CC-002", by=OFFICE)
    record_meeting(register, service=SERVICE, kind=MeetingKind.BOARD, on=day(-1), by=OFFICE)
    with register.engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "sqlite":
            triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for name in triggers.scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in (*APPEND_ONLY, "recommendation"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
    return register


def tamper(store: Store, *statements: str) -> None:
    """Change the database past the product."""
    with store.engine.execution_options(writes=True).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_register_that_nobody_touched_is_whole(told: Store) -> None:
    """The verdict counts the rows and names the head."""
    verdict = verify(told, by=SYSTEM)

    assert verdict.ok
    assert verdict.history_rows == told.data_version()
    assert verify(told, by=SYSTEM, head=verdict.head).ok


TAMPERINGS = [
    ("a report's words are changed", ["UPDATE progress_report SET narrative = 'All done.'"]),
    ("a report is deleted", ["DELETE FROM progress_report"]),
    (
        "a report is put in",
        [
            'INSERT INTO progress_report SELECT recommendation_id, 2, happened_on, recorded_at, "by", by_name, '
            "by_role, 'complete', narrative, confidence, blocked_by FROM progress_report"
        ],
    ),
    ("the printed words are softened", ["UPDATE wording SET text = 'The force could do it.'"]),
    ("a first date is moved in silence", ["UPDATE target_date SET due_on = '2030-01-01'"]),
    (
        "a closing is dated back",
        ["UPDATE closure_step SET happened_on = '2024-01-01' WHERE stage = 'agreed'"],
    ),
    ("a proposer is renamed", ["UPDATE closure_step SET \"by\" = 'somebody' WHERE stage = 'proposed'"]),
    ("evidence is made stronger", ["UPDATE evidence SET sample = 400"]),
    ("evidence is described as newer", ["UPDATE evidence SET describes_on = '2024-12-01'"]),
    ("a report is said to be published later", ["UPDATE inspection SET published_on = '2024-06-01'"]),
    ("a report is put under embargo", ["UPDATE inspection SET is_restricted = NOT is_restricted"]),
    ("a meeting is moved", ["UPDATE meeting SET \"on\" = '2024-06-01'"]),
    ("a meeting is deleted", ["DELETE FROM meeting"]),
    ("a link is deleted", ["DELETE FROM link"]),
    ("what is shown says open", ["UPDATE recommendation SET closed_on = NULL WHERE reference = 'CC-001'"]),
    ("what is shown says met", ["UPDATE recommendation SET closure_reason = 'superseded' WHERE id = 1"]),
    ("what is shown has a word of its own", ["UPDATE recommendation SET force_report = 'finished'"]),
    ("a kind is changed", ["UPDATE recommendation SET kind = 'afi' WHERE id = 1"]),
    ("a recommendation is addressed to others", ["UPDATE recommendation SET addressees = '[]' WHERE id = 1"]),
    ("a reference is changed", ["UPDATE recommendation SET reference = 'CC-009' WHERE id = 2"]),
    ("a version is changed", ["UPDATE recommendation SET version = 99 WHERE id = 1"]),
    ("it is said to have been taken in later", ["UPDATE recommendation SET taken_in_on = '2024-03-09'"]),
]


@pytest.mark.parametrize("statements", [pytest.param(s, id=title) for title, s in TAMPERINGS])
def test_each_change_past_the_product_is_found(told: Store, statements: list[str]) -> None:
    """The tables no longer say what the history says, and the verdict names the difference."""
    tamper(told, *statements)

    verdict = verify(told, by=SYSTEM)

    assert not verdict.ok
    assert verdict.differences


HISTORY = [
    ("a row says something else", ["UPDATE history SET body = '{}' WHERE seq = 4"], 4),
    ("a row says that somebody else did it", ["UPDATE history SET actor = 'x' WHERE seq = 5"], 5),
    (
        "a row says that it was another day",
        ["UPDATE history SET recorded_at = '2023-01-01' WHERE seq = 5"],
        5,
    ),
    ("a row is deleted", ["DELETE FROM history WHERE seq = 5"], 5),
    ("the first row is deleted", ["DELETE FROM history WHERE seq = 1"], 1),
    (
        "two rows are swapped",
        [
            "UPDATE history SET seq = 999 WHERE seq = 4",
            "UPDATE history SET seq = 4 WHERE seq = 5",
            "UPDATE history SET seq = 5 WHERE seq = 999",
        ],
        4,
    ),
    (
        "an earlier row is put at the end again",
        [
            "INSERT INTO history SELECT (SELECT max(seq) + 1 FROM history), recorded_at, actor, actor_name, "
            "actor_role, verb, subject_kind, subject, service, body, previous, hash FROM history WHERE seq = 4"
        ],
        None,
    ),
]


@pytest.mark.parametrize(("statements", "broken"), [pytest.param(s, n, id=title) for title, s, n in HISTORY])
def test_each_change_of_the_history_is_found_at_its_row(
    told: Store, statements: list[str], broken: int | None
) -> None:
    """The verdict names the first row that does not fit."""
    last = told.data_version()
    tamper(told, *statements)

    verdict = verify(told, by=SYSTEM)

    assert not verdict.ok
    assert verdict.first_broken == (broken or last + 1)


def test_a_change_and_its_history_cut_off_together_show_against_a_head_kept_elsewhere(told: Store) -> None:
    """Nothing that is left tells of it; the hash printed on an export does."""
    head = verify(told, by=SYSTEM).head
    tamper(told, "DELETE FROM meeting", "DELETE FROM history WHERE seq = (SELECT max(seq) FROM history)")

    assert verify(told, by=SYSTEM).ok
    verdict = verify(told, by=SYSTEM, head=head)
    assert not verdict.ok
    assert "cut short or rewritten" in verdict.differences[0]


def test_a_recommendation_that_was_taken_out_is_missed(told: Store) -> None:
    """With everything said about it gone, its history still tells of it."""
    lists = (
        "wording",
        "assignment",
        "target_date",
        "progress_report",
        "closure_step",
        "evidence_use",
        "link",
    )
    tamper(
        told,
        *(f"DELETE FROM {name} WHERE recommendation_id = 2" for name in lists),
        "DELETE FROM recommendation WHERE id = 2",
    )

    verdict = verify(told, by=SYSTEM)

    assert any(
        "CC-002" in difference and "not in the register" in difference for difference in verdict.differences
    )


def test_whoever_may_not_see_everything_hears_that_it_differs_and_not_where(told: Store) -> None:
    """What was changed may be what they may not know of; the numbers are of the rows that they may."""
    sound = verify(told, by=EDITOR)
    assert sound.ok
    assert sound.history_rows < told.data_version()
    assert verify(told, by=SYSTEM, head=sound.head).ok

    tamper(told, "UPDATE progress_report SET narrative = 'All done.'")

    found = verify(told, by=EDITOR)
    assert not found.ok
    assert "CC-001" not in str(found.differences)
    assert "CC-001" in str(verify(told, by=SYSTEM).differences)
