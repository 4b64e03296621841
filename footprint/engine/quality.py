"""Primary data share, data quality ratings and exempted emissions of all products at once.

Each is a mean over what a figure is made of, weighed by the absolute size of the parts. Suppliers
inside the network bring their own means, so each is a linear system with the links of the network:

    W_j = sum |part| + sum |z_ij y_i|        q_j = (sum |part| q_part + sum |z_ij y_i| q_i) / W_j

The rows of its weights sum to at most one. The same plan and the same solver settle it, loops included.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.equations import Equations, Floats, Ints, as_nodes
from footprint.engine.errors import OutOfBounds, WrongShape
from footprint.engine.plan import Plan
from footprint.engine.representativeness import UNKNOWN
from footprint.engine.solve import solve_tolerant

RATINGS = ("technological", "temporal", "geographical")
"""Columns of the scores: TeR, TiR, GeR."""
BEST, WORST = 1.0, 5.0


@dataclass(frozen=True, eq=False)
class Parts:
    """What the direct burdens of products are made of: own emissions, and factors times amounts.

    Shapes   product, ghg_kg, primary: (d,); score: (d, 3) in the order of ``RATINGS``
    Units    ghg_kg: kg CO2e per unit of product, biogenic uptake left out; primary: 0 to 1, NaN where
             unknown, 1 for emissions from primary data, and for a factor only if both it and the amount
             are primary; score: 1 to 5, NaN where missing
    """

    product: Ints
    ghg_kg: Floats
    primary: Floats
    score: Floats


@dataclass(frozen=True, eq=False)
class Quality:
    """How good the figures are; NaN where there is no figure, or nothing it is made of.

    Shapes   primary_share, exempted_share: (n,); rating: (n, 3) in the order of ``RATINGS``
    Units    shares 0 to 1; ratings 1 best to 5
    """

    primary_share: Floats
    rating: Floats
    exempted_share: Floats


def on_links(
    equations: Equations, consumer: ArrayLike, supplier: ArrayLike, amount: ArrayLike, value: ArrayLike
) -> Floats:
    """Means per link of values of single lines, weighed by absolute amounts: lines become one link.

    Shapes   consumer, supplier, amount, value: (lines,); result: (links,) in the network's order, 0 for a
             link without lines
    Units    result: as the values
    Errors   WrongShape, OutOfRange
    Source   as ``Network``: links between the same two products are added up
    """
    to, of = as_nodes(consumer, equations.n), as_nodes(supplier, equations.n)
    size, given = np.abs(np.array(amount, dtype=np.float64)), np.array(value, dtype=np.float64)
    if not len(to) == len(of) == len(size) == len(given):
        raise WrongShape("Every line needs a consumer, a supplier, an amount and a value.")
    keys = equations.consumer * equations.n + equations.supplier
    wanted = to * equations.n + of
    at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    there = keys[at] == wanted if len(keys) else np.zeros(len(at), dtype=np.bool_)
    weight = np.bincount(at[there], weights=size[there], minlength=len(keys))
    total = np.bincount(at[there], weights=(size * given)[there], minlength=len(keys))
    return np.where(weight > 0.0, total / np.where(weight > 0.0, weight, 1.0), 0.0)


def quality(
    equations: Equations,
    plan: Plan,
    ghg_kg: ArrayLike,
    parts: Parts,
    primary_link: ArrayLike,
    exempted_kg: ArrayLike | None = None,
) -> Quality:
    """Shares and ratings of all products.

    A supplier's primary data share passes a link only as far as the link's amount is primary; its
    ratings pass in full, for they score factors and emissions.

    Shapes   ghg_kg: (n,), NaN where refused; primary_link: (links,) part of each link's amount that is
             primary, in the network's order; exempted_kg: (n,); see ``Parts``, ``Quality``
    Units    ghg_kg: kg CO2e per unit, biogenic uptake left out; exempted_kg: kg CO2e per unit that each
             process itself leaves out, as estimated
    Errors   WrongShape, OutOfRange, PlanMismatch; OutOfBounds for shares outside 0 to 1, scores outside
             1 to 5 or negative exemptions
    Source   PACT Methodology v3, primary data share and data quality ratings
    """
    figure = np.array(ghg_kg, dtype=np.float64)
    link = np.array(primary_link, dtype=np.float64)
    if figure.shape != (equations.n,) or link.shape != equations.amount.shape:
        raise WrongShape(f"There must be {equations.n} figures and {len(equations.amount)} primary links.")
    product = _checked(parts, link, equations.n)
    own = np.abs(parts.ghg_kg)
    through = np.abs(equations.amount * np.nan_to_num(figure)[equations.supplier])
    total = np.bincount(product, weights=own, minlength=equations.n)
    total = total + np.bincount(equations.consumer, weights=through, minlength=equations.n)
    known = np.isfinite(figure) & (total > 0.0)
    divisor = np.where(known, total, 1.0)
    weight, share = through / divisor[equations.consumer], own / divisor[product]
    primary = share * np.nan_to_num(parts.primary)
    direct = _per_product(product, primary[:, None], equations.n)
    primary_share = _settled(equations, plan, weight * link, direct, known)[:, 0]
    score = np.where(np.isnan(parts.score), UNKNOWN, parts.score) * share[:, None]
    rating = _settled(equations, plan, weight, _per_product(product, score, equations.n), known)
    return Quality(
        np.clip(primary_share, 0.0, 1.0), np.clip(rating, BEST, WORST),
        exempted_share(equations, plan, figure, exempted_kg),
    )  # fmt: skip


def exempted_share(
    equations: Equations, plan: Plan, ghg_kg: Floats, exempted_kg: ArrayLike | None = None
) -> Floats:
    """Part of what a figure would be that all stages together leave out.

    Shapes   ghg_kg, exempted_kg, result: (n,), NaN where there is no figure; None for no exemption
    Units    kg CO2e per unit of product; result 0 to 1
    Errors   WrongShape; OutOfBounds for a negative exemption
    Source   PACT Methodology v3: exemptedEmissionsPercent is 100 times this
    """
    left_out = np.zeros(equations.n) if exempted_kg is None else np.array(exempted_kg, dtype=np.float64)
    if left_out.shape != (equations.n,):
        raise WrongShape(f"There must be one exemption for each of the {equations.n} products.")
    if not (left_out >= 0.0).all():
        raise OutOfBounds("An exempted emission is a number of at least zero.")
    missing = np.zeros(equations.n)
    if left_out.any():
        solved = solve_tolerant(equations.with_direct(left_out[:, None]), plan, certify=False)
        missing = np.abs(solved.intensity[:, 0])
    whole = np.abs(ghg_kg) + missing
    share = np.where(whole > 0.0, missing / np.where(whole > 0.0, whole, 1.0), 0.0)
    return np.where(np.isfinite(ghg_kg) & np.isfinite(missing), share, np.nan)


def _checked(parts: Parts, link: Floats, n: int) -> Ints:
    product = as_nodes(parts.product, n)
    if not len(product) == len(parts.ghg_kg) == len(parts.primary) == len(parts.score):
        raise WrongShape("Every part needs a product, an amount, a primary share and scores.")
    if np.shape(parts.score) != (len(product), len(RATINGS)):
        raise WrongShape(f"Every part needs {len(RATINGS)} scores.")
    shares = np.concatenate([link, np.nan_to_num(parts.primary)])
    scores = parts.score[~np.isnan(parts.score)]
    if not ((shares >= 0.0) & (shares <= 1.0)).all() or not ((scores >= BEST) & (scores <= WORST)).all():
        raise OutOfBounds("Shares lie between 0 and 1, scores between 1 and 5.")
    return product


def _per_product(product: Ints, values: Floats, n: int) -> Floats:
    """Sum rows of parts: (d, m) -> (n, m)."""
    total = np.zeros((n, values.shape[1]))
    np.add.at(total, product, values)
    return total


def _settled(equations: Equations, plan: Plan, weight: Floats, direct: Floats, known: np.ndarray) -> Floats:
    """Solve the means; what is unknown brings nothing and says nothing."""
    open_ = ~known[equations.consumer]
    weights = equations.with_amount(np.where(open_, 0.0, weight))
    means = solve_tolerant(weights.with_direct(np.where(known[:, None], direct, 0.0)), plan, certify=False)
    return np.where(known[:, None], means.intensity, np.nan)
