"""Invitations, delegations, secrets of machine clients, and the audit of all that opens doors."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.audited_sql import audited
from accounts.duties_sql import keep_duties_apart
from accounts.secrets_sql import carry_secrets

OF_MEMBERSHIP = "(SELECT company_id FROM accounts_membership WHERE id = (it ->> 'membership_id')::bigint)"
OF_INVITATION = "(SELECT company_id FROM accounts_invitation WHERE id = (it ->> 'invitation_id')::bigint)"
OF_PERSON = (
    "(SELECT company_id FROM accounts_membership WHERE user_id = (it ->> 'user_id')::bigint"
    " ORDER BY id LIMIT 1)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_locks"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("oauth2_provider", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="serviceclient",
            name="networks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=43), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="session_epoch",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
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
                    ("security_admin", "Security administrator"),
                    ("public", "Visitor"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="ClientSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("slot", models.PositiveSmallIntegerField()),
                ("hashed", models.CharField(max_length=255)),
                ("hint", models.CharField(max_length=4)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secrets",
                        to="accounts.serviceclient",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "client secret",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slot__in", (1, 2))), name="client_secret_slots"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("client", "slot"),
                        name="client_secret_two_at_most",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("ends_on", models.DateField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delegate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delegations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delegations",
                        to="accounts.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "delegation",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("membership", "delegate"),
                        name="delegation_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                (
                    "locale",
                    models.CharField(
                        choices=[("zh-hans", "中文"), ("en", "English")], default="zh-hans", max_length=10
                    ),
                ),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="accounts.company",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sites", models.ManyToManyField(blank=True, related_name="+", to="accounts.site")),
            ],
            options={
                "verbose_name": "invitation",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("company", "email"),
                        name="invitation_once",
                    )
                ],
            },
        ),
        audited(
            "accounts_clientsecret",
            company="(SELECT company_id FROM accounts_serviceclient WHERE id = (it ->> 'client_id')::bigint)",
            within=("client_id", "accounts_serviceclient"),
            ignoring=("last_used_at",),
            hushed=("hashed",),
        ),
        audited("accounts_delegation", company=OF_MEMBERSHIP, within=("delegate_id", "accounts_user")),
        audited("accounts_invitation", ignoring=("sent_at",), hushed=("email", "token_digest")),
        audited("accounts_invitation_sites", company=OF_INVITATION, within=("site_id", "accounts_site")),
        audited(
            "mfa_authenticator",
            company=OF_PERSON,
            within=("user_id", "accounts_user"),
            ignoring=("last_used_at",),
            hushed=("data",),
        ),
        keep_duties_apart(),
        carry_secrets(),
    ]
