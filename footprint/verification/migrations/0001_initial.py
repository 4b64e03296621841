"""Engagements, dossiers, samples, findings, statements."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0007_notifications"),
        ("accounts", "__first__"),
        ("publication", "0002_locks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Engagement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name_zh", models.CharField(max_length=300)),
                ("name_en", models.CharField(max_length=300)),
                ("period_start", models.DateField()),
                ("period_end", models.DateField()),
                (
                    "level",
                    models.CharField(
                        choices=[("limited", "Limited assurance"), ("reasonable", "Reasonable assurance")],
                        max_length=12,
                    ),
                ),
                ("standard", models.CharField(max_length=120)),
                ("scope", models.TextField(blank=True)),
                ("access_until", models.DateField()),
                ("declaration", models.TextField(blank=True, default="")),
                ("declared_at", models.DateTimeField(null=True)),
                ("seed", models.BigIntegerField(null=True)),
                ("sample_size", models.PositiveSmallIntegerField(null=True)),
                ("test_run", models.JSONField(null=True)),
                ("tested_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("accepted", "Accepted, independence declared"),
                            ("reviewing", "At work"),
                            ("reported", "Findings reported"),
                            ("stated", "Statement recorded"),
                            ("revoked", "Statement revoked"),
                            ("declined", "Declined"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="requested",
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="engagements",
                        to="publication.publication",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verifier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "verification engagement",
                "indexes": [
                    models.Index(fields=["company", "-created_at"], name="engagement_by_time"),
                    models.Index(fields=["verifier"], name="engagement_of_verifier"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="engagement_company_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["requested", "accepted", "reviewing", "reported"])),
                        fields=("publication",),
                        name="engagement_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("company", models.F("body")), _negated=True),
                        name="engagement_body_is_another_company",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["requested", "declined", "cancelled"]),
                            models.Q(
                                models.Q(("declaration", ""), _negated=True), ("declared_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="engagement_work_begins_with_a_declaration",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dossier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("declared", models.JSONField()),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                ("shares", models.JSONField()),
                ("changes", models.JSONField(null=True)),
                ("bundle", models.BinaryField()),
                ("bundle_hash", models.CharField(max_length=64)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "engagement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dossier",
                        to="verification.engagement",
                    ),
                ),
            ],
            options={
                "verbose_name": "verification dossier",
            },
        ),
        migrations.CreateModel(
            name="EngagementStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("move", models.CharField(max_length=20)),
                ("before", models.CharField(max_length=20)),
                ("after", models.CharField(max_length=20)),
                ("reason", models.TextField(blank=True)),
                ("is_internal", models.BooleanField(default=False)),
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
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="verification.engagement",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of an engagement",
            },
        ),
        migrations.CreateModel(
            name="SampledLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("line", models.UUIDField()),
                ("risk", models.FloatField()),
                ("reasons", models.JSONField()),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("", "To be looked at"), ("agrees", "Agrees"), ("finding", "Finding")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("evidence", models.TextField(blank=True, default="")),
                ("marked_at", models.DateTimeField(null=True)),
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
                        related_name="lines",
                        to="verification.engagement",
                    ),
                ),
            ],
            options={
                "verbose_name": "sampled line",
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "line"), name="line_sampled_once"),
                    models.UniqueConstraint(fields=("company", "id"), name="sampledline_company_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="VerificationFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "severity",
                    models.CharField(
                        choices=[("note", "Note"), ("minor", "Minor"), ("material", "Material")],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField()),
                ("raised_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, default="")),
                ("answered_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
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
                        related_name="findings",
                        to="verification.engagement",
                    ),
                ),
                (
                    "sampled",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="verification.sampledline",
                    ),
                ),
            ],
            options={
                "verbose_name": "verification finding",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="finding_closed_after_an_answer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VerificationStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[("limited", "Limited assurance"), ("reasonable", "Reasonable assurance")],
                        max_length=12,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("unmodified", "Unmodified"),
                            ("modified", "Modified"),
                            ("adverse", "Adverse"),
                            ("disclaimer", "Disclaimer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("stated_on", models.DateField()),
                ("valid_until", models.DateField()),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                ("jws", models.TextField()),
                ("key_id", models.CharField(max_length=60)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "engagement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statement",
                        to="verification.engagement",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="publication.publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "verification statement",
            },
        ),
    ]
