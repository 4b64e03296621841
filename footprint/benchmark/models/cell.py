"""Benchmark cells: what may be compared, the inner estimate and what is released of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from footprint.rules.models import ProductCategory


class Cell(models.Model):
    """One pre-defined comparison: a product category in a reference year. There is no query builder."""

    category = models.ForeignKey(ProductCategory, on_delete=models.CASCADE, related_name="cells")
    year = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("benchmark cell")
        constraints = [models.UniqueConstraint(fields=["category", "year"], name="one_cell_per_year")]

    def __str__(self) -> str:
        return f"{self.category} {self.year}"


class Contribution(models.Model):
    """One company group's figure in a cell, kg CO2e per unit of the category. Read by the worker alone.

    ``value`` follows the data; ``released_value`` is what went into the last release.
    """

    cell = models.ForeignKey(Cell, on_delete=models.CASCADE, related_name="contributions")
    group = models.ForeignKey("accounts.CompanyGroup", on_delete=models.CASCADE, related_name="+")
    value = models.FloatField(null=True)
    released_value = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cell", "group"], name="one_contribution_per_group")]

    def __str__(self) -> str:
        return f"{self.cell_id}"


class Estimate(models.Model):
    """The inner figures of a cell as the data stand now. Read by the worker alone."""

    cell = models.OneToOneField(Cell, on_delete=models.CASCADE, related_name="estimate")
    groups = models.PositiveSmallIntegerField()
    median = models.FloatField(null=True)
    input_digest = models.CharField(max_length=64)
    generation = models.BigIntegerField()
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.cell_id}"


class Release(models.Model):
    """What members are shown of a cell. A cell whose figure is hidden has no row."""

    class Size(models.TextChoices):
        """How many groups stand behind it, as a band."""

        FEW = "5-7", "5–7"
        SOME = "8-11", "8–11"
        MANY = "12+", "12+"

    cell = models.OneToOneField(Cell, on_delete=models.CASCADE, related_name="release")
    median = models.FloatField()
    size = models.CharField(max_length=5, choices=Size.choices)
    released_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.cell_id}"
