"""The database's own word on partners: what a partner's system may read, and how it is found quickly."""

from __future__ import annotations

from accounts.sql import run_as_worker
from accounts.visibility import APP_ROLE, WORKER_ROLE

PARTNER = "(SELECT nullif(current_setting('app.partner', true), '')::bigint)"
IN_FORCE = "revoked_at IS NULL AND (ends_on IS NULL OR ends_on >= accounts_today())"
OF_CALLER = f"connection_id = {PARTNER}"
CALLER = f"id = {PARTNER}"
# uncorrelated subqueries, each evaluated once; their own tables are behind the same lock
OPENED = f"""is_served
  AND company_id = (SELECT c.company_id FROM partners_connection c
    WHERE c.id = {PARTNER} AND c.state = 'active')
  AND (
    EXISTS (SELECT FROM partners_footprintgrant g WHERE g.connection_id = {PARTNER} AND g.product_id IS NULL
      AND {IN_FORCE})
    OR product_id = ANY ((SELECT array_agg(g.product_id) FROM partners_footprintgrant g
      WHERE g.connection_id = {PARTNER} AND {IN_FORCE})::bigint[])
  )
  AND (only_for IS NULL
    OR (SELECT c.partner_id FROM partners_connection c WHERE c.id = {PARTNER}) = ANY (only_for))"""


def posted_by_partner(table: str) -> str:
    """A partner's system adds rows of its own connection, for the company that has it."""
    return f"""
    CREATE POLICY posted_rows ON {table} FOR INSERT TO {APP_ROLE} WITH CHECK (
      connection_id = {PARTNER} AND company_id = (
        SELECT c.company_id FROM partners_connection c WHERE c.id = {PARTNER} AND c.state = 'active'));
    """


# that it read again what it had before is noted by the partner's system itself, in its own receipts alone
NOTED = f"""
CREATE POLICY noted_rows ON partners_receipt FOR UPDATE TO {APP_ROLE} USING ({OF_CALLER}) WITH CHECK (
  {OF_CALLER} AND company_id = (
    SELECT c.company_id FROM partners_connection c WHERE c.id = {PARTNER} AND c.state = 'active'));
"""
NOT_NOTED = "DROP POLICY noted_rows ON partners_receipt;"


# the web asks these before it knows for whom it works; they tell nothing but what a token or an id leads to
def known(*, networks: bool) -> str:
    """Who a token is of, and the secrets of an id; with the networks they hold from, once there are any."""
    column, chosen = (", networks text[]", ", c.networks") if networks else ("", "")
    return f"""
CREATE FUNCTION partners_caller(checksum text)
RETURNS TABLE (
  id bigint, uuid uuid, company_id bigint, partner_id bigint, name text, expires timestamptz{column}
) LANGUAGE sql STABLE AS $$
  SELECT c.id, c.uuid, c.company_id, c.partner_id, c.name, t.expires{chosen}
  FROM oauth2_provider_accesstoken t JOIN partners_connection c ON c.application_id = t.application_id
  WHERE t.token_checksum = checksum AND c.state = 'active'
$$;
CREATE FUNCTION partners_secrets(client text)
RETURNS TABLE (hashed text{column}) LANGUAGE sql STABLE AS $$
  SELECT s.hashed{chosen}
  FROM oauth2_provider_application a
  JOIN partners_connection c ON c.application_id = a.id AND c.state = 'active'
  JOIN partners_partnersecret s ON s.connection_id = c.id
  WHERE a.client_id = client AND s.revoked_at IS NULL AND s.expires_at > statement_timestamp()
  ORDER BY s.created_at DESC
$$;
{run_as_worker("partners_caller(text)", "partners_secrets(text)")}
REVOKE ALL ON FUNCTION partners_secrets(text), partners_caller(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partners_secrets(text), partners_caller(text) TO {APP_ROLE}, {WORKER_ROLE};
"""


UNKNOWN = "DROP FUNCTION partners_caller(text), partners_secrets(text);"
KNOWN = f"""
{known(networks=False)}
CREATE FUNCTION partners_exists(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM partners_offeredfootprint o JOIN partners_connection c ON c.company_id = o.company_id
    WHERE c.id = nullif(current_setting('app.partner', true), '')::bigint AND o.uuid = wanted AND o.is_served)
$$;
{run_as_worker("partners_exists(uuid)")}
REVOKE ALL ON FUNCTION partners_exists(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partners_exists(uuid) TO {APP_ROLE}, {WORKER_ROLE};
"""
# asked when a token was refused: the connection once, also without a secret that ended
ENDED_SECRETS = f"""
CREATE FUNCTION partners_ended_secrets(client text)
RETURNS TABLE (uuid uuid, company_id bigint, state text, hashed text, why text) LANGUAGE sql STABLE AS $$
  SELECT c.uuid, c.company_id, c.state, s.hashed,
    CASE WHEN s.expires_at <= coalesce(s.revoked_at, statement_timestamp()) THEN 'expired' ELSE 'revoked' END
  FROM oauth2_provider_application a
  JOIN partners_connection c ON c.application_id = a.id
  LEFT JOIN LATERAL (SELECT * FROM partners_partnersecret o
    WHERE o.connection_id = c.id AND (o.revoked_at IS NOT NULL OR o.expires_at <= statement_timestamp())
    ORDER BY o.created_at DESC LIMIT 2) s ON true
  WHERE a.client_id = client
$$;
{run_as_worker("partners_ended_secrets(text)")}
REVOKE ALL ON FUNCTION partners_ended_secrets(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partners_ended_secrets(text) TO {APP_ROLE}, {WORKER_ROLE};
"""
# asked when a token opened nothing: whose it was
REFUSED_CALLER = f"""
CREATE FUNCTION partners_refused_caller(checksum text)
RETURNS TABLE (uuid uuid, company_id bigint, state text, expires timestamptz) LANGUAGE sql STABLE AS $$
  SELECT c.uuid, c.company_id, c.state, t.expires
  FROM oauth2_provider_accesstoken t JOIN partners_connection c ON c.application_id = t.application_id
  WHERE t.token_checksum = checksum
$$;
{run_as_worker("partners_refused_caller(text)")}
REVOKE ALL ON FUNCTION partners_refused_caller(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partners_refused_caller(text) TO {APP_ROLE}, {WORKER_ROLE};
"""
NO_REFUSED_CALLER = "DROP FUNCTION partners_refused_caller(text);"
NO_ENDED_SECRETS = "DROP FUNCTION partners_ended_secrets(text);"
# Row-level security keeps operators that might leak from using an index (arrays). So candidates are found by
# a function that looks past it, for the caller's own grants, and only what the policy lets through is read.
FOUND = f"""
CREATE FUNCTION partners_found(asked jsonb, after_id bigint, upto_id bigint, most integer)
RETURNS TABLE (found_id bigint, upto bigint) LANGUAGE plpgsql STABLE ROWS 100 AS $$
DECLARE
  caller partners_connection;
  wanted text := 'o.company_id = $1 AND o.is_served AND o.id > $2 AND o.id <= $3';
  latest bigint;
  moment timestamptz := (asked ->> 'at')::timestamptz;
  one jsonb;
BEGIN
  SELECT * INTO caller FROM partners_connection
    WHERE id = nullif(current_setting('app.partner', true), '')::bigint AND state = 'active';
  IF NOT FOUND THEN
    RETURN;
  END IF;
  latest := coalesce(upto_id, (SELECT max(o.id) FROM partners_offeredfootprint o
    WHERE o.company_id = caller.company_id));
  IF NOT EXISTS (SELECT FROM partners_footprintgrant g
      WHERE g.connection_id = caller.id AND g.product_id IS NULL AND {IN_FORCE}) THEN
    wanted := wanted || ' AND o.product_id = ANY ((SELECT array_agg(g.product_id)
      FROM partners_footprintgrant g WHERE g.connection_id = $5 AND {IN_FORCE})::bigint[])';
  END IF;
  wanted := wanted || ' AND (o.only_for IS NULL OR $6 = ANY (o.only_for))';
  FOR one IN SELECT * FROM jsonb_array_elements(asked -> 'conditions') LOOP
    wanted := wanted || ' AND ' || CASE
      WHEN one ->> 'column' = 'company_ids' THEN partners_company_condition(one, caller.company_id)
      ELSE partners_condition(one, moment)
    END;
  END LOOP;
  RETURN QUERY EXECUTE 'SELECT o.id, $3 FROM partners_offeredfootprint o WHERE ' || wanted
    || ' ORDER BY o.id LIMIT $4'
    USING caller.company_id, after_id, latest, most, caller.id, caller.partner_id;
END $$;
CREATE FUNCTION partners_condition(one jsonb, moment timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  named text := one ->> 'column';
  texts text[] := ARRAY(SELECT jsonb_array_elements_text(one -> 'values'));
BEGIN
  CASE
    WHEN named IN ('product_ids', 'classifications') THEN
      RETURN format('o.%I && %L::text[]', named, texts);
    WHEN named IN ('geography', 'country', 'cpc') AND one ->> 'operator' = '=' THEN
      RETURN format('o.%I = ANY (%L::text[])', named, texts);
    WHEN named IN ('valid_from', 'valid_until', 'created', 'period_start', 'period_end')
        AND one ->> 'operator' IN ('=', '<', '<=', '>', '>=') THEN
      RETURN format('o.%I %s %L::timestamptz', named, one ->> 'operator', texts[1]);
    WHEN named IN ('cpc', 'country') AND one ->> 'operator' IN ('<', '<=', '>', '>=') THEN
      RETURN format('o.%I COLLATE "C" %s %L', named, one ->> 'operator', texts[1]);
    WHEN named = 'status' AND texts = ARRAY['Active'] THEN
      RETURN format('(o.status = ''Active'' OR o.deprecated_at > %L::timestamptz)', moment);
    WHEN named = 'status' AND texts = ARRAY['Deprecated'] THEN
      RETURN format('(o.status = ''Deprecated'' AND o.deprecated_at <= %L::timestamptz)', moment);
    WHEN named = 'in_v2' THEN
      RETURN 'cardinality(o.reasons_v2) = 0';
  END CASE;
END $$;
{run_as_worker("partners_found(jsonb, bigint, bigint, integer)")}
REVOKE ALL ON FUNCTION partners_found(jsonb, bigint, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partners_found(jsonb, bigint, bigint, integer) TO {APP_ROLE}, {WORKER_ROLE};
"""
NOT_FOUND = """
DROP FUNCTION partners_found(jsonb, bigint, bigint, integer);
DROP FUNCTION partners_condition(jsonb, timestamptz);
"""
WAITING = f"""
CREATE FUNCTION partners_publication_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO partners_waitingpublication (publication_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER waits_for_partners AFTER UPDATE OF state ON publication_publication
  FOR EACH ROW WHEN (NEW.jws <> '') EXECUTE FUNCTION partners_publication_waits();
{run_as_worker("partners_publication_waits()")}
INSERT INTO partners_waitingpublication (publication_id)
  SELECT id FROM publication_publication WHERE jws <> '';
"""
NOT_WAITING = """
DROP TRIGGER waits_for_partners ON publication_publication;
DROP FUNCTION partners_publication_waits();
"""
# what is recorded or revoked about a publication makes another footprint of it
VERIFIED = f"""
CREATE FUNCTION partners_verification_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO partners_waitingpublication (publication_id) VALUES (NEW.publication_id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER waits_for_partners AFTER INSERT OR UPDATE OF revoked_at ON verification_verificationstatement
  FOR EACH ROW EXECUTE FUNCTION partners_verification_waits();
{run_as_worker("partners_verification_waits()")}
"""
NOT_VERIFIED = """
DROP TRIGGER waits_for_partners ON verification_verificationstatement;
DROP FUNCTION partners_verification_waits();
"""
# documents lie apart from the columns that are searched; what was deprecated stays so
SHAPED = """
ALTER TABLE partners_offeredfootprint SET (toast_tuple_target = 256);
CREATE INDEX offered_product_ids ON partners_offeredfootprint USING gin (product_ids) WITH (fastupdate = off);
CREATE INDEX offered_company_ids ON partners_offeredfootprint USING gin (company_ids) WITH (fastupdate = off);
CREATE INDEX offered_classifications ON partners_offeredfootprint USING gin (classifications)
  WITH (fastupdate = off);
CREATE INDEX offered_deprecated ON partners_offeredfootprint (deprecated_at) WHERE deprecated_at IS NOT NULL;
CREATE FUNCTION partners_offeredfootprint_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'Deprecated' AND (NEW.status, NEW.document, NEW.document_v2, NEW.deprecated_at)
      IS DISTINCT FROM (OLD.status, OLD.document, OLD.document_v2, OLD.deprecated_at) THEN
    RAISE EXCEPTION 'what is deprecated never changes again' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = OLD.status AND NEW.document <> OLD.document AND OLD.document <> '' THEN
    RAISE EXCEPTION 'a footprint is not changed but by deprecation' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER is_kept BEFORE UPDATE ON partners_offeredfootprint
  FOR EACH ROW EXECUTE FUNCTION partners_offeredfootprint_is_kept();
"""
NOT_SHAPED = """
DROP TRIGGER is_kept ON partners_offeredfootprint;
DROP FUNCTION partners_offeredfootprint_is_kept();
DROP INDEX offered_product_ids, offered_company_ids, offered_classifications, offered_deprecated;
ALTER TABLE partners_offeredfootprint RESET (toast_tuple_target);
"""

# asked as the partner, of each footprint ``o``: how far it is open, and as what it was read lately
LEVEL = f"""(SELECT max(CASE g.level WHEN 'full' THEN 2 WHEN 'stage' THEN 1 ELSE 0 END)
  FROM partners_footprintgrant g
  WHERE g.connection_id = {{caller}} AND {IN_FORCE}
    AND (g.product_id IS NULL OR g.product_id = o.product_id))"""
NOTED_LEVEL = """(SELECT r.noted_level::text FROM partners_receipt r
  WHERE r.connection_id = {caller} AND r.footprint_id = o.id AND r.noted_at > {since})"""
ONE = f"""SELECT {LEVEL.format(caller="%s")}, {NOTED_LEVEL.format(caller="%s", since="%s")}
FROM partners_offeredfootprint o WHERE o.id = %s"""
