"""Which practices act on what costs most against the others, and on how many of one's own lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.actor import Actor
from footprint.analysis.models import Practice
from footprint.analysis.practices import acting_on, lines_of
from footprint.benchmark.queries import Standing, own_products
from footprint.engine.disclosure.gap import Cause
from footprint.inventory.models import Exchange, UnitProcess
from footprint.inventory.providers import MAKES

Target = Practice.Target
ENERGY = (Target.ELECTRICITY, Target.HEAT, Target.FUEL)
ACTS_ON: Mapping[Cause, tuple[Sequence[Target], str]] = {
    Cause.FEED: ((Target.PRODUCT,), ""),
    Cause.ENERGY: (ENERGY, ""),
    Cause.ENERGY_INTENSITY: (ENERGY, "percent"),
    Cause.ENERGY_CARBON: (ENERGY, "factor"),
    Cause.CHEMISTRY: ((Target.GAS,), ""),
    Cause.REST: ((Target.FREIGHT,), ""),
}
"""Lines and lever by cause. None changes how burdens are shared: nothing is saved by that."""


@dataclass(frozen=True)
class Remedy:
    """A published practice, and how many lines of the processes that make one's own products it acts on."""

    practice: Practice
    lines: int


def practices_for(actor: Actor, of: Standing) -> list[Practice]:
    """Those that act on the part with the largest gap; nothing where no part costs more."""
    largest = of.gap.largest if of.gap else None
    if largest is None or largest not in ACTS_ON:
        return []
    targets, lever = ACTS_ON[largest]
    return acting_on(actor, targets, of.definition.category, lever=lever)


def remedies(actor: Actor, of: Standing) -> list[Remedy]:
    """The same, those first that act on most of one's own lines."""
    found = practices_for(actor, of)
    if not found:
        return []
    own = list(own_products(actor, of.definition.category))
    makers = Exchange.objects.visible_to(actor).filter(MAKES, product__in=own)
    made = UnitProcess.objects.visible_to(actor).filter(pk__in=makers.values("process_id"))
    processes = list(made.values_list("pk", flat=True))
    counted = [Remedy(each, len(lines_of(actor, each, processes))) for each in found]
    return sorted(counted, key=lambda each: -each.lines)
