"""SQL for migrations: database roles, row-level security, composite keys.

Two locks guard a tenant's rows: ``visible_to`` in the application and the policies written here. The web
process works as ``pcf_app``, the calculation as ``pcf_worker``; neither owns a table.
"""

from __future__ import annotations

from django.conf import settings
from django.db import migrations

from accounts.visibility import APP_ROLE, WORKER_ROLE

# an uncorrelated subquery is evaluated once, not for every row
OWN = (
    "company_id = ANY ((SELECT string_to_array("
    "nullif(current_setting('app.companies', true), ''), ',')::bigint[])::bigint[])"
)


def missing_roles(*names: str) -> str:
    """Make those that are not there, and let whoever migrates work as each."""
    return f"""
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY[{", ".join(f"'{name}'" for name in names)}] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOBYPASSRLS', wanted);
    END IF;
    IF NOT pg_has_role(current_user, wanted, 'USAGE') THEN  -- its creator is no user of it
      EXECUTE format('GRANT %I TO %I', wanted, current_user);
    END IF;
  END LOOP;
END $$;
"""


CREATE_ROLES = f"""
{missing_roles(APP_ROLE, WORKER_ROLE)}
DO $$ BEGIN
  IF NOT pg_has_role('{WORKER_ROLE}', '{APP_ROLE}', 'MEMBER') THEN
    EXECUTE 'GRANT {APP_ROLE} TO {WORKER_ROLE}';
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO {APP_ROLE}, {WORKER_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}, {WORKER_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}, {WORKER_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE}, {WORKER_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE}, {WORKER_ROLE};
"""


# the database's own current_date is that of its time zone, not of the people who set a last day
CREATE_TODAY = f"""
CREATE FUNCTION accounts_today() RETURNS date LANGUAGE sql STABLE AS $$
  SELECT (statement_timestamp() AT TIME ZONE '{settings.TIME_ZONE}')::date
$$;
"""


def create_roles() -> migrations.RunSQL:
    """The two roles, and what they may do with tables made from now on."""
    return migrations.RunSQL(CREATE_ROLES, migrations.RunSQL.noop)


def create_today() -> migrations.RunSQL:
    """What both locks mean by today: ``accounts.today.Today`` asks the same function."""
    return migrations.RunSQL(CREATE_TODAY, "DROP FUNCTION accounts_today();")


def tenant_table(table: str, *, also_readable: str = "") -> migrations.RunSQL:
    """Force row-level security: an actor's own companies, plus what a grant opens for reading.

    PostgreSQL asks policies in the reverse order of their names: whether a row is one's own is asked first,
    for it takes a third of the time.
    """
    opened = f"CREATE POLICY opened_rows ON {table} FOR SELECT TO {APP_ROLE} USING ({also_readable});"
    return own_table(table, OWN, further=opened if also_readable else "")


def callers_table(table: str) -> migrations.RunSQL:
    """Rows of one caller, person or machine: nobody else sees them, of whichever company."""
    return own_table(table, "caller = nullif(current_setting('app.actor', true), '')")


def own_table(table: str, own: str, *, further: str = "") -> migrations.RunSQL:
    """Force row-level security: the web sees and writes the rows that a condition calls its own."""
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON {table} FOR ALL TO {APP_ROLE} USING ({own}) WITH CHECK ({own});
        CREATE POLICY worker_rows ON {table} FOR ALL TO {WORKER_ROLE} USING (true) WITH CHECK (true);
        {further}
        """,
        f"""
        DROP POLICY IF EXISTS opened_rows ON {table};
        DROP POLICY own_rows ON {table};
        DROP POLICY worker_rows ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def others_rows(
    table: str, whose: str, *, readable: str, addable: str = "", changeable: str = "", stays: str = "true"
) -> migrations.RunSQL:
    """Beside ``tenant_table``: what others than the company read, add and change, by these conditions.

    ``whose`` begins the names of the policies; ``stays`` has to hold for a row that was changed.
    """
    on = f"ON {table} FOR"
    made = [f"CREATE POLICY {whose}_rows {on} SELECT TO {APP_ROLE} USING ({readable});"]
    if addable:
        made.append(f"CREATE POLICY {whose}_added {on} INSERT TO {APP_ROLE} WITH CHECK ({addable});")
    if changeable:
        made.append(
            f"CREATE POLICY {whose}_changed {on} UPDATE TO {APP_ROLE}"
            f" USING ({changeable}) WITH CHECK ({stays});"
        )
    names = (f"{whose}_{what}" for what in ("rows", "added", "changed"))
    return migrations.RunSQL(
        "\n".join(made), "\n".join(f"DROP POLICY IF EXISTS {name} ON {table};" for name in names)
    )


def same_company(table: str, column: str, target: str) -> migrations.RunSQL:
    """A composite foreign key, because a plain one bypasses row-level security and takes a stranger's row."""
    name = f"{table}_{column}_same_company"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (company_id, {column}) "
        f"REFERENCES {target} (company_id, id) DEFERRABLE INITIALLY DEFERRED;",
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


def read_only_for_web(table: str) -> migrations.RunSQL:
    """Rows that only the calculation writes."""
    return migrations.RunSQL(
        f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {APP_ROLE};",
        f"GRANT INSERT, UPDATE, DELETE ON {table} TO {APP_ROLE};",
    )


def append_only(table: str) -> migrations.RunSQL:
    """Rows that the calculation adds and nobody changes or removes, whoever connects."""
    return migrations.RunSQL(
        f"""
        REVOKE INSERT, UPDATE, DELETE ON {table} FROM {APP_ROLE};
        REVOKE UPDATE, DELETE ON {table} FROM {WORKER_ROLE};
        CREATE FUNCTION {table}_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION '% is a history: its rows are never changed or removed', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER is_kept BEFORE UPDATE OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION {table}_is_kept();
        """,
        f"""
        DROP TRIGGER is_kept ON {table};
        DROP FUNCTION {table}_is_kept();
        GRANT UPDATE, DELETE ON {table} TO {WORKER_ROLE};
        GRANT INSERT, UPDATE, DELETE ON {table} TO {APP_ROLE};
        """,
    )


def worker_only(table: str) -> migrations.RunSQL:
    """Rows that no web request may even read."""
    return migrations.RunSQL(
        f"REVOKE ALL ON {table} FROM {APP_ROLE};",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP_ROLE};",
    )


def run_as_worker(*functions: str) -> str:
    """Functions that see every tenant's rows: definer's rights, owned by the worker's role.

    A trigger fires with the rights of whoever wrote; row-level security would hide from it the very rows of
    other companies that depend on the change.
    """
    owned = "\n".join(
        f"ALTER FUNCTION {name} SECURITY DEFINER SET search_path = public, pg_temp;\n"
        f"ALTER FUNCTION {name} OWNER TO {WORKER_ROLE};"
        for name in functions
    )
    return (
        f"GRANT CREATE ON SCHEMA public TO {WORKER_ROLE};\n{owned}\n"
        f"REVOKE CREATE ON SCHEMA public FROM {WORKER_ROLE};\n"
    )
