"""
The clock of a register: the server's, and nothing else.

A demonstration register runs on a clock that began on a fixed past day when it was loaded and
has gone on since. Which of the two a register has is written once, when it is made, and a
database trigger refuses any change.
"""

from dataclasses import dataclass
from datetime import UTC, datetime


def server_now() -> datetime:
    """Return the server's moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class RegisterInfo:
    """
    What the register says of itself.

    Attributes:
        office: Name of the local policing body.
        clock_begins, loaded_at: For a demonstration, the moment its clock began at, and the
            server's moment then.
    """

    office: str
    is_demonstration: bool
    clock_begins: datetime | None
    loaded_at: datetime

    def now(self, server: datetime) -> datetime:
        """Return the register's moment at a moment of the server."""
        if self.clock_begins is None:
            return server
        return self.clock_begins + (server - self.loaded_at)
