"""Every column of the register: its heading, its kind and what it means, for grids, exports and the data dictionary."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd

from monitor.domain.statuses import Applicability, Vocabulary
from monitor.services.filters import VOCABULARIES

ColumnKind = Literal["text", "day", "count", "flag"]


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    """One column; `words` is the vocabulary field whose words stand for its stored values."""

    key: str
    heading: str
    kind: ColumnKind
    meaning: str
    words: str = ""


def _c(key: str, heading: str, kind: ColumnKind, meaning: str, words: str = "") -> RegisterColumn:
    return RegisterColumn(key, heading, kind, meaning, words)


COLUMNS: Final[tuple[RegisterColumn, ...]] = (
    _c("reference", "Reference", "text", "The register's own reference."),
    _c("short_title", "Recommendation", "text", "Short title given at intake, at most 42 characters."),
    _c("text", "Text", "text", "The words as printed, in the latest wording recorded."),
    _c("kind", "Kind", "text", "Recommendation, area for improvement or cause of concern.", "kind"),
    _c("number", "Number", "text", "The report's own number, where it has one."),
    _c("external_reference", "External reference", "text", "Another system's reference, as printed."),
    _c("parent", "Cause of concern", "text", "Reference of the cause of concern it stands under."),
    _c("service", "Service", "text", "The constabulary or fire and rescue service."),
    _c("inspection", "Report", "text", "Title of the report."),
    _c("published_on", "Published", "day", "Day of publication; the last day of the month or year where only that is known."),
    _c("published_precision", "Published, precision", "text", "How exactly the day of publication is known: day, month, year, unknown."),
    _c("addressees", "Addressees", "text", "Whom the report addresses."),
    _c("applicability", "For whom", "text", "Whether it is for the force, the office, shared, or for others only.", "applicability"),
    _c("counts", "Counts", "flag", "No for those addressed to others only, which are in no other count."),
    _c("owner", "Owner", "text", "Operational lead."),
    _c("executive_lead", "Executive lead", "text", "Chief officer who answers for it."),
    _c("board", "Board", "text", "Board that governs it."),
    _c("themes", "Themes", "text", "Subjects, separated by semicolons."),
    _c("force_report", "Force reports", "text", "The force's voice.", "force_report"),
    _c("force_reported_on", "Force reported on", "day", "Day of the force's last report."),
    _c("last_update_on", "Last update", "day", "Day of the force's last report, or of intake where there is none."),
    _c("days_since_update", "Days since update", "count", "Calendar days from the last update to the day shown; 0 when closed."),
    _c("blocked_by", "Blocked by", "text", "What is in the way, in the force's words."),
    _c("assurance", "Office", "text", "What the office is assured of.", "assurance"),
    _c("assured_on", "Office decided on", "day", "Day of the office's last decision."),
    _c("asked", "Office asks", "text", "What the office asked to see next."),
    _c("position", "Inspectorate", "text", "The inspectorate's position.", "position"),
    _c("position_on", "Inspectorate's position on", "day", "Day of that position."),
    _c("schedule_state", "Schedule", "text", "Computed from the dates on the day shown.", "schedule_state"),
    _c("days_late", "Days late", "count", "Calendar days since the target date in force passed; 0 if it has not, or when closed."),
    _c("days_to_target", "Days to target", "count", "Calendar days to the target date in force; negative when late; empty without a date or when closed."),
    _c("original_target", "First set", "day", "The target date first set. It never changes."),
    _c("current_target", "Target", "day", "The target date in force."),
    _c("target_precision", "Target, precision", "text", "How exactly the target was printed: day, month, year, unknown."),
    _c("target_phrase", "Target as printed", "text", "The words in which the first date was printed."),
    _c("target_set_by", "Target set by", "text", "Who set the date in force.", "target_set_by"),
    _c("moves", "Moves", "count", "Times the target date was moved, by agreement or by the office."),
    _c("days_slipped", "Days slipped", "count", "Calendar days from the first date to the one in force; negative when brought forward."),
    _c("last_moved_on", "Last moved", "day", "Day on which the date in force was agreed."),
    _c("asked_after_expiry", "Asked after expiry", "count", "Requests for another date that came after the date had passed."),
    _c("pending_target", "Date asked for", "day", "A date asked for and not yet answered."),
    _c("evidence_count", "Evidence items", "count", "Items of evidence that serve it."),
    _c("evidence_grade", "Evidence", "text", "Strength of all evidence together, by the printed rubric.", "evidence_grade"),
    _c("closure_test", "Closure test", "text", "What must be shown before it can be closed as met."),
    _c("closure_test_agreed_on", "Closure test agreed", "day", "Day on which the closure test was agreed."),
    _c("opened_on", "Opened", "day", "First day on which it counted."),
    _c("is_open", "Open", "flag", "Yes while it is open and counts."),
    _c("closure_proposed_on", "Closure proposed", "day", "Day of a proposal to close that waits for a second person."),
    _c("closed_on", "Closed", "day", "Day on which a second person agreed to close it."),
    _c("closure_reason", "Closed as", "text", "How it ended. Closed is not the same as met.", "closure_reason"),
    _c("reopened", "Reopened", "count", "Times it was reopened."),
    _c("check_due_on", "Check due", "day", "Day on which a closed item should be looked at again, until it has been."),
    _c("reason", "Why it needs attention", "text", "The worst fact, in one sentence, while it is open."),
    _c("version", "Version", "count", "Changes recorded to it so far."),
)  # fmt: skip

BY_KEY: Final = {column.key: column for column in COLUMNS}

DEFAULT_GRID: Final = (
    "short_title",
    "schedule_state",
    "current_target",
    "original_target",
    "moves",
    "force_report",
    "assurance",
    "position",
)


def plain_rows(rows: pd.DataFrame, *, words: bool) -> list[dict[str, Any]]:
    """
    Return the rows as plain values in the columns' order: None for what is not known.

    Args:
        words: True for the words people read ("Partly assured"), False for stored values ("partly_assured").
    """
    table = rows[[column.key for column in COLUMNS]].astype(object)
    table = table.where(rows[[column.key for column in COLUMNS]].notna(), None)
    readable = _words() if words else {}
    plain = []
    for values in table.itertuples(index=False, name=None):
        row: dict[str, Any] = {}
        for column, value in zip(COLUMNS, values, strict=True):
            if column.kind == "day" and value is not None:
                value = value.date()
            elif column.kind == "count" and value is not None:
                value = int(value)
            elif column.kind == "flag":
                value = bool(value)
            elif column.key in readable:
                value = readable[column.key].get(value, value)
            row[column.key] = value
        plain.append(row)
    return plain


def _words() -> dict[str, dict[str, str]]:
    vocabularies: dict[str, type[Vocabulary]] = {**VOCABULARIES, "applicability": Applicability}
    return {
        column.key: {member.value: member.word for member in vocabularies[column.words]}
        for column in COLUMNS
        if column.words
    }
