"""Proposals of factors: what is proposed, who looked at it, and every step it took."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from factors.content import VersionContent
from factors.models.factor import Factor, FactorVersion

STATES = [
    ("screening", _("Screening")),
    ("technical_review", _("Technical review")),
    ("public_comment", _("Open for comments")),
    ("approved", _("Approved")),
    ("returned", _("Sent back")),
    ("published", _("Published")),
    ("rejected", _("Rejected")),
    ("retracted", _("Retracted")),
]


NAMES = ("code", "name_zh", "name_en", "category", "cas", "cpc", "hs")


class FactorProposal(models.Model):
    """A version that somebody would like to see published, of a factor that exists or of a new one.

    Open to every member from the start, like what it wants to become. ``company`` is the proposer's; none:
    the alliance's own office. ``content`` is a ``VersionContent``; ``findings`` are what screening said of
    it when it was handed in, ``reason`` is the proposer's answer to them. ``decided_by`` published it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=20, choices=STATES, default="screening")
    version = models.PositiveIntegerField(default=1)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    factor = models.ForeignKey(
        Factor, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    replaces = models.ForeignKey(
        FactorVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    code = models.SlugField(_("code"), max_length=120)
    name_zh = models.CharField(_("name in Chinese"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Factor.Kind.choices)
    unit = models.CharField(_("unit"), max_length=20)
    category = models.CharField(_("table"), max_length=60, blank=True, default="")
    cas = models.CharField(_("CAS number"), max_length=20, blank=True, default="")
    cpc = models.CharField(_("CPC code"), max_length=10, blank=True, default="")
    hs = models.CharField(_("HS code"), max_length=12, blank=True, default="")
    content = models.JSONField(_("content"))
    findings = models.JSONField(_("findings of the screening"), default=list, blank=True)
    reason = models.TextField(_("reason"), blank=True, default="")
    published = models.OneToOneField(
        FactorVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )
    proposed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(
        User, verbose_name=_("decided by"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    moved_at = models.DateTimeField(_("in this state since"))

    class Meta:
        verbose_name = _("factor proposal")
        verbose_name_plural = _("factor proposals")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="published", published__isnull=False)
                | (~Q(state="published") & Q(published=None)),
                name="factor_proposal_published_has_a_version",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("proposed_by")), name="factor_proposal_decided_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def stated(self) -> VersionContent:
        """The content, typed."""
        return VersionContent.from_json(self.content)

    @property
    def is_correction(self) -> bool:
        """Whether the office proposes a further version: another curator may confirm it at once."""
        return self.company_id is None and self.factor_id is not None

    @property
    def target(self) -> dict[str, Any]:
        """What of its aim may be another when it is handed in again."""
        replaces = str(self.replaces.uuid) if self.replaces else None
        names = {} if self.factor_id else {name: getattr(self, name) for name in NAMES}
        return {"replaces": replaces, **names}

    @property
    def described(self) -> dict[str, Any]:
        """What a new factor would be made of."""
        names = "code name_zh name_en kind unit category cas cpc hs"
        return {name: getattr(self, name) for name in names.split()}


class ProposalReview(models.Model):
    """What one technical reviewer found in one round; a later round asks anew."""

    class Verdict(models.TextChoices):
        """For it as it is, or not."""

        FIT = "fit", _("Fit to be published")
        CHANGES = "changes", _("Changes needed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = models.ForeignKey(FactorProposal, on_delete=models.PROTECT, related_name="reviews")
    round = models.PositiveSmallIntegerField(_("round"))
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    comment = models.TextField(_("comment"), blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("review of a factor proposal")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "round", "by"], name="proposal_review_once")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.verdict}"


class ProposalStep(models.Model):
    """One step of a proposal, who took it and why; comments are steps, too. Only ever added to.

    ``former_content`` is what the proposal stated until this step handed it in again; ``former_target`` what
    it was about: the version it replaces (``replaces``), and the names of a new factor.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = models.ForeignKey(FactorProposal, on_delete=models.PROTECT, related_name="steps")
    name = models.CharField(_("step"), max_length=20)
    before = models.CharField(_("state before"), max_length=20, blank=True)
    after = models.CharField(_("state after"), max_length=20)
    reason = models.TextField(_("reason"), blank=True, default="")
    former_content = models.JSONField(_("content before"), null=True, blank=True)
    former_target = models.JSONField(_("aim before"), null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("step of a factor proposal")

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.name}"
