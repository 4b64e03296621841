"""Greenhouse gases and how much they weigh against CO2."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import ExactDecimalField
from factors.models.source import Source, Transcription
from factors.origins import Origin

ORIGIN_VALUES = [origin.value for origin in Origin]


class GreenhouseGas(models.Model):
    """A gas that is characterised; ``aliases`` are the names under which flows of it arrive in imports."""

    code = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    cas = models.CharField(max_length=20, blank=True)
    formula = models.CharField(max_length=80, blank=True)
    aliases = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    class Meta:
        verbose_name = _("greenhouse gas")

    def __str__(self) -> str:
        return self.code


class CharacterizationSet(models.Model):
    """One assessment report at one time horizon."""

    code = models.CharField(max_length=10)
    horizon = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("characterization set")
        constraints = [
            models.UniqueConstraint(fields=["code", "horizon"], name="characterization_set_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} GWP{self.horizon}"


class CharacterizationFactor(models.Model):
    """kg CO2e per kg of a gas of one origin. A published value is never edited."""

    set = models.ForeignKey(CharacterizationSet, on_delete=models.PROTECT, related_name="factors")
    gas = models.ForeignKey(GreenhouseGas, on_delete=models.PROTECT, related_name="characterizations")
    origin = models.CharField(max_length=20, default=Origin.UNSPECIFIED.value)
    value = ExactDecimalField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    source_locator = models.CharField(max_length=300)
    transcription = models.CharField(max_length=10, choices=Transcription.choices)

    class Meta:
        verbose_name = _("characterization factor")
        constraints = [
            models.UniqueConstraint(fields=["set", "gas", "origin"], name="characterization_factor_once"),
            models.CheckConstraint(
                condition=Q(origin__in=ORIGIN_VALUES), name="characterization_origin_known"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="characterization_value_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.gas_id} {self.origin} {self.value}"
