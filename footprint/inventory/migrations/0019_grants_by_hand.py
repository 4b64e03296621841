"""A grant remembers what its owner chose by hand, apart from what requests for the figure need."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0018_fewer_indexes")]

    operations = [
        migrations.AddField(
            model_name="productgrant",
            name="hand_ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="last day chosen by hand"),
        ),
        migrations.AddField(
            model_name="productgrant",
            name="is_by_hand",
            field=models.BooleanField(db_default=True, default=True, verbose_name="opened by hand"),
        ),
    ]
