"""Product categories of the alliance."""

import uuid

from django.db import migrations, models

import accounts.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ProductCategory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name_zh", models.CharField(max_length=100)),
                ("name_en", models.CharField(max_length=100)),
                ("unit", models.CharField(max_length=20)),
                ("cpc_code", models.CharField(blank=True, max_length=10)),
                ("hs_code", models.CharField(blank=True, max_length=10)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("plausible_low", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("plausible_high", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("plausible_source", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "verbose_name": "product category",
                "verbose_name_plural": "product categories",
            },
        ),
    ]
