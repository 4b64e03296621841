"""Bends requests that are in order, sends them as somebody else, and reads every byte that comes back."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client

from accounts import middleware
from accounts.actor import Actor
from accounts.queries import actor_of
from tests.canary.harvest import UUID, Request, documented, offered
from tests.canary.world import MARK, NUMBER, World
from tests.permissions.asker import signed_in

WORD = re.compile(rf"{MARK}\d{{5}}\w*")
AMOUNT = re.compile(r"(?<![\w.])(?:\d{1,3}(?:[,\u00a0\u202f ]\d{3}){2,}|\d{9,})(?!\w)")
# what is looked for by its first character costs a hundredth: few texts are worth the looks above
PERHAPS_PLANTED = re.compile(r"[,\u00a0\u202f ]?".join([*str(NUMBER)[:3], *[r"\d"] * 6]))
INSIDE_UUID = re.compile(r"-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-")
STRANGE = ("", "0", "-1", "1e400", "NaN", "../..", "'", '"><b>', "%00", "\u202e", "null", "9" * 40, "*", MARK)
PARAMETERS = ("search", "sort", "order", "page", "year", "company", "product", "process", "format", "basis")
PARAMETERS += (
    "profile",
    "fields",
    "expand",
    "against",
    "limit",
    "cursor",
    "gwp",
    "depth",
    "site",
    "inventory",
)
REST_FOR_A_PAGE = 4
EXTRA_HEADERS = (
    {"HX-Request": "true"},
    {"Accept": "text/csv"},
    {"Accept": "application/json"},
    {"If-None-Match": '"1"'},
    {"If-Match": '"1"'},
    {"Range": "bytes=0-99"},
    {"Accept-Language": "zh-hans"},
    {"X-HTTP-Method-Override": "GET"},
)


@dataclass
class Findings:
    """What came back."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    shapes: set[tuple[str, str]] = field(default_factory=set)
    leaks: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


@dataclass
class Sent:
    """One bent request."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    form: dict[str, str] | None = None
    body: Any = None

    @property
    def text(self) -> str:
        """Everything the attacker said: what comes back of it tells nothing."""
        return json.dumps([self.path, self.query, self.form, self.body], ensure_ascii=False, default=str)


class Fuzz:
    """A seeded stream of requests as one company against another."""

    def __init__(self, world: World, document: dict[str, Any], seed: int) -> None:
        self.world, self.draw, self.findings, self.said = world, random.Random(seed), Findings(), ""
        self.words, self.actors = sorted(world.words), dict[tuple[str, str], Actor]()
        self.clients = {name: _signed_in(user) for name, user in world.people.items() if name != "rival"}
        self.clients["anonymous"] = Client(raise_request_exception=False)
        self.clients["machine"] = Client(
            raise_request_exception=False, headers={"Authorization": f"Bearer {world.token}"}
        )
        theirs = offered(_signed_in(world.people["rival"]))
        own = offered(self.clients["owner"], per_shape=1)  # of the same shapes, with other identifiers
        known = [*theirs, *documented(document, world.rival_ids)]
        by_shape: dict[tuple[str, str], list[Request]] = {}
        for request in [*known, *own, *documented(document, world.own_ids)]:
            by_shape.setdefault(request.shape, []).append(request)
        self.shapes = list(by_shape.values())
        # an answer of the interface costs a quarter of a page: so many of them take as long as the pages do
        self.weights = [REST_FOR_A_PAGE if rows[0].path.startswith("/api/") else 1 for rows in self.shapes]

    def run(self, count: int) -> Findings:
        """Send, in episodes that are rolled back, so that the world stays what it was."""
        with patch.object(middleware, "actor_of", self._actor_of):
            while self.findings.sent < count:
                self.said = ""
                self.actors.clear()
                for client in self.clients.values():
                    client.cookies.pop("messages", None)  # of what was said before, and kept by the browser
                with transaction.atomic():
                    for _ in range(min(25, count - self.findings.sent)):
                        self._one()
                    transaction.set_rollback(True)
        return self.findings

    def _actor_of(self, request: HttpRequest) -> Actor:
        """Who an attacker is, is a quarter of most answers' cost: asked again once something was changed."""
        key = request.headers.get("Authorization", ""), request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if key not in self.actors:
            self.actors[key] = actor_of(request)
        return self.actors[key]

    def _one(self) -> None:
        chosen = self.draw.choice(self.draw.choices(self.shapes, self.weights)[0])
        sent = self._bent(chosen)
        name, client = self.draw.choice(list(self.clients.items()))
        answer = _send(client, sent)
        self.findings.sent += 1
        self.findings.statuses[answer.status_code] += 1
        self.findings.shapes.add(chosen.shape)
        where = f"{name}: {sent.method} {sent.path}?{urlencode(sent.query)} {sent.text[:300]}"
        if sent.method != "GET" and answer.status_code < 400:
            self.actors.clear()
        if answer.status_code >= 500:
            self.findings.broken.append(where)
        self.said += sent.text  # what they stored earlier in the episode is theirs to read
        for leak in leaks(self.world, self.said, answer):
            self.findings.leaks.append(f"{leak} in the answer to {where}")

    def _bent(self, request: Request) -> Sent:
        swap = self.draw.random() < 0.5
        path = UUID.sub(lambda found: self._id() if swap else found[0], request.path)
        query = [(name, self._value(value)) for name, value in request.query if self.draw.random() < 0.8]
        if self.draw.random() < 0.3:
            query.append((self.draw.choice(PARAMETERS), self._value("")))
        headers = dict(self.draw.choice(EXTRA_HEADERS)) if self.draw.random() < 0.3 else {}
        sent = Sent(request.method, path, query, headers)
        if request.form:
            sent.form = {name: self._value(value) for name, value in request.form}
        elif request.body is not None:
            sent.body = self._instance()
            sent.headers |= {"If-Match": '"1"'} if self.draw.random() < 0.9 else {}
        return sent

    def _id(self) -> str:
        pool = self.world.rival_ids if self.draw.random() < 0.8 else self.world.own_ids
        return self.draw.choice(pool)

    def _value(self, as_found: str) -> str:
        luck = self.draw.random()
        if luck < 0.4 and as_found:
            return UUID.sub(lambda _: self._id(), as_found)
        if luck < 0.65:
            return self._id()
        if luck < 0.8:
            return self.draw.choice(self.words)[: self.draw.choice((4, 7, 8))]
        if luck < 0.9:
            return self.draw.choice(("-created_at", "name", "-name", "company__name_zh", "2025", "1", "xlsx"))
        return self.draw.choice(STRANGE)

    def _instance(self) -> Any:
        """Something an interface like this may take: fields by the names that its schemas use."""
        names = ("name_zh", "name_en", "code", "unit", "company", "site", "inventory", "process", "product",
                 "provider_product", "provider_process", "factor_version", "recipient", "amount", "direction",
                 "kind", "year", "levers", "shares", "method", "version", "ends_on")  # fmt: skip
        some = self.draw.sample(names, self.draw.randint(1, len(names)))
        return {name: self._value("") for name in some}


def leaks(world: World, said: str, answer: HttpResponse) -> Iterator[str]:
    """Words, numbers and identifiers of the rival's in an answer, that the question did not name."""
    text = _content(answer) + json.dumps(dict(answer.headers))
    for word in set(WORD.findall(text)):
        if word not in said:
            yield f"the word {word}"
    for number in _amounts(text):
        digits = re.sub(r"\D", "", number)
        if digits.startswith(str(NUMBER)[:3]) and len(digits) >= 9 and digits not in said:
            yield f"the number {number}"
    for uuid in {
        text[found.start() - 8 : found.end() + 12] for found in INSIDE_UUID.finditer(text)
    }.intersection(world.rival_ids):
        if uuid not in said:
            at = text.index(uuid)
            yield f"the identifier {uuid} ({text[max(0, at - 60) : at]})"


def _amounts(text: str) -> list[str]:
    """Large numbers, where one of the planted ones may be; chance writes digits into identifiers, too."""
    return AMOUNT.findall(UUID.sub("*", text)) if PERHAPS_PLANTED.search(text) else []


def _content(answer: HttpResponse) -> str:
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return raw.decode("utf-8", "replace")


def _signed_in(user: Any) -> Client:
    client = signed_in(user)
    client.cookies["django_language"] = "en"
    return client


def _send(client: Client, sent: Sent) -> HttpResponse:
    address = sent.path + ("?" + urlencode(sent.query) if sent.query else "")
    if sent.form is not None:
        content, kind = urlencode(sent.form).encode(), "application/x-www-form-urlencoded"
    else:
        content = b"" if sent.body is None else json.dumps(sent.body).encode()
        kind = "application/json"
    return client.generic(sent.method, address, content, content_type=kind, headers=sent.headers)
