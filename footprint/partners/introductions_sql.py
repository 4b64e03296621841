"""SQL: what somebody outside, who is nobody's tenant, may know and leave. The web itself sees no such row."""

from __future__ import annotations

from accounts.sql import run_as_worker
from accounts.visibility import APP_ROLE, WORKER_ROLE

STATED = ("name", "lei", "uscc", "duns", "contact_name", "contact_mail", "base_url", "purpose", "language")
"""What a request states, all of it text."""
INTRODUCING = f"""
CREATE FUNCTION partners_receiving() RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT r.company_id FROM partners_reception r JOIN accounts_company c ON c.id = r.company_id
  WHERE r.is_open AND c.kind <> 'sandbox'
$$;
CREATE FUNCTION partners_introduce(company bigint, asked uuid, at timestamptz, stated jsonb) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  IF company NOT IN (SELECT partners_receiving()) THEN
    RETURN false;
  END IF;
  INSERT INTO partners_connectionrequest
    (uuid, company_id, received_at, state, reason, version, {", ".join(STATED)})
  VALUES (asked, company, at, 'new', '', 1, {", ".join(f"stated ->> '{name}'" for name in STATED)});
  RETURN true;
END $$;
{run_as_worker("partners_receiving()", "partners_introduce(bigint, uuid, timestamptz, jsonb)")}
REVOKE ALL ON FUNCTION partners_receiving(), partners_introduce(bigint, uuid, timestamptz, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partners_receiving(), partners_introduce(bigint, uuid, timestamptz, jsonb)
  TO {APP_ROLE}, {WORKER_ROLE};
"""
NOT_INTRODUCING = """
DROP FUNCTION partners_introduce(bigint, uuid, timestamptz, jsonb);
DROP FUNCTION partners_receiving();
"""

RECEIVING = "SELECT partners_receiving()"
INTRODUCE = "SELECT partners_introduce(%s, %s, %s, %s::jsonb)"
