"""How a product category rule moves, what of it never changes, and that all of it is recorded."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.states_sql import only_moves
from footprint.rules.product_rules_sql import TABLES, keep_product_rules, never_removed

MOVES = {
    "proposed": ("approved", "withdrawn"),
    "approved": ("drafting", "withdrawn"),
    "drafting": ("commenting", "withdrawn"),
    "commenting": ("drafting", "reviewing", "withdrawn"),
    "reviewing": ("voting", "drafting", "withdrawn"),
    "voting": ("adopted", "drafting", "withdrawn"),
    "adopted": ("published", "withdrawn"),
    "published": ("withdrawn",),
    "withdrawn": (),
}
"""As ``lifecycle.RULE`` says at the time of this migration."""


class Migration(migrations.Migration):
    dependencies = [("rules", "0003_product_rules"), ("accounts", "0005_kept_replies")]

    operations = [
        only_moves("rules_productrule", MOVES),
        keep_product_rules(),
        never_removed(),
        *(audited(f"rules_{table}", company="NULL::bigint") for table in TABLES),
    ]
