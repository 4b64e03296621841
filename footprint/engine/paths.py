"""The heaviest single paths from a product to one emission upstream: structural path analysis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from footprint.engine.equations import Floats
from footprint.engine.errors import OutOfBounds
from footprint.engine.score import Scored
from footprint.engine.tree import provider_tree

CUT_OFF = 0.001
"""Share of the figure below which a path is left out."""
BUDGET = 20_000
LIMIT = 50


@dataclass(frozen=True, eq=False)
class Paths:
    """Paths root -> ... -> emitting product, heaviest first.

    Shapes   products, links: one tuple for each of k paths, links one shorter than products; amount,
             emitted, share: (k,)
    Units    amount: units of the last product per unit of the root along this path alone; emitted:
             kg CO2e per unit of the root; share, covered: of the root's figure, NaN when that is zero
    """

    products: tuple[tuple[int, ...], ...]
    links: tuple[tuple[int, ...], ...]
    amount: Floats
    emitted: Floats
    share: Floats
    covered: float
    """What all paths above the cut-off sum to, also those beyond the limit."""
    complete: bool
    """Whether every path above the cut-off was looked at, when there are no credits."""


def heaviest_paths(
    scored: Scored, node: int, *, cutoff: float = CUT_OFF, limit: int = LIMIT, budget: int = BUDGET
) -> Paths:
    """Rank the paths whose last product emits at least the cut-off by itself.

    A path may pass a product of a loop several times. Without credits no path is overlooked: whatever
    passes on less than the cut-off cannot hide a path above it.

    Shapes   see ``Paths``
    Units    cutoff: relative to what enters the root; see ``Paths``
    Errors   as ``provider_tree``
    Source   J. Defourny, E. Thorbecke, Structural path analysis and multiplier decomposition (1984)
    """
    if limit < 0:
        raise OutOfBounds("The number of paths must not be negative.")
    tree = provider_tree(scored, node, cutoff=cutoff, budget=budget)
    weight = np.abs(tree.direct)
    found = np.flatnonzero((weight >= cutoff * tree.entering) & (weight > 0.0))
    ranked = found[np.argsort(-weight[found], kind="stable")]
    chosen, whole = ranked[:limit], tree.score[0] if tree.score[0] != 0.0 else np.nan
    routes = [tree.route(occurrence) for occurrence in chosen]
    return Paths(
        products=tuple(tuple(tree.product[route].tolist()) for route in routes),
        links=tuple(tuple(tree.link[route[1:]].tolist()) for route in routes),
        amount=tree.amount[chosen],
        emitted=tree.direct[chosen],
        share=tree.direct[chosen] / whole,
        covered=float(tree.direct[ranked].sum() / whole),
        complete=tree.complete,
    )
