"""Product categories of the alliance."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProductCategory(models.Model):
    """A key product of the chain: the unit its footprints are declared in, and its codes.

    What is plausible, and everything else that is ruled, stands in its product category rule.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    unit = models.CharField(max_length=20)
    cpc_code = models.CharField(max_length=10, blank=True)
    hs_code = models.CharField(max_length=10, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("product category")
        verbose_name_plural = _("product categories")

    def __str__(self) -> str:
        return self.name_en
