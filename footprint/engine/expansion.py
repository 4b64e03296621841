"""Substitution: by-products displace other production, and the determining products are credited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.allocation import Basis, Outputs, Quantity, allocate
from footprint.engine.equations import Floats, Ints, as_nodes
from footprint.engine.errors import NegativeResult, NonFinite, OutOfBounds, WrongShape


@dataclass(frozen=True)
class Displacement:
    """What one by-product displaces.

    Shapes   co_product: index among the outputs; provider: the displaced product's node
    Units    quantity: units of the by-product per process period; ratio: units of the displaced
             product per unit of the by-product
    """

    co_product: int
    provider: int
    quantity: float
    ratio: float = 1.0


@dataclass(frozen=True, eq=False)
class Expansion:
    """An expanded process: shares of the determining products, and links to what is displaced.

    The credit is one more burden of the process, a negative one, and is shared like the others. A
    by-product carries what it displaces: whoever uses it is charged for what others now lack, and the
    burdens of all outputs still sum to that of the process.

    Shapes   shares: (n,), zero for by-products, summing to 1; by_product, provider, credit, ratio: (k,)
    Units    credit: units of the displaced product per process period, negative; ratio: units of it per
             unit of the by-product, the by-product's own link
    """

    shares: Floats
    by_product: Ints
    provider: Ints
    credit: Floats
    ratio: Floats


def expand(outputs: Outputs, displaced: Sequence[Displacement], by: Basis = Basis.NONE) -> Expansion:
    """Take by-products out of the allocation and turn them into credits.

    Several determining products share the burden minus the credits by method ``by``.

    Shapes   see ``Expansion``
    Units    as ``Outputs`` and ``Displacement``
    Errors   OutOfBounds when no determining product is left, a by-product is named twice, or a quantity
             or ratio is negative or not finite; OutOfRange; as ``allocate`` for the others
    Source   ISO 14044:2006 4.3.4.2, system expansion; PACT Methodology v3 allows it for a dominant,
             identifiable displaced product by consensus of the sector
    """
    named = as_nodes([one.co_product for one in displaced], outputs.count)
    determining = np.setdiff1d(np.arange(outputs.count), named)
    if len(np.unique(named)) != len(named) or not len(determining):
        raise OutOfBounds("Each by-product is credited once, and at least one product has to remain.")
    quantity = np.array([one.quantity for one in displaced], dtype=np.float64)
    ratio = np.array([one.ratio for one in displaced], dtype=np.float64)
    if not (np.isfinite(quantity) & np.isfinite(ratio) & (quantity >= 0.0) & (ratio >= 0.0)).all():
        raise OutOfBounds("Quantities and ratios of what is displaced are finite and not negative.")
    shares = np.zeros(outputs.count)
    shares[determining] = allocate(_only(outputs, determining), by)
    provider = np.array([one.provider for one in displaced], dtype=np.int64)
    return Expansion(shares, named, provider, -quantity * ratio, ratio)


def net_burden(
    expansion: Expansion, burden_kg: float, displaced_kg: ArrayLike, *, negative_allowed: bool = False
) -> Floats:
    """Burden of every output of one expanded process, by-products included.

    Shapes   displaced_kg: (k,) intensities of what is displaced; result: (n,)
    Units    burden_kg: kg CO2e per process period; displaced_kg: kg CO2e per unit of the displaced
             product; result: kg CO2e per process period
    Errors   WrongShape; NonFinite; NegativeResult, naming the products, unless allowed
    Source   as ``expand``
    """
    intensity = np.array(displaced_kg, dtype=np.float64).reshape(-1)
    if len(intensity) != len(expansion.credit):
        raise WrongShape(f"There are {len(expansion.credit)} credits and {len(intensity)} intensities.")
    if not (np.isfinite(intensity).all() and np.isfinite(burden_kg)):
        raise NonFinite("burden to expand")
    credit = expansion.credit * intensity
    result: Floats = expansion.shares * (burden_kg + float(credit.sum()))
    result[expansion.by_product] -= credit
    if not negative_allowed:
        refuse_negative(result, np.flatnonzero(expansion.shares > 0.0))
    return result


def refuse_negative(ghg_kg: ArrayLike, nodes: ArrayLike) -> None:
    """Refuse results below zero among some products: after a solve with credits, where no rule permits it.

    Shapes   ghg_kg: (n,), NaN where a product has no figure; nodes: (k,)
    Units    kg CO2e
    Errors   NegativeResult, naming the products
    Source   JRC105041: economic and substitution methods for hydrogen can go negative
    """
    values = np.asarray(ghg_kg, dtype=np.float64)
    asked = as_nodes(nodes, len(values))
    below = asked[np.nan_to_num(values[asked]) < 0.0]
    if len(below):
        raise NegativeResult("result", below)


def _only(outputs: Outputs, kept: Ints) -> Outputs:
    """The same outputs with some of the co-products."""
    quantities = {
        basis: Quantity(one.amount[kept], tuple(one.unit[i] for i in kept) if len(one.unit) > 1 else one.unit)
        for basis, one in outputs.quantities.items()
    }
    declared = None if outputs.declared is None else outputs.declared[kept]
    return Outputs(len(kept), quantities, declared)
