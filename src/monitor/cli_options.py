"""What every command of the command line shares: the database, the answer in JSON, and how the register is opened."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, Final, TypeVar

import click

from monitor.dates import parse_day
from monitor.errors import NotFoundError
from monitor.settings import database_address

_F = TypeVar("_F", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day: 2023-03-31, 31/03/2023 or 31 March 2023."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day, or say what would be right."""
        if isinstance(value, date):
            return value
        try:
            return parse_day(str(value))
        except ValueError as problem:
            self.fail(str(problem), param, ctx)


DAY: Final = Day()


def database_option(command: _F) -> _F:
    """Let a command take a database address."""
    return click.option(
        "--database",
        metavar="URL",
        help="Database address; otherwise MONITOR_DATABASE_URL, otherwise SQLite.",
    )(command)


def database_unused(command: _F) -> _F:
    """Accept a database address, as every command does, where none is needed."""
    return click.option("--database", expose_value=False, hidden=True)(command)


def json_option(command: _F) -> _F:
    """Let a command answer in JSON."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON on standard output.")(command)


def address_of(database: str | None) -> str:
    """Return the address of the database that a command is about."""
    return database or database_address()


def open_store(database: str | None, *, make: bool = False) -> Any:
    """
    Return the register's store, brought up to date.

    Args:
        make: Make the database where there is none; otherwise say that there is none.
    """
    from monitor.store import Store, is_missing, migrate

    address = address_of(database)
    if not make and is_missing(address):
        raise NotFoundError(
            f"There is no register at {address}. Load the demonstration with monitor sample, "
            "or begin one with monitor begin."
        )
    migrate(address)
    return Store(address)


def print_json(answer: Any) -> None:
    """Print an answer for a program."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=str))
