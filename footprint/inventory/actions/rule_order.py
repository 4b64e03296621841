"""The method a product category rule orders, for a process that nobody chose one for."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from accounts.actor import Actor
from footprint.inventory.actions.process import coproducts
from footprint.inventory.models import AllocationShare, Exchange, OutputPrice, UnitProcess
from footprint.inventory.possible_methods import possible_methods
from footprint.rules.document.checking import Coproduct, ordered_method
from footprint.rules.document.content import Method
from footprint.rules.models import ProductRule
from footprint.rules.queries import rules_in_force


def follow_rule(process: UnitProcess, *, by: Actor) -> None:
    """Give a process with co-products and no method the one that the rule of its main product orders.

    A method that somebody chose stays; the conformity of the product says where it deviates.
    """
    if process.allocation_method != UnitProcess.Allocation.NONE:
        return
    found = ordered(coproducts(process), by)
    if found is None:
        return
    _rule, method = found
    process.allocation_method = method
    UnitProcess.objects.filter(pk=process.pk).update(allocation_method=method, version=F("version") + 1)
    process.refresh_from_db(fields=["version"])


def ordered(made: Sequence[Exchange], by: Actor) -> tuple[ProductRule, Method] | None:
    """The rule in force for a process's main product, and the first of its methods that can be followed."""
    if len(made) < 2:
        return None
    main = next((line for line in made if line.is_reference), made[0])
    category = main.product.category_id if main.product else None
    rule = rules_in_force(by, timezone.localdate()).get(category) if category else None
    if rule is None:
        return None
    process = main.process
    priced = set(OutputPrice.objects.filter(exchange__process=process).values_list("exchange_id", flat=True))
    shares = list(AllocationShare.objects.filter(process=process))
    ways = {line.pk: possible_methods(line, has_price=line.pk in priced, shares=shares) for line in made}
    beside = [
        Coproduct(line.product.category.code if line.product.category else "", ways[line.pk])
        for line in made
        if line.product and line.pk != main.pk
    ]
    found = ordered_method(rule.content, ways[main.pk], beside)
    return (rule, found[1]) if found and found[1] else None
