"""The calculation bundle of an own product, to take along."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.asked import AskedRequest
from footprint.calculation import bundles
from footprint.calculation.pages.product import found_product


@login_required
@require_safe
def bundle(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The file; or back to the page with the reason why there is none."""
    product = found_product(request, product_uuid)
    if product.company_id not in request.actor.company_ids:
        raise Http404
    year = request.GET.get("year", "")
    try:
        written = bundles.bundle(request.actor, product, int(year) if year.isdecimal() else None)
    except bundles.NoBundle as refusal:
        messages.error(request, str(refusal))
        return redirect("inventory:product", product.uuid)
    response = HttpResponse(written.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{written.name}"'
    return response
