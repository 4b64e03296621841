"""An inventory as an openLCA package: what is in it, what is not and why, and the file."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest
from accounts.exports import archive_answer
from accounts.figures import year_range
from accounts.forms import languages, named
from accounts.trails import site_trail
from footprint.calculation.own_network import GWP_SETS
from footprint.exchange import queries
from footprint.exchange.openlca.exporting import outgoing
from footprint.exchange.openlca.notes import NOTES
from footprint.exchange.openlca.writing import write

NEWEST = GWP_SETS[-1]


@login_required
@require_GET
def openlca(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """What a package of the inventory holds as it is now."""
    inventory = get_object_or_404(queries.inventories(request.actor), uuid=inventory_uuid)
    found = outgoing(request.actor, inventory, gwp=NEWEST, language=languages())
    own = [process for process in found.processes if not process.is_total]
    period = year_range(inventory.period_start, inventory.period_end, languages())
    context = {
        "trail": [
            *site_trail(inventory.site),
            (period, reverse("inventory:inventory", args=[inventory.uuid])),
            ("openLCA", ""),
        ],
        "company": inventory.company,
        "inventory": inventory,
        "period": period,
        "facts": [
            (_("Site"), named(inventory.site)),
            (_("Unit processes"), str(len(own))),
            (_("Exchanges"), str(sum(len(process.lines) for process in own))),
            (_("Stand-ins for suppliers and factors"), str(len(found.processes) - len(own))),
        ],
        "notes": [(note.process, note.line, NOTES[note.code]) for note in found.notes],
        "sets": GWP_SETS[:-1],
    }
    return render(request, "exchange/openlca/export.html", context)


@login_required
@require_GET
def openlca_file(request: AskedRequest, inventory_uuid: UUID) -> HttpResponse:
    """The package; names are in the language of the page."""
    inventory = get_object_or_404(queries.inventories(request.actor), uuid=inventory_uuid)
    gwp = request.GET.get("gwp", NEWEST)
    if gwp not in GWP_SETS:
        raise Http404
    found = outgoing(request.actor, inventory, gwp=gwp, language=languages())
    return archive_answer(write(found), f"{inventory.site.code}-{inventory.year}-openlca-{gwp}.zip")
