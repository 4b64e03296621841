"""Write one inventory for openLCA into a file."""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.jobs import Progress
from footprint.exchange import queries
from footprint.exchange.actions.one_moment import one_moment
from footprint.exchange.openlca.exporting import outgoing
from footprint.exchange.openlca.outgoing import Note
from footprint.exchange.openlca.writing import write_into
from footprint.inventory.models import Inventory


def write_package(
    file: IO[bytes],
    *,
    by: Actor,
    inventory: Inventory | None,
    gwp: str,
    language: str,
    progress: Progress = lambda done, every: None,
) -> tuple[Note, ...]:
    """The package as of one moment; what it leaves out.

    Raises:
        Refusal: the inventory is gone, or is not the person's to read any more.
    """
    with one_moment(by):
        readable = queries.inventories(by).filter(pk=inventory.pk).first() if inventory else None
        if readable is None:
            raise Refusal(_("The inventory is not there any more."), code="not_found")
        found = outgoing(by, readable, gwp=gwp, language=language)
        write_into(file, found, progress)
    return found.notes
