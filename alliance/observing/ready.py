"""May it be sent requests? The database answers, and it has every migration this code was written for."""

from __future__ import annotations

import time
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse

PATH = "/readyz"
FRESH_SECONDS = 2.0

_last: tuple[float, str] = (float("-inf"), "")


def readyz(request: HttpRequest) -> HttpResponse:
    """200, or 503 with what is missing. The broker is not asked for: nobody's request fails without it."""
    missing = lacking()
    reply = JsonResponse({"ready": not missing, "lacking": missing}, status=503 if missing else 200)
    reply["Cache-Control"] = "no-store"
    return reply


def lacking() -> str:
    """What is missing, asked at most once in `FRESH_SECONDS`; empty when nothing is."""
    global _last
    asked, found = _last
    if time.monotonic() - asked > FRESH_SECONDS:
        found = _lacking()
        _last = (time.monotonic(), found)
    return found


def _lacking() -> str:
    try:
        applied = set(MigrationRecorder.Migration.objects.using(connection.alias).values_list("app", "name"))
        waiting = sorted(_wanted() - applied)
    except DatabaseError as error:
        return f"database: {type(error).__name__}"
    # a database further on than the code is one whose next release is being rolled out: it serves both
    return f"migrations: {len(waiting)} not applied" if waiting else ""


@cache
def _wanted() -> frozenset[tuple[str, str]]:
    """The last migrations of every app, as this code knows them."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())
