"""The grant behind a live link: as long as requests live by it, and no longer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.inventory.actions import end_grant, grant_product
from footprint.inventory.models import Product, ProductGrant
from footprint.sharing.models import SharingRequest
from footprint.sharing.procedure import ENDED


def open_link(request: SharingRequest, *, by: Actor) -> None:
    """Grant the product until the latest day of all requests that live by the link.

    Raises:
        NotAllowed; Refusal: that day is past.
    """
    assert request.product is not None
    with acting_as(Actor.worker()):
        last = _last_day(_living(request.product.pk, request.company_id))
    grant_product(request.product, by=by, recipient=request.company, ends_on=last)


def close_link(request: SharingRequest) -> None:
    """End the grant, or shorten it to what the other requests need that live by it.

    Either side may have ended the request; the platform follows.
    """
    if request.mode != SharingRequest.Mode.LIVE or request.product_id is None:
        return
    worker = Actor.worker()
    with acting_as(worker):
        living = _living(request.product_id, request.company_id)
        grants = ProductGrant.objects.in_force().filter(
            product_id=request.product_id, recipient_id=request.company_id
        )
        for grant in grants:
            _shorten(grant, living, worker)


def _shorten(grant: ProductGrant, living: list[SharingRequest], by: Actor) -> None:
    if not living:
        end_grant(grant, by=by)
        return
    last = _last_day(living)
    if last is not None and (grant.ends_on is None or last < grant.ends_on):
        grant.ends_on = last
        grant.save(update_fields=["ends_on"])


def _living(product_id: int, company_id: int) -> list[SharingRequest]:
    """Requests that opened the product to the company and have not ended; one taken up stays open.

    The product is locked first: of two that end at once the second sees that the first has.
    """
    Product.objects.select_for_update(no_key=True).filter(pk=product_id).first()
    given = SharingRequest.objects.filter(mode=SharingRequest.Mode.LIVE, shared_at__isnull=False)
    same = given.filter(product_id=product_id, company_id=company_id)
    return list(same.exclude(state__in=ENDED))


def _last_day(living: Iterable[SharingRequest]) -> date | None:
    """The latest; none where one of them has no end."""
    days = [each.ends_on for each in living]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
