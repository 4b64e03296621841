"""One transaction around the whole request, rendering included, with the tenant set inside it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.queries import actor_of
from accounts.visibility import acting_as

UNTENANTED = ("/healthz", "/static/")


class TenantTransactionMiddleware:
    """Sets ``request.actor`` and runs the rest of the request as that actor.

    ``ATOMIC_REQUESTS`` would cover the view only: the tenant setting would be gone while a template is
    rendered. A reply of 400 or above changes nothing: everything the request wrote is rolled back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside one transaction."""
        if request.path.startswith(UNTENANTED):
            return self.get_response(request)
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        with acting_as(request.actor):  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response
