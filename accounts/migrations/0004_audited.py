"""What the audit log records of who takes part. The directory of companies is the alliance's."""

from django.db import migrations

from accounts.audited_sql import audited

OF_MEMBERSHIP = "(SELECT company_id FROM accounts_membership WHERE id = (it ->> 'membership_id')::bigint)"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_audit_log")]

    operations = [
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
