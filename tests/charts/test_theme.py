"""Every status word has its mark, and no colour speaks alone."""

import pytest

from monitor.charts.theme import DARK, LIGHT, MARKS, STATUS_TEXT, Role, mark_of
from monitor.domain.evidence import Direction, Grade
from monitor.domain.meetings import ActionStage, Outcome
from monitor.domain.statuses import Assurance, ForceReport, Position, ScheduleState, Standing, Vocabulary

VOCABULARIES: tuple[type[Vocabulary], ...] = (
    ScheduleState,
    ForceReport,
    Assurance,
    Position,
    Direction,
    Standing,
    Outcome,
    ActionStage,
)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_marks_cover_every_member_of_a_vocabulary(vocabulary: type[Vocabulary]) -> None:
    """Each member has a glyph, an icon and a colour."""
    for member in vocabulary:
        mark = MARKS[member]
        assert mark.glyph
        assert mark.icon
        assert mark.colour


def test_marks_cover_the_words_of_evidence() -> None:
    """Grades are words in ink."""
    assert all(MARKS[grade].colour == "" and MARKS[grade].icon == "scale" for grade in Grade)


def test_marks_hold_nothing_that_no_vocabulary_has() -> None:
    """No two vocabularies share a stored value, so a value alone finds its mark, and none is left over."""
    members = [str(member) for vocabulary in VOCABULARIES for member in vocabulary]
    assert sorted([*members, *map(str, Grade)]) == sorted(map(str, MARKS))


def test_marks_tell_apart_the_members_of_one_vocabulary_without_colour() -> None:
    """In greyscale the open schedule states still differ, and late differs from assured."""
    open_states = [state for state in ScheduleState if not state.startswith("closed")]
    assert len({MARKS[state].glyph for state in open_states}) == len(open_states)


def test_red_is_kept_for_late_and_not_assured() -> None:
    """Nothing else among the statuses is red."""
    red = {str(member) for member, mark in MARKS.items() if mark.colour == "red"}
    assert red == {"overdue", "not_assured", "contradicts"}


def test_mark_is_found_by_value_and_written_for_each_place() -> None:
    """A frame holds values; the screen gets markdown, a grid gets the glyph."""
    assert mark_of("overdue").markdown("47 days late") == ":red[:material/warning: 47 days late]"
    assert mark_of("overdue").text("47 days late") == "▲ 47 days late"
    assert mark_of("strong").markdown("Strong") == ":material/scale: Strong"
    assert mark_of("no such word").text("Words") == "Words"


def test_both_themes_have_every_role_and_every_colour_name() -> None:
    """A drawing can be rendered in either theme."""
    for theme in (LIGHT, DARK):
        assert all(theme[role].startswith(("#", "rgba(")) for role in Role)
    assert {mark.colour for mark in MARKS.values()} <= set(STATUS_TEXT["light"]) == set(STATUS_TEXT["dark"])
