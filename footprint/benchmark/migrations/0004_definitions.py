"""Definitions, participation and signed releases in place of cells, whose figures are computed anew."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from footprint.benchmark.sql import forget_cells


class Migration(migrations.Migration):
    contract = "no release had cells: the first that people install begins with definitions"

    dependencies = [
        ("benchmark", "0003_narrow_role"),
        ("accounts", "0005_kept_replies"),
        ("inventory", "0005_submission_locks"),
        ("rules", "0004_product_rule_locks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        forget_cells(),
        *(migrations.DeleteModel(name) for name in ("Release", "Estimate", "Contribution", "Cell")),
        migrations.CreateModel(
            name="AllianceOverview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("counted_at", models.DateTimeField()),
                ("content", models.JSONField()),
            ],
            options={
                "verbose_name": "overview of the alliance",
            },
        ),
        migrations.CreateModel(
            name="Definition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("technology", models.CharField(blank=True, default="", max_length=200)),
                (
                    "region",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Everywhere"),
                            ("north", "North China"),
                            ("northeast", "Northeast China"),
                            ("east", "East China"),
                            ("central", "Central China"),
                            ("south", "South China"),
                            ("southwest", "Southwest China"),
                            ("northwest", "Northwest China"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "boundary",
                    models.CharField(
                        choices=[
                            ("cradle_to_gate", "Cradle to gate"),
                            ("as_declared", "Full or partial, as declared"),
                            ("installation", "Installation and its precursors, without the supply of fuels"),
                        ],
                        default="cradle_to_gate",
                        max_length=20,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("purpose", models.TextField()),
                ("necessity", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("retired", "Retired"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True, default="")),
                ("decided_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="benchmarks",
                        to="rules.productcategory",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "profile_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rules.methodprofileversion",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "benchmark definition",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("proposed", "approved"))),
                        fields=("category", "technology", "region", "boundary", "profile_version", "year"),
                        name="benchmark_defined_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                        name="benchmark_definition_four_eyes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contribution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.FloatField()),
                ("volume", models.FloatField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.companygroup",
                    ),
                ),
                (
                    "definition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contributions",
                        to="benchmark.definition",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("definition", "company"), name="one_contribution_per_company"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Estimate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("groups", models.PositiveSmallIntegerField()),
                ("median", models.FloatField(null=True)),
                ("input_digest", models.CharField(max_length=64)),
                ("generation", models.BigIntegerField()),
                ("computed_at", models.DateTimeField()),
                (
                    "definition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="estimate",
                        to="benchmark.definition",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participation",
                        to="inventory.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "participation in benchmarks",
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("epoch", models.CharField(max_length=6)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Being prepared"),
                            ("blocked", "Blocked"),
                            ("cleared", "Gates passed"),
                            ("signed", "Signed by the steward"),
                            ("released", "Released"),
                            ("discarded", "Discarded"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("figures", models.JSONField(default=dict)),
                ("groups", models.CharField(blank=True, default="", max_length=5)),
                ("outcomes", models.JSONField(default=list)),
                ("blocked", models.CharField(blank=True, default="", max_length=20)),
                ("reason", models.TextField(blank=True, default="")),
                ("signed_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                ("number", models.PositiveIntegerField(null=True, unique=True)),
                ("content", models.JSONField(null=True)),
                ("content_hash", models.CharField(blank=True, default="", max_length=64)),
                ("key_id", models.CharField(blank=True, default="", max_length=60)),
                ("jws", models.TextField(blank=True, default="")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "definition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="benchmark.definition",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "benchmark release",
                "indexes": [models.Index(fields=["definition", "-number"], name="benchmark_release_latest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "cleared", "signed", "released"])),
                        fields=("definition", "epoch"),
                        name="benchmark_released_once_an_epoch",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_by", models.F("signed_by")), _negated=True),
                            models.Q(("released_by", models.F("prepared_by")), _negated=True),
                        ),
                        name="benchmark_release_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "released"), _negated=True),
                            models.Q(
                                ("content__isnull", False),
                                ("number__isnull", False),
                                ("released_at__isnull", False),
                                models.Q(("jws", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="benchmark_release_is_signed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("own", models.FloatField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="positions",
                        to="benchmark.release",
                    ),
                ),
            ],
            options={
                "verbose_name": "position in a benchmark",
                "constraints": [
                    models.UniqueConstraint(fields=("release", "company"), name="one_position_per_release")
                ],
            },
        ),
        migrations.CreateModel(
            name="CohortMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.FloatField()),
                ("volume", models.FloatField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.companygroup",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cohort",
                        to="benchmark.release",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("release", "company"), name="one_member_per_release")
                ],
            },
        ),
    ]
