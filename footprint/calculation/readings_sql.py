"""How fresh footprints are, for those who keep the platform running: numbers of them, nobody's."""

from __future__ import annotations

from accounts.sql import run_as_worker
from accounts.visibility import APP_ROLE, WORKER_ROLE

NAME = "calculation_freshness()"
# what rests on a marked process is marked in its turn when that was computed
FRESHNESS = f"""
CREATE FUNCTION {NAME} RETURNS TABLE (freshness text, footprints bigint) LANGUAGE sql STABLE AS $$
  WITH pending AS (
    SELECT count(*) AS n FROM calculation_footprint f
    WHERE f.process_id IN (SELECT m.key FROM calculation_recomputemark m WHERE m.kind = 'process')
  ), failed AS (
    SELECT count(*) AS n FROM calculation_footprint f WHERE f.state = 'failed'
      AND f.process_id NOT IN (SELECT m.key FROM calculation_recomputemark m WHERE m.kind = 'process')
  ), everything AS (SELECT count(*) AS n FROM calculation_footprint)
  SELECT 'current', everything.n - pending.n - failed.n FROM everything, pending, failed
  UNION ALL SELECT 'pending', n FROM pending
  UNION ALL SELECT 'failed', n FROM failed
$$;
{run_as_worker(NAME)}
REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {NAME} TO {APP_ROLE}, {WORKER_ROLE};
"""
NO_FRESHNESS = f"DROP FUNCTION {NAME};"
