"""Products carry the identifiers by which others know them."""

from django.db import migrations, models
from django.db.models import JSONField, Value


class Migration(migrations.Migration):
    dependencies = [("inventory", "0020_exempted")]

    operations = [
        migrations.AddField(
            model_name="product",
            name="identifiers",
            field=models.JSONField(blank=True, db_default=Value([], output_field=JSONField()), default=list),
        ),
    ]
