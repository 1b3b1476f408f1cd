"""
The server: Streamlit's ASGI app with its headers, warmed before its address is announced.

It serves this machine only. Another address needs sign-in, which this release does not have.
"""

import asyncio
import errno
import gc
import hashlib
import importlib
import re
import socket
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web import bootstrap

from monitor import settings
from monitor.errors import SetupError
from monitor.store import migrate
from monitor.ui import session

ANNOUNCEMENT: Final = "Recommendations monitor is ready at http://{host}:{port}"

# What every page needs sooner or later: loaded before the first visitor, and before memory is frozen.
_HEAVY: Final = ("pandas", "pyarrow", "plotly.graph_objects", "plotly.io")
_WARM_UP_SECONDS: Final = 2.5


def serve(*, host: str = "127.0.0.1", port: int, database_url: str) -> None:
    """
    Serve the register until Ctrl-C; the last line on standard output is the address, once it can be opened.

    Raises:
        SetupError: for a port in use, an address other than this machine's, or missing pages.
    """
    if host not in session.LOOPBACK:
        raise SetupError(
            f"{host} would be open to other machines, and sign-in is not configured; "
            "in this release use --host 127.0.0.1."
        )
    with _bound_socket(host, port) as bound:
        port = bound.getsockname()[1]
        migrate(database_url)
        session.serve_database(database_url)
        app = create_app(host=host, port=port)
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
    app = st.App(
        str(root / "dashboard.py"),
        lifespan=_warmed,
        routes=[Route("/overview", _to_first_page)],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=sorted(session.LOOPBACK)),
            Middleware(SameOrigin),
            Middleware(SecurityHeaders),
        ],
    )
    # Read again now that the app has told Streamlit where its configuration lies.
    bootstrap.load_config_options({"server.address": host, "server.port": port, "server.headless": True})
    return app


async def _to_first_page(request: Request) -> RedirectResponse:
    """Send whoever types the first page's name to it; Streamlit gives it no address but the root."""
    return RedirectResponse("/" + (f"?{request.url.query}" if request.url.query else ""), status_code=307)


class SecurityHeaders:
    """Add to every answer what a browser should refuse on our behalf."""

    def __init__(self, app: ASGIApp) -> None:
        """Work out the headers once: the content policy names the page's only inline script by its hash."""
        self._app = app
        self._headers = [
            (name.encode(), value.encode())
            for name, value in {
                "content-security-policy": content_policy(),
                "x-content-type-options": "nosniff",
                "x-frame-options": "DENY",
                "referrer-policy": "same-origin",
                "cross-origin-opener-policy": "same-origin",
                "permissions-policy": "camera=(), microphone=(), geolocation=()",
            }.items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on and complete the start of each answer."""

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self._headers]
            await send(message)

        await self._app(scope, receive, completed)


class SameOrigin:
    """
    Refuse whatever another site's page asks for.

    Streamlit looks up this machine's public address on the internet before it refuses a foreign
    origin; this refuses first.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what carries no origin, or this one."""
        headers = dict(scope.get("headers", []))
        origin = headers.get(b"origin", b"").decode("latin-1")
        if not origin or urlsplit(origin).netloc == headers.get(b"host", b"").decode("latin-1"):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await send(
                {"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]}
            )
            await send({"type": "http.response.body", "body": b"Not from another site."})


def content_policy() -> str:
    """Return the content security policy for the installed Streamlit's own page."""
    page = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", page, flags=re.DOTALL)
    hashes = " ".join(
        f"'sha256-{b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in inline
    )
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; worker-src 'self' blob:; "
        "connect-src 'self'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'; "
        "base-uri 'self'; form-action 'self'"
    )


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
    await _Visit(app).all_pages(until=monotonic() + _WARM_UP_SECONDS)
    gc.collect()
    gc.freeze()
    yield


class _Visit:
    """One visitor inside the process, who speaks the browser's own protocol."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._sent: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._answers: asyncio.Queue[ForwardMsg] = asyncio.Queue()

    async def all_pages(self, *, until: float) -> None:
        """Open the first page, then every other one for as long as there is time."""
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": "/_stcore/stream",
            "raw_path": b"/_stcore/stream",
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"localhost")],
            "client": ("127.0.0.1", 0),
            "server": ("127.0.0.1", 0),
            "subprotocols": ["streamlit"],
        }
        self._sent.put_nowait({"type": "websocket.connect"})
        visiting = asyncio.ensure_future(self._app(scope, self._sent.get, self._hear))
        try:
            for page in (await self._open(""))[1:]:
                if monotonic() < until:
                    await self._open(page)
        finally:
            self._sent.put_nowait({"type": "websocket.disconnect", "code": 1000})
            await visiting

    async def _open(self, page: str) -> list[str]:
        """Run a page by its hash to its end; return the hashes of all pages, the first one first."""
        asked = BackMsg()
        asked.rerun_script.page_script_hash = page
        self._sent.put_nowait({"type": "websocket.receive", "bytes": asked.SerializeToString()})
        pages: list[str] = []
        while True:
            answer = await asyncio.wait_for(self._answers.get(), timeout=60)
            kind = answer.WhichOneof("type")
            if kind == "navigation":
                pages = [one.page_script_hash for one in answer.navigation.app_pages]
            if kind == "script_finished":
                return pages

    async def _hear(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            answer = ForwardMsg()
            answer.ParseFromString(message["bytes"])
            self._answers.put_nowait(answer)
