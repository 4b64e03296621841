"""The audit log: chains, entries, seals, checkpoints, and the functions that alone write them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import accounts.models.audit
from accounts.audit_sql import create_audit_log


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_service_client"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditCheckpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("line", models.CharField(max_length=300)),
                ("public_key", models.CharField(max_length=64)),
                (
                    "leaves",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), size=None
                    ),
                ),
            ],
            options={
                "verbose_name": "checkpoint",
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("salt", models.UUIDField()),
                ("value", models.TextField()),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "verbose_name": "sealed value",
            },
        ),
        migrations.CreateModel(
            name="AuditChain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("position", models.BigIntegerField()),
                ("head", models.CharField(max_length=64)),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "verbose_name": "hash chain",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company",), name="audit_one_chain_per_company", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=120)),
                ("request", models.UUIDField(null=True)),
                ("action", models.CharField(max_length=20)),
                ("subject", models.CharField(max_length=120)),
                (
                    "about",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                ("facts", models.JSONField(decoder=accounts.models.audit.ExactDecoder)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["about"], name="audit_about"),
                    django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="audit_at"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "position"), name="audit_position_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("actor__contains", "\n"), _negated=True),
                            models.Q(("action__contains", "\n"), _negated=True),
                            models.Q(("subject__contains", "\n"), _negated=True),
                        ),
                        name="audit_fields_are_one_line",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditLeaf",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain", models.CharField(max_length=60)),
                ("index", models.PositiveIntegerField()),
                ("position", models.BigIntegerField()),
                ("head", models.CharField(max_length=64)),
                ("blinding", models.CharField(max_length=64)),
                ("verified_from", models.BigIntegerField()),
                ("finding", models.CharField(blank=True, max_length=300)),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="accounts.auditcheckpoint",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "verbose_name": "checkpoint leaf",
                "indexes": [models.Index(fields=["chain", "-checkpoint"], name="audit_leaf_latest")],
                "constraints": [
                    models.UniqueConstraint(fields=("checkpoint", "chain"), name="audit_leaf_once")
                ],
            },
        ),
        create_audit_log(),
    ]
