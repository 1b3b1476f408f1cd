"""An open page whose sign-in ends: it is run once more, and nothing is lost or said twice."""

import asyncio
from typing import Any, cast

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from monitor.server.ending import Ending
from monitor.services.signing_in import SignedIn

SOMEBODY = cast(SignedIn, object())


class Socket:
    """A socket whose messages the test sends, and a page that notes what it hears."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self.heard: list[Message] = []
        self.is_over = False
        self.looks = 0

    def look(self, who: SignedIn) -> bool:
        """Tell whether the sign-in has ended."""
        assert who is SOMEBODY
        self.looks += 1
        return self.is_over

    async def page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hear everything until the socket is closed."""
        while not self.heard or self.heard[-1]["type"] != "websocket.disconnect":
            self.heard.append(await receive())

    async def run(self, *steps: Any, **scope: Any) -> list[Message]:
        """Open the socket, take the steps with a pause behind each, close it and return what the page heard."""

        async def nothing(_: Message) -> None: ...

        app = Ending(self.page, is_over=self.look, every=0.01)
        asked = {"type": "websocket", "monitor.signed_in": SOMEBODY, **scope}
        running = asyncio.ensure_future(app(asked, self.sent.get, nothing))
        for step in ({"type": "websocket.connect"}, *steps, {"type": "websocket.disconnect"}):
            if callable(step):
                step()
            else:
                self.sent.put_nowait(step)
            await asyncio.sleep(0.05)
        await asyncio.wait_for(running, 5)
        return self.heard


def says(data: bytes) -> Message:
    """Return a frame of the browser's."""
    return {"type": "websocket.receive", "bytes": data}


def test_a_page_is_run_once_more_when_its_sign_in_ends() -> None:
    """One message to run, between those of the browser, which all arrive in their order."""
    socket = Socket()

    heard = asyncio.run(
        socket.run(says(b"1"), says(b"2"), lambda: setattr(socket, "is_over", True), says(b"3"), says(b"4"))
    )

    frames = [one["bytes"] for one in heard if one["type"] == "websocket.receive"]
    (extra,) = [frame for frame in frames if len(frame) > 1 or not frame.isdigit()]
    asked = BackMsg()
    asked.ParseFromString(extra)
    assert asked.WhichOneof("type") == "rerun_script"
    assert frames == [b"1", b"2", extra, b"3", b"4"]


def test_a_page_goes_on_while_its_sign_in_does() -> None:
    """It is looked after, and hears nothing but the browser."""
    socket = Socket()

    heard = asyncio.run(socket.run(says(b"1"), says(b"2")))

    assert [one.get("bytes") for one in heard] == [None, b"1", b"2", None]
    assert socket.looks > 2


@pytest.mark.parametrize("scope", [{"monitor.signed_in": None}, {"type": "http"}])
def test_whoever_is_not_signed_in_is_not_looked_after(scope: dict[str, Any]) -> None:
    """The demonstration on one's own machine, and everything but a socket."""
    socket = Socket()
    socket.is_over = True

    heard = asyncio.run(socket.run(says(b"1"), **scope))

    assert [one.get("bytes") for one in heard] == [None, b"1", None]
    assert socket.looks == 0
