"""What the two sides of a request say to each other."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Company, Remark
from accounts.visibility import TenantQuerySet
from footprint.sharing.models.request import SharingRequest


class SharingRemarkQuerySet(TenantQuerySet["SharingRemark"]):
    """As the request itself."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return Q(company_id__in=actor.company_ids) | Q(request__supplier_id__in=actor.company_ids)


class SharingRemark(Remark):
    """``side`` is the company that speaks: of the other side one learns that, not who."""

    request = models.ForeignKey(
        SharingRequest, verbose_name=_("request"), on_delete=models.CASCADE, related_name="remarks"
    )
    side = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")

    objects = models.Manager.from_queryset(SharingRemarkQuerySet)()

    class Meta:
        verbose_name = _("remark on a request for a footprint")
