"""What every answer says to the browser, and what is refused before anybody is asked who they are."""

import hashlib
import re
from base64 import b64encode
from pathlib import Path
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util


class SecurityHeaders:
    """Add to every answer what a browser should refuse on our behalf."""

    def __init__(self, app: ASGIApp, *, behind_tls: bool = False) -> None:
        """
        Work out the headers once: the content policy names the page's only inline script by its hash.

        Args:
            behind_tls: Whether browsers come by https, and shall from now on.
        """
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
                **({"strict-transport-security": "max-age=31536000"} if behind_tls else {}),
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
