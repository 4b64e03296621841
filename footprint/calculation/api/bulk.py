"""Many lines at once: every row is tried, so that an ERP learns of all its mistakes in one answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal, Refusals
from footprint.inventory.actions import add_exchange, change_exchange
from footprint.inventory.models import Exchange, Inventory, UnitProcess


def store_lines(inventory: Inventory, lines: Iterable[Mapping[str, Any]], *, by: Actor) -> list[Exchange]:
    """Add the lines without a uuid, change those with one; the caller's transaction keeps all or none.

    Raises:
        Refusals: each with the row it belongs to, counted from 1.
    """
    processes = list(
        UnitProcess.objects.visible_to(by).filter(inventory=inventory).select_related("inventory")
    )
    by_name = {name: process for process in processes for name in (process.code, str(process.uuid))}
    stored: list[Exchange] = []
    refusals: list[Refusal] = []
    for row, line in enumerate(lines, start=1):
        try:
            stored.append(_store(inventory, by_name, dict(line), by))
        except Refusals as several:
            refusals += [_in_row(refusal, row) for refusal in several.refusals]
        except Refusal as refusal:
            refusals.append(_in_row(refusal, row))
    if refusals:
        raise Refusals(refusals)
    return stored


def _store(
    inventory: Inventory, processes: Mapping[str, UnitProcess], line: dict[str, Any], by: Actor
) -> Exchange:
    wanted = line.pop("uuid", None)
    version = line.pop("version", None)
    process = _process(processes, line.pop("process", None), required=wanted is None)
    if wanted is None:
        assert process is not None
        return add_exchange(process, by=by, **line)
    own = Exchange.objects.visible_to(by).filter(uuid=wanted, process__inventory=inventory)
    present = own.select_related("process__inventory", "product").first()
    if present is None:
        raise Refusal(_("There is no such line in this inventory."), field="uuid", code="not_found")
    if process is not None and process.pk != present.process_id:
        raise Refusal(_("A line stays with its process."), field="process", code="fixed")
    if version is None:
        raise Refusal(_("Say which version of the line you are changing."), field="version", code="required")
    return change_exchange(present, by=by, version=version, **line)


def _process(processes: Mapping[str, UnitProcess], name: str | None, *, required: bool) -> UnitProcess | None:
    if name is None:
        if required:
            raise Refusal(_("Say which process the line belongs to."), field="process", code="required")
        return None
    found = processes.get(name) or processes.get(name.lower())
    if found is None:
        raise Refusal(_("There is no such process in this inventory."), field="process", code="not_found")
    return found


def _in_row(refusal: Refusal, row: int) -> Refusal:
    placed = Refusal(refusal.message, field=refusal.field, row=row, code=refusal.code)
    placed.status = refusal.status
    return placed
