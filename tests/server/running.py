"""The real server as a process of its own, people who have an account on it, and tabs that speak the browser's protocol."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import Way
from monitor.services.accounts import add_account
from monitor.services.signing_in import accept_invitation
from monitor.store import Store
from run import HERE, clean_environment

PASSWORD = "four unrelated garden words"
SECONDS_TO_START = 90
BROWSER = {"Accept": "text/html", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
COMMAND = (
    sys.executable,
    "-c",
    "import sys; from monitor.cli import main; sys.exit(main())",
    "serve",
    "--port",
    "0",
)


@dataclass
class Running:
    """A server, and its database as its administrator has it at hand."""

    url: str
    store: Store
    process: "subprocess.Popen[bytes]"
    folder: Path

    @property
    def port(self) -> int:
        """Return its port."""
        return int(self.url.rpartition(":")[2])

    @property
    def first_code(self) -> str:
        """Return the code that the start printed."""
        found = re.search(r"one-time code does: (\S+)", self.said)
        assert found, self.said
        return found[1]

    @property
    def said(self) -> str:
        """Return everything on its standard output."""
        return (self.folder / "out").read_text()

    @property
    def log(self) -> list[str]:
        """Return the lines on its standard error, without what the command line says before it serves."""
        return [line for line in (self.folder / "err").read_text().splitlines() if line.startswith("{")]

    def client(self, token: str = "", **headers: str) -> httpx.Client:
        """Return a browser that follows nothing by itself, signed in by a session's token if one is given."""
        cookies = httpx.Cookies()
        if token:
            cookies.set("monitor_session", token, domain="127.0.0.1")
        return httpx.Client(
            base_url=self.url, cookies=cookies, headers={**BROWSER, **headers}, timeout=30, trust_env=False
        )

    def somebody(self, login: str, *roles: Role, service: str = "") -> tuple[str, str]:
        """Return the key of a new account and the token of a session of it."""
        account, code = add_account(
            self.store,
            name=f"Person {login}",
            way=Way.LOCAL,
            subject=login,
            grants=[(role, service) for role in roles],
            by=SYSTEM,
        )
        return account.id, accept_invitation(self.store, code=code, password=PASSWORD)

    def memory(self) -> int:
        """Return the bytes that the process holds in memory."""
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.process.pid}/status").read_text())
        assert found
        return int(found[1]) * 1024


@contextmanager
def running(
    folder: Path, *options: str, command: Sequence[str] = COMMAND, **settings: str
) -> Iterator[Running]:
    """Serve a register that lies in a folder, with these settings, until the end of the block."""
    database = f"sqlite:///{folder / 'register.sqlite'}"
    environment = {
        **{name: value for name, value in clean_environment().items() if not name.startswith("MONITOR_")},
        "PYTHONPATH": str(HERE / "src"),
        "PYTHONUNBUFFERED": "1",
        "MONITOR_DATABASE_URL": database,
        **settings,
    }
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen([*command, *options], cwd=HERE, env=environment, stdout=out, stderr=err)
    store = None
    try:
        url = _announced(process, folder)
        store = Store(database)
        yield Running(url, store, process, folder)
    finally:
        if store is not None:
            store.close()
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _announced(process: "subprocess.Popen[bytes]", folder: Path) -> str:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"ready at (http://\S+)", (folder / "out").read_text())
        if found:
            return found[1]
        time.sleep(0.05)
    pytest.fail(f"The server printed no address:\n{(folder / 'err').read_text()[-4000:]}", pytrace=False)


def announce(
    served: Running, size: int, token: str = "", *, said: str | None = None, origin: str | None = None
) -> bytes:
    """
    Announce an upload of so many bytes, send none of them and return the beginning of the answer.

    Args:
        said: What is announced instead of the size; empty for nothing.
        origin: The page that sends it; one of this server's unless given, and none where it is empty.
    """
    named = served.url if origin is None else origin
    sent = {
        "Host": f"127.0.0.1:{served.port}",
        "Content-Length": str(size) if said is None else said,
        "Cookie": f"monitor_session={token}" if token else "",
        "Origin": named,
        "Content-Type": "multipart/form-data; boundary=b",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items() if value)
    return answer_to(served, f"PUT /_stcore/upload_file/session/file HTTP/1.1\r\n{head}\r\n".encode())


def answer_to(served: Running, request: bytes) -> bytes:
    """Return the first bytes of the answer to raw bytes, as soon as they come."""
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=20)) as connection:
        connection.sendall(request)
        return connection.recv(4096)


class Tab:
    """One tab of a browser: a connection to Streamlit, and what was drawn on it since the last click."""

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        session: str = "",
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        origin: str = "",
        **through: Any,
    ) -> None:
        """
        Open the connection.

        Args:
            token: The cookie of a sign-in.
            session: The id of a session of Streamlit's that the browser says it had.
            through: How the connection is made, where it is not straight.
        """
        given = list(headers.items() if isinstance(headers, Mapping) else headers)
        if token:
            given.append(("Cookie", f"monitor_session={token}"))
        asked = ["streamlit", "token", session] if session else ["streamlit"]
        self._opened = ExitStack()
        connection = connect(
            url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=[Subprotocol(one) for one in asked],
            additional_headers=given,
            origin=origin or None,  # type: ignore[arg-type]
            proxy=None,
            max_size=None,
            **through,
        )
        self._connection = self._opened.enter_context(connection)
        self.session = ""
        self.pages: dict[str, str] = {}
        self.messages: list[ForwardMsg] = []
        self._page = self._query = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._opened.close()

    def run(self, page: str = "", query: str = "") -> str:
        """Open a page by its name, and return everything that was drawn, as text."""
        if page and not self.pages:
            self.run()
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_script_hash = self.pages.get(page, "")
        return self.click(asked)

    def press(self, label: str, **typed: str) -> str:
        """Press a button that stands on the page, after typing into fields by their labels; return what was drawn."""
        return self.click(self.pressing(label, **typed))

    def choose(self, menu: str, entry: str) -> str:
        """Choose an entry of a menu that stands on the page; return what was drawn."""
        asked = BackMsg()
        asked.rerun_script.page_script_hash, asked.rerun_script.query_string = self._page, self._query
        chosen = asked.rerun_script.widget_states.widgets.add()
        chosen.id, asked.rerun_script.fragment_id = self._find("menu_button", menu)
        chosen.string_trigger_value.data = entry
        return self.click(asked)

    def pressing(self, label: str, **typed: str) -> BackMsg:
        """Return what a browser would send for the press of a button."""
        asked = BackMsg()
        found, fragment = self._find("button", label)
        asked.rerun_script.fragment_id = fragment
        asked.rerun_script.page_script_hash = self._page
        asked.rerun_script.query_string = self._query
        pressed = asked.rerun_script.widget_states.widgets.add()
        pressed.id, pressed.trigger_value = found, True
        for name, text in typed.items():
            field = asked.rerun_script.widget_states.widgets.add()
            field.id, field.string_value = self._find("text_area", name.replace("_", " "))[0], text
        return asked

    def click(self, message: BackMsg) -> str:
        """Send what a browser would send, and return everything that was drawn because of it."""
        self._page = message.rerun_script.page_script_hash
        self._query = message.rerun_script.query_string
        self.send(message.SerializeToString())
        return self.drawn()

    def send(self, frame: bytes) -> None:
        """Send bytes as they are."""
        self._connection.send(frame)

    def drawn(self) -> str:
        """Return what the page draws until its run ends."""
        self.messages = []
        while True:
            data = self._connection.recv(timeout=40)
            assert isinstance(data, bytes)
            message = ForwardMsg()
            message.ParseFromString(data)
            self.messages.append(message)
            if message.WhichOneof("type") == "new_session":
                self.session = message.new_session.initialize.session_id
            if message.WhichOneof("type") == "navigation":
                self.pages = {one.url_pathname: one.page_script_hash for one in message.navigation.app_pages}
            is_over = message.WhichOneof("type") == "script_finished"
            if is_over and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return self.text

    def is_closed(self) -> bool:
        """Tell whether the server closes the connection now."""
        try:
            while True:
                self._connection.recv(timeout=5)
        except ConnectionClosed:
            return True
        except TimeoutError:
            return False

    @property
    def text(self) -> str:
        """Return all deltas of the last run as text."""
        return "\n".join(str(one.delta) for one in self.messages if one.WhichOneof("type") == "delta")

    def _find(self, kind: str, label: str) -> tuple[str, str]:
        """Return the id of an element of the last run by its kind and its label, and the part of the page it is in."""
        for one in self.messages:
            element = one.delta.new_element
            if element.WhichOneof("type") == kind and label in getattr(element, kind).label:
                return str(getattr(element, kind).id), one.delta.fragment_id
        raise AssertionError(f"No {kind} called {label} in:\n{self.text[-6000:]}")
