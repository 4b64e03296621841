"""One move of a thing that goes through a procedure: who, when, from where to where, and why."""

from __future__ import annotations

from django.db import models

from accounts.models.company import Company
from accounts.models.person import User


class Step(models.Model):
    """Kept for ever. ``by`` is empty where a machine or the platform moved; the audit log knows which."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    move = models.CharField(max_length=20)
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    is_internal = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.move}: {self.before} → {self.after}"
