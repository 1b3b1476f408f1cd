"""A provider of single sign-on that can lie: it gives whatever token a test wants."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import time
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "monitor"
CLIENT_SECRET = "the secret that only the provider and the server have"

Claims = dict[str, Any]


class Provider:
    """What the provider knows and says. `answer` makes the answer to a code from the claims of an honest token."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.described: dict[str, Any] = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            # What it says it can do is not what we take: "none" and the client's secret are refused all the same.
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
        }
        self.nonce = self.challenge = ""
        self.answer: Callable[[Claims], dict[str, Any]] = self.honest
        self.verified = False

    def claims(self, sub: str = "1001") -> Claims:
        """Return the claims of an honest token."""
        now = int(time())
        return {
            "iss": self.issuer, "sub": sub, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": self.nonce,
            "name": "Ada Reed", "email": "chief@example.org", "roles": ["administrator"],
        }  # fmt: skip

    def signed(self, claims: Claims, key: Any = None, alg: str = "RS256", kid: str = "one") -> str:
        """Return a token."""
        return jwt.encode({"alg": alg, "kid": kid}, claims, key or self.key, algorithms=[alg])

    def honest(self, claims: Claims) -> dict[str, Any]:
        """Return the answer of an honest provider."""
        return {"access_token": "a", "token_type": "Bearer", "id_token": self.signed(claims)}

    def token(self, form: dict[str, list[str]]) -> dict[str, Any]:
        """Return the answer to a code, and note whether the verifier fits the challenge."""
        hashed = hashlib.sha256(form.get("code_verifier", [""])[0].encode()).digest()
        self.verified = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode() == self.challenge
        return self.answer(self.claims())


@contextmanager
def provider() -> Iterator[Provider]:
    """Run a provider on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/jwks"):
                self._say({"keys": [said.key.as_dict(private=False)]})
            else:
                self._say(said.described)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._say(said.token(parse_qs(body)))

        def _say(self, answer: Any) -> None:
            content = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        said = Provider(f"http://127.0.0.1:{server.server_address[1]}")
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield said
        finally:
            server.shutdown()
            thread.join()
