"""What flows through a site and whether it closes: diagrams, and the balance process by process."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from accounts import figures
from accounts.asked import AskedRequest
from accounts.charts import ChartChoice, Choice, SankeyChart
from accounts.forms import named
from footprint.analysis.pages import flow_charts
from footprint.analysis.pages.balance_rows import balance_rows
from footprint.analysis.pages.flow_charts import Picture
from footprint.analysis.pages.hotspots import CUTS, asked_cut
from footprint.analysis.site_balance import balance_of, limits_for
from footprint.analysis.site_flows import BASES, SiteFlows, of_emissions, physical
from footprint.analysis.streams import SiteStreams, streams_of
from footprint.analysis.upstream import behind_inventory
from footprint.calculation.pages.asking import or_404
from footprint.calculation.pages.inventory import inventory_trail
from footprint.calculation.pages.showing import GWP_SETS
from footprint.engine.closure import Limits
from footprint.engine.errors import EngineError
from footprint.inventory import queries
from footprint.inventory.models import Inventory


@login_required
def flows(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """The page; under htmx only the diagram of one basis."""
    inventory = or_404(queries.inventory(request.actor, inventory_uuid))
    found = streams_of(request.actor, inventory)
    limits = limits_for(request.actor, inventory.period_end)
    asked = _asked(request, found)
    choice = _choice(request, found, limits, asked) if found.streams else None
    htmx = request.htmx  # type: ignore[attr-defined]
    if htmx and not htmx.history_restore_request and choice is not None:
        return _varying(render(request, "components/chart_choice.html", {"choice": choice}))
    context = {
        "trail": [*inventory_trail(inventory), (_("Flows and balance"), "")],
        "company": inventory.company,
        "inventory": inventory,
        **asked,
        "choice": choice,
        "processes": [(str(each.uuid), named(each)) for each in found.processes.values()],
        "cuts": [_cut_link(each, asked) for each in CUTS],
        "balance": balance_rows(balance_of(found, limits), show_all=asked["show_all"]),
    }
    return _varying(render(request, "analysis/flows/flows.html", context))


def _varying(response: HttpResponse) -> HttpResponse:
    """One address, two answers: what a browser keeps of one must not stand in for the other."""
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def _asked(request: AskedRequest, found: SiteStreams) -> dict[str, Any]:
    """What the query string wants; what cannot be understood is the usual."""
    basis, gwp, wanted = (request.GET.get(name, "") for name in ("basis", "gwp", "process"))
    only = next((pk for pk, process in found.processes.items() if str(process.uuid) == wanted), None)
    return {
        "basis": basis if basis in BASES else BASES[0],
        "gwp": gwp if gwp in GWP_SETS else GWP_SETS[0],
        "cut": asked_cut(request.GET.get("cut", "")),
        "only": only,
        "process": wanted if only is not None else "",
        "show_all": request.GET.get("all") == "1",
    }


def _choice(request: AskedRequest, found: SiteStreams, limits: Limits, asked: dict[str, Any]) -> ChartChoice:
    """Every basis, one of them drawn: the others are fetched when they are chosen."""
    choices = [
        Choice(
            basis,
            str(flow_charts.LABELS[basis]),
            _address(asked, basis=basis),
            _basis_chart(request, found, limits, asked) if basis == asked["basis"] else None,
        )
        for basis in BASES
    ]
    return ChartChoice(_("Basis of the diagram"), choices, asked["basis"])


def _basis_chart(
    request: AskedRequest, found: SiteStreams, limits: Limits, asked: dict[str, Any]
) -> SankeyChart:
    basis = asked["basis"]
    if basis == BASES[-1]:
        return _emissions(request, found.inventory, asked)
    picture = Picture(found.inventory, basis, physical(found), limits.amber[BASES.index(basis)])
    return _drawn(picture, asked)


def _emissions(request: AskedRequest, inventory: Inventory, asked: dict[str, Any]) -> SankeyChart:
    words = _("There is no figure of this inventory yet. Its CO2e flows appear once it is computed.")
    try:
        upstream = behind_inventory(request.actor, inventory, asked["gwp"])
        if upstream is None:
            return flow_charts.nothing(inventory, "co2e", words)
        carried: SiteFlows = of_emissions(upstream, inventory.pk)
    except EngineError:
        words = _("The figures of this inventory do not fit together. Nothing is drawn until they do.")
        return flow_charts.nothing(inventory, "co2e", words)
    return _drawn(Picture(inventory, "co2e", carried, flow_charts.EXACT, upstream), asked)


def _drawn(picture: Picture, asked: dict[str, Any]) -> SankeyChart:
    only = asked["only"]
    if only is not None and not picture.flows.has(only):
        words = _("Nothing is known of this process on this basis.")
        return flow_charts.nothing(picture.inventory, picture.basis, words)
    return picture.chart(asked["cut"], only)


def _address(asked: dict[str, Any], **changed: Any) -> str:
    """The query string that shows the same but for what is changed."""
    now = {**asked, **changed}
    process = f"&process={now['process']}" if now["process"] else ""
    return f"?basis={now['basis']}&gwp={now['gwp']}&cut={now['cut']:g}{process}"


def _cut_link(cut: float, asked: dict[str, Any]) -> dict[str, Any]:
    label = figures.percent(cut, 1 if cut < 0.01 else 0)
    return {"label": label, "url": _address(asked, cut=cut), "is_current": cut == asked["cut"]}
