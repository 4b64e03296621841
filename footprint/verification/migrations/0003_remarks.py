"""What company and verifier say to each other: read as every part of an engagement, written once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.audited_sql import audited
from accounts.reviews_sql import never_removed, written_once
from accounts.sql import others_rows, same_company, tenant_table
from footprint.verification.sql import READS, WORKS

TABLE = "verification_engagementremark"
ENGAGEMENT = ("engagement_id", "verification_engagement")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_told_once"),
        ("verification", "0002_locks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EngagementRemark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("finding", models.UUIDField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="verification.engagement",
                    ),
                ),
            ],
            options={"verbose_name": "remark on a verification"},
        ),
        tenant_table(TABLE),
        others_rows(TABLE, "engaged", readable=READS, addable=WORKS),
        same_company(TABLE, *ENGAGEMENT),
        written_once(TABLE),
        never_removed(TABLE),
        audited(TABLE, within=ENGAGEMENT),
    ]
