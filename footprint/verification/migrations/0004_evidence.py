"""Verifiers read the files of evidence beside the lines they look at, and no others."""

from django.db import migrations

from footprint.verification.sql import EVIDENCE, NO_EVIDENCE


class Migration(migrations.Migration):
    dependencies = [("verification", "0003_remarks"), ("inventory", "0007_evidence_locks")]

    operations = [migrations.RunSQL(EVIDENCE, NO_EVIDENCE)]
