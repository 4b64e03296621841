"""Calculated footprints."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Company
from accounts.visibility import TenantManager, TenantQuerySet
from factors.models import FactorRelease
from footprint.inventory.models import Inventory, Product, ProductGrant, UnitProcess


class CalculationRun(models.Model):
    """One drain of the ledger that computed something: how, with which engine, how exactly.

    ``factor_release`` was the latest when it ran; lines keep the versions they name, in it or not.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    engine_version = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    columns = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    residual = models.FloatField()
    input_digest = models.CharField(max_length=64)
    factor_release = models.ForeignKey(
        FactorRelease, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("calculation run")

    def __str__(self) -> str:
        return str(self.uuid)


class FootprintQuerySet(TenantQuerySet["Footprint"]):
    """Footprints: one's own, and the totals of products a partner opened."""

    def visibility(self, actor: Actor) -> Q:
        """As for products."""
        granted = ProductGrant.objects.in_force().filter(recipient_id__in=actor.company_ids)
        return Q(company_id__in=actor.company_ids) | Q(product_id__in=granted.values("product_id"))


class Footprint(models.Model):
    """The footprint of one product of one unit process: a column of the network.

    Figures are kg CO2e per ``unit`` (GWP100), float64 exactly as solved. ``production`` is the process's
    output of the product in the reference period, in ``unit``. ``share`` is the allocated part of the burden.
    """

    class State(models.TextChoices):
        """Whether the figure could be computed; whether it is up to date is asked of the ledger."""

        CURRENT = "current", _("Current")
        FAILED = "failed", _("Failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    inventory = models.ForeignKey(Inventory, on_delete=models.CASCADE, related_name="footprints")
    process = models.ForeignKey(UnitProcess, on_delete=models.CASCADE, related_name="footprints")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="footprints")
    year = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20)
    production = models.FloatField()
    kg_co2e_ar5 = models.FloatField(null=True)
    kg_co2e_ar6 = models.FloatField(null=True)
    share = models.FloatField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.CURRENT)
    error = models.JSONField(default=dict, blank=True)
    input_digest = models.CharField(max_length=64)
    generation = models.BigIntegerField()
    computed_at = models.DateTimeField()
    # without an index: with none that a recalculation changes, a row is written anew within its page
    run = models.ForeignKey(
        CalculationRun, on_delete=models.PROTECT, related_name="footprints", db_index=False
    )

    objects = models.Manager.from_queryset(FootprintQuerySet)()

    class Meta:
        verbose_name = _("footprint")
        constraints = [
            models.UniqueConstraint(fields=["process", "product"], name="one_footprint_per_column"),
            models.UniqueConstraint(fields=["company", "id"], name="footprint_company_id"),
        ]
        indexes = [models.Index(fields=["product", "-year"], name="footprint_by_year")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.year}"


class FootprintBreakdown(models.Model):
    """What a footprint is made of; for the owner only.

    ``by_gas``: [{"gas", "origin", "kg"}] per unit. ``exchanges``: ids of lines. ``ar5`` and ``ar6``: what
    each of them brings per unit, and after them the process's own emissions; they sum to the figure.
    ``former`` is what the release before wrote in their place, and empty otherwise; a later one removes it.
    """

    footprint = models.OneToOneField(Footprint, on_delete=models.CASCADE, related_name="breakdown")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    by_gas = models.JSONField()
    exchanges = ArrayField(models.BigIntegerField(), null=True)
    ar5 = ArrayField(models.FloatField(), null=True)
    ar6 = ArrayField(models.FloatField(), null=True)
    former = models.JSONField(default=list, db_column="contributions")

    objects = TenantManager()

    class Meta:
        verbose_name = _("footprint breakdown")

    def __str__(self) -> str:
        return str(self.footprint_id)

    @property
    def contributions(self) -> list[dict[str, Any]]:
        """[{"exchange": id or None for the process's own emissions, "ar5", "ar6"}], in the order of lines."""
        if self.former:
            return list(self.former)
        parts = zip((*(self.exchanges or ()), None), self.ar5 or (), self.ar6 or (), strict=False)
        return [{"exchange": exchange, "ar5": ar5, "ar6": ar6} for exchange, ar5, ar6 in parts]
