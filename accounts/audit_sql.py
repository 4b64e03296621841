"""SQL for migrations: what the audit log is made of.

What a transaction did waits in ``accounts_auditpending`` until it commits. Only then a deferred trigger takes
the lock of each company's chain, for the milliseconds it needs to append: a long import does not hold up its
company's other writers, and two transactions take the locks in the same order.

Nobody writes the log but these functions. They belong to the owner of the schema, whom forced row-level
security lets append and nothing else.
"""

from __future__ import annotations

from django.db import migrations

from accounts.audit_chain import FORMAT
from accounts.sql import OWN
from accounts.visibility import APP_ROLE, WORKER_ROLE

# an uncorrelated subquery is evaluated once, not for every row
AUDITED = (
    "((SELECT string_to_array(nullif(current_setting('app.audits', true), ''), ',')::bigint[])::bigint[])"
)
WHO = "(SELECT nullif(current_setting('app.actor', true), ''))"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"

WAITING = f"""
CREATE UNLOGGED TABLE accounts_auditpending (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  company_id bigint,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL,
  request uuid,
  action text NOT NULL,
  subject text NOT NULL,
  about uuid[] NOT NULL,
  facts jsonb NOT NULL
);
ALTER TABLE accounts_auditpending ALTER facts SET STORAGE EXTERNAL;  -- not worth packing
CREATE INDEX accounts_auditpending_of ON accounts_auditpending (transaction);
REVOKE ALL ON accounts_auditpending FROM {APP_ROLE}, {WORKER_ROLE};

CREATE FUNCTION accounts_audit_pend(company bigint, action text, subject text, about uuid[], facts jsonb)
RETURNS void LANGUAGE sql {DEFINER} AS $$
  INSERT INTO accounts_auditpending (company_id, actor, request, action, subject, about, facts)
  VALUES (
    company,
    coalesce(nullif(current_setting('app.actor', true), ''), 'role:' || session_user),
    nullif(current_setting('app.request', true), '')::uuid,
    action, subject, about, facts
  )
$$;
REVOKE ALL ON FUNCTION accounts_audit_pend FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_audit_pend TO {WORKER_ROLE};

-- what no row tells: who came in, who was turned away, who took what. It can pass for no change of a row.
CREATE FUNCTION accounts_audit_record(
  company bigint, who text, action text, subject text, about uuid[], facts jsonb
) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  IF action IN ('added', 'changed', 'removed', 'emptied') THEN
    RAISE EXCEPTION 'changes of rows are recorded by triggers alone' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO accounts_auditpending (company_id, actor, request, action, subject, about, facts)
  VALUES (
    company, who, nullif(current_setting('app.request', true), '')::uuid, action, subject, about, facts
  );
END $$;
REVOKE ALL ON FUNCTION accounts_audit_record FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_audit_record TO {APP_ROLE}, {WORKER_ROLE};
"""

APPEND = f"""
CREATE FUNCTION accounts_audit_chain_of(company bigint) RETURNS accounts_auditchain
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE chain accounts_auditchain;
BEGIN
  SELECT * INTO chain FROM accounts_auditchain
    WHERE company_id IS NOT DISTINCT FROM company FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    SELECT coalesce(own.uuid::text, CASE WHEN company IS NULL THEN 'alliance' ELSE 'company-' || company END),
           coalesce(own.code, '')
      INTO chain.name, chain.code
      FROM (SELECT) AS nothing LEFT JOIN accounts_company own ON own.id = company;
    INSERT INTO accounts_auditchain (company_id, name, code, position, head)
      VALUES (
        company, chain.name, chain.code, 0,
        encode(sha256(convert_to(E'{FORMAT}\\n' || chain.name, 'UTF8')), 'hex')
      )
      ON CONFLICT DO NOTHING;
    SELECT * INTO chain FROM accounts_auditchain
      WHERE company_id IS NOT DISTINCT FROM company FOR NO KEY UPDATE;
  END IF;
  RETURN chain;
END $$;
REVOKE ALL ON FUNCTION accounts_audit_chain_of FROM PUBLIC;

CREATE FUNCTION accounts_audit_append() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
  waiting accounts_auditpending;
  chain accounts_auditchain;
  following text;
BEGIN
  PERFORM FROM accounts_auditpending WHERE id = NEW.id;
  IF NOT FOUND THEN  -- an earlier one of this transaction took all
    RETURN NULL;
  END IF;
  FOR waiting IN
    SELECT * FROM accounts_auditpending WHERE transaction = pg_current_xact_id()
    ORDER BY company_id NULLS FIRST, id
  LOOP
    IF chain.id IS NULL OR chain.company_id IS DISTINCT FROM waiting.company_id THEN
      UPDATE accounts_auditchain SET position = chain.position, head = chain.head WHERE id = chain.id;
      chain := accounts_audit_chain_of(waiting.company_id);
    END IF;
    chain.position := chain.position + 1;
    following := encode(sha256(decode(chain.head, 'hex') || convert_to(concat_ws(E'\\n',
      chain.position,
      to_char(waiting.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      waiting.actor,
      coalesce(waiting.request::text, ''),
      waiting.action,
      waiting.subject,
      array_to_string(waiting.about, ','),
      waiting.facts::text
    ), 'UTF8')), 'hex');
    INSERT INTO accounts_auditentry
      (company_id, position, at, actor, request, action, subject, about, facts, previous, hash)
    VALUES (
      waiting.company_id, chain.position, waiting.at, waiting.actor, waiting.request, waiting.action,
      waiting.subject, waiting.about, waiting.facts, chain.head, following
    );
    chain.head := following;
  END LOOP;
  UPDATE accounts_auditchain SET position = chain.position, head = chain.head WHERE id = chain.id;
  DELETE FROM accounts_auditpending WHERE transaction = pg_current_xact_id();
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION accounts_audit_append FROM PUBLIC;
CREATE CONSTRAINT TRIGGER append AFTER INSERT ON accounts_auditpending
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION accounts_audit_append();
"""

FOR_EVER = "\n".join(
    f"""
    CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON {table}
      FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_stays();
    CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
      FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_stays();
    """
    for table in (
        "accounts_auditentry",
        "accounts_auditseal",
        "accounts_auditcheckpoint",
        "accounts_auditleaf",
    )
)
STAYS = f"""
CREATE FUNCTION accounts_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is only ever added to (% of %)', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
{FOR_EVER}
CREATE FUNCTION accounts_audit_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.position <= OLD.position OR (NEW.id, NEW.name) IS DISTINCT FROM (OLD.id, OLD.name)
     OR NEW.company_id IS DISTINCT FROM OLD.company_id THEN
    RAISE EXCEPTION 'a hash chain only ever grows' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER moves_on BEFORE UPDATE ON accounts_auditchain
  FOR EACH ROW EXECUTE FUNCTION accounts_audit_moves_on();
CREATE TRIGGER never_removed BEFORE DELETE ON accounts_auditchain
  FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_stays();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON accounts_auditchain
  FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_stays();
"""

# a price is kept apart under a salted hash: the chain can be shown and exported without it
SEAL = f"""
CREATE FUNCTION accounts_audit_seal(company bigint, told jsonb, fields text[]) RETURNS jsonb
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
  field text;
  salt uuid;
  digest text;
BEGIN
  FOREACH field IN ARRAY fields LOOP
    IF told ? field THEN
      salt := gen_random_uuid();
      digest := encode(sha256(convert_to(salt || E'\\n' || (told -> field)::text, 'UTF8')), 'hex');
      INSERT INTO accounts_auditseal (company_id, digest, salt, value)
        VALUES (company, digest, salt, (told -> field)::text);
      told := jsonb_set(told, ARRAY[field], jsonb_build_object('sealed', digest));
    END IF;
  END LOOP;
  RETURN told;
END $$;
REVOKE ALL ON FUNCTION accounts_audit_seal FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_audit_seal TO {WORKER_ROLE};
"""

DIFFERENCE = """
CREATE FUNCTION accounts_audit_hush(told jsonb, hushed text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_object_agg(key, CASE WHEN key = ANY (hushed) THEN '"•"'::jsonb ELSE value END)
  FROM jsonb_each(told)
$$;

-- null when nothing changed that is worth telling
CREATE FUNCTION accounts_audit_difference(earlier jsonb, later jsonb, untold text[], hushed text[])
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object(
    'before', jsonb_object_agg(key, CASE WHEN key = ANY (hushed) THEN '"•"'::jsonb ELSE value END),
    'after', jsonb_object_agg(key, CASE WHEN key = ANY (hushed) THEN '"•"'::jsonb ELSE later -> key END)
  )
  FROM jsonb_each(earlier - untold) WHERE value IS DISTINCT FROM later -> key HAVING count(*) > 0
$$;
"""

READERS = f"""
ALTER TABLE accounts_auditentry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY readers ON accounts_auditentry FOR SELECT TO {APP_ROLE} USING (
  company_id = ANY ({AUDITED}) OR (company_id IS NULL AND (0 = ANY ({AUDITED}) OR actor = {WHO})));
ALTER TABLE accounts_auditchain ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY readers ON accounts_auditchain FOR SELECT TO {APP_ROLE} USING (
  coalesce(company_id, 0) = ANY ({AUDITED}) OR (SELECT current_setting('app.watches', true)) = 'yes');
ALTER TABLE accounts_auditleaf ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY readers ON accounts_auditleaf FOR SELECT TO {APP_ROLE} USING (
  coalesce(company_id, 0) = ANY ({AUDITED}) OR (SELECT current_setting('app.watches', true)) = 'yes');
ALTER TABLE accounts_auditseal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY readers ON accounts_auditseal FOR SELECT TO {APP_ROLE}
  USING ({OWN} AND company_id = ANY ({AUDITED}));

CREATE POLICY worker_rows ON accounts_auditentry FOR SELECT TO {WORKER_ROLE} USING (true);
CREATE POLICY worker_rows ON accounts_auditchain FOR SELECT TO {WORKER_ROLE} USING (true);
CREATE POLICY worker_rows ON accounts_auditseal FOR SELECT TO {WORKER_ROLE} USING (true);
CREATE POLICY worker_rows ON accounts_auditleaf FOR ALL TO {WORKER_ROLE} USING (true) WITH CHECK (true);

CREATE POLICY appends ON accounts_auditentry FOR INSERT TO CURRENT_USER WITH CHECK (true);
CREATE POLICY appends ON accounts_auditseal FOR INSERT TO CURRENT_USER WITH CHECK (true);
CREATE POLICY moves ON accounts_auditchain FOR ALL TO CURRENT_USER USING (true) WITH CHECK (true);

REVOKE INSERT, UPDATE, DELETE ON accounts_auditentry, accounts_auditchain, accounts_auditseal
  FROM {APP_ROLE}, {WORKER_ROLE};
REVOKE INSERT, UPDATE, DELETE ON accounts_auditcheckpoint, accounts_auditleaf FROM {APP_ROLE};
REVOKE UPDATE, DELETE ON accounts_auditcheckpoint, accounts_auditleaf FROM {WORKER_ROLE};
ALTER TABLE accounts_auditchain SET (fillfactor = 50);
"""

UNDO = """
DROP TABLE accounts_auditpending;
DROP FUNCTION accounts_audit_pend, accounts_audit_record, accounts_audit_append, accounts_audit_seal,
  accounts_audit_hush, accounts_audit_difference, accounts_audit_chain_of;
DROP FUNCTION accounts_audit_stays, accounts_audit_moves_on CASCADE;
"""


def create_audit_log() -> migrations.RunSQL:
    """Everything but the triggers of the tables that are recorded."""
    return migrations.RunSQL(WAITING + APPEND + STAYS + SEAL + DIFFERENCE + READERS, UNDO)
