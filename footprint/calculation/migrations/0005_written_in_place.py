"""A figure that moves takes the place of the one before within its page, and no index has to be told.

Its run was the only indexed column that a recalculation changes, and nobody asks for figures by their run.
Pages are filled to a half: rows that stand from before the upgrade move into such pages when they are next
written.
"""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

INDEX = "calculation_footprint_run_id_efd18e0b"
TABLES = ("calculation_footprint", "calculation_footprintbreakdown")


def filled(table: str) -> migrations.RunSQL:
    """Half of each page stays free for what its rows become."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} SET (fillfactor = 50)", f"ALTER TABLE {table} RESET (fillfactor)"
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("calculation", "0004_standing")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}",
                    f"CREATE INDEX CONCURRENTLY {INDEX} ON calculation_footprint (run_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    "footprint",
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=PROTECT,
                        related_name="footprints",
                        to="calculation.calculationrun",
                    ),
                )
            ],
        ),
        *map(filled, TABLES),
    ]
