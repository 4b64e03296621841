"""When a balance closes: thresholds as records."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import ExactDecimalField


class ClosureRule(models.Model):
    """How much of what goes in may be missing from what comes out; never edited, only followed by a version.

    ``amber`` and ``red`` are fractions of the input: above amber a balance is flagged, above red it fails.
    What a product category wants otherwise stands in its product category rule.
    """

    class Basis(models.TextChoices):
        """What is balanced."""

        MASS = "mass", _("Mass")
        ENERGY = "energy", _("Energy")
        CARBON = "carbon", _("Carbon")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    basis = models.CharField(max_length=6, choices=Basis.choices)
    number = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    amber = ExactDecimalField()
    red = ExactDecimalField()
    source = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("closure rule")
        constraints = [
            models.UniqueConstraint(fields=["basis", "number"], name="closure_rule_number_once_a_basis"),
            models.CheckConstraint(
                condition=Q(basis__in=["mass", "energy", "carbon"]), name="closure_rule_basis_is_known"
            ),
            models.CheckConstraint(
                condition=Q(amber__gt=0, red__gt=F("amber"), red__lte=1), name="closure_rule_amber_before_red"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.basis} v{self.number}"

    def colour(self, gap: Decimal) -> str:
        """What a gap, as a fraction of the input, means: green, amber or red."""
        if abs(gap) > self.red:
            return "red"
        return "amber" if abs(gap) > self.amber else "green"
