"""What every request of a partner's system asks, as functions whose statements a session plans once.

To plan such a statement takes PostgreSQL as long as to answer it. A page is asked as the partner, with both
locks in force; whose a token is, by the worker's rights, for nobody is known yet.
"""

from __future__ import annotations

from accounts.sql import run_as_worker
from accounts.visibility import APP_ROLE, WORKER_ROLE
from footprint.partners.sql import LEVEL, NOTED_LEVEL


def caller(*, language: str) -> str:
    """Whose a token is; a function in SQL plans its statement at each call."""
    asked = """SELECT c.id, c.uuid, c.company_id, c.partner_id, c.name::text, t.expires, c.networks::text[]
    FROM oauth2_provider_accesstoken t JOIN partners_connection c ON c.application_id = t.application_id
    WHERE t.token_checksum = checksum AND c.state = 'active'"""
    body = f"BEGIN RETURN QUERY {asked}; END" if language == "plpgsql" else asked
    return f"""
CREATE OR REPLACE FUNCTION partners_caller(checksum text)
RETURNS TABLE (
  id bigint, uuid uuid, company_id bigint, partner_id bigint, name text, expires timestamptz, networks text[]
) LANGUAGE {language} STABLE AS $$ {body} $$;
{run_as_worker("partners_caller(text)")}
"""


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
CALLER = "SELECT id, uuid, company_id, partner_id, name, networks, expires FROM partners_caller(%s)"
PAGE = "SELECT * FROM partners_page(%s::jsonb, %s, %s, %s, %s, %s)"
