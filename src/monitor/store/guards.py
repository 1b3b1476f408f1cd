"""What keeps a table append-only in the database itself, whoever asks; migrations put it on from revision 0005."""

from collections.abc import Iterable
from typing import Final

from alembic import op

REFUSED: Final = "{table} is append-only: nothing in it is changed or deleted"


def guard(tables: Iterable[str], *, key: str = "id") -> None:
    """Let the database refuse to change, delete or replace a row of these tables, known by their key."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in tables:
        for statement in _on_postgresql(table) if is_postgresql else _on_sqlite(table, key):
            op.execute(statement)


def _on_sqlite(table: str, key: str) -> list[str]:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{REFUSED.format(table=table)}'); END"
    kept = f"SELECT 1 FROM {table} WHERE {key} = NEW.{key}"  # noqa: S608 - names of our own tables
    return [
        *(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {refusal}"
            for verb in ("UPDATE", "DELETE")
        ),
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({kept}) {refusal}",
    ]


def _on_postgresql(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]
