"""Heat and power with what they are measured by, and recorded answers on allocation."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.fields
from accounts.audited_sql import audited
from accounts.sql import same_company, tenant_table


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_locks"),
        ("factors", "0002_locks"),
        ("inventory", "0002_locks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AllocationAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "question",
                    models.CharField(
                        choices=[
                            (
                                "subdivision",
                                "Can the process be divided so that nothing has to be allocated?",
                            ),
                            ("substitution", "Is there a dominant, identifiable displaced product?"),
                            ("physical", "Is there a physical relation between the co-products?"),
                        ],
                        max_length=12,
                    ),
                ),
                ("answer", models.BooleanField()),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mass", "By mass"),
                            ("energy", "By energy content"),
                            ("moles", "By amount of substance"),
                            ("hydrogen", "By hydrogen content"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("source", models.CharField(max_length=500)),
                ("answered_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "answer on allocation",
            },
        ),
        migrations.AddField(
            model_name="exchange",
            name="carrier",
            field=models.CharField(
                blank=True, choices=[("heat", "Heat"), ("power", "Power")], default="", max_length=5
            ),
        ),
        migrations.AddField(
            model_name="exchange",
            name="heat_celsius",
            field=accounts.fields.ExactDecimalField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="exchange",
            name="reference_efficiency",
            field=accounts.fields.ExactDecimalField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="unitprocess",
            name="ambient_celsius",
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
                    ("efficiency", "Heat and power by efficiency"),
                    ("exergy", "Heat and power by exergy"),
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
                condition=models.Q(("carrier__in", ["", "heat", "power"])), name="exchange_carrier_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reference_efficiency__gt", 0), ("reference_efficiency__lte", Decimal("1.5"))
                ),
                name="exchange_reference_efficiency",
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("heat_celsius__gt", Decimal("-273.15")), ("heat_celsius__lte", 3000)),
                name="exchange_heat_celsius",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitprocess",
            constraint=models.CheckConstraint(
                condition=models.Q(("ambient_celsius__gte", -90), ("ambient_celsius__lte", 100)),
                name="process_ambient_celsius",
            ),
        ),
        migrations.AddField(
            model_name="allocationanswer",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="allocationanswer",
            name="company",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="allocationanswer",
            name="process",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="allocation_answers",
                to="inventory.unitprocess",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationanswer",
            constraint=models.UniqueConstraint(fields=("process", "question"), name="allocation_answer_once"),
        ),
        migrations.AddConstraint(
            model_name="allocationanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("question__in", ["subdivision", "substitution", "physical"])),
                name="allocation_answer_to_a_question",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", True),
                        ("basis__in", ["mass", "energy", "moles", "hydrogen"]),
                        ("question", "physical"),
                    ),
                    models.Q(
                        ("basis", ""), models.Q(("answer", True), ("question", "physical"), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="allocation_answer_names_its_basis",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocationanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="allocation_answer_has_a_source"
            ),
        ),
        tenant_table("inventory_allocationanswer"),
        same_company("inventory_allocationanswer", "process_id", "inventory_unitprocess"),
        audited(
            "inventory_allocationanswer",
            within=("process_id", "inventory_unitprocess", "inventory_id", "inventory_inventory"),
        ),
    ]
