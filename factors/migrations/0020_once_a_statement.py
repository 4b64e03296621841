"""What belongs together is looked at once a statement, not once a row: files bring a hundred thousand."""

from django.db import migrations

from factors.sql import ONCE_A_ROW, ONCE_A_STATEMENT


class Migration(migrations.Migration):
    dependencies = [("factors", "0019_few_words_wait")]

    operations = [migrations.RunSQL(ONCE_A_STATEMENT, ONCE_A_ROW)]
