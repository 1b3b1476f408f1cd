"""Kept files, passages in them, how an office's sheets are headed, and days of publication learned later"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


SAME = {
    "source": "fingerprint = NEW.fingerprint",
    "report_source": "id = NEW.id",
    "tracker_columns": "id = NEW.id",
    "publication_day": "id = NEW.id",
    "passage": "recommendation_id = NEW.recommendation_id AND n = NEW.n",
}
"""The new tables, all append-only, and what makes two rows of each the same."""

REFUSED = "{table} is append-only: nothing in it is changed or deleted"


def upgrade() -> None:
    """Bring the database forward."""
    op.create_table(
        "source",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("text_fingerprint", sa.Text(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["service.name"], name=op.f("fk_source_service")),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_source")),
    )
    op.create_table(
        "report_source",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["service.name"], name=op.f("fk_report_source_service")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_report_source_inspection_id")
        ),
        sa.ForeignKeyConstraint(["source"], ["source.fingerprint"], name=op.f("fk_report_source_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_source")),
    )
    op.create_index(op.f("ix_report_source_source"), "report_source", ["source"], unique=False)
    op.create_table(
        "tracker_columns",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("headings_key", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["service.name"], name=op.f("fk_tracker_columns_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracker_columns")),
    )
    op.create_table(
        "publication_day",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_publication_day_inspection_id")
        ),
        sa.ForeignKeyConstraint(["service"], ["service.name"], name=op.f("fk_publication_day_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_day")),
    )
    op.create_table(
        "passage",
        sa.Column("recommendation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("by_role", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f("fk_passage_recommendation_id")
        ),
        sa.ForeignKeyConstraint(["source"], ["source.fingerprint"], name=op.f("fk_passage_source")),
        sa.PrimaryKeyConstraint("recommendation_id", "n", name=op.f("pk_passage")),
    )
    op.create_index(op.f("ix_passage_source"), "passage", ["source"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    for table, same in SAME.items():
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED.format(table=table)}'); END"
            )
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED.format(table=table)}'); END"
        )


def _guard_postgresql() -> None:
    for table in SAME:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
