"""Is it alive? Asked of the parts themselves, without a session, a user or a transaction."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow

import psycopg
import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from alliance.celery import app
from alliance.observing import exposing, ready

PATH = "/healthz"
PATIENCE_SECONDS = 4.0  # of a loaded machine; an answer usually takes some milliseconds
PING_SECONDS = 0.6  # then ask again: a worker that was just starting has not heard the first call
FRESH_SECONDS = 0.5

_probes = ThreadPoolExecutor(max_workers=6, thread_name_prefix="health")
_last: tuple[float, dict[str, str]] = (float("-inf"), {})
_lock = threading.Lock()


class HealthMiddleware:
    """Answers those who watch before anything that needs a session gets in their way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.answers: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {
            PATH: healthz,
            ready.PATH: ready.readyz,
            exposing.PATH: exposing.metrics,
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.answers.get(request.path_info, self.get_response)(request)


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when web, database, broker and a worker are alive; 503 naming those that are not."""
    parts = {"web": "ok", **examine()}
    failing = [part for part, state in parts.items() if state != "ok"]
    reply = JsonResponse({**parts, "failing": failing}, status=503 if failing else 200)
    reply["Cache-Control"] = "no-store"
    return reply


def examine() -> dict[str, str]:
    """The state of each part behind the web server, asked at most once in `FRESH_SECONDS`."""
    global _last
    with _lock:
        asked, states = _last
        if time.monotonic() - asked > FRESH_SECONDS:
            states = _ask()
            _last = (time.monotonic(), states)
        return states


def _ask() -> dict[str, str]:
    probes: dict[str, Callable[..., None]] = {"database": _database, "broker": _broker, "worker": _worker}
    parameters = {"database": (connection.get_connection_params(),)}
    deadline = time.monotonic() + PATIENCE_SECONDS
    answers = {part: _probes.submit(ask, *parameters.get(part, ())) for part, ask in probes.items()}
    return {part: _state(answer, deadline) for part, answer in answers.items()}


def _state(answer: Future[None], deadline: float) -> str:
    try:
        answer.result(timeout=max(0.0, deadline - time.monotonic()))
    except TooSlow:
        answer.cancel()
        return f"no answer within {PATIENCE_SECONDS:g} s"
    except Exception as error:  # whatever a dead part raises is what there is to report
        return f"{type(error).__name__}"
    return "ok"


def _database(parameters: dict[str, object]) -> None:
    keep = {k: v for k, v in parameters.items() if k not in ("cursor_factory", "context")}
    with psycopg.connect(**{**keep, "connect_timeout": 2}) as session:  # type: ignore[arg-type]
        session.execute("SELECT 1")


def _broker() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as server:
        server.ping()


class NoWorker(Exception):
    """No Celery worker answered a ping."""


def _worker() -> None:
    patient = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
    deadline = time.monotonic() + PATIENCE_SECONDS - PING_SECONDS
    with app.connection_for_write(transport_options=patient) as line:
        while not app.control.ping(timeout=PING_SECONDS, limit=1, connection=line):
            if time.monotonic() > deadline:
                raise NoWorker
