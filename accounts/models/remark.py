"""One thing said about something that two sides look at."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.company import Company
from accounts.models.person import User


class Remark(models.Model):
    """Kept for ever, and never changed. ``by`` is empty where that person was forgotten."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True
        verbose_name = _("remark")

    def __str__(self) -> str:
        return self.text[:60]
