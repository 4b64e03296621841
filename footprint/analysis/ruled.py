"""Which method the product category rule in force orders for a process with several products."""

from __future__ import annotations

from footprint.analysis.ground import Ground
from footprint.analysis.methods import Joint
from footprint.engine.allocation import Basis
from footprint.rules.document.checking import Coproduct, ordered_method
from footprint.rules.document.content import Method


def ordered(ground: Ground, joint: Joint) -> Basis | None:
    """The first method of the rule of the main product that all co-products can share by.

    None where no rule is in force, or the rule says nothing of these co-products. Shares per line are divided
    as they are recorded; a rule cannot order others.

    Source   PACT Methodology v3: product category rules before sector rules before its own tree
    """
    main = _main(ground, joint)
    category, _code = ground.category.get(main, (None, ""))
    rule = ground.rules.get(category) if category is not None else None
    if rule is None:
        return None
    shared = {method.value for method in Method} & {basis.value for basis in joint.shares}
    if joint.method == Basis.CAUSAL:
        shared.add(Method.CAUSAL.value)
    methods = frozenset(map(Method, shared))
    beside = [
        Coproduct(ground.category.get(product, (None, ""))[1], methods)
        for product in joint.products
        if product != main
    ]
    found = ordered_method(rule, methods, beside)
    return Basis(found[1].value) if found and found[1] else None


def _main(ground: Ground, joint: Joint) -> int:
    """The product that the process exists for, else the first."""
    outputs = [line for line in ground.inputs.lines.get(joint.process, []) if line.is_output and line.product]
    reference = next((line.product for line in outputs if line.is_reference), None)
    return reference or joint.products[0]
