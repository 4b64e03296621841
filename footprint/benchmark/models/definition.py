"""What may be compared, and who takes part."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from accounts.visibility import TenantManager
from footprint.inventory.models import Product
from footprint.rules.models import MethodProfileVersion, ProductCategory
from footprint.rules.models.profile import Boundary

LIVE = ("proposed", "approved")


class Region(models.TextChoices):
    """How far a comparison reaches."""

    EVERYWHERE = "", _("Everywhere")
    NORTH = "north", _("North China")
    NORTHEAST = "northeast", _("Northeast China")
    EAST = "east", _("East China")
    CENTRAL = "central", _("Central China")
    SOUTH = "south", _("South China")
    SOUTHWEST = "southwest", _("Southwest China")
    NORTHWEST = "northwest", _("Northwest China")


class Definition(models.Model):
    """One comparison that was fixed in advance; there is no query builder.

    Product category, technology route (empty: every route), region, boundary, method profile, closed year.
    ``purpose`` and ``necessity`` say what for and why no less would do, for whoever approves it.
    """

    class State(models.TextChoices):
        """Where it stands."""

        PROPOSED = "proposed", pgettext_lazy("comparison", "Proposed")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        RETIRED = "retired", _("Retired")

    company_id: int | None = None  # the alliance's: of no company

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    category = models.ForeignKey(ProductCategory, on_delete=models.PROTECT, related_name="benchmarks")
    technology = models.CharField(max_length=200, blank=True, default="")
    region = models.CharField(max_length=10, choices=Region.choices, blank=True, default="")
    boundary = models.CharField(max_length=20, choices=Boundary.choices, default=Boundary.CRADLE_TO_GATE)
    profile_version = models.ForeignKey(MethodProfileVersion, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    purpose = models.TextField()
    necessity = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    reason = models.TextField(blank=True, default="")
    proposed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("benchmark definition")
        constraints = [
            models.UniqueConstraint(
                fields=["category", "technology", "region", "boundary", "profile_version", "year"],
                condition=Q(state__in=LIVE),
                name="benchmark_defined_once",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("proposed_by")), name="benchmark_definition_four_eyes"
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, [str(self.category), self.technology, self.region, str(self.year)]))


class Participation(models.Model):
    """A company lets one of its products count in benchmarks. Taken back, it leaves later cohorts only."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="participation")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager()

    class Meta:
        verbose_name = _("participation in benchmarks")

    def __str__(self) -> str:
        return str(self.product)


class Contribution(models.Model):
    """One company's part of the next cohort, kg CO2e per unit of the category. Read by the worker alone.

    ``parts``: {part: of the value}, as ``footprint.engine.disclosure.parts``; empty if not taken apart.
    """

    definition = models.ForeignKey(Definition, on_delete=models.CASCADE, related_name="contributions")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey("accounts.CompanyGroup", on_delete=models.CASCADE, related_name="+")
    value = models.FloatField()
    volume = models.FloatField()
    parts = models.JSONField(default=dict, db_default={})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["definition", "company"], name="one_contribution_per_company")
        ]

    def __str__(self) -> str:
        return f"{self.definition_id}"


class Estimate(models.Model):
    """The inner figures of a comparison as the data stand now. Read by the worker alone."""

    definition = models.OneToOneField(Definition, on_delete=models.CASCADE, related_name="estimate")
    groups = models.PositiveSmallIntegerField()
    median = models.FloatField(null=True)
    input_digest = models.CharField(max_length=64)
    generation = models.BigIntegerField()
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.definition_id}"
