"""Responses to reports: their steps, and the versions of their texts"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REFUSED = "{table} is append-only: nothing in it is changed or deleted"
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
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


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


def _guard_sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED.format(table=table)}'); END"
            )
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED.format(table=table)}'); END"
        )


def _guard_postgresql() -> None:
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
