"""How states, counts and names read in sentences, on the screen and on paper: plain text, grammatical for any number."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from monitor import dates
from monitor.domain.statuses import MeetingKind, ScheduleState
from monitor.settings import Titles

MINUS: Final = "−"
DEMONSTRATION: Final = "Demonstration: "
"""What the title of an invented report begins with."""


def told_title(title: str) -> str:
    """Return a report's title as it is told where the page says already that it is a demonstration."""
    return title.removeprefix(DEMONSTRATION)


def schedule_words(
    state: ScheduleState,
    *,
    days_late: int = 0,
    days_to_target: int | None = None,
    moves: int = 0,
    first_set: date | None = None,
) -> str:
    """
    Return how a schedule state reads on a row: "47 days late", "moved twice, first 30 Jun 2022".

    Args:
        days_late: Days past the target now in force, or between it and the closing.
        days_to_target: Days until that target; None when no date is set.
        moves: How often the date moved.
        first_set: The date first set.
    """
    match state:
        case ScheduleState.OVERDUE if days_late > 0:
            return f"{dates.days_words(days_late)} late"
        case ScheduleState.CLOSED_LATE if days_late > 0:
            return f"Closed {dates.days_words(days_late)} late"
        case ScheduleState.DUE_SOON if days_to_target is not None and days_to_target >= 0:
            near = {0: "Due today", 1: "Due tomorrow"}
            return near.get(days_to_target, f"Due in {dates.days_words(days_to_target)}")
        case ScheduleState.PAST_FIRST_DATE if moves and first_set:
            return f"{moves_words(moves)}, first {dates.short_date(first_set)}"
    return state.word


def moves_words(moves: int) -> str:
    """Return "moved once", "moved twice", "moved 3 times"; "never moved" for none."""
    return f"moved {dates.times_word(moves)}" if moves else "never moved"


def plural(n: int, one: str, many: str | None = None) -> str:
    """Return "1 recommendation", "1,204 recommendations", "no recommendations"."""
    return f"{f'{n:,}' if n else 'no'} {one if n == 1 else many or one + 's'}"


def counted(n: int, one: str, many: str | None = None) -> str:
    """Return the same for a heading: numbers under eleven in words ("seven recommendations")."""
    return f"{dates.count_word(n)} {one if n == 1 else many or one + 's'}"


def n_of(n: int, total: int) -> str:
    """Return "37 of 63"."""
    return f"{n:,} of {total:,}"


def percent(n: int, total: int) -> str:
    """Return "59% (37 of 63)"; "none of none" has no share, so of nothing it says "0 of 0"."""
    return f"{n / total:.0%} ({n_of(n, total)})" if total else n_of(n, total)


def signed(n: int) -> str:
    """Return "+92", "−4" or "0", with a true minus sign."""
    return f"+{n:,}" if n > 0 else f"{MINUS}{-n:,}" if n else "0"


def listed(words: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def shortened(words: str, limit: int) -> str:
    """Return the words, cut after a whole one and ended with "…" where they are longer than the limit."""
    if len(words) <= limit:
        return words
    kept = words[: limit - 1]
    whole = kept if words[limit - 1].isspace() else kept.rpartition(" ")[0] or kept
    return whole.rstrip(" ,;:.–-") + "…"


def meeting_name(kind: MeetingKind, titles: Titles, *, short: bool = False) -> str:
    """Return what a kind of meeting is called here; the public one in short where there is little room."""
    if kind is not MeetingKind.CONFERENCE:
        return kind.word
    return titles.conference_short if short else titles.conference


def capitalised(words: str) -> str:
    """Return the words with a capital first letter and the rest as they are."""
    return words[:1].upper() + words[1:]
