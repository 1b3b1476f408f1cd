"""Every pattern that reads what people send is quick on text made to make it try everything."""

import importlib
import inspect
import pkgutil
import re
import time
from types import ModuleType
from typing import Any, Final

import pytest

import monitor.domain
import monitor.importers

PACKAGES: Final = (monitor.domain, monitor.importers)
MODULES: Final[list[ModuleType]] = [
    importlib.import_module(found.name)
    for package in PACKAGES
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
]
PATTERNS: Final = [
    (f"{module.__name__.removeprefix('monitor.')}.{name}", value)
    for module in MODULES
    for name, value in sorted(vars(module).items())
    if isinstance(value, re.Pattern) and not name.startswith("__")
]
SEARCHES: Final = re.compile(r"\b(?!re\.)[a-z_]+\.(?:search|sub|subn|finditer|findall)\(")
MATCHES: Final = re.compile(r"\.(?:match|fullmatch)\b")
SECONDS: Final = 0.5
"""Far above what a sound pattern takes here (50 ms), so that a busy machine decides nothing; far below a bad one."""
LENGTH: Final = 20_000

PIECES: Final = (
    *(
        "a",
        "A",
        "1",
        " ",
        "\t",
        "\n",
        "-",
        ".",
        ",",
        "*",
        "_",
        "#",
        "[",
        "(",
        ")",
        "<",
        "|",
        "~",
        "`",
        "\\",
        "'",
        '"',
    ),
    *("i", "x", "é", "’", "“", "–", "•", "\u00a0", "\r\n", "; ", ": ", "? ", "/", "&", "%1", "=", "@"),
    *(
        "a ",
        "A ",
        "Aa ",
        "a, ",
        "A, ",
        "a and ",
        "- ",
        "1. ",
        "1.1 ",
        "(i) ",
        "(a",
        "a.",
        "A.",
        "a-",
        "ab-",
        ". ",
        "a\n",
    ),
    *(
        "<!--",
        "[a](",
        "**a",
        "*a ",
        "_a",
        "`a",
        "| ",
        "<meta ",
        "\\*",
        "<a",
        "A1",
        "display :",
        "http:",
        "file:/",
    ),
    *(
        "include ",
        'INCLUDETEXT "',
        "[bookmark: ",
        "page 1 of ",
        "Recommendation 1 ",
        "recommendations ",
        "AFI ",
    ),
    *(
        "cause of concern ",
        "Chief Constable ",
        "Police and Crime Commissioner ",
        "Home Office, ",
        "the force ",
        "should ",
    ),
    *(
        "by 1 May 2023 ",
        "within 6 months ",
        "by the end of ",
        "31/12/",
        "1 January ",
        "Sept 22 ",
        "2023-",
        "by ",
        "of ",
    ),
    *(
        "Published on ",
        "Dear ",
        "said: “",
        "Q1 ",
        "Update ",
        "months ",
        "the ",
        "and ",
        "to the ",
        "police ",
        "(2023) ",
    ),
)


def is_only_matched(name: str) -> bool:
    """Return whether a pattern is tried at the beginning of a text alone, in the one module that knows it."""
    module, _, bare = name.rpartition(".")
    source = inspect.getsource(importlib.import_module(f"monitor.{module}"))
    uses = [found.end() for found in re.finditer(rf"(?<![\w.]){re.escape(bare)}\b(?!: Final| = )", source)]
    # A pattern that stands in a list is used by another name.
    is_clean = SEARCHES.search(source) is None
    return bare.startswith("_") and all(
        MATCHES.match(source, end) or (is_clean and source[end] != ".") for end in uses
    )


def hostile(piece: str) -> str:
    """Return 20 kB of one piece over and over, and something at the end that fits nothing."""
    return piece * (LENGTH // len(piece)) + "!"


def seconds(pattern: re.Pattern[Any], text: str, *, matched: bool) -> float:
    """Return how long a pattern takes, used as its module uses it; of two tries the better."""
    subject: Any = text if isinstance(pattern.pattern, str) else text.encode()
    spent = []
    for _ in range(2):
        before = time.process_time()
        if matched:
            pattern.match(subject)
        else:
            pattern.sub(subject[:0], subject)
        pattern.fullmatch(subject)
        spent.append(time.process_time() - before)
        if spent[-1] < SECONDS:
            break
    return min(spent)


def test_every_module_with_patterns_is_tried() -> None:
    """The list is made by looking, so a new module cannot be left out."""
    tried = {name.rpartition(".")[0] for name, _ in PATTERNS}

    assert {"importers.archive", "importers.read_text", "importers.sheet_marks", "domain.text"} <= tried
    assert len(PATTERNS) > 50


@pytest.mark.parametrize(("name", "pattern"), PATTERNS, ids=[name for name, _ in PATTERNS])
def test_no_pattern_takes_long_on_20_kb(name: str, pattern: re.Pattern[Any]) -> None:
    """No pattern takes long on text made to make it try everything, the way it is used."""
    matched = is_only_matched(name)

    slow = next(
        (piece for piece in PIECES if seconds(pattern, hostile(piece), matched=matched) >= SECONDS), None
    )

    assert slow is None, f"{name} takes too long on {slow!r} over and over"
