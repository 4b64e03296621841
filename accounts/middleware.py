"""One transaction around the whole request, rendering included, with the tenant set inside it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from accounts import audit, audit_queries, sessions, tracing
from accounts.actor import Actor
from accounts.errors import AWAY
from accounts.problems import problem_reply
from accounts.queries import actor_of
from accounts.visibility import acting_as

logger = logging.getLogger(__name__)

UNTENANTED = ("/healthz", "/static/")
FOR_MACHINES = ("/api/", "/oauth/")
RETRY_SECONDS = "2"


class TenantTransactionMiddleware:
    """Sets ``request.actor`` and runs the rest of the request as that actor.

    ``ATOMIC_REQUESTS`` would cover the view only: the tenant setting would be gone while a template is
    rendered. A reply of 400 or above changes nothing: everything the request wrote is rolled back, and only
    then the audit log is told who was turned away. While the database is away (it restarts, it fails over)
    the reply is 503: try again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside one transaction."""
        if request.path.startswith(UNTENANTED):
            return self.get_response(request)
        request_id = tracing.request_id(tracing.current().request)
        try:
            sessions.keep(request)
            actor = actor_of(request)
            request.actor = actor  # type: ignore[attr-defined]
            tracing.known(actor)
            response = self._answer(request, actor, request_id)
            self._record_afterwards(request, response, actor, request_id)
        except AWAY:
            logger.exception("the database is away")
            return unavailable(request)
        response[tracing.HEADER] = str(request_id)
        return response

    def _answer(self, request: HttpRequest, actor: Actor, request_id: UUID) -> HttpResponse:
        with acting_as(actor, request_id=request_id):
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
                return response
            audit.record_download(request, response, actor)
            if actor.is_known and request.path.startswith("/api/") and (line := audit_queries.head_line()):
                response["X-Audit-Head"] = line
        return response

    def _record_afterwards(
        self, request: HttpRequest, response: HttpResponse, actor: Actor, request_id: UUID
    ) -> None:
        waiting = audit.recorded_afterwards(request, response, actor)
        if waiting:
            with acting_as(actor, request_id=request_id):
                for who, action, target, more in waiting:
                    audit.record(who, action, target, **more)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A view that lost the database on the way answers 503, too."""
        if not isinstance(exception, AWAY):
            return None
        logger.error("the database went away", exc_info=exception)
        return unavailable(request)


def broken(request: HttpRequest) -> HttpResponse:
    """What is answered where no view failed but what stands around it; Django's ``handler500``.

    What stands inside the transaction asks the database, too, and so does the session outside of it.
    """
    error = sys.exception()
    if isinstance(error, AWAY):
        return unavailable(request)
    if isinstance(error, Exception) and request.path.startswith(FOR_MACHINES):
        return problem_reply(request, error)
    return server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 with the time to wait: as a problem (RFC 9457) for machines, as a page for people."""
    reply: HttpResponse
    if request.path.startswith(FOR_MACHINES):
        problem = {
            "type": "about:blank",
            "title": "Service unavailable",
            "status": 503,
            "detail": "The database is away for a moment. Repeat the request.",
            "instance": request.path,
        }
        reply = JsonResponse(problem, status=503, content_type="application/problem+json")
    else:
        reply = HttpResponse(render_to_string("503.html"), status=503)
    reply["Retry-After"] = RETRY_SECONDS
    return reply
