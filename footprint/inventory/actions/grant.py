"""Open a product to a partner, and close it again."""

from __future__ import annotations

from collections.abc import Collection
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
    last = day(ends_on, field="ends_on") if ends_on else None
    return _open(product, company, by=by, ends_on=last, is_by_hand=True, hand_ends_on=last)


@transaction.atomic
def open_while_needed(
    product: Product, *, by: Actor, recipient: Company, needed: Collection[date | None]
) -> ProductGrant:
    """Open a product to who asked for its figure, until the latest of the days (none: without end).

    What was opened by hand stays open at least as long as that says.

    Raises:
        NotAllowed, Refusal.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=product.company_id)
    former = ProductGrant.objects.in_force().filter(product=product, recipient=recipient).first()
    if former is None or not former.is_by_hand:
        return _open(product, recipient, by=by, ends_on=_latest(needed), is_by_hand=False, hand_ends_on=None)
    _refuse_past(_latest(needed))
    former.ends_on = _latest([*needed, former.hand_ends_on])
    former.save(update_fields=["ends_on"])
    return former


@transaction.atomic
def shorten_to_needed(grant: ProductGrant, *, by: Actor, needed: Collection[date | None]) -> ProductGrant:
    """Leave a product open as long as it was opened by hand or these days need it, and never for longer.

    Raises:
        NotAllowed.
    """
    require(by, Permission.SHARE_PRODUCT, company_id=grant.company_id)
    days = [*needed, *([grant.hand_ends_on] if grant.is_by_hand else [])]
    if not days:
        return end_grant(grant, by=by)
    last = _latest(days)
    if last is not None and (grant.ends_on is None or last < grant.ends_on):
        grant.ends_on = last
        grant.save(update_fields=["ends_on"])
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


def _open(
    product: Product, company: Company, *, by: Actor, ends_on: date | None, **reason: Any
) -> ProductGrant:
    if company.pk == product.company_id:
        message = _("The product belongs to this company already.")
        raise Refusal(message, field="recipient", code="own_company")
    _refuse_past(ends_on)
    grant, is_new = ProductGrant.objects.update_or_create(
        product=product,
        recipient=company,
        defaults={
            "company_id": product.company_id,
            "created_by_id": by.user_id,
            "ends_on": ends_on,
            **reason,
        },
    )
    if is_new:
        tell_granted(grant, by=by, at=timezone.now())
    return grant


def _refuse_past(last: date | None) -> None:
    if last is not None and last <= timezone.localdate():
        raise Refusal(_("Choose a day after today."), field="ends_on", code="day_past")


def _latest(days: Collection[date | None]) -> date | None:
    """The latest of several last days; none where one has no end."""
    known = [each for each in days if each is not None]
    return max(known) if known and len(known) == len(days) else None
