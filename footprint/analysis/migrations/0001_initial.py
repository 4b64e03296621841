"""Assessments, studies and scenarios."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("calculation", "0001_initial"),
        ("inventory", "0001_initial"),
        ("rules", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("engine_version", models.CharField(max_length=20)),
                ("computed_at", models.DateTimeField()),
                (
                    "footprint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessment",
                        to="calculation.footprint",
                    ),
                ),
                ("kg_co2e", models.FloatField()),
                ("band", models.JSONField()),
                ("primary_data_share", models.FloatField(null=True)),
                ("dqr_technology", models.FloatField(null=True)),
                ("dqr_time", models.FloatField(null=True)),
                ("dqr_geography", models.FloatField(null=True)),
                ("exempted_share", models.FloatField(null=True)),
                ("gsd2_low", models.FloatField(null=True)),
                ("gsd2_high", models.FloatField(null=True)),
                ("gsd2_is_exact", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "assessment",
            },
        ),
        migrations.CreateModel(
            name="UncertaintyRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("seed", models.BigIntegerField(default=0)),
                ("samples", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Broken off"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("chunks", models.PositiveIntegerField(default=0)),
                ("chunks_done", models.PositiveIntegerField(default=0)),
                ("columns", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("engine_version", models.CharField(blank=True, default="", max_length=20)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "uncertainty run",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=("finished_at",),
                        name="one_unfinished_uncertainty_run",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("state__in", ["queued", "running"])),
                            models.Q(("finished_at__isnull", False), ("state__in", ["done", "failed"])),
                            _connector="OR",
                        ),
                        name="uncertainty_run_finished_or_not",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("samples__gte", 2)), name="uncertainty_run_has_samples"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("chunks_done__lte", models.F("chunks"))),
                        name="uncertainty_run_chunks_done",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProfileFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("engine_version", models.CharField(max_length=20)),
                ("computed_at", models.DateTimeField()),
                (
                    "footprint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="profile_figures",
                        to="calculation.footprint",
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
                ("kg_co2e", models.FloatField(null=True)),
                ("including_uptake", models.FloatField(null=True)),
                ("excluding_uptake", models.FloatField(null=True)),
                ("parts", models.JSONField(default=dict)),
                ("exempted_share", models.FloatField(null=True)),
                ("method", models.CharField(blank=True, default="", max_length=20)),
                ("walk", models.JSONField(default=list)),
                ("left_out", models.JSONField(default=list)),
                ("failure", models.JSONField(null=True)),
            ],
            options={
                "verbose_name": "figure by a method profile",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("footprint", "profile_version"), name="one_figure_per_profile_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failure__isnull", True), ("kg_co2e__isnull", False)),
                            models.Q(("failure__isnull", False), ("kg_co2e__isnull", True)),
                            _connector="OR",
                        ),
                        name="profile_figure_or_failure",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scenario",
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scenarios",
                        to="inventory.product",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("year", models.PositiveSmallIntegerField()),
                ("levers", models.JSONField()),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "scenario",
                "constraints": [
                    models.UniqueConstraint(fields=("product", "name"), name="scenario_name_once_per_product")
                ],
            },
        ),
        migrations.CreateModel(
            name="Study",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="study",
                        to="analysis.uncertaintyrun",
                    ),
                ),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="SampledFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="analysis.uncertaintyrun",
                    ),
                ),
                (
                    "footprint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sampled_figures",
                        to="calculation.footprint",
                    ),
                ),
                ("kg_co2e", models.FloatField()),
                ("mean", models.FloatField(null=True)),
                ("sd", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("median", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("samples", models.PositiveIntegerField()),
                ("refused", models.PositiveIntegerField(default=0)),
                ("values", models.BinaryField()),
            ],
            options={
                "verbose_name": "sampled figure",
                "constraints": [
                    models.UniqueConstraint(fields=("run", "footprint"), name="one_sampled_figure")
                ],
            },
        ),
        migrations.CreateModel(
            name="SampleChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sample_chunks",
                        to="analysis.uncertaintyrun",
                    ),
                ),
                ("first", models.PositiveIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("values", models.BinaryField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "first"), name="sample_chunk_once")],
            },
        ),
    ]
