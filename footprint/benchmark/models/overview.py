"""How the alliance stands as a whole: counts alone, made by the clock and not by anybody's edit."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AllianceOverview(models.Model):
    """One count of everything; the latest is shown. ``content``: as ``footprint.benchmark.overview`` says."""

    counted_at = models.DateTimeField()
    content = models.JSONField()

    class Meta:
        verbose_name = _("overview of the alliance")

    def __str__(self) -> str:
        return f"{self.counted_at:%Y-%m-%d}"
