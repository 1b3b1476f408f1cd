"""A reverse proxy in a few lines: it says in a header who is there, and takes out what browsers say of it themselves."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread


class Proxy:
    """What the proxy says; `person` may change while it runs, and nobody is there while it is empty."""

    def __init__(self, port: int, header: str) -> None:
        self.person, self.url = "", ""
        self._port, self._header = port, header

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one request on, or a socket until its end."""
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
            far_writer.write(self._said(head).encode("latin-1"))
            try:
                await asyncio.gather(_pour(reader, far_writer), _pour(far_reader, writer))
            finally:
                far_writer.transport.abort()
                writer.transport.abort()

    def _said(self, head: str) -> str:
        first, *lines = head.rstrip("\r\n").split("\r\n")
        kept = [line for line in lines if not line.lower().startswith(self._header.lower() + ":")]
        if "upgrade: websocket" not in head.lower():
            # One request a connection: the next may be another person's.
            kept = [line for line in kept if not line.lower().startswith("connection:")] + [
                "Connection: close"
            ]
        if self.person:
            kept.append(f"{self._header}: {self.person}")
        return "\r\n".join([first, *kept]) + "\r\n\r\n"


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with suppress(OSError):
        writer.close()


@contextmanager
def proxying(port: int, *, header: str = "X-Remote-User") -> Iterator[Proxy]:
    """Run a proxy in front of a server on this machine; its event loop has a thread of its own."""
    proxy, ready = Proxy(port, header), Event()
    ends: list[Callable[[], object]] = []

    async def run() -> None:
        end = asyncio.Event()
        loop = asyncio.get_running_loop()
        server = await asyncio.start_server(proxy.pass_on, "127.0.0.1", 0)
        proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ends.append(lambda: loop.call_soon_threadsafe(end.set))
        ready.set()
        await end.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.2)

    thread = Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield proxy
    finally:
        ends[0]()
        thread.join()
