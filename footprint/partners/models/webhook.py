"""Addresses of a company's own systems that are told when something of the company happened."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from accounts.visibility import TenantManager


class Webhook(models.Model):
    """One address, and what it is told of. What it is told of names things of its own company alone."""

    class Kind(models.TextChoices):
        """What may be told."""

        FOOTPRINT_CHANGED = "footprint.changed", _("Footprints changed")
        FOOTPRINT_PUBLISHED = "footprint.published", _("A footprint was published")
        SUBMISSION_MOVED = "submission.moved", _("A submission moved")
        JOB_DONE = "job.done", _("An upsert or an import ended")
        REQUEST_ARRIVED = "request.arrived", _("A partner asks for footprints")

    PING = "ping"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    url = models.CharField(_("address"), max_length=500)
    kinds = ArrayField(models.CharField(max_length=30), verbose_name=_("is told of"))
    is_active = models.BooleanField(_("active"), default=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager()

    class Meta:
        verbose_name = _("webhook")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="webhook_company_id"),
            models.UniqueConstraint(fields=["company", "name"], name="webhook_name_in_company"),
        ]

    def __str__(self) -> str:
        return self.name


class WebhookSecret(models.Model):
    """One of at most two secrets that sign what a webhook is sent; sealed, for we must be able to sign."""

    SLOTS = (1, 2)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="secrets")
    slot = models.PositiveSmallIntegerField()
    sealed = models.TextField()
    hint = models.CharField(max_length=4)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = TenantManager()

    class Meta:
        verbose_name = _("secret of a webhook")
        constraints = [
            models.CheckConstraint(condition=Q(slot__in=(1, 2)), name="webhook_secret_slots"),
            models.UniqueConstraint(
                fields=["webhook", "slot"],
                condition=Q(revoked_at__isnull=True),
                name="webhook_secret_two_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"…{self.hint}"


class WaitingNews(models.Model):
    """Something happened that a webhook wants to be told of; a trigger leaves it, a worker takes it."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    thing = models.UUIDField()
    told = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("news that waits")

    def __str__(self) -> str:
        return f"{self.kind} {self.thing}"
