"""Files of versions on their way into the database, and the lines that were read of them so far."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.awaited import Awaited


class FactorImport(Awaited):
    """A file that was handed in. ``DONE`` is written in the transaction that publishes all of it.

    Once it is read without a fault it waits for another curator, ``decided_by``, who confirms or declines it.

    ``content`` is the file, compressed, until its end. ``lines_read`` of it stand as ``ImportedLine``: who
    takes over from a killed worker goes on behind them. ``faults`` are codes and figures, worded when shown.
    """

    MOST_ATTEMPTS = 3

    class State(models.TextChoices):
        """What became of it."""

        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        WAITING = "waiting", _("Waits for another curator")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")
        DONE = "done", _("Imported")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Broken off")

    UNFINISHED = (State.QUEUED, State.RUNNING, State.CONFIRMED)

    class Stage(models.TextChoices):
        """What is being done while it runs."""

        READING = "reading", _("Reading and checking")
        PUBLISHING = "publishing", _("Publishing")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(_("file"), max_length=200)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    content = models.BinaryField()
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    stage = models.CharField(max_length=10, choices=Stage.choices, blank=True)
    lines_all = models.PositiveIntegerField(_("lines"))
    lines_read = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    summary = models.JSONField(_("summary"), default=dict)
    faults = models.JSONField(_("faults"), default=list)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision_reason = models.CharField(
        _("reason of the decision"), max_length=500, blank=True, default="", db_default=""
    )
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import of factors")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="declined") | ~Q(decided_by=F("created_by")),
                name="factor_import_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportedLine(models.Model):
    """A faultless line of a file that is not published yet, its cells as ``factors.bulk`` joins them."""

    imported = models.ForeignKey(FactorImport, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    stated = models.TextField()
    gas = models.TextField()

    class Meta:
        verbose_name = _("line of an import of factors")
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="imported_line_once")]

    def __str__(self) -> str:
        return f"{self.imported_id} {self.number}"
