"""The gatekeeper of the running server: three ways in, none, from here and from elsewhere; and what every answer says."""

import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import Way
from monitor.errors import SetupError
from monitor.server import check_address
from monitor.services.accounts import add_account, disable, list_accounts, list_sessions
from monitor.services.signing_in import session_of, who_is
from monitor.settings import SignIn, signs_in
from tests.server.running import PASSWORD, Running, Tab, running

NAME = "X-Remote-User"


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Yield a server to which a proxy says who is there."""
    with running(tmp_path_factory.mktemp("proxied"), "--sample-if-empty", MONITOR_SIGN_IN="proxy") as server:
        add_account(
            server.store,
            name="Ada Reed",
            way=Way.PROXY,
            subject="ada",
            grants=[(Role.ADMINISTRATOR, ""), (Role.OFFICE, "")],
            by=SYSTEM,
        )
        yield server


def named(server: Running, token: str) -> str:
    """Return the name of the person whose session a token opens; empty for nobody."""
    found = session_of(server.store, token=token)
    person = who_is(server.store, session_id=found.id) if found else None
    return person.account.subject if person else ""


# A proxy


def test_whom_the_proxy_names_is_signed_in(proxied: Running) -> None:
    """With the first request, and by the same session from then on; the socket carries the name too."""
    with proxied.client(**{NAME: "ada"}) as browser:
        assert browser.get("/").status_code == 200
        token = browser.cookies["monitor_session"]
        assert named(proxied, token) == "ada"
        again = browser.get("/register")
        assert "set-cookie" not in again.headers or "monitor_session" not in again.headers["set-cookie"]
    with Tab(proxied.url, token, headers={NAME: "ada"}) as tab:
        assert "Ada Reed" in tab.run()
    with Tab(proxied.url, headers={NAME: "ada"}) as tab:
        assert "Ada Reed" in tab.run()


def test_a_session_ends_when_the_proxy_names_somebody_else(proxied: Running) -> None:
    """The other gets a session of their own, with nothing granted; the first one's is over."""
    with proxied.client(**{NAME: "ada"}) as browser:
        browser.get("/")
        token = browser.cookies["monitor_session"]
    with Tab(proxied.url, token, headers={NAME: "ada"}) as tab:
        assert "Ada Reed" in tab.run()
        with proxied.client(token, **{NAME: "bob"}) as browser:
            browser.get("/")
            assert named(proxied, browser.cookies["monitor_session"]) == "bob"
        assert named(proxied, token) == ""
        assert "You are signed out" in tab.run()
    with Tab(proxied.url, headers={NAME: "bob"}) as tab:
        drawn = tab.run()
        assert "see nothing yet" in drawn
        assert "Cumbria" not in drawn


def test_a_name_that_the_proxy_does_not_say_holds_nobody(proxied: Running) -> None:
    """A request that came past the proxy has the cookie and not the name; two names are nobody."""
    with proxied.client(**{NAME: "ada"}) as browser:
        browser.get("/")
        token = browser.cookies["monitor_session"]
    with proxied.client(token) as past:
        assert past.get("/").status_code == 303
    with proxied.client(**{NAME.replace("-", "_"): "ada"}) as written:
        assert written.get("/").status_code == 303
    for second in ("ada", "bob"):
        request = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{proxied.port}\r\n{NAME}: ada\r\n{NAME.lower()}: {second}\r\n\r\n"
        with closing(socket.create_connection(("127.0.0.1", proxied.port), timeout=20)) as connection:
            connection.sendall(request.encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 400")


def test_a_name_with_marks_or_without_an_end_is_nobody(proxied: Running) -> None:
    """Nothing is tidied: what would have to be is refused."""
    before = len(list_accounts(proxied.store, by=SYSTEM))
    for name in ("ada  reed", "x" * 3000, "a\x7fb"):
        with proxied.client(**{NAME: name}) as browser:
            assert browser.get("/").status_code in (303, 400)
    assert len(list_accounts(proxied.store, by=SYSTEM)) == before


def test_a_disabled_account_is_not_let_in_by_its_name(proxied: Running) -> None:
    """The proxy says who it is; the register says whether they may."""
    account, _ = add_account(
        proxied.store, name="Leaver", way=Way.PROXY, subject="leaver", grants=[(Role.OFFICE, "")], by=SYSTEM
    )
    disable(proxied.store, account_id=account.id, by=SYSTEM)
    with proxied.client(**{NAME: "leaver"}) as browser:
        assert browser.get("/").status_code == 303
        assert "Come by the address" in browser.get("/sign-in").text
    assert list_sessions(proxied.store, by=SYSTEM) == []


def test_nobody_signs_in_with_a_password_where_that_is_no_way(proxied: Running) -> None:
    """Even with a right one."""
    proxied.somebody("local", Role.OFFICE)
    with proxied.client() as browser:
        refused = browser.post("/sign-in", data={"login": "local", "password": PASSWORD})
        assert refused.status_code == 403
        assert "monitor_session" not in browser.cookies


# Metrics, health, headers


def test_metrics_are_the_administrators(proxied: Running) -> None:
    """For others they are not there."""
    with proxied.client(**{NAME: "ada"}) as browser:
        assert browser.get("/_stcore/metrics").status_code == 200
    with proxied.client(**{NAME: "bob"}) as browser:
        refused = browser.get("/_stcore/metrics")
        assert (refused.status_code, refused.text) == (404, "Not found")
    with proxied.client() as browser:
        assert browser.get("/_stcore/metrics").status_code == 401


def test_health_is_told_to_anybody_and_opens_no_session(proxied: Running) -> None:
    """Alive, and able to work; nothing of the register, and no cookie for whom a proxy names."""
    with proxied.client(**{NAME: "watcher"}) as browser:
        assert browser.get("/healthz").text == "alive"
        ready = browser.get("/readyz")
        assert ready.json() == {"ready": True, "database": True, "migrations": True, "history": True}
        assert "set-cookie" not in ready.headers
    assert "watcher" not in {row.state.account.subject for row in list_accounts(proxied.store, by=SYSTEM)}


ROUTES = (
    "/", "/register", "/nowhere", "/sign-in", "/sign-out", "/invitation", "/first-account", "/sign-in/style.css",
    "/healthz", "/readyz", "/overview", "/files/x", "/media/x", "/_stcore/health", "/_stcore/host-config",
    "/_stcore/metrics", "/_stcore/stream", "/_stcore/upload_file/a/b", "/static/x.js", "/component/x", "/oidc/start",
    "/auth/login", "/oauth2callback", "/_stcore/agent", "/..%2f..%2fetc/passwd", "//elsewhere.example", "/%00",
)  # fmt: skip


@pytest.mark.parametrize("path", ROUTES)
def test_every_answer_has_the_headers(proxied: Running, path: str) -> None:
    """Whatever is asked, by whomever and however, nothing goes wrong inside and a browser is told what to refuse."""
    for headers in ({}, {NAME: "ada"}, {"Host": "elsewhere.example"}, {"Origin": "http://elsewhere.example"}):
        with proxied.client(**headers) as browser:
            for method in ("GET", "HEAD", "POST", "OPTIONS", "DELETE", "TRACE"):
                answer = browser.request(method, path)
                assert answer.status_code < 500, (method, path)
                assert answer.headers.get_list("x-frame-options") == ["DENY"], (method, path)
                assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
                assert answer.headers["referrer-policy"] == "same-origin"
                policy = answer.headers["content-security-policy"]
                assert "frame-ancestors 'none'" in policy
                assert "base-uri 'none'" in policy or "sandbox" in policy, (method, path)
                assert answer.headers["cache-control"]
                if answer.content:
                    said, _, letters = answer.headers["content-type"].partition("; ")
                    assert (letters == "charset=utf-8") == said.startswith("text/"), (method, path)
                if method == "TRACE":
                    assert answer.status_code == (400 if "Host" in headers else 405), path
                assert "server" not in answer.headers
                assert (
                    "elsewhere"
                    not in answer.headers.get("location", "").replace("%2F", "/").partition("?")[0]
                )


# Without sign-in, and from elsewhere


def elsewhere() -> str:
    """Return an address of this machine by which others could reach it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as looking:
        try:
            looking.connect(("192.0.2.1", 9))  # nothing is sent
            return str(looking.getsockname()[0])
        except OSError:
            pytest.skip("this machine has no address but its own")


@pytest.mark.parametrize("way", ["", "proxy", "password"])
def test_uvicorn_starts_the_same_app_and_lets_nobody_in_unknown(tmp_path: Path, way: str) -> None:
    """By another server's command on every address: who is not at this machine is not believed."""
    address = elsewhere()
    with socket.socket() as free:
        free.bind(("0.0.0.0", 0))  # noqa: S104 - open to others is what is tried
        port = free.getsockname()[1]
    # It says nothing when it is ready: the test asks until it answers.
    command = (
        sys.executable, "-c",
        "import sys, threading, time, urllib.request\n"
        "def ask():\n"
        f"    while True:\n"
        "        try:\n"
        f"            urllib.request.urlopen('http://127.0.0.1:{port}/healthz'); break\n"
        "        except OSError: time.sleep(0.1)\n"
        f"    print('ready at http://127.0.0.1:{port}', flush=True)\n"
        "threading.Thread(target=ask, daemon=True).start()\n"
        "import uvicorn; uvicorn.main()",
        "--factory", "monitor.server:app", "--host", "0.0.0.0", "--port", str(port),  # noqa: S104
    )  # fmt: skip
    with running(tmp_path, command=command, MONITOR_SIGN_IN=way) as server:
        outside = f"http://{address}:{port}"
        with server.client(**{NAME: "ada"}) as near:
            assert near.get("/readyz").json()["ready"]
            assert near.get("/").status_code == (303 if way == "password" else 200)
        with server.client(Host=f"localhost:{port}", **{NAME: "ada"}) as far:
            refused = far.get(f"{outside}/")
            assert refused.status_code == (303 if way else 403)
            assert "monitor_session" not in far.cookies
            assert far.get(f"{outside}/", headers={"X-Forwarded-For": "127.0.0.1"}).status_code in (303, 403)
        with server.client() as far:
            assert far.get(f"{outside}/").status_code == 400, "under a name that is not allowed"
        if way:
            assert server.first_code
        assert "HTTP/1.1" not in (server.folder / "err").read_text(), "no line for each request"


def test_a_name_from_outside_is_dropped_where_there_is_no_sign_in(tmp_path: Path) -> None:
    """The demonstration lets its people be chosen; no header makes anybody of a visitor."""
    with running(tmp_path, "--sample-if-empty") as server:
        with Tab(server.url, headers={"X-Monitor-Session": "x", NAME: "ada"}) as tab:
            drawn = tab.run()
            assert "Acting as" in drawn
        with server.client() as browser:
            assert browser.get("/").status_code == 200


@pytest.mark.parametrize(
    ("host", "sign_in", "said"),
    [
        ("192.0.2.1", SignIn(), "sign-in is not configured"),
        ("0.0.0.0", SignIn(ways=("proxy",), hosts=("a.example",)), "could say who they are"),  # noqa: S104
        ("::", SignIn(ways=("password",)), "MONITOR_HOSTS"),
    ],
)
def test_an_address_that_would_not_be_safe_is_refused(host: str, sign_in: SignIn, said: str) -> None:
    """Each with one sentence that says what would be right."""
    with pytest.raises(SetupError, match=said):
        check_address(host, sign_in)
    check_address("127.0.0.1", sign_in)


OIDC = {
    "MONITOR_SIGN_IN": "oidc", "MONITOR_OIDC_ISSUER": "https://id.example", "MONITOR_OIDC_CLIENT_ID": "a",
    "MONITOR_OIDC_CLIENT_SECRET": "b",
}  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"MONITOR_SIGN_IN": "magic"}, 'names "magic"'),
        ({"MONITOR_SIGN_IN": "password", "MONITOR_HOSTS": "a.example"}, "in the clear"),
        ({"MONITOR_HOSTS": "*"}, "names alone"),
        ({"MONITOR_HOSTS": "https://a.example"}, "names alone"),
        ({"MONITOR_HOSTS": "a.example:8443"}, "names alone"),
        ({"MONITOR_SECRET": "changeme"}, "at least 32"),
        ({"MONITOR_SECRET_FILE": "/nowhere/at/all"}, "cannot be read"),
        ({**OIDC, "MONITOR_OIDC_CLIENT_SECRET": ""}, "MONITOR_OIDC_CLIENT_SECRET_FILE"),
        ({**OIDC, "MONITOR_OIDC_ISSUER": "http://id.example"}, "begin with https"),
        ({"MONITOR_PROXY_HEADER": "Cookie"}, 'cannot be "Cookie"'),
        ({"MONITOR_PROXY_HEADER": "X Remote"}, "cannot be"),
    ],
)
def test_settings_that_would_not_be_safe_are_refused(settings: dict[str, str], said: str) -> None:
    """The start stops there, with one sentence."""
    with pytest.raises(SetupError, match=re.escape(said)):
        SignIn.from_environment(settings)


def test_settings_that_fit_are_taken(tmp_path: Path) -> None:
    """A secret comes from a file that its owner alone can read."""
    secret = tmp_path / "secret"
    secret.write_text("s" * 32 + "\n")
    settings = {**OIDC, "MONITOR_HOSTS": "A.example, b.example", "MONITOR_BEHIND_TLS": "yes"}
    if os.name == "posix":
        secret.chmod(0o644)
        with pytest.raises(SetupError, match="chmod 600"):
            SignIn.from_environment({**settings, "MONITOR_SECRET_FILE": str(secret)})
    secret.chmod(0o600)

    found = SignIn.from_environment({**settings, "MONITOR_SECRET_FILE": str(secret)})

    assert (found.hosts, found.behind_tls, found.secret) == (("a.example", "b.example"), True, "s" * 32)
    assert signs_in(settings)
    assert not signs_in({})
