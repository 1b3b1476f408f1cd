"""The meetings as a list, each with what came of it; and what one of them takes over from those before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from monitor.domain.access import Actor, scope_of
from monitor.domain.meetings import ActionState, Meeting, Pack
from monitor.services.changing import visible_meetings
from monitor.services.meetings import Hidden, sees_answers, visible_actions, visible_meeting, visible_packs
from monitor.store import Reader, Store


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """
    One meeting in the list, with what the reader may know of it.

    Attributes:
        packs: What was published for it, oldest first.
        answered: How many questions were answered at it.
        agreed: How many actions were agreed at it.
    """

    meeting: Meeting
    packs: Sequence[Pack] = ()
    answered: int = 0
    agreed: int = 0


def meeting_rows(store: Store, *, by: Actor, before: datetime | None = None) -> list[MeetingRow]:
    """
    Return the meetings that somebody may know of, by day; cancelled ones among them.

    Args:
        before: A moment: what was recorded from then on is left out.

    Raises:
        AccessError: for an actor who may not read.
    """
    with store.reading() as reader:
        known = visible_meetings(reader, scope_of(by), before=before)
        read = {number: one for number, one in known.items() if sees_answers(by, one)}
        hidden = Hidden.to(reader, by, before=before)
        answered = {
            (one.meeting_id, one.question)
            for one in reader.answers()
            if one.meeting_id in read
            and (before is None or one.recorded_at < before)
            and not hidden.tells_of(one.references, one.question)
        }
        published = {one.meeting_id for one in reader.packs()} & read.keys()
        answers = Counter(number for number, _ in answered)
        actions = Counter(one.action.meeting_id for one in visible_actions(reader, by, before=before))
        return [
            MeetingRow(
                meeting=one,
                packs=_packs(reader, one, by, before) if number in published else (),
                answered=answers[number],
                agreed=actions[number],
            )
            for number, one in known.items()
        ]


def _packs(reader: Reader, meeting: Meeting, by: Actor, before: datetime | None) -> tuple[Pack, ...]:
    kept = visible_packs(reader, meeting, by)
    return tuple(pack for pack in kept if before is None or pack.recorded_at < before)


def actions_before(
    store: Store, *, meeting_id: int, since_on: date, by: Actor, before: datetime | None = None
) -> list[ActionState]:
    """
    Return what was agreed at other meetings of its service and is open, or ended since a day.

    Of a public meeting, what may not be spoken of in public is left out, whoever asks. What is open stands first,
    soonest due first.

    Args:
        since_on: What ended before this day is left out.
        before: A moment: what was recorded from then on is left out.

    Raises:
        NotFoundError: the same for a meeting that is absent and one that is hidden.
    """
    with store.reading() as reader:
        meeting = visible_meeting(reader, meeting_id, by, before=before)
        return carried(reader, meeting, since_on, by, before)


def carried(
    reader: Reader, meeting: Meeting, since_on: date, by: Actor, before: datetime | None
) -> list[ActionState]:
    """Return the same inside a transaction."""
    known = visible_actions(reader, by, before=before, in_public=meeting.is_public)
    mine = [
        state
        for state in known
        if state.action.service == meeting.service
        and state.action.meeting_id != meeting.id
        and (state.ended is None or state.ended.happened_on >= since_on)
    ]
    return sorted(mine, key=lambda state: (not state.is_open, state.due_on, state.action.id))
