"""People, companies, sites, and the tables of the audit log."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.audit
from accounts.sql import create_roles, create_today


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        create_roles(),
        create_today(),
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
            name="CompanyGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
            ],
            options={
                "verbose_name": "company group",
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                (
                    "locale",
                    models.CharField(
                        choices=[("zh-hans", "中文"), ("en", "English")], default="zh-hans", max_length=10
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
            },
        ),
        migrations.CreateModel(
            name="Company",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.SlugField(max_length=40, unique=True)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="companies",
                        to="accounts.companygroup",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("member", "Member"),
                            ("supplier", "Supplier"),
                            ("verifier", "Verification body"),
                            ("association", "Alliance office"),
                        ],
                        default="member",
                        max_length=20,
                    ),
                ),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("is_demonstration", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "company",
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
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("salt", models.UUIDField()),
                ("value", models.TextField()),
            ],
            options={
                "verbose_name": "sealed value",
            },
        ),
        migrations.CreateModel(
            name="Site",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="accounts.company",
                    ),
                ),
                ("code", models.SlugField(max_length=40)),
                ("name_zh", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                (
                    "province",
                    models.CharField(
                        blank=True, help_text="ISO 3166-2 code, for example CN-SD", max_length=6
                    ),
                ),
            ],
            options={
                "verbose_name": "site",
                "constraints": [
                    models.UniqueConstraint(fields=("company", "code"), name="site_code_in_company"),
                    models.UniqueConstraint(fields=("company", "id"), name="site_company_id"),
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
                ("chain", models.CharField(max_length=60)),
                ("index", models.PositiveIntegerField()),
                ("position", models.BigIntegerField()),
                ("head", models.CharField(max_length=64)),
                ("blinding", models.CharField(max_length=64)),
                ("verified_from", models.BigIntegerField()),
                ("finding", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "verbose_name": "checkpoint leaf",
                "indexes": [models.Index(fields=["chain", "-checkpoint"], name="audit_leaf_latest")],
                "constraints": [
                    models.UniqueConstraint(fields=("checkpoint", "chain"), name="audit_leaf_once")
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
            name="AuditChain",
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
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("position", models.BigIntegerField()),
                ("head", models.CharField(max_length=64)),
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
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="accounts.company",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("plant_provider", "Plant data provider"),
                            ("owner", "Company data owner"),
                            ("approver", "Company approver"),
                            ("sharing_mgr", "Company sharing manager"),
                            ("steward", "Alliance administrator"),
                            ("curator", "Factor curator"),
                            ("compliance", "Compliance reviewer"),
                            ("verifier", "Third-party verifier"),
                            ("auditor", "Read-only auditor"),
                            ("erp_client", "ERP machine client"),
                            ("platform_admin", "System administrator"),
                            ("public", "Visitor"),
                        ],
                        max_length=20,
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("sites", models.ManyToManyField(blank=True, related_name="memberships", to="accounts.site")),
            ],
            options={
                "verbose_name": "membership",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "company", "role"), name="membership_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="membership_ends_after_it_begins",
                    ),
                ],
            },
        ),
    ]
