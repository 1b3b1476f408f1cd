"""Opening + new + reopened - closed = closing, for any two days."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from monitor.analysis.days import ALWAYS, NEVER, Days, Flags, day_number, day_numbers, flags
from monitor.dates import day_month, long_date


@dataclass(frozen=True, slots=True)
class Balance:
    """How many were open at the end of two days, and what happened in between, the second day included."""

    start: date
    end: date
    opening: int
    new: int
    reopened: int
    closed: int
    closing: int

    @property
    def holds(self) -> bool:
        """Whether the sum comes out, as it must."""
        return self.opening + self.new + self.reopened - self.closed == self.closing

    def line(self) -> str:
        """Return "36 open on 14 December + 4 new + 1 reopened − 4 closed = 37 open on 16 January"."""
        first, last = day_pair(self.start, self.end)
        return f"{self.opening:,} open on {first}{self._changes()} = {self.closing:,} open on {last}"

    def short_line(self) -> str:
        """Return the line without its days: "36 + 4 new + 1 reopened − 4 closed = 37 open"."""
        return f"{self.opening:,}{self._changes()} = {self.closing:,} open"

    def _changes(self) -> str:
        reopened = f" + {self.reopened:,} reopened" if self.reopened else ""
        return f" + {self.new:,} new{reopened} − {self.closed:,} closed"


def balance(spells: pd.DataFrame, start: date, end: date) -> Balance:
    """
    Return the balance between the end of one day and the end of another.

    The opening figure is what was open at the end of `start`; the changes are those of the days
    from the one after `start` to `end`, `end` included. Two days given the wrong way round are
    put in order. A spell without a known first day was always open; one that closes before it
    opens closes on the day it opens. No spells give noughts.
    """
    start, end = min(start, end), max(start, end)
    first, last = day_number(start), day_number(end)
    opened, closed = spell_days(spells)
    again = flags(spells["is_reopening"])
    began = (opened > first) & (opened <= last)
    return Balance(
        start=start,
        end=end,
        opening=_count((opened <= first) & (closed > first)),
        new=_count(began & ~again),
        reopened=_count(began & again),
        closed=_count((closed > first) & (closed <= last)),
        closing=_count((opened <= last) & (closed > last)),
    )


def spell_days(spells: pd.DataFrame) -> tuple[Days, Days]:
    """Return the first day of each spell and the day it closed, as numbers; NEVER while it is still open."""
    opened = day_numbers(spells["opened_on"], ALWAYS)
    closed = day_numbers(spells["closed_on"], NEVER)
    return opened, np.maximum(opened, closed)


def day_pair(first: date, last: date) -> tuple[str, str]:
    """Return two days in words, each with its year only where the years differ."""
    if first.year == last.year:
        return day_month(first), day_month(last)
    return long_date(first), long_date(last)


def _count(which: Flags) -> int:
    return int(np.count_nonzero(which))
