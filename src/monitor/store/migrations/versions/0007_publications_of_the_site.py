"""Publications of the public site, and their approvals"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from monitor.store.guards import guard

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APPEND_ONLY = ("site_publication", "site_approval")


def upgrade() -> None:
    """Bring the database forward."""
    _table(
        "site_publication",
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        _text("head"),
        _text("content"),
        sa.ForeignKeyConstraint(
            ["content"], ["published_file.fingerprint"], name=op.f("fk_site_publication_content")
        ),
    )
    _table(
        "site_approval",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["site_publication.id"], name=op.f("fk_site_approval_publication_id")
        ),
        sa.UniqueConstraint("publication_id", name=op.f("uq_site_approval_publication_id")),
    )
    guard(APPEND_ONLY)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _table(name: str, *parts: Any) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *parts,
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *(_text(who) for who in ("by", "by_name")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
