"""
The register as a whole: every table row by row, out of one database and into an empty one.

Whatever has a table is sorted here, once: it goes with a handover (`KEPT`) or it stays (`LEFT_OUT`). A test fails for a
table that stands in neither. Everything else is read from the tables themselves.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, Final, Literal

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    collate,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DatabaseError, StatementError

from monitor.domain.history import HistoryRow
from monitor.domain.record import Record, State
from monitor.domain.sources import Source
from monitor.domain.statuses import Vocabulary
from monitor.errors import RuleError
from monitor.store import tables
from monitor.store.clock import RegisterInfo
from monitor.store.register import _TABLE_OF, Reader, Unit

KEPT: Final[Mapping[str, str]] = {
    "register": "What the register says of itself. One row.",
    "service": "A constabulary or a fire and rescue service.",
    "inspection": "A report by an inspectorate or another body, as first recorded.",
    "publication_day": "The day of publication of a report, where it was learned after the report was recorded.",
    "recommendation": "A recommendation, area for improvement or cause of concern: what it is, and where it stands "
    "today. Where it stands follows from the tables of what was said and decided about it.",
    "wording": "The printed words of a recommendation. A correction is a further row.",
    "assignment": "What was decided about a recommendation: its title, owner, board, closure test and the like. The "
    "last row holds.",
    "target_date": "A target date: first set, asked for, agreed, refused or moved. The first survives.",
    "progress_report": "What the force reported on a recommendation.",
    "assurance_decision": "What the office was assured of, after weighing the evidence.",
    "inspectorate_position": "The inspectorate's position on a recommendation, as the office read it.",
    "evidence": "An item of evidence.",
    "evidence_file": "A file of evidence, kept once by the fingerprint of its bytes.",
    "evidence_use": "An item of evidence serves a recommendation.",
    "closure_step": "A step of closing: proposed, agreed by a second person, refused, reopened, checked afterwards.",
    "link": "How one recommendation stands to another.",
    "source": "A file from which recommendations were read, with the text as it was read.",
    "report_source": "A report was read in a kept file.",
    "passage": "Where in a kept file a recommendation was read.",
    "tracker_columns": "How a spreadsheet with certain headings is read, as somebody settled it.",
    "meeting": "A meeting at which recommendations are spoken about, as first recorded.",
    "meeting_change": "What changed of a meeting afterwards. The last row holds.",
    "question_change": "A change to the questions prepared for a meeting.",
    "answer": "An answer given at a meeting. The last row to a question holds.",
    "action": "Something that somebody agreed at a meeting to do by a day.",
    "action_step": "A step of an action: reported done, agreed as done, sent back, moved, no longer needed.",
    "pack": "A pack as it was published for a meeting.",
    "published_file": "A file that was published, kept once by the fingerprint of its bytes.",
    "response_text": "A version of one part of the response to a report. The last row of a part holds.",
    "response_step": "A step of the response to a report: the chief officer invited, approved, published, sent and so on.",
    "site_publication": "The public site as somebody proposed it: the day it shows and the fingerprint of every page.",
    "site_approval": "A second person let a proposed publication of the site out.",
    "account": "An account of somebody who signs in. Passwords are not among what is handed over.",
    "account_change": "What was granted to an account, taken back, renewed, disabled or enabled.",
    "claim_rule": "Which role somebody has of whom the provider of single sign-on says something.",
    "history": "The history: one row a change, each carrying the hash of the row before it.",
}
"""What goes with a handover, with what one row of it is, for a person who has never seen the product."""

LEFT_OUT: Final[Mapping[str, str]] = {
    "credential": "passwords, as their hashes",
    "invitation": "invitations that were not used yet",
    "login_session": "who is signed in, and where",
    "failed_sign_in": "wrong tries to sign in",
    "calendar_address": "secret addresses of calendars",
}
"""What stays: it opens something, or it is over within a day."""

LONG_TEXTS: Final = frozenset({("source", "text")})
"""Texts of any length: kept as files beside the tables, as bytes are."""

HELD_BACK: Final = ("recommendation", "closed_on")
"""The database lets nothing be closed before the closing itself stands in its list."""

Kind = Literal["text", "integer", "number", "flag", "day", "moment", "list", "file", "long text"]

CLASSES: Final[Mapping[str, tuple[type, ...]]] = {
    **{name: (cls,) for cls, name in _TABLE_OF.items()},
    **{table.name: (cls,) for cls, table in tables.LISTS.items()},
    "register": (RegisterInfo,),
    "recommendation": (State, Record),
    "source": (Source,),
    "history": (HistoryRow,),
}
"""The dataclasses whose fields a table's columns are; their docstrings say what they mean."""

_CHUNK: Final = 500
_CHUNK_WITH_FILES: Final = 4


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """A column: its name, what it holds, whether it may hold nothing, and the vocabulary its words come from."""

    name: str
    kind: Kind
    may_be_empty: bool
    words: type[Vocabulary] | None = None


@dataclass(frozen=True, slots=True)
class TableShape:
    """
    A table that goes with a handover.

    Attributes:
        meaning: What one row is.
        key: The columns by which a row is known, and in whose order the rows stand.
        references: Columns that name a row of another table, with that table and its columns.
    """

    name: str
    meaning: str
    columns: tuple[ColumnShape, ...]
    key: tuple[str, ...]
    references: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]

    @property
    def has_files(self) -> bool:
        """Tell whether a column holds files or texts of any length."""
        return any(column.kind in ("file", "long text") for column in self.columns)


@cache
def shapes() -> tuple[TableShape, ...]:
    """Return every table that goes with a handover, each after those that it refers to."""
    return tuple(_shape(table) for table in tables.metadata.sorted_tables if table.name in KEPT)


def _shape(table: Table) -> TableShape:
    references = sorted(
        (
            tuple(constraint.column_keys),
            constraint.referred_table.name,
            tuple(element.column.name for element in constraint.elements),
        )
        for constraint in table.foreign_key_constraints
    )
    return TableShape(
        name=table.name,
        meaning=KEPT[table.name],
        columns=tuple(_column_shape(table, column) for column in table.columns),
        key=tuple(column.name for column in table.primary_key.columns),
        references=tuple(references),
    )


def _column_shape(table: Table, column: Column[Any]) -> ColumnShape:
    words = column.type.vocabulary if isinstance(column.type, tables.Word) else None
    return ColumnShape(column.name, _kind(table, column), bool(column.nullable), words)


_KINDS: Final[tuple[tuple[type[Any], Kind], ...]] = (
    (tables.Moment, "moment"),
    (tables.Several, "list"),
    (tables.Word, "text"),
    (Boolean, "flag"),
    (Integer, "integer"),
    (Float, "number"),
    (Date, "day"),
    (LargeBinary, "file"),
    (Text, "text"),
)


def _kind(table: Table, column: Column[Any]) -> Kind:
    if (table.name, column.name) in LONG_TEXTS:
        return "long text"
    return next(kind for of, kind in _KINDS if isinstance(column.type, of))


def count_rows(reader: Reader) -> dict[str, int]:
    """Return how many rows each table that goes with a handover has."""
    return {
        shape.name: reader.connection.execute(
            select(func.count()).select_from(tables.metadata.tables[shape.name])
        ).scalar_one()
        for shape in shapes()
    }


def rows_of(reader: Reader, shape: TableShape) -> Iterator[tuple[Any, ...]]:
    """
    Yield the rows of a table in the order of its key, the same on both databases, without holding them all.

    Raises:
        RuleError: for a value that somebody wrote past the product and that the column cannot hold.
    """
    _take_time(reader)
    table = tables.metadata.tables[shape.name]
    is_postgresql = reader.connection.dialect.name == "postgresql"
    order = [
        collate(table.c[name], "C")
        if is_postgresql and isinstance(table.c[name].type, Text)
        else table.c[name]
        for name in shape.key
    ]
    at_once = _CHUNK_WITH_FILES if shape.has_files else 2000
    query = select(table).order_by(*order)
    try:
        with reader.connection.execute(query, execution_options={"yield_per": at_once}) as rows:
            for row in rows:
                yield tuple(row)
    except (TypeError, ValueError) as problem:
        raise RuleError(
            f"The table {shape.name} holds a value that was not written by the product: {problem}."
        ) from None


def _take_time(reader: Reader) -> None:
    """Let this transaction wait for disks and files longer than one that somebody waits for at a page."""
    if reader.connection.dialect.name == "postgresql":
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            reader.connection.execute(text(f"SET LOCAL {limit} = 0"))


class Filling:
    """Puts rows into an empty register, inside one transaction, table after table."""

    def __init__(self, unit: Unit) -> None:
        self._connection = unit.connection
        _take_time(unit)
        self._held_back: list[dict[str, Any]] = []

    def missing(self, shape: TableShape, given: Sequence[str]) -> list[str]:
        """Return the columns that are not given and that the database cannot fill by itself."""
        known = {found["name"]: found for found in inspect(self._connection).get_columns(shape.name)}
        absent = [column.name for column in shape.columns if column.name not in given]
        return [
            name
            for name in absent
            if name in shape.key or not (known[name]["nullable"] or known[name]["default"] is not None)
        ]

    def add(self, shape: TableShape, rows: Iterable[dict[str, Any]]) -> None:
        """
        Add rows to a table; all of them name the same columns.

        Raises:
            RuleError: for a row that the database's own rules refuse.
        """
        table = tables.metadata.tables[shape.name]
        size = _CHUNK_WITH_FILES if shape.has_files else _CHUNK
        waiting = iter(_parents_first(shape, rows))
        try:
            while chunk := [self._without_held_back(shape, row) for row in islice(waiting, size)]:
                self._connection.execute(insert(table), chunk)
        except (DatabaseError, StatementError) as problem:
            raise _refused(shape.name, problem) from None

    def _without_held_back(self, shape: TableShape, row: dict[str, Any]) -> dict[str, Any]:
        table, column = HELD_BACK
        if shape.name != table or row.get(column) is None:
            return row
        self._held_back.append({"which": row["id"], "later": row[column]})
        return row | {column: None}

    def finish(self) -> None:
        """Write what could not be written before everything else was there."""
        if not self._held_back:
            return
        table = tables.metadata.tables[HELD_BACK[0]]
        change = update(table).where(table.c.id == bindparam("which"))
        try:
            self._connection.execute(change.values({HELD_BACK[1]: bindparam("later")}), self._held_back)
        except DatabaseError as problem:
            raise _refused(table.name, problem) from None


def _parents_first(shape: TableShape, rows: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Return the rows so that none comes before the row of its own table that it names."""
    inside = [(columns, key) for columns, table, key in shape.references if table == shape.name]
    if not inside:
        return rows
    return _settled(list(rows), inside)


def _settled(
    waiting: list[dict[str, Any]], inside: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]
) -> Iterator[dict[str, Any]]:
    there: set[tuple[Any, ...]] = set()
    while waiting:
        later = []
        for row in waiting:
            named = [tuple(row.get(name) for name in columns) for columns, _ in inside]
            own = {tuple(row[name] for name in key) for _, key in inside}
            if all(None in one or one in there or one in own for one in named):
                there |= own
                yield row
            else:
                later.append(row)
        if len(later) == len(waiting):
            yield from later  # they name what is nowhere; the database says so
            return
        waiting = later


def _refused(table: str, problem: StatementError) -> RuleError:
    lines = str(problem.orig).strip().splitlines() if problem.orig else []
    cause = lines[0].rstrip(".") if lines else "no reason given"
    return RuleError(f"The rows of {table} break a rule of the register: {cause}.", table=table, cause=cause)
