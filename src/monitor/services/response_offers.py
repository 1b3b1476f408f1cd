"""
What the register can say in a response: sentences put together from what is recorded, for a person to edit.

They are offered to whoever writes and never stored by themselves. They name no one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from monitor.dates import long_date, month_year
from monitor.domain.evidence import EvidenceItem
from monitor.domain.record import Record, State, state_of
from monitor.domain.response_desk import Response
from monitor.domain.statuses import Assurance, ForceReport, Precision
from monitor.domain.wording import capitalised, counted, listed, shortened

MOST_EVIDENCE: Final = 3
_REPORTED: Final = {
    ForceReport.NOT_STARTED: "that work has not begun",
    ForceReport.IN_PROGRESS: "that work is under way",
    ForceReport.COMPLETE: "that this is complete",
    ForceReport.NO_LONGER_RELEVANT: "that events have overtaken this",
    ForceReport.NOT_FOR_THIS_FORCE: "that this is addressed to others",
}
_NARRATIVE: Final = 600


def offered(record: Record, today: date) -> str:
    """
    Return what the register can say about one recommendation: what is reported, by when, on what evidence, under whom.

    Args:
        today: The day on which it is said; a date that has passed is told as passed.
    """
    stands = state_of(record)
    sentences = [
        _reported(record, stands),
        _closed(stands),
        _due(stands, today),
        _evidence([record.items[use.evidence_id] for use in record.evidence]),
        f"The {stands.board} oversees this work." if stands.board else "",
        _assured(stands),
    ]
    return " ".join(filter(None, sentences))


def _reported(record: Record, stands: State) -> str:
    last = max(record.reports, key=lambda one: (one.happened_on, one.n), default=None)
    if last is None:
        return f"{record.service} has not reported on this yet."
    said = shortened(" ".join(last.narrative.split()), _NARRATIVE)
    quoted = f": “{said}”" if said else "."
    return (
        f"{record.service} reported on {long_date(last.happened_on)} {_REPORTED[stands.force_report]}{quoted}"
    )


def _closed(stands: State) -> str:
    if stands.closed_on is None or stands.closure_reason is None:
        return ""
    return f"It was closed on {long_date(stands.closed_on)}: {stands.closure_reason.word.lower()}."


def _due(stands: State, today: date) -> str:
    if stands.target_on is None or stands.closed_on is not None:
        return ""
    on = stands.target_on
    day = month_year(on) if stands.target_precision is Precision.MONTH else long_date(on)
    return f"The date set for this was {day}." if on < today else f"It is to be done by {day}."


def _evidence(items: Sequence[EvidenceItem]) -> str:
    latest = sorted(items, key=lambda one: (one.describes_on, one.id), reverse=True)[:MOST_EVIDENCE]
    told = [
        f"{one.title} ({one.kind.word.lower()}{f', {one.body}' if one.body else ''}, {long_date(one.describes_on)})"
        for one in latest
    ]
    return f"Evidence: {listed(told)}." if told else ""


def _assured(stands: State) -> str:
    if stands.assured_on is None or stands.assurance is Assurance.NOT_LOOKED_AT:
        return ""
    said = {
        Assurance.ASSURED: "The office is assured of this",
        Assurance.PARTLY_ASSURED: "The office is assured of part of this",
        Assurance.NOT_ASSURED: "The office is not yet assured of this",
    }[stands.assurance]
    return f"{said}, as at {long_date(stands.assured_on)}."


def offered_of_all(response: Response, records: Sequence[Record]) -> str:
    """Return what the register can say of the recommendations together: how many are ours, and how they stand."""
    others = sum(ask.is_for_others for ask in response.asks)
    if not response.asks:
        return ""
    service = response.report.service
    stands = [state_of(record) for record in records]
    closed = sum(one.closed_on is not None for one in stands)
    complete = sum(one.closed_on is None and one.force_report is ForceReport.COMPLETE for one in stands)
    parts = [f"{capitalised(counted(len(stands), 'recommendation'))} of this report concern{'s' if len(stands) == 1 else ''} {service} or this office"]  # fmt: skip
    if others:
        parts.append(f"{counted(others, 'is', 'are')} for others".replace("no is", "none is"))
    told = f"{'; '.join(parts)}."
    if closed or complete:
        said = [
            f"{counted(number, 'has', 'have')} been {what}"
            for number, what in ((closed, "closed"), (complete, f"reported complete by {service}"))
            if number
        ]
        told += f" Of these, {listed(said)}."
    boards = sorted({one.board for one in stands if one.board})
    if boards:
        told += f" The work is overseen by the {listed(boards)}."
    return told
