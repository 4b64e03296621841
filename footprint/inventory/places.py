"""Where things of an inventory are shown: one address for every page that leads there."""

from __future__ import annotations

from django.urls import reverse

from footprint.inventory.models import UnitProcess


def place_of(process: UnitProcess) -> str:
    """The block of a process on the page of its inventory, whichever page of it that is."""
    url = reverse("inventory:inventory", args=[process.inventory.uuid])
    return f"{url}?process={process.uuid}#process-{process.uuid}"
