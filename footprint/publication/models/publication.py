"""A footprint on its way to be published, and as it was: what it says never changes."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actor import Actor
from accounts.models import Company, Step, User
from accounts.visibility import TenantManager, TenantQuerySet
from footprint.calculation.models import Footprint
from footprint.inventory.models import Inventory, Product
from footprint.publication.procedure import UNPUBLISHED


class PublicationQuerySet(TenantQuerySet["Publication"]):
    """Own ones; of others what was signed and is meant for the actor."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        meant = Q(visibility=Publication.Visibility.PUBLIC)
        if actor.company_ids or actor.reviews:
            meant |= Q(visibility=Publication.Visibility.ALLIANCE)
        listed = PublicationRecipient.objects.filter(recipient_id__in=actor.company_ids)
        meant |= Q(visibility=Publication.Visibility.LISTED, pk__in=listed.values("publication_id"))
        return Q(company_id__in=actor.company_ids) | (~Q(jws="") & meant)


class Publication(models.Model):
    """One snapshot of one figure: of a product, from one site, for one reference period.

    ``content`` is what is published, ``content_hash`` of its canonical text (RFC 8785), ``jws`` the signature
    over that text with the text in it (RFC 7515), made when it is published. A later one names it as
    ``preceding`` and replaces it. ``footprint`` may go with its process; what was published stays.
    """

    class State(models.TextChoices):
        """Where it stands."""

        CALCULATED = "calculated", pgettext_lazy("publication", "Calculated")
        SELF_CHECKED = "self_checked", _("Self-checked")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("Published")
        REPLACED = "replaced", _("Replaced")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DISCARDED = "discarded", _("Discarded")

    class Visibility(models.TextChoices):
        """For whom it is meant."""

        PRIVATE = "private", _("Own company")
        LISTED = "listed", _("Listed partners")
        ALLIANCE = "alliance", _("The whole alliance")
        PUBLIC = "public", _("Everybody")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="publications")
    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="publications")
    footprint = models.ForeignKey(Footprint, on_delete=models.SET_NULL, null=True, related_name="+")
    preceding = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="following")
    number = models.PositiveSmallIntegerField(_("number"))
    name_zh = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    period_start = models.DateField(_("period start"))
    period_end = models.DateField(_("period end"))
    unit = models.CharField(max_length=20)
    kg_co2e_ar6 = models.FloatField()
    input_digest = models.CharField(max_length=64)
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    jws = models.TextField(blank=True, default="")
    key_id = models.CharField(max_length=60, blank=True, default="")
    valid_until = models.DateField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.CALCULATED)
    prepared_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    self_checked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    published_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager.from_queryset(PublicationQuerySet)()

    class Meta:
        verbose_name = _("publication")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="publication_company_id"),
            models.UniqueConstraint(
                fields=["product", "inventory"],
                condition=Q(state__in=UNPUBLISHED),
                name="publication_prepared_once",
            ),
            models.UniqueConstraint(
                fields=["product", "inventory"],
                condition=Q(state="published"),
                name="publication_published_once",
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("prepared_by")) & ~Q(approved_by=F("self_checked_by")),
                name="publication_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=["private", "listed", "alliance", "public"]),
                name="publication_visibility_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*UNPUBLISHED, "discarded"], jws="")
                | (Q(state__in=["published", "replaced", "withdrawn"]) & ~Q(jws="") & ~Q(key_id="")),
                name="publication_is_signed",
            ),
        ]
        indexes = [models.Index(fields=["company", "-created_at"], name="publication_by_time")]

    def __str__(self) -> str:
        return f"{self.name_en} {self.period_end.year} v{self.number}"

    @property
    def year(self) -> int:
        """The reference year: the one the period ends in."""
        return self.period_end.year

    @property
    def is_out(self) -> bool:
        """Whether it was published, whatever became of it."""
        return bool(self.jws)

    @property
    def has_expired(self) -> bool:
        """Whether it is published, but its last day is over."""
        return self.state == self.State.PUBLISHED and timezone.localdate() > self.valid_until


class PublicationStep(Step):
    """One move of a publication."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="steps")

    objects = TenantManager()

    class Meta:
        verbose_name = _("step of a publication")


class RecipientQuerySet(TenantQuerySet["PublicationRecipient"]):
    """Given or received."""

    def visibility(self, actor: Actor) -> Q:
        """Both sides know of it."""
        return Q(company_id__in=actor.company_ids) | Q(recipient_id__in=actor.company_ids)


class PublicationRecipient(models.Model):
    """A partner a publication is meant for."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="recipients")
    recipient = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")

    objects = models.Manager.from_queryset(RecipientQuerySet)()

    class Meta:
        verbose_name = _("recipient of a publication")
        constraints = [
            models.UniqueConstraint(fields=["publication", "recipient"], name="recipient_once"),
            models.CheckConstraint(condition=~Q(company=F("recipient")), name="recipient_is_another_company"),
        ]

    def __str__(self) -> str:
        return f"{self.publication} → {self.recipient}"


class SigningKey(models.Model):
    """A public key that signed something; kept for ever, so that everything can be verified for ever."""

    key_id = models.CharField(max_length=60, unique=True)
    public = models.CharField(max_length=60)
    first_used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("signing key")

    def __str__(self) -> str:
        return self.key_id
