"""Many rows that a company's own system sent at once, and what became of each."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, ServiceClient, User
from accounts.models.awaited import Awaited
from accounts.visibility import TenantManager
from footprint.inventory.models import Inventory


class UpsertJob(Awaited):
    """Rows too many to be stored while somebody waits. ``DONE`` comes with the transaction that stores them.

    ``language`` is the one that was asked for: refusals are worded in it. What was sent is kept in ``body``
    until the job ended.
    """

    MOST_ATTEMPTS = 3
    DAYS = 30

    class Kind(models.TextChoices):
        """What the rows tell of."""

        PRODUCTS = "products", _("Products")
        ACTIVITIES = "activities", _("Activity data")
        VOLUMES = "production-volumes", _("Production volumes")
        BILLS = "bills-of-material", _("Bills of material")

    class State(models.TextChoices):
        """What became of it."""

        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Stored")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Broken off")
        CANCELLED = "cancelled", _("Cancelled")

    UNFINISHED = (State.QUEUED, State.RUNNING)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    inventory = models.ForeignKey(Inventory, on_delete=models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    client = models.ForeignKey(ServiceClient, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    rows = models.PositiveIntegerField(_("rows"))
    steps_done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    created = models.PositiveIntegerField(_("rows that added something"), default=0)
    changed = models.PositiveIntegerField(_("rows that changed something"), default=0)
    unchanged = models.PositiveIntegerField(_("rows that changed nothing"), default=0)
    refused = models.PositiveIntegerField(_("rows that were refused"), default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = TenantManager()

    class Meta:
        verbose_name = _("upsert")
        constraints = [models.UniqueConstraint(fields=["company", "id"], name="upsert_company_id")]
        indexes = [
            models.Index(fields=["company", "-created_at"], name="upsert_by_time"),
            models.Index(
                fields=["state"],
                name="upsert_unfinished",
                condition=models.Q(state__in=["queued", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rows}"

    @property
    def sender(self) -> ServiceClient | User | None:
        """The system that sent it, or the person; neither once they are gone."""
        return self.client or self.created_by

    def is_forgotten(self, *, at: datetime) -> bool:
        """Whether its rows are told no more."""
        return self.finished_at is not None and self.finished_at < at - timedelta(days=self.DAYS)


class UpsertBody(models.Model):
    """The bytes that were sent, until the job ended."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    job = models.OneToOneField(UpsertJob, on_delete=models.CASCADE, related_name="body")
    content = models.BinaryField()

    objects = TenantManager()

    class Meta:
        verbose_name = _("content of an upsert")

    def __str__(self) -> str:
        return str(self.job_id)


class UpsertRow(models.Model):
    """What became of one row. When one is refused, none is stored and only the refused ones are listed."""

    class Outcome(models.TextChoices):
        """What it did."""

        CREATED = "created", _("Added")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        REFUSED = "refused", _("Refused")

    # found by their job alone: many rows are added at once, and every index takes its time
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    job = models.ForeignKey(UpsertJob, on_delete=models.CASCADE, related_name="results", db_index=False)
    number = models.PositiveIntegerField(_("row"))
    key = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    thing = models.UUIDField(null=True)
    pointer = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=60, blank=True)
    detail = models.TextField(blank=True)

    objects = TenantManager()

    class Meta:
        verbose_name = _("row of an upsert")
        indexes = [models.Index(fields=["job", "number", "id"], name="upsert_row_by_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"

    @property
    def field(self) -> str:
        """What in the row, or in the body around the rows, it is about."""
        _root, *parts = self.pointer.split("/")
        return "/".join(parts[2:] if parts[:1] == ["rows"] else parts)
