"""Begin an inventory from the period before: its processes and lines, marked as still to be measured."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import can, require
from accounts.roles import Permission
from factors.models import FactorVersion
from footprint.inventory import queries
from footprint.inventory.earlier import pairs, period_before
from footprint.inventory.models import AllocationShare, Exchange, Inventory, ProductGrant, UnitProcess
from footprint.inventory.providers import makes

COPIED = tuple(
    field.attname
    for field in Exchange._meta.concrete_fields
    if field.name not in ("id", "uuid", "process", "position", "provider_process", "version")
    and field.name not in ("external_uuid", "external_id")
)
"""A key of another system names one line: the one of the period before."""
OF_PROCESS = tuple(
    field.attname
    for field in UnitProcess._meta.concrete_fields
    if field.name not in ("id", "uuid", "inventory", "external_uuid", "version")
    and field.name not in ("mass_loss_kg", "stock_change_kg", "energy_loss_mj", "balance_comment")
)
"""What was lost or stored is of its own year."""


@dataclass(frozen=True)
class Prefilled:
    """How much was brought over; ``keys`` are those of the lines."""

    processes: int
    lines: int
    keys: tuple[int, ...] = field(default=(), compare=False)


@transaction.atomic
def prefill_inventory(inventory: Inventory, *, by: Actor) -> Prefilled:
    """Bring over from the period before what this inventory does not have; amounts are marked as estimates.

    A line that is there already stays as it is. Providers come along as far as they may still be used;
    prices and recorded losses do not. Further processes come only for whoever may add them.

    Raises:
        NotAllowed, Refusal: there is no period before, or nothing that is not here already.
    """
    where = {"company_id": inventory.company_id, "site_id": inventory.site_id}
    require(by, Permission.EDIT_INVENTORY, **where)
    Inventory.objects.select_for_update().get(pk=inventory.pk)
    before = period_before(by, inventory)
    if before is None:
        raise Refusal(_("This site has no inventory of an earlier period."), code="no_period_before")
    known = {each.code: each for each in queries.processes(by, [inventory.pk])}
    then = list(queries.processes(by, [before.pk]))
    may_add = can(by, Permission.ADD_PROCESS, **where)
    fresh = [each for each in then if each.code not in known] if may_add else []
    made = UnitProcess.objects.bulk_create(_process(each, inventory) for each in fresh)
    known |= {each.code: each for each in made}
    lines = _lines(by, before, inventory, known)
    if not lines and not made:
        message = _("Everything of the period before is here already.")
        raise Refusal(message, code="nothing_to_bring")
    _share_out(by, fresh, known, lines)
    return Prefilled(len(made), len(lines), tuple(line.pk for line in lines.values()))


def _process(then: UnitProcess, inventory: Inventory) -> UnitProcess:
    return UnitProcess(inventory=inventory, **{name: getattr(then, name) for name in OF_PROCESS})


def _lines(
    by: Actor, before: Inventory, inventory: Inventory, known: dict[str, UnitProcess]
) -> dict[int, Exchange]:
    """The further lines, by the key of the line they come from."""
    then = list(queries.lines(by).filter(process__inventory=before, process__code__in=known))
    now = list(queries.lines(by).filter(process__inventory=inventory))
    missing = [line for line, same in pairs(then, now) if same is None]
    usable = _usable(by, inventory)
    places = _places(list(known.values()))
    has_reference = {line.process_id for line in now if line.is_reference}
    copies = {}
    for line in missing:
        process = known[line.process.code]
        copies[line.pk] = _line(line, process, known, usable)
        copies[line.pk].position = places[process.pk]
        copies[line.pk].is_reference &= process.pk not in has_reference
        places[process.pk] += 1
    made = {(line.process_id, line.product_id) for line in (*now, *copies.values()) if makes(line)}
    for copy in copies.values():
        if (copy.provider_process_id, copy.product_id) not in made:
            copy.provider_process = None
    Exchange.objects.bulk_create(copies.values())
    return copies


def _line(
    then: Exchange, process: UnitProcess, known: dict[str, UnitProcess], usable: frozenset[int]
) -> Exchange:
    line = Exchange(process=process, uuid=uuid.uuid4(), **{name: getattr(then, name) for name in COPIED})
    line.data_type = Exchange.DataType.ESTIMATED
    if then.provider_process is not None:
        line.provider_process = known.get(then.provider_process.code)
    if line.provider_product_id not in usable:  # what was closed cannot even be seen
        line.provider_product_id = None
    version = then.factor_version
    if version is not None and version.status == FactorVersion.Status.WITHDRAWN:
        line.factor_version_id = None
    return line


def _usable(by: Actor, inventory: Inventory) -> frozenset[int]:
    """The products that may provide now: one's own, and those that are still open to this company."""
    granted = ProductGrant.objects.in_force().filter(recipient_id=inventory.company_id)
    own = queries.own_products(by).filter(company_id=inventory.company_id)
    return frozenset(granted.values_list("product_id", flat=True)) | frozenset(
        own.values_list("pk", flat=True)
    )


def _places(processes: list[UnitProcess]) -> dict[int, int]:
    """The next free position of each process."""
    rows = Exchange.objects.filter(process__in=processes).values("process").annotate(last=Max("position"))
    last: dict[int, int] = defaultdict(int)
    return last | {row["process"]: row["last"] + 1 for row in rows}


def _share_out(
    by: Actor, fresh: list[UnitProcess], known: dict[str, UnitProcess], lines: dict[int, Exchange]
) -> None:
    """The declared shares of the processes that were brought over."""
    rows = AllocationShare.objects.visible_to(by).filter(process__in=fresh).select_related("process")
    AllocationShare.objects.bulk_create(
        AllocationShare(
            company_id=row.company_id,
            process=known[row.process.code],
            product_id=row.product_id,
            exchange=lines[row.exchange_id] if row.exchange_id else None,
            method=row.method,
            share=row.share,
        )
        for row in rows
    )
