"""A publication is stated anew once it is verified: several footprints of one, the latest of them active.

Taken back, it refuses while a publication has two.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from footprint.partners.sql import NOT_VERIFIED, VERIFIED

TABLE = "partners_offeredfootprint"
ONCE = f"{TABLE}_publication_id_key"


class Migration(migrations.Migration):
    atomic = False  # the footprints are read with writers beside

    dependencies = [("partners", "0018_by_stage"), ("verification", "0002_locks")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="offeredfootprint",
                    name="publication",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publication.publication",
                    ),
                )
            ]
        ),
        AddIndexConcurrently(
            "offeredfootprint", models.Index(fields=["publication"], name="offered_by_publication")
        ),
        migrations.RunSQL(
            f"ALTER TABLE {TABLE} DROP CONSTRAINT {ONCE}",
            f"ALTER TABLE {TABLE} ADD CONSTRAINT {ONCE} UNIQUE (publication_id)",
        ),
        migrations.RunSQL(VERIFIED, NOT_VERIFIED),
    ]
