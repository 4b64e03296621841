"""Searchable texts are found by their words, from an index alone: trigrams looked into every row again."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

WORDS = """
CREATE FUNCTION factors_words(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(array_remove(string_to_array(words, ' '), ''))
$$;
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("factors", "0008_release_locks")]

    operations = [
        migrations.RunSQL(WORDS, "DROP FUNCTION factors_words;"),
        AddIndexConcurrently(
            "factor",
            GinIndex(models.Func(models.F("search_text"), function="factors_words"), name="factor_words"),
        ),
        RemoveIndexConcurrently("factor", "factor_searchable"),
    ]
