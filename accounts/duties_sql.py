"""SQL for migrations: duties that no two of may lie in one hand, as the database sees to it.

Running the platform, opening accounts and auditing both are three people (``APART`` in
``accounts/roles.py``), whether a role is one's own or lent, in whichever company, now or later.
"""

from __future__ import annotations

from django.db import migrations

from accounts.roles import APART

CONSTRAINT = "duties_apart"
"""What the violation calls itself, so that an action can say it in words."""
ROLES = ", ".join(f"'{role}'" for role in sorted(APART))

DUTIES_APART = f"""
CREATE FUNCTION accounts_duties_of(person bigint) RETURNS TABLE (role text, first date, last date)
LANGUAGE sql STABLE AS $$
  SELECT own.role, coalesce(own.valid_from, '-infinity'::date), coalesce(own.valid_to, 'infinity'::date)
  FROM accounts_membership own WHERE own.user_id = person AND own.role IN ({ROLES})
  UNION ALL
  SELECT lent.role, d.created_at::date, least(d.ends_on, coalesce(lent.valid_to, 'infinity'::date))
  FROM accounts_delegation d JOIN accounts_membership lent ON lent.id = d.membership_id
  WHERE d.delegate_id = person AND d.revoked_at IS NULL AND lent.role IN ({ROLES})
$$;

CREATE FUNCTION accounts_keep_duties_apart(person bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- two transactions that each add one duty wait for each other here
  PERFORM 1 FROM accounts_user WHERE id = person FOR UPDATE;
  IF EXISTS (
    SELECT FROM accounts_duties_of(person) one JOIN accounts_duties_of(person) other
    ON one.role < other.role AND one.first <= other.last AND other.first <= one.last
  ) THEN
    RAISE EXCEPTION 'one person may not run the platform, open accounts, or audit both'
      USING ERRCODE = 'check_violation', CONSTRAINT = '{CONSTRAINT}';
  END IF;
END $$;

CREATE FUNCTION accounts_membership_duties() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM accounts_keep_duties_apart(NEW.user_id);
  PERFORM accounts_keep_duties_apart(delegate_id) FROM accounts_delegation
    WHERE membership_id = NEW.id AND revoked_at IS NULL ORDER BY delegate_id;
  RETURN NULL;
END $$;
CREATE TRIGGER duties_apart AFTER INSERT OR UPDATE ON accounts_membership
  FOR EACH ROW WHEN (NEW.role IN ({ROLES})) EXECUTE FUNCTION accounts_membership_duties();

CREATE FUNCTION accounts_delegation_duties() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM accounts_keep_duties_apart(NEW.delegate_id);
  RETURN NULL;
END $$;
CREATE TRIGGER duties_apart AFTER INSERT OR UPDATE ON accounts_delegation
  FOR EACH ROW EXECUTE FUNCTION accounts_delegation_duties();
"""

UNDO = """
DROP TRIGGER duties_apart ON accounts_delegation;
DROP TRIGGER duties_apart ON accounts_membership;
DROP FUNCTION accounts_delegation_duties, accounts_membership_duties, accounts_keep_duties_apart,
  accounts_duties_of;
"""


def keep_duties_apart() -> migrations.RunSQL:
    """The triggers on memberships and delegations."""
    return migrations.RunSQL(DUTIES_APART, UNDO)
