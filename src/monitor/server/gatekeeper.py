"""
Who is asking, found out before Streamlit hears of it.

The cookie names a row of `login_session`; what goes on to Streamlit is the name of that row in a header of our
own, which is taken out of whatever comes from outside. Streamlit ties each of its sessions to that name, so that
somebody who knows another's session id gets a fresh session of their own.
"""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from monitor.dates import london_day
from monitor.domain.access import Permission
from monitor.domain.accounts import Way
from monitor.errors import MonitorError
from monitor.services import signing_in
from monitor.settings import SignIn
from monitor.store import LoginSession, SignIns, Store
from monitor.ui import session

COOKIE: Final = "monitor_session"
FILE_BYTES: Final = 20 * 1024 * 1024
DAY_BYTES: Final = 200 * 1024 * 1024

_OPEN: Final = ("/sign-in", "/sign-out", "/invitation", "/first-account", "/oidc/", "/healthz", "/readyz")
"""What anybody may ask for: the way in, and whether the server is alive."""

_ASSETS: Final = ("/static/", "/favicon", "/_stcore/health")
"""Streamlit's own programs and pictures; nothing of the register is in them."""

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Gatekeeper:
    """Let in who is signed in; everybody else gets the page on which they can, or a refusal."""

    def __init__(self, app: ASGIApp, *, store: Callable[[], Store], sign_in: SignIn) -> None:
        """Wrap the app. `store` is asked for at each request: the database is named after the app is made."""
        self._app, self._store, self._sign_in = app, store, sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may go on, with who is asking."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = _without(scope["headers"], session.SESSION_HEADER, keep=session.WARM_UP)
        sent = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
        scope = {**scope, "headers": headers}
        path = scope["path"]
        if not self._sign_in.ways or sent.get(session.SESSION_HEADER.lower()):
            await self._app(scope, receive, send)
            return
        found, fresh = await to_thread.run_sync(self._who, sent)
        if found is not None:
            name = session.SESSION_HEADER.lower().encode()
            scope = {**scope, "headers": [*headers, (name, found.id.encode())], "monitor.session": found}
        if not path.startswith((*_OPEN, *_ASSETS)):
            refusal = await self._refusal(scope, sent, found)
            if refusal is not None:
                await _refuse(refusal, scope, receive, send)
                return
        await self._app(scope, receive, _with_cookie(send, fresh, self._sign_in) if fresh else send)

    def _who(self, sent: Mapping[str, str]) -> tuple[LoginSession | None, str]:
        """Return the session of a request, and the token of one that began with it."""
        store = self._store()
        token = cookie_parser(sent.get("cookie", "")).get(COOKIE, "")
        found = signing_in.session_of(store, token=token)
        named = sent.get(self._sign_in.proxy_header.lower(), "")
        if "proxy" not in self._sign_in.ways or not named:
            return found, ""
        # The proxy says with each request who it is; another name than the session's ends that session.
        known = signing_in.who_is(store, session_id=found.id) if found else None
        if known is not None and (known.account.way, known.account.subject) == (Way.PROXY, named):
            return found, ""
        try:
            fresh = signing_in.sign_in_by(
                store, way=Way.PROXY, subject=named, name=named, agent=agent_of(sent.get("user-agent", ""))
            )
        except MonitorError:
            return None, ""
        return signing_in.session_of(store, token=fresh), fresh

    async def _refusal(
        self, scope: Scope, sent: Mapping[str, str], found: LoginSession | None
    ) -> Response | None:
        """Return why a request does not go on; None where it does."""
        path = scope["path"]
        if found is None:
            if scope["type"] == "http" and scope["method"] in _SAFE and "text/html" in sent.get("accept", ""):
                query = scope["query_string"].decode("latin-1")
                wanted = quote(f"{path}?{query}" if query else path, safe="/")
                return RedirectResponse(f"/sign-in?next={wanted}", status_code=303)
            return PlainTextResponse("Sign in first.", status_code=401)
        if path.startswith("/_stcore/metrics"):
            person = await to_thread.run_sync(lambda: signing_in.who_is(self._store(), session_id=found.id))
            if person is None or not person.actor.may(Permission.MANAGE_ACCOUNTS):
                return PlainTextResponse("Not for you.", status_code=403)
        if path.startswith("/_stcore/upload_file") and scope.get("method") not in _SAFE:
            return await to_thread.run_sync(self._upload_refusal, sent, found)
        return None

    def _upload_refusal(self, sent: Mapping[str, str], found: LoginSession) -> Response | None:
        """Refuse an upload by the length it announces, before its body is read."""
        length = sent.get("content-length", "")
        if not length.isdigit():
            return PlainTextResponse("Say how long it is.", status_code=411)
        size = int(length)
        if size > FILE_BYTES + 4096:
            return PlainTextResponse("A file can have 20 MB.", status_code=413)
        store = self._store()
        if SignIns(store).count_upload(found.id, size, london_day(store.server_now())) > DAY_BYTES:
            return PlainTextResponse("200 MB a day are the most.", status_code=429)
        return None


def agent_of(user_agent: str) -> str:
    """Return a browser and its system in a few words, for the list of sessions."""
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
               ("Android", "Android"), ("Linux", "Linux"))  # fmt: skip
    browser = next((word for mark, word in browsers if mark in user_agent), "Another browser")
    system = next((word for mark, word in systems if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


def cookie_of(token: str, sign_in: SignIn) -> str:
    """Return the header that gives a browser its session's cookie; an empty token takes it away."""
    secure = "; Secure" if sign_in.behind_tls else ""
    age = "" if token else "; Max-Age=0"
    return f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{age}"


def _with_cookie(send: Send, token: str, sign_in: SignIn) -> Send:
    async def sending(message: dict[str, object]) -> None:
        if message["type"] in ("http.response.start", "websocket.accept"):
            had = message.get("headers", [])
            cookie = (b"set-cookie", cookie_of(token, sign_in).encode())
            message = {**message, "headers": [*had, cookie]}  # type: ignore[misc]
        await send(message)

    return sending  # type: ignore[return-value]


def _without(headers: list[tuple[bytes, bytes]], name: str, *, keep: str) -> list[tuple[bytes, bytes]]:
    """Return the headers without one that only we may set; the visitor inside this process knows what to say in it."""
    wanted = name.lower().encode()
    return [
        (key, value)
        for key, value in headers
        if key.lower().replace(b"_", b"-") != wanted or value == keep.encode()
    ]


async def _refuse(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await refusal(scope, receive, send)
