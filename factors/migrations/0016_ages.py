"""After how many years a source counts as old; curators say it, nothing else of a source changes."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

from accounts.visibility import APP_ROLE


class Migration(migrations.Migration):
    dependencies = [("factors", "0015_derived")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="old_after_years",
            field=models.PositiveSmallIntegerField(
                db_default=3, default=3, verbose_name="years after which it is old"
            ),
        ),
        AddConstraintNotValid(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(("old_after_years__gte", 1), ("old_after_years__lte", 100)),
                name="source_age_plausible",
            ),
        ),
        ValidateConstraint(model_name="source", name="source_age_plausible"),
        migrations.RunSQL(
            f"GRANT UPDATE (old_after_years) ON factors_source TO {APP_ROLE};",
            f"REVOKE UPDATE (old_after_years) ON factors_source FROM {APP_ROLE};",
        ),
    ]
