"""How an endpoint under test is asked, and what is kept of every exchange."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

Send = Callable[[str, str, bytes, Mapping[str, str]], tuple[int, Mapping[str, str], bytes]]
"""method, url, body, headers -> status, headers, body; status 0 where nothing came back."""
EXCERPT = 2000
CLOUD_EVENT = "application/cloudevents+json; charset=UTF-8"


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def code(self) -> str:
        """PACT's code of an error."""
        found = self.json
        return str(found.get("code", "")) if isinstance(found, dict) else ""

    @property
    def rows(self) -> list[dict[str, Any]] | None:
        """The footprints of a list; None where it is none."""
        found = self.json
        data = found.get("data") if isinstance(found, dict) else None
        return data if isinstance(data, list) and all(isinstance(one, dict) for one in data) else None

    def header(self, name: str) -> str:
        """A header, whatever its case."""
        return next((value for key, value in self.headers.items() if key.lower() == name), "")


@dataclass(frozen=True)
class Exchange:
    """What was asked and answered, without secrets."""

    method: str
    url: str
    sent: str
    status: int
    answer: str
    seconds: float


@dataclass
class Endpoint:
    """One host under test: where it is, as whom it is asked, and everything that was said."""

    base_url: str
    client_id: str
    client_secret: str
    send: Send
    version: int = 3
    auth_url: str = ""
    token: str = ""
    token_endpoint: str = ""
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def list_url(self) -> str:
        """Where footprints are listed."""
        return f"{self.base_url}/{self.version}/footprints"

    @property
    def events_url(self) -> str:
        """Where events are posted."""
        return f"{self.base_url}/{self.version}/events"

    def ask(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
    ) -> Reply:
        """One exchange with the good token, or another one."""
        given = self.token if token is None else token
        sent = {"Accept": "application/json", **({"Authorization": f"Bearer {given}"} if given else {})}
        sent |= headers or {}
        began = time.monotonic()
        status, told, answer = self.send(method, url, body, sent)
        kept = answer[:EXCERPT].decode(errors="replace")
        if isinstance(token_in := _json(answer), dict) and "access_token" in token_in:
            kept = json.dumps({**token_in, "access_token": "…"})
        self.exchanges.append(
            Exchange(
                method, url, body[:EXCERPT].decode(errors="replace"), status, kept, time.monotonic() - began
            )
        )
        return Reply(status, told, answer)

    def get_token(self, url: str, client_id: str, secret: str) -> Reply:
        """Client credentials, by Basic."""
        basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", url, body=b"grant_type=client_credentials", headers=headers, token="")

    def post_event(self, body: Mapping[str, Any], *, token: str | None = None, url: str = "") -> Reply:
        """An event in structured mode."""
        return self.ask(
            "POST",
            url or self.events_url,
            body=json.dumps(body).encode(),
            headers={"Content-Type": CLOUD_EVENT},
            token=token,
        )

    def plain(self, url: str) -> str:
        """The same address without TLS."""
        return urlsplit(url)._replace(scheme="http").geturl()


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
