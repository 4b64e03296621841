"""SQL for migrations: what reviewers of the alliance see of a company's rows, and rows that stay."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import migrations

from accounts.sql import others_rows, run_as_worker
from accounts.visibility import APP_ROLE

# an uncorrelated subquery is evaluated once, not for every row
REVIEWS = "(SELECT current_setting('app.reviews', true)) = 'yes'"


def reviewed_table(
    table: str, *, readable: str, addable: str = "", changeable: str = ""
) -> migrations.RunSQL:
    """Beside ``tenant_table``: reviewers read, add and change the rows that these conditions name."""
    return others_rows(
        table,
        "reviewed",
        readable=_of(readable),
        addable=addable and _of(addable),
        changeable=changeable and _of(changeable),
        stays=_of(readable),
    )


def _of(condition: str) -> str:
    return f"{REVIEWS} AND ({condition})"


def kept_columns(table: str, columns: Sequence[str]) -> migrations.RunSQL:
    """These columns are written once, when the row is added, whoever connects."""
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {table}_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF {changed} THEN
            RAISE EXCEPTION '{table} keeps what it was made with' USING ERRCODE = 'restrict_violation';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER keeps BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_keeps();
        """,
        f"DROP TRIGGER keeps ON {table}; DROP FUNCTION {table}_keeps();",
    )


def never_removed(table: str) -> migrations.RunSQL:
    """A row stays, unless its company is of the demonstration and is taken out with everything it has."""
    name = f"{table}_stays"
    return migrations.RunSQL(
        f"""
        REVOKE DELETE ON {table} FROM {APP_ROLE};
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF EXISTS (SELECT FROM accounts_company WHERE id = OLD.company_id AND is_demonstration) THEN
            RETURN OLD;
          END IF;
          RAISE EXCEPTION '% is kept: its rows are never removed', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER stays BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
        {run_as_worker(f"{name}()")}
        """,
        f"""
        DROP TRIGGER stays ON {table};
        DROP FUNCTION {name}();
        GRANT DELETE ON {table} TO {APP_ROLE};
        """,
    )


def written_once(table: str) -> migrations.RunSQL:
    """Rows that are added and never changed, but that a person who is forgotten goes from ``by``."""
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {table}_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF (to_jsonb(NEW) - 'by_id') IS DISTINCT FROM (to_jsonb(OLD) - 'by_id')
             OR (NEW.by_id IS NOT NULL AND NEW.by_id IS DISTINCT FROM OLD.by_id) THEN
            RAISE EXCEPTION '% is a history: its rows are never changed', TG_TABLE_NAME
              USING ERRCODE = 'restrict_violation';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER written_once BEFORE UPDATE ON {table}
          FOR EACH ROW EXECUTE FUNCTION {table}_is_written_once();
        """,
        f"DROP TRIGGER written_once ON {table}; DROP FUNCTION {table}_is_written_once();",
    )
