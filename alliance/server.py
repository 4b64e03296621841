"""gunicorn's own settings: the same log lines as everywhere, and no traces of processes that are gone."""

from __future__ import annotations

import json
import socket
from typing import Any

from django.conf import settings
from gunicorn import util
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


def refuse_unread(line: socket.socket, status: int, reason: str, message: str) -> None:
    """What is no request that could be read, a line too long among them, refused for programs.

    Nobody knows yet which interface was meant: the body is an error of PACT and a problem of RFC 9457 in one.
    """
    told = {"type": "about:blank", "title": reason, "status": status, "detail": message}
    body = json.dumps({"code": "BadRequest", "message": message or reason, **told}).encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(line, head.encode("latin1") + body)


util.write_error = refuse_unread  # there is no setting for it


def child_exit(server: Any, worker: Any) -> None:
    """A worker process is gone."""
    forget_process(worker.pid)
