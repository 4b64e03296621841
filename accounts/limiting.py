"""Which limits a request counts against, and the answer of who asks too often."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ipaddress import IPv6Address, ip_network

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.addresses import address_of
from accounts.errors import Refusal
from accounts.limits import Count, count, limit_named
from accounts.problems import problem_reply

SAFE = ("GET", "HEAD", "OPTIONS")
MACHINES = ("/api/", "/oauth/")
UPLOADS = re.compile(r"/imports/|/inventories/[^/]+/workbook/")
POSTS = {"/oauth/token/": "token", "/accounts/login/": "login", "/csp/": "report", "/connect/": "connect"}


class TooMany(Refusal):
    """The caller asked more often than the limit allows."""

    code = "too_many_requests"
    status = 429


class LimitMiddleware:
    """Turns away who asks too often, and tells everybody how much is left.

    It stands inside the tenant's transaction, because only there is known who asks; what is counted is
    counted in the broker and stays counted when the transaction is rolled back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Count, then answer or refuse."""
        counts: list[Count] = []
        for name, caller in limits_of(request):
            limit = limit_named(name)
            if limit is not None:
                counts.append(count(limit, caller))
        if not counts:
            return self.get_response(request)
        tightest = min(counts, key=lambda one: (one.is_admitted, one.remaining))
        response = self.get_response(request) if tightest.is_admitted else _refusal(request, tightest)
        response["RateLimit-Policy"] = f"{tightest.limit.most};w={tightest.limit.seconds}"
        response["RateLimit-Limit"] = str(tightest.limit.most)
        response["RateLimit-Remaining"] = str(tightest.remaining)
        response["RateLimit-Reset"] = str(tightest.seconds_left)
        return response


def limits_of(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """The names of the limits a request counts against, and as whose request."""
    writes = request.method not in SAFE
    if writes and (name := POSTS.get(request.path)):
        yield name, place_of(request)
    elif request.path.startswith("/api/"):
        yield "api", caller_of(request)
        if writes:
            yield "api-write", caller_of(request)
    elif writes and UPLOADS.fullmatch(request.path):
        yield "upload", caller_of(request)


def caller_of(request: HttpRequest) -> str:
    """Who asks; of nobody, from where."""
    actor: Actor = getattr(request, "actor", Actor.nobody())
    return actor.signature if actor.is_known else place_of(request)


def place_of(request: HttpRequest) -> str:
    """Where a request comes from, as text; of a socket without an address what the server says of it.

    Of IPv6 the network of 64 bits: that is what one subscriber has, who would else be somebody new each time.
    """
    address = address_of(request)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address or request.META.get("REMOTE_ADDR") or "unknown")


def _refusal(request: HttpRequest, counted: Count) -> HttpResponse:
    message = str(_("At most %(most)d requests in %(seconds)d seconds. Ask again in %(wait)d seconds.")) % {
        "most": counted.limit.most,
        "seconds": counted.limit.seconds,
        "wait": counted.seconds_left,
    }
    response = (
        problem_reply(request, TooMany(message))
        if request.path.startswith(MACHINES)
        else render(request, "429.html", {"reason": message}, status=TooMany.status)
    )
    response["Retry-After"] = str(counted.seconds_left)
    return response
