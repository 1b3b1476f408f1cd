"""Numbers and words as findings use them: grammatical for none, one, two and many."""

import unicodedata
from datetime import date

from monitor.dates import count_word, day_month, long_date

ELLIPSIS = "…"


def number(n: int) -> str:
    """Return "no", "one" to "nine", then figures, to stand inside a heading."""
    return count_word(n) if n < 10 else f"{n:,}"


def none_or(n: int) -> str:
    """Return "none", "one" to "nine", then figures: a count that stands alone."""
    return "none" if n == 0 else number(n)


def sentence(text: str) -> str:
    """Return the text with its first letter large."""
    return text[:1].upper() + text[1:]


def is_are(n: int) -> str:
    """Return "is" for one, "are" for any other number."""
    return "is" if n == 1 else "are"


def was_were(n: int) -> str:
    """Return "was" for one, "were" for any other number."""
    return "was" if n == 1 else "were"


def has_have(n: int) -> str:
    """Return "has" for one, "have" for any other number."""
    return "has" if n == 1 else "have"


def several(n: int, one: str, many: str) -> str:
    """Return the word for one thing or for any other number of them."""
    return one if n == 1 else many


def on_day(day: date, today: date) -> str:
    """Return "31 March", or with its year where that is not this year."""
    return day_month(day) if day.year == today.year else long_date(day)


def one_line(text: str, most: int) -> str:
    """
    Return somebody's text as one line that is safe to draw.

    Control characters, line breaks and marks that turn the direction of writing become spaces;
    what is longer than `most` is cut with an ellipsis.
    """
    clean = "".join(" " if unicodedata.category(ch) in _UNDRAWABLE else ch for ch in text)
    clean = " ".join(clean.split())
    return clean if len(clean) <= most else clean[: most - 1].rstrip() + ELLIPSIS


_UNDRAWABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def at_most(text: str, most: int) -> str:
    """Return whole sentences of a text up to a length, or the text cut with an ellipsis."""
    if len(text) <= most:
        return text
    end = text.rfind(". ", 0, most)
    return text[: end + 1] if end > 0 else text[: most - 1].rstrip() + ELLIPSIS
