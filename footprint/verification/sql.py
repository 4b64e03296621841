"""The database's own word on verification: who reads and writes what, for how long, and what is kept."""

from __future__ import annotations

from accounts.notices_sql import MYSELF
from accounts.roles import Permission, roles_with
from accounts.sql import run_as_worker
from accounts.visibility import APP_ROLE
from footprint.verification.procedure import AT_WORK, OPENED

ROLES = ", ".join(f"'{role.value}'" for role in sorted(roles_with(Permission.VERIFY)))
ENGAGED = f"""verifier_id = {MYSELF} AND access_until >= accounts_today()
  AND state <> 'cancelled'
  AND EXISTS (
    SELECT FROM accounts_membership held
    WHERE held.user_id = verifier_id AND held.company_id = body_id AND held.role IN ({ROLES})
      AND coalesce(held.valid_from <= accounts_today(), true)
      AND coalesce(held.valid_to >= accounts_today(), true)
  )"""
"""An engagement as its verifier sees it: while their role at the body and the access last."""


def _states(states: tuple[str, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)


def of_engaged(states: tuple[str, ...]) -> str:
    """Parts of an engagement that is the verifier's own and in one of these states.

    The engagement is read under row-level security itself, which knows about time and role.
    """
    return (
        f"engagement_id IN (SELECT mine.id FROM verification_engagement mine"
        f" WHERE mine.verifier_id = {MYSELF} AND mine.state IN ({_states(states)}))"
    )


READS, WORKS = of_engaged(OPENED), of_engaged(AT_WORK)
STATES_IT = of_engaged((*AT_WORK, "stated"))
MOVES_IT = of_engaged(("requested", *OPENED, "declined"))
OF_SEEN = (
    "EXISTS (SELECT FROM publication_publication seen"
    " WHERE seen.id = verification_verificationstatement.publication_id AND seen.jws <> '')"
)


STATES = f"""
CREATE FUNCTION verification_engagement_states() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state IN ('reported', 'stated') AND NEW.state <> OLD.state AND EXISTS (
    SELECT FROM verification_sampledline WHERE engagement_id = NEW.id AND verdict = ''
  ) THEN
    RAISE EXCEPTION 'every line of the sample is looked at first' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'stated' AND OLD.state <> 'stated' AND (
    NEW.tested_at IS NULL OR EXISTS (
      SELECT FROM verification_verificationfinding WHERE engagement_id = NEW.id AND closed_at IS NULL
    )
  ) THEN
    RAISE EXCEPTION 'nothing is stated while a finding is open or nothing was calculated again'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER states BEFORE UPDATE ON verification_engagement
  FOR EACH ROW EXECUTE FUNCTION verification_engagement_states();
{run_as_worker("verification_engagement_states()")}
"""
NO_STATES = "DROP TRIGGER states ON verification_engagement; DROP FUNCTION verification_engagement_states();"

EVIDENCE = f"""
CREATE FUNCTION verification_evidence(sampled bigint, wanted uuid) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT kept.content
  FROM verification_sampledline looked_at
  JOIN verification_engagement engagement ON engagement.id = looked_at.engagement_id
  JOIN verification_dossier dossier ON dossier.engagement_id = engagement.id
  JOIN inventory_evidencefile file ON file.company_id = engagement.company_id
    AND file.line = looked_at.line AND file.uuid = wanted
  JOIN inventory_evidencecontent kept ON kept.company_id = file.company_id AND kept.sha256 = file.sha256
  WHERE looked_at.id = sampled AND engagement.state IN ({_states(OPENED)}) AND {ENGAGED}
    AND jsonb_path_exists(dossier.content,
      '$.processes[*].lines[*] ? (@.uuid == $line).evidence[*] ? (@.sha256 == $sha256)',
      jsonb_build_object('line', file.line, 'sha256', file.sha256))
$$;
{run_as_worker("verification_evidence(bigint, uuid)")}
REVOKE ALL ON FUNCTION verification_evidence(bigint, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION verification_evidence(bigint, uuid) TO {APP_ROLE};
"""
NO_EVIDENCE = "DROP FUNCTION verification_evidence(bigint, uuid);"
"""A file that the dossier names beside a line of the sample: for its verifier, for nobody else."""
