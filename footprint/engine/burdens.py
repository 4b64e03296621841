"""What processes take and emit before anything is allocated: the ground all methods stand on."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from footprint.engine.equations import Floats, Ints, as_nodes
from footprint.engine.errors import NonFinite, WrongShape

OUTSIDE = -1
"""Process of a product that has one method only."""


@dataclass(frozen=True, eq=False)
class Burdens:
    """What processes take and emit in their period, before anything is allocated.

    A product whose process is not here (``OUTSIDE``) has one method only and keeps it. Several lines of one
    process from the same supplier are added up.

    Shapes   process: (n,) in range(p) or OUTSIDE; quantity: (n,); taker, supplier, amount: (lines,);
             direct_kg: (p,)
    Units    quantity: units of the product made per period; amount: units of the supplier's product
             per period, negative for a credit; direct_kg: kg CO2e per period
    Errors   WrongShape, OutOfRange, NonFinite; a product of a process must have a quantity above zero
    """

    process: Ints
    quantity: Floats
    taker: Ints
    supplier: Ints
    amount: Floats
    direct_kg: Floats
    n: int = field(init=False)

    def __post_init__(self) -> None:
        direct = np.array(self.direct_kg, dtype=np.float64).reshape(-1)
        n, p = len(self.process), len(direct)
        process = np.array(self.process)
        as_nodes(process[process != OUTSIDE], p)
        quantity = np.array(self.quantity, dtype=np.float64).reshape(-1)
        taker, supplier = as_nodes(self.taker, p), as_nodes(self.supplier, n)
        amount = np.array(self.amount, dtype=np.float64).reshape(-1)
        if len(quantity) != n or not len(taker) == len(supplier) == len(amount):
            raise WrongShape("Every product needs a quantity, and every line a taker, a supplier, an amount.")
        made = (process < 0) | (np.isfinite(quantity) & (quantity > 0.0))
        if not (made.all() and np.isfinite(amount).all() and np.isfinite(direct).all()):
            raise NonFinite("quantity, amount or emission of a process", np.flatnonzero(~made))
        for name, value in (("process", process), ("quantity", quantity), ("taker", taker), ("n", n),
                            ("supplier", supplier), ("amount", amount), ("direct_kg", direct)):  # fmt: skip
            object.__setattr__(self, name, value)
