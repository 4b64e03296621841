"""Read for long as of one moment, while others go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from accounts.actor import Actor
from accounts.visibility import acting_as


@contextmanager
def one_moment(by: Actor) -> Iterator[None]:
    """Everything as of now, as both locks let this person see it; nothing is written."""
    if connection.in_atomic_block:
        with acting_as(by):
            yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with acting_as(by):
            yield
