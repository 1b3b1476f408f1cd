"""
The register in its database: what is read, and the one way in which anything is written.

`Store.writing()` opens a transaction that holds the register's single writer lock (SQLite: BEGIN
IMMEDIATE; PostgreSQL: an advisory lock). Inside it a `Unit` collects changes; when the block ends
without error, the entries, the cached state and the history rows are written together, or nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Table,
    bindparam,
    func,
    insert,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.exc import DatabaseError

from monitor.dates import london_day
from monitor.domain.access import Actor
from monitor.domain.accounts import Account, AccountChange, AccountState, ClaimRule, account_state
from monitor.domain.entries import ENTRY_TYPES, Entry, EvidenceUse, Link, Passage, as_plain, plain_value
from monitor.domain.evidence import EvidenceItem
from monitor.domain.history import GENESIS, HistoryRow, canonical, row_hash
from monitor.domain.inspections import Inspection, PublicationDay, Service
from monitor.domain.meetings import (
    Action,
    ActionStep,
    Answer,
    Meeting,
    MeetingChange,
    Pack,
    QuestionChange,
    in_place,
)
from monitor.domain.publications import Publications, SiteApproval, SitePublication
from monitor.domain.record import RECORD_LISTS, Record, State, state_of
from monitor.domain.response_desk import FORMS, ResponseStep, ResponseText
from monitor.domain.sources import ReportSource, Source, TrackerColumns, fingerprint_of
from monitor.errors import ConflictError, NotFoundError, RuleError
from monitor.store import tables
from monitor.store.clock import RegisterInfo, server_now
from monitor.store.engine import explain, open_engine

_WRITER_LOCK: Final = 5_539_020
_STATE_FIELDS: Final = tuple(f.name for f in fields(State))
_T = TypeVar("_T")
_E = TypeVar("_E", bound=Entry)
_open_unit: ContextVar["Unit | None"] = ContextVar("open_unit", default=None)


@dataclass(frozen=True, slots=True)
class SeenState:
    """What the database has cached for a recommendation, beside what its lists say."""

    reference: str
    cached: dict[str, Any]
    rebuilt: dict[str, Any]


class Store:
    """
    One register's database. Safe to share between threads.

    Args:
        address: A database address, already migrated.
        clock: The server's clock; replaced in tests.
    """

    def __init__(self, address: str, *, clock: Callable[[], datetime] = server_now) -> None:
        self.address = address
        self.engine: Engine = open_engine(address)
        self._clock = clock
        # All that is read in one block is of one moment: on SQLite always, on PostgreSQL when asked.
        isolation = {"isolation_level": "REPEATABLE READ"} if self.engine.dialect.name == "postgresql" else {}
        self._reading_engine = self.engine.execution_options(**isolation)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator["Reader"]:
        """Open a transaction that sees one moment of the register, and changes nothing."""
        unit = _open_unit.get()
        if unit is not None and unit.store is self:
            unit.flush()
            yield unit
            return
        try:
            with self._reading_engine.connect() as connection, connection.begin():
                yield Reader(self, connection)
        except DatabaseError as problem:
            raise explain(problem, self.address) from problem

    @contextmanager
    def writing(self) -> Iterator["Unit"]:
        """
        Open the transaction in which everything asked for happens together or not at all.

        A block inside another joins it. What fails inside cannot be half kept: the outer block then
        fails as well, even if it went on after the error.
        """
        outer = _open_unit.get()
        if outer is not None and outer.store is self:
            try:
                yield outer
            except Exception as problem:
                outer.failed = outer.failed or problem
                raise
            return
        try:
            with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})"))
                unit = Unit(self, connection)
                token = _open_unit.set(unit)
                try:
                    yield unit
                    if unit.failed:
                        raise unit.failed
                    unit.flush()
                finally:
                    _open_unit.reset(token)
        except DatabaseError as problem:
            raise explain(problem, self.address) from problem

    def info(self) -> RegisterInfo | None:
        """Return what the register says of itself; None before it is first used."""
        with self.reading() as reader:
            return reader.info()

    def now(self) -> datetime:
        """Return the register's moment: the server's clock, or the demonstration's."""
        with self.reading() as reader:
            return reader.clock_now()

    def today(self) -> date:
        """Return the register's day in London."""
        return london_day(self.now())

    def data_version(self) -> int:
        """Return the number of the last history row: what every cache is keyed by."""
        with self.reading() as reader:
            return reader.data_version()

    def server_now(self) -> datetime:
        """Return the server's moment, whatever the register's clock."""
        return self._clock()


class Reader:
    """What can be read inside one transaction."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self.store = store
        self.connection = connection

    def info(self) -> RegisterInfo | None:
        """Return what the register says of itself; None before it is first used."""
        row = self.connection.execute(select(tables.register).where(tables.register.c.id == 1)).first()
        return (
            RegisterInfo(row.office, row.is_demonstration, row.clock_begins, row.loaded_at) if row else None
        )

    def clock_now(self) -> datetime:
        """Return the register's moment, in UTC: the server's clock, or the demonstration's."""
        server = self.store.server_now().astimezone(UTC)
        info = self.info()
        return info.now(server) if info else server

    def data_version(self) -> int:
        """Return the number of the last history row, 0 for none."""
        return self.connection.execute(select(func.max(tables.history.c.seq))).scalar() or 0

    def services(self) -> list[Service]:
        """Return the services, by name."""
        rows = self.connection.execute(select(tables.service).order_by(tables.service.c.name))
        return [Service(**row._mapping) for row in rows]

    def inspections(self, before: datetime | None = None) -> list[Inspection]:
        """
        Return the reports, in order of intake, each with the day of publication learned last.

        Args:
            before: A moment: what was learned from then on is left out.
        """
        learned = {
            one.inspection_id: one
            for one in self.publication_days()
            if before is None or one.recorded_at < before
        }
        return [
            learned[report.id].of(report) if report.id in learned else report
            for report in self.inspections_as_taken_in()
        ]

    def inspections_as_taken_in(self) -> list[Inspection]:
        """Return the reports as they were first recorded, in order of intake."""
        rows = self.connection.execute(select(tables.inspection).order_by(tables.inspection.c.id))
        return [Inspection(**row._mapping) for row in rows]

    def inspection_ids(self) -> set[int]:
        """Return the numbers of all reports."""
        return set(self.connection.execute(select(tables.inspection.c.id)).scalars())

    def publication_days(self) -> list[PublicationDay]:
        """Return the days of publication that were learned after intake, oldest first."""
        rows = self.connection.execute(select(tables.publication_day).order_by(tables.publication_day.c.id))
        return [PublicationDay(**row._mapping) for row in rows]

    def embargoed(self, moment: datetime) -> frozenset[int]:
        """Return the numbers of the reports that are under embargo at a moment."""
        table = tables.inspection
        return frozenset(
            self.connection.execute(select(table.c.id).where(table.c.embargo_until > moment)).scalars()
        )

    def meetings(self, before: datetime | None = None) -> list[Meeting]:
        """
        Return the meetings as they stand, by day, cancelled ones among them.

        Args:
            before: A moment: what was recorded from then on is left out.
        """
        held: list[Meeting] = self.meetings_as_recorded()
        changes: list[MeetingChange] = self.meeting_changes()
        if before is not None:
            held = [one for one in held if one.recorded_at < before]
            changes = [one for one in changes if one.recorded_at < before]
        return in_place(held, changes)

    def meetings_as_recorded(self) -> list[Meeting]:
        """Return the meetings as they were first recorded."""
        return self._all(Meeting)

    def meeting_changes(self) -> list[MeetingChange]:
        """Return every change to a meeting, oldest first."""
        return self._all(MeetingChange)

    def question_changes(self, meeting_id: int | None = None) -> list[QuestionChange]:
        """Return the changes to the questions of one meeting, or of all, oldest first."""
        return self._all(QuestionChange, meeting_id)

    def answers(self, meeting_id: int | None = None) -> list[Answer]:
        """Return what was answered at one meeting, or at all, oldest first."""
        return self._all(Answer, meeting_id)

    def actions(self, meeting_id: int | None = None) -> list[Action]:
        """Return the actions agreed at one meeting, or at all, oldest first."""
        return self._all(Action, meeting_id)

    def action_steps(self) -> list[ActionStep]:
        """Return every step of an action, oldest first."""
        return self._all(ActionStep)

    def packs(self, meeting_id: int | None = None) -> list[Pack]:
        """Return the packs published for one meeting, or for all, oldest first."""
        return self._all(Pack, meeting_id)

    def response_texts(self, inspection_id: int | None = None) -> list[ResponseText]:
        """Return every version of every text of the response to one report, or to all, oldest first."""
        return self._all(ResponseText, inspection_id=inspection_id)

    def response_steps(self, inspection_id: int | None = None) -> list[ResponseStep]:
        """Return every step of the response to one report, or to all, oldest first."""
        return self._all(ResponseStep, inspection_id=inspection_id)

    def site_publications(self) -> Publications:
        """Return every publication of the site that was proposed, and every approval, oldest first."""
        return Publications(self._all(SitePublication), self._all(SiteApproval))

    def claim_rules(self) -> list[ClaimRule]:
        """Return every rule of single sign-on ever written, oldest first."""
        return self._all(ClaimRule)

    def published_content(self, fingerprint: str) -> bytes | None:
        """Return a file that was published, byte for byte; None where none of that fingerprint is kept."""
        return self._kept(tables.published_file, fingerprint)

    def _all(
        self, cls: type[_T], meeting_id: int | None = None, *, inspection_id: int | None = None
    ) -> list[_T]:
        """Return everything of a kind in order of recording, all or that of one meeting or report."""
        table = tables.metadata.tables[_TABLE_OF[cls]]
        query = select(table).order_by(table.c.id)
        if meeting_id is not None:
            query = query.where(table.c.meeting_id == meeting_id)
        if inspection_id is not None:
            query = query.where(table.c.inspection_id == inspection_id)
        return [cls(**row._mapping) for row in self.connection.execute(query)]

    def _kept(self, table: Table, fingerprint: str) -> bytes | None:
        found = self.connection.execute(
            select(table.c.content).where(table.c.fingerprint == fingerprint)
        ).scalar()
        return None if found is None else bytes(found)

    def evidence_items(self, numbers: Iterable[int] | None = None) -> dict[int, EvidenceItem]:
        """Return items of evidence by their numbers: every one, or those asked for."""
        query = select(tables.evidence)
        if numbers is not None:
            query = query.where(tables.evidence.c.id.in_(sorted(set(numbers))))
        return {row.id: EvidenceItem(**row._mapping) for row in self.connection.execute(query)}

    def current_rows(self) -> Sequence[Row[Any]]:
        """Return identity and cached state of every recommendation, in order of intake."""
        return self.connection.execute(
            select(tables.recommendation).order_by(tables.recommendation.c.id)
        ).all()

    def rows_in(self, inspection_id: int) -> Sequence[Row[Any]]:
        """Return identity and cached state of the recommendations of one report, in order of intake."""
        table = tables.recommendation
        query = select(table).where(table.c.inspection_id == inspection_id).order_by(table.c.id)
        return self.connection.execute(query).all()

    def entries(self, cls: type[Entry]) -> dict[int, list[Any]]:
        """Return one list of every recommendation, by its id, in order."""
        table = tables.LISTS[cls]
        found: dict[int, list[Any]] = defaultdict(list)
        rows = self.connection.execute(select(table).order_by(table.c.recommendation_id, table.c.n))
        for recommendation_id, *values in rows:
            found[recommendation_id].append(cls(**dict(zip(_columns_of(table), values, strict=True))))
        return found

    def entries_recorded(self, cls: type[_E], since: datetime, before: datetime) -> dict[str, list[_E]]:
        """Return what was recorded from one moment on and before another, of one list, by reference, in order."""
        recorded_at = tables.LISTS[cls].c.recorded_at
        return self._by_reference(cls, recorded_at >= since, recorded_at < before)

    def entries_standing(
        self, cls: type[_E], day: date, *, known_before: datetime, recorded_since: datetime
    ) -> dict[str, _E]:
        """
        Return, by reference, the entry of one list that stood at the end of a day: of two on one day the later recorded.

        Args:
            known_before: Leave out what was recorded from this moment on.
            recorded_since: Only of recommendations of which the list has something recorded from this moment on.
        """
        table = tables.LISTS[cls].c
        spoken_of = select(table.recommendation_id).where(table.recorded_at >= recorded_since)
        latest_first = func.row_number().over(
            partition_by=table.recommendation_id, order_by=(table.happened_on.desc(), table.n.desc())
        )
        known = select(table.recommendation_id, table.n, latest_first.label("place")).where(
            table.happened_on <= day,
            table.recorded_at < known_before,
            table.recommendation_id.in_(spoken_of),
        )
        ranked = known.subquery().c
        last = select(ranked.recommendation_id, ranked.n).where(ranked.place == 1)
        found = self._by_reference(cls, tuple_(table.recommendation_id, table.n).in_(last))
        return {reference: entries[0] for reference, entries in found.items()}

    def _by_reference(self, cls: type[_E], *chosen: ColumnElement[bool]) -> dict[str, list[_E]]:
        of, table = tables.recommendation, tables.LISTS[cls]
        query = select(of.c.reference, table).join(of, of.c.id == table.c.recommendation_id).where(*chosen)
        names, found = _columns_of(table), defaultdict(list)
        for reference, _, *values in self.connection.execute(query.order_by(of.c.id, table.c.n)):
            found[reference].append(cls(**dict(zip(names, values, strict=True))))
        return found

    def record(self, reference: str, *, among: Container[int] | None = None) -> Record:
        """
        Return a recommendation with everything said about it.

        Args:
            among: Numbers of reports: one of any other report is as if absent, and as quickly found to be.

        Raises:
            NotFoundError: when there is none of that reference.
        """
        row = self.connection.execute(
            select(tables.recommendation).where(tables.recommendation.c.reference == reference)
        ).first()
        if row is None or (among is not None and row.inspection_id not in among):
            raise NotFoundError(
                f'There is no recommendation "{reference}" in this register.', reference=reference
            )
        record = _record_of(row)
        for name, cls in zip(RECORD_LISTS, ENTRY_TYPES, strict=True):
            table = tables.LISTS[cls]
            rows = self.connection.execute(
                select(table).where(table.c.recommendation_id == record.id).order_by(table.c.n)
            )
            names = _columns_of(table)
            setattr(record, name, [cls(**dict(zip(names, values, strict=True))) for _, *values in rows])
        record.items = self._items_of(record)
        return record

    def links_to(self, reference: str) -> list[tuple[str, Link]]:
        """Return the links that other recommendations make to this one, with their references."""
        table, made_by = tables.LISTS[Link], tables.recommendation
        rows = self.connection.execute(
            select(made_by.c.reference, table)
            .join(made_by, made_by.c.id == table.c.recommendation_id)
            .where(table.c.other == reference)
            .order_by(made_by.c.id, table.c.n)
        )
        names = _columns_of(table)
        return [(found, Link(**dict(zip(names, values, strict=True)))) for found, _, *values in rows]

    def sources(self) -> list[Source]:
        """Return what is known of every kept file, in order of intake; their bytes and texts stay behind."""
        kept = [tables.source.c[f.name] for f in fields(Source)]
        rows = self.connection.execute(
            select(*kept).order_by(tables.source.c.recorded_at, tables.source.c.fingerprint)
        )
        return [Source(**row._mapping) for row in rows]

    def source_text(self, fingerprint: str) -> str:
        """
        Return the text of a kept file as it was read.

        Raises:
            NotFoundError: when no file of that fingerprint is kept.
        """
        return str(self._source_column("text", fingerprint))

    def source_content(self, fingerprint: str) -> bytes:
        """
        Return a kept file, byte for byte.

        Raises:
            NotFoundError: when no file of that fingerprint is kept.
        """
        return bytes(self._source_column("content", fingerprint))

    def _source_column(self, name: str, fingerprint: str) -> Any:
        table = tables.source
        found = self.connection.execute(
            select(table.c[name]).where(table.c.fingerprint == fingerprint)
        ).first()
        if found is None:
            raise NotFoundError(f'No file of the fingerprint "{fingerprint}" is kept in this register.')
        return found[0]

    def tampered_sources(self) -> Iterator[str]:
        """Yield the name of each kept file whose bytes or text no longer have their fingerprint."""
        for kept in self.sources():
            content, read = self.source_content(kept.fingerprint), self.source_text(kept.fingerprint)
            if (fingerprint_of(content), fingerprint_of(read.encode())) != (
                kept.fingerprint,
                kept.text_fingerprint,
            ):
                yield kept.name

    def evidence_item(self, number: int) -> EvidenceItem | None:
        """Return an item of evidence by its number; None where there is none."""
        if not 0 < number < 2**31:  # more than the databases count to
            return None
        row = self.connection.execute(select(tables.evidence).where(tables.evidence.c.id == number)).first()
        return EvidenceItem(**row._mapping) if row else None

    def reports_served(self, number: int) -> frozenset[int]:
        """Return the numbers of the reports whose recommendations an item of evidence serves."""
        if not 0 < number < 2**31:  # more than the databases count to
            return frozenset()
        uses, served = tables.LISTS[EvidenceUse], tables.recommendation
        query = select(served.c.inspection_id).join(uses, uses.c.recommendation_id == served.c.id)
        return frozenset(self.connection.execute(query.where(uses.c.evidence_id == number)).scalars())

    def references_in(self, reports: Collection[int]) -> frozenset[str]:
        """Return the references of the recommendations of some reports."""
        table = tables.recommendation
        found = self.connection.execute(
            select(table.c.reference).where(table.c.inspection_id.in_(sorted(reports)))
        )
        return frozenset(found.scalars())

    def reports_of(self, references: Collection[str]) -> dict[str, int]:
        """Return the number of the report that each of these recommendations comes from."""
        table = tables.recommendation
        query = select(table.c.reference, table.c.inspection_id)
        query = query.where(table.c.reference.in_(sorted(references)))
        return {row[0]: row[1] for row in self.connection.execute(query)}

    def evidence_content(self, fingerprint: str) -> bytes | None:
        """Return a file of evidence, byte for byte; None where none of that fingerprint is kept."""
        return self._kept(tables.evidence_file, fingerprint)

    def evidence_bytes(self, by: str, *, since: datetime) -> Mapping[str, int]:
        """Return the files of evidence that somebody has added from a moment on, by fingerprint: the bytes of each."""
        table = tables.evidence
        query = select(table.c.file, table.c.file_size).where(
            table.c.by == by, table.c.recorded_at >= since, table.c.file.is_not(None)
        )
        return {row.file: row.file_size for row in self.connection.execute(query)}

    def tampered_evidence(self) -> Iterator[str]:
        """Yield what is wrong with each kept file of evidence: other bytes, or named by no item."""
        names: dict[str, list[str]] = defaultdict(list)
        for item in self.evidence_items().values():
            if item.file is not None:
                names[item.file].append(f"Evidence {item.id}, {item.file_name}")
        for fingerprint in (
            self.connection.execute(select(tables.evidence_file.c.fingerprint)).scalars().all()
        ):
            named = "; ".join(names.pop(fingerprint, ()))
            if not named:
                yield f"A file that no evidence names ({fingerprint}) is in the register but not in its history."
            elif fingerprint_of(self.evidence_content(fingerprint) or b"") != fingerprint:
                yield f"{named}: the bytes kept were changed after the file was added."
        for missing in names.values():
            yield f"{'; '.join(missing)}: the file is no longer kept."

    def tampered_publications(self) -> Iterator[str]:
        """Yield what is wrong with each file that was published: other bytes, or named by no publication."""
        table = tables.published_file
        named = {
            fingerprint: f"The pack {pack.id} ({form})"
            for pack in self.packs()
            for form in ("content", "docx", "pdf", "html")
            if (fingerprint := getattr(pack, form))
        } | {
            fingerprint: f"The response to report {step.inspection_id} published in step {step.id} ({form})"
            for step in self.response_steps()
            for form in ("content", *FORMS)
            if (fingerprint := getattr(step, form))
        }
        named |= {
            one.content: f"The list of pages of site publication {one.id}"
            for one in self.site_publications().proposed
        }
        for fingerprint in self.connection.execute(select(table.c.fingerprint)).scalars().all():
            told = named.pop(fingerprint, "")
            if not told:
                yield f"A file that no publication names ({fingerprint}) is in the register but not in its history."
            elif fingerprint_of(self.published_content(fingerprint) or b"") != fingerprint:
                yield f"{told}: the bytes kept were changed after it was published."
        for missing in named.values():
            yield f"{missing}: the file is no longer kept."

    def tracker_columns(self) -> list[TrackerColumns]:
        """Return how sheets are read that people have settled, oldest first."""
        rows = self.connection.execute(select(tables.tracker_columns).order_by(tables.tracker_columns.c.id))
        return [TrackerColumns(**row._mapping) for row in rows]

    def account_state(self, account_id: str) -> AccountState | None:
        """Return one account with what it is granted; None where there is none. Every run of a page asks this."""
        account, change = tables.account, tables.account_change
        found = self.connection.execute(select(account).where(account.c.id == account_id)).first()
        if found is None:
            return None
        rows = self.connection.execute(
            select(change).where(change.c.account_id == account_id).order_by(change.c.id)
        )
        return account_state(Account(**found._mapping), [AccountChange(**row._mapping) for row in rows])

    def account_states(self) -> list[AccountState]:
        """Return every account with what it is granted, in order of its making."""
        changes: dict[str, list[AccountChange]] = defaultdict(list)
        for change in self.account_changes():
            changes[change.account_id].append(change)
        accounts = self.connection.execute(
            select(tables.account).order_by(tables.account.c.recorded_at, tables.account.c.id)
        )
        return [account_state(Account(**row._mapping), changes[row.id]) for row in accounts]

    def account_changes(self) -> list[AccountChange]:
        """Return every change to an account, oldest first."""
        rows = self.connection.execute(select(tables.account_change).order_by(tables.account_change.c.id))
        return [AccountChange(**row._mapping) for row in rows]

    def report_sources(self, fingerprint: str | None = None) -> list[ReportSource]:
        """Return in which files reports were read, all or those of one file, in order of intake."""
        query = select(tables.report_source).order_by(tables.report_source.c.id)
        if fingerprint is not None:
            query = query.where(tables.report_source.c.source == fingerprint)
        return [ReportSource(**row._mapping) for row in self.connection.execute(query)]

    def passages_in(self, fingerprint: str) -> list[tuple[str, Passage]]:
        """Return the passages of a file with the references of their recommendations."""
        passage, made_by = tables.LISTS[Passage], tables.recommendation
        rows = self.connection.execute(
            select(made_by.c.reference, passage)
            .join(made_by, made_by.c.id == passage.c.recommendation_id)
            .where(passage.c.source == fingerprint)
            .order_by(made_by.c.id, passage.c.n)
        )
        names = _columns_of(passage)
        return [(found, Passage(**dict(zip(names, values, strict=True)))) for found, _, *values in rows]

    def _items_of(self, record: Record) -> dict[int, EvidenceItem]:
        ids = [use.evidence_id for use in record.evidence]
        return self.evidence_items(ids) if ids else {}

    def records(self) -> list[Record]:
        """Return every recommendation with everything said about it, in order of intake."""
        lists = {name: self.entries(cls) for name, cls in zip(RECORD_LISTS, ENTRY_TYPES, strict=True)}
        items = self.evidence_items()
        found = []
        for row in self.current_rows():
            record = _record_of(row)
            for name, by_id in lists.items():
                setattr(record, name, by_id.get(record.id, []))
            record.items = items
            found.append(record)
        return found

    def history(
        self,
        *,
        subject: tuple[str, str] | None = None,
        before: int | None = None,
        limit: int | None = None,
        skip: int = 0,
        leaving_out: Collection[str] = (),
    ) -> list[HistoryRow]:
        """
        Return history rows, newest first.

        Args:
            skip: How many of the newest are passed over.
            leaving_out: References: that something was linked to one of these is left out.
        """
        query = select(tables.history).order_by(tables.history.c.seq.desc())
        if skip:
            query = query.offset(skip)
        if leaving_out:
            said = [canonical({"other": reference})[1:-1] for reference in sorted(leaving_out)]
            names_one = or_(*(tables.history.c.body.contains(one, autoescape=True) for one in said))
            query = query.where(or_(tables.history.c.verb != Link.said, ~names_one))
        if subject:
            query = query.where(
                tables.history.c.subject_kind == subject[0], tables.history.c.subject == subject[1]
            )
        if before is not None:
            query = query.where(tables.history.c.seq < before)
        return [HistoryRow(**row._mapping) for row in self.connection.execute(query.limit(limit))]

    def history_row(self, hash: str) -> HistoryRow | None:  # noqa: A002
        """Return the history row of a hash; None where there is none."""
        row = self.connection.execute(select(tables.history).where(tables.history.c.hash == hash)).first()
        return HistoryRow(**row._mapping) if row else None

    def all_history(self) -> Iterator[HistoryRow]:
        """Yield the whole history in order, without holding it in memory."""
        query = select(tables.history).order_by(tables.history.c.seq)
        with self.connection.execute(query, execution_options={"yield_per": 2000}) as rows:
            for row in rows:
                yield HistoryRow(**row._mapping)

    def versions(self, before: datetime | None = None) -> dict[str, int]:
        """Return how many changes the history has of each recommendation, all or those before a moment."""
        query = select(tables.history.c.subject, func.count()).group_by(tables.history.c.subject)
        query = query.where(tables.history.c.subject_kind == "recommendation")
        if before is not None:
            query = query.where(tables.history.c.recorded_at < before)
        return {row[0]: row[1] for row in self.connection.execute(query)}

    def history_head(self) -> HistoryRow | None:
        """Return the last history row."""
        return next(iter(self.history(limit=1)), None)

    def head_before(self, moment: datetime) -> HistoryRow | None:
        """Return the last history row recorded before a moment; None where there is none."""
        table = tables.history
        query = select(table).where(table.c.recorded_at < moment).order_by(table.c.seq.desc()).limit(1)
        row = self.connection.execute(query).first()
        return HistoryRow(**row._mapping) if row else None

    def cached_and_rebuilt(self) -> Iterator[SeenState]:
        """Yield, for each recommendation, its cached state and the one its lists give."""
        cached, versions = {row.id: row for row in self.current_rows()}, self.versions()
        for record in self.records():
            row = cached[record.id]._mapping
            rebuilt = state_of(record)
            yield SeenState(
                record.reference,
                {name: row[name] for name in _STATE_FIELDS} | {"version": record.version},
                {name: getattr(rebuilt, name) for name in _STATE_FIELDS}
                | {"version": versions.get(record.reference, 0)},
            )

    def stored_entries(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield reference, list name and plain values of every entry in the lists."""
        references = {row.id: row.reference for row in self.current_rows()}
        for cls, table in tables.LISTS.items():
            for recommendation_id, entries in self.entries(cls).items():
                for entry in entries:
                    reference = references.get(recommendation_id, f"recommendation {recommendation_id}")
                    yield reference, table.name, as_plain(entry)

    def stored_things(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield kind, name and plain values of everything that is not an entry, as taken in."""
        for row in self.current_rows():
            yield "recommendation", row.reference, _identity(_record_of(row))
        for item in self.evidence_items().values():
            yield "evidence", str(item.id), as_plain(item)
        for report in self.inspections_as_taken_in():
            yield "inspection", str(report.id), as_plain(report)
        for held in self.meetings_as_recorded():
            yield "meeting", str(held.id), as_plain(held)
        for cls in (*_OF_MEETINGS, *_OF_RESPONSES, *_OF_THE_SITE):
            for thing in self._all(cls):
                yield _TABLE_OF[cls], str(thing.id), as_plain(thing)
        for ruled in self.claim_rules():
            yield "claim_rule", str(ruled.id), as_plain(ruled)
        for served in self.services():
            yield "service", served.name, as_plain(served)
        for kept in self.sources():
            yield "source", kept.fingerprint, as_plain(kept)
        for settled in self.tracker_columns():
            yield "tracker_columns", str(settled.id), as_plain(settled)
        for read in self.report_sources():
            yield "report_source", str(read.id), as_plain(read)
        for state in self.account_states():
            yield "account", state.account.id, as_plain(state.account)
        for change in self.account_changes():
            yield "account_change", str(change.id), as_plain(change)
        for learned in self.publication_days():
            yield "publication_day", str(learned.id), as_plain(learned)

    def next_id(self, table: Table) -> int:
        """Return the number a new row gets."""
        return (self.connection.execute(select(func.max(table.c.id))).scalar() or 0) + 1


class Unit(Reader):
    """One transaction that writes: what it collects is written together by `flush`."""

    def __init__(self, store: Store, connection: Connection) -> None:
        super().__init__(store, connection)
        self.failed: Exception | None = None
        head = self.history_head()
        self._seq = head.seq if head else 0
        self._hash = head.hash if head else GENESIS
        info, started = self.info(), self.clock_now()
        self._last_at = max(started, head.recorded_at) if head else started
        self.is_demonstration = bool(info and info.is_demonstration)
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._changed: dict[int, Record] = {}
        self._stored_versions: dict[int, int] = {}
        self._ids: dict[str, int] = {}
        self._states: dict[int, State] = {}

    @property
    def now(self) -> datetime:
        """Return the register's moment for what is written here; never before the last row's."""
        return self._last_at

    def replay_at(self, moment: datetime) -> None:
        """
        Let what follows be recorded at a past moment: only in a demonstration, while it is loaded.

        Raises:
            RuleError: in a real register, which knows only the server's clock.
        """
        if not self.is_demonstration:
            raise RuleError("A real register records at the server's moment; it cannot be given another.")
        moment = moment.astimezone(UTC)
        self._last_at = max(moment, self._last_at) if self._seq else moment

    def begin(self, info: RegisterInfo) -> None:
        """Write what the register says of itself: once, before anything else."""
        if self.info() is not None:
            raise RuleError("This register has already begun; what it is cannot change.")
        self.connection.execute(
            insert(tables.register).values(
                id=1,
                office=info.office,
                is_demonstration=info.is_demonstration,
                clock_begins=info.clock_begins,
                loaded_at=info.loaded_at,
            )
        )
        self.is_demonstration = info.is_demonstration

    def new_id(self, table: str) -> int:
        """Return the next number of a table, also for rows not yet written."""
        if table not in self._ids:
            self._ids[table] = self.next_id(tables.metadata.tables[table]) - 1
        self._ids[table] += 1
        return self._ids[table]

    def add(
        self,
        thing: Service
        | Inspection
        | PublicationDay
        | Meeting
        | EvidenceItem
        | ReportSource
        | TrackerColumns
        | Account
        | AccountChange
        | ClaimRule
        | MeetingChange
        | QuestionChange
        | Answer
        | Action
        | ActionStep
        | Pack
        | ResponseText
        | ResponseStep
        | SitePublication
        | SiteApproval,
        *,
        by: Actor,
        verb: str,
    ) -> None:
        """Add a thing of the register that is no recommendation, with its history."""
        name = _TABLE_OF[type(thing)]
        self._rows[name].append({f.name: getattr(thing, f.name) for f in fields(thing)})
        subject = thing.name if isinstance(thing, Service) else str(thing.id)
        served = thing.name if isinstance(thing, Service) else getattr(thing, "service", "")
        self._remember(name, subject, served, verb, {"entry": as_plain(thing)}, by)

    def keep_source(self, source: Source, *, text: str, content: bytes, by: Actor) -> None:
        """Keep a file with the text read from it; one that is kept already stays as it is."""
        self.flush()
        if any(known.fingerprint == source.fingerprint for known in self.sources()):
            return
        plain = {f.name: getattr(source, f.name) for f in fields(source)}
        self._rows["source"].append(plain | {"text": text, "content": content})
        self._remember(
            "source", source.fingerprint, source.service, "file kept", {"entry": as_plain(source)}, by
        )

    def keep_evidence_file(self, content: bytes) -> str:
        """Keep the bytes of a file once, for ever, and return their fingerprint, by which an item of evidence names them."""
        return self._keep(tables.evidence_file, content)

    def keep_published(self, content: bytes) -> str:
        """Keep the bytes of one form of what is published once, for ever, and return their fingerprint, by which it names them."""
        return self._keep(tables.published_file, content)

    def _keep(self, table: Table, content: bytes) -> str:
        self.flush()
        fingerprint = fingerprint_of(content)
        if self._kept(table, fingerprint) is None:
            self.connection.execute(insert(table).values(fingerprint=fingerprint, content=content))
        return fingerprint

    def record(self, reference: str, *, among: Container[int] | None = None) -> Record:
        """Return a recommendation to change, with what this transaction has already appended to it."""
        pending = next((r for r in self._changed.values() if r.reference == reference), None)
        if pending is not None and (among is None or pending.inspection_id in among):
            return pending
        return super().record(reference, among=among)

    def check_version(
        self, record: Record, version: int | None, *, leaving_out: Collection[str] = ()
    ) -> None:
        """
        Do nothing when the recommendation is still as the person saw it; None means "as it is now".

        Args:
            leaving_out: What the person may not know of: to have it linked to one of these changes nothing for them.

        Raises:
            ConflictError: when somebody changed it since; `theirs` has what they wrote, oldest first.
        """
        now = record.version_without(leaving_out)
        if version is None or version == now:
            return
        self.flush()
        missed = self.history(
            subject=("recommendation", record.reference),
            limit=max(now - version, 1),
            leaving_out=leaving_out,
        )
        last = missed[0] if missed else None
        raise ConflictError(
            f"{record.reference} was changed while you had it open"
            + (f": {last.actor_name}, {last.verb}." if last else ".")
            + " Read both texts, then keep yours or theirs.",
            reference=record.reference,
            seen=version,
            now=now,
            theirs=tuple(reversed(missed)),
        )

    def save(self, record: Record, *, by: Actor) -> Record:
        """Keep what was appended to a recommendation, its new state and the history of it."""
        if not record.new:
            return record
        is_new = record.version == 0
        if record.id not in self._states and not is_new:
            known = replace(record)
            for name in RECORD_LISTS:
                setattr(
                    known, name, [e for e in getattr(record, name) if not any(e is new for new in record.new)]
                )
            self._states[record.id] = state_of(known)
            self._stored_versions.setdefault(record.id, record.version)
        before, after = self._states.get(record.id), state_of(record)
        for entry in record.new:
            row = {f.name: getattr(entry, f.name) for f in fields(entry)}
            self._rows[tables.LISTS[type(entry)].name].append({"recommendation_id": record.id, **row})
        changed = [k for k in _STATE_FIELDS if before is None or getattr(before, k) != getattr(after, k)]
        body: dict[str, Any] = {
            "entries": [{"list": tables.LISTS[type(e)].name, **as_plain(e)} for e in record.new],
            "before": {k: plain_value(getattr(before, k)) for k in changed} if before else {},
            "after": {k: plain_value(getattr(after, k)) for k in changed},
        }
        if is_new:
            body["identity"] = _identity(record)
        verb = "taken in" if is_new else ", ".join(dict.fromkeys(e.verb for e in record.new))
        self._remember("recommendation", record.reference, record.service, verb, body, by)
        record.version += 1
        record.new = []
        self._states[record.id] = after
        self._changed[record.id] = record
        return record

    def _remember(
        self, kind: str, subject: str, service: str, verb: str, body: dict[str, Any], by: Actor
    ) -> None:
        self._seq += 1
        row = HistoryRow(
            seq=self._seq,
            recorded_at=self._last_at,
            actor=by.id,
            actor_name=by.name,
            actor_role=by.role.value,
            verb=verb,
            subject_kind=kind,
            subject=subject,
            service=service,
            body=canonical(body),
            previous=self._hash,
            hash="",
        )
        row = replace(row, hash=row_hash(row))
        self._hash = row.hash
        self._rows["history"].append({f.name: getattr(row, f.name) for f in fields(row)})

    def flush(self) -> None:
        """Write everything collected so far, parents before children."""
        self._write("service", "inspection", "publication_day", "meeting", "evidence")
        self._write("source", "report_source", "tracker_columns", "account", "claim_rule", "account_change")
        self._write(*(_TABLE_OF[cls] for cls in (*_OF_MEETINGS, *_OF_RESPONSES)))
        news = [r for r in self._changed.values() if r.id not in self._stored_versions]
        if news:
            rows = [self._cached(r) | {"closed_on": None} for r in news]
            self.connection.execute(insert(tables.recommendation), rows)
        self._write(*(_TABLE_OF[cls] for cls in _OF_THE_SITE))
        # The database lets nothing be closed before the closing itself stands in its list.
        self._write(*tables.LIST_NAMES)
        self._close(news)
        for record in self._changed.values():
            if record.id in self._stored_versions:
                self._update(record)
            self._stored_versions[record.id] = record.version
        self._changed = {}
        self._write("history")

    def _write(self, *names: str) -> None:
        for name in names:
            rows = self._rows.pop(name, None)
            if rows:
                self.connection.execute(insert(tables.metadata.tables[name]), rows)

    def _cached(self, record: Record) -> dict[str, Any]:
        state = self._states[record.id]
        return {name: getattr(record, name) for name in tables.IDENTITY} | {
            name: getattr(state, name) for name in _STATE_FIELDS
        }

    def _close(self, news: Sequence[Record]) -> None:
        table = tables.recommendation
        closed = [{"which": r.id, "day": on} for r in news if (on := self._states[r.id].closed_on)]
        if closed:
            to_close = (
                update(table).where(table.c.id == bindparam("which")).values(closed_on=bindparam("day"))
            )
            self.connection.execute(to_close, closed)

    def _update(self, record: Record) -> None:
        table = tables.recommendation
        done = self.connection.execute(
            update(table)
            .where(table.c.id == record.id, table.c.version == self._stored_versions[record.id])
            .values(self._cached(record))
        )
        if done.rowcount != 1:
            raise ConflictError(
                f"{record.reference} was changed by somebody else at the same moment. Try again."
            )


def _record_of(row: Row[Any]) -> Record:
    return Record(**{name: row._mapping[name] for name in tables.IDENTITY})


def _identity(record: Record) -> dict[str, Any]:
    return {name: plain_value(getattr(record, name)) for name in tables.IDENTITY if name != "version"}


_TABLE_OF: Final = {
    Service: "service",
    Inspection: "inspection",
    Meeting: "meeting",
    EvidenceItem: "evidence",
    TrackerColumns: "tracker_columns",
    PublicationDay: "publication_day",
    ReportSource: "report_source",
    Account: "account",
    AccountChange: "account_change",
    ClaimRule: "claim_rule",
    MeetingChange: "meeting_change",
    QuestionChange: "question_change",
    Answer: "answer",
    Action: "action",
    ActionStep: "action_step",
    Pack: "pack",
    ResponseText: "response_text",
    ResponseStep: "response_step",
    SitePublication: "site_publication",
    SiteApproval: "site_approval",
}
_OF_MEETINGS: Final[tuple[type[Any], ...]] = (MeetingChange, QuestionChange, Answer, Action, ActionStep, Pack)
"""What belongs to meetings, parents before children."""
_OF_RESPONSES: Final[tuple[type[Any], ...]] = (ResponseText, ResponseStep)
_OF_THE_SITE: Final[tuple[type[Any], ...]] = (SitePublication, SiteApproval)
_names: dict[str, tuple[str, ...]] = {}


def _columns_of(table: Table) -> tuple[str, ...]:
    if table.name not in _names:
        _names[table.name] = tuple(c.name for c in table.columns if c.name != "recommendation_id")
    return _names[table.name]
