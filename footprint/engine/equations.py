"""A network of products: what each takes from the others, and what each emits itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footprint.engine.errors import NonFinite, OutOfRange, WrongShape
from footprint.engine.kernels import count_sort, merge_duplicates, order_links

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Adjacency(NamedTuple):
    """Neighbours of every node: those of ``v`` are ``node[indptr[v]:indptr[v + 1]]``, ascending."""

    indptr: Ints
    node: Ints


@dataclass(frozen=True, eq=False)
class Equations:
    """``n`` products with links and direct burdens, in canonical order.

    However the links arrive, they are kept sorted by consumer then supplier; links between the
    same two products are added up (smallest first, so that the sum does not depend on their
    order), and a link of zero is no link. The arrays are copies and cannot be written to.

    Shapes   consumer, supplier, amount: (links,); direct: (n, m), m result columns
    Units    amount: units of the supplier's product per unit of the consumer's product, negative
             for a credit; direct: kg of each column per unit of product
    Errors   WrongShape, OutOfRange, NonFinite
    """

    n: int
    consumer: Ints
    supplier: Ints
    amount: Floats
    direct: Floats
    indptr: Ints = field(init=False)

    def __post_init__(self) -> None:
        n = int(self.n)
        direct = _direct(self.direct, n)
        consumer, supplier = as_nodes(self.consumer, n), as_nodes(self.supplier, n)
        amount = np.array(self.amount, dtype=np.float64).reshape(-1)
        if not len(consumer) == len(supplier) == len(amount):
            raise WrongShape("Every link needs one consumer, one supplier and one amount.")
        bad = ~np.isfinite(amount)
        if bad.any():
            raise NonFinite("amount of a link of product", np.unique(consumer[bad]))
        order = order_links(n, consumer, supplier)
        consumer, supplier, amount = merge_duplicates(consumer[order], supplier[order], amount[order])
        if not np.isfinite(amount).all():
            raise NonFinite("summed amount of a link of product", np.unique(consumer[~np.isfinite(amount)]))
        self._freeze(n=n, consumer=consumer, supplier=supplier, amount=amount, direct=direct,
                     indptr=_indptr(consumer, n))  # fmt: skip

    def _freeze(self, **values: Any) -> None:
        for name, value in values.items():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
            object.__setattr__(self, name, value)

    @property
    def columns(self) -> int:
        """Number of result columns."""
        return int(self.direct.shape[1])

    @cached_property
    def suppliers(self) -> Adjacency:
        """The products each product takes from."""
        return Adjacency(self.indptr, self.supplier)

    @cached_property
    def consumers(self) -> Adjacency:
        """The products each product goes into: the reverse of ``suppliers``."""
        indptr, node = _indptr(self.supplier, self.n), self.consumer[count_sort(self.supplier, self.n)]
        indptr.setflags(write=False)
        node.setflags(write=False)
        return Adjacency(indptr, node)

    def links_of(self, node: int) -> slice:
        """Where the links of one consumer stand in ``supplier`` and ``amount``."""
        return slice(int(self.indptr[node]), int(self.indptr[node + 1]))

    def with_direct(self, direct: ArrayLike) -> Equations:
        """The same links with other direct burdens, of any number of columns; nothing is sorted again."""
        other = self._twin()
        other._freeze(direct=_direct(direct, self.n))
        return other

    def with_amount(self, amount: ArrayLike) -> Equations:
        """The same links with other amounts, given in canonical order."""
        values = np.array(amount, dtype=np.float64)
        if values.shape != self.amount.shape:
            raise WrongShape(f"There are {len(self.amount)} links and {values.size} amounts.")
        if not np.isfinite(values).all():
            raise NonFinite("amount of a link of product", np.unique(self.consumer[~np.isfinite(values)]))
        other = self._twin()
        other._freeze(amount=values)
        return other

    def relinked(
        self, gone: Ints, consumer: Ints, supplier: Ints, amount: Floats, direct: Floats
    ) -> Equations:
        """Without the links at some positions, with new ones between products that have none, other burdens.

        Nothing is checked, and ``direct`` is not copied: the caller has done both.
        """
        order = order_links(self.n, consumer, supplier)
        keys = np.delete(self.consumer, gone) * self.n + np.delete(self.supplier, gone)
        at = np.searchsorted(keys, consumer[order] * self.n + supplier[order])
        ends = np.insert(np.delete(self.consumer, gone), at, consumer[order])
        other = object.__new__(Equations)
        other._freeze(
            n=self.n,
            consumer=ends,
            supplier=np.insert(np.delete(self.supplier, gone), at, supplier[order]),
            amount=np.insert(np.delete(self.amount, gone), at, amount[order]),
            direct=direct,
            indptr=_indptr(ends, self.n),
        )
        return other

    def over(self, amount: Floats, direct: Floats) -> Equations:
        """The same links over arrays that somebody else keeps, checks and writes to; nothing is copied."""
        other = self._twin()
        other._freeze(amount=amount.view(), direct=direct.view())
        return other

    def _twin(self) -> Equations:
        other = object.__new__(Equations)
        other.__dict__.update(self.__dict__)
        return other


def as_nodes(values: ArrayLike, n: int) -> Ints:
    """Node indices of a network of ``n`` products, checked.

    Shapes   any, flattened to (k,)
    Units    none
    Errors   WrongShape when they are not whole numbers; OutOfRange
    """
    array = np.array(values)
    if array.size and array.dtype.kind not in "iu":
        raise WrongShape("Links must name products by whole numbers.")
    nodes = array.astype(np.int64).reshape(-1)
    outside = (nodes < 0) | (nodes >= n)
    if outside.any():
        raise OutOfRange(np.unique(nodes[outside]), n)
    return nodes


def _direct(values: ArrayLike, n: int) -> Floats:
    direct = np.array(values, dtype=np.float64, order="C")
    if direct.ndim != 2 or len(direct) != n:
        raise WrongShape(f"The direct burdens must have {n} rows and any number of columns.")
    bad = ~np.isfinite(direct).all(axis=1)
    if bad.any():
        raise NonFinite("direct burden of product", np.flatnonzero(bad))
    return direct


def _indptr(nodes: Ints, n: int) -> Ints:
    indptr = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(nodes, minlength=n), out=indptr[1:])
    return indptr
