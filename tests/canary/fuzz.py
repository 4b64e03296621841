"""Bends requests that are in order, sends them as somebody else, and reads every byte that comes back."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
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
from tests.canary.harvest import UUID, Request, documented, listed, offered, resource
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
DATES = ("2025-01-01", "2024-12-31", "2025-13-40")
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
        rival = _signed_in(world.people["rival"])
        theirs = offered(rival)
        own = offered(self.clients["owner"], per_shape=1)  # of the same shapes, with other identifiers
        self.listed = listed(document, rival), listed(document, self.clients["owner"])
        known = [*theirs, *documented(document, world.rival_ids)]
        by_shape: dict[tuple[str, str], list[Request]] = {}
        for request in [*known, *own, *documented(document, world.own_ids)]:
            by_shape.setdefault(request.shape, []).append(request)
        self.doors = list(by_shape.values())
        # an answer of the interface costs a quarter of a page: so many of them take as long as the pages do
        self.weights = [REST_FOR_A_PAGE if _is_rest(rows[0]) else 1 for rows in self.doors]
        self.cookies = {
            name: client.cookies.output(header="", sep=";") for name, client in self.clients.items()
        }

    def run(self, count: int) -> Findings:
        """Send, in episodes that are rolled back, so that the world stays what it was."""
        in_turn = self._in_turn()
        with patch.object(middleware, "actor_of", self._actor_of):
            while self.findings.sent < count:
                self.said = ""
                self.actors.clear()
                for name, client in self.clients.items():  # signed in as at the start, and told nothing yet
                    client.cookies = SimpleCookie(self.cookies[name])
                with transaction.atomic():
                    for _ in range(min(25, count - self.findings.sent)):
                        self._one(next(in_turn))
                    transaction.set_rollback(True)
        return self.findings

    def _in_turn(self) -> Iterator[Request]:
        """Half through all doors in turn, so that none is rare; the others where more fit into the time."""
        while True:
            for door in self.draw.sample(self.doors, len(self.doors)):
                yield self.draw.choice(door)
                yield self.draw.choice(self.draw.choices(self.doors, self.weights)[0])

    def _actor_of(self, request: HttpRequest) -> Actor:
        """Who an attacker is, is a quarter of most answers' cost: asked again once something was changed."""
        key = request.headers.get("Authorization", ""), request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if key not in self.actors:
            self.actors[key] = actor_of(request)
        return self.actors[key]

    def _one(self, chosen: Request) -> None:
        sent = self._bent(chosen)
        # a stranger is turned away at nearly all doors, a machine at every page
        likely = {"anonymous": 1, "machine": 3 if _is_rest(chosen) else 0}
        name = self.draw.choices(list(self.clients), [likely.get(one, 3) for one in self.clients])[0]
        answer = _send(self.clients[name], sent)
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
        query = [
            (name, self._value(value))
            for name, value in request.query
            if self.draw.random() < (0.8 if value else 0.25)  # of many parameters one that is wrong is told
        ]
        if self.draw.random() < 0.3:
            query.append((self.draw.choice(PARAMETERS), self._value("")))
        headers = dict(self.draw.choice(EXTRA_HEADERS)) if self.draw.random() < 0.3 else {}
        sent = Sent(request.method, self._path(request), query, headers)
        if request.form:
            sent.form = {name: self._value(value) for name, value in request.form}
        elif request.body is not None:
            sent.body = self._body(request.body)
            sent.headers |= {"If-Match": '"1"'} if self.draw.random() < 0.9 else {}
        return sent

    def _path(self, request: Request) -> str:
        """Three in ten as found, the others about something else: mostly of the rival's, and of that kind."""
        luck = self.draw.random()
        theirs, own = (ids.get(resource(request.path), []) for ids in self.listed)
        if luck < 0.3:
            return request.path
        if luck < 0.7 and theirs:
            return UUID.sub(lambda _: self.draw.choice(theirs), request.path)
        if luck < 0.8 and own:
            return UUID.sub(lambda _: self.draw.choice(own), request.path)
        return UUID.sub(lambda _: self._id(), request.path)

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

    def _body(self, properties: dict[str, Any]) -> Any:
        """Some of the fields that the document names, with what they may hold more often than not."""
        some = self.draw.sample(sorted(properties), self.draw.randint(0, len(properties)))
        if self.draw.random() < 0.5:
            some = sorted(properties)
        body = {name: self._fitting(properties[name]) for name in some}
        return [body] if self.draw.random() < 0.05 else body

    def _fitting(self, schema: dict[str, Any]) -> Any:
        if self.draw.random() < 0.15:
            return self._value("")
        if options := schema.get("enum"):
            return self.draw.choice(options)
        kind = schema.get("type")
        if kind == "array":
            return [self._fitting(schema.get("items", {})) for _ in range(self.draw.randint(0, 2))]
        if kind in ("integer", "number"):
            return self.draw.choice((0, 1, 2025, 7.5))
        if kind in ("boolean", "object"):
            return self.draw.random() < 0.5 if kind == "boolean" else {}
        if schema.get("format") == "date":
            return self.draw.choice(DATES)
        if schema.get("format") == "decimal":
            return self.draw.choice(("0", "1", "12.5"))
        return self._value("")


def _is_rest(request: Request) -> bool:
    return request.path.startswith("/api/")


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
    return _unpacked(raw).decode("utf-8", "replace")


def _unpacked(raw: bytes) -> bytes:
    """Workbooks, documents and files to take home are read part by part, names of parts included."""
    if not raw.startswith(b"PK\x03\x04"):
        return raw
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        parts = [name.encode() + b"\n" + _unpacked(packed.read(name)) for name in packed.namelist()]
    return b"\n".join(parts)


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
