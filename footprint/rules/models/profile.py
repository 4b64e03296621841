"""Method profiles: what a standard or programme asks of a footprint, as parameters a calculation can follow.

The words of every choice are shared with the engine: a value is stored as the engine reads it.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import ExactDecimalField


class GwpSet(models.TextChoices):
    """The assessment report whose GWP values weigh the gases."""

    AR4 = "AR4", "AR4"
    AR5 = "AR5", "AR5"
    AR6 = "AR6", "AR6"


class Boundary(models.TextChoices):
    """Which part of the life cycle counts."""

    CRADLE_TO_GATE = "cradle_to_gate", _("Cradle to gate")
    AS_DECLARED = "as_declared", _("Full or partial, as declared")
    INSTALLATION = "installation", _("Installation and its precursors, without the supply of fuels")


class CutOff(models.TextChoices):
    """What may be left out."""

    NONE = "none", _("Nothing")
    JUSTIFIED = "justified", _("What is stated with its effect")
    LIMITED = "limited", _("Up to the limits")
    REPORTED = "reported", _("Whatever is reported, up to the limits")


class Step(models.TextChoices):
    """One rule of an allocation tree; the first that applies is followed."""

    AS_RECORDED = "as_recorded", _("the method in force at each process")
    SUBDIVISION = "subdivision", _("subdivision of the process")
    SUBSTITUTION = "substitution", _("substitution")
    ECONOMIC_ABOVE_RATIO = "economic_above_ratio", _("economic value above the price ratio")
    PHYSICAL = "physical", _("a physical quantity")
    ECONOMIC = "economic", _("economic value")
    FUNCTIONAL_UNIT = "functional_unit", _("functional unit")


class Permission(models.TextChoices):
    """Whether a credit for displaced products may be taken."""

    FORBIDDEN = "forbidden", _("No")
    CONDITIONAL = "conditional", _("Under conditions")
    PERMITTED = "permitted", _("Yes")


class Recycling(models.TextChoices):
    """Who carries the burden of recycled material."""

    AS_RECORDED = "as_recorded", _("As recorded in the inventory")
    LOOPS = "loops", _("Open and closed loop procedures")
    CUT_OFF = "cut_off", _("Cut-off: recycled content enters free")
    DECLARED = "declared", _("Cut-off, cut-off plus or upstream system expansion, as declared")
    PRECURSOR = "precursor", _("Rules for scrap and precursors")


class Waste(models.TextChoices):
    """Who carries the burden of waste treatment."""

    AS_RECORDED = "as_recorded", _("As recorded in the inventory")
    WITHIN_SYSTEM = "within_system", _("Treated within the system")
    CUT_OFF = "cut_off", _("Cut-off for energy recovery")
    DECLARED = "declared", _("As declared")
    WITHIN_INSTALLATION = "within_installation", _("Within the installation")


class Biogenic(models.TextChoices):
    """How biogenic carbon is counted."""

    AS_CHARACTERISED = "as_characterised", _("By the factor of its origin, in one total")
    SEPARATE = "separate", _("Reported separately")
    TWO_TOTALS = "two_totals", _("Two totals, with and without uptake")
    POSITIONS = "positions", _("By positions A to H, with and without uptake")
    ZERO_RATED = "zero_rated", _("Zero where sustainability criteria are met")


class Electricity(models.TextChoices):
    """Which electricity factor counts."""

    AS_RECORDED = "as_recorded", _("The factor recorded at each line")
    CONTRACT_ELSE_MIX = "contract_else_mix", _("Own, direct line, qualified contract, else consumption mix")
    SECTOR = "sector", _("By sector rule or the GHG Protocol")
    PCR = "pcr", _("By product category rule")
    DIRECT_ELSE_GRID = "direct_else_grid", _("Direct line or purchase agreement, else default grid factor")


class Capture(models.TextChoices):
    """How captured carbon counts: stored (CCS) or used (CCU)."""

    AS_RECORDED = "as_recorded", _("As recorded in the inventory")
    STORED_WITH_EVIDENCE = "stored_with_evidence", _("Only mass that is proved to be stored")
    CUT_OFF = "cut_off", _("Cut-off: no credit")
    CERTIFIED_CREDIT = "certified_credit", _("Credit only with a certificate, else cut-off")
    UNSTATED = "unstated", _("Not stated here")


class QualityScheme(models.TextChoices):
    """How data quality is rated."""

    NONE = "none", _("None")
    DESCRIBED = "described", _("Described in words")
    PACT = "pact", _("Technology, time and geography, 1 to 5")


class Output(models.TextChoices):
    """What a result must state."""

    TOTAL = "total", _("total")
    EXCLUDING_UPTAKE = "excluding_uptake", _("total without biogenic uptake")
    INCLUDING_UPTAKE = "including_uptake", _("total with biogenic uptake")
    FOSSIL = "fossil", _("fossil")
    BIOGENIC = "biogenic", _("biogenic")
    LAND_USE = "land_use", _("land-use change")
    AIRCRAFT = "aircraft", _("aircraft")
    STAGES = "stages", _("life-cycle stages")
    PRIMARY_DATA_SHARE = "primary_data_share", _("primary data share")
    DATA_QUALITY = "data_quality", _("data quality rating")
    EXEMPTED = "exempted", _("exempted part")
    DIRECT = "direct", _("direct emissions")
    INDIRECT = "indirect", _("indirect emissions")
    PRECURSORS = "precursors", _("precursors")
    ELECTRICITY_SENSITIVITY = "electricity_sensitivity", _("sensitivity to electricity")


class MethodProfile(models.Model):
    """A standard or programme by which footprints can be computed; its parameters are in its versions."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    standard = models.CharField(max_length=100)
    description_zh = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("method profile")

    def __str__(self) -> str:
        return self.code


class MethodProfileVersion(models.Model):
    """The parameters of a profile, never edited: a change is a further version.

    Shares are fractions of the footprint. ``facts`` says of each parameter where it was read and whether it
    was checked there: {"gwp_set": {"source": ..., "verified": true}}; one that is missing says nothing.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    profile = models.ForeignKey(MethodProfile, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    valid_from = models.DateField(null=True, blank=True)
    gwp_set = models.CharField(max_length=4, choices=GwpSet.choices)
    gwp_horizon = models.PositiveSmallIntegerField(default=100)
    boundary = models.CharField(max_length=20, choices=Boundary.choices)
    cut_off = models.CharField(max_length=10, choices=CutOff.choices)
    cut_off_per_flow = ExactDecimalField(null=True, blank=True)
    cut_off_total = ExactDecimalField(null=True, blank=True)
    allocation_tree = models.JSONField()
    allocation_price_ratio = ExactDecimalField(null=True, blank=True)
    substitution = models.CharField(max_length=12, choices=Permission.choices)
    recycling = models.CharField(max_length=20, choices=Recycling.choices)
    waste = models.CharField(max_length=20, choices=Waste.choices)
    biogenic = models.CharField(max_length=20, choices=Biogenic.choices)
    electricity = models.CharField(max_length=20, choices=Electricity.choices)
    ccs = models.CharField(max_length=20, choices=Capture.choices)
    ccu = models.CharField(max_length=20, choices=Capture.choices)
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)
    recalculation_trigger = ExactDecimalField(null=True, blank=True)
    recalculation_at_trigger = models.BooleanField(default=False)
    data_age_max_years = models.PositiveSmallIntegerField(null=True, blank=True)
    quality_scheme = models.CharField(max_length=12, choices=QualityScheme.choices)
    significant_digits = models.PositiveSmallIntegerField(null=True, blank=True)
    required_outputs = models.JSONField()
    facts = models.JSONField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("method profile version")
        constraints = [
            models.UniqueConstraint(fields=["profile", "number"], name="profile_version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="profile_version_number_from_one"),
            models.CheckConstraint(
                condition=Q(gwp_set__in=GwpSet.values, gwp_horizon__in=[20, 100]),
                name="profile_version_gwp_is_known",
            ),
            models.CheckConstraint(
                condition=(Q(cut_off_per_flow=None) | Q(cut_off_per_flow__gte=0, cut_off_per_flow__lte=1))
                & (Q(cut_off_total=None) | Q(cut_off_total__gte=0, cut_off_total__lte=1))
                & (
                    Q(recalculation_trigger=None)
                    | Q(recalculation_trigger__gt=0, recalculation_trigger__lte=1)
                ),
                name="profile_version_shares_are_fractions",
            ),
            models.CheckConstraint(
                condition=Q(allocation_price_ratio__gt=1, allocation_price_ratio__lt=1000),
                name="profile_version_price_ratio_above_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} v{self.number}"

    def is_verified(self, parameter: str) -> bool:
        """Whether somebody compared the parameter with its source."""
        return bool(self.facts.get(parameter, {}).get("verified"))

    @property
    def unverified(self) -> list[str]:
        """The parameters nobody compared with their source yet."""
        return [name for name, fact in self.facts.items() if not fact["verified"]]
