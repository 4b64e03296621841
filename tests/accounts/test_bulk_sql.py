"""Rows added by COPY meet what every other row meets: policies, the ledger's marks, the audit log."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.bulk_sql import add_rows, insert_rows
from accounts.roles import Role
from accounts.visibility import acting_as
from footprint.inventory.models import Exchange, Product, UnitProcess
from tests import builders as new

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
