"""Words as they stand on the screen: a status with its mark, counts, days and moves in sentences."""

from datetime import date

from monitor.charts import theme
from monitor.domain.evidence import Grade
from monitor.domain.statuses import ScheduleState, Vocabulary
from monitor.domain.wording import (
    MINUS,
    capitalised,
    counted,
    listed,
    moves_words,
    n_of,
    percent,
    plural,
    schedule_words,
    shortened,
    signed,
)
from monitor.ui import safe

__all__ = [
    "MINUS",
    "badge",
    "capitalised",
    "counted",
    "evidence_badge",
    "listed",
    "moves_badge",
    "moves_words",
    "n_of",
    "percent",
    "plural",
    "schedule_markdown",
    "schedule_words",
    "shortened",
    "signed",
    "status_glyph",
    "status_markdown",
]


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


def _boxed(mark: theme.Mark, words: str) -> str:
    icon = f":material/{mark.icon}: " if mark.icon else ""
    return f":{mark.colour or 'gray'}-badge[{icon}{safe.text(words)}]"
