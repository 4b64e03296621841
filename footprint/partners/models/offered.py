"""Footprints as partners get them, ready to be sent, and who received which."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.actor import Actor
from accounts.models import Company
from accounts.visibility import TenantQuerySet
from footprint.inventory.models import Product
from footprint.partners.models.connection import Connection, FootprintGrant
from footprint.publication.models import Publication


class OfferedQuerySet(TenantQuerySet["OfferedFootprint"]):
    """Own ones; of others what a grant in force opens to the partner."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        own = Q(company_id__in=actor.company_ids)
        if actor.partner_id is None:
            return own
        granted = FootprintGrant.objects.in_force().filter(connection_id=actor.partner_id)
        caller = Connection.objects.filter(pk=actor.partner_id)
        opened = Q(product_id__in=granted.values("product_id")) | Q(
            company_id__in=granted.filter(product__isnull=True).values("company_id")
        )
        meant = Q(only_for__isnull=True) | Q(only_for__overlap=_array(caller))
        return own | (Q(is_served=True, company_id__in=caller.values("company_id")) & opened & meant)


def _array(caller: models.QuerySet[Connection]) -> models.Func:
    partner = models.Subquery(caller.values("partner_id")[:1])
    return models.Func(
        partner,
        function="ARRAY",
        template="ARRAY[%(expressions)s]",
        output_field=ArrayField(models.BigIntegerField()),
    )


class OfferedFootprint(models.Model):
    """One ProductFootprint, by the id it has among partners.

    ``document`` is its JSON (v3.0.3), ``document_v2`` the same in v2 or empty with ``reasons_v2``. The other
    columns are what partners search by, identifiers case-folded. A publication that lacks something the
    schema demands is not served and names it in ``lacks``. ``only_for``: companies it is meant for; null is
    anybody with a grant. Its status goes from Active to Deprecated and never back: a publication that is
    verified later, or not any more, is stated anew under another id, and the former one deprecated.
    """

    class Status(models.TextChoices):
        """As PACT calls it."""

        ACTIVE = "Active", pgettext_lazy("footprint", "Active")
        DEPRECATED = "Deprecated", _("Deprecated")

    uuid = models.UUIDField(unique=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="+")
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_served = models.BooleanField(default=True)
    lacks = ArrayField(models.CharField(max_length=60), default=list)
    only_for = ArrayField(models.BigIntegerField(), null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    deprecated_at = models.DateTimeField(null=True)
    created = models.DateTimeField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    period_start = models.DateTimeField()
    period_end = models.DateTimeField()
    geography = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, blank=True)
    cpc = models.CharField(max_length=20, blank=True)
    product_ids = ArrayField(models.TextField())
    company_ids = ArrayField(models.TextField())
    classifications = ArrayField(models.TextField(), default=list)
    document = models.TextField(blank=True)
    document_v2 = models.TextField(blank=True)
    reasons_v2 = ArrayField(models.CharField(max_length=20), default=list)
    offered_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager.from_queryset(OfferedQuerySet)()

    class Meta:
        verbose_name = _("footprint for partners")
        constraints = [
            models.UniqueConstraint(fields=["company", "id"], name="offered_company_id"),
            models.CheckConstraint(
                condition=Q(is_served=False) | ~Q(document=""), name="what_is_served_is_there"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "status", "id"], name="offered_by_status"),
            models.Index(fields=["company", "geography", "id"], name="offered_by_geography"),
            models.Index(fields=["company", "country", "id"], name="offered_by_country"),
            models.Index(fields=["company", "valid_from", "id"], name="offered_by_start"),
            models.Index(fields=["company", "valid_until", "id"], name="offered_by_end"),
            models.Index(fields=["company", "created", "id"], name="offered_by_created"),
            models.Index(fields=["product", "id"], name="offered_by_product"),
            models.Index(fields=["publication"], name="offered_by_publication"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class ReceiptQuerySet(TenantQuerySet["Receipt"]):
    """Who received what of ours; a partner's system knows what it received."""

    def visibility(self, actor: Actor) -> Q:
        """As the policy of the database says it."""
        return Q(company_id__in=actor.company_ids) | Q(connection_id=actor.partner_id or 0)


class Receipt(models.Model):
    """That a partner received a footprint: it is told when that is replaced.

    ``noted_at``: when the audit log was last told that the partner's system read it, and at which detail.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="receipts")
    footprint = models.ForeignKey(OfferedFootprint, on_delete=models.CASCADE, related_name="receipts")
    at = models.DateTimeField(auto_now_add=True)
    noted_at = models.DateTimeField(null=True)
    noted_level = models.CharField(max_length=10, blank=True, default="", db_default="")

    objects = models.Manager.from_queryset(ReceiptQuerySet)()

    class Meta:
        verbose_name = _("receipt")
        constraints = [models.UniqueConstraint(fields=["connection", "footprint"], name="received_once")]

    def __str__(self) -> str:
        return f"{self.connection_id} ← {self.footprint_id}"


class WaitingPublication(models.Model):
    """A publication that came out or ended, and has not been brought to the partners yet."""

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("publication on its way")

    def __str__(self) -> str:
        return str(self.publication_id)
