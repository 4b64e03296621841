"""Connections, grants and events: whose they are, what a partner reads, and what never changes."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.reviews_sql import kept_columns
from accounts.sql import read_only_for_web, same_company, tenant_table, worker_only
from accounts.states_sql import only_moves
from footprint.partners import sql

EVENT = ("uuid", "company_id", "connection_id", "event_id", "source", "type", "speaks", "body", "received_at")
DELIVERY = ("uuid", "company_id", "connection_id", "type", "answers_id", "event_id", "body", "created_at")
OFFERED = (
    "uuid", "company_id", "publication_id", "created", "valid_from", "valid_until", "period_start", "period_end",
    "geography", "country", "cpc", "product_ids", "company_ids", "classifications",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0001_initial"),
        ("accounts", "0003_locks"),
        ("inventory", "0005_submission_locks"),
        ("publication", "0002_locks"),
    ]

    operations = [
        tenant_table("partners_connection", also_readable=sql.CALLER),
        tenant_table("partners_partnersecret"),
        tenant_table("partners_footprintgrant", also_readable=sql.OF_CALLER),
        tenant_table("partners_offeredfootprint", also_readable=sql.OPENED),
        tenant_table("partners_receipt", also_readable=sql.OF_CALLER),
        tenant_table("partners_partnerevent", also_readable=sql.OF_CALLER),
        tenant_table("partners_delivery"),
        tenant_table("partners_partnerfootprint"),
        worker_only("partners_waitingpublication"),
        read_only_for_web("partners_offeredfootprint"),
        read_only_for_web("partners_partnerfootprint"),
        *(
            migrations.RunSQL(sql.posted_by_partner(table), f"DROP POLICY posted_rows ON {table};")
            for table in ("partners_receipt", "partners_partnerevent")
        ),
        *(
            same_company(f"partners_{table}", "connection_id", "partners_connection")
            for table in (
                "partnersecret",
                "footprintgrant",
                "receipt",
                "partnerevent",
                "delivery",
                "partnerfootprint",
            )
        ),
        same_company("partners_footprintgrant", "product_id", "inventory_product"),
        same_company("partners_offeredfootprint", "product_id", "inventory_product"),
        same_company("partners_offeredfootprint", "publication_id", "publication_publication"),
        same_company("partners_receipt", "footprint_id", "partners_offeredfootprint"),
        same_company("partners_delivery", "answers_id", "partners_partnerevent"),
        only_moves(
            "partners_connection",
            {"requested": ("active", "revoked"), "active": ("revoked",), "revoked": ()},
            forgets=("created_by_id", "approved_by_id"),
        ),
        only_moves(
            "partners_partnerevent",
            {"new": ("fulfilled", "rejected", "taken"), "fulfilled": (), "rejected": (), "taken": ()},
            forgets=("decided_by_id",),
        ),
        only_moves(
            "partners_delivery",
            {"queued": ("delivered", "dead"), "dead": ("queued",), "delivered": ()},
            forgets=("created_by_id",),
        ),
        kept_columns("partners_partnerevent", EVENT),
        kept_columns("partners_delivery", DELIVERY),
        kept_columns("partners_offeredfootprint", OFFERED),
        migrations.RunSQL(sql.SHAPED, sql.NOT_SHAPED),
        migrations.RunSQL(
            sql.KNOWN, "DROP FUNCTION partners_caller(text), partners_secrets(text), partners_exists(uuid);"
        ),
        migrations.RunSQL(sql.FOUND, sql.NOT_FOUND),
        migrations.RunSQL(sql.WAITING, sql.NOT_WAITING),
        audited(
            "partners_connection",
            hushed=("callback_secret",),
            ignoring=("pull_due_at", "pulled_at", "pull_told"),
        ),
        audited(
            "partners_partnersecret", within=("connection_id", "partners_connection"), hushed=("hashed",)
        ),
        audited("partners_footprintgrant", within=("connection_id", "partners_connection")),
        audited("partners_partnerevent", within=("connection_id", "partners_connection"), hushed=("body",)),
        audited(
            "partners_delivery",
            within=("connection_id", "partners_connection"),
            ignoring=("attempts", "due_at", "told"),
            hushed=("body",),
        ),
    ]
