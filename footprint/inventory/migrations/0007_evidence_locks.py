"""Files of evidence: whose they are, which of them reviewers see, and that they stay."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.reviews_sql import kept_columns, never_removed, reviewed_table
from accounts.sql import same_company, tenant_table

# of the copies a reviewer sees only those that were submitted: the copies' own policies say so
NAMED = """
EXISTS (SELECT FROM inventory_frozencopy copy WHERE copy.company_id = inventory_evidencefile.company_id
  AND jsonb_path_exists(copy.content,
    '$.processes[*].lines[*] ? (@.uuid == $line).evidence[*] ? (@.sha256 == $sha256)',
    jsonb_build_object('line', inventory_evidencefile.line, 'sha256', inventory_evidencefile.sha256)))
"""
SEEN = """
EXISTS (SELECT FROM inventory_evidencefile file WHERE file.company_id = inventory_evidencecontent.company_id
  AND file.sha256 = inventory_evidencecontent.sha256)
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0006_evidence"), ("accounts", "0003_locks")]

    operations = [
        tenant_table("inventory_evidencefile"),
        tenant_table("inventory_evidencecontent"),
        reviewed_table("inventory_evidencefile", readable=NAMED),
        reviewed_table("inventory_evidencecontent", readable=SEEN),
        same_company("inventory_evidencefile", "inventory_id", "inventory_inventory"),
        kept_columns(
            "inventory_evidencefile",
            ("uuid", "company_id", "inventory_id", "line", "name", "size", "sha256", "at"),
        ),
        kept_columns("inventory_evidencecontent", ("company_id", "sha256", "content")),
        never_removed("inventory_evidencefile"),
        never_removed("inventory_evidencecontent"),
        audited("inventory_evidencefile", within=("inventory_id", "inventory_inventory")),
    ]
