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

from monitor.server import door
from monitor.services.signing_in import SignedIn
from monitor.ui.uploads import UPLOADS

_MESSAGES: Final = frozenset({"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"})
_OPERATIONS: Final = frozenset({"deferred_file", "dataframe_chunk"})


class FrameGuard:
    """
    Drop the frames that no page of ours sends; what cannot be read is left to Streamlit, which hangs up.

    Notes besides which files are on their way: a page hears of them only when they have arrived.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but such frames."""
        if scope["type"] == "websocket":
            await self._app(scope, self._heard(scope, receive), send)
        elif scope["type"] == "http" and scope["path"].startswith(door.UPLOADS):
            await self._file(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _heard(self, scope: Scope, receive: Receive) -> Receive:
        async def heard() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                said = read(message.get("bytes") or b"")
                if is_ours(said):
                    if said and said.WhichOneof("type") == "file_urls_request":
                        UPLOADS.ask(said.file_urls_request.session_id)
                    return message
                who: SignedIn | None = scope.get("monitor.signed_in")
                door.note("message of no page", scope, who.account.id if who else "")

        return heard

    async def _file(self, scope: Scope, receive: Receive, send: Send) -> None:
        page, _, file = scope["path"].removeprefix(door.UPLOADS).partition("/")
        comes, arrived = scope["method"] == "PUT", False

        async def answered(message: Message) -> None:
            nonlocal arrived
            if message["type"] == "http.response.start" and comes and message["status"] < 300:
                arrived = True
                UPLOADS.end(page, file, arrived=True)
            await send(message)

        if comes:
            UPLOADS.begin(page, file)
        try:
            await self._app(scope, receive, answered)
        finally:
            if not arrived:
                UPLOADS.end(page, file, arrived=False)


def read(frame: bytes) -> BackMsg | None:
    """Return what a frame says; None for one that cannot be read."""
    said = BackMsg()
    try:
        said.ParseFromString(frame)
    except DecodeError:
        return None
    return said


def is_ours(said: BackMsg | None) -> bool:
    """Tell whether a page of ours could have said this; so it is with what cannot be read."""
    if said is None:
        return True
    kind = said.WhichOneof("type")
    if kind == "backend_operation_request":
        return said.backend_operation_request.WhichOneof("payload") in _OPERATIONS
    return kind in _MESSAGES
