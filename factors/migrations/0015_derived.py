"""The versions that were derived from others, from an index: a lineage asks for a whole generation."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.models.fields.json import KeyTransform

from factors.sql import DERIVED


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("factors", "0014_shared_numbers")]

    operations = [
        AddIndexConcurrently(
            "factorversion",
            GinIndex(KeyTransform("parents", "derivation"), name="factor_version_parents"),
        ),
        migrations.RunSQL(DERIVED, "DROP FUNCTION factors_derived(text[]);"),
    ]
