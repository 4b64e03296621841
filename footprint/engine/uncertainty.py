"""Uncertainty of every product, to first order, from the same network as its figure.

An input is a link or a part of a direct burden. It varies on its own (its amount) and, where it
belongs to a group, with all other members of the group: the same factor version used in a hundred
places is one random variable. Members are therefore added before they are squared.

For all products at once the groups are exact: one more column of a solve each. What varies on its
own is not linear (the amount needed of a product is squared), so it is enclosed by two solves, or
made exact by one column per product that has such inputs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from footprint.engine.activity import activity
from footprint.engine.equations import Equations, Floats, Ints, as_nodes
from footprint.engine.errors import NoBasis, NonFinite, OutOfBounds, OutOfRange, WrongShape
from footprint.engine.plan import Plan, closure
from footprint.engine.solve import solve_tolerant

ALONE = -1
"""Group of an input that varies on its own only."""
BLOCK = 64
"""Columns solved together where every product has its own."""


@dataclass(frozen=True, eq=False)
class Uncertain:
    """Every uncertain input of a network.

    Shapes   link_gsd2, link_group: (links,) in the network's order; product, ghg_kg, gsd2, group: (d,)
             parts of direct burdens; group_gsd2: (g,). Groups are in range(g) or ALONE; a GSD2 of 1 is
             certain
    Units    ghg_kg: kg CO2e per unit of product; GSD2: dimensionless
    """

    link_gsd2: Floats
    link_group: Ints
    product: Ints
    ghg_kg: Floats
    gsd2: Floats
    group: Ints
    group_gsd2: Floats

    @property
    def group_sd(self) -> Floats:
        """(g,) standard deviation of the logarithm of each group."""
        return np.log(self.group_gsd2) / 2.0

    def check(self, equations: Equations) -> None:
        """Raise unless the inputs are those of this network."""
        links, parts = len(equations.amount), len(self.product)
        if not (len(self.link_gsd2) == len(self.link_group) == links):
            raise WrongShape(f"There are {links} links and {len(self.link_gsd2)} GSD2 of links.")
        if not len(self.ghg_kg) == len(self.gsd2) == len(self.group) == parts:
            raise WrongShape("Every part needs a product, an amount, a GSD2 and a group.")
        as_nodes(self.product, equations.n)
        groups = np.concatenate([self.link_group, self.group])
        if len(groups) and not (groups.min() >= ALONE and groups.max() < len(self.group_gsd2)):
            raise OutOfRange(np.unique(groups[groups >= len(self.group_gsd2)]), len(self.group_gsd2))
        for values in (self.link_gsd2, self.gsd2, self.group_gsd2):
            if not (np.asarray(values) >= 1.0).all():
                raise OutOfBounds("A GSD2 is at least 1.")


@dataclass(frozen=True, eq=False)
class Spread:
    """Uncertainty of one product, exact to first order, by where it comes from.

    Shapes   shared: (g,) what each group adds; upstream: (k,) products; alone: (k,) what the inputs of
             each vary on their own, scaled by how much of it is needed
    Units    shared, alone, sd: standard deviations of the logarithm of the figure; ghg_kg: kg CO2e per
             unit of product
    """

    node: int
    ghg_kg: float
    shared: Floats
    upstream: Ints
    alone: Floats

    @property
    def sd(self) -> float:
        """Standard deviation of the logarithm of the figure."""
        return float(np.sqrt(np.sum(self.shared**2) + np.sum(self.alone**2)))

    @property
    def gsd2(self) -> float:
        """Squared geometric standard deviation."""
        return float(np.exp(2.0 * self.sd))


@dataclass(frozen=True, eq=False)
class Spreads:
    """Uncertainty of all products.

    Shapes   loading: (n, g) relative change of a figure per relative change of a group; gsd2_low,
             gsd2_high: (n,), equal where ``exact``; NaN where there is no figure or it is zero; the
             upper end is infinite where credits are too strong to bound it
    Units    dimensionless
    """

    loading: Floats
    gsd2_low: Floats
    gsd2_high: Floats
    exact: bool


def spread(equations: Equations, uncertain: Uncertain, ghg_kg: Floats, node: int) -> Spread:
    """Uncertainty of one product, from one reverse pass through what lies upstream of it.

    Shapes   ghg_kg: (n,) figures, all those upstream known; see ``Spread``
    Units    ghg_kg: kg CO2e per unit of product
    Errors   as ``Uncertain.check`` and ``activity``; NonFinite where the figure is; NoBasis where it is zero
    Source   J. Hong et al. (2010); S of a link = needed amount of its consumer x what it brings / figure
    """
    uncertain.check(equations)
    figure = float(ghg_kg[node])
    if not np.isfinite(figure):
        raise NonFinite("figure of product", [node])
    if not figure:
        raise NoBasis("a share of the figure", [node])
    needed = activity(equations, [node])
    amount = needed.of(np.arange(equations.n))[:, 0]
    brings = equations.amount * np.nan_to_num(ghg_kg)[equations.supplier]
    loading = np.zeros(len(uncertain.group_gsd2))
    for group, part in (
        (uncertain.link_group, amount[equations.consumer] * brings),
        (uncertain.group, amount[uncertain.product] * uncertain.ghg_kg),
    ):
        member = group != ALONE
        np.add.at(loading, group[member], part[member])
    alone = np.sqrt(_own_variance(equations, uncertain, ghg_kg))[needed.reached]
    return Spread(
        node, figure, loading / figure * uncertain.group_sd, needed.reached,
        np.abs(needed.made[:, 0]) * alone / abs(figure),
    )  # fmt: skip


def shared_loadings(equations: Equations, plan: Plan, uncertain: Uncertain, ghg_kg: Floats) -> Floats:
    """Relative change of every figure per relative change of each group: one solve with g columns.

    Shapes   ghg_kg: (n,); result: (n, g), NaN where a figure is missing or zero
    Units    ghg_kg: kg CO2e per unit of product; result dimensionless
    Errors   as ``Uncertain.check``; PlanMismatch
    Source   what a group adds to y_j directly, plus z_ij times what it adds to every supplier
    """
    uncertain.check(equations)
    figure = np.nan_to_num(ghg_kg)
    direct = np.zeros((equations.n, len(uncertain.group_gsd2)))
    member = uncertain.link_group != ALONE
    brings = equations.amount[member] * figure[equations.supplier[member]]
    np.add.at(direct, (equations.consumer[member], uncertain.link_group[member]), brings)
    member = uncertain.group != ALONE
    at = (uncertain.product[member], uncertain.group[member])
    np.add.at(direct, at, uncertain.ghg_kg[member])
    adds = solve_tolerant(equations.with_direct(direct), plan, certify=False).intensity
    return np.asarray(adds / _nonzero(ghg_kg)[:, None])


def spreads(
    equations: Equations, plan: Plan, uncertain: Uncertain, ghg_kg: Floats, *, exact: bool = False
) -> Spreads:
    """Uncertainty of all products: shared groups exactly, the rest enclosed, or exactly at a price.

    With a the amount needed of each product and v what its own inputs vary, the rest is the sum of
    a^2 v. Routes to one product add up before they are squared, hence

        sum over routes of (amounts squared) x v  <=  sum a^2 v  <=  (sum of |a| sqrt(v))^2

    both of which are one solve. The lower end is exact where no two routes meet, and zero below
    credits, where routes can cancel. ``exact`` takes one column per product with inputs of its own, so
    that its price grows with the square of the products: for some thousands, else ask ``spread``.

    Shapes   ghg_kg: (n,); see ``Spreads``
    Units    ghg_kg: kg CO2e per unit of product
    Errors   as ``shared_loadings``
    Source   as ``spread``; the enclosure by the triangle inequality
    """
    loading = shared_loadings(equations, plan, uncertain, ghg_kg)
    shared = ((loading * uncertain.group_sd) ** 2).sum(axis=1)
    variance = _own_variance(equations, uncertain, ghg_kg)
    figure = _nonzero(ghg_kg)
    if exact:
        low = high = _exact(equations, plan, variance)
    else:
        low, high = _enclosed(equations, plan, variance)
    with np.errstate(over="ignore"):
        ends = [np.exp(2.0 * np.sqrt(shared + own / figure**2)) for own in (low, high)]
    return Spreads(loading, ends[0], ends[1], exact)


def _nonzero(ghg_kg: Floats) -> Floats:
    return np.where(ghg_kg == 0.0, np.nan, ghg_kg)


def _own_variance(equations: Equations, uncertain: Uncertain, ghg_kg: Floats) -> Floats:
    """(n,) variance that the inputs of each product bring on their own, (kg CO2e per unit)^2."""
    brings = equations.amount * np.nan_to_num(ghg_kg)[equations.supplier]
    links = (brings * np.log(uncertain.link_gsd2) / 2.0) ** 2
    parts = (uncertain.ghg_kg * np.log(uncertain.gsd2) / 2.0) ** 2
    return np.asarray(
        np.bincount(equations.consumer, weights=links, minlength=equations.n)
        + np.bincount(uncertain.product, weights=parts, minlength=equations.n)
    )


def _enclosed(equations: Equations, plan: Plan, variance: Floats) -> tuple[Floats, Floats]:
    squares = equations.with_amount(equations.amount**2).with_direct(variance[:, None])
    low = solve_tolerant(squares, plan, certify=False).intensity[:, 0]
    low[closure(equations.consumers, equations.consumer[equations.amount < 0.0])] = 0.0
    sizes = equations.with_amount(np.abs(equations.amount)).with_direct(np.sqrt(variance)[:, None])
    high = solve_tolerant(sizes, plan, certify=False).intensity[:, 0]
    return np.nan_to_num(low), np.where(np.isfinite(high), high**2, np.inf)


def _exact(equations: Equations, plan: Plan, variance: Floats) -> Floats:
    total = np.zeros(equations.n)
    varying = np.flatnonzero(variance > 0.0)
    for begin in range(0, len(varying), BLOCK):
        columns = varying[begin : begin + BLOCK]
        direct = np.zeros((equations.n, len(columns)))
        direct[columns, np.arange(len(columns))] = np.sqrt(variance[columns])
        solved = solve_tolerant(equations.with_direct(direct), plan, certify=False).intensity
        total += (solved**2).sum(axis=1)
    return total
