"""The days of the register as a calendar, and the addresses by which calendar programs read it."""

import pytest

from monitor.domain.access import Actor, Role
from monitor.domain.accounts import Way
from monitor.domain.statuses import MeetingKind, MoveCategory
from monitor.errors import AccessError
from monitor.services import accounts
from monitor.services.actions import agree_action
from monitor.services.calendar import (
    CalendarEntry,
    EntryKind,
    end_address,
    has_address,
    make_address,
    read_calendar,
    whose_calendar,
)
from monitor.services.deciding import move_date
from monitor.services.meetings import cancel, change_meeting, record_meeting
from monitor.settings import Titles
from monitor.store import Store
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    DAY,
    EDITOR,
    OFFICE,
    OFFICE_ELSEWHERE,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    close,
    day,
    take_in,
)


def days(store: Store, *, by: Actor = OFFICE, kind: EntryKind | None = None) -> list[CalendarEntry]:
    """Return the entries that somebody sees, of one kind or of all."""
    kinds = frozenset({kind}) if kind else frozenset(EntryKind)
    return list(read_calendar(store, by=by, titles=Titles(), kinds=kinds).entries)


def test_each_kind_of_day_is_in_it(sqlite_register: Store) -> None:
    """A meeting with its papers five working days before, a target date, an action, a statutory day."""
    take_in(sqlite_register, "CC-001", due_on=day(60))
    record_meeting(sqlite_register, service=SERVICE, kind=MeetingKind.CONFERENCE, on=DAY, by=OFFICE)
    agree_action(
        sqlite_register,
        meeting_id=1,
        what="Draw fifty cases and say what they show.",
        owner="Insp A",
        due_on=day(9),
        by=OFFICE,
    )

    found = [(entry.kind, entry.on) for entry in days(sqlite_register)]

    assert found == [
        (EntryKind.PAPERS, day(-7)),
        (EntryKind.MEETING, DAY),
        (EntryKind.ACTION, day(9)),
        (EntryKind.RESPONSE, day(55)),
        (EntryKind.TARGET, day(60)),
    ]


def test_a_day_that_moves_keeps_its_name(sqlite_register: Store, clock: Clock) -> None:
    """A program that has the entry moves it; what is closed or cancelled goes."""
    take_in(sqlite_register, "CC-001", due_on=day(60))
    record_meeting(sqlite_register, service=SERVICE, kind=MeetingKind.BOARD, on=day(20), by=OFFICE)
    before = {entry.uid: entry.on for entry in days(sqlite_register)}
    move_date(
        sqlite_register,
        reference="CC-001",
        due_on=day(90),
        reason=REASON,
        category=MoveCategory.SCOPE,
        by=OFFICE,
    )
    change_meeting(sqlite_register, meeting_id=1, on=day(21), reason=REASON, by=OFFICE)
    after = {entry.uid: entry.on for entry in days(sqlite_register)}

    assert before.keys() == after.keys()
    assert sum(before[uid] != after[uid] for uid in before) >= 2
    cancel(sqlite_register, meeting_id=1, reason=REASON, by=OFFICE)
    close(sqlite_register, "CC-001")
    assert [e.is_cancelled for e in days(sqlite_register, kind=EntryKind.MEETING)] == [True]
    assert days(sqlite_register, kind=EntryKind.TARGET) == []


def test_everybody_sees_the_days_they_may_know_of(sqlite_register: Store) -> None:
    """A private meeting is in the calendar of the office and the force; another service sees nothing of either."""
    take_in(sqlite_register, "CC-001", due_on=day(60))
    record_meeting(
        sqlite_register, service=SERVICE, kind=MeetingKind.ONE_TO_ONE, on=day(3), is_public=False, by=OFFICE
    )

    assert len(days(sqlite_register, kind=EntryKind.MEETING)) == 1
    assert len(days(sqlite_register, kind=EntryKind.MEETING, by=EDITOR)) == 1
    assert days(sqlite_register, by=OFFICE_ELSEWHERE) == []
    with pytest.raises(AccessError):
        days(sqlite_register, by=PUBLIC)


def test_an_address_opens_the_calendar_of_its_owner_until_it_ends(
    sqlite_register: Store, clock: Clock
) -> None:
    """A fresh one ends the one before; a disabled account's opens nothing, and neither does a guess."""
    grants = [(Role.ANALYST, SERVICE)]
    made = accounts.add_account(
        sqlite_register, name="Kit Moss", way=Way.LOCAL, subject="kit", grants=grants, by=ADMINISTRATOR
    )
    with sqlite_register.reading() as reader:
        state = reader.account_states()[0]
    assert made
    kit = state.actor
    first = make_address(sqlite_register, by=kit)
    second = make_address(sqlite_register, by=kit)

    assert whose_calendar(sqlite_register, token=first) is None
    assert whose_calendar(sqlite_register, token="guess") is None
    owner = whose_calendar(sqlite_register, token=second)
    assert owner is not None
    assert (owner.id, owner.roles) == (kit.id, ANALYST.roles)
    assert has_address(sqlite_register, by=kit)
    accounts.disable(sqlite_register, account_id=kit.id, by=ADMINISTRATOR)
    assert whose_calendar(sqlite_register, token=second) is None
    accounts.enable(sqlite_register, account_id=kit.id, by=ADMINISTRATOR)
    end_address(sqlite_register, by=kit)
    assert whose_calendar(sqlite_register, token=second) is None
    assert not has_address(sqlite_register, by=kit)


def test_the_address_is_not_in_the_database(sqlite_register: Store) -> None:
    """Whoever reads the database cannot open a calendar with what stands there."""
    token = make_address(sqlite_register, by=ANALYST)

    with sqlite_register.reading() as reader:
        kept = reader.connection.exec_driver_sql("SELECT * FROM calendar_address").all()
    assert len(kept) == 1
    assert token not in str(kept)
