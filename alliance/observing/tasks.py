"""What every task carries and counts: the request it was sent from, how long it took and how it ended."""

from __future__ import annotations

import time
from typing import Any

from celery.signals import (
    before_task_publish,
    task_postrun,
    task_prerun,
    worker_process_shutdown,
    worker_ready,
)
from django.conf import settings
from prometheus_client import start_http_server

from accounts import tracing
from alliance.observing.metrics import TASK, TASKS, forget_process, whole_registry

CARRIED = "request_id"


@before_task_publish.connect
def carry_the_request(headers: dict[str, Any] | None = None, **_: object) -> None:
    """The task is told on which request it was sent."""
    if headers is not None and (request := tracing.current().request):
        headers[CARRIED] = request


@task_prerun.connect
def begin(task_id: str, task: Any, **_: object) -> None:
    """Lines of the log belong to the task now, and to the request behind it."""
    task.request.began = time.perf_counter()
    tracing.begin(request=getattr(task.request, CARRIED, None) or "", task=task_id)


@task_postrun.connect
def finish(task: Any, state: str | None = None, **_: object) -> None:
    """Count it; names of tasks are ours and few."""
    TASK.labels(task.name).observe(time.perf_counter() - task.request.began)
    TASKS.labels(task.name, (state or "unknown").lower()).inc()
    tracing.end()


@worker_ready.connect
def expose(**_: object) -> None:
    """Where web and workers share no directory, the worker answers Prometheus itself, at WORKER_METRICS."""
    host, _colon, port = settings.WORKER_METRICS.rpartition(":")
    if port:
        start_http_server(int(port), addr=host or "127.0.0.1", registry=whole_registry())


@worker_process_shutdown.connect
def forget(pid: int | None = None, **_: object) -> None:
    """A process of the pool is gone."""
    if pid is not None:
        forget_process(pid)
