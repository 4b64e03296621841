"""Lock 1 and the key to lock 2.

Every tenant model's queryset answers ``visible_to(actor)`` and every door uses nothing else. ``acting_as``
opens the transaction in which PostgreSQL's row-level security sees the same companies; either lock holds
when the other is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Q

from accounts.actor import Actor

APP_ROLE = "pcf_app"
WORKER_ROLE = "pcf_worker"
BENCHMARK_ROLE = "pcf_benchmark"
SETTINGS = (
    "role", "app.companies", "app.audits", "app.watches", "app.actor", "app.request", "app.reviews",
    "app.partner",
)  # fmt: skip
"""What the database is told for the length of a transaction: as whom, for whom, who, and in which request."""

M = TypeVar("M", bound=models.Model)


class TenantQuerySet(models.QuerySet[M]):
    """Rows that belong to a company through a ``company`` column."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows this actor may know about."""
        return self if actor.is_worker else self.filter(self.visibility(actor))

    def visibility(self, actor: Actor) -> Q:
        """The condition of lock 1; a model that is also shared by grant widens it."""
        return Q(company_id__in=actor.company_ids)


TenantManager = models.Manager.from_queryset(TenantQuerySet)


def _take(values: tuple[str, ...]) -> None:
    chosen = ", ".join("set_config(%s, %s, true)" for _ in SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {chosen}",
            [part for pair in zip(SETTINGS, values, strict=True) for part in pair],
        )


def _held() -> tuple[str, ...]:
    chosen = ", ".join("coalesce(current_setting(%s, true), '')" for _ in SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {chosen}", SETTINGS)
        return tuple(cursor.fetchone())


def _values(actor: Actor, request_id: UUID | None, before: tuple[str, ...] | None) -> tuple[str, ...]:
    who, request = actor.signature, str(request_id or "")
    if before is not None:
        # what the platform does on somebody's behalf, inside their transaction, is theirs
        who = before[4] if actor.is_worker and before[4] else who
        request = request or before[5]
    return (
        WORKER_ROLE if actor.is_worker else APP_ROLE,
        ",".join(map(str, actor.company_ids)),
        ",".join(map(str, actor.audited_ids)),
        "yes" if actor.watches else "",
        who,
        request,
        "yes" if actor.reviews else "",
        str(actor.partner_id or ""),
    )


@contextmanager
def acting_as(actor: Actor, *, request_id: UUID | None = None) -> Iterator[None]:
    """One transaction in which the database, too, knows who is asking, and the audit log who acts.

    The settings are local to the transaction, so a pooled connection never carries them to its next user;
    inside an outer transaction they are put back on leaving. A failure rolls everything back.
    """
    nested = connection.in_atomic_block
    before = _held() if nested else None
    with transaction.atomic():
        _take(_values(actor, request_id, before))
        yield
        if before is not None and not connection.needs_rollback:
            _take(before)


@contextmanager
def narrowed_to(role: str) -> Iterator[None]:
    """Within a transaction: a part of the work with fewer rights, whatever it tries; then as before."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        yield
        cursor.execute("SELECT set_config('role', %s, true)", [before])


def rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """The rows of a read-only statement; row-level security applies as to any other."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
