"""
Single sign-on with an organisation's own provider (OpenID Connect): the code flow with PKCE, state and nonce.

What must last from one step to the next lies in a signed cookie for ten minutes. Whoever comes back is known by
issuer and subject alone; an address of theirs counts for nothing. What else the provider says of them is handed on, and
gives what an administrator's rule says it gives.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Final

import httpx
from anyio import to_thread
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App  # type: ignore[import-untyped]
from itsdangerous import TimestampSigner
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, Router
from starlette.types import Receive, Scope, Send

from monitor.domain.accounts import Way
from monitor.errors import AccessError
from monitor.server.gatekeeper import agent_of
from monitor.server.sign_in import going_on, local_path, problem_page
from monitor.services import signing_in
from monitor.settings import LOOPBACK, SignIn
from monitor.store import Store

STEP_SECONDS: Final = 600
LEEWAY_SECONDS: Final = 60
SIGNED_BY: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key that only the provider has. "none" has no key, and an HS key would be the client's secret."""

_log: Final = logging.getLogger("monitor.sign-in")

NOT_REACHED: Final = "Your organisation’s sign-in does not answer. Try again in a minute."
NOT_LET_IN: Final = "Your organisation’s sign-in did not let you in."
NOT_CHECKED: Final = (
    "This sign-in could not be checked, or more than ten minutes passed. Begin again; should it happen twice, "
    "tell the administrator."
)


class _Provider(StarletteOAuth2App):  # type: ignore[misc]
    """The provider as it describes itself, held to what we were told of it."""

    issuer = ""

    async def load_server_metadata(self) -> dict[str, Any]:
        """
        Return the provider's description, with nothing but signatures that we accept.

        Raises:
            OAuthError: where it is somebody else's.
        """
        described: dict[str, Any] = await super().load_server_metadata()
        if described.get("issuer") != self.issuer:
            described.clear()
            raise OAuthError(error="issuer")
        offered = described.get("id_token_signing_alg_values_supported") or ["RS256"]
        accepted = [name for name in offered if name in SIGNED_BY]
        # An empty list would mean all of them to the library.
        described["id_token_signing_alg_values_supported"] = accepted or ["RS256"]
        return described


class SingleSignOn:
    """The two routes of single sign-on, for one register and one provider."""

    def __init__(self, *, store: Callable[[], Store], sign_in: SignIn, secret: str) -> None:
        """Make them. `store` is asked for at each request; nothing is asked of the provider yet."""
        self._store, self._sign_in, self._secret = store, sign_in, secret
        self._provider = OAuth().register(
            "provider",
            client_cls=_Provider,
            client_id=sign_in.client_id,
            client_secret=sign_in.client_secret,
            server_metadata_url=sign_in.issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": 10},
        )
        self._provider.issuer = sign_in.issuer
        self._used: dict[str, float] = {}

    @property
    def routes(self) -> list[Mount]:
        """Return the routes for the app, with a cookie of their own."""
        inner = SessionMiddleware(
            Router([Route("/start", self.start), Route("/callback", self.come_back)]),
            secret_key=self._secret,
            session_cookie="__Host-monitor_step" if self._sign_in.behind_tls else "monitor_step",
            max_age=STEP_SECONDS,
            # A name that begins so is for the whole host; without TLS the narrower path is left.
            path="/" if self._sign_in.behind_tls else "/oidc",
            same_site="lax",
            https_only=self._sign_in.behind_tls,
        )
        # It would sign by SHA-1, which is given up for signatures.
        inner.signer = TimestampSigner(self._secret, digest_method=hashlib.sha256)

        async def apart(scope: Scope, receive: Receive, send: Send) -> None:
            # Streamlit keeps a session of the same kind in the scope, and would write ours into its cookie.
            await inner(dict(scope), receive, send)

        return [Mount("/oidc", app=apart)]

    async def start(self, request: Request) -> Response:
        """Send the browser to the provider."""
        request.session.clear()
        request.session["next"] = local_path(request.query_params.get("next", ""))
        try:
            answer: Response = await self._provider.authorize_redirect(request, self._callback(request))
        except Exception as problem:  # whatever another server answers, the person gets one sentence
            return self._refused(request, problem)
        return answer

    async def come_back(self, request: Request) -> Response:
        """Sign in whom the provider has sent back, once everything about it has been checked."""
        wanted = request.session.get("next", "")
        try:
            self._use(request)
            token = await self._provider.authorize_access_token(
                request, claims_options=self._claims_wanted(), leeway=LEEWAY_SECONDS
            )
            person = _person(token)
            subject = f"{self._sign_in.issuer} {person['sub']}"
            agent = agent_of(request.headers.get("user-agent", ""))
            opened = await to_thread.run_sync(
                lambda: signing_in.sign_in_by(
                    self._store(),
                    way=Way.OIDC,
                    subject=subject,
                    name=_name(person),
                    claims=person,
                    agent=agent,
                )
            )
            first = await to_thread.run_sync(lambda: signing_in.needs_first_administrator(self._store()))
        except Exception as problem:
            return self._refused(request, problem)
        request.session.clear()
        return await going_on(
            request, opened, "/first-account" if first else wanted, self._store, self._sign_in
        )

    def _claims_wanted(self) -> Mapping[str, Any]:
        return {
            "iss": {"essential": True, "value": self._sign_in.issuer},
            # Without this the library takes a token made for others, if it names us as the party that asked for it.
            "aud": {"essential": True, "value": self._sign_in.client_id},
            "sub": {"essential": True},
            "exp": {"essential": True},
        }

    def _callback(self, request: Request) -> str:
        """Return where the provider sends the browser back to: this host, which is one of those allowed."""
        host = request.url.hostname or ""
        if host in LOOPBACK:
            return f"http://{f'[{host}]' if ':' in host else host}:{request.scope['server'][1]}/oidc/callback"
        return f"https://{host}/oidc/callback"

    def _use(self, request: Request) -> None:
        """
        Use up the state that came back.

        Raises:
            OAuthError: for one that this browser did not set out with, or that came back before: then somebody
                has copied both the address and the cookie.
        """
        state, now = request.query_params.get("state", ""), monotonic()
        self._used = {one: until for one, until in self._used.items() if until > now}
        if f"_state_provider_{state}" not in request.session or state in self._used:
            raise OAuthError(error="state")
        self._used[state] = now + STEP_SECONDS

    def _refused(self, request: Request, problem: Exception) -> Response:
        """Return the page that says so, in words of ours: what came back is another's text."""
        request.session.clear()
        _log.warning(json.dumps({"event": "single sign-on refused", "cause": type(problem).__name__}))
        if isinstance(problem, AccessError):
            return problem_page(problem.message)
        if isinstance(problem, httpx.TransportError):
            return problem_page(NOT_REACHED, status=502)
        denied = request.query_params.get("error") == "access_denied"
        return problem_page(NOT_LET_IN if denied else NOT_CHECKED)


def _person(token: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Return what a checked token says of a person.

    Raises:
        OAuthError: where there was no such token, or it names nobody.
    """
    # The library puts it there from the signed token. Without one it would be the answer's own word, which nobody signed.
    person: Mapping[str, Any] = token.get("userinfo", {}) if "id_token" in token else {}
    if not isinstance(person.get("sub"), str) or not person["sub"]:
        raise OAuthError(error="subject")
    return person


def _name(person: Mapping[str, Any]) -> str:
    found = (person.get(claim) for claim in ("name", "preferred_username"))
    return next((name for name in found if isinstance(name, str) and name.strip()), "")
