"""Lock 2 of sandboxes: whatever the application decides, no row of a sandbox stands where others see it."""

from __future__ import annotations

from django.db import migrations


def never_of_sandbox(table: str) -> migrations.RunSQL:
    """Rows of this table reach others: a company to try things out in has none."""
    name = f"{table}_never_of_sandbox"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF EXISTS (SELECT FROM accounts_company WHERE id = NEW.company_id AND kind = 'sandbox') THEN
            RAISE EXCEPTION '{table} is seen by others, and a sandbox is nobody else''s'
              USING ERRCODE = 'restrict_violation';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER never_of_sandbox BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
        """,
        f"DROP TRIGGER never_of_sandbox ON {table}; DROP FUNCTION {name}();",
    )
