"""
Publications of the public site: proposed by one person of the office, approved by another, never changed.

What is published is not kept as files. It is kept as the moment up to which the register is read and the fingerprint of
every page: from these it is made again, the same byte for byte, or refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from monitor.dates import london_day, long_date
from monitor.domain.access import OF_THE_FORCE, Actor
from monitor.domain.statuses import Vocabulary
from monitor.errors import RuleError


class PublicText(Vocabulary):
    """Words that somebody wrote for the office, and that are public only where a setting names them."""

    CLOSURE_TESTS = "closure_tests", "Closure tests", "What must be shown before something is closed as met."
    PROGRESS = "progress", "Progress reports", "What the force wrote with its reports."
    ASSURANCE = "assurance", "Reasons of the office", "Why the office is assured or not."
    POSITIONS = "positions", "Comments of the inspectorate", "What was noted with its positions."
    MOVES = "moves", "Reasons for moved dates", "Why a date was asked for, refused or moved."
    EVIDENCE = "evidence", "Titles of evidence", "What an item of evidence is called."
    CLOSINGS = "closings", "Statements of closing", "Why something was closed, reopened or holds."


@dataclass(frozen=True, kw_only=True, slots=True)
class SitePublication:
    """
    The public site as somebody proposes it.

    Attributes:
        as_at: The day it shows.
        known_at: The moment up to which the register was read.
        head: Hash of the last history row about anything in it.
        content: Fingerprint of its list of pages, as JSON, which is kept.
    """

    id: int
    as_at: date
    known_at: datetime
    head: str
    content: str
    recorded_at: datetime
    by: str
    by_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteApproval:
    """A second person of the office lets a proposed publication out."""

    id: int
    publication_id: int
    recorded_at: datetime
    by: str
    by_name: str


@dataclass(frozen=True, slots=True)
class Publications:
    """Everything that was proposed, oldest first, and what of it was approved."""

    proposed: Sequence[SitePublication] = ()
    approvals: Sequence[SiteApproval] = ()

    @property
    def waiting(self) -> SitePublication | None:
        """Return the newest proposal while nobody has approved it; a newer one takes its place."""
        newest = self.proposed[-1] if self.proposed else None
        return newest if newest and newest.id not in {one.publication_id for one in self.approvals} else None

    @property
    def approved(self) -> SitePublication | None:
        """Return the publication that was approved last."""
        last = self.approvals[-1].publication_id if self.approvals else None
        return next((one for one in self.proposed if one.id == last), None)

    @property
    def all_approved(self) -> list[SitePublication]:
        """Return everything that was ever approved, oldest first."""
        known = {one.publication_id for one in self.approvals}
        return [one for one in self.proposed if one.id in known]


def check_approval(known: Publications, publication_id: int, by: Actor) -> SitePublication:
    """
    Return the proposal that somebody may approve.

    Raises:
        RuleError: for one that is not the newest or was approved already.
        AccessError: for whoever proposed it, and for anybody who also works for the force.
    """
    waiting = known.waiting
    if waiting is None or waiting.id != publication_id:
        raise RuleError(
            f"Publication {publication_id} does not wait for approval. "
            + (
                f"The one proposed on {long_date(london_day(waiting.recorded_at))} does."
                if waiting
                else "Propose one first."
            )
        )
    if waiting.by == by.id:
        raise by.refused(
            f"{by.name} proposed this publication, so another person of the office approves it.",
            cause="own publication",
        )
    if by.roles & OF_THE_FORCE:
        raise by.refused(
            f"{by.name} also works for the force. A publication is approved by somebody of the office alone.",
            cause="of the force",
        )
    return waiting
