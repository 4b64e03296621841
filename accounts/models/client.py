"""The machine clients of companies, and the secrets they sign in with."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.company import Company
from accounts.models.person import User


class ServiceClient(models.Model):
    """A company's machine client: OAuth2 client credentials bound to exactly one company.

    ``networks`` are the addresses it may come from, in CIDR notation; none says from anywhere.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="service_clients")
    application = models.OneToOneField(
        "oauth2_provider.Application", on_delete=models.CASCADE, related_name="service_client"
    )
    name = models.CharField(max_length=120)
    networks = ArrayField(models.CharField(max_length=43), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("service client")

    def __str__(self) -> str:
        return self.name


class ClientSecret(models.Model):
    """One of at most two secrets of a client, so that a system can move from one to the next.

    ``slot`` is what makes a third impossible; a secret that ended gives its slot back.
    """

    SLOTS = (1, 2)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(ServiceClient, on_delete=models.CASCADE, related_name="secrets")
    slot = models.PositiveSmallIntegerField()
    hashed = models.CharField(max_length=255)
    hint = models.CharField(max_length=4)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("client secret")
        constraints = [
            models.CheckConstraint(condition=Q(slot__in=(1, 2)), name="client_secret_slots"),
            models.UniqueConstraint(
                fields=["client", "slot"],
                condition=Q(revoked_at__isnull=True),
                name="client_secret_two_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"…{self.hint}"
