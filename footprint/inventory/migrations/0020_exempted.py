"""What a line without a provider would bring, as somebody estimated it."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

import accounts.fields

COUNTS_NOTHING = models.CheckConstraint(
    condition=Q(exempted_kg_co2e__isnull=True)
    | Q(
        exempted_kg_co2e__gte=0,
        exempted_kg_co2e__lt=1e30,
        is_avoided=False,
        kind__in=["product", "waste"],
        provider_process__isnull=True,
        provider_product__isnull=True,
        factor_version__isnull=True,
    ),
    name="exchange_exempted_counts_nothing",
)


class Migration(migrations.Migration):
    atomic = False  # the lines are read with writers beside

    dependencies = [("inventory", "0019_grants_by_hand")]

    operations = [
        migrations.AddField(
            model_name="exchange",
            name="exempted_kg_co2e",
            field=accounts.fields.ExactDecimalField(
                blank=True, null=True, verbose_name="estimate of what is left out"
            ),
        ),
        AddConstraintNotValid("exchange", COUNTS_NOTHING),
        ValidateConstraint("exchange", COUNTS_NOTHING.name),
    ]
