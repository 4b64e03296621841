"""The grant behind a live link: as long as requests live by it or it was given by hand, and no longer."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef

from accounts.actor import Actor
from accounts.policy import can
from accounts.roles import Permission
from accounts.visibility import acting_as
from footprint.inventory.actions import open_while_needed, shorten_to_needed
from footprint.inventory.models import Product, ProductGrant
from footprint.partners.waking import wake
from footprint.sharing.models import SharingRequest
from footprint.sharing.procedure import ENDED

CLOSE_TASK = "footprint.sharing.close"


def open_link(request: SharingRequest, *, by: Actor) -> None:
    """Grant the product until the latest day of all requests that live by the link.

    Raises:
        NotAllowed; Refusal: that day is past.
    """
    assert request.product is not None
    needed = _needed(request.product.pk, request.company_id)
    open_while_needed(request.product, by=by, recipient=request.company, needed=needed)


def close_link(request: SharingRequest, *, by: Actor) -> None:
    """End the grant, or shorten it to what the other requests need that live by it.

    Who may close it does so at once. The recipient, who ends a request as well, cannot: the worker follows.
    """
    if request.mode != SharingRequest.Mode.LIVE or request.product_id is None:
        return
    if by.is_worker or can(by, Permission.SHARE_PRODUCT, company_id=request.supplier_id):
        _shorten(request.product_id, request.company_id, by)
    else:
        wake(CLOSE_TASK)


def close_ended_links() -> int:
    """Close what stays open though the requests that lived by it have ended; how many were looked at."""
    worker = Actor.worker()
    with acting_as(worker):
        ended = SharingRequest.objects.visible_to(worker).filter(
            mode=SharingRequest.Mode.LIVE, state__in=ENDED, shared_at__isnull=False
        )
        open_ = ProductGrant.objects.in_force().filter(
            product_id=OuterRef("product_id"), recipient_id=OuterRef("company_id")
        )
        found = sorted(set(ended.filter(Exists(open_)).values_list("product_id", "company_id")))
        for product_id, company_id in found:
            _shorten(product_id, company_id, worker)
    return len(found)


def _shorten(product_id: int, company_id: int, by: Actor) -> None:
    needed = _needed(product_id, company_id)
    for grant in ProductGrant.objects.in_force().filter(product_id=product_id, recipient_id=company_id):
        shorten_to_needed(grant, by=by, needed=needed)


def _needed(product_id: int, company_id: int) -> list[date | None]:
    """The last days of requests that opened the product to the company and have not ended.

    All of them are the supplier's to read. One taken up stays open. The product is locked first: of two that
    end at once the second sees that the first has.
    """
    Product.objects.select_for_update(no_key=True).filter(pk=product_id).first()
    given = SharingRequest.objects.filter(mode=SharingRequest.Mode.LIVE, shared_at__isnull=False)
    same = given.filter(product_id=product_id, company_id=company_id)
    return list(same.exclude(state__in=ENDED).values_list("ends_on", flat=True))
