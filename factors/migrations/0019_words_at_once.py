"""Words of factors enter their index at once: until a vacuum every question read through those that waited."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

WORDS = models.Func(models.F("search_text"), function="factors_words")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("factors", "0018_counted")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER INDEX factor_words SET (fastupdate = off)",
                "SELECT gin_clean_pending_list('factor_words')",
            ],
            "ALTER INDEX factor_words RESET (fastupdate)",
            state_operations=[
                migrations.RemoveIndex("factor", "factor_words"),
                migrations.AddIndex("factor", GinIndex(WORDS, name="factor_words", fastupdate=False)),
            ],
        ),
    ]
