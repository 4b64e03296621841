"""Take a line away so that it can come back, and bring it back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import checks
from accounts.actor import Actor
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory import lines, providers
from footprint.inventory.actions.exchange import conflicts
from footprint.inventory.models import AllocationShare, Exchange, OutputPrice, RemovedLine, UnitProcess

KEPT = 50
"""Removed lines of one process; the oldest make room."""


def _gate(process: UnitProcess, by: Actor) -> None:
    site_id = process.inventory.site_id
    require(by, Permission.EDIT_INVENTORY, company_id=process.company_id, site_id=site_id)


@transaction.atomic
def remove_exchange(exchange: Exchange, *, by: Actor, version: int | None) -> RemovedLine:
    """Take a line away, with its prices and declared shares; what it was is kept.

    Raises:
        NotAllowed, Refusal, Stale.
    """
    process = exchange.process
    _gate(process, by)
    providers.check_still_made(exchange)
    checks.write(exchange, version=version, changes={})
    older = RemovedLine.objects.filter(process=process).order_by("-at", "-pk")[KEPT - 1 :]
    RemovedLine.objects.filter(pk__in=list(older.values_list("pk", flat=True))).delete()
    kept = RemovedLine.objects.create(
        company_id=exchange.company_id,
        process=process,
        line=exchange.uuid,
        name=lines.line_name(exchange)[:300],
        content=_content(exchange),
        by_id=by.user_id,
    )
    exchange.delete()
    return kept


@transaction.atomic
def restore_line(removed: RemovedLine, *, by: Actor) -> Exchange:
    """The line as it was, at its place, with its prices and shares.

    Raises:
        NotAllowed, Refusal, Refusals: what it was would be refused now, for example a provider that was
        closed, another reference product, or another line that has its external key.
    """
    process = removed.process
    _gate(process, by)
    if not RemovedLine.objects.filter(pk=removed.pk).delete()[0]:
        raise Refusal(_("This line is back already."), code="not_removed")
    told = removed.content
    line = Exchange(
        company_id=removed.company_id, process=process, uuid=removed.line, position=told["position"],
        external_uuid=told.get("external_uuid"),
    )  # fmt: skip
    lines.fill(line, told["values"], by=by)
    with checks.refusing(conflicts()):
        line.save(force_insert=True)
    whose = {"company_id": line.company_id, "exchange": line}
    OutputPrice.objects.bulk_create(
        OutputPrice(**whose, **{**each, "price": Decimal(each["price"])}) for each in told["prices"]
    )
    AllocationShare.objects.bulk_create(
        AllocationShare(process=process, **whose, **{**each, "share": Decimal(each["share"])})
        for each in told["shares"]
    )
    return line


def _content(line: Exchange) -> dict[str, Any]:
    prices = OutputPrice.objects.filter(exchange=line).values("year", "price", "currency")
    shares = AllocationShare.objects.filter(exchange=line).values("product_id", "method", "share")
    return {
        "position": line.position,
        "external_uuid": str(line.external_uuid) if line.external_uuid else None,
        "values": lines.record(line),
        "prices": [{**each, "price": format(each["price"], "f")} for each in prices],
        "shares": [{**each, "share": format(each["share"], "f")} for each in shares],
    }
