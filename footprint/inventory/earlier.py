"""What the lines of an inventory were in the period before: beside their fields, and to begin from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import count

from accounts.actor import Actor
from factors import units
from footprint.inventory import queries
from footprint.inventory.models import Exchange, Inventory

SHORT = Context(prec=8)
"""Digits of what was converted: more than anybody measures, few enough to be read."""
FAR = 0.25
"""By how much an amount may differ from the year before without a second look."""


@dataclass(frozen=True)
class Earlier:
    """A line of the period before; ``amount`` in the unit of now, where that can be."""

    line: Exchange
    amount: Decimal
    unit: str
    change: float | None
    """What it is now relative to then, less one; nothing where the units differ or it was nought."""

    @property
    def is_far(self) -> bool:
        """Whether somebody should look again."""
        return self.change is not None and not 1 / (1 + FAR) <= 1 + self.change <= 1 + FAR


def period_before(actor: Actor, inventory: Inventory) -> Inventory | None:
    """The inventory of the same site before this one."""
    before = queries.inventories(actor, inventory.site).filter(period_end__lt=inventory.period_start)
    return before.select_related("site", "company").first()


def earlier_lines(actor: Actor, before: Inventory, lines: Iterable[Exchange]) -> dict[int, Earlier]:
    """The same lines in the inventory before, by the key of the line now; all lines of a process, or none."""
    rows = list(lines)
    codes = {line.process.code for line in rows}
    then = queries.flowing(actor, list(queries.processes(actor, [before.pk]).filter(code__in=codes)))
    return {now.pk: _earlier(now, line) for now, line in pairs(rows, then) if line is not None}


def pairs(
    lines: Iterable[Exchange], others: Iterable[Exchange]
) -> Iterator[tuple[Exchange, Exchange | None]]:
    """Each line with the same one among the others.

    The same line: of the process of the same code, the same thing in the same direction; of several such
    lines, the one at the same place among them.
    """
    known: dict[tuple[object, ...], list[Exchange]] = defaultdict(list)
    for line in others:
        known[_same(line)].append(line)
    used: dict[tuple[object, ...], count[int]] = defaultdict(count)
    for line in lines:
        key = _same(line)
        place = next(used[key])
        yield line, known[key][place] if place < len(known[key]) else None


def _same(line: Exchange) -> tuple[object, ...]:
    thing = (line.product_id, line.gas, line.origin, line.flow_name, line.compartment, line.is_avoided)
    return (line.process.code, line.direction, line.kind, *thing)


def _earlier(now: Exchange, then: Exchange) -> Earlier:
    if not units.same_dimension(now.unit, then.unit):
        return Earlier(then, then.amount, then.unit, None)
    is_same = then.unit == now.unit
    amount = then.amount if is_same else SHORT.plus(units.convert(then.amount, then.unit, now.unit))
    return Earlier(then, amount, now.unit, float(now.amount / amount) - 1 if amount else None)
