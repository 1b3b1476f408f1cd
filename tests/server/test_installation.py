"""The part of the operations page on networks, followed as far as one machine goes: its settings, its service, its proxy."""

import re
import shlex
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from monitor import settings as product
from monitor.cli import main
from monitor.domain.access import SYSTEM
from monitor.errors import SetupError
from monitor.services.accounts import list_accounts
from monitor.settings import SignIn
from run import HERE, clean_environment
from tests.server.nginx import Nginx, certify, parsed, serving
from tests.server.running import BROWSER, COMMAND, PASSWORD, Running, Tab, running

PAGE = (HERE / "docs" / "operations.md").read_text(encoding="utf-8").partition("\n## On a network\n")[2]
HOST = "monitor.northshire.example"
MB = 1024 * 1024


def block(beginning: str) -> str:
    """Return the code block of the page that begins with a text."""
    found = [one for one in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL) if one.startswith(beginning)]
    assert len(found) == 1, beginning
    return str(found[0])


def here(text: str, folder: Path) -> str:
    """Return a text of the page with the folders of this test in place of the machine's."""
    for there in ("/var/lib/monitor", "/etc/monitor", "/etc/ssl/monitor"):
        text = text.replace(there, str(folder))
    return text


def settings(beginning: str, folder: Path) -> dict[str, str]:
    """Return the settings of a block."""
    lines = [line.partition("=") for line in here(block(beginning), folder).splitlines() if line]
    return {name: value for name, _, value in lines}


class Installed:
    """A server that was installed as the page says, and browsers that reach it through the page's proxy."""

    def __init__(self, server: Running, nginx: Nginx, folder: Path) -> None:
        self.server, self.nginx, self.folder = server, nginx, folder
        self.trusted = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Ask by https under the name of the page."""
        headers = {**BROWSER, "Host": HOST, **given.pop("headers", {})}
        with httpx.Client(verify=self.trusted, trust_env=False, timeout=30) as client:
            return client.request(
                method,
                self.nginx.url + path,
                headers=headers,
                extensions={"sni_hostname": HOST},
                **given,
            )

    def connected(self) -> socket.socket:
        """Return a connection to the proxy, not yet encrypted."""
        port = int(self.nginx.url.rpartition(":")[2])
        return socket.create_connection(("127.0.0.1", port), timeout=20)

    def tab(self, cookie: str = "") -> Tab:
        """Open a tab of a browser."""
        headers = {"Cookie": cookie} if cookie else {}
        return Tab(
            f"https://{HOST}",
            headers=headers,
            origin=f"https://{HOST}",
            sock=self.connected(),
            ssl=self.trusted,
            server_hostname=HOST,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """Yield what steps 1 to 4 of the page give, with a certificate that vouches for itself."""
    folder = tmp_path_factory.mktemp("installed")
    secret = folder / "secret"
    secret.write_text("0123456789abcdef" * 2)
    secret.chmod(0o600)
    certify(folder, HOST)
    with running(folder, **settings("MONITOR_DATABASE_URL=", folder)) as server:
        nginx = Nginx(here(block("map $http_upgrade"), folder), moved={8600: server.port})
        with serving(nginx):
            yield Installed(server, nginx, folder)


@pytest.fixture(scope="module")
def cookie(installed: Installed) -> str:
    """Return the cookie of the first administrator, made by step 5, on the register that step 6 begins."""
    form = {"name": "Ada Reed", "login": "ada", "password": PASSWORD, "again": PASSWORD}
    made = installed.ask(
        "POST",
        "/first-account",
        data={**form, "code": installed.server.first_code},
        headers={"Origin": f"https://{HOST}"},
    )
    assert made.status_code == 303, made.text
    program, *words = shlex.split(here(block("monitor begin --office"), installed.folder).splitlines()[0])
    assert program == "monitor"
    environment = {**clean_environment(), "PYTHONPATH": str(HERE / "src")}
    subprocess.run([*COMMAND[:3], *words], env=environment, check=True, capture_output=True)
    return made.headers["set-cookie"].partition(";")[0]


def test_the_page_is_followed_to_the_first_page_of_the_register(installed: Installed, cookie: str) -> None:
    """In the clear one is sent to https; there one signs in, with a cookie for https alone, and sees the register."""
    with httpx.Client(trust_env=False) as client:
        sent = client.get(f"{installed.nginx.clear_url}/register?a=b", headers={"Host": HOST})
    assert (sent.status_code, sent.headers["location"]) == (301, f"https://{HOST}/register?a=b")
    away = installed.ask("GET", "/register")
    assert (away.status_code, away.headers["location"]) == (303, "/sign-in?next=/register")
    assert away.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert "server" not in away.headers

    assert re.fullmatch(r"__Host-monitor_session=[\w-]+", cookie)
    assert installed.ask("GET", "/", headers={"Cookie": cookie}).status_code == 200
    assert installed.ask("GET", "/readyz").json()["ready"]
    with installed.tab(cookie) as tab:
        drawn = tab.run()
    assert "Ada Reed" in drawn
    assert "Northshire Police" in drawn


def test_nobody_gets_past_the_page_s_proxy(installed: Installed, cookie: str) -> None:
    """By a header that only it or the product may set, another name, a page in the clear, or without a sign-in."""
    for name in ("X-Remote-User", "X-Monitor-Session", "X-Forwarded-User"):
        assert installed.ask("GET", "/", headers={name: "ada"}).status_code == 303
    assert (
        installed.ask("GET", "/", headers={"Cookie": cookie, "Host": "elsewhere.example"}).status_code == 400
    )
    for origin in (f"http://{HOST}", "https://elsewhere.example", "null"):
        signed_out = installed.ask("POST", "/sign-out", headers={"Cookie": cookie, "Origin": origin})
        assert signed_out.status_code == 403
    with pytest.raises(InvalidStatus, match="401"):
        installed.tab()
    assert [row.state.account.subject for row in list_accounts(installed.server.store, by=SYSTEM)] == ["ada"]


def test_a_file_is_stopped_by_the_page_s_proxy_or_behind_it(installed: Installed, cookie: str) -> None:
    """A large one by its size; anybody's without a sign-in before it has been sent."""
    large = {"Cookie": cookie, "Origin": f"https://{HOST}", "Content-Length": str(22 * MB)}
    for headers, status in ((large, b"413"), ({"Content-Length": str(19 * MB)}, b"401")):
        head = "".join(f"{name}: {value}\r\n" for name, value in {"Host": HOST, **headers}.items())
        with installed.trusted.wrap_socket(installed.connected(), server_hostname=HOST) as connection:
            connection.sendall(f"PUT /_stcore/upload_file/a/b HTTP/1.1\r\n{head}\r\n".encode())
            assert connection.recv(4096).split(b" ")[1] == status


def test_the_page_s_tls_is_of_today(installed: Installed, cookie: str) -> None:
    """Versions 1.2 and 1.3, with ciphers that keep what was said secret if the key is lost later."""
    assert installed.nginx.server.value("ssl_protocols") == "TLSv1.2 TLSv1.3"
    for name in installed.nginx.server.value("ssl_ciphers").split(":"):
        assert re.fullmatch(r"ECDHE-(ECDSA|RSA)-(AES(128|256)-GCM-SHA(256|384)|CHACHA20-POLY1305)", name)
    for version, cipher in (
        ("TLSv1_2", "ECDHE-ECDSA-AES128-SHA"),
        ("TLSv1_2", "ECDHE-ECDSA-AES128-GCM-SHA256"),
        ("TLSv1_3", ""),
    ):
        asked = ssl.create_default_context(cafile=str(installed.folder / "fullchain.pem"))
        asked.minimum_version = asked.maximum_version = ssl.TLSVersion[version]
        if cipher:
            asked.set_ciphers(cipher)
        with closing(installed.connected()) as plain:
            if cipher.endswith("-SHA"):
                with pytest.raises(OSError, match=r"(?i)handshake|reset|eof"):
                    asked.wrap_socket(plain, server_hostname=HOST)
                continue
            with asked.wrap_socket(plain, server_hostname=HOST) as agreed:
                assert agreed.version() == version.replace("_", ".")


def test_every_setting_of_the_page_exists_and_no_secret_stands_among_them() -> None:
    """The product reads each by its name; what is secret stands in a file, which others must not be able to read."""
    source = Path(product.__file__).read_text(encoding="utf-8")
    for beginning in ("MONITOR_DATABASE_URL=", "MONITOR_SIGN_IN=oidc", "MONITOR_SIGN_IN=proxy"):
        for name in settings(beginning, Path("/x")):
            assert f'"{name}"' in source, name
            assert not name.endswith("SECRET")
    for path in ("/etc/monitor/secret", "/etc/monitor/environment"):
        assert f"chmod 600 {path}" in PAGE


def test_a_secret_that_others_can_read_stops_the_start(tmp_path: Path) -> None:
    """With the settings as the page writes them, until its chmod."""
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdef" * 2)
    secret.chmod(0o640)
    written = settings("MONITOR_DATABASE_URL=", tmp_path)
    with pytest.raises(SetupError, match="chmod 600"):
        SignIn.from_environment(written)

    secret.chmod(0o600)

    assert SignIn.from_environment(written).secret == "0123456789abcdef" * 2


def test_the_service_starts_what_the_proxy_speaks_to() -> None:
    """One port in all three places, a command that exists, and nothing that a proxy must not leave out."""
    unit, nginx = block("[Unit]"), block("map $http_upgrade")
    told = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line)
    started = re.search(r"^ExecStart=(.+)$", unit, re.MULTILINE)
    assert started
    program, *words = shlex.split(started[1])
    assert program.endswith("/.venv/bin/monitor")
    assert words[0] == "serve" == COMMAND[3]
    command = main.commands["serve"].make_context("serve", words[1:])
    port = str(command.params["port"])
    assert set(re.findall(r"proxy_pass http://127\.0\.0\.1:(\d+);", nginx)) == {port}
    database = settings("MONITOR_DATABASE_URL=", Path("/var/lib/monitor"))["MONITOR_DATABASE_URL"]
    assert database.startswith(f"sqlite:///{told['ReadWritePaths']}/")
    assert program.startswith(told["WorkingDirectory"] + "/")
    assert (told["User"], told["UMask"], told["ProtectSystem"]) == ("monitor", "0077", "strict")
    assert (
        f"useradd --system --home-dir {told['WorkingDirectory']} --shell /usr/sbin/nologin {told['User']}"
        in PAGE
    )
    for line in (
        "proxy_set_header Host $host;",
        "proxy_set_header Upgrade $http_upgrade;",
        'proxy_set_header X-Remote-User "";',
        "client_max_body_size 21m;",
    ):
        assert line in nginx
    assert HOST in nginx
    assert settings("MONITOR_DATABASE_URL=", Path("/x"))["MONITOR_HOSTS"] == HOST
    assert told["EnvironmentFile"] == "/etc/monitor/environment"
    assert f"in `{told['EnvironmentFile']}`" in PAGE


def test_several_processes_are_told_apart_by_the_cookie() -> None:
    """The page's map finds it among others, whatever stands beside it, and hashes by nothing else."""
    several = parsed(block("map $http_cookie"))
    found, upstream = several.blocks
    ((pattern, value),) = found.directives
    assert value == "$named"
    assert upstream.value("hash") == f"{found.words[2]} consistent"
    look = re.compile(pattern.removeprefix("~").replace("(?<", "(?P<"))
    for sent in ("__Host-monitor_session=abc", "a=b; __Host-monitor_session=abc; c=d"):
        said = look.search(sent)
        assert said is not None
        assert said["named"] == "abc"
    assert look.search("x__Host-monitor_session=abc") is None


@pytest.mark.parametrize("beginning", ["MONITOR_SIGN_IN=oidc", "MONITOR_SIGN_IN=proxy"])
def test_the_other_ways_start_as_written(tmp_path: Path, beginning: str) -> None:
    """Single sign-on asks nothing of the provider before somebody signs in; the proxy's header has its usual name."""
    secret = tmp_path / "client-secret"
    secret.write_text("a secret of the provider's")
    secret.chmod(0o600)
    with running(tmp_path, **settings(beginning, tmp_path)) as server, server.client() as browser:
        assert browser.get("/readyz").json()["ready"]
        assert browser.get("/sign-in").status_code == 200
