"""The rights of the web's database login, which tests have to imitate.

A test's own login owns the tables and may take any role. The web's may not: what a request does as the worker
is refused by the database of a running product, and has to be by the one of the tests.
"""

from __future__ import annotations

import threading
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import ProgrammingError

from accounts import visibility
from accounts.actor import Actor

_asked = threading.local()


def imitate() -> None:
    """From now on nothing becomes the worker while a request is answered."""
    request_started.connect(_begin, dispatch_uid="web login")
    request_finished.connect(_end, dispatch_uid="web login")
    given = visibility._values

    def values(actor: Actor, *more: Any) -> tuple[str, ...]:
        if actor.is_worker and getattr(_asked, "is_answered", False):
            raise ProgrammingError(f'permission denied to set role "{visibility.WORKER_ROLE}"')
        return given(actor, *more)

    visibility._values = values


def _begin(**_: Any) -> None:
    _asked.is_answered = True


def _end(**_: Any) -> None:
    _asked.is_answered = False
