"""Single sign-on: who comes back from the provider is who they are, and nobody else gets in by its way."""

import asyncio
import base64
import hmac
import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from starlette.applications import Starlette

from monitor.domain.access import SYSTEM, Role
from monitor.domain.accounts import Way
from monitor.services.claim_rules import add_rule, list_rules, remove_rule
from monitor.services.signing_in import session_of, who_is
from monitor.settings import SignIn
from monitor.store import Store
from tests.server.provider import CLIENT, CLIENT_SECRET, Claims, Provider, provider
from tests.server.running import Running, running

with warnings.catch_warnings(record=True):  # a library of its warns of what its own authors will change
    from monitor.server.oidc import SingleSignOn


@pytest.fixture(scope="module")
def said() -> Iterator[Provider]:
    """Yield the provider."""
    with provider() as one:
        yield one


@pytest.fixture(scope="module")
def served(said: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Yield a server that leaves signing in to the provider."""
    secret = tmp_path_factory.mktemp("secrets") / "client"
    secret.write_text(CLIENT_SECRET)
    secret.chmod(0o600)
    with running(
        tmp_path_factory.mktemp("served"),
        MONITOR_SIGN_IN="oidc",
        MONITOR_OIDC_ISSUER=said.issuer,
        MONITOR_OIDC_CLIENT_ID=CLIENT,
        MONITOR_OIDC_CLIENT_SECRET_FILE=str(secret),
    ) as server:
        yield server


@pytest.fixture(autouse=True)
def honest(said: Provider) -> None:
    """Let the provider be honest at the beginning of each test."""
    said.answer = said.honest


def begin(browser: httpx.Client, said: Provider, wanted: str = "/register") -> dict[str, str]:
    """Set out for the provider, which takes note; return what the address says."""
    away = browser.get("/oidc/start", params={"next": wanted})
    assert away.status_code == 302, away.text
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away.headers["location"]).query).items()}
    said.nonce, said.challenge = asked["nonce"], asked["code_challenge"]
    return asked


def come_back(browser: httpx.Client, asked: dict[str, str], **other: str) -> httpx.Response:
    """Come back from the provider with a code."""
    return browser.get("/oidc/callback", params={"code": "c", "state": asked["state"], **other})


def who(served: Running, browser: httpx.Client) -> Any:
    """Return who a browser's cookie makes its owner; None for nobody."""
    found = session_of(served.store, token=browser.cookies.get("monitor_session") or "")
    return who_is(served.store, session_id=found.id) if found else None


def test_who_comes_back_is_known_by_issuer_and_subject(served: Running, said: Provider) -> None:
    """The code is bound to this browser; what the provider says of addresses and roles gives nothing."""
    with served.client() as browser:
        asked = begin(browser, said)
        assert asked["redirect_uri"] == f"{served.url}/oidc/callback"
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert asked["scope"] == "openid profile"

        answer = come_back(browser, asked)

        assert said.verified
        assert (answer.status_code, answer.headers["location"]) == (303, "/first-account")
        found = who(served, browser)
        assert (found.account.way, found.account.subject) == (Way.OIDC, f"{said.issuer} 1001")
        assert found.account.name == "Ada Reed"
        assert found.actor.roles == frozenset()
        assert "monitor_step" not in browser.cookies


def test_the_first_administrator_is_who_has_the_code(served: Running, said: Provider) -> None:
    """Signed in, and with the code that the start printed; then nobody else by the same."""
    with served.client() as nobody:
        assert nobody.get("/first-account").headers["location"] == "/sign-in?next=/first-account"
        assert nobody.post("/first-account", data={"code": served.first_code}).status_code == 303
    with served.client() as browser:
        come_back(browser, begin(browser, said))
        assert "Ada Reed" in browser.get("/first-account").text
        assert (
            browser.post("/first-account", data={"code": "aaaa-bbbb-cccc-dddd-eeee-ffff-gggg"}).status_code
            == 403
        )
        assert not who(served, browser).actor.roles

        code = served.first_code.upper()
        assert browser.post("/first-account", data={"code": code}).headers["location"] == "/"

        assert {role.value for role in who(served, browser).actor.roles} == {"administrator"}
        assert browser.get("/first-account").status_code == 303
        assert browser.post("/first-account", data={"code": code}).status_code == 403


def changed(**to: Any) -> Callable[[Provider, Claims], dict[str, Any]]:
    """Return what answers with an honestly signed token in which some claims are others; None for missing."""

    def answer(said: Provider, claims: Claims) -> dict[str, Any]:
        whole = {**claims, **to}
        return said.honest({name: value for name, value in whole.items() if value is not None})

    return answer


def encoded(part: object) -> str:
    """Return a part of a token."""
    return in_base64(json.dumps(part).encode())


def in_base64(content: bytes) -> str:
    """Return bytes as a token carries them."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(said: Provider, claims: Claims) -> dict[str, Any]:
    """Answer with a token that nobody has signed."""
    return {**said.honest(claims), "id_token": f"{encoded({'alg': 'none'})}.{encoded(claims)}."}


def by_a_secret(said: Provider, claims: Claims, secret: bytes) -> dict[str, Any]:
    """Answer with a token signed by something that others know as well."""
    begun = f"{encoded({'alg': 'HS256', 'kid': 'one'})}.{encoded(claims)}"
    signature = in_base64(hmac.digest(secret, begun.encode(), "sha256"))
    return {**said.honest(claims), "id_token": f"{begun}.{signature}"}


def by_the_clients_secret(said: Provider, claims: Claims) -> dict[str, Any]:
    """Answer with a token signed by what the client knows."""
    return by_a_secret(said, claims, CLIENT_SECRET.encode())


def by_the_public_key(said: Provider, claims: Claims) -> dict[str, Any]:
    """Answer with a token signed by what everybody can read, taken for a secret."""
    return by_a_secret(said, claims, said.key.as_pem(private=False))


def by_another_key(said: Provider, claims: Claims) -> dict[str, Any]:
    """Answer with a token signed by somebody else under the provider's name."""
    return {**said.honest(claims), "id_token": said.signed(claims, RSAKey.generate_key(2048))}


def by_an_unknown_key(said: Provider, claims: Claims) -> dict[str, Any]:
    """Answer with a token whose key the provider does not show."""
    return {**said.honest(claims), "id_token": said.signed(claims, RSAKey.generate_key(2048), kid="two")}


def tampered(said: Provider, claims: Claims) -> dict[str, Any]:
    """Answer with a token whose claims were changed after it was signed."""
    head, _, signature = said.signed(claims).split(".")
    return {**said.honest(claims), "id_token": f"{head}.{encoded({**claims, 'sub': '1'})}.{signature}"}


BAD: dict[str, Callable[[Provider, Claims], Any]] = {
    "unsigned": unsigned,
    "signed by the client's secret": by_the_clients_secret,
    "signed by the public key": by_the_public_key,
    "signed by another": by_another_key,
    "signed by an unknown key": by_an_unknown_key,
    "tampered with": tampered,
    "of another issuer": changed(iss="https://elsewhere.example"),
    "of no issuer": changed(iss=None),
    "for another audience": changed(aud="another"),
    "for another audience, asked for by us": changed(aud="another", azp=CLIENT),
    "for no audience": changed(aud=None),
    "for us, asked for by another": changed(aud=[CLIENT, "another"], azp="another"),
    "expired": changed(exp=1_700_000_000),
    "without an end": changed(exp=None),
    "not yet valid": changed(nbf=4_000_000_000),
    "of another sign-in": changed(nonce="another"),
    "of no sign-in": changed(nonce=None),
    "of nobody": changed(sub=None),
    "of an empty subject": changed(sub=""),
    "of a number": changed(sub=1001),
    "of a subject with blanks": changed(sub=" 1001"),
    "of a subject with a mark": changed(sub="1001\x00"),
    "of a subject without end": changed(sub="1" * 5000),
    "missing": lambda said, claims: {"access_token": "a", "token_type": "Bearer"},
    "missing, with a person beside it": lambda said, claims: {
        "access_token": "a",
        "token_type": "Bearer",
        "userinfo": claims,
    },
    "nonsense": lambda said, claims: {**said.honest(claims), "id_token": "<script>alert(1)</script>"},
    "an error": lambda said, claims: {"error": "<b>x</b>", "error_description": "<script>alert(1)</script>"},
    "a list": lambda said, claims: [],
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_token_lets_nobody_in(served: Running, said: Provider, kind: str) -> None:
    """One sentence of ours, no session, and nothing of what the provider sent."""
    with served.client() as browser:
        asked = begin(browser, said)
        said.answer = lambda claims: BAD[kind](said, claims)

        answer = come_back(browser, asked)

        assert answer.status_code == 403
        assert "monitor_session" not in browser.cookies
        assert 'role="alert"' in answer.text
        assert "<script" not in answer.text


# Rules of single sign-on


@pytest.fixture
def rule(served: Running) -> Iterator[int]:
    """Yield the number of a rule by which the office's staff are analysts, and take it back."""
    made = add_rule(
        served.store, claim="groups", value="opcc-staff", role=Role.ANALYST, service="", by=SYSTEM
    )
    yield made.id
    if made.id in [row.rule.id for row in list_rules(served.store, by=SYSTEM)]:
        remove_rule(served.store, rule_id=made.id, by=SYSTEM)


def granted(served: Running, said: Provider, browser: httpx.Client, sub: str, **claims: Any) -> Any:
    """Sign in as somebody of whom the provider says this; return what they are granted."""
    asked = begin(browser, said)
    said.answer = lambda honest: changed(sub=sub, **claims)(said, honest)
    assert come_back(browser, asked).status_code == 303
    return who(served, browser).actor.grants


def test_a_rule_grants_what_the_token_says_and_takes_it_again(
    served: Running, said: Provider, rule: int
) -> None:
    """Somebody new is let in; the role is gone once a token says it no more, and with the rule, at the next click."""
    analyst = {(Role.ANALYST, None)}
    with served.client() as first, served.client() as second:
        assert granted(served, said, first, "2001", groups=["opcc-staff", "others"]) == analyst
        assert not granted(served, said, second, "2001", groups=["others"])
        assert not who(served, first).actor.grants

        assert granted(served, said, second, "2001", groups="opcc-staff") == analyst
        remove_rule(served.store, rule_id=rule, by=SYSTEM)
        assert not who(served, second).actor.grants


@pytest.mark.parametrize(
    "claims",
    [
        {"groups": {"opcc-staff": ["opcc-staff"]}},
        {"groups": [["opcc-staff"], {"id": "opcc-staff"}, 7, None, True]},
        {"groups": 10**30},
        {"groups": "OPCC-staff"},
        {
            "_claim_names": {"groups": "src1"},
            "_claim_sources": {"src1": {"endpoint": "http://127.0.0.1:9"}},
        },
    ],
    ids=["an object", "a list of anything", "a number", "other letters", "kept elsewhere"],
)
def test_a_claim_of_another_kind_grants_nothing(
    served: Running, said: Provider, rule: int, claims: dict[str, Any]
) -> None:
    """Whoever it is said of is signed in, and holds nothing by it."""
    with served.client() as browser:
        assert not granted(served, said, browser, "2002", **claims)


def test_ten_thousand_groups_are_looked_through(served: Running, said: Provider, rule: int) -> None:
    """In one token, the last of them as well as the first."""
    groups = [f"g{number}" for number in range(9_999)]
    with served.client() as browser:
        assert granted(served, said, browser, "2003", groups=[*groups, "opcc-staff"])


def test_a_token_without_end_lets_nobody_in(served: Running, said: Provider, rule: int) -> None:
    """More than 128 kB are not read: one sentence, the cause in the log, and the server goes on."""
    with served.client() as browser:
        asked = begin(browser, said)
        groups = ["opcc-staff", *(f"{number:036d}" for number in range(10_000))]
        said.answer = lambda claims: changed(sub="2005", groups=groups)(said, claims)
        answer = come_back(browser, asked)
        assert answer.status_code == 403
        assert 'role="alert"' in answer.text
        assert "monitor_session" not in browser.cookies
        assert browser.get("/readyz").status_code == 200
    assert "ExceededSizeError" in served.log[-1]


def test_only_what_was_signed_counts(served: Running, said: Provider, rule: int) -> None:
    """Not what stands beside the token in the provider's answer."""
    beside = {"groups": ["opcc-staff"], "userinfo": {"sub": "2004", "groups": ["opcc-staff"]}}
    with served.client() as browser:
        asked = begin(browser, said)
        said.answer = lambda claims: {**said.honest({**claims, "sub": "2004"}), **beside}
        come_back(browser, asked)
        assert not who(served, browser).actor.grants


def test_a_state_works_once_and_in_one_browser(served: Running, said: Provider) -> None:
    """Not without the cookie, not with another's, not twice, not even with the cookie of before."""
    with served.client() as browser, served.client() as other:
        asked = begin(browser, said)
        step = browser.cookies["monitor_step"]
        begin(other, said)
        assert come_back(other, asked).status_code == 403
        with served.client() as nobody:
            assert come_back(nobody, asked).status_code == 403
        said.nonce = asked["nonce"]
        assert come_back(browser, asked).status_code == 303
        assert come_back(browser, asked).status_code == 403
    with served.client() as copied:
        copied.cookies.set("monitor_step", step, path="/oidc")
        assert come_back(copied, asked).status_code == 403
        assert "monitor_session" not in copied.cookies


@pytest.mark.parametrize(
    "query",
    [
        {"error": "access_denied", "error_description": "<script>alert(1)</script>"},
        {"error": "<script>"},
        {"state": ""},
        {"state": "x" * 3000},
        {},
    ],
)
def test_what_comes_back_without_a_code_is_refused(
    served: Running, said: Provider, query: dict[str, str]
) -> None:
    """In words of ours: the provider's are another's text."""
    with served.client() as browser:
        begin(browser, said)
        answer = browser.get("/oidc/callback", params=query)
        assert answer.status_code == 403
        assert "alert(1)" not in answer.text


def test_the_step_is_kept_in_a_cookie_of_its_own(served: Running, said: Provider) -> None:
    """Signed, for ten minutes, for these two addresses, and out of reach of scripts and other sites."""
    with served.client() as browser:
        away = browser.get("/oidc/start")
        (cookie,) = [one for one in away.headers.get_list("set-cookie") if one.startswith("monitor_step=")]
        assert all(
            f"; {part}" in cookie for part in ("path=/oidc", "Max-Age=600", "httponly", "samesite=lax")
        )
        value = cookie.partition("=")[2].partition(";")[0]
        signature = value.rpartition(".")[2]
        assert len(base64.urlsafe_b64decode(signature + "=")) == 32, "by SHA-256"
        asked = begin(browser, said)
        browser.cookies.clear()
        browser.cookies.set("monitor_step", value[:-2] + "xx", path="/oidc")
        assert come_back(browser, asked).status_code == 403


def alone(issuer: str) -> Starlette:
    """Return the routes of single sign-on behind TLS, without the rest of the server."""
    sign_in = SignIn(
        ways=("oidc",),
        hosts=("monitor.example",),
        behind_tls=True,
        issuer=issuer,
        client_id=CLIENT,
        client_secret="x",
    )

    def store() -> Store:
        raise AssertionError("nobody has come back yet")

    return Starlette(routes=SingleSignOn(store=store, sign_in=sign_in, secret="s" * 32).routes)


async def set_out(app: Starlette) -> httpx.Response:
    """Set out for the provider by https."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://monitor.example") as browser:
        return await browser.get("/oidc/start")


def test_behind_tls_the_step_goes_by_https_to_this_host_alone(said: Provider) -> None:
    """Its name begins so that a browser takes it from this host only, and by https."""
    away = asyncio.run(set_out(alone(said.issuer)))

    assert away.status_code == 302
    name, _, rest = away.headers["set-cookie"].partition("=")
    assert name == "__Host-monitor_step"
    assert {"path=/", "httponly", "samesite=lax", "secure"} <= set(rest.lower().split("; "))


def test_a_provider_cannot_send_us_elsewhere(said: Provider) -> None:
    """Where the description of the provider answers with another address, that address is not asked."""
    with sending_on(said.issuer) as (issuer, asked):
        refused = asyncio.run(set_out(alone(issuer)))

    assert asked == ["/.well-known/openid-configuration"]
    assert refused.status_code in (403, 502)
    assert "location" not in refused.headers


@contextmanager
def sending_on(to: str) -> Iterator[tuple[str, list[str]]]:
    """Run a server that sends everybody to another; yield its address and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("location", to + self.path)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()


def test_a_provider_s_tokens_are_kept_nowhere(served: Running, said: Provider) -> None:
    """Neither in what the browser is given, nor in the database, nor in the log."""
    given: list[str] = []

    def answer(claims: Claims) -> dict[str, Any]:
        whole = {**said.honest(claims), "access_token": "canary-access", "refresh_token": "canary-refresh"}
        given.extend(whole[name] for name in ("access_token", "refresh_token", "id_token"))
        return whole

    said.answer = answer
    with served.client() as browser:
        came = come_back(browser, begin(browser, said))
        assert came.status_code == 303
        told = str(came.headers) + came.text + str(dict(browser.cookies))
    kept = "".join(path.read_bytes().decode("latin-1") for path in served.folder.iterdir() if path.is_file())
    for token in given:
        assert token not in told
        assert token not in kept


def test_the_way_back_is_this_server(served: Running, said: Provider) -> None:
    """Whatever the request says its host is: an unknown one is refused, and a port of its own is not believed."""
    with served.client(Host="elsewhere.example") as browser:
        assert browser.get("/oidc/start").status_code == 400
    with served.client(Host=f"localhost:{served.port + 1}") as browser:
        assert begin(browser, said)["redirect_uri"] == f"http://localhost:{served.port}/oidc/callback"
    with served.client(**{"X-Forwarded-Host": "elsewhere.example"}) as browser:
        assert begin(browser, said)["redirect_uri"] == f"{served.url}/oidc/callback"


def test_a_provider_that_does_not_answer_is_said_so(tmp_path: Any) -> None:
    """One sentence, and the way to begin again; the server itself is well."""
    with (
        running(
            tmp_path,
            MONITOR_SIGN_IN="oidc",
            MONITOR_OIDC_ISSUER="http://127.0.0.1:9",
            MONITOR_OIDC_CLIENT_ID=CLIENT,
            MONITOR_OIDC_CLIENT_SECRET=CLIENT_SECRET,
        ) as alone,
        alone.client() as browser,
    ):
        answer = browser.get("/oidc/start")
        assert answer.status_code == 502
        assert "does not answer" in answer.text
        assert browser.get("/readyz").status_code == 200
        assert CLIENT_SECRET not in (alone.folder / "err").read_text() + alone.said


def test_a_provider_that_is_another_lets_nobody_set_out(said: Provider, served: Running) -> None:
    """What describes itself under another name is not the one that was set."""
    with (
        running(
            served.folder,
            MONITOR_SIGN_IN="oidc",
            MONITOR_OIDC_ISSUER=said.issuer + "/",
            MONITOR_OIDC_CLIENT_ID=CLIENT,
            MONITOR_OIDC_CLIENT_SECRET=CLIENT_SECRET,
        ) as other,
        other.client() as browser,
    ):
        for _ in range(2):
            assert browser.get("/oidc/start").status_code == 403
