"""Products say what they are in the Combined Nomenclature."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("inventory", "0007_evidence_locks")]

    operations = [
        migrations.AddField(
            model_name="product",
            name="cn_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
        AddConstraintNotValid(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=Q(cn_code__regex="^([0-9]{8})?$"), name="product_cn_code_is_one"
            ),
        ),
        ValidateConstraint(model_name="product", name="product_cn_code_is_one"),
    ]
