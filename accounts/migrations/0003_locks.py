"""The second lock, and the audit log with the functions that alone write it."""

from django.db import migrations

from accounts.audit_sql import create_audit_log
from accounts.audited_sql import audited
from accounts.sql import tenant_table

OF_MEMBERSHIP = "(SELECT company_id FROM accounts_membership WHERE id = (it ->> 'membership_id')::bigint)"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_service_client")]

    operations = [
        tenant_table("accounts_site"),
        create_audit_log(),
        audited("accounts_companygroup", company="NULL::bigint"),
        audited("accounts_company", company="NULL::bigint"),
        audited("accounts_site"),
        audited(
            "accounts_user",
            company="NULL::bigint",
            ignoring=("last_login",),
            hushed=("password", "email", "name", "first_name", "last_name"),
        ),
        audited("accounts_membership", within=("user_id", "accounts_user")),
        audited("accounts_membership_sites", company=OF_MEMBERSHIP, within=("site_id", "accounts_site")),
        audited("accounts_serviceclient"),
    ]
