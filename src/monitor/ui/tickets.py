"""
Links that give out one file once: to the sign-in that asked for it, within a minute.

They are kept in this process, and made anew each time the place that shows them is drawn. A copied address opens
nothing: it is used up, it is over, or it is somebody else's.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Final

from monitor.domain.access import Actor

SECONDS: Final = 60.0
MOST_FOR_ONE: Final = 64
MOST: Final = 4096
PATH: Final = "/files/"


@dataclass(frozen=True, slots=True)
class Ticket:
    """
    One file for one person.

    Attributes:
        session_id: The sign-in that may use it.
        by: The person with the rights they had when it was made: with others it no longer holds.
        make: Returns the file's bytes; called when the link is opened.
    """

    session_id: str
    by: Actor
    name: str
    media_type: str
    make: Callable[[], bytes]
    made_at: float


class Tickets:
    """The tickets of this process. Safe to share between threads."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: OrderedDict[str, Ticket] = OrderedDict()

    def issue(
        self, *, session_id: str, by: Actor, name: str, media_type: str, make: Callable[[], bytes]
    ) -> str:
        """Return the token of a new ticket; too many at once, and the oldest of this sign-in go first."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._forget_old()
            own = [one for one, ticket in self._kept.items() if ticket.session_id == session_id]
            for one in own[: max(0, len(own) - MOST_FOR_ONE + 1)]:
                del self._kept[one]
            if len(self._kept) >= MOST:
                self._kept.popitem(last=False)
            self._kept[token] = Ticket(session_id, by, name, media_type, make, self._clock())
        return token

    def use(self, token: str, *, session_id: str) -> Ticket | None:
        """Return a ticket and use it up; None for one that is unknown, used, over or another sign-in's."""
        with self._lock:
            self._forget_old()
            ticket = self._kept.get(token)
            if ticket is None or ticket.session_id != session_id:
                return None
            return self._kept.pop(token)

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._kept)

    def _forget_old(self) -> None:
        limit = self._clock() - SECONDS
        while self._kept and next(iter(self._kept.values())).made_at <= limit:
            self._kept.popitem(last=False)


TICKETS: Final = Tickets()
"""Those that the pages of this process make, and its route takes."""
