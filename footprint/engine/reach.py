"""How much of one product is in every other: what a change of it would move, before anybody makes it."""

from __future__ import annotations

import numpy as np

from footprint.engine.equations import Equations, Floats, as_nodes
from footprint.engine.plan import Plan
from footprint.engine.solve import solve_tolerant


def reach(equations: Equations, node: int, plan: Plan | None = None) -> Floats:
    """Units of one product taken, anywhere upstream, for one unit of every product.

    What moves by d kg CO2e per unit of that product moves every figure by d times its row, whatever d is:
    one solve answers for every candidate and every GWP set.

    Shapes   result: (n,); NaN for refused loops and what hangs on them; the product's own entry is at least 1
    Units    units of the product per unit of each
    Errors   OutOfRange; PlanMismatch
    Source   column f of (I - Z')^-1: y = Z'y + e_f; W. Leontief, Input-Output Economics (1966)
    """
    at = as_nodes([node], equations.n)
    burden = np.zeros((equations.n, 1))
    burden[at] = 1.0
    solution = solve_tolerant(equations.with_direct(burden), plan, certify=False)
    found: Floats = solution.intensity[:, 0]
    return found
