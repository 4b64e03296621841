"""Indexes of a company or a process alone go where a longer one begins with the same column.

The planner took the shortest for keys of both columns, before it knew how many rows a company has: adding many
lines then read all products of the company for each. Of external identifiers only those that are there are
indexed, for the same reason.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

PROTECT, CASCADE = django.db.models.deletion.PROTECT, django.db.models.deletion.CASCADE
INDEXES = {
    "inventory_exchange_company_id_bfcf48b3": "inventory_exchange (company_id)",
    "inventory_exchange_process_id_eec1c57c": "inventory_exchange (process_id)",
    "inventory_product_company_id_2757a1fd": "inventory_product (company_id)",
    "inventory_unitprocess_company_id_3b21b6c5": "inventory_unitprocess (company_id)",
}
ONCE = models.UniqueConstraint(
    fields=["company", "external_uuid"],
    condition=models.Q(external_uuid__isnull=False),
    name="product_external_uuid_once",
)


def reference(to: str, on_delete: Any, related_name: str) -> models.ForeignKey[Any, Any]:
    """As it is in the model."""
    return models.ForeignKey(db_index=False, on_delete=on_delete, related_name=related_name, to=to)


class Migration(migrations.Migration):
    atomic = False  # readers and writers go on

    dependencies = [("accounts", "0010_ended"), ("inventory", "0017_frozen_price_locks")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    f"CREATE INDEX CONCURRENTLY {name} ON {columns}",
                )
                for name, columns in INDEXES.items()
            ],
            state_operations=[
                migrations.AlterField("exchange", "company", reference("accounts.company", PROTECT, "+")),
                migrations.AlterField(
                    "exchange", "process", reference("inventory.unitprocess", CASCADE, "exchanges")
                ),
                migrations.AlterField(
                    "product", "company", reference("accounts.company", PROTECT, "products")
                ),
                migrations.AlterField(
                    "unitprocess", "company", reference("accounts.company", PROTECT, "unit_processes")
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY product_external_uuid_once"
                    " ON inventory_product (company_id, external_uuid) WHERE external_uuid IS NOT NULL",
                    "DROP INDEX CONCURRENTLY product_external_uuid_once",
                ),
                migrations.RunSQL(
                    "ALTER TABLE inventory_product DROP CONSTRAINT product_external_uuid_in_company",
                    "ALTER TABLE inventory_product ADD CONSTRAINT product_external_uuid_in_company"
                    " UNIQUE (company_id, external_uuid)",
                ),
            ],
            state_operations=[
                migrations.RemoveConstraint("product", "product_external_uuid_in_company"),
                migrations.AddConstraint("product", ONCE),
            ],
        ),
    ]
