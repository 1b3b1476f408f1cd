"""How states, counts and days read on the screen."""

from datetime import date

import pytest

from monitor.domain.evidence import Grade
from monitor.domain.statuses import Assurance, ForceReport, Kind, ScheduleState
from monitor.ui import words


def test_status_markdown_carries_icon_colour_and_word() -> None:
    """Colour never speaks alone."""
    assert words.status_markdown(Assurance.NOT_ASSURED) == ":red[:material/cancel: Not assured]"


def test_status_markdown_of_a_word_without_a_mark_is_plain() -> None:
    """A vocabulary without marks shows its word in ink."""
    assert words.status_markdown(Kind.AFI) == "Area for improvement"


def test_complete_said_by_the_force_is_not_green() -> None:
    """It is a claim; green is kept for those who check."""
    assert words.status_markdown(ForceReport.COMPLETE).startswith(":blue[")


def test_badges_stand_in_a_box_with_their_icon() -> None:
    """Schedule, moves and evidence are boxed under a title; a date that never moved has no box."""
    assert words.badge(ScheduleState.OVERDUE, "47 days late") == ":red-badge[:material/warning: 47 days late]"
    assert words.moves_badge(2) == ":gray-badge[:material/history: Moved twice]"
    assert words.moves_badge(0) == ""
    assert words.evidence_badge(Grade.NONE) == ":gray-badge[:material/scale: No evidence]"


@pytest.mark.parametrize(
    ("state", "facts", "reads"),
    [
        (ScheduleState.OVERDUE, {"days_late": 1}, "1 day late"),
        (ScheduleState.OVERDUE, {"days_late": 1204}, "1,204 days late"),
        (ScheduleState.DUE_SOON, {"days_to_target": 0}, "Due today"),
        (ScheduleState.DUE_SOON, {"days_to_target": 1}, "Due tomorrow"),
        (ScheduleState.DUE_SOON, {"days_to_target": 74}, "Due in 74 days"),
        (ScheduleState.CLOSED_LATE, {"days_late": 3}, "Closed 3 days late"),
        (
            ScheduleState.PAST_FIRST_DATE,
            {"moves": 2, "first_set": date(2022, 6, 30)},
            "moved twice, first 30 Jun 2022",
        ),
        (ScheduleState.NO_DATE_SET, {}, "No date set"),
        (ScheduleState.ON_COURSE, {"days_to_target": 200}, "On course"),
    ],
)
def test_schedule_words_say_how_many_days(state: ScheduleState, facts: dict[str, int], reads: str) -> None:
    """A row says the days, not only the state."""
    assert words.schedule_words(state, **facts) == reads  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("n", "figures", "heading"),
    [
        (0, "no recommendations", "no recommendations"),
        (1, "1 recommendation", "one recommendation"),
        (7, "7 recommendations", "seven recommendations"),
        (1204, "1,204 recommendations", "1,204 recommendations"),
    ],
)
def test_counts_agree_with_their_noun(n: int, figures: str, heading: str) -> None:
    """Figures in tables and lines, words under eleven in headings."""
    assert words.plural(n, "recommendation") == figures
    assert words.counted(n, "recommendation") == heading


def test_signs_and_shares_read_as_print() -> None:
    """A minus is a minus, and a share stands with what it is a share of."""
    assert (words.signed(92), words.signed(-4), words.signed(0)) == ("+92", "−4", "0")
    assert words.percent(37, 63) == "59% (37 of 63)"
    assert words.percent(0, 0) == "0 of 0"


def test_lists_end_with_and() -> None:
    """Nothing, one, two and three words."""
    assert [words.listed(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("limit", "reads"),
    [(30, "All detectives were briefed."), (20, "All detectives were…"), (18, "All detectives…"), (2, "A…")],
)
def test_long_text_is_cut_after_a_whole_word(limit: int, reads: str) -> None:
    """No word is broken unless the first is too long by itself."""
    assert words.shortened("All detectives were briefed.", limit) == reads
