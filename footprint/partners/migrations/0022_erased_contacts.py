"""Who asked to be connected can be erased once it is decided; the log keeps no purpose from now on.

What somebody states as their purpose may name people, and nothing is taken out of the log.
"""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.states_sql import only_moves
from footprint.partners.procedure import CONNECTION_REQUEST

REQUEST = "partners_connectionrequest"
FORGETS = ("decided_by_id", "connection_id")
CONTACT = ("contact_name", "contact_mail")
MOVES_BEFORE = only_moves(REQUEST, CONNECTION_REQUEST.edges, forgets=FORGETS)
LOG_BEFORE = audited(REQUEST, hushed=CONTACT)


class Migration(migrations.Migration):
    dependencies = [("partners", "0021_connection_request_locks")]

    operations = [
        migrations.RunSQL(MOVES_BEFORE.reverse_sql, MOVES_BEFORE.sql),
        only_moves(
            REQUEST,
            CONNECTION_REQUEST.edges,
            forgets=FORGETS,
            erases=(*CONTACT, "base_url", "purpose"),
        ),
        migrations.RunSQL(LOG_BEFORE.reverse_sql, LOG_BEFORE.sql),
        audited(REQUEST, hushed=(*CONTACT, "purpose")),
    ]
