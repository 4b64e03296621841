"""A page of a list, answered by the database in one go: asked as the partner, with both locks in force.

The statement never changes, so each session of the database plans it once; by itself that takes as long as
answering it.
"""

from __future__ import annotations

from accounts.visibility import APP_ROLE, WORKER_ROLE
from footprint.partners.sql import LEVEL, NOTED_LEVEL

SIGNATURE = "partners_page(jsonb, bigint, bigint, integer, boolean, timestamptz)"
CREATE_PAGE = f"""
CREATE FUNCTION partners_page(
  asked jsonb, after_id bigint, upto_id bigint, most integer, in_v2 boolean, since timestamptz
) RETURNS TABLE (
  found_id bigint, upto bigint, id bigint, document text, document_v2 text, level integer, noted text
) LANGUAGE plpgsql STABLE ROWS 100 AS $$
DECLARE
  caller bigint := nullif(current_setting('app.partner', true), '')::bigint;
BEGIN
  RETURN QUERY
    SELECT f.found_id, f.upto, o.id, o.document, CASE WHEN in_v2 THEN o.document_v2 ELSE '' END,
      {LEVEL.format(caller="caller")}, {NOTED_LEVEL.format(caller="caller", since="since")}
    FROM partners_found(asked, after_id, upto_id, most) f
    LEFT JOIN partners_offeredfootprint o ON o.id = f.found_id
    ORDER BY f.found_id;
END $$;
REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {APP_ROLE}, {WORKER_ROLE};
"""
DROP_PAGE = f"DROP FUNCTION {SIGNATURE};"
PAGE = "SELECT * FROM partners_page(%s::jsonb, %s, %s, %s, %s, %s)"
