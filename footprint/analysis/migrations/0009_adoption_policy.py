"""A company may say which newer versions of factors it takes over without being asked."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.audited_sql import audited
from accounts.fields import ExactDecimalField
from accounts.sql import tenant_table
from accounts.visibility import APP_ROLE

IN_PER_CENT = models.Q(most_percent__gte=0, most_percent__lte=100)


class Migration(migrations.Migration):
    dependencies = [
        ("analysis", "0008_causes"),
        ("accounts", "0005_kept_replies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "adoptiondecision",
            "by_policy",
            models.BooleanField(db_default=False, default=False, verbose_name="by the company's policy"),
        ),
        migrations.CreateModel(
            name="AdoptionPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                ("most_percent", ExactDecimalField(verbose_name="largest change, in per cent")),
                ("is_active", models.BooleanField(default=True, verbose_name="in force")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("set_at", models.DateTimeField(verbose_name="set at")),
            ],
            options={
                "verbose_name": "adoption policy",
                "constraints": [
                    models.CheckConstraint(condition=IN_PER_CENT, name="adoption_policy_in_per_cent"),
                    models.UniqueConstraint(fields=("company", "id"), name="adoption_policy_company_id"),
                ],
            },
        ),
        tenant_table("analysis_adoptionpolicy"),
        migrations.RunSQL(
            f"REVOKE DELETE ON analysis_adoptionpolicy FROM {APP_ROLE};",
            f"GRANT DELETE ON analysis_adoptionpolicy TO {APP_ROLE};",
        ),
        audited("analysis_adoptionpolicy", ignoring=("version",)),
    ]
