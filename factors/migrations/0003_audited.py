"""What the audit log records of the shared factor database: the alliance's chain."""

from django.db import migrations

from accounts.audited_sql import audited

ALLIANCE = "NULL::bigint"
VERSION = ("version_id", "factors_factorversion", "factor_id", "factors_factor")


class Migration(migrations.Migration):
    dependencies = [("factors", "0002_published_numbers_stay"), ("accounts", "0003_audit_log")]

    operations = [
        audited("factors_source", company=ALLIANCE),
        audited("factors_greenhousegas", company=ALLIANCE),
        audited("factors_characterizationset", company=ALLIANCE),
        audited("factors_characterizationfactor", company=ALLIANCE),
        audited("factors_factor", company=ALLIANCE),
        audited(
            "factors_factorversion",
            company=ALLIANCE,
            within=("factor_id", "factors_factor"),
            ignoring=("written_in", "digest"),
        ),
        audited("factors_factoremission", company=ALLIANCE, within=VERSION),
    ]
