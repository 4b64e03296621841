"""What plants enter, row-level security and composite keys included."""

import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import accounts.fields
import factors.origins
import footprint.inventory.models.inventory
from accounts.sql import OWN, same_company, tenant_table

IN_FORCE = "(ends_on IS NULL OR ends_on >= (SELECT accounts_today()))"
RECEIVED = OWN.replace("company_id", "recipient_id") + " AND " + IN_FORCE
GRANTED = "id IN (SELECT product_id FROM inventory_productgrant)"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_service_client"),
        ("factors", "0002_published_numbers_stay"),
        ("rules", "0001_categories"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Exchange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "direction",
                    models.CharField(choices=[("input", "Input"), ("output", "Output")], max_length=6),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("product", "Product"),
                            ("waste", "Waste"),
                            ("elementary", "Elementary flow"),
                        ],
                        max_length=10,
                    ),
                ),
                ("gas", models.CharField(blank=True, max_length=40, verbose_name="greenhouse gas")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("fossil", "fossil"),
                            ("biogenic", "biogenic"),
                            ("land_use", "land_use"),
                            ("aircraft", "aircraft"),
                            ("unspecified", "unspecified"),
                        ],
                        default=factors.origins.Origin["UNSPECIFIED"],
                        max_length=12,
                    ),
                ),
                ("flow_name", models.CharField(blank=True, max_length=300)),
                ("compartment", models.CharField(blank=True, max_length=100)),
                ("external_uuid", models.UUIDField(blank=True, null=True)),
                ("amount", accounts.fields.ExactDecimalField(verbose_name="amount")),
                ("unit", models.CharField(max_length=20, verbose_name="unit")),
                ("is_reference", models.BooleanField(default=False)),
                ("is_avoided", models.BooleanField(default=False)),
                (
                    "data_type",
                    models.CharField(
                        choices=[
                            ("measured", "Measured"),
                            ("calculated", "Calculated"),
                            ("estimated", "Estimated"),
                            ("proxy", "Proxy"),
                        ],
                        default="measured",
                        max_length=12,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "factor_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exchanges",
                        to="factors.factorversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "exchange",
            },
        ),
        migrations.CreateModel(
            name="Inventory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("period_start", models.DateField(verbose_name="period start")),
                ("period_end", models.DateField(verbose_name="period end")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inventories",
                        to="accounts.company",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inventories",
                        to="accounts.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "inventory",
                "verbose_name_plural": "inventories",
            },
        ),
        migrations.CreateModel(
            name="OutputPrice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("price", accounts.fields.ExactDecimalField()),
                ("currency", models.CharField(default="CNY", max_length=3)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "exchange",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="inventory.exchange",
                    ),
                ),
            ],
            options={
                "verbose_name": "output price",
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=80)),
                ("name_zh", models.CharField(max_length=300)),
                ("name_en", models.CharField(max_length=300)),
                ("unit", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[("product", "Product"), ("waste", "Waste")], default="product", max_length=10
                    ),
                ),
                ("lhv_mj_per_unit", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("carbon_fraction", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("conversions", models.JSONField(blank=True, default=dict)),
                ("external_uuid", models.UUIDField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="rules.productcategory",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "verbose_name": "product",
            },
        ),
        migrations.AddField(
            model_name="exchange",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exchanges",
                to="inventory.product",
            ),
        ),
        migrations.AddField(
            model_name="exchange",
            name="provider_product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consumers",
                to="inventory.product",
            ),
        ),
        migrations.CreateModel(
            name="ProductGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants_given",
                        to="accounts.company",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="inventory.product",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants_received",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "verbose_name": "product grant",
            },
        ),
        migrations.CreateModel(
            name="UnitProcess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=80)),
                ("name_zh", models.CharField(max_length=300)),
                ("name_en", models.CharField(max_length=300)),
                ("technology", models.CharField(blank=True, max_length=300)),
                (
                    "allocation_method",
                    models.CharField(
                        choices=[
                            ("none", "Single product"),
                            ("mass", "By mass"),
                            ("energy", "By energy content"),
                            ("economic", "By economic value"),
                            ("declared", "By declared shares"),
                            ("causal", "By declared shares per exchange"),
                            ("full", "Not allocated: each co-product carries the full burden"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("allocation_set", models.CharField(blank=True, default="declared", max_length=20)),
                ("external_uuid", models.UUIDField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unit_processes",
                        to="accounts.company",
                    ),
                ),
                (
                    "inventory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unit_processes",
                        to="inventory.inventory",
                    ),
                ),
            ],
            options={
                "verbose_name": "unit process",
                "verbose_name_plural": "unit processes",
            },
        ),
        migrations.AddField(
            model_name="exchange",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="exchanges",
                to="inventory.unitprocess",
            ),
        ),
        migrations.AddField(
            model_name="exchange",
            name="provider_process",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="consumers",
                to="inventory.unitprocess",
            ),
        ),
        migrations.CreateModel(
            name="AllocationShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("method", models.CharField(default="declared", max_length=20)),
                ("share", accounts.fields.ExactDecimalField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "exchange",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.exchange",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inventory.product"
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="allocation_shares",
                        to="inventory.unitprocess",
                    ),
                ),
            ],
            options={
                "verbose_name": "allocation share",
            },
        ),
        migrations.AddConstraint(
            model_name="inventory",
            constraint=models.UniqueConstraint(fields=("company", "id"), name="inventory_company_id"),
        ),
        migrations.AddConstraint(
            model_name="inventory",
            constraint=models.CheckConstraint(
                condition=models.Q(("period_end__gte", models.F("period_start"))),
                name="inventory_period_runs_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="inventory",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("site", "="),
                    (
                        footprint.inventory.models.inventory.Period(
                            "period_start",
                            "period_end",
                            django.contrib.postgres.fields.ranges.RangeBoundary(True, True),
                        ),
                        "&&",
                    ),
                ],
                name="inventory_periods_do_not_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="outputprice",
            constraint=models.UniqueConstraint(fields=("exchange", "year"), name="output_price_once_a_year"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["company", "name_en", "id"], name="product_by_name_en"),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(fields=("company", "code"), name="product_code_in_company"),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(fields=("company", "id"), name="product_company_id"),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                fields=("company", "external_uuid"), name="product_external_uuid_in_company"
            ),
        ),
        migrations.AddConstraint(
            model_name="productgrant",
            constraint=models.UniqueConstraint(
                fields=("product", "recipient"), name="grant_once_per_recipient"
            ),
        ),
        migrations.AddConstraint(
            model_name="productgrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("company", models.F("recipient")), _negated=True), name="grant_to_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitprocess",
            constraint=models.UniqueConstraint(
                fields=("inventory", "code"), name="process_code_in_inventory"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitprocess",
            constraint=models.UniqueConstraint(fields=("company", "id"), name="process_company_id"),
        ),
        migrations.AddIndex(
            model_name="exchange",
            index=models.Index(fields=["process", "position"], name="exchange_by_position"),
        ),
        migrations.AddIndex(
            model_name="exchange",
            index=models.Index(
                condition=models.Q(("direction", "output"), ("kind__in", ["product", "waste"])),
                fields=["product"],
                name="exchange_output_of",
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.UniqueConstraint(fields=("company", "id"), name="exchange_company_id"),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "elementary"), ("product__isnull", True)),
                    models.Q(("kind__in", ["product", "waste"]), ("product__isnull", False)),
                    _connector="OR",
                ),
                name="exchange_names_its_flow",
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("provider_process__isnull", True), ("provider_product__isnull", True)),
                    models.Q(("factor_version__isnull", True), ("provider_process__isnull", True)),
                    models.Q(("factor_version__isnull", True), ("provider_product__isnull", True)),
                    _connector="OR",
                ),
                name="exchange_has_one_provider",
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", -1e30), ("amount__lt", 1e30)),
                name="exchange_amount_is_finite",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationshare",
            constraint=models.UniqueConstraint(
                fields=("process", "method", "product", "exchange"),
                name="allocation_share_once",
                nulls_distinct=False,
            ),
        ),
        tenant_table("inventory_inventory"),
        tenant_table("inventory_unitprocess"),
        tenant_table("inventory_exchange"),
        tenant_table("inventory_allocationshare"),
        tenant_table("inventory_outputprice"),
        tenant_table("inventory_productgrant", also_readable=RECEIVED),
        tenant_table("inventory_product", also_readable=GRANTED),
        same_company("inventory_inventory", "site_id", "accounts_site"),
        same_company("inventory_unitprocess", "inventory_id", "inventory_inventory"),
        same_company("inventory_exchange", "process_id", "inventory_unitprocess"),
        same_company("inventory_exchange", "provider_process_id", "inventory_unitprocess"),
        same_company("inventory_exchange", "product_id", "inventory_product"),
        same_company("inventory_allocationshare", "process_id", "inventory_unitprocess"),
        same_company("inventory_allocationshare", "product_id", "inventory_product"),
        same_company("inventory_allocationshare", "exchange_id", "inventory_exchange"),
        same_company("inventory_outputprice", "exchange_id", "inventory_exchange"),
        same_company("inventory_productgrant", "product_id", "inventory_product"),
    ]
