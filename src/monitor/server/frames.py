"""
What a page may say to Streamlit over its socket: to run, to stop, to send files.

Streamlit also takes messages that its developers' menus send: to empty everybody's caches, to tell where the code
comes from and which of its files were changed, to install something. No page of ours sends them; somebody who
writes frames by hand could.
"""

from typing import Final

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

_MESSAGES: Final = frozenset({"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"})
_OPERATIONS: Final = frozenset({"deferred_file", "dataframe_chunk"})


class FrameGuard:
    """Drop the frames that no page of ours sends; what cannot be read is left to Streamlit, which hangs up."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but such frames."""

        async def heard() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive" or is_ours(message.get("bytes") or b""):
                    return message

        await self._app(scope, heard if scope["type"] == "websocket" else receive, send)


def is_ours(frame: bytes) -> bool:
    """Tell whether a page of ours could have sent a frame; so it is with one that cannot be read."""
    said = BackMsg()
    try:
        said.ParseFromString(frame)
    except DecodeError:
        return True
    kind = said.WhichOneof("type")
    if kind == "backend_operation_request":
        return said.backend_operation_request.WhichOneof("payload") in _OPERATIONS
    return kind in _MESSAGES
