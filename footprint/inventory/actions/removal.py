"""Take a line away so that it can come back, and bring it back; take an empty process away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import checks
from accounts.actor import Actor
from accounts.bulk_sql import insert_rows
from accounts.errors import Refusal
from accounts.policy import require
from accounts.roles import Permission
from footprint.inventory import lines
from footprint.inventory.actions.exchange import conflicts
from footprint.inventory.models import (
    AllocationAnswer,
    AllocationShare,
    Exchange,
    OutputPrice,
    RemovedLine,
    UnitProcess,
)
from footprint.inventory.supply import check_still_made

PRICE, SHARE = ("year", "price", "currency"), ("product_id", "method", "share")
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
    _gate(exchange.process, by)
    check_still_made(exchange)
    checks.write(exchange, version=version, changes={})
    take_away([exchange], by=by)
    return RemovedLine.objects.get(line=exchange.uuid)


def take_away(several: Sequence[Exchange], *, by: Actor) -> None:
    """Take away lines that were gated, checked and locked, in a few statements, however many.

    What they were is kept, of each process the last ``KEPT``.
    """
    kept = list(_as_removed(several, by))
    _make_room(kept)
    insert_rows(kept)
    keys = [line.pk for line in several]
    OutputPrice.objects.filter(exchange__in=keys).delete()
    AllocationShare.objects.filter(exchange__in=keys).delete()
    rows = Exchange.objects.filter(pk__in=keys)
    rows._raw_delete(rows.db)  # nothing else hangs on a line: the ORM would ask, a hundred lines at a time


def _as_removed(several: Sequence[Exchange], by: Actor) -> Iterator[RemovedLine]:
    left = Counter(line.process_id for line in several)
    last = []
    for line in several:
        if left[line.process_id] <= KEPT:
            last.append(line)
        left[line.process_id] -= 1
    now = timezone.now()
    prices, shares = _beside(OutputPrice, last, PRICE), _beside(AllocationShare, last, SHARE)
    for line in last:
        yield RemovedLine(
            company_id=line.company_id,
            process_id=line.process_id,
            line=line.uuid,
            name=lines.line_name(line)[:300],
            content=_content(line, prices[line.pk], shares[line.pk]),
            by_id=by.user_id,
            at=now,
        )


def _make_room(kept: Sequence[RemovedLine]) -> None:
    """The oldest of each process go."""
    room = Counter(each.process_id for each in kept)
    older = RemovedLine.objects.filter(process__in=room).order_by("-at", "-pk")
    gone = []
    for key, process_id in older.values_list("pk", "process_id"):
        room[process_id] += 1
        if room[process_id] > KEPT:
            gone.append(key)
    RemovedLine.objects.filter(pk__in=gone).delete()


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


@transaction.atomic
def remove_process(process: UnitProcess, *, by: Actor, version: int | None) -> None:
    """Take a process away that has no lines, with its answers and the removed lines it kept.

    Raises:
        NotAllowed, Stale; Refusal: it has lines, or lines elsewhere name it as their provider.
    """
    site_id = process.inventory.site_id
    require(by, Permission.ADD_PROCESS, company_id=process.company_id, site_id=site_id)
    checks.write(process, version=version, changes={})
    count = Exchange.objects.filter(process=process).count()
    if count:
        message = ngettext(
            "The process still has %(count)d line. Remove it first.",
            "The process still has %(count)d lines. Remove them first.",
            count,
        )
        raise Refusal(message % {"count": count}, code="not_empty")
    takers = Exchange.objects.filter(provider_process=process).count()
    if takers:
        message = ngettext(
            "%(count)d line names this process as its provider. Give it another one first.",
            "%(count)d lines name this process as their provider. Give them another one first.",
            takers,
        )
        raise Refusal(message % {"count": takers}, code="in_use")
    for kept in (AllocationAnswer, AllocationShare, RemovedLine):
        kept._default_manager.filter(process=process).delete()
    rows = UnitProcess.objects.filter(pk=process.pk)
    rows._raw_delete(rows.db)  # its figures are the calculation's to take away


def _beside(
    model: type[OutputPrice | AllocationShare], several: Sequence[Exchange], fields: Sequence[str]
) -> dict[int, list[dict[str, Any]]]:
    """What hangs on lines, by line: as JSON keeps it, exact decimals as text."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = model.objects.filter(exchange__in=[line.pk for line in several]).order_by("pk")
    for key, *values in rows.values_list("exchange_id", *fields):
        told = zip(fields, values, strict=True)
        found[key].append(
            {name: format(each, "f") if isinstance(each, Decimal) else each for name, each in told}
        )
    return found


def _content(line: Exchange, prices: list[dict[str, Any]], shares: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "position": line.position,
        "external_uuid": str(line.external_uuid) if line.external_uuid else None,
        "values": lines.record(line),
        "prices": prices,
        "shares": shares,
    }
