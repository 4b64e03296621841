"""The best factors of a question: found by their words, ranked and cut by one statement."""

from django.db import migrations

from factors.sql import BEST


class Migration(migrations.Migration):
    dependencies = [("factors", "0016_ages")]

    operations = [migrations.RunSQL(BEST, "DROP FUNCTION factors_best(text, text, text, bigint);")]
