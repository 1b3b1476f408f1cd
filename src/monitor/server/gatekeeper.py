"""
Who is asking, found out before Streamlit hears of it.

The cookie names a row of `login_session`; what goes on to Streamlit is the name of that row in a header of our
own, which is taken out of whatever comes from outside. Streamlit ties each of its sessions to that name, so that
somebody who knows another's session id gets a fresh session of their own.
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.dates import london_day
from monitor.domain.access import Permission
from monitor.domain.accounts import Way
from monitor.errors import MonitorError
from monitor.server.door import UPLOADS, note
from monitor.services import signing_in
from monitor.services.signing_in import SignedIn
from monitor.settings import LOOPBACK, SignIn
from monitor.store import SignIns, Store
from monitor.ui import session

WARM_UP: Final = "monitor.warm_up"
"""What the visitor inside this process has in its scope; nothing that comes by the network can."""

FILE_BYTES: Final = 20 * 1024 * 1024
DAY_BYTES: Final = 200 * 1024 * 1024

_OPEN: Final = frozenset({"/sign-in", "/sign-out", "/invitation", "/first-account"})
_OIDC: Final = "/oidc/"
"""The ways in: anybody may ask for them, and who is asking matters."""

LOOK: Final = "/sign-in/"
_NOBODYS: Final = frozenset({"/healthz", "/readyz", "/_stcore/health"})
_ASSETS: Final = (LOOK, "/static/", "/favicon.")
"""What is the same for everybody: Streamlit's own programs, and whether the server is alive."""

CALENDARS: Final = "/calendar/"
"""What a program asks for that cannot sign in: the address carries its own secret."""

_BYTES: Final = ("/_stcore/", "/media/", "/component/")
"""What programs ask for: a page to sign in on would be of no use to them."""

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
        by_proxy = "proxy" in self._sign_in.ways and is_local(scope)
        named = _values(scope, self._sign_in.proxy_header) if by_proxy else []
        scope = {**scope, "headers": _without(scope, session.SESSION_HEADER, self._sign_in.proxy_header)}
        path = scope["path"]
        if scope.get(WARM_UP):
            await self._app(_with(scope, session.WARM_UP), receive, send)
        elif not self._sign_in.ways:
            # Whoever is here is let in, so nobody may be who is not at this machine.
            await (self._app if is_local(scope) else _from_elsewhere(scope))(scope, receive, send)
        elif path in _NOBODYS or path.startswith((*_ASSETS, CALENDARS)):
            await self._app(scope, receive, send)
        elif len(named) > 1:
            note("two names", scope)
            await PlainTextResponse("Two names for one person.", 400)(scope, receive, send)
        else:
            await self._asked(scope, receive, send, named[0] if named else "")

    async def _asked(self, scope: Scope, receive: Receive, send: Send, named: str) -> None:
        sent = Headers(scope=scope)
        found, fresh = await to_thread.run_sync(self._who, sent, named)
        if found is not None:
            scope = {**_with(scope, found.session.id), "monitor.signed_in": found}
        refusal = None
        if scope["path"] not in _OPEN and not scope["path"].startswith(_OIDC):
            refusal = await self._refusal(scope, sent, found)
        if fresh:
            send = _giving(send, cookie_of(fresh, self._sign_in))
        await (refusal or self._app)(scope, receive, send)

    def _who(self, sent: Headers, named: str) -> tuple[SignedIn | None, str]:
        """Return who is asking, and the token of a session that began with this request."""
        store = self._store()
        token = token_of(sent, self._sign_in)
        held = signing_in.session_of(store, token=token)
        found = signing_in.who_is(store, session_id=held.id) if held else None
        if "proxy" not in self._sign_in.ways:
            return found, ""
        # The proxy says with each request who it is. Silence ends nothing, but lets nobody in by its word either.
        if not named:
            return (found if found and found.account.way is not Way.PROXY else None), ""
        if found and (found.account.way, found.account.subject) == (Way.PROXY, named):
            return found, ""
        signing_in.sign_out(store, token=token)
        agent = agent_of(sent.get("user-agent", ""))
        try:
            fresh = signing_in.sign_in_by(store, way=Way.PROXY, subject=named, name=named, agent=agent)
        except MonitorError:
            return None, ""
        opened = signing_in.session_of(store, token=fresh)
        return signing_in.who_is(store, session_id=opened.id) if opened else None, fresh

    async def _refusal(self, scope: Scope, sent: Headers, found: SignedIn | None) -> Response | None:
        """Return why a request does not go on; None where it does."""
        path, method = scope["path"], scope.get("method", "GET")
        if found is None:
            return await to_thread.run_sync(self._nobody, scope, sent)
        account = found.account.id
        if path == "/_stcore/metrics" and not found.actor.may(Permission.MANAGE_ACCOUNTS):
            note("metrics", scope, account)
            return PlainTextResponse("Not found", status_code=404)  # as is said of what is not there
        if not path.startswith(UPLOADS) or method in _SAFE:
            return None
        if "origin" not in sent:  # a browser names the page with each; another site's was refused before this
            note("file of no page", scope, account)
            return PlainTextResponse("Files are sent from a page of the register.", status_code=403)
        return await to_thread.run_sync(self._upload_refusal, scope, sent, found) if method == "PUT" else None

    def _nobody(self, scope: Scope, sent: Headers) -> Response:
        """Return the way to signing in for a person, and a refusal for a program."""
        path, asks = scope["path"], scope["type"] == "http" and scope["method"] in _SAFE
        wants_page = asks and "text/html" in sent.get("accept", "") and not path.startswith(_BYTES)
        if token := token_of(sent, self._sign_in):
            note("sign-in over", scope, signing_in.whose(self._store(), token=token))
        elif not wants_page:
            note("no sign-in", scope)
        if wants_page:
            query = scope["query_string"].decode("latin-1")
            wanted = quote(f"{path}?{query}" if query else path, safe="/")
            return RedirectResponse(f"/sign-in?next={wanted}", status_code=303)
        return PlainTextResponse("Sign in first.", status_code=401)

    def _upload_refusal(self, scope: Scope, sent: Headers, found: SignedIn) -> Response | None:
        """Refuse an upload by the length it announces, before its body is read."""
        length, account = sent.get("content-length", ""), found.account.id
        if not (length.isascii() and length.isdigit()):
            note("file of no length", scope, account)
            return PlainTextResponse("Say how long it is.", status_code=411)
        size, store = int(length), self._store()
        if size > FILE_BYTES + 4096:
            note("file too large", scope, account)
            return PlainTextResponse("A file can have 20 MB.", status_code=413)
        today = london_day(store.server_now())
        if not SignIns(store).count_upload(found.session.id, size, today, at_most=DAY_BYTES):
            note("files of a day", scope, account)
            return PlainTextResponse("200 MB a day are the most.", status_code=429)
        return None


def _from_elsewhere(scope: Scope) -> Response:
    note("not this machine", scope)
    return PlainTextResponse("Only from this machine.", 403)


def is_local(scope: Scope) -> bool:
    """Tell whether a connection was made on this machine; nothing that a client or a proxy says counts."""
    here = scope.get("server")
    # Without a port it is a socket in the file system.
    return here is None or here[1] is None or here[0] in LOOPBACK


def agent_of(user_agent: str) -> str:
    """Return a browser and its system in a few words, for the list of sessions."""
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
               ("Android", "Android"), ("Linux", "Linux"))  # fmt: skip
    browser = next((word for mark, word in browsers if mark in user_agent), "Another browser")
    system = next((word for mark, word in systems if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


def cookie_name(sign_in: SignIn) -> str:
    """Return the cookie's name. A browser takes one that begins so only by https, for this host and all of it."""
    return "__Host-monitor_session" if sign_in.behind_tls else "monitor_session"


def token_of(sent: Headers, sign_in: SignIn) -> str:
    """Return the token that a request's cookie carries; empty for none."""
    return cookie_parser("; ".join(sent.getlist("cookie"))).get(cookie_name(sign_in), "")


def cookie_of(token: str, sign_in: SignIn) -> str:
    """Return the header that gives a browser its session's cookie; an empty token takes it away."""
    secure = "; Secure" if sign_in.behind_tls else ""
    age = "" if token else "; Max-Age=0"
    return f"{cookie_name(sign_in)}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{age}"


def _giving(send: Send, cookie: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.accept"):
            message = {**message, "headers": [*message.get("headers", []), (b"set-cookie", cookie.encode())]}
        await send(message)

    return sending


def _with(scope: Scope, session_id: str) -> Scope:
    header = (session.SESSION_HEADER.lower().encode(), session_id.encode())
    return {**scope, "headers": [*scope["headers"], header]}


def _values(scope: Scope, name: str) -> list[str]:
    """Return what a header says, each time it stands there."""
    wanted = name.lower().encode()
    return [_in_words(value) for key, value in scope["headers"] if key.lower() == wanted]


def _in_words(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _without(scope: Scope, *names: str) -> list[tuple[bytes, bytes]]:
    """Return the headers without those that only we may set, however they are written: some servers read _ as -."""
    taken = {name.lower().encode() for name in names}
    return [(key, value) for key, value in scope["headers"] if key.lower().replace(b"_", b"-") not in taken]
