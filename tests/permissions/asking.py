"""A cell of the matrix as a request to the product: in process, as the web's role, rolled back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from accounts import middleware
from accounts.actor import Actor
from accounts.exports import EXCEL_TYPE
from footprint.calculation.models import Footprint
from footprint.inventory.models import AllocationShare, Exchange, OutputPrice
from tests.house.test_gates import API_THINGS
from tests.permissions.bodies import API, PAGES, QUERIES
from tests.permissions.policy import COMPARING, Answer, Cell, members, rows, rule
from tests.permissions.world import INNER, PRICE, SHOWN, World

WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(?!django_session|accounts_audit|accounts_user)')
UUID = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
CHANGING = re.compile(rb'nonce="[^"]*"|name="csrf[a-z-]*" (?:value|content)="[^"]*"')

TOLD_APART = {
    r"\b(submissions|threads)/|^(api/v1/)?evidence/": "submission_readers",
    r"\b(verifications|sampled-lines|findings)/": "verification_readers",
    r"^(notifications/.*|api/v1/notifications/.*|home/.*|)$": "told",
}
"""Where others than the company's own people read its words, and who."""
MOVING = ("/moves/", "/judgement/")
"""Addresses of REST that move a thing on, from a version of it."""
INSTEAD = {
    "partner-connections/{uuid}/approve/": {"uuid": "asked"},
    "exchanges/{uuid}/prices/": {"uuid": "priced"},
    "workbook-uploads/{uuid}/cancel/": {"uuid": "being_stored"},
    "workbooks/{upload_uuid}/cancel/": {"upload": "being_stored"},
}
"""Addresses that ask for another thing of the world than its sort's first one."""
EMPTIED = ("api/v1/unit-processes/{uuid}/", "DELETE")
"""Only a process without lines can be removed."""
CODES = {"product-": "ethylene", "gases": "CO2", "method": "iso-14067-2018", "categories": "ethylene"}


@dataclass(frozen=True)
class Reply:
    """What came back, and whether a row was written on the way."""

    response: HttpResponse
    content: bytes
    wrote: bool

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def shape(self) -> tuple[int, bytes, str]:
        """What an onlooker can tell two refusals apart by."""
        body = CHANGING.sub(b"", UUID.sub(b"-", self.content))
        return self.status, body, self.response.headers.get("Content-Type", "")


def ask(world: World, cell: Cell, *, state: str = "") -> Reply:
    """Put the question and take back whatever it did; ``state`` asks for other things than the cell's."""
    things = world.things(state or cell.state)
    path = path_of(cell.route, things, world)
    with transaction.atomic():
        if (cell.route, cell.what) == EMPTIED:
            _empty(things["process"])
        with _watched() as written:
            response = _send(world, cell, things, path)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return Reply(response, content, bool(written))


def _empty(process: Any) -> None:
    Footprint.objects.filter(process__uuid=process).delete()
    AllocationShare.objects.filter(process__uuid=process).delete()
    OutputPrice.objects.filter(exchange__process__uuid=process).delete()
    Exchange.objects.filter(process__uuid=process).delete()


def path_of(route: str, things: dict[str, Any], world: World) -> str:
    """The address with its parts filled in."""
    resource = re.match(r"api/v1/([a-z-]+)/{uuid}", route)
    parts = {name.removesuffix("_uuid"): value for name, value in things.items()}
    parts |= {"uuid": things[API_THINGS[resource[1]]]} if resource else {}
    for place, instead in INSTEAD.items():
        if place in route:
            parts |= {name: things[thing] for name, thing in instead.items()} | {"year": 2025}
    if "share/{company_uuid}" in route:
        parts["company"] = world.recipient.uuid
    code = next((code for part, code in CODES.items() if part in route), "")
    named = {f"{name}_uuid": value for name, value in parts.items()} | parts | {"language": "zh"}
    filled = re.sub(
        r"{(\w+)}", lambda part: str(named.get(part[1], code if part[1] == "code" else "x")), route
    )
    return "/" + filled + QUERIES.get(route, "").format(**things)


@contextmanager
def knowing_askers(world: World) -> Iterator[None]:
    """Who an asker is, is asked of the product once and not before each of thousands of cells.

    Nothing that was asked stays, so nobody's roles change meanwhile. Not for mutants: theirs do.
    """
    known: dict[str, Actor] = {}
    honest = middleware.actor_of
    sessions = {
        asker.client.cookies[settings.SESSION_COOKIE_NAME].value: name
        for name, asker in world.askers.items()
        if settings.SESSION_COOKIE_NAME in asker.client.cookies
    }
    by_token = {asker.token: name for name, asker in world.askers.items() if asker.token}

    def actor_of(request: HttpRequest) -> Actor:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        name = by_token.get(token) or ("" if token else sessions.get(key, ""))
        if name not in known:
            found = honest(request)
            if not name or not found.is_known:
                return found
            known[name] = found
        return known[name]

    with patch.object(middleware, "actor_of", actor_of):
        yield


@contextmanager
def _watched() -> Iterator[list[str]]:
    """The statements that write rows."""
    written: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if WRITE.match(sql):
            written.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield written


def _send(world: World, cell: Cell, things: dict[str, Any], path: str) -> HttpResponse:
    asker, key = world.askers[cell.asker], (cell.route, cell.what)
    client = asker.come_in()
    headers = {"Authorization": f"Bearer {asker.token}"} if asker.is_machine else {}
    if cell.route.startswith("api/"):
        if cell.method in ("PUT", "PATCH", "DELETE") or cell.route.endswith(MOVING):
            headers["If-Match"] = world.tag_of(path_of(cell.route, world.things(cell.state), world))
        given = API[key](world, things) if key in API else ""
        if isinstance(given, bytes):
            sort = EXCEL_TYPE if cell.route.endswith(("workbook/", "sheet/")) else "application/octet-stream"
            return client.generic(cell.method, path, given, content_type=sort, headers=headers)
        body = json.dumps(given, default=str) if given else ""
        return client.generic(cell.method, path, body, content_type="application/json", headers=headers)
    if cell.method == "POST":
        return client.post(path, PAGES[key](world, things) if key in PAGES else {}, headers=headers)
    return client.get(path, headers=headers)


def answer_of(reply: Reply, *, hidden_by: tuple[int, ...] = (404,)) -> Answer | None:
    """What a reply comes to; nothing when it is none of the answers the policy knows."""
    status = reply.status
    if status == 401 or (status in (301, 302, 303) and _to_login(reply)):
        return Answer.LOGIN
    if status in hidden_by:
        return Answer.HIDDEN
    if status < 400:
        return Answer.DONE
    return {403: Answer.DENIED, 405: Answer.NO_METHOD}.get(status)


def _to_login(reply: Reply) -> bool:
    return str(reply.response.headers.get("Location", "")).startswith(resolve_url(settings.LOGIN_URL))


def fault(world: World, cell: Cell) -> str:
    """What is wrong with the product's answer to a cell; nothing when it is as the policy says."""
    reply = ask(world, cell)
    written = rows()[cell.route].get(cell.what)
    asked = rule(written, cell.state) if written else None
    # what is named in the body is refused with the body, or before anybody looks into it
    is_body = asked is not None and asked.in_body and cell.expected is Answer.HIDDEN
    got = answer_of(reply, hidden_by=(400, 403, 422) if is_body else (404,))
    if leaked := leak(reply, cell):
        return f"{cell}: told {leaked}"
    if cell.expected is Answer.OPEN:
        return "" if reply.status < 500 else f"{cell}: {reply.status}"
    if cell.expected is Answer.NO_METHOD and not cell.route.startswith("api/"):
        return _as_get(world, cell, got)
    if got is not cell.expected:
        return f"{cell}: {cell.expected}, but {reply.status}"
    if got is Answer.DONE and asked and asked.writes and cell.method != "GET" and not reply.wrote:
        return f"{cell}: done, but nothing was written"
    if got is Answer.HIDDEN and cell.asker in COMPARING:
        nowhere = ask(world, cell, state="random").shape
        return "" if nowhere == reply.shape else f"{cell}: {reply.shape} tells it from nothing, {nowhere}"
    return ""


def _as_get(world: World, cell: Cell, got: Answer | None) -> str:
    """A page without a form answers a POST as it answers a GET, or not at all."""
    if got is Answer.NO_METHOD:
        return ""
    as_get = answer_of(ask(world, Cell(cell.route, "GET", cell.asker, cell.state, cell.expected)))
    return "" if got is as_get else f"{cell}: {got} unlike GET: {as_get}"


def leak(reply: Reply, cell: Cell) -> str:
    """A word of the company in the reply to somebody who may not know it."""
    apart = next((who for place, who in TOLD_APART.items() if re.search(place, cell.route)), "")
    told = {INNER: apart or "insiders", PRICE: "price_readers"}
    for word, who in told.items():
        if word.encode() in reply.content and cell.asker not in members(who, cell.state):
            return word
    known = members("insiders", cell.state) | members("partners", "opened")
    known |= members(apart, cell.state) if apart else frozenset()
    return SHOWN if SHOWN.encode() in reply.content and cell.asker not in known else ""
