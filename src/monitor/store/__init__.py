"""The register in its database. Nothing above this package knows SQLAlchemy."""

from monitor.store.audit import (
    AUDITED,
    Reach,
    Wanted,
    audit_people,
    audit_rows,
    count_audit_rows,
    report_numbers,
    short_titles,
)
from monitor.store.clock import RegisterInfo
from monitor.store.engine import database_facts, is_missing
from monitor.store.migrate import migrate
from monitor.store.register import Reader, Store, Unit
from monitor.store.sign_ins import LoginSession, SignIns

__all__ = [
    "AUDITED",
    "LoginSession",
    "Reach",
    "Reader",
    "RegisterInfo",
    "SignIns",
    "Store",
    "Unit",
    "Wanted",
    "audit_people",
    "audit_rows",
    "count_audit_rows",
    "database_facts",
    "is_missing",
    "migrate",
    "report_numbers",
    "short_titles",
]
