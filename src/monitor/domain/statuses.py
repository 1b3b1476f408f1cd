"""
Every status word of the product, with the definition printed on *How this is worked out*.

Three voices are typed by people and dated; the schedule state is computed. Each vocabulary
stands here once. Marks and colours stand in `monitor.charts.theme`.
"""

from enum import Enum
from typing import Self, TypeVar

_V = TypeVar("_V", bound="Vocabulary")


class Vocabulary(str, Enum):
    """A closed list of words: the value is stored, `word` is shown, `meaning` is the printed definition."""

    word: str
    meaning: str

    def __new__(cls, value: str, word: str = "", meaning: str = "") -> Self:
        """Make a member that is its stored value and carries its word and meaning."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.word = word
        member.meaning = meaning
        return member

    def __str__(self) -> str:
        """Return the stored value, so that a member can stand wherever its value can."""
        return str(self._value_)


class ForceReport(Vocabulary):
    """What the force reports: the Chief Constable's team speaks."""

    NOT_STARTED = "not_started", "Not started", "Nothing has been done yet."
    IN_PROGRESS = "in_progress", "In progress", "Work has begun."
    COMPLETE = "complete", "Complete", "The force says it is done. This is a claim: it closes nothing."
    NO_LONGER_RELEVANT = (
        "no_longer_relevant",
        "No longer relevant",
        "The force says that events have overtaken it.",
    )
    NOT_FOR_THIS_FORCE = (
        "not_for_this_force",
        "Not for this force",
        "The force says that it is addressed to somebody else.",
    )


class Assurance(Vocabulary):
    """What the office is assured of: the local policing body speaks, after weighing evidence."""

    NOT_LOOKED_AT = "not_looked_at", "Not yet looked at", "Nobody in the office has weighed the evidence."
    NOT_ASSURED = "not_assured", "Not assured", "Weighed, and not enough."
    PARTLY_ASSURED = "partly_assured", "Partly assured", "Some of it is shown."
    ASSURED = "assured", "Assured", "The office is satisfied that it is done and that it works."


class Position(Vocabulary):
    """The inspectorate's position, taken from its letters, reports and register."""

    OPEN = "open", "Open", "No later position is known."
    AWAITING_REVIEW = "awaiting_review", "Awaiting review", "Put forward to the inspectorate for review."
    BEING_PROGRESSED = "being_progressed", "Being progressed", "The inspectorate has noted work under way."
    CLOSED = "closed", "Closed", "The inspectorate has closed it."
    NO_FURTHER_ACTION = (
        "no_further_action",
        "No further action",
        "The inspectorate asks for nothing more, which is not the same as met.",
    )
    SUPERSEDED = "superseded", "Superseded", "Replaced by a later recommendation."


class ScheduleState(Vocabulary):
    """Where it stands against its dates: computed each day, never typed."""

    OVERDUE = "overdue", "Late", "Open, and the target date now in force has passed."
    FORECAST_LATE = (
        "forecast_late",
        "Forecast late",
        "Open, due within 90 days, not reported complete, and fewer than one in five of those that had "
        "been open as long closed within the days that are left (shown only where at least ten are known).",
    )
    DUE_SOON = "due_soon", "Due soon", "Open and due within 90 days, the last day included."
    PAST_FIRST_DATE = (
        "past_first_date",
        "Past its first date",
        "Open and not due soon, but only because the date was moved: the date first set has passed.",
    )
    ON_COURSE = "on_course", "On course", "Open and due later than that."
    NO_DATE_SET = "no_date_set", "No date set", "Open, and nobody has set a date."
    FOR_OTHERS = (
        "for_others",
        "For others only",
        "Addressed to other bodies: no date is held against anybody here, and it is in no other count.",
    )
    CLOSED_IN_TIME = "closed_in_time", "Closed in time", "Closed on or before the target date then in force."
    CLOSED_LATE = "closed_late", "Closed late", "Closed after the target date then in force."
    CLOSED_NO_DATE = "closed_no_date", "Closed, no date set", "Closed without a date ever having been set."


class ClosureReason(Vocabulary):
    """How it ended. Closed is not the same as met."""

    MET = "met", "Met", "The closure test was passed, on evidence."
    OVERTAKEN = "overtaken", "Overtaken", "Events or a later inspection made it pointless; it was not met."
    SUPERSEDED = "superseded", "Superseded", "A later recommendation asks for the same; follow that one."
    NOT_ACCEPTED = "not_accepted", "Not accepted", "Declined, with the reason given in public."
    NOT_FOR_US = "not_for_us", "Not for us", "Addressed to other bodies."


class Kind(Vocabulary):
    """What sort of finding it is."""

    RECOMMENDATION = "recommendation", "Recommendation", "A numbered ask, often with a date."
    AFI = "afi", "Area for improvement", "Less serious, and usually without a date."
    CAUSE_OF_CONCERN = (
        "cause_of_concern",
        "Cause of concern",
        "The gravest: a serious failing, with recommendations under it.",
    )


class SetBy(Vocabulary):
    """Who set a target date."""

    INSPECTORATE = "inspectorate", "the inspectorate", "Printed in the report."
    SERVICE = "service", "the force", "Set by the force itself."
    OFFICE = "office", "the office", "Set by the local policing body."


class Precision(Vocabulary):
    """How exactly a day is known. A month is kept as a month."""

    DAY = "day", "day", "The day itself was printed."
    MONTH = "month", "month", "A month was printed; its last day is used."
    YEAR = "year", "year", "A year was printed; its last day is used."
    UNKNOWN = "unknown", "unknown", "No day, month or year is known."


class MoveCategory(Vocabulary):
    """Why a date moved, in one of a few words; the reason itself is told in a sentence beside it."""

    DEPENDS_ON_OTHERS = (
        "depends_on_others",
        "Waits for another body",
        "A national body, supplier or partner must act first.",
    )
    RESOURCES = "resources", "People or money", "The people, skills or money were not there."
    SCOPE = "scope", "More to do than thought", "The work proved larger than planned."
    EVIDENCE = "evidence", "Evidence not ready", "The work is done, but its effect is not yet shown."
    PRIORITY = "priority", "Other work came first", "Something else was put first."
    CORRECTION = "correction", "Correction", "The date was recorded wrongly."


class Applicability(Vocabulary):
    """Whether it is for this service to act on. A decision with a reason; it can be taken again."""

    FOR_SERVICE = "for_service", "For the force", "The force is to act."
    FOR_OFFICE = "for_office", "For the office", "The local policing body is to act."
    SHARED = "shared", "Shared", "Several bodies are to act, the force among them."
    FOR_OTHERS = "for_others", "For others only", "No action here; counted apart and never dropped."
    NOT_DECIDED = "not_decided", "Not decided", "Nobody has decided yet whom it is for."


class Programme(Vocabulary):
    """The series a report belongs to."""

    PEEL = "peel", "PEEL assessment", "Effectiveness, efficiency and legitimacy of one force."
    SPOTLIGHT = "spotlight", "PEEL spotlight", "A theme drawn from PEEL inspections."
    THEMATIC = "thematic", "National thematic", "One subject across several or all forces."
    JOINT = "joint", "Joint inspection", "With another inspectorate."
    SUPER_COMPLAINT = (
        "super_complaint",
        "Super-complaint",
        "An investigation of a designated body's complaint.",
    )
    AUDIT = "audit", "Audit", "The office's or the force's auditors."
    CORONER = (
        "coroner",
        "Coroner’s report",
        "A coroner's report to prevent other deaths; its day is the day it was sent.",
    )
    OTHER = "other", "Other", "Any other source of findings."


class MeetingKind(Vocabulary):
    """What sort of meeting it was. The name of the Conference is a setting of the installation."""

    CONFERENCE = (
        "conference",
        "Public Accountability Conference",
        "Where the office holds the chief officer to account in public.",
    )
    BOARD = (
        "board",
        "Strategic Performance Board",
        "The force's own board, chaired by the deputy chief officer.",
    )
    ONE_TO_ONE = "one_to_one", "One-to-one", "The head of the office with the chief officer."
    PANEL = "panel", "Scrutiny panel", "People from outside look at a sample."


class LinkKind(Vocabulary):
    """How one recommendation stands to another."""

    SAME_ASK = "same_ask", "asks the same as", "The same thing is asked in another report."
    REPEATS = "repeats", "repeats", "It says again what an earlier one said."
    SUPERSEDES = "supersedes", "supersedes", "It takes the place of an earlier one."

    @property
    def seen_from_there(self) -> str:
        """Return the words from the other one's side."""
        return {LinkKind.REPEATS: "is repeated by", LinkKind.SUPERSEDES: "is superseded by"}.get(
            self, self.word
        )


class Confidence(Vocabulary):
    """How sure the force is of its date."""

    HIGH = "high", "High", "The date will be met."
    MEDIUM = "medium", "Medium", "The date can be met if nothing else goes wrong."
    LOW = "low", "Low", "The date will probably be missed."


class Standing(Vocabulary):
    """How something that was read in a file stands to the register."""

    NEW = "new", "New", "Not on the register yet."
    CHANGED = "changed", "Changed", "On the register, and something here differs from it."
    UNCHANGED = "unchanged", "Unchanged", "On the register, just as here."
    DOUBTFUL = "doubtful", "Doubtful", "It may be on the register already: a person has to say."


def parse_word(vocabulary: type[_V], found: str) -> _V:
    """
    Return the member whose value or word this is, whatever its case, dashes and spaces.

    Raises:
        ValueError: with the words that would be accepted.
    """
    plain = _plain(found)
    for member in vocabulary:
        if plain in (_plain(member.value), _plain(member.word)):
            return member
    accepted = ", ".join(member.word for member in vocabulary)
    raise ValueError(f'"{found}" is not one of: {accepted}.')


def _plain(text: str) -> str:
    return "".join(ch for ch in text.casefold() if ch.isalnum())
