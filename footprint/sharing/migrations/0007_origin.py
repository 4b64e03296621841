"""The source of suppliers' figures comes into being by the database's own hand: the web may not add sources."""

from django.db import migrations

from footprint.sharing.sql import NO_ORIGIN, ORIGIN


class Migration(migrations.Migration):
    dependencies = [("sharing", "0006_grants_by_request"), ("factors", "0021_former_content")]

    operations = [migrations.RunSQL(ORIGIN, NO_ORIGIN)]
