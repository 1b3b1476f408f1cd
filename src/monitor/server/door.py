"""
What is refused before anybody is asked who they are, and the line in the log that each refusal at the door leaves.

A line says what was refused and, where it is known, whose account it was. It holds no address, no name and
nothing that came with the request: whoever knocks could write there.
"""

import json
import logging
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.settings import LOOPBACK

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
UPLOADS: Final = "/_stcore/upload_file/"

_ANSWERS: Final = "monitor.answers"
_log: Final = logging.getLogger("monitor.door")


def note(why: str, scope: Scope, account: str = "") -> None:
    """Leave one line in the log about a request that was refused; `why` is in words of ours."""
    _log.warning(
        json.dumps({"event": "refused at the door", "why": why, "asked": _kind(scope), "account": account})
    )


def _kind(scope: Scope) -> str:
    """Return what was asked for: "socket", "file", or the method, if it is one that we know."""
    if scope["type"] == "websocket":
        return "socket"
    if scope["path"].startswith(UPLOADS):
        return "file"
    method = scope["method"]
    return method if method in METHODS else "other"


class Door:
    """
    Refuse names that are not ours, methods that nothing here answers, and whatever another site's page asks for.

    Streamlit looks up this machine's public address on the internet before it refuses a foreign
    origin; this refuses first.
    """

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], behind_tls: bool = False) -> None:
        """
        Wrap the app.

        Args:
            hosts: The names under which browsers may ask.
            behind_tls: With it, a page that came in the clear is another site's: anybody could have sent it.
        """
        self._app, self._behind_tls = app, behind_tls
        self._named = TrustedHostMiddleware(self._known, allowed_hosts=list(hosts), www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may go on; what the check of names answers itself is a refusal."""

        async def refusing(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                note("unknown host", scope)
            await send(message)

        await self._named({**scope, _ANSWERS: send}, receive, refusing)

    async def _known(self, scope: Scope, receive: Receive, _: Send) -> None:
        scope = {**scope}
        send = scope.pop(_ANSWERS)
        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        if scope["type"] == "http" and scope["method"] not in METHODS:
            note("method", scope)
            return PlainTextResponse("Method Not Allowed", 405, {"allow": ", ".join(METHODS)})
        if self._is_foreign(Headers(scope=scope)):
            note("another site", scope)
            return PlainTextResponse("Not from another site.", 403)
        return None

    def _is_foreign(self, sent: Headers) -> bool:
        host = sent.get("host", "")
        for origin in sent.getlist("origin"):
            try:
                came_from = urlsplit(origin)
            except ValueError:
                return True
            in_the_clear = came_from.scheme != "https" and urlsplit(f"//{host}").hostname not in LOOPBACK
            if came_from.netloc != host or (self._behind_tls and in_the_clear):
                return True
        return False
