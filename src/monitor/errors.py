"""What the product says when it cannot do what a person asked; each message is one clear sentence or two."""

from collections.abc import Mapping
from typing import Any


class MonitorError(Exception):
    """Something a person can cause and mend. The message is for them; the facts sit on `facts`."""

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.facts: Mapping[str, Any] = facts


class RuleError(MonitorError):
    """A rule of the field refuses the change; the message says which, and what would be right."""


class AccessError(MonitorError):
    """This person may not do this here."""


class NotFoundError(MonitorError):
    """Nothing of that name, or nothing that this person may see: the two read the same."""


class ConflictError(MonitorError):
    """
    Somebody else changed the same thing since it was shown.

    `facts` holds `seen` and `now` (versions) and `theirs` (what was written meanwhile,
    oldest first), so that a page can show both texts.
    """


class UnreadableFileError(MonitorError):
    """A file, a database or an address that cannot be read as what it should be."""


class SetupError(MonitorError):
    """This machine or folder lacks something the product needs."""
