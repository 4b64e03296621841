"""Input and output lines of unit processes."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import ExactDecimalField
from accounts.figures import quantity, unit_text
from accounts.models import Company
from accounts.visibility import TenantManager
from factors.models import FactorVersion
from factors.origins import Origin
from footprint.inventory.models.inventory import UnitProcess
from footprint.inventory.models.product import Product

PEDIGREE = tuple(
    f"pedigree_{name}"
    for name in ("reliability", "completeness", "temporal", "geographical", "technological")
)
"""The five indicators of the pedigree matrix, in its order."""
RATINGS = ("dqr_technology", "dqr_time", "dqr_geography")
"""The three data quality ratings of PACT."""
SCORES = (*PEDIGREE, *RATINGS)
LIFE_CYCLE_STAGES = ("raw_material", "energy", "transport", "production", "waste")


def _score() -> models.PositiveSmallIntegerField[Any, Any]:
    """1 (best) to 5 (worst), or unknown."""
    return models.PositiveSmallIntegerField(null=True, blank=True)


EXEMPTED_COUNTS_NOTHING = models.CheckConstraint(
    condition=Q(exempted_kg_co2e__isnull=True)
    | Q(
        exempted_kg_co2e__gte=0,
        exempted_kg_co2e__lt=1e30,
        is_avoided=False,
        kind__in=["product", "waste"],
        provider_process__isnull=True,
        provider_product__isnull=True,
        factor_version__isnull=True,
    ),
    name="exchange_exempted_counts_nothing",
)
"""What is estimated instead of counted has nobody who provides it."""


class Exchange(models.Model):
    """One line: so much of a product, a waste or an elementary flow, in or out.

    A line has at most one provider: a process of the same inventory, a product (of another site or another
    member), or a version of a shared factor. A product input without one is a cut-off and counts nothing;
    ``exempted_kg_co2e`` is what it would bring in the period, as somebody estimated it, kg CO2e.

    ``external_id`` is how the company's own system calls the line; whoever upserts finds it by that.
    ``stage`` is kept only where a member says otherwise than ``stages.stage_of`` would; ``gsd2`` is the
    squared geometric standard deviation of the amount, pedigree scores are those of the amount, ratings
    those of the whole line. ``allocation_basis`` is what an output weighs when the method is custom.
    ``carrier`` says that an output is heat or power, for the methods of cogeneration: with the efficiency of
    separate production, and of a heat the thermodynamic mean temperature.
    """

    class Stage(models.TextChoices):
        """Life-cycle stage within cradle to gate."""

        RAW_MATERIAL = "raw_material", _("Raw materials")
        ENERGY = "energy", _("Energy")
        TRANSPORT = "transport", _("Transport")
        PRODUCTION = "production", _("Production")
        WASTE = "waste", _("Waste treatment")

    class Direction(models.TextChoices):
        """In or out of the process."""

        INPUT = "input", _("Input")
        OUTPUT = "output", _("Output")

    class Kind(models.TextChoices):
        """What flows."""

        PRODUCT = "product", _("Product")
        WASTE = "waste", _("Waste")
        ELEMENTARY = "elementary", _("Elementary flow")

    class DataType(models.TextChoices):
        """Where the amount comes from."""

        MEASURED = "measured", _("Measured")
        CALCULATED = "calculated", _("Calculated")
        ESTIMATED = "estimated", _("Estimated")
        PROXY = "proxy", _("Proxy")

    class Carrier(models.TextChoices):
        """What a cogeneration plant puts out."""

        HEAT = "heat", _("Heat")
        POWER = "power", _("Power")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # found by ``exchange_company_id`` and ``exchange_by_position``, which begin with them
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    # where ``same_company`` guards the key with the company's, one of the key alone is checked in vain
    process = models.ForeignKey(
        UnitProcess, on_delete=models.CASCADE, related_name="exchanges", db_index=False, db_constraint=False
    )
    position = models.PositiveIntegerField(default=0)
    direction = models.CharField(max_length=6, choices=Direction.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="exchanges",
        db_constraint=False,
    )
    gas = models.CharField(_("greenhouse gas"), max_length=40, blank=True)
    origin = models.CharField(
        max_length=12, choices=[(origin.value, origin.value) for origin in Origin], default=Origin.UNSPECIFIED
    )
    flow_name = models.CharField(max_length=300, blank=True)
    compartment = models.CharField(max_length=100, blank=True)
    external_uuid = models.UUIDField(null=True, blank=True)
    external_id = models.CharField(_("external key"), max_length=120, blank=True, default="", db_default="")
    amount = ExactDecimalField(_("amount"))
    unit = models.CharField(_("unit"), max_length=20)
    is_reference = models.BooleanField(default=False)
    is_avoided = models.BooleanField(default=False)
    provider_process = models.ForeignKey(
        UnitProcess,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="consumers",
        db_constraint=False,
    )
    provider_product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="consumers"
    )
    factor_version = models.ForeignKey(
        FactorVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="exchanges"
    )
    data_type = models.CharField(max_length=12, choices=DataType.choices, default=DataType.MEASURED)
    stage = models.CharField(max_length=12, choices=Stage.choices, blank=True, default="")
    gsd2 = ExactDecimalField(null=True, blank=True)
    pedigree_reliability = _score()
    pedigree_completeness = _score()
    pedigree_temporal = _score()
    pedigree_geographical = _score()
    pedigree_technological = _score()
    dqr_technology = _score()
    dqr_time = _score()
    dqr_geography = _score()
    allocation_basis = ExactDecimalField(null=True, blank=True)
    allocation_basis_unit = models.CharField(max_length=20, blank=True, default="")
    carrier = models.CharField(max_length=5, choices=Carrier.choices, blank=True, default="")
    reference_efficiency = ExactDecimalField(null=True, blank=True)
    heat_celsius = ExactDecimalField(null=True, blank=True)
    exempted_kg_co2e = ExactDecimalField(_("estimate of what is left out"), null=True, blank=True)
    comment = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager()

    class Meta:
        verbose_name = _("exchange")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="exchange_company_id"),
            models.UniqueConstraint(
                fields=["company", "external_id"],
                condition=~Q(external_id=""),
                name="exchange_external_id_in_company",
            ),
            models.CheckConstraint(
                condition=Q(kind="elementary", product__isnull=True)
                | Q(kind__in=["product", "waste"], product__isnull=False),
                name="exchange_names_its_flow",
            ),
            models.CheckConstraint(
                condition=(
                    Q(provider_process__isnull=True, provider_product__isnull=True)
                    | Q(provider_process__isnull=True, factor_version__isnull=True)
                    | Q(provider_product__isnull=True, factor_version__isnull=True)
                ),
                name="exchange_has_one_provider",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=-1e30, amount__lt=1e30), name="exchange_amount_is_finite"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["", *LIFE_CYCLE_STAGES]), name="exchange_stage_is_known"
            ),
            models.CheckConstraint(condition=Q(gsd2__gte=1, gsd2__lte=1000), name="exchange_gsd2_from_one"),
            models.CheckConstraint(
                condition=Q(*(Q(**{f"{score}__range": (1, 5)}) | Q(**{score: None}) for score in SCORES)),
                name="exchange_scores_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(allocation_basis__isnull=True, allocation_basis_unit="")
                | (
                    Q(allocation_basis__isnull=False, allocation_basis__gte=0, allocation_basis__lt=1e30)
                    & ~Q(allocation_basis_unit="")
                ),
                name="exchange_allocation_basis_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(carrier__in=["", "heat", "power"]), name="exchange_carrier_is_known"
            ),
            models.CheckConstraint(
                condition=Q(reference_efficiency__gt=0, reference_efficiency__lte=Decimal("1.5")),
                name="exchange_reference_efficiency",
            ),
            models.CheckConstraint(
                condition=Q(heat_celsius__gt=Decimal("-273.15"), heat_celsius__lte=3000),
                name="exchange_heat_celsius",
            ),
            EXEMPTED_COUNTS_NOTHING,
        ]
        indexes = [
            models.Index(fields=["process", "position"], name="exchange_by_position"),
            models.Index(
                fields=["product"],
                name="exchange_output_of",
                condition=Q(direction="output", kind__in=["product", "waste"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {quantity(self.amount)} {unit_text(self.unit)}"


class AllocationShare(models.Model):
    """A declared share of a process's burden for one co-product, for one exchange when causal."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(UnitProcess, on_delete=models.CASCADE, related_name="allocation_shares")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    method = models.CharField(max_length=20, default="declared")
    share = ExactDecimalField()

    objects = TenantManager()

    class Meta:
        verbose_name = _("allocation share")
        constraints = [
            models.UniqueConstraint(
                fields=["process", "method", "product", "exchange"],
                nulls_distinct=False,
                name="allocation_share_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.share}"


class OutputPrice(models.Model):
    """The price behind an economic allocation; it never leaves the company.

    ``price`` is per unit of the output line, in the line's own unit.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="prices")
    year = models.PositiveSmallIntegerField()
    price = ExactDecimalField()
    currency = models.CharField(max_length=3, default="CNY")

    objects = TenantManager()

    class Meta:
        verbose_name = _("output price")
        constraints = [models.UniqueConstraint(fields=["exchange", "year"], name="output_price_once_a_year")]

    def __str__(self) -> str:
        return f"{self.year}"
