"""Requests to be connected: whose they are, which way they move, what is recorded of them.

Who asks is a person outside: the log, from which nothing is taken out, keeps neither name nor address.
"""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.sql import same_company, tenant_table
from accounts.states_sql import only_moves
from footprint.partners.introductions_sql import INTRODUCING, NOT_INTRODUCING
from footprint.partners.procedure import CONNECTION_REQUEST

REQUEST = "partners_connectionrequest"


class Migration(migrations.Migration):
    dependencies = [("partners", "0020_connection_requests")]

    operations = [
        tenant_table("partners_reception"),
        tenant_table(REQUEST),
        same_company(REQUEST, "connection_id", "partners_connection"),
        only_moves(
            REQUEST,
            CONNECTION_REQUEST.edges,
            forgets=("decided_by_id", "connection_id"),
        ),
        migrations.RunSQL(INTRODUCING, NOT_INTRODUCING),
        audited("partners_reception"),
        audited(REQUEST, hushed=("contact_name", "contact_mail")),
    ]
