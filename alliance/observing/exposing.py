"""The door for Prometheus: from this machine or with the operators' token; for others it is not there."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from alliance.observing.metrics import whole_registry
from alliance.observing.readings import Readings

PATH = "/metrics"
LOOPBACK = frozenset(("127.0.0.1", "::1"))
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


def metrics(request: HttpRequest) -> HttpResponse:
    """Everything that is counted and read, as text."""
    if not may_read(request):
        return HttpResponseNotFound()
    reply = HttpResponse(generate_latest(whole_registry(Readings())), content_type=CONTENT_TYPE_LATEST)
    reply["Cache-Control"] = "no-store"
    return reply


def may_read(request: HttpRequest) -> bool:
    """With the token where one is set; else from this machine, unless a proxy passed it on."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")
    passed_on = any(name in request.headers for name in FORWARDED)
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not passed_on
