"""What closure, data quality and further allocation methods need to know of lines, products and processes."""

import django.db.models.expressions
from django.db import migrations, models

import accounts.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_service_client"),
        ("factors", "0002_published_numbers_stay"),
        ("inventory", "0002_products_by_chinese_name"),
        ("rules", "0002_profiles_and_closure"),
    ]

    operations = [
        migrations.AddField(
            model_name="exchange",
            name="allocation_basis",
            field=accounts.fields.ExactDecimalField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="exchange",
            name="allocation_basis_unit",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="exchange",
            name="dqr_geography",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="exchange",
            name="dqr_technology",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="exchange",
            name="dqr_time",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="exchange",
            name="gsd2",
            field=accounts.fields.ExactDecimalField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="exchange",
            name="pedigree_completeness",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="exchange",
            name="pedigree_geographical",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="exchange",
            name="pedigree_reliability",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="exchange",
            name="pedigree_technological",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="exchange",
            name="pedigree_temporal",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="exchange",
            name="stage",
            field=models.CharField(
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
        migrations.AddField(
            model_name="product",
            name="biogenic_carbon_fraction",
            field=accounts.fields.ExactDecimalField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="product",
            name="hydrogen_fraction",
            field=accounts.fields.ExactDecimalField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="product",
            name="molar_mass_g_per_mol",
            field=accounts.fields.ExactDecimalField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="unitprocess",
            name="balance_comment",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="unitprocess",
            name="energy_loss_mj",
            field=accounts.fields.ExactDecimalField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="unitprocess",
            name="mass_loss_kg",
            field=accounts.fields.ExactDecimalField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="unitprocess",
            name="price_years",
            field=models.CharField(
                choices=[
                    ("reference", "Price of the reference year, else the mean of those recorded"),
                    ("average", "Mean of all recorded years"),
                ],
                default="reference",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="unitprocess",
            name="stock_change_kg",
            field=accounts.fields.ExactDecimalField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="unitprocess",
            name="allocation_method",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stage__in", ["", "raw_material", "energy", "transport", "production", "waste"])
                ),
                name="exchange_stage_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("gsd2__gte", 1), ("gsd2__lte", 1000)), name="exchange_gsd2_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
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
                        ("pedigree_temporal__range", (1, 5)), ("pedigree_temporal", None), _connector="OR"
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
                    models.Q(("dqr_technology__range", (1, 5)), ("dqr_technology", None), _connector="OR"),
                    models.Q(("dqr_time__range", (1, 5)), ("dqr_time", None), _connector="OR"),
                    models.Q(("dqr_geography__range", (1, 5)), ("dqr_geography", None), _connector="OR"),
                ),
                name="exchange_scores_one_to_five",
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("carbon_fraction__gte", 0), ("carbon_fraction__lte", 1)),
                name="product_carbon_fraction",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("hydrogen_fraction__gte", 0), ("hydrogen_fraction__lte", 1)),
                name="product_hydrogen_fraction",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("biogenic_carbon_fraction__gte", 0), ("biogenic_carbon_fraction__lte", 1)
                ),
                name="product_biogenic_carbon_fraction",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("molar_mass_g_per_mol__gte", 1), ("molar_mass_g_per_mol__lte", 10000000)),
                name="product_molar_mass_g_per_mol",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(("lhv_mj_per_unit__gt", 0), ("lhv_mj_per_unit__lt", 1e30)),
                name="product_lhv_is_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitprocess",
            constraint=models.CheckConstraint(
                condition=models.Q(("price_years__in", ["reference", "average"])),
                name="process_price_years_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitprocess",
            constraint=models.CheckConstraint(
                condition=models.Q(("mass_loss_kg__gte", 0), ("mass_loss_kg__lt", 1e30)),
                name="process_loss_is_an_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitprocess",
            constraint=models.CheckConstraint(
                condition=models.Q(("energy_loss_mj__gte", 0), ("energy_loss_mj__lt", 1e30)),
                name="process_heat_loss_is_an_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitprocess",
            constraint=models.CheckConstraint(
                condition=models.Q(("stock_change_kg__gt", -1e30), ("stock_change_kg__lt", 1e30)),
                name="process_stock_change_is_finite",
            ),
        ),
    ]
