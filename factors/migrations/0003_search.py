"""What factors are found by, and a number for every change of a version, for those who mirror."""

from django.db import migrations, models

from accounts.audited_sql import audited

ALLIANCE = "NULL::bigint"

# Every Chinese character and every pair of neighbours becomes a word, so that trigrams find the shortest names.
SEARCHABLE = """
CREATE FUNCTION factors_chinese_words(words text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE found text := ' '; one text; pair text;
BEGIN
  FOR place IN 1 .. length(words) LOOP
    one := substr(words, place, 1);
    CONTINUE WHEN one !~ '[㐀-䶿一-鿿]';
    pair := substr(words, place, 2);
    found := found || one || ' ';
    IF pair ~ '^[㐀-䶿一-鿿]{2}$' THEN
      found := found || pair || ' ';
    END IF;
  END LOOP;
  RETURN found;
END $$;

CREATE FUNCTION factors_make_searchable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search_text := ' ' || regexp_replace(
    lower(concat_ws(' ', NEW.name_en, NEW.name_zh, NEW.code, NEW.category, NEW.cas, NEW.cpc, NEW.hs)),
    '[^[:alnum:]]+', ' ', 'g') || factors_chinese_words(NEW.name_zh);
  RETURN NEW;
END $$;
CREATE TRIGGER make_searchable BEFORE INSERT OR UPDATE ON factors_factor
  FOR EACH ROW EXECUTE FUNCTION factors_make_searchable();
UPDATE factors_factor SET name_zh = name_zh;
"""
UNDO = """
DROP TRIGGER make_searchable ON factors_factor;
DROP FUNCTION factors_make_searchable;
DROP FUNCTION factors_chinese_words;
"""

# Whoever mirrors asks for what is newer than a number. Numbers become visible in their order, because one
# writer waits for the other: a mirror that has seen 7 will never be shown a 6 that committed late.
NUMBERED = """
CREATE SEQUENCE factors_change_number;
CREATE FUNCTION factors_wait_for_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('factors.change_number'));
  RETURN NULL;
END $$;
CREATE FUNCTION factors_number_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.change_number := nextval('factors_change_number');
  RETURN NEW;
END $$;
CREATE TRIGGER await_number BEFORE INSERT OR UPDATE ON factors_factorversion
  FOR EACH STATEMENT EXECUTE FUNCTION factors_wait_for_number();
CREATE TRIGGER number_change BEFORE INSERT OR UPDATE ON factors_factorversion
  FOR EACH ROW EXECUTE FUNCTION factors_number_change();

CREATE OR REPLACE FUNCTION factors_only_status_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE movable text[] := ARRAY['status', 'status_changed_at', 'status_reason', 'change_number'];
BEGIN
  IF (to_jsonb(NEW) - movable) IS DISTINCT FROM (to_jsonb(OLD) - movable) THEN
    RAISE EXCEPTION 'a factor version is never edited: publish a new version'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN
     (('published', 'superseded'), ('published', 'withdrawn'), ('superseded', 'withdrawn')) THEN
    RAISE EXCEPTION 'a factor version does not go back from % to %', OLD.status, NEW.status
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
UPDATE factors_factorversion SET status = status;
"""
NOT_NUMBERED = """
DROP TRIGGER await_number ON factors_factorversion;
DROP TRIGGER number_change ON factors_factorversion;
DROP FUNCTION factors_wait_for_number, factors_number_change;
DROP SEQUENCE factors_change_number;
"""
AS_BEFORE = audited("factors_factor", company=ALLIANCE)
VERSIONS_BEFORE = audited(
    "factors_factorversion",
    company=ALLIANCE,
    within=("factor_id", "factors_factor"),
    ignoring=("written_in", "digest"),
)


def code(name: str, longest: int) -> models.CharField:
    return models.CharField(blank=True, db_default="", default="", max_length=longest, verbose_name=name)


class Migration(migrations.Migration):
    dependencies = [("factors", "0002_locks")]

    operations = [
        migrations.AddField("factor", "cas", code("CAS number", 20)),
        migrations.AddField("factor", "cpc", code("CPC code", 10)),
        migrations.AddField("factor", "hs", code("HS code", 12)),
        migrations.AddField(
            "factor", "search_text", models.TextField(db_default="", default="", editable=False)
        ),
        migrations.RunSQL(AS_BEFORE.reverse_sql, AS_BEFORE.sql),
        audited("factors_factor", company=ALLIANCE, ignoring=("search_text",)),
        migrations.RunSQL(SEARCHABLE, UNDO),
        migrations.AddField(
            "factorversion", "change_number", models.BigIntegerField(null=True, editable=False)
        ),
        migrations.RunSQL(VERSIONS_BEFORE.reverse_sql, VERSIONS_BEFORE.sql),
        audited(
            "factors_factorversion",
            company=ALLIANCE,
            within=("factor_id", "factors_factor"),
            ignoring=("written_in", "digest", "change_number"),
        ),
        migrations.RunSQL(NUMBERED, NOT_NUMBERED),
    ]
