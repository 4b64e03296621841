"""What became of rows is found by their job alone; many are added at once, and each index takes its time."""

import django.db.models.deletion
from django.db import migrations, models

PROTECT, CASCADE = django.db.models.deletion.PROTECT, django.db.models.deletion.CASCADE
INDEXES = {
    "exchange_upsertrow_company_id_1c868cd6": "exchange_upsertrow (company_id)",
    "exchange_upsertrow_job_id_877af7fe": "exchange_upsertrow (job_id)",
}


class Migration(migrations.Migration):
    atomic = False  # readers and writers go on

    dependencies = [("accounts", "0010_ended"), ("exchange", "0009_cancelled_workbooks")]

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
                migrations.AlterField(
                    "upsertrow",
                    "company",
                    models.ForeignKey(
                        db_index=False, on_delete=PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                migrations.AlterField(
                    "upsertrow",
                    "job",
                    models.ForeignKey(
                        db_index=False, on_delete=CASCADE, related_name="results", to="exchange.upsertjob"
                    ),
                ),
            ],
        ),
    ]
