"""Lines that were taken away, kept so that they can come back."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from accounts.visibility import TenantManager
from footprint.inventory.models.inventory import UnitProcess


class RemovedLine(models.Model):
    """A line as it was when somebody took it away, with its prices and shares; gone once it is back.

    ``line`` is the public identifier it had and gets again, so that its evidence is its own as before.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(UnitProcess, on_delete=models.CASCADE, related_name="removed_lines")
    line = models.UUIDField(_("line"), unique=True)
    name = models.CharField(_("name"), max_length=300)
    content = models.JSONField(_("content"))
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("removed at"), auto_now_add=True)

    objects = TenantManager()

    class Meta:
        verbose_name = _("removed line")

    def __str__(self) -> str:
        return self.name
