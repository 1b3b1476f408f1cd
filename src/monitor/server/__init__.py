"""
The server: Streamlit's ASGI app behind its gatekeeper, warmed before its address is announced.

Without sign-in it serves this machine only; with it, the names that `MONITOR_HOSTS` gives.
"""

import errno
import gc
import importlib
import secrets
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from time import monotonic
from typing import Final

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from streamlit.web import bootstrap

from monitor import settings
from monitor.errors import SetupError
from monitor.server import health
from monitor.server.gatekeeper import Gatekeeper
from monitor.server.headers import SameOrigin, SecurityHeaders, content_policy
from monitor.server.sign_in import SignInPages
from monitor.server.warm import Visit
from monitor.services import signing_in
from monitor.settings import SignIn
from monitor.store import migrate
from monitor.ui import session

__all__ = ["content_policy", "create_app", "serve"]

ANNOUNCEMENT: Final = "Recommendations monitor is ready at http://{host}:{port}"

# What every page needs sooner or later: loaded before the first visitor, and before memory is frozen.
_HEAVY: Final = ("pandas", "pyarrow", "plotly.graph_objects", "plotly.io")
_WARM_UP_SECONDS: Final = 2.5


def serve(*, host: str = "127.0.0.1", port: int, database_url: str) -> None:
    """
    Serve the register until Ctrl-C; the last line on standard output is the address, once it can be opened.

    Raises:
        SetupError: for a port in use, an address that may not be served, or missing pages.
    """
    sign_in = SignIn.from_environment()
    check_address(host, sign_in)
    with _bound_socket(host, port) as bound:
        port = bound.getsockname()[1]
        migrate(database_url)
        session.serve_database(database_url)
        app = create_app(host=host, port=port)
        _print_first_code(sign_in)
        configuration = uvicorn.Config(
            app,
            ws="websockets-sansio",
            ws_max_size=50 * 1024 * 1024,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        # The signal is raised again once everything is closed; the person who pressed Ctrl-C knows.
        with suppress(KeyboardInterrupt):
            _Announcing(configuration, ANNOUNCEMENT.format(host=host, port=port)).run(sockets=[bound])


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
    pages = SignInPages(store=session.served_store, sign_in=sign_in)
    app = st.App(
        str(root / "dashboard.py"),
        lifespan=_warmed,
        routes=[
            Route("/overview", _to_first_page),
            *health.routes(session.served_store),
            *(pages.routes if sign_in.ways else ()),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=sorted({*session.LOOPBACK, *sign_in.hosts})),
            Middleware(SameOrigin),
            Middleware(SecurityHeaders, behind_tls=sign_in.behind_tls),
            Middleware(Gatekeeper, store=session.served_store, sign_in=sign_in),
        ],
    )
    # Read again now that the app has told Streamlit where its configuration lies.
    bootstrap.load_config_options(
        {
            "server.address": host,
            "server.port": port,
            "server.headless": True,
            "server.allowedHosts": sorted({*session.LOOPBACK, *sign_in.hosts}),
            # A session of Streamlit's belongs to the sign-in it began with: whoever knows its id alone gets another.
            "server.trustedUserHeaders": {session.SESSION_HEADER: "session"} if sign_in.ways else {},
            "server.cookieSecret": sign_in.secret or secrets.token_hex(32),
        }
    )
    return app


def check_address(host: str, sign_in: SignIn) -> None:
    """
    Do nothing for an address that may be served.

    Raises:
        SetupError: for another machine's reach without sign-in, without its names, or with the proxy's header.
    """
    if host in session.LOOPBACK:
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
            f"Nobody administers this register yet. One-time code: {signing_in.first_code(store)}", flush=True
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
