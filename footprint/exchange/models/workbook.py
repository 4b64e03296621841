"""A workbook that was handed in, and what it would change."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, ServiceClient, User
from accounts.visibility import TenantManager
from footprint.inventory.models import Inventory


class WorkbookUpload(models.Model):
    """One filled-in workbook. While it is open nothing of it is stored.

    ``APPLIED`` is written in the transaction that stores its lines.

    Many changes are stored by a worker: ``STORING`` from the confirmation until they are in, until somebody
    cancels, or until the inventory refused them, which makes it open again with ``refusals``.
    ``order`` is what was confirmed: the conflicts taken, the language, how many lines. ``confirmed_by`` and
    ``confirmed_client`` are who did.

    ``rows`` are the cells as they were read, ``found`` what they would change (a comparison, with names),
    ``problems`` why the file as a whole was refused. ``version`` counts comparisons: whoever confirms says
    which one was seen.
    """

    MOST_ATTEMPTS = 3

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("To be confirmed")
        STORING = "storing", _("Being stored")
        REFUSED = "refused", _("Refused")
        APPLIED = "applied", _("Stored")
        DISCARDED = "discarded", _("Discarded")
        CANCELLED = "cancelled", _("Cancelled")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    inventory = models.ForeignKey(Inventory, on_delete=models.CASCADE, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    finished_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    summary = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    found = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    confirmed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    confirmed_client = models.ForeignKey(
        ServiceClient, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    order = models.JSONField(null=True)
    refusals = models.JSONField(null=True)
    steps_done = models.PositiveIntegerField(default=0, db_default=0)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    started_at = models.DateTimeField(null=True)

    objects = TenantManager()

    class Meta:
        verbose_name = _("workbook upload")
        constraints = [models.UniqueConstraint(fields=["company", "id"], name="workbook_company_id")]
        indexes = [
            models.Index(fields=["inventory", "-created_at"], name="workbook_by_time"),
            models.Index(fields=["state"], name="workbook_being_stored", condition=models.Q(state="storing")),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.state == self.State.OPEN

    @property
    def is_storing(self) -> bool:
        """Whether a worker has still to store it."""
        return self.state == self.State.STORING

    @property
    def steps_all(self) -> int:
        """How many lines are being stored."""
        return int((self.order or {}).get("lines", 0))

    @property
    def changes(self) -> int:
        """How many lines it would add, change and remove, or did."""
        return sum(self.summary.get(name, 0) for name in ("added", "changed", "removed"))
