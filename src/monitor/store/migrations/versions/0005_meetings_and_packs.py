"""Meetings: what changes of them, questions, answers, actions and packs; rules of single sign-on; calendar addresses"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from monitor.store.guards import guard

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NOTED = ("recorded_at", "by", "by_name")
APPEND_ONLY = (
    "meeting_change",
    "question_change",
    "answer",
    "action",
    "action_step",
    "pack",
    "claim_rule",
)


def upgrade() -> None:
    """Bring the database forward."""
    for name in ("attendees", "papers"):
        op.add_column("meeting", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("meeting", sa.Column("minutes", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "meeting", sa.Column("is_cancelled", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _of_a_meeting(
        "meeting_change",
        sa.Column("on", sa.Date(), nullable=False),
        _text("place"),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("attendees", sa.JSON(), nullable=False),
        sa.Column("papers", sa.JSON(), nullable=False),
        _text("minutes"),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        _text("reason"),
    )
    _of_a_meeting(
        "question_change",
        *(_text(name) for name in ("question", "stage", "text")),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
    )
    _of_a_meeting(
        "answer",
        *(_text(name) for name in ("question", "asked", "outcome", "words")),
        sa.Column("references", sa.JSON(), nullable=False),
    )
    _of_a_meeting(
        "action",
        *(_text(name) for name in ("question", "reference", "what", "owner")),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
    )
    _table(
        "action_step",
        sa.Column("action_id", sa.Integer(), nullable=False),
        _service(),
        *(_text(name) for name in ("stage", "words")),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        *_noted(),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_step_action_id")),
    )
    op.create_index(op.f("ix_action_step_action_id"), "action_step", ["action_id"], unique=False)
    op.create_table(
        "published_file",
        _text("fingerprint"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_published_file")),
    )
    forms = ("content", "docx", "pdf", "html")
    _of_a_meeting(
        "pack",
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        _text("head"),
        *(_text(name) for name in forms),
        sa.Column("annex", sa.JSON(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], ["published_file.fingerprint"], name=op.f(f"fk_pack_{name}"))
            for name in forms
        ),
    )
    _table(
        "claim_rule",
        *(_text(name) for name in ("claim", "value", "role", "service")),
        sa.Column("is_in_force", sa.Boolean(), nullable=False),
        *_noted(),
    )
    # The same words on both databases; Alembic adds no column that refers to another table on SQLite.
    op.execute(
        "ALTER TABLE account_change ADD COLUMN by_rule INTEGER "
        "CONSTRAINT fk_account_change_by_rule REFERENCES claim_rule (id)"
    )
    op.create_table(
        "calendar_address",
        _text("token_hash"),
        _text("account_id"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_calendar_address")),
    )
    op.create_index(op.f("ix_calendar_address_account_id"), "calendar_address", ["account_id"], unique=False)
    guard(APPEND_ONLY)
    guard(("published_file",), key="fingerprint")


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _service() -> sa.Column[Any]:
    return sa.Column("service", sa.Text(), nullable=False)


def _noted() -> tuple[sa.Column[Any], ...]:
    moment, *who = NOTED
    return sa.Column(moment, sa.DateTime(timezone=True), nullable=False), *(_text(name) for name in who)


def _table(name: str, *parts: Any) -> None:
    keys: list[Any] = [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}"))]
    if any(getattr(part, "name", "") == "service" for part in parts) and name != "claim_rule":
        keys.append(sa.ForeignKeyConstraint(["service"], ["service.name"], name=op.f(f"fk_{name}_service")))
    op.create_table(name, sa.Column("id", sa.Integer(), autoincrement=False, nullable=False), *parts, *keys)


def _of_a_meeting(name: str, *parts: Any) -> None:
    _table(
        name,
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        _service(),
        *parts,
        *_noted(),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f(f"fk_{name}_meeting_id")),
    )
    op.create_index(op.f(f"ix_{name}_meeting_id"), name, ["meeting_id"], unique=False)
