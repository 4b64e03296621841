"""Product category rules: versions, steps, comments, votes."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_kept_replies"),
        ("accounts", "__first__"),
        ("rules", "0002_locks"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Project approved"),
                            ("drafting", "Being drafted"),
                            ("commenting", "Open for comments"),
                            ("reviewing", "Under expert review"),
                            ("voting", "Put to the vote"),
                            ("adopted", "Adopted"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=12,
                    ),
                ),
                ("document", models.JSONField(verbose_name="rule document")),
                ("digest", models.CharField(max_length=64, verbose_name="checksum of the document")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="in force from")),
                (
                    "comment_round",
                    models.PositiveSmallIntegerField(default=0, verbose_name="round of comments"),
                ),
                ("vote_round", models.PositiveSmallIntegerField(default=0, verbose_name="round of votes")),
                ("trial", models.JSONField(blank=True, null=True, verbose_name="trial on inventories")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="product_rules",
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
            ],
            options={
                "verbose_name": "product category rule",
                "verbose_name_plural": "product category rules",
                "constraints": [
                    models.UniqueConstraint(fields=("category", "number"), name="product_rule_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["published", "withdrawn"]), _negated=True),
                        fields=("category",),
                        name="product_rule_one_draft_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("effective_on__isnull", False),
                            _connector="OR",
                        ),
                        name="product_rule_published_has_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleBallot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("round", models.PositiveSmallIntegerField(verbose_name="round of votes")),
                (
                    "choice",
                    models.CharField(
                        choices=[("for", "For"), ("against", "Against"), ("abstain", "Abstain")],
                        max_length=8,
                        verbose_name="vote",
                    ),
                ),
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
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to="rules.productrule",
                    ),
                ),
            ],
            options={
                "verbose_name": "vote on a product category rule",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule", "round", "company"), name="rule_ballot_once_per_company_and_round"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("round", models.PositiveSmallIntegerField(verbose_name="round of comments")),
                ("address", models.CharField(blank=True, max_length=80, verbose_name="rule it is about")),
                ("text", models.TextField(verbose_name="comment")),
                ("created_at", models.DateTimeField()),
                (
                    "disposition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("adopted", "Adopted"),
                            ("partly", "Partly adopted"),
                            ("rejected", "Not adopted"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="disposition",
                    ),
                ),
                ("answer", models.TextField(blank=True, default="", verbose_name="answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "author",
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
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="rules.productrule",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment on a product category rule",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("disposition", "")),
                            models.Q(
                                models.Q(("disposition", ""), _negated=True),
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="rule_comment_answer_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by", None),
                            models.Q(("answered_by", models.F("author")), _negated=True),
                            _connector="OR",
                        ),
                        name="rule_comment_answered_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=20, verbose_name="step")),
                ("before", models.CharField(blank=True, max_length=12, verbose_name="state before")),
                ("after", models.CharField(max_length=12, verbose_name="state after")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
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
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="rules.productrule",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a product category rule",
            },
        ),
    ]
