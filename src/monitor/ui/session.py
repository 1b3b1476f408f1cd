"""
Who is here and which register they look at: the one place where pages get both.

`monitor serve` says once which database is served; the person is chosen here. A demonstration
register offers its invented people to choose from. A real register without sign-in can be read
on this machine and changed from the command line only.
"""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from monitor.domain.access import Actor, Role
from monitor.services import signing_in
from monitor.services.sample import demonstration_people
from monitor.settings import LOOPBACK, Settings, Titles, signs_in
from monitor.store import Store

DATABASE_VARIABLE: Final = "MONITOR_DATABASE_URL"

SESSION_HEADER: Final = "X-Monitor-Session"
"""In it the gatekeeper hands on which sign-in is asking; what comes from outside under this name is dropped."""

WARM_UP: Final = secrets.token_hex(32)
"""What stands in it for the visitor inside this process: known to nobody else, and another at each start."""

AT_THIS_MACHINE: Final = Actor(
    id="this-machine", name="Reader at this machine", roles=frozenset({Role.ANALYST}), title="not signed in"
)
"""Who looks at a real register where no sign-in is set up: reads and exports, changes nothing."""


@dataclass(frozen=True)
class Register:
    """
    The register that is served, as it stands at this moment.

    Attributes:
        office: Name of the local policing body; empty before the register is first used.
        place: The service, or how many there are: what stands in the line above each h1.
    """

    store: Store
    office: str
    place: str
    is_demonstration: bool
    today: date


def register() -> Register:
    """
    Return the register of this process.

    Raises:
        UnreadableFileError: when the database cannot be reached.
    """
    store = served_store()
    with store.reading() as reader:
        info = reader.info()
        services = [service.name for service in reader.services()] if info else []
        return Register(
            store=store,
            office=Titles.from_environment().office_or(info.office) if info else "",
            place=services[0] if len(services) == 1 else f"{len(services)} services" if services else "",
            is_demonstration=bool(info and info.is_demonstration),
            today=store.today(),
        )


def people(served: Register) -> Sequence[Actor]:
    """
    Return those whom a visitor may act as, the one they start as first.

    With sign-in that is the person signed in, asked for anew at each run, so that what was granted or
    withdrawn since holds at once; nobody where the sign-in has ended.
    """
    named = this_sign_in()
    if signs_in() and named != WARM_UP:
        found = signing_in.who_is(served.store, session_id=named) if named else None
        return (found.actor,) if found else ()
    offers_people = served.is_demonstration and st.get_option("server.address") in LOOPBACK
    return _demonstration_people() if offers_people else (AT_THIS_MACHINE,)


def this_run() -> object:
    """Return something that is the same throughout one run of a page or of a part of it, and another in the next."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.cursors if context else None


def this_sign_in() -> str:
    """Return the name of the session that asks for this run; empty where nobody signs in."""
    return st.context.headers.get(SESSION_HEADER, "")


def still(known: Actor, sign_in: str) -> Actor | None:
    """
    Return somebody as the database has them now: an open form outlives the run in which it was shown.

    Args:
        sign_in: The name of the session by which they were there.

    Returns:
        None where the sign-in has ended.
    """
    if not signs_in() or sign_in == WARM_UP:
        return known
    found = signing_in.who_is(served_store(), session_id=sign_in) if sign_in else None
    return found.actor if found else None


def is_signed_in() -> bool:
    """Tell whether people sign in here."""
    return signs_in()


def served_store() -> Store:
    """Return the store of the register that this process serves."""
    return _store(Settings.from_environment().database)


def serve_database(address: str) -> None:
    """Name the database that every page of this process reads."""
    os.environ[DATABASE_VARIABLE] = address


@lru_cache(maxsize=1)
def _demonstration_people() -> tuple[Actor, ...]:
    return tuple(demonstration_people())


@lru_cache(maxsize=4)
def _store(address: str) -> Store:
    return Store(address)
