"""Products of a company, and who else may link to them."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.arrays import IsAnyOf
from accounts.fields import ExactDecimalField
from accounts.models import Company, User
from accounts.today import Today
from accounts.visibility import TenantQuerySet
from footprint.rules.models import ProductCategory

CN_CODE = r"^([0-9]{8})?$"
"""Eight digits, or nothing."""


class ProductQuerySet(TenantQuerySet["Product"]):
    """Products: one's own, and those a partner opened."""

    def visibility(self, actor: Actor) -> Q:
        """Own rows, or rows granted to one of the actor's companies and not ended."""
        return Q(company_id__in=actor.company_ids) | Q(pk__in=_granted(actor))

    def own(self, actor: Actor) -> Self:
        """Without what partners opened."""
        return self if actor.is_worker else self.filter(company_id__in=actor.company_ids)

    def opened(self, actor: Actor) -> Self:
        """What partners opened, without one's own: found from the grants, which are few."""
        return self.filter(IsAnyOf(F("pk"), ArraySubquery(_granted(actor)))).exclude(
            company_id__in=actor.company_ids
        )


def _granted(actor: Actor) -> QuerySet[ProductGrant, Any]:
    granted = ProductGrant.objects.in_force().filter(recipient_id__in=actor.company_ids)
    return granted.values("product_id")


class Product(models.Model):
    """Something a company makes, buys or discards, counted in its declared unit.

    ``conversions`` says how much of another unit one declared unit is, for example {"kg": "0.75"} for a
    product declared in litres; ``lhv_mj_per_unit`` is its lower heating value. Carbon and hydrogen fractions
    are kg per kg; ``biogenic_carbon_fraction`` is the part of its carbon that is biogenic. ``cn_code`` is its
    eight digits in the Combined Nomenclature of the European Union, for those who sell there. ``identifiers``
    are URNs by which others know it, as ``footprint.inventory.identifiers`` writes them.
    """

    class Kind(models.TextChoices):
        """What happens to it in the accounts."""

        PRODUCT = "product", _("Product")
        WASTE = "waste", _("Waste")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # an index of it alone would be taken for keys of both: ``product_company_id`` begins with it
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="products", db_index=False)
    code = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    category = models.ForeignKey(
        ProductCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="products"
    )
    unit = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PRODUCT)
    cn_code = models.CharField(max_length=8, blank=True, default="", db_default="")
    lhv_mj_per_unit = ExactDecimalField(null=True, blank=True)
    carbon_fraction = ExactDecimalField(null=True, blank=True)
    hydrogen_fraction = ExactDecimalField(null=True, blank=True)
    biogenic_carbon_fraction = ExactDecimalField(null=True, blank=True)
    molar_mass_g_per_mol = ExactDecimalField(null=True, blank=True)
    conversions = models.JSONField(default=dict, blank=True)
    identifiers = models.JSONField(
        default=list, blank=True, db_default=Value([], output_field=models.JSONField())
    )
    external_uuid = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager.from_queryset(ProductQuerySet)()

    class Meta:
        verbose_name = _("product")
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="product_code_in_company"),
            models.UniqueConstraint(fields=["company", "id"], name="product_company_id"),
            models.UniqueConstraint(
                fields=["company", "external_uuid"],
                # without nulls, which would make it the shortest index of a company's products
                condition=Q(external_uuid__isnull=False),
                name="product_external_uuid_once",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{fraction}__gte": 0, f"{fraction}__lte": 1}),
                    name=f"product_{fraction}",
                )
                for fraction in ("carbon_fraction", "hydrogen_fraction", "biogenic_carbon_fraction")
            ),
            models.CheckConstraint(
                condition=Q(carbon_fraction__isnull=True)
                | Q(hydrogen_fraction__isnull=True)
                | Q(carbon_fraction__lte=1 - F("hydrogen_fraction")),
                name="product_elements_fit",
            ),
            models.CheckConstraint(
                condition=Q(molar_mass_g_per_mol__gte=1, molar_mass_g_per_mol__lte=10**7),
                name="product_molar_mass_g_per_mol",
            ),
            models.CheckConstraint(condition=Q(cn_code__regex=CN_CODE), name="product_cn_code_is_one"),
            models.CheckConstraint(
                condition=Q(lhv_mj_per_unit__gt=0, lhv_mj_per_unit__lt=1e30), name="product_lhv_is_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "name_en", "id"], name="product_by_name_en"),
            models.Index(fields=["company", "name_zh", "id"], name="product_by_name_zh"),
        ]

    def __str__(self) -> str:
        return self.name_en


class ProductGrantQuerySet(TenantQuerySet["ProductGrant"]):
    """Grants given or received."""

    def visibility(self, actor: Actor) -> Q:
        """Both sides of a grant know of it."""
        return Q(company_id__in=actor.company_ids) | Q(recipient_id__in=actor.company_ids)

    def in_force(self) -> Self:
        """Not ended: the last day counts whole."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=Today()))


class ProductGrant(models.Model):
    """The owner lets one partner link to a product and see its total, nothing behind it.

    ``ends_on`` is the last day, whatever the reason: ``hand_ends_on`` that which the owner chose by hand, if
    it did; requests for the figure may need the grant for longer.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="grants_given")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="grants")
    recipient = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="grants_received")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ends_on = models.DateField(null=True, blank=True)
    is_by_hand = models.BooleanField(_("opened by hand"), default=True, db_default=True)
    hand_ends_on = models.DateField(_("last day chosen by hand"), null=True, blank=True)

    objects = models.Manager.from_queryset(ProductGrantQuerySet)()

    class Meta:
        verbose_name = _("product grant")
        constraints = [
            models.UniqueConstraint(fields=["product", "recipient"], name="grant_once_per_recipient"),
            models.CheckConstraint(condition=~Q(company=models.F("recipient")), name="grant_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.product} → {self.recipient}"
