"""One site's unit processes for a reference period."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import ExactDecimalField
from accounts.models import Company, Site
from accounts.visibility import TenantManager


class Period(Func):
    """The reference period as a range, both days included."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Inventory(models.Model):
    """What one site's unit processes consume, produce and emit in a reference period."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="inventories")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="inventories")
    title = models.CharField(max_length=200, blank=True)
    period_start = models.DateField(_("period start"))
    period_end = models.DateField(_("period end"))
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager()

    class Meta:
        verbose_name = _("inventory")
        verbose_name_plural = _("inventories")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="inventory_company_id"),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="inventory_period_runs_forward"
            ),
            ExclusionConstraint(
                name="inventory_periods_do_not_overlap",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    (
                        Period("period_start", "period_end", RangeBoundary(True, True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.period_start:%Y-%m}–{self.period_end:%Y-%m}"

    @property
    def year(self) -> int:
        """The reference year: the one the period ends in."""
        return self.period_end.year


class UnitProcess(models.Model):
    """The smallest element of an inventory that data are collected for; several products are normal.

    ``allocation_set`` names which stored set of declared shares is in force when the method is declared or
    causal; an imported process may carry several. ``mass_loss_kg`` is what is known to be lost in the period,
    ``stock_change_kg`` what stays inside (negative: what was taken from stock), ``energy_loss_mj`` waste heat
    and heat of reaction; all count in the closure. ``ambient_celsius`` is what heat is measured against when
    heat and power share by exergy.
    """

    class Allocation(models.TextChoices):
        """How the burden is split among co-products."""

        NONE = "none", _("Single product")
        MASS = "mass", _("By mass")
        ENERGY = "energy", _("By energy content")
        ECONOMIC = "economic", _("By economic value")
        MOLES = "moles", _("By amount of substance")
        HYDROGEN = "hydrogen", _("By hydrogen content")
        EFFICIENCY = "efficiency", _("Heat and power by efficiency")
        EXERGY = "exergy", _("Heat and power by exergy")
        CUSTOM = "custom", _("By amounts of one's own")
        DECLARED = "declared", _("By declared shares")
        CAUSAL = "causal", _("By declared shares per exchange")
        FULL = "full", _("Not allocated: each co-product carries the full burden")

    class PriceYears(models.TextChoices):
        """Which recorded prices an economic allocation weighs with."""

        REFERENCE = "reference", _("Price of the reference year, else the mean of those recorded")
        AVERAGE = "average", _("Mean of all recorded years")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # an index of it alone would be taken for keys of both: ``process_company_id`` begins with it
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="unit_processes", db_index=False
    )
    inventory = models.ForeignKey(Inventory, on_delete=models.CASCADE, related_name="unit_processes")
    code = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    technology = models.CharField(max_length=300, blank=True)
    allocation_method = models.CharField(max_length=10, choices=Allocation.choices, default=Allocation.NONE)
    allocation_set = models.CharField(max_length=20, blank=True, default="declared")
    price_years = models.CharField(max_length=10, choices=PriceYears.choices, default=PriceYears.REFERENCE)
    mass_loss_kg = ExactDecimalField(null=True, blank=True)
    stock_change_kg = ExactDecimalField(null=True, blank=True)
    energy_loss_mj = ExactDecimalField(null=True, blank=True)
    ambient_celsius = ExactDecimalField(null=True, blank=True)
    balance_comment = models.CharField(max_length=300, blank=True, default="")
    external_uuid = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager()

    class Meta:
        verbose_name = _("unit process")
        verbose_name_plural = _("unit processes")
        constraints = [
            models.UniqueConstraint(fields=["inventory", "code"], name="process_code_in_inventory"),
            models.UniqueConstraint(fields=["company", "id"], name="process_company_id"),
            models.CheckConstraint(
                condition=Q(price_years__in=["reference", "average"]), name="process_price_years_are_known"
            ),
            models.CheckConstraint(
                condition=Q(mass_loss_kg__gte=0, mass_loss_kg__lt=1e30), name="process_loss_is_an_amount"
            ),
            models.CheckConstraint(
                condition=Q(energy_loss_mj__gte=0, energy_loss_mj__lt=1e30),
                name="process_heat_loss_is_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(stock_change_kg__gt=-1e30, stock_change_kg__lt=1e30),
                name="process_stock_change_is_finite",
            ),
            models.CheckConstraint(
                condition=Q(ambient_celsius__gte=-90, ambient_celsius__lte=100),
                name="process_ambient_celsius",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en
