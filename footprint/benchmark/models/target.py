"""What a company wants its product's footprint to come down to."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from accounts.visibility import TenantManager
from footprint.inventory.models import Product


class ReductionTarget(models.Model):
    """So many per cent less by a year than in another; for the company alone, and shown to nobody else."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="reduction_target")
    base_year = models.PositiveSmallIntegerField(_("base year"))
    target_year = models.PositiveSmallIntegerField(_("target year"))
    percent = models.DecimalField(_("reduction, %"), max_digits=5, decimal_places=2)
    set_at = models.DateTimeField(_("set"))

    objects = TenantManager()

    class Meta:
        verbose_name = _("reduction target")
        constraints = [
            models.CheckConstraint(
                condition=Q(target_year__gt=F("base_year")), name="reduction_target_after_base"
            ),
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100), name="reduction_target_is_less"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.target_year}"

    @property
    def less(self) -> str:
        """The reduction as people write it: 42, not 42.00."""
        return f"{self.percent.normalize():f}"

    def part_in(self, year: int) -> float:
        """What of the base year's figure is left in a year, on a straight line; flat before and after it."""
        passed = (year - self.base_year) / (self.target_year - self.base_year)
        return 1.0 - float(self.percent) / 100.0 * min(max(passed, 0.0), 1.0)
