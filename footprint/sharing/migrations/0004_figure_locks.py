"""Figures of suppliers: one company's, and for ever as they were taken."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.reviews_sql import kept_columns
from accounts.sql import same_company, tenant_table
from factors.sql import own_or_shared

KEPT = ("uuid", "company_id", "version_id", "received_id", "request_id", "pf_id", "supplier", "level", "valid_until",
        "doubts", "taken_at")  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("sharing", "0003_figures"), ("factors", "0013_own_locks")]

    operations = [
        tenant_table("sharing_supplierfigure"),
        same_company("sharing_supplierfigure", "received_id", "partners_partnerfootprint"),
        same_company("sharing_supplierfigure", "request_id", "sharing_sharingrequest"),
        own_or_shared("sharing_supplierfigure", "version_id"),
        kept_columns("sharing_supplierfigure", KEPT),
        audited("sharing_supplierfigure"),
    ]
