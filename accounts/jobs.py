"""Work that waits for a free worker: who is at it, and how far it is while its transaction is open."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from accounts.visibility import WORKER_ROLE

Tell = Callable[[str, list[str | int]], int]
Progress = Callable[[int, int], None]


class TakenBack(Exception):
    """Somebody cancelled it while it ran; whoever runs it gives up and leaves nothing behind."""


@contextmanager
def claimed(lock: int, job_id: int) -> Iterator[bool]:
    """A lock that dies with the connection: a killed worker leaves the job to the next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [lock, job_id % 2**31])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [lock, job_id % 2**31])


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing is searched for garbage meanwhile: every search would look at the many rows that are kept."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@contextmanager
def aside() -> Iterator[Tell]:
    """A connection of its own for what shall be seen at once, as the worker; telling counts the rows."""
    other = connection.copy()

    def tell(statement: str, values: list[str | int]) -> int:
        with other.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)

    try:
        tell("SELECT set_config('role', %s, false)", [WORKER_ROLE])
        yield tell
    finally:
        other.close()


@contextmanager
def announcing(statement: str, job_id: int, *, every: float) -> Iterator[Progress]:
    """How far a job is, said at most once in so many seconds, while its transaction is open.

    The statement takes a number of steps and the job, and finds its row while it may go on. What it meets
    there is how a job learns that it was cancelled: ``TakenBack``.
    """
    last = 0.0

    def progress(done: int, _all: int) -> None:
        nonlocal last
        if time.monotonic() - last < every:
            return
        last = time.monotonic()
        if not tell(statement, [done, job_id]):
            raise TakenBack

    with aside() as tell:
        yield progress
