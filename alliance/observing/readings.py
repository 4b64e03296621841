"""How the platform stands: read from the database, the broker and the disk when somebody asks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from accounts.models import AuditCheckpoint
from accounts.visibility import rows
from alliance.runtime.vault import Copy
from footprint.calculation.models import RecomputeFailure, RecomputeMark

QUEUE = "celery"
QUARANTINED = RecomputeFailure.QUARANTINE_AFTER


@dataclass(frozen=True)
class Ledger:
    """What waits for recomputation: keys by kind, since when, and how many broke."""

    waiting: dict[str, int]
    oldest: datetime | None
    backing_off: int
    quarantined: int


@dataclass(frozen=True)
class Deliveries:
    """Events on their way to partners, or to webhooks: how many, since when, due since when, given up."""

    receiver: str
    queued: int
    oldest: datetime | None
    due: datetime | None
    dead: int


@dataclass(frozen=True)
class Archive:
    """The database's own account of archiving its log; never on where backups are not ours."""

    is_on: bool
    last_at: datetime | None
    is_failing: bool


def ledger() -> Ledger:
    """Marks and failures name processes by number, no tenant's rows."""
    kinds = RecomputeMark.objects.values_list("kind").annotate(keys=Count("key", distinct=True))
    failures = RecomputeFailure.objects.all()
    return Ledger(
        waiting=dict(kinds.order_by("kind")),
        oldest=RecomputeMark.objects.aggregate(oldest=Min("since"))["oldest"],
        backing_off=failures.filter(attempts__lt=QUARANTINED).count(),
        quarantined=failures.filter(attempts__gte=QUARANTINED).count(),
    )


def deliveries() -> list[Deliveries]:
    """To partners, then to webhooks; numbers of all tenants' rows, by a function that tells nothing else."""
    asked = "SELECT receiver, queued, oldest, due, dead FROM partners_deliveries_standing()"
    return [Deliveries(*row) for row in rows(asked, [])]


def freshness() -> dict[str, int]:
    """Footprints of the whole platform by freshness, in the same way."""
    return dict(rows("SELECT freshness, footprints FROM calculation_freshness()", []))


def archive() -> Archive:
    """Whether what is written reaches the archive."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('archive_mode') <> 'off', last_archived_time,"
            " coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)"
            " FROM pg_stat_archiver"
        )
        return Archive(*cursor.fetchone())


def server_version() -> str:
    """Which PostgreSQL answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        return str(cursor.fetchone()[0])


def queue_length() -> int | None:
    """Tasks that wait at the broker; None while it is away."""
    patience = settings.BROKER_SECONDS
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=patience, socket_connect_timeout=patience
        ) as server:
            return int(server.llen(QUEUE))
    except redis.RedisError:
        return None


def checkpoint_at() -> datetime | None:
    """When the audit log was last signed."""
    return AuditCheckpoint.objects.order_by("-pk").values_list("at", flat=True).first()


def backups() -> list[Copy]:
    """Finished backups that can be seen from here, the latest first."""
    return settings.VAULT.copies()[::-1]


def free_share() -> float:
    """Which part of the disk with the data directory is free."""
    place = next(one for one in (settings.DATA_DIR, *settings.DATA_DIR.parents) if one.exists())
    usage = shutil.disk_usage(place)
    return usage.free / usage.total


class Readings(Collector):
    """The same as figures for Prometheus; while the database is away it says just that."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read now."""
        try:
            with transaction.atomic():
                found = list(self._of_the_database())
        except DatabaseError:
            yield _gauge("database_up", "Whether the database answers", 0)
        else:
            yield _gauge("database_up", "Whether the database answers", 1)
            yield from found
        length = queue_length()
        yield _gauge("broker_up", "Whether the broker answers", length is not None)
        if length is not None:
            yield _gauge("queue_length", "Tasks that wait at the broker", length)
        yield _gauge("disk_free_ratio", "Free part of the disk with the data directory", free_share())
        if copies := backups():
            yield _gauge("backup_age_seconds", "Since the last backup ended", _age(copies[0].ended_at))
            if at := settings.VAULT.rehearsed_at():
                yield _gauge("backup_rehearsal_age_seconds", "Since a restore was last tried", _age(at))
            yield _gauge("backup_bytes", "Size of the last backup", copies[0].bytes)

    def _of_the_database(self) -> Iterator[GaugeMetricFamily]:
        now, log = ledger(), archive()
        waiting = GaugeMetricFamily("pcf_ledger_waiting", "Keys that wait for recomputation", labels=["kind"])
        for kind, keys in now.waiting.items():
            waiting.add_metric([kind], keys)
        yield waiting
        yield _gauge("ledger_oldest_seconds", "Age of the oldest mark", _age(now.oldest) if now.oldest else 0)
        yield _gauge("ledger_backing_off", "Keys that broke and are tried again", now.backing_off)
        yield _gauge("ledger_quarantined", "Keys that broke too often", now.quarantined)
        yield from _of_the_exchange()
        if at := checkpoint_at():
            yield _gauge("audit_checkpoint_age_seconds", "Since the audit log was signed", _age(at))
        if log.is_on:
            yield _gauge("log_archive_failing", "Whether the log cannot be archived", log.is_failing)


def _of_the_exchange() -> Iterator[GaugeMetricFamily]:
    queued = GaugeMetricFamily("pcf_deliveries_queued", "Events that wait to be delivered", labels=["to"])
    dead = GaugeMetricFamily("pcf_deliveries_dead", "Events whose delivery was given up", labels=["to"])
    oldest = GaugeMetricFamily(
        "pcf_deliveries_oldest_seconds", "Age of the oldest event that waits", labels=["to"]
    )
    overdue = GaugeMetricFamily(
        "pcf_deliveries_overdue_seconds", "How long the next attempt is overdue", labels=["to"]
    )
    for each in deliveries():
        queued.add_metric([each.receiver], each.queued)
        dead.add_metric([each.receiver], each.dead)
        oldest.add_metric([each.receiver], _age(each.oldest) if each.oldest else 0)
        overdue.add_metric([each.receiver], _age(each.due) if each.due else 0)
    fresh = GaugeMetricFamily("pcf_footprints", "Footprints by freshness", labels=["freshness"])
    for state, number in freshness().items():
        fresh.add_metric([state], number)
    yield from (queued, dead, oldest, overdue, fresh)


def _gauge(name: str, says: str, value: Any) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"pcf_{name}", says, value=float(value))


def _age(since: datetime) -> float:
    return max(0.0, (timezone.now() - since).total_seconds())
