"""Open a product to a partner, and close it again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.checks import lookup
from accounts.errors import Refusal
from accounts.models import Company
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory.actions.inventory import day
from footprint.inventory.models import Product, ProductGrant
from footprint.inventory.notices import tell_granted


@transaction.atomic
def grant_product(
    product: Product, *, by: Actor, recipient: Any, ends_on: date | str | None = None
) -> ProductGrant:
    """Let another company link to a product and see its total, until a day or until ended.

    ``recipient`` is a company or its public identifier. Granting again changes the end.

    Raises:
        NotAllowed, Refusal.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=product.company_id)
    key = lookup(recipient)
    company = Company.objects.filter(**key).first() if key else None
    if company is None:
        raise Refusal(_("There is no such company."), field="recipient", code="not_found")
    if company.pk == product.company_id:
        message = _("The product belongs to this company already.")
        raise Refusal(message, field="recipient", code="own_company")
    last = day(ends_on, field="ends_on") if ends_on else None
    if last is not None and last <= timezone.localdate():
        raise Refusal(_("Choose a day after today."), field="ends_on", code="day_past")
    grant, is_new = ProductGrant.objects.update_or_create(
        product=product,
        recipient=company,
        defaults={"company_id": product.company_id, "created_by_id": by.user_id, "ends_on": last},
    )
    if is_new:
        tell_granted(grant, by=by, at=timezone.now())
    return grant


@transaction.atomic
def end_grant(grant: ProductGrant, *, by: Actor) -> ProductGrant:
    """Close the product to the partner as of now; the partner's existing links stay and are shown as such.

    Raises:
        NotAllowed.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=grant.company_id)
    grant.ends_on = timezone.localdate() - timedelta(days=1)
    grant.save(update_fields=["ends_on"])
    return grant
