"""
Files on their way: begun on a page, and not in its hands yet.

Streamlit tells a page of a file once all of it has arrived. Until then the field looks empty to the page, and whoever
saves would save without the file. The server sees each file come and notes it here, by Streamlit's name for the
session, so that a form can say so instead.
"""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Final

from streamlit.runtime.scriptrunner import get_script_run_ctx

BEGINS_WITHIN: Final = 30.0
"""Seconds from a browser's asking where to send a file to the first of its bytes. After that it has given up."""

SHOWN_WITHIN: Final = 3.0
"""Seconds from the last byte of a file to the run that has it. After that it was put aside."""


class Uploads:
    """What is on its way to each page. Safe to share between threads."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._asked: dict[str, float] = {}
        self._running: set[tuple[str, str]] = set()
        self._arrived: dict[tuple[str, str], float] = {}

    def ask(self, page: str) -> None:
        """Note that a browser has asked where to send a file."""
        with self._lock:
            self._asked[page] = self._clock()

    def begin(self, page: str, file: str) -> None:
        """Note that a file is coming."""
        with self._lock:
            self._asked.pop(page, None)
            self._running.add((page, file))

    def end(self, page: str, file: str, *, arrived: bool) -> None:
        """Note that all of a file has arrived, or that it will not."""
        with self._lock:
            self._running.discard((page, file))
            if arrived:
                self._arrived[page, file] = self._clock()
            else:
                self._arrived.pop((page, file), None)

    def take(self, page: str, file: str) -> None:
        """Note that a page has a file in its hands."""
        with self._lock:
            self._arrived.pop((page, file), None)

    def is_coming(self, page: str) -> bool:
        """Tell whether a file is on its way to a page."""
        with self._lock:
            now = self._clock()
            self._asked = {one: at for one, at in self._asked.items() if now - at < BEGINS_WITHIN}
            self._arrived = {one: at for one, at in self._arrived.items() if now - at < SHOWN_WITHIN}
            return page in self._asked or any(one == page for one, _ in (*self._running, *self._arrived))


UPLOADS: Final = Uploads()
"""Those of this process: its server notes them, and its pages ask."""


def take(file: str) -> None:
    """Note that the page of this run has a file in its hands."""
    if context := get_script_run_ctx(suppress_warning=True):
        UPLOADS.take(context.session_id, file)


def is_coming() -> bool:
    """Tell whether a file is on its way to the page of this run."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and UPLOADS.is_coming(context.session_id)
