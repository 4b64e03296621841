"""One product: its figure, whether it is current, what it is made of and where it came from."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.asked import AskedRequest
from accounts.errors import Text
from accounts.figures import percent, year_range
from accounts.forms import languages, named
from accounts.policy import can
from accounts.roles import Permission
from accounts.templatetags.figures import local_time
from accounts.trails import Trail, site_trail
from footprint.calculation import overview, queries
from footprint.calculation.models import Footprint
from footprint.calculation.pages import showing
from footprint.calculation.pages.showing import GWP_SETS, Asked
from footprint.inventory import queries as inventory_queries
from footprint.inventory.models import Product


def found_product(request: AskedRequest, product_uuid: UUID) -> Product:
    """The product, if it exists for this person. Raises Http404."""
    found = inventory_queries.product(request.actor, product_uuid)
    if found is None:
        raise Http404
    return found


@login_required
def product(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The page; of a partner's product the total only."""
    found = found_product(request, product_uuid)
    shown = showing.asked(request.actor, found, request.GET)
    context = {
        **figure_shown(request, shown),
        **(_evidence(request, shown) if shown.is_own else {}),
        "trail": _trail(shown),
        "company": found.company,
        "tabs": _tabs(shown),
        "may_edit": bool(can(request.actor, Permission.EDIT_PRODUCT, company_id=found.company_id)),
        "may_publish": bool(can(request.actor, Permission.PREPARE_PUBLICATION, company_id=found.company_id)),
        "may_share": bool(can(request.actor, Permission.SHARE_PRODUCT, company_id=found.company_id)),
        "grants": inventory_queries.grants(request.actor, found) if shown.is_own else [],
    }
    return render(request, "inventory/product/product.html", context)


@login_required
def figure(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """The figure alone; it asks for itself again until it is settled, then calls for the evidence."""
    shown = showing.asked(request.actor, found_product(request, product_uuid), request.GET)
    context = figure_shown(request, shown)
    response = render(request, "inventory/product/_figure.html", context)
    if not context["is_pending"]:
        response["HX-Trigger"] = "figure-settled"
    return response


@login_required
def evidence(request: AskedRequest, product_uuid: UUID) -> HttpResponse:
    """Chart and tables below the figure."""
    shown = showing.asked(request.actor, found_product(request, product_uuid), request.GET)
    if not shown.is_own:
        raise Http404
    context = {**figure_shown(request, shown), **_evidence(request, shown)}
    return render(request, "inventory/product/_evidence.html", context)


def figure_shown(request: AskedRequest, shown: Asked) -> dict[str, Any]:
    reason: Text = ""
    at_fault = None
    figure = shown.figure
    state = figure.freshness.value if figure else _state_without_figure(request, shown)
    if figure and state == "failed":
        part = next(f for f in figure.footprints if f.state == Footprint.State.FAILED)
        reason, at_fault = showing.failure(part, request.actor)
    change = shown.change
    return {
        "shown": shown,
        "product": shown.product,
        "state": state,
        "is_pending": state == "pending",
        "reason": reason,
        "at_fault": at_fault,
        "at_fault_name": showing.line_name(at_fault) if at_fault else "",
        "change": "" if change is None else percent(change) if change < 0 else f"+{percent(change)}",
        "figure_url": f"{reverse('inventory:product_figure', args=[shown.product.uuid])}?{shown.query}",
        "evidence_url": f"{reverse('inventory:product_evidence', args=[shown.product.uuid])}?{shown.query}",
    }


def _state_without_figure(request: AskedRequest, shown: Asked) -> str:
    """A product that a process makes gets its first figure soon; of another one there is nothing to say."""
    if not shown.is_own or shown.year is not None:
        return ""
    makers = inventory_queries.lines(request.actor).filter(product=shown.product, direction="output")
    waiting = set(overview.stale_processes(request.actor))
    return "pending" if waiting & set(makers.values_list("process_id", flat=True)) else ""


def _evidence(request: AskedRequest, shown: Asked) -> dict[str, Any]:
    main = shown.main
    if main is None:
        return {"years": []}
    footprint = (
        queries.footprints(request.actor)
        .select_related("process__inventory__site__company", "run__factor_release")
        .get(pk=main.pk)
    )
    together = queries.footprints(request.actor).filter(process_id=main.process_id).select_related("product")
    made_of = showing.evidence(request.actor, shown, footprint)
    return {
        "evidence": made_of,
        "own_share": made_of.own_emissions / made_of.chart.total if made_of and made_of.chart.total else None,
        "footprint": footprint,
        "facts": _facts(shown, footprint),
        "others": [part for part in shown.figure.footprints if part.pk != main.pk] if shown.figure else [],
        "coproducts": [_coproduct(each, shown) for each in together.order_by("product__code")],
        "years": _years(shown),
    }


def _coproduct(each: Footprint, shown: Asked) -> dict[str, Any]:
    value = each.kg_co2e_ar5 if shown.gwp == "AR5" else each.kg_co2e_ar6
    is_this = each.product_id == shown.product.pk
    return {"product": each.product, "share": each.share, "value": value, "is_this": is_this, "row": each}


def _years(shown: Asked) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for figure in shown.figures:
        production = sum(part.production for part in figure.footprints)
        rows.append({"figure": figure, "value": figure.value(shown.gwp), "production": production})
    for row, before in pairwise(rows):
        if row["value"] is not None and before["value"]:
            row["change"] = row["value"] / before["value"] - 1
    return rows


def _facts(shown: Asked, footprint: Footprint) -> list[tuple[str, Any]]:
    process = footprint.process
    inventory = process.inventory
    period = year_range(inventory.period_start, inventory.period_end, languages())
    return [
        (_("Declared unit"), f"1 {shown.product.unit}"),
        (_("System boundary"), _("Cradle to gate")),
        (_("Period"), period),
        (_("Site"), named(inventory.site)),
        (_("Unit process"), named(process)),
        (_("Allocation"), process.get_allocation_method_display()),
        (_("Method"), _("GWP100, %(gwp)s") % {"gwp": shown.gwp}),
        (_("Calculation run"), str(footprint.run.uuid)),
        (_("Engine"), footprint.run.engine_version),
        (_("Release of factors"), str(footprint.run.factor_release or "—")),
        (_("Computed at"), local_time(footprint.computed_at)),
    ]


def _tabs(shown: Asked) -> list[dict[str, Any]]:
    year = f"&year={shown.year}" if shown.year is not None else ""
    return [
        {"label": name, "url": f"?gwp={name}{year}", "is_current": name == shown.gwp} for name in GWP_SETS
    ]


def _trail(shown: Asked) -> Trail:
    start: Trail = [(_("Products"), reverse("inventory:product_list"))]
    if shown.is_own and shown.main is not None:
        site = shown.main.process.inventory.site
        start = site_trail(site)
    return [*start, (named(shown.product), "")]
