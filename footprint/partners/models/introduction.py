"""Who outside the alliance asks to be connected, and which companies let themselves be asked."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from accounts.visibility import TenantManager
from footprint.partners.models.connection import Connection


class Reception(models.Model):
    """Whether a company lets anybody ask to be connected. Without a row, or with a closed one, nobody can."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="+")
    is_open = models.BooleanField(_("takes requests"), default=False)
    changed_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"))

    objects = TenantManager()

    class Meta:
        verbose_name = _("reception of requests to be connected")

    def __str__(self) -> str:
        return str(self.company)


class ConnectionRequest(models.Model):
    """What somebody outside stated on the public page. Nothing of it is proven, not even the address.

    What names people is erased ``CONTACT_DAYS`` after the decision.
    ``reason``: why it was refused; the asker is told by mail, in ``language``.
    ``connection``: what it became.
    """

    CONTACT_DAYS = 90

    class State(models.TextChoices):
        """Where it stands."""

        NEW = "new", _("Waiting")
        ACCEPTED = "accepted", _("Taken up")
        REFUSED = "refused", pgettext_lazy("request to be connected", "Refused")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("organisation"), max_length=120)
    lei = models.CharField(_("LEI"), max_length=20, blank=True)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    duns = models.CharField(_("D-U-N-S number"), max_length=9, blank=True)
    contact_name = models.CharField(_("contact"), max_length=120)
    contact_mail = models.CharField(_("e-mail address of the contact"), max_length=254)
    base_url = models.CharField(_("base address"), max_length=500, blank=True)
    purpose = models.TextField(_("purpose"))
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    received_at = models.DateTimeField(_("received at"))
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    connection = models.ForeignKey(Connection, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager()

    class Meta:
        verbose_name = _("request to be connected")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="connection_request_company_id"),
        ]
        indexes = [
            models.Index(fields=["company", "-received_at"], name="connection_request_by_time"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has to decide on it."""
        return self.state == self.State.NEW

    @property
    def is_erased(self) -> bool:
        """Whether it does not say any more who asked."""
        return not self.contact_mail
