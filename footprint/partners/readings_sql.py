"""How deliveries stand, for those who keep the platform running: numbers of them, nobody's."""

from __future__ import annotations

from accounts.sql import run_as_worker
from accounts.visibility import APP_ROLE, WORKER_ROLE

NAME = "partners_deliveries_standing()"
STANDING = f"""
CREATE FUNCTION {NAME}
RETURNS TABLE (receiver text, queued bigint, oldest timestamptz, due timestamptz, dead bigint)
LANGUAGE sql STABLE AS $$
  SELECT whom, count(*) FILTER (WHERE d.state = 'queued'),
    min(d.created_at) FILTER (WHERE d.state = 'queued'),
    min(d.due_at) FILTER (WHERE d.state = 'queued'), count(*) FILTER (WHERE d.state = 'dead')
  FROM (VALUES ('partner'), ('webhook')) AS receivers (whom)
  LEFT JOIN partners_delivery d
    ON (d.state = 'queued' OR d.state = 'dead') AND (d.webhook_id IS NULL) = (whom = 'partner')
  GROUP BY whom ORDER BY whom
$$;
{run_as_worker(NAME)}
REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {NAME} TO {APP_ROLE}, {WORKER_ROLE};
"""
NOT_STANDING = f"DROP FUNCTION {NAME};"
# of what was delivered there is ever more; what was given up stays few
INDEX = (
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS delivery_dead ON partners_delivery (created_at)"
    " WHERE state = 'dead'"
)
NO_INDEX = "DROP INDEX CONCURRENTLY IF EXISTS delivery_dead"
