"""What was given for a time ends after its last day. Taken back, it refuses while an ended one is there."""

from django.db import migrations, models

from accounts.states_sql import only_moves
from footprint.sharing.procedure import REQUEST

MOVES = only_moves(
    "sharing_sharingrequest", REQUEST.edges, forgets=("requested_by_id", "for_product_id", "product_id")
)
LEVELS = [
    ("total", "Total only"),
    ("stage", "Total by life-cycle stage"),
    ("full", "Everything published"),
]


class Migration(migrations.Migration):
    dependencies = [("sharing", "0007_origin")]

    operations = [
        migrations.AlterField(
            model_name="sharingrequest",
            name="state",
            field=models.CharField(
                choices=[
                    ("requested", "Requested"),
                    ("acknowledged", "Acknowledged"),
                    ("preparing", "In preparation"),
                    ("shared", "Shared"),
                    ("reviewing", "Under review"),
                    ("accepted", "Accepted"),
                    ("reserved", "Accepted with reservation"),
                    ("disputed", "Disputed"),
                    ("resolved", "Resolved"),
                    ("declined", "Declined"),
                    ("cancelled", "Cancelled"),
                    ("expired", "Expired"),
                    ("revoked", "Revoked"),
                    ("over", "Agreed use ended"),
                ],
                default="requested",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="sharingrequest",
            name="level",
            field=models.CharField(choices=LEVELS, max_length=10, verbose_name="detail"),
        ),
        migrations.AlterField(
            model_name="sharingrequest",
            name="given_level",
            field=models.CharField(
                blank=True, choices=LEVELS, default="", max_length=10, verbose_name="detail given"
            ),
        ),
        # the rule of before may stand there already: of a fresh database it was made by the procedure of today
        migrations.RunSQL(MOVES.reverse_sql, migrations.RunSQL.noop),
        migrations.RunSQL(MOVES.sql, migrations.RunSQL.noop),
    ]
