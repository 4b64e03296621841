"""The log: one JSON object on a line for each event, tied to its request or task, without secrets."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from accounts import tracing
from alliance.observing.redaction import Redaction


class JsonLines(logging.Formatter):
    """``extra={"facts": {...}}`` adds fields of an event's own."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self.redacted = Redaction(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """The line; a field with nothing in it is left out."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.redacted(record.getMessage()),
            **_trace(),
            **{name: self._safe(name, value) for name, value in getattr(record, "facts", {}).items()},
        }
        if record.exc_info and record.exc_info[0]:
            told["error"] = record.exc_info[0].__name__
            told["traceback"] = self.redacted(self.formatException(record.exc_info))
        return json.dumps({k: v for k, v in told.items() if v not in (None, "", [])}, ensure_ascii=False)

    def _safe(self, name: str, value: Any) -> Any:
        if isinstance(value, int | float):
            return value
        return self.redacted(f"{name}={value}").removeprefix(f"{name}=")


class PlainLines(logging.Formatter):
    """For a person at a terminal; without secrets, too."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self.redacted = Redaction(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """The line, and a traceback below it."""
        return self.redacted(super().format(record))


def _trace() -> dict[str, Any]:
    now = tracing.current()
    return {
        "request": now.request,
        "task": now.task,
        "person": now.person,
        "client": now.client,
        "companies": list(now.companies),
    }


def logging_settings(level: str, style: str, secrets: Iterable[str]) -> dict[str, Any]:
    """For ``LOGGING`` of Django and ``logconfig_dict`` of gunicorn: everything goes to standard error."""
    made = PlainLines if style == "line" else JsonLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": made, "secrets": list(secrets)}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        # it has a line of its own for every request: alliance.observing.requests
        "loggers": {"django.request": {"level": "ERROR"}, "django.server": {"level": "WARNING"}},
    }
