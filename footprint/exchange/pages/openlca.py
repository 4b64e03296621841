"""An inventory as an openLCA package: what is in it, what is not and why, and the file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.asked import AskedRequest
from accounts.errors import Refusal
from accounts.exports import archive_answer
from accounts.figures import year_range
from accounts.forms import languages, named
from accounts.trails import site_trail
from footprint.calculation.own_network import GWP_SETS
from footprint.exchange import queries
from footprint.exchange.actions import is_long, queue_package
from footprint.exchange.models import package_name
from footprint.exchange.openlca.exporting import outgoing
from footprint.exchange.openlca.notes import NOTES
from footprint.exchange.openlca.writing import write
from footprint.inventory.models import Inventory

NEWEST = GWP_SETS[-1]
LATEST = 5


@login_required
@require_GET
def openlca(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """What a package of the inventory holds as it is now; the worker says it of a long one."""
    inventory = _found(request, inventory_uuid)
    by_worker = is_long(inventory, by=request.actor)
    context = {
        "trail": package_trail(inventory),
        "company": inventory.company,
        "inventory": inventory,
        "period": year_range(inventory.period_start, inventory.period_end, languages()),
        "is_long": by_worker,
        "packages": queries.packages(request.actor, inventory)[:LATEST],
        "newest": NEWEST,
        "sets": GWP_SETS[:-1],
        **(_counted(request, inventory) if by_worker else _looked_at(request, inventory)),
    }
    return render(request, "exchange/openlca/export.html", context)


@login_required
@require_GET
def openlca_file(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """The package; names are in the language of the page. A long one is a worker's."""
    inventory = _found(request, inventory_uuid)
    gwp = request.GET.get("gwp", NEWEST)
    if gwp not in GWP_SETS:
        raise Http404
    if is_long(inventory, by=request.actor):
        return redirect("exchange:openlca", inventory.uuid)
    found = outgoing(request.actor, inventory, gwp=gwp, language=languages())
    return archive_answer(write(found), package_name(inventory, gwp))


@login_required
@require_POST
def ask(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """Let a worker write the package."""
    inventory = _found(request, inventory_uuid)
    gwp = request.POST.get("gwp", "")
    try:
        made = queue_package(inventory, by=request.actor, gwp=gwp, language=languages())
    except Refusal:
        raise Http404 from None
    return redirect("exchange:export", made.uuid)


def package_trail(inventory: Inventory) -> list[tuple[str, str]]:
    """The way to its packages."""
    period = year_range(inventory.period_start, inventory.period_end, languages())
    return [
        *site_trail(inventory.site),
        (period, reverse("inventory:inventory", args=[inventory.uuid])),
        ("openLCA", reverse("exchange:openlca", args=[inventory.uuid])),
    ]


def _looked_at(request: AskedRequest, inventory: Inventory) -> dict[str, Any]:
    found = outgoing(request.actor, inventory, gwp=NEWEST, language=languages())
    own = [process for process in found.processes if not process.is_total]
    facts = [
        *_facts(inventory, len(own), sum(len(process.lines) for process in own)),
        (_("Stand-ins for suppliers and factors"), str(len(found.processes) - len(own))),
    ]
    return {"facts": facts, "notes": [(note.process, note.line, NOTES[note.code]) for note in found.notes]}


def _counted(request: AskedRequest, inventory: Inventory) -> dict[str, Any]:
    processes = queries.process_count(request.actor, inventory)
    return {"facts": _facts(inventory, processes, queries.line_count(request.actor, inventory))}


def _facts(inventory: Inventory, processes: int, lines: int) -> list[tuple[str, str]]:
    return [
        (_("Site"), named(inventory.site)),
        (_("Unit processes"), str(processes)),
        (_("Exchanges"), str(lines)),
    ]


def _found(request: AskedRequest, inventory_uuid: UUID) -> Inventory:
    return get_object_or_404(queries.inventories(request.actor), uuid=inventory_uuid)
