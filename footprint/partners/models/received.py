"""Footprints of partners, as they sent them."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from accounts.visibility import TenantManager
from footprint.partners.models.connection import Connection


class PartnerFootprint(models.Model):
    """One footprint of a partner: the text it came as, and what was read in it.

    ``original`` is never rewritten. ``findings`` are what the checks say of it, ``level`` its usability,
    ``preceding`` the identifiers of those it says it follows. ``seen_at``: it was last had from the partner's
    list or by its id; what came as an answer or in a file never was. ``gone_at``: since then the partner does
    not show it any longer; the copy stays.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="footprints")
    pf_id = models.UUIDField()
    speaks = models.PositiveSmallIntegerField(default=3)
    original = models.TextField()
    status = models.CharField(max_length=10)
    product_name = models.CharField(max_length=500)
    unit = models.CharField(max_length=30)
    amount = models.CharField(max_length=120)
    kg_co2e = models.CharField(max_length=120)
    level = models.PositiveSmallIntegerField(default=0)
    # without one: kept by the release that did not read them
    preceding = ArrayField(models.UUIDField(), default=list, null=True)
    findings = models.JSONField(default=list)
    received_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(_("no longer shared since"), null=True)

    objects = TenantManager()

    class Meta:
        verbose_name = _("footprint of a partner")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="partner_footprint_company_id"),
            models.UniqueConstraint(fields=["connection", "pf_id"], name="partner_footprint_once"),
        ]
        indexes = [
            models.Index(fields=["company", "-received_at"], name="partner_footprint_by_time"),
            GinIndex(fields=["preceding"], name="partner_footprint_follows"),
        ]

    def __str__(self) -> str:
        return self.product_name
