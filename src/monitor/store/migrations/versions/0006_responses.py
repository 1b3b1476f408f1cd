"""Responses to reports: their steps, and the versions of their texts"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from monitor.store.guards import guard

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APPEND_ONLY = ("response_text", "response_step")


def upgrade() -> None:
    """Bring the database forward."""
    _of_a_report(
        "response_text",
        *(_text(name) for name in ("part", "reference")),
        sa.Column("explains", sa.Text(), nullable=True),
        _text("text"),
    )
    forms = ("content", "docx", "html")
    _of_a_report(
        "response_step",
        _text("stage"),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        *(_text(name) for name in ("words", "link")),
        sa.Column("text_ids", sa.JSON(), nullable=False),
        _text("basis"),
        *(sa.Column(name, sa.Text(), nullable=True) for name in forms),
        *(
            sa.ForeignKeyConstraint(
                [name], ["published_file.fingerprint"], name=op.f(f"fk_response_step_{name}")
            )
            for name in forms
        ),
    )
    guard(APPEND_ONLY)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _of_a_report(name: str, *parts: Any) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        _text("service"),
        *parts,
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *(_text(who) for who in ("by", "by_name")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.ForeignKeyConstraint(["service"], ["service.name"], name=op.f(f"fk_{name}_service")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f(f"fk_{name}_inspection_id")),
    )
    op.create_index(op.f(f"ix_{name}_inspection_id"), name, ["inspection_id"], unique=False)
