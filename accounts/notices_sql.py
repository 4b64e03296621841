"""SQL for migrations: rows of one person, and how others leave a note for them."""

from __future__ import annotations

from django.db import migrations

from accounts.sql import own_table, run_as_worker
from accounts.visibility import APP_ROLE, WORKER_ROLE

# an uncorrelated subquery is evaluated once, not for every row
MYSELF = (
    "(SELECT id FROM accounts_user WHERE uuid = "
    "substring(current_setting('app.actor', true) FROM '^person:([0-9a-f-]{36})$')::uuid)"
)
ONESELF = f"recipient_id = {MYSELF}"


def recipients_table(table: str) -> migrations.RunSQL:
    """Rows of one person: nobody else sees or touches them, of whichever company."""
    return own_table(table, ONESELF)


def leaves_notes() -> migrations.RunSQL:
    """Whoever causes an event leaves notes for others without reading anything of theirs.

    The web may write nothing else into the table than that somebody read a row of their own.
    """
    signature = "accounts_notify(bigint[], bigint, text, text, text, text, uuid, text, timestamptz)"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION accounts_notify(
          people bigint[], about_company bigint, what text, usual text, happened text, thing text,
          thing_uuid uuid, only_once text, at timestamptz
        ) RETURNS bigint LANGUAGE sql AS $$
          WITH told AS (
            INSERT INTO accounts_notification (uuid, recipient_id, company_id, kind, event, subject,
              subject_uuid, once, created_at, mail, mail_tries)
            SELECT gen_random_uuid(), person.id, about_company, what, happened, thing, thing_uuid, only_once,
              at, coalesce(chosen.mail, usual), 0
            FROM accounts_user person
            LEFT JOIN accounts_mailchoice chosen ON chosen.recipient_id = person.id AND chosen.kind = what
            WHERE person.id = ANY (people) AND person.is_active
            ON CONFLICT DO NOTHING
            RETURNING 1
          )
          SELECT count(*) FROM told
        $$;
        {run_as_worker(signature)}
        REVOKE ALL ON FUNCTION {signature} FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION {signature} TO {APP_ROLE}, {WORKER_ROLE};
        REVOKE INSERT, UPDATE, DELETE ON accounts_notification FROM {APP_ROLE};
        GRANT UPDATE (read_at) ON accounts_notification TO {APP_ROLE};
        """,
        f"""
        REVOKE UPDATE (read_at) ON accounts_notification FROM {APP_ROLE};
        GRANT INSERT, UPDATE, DELETE ON accounts_notification TO {APP_ROLE};
        DROP FUNCTION {signature};
        """,
    )
