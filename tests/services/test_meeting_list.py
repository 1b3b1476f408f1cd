"""The list of meetings: it tells of each exactly what the meeting itself tells, to everybody and on every day."""

from datetime import datetime

import pytest

from monitor.dates import end_of_day
from monitor.domain.access import Actor
from monitor.domain.meetings import Outcome
from monitor.domain.statuses import MeetingKind, Precision
from monitor.errors import NotFoundError
from monitor.services.actions import agree_action, report_action, withdraw_action
from monitor.services.intake import take_in_report
from monitor.services.meeting_list import actions_before, meeting_rows
from monitor.services.meetings import cancel, read_meeting, record_answer, record_meeting
from monitor.services.questions import add_question
from monitor.store import Store
from tests.builders import (
    ADMINISTRATOR,
    ANALYST,
    EDITOR,
    OFFICE,
    OFFICE_2,
    OFFICE_ELSEWHERE,
    PUBLIC,
    REASON,
    SERVICE,
    Clock,
    day,
    moment,
    take_in,
)

PEOPLE = {
    "public": PUBLIC,
    "administrator": ADMINISTRATOR,
    "analyst": ANALYST,
    "force": EDITOR,
    "office": OFFICE,
    "another service": OFFICE_ELSEWHERE,
}


@pytest.fixture
def held(sqlite_register: Store, clock: Clock) -> Store:
    """Return a register with a public, a private and a cancelled meeting, one of whose actions is about what is embargoed."""
    store = sqlite_register
    take_in(store, "CC-001")
    report = take_in_report(
        store,
        service=SERVICE,
        title="Under embargo",
        published_on=day(0),
        published_precision=Precision.DAY,
        embargo_until=moment(day(90)),
        by=OFFICE,
    )
    take_in(store, "CC-900", inspection_id=report.id)
    for n, (kind, is_public) in enumerate(((MeetingKind.CONFERENCE, True), (MeetingKind.ONE_TO_ONE, False))):
        clock.set(day(n))
        meeting = record_meeting(store, service=SERVICE, kind=kind, on=day(n), is_public=is_public, by=OFFICE)
        own = add_question(store, meeting_id=meeting.id, text="What has changed since?", by=OFFICE)
        for question, reference in ((own, "CC-001"), (own, "CC-001"), ("late:CC-900", "CC-900")):
            record_answer(
                store,
                meeting_id=meeting.id,
                question=question,
                asked="What has changed since?",
                outcome=Outcome.ANSWERED,
                words="A good deal.",
                references=[reference],
                by=OFFICE,
            )
        for reference in ("CC-001", "CC-900"):
            agree_action(
                store,
                meeting_id=meeting.id,
                what=f"Show the office what changed on {reference}.",
                owner="CI Ash",
                due_on=day(20),
                reference=reference,
                by=OFFICE,
            )
    off = record_meeting(store, service=SERVICE, kind=MeetingKind.BOARD, on=day(9), by=OFFICE)
    cancel(store, meeting_id=off.id, reason=REASON, by=OFFICE)
    clock.set(day(30))
    return store


@pytest.mark.parametrize("before", [None, end_of_day(day(0))], ids=["today", "a past day"])
@pytest.mark.parametrize("by", PEOPLE.values(), ids=PEOPLE)
def test_the_list_tells_of_each_meeting_what_its_own_page_tells(
    held: Store, by: Actor, before: datetime | None
) -> None:
    """Which there are, how many answers and actions: as many as the reader can open, and no more."""
    rows = meeting_rows(held, by=by, before=before)

    seen = {
        row.meeting.id: read_meeting(held, meeting_id=row.meeting.id, by=by, before=before) for row in rows
    }
    assert [row.meeting for row in rows] == [one.meeting for one in seen.values()]
    assert {row.meeting.id: (row.answered, row.agreed, tuple(row.packs)) for row in rows} == {
        number: (len(one.answered), len(one.actions), one.packs) for number, one in seen.items()
    }
    for number in {1, 2, 3} - seen.keys():
        with pytest.raises(NotFoundError):
            read_meeting(held, meeting_id=number, by=by, before=before)


def test_the_office_counts_what_others_may_not_know_of(held: Store) -> None:
    """What is about an embargoed recommendation is in the office's counts alone; a second answer counts once."""
    counts = {
        name: [(row.answered, row.agreed) for row in meeting_rows(held, by=by)] for name, by in PEOPLE.items()
    }

    assert counts == {
        "public": [(0, 0), (0, 0)],
        "administrator": [(0, 0), (0, 0)],
        "analyst": [(1, 1), (0, 1), (0, 0)],
        "force": [(1, 1), (1, 1), (0, 0)],
        "office": [(2, 2), (2, 2), (0, 0)],
        "another service": [],
    }


def test_a_meeting_takes_over_what_is_open_or_has_ended_since(held: Store, clock: Clock) -> None:
    """Open ones first, soonest due first; nothing of its own; of a public one nothing that is private or embargoed."""
    following = record_meeting(held, service=SERVICE, kind=MeetingKind.CONFERENCE, on=day(40), by=OFFICE)
    agree_action(
        held, meeting_id=1, what="Write to the supplier about it.", owner="CI Ash", due_on=day(3), by=OFFICE
    )
    ended = withdraw_action(held, action_id=1, words=REASON, by=OFFICE)
    clock.set(day(31))
    report_action(held, action_id=5, words="Written.", by=OFFICE_2)

    def taken(since: int, number: int = following.id) -> list[int]:
        found = actions_before(held, meeting_id=number, since_on=day(since), by=OFFICE)
        return [state.action.id for state in found]

    assert not ended.is_open
    assert taken(30) == [5, 1]
    assert taken(31) == [5]
    assert taken(30, number=2) == [5, 2, 1]
