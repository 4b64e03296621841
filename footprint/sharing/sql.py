"""The database's own word on sharing: what the two sides of a request read and write."""

from __future__ import annotations

from django.db import migrations

from accounts.sql import OWN, run_as_worker
from accounts.visibility import APP_ROLE, WORKER_ROLE

SUPPLIES = OWN.replace("company_id", "supplier_id", 1)
"""A request as the company that was asked sees it."""
OF_SUPPLIED = f"request_id IN (SELECT asked.id FROM sharing_sharingrequest asked WHERE asked.{SUPPLIES})"
"""Its parts: the request is read under row-level security itself."""


def of_supplier(column: str, target: str) -> migrations.RunSQL:
    """A composite key: what the supplier gives is the supplier's own."""
    name = f"sharing_sharingrequest_{column}_same_company"
    return migrations.RunSQL(
        f"ALTER TABLE sharing_sharingrequest ADD CONSTRAINT {name} FOREIGN KEY (supplier_id, {column}) "
        f"REFERENCES {target} (company_id, id) DEFERRABLE INITIALLY DEFERRED;",
        f"ALTER TABLE sharing_sharingrequest DROP CONSTRAINT {name};",
    )


def speaks_for_itself(table: str, column: str) -> migrations.RunSQL:
    """Nobody adds a row in the name of a company that is not theirs."""
    own = OWN.replace("company_id", column, 1)
    return migrations.RunSQL(
        f"CREATE POLICY for_itself ON {table} AS RESTRICTIVE FOR INSERT TO {APP_ROLE} WITH CHECK ({own});",
        f"DROP POLICY for_itself ON {table};",
    )


# each side writes its own columns, whoever connects through the web
SIDES = f"""
CREATE FUNCTION sharing_request_sides() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mine text[] := string_to_array(coalesce(current_setting('app.companies', true), ''), ',');
BEGIN
  IF current_user <> '{APP_ROLE}' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF (NEW.product_id, NEW.publication_id, NEW.content, NEW.shared_at, NEW.usability, NEW.decided_at)
        IS DISTINCT FROM (NULL::bigint, NULL::bigint, NULL::jsonb, NULL::timestamptz, NULL::smallint,
        NULL::timestamptz) OR (NEW.mode, NEW.given_level, NEW.jws) IS DISTINCT FROM ('', '', '') THEN
      RAISE EXCEPTION 'a request begins with nothing given' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF NOT OLD.supplier_id::text = ANY (mine) AND (NEW.mode, NEW.product_id, NEW.publication_id,
      NEW.given_level, NEW.content, NEW.jws, NEW.key_id, NEW.shared_at, NEW.outdated_at)
      IS DISTINCT FROM (OLD.mode,
      OLD.product_id, OLD.publication_id, OLD.given_level, OLD.content, OLD.jws, OLD.key_id,
      OLD.shared_at, OLD.outdated_at) THEN
    RAISE EXCEPTION 'what is given is said by the supplier' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT OLD.company_id::text = ANY (mine) AND (NEW.usability, NEW.decided_at, NEW.for_product_id)
      IS DISTINCT FROM (OLD.usability, OLD.decided_at, OLD.for_product_id) THEN
    RAISE EXCEPTION 'what was given is judged by who asked' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sides BEFORE INSERT OR UPDATE ON sharing_sharingrequest
  FOR EACH ROW EXECUTE FUNCTION sharing_request_sides();
"""
NO_SIDES = "DROP TRIGGER sides ON sharing_sharingrequest; DROP FUNCTION sharing_request_sides();"

# what factor databases call a source: one for what may be passed on, one for the rest
ORIGIN = f"""
CREATE FUNCTION sharing_origin(onward boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  named text := CASE WHEN onward THEN 'suppliers-onward' ELSE 'suppliers' END;
BEGIN
  INSERT INTO factors_source (code, title_zh, title_en, publisher, year, licence, licence_url,
    redistribution, url)
  VALUES (named,
    '供应商提供的碳足迹' || CASE WHEN onward THEN '（可转交）' ELSE '' END,
    'Footprints told by suppliers' || CASE WHEN onward THEN ', to be passed on' ELSE '' END,
    'The supplier named with each figure', 2026, 'As agreed with the supplier', '',
    CASE WHEN onward THEN 'yes' ELSE 'no' END, '')
  ON CONFLICT (code) DO NOTHING;
  RETURN (SELECT id FROM factors_source WHERE code = named);
END $$;
{run_as_worker("sharing_origin(boolean)")}
REVOKE ALL ON FUNCTION sharing_origin(boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sharing_origin(boolean) TO {APP_ROLE}, {WORKER_ROLE};
"""
NO_ORIGIN = "DROP FUNCTION sharing_origin(boolean);"
