"""Few words wait to be sorted into their index: every question reads through those that do, 4 MB by default."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

WORDS = models.Func(models.F("search_text"), function="factors_words")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("factors", "0018_counted")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER INDEX factor_words SET (gin_pending_list_limit = 64)",
                "SELECT gin_clean_pending_list('factor_words')",
            ],
            "ALTER INDEX factor_words RESET (gin_pending_list_limit)",
            state_operations=[
                migrations.RemoveIndex("factor", "factor_words"),
                migrations.AddIndex(
                    "factor", GinIndex(WORDS, name="factor_words", gin_pending_list_limit=64)
                ),
            ],
        ),
    ]
