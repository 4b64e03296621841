"""A package that was handed in, and how far its import is."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, ServiceClient, Site, User
from accounts.models.awaited import Awaited
from accounts.visibility import TenantManager
from footprint.inventory.models import Inventory


class ImportJob(Awaited):
    """One uploaded openLCA package. ``DONE`` is written in the transaction that stores the inventory.

    ``problems`` and ``findings`` are records of ``Problem`` and ``Finding``, worded when they are shown.
    """

    MOST_ATTEMPTS = 3

    class State(models.TextChoices):
        """What became of it."""

        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Imported")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Broken off")

    UNFINISHED = (State.QUEUED, State.RUNNING)

    class Stage(models.TextChoices):
        """What is being done while it runs."""

        READING = "reading", _("Reading and checking")
        STORING = "storing", _("Storing")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    client = models.ForeignKey(ServiceClient, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    period_start = models.DateField()
    period_end = models.DateField()
    replaces = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    stage = models.CharField(max_length=10, choices=Stage.choices, blank=True)
    steps_done = models.PositiveIntegerField(default=0)
    steps_all = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    inventory = models.ForeignKey(Inventory, on_delete=models.SET_NULL, null=True, related_name="+")
    summary = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    findings = models.JSONField(default=list)

    objects = TenantManager()

    class Meta:
        verbose_name = _("import")
        constraints = [models.UniqueConstraint(fields=["company", "id"], name="import_company_id")]
        indexes = [
            models.Index(fields=["company", "-created_at"], name="import_by_time"),
            models.Index(
                fields=["state"],
                name="import_unfinished",
                condition=models.Q(state__in=["queued", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def sender(self) -> ServiceClient | User | None:
        """The system that handed it in, or the person; neither once they are gone."""
        return self.client or self.created_by
