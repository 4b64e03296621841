"""Empty an inventory that is to be stored anew."""

from __future__ import annotations

from django.db.models import F

from accounts.actor import Actor
from accounts.visibility import acting_as
from footprint.calculation.models import Footprint, FootprintBreakdown
from footprint.inventory.models import AllocationShare, Exchange, Inventory, OutputPrice, UnitProcess


def empty(inventory: Inventory) -> None:
    """Remove its processes with everything they hold; the inventory and the products stay.

    Figures are the calculation's to write, so the removal runs as the worker; the caller has been gated.
    """
    processes = UnitProcess.objects.filter(company_id=inventory.company_id, inventory=inventory)
    lines = Exchange.objects.filter(process__in=processes)
    with acting_as(Actor.worker()):
        FootprintBreakdown.objects.filter(footprint__process__in=processes).delete()
        Footprint.objects.filter(process__in=processes).delete()
        AllocationShare.objects.filter(process__in=processes).delete()
        OutputPrice.objects.filter(exchange__in=lines).delete()
        lines.delete()
        processes.delete()
        Inventory.objects.filter(pk=inventory.pk).update(version=F("version") + 1)
