"""Tampering with the stored chain as the owner of the database could: triggers off, rows replaced."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from accounts import audit_queries
from accounts.audit_chain import genesis
from accounts.models import AuditChain, AuditEntry
from tests.accounts.tampering import Tampering

TABLES = ("entry", "chain", "seal", "leaf", "checkpoint")


@contextmanager
def unguarded() -> Iterator[None]:
    """Nothing forbids anything."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE accounts_audit{table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE accounts_audit{table} ENABLE TRIGGER USER")


def vandalise(chain: AuditChain, tamper: Tampering, chance: random.Random) -> None:
    """Put a tampered history in the place of the stored one, head included."""
    changed = tamper(chain.name, list(audit_queries.stored_entries(chain)), chance)
    head = (changed[-1].position, changed[-1].hash) if changed else (0, genesis(chain.name))
    rows = [
        [
            *(
                chain.company_id,
                one.position,
                one.at,
                one.actor,
                one.request or None,
                one.action,
                one.subject,
            ),
            *([UUID(each) for each in one.about.split(",") if each], one.facts, one.previous, one.hash),
        ]
        for one in changed
    ]
    AuditEntry.objects.filter(company=chain.company_id).delete()
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO accounts_auditentry"
            " (company_id, position, at, actor, request, action, subject, about, facts, previous, hash)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s)",
            rows,
        )
    AuditChain.objects.filter(pk=chain.pk).update(position=head[0], head=head[1])
