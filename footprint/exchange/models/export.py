"""What a company takes home as one file that a worker writes, and how far its making is."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, ServiceClient, User
from accounts.models.awaited import Awaited
from accounts.visibility import TenantManager
from footprint.inventory.models import Inventory


def package_name(inventory: Inventory, gwp: str) -> str:
    """What the file of an inventory for openLCA is called."""
    return f"{inventory.site.code}-{inventory.year}-openlca-{gwp}.zip"


class CompanyExport(Awaited):
    """One export. Its file lies outside of the database and is removed after ``KEPT_DAYS``.

    ``inventory``, ``gwp``, ``language``: what a package for openLCA is of, which values weigh its totals, and
    what names are in. ``notes``: process, line and code of what it leaves out, the first of them.
    """

    KEPT_DAYS = 7
    MOST_ATTEMPTS = 3
    MOST_NOTES = 1000

    class Kind(models.TextChoices):
        """What is in it."""

        COMPANY = "company", _("Everything of the company")
        OPENLCA = "openlca", _("An inventory for openLCA")

    class State(models.TextChoices):
        """What became of it."""

        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Broken off")
        REMOVED = "removed", _("Removed")

    UNFINISHED = (State.QUEUED, State.RUNNING)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMPANY, db_default="company")
    inventory = models.ForeignKey(Inventory, on_delete=models.SET_NULL, null=True, related_name="+")
    gwp = models.CharField(_("GWP values"), max_length=10, blank=True, default="", db_default="")
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    notes = models.JSONField(default=list, db_default=[])
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    client = models.ForeignKey(ServiceClient, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    steps_done = models.PositiveIntegerField(default=0)
    steps_all = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    objects = TenantManager()

    class Meta:
        verbose_name = _("company export")
        constraints = [models.UniqueConstraint(fields=["company", "id"], name="export_company_id")]
        indexes = [models.Index(fields=["company", "-created_at"], name="export_by_time")]

    def __str__(self) -> str:
        if self.inventory is not None:
            return package_name(self.inventory, self.gwp)
        return f"{self.company.code}-{self.created_at:%Y%m%d-%H%M}.zip"

    @property
    def sender(self) -> ServiceClient | User | None:
        """The system that asked for it, or the person; neither once they are gone."""
        return self.client or self.created_by
