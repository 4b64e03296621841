"""What is counted while the product runs, for Prometheus. No label names a tenant, a person or a thing."""

from __future__ import annotations

import os
from pathlib import Path

# Several processes count into files of one directory, so the library has to know it before it is loaded.
if _shared := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    Path(_shared).mkdir(mode=0o700, parents=True, exist_ok=True)

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import REGISTRY, Collector

SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30)
TASK_SECONDS = (0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 1800)

REQUEST_SECONDS = Histogram(
    "pcf_http_request_seconds", "How long requests took", ["route", "method"], buckets=SECONDS
)
REQUESTS = Counter("pcf_http_requests", "Requests answered", ["route", "method", "status"])
TASK = Histogram("pcf_task_seconds", "How long tasks took", ["task"], buckets=TASK_SECONDS)
TASKS = Counter("pcf_tasks", "Tasks done", ["task", "outcome"])


def whole_registry(*more: Collector) -> CollectorRegistry:
    """Everything that was counted, in every process, and what further collectors read just now."""
    whole = CollectorRegistry()
    if shared := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(whole, path=shared)  # type: ignore[no-untyped-call]
    else:
        whole.register(REGISTRY)
    for collector in more:
        whole.register(collector)
    return whole


def forget_process(pid: int) -> None:
    """A process has ended: what it counted stays, what it said of itself does not."""
    if shared := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        mark_process_dead(pid, path=shared)  # type: ignore[no-untyped-call]
