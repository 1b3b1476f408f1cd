"""The pages of signing in with a password: what gets in, what stays out, and what they give away."""

import json
import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import create_engine, text

from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import Way
from monitor.errors import AccessError
from monitor.server.sign_in import local_path
from monitor.services import secrets, signing_in
from monitor.services.accounts import add_account, disable, list_accounts
from monitor.services.signing_in import TRIES, session_of, who_is
from monitor.store import Store
from tests.server.running import PASSWORD, Running, running

HOSTILE = '"><script>alert(1)</script>&lt;\u202e'
SENTENCE = "The name or the password is not right, or the account cannot be used."


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Yield a server whose register nobody administers yet."""
    with running(tmp_path_factory.mktemp("served"), MONITOR_SIGN_IN="password") as server:
        yield server


def test_the_first_account_is_made_with_the_printed_code(served: Running) -> None:
    """There is no default account: without the code nothing is made, and with it only the first."""
    wanted = {"name": "Ada Reed", "login": "ada", "password": PASSWORD, "again": PASSWORD}
    with served.client() as browser:
        assert browser.get("/sign-in").headers["location"] == "/first-account"
        assert browser.post("/first-account", data={**wanted, "code": "guess"}).status_code == 403
        wrong = browser.post("/first-account", data={**wanted, "code": served.first_code, "again": "x"})
        assert "not the same" in wrong.text
        assert PASSWORD not in wrong.text
        assert signing_in.needs_first_administrator(served.store)

        made = browser.post("/first-account", data={**wanted, "code": served.first_code})

        assert (made.status_code, made.headers["location"]) == (303, "/")
        assert browser.get("/").status_code == 200
        assert browser.get("/first-account").status_code == 303
        assert browser.post("/first-account", data={**wanted, "code": served.first_code}).status_code == 403
    assert [row.state.account.subject for row in list_accounts(served.store, by=SYSTEM)] == ["ada"]


def test_an_invitation_sets_a_password_once(served: Running) -> None:
    """The page greets by name; used, it looks like one that never was."""
    _, code = add_account(
        served.store, name=f"Kit {HOSTILE}", way=Way.LOCAL, subject="kit", grants=[], by=SYSTEM
    )
    with served.client() as browser:
        asked = browser.get("/invitation")
        assert code not in asked.text
        shown = browser.post("/invitation", data={"code": f" {code.upper()} "})
        assert (shown.status_code, shown.headers["cache-control"]) == (200, "no-store")
        assert "Welcome, Kit" in shown.text
        assert "<script>" not in shown.text
        short = browser.post("/invitation", data={"code": code, "password": "short", "again": "short"})
        assert "at least 12" in short.text.lower()
        form = {"code": code, "password": PASSWORD, "again": PASSWORD}
        assert browser.post("/invitation", data=form).status_code == 303

        used, absent = browser.post("/invitation", data=form), browser.post("/invitation", data={"code": "x"})

        assert used.status_code == absent.status_code == 403
        assert browser.post("/invitation", data={"code": code}).text == absent.text == used.text


def test_the_code_of_an_invitation_stands_in_no_address(served: Running) -> None:
    """What comes behind a ? is not looked at; the script that fills in what stands behind a # is the only one."""
    _, code = add_account(
        served.store, name="Kit Query", way=Way.LOCAL, subject="kit-query", grants=[], by=SYSTEM
    )
    with served.client() as browser:
        by_address = browser.get("/invitation", params={"code": code})
        assert "Kit Query" not in by_address.text
        assert re.findall(r"<script[^>]*>", by_address.text) == ['<script src="/sign-in/invitation.js">']
        script = browser.get("/sign-in/invitation.js")
        assert script.headers["content-type"] == "text/javascript; charset=utf-8"
        assert "location.hash" in script.text
        welcome = browser.post("/invitation", data={"code": code}).text
        assert "Kit Query" in welcome
        assert "<script" not in welcome


def test_a_password_opens_a_session_and_signing_out_ends_it(served: Running) -> None:
    """A fresh one at each sign-in; with it the pages open, without it they do not."""
    served.somebody("moss", Role.OFFICE)
    with served.client() as browser:
        away = browser.get("/register?show=late&text=a%20b")
        assert away.status_code == 303
        wanted = httpx.URL(away.headers["location"]).params["next"]
        assert "next" in browser.get(away.headers["location"]).text

        entered = browser.post("/sign-in", data={"login": " MOSS ", "password": PASSWORD, "next": wanted})

        assert (entered.status_code, entered.headers["location"]) == (303, "/register?show=late&text=a%20b")
        assert browser.get("/").status_code == 200
        assert browser.get("/sign-in").headers["location"] == "/"
        assert browser.get("/sign-out").status_code == 200
        assert browser.get("/").status_code == 200, "asking alone signs nobody out"
        token = browser.cookies["monitor_session"]
        out = browser.post("/sign-out")
        assert out.headers["clear-site-data"] == '"cache"'
        assert "Max-Age=0" in out.headers["set-cookie"]
        assert "monitor_session" not in browser.cookies
    with served.client(token) as copied:
        assert copied.get("/").status_code == 303


def test_a_session_that_was_there_before_is_not_gone_on_with(served: Running) -> None:
    """A cookie that somebody put into the browser is replaced, and one's own of before ends."""
    _, before = served.somebody("reed", Role.OFFICE)
    for token in ("planted-by-somebody-else", before):
        with served.client(token) as browser:
            browser.post("/sign-in", data={"login": "reed", "password": PASSWORD})
            assert browser.cookies["monitor_session"] not in (token, before)
        assert session_of(served.store, token=token) is None


def test_the_cookie_says_what_a_browser_must_keep_to(served: Running) -> None:
    """Out of reach of scripts and of other sites, for this host alone, gone with the browser."""
    served.somebody("flags", Role.OFFICE)
    with served.client() as browser:
        entered = browser.post("/sign-in", data={"login": "flags", "password": PASSWORD})
    cookie = entered.headers["set-cookie"]
    parts = cookie.split("; ")[1:]
    assert sorted(parts) == ["HttpOnly", "Path=/", "SameSite=Lax"]
    assert len(parts) == len(set(parts))


def test_behind_tls_the_cookie_goes_by_https_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its name begins so that a browser takes it from this host by https only; pages by http are another site's."""
    with running(
        tmp_path_factory.mktemp("tls"),
        MONITOR_SIGN_IN="password",
        MONITOR_HOSTS="monitor.example",
        MONITOR_BEHIND_TLS="1",
    ) as behind:
        behind.somebody("ada", Role.ADMINISTRATOR)
        form = {"login": "ada", "password": PASSWORD}
        with behind.client(Host="monitor.example", Origin="https://monitor.example") as browser:
            entered = browser.post("/sign-in", data=form)
            cookie = entered.headers["set-cookie"]
            assert cookie.startswith("__Host-monitor_session=")
            assert "; Secure" in cookie
            assert entered.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
            token = cookie.partition("=")[2].partition(";")[0]
        with behind.client(Host="monitor.example", Origin="http://monitor.example") as clear:
            assert clear.post("/sign-in", data=form).status_code == 403
        with behind.client(Host="monitor.example", Cookie=f"__Host-monitor_session={token}") as browser:
            assert browser.get("/").status_code == 200
        with behind.client(Host="monitor.example", Cookie=f"monitor_session={token}") as tossed:
            assert tossed.get("/").status_code == 303
        for path in ("/", "/_stcore/health", "/_stcore/host-config", "/static/x.js"):
            with behind.client(Host="monitor.example", Cookie=f"__Host-monitor_session={token}") as browser:
                assert "set-cookie" not in browser.get(path).headers, "no cookie but ours"
        went_wrong(behind, token)


def went_wrong(behind: Running, token: str) -> None:
    """See what is answered, and what the log says, when something goes wrong that nobody foresaw: a table is gone."""
    engine = create_engine(behind.store.address)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE login_session RENAME TO elsewhere"))
    engine.dispose()
    before = len(behind.log)
    with behind.client(Host="monitor.example", Cookie=f"__Host-monitor_session={token}") as browser:
        answer = browser.get("/register?text=canary")
        assert (answer.status_code, answer.text) == (500, "Something went wrong here. The log says where.")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert {"content-security-policy", "x-content-type-options", "strict-transport-security"} <= set(
            answer.headers
        )
    # The connection on which it went wrong is closed after its answer.
    with behind.client(Host="monitor.example") as browser:
        assert browser.get("/healthz").text == "alive", "the next request is answered"
    deadline = time.monotonic() + 5
    while len(behind.log) == before and time.monotonic() < deadline:
        time.sleep(0.02)
    (line,) = map(json.loads, behind.log[before:])
    assert (line["level"], line["error"]) == ("error", "UnreadableFileError")
    assert re.fullmatch(r"\w+\.py:\d+ \w+", line["trace"][-1])
    for word in ("canary", "login_session", "elsewhere", "SELECT", "sqlite"):
        assert word not in json.dumps(line)


def test_what_is_wrong_is_not_said(served: Running) -> None:
    """An unknown name, a wrong password, a disabled account: one answer, letter by letter."""
    served.somebody("there", Role.OFFICE)
    key, _ = served.somebody("disabled", Role.OFFICE)
    disable(served.store, account_id=key, by=SYSTEM)
    answers = set()
    with served.client() as browser:
        for login, password in (("absent", PASSWORD), ("there", "wrong"), ("disabled", PASSWORD)):
            answer = browser.post("/sign-in", data={"login": login, "password": password})
            assert SENTENCE in answer.text
            assert "monitor_session" not in browser.cookies
            answers.add((answer.status_code, answer.text.replace(f'value="{login}"', 'value=""')))
    assert len(answers) == 1


def test_an_unknown_name_takes_as_long_as_a_wrong_password(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same work is done for both: one hash is checked, for somebody who exists and for nobody."""
    register = Store(sqlite_url)
    checked: list[bool] = []
    real = secrets.is_password

    def noted(kept: str | None, password: str) -> bool:
        checked.append(kept is not None)
        return real(kept, password)

    verified: list[str] = []
    hasher = secrets._hasher

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            verified.append(kept[:10])
            return hasher.verify(kept, password)

        def hash(self, password: str) -> str:
            return hasher.hash(password)

    monkeypatch.setattr(signing_in, "is_password", noted)
    _, code = add_account(register, name="Kit", way=Way.LOCAL, subject="kit", grants=[], by=SYSTEM)
    signing_in.accept_invitation(register, code=code, password=PASSWORD)
    monkeypatch.setattr(secrets, "_hasher", Counting())
    for login in ("kit", "nobody"):
        with pytest.raises(AccessError):
            signing_in.sign_in(register, login=login, password="wrong")
    assert checked == [True, False]
    assert verified == ["$argon2id$"] * 2
    register.close()


def test_many_wrong_tries_have_to_wait(served: Running) -> None:
    """For a name that exists and for one that does not; the right password waits too."""
    served.somebody("target", Role.OFFICE)
    said = []
    with served.client() as browser:
        for login in ("target", "nobody-at-all"):
            for _ in range(TRIES):
                assert SENTENCE in browser.post("/sign-in", data={"login": login, "password": "x"}).text
            throttled = browser.post("/sign-in", data={"login": login, "password": PASSWORD})
            assert "Try again in 15 minutes" in throttled.text
            said.append(throttled.text.replace(login, ""))
    assert len(set(said)) == 1


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1", "http://[", ""]
)
def test_a_form_of_another_site_is_refused(served: Running, origin: str) -> None:
    """Nobody is signed in, out or made by a page of somebody else's; a program without an origin may."""
    with served.client(Origin=origin) if origin else served.client() as browser:
        for path in ("/sign-in", "/sign-out", "/invitation", "/first-account"):
            answer = browser.post(path, data={"login": "ada", "password": PASSWORD})
            assert (answer.status_code == 403 and "another site" in answer.text) == bool(origin)
            if origin:
                assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example",
        "/\t/elsewhere.example", "javascript:alert(1)", "http:elsewhere.example", " //elsewhere.example",
        "/%0d%0aSet-Cookie:a=b", "/\r\nSet-Cookie: a=b", "/.//elsewhere.example", "", "elsewhere.example",
        "/sign-out", "/oidc/start", "///elsewhere.example", "/@elsewhere.example", "/\u2028/elsewhere.example",
        HOSTILE,
    ],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(served: Running, wanted: str) -> None:
    """What stands behind next= is a page of ours, or the first page."""
    served_at = urlsplit(served.url)
    with served.client() as browser:
        shown = browser.get("/sign-in", params={"next": wanted})
        assert "<script>" not in shown.text
        entered = browser.post("/sign-in", data={"login": "ada", "password": PASSWORD, "next": wanted})
        assert entered.status_code == 303
        goes_to = httpx.URL(served.url).join(entered.headers["location"])
        assert (goes_to.scheme, goes_to.host, goes_to.port) == ("http", served_at.hostname, served_at.port)
        assert "a=b" not in entered.headers["set-cookie"]
        assert goes_to.path not in ("/sign-out", "/oidc/start")


def test_a_page_of_ours_is_gone_on_to() -> None:
    """With what its address says besides."""
    assert local_path("/register?show=late&text=a%20b") == "/register?show=late&text=a%20b"


def test_hostile_text_comes_back_as_text(served: Running) -> None:
    """In every field that is shown again."""
    with served.client() as browser:
        fields = dict.fromkeys(("login", "password", "next", "code", "name", "again"), HOSTILE)
        for path in ("/sign-in", "/invitation", "/first-account"):
            assert "<script>" not in browser.post(path, data=fields).text
            assert "<script>" not in browser.get(path, params=fields).text


def test_the_log_has_no_word_of_what_people_wrote(served: Running) -> None:
    """One JSON object a line, in ASCII; who signed in is there by key, nobody's name or password."""
    with served.client() as browser:
        browser.post("/sign-in", data={"login": "Canary-Name", "password": "canary password"})
        browser.get("/sign-in?next=/canary-address")
    lines = served.log
    assert lines
    assert lines == [line for line in (served.folder / "err").read_text().splitlines() if line]
    for line in lines:
        assert {"at", "level", "log"} <= set(json.loads(line))
        assert line.isascii()
    whole = "\n".join(lines).lower()
    assert '"event": "signed in"' in whole
    assert '"event": "sign-in refused"' in whole
    for word in ("canary", "moss", "reed", PASSWORD):
        assert word not in whole.replace('"log": "monitor', "")


def test_a_session_is_that_persons(served: Running) -> None:
    """What the cookie names is one account."""
    key, token = served.somebody("last", Role.OFFICE)
    found = session_of(served.store, token=token)
    assert found is not None
    person = who_is(served.store, session_id=found.id)
    assert person is not None
    assert person.account.id == key
