"""The server: refuses in one sentence, starts warm from any folder, answers with its headers, ends quietly."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from monitor.errors import SetupError
from monitor.server import content_policy, serve

SOURCE = Path(__file__).resolve().parents[1] / "src"


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple["subprocess.Popen[bytes]", int, float]]:
    """Yield the server started from a folder of its own, its port and the seconds until its address was said."""
    folder = tmp_path_factory.mktemp("elsewhere")
    start = (
        f"from monitor.server import serve; serve(port=0, database_url='sqlite:///{folder}/register.sqlite')"
    )
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", start],
        cwd=folder,
        env={"PYTHONPATH": str(SOURCE), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    said = process.stdout.readline().decode()
    found = re.fullmatch(r"Recommendations monitor is ready at http://127\.0\.0\.1:(\d+)\n", said)
    assert found, said
    yield process, int(found[1]), time.monotonic() - begun
    process.kill()
    process.communicate()


def ask(port: int, **headers: str) -> tuple[int, dict[str, str]]:
    """Return the status and the headers of the first page."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/", headers=headers)
        with connection.getresponse() as answer:
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_serve_on_a_port_in_use_names_it_and_another() -> None:
    """The sentence names the port and says how to choose another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=rf"Port {port} is in use .* --port {port + 1}\.$"):
            serve(port=port, database_url="sqlite://")


def test_serve_on_another_address_is_refused() -> None:
    """Other machines need sign-in, which is not configured."""
    with pytest.raises(SetupError, match="sign-in is not configured"):
        serve(host="192.0.2.1", port=0, database_url="sqlite://")


def test_content_policy_allows_one_inline_script_by_hash() -> None:
    """Nothing else that stands in a page may run."""
    scripts = re.search(r"script-src ([^;]*);", content_policy())
    assert scripts is not None
    assert re.fullmatch(r"'self' 'sha256-[A-Za-z0-9+/=]{44}'", scripts[1])


def test_server_sends_its_headers(running: tuple["subprocess.Popen[bytes]", int, float]) -> None:
    """Every answer says what a browser should refuse, and not which server sent it."""
    status, headers = ask(running[1])
    assert status == 200
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_server_refuses_other_names_and_origins(
    running: tuple["subprocess.Popen[bytes]", int, float],
) -> None:
    """Another site can neither point its name here nor ask from its own pages."""
    assert ask(running[1], Host="elsewhere.example")[0] == 400
    assert ask(running[1], Origin="http://elsewhere.example")[0] == 403


def test_server_ends_quietly(running: tuple["subprocess.Popen[bytes]", int, float]) -> None:
    """Ctrl-C ends it without a trace, and the address stays the last line."""
    process = running[0]
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=15)
    assert rest == b""
    assert process.returncode == 0
