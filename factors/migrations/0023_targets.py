"""A proposal that was sent back may name another version to replace and, of a new factor, another code."""

from django.db import migrations, models

from factors.sql import PROPOSAL_KEEPS, PROPOSAL_KEEPS_AIM


class Migration(migrations.Migration):
    dependencies = [("factors", "0022_two_people")]

    operations = [
        migrations.AddField(
            "proposalstep",
            "former_target",
            models.JSONField(blank=True, null=True, verbose_name="aim before"),
        ),
        migrations.RunSQL(PROPOSAL_KEEPS_AIM, PROPOSAL_KEEPS),
    ]
