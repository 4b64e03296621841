"""What the two sides of a request say to each other: read by both, written once, each for itself."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.audited_sql import audited
from accounts.reviews_sql import never_removed, written_once
from accounts.sql import others_rows, same_company, tenant_table
from footprint.sharing.sql import OF_SUPPLIED, speaks_for_itself

TABLE = "sharing_sharingremark"
REQUEST = ("request_id", "sharing_sharingrequest")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_told_once"),
        ("sharing", "0008_over"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SharingRemark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
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
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="sharing.sharingrequest",
                        verbose_name="request",
                    ),
                ),
                (
                    "side",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
            ],
            options={"verbose_name": "remark on a request for a footprint"},
        ),
        tenant_table(TABLE),
        others_rows(TABLE, "asked", readable=OF_SUPPLIED, addable=OF_SUPPLIED),
        speaks_for_itself(TABLE, "side_id"),
        same_company(TABLE, *REQUEST),
        written_once(TABLE),
        never_removed(TABLE),
        # as steps: the supplier's log has what both sides say
        audited(
            TABLE,
            company="(SELECT supplier_id FROM sharing_sharingrequest s WHERE s.id = (it ->> 'request_id')::bigint)",
            within=REQUEST,
        ),
    ]
