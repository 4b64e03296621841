"""Figures that suppliers told a company, and the factor versions they became."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from accounts.visibility import TenantManager
from factors.models import FactorVersion
from footprint.partners.models import PartnerFootprint
from footprint.sharing.models.request import SharingRequest


class SupplierFigure(models.Model):
    """One footprint that a company calculates with: received by PACT, or pinned by a member.

    ``version`` is the company's own and says the same for ever; ``stated`` is what was read when it was
    taken, ``doubts`` what was known then to speak against it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    version = models.OneToOneField(
        FactorVersion, verbose_name=_("factor version"), on_delete=models.PROTECT, related_name="+"
    )
    received = models.ForeignKey(
        PartnerFootprint,
        verbose_name=_("footprint of a partner"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    request = models.ForeignKey(
        SharingRequest, verbose_name=_("request"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    pf_id = models.UUIDField(_("identifier of the footprint"))
    supplier = models.CharField(_("supplier"), max_length=200)
    level = models.PositiveSmallIntegerField(_("usability level"))
    valid_until = models.DateField(_("valid until"), null=True)
    doubts = models.JSONField(_("doubts"), default=list)
    taken_by = models.ForeignKey(
        User, verbose_name=_("taken by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(_("taken at"))

    objects = TenantManager()

    class Meta:
        verbose_name = _("figure of a supplier")
        constraints = [
            models.CheckConstraint(
                condition=Q(received__isnull=True) ^ Q(request__isnull=True),
                name="supplier_figure_from_one_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.pf_id}"
