"""The audit log is written sooner, with the same words: what is told of a row is made once."""

from django.db import migrations

from accounts.audited_sql import told_once


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_ended")]

    operations = [told_once()]
