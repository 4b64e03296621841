"""The grant behind a live link: as long as requests live by it or it was given by hand, and no longer."""

from __future__ import annotations

from datetime import date

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.inventory.actions import open_while_needed, shorten_to_needed
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
        needed = _needed(request.product.pk, request.company_id)
    open_while_needed(request.product, by=by, recipient=request.company, needed=needed)


def close_link(request: SharingRequest) -> None:
    """End the grant, or shorten it to what the other requests need that live by it.

    Either side may have ended the request; the platform follows.
    """
    if request.mode != SharingRequest.Mode.LIVE or request.product_id is None:
        return
    worker = Actor.worker()
    with acting_as(worker):
        needed = _needed(request.product_id, request.company_id)
        grants = ProductGrant.objects.in_force().filter(
            product_id=request.product_id, recipient_id=request.company_id
        )
        for grant in grants:
            shorten_to_needed(grant, by=worker, needed=needed)


def _needed(product_id: int, company_id: int) -> list[date | None]:
    """The last days of requests that opened the product to the company and have not ended.

    One taken up stays open. The product is locked first: of two that end at once the second sees that the
    first has.
    """
    Product.objects.select_for_update(no_key=True).filter(pk=product_id).first()
    given = SharingRequest.objects.filter(mode=SharingRequest.Mode.LIVE, shared_at__isnull=False)
    same = given.filter(product_id=product_id, company_id=company_id)
    return list(same.exclude(state__in=ENDED).values_list("ends_on", flat=True))
