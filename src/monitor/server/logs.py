"""
The log: one JSON object a line on standard error, in ASCII, without anything that a person wrote.

Our own loggers write JSON already. Of everybody else's lines only what was written by programmers is kept: the
place, the text before anything is filled in, and of an error its kind and where it arose.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import PurePath
from types import TracebackType
from typing import Any, Final

_OWN: Final = "monitor"
_FRAMES: Final = 6


class JsonRecord(logging.LogRecord):
    """
    A record whose message is the whole line.

    Streamlit gives each of its loggers a handler of its own, and again whenever its settings are read: it is the
    record that all of them share.
    """

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        line = json.dumps(as_line(self), default=str)
        self.msg, self.args = line, ()
        self.exc_info = self.exc_text = self.stack_info = None


def as_line(record: logging.LogRecord) -> dict[str, Any]:
    """Return what is kept of a record."""
    line: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "log": record.name,
    }
    if record.name.partition(".")[0] == _OWN:
        line |= _own(record)
    else:
        line["place"] = f"{PurePath(record.pathname).name}:{record.lineno}"
        # With arguments the text is a pattern; without, anything may have been put into it.
        if record.args and isinstance(record.msg, str):
            line["pattern"] = record.msg[:200]
    if record.exc_info and record.exc_info[0] is not None:
        line |= {"error": record.exc_info[0].__name__, "trace": _trace(record.exc_info[2])}
    return line


def _own(record: logging.LogRecord) -> dict[str, Any]:
    try:
        said = json.loads(record.getMessage())
    except ValueError:
        return {"pattern": str(record.msg)[:200]}
    return said if isinstance(said, dict) else {}


def _trace(arisen: TracebackType | None) -> list[str]:
    return [
        f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(arisen)[-_FRAMES:]
    ]


def begin() -> None:
    """Send every log to standard error as JSON lines; called once, by the process that serves."""
    logging.setLogRecordFactory(JsonRecord)
    logging.captureWarnings(True)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        # uvicorn, started by its own command, has set up handlers that would put their own words in front.
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    # Addresses carry what people search for, and invitations.
    logging.getLogger("uvicorn.access").disabled = True
