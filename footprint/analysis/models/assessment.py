"""How good a figure is, and what it would be by other rules."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from accounts.visibility import TenantManager
from footprint.calculation.models import Footprint
from footprint.rules.models import MethodProfileVersion

CUT_OFF = [
    ("kept", _("within the limits")),
    ("flow", _("one flow above the limit")),
    ("total", _("together above the limit")),
    ("unknown", _("not estimated")),
]
"""Verdicts of ``footprint.engine.cut_off``."""


class Assessed(models.Model):
    """What the worker says of one column; for the owner only. ``digest`` identifies everything it says."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=20)
    computed_at = models.DateTimeField()

    objects = TenantManager()

    class Meta:
        abstract = True


class Assessment(Assessed):
    """How far allocation could move a figure, how good the data behind it are, how sure it is.

    Process, product, year and unit are those of the footprint. Figures are kg CO2e (AR6, 100 years) per unit.

    ``band``: {"in_force": the method of the process, "methods": [{"method", "applies": whether it gives a
    share to every co-product of the process, "everybody", "own"}], "everybody" and "own": {"low", "high",
    "lowest", "highest": methods}}. *Everybody*: all processes that can go by the method; *own*: only the
    process that makes the product. The first of the methods is "in force". A figure is null where a loop
    would not yield anything.

    Shares are 0 to 1, ratings 1 (best) to 5. ``gsd2_low`` and ``gsd2_high`` enclose the squared geometric
    standard deviation, equal when ``gsd2_is_exact``. ``exempted_share`` is null when something in the chain
    is counted as nothing and nobody knows how much that is.
    """

    footprint = models.OneToOneField(Footprint, on_delete=models.CASCADE, related_name="assessment")
    kg_co2e = models.FloatField()
    band = models.JSONField()
    primary_data_share = models.FloatField(null=True)
    dqr_technology = models.FloatField(null=True)
    dqr_time = models.FloatField(null=True)
    dqr_geography = models.FloatField(null=True)
    exempted_share = models.FloatField(null=True)
    gsd2_low = models.FloatField(null=True)
    gsd2_high = models.FloatField(null=True)
    gsd2_is_exact = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("assessment")

    def __str__(self) -> str:
        return str(self.footprint_id)

    @property
    def band_low(self) -> float | None:
        """The lowest figure any method gives when only one's own process changes."""
        return self._end("own", "low")

    @property
    def band_high(self) -> float | None:
        """The highest figure any method gives when only one's own process changes."""
        return self._end("own", "high")

    @property
    def has_choice(self) -> bool:
        """Whether another method gives one's own process other shares."""
        return any(row["applies"] for row in self.band["methods"][1:])

    def _end(self, who: str, which: str) -> float | None:
        end: float | None = self.band[who][which]
        return end


class ProfileFigure(Assessed):
    """One figure under one version of a method profile, kg CO2e per unit, everybody going by it.

    ``kg_co2e`` is what the profile calls the footprint. ``parts``: {position: kg CO2e}, the positions of
    ``footprint.engine.position``. ``method`` is the allocation of the process itself and ``walk`` the steps
    that led there: [{"question", "answer", "evidence"}]. ``left_out``: [{"what": kind of flow, "kg_co2e": as
    the platform counts it}], what the profile does not count at the process itself.

    ``exempted_share`` of what the figure would be with everything is left out along the chain, as estimated,
    and ``largest_exempted`` by the largest flow of the process itself; ``cut_off`` is what the profile's
    rule says of that.

    ``bridges`` say why the figure is not another one: [{"profile", "number": of the version it is compared
    with, "kg_co2e": the figure under that, "causes": {cause: kg CO2e}, which sum to the difference}]. The
    first is from the platform's own profile, the next from the version before, where there was one.

    ``causes``: {cause: kg CO2e}, the parts of ``footprint.engine.disclosure.parts``, which sum to the figure,
    and the energy that comes in, in MJ; empty where the figure could not be taken apart.

    ``failure`` says why the profile cannot be applied, and then there are no figures: {"code", ...}.
    """

    footprint = models.ForeignKey(Footprint, on_delete=models.CASCADE, related_name="profile_figures")
    profile_version = models.ForeignKey(MethodProfileVersion, on_delete=models.PROTECT, related_name="+")
    kg_co2e = models.FloatField(null=True)
    including_uptake = models.FloatField(null=True)
    excluding_uptake = models.FloatField(null=True)
    parts = models.JSONField(default=dict)
    exempted_share = models.FloatField(null=True)
    largest_exempted = models.FloatField(null=True)
    cut_off = models.CharField(max_length=10, choices=CUT_OFF, blank=True, default="", db_default="")
    method = models.CharField(max_length=20, blank=True, default="")
    walk = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    bridges = models.JSONField(default=list)
    causes = models.JSONField(default=dict, db_default={})
    failure = models.JSONField(null=True)

    class Meta:
        verbose_name = _("figure by a method profile")
        constraints = [
            models.UniqueConstraint(
                fields=["footprint", "profile_version"], name="one_figure_per_profile_version"
            ),
            models.CheckConstraint(
                condition=Q(failure__isnull=True, kg_co2e__isnull=False)
                | Q(failure__isnull=False, kg_co2e__isnull=True),
                name="profile_figure_or_failure",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.footprint_id} {self.profile_version_id}"
