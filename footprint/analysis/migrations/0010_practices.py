"""Reduction practices and the evidence of members."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_kept_replies"),
        ("accounts", "__first__"),
        ("analysis", "0009_adoption_policy"),
        ("factors", "0002_locks"),
        ("rules", "0002_locks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Practice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.SlugField(max_length=60, null=True, unique=True, verbose_name="code")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "With the office"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("name_zh", models.CharField(max_length=200, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=200, verbose_name="name in English")),
                (
                    "description_zh",
                    models.TextField(blank=True, default="", verbose_name="description in Chinese"),
                ),
                (
                    "description_en",
                    models.TextField(blank=True, default="", verbose_name="description in English"),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("electricity", "Electricity taken in"),
                            ("heat", "Heat and steam taken in"),
                            ("fuel", "Fuel taken in"),
                            ("freight", "Transport taken in"),
                            ("product", "A product taken in"),
                            ("gas", "A gas that is emitted"),
                        ],
                        max_length=12,
                        verbose_name="acts on",
                    ),
                ),
                (
                    "gas",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="greenhouse gas"),
                ),
                (
                    "percent",
                    accounts.fields.ExactDecimalField(
                        blank=True, null=True, verbose_name="change in per cent"
                    ),
                ),
                (
                    "effect_low",
                    accounts.fields.ExactDecimalField(
                        blank=True, null=True, verbose_name="least effect in per cent"
                    ),
                ),
                (
                    "effect_high",
                    accounts.fields.ExactDecimalField(
                        blank=True, null=True, verbose_name="largest effect in per cent"
                    ),
                ),
                (
                    "effect_of",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="measured as"),
                ),
                ("source", models.CharField(blank=True, default="", max_length=300, verbose_name="source")),
                ("source_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year")),
                (
                    "source_locator",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="place in the source"
                    ),
                ),
                ("is_confirmed", models.BooleanField(default=False, verbose_name="compared with its source")),
                ("remark", models.TextField(blank=True, default="", verbose_name="remark of the office")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rules.productcategory",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "factor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="factors.factor",
                    ),
                ),
                (
                    "makes",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rules.productcategory",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reduction practice",
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="practice_company_id"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("factor__isnull", False), ("percent", None)),
                            models.Q(("factor", None), ("percent__gte", -100), ("percent__lt", 0)),
                            _connector="OR",
                        ),
                        name="practice_has_one_lever",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category__isnull", False), ("target", "product")),
                            models.Q(models.Q(("target", "product"), _negated=True), ("category", None)),
                            _connector="OR",
                        ),
                        name="practice_names_its_product",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("target", "gas"), models.Q(("gas", ""), _negated=True)),
                            models.Q(models.Q(("target", "gas"), _negated=True), ("gas", "")),
                            _connector="OR",
                        ),
                        name="practice_names_its_gas",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("company__isnull", False),
                            models.Q(("source", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="practice_has_a_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PracticeEvidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="evidence")),
                (
                    "before",
                    accounts.fields.ExactDecimalField(blank=True, null=True, verbose_name="measured before"),
                ),
                (
                    "after",
                    accounts.fields.ExactDecimalField(blank=True, null=True, verbose_name="measured after"),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "practice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="analysis.practice",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence of a practice",
            },
        ),
    ]
