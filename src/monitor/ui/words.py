"""Words as they stand on the screen: a status with its mark, counts, days and moves in sentences."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from monitor import dates
from monitor.charts import theme
from monitor.domain.evidence import Grade
from monitor.domain.statuses import ScheduleState, Vocabulary
from monitor.ui import safe

MINUS: Final = "−"


def status_markdown(member: Vocabulary, words: str | None = None) -> str:
    """
    Return Streamlit markdown with the member's icon and colour.

    Args:
        member: A member of any vocabulary; one without a mark stands in plain ink.
        words: What to say instead of the member's own word ("47 days late").
    """
    mark, shown = theme.mark_of(member), safe.text(words or member.word)
    return mark.markdown(shown) if mark.icon else shown


def badge(member: Vocabulary, words: str | None = None) -> str:
    """Return the same in a tinted box, for the line under a recommendation's title only."""
    return _boxed(theme.mark_of(member), words or member.word)


def moves_badge(moves: int) -> str:
    """Return the tinted box "Moved twice", or nothing when the date never moved."""
    return _boxed(theme.MOVED, capitalised(moves_words(moves))) if moves else ""


def evidence_badge(grade: Grade) -> str:
    """Return the tinted box "Weak evidence" or "No evidence"."""
    return _boxed(theme.EVIDENCE, "No evidence" if grade is Grade.NONE else f"{grade.word} evidence")


def status_glyph(member: Vocabulary, words: str | None = None) -> str:
    """Return the glyph and the words as plain text, for a grid cell."""
    return theme.mark_of(member).text(words or member.word)


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


def schedule_markdown(
    state: ScheduleState,
    *,
    days_late: int = 0,
    days_to_target: int | None = None,
    moves: int = 0,
    first_set: date | None = None,
) -> str:
    """Return `schedule_words` with the mark and the colour of the state."""
    words = schedule_words(
        state, days_late=days_late, days_to_target=days_to_target, moves=moves, first_set=first_set
    )
    return status_markdown(state, words)


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


def capitalised(words: str) -> str:
    """Return the words with a capital first letter and the rest as they are."""
    return words[:1].upper() + words[1:]


def _boxed(mark: theme.Mark, words: str) -> str:
    icon = f":material/{mark.icon}: " if mark.icon else ""
    return f":{mark.colour or 'gray'}-badge[{icon}{safe.text(words)}]"
