"""What every answer says to the browser."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

_EMPTY: Final = frozenset({204, 304})


class SecurityHeaders:
    """Add to every answer what a browser should refuse on our behalf."""

    def __init__(self, app: ASGIApp, *, behind_tls: bool = False) -> None:
        """
        Work out the headers once: the content policy names the page's only inline script by its hash.

        Args:
            behind_tls: Whether browsers come by https, and shall from now on.
        """
        self._app = app
        self._headers = security_headers(behind_tls=behind_tls)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on and complete the start of each answer."""

        async def completed(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(raw=list(message.get("headers", [])))
                # Answers about people stay out of every cache; Streamlit names what may be kept. A file is stricter.
                for name, value in {**self._headers, "cache-control": "no-store"}.items():
                    headers.setdefault(name, value)
                if message["status"] not in _EMPTY:
                    # Some refusals of Streamlit's do not say what they are.
                    headers.setdefault("content-type", "text/plain; charset=utf-8")
                message = {**message, "headers": headers.raw}
            await send(message)

        await self._app(scope, receive, completed)


def security_headers(*, behind_tls: bool) -> Mapping[str, str]:
    """Return what every answer says, whatever it is."""
    return {
        "content-security-policy": content_policy(),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
        # The name is the monitor's own, and so is every name under it.
        **({"strict-transport-security": "max-age=31536000; includeSubDomains"} if behind_tls else {}),
    }


@cache
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
        "base-uri 'none'; form-action 'self'"
    )
