"""Every request that somebody's own pages offer (links, forms, htmx), and those the document lists."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.test import Client

LEAVES = re.compile(r"/accounts/logout|/static/|/i18n/")
"""What ends the visit, or belongs to nobody."""
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Request:
    """One request, before anybody bends it."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    body: Any = field(default=None, compare=False)

    @property
    def shape(self) -> tuple[str, str]:
        """Requests of one shape reach one view."""
        return self.method, UUID.sub("*", self.path)


class _Offers(HTMLParser):
    """Collects requests from one page."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base, self.found = base, list[Request]()
        self._form: tuple[str, str] | None = None
        self._fields: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in said:
            self._offer("GET", said["href"])
        for verb in ("get", "post", "put", "delete"):
            if f"hx-{verb}" in said:
                self._offer(verb.upper(), said[f"hx-{verb}"])
        if tag == "form":
            self._form, self._fields = (said.get("method", "get").upper(), said.get("action", "")), []
        elif tag in ("input", "select", "textarea", "button") and self._form and said.get("name"):
            self._fields.append((said["name"], said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form:
            method, action = self._form
            self._offer(method, action, tuple(self._fields))
            self._form = None

    def _offer(self, method: str, address: str, fields: tuple[tuple[str, str], ...] = ()) -> None:
        place = urlsplit(urljoin(self.base, address))
        if place.netloc not in ("", "testserver") or LEAVES.search(place.path) or not place.path:
            return
        query = tuple(parse_qsl(place.query, keep_blank_values=True))
        if method == "GET":
            self.found.append(Request(method, place.path, query + fields))
        else:
            self.found.append(Request(method, place.path, query, fields))


def offered(client: Client, most: int = 400, per_shape: int = 2) -> list[Request]:
    """What a signed-in person can ask for, found by following links from the home page.

    Two of a shape lead to 175 shapes; four, ended at 250 requests, took longer to reach 130.
    """
    waiting, seen, counts = deque([Request("GET", "/")]), set[Request](), dict[tuple[str, str], int]()
    found: list[Request] = []
    while waiting and len(found) < most:
        request = waiting.popleft()
        if request in seen or counts.get(request.shape, 0) >= per_shape:
            continue
        seen.add(request)
        counts[request.shape] = counts.get(request.shape, 0) + 1
        found.append(request)
        if request.method != "GET":
            continue
        answer = client.get(request.path, dict(request.query))
        if answer.status_code == 200 and "html" in answer.headers.get("Content-Type", ""):
            page = _Offers(request.path)
            page.feed(answer.content.decode())
            waiting.extend(page.found)
        elif answer.status_code in (301, 302):
            waiting.append(Request("GET", urlsplit(answer.headers["Location"]).path))
    return found


def documented(document: dict[str, Any], ids: list[str]) -> Iterator[Request]:
    """Every operation of the interface, at every one of these identifiers, with the fields of its body."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method not in ("get", "post", "put", "patch", "delete"):
                continue
            query = tuple(
                (parameter["name"], "")
                for parameter in operation.get("parameters", [])
                if parameter["in"] == "query"
            )
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            body = content and _properties(document, content["schema"])
            for uuid in ids if "{" in path else ids[:1]:
                place = path.replace("{year}", "2025")
                yield Request(method.upper(), re.sub(r"{\w+}", uuid, place), query, body=body)


def _properties(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The fields of an object and what each may hold, one reference deep."""
    return {
        name: _followed(document, one)
        for name, one in _followed(document, schema).get("properties", {}).items()
    }


def _followed(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    for part in (schema, *schema.get("allOf", ()), *schema.get("oneOf", ())):
        if "$ref" in part:
            found: dict[str, Any] = document["components"]["schemas"][part["$ref"].rpartition("/")[2]]
            return found
    return schema


def listed(document: dict[str, Any], client: Client) -> dict[str, list[str]]:
    """The identifiers that lists of the interface tell somebody, by resource."""
    found: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        if "get" not in operations or "{" in path:
            continue
        answer = client.get(path)
        if answer.status_code == 200 and answer.headers["Content-Type"] == "application/json":
            told = answer.json()
            rows = told.get("results", []) if isinstance(told, dict) else []
            found.setdefault(resource(path), []).extend(row["uuid"] for row in rows if "uuid" in row)
    return {name: ids for name, ids in found.items() if ids}


def resource(path: str) -> str:
    """What an address of the interface is about, as ``products``; of a page nothing."""
    steps = path.split("/")
    return steps[3] if path.startswith("/api/") and len(steps) > 3 else ""
