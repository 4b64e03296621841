"""Around everything else: an identifier, a line in the log and a count for every request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from accounts import tracing
from alliance.observing.metrics import REQUEST_SECONDS, REQUESTS

logger = logging.getLogger(__name__)
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
UNROUTED = "none"
QUIET = frozenset(("/healthz", "/readyz", "/metrics"))
"""Asked every few seconds; counted, but no line for each."""


class ObservingMiddleware:
    """The outermost one: the identifier is there for whatever goes wrong further in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and say that it was answered."""
        identifier = str(tracing.request_id(request.headers.get(tracing.HEADER, "")))
        tracing.begin(request=identifier)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response[tracing.HEADER] = identifier
            self._tell(request, response.status_code, time.perf_counter() - began)
        finally:
            tracing.end()
        return response

    def _tell(self, request: HttpRequest, status: int, seconds: float) -> None:
        route = _route(request)
        method = request.method if request.method in METHODS else "other"
        REQUEST_SECONDS.labels(route, method).observe(seconds)
        REQUESTS.labels(route, method, str(status)).inc()
        if request.path_info in QUIET or request.path_info.startswith("/static/"):
            return
        facts = {"method": method, "route": route, "path": request.path_info[:300], "status": status}
        logger.info("request", extra={"facts": {**facts, "milliseconds": round(seconds * 1000, 1)}})


def _route(request: HttpRequest) -> str:
    """The name of the address, never the address: that names things, and there are too many."""
    if request.path_info in QUIET:
        return request.path_info[1:]
    match = request.resolver_match
    return (match.view_name or match.route or UNROUTED) if match else UNROUTED
