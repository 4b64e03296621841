"""Triggers that an earlier release made become those of today: one chain, the same words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from accounts import audit_queries
from accounts.audit_chain import Head, verify
from accounts.audited_sql import told_once
from footprint.inventory.models import Exchange
from tests import builders as new
from tests.chains import chain, entries

pytestmark = pytest.mark.django_db
TRIGGERS = """
SELECT pg_get_functiondef(oid), proowner::regrole::text, proacl::text FROM pg_proc
WHERE proname ~ '_audited_(insert|update|delete)$' ORDER BY proname
"""


def triggers() -> list[tuple[str, str, str]]:
    """What records changes of rows, whose it is, and who may call it."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        return list(cursor.fetchall())


def execute(statement: object) -> None:
    """As a migration does."""
    with connection.cursor() as cursor:
        cursor.execute(str(statement))


def change_some() -> list[object]:
    """A line added, changed and removed; which columns the log tells of it, and that its chain holds."""
    company = new.company()
    process = new.process(new.inventory(new.site(company)))
    new.output(process, new.product(company), "1.50")
    Exchange.objects.filter(company=company).update(amount=Decimal("2.750"))
    Exchange.objects.filter(company=company).delete()
    told = entries(company, subject="inventory_exchange")
    one = chain(company)
    assert verify(one.name, audit_queries.stored_entries(one), head=Head(one.position, one.head)) == []
    rows = [row for entry in told for row in entry.facts["rows"]]
    return [{side: row.get(side, {}).keys() for side in ("before", "after")} for row in rows]


def test_former_triggers_and_todays_say_the_same() -> None:
    today, reword = triggers(), told_once()
    execute(reword.reverse_sql)
    former = triggers()
    assert all(old[0] != now[0] and old[1:] == now[1:] for old, now in zip(former, today, strict=True))
    told = change_some()
    execute(reword.sql)
    assert triggers() == today
    assert change_some() == told
    assert len(told) == 3
