"""Whose targets are, and what is told of a comparison before it is proposed."""

from django.db import migrations

from accounts.audited_sql import audited
from accounts.sql import same_company, tenant_table
from footprint.benchmark.sql import create_foresight


class Migration(migrations.Migration):
    dependencies = [("benchmark", "0007_reduction_target")]

    operations = [
        tenant_table("benchmark_reductiontarget"),
        same_company("benchmark_reductiontarget", "product_id", "inventory_product"),
        audited("benchmark_reductiontarget", within=("product_id", "inventory_product")),
        create_foresight(),
    ]
