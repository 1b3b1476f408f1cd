"""The log: whatever happens, each line is one JSON object, in ASCII, without what a person wrote."""

import json
import logging
import sys
from types import TracebackType

import pytest

from monitor.server.logs import JsonRecord

SECRET = "a word that Kit Moss typed ✓"

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def raised() -> _Raised:
    """Return an error whose words are a person's."""
    try:
        raise ValueError(SECRET)
    except ValueError:
        return sys.exc_info()


@pytest.mark.parametrize(
    ("name", "message", "arguments", "error"),
    [
        ("streamlit.error_util", "Uncaught app execution", (), raised()),
        ("streamlit.web", "Rejecting origin=%s", (SECRET,), None),
        ("streamlit.web", f"Rejecting {SECRET}", (), None),
        ("uvicorn.error", "Exception in ASGI application\n", (), raised()),
        ("py.warnings", "%s", (f"file.py:1: UserWarning: {SECRET}",), None),
        ("monitor.sign-in", json.dumps({"event": "signed in", "account": "1"}), (), raised()),
        ("monitor.import", "not JSON", (), None),
        ("sqlalchemy", SECRET, (), None),
        ("a", "%d rows", ("not a number", "too many"), None),
        ("a", object(), (), None),
    ],
)
def test_each_line_parses_and_tells_nothing_personal(
    name: str, message: object, arguments: tuple[str, ...], error: _Raised | None
) -> None:
    """Where it was said and what went wrong is kept, the words are not; whichever handler prints it."""
    record = JsonRecord(name, logging.WARNING, "/a/b/place.py", 7, message, arguments, error)

    for formatter in (logging.Formatter("%(message)s"), logging.Formatter()):
        line = formatter.format(record)
        assert "\n" not in line
        assert line.isascii()
        assert "Moss" not in line
        kept = json.loads(line)
        assert (kept["log"], kept["level"]) == (name, "warning")
        assert kept.get("error") == ("ValueError" if error else None)
        if error:
            assert kept["trace"][-1].endswith("raised")


def test_our_own_lines_keep_what_they_say() -> None:
    """They are written without anything personal, so they are taken whole."""
    said = {"event": "refused", "actor": "1", "permission": "READ"}
    record = JsonRecord("monitor.access", logging.WARNING, "x.py", 1, json.dumps(said), (), None)

    assert said.items() <= json.loads(record.getMessage()).items()


@pytest.mark.parametrize("text", ['{"event": "a"}\n{"event": "forged"}', '"just text"', "[1]"])
def test_a_line_cannot_be_forged(text: str) -> None:
    """What is not one object is not taken for one."""
    record = JsonRecord("monitor.access", logging.WARNING, "x.py", 1, text, (), None)

    line = record.getMessage()
    assert "\n" not in line
    assert json.loads(line).get("event") is None
