"""Practices that reduce emissions: what they act on, what they came to, on which evidence."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.fields import ExactDecimalField
from accounts.models import Company, User
from accounts.visibility import TenantQuerySet
from factors.models import Factor
from footprint.rules.models import ProductCategory


class PracticeQuerySet(TenantQuerySet["Practice"]):
    """Own ones, those that are published, and for the office what was handed in or that it sent back."""

    def visibility(self, actor: Actor) -> Q:
        """As the policies of the database say it."""
        seen = Q(company_id__in=actor.company_ids)
        if actor.is_known:
            seen |= Q(state=Practice.State.PUBLISHED)
        handed_in = ~Q(state=Practice.State.DRAFT) | ~Q(remark="")
        return seen | handed_in & Q(company__isnull=False) if actor.reviews else seen


class Practice(models.Model):
    """Something that lowers an amount or takes it from elsewhere, and by how much.

    ``target`` says which lines it acts on, of processes that make ``makes`` (none: of any); one of
    ``percent`` and ``factor`` is the lever it sets on each. The effect is what was measured, in per cent;
    the lever never promises more. ``company`` is the member that did it, none: it is from the literature.
    ``is_confirmed`` says that a second person compared it with its source.
    """

    class State(models.TextChoices):
        """Where it stands; how it moves is in ``procedure.py``."""

        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("With the office")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Target(models.TextChoices):
        """Which lines of a process."""

        ELECTRICITY = "electricity", _("Electricity taken in")
        HEAT = "heat", _("Heat and steam taken in")
        FUEL = "fuel", _("Fuel taken in")
        FREIGHT = "freight", _("Transport taken in")
        PRODUCT = "product", _("A product taken in")
        GAS = "gas", _("A gas that is emitted")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.SlugField(_("code"), max_length=60, null=True, unique=True)  # noqa: DJ001
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    name_zh = models.CharField(_("name in Chinese"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    description_zh = models.TextField(_("description in Chinese"), blank=True, default="")
    description_en = models.TextField(_("description in English"), blank=True, default="")
    makes = models.ForeignKey(
        ProductCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    target = models.CharField(_("acts on"), max_length=12, choices=Target.choices)
    category = models.ForeignKey(
        ProductCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    gas = models.CharField(_("greenhouse gas"), max_length=40, blank=True, default="")
    percent = ExactDecimalField(_("change in per cent"), null=True, blank=True)
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    effect_low = ExactDecimalField(_("least effect in per cent"), null=True, blank=True)
    effect_high = ExactDecimalField(_("largest effect in per cent"), null=True, blank=True)
    effect_of = models.CharField(_("measured as"), max_length=60, blank=True, default="")
    source = models.CharField(_("source"), max_length=300, blank=True, default="")
    source_year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    source_locator = models.CharField(_("place in the source"), max_length=300, blank=True, default="")
    is_confirmed = models.BooleanField(_("compared with its source"), default=False)
    remark = models.TextField(_("remark of the office"), blank=True, default="")
    written_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = models.Manager.from_queryset(PracticeQuerySet)()

    class Meta:
        verbose_name = _("reduction practice")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="practice_company_id"),
            models.CheckConstraint(
                condition=Q(percent=None, factor__isnull=False)
                | Q(percent__gte=-100, percent__lt=0, factor=None),
                name="practice_has_one_lever",
            ),
            models.CheckConstraint(
                condition=Q(target="product", category__isnull=False)
                | ~Q(target="product") & Q(category=None),
                name="practice_names_its_product",
            ),
            models.CheckConstraint(
                condition=Q(target="gas") & ~Q(gas="") | ~Q(target="gas") & Q(gas=""),
                name="practice_names_its_gas",
            ),
            models.CheckConstraint(
                condition=Q(company__isnull=False) | ~Q(source=""), name="practice_has_a_source"
            ),
        ]

    def __str__(self) -> str:
        return self.name_en


class EvidenceQuerySet(TenantQuerySet["PracticeEvidence"]):
    """One's own, and for the office of what was handed in or that it sent back."""

    def visibility(self, actor: Actor) -> Q:
        """As the policies of the database say it."""
        own = Q(company_id__in=actor.company_ids)
        handed_in = ~Q(practice__state=Practice.State.DRAFT) | ~Q(practice__remark="")
        return own | handed_in if actor.reviews else own


class PracticeEvidence(models.Model):
    """How a member measured what its practice came to; for itself and the office alone."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    practice = models.OneToOneField(Practice, on_delete=models.CASCADE, related_name="evidence")
    text = models.TextField(_("evidence"))
    before = ExactDecimalField(_("measured before"), null=True, blank=True)
    after = ExactDecimalField(_("measured after"), null=True, blank=True)

    objects = models.Manager.from_queryset(EvidenceQuerySet)()

    class Meta:
        verbose_name = _("evidence of a practice")

    def __str__(self) -> str:
        return str(self.practice_id)
