"""The part of the operations page on networks, followed as far as one machine goes: its settings, its service, its proxy."""

import re
import shlex
from pathlib import Path

import pytest

from monitor.domain.access import Role
from run import HERE
from tests.server.running import COMMAND, PASSWORD, Tab, running

PAGE = (HERE / "docs" / "operations.md").read_text(encoding="utf-8")
HOST = "monitor.northshire.example"


def block(beginning: str) -> str:
    """Return the code block of the page that begins with a text."""
    found = [one for one in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL) if one.startswith(beginning)]
    assert len(found) == 1, beginning
    return str(found[0])


def settings(beginning: str, folder: Path) -> dict[str, str]:
    """Return the settings of a block, with the folders of this test in place of the machine's."""
    lines = [line.partition("=") for line in block(beginning).splitlines() if line]
    moved = {"/var/lib/monitor": str(folder), "/etc/monitor": str(folder)}
    found = {}
    for name, _, value in lines:
        for there, here in moved.items():
            value = value.replace(there, here)
        found[name] = value
    return found


def test_the_settings_serve_what_the_proxy_asks_for(tmp_path: Path) -> None:
    """Signing in by the name that browsers ask for, over the proxy's headers, with a cookie for https alone."""
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdef" * 2)
    secret.chmod(0o600)
    with running(tmp_path, **settings("MONITOR_DATABASE_URL=", tmp_path)) as server:
        assert re.search(r"one-time code does: (\w{4}-){3}\w{4}\n", server.said)
        server.somebody("ada", Role.ADMINISTRATOR)
        sent = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Remote-User": ""}
        with server.client(**sent, Origin=f"https://{HOST}") as browser:
            entered = browser.post("/sign-in", data={"login": "ada", "password": PASSWORD})
        assert entered.status_code == 303
        cookie = entered.headers["set-cookie"]
        assert cookie.startswith("__Host-")
        assert "; Secure" in cookie
        with server.client(**sent, Cookie=cookie.partition(";")[0]) as browser:
            assert browser.get("/").status_code == 200
        # A browser's socket, as the proxy passes it on.
        headers = {"Cookie": cookie.partition(";")[0]}
        with Tab(server.url, headers=headers) as tab:
            assert "Person ada" in tab.run()


def test_the_service_starts_what_the_proxy_speaks_to() -> None:
    """One port in all three places, a command that exists, and nothing that a proxy must not leave out."""
    unit, nginx = block("[Unit]"), block("map $http_upgrade")
    started = re.search(r"^ExecStart=(.+)$", unit, re.MULTILINE)
    assert started
    program, *words = shlex.split(started[1])
    assert program.endswith("/.venv/bin/monitor")
    assert words[0] == "serve" == COMMAND[3]
    port = words[words.index("--port") + 1]
    assert re.findall(r"proxy_pass http://127\.0\.0\.1:(\d+);", nginx) == [port, port]
    for line in (
        "proxy_set_header Host $host;",
        "proxy_set_header Upgrade $http_upgrade;",
        'proxy_set_header X-Remote-User "";',
        "client_max_body_size 21m;",
    ):
        assert line in nginx
    assert HOST in nginx
    assert settings("MONITOR_DATABASE_URL=", Path("/x"))["MONITOR_HOSTS"] == HOST
    assert "EnvironmentFile=/etc/monitor/environment" in unit


@pytest.mark.parametrize("beginning", ["MONITOR_SIGN_IN=oidc", "MONITOR_SIGN_IN=proxy"])
def test_the_other_ways_start_as_written(tmp_path: Path, beginning: str) -> None:
    """Single sign-on asks nothing of the provider before somebody signs in; the proxy's header has its usual name."""
    secret = tmp_path / "client-secret"
    secret.write_text("a secret of the provider's")
    secret.chmod(0o600)
    with running(tmp_path, **settings(beginning, tmp_path)) as server, server.client() as browser:
        assert browser.get("/readyz").json()["ready"]
        assert browser.get("/sign-in").status_code == 200
