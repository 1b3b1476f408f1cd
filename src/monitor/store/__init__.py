"""The register in its database. Nothing above this package knows SQLAlchemy."""

from monitor.store.clock import RegisterInfo
from monitor.store.engine import database_facts, is_missing
from monitor.store.migrate import migrate
from monitor.store.register import Reader, Store, Unit
from monitor.store.sign_ins import LoginSession, SignIns

__all__ = [
    "LoginSession",
    "Reader",
    "RegisterInfo",
    "SignIns",
    "Store",
    "Unit",
    "database_facts",
    "is_missing",
    "migrate",
]
