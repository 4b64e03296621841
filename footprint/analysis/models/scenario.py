"""Scenarios that were saved: levers under a name."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from accounts.visibility import TenantManager
from footprint.inventory.models import Product


class Scenario(models.Model):
    """Levers on the lines behind one product, under a name; for the company that owns the product.

    ``levers`` are records of ``Lever``: exact decimals as text, things by their public identifiers. A line or
    provider that is gone by the time of asking is refused then, in words.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    levers = models.JSONField()
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager()

    class Meta:
        verbose_name = _("scenario")
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="scenario_name_once_per_product")
        ]

    def __str__(self) -> str:
        return self.name
