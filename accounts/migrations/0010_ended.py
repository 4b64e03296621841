"""People are told, too, that something they started has ended."""

from django.db import migrations, models

KINDS = [
    ("move_waits", "Your move is waited for"),
    ("moved", "Something of your company moved"),
    ("question", "Questions and answers in a review"),
    ("mention", "Somebody called you by name"),
    ("shared", "A partner opened something to your company"),
    ("due", "A published footprint is about to expire, or has moved"),
    ("deadline", "A deadline is near"),
    ("ended", "Something you started has ended"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_identifiers")]

    operations = [
        migrations.AlterField(
            model_name=table, name="kind", field=models.CharField(choices=KINDS, max_length=20)
        )
        for table in ("notification", "mailchoice")
    ]
