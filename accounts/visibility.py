"""Lock 1 and the key to lock 2.

Every tenant model's queryset answers ``visible_to(actor)`` and every door uses nothing else. ``acting_as``
opens the transaction in which PostgreSQL's row-level security sees the same companies; either lock holds
when the other is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

from django.db import connection, models, transaction
from django.db.models import Q

from accounts.actor import Actor

APP_ROLE = "pcf_app"
WORKER_ROLE = "pcf_worker"

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


def _take(role: str, companies: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('app.companies', %s, true)", [role, companies]
        )


def _held() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role'), coalesce(current_setting('app.companies', true), '')")
        role, companies = cursor.fetchone()
    return role, companies


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """One transaction in which the database, too, knows who is asking.

    The settings are local to the transaction, so a pooled connection never carries them to its next user;
    inside an outer transaction they are put back on leaving. A failure rolls everything back.
    """
    nested = connection.in_atomic_block
    before = _held() if nested else None
    with transaction.atomic():
        _take(
            WORKER_ROLE if actor.is_worker else APP_ROLE,
            ",".join(str(company_id) for company_id in actor.company_ids),
        )
        yield
        if before is not None and not connection.needs_rollback:
            _take(*before)


def rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """The rows of a read-only statement; row-level security applies as to any other."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
