"""Working days of England and Wales: Monday to Friday, bank holidays left out."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from holidays import country_holidays

_SATURDAY: Final = 5


def is_working_day(day: date) -> bool:
    """
    Tell whether offices in England and Wales are at work on a day.

    Source:
        Banking and Financial Dealings Act 1971, schedule 1, with the days proclaimed since and the common law
        holidays of Good Friday and Christmas Day, as kept by the library `holidays`. Known to it up to 2100; what
        is proclaimed for a single year comes with its next version.
    """
    return day.weekday() < _SATURDAY and day not in _bank_holidays(day.year)


def working_days_before(day: date, n: int) -> date:
    """
    Return the nth working day before a day, which is itself not counted; for none, the day itself.

    Raises:
        ValueError: for fewer than no days.
    """
    if n < 0:
        raise ValueError(f"{n} working days cannot be counted back.")
    while n:
        day -= timedelta(days=1)
        n -= is_working_day(day)
    return day


# The library fills one table for all years as it is asked, which two threads at once could find half full.
@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    """Return a year's bank holidays with the days given in lieu. England's are those of Wales as well."""
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))
