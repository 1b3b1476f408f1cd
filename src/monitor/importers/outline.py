"""A report taken apart: its lines with their roles, and the findings in it. `monitor.importers.reading` makes it."""

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from monitor.domain.statuses import Kind
from monitor.importers.labels import Section
from monitor.importers.lines import Line

_ONLY_REFERENCE: Final = re.compile(r"#?[A-Z]{1,4}[-/]?\d{2,6}|#\d{2,6}|(?!(?:19|20)\d\d$)\d{4,6}")


def is_reference_heading(line: Line) -> bool:
    """Return whether a heading is only the external number of a finding: "R-2231", "31207"."""
    return line.is_heading and _ONLY_REFERENCE.fullmatch(line.text) is not None


class Role(Enum):
    """What a line is to the report."""

    META = "meta"
    FINDING = "finding"
    ASK = "ask"
    RESPONSE = "response"
    BODY = "body"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Read:
    """A line with its role and, for a response, the words of the label that may name who speaks."""

    line: Line
    role: Role
    speaker_words: str = ""
    text: str = ""
    first: bool = False


@dataclass(slots=True, eq=False)
class Found:
    """One finding as it stands in the document. `pieces` are its paragraphs and, marked True, its parts."""

    kind: Kind
    start: int
    end: int
    number: str = ""
    reference: str = ""
    addressee: str = ""
    lead_in: str = ""
    leads_text: bool = False
    pieces: list[tuple[bool, str]] = field(default_factory=list)
    deadline_words: str = ""
    doubts: list[str] = field(default_factory=list)
    is_answered: bool = False
    cause: "Found | None" = None
    """The cause of concern it stands under."""

    @property
    def parts(self) -> list[str]:
        """The bullets of it."""
        return [text for is_part, text in self.pieces if is_part]

    @property
    def text(self) -> str:
        """The whole statement as a reader would read it: lead-in, paragraphs and parts."""
        own = "\n".join(text for _, text in self.pieces)
        return f"{self.lead_in} {own}" if self.leads_text and own else own

    @property
    def bulleted(self) -> str:
        """The whole statement with its parts marked as such, for reading its dates."""
        own = "\n".join(f"• {text}" if is_part else text for is_part, text in self.pieces)
        return f"{self.lead_in}\n• {own}" if self.leads_text and own else own


@dataclass(slots=True)
class Outline:
    """A report taken apart."""

    reads: list[Read] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    meta: dict[Section, list[Line]] = field(default_factory=dict)
    meta_text: dict[Section, str] = field(default_factory=dict)
    row_title: str = ""
    problems: list[str] = field(default_factory=list)
    events: int = 0
    has_response: bool = False
    says_report_published: bool = False
    """Whether the label of the day speaks of the report, so that it is not the day of a web page."""
