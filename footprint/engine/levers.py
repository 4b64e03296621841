"""What a scenario may change: overrides of links and burdens, and the rows they leave."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from footprint.engine.equations import Equations, Floats, as_nodes
from footprint.engine.errors import NonFinite, NoSuchLink, OutOfBounds, WrongShape


@dataclass(frozen=True)
class SetLink:
    """One product takes this much of another, whether it did so before or not; 0 takes the link away.

    Units    amount: units of the supplier's product per unit of the consumer's
    """

    consumer: int
    supplier: int
    amount: float


@dataclass(frozen=True)
class AddToLink:
    """One product takes this much more of another, or less: for one of several lines behind a link.

    Units    amount: units of the supplier's product per unit of the consumer's
    """

    consumer: int
    supplier: int
    amount: float


@dataclass(frozen=True)
class ReplaceSupplier:
    """Another supplier takes over a part of a link.

    Units    ratio: units of the new supplier's product for one of the old; part: 0 to 1
    """

    consumer: int
    supplier: int
    other: int
    ratio: float = 1.0
    part: float = 1.0


@dataclass(frozen=True, eq=False)
class SetDirect:
    """One product emits this itself.

    Shapes   burden: (m,)
    Units    kg of each column per unit of product
    """

    node: int
    burden: ArrayLike


@dataclass(frozen=True, eq=False)
class ScaleDirect:
    """One product emits a multiple of what it emitted, of all columns alike or each by its own factor."""

    node: int
    factor: ArrayLike


Lever = SetLink | AddToLink | ReplaceSupplier | SetDirect | ScaleDirect


@dataclass
class Rows:
    """The rows of a network that levers have touched; the network itself stays as it is."""

    equations: Equations
    taken: dict[int, dict[int, float]] = field(default_factory=dict)
    """What each touched product takes: supplier -> amount."""
    direct: dict[int, Floats] = field(default_factory=dict)

    def of(self, node: int) -> dict[int, float]:
        """What one product takes, from now on apart from the network; its burden too."""
        [node] = as_nodes([node], self.equations.n).tolist()
        if node not in self.taken:
            links = self.equations.links_of(node)
            supplier, amount = self.equations.supplier[links], self.equations.amount[links]
            self.taken[node] = dict(zip(supplier.tolist(), amount.tolist(), strict=True))
            self.direct[node] = np.array(self.equations.direct[node])
        return self.taken[node]

    def put(self, consumer: int, supplier: int, amount: float) -> None:
        """Let one product take this much of another."""
        if not np.isfinite(amount):
            raise NonFinite("amount of a link of product", [consumer])
        [node] = as_nodes([supplier], self.equations.n).tolist()
        self.of(consumer)[node] = float(amount)

    def link(self, consumer: int, supplier: int) -> float:
        """What one product takes of another.

        Raises:
            NoSuchLink: it takes nothing.
        """
        found = self.of(consumer).get(int(supplier))
        if found is None:
            raise NoSuchLink(consumer, supplier)
        return found

    def emit(self, node: int, burden: ArrayLike) -> None:
        """Let one product emit this."""
        self.of(node)
        row = np.array(burden, dtype=np.float64)
        if row.shape != (self.equations.columns,):
            raise WrongShape(f"A burden needs {self.equations.columns} columns.")
        if not np.isfinite(row).all():
            raise NonFinite("direct burden of product", [node])
        self.direct[int(node)] = row

    def pull(self, lever: Lever) -> None:
        """Apply one lever to the rows as they are by now.

        Raises:
            NoSuchLink, NonFinite, OutOfBounds, OutOfRange, WrongShape.
        """
        match lever:
            case SetLink(consumer, supplier, amount):
                self.put(consumer, supplier, amount)
            case AddToLink(consumer, supplier, amount):
                self.put(consumer, supplier, self.of(consumer).get(int(supplier), 0.0) + amount)
            case ReplaceSupplier():
                self._replace(lever)
            case SetDirect(node, burden):
                self.emit(node, burden)
            case ScaleDirect(node, factor):
                self.of(node)
                self.emit(node, self.direct[int(node)] * np.asarray(factor, dtype=np.float64))

    def _replace(self, lever: ReplaceSupplier) -> None:
        if not 0.0 <= lever.part <= 1.0:
            raise OutOfBounds("The part of a link that another supplier takes over must lie from 0 to 1.")
        amount = self.link(lever.consumer, lever.supplier)
        self.put(lever.consumer, lever.supplier, amount * (1.0 - lever.part))
        before = self.of(lever.consumer).get(int(lever.other), 0.0)
        self.put(lever.consumer, lever.other, before + amount * lever.part * lever.ratio)
