from tests.registers import clock, open_store, register, sqlite_register

__all__ = ["clock", "open_store", "register", "sqlite_register"]
