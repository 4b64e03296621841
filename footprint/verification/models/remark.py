"""What company and verifier say to each other about a verification, or about one of its findings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Remark
from accounts.visibility import TenantQuerySet
from footprint.verification.models.engagement import Engagement, parts


class EngagementRemarkQuerySet(TenantQuerySet["EngagementRemark"]):
    """As every part."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return parts(actor)


class EngagementRemark(Remark):
    """``finding`` is the public identifier of a finding of this engagement; none: it is about the whole."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="remarks")
    finding = models.UUIDField(null=True)

    objects = models.Manager.from_queryset(EngagementRemarkQuerySet)()

    class Meta:
        verbose_name = _("remark on a verification")
