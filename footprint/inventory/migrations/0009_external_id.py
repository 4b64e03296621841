"""The key by which a company's own system knows a line; no two lines of a company share one."""

from django.db import migrations, models
from django.db.models import Q

ONCE = models.UniqueConstraint(
    fields=["company", "external_id"], condition=~Q(external_id=""), name="exchange_external_id_in_company"
)


class Migration(migrations.Migration):
    atomic = False  # the index is built beside the writers

    dependencies = [("inventory", "0008_cn_codes")]

    operations = [
        migrations.AddField(
            model_name="exchange",
            name="external_id",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=120, verbose_name="external key"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY exchange_external_id_in_company"
                    " ON inventory_exchange (company_id, external_id) WHERE NOT (external_id = '')",
                    "DROP INDEX CONCURRENTLY exchange_external_id_in_company",
                )
            ],
            state_operations=[migrations.AddConstraint("exchange", ONCE)],
        ),
    ]
