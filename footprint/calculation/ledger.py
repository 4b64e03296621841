"""The recompute ledger: from marks to settled keys, whatever dies on the way.

PostgreSQL holds the truth about what is stale. A drain claims the ledger by a session advisory lock (it dies
with the connection, so a killed worker strands nothing), reads marks and inputs in one REPEATABLE READ
snapshot, writes results, and deletes exactly the marks it read, in the same transaction. Celery only wakes.

Some kinds may wait: they are settled when no figure is due, and under a lock of their own, so that a figure
that changes meanwhile is settled by the next worker.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from celery import current_app
from django.db import OperationalError, connection, transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.actor import Actor
from accounts.arrays import among
from accounts.visibility import WORKER_ROLE, acting_as
from footprint.calculation.models import RecomputeFailure, RecomputeMark

logger = logging.getLogger(__name__)

DRAIN_TASK = "footprint.calculation.drain"
RETRY_TASK = "footprint.calculation.retry"
PROCESS = "process"
CELL = "benchmark"
LOCK = 0x70CF
WAITING_LOCK = 0x70D0
# a frozen worker loses its connection, and with it the lock, after this long
FROZEN_SECONDS = 15
BATCH = 20_000
SERIALIZATION_RETRIES = 20
PAUSE_SECONDS = 0.1

Settle = Callable[[list[int], int], None]
_settlers: dict[str, Settle] = {}
_waiting: dict[str, Settle] = {}
_paths: list[str] = []


@dataclass(frozen=True)
class Drained:
    """What one drain did: keys settled, keys that broke, and keys settled of kinds that may wait."""

    settled: int = 0
    broken: int = 0
    later: int = 0

    def __add__(self, other: Drained) -> Drained:
        return Drained(self.settled + other.settled, self.broken + other.broken, self.later + other.later)


def register(kind: str, path: str, *, waits: bool = False) -> None:
    """Name the function that settles keys of a kind; kinds are drained in order of registration.

    Every command registers and few drain, so the function is named by its dotted path; `prepare` loads it,
    with all it calculates with. ``settle(keys, gen)`` runs inside the snapshot and writes results; it does
    not touch marks. A kind that ``waits`` is settled as a whole, whatever the keys, when nothing else is due.
    """

    def settle(keys: list[int], gen: int) -> None:
        import_string(path)(keys, gen)

    (_waiting if waits else _settlers)[kind] = settle
    _paths.append(path)


def wake() -> None:
    """After commit, tell the workers there is something to do.

    Nothing depends on it: a lost message is made good by the clock, and a dead broker costs the request a
    fraction of a second, never its success.
    """

    def send() -> None:
        current_app.send_task(DRAIN_TASK, ignore_result=True, retry=False)

    transaction.on_commit(send, robust=True)


@cache
def prepare() -> None:
    """Load what settles and compile the engine, once in a process and before it forks.

    At first that takes longer than a frozen worker is given.
    """
    from footprint.engine.warming import warm  # a compiler comes with it, which only workers need

    warm()
    for path in _paths:
        import_string(path)


def drain() -> Drained:
    """Settle every due key. Passes over what another drain is at work on."""
    total = Drained()
    while True:
        done = _figures() + _later()
        if done == Drained():
            return total
        total += done


def finish(*, figures: bool = False) -> Drained:
    """Until nothing is due, or no figure: settle what is free, and wait for who works on the rest."""
    total = Drained()
    while (_due().filter(kind__in=_settlers) if figures else _due()).exists():
        done = _figures() if figures else drain()
        if done == Drained():
            time.sleep(PAUSE_SECONDS)
        total += done
    return total


def _figures() -> Drained:
    """Everything that does not wait."""
    if not _due().filter(kind__in=_settlers).exists():
        return Drained()
    prepare()
    with _claimed(LOCK) as mine:
        return _drain_claimed() if mine else Drained()


def _later() -> Drained:
    """One turn of what waits, unless a figure is due."""
    if not _due().filter(kind__in=_waiting).exists():
        return Drained()
    total = Drained()
    with _claimed(WAITING_LOCK) as mine:
        for kind in _waiting if mine else ():
            if _due().filter(kind__in=_settlers).exists():
                break
            if keys := _due_keys(kind):
                total += _settle_whole(kind, keys)
    return total


def pending() -> int:
    """How many keys wait, quarantined ones included."""
    return RecomputeMark.objects.values("kind", "key").distinct().count()


def retry_quarantined() -> int:
    """Give every broken key another chance now; an operator's action."""
    return RecomputeFailure.objects.all().delete()[0]


def _due() -> Any:
    """Marks that may be worked on: not backing off, unless something changed since the failure."""
    broken = RecomputeFailure.objects.filter(
        Q(attempts__gte=RecomputeFailure.QUARANTINE_AFTER) | Q(not_before__gt=timezone.now())
    )
    newest = RecomputeMark.objects.values("kind", "key").annotate(newest=Max("gen"))
    held = [
        Q(kind=failure.kind, key=failure.key)
        for failure in broken
        if newest.filter(kind=failure.kind, key=failure.key, newest__lte=failure.gen).exists()
    ]
    marks = RecomputeMark.objects.all()
    for condition in held:
        marks = marks.exclude(condition)
    return marks


def _drain_claimed() -> Drained:
    """In turns, so that a steady stream of changed processes does not starve the benchmarks made of them."""
    total = Drained()
    while True:
        turn = Drained()
        for kind in _settlers:
            if keys := _due_keys(kind):
                turn += _settle_or_split(kind, keys)
        if turn == Drained():
            return total
        total += turn


def _due_keys(kind: str) -> list[int]:
    return sorted(set(_due().filter(kind=kind).order_by("gen").values_list("key", flat=True)[:BATCH]))


def _settle_or_split(kind: str, keys: list[int]) -> Drained:
    """Settle the keys together; when that breaks, in halves, so that one bad key blocks no other."""
    try:
        _settle(kind, keys)
    except OperationalError:
        raise  # the connection is gone: nothing was written, the marks stand
    except Exception as error:
        if len(keys) == 1:
            _record_failure(kind, keys[0], error)
            return Drained(broken=1)
        middle = len(keys) // 2
        return _settle_or_split(kind, keys[:middle]) + _settle_or_split(kind, keys[middle:])
    return Drained(settled=len(keys))


def _settle_whole(kind: str, keys: list[int]) -> Drained:
    """Settle the keys together, or none of them: one computation serves all."""
    prepare()
    try:
        _settle(kind, keys)
    except OperationalError:
        raise  # as above
    except Exception as error:
        for key in keys:
            _record_failure(kind, key, error)
        return Drained(broken=len(keys))
    return Drained(later=len(keys))


def _settle(kind: str, keys: list[int]) -> None:
    """Read marks and inputs in one snapshot, write results, delete exactly the marks read."""
    for attempt in range(SERIALIZATION_RETRIES):
        try:
            with snapshot():
                marks = RecomputeMark.objects.filter(among("key", keys), kind=kind)
                read = dict(marks.values_list("gen", "key"))
                if read:
                    (_settlers | _waiting)[kind](sorted(set(read.values())), max(read))
                    RecomputeMark.objects.filter(among("gen", read)).delete()
                    RecomputeFailure.objects.filter(among("key", keys), kind=kind).delete()
                return
        except OperationalError as error:
            if not _is_serialization_failure(error) or attempt == SERIALIZATION_RETRIES - 1:
                raise


def _is_serialization_failure(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in ("40001", "40P01")


def _record_failure(kind: str, key: int, error: Exception) -> None:
    """In a transaction of its own: back off, and after a few attempts leave the key in quarantine."""
    logger.exception("recompute of %s %s failed", kind, key)
    newest = RecomputeMark.objects.filter(kind=kind, key=key).aggregate(newest=Max("gen"))["newest"] or 0
    failure, _created = RecomputeFailure.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={"gen": newest, "not_before": timezone.now(), "last_error": ""},
    )
    attempts = failure.attempts + 1 if failure.gen == newest else 1
    RecomputeFailure.objects.filter(pk=failure.pk).update(
        gen=newest,
        attempts=attempts,
        not_before=timezone.now() + timedelta(seconds=2**attempts),
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


@contextmanager
def snapshot() -> Iterator[None]:
    """One REPEATABLE READ transaction as the worker; inside an outer transaction its isolation holds."""
    if connection.in_atomic_block:
        with acting_as(Actor.worker()):
            yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT set_config('role', %s, true)", [WORKER_ROLE])
        yield


@contextmanager
def _claimed(lock: int) -> Iterator[bool]:
    """A lock of the ledger, taken before any snapshot: an older one could miss what the last drain wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        mine = bool(cursor.fetchone()[0])
        if mine:
            cursor.execute(
                "SELECT set_config('idle_session_timeout', %s, false),"
                " set_config('idle_in_transaction_session_timeout', %s, false)",
                [f"{FROZEN_SECONDS}s", f"{FROZEN_SECONDS}s"],
            )
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])
                cursor.execute("RESET idle_session_timeout; RESET idle_in_transaction_session_timeout")


def oldest() -> Any:
    """When the longest waiting mark was written, or None."""
    first = RecomputeMark.objects.order_by("gen").values(when=F("since")).first()
    return first["when"] if first else None
