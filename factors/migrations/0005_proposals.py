"""Proposals of factors, their reviews and steps."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_kept_replies"),
        ("accounts", "__first__"),
        ("factors", "0004_search_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactorProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("screening", "Screening"),
                            ("technical_review", "Technical review"),
                            ("public_comment", "Open for comments"),
                            ("approved", "Approved"),
                            ("returned", "Sent back"),
                            ("published", "Published"),
                            ("rejected", "Rejected"),
                            ("retracted", "Retracted"),
                        ],
                        default="screening",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                ("code", models.SlugField(max_length=120, verbose_name="code")),
                ("name_zh", models.CharField(max_length=200, verbose_name="name in Chinese")),
                ("name_en", models.CharField(max_length=200, verbose_name="name in English")),
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
                        verbose_name="kind",
                    ),
                ),
                ("unit", models.CharField(max_length=20, verbose_name="unit")),
                ("category", models.CharField(blank=True, default="", max_length=60, verbose_name="table")),
                ("cas", models.CharField(blank=True, default="", max_length=20, verbose_name="CAS number")),
                ("cpc", models.CharField(blank=True, default="", max_length=10, verbose_name="CPC code")),
                ("hs", models.CharField(blank=True, default="", max_length=12, verbose_name="HS code")),
                ("content", models.JSONField(verbose_name="content")),
                (
                    "findings",
                    models.JSONField(blank=True, default=list, verbose_name="findings of the screening"),
                ),
                ("reason", models.TextField(blank=True, default="", verbose_name="reason")),
                ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                ("moved_at", models.DateTimeField(verbose_name="in this state since")),
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
                        related_name="proposals",
                        to="factors.factor",
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
                (
                    "published",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal",
                        to="factors.factorversion",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="factors.factorversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "factor proposal",
                "verbose_name_plural": "factor proposals",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published__isnull", False), ("state", "published")),
                            models.Q(models.Q(("state", "published"), _negated=True), ("published", None)),
                            _connector="OR",
                        ),
                        name="factor_proposal_published_has_a_version",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("fit", "Fit to be published"), ("changes", "Changes needed")],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                ("comment", models.TextField(blank=True, default="", verbose_name="comment")),
                ("at", models.DateTimeField(verbose_name="at")),
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
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="factors.factorproposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "review of a factor proposal",
                "constraints": [
                    models.UniqueConstraint(fields=("proposal", "round", "by"), name="proposal_review_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=20, verbose_name="step")),
                ("before", models.CharField(blank=True, max_length=20, verbose_name="state before")),
                ("after", models.CharField(max_length=20, verbose_name="state after")),
                ("reason", models.TextField(blank=True, default="", verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="factors.factorproposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a factor proposal",
            },
        ),
    ]
