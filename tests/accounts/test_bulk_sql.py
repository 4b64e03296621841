"""Rows added by COPY meet what every other row meets: policies, the ledger's marks, the audit log."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.bulk_sql import Behind, add_rows, insert_rows
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory.models import Exchange, Product, UnitProcess
from tests import builders as new
from tests.servers import wait_until

pytestmark = pytest.mark.django_db


def emission(process: UnitProcess, position: int) -> Exchange:
    return Exchange(
        company_id=process.company_id, process=process, position=position, direction="output",
        kind="elementary", gas="CO2", amount="1e-21", unit="kg", comment="a\tb\n\\.",
    )  # fmt: skip


def count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def test_rows_are_written_in_their_order_marked_and_recorded() -> None:
    process = new.process(new.inventory(new.site(new.company())))
    count_marks = "SELECT count(*) FROM calculation_recomputemark WHERE kind = 'process'"
    count_entries = "SELECT count(*) FROM accounts_auditpending WHERE subject = 'inventory_exchange'"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM calculation_recomputemark")
    before = count(count_entries)
    rows = [emission(process, place) for place in range(3)]
    with acting_as(new.actor(process.company, Role.OWNER)):
        insert_rows(rows)
    stored = list(Exchange.objects.order_by("pk"))
    assert [(line.uuid, line.position) for line in stored] == [(row.uuid, row.position) for row in rows]
    assert (stored[0].amount, stored[0].comment) == (Decimal("1e-21"), "a\tb\n\\.")
    assert (stored[0].product_id, stored[0].data_type, stored[0].version) == (None, "measured", 1)
    assert count(count_marks) == 1
    assert count(count_entries) == before + 1


def test_a_strangers_row_is_refused() -> None:
    process = new.process(new.inventory(new.site(new.company())))
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        acting_as(new.actor(new.company("outsider"), Role.OWNER)),
    ):
        insert_rows([emission(process, 0)])
    assert not Exchange.objects.exists()


def test_a_row_takes_the_place_of_the_one_with_its_key() -> None:
    company, now = new.company(), timezone.now()
    kept = new.product(company, "steam", "GJ")
    rows = [
        Product(
            company=company, code="steam", unit="t", created_at=now, conversions={"MJ": "2800", "说明": None}
        ),
        Product(company=company, code="water", unit="t", created_at=now),
    ]
    with acting_as(new.actor(company, Role.OWNER)):
        insert_rows(rows, key=("company_id", "code"))
    steam, water = Product.objects.filter(company=company).order_by("code")
    assert (steam.pk, steam.unit, steam.conversions) == (kept.pk, "t", {"MJ": "2800", "说明": None})
    assert water.uuid == rows[1].uuid


def test_nothing_is_nothing() -> None:
    insert_rows([])
    add_rows("inventory_exchange", ("unit",), ())
    assert not Exchange.objects.exists()


def test_a_session_whose_process_freezes_meanwhile_is_idle() -> None:
    """So that the server ends it in time; it does not end one that it thinks will say more."""
    process = new.process(new.inventory(new.site(new.company())))
    session = count("SELECT pg_backend_pid()")
    other = connection.copy()

    def is_idle() -> bool:
        with other.cursor() as cursor:
            cursor.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", [session])
            return bool(cursor.fetchone() == ("idle in transaction",))

    try:
        with acting_as(new.actor(process.company, Role.OWNER)), Behind() as behind:
            behind.insert([emission(process, 0)])
            wait_until(is_idle, "the server idle", seconds=5)
    finally:
        other.close()


def test_an_error_shows_when_the_next_rows_are_sent() -> None:
    process = new.process(new.inventory(new.site(new.company())))
    twice = [emission(process, 0)] * 2
    with pytest.raises(IntegrityError), transaction.atomic(), Behind() as behind:
        behind.insert(twice)
        behind.insert([emission(process, 1)])
    with pytest.raises(ZeroDivisionError), transaction.atomic(), Behind() as behind:
        behind.insert(twice)
        raise ZeroDivisionError
    assert not Exchange.objects.exists()
