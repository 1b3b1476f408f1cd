"""The first visitor: inside the process, before the address is announced, in the browser's own protocol."""

import asyncio
from collections.abc import MutableMapping
from time import monotonic
from typing import Any

from starlette.types import ASGIApp, Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from monitor.server.gatekeeper import WARM_UP


class Visit:
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
            WARM_UP: True,
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
