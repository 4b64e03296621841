"""How an endpoint under test is asked, and what is kept of every exchange."""

from __future__ import annotations

import base64
import json
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from footprint.partners.conformance.endings import OUT_OF_TIME, Skipped, recordable

Send = Callable[[str, str, bytes, Mapping[str, str]], tuple[int, Mapping[str, str], bytes]]
"""method, url, body, headers -> status, headers, body; status 0 where nothing came back."""
EXCERPT = 2000
MOST_HEADERS = 40
SHORTEST = 8
TOKENS = ("access_token", "refresh_token", "id_token")
TOLD = re.compile(rf'("(?:{"|".join(TOKENS)}|client_secret)"\s*:\s*")((?:[^"\\]|\\.)*)(")')
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
    """What was asked and answered, without secrets; status 0 and the reason where nothing came back."""

    method: str
    url: str
    sent_headers: dict[str, str]
    sent: str
    status: int
    headers: dict[str, str]
    answer: str
    seconds: float


@dataclass
class Endpoint:
    """One host under test: where it is, as whom it is asked, and everything that was said.

    After ``deadline`` (of the monotonic clock) nothing more is asked. ``asks_plainly``: whether requests
    without TLS may leave.
    """

    base_url: str
    client_id: str
    client_secret: str
    send: Send
    version: int = 3
    auth_url: str = ""
    token: str = ""
    token_endpoint: str = ""
    asks_plainly: bool = True
    deadline: float = math.inf
    exchanges: list[Exchange] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.secrets |= _spellings(self.client_secret)

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
        """One exchange with the good token, or another one. Raises Skipped once the time is over."""
        if time.monotonic() > self.deadline:
            raise Skipped(OUT_OF_TIME)
        given = self.token if token is None else token
        sent = {"Accept": "application/json", **({"Authorization": f"Bearer {given}"} if given else {})}
        sent |= headers or {}
        began = time.monotonic()
        status, told, answer = self.send(method, url, body, sent)
        self._keep_quiet_about(answer)
        blanked = {name: "…" if name == "Authorization" else value for name, value in sent.items()}
        self.exchanges.append(
            Exchange(
                method,
                self.hushed(url),
                blanked,
                self.hushed(body.decode(errors="replace")),
                status,
                self._hushed_headers(told),
                self.hushed(answer.decode(errors="replace")),
                round(time.monotonic() - began, 3),
            )
        )
        return Reply(status, told, answer)

    def heard(self, url: str, told: Any) -> None:
        """What the endpoint sent to us of its own accord."""
        self.exchanges.append(Exchange("POST", url, {}, self.hushed(json.dumps(told)), 200, {}, "", 0.0))

    def _keep_quiet_about(self, answer: bytes) -> None:
        found = _json(answer)
        for name in TOKENS:
            if isinstance(found, dict) and isinstance(found.get(name), str):
                self.secrets |= _spellings(found[name])

    def hushed(self, text: str) -> str:
        """Without what lets anybody in, and no longer than an excerpt."""
        quiet = TOLD.sub(r"\1…\3", text)
        for secret in sorted(self.secrets, key=len, reverse=True):
            quiet = quiet.replace(secret, "…")
        return recordable(quiet)[:EXCERPT]

    def _hushed_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        told = [(name, value) for name, value in headers.items() if name.lower() != "set-cookie"]
        return {recordable(name)[:100]: self.hushed(value)[:500] for name, value in told[:MOST_HEADERS]}

    def get_token(self, url: str, client_id: str, secret: str) -> Reply:
        """Client credentials, by Basic."""
        basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        self.secrets |= _spellings(basic)
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


def _spellings(secret: str) -> set[str]:
    """A secret as it may turn up again; what is so short that it is in every text is no secret."""
    return {secret, quote(secret, safe=""), json.dumps(secret)[1:-1]} if len(secret) >= SHORTEST else set()


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
