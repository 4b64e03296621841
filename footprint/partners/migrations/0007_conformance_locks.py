"""Trials of partners' endpoints: whose they are, which way they move, what is recorded of them."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.sql import same_company, tenant_table
from accounts.states_sql import only_moves


class Migration(migrations.Migration):
    dependencies = [("partners", "0006_conformance"), ("accounts", "0008_sandbox")]

    operations = [
        tenant_table("partners_conformancerun"),
        same_company("partners_conformancerun", "connection_id", "partners_connection"),
        only_moves(
            "partners_conformancerun",
            {"queued": ("running", "failed"), "running": ("done", "failed"), "done": (), "failed": ()},
            forgets=("created_by_id",),
        ),
        audited(
            "partners_conformancerun",
            within=("connection_id", "partners_connection"),
            ignoring=("steps_done", "steps_all", "attempts"),
            hushed=("results",),
        ),
    ]
