"""Indexes for the search and the order of the browser, built while others write."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("factors", "0003_search")]

    operations = [
        AddIndexConcurrently("factor", models.Index(fields=["kind", "code"], name="factor_by_kind")),
        AddIndexConcurrently(
            "factor",
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="factor_searchable"),
        ),
        AddIndexConcurrently(
            "factorversion",
            models.Index(fields=["geography", "reference_year"], name="factor_version_place_year"),
        ),
        AddIndexConcurrently(
            "factorversion", models.Index(fields=["change_number"], name="factor_version_change")
        ),
    ]
