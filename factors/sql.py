"""The database's own word on factors of one company among those of everybody."""

from __future__ import annotations

from django.db import migrations

from accounts.sql import OWN, run_as_worker
from accounts.visibility import APP_ROLE, WORKER_ROLE

SHARED_OR_OWN = f"company_id IS NULL OR {OWN}"


def shared_or_own_table(table: str) -> migrations.RunSQL:
    """Force row-level security: everybody reads what is shared, a company what is its own besides."""
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON {table} FOR ALL TO {APP_ROLE}
          USING ({SHARED_OR_OWN}) WITH CHECK ({SHARED_OR_OWN});
        CREATE POLICY worker_rows ON {table} FOR ALL TO {WORKER_ROLE} USING (true) WITH CHECK (true);
        CREATE POLICY keeper_rows ON {table} FOR ALL TO CURRENT_USER USING (true) WITH CHECK (true);
        """,
        f"""
        DROP POLICY own_rows ON {table};
        DROP POLICY worker_rows ON {table};
        DROP POLICY keeper_rows ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def own_or_shared(table: str, column: str) -> migrations.RunSQL:
    """A row names a version that is shared or its own company's: a key alone takes a stranger's."""
    name = f"{table}_{column}_own_or_shared"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM FROM factors_factorversion
            WHERE id = NEW.{column} AND company_id IS NOT NULL AND company_id <> NEW.company_id;
          IF FOUND THEN
            RAISE EXCEPTION 'this version of a factor is another company''s'
              USING ERRCODE = 'restrict_violation';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER {column}_own_or_shared BEFORE INSERT OR UPDATE OF {column} ON {table}
          FOR EACH ROW WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION {name}();
        {run_as_worker(f"{name}()")}
        """,
        f"DROP TRIGGER {column}_own_or_shared ON {table}; DROP FUNCTION {name}();",
    )


# Row-level security keeps a search for words from using an index. So the keys are found by a function that
# looks past it, among what is shared and what is the caller's own; rows are read under the policies.
CALLED = f"""
CREATE FUNCTION factors_called(wanted text) RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 1000 AS $$
  SELECT id FROM factors_factor WHERE factors_words(search_text) @@ wanted::tsquery AND (company_id IS NULL
    OR company_id = ANY (string_to_array(nullif(current_setting('app.companies', true), ''), ',')::bigint[]))
$$;
{run_as_worker("factors_called(text)")}
REVOKE ALL ON FUNCTION factors_called(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION factors_called(text) TO {APP_ROLE}, {WORKER_ROLE};
"""
# The best of those that are called so, past row-level security for the same reason: called exactly so, then
# what begins so, then all else, the shortest names first; ``english`` is how their searchable text would
# begin. Planned anew each time, for a word may be everywhere or nowhere; never by making every row's words.
BEST = f"""
CREATE FUNCTION factors_best(wanted text, typed text, english text, most bigint)
RETURNS TABLE (id bigint, rank integer) LANGUAGE plpgsql STABLE ROWS 250 AS $$
BEGIN
  RETURN QUERY EXECUTE $best$
    SELECT id, CASE
        WHEN code = lower($2) OR name_zh = $2 THEN 0
        WHEN starts_with(search_text, $3)
          THEN (length(name_en) <> length($2) OR upper(name_en) <> upper($2))::integer
        WHEN starts_with(name_zh, $2) THEN 1
        ELSE 2 END AS rank
    FROM factors_factor WHERE factors_words(search_text) @@ $1::tsquery AND (company_id IS NULL OR company_id
      = ANY (string_to_array(nullif(current_setting('app.companies', true), ''), ',')::bigint[]))
    ORDER BY rank, length(name_zh), code LIMIT $4
  $best$ USING wanted, typed, english, most;
END $$;
{run_as_worker("factors_best(text, text, text, bigint)")}
ALTER FUNCTION factors_best(text, text, text, bigint) SET enable_seqscan = off;
REVOKE ALL ON FUNCTION factors_best(text, text, text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION factors_best(text, text, text, bigint) TO {APP_ROLE}, {WORKER_ROLE};
"""
# as above: the operator on the parents that a derivation names could not use its index either
DERIVED = f"""
CREATE FUNCTION factors_derived(parents text[]) RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 100 AS $$
  SELECT id FROM factors_factorversion WHERE derivation -> 'parents' ?| parents AND (company_id IS NULL
    OR company_id = ANY (string_to_array(nullif(current_setting('app.companies', true), ''), ',')::bigint[]))
$$;
{run_as_worker("factors_derived(text[])")}
REVOKE ALL ON FUNCTION factors_derived(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION factors_derived(text[]) TO {APP_ROLE}, {WORKER_ROLE};
"""
# what is published is never removed, unless its company is of the demonstration and goes with all it has
STAYS = """
CREATE OR REPLACE FUNCTION factors_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT FROM accounts_company WHERE id = (to_jsonb(OLD) ->> 'company_id')::bigint AND is_demonstration
  ) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% rows are never changed or removed: publish a new version', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
"""
# an emission belongs to whom its version belongs, a version to whom its factor does
_TOGETHER = """
CREATE OR REPLACE FUNCTION factors_join_at_birth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM factors_factorversion WHERE id = NEW.version_id AND written_in = txid_current()
    AND company_id IS NOT DISTINCT FROM NEW.company_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an emission joins its factor version in the transaction that publishes it'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION factors_stay_together() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM factors_factor WHERE id = NEW.factor_id AND company_id IS NOT DISTINCT FROM NEW.company_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a version belongs to whom its factor belongs' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.supersedes_id IS NOT NULL THEN
    PERFORM FROM factors_factorversion
      WHERE id = NEW.supersedes_id AND company_id IS NOT DISTINCT FROM NEW.company_id;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'a version takes the place of one of the same company'
        USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stay_together BEFORE INSERT ON factors_factorversion
  FOR EACH ROW EXECUTE FUNCTION factors_stay_together();
"""
_STAYS_WHOSE = """
CREATE FUNCTION factors_stays_whose_it_is() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.company_id IS DISTINCT FROM OLD.company_id THEN
    RAISE EXCEPTION 'a factor stays whose it is' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stays_whose_it_is BEFORE UPDATE ON factors_factor
  FOR EACH ROW EXECUTE FUNCTION factors_stays_whose_it_is();
"""
TOGETHER = _TOGETHER + _STAYS_WHOSE
NOT_TOGETHER = """
DROP TRIGGER stay_together ON factors_factorversion;
DROP TRIGGER stays_whose_it_is ON factors_factor;
DROP FUNCTION factors_stay_together, factors_stays_whose_it_is;
"""
# The same for all rows of a statement. Each is looked up by a question of its own, which reads an index,
# however many there are: a plan that joins, kept from a file, would read whole tables for the next row.
_BY_INDEX = "SET enable_seqscan = off"
ONCE_A_STATEMENT = f"""
CREATE FUNCTION factors_joined_at_birth() RETURNS trigger LANGUAGE plpgsql {_BY_INDEX} AS $$
BEGIN
  PERFORM FROM come WHERE (
    SELECT written_in = txid_current() AND company_id IS NOT DISTINCT FROM come.company_id
    FROM factors_factorversion WHERE id = come.version_id
  ) IS NOT TRUE LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'an emission joins its factor version in the transaction that publishes it'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION factors_stayed_together() RETURNS trigger LANGUAGE plpgsql {_BY_INDEX} AS $$
BEGIN
  PERFORM FROM come WHERE (
    SELECT company_id IS NOT DISTINCT FROM come.company_id FROM factors_factor WHERE id = come.factor_id
  ) IS NOT TRUE LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a version belongs to whom its factor belongs' USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM FROM come WHERE supersedes_id IS NOT NULL AND (
    SELECT company_id IS NOT DISTINCT FROM come.company_id FROM factors_factorversion
    WHERE id = come.supersedes_id
  ) IS NOT TRUE LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a version takes the place of one of the same company'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER joined_at_birth AFTER INSERT ON factors_factoremission REFERENCING NEW TABLE AS come
  FOR EACH STATEMENT EXECUTE FUNCTION factors_joined_at_birth();
CREATE TRIGGER stayed_together AFTER INSERT ON factors_factorversion REFERENCING NEW TABLE AS come
  FOR EACH STATEMENT EXECUTE FUNCTION factors_stayed_together();
DROP TRIGGER join_at_birth ON factors_factoremission;
DROP TRIGGER stay_together ON factors_factorversion;
DROP FUNCTION factors_join_at_birth, factors_stay_together;
"""
ONCE_A_ROW = f"""
DROP TRIGGER joined_at_birth ON factors_factoremission;
DROP TRIGGER stayed_together ON factors_factorversion;
DROP FUNCTION factors_joined_at_birth, factors_stayed_together;
{_TOGETHER}
CREATE TRIGGER join_at_birth BEFORE INSERT ON factors_factoremission
  FOR EACH ROW EXECUTE FUNCTION factors_join_at_birth();
"""

# What everybody reads is published by somebody else than who prepared it. The web is held to that, whatever
# its code says; an operator's command works as the database's owner and answers for itself.
VERSION_OF_TWO = f"""
CREATE FUNCTION factors_version_of_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = '{APP_ROLE}' AND EXISTS (
    SELECT FROM come WHERE company_id IS NULL
      AND (prepared_by = '' OR prepared_by = current_setting('app.actor', true))
  ) THEN
    RAISE EXCEPTION 'a shared version is published by somebody else than who prepared it'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER of_two AFTER INSERT ON factors_factorversion REFERENCING NEW TABLE AS come
  FOR EACH STATEMENT EXECUTE FUNCTION factors_version_of_two();
"""
# what a proposal keeps; columns that move with its state, and those that are stated anew when it comes again
PROPOSAL_KEEPS = """
CREATE OR REPLACE FUNCTION factors_proposal_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moving text[] := ARRAY['state', 'version', 'moved_at', 'published_id', 'proposed_by_id',
                               'decided_by_id'];
        again text[] := ARRAY['content', 'findings', 'reason', 'round'];
BEGIN
  IF (to_jsonb(NEW) - moving - again) IS DISTINCT FROM (to_jsonb(OLD) - moving - again) THEN
    RAISE EXCEPTION 'a proposal stays about what it was about: make another one'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.state, NEW.state) IS DISTINCT FROM ('returned', 'screening')
     AND (to_jsonb(NEW) - moving) IS DISTINCT FROM (to_jsonb(OLD) - moving) THEN
    RAISE EXCEPTION 'a proposal is mended when it was sent back, not while it is %', OLD.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
# of a new factor its names may be others, and whichever version it replaces
PROPOSAL_KEEPS_AIM = PROPOSAL_KEEPS.replace(
    "'reason', 'round'];",
    """'reason', 'round', 'replaces_id']
          || CASE WHEN OLD.factor_id IS NULL
             THEN ARRAY['code', 'name_zh', 'name_en', 'category', 'cas', 'cpc', 'hs'] ELSE '{}' END;""",
)
# that who proposed it does not decide is a check; this is of everybody who handed it in since
PROPOSAL_OF_TWO = f"""
{PROPOSAL_KEEPS}
CREATE FUNCTION factors_proposal_of_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.decided_by_id IS NULL OR EXISTS (
    SELECT FROM factors_proposalstep WHERE proposal_id = NEW.id
      AND name IN ('propose', 'hand_in_again') AND by_id = NEW.decided_by_id
  ) THEN
    RAISE EXCEPTION 'a proposal is published by somebody who never handed it in'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'screening' AND (NEW.company_id IS NOT NULL OR NEW.factor_id IS NULL) THEN
    RAISE EXCEPTION 'only a correction by the office is published without reviews'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_two BEFORE UPDATE ON factors_factorproposal FOR EACH ROW
  WHEN (NEW.state = 'published' AND OLD.state <> 'published') EXECUTE FUNCTION factors_proposal_of_two();
"""
# the web only decides about what waits; a file is done once somebody else has confirmed it
IMPORT_OF_TWO = f"""
CREATE FUNCTION factors_import_of_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (
    ('queued', 'running'), ('running', 'waiting'), ('waiting', 'confirmed'), ('waiting', 'declined'),
    ('confirmed', 'running'), ('running', 'done'), ('running', 'refused'),
    ('queued', 'failed'), ('running', 'failed'), ('confirmed', 'failed')
  ) THEN
    RAISE EXCEPTION 'an import does not go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF current_user = '{APP_ROLE}' AND OLD.state <> 'waiting' THEN
    RAISE EXCEPTION 'people decide about an import while it waits' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state IN ('confirmed', 'done') AND NEW.decided_by_id IS NULL THEN
    RAISE EXCEPTION 'an import is confirmed by somebody' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER of_two BEFORE UPDATE ON factors_factorimport FOR EACH ROW
  WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION factors_import_of_two();
"""
NO_IMPORT_OF_TWO = """
DROP TRIGGER of_two ON factors_factorimport;
DROP FUNCTION factors_import_of_two();
"""
