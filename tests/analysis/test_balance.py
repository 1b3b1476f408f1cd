"""The numbers balance, for any two days."""

from datetime import date

from hypothesis import given

from monitor.analysis.balance import Balance, balance
from tests.analysis.strategies import EPOCH, Spell, day, days, spell_rows, spells_frame


@given(rows=spell_rows(), start=days, end=days)
def test_balance_holds_for_any_spells_between_any_two_days(rows: list[Spell], start: date, end: date) -> None:
    """Opening + new + reopened - closed = closing, whichever way round the days are given."""
    assert balance(spells_frame(rows), start, end).holds


@given(rows=spell_rows(), start=days, end=days)
def test_balance_counts_what_a_person_would_count(rows: list[Spell], start: date, end: date) -> None:
    """Open at the end of a day is opened on or before it and not closed on or before it."""
    made = balance(spells_frame(rows), start, end)
    first, last = sorted((start, end))

    def is_open(at: date) -> int:
        return sum(1 for _, o, c, _ in rows if day(o) <= at and (c is None or day(c) > at))

    assert (made.opening, made.closing) == (is_open(first), is_open(last))
    assert made.new + made.reopened == sum(1 for _, o, _, _ in rows if first < day(o) <= last)


def test_balance_of_nothing_is_noughts() -> None:
    """No spells give noughts, and they balance."""
    assert balance(spells_frame([]), EPOCH, day(30)) == Balance(EPOCH, day(30), 0, 0, 0, 0, 0)


def test_balance_puts_a_closing_before_the_opening_on_the_day_of_opening() -> None:
    """A spell recorded back to front never counts as open, and the sum still comes out."""
    made = balance(spells_frame([("CC-001", 20, 10, False)]), day(5), day(15))
    later = balance(spells_frame([("CC-001", 20, 10, False)]), day(15), day(25))
    assert (made.opening, made.closed, made.closing) == (0, 0, 0)
    assert (later.new, later.closed, later.closing) == (1, 1, 0)


def test_line_shows_the_year_only_where_the_years_differ() -> None:
    """Within one year the days stand without it."""
    within = Balance(date(2022, 12, 14), date(2022, 12, 31), 36, 4, 1, 4, 37)
    across = Balance(date(2022, 12, 14), date(2023, 1, 16), 36, 4, 1, 4, 37)
    assert within.line() == "36 open on 14 December + 4 new + 1 reopened − 4 closed = 37 open on 31 December"
    assert across.line() == (
        "36 open on 14 December 2022 + 4 new + 1 reopened − 4 closed = 37 open on 16 January 2023"
    )


def test_line_leaves_out_reopenings_where_there_were_none() -> None:
    """New and closed always stand; reopened only when something reopened."""
    assert Balance(day(0), day(9), 3, 0, 0, 0, 3).short_line() == "3 + 0 new − 0 closed = 3 open"
