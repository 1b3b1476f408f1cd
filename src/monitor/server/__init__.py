"""
The server: Streamlit's ASGI app behind its gatekeeper, warmed before its address is announced.

Without sign-in it serves this machine only; with it, the names that `MONITOR_HOSTS` gives.
"""

import errno
import gc
import hashlib
import hmac
import importlib
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from time import monotonic
from typing import Final

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit.web import bootstrap

from monitor import settings
from monitor.errors import SetupError
from monitor.server import calendars, files, health, logs
from monitor.server.door import Door
from monitor.server.ending import Ending
from monitor.server.frames import FrameGuard
from monitor.server.gatekeeper import Gatekeeper
from monitor.server.headers import SecurityHeaders, content_policy, security_headers
from monitor.server.sign_in import SignInPages
from monitor.server.warm import Visit
from monitor.services import signing_in
from monitor.settings import LOOPBACK, Settings, SignIn
from monitor.store import migrate
from monitor.ui import session

__all__ = ["app", "content_policy", "create_app", "serve"]

ANNOUNCEMENT: Final = "Recommendations monitor is ready at http://{host}:{port}"

# What every page needs sooner or later: loaded before the first visitor, and before memory is frozen.
_HEAVY: Final = ("pandas", "pyarrow", "plotly.graph_objects", "plotly.io")
_WARM_UP_SECONDS: Final = 2.5

WEBSOCKET_BYTES: Final = 6 * 1024 * 1024
"""The most that a page may say at once: a little more than what Streamlit itself takes (`maxWidgetStateSize`)."""


def serve(*, host: str = "127.0.0.1", port: int, database_url: str) -> None:
    """
    Serve the register until Ctrl-C; the last line on standard output is the address, once it can be opened.

    Raises:
        SetupError: for a port in use, an address that may not be served, or missing pages.
    """
    check_address(host, SignIn.from_environment())
    with _bound_socket(host, port) as bound:
        port = bound.getsockname()[1]
        configuration = uvicorn.Config(
            _prepared(database_url, host=host, port=port),
            ws="websockets-sansio",
            ws_max_size=WEBSOCKET_BYTES,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        # The signal is raised again once everything is closed; the person who pressed Ctrl-C knows.
        with suppress(KeyboardInterrupt):
            shown = f"[{host}]" if ":" in host else host
            _Announcing(configuration, ANNOUNCEMENT.format(host=shown, port=port)).run(sockets=[bound])


def app() -> st.App:
    """
    Return the same app for an ASGI server that is started by its own command: `uvicorn --factory monitor.server:app`.

    The database is the one that `MONITOR_DATABASE_URL` names. The address is the other server's to choose: without
    sign-in, and for a proxy's header, connections from this machine alone are answered.

    Raises:
        SetupError: for settings that do not fit together, or missing pages.
    """
    return _prepared(Settings.from_environment().database)


def _prepared(database_url: str, *, host: str = "127.0.0.1", port: int = 8501) -> st.App:
    """Return the app with its database brought up to date, and print the code that makes the first administrator."""
    logs.begin()
    Settings.from_environment()  # one that cannot be used is told now, and not on somebody's page
    migrate(database_url)
    session.serve_database(database_url)
    made = create_app(host=host, port=port)
    _print_first_code(SignIn.from_environment())
    return made


def create_app(*, host: str = "127.0.0.1", port: int = 8501) -> st.App:
    """
    Return the ASGI app with the project's own configuration, whatever the current folder.

    Raises:
        SetupError: when the pages are not where the package was installed from.
    """
    root = settings.project_root()
    if root is None:
        raise SetupError(
            "The pages are not here: dashboard.py was not found beside the product's src folder."
        )
    sign_in = SignIn.from_environment()
    hosts = sorted({*LOOPBACK, *sign_in.hosts})
    secret = sign_in.secret or secrets.token_hex(32)
    made = st.App(
        str(root / "dashboard.py"),
        lifespan=_warmed,
        routes=[
            Route("/overview", _to_first_page),
            *health.routes(session.served_store),
            *_sign_in_routes(sign_in, secret),
        ],
        middleware=[
            Middleware(SecurityHeaders, behind_tls=sign_in.behind_tls),
            Middleware(Door, hosts=hosts, behind_tls=sign_in.behind_tls),
            Middleware(Gatekeeper, store=session.served_store, sign_in=sign_in),
            Middleware(Ending, is_over=lambda who: signing_in.is_ended(session.served_store(), who)),
            Middleware(FrameGuard),
        ],
        exception_handlers={Exception: _failed(security_headers(behind_tls=sign_in.behind_tls))},
    )
    # Read again now that the app has told Streamlit where its configuration lies.
    bootstrap.load_config_options(
        {
            "server.address": host,
            "server.port": port,
            "server.headless": True,
            "server.allowedHosts": hosts,
            # A session of Streamlit's belongs to the sign-in it began with: whoever knows its id alone gets another.
            "server.trustedUserHeaders": {session.SESSION_HEADER: "session"} if sign_in.ways else {},
            "server.cookieSecret": _derived(secret, "streamlit"),
            # Its cookie against forged uploads can be planted from another host of the same domain. Where people
            # sign in, the gatekeeper asks for the page's own origin instead, which cannot.
            "server.enableXsrfProtection": not sign_in.ways,
            # The record is the whole line: see monitor.server.logs.
            "logger.messageFormat": "%(message)s",
        }
    )
    return made


def _sign_in_routes(sign_in: SignIn, secret: str) -> list[BaseRoute]:
    """Return the routes by which people sign in here, and by which files leave then; none where they do not."""
    if not sign_in.ways:
        return []
    routes: list[BaseRoute] = [
        *SignInPages(store=session.served_store, sign_in=sign_in).routes,
        *files.routes(session.served_store),
        *calendars.routes(session.served_store, behind_tls=sign_in.behind_tls),
    ]
    if "oidc" in sign_in.ways:
        # Loaded where it is used: it takes a third of a second, and warns of what its own authors will change.
        from monitor.server.oidc import SingleSignOn

        key = _derived(secret, "single sign-on")
        routes += SingleSignOn(store=session.served_store, sign_in=sign_in, secret=key).routes
    return routes


def _derived(secret: str, purpose: str) -> str:
    """Return a key for one purpose, from which nobody can work out the secret or another's key."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _failed(headers: Mapping[str, str]) -> Callable[[Request, Exception], Response]:
    """Return what is answered when something went wrong that nobody foresaw; the log has where."""

    def answer(_request: Request, _problem: Exception) -> Response:
        said = "Something went wrong here. The log says where."
        return PlainTextResponse(said, 500, {**headers, "cache-control": "no-store"})

    return answer


def check_address(host: str, sign_in: SignIn) -> None:
    """
    Do nothing for an address that may be served.

    Raises:
        SetupError: for another machine's reach without sign-in, without its names, or with the proxy's header.
    """
    if host in LOOPBACK:
        return
    if not sign_in.ways:
        raise SetupError(
            f"{host} would be open to other machines, and sign-in is not configured: set MONITOR_SIGN_IN, "
            "or use --host 127.0.0.1."
        )
    if "proxy" in sign_in.ways:
        raise SetupError(
            f"Whoever reached {host} could say who they are: with MONITOR_SIGN_IN=proxy use --host 127.0.0.1, "
            "and let the proxy on this machine alone speak to it."
        )
    if not sign_in.hosts:
        raise SetupError(
            f"{host} is open to other machines: name in MONITOR_HOSTS the address that their browsers will ask for."
        )


def _print_first_code(sign_in: SignIn) -> None:
    """Print the one-time code while nobody administers the register: there is no default account."""
    store = session.served_store()
    if sign_in.ways and signing_in.needs_first_administrator(store):
        print(
            "Nobody administers this register yet. Whoever opens /first-account with this one-time code does: "
            f"{signing_in.first_code(store)}",
            flush=True,
        )


async def _to_first_page(request: Request) -> RedirectResponse:
    """Send whoever types the first page's name to it; Streamlit gives it no address but the root."""
    return RedirectResponse("/" + (f"?{request.url.query}" if request.url.query else ""), status_code=307)


class _Announcing(uvicorn.Server):
    """A server that says where it is once it accepts visitors, and nothing after that."""

    def __init__(self, configuration: uvicorn.Config, announcement: str) -> None:
        super().__init__(configuration)
        self._announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then announce."""
        await super().startup(sockets=sockets)
        if self.started:
            print(self._announcement, flush=True)


@contextmanager
def _bound_socket(host: str, port: int) -> Iterator[socket.socket]:
    """Hold the port without listening yet: nobody gets in before the pages are warm."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio switches off Nagle's algorithm, which costs 40 ms a click.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as bound:
        if hasattr(socket, "SO_REUSEPORT"):
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, port))
        except OverflowError:
            raise SetupError(f"{port} is not a port: choose one from 1024 to 65535 with --port.") from None
        except OSError as problem:
            if problem.errno in (errno.EADDRINUSE, errno.EACCES):
                raise SetupError(
                    f"Port {port} is in use by another program; choose another, such as --port {port + 1}."
                    if problem.errno == errno.EADDRINUSE
                    else f"Port {port} is not open to this user; choose another, such as --port 8501."
                ) from None
            raise SetupError(f"{host}:{port} cannot be opened ({problem.strerror}).") from None
        yield bound


@asynccontextmanager
async def _warmed(app: st.App) -> AsyncIterator[None]:
    """
    Visit the pages before the address is announced.

    Until `dashboard.py` has run once, Streamlit runs a file in `pages/` alone when its address is
    asked for. What is loaded by then stays for good, so the collector need not look at it again.
    """
    for module in _HEAVY:
        importlib.import_module(module)
    await Visit(app).all_pages(until=monotonic() + _WARM_UP_SECONDS)
    gc.collect()
    gc.freeze()
    yield
