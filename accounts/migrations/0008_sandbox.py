"""Companies to try things out in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_notifications")]

    operations = [
        migrations.AlterField(
            model_name="company",
            name="kind",
            field=models.CharField(
                choices=[
                    ("member", "Member"),
                    ("supplier", "Supplier"),
                    ("verifier", "Verification body"),
                    ("association", "Alliance office"),
                    ("sandbox", "Sandbox"),
                ],
                default="member",
                max_length=20,
            ),
        ),
    ]
