"""The audit log in tests: what commits at the end of a transaction, brought about within it."""

from __future__ import annotations

from typing import Any

from django.db import connection

from accounts.models import AuditChain, AuditEntry, Company


def settle() -> None:
    """Append to the chains what the open transaction did so far, as its commit would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def entries(of: Company | None, **conditions: Any) -> list[AuditEntry]:
    """The entries of a chain, in order."""
    settle()
    return list(AuditEntry.objects.filter(company=of, **conditions).order_by("position"))


def chain(of: Company | None) -> AuditChain:
    """The chain of a company."""
    settle()
    return AuditChain.objects.get(company=of)
