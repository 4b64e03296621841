"""gunicorn's own settings: the same log lines as everywhere, and no traces of processes that are gone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from gunicorn.glogging import Logger

from alliance.observing.metrics import forget_process

limit_request_line = 8190
"""The most that gunicorn can be told: a partner may ask for a hundred products by their URNs in one line."""
logconfig_dict = {
    **settings.LOGGING,
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False}},
}


class OwnLines(Logger):  # type: ignore[misc]
    """Without a line for each request: the application says more of it, and nothing of its query string."""

    def access(self, *_request: Any) -> None:
        """Said by ``ObservingMiddleware``."""


logger_class = OwnLines


def child_exit(server: Any, worker: Any) -> None:
    """A worker process is gone."""
    forget_process(worker.pid)
