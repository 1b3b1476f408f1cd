"""Files of evidence, kept by fingerprint and named by the item they belong to"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


REFUSED = "evidence_file is append-only: nothing in it is changed or deleted"


def upgrade() -> None:
    """Bring the database forward."""
    op.create_table(
        "evidence_file",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_evidence_file")),
    )
    # The same words on both databases; Alembic adds no column that refers to another table on SQLite.
    op.execute(
        "ALTER TABLE evidence ADD COLUMN file TEXT "
        "CONSTRAINT fk_evidence_file REFERENCES evidence_file (fingerprint)"
    )
    op.add_column("evidence", sa.Column("file_name", sa.Text(), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("file_size", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("evidence", sa.Column("file_scan", sa.Text()))
    op.create_index(op.f("ix_evidence_file"), "evidence", ["file"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER evidence_file_no_{verb.lower()} BEFORE {verb} ON evidence_file "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
    op.execute(
        "CREATE TRIGGER evidence_file_no_replace BEFORE INSERT ON evidence_file "
        "WHEN EXISTS (SELECT 1 FROM evidence_file WHERE fingerprint = NEW.fingerprint) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE TRIGGER evidence_file_append_only BEFORE UPDATE OR DELETE ON evidence_file "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER evidence_file_no_truncate BEFORE TRUNCATE ON evidence_file "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
