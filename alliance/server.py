"""gunicorn's own settings: the same log lines as everywhere, and no traces of processes that are gone."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from alliance.observing.metrics import forget_process

logconfig_dict = {
    **settings.LOGGING,
    "loggers": {
        name: {"level": "INFO", "handlers": ["stderr"], "propagate": False}
        for name in ("gunicorn.error", "gunicorn.access")
    },
}


def child_exit(server: Any, worker: Any) -> None:
    """A worker process is gone."""
    forget_process(worker.pid)
