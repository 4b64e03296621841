"""Two makers may use one identifier; that a figure is taken once is asked under the lock of versions."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sharing", "0004_figure_locks")]

    operations = [migrations.RemoveConstraint("supplierfigure", "supplier_figure_once")]
