"""What is wrong with a row or a cell of a file: where it stands, what was found, and what would be right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One thing that keeps a file from being taken in.

    Attributes:
        where: As a person finds it: 'Sheet "Actions", row 7, "Target date"'.
        found: The value as it stands there.
        wanted: What would be accepted.
        message: The whole in one sentence.
    """

    where: str
    found: str
    wanted: str
    message: str
