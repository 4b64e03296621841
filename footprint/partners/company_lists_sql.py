"""Footprints by the company's identifiers: which of its few lists hold one, before rows are looked at.

Of an identifier that no row has, the planner believes that one row in 200 has it, and would read all of them
in the order of their keys to find the first page.
"""

from __future__ import annotations

INDEX = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS offered_company_lists ON partners_offeredfootprint
  (company_id, hash_array_extended(company_ids, 0), id);
"""
NO_INDEX = "DROP INDEX CONCURRENTLY IF EXISTS offered_company_lists;"
CONDITION = """
CREATE FUNCTION partners_company_lists(company bigint, named text[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
  hashed bigint := -9223372036854775808;
  listed text[];
  hit bigint[] := '{}';
BEGIN
  FOR turn IN 1..100 LOOP
    SELECT hash_array_extended(o.company_ids, 0), o.company_ids INTO hashed, listed
      FROM partners_offeredfootprint o
      WHERE o.company_id = company AND hash_array_extended(o.company_ids, 0) > hashed
      ORDER BY hash_array_extended(o.company_ids, 0), o.id LIMIT 1;
    IF NOT FOUND THEN
      RETURN hit;
    END IF;
    IF listed && named THEN
      hit := hit || hashed;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE FUNCTION partners_company_condition(one jsonb, company bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  named text[] := ARRAY(SELECT jsonb_array_elements_text(one -> 'values'));
  lists bigint[] := partners_company_lists(company, named);
BEGIN
  RETURN CASE
    WHEN lists IS NULL THEN format('o.company_ids && %L::text[]', named)
    WHEN cardinality(lists) = 1 THEN format('hash_array_extended(o.company_ids, 0) = %s', lists[1])
    ELSE format('hash_array_extended(o.company_ids, 0) = ANY (%L::bigint[])', lists)
  END;
END $$;
"""
