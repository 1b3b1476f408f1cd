"""Text as a person or a file gave it, made fit to be kept: one spelling, no control characters."""

import re
import unicodedata
from typing import Any, Final

from monitor.errors import RuleError

TEXT_MAX: Final = 20_000

_NEVER_KEPT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of characters: a database, a workbook or a web page refuses them."""
_WEB_ADDRESS: Final = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
_COULD_RUN: Final = re.compile(
    "[\t\r\n\0]"  # never first, whatever follows
    "|[\\s\0\ufeff\u200b\u200c\u200d\u2060\u00ad]*[-=+@\uff1d\uff0b\uff0d\uff20]"
)


def clean(text: str) -> str:
    """
    Return the text in one spelling (NFC), without control characters and outer blanks.

    Text in which nothing can be seen comes back empty.

    Raises:
        RuleError: for more than 20,000 characters.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = unicodedata.normalize("NFC", _NEVER_KEPT.sub("", lines)).strip()
    if len(plain) > TEXT_MAX:
        raise RuleError(f"The text has {len(plain):,} characters. It can have {TEXT_MAX:,}.")
    return plain if any(_is_seen(ch) for ch in plain) else ""


def cleaned(value: Any) -> Any:
    """Return plain text as `clean` does, also inside a list; a word of a vocabulary and the like as it is."""
    if isinstance(value, tuple | list):
        return tuple(cleaned(inner) for inner in value)
    return clean(value) if type(value) is str else value


def clean_line(text: str) -> str:
    """Return the text as `clean` does, on one line."""
    return " ".join(clean(text).split())


def seen_length(text: str) -> int:
    """Return how many characters a reader sees, a run of blanks counted as one."""
    return sum(1 for ch in " ".join(text.split()) if ch == " " or _is_seen(ch))


def _is_seen(ch: str) -> bool:
    return unicodedata.category(ch)[0] not in "CZ"


def is_web_address(text: str) -> bool:
    """Tell whether the text is a whole address that a browser opens as a page, and nothing that could run."""
    return _WEB_ADDRESS.fullmatch(text) is not None


def guard(text: str) -> str:
    """
    Return the text as it goes into a CSV cell: with an apostrophe in front where it could run as a formula.

    A text that starts with an apostrophe gets one more, so that `unguard` gives back exactly what was there.

    Source:
        OWASP, CSV Injection; the apostrophe is what spreadsheets themselves use to mark a text.
    """
    return "'" + text if text.startswith("'") or could_run(text) else text


def unguard(cell: str) -> str:
    """Return what `guard` was given; a cell that it cannot have written ('tis) is left as it stands."""
    return cell[1:] if cell.startswith("'") and guard(cell[1:]) == cell else cell


def could_run(text: str) -> bool:
    """Return whether a spreadsheet could take this text for a formula, after white space and unseen letters too."""
    return _COULD_RUN.match(text) is not None
