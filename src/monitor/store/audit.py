"""
The history as an auditor reads it: chosen, counted and paged in the database.

What somebody may not read is left out by the same statement that counts and pages, so that neither a number nor the
length of a page tells of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, exists, false, func, or_, select, true

from monitor.domain.entries import EvidenceUse, Link, Passage
from monitor.domain.history import HistoryRow
from monitor.store import tables
from monitor.store.register import Reader

_H: Final = tables.history.c

AUDITED: Final = frozenset(
    {
        "recommendation", "evidence", "inspection", "publication_day", "meeting", "service", "source",
        "report_source", "tracker_columns", "account", "account_change", "claim_rule", "meeting_change",
        "question_change", "answer", "action", "action_step", "pack", "response_text", "response_step",
        "site_publication", "site_approval",
    }
)  # fmt: skip
"""The kinds of subject that somebody's reach is worked out for; rows of any other are shown to nobody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """
    What of the history somebody may read.

    Attributes:
        services: Whose rows; None for every service.
        embargoed: Where also what prepares a report that is not published yet; None for every service.
        accounts: Where accounts and what is granted; None for every service, and no service for none of it.
        hidden: The numbers of the reports that do not exist for this reader.
        unseen: The numbers of what belongs to meetings and responses and does not exist for this reader, by kind of
            subject.
    """

    services: frozenset[str] | None
    embargoed: frozenset[str] | None
    accounts: frozenset[str] | None
    hidden: frozenset[int]
    unseen: Mapping[str, frozenset[int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """
    Which rows are asked for; each empty value asks for nothing.

    Attributes:
        verbs: Any of these, also where a row has several.
        since, until: From the first moment on, and before the second.
        reference: Letters that occur in the reference of a recommendation.
    """

    person: str = ""
    verbs: Collection[str] = ()
    service: str = ""
    since: datetime | None = None
    until: datetime | None = None
    reference: str = ""


def audit_rows(
    reader: Reader, reach: Reach, wanted: Wanted, *, before: int | None, limit: int
) -> list[HistoryRow]:
    """Return rows of the history, newest first, those before a number where one is given."""
    query = _chosen(select(tables.history), reach, wanted).order_by(_H.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(_H.seq < before)
    return [HistoryRow(**row._mapping) for row in reader.connection.execute(query)]


def count_audit_rows(reader: Reader, reach: Reach, wanted: Wanted) -> int:
    """Return how many rows there are."""
    return reader.connection.execute(_chosen(select(func.count()), reach, wanted)).scalar() or 0


def audit_people(reader: Reader, reach: Reach) -> list[tuple[str, str]]:
    """Return the key and the name of everybody who has done something, by name."""
    query = _chosen(select(_H.actor, func.max(_H.actor_name)), reach, Wanted()).group_by(_H.actor)
    found = [(row[0], row[1]) for row in reader.connection.execute(query)]
    return sorted(found, key=lambda one: (one[1].casefold(), one[0]))


def report_numbers(reader: Reader) -> frozenset[int]:
    """Return the number of every report, seen or not."""
    return frozenset(reader.connection.execute(select(tables.inspection.c.id)).scalars())


def short_titles(reader: Reader, references: Collection[str]) -> Mapping[str, str]:
    """Return the short titles of recommendations, by reference."""
    table = tables.recommendation.c
    query = select(table.reference, table.short_title).where(table.reference.in_(sorted(references)))
    return {row[0]: row[1] for row in reader.connection.execute(query)}


def _chosen(query: Select[Any], reach: Reach, wanted: Wanted) -> Select[Any]:
    return query.select_from(tables.history).where(_visible(reach), *_asked(wanted))


def _asked(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.person:
        conditions.append(_H.actor == wanted.person)
    if wanted.service:
        conditions.append(_H.service == wanted.service)
    if wanted.since is not None:
        conditions.append(_H.recorded_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(_H.recorded_at < wanted.until)
    if wanted.reference:
        of_that_name = _H.subject.icontains(wanted.reference, autoescape=True)
        conditions += [_H.subject_kind == "recommendation", of_that_name]
    if wanted.verbs:
        # Several verbs of one change stand in one text, with commas between.
        said = func.concat(", ", _H.verb, ", ")
        conditions.append(or_(*(said.contains(f", {verb}, ", autoescape=True) for verb in wanted.verbs)))
    return conditions


def _visible(reach: Reach) -> ColumnElement[bool]:
    reads, kinds = _within(reach.services), _not_hidden(reach.hidden) if reach.hidden else {}
    accounts = false() if reach.accounts == frozenset() else _within(reach.accounts, or_none=True)
    shown = {kind: and_(reads, kinds.get(kind, true())) for kind in AUDITED}
    for kind, numbers in reach.unseen.items():
        shown[kind] = and_(reads, _H.subject.not_in([str(number) for number in sorted(numbers)]))
    shown |= {
        "account": accounts,
        "account_change": accounts,
        "claim_rule": accounts,
        # Of the whole register, and of what is public.
        "site_publication": true(),
        "site_approval": true(),
        # How a sheet is read may have been settled for one that nobody else may know of yet.
        "tracker_columns": and_(reads, _within(reach.embargoed)),
    }
    # A case and not a long "or": for that, SQLite would fetch the rows of each kind and sort them all for a page.
    return case({kind: shown[kind] for kind in sorted(shown)}, value=_H.subject_kind, else_=false())


def _within(services: frozenset[str] | None, *, or_none: bool = False) -> ColumnElement[bool]:
    if services is None:
        return true()
    return _H.service.in_(sorted({*services, *([""] if or_none else [])}))


def _not_hidden(hidden: frozenset[int]) -> Mapping[str, ColumnElement[bool]]:
    """Return for each kind that belongs to reports what a row must be to be shown."""
    numbers = sorted(hidden)
    rec, read_in, learned = tables.recommendation.c, tables.report_source.c, tables.publication_day.c
    use, passage, link = (tables.LISTS[cls].c for cls in (EvidenceUse, Passage, Link))
    references = select(rec.reference).where(rec.inspection_id.in_(numbers))
    # Linking changes only the recommendation that names the other: a link to a hidden one does not exist.
    link_to_hidden = exists().where(
        link.recommendation_id == rec.id,
        rec.reference == _H.subject,
        link.recorded_at == _H.recorded_at,
        link.other.in_(references),
    )
    serving = select(cast(use.evidence_id, Text)).join(tables.recommendation, rec.id == use.recommendation_id)
    files = select(read_in.source).where(read_in.inspection_id.in_(numbers))
    passages = select(passage.source).join(tables.recommendation, rec.id == passage.recommendation_id)
    return {
        "recommendation": and_(_H.subject.not_in(references), or_(_H.verb != Link.said, ~link_to_hidden)),
        "evidence": _H.subject.in_(serving.where(rec.inspection_id.not_in(numbers))),
        "inspection": _H.subject.not_in([str(number) for number in numbers]),
        "publication_day": _H.subject.not_in(
            select(cast(learned.id, Text)).where(learned.inspection_id.in_(numbers))
        ),
        "report_source": _H.subject.not_in(
            select(cast(read_in.id, Text)).where(read_in.inspection_id.in_(numbers))
        ),
        # As evidence is: a file in which something was read that is seen is there, whatever else it holds.
        "source": or_(
            and_(_H.subject.not_in(files), _H.subject.not_in(passages.where(rec.inspection_id.in_(numbers)))),
            _H.subject.in_(select(read_in.source).where(read_in.inspection_id.not_in(numbers))),
            _H.subject.in_(passages.where(rec.inspection_id.not_in(numbers))),
        ),
    }
