"""An OpenID Connect provider on 127.0.0.1: discovery, keys, codes with PKCE, ID tokens, user info."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

KEY_ID = "test-key"
CLIENT_ID, CLIENT_SECRET = "footprints", "known to both sides"


class Provider(ThreadingHTTPServer):
    """Whoever comes to authorize is ``claims``; ``key`` signs, ``published`` is what others verify with.

    ``userinfo`` and ``discovery`` are what those endpoints say instead, ``gives`` what comes for a code,
    ``signs`` how the ID token is signed.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.key = generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, str]] = {}
        self.begin({})
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"

    def begin(self, claims: dict[str, Any]) -> None:
        """Honest again, and somebody comes."""
        self.published, self.claims = self.key, claims
        self.userinfo: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.gives = ("access_token", "id_token")
        self.signs: dict[str, Any] = {"key": self.key, "algorithm": "RS256", "headers": {"kid": KEY_ID}}

    def authorize(self, address: str) -> str:
        """The address a browser is sent back to."""
        asked = {key: value[0] for key, value in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT_ID and asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]})

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        """A code for an ID token, once, to whom can prove that the code was asked for by them."""
        asked = self.codes.pop(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        assert form["client_secret"] == CLIENT_SECRET
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        claims |= self.claims
        signed = jwt.encode(claims, **self.signs)
        tokens = {"access_token": "at", "id_token": signed}
        return {"token_type": "Bearer", "expires_in": 60, **{name: tokens[name] for name in self.gives}}

    def answer(self, path: str) -> dict[str, Any]:
        """What anybody may read."""
        if path == "/keys":
            return {"keys": [_jwk(self.published)]}
        if path == "/userinfo":
            return {**self.claims, **self.userinfo}
        own = {"authorization_endpoint": "authorize", "token_endpoint": "token"}
        own |= {"jwks_uri": "keys", "userinfo_endpoint": "userinfo"}
        places = {name: f"{self.issuer}/{path}" for name, path in own.items()}
        methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
        return {"issuer": self.issuer, **places, **methods, **self.discovery}


class Door(BaseHTTPRequestHandler):
    """HTTP around it."""

    server: Provider

    def do_GET(self) -> None:
        self._say(self.server.answer(self.path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._say(self.server.token({key: value[0] for key, value in parse_qs(body).items()}))

    def _say(self, content: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_args: Any) -> None:
        """Quiet."""


def _jwk(key: RSAPrivateKey) -> dict[str, Any]:
    public: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}


@contextmanager
def identity_provider() -> Iterator[Provider]:
    """It runs."""
    provider = Provider()
    thread = threading.Thread(target=provider.serve_forever, daemon=True)
    thread.start()
    yield provider
    provider.shutdown()
    provider.server_close()
