"""Product categories, method profiles and closure rules."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import accounts.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="MethodProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name_zh", models.CharField(max_length=100)),
                ("name_en", models.CharField(max_length=100)),
                ("standard", models.CharField(max_length=100)),
                ("description_zh", models.TextField(blank=True)),
                ("description_en", models.TextField(blank=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "method profile",
            },
        ),
        migrations.CreateModel(
            name="ProductCategory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name_zh", models.CharField(max_length=100)),
                ("name_en", models.CharField(max_length=100)),
                ("unit", models.CharField(max_length=20)),
                ("cpc_code", models.CharField(blank=True, max_length=10)),
                ("hs_code", models.CharField(blank=True, max_length=10)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("plausible_low", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("plausible_high", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("plausible_source", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "verbose_name": "product category",
                "verbose_name_plural": "product categories",
            },
        ),
        migrations.CreateModel(
            name="MethodProfileVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="rules.methodprofile",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField(blank=True, null=True)),
                (
                    "gwp_set",
                    models.CharField(choices=[("AR4", "AR4"), ("AR5", "AR5"), ("AR6", "AR6")], max_length=4),
                ),
                ("gwp_horizon", models.PositiveSmallIntegerField(default=100)),
                (
                    "boundary",
                    models.CharField(
                        choices=[
                            ("cradle_to_gate", "Cradle to gate"),
                            ("as_declared", "Full or partial, as declared"),
                            ("installation", "Installation and its precursors, without the supply of fuels"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "cut_off",
                    models.CharField(
                        choices=[
                            ("none", "Nothing"),
                            ("justified", "What is stated with its effect"),
                            ("limited", "Up to the limits"),
                            ("reported", "Whatever is reported, up to the limits"),
                        ],
                        max_length=10,
                    ),
                ),
                ("cut_off_per_flow", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("cut_off_total", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("allocation_tree", models.JSONField()),
                ("allocation_price_ratio", accounts.fields.ExactDecimalField(blank=True, null=True)),
                (
                    "substitution",
                    models.CharField(
                        choices=[
                            ("forbidden", "No"),
                            ("conditional", "Under conditions"),
                            ("permitted", "Yes"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "recycling",
                    models.CharField(
                        choices=[
                            ("as_recorded", "As recorded in the inventory"),
                            ("loops", "Open and closed loop procedures"),
                            ("cut_off", "Cut-off: recycled content enters free"),
                            ("declared", "Cut-off, cut-off plus or upstream system expansion, as declared"),
                            ("precursor", "Rules for scrap and precursors"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "waste",
                    models.CharField(
                        choices=[
                            ("as_recorded", "As recorded in the inventory"),
                            ("within_system", "Treated within the system"),
                            ("cut_off", "Cut-off for energy recovery"),
                            ("declared", "As declared"),
                            ("within_installation", "Within the installation"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "biogenic",
                    models.CharField(
                        choices=[
                            ("as_characterised", "By the factor of its origin, in one total"),
                            ("separate", "Reported separately"),
                            ("two_totals", "Two totals, with and without uptake"),
                            ("positions", "By positions A to H, with and without uptake"),
                            ("zero_rated", "Zero where sustainability criteria are met"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "electricity",
                    models.CharField(
                        choices=[
                            ("as_recorded", "The factor recorded at each line"),
                            (
                                "contract_else_mix",
                                "Own, direct line, qualified contract, else consumption mix",
                            ),
                            ("sector", "By sector rule or the GHG Protocol"),
                            ("pcr", "By product category rule"),
                            (
                                "direct_else_grid",
                                "Direct line or purchase agreement, else default grid factor",
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "ccs",
                    models.CharField(
                        choices=[
                            ("as_recorded", "As recorded in the inventory"),
                            ("stored_with_evidence", "Only mass that is proved to be stored"),
                            ("cut_off", "Cut-off: no credit"),
                            ("certified_credit", "Credit only with a certificate, else cut-off"),
                            ("unstated", "Not stated here"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "ccu",
                    models.CharField(
                        choices=[
                            ("as_recorded", "As recorded in the inventory"),
                            ("stored_with_evidence", "Only mass that is proved to be stored"),
                            ("cut_off", "Cut-off: no credit"),
                            ("certified_credit", "Credit only with a certificate, else cut-off"),
                            ("unstated", "Not stated here"),
                        ],
                        max_length=20,
                    ),
                ),
                ("validity_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("recalculation_trigger", accounts.fields.ExactDecimalField(blank=True, null=True)),
                ("recalculation_at_trigger", models.BooleanField(default=False)),
                ("data_age_max_years", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "quality_scheme",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("described", "Described in words"),
                            ("pact", "Technology, time and geography, 1 to 5"),
                        ],
                        max_length=12,
                    ),
                ),
                ("significant_digits", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("required_outputs", models.JSONField()),
                ("facts", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "method profile version",
                "constraints": [
                    models.UniqueConstraint(fields=("profile", "number"), name="profile_version_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="profile_version_number_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("gwp_horizon__in", [20, 100]), ("gwp_set__in", ["AR4", "AR5", "AR6"])
                        ),
                        name="profile_version_gwp_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("cut_off_per_flow", None),
                                models.Q(("cut_off_per_flow__gte", 0), ("cut_off_per_flow__lte", 1)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("cut_off_total", None),
                                models.Q(("cut_off_total__gte", 0), ("cut_off_total__lte", 1)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("recalculation_trigger", None),
                                models.Q(("recalculation_trigger__gt", 0), ("recalculation_trigger__lte", 1)),
                                _connector="OR",
                            ),
                        ),
                        name="profile_version_shares_are_fractions",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("allocation_price_ratio__gt", 1), ("allocation_price_ratio__lt", 1000)
                        ),
                        name="profile_version_price_ratio_above_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosureRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "basis",
                    models.CharField(
                        choices=[("mass", "Mass"), ("energy", "Energy"), ("carbon", "Carbon")], max_length=6
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closure_rules",
                        to="rules.productcategory",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField()),
                ("amber", accounts.fields.ExactDecimalField()),
                ("red", accounts.fields.ExactDecimalField()),
                ("source", models.CharField(max_length=300)),
            ],
            options={
                "verbose_name": "closure rule",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("basis", "category", "number"),
                        name="closure_rule_number_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis__in", ["mass", "energy", "carbon"])),
                        name="closure_rule_basis_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amber__gt", 0), ("red__gt", models.F("amber")), ("red__lte", 1)),
                        name="closure_rule_amber_before_red",
                    ),
                ],
            },
        ),
    ]
