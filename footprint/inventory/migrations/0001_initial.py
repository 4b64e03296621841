"""Products, inventories, unit processes and exchanges."""

import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import accounts.fields
import factors.origins
import footprint.inventory.models.inventory


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("factors", "0001_initial"),
        ("rules", "0001_initial"),
    ]

    operations = [
        BtreeGistExtension(),
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
                ("title", models.CharField(blank=True, max_length=200)),
                ("period_start", models.DateField(verbose_name="period start")),
                ("period_end", models.DateField(verbose_name="period end")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "inventory",
                "verbose_name_plural": "inventories",
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="inventory_company_id"),
                    models.CheckConstraint(
                        condition=models.Q(("period_end__gte", models.F("period_start"))),
                        name="inventory_period_runs_forward",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
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
                ],
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
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="accounts.company",
                    ),
                ),
                ("code", models.CharField(max_length=80)),
                ("name_zh", models.CharField(max_length=300)),
                ("name_en", models.CharField(max_length=300)),
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
                ("unit", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[("product", "Product"), ("waste", "Waste")], default="product", max_length=10
                    ),
                ),
                ("lhv_mj_per_unit", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("carbon_fraction", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("hydrogen_fraction", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("biogenic_carbon_fraction", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("molar_mass_g_per_mol", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("conversions", models.JSONField(blank=True, default=dict)),
                ("external_uuid", models.UUIDField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "product",
                "indexes": [
                    models.Index(fields=["company", "name_en", "id"], name="product_by_name_en"),
                    models.Index(fields=["company", "name_zh", "id"], name="product_by_name_zh"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "code"), name="product_code_in_company"),
                    models.UniqueConstraint(fields=("company", "id"), name="product_company_id"),
                    models.UniqueConstraint(
                        fields=("company", "external_uuid"), name="product_external_uuid_in_company"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("carbon_fraction__gte", 0), ("carbon_fraction__lte", 1)),
                        name="product_carbon_fraction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hydrogen_fraction__gte", 0), ("hydrogen_fraction__lte", 1)),
                        name="product_hydrogen_fraction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("biogenic_carbon_fraction__gte", 0), ("biogenic_carbon_fraction__lte", 1)
                        ),
                        name="product_biogenic_carbon_fraction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("carbon_fraction__isnull", True),
                            ("hydrogen_fraction__isnull", True),
                            (
                                "carbon_fraction__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.Value(1), "-", models.F("hydrogen_fraction")
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="product_elements_fit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("molar_mass_g_per_mol__gte", 1), ("molar_mass_g_per_mol__lte", 10000000)
                        ),
                        name="product_molar_mass_g_per_mol",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lhv_mj_per_unit__gt", 0), ("lhv_mj_per_unit__lt", 1e30)),
                        name="product_lhv_is_positive",
                    ),
                ],
            },
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
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants_given",
                        to="accounts.company",
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
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "product grant",
                "constraints": [
                    models.UniqueConstraint(fields=("product", "recipient"), name="grant_once_per_recipient"),
                    models.CheckConstraint(
                        condition=models.Q(("company", models.F("recipient")), _negated=True),
                        name="grant_to_another",
                    ),
                ],
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
                            ("moles", "By amount of substance"),
                            ("hydrogen", "By hydrogen content"),
                            ("custom", "By amounts of one's own"),
                            ("declared", "By declared shares"),
                            ("causal", "By declared shares per exchange"),
                            ("full", "Not allocated: each co-product carries the full burden"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("allocation_set", models.CharField(blank=True, default="declared", max_length=20)),
                (
                    "price_years",
                    models.CharField(
                        choices=[
                            ("reference", "Price of the reference year, else the mean of those recorded"),
                            ("average", "Mean of all recorded years"),
                        ],
                        default="reference",
                        max_length=10,
                    ),
                ),
                ("mass_loss_kg", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("stock_change_kg", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("energy_loss_mj", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("balance_comment", models.CharField(blank=True, default="", max_length=300)),
                ("external_uuid", models.UUIDField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "unit process",
                "verbose_name_plural": "unit processes",
                "constraints": [
                    models.UniqueConstraint(fields=("inventory", "code"), name="process_code_in_inventory"),
                    models.UniqueConstraint(fields=("company", "id"), name="process_company_id"),
                    models.CheckConstraint(
                        condition=models.Q(("price_years__in", ["reference", "average"])),
                        name="process_price_years_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mass_loss_kg__gte", 0), ("mass_loss_kg__lt", 1e30)),
                        name="process_loss_is_an_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("energy_loss_mj__gte", 0), ("energy_loss_mj__lt", 1e30)),
                        name="process_heat_loss_is_an_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stock_change_kg__gt", -1e30), ("stock_change_kg__lt", 1e30)),
                        name="process_stock_change_is_finite",
                    ),
                ],
            },
        ),
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
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exchanges",
                        to="inventory.unitprocess",
                    ),
                ),
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
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exchanges",
                        to="inventory.product",
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
                    "provider_process",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="consumers",
                        to="inventory.unitprocess",
                    ),
                ),
                (
                    "provider_product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consumers",
                        to="inventory.product",
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
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("raw_material", "Raw materials"),
                            ("energy", "Energy"),
                            ("transport", "Transport"),
                            ("production", "Production"),
                            ("waste", "Waste treatment"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("gsd2", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("pedigree_reliability", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("pedigree_completeness", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("pedigree_temporal", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("pedigree_geographical", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("pedigree_technological", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("dqr_technology", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("dqr_time", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("dqr_geography", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("allocation_basis", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("allocation_basis_unit", models.CharField(blank=True, default="", max_length=20)),
                ("comment", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name": "exchange",
                "indexes": [
                    models.Index(fields=["process", "position"], name="exchange_by_position"),
                    models.Index(
                        condition=models.Q(("direction", "output"), ("kind__in", ["product", "waste"])),
                        fields=["product"],
                        name="exchange_output_of",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "id"), name="exchange_company_id"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "elementary"), ("product__isnull", True)),
                            models.Q(("kind__in", ["product", "waste"]), ("product__isnull", False)),
                            _connector="OR",
                        ),
                        name="exchange_names_its_flow",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("provider_process__isnull", True), ("provider_product__isnull", True)),
                            models.Q(("factor_version__isnull", True), ("provider_process__isnull", True)),
                            models.Q(("factor_version__isnull", True), ("provider_product__isnull", True)),
                            _connector="OR",
                        ),
                        name="exchange_has_one_provider",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", -1e30), ("amount__lt", 1e30)),
                        name="exchange_amount_is_finite",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage__in", ["", "raw_material", "energy", "transport", "production", "waste"])
                        ),
                        name="exchange_stage_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gsd2__gte", 1), ("gsd2__lte", 1000)),
                        name="exchange_gsd2_from_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("pedigree_reliability__range", (1, 5)),
                                ("pedigree_reliability", None),
                                _connector="OR",
                            ),
                            models.Q(
                                ("pedigree_completeness__range", (1, 5)),
                                ("pedigree_completeness", None),
                                _connector="OR",
                            ),
                            models.Q(
                                ("pedigree_temporal__range", (1, 5)),
                                ("pedigree_temporal", None),
                                _connector="OR",
                            ),
                            models.Q(
                                ("pedigree_geographical__range", (1, 5)),
                                ("pedigree_geographical", None),
                                _connector="OR",
                            ),
                            models.Q(
                                ("pedigree_technological__range", (1, 5)),
                                ("pedigree_technological", None),
                                _connector="OR",
                            ),
                            models.Q(
                                ("dqr_technology__range", (1, 5)), ("dqr_technology", None), _connector="OR"
                            ),
                            models.Q(("dqr_time__range", (1, 5)), ("dqr_time", None), _connector="OR"),
                            models.Q(
                                ("dqr_geography__range", (1, 5)), ("dqr_geography", None), _connector="OR"
                            ),
                        ),
                        name="exchange_scores_one_to_five",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("allocation_basis__isnull", True), ("allocation_basis_unit", "")),
                            models.Q(
                                ("allocation_basis__gte", 0),
                                ("allocation_basis__isnull", False),
                                ("allocation_basis__lt", 1e30),
                                models.Q(("allocation_basis_unit", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="exchange_allocation_basis_is_whole",
                    ),
                ],
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
                ("year", models.PositiveSmallIntegerField()),
                ("price", accounts.fields.ExactDecimalField()),
                ("currency", models.CharField(default="CNY", max_length=3)),
            ],
            options={
                "verbose_name": "output price",
                "constraints": [
                    models.UniqueConstraint(fields=("exchange", "year"), name="output_price_once_a_year")
                ],
            },
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
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
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
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inventory.product"
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
                ("method", models.CharField(default="declared", max_length=20)),
                ("share", accounts.fields.ExactDecimalField()),
            ],
            options={
                "verbose_name": "allocation share",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("process", "method", "product", "exchange"),
                        name="allocation_share_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
