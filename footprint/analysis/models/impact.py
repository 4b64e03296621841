"""What was asked of a change of a factor before it is released, and what may be told of the answer."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import ExactDecimalField
from accounts.models import Company, User
from accounts.visibility import TenantManager
from factors.models import FactorProposal, FactorVersion


class FactorImpact(models.Model):
    """How far a version, or a proposal for one, would reach in the alliance; numbers that anybody may read.

    ``found`` holds a ``Radius``; empty while nobody has computed it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    old = models.ForeignKey(FactorVersion, on_delete=models.PROTECT, related_name="+")
    new = models.ForeignKey(FactorVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposal = models.ForeignKey(
        FactorProposal, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True)
    found = models.JSONField(null=True)

    class Meta:
        verbose_name = _("impact of a factor")
        constraints = [
            models.CheckConstraint(
                condition=Q(new=None) | Q(proposal=None), name="factor_impact_of_one_thing"
            ),
        ]
        indexes = [models.Index(fields=["computed_at"], name="factor_impact_waiting")]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id or self.proposal_id}"


class AdoptionDecision(models.Model):
    """What a company decided about a newer version of a factor it uses; a later decision replaces it."""

    class Choice(models.TextChoices):
        """Take it, or not yet."""

        ACCEPTED = "accepted", _("Adopted")
        POSTPONED = "postponed", _("Postponed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    old = models.ForeignKey(FactorVersion, on_delete=models.PROTECT, related_name="+")
    new = models.ForeignKey(FactorVersion, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(_("decision"), max_length=10, choices=Choice.choices)
    reason = models.TextField(_("reason"), blank=True, default="")
    lines = models.PositiveIntegerField(_("lines moved"), default=0)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    by_policy = models.BooleanField(_("by the company's policy"), default=False, db_default=False)

    objects = TenantManager()

    class Meta:
        verbose_name = _("decision about a factor version")
        constraints = [
            models.CheckConstraint(
                condition=~Q(choice="postponed") | ~Q(reason=""), name="adoption_postponed_says_why"
            ),
            models.UniqueConstraint(fields=["company", "id"], name="adoption_decision_company_id"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.choice}"


class AdoptionPolicy(models.Model):
    """Which newer versions a company takes over without being asked: those that move a factor only a little.

    Another scope or boundary is always asked about, and so is what somebody postponed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="+")
    most_percent = ExactDecimalField(_("largest change, in per cent"))
    is_active = models.BooleanField(_("in force"), default=True)
    version = models.PositiveIntegerField(default=1)
    set_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField(_("set at"))

    objects = TenantManager()

    class Meta:
        verbose_name = _("adoption policy")
        constraints = [
            models.CheckConstraint(
                condition=Q(most_percent__gte=0, most_percent__lte=100), name="adoption_policy_in_per_cent"
            ),
            models.UniqueConstraint(fields=["company", "id"], name="adoption_policy_company_id"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.most_percent} %"
