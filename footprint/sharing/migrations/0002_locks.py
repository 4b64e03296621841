"""Requests: what each side reads and writes, and what stays as it was agreed."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.reviews_sql import kept_columns, never_removed, written_once
from accounts.sql import others_rows, same_company, tenant_table
from accounts.states_sql import only_moves
from footprint.sharing.procedure import REQUEST
from footprint.sharing.sql import NO_SIDES, OF_SUPPLIED, SIDES, SUPPLIES, of_supplier

TERMS = (
    "uuid", "company_id", "supplier_id", "wanted", "identifiers", "unit", "period_start", "period_end", "profile",
    "level", "purpose", "may_pass_on", "ends_on", "due_on", "comment", "created_at",
)  # fmt: skip
FORGOTTEN = ("requested_by_id", "for_product_id", "product_id")


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0001_initial"),
        ("accounts", "0007_notifications"),
        ("publication", "0002_locks"),
        ("partners", "0002_locks"),
    ]

    operations = [
        tenant_table("sharing_sharingrequest"),
        tenant_table("sharing_sharingstep"),
        others_rows(
            "sharing_sharingrequest", "asked", readable=SUPPLIES, changeable=SUPPLIES, stays=SUPPLIES
        ),
        others_rows("sharing_sharingstep", "asked", readable=OF_SUPPLIED, addable=OF_SUPPLIED),
        same_company("sharing_sharingrequest", "for_product_id", "inventory_product"),
        same_company("sharing_sharingstep", "request_id", "sharing_sharingrequest"),
        of_supplier("product_id", "inventory_product"),
        of_supplier("publication_id", "publication_publication"),
        only_moves("sharing_sharingrequest", REQUEST.edges, forgets=FORGOTTEN),
        kept_columns("sharing_sharingrequest", TERMS),
        migrations.RunSQL(SIDES, NO_SIDES),
        written_once("sharing_sharingstep"),
        never_removed("sharing_sharingrequest"),
        never_removed("sharing_sharingstep"),
        # the log of who asked has the request, that of the supplier every move
        audited("sharing_sharingrequest", ignoring=("content", "jws")),
        audited(
            "sharing_sharingstep",
            company="(SELECT supplier_id FROM sharing_sharingrequest s WHERE s.id = (it ->> 'request_id')::bigint)",
            within=("request_id", "sharing_sharingrequest"),
        ),
    ]
