"""The database's own word on publications: whom they are meant for, and what may be published at all."""

from __future__ import annotations

from accounts.reviews_sql import REVIEWS
from accounts.sql import OWN, run_as_worker
from accounts.visibility import APP_ROLE, WORKER_ROLE

RECEIVED = OWN.replace("company_id", "recipient_id")
MEANT = f"""jws <> '' AND (
  visibility = 'public'
  OR visibility = 'alliance' AND (
    coalesce((SELECT current_setting('app.companies', true)), '') <> '' OR {REVIEWS})
  OR visibility = 'listed' AND EXISTS (
    SELECT FROM publication_publicationrecipient meant
    WHERE meant.publication_id = publication_publication.id AND meant.{RECEIVED})
)"""
PUBLISHES = f"""
CREATE FUNCTION publication_publication_publishes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  figure calculation_footprint;
BEGIN
  IF OLD.jws <> '' AND (NEW.jws, NEW.key_id, NEW.published_at)
      IS DISTINCT FROM (OLD.jws, OLD.key_id, OLD.published_at) THEN
    RAISE EXCEPTION 'what was signed is never signed anew' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state <> 'published' OR OLD.state = 'published' THEN
    RETURN NEW;
  END IF;
  SELECT * INTO figure FROM calculation_footprint
    WHERE id = NEW.footprint_id AND company_id = NEW.company_id AND inventory_id = NEW.inventory_id;
  IF NOT FOUND OR figure.state <> 'current'
     OR EXISTS (SELECT FROM calculation_stale(ARRAY[figure.process_id])) THEN
    RAISE EXCEPTION 'only a current figure is published' USING ERRCODE = 'restrict_violation';
  END IF;
  IF figure.product_id <> NEW.product_id OR figure.input_digest <> NEW.input_digest
     OR figure.kg_co2e_ar6 IS DISTINCT FROM NEW.kg_co2e_ar6
     OR (NEW.content -> 'pcf' ->> 'AR6')::float8 IS DISTINCT FROM NEW.kg_co2e_ar6 THEN
    RAISE EXCEPTION 'what is published is what was calculated' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (
    SELECT FROM inventory_submission accepted
    JOIN inventory_frozencopy copy ON copy.submission_id = accepted.id AND copy.round = accepted.round
    WHERE accepted.inventory_id = NEW.inventory_id AND accepted.company_id = NEW.company_id
      AND accepted.state = 'accepted'
      AND copy.figures @> jsonb_build_array(jsonb_build_object(
        'digest', NEW.input_digest,
        'product', (SELECT uuid::text FROM inventory_product WHERE id = NEW.product_id)))
  ) THEN
    RAISE EXCEPTION 'only what stands on an accepted inventory is published'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.approved_by_id IS NULL OR NEW.published_by_id IS NULL OR NEW.published_at IS NULL THEN
    RAISE EXCEPTION 'somebody approves and somebody publishes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER publishes BEFORE UPDATE ON publication_publication
  FOR EACH ROW EXECUTE FUNCTION publication_publication_publishes();
{run_as_worker("publication_publication_publishes()")}
"""

KEYS = f"""
REVOKE UPDATE, DELETE ON publication_signingkey FROM {APP_ROLE}, {WORKER_ROLE};
CREATE FUNCTION publication_signingkey_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'keys that signed are kept for ever' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER is_kept BEFORE UPDATE OR DELETE ON publication_signingkey
  FOR EACH ROW EXECUTE FUNCTION publication_signingkey_is_kept();
"""
