"""The lines of the first screen: few words on what changed, each with the recommendations behind its number."""

import pytest

from monitor.domain.statuses import MeetingKind, MoveCategory
from monitor.services import deciding, overview
from monitor.services.filters import count
from monitor.services.meetings import record_meeting
from monitor.services.since import since, start_of
from monitor.services.view import register_view
from monitor.store import Store
from tests.builders import OFFICE, REASON, SERVICE, Clock, close, day, take_in


def said(store: Store) -> list[tuple[int, str, tuple[str, ...], tuple[str, ...]]]:
    """Return number, words, names and recommendations of each line since the last Conference."""
    view = register_view(store, by=OFFICE)
    found = since(store, view=view, start=start_of(view), by=OFFICE)
    return [(line.count, line.words, line.names, line.references) for line in overview.lines(view, found)]


def move(store: Store, to: int) -> None:
    """Let the office move the date of the first one."""
    deciding.move_date(
        store, reference="CC-001", due_on=day(to), reason=REASON, category=MoveCategory.SCOPE, by=OFFICE
    )


def test_a_date_that_moved_twice_is_one_date(sqlite_register: Store, clock: Clock) -> None:
    """The number is that of the figure above it; how often is in the words."""
    record_meeting(sqlite_register, service=SERVICE, kind=MeetingKind.CONFERENCE, on=day(1), by=OFFICE)
    take_in(sqlite_register, due_on=day(30))
    clock.set(day(2))
    move(sqlite_register, 60)
    assert said(sqlite_register) == [(1, "date moved", (), ("CC-001",))]

    move(sqlite_register, 90)

    assert said(sqlite_register) == [(1, "date moved, 2 times in all", (), ("CC-001",))]
    assert count(register_view(sqlite_register, by=OFFICE), "moved") == 1


@pytest.mark.parametrize(
    ("dues", "words"),
    [
        ((40,), "closed in time"),
        ((40, 50), "closed, all in time"),
        ((40, 5), "closed, 1 of them in time"),
        ((5, None), "closed, none of them in time"),
        ((None,), "closed"),
    ],
)
def test_what_closed_says_how_many_in_time(
    sqlite_register: Store, clock: Clock, dues: tuple[int | None, ...], words: str
) -> None:
    """By the date that was then in force; nothing is said of time where no date was set."""
    record_meeting(sqlite_register, service=SERVICE, kind=MeetingKind.CONFERENCE, on=day(7), by=OFFICE)
    references = tuple(f"CC-00{n}" for n, _ in enumerate(dues, start=1))
    for reference, due in zip(references, dues, strict=True):
        take_in(sqlite_register, reference, due_on=None if due is None else day(due))
    clock.set(day(9))
    for reference in references:
        close(sqlite_register, reference)

    assert said(sqlite_register) == [(len(dues), words, (), references)]


def test_new_ones_name_their_report_and_reopened_ones_themselves(
    sqlite_register: Store, clock: Clock
) -> None:
    """At most two names, and how many more; a demonstration's mark is left to the line above the heading."""
    take_in(sqlite_register, "CC-001")
    close(sqlite_register)
    record_meeting(sqlite_register, service=SERVICE, kind=MeetingKind.CONFERENCE, on=day(1), by=OFFICE)
    clock.set(day(2))
    deciding.reopen(sqlite_register, reference="CC-001", statement=REASON, by=OFFICE)
    take_in(sqlite_register, "CC-002")
    take_in(sqlite_register, "CC-003")

    assert said(sqlite_register) == [
        (2, "new, from", ("PEEL assessment",), ("CC-002", "CC-003")),
        (1, "reopened:", ("Do CC-001",), ("CC-001",)),
    ]
