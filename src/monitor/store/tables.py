"""
The tables. Each list of dated entries is one table, with a column for each field of its dataclass.

The migrations spell the same tables out; a test compares the two.
"""

import types
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from monitor.domain.accounts import Account, AccountChange, ClaimRule
from monitor.domain.entries import ENTRY_TYPES, Entry
from monitor.domain.evidence import EvidenceItem
from monitor.domain.history import HistoryRow
from monitor.domain.inspections import Inspection, PublicationDay, Service
from monitor.domain.meetings import Action, ActionStep, Answer, Meeting, MeetingChange, Pack, QuestionChange
from monitor.domain.publications import SiteApproval, SitePublication
from monitor.domain.record import State
from monitor.domain.response_desk import ResponseStep, ResponseText
from monitor.domain.sources import ReportSource, Source, TrackerColumns
from monitor.domain.statuses import Kind, Vocabulary


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite keeps it without a zone."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[Any]):
    """A member of a vocabulary, stored as its value."""

    impl = Text
    cache_ok = True

    def __init__(self, vocabulary: type[Vocabulary]) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self._members = {member.value: member for member in vocabulary}

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Store the value."""
        return None if value is None else str(self.vocabulary(value).value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Return the member; of a word that somebody wrote past the product, the word, for the checker to find."""
        return None if value is None else self._members.get(value, value)


class Several(TypeDecorator[tuple[Any, ...]]):
    """A short list, stored as JSON, read as a tuple."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Store a list."""
        return None if value is None else [list(v) if isinstance(v, tuple) else v for v in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return a tuple, of tuples where lists were inside."""
        return None if value is None else tuple(tuple(v) if isinstance(v, list) else v for v in value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_PLAIN: Final[dict[Any, type[TypeEngine[Any]]]] = {
    str: Text,
    int: Integer,
    float: Float,
    bool: Boolean,
    date: Date,
    datetime: Moment,
}


def _column_type(hint: Any) -> tuple[TypeEngine[Any], bool]:
    """Return the column type of a field, and whether it may be empty."""
    if get_origin(hint) in (Union, types.UnionType):
        inner = [arg for arg in get_args(hint) if arg is not type(None)]
        return _column_type(inner[0])[0], True
    if get_origin(hint) is tuple:
        return Several(), False
    if isinstance(hint, type) and issubclass(hint, Vocabulary):
        return Word(hint), False
    return _PLAIN[hint](), False


def _columns(cls: type, **special: Column[Any]) -> Iterator[Column[Any]]:
    hints = get_type_hints(cls)
    for field in fields(cls):
        if field.name in special:
            yield special[field.name]
            continue
        column_type, optional = _column_type(hints[field.name])
        yield Column(field.name, column_type, nullable=optional)


register = Table(
    "register",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("office", Text, nullable=False),
    Column("is_demonstration", Boolean, nullable=False),
    Column("clock_begins", Moment),
    Column("loaded_at", Moment, nullable=False),
)

service = Table(
    "service",
    metadata,
    *_columns(
        Service,
        id=Column("id", Integer, primary_key=True, autoincrement=False),
        name=Column("name", Text, nullable=False, unique=True),
    ),
)


def _of_service() -> Column[Any]:
    return Column("service", Text, ForeignKey("service.name"), nullable=False)


inspection = Table(
    "inspection",
    metadata,
    *_columns(
        Inspection,
        id=Column("id", Integer, primary_key=True, autoincrement=False),
        service=_of_service(),
        embeds=Column("embeds", Integer, ForeignKey("inspection.id")),
    ),
)

publication_day = Table(
    "publication_day",
    metadata,
    *_columns(
        PublicationDay,
        id=Column("id", Integer, primary_key=True, autoincrement=False),
        inspection_id=Column("inspection_id", Integer, ForeignKey("inspection.id"), nullable=False),
        service=_of_service(),
    ),
)

meeting = Table(
    "meeting",
    metadata,
    *_columns(
        Meeting, id=Column("id", Integer, primary_key=True, autoincrement=False), service=_of_service()
    ),
)


def _of_meeting(cls: type, name: str, **special: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        *_columns(
            cls,
            id=Column("id", Integer, primary_key=True, autoincrement=False),
            meeting_id=Column("meeting_id", Integer, ForeignKey("meeting.id"), nullable=False, index=True),
            service=_of_service(),
            **special,
        ),
    )


meeting_change = _of_meeting(MeetingChange, "meeting_change")
question_change = _of_meeting(QuestionChange, "question_change")
answer = _of_meeting(Answer, "answer")
action = _of_meeting(Action, "action")
action_step = Table(
    "action_step",
    metadata,
    *_columns(
        ActionStep,
        id=Column("id", Integer, primary_key=True, autoincrement=False),
        action_id=Column("action_id", Integer, ForeignKey("action.id"), nullable=False, index=True),
        service=_of_service(),
    ),
)

published_file = Table(
    "published_file",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
pack = _of_meeting(
    Pack,
    "pack",
    **{
        form: Column(form, Text, ForeignKey("published_file.fingerprint"), nullable=False)
        for form in ("content", "docx", "pdf", "html")
    },
)


def _of_report(cls: type, name: str, **special: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        *_columns(
            cls,
            id=Column("id", Integer, primary_key=True, autoincrement=False),
            inspection_id=Column(
                "inspection_id", Integer, ForeignKey("inspection.id"), nullable=False, index=True
            ),
            service=_of_service(),
            **special,
        ),
    )


response_text = _of_report(ResponseText, "response_text")
response_step = _of_report(
    ResponseStep,
    "response_step",
    **{
        form: Column(form, Text, ForeignKey("published_file.fingerprint"))
        for form in ("content", "docx", "html")
    },
)

site_publication = Table(
    "site_publication",
    metadata,
    *_columns(
        SitePublication,
        id=Column("id", Integer, primary_key=True, autoincrement=False),
        content=Column("content", Text, ForeignKey("published_file.fingerprint"), nullable=False),
    ),
)
site_approval = Table(
    "site_approval",
    metadata,
    *_columns(
        SiteApproval,
        id=Column("id", Integer, primary_key=True, autoincrement=False),
        publication_id=Column(
            "publication_id", Integer, ForeignKey("site_publication.id"), nullable=False, unique=True
        ),
    ),
)

recommendation = Table(
    "recommendation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("reference", Text, nullable=False, unique=True),
    _of_service(),
    Column("inspection_id", Integer, ForeignKey("inspection.id"), nullable=False, index=True),
    Column("kind", Word(Kind), nullable=False),
    Column("number", Text, nullable=False),
    Column("external_reference", Text, nullable=False),
    Column("addressees", Several, nullable=False),
    Column("parent", Text, nullable=False),
    Column("taken_in_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    *_columns(State),
)

IDENTITY: Final = (
    "id",
    "reference",
    "service",
    "inspection_id",
    "kind",
    "number",
    "external_reference",
    "addressees",
    "parent",
    "taken_in_on",
    "version",
)

evidence_file = Table(
    "evidence_file",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    *_columns(
        EvidenceItem,
        id=Column("id", Integer, primary_key=True, autoincrement=False),
        service=_of_service(),
        file=Column("file", Text, ForeignKey("evidence_file.fingerprint"), index=True),
    ),
)

source = Table(
    "source",
    metadata,
    *_columns(Source, fingerprint=Column("fingerprint", Text, primary_key=True), service=_of_service()),
    Column("text", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

report_source = Table(
    "report_source",
    metadata,
    *_columns(
        ReportSource,
        id=Column("id", Integer, primary_key=True, autoincrement=False),
        service=_of_service(),
        inspection_id=Column("inspection_id", Integer, ForeignKey("inspection.id"), nullable=False),
        source=Column("source", Text, ForeignKey("source.fingerprint"), nullable=False, index=True),
    ),
)

tracker_columns = Table(
    "tracker_columns",
    metadata,
    *_columns(
        TrackerColumns,
        id=Column("id", Integer, primary_key=True, autoincrement=False),
        service=_of_service(),
    ),
)


def _list_table(name: str, cls: type[Entry]) -> Table:
    special: dict[str, Column[Any]] = {"n": Column("n", Integer, primary_key=True, autoincrement=False)}
    if name == "evidence_use":
        special["evidence_id"] = Column(
            "evidence_id", Integer, ForeignKey("evidence.id"), nullable=False, index=True
        )
    if name == "passage":
        special["source"] = Column(
            "source", Text, ForeignKey("source.fingerprint"), nullable=False, index=True
        )
    return Table(
        name,
        metadata,
        Column(
            "recommendation_id",
            Integer,
            ForeignKey("recommendation.id"),
            primary_key=True,
            autoincrement=False,
        ),
        *_columns(cls, **special),
    )


account = Table(
    "account",
    metadata,
    *_columns(Account, id=Column("id", Text, primary_key=True)),
    UniqueConstraint("way", "subject", name="uq_account_subject"),
)

account_change = Table(
    "account_change",
    metadata,
    *_columns(
        AccountChange,
        id=Column("id", Integer, primary_key=True, autoincrement=False),
        account_id=Column("account_id", Text, ForeignKey("account.id"), nullable=False, index=True),
        by_rule=Column("by_rule", Integer, ForeignKey("claim_rule.id")),
    ),
)

claim_rule = Table(
    "claim_rule",
    metadata,
    *_columns(ClaimRule, id=Column("id", Integer, primary_key=True, autoincrement=False)),
)

# What signing in needs. It is secret or short-lived, so none of it is in the history.

credential = Table(
    "credential",
    metadata,
    Column("account_id", Text, ForeignKey("account.id"), primary_key=True),
    Column("hash", Text, nullable=False),
    Column("set_at", Moment, nullable=False),
)

invitation = Table(
    "invitation",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

login_session = Table(
    "login_session",
    metadata,
    Column("id", Text, primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("account_id", Text, ForeignKey("account.id"), nullable=False, index=True),
    Column("agent", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("uploaded_on", Date),
    Column("uploaded_bytes", Integer, nullable=False),
)

failed_sign_in = Table(
    "failed_sign_in",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, index=True),
    Column("at", Moment, nullable=False),
)

calendar_address = Table(
    "calendar_address",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("account_id", Text, nullable=False, index=True),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

LIST_NAMES: Final = (
    "wording",
    "assignment",
    "target_date",
    "progress_report",
    "assurance_decision",
    "inspectorate_position",
    "evidence_use",
    "closure_step",
    "link",
    "passage",
)
LISTS: Final[dict[type[Entry], Table]] = {
    cls: _list_table(name, cls) for name, cls in zip(LIST_NAMES, ENTRY_TYPES, strict=True)
}

history = Table(
    "history",
    metadata,
    *_columns(HistoryRow, seq=Column("seq", Integer, primary_key=True, autoincrement=False)),
    Index("ix_history_subject", "subject_kind", "subject", "seq"),
)

APPEND_ONLY: Final = (
    "history",
    "evidence",
    "evidence_file",
    "register",
    "source",
    "report_source",
    "tracker_columns",
    "publication_day",
    "account",
    "account_change",
    "meeting_change",
    "question_change",
    "answer",
    "action",
    "action_step",
    "pack",
    "published_file",
    "response_text",
    "response_step",
    "site_publication",
    "site_approval",
    "claim_rule",
    *LIST_NAMES,
)
"""Tables from which nothing is ever changed or deleted; triggers refuse it."""
