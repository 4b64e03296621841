"""Set a reduction target for an own product, and how its path is drawn."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.asked import AskedRequest
from accounts.charts import Line, SlopeChart
from accounts.figures import co2e_unit
from accounts.forms import named, press
from footprint.benchmark import actions
from footprint.benchmark.paths import Path
from footprint.calculation.pages.asking import or_404
from footprint.inventory import queries as products

ASKED = ("base_year", "target_year", "percent")


@login_required
@require_POST
def set_target(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The target of a product, or none any more."""
    product = or_404(products.product(request.actor, product_uuid))
    if product.company_id not in request.actor.company_ids:
        raise Http404
    drops = request.POST.get("move") == "drop"
    stated = {name: request.POST.get(name, "") for name in ASKED}

    def act() -> None:
        if drops:
            actions.drop_target(product, by=request.actor)
        else:
            actions.set_target(product, by=request.actor, at=timezone.now(), **stated)

    press(request, act, done=_("Target dropped.") if drops else _("Target kept."))
    if product.category is None:
        return redirect("inventory:product", product.uuid)
    return redirect("benchmark:category", product.category.code)


def drawn_path(path: Path, number: int) -> SlopeChart | None:
    """Own figures against the path, once there is a figure of the base year."""
    if path.target is None or path.base is None or path.product.category is None:
        return None
    years = path.years
    return SlopeChart(
        id=f"path-{number}",
        title=_("%(product)s: own figure against the path to the target") % {"product": named(path.product)},
        unit=co2e_unit(path.product.category.unit),
        period=f"{years[0]}–{years[-1]}",
        heading=_("Year"),
        profiles=[str(year) for year in years],
        lines=[
            Line(_("Path"), [path.planned(year) for year in years]),
            Line(_("Own figure"), [path.own.get(year) for year in years]),
        ],
    )
