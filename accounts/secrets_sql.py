"""SQL for migrations: the secrets of machine clients move to a table of their own."""

from __future__ import annotations

from django.db import migrations

CARRY_SECRETS = """
INSERT INTO accounts_clientsecret (uuid, client_id, slot, hashed, hint, created_at)
SELECT gen_random_uuid(), client.id, 1, application.client_secret, '', client.created_at
FROM accounts_serviceclient client
JOIN oauth2_provider_application application ON application.id = client.application_id
WHERE client.is_active;
"""


def carry_secrets() -> migrations.RunSQL:
    """What clients sign in with today they sign in with tomorrow."""
    return migrations.RunSQL(CARRY_SECRETS, migrations.RunSQL.noop)
