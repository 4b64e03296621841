"""What every page of the analysis of a product stands on: the product, the figure asked for, the frame."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.forms import named
from accounts.trails import site_trail
from footprint.calculation.pages import showing
from footprint.calculation.pages.product import found_product
from footprint.calculation.pages.showing import GWP_SETS, Asked


def subject(request: AskedRequest, product_uuid: UUID) -> Asked:
    """The own product with the figure asked for by ``?gwp=&year=``.

    A partner sees the total of an opened product on its page; behind it there is nothing to analyse.

    Raises:
        Http404: unknown, or not one's own.
    """
    shown = showing.asked(request.actor, found_product(request, product_uuid), request.GET)
    if not shown.is_own:
        raise Http404
    return shown


def frame(shown: Asked, title: str) -> dict[str, Any]:
    """Context of the page around an analysis: trail, GWP sets, and where the figure itself is."""
    product = shown.product
    year = f"&year={shown.year}" if shown.year is not None else ""
    sets = [
        {"label": name, "url": f"?gwp={name}{year}", "is_current": name == shown.gwp} for name in GWP_SETS
    ]
    home = reverse("inventory:product", args=[product.uuid])
    start = (
        site_trail(shown.main.process.inventory.site)
        if shown.main
        else [(_("Products"), reverse("inventory:product_list"))]
    )
    return {
        "shown": shown,
        "product": product,
        "company": product.company,
        "trail": [*start, (named(product), f"{home}?{shown.query}"), (title, "")],
        "tabs": sets,
    }
