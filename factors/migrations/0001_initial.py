"""Gases, sources, factors and their versions."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import accounts.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Factor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.SlugField(max_length=120, unique=True)),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("electricity", "Electricity"),
                            ("fuel", "Fuel"),
                            ("heat", "Heat"),
                            ("freight", "Freight"),
                            ("material", "Material"),
                            ("process", "Process"),
                        ],
                        max_length=20,
                    ),
                ),
                ("unit", models.CharField(max_length=20)),
                ("category", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "verbose_name": "factor",
            },
        ),
        migrations.CreateModel(
            name="GreenhouseGas",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("cas", models.CharField(blank=True, max_length=20)),
                ("formula", models.CharField(blank=True, max_length=80)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), blank=True, default=list, size=None
                    ),
                ),
            ],
            options={
                "verbose_name": "greenhouse gas",
            },
        ),
        migrations.CreateModel(
            name="CharacterizationSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=10)),
                ("horizon", models.PositiveSmallIntegerField()),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
            ],
            options={
                "verbose_name": "characterization set",
                "constraints": [
                    models.UniqueConstraint(fields=("code", "horizon"), name="characterization_set_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("title_zh", models.CharField(max_length=300)),
                ("title_en", models.CharField(max_length=300)),
                ("publisher", models.CharField(max_length=300)),
                ("year", models.PositiveSmallIntegerField()),
                ("licence", models.CharField(max_length=300)),
                ("licence_url", models.CharField(blank=True, max_length=300)),
                (
                    "redistribution",
                    models.CharField(
                        choices=[
                            ("yes", "May be passed on"),
                            ("no", "Must not be passed on"),
                            ("link-only", "May be linked to only"),
                        ],
                        max_length=10,
                    ),
                ),
                ("url", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "verbose_name": "source",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("redistribution__in", ["yes", "no", "link-only"])),
                        name="source_redistribution_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FactorVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="factors.factor",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("geography", models.CharField(max_length=20)),
                ("reference_year", models.PositiveSmallIntegerField()),
                ("technology", models.CharField(blank=True, max_length=200)),
                (
                    "scope",
                    models.CharField(
                        choices=[("co2", "CO2 only"), ("co2e", "All greenhouse gases")], max_length=10
                    ),
                ),
                (
                    "boundary",
                    models.CharField(
                        choices=[
                            ("direct", "Direct emissions of generation"),
                            ("combustion", "Combustion"),
                            ("upstream", "Supply, well to tank"),
                            ("life_cycle", "Life cycle"),
                            ("cradle_to_gate", "Cradle to gate"),
                        ],
                        max_length=20,
                    ),
                ),
                ("gwp_set", models.CharField(blank=True, max_length=10, null=True)),
                ("data_quality", models.JSONField(blank=True, default=dict)),
                ("uncertainty_gsd2", accounts.fields.ExactDecimalField(blank=True, null=True)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="factors.source",
                    ),
                ),
                ("source_locator", models.CharField(max_length=300)),
                (
                    "transcription",
                    models.CharField(
                        choices=[
                            ("single", "Single transcription"),
                            ("confirmed", "Confirmed by a second transcription"),
                            ("official", "Read from the official document"),
                        ],
                        max_length=10,
                    ),
                ),
                ("derivation", models.JSONField(blank=True, default=dict)),
                ("note_zh", models.TextField(blank=True)),
                ("note_en", models.TextField(blank=True)),
                ("digest", models.CharField(max_length=64)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("published", "Published"),
                            ("superseded", "Superseded"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="published",
                        max_length=12,
                    ),
                ),
                ("status_changed_at", models.DateTimeField(blank=True, null=True)),
                ("status_reason", models.CharField(blank=True, max_length=500)),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("published_by", models.CharField(blank=True, max_length=200)),
                ("written_in", models.BigIntegerField(editable=False, null=True)),
                (
                    "supersedes",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="factors.factorversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "factor version",
                "indexes": [
                    models.Index(fields=["factor", "status", "reference_year"], name="factor_version_lookup")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("factor", "number"), name="factor_version_number_once"),
                    models.UniqueConstraint(fields=("factor", "digest"), name="factor_version_content_once"),
                    models.UniqueConstraint(
                        models.F("factor"),
                        models.F("source"),
                        models.F("geography"),
                        models.F("reference_year"),
                        models.F("technology"),
                        models.F("scope"),
                        models.F("boundary"),
                        condition=models.Q(("status", "published")),
                        name="factor_version_one_published",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="factor_version_number_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["co2", "co2e"])), name="factor_version_scope_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference_year__gte", 1990), ("reference_year__lte", 2100)),
                        name="factor_version_year_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("supersedes", models.F("id")), _negated=True),
                        name="factor_version_not_its_own_successor",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CharacterizationFactor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="factors",
                        to="factors.characterizationset",
                    ),
                ),
                (
                    "gas",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="characterizations",
                        to="factors.greenhousegas",
                    ),
                ),
                ("origin", models.CharField(default="unspecified", max_length=20)),
                ("value", accounts.fields.ExactDecimalField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="factors.source"
                    ),
                ),
                ("source_locator", models.CharField(max_length=300)),
                (
                    "transcription",
                    models.CharField(
                        choices=[
                            ("single", "Single transcription"),
                            ("confirmed", "Confirmed by a second transcription"),
                            ("official", "Read from the official document"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "verbose_name": "characterization factor",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("set", "gas", "origin"), name="characterization_factor_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("origin__in", ["fossil", "biogenic", "land_use", "aircraft", "unspecified"])
                        ),
                        name="characterization_origin_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gte", 0)), name="characterization_value_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FactorEmission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emissions",
                        to="factors.factorversion",
                    ),
                ),
                ("gas", models.CharField(max_length=40)),
                ("origin", models.CharField(default="unspecified", max_length=20)),
                ("kg_per_unit", accounts.fields.ExactDecimalField()),
            ],
            options={
                "verbose_name": "factor emission",
                "constraints": [
                    models.UniqueConstraint(fields=("version", "gas", "origin"), name="factor_emission_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("origin__in", ["fossil", "biogenic", "land_use", "aircraft", "unspecified"])
                        ),
                        name="factor_emission_origin_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kg_per_unit__gte", 0)), name="factor_emission_not_negative"
                    ),
                ],
            },
        ),
    ]
