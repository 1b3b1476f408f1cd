"""
What becomes of an open page when its sign-in ends: it is run once more, and shows that it has ended.

A page that nobody touches would go on showing what it showed, on a machine that somebody may have left: after
signing out in another tab, after so many hours, after an account was disabled.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from monitor.services.signing_in import SignedIn

LOOKED_EVERY: Final = 5.0
"""So many seconds a page may show what it showed, once its sign-in has ended."""


class Ending:
    """Run a page again when its sign-in has ended, as if somebody had clicked."""

    def __init__(
        self, app: ASGIApp, *, is_over: Callable[[SignedIn], bool], every: float = LOOKED_EVERY
    ) -> None:
        """
        Wrap the app.

        Args:
            is_over: Asks the database, without counting as a use of the session.
            every: Seconds from one look to the next.
        """
        self._app, self._is_over, self._every = app, is_over, every

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and to the socket of a signed-in person one message more at the end."""
        found: SignedIn | None = scope.get("monitor.signed_in")
        if scope["type"] != "websocket" or found is None:
            await self._app(scope, receive, send)
            return
        coming: asyncio.Future[Message] | None = None
        is_open = was_told = False

        async def heard() -> Message:
            nonlocal coming, is_open, was_told
            coming = coming or asyncio.ensure_future(receive())
            while is_open and not was_told:
                done, _ = await asyncio.wait({coming}, timeout=self._every)
                if done:
                    break
                if await to_thread.run_sync(self._is_over, found):
                    was_told = True
                    return {"type": "websocket.receive", "bytes": _run_again()}
            message, coming = await asyncio.shield(coming), None
            is_open = True
            return message

        try:
            await self._app(scope, heard, send)
        finally:
            if coming is not None:
                coming.cancel()
                with suppress(asyncio.CancelledError):
                    await coming


def _run_again() -> bytes:
    said = BackMsg()
    said.rerun_script.SetInParent()
    frame: bytes = said.SerializeToString()
    return frame
